/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/entry.c - page sizes and formats of an entry.
 *
 * Small spaces are tried completely, large ones by single bits and random
 * words against the second implementation in tests/support/ref_codec.c.
 * Tests named v<number>_ check published numbers literally.
 *
 * References
 *	[ISA]	Power ISA Versions 2.07 B and 3.0 B, Book III, "Page Table
 *		Entry"
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hpte/entry.h>

#include "random.h"
#include "ref_codec.h"

#define ROUNDS	2000U
#define POISON	0xA5U

/* One bit, IBM numbering, without the library's macro. */
static uint64_t bit(unsigned int n)
{
	return ref_put(0, n, n, 1);
}

/* Name, value, first and last bit, value as hexadecimal digits. */
static const struct mask {
	const char *name;
	uint64_t value;
	unsigned int first;
	unsigned int last;
	uint64_t digits;
} masks[] = {
#define MASK(name, first, last, digits) { #name, name, first, last, digits }
	MASK(HPTE_DW0_B,		0, 1,	0xC000000000000000),
	MASK(HPTE_DW0_B_1T,		1, 1,	0x4000000000000000),
	MASK(HPTE_DW0_AVPN,		2, 56,	0x3FFFFFFFFFFFFF80),
	MASK(HPTE_DW0_300_AVPN,		12, 56,	0x000FFFFFFFFFFF80),
	MASK(HPTE_DW0_SW,		57, 60,	0x78),
	MASK(HPTE_DW0_BOLTED,		59, 59,	0x10),
	MASK(HPTE_DW0_L,		61, 61,	0x4),
	MASK(HPTE_DW0_H,		62, 62,	0x2),
	MASK(HPTE_DW0_V,		63, 63,	0x1),
	MASK(HPTE_DW1_PP0,		0, 0,	0x8000000000000000),
	MASK(HPTE_DW1_RESERVED,		1, 1,	0x4000000000000000),
	MASK(HPTE_DW1_KEY_HI,		2, 3,	0x3000000000000000),
	MASK(HPTE_DW1_ARPN,		4, 51,	0x0FFFFFFFFFFFF000),
	MASK(HPTE_DW1_300_B,		4, 5,	0x0C00000000000000),
	MASK(HPTE_DW1_300_B_1T,		5, 5,	0x0400000000000000),
	MASK(HPTE_DW1_300_ARPN,		7, 51,	0x01FFFFFFFFFFF000),
	MASK(HPTE_DW1_LP,		44, 51,	0xFF000),
	MASK(HPTE_DW1_KEY_LO,		52, 54,	0xE00),
	MASK(HPTE_DW1_R,		55, 55,	0x100),
	MASK(HPTE_DW1_C,		56, 56,	0x80),
	MASK(HPTE_DW1_RC,		55, 56,	0x180),
	MASK(HPTE_DW1_W,		57, 57,	0x40),
	MASK(HPTE_DW1_I,		58, 58,	0x20),
	MASK(HPTE_DW1_M,		59, 59,	0x10),
	MASK(HPTE_DW1_G,		60, 60,	0x08),
	MASK(HPTE_DW1_WIMG,		57, 60,	0x78),
	MASK(HPTE_DW1_N,		61, 61,	0x4),
	MASK(HPTE_DW1_PP,		62, 63,	0x3),
	MASK(HPTE_SLB_B,		0, 1,	0xC000000000000000),
	MASK(HPTE_SLB_B_1T,		1, 1,	0x4000000000000000),
	MASK(HPTE_SLB_VSID,		2, 51,	0x3FFFFFFFFFFFF000),
	MASK(HPTE_SLB_KS,		52, 52,	0x800),
	MASK(HPTE_SLB_KP,		53, 53,	0x400),
	MASK(HPTE_SLB_N,		54, 54,	0x200),
	MASK(HPTE_SLB_L,		55, 55,	0x100),
	MASK(HPTE_SLB_LP,		58, 59,	0x30),
};

