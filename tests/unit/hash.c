/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/hash.c - virtual addresses, PTEGs, tlbie operands.
 *
 * Compares with the second implementation in tests/support/ref_codec.c,
 * which builds the tlbie operand from the original virtual address where the
 * library has only the entry and its index.
 *
 * References
 *	[ISA]	Power ISA Versions 2.06 B, 2.07 B, 3.0 B, Book III, "Hashed
 *		Page Table Search", "TLB Invalidate Entry"
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hpte/entry.h>
#include <hpte/hash.h>

#include "random.h"
#include "ref_codec.h"

#define ROUNDS	2000U
#define POISON	0xA5

static uint64_t low_mask(unsigned int count)
{
	return count ? ~UINT64_C(0) >> (64 - count) : 0;
}

/* One virtual address in the two representations. */
struct address {
	struct hpte_va va;
	struct ref_va ref;
};

static void make_address(struct address *address, unsigned int segment,
			 unsigned int base, uint64_t vsid, uint64_t offset)
{
	memset(&address->va, 0, sizeof(address->va));
	address->va.vsid = vsid & low_mask(78 - segment);
	address->va.offset = offset & low_mask(segment);
	address->va.segment = (uint8_t)segment;
	address->va.base = (uint8_t)base;
	ref_va_make(&address->ref, segment, base, vsid, offset);
}

/* Calls check for each segment size and each page pair that fits it. */
static void for_each_segment_and_pair(void (*check)(struct test_random *random,
						    unsigned int segment,
						    int row),
				      const char *name)
{
	struct test_random random;
	int row;

	test_random_init(&random, name);
	for (row = 0; row < REF_PAGES; row++) {
		if (ref_pages[row].base <= 28)
			check(&random, 28, row);
		check(&random, 40, row);
	}
}

static void check_descriptor(uint64_t descriptor, uint64_t ea)
{
	struct hpte_va untouched;
	struct hpte_va va;
	struct ref_va ref;
	bool legal = ref_va_translate(&ref, descriptor, ea);
	int status;

	memset(&va, POISON, sizeof(va));
	untouched = va;
	status = hpte_hash_va(descriptor, ea, &va);
	if (status != (legal ? HPTE_OK : HPTE_ERR_ENCODING))
		fail_msg("descriptor %llx gives %d",
			 (unsigned long long)descriptor, status);
	if (!legal) {
		assert_memory_equal(&va, &untouched, sizeof(va));
		return;
	}
	assert_int_equal(va.segment, ref.segment);
	assert_int_equal(va.base, ref.base);
	assert_int_equal(va.vsid, ref_va_get(&ref, 0, 77 - ref.segment));
	assert_int_equal(va.offset, ref_va_get(&ref, 78 - ref.segment, 77));
}

/* All of B, L, LP; other bits zero, one at a time, random. */
static void va_every_descriptor(void **state)
{
	struct test_random random;
	unsigned int combo;
	unsigned int i;

	(void)state;
	test_random_init(&random, __func__);
	for (combo = 0; combo < 32; combo++) {
		uint64_t fixed = ref_put(0, 0, 1, combo >> 3);

		fixed = ref_put(fixed, 55, 55, combo >> 2 & 1);
		fixed = ref_put(fixed, 58, 59, combo & 3);
		check_descriptor(fixed, 0);
		check_descriptor(fixed, ~UINT64_C(0));
		for (i = 0; i < 64; i++)
			check_descriptor(fixed, UINT64_C(1) << i);
		for (i = 12; i < 62; i++)
			check_descriptor(fixed | UINT64_C(1) << i, 0);
		for (i = 0; i < 100; i++) {
			uint64_t fill = test_random(&random);

			fill = ref_put(fill, 0, 1, combo >> 3);
			fill = ref_put(fill, 55, 55, combo >> 2 & 1);
			fill = ref_put(fill, 58, 59, combo & 3);
			check_descriptor(fill, test_random(&random));
		}
	}
}

/* The six legal base sizes and segments, and each kind of refusal. */
static void va_literals(void **state)
{
	static const struct {
		uint64_t descriptor;
		unsigned int segment;
		unsigned int base;	/* 0: refused */
	} rows[] = {
		{ 0x0000000000000000, 28, 12 },
		{ 0x0000000000000100, 28, 24 },
		{ 0x0000000000000110, 28, 16 },
		{ 0x0000000000000120, 28, 0 },	/* 16G in 256M */
		{ 0x0000000000000130, 28, 0 },	/* 1M */
		{ 0x4000000000000000, 40, 12 },
		{ 0x4000000000000100, 40, 24 },
		{ 0x4000000000000110, 40, 16 },
		{ 0x4000000000000120, 40, 34 },
		{ 0x4000000000000130, 40, 0 },
		{ 0x8000000000000000, 0, 0 },
		{ 0xC000000000000000, 0, 0 },
	};
	struct hpte_va va;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int status = hpte_hash_va(rows[i].descriptor, 0, &va);

		if (!rows[i].base) {
			assert_int_equal(status, HPTE_ERR_ENCODING);
			continue;
		}
		assert_int_equal(status, HPTE_OK);
		assert_int_equal(va.segment, rows[i].segment);
		assert_int_equal(va.base, rows[i].base);
	}
}

