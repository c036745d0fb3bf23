/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/visor/exits.c - why the guest left, and what it finds on return.
 *
 * Reached from boot.S or vectors.S, by world.S.  A function here changes the
 * guest's registers in struct vcpu, or nothing: then the guest does the same
 * again.
 *
 * References
 *	[ISA]	Power ISA Versions 2.07 B and 3.0 B, Book III, "Interrupts"
 */
#include "visor.h"

_Static_assert(offsetof(struct vcpu, regs) == VCPU_GPR(0) &&
	       offsetof(struct vcpu, cr) == VCPU_CR &&
	       offsetof(struct vcpu, dsisr) == VCPU_DSISR &&
	       offsetof(struct vcpu, stack) == VCPU_STACK &&
	       offsetof(struct vcpu, entry) == VCPU_ENTRY &&
	       offsetof(struct vcpu, scratch) == VCPU_SCRATCH &&
	       offsetof(struct vcpu, nap) == VCPU_NAP,
	       "assembly knows these offsets");

/*
 * An interrupt as hardware gives it to a guest [ISA: Interrupt Processing].
 * flags: bits of SRR1 that are no image of the MSR.
 *
 * But a machine check leaves ME as it is: only a hypervisor can set it again.
 */
void exit_interrupt(struct vcpu *vcpu, uint64_t vector, uint64_t flags)
{
	const uint64_t translated = MSR_IR | MSR_DR;
	uint64_t msr = vcpu->regs[HPTE_REG_MSR];
	uint64_t ail = (vcpu->lpcr & LPCR_AIL) >> LPCR_AIL_SHIFT;
	uint64_t new = MSR_SF | (msr & MSR_ME);

	vcpu->srr0 = vcpu->regs[HPTE_REG_PC];
	vcpu->srr1 = msr | flags;
	if (vcpu->lpcr & LPCR_ILE)
		new |= MSR_LE;
	if (vector != 0x200 && ail >= 2 && (msr & translated) == translated) {
		new |= translated;
		vector += ail == 2 ? 0x18000 : 0xC000000000004000;
	}
	vcpu->regs[HPTE_REG_PC] = vector;
	vcpu->regs[HPTE_REG_MSR] = new;
}

/* What the instruction caused that the last exit was for. */
static void deliver(struct vcpu *vcpu, uint64_t vector, uint64_t flags)
{
	exit_interrupt(vcpu, vector, flags | (vcpu->why & SRR1_PREFIXED));
	count(COUNT_REFLECT, 1);
}

static void deliver_data(struct vcpu *vcpu, uint64_t vector, uint64_t dar,
			 uint32_t dsisr)
{
	vcpu->dar = dar;
	vcpu->dsisr = dsisr;
	deliver(vcpu, vector, 0);
}

/* What libhpte wants to be given. */
static void emulated_interrupt(struct vcpu *vcpu)
{
	const struct hpte_interrupt *irq = &vcpu->mmio.interrupt;

	console_note("an access that its device cannot serve",
		     vcpu->regs[HPTE_REG_PC]);
	if (irq->vector == 0x200 || irq->vector == 0x300 ||
	    irq->vector == 0x600)
		vcpu->dar = irq->dar;
	if (irq->vector == 0x300)
		vcpu->dsisr = irq->dsisr;
	deliver(vcpu, irq->vector, irq->srr1);
}

/*
 * The instruction at the PC: by one load through the guest's translation; if
 * that takes an interrupt, or the instruction has two words, by way of the
 * table.
 */
static bool fetch(struct vcpu *vcpu, struct hpte_access *pc, uint32_t words[2])
{
	words[1] = 0;
	if ((pc->msr & MSR_IR) &&
	    hpte_ppc64_fetch_insn(&vcpu->entry, pc->ea, &words[0])) {
		if (pc->msr & MSR_LE)
			words[0] = __builtin_bswap32(words[0]);
		if (!hpte_insn_is_prefix(words[0]))
			return true;
	}
	if (!machine_segment(pc->ea, &pc->descriptor) && (pc->msr & MSR_IR))
		return false;
	return hpte_xlate_fetch(&guest.table, pc, words) == HPTE_OK;
}

