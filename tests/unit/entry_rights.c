/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/entry_rights.c - what an entry allows: PP, keys, AMR, IAMR.
 *
 * Every combination of the bits that count is tried, with the others zero
 * and random, against the table in tests/support/ref_codec.c.  Tests named
 * v<number>_ check published numbers literally.
 *
 * References
 *	[ISA]	Power ISA Versions 2.07 B and 3.0 B, Book III, "Storage
 *		Protection", "Virtual Page Class Key Protection"
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <hpte/entry.h>

#include "random.h"
#include "ref_codec.h"

#define ROUNDS	2000U

/* One bit, IBM numbering, without the library's macro. */
static uint64_t bit(unsigned int n)
{
	return ref_put(0, n, n, 1);
}

static void key_all(void **state)
{
	struct test_random random;
	unsigned int key;
	unsigned int i;

	(void)state;
	test_random_init(&random, __func__);
	for (key = 0; key < 32; key++) {
		for (i = 0; i < 100; i++) {
			uint64_t dw1 = test_random(&random);

			dw1 = ref_put(dw1, 2, 3, key / 8);
			dw1 = ref_put(dw1, 52, 54, key % 8);
			assert_int_equal(hpte_entry_key(dw1), key);
		}
	}
}

static void v16_key(void **state)
{
	(void)state;
	assert_int_equal(hpte_entry_key(UINT64_C(0x2000000000000200)), 17);
}

static void v17_amr(void **state)
{
	const unsigned int load_denied = HPTE_WRITE | HPTE_EXECUTE;
	const unsigned int store_denied = HPTE_READ | HPTE_EXECUTE;

	(void)state;
	assert_int_equal(hpte_entry_key_rights(0, UINT64_C(1) << 62, 0),
			 load_denied);
	assert_int_equal(hpte_entry_key_rights(0, UINT64_C(1) << 63, 0),
			 store_denied);
	assert_int_equal(hpte_entry_key_rights(5, UINT64_C(0x0020000000000000),
					       0), store_denied);
	assert_int_equal(hpte_entry_key_rights(31, 1, 0), load_denied);
}

static void check_key_rights(unsigned int key, uint64_t amr, uint64_t iamr)
{
	unsigned int got = hpte_entry_key_rights(key, amr, iamr);

	if (got != ref_key_rights(key, amr, iamr))
		fail_msg("key %u AMR %llx IAMR %llx gives %u", key,
			 (unsigned long long)amr, (unsigned long long)iamr,
			 got);
}

/* All keys x every single bit, set or clear, of AMR and of IAMR. */
static void key_rights_all(void **state)
{
	struct test_random random;
	unsigned int key, i, j;

	(void)state;
	test_random_init(&random, __func__);
	for (key = 0; key < 32; key++) {
		for (i = 0; i < 64; i++) {
			for (j = 0; j < 64; j++) {
				check_key_rights(key, bit(i), bit(j));
				check_key_rights(key, ~bit(i), ~bit(j));
			}
			check_key_rights(key, bit(i), 0);
			check_key_rights(key, 0, bit(i));
		}
		check_key_rights(key, 0, 0);
		check_key_rights(key, ~UINT64_C(0), ~UINT64_C(0));
		for (i = 0; i < ROUNDS; i++)
			check_key_rights(key, test_random(&random),
					 test_random(&random));
	}
}

/* Doubleword 1 with PP, N and G as told, the rest as in fill. */
static uint64_t dw1_of(uint64_t fill, unsigned int pp, unsigned int n,
		       unsigned int g)
{
	fill = ref_put(fill, 0, 0, pp / 4);
	fill = ref_put(fill, 60, 60, g);
	fill = ref_put(fill, 61, 61, n);
	return ref_put(fill, 62, 63, pp % 4);
}

/* Bits of combo: PP 0:2, Ks, Kp, segment N, entry N, G, problem state. */
static void rights_all(void **state)
{
	struct test_random random;
	unsigned int combo;
	unsigned int i;

	(void)state;
	test_random_init(&random, __func__);
	for (combo = 0; combo < 512; combo++) {
		for (i = 0; i < 32; i++) {
			uint64_t fill = i ? test_random(&random) : 0;
			uint64_t segment = i ? test_random(&random) : 0;
			bool problem = combo >> 8 & 1;
			uint64_t dw1 = dw1_of(fill, combo & 7, combo >> 6 & 1,
					      combo >> 7 & 1);
			unsigned int got, want;

			segment = ref_put(segment, 52, 52, combo >> 3 & 1);
			segment = ref_put(segment, 53, 53, combo >> 4 & 1);
			segment = ref_put(segment, 54, 54, combo >> 5 & 1);
			got = hpte_entry_rights(dw1, segment, problem);
			want = ref_rights(dw1, segment, problem);
			if (got != want)
				fail_msg("combination %03x: %u, not %u", combo,
					 got, want);
		}
	}
}

