/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * arch/x86_64/meta.h - what x86-64 does better than portable C.
 *
 *   group_search	SSE2, AVX2, AVX-512: group_search.h
 *   load16	one vmovdqa.  Intel and AMD document that an aligned 16-byte
 *		load is single-copy atomic on every CPU with AVX.  The VEX form
 *		is needed: a legacy SSE load beside VEX code stalls.  What
 *		comes back from the vector unit only confirms doubleword 1,
 *		which a plain load has brought sooner.
 *   prefetch_write	prefetchw, which compilers do not emit for every x86-64.
 *		A CPU without it does nothing.
 *   relax	pause
 *
 * Not in kernels (no SSE registers there: __SSE2__ is undefined).
 */
#ifndef ARCH_X86_64_META_H
#define ARCH_X86_64_META_H

#include "hpte/host.h"

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
	hpte_be64_t again;

	do {
		/* each retry: another CPU wrote to the entry in between */
		__asm__ __volatile__("movq 8(%3), %1\n\t"
				     "vmovdqa (%3), %%xmm0\n\t"
				     "vmovq %%xmm0, %0\n\t"
				     "vpextrq $1, %%xmm0, %2"
				     : "=&r" (snapshot.dw0),
				       "=&r" (snapshot.dw1), "=&r" (again)
				     : "r" (entry)
				     : "xmm0", "memory");
	} while (snapshot.dw1 != again);
	return snapshot;
}

#if HPTE_CONFIG_SIMD
#include "arch/x86_64/group_search.h"

#define HPTE_ARCH_HAVE_GROUP_SEARCH	1
#define HPTE_ARCH_CPU_SEARCH						\
	(HPTE_CPU_SSE2 | HPTE_CPU_AVX2 | HPTE_CPU_AVX512)
#define HPTE_ARCH_CPU_WIDEST	HPTE_CPU_AVX512

static inline __attribute__((always_inline)) size_t
hpte_arch_group_search(unsigned int cpu, const hpte_be64_t *group,
		       hpte_be64_t want, const hpte_be64_t *mask)
{
	if (cpu & HPTE_CPU_AVX512)
		return hpte_x86_64_group_search_avx512(group, want, mask);
	if (cpu & HPTE_CPU_AVX2)
		return hpte_x86_64_group_search_avx2(group, want, mask);
	if (cpu & HPTE_CPU_SSE2)
		return hpte_x86_64_group_search_sse2(group, want, mask);
	return hpte_c_group_search(group, want, *mask);
}

static inline size_t hpte_arch_group_search_lines(const hpte_be64_t *group,
						  hpte_be64_t want,
						  const hpte_be64_t *mask)
{
	return hpte_x86_64_group_search_lines(group, want, mask);
}
#endif /* HPTE_CONFIG_SIMD */
#endif /* __SSE2__ */

#endif /* ARCH_X86_64_META_H */
