/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/hostile/context.h - a virtual CPU of this guest.
 */
#ifndef CONTEXT_H
#define CONTEXT_H

#define CONTEXT_PIR	0
#define CONTEXT_LR	8
#define CONTEXT_CR	16
#define CONTEXT_PC	24
#define CONTEXT_MSR	32
#define CONTEXT_GPR	40		/* 32, for the instruction */
#define CONTEXT_SAVED	(CONTEXT_GPR + 8 * 32)	/* R1, R2, R14 to R31 */
#define CONTEXT_BYTES	(CONTEXT_SAVED + 8 * 20)

#ifndef __ASSEMBLER__

#include <stdint.h>

struct context {
	uint64_t pir;
	uint64_t lr;
	uint64_t cr;
	uint64_t pc;
	uint64_t msr;
	uint64_t gpr[32];
	uint64_t saved[20];
};

_Static_assert(sizeof(struct context) == CONTEXT_BYTES,
	       "assembly knows these offsets");

extern struct context contexts[2];

/* Run the code at @context->pc until an interrupt; its vector. */
uint64_t execute(struct context *context);

/* sc 1.  R3 = opcode, R4.. from @argument; the code; R4.. to @result. */
int64_t call(uint64_t opcode, const uint64_t argument[4], uint64_t result[4]);

/* start.S: where VISOR_START_CPU lets the second vCPU begin. */
void second_entry(void);

/* hostile.c: what start.S calls. */
void hostile_main(uint64_t vcpus, uint64_t power, uint64_t order);
void hostile_second(void);

#endif /* !__ASSEMBLER__ */

#endif /* CONTEXT_H */
