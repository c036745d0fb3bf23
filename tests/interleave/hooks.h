/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/interleave/hooks.h - the atomic operations of the library, each one
 * a step of the explorer.
 *
 * Included by libhpte/atomic.h in place of libatomic_ops, so that all of the
 * library is compiled as it is and runs on the memory model of memory.h.
 */
#ifndef INTERLEAVE_HOOKS_H
#define INTERLEAVE_HOOKS_H

uint64_t step_load(const void *word, unsigned int bytes, bool acquire);
void step_store(void *word, unsigned int bytes, uint64_t value, bool release);
bool step_cas(uint64_t *word, uint64_t old, uint64_t new, bool acquire,
	      bool release);
void step_increment(uint64_t *word, bool release);
void step_fence(void);

static inline uint64_t hpte_atomic_load(const uint64_t *word)
{
	return step_load(word, 8, false);
}

static inline uint64_t hpte_atomic_load_acquire(const uint64_t *word)
{
	return step_load(word, 8, true);
}

static inline uint32_t hpte_atomic_load32(const uint32_t *word)
{
	return (uint32_t)step_load(word, 4, false);
}

static inline uint32_t hpte_atomic_load32_acquire(const uint32_t *word)
{
	return (uint32_t)step_load(word, 4, true);
}

static inline void hpte_atomic_store(uint64_t *word, uint64_t value)
{
	step_store(word, 8, value, false);
}

static inline void hpte_atomic_store_release(uint64_t *word, uint64_t value)
{
	step_store(word, 8, value, true);
}

static inline void hpte_atomic_store32_release(uint32_t *word, uint32_t value)
{
	step_store(word, 4, value, true);
}

static inline void hpte_atomic_store8(uint8_t *byte, uint8_t value)
{
	step_store(byte, 1, value, false);
}

static inline bool hpte_atomic_cas_acquire(uint64_t *word, uint64_t old,
					   uint64_t new)
{
	return step_cas(word, old, new, true, false);
}

static inline bool hpte_atomic_cas_acq_rel(uint64_t *word, uint64_t old,
					   uint64_t new)
{
	return step_cas(word, old, new, true, true);
}

static inline void hpte_atomic_increment_release(uint64_t *word)
{
	step_increment(word, true);
}

static inline void hpte_atomic_add(uint64_t *word, uint64_t more)
{
	*word += more;	/* no step: no operation looks at a counter */
}

static inline void hpte_atomic_fence_full(void)
{
	step_fence();
}

/*
 * Weaker than anything the library has: what tests/mutation/ makes of it.
 */
static inline void hpte_atomic_store32(uint32_t *word, uint32_t value)
{
	step_store(word, 4, value, false);
}

static inline bool hpte_atomic_cas_relaxed(uint64_t *word, uint64_t old,
					   uint64_t new)
{
	return step_cas(word, old, new, false, false);
}

static inline bool hpte_atomic_cas_release(uint64_t *word, uint64_t old,
					   uint64_t new)
{
	return step_cas(word, old, new, false, true);
}

static inline void hpte_atomic_increment_relaxed(uint64_t *word)
{
	step_increment(word, false);
}

#define hpte_word_cas_relaxed(word, old, new)				\
	hpte_atomic_cas_relaxed(hpte_word_bits_rw(word),		\
				hpte_be64_from_host(old),		\
				hpte_be64_from_host(new))
#define hpte_word_cas_release(word, old, new)				\
	hpte_atomic_cas_release(hpte_word_bits_rw(word),		\
				hpte_be64_from_host(old),		\
				hpte_be64_from_host(new))

#endif /* INTERLEAVE_HOOKS_H */
