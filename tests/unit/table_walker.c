/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/table_walker.c - what the walker sees, promote, demote, and
 * what of the host's the guest never sees.
 */
#include "fixture.h"

#include <string.h>

#define HYPERVISOR_BITS		UINT64_C(0x60)

/* The image in memory, R and C apart: those must be the guest's own. */
static void assert_image(struct fixture *f, const struct entry *entry,
			 bool writable)
{
	struct hpte want = entry_walker_image(f, entry, writable);
	struct hpte image = memory_entry(f, entry->index);

	assert_int_equal(image.dw0 & ~HYPERVISOR_BITS, want.dw0);
	assert_int_equal(image.dw1 & ~HPTE_DW1_RC, want.dw1);
	assert_int_equal(image.dw1 & HPTE_DW1_RC & ~entry->guest.dw1, 0);
}

static void insert_with(struct fixture *f, struct entry *entry,
			const struct hpte_host_page *page)
{
	assert_int_equal(hpte_table_insert(&f->table, entry->index, 0,
					   &entry->guest, page,
					   &entry->index), HPTE_OK);
}

static void valid_image(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int round;

	for (round = 0; round < ENTRY_SIZES * 40; round++) {
		struct entry e = entry_make(f, entry_sizes[round % ENTRY_SIZES],
					    round % 40, round & 1, 0);
		struct hpte_host_page page = entry_host_page(f, &e);

		e.guest.dw1 |= test_random_sparse(&f->random) &
			       UINT64_C(0xB000000000000FFF);
		e.guest.dw0 |= test_random(&f->random) & UINT64_C(0x18);
		page.writable = round & 2;
		insert_with(f, &e, &page);
		assert_image(f, &e, page.writable ||
				    !hpte_entry_writable(e.guest.dw1));
		assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1);
		assert_int_equal(hpte_table_remove(&f->table, e.index, NULL,
						   NULL), HPTE_OK);
		fake_host_forget(&f->host);
	}
}

/* Every PP: a page the host lends for reading is not stored to. */
static void read_only_page_narrows_pp(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int pp;

	for (pp = 0; pp < 8; pp++) {
		uint64_t bits = (pp & 3) | (pp & 4 ? HPTE_DW1_PP0 : 0);
		struct entry e = entry_make(f, ENTRY_4K, pp, false,
					    HPTE_DW1_M | bits);
		struct hpte_host_page page = entry_host_page(f, &e);
		unsigned int problem;

		page.writable = false;
		fixture_restart(f);
		insert_with(f, &e, &page);
		for (problem = 0; problem < 2; problem++) {
			uint64_t slb = HPTE_SLB_KP;
			uint64_t image = memory_entry(f, e.index).dw1;
			unsigned int has, had;

			has = hpte_entry_rights(image, slb, problem);
			had = hpte_entry_rights(e.guest.dw1, slb, problem);
			assert_int_equal(has & HPTE_WRITE, 0);
			if (pp < 4 || pp == 6)
				assert_int_equal(has & ~had, 0);
		}
		assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1);
	}
}

static void absent_has_v_clear(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int kind;

	for (kind = 0; kind < ENTRY_STATES; kind++) {
		struct entry e = entry_make(f, entry_sizes[kind + 6], kind,
					    kind & 1, ENTRY_RW);
		uint64_t dw0;

		entry_put(f, &e, (enum entry_state)kind, false);
		dw0 = memory_entry(f, e.index).dw0;
		if (entry_state_of(f, (enum entry_state)kind) == ENTRY_VALID)
			assert_int_equal(dw0 & HPTE_DW0_V, HPTE_DW0_V);
		else
			assert_int_equal(dw0 & HPTE_DW0_V, 0);
	}
}

/* Without a walker nothing of the host is ever put into the table. */
static void no_host_page_without_a_walker(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int i;

	for (i = 0; i < ENTRY_SIZES; i++) {
		struct entry e = entry_make(f, entry_sizes[i], i, false,
					    ENTRY_RW);

		entry_put(f, &e, ENTRY_VALID, false);
		assert_no_host(memory_entry(f, e.index).dw1);
		assert_int_equal(memory_entry(f, e.index).dw0 & HPTE_DW0_V, 0);
		assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1);
	}
}

