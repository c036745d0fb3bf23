/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * bench/peers/ck.c - Concurrency Kit's ck_ht: direct keys, half full.
 *
 * One writer at a time.
 */
#include "peer.h"

#include <ck_ht.h>

#include <stdlib.h>

static void *allocate(size_t bytes)
{
	return malloc(bytes);
}

static void release(void *memory, size_t bytes, bool deferred)
{
	(void)bytes;
	(void)deferred;
	free(memory);
}

static struct ck_malloc allocator = { .malloc = allocate, .free = release };

static void *make(const struct world *world, size_t pages, void *on)
{
	ck_ht_t *table = malloc(sizeof(*table));

	(void)world;
	(void)on;
	if (!table || !ck_ht_init(table, CK_HT_MODE_DIRECT |
				  CK_HT_WORKLOAD_DELETE, NULL, &allocator,
				  2 * pages, 6602834))
		abort();
	return table;
}

static void drop(void *self)
{
	ck_ht_destroy(self);
	free(self);
}

PEER_INLINE bool insert(void *self, uint64_t key, uint64_t value)
{
	ck_ht_entry_t entry;
	ck_ht_hash_t hash;

	ck_ht_hash_direct(&hash, self, key);
	ck_ht_entry_set_direct(&entry, hash, key, value);
	return ck_ht_put_spmc(self, hash, &entry);
}

static bool put(void *self, const struct query *page, uint64_t value)
{
	return insert(self, peer_key(page->descriptor, page->ea), value);
}

PEER_INLINE uint64_t find(void *self, uint64_t descriptor, uint64_t ea)
{
	uint64_t key = peer_key(descriptor, ea);
	ck_ht_entry_t entry;
	ck_ht_hash_t hash;

	ck_ht_hash_direct(&hash, self, key);
	ck_ht_entry_key_set_direct(&entry, key);
	return ck_ht_get_spmc(self, hash, &entry) ?
	       ck_ht_entry_value_direct(&entry) : 0;
}

PEER_FIND_LOOPS(find)

PEER_INLINE bool pair(void *self, const struct query *page, uint64_t *where)
{
	uint64_t key = peer_key(page->descriptor, page->ea);
	ck_ht_entry_t entry;
	ck_ht_hash_t hash;

	(void)where;
	ck_ht_hash_direct(&hash, self, key);
	ck_ht_entry_key_set_direct(&entry, key);
	return ck_ht_remove_spmc(self, hash, &entry) &&
	       insert(self, key, ck_ht_entry_value_direct(&entry));
}

PEER_CHANGE_LOOP(loop_pair, pair)

const struct peer peer_ck = {
	.name = "ck_ht", .make = make, .drop = drop, .put_map = put,
	.find = { find_chain, find_each },
	.change = { [PAIR] = loop_pair },
};
