/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/peer_race.c - bugs of other hypervisors: one CPU's hypercall in
 * the middle of another's, and hosts that change their mind meanwhile.
 *
 * The numbers in test names are those of COVERAGE.md.
 */
#include "fixture.h"

#include <string.h>

#define REQUEST		UINT64_C(0x4000000000000000)
#define END		UINT64_C(0xC000000000000000)
#define ARRAY_COUNT(a)	(sizeof(a) / sizeof((a)[0]))

/* One hypercall on the entry that the test is about. */
enum call_kind {
	CALL_REMOVE, CALL_BULK, CALL_BLOCK, CALL_CLEAR_HPT, CALL_READ,
	CALL_ENTER, CALL_WAIT_FREE,	/* these never wait for another CPU */
	CALL_PROTECT = CALL_WAIT_FREE, CALL_CLEAR_REF, CALL_CLEAR_MOD,
	CALL_KINDS
};

struct actor {
	struct fixture *f;
	struct entry entry;
	struct entry other;	/* for H_ENTER: same group */
	enum call_kind kind;
	struct hcall call;
	unsigned int runs;
};

static void act(void *arg)
{
	struct actor *a = arg;
	uint64_t index = a->entry.index;
	struct hcall *call = &a->call;

	a->runs++;
	switch (a->kind) {
	case CALL_REMOVE:
		HCALL(a->f, call, HPTE_HCALL_REMOVE, 0, index);
		break;
	case CALL_BULK:
		HCALL(a->f, call, HPTE_HCALL_BULK_REMOVE, REQUEST | index, 0,
		      END);
		break;
	case CALL_BLOCK:
		HCALL(a->f, call, HPTE_HCALL_BLOCK_REMOVE, 0, REQUEST | index,
		      END);
		break;
	case CALL_CLEAR_HPT:
		HCALL(a->f, call, HPTE_HCALL_CLEAR_HPT);
		break;
	case CALL_READ:
		HCALL(a->f, call, HPTE_HCALL_READ, 0, index);
		break;
	case CALL_ENTER:
		HCALL(a->f, call, HPTE_HCALL_ENTER, 0, index,
		      a->other.guest.dw0, a->other.guest.dw1);
		break;
	case CALL_PROTECT:
		HCALL(a->f, call, HPTE_HCALL_PROTECT, 3, index);
		break;
	case CALL_CLEAR_REF:
		HCALL(a->f, call, HPTE_HCALL_CLEAR_REF, 0, index);
		break;
	default:
		HCALL(a->f, call, HPTE_HCALL_CLEAR_MOD, 0, index);
		break;
	}
}

/* Did this call tell its guest that it has removed the entry? */
static unsigned int removals(const struct actor *a)
{
	if (a->kind == CALL_REMOVE)
		return a->call.code == HPTE_H_SUCCESS;
	if (a->kind == CALL_BULK)
		return a->call.gpr[4] >> 60 == 8;
	if (a->kind == CALL_BLOCK)
		return (a->call.gpr[4] >> 56 & 0xF8) == 0x80;
	return 0;
}

static void one_inside_the_other(struct fixture *f, enum call_kind outer,
				 enum call_kind inner)
{
	struct entry e = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);
	struct entry other = entry_make(f, ENTRY_4K, 2, false, ENTRY_RW);
	bool cleared = outer == CALL_CLEAR_HPT || inner == CALL_CLEAR_HPT;
	struct actor a, b;
	struct hpte_view view;
	bool live;

	fixture_restart(f);
	entry_put(f, &e, ENTRY_VALID, false);
	if (f->kind->walker)
		memory_set_rc(f, e.index, HPTE_DW1_R);
	memset(&a, 0, sizeof(a));
	a.f = f;
	a.entry = e;
	a.other = other;
	b = a;
	a.kind = outer;
	b.kind = inner;
	fake_host_inject(&f->host, FAKE_AT_FLUSH, act, &b);
	act(&a);
	assert_int_equal(b.runs, 1);
	assert_int_equal(f->host.calls.relax, 0);
	live = hpte_table_read(&f->table, e.index, &view) == HPTE_OK;
	if (cleared)
		assert_true(removals(&a) + removals(&b) <= 1);
	else
		assert_int_equal(removals(&a) + removals(&b), !live);
	if (live)
		return;
	/* Nobody has left the slot claimed. */
	assert_int_equal(memory_entry(f, e.index).dw0, 0);
	hcall_enter(f, &e, HPTE_HFLAG_EXACT);
}

