/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * libhpte/read.c - the table: what stands in one slot, lock-free.
 *
 * Layer: 2 (table).  States and guarantees: table.c.
 */
#include "libhpte/codec.h"
#include "libhpte/snapshot.h"

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

int hpte_table_read(const struct hpte_table *table, uint64_t index,
		    struct hpte_view *view)
{
	struct hpte_page page;
	struct hpte now;

	if (!index_valid(table, index))
		return HPTE_ERR_INDEX;
	now = snapshot(table, slot_dw0(table, index), index);
	if (!slot_live(now.dw0) ||
	    entry_page(now.dw0, now.dw1, &page) != HPTE_OK)
		return HPTE_ERR_NOTFOUND;
	view->page = page;
	fill_view(index, now, slot_guest(table, now.dw0), any_state(now.dw0),
		  view);
	return HPTE_OK;
}
