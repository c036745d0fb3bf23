/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * libhpte/hash.c - virtual address to PTEGs, back, and to a tlbie.
 *
 * Layer: 1 (codec).  Pure functions; the manual is hpte/hash.h.
 *
 * References
 *	[ISA]	Power ISA Versions 2.06 B, 2.07 B, 3.0 B, Book III
 *
 * The virtual address has 78 bits: VSID || offset in the segment.  It is
 * kept as these two parts, so that no 128-bit arithmetic is needed; the low
 * 64 bits, which tlbie wants, are va_low64().
 *
 * AVPN is the address without its low 23 bits.  A page smaller than 8M has
 * address bits between its own size and 2^23 that the entry does not store:
 * they are what the hash adds to the PTEG number, and hpte_hash_rebuild()
 * takes them back from there.  11 bits at most, and the smallest table has
 * 2^11 PTEGs, so they are always there.
 */
#include "libhpte/codec.h"

/*
 * log2 of the base page by the descriptor's bits 55 to 59: L, two of others,
 * which are cleared, and LP; 0 if not supported.  LP 11 would be 1M: encoded,
 * but on no CPU we serve.
 */
static const uint8_t descriptor_base[] = {
	12, 12, 12, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 24, 16, 34, 0
};

/* With a constant segment size: shorter than with one that was chosen. */
static inline int va_in_segment(uint64_t descriptor, uint64_t ea,
				unsigned int segment, struct hpte_va *va)
{
	unsigned int base = descriptor_base[(descriptor & (HPTE_SLB_L |
						HPTE_SLB_LP)) >> 4];

	if (!base || base > segment)
		return HPTE_ERR_ENCODING;
	/* a 1T VSID has 38 bits: the descriptor's low 12 are ignored */
	va->vsid = (descriptor & HPTE_SLB_VSID) >>
		   (segment == SEGMENT_1T ? 24 : 12);
	va->offset = ea & low_bits(segment);
	va->segment = (uint8_t)segment;
	va->base = (uint8_t)base;
	return HPTE_OK;
}

int hpte_hash_va(uint64_t descriptor, uint64_t ea, struct hpte_va *va)
{
	if (!(descriptor & HPTE_SLB_B))
		return va_in_segment(descriptor, ea, SEGMENT_256M, va);
	if ((descriptor & HPTE_SLB_B) == HPTE_SLB_B_1T)
		return va_in_segment(descriptor, ea, SEGMENT_1T, va);
	return HPTE_ERR_ENCODING;
}

uint64_t hpte_hash_primary(const struct hpte_va *va)
{
	return va_hash(va) & HASH_MASK;
}

uint64_t hpte_hash_group(uint64_t hash, bool secondary, unsigned int order)
{
	/* 128 bytes a group; complement first, mask after. */
	return (secondary ? ~hash : hash) & low_bits(order - 7);
}

uint64_t hpte_hash_dw0(const struct hpte_va *va)
{
	return va_dw0(va);
}

void hpte_hash_rebuild(const struct hpte *entry, const struct hpte_page *page,
		       uint64_t index, struct hpte_va *va)
{
	unsigned int segment = (entry->dw0 & HPTE_DW0_B) == HPTE_DW0_B_1T ?
			       SEGMENT_1T : SEGMENT_256M;
	unsigned int offset_bits = segment - AVPN_VA_SHIFT;
	uint64_t avpn = (entry->dw0 & HPTE_DW0_AVPN) >> AVPN_SHIFT;
	uint64_t group = index / HPTE_GROUP_ENTRIES;

	va->segment = (uint8_t)segment;
	va->base = page->base;
	va->vsid = avpn >> offset_bits;
	va->offset = (avpn & low_bits(offset_bits)) << AVPN_VA_SHIFT;
	if (page->base >= AVPN_VA_SHIFT) {
		va->offset &= ~low_bits(page->base);
		return;
	}
	if (entry->dw0 & HPTE_DW0_H)
		group = ~group;
	va->offset |= ((vsid_hash(va->vsid, segment) ^ group) &
		       low_bits(AVPN_VA_SHIFT - page->base)) << page->base;
}

bool hpte_hash_reachable(const struct hpte *entry, const struct hpte_page *page,
			 uint64_t index, unsigned int order)
{
	bool secondary = (entry->dw0 & HPTE_DW0_H) != 0;
	struct hpte_va va;

	hpte_hash_rebuild(entry, page, index, &va);
	return hpte_hash_group(hpte_hash_primary(&va), secondary, order) ==
	       index / HPTE_GROUP_ENTRIES;
}

static uint64_t va_low64(const struct hpte_va *va)
{
	return va->vsid << va->segment | va->offset;
}

/*
 * RB [ISA: TLB Invalidate Entry], by its low bit L:
 *	L=0, base 4K:	AVA = VA above 2^12; AP (bits 56:58) says the actual
 *			page size
 *	L=1, larger:	AVA = VA above the actual page; LP in bits 44:51 as in
 *			the entry; AVAL (bits 56:62) = VA bits 2^19..2^13, of
 *			which those inside the base page are zero: for MPSS
 *			they tell the base pages of one actual page apart
 * B stands in bits 54:55 of both, IS (52:53) is 0.
 */
uint64_t hpte_hash_tlbie_rb(const struct hpte *entry,
			    const struct hpte_page *page, uint64_t index)
{
	/* AP by pair, for a 4K base [ISA: SLB and TLB page sizes]. */
	static const uint8_t ap[3] = { 0, 5, 4 };
	uint64_t actual_mask = low_bits(page->actual);
	uint64_t rb, va;
	struct hpte_va parts;

	hpte_hash_rebuild(entry, page, index, &parts);
	va = va_low64(&parts);
	rb = (entry->dw0 & HPTE_DW0_B) >> 54;
	if (page->base == 12)
		return rb | (va & ~low_bits(12)) |
		       (uint64_t)ap[page->pair] << 5;
	return rb | (va & ~actual_mask) |
	       (entry->dw1 & HPTE_DW1_LP & actual_mask) |
	       (va & HPTE_BITS(44, 50)) >> 12 | 1;
}

uint64_t hpte_hash_tlbie_rs(unsigned int isa, uint32_t lpid)
{
	/* 10 bits of LPID on ISA 2.06, 12 after. */
	return isa >= HPTE_ISA_207 ? lpid & 0xFFF : lpid & 0x3FF;
}

unsigned int hpte_hash_tlbie_sets(unsigned int isa)
{
	if (isa >= HPTE_ISA_300)
		return 256;
	return isa >= HPTE_ISA_207 ? 512 : 128;
}

uint64_t hpte_hash_tlbie_set_rb(unsigned int set)
{
	/* IS=2 in bits 52:53, the set in bits 40:51. */
	return UINT64_C(2) << 10 | (uint64_t)(set & 0xFFF) << 12;
}
