/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/table_insert.c - hpte_table_insert() and hpte_table_read().
 */
#include "fixture.h"

#include <string.h>

#define POISON		UINT64_C(0xDEADBEEF0BADF00D)

static void expect_refused(struct fixture *f, const struct entry *entry,
			   unsigned int flags,
			   const struct hpte_host_page *page, int status)
{
	struct hpte before = { 0, 0 };
	uint64_t where = POISON;
	bool inside = entry->index < hpte_table_entries(&f->table);

	if (inside)
		before = memory_entry(f, entry->index);
	assert_int_equal(hpte_table_insert(&f->table, entry->index, flags,
					   &entry->guest, page, &where),
			 status);
	assert_int_equal(where, POISON);
	if (inside)
		assert_int_equal(memory_entry(f, entry->index).dw0,
				 before.dw0);
	assert_int_equal(f->host.calls.flush, 0);
}

static void takes_lowest_free_slot(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry entry[10];
	uint64_t base;
	unsigned int i;

	for (i = 0; i < 10; i++)
		entry[i] = entry_make(f, ENTRY_4K, i, false, ENTRY_RW);
	base = entry[0].index;
	/* Any index of the group will do. */
	for (i = 0; i < 8; i++) {
		entry[i].index = base + (7 - i);
		entry_put(f, &entry[i],
			  i % 3 ? ENTRY_VALID : ENTRY_ABSENT, false);
		assert_int_equal(entry[i].index, base + i);
	}
	expect_refused(f, &entry[8], 0, NULL, HPTE_ERR_FULL);
	for (i = 2; i < 8; i += 3)
		assert_int_equal(hpte_table_remove(&f->table, base + i, NULL,
						   NULL), HPTE_OK);
	fake_host_forget(&f->host);
	entry_put(f, &entry[8], ENTRY_ABSENT, false);
	assert_int_equal(entry[8].index, base + 2);
	entry_put(f, &entry[9], ENTRY_VALID, false);
	assert_int_equal(entry[9].index, base + 5);
	for (i = 0; i < 10; i++)
		if (i != 2 && i != 5)
			assert_guest_is(f, entry[i].index, entry[i].guest.dw0,
					entry[i].guest.dw1);
}

static void exact_slot_or_none(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry entry = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);
	struct entry other = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);
	uint64_t base = entry.index;
	unsigned int slot, kind;

	for (kind = 0; kind < ENTRY_STATES; kind++) {
		for (slot = 0; slot < 8; slot++) {
			fixture_restart(f);
			entry.index = base + slot;
			entry_put(f, &entry, (enum entry_state)kind, true);
			assert_int_equal(entry.index, base + slot);
			other.index = entry.index;
			expect_refused(f, &other, HPTE_INSERT_EXACT, NULL,
				       HPTE_ERR_FULL);
			assert_guest_is(f, entry.index, entry.guest.dw0,
					entry.guest.dw1);
		}
	}
}

static void index_bound(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry entry = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);
	uint64_t entries = hpte_table_entries(&f->table);
	uint64_t bad[] = { entries, entries + 1, UINT64_C(1) << 60,
			   UINT64_C(1) << 63, ~UINT64_C(0) };
	unsigned int i;

	for (i = 0; i < 5; i++) {
		struct hpte_view view, poison;

		entry.index = bad[i];
		expect_refused(f, &entry, 0, NULL, HPTE_ERR_INDEX);
		expect_refused(f, &entry, HPTE_INSERT_EXACT, NULL,
			       HPTE_ERR_INDEX);
		memset(&poison, 0x5A, sizeof(poison));
		view = poison;
		assert_int_equal(hpte_table_read(&f->table, bad[i], &view),
				 HPTE_ERR_INDEX);
		assert_memory_equal(&view, &poison, sizeof(view));
	}
	entry.index = entries - 1;
	entry_put(f, &entry, ENTRY_ABSENT, true);
	assert_guest_is(f, entries - 1, entry.guest.dw0, entry.guest.dw1);
	entry.index = 0;
	entry_put(f, &entry, ENTRY_ABSENT, true);
	assert_guest_is(f, 0, entry.guest.dw0, entry.guest.dw1);
}

static void unknown_flags(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry entry = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);
	unsigned int bit;

	for (bit = 2; bit < 32; bit++)
		expect_refused(f, &entry, 1U << bit, NULL, HPTE_ERR_PARAM);
}

