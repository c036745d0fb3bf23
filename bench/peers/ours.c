/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * bench/peers/ours.c - libhpte: without a walker, with one, and by hypercall.
 *
 * All through the public interface.  With a walker all entries are valid, and
 * an invalidation costs what contender.h says.
 */
#include "peer.h"
#include "../contender.h"

#include <stdlib.h>

#define MOST_BATCH	256U

struct ours {
	struct hpte_table table;
	struct hpte_vm vm;
	struct hpte_memory memory;
	uint64_t side_bytes;
	const struct world *world;
	bool walker;
};

static void *make(const struct world *world, bool walker)
{
	struct hpte_table_config config = {
		.order = world->order,
		.flags = walker ? HPTE_TABLE_WALKER : 0,
		.cpu = bench_cpu() & hpte_table_cpu(),
		.ops = walker ? contender_ops() : NULL,
	};
	struct ours *ours = bench_alloc(sizeof(*ours));

	ours->world = world;
	ours->walker = walker;
	ours->side_bytes = hpte_table_side_bytes(config.order, config.flags,
						 config.cpu);
	ours->memory.base = bench_alloc(hpte_table_bytes(config.order));
	if (ours->side_bytes)
		ours->memory.side = bench_alloc(ours->side_bytes);
	config.memory = ours->memory;
	if (hpte_table_init(&ours->table, &config) != HPTE_OK)
		abort();
	hpte_hcall_init(&ours->vm, &ours->table);
	return ours;
}

static void *make_plain(const struct world *world, size_t pages, void *on)
{
	(void)pages;
	(void)on;
	return make(world, false);
}

static void *make_walker(const struct world *world, size_t pages, void *on)
{
	(void)pages;
	(void)on;
	return make(world, true);
}

/* The table of "plain" once more, searched as on a CPU of which less is
 * known. */
static void *make_narrow(const struct world *world, void *on, unsigned int cpu)
{
	struct ours *plain = on, *ours = bench_alloc(sizeof(*ours));
	struct hpte_table_config config = {
		.memory = plain->memory, .order = world->order,
		.cpu = bench_cpu() & hpte_table_cpu() & cpu,
	};

	ours->world = world;
	if (hpte_table_init(&ours->table, &config) != HPTE_OK)
		abort();
	return ours;
}

/* NULL: this CPU, or this build, does not have it. */
#define MAKE_NARROW(name, search)					\
static void *name(const struct world *world, size_t pages, void *on)	\
{									\
	(void)pages;							\
	if ((search) & ~(bench_cpu() & hpte_table_cpu()))		\
		return NULL;						\
	return make_narrow(world, on, HPTE_CPU_LOAD16 | (search));	\
}

MAKE_NARROW(make_portable, 0)
MAKE_NARROW(make_sse2, HPTE_CPU_SSE2)
MAKE_NARROW(make_avx2, HPTE_CPU_AVX2)
MAKE_NARROW(make_avx512, HPTE_CPU_AVX512)

static void drop_narrow(void *self)
{
	bench_free(self, sizeof(struct ours));
}

static void *make_on(const struct world *world, size_t pages, void *on)
{
	(void)world;
	(void)pages;
	return on;
}

static void drop(void *self)
{
	struct ours *ours = self;

	bench_free(ours->memory.base,
		   hpte_table_bytes(hpte_table_order(&ours->table)));
	bench_free(ours->memory.side, ours->side_bytes);
	bench_free(ours, sizeof(*ours));
}

static void drop_on(void *self)
{
	(void)self;
}

const struct hpte_table *peer_plain_table(void *self)
{
	struct ours *ours = self;

	return &ours->table;
}

PEER_INLINE int insert(struct ours *ours, uint64_t index,
		       const struct hpte *entry, bool walker, uint64_t *where)
{
	struct hpte_host_page page = { .shift = 16, .writable = true };

	/* where the host has the page: the same for each, nobody looks */
	return hpte_table_insert(&ours->table, index, 0, entry,
				 walker ? &page : NULL, where);
}

static bool put(void *self, const struct placed *placed)
{
	struct ours *ours = self;
	uint64_t where;

	return insert(ours, placed->index, &placed->entry, ours->walker,
		      &where) == HPTE_OK;
}

static uint64_t where(void *self, const struct query *page)
{
	struct ours *ours = self;
	struct hpte_view view;
	struct hpte_va va;

	if (hpte_hash_va(page->descriptor, page->ea, &va) != HPTE_OK ||
	    hpte_table_find(&ours->table, &va, 0, &view) != HPTE_OK)
		abort();
	return view.index;
}

PEER_INLINE uint64_t find(void *self, uint64_t descriptor, uint64_t ea)
{
	struct ours *ours = self;
	struct hpte_view view;

	if (hpte_table_find_ea(&ours->table, descriptor, ea, 0, &view) !=
	    HPTE_OK)
		return 0;
	return view.guest.dw1;
}

