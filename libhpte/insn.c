/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * libhpte/insn.c - what a storage access instruction does.
 *
 * Layer: 1 (codec).  Pure functions; the manual is hpte/insn.h.
 *
 * References
 *	[ISA]	Power ISA Version 3.1, Appendix "Opcode Maps"
 *
 * One row an instruction, in the tables below: opcode, kind, registers,
 * layout, bytes, bytes of a bus access, flags.  Where in the word registers
 * and displacement stand depends on the form, which depends on the table.
 *
 * Direction is a column of its own (HPTE_INSN_IS_STORE), never guessed from
 * opcode bits: lmw, lxv, lwat and prefixed stores break every such pattern,
 * and a wrong guess makes a guest repeat the instruction for ever.
 */
#include "hpte/insn.h"

#define PRIMARY_PREFIX		1U
#define PRIMARY_LXVP		6U
#define PRIMARY_EXTENDED	31U
#define PREFIX_TYPE(word)	((word) >> 24 & 3)
#define TYPE_8LS		0U
#define TYPE_MLS		2U
#define PREFIX_SUBTYPE		0x00800000U	/* 0 in both */
#define PREFIX_RELATIVE		0x00100000U

/* Short names for the tables' columns. */
enum {
	LD = HPTE_INSN_LOAD, ST = HPTE_INSN_STORE, CACHE = HPTE_INSN_CACHE,
	ZERO = HPTE_INSN_ZERO, SPECIAL = HPTE_INSN_SPECIAL,
	PRIV = HPTE_INSN_PRIVILEGED,

	GPR = HPTE_INSN_GPR, FPR = HPTE_INSN_FPR, VR = HPTE_INSN_VR,
	VSR = HPTE_INSN_VSR, VSVR = HPTE_INSN_VSR_OR_VR,

	WHOLE = HPTE_INSN_WHOLE, SINGLE = HPTE_INSN_SINGLE,
	MULTIPLE = HPTE_INSN_MULTIPLE, STRING = HPTE_INSN_STRING,
	PAIR = HPTE_INSN_PAIR, ELEMENT = HPTE_INSN_ELEMENT,
	ELEMENTS = HPTE_INSN_ELEMENTS, SPLAT = HPTE_INSN_SPLAT,
	RIGHT = HPTE_INSN_RIGHT, LENGTH = HPTE_INSN_LENGTH,
	LEFT = HPTE_INSN_LENGTH_LEFT,

	UPD = HPTE_INSN_UPDATE, SIGNED = HPTE_INSN_ALGEBRAIC,
	REV = HPTE_INSN_REVERSED, ALIGN = HPTE_INSN_ALIGNED,
	IS_ST = HPTE_INSN_IS_STORE,
	/* X-form without RB; INDEXED in a row means just the opposite of
	 * what it means in the result, so that the common case is 0 */
	NO_RB = HPTE_INSN_INDEXED
};

struct row {
	uint16_t opcode;
	uint8_t kind;
	uint8_t bank;
	uint8_t layout;
	uint8_t size;
	uint8_t part;
	uint8_t flags;
};

