/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * arch/generic/snapshot.h - read an entry by two separate loads.
 *
 * The two need not belong together; the reader's loop (libhpte/table.c)
 * finds out with the incarnation number of the side array.
 */
#ifndef ARCH_GENERIC_SNAPSHOT_H
#define ARCH_GENERIC_SNAPSHOT_H

#include "libhpte/word.h"

static inline struct hpte_snapshot
hpte_c_snapshot_open(const hpte_be64_t *entry)
{
	struct hpte_snapshot snapshot;

	/* acquire, both: doubleword 0 first, g after both (A, D) */
	snapshot.dw0 = hpte_word_raw_load_acquire(&entry[0]);
	snapshot.dw1 = hpte_word_raw_load_acquire(&entry[1]);
	return snapshot;
}

static inline struct hpte_snapshot
hpte_c_snapshot_close(const hpte_be64_t *entry)
{
	struct hpte_snapshot snapshot;

	/* acquire, both: doubleword 1 first, seq after both (D) */
	snapshot.dw1 = hpte_word_raw_load_acquire(&entry[1]);
	snapshot.dw0 = hpte_word_raw_load_acquire(&entry[0]);
	return snapshot;
}

#endif /* ARCH_GENERIC_SNAPSHOT_H */
