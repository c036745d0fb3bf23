/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/guest.h - what guests written in C have in common.
 */
#ifndef GUEST_H
#define GUEST_H

/* A virtual CPU and the code it tries out. */
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

/*
 * start.S.  Run the code at @context->pc until an interrupt; its vector.  An
 * interrupt outside of it ends the guest: it has failed.
 */
uint64_t execute(struct context *context);

/* sc 1.  R3 = opcode, R4.. from @argument; the code; R4.. to @result. */
int64_t call(uint64_t opcode, const uint64_t argument[4], uint64_t result[4]);

/* Where VISOR_START_CPU lets a second vCPU begin: guest_second(). */
void second_entry(void);

/* The test's own: vCPU 0 begins as abi.h says. */
void guest_main(uint64_t vcpus, uint64_t power, uint64_t order);
void guest_second(void);

/* guest.c.  For codes: what is returned in R4.. does not matter. */
int64_t hcall(uint64_t opcode, uint64_t a, uint64_t b, uint64_t c, uint64_t d);
void print(const char *text);
void print_number(uint64_t value, unsigned int base);

/* The guest has failed; does not return. */
void fail(const char *why);

/*
 * Segment 0: 256M, pages of 64K.  Its page @n gets an entry, in the primary
 * group; @dw0, @bits: further bits of doublewords 0 and 1.  The code.
 */
int64_t enter(uint64_t order, uint64_t n, uint64_t dw0, uint64_t bits,
	      uint64_t *ptex);
void use_segment(void);

#endif /* !__ASSEMBLER__ */

#endif /* GUEST_H */