static void invalidated_page_is_entered_absent(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);
	struct hpte_host_page page = entry_host_page(f, &e);

	f->host.sequence++;
	insert_with(f, &e, &page);
	assert_int_equal(memory_entry(f, e.index).dw0 & HPTE_DW0_V, 0);
	assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1);
	assert_int_equal(hpte_table_demote(&f->table, e.index),
			 HPTE_ERR_NOTFOUND);
}

static void bad_page(struct fixture *f, const struct entry *e,
		     const struct hpte_host_page *page,
		     const struct hpte_view *absent)
{
	uint64_t where = 77;

	assert_int_equal(hpte_table_insert(&f->table, e->index, 0, &e->guest,
					   page, &where), HPTE_ERR_PARAM);
	assert_int_equal(where, 77);
	assert_int_equal(hpte_table_promote(&f->table, absent, page),
			 HPTE_ERR_PARAM);
	assert_int_equal(memory_entry(f, absent->index).dw0 & HPTE_DW0_V, 0);
}

/* A page smaller than the guest's, misaligned, or out of reach. */
static void unsuitable_pages(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int over = f->kind->format == HPTE_FORMAT_300 ? 57 : 60;
	unsigned int i;

	for (i = 0; i < ENTRY_SIZES; i++) {
		struct entry e = entry_make(f, entry_sizes[i], i, false,
					    ENTRY_RW);
		struct hpte_host_page good = entry_host_page(f, &e);
		struct hpte_host_page page = good;
		struct hpte_view view;

		fixture_restart(f);
		entry_put(f, &e, ENTRY_ABSENT, false);
		assert_int_equal(hpte_table_read(&f->table, e.index, &view),
				 HPTE_OK);
		page.shift = e.page.actual - 1;
		bad_page(f, &e, &page, &view);
		page = good;
		page.real |= UINT64_C(1) << (e.page.actual - 1);
		bad_page(f, &e, &page, &view);
		page = good;
		page.real |= UINT64_C(1) << over;
		bad_page(f, &e, &page, &view);
		/* The nearest that will do. */
		page = good;
		page.shift = e.page.actual;
		page.real |= UINT64_C(1) << (over - 1);
		assert_int_equal(hpte_table_promote(&f->table, &view, &page),
				 HPTE_OK);
		assert_int_equal(memory_entry(f, e.index).dw0 & HPTE_DW0_V,
				 HPTE_DW0_V);
	}
}

static void promote_makes_valid(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int i, kind;

	for (i = 0; i < ENTRY_SIZES; i++) {
		for (kind = ENTRY_ABSENT; kind <= ENTRY_MMIO; kind++) {
			struct entry e = entry_make(f, entry_sizes[i], i,
						    i & 1, ENTRY_RW |
						    HPTE_DW1_RC);
			struct hpte_host_page page = entry_host_page(f, &e);
			uint64_t before;
			struct hpte_view view;

			entry_put(f, &e, (enum entry_state)kind, false);
			before = hpte_table_generation(&f->table);
			assert_int_equal(hpte_table_find(&f->table, &e.va, 0,
							 &view), HPTE_OK);
			assert_int_equal(hpte_table_promote(&f->table, &view,
							    &page), HPTE_OK);
			assert_image(f, &e, true);
			assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1);
			assert_int_equal(f->host.calls.flush, 0);
			if (kind == ENTRY_MMIO)
				assert_true(hpte_table_generation(&f->table) >
					    before);
			else
				assert_int_equal(before,
						 hpte_table_generation(
							 &f->table));
			/* The mark is gone with it. */
			assert_int_equal(hpte_table_read(&f->table, e.index,
							 &view), HPTE_OK);
			assert_int_equal(view.state, HPTE_VIEW_VALID);
			assert_int_equal(hpte_table_remove(&f->table, e.index,
							   NULL, NULL),
					 HPTE_OK);
			fake_host_forget(&f->host);
		}
	}
}

