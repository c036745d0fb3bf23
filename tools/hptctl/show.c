/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hptctl/show.c - see show.h.
 *
 * References
 *	[LoPAR]	Linux on Power Architecture Reference, "LPAR option"
 */
#include "show.h"

#include <inttypes.h>

#include "hpte/entry.h"
#include "hpte/hash.h"
#include "hpte/papr.h"

struct name {
	int64_t value;
	const char *name;
};

struct flag_name {
	uint64_t bit;
	const char *name;
};

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

/* Also the calls and codes that libhpte has no use for. */
static const struct name opcode_names[] = {
	{ 0x004, "H_REMOVE" },
	{ 0x008, "H_ENTER" },
	{ 0x00C, "H_READ" },
	{ 0x010, "H_CLEAR_MOD" },
	{ 0x014, "H_CLEAR_REF" },
	{ 0x018, "H_PROTECT" },
	{ 0x02C, "H_PAGE_INIT" },
	{ 0x124, "H_BULK_REMOVE" },
	{ 0x2AC, "H_VRMASD" },
	{ 0x328, "H_BLOCK_REMOVE" },
	{ 0x358, "H_CLEAR_HPT" },
	{ 0x36C, "H_RESIZE_HPT_PREPARE" },
	{ 0x370, "H_RESIZE_HPT_COMMIT" },
	{ 0x37C, "H_REGISTER_PROCESS_TABLE" }
};

static const struct name code_names[] = {
	{ 0, "H_SUCCESS" },
	{ 1, "H_BUSY" },
	{ 2, "H_CLOSED" },
	{ 3, "H_NOT_AVAILABLE" },
	{ 5, "H_PARTIAL" },
	{ 18, "H_CONTINUE" },
	{ 9900, "H_LONG_BUSY_ORDER_1_MSEC" },
	{ 9901, "H_LONG_BUSY_ORDER_10_MSEC" },
	{ 9902, "H_LONG_BUSY_ORDER_100_MSEC" },
	{ 9903, "H_LONG_BUSY_ORDER_1_SEC" },
	{ 9904, "H_LONG_BUSY_ORDER_10_SEC" },
	{ 9905, "H_LONG_BUSY_ORDER_100_SEC" },
	{ -1, "H_HARDWARE" },
	{ -2, "H_FUNCTION" },
	{ -3, "H_PRIVILEGE" },
	{ -4, "H_PARAMETER" },
	{ -6, "H_PTEG_FULL" },
	{ -7, "H_NOT_FOUND" },
	{ -9, "H_NO_MEM" },
	{ -10, "H_AUTHORITY" },
	{ -16, "H_RESOURCE" },
	{ -46, "H_RESCINDED" },
	{ -55, "H_P2" },
	{ -56, "H_P3" },
	{ -57, "H_P4" },
	{ -64, "H_TOO_BIG" },
	{ -67, "H_UNSUPPORTED" }
};

static const struct flag_name flag_names[] = {
	{ HPTE_HFLAG_EXACT, "EXACT" },
	{ HPTE_HFLAG_R_XLATE, "R_XLATE" },
	{ HPTE_HFLAG_READ_4, "READ_4" },
	{ HPTE_HFLAG_AVPN, "AVPN" },
	{ HPTE_HFLAG_ANDCOND, "ANDCOND" },
	{ HPTE_HFLAG_LOCAL, "LOCAL" },
	{ HPTE_HFLAG_ICACHE_INVALIDATE, "ICACHE_INVALIDATE" },
	{ HPTE_HFLAG_ICACHE_SYNCHRONIZE, "ICACHE_SYNCHRONIZE" },
	{ HPTE_HFLAG_ZERO_PAGE, "ZERO_PAGE" },
	{ HPTE_HFLAG_COPY_PAGE, "COPY_PAGE" }
};

static const char *find_name(const struct name *names, size_t count,
			     int64_t value)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (names[i].value == value)
			return names[i].name;
	}
	return NULL;
}

const char *show_opcode(uint32_t opcode)
{
	return find_name(opcode_names, COUNT(opcode_names), opcode);
}

const char *show_code(int64_t code)
{
	return find_name(code_names, COUNT(code_names), code);
}

const char *show_outcome(uint32_t outcome)
{
	static const char *const names[TRACE_OUTCOMES] = {
		"ok", NULL, "no-execute segment", "no entry", "protection"
	};

	return outcome < TRACE_OUTCOMES ? names[outcome] : NULL;
}