static void reserved_segment_size(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry entry = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);

	entry.guest.dw0 |= HPTE_BIT(0);
	expect_refused(f, &entry, 0, NULL, HPTE_ERR_ENCODING);
	entry.guest.dw0 |= HPTE_BIT(1);
	expect_refused(f, &entry, 0, NULL, HPTE_ERR_ENCODING);
}

/* V14: 36 of the 256 values of LP mean a page size when L=1. */
static void all_page_encodings(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry entry = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);
	unsigned int lp, good = 0;

	entry.guest.dw0 |= HPTE_DW0_L;
	for (lp = 0; lp < 256; lp++) {
		bool legal = (lp & 15) == 1 || (lp & 15) == 7 || lp == 0 ||
			     lp == 3 || lp == 8 || lp == 0x38;
		uint64_t where = POISON;

		entry.guest.dw1 = ENTRY_RW | (uint64_t)lp << 12;
		if (!legal) {
			expect_refused(f, &entry, 0, NULL, HPTE_ERR_ENCODING);
			continue;
		}
		good++;
		assert_int_equal(hpte_table_insert(&f->table, entry.index, 0,
						   &entry.guest, NULL, &where),
				 HPTE_OK);
		assert_guest_is(f, where, entry.guest.dw0, entry.guest.dw1);
		assert_int_equal(hpte_table_remove(&f->table, where, NULL,
						   NULL), HPTE_OK);
		fake_host_forget(&f->host);
	}
	assert_int_equal(good, 36);
}

/* V13, P14: what the 3.0 format has no room for. */
static void room_in_the_format(void **state)
{
	static const uint64_t dw0_over[] = {
		HPTE_BIT(2), HPTE_BIT(11), HPTE_BITS(2, 11)
	};
	static const uint64_t dw1_over[] = { HPTE_BIT(4), HPTE_BIT(6) };
	struct fixture *f = fixture_of(state);
	struct entry good = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);
	struct entry entry;
	unsigned int i;

	for (i = 0; i < 5; i++) {
		entry = good;
		if (i < 3)
			entry.guest.dw0 |= dw0_over[i];
		else
			entry.guest.dw1 |= dw1_over[i - 3];
		if (f->kind->format == HPTE_FORMAT_300) {
			expect_refused(f, &entry, 0, NULL, HPTE_ERR_ENCODING);
			continue;
		}
		entry_put(f, &entry, ENTRY_ABSENT, false);
		assert_guest_is(f, entry.index, entry.guest.dw0,
				entry.guest.dw1);
	}
	/* The last bits that fit, of both. */
	entry = good;
	entry.guest.dw0 |= HPTE_BIT(12);
	entry.guest.dw1 |= HPTE_BIT(7);
	entry_put(f, &entry, ENTRY_VALID, false);
	assert_guest_is(f, entry.index, entry.guest.dw0, entry.guest.dw1);
}

/* V34, V35, V38: forged bits of the hypervisor, V=0. */
static void sanitises_what_is_not_the_guests(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int kind, forged;

	for (kind = 0; kind < ENTRY_STATES; kind++) {
		for (forged = 0; forged < 8; forged++) {
			struct entry entry = entry_make(f, ENTRY_4K, 0, false,
							ENTRY_RW);
			uint64_t dw0 = entry.guest.dw0;
			uint64_t dw1 = entry.guest.dw1;

			fixture_restart(f);
			entry.guest.dw0 &= ~HPTE_DW0_V;
			entry.guest.dw0 |= (uint64_t)(forged & 3) << 5;
			if (forged & 4)
				entry.guest.dw1 |= HPTE_DW1_RESERVED;
			entry_put(f, &entry, (enum entry_state)kind, false);
			assert_guest_is(f, entry.index, dw0, dw1);
		}
	}
}

/* BOLT, OSW and every bit of doubleword 1 that is the guest's come back. */
static void keeps_every_guest_bit(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int i, round;

	for (round = 0; round < 400; round++) {
		const struct entry_size *size =
			&entry_sizes[round % ENTRY_SIZES];
		struct entry entry = entry_make(f, *size, round % 50,
						round & 1, 0);
		uint64_t mask = HPTE_DW1_PP0 | HPTE_DW1_KEY | HPTE_DW1_RC |
				HPTE_DW1_WIMG | HPTE_DW1_N | HPTE_DW1_PP;

		entry.guest.dw1 |= test_random_sparse(&f->random) & mask;
		entry.guest.dw0 |= test_random(&f->random) & UINT64_C(0x18);
		i = round % ENTRY_STATES;
		entry_put(f, &entry, (enum entry_state)i, false);
		assert_guest_is(f, entry.index, entry.guest.dw0,
				entry.guest.dw1);
		assert_int_equal(hpte_table_remove(&f->table, entry.index,
						   NULL, NULL), HPTE_OK);
		fake_host_forget(&f->host);
	}
}

