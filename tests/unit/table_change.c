/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/table_change.c - hpte_table_protect(), clear(), set_rc().
 */
#include "fixture.h"

#include <string.h>

#define CHANGEABLE	(HPTE_DW1_PPP | HPTE_DW1_KEY | HPTE_DW1_N)
#define POISON		UINT64_C(0xDEADBEEF0BADF00D)

static void put(struct fixture *f, struct entry *entry, unsigned int kind)
{
	fixture_restart(f);
	entry_put(f, entry, (enum entry_state)kind, false);
	fake_host_forget(&f->host);
}

static void protect_replaces_what_the_mask_says(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int round;

	for (round = 0; round < 300; round++) {
		uint64_t mask = test_random_sparse(&f->random) & CHANGEABLE;
		uint64_t bits = test_random_sparse(&f->random) & mask;
		struct entry e = entry_make(f, entry_sizes[round % ENTRY_SIZES],
					    1, round & 1, HPTE_DW1_M);
		unsigned int kind = round % ENTRY_STATES;
		uint64_t want;

		e.guest.dw1 |= test_random_sparse(&f->random) &
			       (CHANGEABLE | HPTE_DW1_RC);
		want = (e.guest.dw1 & ~mask) | bits;
		entry_put(f, &e, (enum entry_state)kind, false);
		assert_int_equal(hpte_table_protect(&f->table, e.index, NULL,
						    mask, bits), HPTE_OK);
		assert_guest_is(f, e.index, e.guest.dw0, want);
		assert_int_equal(hpte_table_remove(&f->table, e.index, NULL,
						   NULL), HPTE_OK);
		fake_host_forget(&f->host);
	}
}

static void protect_refuses_other_bits(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);
	unsigned int bit;

	put(f, &e, ENTRY_VALID);
	for (bit = 0; bit < 64; bit++) {
		uint64_t one = UINT64_C(1) << bit;

		if (one & CHANGEABLE)
			continue;
		assert_int_equal(hpte_table_protect(&f->table, e.index, NULL,
						    CHANGEABLE | one, 0),
				 HPTE_ERR_PARAM);
		assert_int_equal(hpte_table_protect(&f->table, e.index, NULL,
						    CHANGEABLE, one),
				 HPTE_ERR_PARAM);
	}
	assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1);
	assert_int_equal(f->host.calls.flush, 0);
}

static void protect_not_found(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);
	uint64_t entries = hpte_table_entries(&f->table);
	struct hpte_condition only = { HPTE_IF_AVPN, 0 };
	unsigned int kind;

	assert_int_equal(hpte_table_protect(&f->table, 0, NULL, CHANGEABLE, 0),
			 HPTE_ERR_NOTFOUND);
	assert_int_equal(hpte_table_protect(&f->table, entries, NULL,
					    CHANGEABLE, 0), HPTE_ERR_INDEX);
	assert_int_equal(hpte_table_protect(&f->table, ~UINT64_C(0), NULL,
					    CHANGEABLE, 0), HPTE_ERR_INDEX);
	for (kind = 0; kind < ENTRY_STATES; kind++) {
		put(f, &e, kind);
		only.flags = HPTE_IF_AVPN;
		only.value = e.guest.dw0;	/* the low bits are not zero */
		assert_int_equal(hpte_table_protect(&f->table, e.index, &only,
						    HPTE_DW1_N, HPTE_DW1_N),
				 HPTE_ERR_NOTFOUND);
		only.flags = HPTE_IF_ANDCOND;
		only.value = 1;
		assert_int_equal(hpte_table_protect(&f->table, e.index, &only,
						    HPTE_DW1_N, HPTE_DW1_N),
				 HPTE_ERR_NOTFOUND);
		assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1);
		assert_int_equal(f->host.calls.flush, 0);
		only.flags = HPTE_IF_AVPN;
		only.value = e.guest.dw0 & ~UINT64_C(0x7F);
		assert_int_equal(hpte_table_protect(&f->table, e.index, &only,
						    HPTE_DW1_N, HPTE_DW1_N),
				 HPTE_OK);
		assert_guest_is(f, e.index, e.guest.dw0,
				e.guest.dw1 | HPTE_DW1_N);
	}
}