static void masks_against_bit_numbers(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(masks) / sizeof(masks[0]); i++) {
		const struct mask *mask = &masks[i];
		uint64_t bits = ref_put(0, mask->first, mask->last,
					~UINT64_C(0));

		if (mask->value != bits || mask->value != mask->digits)
			fail_msg("%s is 0x%llx", mask->name,
				 (unsigned long long)mask->value);
	}
	assert_int_equal(HPTE_DW1_KEY, UINT64_C(0x3000000000000E00));
	assert_int_equal(HPTE_DW1_PPP, UINT64_C(0x8000000000000003));
}

static void constants_are_stable(void **state)
{
	(void)state;
	assert_int_equal(HPTE_READ, 1);
	assert_int_equal(HPTE_WRITE, 2);
	assert_int_equal(HPTE_EXECUTE, 4);
	assert_int_equal(HPTE_PAIR_4K_4K, 0);
	assert_int_equal(HPTE_PAIR_4K_64K, 1);
	assert_int_equal(HPTE_PAIR_4K_16M, 2);
	assert_int_equal(HPTE_PAIR_64K_64K, 3);
	assert_int_equal(HPTE_PAIR_64K_16M, 4);
	assert_int_equal(HPTE_PAIR_16M_16M, 5);
	assert_int_equal(HPTE_PAIR_16G_16G, 6);
}

static void check_decode(uint64_t dw0, uint64_t dw1)
{
	int row = ref_page_decode(dw0, dw1);
	struct hpte_page untouched;
	struct hpte_page page;
	int status;

	memset(&page, POISON, sizeof(page));
	untouched = page;
	status = hpte_entry_page(dw0, dw1, &page);
	if (row < 0) {
		if (status != HPTE_ERR_ENCODING)
			fail_msg("dw0 %llx dw1 %llx gives %d",
				 (unsigned long long)dw0,
				 (unsigned long long)dw1, status);
		assert_memory_equal(&page, &untouched, sizeof(page));
		return;
	}
	if (status != HPTE_OK || page.pair != row ||
	    page.base != ref_pages[row].base ||
	    page.actual != ref_pages[row].actual)
		fail_msg("dw0 %llx dw1 %llx gives %d %u/%u pair %u",
			 (unsigned long long)dw0, (unsigned long long)dw1,
			 status, page.base, page.actual, page.pair);
}

/* Nothing but L and LP may count, so all else is varied. */
static void page_decode_every_l_lp(void **state)
{
	struct test_random random;
	unsigned int lp;
	unsigned int l;
	unsigned int b;
	unsigned int i;

	(void)state;
	test_random_init(&random, __func__);
	for (l = 0; l < 2; l++) {
		for (lp = 0; lp < 256; lp++) {
			uint64_t dw0 = ref_put(0, 61, 61, l);
			uint64_t dw1 = ref_put(0, 44, 51, lp);

			for (b = 0; b < 4; b++)
				check_decode(ref_put(dw0, 0, 1, b), dw1);
			for (i = 0; i < 64; i++) {
				dw0 = test_random_sparse(&random);
				dw1 = test_random_sparse(&random);
				check_decode(ref_put(dw0, 61, 61, l),
					     ref_put(dw1, 44, 51, lp));
			}
		}
	}
}

static void v14_lp_values(void **state)
{
	unsigned int count = 0;
	unsigned int lp;

	(void)state;
	for (lp = 0; lp < 256; lp++) {
		bool legal = (lp & 0xF) == 1 || (lp & 0xF) == 7 ||
			     lp == 0x00 || lp == 0x03 || lp == 0x08 ||
			     lp == 0x38;
		struct hpte_page page;
		int status = hpte_entry_page(0x4, (uint64_t)lp << 12, &page);

		assert_int_equal(status, legal ? HPTE_OK : HPTE_ERR_ENCODING);
		count += status == HPTE_OK;
	}
	assert_int_equal(count, 36);
}

