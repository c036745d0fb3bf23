/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/prove/env.c - byte order, hpte/env.h.
 */
#include "prove.h"

PROVE(be64_round_trip)
{
	uint64_t value = nondet_uint64();

	CHECK(hpte_be64_to_host(hpte_be64_from_host(value)) == value,
	      "to table order and back");
	CHECK(hpte_be64_from_host(hpte_be64_to_host(value)) == value,
	      "to host order and back");
	REACHED();
}

/* Also what shows that the model's byte order is the preprocessor's. */
PROVE(be64_in_memory)
{
	uint64_t value = nondet_uint64();
	hpte_be64_t word = hpte_be64_from_host(value);
	unsigned int byte = nondet_unsigned();

	ASSUME(byte < 8);
	CHECK(((const unsigned char *)&word)[byte] ==
	      (value >> (56 - 8 * byte) & 0xFF),
	      "the most significant byte comes first");
	REACHED();
}
