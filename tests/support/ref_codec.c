/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/support/ref_codec.c - a second, slow implementation of the codec.
 *
 * Bit numbers are IBM's throughout.  weight(n) below turns the number of a
 * VA bit into the power of two it stands for.
 */
#include "ref_codec.h"

#include <string.h>

/* [ISA: Page Size Encodings] */
const struct ref_page ref_pages[REF_PAGES] = {
	{ "4k_4k",   12, 12, 0, "rrrrrrrr", 0, 0 },
	{ "4k_64k",  12, 16, 1, "rrrr0111", 0, 5 },
	{ "4k_16m",  12, 24, 1, "00111000", 0, 4 },
	{ "64k_64k", 16, 16, 1, "rrrr0001", 5, 0 },
	{ "64k_16m", 16, 24, 1, "00001000", 5, 0 },
	{ "16m_16m", 24, 24, 1, "00000000", 4, 0 },
	{ "16g_16g", 34, 34, 1, "00000011", 6, 0 },
};

static unsigned int get_bit(uint64_t word, unsigned int n)
{
	return (unsigned int)(word >> (63 - n)) & 1;
}

static uint64_t put_bit(uint64_t word, unsigned int n, unsigned int bit)
{
	uint64_t place = UINT64_C(1) << (63 - n);

	return bit ? word | place : word & ~place;
}

/* log2 of the bytes that VA bit n stands for. */
static unsigned int weight(unsigned int n)
{
	return REF_VA_BITS - 1 - n;
}

uint64_t ref_get(uint64_t word, unsigned int first, unsigned int last)
{
	uint64_t value = 0;
	unsigned int n;

	for (n = first; n <= last; n++)
		value = value * 2 + get_bit(word, n);
	return value;
}

uint64_t ref_put(uint64_t word, unsigned int first, unsigned int last,
		 uint64_t value)
{
	unsigned int n = last + 1;

	while (n-- > first) {
		word = put_bit(word, n, value % 2);
		value /= 2;
	}
	return word;
}

uint64_t ref_va_get(const struct ref_va *va, unsigned int first,
		    unsigned int last)
{
	uint64_t value = 0;
	unsigned int n;

	for (n = first; n <= last; n++)
		value = value * 2 + va->bit[n];
	return value;
}

static bool lp_matches(const struct ref_page *page, uint64_t dw1)
{
	unsigned int n;

	for (n = 0; n < 8; n++) {
		if (page->lp[n] == 'r')
			continue;
		if (get_bit(dw1, 44 + n) != (page->lp[n] == '1'))
			return false;
	}
	return true;
}

int ref_page_decode(uint64_t dw0, uint64_t dw1)
{
	int row;

	for (row = 0; row < REF_PAGES; row++)
		if (get_bit(dw0, 61) == ref_pages[row].l &&
		    lp_matches(&ref_pages[row], dw1))
			return row;
	return -1;
}

int ref_page_find(unsigned int base, unsigned int actual)
{
	int row;

	for (row = 0; row < REF_PAGES; row++)
		if (ref_pages[row].base == base &&
		    ref_pages[row].actual == actual)
			return row;
	return -1;
}

unsigned int ref_page_lp(const struct ref_page *page, unsigned int rpn)
{
	unsigned int lp = 0;
	unsigned int n;

	for (n = 0; n < 8; n++) {
		lp *= 2;
		if (page->lp[n] == 'r')
			lp += rpn >> (7 - n) & 1;
		else
			lp += page->lp[n] == '1';
	}
	return lp;
}

/* Doubleword 1 bit n, 4..51, stands for 2^(63-n) of the real address. */
uint64_t ref_real(uint64_t dw1, unsigned int actual)
{
	uint64_t real = 0;
	unsigned int n;

	for (n = 4; n <= 51; n++)
		if (63 - n >= actual)
			real = put_bit(real, n, get_bit(dw1, n));
	return real;
}

bool ref_aligned(uint64_t dw1, const struct ref_page *page)
{
	unsigned int n;

	for (n = 4; n <= 51; n++) {
		bool inside_page = 63 - n < page->actual;
		bool inside_lp = page->l && n >= 44;

		if (inside_page && !inside_lp && get_bit(dw1, n))
			return false;
	}
	return true;
}

/* The field at the same place in both formats, copied. */
static uint64_t copy(uint64_t to, uint64_t from, unsigned int first,
		     unsigned int last)
{
	return ref_put(to, first, last, ref_get(from, first, last));
}

