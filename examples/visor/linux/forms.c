/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * linux/forms.c - see forms.h.
 */
#include "forms.h"

#include <string.h>

#define DISPLACED	" %0,8(%1)"
#define INDEXED		" %0,%1,%2"

/* The shapes: what the transferred register is, and which way it goes. */
#define LOAD(op, operands)						\
	__asm__ volatile(op operands : "=&r" (value), "+b" (*base)	\
			 : "r" (index) : "memory");
#define STORE(op, operands)						\
	__asm__ volatile(op operands : "+r" (value), "+b" (*base)	\
			 : "r" (index) : "memory");
#define FLOAT_LOAD(op, operands)					\
	__asm__ volatile(op operands : "=&d" (number), "+b" (*base)	\
			 : "r" (index) : "memory");
#define FLOAT_STORE(op, operands)					\
	__asm__ volatile(op operands : "+d" (number), "+b" (*base)	\
			 : "r" (index) : "memory");

#define IS_LOAD		false
#define IS_STORE	true
#define IS_FLOAT_LOAD	false
#define IS_FLOAT_STORE	true

/* Instruction, bytes, kind, shape, operands, update. */
#define FORMS(form)							\
	form(lbz, 1, PLAIN, LOAD, DISPLACED, false)			\
	form(lbzu, 1, PLAIN, LOAD, DISPLACED, true)			\
	form(lbzx, 1, PLAIN, LOAD, INDEXED, false)			\
	form(lbzux, 1, PLAIN, LOAD, INDEXED, true)			\
	form(lhz, 2, PLAIN, LOAD, DISPLACED, false)			\
	form(lhzu, 2, PLAIN, LOAD, DISPLACED, true)			\
	form(lhzx, 2, PLAIN, LOAD, INDEXED, false)			\
	form(lhzux, 2, PLAIN, LOAD, INDEXED, true)			\
	form(lha, 2, SIGNED, LOAD, DISPLACED, false)			\
	form(lhau, 2, SIGNED, LOAD, DISPLACED, true)			\
	form(lhax, 2, SIGNED, LOAD, INDEXED, false)			\
	form(lhaux, 2, SIGNED, LOAD, INDEXED, true)			\
	form(lwz, 4, PLAIN, LOAD, DISPLACED, false)			\
	form(lwzu, 4, PLAIN, LOAD, DISPLACED, true)			\
	form(lwzx, 4, PLAIN, LOAD, INDEXED, false)			\
	form(lwzux, 4, PLAIN, LOAD, INDEXED, true)			\
	form(lwa, 4, SIGNED, LOAD, DISPLACED, false)			\
	form(lwax, 4, SIGNED, LOAD, INDEXED, false)			\
	form(lwaux, 4, SIGNED, LOAD, INDEXED, true)			\
	form(ld, 8, PLAIN, LOAD, DISPLACED, false)			\
	form(ldu, 8, PLAIN, LOAD, DISPLACED, true)			\
	form(ldx, 8, PLAIN, LOAD, INDEXED, false)			\
	form(ldux, 8, PLAIN, LOAD, INDEXED, true)			\
	form(lhbrx, 2, REVERSED, LOAD, INDEXED, false)			\
	form(lwbrx, 4, REVERSED, LOAD, INDEXED, false)			\
	form(ldbrx, 8, REVERSED, LOAD, INDEXED, false)			\
	form(stb, 1, PLAIN, STORE, DISPLACED, false)			\
	form(stbu, 1, PLAIN, STORE, DISPLACED, true)			\
	form(stbx, 1, PLAIN, STORE, INDEXED, false)			\
	form(stbux, 1, PLAIN, STORE, INDEXED, true)			\
	form(sth, 2, PLAIN, STORE, DISPLACED, false)			\
	form(sthu, 2, PLAIN, STORE, DISPLACED, true)			\
	form(sthx, 2, PLAIN, STORE, INDEXED, false)			\
	form(sthux, 2, PLAIN, STORE, INDEXED, true)			\
	form(stw, 4, PLAIN, STORE, DISPLACED, false)			\
	form(stwu, 4, PLAIN, STORE, DISPLACED, true)			\
	form(stwx, 4, PLAIN, STORE, INDEXED, false)			\
	form(stwux, 4, PLAIN, STORE, INDEXED, true)			\
	form(std, 8, PLAIN, STORE, DISPLACED, false)			\
	form(stdu, 8, PLAIN, STORE, DISPLACED, true)			\
	form(stdx, 8, PLAIN, STORE, INDEXED, false)			\
	form(stdux, 8, PLAIN, STORE, INDEXED, true)			\
	form(sthbrx, 2, REVERSED, STORE, INDEXED, false)		\
	form(stwbrx, 4, REVERSED, STORE, INDEXED, false)		\
	form(stdbrx, 8, REVERSED, STORE, INDEXED, false)		\
	form(lfs, 4, SINGLE, FLOAT_LOAD, DISPLACED, false)		\
	form(lfsu, 4, SINGLE, FLOAT_LOAD, DISPLACED, true)		\
	form(lfsx, 4, SINGLE, FLOAT_LOAD, INDEXED, false)		\
	form(lfsux, 4, SINGLE, FLOAT_LOAD, INDEXED, true)		\
	form(lfd, 8, PLAIN, FLOAT_LOAD, DISPLACED, false)		\
	form(lfdu, 8, PLAIN, FLOAT_LOAD, DISPLACED, true)		\
	form(lfdx, 8, PLAIN, FLOAT_LOAD, INDEXED, false)		\
	form(lfdux, 8, PLAIN, FLOAT_LOAD, INDEXED, true)		\
	form(lfiwax, 4, SIGNED, FLOAT_LOAD, INDEXED, false)		\
	form(lfiwzx, 4, PLAIN, FLOAT_LOAD, INDEXED, false)		\
	form(stfs, 4, SINGLE, FLOAT_STORE, DISPLACED, false)		\
	form(stfsu, 4, SINGLE, FLOAT_STORE, DISPLACED, true)		\
	form(stfsx, 4, SINGLE, FLOAT_STORE, INDEXED, false)		\
	form(stfsux, 4, SINGLE, FLOAT_STORE, INDEXED, true)		\
	form(stfd, 8, PLAIN, FLOAT_STORE, DISPLACED, false)		\
	form(stfdu, 8, PLAIN, FLOAT_STORE, DISPLACED, true)		\
	form(stfdx, 8, PLAIN, FLOAT_STORE, INDEXED, false)		\
	form(stfdux, 8, PLAIN, FLOAT_STORE, INDEXED, true)		\
	form(stfiwx, 4, PLAIN, FLOAT_STORE, INDEXED, false)