static void check_encode(unsigned int base, unsigned int actual)
{
	int row = ref_page_find(base, actual);
	uint64_t lp = UINT64_C(0x5A5A5A5A5A5A5A5A);
	uint64_t l = UINT64_C(0xA5A5A5A5A5A5A5A5);
	int status = hpte_entry_page_bits(base, actual, &l, &lp);

	if (row < 0) {
		if (status != HPTE_ERR_ENCODING)
			fail_msg("%u/%u gives %d", base, actual, status);
		assert_int_equal(l, UINT64_C(0xA5A5A5A5A5A5A5A5));
		assert_int_equal(lp, UINT64_C(0x5A5A5A5A5A5A5A5A));
		return;
	}
	assert_int_equal(status, HPTE_OK);
	assert_int_equal(l, ref_put(0, 61, 61, ref_pages[row].l));
	assert_int_equal(lp, ref_put(0, 44, 51,
				     ref_page_lp(&ref_pages[row], 0)));
}

static void page_encode_every_pair(void **state)
{
	unsigned int actual;
	unsigned int base;

	(void)state;
	for (base = 0; base < 64; base++)
		for (actual = 0; actual < 64; actual++)
			check_encode(base, actual);
}

/* Sizes whose low 8, 16 or 31 bits are those of a legal page. */
static void page_encode_large_numbers(void **state)
{
	static const unsigned int add[] = {
		64, 256, 65536, 0x80000000U, 0xFFFFFF00U
	};
	size_t i;
	int row;

	(void)state;
	for (row = 0; row < REF_PAGES; row++) {
		unsigned int actual = ref_pages[row].actual;
		unsigned int base = ref_pages[row].base;

		for (i = 0; i < sizeof(add) / sizeof(add[0]); i++) {
			check_encode(base + add[i], actual);
			check_encode(base, actual + add[i]);
			check_encode(base + add[i], actual + add[i]);
		}
	}
	check_encode(~0U, ~0U);
}

static void page_round_trip(void **state)
{
	unsigned int rpn;
	int row;

	(void)state;
	for (row = 0; row < REF_PAGES; row++) {
		const struct ref_page *want = &ref_pages[row];

		for (rpn = 0; rpn < 256; rpn++) {
			uint64_t l, lp, dw1;
			struct hpte_page page;

			assert_int_equal(hpte_entry_page_bits(want->base,
							      want->actual,
							      &l, &lp),
					 HPTE_OK);
			dw1 = ref_put(0, 44, 51, ref_page_lp(want, rpn));
			assert_int_equal(dw1 & lp, lp);
			assert_int_equal(hpte_entry_page(l, dw1, &page),
					 HPTE_OK);
			assert_int_equal(page.base, want->base);
			assert_int_equal(page.actual, want->actual);
			assert_int_equal(page.pair, row);
		}
	}
}

static void check_real(uint64_t dw1, unsigned int actual)
{
	uint64_t got = hpte_entry_real(dw1, actual);
	uint64_t want = ref_real(dw1, actual);

	if (got != want)
		fail_msg("dw1 %llx, 2^%u bytes: %llx, not %llx",
			 (unsigned long long)dw1, actual,
			 (unsigned long long)got, (unsigned long long)want);
}

/* LP must be that of the page, but for the bits it shares with the RPN. */
static void check_aligned(uint64_t dw1, int row)
{
	const struct hpte_page page = {
		.base = (uint8_t)ref_pages[row].base,
		.actual = (uint8_t)ref_pages[row].actual,
		.pair = (uint8_t)row
	};
	unsigned int rpn = (unsigned int)ref_get(dw1, 44, 51);
	bool want;

	dw1 = ref_put(dw1, 44, 51, ref_page_lp(&ref_pages[row], rpn));
	want = ref_aligned(dw1, &ref_pages[row]);
	if (hpte_entry_aligned(dw1, &page) != want)
		fail_msg("dw1 %llx, %s: not %d", (unsigned long long)dw1,
			 ref_pages[row].name, want);
}

