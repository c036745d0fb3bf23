/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * bench/peers/classic.c - classic tables: a lock bit in each entry, one lock
 * for all, and the search of such a table with nothing around it.
 *
 * No hardware walks them: nothing is invalidated, as in "plain".
 */
#include "peer.h"
#include "../contender.h"
#include "../lockbit.h"

#include <stdlib.h>

struct classic {
	struct lockbit table;
	const struct world *world;
};

static struct lockbit *table_of(void *self)
{
	struct classic *classic = self;

	return &classic->table;
}

static void *make(const struct world *world, bool one_lock)
{
	struct classic *classic = bench_alloc(sizeof(*classic));
	uint64_t bytes = hpte_table_bytes(world->order);

	classic->world = world;
	classic->table = (struct lockbit){
		.base = bench_alloc(bytes), .guest = bench_alloc(bytes / 2),
		.entries = bytes / HPTE_ENTRY_BYTES, .order = world->order,
		.one_lock = one_lock, .ops = contender_ops(),
	};
	return classic;
}

static void *make_lockbit(const struct world *world, size_t pages, void *on)
{
	(void)pages;
	(void)on;
	return make(world, false);
}

static void *make_onelock(const struct world *world, size_t pages, void *on)
{
	(void)pages;
	(void)on;
	return make(world, true);
}

static void *make_scan(const struct world *world, size_t pages, void *on)
{
	(void)world;
	(void)pages;
	return on;
}

static void drop(void *self)
{
	struct lockbit *table = table_of(self);

	bench_free(table->base, table->entries * HPTE_ENTRY_BYTES);
	bench_free(table->guest, table->entries * HPTE_ENTRY_BYTES / 2);
	bench_free(self, sizeof(struct classic));
}

static void drop_scan(void *self)
{
	(void)self;
}

static bool put(void *self, const struct placed *placed)
{
	uint64_t where;

	return lockbit_insert(table_of(self), placed->index, 0,
			      &placed->entry, &where) == HPTE_OK;
}

static uint64_t where(void *self, const struct query *page)
{
	struct hpte entry;
	struct hpte_va va;
	uint64_t index;

	if (hpte_hash_va(page->descriptor, page->ea, &va) != HPTE_OK ||
	    !lockbit_find(table_of(self), &va, &index, &entry))
		abort();
	return index;
}

PEER_INLINE uint64_t find(void *self, uint64_t descriptor, uint64_t ea)
{
	struct hpte entry;
	struct hpte_va va;
	uint64_t index;

	if (hpte_hash_va(descriptor, ea, &va) != HPTE_OK ||
	    !lockbit_find(table_of(self), &va, &index, &entry))
		return 0;
	return entry.dw1;
}

PEER_FIND_LOOPS(find)

/*
 * The classic search with nothing around it: no call, no lock, no array
 * beside, one doubleword after the other turned into host order.  Wrong beside
 * a writer: the best case of such a table.
 */
PEER_INLINE uint64_t scan(void *self, uint64_t descriptor, uint64_t ea)
{
	const struct lockbit *table = table_of(self);
	uint64_t mask = HPTE_DW0_B | HPTE_DW0_AVPN | HPTE_DW0_H;
	uint64_t want = world_dw0(descriptor, ea), dw0, dw1;
	uint64_t large = want & HPTE_DW0_L;

	for (unsigned int second = 0; second < 2; second++) {
		const hpte_be64_t *entry = table->base + 16 *
			world_group(descriptor, ea, second != 0, table->order);

		want |= second ? HPTE_DW0_H : 0;
		for (unsigned int i = 0; i < HPTE_GROUP_ENTRIES; i++) {
			dw0 = hpte_be64_to_host(entry[2 * i]);
			if (((dw0 ^ want) & (mask | large)) ||
			    !(dw0 & LOCKBIT_LIVE))
				continue;
			/* the page size: LP, where L says that it counts */
			dw1 = hpte_be64_to_host(entry[2 * i + 1]);
			if (!(dw0 & HPTE_DW0_L) || (dw1 & 0xF000) == 0x1000)
				return dw1;
		}
	}
	return 0;
}

static uint64_t scan_chain(void *self, const struct query *queries,
			   size_t count, size_t batch)
{
	(void)batch;
	return loop_chain(self, queries, count, scan);
}

static uint64_t scan_each(void *self, const struct query *queries,
			  size_t count, size_t batch)
{
	(void)batch;
	return loop_each(self, queries, count, scan);
}

PEER_INLINE bool pair(void *self, const struct query *page, uint64_t *where)
{
	struct hpte removed;

	(void)page;
	if (lockbit_remove(table_of(self), *where, NULL, &removed) != HPTE_OK)
		return false;
	/* full: somebody else is filling or emptying the free slot */
	while (lockbit_insert(table_of(self), *where, 0, &removed, where) !=
	       HPTE_OK)
		;
	return true;
}

PEER_INLINE bool protect(void *self, const struct query *page, uint64_t *where)
{
	uint64_t gpr[32];

	(void)page;
	for (uint64_t rights = 3; rights >= 2; rights--) {
		gpr[3] = HPTE_HCALL_PROTECT;
		gpr[4] = rights;
		gpr[5] = *where;
		lockbit_hcall(table_of(self), gpr);
		if (gpr[3])
			return false;
	}
	return true;
}

PEER_INLINE bool remove_one(void *self, const struct query *page,
			    uint64_t *where)
{
	struct hpte removed;

	(void)page;
	return lockbit_remove(table_of(self), *where, NULL, &removed) ==
	       HPTE_OK;
}

PEER_INLINE bool insert_one(void *self, const struct query *page,
			    uint64_t *where)
{
	struct classic *classic = self;
	struct placed placed;

	world_place(classic->world, page, false, &placed);
	if (placed.index != (*where & ~UINT64_C(7)))
		world_place(classic->world, page, true, &placed);
	return lockbit_insert(&classic->table, *where, 0, &placed.entry,
			      where) == HPTE_OK;
}

PEER_CHANGE_LOOP(loop_pair, pair)
PEER_CHANGE_LOOP(loop_protect, protect)
PEER_CHANGE_LOOP(loop_remove, remove_one)
PEER_CHANGE_LOOP(loop_insert, insert_one)

const struct peer peer_lockbit = {
	.name = "lockbit", .make = make_lockbit, .drop = drop, .put = put,
	.where = where, .threads = true,
	.find = { find_chain, find_each },
	.change = {
		[PAIR] = loop_pair, [REMOVE] = loop_remove,
		[INSERT] = loop_insert, [PROTECT] = loop_protect,
		[REMOVE_BLOCK] = loop_remove,
	},
};

const struct peer peer_scan = {
	.name = "scan", .on = &peer_lockbit, .make = make_scan,
	.drop = drop_scan,
	.find = { scan_chain, scan_each },
};

const struct peer peer_onelock = {
	.name = "onelock", .make = make_onelock, .drop = drop, .put = put,
	.where = where, .threads = true,
	.change = { [PAIR] = loop_pair },
};
