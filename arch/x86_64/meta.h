/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * arch/x86_64/meta.h - what x86-64 does better than portable C.
 *
 *   load16	one vmovdqa.  Intel and AMD document that an aligned 16-byte
 *		load is single-copy atomic on every CPU with AVX.  The VEX form
 *		is needed: a legacy SSE load beside VEX code stalls.
 *   prefetch_write	prefetchw, which compilers do not emit for every x86-64.
 *		A CPU without it does nothing.
 *   relax	pause
 *
 * Not in kernels (no SSE registers there: __SSE2__ is undefined).
 */
#ifndef ARCH_X86_64_META_H
#define ARCH_X86_64_META_H

#include "hpte/env.h"

#define HPTE_ARCH_HAVE_PREFETCH_WRITE	1
#define HPTE_ARCH_HAVE_RELAX		1

static inline void hpte_arch_prefetch_write(const void *line)
{
	__asm__ __volatile__("prefetchw %0" : : "m" (*(const char *)line));
}

static inline void hpte_arch_relax(void)
{
	__asm__ __volatile__("pause");
}

#ifdef __SSE2__
#define HPTE_ARCH_HAVE_LOAD16	1

/* acquire: x86 loads are, and the asm is a compiler barrier (A, D) */
static inline struct hpte_snapshot hpte_arch_load16(const hpte_be64_t *entry)
{
	struct hpte_snapshot snapshot;

	__asm__ __volatile__("vmovdqa %2, %%xmm0\n\t"
			     "vmovq %%xmm0, %0\n\t"
			     "vpextrq $1, %%xmm0, %1"
			     : "=&r" (snapshot.dw0), "=&r" (snapshot.dw1)
			     : "m" (*(const struct hpte_snapshot *)
				    (const void *)entry)
			     : "xmm0", "memory");
	return snapshot;
}
#endif

#endif /* ARCH_X86_64_META_H */
