/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * bench/many.c - throughput of finds, inserts and removes: one by one, many
 * at once, and what the machine can do.
 *
 * Finds, each with the hash of its effective address, at two loads:
 *	hit		uniform over all mapped pages
 *	secondary	those that stand in their secondary group
 *	miss		a VSID that was never mapped
 *
 * Size 0 is hpte_table_find() back to back, N hpte_table_find_many() of N
 * requests.  Limit: independent reads of the lines that must be read, two for
 * a hit, four otherwise, prefetched 24 ahead into the first cache, or 32 ahead
 * into the second: what is faster in that round.
 *
 * Changes, over random mapped pages:
 *	pair		remove, then insert the same entry again; N removes,
 *			then N inserts
 *	remove		the removes alone; what is inserted is not timed
 *	bulk		the same by H_REMOVE, or four by H_BULK_REMOVE
 *
 * The limit of a pair is two 64-bit compare-and-swaps on a line prefetched for
 * writing; of a remove, one.  All cases of a round run on different parts of
 * one stream, which move on from round to round; a short stream runs once
 * before it is timed.  All ways find the same sum.  Reported: medians, of
 * ratios of the same round as well.
 *
 * Usage: many [--json] [ORDER...]	default 18 24 28
 */
#include "support.h"

#include <hpte/hpte.h>

#include <stdio.h>
#include <stdlib.h>

#define ROUNDS		15
#define PART		(UINT64_C(1) << 17)	/* queries of one sample */
#define STREAM		(UINT64_C(1) << 24)	/* at most */
#define RUN_PAGES	16U	/* pages are mapped in runs, as programs do */
#define MOST		1024U	/* requests of one call */

struct page {
	uint64_t descriptor;
	uint64_t ea;
	uint64_t index;
	uint64_t dw1;
};

struct query {
	uint64_t descriptor;
	uint64_t ea;
};

struct change {
	uint64_t index;
	struct hpte entry;
};

struct bench {
	struct hpte_table table;
	struct hpte_vm vm;
	unsigned int order;
	const uint64_t *base;
	uint64_t group_mask;
	bool walker, json;
	unsigned int load;
	struct page *pages;
	size_t mapped;
	struct query *queries;
	struct change *changes;
	size_t stream;		/* queries or changes */
	size_t at;		/* where the next part begins */
	uint64_t sum;
};

