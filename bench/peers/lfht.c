/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * bench/peers/lfht.c - liburcu's cds_lfht, with quiescent-state RCU.
 *
 * In its favour: a reader's sections cost nothing, and a pair puts the node
 * back that it removed without waiting for a grace period, which only one
 * thread may do.
 */
#include "peer.h"

#include <urcu/urcu-qsbr.h>
#include <urcu/rculfhash.h>

#include <stdlib.h>

struct node {
	struct cds_lfht_node node;	/* first: node_of() */
	uint64_t key;
	uint64_t value;
};

struct lfht {
	struct cds_lfht *table;
	struct node *nodes;
	size_t used, pages;
};

static void enter(void *self, bool in)
{
	(void)self;
	if (in)
		urcu_qsbr_register_thread();
	else
		urcu_qsbr_unregister_thread();
}

static void *make(const struct world *world, size_t pages, void *on)
{
	struct lfht *lfht = bench_alloc(sizeof(*lfht));
	unsigned long buckets = 1;

	(void)world;
	(void)on;
	while (buckets < pages)
		buckets *= 2;
	lfht->pages = pages;
	lfht->nodes = bench_alloc(pages * sizeof(lfht->nodes[0]));
	lfht->table = cds_lfht_new_flavor(buckets, buckets, 0, 0,
					  &urcu_qsbr_flavor, NULL);
	if (!lfht->table)
		abort();
	return lfht;
}

static void drop(void *self)
{
	struct lfht *lfht = self;

	for (size_t i = 0; i < lfht->used; i++)
		(void)cds_lfht_del(lfht->table, &lfht->nodes[i].node);
	urcu_qsbr_thread_offline();
	(void)cds_lfht_destroy(lfht->table, NULL);
	urcu_qsbr_thread_online();
	bench_free(lfht->nodes, lfht->pages * sizeof(lfht->nodes[0]));
	bench_free(lfht, sizeof(*lfht));
}

static struct node *node_of(struct cds_lfht_node *node)
{
	return (struct node *)(void *)node;
}

static int match(struct cds_lfht_node *node, const void *key)
{
	return node_of(node)->key == *(const uint64_t *)key;
}

static bool put(void *self, const struct query *page, uint64_t value)
{
	struct lfht *lfht = self;
	struct node *node = &lfht->nodes[lfht->used++];

	node->key = peer_key(page->descriptor, page->ea);
	node->value = value;
	cds_lfht_node_init(&node->node);
	return cds_lfht_add_unique(lfht->table, bench_mix(node->key), match,
				   &node->key, &node->node) == &node->node;
}

PEER_INLINE struct node *search(struct lfht *lfht, uint64_t key)
{
	struct cds_lfht_node *node;
	struct cds_lfht_iter iter;

	cds_lfht_lookup(lfht->table, bench_mix(key), match, &key, &iter);
	node = cds_lfht_iter_get_node(&iter);
	return node ? node_of(node) : NULL;
}

PEER_INLINE uint64_t find(void *self, uint64_t descriptor, uint64_t ea)
{
	const struct node *node = search(self, peer_key(descriptor, ea));

	return node ? node->value : 0;
}

PEER_FIND_LOOPS(find)

PEER_INLINE bool pair(void *self, const struct query *page, uint64_t *where)
{
	struct lfht *lfht = self;
	struct node *node = search(lfht, peer_key(page->descriptor, page->ea));

	(void)where;
	if (!node || cds_lfht_del(lfht->table, &node->node))
		return false;
	cds_lfht_node_init(&node->node);
	return cds_lfht_add_unique(lfht->table, bench_mix(node->key), match,
				   &node->key, &node->node) == &node->node;
}

PEER_CHANGE_LOOP(loop_pair, pair)

const struct peer peer_lfht = {
	.name = "lfht", .make = make, .drop = drop, .put_map = put,
	.enter = enter,
	.find = { find_chain, find_each },
	.change = { [PAIR] = loop_pair },
};
