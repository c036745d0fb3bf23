/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/interleave/cpu.h - the explorer's CPU, included by arch/arch.h: it
 * has the one-load snapshot, and waiting for another CPU lets it run.
 */
#ifndef INTERLEAVE_CPU_H
#define INTERLEAVE_CPU_H

#define HPTE_ARCH_HAVE_LOAD16	1
#define HPTE_ARCH_HAVE_RELAX	1

void step_load16(const void *entry, uint64_t *words);
void step_relax(void);

static inline struct hpte_snapshot hpte_arch_load16(const hpte_be64_t *entry)
{
	uint64_t words[2];

	step_load16(entry, words);
	return (struct hpte_snapshot){ words[0], words[1] };
}

static inline void hpte_arch_relax(void)
{
	step_relax();
}

#endif /* INTERLEAVE_CPU_H */