/* Displacement forms, by primary opcode. */
static const struct row d_form[] = {
	{ 32, LD, GPR, WHOLE, 4, 4, 0 },		/* lwz */
	{ 33, LD, GPR, WHOLE, 4, 4, UPD },		/* lwzu */
	{ 34, LD, GPR, WHOLE, 1, 1, 0 },		/* lbz */
	{ 35, LD, GPR, WHOLE, 1, 1, UPD },		/* lbzu */
	{ 36, ST, GPR, WHOLE, 4, 4, 0 },		/* stw */
	{ 37, ST, GPR, WHOLE, 4, 4, UPD },		/* stwu */
	{ 38, ST, GPR, WHOLE, 1, 1, 0 },		/* stb */
	{ 39, ST, GPR, WHOLE, 1, 1, UPD },		/* stbu */
	{ 40, LD, GPR, WHOLE, 2, 2, 0 },		/* lhz */
	{ 41, LD, GPR, WHOLE, 2, 2, UPD },		/* lhzu */
	{ 42, LD, GPR, WHOLE, 2, 2, SIGNED },		/* lha */
	{ 43, LD, GPR, WHOLE, 2, 2, UPD | SIGNED },	/* lhau */
	{ 44, ST, GPR, WHOLE, 2, 2, 0 },		/* sth */
	{ 45, ST, GPR, WHOLE, 2, 2, UPD },		/* sthu */
	{ 46, LD, GPR, MULTIPLE, 0, 4, 0 },		/* lmw */
	{ 47, ST, GPR, MULTIPLE, 0, 4, 0 },		/* stmw */
	{ 48, LD, FPR, SINGLE, 4, 4, 0 },		/* lfs */
	{ 49, LD, FPR, SINGLE, 4, 4, UPD },		/* lfsu */
	{ 50, LD, FPR, WHOLE, 8, 8, 0 },		/* lfd */
	{ 51, LD, FPR, WHOLE, 8, 8, UPD },		/* lfdu */
	{ 52, ST, FPR, SINGLE, 4, 4, 0 },		/* stfs */
	{ 53, ST, FPR, SINGLE, 4, 4, UPD },		/* stfsu */
	{ 54, ST, FPR, WHOLE, 8, 8, 0 },		/* stfd */
	{ 55, ST, FPR, WHOLE, 8, 8, UPD },		/* stfdu */
};

/*
 * Primary opcodes whose displacement lends its low bits to the opcode:
 * primary << 4 | those bits, ascending.
 */
#define DS(primary, low)	((primary) << 4 | (low))

static const struct row ds_form[] = {
	{ DS(6, 0), LD, VSR, PAIR, 32, 8, 0 },		/* lxvp */
	{ DS(6, 1), ST, VSR, PAIR, 32, 8, 0 },		/* stxvp */
	{ DS(56, 0), LD, GPR, PAIR, 16, 8, 0 },		/* lq */
	{ DS(57, 0), LD, FPR, PAIR, 16, 8, 0 },		/* lfdp */
	{ DS(57, 2), LD, VR, WHOLE, 8, 8, 0 },		/* lxsd */
	{ DS(57, 3), LD, VR, SINGLE, 4, 4, 0 },		/* lxssp */
	{ DS(58, 0), LD, GPR, WHOLE, 8, 8, 0 },		/* ld */
	{ DS(58, 1), LD, GPR, WHOLE, 8, 8, UPD },	/* ldu */
	{ DS(58, 2), LD, GPR, WHOLE, 4, 4, SIGNED },	/* lwa */
	{ DS(61, 0), ST, FPR, PAIR, 16, 8, 0 },		/* stfdp */
	{ DS(61, 1), LD, VSVR, WHOLE, 16, 8, 0 },	/* lxv */
	{ DS(61, 2), ST, VR, WHOLE, 8, 8, 0 },		/* stxsd */
	{ DS(61, 3), ST, VR, SINGLE, 4, 4, 0 },		/* stxssp */
	{ DS(61, 5), ST, VSVR, WHOLE, 16, 8, 0 },	/* stxv */
	{ DS(62, 0), ST, GPR, WHOLE, 8, 8, 0 },		/* std */
	{ DS(62, 1), ST, GPR, WHOLE, 8, 8, UPD },	/* stdu */
	{ DS(62, 2), ST, GPR, PAIR, 16, 8, 0 },		/* stq */
};

