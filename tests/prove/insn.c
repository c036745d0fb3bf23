/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/prove/insn.c - the instruction decoder, hpte/insn.h.
 *
 * References
 *	[ISA]	Power ISA Version 3.1, Book I, "Instruction Formats",
 *		"Prefixed Instruction Formats"; Book III, "Data Storage
 *		Interrupt"
 *
 * For all pairs of words.  Which instruction an opcode is says a table, and
 * tests/insn compares it with a disassembler's, every opcode of it.  That
 * this is enough says insn_opcode_alone: no other bit of the words has a
 * part in it.  Fields of the words are written here as [ISA] draws them, but
 * counted from the least significant bit.
 */
#include "prove.h"

#include "hpte/insn.h"

struct hpte_insn nondet_insn(void);

struct any {
	uint32_t words[2];
	uint32_t word;		/* the one with the fields */
	unsigned int primary, extended;
	bool prefixed;
	struct hpte_insn insn;
};

static void decode_any(struct any *any)
{
	any->words[0] = nondet_uint32();
	any->words[1] = nondet_uint32();
	any->prefixed = any->words[0] >> 26 == 1;
	any->word = any->words[any->prefixed];
	any->primary = any->word >> 26;
	any->extended = any->word >> 1 & 0x3FF;
	any->insn = nondet_insn();
	hpte_insn_decode(any->words, &any->insn);
}

static bool has(const struct any *any, unsigned int flag)
{
	return any->insn.flags & flag;
}

static bool extended_31(const struct any *any)
{
	return !any->prefixed && any->primary == 31;
}

static bool power_of_two_to(unsigned int value, unsigned int most)
{
	return value && value <= most && !(value & (value - 1));
}

/* Bytes of storage that a register says, not the opcode. */
static bool no_fixed_size(const struct hpte_insn *insn)
{
	return insn->layout == HPTE_INSN_MULTIPLE ||
	       insn->layout == HPTE_INSN_STRING ||
	       insn->layout == HPTE_INSN_LENGTH ||
	       insn->layout == HPTE_INSN_LENGTH_LEFT;
}

PROVE(insn_in_range)
{
	struct any any;
	const struct hpte_insn *insn = &any.insn;

	decode_any(&any);
	CHECK(insn->kind <= HPTE_INSN_PRIVILEGED, "kind");
	CHECK(insn->length == 4 || insn->length == 8, "length");
	if (insn->kind == HPTE_INSN_NONE) {
		REACHED();
		return;
	}
	CHECK(insn->bank <= HPTE_INSN_VSR_OR_VR, "bank");
	CHECK(insn->layout <= HPTE_INSN_LENGTH_LEFT, "layout");
	CHECK(no_fixed_size(insn) ? !insn->size :
				    power_of_two_to(insn->size, 32), "size");
	CHECK(power_of_two_to(insn->part, 8), "part");
	CHECK(!insn->size || insn->part <= insn->size, "a part is a part");
	CHECK(insn->ra < 32 && insn->rb < 32, "base and index");
	CHECK(insn->bank != HPTE_INSN_VR || insn->reg >= 32, "VR");
	CHECK(insn->reg < (insn->bank >= HPTE_INSN_VR ? 64 : 32), "register");
	CHECK(insn->layout != HPTE_INSN_PAIR || has(&any, HPTE_INSN_INVALID) ||
	      !(insn->reg & 1), "a pair has a second register");
	CHECK(insn->displacement >> (any.prefixed ? 33 : 15) == 0 ||
	      insn->displacement >> (any.prefixed ? 33 : 15) == -1,
	      "displacement");
	REACHED();
}

/* One word is enough where it is no prefix: there is no second to read. */
PROVE(insn_one_word)
{
	uint32_t one[1] = { nondet_uint32() };
	struct hpte_insn insn = nondet_insn();

	ASSUME(one[0] >> 26 != 1);
	hpte_insn_decode(one, &insn);
	CHECK(insn.length == 4, "decoded");
	REACHED();
}

PROVE(insn_prefix)
{
	struct any any;

	decode_any(&any);
	CHECK(hpte_insn_is_prefix(any.words[0]) == any.prefixed, "a prefix");
	CHECK(any.insn.length == (any.prefixed ? 8 : 4), "length");
	if (any.insn.kind == HPTE_INSN_NONE) {
		REACHED();
		return;
	}
	CHECK(has(&any, HPTE_INSN_RELATIVE) ==
	      (any.prefixed && bit_of(any.words[0], 20)), "R");
	CHECK(!any.prefixed || (any.insn.kind <= HPTE_INSN_STORE &&
				!has(&any, HPTE_INSN_UPDATE) &&
				!has(&any, HPTE_INSN_INDEXED) &&
				!no_fixed_size(&any.insn)),
	      "a load or store; no update, index, multiple or string");
	REACHED();
}

