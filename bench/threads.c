/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * bench/threads.c - two threads beside one.
 *
 * Cases, in million operations a second of all threads together:
 *	find, many	lookups, single calls and batches
 *	pair		each thread removes and inserts its half of the pages
 *	group, groups64	the same, on the pages of one group and of 64
 * ".1t" by one thread, ".2t" by two.  "find.beside", "many.beside": one reader
 * while another thread does pairs over the whole table; the reader's rate.
 *
 * Each thread has its own CPU.  Threads start together, and each one's rate is
 * taken over its own time.  Afterwards every page must still be there.
 */
#include "suite.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#define THREADS		2U
#define PIECE		512U	/* operations between two looks at the clock */
#define BATCH		256U
#define HOT_GROUPS	64U
#define MOST_HOT	(HOT_GROUPS * HPTE_GROUP_ENTRIES)

/* What one thread does over and over. */
struct work {
	const struct entrant *entrant;
	find_loop *find;	/* or: */
	change_loop *change;
	const struct query *queries;
	uint64_t *where;
	size_t count;
	double rate;
	unsigned int number;
	pthread_t thread;
};

struct hot {
	struct query queries[MOST_HOT];
	uint64_t where[MOST_HOT];
	size_t count;
};

static atomic_bool stop;
static atomic_uint waiting;

static void *work(void *arg)
{
	struct work *work = arg;
	size_t at = 0, done = 0;
	double start;

	bench_pin(work->number);
	(void)atomic_fetch_sub(&waiting, 1);
	while (atomic_load(&waiting))
		(void)sched_yield();
	start = bench_now();
	while (!atomic_load_explicit(&stop, memory_order_relaxed)) {
		size_t piece = work->count - at < PIECE ? work->count - at :
							  PIECE;

		if (work->find)
			(void)work->find(work->entrant->self,
					 work->queries + at, piece, BATCH);
		else if (work->change(work->entrant->self, work->queries + at,
				      work->where + at, piece, BATCH) != piece)
			sheet_wrong("pairs of threads",
				    work->entrant->peer->name);
		done += piece;
		at = at + piece < work->count ? at + piece : 0;
	}
	work->rate = (double)done / (bench_now() - start) * 1e-6;
	return NULL;
}

static void run(const struct contest *contest, struct work *works,
		unsigned int threads)
{
	struct timespec nap = {
		0, (long)contest->settings->milliseconds * 1000000L
	};

	atomic_store(&stop, false);
	atomic_store(&waiting, threads + 1);
	for (unsigned int i = 0; i < threads; i++) {
		works[i].number = i;
		if (pthread_create(&works[i].thread, NULL, work, &works[i]))
			abort();
	}
	(void)atomic_fetch_sub(&waiting, 1);
	nanosleep(&nap, NULL);
	atomic_store(&stop, true);
	for (unsigned int i = 0; i < threads; i++)
		pthread_join(works[i].thread, NULL);
}

/* Part @number of @parts of the lookups, or of the changes. */
static struct work part_of(struct contest *contest, struct entrant *entrant,
			   find_loop *find, size_t number, size_t parts)
{
	struct stream *stream = &contest->streams[find ? HIT : CHANGE];
	size_t count = stream->chunks * stream->chunk / parts;

	return (struct work){
		.entrant = entrant, .find = find,
		.change = entrant->peer->change[PAIR],
		.queries = stream->queries + number * count,
		.where = entrant->where + (find ? 0 : number * count),
		.count = count,
	};
}

/* @find, or pairs if it is NULL, by one and by two threads. */
static void one_and_two(struct contest *contest, struct entrant *entrant,
			find_loop *find, const char *const names[],
			unsigned int round)
{
	struct work works[THREADS];

	for (unsigned int threads = 1; threads <= THREADS; threads++) {
		double rate = 0;

		for (unsigned int i = 0; i < threads; i++)
			works[i] = part_of(contest, entrant, find, i, threads);
		run(contest, works, threads);
		for (unsigned int i = 0; i < threads; i++)
			rate += works[i].rate;
		sheet_put(names[threads - 1], entrant->peer->name, "Mops/s",
			  round, rate);
	}
}

static void beside(struct contest *contest, struct entrant *entrant,
		   find_loop *find, const char *name, unsigned int round)
{
	struct work works[THREADS] = {
		part_of(contest, entrant, find, 0, 1),
		part_of(contest, entrant, NULL, 0, 1),
	};

	run(contest, works, THREADS);
	sheet_put(name, entrant->peer->name, "Mops/s", round, works[0].rate);
}

