/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * arch/ppc64/barrier.h - order between this CPU and a hardware table walker.
 *
 * References
 *	[ISA]	Power ISA, Book III, "Page Table Update Synchronization"
 *
 * Never between CPUs: that is libhpte/atomic.h.
 */
#ifndef ARCH_PPC64_BARRIER_H
#define ARCH_PPC64_BARRIER_H

/* Stores before it reach the walker before stores after it (L). */
static inline void hpte_ppc64_eieio(void)
{
	__asm__ __volatile__("eieio" : : : "memory");
}

/*
 * Accesses to the table before it are done, for the walker too, before
 * anything after it begins: a tlbie (M), or an access that needs a walk (L).
 */
static inline void hpte_ppc64_ptesync(void)
{
	__asm__ __volatile__("ptesync" : : : "memory");
}

/* Every CPU has finished the tlbies of this one; between eieio and ptesync. */
static inline void hpte_ppc64_tlbsync(void)
{
	__asm__ __volatile__("tlbsync" : : : "memory");
}

#endif /* ARCH_PPC64_BARRIER_H */
