/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * bench/sheet.h - what was measured: one line of JSON for each series.
 *
 * A series is one case of one contender, with one sample for each round; the
 * samples of a round belong together.  bench/report.py makes medians and
 * ratios of them: nothing is computed here.
 */
#ifndef BENCH_SHEET_H
#define BENCH_SHEET_H

#include <stdbool.h>

/* What a suite is told. */
struct settings {
	unsigned int order;
	const unsigned int *loads;	/* percent, rising, up to a 0 */
	unsigned int rounds;
	unsigned int milliseconds;	/* a sample of what runs for a time */
	unsigned int counted;		/* calls whose instructions count */
	bool large;			/* 64K pages in 1T segments */
	bool small;			/* no huge pages for this process */
	const char *only;		/* cases that begin so, or NULL: all;
					 * several, separated by commas */
};

void sheet_start(const char *suite, const struct settings *settings,
		 unsigned int load);

/* A sample of a round; @what and @who are kept, not copied. */
void sheet_put(const char *what, const char *who, const char *unit,
	       unsigned int round, double sample);

/* Measure the clock rate: once in each round. */
void sheet_round(unsigned int round);

/* Print and forget. */
void sheet_end(void);

/* A number that is no measurement, and something that cannot be measured. */
void sheet_fact(const char *name, double value);
void sheet_skip(const char *who, const char *why);

/* A contender answered wrongly: say so and end. */
__attribute__((noreturn))
void sheet_wrong(const char *what, const char *who);

#endif /* BENCH_SHEET_H */
