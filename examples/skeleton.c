/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/skeleton.c - all that a hypervisor does about its guest's storage.
 */
#include "skeleton.h"

#include <string.h>

#define ORDER	18U			/* 256 KiB: 16,384 entries */
#define UART	0x80000000		/* guest real address of a device */

static _Alignas(1 << ORDER) uint64_t memory[(1 << ORDER) / 8];
static _Alignas(16) uint64_t side[(1 << ORDER) / 8];
struct hpte_table table;
static struct hpte_vm vm;
static struct hpte_vcpu vcpu;		/* one for each virtual CPU, */
static struct hpte_mmio_cpu cpu;	/* and this one too */
static struct hpte_mmio_slot slots[1];
static struct hpte_mmio bus;

static enum hpte_backing_kind
classify(void *ctx, uint64_t gpa, unsigned int shift, unsigned int *largest)
{
	(void)ctx, (void)shift, *largest = 16;
	return gpa < sizeof(guest.ram) ? HPTE_BACKING_RAM : HPTE_BACKING_IO;
}

static bool guest_read(void *ctx, uint64_t gpa, void *to, size_t bytes)
{
	(void)ctx;
	if (gpa > sizeof(guest.ram) - bytes)
		return false;
	memcpy(to, guest.ram + gpa, bytes);
	return true;
}

static enum hpte_mmio_result uart(void *ctx, struct hpte_mmio_access *access)
{
	(void)ctx;
	if (access->is_store && access->offset == 0)
		vm_console((char)access->value);
	access->value = access->offset == 5 ? 0x60 : 0; /* LSR: idle */
	return HPTE_MMIO_DONE;
}

bool vm_start(void)
{
	static const struct hpte_host_ops host = { .ops_size = sizeof(host),
		.classify = classify, .guest_read = guest_read };
	static const struct hpte_mmio_ops ops = { sizeof(ops), uart };
	const struct hpte_table_config config = {
		.memory = { memory, side }, .order = ORDER, .ops = &host };
	const struct hpte_mmio_region region = { .start = UART, .bytes = 8,
		.size_mask = 1, .ops = &ops };

	if (hpte_table_init(&table, &config) != HPTE_OK)
		return false;
	hpte_hcall_init(&vm, &table);
	hpte_fault_init(&vcpu, &table);
	hpte_mmio_init(&bus, slots, 1);
	hpte_mmio_cpu_init(&cpu, &bus, NULL, guest.regs);
	return hpte_mmio_add(&bus, &region) == HPTE_OK;
}

bool vm_hcall(void)
{
	return hpte_hcall_dispatch(&vm, guest.regs, guest.regs[HPTE_REG_MSR]) ==
	       HPTE_HCALL_DONE;
}

/* The instruction at the PC touched a device. */
static bool emulate(struct hpte_access pc, const struct hpte_outcome *outcome)
{
	const struct hpte_interrupt *irq = &cpu.interrupt;
	enum hpte_mmio_action action;
	uint32_t words[2];

	pc.ea = guest.regs[HPTE_REG_PC];
	if (hpte_xlate_segment(guest.slb, 32, pc.ea, &pc.descriptor) ||
	    hpte_xlate_fetch(&table, &pc, words))
		return true;
	action = hpte_mmio_emulate(&cpu, outcome, words);
	if (action == HPTE_MMIO_REFLECT)
		vm_deliver(irq->vector, irq->srr1, irq->dar, irq->dsisr);
	return action != HPTE_MMIO_HOST;
}

/* HDSI: HDAR, HDSISR.  HISI: HSRR0, HSRR1 & 0x582E0000.  False: stop it. */
bool vm_storage_interrupt(uint64_t ea, uint32_t status, bool fetch)
{
	struct hpte_fault fault = { .status = status,
		.flags = fetch ? HPTE_FAULT_FETCH : 0,
		.access = { .ea = ea, .msr = guest.regs[HPTE_REG_MSR],
			    .vrma = hpte_xlate_vrma(16) } };
	struct hpte_outcome out;

	if (hpte_xlate_segment(guest.slb, 32, ea, &fault.access.descriptor))
		fault.flags |= HPTE_FAULT_NO_SEGMENT;
	hpte_fault_resolve(&vcpu, &fault, &out);
	hpte_fault_complete(&vcpu, &out);	/* a host's page is missing */
	switch (out.action) {
	case HPTE_FAULT_DSI:  vm_deliver(0x300, 0, out.dar, out.bits); break;
	case HPTE_FAULT_DSEG: vm_deliver(0x380, 0, out.dar, 0); break;
	case HPTE_FAULT_ISI:  vm_deliver(0x400, out.bits, 0, 0); break;
	case HPTE_FAULT_ISEG: vm_deliver(0x480, 0, 0, 0); break;
	case HPTE_FAULT_MMIO: return emulate(fault.access, &out);
	case HPTE_FAULT_HOST_ERROR: return false;
	}
	return true;				/* enter the guest */
}
