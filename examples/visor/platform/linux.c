/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/visor/platform/linux.c - the machine of a Linux guest.
 *
 * Its device tree says what there is, to the guest and to us: boot.py has made
 * it from linux/guest.dts and put it, like the initial RAM disk, where the
 * guest will read it.
 *
 * References
 *	[LoPAR]	Linux on Power Architecture Reference, "Hypervisor Call
 *		Functions", "Device Tree"
 */
#include "platform.h"

#include "../linux/devices.h"
#include "layout.h"

#define H_GET_TERM_CHAR	0x54U
#define H_REGISTER_VPA	0xDCU
#define H_CEDE		0xE0U
#define H_RTAS		0xF000U		/* ours: rtas.c */

#define ANY_SIZE	(1U | 2U | 4U | 8U)
#define TREE		((const void *)(RAM_REAL + GUEST_TREE))

static uint32_t said = UINT32_MAX;	/* to the verdict register */
static bool steal;

static enum hpte_mmio_result say(void *ctx, struct hpte_mmio_access *access)
{
	(void)ctx;
	count(COUNT_MMIO, 1);
	if (access->is_store && access->offset == 0)
		__atomic_store_n(&said, (uint32_t)access->value,
				 __ATOMIC_RELAXED);
	access->value = 0;
	return HPTE_MMIO_DONE;
}

const char *verdict(void)
{
	uint32_t value = __atomic_load_n(&said, __ATOMIC_RELAXED);

	if (value == UINT32_MAX)
		return "it has not said how it went";
	if (value)
		console_say("guest %lu says: step %lu failed", (uint64_t)LPID,
			    (uint64_t)value);
	return value ? "a step of its own failed" : NULL;
}

static void set_devices(void)
{
	static const struct hpte_mmio_ops verdict_ops = {
		sizeof(verdict_ops), say
	};
	static uint8_t registers[2][SCRATCH_BYTES];
	static const struct hpte_mmio_region regions[] = {
		{ UART_START, UART_BYTES, 1, 0, &uart_ops, NULL },
		{ SCRATCH_LE_START, SCRATCH_BYTES, ANY_SIZE,
		  HPTE_MMIO_LITTLE_ENDIAN, &little_ops, registers[0] },
		{ SCRATCH_BE_START, SCRATCH_BYTES, ANY_SIZE, 0, &big_ops,
		  registers[1] },
		{ VERDICT_START, VERDICT_BYTES, 4, 0, &verdict_ops, NULL },
	};

	guest.regions = regions;
	guest.region_count = sizeof(regions) / sizeof(regions[0]);
}

/* A number in the guest's device tree: this cell of a property. */
static bool cell(const char *node, const char *name, uint32_t index,
		 uint64_t *value)
{
	uint32_t bytes;
	const uint32_t *cells = tree_property(TREE, node, name, &bytes);

	if (!cells || bytes / 4 <= index) {
		console_say("guest's device tree: no %s with %lu cells in /%s",
			    name, (uint64_t)index + 1, node);
		return false;
	}
	*value = cells[index];
	return true;
}

static bool flag(const char *name)
{
	uint32_t bytes;

	return tree_property(TREE, "chosen", name, &bytes) != NULL;
}

const char *platform_describe(void)
{
	uint64_t order, high, low;

	if (!tree_good(TREE))
		return "it has no device tree";
	if (!cell("PowerPC,POWER", "ibm,pft-size", 1, &order) ||
	    !cell("memory", "reg", 2, &high) || !cell("memory", "reg", 3, &low))
		return "its device tree is not complete";
	guest.ram_bytes = (high << 32 | low) & ~(FRAME_BYTES - 1);
	if (guest.ram_bytes > RAM_MAX)
		return "its device tree has more RAM than there is";
	guest.order = (uint32_t)order;
	guest.lazy = !flag("visor,eager");
	steal = flag("visor,steal");
	for (size_t i = 0; !guest.lazy && i < FRAMES; i++)
		guest.frames[i].present = 1;
	set_devices();
	return NULL;
}

const char *platform_start(struct vcpu *vcpu)
{
	uint64_t bytes, rtas, rtas_bytes;
	const char *problem;

	if (!cell("chosen", "visor,kernel-bytes", 0, &bytes) ||
	    !cell("rtas", "linux,rtas-base", 0, &rtas) ||
	    !cell("rtas", "rtas-size", 0, &rtas_bytes))
		return "its device tree is not complete";
	if (tree_threads(TREE) > guest.vcpus)
		return "its device tree has more CPUs than there are";
	guest.vcpus = tree_threads(TREE);
	for (uint32_t i = 0; i < guest.vcpus; i++)
		xics_init(&guest.vcpu[i]);
	problem = load_kernel(bytes, &vcpu->regs[HPTE_REG_PC]);
	if (problem)
		return problem;
	if (!rtas_install(rtas, rtas_bytes))
		return "its device tree has no room for RTAS";
	vcpu->regs[3] = GUEST_TREE;
	return NULL;
}

int64_t platform_hcall(struct vcpu *vcpu)
{
	switch (vcpu->regs[3]) {
	case H_GET_TERM_CHAR:
		vcpu->regs[4] = 0;		/* nobody types */
		return HPTE_H_SUCCESS;
	case H_REGISTER_VPA:			/* we do nothing with it */
		return HPTE_H_SUCCESS;
	case H_CEDE:
		return xics_cede(vcpu);
	case H_RTAS:
		return rtas_call(vcpu);
	}
	return xics_hcall(vcpu);
}

void platform_tick(struct vcpu *vcpu)
{
	if (steal)
		steal_some(vcpu);
}

void platform_enter(struct vcpu *vcpu)
{
	xics_enter(vcpu);
}
