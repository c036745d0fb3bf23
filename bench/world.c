/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * bench/world.c - the pages that all tables map, and the streams of queries.
 *
 * The zipfian stream is the one of Gray et al., "Quickly Generating
 * Billion-Record Synthetic Databases" (SIGMOD 1994), with the exponent and
 * the scrambling of YCSB.
 */
#include "world.h"

#include <math.h>
#include <stdlib.h>

#define RUN_PAGES	16U	/* pages are mapped in runs, as programs do */
#define ZIPF_EXPONENT	0.99
#define ABSENT_SEGMENT	HPTE_BIT(16)	/* a bit of VSIDs never drawn */
#define MOST_QUERIES	(UINT64_C(16) << 20)	/* more than caches hold */
#define MOST_CHANGES	(UINT64_C(4) << 20)

void world_place(const struct world *world, const struct query *page,
		 bool secondary, struct placed *placed)
{
	if (hpte_hash_va(page->descriptor, page->ea, &placed->va) != HPTE_OK)
		abort();
	placed->entry.dw0 = hpte_hash_dw0(&placed->va) | world->l |
			    (secondary ? HPTE_DW0_H : 0);
	placed->entry.dw1 = world_dw1(world, page->descriptor, page->ea);
	placed->index = HPTE_GROUP_ENTRIES *
		hpte_hash_group(hpte_hash_primary(&placed->va), secondary,
				world->order);
}

void world_make(struct world *world, unsigned int order, bool large)
{
	uint64_t slots = hpte_table_bytes(order) / HPTE_ENTRY_BYTES;

	*world = (struct world){ .order = order, .large = large, .random = 1 };
	if (large && hpte_entry_page_bits(16, 16, &world->l, &world->lp) !=
	    HPTE_OK)
		abort();
	world->pages = bench_alloc(slots * sizeof(world->pages[0]));
	world->secondary = bench_alloc(slots * sizeof(world->secondary[0]));
	world->block = bench_alloc(slots / WORLD_BLOCK *
				   sizeof(world->block[0]));
}

void world_free(struct world *world)
{
	uint64_t slots = hpte_table_bytes(world->order) / HPTE_ENTRY_BYTES;

	bench_free(world->pages, slots * sizeof(world->pages[0]));
	bench_free(world->secondary, slots * sizeof(world->secondary[0]));
	bench_free(world->block, slots / WORLD_BLOCK *
				 sizeof(world->block[0]));
}

/* The first page of a run: 35 bits of VSID, or 23 of a 1T segment's. */
static struct query first_page(struct world *world)
{
	uint64_t a = bench_random(&world->random);
	uint64_t b = bench_random(&world->random);

	if (world->large)
		return (struct query){
			.descriptor = UINT64_C(1) << 62 | a >> 41 << 24 |
				      UINT64_C(0x110),
			.ea = b & UINT64_C(0xFFFFF00000),
		};
	return (struct query){
		.descriptor = a >> 29 << 12,
		.ea = b & UINT64_C(0xFFF0000),
	};
}

/* Into the primary, or else into the secondary group, if there is room. */
static bool map(struct world *world, const struct query *page,
		bool (*put)(void *arg, const struct placed *placed), void *arg)
{
	struct placed placed;
	bool done;

	world_place(world, page, false, &placed);
	done = put(arg, &placed);
	if (!done) {
		world_place(world, page, true, &placed);
		done = put(arg, &placed);
		if (done)
			world->secondary[world->secondaries++] =
				(uint32_t)world->mapped;
	}
	if (done)
		world->pages[world->mapped++] = *page;
	else
		world->dropped++;
	return done;
}

void world_fill(struct world *world, unsigned int load,
		bool (*put)(void *arg, const struct placed *placed), void *arg)
{
	uint64_t slots = hpte_table_bytes(world->order) / HPTE_ENTRY_BYTES;
	size_t want = slots * load / 100;

	while (world->mapped < want) {
		struct query page = first_page(world);
		unsigned int whole = 0;

		for (unsigned int i = 0; i < RUN_PAGES &&
		     world->mapped < want; i++) {
			if (i % WORLD_BLOCK == 0)
				whole = 0;
			whole += map(world, &page, put, arg);
			if (whole == WORLD_BLOCK)
				world->block[world->blocks++] =
					(uint32_t)(world->mapped - WORLD_BLOCK);
			page.ea += world->large ? 0x10000 : 0x1000;
		}
	}
}

/* Draws ranks 0, 1, 2 ... of which the low ones are frequent. */
struct zipf {
	double n, zeta, eta, alpha;
};

static struct zipf zipf_of(size_t n)
{
	struct zipf zipf = { .n = (double)n };
	double zeta2 = 1 + pow(0.5, ZIPF_EXPONENT);

