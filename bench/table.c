/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * bench/table.c - lookups and changes of all peers, by one thread.
 *
 * The table is filled step by step to each load.  In each round every case
 * runs once for every entrant, first all lookups, then all changes, and after
 * the threads the removal of blocks, whose stream takes another's place.
 *
 * No sample finds in a cache what another has left there, which may be its own
 * table, as several use one: something else is read before it, unless the
 * table is so small that the passes which then come fill the core's own caches.
 * They are untimed, go over other chunks, and come where a cache may hold the
 * table.  And in each round everybody follows somebody else.  Time is the
 * thread's own: what other processes take of the CPU does not count.
 */
#include "suite.h"
#include "count.h"

#include <stdlib.h>
#include <string.h>

#define SMALL_ORDER	20U	/* a core's own caches hold it */
#define WARM_ORDER	24U	/* the last cache may hold it */
#define FULL_BATCH	256U
#define MAPS_LOAD	50U	/* at which general maps take part */
#define PLACES		29U	/* in a round: a prime above MOST_PEERS */
#define OTHER_BYTES	(UINT64_C(64) << 20)	/* evict what was there */

enum { L25 = 1, L50 = 2, L75 = 4, L95 = 8, ALL = 15 };

struct find_case {
	const char *name;
	unsigned int stream, loop, batch, loads;
};

static const struct find_case find_cases[] = {
	{ "hit.chain", HIT, CHAIN, 1, ALL },
	{ "hit.each", HIT, EACH, 1, ALL },
	{ "hit.many", HIT, MANY, FULL_BATCH, ALL },
	{ "hit.many.4", HIT, MANY, 4, L50 },
	{ "hit.many.8", HIT, MANY, 8, L50 },
	{ "hit.many.16", HIT, MANY, 16, L50 },
	{ "hit.many.32", HIT, MANY, 32, L50 },
	{ "hit.many.64", HIT, MANY, 64, L50 },
	{ "miss.each", MISS, EACH, 1, ALL },
	{ "miss.many", MISS, MANY, FULL_BATCH, ALL },
	{ "secondary.chain", SECONDARY, CHAIN, 1, L75 | L95 },
	{ "secondary.each", SECONDARY, EACH, 1, L75 | L95 },
	{ "secondary.many", SECONDARY, MANY, FULL_BATCH, L75 | L95 },
	{ "zipf.each", ZIPF, EACH, 1, L50 },
	{ "zipf.many", ZIPF, MANY, FULL_BATCH, L50 },
	{ "sequential.each", SEQUENTIAL, EACH, 1, L50 },
	{ "sequential.many", SEQUENTIAL, MANY, FULL_BATCH, L50 },
	{ "mix.each", MIX, EACH, 1, L50 },
	{ "mix.many", MIX, MANY, FULL_BATCH, L50 },
};

struct change_case {
	const char *name;
	unsigned int loop, batch;
	double calls;		/* of a kind, for each page */
};

static const struct change_case change_cases[] = {
	{ "pair", PAIR, 1, 1 },
	{ "pair.many", PAIR_MANY, 16, 1 },
	{ "remove", REMOVE, 1, 1 },
	{ "protect", PROTECT, 1, 2 },
};

static const struct change_case block_cases[] = {
	{ "remove.block", REMOVE_BLOCK, 1, 1 },
};

#define COUNT_OF(array)	(sizeof(array) / sizeof((array)[0]))

static unsigned int load_bit(unsigned int load)
{
	return load < 50 ? L25 : load < 75 ? L50 : load < 95 ? L75 : L95;
}

/* Does it begin with one of the words that are asked for? */
static bool wanted(const struct contest *contest, const char *name)
{
	const char *word = contest->settings->only;

	while (word) {
		size_t length = strcspn(word, ",");

		if (!strncmp(name, word, length))
			return true;
		word = word[length] ? word + length + 1 : NULL;
	}
	return !contest->settings->only;
}

static const char *suite_name(const struct contest *contest)
{
	return contest->settings->small ? "small pages" : "table";
}

static size_t take_chunk(struct stream *stream)
{
	size_t chunk = stream->next;

	stream->next = (chunk + 1) % stream->chunks;
	return chunk;
}

/* Read what nobody uses, in lines of 64 bytes, the shortest there are. */
static void evict(const struct contest *contest)
{
	static volatile unsigned char *other;

	if (contest->settings->order <= SMALL_ORDER)
		return;
	if (!other) {
		void *area = bench_alloc(OTHER_BYTES);

		memset(area, 1, OTHER_BYTES);	/* or all is one page */
		other = area;
	}
	for (uint64_t i = 0; i < OTHER_BYTES; i += 64)
		(void)other[i];
}

