/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/selftest/translate.c - where an address leads to: segments, page
 * sizes, both hashes; and what it costs.
 */
#include "tests/system/platform/abi.h"
#include "tests/system/guest/guest.h"
#include "selftest.h"

#define BIG_PAGE	UINT64_C(0x2000000)	/* nobody else's 16M */

/* The address leads to this one, for loads and stores. */
static const char *leads_to(uint64_t ea, uint64_t real)
{
	uint32_t value = (uint32_t)ea ^ 0x5a5a5a5a;

	(void)store(ea, value);
	TRUST(ended(DONE, value));
	NEED(*word_at(real) == value, "the store is not at %x", real);
	*word_at(real) = ~value;
	(void)load(ea);
	return ended(DONE, (uint32_t)~value);
}

/* First use of a page: one HDSI, if memory is new; then none. */
static const char *lazy(const struct segment *segment, uint64_t offset)
{
	uint64_t ea = segment->ea + offset, faults, retries, real = fresh();
	struct page page = {
		.segment = segment, .ea = ea, .real = real,
		.bits = MEMORY | PP_RW,
	};
	uint64_t in_page = ea & ((UINT64_C(1) << segment->base) - 1);
	uint64_t raw[2];

	SEGMENTS(segment);
	NEED(page_enter(&page) == H_SUCCESS, "H_ENTER");
	NEED(entry_raw(raw, page.ptex) == H_SUCCESS && !(raw[0] & DW0_V),
	     "valid before it was used");
	faults = count(ABI_COUNT_HDSI);
	retries = count(ABI_COUNT_RETRY);
	(void)store(ea, 0xabcd);
	TRUST(ended(DONE, 0xabcd));
	NEED(count(ABI_COUNT_HDSI) == faults + 1 &&
	     count(ABI_COUNT_RETRY) == retries + 1,
	     "%x interrupts, %x retries, not 1", count(ABI_COUNT_HDSI) - faults,
	     count(ABI_COUNT_RETRY) - retries);
	NEED(entry_raw(raw, page.ptex) == H_SUCCESS && (raw[0] & DW0_V),
	     "not valid after it was used");
	(void)load(ea);
	TRUST(ended(DONE, 0xabcd));
	NEED(count(ABI_COUNT_HDSI) == faults + 1, "not retried but resolved");
	return leads_to(ea, real + in_page);
}

static const char *lazy_4k(void)
{
	return lazy(&small, 0x3456780);
}

static const char *lazy_64k(void)
{
	return lazy(&medium, 0x3456780);
}

static const char *lazy_4k_1t(void)
{
	return lazy(&small_1t, UINT64_C(0x8123456780));
}

static const char *lazy_64k_1t(void)
{
	return lazy(&medium_1t, UINT64_C(0xff23456780));
}

static const char *lazy_fetch(void)
{
	struct page page = {
		.segment = &small, .ea = small.ea + 0x7000, .real = fresh(),
		.bits = MEMORY | PP_RW,
	};
	uint64_t faults;

	SEGMENTS(&small);
	NEED(page_enter(&page) == H_SUCCESS, "H_ENTER");
	faults = count(ABI_COUNT_HISI);
	(void)fetch(VIRTUAL, page.ea);
	TRUST(ended(PROGRAM, 0));	/* fresh memory is zero: illegal */
	NEED(this_cpu()->srr0 == page.ea, "SRR0 %x", this_cpu()->srr0);
	NEED(count(ABI_COUNT_HISI) == faults + 1, "%x interrupts, not 1",
	     count(ABI_COUNT_HISI) - faults);
	put_code(page.real, SC);
	(void)fetch(VIRTUAL, page.ea);
	return ended(DONE, this_cpu()->gpr[3]);
}