PEER_FIND_LOOPS(find)

static uint64_t find_many(void *self, const struct query *queries,
			  size_t count, size_t batch)
{
	/* what the caller provides; each thread its own */
	static _Thread_local struct hpte_find_request requests[MOST_BATCH];
	struct ours *ours = self;
	uint64_t sum = 0;

	for (size_t i = 0; i < count; i += batch) {
		if (batch > count - i)
			batch = count - i;
		for (size_t j = 0; j < batch; j++) {
			requests[j].descriptor = queries[i + j].descriptor;
			requests[j].ea = queries[i + j].ea;
		}
		hpte_table_find_many(&ours->table, requests, batch, 0);
		for (size_t j = 0; j < batch; j++)
			if (requests[j].status == HPTE_OK)
				sum += requests[j].view.guest.dw1;
	}
	return sum;
}

static size_t pair_many(void *self, const struct query *queries,
			uint64_t *where, size_t count, size_t batch)
{
	struct hpte_remove_request removes[MOST_BATCH];
	struct hpte_insert_request inserts[MOST_BATCH];
	struct ours *ours = self;
	size_t done = 0;

	(void)queries;
	for (size_t i = 0; i < count; i += batch) {
		if (batch > count - i)
			batch = count - i;
		for (size_t j = 0; j < batch; j++) {
			removes[j].index = where[i + j];
			removes[j].only.flags = 0;
		}
		hpte_table_remove_many(&ours->table, removes, batch);
		for (size_t j = 0; j < batch; j++)
			inserts[j] = (struct hpte_insert_request){
				.index = removes[j].index,
				.entry = removes[j].removed,
			};
		done += hpte_table_insert_many(&ours->table, inserts, batch);
		for (size_t j = 0; j < batch; j++)
			where[i + j] = inserts[j].used;
	}
	return done;
}

PEER_INLINE bool pair(struct ours *ours, bool walker, uint64_t *where)
{
	struct hpte removed;

	if (hpte_table_remove(&ours->table, *where, NULL, &removed) != HPTE_OK)
		return false;
	/* full: somebody else is filling or emptying the free slot */
	while (insert(ours, *where, &removed, walker, where) != HPTE_OK)
		;
	return true;
}

PEER_INLINE bool pair_plain(void *self, const struct query *page,
			    uint64_t *where)
{
	(void)page;
	return pair(self, false, where);
}

PEER_INLINE bool pair_walker(void *self, const struct query *page,
			     uint64_t *where)
{
	(void)page;
	return pair(self, true, where);
}

PEER_INLINE bool remove_one(void *self, const struct query *page,
			    uint64_t *where)
{
	struct ours *ours = self;
	struct hpte removed;

	(void)page;
	return hpte_table_remove(&ours->table, *where, NULL, &removed) ==
	       HPTE_OK;
}

/* Its group is the one it was removed from. */
PEER_INLINE bool insert_one(void *self, const struct query *page,
			    uint64_t *where)
{
	struct ours *ours = self;
	struct placed placed;

	world_place(ours->world, page, false, &placed);
	if (placed.index != (*where & ~UINT64_C(7)))
		world_place(ours->world, page, true, &placed);
	return insert(ours, *where, &placed.entry, ours->walker, where) ==
	       HPTE_OK;
}

PEER_INLINE bool protect(void *self, const struct query *page, uint64_t *where)
{
	struct ours *ours = self;

	(void)page;
	return hpte_table_protect(&ours->table, *where, NULL, 3, 3) ==
	       HPTE_OK &&
	       hpte_table_protect(&ours->table, *where, NULL, 3, 2) ==
	       HPTE_OK;
}

PEER_INLINE bool hcall(struct ours *ours, uint64_t *gpr)
{
	return hpte_hcall_dispatch(&ours->vm, gpr, 0) == HPTE_HCALL_DONE &&
	       gpr[3] == HPTE_H_SUCCESS;
}

PEER_INLINE bool pair_hcall(void *self, const struct query *page,
			    uint64_t *where)
{
	uint64_t gpr[32];

	(void)page;
	gpr[3] = HPTE_HCALL_REMOVE;
	gpr[4] = 0;
	gpr[5] = *where;
	if (!hcall(self, gpr))
		return false;
	gpr[3] = HPTE_HCALL_ENTER;
	gpr[6] = gpr[4];
	gpr[7] = gpr[5];
	gpr[4] = 0;
	gpr[5] = *where;
	if (!hcall(self, gpr))
		return false;
	*where = gpr[4];
	return true;
}

