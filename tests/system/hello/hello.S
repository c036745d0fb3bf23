/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/hello/hello.S - the smallest guest of examples/visor.
 *
 * Prints from real mode by a hypercall; enters its own page and the UART's
 * into the table; prints, translated, by storing to the UART; lets a second
 * vCPU, if there is one, print too; ends.  Any interrupt is a failure.
 */
#include "tests/system/platform/abi.h"

#define H_ENTER		0x08
#define VSID		0x123
#define PAGE_64K	(0x100 | 0x10)		/* L, LP of a descriptor */
#define SLB_VALID	0x08000000
#define DW0_L_V		5
#define DW1_64K_RW	0x1002			/* LP, PP */
#define CACHED		0x10			/* M */
#define DEVICE		0x28			/* I, G */
#define UART_EA		0x10000			/* the segment's page 1 */
#define MSR_IR_DR	0x30
#define SECOND_R3	0x1234

	.abiversion 2
	.machine power8
	.text

	.macro	call opcode
	li	3, \opcode & 0x7FFF
	.if	\opcode > 0x7FFF
	oris	3, 3, \opcode >> 16
	ori	3, 3, \opcode & 0xFFFF
	.endif
	sc	1
	.endm

	.macro	must_be value
	cmpdi	3, \value
	bne	fail
	.endm

	.org	ABI_ENTRY
	b	first

	.set	n, 0x200
	.rept	(0x2000 - 0x200) / 0x20
	.org	n
	b	fail
	.set	n, n + 0x20
	.endr

	.org	0x2000
fail:	li	4, 1
	call	VISOR_OFF

/* r8: text, ends with 0.  Sixteen bytes a call; real mode or not. */
print:	lbz	0, 0(8)
	cmpdi	0, 0
	beqlr
	li	5, 0				/* how many are not 0 */
1:	lbzx	0, 8, 5
	cmpdi	0, 0
	beq	2f
	addi	5, 5, 1
	cmpdi	5, 16
	blt	1b
2:	li	4, 0
	ld	6, 0(8)
	ld	7, 8(8)
	add	8, 8, 5
	call	ABI_PUT_TERM_CHAR
	must_be	0
	b	print

/* H_ENTER of page r4 of the segment; r7: doubleword 1. */
enter:	xori	5, 4, VSID			/* the primary hash */
	and	5, 5, 29			/* its group */
	sldi	5, 5, 3
	li	4, 0
	lis	6, VSID >> 4
	ori	6, 6, (VSID & 0xF) << 12 | DW0_L_V
	call	H_ENTER
	must_be	0
	blr

first:	mr	31, 3				/* vCPUs */
	subi	5, 5, 7
	li	29, 1
	sld	29, 29, 5
	subi	29, 29, 1			/* groups - 1 */
	lis	8, in_real@h
	ori	8, 8, in_real@l
	bl	print

	li	4, 0
	li	7, DW1_64K_RW | CACHED
	bl	enter
	li	4, 1
	lis	7, ABI_UART >> 16
	clrldi	7, 7, 32
	ori	7, 7, DW1_64K_RW | DEVICE
	bl	enter
	lis	3, VSID >> 4
	ori	3, 3, (VSID & 0xF) << 12 | PAGE_64K
	lis	4, SLB_VALID >> 16
	slbmte	3, 4				/* ESID 0, entry 0 */
	isync
	mfmsr	3
	ori	3, 3, MSR_IR_DR
	mtmsrd	3
	isync

	lis	9, UART_EA >> 16
	lbz	0, ABI_UART_STATUS(9)
	cmpdi	0, ABI_UART_READY
	bne	fail
	lis	8, translated@h
	ori	8, 8, translated@l
1:	lbz	0, 0(8)
	addi	8, 8, 1
	cmpdi	0, 0
	beq	2f
	stb	0, ABI_UART_DATA(9)
	b	1b

2:	cmpdi	31, 1
	beq	4f
	li	4, 1
	lis	5, second@h
	ori	5, 5, second@l
	li	6, SECOND_R3
	call	VISOR_START_CPU
	must_be	0
	lis	10, done@h
	ori	10, 10, done@l
3:	ld	0, 0(10)
	cmpdi	0, 0
	beq	3b
4:	li	4, 0
	call	VISOR_OFF
	b	fail

second:	cmpdi	3, SECOND_R3
	bne	fail
	lis	8, from_second@h
	ori	8, 8, from_second@l
	bl	print
	lis	10, done@h
	ori	10, 10, done@l
	li	0, 1
	lwsync
	std	0, 0(10)
1:	call	ABI_CEDE
	b	1b

	.balign	8
done:	.quad	0
in_real:
	.asciz	"hello from real mode, by H_PUT_TERM_CHAR\n"
	.balign	8
translated:
	.asciz	"hello from a translated page, by storing to a UART\n"
	.balign	8
from_second:
	.asciz	"hello from the second vCPU\n"
	.space	16
