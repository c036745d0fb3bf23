/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * arch/generic/hdsi_search.h - which of four cases a storage interrupt is,
 * from the table alone: what arch/ppc64/hdsi_search.S does, in C.
 *
 * References
 *	[ISA]	Power ISA, Book III, "Hashed Page Table Search"
 *
 * The common cases only, each by at most one look at a slot.  Whatever else
 * is there is UNSURE, and hpte_fault_resolve() decides: a base page of 16G,
 * a reserved encoding, VSID 0 beside empty slots, or the first entry of the
 * right AVPN and H being in transition, of another base page size or another
 * segment size.
 *
 * Everything is on values as they stand in the table, big-endian; "offset" is
 * in bytes from the table's beginning.
 */
#ifndef ARCH_GENERIC_HDSI_SEARCH_H
#define ARCH_GENERIC_HDSI_SEARCH_H

#include "arch/hdsi.h"
#include "libhpte/word.h"

/* The base page size of a segment, log2; 0: not one of the common ones. */
static inline unsigned int hpte_c_hdsi_base(uint64_t descriptor)
{
	switch (descriptor & (HPTE_HDSI_L | HPTE_HDSI_LP)) {
	case HPTE_HDSI_L:
		return 24;
	case HPTE_HDSI_L | 0x10:
		return 16;
	default:
		return descriptor & HPTE_HDSI_L ? 0 : 12;
	}
}

/* Is this the encoding of a page in a segment of such base pages? */
static inline bool hpte_c_hdsi_size(uint64_t dw0, uint64_t dw1,
				    unsigned int base)
{
	unsigned int lp = (dw1 >> 12) & 0xFF;

	if (base == 24)
		return lp == 0;
	if (base == 16)
		return (lp & 0xF) == 1 || lp == 8;
	return !(dw0 & HPTE_HDSI_DW0_L) || (lp & 0xF) == 7 || lp == 0x38;
}

/* An entry of the right AVPN and H: what is it? */
static inline uint64_t hpte_c_hdsi_judge(const hpte_be64_t *entry,
					 uint64_t dw0, unsigned int base,
					 bool one_tb, bool isa_300)
{
	uint64_t dw1 = hpte_word_load(&entry[1]);
	bool valid = (dw0 & HPTE_HDSI_V) != 0;
	uint64_t b = valid && isa_300 ? HPTE_HDSI_ABS : HPTE_HDSI_B_1T;

	if (!(dw0 & (HPTE_HDSI_V | HPTE_HDSI_ABS)) ||
	    ((dw0 & b) != 0) != one_tb ||
	    !hpte_c_hdsi_size(dw0, dw1, base))
		return HPTE_HDSI_UNSURE;
	return valid ? HPTE_HDSI_VALID : HPTE_HDSI_ABSENT;
}

/*
 * @table: its first byte; @group_mask: its bytes - 128; @isa_300: its format.
 * Returns HPTE_HDSI_MISS, or the offset of an entry and HPTE_HDSI_VALID or
 * HPTE_HDSI_ABSENT, or anything and HPTE_HDSI_UNSURE.
 */
static inline uint64_t hpte_c_hdsi_search(const void *table,
					  uint64_t group_mask,
					  uint64_t descriptor, uint64_t ea,
					  bool isa_300)
{
	unsigned int base = hpte_c_hdsi_base(descriptor);
	bool one_tb = descriptor >> 62 == 1;
	unsigned int vsid_at = one_tb ? 24 : 12;
	uint64_t in_segment = ea & (UINT64_MAX >> (one_tb ? 24 : 36));
	uint64_t vsid = (descriptor & ~HPTE_HDSI_B) >> vsid_at;
	uint64_t hash, want, mask;

	if (!base || descriptor >> 63)
		return HPTE_HDSI_UNSURE;
	hash = vsid ^ (one_tb ? vsid << 25 : 0) ^ in_segment >> base;
	want = vsid << vsid_at | in_segment >> 16;
	want &= base == 24 ? ~UINT64_C(0xFF) : ~UINT64_C(0x7F);
	mask = HPTE_HDSI_AVPN | HPTE_HDSI_H;
	if (base != 12) {
		want |= HPTE_HDSI_DW0_L;
		mask |= HPTE_HDSI_DW0_L;
	}
	for (unsigned int which = 0; which < 2; which++) {
		uint64_t group = (which ? ~hash : hash) << 7 & group_mask;
		const hpte_be64_t *entry = (const hpte_be64_t *)
			(const void *)((const char *)table + group);
		hpte_be64_t table_want =
			hpte_be64_from_host(want | (which ? HPTE_HDSI_H : 0));
		hpte_be64_t table_mask = hpte_be64_from_host(mask);

		for (unsigned int slot = 0; slot < 8; slot++, entry += 2) {
			/* relaxed: what is acted upon is read again (A) */
			hpte_be64_t dw0 = hpte_word_raw_load(entry);

			if ((dw0 ^ table_want) & table_mask)
				continue;
			return (group + 16 * slot) |
			       hpte_c_hdsi_judge(entry, hpte_be64_to_host(dw0),
						 base, one_tb, isa_300);
		}
	}
	return HPTE_HDSI_MISS;
}

#endif /* ARCH_GENERIC_HDSI_SEARCH_H */
