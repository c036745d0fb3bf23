/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * libhpte/find.c - the table: read, find and find many, lock-free.
 *
 * Layer: 2 (table).  States and guarantees: table.c.
 *
 * A find that hits is most of what a host that walks the table itself does,
 * and one of a chain waits for the other: the way to a hit is straight, and
 * from the address to doubleword 1 it is short.  What is rare goes on in a
 * function of its own, so that it costs the others no registers.
 */
#include "hpte/many.h"
#include "libhpte/codec.h"
#include "libhpte/internal.h"

/* Is one load enough?  If there is no live entry, or one that is complete. */
static HPTE_INLINE bool at_one_instant(const struct hpte_table *table,
				       const hpte_be64_t *entry,
				       struct hpte *now)
{
	struct hpte_snapshot one = hpte_arch_load16(entry);

	now->dw0 = hpte_be64_to_host(one.dw0);
	now->dw1 = hpte_be64_to_host(one.dw1);
	return !table->priv_side || !slot_live(now->dw0) ||
	       !(now->dw0 & (HPTE_DW0_V | DW0_BUSY));
}

/*
 * The guest's doubleword 1 is g, and g is good if slot and incarnation are the
 * same before and after reading it.  Of doubleword 1 nothing but R and C is
 * used then: the rest may be the host's.
 *
 * Each retry means that another CPU, or the walker, changed the entry.
 */
static HPTE_NOINLINE struct hpte beside(const struct hpte_table *table,
					uint64_t index)
{
	bool load16 = (table->priv_flags & TABLE_LOAD16) != 0;
	const struct hpte_side *side = table->priv_side + index;
	const hpte_be64_t *entry = slot_dw0(table, index);
	struct hpte_snapshot first, second;
	struct hpte now = { 0, 0 };
	uint32_t seq;
	uint64_t g;

	do {
		/* acquire: seq before the slot (C, D) */
		seq = hpte_atomic_load32_acquire(&side->seq);
		first = load16 ? hpte_arch_load16(entry) :
				 hpte_arch_snapshot_open(entry);
		now.dw0 = hpte_be64_to_host(first.dw0);
		if (!slot_live(now.dw0))
			return now;
		/* acquire: g before the second look (D) */
		g = hpte_atomic_load_acquire(&side->g);
		second = load16 ? hpte_arch_load16(entry) :
				  hpte_arch_snapshot_close(entry);
	} while (first.dw0 != second.dw0 || first.dw1 != second.dw1 ||
		 seq != hpte_atomic_load32(&side->seq));
	now.dw1 = g | (hpte_be64_to_host(first.dw1) & HPTE_DW1_RC);
	return now;
}

static HPTE_INLINE struct hpte snapshot(const struct hpte_table *table,
					const hpte_be64_t *entry,
					uint64_t index)
{
	struct hpte now;

	if ((table->priv_flags & TABLE_LOAD16) &&
	    at_one_instant(table, entry, &now))
		return now;
	return beside(table, index);
}

/*
 * Read one slot: the image of doubleword 0 and the guest's doubleword 1 as
 * they were together at one instant.  slot_live() tells if there is an entry.
 *
 * An absent entry at rest, read by one load, is complete: doubleword 1 is
 * the guest's.
 */
struct hpte hpte_table_snapshot_(const struct hpte_table *table,
				 uint64_t index)
{
	return snapshot(table, slot_dw0(table, index), index);
}

/* Page sizes; most entries are plain 4K pages, and take no call. */
static HPTE_INLINE bool page_of(struct hpte now, struct hpte_page *page)
{
	struct hpte_page larger;

	*page = (struct hpte_page){ 12, 12, HPTE_PAIR_4K_4K };
	if (!(now.dw0 & HPTE_DW0_L))
		return true;
	/* What was inserted decodes: insert refuses anything else. */
	if (hpte_entry_page(now.dw0, now.dw1, &larger) != HPTE_OK)
		return false;
	*page = larger;
	return true;
}

/* @guest: doubleword 0 as the guest has it. */
static HPTE_INLINE void fill_view(uint64_t index, struct hpte now,
				  uint64_t guest, struct hpte_page page,
				  struct hpte_view *view)
{
	unsigned int state = now.dw0 & HPTE_DW0_V ? HPTE_VIEW_VALID :
			     now.dw0 & DW0_MARK ? HPTE_VIEW_MMIO : 0;

