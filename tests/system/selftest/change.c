/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/selftest/change.c - entries that are changed and removed while
 * the CPU has them in its TLB; R and C.
 */
#include "tests/system/platform/abi.h"
#include "tests/system/guest/guest.h"
#include "selftest.h"

#define RC		(DW1_R | DW1_C)

/* Map a new page and use it, so that the TLB has it. */
static const char *enter_warm(struct page *page, uint64_t offset)
{
	page->segment = &small;
	page->ea = small.ea + offset;
	page->real = fresh();
	page->bits = MEMORY | PP_RW;
	SEGMENTS(&small);
	NEED(page_enter(page) == H_SUCCESS, "H_ENTER");
	(void)store(page->ea, 0x11);
	TRUST(ended(DONE, 0x11));
	(void)load(page->ea);
	return ended(DONE, 0x11);
}

static int64_t protect(const struct page *page, uint64_t bits)
{
	return hcall(H_PROTECT, FLAG_AVPN | bits, page->ptex,
		     page->dw0 & DW0_AVPN, 0);
}

static const char *gone(const struct page *page)
{
	(void)load(page->ea);
	TRUST(ended_in_dsi(page->ea, NO_ENTRY));
	(void)store(page->ea, 0);
	return ended_in_dsi(page->ea, NO_ENTRY | STORE);
}

static const char *remove_warm(void)
{
	struct page page = { 0 };
	uint64_t old[2];

	TRUST(enter_warm(&page, 0x20000));
	NEED(page_remove(&page, old) == H_SUCCESS, "H_REMOVE");
	TRUST(gone(&page));
	NEED(old[0] == page.dw0, "it was %x, not %x", old[0], page.dw0);
	NEED(old[1] == (page.dw1 | RC), "it was %x, not %x", old[1],
	     page.dw1 | RC);
	NEED(page_remove(&page, old) == H_NOT_FOUND, "removed twice");
	return NULL;
}

static const char *remove_warm_fetch(void)
{
	struct page page = { 0 };
	uint64_t old[2];

	TRUST(enter_warm(&page, 0x20000));
	put_code(page.real, SC);
	(void)fetch(VIRTUAL, page.ea);
	TRUST(ended(DONE, this_cpu()->gpr[3]));
	NEED(page_remove(&page, old) == H_SUCCESS, "H_REMOVE");
	(void)fetch(VIRTUAL, page.ea);
	return ended_in_isi(page.ea, NO_ENTRY);
}

static const char *protect_warm(void)
{
	struct page page = { 0 };
	uint64_t entry[2];

	TRUST(enter_warm(&page, 0x21000));
	NEED(protect(&page, PP_RO) == H_SUCCESS, "H_PROTECT");
	(void)store(page.ea, 0x22);
	TRUST(ended_in_dsi(page.ea, PROTECTION | STORE));
	(void)load(page.ea);
	TRUST(ended(DONE, 0x11));
	NEED(entry_read(entry, page.ptex) == H_SUCCESS &&
	     entry[1] == (page.dw1 | RC | PP_RO), "H_READ says %x", entry[1]);
	NEED(protect(&page, PP_RW) == H_SUCCESS, "H_PROTECT back");
	(void)store(page.ea, 0x33);
	return ended(DONE, 0x33);
}

/* PP 110 and a key: all the bits that H_PROTECT has. */
static const char *protect_bits(void)
{
	struct page page = { 0 };
	uint64_t entry[2], want;

	TRUST(enter_warm(&page, 0x21000));
	/* key 21 is 10 101; pp0 is flag 0x100 [LoPAR: H_PROTECT] */
	NEED(protect(&page, 0x2000 | 0xa00 | 0x100 | 2 | DW1_N) == H_SUCCESS,
	     "H_PROTECT");
	want = UINT64_C(0xa000000000000000) | page.real | 0xa00 | RC | DW1_M |
	       DW1_N | 2;
	NEED(entry_read(entry, page.ptex) == H_SUCCESS && entry[1] == want,
	     "H_READ says %x, not %x", entry[1], want);
	(void)store(page.ea, 0);
	return ended_in_dsi(page.ea, PROTECTION | STORE);
}

static const char *protect_execute(void)
{
	struct page page = { 0 };

	TRUST(enter_warm(&page, 0x21000));
	put_code(page.real, SC);
	(void)fetch(VIRTUAL, page.ea);
	TRUST(ended(DONE, this_cpu()->gpr[3]));
	NEED(protect(&page, PP_RW | DW1_N) == H_SUCCESS, "H_PROTECT");
	(void)fetch(VIRTUAL, page.ea);
	TRUST(ended_in_isi(page.ea, NO_EXECUTE));
	NEED(protect(&page, PP_RW) == H_SUCCESS, "H_PROTECT back");
	(void)fetch(VIRTUAL, page.ea);
	return ended(DONE, this_cpu()->gpr[3]);
}

