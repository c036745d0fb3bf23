/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/rest/start.S - first instructions, and what vCPU 1 does.
 *
 * It rests until its decrementer ends that, keeps the CPU until it is told to
 * go on, and rests until an interrupt from vCPU 0.
 */
#include "rest.h"

	.abiversion 2
	.machine power8

	/* An instruction as a little-endian CPU finds it. */
	.macro	swapped word
	.long	(\word & 0xFF) << 24 | (\word & 0xFF00) << 8 | \
		(\word >> 8 & 0xFF00) | (\word >> 24 & 0xFF)
	.endm

	.macro	tell where, what
	li	3, \what
	stb	3, \where(0)
	.endm

	.macro	call opcode
	li	3, \opcode
	sc	1
	.endm

	.section .vectors, "ax"
	.globl	_start
	.org	0x100
_start:	lis	2, .TOC.@ha
	addi	2, 2, .TOC.@l
	lis	1, STACK >> 16
	b	guest

	/* external: the first word is tdi 0, 0, 0x48, or b .+8 if swapped */
	.org	0x500
	.long	0x08000048
	b	1f
	swapped	(0x38600000 | LITTLE)		/* li 3, LITTLE */
	swapped	(0x98600000 | INTERRUPTED)	/* stb 3, INTERRUPTED(0) */
	swapped	0x48000000			/* b . */
1:	tell	INTERRUPTED, BIG
	b	.

	.org	0x900				/* decrementer */
	tell	RESTED, 1
1:	lbz	3, GO_ON(0)
	cmpdi	3, 0
	beq	1b
	lis	3, 0x7FFF
	mtdec	3
	li	4, 0xFF
	call	H_CPPR
	tell	RESTED, 2
	call	H_CEDE
	b	.

	.org	0x1000
	.globl	second
second:	lis	3, REST_TICKS >> 16
	mtdec	3
	call	H_CEDE
	b	.
