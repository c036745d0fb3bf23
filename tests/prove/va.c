/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/prove/va.c - virtual addresses and their hash, hpte/hash.h.
 *
 * References
 *	[ISA]	Power ISA Version 3.0 B, Book III, "Hashed Page Table Search",
 *		"SLB Entry"
 *
 * The library keeps an address in two parts; here it is one number of 78
 * bits.
 */
#include "prove.h"

typedef unsigned __int128 va78_t;

static unsigned int base_of(uint64_t descriptor)
{
	if (!bit_of(descriptor, 8))
		return 12;
	if (!bit_of(descriptor, 5))
		return bit_of(descriptor, 4) ? 16 : 24;
	return bit_of(descriptor, 4) ? 20 : 34;
}

PROVE(va_exact)
{
	uint64_t descriptor = nondet_uint64();
	uint64_t ea = nondet_uint64();
	struct hpte_va before = nondet_va();
	struct hpte_va va = before;
	unsigned int segment = bit_of(descriptor, 62) ? 40 : 28;
	unsigned int base = base_of(descriptor);
	bool legal = !bit_of(descriptor, 63) && base != 20 && base <= segment;
	int status = hpte_hash_va(descriptor, ea, &va);

	if (!legal) {
		CHECK(status == HPTE_ERR_ENCODING, "no address: refused");
		CHECK(va.vsid == before.vsid && va.offset == before.offset &&
		      va.segment == before.segment && va.base == before.base,
		      "no address: output untouched");
		REACHED();
		return;
	}
	CHECK(status == HPTE_OK, "an address: accepted");
	CHECK(va.segment == segment && va.base == base, "the sizes");
	CHECK(va.vsid == (descriptor & UINT64_C(0x3FFFFFFFFFFFFFFF)) >>
			 (segment - 16), "VSID");
	CHECK(va.offset == ea % (UINT64_C(1) << segment), "offset");
	CHECK(va.vsid >> (segment == 28 ? 50 : 38) == 0, "VSID in range");
	REACHED();
}

PROVE(hash_exact)
{
	struct hpte_va va = any_va();
	uint64_t hash = hpte_hash_primary(&va);
	unsigned int n = any_bit();
	unsigned int bit = bit_of(va.vsid, n);

	if (va.segment == 40 && n >= 25)
		bit ^= bit_of(va.vsid, n - 25);
	if (n + va.base < va.segment)
		bit ^= bit_of(va.offset, n + va.base);
	CHECK(bit_of(hash, n) == (n < 39 ? bit : 0), "39 bits, each as told");
	REACHED();
}

PROVE(group_in_table)
{
	uint64_t hash = nondet_uint64();
	unsigned int order = any_order();
	uint64_t groups = UINT64_C(1) << (order - 7);
	uint64_t primary = hpte_hash_group(hash, false, order);
	uint64_t secondary = hpte_hash_group(hash, true, order);

	CHECK(primary < groups && secondary < groups, "inside the table");
	CHECK(primary == hash % groups, "primary: the hash's low bits");
	CHECK(primary + secondary == groups - 1, "secondary: its complement");
	REACHED();
}

/* Of an address as hpte_hash_va() makes it, for every table. */
PROVE(va_to_group)
{
	unsigned int order = any_order();
	struct hpte_va va;
	uint64_t hash;

	ASSUME(hpte_hash_va(nondet_uint64(), nondet_uint64(), &va) == HPTE_OK);
	CHECK(va.segment == 28 || va.segment == 40, "segment");
	CHECK(va.base == 12 || va.base == 16 || va.base == 24 ||
	      va.base == 34, "base");
	CHECK(va.offset >> va.segment == 0, "offset in range");
	hash = hpte_hash_primary(&va);
	CHECK(hash >> 39 == 0, "39 bits of hash");
	CHECK(hpte_hash_group(hash, nondet_bool(), order) >> (order - 7) == 0,
	      "a group of the table");
	REACHED();
}

PROVE(dw0_exact)
{
	struct hpte_va va = any_va();
	va78_t whole = (va78_t)va.vsid << va.segment | va.offset;
	uint64_t dw0 = hpte_hash_dw0(&va);
	uint64_t b = va.segment == 40;

	/* No bit of the page's inside reaches AVPN, which is VA >> 23. */
	whole = whole >> va.base << va.base;
	CHECK(dw0 == (b << 62 | (uint64_t)(whole >> 23) << 7),
	      "B, AVPN and nothing else");
	REACHED();
}
