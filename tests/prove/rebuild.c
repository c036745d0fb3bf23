/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/prove/rebuild.c - from an entry back to its address, hpte/hash.h.
 *
 * References
 *	[ISA]	Power ISA Version 3.0 B, Book III, "Hashed Page Table Search"
 */
#include "prove.h"

/* The entry that maps @va, with anything in the fields that do not matter. */
static struct hpte entry_for(const struct hpte_va *va, bool secondary,
			     struct hpte_page *page)
{
	struct hpte entry = nondet_entry();
	uint64_t l, lp;

	ASSUME(hpte_entry_page_bits(BASE, ACTUAL, &l, &lp) == HPTE_OK);
	/* SW and V are left as they are. */
	entry.dw0 = (entry.dw0 & 0x79) | hpte_hash_dw0(va) | l |
		    (uint64_t)secondary << 1;
	if (l)
		entry.dw1 = (entry.dw1 & ~UINT64_C(0xFF000)) | lp;
	ASSUME(hpte_entry_page(entry.dw0, entry.dw1, page) == HPTE_OK);
	return entry;
}

PROVE_EACH_PAIR(round_trip)
{
	struct hpte_va va = any_va();
	unsigned int order = any_order();
	bool secondary = nondet_bool();
	unsigned int slot = nondet_unsigned();
	uint64_t index;
	struct hpte_page page;
	struct hpte_va again;
	struct hpte entry;

	ASSUME(va.segment == SEGMENT && va.base == BASE && slot < 8);
	entry = entry_for(&va, secondary, &page);
	index = hpte_hash_group(hpte_hash_primary(&va), secondary, order) * 8 +
		slot;
	CHECK(page.pair == PAGE_PAIR, "the pair that was meant");
	CHECK(index >> (order - 4) == 0, "an index of the table");
	hpte_hash_rebuild(&entry, &page, index, &again);
	CHECK(again.vsid == va.vsid, "the same VSID");
	CHECK(again.offset == va.offset >> BASE << BASE,
	      "the same base page of the segment");
	CHECK(again.segment == va.segment && again.base == va.base,
	      "the same sizes");
	CHECK(hpte_hash_reachable(&entry, &page, index, order),
	      "where a search looks, an entry is reachable");
	REACHED();
}

/*
 * The other way round: no search finds what is not reachable.  That is, an
 * entry that matches an address stands in that address's group, or is not
 * reachable.
 */
PROVE_EACH_PAIR(reachable_exact)
{
	struct hpte entry = nondet_entry();
	unsigned int order = any_order();
	uint64_t index = nondet_uint64();
	bool secondary = bit_of(entry.dw0, 1);
	struct hpte_page page;
	struct hpte_va va;
	uint64_t group;

	ASSUME(hpte_entry_page(entry.dw0, entry.dw1, &page) == HPTE_OK);
	ASSUME(page.pair == PAGE_PAIR && index >> (order - 4) == 0);
	ASSUME(entry.dw0 >> 62 == (SEGMENT == 40));
	hpte_hash_rebuild(&entry, &page, index, &va);
	group = hpte_hash_group(hpte_hash_primary(&va), secondary, order);
	if (hpte_hash_reachable(&entry, &page, index, order)) {
		CHECK(group == index / 8, "it stands where it hashes to");
		REACHED();
		return;
	}
	CHECK(group != index / 8, "it stands elsewhere");
	/* A search for any other address that matches does not find it. */
	va = any_va();
	ASSUME(va.segment == SEGMENT && va.base == BASE);
	ASSUME(hpte_hash_dw0(&va) ==
	       (entry.dw0 & UINT64_C(0xFFFFFFFFFFFFFF80)));
	group = hpte_hash_group(hpte_hash_primary(&va), secondary, order);
	CHECK(group != index / 8, "no search looks where it stands");
	REACHED();
}

/* Whatever a guest may store, wherever it may store it. */
PROVE(rebuild_in_range)
{
	struct hpte entry;
	struct hpte_page page;
	struct hpte_va va;
	uint64_t index = nondet_uint64();

	any_paged_entry(&entry, &page);
	hpte_hash_rebuild(&entry, &page, index, &va);
	CHECK(va.segment == 28 || va.segment == 40, "segment");
	CHECK((va.segment == 40) == (entry.dw0 >> 62 == 1), "as B says");
	CHECK(va.base == page.base, "base");
	CHECK(va.vsid >> (va.segment == 28 ? 50 : 38) == 0, "VSID in range");
	CHECK(va.offset >> va.segment == 0, "offset in range");
	CHECK(va.offset % (UINT64_C(1) << va.base) == 0, "start of a page");
	REACHED();
}

/* Nor does reachable trap or leave a loop, whatever is stored. */
PROVE(reachable_total)
{
	struct hpte entry;
	struct hpte_page page;
	uint64_t index = nondet_uint64();
	unsigned int order = any_order();
	bool reachable;

	any_paged_entry(&entry, &page);
	reachable = hpte_hash_reachable(&entry, &page, index, order);
	CHECK(!reachable || index >> (order - 4) == 0,
	      "nothing outside the table is reachable");
	REACHED();
}
