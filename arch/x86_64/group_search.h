/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * arch/x86_64/group_search.h - find an entry in one PTEG, all eight at once.
 *
 * C equivalent: hpte_c_group_search() in arch/generic/group_search.h
 * Tested by:    tests/equiv/group_search.c, tools/check-vectors.py
 *
 * Each doubleword is loaded once.  That a vector load never tears inside an
 * aligned doubleword is all that is asked of it: the caller reads a hit again
 * with a snapshot (A), and no order among the eight is relied upon.
 *
 * Written as asm, not with intrinsics, because it is inlined where the
 * compiler must not use vectors wider than SSE: a function for another target
 * would be a call.  So it also leaves no upper half of a register dirty, which
 * every later legacy SSE instruction would pay for.
 */
#ifndef ARCH_X86_64_GROUP_SEARCH_H
#define ARCH_X86_64_GROUP_SEARCH_H

#include "hpte/env.h"

/* Registers that the compiler itself uses only if it is told of AVX-512. */
#ifdef __AVX512F__
#define HPTE_X86_64_CLOBBERS_512 \
	"xmm16", "xmm17", "k1", "k2",
#else
#define HPTE_X86_64_CLOBBERS_512
#endif

/* Every CPU with AVX2 has tzcnt, which answers 64 if nothing was found. */
static inline size_t hpte_x86_64_first(uint64_t found)
{
	uint64_t word;

	__asm__("tzcnt %1, %0" : "=r" (word) : "r" (found) : "cc");
	return word;
}

/* A register above 15 has no legacy form that could suffer: no vzeroupper. */
static inline size_t
hpte_x86_64_group_search_avx512(const hpte_be64_t *group,
				hpte_be64_t want, const hpte_be64_t *mask)
{
	uint32_t found, second;

	__asm__ __volatile__("vpbroadcastq %2, %%zmm16\n\t"
			     "vpxorq (%4), %%zmm16, %%zmm17\n\t"
			     "vpxorq 64(%4), %%zmm16, %%zmm16\n\t"
			     "vptestnmq %3%{1to8%}, %%zmm17, %%k1\n\t"
			     "vptestnmq %3%{1to8%}, %%zmm16, %%k2\n\t"
			     "kmovw %%k1, %0\n\t"
			     "kmovw %%k2, %1"
			     : "=&r" (found), "=r" (second)
			     : "r" (want), "m" (*mask), "r" (group)
			     : HPTE_X86_64_CLOBBERS_512 "memory");
	return hpte_x86_64_first((found | second << 8) & 0x5555);
}

/*
 * One line after the other, the second being asked for meanwhile: where they
 * come from far away, a hit in the first need not wait for the second.
 */
static inline size_t
hpte_x86_64_group_search_lines(const hpte_be64_t *group,
			       hpte_be64_t want, const hpte_be64_t *mask)
{
	uint32_t found;

	__asm__ __volatile__("prefetcht0 64(%3)\n\t"
			     "vpbroadcastq %1, %%zmm16\n\t"
			     "vpxorq (%3), %%zmm16, %%zmm16\n\t"
			     "vptestnmq %2%{1to8%}, %%zmm16, %%k1\n\t"
			     "kmovw %%k1, %0"
			     : "=r" (found)
			     : "r" (want), "m" (*mask), "r" (group)
			     : HPTE_X86_64_CLOBBERS_512 "memory");
	if (found & 0x55)
		return hpte_x86_64_first(found & 0x55);
	__asm__ __volatile__("vpbroadcastq %1, %%zmm16\n\t"
			     "vpxorq 64(%3), %%zmm16, %%zmm16\n\t"
			     "vptestnmq %2%{1to8%}, %%zmm16, %%k1\n\t"
			     "kmovw %%k1, %0"
			     : "=r" (found)
			     : "r" (want), "m" (*mask), "r" (group)
			     : HPTE_X86_64_CLOBBERS_512 "memory");
	return 8 + hpte_x86_64_first(found & 0x55);
}

