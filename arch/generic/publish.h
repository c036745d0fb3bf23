/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * arch/generic/publish.h - claim, retract, publish, walker barriers, portable.
 *
 * A walker on a CPU that C knows nothing of is a software walker: another
 * thread.  Full fences order it.
 */
#ifndef ARCH_GENERIC_PUBLISH_H
#define ARCH_GENERIC_PUBLISH_H

#include "libhpte/word.h"

static inline bool hpte_c_claim(hpte_be64_t *dw0, hpte_be64_t claimed)
{
	/* acquire: everybody has left the slot (B) */
	return hpte_word_raw_cas_acquire(dw0, (HPTE_FORCE hpte_be64_t)0,
					 claimed);
}

static inline bool hpte_c_retract(hpte_be64_t *dw0, hpte_be64_t old,
				  hpte_be64_t without)
{
	/* acquire: the contents, and an owner's commits (A, E) */
	return hpte_word_raw_cas_acquire(dw0, old, without);
}

static inline void hpte_c_publish(hpte_be64_t *dw0, hpte_be64_t value)
{
	/* release: contents before publication (A) */
	hpte_word_raw_store_release(dw0, value);
}

static inline void hpte_c_before_valid(void)
{
	hpte_atomic_fence_full();
}

static inline void hpte_c_after_valid(void)
{
	hpte_atomic_fence_full();
}

static inline void hpte_c_relax(void)
{
}

#endif /* ARCH_GENERIC_PUBLISH_H */