/* The instruction at the PC touched a device: do what it would have done. */
static void emulate(struct vcpu *vcpu, struct hpte_access pc,
		    const struct hpte_outcome *outcome)
{
	uint64_t *vsr = &vcpu->regs[HPTE_REG_VSR];
	enum hpte_mmio_action action = HPTE_MMIO_RETRY;
	uint32_t words[2];

	pc.ea = vcpu->regs[HPTE_REG_PC];
	if (fetch(vcpu, &pc, words)) {
		world_save_vectors(vsr);
		action = hpte_mmio_emulate(&vcpu->mmio, outcome, words);
		world_load_vectors(vsr);
	}
	switch (action) {
	case HPTE_MMIO_EMULATED:
		return;
	case HPTE_MMIO_RETRY:
		count(COUNT_RETRY, 1);
		return;
	case HPTE_MMIO_REFLECT:
		emulated_interrupt(vcpu);
		return;
	case HPTE_MMIO_HOST:
		stop_guest("machine check while MSR[ME] is 0");
	case HPTE_MMIO_WAIT:
		break;			/* none of our devices is that slow */
	}
	stop_guest("an answer of libhpte that cannot be");
}

/*
 * HDSI, HISI: an access that the table could not serve.  Its page is missing
 * or protected for the guest, which then gets the interrupt; or only for the
 * hardware, because the host has not mapped it or it is a device.
 */
static void storage(struct vcpu *vcpu, bool fetch)
{
	struct hpte_fault fault;
	struct hpte_outcome outcome;
	bool host_page;

	count(fetch ? COUNT_HISI : COUNT_HDSI, 1);
	fault.flags = fetch ? HPTE_FAULT_FETCH : 0;
	fault.status = (uint32_t)(fetch ? vcpu->why & SRR1_STORAGE :
					  mfspr(SPR_HDSISR));
	fault.access.ea = fetch ? vcpu->regs[HPTE_REG_PC] : mfspr(SPR_HDAR);
	fault.access.msr = vcpu->regs[HPTE_REG_MSR];
	fault.access.vrma = guest.vrma;
	fault.access.amr = mfspr(SPR_AMR);
	fault.access.iamr = mfspr(SPR_IAMR);
	if (!machine_fault_segment(fault.access.ea, &fault.access.descriptor))
		fault.flags |= HPTE_FAULT_NO_SEGMENT;

	hpte_fault_resolve(&vcpu->fault, &fault, &outcome);
	host_page = outcome.action == HPTE_FAULT_HOST_PAGE;
	vcpu->in_fault = true;			/* host.c: map_page() */
	hpte_fault_complete(&vcpu->fault, &outcome);
	vcpu->in_fault = false;

	switch ((enum hpte_fault_action)outcome.action) {
	case HPTE_FAULT_RETRY:
		count(COUNT_RETRY, 1);
		count(COUNT_PROMOTED, host_page);
		return;
	case HPTE_FAULT_DSI:
		deliver_data(vcpu, 0x300, outcome.dar, outcome.bits);
		return;
	case HPTE_FAULT_DSEG:
		vcpu->dar = outcome.dar;
		deliver(vcpu, 0x380, 0);
		return;
	case HPTE_FAULT_ISI:
		deliver(vcpu, 0x400, outcome.bits);
		return;
	case HPTE_FAULT_ISEG:
		deliver(vcpu, 0x480, 0);
		return;
	case HPTE_FAULT_MMIO:
		count(COUNT_EMULATED, 1);
		emulate(vcpu, fault.access, &outcome);
		return;
	case HPTE_FAULT_HOST_PAGE:
	case HPTE_FAULT_HOST_ERROR:
		break;
	}
	stop_guest("no page for it");
}

void exit_handle(struct vcpu *vcpu)
{
	uint64_t msr = vcpu->regs[HPTE_REG_MSR];

	if (msr & MSR_HV)
		stop_guest("an interrupt of the visor itself");
	vcpu->why = msr & SRR1_WHY;
	vcpu->regs[HPTE_REG_MSR] = msr & ~(uint64_t)SRR1_WHY;

	switch (vcpu->vector) {
	case 0x980:			/* hypervisor decrementer */
		machine_set_alarm(HEARTBEAT);
		platform_tick(vcpu);
		break;
	case 0xE80:			/* machine_kick(): to come here */
		break;
	case 0xC00:
		hypercall(vcpu);
		break;
	case 0xE00:
		storage(vcpu, false);
		break;
	case 0xE20:
		storage(vcpu, true);
		break;
	case 0xE40:			/* an instruction the CPU has not */
	case 0xF80:			/* or HFSCR does not allow */
		console_note("an instruction that is none here",
			     vcpu->regs[HPTE_REG_PC]);
		deliver(vcpu, 0x700, SRR1_ILLEGAL);
		break;
	case 0x200:			/* machine check */
		deliver(vcpu, 0x200, vcpu->why);
		break;
	default:
		stop_guest("an interrupt nobody has asked for");
	}
	platform_enter(vcpu);
	threads_meet(vcpu);
}
