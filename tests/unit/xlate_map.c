/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/xlate_map.c - mapping the VRMA, and parts of a segment.
 */
#include "fixture.h"

#include <string.h>

#define MSR_DR		UINT64_C(0x10)
#define LARGE		UINT64_C(0x4000000000000000)
#define POISON		UINT64_C(0xA5A5A5A5A5A5A5A5)
#define DESCRIPTOR	UINT64_C(0x123456789000)

/* A load in real mode; the page size tells hpte_xlate_vrma(). */
static int load_real(struct fixture *f, uint64_t real, unsigned int base,
		     struct hpte_translation *result)
{
	struct hpte_access access;

	memset(&access, 0, sizeof(access));
	access.ea = real;
	access.vrma = hpte_xlate_vrma(base);
	access.kind = HPTE_READ;
	return hpte_xlate_access(&f->table, &access, result);
}

static void assert_vrma(struct fixture *f, uint64_t bytes, unsigned int base,
			uint64_t want)
{
	struct hpte_translation result;
	uint64_t page = UINT64_C(1) << base, mapped = POISON, real;

	fixture_restart(f);
	assert_int_equal(hpte_xlate_map_vrma(&f->table, bytes, base, &mapped),
			 HPTE_OK);
	assert_int_equal(mapped, want);
	for (real = 0; real < want; real += page) {
		assert_int_equal(load_real(f, real | (page - 4), base, &result),
				 HPTE_OK);
		assert_int_equal(result.gpa, real | (page - 4));
		assert_int_equal(result.rights & (HPTE_READ | HPTE_WRITE),
				 HPTE_READ | HPTE_WRITE);
		assert_int_equal(result.view.index & 7, 7);
		assert_int_equal(result.view.guest.dw0 &
				 (HPTE_DW0_BOLTED | HPTE_DW0_H | HPTE_DW0_V),
				 HPTE_DW0_BOLTED | HPTE_DW0_V);
		assert_int_equal(result.view.guest.dw1 & 0xFFF, 0x190);
	}
	assert_int_equal(load_real(f, want, base, &result), HPTE_ERR_NOTFOUND);
}

static void vrma_sizes(void **state)
{
	static const unsigned int bases[] = { 12, 16, 24 };
	struct fixture *f = fixture_of(state);
	uint64_t groups = UINT64_C(1) << (f->order - 7);
	unsigned int i;

	for (i = 0; i < 3; i++) {
		unsigned int base = bases[i];
		uint64_t page = UINT64_C(1) << base;

		assert_vrma(f, 0, base, 0);
		assert_vrma(f, page - 1, base, 0);
		assert_vrma(f, page, base, page);
		assert_vrma(f, 5 * page + page / 2, base, 5 * page);
		assert_vrma(f, groups * page - 1, base, (groups - 1) * page);
		assert_vrma(f, groups * page, base, groups * page);
		assert_vrma(f, groups * page + page, base, groups * page);
		assert_vrma(f, UINT64_MAX, base, groups * page);
	}
}

/* Order 24 has room for 2T of 16M pages; real mode reaches 1T. */
static void vrma_ends_at_1t(void **state)
{
	struct fixture *f = fixture_of(state);

	assert_vrma(f, UINT64_C(3) << 40, 24, UINT64_C(1) << 40);
	assert_vrma(f, (UINT64_C(1) << 40) - 1, 24,
		    (UINT64_C(1) << 40) - (1 << 24));
}

static void vrma_bad_page_size(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int base;

	for (base = 0; base < 80; base++) {
		uint64_t mapped = POISON;

		if (base == 12 || base == 16 || base == 24)
			continue;
		assert_int_equal(hpte_xlate_map_vrma(&f->table, 1 << 30, base,
						     &mapped), HPTE_ERR_PARAM);
		assert_int_equal(mapped, POISON);
	}
}

static void v5_v7_vrma_entries(void **state)
{
	struct fixture *f = fixture_of(state);
	uint64_t mapped;

	assert_int_equal(hpte_xlate_map_vrma(&f->table, 1 << 28, 24, &mapped),
			 HPTE_OK);
	assert_guest_is(f, 0xFFFFF, UINT64_C(0x4001FFFFFF000015), 0x190);
	fixture_restart(f);
	assert_int_equal(hpte_xlate_map_vrma(&f->table, 1 << 20, 16, &mapped),
			 HPTE_OK);
	assert_guest_is(f, 0xFFFE7, UINT64_C(0x4001FFFFFF000015), 0x31190);
	fixture_restart(f);
	assert_int_equal(hpte_xlate_map_vrma(&f->table, 1 << 20, 12, &mapped),
			 HPTE_OK);
	assert_guest_is(f, 0xFFFFF - 8 * 3, UINT64_C(0x4001FFFFFF000011),
			0x3190);
}

