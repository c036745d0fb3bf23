/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/model/driver_fault.c - storage interrupts, on both.
 *
 * A decision for the host's page is completed at once or some steps later,
 * when the entry may be another; everything else at once.
 */
#include "driver.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

void driver_start_cpus(struct driver *d)
{
	unsigned int i;

	for (i = 0; i < DRIVER_CPUS; i++) {
		hpte_fault_init(&d->cpu[i].vcpu, &d->table);
		driver_start_mmio(d, i);
	}
}

static bool differs(const struct driver_cpu *cpu)
{
	const struct hpte_outcome *theirs = &cpu->outcome;
	const struct model_decision *mine = &cpu->decision;

	return theirs->action != mine->action ||
	       (mine->action == HPTE_FAULT_MMIO &&
		theirs->gpa != mine->gpa) ||
	       ((mine->action == HPTE_FAULT_DSI ||
		 mine->action == HPTE_FAULT_ISI) &&
		theirs->bits != mine->bits);
}

static void compare_decision(struct driver *d, const struct driver_cpu *cpu)
{
	const struct hpte_outcome *theirs = &cpu->outcome;
	const struct model_decision *mine = &cpu->decision;
	bool reflected = mine->action == HPTE_FAULT_DSI ||
			 mine->action == HPTE_FAULT_ISI;
	bool accessed = mine->action == HPTE_FAULT_MMIO ||
			mine->action == HPTE_FAULT_HOST_PAGE;

	if (theirs->action != mine->action)
		driver_fail(d, "action %" PRIu32 ", model %d", theirs->action,
			    mine->action);
	if (reflected && theirs->bits != mine->bits)
		driver_fail(d, "bits %" PRIx32 ", model %" PRIx32,
			    theirs->bits, mine->bits);
	if ((mine->action == HPTE_FAULT_DSI ||
	     mine->action == HPTE_FAULT_DSEG || accessed) &&
	    theirs->dar != cpu->fault.access.ea)
		driver_fail(d, "DAR %" PRIx64, theirs->dar);
	if (accessed && (theirs->gpa != mine->gpa ||
			 theirs->shift != mine->shift ||
			 theirs->is_store != mine->is_store))
		driver_fail(d, "%s of %" PRIx64 " in 2^%u bytes, model %s of %"
			    PRIx64 " in 2^%u",
			    theirs->is_store ? "store" : "load", theirs->gpa,
			    theirs->shift, mine->is_store ? "store" : "load",
			    mine->gpa, mine->shift);
	if (mine->action == HPTE_FAULT_MMIO &&
	    theirs->fetch_now != mine->fetch_now)
		driver_fail(d, "fetch_now %d", theirs->fetch_now);
}

/* The library has chosen another of several entries for the address. */
static void follow_other(struct driver *d, struct driver_cpu *cpu)
{
	const struct hpte_outcome *theirs = &cpu->outcome;
	struct model_decision other = cpu->decision;
	unsigned int nth;

	for (nth = 0; nth < MODEL_SEARCHED; nth++)
		if (model_resolve_other(&d->model, &cpu->fault, nth, &other) &&
		    theirs->action == other.action &&
		    (other.action == HPTE_FAULT_MMIO ?
		     theirs->gpa == other.gpa : theirs->bits == other.bits))
			cpu->decision = other;
}

/* What the library did with an entry that has been touched meanwhile. */
static bool has_mapped(struct driver *d, uint64_t index)
{
	uint64_t dw0;
	uint64_t dw1;

	tlb_model_decode(hpte_table_base(&d->table), d->caps.format, index,
			 &dw0, &dw1);
	return (dw0 & MODEL_V) &&
	       (dw1 & ~MODEL_RC) == model_hardware(&d->model, index);
}

static void complete(struct driver *d, struct driver_cpu *cpu)
{
	uint64_t generation = hpte_table_generation(&d->table);
	uint64_t index = cpu->decision.index;
	enum model_mapping mapping;

	sim_host_forget(&d->host);
	cpu->open = false;
	hpte_fault_complete(&cpu->vcpu, &cpu->outcome);
	mapping = model_complete(&d->model, &cpu->fault, &cpu->decision);
	if (mapping == MODEL_MAP_EITHER && has_mapped(d, index))
		mapping = MODEL_MAP_YES;
	if (mapping == MODEL_MAP_YES)
		model_map_fault(&d->model, index);
	compare_decision(d, cpu);
	compare_notes(d);
	if (d->model.generation &&
	    hpte_table_generation(&d->table) <= generation)
		driver_fail(d, "generation did not grow");
	d->decisions[cpu->decision.action]++;
	if (cpu->decision.action == HPTE_FAULT_MMIO)
		driver_emulate(d, cpu);
	if (mapping != MODEL_MAP_YES)
		return;
	/* the access happens again, and finds the page */
	d->mapped++;
	driver_walk(d, index);
}

