/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/peer_setup.c - bugs of other hypervisors and kernels: entries
 * that the host makes itself, for the VRMA and for an emulator.
 *
 * The numbers in test names are those of COVERAGE.md.  Where an entry belongs
 * is computed by tests/support/ref_codec.c, not by the library.
 */
#include "fixture.h"

#include "ref_codec.h"

static const unsigned int bases[] = { 12, 16, 24 };

/* The VRMA has the page sizes its encoding has, and no other. */
static void bug_34_page_sizes_of_the_vrma(void **state)
{
	static const uint64_t lp[] = { 0x000, 0x110, 0x100 };
	struct fixture *f = fixture_of(state);
	uint64_t mapped = 4711;
	unsigned int base, i;
	struct hpte_va va;

	for (base = 0; base < 64; base++) {
		if (base == 12 || base == 16 || base == 24)
			continue;
		assert_int_equal(hpte_xlate_vrma(base), 0);
		assert_int_equal(hpte_xlate_map_vrma(&f->table, 1U << 24, base,
						     &mapped),
				 HPTE_ERR_PARAM);
		assert_int_equal(mapped, 4711);
	}
	for (i = 0; i < 3; i++) {
		uint64_t descriptor = hpte_xlate_vrma(bases[i]);

		/* B=01, VSID 1FFFFFF, and the L and LP of the SLB */
		assert_int_equal(descriptor,
				 UINT64_C(0x4001FFFFFF000000) | lp[i]);
		assert_int_equal(hpte_hash_va(descriptor, 0x1234567, &va),
				 HPTE_OK);
		assert_int_equal(va.base, bases[i]);
		assert_int_equal(va.vsid, 0x1FFFFFF);
	}
}

/* Entry @n of a VRMA stands in slot 7 of its own primary group. */
static void check_vrma_page(struct fixture *f, unsigned int base, uint64_t n)
{
	struct ref_va ref;
	struct hpte_va va;
	struct hpte_view view;

	ref_va_make(&ref, 40, base, 0x1FFFFFF, n << base);
	assert_int_equal(hpte_hash_va(hpte_xlate_vrma(base), n << base, &va),
			 HPTE_OK);
	assert_int_equal(hpte_table_find(&f->table, &va, 0, &view), HPTE_OK);
	assert_int_equal(view.index, 8 * ref_group(&ref, false, f->order) + 7);
	assert_int_equal(view.guest.dw0, ref_dw0(&ref) | HPTE_DW0_BOLTED |
			 HPTE_DW0_V | (base > 12 ? HPTE_DW0_L : 0));
	assert_int_equal(view.page.base, base);
	assert_int_equal(view.page.actual, base);
	assert_int_equal(ref_real(view.guest.dw1, base), n << base);
}

/* Memory larger than one page for each group of the table is cut off. */
static void bug_35_vrma_larger_than_the_table(void **state)
{
	struct fixture *f = fixture_of(state);
	uint64_t groups = hpte_table_entries(&f->table) / 8;
	unsigned int i, way;

	for (i = 0; i < 3; i++) {
		uint64_t size = UINT64_C(1) << bases[i];
		const uint64_t bytes[] = {
			size, 5 * size, groups * size, (groups + 1) * size,
			UINT64_C(1) << 50
		};

		for (way = 0; way < 5; way++) {
			uint64_t want = way < 2 ? bytes[way] : groups * size;
			uint64_t n, live = 0, mapped = 4711;

			fixture_restart(f);
			assert_int_equal(hpte_xlate_map_vrma(&f->table,
							     bytes[way],
							     bases[i],
							     &mapped),
					 HPTE_OK);
			assert_int_equal(mapped, want);
			for (n = 0; n < want / size; n++)
				check_vrma_page(f, bases[i], n);
			for (n = 0; n < 8 * groups; n++)
				live += memory_entry(f, n).dw0 != 0;
			assert_int_equal(live, want / size);
		}
	}
}

/*
 * 99, 6-12: what goes to the secondary group says so, or nobody finds it.
 */
static void bug_99_6_12_secondary_entries_have_h(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry probe = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);
	uint64_t descriptor = probe.va.vsid << 12;
	struct hpte_view view;
	unsigned int n;

	probe.va.offset &= ~UINT64_C(0xFFF);
	for (n = 1; n <= 8; n++) {
		struct entry e = entry_make(f, ENTRY_4K, n, false, ENTRY_RW);

		e.guest.dw0 |= HPTE_DW0_BOLTED;
		e.index = probe.index;
		entry_put(f, &e, ENTRY_ABSENT, false);
	}
	assert_int_equal(hpte_xlate_map_segment(&f->table, descriptor,
						probe.va.offset, 0x40000,
						4096, ENTRY_RW), HPTE_OK);
	assert_int_equal(hpte_table_find(&f->table, &probe.va, 0, &view),
			 HPTE_OK);
	assert_true(view.guest.dw0 & HPTE_DW0_H);
	assert_int_equal(view.index / 8, (~(probe.index / 8)) &
			 (hpte_table_entries(&f->table) / 8 - 1));
	assert_true(ref_reachable(view.guest.dw0, &ref_pages[0],
				  view.index / 8, f->order));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_EVERY_KIND(bug_34_page_sizes_of_the_vrma),
		TEST_EVERY_KIND(bug_35_vrma_larger_than_the_table),
		TEST_EVERY_KIND(bug_99_6_12_secondary_entries_have_h),
	};

	return TEST_RUN("peer_setup", tests);
}
