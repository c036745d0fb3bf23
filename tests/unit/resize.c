/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/resize.c - H_RESIZE_HPT_PREPARE and COMMIT, resize.h.
 *
 * The numbers in test names are those of the contract's test vectors; D10
 * and D20 are defects of other implementations.
 */
#include "fixture.h"

#include <string.h>

#define BOLTED		HPTE_DW0_BOLTED
#define POISON		INT64_C(4711)

static int64_t prepare(struct fixture *f, uint64_t flags, uint64_t shift)
{
	struct hcall call;

	return HCALL(f, &call, HPTE_HCALL_RESIZE_HPT_PREPARE, flags, shift);
}

static int64_t commit(struct fixture *f, uint64_t flags, uint64_t shift)
{
	struct hcall call;

	return HCALL(f, &call, HPTE_HCALL_RESIZE_HPT_COMMIT, flags, shift);
}

static void resize_to(struct fixture *f, unsigned int order)
{
	assert_int_equal(prepare(f, 0, order), HPTE_H_SUCCESS);
	assert_int_equal(commit(f, 0, order), HPTE_H_SUCCESS);
	assert_int_equal(hpte_table_order(&f->table), order);
	f->order = order;
}

static struct entry bolted(struct fixture *f, struct entry_size size,
			   unsigned int n, bool secondary)
{
	struct entry e = entry_make(f, size, n, secondary,
				    ENTRY_RW | HPTE_DW1_RC | HPTE_DW1_KEY);

	e.guest.dw0 |= BOLTED;
	e.index += n % 8;
	return e;
}

/* Where the entry must stand in a table of the fixture's order now. */
static uint64_t moved_index(const struct fixture *f, const struct entry *e)
{
	uint64_t hash = hpte_hash_primary(&e->va);
	bool secondary = e->guest.dw0 & HPTE_DW0_H;

	return hpte_hash_group(hash, secondary, f->order) * 8 + e->index % 8;
}

/* V79, D2, D3: every size, both hashes, every state, up and down. */
static void bolted_entries_move(void **state)
{
	static const unsigned int orders[] = { 19, 20, 24, 18, 21, 18 };
	struct fixture *f = fixture_of(state);
	unsigned int i, n, kind;

	for (kind = 0; kind < ENTRY_STATES; kind++) {
		struct entry e[ENTRY_SIZES];

		f->order = 18;
		fixture_restart(f);
		for (n = 0; n < ENTRY_SIZES; n++) {
			e[n] = bolted(f, entry_sizes[n], n, n & 1);
			e[n].va.vsid += n << 3;	/* a group of its own */
			e[n].guest.dw0 += hpte_hash_dw0(&e[n].va) -
				(e[n].guest.dw0 & ~UINT64_C(0x7F));
			e[n].index = moved_index(f, &e[n]);
			entry_put(f, &e[n], (enum entry_state)kind, true);
		}
		for (i = 0; i < 6; i++) {
			resize_to(f, orders[i]);
			for (n = 0; n < ENTRY_SIZES; n++) {
				e[n].index = moved_index(f, &e[n]);
				assert_guest_is(f, e[n].index, e[n].guest.dw0,
						e[n].guest.dw1);
			}
		}
	}
}

static void v79_known_places(void **state)
{
	static const unsigned int orders[] = { 25, 24, 18 };
	static const uint64_t index[] = { 0x11C472, 0x1C472, 0x472 };
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, (struct entry_size){ 28, 16, 24 }, 0,
				    false, ENTRY_RW);
	unsigned int i;

	e.va.vsid = 0x123456;
	e.va.offset = 0xCD80000;
	e.guest.dw0 = hpte_hash_dw0(&e.va) | HPTE_DW0_L | BOLTED | HPTE_DW0_V;
	e.index = 0x1C472;
	entry_put(f, &e, ENTRY_VALID, true);
	for (i = 0; i < 3; i++) {
		resize_to(f, orders[i]);
		assert_guest_is(f, index[i], e.guest.dw0, e.guest.dw1);
	}
}

/* The guest's own page of the VRMA: 16M pages, VSID 0x1FFFFFF, slot 7. */
static struct entry vrma(const struct fixture *f, uint64_t page)
{
	struct entry e;

	memset(&e, 0, sizeof(e));
	e.guest.dw0 = UINT64_C(0x4001FFFFFF000015) | page << 8;
	e.guest.dw1 = page << 24 | 0x190;
	e.real = page << 24;
	assert_int_equal(hpte_entry_page(e.guest.dw0, e.guest.dw1, &e.page),
			 HPTE_OK);
	e.index = (~page & ((UINT64_C(1) << (f->order - 7)) - 1)) * 8 + 7;
	return e;
}

