/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * libhpte/many.c - inserts and removes of many entries, in a pipeline.
 *
 * Layer: 2 (table).  What changes an entry is table.c's; prefetches order
 * nothing; and what is read of an entry is read as there.
 */
#include "hpte/many.h"
#include "libhpte/internal.h"
#include "libhpte/plain.h"

#define SIDE_LINE	4U	/* side records in it */

HPTE_STATIC_ASSERT(HPTE_REMOVE_WINDOW <= TLB_BATCH,
		   "one invalidation for a window");

static void insert_ask(const struct hpte_table *table,
		       const struct hpte_insert_request *request)
{
	uint64_t first = request->index & ~(uint64_t)(HPTE_GROUP_ENTRIES - 1);
	const hpte_be64_t *line;

	if (!index_valid(table, first))
		return;
	line = slot_dw0(table, first);
	hpte_arch_prefetch_write(line);
	hpte_arch_prefetch_write(line + LINE_WORDS);
	if (table->priv_side) {
		hpte_arch_prefetch_write(&table->priv_side[first]);
		hpte_arch_prefetch_write(&table->priv_side[first + SIDE_LINE]);
	}
}

static HPTE_INLINE int insert_one(struct hpte_table *table,
				  struct hpte_insert_request *request)
{
	int status = HPTE_ERR_AGAIN;

	if (insert_is_plain(table, request->index, request->flags,
			    &request->entry, request->page))
		status = put_plain(table, request->index, request->flags,
				   &request->entry, true, &request->used);
	if (status != HPTE_ERR_AGAIN)
		return status;
	return hpte_table_insert(table, request->index, request->flags,
				 &request->entry, request->page,
				 &request->used);
}

size_t hpte_table_insert_many(struct hpte_table *table,
			      struct hpte_insert_request *requests,
			      size_t count)
{
	size_t inserted = 0;

	for (size_t i = 0; i < count && i < HPTE_CHANGE_AHEAD; i++)
		insert_ask(table, &requests[i]);
	for (size_t i = 0; i < count; i++) {
		struct hpte_insert_request *request = &requests[i];

		if (count - i > HPTE_CHANGE_AHEAD)
			insert_ask(table, request + HPTE_CHANGE_AHEAD);
		request->status = insert_one(table, request);
		inserted += request->status == HPTE_OK;
	}
	return inserted;
}

/* First half of a remove; what it was is kept in @removed until the second. */
static void remove_unlink(struct hpte_table *table,
			  struct hpte_remove_request *request,
			  struct hpte_tlb_batch_ *batch)
{
	struct hpte_unlinked_ unlinked;

	request->status = HPTE_ERR_INDEX;
	if (!index_valid(table, request->index))
		return;
	request->status = hpte_table_unlink_(table, request->index,
					     &request->only, batch, &unlinked);
	if (request->status == HPTE_OK)
		request->removed.dw0 = unlinked.image;
}

/* Second half. */
static bool remove_free(struct hpte_table *table,
			struct hpte_remove_request *request)
{
	const struct hpte_unlinked_ unlinked = {
		request->index, request->removed.dw0
	};

	if (request->status != HPTE_OK)
		return false;
	hpte_table_free_(table, &unlinked, &request->removed);
	return true;
}

static HPTE_INLINE int remove_one(struct hpte_table *table,
				  struct hpte_remove_request *request)
{
	if (index_valid(table, request->index) &&
	    remove_plain(table, request->index, &request->only,
			 &request->removed))
		return HPTE_OK;
	return hpte_table_remove(table, request->index, &request->only,
				 &request->removed);
}

/* With nobody to invalidate for, each by itself. */
static size_t remove_each(struct hpte_table *table,
			  struct hpte_remove_request *requests, size_t count)
{
	size_t removed = 0;

	for (size_t i = 0; i < count; i++) {
		struct hpte_remove_request *request = &requests[i];

		if (count - i > HPTE_CHANGE_AHEAD)
			prefetch_removed(table,
					 request[HPTE_CHANGE_AHEAD].index);
		request->status = remove_one(table, request);
		removed += request->status == HPTE_OK;
	}
	return removed;
}

/* One invalidation for HPTE_REMOVE_WINDOW requests. */
static size_t remove_windows(struct hpte_table *table,
			     struct hpte_remove_request *requests, size_t count)
{
	struct hpte_tlb_batch_ batch;
	size_t removed = 0, freed = 0;

	batch.count = 0;
	for (size_t i = 0; i < count; i++) {
		if (count - i > HPTE_CHANGE_AHEAD)
			prefetch_removed(table,
				requests[i + HPTE_CHANGE_AHEAD].index);
		remove_unlink(table, &requests[i], &batch);
		if (i + 1 - freed < HPTE_REMOVE_WINDOW && i + 1 < count)
			continue;
		hpte_tlb_send_(table, 0, &batch);
		for (; freed <= i; freed++)
			removed += remove_free(table, &requests[freed]);
	}
	return removed;
}

size_t hpte_table_remove_many(struct hpte_table *table,
			      struct hpte_remove_request *requests,
			      size_t count)
{
	for (size_t i = 0; i < count && i < HPTE_CHANGE_AHEAD; i++)
		prefetch_removed(table, requests[i].index);
	if (table_private(table))
		return remove_each(table, requests, count);
	return remove_windows(table, requests, count);
}
