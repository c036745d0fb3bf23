/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/prove/single.c - singles as doubles and doubles as singles, as
 * libhpte/mmio_vector.c converts them.
 *
 * References
 *	[ISA]	Power ISA Version 3.1, Book I, "Floating-Point Load
 *		Instructions" (DOUBLE), "Floating-Point Store Instructions"
 *		(SINGLE)
 *
 * For all 2^32 singles and all 2^64 doubles.  What is expected are the ISA's
 * own formulas, which say where each bit comes from; bits are counted from
 * the least significant.  The functions are static, so the file is compiled
 * here.
 */
#include "prove.h"

#include "libhpte/mmio_vector.c"

/* Not denormalized: the ISA copies bits, and repeats one of the exponent. */
static unsigned int widened_bit(uint32_t single, unsigned int n)
{
	unsigned int exponent = single >> 23 & 0xFF;
	bool finite_nonzero = exponent > 0 && exponent < 255;

	if (n >= 62)
		return bit_of(single, n - 32);
	if (n >= 59)
		return bit_of(single, 30) ^ finite_nonzero;
	return n >= 29 ? bit_of(single, n - 29) : 0;
}

PROVE(double_exact)
{
	uint32_t single = nondet_uint32();
	unsigned int n = any_bit();

	ASSUME((single >> 23 & 0xFF) || !(single & 0x7FFFFF));
	CHECK(bit_of(single_to_double(single), n) == widened_bit(single, n),
	      "each bit");
	REACHED();
}

/* Denormalized: fraction times 2^-149, whose leading one is bit @top. */
PROVE(double_of_denormal_exact)
{
	uint32_t single = nondet_uint32();
	uint32_t fraction = single & 0x7FFFFF;
	unsigned int top = nondet_unsigned();
	uint64_t result;

	ASSUME((single >> 23 & 0xFF) == 0 && top < 23);
	ASSUME(fraction >> top == 1);
	result = single_to_double(single);
	CHECK(result >> 63 == single >> 31, "sign");
	CHECK((result >> 52 & 0x7FF) == 1023 - 149 + top, "exponent");
	CHECK((result & 0xFFFFFFFFFFFFF) ==
	      (uint64_t)(fraction - (1U << top)) << (52 - top), "fraction");
	REACHED();
}

/* And as C's own arithmetic has it, which CBMC models by IEEE 754. */
PROVE(double_same_number)
{
	union { uint32_t bits; float number; } from = { nondet_uint32() };
	union { uint64_t bits; double number; } to;

	ASSUME((from.bits & 0x7F800000) != 0x7F800000 ||
	       !(from.bits & 0x7FFFFF));	/* NaNs: see double_exact */
	to.bits = single_to_double(from.bits);
	CHECK(to.number == (double)from.number, "the same number");
	CHECK(to.bits >> 63 == from.bits >> 31, "the same sign, of a zero too");
	REACHED();
}

/* A bit of a single with the exponent 0: the fraction, moved right. */
static unsigned int denormal_bit(uint64_t value, unsigned int exponent,
				 unsigned int n)
{
	unsigned int from = n + 29 + (897 - exponent);

	if (n == 31)
		return bit_of(value, 63);
	if (n >= 23 || exponent < 874 || from > 52)
		return 0;
	return from == 52 ? 1 : bit_of(value, from);
}

PROVE(single_exact)
{
	uint64_t value = nondet_uint64();
	unsigned int exponent = (unsigned int)(value >> 52 & 0x7FF);
	unsigned int n = nondet_unsigned();
	uint32_t single = double_to_single(value);

	ASSUME(n < 32);
	if (exponent > 896 || !(value << 1))
		CHECK(bit_of(single, n) ==
		      bit_of(value, n >= 30 ? n + 32 : n + 29), "copied");
	else
		CHECK(bit_of(single, n) == denormal_bit(value, exponent, n),
		      "denormalized, or too small: nothing but the sign");
	REACHED();
}

PROVE(single_round_trip)
{
	uint32_t single = nondet_uint32();

	CHECK(double_to_single(single_to_double(single)) == single,
	      "what is loaded is stored as it was");
	REACHED();
}