/* [ISA] the mnemonics that end in u or ux */
static bool updates(const struct any *any)
{
	unsigned int row = any->extended >> 6, column = any->extended & 63;

	if (any->prefixed)
		return false;
	if (any->primary == 31)
		return column == 53 ? row == 0 || row == 2 || row == 5 :
				      column == 55 && row != 7 && row < 12;
	if (any->primary == 58 || any->primary == 62)
		return (any->word & 3) == 1;
	return any->primary >= 33 && any->primary <= 55 &&
	       (any->primary & 1) && any->primary != 47;
}

PROVE(insn_update_exact)
{
	struct any any;
	bool gpr_load;

	decode_any(&any);
	gpr_load = any.insn.kind == HPTE_INSN_LOAD &&
		   any.insn.bank == HPTE_INSN_GPR;
	CHECK(has(&any, HPTE_INSN_UPDATE) == updates(&any), "which update");
	if (!updates(&any)) {
		REACHED();
		return;
	}
	CHECK(any.insn.kind == HPTE_INSN_LOAD ||
	      any.insn.kind == HPTE_INSN_STORE, "loads and stores only");
	CHECK(has(&any, HPTE_INSN_INVALID) ==
	      (!any.insn.ra || (gpr_load && any.insn.ra == any.insn.reg)),
	      "RA is not 0, and not what is loaded");
	REACHED();
}

/*
 * Primary 31 tells stores by bit 24 of the word, but for what has no data,
 * what checks a hash, and atomic updates that return a value.
 */
static bool extended_stores(unsigned int extended)
{
	switch (extended) {
	case 246:		/* dcbtst */
	case 470:		/* dcbi */
	case 690:		/* hashchkp */
	case 754:		/* hashchk */
	case 982:		/* icbi */
		return false;
	case 582:		/* lwat */
	case 614:		/* ldat */
		return true;
	default:
		return bit_of(extended, 7);
	}
}

static bool stores(const struct any *any)
{
	bool is_8ls = any->prefixed && !bit_of(any->words[0], 25);

	if (is_8ls)
		return (any->primary & 0x36) == 0x26 ||
		       (any->primary & 0x36) == 0x36 || any->primary >= 60;
	if (extended_31(any))
		return extended_stores(any->extended);
	if (any->primary == 6)
		return any->word & 1;
	if (any->primary == 61)
		return (any->word & 7) != 1;
	/* 36 to 39, 44, 45, 47, 52 to 55, and 62 */
	return bit_of(any->primary, 2) && any->primary != 46;
}

PROVE(insn_direction_exact)
{
	struct any any;

	decode_any(&any);
	ASSUME(any.insn.kind != HPTE_INSN_NONE);
	CHECK(has(&any, HPTE_INSN_IS_STORE) == stores(&any), "direction");
	CHECK(any.insn.kind != HPTE_INSN_LOAD || !stores(&any), "loads");
	CHECK(any.insn.kind != HPTE_INSN_STORE || stores(&any), "stores");
	REACHED();
}

/* Bit 5 of a VSR's number: in another place in each format. */
static unsigned int high_bit(const struct any *any)
{
	if (any->insn.bank == HPTE_INSN_VR)
		return 1;
	if (any->insn.bank < HPTE_INSN_VR)
		return 0;
	if (any->insn.layout == HPTE_INSN_PAIR)
		return bit_of(any->word, 21);
	if (any->prefixed)
		return any->primary & 1;
	return bit_of(any->word, any->primary == 61 ? 3 : 0);
}

PROVE(insn_registers_exact)
{
	struct any any;
	unsigned int reg;

	decode_any(&any);
	ASSUME(any.insn.kind != HPTE_INSN_NONE);
	reg = any.word >> 21 & 31;
	if (any.insn.bank == HPTE_INSN_VSR &&
	    any.insn.layout == HPTE_INSN_PAIR)
		reg &= 30;
	CHECK(any.insn.reg == reg + 32 * high_bit(&any), "register");
	CHECK(any.insn.ra == (any.word >> 16 & 31), "base");
	CHECK(any.insn.rb == (any.word >> 11 & 31), "index");
	REACHED();
}

