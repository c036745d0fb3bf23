/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/native_kernel/load.c - programs that want more than there is.
 *
 * 40,000 pages, 24,000 frames, 16,384 translations: every page is stored to
 * and read back many times while its translation is thrown out and its frame
 * taken.  What must be in each page is kept here, and compared with what the
 * simulated memory has: a lost C, a stale translation or an entry of another
 * page makes it differ.  The numbers are the same in every run.
 */
#include "machine.h"

#ifndef ACCESSES
#define ACCESSES	1000000U
#endif

static _Alignas(1 << TABLE_ORDER) uint64_t table[(1 << TABLE_ORDER) / 8];
static _Alignas(16) uint64_t side[(1 << TABLE_ORDER) / 8];
static uint64_t expected[PAGES];
static bool read_only[PAGES];
static uint64_t state = 1;

static void fail(const char *what, uint64_t ea)
{
	machine_say(what, ea);
	machine_stop(false);
}

/* Numerical Recipes' 64-bit congruential generator, its upper half */
static uint32_t number(uint32_t below)
{
	state = state * 6364136223846793005U + 1442695040888963407U;
	return (uint32_t)((state >> 32) * below >> 32);
}

static uint64_t ea_of(uint32_t page)
{
	return (uint64_t)(page / SEGMENT_PAGES + 1) * SEGMENT +
	       ((uint64_t)(page % SEGMENT_PAGES) << PAGE_SHIFT);
}

/* Load, and perhaps store: one word of each page has the page's number. */
static void access_page(uint32_t page, bool store)
{
	uint64_t ea = ea_of(page) + 8 * (page % 512), value = 0;

	if (!machine_access(ea, false, false, &value))
		fail("no access, address", ea);
	if (value != expected[page])
		fail("not what was stored, address", ea);
	if (!store)
		return;
	value = state;
	if (machine_access(ea, false, true, &value) == read_only[page])
		fail(read_only[page] ? "stored to a read-only page, address" :
				       "no store, address", ea);
	if (!read_only[page])
		expected[page] = value;
}

/* The kernel's own mapping: it may not fault, nor may a program use it. */
static void access_linear(void)
{
	uint64_t at = (uint64_t)number(LINEAR_BYTES / 8) * 8, value = ~at;
	uint64_t faults = memory_counts.faults;

	if (!machine_access(LINEAR + at, true, false, &value) ||
	    value != machine_read(at) ||
	    !machine_access(LINEAR + at, true, true, &value) ||
	    memory_counts.faults != faults)
		fail("the kernel's mapping, address", LINEAR + at);
	if (machine_access(LINEAR + at, false, at % 16, &value))
		fail("a program uses the kernel's, address", LINEAR + at);
}

static void change_right(void)
{
	uint32_t page = number(PAGES);

	access_page(page, true);	/* let the CPU remember the old right */
	read_only[page] = !read_only[page];
	if (!memory_protect(ea_of(page), !read_only[page]))
		fail("protect, address", ea_of(page));
	access_page(page, true);
}

static void step(uint32_t i)
{
	/* mostly nearby, as programs do: some translations stay in use */
	uint32_t page = i % 4 ? (i / 50 + number(3000)) % PAGES :
				number(PAGES);

	access_page(page, number(3) == 0);
	if (i % 64 == 0)
		access_linear();
	if (i % 128 == 0)
		change_right();
	if (i % 200000 == 0)
		memory_sync();
}

static void report(void)
{
	const struct memory_counts *count = &memory_counts;

	machine_say("steps", ACCESSES);
	machine_say("faults", count->faults);
	machine_say("entries in the secondary group", count->secondary);
	machine_say("victims, primary", count->evicted[0]);
	machine_say("victims, secondary", count->evicted[1]);
	machine_say("pages written to the disk", count->swapped_out);
	machine_say("clean pages dropped", count->dropped);
	if (!count->secondary || !count->evicted[0] || !count->evicted[1] ||
	    !count->swapped_out || !count->dropped)
		fail("the load was too light", 0);
}

int main(void)
{
	uint64_t value;

	machine_start(table, TABLE_ORDER);
	if (!memory_start(table, side, machine_format()))
		fail("start", 0);
	for (uint32_t i = 0; i < ACCESSES; i++)
		step(i);
	for (uint32_t page = 0; page < PAGES; page++)
		access_page(page, false);
	if (machine_access(SEGMENT - 8, false, false, &value) ||
	    machine_access(SEGMENT + ((uint64_t)SEGMENT_PAGES << PAGE_SHIFT),
			   false, false, &value))
		fail("access to nothing, address", SEGMENT);
	report();
	machine_stop(true);
}