static void expect_again(struct fixture *f, const struct hpte_view *view,
			 const struct hpte_host_page *page)
{
	assert_int_equal(hpte_table_promote(&f->table, view, page),
			 HPTE_ERR_AGAIN);
}

/* F14: rights changed since the view was taken; removed; replaced. */
static void promote_of_a_stale_view(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);
	struct entry next = e;
	struct hpte_host_page page = entry_host_page(f, &e);
	struct hpte_view view;

	entry_put(f, &e, ENTRY_ABSENT, false);
	assert_int_equal(hpte_table_read(&f->table, e.index, &view), HPTE_OK);
	f->host.sequence++;
	expect_again(f, &view, &page);
	page.sequence = f->host.sequence;
	assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1);
	assert_int_equal(hpte_table_protect(&f->table, e.index, NULL,
					    HPTE_DW1_PP, 3), HPTE_OK);
	expect_again(f, &view, &page);
	assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1 | 3);
	assert_int_equal(memory_entry(f, e.index).dw0 & HPTE_DW0_V, 0);
	assert_int_equal(hpte_table_remove(&f->table, e.index, NULL, NULL),
			 HPTE_OK);
	expect_again(f, &view, &page);
	assert_empty(f, e.index);
	/* The same doubleword 0 in the same slot, other doubleword 1. */
	next.index = e.index;
	next.guest.dw1 ^= UINT64_C(1) << 20;
	entry_put(f, &next, ENTRY_ABSENT, true);
	expect_again(f, &view, &page);
	assert_guest_is(f, next.index, next.guest.dw0, next.guest.dw1);
	assert_int_equal(memory_entry(f, e.index).dw0 & HPTE_DW0_V, 0);
	assert_int_equal(f->host.calls.flush, 0);
}

/* The MMIO mark came or went while everything else stayed. */
static void promote_when_the_mark_changed(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);
	struct hpte_host_page page = entry_host_page(f, &e);
	struct hpte_view view;

	entry_put(f, &e, ENTRY_ABSENT, false);
	assert_int_equal(hpte_table_read(&f->table, e.index, &view), HPTE_OK);
	assert_int_equal(hpte_table_remove(&f->table, e.index, NULL, NULL),
			 HPTE_OK);
	entry_put(f, &e, ENTRY_MMIO, true);
	expect_again(f, &view, &page);
	assert_int_equal(hpte_table_read(&f->table, e.index, &view), HPTE_OK);
	assert_int_equal(view.state, HPTE_VIEW_MMIO);
}

static void promote_param(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);
	struct hpte_host_page page = entry_host_page(f, &e);
	struct hpte_view view;

	entry_put(f, &e, ENTRY_ABSENT, false);
	assert_int_equal(hpte_table_read(&f->table, e.index, &view), HPTE_OK);
	if (!f->kind->walker) {
		assert_int_equal(hpte_table_promote(&f->table, &view, &page),
				 HPTE_ERR_PARAM);
		return;
	}
	view.index = hpte_table_entries(&f->table);
	assert_int_equal(hpte_table_promote(&f->table, &view, &page),
			 HPTE_ERR_PARAM);
	view.index = ~UINT64_C(0);
	assert_int_equal(hpte_table_promote(&f->table, &view, &page),
			 HPTE_ERR_PARAM);
}

static void demote_takes_v_away(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int i;

	for (i = 0; i < ENTRY_SIZES; i++) {
		struct entry e = entry_make(f, entry_sizes[i], i, i & 1,
					    ENTRY_RW);
		uint64_t bytes = UINT64_C(1) << e.page.actual;

		entry_put(f, &e, ENTRY_VALID, false);
		memory_set_rc(f, e.index, i & 2 ? HPTE_DW1_C : HPTE_DW1_RC);
		e.guest.dw1 |= i & 2 ? HPTE_DW1_C : HPTE_DW1_RC;
		assert_int_equal(hpte_table_demote(&f->table, e.index),
				 HPTE_OK);
		assert_flushed(f, &e, 1);
		assert_int_equal(memory_entry(f, e.index).dw0 & HPTE_DW0_V, 0);
		assert_no_host(memory_entry(f, e.index).dw1);
		assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1);
		assert_true(fake_host_covers(&f->host.dirty, e.real, bytes));
		/* Absent now. */
		assert_int_equal(hpte_table_demote(&f->table, e.index),
				 HPTE_ERR_NOTFOUND);
		assert_int_equal(hpte_table_remove(&f->table, e.index, NULL,
						   NULL), HPTE_OK);
		assert_int_equal(f->host.calls.flush, 1);
		fake_host_forget(&f->host);
	}
}

