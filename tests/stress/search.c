/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/stress/search.c - find, and storage interrupts with their cache of
 * device translations.
 */
#include "stress.h"

/* The virtual address that some entry in this slot would map. */
static uint32_t draw_va(struct worker *worker, uint64_t index,
			struct hpte_va *va)
{
	uint32_t id = (uint32_t)test_random_below(&worker->random, IDS);
	struct hpte_page page = page_of(id);
	struct hpte entry = entry_of(id);

	hpte_hash_rebuild(&entry, &page, index, va);
	return id;
}

void do_find(struct worker *worker, uint64_t index)
{
	const uint64_t compared = HPTE_DW0_B | HPTE_DW0_AVPN;
	struct run *run = worker->run;
	struct hpte_view view;
	struct hpte_va va;
	uint32_t id, again;

	id = draw_va(worker, index, &va);
	if (hpte_table_find(&run->table, &va, 0, &view) != HPTE_OK)
		return;
	again = check_guest(run, &view.guest, "find");
	if (((view.guest.dw0 ^ entry_of(id).dw0) & compared) ||
	    view.page.base != va.base)
		fail("find: another entry than asked for");
	if ((state_of(run, again) & GONE) && look(worker, view.index) == again)
		fail("id %u is found, though it is gone", again);
}

static bool same_device(struct worker *worker, const struct hpte_fault *fault,
			uint32_t id)
{
	struct hpte_outcome outcome;

	hpte_fault_resolve(&worker->vcpu, fault, &outcome);
	return outcome.action == HPTE_FAULT_MMIO &&
	       id_of_gpa(outcome.gpa & ~DEVICE_BIT) == id;
}

/*
 * A storage interrupt.  One in four is at a new address, the others are there
 * again: what the virtual CPU has cached of a device must end with the entry.
 */
void do_fault(struct worker *worker, uint64_t index)
{
	struct run *run = worker->run;
	struct hpte_fault fault = { .status = HPTE_FAULT_NO_ENTRY };
	struct hpte_outcome outcome;
	struct hpte_va va;
	uint32_t id;

	if (chance(worker, 4)) {
		(void)draw_va(worker, index, &va);
		worker->last_access.ea = va.offset;
		worker->last_access.msr = HPTE_MSR_DR;
		worker->last_access.descriptor =
			va.vsid << (va.segment == 40 ? 24 : 12) |
			(va.segment == 40 ? HPTE_SLB_B_1T : 0) |
			(va.base == 16 ? HPTE_SLB_L | 0x10 : 0);
	}
	fault.access = worker->last_access;
	if (chance(worker, 2))
		fault.status |= HPTE_FAULT_STORE;
	hpte_fault_resolve(&worker->vcpu, &fault, &outcome);
	if (outcome.action == HPTE_FAULT_MMIO) {
		id = id_of_gpa(outcome.gpa & ~DEVICE_BIT);
		if (id >= IDS || !(state_of(run, id) & BEGUN) ||
		    !is_device(id))
			fail("MMIO at %llx", (unsigned long long)outcome.gpa);
		/* decided before it was gone, perhaps; but not after */
		if ((state_of(run, id) & (GONE | CONVERTED)) &&
		    same_device(worker, &fault, id))
			fail("id %u is still a device", id);
	} else if (outcome.action == HPTE_FAULT_HOST_PAGE) {
		if (outcome.gpa & HOST_BITS)
			fail("fault shows the host's %llx",
			     (unsigned long long)outcome.gpa);
		hpte_fault_complete(&worker->vcpu, &outcome);
	}
}