static void writable_all(void **state)
{
	static const bool writable[8] = { 1, 1, 1, 0, 1, 1, 0, 1 };
	struct test_random random;
	unsigned int pp;
	unsigned int i;

	(void)state;
	test_random_init(&random, __func__);
	for (pp = 0; pp < 8; pp++) {
		for (i = 0; i < 100; i++) {
			uint64_t fill = test_random(&random);

			assert_int_equal(hpte_entry_writable(
						dw1_of(fill, pp, i & 1,
						       i >> 1 & 1)),
					 writable[pp]);
		}
	}
}

/*
 * A reserved PP allows nothing, and no other value does: it must become the
 * narrowest one, which gives readers with key 0 what they did not have.
 */
static const struct {
	unsigned int before;
	unsigned int after;
	bool reserved;
} narrowed[] = {
	{ 0, 6, false },
	{ 1, 3, false },
	{ 2, 3, false },
	{ 3, 3, false },
	{ 4, 6, true },
	{ 5, 6, true },
	{ 6, 6, false },
	{ 7, 6, true },
};

static void check_read_only(uint64_t dw1, uint64_t segment, bool reserved)
{
	uint64_t narrow = hpte_entry_read_only(dw1);
	unsigned int problem;

	for (problem = 0; problem < 2; problem++) {
		bool key = ref_get(segment, 52 + problem, 52 + problem);
		unsigned int before = ref_rights(dw1, segment, problem);
		unsigned int after = ref_rights(narrow, segment, problem);

		if (reserved && !key) {
			assert_int_equal(after & REF_WRITE, 0);
			continue;
		}
		if (after & REF_WRITE || after & ~before ||
		    (after ^ before) & REF_EXECUTE)
			fail_msg("dw1 %llx segment %llx PR %u: %u became %u",
				 (unsigned long long)dw1,
				 (unsigned long long)segment, problem, before,
				 after);
	}
}

/* Nobody may store, nobody gains, everybody executes what he did. */
static void read_only_narrows(void **state)
{
	struct test_random random;
	unsigned int combo;
	unsigned int i;

	(void)state;
	test_random_init(&random, __func__);
	for (combo = 0; combo < 256; combo++) {
		for (i = 0; i < 32; i++) {
			uint64_t fill = i ? test_random(&random) : 0;
			uint64_t segment = i ? test_random(&random) : 0;

			segment = ref_put(segment, 52, 52, combo >> 3 & 1);
			segment = ref_put(segment, 53, 53, combo >> 4 & 1);
			segment = ref_put(segment, 54, 54, combo >> 5 & 1);
			check_read_only(dw1_of(fill, combo & 7, combo >> 6 & 1,
					       combo >> 7 & 1), segment,
					narrowed[combo & 7].reserved);
		}
	}
}

/* What each PP becomes; all other bits as they were. */
static void read_only_values(void **state)
{
	struct test_random random;
	unsigned int i;
	size_t row;

	(void)state;
	test_random_init(&random, __func__);
	for (row = 0; row < sizeof(narrowed) / sizeof(narrowed[0]); row++) {
		for (i = 0; i < 100; i++) {
			uint64_t fill = i ? test_random(&random) : 0;
			unsigned int n = i & 1;
			unsigned int g = i >> 1 & 1;
			uint64_t narrow = hpte_entry_read_only(
				dw1_of(fill, narrowed[row].before, n, g));

			assert_int_equal(narrow,
					 dw1_of(fill, narrowed[row].after, n,
						g));
			assert_false(hpte_entry_writable(narrow));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(key_all),
		cmocka_unit_test(v16_key),
		cmocka_unit_test(v17_amr),
		cmocka_unit_test(key_rights_all),
		cmocka_unit_test(rights_all),
		cmocka_unit_test(writable_all),
		cmocka_unit_test(read_only_narrows),
		cmocka_unit_test(read_only_values),
	};

	return cmocka_run_group_tests_name("entry_rights", tests, NULL, NULL);
}
