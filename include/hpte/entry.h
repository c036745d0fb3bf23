/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hpte/entry.h - the two doublewords of an entry: fields, formats, rights.
 *
 * Layer: 1 (codec).  Depends on: env.h, status.h, host.h (constants).
 *
 * References
 *	[ISA]	Power ISA Versions 2.07 B and 3.0 B, Book III, "Page Table
 *		Entry", "Storage Protection", "Virtual Page Class Key"
 *	[LoPAR]	Linux on Power Architecture Reference, "LPAR option"
 *
 * Pure functions on values in host byte order: no memory is read but the
 * arguments, no order, any context.  Unless said otherwise an entry is in
 * the 2.07 format, which is also that of every hypercall on every CPU.
 */
#ifndef HPTE_ENTRY_H
#define HPTE_ENTRY_H

#include "env.h"
#include "host.h"
#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Doubleword 0, both formats [ISA: Page Table Entry]. */
#define HPTE_DW0_SW		HPTE_BITS(57, 60)	/* software use */
#define HPTE_DW0_BOLTED		HPTE_BIT(59)	/* SW: the guest's */
#define HPTE_DW0_L		HPTE_BIT(61)	/* page size is in LP */
#define HPTE_DW0_H		HPTE_BIT(62)	/* secondary hash */
#define HPTE_DW0_V		HPTE_BIT(63)	/* valid */

/* Doubleword 0, 2.07 format. */
#define HPTE_DW0_B		HPTE_BITS(0, 1)	/* segment: 00 256M, 01 1T */
#define HPTE_DW0_B_1T		HPTE_BIT(1)
#define HPTE_DW0_AVPN		HPTE_BITS(2, 56) /* VA bits 0:54 */
/* Doubleword 0, 3.0 format. */
#define HPTE_DW0_300_AVPN	HPTE_BITS(12, 56) /* VA bits 10:54 */

/* Doubleword 1, both formats but where noted. */
#define HPTE_DW1_PP0		HPTE_BIT(0)
#define HPTE_DW1_RESERVED	HPTE_BIT(1)
#define HPTE_DW1_KEY_HI		HPTE_BITS(2, 3)
#define HPTE_DW1_ARPN		HPTE_BITS(4, 51)	/* 2.07; with LP */
#define HPTE_DW1_300_B		HPTE_BITS(4, 5)		/* 3.0 only */
#define HPTE_DW1_300_B_1T	HPTE_BIT(5)
#define HPTE_DW1_300_ARPN	HPTE_BITS(7, 51)	/* 3.0; with LP */
#define HPTE_DW1_LP		HPTE_BITS(44, 51)	/* if L */
#define HPTE_DW1_KEY_LO		HPTE_BITS(52, 54)
#define HPTE_DW1_KEY		(HPTE_DW1_KEY_HI | HPTE_DW1_KEY_LO)
#define HPTE_DW1_R		HPTE_BIT(55)	/* referenced: byte 14, 0x01 */
#define HPTE_DW1_C		HPTE_BIT(56)	/* changed: byte 15, 0x80 */
#define HPTE_DW1_RC		(HPTE_DW1_R | HPTE_DW1_C)
#define HPTE_DW1_W		HPTE_BIT(57)
#define HPTE_DW1_I		HPTE_BIT(58)
#define HPTE_DW1_M		HPTE_BIT(59)
#define HPTE_DW1_G		HPTE_BIT(60)
#define HPTE_DW1_WIMG		HPTE_BITS(57, 60)
#define HPTE_DW1_N		HPTE_BIT(61)
#define HPTE_DW1_PP		HPTE_BITS(62, 63)	/* pp1:2 */
#define HPTE_DW1_PPP		(HPTE_DW1_PP0 | HPTE_DW1_PP)

/* Segment descriptor: slbmte RS, also ASDR [ISA: SLB Entry]. */
#define HPTE_SLB_B		HPTE_BITS(0, 1)
#define HPTE_SLB_B_1T		HPTE_BIT(1)
#define HPTE_SLB_VSID		HPTE_BITS(2, 51)
#define HPTE_SLB_KS		HPTE_BIT(52)	/* key while MSR[PR]=0 */
#define HPTE_SLB_KP		HPTE_BIT(53)	/* key while MSR[PR]=1 */
#define HPTE_SLB_N		HPTE_BIT(54)	/* no execute */
#define HPTE_SLB_L		HPTE_BIT(55)
#define HPTE_SLB_LP		HPTE_BITS(58, 59)

/* Rights, or accesses. */
#define HPTE_READ		1U
#define HPTE_WRITE		2U
#define HPTE_EXECUTE		4U

/* Page pairs: the bit numbers of hpte_caps::page_pairs. */
#define HPTE_PAIR_4K_4K		0U
#define HPTE_PAIR_4K_64K	1U
#define HPTE_PAIR_4K_16M	2U
#define HPTE_PAIR_64K_64K	3U
#define HPTE_PAIR_64K_16M	4U
#define HPTE_PAIR_16M_16M	5U
#define HPTE_PAIR_16G_16G	6U

/**
 * struct hpte - one entry, in host byte order
 * @dw0:	doubleword 0: B (2.07), AVPN, SW, L, H, V
 * @dw1:	doubleword 1: pp, key, B (3.0), ARPN, LP, R, C, WIMG, N
 */
struct hpte {
	uint64_t dw0;
	uint64_t dw1;
};

