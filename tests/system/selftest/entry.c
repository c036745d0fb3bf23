/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/selftest/entry.c - what the hypercalls find, take and refuse.
 */
#include "tests/system/platform/abi.h"
#include "tests/system/guest/guest.h"
#include "selftest.h"

/* A page that no access needs; vsid makes it different from others. */
static struct page some_page(struct segment *segment, uint64_t vsid)
{
	*segment = small;
	segment->vsid = vsid;
	return (struct page){
		.segment = segment, .ea = segment->ea + 0x60000,
		.real = 0x100000, .bits = MEMORY | PP_RW,
	};
}

static const char *avpn(void)
{
	struct segment segment, other_segment;
	struct page page = some_page(&segment, 0x7654321);
	struct page other = some_page(&other_segment, 0x7654321 ^ 0x100000);
	uint64_t old[2], entry[2];

	NEED(page_enter(&page) == H_SUCCESS, "H_ENTER");
	NEED(page_enter(&other) == H_SUCCESS, "H_ENTER");
	/* one bit of AVPN or B wrong: every one of them is looked at */
	for (unsigned int bit = 7; bit < 64; bit++)
		NEED(hcall_out(old, H_REMOVE, FLAG_AVPN, page.ptex,
			       (page.dw0 & DW0_AVPN) ^ UINT64_C(1) << bit, 0) ==
		     H_NOT_FOUND, "removed with bit %d wrong", bit);
	NEED(hcall_out(old, H_REMOVE, FLAG_AVPN, page.ptex,
		       other.dw0 & DW0_AVPN, 0) == H_NOT_FOUND,
	     "removed as the other page");
	NEED(hcall(H_PROTECT, FLAG_AVPN | PP_RO, page.ptex,
		   other.dw0 & DW0_AVPN, 0) == H_NOT_FOUND,
	     "protected as the other page");
	NEED(entry_read(entry, page.ptex) == H_SUCCESS &&
	     entry[0] == page.dw0 && entry[1] == page.dw1, "it has changed");
	NEED(hcall(H_PROTECT, FLAG_AVPN | PP_RO, page.ptex,
		   page.dw0 & DW0_AVPN, 0) == H_SUCCESS, "not protected");
	NEED(page_remove(&page, old) == H_SUCCESS, "not removed");
	return NULL;
}

/* No flag but H_AVPN (and H_ANDCOND) makes the third argument count. */
static const char *absolute(void)
{
	struct segment segment;
	struct page page = some_page(&segment, 0x7654321);
	uint64_t old[2];

	for (unsigned int bit = 0; bit < 64; bit++) {
		uint64_t flag = UINT64_C(1) << bit;

		if (flag & (FLAG_AVPN | FLAG_ANDCOND))
			continue;
		NEED(page_enter(&page) == H_SUCCESS, "H_ENTER");
		NEED(hcall_out(old, H_REMOVE, flag, page.ptex,
			       ~page.dw0 & DW0_AVPN, 0) == H_SUCCESS,
		     "flag bit %d: not removed", bit);
		NEED(old[0] == page.dw0, "it was %x", old[0]);
	}
	return NULL;
}

static const char *andcond(void)
{
	struct segment segment;
	struct page page = some_page(&segment, 0x7654321);
	uint64_t old[2];

	page_entry(&page);
	NEED(hcall_out(old, H_ENTER, 0, page_group(&page) * 8,
		       page.dw0 | DW0_BOLTED, page.dw1) == H_SUCCESS,
	     "H_ENTER");
	page.ptex = old[0];
	NEED(hcall_out(old, H_REMOVE, FLAG_ANDCOND, page.ptex, DW0_BOLTED,
		       0) == H_NOT_FOUND, "a bolted entry removed");
	NEED(hcall_out(old, H_REMOVE, FLAG_ANDCOND, page.ptex, DW0_V, 0) ==
	     H_NOT_FOUND, "a valid entry removed");
	NEED(hcall_out(old, H_REMOVE, FLAG_ANDCOND, page.ptex, 0x08, 0) ==
	     H_SUCCESS, "not removed");
	NEED(old[0] == (page.dw0 | DW0_BOLTED), "it was %x", old[0]);
	return NULL;
}

static const char *lowest_slot(void)
{
	struct segment segment;
	struct page page = some_page(&segment, 0x1111);
	uint64_t group, old[2];
	struct page first;
	unsigned int n = 0;

	page_entry(&page);
	group = page_group(&page) * 8;
	for (; n < 8; n++) {
		segment.vsid = 0x1111 ^ (uint64_t)n << 20;
		/* any index of the group says which group */
		NEED(page_enter_at(&page, 0, group + 7 - n) == H_SUCCESS,
		     "H_ENTER %d", n);
		NEED(page.ptex == group + n, "slot %x, not %x", page.ptex,
		     group + n);
		if (n == 3)
			first = page;
	}
	segment.vsid = 0x1111 ^ 9 << 20;
	NEED(page_enter_at(&page, 0, group) == H_PTEG_FULL, "a ninth entry");
	segment.vsid = 0x1111 ^ 3 << 20;
	NEED(page_remove(&first, old) == H_SUCCESS, "H_REMOVE");
	NEED(page_enter_at(&page, 0, group) == H_SUCCESS &&
	     page.ptex == first.ptex, "the free slot was not used");
	return NULL;
}

