/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/interleave/trace.c - prints the steps of a replayed run.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <hpte/hpte.h>

#include "sched.h"
#include "trace.h"

static const char *const names[LOC_COUNT] = {
	"dw0[0]", "dw1[0]", "g[0]", "seq[0]",
	"dw0[1]", "dw1[1]", "g[1]", "seq[1]",
	"generation", "host sequence", "host page",
};

static const char *thread_names[THREADS_MAX];
static char place[512];

const char *trace_location(unsigned int location)
{
	return names[location];
}

void trace_name(unsigned int n, const char *name)
{
	thread_names[n] = name;
}

/* The first line of the library below word.h and arch/ that is inlined. */
static void choose_line(FILE *from)
{
	char function[128], line[256];

	while (fgets(function, sizeof(function), from) &&
	       fgets(line, sizeof(line), from)) {
		const char *base = strrchr(line, '/');

		function[strcspn(function, "\n")] = '\0';
		line[strcspn(line, " \n")] = '\0';
		snprintf(place, sizeof(place), "%s:%s", base ? base + 1 : line,
			 function);
		if (base && !strstr(line, ".h:"))
			return;
	}
}

static void look_up(const void *address)
{
	extern const char __executable_start;
	uintptr_t base = (uintptr_t)&__executable_start;
	char command[256];
	FILE *pipe;

	if (base < 0x10000000)
		base = 0;	/* linked to run where it is */
	snprintf(place, sizeof(place), "%p", address);
	snprintf(command, sizeof(command),
		 "addr2line -i -f -e /proc/%ld/exe %#" PRIxPTR " 2>/dev/null",
		 (long)getpid(), (uintptr_t)address - base - 1);
	pipe = popen(command, "r");
	if (!pipe)
		return;
	choose_line(pipe);
	pclose(pipe);
}

/* A loop that waits makes thousands of steps from one place. */
void trace_place(const void *address)
{
	static char known[sizeof(place)];
	static const void *last;

	if (!sched.tracing || !sched.running)
		return;
	if (address != last) {
		look_up(address);
		memcpy(known, place, sizeof(known));
		last = address;
	}
	memcpy(place, known, sizeof(place));
}

static void begin(void)
{
	unsigned int n = thread_number();

	printf("  T%u %-10s ", n, thread_names[n] ? thread_names[n] : "");
}

/* Doubleword 0 as a state, others as a number. */
static void print_value(unsigned int location, uint64_t value)
{
	static const struct {
		uint64_t bit;
		const char *name;
	} bits[] = {
		{ HPTE_DW0_V, "V" }, { HPTE_BIT(58), "ABS" },
		{ HPTE_BIT(57), "BUSY" }, { HPTE_BIT(59), "REM" },
		{ HPTE_BIT(60), "OWN" }, { HPTE_BIT(0), "MARK" },
	};
	uint64_t image = hpte_be64_to_host(value);
	const char *between = " ";

	if (location >= LOC_GENERATION || location % LOC_SLOT >= LOC_G) {
		printf("%" PRIx64, value);
		return;
	}
	printf("%016" PRIx64, image);
	if (location % LOC_SLOT != LOC_DW0)
		return;
	for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++)
		if (image & bits[i].bit) {
			printf("%s%s", between, bits[i].name);
			between = "+";
		}
}

static void finish(unsigned int back)
{
	if (back)
		printf("  STALE by %u", back);
	printf("   %s\n", place);
	place[0] = '\0';
}

void trace_access(const char *what, unsigned int location, uint64_t value,
		  unsigned int back)
{
	if (!sched.tracing || !sched.running)
		return;
	begin();
	printf("%-13s %-7s ", what, names[location]);
	print_value(location, value);
	finish(back);
}

void trace_cas(unsigned int location, uint64_t seen, uint64_t new, bool done,
	       unsigned int back)
{
	if (!sched.tracing || !sched.running)
		return;
	begin();
	printf("%-13s %-7s ", done ? "CAS" : "CAS fails", names[location]);
	print_value(location, seen);
	if (done) {
		printf(" -> ");
		print_value(location, new);
	}
	finish(back);
}

void trace_text(const char *format, ...)
{
	va_list arguments;

	if (!sched.tracing || !sched.running)
		return;
	va_start(arguments, format);
	begin();
	vprintf(format, arguments);
	va_end(arguments);
	finish(0);
}