/* Base pages of one actual page have entries of their own. */
static const char *mixed(const struct segment *segment, unsigned int actual,
			 uint64_t real, uint64_t first, uint64_t second)
{
	uint64_t ea = segment->ea + (UINT64_C(3) << 24);
	uint64_t base = UINT64_C(1) << segment->base;
	struct page page = {
		.segment = segment, .ea = ea + first, .real = real,
		.bits = MEMORY | PP_RW, .actual = actual,
	};
	struct page other = page;

	SEGMENTS(segment);
	NEED(page_enter(&page) == H_SUCCESS, "H_ENTER");
	TRUST(leads_to(ea + first, real + first));
	(void)load(ea + second);
	TRUST(ended_in_dsi(ea + second, NO_ENTRY));
	other.ea = ea + second;
	NEED(page_enter(&other) == H_SUCCESS, "second H_ENTER");
	TRUST(leads_to(ea + second, real + second));
	TRUST(leads_to((ea + second) | (base - 4),
		       (real + second) | (base - 4)));
	return leads_to(ea + first, real + first);
}

static const char *mixed_4k_64k(void)
{
	return mixed(&small, 16, fresh(), 0x5018, 0xa020);
}

static const char *mixed_4k_16m(void)
{
	return mixed(&small, 24, BIG_PAGE, 0x345018, 0xfff020);
}

static const char *mixed_64k_16m(void)
{
	return mixed(&medium, 24, BIG_PAGE, 0x345018, 0xff0020);
}

static const char *mixed_4k_64k_1t(void)
{
	return mixed(&small_1t, 16, fresh(), 0x1018, 0x2020);
}

static const char *mixed_64k_16m_1t(void)
{
	return mixed(&medium_1t, 24, BIG_PAGE, 0x45018, 0x550020);
}

static const char *big(const struct segment *segment, uint64_t offset)
{
	struct page page = {
		.segment = segment, .ea = segment->ea + offset,
		.real = BIG_PAGE, .bits = MEMORY | PP_RW,
	};

	SEGMENTS(segment);
	NEED(page_enter(&page) == H_SUCCESS, "H_ENTER");
	TRUST(leads_to(page.ea, BIG_PAGE + 0));
	TRUST(leads_to(page.ea + 0xabc124, BIG_PAGE + 0xabc124));
	TRUST(leads_to(page.ea + 0xfffffc, BIG_PAGE + 0xfffffc));
	(void)load(page.ea + 0x1000000);
	return ended_in_dsi(page.ea + 0x1000000, NO_ENTRY);
}

static const char *big_256m(void)
{
	return big(&large, UINT64_C(9) << 24);
}

static const char *big_1t(void)
{
	return big(&large_1t, UINT64_C(0x8765) << 24);
}

/* Entries with the same group that nobody's address leads to. */
static unsigned int fill_group(const struct page *like)
{
	struct segment other = *like->segment;
	struct page page = *like;
	unsigned int n = 0;

	page.segment = &other;
	for (; n < 20; n++) {
		other.vsid = like->segment->vsid ^ (uint64_t)(n + 1) << 20;
		if (page_enter(&page) != H_SUCCESS)
			break;
	}
	return n;
}

static const char *secondary(void)
{
	struct page page = {
		.segment = &small, .ea = small.ea + 0x5555000, .real = fresh(),
		.bits = MEMORY | PP_RW,
	};
	uint64_t entry[2];

	SEGMENTS(&small);
	NEED(fill_group(&page) <= 8, "more than 8 entries in a group");
	NEED(page_enter(&page) == H_PTEG_FULL, "the group is not full");
	page.secondary = true;
	NEED(page_enter(&page) == H_SUCCESS, "H_ENTER");
	NEED(entry_read(entry, page.ptex) == H_SUCCESS &&
	     entry[0] == page.dw0 && (entry[0] & DW0_H),
	     "H_READ says %x, not %x", entry[0], page.dw0);
	TRUST(leads_to(page.ea + 8, page.real + 8));
	NEED(page_remove(&page, entry) == H_SUCCESS, "H_REMOVE");
	(void)load(page.ea);
	return ended_in_dsi(page.ea, NO_ENTRY);
}