/* Primary opcode 31, by bits 21:30, in ascending order. */
static const struct row x_form[] = {
	{ 7, LD, VR, ELEMENT, 1, 1, ALIGN },		/* lvebx */
	{ 12, LD, VSR, WHOLE, 4, 4, 0 },		/* lxsiwzx */
	{ 13, LD, VSR, RIGHT, 1, 1, 0 },		/* lxvrbx */
	{ 20, SPECIAL, GPR, WHOLE, 4, 4, 0 },		/* lwarx */
	{ 21, LD, GPR, WHOLE, 8, 8, 0 },		/* ldx */
	{ 22, CACHE, GPR, WHOLE, 1, 1, 0 },		/* icbt */
	{ 23, LD, GPR, WHOLE, 4, 4, 0 },		/* lwzx */
	{ 39, LD, VR, ELEMENT, 2, 2, ALIGN },		/* lvehx */
	{ 45, LD, VSR, RIGHT, 2, 2, 0 },		/* lxvrhx */
	{ 52, SPECIAL, GPR, WHOLE, 1, 1, 0 },		/* lbarx */
	{ 53, LD, GPR, WHOLE, 8, 8, UPD },		/* ldux */
	{ 54, CACHE, GPR, WHOLE, 1, 1, 0 },		/* dcbst */
	{ 55, LD, GPR, WHOLE, 4, 4, UPD },		/* lwzux */
	{ 71, LD, VR, ELEMENT, 4, 4, ALIGN },		/* lvewx */
	{ 76, LD, VSR, WHOLE, 4, 4, SIGNED },		/* lxsiwax */
	{ 77, LD, VSR, RIGHT, 4, 4, 0 },		/* lxvrwx */
	{ 84, SPECIAL, GPR, WHOLE, 8, 8, 0 },		/* ldarx */
	{ 86, CACHE, GPR, WHOLE, 1, 1, 0 },		/* dcbf */
	{ 87, LD, GPR, WHOLE, 1, 1, 0 },		/* lbzx */
	{ 103, LD, VR, WHOLE, 16, 8, ALIGN },		/* lvx */
	{ 109, LD, VSR, RIGHT, 8, 8, 0 },		/* lxvrdx */
	{ 116, SPECIAL, GPR, WHOLE, 2, 2, 0 },		/* lharx */
	{ 119, LD, GPR, WHOLE, 1, 1, UPD },		/* lbzux */
	{ 135, ST, VR, ELEMENT, 1, 1, ALIGN },		/* stvebx */
	{ 140, ST, VSR, WHOLE, 4, 4, 0 },		/* stxsiwx */
	{ 141, ST, VSR, RIGHT, 1, 1, 0 },		/* stxvrbx */
	{ 149, ST, GPR, WHOLE, 8, 8, 0 },		/* stdx */
	{ 150, SPECIAL, GPR, WHOLE, 4, 4, IS_ST },	/* stwcx. */
	{ 151, ST, GPR, WHOLE, 4, 4, 0 },		/* stwx */
	{ 167, ST, VR, ELEMENT, 2, 2, ALIGN },		/* stvehx */
	{ 173, ST, VSR, RIGHT, 2, 2, 0 },		/* stxvrhx */
	{ 181, ST, GPR, WHOLE, 8, 8, UPD },		/* stdux */
	{ 182, SPECIAL, GPR, PAIR, 16, 8, IS_ST },	/* stqcx. */
	{ 183, ST, GPR, WHOLE, 4, 4, UPD },		/* stwux */
	{ 199, ST, VR, ELEMENT, 4, 4, ALIGN },		/* stvewx */
	{ 205, ST, VSR, RIGHT, 4, 4, 0 },		/* stxvrwx */
	{ 214, SPECIAL, GPR, WHOLE, 8, 8, IS_ST },	/* stdcx. */
	{ 215, ST, GPR, WHOLE, 1, 1, 0 },		/* stbx */
	{ 231, ST, VR, WHOLE, 16, 8, ALIGN },		/* stvx */
	{ 237, ST, VSR, RIGHT, 8, 8, 0 },		/* stxvrdx */
	{ 246, CACHE, GPR, WHOLE, 1, 1, 0 },		/* dcbtst */
	{ 247, ST, GPR, WHOLE, 1, 1, UPD },		/* stbux */
	{ 268, LD, VSVR, WHOLE, 16, 8, 0 },		/* lxvx */
	{ 269, LD, VSVR, LENGTH, 0, 8, NO_RB },		/* lxvl */
	{ 276, SPECIAL, GPR, PAIR, 16, 8, 0 },		/* lqarx */
	{ 278, CACHE, GPR, WHOLE, 1, 1, 0 },		/* dcbt */
	{ 279, LD, GPR, WHOLE, 2, 2, 0 },		/* lhzx */
	{ 300, LD, VSVR, WHOLE, 16, 8, 0 },		/* lxvx, bit 25 = 1 */
	{ 301, LD, VSVR, LEFT, 0, 8, NO_RB },		/* lxvll */
	{ 310, SPECIAL, GPR, WHOLE, 4, 4, 0 },		/* eciwx */
	{ 311, LD, GPR, WHOLE, 2, 2, UPD },		/* lhzux */
	{ 332, LD, VSR, SPLAT, 8, 8, 0 },		/* lxvdsx */
	{ 333, LD, VSR, PAIR, 32, 8, 0 },		/* lxvpx */
	{ 341, LD, GPR, WHOLE, 4, 4, SIGNED },		/* lwax */
	{ 343, LD, GPR, WHOLE, 2, 2, SIGNED },		/* lhax */
	{ 359, LD, VR, WHOLE, 16, 8, ALIGN },		/* lvxl */
	{ 364, LD, VSVR, SPLAT, 4, 4, 0 },		/* lxvwsx */
	{ 373, LD, GPR, WHOLE, 4, 4, UPD | SIGNED },	/* lwaux */
	{ 375, LD, GPR, WHOLE, 2, 2, UPD | SIGNED },	/* lhaux */
	{ 396, ST, VSVR, WHOLE, 16, 8, 0 },		/* stxvx */
	{ 397, ST, VSVR, LENGTH, 0, 8, NO_RB },		/* stxvl */
	{ 407, ST, GPR, WHOLE, 2, 2, 0 },		/* sthx */
	{ 429, ST, VSVR, LEFT, 0, 8, NO_RB },		/* stxvll */
	{ 438, SPECIAL, GPR, WHOLE, 4, 4, IS_ST },	/* ecowx */
	{ 439, ST, GPR, WHOLE, 2, 2, UPD },		/* sthux */
	{ 461, ST, VSR, PAIR, 32, 8, 0 },		/* stxvpx */
	{ 470, CACHE, GPR, WHOLE, 1, 1, 0 },		/* dcbi */
	{ 487, ST, VR, WHOLE, 16, 8, ALIGN },		/* stvxl */
	{ 524, LD, VSR, SINGLE, 4, 4, 0 },		/* lxsspx */
	{ 532, LD, GPR, WHOLE, 8, 8, REV },		/* ldbrx */
	{ 533, LD, GPR, STRING, 0, 4, 0 },		/* lswx */
	{ 534, LD, GPR, WHOLE, 4, 4, REV },		/* lwbrx */
	{ 535, LD, FPR, SINGLE, 4, 4, 0 },		/* lfsx */
	{ 567, LD, FPR, SINGLE, 4, 4, UPD },		/* lfsux */
	{ 582, SPECIAL, GPR, WHOLE, 4, 4, NO_RB | IS_ST }, /* lwat */
	{ 588, LD, VSR, WHOLE, 8, 8, 0 },		/* lxsdx */
	{ 597, LD, GPR, STRING, 0, 4, NO_RB },		/* lswi */
	{ 599, LD, FPR, WHOLE, 8, 8, 0 },		/* lfdx */
	{ 614, SPECIAL, GPR, WHOLE, 8, 8, NO_RB | IS_ST }, /* ldat */
	{ 631, LD, FPR, WHOLE, 8, 8, UPD },		/* lfdux */
	{ 652, ST, VSR, SINGLE, 4, 4, 0 },		/* stxsspx */
	{ 658, SPECIAL, GPR, WHOLE, 8, 8, NO_RB | IS_ST }, /* hashstp */
	{ 660, ST, GPR, WHOLE, 8, 8, REV },		/* stdbrx */
	{ 661, ST, GPR, STRING, 0, 4, 0 },		/* stswx */
	{ 662, ST, GPR, WHOLE, 4, 4, REV },		/* stwbrx */
	{ 663, ST, FPR, SINGLE, 4, 4, 0 },		/* stfsx */
	{ 690, SPECIAL, GPR, WHOLE, 8, 8, NO_RB },	/* hashchkp */
	{ 694, SPECIAL, GPR, WHOLE, 1, 1, IS_ST },	/* stbcx. */
	{ 695, ST, FPR, SINGLE, 4, 4, UPD },		/* stfsux */
	{ 710, SPECIAL, GPR, WHOLE, 4, 4, NO_RB | IS_ST }, /* stwat */
	{ 716, ST, VSR, WHOLE, 8, 8, 0 },		/* stxsdx */
	{ 722, SPECIAL, GPR, WHOLE, 8, 8, NO_RB | IS_ST }, /* hashst */
	{ 725, ST, GPR, STRING, 0, 4, NO_RB },		/* stswi */
	{ 726, SPECIAL, GPR, WHOLE, 2, 2, IS_ST },	/* sthcx. */
	{ 727, ST, FPR, WHOLE, 8, 8, 0 },		/* stfdx */
	{ 742, SPECIAL, GPR, WHOLE, 8, 8, NO_RB | IS_ST }, /* stdat */
	{ 754, SPECIAL, GPR, WHOLE, 8, 8, NO_RB },	/* hashchk */
	{ 759, ST, FPR, WHOLE, 8, 8, UPD },		/* stfdux */
	{ 774, SPECIAL, GPR, WHOLE, 1, 1, 0 },		/* copy */
	{ 780, LD, VSR, ELEMENTS, 16, 4, 0 },		/* lxvw4x */
	{ 781, LD, VSVR, WHOLE, 1, 1, 0 },		/* lxsibzx */
	{ 789, PRIV, GPR, WHOLE, 4, 4, 0 },		/* lwzcix */
	{ 790, LD, GPR, WHOLE, 2, 2, REV },		/* lhbrx */
	{ 791, LD, FPR, PAIR, 16, 8, 0 },		/* lfdpx */
	{ 812, LD, VSVR, ELEMENTS, 16, 2, 0 },		/* lxvh8x */
	{ 813, LD, VSVR, WHOLE, 2, 2, 0 },		/* lxsihzx */
	{ 821, PRIV, GPR, WHOLE, 2, 2, 0 },		/* lhzcix */
	{ 844, LD, VSR, ELEMENTS, 16, 8, 0 },		/* lxvd2x */
	{ 853, PRIV, GPR, WHOLE, 1, 1, 0 },		/* lbzcix */
	{ 855, LD, FPR, WHOLE, 4, 4, SIGNED },		/* lfiwax */
	{ 876, LD, VSVR, ELEMENTS, 16, 1, 0 },		/* lxvb16x */
	{ 885, PRIV, GPR, WHOLE, 8, 8, 0 },		/* ldcix */
	{ 887, LD, FPR, WHOLE, 4, 4, 0 },		/* lfiwzx */
	{ 902, SPECIAL, GPR, WHOLE, 1, 1, IS_ST },	/* paste. */
	{ 908, ST, VSR, ELEMENTS, 16, 4, 0 },		/* stxvw4x */
	{ 909, ST, VSVR, WHOLE, 1, 1, 0 },		/* stxsibx */
	{ 917, PRIV, GPR, WHOLE, 4, 4, IS_ST },		/* stwcix */
	{ 918, ST, GPR, WHOLE, 2, 2, REV },		/* sthbrx */
	{ 919, ST, FPR, PAIR, 16, 8, 0 },		/* stfdpx */
	{ 940, ST, VSVR, ELEMENTS, 16, 2, 0 },		/* stxvh8x */
	{ 941, ST, VSVR, WHOLE, 2, 2, 0 },		/* stxsihx */
	{ 949, PRIV, GPR, WHOLE, 2, 2, IS_ST },		/* sthcix */
	{ 972, ST, VSR, ELEMENTS, 16, 8, 0 },		/* stxvd2x */
	{ 981, PRIV, GPR, WHOLE, 1, 1, IS_ST },		/* stbcix */
	{ 982, CACHE, GPR, WHOLE, 1, 1, 0 },		/* icbi */
	{ 983, ST, FPR, WHOLE, 4, 4, 0 },		/* stfiwx */
	{ 1004, ST, VSVR, ELEMENTS, 16, 1, 0 },		/* stxvb16x */
	{ 1013, PRIV, GPR, WHOLE, 8, 8, IS_ST },	/* stdcix */
	{ 1014, ZERO, GPR, WHOLE, 1, 1, IS_ST },	/* dcbz */
};

