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
 * the first thread ("quiet"), to show what the machine itself does.
 * Reported: medians over the rounds of the median, the 99.9th percentile and
 * the maximum.  The clock's own cost, some 25 ns, is in all of them.
 *
 * Usage: tail [--json]
 */
#include "contender.h"
#include "support.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUNDS		9
#define MILLISECONDS	250
#define EVERY_NS	20000U
#define ORDER		18U

enum { READ, INSERT, REMOVE, KINDS };
enum { MEDIAN, P999, MOST, FIGURES };

static const char *const kind_names[KINDS] = { "read", "insert", "remove" };

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

static void add(struct histogram *histogram, uint64_t ns)
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
	gpr[3] = kind == READ ? HPTE_HCALL_READ : kind == INSERT ?
		 HPTE_HCALL_ENTER : HPTE_HCALL_REMOVE;
	contender_hcall(contender, gpr);
}

/* Removes, and stands still inside each; then enters another entry. */
static void *stalling(void *arg)
{
	struct contender *contender = arg;
	uint64_t random = 7;

	is_stalling = true;
	stall_random = 8;
	while (!atomic_load(&stop)) {
		call(contender, REMOVE, &random);
		call(contender, INSERT, &random);
	}
	return NULL;
}

static void measure(struct contender *contender, bool quiet,
		    struct histogram histograms[KINDS])
{
	/* as many inserts as removes: the group stays half full */
	static const unsigned int kinds[] = { READ, READ, INSERT, READ, READ,
					      REMOVE };
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
		add(&histograms[kind], now_ns() - due);
	}
	atomic_store(&stop, true);
	if (!quiet)
		pthread_join(thread, NULL);
}

static void print(unsigned int kind, int which, bool quiet,
		  double figures[FIGURES][ROUNDS], bool json)
{
	double median[FIGURES];

	for (int figure = 0; figure < FIGURES; figure++)
		median[figure] = bench_median(figures[figure], ROUNDS) * 1e-3;
	printf(json ? "{\"bench\":\"tail\",\"call\":\"%s\",\"table\":\"%s\","
		      "\"remover\":\"%s\",\"median_us\":%.3f,"
		      "\"p999_us\":%.3f,\"max_us\":%.1f}\n" :
		      "%-6s  %-8s  %-7s  median %8.3f  p99.9 %10.3f  "
		      "max %8.1f us\n",
	       kind_names[kind], contender_names[which],
	       quiet ? "none" : "stalled", median[MEDIAN], median[P999],
	       median[MOST]);
}

int main(int argc, char **argv)
{
	static double figures[2][KINDS][CONTENDERS][FIGURES][ROUNDS];
	static struct histogram histograms[KINDS];
	struct contender contenders[CONTENDERS];
	bool json = argc > 1 && !strcmp(argv[1], "--json");

	for (int which = 0; which < CONTENDERS; which++)
		contender_make(&contenders[which], which, ORDER);
	for (int round = 0; round < ROUNDS; round++)
		for (int at = 0; at < 2 * CONTENDERS; at++) {
			int which = at / 2;

			measure(&contenders[which], at & 1, histograms);
			for (int kind = 0; kind < KINDS; kind++) {
				double (*to)[ROUNDS] =
					figures[at & 1][kind][which];
				struct histogram *from = &histograms[kind];

				to[MEDIAN][round] = percentile(from, 0.5);
				to[P999][round] = percentile(from, 0.999);
				to[MOST][round] = (double)from->most;
			}
		}
	for (int kind = 0; kind < KINDS; kind++)
		for (int quiet = 1; quiet >= 0; quiet--)
			for (int which = 0; which < CONTENDERS; which++)
				print((unsigned int)kind, which, quiet,
				      figures[quiet][kind][which], json);
	if (!json)
		printf("%lu stalls of 1 to 10 ms\n", atomic_load(&stalls));
	for (int which = 0; which < CONTENDERS; which++)
		contender_free(&contenders[which]);
	return 0;
}
