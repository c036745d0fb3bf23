/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/model/model_fault.h - the model: storage interrupts.
 *
 * Takes the library's description of an interrupt and answers with the
 * library's names for decisions.  Has no cache of device translations: the
 * answer must not depend on one.
 *
 * References
 *	[ISA]	Power ISA, Book III, "Hypervisor Data Storage Interrupt",
 *		"Hypervisor Instruction Storage Interrupt", "Virtual Real
 *		Mode Area"
 */
#ifndef TEST_MODEL_FAULT_H
#define TEST_MODEL_FAULT_H

#include <hpte/fault.h>

#include "model.h"

/**
 * struct model_decision - what a storage interrupt is about
 * @action:	HPTE_FAULT_*
 * @bits:	of DSI and ISI
 * @gpa:	of HOST_PAGE and MMIO
 * @shift:	of these, log2 bytes of the page
 * @is_store:	of these
 * @fetch_now:	of MMIO
 * @index:	of the entry, for HOST_PAGE
 * @seen:	what it was then
 */
struct model_decision {
	enum hpte_fault_action action;
	uint32_t bits;
	uint64_t gpa;
	unsigned int shift;
	bool is_store;
	bool fetch_now;
	uint64_t index;
	struct model_entry seen;
};

/* What model_complete() says of the entry. */
enum model_mapping {
	MODEL_MAP_NO,		/* is left as it is */
	MODEL_MAP_YES,		/* now leads to the host's page */
	MODEL_MAP_EITHER	/* the same, but has been touched meanwhile */
};

/* model_resolve() - decide. */
void model_resolve(struct model *model, const struct hpte_fault *fault,
		   struct model_decision *decision);

/**
 * model_resolve_other() - decide by another entry for the same address
 * @model:	guest
 * @fault:	as for model_resolve()
 * @nth:	of the slots that a search looks at
 * @decision:	where to put the answer
 *
 * A guest that has two entries for an address may be told of either; a cache
 * of devices may remember one that was alone when it was used.
 *
 * Return: false if there is no device's entry in that slot.
 */
bool model_resolve_other(struct model *model, const struct hpte_fault *fault,
			 unsigned int nth, struct model_decision *decision);

/**
 * model_complete() - a HOST_PAGE decision, perhaps some time later
 * @model:	guest
 * @fault:	as it was decided on
 * @decision:	in and out
 *
 * Leaves the table alone: model_map_fault() does the rest.
 */
enum model_mapping model_complete(struct model *model,
				  const struct hpte_fault *fault,
				  struct model_decision *decision);

/* model_hardware() - doubleword 1 that it would get, without R and C. */
uint64_t model_hardware(const struct model *model, uint64_t index);

/* model_map_fault() - give the entry to hardware, the rest of completing. */
void model_map_fault(struct model *model, uint64_t index);

/* model_segment() - base page and address of an access; false: it has none. */
bool model_segment(const struct hpte_fault *fault, struct model_va *va,
		   unsigned int *base);

#endif /* TEST_MODEL_FAULT_H */
