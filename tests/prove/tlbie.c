/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/prove/tlbie.c - operands of tlbie and tlbiel, hpte/hash.h.
 *
 * References
 *	[ISA]	Power ISA Versions 2.06 B, 2.07 B, 3.0 B, Book III, "TLB
 *		Invalidate Entry"
 */
#include "prove.h"

/* Bit @n of doubleword 0's AVPN, which is the address above 2^23. */
static unsigned int avpn_bit(uint64_t dw0, unsigned int n)
{
	return n < 55 ? bit_of(dw0, n + 7) : 0;
}

static unsigned int vsid_bit(uint64_t dw0, unsigned int n)
{
	return avpn_bit(dw0, n + SEGMENT - 23);
}

/* Bit @n of the virtual address of the entry's base page. */
static unsigned int va_bit(uint64_t dw0, uint64_t index, unsigned int n)
{
	unsigned int bit;

	if (n < BASE)
		return 0;
	if (n >= 23)
		return avpn_bit(dw0, n - 23);
	n -= BASE;
	bit = bit_of(index >> 3, n) ^ bit_of(dw0, 1) ^ vsid_bit(dw0, n);
	if (SEGMENT == 40 && n >= 25)
		bit ^= vsid_bit(dw0, n - 25);
	return bit;
}

/* Bit @n of RB for a base page of 4K, RB's L=0. */
static unsigned int rb_bit_small(const struct hpte *entry, uint64_t index,
				 unsigned int n)
{
	unsigned int ap = ACTUAL == 12 ? 0 : ACTUAL == 16 ? 5 : 4;

	if (n >= 12)
		return va_bit(entry->dw0, index, n);
	if (n == 8 || n == 9)
		return bit_of(entry->dw0, n + 54);
	return n >= 5 && n <= 7 ? bit_of(ap, n - 5) : 0;
}

/* Bit @n of RB for a larger base page, RB's L=1. */
static unsigned int rb_bit_large(const struct hpte *entry, uint64_t index,
				 unsigned int n)
{
	if (n >= ACTUAL)
		return va_bit(entry->dw0, index, n);
	if (n >= 12)
		return n < 20 ? bit_of(entry->dw1, n) : 0;
	if (n == 8 || n == 9)
		return bit_of(entry->dw0, n + 54);
	if (n >= 1 && n <= 7)
		return va_bit(entry->dw0, index, n + 12);
	return n == 0;
}

/* Any index: H_REMOVE of an entry that stands in a wrong group, too. */
PROVE_EACH_PAIR(tlbie_rb_exact)
{
	struct hpte entry;
	struct hpte_page page;
	uint64_t index = nondet_uint64();
	unsigned int n = any_bit();
	uint64_t rb;

	any_paged_entry(&entry, &page);
	ASSUME(page.pair == PAGE_PAIR && entry.dw0 >> 62 == (SEGMENT == 40));
	rb = hpte_hash_tlbie_rb(&entry, &page, index);
	CHECK(bit_of(rb, n) == (BASE == 12 ? rb_bit_small(&entry, index, n) :
					     rb_bit_large(&entry, index, n)),
	      "each bit of RB");
	REACHED();
}

/* Whatever is stored: also where B is reserved or the page too large. */
PROVE(tlbie_rb_total)
{
	struct hpte entry;
	struct hpte_page page;
	uint64_t rb;

	any_paged_entry(&entry, &page);
	rb = hpte_hash_tlbie_rb(&entry, &page, nondet_uint64());
	CHECK((rb >> 10 & 3) == 0, "IS=0: one translation, never more");
	CHECK(bit_of(rb, 0) == (page.base != 12), "RB's L, by the base page");
	REACHED();
}

PROVE(tlbie_rs_exact)
{
	unsigned int isa = nondet_unsigned();
	uint32_t lpid = nondet_uint32();
	unsigned int n = any_bit();
	unsigned int bits;

	ASSUME(isa == HPTE_ISA_206 || isa == HPTE_ISA_207 ||
	       isa == HPTE_ISA_300);
	bits = isa == HPTE_ISA_206 ? 10 : 12;
	CHECK(bit_of(hpte_hash_tlbie_rs(isa, lpid), n) ==
	      (n < bits ? bit_of(lpid, n) : 0), "LPID and nothing else");
	REACHED();
}

PROVE(tlbie_set_exact)
{
	unsigned int isa = nondet_unsigned();
	unsigned int set = nondet_unsigned();
	unsigned int n = any_bit();
	unsigned int sets;
	uint64_t rb;

	ASSUME(isa == HPTE_ISA_206 || isa == HPTE_ISA_207 ||
	       isa == HPTE_ISA_300);
	sets = hpte_hash_tlbie_sets(isa);
	CHECK(sets == (isa == HPTE_ISA_206 ? 128 :
		       isa == HPTE_ISA_207 ? 512 : 256), "how many sets");
	ASSUME(set < sets);
	rb = hpte_hash_tlbie_set_rb(set);
	/* IS is RB bits 52:53, that is 11 and 10 from below: 10 is 2. */
	if (n >= 12 && n < 24)
		CHECK(bit_of(rb, n) == bit_of(set, n - 12), "the set");
	else
		CHECK(bit_of(rb, n) == (n == 11), "IS=2 and nothing else");
	REACHED();
}