/* In place of ptesync, tlbie, tlbsync, ptesync. */
static void invalidate(void *ctx, const uint64_t *rb, unsigned int count,
		       unsigned int flags)
{
	(void)ctx;
	(void)rb;
	(void)count;
	(void)flags;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

static void invalidate_all(void *ctx)
{
	(void)ctx;
}

static const struct hpte_host_ops ops = {
	.ops_size = sizeof(ops),
	.tlb_invalidate = invalidate,
	.tlb_invalidate_all = invalidate_all,
};

static void fail(const char *what)
{
	fprintf(stderr, "many: %s failed\n", what);
	exit(1);
}

static struct hpte_va va_of(uint64_t descriptor, uint64_t ea)
{
	struct hpte_va va;

	if (hpte_hash_va(descriptor, ea, &va) != HPTE_OK)
		fail("a hash");
	return va;
}

static const struct hpte_host_page *host_page(const struct bench *bench)
{
	static const struct hpte_host_page page = {
		.real = 0x10000, .shift = 12, .writable = true,
	};

	return bench->walker ? &page : NULL;
}

static bool map_page(struct bench *bench, struct page *page)
{
	struct hpte_va va = va_of(page->descriptor, page->ea);
	struct hpte entry = { hpte_hash_dw0(&va), page->dw1 };
	uint64_t hash = hpte_hash_primary(&va);

	for (unsigned int secondary = 0; secondary < 2; secondary++) {
		uint64_t index = HPTE_GROUP_ENTRIES *
				 hpte_hash_group(hash, secondary,
						 bench->order);

		if (hpte_table_insert(&bench->table, index, 0, &entry,
				      host_page(bench), &page->index) ==
		    HPTE_OK)
			return true;
		entry.dw0 |= HPTE_DW0_H;
	}
	return false;
}

/* Map random runs of pages until so many percent are taken. */
static void fill(struct bench *bench, unsigned int percent)
{
	size_t want = hpte_table_entries(&bench->table) / 100 * percent;
	uint64_t random = percent;

	bench->load = percent;
	while (bench->mapped < want) {
		struct page page = {
			.descriptor = bench_random(&random) >> 28 << 12,
			.ea = bench_random(&random) & UINT64_C(0xFFF0000),
		};

		for (unsigned int i = 0; i < RUN_PAGES && bench->mapped < want;
		     i++) {
			page.dw1 = (bench_random(&random) &
				    UINT64_C(0xFFFFFFF000)) | HPTE_DW1_M | 2;
			if (map_page(bench, &page))
				bench->pages[bench->mapped++] = page;
			page.ea += 0x1000;
		}
	}
}

/* Streams.  A page's own hash tells in which group it stands. */

enum { HIT, SECONDARY, MISS, SETS };

static const char *const set_names[SETS] = { "hit", "secondary", "miss" };

static bool is_secondary(const struct bench *bench, const struct page *page)
{
	struct hpte_va va = va_of(page->descriptor, page->ea);

	return page->index / HPTE_GROUP_ENTRIES !=
	       hpte_hash_group(hpte_hash_primary(&va), false, bench->order);
}

static void make_queries(struct bench *bench, unsigned int set)
{
	size_t most = set == SECONDARY ? STREAM / 8 : STREAM;
	size_t wanted = bench->mapped < most ? bench->mapped : most;
	uint64_t random = set + 1;

	bench->stream = 0;
	bench->at = 0;
	/* a secondary entry among 64 is enough: less is no set to measure */
	for (size_t tries = 0; bench->stream < wanted && tries < 64 * wanted;
	     tries++) {
		struct page page = bench->pages[bench_random(&random) %
						bench->mapped];
		struct query *query = &bench->queries[bench->stream];

		query->descriptor = page.descriptor;
		query->ea = page.ea;
		if (set == MISS)	/* a VSID that fill() never draws */
			query->descriptor |= HPTE_BIT(3);
		bench->stream += set != SECONDARY || is_secondary(bench, &page);
	}
}

/* Distinct pages in random order. */
static void make_changes(struct bench *bench)
{
	uint64_t random = 9;

	bench->stream = bench->mapped < STREAM ? bench->mapped : STREAM;
	bench->stream /= 4;
	bench->at = 0;
	for (size_t i = 0; i < bench->stream; i++) {
		size_t other = i + bench_random(&random) % (bench->mapped - i);
		struct page page = bench->pages[other];
		struct hpte_va va = va_of(page.descriptor, page.ea);
		struct change *change = &bench->changes[i];

		bench->pages[other] = bench->pages[i];
		bench->pages[i] = page;
		change->index = page.index;
		change->entry.dw0 = hpte_hash_dw0(&va) |
			(is_secondary(bench, &page) ? HPTE_DW0_H : 0);
		change->entry.dw1 = page.dw1;
	}
}

/* The cases: each runs over @count of a stream, and returns a sum. */

static uint64_t single(struct bench *bench, const struct query *query,
		       size_t count)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < count; i++) {
		struct hpte_va va = va_of(query[i].descriptor, query[i].ea);
		struct hpte_view view;

		if (hpte_table_find(&bench->table, &va, 0, &view) == HPTE_OK)
			sum += view.guest.dw1;
	}
	return sum;
}

static uint64_t many(struct bench *bench, const struct query *query,
		     size_t count, size_t batch)
{
	static struct hpte_find_request requests[MOST];
	uint64_t sum = 0;

	for (size_t done = 0; done < count; done += batch) {
		for (size_t i = 0; i < batch; i++)
			requests[i].va = va_of(query[done + i].descriptor,
					       query[done + i].ea);
		(void)hpte_table_find_many(&bench->table, requests, batch, 0);
		for (size_t i = 0; i < batch; i++)
			if (requests[i].status == HPTE_OK)
				sum += requests[i].view.guest.dw1;
	}
	return sum;
}

static inline const uint64_t *group_at(const struct bench *bench,
				       uint64_t group)
{
	return bench->base + 16 * group;
}