/*
 * A CPU that is taken away in the middle of a hypercall holds up nobody: a
 * callback is where it happens here, and other CPUs' calls are served in it.
 */
static void bug_18_nobody_waits_for_a_cpu_that_is_away(void **state)
{
	static const enum call_kind outer[] = {
		CALL_REMOVE, CALL_BULK, CALL_BLOCK, CALL_CLEAR_HPT,
		CALL_PROTECT, CALL_CLEAR_REF, CALL_CLEAR_MOD
	};
	struct fixture *f = fixture_of(state);
	unsigned int i, inner;

	for (i = 0; i < ARRAY_COUNT(outer); i++)
		for (inner = 0; inner < CALL_WAIT_FREE; inner++)
			one_inside_the_other(f, outer[i],
					     (enum call_kind)inner);
}

struct pair {
	struct fixture *f;
	struct entry *first;
	struct entry *second;
	struct hcall call;
};

static void bulk_of_two(void *arg)
{
	struct pair *pair = arg;

	assert_int_equal(HCALL(pair->f, &pair->call, HPTE_HCALL_BULK_REMOVE,
			       REQUEST | pair->first->index, 0,
			       REQUEST | pair->second->index, 0, END),
			 HPTE_H_SUCCESS);
}

/* (a, b) on one CPU, (b, a) on the other: both end, each entry goes once. */
static void bug_19_crossed_bulk_removes(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int kind, i;

	for (kind = 0; kind < ENTRY_STATES; kind++) {
		struct entry a = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);
		struct entry b = entry_make(f, ENTRY_4K, 2, true, ENTRY_RW);
		struct pair one = { .f = f, .first = &a, .second = &b };
		struct pair two = { .f = f, .first = &b, .second = &a };
		bool flushed;

		fixture_restart(f);
		entry_put(f, &a, ENTRY_VALID, false);
		entry_put(f, &b, (enum entry_state)kind, false);
		fake_host_inject(&f->host, FAKE_AT_FLUSH, bulk_of_two, &two);
		bulk_of_two(&one);
		flushed = fake_host_injected(&f->host, FAKE_AT_FLUSH);
		assert_true(flushed);
		assert_int_equal(one.call.gpr[4] >> 56, 0x80);
		assert_int_equal(one.call.gpr[6] >> 56, 0x80);
		assert_int_equal(two.call.gpr[4] >> 56, 0x90);
		assert_int_equal(two.call.gpr[6] >> 56, 0x90);
		assert_empty(f, a.index);
		assert_empty(f, b.index);
		/* "Not found" is true for the TLB, too: it was asked itself. */
		for (i = 0; i < f->host.rbs; i++)
			if (f->host.rb[i] ==
			    hpte_hash_tlbie_rb(&a.guest, &a.page, a.index))
				break;
		assert_true(i < f->host.rbs);
		assert_true(f->host.calls.flush >= 2);
	}
}

struct claim {
	struct fixture *f;
	struct entry entry;
	int64_t code[2];
};

static void enter_there(void *arg)
{
	struct claim *claim = arg;
	struct hcall call;

	claim->code[0] = HCALL(claim->f, &call, HPTE_HCALL_ENTER, 0,
			       claim->entry.index, claim->entry.guest.dw0,
			       claim->entry.guest.dw1);
	claim->code[1] = HCALL(claim->f, &call, HPTE_HCALL_ENTER,
			       HPTE_HFLAG_EXACT, claim->entry.index,
			       claim->entry.guest.dw0, claim->entry.guest.dw1);
}

static void change(struct fixture *f, unsigned int how, uint64_t index)
{
	struct hcall call;

	if (how == 0)
		assert_int_equal(HCALL(f, &call, HPTE_HCALL_PROTECT, 3, index),
				 HPTE_H_SUCCESS);
	else if (how == 1)
		assert_int_equal(HCALL(f, &call, HPTE_HCALL_CLEAR_MOD, 0,
				       index), HPTE_H_SUCCESS);
	else
		assert_int_equal(hpte_table_demote(&f->table, index),
				 HPTE_OK);
}