/* How many passes come before a sample: as many queries as groups, or two. */
static unsigned int warm_passes(const struct contest *contest,
				const struct stream *stream)
{
	unsigned int order = contest->settings->order;
	uint64_t groups = hpte_table_bytes(order) / HPTE_ENTRY_BYTES /
			  HPTE_GROUP_ENTRIES;
	uint64_t passes = groups / stream->chunk;

	if (order > WARM_ORDER)
		return 0;
	return passes < 2 ? 2 : (unsigned int)passes;
}

/*
 * Who is in a place, 1 .. PLACES - 1, of a round: each round has another
 * stride, the first one 1.  NULL: nobody.
 */
static struct entrant *in_place(struct contest *contest, unsigned int round,
				unsigned int place)
{
	unsigned int stride = round % (PLACES - 1) + 1;
	unsigned int number = place * stride % PLACES - 1;

	return number < contest->count ? &contest->entrants[number] : NULL;
}

static struct stream *stream_for(struct contest *contest,
				 struct entrant *entrant,
				 const struct find_case *find)
{
	if (find->loop != CHAIN)
		return &contest->streams[find->stream];
	if (!entrant->peer->answer)
		return &contest->linked[find->stream];
	return find->stream == HIT ? &entrant->linked : NULL;
}

static uint64_t pass(const struct entrant *entrant, const struct stream *stream,
		     size_t chunk, const struct find_case *find)
{
	return entrant->peer->find[find->loop](entrant->self,
			stream->queries + chunk * stream->chunk,
			stream->chunk, find->batch);
}

static void find_sample(struct contest *contest, struct entrant *entrant,
			const struct find_case *find, unsigned int round)
{
	struct stream *stream = stream_for(contest, entrant, find);
	const struct peer *peer = entrant->peer;
	unsigned int passes;
	double start, ns;
	uint64_t sum;
	size_t chunk;

	if (!peer->find[find->loop] || !stream || !stream->chunks ||
	    (peer->is_limit && find->batch != FULL_BATCH) ||
	    !wanted(contest, find->name))
		return;
	evict(contest);
	passes = warm_passes(contest, stream);
	for (unsigned int i = 0; i < passes; i++)
		(void)pass(entrant, stream, take_chunk(stream), find);
	chunk = take_chunk(stream);
	start = bench_busy();
	sum = pass(entrant, stream, chunk, find);
	ns = (bench_busy() - start) * 1e9 / (double)stream->chunk;
	if (!peer->is_limit && sum != stream->sums[chunk])
		sheet_wrong(find->name, peer->name);
	sheet_put(find->name, peer->name, "ns", round, ns);
}

static double change_pass(struct contest *contest, struct entrant *entrant,
			  const struct change_case *change, unsigned int loop)
{
	struct stream *stream = &contest->streams[CHANGE];
	size_t at = stream->next * stream->chunk;
	double start = bench_busy();

	if (entrant->peer->change[loop](entrant->self, stream->queries + at,
					entrant->where + at, stream->chunk,
					change->batch) != stream->chunk)
		sheet_wrong(change->name, entrant->peer->name);
	return (bench_busy() - start) * 1e9 / (double)stream->chunk;
}

static void change_sample(struct contest *contest, struct entrant *entrant,
			  const struct change_case *change, unsigned int round)
{
	unsigned int passes;
	double ns = 0;

	if (!entrant->peer->change[change->loop] ||
	    !wanted(contest, change->name))
		return;
	evict(contest);
	passes = warm_passes(contest, &contest->streams[CHANGE]) + 1;
	for (unsigned int i = 0; i < passes; i++) {
		ns = change_pass(contest, entrant, change, change->loop);
		if (change->loop == REMOVE || change->loop == REMOVE_BLOCK)
			(void)change_pass(contest, entrant, change, INSERT);
		(void)take_chunk(&contest->streams[CHANGE]);
	}
	sheet_put(change->name, entrant->peer->name, "ns", round,
		  ns / change->calls);
}

static void find_rounds(struct contest *contest, unsigned int load)
{
	for (unsigned int round = 0; round < contest->settings->rounds;
	     round++) {
		sheet_round(round);
		for (size_t i = 0; i < COUNT_OF(find_cases); i++)
			for (unsigned int place = 1; place < PLACES; place++) {
				struct entrant *entrant =
					in_place(contest, round, place);

				if (entrant &&
				    (find_cases[i].loads & load_bit(load)))
					find_sample(contest, entrant,
						    &find_cases[i], round);
			}
	}
}