/* There is nothing to complete in any other decision. */
static void complete_nothing(struct driver *d, struct driver_cpu *cpu)
{
	struct hpte_outcome before;

	memcpy(&before, &cpu->outcome, sizeof(before));
	hpte_fault_complete(&cpu->vcpu, &cpu->outcome);
	if (memcmp(&before, &cpu->outcome, sizeof(before)))
		driver_fail(d, "completing nothing changes the decision");
	compare_notes(d);
}

static void decide(struct driver *d, struct driver_cpu *cpu)
{
	hpte_fault_resolve(&cpu->vcpu, &cpu->fault, &cpu->outcome);
	model_resolve(&d->model, &cpu->fault, &cpu->decision);
	if (d->host.answer.has_classify && differs(cpu))
		follow_other(d, cpu);
	compare_decision(d, cpu);
	compare_notes(d);
	d->decisions[cpu->decision.action]++;
}

static void resolve(struct driver *d, struct driver_cpu *cpu)
{
	const struct hpte_access *access = &cpu->fault.access;

	generate_fault(d, cpu->fault.access.vrma && generate_chance(d, 4),
		       &cpu->fault);
	driver_text(d, "cpu %u fault ea %" PRIx64 " status %" PRIx32
		    " flags %" PRIx32 " msr %" PRIx64 " segment %" PRIx64
		    " vrma %" PRIx64 " amr %" PRIx64 " iamr %" PRIx64,
		    (unsigned int)(cpu - d->cpu), access->ea,
		    cpu->fault.status, cpu->fault.flags, access->msr,
		    access->descriptor, access->vrma, access->amr,
		    access->iamr);
	decide(d, cpu);
}

void driver_step_fault(struct driver *d)
{
	struct driver_cpu *cpu =
		&d->cpu[test_random_below(&d->random, DRIVER_CPUS)];

	if (cpu->model.waits) {
		driver_answer(d, cpu);
		return;
	}
	if (cpu->open) {
		driver_text(d, "cpu %u completes",
			    (unsigned int)(cpu - d->cpu));
		complete(d, cpu);
		return;
	}
	resolve(d, cpu);
	/* and sometimes when there is nothing to emulate */
	if (cpu->decision.action == HPTE_FAULT_MMIO || generate_chance(d, 64))
		driver_emulate(d, cpu);
	/* a device that was used just now may go */
	if (cpu->decision.action == HPTE_FAULT_MMIO && generate_chance(d, 8)) {
		driver_step_plug(d);
		return;
	}
	if (cpu->decision.action != HPTE_FAULT_HOST_PAGE) {
		complete_nothing(d, cpu);
		return;
	}
	cpu->open = generate_chance(d, 3);
	if (!cpu->open)
		complete(d, cpu);
}

/* Whose entries the host unmaps before it changes the region. */
static bool lies_in(const struct model_entry *entry,
		    const struct model_region *region)
{
	struct model_page page;

	return entry->live && entry->valid &&
	       model_page_of(entry->dw0, entry->dw1, &page) &&
	       model_real(entry->dw1, &page) - region->start < region->bytes;
}

void driver_step_plug(struct driver *d)
{
	static const enum hpte_backing_kind kinds[] = {
		HPTE_BACKING_RAM, HPTE_BACKING_IO, HPTE_BACKING_IO,
		HPTE_BACKING_HOLE, HPTE_BACKING_RESCINDED
	};
	enum hpte_backing_kind kind =
		kinds[test_random_below(&d->random, 5)];
	const struct model_region *region =
		&d->host.answer.region[DRIVER_PLUG];
	uint64_t i;

	driver_text(d, "a region becomes %d", (int)kind);
	for (i = 0; i < DRIVER_CPUS; i++)
		if (d->cpu[i].model.waits)
			return;
	for (i = 0; i < model_entries(&d->model); i++)
		if (lies_in(&d->model.entry[i], region))
			driver_demote(d, i);
	sim_host_change(&d->host, DRIVER_PLUG, kind);
	hpte_fault_forget(&d->table);
	for (i = 0; i < DRIVER_CPUS; i++) {
		sim_host_forget(&d->host);
		if (d->cpu[i].decision.action == HPTE_FAULT_MMIO)
			decide(d, &d->cpu[i]);
		d->cpu[i].open = d->cpu[i].decision.action ==
				 HPTE_FAULT_HOST_PAGE;
	}
}
