/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/model/driver.h - one guest twice: on the library and on the model.
 */
#ifndef TEST_MODEL_DRIVER_H
#define TEST_MODEL_DRIVER_H

#include <hpte/hpte.h>

#include "model.h"
#include "model_fault.h"
#include "model_mmio.h"
#include "random.h"
#include "sim_host.h"
#include "tlb_model.h"

#define DRIVER_PAGES		48U	/* virtual pages the guest maps */
#define DRIVER_VRMA_PAGES	3U	/* the first of them */
#define DRIVER_CPUS		2U
#define DRIVER_PLUG		0U	/* the region that changes */
#define DRIVER_HISTORY		20U	/* steps shown when one fails */
#define DRIVER_STEP_TEXT	800U

/* A virtual page of the guest. */
struct driver_page {
	struct model_va va;
	struct model_page page;
	uint64_t l;
	uint64_t lp;
};

/* What the tests differ in. */
struct driver_kind {
	const char *name;
	bool walker;
	bool strict;
	uint8_t format;
	unsigned int cpu;
};

/**
 * struct driver_cpu - a guest CPU
 * @vcpu:	its cache of device translations, in the library
 * @mmio:	its emulation, in the library
 * @image:	its registers there
 * @model:	its emulation and registers in the model
 * @fault:	the latest storage interrupt
 * @outcome:	what the library decided
 * @decision:	what the model decided
 * @open:	that was HOST_PAGE and has not been completed
 */
struct driver_cpu {
	struct hpte_vcpu vcpu;
	struct hpte_mmio_cpu mmio;
	uint64_t image[HPTE_REG_COUNT];
	struct model_emulation model;
	struct hpte_fault fault;
	struct hpte_outcome outcome;
	struct model_decision decision;
	bool open;
};

#define DRIVER_DECISIONS	8U	/* kinds of them */
#define DRIVER_EMULATIONS	5U

/**
 * struct driver - a run
 * @kind:	of table
 * @seed:	of this episode
 * @step:	number of the step under way
 * @random:	source of every choice
 * @host:	host and hardware
 * @caps:	facts about the guest
 * @table:	the library's table
 * @vm:		the library's guest
 * @model:	the model's guest
 * @page:	what the guest maps
 * @history:	texts of the latest steps
 * @hcalls:	steps that were hypercalls
 * @valid_seen:	translations the walker has used
 * @cpu:	the guest's
 * @decisions:	on storage interrupts, by action
 * @emulations:	ends of instructions, by action
 * @mapped:	pages that storage interrupts have given to hardware
 */
struct driver {
	const struct driver_kind *kind;
	uint64_t seed;
	uint64_t step;
	struct test_random random;
	struct sim_host host;
	struct hpte_caps caps;
	struct hpte_table table;
	struct hpte_vm vm;
	struct model model;
	struct driver_page page[DRIVER_PAGES];
	char history[DRIVER_HISTORY][DRIVER_STEP_TEXT];
	uint64_t hcalls;
	uint64_t successes;
	uint64_t valid_seen;
	struct driver_cpu cpu[DRIVER_CPUS];
	uint64_t decisions[DRIVER_DECISIONS];
	uint64_t emulations[DRIVER_EMULATIONS];
	uint64_t mapped;
};

/* driver_start() - an empty guest with random facts and a random host. */
void driver_start(struct driver *d, const struct driver_kind *kind,
		  uint64_t seed);

/* driver_stop() - the end of it. */
void driver_stop(struct driver *d);

/* driver_step() - one random hypercall or event, on both, compared. */
void driver_step(struct driver *d);

/* driver_fault.c: storage interrupts. */

/* driver_start_cpus() - guest CPUs that have done nothing. */
void driver_start_cpus(struct driver *d);

/* driver_step_fault() - one, or the completion of one. */
void driver_step_fault(struct driver *d);

/* driver_step_plug() - the host changes its memory map. */
void driver_step_plug(struct driver *d);

/* driver_walk() - hardware uses an entry, if it may. */
void driver_walk(struct driver *d, uint64_t index);

/* driver_demote() - the host unmaps an entry, if it is valid. */
void driver_demote(struct driver *d, uint64_t index);

/* driver_mmio.c: instructions. */

/* driver_start_mmio() - the emulation of a CPU, by number. */
void driver_start_mmio(struct driver *d, unsigned int number);

/* driver_emulate() - the instruction behind an MMIO decision. */
void driver_emulate(struct driver *d, struct driver_cpu *cpu);

/* driver_answer() - a device answers, or the host gives up. */
void driver_answer(struct driver *d, struct driver_cpu *cpu);

/* driver_text() - describe the step under way, or say more of it. */
__attribute__((format(printf, 2, 3)))
void driver_text(struct driver *d, const char *format, ...);

/* driver_fail() - say what went wrong and how to see it again; no return. */
__attribute__((format(printf, 2, 3), noreturn))
void driver_fail(struct driver *d, const char *format, ...);

/* generate.c: what a guest might ask. */

/* generate_universe() - choose the pages of this episode. */
void generate_universe(struct driver *d);

/* generate_hcall() - registers of a hypercall. */
void generate_hcall(struct driver *d, uint64_t *gpr, uint64_t *msr);

/* generate_index() - mostly an entry that exists. */
uint64_t generate_index(struct driver *d);

/* generate_used() - an entry that a walker, or an emulator, can use. */
uint64_t generate_used(struct driver *d);

/* generate_chance() - true once in n times. */
bool generate_chance(struct driver *d, uint64_t n);

/* generate_page() - a page of the guest. */
const struct driver_page *generate_page(struct driver *d);

/* generate_fault.c: what storage interrupts there are. */

/* generate_fault() - one; again: at the address of @fault. */
void generate_fault(struct driver *d, bool again, struct hpte_fault *fault);

/* generate_insn() - one that may have been the reason, and registers. */
void generate_insn(struct driver *d, const struct driver_cpu *cpu,
		   struct model_registers *registers, uint32_t words[2]);

/* compare.c: are they the same? */

/* compare_notes() - what the host was told, against what it should be. */
void compare_notes(struct driver *d);

/* compare_safety() - no translation, no host rule has been broken. */
void compare_safety(struct driver *d);

/* compare_table() - every entry, as the guest, the host, hardware see it. */
void compare_table(struct driver *d);

/* compare_find() - hpte_table_find() of one page. */
void compare_find(struct driver *d);

/* compare_demoted() - learn which entries a failed commit made absent. */
void compare_demoted(struct driver *d);

#endif /* TEST_MODEL_DRIVER_H */
