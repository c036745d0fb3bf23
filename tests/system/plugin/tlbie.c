/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/plugin/tlbie.c - is every tlbie for an entry that goes?
 *
 * A plugin for QEMU, which itself ignores the operands.  It looks at each
 * tlbie and tlbsync of the hypervisor and at the table, where the CPU has it.
 *
 * Between a tlbie and its tlbsync the entry it is for is still in the table:
 * taken by the CPU that removes or changes it, by the library's BUSY.  So at a
 * tlbsync every tlbie of this CPU since the last must be for such an entry,
 * and each for one of its own.  What is checked:
 *
 *	RB		that which operand.c works out from the entry
 *	RS		the guest's LPID
 *	RIC, PRS, R	0
 *
 * With IS=2, the whole partition, it stands alone and for no entry: none
 * may be taken then.  RIC=2, for cached partition table entries, is allowed.
 * A tlbiel never is: another CPU may use what this one forgets.
 *
 * Runs where QEMU has one thread for all CPUs: with one CPU, or with -icount.
 * One correct tlbie would be called wrong, and no run so far has met it: an
 * owner's that clears R, when another CPU has meanwhile freed the slot.
 *
 * References
 *	[ISA]	Power ISA Versions 2.07 B and 3.0 B, Book III, "TLB
 *		Invalidate Entry"
 */
#include "cpu.h"
#include "operand.h"
#include "qemu-plugin.h"

#include <stdio.h>

#define CPUS		8U	/* as MAX_CPUS and LPID of examples/visor */
#define LPID		1U
#define PENDING		64U	/* tlbies before a tlbsync */
#define COMPLAINTS	10U

/* Instructions without their operands. */
#define OPCODE		0xFC0007FEU
#define TLBIE		0x7C000264U
#define TLBIEL		0x7C000224U
#define TLBSYNC		0x7C00046CU
#define RB(insn)	((insn) >> 11 & 31)
#define RS(insn)	((insn) >> 21 & 31)
#define R_PRS(insn)	((insn) >> 16 & 3)
#define RIC(insn)	((insn) >> 18 & 3)

#define MSR_HV		(UINT64_C(1) << 60)
#define MSR_PR		(UINT64_C(1) << 14)
#define IS(rb)		((rb) >> 10 & 3)

struct tlbie {
	uint64_t rb, rs;
	uint32_t insn;
};

/* Those of a CPU since its last tlbsync. */
struct pending {
	uint64_t cpu;			/* PIR + 1; 0: of none yet */
	unsigned int count;
	struct tlbie tlbie[PENDING];
};

static struct pending cpus[CPUS];
static unsigned int checked, whole, wrong;

static void complain(const struct tlbie *tlbie, const char *why)
{
	if (wrong++ < COMPLAINTS)
		fprintf(stderr, "tlbie: wrong: %s: %08x RB=%016llx RS=%llx\n",
			why, tlbie->insn, (unsigned long long)tlbie->rb,
			(unsigned long long)tlbie->rs);
}

/*
 * By PIR: with -icount, QEMU 10.0 calls by the number of the CPU for which it
 * has translated the instruction, whichever executes it.
 */
static struct pending *this_cpu(void)
{
	uint64_t cpu = read_register("pir") + 1;
	unsigned int i = 0;

	while (i < CPUS && cpus[i].cpu && cpus[i].cpu != cpu)
		i++;
	if (i == CPUS)
		give_up("too many CPUs");
	cpus[i].cpu = cpu;
	return &cpus[i];
}

/* What is wrong with it, whatever is in the table; or NULL. */
static const char *form_problem(const struct tlbie *tlbie)
{
	if ((tlbie->insn & OPCODE) != TLBIE)
		return "one CPU only";
	if (R_PRS(tlbie->insn))
		return "R or PRS";
	if (RIC(tlbie->insn) && !(RIC(tlbie->insn) == 2 && IS(tlbie->rb) == 2))
		return "RIC";
	if (tlbie->rs != LPID)
		return "RS";
	return IS(tlbie->rb) % 2 ? "IS" : NULL;
}

/* Strike out one pending tlbie that is for this entry. */
static void strike(struct pending *pending, const struct slot *slot)
{
	uint64_t rb = slot_operand(slot);

	for (unsigned int i = 0; i < pending->count; i++)
		if (pending->tlbie[i].rb == rb) {
			pending->tlbie[i] = pending->tlbie[--pending->count];
			return;
		}
}

