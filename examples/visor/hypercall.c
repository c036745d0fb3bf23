/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/visor/hypercall.c - sc 1: libhpte's, two more, the platform's.
 *
 * References
 *	[LoPAR]	Linux on Power Architecture Reference, "LPAR option"
 */
#include "visor.h"

#define H_UNSUPPORTED_FLAG	INT64_C(-256)
#define H_PUT_TERM_CHAR		0x58U
#define H_SET_MODE		0x31CU
#define MODE_AIL		3U
#define MODE_ENDIAN		4U

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

	if (gpr[5] != MODE_ENDIAN && gpr[5] != MODE_AIL)
		return HPTE_H_P2;
	if (gpr[6] != 0)
		return HPTE_H_P3;
	if (gpr[7] != 0)
		return HPTE_H_P4;
	if (gpr[5] == MODE_ENDIAN) {
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

static int64_t other(struct vcpu *vcpu)
{
	switch (vcpu->regs[3]) {
	case H_PUT_TERM_CHAR:
		return put_term_char(vcpu->regs);
	case H_SET_MODE:
		return set_mode(vcpu->regs);
	}
	return platform_hcall(vcpu);
}

void hypercall(struct vcpu *vcpu)
{
	uint64_t *gpr = vcpu->regs;
	uint64_t call;

	count(COUNT_HCALL, 1);
	call = gpr[3] / 4 < CALLS ? gpr[3] / 4 : CALLS;
	vcpu->calls[call]++;
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
		gpr[3] = (uint64_t)other(vcpu);
		return;
	case HPTE_HCALL_PENDING:
		break;			/* none of our devices is that slow */
	}
	stop_guest("an answer of libhpte that cannot be");
}
