/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/interleave/trace.h - a run in words: thread, place, what it did.
 *
 * Nothing is printed unless the run is a replay of a failure.
 */
#ifndef INTERLEAVE_TRACE_H
#define INTERLEAVE_TRACE_H

#include <stdbool.h>
#include <stdint.h>

/* trace_place() - return address of the hook: resolved to file and line. */
void trace_place(const void *address);

void trace_access(const char *what, unsigned int location, uint64_t value,
		  unsigned int back);
void trace_cas(unsigned int location, uint64_t seen, uint64_t new, bool done,
	       unsigned int back);
void trace_text(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/* trace_location() - what a location is called. */
const char *trace_location(unsigned int location);

/* trace_name() - what thread @n is called in the traces. */
void trace_name(unsigned int n, const char *name);

#endif /* INTERLEAVE_TRACE_H */
