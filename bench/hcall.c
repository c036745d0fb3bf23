/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * bench/hcall.c - throughput of hypercalls, beside two tables with locks.
 *
 * A half full table of valid entries.  Each thread has every n-th entry of it
 * for itself, so that all calls succeed and all tables do the same work; the
 * threads share groups and cache lines as guests do.  Mixes, in calls:
 *
 *	pair		H_REMOVE, and H_ENTER of the same entry
 *	read		90 % H_READ, 10 % such pairs
 *	protect		H_PROTECT that changes the rights
 *	mixed		50 % H_READ, 30 % pairs, 20 % H_PROTECT
 *
 * by one thread (".1t") and by two (".2t"), in million calls a second.
 */
#include "contender.h"
#include "suite.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MOST_THREADS	2
#define BATCH		64

enum { PAIRS, READS, PROTECTS, MIXED, MIXES };

static const char *const mix_names[MIXES][MOST_THREADS] = {
	{ "pair.1t", "pair.2t" },
	{ "read.1t", "read.2t" },
	{ "protect.1t", "protect.2t" },
	{ "mixed.1t", "mixed.2t" },
};

/* Calls in a hundred: H_READ, and from there up to H_PROTECT; else pairs. */
static const struct {
	unsigned int read;
	unsigned int protect;
} mixes[MIXES] = {
	[PAIRS] = { 0, 0 },
	[READS] = { 90, 90 },
	[PROTECTS] = { 0, 100 },
	[MIXED] = { 50, 70 },
};

struct job {
	struct contender *contender;
	const uint64_t *indexes;
	size_t count;
	unsigned int mix;
	unsigned int number, threads;
	uint64_t random;
	uint64_t calls;
	pthread_t thread;
};

static atomic_bool stop;
static atomic_uint waiting;

static void must(const uint64_t *gpr, const char *what)
{
	if (gpr[3]) {
		fprintf(stderr, "hcall: %s answers %lld\n", what,
			(long long)gpr[3]);
		exit(1);
	}
}

static void one_pair(struct job *job, uint64_t index)
{
	uint64_t gpr[32];

	gpr[3] = HPTE_HCALL_REMOVE;
	gpr[4] = 0;
	gpr[5] = index;
	contender_hcall(job->contender, gpr);
	must(gpr, "H_REMOVE");
	gpr[6] = gpr[4];
	gpr[7] = gpr[5];
	gpr[3] = HPTE_HCALL_ENTER;
	gpr[4] = HPTE_HFLAG_EXACT;
	gpr[5] = index;
	contender_hcall(job->contender, gpr);
	must(gpr, "H_ENTER");
}

/* One or two calls on an entry of this thread. */
static void one(struct job *job)
{
	uint64_t random = bench_random(&job->random);
	size_t at = (size_t)((random >> 32) * (job->count / job->threads) >>
			     32) * job->threads + job->number;
	uint64_t index = job->indexes[at];
	unsigned int percent = (unsigned int)(random & 0xFFFF) * 100 >> 16;
	uint64_t gpr[32];

	if (percent >= mixes[job->mix].protect) {
		one_pair(job, index);
		job->calls += 2;
		return;
	}
	job->calls++;
	gpr[5] = index;
	if (percent < mixes[job->mix].read) {
		gpr[3] = HPTE_HCALL_READ;
		gpr[4] = 0;
		contender_hcall(job->contender, gpr);
		must(gpr, "H_READ");
		if (!gpr[4])
			abort();	/* an entry of ours is not there */
		return;
	}
	gpr[3] = HPTE_HCALL_PROTECT;
	gpr[4] = 2 + (random >> 16 & 1) + (random >> 15 & HPTE_HFLAG_N);
	contender_hcall(job->contender, gpr);
	must(gpr, "H_PROTECT");
}