static void v80_collision(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry a = vrma(f, 5);
	struct entry b = vrma(f, 0x805);
	struct entry other = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);
	void *base = hpte_table_base(&f->table);

	assert_int_equal(a.index, 0xFFFD7);
	assert_int_equal(b.index, 0xFBFD7);
	assert_int_equal(b.guest.dw0, UINT64_C(0x4001FFFFFF080515));
	entry_put(f, &a, ENTRY_VALID, true);
	entry_put(f, &b, ENTRY_VALID, true);
	entry_put(f, &other, ENTRY_VALID, false);
	assert_int_equal(prepare(f, 0, 18), HPTE_H_SUCCESS);
	assert_int_equal(commit(f, 0, 18), HPTE_H_PTEG_FULL);
	assert_ptr_equal(hpte_table_base(&f->table), base);
	assert_int_equal(hpte_table_order(&f->table), 24);
	assert_guest_is(f, a.index, a.guest.dw0, a.guest.dw1);
	assert_guest_is(f, b.index, b.guest.dw0, b.guest.dw1);
	assert_guest_is(f, other.index, other.guest.dw0, other.guest.dw1);
	/* The pending table is gone, and the vcpus run. */
	assert_int_equal(f->host.tables, 0);
	assert_int_equal(f->host.calls.stop, f->host.calls.start);
	assert_int_equal(commit(f, 0, 18), HPTE_H_CLOSED);
	/* One step up nothing collides. */
	f->order = 24;
	resize_to(f, 25);
	assert_guest_is(f, vrma(f, 5).index, a.guest.dw0, a.guest.dw1);
	assert_guest_is(f, vrma(f, 0x805).index, b.guest.dw0, b.guest.dw1);
}

/* P20, D4: an entry that no search can find is dropped, and counted. */
static void v82_inert_entries(void **state)
{
	struct fixture *f = fixture_of(state);
	/* 16M pages: of smaller ones the group itself names the address. */
	struct entry good = bolted(f, entry_sizes[5], 0, false);
	struct entry inert = bolted(f, entry_sizes[5], 1, false);
	struct hpte_resize resize;
	int64_t code = POISON;
	uint64_t i, live = 0;

	memset(&resize, 0, sizeof(resize));
	entry_put(f, &good, ENTRY_VALID, true);
	inert.index ^= 8;
	entry_put(f, &inert, ENTRY_VALID, true);
	inert.guest.dw0 ^= HPTE_DW0_H;
	inert.index ^= 1;
	entry_put(f, &inert, ENTRY_ABSENT, true);
	assert_int_equal(hpte_resize_prepare(&resize, &f->table, 0, 19, &code),
			 HPTE_OK);
	assert_int_equal(code, HPTE_H_SUCCESS);
	assert_int_equal(hpte_resize_commit(&resize, &f->table, 0, 19, &code),
			 HPTE_OK);
	assert_int_equal(code, HPTE_H_SUCCESS);
	assert_int_equal(hpte_resize_inert(&resize), 2);
	f->order = 19;
	assert_guest_is(f, moved_index(f, &good), good.guest.dw0,
			good.guest.dw1);
	for (i = 0; i < hpte_table_entries(&f->table); i++)
		live += memory_entry(f, i).dw0 != 0;
	assert_int_equal(live, 1);
}

static void v83_cancel(void **state)
{
	struct fixture *f = fixture_of(state);

	assert_int_equal(prepare(f, 0, 0), HPTE_H_SUCCESS);
	assert_int_equal(f->host.calls.free, 0);
	assert_int_equal(prepare(f, 0, 19), HPTE_H_SUCCESS);
	assert_int_equal(f->host.tables, 1);
	assert_int_equal(prepare(f, 0, 0), HPTE_H_SUCCESS);
	assert_int_equal(f->host.tables, 0);
	assert_int_equal(f->host.calls.free, 1);
	assert_int_equal(commit(f, 0, 19), HPTE_H_CLOSED);
	/* While the host is still getting it: it is told to give up. */
	f->host.alloc_result = HPTE_HOST_LATER;
	assert_int_equal(prepare(f, 0, 20), HPTE_H_LONG_BUSY_10_MS);
	assert_int_equal(prepare(f, 0, 0), HPTE_H_SUCCESS);
	assert_int_equal(f->host.calls.cancel, 1);
	assert_int_equal(f->host.freed_order, 20);
	assert_int_equal(commit(f, 0, 20), HPTE_H_CLOSED);
}

/*
 * What is pending is forgotten by every way it ends: a later request that is
 * given up must not take the table in use with it.
 */
