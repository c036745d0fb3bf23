/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hpte/hash.h - from a virtual address to PTEGs, back, and to a tlbie.
 *
 * Layer: 1 (codec).  Depends on: env.h, status.h, entry.h.
 *
 * References
 *	[ISA]	Power ISA Versions 2.06 B, 2.07 B, 3.0 B, Book III, "Hashed
 *		Page Table Search", "TLB Invalidate Entry"
 *
 * Pure functions on values in host byte order: any context, no memory
 * order.  Entries are in the 2.07 format.  "group" is a PTEG number,
 * "index" an entry number (8 * group + slot), "order" log2 of the table's
 * bytes.
 */
#ifndef HPTE_HASH_H
#define HPTE_HASH_H

#include "entry.h"
#include "env.h"
#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define HPTE_ORDER_MIN		18U	/* log2 bytes of the smallest table */
#define HPTE_ORDER_MAX		46U	/* and of the largest */
#define HPTE_GROUP_ENTRIES	8U	/* entries in a PTEG */
#define HPTE_ENTRY_BYTES	16U

/**
 * struct hpte_va - a virtual address, with what the search needs to know
 * @vsid:	virtual segment id: 50 bits (256M) or 38 bits (1T)
 * @offset:	byte in the segment: 28 or 40 bits
 * @segment:	log2 bytes of the segment: 28 or 40
 * @base:	log2 bytes of its base pages: 12, 16, 24 or 34
 */
struct hpte_va {
	uint64_t vsid;
	uint64_t offset;
	uint8_t segment;
	uint8_t base;
};

/**
 * hpte_hash_va() - virtual address of an effective address
 * @descriptor:	segment descriptor that translates @ea
 * @ea:		effective address; only its offset in the segment counts
 * @va:		where to put the result
 *
 * Only to search a table: hpte_table_find_ea().
 *
 * Return: HPTE_OK, or
 *	HPTE_ERR_ENCODING	B is reserved, L||LP names no supported base
 *				page size, or the page is larger than the
 *				segment.
 */
HPTE_API HPTE_MUST_CHECK
int hpte_hash_va(uint64_t descriptor, uint64_t ea, struct hpte_va *va);

/**
 * hpte_hash_primary() - the hash of a virtual address
 * @va:		virtual address
 *
 * Return: the 39-bit primary hash.  The secondary hash is its complement.
 */
HPTE_API uint64_t hpte_hash_primary(const struct hpte_va *va);

/**
 * hpte_hash_group() - the PTEG that a hash selects
 * @hash:	hpte_hash_primary()
 * @secondary:	for the secondary hash
 * @order:	HPTE_ORDER_MIN..HPTE_ORDER_MAX
 *
 * Return: 0 .. 2^(order-7) - 1
 */
HPTE_API
uint64_t hpte_hash_group(uint64_t hash, bool secondary, unsigned int order);

/**
 * hpte_hash_dw0() - B and AVPN of the entry that maps a virtual address
 * @va:		virtual address
 *
 * Return: doubleword 0 with B and AVPN; AVPN bits inside the base page are
 * zero, as they must be in an entry; SW, L, H, V are zero.
 */
HPTE_API uint64_t hpte_hash_dw0(const struct hpte_va *va);

/**
 * hpte_hash_rebuild() - virtual address of the base page an entry maps
 * @entry:	entry
 * @page:	its page sizes
 * @index:	where it stands
 * @va:		where to put the result
 *
 * AVPN lacks the low VA bits of small pages; they follow from the hash,
 * that is from @index and H.  For an entry that stands in a PTEG it does not
 * hash to, those bits are meaningless but in range.
 */
HPTE_API
void hpte_hash_rebuild(const struct hpte *entry, const struct hpte_page *page,
		       uint64_t index, struct hpte_va *va);

/**
 * hpte_hash_reachable() - does an entry stand where its VA hashes to?
 * @entry:	entry
 * @page:	its page sizes
 * @index:	where it stands
 * @order:	of the table
 *
 * Return: false for an entry that no search can ever find ("inert").
 */
HPTE_API
bool hpte_hash_reachable(const struct hpte *entry, const struct hpte_page *page,
			 uint64_t index, unsigned int order);

/**
 * hpte_hash_tlbie_rb() - RB of the tlbie that invalidates an entry
 * @entry:	entry; R, C, V, SW and protection do not matter
 * @page:	its page sizes
 * @index:	where it stands: the true slot, for the secondary complement
 *
 * ISA 2.06, 2.07 and 3.0 share this layout (IS=0: one translation).
 *
 * Return: the operand.  [ISA: TLB Invalidate Entry]
 */
HPTE_API
uint64_t hpte_hash_tlbie_rb(const struct hpte *entry,
			    const struct hpte_page *page, uint64_t index);

/**
 * hpte_hash_tlbie_rs() - RS of that tlbie
 * @isa:	HPTE_ISA_206, HPTE_ISA_207 or HPTE_ISA_300
 * @lpid:	logical partition id: its low 10 bits (2.06) or 12 bits count,
 *		as in LPIDR of POWER7 and of POWER8, POWER9
 *
 * RIC, PRS and R of the 3.0 instruction are 0.
 *
 * Return: LPID in bits 32:63; the PID field of ISA 3.0 is 0.
 */
HPTE_API uint64_t hpte_hash_tlbie_rs(unsigned int isa, uint32_t lpid);

/**
 * hpte_hash_tlbie_sets() - TLB congruence classes to flush a whole partition
 * @isa:	HPTE_ISA_206 (POWER7), HPTE_ISA_207 (POWER8), HPTE_ISA_300
 *		(POWER9, hash)
 *
 * A whole partition is flushed by one tlbiel per set, with RB from
 * hpte_hash_tlbie_set_rb().
 *
 * Return: 128, 512 or 256.
 */
HPTE_API unsigned int hpte_hash_tlbie_sets(unsigned int isa);

/**
 * hpte_hash_tlbie_set_rb() - RB that flushes one set of the partition
 * @set:	0 .. hpte_hash_tlbie_sets() - 1
 *
 * Return: IS=2, the set number in RB bits 40:51.
 */
HPTE_API uint64_t hpte_hash_tlbie_set_rb(unsigned int set);

#ifdef __cplusplus
}
#endif

#endif /* HPTE_HASH_H */
