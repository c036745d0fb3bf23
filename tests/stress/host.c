/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/stress/host.c - the host: callbacks that call the library again, and
 * pages that are taken back.
 *
 * A callback now and then makes a call of its own, of those that never wait
 * (include/hpte/host.h, "Context"), gives its CPU away, or sleeps: in the
 * middle of the operation that called it.
 */
#include "stress.h"

#include <sched.h>
#include <time.h>

#define MOST_DEPTH	2U

static void disturb(void)
{
	struct timespec nap = { 0, 50000 };
	struct worker *worker = self;

	if (worker->is_walker)
		return;
	if (worker->depth < MOST_DEPTH && chance(worker, 8)) {
		worker->depth++;
		worker->counts[REENTRIES]++;
		guest_light_operation(worker);
		worker->depth--;
	}
	if (chance(worker, 256))
		(void)sched_yield();
	if (chance(worker, 4096))
		(void)nanosleep(&nap, NULL);
}

static enum hpte_backing_kind classify(void *ctx, uint64_t gpa,
				       unsigned int shift,
				       unsigned int *largest)
{
	(void)ctx;
	(void)shift;
	disturb();
	*largest = 16;
	return gpa & DEVICE_BIT ? HPTE_BACKING_IO : HPTE_BACKING_RAM;
}

/* The page of the host's behind an entry, as of now. */
struct hpte_host_page host_page(struct run *run, uint32_t id)
{
	uint64_t colour = atomic_load(&run->records[id].colour);
	struct hpte_host_page page = {
		.real = (entry_of(id).dw1 & HPTE_DW1_ARPN &
			 ~UINT64_C(0xFFFF)) | HOST_BIT |
			colour << COLOUR_SHIFT,
		.shift = 16,
		.writable = (id & 6) != 0,
	};

	return page;
}

static enum hpte_host_result map_page(void *ctx, uint64_t gpa,
				      unsigned int shift, bool want_write,
				      struct hpte_host_page *page)
{
	struct run *run = ctx;
	uint32_t id = id_of_gpa(gpa);

	(void)want_write;
	if (id >= IDS || shift != page_of(id).actual)
		fail("map_page: %llx", (unsigned long long)gpa);
	*page = host_page(run, id);
	disturb();
	return chance(self, 16) ? HPTE_HOST_LATER : HPTE_HOST_DONE;
}

static uint64_t inval_begin(void *ctx)
{
	disturb();
	return atomic_load(&((struct run *)ctx)->sequence);
}

static bool inval_retry(void *ctx, uint64_t sequence)
{
	struct run *run = ctx;

	disturb();
	return atomic_load(&run->invalidating) ||
	       atomic_load(&run->sequence) != sequence;
}

/* A walk that is under way may have found anything: until it has ended. */
static void await_walker(struct run *run)
{
	unsigned long walk;

	atomic_thread_fence(memory_order_seq_cst);
	walk = atomic_load(&run->walk);
	if (!(walk & 1) || self->is_walker)
		return;
	while (atomic_load(&run->walk) == walk)
		(void)sched_yield();
}

static void drop(struct run *run, unsigned int at)
{
	uint64_t held = atomic_load(&run->held[at]);

	(void)atomic_compare_exchange_strong(&run->held[at], &held, 0);
}

static void tlb_invalidate(void *ctx, const uint64_t *rb, unsigned int count,
			   unsigned int flags)
{
	struct run *run = ctx;

	if (!count || !(flags & HPTE_TLB_GLOBAL))
		fail("invalidation of %u, flags %x", count, flags);
	self->counts[INVALIDATIONS]++;
	disturb();
	await_walker(run);	/* who may have found it */
	for (unsigned int i = 0; i < count; i++)
		for (unsigned int at = 0; at < HELD; at++)
			if (atomic_load(&run->held_rb[at]) == rb[i])
				drop(run, at);
	await_walker(run);	/* who may be using it */
	disturb();
}

static void tlb_invalidate_all(void *ctx)
{
	struct run *run = ctx;

	await_walker(run);
	for (unsigned int at = 0; at < HELD; at++)
		drop(run, at);
	await_walker(run);
}

static void mark(struct run *run, uint64_t gpa, uint64_t bytes,
		 unsigned int bit)
{
	uint32_t id = id_of_gpa(gpa);

	if (id >= IDS || bytes != UINT64_C(1) << page_of(id).actual ||
	    (gpa & ~(DEVICE_BIT | (((uint64_t)IDS << 16) - 1))))
		fail("marked: %llx", (unsigned long long)gpa);
	(void)add_state(run, id, bit);
	disturb();
}

static void mark_dirty(void *ctx, uint64_t gpa, uint64_t bytes)
{
	mark(ctx, gpa, bytes, DIRTY);
}

static void mark_young(void *ctx, uint64_t gpa, uint64_t bytes)
{
	mark(ctx, gpa, bytes, YOUNG);
}

static bool guest_write(void *ctx, uint64_t gpa, const void *from,
			uint64_t bytes)
{
	(void)ctx;
	(void)gpa;
	(void)bytes;
	disturb();
	return from == NULL;
}

const struct hpte_host_ops stress_ops = {
	.ops_size = sizeof(stress_ops),
	.classify = classify,
	.map_page = map_page,
	.inval_begin = inval_begin,
	.inval_retry = inval_retry,
	.tlb_invalidate = tlb_invalidate,
	.tlb_invalidate_all = tlb_invalidate_all,
	.mark_dirty = mark_dirty,
	.mark_young = mark_young,
	.guest_write = guest_write,
};

/*
 * The host takes back the page behind the entry in a slot, in the order that
 * hpte_table_demote() asks for.  After it no walker may use the old page.
 */
void host_unmap(struct worker *worker, uint64_t index)
{
	struct run *run = worker->run;
	struct hpte_view view;
	struct record *record;
	uint8_t mine, oldest;
	uint32_t id;
	int status;

	if (hpte_table_read(&run->table, index, &view) != HPTE_OK)
		return;
	id = check_guest(run, &view.guest, "unmap");
	record = &run->records[id];
	(void)atomic_fetch_add(&run->invalidating, 1);
	mine = (uint8_t)(atomic_fetch_add(&record->colour, 1) + 1);
	atomic_thread_fence(memory_order_seq_cst);
	for (;;) {
		status = hpte_table_demote(&run->table, index);
		if (status != HPTE_ERR_AGAIN)
			break;
		(void)sched_yield();
	}
	if (status != HPTE_OK && status != HPTE_ERR_NOTFOUND)
		fail("demote: %d", status);
	oldest = atomic_load(&record->oldest);
	while ((int8_t)(mine - oldest) > 0 &&
	       !atomic_compare_exchange_weak(&record->oldest, &oldest, mine))
		;
	(void)atomic_fetch_add(&run->sequence, 1);
	(void)atomic_fetch_sub(&run->invalidating, 1);
	worker->counts[DEMOTES]++;
	if (!(run->kind & KIND_WALKER))
		return;		/* an emulator does not know host pages */
	for (unsigned int i = 0; i < HELD; i++) {
		uint64_t held = atomic_load(&run->held[i]);

		if ((held & (HELD_VALID | HELD_ID)) == (HELD_VALID | id) &&
		    (int8_t)((uint8_t)(held >> HELD_COLOUR_SHIFT) - mine) < 0)
			fail("the walker holds id %u on an unmapped page", id);
	}
}
