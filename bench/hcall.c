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
 * Rounds are interleaved: in each round every table runs every mix for
 * MILLISECONDS.  Reported: medians of million calls a second, and of the
 * ratios of the same round.
 *
 * Usage: hcall [--json] [ORDER...]	default 18 24
 */
#include "contender.h"
#include "support.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUNDS		11
#define MILLISECONDS	30
#define MOST_THREADS	2
#define BATCH		64

enum { PAIR, READ, PROTECT, MIXED, MIXES };

static const char *const mix_names[MIXES] = {
	"pair", "read", "protect", "mixed"
};

/* Calls in a hundred: H_READ, and from there up to H_PROTECT; else pairs. */
static const struct {
	unsigned int read;
	unsigned int protect;
} mixes[MIXES] = {
	[PAIR] = { 0, 0 },
	[READ] = { 90, 90 },
	[PROTECT] = { 0, 100 },
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

static void pair(struct job *job, uint64_t index)
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
		pair(job, index);
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

	/* together: nobody counts before all are there */
	(void)atomic_fetch_sub(&waiting, 1);
	while (atomic_load(&waiting))
		;
	while (!atomic_load_explicit(&stop, memory_order_relaxed))
		for (unsigned int i = 0; i < BATCH; i++)
			one(job);
	return NULL;
}

/* Million calls a second. */
static double measure(struct contender *contender, const uint64_t *indexes,
		      size_t count, unsigned int mix, unsigned int threads)
{
	struct timespec nap = { 0, MILLISECONDS * 1000000L };
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

static void print(unsigned int order, unsigned int mix, unsigned int threads,
		  double rates[CONTENDERS][ROUNDS], bool json)
{
	double median[CONTENDERS], ratio[CONTENDERS];

	for (int which = 0; which < CONTENDERS; which++) {
		median[which] = bench_median(rates[which], ROUNDS);
		ratio[which] = bench_median_ratio(rates[LIBRARY], rates[which],
						  ROUNDS);
	}
	printf(json ? "{\"bench\":\"hcall\",\"order\":%u,\"mix\":\"%s\","
		      "\"threads\":%u,\"libhpte\":%.2f,\"lock_bit\":%.2f,"
		      "\"one_lock\":%.2f,\"ratio_lock_bit\":%.2f,"
		      "\"ratio_one_lock\":%.2f}\n" :
		      "2^%u  %-8s threads %u  libhpte %6.2f  lock bit %6.2f"
		      "  one lock %6.2f Mcalls/s   ratios %.2f %.2f\n",
	       order, mix_names[mix], threads,
	       median[LIBRARY], median[LOCK_BIT], median[ONE_LOCK],
	       ratio[LOCK_BIT], ratio[ONE_LOCK]);
	fflush(stdout);
}

static void bench_order(unsigned int order, bool json)
{
	static double rates[MIXES][MOST_THREADS][CONTENDERS][ROUNDS];
	struct contender contenders[CONTENDERS];
	uint64_t bytes = hpte_table_bytes(order) / 2;
	uint64_t *indexes[CONTENDERS];
	size_t count = 0;

	for (int which = 0; which < CONTENDERS; which++) {
		contender_make(&contenders[which], which, order);
		indexes[which] = bench_alloc(bytes);
		count = fill(&contenders[which], indexes[which]);
		if (memcmp(indexes[which], indexes[0], count * 8))
			abort();	/* another slot than the others */
	}
	for (int round = 0; round < ROUNDS; round++)
		for (unsigned int mix = 0; mix < MIXES; mix++)
			for (unsigned int threads = 1;
			     threads <= MOST_THREADS; threads++)
				for (int which = 0; which < CONTENDERS;
				     which++)
					rates[mix][threads - 1][which][round] =
						measure(&contenders[which],
							indexes[which], count,
							mix, threads);
	for (unsigned int mix = 0; mix < MIXES; mix++)
		for (unsigned int threads = 1; threads <= MOST_THREADS;
		     threads++)
			print(order, mix, threads, rates[mix][threads - 1],
			      json);
	for (int which = 0; which < CONTENDERS; which++) {
		contender_free(&contenders[which]);
		bench_free(indexes[which], bytes);
	}
}

int main(int argc, char **argv)
{
	static const unsigned int orders[] = { 18, 24, 0 };

	return bench_orders(argc, argv, orders, bench_order);
}
