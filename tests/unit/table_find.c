/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/table_find.c - hpte_table_find().
 */
#include "fixture.h"

#include <string.h>

static void expect_found(struct fixture *f, const struct entry *entry,
			 unsigned int flags)
{
	struct hpte_view view;

	assert_int_equal(hpte_table_find(&f->table, &entry->va, flags, &view),
			 HPTE_OK);
	assert_int_equal(view.index, entry->index);
	assert_int_equal(view.guest.dw0, entry->guest.dw0);
	assert_int_equal(view.guest.dw1, entry->guest.dw1);
	assert_int_equal(view.page.base, entry->page.base);
	assert_int_equal(view.page.actual, entry->page.actual);
	assert_int_equal(view.page.pair, entry->page.pair);
	assert_no_host(view.guest.dw0);
	assert_no_host(view.guest.dw1);
}

static void expect_not_found(struct fixture *f, const struct hpte_va *va,
			     unsigned int flags)
{
	struct hpte_view view, poison;

	memset(&poison, 0x5A, sizeof(poison));
	view = poison;
	assert_int_equal(hpte_table_find(&f->table, va, flags, &view),
			 HPTE_ERR_NOTFOUND);
	assert_memory_equal(&view, &poison, sizeof(view));
}

/* V106: in both groups, every size, every state. */
static void every_size_and_group(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int i, kind, secondary;

	for (i = 0; i < ENTRY_SIZES; i++) {
		for (kind = 0; kind < ENTRY_STATES * 2; kind++) {
			struct entry entry;

			secondary = kind & 1;
			entry = entry_make(f, entry_sizes[i], 2, secondary,
					   ENTRY_RW);
			fixture_restart(f);
			expect_not_found(f, &entry.va, 0);
			entry_put(f, &entry, (enum entry_state)(kind / 2),
				  false);
			expect_found(f, &entry, 0);
			/* Any byte of the base page will do. */
			entry.va.offset |= (UINT64_C(1) << entry.va.base) - 1;
			expect_found(f, &entry, 0);
		}
	}
}

static void every_slot(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int slot, secondary;

	for (secondary = 0; secondary < 2; secondary++) {
		for (slot = 0; slot < 8; slot++) {
			struct entry entry = entry_make(f, ENTRY_4K, 0,
							secondary, ENTRY_RW);

			fixture_restart(f);
			entry.index += slot;
			entry_put(f, &entry, ENTRY_VALID, true);
			expect_found(f, &entry, 0);
		}
	}
}

static void first_match_wins(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry third = entry_make(f, ENTRY_4K, 0, true, ENTRY_RW);
	struct entry second = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);
	struct entry first = second;

	third.guest.dw1 |= HPTE_DW1_R;
	second.guest.dw1 |= HPTE_DW1_C;
	entry_put(f, &third, ENTRY_ABSENT, false);
	expect_found(f, &third, 0);
	second.index += 6;
	entry_put(f, &second, ENTRY_ABSENT, true);
	expect_found(f, &second, 0);
	first.index += 2;
	entry_put(f, &first, ENTRY_ABSENT, true);
	expect_found(f, &first, 0);
}

static void valid_only(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry absent = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);
	struct entry valid = entry_make(f, ENTRY_4K, 0, true, ENTRY_RW);

	entry_put(f, &absent, ENTRY_ABSENT, false);
	expect_not_found(f, &absent.va, HPTE_FIND_VALID);
	entry_put(f, &valid, ENTRY_VALID, false);
	/* The absent one in front of it does not hide it. */
	if (f->kind->walker)
		expect_found(f, &valid, HPTE_FIND_VALID);
	else
		expect_not_found(f, &valid.va, HPTE_FIND_VALID);
	expect_found(f, &absent, 0);
}

static void mmio_is_not_valid(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry entry = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);

	entry_put(f, &entry, ENTRY_MMIO, false);
	expect_not_found(f, &entry.va, HPTE_FIND_VALID);
	expect_found(f, &entry, 0);
}

/* What differs in one property must not match. */
static void near_misses(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry entry = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);
	struct hpte_va va;

	entry_put(f, &entry, ENTRY_VALID, false);
	va = entry.va;
	va.vsid ^= UINT64_C(1) << 30;		/* same group, other AVPN */
	expect_not_found(f, &va, 0);
	va = entry.va;
	va.base = 16;				/* another base page size */
	expect_not_found(f, &va, 0);
	va = entry.va;
	va.offset ^= UINT64_C(1) << 12;		/* the next page */
	expect_not_found(f, &va, 0);
	va = entry.va;
	va.offset ^= UINT64_C(1) << 23;
	va.vsid ^= UINT64_C(1) << 11;		/* same hash, other AVPN */
	expect_not_found(f, &va, 0);
	expect_found(f, &entry, 0);
}

/*
 * B is part of the match: a 1T entry with the very same AVPN, in the very
 * same slot, is another entry.
 */
