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

void platform_report(void)
{
	uint64_t promoted = total(COUNT_PROMOTED);
	uint64_t took = guest.started ? mfspr(SPR_TB) - guest.started : 0;

	report_calls();
	console_say("storage interrupts: %lu of data, %lu of instructions",
		    total(COUNT_HDSI), total(COUNT_HISI));
	console_say("  promoted: %lu", promoted);
	console_say("  reflected: %lu", total(COUNT_REFLECT));
	console_say("  retried: %lu", total(COUNT_RETRY) - promoted);
	console_say("  MMIO: %lu", total(COUNT_EMULATED));
	console_say("MMIO accesses: %lu", total(COUNT_MMIO));
	console_say("translations invalidated: %lu", total(COUNT_TLBIE));
	console_say("entries stolen: %lu", total(COUNT_STOLEN));
	console_say("hash table: %lx, 2^%lu bytes",
		    (uint64_t)hpte_table_base(&guest.table),
		    (uint64_t)hpte_table_order(&guest.table));
	console_say("seconds: %lu.%lu%lu", took / SECOND,
		    took / (SECOND / 10) % 10, took / (SECOND / 100) % 10);
}
