/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/table_race.c - races, played inside the host's callbacks.
 *
 * While tlb_invalidate() runs, its caller is half-way through an operation.
 * What another CPU or the hardware could do at that moment, the callback
 * does: store R and C into the table, or call the operations that never wait.
 */
#include "fixture.h"

#include <string.h>

struct race {
	struct fixture *f;
	struct entry entry;
	struct entry other;
	struct hpte removed;
	struct hpte_view view;
	struct hpte_host_page page;
	uint64_t rc;
	uint64_t where;
	int status;
	unsigned int flushes;
};

static void race_start(struct race *race, struct fixture *f,
		       struct entry_size size, enum entry_state state,
		       uint64_t bits)
{
	memset(race, 0, sizeof(*race));
	race->f = f;
	race->entry = entry_make(f, size, 1, false, ENTRY_RW | bits);
	race->other = entry_make(f, ENTRY_4K, 2, false, ENTRY_RW);
	race->page = entry_host_page(f, &race->entry);
	race->status = 99;
	fixture_restart(f);
	entry_put(f, &race->entry, state, false);
	race->other.index = race->entry.index;
	fake_host_forget(&f->host);
}

static void hardware_sets(void *arg)
{
	struct race *race = arg;

	memory_set_rc(race->f, race->entry.index, race->rc);
}

static void another_removes(void *arg)
{
	struct race *race = arg;

	memory_set_rc(race->f, race->entry.index, race->rc);
	race->status = hpte_table_remove(&race->f->table, race->entry.index,
					 NULL, &race->removed);
}

static void another_reads(void *arg)
{
	struct race *race = arg;

	race->status = hpte_table_read(&race->f->table, race->entry.index,
				       &race->view);
}

static void another_finds(void *arg)
{
	struct race *race = arg;

	race->status = hpte_table_find(&race->f->table, &race->entry.va, 0,
				       &race->view);
}

static void another_inserts(void *arg)
{
	struct race *race = arg;

	race->status = hpte_table_insert(&race->f->table, race->other.index,
					 HPTE_INSERT_EXACT,
					 &race->other.guest, NULL,
					 &race->where);
}

static void inject(struct race *race, enum fake_point point,
		   void (*run)(void *arg))
{
	fake_host_inject(&race->f->host, point, run, race);
}

static void assert_played(const struct race *race, enum fake_point point)
{
	assert_true(fake_host_injected(&race->f->host, point));
}

/* Peer bug 1: R and C are read after the invalidation, not before. */
static void remove_reports_late_rc(void **state)
{
	struct fixture *f = fixture_of(state);
	struct race race;
	unsigned int i, rc;

	for (i = 0; i < ENTRY_SIZES; i++) {
		for (rc = 0; rc < 4; rc++) {
			uint64_t bytes, index, late = (uint64_t)rc << 7;

			race_start(&race, f, entry_sizes[i], ENTRY_VALID, 0);
			bytes = UINT64_C(1) << race.entry.page.actual;
			index = race.entry.index;
			race.rc = late;
			inject(&race, FAKE_AT_FLUSH, hardware_sets);
			assert_int_equal(hpte_table_remove(&f->table, index,
							   NULL,
							   &race.removed),
					 HPTE_OK);
			assert_played(&race, FAKE_AT_FLUSH);
			assert_int_equal(race.removed.dw1,
					 race.entry.guest.dw1 | late);
			assert_flushed(f, &race.entry, 1);
			/* Every byte of the large page may be dirty. */
			assert_int_equal(fake_host_covers(&f->host.dirty,
							  race.entry.real,
							  bytes),
					 !!(late & HPTE_DW1_C));
			assert_empty(f, index);
		}
	}
}

/* Peer bug 2: the new doubleword 1 holds the R and C of the old one. */
static void protect_keeps_late_rc(void **state)
{
	struct fixture *f = fixture_of(state);
	struct race race;
	unsigned int rc;

	for (rc = 0; rc < 4; rc++) {
		uint64_t late = (uint64_t)rc << 7, dw1;
		uint64_t index;

		race_start(&race, f, ENTRY_4K, ENTRY_VALID, 0);
		index = race.entry.index;
		race.rc = late;
		inject(&race, FAKE_AT_FLUSH, hardware_sets);
		assert_int_equal(hpte_table_protect(&f->table, index, NULL,
						    HPTE_DW1_PP, 3), HPTE_OK);
		assert_played(&race, FAKE_AT_FLUSH);
		dw1 = race.entry.guest.dw1 | 3 | late;
		assert_guest_is(f, index, race.entry.guest.dw0, dw1);
		assert_int_equal(memory_entry(f, index).dw0 & HPTE_DW0_V,
				 HPTE_DW0_V);
		assert_int_equal(hpte_table_remove(&f->table, index, NULL,
						   &race.removed), HPTE_OK);
		assert_int_equal(race.removed.dw1, dw1);
	}
}

