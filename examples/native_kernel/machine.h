/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/native_kernel/machine.h - what load.c runs on: simulated.c on any
 * host, bare/ on an emulated POWER machine.
 */
#ifndef NATIVE_KERNEL_MACHINE_H
#define NATIVE_KERNEL_MACHINE_H

#include "memory.h"

/* HPTE_FORMAT_* of the table's entries on this machine. */
uint8_t machine_format(void);

/* Where the hardware finds the table, before memory_start() fills it. */
void machine_start(void *table, unsigned int order);

/*
 * One load or store of 8 bytes of a program, or of the kernel: let the CPU
 * translate, ask memory_fault() as often as it takes a storage interrupt.
 * False: not allowed.
 */
bool machine_access(uint64_t ea, bool kernel, bool store, uint64_t *value);

/* 8 bytes at a real address: what machine_access() must come to. */
uint64_t machine_read(uint64_t real);

void machine_say(const char *what, uint64_t number);
void machine_stop(bool good) __attribute__((noreturn));

int main(void);	/* load.c; called by bare/start.S too */

#endif /* NATIVE_KERNEL_MACHINE_H */