static const char *rc_are(const struct page *page, uint64_t want)
{
	uint64_t entry[2];

	NEED(entry_read(entry, page->ptex) == H_SUCCESS, "H_READ");
	NEED((entry[1] & RC) == want, "R and C are %x, not %x", entry[1] & RC,
	     want);
	NEED((entry[1] & ~RC) == page->dw1, "the rest is %x", entry[1]);
	return NULL;
}

static const char *set_by_access(void)
{
	struct page page = {
		.segment = &small, .ea = small.ea + 0x30000, .real = fresh(),
		.bits = MEMORY | PP_RW,
	};

	SEGMENTS(&small);
	NEED(page_enter(&page) == H_SUCCESS, "H_ENTER");
	TRUST(rc_are(&page, 0));
	(void)load(page.ea);
	TRUST(rc_are(&page, DW1_R));
	(void)store(page.ea, 1);
	return rc_are(&page, RC);
}

/* R and C that the guest enters stay; those of a denied access do not come. */
static const char *given(void)
{
	struct page page = {
		.segment = &small, .ea = small.ea + 0x31000, .real = fresh(),
		.bits = MEMORY | PP_RO,
	};
	uint64_t old[2];

	SEGMENTS(&small);
	NEED(page_enter(&page) == H_SUCCESS, "H_ENTER");
	(void)load(page.ea);
	(void)store(page.ea, 1);
	TRUST(ended_in_dsi(page.ea, PROTECTION | STORE));
	TRUST(rc_are(&page, DW1_R));
	NEED(page_remove(&page, old) == H_SUCCESS, "H_REMOVE");
	page.bits |= RC;
	NEED(page_enter(&page) == H_SUCCESS, "H_ENTER");
	NEED(page_remove(&page, old) == H_SUCCESS && old[1] == page.dw1,
	     "H_REMOVE says %x, not %x", old[1], page.dw1);
	return NULL;
}

static const char *clear_modified(void)
{
	struct page page = { 0 };
	uint64_t old[2];

	TRUST(enter_warm(&page, 0x32000));
	NEED(hcall_out(old, H_CLEAR_MOD, 0, page.ptex, 0, 0) == H_SUCCESS,
	     "H_CLEAR_MOD");
	NEED(old[0] == (page.dw1 | RC), "it was %x", old[0]);
	TRUST(rc_are(&page, DW1_R));
	(void)load(page.ea);
	TRUST(rc_are(&page, DW1_R));
	(void)store(page.ea, 2);
	TRUST(ended(DONE, 2));
	return rc_are(&page, RC);
}

static const char *clear_referenced(void)
{
	struct page page = { 0 };
	uint64_t old[2];

	TRUST(enter_warm(&page, 0x33000));
	NEED(hcall_out(old, H_CLEAR_REF, 0, page.ptex, 0, 0) == H_SUCCESS,
	     "H_CLEAR_REF");
	NEED(old[0] == (page.dw1 | RC), "it was %x", old[0]);
	TRUST(rc_are(&page, DW1_C));
	(void)load(page.ea);
	TRUST(ended(DONE, 0x11));
	TRUST(rc_are(&page, RC));
	NEED(page_remove(&page, old) == H_SUCCESS && old[1] == (page.dw1 | RC),
	     "H_REMOVE says %x", old[1]);
	return NULL;
}

/* Pages of one block of eight, all in the TLB; of four the C bit too. */
static const char *enter_block(struct page pages[8])
{
	SEGMENTS(&small);
	for (unsigned int i = 0; i < 8; i++) {
		pages[i] = (struct page){
			.segment = &small, .ea = small.ea + 0x48000 + i * 4096,
			.real = fresh(), .bits = MEMORY | PP_RW,
		};
		NEED(page_enter(&pages[i]) == H_SUCCESS, "H_ENTER %d", i);
		(void)load(pages[i].ea);
		TRUST(ended(DONE, 0));
		if (i % 2)
			(void)store(pages[i].ea, i);
	}
	return NULL;
}

#define REQUEST		UINT64_C(0x4000000000000000)
#define END		UINT64_C(0xc000000000000000)
#define BULK_AVPN	UINT64_C(0x0200000000000000)
#define BULK_ANDCOND	UINT64_C(0x0100000000000000)

