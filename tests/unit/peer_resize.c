/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/peer_resize.c - bugs of other hypervisors: resize and reset.
 *
 * The numbers in test names are those of COVERAGE.md.  Where an entry belongs
 * is computed by tests/support/ref_codec.c, not by the library.
 */
#include "fixture.h"

#include <string.h>

#include "ref_codec.h"

#define ORDERS		5U	/* 18..22 */
#define PLACED		(2 * ENTRY_SIZES)
#define ARRAY_COUNT(a)	(sizeof(a) / sizeof((a)[0]))

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

static void restart_at(struct fixture *f, unsigned int order)
{
	f->order = order;
	fixture_restart(f);
	fake_host_fini(&f->host);
}

/* A bolted entry whose VSID makes its group another one for each @n. */
static struct entry bolted(struct fixture *f, struct entry_size size,
			   unsigned int n, bool secondary)
{
	struct entry e = entry_make(f, size, n, secondary,
				    ENTRY_RW | HPTE_DW1_KEY);

	e.va.vsid += (uint64_t)n << 4;
	e.guest.dw0 = hpte_hash_dw0(&e.va) | HPTE_DW0_BOLTED | HPTE_DW0_V |
		      (e.guest.dw0 & (HPTE_DW0_L | HPTE_DW0_H));
	return e;
}

static struct ref_va ref_va_of(const struct entry *e)
{
	struct ref_va va;

	ref_va_make(&va, e->va.segment, e->va.base, e->va.vsid, e->va.offset);
	return va;
}

static uint64_t place(const struct entry *e, unsigned int n,
		      unsigned int order)
{
	struct ref_va va = ref_va_of(e);

	return 8 * ref_group(&va, (e->guest.dw0 & HPTE_DW0_H) != 0, order) +
	       n % 8;
}

/* Found where it belongs; and what flushes it there is right, too. */
static void check_placed(struct fixture *f, struct entry *e, unsigned int n,
			 unsigned int order)
{
	const struct ref_page *page =
		&ref_pages[ref_page_find(e->page.base, e->page.actual)];
	struct ref_va va = ref_va_of(e);
	struct hpte_view view;
	struct hcall call;

	e->index = place(e, n, order);
	assert_guest_is(f, e->index, e->guest.dw0, e->guest.dw1);
	assert_int_equal(hpte_table_find(&f->table, &e->va, 0, &view),
			 HPTE_OK);
	assert_int_equal(view.index, e->index);
	/* absent now: no TLB can have it; and no emulator a device's */
	if (!entry_flushes(f, n % 3 == ENTRY_MMIO ? ENTRY_MMIO : ENTRY_ABSENT))
		return;
	fake_host_forget(&f->host);
	assert_int_equal(HCALL(f, &call, HPTE_HCALL_REMOVE, 0, e->index),
			 HPTE_H_SUCCESS);
	assert_int_equal(f->host.rbs, 1);
	assert_int_equal(f->host.rb[0], ref_tlbie_rb(&va, page, e->guest.dw1));
}

/* 6-13: secondary entries; 6-15, 27: every size, in both formats. */
static void bug_6_13_6_15_27_all_sizes_all_orders(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int way, n;

	for (way = 0; way < ORDERS * ORDERS; way++) {
		unsigned int from = 18 + way % ORDERS;
		unsigned int to = 18 + way / ORDERS;
		struct entry e[PLACED];

		restart_at(f, from);
		for (n = 0; n < PLACED; n++) {
			e[n] = bolted(f, entry_sizes[n / 2], n, n & 1);
			e[n].index = place(&e[n], n, from);
			entry_put(f, &e[n], (enum entry_state)(n % 3), true);
		}
		assert_int_equal(prepare(f, 0, to), HPTE_H_SUCCESS);
		assert_int_equal(commit(f, 0, to), HPTE_H_SUCCESS);
		assert_int_equal(hpte_table_order(&f->table), to);
		for (n = 0; n < PLACED; n++)
			check_placed(f, &e[n], n, to);
	}
}

/* Copies of a guest's entry in the table, and whether they can be found. */
static unsigned int copies(struct fixture *f, const struct entry *e,
			   unsigned int order)
{
	const struct ref_page *page =
		&ref_pages[ref_page_find(e->page.base, e->page.actual)];
	uint64_t i, entries = hpte_table_entries(&f->table);
	unsigned int count = 0;
	struct hpte_view view;

	for (i = 0; i < entries; i++) {
		if (!memory_entry(f, i).dw0 ||
		    hpte_table_read(&f->table, i, &view) != HPTE_OK ||
		    view.guest.dw0 != e->guest.dw0 ||
		    view.guest.dw1 != e->guest.dw1)
			continue;
		count++;
		assert_true(ref_reachable(e->guest.dw0, page, i / 8, order));
	}
	return count;
}

