/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * libhpte/entry.c - fields, formats and rights of one entry.
 *
 * Layer: 1 (codec).  Pure functions; the manual is hpte/entry.h.
 *
 * References
 *	[ISA]	Power ISA Versions 2.07 B and 3.0 B, Book III
 *
 * Page sizes.  L=0 is a 4K page in a 4K segment.  With L=1 the byte LP says
 * both sizes; in small pages its high bits belong to the real page number
 * ("r" below), so LP is matched under a mask.  The seven legal pairs are one
 * table, page_pairs, which both directions use.
 */
#include "hpte/entry.h"

#define LP_SHIFT	12	/* LP is bits 44:51: from 2^12 up */

/**
 * struct page_pair - one legal pair of page sizes [ISA: Page Size Encodings]
 * @lp:		fixed bits of LP
 * @lp_mask:	which bits of LP are fixed; the others are RPN
 */
struct page_pair {
	uint8_t base;
	uint8_t actual;
	uint8_t lp;
	uint8_t lp_mask;
};

/* Indexed by HPTE_PAIR_*. */
static const struct page_pair page_pairs[HPTE_PAGE_PAIRS] = {
	{ 12, 12, 0x00, 0x00 },		/* L=0: LP is all RPN */
	{ 12, 16, 0x07, 0x0F },		/* rrrr0111 */
	{ 12, 24, 0x38, 0xFF },
	{ 16, 16, 0x01, 0x0F },		/* rrrr0001 */
	{ 16, 24, 0x08, 0xFF },
	{ 24, 24, 0x00, 0xFF },
	{ 34, 34, 0x03, 0xFF },
};

int hpte_entry_page(uint64_t dw0, uint64_t dw1, struct hpte_page *page)
{
	unsigned int lp = (unsigned int)((dw1 & HPTE_DW1_LP) >> LP_SHIFT);
	unsigned int pair = HPTE_PAIR_4K_4K;

	if (dw0 & HPTE_DW0_L) {
		for (pair = HPTE_PAIR_4K_64K; pair < HPTE_PAGE_PAIRS; pair++)
			if ((lp & page_pairs[pair].lp_mask) ==
			    page_pairs[pair].lp)
				break;
		if (pair == HPTE_PAGE_PAIRS)
			return HPTE_ERR_ENCODING;
	}
	page->base = page_pairs[pair].base;
	page->actual = page_pairs[pair].actual;
	page->pair = (uint8_t)pair;
	return HPTE_OK;
}

int hpte_entry_page_bits(unsigned int base, unsigned int actual, uint64_t *l,
			 uint64_t *lp)
{
	for (unsigned int pair = 0; pair < HPTE_PAGE_PAIRS; pair++) {
		if (page_pairs[pair].base != base ||
		    page_pairs[pair].actual != actual)
			continue;
		*l = pair == HPTE_PAIR_4K_4K ? 0 : HPTE_DW0_L;
		*lp = (uint64_t)page_pairs[pair].lp << LP_SHIFT;
		return HPTE_OK;
	}
	return HPTE_ERR_ENCODING;
}

uint64_t hpte_entry_real(uint64_t dw1, unsigned int actual)
{
	return dw1 & HPTE_DW1_ARPN & (~UINT64_C(0) << actual);
}

bool hpte_entry_aligned(uint64_t dw1, const struct hpte_page *page)
{
	uint64_t below = HPTE_DW1_ARPN & ~(~UINT64_C(0) << page->actual);
	uint64_t lp = (uint64_t)page_pairs[page->pair].lp << LP_SHIFT;

	return (dw1 & below) == lp;
}

int hpte_entry_to_300(const struct hpte *from, struct hpte *to)
{
	uint64_t dw0 = from->dw0;
	uint64_t dw1 = from->dw1;
	uint64_t b = dw0 & HPTE_DW0_B;

	/* B moves to the top bits of the ARPN field: they must be free. */
	if (b & ~HPTE_DW0_B_1T)
		return HPTE_ERR_ENCODING;
	if (dw0 & HPTE_DW0_AVPN & ~HPTE_DW0_300_AVPN)
		return HPTE_ERR_ENCODING;
	if (dw1 & HPTE_DW1_ARPN & ~HPTE_DW1_300_ARPN)
		return HPTE_ERR_ENCODING;
	to->dw0 = dw0 & ~HPTE_DW0_B;
	to->dw1 = dw1 | (b ? HPTE_DW1_300_B_1T : 0);
	return HPTE_OK;
}

