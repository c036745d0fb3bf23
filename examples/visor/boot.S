/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/visor/boot.S - where the machine and where the guest come in.
 *
 * The image lies at real address 0.  Every thread of the machine begins at
 * 0x10, in hypervisor real mode, big-endian, R3 = device tree.  Interrupts to
 * the hypervisor enter at their offsets, also those the guest causes.
 */
#include "visor.h"

	.abiversion 2
	.machine power8

	/* For an address below 2 GiB. */
	.macro	address reg, symbol
	lis	\reg, \symbol@ha
	addi	\reg, \reg, \symbol@l
	.endm

	/*
	 * R12, R13 and which interrupt it was; the rest is world.S's.  Eight
	 * instructions at most: some vectors are 32 bytes apart.
	 */
	.macro	vector at, to
	.org	\at
	mtspr	SPR_HSPRG1, 13
	mfspr	13, SPR_HSPRG0
	std	12, VCPU_GPR(12)(13)
	li	12, \at
	b	\to
	.endm

	/* Perhaps of the visor: what the guest has in R12 must stay there. */
	.macro	vector_own at, to=own_storage
	.org	\at
	mtspr	SPR_HSPRG1, 13
	mfspr	13, SPR_HSPRG0
	std	12, VCPU_SCRATCH(13)
	li	12, \at
	b	\to
	.endm

	.section .vectors, "ax"
	.globl	boot_entry
	.org	0x10
boot_entry:
	b	boot

	/* [ISA: Interrupt Definitions]; those not here do not exist */
	vector_own 0x100, world_reset		/* system reset */
	vector	0x200, world_exit_srr		/* machine check */
	vector_own 0x300			/* a fetch for the guest, */
	vector_own 0x380			/* which may fail */
	vector	0x400, world_exit_srr
	vector	0x480, world_exit_srr
	vector	0x500, world_exit_hsrr		/* external, if LPES=0 */
	vector	0x600, world_exit_srr
	vector	0x700, world_exit_srr
	vector	0x800, world_exit_srr
	vector	0x900, world_exit_srr
	vector	0x980, world_exit_hsrr		/* hypervisor decrementer */
	vector	0xA00, world_exit_srr
	vector	0xC00, world_exit_srr		/* system call: sc 1 */
	vector	0xD00, world_exit_srr
	/* HDSI, HISI: vectors.S; the branch is that of the CPU, machine.c */
	.org	0xE00
	.globl	vector_hdsi
vector_hdsi:
	.long	0
	.org	0xE20
	.globl	vector_hisi
vector_hisi:
	.long	0
	vector	0xE40, world_exit_hsrr		/* emulation assistance */
	vector	0xE60, world_exit_hsrr		/* maintenance */
	vector	0xE80, world_exit_hsrr		/* doorbell */
	vector	0xEA0, world_exit_hsrr		/* virtualization */
	vector	0xF00, world_exit_srr
	vector	0xF20, world_exit_srr
	vector	0xF40, world_exit_srr
	vector	0xF60, world_exit_srr
	vector	0xF80, world_exit_hsrr		/* facility unavailable */
	vector	0x1300, world_exit_srr
	vector	0x1500, world_exit_hsrr		/* soft patch */

	.text
	/*
	 * One thread after the other takes a number.  The first clears .bss
	 * before any other goes on.
	 */
boot:
	address	2, .TOC.
	address	4, tickets
1:	ldarx	14, 0, 4
	addi	5, 14, 1
	stdcx.	5, 0, 4
	bne-	1b
	isync
	address	4, cleared
	cmpdi	14, 0
	bne	3f

	address	5, bss_start
	address	6, bss_end
	li	0, 0
2:	std	0, 0(5)
	addi	5, 5, 8
	cmpld	5, 6
	blt	2b
	li	0, 1
	lwsync
	std	0, 0(4)

3:	ld	0, 0(4)
	cmpdi	0, 0
	beq	3b
	lwsync
	cmpldi	14, MAX_CPUS
	bge	park

	address	1, stacks
	addi	5, 14, 1
	sldi	5, 5, 14			/* log2 of STACK_BYTES */
	add	1, 1, 5
	li	0, 0
	stdu	0, -64(1)			/* the last frame */
	mr	4, 3				/* device tree */
	mr	3, 14				/* thread */
	mr	5, 1				/* its stack */
	bl	boot_thread
	nop
park:	b	park

	.data
	.balign	8
tickets:
	.quad	0
cleared:
	.quad	0

	.section .bss
	.balign	16
stacks:	.space	MAX_CPUS * STACK_BYTES
