/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/hash_vectors.c - published numbers, from descriptor to tlbie.
 *
 * The numbers were computed with a model independent of this library and of
 * tests/support/ref_codec.c, and are checked literally: v<number>_ in the
 * name of a test is the number of its vector.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <hpte/entry.h>
#include <hpte/hash.h>

/* One published vector, followed from the descriptor to RB and back. */
struct vector {
	uint64_t descriptor;
	uint64_t ea;
	unsigned int actual;
	unsigned int order;
	bool secondary;
	unsigned int slot;
	uint64_t real;
	uint64_t other0;	/* doubleword 0 besides B, AVPN, L, H */
	uint64_t other1;	/* doubleword 1 besides ARPN, LP */
	uint64_t hash;		/* 0: not published */
	uint64_t group;
	uint64_t index;
	struct hpte entry;
	uint64_t rb;
};

static void check_vector(const struct vector *v)
{
	struct hpte_page page;
	struct hpte_va va, back;
	struct hpte entry;
	uint64_t hash, l, lp;

	assert_int_equal(hpte_hash_va(v->descriptor, v->ea, &va), HPTE_OK);
	hash = hpte_hash_primary(&va);
	if (v->hash)
		assert_int_equal(hash, v->hash);
	assert_int_equal(hpte_hash_group(hash, v->secondary, v->order),
			 v->group);
	assert_int_equal(v->group * HPTE_GROUP_ENTRIES + v->slot, v->index);
	assert_int_equal(hpte_entry_page_bits(va.base, v->actual, &l, &lp),
			 HPTE_OK);
	entry.dw0 = hpte_hash_dw0(&va) | l | v->other0;
	if (v->secondary)
		entry.dw0 |= HPTE_DW0_H;
	entry.dw1 = v->real | lp | v->other1;
	assert_int_equal(entry.dw0, v->entry.dw0);
	assert_int_equal(entry.dw1, v->entry.dw1);
	assert_int_equal(hpte_entry_page(entry.dw0, entry.dw1, &page), HPTE_OK);
	assert_int_equal(page.base, va.base);
	assert_int_equal(page.actual, v->actual);
	assert_int_equal(hpte_entry_real(entry.dw1, page.actual), v->real);
	assert_true(hpte_entry_aligned(entry.dw1, &page));
	assert_true(hpte_hash_reachable(&entry, &page, v->index, v->order));
	hpte_hash_rebuild(&entry, &page, v->index, &back);
	assert_int_equal(back.vsid, va.vsid);
	assert_int_equal(back.offset, va.offset >> va.base << va.base);
	assert_int_equal(hpte_hash_tlbie_rb(&entry, &page, v->index), v->rb);
}

static const struct vector v1 = {
	.descriptor = 0x0000123456789000,
	.ea = 0x0000000000ABC123,
	.actual = 12, .order = 24, .slot = 0,
	.real = 0x12345000, .other0 = 0x1, .other1 = 0x192,
	.hash = 0x123456D35, .group = 0x16D35, .index = 0xB69A8,
	.entry = { 0x0000123456789081, 0x0000000012345192 },
	.rb = 0x1234567890ABC000,
};

static void v1_4k(void **state)
{
	(void)state;
	check_vector(&v1);
}

/* Only the offset in the segment counts of the effective address. */
static void v1_4k_high_ea(void **state)
{
	struct vector v = v1;

	(void)state;
	v.ea |= UINT64_C(0xC000000010000000);
	check_vector(&v);
}

static void v2_4k_secondary(void **state)
{
	struct vector v = v1;

	(void)state;
	v.secondary = true;
	v.slot = 5;
	v.group = 0x092CA;
	v.index = 0x49655;
	v.entry.dw0 = 0x0000123456789083;
	check_vector(&v);
}

static const struct vector v4 = {
	.descriptor = 0x4002A2A2A2000110,
	.ea = 0x0000010123456789,
	.actual = 16, .order = 24, .slot = 3,
	.real = 0x7FFF0000, .other0 = 0x1, .other1 = 0x192,
	.hash = 0x4546A381E7, .group = 0x181E7, .index = 0xC0F3B,
	.entry = { 0x4002A2A2A2012305, 0x000000007FFF1192 },
	.rb = 0xA2A2A20123451151,
};

