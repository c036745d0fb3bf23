/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hpte/x86_64.h - what the library may use of an x86-64 CPU, for programs.
 *
 * Layer: 0 (base).  Depends on: env.h, host.h.
 *
 * References
 *	[SDM]	Intel 64 and IA-32 Architectures Software Developer's Manual,
 *		"CPUID", "Detection of AVX Instructions", "XGETBV"
 *
 * Not part of the library, which never probes.  A kernel does without: the
 * vector registers it finds are its users'.
 */
#ifndef HPTE_X86_64_H
#define HPTE_X86_64_H

#include "env.h"
#include "host.h"

#ifdef __x86_64__

/* CPUID: eax, ebx, ecx, edx of a leaf, subleaf 0. */
static inline void hpte_x86_64_cpuid_(uint32_t leaf, uint32_t *regs)
{
	__asm__("cpuid"
		: "=a" (regs[0]), "=b" (regs[1]), "=c" (regs[2]),
		  "=d" (regs[3])
		: "a" (leaf), "c" (0));
}

/* XCR0: the states that the operating system saves. */
static inline uint32_t hpte_x86_64_xcr0_(void)
{
	uint32_t low, high;

	__asm__("xgetbv" : "=a" (low), "=d" (high) : "c" (0));
	return low;
}

/**
 * hpte_x86_64_cpu() - facts about this CPU for hpte_table_config::cpu
 *
 * What the CPU has and the operating system saves.  Of the vector extensions
 * all that are there: the library uses the one that was measured best.
 * Context: user space, on a system whose CPUs are alike.
 *
 * Return: HPTE_CPU_*
 */
static inline unsigned int hpte_x86_64_cpu(void)
{
	uint32_t basic[4], features[4], extended[4] = { 0, 0, 0, 0 };
	unsigned int cpu = HPTE_CPU_SSE2;	/* all of them have it */
	uint32_t saved;

	hpte_x86_64_cpuid_(0, basic);
	hpte_x86_64_cpuid_(1, features);
	if (basic[0] >= 7)
		hpte_x86_64_cpuid_(7, extended);
	/* OSXSAVE, without which xgetbv is undefined, and AVX */
	if ((features[2] & (3U << 27)) != 3U << 27)
		return cpu;
	saved = hpte_x86_64_xcr0_();
	if ((saved & 0x6) != 0x6)	/* SSE and AVX state */
		return cpu;
	cpu |= HPTE_CPU_LOAD16;
	if (extended[1] & 1U << 5)
		cpu |= HPTE_CPU_AVX2;
	/* AVX512F; opmask, upper halves, registers 16 to 31 */
	if ((extended[1] & 1U << 16) && (saved & 0xE0) == 0xE0)
		cpu |= HPTE_CPU_AVX512;
	return cpu;
}

#else

static inline unsigned int hpte_x86_64_cpu(void)
{
	return 0;
}

#endif

#endif /* HPTE_X86_64_H */