	for (size_t i = 1; i <= n; i++)
		zipf.zeta += pow(1.0 / (double)i, ZIPF_EXPONENT);
	zipf.alpha = 1 / (1 - ZIPF_EXPONENT);
	zipf.eta = (1 - pow(2 / zipf.n, 1 - ZIPF_EXPONENT)) /
		   (1 - zeta2 / zipf.zeta);
	return zipf;
}

static uint64_t zipf_draw(const struct zipf *zipf, uint64_t random)
{
	double u = (double)(random >> 11) * 0x1p-53, uz = u * zipf->zeta;

	if (uz < 1)
		return 0;
	if (uz < 1 + pow(0.5, ZIPF_EXPONENT))
		return 1;
	return (uint64_t)(zipf->n * pow(zipf->eta * u - zipf->eta + 1,
					zipf->alpha));
}

/* A number near @size with which no step of a stride comes back early. */
static size_t stride_for(size_t size)
{
	size_t stride = size / 2 + size / 8 + 1, a, b;

	for (;; stride++) {
		for (a = size, b = stride % size; b;) {
			size_t rest = a % b;

			a = b;
			b = rest;
		}
		if (a == 1)
			return stride;
	}
}

/* Page number @i of a stream; @absent: nothing is mapped there. */
static size_t draw(const struct world *world, unsigned int kind, size_t i,
		   const struct zipf *zipf, uint64_t *random, bool *absent)
{
	uint64_t number = bench_random(random);

	*absent = kind == MISS || (kind == MIX && (i & 1));
	switch (kind) {
	case SECONDARY:
		return world->secondary[number % world->secondaries];
	case ZIPF:
		return bench_mix(zipf_draw(zipf, number)) % world->mapped;
	case SEQUENTIAL:
		return i % world->mapped;
	default:
		return number % world->mapped;
	}
}

static void measure_stream(const struct world *world, unsigned int kind,
			   struct stream *stream)
{
	uint64_t slots = hpte_table_bytes(world->order) / HPTE_ENTRY_BYTES;
	size_t count = 4 * slots, most = MOST_QUERIES;

	stream->chunk = slots / 2 < 8192 ? slots / 2 : 8192;
	if (world->order >= 24)
		stream->chunk = 32768;
	if (kind == CHANGE || kind == BLOCKS) {
		most = kind == CHANGE ? world->mapped :
					world->blocks * WORLD_BLOCK;
		if (most > MOST_CHANGES)
			most = MOST_CHANGES;
		if (stream->chunk > most / 4)
			stream->chunk = most / 4 / WORLD_BLOCK * WORLD_BLOCK;
	}
	if (count > most)
		count = most;
	stream->chunks = count / stream->chunk;
}

/* The page of a stream that has each at most once. */
static size_t each_once(const struct world *world, unsigned int kind, size_t i,
			size_t stride)
{
	if (kind == CHANGE)
		return (i + 1) * stride % world->mapped;
	return world->block[(i / WORLD_BLOCK + 1) * stride % world->blocks] +
	       i % WORLD_BLOCK;
}

void world_stream(const struct world *world, unsigned int kind, bool linked,
		  world_answer *answer, void *arg, struct stream *stream)
{
	struct zipf zipf = { 0 };
	uint64_t random = 2 + kind;
	size_t stride = stride_for(kind == BLOCKS ? world->blocks :
						    world->mapped);
	bool once = kind == CHANGE || kind == BLOCKS;
	uint64_t link = 0;

	if (kind == ZIPF)
		zipf = zipf_of(world->mapped);
	measure_stream(world, kind, stream);
	stream->next = 0;
	stream->queries = bench_alloc(stream->chunks * stream->chunk *
				      sizeof(struct query));
	stream->sums = bench_alloc(stream->chunks * sizeof(uint64_t));
	for (size_t i = 0; i < stream->chunks * stream->chunk; i++) {
		uint64_t *sum = &stream->sums[i / stream->chunk], value = 0;
		struct query query;
		bool absent = false;

		query = world->pages[once ? each_once(world, kind, i, stride) :
			draw(world, kind, i, &zipf, &random, &absent)];
		if (i % stream->chunk == 0 || !(linked || answer))
			link = 0;
		stream->queries[i] = query;
		if (absent)
			stream->queries[i].descriptor ^= ABSENT_SEGMENT;
		stream->queries[i].ea ^= link & WORLD_LINK;
		if (answer)
			value = answer(arg, &query);
		else if (!absent)
			value = world_dw1(world, query.descriptor, query.ea);
		link = value;
		*sum += value;
	}
}

void world_stream_free(struct stream *stream)
{
	bench_free(stream->queries, stream->chunks * stream->chunk *
				    sizeof(struct query));
	bench_free(stream->sums, stream->chunks * sizeof(uint64_t));
	*stream = (struct stream){ 0 };
}
