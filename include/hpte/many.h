/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hpte/many.h - find, insert and remove many entries of a table at once.
 *
 * Layer: 2 (table).  Module: table.  Depends on: env.h, status.h, host.h,
 * entry.h, table.h.
 *
 * In a table that caches do not hold, an operation waits for memory nearly
 * all the time.  These functions ask for the memory of later requests before
 * they serve the earlier ones.  They need no memory but the caller's array of
 * requests, of any length, in which they also keep what is on its way.
 *
 * Results.  Those of the single calls, one after the other in the order of
 * the array, if nobody else changes the table.
 *
 * Concurrency.  As table.h: each request is an operation of its own, which
 * happens at some moment between the call and its return; a batch is not
 * atomic.  Inserts and removes happen in the order of the array, finds in any
 * order: of two of them the later one may see an older entry.  A CPU
 * that stops for ever keeps the slot it inserts into, or HPTE_REMOVE_WINDOW
 * slots of removed entries at most.  No requests array may be used by two CPUs
 * at once.
 *
 * Memory order.  Each request as the single call.  Among finds of one call
 * there is none.  Context: as the single calls.
 */
#ifndef HPTE_MANY_H
#define HPTE_MANY_H

#include "entry.h"
#include "env.h"
#include "host.h"
#include "status.h"
#include "table.h"

#ifdef __cplusplus
extern "C" {
#endif

/* At least so many have their memory asked for before one is searched; shorter
 * arrays gain less. */
#define HPTE_FIND_AHEAD	32U
/* So many have it asked for before one is inserted or removed. */
#define HPTE_CHANGE_AHEAD	16U
/* Entries removed with one invalidation. */
#define HPTE_REMOVE_WINDOW	8U

/**
 * struct hpte_find_request - one entry to find
 * @descriptor:	segment descriptor that translates @ea; kept
 * @ea:		effective address; kept
 * @view:	where to put the entry; left alone if it is not found
 * @status:	result, as hpte_table_find_ea() returns it
 */
struct hpte_find_request {
	uint64_t descriptor;
	uint64_t ea;
	struct hpte_view view;
	int32_t status;
	uint8_t priv_base;
	uint8_t priv_word;
	uint8_t reserved[2];
	const hpte_be64_t *priv_group;
	hpte_be64_t priv_want;
};

/**
 * struct hpte_insert_request - one entry to insert
 * @index:	as @index of hpte_table_insert(); kept, as are @entry, @page
 *		and @flags
 * @entry:	the guest's entry
 * @page:	the host's storage behind it, or NULL
 * @used:	where to put the index used; left alone if it fails
 * @flags:	HPTE_INSERT_*
 * @status:	result, as hpte_table_insert() returns it
 */
struct hpte_insert_request {
	uint64_t index;
	struct hpte entry;
	const struct hpte_host_page *page;
	uint64_t used;
	uint32_t flags;
	int32_t status;
};

/**
 * struct hpte_remove_request - one entry to remove
 * @index:	as @index of hpte_table_remove(); kept
 * @only:	condition on the guest's doubleword 0, flags 0: none; kept
 * @removed:	where to put the entry as the guest saw it; left alone if it
 *		fails
 * @status:	result, as hpte_table_remove() returns it
 */
struct hpte_remove_request {
	uint64_t index;
	struct hpte_condition only;
	struct hpte removed;
	int32_t status;
	uint32_t reserved;
};

/**
 * hpte_table_find_many() - find the entries of many effective addresses
 * @table:	table
 * @requests:	what to find, and where to put it
 * @count:	number of requests, 0 and more
 * @flags:	for all of them, as for hpte_table_find_ea()
 *
 * A single request is slower than hpte_table_find_ea().
 * Progress: as hpte_table_find_ea(); takes time proportional to @count.
 *
 * Return: how many were found.
 */
HPTE_API size_t hpte_table_find_many(const struct hpte_table *table,
				     struct hpte_find_request *requests,
				     size_t count, unsigned int flags);

/**
 * hpte_table_insert_many() - insert many entries
 * @table:	table
 * @requests:	what to insert, and where
 * @count:	number of requests, 0 and more
 *
 * Each is tried, whatever becomes of the others.  In a table that caches hold
 * this gains nothing.
 * Progress: as hpte_table_insert(); takes time proportional to @count.
 *
 * Return: how many were inserted.
 */
HPTE_API size_t hpte_table_insert_many(struct hpte_table *table,
				       struct hpte_insert_request *requests,
				       size_t count);

/**
 * hpte_table_remove_many() - remove many entries
 * @table:	table
 * @requests:	what to remove
 * @count:	number of requests, 0 and more
 *
 * Each is tried, whatever becomes of the others.  One invalidation serves
 * up to HPTE_REMOVE_WINDOW requests in a row; what hpte_table_remove()
 * promises on return holds for all of them when this returns.
 * Progress: as hpte_table_remove(); takes time proportional to @count.
 *
 * Return: how many were removed.
 */
HPTE_API size_t hpte_table_remove_many(struct hpte_table *table,
				       struct hpte_remove_request *requests,
				       size_t count);

#ifdef __cplusplus
}
#endif

#endif /* HPTE_MANY_H */