static void check_hash(unsigned int segment, unsigned int base, uint64_t vsid,
		       uint64_t offset)
{
	struct address at;
	unsigned int order;
	uint64_t hash;

	make_address(&at, segment, base, vsid, offset);
	hash = hpte_hash_primary(&at.va);
	if (hash != ref_hash(&at.ref) ||
	    hpte_hash_dw0(&at.va) != ref_dw0(&at.ref))
		fail_msg("segment %u base %u vsid %llx offset %llx: hash %llx "
			 "dw0 %llx", segment, base,
			 (unsigned long long)at.va.vsid,
			 (unsigned long long)at.va.offset,
			 (unsigned long long)hash,
			 (unsigned long long)hpte_hash_dw0(&at.va));
	for (order = HPTE_ORDER_MIN; order <= HPTE_ORDER_MAX; order++) {
		assert_int_equal(hpte_hash_group(hash, false, order),
				 ref_group(&at.ref, false, order));
		assert_int_equal(hpte_hash_group(hash, true, order),
				 ref_group(&at.ref, true, order));
	}
}

static void check_hash_of_pair(struct test_random *random, unsigned int segment,
			       int row)
{
	unsigned int base = ref_pages[row].base;
	unsigned int i;

	check_hash(segment, base, 0, 0);
	check_hash(segment, base, ~UINT64_C(0), ~UINT64_C(0));
	check_hash(segment, base, 0, ~UINT64_C(0));
	check_hash(segment, base, ~UINT64_C(0), 0);
	for (i = 0; i < 78 - segment; i++)
		check_hash(segment, base, UINT64_C(1) << i, 0);
	for (i = 0; i < segment; i++)
		check_hash(segment, base, 0, UINT64_C(1) << i);
	for (i = 0; i < 500; i++)
		check_hash(segment, base, test_random(random),
			   test_random(random));
}

/* Hash, both groups of every order, and doubleword 0. */
static void hash_against_reference(void **state)
{
	(void)state;
	for_each_segment_and_pair(check_hash_of_pair, __func__);
}

/* The published geometry: hash bits used at some orders, and 39 in all. */
static void hash_width(void **state)
{
	const uint64_t all = UINT64_C(0x7FFFFFFFFF);
	struct address at;

	(void)state;
	assert_int_equal(hpte_hash_group(all, false, 18), 0x7FF);
	assert_int_equal(hpte_hash_group(all, false, 24), 0x1FFFF);
	assert_int_equal(hpte_hash_group(all, false, 30), 0x7FFFFF);
	assert_int_equal(hpte_hash_group(all, false, 36), 0x1FFFFFFF);
	assert_int_equal(hpte_hash_group(all, false, 46), all);
	assert_int_equal(hpte_hash_group(0, true, 18), 0x7FF);
	assert_int_equal(hpte_hash_group(0, true, 46), all);
	assert_int_equal(hpte_hash_group(all, true, 46), 0);
	make_address(&at, 28, 12, ~UINT64_C(0), 0);
	assert_int_equal(hpte_hash_primary(&at.va), all);
	make_address(&at, 40, 12, UINT64_C(1) << 37, 0);
	assert_int_equal(hpte_hash_primary(&at.va), UINT64_C(1) << 37);
	make_address(&at, 40, 12, 1, 0);
	assert_int_equal(hpte_hash_primary(&at.va), 0x2000001);
	assert_int_equal(HPTE_ORDER_MIN, 18);
	assert_int_equal(HPTE_ORDER_MAX, 46);
	assert_int_equal(HPTE_GROUP_ENTRIES, 8);
	assert_int_equal(HPTE_ENTRY_BYTES, 16);
}

/* An entry with everything the library must ignore set at random. */
static void make_entry(struct test_random *random, const struct address *at,
		       int row, bool secondary, struct hpte *entry,
		       struct hpte_page *page)
{
	unsigned int lp = ref_page_lp(&ref_pages[row],
				      (unsigned int)test_random(random));

	entry->dw0 = ref_dw0(&at->ref);
	entry->dw0 = ref_put(entry->dw0, 57, 60, test_random(random));
	entry->dw0 = ref_put(entry->dw0, 61, 61, ref_pages[row].l);
	entry->dw0 = ref_put(entry->dw0, 62, 62, secondary);
	entry->dw0 = ref_put(entry->dw0, 63, 63, test_random(random));
	entry->dw1 = ref_put(test_random(random), 44, 51, lp);
	page->base = (uint8_t)ref_pages[row].base;
	page->actual = (uint8_t)ref_pages[row].actual;
	page->pair = (uint8_t)row;
}