/* H_ENTER does not check the group: a resize meets entries anywhere. */
static void bug_6_14_misplaced_bolted_entries(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int n, shift, to;

	for (n = 0; n < PLACED; n++) {
		/* a third of them: others with the next page size */
		for (shift = n / 2 % 3; shift < 12; shift += 3) {
			struct entry e = bolted(f, entry_sizes[n / 2], n,
						n & 1);
			const struct ref_page *page = &ref_pages[
				ref_page_find(e.page.base, e.page.actual)];
			bool usable;

			to = 18 + shift / 3 % 3;
			restart_at(f, 19);
			e.index = place(&e, n, 19) ^ UINT64_C(8) << shift;
			usable = ref_reachable(e.guest.dw0, page, e.index / 8,
					       19);
			hcall_enter(f, &e, HPTE_HFLAG_EXACT);
			assert_int_equal(prepare(f, 0, to), HPTE_H_SUCCESS);
			assert_int_equal(commit(f, 0, to), HPTE_H_SUCCESS);
			assert_int_equal(copies(f, &e, to), usable);
		}
	}
}

/* Two bolted entries that shrinking brings to one slot, and some others. */
static void fill_to_collide(struct fixture *f, struct entry *e,
			    enum entry_state state)
{
	unsigned int n;

	for (n = 0; n < 6; n++) {
		e[n] = bolted(f, ENTRY_4K, 0, n & 1);
		e[n].va.vsid += (uint64_t)(n / 2 + 1) << 30 | (n < 2 ? 0 :
				(uint64_t)n << 4);
		if (n == 4)
			e[n].va.vsid = e[2].va.vsid ^ 0x800;
		e[n].guest.dw0 = hpte_hash_dw0(&e[n].va) | HPTE_DW0_BOLTED |
				 HPTE_DW0_V | (e[n].guest.dw0 & HPTE_DW0_H);
		if (n < 2 || n == 5)
			e[n].guest.dw0 &= ~HPTE_DW0_BOLTED;
		e[n].guest.dw1 += (uint64_t)n << 12;
		e[n].index = place(&e[n], 3, f->order);
		entry_put(f, &e[n], n == 5 ? ENTRY_MMIO : state, true);
	}
}

static void commit_that_collides(struct fixture *f)
{
	assert_int_equal(prepare(f, 0, 18), HPTE_H_SUCCESS);
	assert_int_equal(commit(f, 0, 18), HPTE_H_PTEG_FULL);
	assert_int_equal(f->host.tables, 0);
}

static void bug_6_8_failed_commit_changes_nothing(void **state)
{
	struct fixture *f = fixture_of(state);
	size_t bytes = (size_t)hpte_table_bytes(20);
	unsigned char *before = test_malloc(bytes);
	struct entry e[6];
	unsigned int n;

	restart_at(f, 20);
	fill_to_collide(f, e, ENTRY_ABSENT);
	memcpy(before, hpte_table_base(&f->table), bytes);
	commit_that_collides(f);
	assert_memory_equal(hpte_table_base(&f->table), before, bytes);
	/* Valid ones become absent, which no guest can see: the same bytes. */
	restart_at(f, 20);
	fill_to_collide(f, e, ENTRY_VALID);
	commit_that_collides(f);
	assert_memory_equal(hpte_table_base(&f->table), before, bytes);
	for (n = 0; n < 6; n++)
		assert_guest_is(f, e[n].index, e[n].guest.dw0,
				e[n].guest.dw1);
	test_free(before);
}

