/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/prove/access.c - where an instruction's access lies, before anything
 * is accessed: the first half of libhpte/mmio_emulate.c.
 *
 * References
 *	[ISA]	Power ISA Version 3.1, Book I, "Effective Address
 *		Calculation" and instruction descriptions
 *
 * For all words, registers, MSRs and faults.  The functions are static, so
 * the file is compiled here.
 */
#include "prove.h"

#include "libhpte/mmio_emulate.c"

struct any {
	uint32_t words[2];
	uint32_t word;		/* the one with the fields */
	unsigned int extended;	/* of primary 31; otherwise none is */
	unsigned int ra, rb;
	uint64_t value_ra, value_rb, pc, xer;
	struct hpte_mmio_cpu cpu;
};

struct any nondet_any(void);
struct hpte_outcome nondet_outcome(void);

/* Registers that an address depends on; another may not be asked for. */
static uint64_t read_any(void *ctx, unsigned int reg)
{
	const struct any *any = ctx;

	if (reg == HPTE_REG_PC)
		return any->pc;
	if (reg == HPTE_REG_XER)
		return any->xer;
	CHECK(reg == any->ra || reg == any->rb, "the registers of the word");
	return reg == any->ra ? any->value_ra : any->value_rb;
}

/* A CPU whose registers are any, at an instruction that is any access. */
static void any_access(struct any *any)
{
	static const struct hpte_mmio_regs regs = { sizeof(regs), read_any,
						    NULL };
	bool prefixed;

	*any = nondet_any();
	prefixed = any->words[0] >> 26 == 1;
	any->word = any->words[prefixed];
	any->extended = !prefixed && any->word >> 26 == 31 ?
			any->word >> 1 & 0x3FF : 0;
	any->ra = any->word >> 16 & 31;
	any->rb = any->word >> 11 & 31;
	ASSUME(any->ra != any->rb || any->value_ra == any->value_rb);
	any->cpu.priv_regs = &regs;
	any->cpu.priv_ctx = any;
	hpte_insn_decode(any->words, &any->cpu.priv_insn);
	ASSUME(any->cpu.priv_insn.kind != HPTE_INSN_NONE);
}

static bool is_64_bit(const struct any *any)
{
	return bit_of(any->cpu.priv_msr, 63);
}

/* Primary 31, but RB is not an index, or there is none. */
static bool without_index(unsigned int extended)
{
	switch (extended) {
	case 0:					/* not primary 31 */
	case 269: case 301: case 397: case 429:	/* lxvl and its kin */
	case 582: case 614: case 710: case 742:	/* lwat and its kin */
	case 597: case 725:			/* lswi, stswi */
	case 658: case 690: case 722: case 754:	/* hashst and its kin */
		return true;
	default:
		return false;
	}
}

/* The low bits of an address that are ignored. */
static uint64_t ignored(unsigned int extended)
{
	switch (extended) {
	case 39: case 167:			/* lvehx, stvehx */
		return 1;
	case 71: case 199:			/* lvewx, stvewx */
		return 3;
	case 103: case 359: case 231: case 487:	/* lvx, lvxl, stvx, stvxl */
		return 15;
	default:
		return 0;
	}
}

PROVE(address_exact)
{
	struct any any;
	uint64_t base, sum;

	any_access(&any);
	base = any.words[0] >> 26 == 1 && bit_of(any.words[0], 20) ? any.pc :
	       any.ra ? any.value_ra : 0;
	sum = (uint64_t)any.cpu.priv_insn.displacement + base;
	if (!without_index(any.extended))
		sum += any.value_rb;
	sum &= ~ignored(any.extended);
	find_address(&any.cpu);
	CHECK(any.cpu.priv_ea == (is_64_bit(&any) ? sum : sum & 0xFFFFFFFF),
	      "effective address");
	REACHED();
}

/* [ISA] the number of bytes in storage */
static uint64_t bytes_of(const struct any *any)
{
	const struct hpte_insn *insn = &any->cpu.priv_insn;
	uint64_t length = any->value_rb >> 56;

	if (insn->kind == HPTE_INSN_CACHE || insn->kind == HPTE_INSN_ZERO)
		return 128;
	if (insn->layout == HPTE_INSN_MULTIPLE)
		return 4 * (32 - (any->word >> 21 & 31));
	if (any->extended == 597 || any->extended == 725)
		return any->rb ? any->rb : 32;
	if (any->extended == 533 || any->extended == 661)
		return any->xer & 127;
	if (insn->layout == HPTE_INSN_LENGTH ||
	    insn->layout == HPTE_INSN_LENGTH_LEFT)
		return length < 16 ? length : 16;
	return insn->size;
}

PROVE(bytes_exact)
{
	struct any any;
	unsigned int bytes;

	any_access(&any);
	bytes = count_bytes(&any.cpu);
	CHECK(bytes == bytes_of(&any), "bytes of storage");
	CHECK(bytes <= sizeof(any.cpu.priv_data), "there is room for them");
	REACHED();
}

/* However far it came: the next part exists, and ends where the bytes do. */
PROVE(parts_in_range)
{
	struct any any;
	struct hpte_mmio_cpu *cpu = &any.cpu;
	unsigned int part;

	any_access(&any);
	cpu->priv_bytes = count_bytes(cpu);
	ASSUME(cpu->priv_done < cpu->priv_bytes);
	part = part_bytes(cpu);
	CHECK(part == 1 || part == 2 || part == 4 || part == 8, "a size");
	CHECK(part <= cpu->priv_bytes - cpu->priv_done, "inside the bytes");
	CHECK(part <= cpu->priv_insn.part, "not more than the instruction's");
	REACHED();
}

/* Believed exactly if it does what faulted. */
PROVE(explains_exact)
{
	struct any any;
	struct hpte_outcome outcome = nondet_outcome();
	const struct hpte_insn *insn = &any.cpu.priv_insn;
	uint64_t first, distance;
	bool believed;

	any_access(&any);
	believed = explains(&any.cpu, &outcome);
	/* if the direction is wrong, any address will do */
	first = any.cpu.priv_ea;
	if (insn->kind == HPTE_INSN_CACHE || insn->kind == HPTE_INSN_ZERO)
		first &= ~UINT64_C(127);
	distance = outcome.dar - first;
	if (!is_64_bit(&any))
		distance &= 0xFFFFFFFF;
	CHECK(believed == ((insn->flags >> 7 & 1) == outcome.is_store &&
			   distance < bytes_of(&any)),
	      "same direction, and the address among its bytes");
	CHECK(!believed || any.cpu.priv_gpa + distance == outcome.gpa,
	      "the first byte's address");
	REACHED();
}

PROVE(in_page_exact)
{
	struct any any;
	struct hpte_outcome outcome = nondet_outcome();
	uint64_t page, last;

	any_access(&any);
	any.cpu.priv_bytes = count_bytes(&any.cpu);
	ASSUME(any.cpu.priv_bytes);
	ASSUME(outcome.shift >= 12 && outcome.shift <= 34);
	page = outcome.gpa >> outcome.shift;
	last = any.cpu.priv_gpa + any.cpu.priv_bytes - 1;
	CHECK(in_page(&any.cpu, &outcome) ==
	      (any.cpu.priv_gpa >> outcome.shift == page &&
	       last >> outcome.shift == page), "first and last byte");
	REACHED();
}