/* Hit, hit with C, miss by AVPN, hit if bolted bit is clear. */
static const char *bulk_remove(void)
{
	struct page pages[8];
	uint64_t r[10] = { H_BULK_REMOVE };
	uint64_t want[4];

	TRUST(enter_block(pages));
	for (unsigned int i = 0; i < 4; i++) {
		r[1 + 2 * i] = REQUEST | BULK_AVPN | pages[i].ptex;
		r[2 + 2 * i] = pages[i].dw0 & DW0_AVPN;
		want[i] = UINT64_C(0x8a00000000000000) | pages[i].ptex;
	}
	want[1] |= UINT64_C(0x0400000000000000);		/* C */
	r[6] ^= 0x80;
	want[2] = UINT64_C(0x9200000000000000) | pages[2].ptex;
	r[7] = REQUEST | BULK_ANDCOND | pages[3].ptex;
	r[8] = DW0_BOLTED;
	want[3] = UINT64_C(0x8d00000000000000) | pages[3].ptex;
	(void)hcall_registers(r);
	TRUST(gone(&pages[0]));
	TRUST(gone(&pages[1]));
	TRUST(gone(&pages[3]));
	NEED(r[0] == H_SUCCESS, "it says %x", r[0]);
	for (unsigned int i = 0; i < 4; i++)
		NEED(r[1 + 2 * i] == want[i], "answer %d is %x, not %x", i,
		     r[1 + 2 * i], want[i]);
	(void)load(pages[2].ea);
	return ended(DONE, 0);
}

static const char *block_remove(void)
{
	struct page pages[8];
	uint64_t r[10] = { H_BLOCK_REMOVE };

	TRUST(enter_block(pages));
	r[1] = pages[0].dw0 & DW0_AVPN;
	for (unsigned int i = 0; i < 8; i++)
		r[2 + i] = REQUEST | UINT64_C(0x0100000000000000) |
			   pages[i].ptex;
	(void)hcall_registers(r);
	if ((int64_t)r[0] == H_FUNCTION)
		return skip("the visor has no H_BLOCK_REMOVE");
	for (unsigned int i = 0; i < 8; i++)
		TRUST(gone(&pages[i]));
	NEED(r[0] == H_SUCCESS, "it says %x", r[0]);
	for (unsigned int i = 0; i < 8; i++)
		NEED(r[1 + i] == ((i % 2 ? UINT64_C(0x8600000000000000) :
				   UINT64_C(0x8400000000000000)) |
				  pages[i].ptex),
		     "answer %d is %x", i, r[1 + i]);
	return NULL;
}

/* One invalidation for each valid entry that goes, none for an absent one. */
static const char *invalidations(void)
{
	struct page page = { 0 }, unused = {
		.segment = &small, .ea = small.ea + 0x51000, .real = fresh(),
		.bits = MEMORY | PP_RW,
	};
	uint64_t before, old[2];

	TRUST(enter_warm(&page, 0x50000));
	before = count(ABI_COUNT_TLBIE);
	NEED(page_remove(&page, old) == H_SUCCESS, "H_REMOVE");
	NEED(count(ABI_COUNT_TLBIE) == before + 1, "%x tlbie, not 1",
	     count(ABI_COUNT_TLBIE) - before);
	NEED(page_enter(&unused) == H_SUCCESS, "H_ENTER");
	NEED(page_remove(&unused, old) == H_SUCCESS, "H_REMOVE");
	NEED(old[1] == unused.dw1, "it was %x", old[1]);
	NEED(count(ABI_COUNT_TLBIE) == before + 1,
	     "a tlbie for an absent entry");
	return NULL;
}

const struct check change_checks[] = {
	{ "H_REMOVE of a page in the TLB: the next access faults",
	  remove_warm },
	{ "H_REMOVE of code in the TLB: the next fetch faults",
	  remove_warm_fetch },
	{ "H_PROTECT of a page in the TLB: the next store faults",
	  protect_warm },
	{ "H_PROTECT: PP, key and N, exactly", protect_bits },
	{ "H_PROTECT of code in the TLB: the next fetch faults",
	  protect_execute },
	{ "R by a load, C by a store, and only then", set_by_access },
	{ "R and C: none by a denied store, kept if entered", given },
	{ "H_CLEAR_MOD: told, cleared, set again by a store", clear_modified },
	{ "H_CLEAR_REF: told, cleared, set again by a load",
	  clear_referenced },
	{ "H_BULK_REMOVE of pages in the TLB", bulk_remove },
	{ "H_BLOCK_REMOVE of pages in the TLB", block_remove },
	{ "tlbie: one for a valid entry, none for an absent one",
	  invalidations },
	{ NULL, NULL }
};
