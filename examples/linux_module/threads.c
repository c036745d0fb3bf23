/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/linux_module/threads.c - kernel threads against one table.
 *
 * Each worker changes entries of its own, in every way there is, and knows what
 * each must be; all of them hash to the same few groups, so that slots change
 * hands all the time.  One more thread walks those groups as hardware does:
 * it must find whole entries only, and what it has recorded in C may not get
 * lost, whoever takes the entry away.
 */
#include "selftest.h"

#include <linux/completion.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>

#define GROUPS		16U		/* primary ones; as many secondary */
#define OWN		64U		/* entries of each worker */
#define NOWHERE		(~UINT64_C(0))
#define BIT_R		0x01		/* byte 14 of an entry */
#define BIT_C		0x80		/* byte 15 */

/*
 * struct own - one entry of a worker
 * @n:		its page
 * @where:	its index, or NOWHERE
 * @dw1:	what the guest must see, but for R and C
 * @reported:	stores that a report of C covers
 */
struct own {
	uint64_t n;
	uint64_t where;
	uint64_t dw1;
	int reported;
	bool secondary;
};

struct worker {
	struct arena *arena;
	struct task_struct *task;
	struct completion done;
	uint64_t random;
	struct own own[OWN];
};

struct arena {
	struct subject *subject;
	struct contest *contest;
	bool stop;
	atomic_t stores[WORKERS_MAX * OWN];	/* by number_of() */
	struct worker workers[WORKERS_MAX + 1];	/* the last one walks */
};

/* Page of a worker's entry: the low bits are the group, the rest is its own. */
static uint64_t page_of(unsigned int worker, unsigned int i)
{
	uint64_t own = worker * (OWN / GROUPS) + i / GROUPS;

	return own << (TABLE_ORDER - 7) | i % GROUPS;
}

/* 0 .. WORKERS_MAX * OWN - 1 */
static unsigned int number_of(uint64_t n)
{
	return (unsigned int)((n >> (TABLE_ORDER - 7)) * GROUPS + n % GROUPS);
}

static unsigned int draw(struct worker *worker, unsigned int below)
{
	worker->random = worker->random * 6364136223846793005ULL +
			 1442695040888963407ULL;
	return (unsigned int)((worker->random >> 33) % below);
}

static void insert(struct worker *worker, struct own *own)
{
	struct hpte_host_page host = host_page_of(own->n);
	bool valid = draw(worker, 4);
	unsigned int h;
	int status = HPTE_ERR_FULL;

	for (h = 0; h < 2 && status == HPTE_ERR_FULL; h++) {
		struct hpte entry = entry_of(own->n, h);

		own->secondary = h;
		own->dw1 = entry.dw1;
		own->reported = atomic_read(&worker->arena->stores[
						number_of(own->n)]);
		status = hpte_table_insert(&worker->arena->subject->table,
					   group_of(own->n, h), 0, &entry,
					   valid ? &host : NULL, &own->where);
	}
	CHECK(status == HPTE_OK || status == HPTE_ERR_FULL);
	if (status != HPTE_OK) {
		own->where = NOWHERE;
		atomic64_inc(&worker->arena->contest->full);
	}
}

/* @dw1: as a remove or a clear of C has reported it. */
static void check_report(struct worker *worker, struct own *own, uint64_t dw1)
{
	int stores = atomic_read(&worker->arena->stores[number_of(own->n)]);

	CHECK((dw1 & ~HPTE_DW1_RC) == own->dw1);
	CHECK((dw1 & HPTE_DW1_C) || stores == own->reported);
	own->reported = stores;
}

static void remove(struct worker *worker, struct own *own)
{
	struct hpte_condition only = {
		HPTE_IF_AVPN, entry_of(own->n, false).dw0 };
	struct hpte removed = { 0, 0 };

	CHECK(hpte_table_remove(&worker->arena->subject->table, own->where,
				&only, &removed) == HPTE_OK);
	check_report(worker, own, removed.dw1);
	own->where = NOWHERE;
}

static void find(struct worker *worker, struct own *own)
{
	struct hpte_va va = va_of(own->n);
	struct hpte_view view;
	int status;

	view.index = NOWHERE;
	status = hpte_table_find(&worker->arena->subject->table, &va, 0, &view);
	CHECK(status == HPTE_OK && view.index == own->where &&
	      (view.guest.dw1 & ~HPTE_DW1_RC) == own->dw1);
}

/* AGAIN would be another owner's doing, and an entry has one worker only. */
static void change(struct worker *worker, struct own *own)
{
	struct hpte_table *table = &worker->arena->subject->table;
	struct hpte_host_page host = host_page_of(own->n);
	uint64_t pp = 2 + draw(worker, 2), old = 0;
	struct hpte_view view;
	int status;

	switch (draw(worker, 5)) {
	case 0:
		CHECK(hpte_table_protect(table, own->where, NULL, HPTE_DW1_PP,
					 pp) == HPTE_OK);
		own->dw1 = (own->dw1 & ~HPTE_DW1_PP) | pp;
		break;
	case 1:
		CHECK(hpte_table_clear(table, own->where, HPTE_DW1_R,
				       &old) == HPTE_OK);
		CHECK((old & ~HPTE_DW1_RC) == own->dw1);
		break;
	case 2:
		CHECK(hpte_table_clear(table, own->where, HPTE_DW1_C,
				       &old) == HPTE_OK);
		check_report(worker, own, old);
		break;
	case 3:
		status = hpte_table_demote(table, own->where);
		CHECK(status == HPTE_OK || status == HPTE_ERR_NOTFOUND);
		break;
	default:
		CHECK(hpte_table_read(table, own->where, &view) == HPTE_OK);
		/* AGAIN: R or C was set since the read */
		status = hpte_table_promote(table, &view, &host);
		CHECK(status == HPTE_OK || status == HPTE_ERR_AGAIN);
	}
}

