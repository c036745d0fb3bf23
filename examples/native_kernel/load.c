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

#include <stdio.h>
#include <stdlib.h>

#define ACCESSES	1000000U

static _Alignas(1 << TABLE_ORDER) uint64_t table[(1 << TABLE_ORDER) / 8];
static _Alignas(16) uint64_t side[(1 << TABLE_ORDER) / 8];
static uint64_t expected[PAGES];
static bool read_only[PAGES];
static uint64_t state = 1;

static void fail(const char *what, uint64_t ea)
{
	printf("FAIL: %s, address 0x%llx\n", what, (unsigned long long)ea);
	exit(1);
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

/* The word of simulated memory at a real address. */
static uint64_t *word(uint64_t ea, uint64_t real)
{
	if (real < FRAMES_START || real % 8 ||
	    (real - FRAMES_START) >> PAGE_SHIFT >= FRAMES)
		fail("outside the frames", ea);
	return &machine_frames[(real - FRAMES_START) >> PAGE_SHIFT];
}

static void access_page(uint32_t page, bool store)
{
	uint64_t ea = ea_of(page) + 8 * (page % 512), real = 0;
	bool done = machine_access(ea, false, store, &real);

	if (done == (store && read_only[page]))
		fail(done ? "stored to a read-only page" : "no access", ea);
	if (!done)
		return;
	if (real % (1U << PAGE_SHIFT) != ea % (1U << PAGE_SHIFT))
		fail("offset in the page", ea);
	if (*word(ea, real) != expected[page])
		fail("not what was stored", ea);
	if (store)
		*word(ea, real) = expected[page] = state;
}

/* The kernel's own mapping: it may not fault, nor may a program use it. */
static void access_linear(void)
{
	uint64_t at = (uint64_t)number(LINEAR_BYTES / 8) * 8, real = 0;
	uint64_t faults = memory_counts.faults;

	if (!machine_access(LINEAR + at, true, at % 16, &real) || real != at ||
	    memory_counts.faults != faults)
		fail("the kernel's mapping", LINEAR + at);
	if (machine_access(LINEAR + at, false, at % 16, &real))
		fail("a program uses the kernel's mapping", LINEAR + at);
}

static void change_right(void)
{
	uint32_t page = number(PAGES);

	read_only[page] = !read_only[page];
	if (!memory_protect(ea_of(page), !read_only[page]))
		fail("protect", ea_of(page));
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

int main(void)
{
	const struct memory_counts *count = &memory_counts;
	uint64_t real;

	machine_start(table, TABLE_ORDER);
	if (!memory_start(table, side))
		fail("start", 0);
	for (uint32_t i = 0; i < ACCESSES; i++)
		step(i);
	for (uint32_t page = 0; page < PAGES; page++)
		access_page(page, false);
	if (machine_access(SEGMENT - 8, false, false, &real) ||
	    machine_access(SEGMENT + ((uint64_t)SEGMENT_PAGES << PAGE_SHIFT),
			   false, false, &real))
		fail("access to nothing", SEGMENT);
	printf("%u accesses, %llu walks, %llu faults\n", ACCESSES,
	       (unsigned long long)machine_walks,
	       (unsigned long long)count->faults);
	printf("%llu in the secondary group; victims: %llu primary, "
	       "%llu secondary\n", (unsigned long long)count->secondary,
	       (unsigned long long)count->evicted[0],
	       (unsigned long long)count->evicted[1]);
	printf("pages taken: %llu written to the disk, %llu clean\n",
	       (unsigned long long)count->swapped_out,
	       (unsigned long long)count->dropped);
	if (!count->secondary || !count->evicted[0] || !count->evicted[1] ||
	    !count->swapped_out || !count->dropped)
		fail("the load was too light", 0);
	puts("PASS");
	return 0;
}
