/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/model/model_insn.c - the model: which instruction is it, and what
 * address does it access?
 */
#include "model_mmio.h"

#define MSR_SF		UINT64_C(0x8000000000000000)
#define PREFIX		1U		/* primary opcode */
#define PREFIX_R	UINT32_C(0x00100000)

#define UPDATE		MODEL_INSN_UPDATE
#define SIGNED		MODEL_INSN_SIGNED
#define REVERSED	MODEL_INSN_REVERSED
#define MULTIPLE	MODEL_INSN_MULTIPLE
#define PAIR		MODEL_INSN_PAIR
#define STORES		MODEL_INSN_FAULTS_STORE

#define LOAD(primary, extended, form, bytes, flags) \
	{ primary, extended, MODEL_FORM_##form, MODEL_INSN_LOAD, bytes, flags }
#define KEEP(primary, extended, form, bytes, flags) \
	{ primary, extended, MODEL_FORM_##form, MODEL_INSN_STORE, bytes, \
	  (flags) | STORES }
#define MORE(extended, kind, bytes, flags) \
	{ 31, extended, MODEL_FORM_X, MODEL_INSN_##kind, bytes, flags }
#define NONE(primary) \
	{ primary, 0, MODEL_FORM_ANY, MODEL_INSN_OTHER, 0, 0 }

static const struct model_insn rows[] = {
	/* lwz, lwzu, lbz, lbzu, lhz, lhzu, lha, lhau */
	LOAD(32, 0, D, 4, 0), LOAD(33, 0, D, 4, UPDATE),
	LOAD(34, 0, D, 1, 0), LOAD(35, 0, D, 1, UPDATE),
	LOAD(40, 0, D, 2, 0), LOAD(41, 0, D, 2, UPDATE),
	LOAD(42, 0, D, 2, SIGNED), LOAD(43, 0, D, 2, SIGNED | UPDATE),
	/* ld, ldu, lwa, lq, lmw */
	LOAD(58, 0, DS, 8, 0), LOAD(58, 1, DS, 8, UPDATE),
	LOAD(58, 2, DS, 4, SIGNED), LOAD(56, 0, DQ, 8, PAIR),
	LOAD(46, 0, D, 4, MULTIPLE),
	/* stw, stwu, stb, stbu, sth, sthu */
	KEEP(36, 0, D, 4, 0), KEEP(37, 0, D, 4, UPDATE),
	KEEP(38, 0, D, 1, 0), KEEP(39, 0, D, 1, UPDATE),
	KEEP(44, 0, D, 2, 0), KEEP(45, 0, D, 2, UPDATE),
	/* std, stdu, stq, stmw */
	KEEP(62, 0, DS, 8, 0), KEEP(62, 1, DS, 8, UPDATE),
	KEEP(62, 2, DS, 8, PAIR), KEEP(47, 0, D, 4, MULTIPLE),
	/* lwzx, lbzx, lhzx, lhax, lwax, ldx, each with its update form */
	LOAD(31, 23, X, 4, 0), LOAD(31, 55, X, 4, UPDATE),
	LOAD(31, 87, X, 1, 0), LOAD(31, 119, X, 1, UPDATE),
	LOAD(31, 279, X, 2, 0), LOAD(31, 311, X, 2, UPDATE),
	LOAD(31, 343, X, 2, SIGNED), LOAD(31, 375, X, 2, SIGNED | UPDATE),
	LOAD(31, 341, X, 4, SIGNED), LOAD(31, 373, X, 4, SIGNED | UPDATE),
	LOAD(31, 21, X, 8, 0), LOAD(31, 53, X, 8, UPDATE),
	/* lhbrx, lwbrx, ldbrx */
	LOAD(31, 790, X, 2, REVERSED), LOAD(31, 534, X, 4, REVERSED),
	LOAD(31, 532, X, 8, REVERSED),
	/* stwx, stbx, sthx, stdx, each with its update form */
	KEEP(31, 151, X, 4, 0), KEEP(31, 183, X, 4, UPDATE),
	KEEP(31, 215, X, 1, 0), KEEP(31, 247, X, 1, UPDATE),
	KEEP(31, 407, X, 2, 0), KEEP(31, 439, X, 2, UPDATE),
	KEEP(31, 149, X, 8, 0), KEEP(31, 181, X, 8, UPDATE),
	/* sthbrx, stwbrx, stdbrx */
	KEEP(31, 918, X, 2, REVERSED), KEEP(31, 662, X, 4, REVERSED),
	KEEP(31, 660, X, 8, REVERSED),
	/* plwz, plbz, plhz, plha, plwa, pld */
	LOAD(32, 0, MLS, 4, 0), LOAD(34, 0, MLS, 1, 0),
	LOAD(40, 0, MLS, 2, 0), LOAD(42, 0, MLS, 2, SIGNED),
	LOAD(41, 0, 8LS, 4, SIGNED), LOAD(57, 0, 8LS, 8, 0),
	/* pstw, pstb, psth, pstd */
	KEEP(36, 0, MLS, 4, 0), KEEP(38, 0, MLS, 1, 0),
	KEEP(44, 0, MLS, 2, 0), KEEP(61, 0, 8LS, 8, 0),
	/* dcbst, dcbf, icbi, dcbz */
	MORE(54, CACHE, 0, 0), MORE(86, CACHE, 0, 0), MORE(982, CACHE, 0, 0),
	MORE(1014, ZERO, 0, STORES),
	/* lwarx, ldarx, stwcx., stdcx. */
	MORE(20, REFUSED, 4, 0), MORE(84, REFUSED, 8, 0),
	MORE(150, REFUSED, 4, STORES), MORE(214, REFUSED, 8, STORES),
	/* lwzcix, stdcix */
	MORE(789, PRIVILEGED, 4, 0), MORE(1013, PRIVILEGED, 8, STORES),
	/* add, mfspr, addi, b, sc, ori */
	MORE(266, OTHER, 0, 0), MORE(339, OTHER, 0, 0),
	NONE(14), NONE(18), NONE(17), NONE(24),
};

const struct model_insn *model_insn_rows(size_t *count)
{
	*count = sizeof(rows) / sizeof(rows[0]);
	return rows;
}

static bool is_prefixed(enum model_insn_form form)
{
	return form == MODEL_FORM_8LS || form == MODEL_FORM_MLS;
}

static bool is_row(const struct model_insn *row, const uint32_t words[2])
{
	bool prefixed = words[0] >> 26 == PREFIX;
	uint32_t word = words[prefixed ? 1 : 0];

	if (word >> 26 != row->primary || is_prefixed(row->form) != prefixed)
		return false;
	switch (row->form) {
	case MODEL_FORM_DS:
		return (word & 3) == row->extended;
	case MODEL_FORM_X:
		return (word >> 1 & 0x3FF) == row->extended;
	case MODEL_FORM_8LS:
		return (words[0] >> 23 & 7) == 0;
	case MODEL_FORM_MLS:
		return (words[0] >> 23 & 7) == 4;
	default:
		return true;
	}
}

const struct model_insn *model_insn_find(const uint32_t words[2])
{
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (is_row(&rows[i], words))
			return &rows[i];
	return NULL;
}

static uint64_t sign_extend(uint64_t value, unsigned int bits)
{
	uint64_t sign = UINT64_C(1) << (bits - 1);

	return (value ^ sign) - sign;
}

static uint64_t displacement(const struct model_insn *insn,
			     const uint32_t words[2])
{
	switch (insn->form) {
	case MODEL_FORM_D:
		return sign_extend(words[0] & 0xFFFF, 16);
	case MODEL_FORM_DS:
		return sign_extend(words[0] & 0xFFFC, 16);
	case MODEL_FORM_DQ:
		return sign_extend(words[0] & 0xFFF0, 16);
	default:
		return sign_extend((uint64_t)(words[0] & 0x3FFFF) << 16 |
				   (words[1] & 0xFFFF), 34);
	}
}

uint64_t model_insn_ea(const struct model_insn *insn, const uint32_t words[2],
		       const struct model_registers *registers)
{
	bool prefixed = is_prefixed(insn->form);
	uint32_t word = words[prefixed ? 1 : 0];
	unsigned int ra = word >> 16 & 31;
	uint64_t ea = ra ? registers->gpr[ra] : 0;

	if (prefixed && (words[0] & PREFIX_R))
		ea = registers->pc;
	if (insn->form == MODEL_FORM_X)
		ea += registers->gpr[word >> 11 & 31];
	else
		ea += displacement(insn, words);
	return registers->msr & MSR_SF ? ea : ea & UINT32_MAX;
}

bool model_insn_invalid(const struct model_insn *insn, const uint32_t words[2])
{
	bool prefixed = is_prefixed(insn->form);
	uint32_t word = words[prefixed ? 1 : 0];
	bool load = insn->kind == MODEL_INSN_LOAD;
	unsigned int rt = word >> 21 & 31;
	unsigned int ra = word >> 16 & 31;

	if (prefixed)
		return (words[0] & PREFIX_R) && ra;
	if (insn->flags & UPDATE)
		return !ra || (load && ra == rt);
	if (insn->flags & PAIR)
		return (rt & 1) || (load && ra == rt);
	return (insn->flags & MULTIPLE) && load && ra >= rt;
}
