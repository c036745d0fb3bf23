/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/stress/stress.c - threads against one table.
 *
 * Threads insert, remove, read, find, protect, clear, promote and demote
 * entries of a few groups, while a simulated hardware walker uses valid
 * entries and sets R and C in them.  Everything in an entry follows from one
 * number, so that whoever sees an entry can tell whether its parts belong
 * together.  Checked all the time:
 *
 *	- no view mixes two entries, shows the host's address, or has wider
 *	  rights than the guest ever gave
 *	- the walker finds the host's page of the entry it matched
 *	- the walker is never caught in an entry after its invalidation
 * and at the end: every entry inserted was removed once or is still there,
 * no slot is left BUSY, and valid entries are as many as were made.
 *
 * Usage: stress [--seconds N] [--threads N] [--seed N]
 */
#include "support/random.h"

#include <hpte/hpte.h>

#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ORDER		18U
#define GROUPS		2U	/* hot groups */
#define SLOTS		(GROUPS * HPTE_GROUP_ENTRIES)
#define MOST_THREADS	8
#define HOST_OFFSET	(UINT64_C(1) << 40)
#define REAL_MASK	UINT64_C(0xFFFFFFF000)
#define EXIT_SKIP	77

/* CPU facts of this machine. */
static unsigned int test_cpu(void)
{
#ifdef __x86_64__
	return __builtin_cpu_supports("avx") ? HPTE_CPU_LOAD16 : 0;
#else
	return 0;
#endif
}

/* One configuration under test, shared by all its threads. */
struct run {
	struct hpte_table table;
	struct hpte_vm vm;
	unsigned int flags;
	atomic_bool stop;
	atomic_ulong inserted, removed, operations;
	atomic_ulong walk;	/* odd: the walker is inside an entry */
	atomic_ulong sequence;	/* host invalidations begun and ended */
	atomic_ulong invalidating;
	atomic_ulong dirty;
	uint64_t seed;
};

struct worker {
	struct run *run;
	struct test_random random;
	pthread_t thread;
};

static void fail(const char *what, ...)
{
	va_list args;

	va_start(args, what);
	fputs("stress: ", stderr);
	vfprintf(stderr, what, args);
	fputc('\n', stderr);
	va_end(args);
	abort();
}

/* The guest's entry that has number @id in its AVPN. */
static struct hpte entry_of(uint64_t id)
{
	struct hpte entry;

	entry.dw0 = (id & 0xFFFFF) << 12 | HPTE_DW0_V;
	entry.dw1 = (id * 0x9E37B & 0xFFFFF) << 12 | HPTE_DW1_M;
	return entry;
}

static uint64_t id_of(uint64_t dw0)
{
	return dw0 >> 12 & 0xFFFFF;
}

static void check_guest(const struct hpte *guest, const char *who)
{
	struct hpte want = entry_of(id_of(guest->dw0));
	const uint64_t may_vary = HPTE_DW1_RC | HPTE_DW1_PP | HPTE_DW1_N;

	if (guest->dw0 != want.dw0 || ((guest->dw1 ^ want.dw1) & ~may_vary))
		fail("%s: mixed entry %016llx %016llx", who,
		     (unsigned long long)guest->dw0,
		     (unsigned long long)guest->dw1);
}

/* Wait until the walker has left whatever it was in when we were called. */
static void tlb_invalidate(void *ctx, const uint64_t *rb, unsigned int count,
			   unsigned int flags)
{
	struct run *run = ctx;
	unsigned long walk;

	(void)rb;
	(void)flags;
	if (!count)
		fail("empty invalidation");
	atomic_thread_fence(memory_order_seq_cst);
	walk = atomic_load(&run->walk);
	while ((walk & 1) && atomic_load(&run->walk) == walk)
		sched_yield();
}

static void tlb_invalidate_all(void *ctx)
{
	uint64_t rb = 0;

	tlb_invalidate(ctx, &rb, 1, 0);
}

static enum hpte_host_result map_page(void *ctx, uint64_t gpa,
				      unsigned int shift, bool want_write,
				      struct hpte_host_page *page)
{
	(void)ctx;
	(void)want_write;
	page->real = gpa + HOST_OFFSET;
	page->shift = (uint8_t)shift;
	page->writable = (gpa & 0x1000) != 0;
	return HPTE_HOST_DONE;
}

