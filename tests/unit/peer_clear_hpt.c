/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/peer_clear_hpt.c - H_CLEAR_HPT on a table that takes many calls.
 *
 * No other hypervisor has this call (6-23 of COVERAGE.md); a guest falls
 * back to removing entry by entry, at boot and in a crash kernel.
 */
#include "fixture.h"

#include <string.h>

#define SPREAD		64U	/* entries, all over the table */
#define CALLS_MAX	64U	/* more than any table of these tests takes */

static int64_t clear_hpt(struct fixture *f)
{
	struct hcall call;

	return HCALL(f, &call, HPTE_HCALL_CLEAR_HPT);
}

/* To the end, however many calls it takes; returns how many. */
static unsigned int clear_all(struct fixture *f)
{
	unsigned int calls = 1;

	while (clear_hpt(f) == HPTE_H_CONTINUE)
		assert_in_range(++calls, 1, CALLS_MAX);
	return calls;
}

static uint64_t live(const struct fixture *f)
{
	const uint64_t *words = hpte_table_base(&f->table);
	uint64_t i, count = 0;

	for (i = 0; i < hpte_table_entries(&f->table); i++)
		count += words[2 * i] != 0;
	return count;
}

/* The nth of SPREAD entries: every state, bolted and not, both hashes. */
static struct entry spread(struct fixture *f, unsigned int n)
{
	uint64_t step = hpte_table_entries(&f->table) / SPREAD;
	struct entry e = entry_make(f, entry_sizes[n % ENTRY_SIZES], n, n & 1,
				    ENTRY_RW);

	if (n & 2)
		e.guest.dw0 |= HPTE_DW0_BOLTED;
	e.index = n * step + (n * 5) % step;
	entry_put(f, &e, (enum entry_state)(n % 3), true);
	return e;
}

static void fill(struct fixture *f)
{
	unsigned int n;

	for (n = 0; n < SPREAD; n++)
		spread(f, n);
}

/* A page of the VRMA, which stays. */
static struct entry vrma(struct fixture *f, unsigned int n, uint64_t index)
{
	struct entry e;

	memset(&e, 0, sizeof(e));
	e.guest.dw0 = UINT64_C(0x4001FFFFFF000015) | (uint64_t)n << 8;
	e.guest.dw1 = (uint64_t)n << 24 | 0x190;
	e.real = (uint64_t)n << 24;
	assert_int_equal(hpte_entry_page(e.guest.dw0, e.guest.dw1, &e.page),
			 HPTE_OK);
	e.index = index;
	entry_put(f, &e, (enum entry_state)(n % 3), true);
	return e;
}

/*
 * Entries in all four quarters: each call removes some more, nothing comes
 * back, and the guest calls until SUCCESS.
 */
static void goes_on_where_it_stopped(void **state)
{
	struct fixture *f = fixture_of(state);
	uint64_t before, after;
	unsigned int calls = 0;
	int64_t code;

	fill(f);
	before = live(f);
	assert_int_equal(before, SPREAD);
	do {
		fake_host_forget(&f->host);
		code = clear_hpt(f);
		assert_in_range(++calls, 1, CALLS_MAX);
		after = live(f);
		assert_true(after <= before);
		before = after;
	} while (code == HPTE_H_CONTINUE);
	assert_int_equal(code, HPTE_H_SUCCESS);
	assert_int_equal(after, 0);
	assert_true(calls > 1);
	/* And the next one starts at the first entry again. */
	fill(f);
	assert_int_equal(clear_all(f), calls);
	assert_int_equal(live(f), 0);
}

static void vrma_stays_bolted_go(void **state)
{
	struct fixture *f = fixture_of(state);
	uint64_t entries = hpte_table_entries(&f->table);
	struct entry kept[12];
	struct hpte image[12];
	unsigned int n;

	for (n = 0; n < 12; n++) {
		kept[n] = vrma(f, n, n / 3 * (entries / 4) + n % 3 * 8 + 7);
		image[n] = memory_entry(f, kept[n].index);
	}
	fill(f);
	clear_all(f);
	assert_int_equal(live(f), 12);
	for (n = 0; n < 12; n++) {
		struct hpte now = memory_entry(f, kept[n].index);

		assert_memory_equal(&now, &image[n], sizeof(now));
		assert_guest_is(f, kept[n].index, kept[n].guest.dw0,
				kept[n].guest.dw1);
	}
}

