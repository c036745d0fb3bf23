/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hptctl/cpu.h - the facts about this CPU that libhpte wants to be told.
 */
#ifndef HPTCTL_CPU_H
#define HPTCTL_CPU_H

/* cpu_facts() - HPTE_CPU_* of the CPU and system this program runs on */
unsigned int cpu_facts(void);

#endif /* HPTCTL_CPU_H */
