/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/skeleton.h - what skeleton.c shares with its guest.
 */
#ifndef SKELETON_H
#define SKELETON_H

#include <hpte/hpte.h>

struct guest {
	uint8_t ram[0x100000];			/* guest real address 0 */
	uint64_t regs[HPTE_REG_COUNT];
	struct hpte_slb slb[32];
};

extern struct guest guest;
extern struct hpte_table table;			/* what a CPU would walk */

/* The hypervisor's storage side, skeleton.c. */
bool vm_start(void);
bool vm_hcall(void);				/* the guest executed sc 1 */
bool vm_storage_interrupt(uint64_t ea, uint32_t status, bool fetch);

/* What it asks of the rest: an interrupt for the guest; the UART's output. */
void vm_deliver(uint32_t vector, uint64_t srr1, uint64_t dar, uint32_t dsisr);
void vm_console(char c);

#endif /* SKELETON_H */
