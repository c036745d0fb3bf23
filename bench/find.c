/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * bench/find.c - latency of hpte_table_find(), beside the machine's limit.
 *
 * Cases, each per query, interleaved round by round in one process:
 *	hit		find of a mapped page, each query built from the result
 *			of the one before
 *	hit-limit	the same hash and one dependent 8-byte read of the
 *			group, on the same memory, in the same order
 *	miss		find of a page that is not mapped: both groups
 *	miss-limit	two hashes and one read of each of the two groups
 * A miss returns a constant, which a CPU predicts: so the two miss cases are
 * kept apart by a fence after each query instead.
 *
 * The stream of queries is encoded beforehand: a query is stored exclusive-or
 * 12 bits of what the query before it will have returned, so that it cannot
 * be formed, not even speculatively, without that result.
 *
 * Usage: find [--json] [ORDER...]	default 18 24 28
 */
#include "support.h"

#include <hpte/hpte.h>

#include <stdio.h>
#include <stdlib.h>

#define ROUNDS		15
#define LOAD_PERCENT	50
#define RUN_PAGES	16	/* pages are mapped in runs, as programs do */
#define LINK_BITS	UINT64_C(0xFFF000)

enum { HIT, HIT_LIMIT, MISS, MISS_LIMIT, CASES };

static const char *const case_names[CASES] = {
	"hit", "hit-limit", "miss", "miss-limit"
};

struct query {
	uint64_t descriptor;
	uint64_t ea;
};

struct bench {
	struct hpte_table table;
	unsigned int order;
	size_t mapped;		/* queries in pages */
	struct query *pages;
	size_t queries;
	struct query *stream[CASES];
	uint64_t sum[CASES];
};

/* Group of a query, for the limits. */
static const uint64_t *group_of(const struct bench *bench,
				const struct query *query, bool secondary)
{
	const uint64_t *base = hpte_table_base(&bench->table);
	struct hpte_va va;

	if (hpte_hash_va(query->descriptor, query->ea, &va) != HPTE_OK)
		abort();
	return base + 16 * hpte_hash_group(hpte_hash_primary(&va), secondary,
					   bench->order);
}

static uint64_t find_dw1(const struct bench *bench, const struct query *query)
{
	struct hpte_view view;
	struct hpte_va va;

	if (hpte_hash_va(query->descriptor, query->ea, &va) != HPTE_OK ||
	    hpte_table_find(&bench->table, &va, 0, &view) != HPTE_OK)
		return 0;
	return view.guest.dw1;
}

/* What one query of a case returns: linked into the next. */
static uint64_t answer(const struct bench *bench, int which,
		       const struct query *query)
{
	switch (which) {
	case HIT_LIMIT:
		return *group_of(bench, query, false);
	case MISS_LIMIT:
		return *group_of(bench, query, false) +
		       *group_of(bench, query, true);
	default:
		return find_dw1(bench, query);
	}
}

/* Map one page in the primary, else the secondary group. */
static bool map_page(struct bench *bench, const struct query *page,
		     uint64_t real)
{
	struct hpte entry = { 0, real | HPTE_DW1_M | HPTE_DW1_RC | 2 };
	uint64_t hash, where;
	struct hpte_va va;

	if (hpte_hash_va(page->descriptor, page->ea, &va) != HPTE_OK)
		abort();
	entry.dw0 = hpte_hash_dw0(&va);
	hash = hpte_hash_primary(&va);
	if (hpte_table_insert(&bench->table, HPTE_GROUP_ENTRIES *
			      hpte_hash_group(hash, false, bench->order), 0,
			      &entry, NULL, &where) == HPTE_OK)
		return true;
	entry.dw0 |= HPTE_DW0_H;
	return hpte_table_insert(&bench->table, HPTE_GROUP_ENTRIES *
				 hpte_hash_group(hash, true, bench->order), 0,
				 &entry, NULL, &where) == HPTE_OK;
}

