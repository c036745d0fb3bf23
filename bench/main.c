/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * bench/main.c - the command line of the harness.
 *
 * usage: bench SUITE [--order N] [--loads N,...] [--rounds N]
 *		      [--milliseconds N] [--counted N] [--large] [--small]
 *		      [--only CASE,...]
 *
 * SUITE: table, hcall, fault, resize or tail.  One line of JSON for each
 * series, for bench/run.py, which calls this.
 */
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_LOADS	8U

#ifdef __clang__
#define COMPILER	__VERSION__
#else
#define COMPILER	"gcc " __VERSION__
#endif

static const struct {
	const char *name;
	void (*run)(const struct settings *settings);
} suites[] = {
	{ "table", table_suite },
	{ "hcall", hcall_suite },
	{ "fault", fault_suite },
	{ "resize", resize_suite },
	{ "tail", tail_suite },
};

static void say_what_is_here(void)
{
	printf("{\"compiler\":\"%s\"}\n", COMPILER);
#ifndef HAVE_CK
	sheet_skip("ck_ht", "libck-dev is not installed");
#endif
#ifndef HAVE_LFHT
	sheet_skip("lfht", "liburcu-dev is not installed");
#endif
#ifndef HAVE_DPDK
	sheet_skip("rte_hash", "libdpdk-dev is not installed");
#endif
}

static bool number(const char *text, unsigned int least, unsigned int most,
		   unsigned int *value)
{
	char *end;
	unsigned long found = text ? strtoul(text, &end, 10) : 0;

	if (!text || end == text || found < least || found > most)
		return false;
	*value = (unsigned int)found;
	return true;
}

/* Percent, rising, separated by commas; a 0 at the end. */
static bool list(char *text, unsigned int *loads)
{
	unsigned int count = 0, last = 0;

	for (char *word = text ? strtok(text, ",") : NULL; word;
	     word = strtok(NULL, ",")) {
		if (count == MOST_LOADS ||
		    !number(word, last + 1, 95, &loads[count]))
			return false;
		last = loads[count++];
	}
	loads[count] = 0;
	return count > 0;
}

static bool options(int argc, char **argv, struct settings *settings,
		    unsigned int *loads)
{
	for (int i = 2; i < argc; i++) {
		char *value = i + 1 < argc ? argv[i + 1] : NULL;
		bool good;

		if (!strcmp(argv[i], "--large")) {
			settings->large = true;
			continue;
		}
		if (!strcmp(argv[i], "--small")) {
			settings->small = true;
			continue;
		}
		good = !strcmp(argv[i], "--order") ?
			number(value, 18, 30, &settings->order) :
		       !strcmp(argv[i], "--rounds") ?
			number(value, 1, 63, &settings->rounds) :
		       !strcmp(argv[i], "--milliseconds") ?
			number(value, 1, 999, &settings->milliseconds) :
		       !strcmp(argv[i], "--counted") ?
			number(value, 1, 999, &settings->counted) :
		       !strcmp(argv[i], "--loads") ? list(value, loads) :
		       !strcmp(argv[i], "--only") &&
			(settings->only = value) != NULL;
		if (!good)
			return false;
		i++;
	}
	return true;
}

int main(int argc, char **argv)
{
	unsigned int loads[MOST_LOADS + 1] = { 50, 0 };
	struct settings settings = {
		.order = 18, .loads = loads, .rounds = 15, .milliseconds = 20,
		.counted = 64,
	};

	(void)bench_cpus();	/* before anything changes it */
	if (argc > 1 && options(argc, argv, &settings, loads))
		for (size_t i = 0; i < sizeof(suites) / sizeof(suites[0]); i++)
			if (!strcmp(argv[1], suites[i].name)) {
				say_what_is_here();
				bench_pin(0);
				if (settings.small)
					bench_small_pages();
				suites[i].run(&settings);
				return 0;
			}
	fprintf(stderr, "usage: bench table|hcall|fault|resize|tail "
		"[--order 18..30] [--loads N,...] [--rounds N] "
		"[--milliseconds N] [--counted N] [--large] [--small] "
		"[--only CASE,...]\n");
	return 2;
}