static void give_up_after_a_commit(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e;
	unsigned int end;

	for (end = 0; end < 3; end++) {
		f->order = 18;
		f->host.alloc_result = HPTE_HOST_DONE;
		fixture_restart(f);
		fake_host_fini(&f->host);
		assert_int_equal(prepare(f, 0, 19), HPTE_H_SUCCESS);
		if (end == 0)
			assert_int_equal(commit(f, 0, 19), HPTE_H_SUCCESS);
		if (end == 1)
			assert_int_equal(prepare(f, 0, 0), HPTE_H_SUCCESS);
		f->order = hpte_table_order(&f->table);
		f->host.alloc_result = HPTE_HOST_LATER;
		assert_int_equal(prepare(f, 0, 20), HPTE_H_LONG_BUSY_10_MS);
		assert_int_equal(prepare(f, 0, 21), HPTE_H_LONG_BUSY_10_MS);
		assert_null(f->host.freed.base);
		assert_int_equal(f->host.freed_order, 20);
		f->host.alloc_result = HPTE_HOST_NEVER;
		assert_int_equal(prepare(f, 0, 21), HPTE_H_RESOURCE);
		assert_int_equal(prepare(f, 0, 0), HPTE_H_SUCCESS);
		assert_int_equal(f->host.tables, end == 0);
		e = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);
		hcall_enter(f, &e, 0);
		assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1);
	}
}

/* D10: all 64 bits of the shift. */
static void v85_shift_bounds(void **state)
{
	struct fixture *f = fixture_of(state);
	const uint64_t bad[] = {
		1, 17, 47, UINT64_C(0x100000012), UINT64_C(0x100000000),
		UINT64_C(1) << 63, ~UINT64_C(0)
	};
	unsigned int i;

	for (i = 0; i < 7; i++) {
		assert_int_equal(prepare(f, 0, bad[i]), HPTE_H_PARAMETER);
		assert_int_equal(commit(f, 0, bad[i]), HPTE_H_CLOSED);
	}
	for (i = 0; i < 64; i++)
		assert_int_equal(prepare(f, UINT64_C(1) << i, 19),
				 HPTE_H_PARAMETER);
	assert_int_equal(f->host.calls.alloc, 0);
	assert_int_equal(prepare(f, 0, 18), HPTE_H_SUCCESS);
	assert_int_equal(f->host.alloc_order, 18);
	f->host.alloc_result = HPTE_HOST_NEVER;
	assert_int_equal(prepare(f, 0, 46), HPTE_H_RESOURCE);
	assert_int_equal(f->host.alloc_order, 46);
}

static void order_max_and_no_memory(void **state)
{
	struct fixture *f = fixture_of(state);

	f->caps.order_max = 20;
	fixture_restart(f);
	assert_int_equal(prepare(f, 0, 21), HPTE_H_RESOURCE);
	assert_int_equal(f->host.calls.alloc, 0);
	assert_int_equal(prepare(f, 0, 20), HPTE_H_SUCCESS);
	/* T29: refused calls leave what is pending alone. */
	assert_int_equal(prepare(f, 0, 21), HPTE_H_RESOURCE);
	assert_int_equal(prepare(f, 0, 17), HPTE_H_PARAMETER);
	assert_int_equal(prepare(f, 1, 19), HPTE_H_PARAMETER);
	assert_int_equal(f->host.tables, 1);
	assert_int_equal(commit(f, 0, 20), HPTE_H_SUCCESS);
	f->host.ops.hpt_alloc = NULL;
	f->order = 18;
	fixture_restart(f);
	assert_int_equal(prepare(f, 0, 19), HPTE_H_RESOURCE);
	assert_int_equal(commit(f, 0, 19), HPTE_H_CLOSED);
}

static void v86_v88_later(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = bolted(f, entry_sizes[0], 0, false);

	entry_put(f, &e, ENTRY_VALID, true);
	f->host.alloc_result = HPTE_HOST_LATER;
	assert_int_equal(prepare(f, 0, 20), HPTE_H_LONG_BUSY_10_MS);
	assert_int_equal(commit(f, 0, 20), HPTE_H_BUSY);
	assert_int_equal(prepare(f, 0, 20), HPTE_H_LONG_BUSY_10_MS);
	assert_int_equal(hpte_table_order(&f->table), 18);
	f->host.alloc_result = HPTE_HOST_DONE;
	assert_int_equal(prepare(f, 0, 20), HPTE_H_SUCCESS);
	f->host.calls.alloc = 0;
	assert_int_equal(prepare(f, 0, 20), HPTE_H_SUCCESS);
	assert_int_equal(f->host.calls.alloc, 0);
	assert_int_equal(f->host.tables, 1);
	assert_int_equal(f->host.calls.cancel, 0);
	assert_int_equal(commit(f, 0, 20), HPTE_H_SUCCESS);
	f->order = 20;
	assert_guest_is(f, moved_index(f, &e), e.guest.dw0, e.guest.dw1);
}

