/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/selftest/rights.c - accesses that an entry forbids.
 *
 * Each is tried on a page that is used already, where the walker says no, and
 * on one that nobody has touched, where the walker finds nothing and the
 * library must know what it would have said.
 */
#include "tests/system/guest/guest.h"
#include "selftest.h"

#define READ		1U
#define WRITE		2U
#define NUMBER		UINT64_C(0x00c0ffee)	/* as an instruction: illegal */

/* PP (with pp0 as 4) [ISA: Page Protection] */
static const struct {
	unsigned int pp, key0, key1;
} pp_rights[] = {
	{ 0, READ | WRITE, 0 },
	{ 1, READ | WRITE, READ },
	{ 2, READ | WRITE, READ | WRITE },
	{ 3, READ, READ },
	{ 6, READ, 0 },
};

static uint64_t pp_bits(unsigned int pp)
{
	return (pp & 4 ? DW1_PP0 : 0) | (pp & 3);
}

static uint64_t key_bits(uint64_t key)
{
	return (key >> 3) << 60 | (key & 7) << 9;
}

/* A page at the segment's beginning; used already, or not. */
static const char *enter(struct page *page, const struct segment *segment,
			 uint64_t bits, bool used)
{
	page->segment = segment;
	page->ea = segment->ea + 0x10000;
	page->real = fresh();
	page->bits = bits;
	if (used)
		*word_at(page->real) = NUMBER;
	SEGMENTS(segment);
	NEED(page_enter(page) == H_SUCCESS, "H_ENTER");
	return NULL;
}

static const char *try_rights(const struct page *page, uint64_t msr,
			      unsigned int rights, uint64_t number)
{
	(void)probe_one(msr, LWZ, page->ea, 0);
	TRUST(rights & READ ? ended(DONE, number) :
			      ended_in_dsi(page->ea, PROTECTION));
	(void)probe_one(msr, STW, page->ea, number);
	return rights & WRITE ? ended(DONE, number) :
				ended_in_dsi(page->ea, PROTECTION | STORE);
}

/* All protections, with the key of this state, the other state's opposite. */
static const char *protections(bool user, bool used)
{
	for (unsigned int i = 0; i < 10; i++) {
		unsigned int pp = pp_rights[i / 2].pp, key = i % 2;
		struct segment segment = small;
		struct page page = { 0 };
		uint64_t old[2];
		const char *why;

		segment.bits = (key != 0) == user ? SEGMENT_KP : SEGMENT_KS;
		TRUST(enter(&page, &segment, MEMORY | pp_bits(pp), used));
		why = try_rights(&page, user ? USER : VIRTUAL,
				 key ? pp_rights[i / 2].key1 :
				       pp_rights[i / 2].key0,
				 used ? NUMBER : 0);
		if (why) {
			print("\tPP %d, key %d: %s\n", pp, key, why);
			return "see above";
		}
		NEED(page_remove(&page, old) == H_SUCCESS, "H_REMOVE");
	}
	return NULL;
}

static const char *supervisor_used(void)
{
	return protections(false, true);
}

static const char *supervisor_unused(void)
{
	return protections(false, false);
}

static const char *user_used(void)
{
	return protections(true, true);
}

static const char *user_unused(void)
{
	return protections(true, false);
}

static const char *reserved_protection(void)
{
	static const unsigned int reserved[] = { 4, 5, 7 };

	for (unsigned int i = 0; i < 6; i++) {
		struct page page = { 0 };
		uint64_t old[2];

		TRUST(enter(&page, &small, MEMORY | pp_bits(reserved[i / 2]),
			    i % 2));
		TRUST(try_rights(&page, VIRTUAL, 0, 0));
		NEED(page_remove(&page, old) == H_SUCCESS, "H_REMOVE");
	}
	return NULL;
}

#define TESTED_KEY	21U

static const char *try_keys(bool used)
{
	uint64_t field = 62 - 2 * TESTED_KEY;
	struct page page = { 0 };

	TRUST(enter(&page, &small, MEMORY | PP_RW | key_bits(TESTED_KEY),
		    used));
	keys_set(UINT64_C(1) << field, 0);
	(void)load(page.ea);
	TRUST(ended_in_dsi(page.ea, KEY));
	keys_set(UINT64_C(2) << field, 0);
	(void)store(page.ea, 5);
	TRUST(ended_in_dsi(page.ea, KEY | STORE));
	/* all other keys */
	keys_set(~(UINT64_C(3) << field) & ~(UINT64_C(3) << 62), 0);
	(void)store(page.ea, 5);
	TRUST(ended(DONE, 5));
	keys_set(UINT64_C(1) << field, 0);
	(void)store(page.ea, 6);
	TRUST(ended(DONE, 6));
	NEED(*word_at(page.real) == 6, "the store did not reach memory");
	return NULL;
}

