/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * libhpte/word.h - atomic operations on doublewords of the table.
 *
 * Layer: 0 (base).  The _raw_ forms take and give table byte order, the
 * others host order; orders as in atomic.h.
 */
#ifndef LIBHPTE_WORD_H
#define LIBHPTE_WORD_H

#include "hpte/env.h"
#include "libhpte/atomic.h"

static inline const uint64_t *hpte_word_bits(const hpte_be64_t *word)
{
	return (HPTE_FORCE const uint64_t *)word;
}

static inline uint64_t *hpte_word_bits_rw(hpte_be64_t *word)
{
	return (HPTE_FORCE uint64_t *)word;
}

static inline hpte_be64_t hpte_word_raw_load(const hpte_be64_t *word)
{
	return (HPTE_FORCE hpte_be64_t)hpte_atomic_load(hpte_word_bits(word));
}

static inline hpte_be64_t hpte_word_raw_load_acquire(const hpte_be64_t *word)
{
	return (HPTE_FORCE hpte_be64_t)
	       hpte_atomic_load_acquire(hpte_word_bits(word));
}

static inline void hpte_word_raw_store_release(hpte_be64_t *word,
					       hpte_be64_t value)
{
	hpte_atomic_store_release(hpte_word_bits_rw(word),
				  (HPTE_FORCE uint64_t)value);
}

static inline bool hpte_word_raw_cas_acquire(hpte_be64_t *word,
					     hpte_be64_t old, hpte_be64_t new)
{
	return hpte_atomic_cas_acquire(hpte_word_bits_rw(word),
				       (HPTE_FORCE uint64_t)old,
				       (HPTE_FORCE uint64_t)new);
}

static inline uint64_t hpte_word_load(const hpte_be64_t *word)
{
	return hpte_be64_to_host(hpte_word_raw_load(word));
}

static inline uint64_t hpte_word_load_acquire(const hpte_be64_t *word)
{
	return hpte_be64_to_host(hpte_word_raw_load_acquire(word));
}

static inline void hpte_word_store(hpte_be64_t *word, uint64_t value)
{
	hpte_atomic_store(hpte_word_bits_rw(word),
			  (HPTE_FORCE uint64_t)hpte_be64_from_host(value));
}

static inline void hpte_word_store_release(hpte_be64_t *word, uint64_t value)
{
	hpte_word_raw_store_release(word, hpte_be64_from_host(value));
}

static inline bool hpte_word_cas_acquire(hpte_be64_t *word, uint64_t old,
					 uint64_t new)
{
	return hpte_word_raw_cas_acquire(word, hpte_be64_from_host(old),
					 hpte_be64_from_host(new));
}

static inline bool hpte_word_cas_acq_rel(hpte_be64_t *word, uint64_t old,
					 uint64_t new)
{
	return hpte_atomic_cas_acq_rel(hpte_word_bits_rw(word),
			(HPTE_FORCE uint64_t)hpte_be64_from_host(old),
			(HPTE_FORCE uint64_t)hpte_be64_from_host(new));
}

#endif /* LIBHPTE_WORD_H */
