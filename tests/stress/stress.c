/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/stress/stress.c - threads against one table.
 *
 * A round is a fresh table of one kind: with or without hardware that walks
 * it, snapshots by one load or by several, 2.07 or 3.0 format, one hot group
 * or all of it, with or without H_CLEAR_HPT; without hardware also a private
 * one, whose host is told nothing.  Workers make hypercalls, faults
 * and host invalidations; a walker uses translations until it is told not
 * to; callbacks call the library again (host.c).  Checked all the time:
 *
 *	- no view mixes two entries or shows anything of the host
 *	- the walker finds V=1 on live entries only, with the host's page of
 *	  the entry it matched
 *	- when a remove, or an answer "not found", has returned, neither the
 *	  walker nor a reader nor a virtual CPU's cache has the entry; after a
 *	  protect nobody has the old rights; after an invalidation by the host
 *	  nobody has the old page
 *	- the walker's R and C are reported to the host before a remove returns
 *	- the generation never goes back
 * and when all have stopped: every slot was left as often as it was filled,
 * its C was reported exactly as often as it was set, R likewise, each entry
 * was removed once, nothing is BUSY or lost, all slots are free again, and the
 * table's counters say how many entries were inserted, live and valid.
 *
 * Usage: stress [--seconds N] [--threads N] [--seed N]
 */
#include "stress.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define STUCK_SECONDS	120U	/* a round that does not end by then */

_Thread_local struct worker *self;

#define SHARDS		2U	/* fewer than threads: some share one */

static struct run *current;	/* for messages */
static struct hpte_counters counters[SHARDS];
static unsigned long totals[COUNTS];

static const char *const count_names[COUNTS] = {
	"operations", "inserts", "removes", "protects", "clears", "promotes",
	"invalidations by the host", "calls inside callbacks",
	"tlb invalidations", "walks", "uses of held translations",
};

static void describe(unsigned int kind, FILE *to)
{
	fprintf(to, "%s, %s, %s, %s%s%s", kind & KIND_WALKER ? "walker" :
		kind & KIND_PRIVATE ? "private" : "emulator",
		kind & KIND_LOAD16 ? "one load" : "separate loads",
		kind & KIND_300 ? "3.0" : "2.07", kind & KIND_WHOLE ?
		"whole table" : "one group", kind & KIND_SIDE ?
		", side array" : "", kind & KIND_CLEAR ?
		", H_CLEAR_HPT" : "");
}

_Noreturn void fail(const char *what, ...)
{
	va_list args;

	va_start(args, what);
	fputs("stress: ", stderr);
	vfprintf(stderr, what, args);
	fprintf(stderr, "\nstress: seed %llu, ",
		current ? (unsigned long long)current->seed : 0);
	describe(current ? current->kind : 0, stderr);
	fputc('\n', stderr);
	va_end(args);
	abort();
}

/* CPU facts of this machine. */
static unsigned int test_cpu(void)
{
#ifdef __x86_64__
	return hpte_x86_64_cpu();
#else
	return hpte_table_cpu();
#endif
}

static void *worker_thread(void *arg)
{
	struct worker *worker = arg;

	self = worker;
	while (!atomic_load_explicit(&worker->run->stop, memory_order_relaxed))
		guest_operation(worker);
	return NULL;
}

/* Called while no other thread runs. */
static const struct hpte_host_ops *ops_of(unsigned int kind)
{
	static struct hpte_host_ops alone;

	if (!(kind & KIND_PRIVATE))
		return &stress_ops;
	alone = stress_ops;
	alone.tlb_invalidate = NULL;
	alone.tlb_invalidate_all = NULL;
	return &alone;
}

static void make_table(struct run *run)
{
	static struct hpte_caps caps[2] = {
		HPTE_CAPS_DEFAULT, HPTE_CAPS_DEFAULT
	};
	struct hpte_table_config config = {
		.order = ORDER,
		.flags = run->kind & KIND_WALKER ? HPTE_TABLE_WALKER : 0,
		.cpu = run->kind & KIND_LOAD16 ? HPTE_CPU_LOAD16 : 0,
		.caps = &caps[run->kind & KIND_300 ? 1 : 0],
		.ops = ops_of(run->kind),
		.ctx = run,
		.shards = run->kind & KIND_PRIVATE ? 0 : SHARDS,
		.counters = counters,
	};
	uint64_t side = hpte_table_side_bytes(ORDER, config.flags,
				run->kind & KIND_SIDE ? 0 : config.cpu);

	memset(counters, 0, sizeof(counters));
	caps[1].format = HPTE_FORMAT_300;
	config.memory.base = aligned_alloc(1 << ORDER, 1 << ORDER);
	config.memory.side = side ? aligned_alloc(64, side) : NULL;
	run->records = calloc(IDS, sizeof(run->records[0]));
	run->ledgers = calloc(SLOTS, sizeof(run->ledgers[0]));
	if (!config.memory.base || (side && !config.memory.side) ||
	    !run->records || !run->ledgers)
		fail("no memory");
	memset(config.memory.base, 0, 1 << ORDER);
	if (side)
		memset(config.memory.side, 0, side);
	if (hpte_table_init(&run->table, &config) != HPTE_OK)
		fail("init");
	hpte_hcall_init(&run->vm, &run->table);
}

