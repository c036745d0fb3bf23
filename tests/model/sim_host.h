/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/model/sim_host.h - the host and the hardware the library runs on in
 * the model's tests.
 *
 * Its callbacks give the answers that struct model_host states and record
 * what they were told; tlb_invalidate() empties a TLB that a simulated
 * walker fills.
 */
#ifndef TEST_MODEL_SIM_HOST_H
#define TEST_MODEL_SIM_HOST_H

#include <hpte/hpte.h>

#include "model.h"
#include "tlb_model.h"

#define SIM_EVENTS	4096U
#define SIM_TABLES	4U
#define SIM_DEVICES	MODEL_REGIONS

/**
 * struct sim_event - one callback
 * @kind:	which, and the fields it has
 * @gpa:	where
 * @bytes:	how much
 * @from:	want_write of map_page(), number a device is given
 * @rb:		operand of a MODEL_NOTE_FLUSH
 */
struct sim_event {
	enum model_note_kind kind;
	uint64_t gpa;
	uint64_t bytes;
	uint64_t from;
	uint64_t rb;
};

struct sim_host;

struct sim_device {
	struct sim_host *host;
	uint64_t start;
};

struct sim_table {
	struct hpte_memory memory;
	unsigned int order;
};

/**
 * struct sim_host - host and hardware
 * @ops:	callbacks; those that @answer has not got are NULL
 * @answer:	what they answer; shared with the model
 * @tlb:	what the walkers hold
 * @event:	callbacks during the latest operation
 * @events:	how many
 * @accesses:	how many of them were to devices
 * @flush_all:	tlb_invalidate_all() was called
 * @wrong:	first rule of host.h that the library broke, or NULL
 * @in_use:	the library's table, whose storage must not be taken away
 * @stopped:	the other CPUs are out of the guest
 * @table:	storage handed out
 * @tables:	how many
 * @flags:	HPTE_TABLE_*, for the size of a side array
 * @cpu:	HPTE_CPU_*, the same
 * @device:	what stands in each region, if it is for IO
 * @slot:	of the bus
 * @bus:	they are on
 */
struct sim_host {
	struct hpte_host_ops ops;
	struct model_host answer;
	struct tlb_model tlb;
	struct sim_event event[SIM_EVENTS];
	unsigned int events;
	unsigned int accesses;
	bool flush_all;
	const char *wrong;
	const struct hpte_table *in_use;
	bool stopped;
	struct sim_table table[SIM_TABLES];
	unsigned int tables;
	unsigned int flags;
	unsigned int cpu;
	struct sim_device device[SIM_DEVICES];
	struct hpte_mmio_slot slot[SIM_DEVICES];
	struct hpte_mmio bus;
};

/* sim_host_init() - callbacks for the answers already filled in. */
void sim_host_init(struct sim_host *host, unsigned int flags,
		   unsigned int cpu);

/* sim_host_fini() - give all storage back. */
void sim_host_fini(struct sim_host *host);

/* sim_host_forget() - start recording anew. */
void sim_host_forget(struct sim_host *host);

/* sim_host_table() - storage for a table; false: there is none. */
bool sim_host_table(struct sim_host *host, unsigned int order,
		    struct hpte_memory *memory);

/* sim_host_devices() - the bus: a device in every IO region, or none at all. */
void sim_host_devices(struct sim_host *host);

/* sim_host_change() - a region of the memory map becomes something else. */
void sim_host_change(struct sim_host *host, unsigned int number,
		     enum hpte_backing_kind kind);

/* sim_host_page() - what a host passes to hpte_table_promote(). */
bool sim_host_page(struct sim_host *host, uint64_t gpa, unsigned int shift,
		   struct hpte_host_page *page);

#endif /* TEST_MODEL_SIM_HOST_H */