static void *work(void *arg)
{
	struct job *job = arg;

	bench_pin(job->number);
	/* together: nobody counts before all are there */
	(void)atomic_fetch_sub(&waiting, 1);
	while (atomic_load(&waiting))
		(void)sched_yield();
	while (!atomic_load_explicit(&stop, memory_order_relaxed))
		for (unsigned int i = 0; i < BATCH; i++)
			one(job);
	return NULL;
}

/* Million calls a second. */
static double measure(struct contender *contender, const uint64_t *indexes,
		      size_t count, unsigned int mix, unsigned int threads,
		      unsigned int milliseconds)
{
	struct timespec nap = { 0, (long)milliseconds * 1000000L };
	struct job jobs[MOST_THREADS];
	uint64_t calls = 0;
	double start, seconds;

	atomic_store(&stop, false);
	atomic_store(&waiting, threads + 1);
	for (unsigned int i = 0; i < threads; i++) {
		jobs[i] = (struct job){ contender, indexes, count, mix, i,
					threads, i + mix * 8, 0, 0 };
		if (pthread_create(&jobs[i].thread, NULL, work, &jobs[i]))
			abort();
	}
	(void)atomic_fetch_sub(&waiting, 1);
	start = bench_now();
	nanosleep(&nap, NULL);
	atomic_store(&stop, true);
	for (unsigned int i = 0; i < threads; i++) {
		pthread_join(jobs[i].thread, NULL);
		calls += jobs[i].calls;
	}
	seconds = bench_now() - start;
	return (double)calls / seconds * 1e-6;
}

/* Fill half of it by non-exact H_ENTER; where each entry went. */
static size_t fill(struct contender *contender, uint64_t *indexes)
{
	size_t entries = hpte_table_bytes(contender->order) / 16, count = 0;
	uint64_t random = 1;

	while (count < entries / 2) {
		uint64_t gpr[32];

		gpr[3] = HPTE_HCALL_ENTER;
		gpr[4] = 0;
		gpr[5] = bench_random(&random) % entries;
		gpr[6] = (bench_random(&random) & 0xFFFFFFFF) << 12 |
			 HPTE_DW0_V;
		gpr[7] = (bench_random(&random) & 0xFFFFFF) << 12 |
			 HPTE_DW1_M | HPTE_DW1_R | 2;
		contender_hcall(contender, gpr);
		if (!gpr[3])
			indexes[count++] = gpr[4];
	}
	return count;
}

static void one_round(struct contender *contenders, uint64_t **indexes,
		      size_t count, const struct settings *settings,
		      unsigned int round)
{
	unsigned int most = bench_cpus() < MOST_THREADS ? 1 : MOST_THREADS;

	sheet_round(round);
	for (unsigned int mix = 0; mix < MIXES; mix++)
		for (unsigned int threads = 1; threads <= most; threads++)
			for (int which = 0; which < CONTENDERS; which++)
				sheet_put(mix_names[mix][threads - 1],
					  contender_names[which], "Mcalls/s",
					  round,
					  measure(&contenders[which],
						  indexes[which], count, mix,
						  threads,
						  settings->milliseconds));
}

void hcall_suite(const struct settings *settings)
{
	uint64_t bytes = hpte_table_bytes(settings->order) / 2;
	struct contender contenders[CONTENDERS];
	uint64_t *indexes[CONTENDERS];
	size_t count = 0;

	sheet_start("hcall", settings, 50);
	for (int which = 0; which < CONTENDERS; which++) {
		contender_make(&contenders[which], which, settings->order);
		indexes[which] = bench_alloc(bytes);
		count = fill(&contenders[which], indexes[which]);
		if (memcmp(indexes[which], indexes[0], count * 8))
			sheet_wrong("fill", contender_names[which]);
	}
	for (unsigned int round = 0; round < settings->rounds; round++)
		one_round(contenders, indexes, count, settings, round);
	sheet_end();
	for (int which = 0; which < CONTENDERS; which++) {
		contender_free(&contenders[which]);
		bench_free(indexes[which], bytes);
	}
}