/*
 * Doublewords 0 are gathered first: of slots 0 2 1 3 and 4 6 5 7.  Packed,
 * slot n is found as four bits from 16 (n % 2) + 2 (n - n % 2).
 */
static inline size_t
hpte_x86_64_group_search_avx2(const hpte_be64_t *group,
			      hpte_be64_t want, const hpte_be64_t *mask)
{
	uint32_t found;

	__asm__ __volatile__("vmovdqa (%3), %%ymm0\n\t"
			     "vmovdqa 64(%3), %%ymm1\n\t"
			     "vpunpcklqdq 32(%3), %%ymm0, %%ymm0\n\t"
			     "vpunpcklqdq 96(%3), %%ymm1, %%ymm1\n\t"
			     "vmovq %1, %%xmm2\n\t"
			     "vpbroadcastq %2, %%ymm3\n\t"
			     "vpbroadcastq %%xmm2, %%ymm2\n\t"
			     "vpand %%ymm3, %%ymm0, %%ymm0\n\t"
			     "vpand %%ymm3, %%ymm1, %%ymm1\n\t"
			     "vpcmpeqq %%ymm2, %%ymm0, %%ymm0\n\t"
			     "vpcmpeqq %%ymm2, %%ymm1, %%ymm1\n\t"
			     "vpackssdw %%ymm1, %%ymm0, %%ymm0\n\t"
			     "vpmovmskb %%ymm0, %0\n\t"
			     "vzeroupper"
			     : "=r" (found)
			     : "r" (want & *mask), "m" (*mask), "r" (group)
			     : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5",
			       "xmm6", "xmm7", "xmm8", "xmm9", "xmm10",
			       "xmm11", "xmm12", "xmm13", "xmm14", "xmm15",
			       "memory");
	return hpte_x86_64_first((found & 0x1111) | (found >> 14 & 0x4444));
}

/* SSE2 cannot compare doublewords: both halves of a slot must be equal. */
static inline size_t
hpte_x86_64_group_search_sse2(const hpte_be64_t *group,
			      hpte_be64_t want, const hpte_be64_t *mask)
{
	uint32_t equal;

	__asm__ __volatile__("movdqa (%3), %%xmm0\n\t"
			     "movdqa 32(%3), %%xmm1\n\t"
			     "movdqa 64(%3), %%xmm2\n\t"
			     "movdqa 96(%3), %%xmm3\n\t"
			     "punpcklqdq 16(%3), %%xmm0\n\t"
			     "punpcklqdq 48(%3), %%xmm1\n\t"
			     "punpcklqdq 80(%3), %%xmm2\n\t"
			     "punpcklqdq 112(%3), %%xmm3\n\t"
			     "movq %1, %%xmm4\n\t"
			     "movq %2, %%xmm5\n\t"
			     "punpcklqdq %%xmm4, %%xmm4\n\t"
			     "punpcklqdq %%xmm5, %%xmm5\n\t"
			     "pand %%xmm5, %%xmm0\n\t"
			     "pand %%xmm5, %%xmm1\n\t"
			     "pand %%xmm5, %%xmm2\n\t"
			     "pand %%xmm5, %%xmm3\n\t"
			     "pcmpeqd %%xmm4, %%xmm0\n\t"
			     "pcmpeqd %%xmm4, %%xmm1\n\t"
			     "pcmpeqd %%xmm4, %%xmm2\n\t"
			     "pcmpeqd %%xmm4, %%xmm3\n\t"
			     "packssdw %%xmm1, %%xmm0\n\t"
			     "packssdw %%xmm3, %%xmm2\n\t"
			     "packsswb %%xmm2, %%xmm0\n\t"
			     "pmovmskb %%xmm0, %0"
			     : "=r" (equal)
			     : "r" (want & *mask), "m" (*mask), "r" (group)
			     : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5",
			       "memory");
	equal &= equal >> 1 & 0x5555;
	return (size_t)__builtin_ctz(equal | 0x10000);
}

#endif /* ARCH_X86_64_GROUP_SEARCH_H */
