/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * libhpte/codec.h - what is needed most of entries and hash, for inlining.
 *
 * Layer: 1 (codec), private.  The manuals are hpte/entry.h and hpte/hash.h.
 */
#ifndef LIBHPTE_CODEC_H
#define LIBHPTE_CODEC_H

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

/* What the hash is the low bits of: a caller keeps at most HASH_MASK. */
static inline uint64_t va_hash(const struct hpte_va *va)
{
	return vsid_hash(va->vsid, va->segment) ^ va->offset >> va->base;
}

/*
 * AVPN has the address bits above the base page.  In a chain of searches the
 * offset comes last: few steps from there on.
 */
static inline uint64_t va_dw0(const struct hpte_va *va)
{
	uint64_t page = va->offset >> va->base << va->base;
	uint64_t dw0 = va->vsid << (SEGMENT_256M - AVPN_VA_SHIFT + AVPN_SHIFT) &
		       HPTE_DW0_AVPN;

	if (va->segment == SEGMENT_1T)
		dw0 = (va->vsid << (SEGMENT_1T - AVPN_VA_SHIFT + AVPN_SHIFT) &
		       HPTE_DW0_AVPN) | HPTE_DW0_B_1T;
	return dw0 | page >> AVPN_VA_SHIFT << AVPN_SHIFT;
}

/* A page as small as the base page; @base: log2, 4K or 64K. */
static inline void plain_page(unsigned int base, struct hpte_page *page)
{
	page->base = (uint8_t)base;
	page->actual = (uint8_t)base;
	page->pair = base == 12 ? HPTE_PAIR_4K_4K : HPTE_PAIR_64K_64K;
}

/* hpte_entry_page(); most entries are 4K pages, and take no call. */
static inline int entry_page(uint64_t dw0, uint64_t dw1, struct hpte_page *page)
{
	if (dw0 & HPTE_DW0_L)
		return hpte_entry_page(dw0, dw1, page);
	plain_page(12, page);
	return HPTE_OK;
}

/* hpte_entry_aligned(); a 4K page is. */
static inline bool entry_aligned(uint64_t dw1, const struct hpte_page *page)
{
	return page->pair == HPTE_PAIR_4K_4K || hpte_entry_aligned(dw1, page);
}

#endif /* LIBHPTE_CODEC_H */
