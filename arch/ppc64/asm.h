/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * arch/ppc64/asm.h - what every assembly file here needs: functions of both
 * ABIs, table byte order, SPR numbers.
 *
 * For the C preprocessor in front of the assembler; registers are plain
 * numbers with names, so that no assembler option is needed.
 */
#ifndef ARCH_PPC64_ASM_H
#define ARCH_PPC64_ASM_H

#include "arch/hdsi.h"

/* A function of ours that no user calls. */
#define FUNC_PRIVATE(name)	.hidden name

/* ELFv2 has local entry points; ELFv1 has descriptors. */
#if defined(_CALL_ELF) && _CALL_ELF == 2
#define FUNC_ENTRY(name)						\
	.section .text.name, "ax", @progbits;				\
	.balign	16;							\
	.globl	name;							\
	.type	name, @function;					\
name:									\
	.cfi_startproc
#define FUNC_END(name)							\
	.cfi_endproc;							\
	.size	name, . - name
#else
#define FUNC_ENTRY(name)						\
	.section .opd, "aw";						\
	.balign	8;							\
	.globl	name;							\
	.type	name, @function;					\
name:									\
	.quad	.L.name, .TOC.@tocbase, 0;				\
	.size	name, 24;						\
	.section .text.name, "ax", @progbits;				\
	.balign	16;							\
.L.name:								\
	.cfi_startproc
#define FUNC_END(name)							\
	.cfi_endproc
#endif

/*
 * A doubleword is loaded as the host loads it; BIT() says where bit n of it,
 * counted from the least significant, then stands.
 */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define TABLE_LITTLE	1
#define BIT(n)		(56 - 8 * ((n) / 8) + (n) % 8)
#else
#define TABLE_LITTLE	0
#define BIT(n)		(n)
#endif

/* Extract one bit, given as BIT(n), and compare it with zero in CR0. */
#define TEST_BIT(to, from, bit)	rldicl. to, from, (64 - (bit)) % 64, 63

/* Fields of struct hpte_ppc64_entry; tests/equiv checks them. */
#define ENTRY_TABLE		0
#define ENTRY_GROUP_MASK	8
#define ENTRY_VRMA		16
#define ENTRY_RETRIED		24
#define ENTRY_REFLECTED		40
#define ENTRY_FETCH		56
#define ENTRY_SAVE		64

/* Special purpose registers [ISA: SPRs]. */
#define SPR_DSISR	18
#define SPR_DAR		19
#define SPR_SRR0	26
#define SPR_SRR1	27
#define SPR_HSPRG0	304
#define SPR_HSPRG1	305
#define SPR_HDSISR	306
#define SPR_HDAR	307
#define SPR_HSRR0	314
#define SPR_HSRR1	315
#define SPR_LPCR	318
#define SPR_ASDR	816

#endif /* ARCH_PPC64_ASM_H */