/* The hash of a 4K page in a 256M segment, all that is mapped here. */
static inline const uint64_t *group_of(const struct bench *bench,
				       const struct query *query,
				       bool secondary)
{
	uint64_t hash = query->descriptor >> 12 ^
			(query->ea & UINT64_C(0xFFFFFFF)) >> 12;

	return group_at(bench, (secondary ? ~hash : hash) & bench->group_mask);
}

/* Hash, prefetch, and @ahead queries later read: one group or both. */
static inline __attribute__((always_inline)) uint64_t
limit(const struct bench *bench, const struct query *query, size_t count,
      size_t ahead, bool both, bool far)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < count + ahead; i++)
		for (unsigned int j = 0; j < 1U + both; j++) {
			const uint64_t *group;

			if (i >= ahead) {
				group = group_of(bench, &query[i - ahead], j);
				sum += group[0] + group[8];
			}
			if (i >= count)
				continue;
			group = group_of(bench, &query[i], j);
			__builtin_prefetch(group, 0, far ? 2 : 3);
			__builtin_prefetch(group + 8, 0, far ? 2 : 3);
		}
	return sum;
}

enum { LIMIT_24, LIMIT_32, SINGLE, MANY_1, MANY_4, MANY_8, MANY_16, MANY_32,
       MANY_128, MANY_1024, FINDS };

static const size_t find_sizes[FINDS] = {
	[MANY_1] = 1, [MANY_4] = 4, [MANY_8] = 8, [MANY_16] = 16,
	[MANY_32] = 32, [MANY_128] = 128, [MANY_1024] = 1024,
};

static uint64_t find_case(struct bench *bench, int which, unsigned int set,
			  const struct query *query, size_t count)
{
	switch (which) {
	case LIMIT_24:
		return limit(bench, query, count, 24, set != HIT, false);
	case LIMIT_32:
		return limit(bench, query, count, 32, set != HIT, true);
	case SINGLE:
		return single(bench, query, count);
	default:
		return many(bench, query, count, find_sizes[which]);
	}
}

/* The next part of the stream: no case runs on what another just touched. */
static size_t next_part(struct bench *bench, size_t count)
{
	size_t at = bench->at;

	bench->at = at + 2 * count <= bench->stream ? at + count : 0;
	return at;
}

/* Nanoseconds per query of one sample. */
static double time_find(struct bench *bench, int which, unsigned int set,
			size_t count)
{
	const struct query *query = bench->queries + next_part(bench, count);
	bool warm = bench->stream < 2 * PART;
	double start;

	if (warm)
		(void)find_case(bench, which, set, query, count);
	start = bench_busy();
	bench->sum = find_case(bench, which, set, query, count);
	return (bench_busy() - start) * 1e9 / (double)count;
}

/* All ways find the same, and misses nothing. */
static void check_finds(struct bench *bench, unsigned int set, size_t count)
{
	uint64_t sum = single(bench, bench->queries, count);

	if (!count)
		fail("filling");
	for (int which = MANY_1; which < FINDS; which++)
		if (find_case(bench, which, set, bench->queries, count) !=
		    sum || (sum == 0) != (set == MISS))
			fail("a search");
}

static void report(const struct bench *bench, const char *set, size_t size,
		   const double *ns, const double *singles,
		   const double *limits)
{
	printf(bench->json ?
	       "{\"bench\":\"many\",\"order\":%u,\"load\":%u,\"walker\":%d,"
	       "\"case\":\"%s\",\"size\":%zu,\"ns\":%.1f,\"limit_ns\":%.1f,"
	       "\"to_limit\":%.2f,\"single_to_this\":%.2f}\n" :
	       "2^%u %u%% walker=%d %-9s %4zu  %7.1f ns  limit %6.1f ns  "
	       "ratio %5.2f  single/this %5.2f\n",
	       bench->order, bench->load, bench->walker, set, size,
	       bench_median(ns, ROUNDS), bench_median(limits, ROUNDS),
	       bench_median_ratio(ns, limits, ROUNDS),
	       bench_median_ratio(singles, ns, ROUNDS));
}

