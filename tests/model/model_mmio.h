/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/model/model_mmio.h - the model: instructions that access devices.
 *
 * Knows the fixed-point loads and stores, prefixed ones, multiples and
 * quadwords included, some cache instructions, some that must be refused and
 * some that are no access at all.  Not string, floating-point and vector
 * instructions: tests/insn runs those on storage and compares.
 *
 * References
 *	[ISA]	Power ISA Version 3.1, Book I, "Fixed-Point Facility"; Book
 *		II, "Cache Management Instructions"
 */
#ifndef TEST_MODEL_MMIO_H
#define TEST_MODEL_MMIO_H

#include <hpte/mmio.h>

#include "model.h"

#define MODEL_PIECES	32U	/* lmw of all registers */

enum model_insn_kind {
	MODEL_INSN_OTHER,	/* no storage access */
	MODEL_INSN_LOAD,
	MODEL_INSN_STORE,
	MODEL_INSN_CACHE,	/* does nothing here */
	MODEL_INSN_ZERO,	/* dcbz */
	MODEL_INSN_REFUSED,	/* not on such storage */
	MODEL_INSN_PRIVILEGED
};

enum model_insn_form {
	MODEL_FORM_D,
	MODEL_FORM_DS,
	MODEL_FORM_DQ,
	MODEL_FORM_X,
	MODEL_FORM_8LS,		/* prefixed */
	MODEL_FORM_MLS,		/* prefixed */
	MODEL_FORM_ANY		/* the primary opcode says it all */
};

#define MODEL_INSN_UPDATE	0x01U
#define MODEL_INSN_SIGNED	0x02U
#define MODEL_INSN_REVERSED	0x04U
#define MODEL_INSN_MULTIPLE	0x08U	/* words, up to register 31 */
#define MODEL_INSN_PAIR		0x10U	/* two registers */
#define MODEL_INSN_FAULTS_STORE	0x20U	/* DSISR says store */

/**
 * struct model_insn - one row of the table of instructions
 * @primary:	opcode; of the suffix, if prefixed
 * @extended:	opcode, of DS and X
 * @form:	where EA comes from
 * @kind:	what it is
 * @bytes:	of one piece
 * @flags:	MODEL_INSN_*
 */
struct model_insn {
	unsigned int primary;
	unsigned int extended;
	enum model_insn_form form;
	enum model_insn_kind kind;
	unsigned int bytes;
	unsigned int flags;
};

/* model_insn_rows() - the table, for those who make up instructions. */
const struct model_insn *model_insn_rows(size_t *count);

/* model_insn_find() - the row of an instruction, or NULL: not known here. */
const struct model_insn *model_insn_find(const uint32_t words[2]);

/* Registers of a guest CPU. */
struct model_registers {
	uint64_t gpr[32];
	uint64_t pc;
	uint64_t msr;
};

/* model_insn_ea() - its effective address. */
uint64_t model_insn_ea(const struct model_insn *insn, const uint32_t words[2],
		       const struct model_registers *registers);

/* model_insn_invalid() - is it an invalid form? */
bool model_insn_invalid(const struct model_insn *insn,
			const uint32_t words[2]);

/* What became of it. */
struct model_emulated {
	enum hpte_mmio_action action;
	enum hpte_mmio_reason reason;		/* of HOST */
	struct hpte_interrupt interrupt;	/* of REFLECT */
};

/**
 * struct model_emulation - one guest CPU and its access that waits
 * @registers:	of the guest CPU
 * @waits:	a device has still to answer, for piece @piece
 * @words:	the instruction
 * @insn:	its row
 * @ea:		its address
 * @gpa:	where that is
 * @region:	the device
 * @pieces:	how many accesses it is
 * @piece:	which is next
 * @value:	of each, as numbers of the guest
 */
struct model_emulation {
	struct model_registers registers;
	bool waits;
	uint32_t words[2];
	const struct model_insn *insn;
	uint64_t ea;
	uint64_t gpa;
	struct model_region region;
	unsigned int pieces;
	unsigned int piece;
	uint64_t value[MODEL_PIECES];
};

/**
 * struct model_mmio_fault - the decision that led here
 * @is_mmio:	it was for MMIO
 * @dar:	address that faulted
 * @gpa:	where it is
 * @shift:	log2 bytes of its page
 * @is_store:	direction
 */
struct model_mmio_fault {
	bool is_mmio;
	uint64_t dar;
	uint64_t gpa;
	unsigned int shift;
	bool is_store;
};

/* model_emulate() - the instruction, which model_insn_find() knows. */
struct model_emulated model_emulate(struct model *model,
				    struct model_emulation *e,
				    const struct model_mmio_fault *fault,
				    const uint32_t words[2]);

/* model_answer() - a device answers at last. */
struct model_emulated model_answer(struct model *model,
				   struct model_emulation *e,
				   enum model_device answer, uint64_t value);

#endif /* TEST_MODEL_MMIO_H */
