/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/visor/vectors.S - storage interrupts, before any C.
 *
 * The macros of libhpte search the table in real mode, and send the guest back
 * or give it its interrupt.  What they leave to us comes out at *_slow as if
 * the interrupt had just happened: like any other vector of boot.S.
 */
#include "arch/ppc64/hdsi_entry.S"

#include "visor.h"

	.abiversion 2
	.machine power8
	.text

	.macro	slow at
	mtspr	SPR_HSPRG1, 13
	mfspr	13, SPR_HSPRG0
	std	12, VCPU_GPR(12)(13)
	li	12, \at
	b	world_exit_hsrr
	.endm

hdsi_207:
	HPTE_PPC64_HDSI_ENTRY VCPU_ENTRY, 207, hdsi_slow
hdsi_300:
	HPTE_PPC64_HDSI_ENTRY VCPU_ENTRY, 300, hdsi_slow
hisi_207:
	HPTE_PPC64_HISI_ENTRY VCPU_ENTRY, 207, hisi_slow
hisi_300:
	HPTE_PPC64_HISI_ENTRY VCPU_ENTRY, 300, hisi_slow
hdsi_slow:
	slow	0xE00
hisi_slow:
	slow	0xE20

	/* An interrupt of the visor: of hpte_ppc64_fetch_insn(), or a bug. */
	.globl	own_storage
own_storage:
	std	11, VCPU_SCRATCH + 8(13)
	mfcr	11
	std	11, VCPU_SCRATCH + 16(13)
	HPTE_PPC64_FETCH_FIXUP VCPU_ENTRY, 11, 12
	bne+	1f
	li	12, 0x300
	b	world_exit_srr			/* which stops the guest */
1:	ld	11, VCPU_SCRATCH + 16(13)
	mtcr	11
	ld	11, VCPU_SCRATCH + 8(13)
	ld	12, VCPU_SCRATCH(13)
	mfspr	13, SPR_HSPRG1
	rfid

	/* Branches to absolute addresses, for machine.c to copy. */
	.section .rodata
	.balign	4
	.globl	hdsi_entry
hdsi_entry:
	ba	hdsi_207
	ba	hdsi_300
	.globl	hisi_entry
hisi_entry:
	ba	hisi_207
	ba	hisi_300