static uint64_t inval_begin(void *ctx)
{
	return atomic_load(&((struct run *)ctx)->sequence);
}

static bool inval_retry(void *ctx, uint64_t sequence)
{
	struct run *run = ctx;

	return atomic_load(&run->invalidating) ||
	       atomic_load(&run->sequence) != sequence;
}

static void mark_dirty(void *ctx, uint64_t gpa, uint64_t bytes)
{
	struct run *run = ctx;

	if (bytes != 0x1000 || (gpa & ~REAL_MASK))
		fail("dirty %llx", (unsigned long long)gpa);
	atomic_fetch_add(&run->dirty, 1);
}

static const struct hpte_host_ops ops = {
	.ops_size = sizeof(ops),
	.map_page = map_page,
	.inval_begin = inval_begin,
	.inval_retry = inval_retry,
	.tlb_invalidate = tlb_invalidate,
	.tlb_invalidate_all = tlb_invalidate_all,
	.mark_dirty = mark_dirty,
};

/* The hardware: use one entry, set R and C as a store does. */
static void walk_entry(struct run *run, uint64_t index)
{
	uint64_t *words = (uint64_t *)hpte_table_base(&run->table) + 2 * index;
	uint8_t *bytes = (uint8_t *)&words[1];
	struct hpte want;
	uint64_t dw0, dw1;

	atomic_fetch_add(&run->walk, 1);
	dw0 = hpte_be64_to_host(__atomic_load_n(&words[0], __ATOMIC_SEQ_CST));
	dw1 = hpte_be64_to_host(__atomic_load_n(&words[1], __ATOMIC_ACQUIRE));
	/* the entry is ours while V=1 was seen inside this walk */
	if (dw0 & HPTE_DW0_V) {
		want = entry_of(id_of(dw0));
		if ((dw1 & (REAL_MASK | HOST_OFFSET)) !=
		    ((want.dw1 & REAL_MASK) | HOST_OFFSET))
			fail("walker: %016llx %016llx", (unsigned long long)dw0,
			     (unsigned long long)dw1);
		__atomic_store_n(&bytes[6], (uint8_t)(dw1 >> 8 | 1),
				 __ATOMIC_RELAXED);
		if (hpte_entry_writable(dw1))
			__atomic_store_n(&bytes[7], (uint8_t)(dw1 | 0x80),
					 __ATOMIC_RELAXED);
	}
	atomic_fetch_add(&run->walk, 1);
}

static void *walker(void *arg)
{
	struct worker *worker = arg;
	struct run *run = worker->run;

	while (!atomic_load(&run->stop))
		walk_entry(run, test_random(&worker->random) % SLOTS);
	return NULL;
}

static void hcall(struct run *run, uint64_t *gpr)
{
	if (hpte_hcall_dispatch(&run->vm, gpr, 0) == HPTE_HCALL_NOT_MINE)
		fail("opcode %llx", (unsigned long long)gpr[3]);
}

static void do_insert(struct worker *worker, uint64_t index)
{
	struct run *run = worker->run;
	struct hpte entry = entry_of(test_random(&worker->random));
	uint64_t gpr[32] = { 0 };

	gpr[3] = HPTE_HCALL_ENTER;
	gpr[4] = test_random(&worker->random) & 1 ? HPTE_HFLAG_EXACT : 0;
	gpr[5] = index;
	gpr[6] = entry.dw0;
	gpr[7] = entry.dw1;
	hcall(run, gpr);
	if (!gpr[3])
		atomic_fetch_add(&run->inserted, 1);
	else if ((int64_t)gpr[3] != HPTE_H_PTEG_FULL)
		fail("H_ENTER: %lld", (long long)gpr[3]);
}

static void do_remove(struct worker *worker, uint64_t index)
{
	struct run *run = worker->run;
	struct hpte removed;

	if (hpte_table_remove(&run->table, index, NULL, &removed) != HPTE_OK)
		return;
	check_guest(&removed, "remove");
	atomic_fetch_add(&run->removed, 1);
}