/* Afterwards entries may stand elsewhere in their groups: not what hchase
 * has seen. */
static void change_rounds(struct contest *contest,
			  const struct change_case *cases, size_t count)
{
	for (unsigned int round = 0; round < contest->settings->rounds; round++)
		for (size_t i = 0; i < count; i++)
			for (unsigned int place = 1; place < PLACES; place++) {
				struct entrant *entrant =
					in_place(contest, round, place);

				if (entrant)
					change_sample(contest, entrant,
						      &cases[i], round);
			}
}

/* What bench_instructions() steps through. */
struct counted {
	const struct entrant *entrant;
	const struct query *queries;
	size_t count;
};

static void run_counted(void *arg)
{
	const struct counted *counted = arg;

	(void)counted->entrant->peer->find[EACH](counted->entrant->self,
			counted->queries, counted->count, 1);
}

static void instructions(struct contest *contest, const struct entrant *entrant,
			 unsigned int stream, const char *name)
{
	struct counted counted = { entrant, contest->streams[stream].queries,
				   0 };
	unsigned int calls = contest->settings->counted;
	int64_t frame, all;

	frame = bench_instructions(run_counted, &counted);
	counted.count = calls;
	all = bench_instructions(run_counted, &counted);
	if (frame != BENCH_NOT_COUNTED && all != BENCH_NOT_COUNTED)
		sheet_put(name, entrant->peer->name, "instructions", 0,
			  (double)(all - frame) / calls);
}

static struct entrant *entrant_of(struct contest *contest,
				  const struct peer *peer)
{
	for (unsigned int i = 0; i < contest->count; i++)
		if (contest->entrants[i].peer == peer)
			return &contest->entrants[i];
	abort();	/* a peer stands before those that are on it */
}

static void add(struct contest *contest, const struct peer *peer, size_t pages)
{
	struct entrant *entrant = &contest->entrants[contest->count++];
	void *on = NULL;

	*entrant = (struct entrant){ .peer = peer, .owner = entrant };
	if (peer->on) {
		entrant->owner = entrant_of(contest, peer->on);
		on = entrant->owner->self;
	}
	if (peer->enter)
		peer->enter(NULL, true);
	entrant->self = peer->make(&contest->world, pages, on);
	if (!entrant->self) {
		sheet_skip(peer->name, "not on this CPU, or not in this build");
		contest->count--;
		return;
	}
	for (size_t i = 0; peer->put_map && i < pages; i++) {
		const struct query *page = &contest->world.pages[i];

		if (!peer->put_map(entrant->self, page,
				   world_dw1(&contest->world, page->descriptor,
					     page->ea)))
			abort();
	}
}

static void drop_last(struct contest *contest)
{
	struct entrant *entrant = &contest->entrants[--contest->count];

	entrant->peer->drop(entrant->self);
	if (entrant->peer->enter)
		entrant->peer->enter(entrant->self, false);
}

/* world_fill(): all tables do the same, or something is wrong with one. */
static bool put(void *arg, const struct placed *placed)
{
	struct contest *contest = arg;
	bool done = false;

	for (unsigned int i = 0; i < contest->count; i++) {
		struct entrant *entrant = &contest->entrants[i];
		bool this_one;

		if (!entrant->peer->put)
			continue;
		this_one = entrant->peer->put(entrant->self, placed);
		if (i && this_one != done)
			sheet_wrong("insert", entrant->peer->name);
		done = this_one;
	}
	return done;
}

/* Which page stands where, in each table of its own. */
static void locate(struct contest *contest, struct entrant *entrant)
{
	const struct stream *stream = &contest->streams[CHANGE];
	size_t count = stream->chunks * stream->chunk;

	if (entrant->owner != entrant) {
		entrant->where = entrant->owner->where;
		return;
	}
	entrant->where = bench_alloc(count * sizeof(entrant->where[0]));
	for (size_t i = 0; entrant->peer->where && i < count; i++)
		entrant->where[i] = entrant->peer->where(entrant->self,
							 &stream->queries[i]);
}

/* @kind: CHANGE, or what takes its place. */
static void make_changes(struct contest *contest, unsigned int kind)
{
	world_stream(&contest->world, kind, false, NULL, NULL,
		     &contest->streams[CHANGE]);
	for (unsigned int i = 0; i < contest->count; i++)
		locate(contest, &contest->entrants[i]);
}

