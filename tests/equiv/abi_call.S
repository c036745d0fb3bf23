/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/equiv/abi_call.S - the call of abi.h, and routines that fail its test.
 */
#include "arch/ppc64/func.h"

#define FRAME	320
#define SAVED	128		/* r14..r31, CR, r2, r13 */
#define OUT	304
#define BEFORE	312

.macro EACH what, at, base
	.irp	n, 14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	\what	\n, (\at + 8 * (\n - 14))(\base)
	.endr
.endm

FUNC_ENTRY(abi_call)
	mflr	0
	std	0, 16(1)
	stdu	1, -FRAME(1)
	EACH	std, SAVED, 1
	mfcr	0
	std	0, SAVED + 144(1)
	std	2, SAVED + 152(1)
	std	13, SAVED + 160(1)
	std	6, OUT(1)
	std	2, 152(7)
	std	13, 160(7)
	ld	0, 144(5)
	mtcr	0
	EACH	ld, 0, 5
	mr	12, 3
	mr	11, 4
	ld	3, 0(11)
	ld	4, 8(11)
	ld	5, 16(11)
	ld	6, 24(11)
#if !defined(_CALL_ELF) || _CALL_ELF != 2
	ld	12, 0(12)		/* a descriptor; it has our TOC */
#endif
	mtctr	12
	bctrl
	ld	12, OUT(1)
	EACH	std, 0, 12
	mfcr	0
	std	0, 144(12)
	std	2, 152(12)
	std	13, 160(12)
	ld	0, SAVED + 144(1)
	mtcr	0
	ld	2, SAVED + 152(1)
	ld	13, SAVED + 160(1)
	EACH	ld, SAVED, 1
	addi	1, 1, FRAME
	ld	0, 16(1)
	mtlr	0
	blr
FUNC_END(abi_call)


	.irp	n, 14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,2,13
FUNC_ENTRY(wrong_\n)
	addi	\n, \n, 1
	blr
FUNC_END(wrong_\n)
	.endr
	.irp	n, 8,12,16
FUNC_ENTRY(wrong_cr_\n)
	crnot	\n, \n
	blr
FUNC_END(wrong_cr_\n)
	.endr

	.section .data.rel.ro, "aw"
	.globl	abi_wrong
	.balign	8
abi_wrong:
	.irp	n, 14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	.quad	wrong_\n
	.endr
	.quad	wrong_cr_8, wrong_cr_12, wrong_cr_16, wrong_2, wrong_13

	.section .note.GNU-stack, "", @progbits