/* On return nobody has the old rights: the TLB least of all. */
static void protect_flushes_what_may_be_cached(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int i, kind;

	for (i = 0; i < ENTRY_SIZES; i++) {
		for (kind = 0; kind < ENTRY_STATES * 2; kind++) {
			enum entry_state how = (enum entry_state)(kind / 2);
			struct entry e = entry_make(f, entry_sizes[i], 1,
						    kind & 1, ENTRY_RW);

			put(f, &e, how);
			assert_int_equal(hpte_table_protect(&f->table, e.index,
							    NULL, HPTE_DW1_PP,
							    3), HPTE_OK);
			assert_flushed(f, &e, entry_flushes(f, how));
			assert_int_equal(f->host.flush_flags_any &
					 HPTE_TLB_NO_PRESYNC, 0);
			assert_guest_is(f, e.index, e.guest.dw0,
					e.guest.dw1 | 3);
		}
	}
}

static void clear_reports_and_clears(void **state)
{
	static const uint64_t which[] = { HPTE_DW1_R, HPTE_DW1_C };
	struct fixture *f = fixture_of(state);
	unsigned int kind, rc, i;
	uint64_t old;

	for (kind = 0; kind < ENTRY_STATES; kind++) {
		for (rc = 0; rc < 8; rc++) {
			uint64_t bits = (uint64_t)(rc & 3) << 7;
			struct entry e = entry_make(f, entry_sizes[rc], 1,
						    false, ENTRY_RW | bits);

			i = rc >> 2;
			put(f, &e, kind);
			old = POISON;
			assert_int_equal(hpte_table_clear(&f->table, e.index,
							  which[i], &old),
					 HPTE_OK);
			assert_int_equal(old, e.guest.dw1);
			assert_guest_is(f, e.index, e.guest.dw0,
					e.guest.dw1 & ~which[i]);
			/* Once only. */
			assert_int_equal(hpte_table_clear(&f->table, e.index,
							  which[i], &old),
					 HPTE_OK);
			assert_int_equal(old, e.guest.dw1 & ~which[i]);
			assert_guest_is(f, e.index, e.guest.dw0,
					e.guest.dw1 & ~which[i]);
		}
	}
}

static void clear_errors(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW |
				    HPTE_DW1_RC);
	const uint64_t bad[] = { 0, HPTE_DW1_RC, HPTE_DW1_N, ~UINT64_C(0),
				 HPTE_DW1_R | HPTE_DW1_N };
	uint64_t entries = hpte_table_entries(&f->table);
	uint64_t old = POISON;
	unsigned int i;

	put(f, &e, ENTRY_VALID);
	for (i = 0; i < 5; i++)
		assert_int_equal(hpte_table_clear(&f->table, e.index, bad[i],
						  &old), HPTE_ERR_PARAM);
	assert_int_equal(hpte_table_clear(&f->table, e.index + 1, HPTE_DW1_R,
					  &old), HPTE_ERR_NOTFOUND);
	assert_int_equal(hpte_table_clear(&f->table, entries, HPTE_DW1_R,
					  &old), HPTE_ERR_INDEX);
	assert_int_equal(hpte_table_clear(&f->table, ~UINT64_C(0), HPTE_DW1_C,
					  &old), HPTE_ERR_INDEX);
	assert_int_equal(old, POISON);
	assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1);
	assert_int_equal(f->host.calls.flush, 0);
}

static void view_of(struct fixture *f, uint64_t index, struct hpte_view *view)
{
	assert_int_equal(hpte_table_read(&f->table, index, view), HPTE_OK);
}

