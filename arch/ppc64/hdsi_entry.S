/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * arch/ppc64/hdsi_entry.S - what stands at the vectors 0xE00 and 0xE20.
 *
 * A fragment: a host's assembly includes it and gets three macros; included
 * alone it emits nothing.  docs/ppc64.md has the contract.
 *
 *	. = 0xE00
 *		b	1f
 *	...
 *	1:	HPTE_PPC64_HDSI_ENTRY PERCPU_ENTRY, 300, my_hdsi
 *
 * C equivalent: hpte_fault_resolve(), for what it decides alone
 * Tested by:    tests/equiv/hdsi_entry.c
 *
 * References
 *	[ISA]	Power ISA, Book III, "Hypervisor Data Storage Interrupt",
 *		"Interrupt Definitions", "LPCR"
 *
 * Real mode, no stack, no TOC: all there is are two SPRs and a structure that
 * one of them points at.  The order is: is this the simple case at all; which
 * segment; search; then one of three ways out, all with the guest's registers.
 */
#include "hdsi_search.h"

#define HDSI_MSR_IR_DR		0x30
#define HDSI_MSR_ME		0x1000
#define HDSI_STATUS_NO_ENTRY	0x4000	/* bit 33, as a high halfword */
#define HDSI_ISI_STATUS		0x582E	/* bits of HSRR1 that are status */
#define HDSI_LPCR_ILE		25	/* bit numbers, least significant 0 */
#define HDSI_LPCR_AIL		23
#define HDSI_LPCR_ISL		61
#define HDSI_CANARY		0x7FFF	/* hpte_fault_resolve() knows it */
#define HDSI_MSR_TS		33
#define HDSI_MSR_HV		60

.macro HDSI_ENTRY_SAVE_ALL at
	mtspr	HDSI_SPR_HSPRG1, 13
	mfspr	13, HDSI_SPR_HSPRG0
	std	11, \at + HDSI_ENTRY_SAVE + 64(13)
	mfcr	11
	std	3, \at + HDSI_ENTRY_SAVE(13)
	std	4, \at + HDSI_ENTRY_SAVE + 8(13)
	std	5, \at + HDSI_ENTRY_SAVE + 16(13)
	std	6, \at + HDSI_ENTRY_SAVE + 24(13)
	std	7, \at + HDSI_ENTRY_SAVE + 32(13)
	std	8, \at + HDSI_ENTRY_SAVE + 40(13)
	std	9, \at + HDSI_ENTRY_SAVE + 48(13)
	std	10, \at + HDSI_ENTRY_SAVE + 56(13)
	std	11, \at + HDSI_ENTRY_SAVE + 72(13)	/* CR */
.if HDSI_LITTLE
	std	12, \at + HDSI_ENTRY_SAVE + 80(13)
	std	0, \at + HDSI_ENTRY_SAVE + 88(13)
.endif
.endm

.macro HDSI_ENTRY_RESTORE_ALL at
	ld	11, \at + HDSI_ENTRY_SAVE + 72(13)
	ld	3, \at + HDSI_ENTRY_SAVE(13)
	ld	4, \at + HDSI_ENTRY_SAVE + 8(13)
	ld	5, \at + HDSI_ENTRY_SAVE + 16(13)
	ld	6, \at + HDSI_ENTRY_SAVE + 24(13)
	ld	7, \at + HDSI_ENTRY_SAVE + 32(13)
	ld	8, \at + HDSI_ENTRY_SAVE + 40(13)
	ld	9, \at + HDSI_ENTRY_SAVE + 48(13)
	ld	10, \at + HDSI_ENTRY_SAVE + 56(13)
	mtcr	11
.if HDSI_LITTLE
	ld	12, \at + HDSI_ENTRY_SAVE + 80(13)
	ld	0, \at + HDSI_ENTRY_SAVE + 88(13)
.endif
	ld	11, \at + HDSI_ENTRY_SAVE + 64(13)
	mfspr	13, HDSI_SPR_HSPRG1
