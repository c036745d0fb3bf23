/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * bench/peers/limits.c - what the machine allows, on the memory of "plain".
 *
 *	hchase		hash, and one dependent read of the primary group
 *	rnd2p, rnd2pt1	hash, and both lines of the primary group, independent,
 *			prefetched into the first or the second cache
 *	rnd4p		both lines of both groups: what a miss has to read
 *	cmpxchg		two hot compare-and-swaps: what a pair cannot do without
 */
#include "peer.h"

#define AHEAD		32U	/* of which the first cache gets 24 */

struct limits {
	const uint64_t *base;
	unsigned int order;
};

static void *make(const struct world *world, size_t pages, void *on)
{
	struct limits *limits = bench_alloc(sizeof(*limits));

	(void)pages;
	limits->base = hpte_table_base(peer_plain_table(on));
	limits->order = world->order;
	return limits;
}

static void drop(void *self)
{
	bench_free(self, sizeof(struct limits));
}

PEER_INLINE const uint64_t *group(const struct limits *limits,
				  uint64_t descriptor, uint64_t ea,
				  bool secondary)
{
	return limits->base + 16 * world_group(descriptor, ea, secondary,
					       limits->order);
}

PEER_INLINE uint64_t chase(void *self, uint64_t descriptor, uint64_t ea)
{
	/* AVPN: stays, whatever else happens to the entry */
	return __builtin_bswap64(*group(self, descriptor, ea, false)) &
	       WORLD_LINK;
}

static uint64_t chase_chain(void *self, const struct query *queries,
			    size_t count, size_t batch)
{
	(void)batch;
	return loop_chain(self, queries, count, chase);
}

static uint64_t chase_answer(void *self, const struct query *query)
{
	return chase(self, query->descriptor, query->ea);
}

PEER_INLINE void prefetch(const uint64_t *line, bool second_level)
{
	if (second_level) {
		__builtin_prefetch(line, 0, 2);
		__builtin_prefetch(line + 8, 0, 2);
	} else {
		__builtin_prefetch(line, 0, 3);
		__builtin_prefetch(line + 8, 0, 3);
	}
}

/* Read groups in the order of the stream, each prefetched @ahead before. */
PEER_INLINE uint64_t random_reads(void *self, const struct query *queries,
				  size_t count, size_t ahead, bool second_level,
				  bool both)
{
	const uint64_t *ring[2][AHEAD];
	uint64_t sum = 0;

	for (size_t i = 0; i < count + ahead; i++) {
		const struct query *query = &queries[i];
		size_t at = i % ahead;

		for (unsigned int which = 0; which < 1U + both; which++) {
			if (i >= ahead)
				sum += *ring[which][at] + ring[which][at][8];
			if (i >= count)
				continue;
			ring[which][at] = group(self, query->descriptor,
						query->ea, which != 0);
			prefetch(ring[which][at], second_level);
		}
	}
	return sum;
}

static uint64_t rnd2p(void *self, const struct query *queries, size_t count,
		      size_t batch)
{
	(void)batch;
	return random_reads(self, queries, count, 24, false, false);
}

static uint64_t rnd2pt1(void *self, const struct query *queries, size_t count,
			size_t batch)
{
	(void)batch;
	return random_reads(self, queries, count, AHEAD, true, false);
}

static uint64_t rnd4p(void *self, const struct query *queries, size_t count,
		      size_t batch)
{
	(void)batch;
	return random_reads(self, queries, count, 24, false, true);
}

static size_t cmpxchg(void *self, const struct query *queries, uint64_t *where,
		      size_t count, size_t batch)
{
	uint64_t word = 0;

	(void)self;
	(void)queries;
	(void)where;
	(void)batch;
	for (size_t i = 0; i < 2 * count; i++) {
		uint64_t old = i;

		(void)__atomic_compare_exchange_n(&word, &old, i + 1, false,
						  __ATOMIC_ACQ_REL,
						  __ATOMIC_RELAXED);
	}
	return word / 2;
}

const struct peer peer_hchase = {
	.name = "hchase", .on = &peer_plain, .make = make, .drop = drop,
	.answer = chase_answer, .find = { [CHAIN] = chase_chain },
};

const struct peer peer_rnd2p = {
	.name = "rnd2p", .on = &peer_plain, .make = make, .drop = drop,
	.find = { [MANY] = rnd2p }, .is_limit = true,
};

const struct peer peer_rnd2pt1 = {
	.name = "rnd2pt1", .on = &peer_plain, .make = make, .drop = drop,
	.find = { [MANY] = rnd2pt1 }, .is_limit = true,
};

const struct peer peer_rnd4p = {
	.name = "rnd4p", .on = &peer_plain, .make = make, .drop = drop,
	.find = { [MANY] = rnd4p }, .is_limit = true,
};

const struct peer peer_cmpxchg = {
	.name = "cmpxchg", .on = &peer_plain, .make = make, .drop = drop,
	.change = { [PAIR] = cmpxchg }, .is_limit = true,
};