static const char *keys_used(void)
{
	const char *why = try_keys(true);

	keys_set(0, 0);
	return why;
}

static const char *keys_unused(void)
{
	const char *why = try_keys(false);

	keys_set(0, 0);
	return why;
}

static const char *fetch_keys(void)
{
	for (unsigned int used = 0; used < 2; used++) {
		struct page page = { 0 };
		const char *why;
		uint64_t old[2];

		TRUST(enter(&page, &small, MEMORY | PP_RW |
			    key_bits(TESTED_KEY), used));
		keys_set(0, UINT64_C(1) << (62 - 2 * TESTED_KEY));
		(void)fetch(VIRTUAL, page.ea);
		why = ended_in_isi(page.ea, KEY);
		keys_set(0, 0);
		TRUST(why);
		(void)fetch(VIRTUAL, page.ea);
		TRUST(ended(PROGRAM, 0));
		NEED(page_remove(&page, old) == H_SUCCESS, "H_REMOVE");
	}
	return NULL;
}

/* A fetch that the page, or its segment, does not allow. */
static const char *no_fetch(const struct segment *segment, uint64_t bits,
			    uint64_t msr, bool used, uint64_t reason)
{
	struct page page = { 0 };

	TRUST(enter(&page, segment, bits, used));
	(void)fetch(msr, page.ea);
	TRUST(ended_in_isi(page.ea, reason));
	if (reason == NO_EXECUTE) {
		/* it can be loaded from nevertheless */
		(void)probe_one(msr, LWZ, page.ea, 0);
		TRUST(ended(DONE, used ? NUMBER : 0));
	}
	return NULL;
}

static const char *no_execute_used(void)
{
	return no_fetch(&small, MEMORY | PP_RW | DW1_N, VIRTUAL, true,
			NO_EXECUTE);
}

static const char *no_execute_unused(void)
{
	return no_fetch(&small, MEMORY | PP_RW | DW1_N, USER, false,
			NO_EXECUTE);
}

/* The library makes memory that is used unguarded: P3 of docs/hcalls.md. */
static const char *guarded(void)
{
	return no_fetch(&small, MEMORY | PP_RW | DW1_G, VIRTUAL, false,
			NO_EXECUTE);
}

static const char *no_execute_segment(void)
{
	struct segment segment = small;

	segment.bits = SEGMENT_N;
	TRUST(no_fetch(&segment, MEMORY | PP_RW, VIRTUAL, true, NO_EXECUTE));
	segment.vsid++;
	return no_fetch(&segment, MEMORY | PP_RW, VIRTUAL, false, NO_EXECUTE);
}

static const char *unreadable(void)
{
	struct segment segment = small;

	segment.bits = SEGMENT_KP;
	TRUST(no_fetch(&segment, MEMORY | pp_bits(0), USER, true, PROTECTION));
	segment.vsid++;
	return no_fetch(&segment, MEMORY | pp_bits(0), USER, false, PROTECTION);
}

const struct check rights_checks[] = {
	{ "all PP with Ks, page in use", supervisor_used },
	{ "all PP with Ks, page not in use", supervisor_unused },
	{ "all PP with Kp and PR=1, page in use", user_used },
	{ "all PP with Kp and PR=1, page not in use", user_unused },
	{ "reserved PP: no access", reserved_protection },
	{ "AMR: DSI with the key bit, page in use", keys_used },
	{ "AMR: DSI with the key bit, page not in use", keys_unused },
	{ "IAMR: ISI with the key bit", fetch_keys },
	{ "N: ISI, page in use", no_execute_used },
	{ "N: ISI, page not in use", no_execute_unused },
	{ "G: ISI, page not in use", guarded },
	{ "N of the segment: ISI", no_execute_segment },
	{ "fetch of what may not be read: ISI", unreadable },
	{ NULL, NULL }
};