.endm

.macro HDSI_ENTRY_COUNT field
	ld	hdsi_tmp, \field(13)
	addi	hdsi_tmp, hdsi_tmp, 1
	std	hdsi_tmp, \field(13)
.endm

/* Guest states that are the host's handler's: transactions, not a guest. */
.macro HDSI_ENTRY_STATE isa, slow
	mfspr	hdsi_segment, HDSI_SPR_HSRR1
.if \isa >= 207
	rldicl.	hdsi_tmp, hdsi_segment, 64 - HDSI_MSR_TS, 62
	bne-	\slow
.endif
	HDSI_TEST_BIT(hdsi_tmp, hdsi_segment, HDSI_MSR_HV)
	bne-	\slow
.endm

/* The segment that translates ea; \relocate: the bit of MSR that asks. */
.macro HDSI_ENTRY_SEGMENT at, isa, relocate, slow
	andi.	hdsi_tmp, hdsi_segment, \relocate
	beq-	1f
	/* with ISL every segment counts as one of 4K pages */
	mfspr	hdsi_tmp, HDSI_SPR_LPCR
	HDSI_TEST_BIT(hdsi_tmp, hdsi_tmp, HDSI_LPCR_ISL)
	bne-	\slow
.if \isa >= 300
	mfspr	hdsi_segment, HDSI_SPR_ASDR
.else
	/* slbfee., which wants no offset in the segment */
	rldicr	hdsi_segment, hdsi_ea, 0, 35
	.long	0x7c0007a7 | hdsi_segment << 21 | hdsi_segment << 11
	bne-	\slow
.endif
	b	2f
	/* real mode: bits 0:3 are ignored, and there is no more than 1T */
1:	rldicl.	hdsi_tmp, hdsi_ea, 64 - 40, 64 - 20
	ld	hdsi_segment, \at + HDSI_ENTRY_VRMA(13)
	bne-	\slow
2:	ld	hdsi_table, \at + HDSI_ENTRY_TABLE(13)
	ld	hdsi_group_mask, \at + HDSI_ENTRY_GROUP_MASK(13)
.endm

/*
 * Resume the guest at its interrupt \vector: MSR as hardware would set it
 * [ISA: Interrupt Definitions], ILE and AIL included.
 */
.macro HDSI_ENTRY_DELIVER isa, vector, slow
	mfspr	3, HDSI_SPR_HSRR1
	mfspr	4, HDSI_SPR_LPCR
	andi.	5, 3, HDSI_MSR_ME
	rldicl	6, 4, 64 - HDSI_LPCR_ILE, 63
	li	7, \vector
	or	5, 5, 6
.if \isa >= 207
	andi.	6, 3, HDSI_MSR_IR_DR
	rldicl.	8, 4, 64 - HDSI_LPCR_AIL, 62
	cmplwi	cr1, 6, HDSI_MSR_IR_DR
	beq	1f
	bne	cr1, 1f
	cmplwi	8, 3
	bne-	\slow
	ori	5, 5, HDSI_MSR_IR_DR
	ori	7, 7, 0x4000
	li	6, 3
	rldimi	7, 6, 62, 0			/* 0xC000000000004000 */
1:
.endif
	/* from here on SRR0 is the guest's: a machine check is fatal */
	li	6, 0
	mtmsrd	6, 1				/* RI */
	li	6, 1
	rldimi	5, 6, 63, 0			/* SF */
	mfspr	6, HDSI_SPR_HSRR0
	mtspr	HDSI_SPR_SRR1, 3
	mtspr	HDSI_SPR_SRR0, 6
	mtspr	HDSI_SPR_HSRR0, 7
	mtspr	HDSI_SPR_HSRR1, 5
.endm

/*
 * HPTE_PPC64_HDSI_ENTRY - a hypervisor data storage interrupt
 * @at:		distance of struct hpte_ppc64_entry from HSPRG0
 * @isa:	206, 207 or 300: the CPU, and with it the table's format
 * @slow:	the host's handler, for all else
 */