/* Peer bug 3: C that arrives with the invalidation is the C reported. */
static void clear_reports_late_rc(void **state)
{
	static const uint64_t which[] = { HPTE_DW1_R, HPTE_DW1_C };
	struct fixture *f = fixture_of(state);
	struct race race;
	unsigned int i, rc;

	for (i = 0; i < 2; i++) {
		for (rc = 1; rc < 4; rc++) {
			uint64_t late = (uint64_t)rc << 7, old = 0, again;
			uint64_t index;

			race_start(&race, f, ENTRY_4K, ENTRY_VALID, 0);
			index = race.entry.index;
			/* R is sampled before its flush, C after it. */
			race.rc = late;
			if (which[i] == HPTE_DW1_R)
				hardware_sets(&race);
			else
				inject(&race, FAKE_AT_FLUSH, hardware_sets);
			assert_int_equal(hpte_table_clear(&f->table, index,
							  which[i], &old),
					 HPTE_OK);
			assert_int_equal(old, race.entry.guest.dw1 | late);
			assert_guest_is(f, index, race.entry.guest.dw0,
					old & ~which[i]);
			assert_int_equal(hpte_table_clear(&f->table, index,
							  which[i], &again),
					 HPTE_OK);
			assert_int_equal(again, old & ~which[i]);
			assert_int_equal(memory_entry(f, index).dw1 &
					 which[i], 0);
		}
	}
}

/* R that the walker stores while R is being cleared is not lost: either the
 * clear reports it or it is still there. */
static void clear_r_loses_no_late_r(void **state)
{
	struct fixture *f = fixture_of(state);
	struct hpte_view view;
	struct race race;
	uint64_t old = 0;

	race_start(&race, f, ENTRY_4K, ENTRY_VALID, 0);
	race.rc = HPTE_DW1_RC;
	memory_set_rc(f, race.entry.index, HPTE_DW1_R);
	inject(&race, FAKE_AT_FLUSH, hardware_sets);
	assert_int_equal(hpte_table_clear(&f->table, race.entry.index,
					  HPTE_DW1_R, &old), HPTE_OK);
	assert_played(&race, FAKE_AT_FLUSH);
	assert_true(old & HPTE_DW1_R);
	assert_int_equal(hpte_table_read(&f->table, race.entry.index, &view),
			 HPTE_OK);
	assert_true(view.guest.dw1 & HPTE_DW1_C);
	/* V stayed set: the walker went on using the entry. */
	assert_true(memory_entry(f, race.entry.index).dw0 & HPTE_DW0_V);
}

/* The hardware's R and C are the guest's, as soon as they are there. */
static void read_and_find_show_hardware_rc(void **state)
{
	struct fixture *f = fixture_of(state);
	struct hpte_view view;
	struct race race;

	race_start(&race, f, ENTRY_4K, ENTRY_VALID, 0);
	memory_set_rc(f, race.entry.index, HPTE_DW1_R);
	assert_guest_is(f, race.entry.index, race.entry.guest.dw0,
			race.entry.guest.dw1 | HPTE_DW1_R);
	memory_set_rc(f, race.entry.index, HPTE_DW1_C);
	assert_int_equal(hpte_table_find(&f->table, &race.entry.va,
					 HPTE_FIND_VALID, &view), HPTE_OK);
	assert_int_equal(view.guest.dw1, race.entry.guest.dw1 | HPTE_DW1_RC);
}