static void fill(struct bench *bench)
{
	size_t want = hpte_table_entries(&bench->table) * LOAD_PERCENT / 100;
	uint64_t random = 1;

	bench->pages = bench_alloc(want * sizeof(bench->pages[0]));
	while (bench->mapped < want) {
		struct query page = {
			.descriptor = bench_random(&random) >> 28 << 12,
			.ea = bench_random(&random) & UINT64_C(0xFFF0000),
		};

		for (int i = 0; i < RUN_PAGES && bench->mapped < want; i++) {
			uint64_t real = bench_random(&random) &
					UINT64_C(0xFFFFFFF000);

			if (map_page(bench, &page, real))
				bench->pages[bench->mapped++] = page;
			page.ea += 0x1000;
		}
	}
}

/* Draw the queries and encode each case's stream with its own answers. */
static void make_streams(struct bench *bench)
{
	uint64_t random = 2;

	bench->queries = bench->mapped < 1 << 20 ? bench->mapped : 1 << 20;
	for (int which = 0; which < CASES; which++) {
		bool misses = which == MISS || which == MISS_LIMIT;
		uint64_t link = 0;

		bench->stream[which] = bench_alloc(bench->queries *
						   sizeof(struct query));
		random = 2;
		for (size_t i = 0; i < bench->queries; i++) {
			struct query query = bench->pages[
				bench_random(&random) % bench->mapped];

			if (misses)	/* a VSID that fill() never draws */
				query.descriptor |= HPTE_BIT(3);
			bench->stream[which][i] = query;
			bench->stream[which][i].ea ^= link;
			link = answer(bench, which, &query) & LINK_BITS;
		}
	}
}

static double run(struct bench *bench, int which)
{
	const struct query *stream = bench->stream[which];
	bool fenced = which == MISS || which == MISS_LIMIT;
	uint64_t value = 0, sum = 0;
	double start = bench_now();

	for (size_t i = 0; i < bench->queries; i++) {
		struct query query = stream[i];

		query.ea ^= value & LINK_BITS;
		value = answer(bench, which, &query);
		sum += value;
		if (fenced)
			bench_fence();
	}
	bench->sum[which] = sum;
	return (bench_now() - start) * 1e9 / (double)bench->queries;
}

static void bench_order(unsigned int order, bool json)
{
	static double ns[CASES][ROUNDS];
	struct bench bench = { .order = order };
	unsigned int cpu = bench_cpu() & hpte_table_cpu();
	struct hpte_table_config config = { .order = order, .cpu = cpu };
	uint64_t side = hpte_table_side_bytes(order, 0, cpu);

	config.memory.base = bench_alloc(hpte_table_bytes(order));
	config.memory.side = side ? bench_alloc(side) : NULL;
	if (hpte_table_init(&bench.table, &config) != HPTE_OK)
		abort();
	fill(&bench);
	make_streams(&bench);
	if (run(&bench, MISS) < 0 || bench.sum[MISS] != 0)
		abort();	/* a miss hit something */
	for (int round = 0; round < ROUNDS; round++)
		for (int which = 0; which < CASES; which++)
			ns[which][round] = run(&bench, which);
	for (int which = 0; which < CASES; which += 2) {
		double ratio = bench_median_ratio(ns[which], ns[which + 1],
						  ROUNDS);
		double find = bench_median(ns[which], ROUNDS);
		double limit = bench_median(ns[which + 1], ROUNDS);

		printf(json ? "{\"bench\":\"find\",\"case\":\"%s\","
			      "\"order\":%u,\"ns\":%.1f,\"limit_ns\":%.1f,"
			      "\"ratio\":%.2f}\n" :
			      "%-5s 2^%u  find %7.1f ns   limit %7.1f ns   "
			      "ratio %.2f\n",
		       case_names[which], order, find, limit, ratio);
	}
	fflush(stdout);
	bench_free(config.memory.base, hpte_table_bytes(order));
	bench_free(config.memory.side, side);
	bench_free(bench.pages, bench.mapped * sizeof(bench.pages[0]));
	for (int which = 0; which < CASES; which++)
		bench_free(bench.stream[which],
			   bench.queries * sizeof(struct query));
}

int main(int argc, char **argv)
{
	static const unsigned int orders[] = { 18, 24, 28, 0 };

	return bench_orders(argc, argv, orders, bench_order);
}