/* Prefixed, type 8LS: by the suffix's primary opcode, ascending. */
static const struct row p8ls_form[] = {
	{ 41, LD, GPR, WHOLE, 4, 4, SIGNED },		/* plwa */
	{ 42, LD, VR, WHOLE, 8, 8, 0 },			/* plxsd */
	{ 43, LD, VR, SINGLE, 4, 4, 0 },		/* plxssp */
	{ 46, ST, VR, WHOLE, 8, 8, 0 },			/* pstxsd */
	{ 47, ST, VR, SINGLE, 4, 4, 0 },		/* pstxssp */
	{ 50, LD, VSVR, WHOLE, 16, 8, 0 },		/* plxv, VSR 0 to 31 */
	{ 51, LD, VSVR, WHOLE, 16, 8, 0 },		/* plxv, VSR 32 to 63 */
	{ 54, ST, VSVR, WHOLE, 16, 8, 0 },		/* pstxv */
	{ 55, ST, VSVR, WHOLE, 16, 8, 0 },		/* pstxv */
	{ 56, LD, GPR, PAIR, 16, 8, 0 },		/* plq */
	{ 57, LD, GPR, WHOLE, 8, 8, 0 },		/* pld */
	{ 58, LD, VSR, PAIR, 32, 8, 0 },		/* plxvp */
	{ 60, ST, GPR, PAIR, 16, 8, 0 },		/* pstq */
	{ 61, ST, GPR, WHOLE, 8, 8, 0 },		/* pstd */
	{ 62, ST, VSR, PAIR, 32, 8, 0 },		/* pstxvp */
};

