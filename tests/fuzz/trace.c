/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/fuzz/trace.c - hptctl's reader takes any file for what it is.
 *
 * Input: the file, packed or not.  The reader must come to an end, say where
 * each record lies, and say why if it does not like what it finds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "trace.h"

/* Of a small packed file, which may be made of one byte repeated. */
#define RECORDS_MAX	4096U

#define MUST(condition) must(condition, #condition, __LINE__)

static void must(bool holds, const char *what, int line)
{
	if (holds)
		return;
	fprintf(stderr, "line %d: not %s\n", line, what);
	abort();
}

static void read_all(struct trace *trace)
{
	struct trace_record record = { .offset = 0 };
	enum trace_result result;
	uint64_t number = 0;
	uint64_t last = 0;

	do {
		result = trace_next(trace, &record);
		if (result != TRACE_RECORD)
			break;
		MUST(record.number == ++number);
		MUST(record.offset >= (number == 1 ? 8 : last + 16));
		MUST(record.tag < TRACE_HCALL_LIMIT ||
		     (record.tag >= TRACE_ALLOC && record.tag < TRACE_END));
		last = record.offset;
	} while (number < RECORDS_MAX);
	MUST(result != TRACE_DAMAGED || trace->error[0]);
	MUST(result != TRACE_DONE || !trace->error[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct trace trace;
	char path[32];
	int file;

	file = memfd_create("trace", 0);
	MUST(file >= 0);
	MUST(write(file, data, size) == (ssize_t)size);
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	if (trace_open(&trace, path))
		read_all(&trace);
	else
		MUST(trace.error[0]);
	trace_close(&trace);
	(void)close(file);
	return 0;
}
