/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * libhpte/many.c - the table's operations on many entries, in a pipeline.
 *
 * Layer: 2 (table).  What changes an entry is table.c's; prefetches order
 * nothing; and what is read of an entry is read as there.
 *
 * A find is taken apart into three steps, each done for HPTE_FIND_AHEAD
 * requests before the next: hash and ask for the primary group; search it;
 * and if the entry was not there, search the secondary group, which the
 * second step has asked for.  Who hits in the primary group never asks for
 * more than that.  A ring in which the steps of different requests alternate
 * was tried: it is slower the further away the memory is, docs/performance.md.
 *
 * A valid entry is read with its side record, whose line is known when its
 * slot is: then the second step asks for that and the third one reads.
 *
 * The memory is there when a group is searched.  So all eight slots are
 * compared without a branch, which no CPU could predict; and of what is found
 * the common case is read here.  In any other, an entry in transition, of
 * another page size, changed meanwhile, the group is searched as a single
 * find does it.
 */
#include "hpte/many.h"
#include "libhpte/internal.h"
#include "libhpte/va.h"

/* hpte_find_request::status between the steps. */
#define STEP_SECONDARY	1	/* search the secondary group */
#define STEP_SIDE	2	/* the side record is on its way */

#define LINE_WORDS	8U	/* in 64 bytes, the shortest line we know of */
#define SIDE_LINE	4U	/* side records in it */

HPTE_STATIC_ASSERT(HPTE_REMOVE_WINDOW <= TLB_BATCH,
		   "one invalidation for a window");

/**
 * struct find - what all requests of a call have in common
 * @table:	table
 * @mask:	what is compared, table order; for base pages of 4K without L
 * @mask_l:	the same for others
 * @any:	one of these bits must be set
 * @plain:	bits that are not in the masks: they depend on the state
 */
struct find {
	const struct hpte_table *table;
	hpte_be64_t mask;
	hpte_be64_t mask_l;
	uint64_t any;
	uint64_t plain;
};

static inline uint64_t find_group(const struct find *find, bool secondary,
				  const struct hpte_find_request *request)
{
	return (secondary ? ~request->priv_hash : request->priv_hash) &
	       find->table->priv_group_mask;
}

static inline void find_prefetch(const struct find *find, bool secondary,
				 const struct hpte_find_request *request)
{
	uint64_t group = find_group(find, secondary, request);
	const hpte_be64_t *line = slot_dw0(find->table,
					   group * HPTE_GROUP_ENTRIES);

	hpte_arch_prefetch(line);
	hpte_arch_prefetch(line + LINE_WORDS);
}

static inline void find_ask(const struct find *find,
			    struct hpte_find_request *request)
{
	uint64_t want = va_dw0(&request->va);

	if (request->va.base != 12)
		want |= HPTE_DW0_L;
	request->priv_want = hpte_be64_from_host(want & ~find->plain);
	request->priv_hash = va_hash(&request->va);
	find_prefetch(find, false, request);
}

static inline hpte_be64_t find_mask(const struct find *find,
				    const struct hpte_find_request *request)
{
	return request->va.base != 12 ? find->mask_l : find->mask;
}

static inline hpte_be64_t find_want(bool secondary,
				    const struct hpte_find_request *request)
{
	return request->priv_want |
	       hpte_be64_from_host(secondary ? HPTE_DW0_H : 0);
}

/* The first slot of a group that matches; HPTE_GROUP_ENTRIES if none does. */
static inline unsigned int find_slot(const struct find *find, bool secondary,
				     const struct hpte_find_request *request)
{
	uint64_t group = find_group(find, secondary, request);
	const hpte_be64_t *dw0 = slot_dw0(find->table,
					  group * HPTE_GROUP_ENTRIES);
	hpte_be64_t mask = find_mask(find, request);
	hpte_be64_t want = find_want(secondary, request);
	unsigned int found = 1;

#pragma GCC unroll 8
	for (unsigned int slot = HPTE_GROUP_ENTRIES; slot-- > 0;) {
		/* relaxed: a hit is read again with a snapshot (A) */
		hpte_be64_t seen = hpte_word_raw_load(&dw0[2 * slot]);

		/* not by or: compilers reorder that, and spill */
		found = 2 * found + !((seen ^ want) & mask);
	}
	return (unsigned int)__builtin_ctz(found);
}