/* An entry that says H but is in the primary group is none. */
static const char *wrong_hash(void)
{
	struct page page = {
		.segment = &small, .ea = small.ea + 0x5555000, .real = fresh(),
		.bits = MEMORY | PP_RW, .secondary = true,
	};
	struct page primary = page;

	SEGMENTS(&small);
	primary.secondary = false;
	NEED(page_enter_at(&page, 0, page_group(&primary) * 8) == H_SUCCESS,
	     "H_ENTER");
	(void)load(page.ea);
	return ended_in_dsi(page.ea, NO_ENTRY);
}

static const char *no_segment(void)
{
	uint64_t ea = small.ea + 0x123450;

	SEGMENTS(&medium);
	(void)load(ea);
	TRUST(ended_at(DSEGI, ea));
	(void)store(ea, 1);
	TRUST(ended_at(DSEGI, ea));
	(void)load(small_1t.ea + 4);
	return ended_at(DSEGI, small_1t.ea + 4);
}

static const char *no_segment_fetch(void)
{
	SEGMENTS(&medium);
	(void)fetch(VIRTUAL, small.ea + 0x40);
	TRUST(ended(ISEGI, 0));
	NEED(this_cpu()->srr0 == small.ea + 0x40, "SRR0 %x", this_cpu()->srr0);
	NEED(this_cpu()->srr1 == VIRTUAL, "SRR1 %x", this_cpu()->srr1);
	return NULL;
}

/* Only what was done wrong is told, exactly. */
static const char *no_entry(void)
{
	uint64_t ea = small.ea + 0x654328, before = count(ABI_COUNT_REFLECT);

	SEGMENTS(&small, &small_1t);
	(void)load(ea);
	TRUST(ended_in_dsi(ea, NO_ENTRY));
	(void)store(ea, 0);
	TRUST(ended_in_dsi(ea, NO_ENTRY | STORE));
	(void)probe_one(USER, LBZ, ea + 1, 0);
	TRUST(ended_in_dsi(ea + 1, NO_ENTRY));
	(void)store(small_1t.ea + 0x1234567890, 0);
	TRUST(ended_in_dsi(small_1t.ea + 0x1234567890, NO_ENTRY | STORE));
	NEED(count(ABI_COUNT_REFLECT) == before + 4, "%x reflected, not 4",
	     count(ABI_COUNT_REFLECT) - before);
	return NULL;
}

static const char *no_entry_fetch(void)
{
	uint64_t ea = small.ea + 0x654328;

	SEGMENTS(&small);
	(void)fetch(VIRTUAL, ea);
	TRUST(ended_in_isi(ea, NO_ENTRY));
	(void)fetch(USER, ea);
	return ended_in_isi(ea, NO_ENTRY);
}

const struct check translation_checks[] = {
	{ "4K page: entered lazily, by one HDSI, and retried", lazy_4k },
	{ "64K page: the same", lazy_64k },
	{ "4K page in a 1T segment: the same", lazy_4k_1t },
	{ "64K page in a 1T segment: the same", lazy_64k_1t },
	{ "first fetch of a page: one HISI", lazy_fetch },
	{ "16M page", big_256m },
	{ "16M page in a 1T segment", big_1t },
	{ "4K base pages of one 64K page", mixed_4k_64k },
	{ "4K base pages of one 16M page", mixed_4k_16m },
	{ "64K base pages of one 16M page", mixed_64k_16m },
	{ "4K base pages of one 64K page in a 1T segment", mixed_4k_64k_1t },
	{ "64K base pages of one 16M page in a 1T segment", mixed_64k_16m_1t },
	{ "full primary group: found by the secondary hash", secondary },
	{ "H entry in the primary group is not found", wrong_hash },
	{ "no segment: data segment interrupt", no_segment },
	{ "no segment: instruction segment interrupt", no_segment_fetch },
	{ "no entry: DSI with DAR, DSISR, SRR0, SRR1", no_entry },
	{ "no entry: ISI with SRR0, SRR1", no_entry_fetch },
	{ NULL, NULL }
};