/* Done; the module stays until kthread_stop() has seen the end of this. */
static int finish(struct worker *worker)
{
	complete(&worker->done);
	set_current_state(TASK_INTERRUPTIBLE);
	while (!kthread_should_stop()) {
		schedule();
		set_current_state(TASK_INTERRUPTIBLE);
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

static int work(void *data)
{
	struct worker *worker = data;
	struct contest *contest = worker->arena->contest;
	unsigned int i;

	for (i = 0; i < contest->rounds; i++) {
		struct own *own = &worker->own[draw(worker, OWN)];

		if (own->where == NOWHERE)
			insert(worker, own);
		else if (!draw(worker, 4))
			remove(worker, own);
		else if (!draw(worker, 3))
			find(worker, own);
		else
			change(worker, own);
		atomic64_inc(&contest->operations);
		if (i % 64 == 0)
			cond_resched();
	}
	for (i = 0; i < OWN; i++)
		if (worker->own[i].where != NOWHERE)
			remove(worker, &worker->own[i]);
	return finish(worker);
}

/* A bit of one byte, without touching the bits beside it, as hardware does. */
static void set_bit_of(uint8_t *byte, uint8_t bit)
{
	uint8_t old = READ_ONCE(*byte), now;

	while ((now = cmpxchg(byte, old, (uint8_t)(old | bit))) != old)
		old = now;
}

/* Look at one slot, as the walker of a CPU that stores through it. */
static void walk_slot(struct arena *arena, uint64_t index)
{
	uint64_t *entry = (uint64_t *)arena->subject->base + 2 * index;
	uint64_t dw0 = be64_to_cpup((__be64 *)entry), dw1, n, group;

	if (!(dw0 & HPTE_DW0_V))
		return;
	smp_rmb();	/* doubleword 0, then 1 */
	dw1 = be64_to_cpu(READ_ONCE(*(__be64 *)(entry + 1)));
	/* real address and virtual address must be of one page */
	n = ((dw1 & HPTE_DW1_ARPN) - HOST_START) >> PAGE_BITS;
	CHECK(n < (uint64_t)WORKERS_MAX * OWN / GROUPS << (TABLE_ORDER - 7) &&
	      n % (1U << (TABLE_ORDER - 7)) < GROUPS);
	if (n >> (TABLE_ORDER - 7) >= WORKERS_MAX * OWN / GROUPS)
		return;
	group = group_of(n, dw0 & HPTE_DW0_H) / HPTE_GROUP_ENTRIES;
	CHECK(group == index / HPTE_GROUP_ENTRIES &&
	      (dw0 & HPTE_DW0_AVPN) == entry_of(n, false).dw0);
	set_bit_of((uint8_t *)entry + 14, BIT_R);
	atomic64_inc(&arena->contest->walked);
	if (!hpte_entry_writable(dw1))
		return;
	if (!arena->contest->plant)
		set_bit_of((uint8_t *)entry + 15, BIT_C);
	atomic_inc(&arena->stores[number_of(n)]);
}

static int walk(void *data)
{
	struct worker *walker = data;
	struct arena *arena = walker->arena;
	atomic_t *at_work = &arena->subject->walk;

	while (!READ_ONCE(arena->stop)) {
		bool secondary = draw(walker, 2);
		uint64_t index = group_of(draw(walker, GROUPS), secondary) +
				 draw(walker, HPTE_GROUP_ENTRIES);

		preempt_disable();	/* who waits for us waits on a CPU */
		atomic_inc(at_work);
		smp_mb();	/* at work before the look at V */
		walk_slot(arena, index);
		smp_mb();	/* R and C before the end of the walk */
		atomic_inc(at_work);
		preempt_enable();
		cond_resched();
	}
	return finish(walker);
}

static bool start(struct arena *arena, unsigned int i, int (*run)(void *))
{
	struct worker *worker = &arena->workers[i];
	struct task_struct *task;
	unsigned int j;

	worker->arena = arena;
	worker->random = i + 1;
	init_completion(&worker->done);
	for (j = 0; j < OWN; j++) {
		worker->own[j].n = page_of(i, j);
		worker->own[j].where = NOWHERE;
	}
	task = kthread_run(run, worker, "hpte/%u", i);
	if (IS_ERR(task))
		return false;
	worker->task = task;
	return true;
}

static void run_all(struct arena *arena, unsigned int workers)
{
	unsigned int i;

	CHECK(start(arena, WORKERS_MAX, walk));
	for (i = 0; i < workers; i++)
		CHECK(start(arena, i, work));
	for (i = 0; i < workers; i++)
		if (arena->workers[i].task)
			wait_for_completion(&arena->workers[i].done);
	WRITE_ONCE(arena->stop, true);
	for (i = 0; i <= WORKERS_MAX; i++)
		if (arena->workers[i].task)
			kthread_stop(arena->workers[i].task);
}

void test_threads(struct contest *contest)
{
	struct subject *subject = subject_new(HPTE_TABLE_WALKER);
	struct arena *arena = kvzalloc(sizeof(*arena), GFP_KERNEL);
	uint64_t index;

	CHECK(subject && arena);
	if (subject && arena) {
		arena->subject = subject;
		arena->contest = contest;
		run_all(arena, contest->workers);
		/* nobody forgot an entry, no slot stayed behind */
		for (index = 0; index < TABLE_ENTRIES; index++)
			CHECK(!((uint64_t *)subject->base)[2 * index]);
		CHECK(atomic64_read(&contest->walked) > 0);
		CHECK(atomic64_read(&subject->dirty) > 0 || contest->plant);
	}
	kvfree(arena);
	if (subject)
		subject_free(subject);
}