static void demote_without_valid(void **state)
{
	struct fixture *f = fixture_of(state);
	uint64_t entries = hpte_table_entries(&f->table);
	unsigned int kind;

	assert_int_equal(hpte_table_demote(&f->table, 0), HPTE_ERR_NOTFOUND);
	assert_int_equal(hpte_table_demote(&f->table, entries),
			 HPTE_ERR_INDEX);
	assert_int_equal(hpte_table_demote(&f->table, ~UINT64_C(0)),
			 HPTE_ERR_INDEX);
	for (kind = ENTRY_ABSENT; kind <= ENTRY_MMIO; kind++) {
		struct entry e = entry_make(f, ENTRY_4K, kind, false,
					    ENTRY_RW);

		entry_put(f, &e, (enum entry_state)kind, false);
		assert_int_equal(hpte_table_demote(&f->table, e.index),
				 HPTE_ERR_NOTFOUND);
		assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1);
	}
	assert_int_equal(f->host.calls.flush, 0);
}

/* V68: protect never gives the walker more than the host allowed. */
static void protect_never_widens(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int from, to;

	for (from = 0; from < 4; from++) {
		for (to = 0; to < 4; to++) {
			struct entry e = entry_make(f, ENTRY_4K, from, false,
						    HPTE_DW1_M | from);
			struct hpte_host_page page = entry_host_page(f, &e);
			uint64_t image;

			fixture_restart(f);
			page.writable = false;
			insert_with(f, &e, &page);
			assert_int_equal(hpte_table_protect(&f->table, e.index,
							    NULL, HPTE_DW1_PPP,
							    to), HPTE_OK);
			image = memory_entry(f, e.index).dw1;
			assert_false(hpte_entry_writable(image));
			assert_int_equal(image & HPTE_DW1_ARPN &
					 FAKE_REAL_MASK, FAKE_REAL);
			assert_guest_is(f, e.index, e.guest.dw0,
					(e.guest.dw1 & ~UINT64_C(3)) | to);
		}
	}
}

/* The same with a page that may be stored to: the image follows. */
static void protect_updates_the_image(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int round;

	for (round = 0; round < ENTRY_SIZES * 8; round++) {
		struct entry e = entry_make(f, entry_sizes[round % ENTRY_SIZES],
					    round % 50, round & 1, ENTRY_RW);
		uint64_t mask = HPTE_DW1_KEY | HPTE_DW1_N | HPTE_DW1_PPP;
		uint64_t bits = test_random(&f->random) & mask;

		entry_put(f, &e, ENTRY_VALID, false);
		assert_int_equal(hpte_table_protect(&f->table, e.index, NULL,
						    mask, bits), HPTE_OK);
		e.guest.dw1 = (e.guest.dw1 & ~mask) | bits;
		assert_image(f, &e, true);
		assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1);
		assert_int_equal(hpte_table_remove(&f->table, e.index, NULL,
						   NULL), HPTE_OK);
		fake_host_forget(&f->host);
	}
}

/* A round trip valid, absent, valid changes nothing the guest sees. */
static void demote_and_promote(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, entry_sizes[7], 2, true, ENTRY_RW);
	struct hpte_host_page page = entry_host_page(f, &e);
	struct hpte_view view;
	unsigned int round;

	entry_put(f, &e, ENTRY_VALID, false);
	for (round = 0; round < 10; round++) {
		if (round == 4) {
			memory_set_rc(f, e.index, HPTE_DW1_R);
			e.guest.dw1 |= HPTE_DW1_R;
		}
		assert_int_equal(hpte_table_demote(&f->table, e.index),
				 HPTE_OK);
		assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1);
		assert_int_equal(hpte_table_read(&f->table, e.index, &view),
				 HPTE_OK);
		assert_int_equal(view.state, 0);
		page.writable = round & 1;
		assert_int_equal(hpte_table_promote(&f->table, &view, &page),
				 HPTE_OK);
		assert_image(f, &e, page.writable);
		assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1);
	}
}