static void drop_changes(struct contest *contest)
{
	struct stream *stream = &contest->streams[CHANGE];
	size_t count = stream->chunks * stream->chunk;

	for (unsigned int i = 0; i < contest->count; i++) {
		struct entrant *entrant = &contest->entrants[i];

		if (entrant->owner == entrant)
			bench_free(entrant->where,
				   count * sizeof(entrant->where[0]));
		entrant->where = NULL;
	}
	world_stream_free(stream);
}

static void make_streams(struct contest *contest, unsigned int load)
{
	const struct world *world = &contest->world;

	for (size_t i = 0; i < COUNT_OF(find_cases); i++) {
		const struct find_case *find = &find_cases[i];
		bool linked = find->loop == CHAIN;
		struct stream *to = linked ? &contest->linked[find->stream] :
					     &contest->streams[find->stream];

		if (!(find->loads & load_bit(load)) || to->queries ||
		    !wanted(contest, find->name) ||
		    (find->stream == SECONDARY && !world->secondaries))
			continue;
		world_stream(world, find->stream, linked, NULL, NULL, to);
	}
	for (unsigned int i = 0; i < contest->count; i++) {
		struct entrant *entrant = &contest->entrants[i];

		if (entrant->peer->answer)
			world_stream(world, HIT, true, entrant->peer->answer,
				     entrant->self, &entrant->linked);
	}
}

static void drop_streams(struct contest *contest)
{
	for (unsigned int i = 0; i < contest->count; i++)
		world_stream_free(&contest->entrants[i].linked);
	for (unsigned int i = 0; i < STREAMS; i++) {
		world_stream_free(&contest->streams[i]);
		world_stream_free(&contest->linked[i]);
	}
}

static void facts(const struct world *world)
{
	double mapped = (double)world->mapped;

	sheet_fact("mapped", mapped);
	sheet_fact("secondary_percent",
		   100 * (double)world->secondaries / mapped);
	sheet_fact("dropped", (double)world->dropped);
}

static void count_instructions(struct contest *contest)
{
	for (unsigned int i = 0; i < contest->count; i++) {
		if (contest->settings->order > SMALL_ORDER ||
		    contest->settings->only ||
		    !contest->entrants[i].peer->find[EACH])
			continue;
		instructions(contest, &contest->entrants[i], HIT, "hit.count");
		instructions(contest, &contest->entrants[i], MISS,
			     "miss.count");
	}
}

static bool any_wanted(const struct contest *contest,
		       const struct change_case *cases, size_t count)
{
	bool any = false;

	for (size_t i = 0; i < count; i++)
		any = any || wanted(contest, cases[i].name);
	return any;
}

/* One kind of changes after the other, at the load at which all take part. */
static void changes(struct contest *contest, unsigned int load)
{
	if (any_wanted(contest, change_cases, COUNT_OF(change_cases))) {
		make_changes(contest, CHANGE);
		change_rounds(contest, change_cases, COUNT_OF(change_cases));
	}
	count_instructions(contest);
	sheet_end();
	if (!contest->settings->only)
		threads_run(contest, load);
	drop_changes(contest);
	if (!any_wanted(contest, block_cases, COUNT_OF(block_cases)))
		return;
	sheet_start(suite_name(contest), contest->settings, load);
	make_changes(contest, BLOCKS);
	change_rounds(contest, block_cases, COUNT_OF(block_cases));
	sheet_end();
	drop_changes(contest);
}

static void at_load(struct contest *contest, unsigned int load)
{
	unsigned int before = contest->count;

	world_fill(&contest->world, load, put, contest);
	for (unsigned int i = 0; load == MAPS_LOAD && peers[i]; i++)
		if (peers[i]->put_map && !contest->settings->small)
			add(contest, peers[i], contest->world.mapped);
	sheet_start(suite_name(contest), contest->settings, load);
	facts(&contest->world);
	make_streams(contest, load);
	find_rounds(contest, load);
	if (load == MAPS_LOAD)
		changes(contest, load);
	else
		sheet_end();
	drop_streams(contest);
	while (contest->count > before)
		drop_last(contest);
}

void table_suite(const struct settings *settings)
{
	static struct contest contest;

	contest = (struct contest){ .settings = settings };
	world_make(&contest.world, settings->order, settings->large);
	for (unsigned int i = 0; peers[i]; i++)
		if (!peers[i]->put_map)
			add(&contest, peers[i], 0);
	for (const unsigned int *load = settings->loads; *load; load++)
		at_load(&contest, *load);
	while (contest.count)
		drop_last(&contest);
	world_free(&contest.world);
}
