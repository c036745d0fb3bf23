/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * libhpte/trace.c - events of a table, to its host's callback and counters.
 *
 * Layer: 2 (table).  Events: hpte/trace.h; where they happen calls
 * table_note() of libhpte/internal.h.
 */
#include "libhpte/internal.h"

#if HPTE_CONFIG_TRACE

/*
 * Any shard will do; one per CPU, mostly, keeps its line in that CPU's cache.
 * The library does not know the CPU, but each has a stack of its own.
 */
static struct hpte_counters *own_shard(const struct hpte_table *table)
{
	uint64_t here = (uintptr_t)__builtin_frame_address(0) >> 12;

	/* golden ratio: stacks lie at distances that are powers of two */
	here *= UINT64_C(0x9E3779B97F4A7C15);
	return &table->priv_counters[(here >> 32) & (table->priv_shards - 1)];
}

void hpte_table_note_(const struct hpte_table *table, unsigned int id,
		      uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	const struct hpte_trace event = { id, 0, { a, b, c, d } };

	if (table->priv_counters)
		hpte_atomic_add(&own_shard(table)->count[id],
				id == HPTE_EVENT_INVALIDATE ? a : 1);
	if (table->priv_flags & TABLE_TRACED)
		table->priv_ops->trace(table->priv_ctx, &event);
}

#endif /* HPTE_CONFIG_TRACE */

int hpte_table_counters(const struct hpte_table *table,
			struct hpte_counters *sum)
{
	if (!table->priv_counters)
		return HPTE_ERR_UNSUPPORTED;
	for (unsigned int id = 0; id < HPTE_EVENTS; id++) {
		sum->count[id] = 0;
		for (uint64_t i = 0; i < table->priv_shards; i++)
			sum->count[id] += hpte_atomic_load(
					&table->priv_counters[i].count[id]);
	}
	return HPTE_OK;
}
