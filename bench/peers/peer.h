/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * bench/peers/peer.h - what takes part: tables, maps and the machine's limits.
 *
 * A peer is a constant structure.  Each of its loops works through a chunk of
 * a stream, so that a measurement has one indirect call and the compiler can
 * build the operation into the loop; the loops are below, the operation is in
 * the peer's file.  NULL: the peer does not take part.
 */
#ifndef BENCH_PEER_H
#define BENCH_PEER_H

#include "../world.h"

/* Lookups.  Each query takes @descriptor and @ea and answers doubleword 1, 0
 * if there is nothing. */
enum {
	CHAIN,			/* the next query needs this one's answer */
	EACH,			/* independent calls, one after the other */
	MANY,			/* @batch in one call */
	FINDS
};

/* Changes; the table is afterwards what it was.  @where has the place of each
 * page, for those that need it, and is kept up to date. */
enum {
	PAIR,			/* remove and insert a page */
	REMOVE,
	INSERT,			/* what REMOVE has removed */
	PROTECT,		/* two changes of the rights */
	PAIR_MANY,		/* remove @batch pages, then insert them */
	REMOVE_BLOCK,		/* REMOVE, the pages of a block together */
	CHANGES
};

/* The sum of the answers. */
typedef uint64_t find_loop(void *self, const struct query *queries,
			   size_t count, size_t batch);
/* How many succeeded. */
typedef size_t change_loop(void *self, const struct query *queries,
			   uint64_t *where, size_t count, size_t batch);

/**
 * struct peer - one contender
 * @name:	of the contender, in all output
 * @on:		the peer whose table it uses instead of having one, or NULL
 * @make:	an empty table for @world with room for @pages.  @on: its self.
 *		NULL: not on this CPU
 * @drop:	undo it
 * @put:	put a page into its group: false if that is full
 * @put_map:	of a general map, which takes part at one load only: put a
 *		page in.  Neither: @on does it
 * @where:	place of a page, or NULL
 * @answer:	what a query answers, if not doubleword 1
 * @find:	loops by CHAIN ...
 * @change:	loops by PAIR ...
 * @threads:	may be changed by two threads at a time
 * @enter:	called by each thread before it uses the table, or NULL
 * @is_limit:	answers are not looked at: it only reads the memory
 */
struct peer {
	const char *name;
	const struct peer *on;
	void *(*make)(const struct world *world, size_t pages, void *on);
	void (*drop)(void *self);
	bool (*put)(void *self, const struct placed *placed);
	bool (*put_map)(void *self, const struct query *page, uint64_t value);
	uint64_t (*where)(void *self, const struct query *page);
	world_answer *answer;
	find_loop *find[FINDS];
	change_loop *change[CHANGES];
	void (*enter)(void *self, bool in);
	bool threads;
	bool is_limit;
};

/* All that this build has, ended by NULL: @on before who is on it. */
extern const struct peer *const peers[];
#define MOST_PEERS	24U

extern const struct peer peer_plain, peer_walker, peer_hcall, peer_hblock;
extern const struct peer peer_portable, peer_sse2, peer_avx2, peer_avx512;
extern const struct peer peer_lockbit, peer_scan, peer_onelock;
extern const struct peer peer_ck, peer_lfht, peer_dpdk;
extern const struct peer peer_hchase, peer_rnd2p, peer_rnd2pt1, peer_rnd4p;
extern const struct peer peer_cmpxchg;

/* The table in the self of peer_plain, for the limits. */
const struct hpte_table *peer_plain_table(void *self);

/* The key of a page in a general map. */
static inline uint64_t peer_key(uint64_t descriptor, uint64_t ea)
{
	return descriptor >> 12 << 28 | ea >> 12;
}

/* Loops around an operation that is built into them. */
#define PEER_INLINE	static inline __attribute__((always_inline))

PEER_INLINE uint64_t loop_chain(void *self, const struct query *queries,
		size_t count,
		uint64_t (*find)(void *self, uint64_t descriptor, uint64_t ea))
{
	uint64_t value = 0, sum = 0;

	for (size_t i = 0; i < count; i++) {
		value = find(self, queries[i].descriptor,
			     queries[i].ea ^ (value & WORLD_LINK));
		sum += value;
	}
	return sum;
}

PEER_INLINE uint64_t loop_each(void *self, const struct query *queries,
		size_t count,
		uint64_t (*find)(void *self, uint64_t descriptor, uint64_t ea))
{
	uint64_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += find(self, queries[i].descriptor, queries[i].ea);
	return sum;
}

PEER_INLINE size_t loop_change(void *self, const struct query *queries,
		uint64_t *where, size_t count,
		bool (*change)(void *self, const struct query *query,
			       uint64_t *where))
{
	size_t done = 0;

	for (size_t i = 0; i < count; i++)
		done += change(self, &queries[i], &where[i]);
	return done;
}

/* The functions that a struct peer points to. */
#define PEER_FIND_LOOPS(find)						\
static uint64_t find_chain(void *self, const struct query *queries,	\
			   size_t count, size_t batch)			\
{									\
	(void)batch;							\
	return loop_chain(self, queries, count, find);			\
}									\
static uint64_t find_each(void *self, const struct query *queries,	\
			  size_t count, size_t batch)			\
{									\
	(void)batch;							\
	return loop_each(self, queries, count, find);			\
}

#define PEER_CHANGE_LOOP(name, change)					\
static size_t name(void *self, const struct query *queries,		\
		   uint64_t *where, size_t count, size_t batch)		\
{									\
	(void)batch;							\
	return loop_change(self, queries, where, count, change);	\
}

#endif /* BENCH_PEER_H */