static void real_address(void **state)
{
	struct test_random random;
	unsigned int actual;
	unsigned int i;

	(void)state;
	test_random_init(&random, __func__);
	for (actual = 12; actual <= 34; actual++) {
		check_real(~UINT64_C(0), actual);
		for (i = 0; i < 64; i++)
			check_real(bit(i), actual);
		for (i = 0; i < ROUNDS; i++)
			check_real(test_random(&random), actual);
	}
}

static void alignment(void **state)
{
	struct test_random random;
	unsigned int i;
	int row;

	(void)state;
	test_random_init(&random, __func__);
	for (row = 0; row < REF_PAGES; row++) {
		uint64_t page_bits = (UINT64_C(1) << ref_pages[row].actual) - 1;

		check_aligned(0, row);
		check_aligned(~UINT64_C(0), row);
		for (i = 0; i < 64; i++) {
			check_aligned(bit(i), row);
			check_aligned(~bit(i), row);
		}
		for (i = 0; i < ROUNDS; i++) {
			uint64_t dw1 = test_random_sparse(&random);

			check_aligned(dw1, row);
			check_aligned(dw1 & ~page_bits, row);
		}
	}
}

typedef int convert_fn(const struct hpte *from, struct hpte *to);
typedef bool ref_convert_fn(const uint64_t from[2], uint64_t to[2]);

static int to_300(const struct hpte *from, struct hpte *to)
{
	return hpte_entry_to_300(from, to);
}

static int from_300(const struct hpte *from, struct hpte *to)
{
	return hpte_entry_from_300(from, to);
}

/*
 * Convert, also in place, and compare; on success convert back, too.
 * Returns whether the entry was accepted.
 */
static bool check_convert(convert_fn *convert, ref_convert_fn *reference,
			  convert_fn *inverse, uint64_t dw0, uint64_t dw1)
{
	const uint64_t words[2] = { dw0, dw1 };
	const struct hpte from = { dw0, dw1 };
	uint64_t want[2] = { 0x1111, 0x2222 };
	bool fits = reference(words, want);
	struct hpte to = { 0x1111, 0x2222 };
	struct hpte place = from;
	struct hpte back;
	int status = convert(&from, &to);

	if (status != (fits ? HPTE_OK : HPTE_ERR_ENCODING) ||
	    to.dw0 != want[0] || to.dw1 != want[1])
		fail_msg("%llx %llx gives %d, %llx %llx, not %d, %llx %llx",
			 (unsigned long long)dw0, (unsigned long long)dw1,
			 status, (unsigned long long)to.dw0,
			 (unsigned long long)to.dw1, fits,
			 (unsigned long long)want[0],
			 (unsigned long long)want[1]);
	assert_int_equal(convert(&place, &place), status);
	if (!fits) {
		assert_memory_equal(&place, &from, sizeof(place));
		return false;
	}
	assert_memory_equal(&place, &to, sizeof(place));
	assert_int_equal(inverse(&to, &back), HPTE_OK);
	assert_memory_equal(&back, &from, sizeof(back));
	return true;
}

static bool check_to_300(uint64_t dw0, uint64_t dw1)
{
	return check_convert(to_300, ref_to_300, from_300, dw0, dw1);
}

static bool check_from_300(uint64_t dw0, uint64_t dw1)
{
	return check_convert(from_300, ref_from_300, to_300, dw0, dw1);
}

/* Which single bits each format takes, as literal bit numbers. */
static void convert_single_bits(void **state)
{
	unsigned int n;

	(void)state;
	assert_true(check_to_300(0, 0));
	assert_true(check_from_300(0, 0));
	for (n = 0; n < 64; n++) {
		bool to_dw0 = n == 1 || n >= 12;
		bool to_dw1 = n < 4 || n > 6;
		bool from_dw0 = n >= 12;
		bool from_dw1 = n != 4 && n != 6;

		assert_int_equal(check_to_300(bit(n), 0), to_dw0);
		assert_int_equal(check_to_300(0, bit(n)), to_dw1);
		assert_int_equal(check_from_300(bit(n), 0), from_dw0);
		assert_int_equal(check_from_300(0, bit(n)), from_dw1);
	}
}

