/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * arch/ppc64/hdsi_search.h - the search of both groups, as a macro: inlined
 * into hdsi_search.S, which tests call, and into hdsi_entry.S.
 *
 * C equivalent: hpte_c_hdsi_search() in arch/generic/hdsi_search.h
 *
 * References
 *	[ISA]	Power ISA, Book III, "Hashed Page Table Search"
 *
 * Doubleword 0 of the slots is compared in table byte order: on a
 * little-endian host the wanted value is swapped once, while the first load
 * is under way, and no slot is.  Each slot costs load, mask, compare, branch;
 * the CPU runs ahead through the predicted branches, so all eight loads
 * overlap although they share a register.
 *
 * B is left out of the comparison: where it stands depends on format and
 * state.  A match looks at it, at the state and at LP.
 */
#ifndef ARCH_PPC64_HDSI_SEARCH_H
#define ARCH_PPC64_HDSI_SEARCH_H

#include "asm.h"

/* Registers; those of the ABI's first four arguments first. */
#define hdsi_table		3
#define hdsi_group_mask		4
#define hdsi_segment		5
#define hdsi_ea			6
#define hdsi_want		7
#define hdsi_mask		8
#define hdsi_group		9
#define hdsi_dw0		10
#define hdsi_tmp		11
#define hdsi_low		12
#define hdsi_high		0

/* reverse the bytes of want; no memory */
.macro HDSI_SWAP_WANT
	srdi	hdsi_high, hdsi_want, 32
	rotlwi	hdsi_low, hdsi_want, 8
	rotlwi	hdsi_tmp, hdsi_high, 8
	rlwimi	hdsi_low, hdsi_want, 24, 0, 7
	rlwimi	hdsi_tmp, hdsi_high, 24, 0, 7
	rlwimi	hdsi_low, hdsi_want, 24, 16, 23
	rlwimi	hdsi_tmp, hdsi_high, 24, 16, 23
	sldi	hdsi_want, hdsi_low, 32
	or	hdsi_want, hdsi_want, hdsi_tmp
.endm

/* AVPN, H and \more (0 or L) as they stand in the table */
.macro HDSI_MASK more
.if HDSI_LITTLE
	li	hdsi_mask, ~0xC0
	li	hdsi_tmp, 0x80 | HPTE_HDSI_H | \more
	rldimi	hdsi_mask, hdsi_tmp, 56, 0
.else
	li	hdsi_mask, ~0x7F | HPTE_HDSI_H | \more
	clrldi	hdsi_mask, hdsi_mask, 2
.endif
.endm

/* one slot: doubleword 0 to dw0; if it matches, to \found */
.macro HDSI_SLOT slot, found
	ld	hdsi_dw0, 16 * \slot(hdsi_group)
	and	hdsi_tmp, hdsi_dw0, hdsi_mask
	cmpd	hdsi_tmp, hdsi_want
	beq-	\found
.endm

/*
 * Segment and address to want, mask, group (its address), ea (its offset in
 * the table).  Doubleword 0 has the VA from bit 23 up, at bit 7; the hash is
 * VSID exclusive-or page number, here times the 128 bytes of a group.
 */
.macro HDSI_FORM unsure
	srdi	hdsi_dw0, hdsi_segment, 62	/* B */
	andi.	hdsi_tmp, hdsi_segment, HPTE_HDSI_L | HPTE_HDSI_LP
	cmpldi	cr1, hdsi_dw0, 1
	cmplwi	cr5, hdsi_tmp, HPTE_HDSI_L | 0x10
	srdi	hdsi_want, hdsi_segment, 7
	srdi	hdsi_dw0, hdsi_ea, 23
	bgt-	cr1, \unsure
	beq+	cr1, 1f

	rldimi	hdsi_want, hdsi_dw0, 0, 64 - (28 - 23)	/* 256M */
	srdi	hdsi_group, hdsi_segment, 12 - 7
	clrldi	hdsi_ea, hdsi_ea, 64 - 28
	b	2f
1:	rldimi	hdsi_want, hdsi_dw0, 0, 64 - (40 - 23)	/* 1T */
	rldicl	hdsi_group, hdsi_segment, 64 - (24 - 7), 2 + 24 - 7
	rldicr	hdsi_dw0, hdsi_segment, 25 - (24 - 7), 31	/* VSID << 25 */
	clrldi	hdsi_ea, hdsi_ea, 64 - 40
	xor	hdsi_group, hdsi_group, hdsi_dw0
2:	rldic	hdsi_want, hdsi_want, 7, 2
	bne-	cr5, 3f

	srdi	hdsi_dw0, hdsi_ea, 16 - 7	/* 64K */
	ori	hdsi_want, hdsi_want, HPTE_HDSI_DW0_L
	HDSI_MASK HPTE_HDSI_DW0_L
	b	5f
3:	cmplwi	cr5, hdsi_tmp, HPTE_HDSI_L
	andi.	hdsi_tmp, hdsi_tmp, HPTE_HDSI_L
	bne-	4f
	srdi	hdsi_dw0, hdsi_ea, 12 - 7	/* 4K */
	HDSI_MASK 0
	b	5f
4:	bne-	cr5, \unsure			/* 16G, reserved */
	srdi	hdsi_dw0, hdsi_ea, 24 - 7	/* 16M */
	rldicr	hdsi_want, hdsi_want, 0, 55
	ori	hdsi_want, hdsi_want, HPTE_HDSI_DW0_L
	HDSI_MASK HPTE_HDSI_DW0_L
