/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hptctl/progress.h - a progress bar on stderr, if that is a terminal.
 */
#ifndef HPTCTL_PROGRESS_H
#define HPTCTL_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct progress - the bar; start it as zero
 */
struct progress {
	bool asked;
	bool terminal;
	uint64_t calls;
	double shown;
};

/* clock_seconds() - time that only goes forward */
double clock_seconds(void);

/**
 * progress_show() - draw it, if it is time to
 * @done:	bytes of the file that have been read
 * @all:	its size, 0 if unknown
 */
void progress_show(struct progress *progress, uint64_t done, uint64_t all,
		   uint64_t hcalls);

/* progress_clear() - wipe it away */
void progress_clear(struct progress *progress);

#endif /* HPTCTL_PROGRESS_H */