/* Search one group as a single find does. */
static HPTE_NOINLINE bool find_slowly(const struct find *find, bool secondary,
				      struct hpte_find_request *request)
{
	uint64_t want = hpte_hash_dw0(&request->va);
	uint64_t mask = HPTE_DW0_B | HPTE_DW0_AVPN | HPTE_DW0_H;
	struct hpte_view found;

	if (request->va.base != 12) {
		want |= HPTE_DW0_L;
		mask |= HPTE_DW0_L;
	}
	if (secondary)
		want |= HPTE_DW0_H;
	if (!hpte_table_find_in_group_(find->table,
				       find_group(find, secondary, request),
				       want, mask, find->any,
				       request->va.base, &found))
		return false;
	request->view = found;
	return true;
}

/* Both doublewords of an entry; false if there is none. */
static inline bool both_words(const struct hpte_table *table, uint64_t index,
			      uint64_t *image, uint64_t *dw1)
{
	struct hpte_snapshot both;

	if (table->priv_side) {
		uint64_t words[2];	/* the caller's stay in registers */
		bool live = hpte_table_snapshot_(table, index, &words[0],
						 &words[1]);

		*image = words[0];
		*dw1 = words[1];
		return live;
	}
	both = hpte_arch_load16(slot_dw0(table, index));
	*image = hpte_be64_to_host(both.dw0);
	*dw1 = hpte_be64_to_host(both.dw1);
	return true;
}

/* Read the entry that matches; false if it is not plainly the one. */
static inline bool take(const struct find *find, bool secondary,
			uint64_t index, struct hpte_find_request *request)
{
	struct hpte_view *view = &request->view;
	struct hpte_page page;
	uint64_t image, dw1;

	if (!both_words(find->table, index, &image, &dw1) ||
	    !(image & find->any) || (image & DW0_BUSY) ||
	    ((hpte_be64_from_host(image) ^ find_want(secondary, request)) &
	     find_mask(find, request)) ||
	    slot_one_tb(find->table, image) != (request->va.segment == 40))
		return false;
	if (image & HPTE_DW0_L) {
		if (hpte_entry_page(image, dw1, &page) != HPTE_OK)
			return false;
	} else {
		page.base = page.actual = 12;
		page.pair = HPTE_PAIR_4K_4K;
	}
	if (page.base != request->va.base)
		return false;
	view->index = index;
	view->guest.dw0 = slot_guest(find->table, image);
	view->guest.dw1 = dw1;
	view->page = page;
	view->state = image & HPTE_DW0_V ? HPTE_VIEW_VALID :
		      image & DW0_MARK ? HPTE_VIEW_MMIO : 0;
	view->reserved[0] = view->reserved[1] = 0;
	view->reserved[2] = view->reserved[3] = 0;
	view->priv_dw0 = image;
	return true;
}

/* Does reading this slot take the side record? */
static inline bool side_read(const struct hpte_table *table, uint64_t index)
{
	return table->priv_side &&
	       (!(table->priv_flags & TABLE_LOAD16) ||
		(hpte_word_load(slot_dw0(table, index)) &
		 (HPTE_DW0_V | DW0_BUSY)));
}

static inline void find_primary(const struct find *find,
				struct hpte_find_request *request)
{
	unsigned int slot = find_slot(find, false, request);
	uint64_t index = HPTE_GROUP_ENTRIES * find_group(find, false, request) +
			 slot;

