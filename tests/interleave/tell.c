/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/interleave/tell.c - answers of operations, as steps of spec.h.
 */
#include "sched.h"
#include "tell.h"
#include "world.h"

void tell_entry(struct step *step, uint64_t dw0, uint64_t dw1)
{
	check_no_host(dw0);
	check_no_host(dw1);
	step->entry = (struct hpte){ dw0, dw1 };
}

void tell_insert(unsigned int item, unsigned int passed, bool done,
		 const struct hpte *entry, bool device)
{
	struct step *step;

	if (passed > SLOTS || (done && passed == SLOTS))
		violated("an insert takes slot %u", passed);
	for (unsigned int slot = 0; slot < passed; slot++)
		history_step(item, STEP_TAKEN, slot);
	if (!done)
		return;
	history_step(item, STEP_RESERVE, passed);
	step = history_step(item, STEP_PUBLISH, passed);
	step->entry = *entry;
	step->mask = !device;
}

void tell_unlink(unsigned int item, unsigned int slot,
		 const struct hpte_condition *only)
{
	history_step(item, STEP_UNLINK, slot)->only = only;
}

bool tell_search(unsigned int item, int status, const struct hpte_view *view)
{
	const struct hpte_va va = world_va(false);
	uint64_t passed = status == HPTE_OK ? view->index : SLOTS;

	if (passed > SLOTS)
		violated("finds slot %u", (unsigned int)passed);
	for (unsigned int slot = 0; slot < passed; slot++)
		history_step(item, STEP_NO_MATCH, slot)->entry.dw0 =
			hpte_hash_dw0(&va);
	if (status == HPTE_OK)
		tell_entry(history_step(item, STEP_READ,
					(unsigned int)passed),
			   view->guest.dw0, view->guest.dw1);
	return status == HPTE_OK;
}
