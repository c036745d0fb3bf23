/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hpte/insn.h - what a storage access instruction does.
 *
 * Layer: 1 (codec).  Depends on: env.h.
 *
 * References
 *	[ISA]	Power ISA Version 3.1, Book I, "Fixed-Point Facility",
 *		"Floating-Point Facility", "Vector Facility", "Vector-Scalar
 *		Extension Facility"; Book II, "Cache Management Instructions"
 *
 * Decodes every instruction that accesses storage, by register number and
 * width; registers and storage themselves are not touched.  Pure functions:
 * any context, no memory order.
 */
#ifndef HPTE_INSN_H
#define HPTE_INSN_H

#include "env.h"

#ifdef __cplusplus
extern "C" {
#endif

enum hpte_insn_kind {
	HPTE_INSN_NONE		= 0,	/* not an access, or not known */
	HPTE_INSN_LOAD		= 1,
	HPTE_INSN_STORE		= 2,
	HPTE_INSN_CACHE		= 3,	/* dcbf, dcbt, icbi ...: no data */
	HPTE_INSN_ZERO		= 4,	/* dcbz */
	HPTE_INSN_SPECIAL	= 5,	/* reservation, atomic, copy, paste,
					 * hash, external control */
	HPTE_INSN_PRIVILEGED	= 6	/* hypervisor only: lwzcix ... */
};

/* Which registers. */
enum hpte_insn_bank {
	HPTE_INSN_GPR		= 0,
	HPTE_INSN_FPR		= 1,	/* @reg is a VSR: 0 to 31 */
	HPTE_INSN_VR		= 2,	/* @reg is a VSR: 32 to 63 */
	HPTE_INSN_VSR		= 3,	/* needs VSX, whatever @reg is */
	HPTE_INSN_VSR_OR_VR	= 4	/* VSX for 0 to 31, Vector for others */
};

/* How the bytes of storage make up registers. */
enum hpte_insn_layout {
	HPTE_INSN_WHOLE		= 0,	/* one number of @size bytes */
	HPTE_INSN_SINGLE	= 1,	/* single precision, double in FPRs */
	HPTE_INSN_MULTIPLE	= 2,	/* words, @reg to GPR 31 */
	HPTE_INSN_STRING	= 3,	/* bytes, from @reg on, 0 after 31 */
	HPTE_INSN_PAIR		= 4,	/* two registers */
	HPTE_INSN_ELEMENT	= 5,	/* one element of a vector */
	HPTE_INSN_ELEMENTS	= 6,	/* elements of @part bytes in order */
	HPTE_INSN_SPLAT		= 7,	/* one element into all */
	HPTE_INSN_RIGHT		= 8,	/* the rightmost @size bytes */
	HPTE_INSN_LENGTH	= 9,	/* as many bytes as RB says */
	HPTE_INSN_LENGTH_LEFT	= 10	/* the same, left-justified */
};

#define HPTE_INSN_UPDATE	0x01U	/* RA receives the address */
#define HPTE_INSN_ALGEBRAIC	0x02U	/* sign-extend */
#define HPTE_INSN_REVERSED	0x04U	/* against MSR[LE] */
#define HPTE_INSN_INDEXED	0x08U	/* RB is added */
#define HPTE_INSN_RELATIVE	0x10U	/* the base is the PC, not RA */
#define HPTE_INSN_ALIGNED	0x20U	/* the address is made a multiple of
					 * @size */
#define HPTE_INSN_INVALID	0x40U	/* invalid form */
#define HPTE_INSN_IS_STORE	0x80U	/* DSISR[38] when it faults */

/**
 * struct hpte_insn - an instruction, decoded
 * @kind:	enum hpte_insn_kind
 * @bank:	enum hpte_insn_bank
 * @layout:	enum hpte_insn_layout
 * @flags:	HPTE_INSN_*
 * @reg:	first register read or written: GPR, or VSR 0 to 63
 * @ra:		base register; 0 means the number 0
 * @rb:		index register, or for lswi and stswi the number of bytes
 * @length:	bytes of the instruction: 4 or 8
 * @size:	bytes of storage; 0: a register or @reg says how many
 * @part:	bytes of one bus access at most: 1, 2, 4 or 8
 * @displacement: added to the base
 */
struct hpte_insn {
	uint8_t kind;
	uint8_t bank;
	uint8_t layout;
	uint8_t flags;
	uint8_t reg;
	uint8_t ra;
	uint8_t rb;
	uint8_t length;
	uint8_t size;
	uint8_t part;
	uint8_t reserved[6];
	int64_t displacement;
};

/**
 * hpte_insn_is_prefix() - is this word the first of two?
 * @word:	an instruction word
 */
HPTE_API bool hpte_insn_is_prefix(uint32_t word);

/**
 * hpte_insn_decode() - decode one instruction
 * @words:	the word at the PC, as a number; and if it is a prefix the word
 *		after it, otherwise that is not looked at
 * @insn:	where to put the result; every member is filled in.  For NONE
 *		only kind and length mean something
 *
 * Reserved fields are ignored, as CPUs do.  A form that the architecture
 * calls invalid is decoded, with HPTE_INSN_INVALID.  What is invalid through
 * the contents of a register (lswx) is not known here.
 *
 * Total: defined for all 2^64 inputs.
 */
HPTE_API void hpte_insn_decode(const uint32_t words[2],
			       struct hpte_insn *insn);

#ifdef __cplusplus
}
#endif

#endif /* HPTE_INSN_H */