bool ref_to_300(const uint64_t from[2], uint64_t to[2])
{
	uint64_t dw0 = 0;
	uint64_t dw1 = 0;

	if (ref_get(from[0], 0, 1) > 1)		/* B */
		return false;
	if (ref_get(from[0], 2, 11))		/* VA bits 0:9 */
		return false;
	if (ref_get(from[1], 4, 6))		/* RPN above the 3.0 field */
		return false;
	dw0 = copy(dw0, from[0], 12, 56);	/* AVPN */
	dw0 = copy(dw0, from[0], 57, 63);	/* SW, L, H, V */
	dw1 = copy(dw1, from[1], 0, 3);		/* pp0, reserved, key */
	dw1 = ref_put(dw1, 4, 5, ref_get(from[0], 0, 1));
	dw1 = copy(dw1, from[1], 7, 63);	/* ARPN, LP and all below */
	to[0] = dw0;
	to[1] = dw1;
	return true;
}

bool ref_from_300(const uint64_t from[2], uint64_t to[2])
{
	uint64_t dw0 = 0;
	uint64_t dw1 = 0;

	if (ref_get(from[0], 0, 11))
		return false;
	if (ref_get(from[1], 4, 5) > 1)		/* B */
		return false;
	if (get_bit(from[1], 6))
		return false;
	dw0 = ref_put(dw0, 0, 1, ref_get(from[1], 4, 5));
	dw0 = copy(dw0, from[0], 12, 63);
	dw1 = copy(dw1, from[1], 0, 3);
	dw1 = copy(dw1, from[1], 7, 63);
	to[0] = dw0;
	to[1] = dw1;
	return true;
}

/* [ISA: Storage Protection], the table of PP; reserved values are zero. */
static const unsigned int pp_rights[8][2] = {
	/* key 0 */			/* key 1 */
	{ REF_READ | REF_WRITE,		0 },			/* 000 */
	{ REF_READ | REF_WRITE,		REF_READ },		/* 001 */
	{ REF_READ | REF_WRITE,		REF_READ | REF_WRITE },	/* 010 */
	{ REF_READ,			REF_READ },		/* 011 */
	{ 0,				0 },			/* 100 */
	{ 0,				0 },			/* 101 */
	{ REF_READ,			0 },			/* 110 */
	{ 0,				0 },			/* 111 */
};

unsigned int ref_rights(uint64_t dw1, uint64_t descriptor, bool problem)
{
	unsigned int pp = 4 * get_bit(dw1, 0) + 2 * get_bit(dw1, 62) +
			  get_bit(dw1, 63);
	unsigned int key = get_bit(descriptor, problem ? 53 : 52);
	unsigned int rights = pp_rights[pp][key];
	bool entry_n = get_bit(dw1, 61);
	bool entry_g = get_bit(dw1, 60);
	bool segment_n = get_bit(descriptor, 54);

	if ((rights & REF_READ) && !entry_n && !entry_g && !segment_n)
		rights |= REF_EXECUTE;
	return rights;
}

/* Two bits per key, key 0 leftmost: no write, then no read or no execute. */
unsigned int ref_key_rights(unsigned int key, uint64_t amr, uint64_t iamr)
{
	unsigned int rights = 0;

	if (!get_bit(amr, 2 * key + 1))
		rights |= REF_READ;
	if (!get_bit(amr, 2 * key))
		rights |= REF_WRITE;
	if (!get_bit(iamr, 2 * key + 1))
		rights |= REF_EXECUTE;
	return rights;
}

void ref_va_make(struct ref_va *va, unsigned int segment, unsigned int base,
		 uint64_t vsid, uint64_t offset)
{
	unsigned int n = REF_VA_BITS;

	va->segment = segment;
	va->base = base;
	while (n-- > 0) {
		uint64_t *part = weight(n) < segment ? &offset : &vsid;

		va->bit[n] = (uint8_t)(*part % 2);
		*part /= 2;
	}
}

bool ref_va_translate(struct ref_va *va, uint64_t descriptor, uint64_t ea)
{
	static const unsigned int base_of[8] = {
		/* L=0: LP is not looked at */
		12, 12, 12, 12,
		/* L=1: LP 00, 01, 10, 11 */
		24, 16, 34, 0
	};
	unsigned int b = (unsigned int)ref_get(descriptor, 0, 1);
	unsigned int l_lp = 4 * get_bit(descriptor, 55) +
			    2 * get_bit(descriptor, 58) +
			    get_bit(descriptor, 59);
	unsigned int segment = b ? 40 : 28;
	uint64_t vsid = b ? ref_get(descriptor, 2, 39) :
			    ref_get(descriptor, 2, 51);

	if (b > 1 || !base_of[l_lp] || base_of[l_lp] > segment)
		return false;
	ref_va_make(va, segment, base_of[l_lp], vsid, ea);
	return true;
}

