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

/* reverse the bytes of want; no memory */
.macro HDSI_SWAP_WANT
	srdi	high, want, 32
	rotlwi	low, want, 8
	rotlwi	tmp, high, 8
	rlwimi	low, want, 24, 0, 7
	rlwimi	tmp, high, 24, 0, 7
	rlwimi	low, want, 24, 16, 23
	rlwimi	tmp, high, 24, 16, 23
	sldi	want, low, 32
	or	want, want, tmp
.endm

/* AVPN, H and \more (0 or L) as they stand in the table */
.macro HDSI_MASK more
.if TABLE_LITTLE
	li	mask, ~0xC0
	li	tmp, 0x80 | HPTE_HDSI_H | \more
	rldimi	mask, tmp, 56, 0
.else
	li	mask, ~0x7F | HPTE_HDSI_H | \more
	clrldi	mask, mask, 2
.endif
.endm

/* one slot: doubleword 0 to dw0; if it matches, to \found */
.macro HDSI_SLOT slot, found
	ld	dw0, 16 * \slot(group)
	and	tmp, dw0, mask
	cmpd	tmp, want
	beq-	\found
.endm

/*
 * Segment and address to want, mask, group (its address), ea (its offset in
 * the table).  Doubleword 0 has the VA from bit 23 up, at bit 7; the hash is
 * VSID exclusive-or page number, here times the 128 bytes of a group.
 */
.macro HDSI_FORM unsure
	srdi	dw0, segment, 62			/* B */
	andi.	tmp, segment, HPTE_HDSI_L | HPTE_HDSI_LP
	cmpldi	cr1, dw0, 1
	cmplwi	cr5, tmp, HPTE_HDSI_L | 0x10
	srdi	want, segment, 7
	srdi	dw0, ea, 23
	bgt-	cr1, \unsure
	beq+	cr1, 1f

	rldimi	want, dw0, 0, 64 - (28 - 23)		/* 256M */
	srdi	group, segment, 12 - 7
	clrldi	ea, ea, 64 - 28
	b	2f
1:	rldimi	want, dw0, 0, 64 - (40 - 23)		/* 1T */
	rldicl	group, segment, 64 - (24 - 7), 2 + 24 - 7
	rldicr	dw0, segment, 25 - (24 - 7), 31		/* VSID << 25 */
	clrldi	ea, ea, 64 - 40
	xor	group, group, dw0
2:	rldic	want, want, 7, 2
	bne-	cr5, 3f

	srdi	dw0, ea, 16 - 7				/* 64K */
	ori	want, want, HPTE_HDSI_DW0_L
	HDSI_MASK HPTE_HDSI_DW0_L
	b	5f
3:	cmplwi	cr5, tmp, HPTE_HDSI_L
	andi.	tmp, tmp, HPTE_HDSI_L
	bne-	4f
	srdi	dw0, ea, 12 - 7				/* 4K */
	HDSI_MASK 0
	b	5f
4:	bne-	cr5, \unsure				/* 16G, reserved */
	srdi	dw0, ea, 24 - 7				/* 16M */
	rldicr	want, want, 0, 55
	ori	want, want, HPTE_HDSI_DW0_L
	HDSI_MASK HPTE_HDSI_DW0_L
5:	xor	group, group, dw0
	and	ea, group, group_mask
	add	group, table, ea
.if TABLE_LITTLE
	HDSI_SWAP_WANT
.endif
.endm

/* Is the LP in mask that of a page in such a segment?  else to \unsure */
.macro HDSI_SIZE unsure
	andi.	tmp, segment, HPTE_HDSI_L | HPTE_HDSI_LP
	cmplwi	cr5, tmp, HPTE_HDSI_L | 0x10
	andi.	tmp, tmp, HPTE_HDSI_L
	beq	cr5, 1f
	bne-	2f
	TEST_BIT(tmp, dw0, BIT(2))			/* 4K */
	beq+	3f
	andi.	tmp, mask, 0xF
	cmplwi	cr5, mask, 0x38
	cmplwi	tmp, 7
	beq-	cr5, 3f
	beq+	3f
	b	\unsure
1:	andi.	tmp, mask, 0xF				/* 64K */
	cmplwi	cr5, mask, 8
	cmplwi	tmp, 1
	beq-	cr5, 3f
	beq+	3f
	b	\unsure
2:	cmplwi	mask, 0					/* 16M */
	bne-	\unsure
3:
.endm

/*
 * HDSI_SEARCH - search both groups for the entry that translates an address
 * @isa_300:	1 if entries have the 3.0 format, else 0
 *
 * Registers, which the user #defines before including this file:
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
	TEST_BIT(tmp, want, BIT(1))
	xor	ea, ea, group_mask
	add	group, table, ea
	bne-	\miss
.if TABLE_LITTLE
	li	tmp, HPTE_HDSI_H
	sldi	tmp, tmp, 56
	or	want, want, tmp
.else
	ori	want, want, HPTE_HDSI_H
.endif
	b	10b
21:	addi	group, group, 16
	b	30f
22:	addi	group, group, 32
	b	30f
23:	addi	group, group, 48
	b	30f
24:	addi	group, group, 64
	b	30f
25:	addi	group, group, 80
	b	30f
26:	addi	group, group, 96
	b	30f
27:	addi	group, group, 112

	/* a match; what state, which B, what size? */
30:
.if TABLE_LITTLE
	li	tmp, 12
	lwbrx	mask, group, tmp
.else
	lwz	mask, 12(group)
.endif
	rldicl	tmp, dw0, (64 - BIT(0)) % 64, 63	/* V */
	rldicl	want, dw0, (64 - BIT(5)) % 64, 63	/* ABS */
	cmpdi	cr1, tmp, 0
	or.	tmp, tmp, want
.if \isa_300
	bne	cr1, 31f				/* then ABS is B */
.endif
	rldicl	want, dw0, (64 - BIT(62)) % 64, 63
31:	srdi	tmp, segment, 62
	beq-	\unsure					/* neither V nor ABS */
	cmpd	tmp, want
	rlwinm	mask, mask, 20, 24, 31			/* LP */
	bne-	\unsure
	HDSI_SIZE \unsure
	bne	cr1, \valid
	b	\absent
.endm

#endif /* ARCH_PPC64_HDSI_SEARCH_H */