/* Of a translation specifier [LoPAR: H_BULK_REMOVE, H_BLOCK_REMOVE]. */
#define SPECIFIER_REQUEST	(UINT64_C(1) << 62)
#define SPECIFIER_END		(UINT64_C(3) << 62)
#define BULK_CODE_SHIFT		60
#define BULK_SUCCESS		8U
#define BLOCK_CODE_SHIFT	59
#define BLOCK_SUCCESS		16U

/* H_BULK_REMOVE, four entries a call. */
static size_t loop_bulk_remove(void *self, const struct query *queries,
			       uint64_t *where, size_t count, size_t batch)
{
	size_t done = 0;

	(void)queries;
	(void)batch;
	for (size_t i = 0; i < count; i += 4) {
		uint64_t gpr[32];

		gpr[3] = HPTE_HCALL_BULK_REMOVE;
		for (size_t j = 0; j < 4; j++) {
			gpr[4 + 2 * j] = i + j < count ?
					 SPECIFIER_REQUEST | where[i + j] :
					 SPECIFIER_END;
			gpr[5 + 2 * j] = 0;
		}
		if (!hcall(self, gpr))
			return done;
		for (size_t j = 0; j < 4 && i + j < count; j++)
			done += gpr[4 + 2 * j] >> BULK_CODE_SHIFT ==
				BULK_SUCCESS;
	}
	return done;
}

/* H_BLOCK_REMOVE, the eight entries of a block a call. */
static size_t loop_block_remove(void *self, const struct query *queries,
				uint64_t *where, size_t count, size_t batch)
{
	size_t done = 0;

	(void)queries;
	(void)batch;
	for (size_t i = 0; i < count; i += WORLD_BLOCK) {
		uint64_t gpr[32];

		gpr[3] = HPTE_HCALL_BLOCK_REMOVE;
		gpr[4] = 0;	/* nothing is compared with it */
		for (size_t j = 0; j < WORLD_BLOCK; j++)
			gpr[5 + j] = i + j < count ?
				     SPECIFIER_REQUEST | where[i + j] :
				     SPECIFIER_END;
		if (!hcall(self, gpr))
			return done;
		for (size_t j = 0; j < WORLD_BLOCK && i + j < count; j++)
			done += gpr[4 + j] >> BLOCK_CODE_SHIFT ==
				BLOCK_SUCCESS;
	}
	return done;
}

PEER_INLINE bool protect_hcall(void *self, const struct query *page,
			       uint64_t *where)
{
	uint64_t gpr[32];

	(void)page;
	for (uint64_t rights = 3; rights >= 2; rights--) {
		gpr[3] = HPTE_HCALL_PROTECT;
		gpr[4] = rights;
		gpr[5] = *where;
		if (!hcall(self, gpr))
			return false;
	}
	return true;
}

PEER_CHANGE_LOOP(loop_pair_plain, pair_plain)
PEER_CHANGE_LOOP(loop_pair_walker, pair_walker)
PEER_CHANGE_LOOP(loop_pair_hcall, pair_hcall)
PEER_CHANGE_LOOP(loop_remove, remove_one)
PEER_CHANGE_LOOP(loop_insert, insert_one)
PEER_CHANGE_LOOP(loop_protect, protect)
PEER_CHANGE_LOOP(loop_protect_hcall, protect_hcall)

const struct peer peer_plain = {
	.name = "plain", .make = make_plain, .drop = drop, .put = put,
	.where = where, .threads = true,
	.find = { find_chain, find_each, find_many },
	.change = {
		[PAIR] = loop_pair_plain, [REMOVE] = loop_remove,
		[INSERT] = loop_insert, [PROTECT] = loop_protect,
		[PAIR_MANY] = pair_many, [REMOVE_BLOCK] = loop_remove,
	},
};

#define NARROW(search)							\
const struct peer peer_##search = {					\
	.name = #search, .on = &peer_plain, .make = make_##search,	\
	.drop = drop_narrow,						\
	.find = { find_chain, find_each },				\
};

NARROW(portable)
NARROW(sse2)
NARROW(avx2)
NARROW(avx512)

const struct peer peer_walker = {
	.name = "walker", .make = make_walker, .drop = drop, .put = put,
	.where = where, .threads = true,
	.find = { find_chain, find_each, find_many },
	.change = { [PAIR] = loop_pair_walker, [PROTECT] = loop_protect },
};

const struct peer peer_hcall = {
	.name = "hcall", .on = &peer_plain, .make = make_on, .drop = drop_on,
	.where = where,
	.change = {
		[PAIR] = loop_pair_hcall, [REMOVE] = loop_bulk_remove,
		[INSERT] = loop_insert, [PROTECT] = loop_protect_hcall,
		[REMOVE_BLOCK] = loop_bulk_remove,
	},
};

const struct peer peer_hblock = {
	.name = "hblock", .on = &peer_plain, .make = make_on, .drop = drop_on,
	.change = {
		[REMOVE_BLOCK] = loop_block_remove, [INSERT] = loop_insert,
	},
};