/* F1: "it is gone" must be true for the walker, so the second one flushes. */
static void second_remove_flushes(void **state)
{
	struct fixture *f = fixture_of(state);
	struct hpte poison;
	struct race race;
	struct hpte removed;

	race_start(&race, f, ENTRY_4K, ENTRY_VALID, 0);
	memset(&race.removed, 0x5A, sizeof(race.removed));
	poison = race.removed;
	inject(&race, FAKE_AT_FLUSH, another_removes);
	assert_int_equal(hpte_table_remove(&f->table, race.entry.index, NULL,
					   &removed), HPTE_OK);
	assert_played(&race, FAKE_AT_FLUSH);
	assert_int_equal(race.status, HPTE_ERR_NOTFOUND);
	assert_memory_equal(&race.removed, &poison, sizeof(poison));
	assert_int_equal(removed.dw0, race.entry.guest.dw0);
	assert_int_equal(removed.dw1, race.entry.guest.dw1);
	assert_flushed(f, &race.entry, 2);
	assert_empty(f, race.entry.index);
}

/* V28: the slot is not free before the remove has flushed, and is after. */
static void no_reuse_before_the_flush(void **state)
{
	struct fixture *f = fixture_of(state);
	struct race race;

	race_start(&race, f, ENTRY_4K, ENTRY_VALID, 0);
	inject(&race, FAKE_AT_FLUSH, another_inserts);
	assert_int_equal(hpte_table_remove(&f->table, race.entry.index, NULL,
					   NULL), HPTE_OK);
	assert_played(&race, FAKE_AT_FLUSH);
	assert_int_equal(race.status, HPTE_ERR_FULL);
	entry_put(f, &race.other, ENTRY_ABSENT, true);
	assert_guest_is(f, race.other.index, race.other.guest.dw0,
			race.other.guest.dw1);
}

static void removed_entry_is_not_seen(void **state)
{
	static void (*const look[])(void *arg) = {
		another_reads, another_finds
	};
	struct fixture *f = fixture_of(state);
	struct race race;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		race_start(&race, f, ENTRY_4K, ENTRY_VALID, 0);
		inject(&race, FAKE_AT_FLUSH, look[i]);
		assert_int_equal(hpte_table_remove(&f->table, race.entry.index,
						   NULL, NULL), HPTE_OK);
		assert_int_equal(race.status, HPTE_ERR_NOTFOUND);
	}
}

/*
 * While rights change the guest sees the entry, old or new, never the hole:
 * and never the host's doubleword.
 */
static void entry_is_seen_while_it_changes(void **state)
{
	static void (*const look[])(void *arg) = {
		another_reads, another_finds
	};
	struct fixture *f = fixture_of(state);
	struct race race;
	unsigned int i, op;

	for (i = 0; i < 2; i++) {
		for (op = 0; op < 3; op++) {
			uint64_t old, before;
			int status;

			race_start(&race, f, ENTRY_4K, ENTRY_VALID, 0);
			before = race.entry.guest.dw1;
			inject(&race, FAKE_AT_FLUSH, look[i]);
			if (op == 0)
				status = hpte_table_protect(&f->table,
							    race.entry.index,
							    NULL, HPTE_DW1_PP,
							    3);
			else if (op == 1)
				status = hpte_table_clear(&f->table,
							  race.entry.index,
							  HPTE_DW1_C, &old);
			else
				status = hpte_table_demote(&f->table,
							   race.entry.index);
			assert_int_equal(status, HPTE_OK);
			assert_played(&race, FAKE_AT_FLUSH);
			assert_int_equal(race.status, HPTE_OK);
			assert_true(race.view.state & HPTE_VIEW_BUSY);
			assert_int_equal(race.view.guest.dw0,
					 race.entry.guest.dw0);
			if (race.view.guest.dw1 != before)
				assert_int_equal(race.view.guest.dw1,
						 before | 3);
		}
	}
}