static const char *exact(void)
{
	struct segment segment;
	struct page page = some_page(&segment, 0x2222), other;
	uint64_t group = page_group(&page) * 8;

	NEED(page_enter_at(&page, FLAG_EXACT, group + 5) == H_SUCCESS &&
	     page.ptex == group + 5, "H_ENTER");
	other = page;
	NEED(page_enter_at(&other, FLAG_EXACT, group + 5) == H_PTEG_FULL,
	     "entered twice");
	NEED(page_enter_at(&other, FLAG_EXACT, group + 4) == H_SUCCESS &&
	     other.ptex == group + 4, "the slot before it");
	return NULL;
}

static const char *refused(void)
{
	struct segment segment;
	struct page page = some_page(&segment, 0x3333);
	uint64_t end_of_table = UINT64_C(1) << (table_order - 4);
	uint64_t ptex = page_group(&page) * 8, old[2];

	page_entry(&page);
#define REFUSED(at, dw0, dw1, why) \
	NEED(hcall_out(old, H_ENTER, 0, at, dw0, dw1) == H_PARAMETER, \
	     "entered: %s", why)
	REFUSED(end_of_table, page.dw0, page.dw1, "beyond the table");
	REFUSED(~UINT64_C(0), page.dw0, page.dw1, "index -1");
	REFUSED(ptex, page.dw0 | UINT64_C(1) << 63, page.dw1, "B = 2");
	REFUSED(ptex, page.dw0 | DW0_L, 0x102000 | MEMORY | PP_RW, "LP = 2");
	REFUSED(ptex, page.dw0 | DW0_L, 0x1100000 | MEMORY | PP_RW,
		"16M page, not aligned");
	REFUSED(ptex, page.dw0, UINT64_C(0xa0000000) | DEVICE | PP_RW,
		"nothing there");
	REFUSED(ptex, page.dw0, UINT64_C(0x80010000) | MEMORY | PP_RW,
		"a device as memory");
#undef REFUSED
	NEED(hcall_out(old, H_REMOVE, 0, end_of_table, 0, 0) == H_PARAMETER,
	     "H_REMOVE beyond the table");
	NEED(entry_read(old, end_of_table) == H_PARAMETER,
	     "H_READ beyond the table");
	return NULL;
}

static const char *read_back(void)
{
	struct segment segment;
	struct page page = some_page(&segment, 0x4444);
	uint64_t r[10] = { H_READ, FLAG_READ_4 }, group = page_group(&page) * 8;
	uint64_t entry[2];

	page.bits |= DW1_N;
	NEED(page_enter_at(&page, FLAG_EXACT, group + 2) == H_SUCCESS,
	     "H_ENTER");
	NEED(entry_read(entry, group + 2) == H_SUCCESS &&
	     entry[0] == page.dw0 && entry[1] == page.dw1,
	     "H_READ says %x %x", entry[0], entry[1]);
	NEED(entry_read(entry, group + 1) == H_SUCCESS && !entry[0] &&
	     !entry[1], "a free slot is %x %x", entry[0], entry[1]);
	r[2] = group + 3;
	NEED(hcall_registers(r) == H_SUCCESS || r[0] == H_SUCCESS, "READ_4");
	NEED(r[5] == page.dw0 && r[6] == page.dw1 && !r[1] && !r[3] && !r[7],
	     "READ_4 says %x %x", r[5], r[6]);
	return NULL;
}

static const char *not_ours(void)
{
	NEED(hcall(0x03c4, 0, 0, 0, 0) == H_FUNCTION, "unknown call");
	NEED(hcall(H_REMOVE | 1, 0, 0, 0, 0) == H_FUNCTION, "low bit set");
	NEED(hcall(~UINT64_C(0), 0, 0, 0, 0) == H_FUNCTION, "opcode -1");
	return NULL;
}

/* All entries go but those of real mode, which the guest lives in. */
static const char *clear_table(void)
{
	struct segment segment;
	struct page page = some_page(&segment, 0x5555);
	uint64_t entry[2], live = 0;
	int64_t code;

	SEGMENTS(&small);
	page.segment = &small;
	NEED(page_enter(&page) == H_SUCCESS, "H_ENTER");
	(void)load(page.ea);
	TRUST(ended(DONE, this_cpu()->gpr[3]));
	for (unsigned int i = 0; i < 100; i++) {
		code = hcall(H_CLEAR_HPT, 0, 0, 0, 0);
		if (code != H_CONTINUE)
			break;
	}
	if (code == H_FUNCTION)
		return skip("the visor has no H_CLEAR_HPT");
	NEED(code == H_SUCCESS, "it says %x", (uint64_t)code);
	for (uint64_t i = 0; i < UINT64_C(1) << (table_order - 4); i++)
		if (entry_read(entry, i) == H_SUCCESS && (entry[0] & DW0_V) &&
		    entry[0] >> 24 != UINT64_C(0x4001ffffff))
			live++;
	NEED(!live, "%x entries are left", live);
	for (unsigned int i = 0; i < CPUS; i++)
		NEED(code_page_enter(i) == H_SUCCESS, "H_ENTER afterwards");
	(void)load(page.ea);
	return ended_in_dsi(page.ea, NO_ENTRY);
}

const struct check entry_checks[] = {
	{ "AVPN: every bit counts, also for H_PROTECT", avpn },
	{ "no AVPN: no other flag makes it count", absolute },
	{ "ANDCOND: bolted entries stay", andcond },
	{ "H_ENTER: the lowest free slot, H_PTEG_FULL", lowest_slot },
	{ "H_ENTER EXACT: this slot or H_PTEG_FULL", exact },
	{ "H_ENTER: what is refused", refused },
	{ "H_READ: what was entered, READ_4, free slots", read_back },
	{ "calls that do not exist: H_FUNCTION", not_ours },
	{ "H_CLEAR_HPT: all but the real mode's entries", clear_table },
	{ NULL, NULL }
};