/* The entry for one address, in one slot of the group it hashes to. */
static void check_entry(struct test_random *random, const struct address *at,
			int row, bool secondary, unsigned int order,
			unsigned int slot)
{
	uint64_t group = ref_group(&at->ref, secondary, order);
	uint64_t in_page = low_mask(ref_pages[row].base);
	uint64_t index = group * 8 + slot;
	struct hpte_page page;
	struct hpte entry;
	struct hpte_va va;
	uint64_t rb;

	make_entry(random, at, row, secondary, &entry, &page);
	memset(&va, POISON, sizeof(va));
	hpte_hash_rebuild(&entry, &page, index, &va);
	if (va.vsid != at->va.vsid || va.offset != (at->va.offset & ~in_page) ||
	    va.segment != at->va.segment || va.base != at->va.base)
		fail_msg("%s order %u index %llx dw0 %llx: rebuilt %llx %llx",
			 ref_pages[row].name, order, (unsigned long long)index,
			 (unsigned long long)entry.dw0,
			 (unsigned long long)va.vsid,
			 (unsigned long long)va.offset);
	assert_true(hpte_hash_reachable(&entry, &page, index, order));
	rb = hpte_hash_tlbie_rb(&entry, &page, index);
	if (rb != ref_tlbie_rb(&at->ref, &ref_pages[row], entry.dw1))
		fail_msg("%s order %u index %llx dw0 %llx dw1 %llx: RB %llx",
			 ref_pages[row].name, order, (unsigned long long)index,
			 (unsigned long long)entry.dw0,
			 (unsigned long long)entry.dw1,
			 (unsigned long long)rb);
}

static void check_pair(struct test_random *random, unsigned int segment,
		       int row)
{
	unsigned int order;
	unsigned int i;

	for (order = HPTE_ORDER_MIN; order <= HPTE_ORDER_MAX; order++) {
		for (i = 0; i < 128; i++) {
			bool sparse = i >= 64;
			struct address at;

			make_address(&at, segment, ref_pages[row].base,
				     sparse ? test_random_sparse(random) :
					      test_random(random),
				     sparse ? test_random_sparse(random) :
					      test_random(random));
			check_entry(random, &at, row, i & 8, order, i & 7);
		}
	}
}

/* 13 pairs in segments x 29 orders x 128: about 48000 entries. */
static void rebuild_and_tlbie(void **state)
{
	(void)state;
	for_each_segment_and_pair(check_pair, __func__);
}

/* Every single bit of a virtual address reaches the right bit of RB. */
static void check_single_bits(struct test_random *random, unsigned int segment,
			      int row)
{
	unsigned int i;

	for (i = 0; i < 78; i++) {
		uint64_t vsid = i >= segment ? UINT64_C(1) << (i - segment) : 0;
		uint64_t offset = i < segment ? UINT64_C(1) << i : 0;
		struct address at;

		make_address(&at, segment, ref_pages[row].base, vsid, offset);
		check_entry(random, &at, row, false, 18, 0);
		check_entry(random, &at, row, true, 46, 7);
		make_address(&at, segment, ref_pages[row].base, ~vsid, ~offset);
		check_entry(random, &at, row, false, 46, 7);
		check_entry(random, &at, row, true, 18, 0);
	}
}

static void rebuild_single_bits(void **state)
{
	(void)state;
	for_each_segment_and_pair(check_single_bits, __func__);
}

/* An entry anywhere: the address is one the entry could have, and legal. */
static void check_anywhere(struct test_random *random, unsigned int segment,
			   int row)
{
	unsigned int base = ref_pages[row].base;
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		uint64_t index = test_random(random) & low_mask(i % 43);
		struct hpte_page page;
		struct address at;
		struct hpte entry;
		struct hpte_va va;

		make_address(&at, segment, base, test_random(random),
			     test_random(random));
		make_entry(random, &at, row, i & 1, &entry, &page);
		if (i & 2)	/* also AVPN bits inside the page */
			entry.dw0 |= test_random(random) & HPTE_DW0_AVPN;
		hpte_hash_rebuild(&entry, &page, index, &va);
		assert_int_equal(va.segment, segment);
		assert_int_equal(va.base, base);
		assert_int_equal(va.vsid & ~low_mask(78 - segment), 0);
		assert_int_equal(va.offset & ~low_mask(segment), 0);
		assert_int_equal(va.offset & low_mask(base), 0);
		ref_va_stated(&at.ref, entry.dw0, &ref_pages[row]);
		assert_int_equal(hpte_hash_dw0(&va), ref_dw0(&at.ref));
	}
}