static void bench_finds(struct bench *bench, unsigned int set)
{
	static double ns[FINDS][ROUNDS];
	double limits[ROUNDS];
	size_t count;

	make_queries(bench, set);
	count = (bench->stream < PART ? bench->stream : PART) / MOST * MOST;
	check_finds(bench, set, count);
	for (int round = 0; round < ROUNDS; round++) {
		for (int which = 0; which < FINDS; which++)
			ns[which][round] = time_find(bench, which, set, count);
		limits[round] = ns[LIMIT_24][round] < ns[LIMIT_32][round] ?
				ns[LIMIT_24][round] : ns[LIMIT_32][round];
	}
	for (int which = SINGLE; which < FINDS; which++)
		report(bench, set_names[set], find_sizes[which], ns[which],
		       ns[SINGLE], limits);
	fflush(stdout);
}

/* Changes. */

static void remove_one(struct bench *bench, struct change *change)
{
	struct hpte old;

	if (hpte_table_remove(&bench->table, change->index, NULL, &old))
		fail("remove");
}

static void insert_one(struct bench *bench, struct change *change)
{
	if (hpte_table_insert(&bench->table, change->index, 0, &change->entry,
			      host_page(bench), &change->index) != HPTE_OK)
		fail("insert");
}

static void remove_batch(struct bench *bench, struct change *change,
			 size_t count)
{
	static struct hpte_remove_request requests[MOST];

	for (size_t i = 0; i < count; i++) {
		requests[i].index = change[i].index;
		requests[i].only.flags = 0;
	}
	if (hpte_table_remove_many(&bench->table, requests, count) != count)
		fail("remove_many");
}

static void insert_batch(struct bench *bench, struct change *change,
			 size_t count)
{
	static struct hpte_insert_request requests[MOST];

	for (size_t i = 0; i < count; i++) {
		requests[i].index = change[i].index;
		requests[i].entry = change[i].entry;
		requests[i].page = host_page(bench);
		requests[i].flags = 0;
	}
	if (hpte_table_insert_many(&bench->table, requests, count) != count)
		fail("insert_many");
	for (size_t i = 0; i < count; i++)
		change[i].index = requests[i].used;
}

/* H_REMOVE of one, or H_BULK_REMOVE of four. */
static void hcall(struct bench *bench, struct change *change, size_t count)
{
	uint64_t gpr[32] = { 0 };

	gpr[3] = count == 1 ? HPTE_HCALL_REMOVE : HPTE_HCALL_BULK_REMOVE;
	gpr[5] = change->index;
	for (size_t i = 0; count == 4 && i < 4; i++) {
		gpr[4 + 2 * i] = HPTE_BIT(1) | change[i].index;
		gpr[5 + 2 * i] = 0;
	}
	if (hpte_hcall_dispatch(&bench->vm, gpr, 0) != HPTE_HCALL_DONE ||
	    gpr[3] != HPTE_H_SUCCESS || (count == 4 && gpr[10] >> 60 != 8))
		fail("hypercall");
}

/* One or two swaps on a prefetched line, of a value for itself. */
static void swaps(struct bench *bench, struct change *change, size_t count,
		  unsigned int times)
{
	for (size_t i = 0; i < count + 16; i++) {
		if (i < count)
			__builtin_prefetch(group_at(bench, 0) +
					   2 * change[i].index, 1, 3);
		for (unsigned int j = 0; i >= 16 && j < times; j++) {
			uint64_t *word = (uint64_t *)
				hpte_table_base(&bench->table) +
				2 * change[i - 16].index;
			uint64_t old = *(volatile uint64_t *)word;

			(void)__sync_bool_compare_and_swap(word, old, old);
		}
	}
}

enum { PAIR_LIMIT, PAIR, PAIR_4, PAIR_16, PAIR_128, REMOVE_LIMIT, REMOVE,
       REMOVE_4, REMOVE_16, REMOVE_128, HCALL, BULK, CHANGES };

static const size_t change_sizes[CHANGES] = {
	[PAIR_4] = 4, [PAIR_16] = 16, [PAIR_128] = 128, [REMOVE_4] = 4,
	[REMOVE_16] = 16, [REMOVE_128] = 128, [BULK] = 4,
};