/* H_BULK_REMOVE or H_BLOCK_REMOVE of several slots, duplicates included. */
static void do_remove_many(struct worker *worker)
{
	struct run *run = worker->run;
	bool block = test_random(&worker->random) & 1;
	unsigned int most = block ? 8 : 4;
	uint64_t gpr[32] = { 0 };

	gpr[3] = block ? HPTE_HCALL_BLOCK_REMOVE : HPTE_HCALL_BULK_REMOVE;
	for (unsigned int i = 0; i < most; i++)
		gpr[block ? 5 + i : 4 + 2 * i] = UINT64_C(0x40) << 56 |
			test_random(&worker->random) % SLOTS;
	hcall(run, gpr);
	if (gpr[3] && (int64_t)gpr[3] != HPTE_H_PARTIAL)
		fail("remove many: %lld", (long long)gpr[3]);
	for (unsigned int i = 0; i < most; i++) {
		uint64_t status = gpr[block ? 4 + i : 4 + 2 * i] >> 56;

		if ((status & (block ? 0xF8 : 0xF0)) == 0x80)
			atomic_fetch_add(&run->removed, 1);
	}
}

static void do_read(struct worker *worker, uint64_t index)
{
	struct hpte_view view;

	if (hpte_table_read(&worker->run->table, index, &view) == HPTE_OK)
		check_guest(&view.guest, "read");
}

static void do_change(struct worker *worker, uint64_t index)
{
	struct hpte_table *table = &worker->run->table;
	uint64_t bits = test_random(&worker->random) & 3, old;
	int status;

	if (test_random(&worker->random) & 1)
		status = hpte_table_protect(table, index, NULL, HPTE_DW1_PP,
					    bits);
	else
		status = hpte_table_clear(table, index, bits & 1 ? HPTE_DW1_R :
					  HPTE_DW1_C, &old);
	if (status != HPTE_OK && status != HPTE_ERR_NOTFOUND &&
	    status != HPTE_ERR_AGAIN)
		fail("change: %d", status);
}

static void do_promote(struct worker *worker, uint64_t index)
{
	struct run *run = worker->run;
	struct hpte_host_page page;
	struct hpte_view view;
	uint64_t bits = test_random(&worker->random) & HPTE_DW1_RC;
	int status;

	if (hpte_table_read(&run->table, index, &view) != HPTE_OK)
		return;
	check_guest(&view.guest, "token");
	if (view.state & HPTE_VIEW_VALID)
		return;
	if (!(run->flags & HPTE_TABLE_WALKER)) {
		status = hpte_table_set_rc(&run->table, &view, bits);
	} else {
		page.sequence = inval_begin(run);
		(void)map_page(run, hpte_entry_real(view.guest.dw1, 12), 12,
			       true, &page);
		status = hpte_table_promote(&run->table, &view, &page);
	}
	if (status != HPTE_OK && status != HPTE_ERR_AGAIN)
		fail("promote: %d", status);
}

/* The host takes a page back: after it the walker must not have V=1 there. */
static void do_demote(struct worker *worker, uint64_t index)
{
	struct run *run = worker->run;
	int status;

	atomic_fetch_add(&run->invalidating, 1);
	status = hpte_table_demote(&run->table, index);
	atomic_fetch_add(&run->sequence, 1);
	atomic_fetch_sub(&run->invalidating, 1);
	if (status != HPTE_OK && status != HPTE_ERR_NOTFOUND &&
	    status != HPTE_ERR_AGAIN)
		fail("demote: %d", status);
}

static void *hammer(void *arg)
{
	struct worker *worker = arg;
	struct run *run = worker->run;
	unsigned long operations = 0;

	while (!atomic_load_explicit(&run->stop, memory_order_relaxed)) {
		uint64_t random = test_random(&worker->random);
		uint64_t index = random % SLOTS;

		switch (random >> 32 & 15) {
		case 0: case 1: case 2: case 3: case 4:
			do_insert(worker, index);
			break;
		case 5: case 6: case 7:
			do_remove(worker, index);
			break;
		case 8:
			do_remove_many(worker);
			break;
		case 9: case 10:
			do_change(worker, index);
			break;
		case 11: case 12:
			do_promote(worker, index);
			break;
		case 13:
			do_demote(worker, index);
			break;
		default:
			do_read(worker, index);
			break;
		}
		operations++;
	}
	atomic_fetch_add(&run->operations, operations);
	return NULL;
}

