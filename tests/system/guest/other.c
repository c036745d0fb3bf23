/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/guest/other.c - work for the second virtual CPU.
 */
#include "examples/visor/abi.h"
#include "guest.h"

_Noreturn void guest_next(struct cpu *cpu);
extern const char next_cpu[];

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

bool other_end(void)
{
	uint64_t begin, now;

	__asm__ volatile("mftb %0" : "=r" (begin));
	while (busy) {
		__asm__ volatile("mftb %0" : "=r" (now));
		if (now - begin > PATIENCE)
			return false;
	}
	__asm__ volatile("lwsync" : : : "memory");
	return true;
}
