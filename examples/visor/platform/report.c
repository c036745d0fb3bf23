/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/visor/platform/report.c - what has happened, when it is over.
 */
#include "platform.h"

static const struct {
	uint32_t opcode;
	const char *name;
} known[] = {
	{ 0x004, "H_REMOVE" },
	{ 0x008, "H_ENTER" },
	{ 0x00C, "H_READ" },
	{ 0x010, "H_CLEAR_MOD" },
	{ 0x014, "H_CLEAR_REF" },
	{ 0x018, "H_PROTECT" },
	{ 0x02C, "H_PAGE_INIT" },
	{ 0x03C, "H_LOGICAL_CI_LOAD" },
	{ 0x040, "H_LOGICAL_CI_STORE" },
	{ 0x054, "H_GET_TERM_CHAR" },
	{ 0x058, "H_PUT_TERM_CHAR" },
	{ 0x064, "H_EOI" },
	{ 0x068, "H_CPPR" },
	{ 0x06C, "H_IPI" },
	{ 0x074, "H_XIRR" },
	{ 0x0DC, "H_REGISTER_VPA" },
	{ 0x0E0, "H_CEDE" },
	{ 0x124, "H_BULK_REMOVE" },
	{ 0x31C, "H_SET_MODE" },
	{ 0x328, "H_BLOCK_REMOVE" },
	{ 0x36C, "H_RESIZE_HPT_PREPARE" },
	{ 0x370, "H_RESIZE_HPT_COMMIT" },
	{ 0x37C, "H_REGISTER_PROCESS_TABLE" },
	{ 4 * CALLS, "above H_VISOR" },
};

static uint64_t calls(uint64_t call)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < guest.vcpus; i++)
		sum += __atomic_load_n(&guest.vcpu[i].calls[call],
				       __ATOMIC_RELAXED);
	return sum;
}

static const char *name_of(uint64_t opcode)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].opcode == opcode)
			return known[i].name;
	return NULL;
}

static void report_calls(void)
{
	console_say("hypercalls: %lu", total(COUNT_HCALL));
	for (uint64_t call = 0; call <= CALLS; call++) {
		uint64_t many = calls(call);
		const char *name = name_of(4 * call);

		if (!many)
			continue;
		if (name)
			console_say("  %s: %lu", name, many);
		else
			console_say("  %lx, which is none: %lu", 4 * call,
				    many);
	}
}

/* What the library has counted, while the other CPUs may still run. */
static void report_table(void)
{
	struct hpte_counters sum;
	const uint64_t *of = sum.count;

	if (hpte_table_counters(&guest.table, &sum) != HPTE_OK)
		return;			/* not built in */
	console_say("  retried: %lu, with a page of the host for %lu of them",
		    total(COUNT_RETRY),
		    of[HPTE_EVENT_COMPLETE + HPTE_FAULT_RETRY]);
	console_say("  MMIO: %lu, %lu accesses",
		    of[HPTE_EVENT_FAULT + HPTE_FAULT_MMIO] +
		    of[HPTE_EVENT_COMPLETE + HPTE_FAULT_MMIO],
		    of[HPTE_EVENT_MMIO]);
	console_say("entries: %lu inserted, %lu valid at once, %lu removed",
		    of[HPTE_EVENT_INSERT] + of[HPTE_EVENT_INSERT_VALID],
		    of[HPTE_EVENT_INSERT_VALID],
		    of[HPTE_EVENT_REMOVE] + of[HPTE_EVENT_REMOVE_VALID]);
	console_say("  promoted: %lu, demoted: %lu, now valid: %lu",
		    of[HPTE_EVENT_PROMOTE], of[HPTE_EVENT_DEMOTE],
		    of[HPTE_EVENT_INSERT_VALID] + of[HPTE_EVENT_PROMOTE] -
		    of[HPTE_EVENT_DEMOTE] - of[HPTE_EVENT_REMOVE_VALID]);
	console_say("  protected: %lu, R or C cleared: %lu, group full: %lu",
		    of[HPTE_EVENT_PROTECT], of[HPTE_EVENT_CLEAR],
		    of[HPTE_EVENT_FULL]);
	console_say("  met another CPU: %lu, hypercalls again: %lu",
		    of[HPTE_EVENT_CONTENDED], of[HPTE_EVENT_HCALL_AGAIN]);
}

void platform_report(void)
{
	uint64_t took = guest.started ? mfspr(SPR_TB) - guest.started : 0;

	report_calls();
	console_say("storage interrupts: %lu of data, %lu of instructions",
		    total(COUNT_HDSI), total(COUNT_HISI));
	console_say("  reflected: %lu", total(COUNT_REFLECT));
	report_table();
	console_say("translations invalidated: %lu", total(COUNT_TLBIE));
	console_say("hash table: %lx, 2^%lu bytes",
		    (uint64_t)hpte_table_base(&guest.table),
		    (uint64_t)hpte_table_order(&guest.table));
	console_say("seconds: %lu.%lu%lu", took / SECOND,
		    took / (SECOND / 10) % 10, took / (SECOND / 100) % 10);
}
