/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/prove/page.c - page sizes and real addresses, hpte/entry.h.
 *
 * References
 *	[ISA]	Power ISA Version 3.0 B, Book III, "Page Size Encodings"
 */
#include "prove.h"

/* The sizes that L and LP mean; false where they mean none. */
static bool sizes_of(bool l, unsigned int lp, unsigned int *base,
		     unsigned int *actual)
{
	*base = 12;
	*actual = 12;
	if (!l)
		return true;
	if ((lp & 0xF) == 0x7) {
		*actual = 16;
	} else if (lp == 0x38) {
		*actual = 24;
	} else if ((lp & 0xF) == 0x1) {
		*base = 16;
		*actual = 16;
	} else if (lp == 0x08) {
		*base = 16;
		*actual = 24;
	} else if (lp == 0x00) {
		*base = 24;
		*actual = 24;
	} else if (lp == 0x03) {
		*base = 34;
		*actual = 34;
	} else {
		return false;
	}
	return true;
}

static unsigned int pair_of(unsigned int base, unsigned int actual)
{
	if (base == 12)
		return actual == 12 ? 0 : actual == 16 ? 1 : 2;
	if (base == 16)
		return actual == 16 ? 3 : 4;
	return base == 24 ? 5 : 6;
}

/* The sizes' code in LP, RPN bits zero. */
static unsigned int code_of(unsigned int base, unsigned int actual)
{
	static const uint8_t codes[7] = { 0, 0x07, 0x38, 0x01, 0x08, 0, 0x03 };

	return codes[pair_of(base, actual)];
}

static bool same_page(const struct hpte_page *a, const struct hpte_page *b)
{
	return a->base == b->base && a->actual == b->actual &&
	       a->pair == b->pair;
}

PROVE(page_exact)
{
	uint64_t dw0 = nondet_uint64();
	uint64_t dw1 = nondet_uint64();
	struct hpte_page before = nondet_page();
	struct hpte_page page = before;
	unsigned int base, actual;
	bool valid = sizes_of(bit_of(dw0, 2), dw1 >> 12 & 0xFF, &base, &actual);
	int status = hpte_entry_page(dw0, dw1, &page);

	if (!valid) {
		CHECK(status == HPTE_ERR_ENCODING, "no size: refused");
		CHECK(same_page(&page, &before), "no size: output untouched");
		REACHED();
		return;
	}
	CHECK(status == HPTE_OK, "a size: accepted");
	CHECK(page.base == base && page.actual == actual, "the sizes");
	CHECK(page.pair == pair_of(base, actual), "the pair's number");
	REACHED();
}

PROVE(page_36_values)
{
	unsigned int count = 0;
	struct hpte_page page;

	for (unsigned int lp = 0; lp < 256; lp++)
		count += hpte_entry_page(4, (uint64_t)lp << 12, &page) ==
			 HPTE_OK;
	CHECK(count == 36, "36 of 256 values of LP mean a size");
	REACHED();
}

PROVE(page_bits_exact)
{
	unsigned int base = nondet_unsigned();
	unsigned int actual = nondet_unsigned();
	uint64_t l_before = nondet_uint64(), lp_before = nondet_uint64();
	uint64_t l = l_before, lp = lp_before;
	bool legal = (base == 12 && (actual == 12 || actual == 16 ||
				     actual == 24)) ||
		     (base == 16 && (actual == 16 || actual == 24)) ||
		     (base == 24 && actual == 24) ||
		     (base == 34 && actual == 34);
	int status = hpte_entry_page_bits(base, actual, &l, &lp);

	if (!legal) {
		CHECK(status == HPTE_ERR_ENCODING, "no such pair: refused");
		CHECK(l == l_before && lp == lp_before,
		      "no such pair: outputs untouched");
		REACHED();
		return;
	}
	CHECK(status == HPTE_OK, "a pair: accepted");
	CHECK(l == (actual == 12 ? 0 : 4), "L, and nothing else");
	CHECK(lp == (uint64_t)code_of(base, actual) << 12,
	      "LP, and nothing else");
	REACHED();
}

/* What is encoded, with any real page number, decodes to the same. */
PROVE(page_bits_inverse)
{
	unsigned int base = nondet_unsigned();
	unsigned int actual = nondet_unsigned();
	uint64_t real = nondet_uint64();
	uint64_t others = nondet_uint64();
	struct hpte_page page;
	uint64_t l, lp, dw0, dw1;

	ASSUME(hpte_entry_page_bits(base, actual, &l, &lp) == HPTE_OK);
	ASSUME(real >> 60 == 0 && real % (UINT64_C(1) << actual) == 0);
	dw0 = (nondet_uint64() & ~UINT64_C(4)) | l;
	dw1 = (others & UINT64_C(0xF000000000000FFF)) | real | lp;
	CHECK(hpte_entry_page(dw0, dw1, &page) == HPTE_OK, "decodes");
	CHECK(page.base == base && page.actual == actual, "to the same sizes");
	CHECK(hpte_entry_real(dw1, actual) == real, "at the same address");
	CHECK(hpte_entry_aligned(dw1, &page), "and aligned");
	REACHED();
}

/* The other way round: what decodes is what the encoder would give. */
PROVE(page_inverse)
{
	struct hpte entry;
	struct hpte_page page;
	uint64_t l, lp, fixed;

	any_paged_entry(&entry, &page);
	CHECK(hpte_entry_page_bits(page.base, page.actual, &l, &lp) == HPTE_OK,
	      "what decodes can be encoded");
	CHECK((entry.dw0 & 4) == l, "the same L");
	fixed = page.actual == 12 ? 0 : page.actual == 16 ? 0xF000 : 0xFF000;
	CHECK((entry.dw1 & fixed) == lp, "the same LP, but for RPN bits");
	REACHED();
}

PROVE(real_exact)
{
	uint64_t dw1 = nondet_uint64();
	unsigned int actual = nondet_unsigned();
	unsigned int n = any_bit();
	uint64_t real;

	ASSUME(actual >= 12 && actual <= 34);
	real = hpte_entry_real(dw1, actual);
	if (n >= actual && n < 60)
		CHECK(bit_of(real, n) == bit_of(dw1, n), "an RPN bit");
	else
		CHECK(bit_of(real, n) == 0, "any other bit");
	REACHED();
}

PROVE(aligned_exact)
{
	struct hpte entry;
	struct hpte_page page;
	unsigned int lp_end;
	bool aligned = true;

	any_paged_entry(&entry, &page);
	/* Where LP ends and, inside a large page, RPN bits go on. */
	lp_end = page.actual < 20 ? page.actual : 20;
	for (unsigned int n = 12; n < 34; n++)
		if (n >= lp_end && n < page.actual && bit_of(entry.dw1, n))
			aligned = false;
	CHECK(hpte_entry_aligned(entry.dw1, &page) == aligned,
	      "aligned: the RPN bits inside the page are zero");
	REACHED();
}
