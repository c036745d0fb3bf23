/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/equiv/vectors.S - the entry macros as a host would place them, for
 * privileged.c to run.
 */
#include "arch/ppc64/func.h"
#include "arch/ppc64/hdsi_entry.S"

#define AT	0x40		/* PERCPU_ENTRY in privileged.h */

.macro CODE name
	.globl	\name
	.type	\name, @function
	.balign	16
\name:
.endm

	.text
CODE test_hdsi_206
	HPTE_PPC64_HDSI_ENTRY AT, 206, test_slow
CODE test_hdsi_207
	HPTE_PPC64_HDSI_ENTRY AT, 207, test_slow
CODE test_hdsi_300
	HPTE_PPC64_HDSI_ENTRY AT, 300, test_slow
CODE test_hisi_206
	HPTE_PPC64_HISI_ENTRY AT, 206, test_slow
CODE test_hisi_207
	HPTE_PPC64_HISI_ENTRY AT, 207, test_slow
CODE test_hisi_300
	HPTE_PPC64_HISI_ENTRY AT, 300, test_slow

/* the host's handler; and where a test begins: both stop in privileged.c */
CODE test_slow
	.long	0
CODE test_begin
	.long	0
	blr

FUNC_ENTRY(privileged_enter)
	mflr	0
	std	0, 16(1)
	bl	test_begin
	ld	0, 16(1)
	mtlr	0
	blr
FUNC_END(privileged_enter)

	.text

/* a host's vector 0x300, with two registers saved somewhere */
CODE test_dsi
	HPTE_PPC64_FETCH_FIXUP AT, 11, 12
	bne	1f
	b	test_slow		/* not ours: the host's business */
1:	rfid

	.section .rodata
	.globl	test_codes
	.balign	8
test_codes:
	.quad	test_hdsi_206, test_hdsi_207, test_hdsi_300
	.quad	test_hisi_206, test_hisi_207, test_hisi_300
	.quad	test_slow, test_begin, test_dsi

	.section .note.GNU-stack, "", @progbits
