/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/native_kernel/machine.h - a simulated CPU and disk, to run the
 * kernel's code under on any host.
 */
#ifndef NATIVE_KERNEL_MACHINE_H
#define NATIVE_KERNEL_MACHINE_H

#include "memory.h"

extern uint64_t machine_frames[FRAMES];	/* one word stands for each */
extern uint64_t machine_walks;

/* Where the hardware finds the table: what SDR1 says. */
void machine_start(void *table, unsigned int order);

/*
 * One load or store of a program or of the kernel: translate, ask
 * memory_fault() as often as the walker finds nothing.  False: not allowed.
 */
bool machine_access(uint64_t ea, bool kernel, bool store, uint64_t *real);

#endif /* NATIVE_KERNEL_MACHINE_H */
