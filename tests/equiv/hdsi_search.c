/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/equiv/hdsi_search.c - the twin of the assembly that searches for a
 * storage interrupt, against hpte_table_find(), on every CPU.
 */
#include "fixture.h"

#include "arch/generic/hdsi_search.h"

static uint64_t group_mask(unsigned int order)
{
	return (UINT64_C(1) << order) - 128;
}

/* L and LP of a segment descriptor for a base page size. */
static uint64_t descriptor_size(unsigned int base)
{
	return base == 12 ? 0 : base == 16 ? 0x110 : base == 24 ? 0x100 : 0x120;
}

static uint64_t descriptor_of(const struct hpte_va *va)
{
	return (va->segment == 40 ? HPTE_SLB_B_1T : 0) |
	       va->vsid << (va->segment == 40 ? 24 : 12) |
	       descriptor_size(va->base);
}

/* What the twin must answer for what find answered. */
static void check_against_find(struct fixture *f, const struct entry *entry,
			       uint64_t inside)
{
	bool isa_300 = f->kind->format == HPTE_FORMAT_300;
	uint64_t descriptor = descriptor_of(&entry->va);
	struct hpte_view view;
	struct hpte_va va;
	uint64_t result;
	int status;

	assert_int_equal(hpte_hash_va(descriptor, entry->va.offset | inside,
				      &va), HPTE_OK);
	status = hpte_table_find(&f->table, &va, 0, &view);
	result = hpte_c_hdsi_search(hpte_table_base(&f->table),
				    group_mask(hpte_table_order(&f->table)),
				    descriptor, va.offset, isa_300);
	if ((result & 3) == HPTE_HDSI_UNSURE) {
		/* a 16G page, or one that hides behind another of its AVPN */
		assert_true(va.base == 34 || entry->page.base != va.base);
		return;
	}
	assert_int_equal(result == HPTE_HDSI_MISS, status == HPTE_ERR_NOTFOUND);
	if (status != HPTE_OK)
		return;
	assert_int_equal(result / 16, view.index);
	assert_int_equal(result & 3, view.state & HPTE_VIEW_VALID ?
				     HPTE_HDSI_VALID : HPTE_HDSI_ABSENT);
}

/* Every size, state, group and slot, and then the same without the entry. */
static void twin_agrees_with_find(void **state)
{
	struct fixture *f = fixture_of(state);

	for (unsigned int n = 0; n < ENTRY_SIZES * ENTRY_STATES * 16; n++) {
		struct entry_size size = entry_sizes[n % ENTRY_SIZES];
		struct entry entry = entry_make(f, size, n, n / 13 / 3 & 1,
						ENTRY_RW);
		uint64_t inside = test_random(&f->random) &
				  ((UINT64_C(1) << size.base) - 1);

		entry.index += n / 13 / 6 % 8;
		check_against_find(f, &entry, inside);
		entry_put(f, &entry, n / 13 % 3, true);
		check_against_find(f, &entry, inside);
		assert_int_equal(hpte_table_remove(&f->table, entry.index, NULL,
						   NULL), HPTE_OK);
		check_against_find(f, &entry, inside);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_EVERY_KIND(twin_agrees_with_find),
	};

	return TEST_RUN("hdsi_search", tests);
}
