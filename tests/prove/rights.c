/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/prove/rights.c - keys and rights, hpte/entry.h.
 *
 * References
 *	[ISA]	Power ISA Version 3.0 B, Book III, "Storage Protection",
 *		"Virtual Page Class Key Protection"
 */
#include "prove.h"

#define ALL	(HPTE_READ | HPTE_WRITE | HPTE_EXECUTE)

static unsigned int pp_of(uint64_t dw1)
{
	return bit_of(dw1, 63) * 4 + bit_of(dw1, 1) * 2 + bit_of(dw1, 0);
}

static bool pp_reserved(unsigned int pp)
{
	return pp == 4 || pp == 5 || pp == 7;
}

PROVE(key_exact)
{
	uint64_t dw1 = nondet_uint64();
	unsigned int key = hpte_entry_key(dw1);

	CHECK(key < 32, "at most 31");
	CHECK(key == bit_of(dw1, 61) * 16 + bit_of(dw1, 60) * 8 +
		     bit_of(dw1, 11) * 4 + bit_of(dw1, 10) * 2 +
		     bit_of(dw1, 9), "five bits, two above and three below");
	REACHED();
}

PROVE(rights_exact)
{
	uint64_t dw1 = nondet_uint64();
	uint64_t descriptor = nondet_uint64();
	bool problem = nondet_bool();
	unsigned int rights = hpte_entry_rights(dw1, descriptor, problem);
	unsigned int pp = pp_of(dw1);
	bool key = bit_of(descriptor, problem ? 10 : 11);
	bool may_read = !pp_reserved(pp) && !(key && (pp == 0 || pp == 6));
	bool may_write = pp == 2 || (!key && pp < 2);
	bool may_execute = may_read && !bit_of(dw1, 2) && !bit_of(dw1, 3) &&
			   !bit_of(descriptor, 9);

	CHECK((rights & ~ALL) == 0, "only these three");
	CHECK(!pp_reserved(pp) || rights == 0, "a reserved PP: nothing");
	CHECK(((rights & HPTE_READ) != 0) == may_read, "reading");
	CHECK(((rights & HPTE_WRITE) != 0) == may_write, "writing");
	CHECK(((rights & HPTE_EXECUTE) != 0) == may_execute, "executing");
	REACHED();
}

PROVE(key_rights_exact)
{
	unsigned int key = nondet_unsigned();
	uint64_t amr = nondet_uint64();
	uint64_t iamr = nondet_uint64();
	unsigned int rights;

	ASSUME(key < 32);
	rights = hpte_entry_key_rights(key, amr, iamr);
	CHECK((rights & ~ALL) == 0, "only these three");
	CHECK(((rights & HPTE_READ) == 0) == bit_of(amr, 62 - 2 * key),
	      "reading: the low bit of AMR's two");
	CHECK(((rights & HPTE_WRITE) == 0) == bit_of(amr, 63 - 2 * key),
	      "writing: the high bit of AMR's two");
	CHECK(((rights & HPTE_EXECUTE) == 0) == bit_of(iamr, 62 - 2 * key),
	      "executing: the low bit of IAMR's two");
	REACHED();
}

PROVE(writable_exact)
{
	uint64_t dw1 = nondet_uint64();
	uint64_t descriptor = nondet_uint64();
	bool problem = nondet_bool();
	bool writable = hpte_entry_writable(dw1);
	unsigned int pp = pp_of(dw1);
	uint64_t key_0 = 0;

	CHECK(writable == (pp != 3 && pp != 6), "by PP alone");
	CHECK(writable || !(hpte_entry_rights(dw1, descriptor, problem) &
			    HPTE_WRITE), "not writable: nobody may write");
	CHECK(!writable || pp_reserved(pp) ||
	      (hpte_entry_rights(dw1, key_0, problem) & HPTE_WRITE),
	      "writable and not reserved: key 0 may write");
	REACHED();
}

PROVE(read_only_narrows)
{
	uint64_t dw1 = nondet_uint64();
	uint64_t descriptor = nondet_uint64();
	bool problem = nondet_bool();
	uint64_t narrow = hpte_entry_read_only(dw1);
	unsigned int before = hpte_entry_rights(dw1, descriptor, problem);
	unsigned int after = hpte_entry_rights(narrow, descriptor, problem);

	CHECK(!hpte_entry_writable(narrow), "never writable");
	CHECK(((narrow ^ dw1) & ~UINT64_C(0x8000000000000003)) == 0,
	      "all but PP as it was");
	CHECK(!pp_reserved(pp_of(narrow)), "PP is a defined one");
	if (pp_reserved(pp_of(dw1)))
		CHECK(pp_of(narrow) == 6, "reserved PP: the narrowest");
	else
		CHECK(after == (before & ~HPTE_WRITE),
		      "the rights of before but for writing");
	CHECK(hpte_entry_read_only(narrow) == narrow, "twice is once");
	REACHED();
}