/* A different size replaces what is pending. */
static void another_size_replaces(void **state)
{
	struct fixture *f = fixture_of(state);

	assert_int_equal(prepare(f, 0, 19), HPTE_H_SUCCESS);
	assert_int_equal(prepare(f, 0, 20), HPTE_H_SUCCESS);
	assert_int_equal(f->host.tables, 1);
	assert_int_equal(f->host.calls.free, 1);
	assert_int_equal(commit(f, 0, 19), HPTE_H_CLOSED);
	assert_int_equal(commit(f, 0, 20), HPTE_H_SUCCESS);
}

/* D20: what does not match drops nothing. */
static void d20_mismatch_keeps_pending(void **state)
{
	struct fixture *f = fixture_of(state);

	assert_int_equal(commit(f, 0, 19), HPTE_H_CLOSED);
	assert_int_equal(prepare(f, 0, 19), HPTE_H_SUCCESS);
	assert_int_equal(commit(f, 0, 20), HPTE_H_CLOSED);
	assert_int_equal(commit(f, 0, UINT64_C(0x100000013)), HPTE_H_CLOSED);
	assert_int_equal(commit(f, 1, 19), HPTE_H_CLOSED);
	assert_int_equal(commit(f, 0, 0), HPTE_H_CLOSED);
	assert_int_equal(hpte_table_order(&f->table), 18);
	assert_int_equal(f->host.tables, 1);
	assert_int_equal(commit(f, 0, 19), HPTE_H_SUCCESS);
	assert_int_equal(commit(f, 0, 19), HPTE_H_CLOSED);
}

static void v89_what_is_not_bolted_stays_behind(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);
	uint64_t before = hpte_table_generation(&f->table);
	struct hpte_view view;
	struct hpte_memory old = f->first.memory;
	uint64_t i;

	entry_put(f, &e, ENTRY_VALID, false);
	resize_to(f, 19);
	assert_int_equal(hpte_table_find(&f->table, &e.va, 0, &view),
			 HPTE_ERR_NOTFOUND);
	for (i = 0; i < hpte_table_entries(&f->table); i++)
		assert_empty(f, i);
	/* No stale translation, no stale view of a device. */
	if (f->kind->walker)
		assert_true(f->host.calls.flush_all + f->host.calls.flush > 0);
	assert_true(hpte_table_generation(&f->table) > before);
	assert_int_equal(f->host.calls.free, 1);
	assert_ptr_equal(f->host.freed.base, old.base);
	assert_ptr_equal(f->host.freed.side, old.side);
	assert_int_equal(f->host.freed_order, 18);
	assert_int_equal(f->host.calls.stop, 1);
	assert_int_equal(f->host.calls.start, 1);
	/* The guest faults and enters it again. */
	e = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);
	hcall_enter(f, &e, 0);
	assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1);
}

/* R and C that only the hardware had set come along. */
static void hardware_rc_moves(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);

	e.guest.dw0 |= BOLTED;
	entry_put(f, &e, ENTRY_VALID, false);
	memory_set_rc(f, e.index, HPTE_DW1_RC);
	resize_to(f, 20);
	assert_guest_is(f, moved_index(f, &e), e.guest.dw0,
			e.guest.dw1 | HPTE_DW1_RC);
	assert_true(fake_host_covers(&f->host.dirty, e.real, 4096));
	assert_no_host(memory_entry(f, moved_index(f, &e)).dw1);
}

static void vcpus_do_not_stop(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = bolted(f, entry_sizes[0], 0, false);
	const uint64_t args[] = { 0, 19 };
	struct hcall call;

	entry_put(f, &e, ENTRY_VALID, true);
	assert_int_equal(prepare(f, 0, 19), HPTE_H_SUCCESS);
	f->host.stop_refused = true;
	hcall_prepare(f, &call, HPTE_HCALL_RESIZE_HPT_COMMIT, args, 2);
	assert_int_equal(hpte_hcall_dispatch(&f->vm, call.gpr, 0),
			 HPTE_HCALL_AGAIN);
	assert_memory_equal(call.gpr, call.before, sizeof(call.gpr));
	assert_int_equal(hpte_table_order(&f->table), 18);
	/* The gate is open again. */
	assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1);
	assert_int_equal(HCALL(f, &call, HPTE_HCALL_READ, 0, e.index),
			 HPTE_H_SUCCESS);
	f->host.stop_refused = false;
	assert_int_equal(commit(f, 0, 19), HPTE_H_SUCCESS);
}

