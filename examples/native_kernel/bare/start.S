/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/native_kernel/bare/start.S - where the machine comes in.
 *
 * The image lies at real address 0; the one CPU begins at 0x10, big-endian, in
 * real mode with MSR[HV]=1, and stays there but for the accesses of power.c:
 * an access that is interrupted is skipped, and R9 says so.
 */
	.abiversion 2
	.machine power9

#define SRR0	26
#define STACK	0x4000

	/* For an address below 2 GiB. */
	.macro	address reg, symbol
	lis	\reg, \symbol@ha
	addi	\reg, \reg, \symbol@l
	.endm

	.macro	skip at
	.org	\at
	mfspr	10, SRR0
	addi	10, 10, 4
	mtspr	SRR0, 10
	li	9, 1
	rfid
	.endm

	/* Nothing else may happen. */
	.macro	unexpected at
	.org	\at
	li	3, \at
	b	machine_unexpected
	.endm

	.section .vectors, "ax"
	.globl	boot_entry
	.org	0x10
boot_entry:
	b	boot

	unexpected 0x100
	unexpected 0x200
	skip	0x300				/* data storage */
	skip	0x380				/* data segment */
	unexpected 0x400
	unexpected 0x480
	unexpected 0x600
	unexpected 0x700
	unexpected 0x800
	unexpected 0xE00
	unexpected 0xE40
	unexpected 0xF80

	.text
boot:
	address	2, .TOC.
	address	5, bss_start
	address	6, bss_end
	li	0, 0
1:	std	0, 0(5)
	addi	5, 5, 8
	cmpld	5, 6
	blt	1b
	address	1, stack_end
	stdu	0, -64(1)			/* the last frame */
	bl	main
	nop
2:	b	2b

	.section .bss
	.balign	16
	.space	STACK
stack_end:
