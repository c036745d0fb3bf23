/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/selftest/smp.c - two CPUs at one table, in one group.
 *
 * A CPU asserts about its own pages only.  What another CPU's tlbie does to
 * it, and when, is asserted on hardware; QEMU 7.2 lets a late access through.
 */
#include "tests/system/platform/abi.h"
#include "tests/system/guest/guest.h"
#include "selftest.h"

#define ROUNDS		200U
#define OWN		3U		/* pages of one CPU */
#define GROUP		UINT64_C(0x0abc)

/* Each CPU's pages: all in one group, each in a segment of its own. */
struct worker {
	struct segment segments[OWN];
	struct page pages[OWN];
	unsigned int full;		/* H_PTEG_FULL, which is allowed */
	char failure[96];
};

static struct worker workers[CPUS];

/* fail() has one buffer, and this CPU may not be the only one. */
static bool bad(struct worker *mine, const char *what)
{
	size_t n = 0;

	for (; what[n] && n < sizeof(mine->failure) - 1; n++)
		mine->failure[n] = what[n];
	mine->failure[n] = 0;
	return false;
}

static void worker_prepare(unsigned int number)
{
	struct worker *mine = &workers[number];

	mine->failure[0] = 0;
	mine->full = 0;
	for (unsigned int i = 0; i < OWN; i++) {
		uint64_t which = number * OWN + i;

		mine->segments[i] = small;
		mine->segments[i].ea += which << 28;
		/* page @which of it is in the group */
		mine->segments[i].vsid = (which + 1) << 20 |
					 (GROUP ^ which);
		mine->pages[i] = (struct page){
			.segment = &mine->segments[i],
			.ea = mine->segments[i].ea + (which << 12),
			.real = fresh(), .bits = MEMORY | PP_RW,
		};
	}
}

/* H_ENTER, use, H_PROTECT, H_READ, H_REMOVE of one page, all checked. */
static bool use_page(struct worker *mine, struct page *page, uint32_t value)
{
	struct cpu *cpu = this_cpu();
	uint64_t entry[2];
	int64_t code;

	code = page_enter(page);
	if (code == H_PTEG_FULL) {
		mine->full++;
		return true;
	}
	if (code != H_SUCCESS || page->ptex >> 3 != GROUP)
		return bad(mine, "H_ENTER");
	if (store(page->ea, value) != DONE)
		return bad(mine, "store");
	if (load(page->ea) != DONE || cpu->gpr[3] != value)
		return bad(mine, "load");
	if (hcall(H_PROTECT, FLAG_AVPN | PP_RO, page->ptex,
		  page->dw0 & DW0_AVPN, 0) != H_SUCCESS)
		return bad(mine, "H_PROTECT");
	if (store(page->ea, ~value) != DSI || cpu->dar != page->ea ||
	    cpu->dsisr != (PROTECTION | STORE))
		return bad(mine, "store after H_PROTECT");
	if (load(page->ea) != DONE || cpu->gpr[3] != value)
		return bad(mine, "load after H_PROTECT");
	if (entry_read(entry, page->ptex) != H_SUCCESS ||
	    entry[0] != page->dw0 ||
	    entry[1] != (page->dw1 | PP_RO | DW1_R | DW1_C))
		return bad(mine, "H_READ");
	return true;
}

static bool drop_page(struct worker *mine, const struct page *page)
{
	uint64_t entry[2];

	if (page_remove(page, entry) != H_SUCCESS || entry[0] != page->dw0 ||
	    entry[1] != (page->dw1 | PP_RO | DW1_R | DW1_C))
		return bad(mine, "H_REMOVE");
	if (load(page->ea) != DSI || this_cpu()->dsisr != NO_ENTRY)
		return bad(mine, "load after H_REMOVE");
	if (page_remove(page, entry) == H_SUCCESS)
		return bad(mine, "removed twice");
	return true;
}

