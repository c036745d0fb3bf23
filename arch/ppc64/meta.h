/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * arch/ppc64/meta.h - what POWER does better than portable C, or what
 * portable C cannot say.
 *
 *   claim, retract	ldarx, stdcx. on the big-endian word, without hint
 *			bits; isync where the reservation was kept: acquire
 *   publish		lwsync, std: release
 *   before_valid	eieio
 *   after_valid	ptesync
 *   load16		one lq, single-copy atomic on aligned quadwords since
 *			ISA 2.07, in either byte order; before, it is a
 *			big-endian hypervisor's only, and we do without
 *   relax		low priority for this thread, then medium again
 */
#ifndef ARCH_PPC64_META_H
#define ARCH_PPC64_META_H

#include "arch/ppc64/barrier.h"
#include "hpte/env.h"

#define HPTE_ARCH_HAVE_CLAIM		1
#define HPTE_ARCH_HAVE_RETRACT		1
#define HPTE_ARCH_HAVE_PUBLISH		1
#define HPTE_ARCH_HAVE_WALKER_BARRIERS	1
#define HPTE_ARCH_HAVE_RELAX		1

static inline bool hpte_arch_retract(hpte_be64_t *dw0, hpte_be64_t old,
				     hpte_be64_t without)
{
	uint64_t seen;

	/* a failing stdcx. means that another CPU wrote to the line */
	__asm__ __volatile__("1:	ldarx	%0,0,%1\n"
			     "	cmpd	%0,%2\n"
			     "	bne-	2f\n"
			     "	stdcx.	%3,0,%1\n"
			     "	bne-	1b\n"
			     "	isync\n"	/* acquire (A, E) */
			     "2:"
			     : "=&r" (seen)
			     : "r" (dw0), "r" (old), "r" (without)
			     : "cr0", "memory");
	return seen == (HPTE_FORCE uint64_t)old;
}

static inline bool hpte_arch_claim(hpte_be64_t *dw0, hpte_be64_t claimed)
{
	/* acquire: everybody has left the slot (B) */
	return hpte_arch_retract(dw0, (HPTE_FORCE hpte_be64_t)0, claimed);
}

static inline void hpte_arch_publish(hpte_be64_t *dw0, hpte_be64_t value)
{
	/* release: contents before publication (A) */
	__asm__ __volatile__("lwsync\n\t"
			     "std%U0%X0 %1,%0"
			     : "=m" (*dw0) : "r" (value) : "memory");
}

static inline void hpte_arch_before_valid(void)
{
	hpte_ppc64_eieio();
}

static inline void hpte_arch_after_valid(void)
{
	hpte_ppc64_ptesync();
}

static inline void hpte_arch_relax(void)
{
	__asm__ __volatile__("or 1,1,1\n\tor 2,2,2" : : : "memory");
}

#ifdef _ARCH_PWR8
#define HPTE_ARCH_HAVE_LOAD16	1

/*
 * acquire: what follows depends on a branch that depends on the load, and
 * isync lets nothing pass it (A, D).  The pair is the high doubleword first,
 * which lies at the higher address on a little-endian host.
 */
static inline struct hpte_snapshot hpte_arch_load16(const hpte_be64_t *entry)
{
	register uint64_t high __asm__("r8");
	register uint64_t low __asm__("r9");
	bool little = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
	struct hpte_snapshot snapshot;

	__asm__ __volatile__("lq	8,0(%2)\n\t"
			     "cmpd	8,8\n\t"
			     "bne-	0f\n"
			     "0:	isync"
			     : "=&r" (high), "=&r" (low)
			     : "b" (entry)
			     : "cr0", "memory");
	snapshot.dw0 = (HPTE_FORCE hpte_be64_t)(little ? low : high);
	snapshot.dw1 = (HPTE_FORCE hpte_be64_t)(little ? high : low);
	return snapshot;
}
#endif

#endif /* ARCH_PPC64_META_H */
