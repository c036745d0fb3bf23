/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/platform/platform.c - the machine of guests that test: abi.h.
 */
#include "examples/visor/visor.h"

#include "abi.h"
#include "backing.h"

#define ORDER		20U
#define SCRATCH_BYTES	0x1000U
#define ANY_SIZE	(1U | 2U | 4U | 8U)

_Static_assert(ABI_FRAME_BYTES == FRAME_BYTES && ABI_IO == IO_START &&
	       ABI_IO_END == IO_END && ABI_RAM_BYTES <= RAM_MAX,
	       "abi.h promises them");
_Static_assert(ABI_COUNT_HDSI == COUNT_HDSI && ABI_COUNT_HISI == COUNT_HISI &&
	       ABI_COUNT_RETRY == COUNT_RETRY &&
	       ABI_COUNT_REFLECT == COUNT_REFLECT &&
	       ABI_COUNT_PAGE == COUNT_PAGE && ABI_COUNT_MMIO == COUNT_MMIO &&
	       ABI_COUNT_HCALL == COUNT_HCALL &&
	       ABI_COUNT_TLBIE == COUNT_TLBIE && ABI_COUNTS <= COUNTS,
	       "abi.h numbers them");

static enum hpte_mmio_result broken(void *ctx, struct hpte_mmio_access *access)
{
	(void)ctx, (void)access;
	count(COUNT_MMIO, 1);
	return HPTE_MMIO_FAULT;
}

static enum hpte_mmio_result deaf(void *ctx, struct hpte_mmio_access *access)
{
	(void)ctx, (void)access;
	count(COUNT_MMIO, 1);
	return HPTE_MMIO_UNCLAIMED;
}

const char *platform_describe(void)
{
	static const struct hpte_mmio_ops broken_ops = {
		sizeof(broken_ops), broken
	}, deaf_ops = {
		sizeof(deaf_ops), deaf
	};
	static uint8_t registers[2][SCRATCH_BYTES];
	static const struct hpte_mmio_region regions[] = {
		{ ABI_UART, 0x1000, 1, 0, &uart_ops, NULL },
		{ ABI_SCRATCH_LITTLE, SCRATCH_BYTES, ANY_SIZE,
		  HPTE_MMIO_LITTLE_ENDIAN, &little_ops, registers[0] },
		{ ABI_SCRATCH_BIG, SCRATCH_BYTES, ANY_SIZE, 0, &big_ops,
		  registers[1] },
		{ ABI_BUS_ERROR, 0x1000, ANY_SIZE, 0, &broken_ops, NULL },
		{ ABI_UNCLAIMED, 0x1000, ANY_SIZE, 0, &deaf_ops, NULL },
	};

	guest.ram_bytes = ABI_RAM_BYTES;
	guest.order = ORDER;
	guest.regions = regions;
	guest.region_count = sizeof(regions) / sizeof(regions[0]);
	return NULL;
}

const char *platform_start(struct vcpu *vcpu)
{
	vcpu->regs[3] = guest.vcpus;
	vcpu->regs[4] = machine_power;
	vcpu->regs[5] = ORDER;
	vcpu->regs[HPTE_REG_PC] = ABI_ENTRY;
	return NULL;
}

static int64_t demote(const uint64_t *gpr)
{
	int status;

	do {
		status = hpte_table_demote(&guest.table, gpr[4]);
	} while (status == HPTE_ERR_AGAIN);
	return status == HPTE_ERR_INDEX ? HPTE_H_PARAMETER : HPTE_H_SUCCESS;
}

static int64_t raw_entry(uint64_t *gpr)
{
	const hpte_be64_t *entry = hpte_table_base(&guest.table);
	uint64_t dw0, dw1;

	if (gpr[4] >= hpte_table_entries(&guest.table))
		return HPTE_H_PARAMETER;
	entry += 2 * gpr[4];
	dw0 = hpte_be64_to_host(__atomic_load_n(&entry[0], __ATOMIC_ACQUIRE));
	dw1 = hpte_be64_to_host(__atomic_load_n(&entry[1], __ATOMIC_RELAXED));
	gpr[4] = dw0;
	gpr[5] = (dw0 & HPTE_DW0_V) | (dw1 & HPTE_DW1_RC);
	return HPTE_H_SUCCESS;
}

static int64_t read_count(uint64_t *gpr)
{
	if (gpr[4] >= ABI_COUNTS)
		return HPTE_H_PARAMETER;
	gpr[4] = total((unsigned int)gpr[4]);
	return HPTE_H_SUCCESS;
}

static int64_t code(bool success)
{
	return success ? HPTE_H_SUCCESS : HPTE_H_PARAMETER;
}

int64_t platform_hcall(struct vcpu *vcpu)
{
	uint64_t *gpr = vcpu->regs;

	switch (gpr[3]) {
	case ABI_CEDE:
		return HPTE_H_SUCCESS;
	case VISOR_OFF:
		end_guest(gpr[4] == 0 ? NULL : "the guest says so");
	case VISOR_START_CPU:
		return code(start_vcpu(gpr[4], gpr[5], gpr[6]));
	case VISOR_DEMOTE:
		return demote(gpr);
	case VISOR_RAW:
		return raw_entry(gpr);
	case VISOR_BACKING:
		return code(backing_set(gpr[4], gpr[5], gpr[6]));
	case VISOR_READ_ONLY:
		return code(gpr[5] <= 1 &&
			    backing_set_read_only(gpr[4], gpr[5]));
	case VISOR_COUNT:
		return read_count(gpr);
	}
	return HPTE_H_FUNCTION;
}

/* It has no interrupts, and nothing to say at its end. */
void platform_tick(struct vcpu *vcpu)
{
	(void)vcpu;
}

void platform_enter(struct vcpu *vcpu)
{
	(void)vcpu;
}

void platform_report(void)
{
}