/* One bit that does not fit spoils an entry that is full otherwise. */
static void convert_one_bad_bit(void **state)
{
	const uint64_t dw0_207 = UINT64_C(0x400FFFFFFFFFFFFF);
	const uint64_t dw1_207 = UINT64_C(0xF1FFFFFFFFFFFFFF);
	const uint64_t dw0_300 = UINT64_C(0x000FFFFFFFFFFFFF);
	const uint64_t dw1_300 = UINT64_C(0xF5FFFFFFFFFFFFFF);
	unsigned int n;

	(void)state;
	assert_true(check_to_300(dw0_207, dw1_207));
	assert_true(check_from_300(dw0_300, dw1_300));
	for (n = 0; n < 64; n++) {
		if (!(dw0_207 & bit(n)))
			assert_false(check_to_300(dw0_207 | bit(n), dw1_207));
		if (!(dw1_207 & bit(n)))
			assert_false(check_to_300(dw0_207, dw1_207 | bit(n)));
		if (!(dw0_300 & bit(n)))
			assert_false(check_from_300(dw0_300 | bit(n), dw1_300));
		if (!(dw1_300 & bit(n)))
			assert_false(check_from_300(dw0_300, dw1_300 | bit(n)));
	}
}

static void convert_random(void **state)
{
	struct test_random random;
	unsigned int i;

	(void)state;
	test_random_init(&random, __func__);
	for (i = 0; i < 20 * ROUNDS; i++) {
		uint64_t dw0 = test_random(&random);
		uint64_t dw1 = test_random(&random);

		check_to_300(dw0, dw1);
		check_from_300(dw0, dw1);
		assert_true(check_to_300(dw0 & UINT64_C(0x400FFFFFFFFFFFFF),
					 dw1 & UINT64_C(0xF1FFFFFFFFFFFFFF)));
		assert_true(check_from_300(dw0 & UINT64_C(0x000FFFFFFFFFFFFF),
					   dw1 & UINT64_C(0xF5FFFFFFFFFFFFFF)));
		check_to_300(test_random_sparse(&random),
			     test_random_sparse(&random));
		check_from_300(test_random_sparse(&random),
			       test_random_sparse(&random));
	}
}

/* The entry of v10 has a VA of 78 bits: refused; trimmed, it fits. */
static void v13_formats(void **state)
{
	const struct hpte wide = {
		UINT64_C(0x7FFFFFFFFFFFC007), UINT64_C(0x0000000081038192)
	};
	const struct hpte trimmed = {
		UINT64_C(0x400FFFFFFFFFC007), UINT64_C(0x0000000081038192)
	};
	const struct hpte new = {
		UINT64_C(0x000FFFFFFFFFC007), UINT64_C(0x0400000081038192)
	};
	struct hpte out = { 1, 2 };

	(void)state;
	assert_int_equal(hpte_entry_to_300(&wide, &out), HPTE_ERR_ENCODING);
	assert_int_equal(out.dw0, 1);
	assert_int_equal(out.dw1, 2);
	assert_int_equal(hpte_entry_from_300(&new, &out), HPTE_OK);
	assert_memory_equal(&out, &trimmed, sizeof(out));
	assert_int_equal(hpte_entry_to_300(&trimmed, &out), HPTE_OK);
	assert_memory_equal(&out, &new, sizeof(out));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(masks_against_bit_numbers),
		cmocka_unit_test(constants_are_stable),
		cmocka_unit_test(page_decode_every_l_lp),
		cmocka_unit_test(v14_lp_values),
		cmocka_unit_test(page_encode_every_pair),
		cmocka_unit_test(page_encode_large_numbers),
		cmocka_unit_test(page_round_trip),
		cmocka_unit_test(real_address),
		cmocka_unit_test(alignment),
		cmocka_unit_test(convert_single_bits),
		cmocka_unit_test(convert_one_bad_bit),
		cmocka_unit_test(convert_random),
		cmocka_unit_test(v13_formats),
	};

	return cmocka_run_group_tests_name("entry", tests, NULL, NULL);
}
