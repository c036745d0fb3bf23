/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/selftest/resize.c - another table while the guest runs.
 *
 * Only bolted entries survive [LoPAR: H_RESIZE_HPT_COMMIT], in the same slot
 * of the group that the new table has for them.  Real mode does: the guest
 * runs on.
 */
#include "tests/system/platform/abi.h"
#include "tests/system/guest/guest.h"
#include "selftest.h"

#define H_CLOSED	2
#define H_VRMASD	0x2ac
#define RC		(DW1_R | DW1_C)

/* A page that is used, and in the TLB; @dw0: bolted, or not. */
static const char *enter(struct page *page, uint64_t offset, bool secondary,
			 uint64_t dw0)
{
	uint64_t out[2];

	*page = (struct page){
		.segment = &small, .ea = small.ea + offset, .real = fresh(),
		.bits = MEMORY | PP_RW, .secondary = secondary,
	};
	page_entry(page);
	page->dw0 |= dw0;
	NEED(hcall_out(out, H_ENTER, 0, page_group(page) * 8, page->dw0,
		       page->dw1) == H_SUCCESS, "H_ENTER");
	page->ptex = out[0];
	(void)store(page->ea, 0x600d);
	return ended(DONE, 0x600d);
}

/* It is there, where it belongs; and it can be removed. */
static const char *survived(struct page *page)
{
	uint64_t entry[2];

	(void)load(page->ea);
	TRUST(ended(DONE, 0x600d));
	page->ptex = page_group(page) * 8 + page->ptex % 8;
	NEED(entry_read(entry, page->ptex) == H_SUCCESS &&
	     entry[0] == page->dw0 && entry[1] == (page->dw1 | RC),
	     "H_READ says %x %x, not %x %x", entry[0], entry[1], page->dw0,
	     page->dw1 | RC);
	NEED(page_remove(page, entry) == H_SUCCESS, "H_REMOVE");
	(void)load(page->ea);
	return ended_in_dsi(page->ea, NO_ENTRY);
}

static const char *to_order(unsigned int order)
{
	struct page bolted, secondary, other;
	uint64_t old[2];

	SEGMENTS(&small);
	TRUST(enter(&bolted, 0xa1000, false, DW0_BOLTED));
	TRUST(enter(&secondary, 0xa2000, true, DW0_BOLTED));
	TRUST(enter(&other, 0xa3000, false, 0));
	NEED(table_resize(order) == H_SUCCESS, "no table of order %d", order);
	TRUST(survived(&bolted));
	TRUST(survived(&secondary));
	(void)load(other.ea);
	TRUST(ended_in_dsi(other.ea, NO_ENTRY));
	/* and it is a table like any other */
	TRUST(enter(&other, 0xa4000, false, 0));
	NEED(page_remove(&other, old) == H_SUCCESS, "H_REMOVE");
	return NULL;
}

static const char *to_and_back(unsigned int order)
{
	unsigned int back = table_order;

	if (table_prepare(0) == H_FUNCTION)
		return skip("the visor has no H_RESIZE_HPT_PREPARE");
	TRUST(to_order(order));
	return to_order(back);
}

static const char *larger(void)
{
	return to_and_back(table_order + 3);
}

static const char *smaller(void)
{
	return to_and_back(18);
}

static const char *refused(void)
{
	if (table_prepare(0) == H_FUNCTION)
		return skip("the visor has no H_RESIZE_HPT_PREPARE");
	NEED(hcall(H_COMMIT, 0, 19, 0, 0) == H_CLOSED, "nothing was prepared");
	NEED(table_prepare(17) == H_PARAMETER, "order 17");
	NEED(table_prepare(47) == H_PARAMETER, "order 47");
	NEED(table_prepare(UINT64_C(0x100000013)) == H_PARAMETER, "32 bits");
	NEED(table_prepare(19) == H_SUCCESS, "order 19");
	NEED(hcall(H_COMMIT, 0, 20, 0, 0) == H_CLOSED, "another order");
	NEED(table_prepare(0) == H_SUCCESS, "cancelled");
	NEED(hcall(H_COMMIT, 0, 19, 0, 0) == H_CLOSED, "it was cancelled");
	return NULL;
}

/*
 * Real mode in pages of another size [LoPAR: H_VRMASD]: the guest enters them
 * for all that it runs in, while those of 64K are still there.
 */
static const char *real_mode_pages(unsigned int base, uint64_t code)
{
	const struct segment area = {
		.ea = 0, .vsid = 0x1ffffff, .shift = 40, .base = base,
	};
	const uint64_t end_of_image = (uintptr_t)far_code;
	uint64_t elsewhere = UINT64_C(0x3000000) + (fresh() & 0xffffff);

	for (uint64_t at = 0; at < end_of_image; at += UINT64_C(1) << base) {
		struct page page = {
			.segment = &area, .ea = at, .real = at,
			.bits = MEMORY | PP_RW,
		};

		NEED(page_enter(&page) == H_SUCCESS, "H_ENTER of %x", at);
	}
	*word_at(elsewhere) = 0x1234;
	if (hcall(H_VRMASD, code, 0, 0, 0) != H_SUCCESS)
		return "H_VRMASD";
	/* only what has such an entry is there now */
	(void)probe_one(REAL, LWZ, elsewhere, 0);
	TRUST(ended_in_dsi(elsewhere, NO_ENTRY));
	(void)probe_one(REAL, STW, (uintptr_t)this_cpu()->code + 0x800, 5);
	TRUST(ended(DONE, 5));
	NEED(hcall(H_VRMASD, 0x11, 0, 0, 0) == H_SUCCESS, "H_VRMASD back");
	(void)probe_one(REAL, LWZ, elsewhere, 0);
	return ended(DONE, 0x1234);
}

static const char *real_mode_4k(void)
{
	return real_mode_pages(12, 0x00);
}

static const char *real_mode_16m(void)
{
	return real_mode_pages(24, 0x10);
}

const struct check resize_checks[] = {
	{ "H_RESIZE_HPT: a larger table, and back", larger },
	{ "H_RESIZE_HPT: the smallest table, and back", smaller },
	{ "H_RESIZE_HPT: what is refused", refused },
	{ "H_VRMASD: real mode in pages of 4K, and back", real_mode_4k },
	{ "H_VRMASD: real mode in pages of 16M, and back", real_mode_16m },
	{ NULL, NULL }
};