static void show_place(struct text *text, uint64_t index)
{
	text_add(text, "index 0x%" PRIx64 " (group 0x%" PRIx64 " slot %u)",
		 index, index / HPTE_GROUP_ENTRIES,
		 (unsigned int)(index % HPTE_GROUP_ENTRIES));
}

/* Page sizes, virtual address and real address of an entry. */
static void show_translation(struct text *text, const struct hpte *entry,
			     uint64_t index)
{
	struct hpte_page page;
	struct hpte_va va;

	if (hpte_entry_page(entry->dw0, entry->dw1, &page) != HPTE_OK) {
		text_add(text, ", invalid page size (LP 0x%02x)",
			 (unsigned int)(entry->dw1 >> 12 & 0xFF));
		return;
	}
	hpte_hash_rebuild(entry, &page, index, &va);
	text_add(text, ", pages 2^%u/2^%u, %s segment VSID 0x%" PRIx64
		 " offset 0x%" PRIx64 ", real 0x%" PRIx64, page.base,
		 page.actual, va.segment == 40 ? "1T" : "256M", va.vsid,
		 va.offset, hpte_entry_real(entry->dw1, page.actual));
}

void show_fields(struct text *text, const struct hpte *entry, uint64_t index)
{
	uint64_t dw1 = entry->dw1;

	text_add(text, "%s, %s hash",
		 entry->dw0 & HPTE_DW0_BOLTED ? ", bolted" : "",
		 entry->dw0 & HPTE_DW0_H ? "secondary" : "primary");
	show_translation(text, entry, index);
	text_add(text, ", RPN 0x%" PRIx64 ", PP %u, key %u, WIMG %u%u%u%u",
		 (dw1 & HPTE_DW1_ARPN) >> 12,
		 (unsigned int)((dw1 >> 61 & 4) | (dw1 & HPTE_DW1_PP)),
		 hpte_entry_key(dw1), (unsigned int)(dw1 >> 6 & 1),
		 (unsigned int)(dw1 >> 5 & 1), (unsigned int)(dw1 >> 4 & 1),
		 (unsigned int)(dw1 >> 3 & 1));
	text_add(text, ", R %u C %u%s", dw1 & HPTE_DW1_R ? 1 : 0,
		 dw1 & HPTE_DW1_C ? 1 : 0, dw1 & HPTE_DW1_N ? ", N" : "");
}

void show_entry(struct text *text, uint64_t dw0, uint64_t dw1, uint64_t index)
{
	const struct hpte entry = { dw0, dw1 };

	text_add(text, "%016" PRIx64 " %016" PRIx64 ": ", dw0, dw1);
	if (!dw0 && !dw1) {
		text_add(text, "empty\n");
		return;
	}
	text_add(text, dw0 & HPTE_DW0_V ? "valid" : "not valid");
	show_fields(text, &entry, index);
	text_add(text, "\n");
}

static void show_flags(struct text *text, uint64_t flags)
{
	size_t i;

	text_add(text, "flags 0x%" PRIx64, flags);
	for (i = 0; i < COUNT(flag_names); i++) {
		if (flags & flag_names[i].bit)
			text_add(text, " %s", flag_names[i].name);
	}
}

/* One H_BULK_REMOVE word: a request, or its response. */
static void show_bulk_word(struct text *text, uint64_t word)
{
	static const char *const types[4] = {
		"unused", "request", "response", "end"
	};
	static const char *const responses[4] = {
		"success", "not found", "parameter", "hardware"
	};
	static const char *const modifiers[4] = {
		"absolute", "ANDCOND", "AVPN", "illegal"
	};
	unsigned int type = (unsigned int)(word >> 62);

	text_add(text, "%016" PRIx64 ": %s", word, types[type]);
	if (type == 2)
		text_add(text, " %s, R %u C %u", responses[word >> 60 & 3],
			 (unsigned int)(word >> 59 & 1),
			 (unsigned int)(word >> 58 & 1));
	if (type == 1 || type == 2) {
		text_add(text, ", %s, ", modifiers[word >> 56 & 3]);
		show_place(text, word & HPTE_BITS(8, 63));
	}
	text_add(text, "\n");
}

