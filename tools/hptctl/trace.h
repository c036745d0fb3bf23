/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hptctl/trace.h - recordings of a guest's hash-MMU hypercalls.
 *
 * A recording is 8 bytes HPTTRC01, then records, all little-endian and
 * starting with a 32-bit tag.  A tag below 0x10000 is the opcode of an hcall.
 *
 *	hcall	 160 bytes  opcode, cpu, R4..R12 before, R3, R4..R12 after
 *	ALLOC	  16 bytes  how, order: 0 a new zeroed table (machine reset),
 *			    1 the H_RESIZE_HPT_COMMIT that follows next
 *	RC	  16 bytes  the recorder's MMU stored a byte with R (byte 14 of
 *			    the entry) or, with bit 0x100, C (byte 15); ptex
 *	LOOKUP	  80 bytes  one table search: input, entry found, outcome
 *	CKSUM	  48 bytes  checksums of the table
 *	END	   8 bytes  and zero
 */
#ifndef HPTCTL_TRACE_H
#define HPTCTL_TRACE_H

#include <stdbool.h>
#include <stdint.h>

#include "input.h"

#define TRACE_HCALL_LIMIT	0x10000U
#define TRACE_ALLOC		0x80000001U
#define TRACE_RC		0x80000002U
#define TRACE_LOOKUP		0x80000003U
#define TRACE_CKSUM		0x80000004U
#define TRACE_END		0x80000005U

#define TRACE_REGS		9U	/* R4..R12 */
#define TRACE_NO_PTEX		UINT64_MAX

struct trace_hcall {
	uint32_t opcode;
	uint32_t cpu;
	uint64_t args[TRACE_REGS];
	int64_t ret;
	uint64_t outs[TRACE_REGS];
};

#define TRACE_HOW_RESET		0U
#define TRACE_HOW_RESIZE	1U

struct trace_alloc {
	uint32_t how;
	uint64_t order;
};

#define TRACE_RC_BYTE		0xFFU
#define TRACE_RC_CHANGE		0x100U	/* C; else R */

struct trace_rc {
	uint32_t what;
	uint64_t ptex;
};

/* Fields of trace_lookup::info. */
#define TRACE_ACCESS(info)	((info) & 3U)
#define TRACE_LOAD		0U
#define TRACE_STORE		1U
#define TRACE_FETCH		2U
#define TRACE_PROBLEM		0x04U	/* MSR[PR] */
#define TRACE_VISIBLE		0x08U	/* a fault reaches the guest */
#define TRACE_INPUT		0x0FU	/* access, PR, visible */
#define TRACE_RIGHTS_SHIFT	4
#define TRACE_BASE_SHIFT	8
#define TRACE_ACTUAL_SHIFT	16
#define TRACE_OUTCOME_SHIFT	24
#define TRACE_OUTCOME(info)	((info) >> TRACE_OUTCOME_SHIFT)

#define TRACE_OUTCOME_OK	0U
#define TRACE_OUTCOME_SEGMENT	2U	/* fetch from an N segment */
#define TRACE_OUTCOME_NO_PTE	3U
#define TRACE_OUTCOME_PROTECTED	4U
#define TRACE_OUTCOMES		5U

struct trace_lookup {
	uint32_t cpu;
	uint64_t ea;
	uint64_t descriptor;
	uint64_t ptex;
	uint64_t pte0;
	uint64_t pte1;
	uint64_t raddr;
	uint64_t amr;
	uint64_t iamr;
	uint32_t info;
	uint32_t fault;
};

struct trace_cksum {
	uint32_t order;
	uint64_t hcalls;
	uint64_t raw;
	uint64_t valid;
	uint64_t n_valid;
	uint64_t n_bolted;
};

/**
 * struct trace_record - one record
 * @tag:	opcode or TRACE_*
 * @number:	1 for the first record
 * @offset:	where it begins in the unpacked recording
 */
struct trace_record {
	uint32_t tag;
	uint64_t number;
	uint64_t offset;
	union {
		struct trace_hcall hcall;
		struct trace_alloc alloc;
		struct trace_rc rc;
		struct trace_lookup lookup;
		struct trace_cksum cksum;
	} u;
};

/**
 * struct trace - an open recording
 * @error:	what is wrong with it
 * @error_at:	where, in the unpacked recording
 */
struct trace {
	struct input input;
	uint64_t records;
	uint64_t error_at;
	char error[200];
};

enum trace_result {
	TRACE_RECORD,	/* here is one */
	TRACE_DONE,	/* END, and nothing after it */
	TRACE_DAMAGED	/* see trace::error */
};

/* trace_open() - false: see trace::error.  Close it in any case. */
bool trace_open(struct trace *trace, const char *path);

enum trace_result trace_next(struct trace *trace, struct trace_record *record);

void trace_close(struct trace *trace);

#endif /* HPTCTL_TRACE_H */
