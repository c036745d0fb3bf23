/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/interleave/fault.c - an operation: a store that hardware could not
 * translate, decided and completed as a hypervisor does.
 *
 * In scenarios where all entries of the address are in slot 0: the decision
 * does not always say which entry it is about.
 */
#include <string.h>

#include "libhpte/internal.h"
#include "hpte/fault.h"

#include "operation.h"
#include "sched.h"
#include "world.h"

/* The guest is told that it has no entry, or one that is read-only. */
static void reflected(unsigned int item, const struct hpte_outcome *outcome)
{
	const struct hpte_va va = world_va(false);
	struct step *step;

	if (outcome->bits & HPTE_FAULT_NO_ENTRY) {
		for (unsigned int slot = 0; slot < SLOTS; slot++)
			history_step(item, STEP_NO_MATCH, slot)->entry.dw0 =
				hpte_hash_dw0(&va);
		return;
	}
	if (!(outcome->bits & HPTE_FAULT_PROTECTION))
		violated("a fault is reflected as %#x", outcome->bits);
	step = history_step(item, STEP_READ, 0);
	step->entry = world_entry(0, false, HPTE_DW1_PP);
	step->mask = HPTE_DW1_PP;
}

static void store_fault(unsigned int item, uint32_t reason)
{
	struct hpte_fault fault = {
		.access = { .msr = HPTE_MSR_IR | HPTE_MSR_DR,
			    .descriptor = world_descriptor() },
		.status = reason | HPTE_FAULT_STORE,
	};
	struct hpte_outcome outcome;
	struct hpte_vcpu vcpu;
	struct step *step;

	memset(&outcome, 0, sizeof(outcome));
	hpte_fault_init(&vcpu, &world.table);
	hpte_fault_resolve(&vcpu, &fault, &outcome);
	switch (outcome.action) {
	case HPTE_FAULT_RETRY:
		/* after "protection" it says nothing about the entry */
		if (reason == HPTE_FAULT_NO_ENTRY)
			history_step(item, STEP_THERE, 0);
		return;
	case HPTE_FAULT_DSI:
		reflected(item, &outcome);
		return;
	case HPTE_FAULT_HOST_PAGE:
	case HPTE_FAULT_MMIO:
		step = history_step(item, STEP_READ,
				    (unsigned int)outcome.priv_view.index);
		step->entry = outcome.priv_view.guest;
		check_no_host(step->entry.dw1);
		check_no_host(outcome.gpa);
		break;
	default:
		violated("a fault is decided as %u", outcome.action);
	}
	if (outcome.action == HPTE_FAULT_MMIO)
		return;
	hpte_fault_complete(&vcpu, &outcome);
	if (outcome.action != HPTE_FAULT_RETRY)
		violated("a fault is completed as %u", outcome.action);
}

void run_fault(unsigned int item)
{
	store_fault(item, HPTE_FAULT_NO_ENTRY);
}

/* Of a page that the host had made read-only. */
void run_fault_protection(unsigned int item)
{
	store_fault(item, HPTE_FAULT_PROTECTION);
}
