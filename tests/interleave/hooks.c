/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/interleave/hooks.c - from the library's atomic operations to steps.
 *
 * While a scenario is being built and when a run has ended, they work on
 * plain memory.  During a run the memory keeps the state at the start, and
 * the memory model has what happens to it.  Words that no operation may
 * change (the six other slots, the hypercall state) are simply read.
 */
#include <string.h>

#include "libhpte/internal.h"

#include "cpu.h"
#include "hooks.h"
#include "operation.h"
#include "sched.h"
#include "trace.h"
#include "world.h"

#define NOWHERE	(-1)

/* Which location a pointer of the library means. */
static int location_of(const void *pointer)
{
	uintptr_t at = (uintptr_t)pointer;
	uintptr_t base = (uintptr_t)world.table.priv_base;
	uintptr_t side = (uintptr_t)world.table.priv_side;
	unsigned int slot;

	if (at - base < SLOTS * HPTE_ENTRY_BYTES) {
		slot = (unsigned int)(at - base) / HPTE_ENTRY_BYTES;
		return (int)slot_location(slot, (at - base) & 8 ? LOC_DW1 :
								  LOC_DW0);
	}
	if (side && at - side < SLOTS * sizeof(struct hpte_side)) {
		size_t in = (at - side) % sizeof(struct hpte_side);

		slot = (unsigned int)((at - side) / sizeof(struct hpte_side));
		return (int)slot_location(slot,
				in == offsetof(struct hpte_side, g) ? LOC_G :
								      LOC_SEQ);
	}
	if (at == (uintptr_t)&world.table.priv_generation)
		return LOC_GENERATION;
	return NOWHERE;
}

static bool is_doubleword0(int location)
{
	return location < LOC_GENERATION && location % LOC_SLOT == LOC_DW0;
}

static void check_store(int location, uint64_t old, uint64_t new)
{
	if (is_doubleword0(location))
		check_doubleword0((unsigned int)location, HPTE_SWAP64_(old),
				  HPTE_SWAP64_(new));
}

uint64_t step_load(const void *word, unsigned int bytes, bool acquire)
{
	int location = sched.running ? location_of(word) : NOWHERE;
	uint32_t narrow;
	uint64_t wide;

	if (location != NOWHERE) {
		sched_point();
		trace_place(__builtin_return_address(0));
		return memory_load((unsigned int)location, acquire);
	}
	if (bytes == sizeof(narrow)) {
		memcpy(&narrow, word, sizeof(narrow));
		return narrow;
	}
	memcpy(&wide, word, sizeof(wide));
	return wide;
}

static void store_plain(void *word, unsigned int bytes, uint64_t value)
{
	uint32_t narrow = (uint32_t)value;
	uint8_t byte = (uint8_t)value;

	if (sched.running)
		broken("a store to %p, which is not explored", word);
	if (bytes == 1)
		memcpy(word, &byte, 1);
	else if (bytes == sizeof(narrow))
		memcpy(word, &narrow, sizeof(narrow));
	else
		memcpy(word, &value, sizeof(value));
}

void step_store(void *word, unsigned int bytes, uint64_t value, bool release)
{
	int location = sched.running ? location_of(word) : NOWHERE;
	uint64_t old;

	if (location == NOWHERE) {
		store_plain(word, bytes, value);
		return;
	}
	sched_point();
	trace_place(__builtin_return_address(0));
	old = newest((unsigned int)location)->value;
	if (bytes == 1)
		memory_store_byte((unsigned int)location,
				  (uintptr_t)word & 7, (uint8_t)value,
				  release);
	else
		memory_store((unsigned int)location, value, release);
	check_store(location, old, newest((unsigned int)location)->value);
}

bool step_cas(uint64_t *word, uint64_t old, uint64_t new, bool acquire,
	      bool release)
{
	int location = sched.running ? location_of(word) : NOWHERE;
	uint64_t seen;

	if (location == NOWHERE) {
		if (*word != old)
			return false;
		store_plain(word, sizeof(*word), new);
		return true;
	}
	sched_point();
	trace_place(__builtin_return_address(0));
	if (!memory_cas((unsigned int)location, old, new, acquire, release,
			&seen))
		return false;
	check_store(location, old, new);
	return true;
}

void step_increment(uint64_t *word, bool release)
{
	int location = sched.running ? location_of(word) : NOWHERE;

	if (location == NOWHERE) {
		store_plain(word, sizeof(*word), *word + 1);
		return;
	}
	sched_point();
	trace_place(__builtin_return_address(0));
	memory_increment((unsigned int)location, release);
}

void step_fence(void)
{
	if (!sched.running)
		return;
	sched_point();
	trace_place(__builtin_return_address(0));
	memory_fence();
}

void step_load16(const void *entry, uint64_t *words)
{
	int location = sched.running ? location_of(entry) : NOWHERE;

	if (location == NOWHERE) {
		memcpy(words, entry, HPTE_ENTRY_BYTES);
		return;
	}
	sched_point();
	trace_place(__builtin_return_address(0));
	memory_load16((unsigned int)location / LOC_SLOT, words);
}

void step_relax(void)
{
	operation_waits();
	trace_text("waits");
	sched_wait();
}