static void make_worker(struct run *run, struct worker *worker,
			unsigned int number, unsigned int workers)
{
	memset(worker, 0, sizeof(*worker));
	worker->run = run;
	test_random_seed(&worker->random, run->seed + number);
	worker->is_walker = number == workers;
	if (number < workers) {
		worker->next_id = IDS / workers * number;
		worker->end_id = IDS / workers * (number + 1);
	}
	hpte_fault_init(&worker->vcpu, &run->table);
}

/* The counters, exactly, since nobody is at work. */
static void check_counters(const struct run *run, uint64_t live, uint64_t valid)
{
	struct hpte_counters sum;
	const uint64_t *count = sum.count;
	uint64_t entered = 0, inserted;

	if (hpte_table_counters(&run->table, &sum) != HPTE_OK)
		return;		/* not built in, or a private table's */
	for (unsigned int i = 0; i < SLOTS; i++)
		entered += run->ledgers[i].entered;
	inserted = count[HPTE_EVENT_INSERT] + count[HPTE_EVENT_INSERT_VALID];
	if (inserted != entered)
		fail("%lu entries inserted, %lu counted",
		     (unsigned long)entered, (unsigned long)inserted);
	if (inserted - count[HPTE_EVENT_REMOVE] -
	    count[HPTE_EVENT_REMOVE_VALID] != live)
		fail("%lu entries there, counted are others",
		     (unsigned long)live);
	if (count[HPTE_EVENT_INSERT_VALID] + count[HPTE_EVENT_PROMOTE] -
	    count[HPTE_EVENT_DEMOTE] - count[HPTE_EVENT_REMOVE_VALID] != valid)
		fail("%lu entries valid, counted are others",
		     (unsigned long)valid);
}

/* All threads have stopped: what stands in each slot. */
static void check_rest(struct run *run)
{
	uint64_t live = 0, valid = 0;
	struct hpte_view view;

	for (uint64_t index = 0; index < SLOTS; index++) {
		struct ledger *ledger = &run->ledgers[index];
		unsigned int there = ledger->entered - ledger->left;
		int status = hpte_table_read(&run->table, index, &view);
		uint32_t id;

		if (status == HPTE_OK) {
			id = check_guest(run, &view.guest, "end");
			live++;
			valid += view.state & HPTE_VIEW_VALID;
			if (view.state & HPTE_VIEW_BUSY)
				fail("slot %u left busy", (unsigned int)index);
			if (state_of(run, id) & GONE)
				fail("id %u stands there, gone", id);
		}
		if (!(run->kind & KIND_CLEAR) &&
		    there != (status == HPTE_OK ? 1U : 0U))
			fail("slot %u: filled %u, left %u times, %s",
			     (unsigned int)index, ledger->entered,
			     ledger->left, status ? "empty" : "taken");
	}
	check_counters(run, live, valid);
}

/* And the table has been emptied. */
static void check_ledgers(struct run *run)
{
	const uint64_t *words = hpte_table_base(&run->table);
	bool exact = !(run->kind & KIND_CLEAR);

	for (uint64_t index = 0; index < SLOTS; index++) {
		struct ledger *ledger = &run->ledgers[index];
		unsigned int c = ledger->set_c - ledger->told_c;
		unsigned int r = ledger->set_r - ledger->told_r;

		if (words[2 * index])
			fail("slot %u is lost: %016llx", (unsigned int)index,
			     (unsigned long long)hpte_be64_to_host(
					words[2 * index]));
		if ((exact && c) || c > ledger->set_c)
			fail("slot %u: C set %u, reported %u times",
			     (unsigned int)index, ledger->set_c,
			     ledger->told_c);
		if ((exact && r > ledger->lost_r) || r > ledger->set_r)
			fail("slot %u: R set %u, reported %u times",
			     (unsigned int)index, ledger->set_r,
			     ledger->told_r);
	}
	for (unsigned int i = 0; i < HELD; i++)
		if (run->held[i])
			fail("the walker holds id %u of an empty table",
			     (unsigned int)(run->held[i] & HELD_ID));
}