/* Only the VRMA's: one bit less or more of its VSID is another segment. */
static void nearly_the_vrma(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e;
	unsigned int bit;

	for (bit = 24; bit < 50; bit++) {
		e = vrma(f, 0, 0);
		assert_int_equal(hpte_table_remove(&f->table, 0, NULL, NULL),
				 HPTE_OK);
		e.guest.dw0 ^= UINT64_C(1) << bit;
		entry_put(f, &e, ENTRY_ABSENT, true);
		clear_all(f);
		assert_empty(f, 0);
	}
	/* the same VSID in a 256M segment */
	e.guest.dw0 = UINT64_C(0x0001FFFFFF000015);
	entry_put(f, &e, ENTRY_ABSENT, true);
	clear_all(f);
	assert_empty(f, 0);
}

static void devices_bump_the_generation(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int kind;

	for (kind = 0; kind < ENTRY_STATES; kind++) {
		struct entry e = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);
		uint64_t before;

		entry_put(f, &e, (enum entry_state)kind, false);
		before = hpte_table_generation(&f->table);
		clear_all(f);
		assert_int_equal(hpte_table_generation(&f->table) > before,
				 kind == ENTRY_MMIO);
		/* What a TLB may have is named to it: neither more nor less. */
		assert_int_equal(f->host.rbs + f->host.calls.flush_all,
				 entry_flushes(f, (enum entry_state)kind));
		fake_host_forget(&f->host);
	}
}

/* A sequence given up: reset and resize start the next one afresh. */
static void given_up_and_reset(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);
	struct hcall call;
	unsigned int resize;

	e.index = 0;
	for (resize = 0; resize < 2; resize++) {
		assert_int_equal(clear_hpt(f), HPTE_H_CONTINUE);
		if (resize) {
			assert_int_equal(HCALL(f, &call,
					 HPTE_HCALL_RESIZE_HPT_PREPARE, 0,
					 23), HPTE_H_SUCCESS);
			assert_int_equal(HCALL(f, &call,
					 HPTE_HCALL_RESIZE_HPT_COMMIT, 0, 23),
					 HPTE_H_SUCCESS);
		} else {
			hpte_table_reset(&f->table);
		}
		hcall_enter(f, &e, HPTE_HFLAG_EXACT);
		clear_all(f);
		assert_empty(f, 0);
	}
}

/* Two CPUs take turns: both come to an end, and by then all is gone. */
static void two_callers_take_turns(void **state)
{
	struct fixture *f = fixture_of(state);
	bool done[2] = { false, false };
	unsigned int calls = 0, who = 0;

	fill(f);
	while (!done[0] || !done[1]) {
		fake_host_forget(&f->host);
		assert_in_range(++calls, 1, 2 * CALLS_MAX);
		who ^= 1;
		if (!done[who])
			done[who] = clear_hpt(f) == HPTE_H_SUCCESS;
		if (done[0] || done[1])
			assert_int_equal(live(f), 0);
	}
}

struct other {
	struct fixture *f;
	unsigned int calls;
};

static void other_cpu(void *arg)
{
	struct other *other = arg;

	other->calls = clear_all(other->f);
}

/* One CPU goes all the way while another is in the middle of a group. */
static void one_inside_the_other(void **state)
{
	struct fixture *f = fixture_of(state);
	struct other other = { f, 0 };
	struct entry e = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);

	fill(f);
	e.index = 1;	/* so that the very first group flushes */
	entry_put(f, &e, ENTRY_VALID, true);
	fake_host_inject(&f->host, FAKE_AT_FLUSH, other_cpu, &other);
	assert_true(clear_hpt(f) == HPTE_H_CONTINUE || other.calls);
	assert_int_not_equal(other.calls, 0);
	assert_int_equal(live(f), 0);
	clear_all(f);
	assert_int_equal(live(f), 0);
	/* No slot was left claimed by either. */
	hcall_enter(f, &e, HPTE_HFLAG_EXACT);
	fill(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_EVERY_KIND_24(goes_on_where_it_stopped),
		TEST_EVERY_KIND_24(vrma_stays_bolted_go),
		TEST_EVERY_KIND(nearly_the_vrma),
		TEST_EVERY_KIND(devices_bump_the_generation),
		TEST_EVERY_KIND_24(given_up_and_reset),
		TEST_EVERY_KIND_24(two_callers_take_turns),
		TEST_EVERY_KIND_24(one_inside_the_other),
	};

	return TEST_RUN("peer_clear_hpt", tests);
}
