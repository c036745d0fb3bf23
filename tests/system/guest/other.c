/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/guest/other.c - work for the second virtual CPU.
 */
#include "tests/system/platform/abi.h"
#include "guest.h"

_Noreturn void guest_next(struct cpu *cpu);
extern const char next_cpu[];

#define PATIENCE	(15 * SECOND)

static void (*volatile work)(void);
static volatile bool busy;

/* CPU 1: does what it is given, for ever. */
void guest_next(struct cpu *cpu)
{
	(void)cpu;
	keys_set(0, 0);
	segments_set(NULL, 0);
	for (;;) {
		while (!busy)
			;
		__asm__ volatile("lwsync" : : : "memory");
		work();
		__asm__ volatile("lwsync" : : : "memory");
		busy = false;
	}
}

bool other_begin(void (*function)(void))
{
	static bool started;

	if (cpu_count < 2)
		return false;
	if (!started && hcall(VISOR_START_CPU, 1, (uintptr_t)next_cpu,
			      (uintptr_t)&cpus[1], 0) != H_SUCCESS)
		return false;
	started = true;
	work = function;
	__asm__ volatile("lwsync" : : : "memory");
	busy = true;
	return true;
}

/* Until the second CPU has nothing to do, or the counter is another one. */
static bool wait(const volatile uint64_t *counter, uint64_t old)
{
	uint64_t begin = time_base();

	do {
		if (time_base() - begin > PATIENCE)
			return false;
	} while (busy && *counter == old);
	__asm__ volatile("lwsync" : : : "memory");
	return true;
}

bool other_counts(const volatile uint64_t *counter)
{
	uint64_t old = *counter;

	return wait(counter, old) && *counter != old;
}

bool other_end(void)
{
	static const volatile uint64_t never;

	return wait(&never, 0);
}