/* An entry that is invalid for a moment is no free slot. */
static void bug_101_slot_of_a_changing_entry(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int how, slot, i;

	/* demote: where there is something to demote */
	for (how = 0; how < (f->kind->walker ? 3U : 2U); how++) {
		for (slot = 0; slot < 8; slot++) {
			struct entry e[8];
			struct claim claim = { .f = f };

			fixture_restart(f);
			for (i = 0; i < 8; i++) {
				e[i] = entry_make(f, ENTRY_4K, i, false,
						  ENTRY_RW);
				entry_put(f, &e[i], ENTRY_VALID, false);
			}
			claim.entry = entry_make(f, ENTRY_4K, 9, false,
						 ENTRY_RW);
			claim.entry.index = e[slot].index;
			fake_host_inject(&f->host, FAKE_AT_FLUSH, enter_there,
					 &claim);
			change(f, how, e[slot].index);
			assert_true(fake_host_injected(&f->host,
						       FAKE_AT_FLUSH));
			assert_int_equal(claim.code[0], HPTE_H_PTEG_FULL);
			assert_int_equal(claim.code[1], HPTE_H_PTEG_FULL);
			assert_guest_is(f, e[slot].index, e[slot].guest.dw0,
					e[slot].guest.dw1 |
					(how == 0 ? 3U : 0U));
		}
	}
}

/* What the host's map_page() says next. */
static struct hpte_host_page said_page;
static enum hpte_host_result said_result;

static enum hpte_host_result map_as_said(void *ctx, uint64_t gpa,
					 unsigned int shift, bool want_write,
					 struct hpte_host_page *page)
{
	(void)ctx;
	(void)gpa;
	(void)shift;
	(void)want_write;
	*page = said_page;
	return said_result;
}

/* A page that is gone, or not what was promised, is never made valid. */
static void bug_41_page_gone_at_the_second_look(void **state)
{
	static const struct {
		enum hpte_host_result result;
		uint64_t real;
		uint8_t shift;
	} said[] = {
		{ HPTE_HOST_LATER, 0, 63 },
		{ HPTE_HOST_LATER, FAKE_REAL, 63 },
		{ HPTE_HOST_NEVER, 0, 63 },
		{ HPTE_HOST_NEVER, FAKE_REAL, 63 },
		{ HPTE_HOST_DONE, FAKE_REAL, 11 },	/* too small */
		{ HPTE_HOST_DONE, FAKE_REAL, 0 },
		{ HPTE_HOST_DONE, FAKE_REAL | 0x800, 63 },
		{ HPTE_HOST_DONE, UINT64_C(1) << 60, 63 },
		{ HPTE_HOST_DONE, ~UINT64_C(0xFFF), 63 },
	};
	struct fixture *f = fixture_of(state);
	unsigned int i;

	f->host.ops.map_page = map_as_said;
	for (i = 0; i < ARRAY_COUNT(said); i++) {
		struct entry e = entry_make(f, ENTRY_4K, i, false, ENTRY_RW);

		said_result = said[i].result;
		memset(&said_page, 0, sizeof(said_page));
		said_page.real = said[i].real;
		said_page.shift = said[i].shift;
		said_page.writable = true;
		fixture_restart(f);
		hcall_enter(f, &e, 0);
		assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1);
		assert_int_equal(memory_entry(f, e.index).dw0 & HPTE_DW0_V, 0);
		assert_int_equal(memory_entry(f, e.index).dw1, e.guest.dw1);
	}
}

/* 4K guest pages in a 64K host page: each keeps its place in it. */
static void bug_42_small_page_in_a_large_host_page(void **state)
{
	struct fixture *f = fixture_of(state);
	struct hpte image, want;
	unsigned int i;

	f->host.map_shift = 16;
	for (i = 0; i < 16; i++) {
		struct entry e = entry_make(f, ENTRY_4K, i, false, ENTRY_RW);

		fixture_restart(f);
		e.real = UINT64_C(0x7650000) + ((uint64_t)i << 12);
		e.guest.dw1 = e.real | ENTRY_RW;
		hcall_enter(f, &e, 0);
		image = memory_entry(f, e.index);
		want = entry_walker_image(f, &e, true);
		assert_int_equal(image.dw0, want.dw0);
		assert_int_equal(image.dw1, want.dw1);
		assert_int_equal(image.dw1 & 0xFFFFFF000,
				 0x7650000U + (i << 12));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_EVERY_KIND(bug_18_nobody_waits_for_a_cpu_that_is_away),
		TEST_EVERY_KIND(bug_19_crossed_bulk_removes),
		TEST_WALKER_KIND(bug_41_page_gone_at_the_second_look),
		TEST_WALKER_KIND(bug_42_small_page_in_a_large_host_page),
		TEST_EVERY_KIND(bug_101_slot_of_a_changing_entry),
	};

	return TEST_RUN("peer_race", tests);
}