#define COUNT(table)	(sizeof(table) / sizeof((table)[0]))

static const struct row *find_row(const struct row *rows, size_t count,
				  unsigned int opcode)
{
	size_t low = 0;

	while (count) {
		size_t half = count / 2;

		if (rows[low + half].opcode == opcode)
			return &rows[low + half];
		if (rows[low + half].opcode < opcode) {
			low += half + 1;
			count -= half + 1;
		} else {
			count = half;
		}
	}
	return NULL;
}

static unsigned int primary(uint32_t word)
{
	return word >> 26;
}

/* The low @bits bits as a signed number, @bits at most 34. */
static int64_t signed_field(uint64_t value, unsigned int bits)
{
	uint64_t sign = UINT64_C(1) << (bits - 1);

	/* no conversion here changes a value: that would be the compiler's
	 * own affair [C11: Signed and unsigned integers] */
	return (int64_t)((value & (2 * sign - 1)) ^ sign) - (int64_t)sign;
}

static bool vector_scalar(unsigned int bank)
{
	return bank == VSR || bank == VSVR;
}

/* What the row says, and the fields that all forms share. */
static void take_row(const struct row *row, uint32_t word,
		     struct hpte_insn *insn)
{
	insn->kind = row->kind;
	insn->bank = row->bank;
	insn->layout = row->layout;
	insn->size = row->size;
	insn->part = row->part;
	insn->flags = row->flags;
	if (row->kind == ST)
		insn->flags |= IS_ST;
	insn->reg = (uint8_t)(word >> 21 & 0x1F);
	insn->ra = (uint8_t)(word >> 16 & 0x1F);
	insn->rb = (uint8_t)(word >> 11 & 0x1F);
	if (row->bank == VR)
		insn->reg |= 32;
	/* a pair's number has its bit 5 where others have bit 0 */
	if (row->bank == VSR && row->layout == PAIR)
		insn->reg = (uint8_t)((insn->reg & 0x1E) |
				      (insn->reg & 1) << 5);
}