/* An integer passes through the floating-point register unchanged. */
#define INTEGER_SHAPE(op, operands, shape)				\
	shape(#op, operands)
#define FLOAT_SHAPE(op, operands, shape)				\
	double number;							\
									\
	memcpy(&number, &value, sizeof(number));			\
	shape(#op, operands)						\
	memcpy(&value, &number, sizeof(value));

#define BODY_LOAD		INTEGER_SHAPE
#define BODY_STORE		INTEGER_SHAPE
#define BODY_FLOAT_LOAD		FLOAT_SHAPE
#define BODY_FLOAT_STORE	FLOAT_SHAPE

#define DEFINE_RUN(op, bytes, kind, shape, operands, update)		\
static uint64_t run_##op(uint64_t address, uint64_t value,		\
			 uint64_t *base)				\
{									\
	uint64_t index = MOVED_BY;					\
									\
	*base = address - MOVED_BY;					\
	BODY_##shape(op, operands, shape)				\
	return value;							\
}

#define TABLE_LINE(op, bytes, kind, shape, operands, update)		\
	{ #op, bytes, kind, IS_##shape, update, run_##op },

FORMS(DEFINE_RUN)

const struct form forms[] = { FORMS(TABLE_LINE) };
const unsigned int form_count = sizeof(forms) / sizeof(forms[0]);