/* The owner finds its entry gone; the remove's result is the only one. */
static void remove_inside_an_owner(void **state)
{
	struct fixture *f = fixture_of(state);
	struct race race;
	unsigned int op, rc;
	uint64_t old;

	for (op = 0; op < 4; op++) {
		for (rc = 0; rc < 4; rc++) {
			uint64_t i, poison = 4711;
			int status;

			race_start(&race, f, ENTRY_4K, ENTRY_VALID, 0);
			i = race.entry.index;
			race.rc = (uint64_t)rc << 7;
			old = poison;
			if (op == 2) {	/* else clear R has nothing to flush */
				race.rc |= HPTE_DW1_R;
				hardware_sets(&race);
			}
			inject(&race, FAKE_AT_FLUSH, another_removes);
			if (op == 0)
				status = hpte_table_protect(&f->table, i, NULL,
							    HPTE_DW1_PP, 3);
			else if (op == 1)
				status = hpte_table_clear(&f->table, i,
							  HPTE_DW1_C, &old);
			else if (op == 2)
				status = hpte_table_clear(&f->table, i,
							  HPTE_DW1_R, &old);
			else
				status = hpte_table_demote(&f->table, i);
			assert_played(&race, FAKE_AT_FLUSH);
			assert_int_equal(race.status, HPTE_OK);
			if (op < 3 || status != HPTE_ERR_AGAIN)
				assert_int_equal(status, HPTE_ERR_NOTFOUND);
			assert_int_equal(old, poison);
			assert_int_equal(race.removed.dw0,
					 race.entry.guest.dw0);
			assert_int_equal(race.removed.dw1,
					 race.entry.guest.dw1 | race.rc);
			if (race.rc & HPTE_DW1_C)
				assert_true(fake_host_covers(&f->host.dirty,
							     race.entry.real,
							     4096));
			/* Everybody has left: the slot came back. */
			assert_empty(f, i);
			entry_put(f, &race.other, ENTRY_VALID, true);
			assert_guest_is(f, i, race.other.guest.dw0,
					race.other.guest.dw1);
		}
	}
}

/* A remove that meets an owner flushes: the owner's own may be unfinished. */
static void remove_inside_an_owner_flushes(void **state)
{
	struct fixture *f = fixture_of(state);
	struct race race;

	race_start(&race, f, ENTRY_4K, ENTRY_VALID, 0);
	inject(&race, FAKE_AT_FLUSH, another_removes);
	assert_int_equal(hpte_table_demote(&f->table, race.entry.index) ==
			 HPTE_OK, 0);
	assert_true(f->host.calls.flush >= 2);
	assert_int_equal(f->host.rb[0], f->host.rb[1]);
}

/* promote: gone, or invalidated, between its claim and V. */
static void remove_inside_promote(void **state)
{
	struct fixture *f = fixture_of(state);
	struct hpte_view view;
	struct race race;

	race_start(&race, f, ENTRY_4K, ENTRY_ABSENT, 0);
	assert_int_equal(hpte_table_read(&f->table, race.entry.index, &view),
			 HPTE_OK);
	inject(&race, FAKE_AT_RETRY, another_removes);
	assert_int_equal(hpte_table_promote(&f->table, &view, &race.page),
			 HPTE_ERR_AGAIN);
	assert_played(&race, FAKE_AT_RETRY);
	assert_int_equal(race.status, HPTE_OK);
	assert_int_equal(race.removed.dw1, race.entry.guest.dw1);
	assert_empty(f, race.entry.index);
}

static void another_promotes(void *arg)
{
	struct race *race = arg;

	race->status = hpte_table_promote(&race->f->table, &race->view,
					  &race->page);
}

static void another_demotes(void *arg)
{
	struct race *race = arg;

	race->status = hpte_table_demote(&race->f->table, race->entry.index);
}

static void another_sets_rc(void *arg)
{
	struct race *race = arg;

	race->status = hpte_table_set_rc(&race->f->table, &race->view,
					 HPTE_DW1_RC);
}

/* Who never waits answers AGAIN where another CPU owns the entry. */
static void owner_makes_others_try_again(void **state)
{
	static void (*const others[])(void *arg) = {
		another_promotes, another_sets_rc, another_demotes
	};
	struct fixture *f = fixture_of(state);
	struct race race;
	unsigned int i;

	for (i = 0; i < 3; i++) {
		race_start(&race, f, ENTRY_4K, ENTRY_ABSENT, 0);
		assert_int_equal(hpte_table_read(&f->table, race.entry.index,
						 &race.view), HPTE_OK);
		inject(&race, FAKE_AT_RETRY, others[i]);
		assert_int_equal(hpte_table_promote(&f->table, &race.view,
						    &race.page), HPTE_OK);
		assert_played(&race, FAKE_AT_RETRY);
		assert_int_equal(race.status, HPTE_ERR_AGAIN);
		assert_guest_is(f, race.entry.index, race.entry.guest.dw0,
				race.entry.guest.dw1);
	}
	race_start(&race, f, ENTRY_4K, ENTRY_VALID, 0);
	inject(&race, FAKE_AT_FLUSH, another_demotes);
	assert_int_equal(hpte_table_protect(&f->table, race.entry.index, NULL,
					    HPTE_DW1_PP, 3), HPTE_OK);
	assert_played(&race, FAKE_AT_FLUSH);
	assert_int_equal(race.status, HPTE_ERR_AGAIN);
}