static const struct row *decode_d(uint32_t word, struct hpte_insn *insn)
{
	insn->displacement = signed_field(word, 16);
	return find_row(d_form, COUNT(d_form), primary(word));
}

static const struct row *decode_ds(uint32_t word, struct hpte_insn *insn)
{
	unsigned int opcode = primary(word);
	unsigned int low;	/* displacement bits that are opcode */

	switch (opcode) {
	case 6:
		low = 0xF;
		break;
	case 56:
		/* these four are reserved */
		insn->displacement = signed_field(word & ~0xFU, 16);
		return find_row(ds_form, COUNT(ds_form), DS(56U, 0));
	case 61:
		/* lxv, stxv: 12 bits of displacement, bit 28 is a register's */
		low = (word & 3) == 1 ? 0xF : 3;
		break;
	default:
		low = 3;
		break;
	}
	insn->displacement = signed_field(word & ~low, 16);
	if (opcode == 61 && low == 0xF)
		low = 7;
	return find_row(ds_form, COUNT(ds_form), DS(opcode, word & low));
}

static const struct row *decode_x(uint32_t word, struct hpte_insn *insn)
{
	unsigned int opcode = word >> 1 & 0x3FF;

	/* hashst and its kin: minus 8 to minus 512 */
	if (opcode == 658 || opcode == 690 || opcode == 722 || opcode == 754)
		insn->displacement = -512 + (int64_t)((word & 1) << 8 |
						      (word >> 21 & 0x1F) << 3);
	return find_row(x_form, COUNT(x_form), opcode);
}

