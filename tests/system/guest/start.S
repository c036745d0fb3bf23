/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/guest/start.S - entry, vectors and the way into a probe.
 *
 * The C code always runs in real mode.  What is to be tried with translation
 * on, in problem state or little-endian is a probe: a few instructions that
 * run_probe() enters with the registers of struct cpu, and that every
 * interrupt leaves again.  A probe that comes to its end says sc.
 *
 *	SPRG1	struct cpu of this virtual CPU
 *	SPRG2	r1 while a vector saves the registers
 */
#include "offsets.h"

/* A frame of run_probe(): r14 to r31. */
#define FRAME_BYTES	192
#define FRAME_GPR	(32 - 8 * 14)

	.section .vectors, "ax"

/* std or ld of registers from..31, r's at base + 8 * r. */
.macro EACH op, from, offset, base
	.set	r, \from
	.rept	32 - \from
	\op	r, (\offset + 8 * r)(\base)
	.set	r, r + 1
	.endr
.endm

/* r0 := the vector, r1 := struct cpu; 5 instructions fit 0x20 bytes. */
.macro VECTOR at
	. = \at
	mtsprg	2, 1
	mfsprg	1, 1
	std	0, CPU_GPR(1)
	li	0, \at
	b	save
.endm

/*
 * With LPCR[AIL]=3: the same at 0xC000000000004000, relocation on.  Goes on
 * in real mode, where all the rest is; SRR0 and SRR1 are saved before.
 */
.macro HIGH_VECTOR at
	. = 0x4000 + \at
	mtsprg	2, 1
	mfsprg	1, 1
	std	0, CPU_GPR(1)
	li	0, \at
	b	save_high
.endm

	. = 0x100
	.globl	_start
_start:
	b	first_cpu
	VECTOR	0x200
	VECTOR	0x300
	VECTOR	0x380
	VECTOR	0x400
	VECTOR	0x480
	VECTOR	0x500
	VECTOR	0x600
	VECTOR	0x700
	VECTOR	0x800
	VECTOR	0x900
	VECTOR	0xa00
	VECTOR	0xc00
	VECTOR	0xd00
	VECTOR	0xf00
	VECTOR	0xf20
	VECTOR	0xf40
	VECTOR	0xf60

/*
 * A new CPU: r3 = number of CPUs, r4 = POWER family, r5 = order of the table,
 * from the visor; a further one: r3 = its struct cpu.
 */
	. = 0x1000
first_cpu:
	mr	29, 3
	mr	30, 4
	mr	31, 5
	lis	3, cpus@ha
	addi	3, 3, cpus@l
	bl	prepare
	mr	3, 29
	mr	4, 30
	mr	5, 31
	bl	guest_main
	b	.
	.globl	next_cpu
next_cpu:
	bl	prepare
	mfsprg	3, 1
	bl	guest_next
	b	.

prepare:
	mtsprg	1, 3
	ld	1, CPU_STACK(3)
	lis	2, .TOC.@ha
	addi	2, 2, .TOC.@l
	blr

/* Interrupt: registers to struct cpu, then return from run_probe(). */
save:
	std	0, CPU_VECTOR(1)
	mfsrr0	0
	std	0, CPU_SRR0(1)
	mfsrr1	0
	std	0, CPU_SRR1(1)
save_rest:
	mfsprg	0, 2
	std	0, (CPU_GPR + 8)(1)
	EACH	std, 2, CPU_GPR, 1
	mfcr	0
	std	0, CPU_CR(1)
	mflr	0
	std	0, CPU_LR(1)
	mfctr	0
	std	0, CPU_CTR(1)
	mfxer	0
	std	0, CPU_XER(1)
	mfdar	0
	std	0, CPU_DAR(1)
	mfdsisr	0
	std	0, CPU_DSISR(1)
	lis	2, .TOC.@ha
	addi	2, 2, .TOC.@l
	ld	0, CPU_RUNNING(1)
	cmpdi	0, 0
	beq	stray
	li	0, 0
	std	0, CPU_RUNNING(1)
	mr	3, 1
	ld	1, CPU_FRAME(3)
	EACH	ld, 14, FRAME_GPR, 1
	addi	1, 1, FRAME_BYTES
	ld	0, 8(1)
	mtcr	0
	ld	0, 16(1)
	mtlr	0
	ld	3, CPU_VECTOR(3)
	blr

stray:
	mr	3, 1
	ld	1, CPU_STACK(1)
	bl	stray_interrupt
	b	.

	HIGH_VECTOR 0x300
	HIGH_VECTOR 0x380
	HIGH_VECTOR 0x400
	HIGH_VECTOR 0x480
	HIGH_VECTOR 0x600
	HIGH_VECTOR 0x700
	HIGH_VECTOR 0xc00
	. = 0x5000
save_high:
	std	0, CPU_VECTOR(1)
	mfsrr0	0
	std	0, CPU_SRR0(1)
	mfsrr1	0
	std	0, CPU_SRR1(1)
	mfmsr	0
	std	0, CPU_HIGH(1)		/* it was here, with this MSR */
	std	2, (CPU_GPR + 16)(1)
	lis	2, low_again@ha
	addi	2, 2, low_again@l
	mtsrr0	2
	li	0, 1			/* SF | ME */
	sldi	0, 0, 63
	ori	0, 0, 0x1000
	mtsrr1	0
	rfid
low_again:
	ld	2, (CPU_GPR + 16)(1)
	b	save_rest

	.text
/*
 * unsigned int run_probe(struct cpu *cpu): the vector that ended it.  save
 * above returns from here.
 */
	.globl	run_probe
run_probe:
	mflr	0
	std	0, 16(1)
	mfcr	0
	std	0, 8(1)
	stdu	1, -FRAME_BYTES(1)
	EACH	std, 14, FRAME_GPR, 1
	std	1, CPU_FRAME(3)
	li	0, 1
	std	0, CPU_RUNNING(3)
	ld	0, CPU_PC(3)
	mtsrr0	0
	ld	0, CPU_MSR(3)
	mtsrr1	0
	ld	0, CPU_CR(3)
	mtcr	0
	ld	0, CPU_LR(3)
	mtlr	0
	ld	0, CPU_CTR(3)
	mtctr	0
	ld	0, CPU_XER(3)
	mtxer	0
	.irp	r, 0,1,2
	ld	\r, (CPU_GPR + 8 * \r)(3)
	.endr
	EACH	ld, 4, CPU_GPR, 3
	ld	3, (CPU_GPR + 24)(3)
	rfid

/*
 * int64_t hcall_registers(uint64_t r[10]): r3..r12, in and out.  No interrupt
 * uses this stack: what is below it stays.
 */
	.globl	hcall_registers
hcall_registers:
	std	3, -8(1)
	.irp	r, 4,5,6,7,8,9,10,11,12
	ld	\r, (8 * (\r - 3))(3)
	.endr
	ld	3, 0(3)
	sc	1
	mtctr	12
	ld	12, -8(1)
	.irp	r, 3,4,5,6,7,8,9,10,11
	std	\r, (8 * (\r - 3))(12)
	.endr
	mfctr	0
	std	0, 72(12)
	blr

/* A function alone in its 64 KiB, which nothing has touched yet. */
	.section .far, "ax"
	.globl	far_code
far_code:
	addi	3, 3, 1
	sc

	.section .note.GNU-stack, "", @progbits
