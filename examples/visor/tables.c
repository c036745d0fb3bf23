/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/visor/tables.c - another table, another page size of real mode.
 *
 * The rest of struct hpte_host_ops: what libhpte asks when the guest calls
 * H_RESIZE_HPT_PREPARE, H_RESIZE_HPT_COMMIT, H_VRMASD.
 */
#include "visor.h"

/* Storage of two tables: one in use, one to come. */
#define POOL		2U
#define POOL_REAL	UINT64_C(0x60000000)
#define TABLE_BYTES	(UINT64_C(1) << ORDER_MAX)
#define SLOT_BYTES	(2 * TABLE_BYTES)	/* with its side array */

static uint8_t taken[POOL];

static void clear(void *memory, uint64_t bytes)
{
	volatile uint64_t *word = memory;	/* not a call of memset() */

	while (word < (volatile uint64_t *)memory + bytes / 8)
		*word++ = 0;
}

enum hpte_host_result tables_alloc(void *ctx, unsigned int order,
				   struct hpte_memory *memory)
{
	(void)ctx;
	for (uint32_t i = 0; order <= ORDER_MAX && i < POOL; i++) {
		if (__atomic_exchange_n(&taken[i], 1, __ATOMIC_ACQUIRE))
			continue;
		memory->base = (void *)(POOL_REAL + i * SLOT_BYTES);
		memory->side = (void *)(POOL_REAL + i * SLOT_BYTES +
					TABLE_BYTES);
		clear(memory->base, hpte_table_bytes(order));
		clear(memory->side,
		      hpte_table_side_bytes(order, HPTE_TABLE_WALKER, 0));
		return HPTE_HOST_DONE;
	}
	return HPTE_HOST_NEVER;
}

void tables_free(void *ctx, unsigned int order,
		 const struct hpte_memory *memory)
{
	uint64_t real = (uintptr_t)memory->base;

	(void)ctx, (void)order;
	__atomic_store_n(&taken[(real - POOL_REAL) / SLOT_BYTES], 0,
			 __ATOMIC_RELEASE);
}

bool tables_stop(void *ctx)
{
	(void)ctx;
	return threads_stop();
}

void tables_start(void *ctx)
{
	(void)ctx;
	machine_set_table();
	threads_start();
}

/* @code: L || LP of a segment descriptor. */
enum hpte_host_result tables_vrma(void *ctx, unsigned int code)
{
	static const uint8_t shifts[] = {
		[0x00] = 12, [0x10] = 24, [0x11] = 16,	/* others: 0 */
	};

	(void)ctx;
	if (code >= sizeof(shifts) || !shifts[code])
		return HPTE_HOST_NEVER;
	if (!threads_stop())
		return HPTE_HOST_LATER;
	guest.vrma = hpte_xlate_vrma(shifts[code]);
	machine_set_table();
	host_ops.tlb_invalidate_all(NULL);
	threads_start();
	return HPTE_HOST_DONE;
}