/* Do one case; what is left to restore is not timed. */
static void change_case(struct bench *bench, int which, struct change *change,
			size_t count)
{
	size_t size = change_sizes[which] ? change_sizes[which] : 1;

	if (which == PAIR_LIMIT || which == REMOVE_LIMIT) {
		swaps(bench, change, count, which == PAIR_LIMIT ? 2 : 1);
		return;
	}
	for (size_t i = 0; i < count; i += size) {
		if (which >= HCALL)
			hcall(bench, &change[i], size);
		else if (size == 1)
			remove_one(bench, &change[i]);
		else
			remove_batch(bench, &change[i], size);
		if (which == PAIR)
			insert_one(bench, &change[i]);
		else if (which < REMOVE_LIMIT)
			insert_batch(bench, &change[i], size);
	}
}

static double time_change(struct bench *bench, int which, size_t count)
{
	struct change *change = bench->changes + next_part(bench, count);
	double start = bench_busy(), end;

	change_case(bench, which, change, count);
	end = bench_busy();
	for (size_t i = 0; which > REMOVE_LIMIT && i < count; i++)
		insert_one(bench, &change[i]);
	return (end - start) * 1e9 / (double)count;
}

static void bench_changes(struct bench *bench)
{
	static double ns[CHANGES][ROUNDS];
	size_t count;

	make_changes(bench);
	count = (bench->stream < PART / 4 ? bench->stream : PART / 4) / MOST *
		MOST;
	for (int round = 0; round < ROUNDS; round++)
		for (int which = 0; which < CHANGES; which++)
			ns[which][round] = time_change(bench, which, count);
	for (int which = PAIR; which < CHANGES; which++) {
		int first = which < REMOVE_LIMIT ? PAIR :
			    which < HCALL ? REMOVE : HCALL;
		int limit_of = which < REMOVE_LIMIT ? PAIR_LIMIT : REMOVE_LIMIT;

		if (which != REMOVE_LIMIT)
			report(bench, first == PAIR ? "pair" :
			       first == REMOVE ? "remove" : "bulk",
			       change_sizes[which], ns[which], ns[first],
			       ns[limit_of]);
	}
	fflush(stdout);
}

static void bench_table(unsigned int order, bool walker, bool json)
{
	unsigned int flags = walker ? HPTE_TABLE_WALKER : 0;
	unsigned int cpu = bench_cpu() & hpte_table_cpu();
	struct bench bench = { .order = order, .walker = walker, .json = json };
	struct hpte_table_config config = {
		.order = order, .flags = flags, .cpu = cpu,
		.ops = walker ? &ops : NULL,
	};
	uint64_t side = hpte_table_side_bytes(order, flags, cpu);
	size_t entries = hpte_table_bytes(order) / HPTE_ENTRY_BYTES;

	config.memory.base = bench_alloc(hpte_table_bytes(order));
	config.memory.side = side ? bench_alloc(side) : NULL;
	if (hpte_table_init(&bench.table, &config) != HPTE_OK)
		abort();
	hpte_hcall_init(&bench.vm, &bench.table);
	bench.base = config.memory.base;
	bench.group_mask = entries / HPTE_GROUP_ENTRIES - 1;
	bench.pages = bench_alloc(entries * sizeof(*bench.pages));
	bench.queries = bench_alloc(STREAM * sizeof(*bench.queries));
	bench.changes = bench_alloc(STREAM * sizeof(*bench.changes));
	fill(&bench, 50);
	bench_finds(&bench, HIT);
	bench_finds(&bench, MISS);
	bench_changes(&bench);
	fill(&bench, 95);
	bench_finds(&bench, HIT);
	bench_finds(&bench, SECONDARY);
	bench_free(bench.changes, STREAM * sizeof(*bench.changes));
	bench_free(bench.queries, STREAM * sizeof(*bench.queries));
	bench_free(bench.pages, entries * sizeof(*bench.pages));
	bench_free(config.memory.side, side);
	bench_free(config.memory.base, hpte_table_bytes(order));
}

static void bench_order(unsigned int order, bool json)
{
	for (int walker = 0; walker < 2; walker++)
		bench_table(order, walker, json);
}

int main(int argc, char **argv)
{
	static const unsigned int orders[] = { 18, 24, 28, 0 };

	return bench_orders(argc, argv, orders, bench_order);
}
