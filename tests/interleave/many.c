/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/interleave/many.c - operations: the functions of many.h, which the
 * host calls.  Each request is an operation of its own in the order of the
 * array; of a batch there is one search.
 */
#include "hpte/many.h"
#include "libhpte/internal.h"

#include "operation.h"
#include "sched.h"
#include "tell.h"
#include "walker.h"
#include "world.h"

#define SECOND_PAGE	12	/* and on: of the second insert of two */

/* Two of the same address: the first free slots, one after the other. */
void run_insert_many(unsigned int item)
{
	struct hpte_insert_request requests[] = {
		{ .entry = world_entry(3 + item, false, 0) },
		{ .entry = world_entry(SECOND_PAGE + thread_number(), false,
				       0) },
	};
	size_t inserted = hpte_table_insert_many(&world.table, requests, 2);

	for (unsigned int i = 0; i < 2; i++) {
		bool done = requests[i].status == HPTE_OK;

		if (!done && requests[i].status != HPTE_ERR_FULL)
			violated("an insert of two answers %d",
				 (int)requests[i].status);
		tell_insert(item, done ? (unsigned int)requests[i].used : SLOTS,
			    done, &requests[i].entry, false);
		inserted -= done;
	}
	if (inserted)
		violated("insert_many counts wrong");
}

static void many_freed(unsigned int item, unsigned int slot,
		       const struct hpte_remove_request *request)
{
	if (request->status != HPTE_OK)
		return;
	tell_entry(history_step(item, STEP_FREE, slot), request->removed.dw0,
		   request->removed.dw1);
	check_accounted(request->removed.dw1, VERSIONS);
}

/* Slot 0 if the AVPN is right, slot 1 in any case. */
void run_remove_many(unsigned int item)
{
	struct hpte_remove_request requests[SLOTS] = {
		{ .index = 0, .only = conditions[0] }, { .index = 1 },
	};
	/* where nobody is told, the first is gone before the second */
	bool apart = table_private(&world.table);
	size_t removed = hpte_table_remove_many(&world.table, requests, SLOTS);

	for (unsigned int slot = 0; slot < SLOTS; slot++) {
		const struct hpte_condition *only = slot ? NULL :
							   &conditions[0];

		if (requests[slot].status == HPTE_OK)
			tell_unlink(item, slot, only);
		else if (requests[slot].status == HPTE_ERR_NOTFOUND)
			history_step(item, STEP_NOT_FOUND, slot)->only = only;
		else
			violated("a remove of two answers %d",
				 (int)requests[slot].status);
		if (apart)
			many_freed(item, slot, &requests[slot]);
	}
	for (unsigned int slot = 0; slot < SLOTS; slot++) {
		if (!apart)
			many_freed(item, slot, &requests[slot]);
		check_removed(slot);
		removed -= requests[slot].status == HPTE_OK;
	}
	if (removed)
		violated("remove_many counts wrong");
}

void run_find_many(unsigned int item)
{
	struct hpte_find_request request = {
		.descriptor = world_descriptor(),
	};
	size_t found = hpte_table_find_many(&world.table, &request, 1, 0);

	if (tell_search(item, request.status, &request.view) != found)
		violated("find_many counts wrong");
}