static void check_records(struct run *run)
{
	unsigned long unknown = 0;

	for (uint32_t id = 0; id < IDS; id++) {
		unsigned int state = state_of(run, id);

		if ((state & (USED | YOUNG)) == USED ||
		    (state & (STORED | DIRTY)) == STORED)
			fail("id %u: R or C never reported: %x", id, state);
		if ((state & REMOVED) && !(state & ENTERED))
			fail("id %u removed, never entered", id);
		if ((state & (ENTERED | REMOVED)) == ENTERED)
			unknown++;
	}
	if (!(run->kind & KIND_CLEAR) && unknown != run->unknown)
		fail("%lu entries went unnamed, %lu removed so", unknown,
		     run->unknown);
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void await_end(struct run *run, double seconds)
{
	struct timespec nap = { 0, 2000000 };
	double end = now() + seconds;

	while (now() < end && !atomic_load(&run->full))
		nanosleep(&nap, NULL);
	atomic_store(&run->stop, true);
}

static void round_of(unsigned int kind, uint64_t seed, unsigned int workers,
		     double seconds)
{
	static struct worker worker[MOST_WORKERS + 1];
	static struct run run;

	memset(&run, 0, sizeof(run));
	run.kind = kind;
	run.seed = seed;
	run.slots = kind & KIND_WHOLE ? SLOTS : HPTE_GROUP_ENTRIES;
	run.first = kind & KIND_WHOLE ? 0 :
		    seed % (SLOTS / HPTE_GROUP_ENTRIES) * HPTE_GROUP_ENTRIES;
	current = &run;
	(void)alarm(STUCK_SECONDS);
	make_table(&run);
	for (unsigned int i = 0; i <= workers; i++) {
		make_worker(&run, &worker[i], i, workers);
		if (pthread_create(&worker[i].thread, NULL, i < workers ?
				   worker_thread : walker_thread, &worker[i]))
			fail("no thread");
	}
	await_end(&run, seconds);
	for (unsigned int i = 0; i <= workers; i++) {
		pthread_join(worker[i].thread, NULL);
		for (unsigned int n = 0; n < COUNTS; n++)
			totals[n] += worker[i].counts[n];
	}
	check_rest(&run);
	/* no calls from callbacks: the table shall be empty afterwards */
	self = &worker[0];
	self->depth = ~0U;
	guest_empty(self);
	check_counters(&run, 0, 0);
	check_ledgers(&run);
	check_records(&run);
	free(hpte_table_base(&run.table));
	free(run.table.priv_side);
	free(run.records);
	free(run.ledgers);
}

static void stuck(int signal)
{
	static const char text[] = "stress: an operation does not end\n";

	(void)signal;
	(void)!write(STDERR_FILENO, text, sizeof(text) - 1);
	abort();
}

/* The kind of round @n; *@possible: false if this CPU has not got it. */
static unsigned int kind_of(unsigned int n, bool load16, bool *possible)
{
	unsigned int kind = n % KINDS, pass = n / KINDS;

	*possible = !(kind & KIND_LOAD16) || load16;
	/* hardware would have to be told */
	if ((kind & KIND_PRIVATE) && (kind & KIND_WALKER))
		*possible = false;
	/* each kind, from pass to pass, with and without */
	if ((n ^ pass) % 4 == 3)
		kind |= KIND_CLEAR;
	if ((kind & KIND_PRIVATE) && (kind & KIND_LOAD16) &&
	    (n / KIND_300 ^ pass) & 1)
		kind |= KIND_SIDE;
	return kind;
}

/* Rounds of every kind in turn, until the time is over. */
static void stress(uint64_t seed, unsigned int workers, double seconds)
{
	bool load16 = (test_cpu() & hpte_table_cpu() & HPTE_CPU_LOAD16) != 0;
	unsigned int kinds = KINDS / 4 * 3;	/* of private ones, half */
	double share = seconds / (load16 ? kinds : kinds / 2);
	double end = now() + seconds;
	unsigned int rounds = 0;

	if (!load16)
		puts("one load: not on this CPU, SKIP");
	if (share > 0.5)
		share = 0.5;
	for (unsigned int n = 0; n < KINDS || now() < end; n++) {
		bool possible;
		unsigned int kind = kind_of(n, load16, &possible);

		if (!possible)
			continue;
		round_of(kind, seed + n * 16, workers, share);
		rounds++;
	}
	for (unsigned int n = 0; n < COUNTS; n++)
		printf("%lu %s\n", totals[n], count_names[n]);
	printf("%u rounds, seed %llu: clean\n", rounds,
	       (unsigned long long)seed);
}

int main(int argc, char **argv)
{
	uint64_t seed = (uint64_t)time(NULL);
	unsigned long workers = 3;
	double seconds = 2;

	for (int i = 1; i + 1 < argc; i += 2) {
		if (!strcmp(argv[i], "--seconds"))
			seconds = atof(argv[i + 1]);
		else if (!strcmp(argv[i], "--threads"))
			workers = strtoul(argv[i + 1], NULL, 0);
		else if (!strcmp(argv[i], "--seed"))
			seed = strtoull(argv[i + 1], NULL, 0);
	}
	if (workers < 1 || workers > MOST_WORKERS) {
		fputs("stress: 1 to 8 threads\n", stderr);
		return 2;
	}
	printf("seed %llu\n", (unsigned long long)seed);
	fflush(stdout);
	signal(SIGALRM, stuck);
	stress(seed, (unsigned int)workers, seconds);
	return 0;
}
