/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/visor/platform/steal.c - the host takes pages back, at random.
 *
 * As a host does that is short of memory: an entry loses V, whatever the guest
 * is doing with it, and its next use is a fault.
 */
#include "platform.h"

#define PERIOD		(SECOND / 1000)
#define TRIES		8U		/* each period */
#define LOOK		1024U		/* entries a try looks at */

/* xorshift64* [Marsaglia, Vigna] */
static uint64_t next(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * UINT64_C(0x2545F4914F6CDD1D);
}

static bool valid(uint64_t index)
{
	const hpte_be64_t *entry = hpte_table_base(&guest.table);

	return hpte_be64_to_host(__atomic_load_n(&entry[2 * index],
						 __ATOMIC_RELAXED)) &
	       HPTE_DW0_V;
}

/* The first valid entry from here on, if there is one near. */
static void steal_one(uint64_t index)
{
	uint64_t mask = hpte_table_entries(&guest.table) - 1;

	for (uint64_t i = index; i < index + LOOK; i++) {
		if (!valid(i & mask))
			continue;
		/* AGAIN: somebody else is at work on it: it is spared */
		count(COUNT_STOLEN,
		      hpte_table_demote(&guest.table, i & mask) == HPTE_OK);
		return;
	}
}

void steal_some(struct vcpu *vcpu)
{
	if (!vcpu->random)
		vcpu->random = mfspr(SPR_TB) | 1;
	for (unsigned int i = 0; i < TRIES; i++)
		steal_one(next(&vcpu->random));
	machine_set_alarm(PERIOD);
}
