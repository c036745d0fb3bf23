/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hptctl/guest.h - the machine a recording is replayed on: one guest with a
 * table of libhpte and a host that gives it flat RAM.
 */
#ifndef HPTCTL_GUEST_H
#define HPTCTL_GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hpte/hpte.h"

#define GUEST_MAPPINGS	4U	/* table and side array, now and pending */

/**
 * struct guest_config - facts about the machine
 * @ram:	bytes of RAM from address 0; all above is I/O
 * @max_page:	log2 bytes of the largest page
 * @order_max:	log2 bytes of the largest table a resize may ask for
 * @cpu:	HPTE_CPU_*
 * @walker:	the table has a hardware walker: entries become valid
 * @format:	HPTE_FORMAT_* of the table in memory
 */
struct guest_config {
	uint64_t ram;
	unsigned int max_page;
	unsigned int order_max;
	unsigned int cpu;
	bool walker;
	uint8_t format;
};

struct guest_mapping {
	void *start;
	size_t bytes;
};

/**
 * struct guest - the machine
 * @invalidations: tlbie operands the host was given
 * @flushes:	calls that gave them, and flushes of everything
 * @promotions:	absent entries that were made valid
 * @upgrades:	narrowed entries that a store made writable again
 * @counters:	events of all its tables
 */
struct guest {
	struct guest_config config;
	struct hpte_caps caps;
	struct hpte_table table;
	struct hpte_vm vm;
	struct guest_mapping mappings[GUEST_MAPPINGS];
	uint64_t invalidations;
	uint64_t flushes;
	uint64_t promotions;
	uint64_t upgrades;
	struct hpte_counters counters;
};

/* guest_init() - a machine that is switched off */
void guest_init(struct guest *guest, const struct guest_config *config);

/**
 * guest_power_on() - give it a new empty table; a pending resize is dropped
 * @order:	18..46
 * @why:	where to put the reason if it fails
 * @why_bytes:	room there
 */
bool guest_power_on(struct guest *guest, unsigned int order, char *why,
		    size_t why_bytes);

/**
 * guest_promote() - what the host does when the walker found no valid entry
 *
 * Return: HPTE_OK, also if @view is valid already, or HPTE_ERR_*.
 */
int guest_promote(struct guest *guest, const struct hpte_view *view);

/**
 * guest_access() - an access through a RAM entry that permits it
 * @view:	the entry as the guest sees it
 * @store:	it is a store
 *
 * Does what happens with a walker: the host is called while the hardware's
 * entry is absent, or still narrowed to reading after a change of rights and
 * this is a store.  Then the entry as it lies in the table must be what the
 * guest wants, mapped to the host's page.
 *
 * Return: false if it is not.
 */
bool guest_access(struct guest *guest, const struct hpte_view *view,
		  bool store);

/* guest_power_off() - give all memory back */
void guest_power_off(struct guest *guest);

#endif /* HPTCTL_GUEST_H */
