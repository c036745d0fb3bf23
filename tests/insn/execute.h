/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/insn/execute.h - what the parts of the execution oracle share.
 *
 * The layout of struct machine is known to execute_run.S, too.
 */
#ifndef EXECUTE_H
#define EXECUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hpte/mmio.h"
#include "random.h"

#define BATCH		256U
#define MEMORY_BYTES	512U
#define IS_LITTLE	(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)

/* Which register an instruction has in its field RT, and in what bits. */
enum form_register {
	FORM_NONE,		/* cache instructions */
	FORM_GPR,
	FORM_GPR_PAIR,		/* even */
	FORM_MULTIPLE,		/* to GPR 31 */
	FORM_STRING,		/* GPRs as the length says */
	FORM_FPR,
	FORM_FPR_PAIR,		/* even */
	FORM_VR,
	FORM_VSR,		/* high bit in bit 31 */
	FORM_VSR_DQ,		/* high bit in bit 28 */
	FORM_VSR_P,		/* high bit in bit 5 of the suffix */
	FORM_VSR_PAIR		/* even; high bit in the lowest of RT */
};

/* Where the address comes from. */
enum form_address {
	FORM_D,			/* 16 bits */
	FORM_DS,		/* the same, a multiple of 4 */
	FORM_DQ,		/* the same, a multiple of 16 */
	FORM_X,			/* RB */
	FORM_BASE,		/* RA only; RB is a number of bytes */
	FORM_LENGTH,		/* RA only; RB has a number of bytes */
	FORM_P			/* prefixed: 34 bits; RA or the PC */
};

#define FORM_STORE	0x01U
#define FORM_UPDATE	0x02U
#define FORM_ALIGN	0x04U	/* low bits of the address are ignored */
#define FORM_SINGLE	0x08U	/* single precision in storage */
#define FORM_ELEMENT	0x10U	/* other elements are undefined */
#define FORM_SCALAR	0x20U	/* doubleword 1 is undefined before ISA 3.1 */

#define FORM_KEPT	0x40U	/* QEMU 7.2 leaves doubleword 1 as it was,
				 * also where it claims to be ISA 3.1 */

/**
 * struct form - one instruction
 * @word:	opcode bits; of the suffix if there is a prefix
 * @prefix:	opcode bits of the prefix, or 0
 * @bytes:	of storage; 0: not the same each time
 */
struct form {
	const char *name;
	uint32_t word;
	uint32_t prefix;
	uint8_t address;
	uint8_t target;
	uint8_t bytes;
	uint8_t flags;
};

extern const struct form forms[];
extern const size_t forms_count;

/* Registers as libhpte numbers them; the rest is for execute_run.S. */
struct machine {
	uint64_t regs[HPTE_REG_COUNT];
	uint64_t cr;
	uint64_t saved[83];
};

/* One instruction as built: what is in its fields. */
struct trial {
	const void *place;	/* where it is executed */
	uint32_t words[2];
	unsigned int rt, ra, rb;
	unsigned int vsr;	/* if @rt is not a GPR */
	unsigned int offset;	/* first byte, in memory[] */
	unsigned int bytes;
	uint64_t ea;		/* before low bits are ignored */
	int64_t displacement;
};

extern uint8_t memory[MEMORY_BYTES];
extern struct test_random source;

uint64_t below(uint64_t bound);

/* @count random instructions of a form, each followed by a way back. */
void build_batch(const struct form *form, struct trial *trials,
		 unsigned int count);

/* Registers and memory for one of them; not @all: few of them are new. */
void set_machine(const struct form *form, const struct trial *trial,
		 struct machine *machine, bool all);

/* Load all registers, go to @code, which branches to insn_execute_done. */
void insn_execute(struct machine *machine, const void *code);
extern const char insn_execute_done[];

#endif /* EXECUTE_H */