5:	xor	hdsi_group, hdsi_group, hdsi_dw0
	and	hdsi_ea, hdsi_group, hdsi_group_mask
	add	hdsi_group, hdsi_table, hdsi_ea
.if HDSI_LITTLE
	HDSI_SWAP_WANT
.endif
.endm

/* Is the LP in mask that of a page in such a segment?  else to \unsure */
.macro HDSI_SIZE unsure
	andi.	hdsi_tmp, hdsi_segment, HPTE_HDSI_L | HPTE_HDSI_LP
	cmplwi	cr5, hdsi_tmp, HPTE_HDSI_L | 0x10
	andi.	hdsi_tmp, hdsi_tmp, HPTE_HDSI_L
	beq	cr5, 1f
	bne-	2f
	HDSI_TEST_BIT(hdsi_tmp, hdsi_dw0, HDSI_BIT(2))	/* 4K */
	beq+	3f
	andi.	hdsi_tmp, hdsi_mask, 0xF
	cmplwi	cr5, hdsi_mask, 0x38
	cmplwi	hdsi_tmp, 7
	beq-	cr5, 3f
	beq+	3f
	b	\unsure
1:	andi.	hdsi_tmp, hdsi_mask, 0xF	/* 64K */
	cmplwi	cr5, hdsi_mask, 8
	cmplwi	hdsi_tmp, 1
	beq-	cr5, 3f
	beq+	3f
	b	\unsure
2:	cmplwi	hdsi_mask, 0			/* 16M */
	bne-	\unsure
3:
.endm

/*
 * HDSI_SEARCH - search both groups for the entry that translates an address
 * @isa_300:	1 if entries have the 3.0 format, else 0
 *
 * Registers, by their names without hdsi_:
 *	table		in: the table's first byte; kept
 *	group_mask	in: the table's bytes - 128; kept
 *	segment		in: segment descriptor; kept
 *	ea		in: effective address; out, with VALID and ABSENT:
 *			the group's offset in the table
 *	group		out, with VALID and ABSENT: the entry's address
 *	want mask dw0 tmp	lost; so are low, high on a little-endian host
 * and CR0, CR1, CR5.  Eight loads a group, lowest slot first, and one of
 * doubleword 1 for a match; no store, no barrier.
 *
 * Goes on at one of the user's labels: \miss, \valid, \absent, \unsure.
 */
.macro HDSI_SEARCH isa_300, miss, valid, absent, unsure
	HDSI_FORM \unsure
10:	HDSI_SLOT 0, 30f
	HDSI_SLOT 1, 21f
	HDSI_SLOT 2, 22f
	HDSI_SLOT 3, 23f
	HDSI_SLOT 4, 24f
	HDSI_SLOT 5, 25f
	HDSI_SLOT 6, 26f
	HDSI_SLOT 7, 27f
	HDSI_TEST_BIT(hdsi_tmp, hdsi_want, HDSI_BIT(1))
	xor	hdsi_ea, hdsi_ea, hdsi_group_mask
	add	hdsi_group, hdsi_table, hdsi_ea
	bne-	\miss
.if HDSI_LITTLE
	li	hdsi_tmp, HPTE_HDSI_H
	sldi	hdsi_tmp, hdsi_tmp, 56
	or	hdsi_want, hdsi_want, hdsi_tmp
.else
	ori	hdsi_want, hdsi_want, HPTE_HDSI_H
.endif
	b	10b
21:	addi	hdsi_group, hdsi_group, 16
	b	30f
22:	addi	hdsi_group, hdsi_group, 32
	b	30f
23:	addi	hdsi_group, hdsi_group, 48
	b	30f
24:	addi	hdsi_group, hdsi_group, 64
	b	30f
25:	addi	hdsi_group, hdsi_group, 80
	b	30f
26:	addi	hdsi_group, hdsi_group, 96
	b	30f
27:	addi	hdsi_group, hdsi_group, 112

	/* a match; what state, which B, what size? */
30:
.if HDSI_LITTLE
	li	hdsi_tmp, 12
	lwbrx	hdsi_mask, hdsi_group, hdsi_tmp
.else
	lwz	hdsi_mask, 12(hdsi_group)
.endif
	rldicl	hdsi_tmp, hdsi_dw0, (64 - HDSI_BIT(0)) % 64, 63	/* V */
	rldicl	hdsi_want, hdsi_dw0, (64 - HDSI_BIT(5)) % 64, 63 /* ABS */
	cmpdi	cr1, hdsi_tmp, 0
	or.	hdsi_tmp, hdsi_tmp, hdsi_want
.if \isa_300
	bne	cr1, 31f			/* then ABS is B */
.endif
	rldicl	hdsi_want, hdsi_dw0, (64 - HDSI_BIT(62)) % 64, 63
31:	srdi	hdsi_tmp, hdsi_segment, 62
	beq-	\unsure				/* neither V nor ABS */
	cmpd	hdsi_tmp, hdsi_want
	rlwinm	hdsi_mask, hdsi_mask, 20, 24, 31	/* LP */
	bne-	\unsure
	HDSI_SIZE \unsure
	bne	cr1, \valid
	b	\absent
.endm

#endif /* ARCH_PPC64_HDSI_SEARCH_H */