static void assert_loads(struct fixture *f, uint64_t descriptor, uint64_t ea,
			 uint64_t gpa, uint64_t bits)
{
	struct hpte_translation result;
	struct hpte_access access;

	memset(&access, 0, sizeof(access));
	access.ea = ea;
	access.msr = MSR_DR;
	access.descriptor = descriptor;
	access.kind = HPTE_READ;
	assert_int_equal(hpte_xlate_access(&f->table, &access, &result),
			 HPTE_OK);
	assert_int_equal(result.gpa, gpa);
	assert_int_equal(result.view.guest.dw1 & UINT64_C(0xB000000000000FFF),
			 bits);
	assert_true(result.view.guest.dw0 & HPTE_DW0_BOLTED);
}

static bool is_mapped(struct fixture *f, uint64_t descriptor, uint64_t ea)
{
	struct hpte_translation result;
	struct hpte_access access;

	memset(&access, 0, sizeof(access));
	access.ea = ea;
	access.msr = MSR_DR;
	access.descriptor = descriptor;
	access.kind = HPTE_READ;
	return hpte_xlate_access(&f->table, &access, &result) == HPTE_OK;
}

/* Every base page size in both segments, up to the segment's last byte. */
static void segment_sizes(void **state)
{
	static const uint64_t descriptors[] = {
		DESCRIPTOR, DESCRIPTOR | 0x110, DESCRIPTOR | 0x100,
		LARGE | UINT64_C(0x2A2A2A2000000),
		LARGE | UINT64_C(0x2A2A2A2000110),
		LARGE | UINT64_C(0x2A2A2A2000100),
		LARGE | UINT64_C(0x2A2A2A2000120),
	};
	static const unsigned int shifts[] = { 12, 16, 24, 12, 16, 24, 34 };
	static const uint64_t bits = HPTE_DW1_PP0 | HPTE_DW1_KEY |
		HPTE_DW1_WIMG | HPTE_DW1_N | HPTE_DW1_RC | 2;
	struct fixture *f = fixture_of(state);
	unsigned int i;
	uint64_t p;

	for (i = 0; i < 7; i++) {
		uint64_t page = UINT64_C(1) << shifts[i];
		uint64_t ea = (UINT64_C(0xD) << 60 | UINT64_C(0xFFFFFFFFFF)) +
			      1 - 3 * page;
		uint64_t gpa = 5 * page;

		fixture_restart(f);
		assert_int_equal(hpte_xlate_map_segment(&f->table,
				 descriptors[i], ea, gpa, 3 * page, bits),
				 HPTE_OK);
		for (p = 0; p < 3 * page; p += page)
			assert_loads(f, descriptors[i], ea + p + page - 1,
				     gpa + p + page - 1, bits);
		assert_false(is_mapped(f, descriptors[i], ea - 1));
		/* One page more would leave the segment. */
		assert_int_equal(hpte_xlate_map_segment(&f->table,
				 descriptors[i], ea, gpa, 4 * page, bits),
				 HPTE_ERR_PARAM);
	}
}