static void spread(struct contest *contest, struct entrant *entrant,
		   unsigned int round)
{
	static const char *const finds[] = { "find.1t", "find.2t" };
	static const char *const many[] = { "many.1t", "many.2t" };
	static const char *const pairs[] = { "pair.1t", "pair.2t" };
	const struct peer *peer = entrant->peer;

	one_and_two(contest, entrant, NULL, pairs, round);
	if (peer->find[EACH]) {
		one_and_two(contest, entrant, peer->find[EACH], finds, round);
		beside(contest, entrant, peer->find[EACH], "find.beside",
		       round);
	}
	if (peer->find[MANY]) {
		one_and_two(contest, entrant, peer->find[MANY], many, round);
		beside(contest, entrant, peer->find[MANY], "many.beside",
		       round);
	}
}

/* Pages whose primary group is one of these. */
static void gather(const struct world *world, const uint64_t *groups,
		   size_t count, struct hot *hot)
{
	hot->count = 0;
	for (size_t i = 0; i < world->mapped && hot->count < MOST_HOT; i++) {
		const struct query *page = &world->pages[i];
		uint64_t group = world_group(page->descriptor, page->ea, false,
					     world->order);
		size_t j = 0;

		while (j < count && groups[j] != group)
			j++;
		if (j < count)	/* once, even if two of them are the same */
			hot->queries[hot->count++] = *page;
	}
}

/* 64 groups, and one of them in which there is room, and work for two. */
static void choose(const struct world *world, struct hot *one,
		   struct hot *many)
{
	uint64_t groups[HOT_GROUPS];

	for (size_t i = 0; i < HOT_GROUPS; i++) {
		/* another run each, thus most likely another group */
		const struct query *page = &world->pages[i * 17];

		groups[i] = world_group(page->descriptor, page->ea, false,
					world->order);
	}
	gather(world, groups, HOT_GROUPS, many);
	for (size_t i = 0; i < HOT_GROUPS; i++) {
		gather(world, &groups[i], 1, one);
		if (one->count >= 4 && one->count <= 6)
			return;
	}
	abort();	/* half full, and no such group in 64 */
}

/* Pairs on hot pages: thread i has every second one, from the i-th. */
static void crowd(struct contest *contest, struct entrant *entrant,
		  const struct hot *hot, const char *const names[],
		  unsigned int round)
{
	static struct hot parts[THREADS];
	struct work works[THREADS];

	for (unsigned int threads = 1; threads <= THREADS; threads++) {
		double rate = 0;

		for (unsigned int i = 0; i < threads; i++)
			parts[i].count = 0;
		for (size_t i = 0; i < hot->count; i++) {
			struct hot *part = &parts[i % threads];

			part->where[part->count] = entrant->peer->where(
					entrant->self, &hot->queries[i]);
			part->queries[part->count++] = hot->queries[i];
		}
		for (unsigned int i = 0; i < threads; i++)
			works[i] = (struct work){
				.entrant = entrant,
				.change = entrant->peer->change[PAIR],
				.queries = parts[i].queries,
				.where = parts[i].where,
				.count = parts[i].count,
			};
		run(contest, works, threads);
		for (unsigned int i = 0; i < threads; i++)
			rate += works[i].rate;
		sheet_put(names[threads - 1], entrant->peer->name, "Mops/s",
			  round, rate);
	}
}

static void check(struct contest *contest, const struct entrant *entrant)
{
	const struct stream *stream = &contest->streams[HIT];

	if (entrant->peer->find[EACH] &&
	    entrant->peer->find[EACH](entrant->self, stream->queries,
				      stream->chunk, 1) != stream->sums[0])
		sheet_wrong("the contents after threads", entrant->peer->name);
}

void threads_run(struct contest *contest, unsigned int load)
{
	static const char *const group[] = { "group.1t", "group.2t" };
	static const char *const groups[] = { "groups64.1t", "groups64.2t" };
	static struct hot one, many;
	unsigned int rounds = contest->settings->rounds;

	if (bench_cpus() < THREADS) {
		sheet_skip("threads", "this process has one CPU");
		return;
	}
	sheet_start("threads", contest->settings, load);
	choose(&contest->world, &one, &many);
	for (unsigned int round = 0; round < rounds; round++) {
		sheet_round(round);
		for (unsigned int i = 0; i < contest->count; i++)
			if (contest->entrants[i].peer->threads)
				spread(contest, &contest->entrants[i], round);
	}
	/* hot pages change places: nobody uses "where" afterwards */
	for (unsigned int round = 0; round < rounds; round++)
		for (unsigned int i = 0; i < contest->count; i++) {
			struct entrant *entrant = &contest->entrants[i];

			if (!entrant->peer->threads)
				continue;
			crowd(contest, entrant, &one, group, round);
			crowd(contest, entrant, &many, groups, round);
		}
	for (unsigned int i = 0; i < contest->count; i++)
		if (contest->entrants[i].peer->threads)
			check(contest, &contest->entrants[i]);
	sheet_end();
}