static void set_rc_sets(void **state)
{
	static const uint64_t bits[] = {
		HPTE_DW1_R, HPTE_DW1_C, HPTE_DW1_RC
	};
	struct fixture *f = fixture_of(state);
	struct hpte_view view;
	unsigned int i, kind;

	for (i = 0; i < 3; i++) {
		for (kind = ENTRY_ABSENT; kind <= ENTRY_MMIO; kind++) {
			struct entry e = entry_make(f, entry_sizes[i + 4], 1,
						    i & 1, ENTRY_RW);

			put(f, &e, kind);
			view_of(f, e.index, &view);
			assert_int_equal(hpte_table_set_rc(&f->table, &view,
							   bits[i]), HPTE_OK);
			assert_guest_is(f, e.index, e.guest.dw0,
					e.guest.dw1 | bits[i]);
			/* Again, with the view as it is now. */
			view_of(f, e.index, &view);
			assert_int_equal(hpte_table_set_rc(&f->table, &view,
							   bits[i]), HPTE_OK);
			assert_guest_is(f, e.index, e.guest.dw0,
					e.guest.dw1 | bits[i]);
			assert_int_equal(f->host.calls.flush, 0);
		}
	}
}

static void set_rc_param(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);
	struct hpte_view view;
	unsigned int bit;

	put(f, &e, ENTRY_ABSENT);
	view_of(f, e.index, &view);
	for (bit = 0; bit < 64; bit++) {
		uint64_t one = UINT64_C(1) << bit;

		if (one & HPTE_DW1_RC)
			continue;
		assert_int_equal(hpte_table_set_rc(&f->table, &view,
						   HPTE_DW1_R | one),
				 HPTE_ERR_PARAM);
	}
	view.index = hpte_table_entries(&f->table);
	assert_int_equal(hpte_table_set_rc(&f->table, &view, HPTE_DW1_R),
			 HPTE_ERR_PARAM);
	view.index = ~UINT64_C(0);
	assert_int_equal(hpte_table_set_rc(&f->table, &view, HPTE_DW1_R),
			 HPTE_ERR_PARAM);
	assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1);
}

/* The entry changed, went, or was replaced since the view was taken. */
static void set_rc_of_a_stale_view(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);
	struct entry next = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);
	struct hpte_view view;

	put(f, &e, ENTRY_ABSENT);
	view_of(f, e.index, &view);
	assert_int_equal(hpte_table_protect(&f->table, e.index, NULL,
					    HPTE_DW1_PP, 3), HPTE_OK);
	assert_int_equal(hpte_table_set_rc(&f->table, &view, HPTE_DW1_C),
			 HPTE_ERR_AGAIN);
	assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1 | 3);

	view_of(f, e.index, &view);
	assert_int_equal(hpte_table_remove(&f->table, e.index, NULL, NULL),
			 HPTE_OK);
	assert_int_equal(hpte_table_set_rc(&f->table, &view, HPTE_DW1_C),
			 HPTE_ERR_AGAIN);
	assert_empty(f, e.index);

	next.index = e.index;
	entry_put(f, &next, ENTRY_ABSENT, true);
	assert_int_equal(hpte_table_set_rc(&f->table, &view, HPTE_DW1_C),
			 HPTE_ERR_AGAIN);
	assert_guest_is(f, next.index, next.guest.dw0, next.guest.dw1);
}

static void set_rc_of_a_valid_entry(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);
	struct hpte_view view;

	put(f, &e, ENTRY_VALID);
	view_of(f, e.index, &view);
	assert_int_not_equal(hpte_table_set_rc(&f->table, &view, HPTE_DW1_R),
			     HPTE_OK);
	assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1);
}

