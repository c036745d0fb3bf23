/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * bench/sheet.c - what was measured: one line of JSON for each series.
 */
#include "sheet.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_SERIES	512U
#define MOST_ROUNDS	64U

struct series {
	const char *what, *who, *unit;
	double samples[MOST_ROUNDS];
	unsigned int count;
};

static struct series sheet[MOST_SERIES];
static unsigned int used;
static const char *suite;
static unsigned int order, load;
static bool large;

void sheet_start(const char *name, const struct settings *settings,
		 unsigned int percent)
{
	suite = name;
	order = settings->order;
	large = settings->large;
	load = percent;
	used = 0;
}

void sheet_put(const char *what, const char *who, const char *unit,
	       unsigned int round, double sample)
{
	unsigned int i = 0;

	while (i < used && (strcmp(sheet[i].what, what) ||
			    strcmp(sheet[i].who, who)))
		i++;
	if (i == MOST_SERIES || round >= MOST_ROUNDS)
		abort();
	if (i == used)
		sheet[used++] = (struct series){ what, who, unit, { 0 }, 0 };
	sheet[i].samples[round] = sample;
	sheet[i].count = round + 1;
}

void sheet_round(unsigned int round)
{
	sheet_put("add-chain", "machine", "GHz", round, bench_ghz());
}

static void place(void)
{
	printf("\"suite\":\"%s\",\"order\":%u,\"pages\":\"%s\",\"load\":%u",
	       suite, order, large ? "64K" : "4K", load);
}

void sheet_end(void)
{
	for (unsigned int i = 0; i < used; i++) {
		const struct series *series = &sheet[i];

		printf("{");
		place();
		printf(",\"case\":\"%s\",\"who\":\"%s\",\"unit\":\"%s\","
		       "\"samples\":[", series->what, series->who,
		       series->unit);
		for (unsigned int j = 0; j < series->count; j++)
			printf("%s%.3f", j ? "," : "", series->samples[j]);
		printf("]}\n");
	}
	fflush(stdout);
	used = 0;
}

void sheet_fact(const char *name, double value)
{
	printf("{");
	place();
	printf(",\"fact\":\"%s\",\"value\":%.6g}\n", name, value);
}

void sheet_skip(const char *who, const char *why)
{
	printf("{\"skip\":\"%s\",\"why\":\"%s\"}\n", who, why);
	fflush(stdout);
}

void sheet_wrong(const char *what, const char *who)
{
	fprintf(stderr, "bench: %s: a wrong answer to %s\n", who, what);
	exit(1);
}
