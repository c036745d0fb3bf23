/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * bench/tail.c - latency while another CPU stands still inside a remove,
 * beside two tables with locks.
 *
 * One thread removes entries of one group and is descheduled inside each
 * invalidation, for 1 to 10 ms, as a hypervisor's thread is that loses its
 * CPU there.  The other one measures, in the same group:
 *
 *	read		H_READ of any slot
 *	insert		H_ENTER anywhere in the group
 *	remove		H_REMOVE of any slot
 *
 * A call is due every EVERY_NS, and its time counts from then: one that makes
 * others late is charged for all of them.
 *
 * Each round runs every table for MILLISECONDS, and then once more without
 * the first thread ("quiet"), to show what the machine itself does.  A sample
 * is the median, the 99.9th percentile or the maximum of one round, in
 * microseconds.  The clock's own cost, some 25 ns, is in all of them.
 */
#include "contender.h"
#include "suite.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MILLISECONDS	250
#define EVERY_NS	20000U

enum { READS, INSERTS, REMOVES, KINDS };
enum { MEDIAN, P999, MOST, FIGURES };

static const char *const names[2][KINDS][FIGURES] = {
	{
		{ "read.stalled.p50", "read.stalled.p999", "read.stalled.max" },
		{ "insert.stalled.p50", "insert.stalled.p999",
		  "insert.stalled.max" },
		{ "remove.stalled.p50", "remove.stalled.p999",
		  "remove.stalled.max" },
	},
	{
		{ "read.quiet.p50", "read.quiet.p999", "read.quiet.max" },
		{ "insert.quiet.p50", "insert.quiet.p999", "insert.quiet.max" },
		{ "remove.quiet.p50", "remove.quiet.p999", "remove.quiet.max" },
	},
};

/* Times by size: 32 steps between powers of two. */
#define STEPS		32U
#define BUCKETS		(64U * STEPS)

struct histogram {
	uint64_t count[BUCKETS];
	uint64_t total, most;
};

static _Thread_local bool is_stalling;
static _Thread_local uint64_t stall_random;
static atomic_bool stop;
static atomic_ulong stalls;

static void stall(void)
{
	struct timespec nap = { 0, 0 };

	if (!is_stalling)
		return;
	nap.tv_nsec = 1000000 + (long)(bench_random(&stall_random) % 9000000);
	(void)atomic_fetch_add(&stalls, 1);
	nanosleep(&nap, NULL);
}

static uint64_t bucket_of(uint64_t ns)
{
	unsigned int power = 63 - (unsigned int)__builtin_clzll(ns | STEPS);

	return (power - 5) * STEPS + (ns >> (power - 5));
}

static uint64_t ns_of(uint64_t bucket)
{
	uint64_t power = bucket / STEPS;

	if (power < 2)
		return bucket;
	return (bucket - (power - 1) * STEPS) << (power - 1);
}

static void add_time(struct histogram *histogram, uint64_t ns)
{
	histogram->count[bucket_of(ns)]++;
	histogram->total++;
	if (ns > histogram->most)
		histogram->most = ns;
}

static double percentile(const struct histogram *histogram, double share)
{
	uint64_t want = (uint64_t)((double)histogram->total * share), seen = 0;

	for (uint64_t bucket = 0; bucket < BUCKETS; bucket++) {
		seen += histogram->count[bucket];
		if (seen > want)
			return (double)ns_of(bucket);
	}
	return (double)histogram->most;
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void call(struct contender *contender, unsigned int kind,
		 uint64_t *random)
{
	uint64_t index = bench_random(random) % HPTE_GROUP_ENTRIES;
	uint64_t gpr[32];

	gpr[4] = 0;
	gpr[5] = index;
	gpr[6] = (bench_random(random) & 0xFFFF) << 12 | HPTE_DW0_V;
	gpr[7] = (bench_random(random) & 0xFFFF) << 12 | HPTE_DW1_M | 2;
	gpr[3] = kind == READS ? HPTE_HCALL_READ : kind == INSERTS ?
		 HPTE_HCALL_ENTER : HPTE_HCALL_REMOVE;
	contender_hcall(contender, gpr);
}

/* Removes, and stands still inside each; then enters another entry. */
static void *stalling(void *arg)
{
	struct contender *contender = arg;
	uint64_t random = 7;

	bench_pin(1);
	is_stalling = true;
	stall_random = 8;
	while (!atomic_load(&stop)) {
		call(contender, REMOVES, &random);
		call(contender, INSERTS, &random);
	}
	return NULL;
}

static void measure(struct contender *contender, bool quiet,
		    struct histogram histograms[KINDS])
{
	/* as many inserts as removes: the group stays half full */
	static const unsigned int kinds[] = { READS, READS, INSERTS,
					      READS, READS, REMOVES };
	uint64_t random = 9, due, end;
	pthread_t thread;

	memset(histograms, 0, KINDS * sizeof(histograms[0]));
	atomic_store(&stop, false);
	contender_in_invalidation = stall;
	if (!quiet && pthread_create(&thread, NULL, stalling, contender))
		abort();
	due = now_ns();
	end = due + MILLISECONDS * UINT64_C(1000000);
	for (unsigned int i = 0; now_ns() < end; i++, due += EVERY_NS) {
		unsigned int kind = kinds[i % 6];

		while (now_ns() < due)
			;
		call(contender, kind, &random);
		add_time(&histograms[kind], now_ns() - due);
	}
	atomic_store(&stop, true);
	if (!quiet)
		pthread_join(thread, NULL);
}

static void one_round(struct contender *contenders, unsigned int round)
{
	static struct histogram histograms[KINDS];

	for (int at = 0; at < 2 * CONTENDERS; at++) {
		const char *who = contender_names[at / 2];
		bool quiet = at & 1;

		measure(&contenders[at / 2], quiet, histograms);
		for (int kind = 0; kind < KINDS; kind++) {
			const char *const *what = names[quiet][kind];
			const struct histogram *from = &histograms[kind];

			sheet_put(what[MEDIAN], who, "us", round,
				  percentile(from, 0.5) * 1e-3);
			sheet_put(what[P999], who, "us", round,
				  percentile(from, 0.999) * 1e-3);
			sheet_put(what[MOST], who, "us", round,
				  (double)from->most * 1e-3);
		}
	}
}

void tail_suite(const struct settings *settings)
{
	struct contender contenders[CONTENDERS];

	if (bench_cpus() < 2) {
		sheet_skip("tail", "this process has one CPU");
		return;
	}
	sheet_start("tail", settings, 50);
	for (int which = 0; which < CONTENDERS; which++)
		contender_make(&contenders[which], which, settings->order);
	for (unsigned int round = 0; round < settings->rounds; round++)
		one_round(contenders, round);
	sheet_fact("stalls", (double)atomic_load(&stalls));
	sheet_end();
	for (int which = 0; which < CONTENDERS; which++)
		contender_free(&contenders[which]);
}