	if (now.dw0 & DW0_BUSY)
		state |= HPTE_VIEW_BUSY;
	view->index = index;
	view->guest.dw0 = guest;
	view->guest.dw1 = now.dw1;
	view->page = page;
	view->state = (uint8_t)state;
	for (unsigned int i = 0; i < sizeof(view->reserved); i++)
		view->reserved[i] = 0;
	view->priv_dw0 = now.dw0;
}

int hpte_table_read(const struct hpte_table *table, uint64_t index,
		    struct hpte_view *view)
{
	struct hpte_page page;
	struct hpte now;

	if (!index_valid(table, index))
		return HPTE_ERR_INDEX;
	now = snapshot(table, slot_dw0(table, index), index);
	if (!slot_live(now.dw0) || !page_of(now, &page))
		return HPTE_ERR_NOTFOUND;
	fill_view(index, now, slot_guest(table, now.dw0), page, view);
	return HPTE_OK;
}

/*
 * What a search looks for, beside B, AVPN, H and L: log2 bytes of the base
 * page, and this bit if only valid entries count.
 */
#define WANT_VALID	0x100U

#define GROUP_WORDS	(2 * HPTE_GROUP_ENTRIES)

/*
 * Which bits of the guest's doubleword 0 count.  The 4K segments leave L out:
 * a 4K base page may lie in a larger page, which has L=1.
 */
static inline uint64_t wanted_mask(unsigned int wanted)
{
	return HPTE_DW0_B | HPTE_DW0_AVPN | HPTE_DW0_H |
	       ((wanted & 0xFF) != 12 ? HPTE_DW0_L : 0);
}

static inline const hpte_be64_t *group_of(const struct hpte_table *table,
					  uint64_t group)
{
	return slot_dw0(table, group * HPTE_GROUP_ENTRIES);
}

/* Doublewords before the first slot of a group, from one on, that may be it. */
static HPTE_INLINE unsigned int
search_group(const struct hpte_table *table, uint64_t group, unsigned int from,
	     uint64_t dw0, unsigned int wanted)
{
	/* MARK and, in the 3.0 format, B depend on the state: not compared */
	uint64_t plain = table->priv_flags & TABLE_300 ? ~HPTE_DW0_B :
							 ~DW0_MARK;
	hpte_be64_t want = hpte_be64_from_host(dw0 & plain);
	hpte_be64_t mask = hpte_be64_from_host(wanted_mask(wanted) & plain);

	if (from)
		return hpte_c_group_search_from(group_of(table, group), from,
						want, mask);
	return hpte_arch_group_search(table->priv_flags / TABLE_CPU,
				      group_of(table, group), want, mask);
}

/*
 * Is it really what is wanted?  Then fill in the view.  It may be not live, or
 * not valid, have changed since the search, or be of another base page size,
 * which is in LP.
 */
static HPTE_INLINE bool view_wanted(const struct hpte_table *table,
				    uint64_t group, unsigned int word,
				    uint64_t dw0, unsigned int wanted,
				    struct hpte_view *view)
{
	uint64_t any = wanted & WANT_VALID ? HPTE_DW0_V : DW0_LIVE;
	uint64_t index = group * HPTE_GROUP_ENTRIES + word / 2;
	struct hpte now = snapshot(table, group_of(table, group) + word, index);
	uint64_t guest = slot_guest(table, now.dw0);
	struct hpte_page page;

	if (((guest ^ dw0) & wanted_mask(wanted)) ||
	    !(now.dw0 & any) || !page_of(now, &page) ||
	    page.base != (wanted & 0xFF))
		return false;
	fill_view(index, now, guest, page, view);
	return true;
}

/* Go on searching: from a slot of a group on, then in the secondary group. */
static HPTE_NOINLINE int find_on(const struct hpte_table *table,
				 uint64_t group, unsigned int word,
				 uint64_t dw0, unsigned int wanted,
				 struct hpte_view *view)
{
	for (;;) {
		word = search_group(table, group, word, dw0, wanted);
		if (word < GROUP_WORDS) {
			if (view_wanted(table, group, word, dw0, wanted, view))
				return HPTE_OK;
			word += 2;
			continue;
		}
		if (dw0 & HPTE_DW0_H)
			return HPTE_ERR_NOTFOUND;
		/* the secondary hash is the complement of the primary */
		group ^= table->priv_group_mask;
		dw0 |= HPTE_DW0_H;
		word = 0;
	}
}

/* The first candidate of the primary group is nearly always the last. */
int hpte_table_find(const struct hpte_table *table, const struct hpte_va *va,
		    unsigned int flags, struct hpte_view *view)
{
	unsigned int wanted = va->base |
			      (flags & HPTE_FIND_VALID ? WANT_VALID : 0);
	uint64_t dw0 = va_dw0(va) | (va->base != 12 ? HPTE_DW0_L : 0);
	uint64_t group = va_hash(va) & table->priv_group_mask;
	unsigned int word = search_group(table, group, 0, dw0, wanted);

	if (word >= GROUP_WORDS)
		return find_on(table, group ^ table->priv_group_mask, 0,
			       dw0 | HPTE_DW0_H, wanted, view);
	if (view_wanted(table, group, word, dw0, wanted, view))
		return HPTE_OK;
	return find_on(table, group, word + 2, dw0, wanted, view);
}

/*
 * Many.  A find is taken apart into three steps, each done for all requests of
 * a batch before the next: hash, and ask for the memory of the primary group;
 * search it; and for those that were not there, search the secondary group,
 * whose memory the second step has asked for.  Who hits in the primary group
 * never asks for more than that, but with a side array for the record that
 * belongs to its slot, which is then read in the third step.
 *
 * A ring in which the steps of different requests alternate is slower the
 * further away the memory is: docs/performance.md.
 */

/* hpte_find_request::status between the steps. */
#define STEP_SECONDARY	1	/* search the secondary group */
#define STEP_SIDE	2	/* the side record is on its way */

#define LINE_WORDS	8U	/* in 64 bytes, the shortest line we know of */

static inline void find_prefetch(const struct hpte_table *table,
				 uint64_t group)
{
	hpte_arch_prefetch(group_of(table, group));
	hpte_arch_prefetch(group_of(table, group) + LINE_WORDS);
}

static inline void find_ask(const struct hpte_table *table,
			    struct hpte_find_request *request)
{
	const struct hpte_va *va = &request->va;

	request->priv_dw0 = va_dw0(va) | (va->base != 12 ? HPTE_DW0_L : 0);
	request->priv_group = va_hash(va) & table->priv_group_mask;
	find_prefetch(table, request->priv_group);
}

/* Read the slot that matches, or go on behind it. */
static inline int find_read(const struct hpte_table *table,
			    struct hpte_find_request *request,
			    unsigned int wanted)
{
	unsigned int word = request->priv_word;

	if (view_wanted(table, request->priv_group, word, request->priv_dw0,
			wanted, &request->view))
		return HPTE_OK;
	return find_on(table, request->priv_group, word + 2, request->priv_dw0,
		       wanted, &request->view);
}

static inline void find_primary(const struct hpte_table *table,
				struct hpte_find_request *request,
				unsigned int valid)
{
	unsigned int wanted = request->va.base | valid;
	uint64_t group = request->priv_group;
	unsigned int word = search_group(table, group, 0, request->priv_dw0,
					 wanted);

	request->priv_word = word;
	if (word >= GROUP_WORDS) {
		find_prefetch(table, group ^ table->priv_group_mask);
		request->status = STEP_SECONDARY;
	} else if (table->priv_side) {
		hpte_arch_prefetch(&table->priv_side[
			group * HPTE_GROUP_ENTRIES + word / 2]);
		request->status = STEP_SIDE;
	} else {
		request->status = find_read(table, request, wanted);
	}
}

static inline bool find_finish(const struct hpte_table *table,
			       struct hpte_find_request *request,
			       unsigned int valid)
{
	unsigned int wanted = request->va.base | valid;

	if (request->status == STEP_SECONDARY)
		request->status =
			find_on(table,
				request->priv_group ^ table->priv_group_mask, 0,
				request->priv_dw0 | HPTE_DW0_H, wanted,
				&request->view);
	else if (request->status == STEP_SIDE)
		request->status = find_read(table, request, wanted);
	return request->status == HPTE_OK;
}

size_t hpte_table_find_many(const struct hpte_table *table,
			    struct hpte_find_request *requests, size_t count,
			    unsigned int flags)
{
	unsigned int valid = flags & HPTE_FIND_VALID ? WANT_VALID : 0;
	size_t found = 0;

	while (count) {
		size_t batch = count < HPTE_FIND_AHEAD ? count :
							 HPTE_FIND_AHEAD;

		for (size_t i = 0; i < batch; i++)
			find_ask(table, &requests[i]);
		for (size_t i = 0; i < batch; i++)
			find_primary(table, &requests[i], valid);
		for (size_t i = 0; i < batch; i++)
			found += find_finish(table, &requests[i], valid);
		requests += batch;
		count -= batch;
	}
	return found;
}