static void rebuild_anywhere(void **state)
{
	(void)state;
	for_each_segment_and_pair(check_anywhere, __func__);
}

static void check_reachable(const struct hpte *entry,
			    const struct hpte_page *page, uint64_t index,
			    unsigned int order)
{
	bool want = ref_reachable(entry->dw0, &ref_pages[page->pair], index / 8,
				  order);

	if (hpte_hash_reachable(entry, page, index, order) != want)
		fail_msg("dw0 %llx pair %u index %llx order %u: not %d",
			 (unsigned long long)entry->dw0, page->pair,
			 (unsigned long long)index, order, want);
}

/*
 * From the right group: other slots, the other hash, each single bit of the
 * group flipped, up to bits beyond the table; and anywhere.
 */
static void check_reachable_pair(struct test_random *random,
				 unsigned int segment, int row)
{
	unsigned int order;

	for (order = HPTE_ORDER_MIN; order <= HPTE_ORDER_MAX; order += 4) {
		bool secondary = order & 4;
		struct hpte_page page;
		struct address at;
		struct hpte entry;
		uint64_t index;
		unsigned int n;

		make_address(&at, segment, ref_pages[row].base,
			     test_random(random), test_random(random));
		make_entry(random, &at, row, secondary, &entry, &page);
		index = ref_group(&at.ref, secondary, order) * 8;
		assert_true(hpte_hash_reachable(&entry, &page, index, order));
		assert_true(hpte_hash_reachable(&entry, &page, index + 7,
						order));
		check_reachable(&entry, &page, index + 8, order);
		for (n = 3; n <= order - 4; n++)
			check_reachable(&entry, &page,
					index ^ UINT64_C(1) << n, order);
		index = test_random(random) & low_mask(order - 4);
		check_reachable(&entry, &page, index, order);
		entry.dw0 ^= HPTE_DW0_H;
		check_reachable(&entry, &page, index, order);
	}
}

static void reachable(void **state)
{
	(void)state;
	for_each_segment_and_pair(check_reachable_pair, __func__);
}

/* In the smallest table: the eight slots of one group, no other. */
static void reachable_in_one_group(void **state)
{
	const struct hpte_page page = { 24, 24, HPTE_PAIR_16M_16M };
	const struct hpte entry = { 0x5 | HPTE_DW0_B_1T, 0 };
	unsigned int count = 0;
	uint64_t index;

	(void)state;
	for (index = 0; index < 0x4000; index++)
		count += hpte_hash_reachable(&entry, &page, index, 18);
	assert_int_equal(count, 8);
}

static void tlbie_rs(void **state)
{
	static const unsigned int isa[] = {
		HPTE_ISA_206, HPTE_ISA_207, HPTE_ISA_300
	};
	static const uint32_t kept[] = { 0x3FF, 0xFFF, 0xFFF };
	struct test_random random;
	unsigned int level;
	unsigned int i;

	(void)state;
	test_random_init(&random, __func__);
	for (level = 0; level < 3; level++) {
		for (i = 0; i < 32; i++)
			assert_int_equal(hpte_hash_tlbie_rs(isa[level],
							    1U << i),
					 (1U << i) & kept[level]);
		for (i = 0; i < 100; i++) {
			uint32_t lpid = (uint32_t)test_random(&random);

			assert_int_equal(hpte_hash_tlbie_rs(isa[level], lpid),
					 lpid & kept[level]);
		}
	}
}

static void tlbie_sets(void **state)
{
	unsigned int set;

	(void)state;
	assert_int_equal(hpte_hash_tlbie_sets(HPTE_ISA_206), 128);
	assert_int_equal(hpte_hash_tlbie_sets(HPTE_ISA_207), 512);
	assert_int_equal(hpte_hash_tlbie_sets(HPTE_ISA_300), 256);
	assert_int_equal(hpte_hash_tlbie_set_rb(0), 0x800);
	assert_int_equal(hpte_hash_tlbie_set_rb(1), 0x1800);
	assert_int_equal(hpte_hash_tlbie_set_rb(511), 0x1FF800);
	for (set = 0; set < 512; set++)
		assert_int_equal(hpte_hash_tlbie_set_rb(set),
				 ref_put(ref_put(0, 52, 53, 2), 40, 51, set));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(va_every_descriptor),
		cmocka_unit_test(va_literals),
		cmocka_unit_test(hash_against_reference),
		cmocka_unit_test(hash_width),
		cmocka_unit_test(rebuild_and_tlbie),
		cmocka_unit_test(rebuild_single_bits),
		cmocka_unit_test(rebuild_anywhere),
		cmocka_unit_test(reachable),
		cmocka_unit_test(reachable_in_one_group),
		cmocka_unit_test(tlbie_rs),
		cmocka_unit_test(tlbie_sets),
	};

	return cmocka_run_group_tests_name("hash", tests, NULL, NULL);
}
