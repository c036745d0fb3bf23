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

/* What may be inserted so: as hpte_table_insert() checks it, and simple. */
static HPTE_INLINE bool insert_is_plain(const struct hpte_table *table,
					uint64_t index, unsigned int flags,
					const struct hpte *entry,
					const struct hpte_host_page *page)
{
	return put_is_plain(table) && !(table->priv_flags & TABLE_300) &&
	       index_valid(table, index) && !(flags & ~HPTE_INSERT_MMIO) &&
	       !page && !(entry->dw0 & (HPTE_DW0_L | HPTE_DW0_B));
}

static HPTE_INLINE unsigned int looks_free(const hpte_be64_t *dw0)
{
	/* relaxed: the claim looks again (B) */
	return !hpte_word_raw_load(dw0);
}

/*
 * The first of a line's four slots that looks free, 4 if none.  The lowest bit
 * that is set comes from a table of sixteen in one constant.
 */
static HPTE_INLINE unsigned int first_free(const hpte_be64_t *line)
{
	unsigned int free = looks_free(line) | looks_free(line + 2) << 1 |
			    looks_free(line + 4) << 2 |
			    looks_free(line + 6) << 3;

	return free ? 0x12131210U >> 2 * free & 3 : 4;
}

/*
 * Doublewords before the first slot of a group that looks free.  @here: both
 * lines have been asked for.  Then it is counted, not guessed: a CPU guesses
 * wrong three times in four.  Else it shall guess, and go on while it waits.
 * Not by a vector: that would wait for what was just stored here.
 */
static HPTE_INLINE size_t free_word(const hpte_be64_t *group, bool here)
{
	const hpte_be64_t empty = (HPTE_FORCE hpte_be64_t)0;
	unsigned int slot;

	if (!here)
		return hpte_c_group_search(group, empty, ~empty);
	slot = first_free(group);
	if (slot == 4)
		slot += first_free(group + LINE_WORDS);
	return 2 * slot;
}

/*
 * Insert what is already checked into the first slot of a group that looks
 * free; @here: free_word().  HPTE_ERR_AGAIN: another CPU was quicker.
 */
static HPTE_INLINE int put_plain(struct hpte_table *table, uint64_t index,
				 unsigned int flags, const struct hpte *entry,
				 bool here, uint64_t *where)
{
	uint64_t first = index & ~(uint64_t)(HPTE_GROUP_ENTRIES - 1);
	hpte_be64_t *dw0 = slot_dw0(table, first);
	size_t word = free_word(dw0, here);

	if (word >= 2 * HPTE_GROUP_ENTRIES)
		return HPTE_ERR_FULL;
	dw0 += word;
	if (!hpte_arch_claim(dw0, hpte_be64_from_host(DW0_BUSY)))
		return HPTE_ERR_AGAIN;
	/* release: the claim before it, for one-load readers (C) */
	hpte_word_store_release(dw0 + 1, entry->dw1 & ~HPTE_DW1_RESERVED);
	/* release: contents before publication (A) */
	hpte_arch_publish(dw0, hpte_be64_from_host(plain_image(entry, flags)));
	/* last: it may lie in the caller's entry */
	*where = first + word / 2;
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
