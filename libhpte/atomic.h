/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * libhpte/atomic.h - every atomic operation of the library, CPU against CPU.
 *
 * Layer: 0 (base).  The only file that includes <atomic_ops.h>.
 *
 * Orders are those of C11.  libatomic_ops has no release compare-and-swap
 * whose failure acquires, and our protocol needs it (a failing CAS must see
 * what the other side did): so there are two strengths, acquire, and acquire
 * and release, and both acquire when they fail.  AO_..._full is acquire and
 * release, not sequentially consistent: a store that must be seen before a
 * later load needs hpte_atomic_fence_full().
 *
 * Ordering against the hardware walker is another matter: arch/arch.h.
 *
 * A test that explores interleavings compiles the library with
 * -DHPTE_ATOMIC_FILE: that file then defines the same functions, and every
 * step that another CPU could see goes through it.
 */
#ifndef LIBHPTE_ATOMIC_H
#define LIBHPTE_ATOMIC_H

#include "hpte/env.h"

#ifdef HPTE_ATOMIC_FILE
#include HPTE_ATOMIC_FILE
#else

#include <atomic_ops.h>

HPTE_STATIC_ASSERT(sizeof(AO_t) == sizeof(uint64_t),
		   "lock-free use needs 64-bit atomics");
HPTE_STATIC_ASSERT(sizeof(unsigned int) == sizeof(uint32_t),
		   "the incarnation is read as an int");

static inline const volatile AO_t *hpte_atomic_const(const uint64_t *word)
{
	return (const volatile AO_t *)(const volatile void *)word;
}

static inline volatile AO_t *hpte_atomic_word(uint64_t *word)
{
	return (volatile AO_t *)(volatile void *)word;
}

static inline uint64_t hpte_atomic_load(const uint64_t *word)
{
	return AO_load(hpte_atomic_const(word));
}

static inline uint64_t hpte_atomic_load_acquire(const uint64_t *word)
{
	return AO_load_acquire(hpte_atomic_const(word));
}

static inline uint32_t hpte_atomic_load32(const uint32_t *word)
{
	return AO_int_load((const volatile unsigned int *)word);
}

static inline uint32_t hpte_atomic_load32_acquire(const uint32_t *word)
{
	return AO_int_load_acquire((const volatile unsigned int *)word);
}

static inline void hpte_atomic_store(uint64_t *word, uint64_t value)
{
	AO_store(hpte_atomic_word(word), value);
}

static inline void hpte_atomic_store_release(uint64_t *word, uint64_t value)
{
	AO_store_release(hpte_atomic_word(word), value);
}

static inline void hpte_atomic_store32_release(uint32_t *word, uint32_t value)
{
	AO_int_store_release((volatile unsigned int *)word, value);
}

static inline void hpte_atomic_store8(uint8_t *byte, uint8_t value)
{
	AO_char_store((volatile unsigned char *)byte, value);
}

/* True if *word was @old and is @new now. */
static inline bool hpte_atomic_cas_acquire(uint64_t *word, uint64_t old,
					   uint64_t new)
{
	return AO_fetch_compare_and_swap_acquire(hpte_atomic_word(word), old,
						 new) == old;
}

static inline bool hpte_atomic_cas_acq_rel(uint64_t *word, uint64_t old,
					   uint64_t new)
{
	return AO_fetch_compare_and_swap_full(hpte_atomic_word(word), old,
					      new) == old;
}

static inline void hpte_atomic_increment_release(uint64_t *word)
{
	(void)AO_fetch_and_add1_release(hpte_atomic_word(word));
}

/* Without order. */
static inline void hpte_atomic_add(uint64_t *word, uint64_t more)
{
	(void)AO_fetch_and_add(hpte_atomic_word(word), more);
}

/* Orders every access before against every access after, store to load too. */
static inline void hpte_atomic_fence_full(void)
{
	AO_nop_full();
}

#endif /* HPTE_ATOMIC_FILE */

#endif /* LIBHPTE_ATOMIC_H */