static void work_in_group(void)
{
	unsigned int number = (unsigned int)this_cpu()->number;
	struct worker *mine = &workers[number];

	SEGMENTS(&mine->segments[0], &mine->segments[1], &mine->segments[2]);
	for (unsigned int round = 0; round < ROUNDS; round++) {
		for (unsigned int i = 0; i < OWN; i++) {
			mine->pages[i].ptex = ~UINT64_C(0);
			if (!use_page(mine, &mine->pages[i],
				      round << 8 | number << 4 | i))
				return;
		}
		for (unsigned int i = 0; i < OWN; i++)
			if (mine->pages[i].ptex != ~UINT64_C(0) &&
			    !drop_page(mine, &mine->pages[i]))
				return;
	}
}

static const char *one_group(void)
{
	uint64_t entry[2];

	if (cpu_count < 2)
		return skip("one CPU");
	worker_prepare(0);
	worker_prepare(1);
	NEED(other_begin(work_in_group), "the second CPU does not start");
	work_in_group();
	NEED(other_end(), "the second CPU does not come to an end");
	for (unsigned int i = 0; i < CPUS; i++)
		NEED(!workers[i].failure[0], "CPU %d: %s", i,
		     workers[i].failure);
	for (unsigned int i = 0; i < 8; i++)
		NEED(entry_read(entry, GROUP * 8 + i) == H_SUCCESS &&
		     !entry[0], "slot %d is %x", i, entry[0]);
	return NULL;
}

/*
 * An address that one CPU maps, to one page and then to another, while the
 * other CPU uses it.  Each state lasts until the other CPU has seen it; when
 * it has seen the page go, its TLB does not have it any more.
 */
static struct page shared[2];
static volatile bool stop_sharing;
static volatile uint64_t expected, hits, misses, surprise;

static void use_shared(void)
{
	const struct cpu *cpu = this_cpu();

	SEGMENTS(&small);
	while (!stop_sharing) {
		uint64_t before = expected;
		unsigned int vector = load(shared[0].ea);

		if (vector == DONE && cpu->gpr[3] == before) {
			hits++;
		} else if (vector == DSI && cpu->dsisr == NO_ENTRY &&
			   cpu->dar == shared[0].ea) {
			misses++;
		} else if (vector != DONE || expected == before) {
			surprise = (uint64_t)vector << 32 |
				   (vector == DONE ? cpu->gpr[3] : cpu->dsisr);
			return;
		}
	}
}

static const char *change_shared(void)
{
	uint64_t old[2];

	for (unsigned int i = 0; i < ROUNDS / 4; i++) {
		struct page *page = &shared[i % 2];

		expected = *word_at(page->real);
		NEED(page_enter(page) == H_SUCCESS, "H_ENTER");
		NEED(other_counts(&hits), "no page; it saw %x", surprise);
		if (i % 3 == 0)
			NEED(hcall(VISOR_DEMOTE, page->ptex, 0, 0, 0) ==
			     H_SUCCESS, "VISOR_DEMOTE");
		NEED(page_remove(page, old) == H_SUCCESS, "H_REMOVE");
		NEED(old[1] == (page->dw1 | DW1_R), "it was %x", old[1]);
		NEED(other_counts(&misses), "still a page; it saw %x",
		     surprise);
	}
	return NULL;
}

static const char *one_address(void)
{
	const char *why;

	if (cpu_count < 2)
		return skip("one CPU");
	for (unsigned int i = 0; i < 2; i++) {
		shared[i] = (struct page){
			.segment = &small, .ea = small.ea + 0x90000,
			.real = fresh(), .bits = MEMORY | PP_RW,
		};
		*word_at(shared[i].real) = 0x5ea10 + i;
	}
	stop_sharing = false;
	SEGMENTS(&small);
	NEED(other_begin(use_shared), "the second CPU does not start");
	why = change_shared();
	stop_sharing = true;
	NEED(other_end(), "the second CPU does not come to an end");
	return why;
}

const struct check smp_checks[] = {
	{ "two CPUs in one group", one_group },
	{ "two CPUs, one maps and unmaps what the other uses", one_address },
	{ NULL, NULL }
};