/* 87: what is left of a resize that failed, or of one given up. */
static void bug_87_reset_after_a_resize_that_failed(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e[6], again;
	unsigned int abandoned;
	int64_t code;

	for (abandoned = 0; abandoned < 2; abandoned++) {
		restart_at(f, 20);
		fill_to_collide(f, e, ENTRY_VALID);
		if (abandoned)
			assert_int_equal(prepare(f, 0, 18), HPTE_H_SUCCESS);
		else
			commit_that_collides(f);
		hpte_table_reset(&f->table);
		assert_int_equal(hpte_table_order(&f->table), 20);
		assert_int_equal(hpte_table_entries(&f->table), 0x10000);
		assert_ptr_equal(hpte_table_base(&f->table),
				 f->first.memory.base);
		again = entry_make(f, ENTRY_4K, 1, true, ENTRY_RW);
		hcall_enter(f, &again, 0);
		assert_guest_is(f, again.index, again.guest.dw0,
				again.guest.dw1);
		/* The guest after the reset may, or may not, start over. */
		code = commit(f, 0, 18);
		assert_int_equal(code, abandoned ? HPTE_H_SUCCESS :
						   HPTE_H_CLOSED);
		assert_int_equal(hpte_table_order(&f->table),
				 abandoned ? 18 : 20);
		assert_int_equal(hpte_table_entries(&f->table),
				 UINT64_C(1) << (abandoned ? 14 : 16));
	}
}

/* Order of events, seen by the host. */
static struct {
	struct fixture *f;
	unsigned int events;
	unsigned int flushed;	/* 0: not yet */
	unsigned int freed;
	unsigned int started;
	uint64_t valid;		/* entries with V=1 at the flush */
} seen;

static void seen_flush(void *ctx)
{
	uint64_t i;

	(void)ctx;
	seen.flushed = ++seen.events;
	for (i = 0; i < hpte_table_entries(&seen.f->table); i++)
		seen.valid += memory_entry(seen.f, i).dw0 & HPTE_DW0_V;
}

static void seen_free(void *ctx, unsigned int order,
		      const struct hpte_memory *memory)
{
	(void)ctx;
	(void)order;
	(void)memory;
	seen.freed = ++seen.events;
}

static void seen_start(void *ctx)
{
	(void)ctx;
	seen.started = ++seen.events;
}

/* 31: the whole TLB goes, even if the table keeps its size and place. */
static void bug_31_reset_and_resize_flush(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int resize;

	f->host.ops.tlb_invalidate_all = seen_flush;
	f->host.ops.hpt_free = seen_free;
	f->host.ops.vcpus_start = seen_start;
	for (resize = 0; resize < 2; resize++) {
		struct entry e = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);

		restart_at(f, 18);
		hcall_enter(f, &e, 0);
		memset(&seen, 0, sizeof(seen));
		seen.f = f;
		if (resize) {
			assert_int_equal(prepare(f, 0, 18), HPTE_H_SUCCESS);
			assert_int_equal(commit(f, 0, 18), HPTE_H_SUCCESS);
			/* before the guest runs, and the memory is reused */
			assert_true(seen.started > seen.flushed);
			assert_true(seen.freed > seen.flushed);
		} else {
			hpte_table_reset(&f->table);
		}
		assert_int_not_equal(seen.flushed, 0);
		assert_int_equal(seen.valid, 0);
	}
}

/* A cached decision about a device never becomes true again. */
static void bug_6_3_generation_never_repeats(void **state)
{
	struct fixture *f = fixture_of(state);
	uint64_t last = 0, now;
	struct hcall call;
	unsigned int i;

	for (i = 0; i < 20; i++) {
		struct entry e;

		now = hpte_table_generation(&f->table);
		assert_true(now > last);
		last = now;
		f->order = hpte_table_order(&f->table);
		e = entry_make(f, ENTRY_4K, i, false, HPTE_DW1_I | 2);
		entry_put(f, &e, ENTRY_MMIO, false);
		switch (i % 4) {
		case 0:
			hpte_table_reset(&f->table);
			break;
		case 1:
			assert_int_equal(prepare(f, 0, 18 + i % 3),
					 HPTE_H_SUCCESS);
			assert_int_equal(commit(f, 0, 18 + i % 3),
					 HPTE_H_SUCCESS);
			break;
		case 2:
			while (HCALL(f, &call, HPTE_HCALL_CLEAR_HPT) ==
			       HPTE_H_CONTINUE)
				;
			break;
		default:
			assert_int_equal(HCALL(f, &call, HPTE_HCALL_REMOVE, 0,
					       e.index), HPTE_H_SUCCESS);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_EVERY_KIND(bug_6_13_6_15_27_all_sizes_all_orders),
		TEST_EVERY_KIND(bug_6_14_misplaced_bolted_entries),
		TEST_EVERY_KIND(bug_6_8_failed_commit_changes_nothing),
		TEST_EVERY_KIND(bug_87_reset_after_a_resize_that_failed),
		TEST_EVERY_KIND(bug_31_reset_and_resize_flush),
		TEST_EVERY_KIND(bug_6_3_generation_never_repeats),
	};

	return TEST_RUN("peer_resize", tests);
}
