/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hpte/env.h - everything libhpte takes from the compiler.
 *
 * Layer: 0 (base).  Depends on: nothing of ours.
 *
 * Need: fixed-width integers, size_t, bool; the attributes below.  A host
 * whose own headers define these types compiles with
 * -DHPTE_ENV_FILE='"its_header.h"', which then replaces the three includes;
 * any macro below that the file defines is kept.
 *
 * Bit numbering.  IBM numbering, as in every POWER document: bit 0 is the
 * most significant bit of a doubleword, bit 63 the least significant.
 */
#ifndef HPTE_ENV_H
#define HPTE_ENV_H

#ifdef HPTE_ENV_FILE
#include HPTE_ENV_FILE
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#endif

#ifdef __cplusplus
#define HPTE_STATIC_ASSERT(cond, why)	static_assert(cond, why)
#else
#define HPTE_STATIC_ASSERT(cond, why)	_Static_assert(cond, why)
#endif

#ifndef HPTE_API
#define HPTE_API		__attribute__((visibility("default")))
#endif
#ifndef HPTE_MUST_CHECK
#define HPTE_MUST_CHECK		__attribute__((warn_unused_result))
#endif

/* Sparse checks that table byte order never meets host byte order. */
#ifdef __CHECKER__
#define HPTE_BITWISE		__attribute__((bitwise))
#define HPTE_FORCE		__attribute__((force))
#else
#define HPTE_BITWISE
#define HPTE_FORCE
#endif

/* One bit of a doubleword, IBM numbering; n is 0..63. */
#define HPTE_BIT(n)		(UINT64_C(1) << (63 - (n)))
/* Bits first..last of a doubleword, IBM numbering, both included. */
#define HPTE_BITS(first, last) \
	((~UINT64_C(0) >> (first)) & (~UINT64_C(0) << (63 - (last))))

/*
 * A doubleword as it lies in a hashed page table: big-endian whatever the
 * host is [ISA: Page Table].  Convert with the two functions below only.
 */
typedef uint64_t HPTE_BITWISE hpte_be64_t;

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define HPTE_SWAP64_(x)		(x)
#else
#define HPTE_SWAP64_(x)		__builtin_bswap64(x)
#endif

/* hpte_be64_from_host() - host order to table order; pure. */
static inline hpte_be64_t hpte_be64_from_host(uint64_t value)
{
	return (HPTE_FORCE hpte_be64_t)HPTE_SWAP64_(value);
}

/* hpte_be64_to_host() - table order to host order; pure. */
static inline uint64_t hpte_be64_to_host(hpte_be64_t value)
{
	return HPTE_SWAP64_((HPTE_FORCE uint64_t)value);
}

#endif /* HPTE_ENV_H */
