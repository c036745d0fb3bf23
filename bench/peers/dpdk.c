/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * bench/peers/dpdk.c - DPDK's rte_hash: CRC, lock-free readers, extendable.
 *
 * Its memory is anonymous storage in transparent huge pages, so that neither
 * root nor reserved pages are needed.  A pair frees the slot of the
 * key at once, without waiting for readers.
 */
#include "peer.h"

#include <rte_eal.h>
#include <rte_hash.h>
#include <rte_hash_crc.h>
#include <rte_malloc.h>

#include <stdio.h>
#include <stdlib.h>

#define MOST_BULK	32U

/*
 * Once in a process.  What the library calls memory without huge pages is a
 * file in memory, which gets no transparent ones: the hash lives in a heap of
 * ours.
 */
static int heap_for(size_t pages)
{
	const size_t page = UINT64_C(2) << 20;
	size_t bytes = (pages * 96 / page + 8) * page;
	char megabytes[16];
	char *arguments[] = {
		(char []){ "bench" }, (char []){ "--no-huge" },
		(char []){ "--no-pci" }, (char []){ "--no-shconf" },
		(char []){ "--no-telemetry" }, (char []){ "--log-level" },
		(char []){ "*:error" }, (char []){ "-m" }, megabytes,
		NULL
	};

	/* one list of free entries is not taken from the heap it is told */
	snprintf(megabytes, sizeof(megabytes), "%zu", 64 + (pages * 12 >> 20));
	if (rte_eal_init(9, arguments) < 0 ||
	    rte_malloc_heap_create("bench") ||
	    rte_malloc_heap_memory_add("bench", bench_alloc(bytes), bytes,
				       NULL, (unsigned int)(bytes / page),
				       page))
		abort();
	bench_pin(0);	/* the library has moved this thread */
	return rte_malloc_heap_get_socket("bench");
}

static void *make(const struct world *world, size_t pages, void *on)
{
	static int heap = SOCKET_ID_ANY;
	struct rte_hash_parameters parameters = {
		.name = "bench",
		.entries = (uint32_t)(2 * pages),	/* half full */
		.key_len = sizeof(uint64_t), .hash_func = rte_hash_crc,
		.extra_flag = RTE_HASH_EXTRA_FLAGS_EXT_TABLE |
			      RTE_HASH_EXTRA_FLAGS_RW_CONCURRENCY_LF,
	};
	struct rte_hash *hash;

	(void)world;
	(void)on;
	if (heap == SOCKET_ID_ANY)
		heap = heap_for(pages);
	parameters.socket_id = heap;
	hash = rte_hash_create(&parameters);
	if (!hash)
		abort();
	return hash;
}

static void drop(void *self)
{
	rte_hash_free(self);
}

static void *pointer_to(uint64_t value)
{
	return (void *)(uintptr_t)value;
}

static bool put(void *self, const struct query *page, uint64_t value)
{
	uint64_t key = peer_key(page->descriptor, page->ea);

	return rte_hash_add_key_data(self, &key, pointer_to(value)) == 0;
}

PEER_INLINE uint64_t find(void *self, uint64_t descriptor, uint64_t ea)
{
	uint64_t key = peer_key(descriptor, ea);
	void *data;

	return rte_hash_lookup_data(self, &key, &data) >= 0 ?
	       (uintptr_t)data : 0;
}

/* A delete does not tell the value: it is kept in the place of an index. */
static uint64_t where(void *self, const struct query *page)
{
	return find(self, page->descriptor, page->ea);
}

PEER_FIND_LOOPS(find)

static uint64_t find_many(void *self, const struct query *queries,
			  size_t count, size_t batch)
{
	uint64_t keys[MOST_BULK], hits, sum = 0;
	const void *pointers[MOST_BULK];
	void *data[MOST_BULK];

	if (batch > MOST_BULK)
		batch = MOST_BULK;
	for (size_t i = 0; i < count; i += batch) {
		if (batch > count - i)
			batch = count - i;
		for (size_t j = 0; j < batch; j++) {
			keys[j] = peer_key(queries[i + j].descriptor,
					   queries[i + j].ea);
			pointers[j] = &keys[j];
		}
		if (rte_hash_lookup_bulk_data(self, pointers, (uint32_t)batch,
					      &hits, data) < 0)
			abort();
		for (size_t j = 0; j < batch; j++)
			if (hits >> j & 1)
				sum += (uintptr_t)data[j];
	}
	return sum;
}

PEER_INLINE bool pair(void *self, const struct query *page, uint64_t *where)
{
	uint64_t key = peer_key(page->descriptor, page->ea);
	int slot = rte_hash_del_key(self, &key);

	return slot >= 0 && !rte_hash_free_key_with_position(self, slot) &&
	       !rte_hash_add_key_data(self, &key, pointer_to(*where));
}

PEER_CHANGE_LOOP(loop_pair, pair)

const struct peer peer_dpdk = {
	.name = "rte_hash", .make = make, .drop = drop, .put_map = put,
	.where = where,
	.find = { find_chain, find_each, find_many },
	.change = { [PAIR] = loop_pair },
};