static void segment_errors(void **state)
{
	static const struct { uint64_t ea, gpa, bytes, bits; } bad[] = {
		{ 0x1800, 0x1000, 0x1000, 2 }, { 0x1000, 0x1001, 0x1000, 2 },
		{ 0x1000, 0x1000, 0x1001, 2 }, { 0x1000, 0x1000, 0x800, 2 },
		{ 0x1000, 0x1000, UINT64_MAX & ~0xFFFULL, 2 },
		{ 0x1000, 0, 0x10000000, 2 },
		{ 0xFFFF000, 0, 0x2000, 2 },
		{ 0x1000, 0x1000, 0x1000, UINT64_C(1) << 62 },
		{ 0x1000, 0x1000, 0x1000, 0x1000 },
		{ 0x1000, 0x1000, 0x1000, UINT64_C(1) << 59 },
	};
	static const uint64_t reserved[] = {
		UINT64_C(1) << 63, UINT64_C(3) << 62, 0x130, 0x120,
	};
	struct fixture *f = fixture_of(state);
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(hpte_xlate_map_segment(&f->table, DESCRIPTOR,
				 bad[i].ea, bad[i].gpa, bad[i].bytes,
				 bad[i].bits), HPTE_ERR_PARAM);
	for (i = 0; i < 4; i++)
		assert_int_equal(hpte_xlate_map_segment(&f->table,
				 DESCRIPTOR | reserved[i], 0, 0, 0x1000, 2),
				 HPTE_ERR_ENCODING);
	/* Real addresses that no entry can hold. */
	assert_int_not_equal(hpte_xlate_map_segment(&f->table, DESCRIPTOR,
			     0x1000, UINT64_C(1) << 60, 0x1000, 2), HPTE_OK);
	for (i = 0; i < hpte_table_entries(&f->table); i++)
		assert_int_equal(memory_entry(f, i).dw0, 0);
	/* The end of the address space is a page like any other. */
	assert_int_equal(hpte_xlate_map_segment(&f->table, DESCRIPTOR,
			 UINT64_MAX & ~0xFFFULL, 0x3000, 0x1000, 2), HPTE_OK);
	assert_loads(f, DESCRIPTOR, UINT64_MAX, 0x3FFF, 2);
	assert_int_equal(hpte_xlate_map_segment(&f->table, DESCRIPTOR,
			 0x7000, 0x3000, 0, 2), HPTE_OK);
	assert_false(is_mapped(f, DESCRIPTOR, 0x7000));
}

/* Contract 1.2: the 2.07 format has room for 60 bits, 3.0 for 57. */
static void last_real_page(void **state)
{
	struct fixture *f = fixture_of(state);
	uint64_t end = UINT64_C(1) << (f->kind->format == HPTE_FORMAT_300 ?
				       57 : 60);

	assert_int_equal(hpte_xlate_map_segment(&f->table, DESCRIPTOR, 0x4000,
			 end - 0x3000, 0x3000, 2), HPTE_OK);
	assert_loads(f, DESCRIPTOR, 0x6FFF, end - 1, 2);
	assert_int_not_equal(hpte_xlate_map_segment(&f->table, DESCRIPTOR,
			     0x8000, end, 0x1000, 2), HPTE_OK);
	assert_false(is_mapped(f, DESCRIPTOR, 0x8000));
}

/* Nine pages of one primary group: the ninth goes to the secondary. */
static void segment_overflow(void **state)
{
	struct fixture *f = fixture_of(state);
	/* VSIDs that differ above the bits that select a group. */
	const uint64_t step = UINT64_C(1) << 29;
	struct hpte_view view;
	struct hpte_va va;
	uint64_t n, d;

	for (n = 0; n < 16; n++) {
		d = DESCRIPTOR + n * step;
		assert_int_equal(hpte_xlate_map_segment(&f->table, d, 0x5000,
				 n << 12, 0x1000, 2), HPTE_OK);
		assert_loads(f, d, 0x5000, n << 12, 2);
		assert_int_equal(hpte_hash_va(d, 0x5000, &va), HPTE_OK);
		assert_int_equal(hpte_table_find(&f->table, &va, 0, &view),
				 HPTE_OK);
		assert_int_equal(!!(view.guest.dw0 & HPTE_DW0_H), n >= 8);
		assert_int_equal(view.index & 7, n & 7);
	}
	/* The page before is mapped, the full one is not. */
	d = DESCRIPTOR + 16 * step;
	assert_int_equal(hpte_xlate_map_segment(&f->table, d, 0x4000, 0,
						0x3000, 2), HPTE_ERR_FULL);
	assert_true(is_mapped(f, d, 0x4000));
	assert_false(is_mapped(f, d, 0x5000));
	assert_false(is_mapped(f, d, 0x6000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_EVERY_KIND(vrma_sizes),
		TEST_EVERY_KIND_24(vrma_ends_at_1t),
		TEST_EVERY_KIND(vrma_bad_page_size),
		TEST_EVERY_KIND_24(v5_v7_vrma_entries),
		TEST_EVERY_KIND(segment_sizes),
		TEST_EVERY_KIND(segment_errors),
		TEST_EVERY_KIND(last_real_page),
		TEST_EVERY_KIND(segment_overflow),
	};

	return TEST_RUN("xlate_map", tests);
}
