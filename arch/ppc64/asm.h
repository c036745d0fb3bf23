/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * arch/ppc64/asm.h - what assembly here needs: table byte order, offsets, SPR
 * numbers.
 *
 * For the C preprocessor in front of the assembler; registers are plain
 * numbers with names, so that no assembler option is needed.  Hosts include it
 * with hdsi_entry.S: all its names begin HDSI_.
 */
#ifndef ARCH_PPC64_ASM_H
#define ARCH_PPC64_ASM_H

#include "arch/hdsi.h"

/*
 * A doubleword is loaded as the host loads it; HDSI_BIT() says where bit n of
 * it, counted from the least significant, then stands.
 */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define HDSI_LITTLE	1
#define HDSI_BIT(n)		(56 - 8 * ((n) / 8) + (n) % 8)
#else
#define HDSI_LITTLE	0
#define HDSI_BIT(n)		(n)
#endif

/* Extract one bit, given as HDSI_BIT(n), and compare it with zero in CR0. */
#define HDSI_TEST_BIT(to, from, bit)	rldicl. to, from, (64 - (bit)) % 64, 63

/* Fields of struct hpte_ppc64_entry; tests/equiv checks them. */
#define HDSI_ENTRY_TABLE	0
#define HDSI_ENTRY_GROUP_MASK	8
#define HDSI_ENTRY_VRMA		16
#define HDSI_ENTRY_RETRIED	24
#define HDSI_ENTRY_REFLECTED	40
#define HDSI_ENTRY_FETCH	56
#define HDSI_ENTRY_SAVE		64

/* Special purpose registers [ISA: SPRs]. */
#define HDSI_SPR_DSISR		18
#define HDSI_SPR_DAR		19
#define HDSI_SPR_SRR0		26
#define HDSI_SPR_SRR1		27
#define HDSI_SPR_HSPRG0		304
#define HDSI_SPR_HSPRG1		305
#define HDSI_SPR_HDSISR		306
#define HDSI_SPR_HDAR		307
#define HDSI_SPR_HSRR0		314
#define HDSI_SPR_HSRR1		315
#define HDSI_SPR_LPCR		318
#define HDSI_SPR_ASDR		816

#endif /* ARCH_PPC64_ASM_H */
