/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * arch/generic/group_search.h - find an entry in one PTEG, in portable C.
 *
 * Compares in table byte order: the caller swaps what it wants once, so no
 * slot is swapped.
 */
#ifndef ARCH_GENERIC_GROUP_SEARCH_H
#define ARCH_GENERIC_GROUP_SEARCH_H

#include "libhpte/word.h"

static inline unsigned int hpte_c_group_search(const hpte_be64_t *group,
					       unsigned int from,
					       hpte_be64_t want,
					       hpte_be64_t mask,
					       hpte_be64_t any)
{
	unsigned int slot;

	for (slot = from; slot < 8; slot++) {
		/* relaxed: the caller reads a hit again with a snapshot (A) */
		hpte_be64_t dw0 = hpte_word_raw_load(&group[2 * slot]);

		if (((dw0 ^ want) & mask) == 0 && (dw0 & any) != 0)
			break;
	}
	return slot;
}

#endif /* ARCH_GENERIC_GROUP_SEARCH_H */