struct gate {
	struct fixture *f;
	struct hcall call;
	uint64_t opcode;
	enum hpte_hcall_disposition disposition;
};

static void call_at_the_gate(void *arg)
{
	struct gate *gate = arg;

	gate->disposition = hpte_hcall_dispatch(&gate->f->vm, gate->call.gpr,
						0);
}

/* Calls that come while the table is being replaced are made again. */
static void gate_is_closed_meanwhile(void **state)
{
	static const uint64_t opcode[] = {
		HPTE_HCALL_READ, HPTE_HCALL_ENTER, HPTE_HCALL_REMOVE,
		HPTE_HCALL_PROTECT, HPTE_HCALL_CLEAR_MOD,
		HPTE_HCALL_CLEAR_REF, HPTE_HCALL_BULK_REMOVE,
		HPTE_HCALL_RESIZE_HPT_COMMIT
	};
	struct fixture *f = fixture_of(state);
	const uint64_t args[] = { 0, 19 };
	unsigned int i;

	for (i = 0; i < 8; i++) {
		struct gate gate;

		f->order = 18;
		fixture_restart(f);
		gate.f = f;
		gate.disposition = HPTE_HCALL_NOT_MINE;
		hcall_prepare(f, &gate.call, opcode[i], args, 2);
		assert_int_equal(prepare(f, 0, 19), HPTE_H_SUCCESS);
		fake_host_inject(&f->host, FAKE_AT_STOP, call_at_the_gate,
				 &gate);
		assert_int_equal(commit(f, 0, 19), HPTE_H_SUCCESS);
		assert_int_equal(gate.disposition, HPTE_HCALL_AGAIN);
		assert_memory_equal(gate.call.gpr, gate.call.before,
				    sizeof(gate.call.gpr));
	}
}

struct second_resize {
	struct fixture *f;
	struct hpte_resize *resize;
	int64_t code;
	int status;
};

static void prepare_again(void *arg)
{
	struct second_resize *second = arg;

	second->status = hpte_resize_prepare(second->resize,
					     &second->f->table, 0, 20,
					     &second->code);
}

static void commit_again(void *arg)
{
	struct second_resize *second = arg;

	second->status = hpte_resize_commit(second->resize, &second->f->table,
					    0, 19, &second->code);
}

static void one_resize_at_a_time(void **state)
{
	static void (*const again[])(void *arg) = {
		prepare_again, commit_again
	};
	struct fixture *f = fixture_of(state);
	unsigned int i;

	for (i = 0; i < 2; i++) {
		struct second_resize second = { f, NULL, POISON, 99 };
		struct hpte_resize resize;
		int64_t code = POISON;

		memset(&resize, 0, sizeof(resize));
		second.resize = &resize;
		fake_host_inject(&f->host, FAKE_AT_ALLOC, again[i], &second);
		assert_int_equal(hpte_resize_prepare(&resize, &f->table, 0, 19,
						     &code), HPTE_OK);
		assert_int_equal(code, HPTE_H_SUCCESS);
		assert_true(fake_host_injected(&f->host, FAKE_AT_ALLOC));
		assert_int_equal(second.status, HPTE_ERR_AGAIN);
		assert_int_equal(second.code, POISON);
		assert_int_equal(hpte_resize_prepare(&resize, &f->table, 0, 0,
						     &code), HPTE_OK);
		assert_int_equal(f->host.tables, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_EVERY_KIND(bolted_entries_move),
		TEST_EVERY_KIND_24(v79_known_places),
		TEST_EVERY_KIND_24(v80_collision),
		TEST_EVERY_KIND(v82_inert_entries),
		TEST_EVERY_KIND(v83_cancel),
		TEST_EVERY_KIND(give_up_after_a_commit),
		TEST_EVERY_KIND(v85_shift_bounds),
		TEST_EVERY_KIND(order_max_and_no_memory),
		TEST_EVERY_KIND(v86_v88_later),
		TEST_EVERY_KIND(another_size_replaces),
		TEST_EVERY_KIND(d20_mismatch_keeps_pending),
		TEST_EVERY_KIND(v89_what_is_not_bolted_stays_behind),
		TEST_WALKER_KIND(hardware_rc_moves),
		TEST_EVERY_KIND(vcpus_do_not_stop),
		TEST_EVERY_KIND(gate_is_closed_meanwhile),
		TEST_EVERY_KIND(one_resize_at_a_time),
	};

	return TEST_RUN("resize", tests);
}