/* One H_BLOCK_REMOVE specifier: a request, or its response. */
static void show_block_word(struct text *text, uint64_t word)
{
	static const char *const types[4] = {
		"unused", "request", "response", "end"
	};
	static const char *const responses[8] = {
		"success", "not found or bolted", "parameter",
		"other page or segment size", "busy", "other block",
		"beyond capacity", "hardware"
	};
	unsigned int type = (unsigned int)(word >> 62);

	text_add(text, "%016" PRIx64 ": %s", word, types[type]);
	if (type == 1)
		text_add(text, " %s, ", word >> 56 & 1 ? "AVPN" : "absolute");
	if (type == 2)
		text_add(text, " %s, R %u C %u, ", responses[word >> 59 & 7],
			 (unsigned int)(word >> 58 & 1),
			 (unsigned int)(word >> 57 & 1));
	if (type == 1 || type == 2)
		show_place(text, word & HPTE_BITS(8, 63));
	text_add(text, "\n");
}

/* The words of the calls that have several entries; @first is R4 or R5. */
static void show_many(struct text *text, uint32_t opcode, const uint64_t *regs,
		      unsigned int first)
{
	bool bulk = opcode == HPTE_HCALL_BULK_REMOVE;
	unsigned int i;

	if (!bulk && opcode != HPTE_HCALL_BLOCK_REMOVE)
		return;
	for (i = first; i < first + 8; i += bulk ? 2 : 1) {
		text_add(text, "            R%u ", i + 4);
		if (bulk)
			show_bulk_word(text, regs[i]);
		else
			show_block_word(text, regs[i]);
	}
}

/* Registers as numbers: R4, R5, ... */
static void show_registers(struct text *text, const uint64_t *regs,
			   unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		text_add(text, " R%u %" PRIx64, i + 4, regs[i]);
	text_add(text, "\n");
}

void show_call(struct text *text, const struct trace_hcall *hcall)
{
	const uint64_t *args = hcall->args;
	const char *name = show_opcode(hcall->opcode);

	text_add(text, "  call:     %s (0x%" PRIx32 ") on CPU %" PRIu32,
		 name ? name : "unknown opcode", hcall->opcode, hcall->cpu);
	if (hcall->opcode <= HPTE_HCALL_PROTECT) {
		text_add(text, ", ");
		show_flags(text, args[0]);
		text_add(text, ", ");
		show_place(text, args[1]);
	} else if (hcall->opcode == HPTE_HCALL_RESIZE_HPT_PREPARE ||
		   hcall->opcode == HPTE_HCALL_RESIZE_HPT_COMMIT) {
		text_add(text, ", flags 0x%" PRIx64 ", order %" PRIu64,
			 args[0], args[1]);
	}
	text_add(text, "\n");
	show_many(text, hcall->opcode, args,
		  hcall->opcode == HPTE_HCALL_BLOCK_REMOVE);
	if (hcall->opcode == HPTE_HCALL_ENTER) {
		text_add(text, "            ");
		show_entry(text, args[2], args[3], args[1]);
	}
	text_add(text, "            before:");
	show_registers(text, args, TRACE_REGS);
}

static void show_read(struct text *text, const struct trace_hcall *call,
		      const uint64_t *outs)
{
	bool four = (call->args[0] & HPTE_HFLAG_READ_4) != 0;
	uint64_t index = four ? call->args[1] & ~UINT64_C(3) : call->args[1];
	unsigned int i;

	for (i = 0; i < (four ? 4U : 1U); i++) {
		text_add(text, "            ");
		show_entry(text, outs[2 * i], outs[2 * i + 1], index + i);
	}
}

void show_answer(struct text *text, const char *who,
		 const struct trace_hcall *call, int64_t ret,
		 const uint64_t *outs)
{
	const char *name = show_code(ret);

	text_add(text, "  %s %s (%" PRId64 ")\n            after: ", who,
		 name ? name : "unknown code", ret);
	show_registers(text, outs, TRACE_REGS);
	show_many(text, call->opcode, outs, 0);
	if (ret != HPTE_H_SUCCESS)
		return;
	if (call->opcode == HPTE_HCALL_READ) {
		show_read(text, call, outs);
	} else if (call->opcode == HPTE_HCALL_REMOVE) {
		text_add(text, "            ");
		show_entry(text, outs[0], outs[1], call->args[1]);
	} else if (call->opcode == HPTE_HCALL_ENTER) {
		text_add(text, "            ");
		show_place(text, outs[0]);
		text_add(text, "\n");
	}
}
