/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/selftest/disturb.c - memory that is taken away while it is
 * used.
 *
 * CPU 1 counts in pages of memory and in a device, and must always find what
 * it stored.  Meanwhile CPU 0 has the host take V away from these pages, make
 * them read-only, replace the whole table, and itself changes their rights
 * and clears their R and C.  CPU 1 must not see any of it.
 */
#include "tests/system/platform/abi.h"
#include "tests/system/guest/guest.h"
#include "selftest.h"

#define ROUNDS		24U
#define PAGES		5U		/* the last one is a device's */

static struct page pages[PAGES];
static volatile bool stop;
static volatile uint64_t rounds;
static volatile uint64_t surprise;

static void use_pages(void)
{
	const uint32_t code[] = { D_FORM(32, 5, 4, 0), STW, LWZ };
	struct cpu *cpu = this_cpu();

	SEGMENTS(&small);
	for (uint64_t value = 1; !stop; value++) {
		for (unsigned int i = 0; i < PAGES; i++) {
			unsigned int vector = probe(VIRTUAL, code, 3,
						    pages[i].ea + 8, value);

			if (vector == DONE && cpu->gpr[3] == value &&
			    cpu->gpr[5] == value - 1)
				continue;
			surprise = (uint64_t)vector << 48 | (uint64_t)i << 32 |
				   (cpu->gpr[5] & 0xffffffff);
			return;
		}
		rounds = value;
	}
}

static const char *enter_bolted(struct page *page)
{
	uint64_t out[2];

	page_entry(page);
	page->dw0 |= DW0_BOLTED;
	NEED(hcall_out(out, H_ENTER, 0, page_group(page) * 8, page->dw0,
		       page->dw1) == H_SUCCESS, "H_ENTER");
	page->ptex = out[0];
	return NULL;
}

static const char *disturb(const struct page *page)
{
	const uint64_t ptex = page->ptex;
	int64_t code = hcall(VISOR_DEMOTE, ptex, 0, 0, 0);

	NEED(code == H_SUCCESS, "VISOR_DEMOTE says %x", (uint64_t)code);
	NEED(page->real >= ABI_RAM_BYTES ||
	     hcall(VISOR_READ_ONLY, page->real, 1, 0, 0) == H_SUCCESS,
	     "VISOR_READ_ONLY");
	NEED(hcall(H_PROTECT, PP_RW | DW1_N, ptex, 0, 0) == H_SUCCESS,
	     "H_PROTECT");
	NEED(hcall(H_CLEAR_MOD, 0, ptex, 0, 0) == H_SUCCESS, "H_CLEAR_MOD");
	NEED(hcall(H_CLEAR_REF, 0, ptex, 0, 0) == H_SUCCESS, "H_CLEAR_REF");
	NEED(hcall(ABI_SET_MODE, 0, ABI_MODE_AIL, 0, 0) == H_SUCCESS,
	     "H_SET_MODE");
	return NULL;
}

static const char *replace_table(unsigned int order)
{
	int64_t code = table_resize(order);

	NEED(code == H_SUCCESS, "resizing says %x", (uint64_t)code);
	/* the same slot of another group */
	for (unsigned int i = 0; i < PAGES; i++)
		pages[i].ptex = page_group(&pages[i]) * 8 + pages[i].ptex % 8;
	return NULL;
}

static const char *disturb_all(void)
{
	unsigned int order = table_order;

	for (unsigned int round = 0; round < ROUNDS; round++) {
		TRUST(disturb(&pages[round % PAGES]));
		NEED(other_counts(&rounds), "it saw %x", surprise);
		if (round % 8 == 7)
			TRUST(replace_table(18 + round / 8));
	}
	return replace_table(order);
}

static const char *under_way(void)
{
	const char *why;
	uint64_t old[2];

	if (cpu_count < 2)
		return skip("one CPU");
	for (unsigned int i = 0; i < PAGES; i++) {
		pages[i] = (struct page){
			.segment = &small, .ea = small.ea + (0x100 + i) * 4096,
			.real = fresh(), .bits = MEMORY | PP_RW,
		};
		if (i == PAGES - 1) {
			pages[i].real = ABI_SCRATCH_BIG;
			pages[i].bits = DEVICE | PP_RW;
		}
		TRUST(enter_bolted(&pages[i]));
	}
	SEGMENTS(&small);
	NEED(store(pages[PAGES - 1].ea + 8, 0) == DONE, "device");
	stop = false;
	NEED(other_begin(use_pages), "the second CPU does not start");
	why = disturb_all();
	stop = true;
	NEED(other_end(), "the second CPU does not come to an end");
	TRUST(why);
	NEED(!surprise, "it saw %x", surprise);
	for (unsigned int i = 0; i < PAGES; i++)
		NEED(page_remove(&pages[i], old) == H_SUCCESS, "H_REMOVE");
	return NULL;
}

const struct check disturb_checks[] = {
	{ "two CPUs, one takes away what the other uses", under_way },
	{ NULL, NULL }
};