int hpte_entry_from_300(const struct hpte *from, struct hpte *to)
{
	const uint64_t reserved0 = HPTE_BITS(0, 11);
	const uint64_t reserved1 = HPTE_DW1_ARPN & ~HPTE_DW1_300_ARPN &
				   ~HPTE_DW1_300_B_1T;
	uint64_t dw0 = from->dw0;
	uint64_t dw1 = from->dw1;

	if ((dw0 & reserved0) || (dw1 & reserved1))
		return HPTE_ERR_ENCODING;
	to->dw0 = dw0 | (dw1 & HPTE_DW1_300_B_1T ? HPTE_DW0_B_1T : 0);
	to->dw1 = dw1 & ~HPTE_DW1_300_B_1T;
	return HPTE_OK;
}

unsigned int hpte_entry_key(uint64_t dw1)
{
	/* Bits 2:3 are the key's high two, bits 52:54 its low three. */
	return (unsigned int)((dw1 & HPTE_DW1_KEY_HI) >> 57 |
			      (dw1 & HPTE_DW1_KEY_LO) >> 9);
}

/* PP as the three-bit number pp0 || pp1:2. */
static unsigned int protection(uint64_t dw1)
{
	return (unsigned int)((dw1 & HPTE_DW1_PP0) >> 61 |
			      (dw1 & HPTE_DW1_PP));
}

unsigned int hpte_entry_rights(uint64_t dw1, uint64_t descriptor, bool problem)
{
	/* [ISA: Storage Protection], by PP, for key 0 and key 1. */
	static const uint8_t by_pp[8][2] = {
		{ HPTE_READ | HPTE_WRITE, 0 },
		{ HPTE_READ | HPTE_WRITE, HPTE_READ },
		{ HPTE_READ | HPTE_WRITE, HPTE_READ | HPTE_WRITE },
		{ HPTE_READ, HPTE_READ },
		{ 0, 0 },
		{ 0, 0 },
		{ HPTE_READ, 0 },
		{ 0, 0 },
	};
	uint64_t key_bit = problem ? HPTE_SLB_KP : HPTE_SLB_KS;
	unsigned int key = (descriptor & key_bit) != 0;
	unsigned int rights = by_pp[protection(dw1)][key];

	if ((rights & HPTE_READ) && !(dw1 & (HPTE_DW1_N | HPTE_DW1_G)) &&
	    !(descriptor & HPTE_SLB_N))
		rights |= HPTE_EXECUTE;
	return rights;
}

unsigned int hpte_entry_key_rights(unsigned int key, uint64_t amr,
				   uint64_t iamr)
{
	unsigned int shift = 62 - 2 * (key & 31);
	unsigned int rights = HPTE_READ | HPTE_WRITE | HPTE_EXECUTE;

	if (amr >> shift & 1)
		rights &= ~HPTE_READ;
	if (amr >> shift & 2)
		rights &= ~HPTE_WRITE;
	if (iamr >> shift & 1)
		rights &= ~HPTE_EXECUTE;
	return rights;
}

bool hpte_entry_writable(uint64_t dw1)
{
	unsigned int pp = protection(dw1);

	return pp != 3 && pp != 6;
}

uint64_t hpte_entry_read_only(uint64_t dw1)
{
	unsigned int pp = protection(dw1);

	/*
	 * 000 gives key 1 nothing, so it becomes 110, not 011.  There is no
	 * PP that allows nobody anything: a reserved value, of which CPUs
	 * differ in what they make, becomes the narrowest there is.
	 */
	if (pp == 0 || pp >= 4)
		return (dw1 & ~HPTE_DW1_PPP) | HPTE_DW1_PP0 | 2;
	return dw1 | 3;
}
