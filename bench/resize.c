/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * bench/resize.c - a half full table is replaced by one of twice its size.
 *
 *	bolted		every entry is bolted, and moves
 *	left		none is: the guest faults them in again
 *
 * Prepare and commit, in nanoseconds for each entry of the old table.  The host
 * has the storage ready and zero: what that costs is not in it.  "plain" has
 * no walker; with "walker" every entry is valid, and loses V by an invalidation
 * of its own.  "memcpy" copies the bytes of the old table: the limit.
 */
#include "contender.h"
#include "suite.h"

#include <stdlib.h>
#include <string.h>

#define LOAD	50U
#define CHECKED	1024U	/* entries that are looked up after a move */

/* A table, and the storage of the one that comes after it. */
struct resized {
	const char *name;
	bool walker;
	unsigned int order;
	struct hpte_host_ops ops;
	struct hpte_table table;
	struct hpte_resize resize;
	struct hpte_memory memory[2];
	uint64_t side_bytes[2];
};

/* What world_fill() has put, and where. */
struct filling {
	struct hpte_table *table;
	struct placed *placed;
	size_t count;
};

static enum hpte_host_result hpt_alloc(void *ctx, unsigned int order,
				       struct hpte_memory *memory)
{
	struct resized *resized = ctx;

	if (order != resized->order + 1)
		return HPTE_HOST_NEVER;
	*memory = resized->memory[1];
	return HPTE_HOST_DONE;
}

static void make(struct resized *resized, unsigned int order)
{
	unsigned int flags = resized->walker ? HPTE_TABLE_WALKER : 0;

	resized->order = order;
	resized->ops = *contender_ops();
	resized->ops.hpt_alloc = hpt_alloc;
	for (unsigned int i = 0; i < 2; i++) {
		resized->side_bytes[i] = hpte_table_side_bytes(order + i,
				flags, bench_cpu() & hpte_table_cpu());
		resized->memory[i].base =
			bench_alloc(hpte_table_bytes(order + i));
		if (resized->side_bytes[i])
			resized->memory[i].side =
				bench_alloc(resized->side_bytes[i]);
	}
}

static void drop(struct resized *resized)
{
	for (unsigned int i = 0; i < 2; i++) {
		bench_free(resized->memory[i].base,
			   hpte_table_bytes(resized->order + i));
		bench_free(resized->memory[i].side, resized->side_bytes[i]);
	}
}

/* Empty, and the storage of the next one zero. */
static void reset(struct resized *resized)
{
	struct hpte_table_config config = {
		.memory = resized->memory[0], .order = resized->order,
		.flags = resized->walker ? HPTE_TABLE_WALKER : 0,
		.cpu = bench_cpu() & hpte_table_cpu(),
		.ops = &resized->ops, .ctx = resized,
	};

	for (unsigned int i = 0; i < 2; i++) {
		memset(resized->memory[i].base, 0,
		       hpte_table_bytes(resized->order + i));
		if (resized->side_bytes[i])
			memset(resized->memory[i].side, 0,
			       resized->side_bytes[i]);
	}
	if (hpte_table_init(&resized->table, &config) != HPTE_OK)
		abort();
	hpte_resize_init(&resized->resize);
}

static bool put(void *arg, const struct placed *placed)
{
	struct filling *filling = arg;
	uint64_t where;

	if (hpte_table_insert(filling->table, placed->index, 0,
			      &placed->entry, NULL, &where) != HPTE_OK)
		return false;
	filling->placed[filling->count++] = *placed;
	return true;
}

static void fill(struct resized *resized, const struct filling *filling,
		 bool bolted)
{
	struct hpte_host_page page = { .shift = 16, .writable = true };
	uint64_t where;

	for (size_t i = 0; i < filling->count; i++) {
		struct hpte entry = filling->placed[i].entry;

		entry.dw0 |= bolted ? HPTE_DW0_BOLTED : 0;
		if (hpte_table_insert(&resized->table,
				      filling->placed[i].index, 0, &entry,
				      resized->walker ? &page : NULL, &where) !=
		    HPTE_OK)
			abort();
	}
}

/* The limit. */
static double copy(struct resized *resized)
{
	double start = bench_busy();

	memcpy(resized->memory[1].base, resized->memory[0].base,
	       hpte_table_bytes(resized->order));
	return bench_busy() - start;
}

static double grow(struct resized *resized)
{
	uint64_t shift = resized->order + 1;
	int64_t prepared = HPTE_H_HARDWARE, committed = HPTE_H_HARDWARE;
	double start = bench_busy();

	if (hpte_resize_prepare(&resized->resize, &resized->table, 0, shift,
				&prepared) != HPTE_OK ||
	    hpte_resize_commit(&resized->resize, &resized->table, 0, shift,
			       &committed) != HPTE_OK ||
	    prepared != HPTE_H_SUCCESS || committed != HPTE_H_SUCCESS)
		sheet_wrong("resize", resized->name);
	return bench_busy() - start;
}

/* All of them have moved, or none. */
static void check(const struct resized *resized, const struct filling *filling,
		  bool bolted)
{
	size_t step = filling->count / CHECKED;
	int expected = bolted ? HPTE_OK : HPTE_ERR_NOTFOUND;
	struct hpte_view view;

	for (size_t i = 0; i < filling->count; i += step)
		if (hpte_table_find(&resized->table, &filling->placed[i].va, 0,
				    &view) != expected)
			sheet_wrong("find after a resize", resized->name);
	if (hpte_resize_inert(&resized->resize))
		sheet_wrong("resize: inert entries", resized->name);
}

static void sample(struct resized *resized, const struct filling *filling,
		   bool bolted, bool copied, unsigned int round)
{
	double seconds;

	reset(resized);
	fill(resized, filling, bolted);
	seconds = copied ? copy(resized) : grow(resized);
	if (!copied)
		check(resized, filling, bolted);
	sheet_put(bolted ? "bolted" : "left",
		  copied ? "memcpy" : resized->name, "ns", round,
		  seconds * 1e9 / (double)filling->count);
}

void resize_suite(const struct settings *settings)
{
	struct resized tables[] = {
		{ .name = "plain" }, { .name = "walker", .walker = true },
	};
	uint64_t bytes = hpte_table_bytes(settings->order) / HPTE_ENTRY_BYTES *
			 sizeof(struct placed);
	struct filling filling = { &tables[0].table, bench_alloc(bytes), 0 };
	struct world world;

	for (unsigned int i = 0; i < 2; i++)
		make(&tables[i], settings->order);
	reset(&tables[0]);
	world_make(&world, settings->order, settings->large);
	world_fill(&world, LOAD, put, &filling);
	sheet_start("resize", settings, LOAD);
	for (unsigned int round = 0; round < settings->rounds; round++) {
		sheet_round(round);
		for (unsigned int bolted = 0; bolted < 2; bolted++) {
			sample(&tables[0], &filling, bolted, false, round);
			sample(&tables[1], &filling, bolted, false, round);
			sample(&tables[0], &filling, bolted, true, round);
		}
	}
	sheet_end();
	world_free(&world);
	for (unsigned int i = 0; i < 2; i++)
		drop(&tables[i]);
	bench_free(filling.placed, bytes);
}
