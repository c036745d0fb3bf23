/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * libhpte/va.h - what a search needs of a virtual address, to be inlined:
 * hpte_hash_primary() and hpte_hash_dw0() for those who hash many.
 *
 * Layer: 1 (codec), private.
 */
#ifndef LIBHPTE_VA_H
#define LIBHPTE_VA_H

#include "hpte/hash.h"

#define AVPN_VA_SHIFT	23	/* AVPN is the VA >> 23 ... */
#define AVPN_SHIFT	7	/* ... and stands at bit 56 of doubleword 0 */
#define HASH_MASK	HPTE_BITS(25, 63)	/* 39 bits */
#define SEGMENT_256M	28
#define SEGMENT_1T	40

static inline uint64_t low_bits(unsigned int count)
{
	return (UINT64_C(1) << count) - 1;
}

/* The part of the hash that does not depend on the page. */
static inline uint64_t vsid_hash(uint64_t vsid, unsigned int segment)
{
	return segment == SEGMENT_1T ? vsid ^ vsid << 25 : vsid;
}

static inline uint64_t va_hash(const struct hpte_va *va)
{
	return (vsid_hash(va->vsid, va->segment) ^ va->offset >> va->base) &
	       HASH_MASK;
}

static inline uint64_t va_dw0(const struct hpte_va *va)
{
	uint64_t offset = va->offset & ~low_bits(va->base);
	uint64_t avpn = va->vsid << (va->segment - AVPN_VA_SHIFT) |
			offset >> AVPN_VA_SHIFT;

	return (va->segment == SEGMENT_1T ? HPTE_DW0_B_1T : 0) |
	       (avpn << AVPN_SHIFT & HPTE_DW0_AVPN);
}

#endif /* LIBHPTE_VA_H */
