/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/table_find.c - hpte_table_find(), hpte_table_find_ea().
 */
#include "descriptor.h"
#include "fixture.h"

#include <string.h>

/* Bits of a descriptor and an address that no search looks at. */
#define IGNORED_BITS(va)						\
	((va)->segment == 40 ? UINT64_C(0xFFFE8F) : UINT64_C(0xE8F))
#define IGNORED_EA(va)	(UINT64_C(0xA5A5A5A5A5A5A5A5) << (va)->segment)

/* By effective address: the answer is the same, byte by byte. */
static void expect_same_by_ea(struct fixture *f, const struct hpte_va *va,
			      unsigned int flags, int status,
			      const struct hpte_view *expected)
{
	uint64_t descriptor = test_descriptor(va);
	struct hpte_view view;

	for (unsigned int i = 0; i < 2; i++) {
		memset(&view, 0x5A, sizeof(view));
		assert_int_equal(hpte_table_find_ea(&f->table, descriptor,
				va->offset | (i ? IGNORED_EA(va) : 0), flags,
				&view), status);
		assert_memory_equal(&view, expected, sizeof(view));
		descriptor |= IGNORED_BITS(va);
		/* L=0: LP says nothing */
		if (va->base == 12)
			descriptor |= HPTE_SLB_LP;
	}
}

static void expect_found(struct fixture *f, const struct entry *entry,
			 unsigned int flags)
{
	struct hpte_view view;

	memset(&view, 0x5A, sizeof(view));
	assert_int_equal(hpte_table_find(&f->table, &entry->va, flags, &view),
			 HPTE_OK);
	expect_same_by_ea(f, &entry->va, flags, HPTE_OK, &view);
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
	expect_same_by_ea(f, va, flags, HPTE_ERR_NOTFOUND, &poison);
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

/* What hpte_hash_va() refuses; the others of a batch are found. */
static void descriptors_refused(void **state)
{
	static const uint64_t bad[] = {
		UINT64_C(0x8000000000000000),	/* B reserved */
		UINT64_C(0xC000000000000110),
		UINT64_C(0x0000000000000130),	/* L||LP=111 */
		UINT64_C(0x4000000000000130),
		UINT64_C(0x0000000000000120),	/* 16G in 256M */
	};
	struct fixture *f = fixture_of(state);
	struct entry entry = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);

	fixture_restart(f);
	entry_put(f, &entry, ENTRY_ABSENT, false);
	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		uint64_t good = test_descriptor(&entry.va);
		struct hpte_find_request many[3];
		struct hpte_view poison;

		memset(many, 0x5A, sizeof(many));
		poison = many[0].view;
		for (unsigned int j = 0; j < 3; j++) {
			many[j].descriptor = j == 1 ? bad[i] : good;
			many[j].ea = entry.va.offset;
		}
		assert_int_equal(hpte_table_find_many(&f->table, many, 3, 0),
				 2);
		assert_int_equal(many[0].status, HPTE_OK);
		assert_int_equal(many[1].status, HPTE_ERR_ENCODING);
		assert_memory_equal(&many[1].view, &poison, sizeof(poison));
		assert_int_equal(many[2].view.index, entry.index);
		assert_int_equal(hpte_table_find_ea(&f->table, bad[i],
						    entry.va.offset, 0,
						    &many[1].view),
				 HPTE_ERR_ENCODING);
		assert_memory_equal(&many[1].view, &poison, sizeof(poison));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_EVERY_KIND(every_size_and_group),
		TEST_PRIVATE_KIND(every_size_and_group),
		TEST_EVERY_KIND(every_slot),
		TEST_PRIVATE_KIND(every_slot),
		TEST_EVERY_KIND(first_match_wins),
		TEST_PRIVATE_KIND(first_match_wins),
		TEST_EVERY_KIND(valid_only),
		TEST_PRIVATE_KIND(valid_only),
		TEST_EVERY_KIND(mmio_is_not_valid),
		TEST_PRIVATE_KIND(mmio_is_not_valid),
		TEST_EVERY_KIND(near_misses),
		TEST_PRIVATE_KIND(near_misses),
		TEST_EVERY_KIND(segment_size_must_match),
		TEST_PRIVATE_KIND(segment_size_must_match),
		TEST_EVERY_KIND(h_must_match),
		TEST_PRIVATE_KIND(h_must_match),
		TEST_EVERY_KIND(l_is_not_compared_for_4k),
		TEST_PRIVATE_KIND(l_is_not_compared_for_4k),
		TEST_EVERY_KIND(search_goes_past_another_base_size),
		TEST_PRIVATE_KIND(search_goes_past_another_base_size),
		TEST_EVERY_KIND(find_writes_nothing),
		TEST_PRIVATE_KIND(find_writes_nothing),
		TEST_EVERY_KIND(slot_reuse),
		TEST_PRIVATE_KIND(slot_reuse),
		TEST_EVERY_KIND(descriptors_refused),
		TEST_PRIVATE_KIND(descriptors_refused),
	};

	return TEST_RUN("table_find", tests);
}
