/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/rest/rest.c - a guest of the platform for Linux that is not
 * Linux: rests that meet what all threads must agree on, and RTAS calls that
 * nobody makes.  Its verdict is the number of the check that failed.
 *
 * Real mode, big-endian, vCPU 0; vCPU 1: start.S.
 */
#include "examples/visor/linux/devices.h"
#include "examples/visor/platform/layout.h"

#include <stdbool.h>
#include <stdint.h>

#include "rest.h"

#define H_PARAMETER	INT64_C(-4)
#define BAD		UINT32_C(0xFFFFFFFD)	/* RTAS: -3 */
#define MODE_ENDIAN	4U
#define TICKS		UINT64_C(30000000)	/* it rests by then */

extern const char second[];
void guest(void);

static int64_t hcall(uint64_t opcode, uint64_t a, uint64_t b, uint64_t c)
{
	register uint64_t r3 __asm__("r3") = opcode;
	register uint64_t r4 __asm__("r4") = a;
	register uint64_t r5 __asm__("r5") = b;
	register uint64_t r6 __asm__("r6") = c;
	register uint64_t r7 __asm__("r7") = 0;

	__asm__ volatile("sc 1" : "+r"(r3), "+r"(r4), "+r"(r5), "+r"(r6),
			 "+r"(r7) : : "memory", "r0", "r8", "r9", "r10", "r11",
			 "r12", "ctr", "xer", "cr0", "cr1", "cr5", "cr6",
			 "cr7");
	return (int64_t)r3;
}

static uint8_t told(uintptr_t where)
{
	return *(volatile uint8_t *)where;
}

/* Its result, of a call with up to three arguments. */
static uint32_t rtas(uint32_t token, uint32_t first, uint32_t pc)
{
	volatile uint32_t buffer[7] = { token, 3, 1, first, pc, 0, 0 };

	if (hcall(H_RTAS, (uintptr_t)buffer, 0, 0) != 0)
		return 1;
	return buffer[6];
}

/* A call from a buffer here, which RAM may have an end in, or not at all. */
static bool refused(uint64_t gpa, uint32_t arguments, uint32_t results)
{
	if (gpa <= GUEST_RAM - 12) {
		volatile uint32_t *cell = (volatile uint32_t *)gpa;

		cell[0] = RTAS_QUERY_CPU;
		cell[1] = arguments;
		cell[2] = results;
	}
	return hcall(H_RTAS, gpa, 0, 0) == H_PARAMETER;
}

static bool buffers_refused(void)
{
	volatile uint32_t *last = (volatile uint32_t *)(GUEST_RAM - 4UL);

	*last = 0x5A5A5A5A;
	/* the argument ends where the results begin: one fits, two do not */
	return refused(GUEST_RAM - 20, 1, 2) && *last == 0x5A5A5A5A &&
	       refused(GUEST_RAM - 16, 2, 0) &&
	       refused(GUEST_RAM - 64, 17, 1) &&
	       refused(GUEST_RAM - 64, 1, 17) &&
	       refused(GUEST_RAM - 64, UINT32_MAX, UINT32_MAX) &&
	       refused(GUEST_RAM - 8UL, 0, 0) && refused(GUEST_RAM, 0, 0) &&
	       refused(UART_START, 0, 0) && refused(UINT64_MAX - 3, 0, 0) &&
	       refused(UINT64_C(1) << 63, 0, 0);
}

static bool starts_once(void)
{
	uint32_t pc = (uint32_t)(uintptr_t)second;

	return rtas(RTAS_START_CPU, 2, pc) == BAD &&
	       rtas(RTAS_START_CPU, UINT32_MAX, pc) == BAD &&
	       rtas(RTAS_START_CPU, 1, pc) == 0 &&
	       rtas(RTAS_START_CPU, 1, pc) == BAD &&
	       rtas(RTAS_START_CPU, 0, pc) == BAD;
}

/* vCPU 1 has rested for some heartbeats: there are more to come. */
static bool stops_after_rest(void)
{
	while (told(RESTED) != 1)
		;
	return hcall(H_SET_MODE, 0, MODE_ENDIAN, 0) == 0;
}

static uint64_t time_base(void)
{
	uint64_t now;

	__asm__ volatile("mftb %0" : "=r"(now));
	return now;
}

/* What changes while vCPU 1 rests holds for the interrupt that ends it. */
static bool wakes_as_set(void)
{
	uint64_t start;

	*(volatile uint8_t *)GO_ON = 1;
	while (told(RESTED) != 2)
		;
	for (start = time_base(); time_base() - start < TICKS;)
		;
	if (hcall(H_SET_MODE, 1, MODE_ENDIAN, 0) != 0 ||
	    hcall(H_IPI, 2, 4, 0) != H_PARAMETER ||
	    hcall(H_IPI, 1, 4, 0) != 0)
		return false;
	while (!told(INTERRUPTED))
		;
	return told(INTERRUPTED) == LITTLE;
}

void guest(void)
{
	static bool (*const checks[])(void) = {
		buffers_refused, starts_once, stops_after_rest, wakes_as_set,
	};
	uint64_t failed = 0;

	for (uint64_t i = 0; !failed && i < sizeof(checks) / sizeof(*checks);
	     i++)
		if (!checks[i]())
			failed = i + 1;
	hcall(H_LOGICAL_CI_STORE, 4, VERDICT_START, failed);
	rtas(RTAS_POWER_OFF, 0, 0);
	for (;;)
		;
}