.macro HPTE_PPC64_HDSI_ENTRY at, isa, slow
	HDSI_ENTRY_SAVE_ALL \at
	mfspr	hdsi_tmp, HDSI_SPR_HDSISR
	mfspr	hdsi_ea, HDSI_SPR_HDAR
	/* "no entry", perhaps of a store, and nothing else */
	rlwinm	hdsi_tmp, hdsi_tmp, 0, 7, 5
	xoris	hdsi_tmp, hdsi_tmp, HDSI_STATUS_NO_ENTRY
	cmplwi	hdsi_tmp, 0
	bne-	93f
	HDSI_ENTRY_STATE \isa, 93f
	HDSI_ENTRY_SEGMENT \at, \isa, 0x10, 93f
	HDSI_SEARCH (\isa >= 300), 92f, 91f, 93f, 93f

91:	HDSI_ENTRY_COUNT \at + HDSI_ENTRY_RETRIED
	b	94f
92:	HDSI_ENTRY_DELIVER \isa, 0x300, 93f
	HDSI_ENTRY_COUNT \at + HDSI_ENTRY_REFLECTED
	mfspr	3, HDSI_SPR_HDAR
	mfspr	4, HDSI_SPR_HDSISR
	mtspr	HDSI_SPR_DAR, 3
	mtspr	HDSI_SPR_DSISR, 4
94:
.if \isa >= 300
	li	3, HDSI_CANARY
	mtspr	HDSI_SPR_HDSISR, 3
.endif
	HDSI_ENTRY_RESTORE_ALL \at
	hrfid
93:	HDSI_ENTRY_RESTORE_ALL \at
	b	\slow
.endm

/* HPTE_PPC64_HISI_ENTRY - a hypervisor instruction storage interrupt */
.macro HPTE_PPC64_HISI_ENTRY at, isa, slow
	HDSI_ENTRY_SAVE_ALL \at
	HDSI_ENTRY_STATE \isa, 93f
	mfspr	hdsi_ea, HDSI_SPR_HSRR0
	andis.	hdsi_tmp, hdsi_segment, HDSI_ISI_STATUS
	xoris	hdsi_tmp, hdsi_tmp, HDSI_STATUS_NO_ENTRY
	cmplwi	hdsi_tmp, 0
	bne-	93f
	HDSI_ENTRY_SEGMENT \at, \isa, 0x20, 93f
	HDSI_SEARCH (\isa >= 300), 92f, 91f, 93f, 93f

91:	HDSI_ENTRY_COUNT \at + HDSI_ENTRY_RETRIED + 8
	b	94f
92:	HDSI_ENTRY_DELIVER \isa, 0x400, 93f
	HDSI_ENTRY_COUNT \at + HDSI_ENTRY_REFLECTED + 8
94:	HDSI_ENTRY_RESTORE_ALL \at
	hrfid
93:	HDSI_ENTRY_RESTORE_ALL \at
	b	\slow
.endm

/*
 * HPTE_PPC64_FETCH_FIXUP - was it hpte_ppc64_fetch_insn() that faulted?
 * @at:		distance of struct hpte_ppc64_entry from HSPRG0
 * @a, @b:	two registers the host has saved, and CR0
 *
 * For the host's vectors 0x300 and 0x380.  Goes on behind the macro with CR0
 * EQ if it was not; else with NE, and SRR0 is behind the load: restore and
 * rfid.
 */
.macro HPTE_PPC64_FETCH_FIXUP at, a, b
	mfspr	\a, HDSI_SPR_HSPRG0
	ld	\b, \at + HDSI_ENTRY_FETCH(\a)
	cmpdi	\b, 0
	beq+	1f
	li	\b, 0
	std	\b, \at + HDSI_ENTRY_FETCH(\a)
	mfspr	\b, HDSI_SPR_SRR0
	addi	\b, \b, 4
	mtspr	HDSI_SPR_SRR0, \b
1:
.endm
