/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hptctl/cpu.c - the library never probes; a program on an operating system
 * may, and this is how.
 */
#include "cpu.h"

#include "hpte/host.h"

#if defined(__x86_64__)

#include "hpte/x86_64.h"

unsigned int cpu_facts(void)
{
	return hpte_x86_64_cpu();
}

#elif defined(__powerpc64__)

#include <sys/auxv.h>

#define HWCAP2_ARCH_2_07	0x80000000UL

/* lq outside the hypervisor came with ISA 2.07 (POWER8). */
unsigned int cpu_facts(void)
{
	return getauxval(AT_HWCAP2) & HWCAP2_ARCH_2_07 ? HPTE_CPU_LOAD16 : 0;
}

#elif defined(__aarch64__)

#include <sys/auxv.h>

#define HWCAP_LSE2	(1UL << 25)	/* Linux calls it USCAT */

unsigned int cpu_facts(void)
{
	return getauxval(AT_HWCAP) & HWCAP_LSE2 ? HPTE_CPU_LOAD16 : 0;
}

#elif defined(__s390x__)

/* lpq is in the base architecture. */
unsigned int cpu_facts(void)
{
	return HPTE_CPU_LOAD16;
}

#else

unsigned int cpu_facts(void)
{
	return 0;
}

#endif