static void v4_64k_1t(void **state)
{
	(void)state;
	check_vector(&v4);
}

static void v4_300_format(void **state)
{
	const struct hpte new = { 0x0002A2A2A2012305, 0x040000007FFF1192 };
	struct hpte entry = v4.entry;

	(void)state;
	assert_int_equal(hpte_entry_to_300(&entry, &entry), HPTE_OK);
	assert_memory_equal(&entry, &new, sizeof(entry));
	assert_int_equal(hpte_entry_from_300(&entry, &entry), HPTE_OK);
	assert_memory_equal(&entry, &v4.entry, sizeof(entry));
}

/* The virtual real mode area: a fixed 1T segment, bolted entries. */
static void v5_vrma_16m(void **state)
{
	static const struct vector v5 = {
		.descriptor = 0x4001FFFFFF000100,
		.ea = 0,
		.actual = 24, .order = 24, .slot = 7,
		.real = 0, .other0 = 0x11, .other1 = 0x190,
		.group = 0x1FFFF, .index = 0xFFFFF,
		.entry = { 0x4001FFFFFF000015, 0x0000000000000190 },
		.rb = 0xFFFFFF0000000101,
	};

	(void)state;
	check_vector(&v5);
}

static void v7_vrma_64k(void **state)
{
	static const struct vector v7 = {
		.descriptor = 0x4001FFFFFF000110,
		.ea = 0x30000,
		.actual = 16, .order = 24, .slot = 7,
		.real = 0x30000, .other0 = 0x11, .other1 = 0x190,
		.group = 0x1FFFC, .index = 0xFFFE7,
		.entry = { 0x4001FFFFFF000015, 0x0000000000031190 },
		.rb = 0xFFFFFF0000031131,
	};

	(void)state;
	check_vector(&v7);
}

static void v8_mpss_4k_64k(void **state)
{
	static const struct vector v8 = {
		.descriptor = 0x0000000ABCDEF000,
		.ea = 0x13570000,
		.actual = 16, .order = 20, .slot = 1,
		.real = 0x40070000, .other0 = 0x1, .other1 = 0x192,
		.hash = 0xABF89F, .group = 0x189F, .index = 0xC4F9,
		.entry = { 0x0000000ABCDEF305, 0x0000000040077192 },
		.rb = 0x000ABCDEF35700A0,
	};

	(void)state;
	check_vector(&v8);
}

static void v10_mpss_4k_16m(void **state)
{
	struct vector v10 = {
		.descriptor = 0x7FFFFFFFFF000000,
		.ea = 0xFFC0123000,
		.actual = 24, .order = 30, .secondary = true, .slot = 2,
		.real = 0x81000000, .other0 = 0x1, .other1 = 0x192,
		.group = 0x7C0123, .index = 0x3E0091A,
		.entry = { 0x7FFFFFFFFFFFC007, 0x0000000081038192 },
		.rb = 0xFFFFFFFFC0123180,
	};

	(void)state;
	check_vector(&v10);
	v10.secondary = false;
	v10.group = 0x3FEDC;
	v10.index = 0x3FEDC * 8 + 2;
	v10.entry.dw0 = 0x7FFFFFFFFFFFC005;
	check_vector(&v10);
}

static void v11_16g(void **state)
{
	static const struct vector v11 = {
		.descriptor = 0x4000007777000120,
		.ea = 0xBC00000000,
		.actual = 34, .order = 24, .slot = 6,
		.real = 0x400000000, .other0 = 0x1, .other1 = 0x192,
		.group = 0x7758, .index = 0x3BAC6,
		.entry = { 0x4000007777BC0005, 0x0000000400003192 },
		.rb = 0x007777BC00003101,
	};

	(void)state;
	check_vector(&v11);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(v1_4k),
		cmocka_unit_test(v1_4k_high_ea),
		cmocka_unit_test(v2_4k_secondary),
		cmocka_unit_test(v4_64k_1t),
		cmocka_unit_test(v4_300_format),
		cmocka_unit_test(v5_vrma_16m),
		cmocka_unit_test(v7_vrma_64k),
		cmocka_unit_test(v8_mpss_4k_64k),
		cmocka_unit_test(v10_mpss_4k_16m),
		cmocka_unit_test(v11_16g),
	};

	return cmocka_run_group_tests_name("hash_vectors", tests, NULL, NULL);
}
