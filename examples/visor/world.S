/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/visor/world.S - out of the guest and into it again.
 *
 * world_exit_hsrr, world_exit_srr: from a vector (boot.S, vectors.S), by which
 *	registers the interrupt set.  R13 = struct vcpu, R12 = vector; the
 *	guest's R13 is in HSPRG1, its R12 saved.  Saves the rest and calls
 *	exit_handle() on an empty stack; when that returns the guest goes on.
 * world_enter(struct vcpu *): the second half.
 *
 * C leaves R13 alone [ELFv2 ABI: Register Roles].
 */
#include "visor.h"

	.abiversion 2
	.machine power8
	.text

	.macro	gprs op, first, last
	.set	n, \first
	.rept	\last - \first + 1
	\op	n, VCPU_GPR(n)(13)
	.set	n, n + 1
	.endr
	.endm

	.macro	save spr, offset
	mfspr	4, \spr
	std	4, \offset(13)
	.endm

	.macro	load spr, offset
	ld	4, \offset(13)
	mtspr	\spr, 4
	.endm

	.globl	world_exit_hsrr
world_exit_hsrr:
	gprs	std, 0, 11
	save	SPR_HSRR0, VCPU_PC
	save	SPR_HSRR1, VCPU_MSR
	b	saved

	.globl	world_exit_srr
world_exit_srr:
	gprs	std, 0, 11
	save	SPR_SRR0, VCPU_PC
	save	SPR_SRR1, VCPU_MSR

saved:	gprs	std, 14, 31
	std	12, VCPU_VECTOR(13)
	save	SPR_HSPRG1, VCPU_GPR(13)
	mfcr	4
	std	4, VCPU_CR(13)
	save	1, VCPU_XER
	save	8, VCPU_LR
	save	9, VCPU_CTR
	save	SPR_SRR0, VCPU_SRR0
	save	SPR_SRR1, VCPU_SRR1
	save	SPR_DAR, VCPU_DAR
	save	SPR_DSISR, VCPU_DSISR

	ld	1, VCPU_STACK(13)
	lis	2, .TOC.@ha
	addi	2, 2, .TOC.@l
	mr	3, 13
	bl	exit_handle
	nop
	mr	3, 13

	.globl	world_enter
	.type	world_enter, @function
world_enter:
	mr	13, 3
	load	SPR_HSRR0, VCPU_PC
	load	SPR_HSRR1, VCPU_MSR
	load	SPR_SRR0, VCPU_SRR0
	load	SPR_SRR1, VCPU_SRR1
	load	SPR_DAR, VCPU_DAR
	load	SPR_DSISR, VCPU_DSISR
	load	1, VCPU_XER
	load	8, VCPU_LR
	load	9, VCPU_CTR
	/*
	 * A reservation the visor still holds is not the guest's: lose it.
	 * Stores what is there already, if it stores at all.
	 */
	ld	0, VCPU_VECTOR(13)
	li	4, VCPU_VECTOR
	stdcx.	0, 13, 4
	ld	4, VCPU_CR(13)
	mtcr	4
	gprs	ld, 0, 12
	gprs	ld, 14, 31
	ld	13, VCPU_GPR(13)(13)
	hrfid
	.size	world_enter, . - world_enter

/*
 * world_nap(): POWER8 rests, and comes out of it by a system reset.  Nothing
 * but R13, from HSPRG0, is taken to have survived.
 */
	.set	NAP_FRAME, 32 + 8 * 20

	.macro	nonvolatile op
	.set	n, 14
	.rept	18
	\op	n, (32 + 8 * (n - 14))(1)
	.set	n, n + 1
	.endr
	.endm

	.globl	world_nap
	.type	world_nap, @function
world_nap:
	mflr	0
	std	0, 16(1)
	stdu	1, -NAP_FRAME(1)
	nonvolatile std
	mfcr	0
	std	0, NAP_FRAME - 8(1)
	std	1, VCPU_NAP(13)
	/* all stores done before the thread's state may go [ISA: nap] */
	ptesync
	ld	0, VCPU_NAP(13)
1:	cmpd	0, 0
	bne	1b
	nap
	b	.
	.size	world_nap, . - world_nap

	/* 0x100: R11 here, R12 and R13 in the vector have been put aside. */
	.globl	world_reset
world_reset:
	std	11, VCPU_SCRATCH + 8(13)
	mfcr	11
	std	11, VCPU_SCRATCH + 16(13)
	ld	11, VCPU_NAP(13)
	cmpdi	11, 0
	bne	woken
	ld	11, VCPU_SCRATCH + 16(13)
	mtcr	11
	ld	11, VCPU_SCRATCH(13)
	std	11, VCPU_GPR(12)(13)
	ld	11, VCPU_SCRATCH + 8(13)
	b	world_exit_srr
woken:	mr	1, 11
	lis	2, .TOC.@ha
	addi	2, 2, .TOC.@l
	li	0, 0
	std	0, VCPU_NAP(13)
	nonvolatile ld
	ld	0, NAP_FRAME - 8(1)
	mtcr	0
	addi	1, 1, NAP_FRAME
	ld	0, 16(1)
	mtlr	0
	blr

/*
 * world_save_vectors(uint64_t vsr[128]), world_load_vectors(const uint64_t *):
 * all VSRs, doubleword by doubleword.  Nothing else in the visor uses them.
 */
	.macro	vectors op
	mfmsr	4
	lis	5, (MSR_VEC | MSR_VSX)@h
	ori	5, 5, MSR_FP
	or	5, 5, 4
	mtmsrd	5
	.set	n, 0
	.rept	64
	li	5, 16 * n
	\op	n, 3, 5
	.set	n, n + 1
	.endr
	mtmsrd	4
	blr
	.endm

	.globl	world_save_vectors
	.type	world_save_vectors, @function
world_save_vectors:
	vectors	stxvd2x
	.size	world_save_vectors, . - world_save_vectors

	.globl	world_load_vectors
	.type	world_load_vectors, @function
world_load_vectors:
	vectors	lxvd2x
	.size	world_load_vectors, . - world_load_vectors
