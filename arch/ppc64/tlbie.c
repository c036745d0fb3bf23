/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * arch/ppc64/tlbie.c - invalidate translations on every CPU, or on this one.
 *
 * References
 *	[ISA]	Power ISA Versions 2.06 B, 2.07 B, 3.0 B, Book III, "TLB
 *		Invalidate Entry", "Page Table Update Synchronization"
 *
 * One form of tlbie serves all: the five operands of ISA 3.0, RIC, PRS and R
 * zero, are encoded as the two of ISA 2.06.  Instructions are written as
 * numbers, so that no assembler option decides what can be compiled.
 *
 * The sequence, and why no part of it can go (M):
 *	ptesync		V=0 is in memory before any walker is told to forget
 *	tlbie...	each broadcast
 *	eieio		the tlbies before the tlbsync
 *	tlbsync		until every CPU has done them
 *	ptesync		their last R and C are in the table
 */
#include "arch/ppc64/barrier.h"
#include "hpte/host.h"
#include "hpte/ppc64.h"

#define TLBIE_SET_SHIFT	12	/* the set, with IS=2 [ISA: tlbiel] */
#define TLBIE_IS_LPID	0x800	/* RB bits 52:53 = 2 */

/* tlbie RB,RS [,RIC=0,PRS=0,R=0] */
static void tlbie(uint64_t rb, uint64_t rs)
{
	__asm__ __volatile__(".long 0x7c000264 | %1 << 21 | %0 << 11"
			     : : "r" (rb), "r" (rs) : "memory");
}

/* tlbie RB,RS,RIC=0,PRS=0,R=1 */
static void tlbie_radix(uint64_t rb, uint64_t rs)
{
	__asm__ __volatile__(".long 0x7c010264 | %1 << 21 | %0 << 11"
			     : : "r" (rb), "r" (rs) : "memory");
}

/* tlbiel RB [,RS=0,RIC=0,PRS=0,R=0] */
static void tlbiel(uint64_t rb)
{
	__asm__ __volatile__(".long 0x7c000224 | %0 << 11"
			     : : "r" (rb) : "memory");
}

/* slbia IH=7: what the ERATs took from the TLB goes, the SLB stays. */
static void slbia_erat(void)
{
	__asm__ __volatile__(".long 0x7ce003e4\n\tisync" : : : "memory");
}

/*
 * Early POWER9.  A store may use an ERAT entry past its tlbie unless a tlbie
 * in radix format follows, of any partition; a store queue may do so unless
 * the last tlbie is repeated.  Both behind a ptesync, so as not to be first.
 */
static void errata(const struct hpte_ppc64_tlb *tlb, uint64_t last)
{
	if (tlb->errata & HPTE_PPC64_ERRATUM_ERAT) {
		hpte_ppc64_ptesync();
		tlbie_radix(TLBIE_IS_LPID, 0);
	}
	if (tlb->errata & HPTE_PPC64_ERRATUM_STQ) {
		hpte_ppc64_ptesync();
		tlbie(last, tlb->rs);
	}
}

void hpte_ppc64_tlb_invalidate(const struct hpte_ppc64_tlb *tlb,
			       const uint64_t *rb, unsigned int count,
			       unsigned int flags)
{
	if (!(flags & HPTE_TLB_NO_PRESYNC))
		hpte_ppc64_ptesync();
	if (!(flags & HPTE_TLB_GLOBAL)) {
		for (unsigned int i = 0; i < count; i++)
			tlbiel(rb[i]);
		hpte_ppc64_ptesync();
		return;
	}
	for (unsigned int i = 0; i < count; i++)
		tlbie(rb[i], tlb->rs);
	if (count)
		errata(tlb, rb[count - 1]);
	hpte_ppc64_eieio();
	hpte_ppc64_tlbsync();
	hpte_ppc64_ptesync();
}

void hpte_ppc64_tlb_invalidate_all(const struct hpte_ppc64_tlb *tlb)
{
	hpte_ppc64_ptesync();
	for (unsigned int set = 0; set < tlb->sets; set++)
		tlbiel(TLBIE_IS_LPID | (uint64_t)set << TLBIE_SET_SHIFT);
	hpte_ppc64_ptesync();
	if (tlb->errata & HPTE_PPC64_TLBIEL_ERAT)
		slbia_erat();
}