static void segment_size_must_match(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int kind;

	for (kind = 0; kind < ENTRY_STATES; kind++) {
		struct entry entry = entry_make(f, ENTRY_4K, 0, false,
						ENTRY_RW);
		struct entry other = entry;

		fixture_restart(f);
		other.guest.dw0 |= HPTE_DW0_B_1T;
		other.guest.dw1 |= HPTE_DW1_N;
		entry_put(f, &other, (enum entry_state)kind, false);
		expect_not_found(f, &entry.va, 0);
		/* The search goes on past it. */
		entry_put(f, &entry, (enum entry_state)kind, false);
		assert_int_equal(entry.index, other.index + 1);
		expect_found(f, &entry, 0);
		assert_guest_is(f, other.index, other.guest.dw0,
				other.guest.dw1);
	}
}

/* V107: H is part of the match. */
static void h_must_match(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry primary = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);
	struct entry secondary = entry_make(f, ENTRY_4K, 0, true, ENTRY_RW);
	uint64_t index = primary.index;

	primary.index = secondary.index;
	secondary.index = index;
	entry_put(f, &primary, ENTRY_VALID, true);
	entry_put(f, &secondary, ENTRY_VALID, true);
	expect_not_found(f, &primary.va, 0);
}

/* V104: in a 4K segment L is not compared: an MPSS entry has L=1. */
static void l_is_not_compared_for_4k(void **state)
{
	static const struct entry_size mpss[] = {
		{ 28, 12, 16 }, { 28, 12, 24 }, { 40, 12, 16 }, { 40, 12, 24 }
	};
	struct fixture *f = fixture_of(state);
	unsigned int i;

	for (i = 0; i < 4; i++) {
		struct entry entry = entry_make(f, mpss[i], i, false,
						ENTRY_RW);

		assert_true(entry.guest.dw0 & HPTE_DW0_L);
		entry_put(f, &entry, ENTRY_VALID, false);
		expect_found(f, &entry, 0);
	}
}

/*
 * A stale entry with the same B, AVPN and H but another base page size in
 * front of the right one must not end the search: in the same group, and
 * from the primary to the secondary.
 */
static void search_goes_past_another_base_size(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int kind, secondary;

	for (kind = 0; kind < ENTRY_STATES; kind++) {
		for (secondary = 0; secondary < 2; secondary++) {
			struct entry right = entry_make(f, ENTRY_4K, 0,
							secondary, ENTRY_RW);
			struct entry stale = right;

			fixture_restart(f);
			/* LP 0001: 64K base, same AVPN. */
			stale.guest.dw0 |= HPTE_DW0_L;
			stale.guest.dw1 = UINT64_C(0x50001000) | ENTRY_RW;
			stale.real = 0x50000000;
			stale.page.actual = 16;
			stale.guest.dw0 &= ~HPTE_DW0_H;
			stale.index = entry_make(f, ENTRY_4K, 0, false,
						 0).index;
			entry_put(f, &stale, (enum entry_state)kind, false);
			if (secondary) {
				stale.guest.dw0 |= HPTE_DW0_H;
				stale.index = right.index;
				entry_put(f, &stale, (enum entry_state)kind,
					  false);
			}
			expect_not_found(f, &right.va, 0);
			entry_put(f, &right, (enum entry_state)kind, false);
			assert_int_equal(right.index, stale.index + 1);
			expect_found(f, &right, 0);
		}
	}
}

/* Find writes nothing: neither the entry nor its neighbours change. */
static void find_writes_nothing(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned char before[HPTE_GROUP_ENTRIES * HPTE_ENTRY_BYTES];
	struct entry entry = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);
	unsigned char *group = hpte_table_base(&f->table);

	group += entry.index * HPTE_ENTRY_BYTES;
	entry_put(f, &entry, ENTRY_VALID, false);
	memcpy(before, group, sizeof(before));
	expect_found(f, &entry, 0);
	assert_memory_equal(before, group, sizeof(before));
	assert_int_equal(f->host.calls.flush, 0);
}

/* A removed entry is not found, its successor in the slot is. */
static void slot_reuse(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry one = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);
	struct entry two = entry_make(f, ENTRY_4K, 2, false, ENTRY_RW);
	unsigned int round;

	for (round = 0; round < 20; round++) {
		struct entry *entry = round & 1 ? &one : &two;
		struct entry *other = round & 1 ? &two : &one;

		entry_put(f, entry, round & 2 ? ENTRY_VALID : ENTRY_ABSENT,
			  true);
		expect_found(f, entry, 0);
		expect_not_found(f, &other->va, 0);
		assert_int_equal(hpte_table_remove(&f->table, entry->index,
						   NULL, NULL), HPTE_OK);
		expect_not_found(f, &entry->va, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_EVERY_KIND(every_size_and_group),
		TEST_EVERY_KIND(every_slot),
		TEST_EVERY_KIND(first_match_wins),
		TEST_EVERY_KIND(valid_only),
		TEST_EVERY_KIND(mmio_is_not_valid),
		TEST_EVERY_KIND(near_misses),
		TEST_EVERY_KIND(segment_size_must_match),
		TEST_EVERY_KIND(h_must_match),
		TEST_EVERY_KIND(l_is_not_compared_for_4k),
		TEST_EVERY_KIND(search_goes_past_another_base_size),
		TEST_EVERY_KIND(find_writes_nothing),
		TEST_EVERY_KIND(slot_reuse),
	};

	return TEST_RUN("table_find", tests);
}
