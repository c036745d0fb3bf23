/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/start.S - entry, vectors, and code to be tried out.
 *
 * Whatever interrupt comes, execute() returns: nothing of what the code left
 * in the registers is believed, except who we are.
 */
#include "examples/visor/abi.h"
#include "tests/system/guest.h"

#define SRR0	26
#define SRR1	27
#define PIR	1023

	.abiversion 2
	.machine power8
	.section .vectors, "ax"

	.macro	address reg, symbol
	lis	\reg, \symbol@ha
	addi	\reg, \reg, \symbol@l
	.endm

	.macro	enter stack, main
	address	2, .TOC.
	address	1, \stack
	li	0, 0
	stdu	0, -64(1)
	bl	\main
	nop
	b	.
	.endm

	.org	ABI_ENTRY
	b	first

	.set	n, 0x200
	.rept	(0x2000 - 0x200) / 0x20
	.org	n
	li	3, n
	b	recover
	.set	n, n + 0x20
	.endr

	.org	0x2000
first:	enter	first_stack, guest_main

	.globl	second_entry
second_entry:
	enter	second_stack, guest_second

recover:
	mfspr	4, PIR
	address	5, contexts
	ld	6, CONTEXT_PIR(5)
	cmpd	4, 6
	beq	1f
	addi	5, 5, CONTEXT_BYTES
1:	ld	4, CONTEXT_LR(5)
	cmpdi	4, 0
	beq	3f
	mtlr	4
	li	0, 0
	std	0, CONTEXT_LR(5)		/* it has returned */
	mtspr	SRR0, 4
	lis	4, (ABI_MSR >> 48) & 0xFFFF
	sldi	4, 4, 32
	ori	4, 4, ABI_MSR & 0xFFFF
	mtspr	SRR1, 4
	ld	4, CONTEXT_CR(5)
	mtcr	4
	ld	1, CONTEXT_SAVED(5)
	ld	2, CONTEXT_SAVED + 8(5)
	.set	n, 14
	.rept	18
	ld	n, CONTEXT_SAVED + 16 + 8 * (n - 14)(5)
	.set	n, n + 1
	.endr
	rfid

3:	li	4, 1
	lis	3, VISOR_OFF >> 16
	ori	3, 3, VISOR_OFF & 0xFFFF
	sc	1
	b	3b

	.text
	.globl	execute
	.type	execute, @function
execute:
	mflr	4
	std	4, CONTEXT_LR(3)
	mfcr	4
	std	4, CONTEXT_CR(3)
	std	1, CONTEXT_SAVED(3)
	std	2, CONTEXT_SAVED + 8(3)
	.set	n, 14
	.rept	18
	std	n, CONTEXT_SAVED + 16 + 8 * (n - 14)(3)
	.set	n, n + 1
	.endr
	ld	4, CONTEXT_PC(3)
	mtspr	SRR0, 4
	ld	4, CONTEXT_MSR(3)
	mtspr	SRR1, 4
	.irp	n, 0,1,2,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23
	ld	\n, CONTEXT_GPR + 8 * \n(3)
	.endr
	.irp	n, 24,25,26,27,28,29,30,31,3
	ld	\n, CONTEXT_GPR + 8 * \n(3)
	.endr
	rfid
	.size	execute, . - execute

	.globl	call
	.type	call, @function
call:	mr	12, 5
	mr	11, 4
	ld	4, 0(11)
	ld	5, 8(11)
	ld	6, 16(11)
	ld	7, 24(11)
	mflr	0
	std	0, 16(1)
	std	12, -8(1)
	sc	1
	ld	12, -8(1)
	ld	0, 16(1)
	mtlr	0
	std	4, 0(12)
	std	5, 8(12)
	std	6, 16(12)
	std	7, 24(12)
	blr
	.size	call, . - call

	.section .bss
	.balign	16
	.space	0x2000
first_stack:
	.space	0x2000
second_stack:
