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

static HPTE_INLINE bool table_load16(const struct hpte_table *table)
{
	return HPTE_ARCH_LOAD16 && (table->priv_flags & TABLE_LOAD16);
}

static HPTE_INLINE struct hpte_snapshot
look_open(const struct hpte_table *table, const hpte_be64_t *entry)
{
	return table_load16(table) ? hpte_arch_load16(entry) :
				     hpte_arch_snapshot_open(entry);
}

static HPTE_INLINE struct hpte_snapshot
look_close(const struct hpte_table *table, const hpte_be64_t *entry)
{
	return table_load16(table) ? hpte_arch_load16(entry) :
				     hpte_arch_snapshot_close(entry);
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
	const struct hpte_side *side = table->priv_side + index;
	const hpte_be64_t *entry = slot_dw0(table, index);
	struct hpte_snapshot first, second;
	struct hpte now = { 0, 0 };
	uint32_t seq;
	uint64_t g;

	do {
		/* acquire: seq before the slot (C, D) */
		seq = hpte_atomic_load32_acquire(&side->seq);
		first = look_open(table, entry);
		now.dw0 = hpte_be64_to_host(first.dw0);
		if (!slot_live(now.dw0))
			return now;
		/* acquire: g before the second look (D) */
		g = hpte_atomic_load_acquire(&side->g);
		second = look_close(table, entry);
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

	if (table_load16(table) &&
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

/* All but the page.  @guest: doubleword 0; @state: HPTE_VIEW_*. */
static HPTE_INLINE void fill_view(uint64_t index, struct hpte now,
				  uint64_t guest, unsigned int state,
				  struct hpte_view *view)
{
	view->index = index;
	view->guest.dw0 = guest;
	view->guest.dw1 = now.dw1;
	view->state = (uint8_t)state;
	for (unsigned int i = 0; i < sizeof(view->reserved); i++)
		view->reserved[i] = 0;
	view->priv_dw0 = now.dw0;
}

/* Of an entry at rest. */
static HPTE_INLINE unsigned int rest_state(uint64_t image)
{
	return image & HPTE_DW0_V ? HPTE_VIEW_VALID :
	       image & DW0_MARK ? HPTE_VIEW_MMIO : 0;
}

static HPTE_INLINE unsigned int any_state(uint64_t image)
{
	return rest_state(image) | (image & DW0_BUSY ? HPTE_VIEW_BUSY : 0);
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
	view->page = page;
	fill_view(index, now, slot_guest(table, now.dw0), any_state(now.dw0),
		  view);
	return HPTE_OK;
}

#define GROUP_WORDS	(2 * HPTE_GROUP_ENTRIES)

/*
 * How a find that hits takes few instructions, so that a CPU which waits for
 * the memory of one can begin the next:
 *
 * The search compares only what is where it is in each state and format, AVPN
 * and H.  Two pages that these do not tell apart hardly ever meet in a group,
 * and a candidate is judged by everything before it counts.
 *
 * A table without a walker has absent entries, mostly at rest, and one load
 * has all of such an entry.  Its image is known beforehand but for MARK and the
 * guest's own bits, so the judgement is one comparison, in table byte order
 * like the search.
 *
 * What is not so plain is passed on, with the same arguments in the same
 * registers: find_here(), find_next(), find_beside(), find_on().
 */
#define DW0_SEARCHED	(HPTE_DW0_AVPN | HPTE_DW0_H)
#define DW0_AT_REST	(~(DW0_MARK | DW0_GUEST_SW))
#define DW0_SECONDARY	hpte_be64_from_host(HPTE_DW0_H)

/* LP of a 64K page of a 64K base: four bits, the others are the ARPN's. */
#define LP_64K_MASK	UINT64_C(0xF000)
#define LP_64K		UINT64_C(0x1000)

/* What is looked for: the image of an absent entry at rest. */
static HPTE_INLINE hpte_be64_t wanted(const struct hpte_va *va)
{
	return hpte_be64_from_host(va_dw0(va) | DW0_ABS |
				   (va->base != 12 ? HPTE_DW0_L : 0));
}

static HPTE_INLINE const hpte_be64_t *group_of(const struct hpte_table *table,
					       uint64_t group)
{
	return slot_dw0(table, group * HPTE_GROUP_ENTRIES);
}

static HPTE_INLINE const hpte_be64_t *
primary_group(const struct hpte_table *table, const struct hpte_va *va)
{
	return group_of(table, va_hash(va) & table->priv_group_mask);
}

static HPTE_INLINE uint64_t index_of(const struct hpte_table *table,
				     const hpte_be64_t *entry)
{
	return ((uint64_t)(uintptr_t)entry -
		(uint64_t)(uintptr_t)table->priv_base) / HPTE_ENTRY_BYTES;
}

/* The secondary hash is the complement of the primary. */
static HPTE_INLINE const hpte_be64_t *
other_group(const struct hpte_table *table, const hpte_be64_t *group)
{
	uint64_t number = index_of(table, group) / HPTE_GROUP_ENTRIES;

	return group_of(table, number ^ table->priv_group_mask);
}

/* Doublewords before the first candidate of a group. */
static HPTE_INLINE unsigned int search_group(const struct hpte_table *table,
					     const hpte_be64_t *group,
					     hpte_be64_t want)
{
	return hpte_arch_group_search(table->priv_flags / TABLE_CPU, group,
				      want, hpte_be64_from_host(DW0_SEARCHED));
}

/* The same from a slot on; rare, and any CPU can do it. */
static HPTE_INLINE unsigned int search_on(const hpte_be64_t *group,
					  unsigned int word, hpte_be64_t want)
{
	return hpte_c_group_search_from(group, word, want,
					hpte_be64_from_host(DW0_SEARCHED));
}

/* A page as small as the base page; @base: log2, 4K or 64K. */
static HPTE_INLINE struct hpte_page plain_page(unsigned int base)
{
	if (base == 12)
		return (struct hpte_page){ 12, 12, HPTE_PAIR_4K_4K };
	return (struct hpte_page){ 16, 16, HPTE_PAIR_64K_64K };
}

/* Is it wanted, and plain?  Then fill in the view. */
static HPTE_INLINE bool view_plain(const struct hpte_table *table,
				   unsigned int base, unsigned int flags,
				   struct hpte_view *view,
				   const hpte_be64_t *entry, hpte_be64_t want)
{
	hpte_be64_t counts = hpte_be64_from_host(DW0_AT_REST);
	struct hpte_snapshot one;
	struct hpte now;

	if (!table_load16(table))
		return false;
	one = hpte_arch_load16(entry);
	now.dw0 = hpte_be64_to_host(one.dw0);
	now.dw1 = hpte_be64_to_host(one.dw1);
	if (((one.dw0 ^ want) & counts) || (flags & HPTE_FIND_VALID) ||
	    (base == 16 && (now.dw1 & LP_64K_MASK) != LP_64K))
		return false;
	view->page = plain_page(base);
	fill_view(index_of(table, entry), now,
		  (now.dw0 & ~DW0_MARK) ^ (DW0_ABS | HPTE_DW0_V),
		  now.dw0 & DW0_MARK ? HPTE_VIEW_MMIO : 0, view);
	return true;
}

/*
 * The same of an entry that has a record in the side array, valid ones too:
 * one turn of beside(), if the entry at rest is what is wanted.
 */
static HPTE_INLINE bool view_beside(const struct hpte_table *table,
				    unsigned int base, unsigned int flags,
				    struct hpte_view *view,
				    const hpte_be64_t *entry, hpte_be64_t want)
{
	uint64_t index = index_of(table, entry);
	const struct hpte_side *side = &table->priv_side[index];
	uint64_t image = hpte_be64_to_host(want);
	struct hpte_snapshot first, second;
	struct hpte now;
	uint32_t seq;

	/* acquire: seq before the slot (C, D) */
	seq = hpte_atomic_load32_acquire(&side->seq);
	first = look_open(table, entry);
	now.dw0 = hpte_be64_to_host(first.dw0);
	if (now.dw0 & HPTE_DW0_V)
		image = slot_valid(table, image);
	else if (flags & HPTE_FIND_VALID)
		return false;
	if ((now.dw0 ^ image) & DW0_AT_REST)
		return false;
	/* acquire: g before the second look (D) */
	now.dw1 = hpte_atomic_load_acquire(&side->g);
	second = look_close(table, entry);
	if (first.dw0 != second.dw0 || first.dw1 != second.dw1 ||
	    seq != hpte_atomic_load32(&side->seq) ||
	    (base == 16 && (now.dw1 & LP_64K_MASK) != LP_64K))
		return false;
	view->page = plain_page(base);
	now.dw1 |= hpte_be64_to_host(first.dw1) & HPTE_DW1_RC;
	fill_view(index, now, (hpte_be64_to_host(want) ^ DW0_ABS) | HPTE_DW0_V |
		  (now.dw0 & DW0_GUEST_SW), rest_state(now.dw0), view);
	return true;
}

/*
 * Is it really what is wanted, in any state?  Then fill in the view.  It may
 * be not live, or not valid, have changed since the search, or be of another
 * segment or page size.  The 4K segments leave L out: a 4K base page may lie
 * in a larger page, which has L=1.
 */
static HPTE_INLINE bool view_wanted(const struct hpte_table *table,
				    const struct hpte_va *va,
				    unsigned int flags, struct hpte_view *view,
				    const hpte_be64_t *entry, hpte_be64_t want)
{
	uint64_t any = flags & HPTE_FIND_VALID ? HPTE_DW0_V : DW0_LIVE;
	uint64_t index = index_of(table, entry);
	struct hpte now = snapshot(table, entry, index);
	uint64_t guest = slot_guest(table, now.dw0);
	struct hpte_page page;

	if (((guest ^ hpte_be64_to_host(want)) &
	     (HPTE_DW0_B | HPTE_DW0_AVPN | HPTE_DW0_H)) ||
	    !(now.dw0 & any) || !page_of(now, &page) || page.base != va->base)
		return false;
	view->page = page;
	fill_view(index, now, guest, any_state(now.dw0), view);
	return true;
}

/* From a candidate on, then in the secondary group: whatever is not plain. */
static HPTE_NOINLINE int find_on(const struct hpte_table *table,
				 const struct hpte_va *va, unsigned int flags,
				 struct hpte_view *view,
				 const hpte_be64_t *entry, hpte_be64_t want)
{
	unsigned int word = index_of(table, entry) % HPTE_GROUP_ENTRIES * 2;
	const hpte_be64_t *group = entry - word;

	for (;;) {
		while (word < GROUP_WORDS) {
			if (view_wanted(table, va, flags, view, group + word,
					want))
				return HPTE_OK;
			word = search_on(group, word + 2, want);
		}
		if (want & DW0_SECONDARY)
			return HPTE_ERR_NOTFOUND;
		want |= DW0_SECONDARY;
		group = other_group(table, group);
		word = search_on(group, 0, want);
	}
}

/* One with a record in the side array, of 4K or 64K. */
static HPTE_NOINLINE int find_beside(const struct hpte_table *table,
				     const struct hpte_va *va,
				     unsigned int flags, struct hpte_view *view,
				     const hpte_be64_t *entry, hpte_be64_t want)
{
	if (view_beside(table, va->base, flags, view, entry, want))
		return HPTE_OK;
	return find_on(table, va, flags, view, entry, want);
}

/* Plain, but for a page of 64K or a record in the side array? */
static HPTE_NOINLINE int find_next(const struct hpte_table *table,
				   const struct hpte_va *va, unsigned int flags,
				   struct hpte_view *view,
				   const hpte_be64_t *entry, hpte_be64_t want)
{
	if (va->base == 16 && view_plain(table, 16, flags, view, entry, want))
		return HPTE_OK;
	if (table->priv_side && (va->base == 12 || va->base == 16))
		return find_beside(table, va, flags, view, entry, want);
	return find_on(table, va, flags, view, entry, want);
}

/* The first candidate is nearly always the last, and plain. */
static HPTE_INLINE int find_here(const struct hpte_table *table,
				 const struct hpte_va *va, unsigned int flags,
				 struct hpte_view *view,
				 const hpte_be64_t *entry, hpte_be64_t want)
{
	if (va->base == 12 && view_plain(table, 12, flags, view, entry, want))
		return HPTE_OK;
	return find_next(table, va, flags, view, entry, want);
}

/* In the secondary group. */
static HPTE_NOINLINE int find_secondary(const struct hpte_table *table,
					const struct hpte_va *va,
					unsigned int flags,
					struct hpte_view *view,
					const hpte_be64_t *group,
					hpte_be64_t want)
{
	unsigned int word = search_group(table, group, want);

	if (word >= GROUP_WORDS)
		return HPTE_ERR_NOTFOUND;
	return find_here(table, va, flags, view, group + word, want);
}

int hpte_table_find(const struct hpte_table *table, const struct hpte_va *va,
		    unsigned int flags, struct hpte_view *view)
{
	const hpte_be64_t *group = primary_group(table, va);
	hpte_be64_t want = wanted(va);
	unsigned int word = search_group(table, group, want);

	if (word >= GROUP_WORDS)
		return find_secondary(table, va, flags, view,
				      other_group(table, group),
				      want | DW0_SECONDARY);
	return find_here(table, va, flags, view, group + word, want);
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

static HPTE_INLINE void find_prefetch(const hpte_be64_t *group)
{
	hpte_arch_prefetch(group);
	hpte_arch_prefetch(group + LINE_WORDS);
}

static HPTE_INLINE void find_ask(const struct hpte_table *table,
				 struct hpte_find_request *request)
{
	uint64_t group = va_hash(&request->va) & table->priv_group_mask;

	request->priv_dw0 = hpte_be64_to_host(wanted(&request->va));
	request->priv_group = group;
	find_prefetch(group_of(table, group));
}

static HPTE_INLINE void find_primary(const struct hpte_table *table,
				     struct hpte_find_request *request,
				     unsigned int flags)
{
	const hpte_be64_t *group = group_of(table, request->priv_group);
	hpte_be64_t want = hpte_be64_from_host(request->priv_dw0);
	unsigned int word = search_group(table, group, want);

	if (word >= GROUP_WORDS) {
		find_prefetch(other_group(table, group));
		request->status = STEP_SECONDARY;
	} else if (table->priv_side) {
		hpte_arch_prefetch(&table->priv_side[index_of(table,
							      group + word)]);
		request->priv_word = word;
		request->status = STEP_SIDE;
	} else {
		request->status = find_here(table, &request->va, flags,
					    &request->view, group + word, want);
	}
}

static HPTE_INLINE bool find_finish(const struct hpte_table *table,
				    struct hpte_find_request *request,
				    unsigned int flags)
{
	const hpte_be64_t *group = group_of(table, request->priv_group);
	hpte_be64_t want = hpte_be64_from_host(request->priv_dw0);

	if (request->status == STEP_SECONDARY)
		request->status = find_secondary(table, &request->va, flags,
						 &request->view,
						 other_group(table, group),
						 want | DW0_SECONDARY);
	else if (request->status == STEP_SIDE)
		request->status = find_next(table, &request->va, flags,
					    &request->view,
					  group + request->priv_word, want);
	return request->status == HPTE_OK;
}

size_t hpte_table_find_many(const struct hpte_table *table,
			    struct hpte_find_request *requests, size_t count,
			    unsigned int flags)
{
	size_t found = 0;

	while (count) {
		size_t batch = count < HPTE_FIND_AHEAD ? count :
							 HPTE_FIND_AHEAD;

		for (size_t i = 0; i < batch; i++)
			find_ask(table, &requests[i]);
		for (size_t i = 0; i < batch; i++)
			find_primary(table, &requests[i], flags);
		for (size_t i = 0; i < batch; i++)
			found += find_finish(table, &requests[i], flags);
		requests += batch;
		count -= batch;
	}
	return found;
}
