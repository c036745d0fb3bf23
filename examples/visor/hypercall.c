/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/visor/hypercall.c - sc 1: libhpte's calls, and our own of abi.h.
 *
 * References
 *	[LoPAR]	Linux on Power Architecture Reference, "LPAR option"
 */
#include "visor.h"

#define H_UNSUPPORTED_FLAG	INT64_C(-256)

#define SC_BYTES		4U

static int64_t put_term_char(const uint64_t *gpr)
{
	if (gpr[4] != 0 || gpr[5] > 16)
		return HPTE_H_PARAMETER;
	/* R6 and R7 lie beside each other, first byte first: big-endian */
	console_write((const char *)&gpr[6], gpr[5]);
	return HPTE_H_SUCCESS;
}

/* On return no thread runs the guest with the old one. */
static void set_lpcr(uint64_t field, uint64_t bits)
{
	while (!threads_stop())
		threads_meet(this_vcpu());
	guest.lpcr = (guest.lpcr & ~field) | bits;
	threads_start();
}

static int64_t set_mode(const uint64_t *gpr)
{
	uint64_t flags = gpr[4];

	if (gpr[5] != ABI_MODE_ENDIAN && gpr[5] != ABI_MODE_AIL)
		return HPTE_H_P2;
	if (gpr[6] != 0)
		return HPTE_H_P3;
	if (gpr[7] != 0)
		return HPTE_H_P4;
	if (gpr[5] == ABI_MODE_ENDIAN) {
		if (flags > 1)
			return H_UNSUPPORTED_FLAG;
		set_lpcr(LPCR_ILE, flags ? LPCR_ILE : 0);
		return HPTE_H_SUCCESS;
	}
	/* 2: POWER8 only [ISA 3.0: Logical Partitioning Control Register] */
	if (flags > 3 || flags == 1 || (flags == 2 && machine_power > 8))
		return H_UNSUPPORTED_FLAG;
	set_lpcr(LPCR_AIL, flags << LPCR_AIL_SHIFT);
	return HPTE_H_SUCCESS;
}

static int64_t start_cpu(const uint64_t *gpr)
{
	uint32_t waiting = VCPU_WAITING;
	struct vcpu *vcpu;

	if (gpr[4] >= guest.vcpus)
		return HPTE_H_PARAMETER;
	vcpu = &guest.vcpu[gpr[4]];
	if (!__atomic_compare_exchange_n(&vcpu->state, &waiting, VCPU_CLAIMED,
					 false, __ATOMIC_ACQUIRE,
					 __ATOMIC_RELAXED))
		return HPTE_H_PARAMETER;
	vcpu->regs[3] = gpr[6];
	vcpu->regs[HPTE_REG_PC] = gpr[5];
	vcpu->regs[HPTE_REG_MSR] = ABI_MSR;
	/* visor.c: boot_thread() waits for it */
	__atomic_store_n(&vcpu->state, VCPU_STARTED, __ATOMIC_RELEASE);
	return HPTE_H_SUCCESS;
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
	uint64_t sum = 0;

	if (gpr[4] >= ABI_COUNTS)
		return HPTE_H_PARAMETER;
	for (uint32_t i = 0; i < guest.vcpus; i++)
		sum += __atomic_load_n(&guest.vcpu[i].counts[gpr[4]],
				       __ATOMIC_RELAXED);
	gpr[4] = sum;
	return HPTE_H_SUCCESS;
}

/* The calls that are not libhpte's. */
static int64_t other(uint64_t *gpr)
{
	switch (gpr[3]) {
	case ABI_PUT_TERM_CHAR:
		return put_term_char(gpr);
	case ABI_CEDE:
		return HPTE_H_SUCCESS;
	case ABI_SET_MODE:
		return set_mode(gpr);
	case VISOR_OFF:
		end_guest(gpr[4] == 0);
	case VISOR_START_CPU:
		return start_cpu(gpr);
	case VISOR_DEMOTE:
		return demote(gpr);
	case VISOR_RAW:
		return raw_entry(gpr);
	case VISOR_BACKING:
		return host_set_backing(gpr[4], gpr[5], gpr[6]) ?
			HPTE_H_SUCCESS : HPTE_H_PARAMETER;
	case VISOR_READ_ONLY:
		return gpr[5] <= 1 && host_set_read_only(gpr[4], gpr[5]) ?
			HPTE_H_SUCCESS : HPTE_H_PARAMETER;
	case VISOR_COUNT:
		return read_count(gpr);
	}
	return HPTE_H_FUNCTION;
}

void hypercall(struct vcpu *vcpu)
{
	uint64_t *gpr = vcpu->regs;

	count(ABI_COUNT_HCALL, 1);
	if (vcpu->regs[HPTE_REG_MSR] & MSR_PR) {
		gpr[3] = (uint64_t)HPTE_H_PRIVILEGE;
		return;
	}
	switch (hpte_hcall_dispatch(&guest.vm, gpr, vcpu->regs[HPTE_REG_MSR])) {
	case HPTE_HCALL_DONE:
		return;
	case HPTE_HCALL_AGAIN:
		vcpu->regs[HPTE_REG_PC] -= SC_BYTES;
		return;
	case HPTE_HCALL_NOT_MINE:
		gpr[3] = (uint64_t)other(gpr);
		return;
	case HPTE_HCALL_PENDING:
		break;			/* none of our devices is that slow */
	}
	stop_guest("an answer of libhpte that cannot be");
}