/* A page that was mapped read-only becomes writable; R and C are kept. */
static void promote_of_a_valid_entry(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);
	struct hpte_host_page page = entry_host_page(f, &e);
	struct hpte_view view;
	struct hpte before;

	page.writable = false;
	assert_int_equal(hpte_table_insert(&f->table, e.index, 0, &e.guest,
					   &page, &e.index), HPTE_OK);
	assert_image(f, &e, false);
	memory_set_rc(f, e.index, HPTE_DW1_R);
	assert_int_equal(hpte_table_read(&f->table, e.index, &view), HPTE_OK);
	page.writable = true;
	before = memory_entry(f, e.index);
	f->host.always_retry = true;	/* the host takes the page back */
	assert_int_equal(hpte_table_promote(&f->table, &view, &page),
			 HPTE_ERR_AGAIN);
	assert_true(memory_entry(f, e.index).dw0 == before.dw0);
	assert_true(memory_entry(f, e.index).dw1 == before.dw1);
	f->host.always_retry = false;
	fake_host_forget(&f->host);
	assert_int_equal(hpte_table_promote(&f->table, &view, &page), HPTE_OK);
	assert_flushed(f, &e, 1);
	e.guest.dw1 |= HPTE_DW1_R;
	assert_image(f, &e, true);
	e.guest.dw1 &= ~HPTE_DW1_R;
	assert_true(memory_entry(f, e.index).dw1 & HPTE_DW1_R);
	assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1 | HPTE_DW1_R);
	/* Other rights than the view's: nothing changes. */
	assert_int_equal(hpte_table_protect(&f->table, e.index, NULL,
					    HPTE_DW1_PP, 3), HPTE_OK);
	before = memory_entry(f, e.index);
	assert_int_equal(hpte_table_promote(&f->table, &view, &page),
			 HPTE_ERR_AGAIN);
	assert_true(memory_entry(f, e.index).dw1 == before.dw1);
	assert_int_equal(hpte_table_remove(&f->table, e.index, NULL, NULL),
			 HPTE_OK);
	assert_int_equal(hpte_table_promote(&f->table, &view, &page),
			 HPTE_ERR_AGAIN);
	assert_empty(f, e.index);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_WALKER_KIND(valid_image),
		TEST_WALKER_KIND(read_only_page_narrows_pp),
		TEST_EVERY_KIND(absent_has_v_clear),
		TEST_OF_KIND_(no_host_page_without_a_walker, fixture_setup, 0,
			      "soft-207"),
		TEST_OF_KIND_(no_host_page_without_a_walker, fixture_setup, 1,
			      "soft-300"),
		TEST_OF_KIND_(no_host_page_without_a_walker, fixture_setup, 2,
			      "soft-207-load16"),
		TEST_OF_KIND_(no_host_page_without_a_walker, fixture_setup, 3,
			      "soft-300-load16"),
		TEST_WALKER_KIND(invalidated_page_is_entered_absent),
		TEST_WALKER_KIND(unsuitable_pages),
		TEST_WALKER_KIND(promote_makes_valid),
		TEST_WALKER_KIND(promote_of_a_stale_view),
		TEST_WALKER_KIND(promote_when_the_mark_changed),
		TEST_WALKER_KIND(promote_of_a_valid_entry),
		TEST_EVERY_KIND(promote_param),
		TEST_WALKER_KIND(demote_takes_v_away),
		TEST_EVERY_KIND(demote_without_valid),
		TEST_WALKER_KIND(protect_never_widens),
		TEST_WALKER_KIND(protect_updates_the_image),
		TEST_WALKER_KIND(demote_and_promote),
	};

	return TEST_RUN("table_walker", tests);
}
