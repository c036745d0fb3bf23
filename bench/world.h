/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * bench/world.h - the pages that all tables map, and the streams of queries.
 *
 * Runs of 16 contiguous pages in random segments; what a page maps to follows
 * from its address, so that every answer is known without a table.
 *
 * A stream is cut into chunks: one sample takes one chunk, and the next
 * sample, of whatever case, another one, so that nobody finds in a cache what
 * somebody else has just read.  In a linked stream each query is stored
 * exclusive-or 12 bits of what the query before it will have answered: it
 * cannot be formed, not even speculatively, without that answer.  The first
 * of a chunk is stored as it is.
 */
#ifndef BENCH_WORLD_H
#define BENCH_WORLD_H

#include "support.h"

#include <hpte/hpte.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WORLD_LINK	UINT64_C(0xFFF000)

struct query {
	uint64_t ea;
	uint64_t descriptor;
};

struct world {
	unsigned int order;
	bool large;		/* 64K pages in 1T segments; else 4K, 256M */
	uint64_t l, lp;		/* page size bits of the entries */
	struct query *pages;
	size_t mapped;
	uint32_t *secondary;	/* which pages are in their secondary group */
	size_t secondaries;
	size_t dropped;		/* both groups were full */
	uint32_t *block;	/* first of 8 pages that H_BLOCK_REMOVE takes */
	size_t blocks;
	uint64_t random;
};

/* The guest's doubleword 1 for a page: what all lookups answer. */
static inline uint64_t world_dw1(const struct world *world, uint64_t descriptor,
				 uint64_t ea)
{
	uint64_t number = bench_mix(descriptor ^ ea << 20) &
			  (world->large ? UINT64_C(0xFFFFFF0000) :
					  UINT64_C(0xFFFFFFF000));

	return number | world->lp | HPTE_DW1_M | HPTE_DW1_RC | 2;
}

/*
 * Doubleword 0 to look for and the group, for the two kinds of pages there
 * are here: for those who must not pay for calls, and for the general case.
 * [ISA: Hashed Page Table Search]
 */
static inline uint64_t world_dw0(uint64_t descriptor, uint64_t ea)
{
	bool large = descriptor >> 62 != 0;
	uint64_t offset = ea & (large ? UINT64_C(0xFFFFFFFFFF) :
					UINT64_C(0xFFFFFFF));

	/* B and VSID lie in both registers alike */
	return (descriptor & ~UINT64_C(0xFFF)) | offset >> 23 << 7 |
	       (large ? HPTE_DW0_L : 0);
}

static inline uint64_t world_group(uint64_t descriptor, uint64_t ea,
				   bool secondary, unsigned int order)
{
	uint64_t vsid = (descriptor & (HPTE_BIT(1) - 1)) >> 12;
	uint64_t hash = vsid ^ (ea >> 12 & 0xFFFF);

	if (descriptor >> 62) {
		vsid >>= 12;
		hash = vsid ^ vsid << 25 ^ (ea >> 16 & 0xFFFFFF);
	}
	return (secondary ? ~hash : hash) &
	       ((UINT64_C(1) << (order - 7)) - 1);
}

/* Address, entry and group of a page. */
struct placed {
	struct hpte_va va;
	struct hpte entry;
	uint64_t index;		/* first of the group */
};

void world_place(const struct world *world, const struct query *page,
		 bool secondary, struct placed *placed);

void world_make(struct world *world, unsigned int order, bool large);
void world_free(struct world *world);

/*
 * Map pages until the table is @load percent full.  @put puts one page into
 * every table at once: false if that group is full.
 */
void world_fill(struct world *world, unsigned int load,
		bool (*put)(void *arg, const struct placed *placed),
		void *arg);

#define WORLD_BLOCK	8U

enum { HIT, MISS, SECONDARY, ZIPF, SEQUENTIAL, MIX, CHANGE, BLOCKS, STREAMS };

struct stream {
	struct query *queries;
	uint64_t *sums;		/* of the answers, for each chunk */
	size_t chunk;		/* queries of a chunk */
	size_t chunks;
	size_t next;		/* chunk to take next */
};

/* What a query answers, where it is not world_dw1(). */
typedef uint64_t world_answer(void *arg, const struct query *query);

/*
 * CHANGE has every page at most once, and is not longer than the table; so has
 * BLOCKS, the pages of a block together.  With @answer the stream is linked by
 * it, or by world_dw1() with @linked.
 */
void world_stream(const struct world *world, unsigned int kind, bool linked,
		  world_answer *answer, void *arg, struct stream *stream);
void world_stream_free(struct stream *stream);

#endif /* BENCH_WORLD_H */