/* An insert that is not published yet is nobody's entry and no free slot. */
static void slot_being_filled(void **state)
{
	struct fixture *f = fixture_of(state);
	struct race race;
	struct entry e;

	race_start(&race, f, ENTRY_4K, ENTRY_VALID, 0);
	e = entry_make(f, ENTRY_4K, 3, false, ENTRY_RW);
	e.index = race.entry.index + 1;
	race.page = entry_host_page(f, &e);
	race.entry.index = e.index;	/* what the others aim at */
	race.other.index = e.index;
	inject(&race, FAKE_AT_RETRY, another_removes);
	entry_put(f, &e, ENTRY_VALID, true);
	assert_played(&race, FAKE_AT_RETRY);
	assert_int_equal(race.status, HPTE_ERR_NOTFOUND);
	assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1);

	assert_int_equal(hpte_table_remove(&f->table, e.index, NULL, NULL),
			 HPTE_OK);
	inject(&race, FAKE_AT_RETRY, another_inserts);
	entry_put(f, &e, ENTRY_VALID, true);
	assert_int_equal(race.status, HPTE_ERR_FULL);

	assert_int_equal(hpte_table_remove(&f->table, e.index, NULL, NULL),
			 HPTE_OK);
	inject(&race, FAKE_AT_RETRY, another_reads);
	entry_put(f, &e, ENTRY_VALID, true);
	assert_int_equal(race.status, HPTE_ERR_NOTFOUND);
	assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1);
}

struct generation_race {
	struct fixture *f;
	uint64_t index;
	uint64_t seen;
	bool live;
};

/*
 * Without hardware the flush stands between unlink and free.  D32: a cache
 * filled while the entry is being removed must be stale afterwards.
 */
static void watch_generation(void *arg)
{
	struct generation_race *watch = arg;
	struct hpte_view view;

	watch->seen = hpte_table_generation(&watch->f->table);
	watch->live = hpte_table_read(&watch->f->table, watch->index, &view) ==
		      HPTE_OK && !(view.state & HPTE_VIEW_BUSY);
}

static void generation_grows_after_the_claim(void **state)
{
	struct fixture *f = fixture_of(state);
	struct generation_race watch;
	struct hpte_view view;
	struct race race;

	race_start(&race, f, ENTRY_4K, ENTRY_MMIO, 0);
	watch.f = f;
	watch.index = race.entry.index;
	watch.live = true;
	assert_int_equal(hpte_table_read(&f->table, watch.index, &view),
			 HPTE_OK);
	fake_host_inject(&f->host, FAKE_AT_RETRY, watch_generation, &watch);
	assert_int_equal(hpte_table_promote(&f->table, &view, &race.page),
			 HPTE_OK);
	assert_true(fake_host_injected(&f->host, FAKE_AT_RETRY));
	/* Cacheable then means: outdated now. */
	assert_true(!watch.live ||
		    hpte_table_generation(&f->table) > watch.seen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_WALKER_KIND(remove_reports_late_rc),
		TEST_WALKER_KIND(protect_keeps_late_rc),
		TEST_WALKER_KIND(clear_reports_late_rc),
		TEST_WALKER_KIND(clear_r_loses_no_late_r),
		TEST_WALKER_KIND(read_and_find_show_hardware_rc),
		TEST_EVERY_KIND(second_remove_flushes),
		TEST_EVERY_KIND(no_reuse_before_the_flush),
		TEST_EVERY_KIND(removed_entry_is_not_seen),
		TEST_WALKER_KIND(entry_is_seen_while_it_changes),
		TEST_WALKER_KIND(remove_inside_an_owner),
		TEST_WALKER_KIND(remove_inside_an_owner_flushes),
		TEST_WALKER_KIND(remove_inside_promote),
		TEST_WALKER_KIND(owner_makes_others_try_again),
		TEST_WALKER_KIND(slot_being_filled),
		TEST_WALKER_KIND(generation_grows_after_the_claim),
	};

	return TEST_RUN("table_race", tests);
}
