/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * libhpte/plain.h - insert and remove by the short way, for inlining.
 *
 * Layer: 2 (table), private.  States, letters: table.c.
 *
 * In a table that nobody but the library's callers looks at, without a side
 * array, an absent entry at rest is two doublewords and nothing else.  Each of
 * these either does all of it or changes nothing and says so; then the caller
 * goes the long way, which knows every case.
 */
#ifndef LIBHPTE_PLAIN_H
#define LIBHPTE_PLAIN_H

#include "libhpte/internal.h"

/* Doubleword 0 as it will be published. */
static HPTE_INLINE uint64_t plain_image(const struct hpte *entry,
					unsigned int flags)
{
	return (entry->dw0 & (HPTE_DW0_B_1T | HPTE_DW0_AVPN | DW0_GUEST_SW |
			      HPTE_DW0_L | HPTE_DW0_H)) | DW0_ABS |
	       (flags & HPTE_INSERT_MMIO ? DW0_MARK : 0);
}

/* Nothing beside the slot, and nobody who wants to know. */
static HPTE_INLINE bool put_is_plain(const struct hpte_table *table)
{
	return !(table->priv_flags &
		 (TABLE_SIDE | TABLE_TRACED | TABLE_COUNTED));
}

/*
 * Insert what is already checked into the first slot of a group that looks
 * free.  HPTE_ERR_AGAIN: another CPU was quicker.
 */
static HPTE_INLINE int put_plain(struct hpte_table *table, uint64_t index,
				 unsigned int flags, const struct hpte *entry,
				 uint64_t *where)
{
	const hpte_be64_t empty = (HPTE_FORCE hpte_be64_t)0;
	uint64_t first = index & ~(uint64_t)(HPTE_GROUP_ENTRIES - 1);
	hpte_be64_t *dw0 = slot_dw0(table, first);
	/* not by a vector: it would wait for what was just stored here */
	size_t word = hpte_c_group_search(dw0, empty, ~empty);

	if (word >= 2 * HPTE_GROUP_ENTRIES)
		return HPTE_ERR_FULL;
	dw0 += word;
	if (!hpte_arch_claim(dw0, hpte_be64_from_host(DW0_BUSY)))
		return HPTE_ERR_AGAIN;
	*where = first + word / 2;
	/* release: the claim before it, for one-load readers (C) */
	hpte_word_store_release(dw0 + 1, entry->dw1 & ~HPTE_DW1_RESERVED);
	/* release: contents before publication (A) */
	hpte_arch_publish(dw0, hpte_be64_from_host(plain_image(entry, flags)));
	return HPTE_OK;
}

/*
 * Remove in a table of table_private(); @index is valid.  Nobody needs to be
 * told of an entry at rest unless it is marked (H), so unlink and free are
 * next to each other.  False: it is not plain, not there, or not meant.
 */
static HPTE_INLINE bool remove_plain(struct hpte_table *table, uint64_t index,
				     const struct hpte_condition *only,
				     struct hpte *removed)
{
	hpte_be64_t *dw0 = slot_dw0(table, index);
	/* relaxed: only the word itself is looked at before the CAS */
	uint64_t image = hpte_word_load(dw0);
	uint64_t dw1;

	if ((image & (DW0_LIVE | DW0_BUSY | DW0_MARK)) != DW0_ABS)
		return false;
	image &= ~HPTE_DW0_V;	/* it is 0: saves the tests of V below */
	if (!condition_holds(table, image, only) ||
	    /* acquire: the contents, and an owner's commits (A, E) */
	    !hpte_word_cas_acquire(dw0, image, slot_unlinked(table, image)))
		return false;
	dw1 = hpte_word_load(dw0 + 1);	/* no other load of the base */
	/* release: nobody else was in it, and we have left it (B) */
	hpte_word_store_release(dw0, 0);
	if (removed) {
		removed->dw0 = slot_guest(table, image);
		removed->dw1 = dw1;
	}
	return true;
}

#endif /* LIBHPTE_PLAIN_H */