/* The generation: protect of a device's entry, never of RAM. */
static void generation_of_protect(void **state)
{
	struct fixture *f = fixture_of(state);
	struct hpte_view view;
	unsigned int kind;

	for (kind = 0; kind < ENTRY_STATES; kind++) {
		struct entry e = entry_make(f, ENTRY_4K, kind, false,
					    ENTRY_RW);
		uint64_t before;

		entry_put(f, &e, (enum entry_state)kind, false);
		before = hpte_table_generation(&f->table);
		assert_int_equal(hpte_table_protect(&f->table, e.index, NULL,
						    HPTE_DW1_PP, 3), HPTE_OK);
		if (kind == ENTRY_MMIO) {
			assert_true(hpte_table_generation(&f->table) > before);
			view_of(f, e.index, &view);
			/* The mark survives. */
			assert_int_equal(view.state, HPTE_VIEW_MMIO);
			continue;
		}
		assert_int_equal(hpte_table_generation(&f->table), before);
	}
}

/* R and C alone leave it: a device decision does not depend on them. */
static void generation_of_set_rc(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);
	struct hpte_view view;
	uint64_t before;

	e.guest.dw1 &= ~HPTE_DW1_RC;
	entry_put(f, &e, ENTRY_MMIO, false);
	view_of(f, e.index, &view);
	before = hpte_table_generation(&f->table);
	assert_int_equal(hpte_table_set_rc(&f->table, &view, HPTE_DW1_RC),
			 HPTE_OK);
	assert_int_equal(hpte_table_generation(&f->table), before);
	/* who kept the view finds the entry again */
	assert_int_equal(hpte_table_set_rc(&f->table, &view, HPTE_DW1_RC),
			 HPTE_ERR_AGAIN);
	view_of(f, e.index, &view);
	assert_int_equal(view.guest.dw1 & HPTE_DW1_RC, HPTE_DW1_RC);
}

/* A whole life: every operation in turn, the view after each. */
static void changes_add_up(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int kind, round;

	for (kind = 0; kind < ENTRY_STATES; kind++) {
		struct entry e = entry_make(f, entry_sizes[7], 1, true,
					    ENTRY_RW);
		uint64_t dw1 = e.guest.dw1;
		struct hpte removed;
		uint64_t old;

		put(f, &e, kind);
		for (round = 0; round < 30; round++) {
			uint64_t bits = test_random(&f->random) & CHANGEABLE;
			uint64_t which = round & 1 ? HPTE_DW1_R : HPTE_DW1_C;

			assert_int_equal(hpte_table_protect(&f->table, e.index,
							    NULL, CHANGEABLE,
							    bits), HPTE_OK);
			dw1 = (dw1 & ~CHANGEABLE) | bits;
			assert_guest_is(f, e.index, e.guest.dw0, dw1);
			assert_int_equal(hpte_table_clear(&f->table, e.index,
							  which, &old),
					 HPTE_OK);
			assert_int_equal(old, dw1);
			dw1 &= ~which;
			fake_host_forget(&f->host);
		}
		assert_int_equal(hpte_table_remove(&f->table, e.index, NULL,
						   &removed), HPTE_OK);
		assert_int_equal(removed.dw0, e.guest.dw0);
		assert_int_equal(removed.dw1, dw1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_EVERY_KIND(protect_replaces_what_the_mask_says),
		TEST_EVERY_KIND(protect_refuses_other_bits),
		TEST_EVERY_KIND(protect_not_found),
		TEST_EVERY_KIND(protect_flushes_what_may_be_cached),
		TEST_EVERY_KIND(clear_reports_and_clears),
		TEST_EVERY_KIND(clear_errors),
		TEST_EVERY_KIND(set_rc_sets),
		TEST_EVERY_KIND(set_rc_param),
		TEST_EVERY_KIND(set_rc_of_a_stale_view),
		TEST_WALKER_KIND(set_rc_of_a_valid_entry),
		TEST_EVERY_KIND(generation_of_protect),
		TEST_EVERY_KIND(generation_of_set_rc),
		TEST_EVERY_KIND(changes_add_up),
	};

	return TEST_RUN("table_change", tests);
}