static unsigned long count_live(struct run *run)
{
	const uint64_t *words = hpte_table_base(&run->table);
	unsigned long live = 0;
	struct hpte_view view;

	for (uint64_t index = 0; index < SLOTS; index++) {
		int status = hpte_table_read(&run->table, index, &view);

		if (status == HPTE_OK) {
			live++;
			check_guest(&view.guest, "end");
			if (view.state & HPTE_VIEW_BUSY)
				fail("slot %u left busy", (unsigned int)index);
		} else if (words[2 * index]) {
			fail("slot %u is lost", (unsigned int)index);
		}
	}
	return live;
}

static void start(struct run *run, unsigned int cpu, unsigned int flags)
{
	struct hpte_table_config config = {
		.order = ORDER, .flags = flags, .cpu = cpu, .ops = &ops,
		.ctx = run,
	};
	uint64_t side = hpte_table_side_bytes(ORDER, flags, cpu);

	config.memory.base = aligned_alloc(1 << ORDER, 1 << ORDER);
	config.memory.side = side ? aligned_alloc(64, side) : NULL;
	if (!config.memory.base || (side && !config.memory.side))
		fail("no memory");
	memset(config.memory.base, 0, 1 << ORDER);
	if (side)
		memset(config.memory.side, 0, side);
	if (hpte_table_init(&run->table, &config) != HPTE_OK)
		fail("init");
	hpte_hcall_init(&run->vm, &run->table);
	run->flags = flags;
}

static void stress(uint64_t seed, unsigned int cpu, unsigned int flags,
		   int threads, double seconds)
{
	static struct worker workers[MOST_THREADS + 1];
	long ns = (long)(seconds * 1e9);
	struct timespec pause = { ns / 1000000000, ns % 1000000000 };
	struct run run = { .seed = seed };

	start(&run, cpu, flags);
	for (int i = 0; i <= threads; i++) {
		bool hardware = i == threads && (flags & HPTE_TABLE_WALKER);

		workers[i].run = &run;
		test_random_seed(&workers[i].random, seed + (uint64_t)i);
		if (i < threads || hardware)
			if (pthread_create(&workers[i].thread, NULL,
					   hardware ? walker : hammer,
					   &workers[i]))
				fail("no thread");
	}
	nanosleep(&pause, NULL);
	atomic_store(&run.stop, true);
	for (int i = 0; i < threads + !!(flags & HPTE_TABLE_WALKER); i++)
		pthread_join(workers[i].thread, NULL);
	if (run.inserted - run.removed != count_live(&run))
		fail("%lu inserted, %lu removed, %lu there", run.inserted,
		     run.removed, count_live(&run));
	printf("%s, %s: %lu operations, %lu inserts, %lu removes, %lu dirty\n",
	       flags & HPTE_TABLE_WALKER ? "walker" : "no walker",
	       cpu & HPTE_CPU_LOAD16 ? "one load" : "separate loads",
	       run.operations, run.inserted, run.removed, run.dirty);
	free(hpte_table_base(&run.table));
	free(run.table.priv_side);
}

int main(int argc, char **argv)
{
	uint64_t seed = (uint64_t)time(NULL);
	unsigned int cpu = test_cpu() & hpte_table_cpu();
	double seconds = 2;
	int threads = 3;

	for (int i = 1; i + 1 < argc; i += 2) {
		if (!strcmp(argv[i], "--seconds"))
			seconds = atof(argv[i + 1]);
		else if (!strcmp(argv[i], "--threads"))
			threads = atoi(argv[i + 1]);
		else if (!strcmp(argv[i], "--seed"))
			seed = strtoull(argv[i + 1], NULL, 0);
	}
	if (threads < 1 || threads > MOST_THREADS)
		return 2;
	printf("seed %llu\n", (unsigned long long)seed);
	for (unsigned int kind = 0; kind < 4; kind++) {
		if ((kind & 1) && !(cpu & HPTE_CPU_LOAD16)) {
			puts("one load: not on this CPU, SKIP");
			continue;
		}
		stress(seed, kind & 1 ? cpu : 0, kind & 2 ?
		       HPTE_TABLE_WALKER : 0, threads, seconds / 4);
	}
	return 0;
}
