/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * arch/hdsi.h - what the search of a storage interrupt and its twin share.
 *
 * Macros only: assembly includes it too.  Layer: 0 (base).
 */
#ifndef ARCH_HDSI_H
#define ARCH_HDSI_H

/* What was found: the low bits of the result; docs/ppc64.md says more. */
#define HPTE_HDSI_MISS		0
#define HPTE_HDSI_VALID		1
#define HPTE_HDSI_ABSENT	2
#define HPTE_HDSI_UNSURE	3

/* Segment descriptor [ISA: Segment Lookaside Buffer]. */
#define HPTE_HDSI_B		0xC000000000000000
#define HPTE_HDSI_B_1T		0x4000000000000000
#define HPTE_HDSI_L		0x100
#define HPTE_HDSI_LP		0x30

/* Doubleword 0; AVPN: what both formats have of it, and bits 2:11 are zero
 * in an entry of the 3.0 format. */
#define HPTE_HDSI_AVPN		0x3FFFFFFFFFFFFF80
#define HPTE_HDSI_ABS		0x20
#define HPTE_HDSI_DW0_L		0x4
#define HPTE_HDSI_H		0x2
#define HPTE_HDSI_V		0x1

#endif /* ARCH_HDSI_H */