	request->status = STEP_SECONDARY;
	if (slot < HPTE_GROUP_ENTRIES) {
		if (side_read(find->table, index)) {
			hpte_arch_prefetch(&find->table->priv_side[index]);
			request->priv_slot = slot;
			request->status = STEP_SIDE;
			return;
		}
		if (take(find, false, index, request) ||
		    find_slowly(find, false, request)) {
			request->status = HPTE_OK;
			return;
		}
	}
	find_prefetch(find, true, request);
}

static HPTE_NOINLINE bool find_side(const struct find *find,
				    struct hpte_find_request *request)
{
	uint64_t index = HPTE_GROUP_ENTRIES * find_group(find, false, request) +
			 request->priv_slot;

	return take(find, false, index, request) ||
	       find_slowly(find, false, request) ||
	       find_slowly(find, true, request);
}

static HPTE_NOINLINE bool find_secondary(const struct find *find,
					 struct hpte_find_request *request)
{
	unsigned int slot = find_slot(find, true, request);
	uint64_t index = HPTE_GROUP_ENTRIES * find_group(find, true, request) +
			 slot;

	return slot < HPTE_GROUP_ENTRIES &&
	       (take(find, true, index, request) ||
		find_slowly(find, true, request));
}

static inline bool find_finish(const struct find *find,
			       struct hpte_find_request *request)
{
	if (request->status != HPTE_OK)
		request->status = (request->status == STEP_SIDE ?
				   find_side(find, request) :
				   find_secondary(find, request)) ?
				  HPTE_OK : HPTE_ERR_NOTFOUND;
	return request->status == HPTE_OK;
}

size_t hpte_table_find_many(const struct hpte_table *table,
			    struct hpte_find_request *requests, size_t count,
			    unsigned int flags)
{
	uint64_t plain = table->priv_flags & TABLE_300 ? HPTE_DW0_B : DW0_MARK;
	uint64_t mask = (HPTE_DW0_B | HPTE_DW0_AVPN | HPTE_DW0_H) & ~plain;
	const struct find find = {
		table, hpte_be64_from_host(mask),
		hpte_be64_from_host(mask | HPTE_DW0_L),
		flags & HPTE_FIND_VALID ? HPTE_DW0_V : DW0_LIVE, plain
	};
	size_t found = 0;

	while (count) {
		size_t group = count < HPTE_FIND_AHEAD ? count :
							 HPTE_FIND_AHEAD;

		for (size_t i = 0; i < group; i++)
			find_ask(&find, &requests[i]);
		for (size_t i = 0; i < group; i++)
			find_primary(&find, &requests[i]);
		for (size_t i = 0; i < group; i++)
			found += find_finish(&find, &requests[i]);
		requests += group;
		count -= group;
	}
	return found;
}

static void insert_ask(const struct hpte_table *table,
		       const struct hpte_insert_request *request)
{
	uint64_t first = request->index & ~(uint64_t)(HPTE_GROUP_ENTRIES - 1);
	const hpte_be64_t *line = slot_dw0(table, first);

	if (!index_valid(table, first))
		return;
	hpte_arch_prefetch_write(line);
	hpte_arch_prefetch_write(line + LINE_WORDS);
	if (table->priv_side) {
		hpte_arch_prefetch_write(&table->priv_side[first]);
		hpte_arch_prefetch_write(&table->priv_side[first + SIDE_LINE]);
	}
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
		request->status = hpte_table_insert(table, request->index,
						    request->flags,
						    &request->entry,
						    request->page,
						    &request->where);
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

size_t hpte_table_remove_many(struct hpte_table *table,
			      struct hpte_remove_request *requests,
			      size_t count)
{
	struct hpte_tlb_batch_ batch;
	size_t removed = 0, freed = 0;

	batch.count = 0;
	for (size_t i = 0; i < count && i < HPTE_CHANGE_AHEAD; i++)
		prefetch_removed(table, requests[i].index);
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