static void read_says_page_and_state(void **state)
{
	static const uint8_t want[] = { 0, HPTE_VIEW_MMIO, HPTE_VIEW_VALID };
	struct fixture *f = fixture_of(state);
	struct hpte_view view;
	unsigned int i, kind;

	for (i = 0; i < ENTRY_SIZES; i++) {
		for (kind = 0; kind < ENTRY_STATES; kind++) {
			struct entry e = entry_make(f, entry_sizes[i], 3,
						    kind & 1, ENTRY_RW);
			unsigned int shown = entry_state_of(f, kind);

			fixture_restart(f);
			entry_put(f, &e, (enum entry_state)kind, false);
			assert_int_equal(hpte_table_read(&f->table, e.index,
							 &view), HPTE_OK);
			assert_int_equal(view.state, want[shown]);
			assert_int_equal(view.page.base, e.page.base);
			assert_int_equal(view.page.actual, e.page.actual);
			assert_int_equal(view.page.pair, e.page.pair);
		}
	}
}

static void read_of_an_empty_slot(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry entry = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);
	struct hpte_view view, poison;
	unsigned int round;

	memset(&poison, 0x5A, sizeof(poison));
	for (round = 0; round < 2; round++) {
		view = poison;
		assert_int_equal(hpte_table_read(&f->table, entry.index,
						 &view), HPTE_ERR_NOTFOUND);
		assert_memory_equal(&view, &poison, sizeof(view));
		/* Second round: it once held a page (D15). */
		entry_put(f, &entry, ENTRY_VALID, true);
		assert_int_equal(hpte_table_remove(&f->table, entry.index,
						   NULL, NULL), HPTE_OK);
	}
}

static void mmio_with_a_page(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry entry = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);
	struct hpte_host_page page = entry_host_page(f, &entry);

	expect_refused(f, &entry, HPTE_INSERT_MMIO, &page, HPTE_ERR_PARAM);
}

/* No flush, no other callback: an invalid slot is cached by nobody. */
static void insert_does_not_flush(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int kind;

	for (kind = 0; kind < ENTRY_STATES; kind++) {
		struct entry entry = entry_make(f, ENTRY_4K, kind, false,
						ENTRY_RW);

		entry_put(f, &entry, (enum entry_state)kind, false);
	}
	assert_int_equal(f->host.calls.flush, 0);
	assert_int_equal(f->host.calls.flush_all, 0);
	assert_int_equal(f->host.calls.map_page, 0);
	assert_int_equal(f->host.calls.classify, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_EVERY_KIND(takes_lowest_free_slot),
		TEST_PRIVATE_KIND(takes_lowest_free_slot),
		TEST_EVERY_KIND(exact_slot_or_none),
		TEST_PRIVATE_KIND(exact_slot_or_none),
		TEST_EVERY_KIND(index_bound),
		TEST_PRIVATE_KIND(index_bound),
		TEST_EVERY_KIND(unknown_flags),
		TEST_PRIVATE_KIND(unknown_flags),
		TEST_EVERY_KIND(reserved_segment_size),
		TEST_PRIVATE_KIND(reserved_segment_size),
		TEST_EVERY_KIND(all_page_encodings),
		TEST_PRIVATE_KIND(all_page_encodings),
		TEST_EVERY_KIND(room_in_the_format),
		TEST_PRIVATE_KIND(room_in_the_format),
		TEST_EVERY_KIND(sanitises_what_is_not_the_guests),
		TEST_PRIVATE_KIND(sanitises_what_is_not_the_guests),
		TEST_EVERY_KIND(keeps_every_guest_bit),
		TEST_PRIVATE_KIND(keeps_every_guest_bit),
		TEST_EVERY_KIND(read_says_page_and_state),
		TEST_PRIVATE_KIND(read_says_page_and_state),
		TEST_EVERY_KIND(read_of_an_empty_slot),
		TEST_PRIVATE_KIND(read_of_an_empty_slot),
		TEST_EVERY_KIND(mmio_with_a_page),
		TEST_PRIVATE_KIND(mmio_with_a_page),
		TEST_EVERY_KIND(insert_does_not_flush),
		TEST_PRIVATE_KIND(insert_does_not_flush),
	};

	return TEST_RUN("table_insert", tests);
}