static const struct row *decode_prefixed(const uint32_t words[2],
					 struct hpte_insn *insn)
{
	unsigned int opcode = primary(words[1]);
	uint64_t distance = (uint64_t)words[0] << 16 | (words[1] & 0xFFFF);
	const struct row *row = NULL;

	insn->length = 8;
	insn->displacement = signed_field(distance, 34);
	if (words[0] & PREFIX_SUBTYPE)
		return NULL;
	if (PREFIX_TYPE(words[0]) == TYPE_8LS)
		row = find_row(p8ls_form, COUNT(p8ls_form), opcode);
	else if (PREFIX_TYPE(words[0]) == TYPE_MLS)
		row = find_row(d_form, COUNT(d_form), opcode);
	/* no update and no multiple form has a prefix */
	return row && ((row->flags & UPD) || row->layout == MULTIPLE) ? NULL :
									row;
}

/* Forms that the architecture calls invalid. */
static bool invalid_form(const struct hpte_insn *insn)
{
	bool gpr_load = insn->kind == LD && insn->bank == GPR;

	if ((insn->flags & UPD) &&
	    (!insn->ra || (gpr_load && insn->ra == insn->reg)))
		return true;
	if (insn->layout == MULTIPLE)
		return gpr_load && insn->ra >= insn->reg;
	if (insn->layout == STRING && !(insn->flags & HPTE_INSN_INDEXED))
		return gpr_load && (32U + insn->ra - insn->reg) % 32 <
				   ((insn->rb ? insn->rb : 32U) + 3) / 4;
	if (insn->layout == PAIR && insn->bank != VSR)
		return (insn->reg & 1) ||
		       (gpr_load && insn->ra == insn->reg);
	return false;
}

bool hpte_insn_is_prefix(uint32_t word)
{
	return primary(word) == PRIMARY_PREFIX;
}

void hpte_insn_decode(const uint32_t words[2], struct hpte_insn *insn)
{
	const bool prefixed = hpte_insn_is_prefix(words[0]);
	const uint32_t word = prefixed ? words[1] : words[0];
	const unsigned int opcode = primary(word);
	const struct row *row;

	*insn = (struct hpte_insn){ .length = 4 };
	if (prefixed)
		row = decode_prefixed(words, insn);
	else if (opcode == PRIMARY_EXTENDED)
		row = decode_x(word, insn);
	else if (opcode == PRIMARY_LXVP || opcode > 55)
		row = decode_ds(word, insn);
	else
		row = decode_d(word, insn);
	if (!row)
		return;
	take_row(row, word, insn);
	if (prefixed && vector_scalar(row->bank) && row->layout == WHOLE)
		insn->reg |= (uint8_t)((opcode & 1) << 5);
	if (!prefixed && opcode == 61 && vector_scalar(row->bank))
		insn->reg |= (uint8_t)((word & 8) << 2);
	if (!prefixed && opcode == PRIMARY_EXTENDED) {
		insn->flags ^= HPTE_INSN_INDEXED;	/* see NO_RB */
		if (vector_scalar(row->bank) && row->layout != PAIR)
			insn->reg |= (uint8_t)((word & 1) << 5);
	}
	if (prefixed && (words[0] & PREFIX_RELATIVE)) {
		insn->flags |= HPTE_INSN_RELATIVE;
		if (insn->ra)
			insn->flags |= HPTE_INSN_INVALID;
	}
	if (invalid_form(insn))
		insn->flags |= HPTE_INSN_INVALID;
}
