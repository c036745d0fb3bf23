/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/model/model_codec.c - what the model knows about entry formats.
 */
#include "model_codec.h"

#include <stddef.h>

/* [ISA: Page Size Encodings]; free: LP bits that belong to the RPN. */
static const struct row {
	unsigned int base;
	unsigned int actual;
	unsigned int l;
	unsigned int lp;
	unsigned int free;
} rows[MODEL_PAGES] = {
	{ 12, 12, 0, 0x00, 0xFF },
	{ 12, 16, 1, 0x07, 0xF0 },
	{ 12, 24, 1, 0x38, 0x00 },
	{ 16, 16, 1, 0x01, 0xF0 },
	{ 16, 24, 1, 0x08, 0x00 },
	{ 24, 24, 1, 0x00, 0x00 },
	{ 34, 34, 1, 0x03, 0x00 },
};

static uint64_t below(unsigned int shift)
{
	return (UINT64_C(1) << shift) - 1;
}

struct model_page model_page_row(unsigned int pair, uint64_t *l, uint64_t *lp)
{
	struct model_page page = { rows[pair].base, rows[pair].actual, pair };

	*l = rows[pair].l ? MODEL_L : 0;
	*lp = (uint64_t)rows[pair].lp << 12;
	return page;
}

bool model_page_of(uint64_t dw0, uint64_t dw1, struct model_page *page)
{
	unsigned int l = (dw0 & MODEL_L) ? 1 : 0;
	unsigned int lp = (unsigned int)(dw1 >> 12) & 0xFF;
	unsigned int i;

	for (i = 0; i < MODEL_PAGES; i++) {
		if (rows[i].l != l || ((lp ^ rows[i].lp) & ~rows[i].free))
			continue;
		page->base = rows[i].base;
		page->actual = rows[i].actual;
		page->pair = i;
		return true;
	}
	return false;
}

uint64_t model_real(uint64_t dw1, const struct model_page *page)
{
	return dw1 & MODEL_ARPN & ~below(page->actual);
}

bool model_aligned(uint64_t dw1, const struct model_page *page)
{
	uint64_t in_page = dw1 & MODEL_ARPN & below(page->actual);

	return in_page == (uint64_t)rows[page->pair].lp << 12;
}

uint64_t model_in_page(const struct model_page *page)
{
	return page->base > 23 ? below(page->base - 23) << 7 : 0;
}

static uint64_t hash(const struct model_va *va, unsigned int base)
{
	uint64_t h = va->vsid ^ (va->offset >> base);

	if (va->segment == 40)
		h ^= va->vsid << 25;
	return h & below(39);
}

struct model_va model_va_of(uint64_t dw0, const struct model_page *page,
			    uint64_t index)
{
	struct model_va va;
	uint64_t avpn = (dw0 & ~MODEL_B) >> 7;
	uint64_t group = index >> 3;
	unsigned int in_segment;

	va.segment = (dw0 & MODEL_B) ? 40 : 28;
	in_segment = va.segment - 23;
	va.vsid = avpn >> in_segment;
	va.offset = (avpn & below(in_segment)) << 23;
	if (page->base > 23)
		va.offset &= ~below(page->base);
	if (dw0 & MODEL_H)
		group = ~group;
	/* The offset's low bits are still 0: the hash is of the rest. */
	if (page->base < 23)
		va.offset |= ((hash(&va, page->base) ^ group) &
			      below(23 - page->base)) << page->base;
	return va;
}

uint64_t model_dw0_of(const struct model_va *va)
{
	uint64_t b = va->segment == 40 ? UINT64_C(1) << 62 : 0;
	uint64_t avpn = (va->vsid << (va->segment - 23)) | (va->offset >> 23);

	return b | ((avpn << 7) & ~MODEL_B);
}

uint64_t model_group(const struct model_va *va, unsigned int base,
		     bool secondary, unsigned int order)
{
	uint64_t h = hash(va, base);

	return (secondary ? ~h : h) & below(order - 7);
}

bool model_reachable(uint64_t dw0, uint64_t dw1, uint64_t index,
		     unsigned int order)
{
	struct model_page page;
	struct model_va va;

	if (!model_page_of(dw0, dw1, &page) || (dw0 & model_in_page(&page)))
		return false;
	va = model_va_of(dw0, &page, index);
	return model_group(&va, page.base, dw0 & MODEL_H, order) == index >> 3;
}

static unsigned int pp_of(uint64_t dw1)
{
	return (unsigned int)((dw1 >> 63) << 2 | (dw1 & MODEL_PP));
}

bool model_writable(uint64_t dw1)
{
	return pp_of(dw1) != 3 && pp_of(dw1) != 6;
}

uint64_t model_read_only(uint64_t dw1)
{
	static const unsigned int to[8] = { 6, 3, 3, 3, 6, 6, 6, 6 };
	uint64_t pp = to[pp_of(dw1)];

	return (dw1 & ~MODEL_PPP) | (pp >> 2) << 63 | (pp & 3);
}

bool model_reserved_pp(uint64_t dw1)
{
	return pp_of(dw1) == 4 || pp_of(dw1) == 5 || pp_of(dw1) == 7;
}

unsigned int model_rights(uint64_t dw1, unsigned int key)
{
	static const unsigned int allowed[8][2] = {
		{ MODEL_READ | MODEL_WRITE, 0 },
		{ MODEL_READ | MODEL_WRITE, MODEL_READ },
		{ MODEL_READ | MODEL_WRITE, MODEL_READ | MODEL_WRITE },
		{ MODEL_READ, MODEL_READ },
		{ 0, 0 },
		{ 0, 0 },
		{ MODEL_READ, 0 },
		{ 0, 0 },
	};
	unsigned int rights = allowed[pp_of(dw1)][key];

	if ((rights & MODEL_READ) && !(dw1 & (MODEL_N | MODEL_G)))
		rights |= MODEL_EXECUTE;
	return rights;
}
