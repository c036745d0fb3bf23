/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hptctl/show.h - the numbers of a recording in words.
 */
#ifndef HPTCTL_SHOW_H
#define HPTCTL_SHOW_H

#include <stdint.h>

#include "hpte/entry.h"
#include "text.h"
#include "trace.h"

/* show_opcode(), show_code() - the name, or NULL */
const char *show_opcode(uint32_t opcode);
const char *show_code(int64_t code);

/* show_outcome() - a LOOKUP's outcome */
const char *show_outcome(uint32_t outcome);

/* show_fields() - an entry's fields, each after a comma, without end of line */
void show_fields(struct text *text, const struct hpte *entry, uint64_t index);

/* show_entry() - one line: an entry's fields; @index is where it stands */
void show_entry(struct text *text, uint64_t dw0, uint64_t dw1, uint64_t index);

/* show_call() - lines: an hcall and its arguments */
void show_call(struct text *text, const struct trace_hcall *hcall);

/**
 * show_answer() - lines: what was answered
 * @who:	begins each line
 * @call:	the hcall: opcode and arguments
 * @ret:	R3
 * @outs:	R4..R12
 */
void show_answer(struct text *text, const char *who,
		 const struct trace_hcall *call, int64_t ret,
		 const uint64_t *outs);

#endif /* HPTCTL_SHOW_H */
