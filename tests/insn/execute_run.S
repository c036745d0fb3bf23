/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/insn/execute_run.S - one instruction with all registers as wished.
 *
 * insn_execute(struct machine *r3, const void *r4), both ABIs.  All GPRs,
 * VSRs, XER and CR come from the machine; r4 is entered by CTR.  Meanwhile LR
 * holds the machine, for no storage access looks at it; CTR is free again
 * when the code comes back to insn_execute_done.
 *
 * Doublewords of VSRs are moved by lxvd2x and stxvd2x, which have the order
 * of the machine's words in both byte orders.
 */
#define GPR(n)		(8 * (n))
#define XER		(8 * 34)
#define VSR(n)		(8 * 64 + 16 * (n))
#define CR		(8 * 192)
#define SAVED_LR	(CR + 8)
#define SAVED_CR	(CR + 16)
#define SAVED_GPR(n)	(CR + 24 + 8 * (n))
#define SAVED_VSR(n)	(CR + 24 + 8 * 21 + 16 * (n))

	.machine power8
	.text
	.globl	insn_execute
	.globl	insn_execute_done
#if defined(_CALL_ELF) && _CALL_ELF == 2
	.type	insn_execute, @function
insn_execute:
#else
	.section ".opd", "aw"
	.align	3
insn_execute:
	.quad	.Lentry, .TOC.@tocbase, 0
	.type	insn_execute, @function
	.previous
.Lentry:
#endif
	mflr	0
	std	0, SAVED_LR(3)
	mfcr	0
	std	0, SAVED_CR(3)
	std	1, SAVED_GPR(0)(3)
	std	2, SAVED_GPR(1)(3)
	.set	n, 13
	.rept	19
	std	n, SAVED_GPR(2 + n - 13)(3)
	.set	n, n + 1
	.endr
	.set	n, 14
	.rept	18			/* FPR 14 to 31 */
	li	5, SAVED_VSR(n - 14)
	stxvd2x	n, 3, 5
	.set	n, n + 1
	.endr
	.set	n, 52
	.rept	12			/* VR 20 to 31 */
	li	5, SAVED_VSR(n - 34)
	stxvd2x	n, 3, 5
	.set	n, n + 1
	.endr

	mtlr	3
	mtctr	4
	.set	n, 0
	.rept	64
	li	5, VSR(n)
	lxvd2x	n, 3, 5
	.set	n, n + 1
	.endr
	ld	0, XER(3)
	mtxer	0
	ld	0, CR(3)
	mtcr	0
	.irp	n, 0, 1, 2
	ld	\n, GPR(\n)(3)
	.endr
	.set	n, 4
	.rept	28
	ld	n, GPR(n)(3)
	.set	n, n + 1
	.endr
	ld	3, GPR(3)(3)
	bctr

insn_execute_done:
	mtctr	1
	mflr	1
	std	0, GPR(0)(1)
	.set	n, 2
	.rept	30
	std	n, GPR(n)(1)
	.set	n, n + 1
	.endr
	mr	3, 1
	mfctr	0
	std	0, GPR(1)(3)
	mfxer	0
	std	0, XER(3)
	mfcr	0
	std	0, CR(3)
	.set	n, 0
	.rept	64
	li	5, VSR(n)
	stxvd2x	n, 3, 5
	.set	n, n + 1
	.endr

	.set	n, 14
	.rept	18
	li	5, SAVED_VSR(n - 14)
	lxvd2x	n, 3, 5
	.set	n, n + 1
	.endr
	.set	n, 52
	.rept	12
	li	5, SAVED_VSR(n - 34)
	lxvd2x	n, 3, 5
	.set	n, n + 1
	.endr
	ld	1, SAVED_GPR(0)(3)
	ld	2, SAVED_GPR(1)(3)
	.set	n, 13
	.rept	19
	ld	n, SAVED_GPR(2 + n - 13)(3)
	.set	n, n + 1
	.endr
	ld	0, SAVED_LR(3)
	mtlr	0
	ld	0, SAVED_CR(3)
	mtcrf	0xFF, 0
	blr
	.section .note.GNU-stack, "", @progbits