/* How many low bits of the 16 are the opcode's, not the displacement's. */
static unsigned int opcode_bits(const struct any *any)
{
	if (any->primary == 6 || any->primary == 56 ||
	    (any->primary == 61 && (any->word & 3) == 1))
		return 4;
	return any->primary > 56 ? 2 : 0;
}

static unsigned int displacement_bit(const struct any *any, unsigned int n)
{
	/* hashst: six bits, three places up, under a sign that is always set */
	if (extended_31(any)) {
		if (any->extended != 658 && any->extended != 690 &&
		    any->extended != 722 && any->extended != 754)
			return 0;
		return n >= 9 ? 1 : n == 8 ? bit_of(any->word, 0) :
		       n >= 3 ? bit_of(any->word, n + 18) : 0;
	}
	if (!any->prefixed)
		return n < opcode_bits(any) ? 0 :
		       bit_of(any->word, n < 15 ? n : 15);
	if (n < 16)
		return bit_of(any->word, n);
	return bit_of(any->words[0], (n < 33 ? n : 33) - 16);
}

PROVE(insn_displacement_exact)
{
	struct any any;
	unsigned int n = any_bit();

	decode_any(&any);
	ASSUME(any.insn.kind != HPTE_INSN_NONE);
	CHECK((any.insn.displacement >> n & 1) == displacement_bit(&any, n),
	      "each bit of the displacement");
	REACHED();
}

/* lswi: is @ra among the registers that @bytes bytes fill, from @reg on? */
static bool fills(unsigned int reg, unsigned int bytes, unsigned int ra)
{
	for (unsigned int i = 0; i < 8; i++)
		if (4 * i < bytes && (reg + i) % 32 == ra)
			return true;
	return false;
}

/* [ISA] every "the instruction form is invalid" that a decoder can see */
static bool invalid(const struct any *any)
{
	const struct hpte_insn *insn = &any->insn;
	bool gpr_load = insn->kind == HPTE_INSN_LOAD &&
			insn->bank == HPTE_INSN_GPR;

	if (any->prefixed && bit_of(any->words[0], 20) && insn->ra)
		return true;
	if (updates(any) && !insn->ra)
		return true;
	if (insn->layout == HPTE_INSN_PAIR && insn->bank < HPTE_INSN_VR &&
	    (insn->reg & 1))
		return true;
	if (!gpr_load)
		return false;
	if (extended_31(any) && any->extended == 597)
		return fills(insn->reg, insn->rb ? insn->rb : 32, insn->ra);
	if (insn->layout == HPTE_INSN_MULTIPLE)
		return insn->ra >= insn->reg;
	return (updates(any) || insn->layout == HPTE_INSN_PAIR) &&
	       insn->ra == insn->reg;
}

PROVE(insn_invalid_exact)
{
	struct any any;

	decode_any(&any);
	ASSUME(any.insn.kind != HPTE_INSN_NONE);
	CHECK(has(&any, HPTE_INSN_INVALID) == invalid(&any), "invalid form");
	REACHED();
}

/* The bits that are opcode; RELATIVE and INVALID are others' business. */
static void opcode_of(const struct any *any, uint32_t opcode[2])
{
	uint32_t low = any->prefixed ? 0 :
		       any->primary == 31 ? 0x7FE :
		       any->primary == 6 ? 0xF :
		       any->primary == 61 ? ((any->word & 3) == 1 ? 7 : 3) :
		       any->primary > 56 ? 3 : 0;

	opcode[0] = any->words[0] & (any->prefixed ? 0xFF800000 :
						     0xFC000000 | low);
	opcode[1] = any->words[1] & 0xFC000000;
}

PROVE(insn_opcode_alone)
{
	const unsigned int not_opcode = HPTE_INSN_INVALID | HPTE_INSN_RELATIVE;
	struct any any;
	struct hpte_insn bare = nondet_insn();
	uint32_t opcode[2];

	decode_any(&any);
	opcode_of(&any, opcode);
	hpte_insn_decode(opcode, &bare);
	CHECK(any.insn.kind == bare.kind, "kind");
	CHECK(any.insn.bank == bare.bank, "bank");
	CHECK(any.insn.layout == bare.layout, "layout");
	CHECK(any.insn.size == bare.size, "size");
	CHECK(any.insn.part == bare.part, "part");
	CHECK((any.insn.flags | not_opcode) == (bare.flags | not_opcode),
	      "flags");
	REACHED();
}