/*
 * [ISA: Hashed Page Table Search], with hash bit 0 the most significant of
 * 39.  The page number in the segment is right-justified.  256M segments:
 * VA bits 11:49 beside it.  1T: VA bits 0:37, right-justified, and VA bits
 * 24:37 left-justified, which is the VSID shifted left by 25.
 */
uint64_t ref_hash(const struct ref_va *va)
{
	unsigned int pages = va->segment - va->base;	/* bits of the number */
	uint64_t hash = 0;
	unsigned int n;

	for (n = 0; n < 39; n++) {
		unsigned int bit = 0;

		if (va->segment == 28) {
			bit ^= va->bit[11 + n];
		} else {
			if (n >= 1)
				bit ^= va->bit[n - 1];
			if (n < 14)
				bit ^= va->bit[24 + n];
		}
		if (n >= 39 - pages) {
			unsigned int low = 38 - n;

			bit ^= va->bit[REF_VA_BITS - 1 - va->base - low];
		}
		hash = hash * 2 + bit;
	}
	return hash;
}

uint64_t ref_group(const struct ref_va *va, bool secondary,
		   unsigned int order)
{
	uint64_t hash = ref_hash(va);
	uint64_t group = 0;
	unsigned int low;

	for (low = 0; low < order - 7; low++) {
		unsigned int bit = get_bit(hash, 63 - low);

		group = put_bit(group, 63 - low, secondary ? !bit : bit);
	}
	return group;
}

uint64_t ref_dw0(const struct ref_va *va)
{
	uint64_t dw0 = 0;
	unsigned int n;

	dw0 = ref_put(dw0, 0, 1, va->segment == 40);
	for (n = 0; n <= 54; n++)
		if (weight(n) >= va->base)
			dw0 = put_bit(dw0, 2 + n, va->bit[n]);
	return dw0;
}

void ref_va_stated(struct ref_va *va, uint64_t dw0,
		   const struct ref_page *page)
{
	unsigned int n;

	memset(va, 0, sizeof(*va));
	va->segment = ref_get(dw0, 0, 1) ? 40 : 28;
	va->base = page->base;
	for (n = 0; n <= 54; n++)
		if (weight(n) >= page->base)
			va->bit[n] = (uint8_t)get_bit(dw0, 2 + n);
}

bool ref_reachable(uint64_t dw0, const struct ref_page *page, uint64_t group,
		   unsigned int order)
{
	unsigned int unstated = page->base < 23 ? 23 - page->base : 0;
	bool secondary = get_bit(dw0, 62);
	struct ref_va va;
	unsigned int guess;
	unsigned int n;

	ref_va_stated(&va, dw0, page);
	for (guess = 0; guess < 1U << unstated; guess++) {
		for (n = 0; n < unstated; n++)
			va.bit[55 + n] = guess >> (unstated - 1 - n) & 1;
		if (ref_group(&va, secondary, order) == group)
			return true;
	}
	return false;
}

/*
 * [ISA: TLB Invalidate Entry].  L=0: RB 0:51 are VA 14:65, AP in 56:58.
 * L=1: RB n is VA 14+n down to the actual page; below it, LP; RB 56:62 are
 * VA 58:64 where those are not inside the base page.
 */
uint64_t ref_tlbie_rb(const struct ref_va *va, const struct ref_page *page,
		      uint64_t dw1)
{
	bool large = page->base > 12;
	uint64_t rb = 0;
	unsigned int n;

	for (n = 0; n <= 51; n++) {
		if (!large || weight(14 + n) >= page->actual)
			rb = put_bit(rb, n, va->bit[14 + n]);
		else if (n >= 44)
			rb = put_bit(rb, n, get_bit(dw1, n));
	}
	rb = ref_put(rb, 52, 53, 0);			/* IS */
	rb = ref_put(rb, 54, 55, va->segment == 40);	/* B */
	if (!large) {
		rb = ref_put(rb, 56, 58, page->ap);
	} else {
		for (n = 56; n <= 62; n++)		/* AVAL */
			if (weight(n + 2) >= page->base)
				rb = put_bit(rb, n, va->bit[n + 2]);
		rb = put_bit(rb, 63, 1);		/* L */
	}
	return rb;
}
