/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hptctl/progress.c - see progress.h.
 */
#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define BAR_WIDTH	40U
#define EVERY_CALLS	4096U
#define EVERY_SECONDS	0.1

double clock_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void progress_show(struct progress *progress, uint64_t done, uint64_t all,
		   uint64_t hcalls)
{
	unsigned int width, i;
	double now;

	if (!progress->asked) {
		progress->asked = true;
		progress->terminal = isatty(STDERR_FILENO);
	}
	if (!progress->terminal || ++progress->calls % EVERY_CALLS)
		return;
	now = clock_seconds();
	if (now - progress->shown < EVERY_SECONDS)
		return;
	progress->shown = now;
	width = all && done <= all ?
		(unsigned int)((double)done / (double)all * BAR_WIDTH) : 0;
	fputs("\r[", stderr);
	for (i = 0; i < BAR_WIDTH; i++)
		fputc(i < width ? '#' : '.', stderr);
	fprintf(stderr, "] %" PRIu64 " hcalls", hcalls);
	fflush(stderr);
}

void progress_clear(struct progress *progress)
{
	if (progress->terminal && progress->shown > 0)
		fprintf(stderr, "\r%*s\r", (int)BAR_WIDTH + 36, "");
}
