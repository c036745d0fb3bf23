/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hptctl/trace.c - see trace.h.
 *
 * Only what a record is on its own is checked here; what must hold between
 * records is replay.c's.
 */
#include "trace.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

static const char magic[8] = { 'H', 'P', 'T', 'T', 'R', 'C', '0', '1' };

static uint32_t get32(const uint8_t *from)
{
	return (uint32_t)from[0] | (uint32_t)from[1] << 8 |
	       (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
}

static uint64_t get64(const uint8_t *from)
{
	return get32(from) | (uint64_t)get32(from + 4) << 32;
}

__attribute__((format(printf, 3, 4)))
static void complain(struct trace *trace, uint64_t at, const char *format, ...)
{
	va_list args;

	trace->error_at = at;
	va_start(args, format);
	vsnprintf(trace->error, sizeof(trace->error), format, args);
	va_end(args);
}

/* Read all @bytes or say why not. */
static bool take(struct trace *trace, uint64_t at, const char *what,
		 uint8_t *to, size_t bytes)
{
	size_t got = input_read(&trace->input, to, bytes);

	if (got == bytes)
		return true;
	if (got == INPUT_FAILED)
		complain(trace, trace->input.given, "%s", trace->input.error);
	else
		complain(trace, at, "%s cut off: the file ends at offset %"
			 PRIu64, what, trace->input.given);
	return false;
}

bool trace_open(struct trace *trace, const char *path)
{
	uint8_t head[sizeof(magic)];

	memset(trace, 0, sizeof(*trace));
	if (!input_open(&trace->input, path)) {
		complain(trace, 0, "%s", trace->input.error);
		return false;
	}
	if (!take(trace, 0, "file header", head, sizeof(head)))
		return false;
	if (!memcmp(head, magic, sizeof(magic)))
		return true;
	complain(trace, 0, "not a recording: it does not begin with %.*s",
		 (int)sizeof(magic), magic);
	return false;
}

/* Bytes of a record with its tag; 0: no such tag. */
static size_t record_bytes(uint32_t tag)
{
	if (tag < TRACE_HCALL_LIMIT)
		return 160;
	switch (tag) {
	case TRACE_ALLOC:
	case TRACE_RC:
		return 16;
	case TRACE_LOOKUP:
		return 80;
	case TRACE_CKSUM:
		return 48;
	case TRACE_END:
		return 8;
	default:
		return 0;
	}
}

static const char *record_name(uint32_t tag)
{
	switch (tag) {
	case TRACE_ALLOC:
		return "ALLOC record";
	case TRACE_RC:
		return "RC record";
	case TRACE_LOOKUP:
		return "LOOKUP record";
	case TRACE_CKSUM:
		return "CKSUM record";
	case TRACE_END:
		return "END record";
	default:
		return "hcall record";
	}
}

static void decode_hcall(const uint8_t *raw, struct trace_hcall *hcall)
{
	unsigned int i;

	hcall->opcode = get32(raw);
	hcall->cpu = get32(raw + 4);
	for (i = 0; i < TRACE_REGS; i++) {
		hcall->args[i] = get64(raw + 8 + 8 * i);
		hcall->outs[i] = get64(raw + 88 + 8 * i);
	}
	hcall->ret = (int64_t)get64(raw + 80);
}

static void decode_lookup(const uint8_t *raw, struct trace_lookup *lookup)
{
	lookup->cpu = get32(raw + 4);
	lookup->ea = get64(raw + 8);
	lookup->descriptor = get64(raw + 16);
	lookup->ptex = get64(raw + 24);
	lookup->pte0 = get64(raw + 32);
	lookup->pte1 = get64(raw + 40);
	lookup->raddr = get64(raw + 48);
	lookup->amr = get64(raw + 56);
	lookup->iamr = get64(raw + 64);
	lookup->info = get32(raw + 72);
	lookup->fault = get32(raw + 76);
}

static void decode_cksum(const uint8_t *raw, struct trace_cksum *cksum)
{
	cksum->order = get32(raw + 4);
	cksum->hcalls = get64(raw + 8);
	cksum->raw = get64(raw + 16);
	cksum->valid = get64(raw + 24);
	cksum->n_valid = get64(raw + 32);
	cksum->n_bolted = get64(raw + 40);
}

static void decode(const uint8_t *raw, struct trace_record *record)
{
	switch (record->tag) {
	case TRACE_ALLOC:
		record->u.alloc.how = get32(raw + 4);
		record->u.alloc.order = get64(raw + 8);
		break;
	case TRACE_RC:
		record->u.rc.what = get32(raw + 4);
		record->u.rc.ptex = get64(raw + 8);
		break;
	case TRACE_LOOKUP:
		decode_lookup(raw, &record->u.lookup);
		break;
	case TRACE_CKSUM:
		decode_cksum(raw, &record->u.cksum);
		break;
	default:
		decode_hcall(raw, &record->u.hcall);
		break;
	}
}

/* After the END record there must be nothing. */
static enum trace_result finish(struct trace *trace, uint64_t at,
				const uint8_t *raw)
{
	uint8_t byte;
	size_t got;

	if (get32(raw + 4)) {
		complain(trace, at, "END record with 0x%" PRIx32
			 " where 0 belongs", get32(raw + 4));
		return TRACE_DAMAGED;
	}
	at = trace->input.given;
	got = input_read(&trace->input, &byte, 1);
	if (!got)
		return TRACE_DONE;
	if (got == INPUT_FAILED)
		complain(trace, at, "%s", trace->input.error);
	else
		complain(trace, at, "data after the END record");
	return TRACE_DAMAGED;
}

enum trace_result trace_next(struct trace *trace, struct trace_record *record)
{
	uint8_t raw[160];
	size_t bytes, got;

	record->offset = trace->input.given;
	record->number = ++trace->records;
	got = input_read(&trace->input, raw, 4);
	if (!got) {
		complain(trace, record->offset,
			 "the recording stops without an END record");
		return TRACE_DAMAGED;
	}
	if (got != 4) {
		complain(trace, record->offset, "%s", got == INPUT_FAILED ?
			 trace->input.error : "record tag cut off");
		return TRACE_DAMAGED;
	}
	record->tag = get32(raw);
	bytes = record_bytes(record->tag);
	if (!bytes) {
		complain(trace, record->offset, "unknown record tag 0x%" PRIx32,
			 record->tag);
		return TRACE_DAMAGED;
	}
	if (!take(trace, record->offset, record_name(record->tag), raw + 4,
		  bytes - 4))
		return TRACE_DAMAGED;
	if (record->tag == TRACE_END)
		return finish(trace, record->offset, raw);
	decode(raw, record);
	return TRACE_RECORD;
}

void trace_close(struct trace *trace)
{
	input_close(&trace->input);
}
