/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/visor/platform/xics.c - interrupts between virtual CPUs, and rest.
 *
 * Each vCPU has a presentation controller: CPPR, the priority it works at, and
 * MFRR, that of the one interrupt source there is: another vCPU's H_IPI.  It
 * wants to interrupt while MFRR is more favoured, which is less, than CPPR.
 *
 * References
 *	[LoPAR]	Linux on Power Architecture Reference, "Interrupt
 *		Controller", "H_CEDE"
 */
#include "platform.h"

#define H_EOI		0x64U
#define H_CPPR		0x68U
#define H_IPI		0x6CU
#define H_XIRR		0x74U

#define IPI_SOURCE	2U
#define LEAST		0xFFU		/* priority: never interrupts */
#define EXTERNAL	0x500U
#define SHORTLY		(SECOND / 20000)	/* 50 us */

static uint8_t mfrr(const struct vcpu *vcpu)
{
	return __atomic_load_n(&vcpu->mfrr, __ATOMIC_ACQUIRE);
}

static bool pending(const struct vcpu *vcpu)
{
	return mfrr(vcpu) < vcpu->cppr;
}

/* Nobody interrupts it, and nobody could. */
void xics_init(struct vcpu *vcpu)
{
	vcpu->mfrr = LEAST;
	vcpu->cppr = 0;
}

static int64_t ipi(uint64_t server, uint64_t priority)
{
	struct vcpu *to;

	if (server >= guest.vcpus)
		return HPTE_H_PARAMETER;
	to = &guest.vcpu[server];
	/* release: what the sender has stored is there when it is seen */
	__atomic_store_n(&to->mfrr, (uint8_t)priority, __ATOMIC_RELEASE);
	if (to != this_vcpu() && (uint8_t)priority != LEAST)
		machine_kick(to);
	return HPTE_H_SUCCESS;
}

/* What interrupts, and the CPPR it interrupts; its priority is the new one. */
static uint64_t accept(struct vcpu *vcpu)
{
	uint8_t priority = mfrr(vcpu);
	uint64_t xirr = (uint64_t)vcpu->cppr << 24;

	if (priority >= vcpu->cppr)
		return xirr;
	vcpu->cppr = priority;
	return xirr | IPI_SOURCE;
}

int64_t xics_hcall(struct vcpu *vcpu)
{
	uint64_t *gpr = vcpu->regs;

	switch (gpr[3]) {
	case H_EOI:
		vcpu->cppr = (uint8_t)(gpr[4] >> 24);
		return HPTE_H_SUCCESS;
	case H_CPPR:
		vcpu->cppr = (uint8_t)gpr[4];
		return HPTE_H_SUCCESS;
	case H_IPI:
		return ipi(gpr[4], gpr[5]);
	case H_XIRR:
		gpr[4] = accept(vcpu);
		return HPTE_H_SUCCESS;
	}
	return HPTE_H_FUNCTION;
}

/* Until there is something to do.  Nobody waits for this thread meanwhile. */
int64_t xics_cede(struct vcpu *vcpu)
{
	vcpu->regs[HPTE_REG_MSR] |= MSR_EE;
	threads_leave(vcpu);
	while (!pending(vcpu) && (int32_t)mfspr(SPR_DEC) >= 0)
		machine_rest();
	threads_meet(vcpu);	/* LPCR says how it is interrupted */
	return HPTE_H_SUCCESS;
}

/*
 * LPCR[MER] would ask hardware for an exit when the guest lets interrupts in
 * again; emulators do not know it, so we look again soon.
 */
void xics_enter(struct vcpu *vcpu)
{
	if (!pending(vcpu))
		return;
	if (vcpu->regs[HPTE_REG_MSR] & MSR_EE)
		exit_interrupt(vcpu, EXTERNAL, 0);
	else
		machine_set_alarm(SHORTLY);
}
