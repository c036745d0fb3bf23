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

static inline bool hpte_c_word_matches(const hpte_be64_t *group, size_t word,
				       hpte_be64_t want, hpte_be64_t mask)
{
	/* relaxed: the caller reads a hit again with a snapshot (A) */
	return !((hpte_word_raw_load(&group[word]) ^ want) & mask);
}

/* As hpte_c_group_search(), for words >= from, which is even. */
static inline size_t hpte_c_group_search_from(const hpte_be64_t *group,
					      size_t from, hpte_be64_t want,
					      hpte_be64_t mask)
{
	while (from < 16 && !hpte_c_word_matches(group, from, want, mask))
		from += 2;
	return from;
}

/* Unrolled: half the instructions of the loop above. */
static inline size_t hpte_c_group_search(const hpte_be64_t *group,
					 hpte_be64_t want, hpte_be64_t mask)
{
	return hpte_c_word_matches(group, 0, want, mask) ? 0 :
	       hpte_c_word_matches(group, 2, want, mask) ? 2 :
	       hpte_c_word_matches(group, 4, want, mask) ? 4 :
	       hpte_c_word_matches(group, 6, want, mask) ? 6 :
	       hpte_c_word_matches(group, 8, want, mask) ? 8 :
	       hpte_c_word_matches(group, 10, want, mask) ? 10 :
	       hpte_c_word_matches(group, 12, want, mask) ? 12 :
	       hpte_c_word_matches(group, 14, want, mask) ? 14 : 16;
}

#endif /* ARCH_GENERIC_GROUP_SEARCH_H */