/**
 * struct hpte_page - the page sizes of an entry
 * @base:	log2 bytes of the base page: what the hash uses
 * @actual:	log2 bytes of the page; larger than @base for MPSS
 * @pair:	HPTE_PAIR_*
 */
struct hpte_page {
	uint8_t base;
	uint8_t actual;
	uint8_t pair;
};

/**
 * hpte_entry_page() - decode L and LP
 * @dw0:	doubleword 0, either format: only L is looked at
 * @dw1:	doubleword 1, either format: only LP is looked at
 * @page:	where to put the sizes
 *
 * The RPN bits that LP shares are not checked; see hpte_entry_aligned().
 *
 * Return: HPTE_OK, or
 *	HPTE_ERR_ENCODING	not one of the 36 values of LP that mean a page
 *				size.  [ISA: Page Size Encodings]
 */
HPTE_API HPTE_MUST_CHECK
int hpte_entry_page(uint64_t dw0, uint64_t dw1, struct hpte_page *page);

/**
 * hpte_entry_page_bits() - encode a page size
 * @base:	log2 bytes of the base page
 * @actual:	log2 bytes of the page
 * @l:		where to put L, in its place in doubleword 0
 * @lp:		where to put LP, in its place in doubleword 1, RPN bits zero
 *
 * Return: HPTE_OK, or
 *	HPTE_ERR_ENCODING	the architecture has no such pair.
 */
HPTE_API HPTE_MUST_CHECK
int hpte_entry_page_bits(unsigned int base, unsigned int actual, uint64_t *l,
			 uint64_t *lp);

/**
 * hpte_entry_real() - guest real address of an entry's page
 * @dw1:	doubleword 1, 2.07 format
 * @actual:	log2 bytes of the page, 12..34
 *
 * Return: the address of the page's first byte; low bits that LP or a
 * misaligned RPN occupy are cleared.
 */
HPTE_API uint64_t hpte_entry_real(uint64_t dw1, unsigned int actual);

/**
 * hpte_entry_aligned() - is the RPN aligned to the page size?
 * @dw1:	doubleword 1, 2.07 format
 * @page:	its page sizes
 *
 * Return: true if all RPN bits below the page size that are not LP are zero.
 */
HPTE_API bool hpte_entry_aligned(uint64_t dw1, const struct hpte_page *page);

/**
 * hpte_entry_to_300() - convert an entry to the 3.0 format
 * @from:	entry in the 2.07 format
 * @to:		where to put it; may be @from
 *
 * Return: HPTE_OK, or
 *	HPTE_ERR_ENCODING	the 3.0 format has no room: B is reserved, the
 *				VA has more than 68 bits or the RPN lies above
 *				its field.
 */
HPTE_API HPTE_MUST_CHECK
int hpte_entry_to_300(const struct hpte *from, struct hpte *to);

/**
 * hpte_entry_from_300() - convert an entry to the 2.07 format
 * @from:	entry in the 3.0 format
 * @to:		where to put it; may be @from
 *
 * Exact inverse of hpte_entry_to_300().
 *
 * Return: HPTE_OK, or
 *	HPTE_ERR_ENCODING	a bit is set that the 3.0 format reserves.
 */
HPTE_API HPTE_MUST_CHECK
int hpte_entry_from_300(const struct hpte *from, struct hpte *to);

/**
 * hpte_entry_key() - storage key of an entry
 * @dw1:	doubleword 1, either format
 *
 * Return: 0..31.  [ISA: Virtual Page Class Key Protection]
 */
HPTE_API unsigned int hpte_entry_key(uint64_t dw1);

/**
 * hpte_entry_rights() - what PP, Ks/Kp, N and G allow
 * @dw1:	doubleword 1, either format
 * @descriptor:	segment descriptor: Ks, Kp, N
 * @problem:	the access is made with MSR[PR]=1
 *
 * Execution needs the right to read, and N=0 in entry and segment, and G=0.
 * The reserved values of PP allow nothing.
 *
 * Return: OR of HPTE_READ, HPTE_WRITE, HPTE_EXECUTE.  [ISA: Storage
 * Protection]
 */
HPTE_API
unsigned int hpte_entry_rights(uint64_t dw1, uint64_t descriptor, bool problem);

/**
 * hpte_entry_key_rights() - what AMR and IAMR allow for a storage key
 * @key:	0..31
 * @amr:	Authority Mask Register: reads and writes
 * @iamr:	Instruction Authority Mask Register; 0 before ISA 2.07
 *
 * Return: OR of HPTE_READ, HPTE_WRITE, HPTE_EXECUTE.  Execution is governed
 * by @iamr alone.
 */
HPTE_API
unsigned int hpte_entry_key_rights(unsigned int key, uint64_t amr,
				   uint64_t iamr);

/**
 * hpte_entry_writable() - may any state of the guest store through it?
 * @dw1:	doubleword 1, either format
 *
 * Return: true unless PP is 011 or 110, which allow nobody to store.
 */
HPTE_API bool hpte_entry_writable(uint64_t dw1);

/**
 * hpte_entry_read_only() - narrow an entry's rights to reading
 * @dw1:	doubleword 1, either format
 *
 * Return: @dw1 with PP changed so that nobody may store and nobody gains
 * anything; all other bits as they were.  A reserved PP becomes 110, the
 * narrowest there is: key 0 may read.
 */
HPTE_API uint64_t hpte_entry_read_only(uint64_t dw1);

#ifdef __cplusplus
}
#endif

HPTE_STATIC_ASSERT(sizeof(struct hpte) == 16, "an HPTE is two doublewords");

#endif /* HPTE_ENTRY_H */