/* Strike out all that are for an entry; return how many are taken. */
static unsigned int search_table(struct pending *pending)
{
	unsigned int taken = 0;
	struct slot slot;
	uint64_t bytes;
	uint64_t base = find_table(LPID, &bytes, &slot.isa_300);
	const uint8_t *table = bytes ? storage(base, bytes) : NULL;

	for (uint64_t at = 0; at < bytes; at += 16) {
		slot.dw0 = big_endian(table + at, 8);
		slot.dw1 = big_endian(table + at + 8, 8);
		slot.group = at / 128;
		if (!slot_between(&slot))
			continue;
		taken++;
		strike(pending, &slot);
	}
	return taken;
}

static void at_tlbsync(unsigned int number, void *context)
{
	struct pending *pending = this_cpu();
	bool all = pending->count == 1 && IS(pending->tlbie[0].rb) == 2;
	unsigned int taken;

	(void)number, (void)context;
	if (!pending->count)
		return;
	*(all ? &whole : &checked) += pending->count;
	taken = search_table(pending);
	if (all && !taken)
		pending->count = 0;
	for (unsigned int i = 0; i < pending->count; i++)
		complain(&pending->tlbie[i], all ? "an entry is taken" :
						   "no such entry is taken");
	pending->count = 0;
}

/* A guest that tries it is interrupted instead. */
static void at_tlbie(unsigned int number, void *context)
{
	uint32_t insn = (uint32_t)(uintptr_t)context;
	struct pending *pending = this_cpu();
	struct tlbie tlbie = { .insn = insn };
	const char *problem;
	char rb[8], rs[8];

	(void)number;
	if ((read_register("msr") & (MSR_HV | MSR_PR)) != MSR_HV)
		return;
	snprintf(rb, sizeof(rb), "r%u", RB(insn));
	snprintf(rs, sizeof(rs), "r%u", RS(insn));
	tlbie.rb = read_register(rb);
	tlbie.rs = read_register(rs);
	problem = form_problem(&tlbie);
	if (problem)
		complain(&tlbie, problem);
	else if (pending->count == PENDING)
		complain(&tlbie, "no tlbsync");
	else
		pending->tlbie[pending->count++] = tlbie;
}

static void at_translation(uint64_t id, struct qemu_plugin_tb *block)
{
	(void)id;
	for (size_t i = 0; i < qemu_plugin_tb_n_insns(block); i++) {
		struct qemu_plugin_insn *each =
			qemu_plugin_tb_get_insn(block, i);
		uint8_t bytes[4] = { 0 };
		uintptr_t insn;

		/* the hypervisor is big-endian */
		qemu_plugin_insn_data(each, bytes, sizeof(bytes));
		insn = big_endian(bytes, sizeof(bytes));
		if ((insn & OPCODE) == TLBSYNC)
			qemu_plugin_register_vcpu_insn_exec_cb(
				each, at_tlbsync, PLUGIN_READS, NULL);
		if ((insn & OPCODE) == TLBIE || (insn & OPCODE) == TLBIEL)
			qemu_plugin_register_vcpu_insn_exec_cb(
				each, at_tlbie, PLUGIN_READS, (void *)insn);
	}
}

static void at_exit(uint64_t id, void *context)
{
	(void)id, (void)context;
	for (unsigned int cpu = 0; cpu < CPUS; cpu++)
		for (unsigned int i = 0; i < cpus[cpu].count; i++)
			complain(&cpus[cpu].tlbie[i], "no tlbsync");
	fprintf(stderr, "tlbie: %u checked, %u whole, %u wrong\n", checked,
		whole, wrong);
}

PLUGIN_EXPORT int qemu_plugin_version = PLUGIN_VERSION;
PLUGIN_EXPORT int qemu_plugin_install(uint64_t id, const struct qemu_info *info,
				      int count, char **arguments);

int qemu_plugin_install(uint64_t id, const struct qemu_info *info, int count,
			char **arguments)
{
	(void)info, (void)count, (void)arguments;
	qemu_plugin_register_vcpu_tb_trans_cb(id, at_translation);
	qemu_plugin_register_atexit_cb(id, at_exit, NULL);
	return 0;
}
