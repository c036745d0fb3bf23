/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/guest/oracle.c - segments, hashes and entries, as [ISA] has
 * them, without a look into libhpte.
 *
 * References
 *	[ISA]	Power ISA, Book III, "Page Table", "Segment Lookaside Buffer"
 */
#include "guest.h"

#define SLB_V		UINT64_C(0x08000000)
#define SLB_L		UINT64_C(0x100)
#define SLB_LP_64K	UINT64_C(0x010)
#define SLB_1T		UINT64_C(0x4000000000000000)
#define SEGMENTS_MAX	12U

static const struct segment code_segment = {
	.ea = 0x10000000, .vsid = 0xc0de, .shift = 28, .base = 12,
};

const struct segment small = {
	.ea = 0x20000000, .vsid = 0x1234567, .shift = 28, .base = 12,
};
const struct segment medium = {
	.ea = 0x30000000, .vsid = 0x2345678, .shift = 28, .base = 16,
};
const struct segment large = {
	.ea = 0x40000000, .vsid = 0x3456789a, .shift = 28, .base = 24,
};
const struct segment small_1t = {
	.ea = 0x10000000000, .vsid = 0xabcde, .shift = 40, .base = 12,
};
const struct segment medium_1t = {
	.ea = 0x20000000000, .vsid = 0x9abcde, .shift = 40, .base = 16,
};
const struct segment large_1t = {
	.ea = 0x30000000000, .vsid = 0x89abcde, .shift = 40, .base = 24,
};

/* What each CPU's SLB holds, to load it again after slbia. */
static const struct segment *loaded[CPUS][SEGMENTS_MAX];

static void slb_load(const struct segment *segment, uint64_t slot)
{
	uint64_t mask = ~((UINT64_C(1) << segment->shift) - 1);
	uint64_t vsid = segment->bits, esid;

	if (segment->shift == 40)
		vsid |= SLB_1T | segment->vsid << 24;
	else
		vsid |= segment->vsid << 12;
	if (segment->base != 12)
		vsid |= SLB_L;
	if (segment->base == 16)
		vsid |= SLB_LP_64K;
	esid = (segment->ea & mask) | SLB_V | slot;
	__asm__ volatile("slbmte %0, %1" : : "r" (vsid), "r" (esid) : "memory");
}

/* slbia keeps entry 0: it is never used. */
static void slb_reload(void)
{
	const struct segment **mine = loaded[this_cpu()->number];

	__asm__ volatile("isync; slbia; slbmte %0, %0; isync"
			 : : "r" (UINT64_C(0)) : "memory");
	for (unsigned int i = 0; i < SEGMENTS_MAX && mine[i]; i++)
		slb_load(mine[i], i + 1);
	__asm__ volatile("isync" : : : "memory");
}

void segments_set(const struct segment *const *segments, unsigned int count)
{
	const struct segment **mine = loaded[this_cpu()->number];

	for (unsigned int i = 1; i < SEGMENTS_MAX; i++)
		mine[i] = i <= count ? segments[i - 1] : NULL;
	mine[0] = &code_segment;
	slb_reload();
}

void keys_set(uint64_t amr, uint64_t iamr)
{
	__asm__ volatile("mtspr 29, %0; mtspr 61, %1"
			 : : "r" (amr), "r" (iamr) : "memory");
	slb_reload();
}

static unsigned int actual_shift(const struct page *page)
{
	return page->actual ? page->actual : page->segment->base;
}

/* L and LP [ISA: Page Table, "LP" encodings]. */
static uint64_t size_bits(unsigned int base, unsigned int actual)
{
	if (base == 12)
		return actual == 16 ? 0x7000 : actual == 24 ? 0x38000 : 0;
	if (base == 16)
		return actual == 24 ? 0x8000 : 0x1000;
	return 0;
}

static uint64_t in_segment(const struct page *page)
{
	return page->ea & ((UINT64_C(1) << page->segment->shift) - 1);
}

uint64_t page_group(const struct page *page)
{
	const struct segment *segment = page->segment;
	uint64_t hash = segment->vsid ^ in_segment(page) >> segment->base;

	if (segment->shift == 40)
		hash ^= segment->vsid << 25;
	if (page->secondary)
		hash = ~hash;
	return hash & ((UINT64_C(1) << (table_order - 7)) - 1);
}

void page_entry(struct page *page)
{
	const struct segment *segment = page->segment;
	unsigned int actual = actual_shift(page);
	uint64_t base_mask = ~((UINT64_C(1) << segment->base) - 1);
	uint64_t avpn = segment->vsid << (segment->shift - 23) |
			(in_segment(page) & base_mask) >> 23;

	page->dw0 = avpn << 7;
	if (segment->shift == 40)
		page->dw0 |= SLB_1T;	/* B is at the same place */
	if (actual != 12)
		page->dw0 |= DW0_L;
	if (page->secondary)
		page->dw0 |= DW0_H;
	page->dw0 |= DW0_V;
	page->dw1 = page->real | page->bits | size_bits(segment->base, actual);
}

/* Entries to be removed when the check is over; CPU 0's only. */
static struct page left[64];
static unsigned int left_count;

int64_t page_enter_at(struct page *page, uint64_t flags, uint64_t ptex)
{
	uint64_t out[2];
	int64_t code;

	page_entry(page);
	code = hcall_out(out, H_ENTER, flags, ptex, page->dw0, page->dw1);
	if (code != H_SUCCESS)
		return code;
	page->ptex = out[0];
	if (this_cpu()->number == 0 &&
	    left_count < sizeof(left) / sizeof(left[0]))
		left[left_count++] = *page;
	return H_SUCCESS;
}

int64_t page_enter(struct page *page)
{
	return page_enter_at(page, 0, page_group(page) * 8);
}

int64_t page_remove(const struct page *page, uint64_t old[2])
{
	return hcall_out(old, H_REMOVE, FLAG_AVPN, page->ptex,
			 page->dw0 & DW0_AVPN, 0);
}

void pages_forget(void)
{
	uint64_t old[2];

	while (left_count)
		(void)page_remove(&left[--left_count], old);
	segments_set(NULL, 0);
}

int64_t code_page_enter(unsigned int number)
{
	struct page page = {
		.segment = &code_segment, .ea = cpus[number].code_ea,
		.real = (uintptr_t)cpus[number].code, .bits = MEMORY | PP_RW,
	};

	page_entry(&page);
	return hcall(H_ENTER, 0, page_group(&page) * 8,
		     page.dw0 | DW0_BOLTED, page.dw1);
}
