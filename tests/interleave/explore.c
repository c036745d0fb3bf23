/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/interleave/explore.c - the program: explores, or replays.
 *
 * usage: explore [--suite pairs|triples|telling|weak|stall|random] [--deep]
 *		  [--scenario NAME]... [--preemptions N] [--stale N]
 *		  [--pct N] [--seed N]
 *	  explore --list
 *	  explore --replay STRING
 *
 * Without --suite: all of them.  A failure is printed as a trace, with the
 * string that --replay takes.  Exit status 1 if there was one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "scenario.h"

#define SCENARIOS_MAX	16
#define MODE_RANDOM	SUITES

static struct {
	const char *suite;
	const char *scenarios[SCENARIOS_MAX];
	unsigned int scenario_count;
	bool deep;
	int preemptions;
	int stale;
	uint64_t pct;
	uint64_t seed;
} options = { .preemptions = -1, .stale = -1, .seed = 1 };

static struct {
	uint64_t scenarios;
	uint64_t schedules;
	uint64_t states;
	uint64_t cut;
	bool failed;
} total;

static unsigned int running;	/* enum suite, or MODE_RANDOM */

static const char *const suite_names[] = {
	"pairs", "triples", "telling", "weak", "stall", "random",
};

/* Preemptions, stale reads, states at most; normally and with --deep. */
static const struct bounds normal[] = {
	{ 3, 1, 0, false },
	{ 2, 0, 0, false },
	{ 1, 0, 0, false },
	{ 3, 4, 0, false },
	{ 1, 0, 0, true },
	{ 255, 255, 0, false },
};
static const struct bounds deep[] = {
	{ 4, 1, 0, false },
	{ 2, 0, 0, false },
	{ 2, 0, 0, false },
	{ 4, 5, 0, false },
	{ 2, 0, 0, true },
	{ 255, 255, 0, false },
};

/* With --deep in place of these suites; 0: they are the same. */
static const enum suite all_of[SUITES] = {
	[SUITE_PAIRS] = SUITE_ALL_PAIRS,
	[SUITE_TRIPLES] = SUITE_ALL_TRIPLES,
	[SUITE_TELLING] = SUITE_ALL_TELLING,
	[SUITE_STALL] = SUITE_ALL_STALL,
};

static struct bounds bounds_of(unsigned int suite)
{
	struct bounds bounds = options.deep ? deep[suite] : normal[suite];

	if (options.preemptions >= 0)
		bounds.preemptions = (unsigned int)options.preemptions;
	if (options.stale >= 0)
		bounds.stale = (unsigned int)options.stale;
	return bounds;
}

/* The failure again, step by step. */
static void show(const struct scenario *scenario, const struct bounds *bounds,
		 const char *why)
{
	char name[NAME_MAX_];
	char *choices = strdup(search_choices());
	struct search_result result;

	scenario_name(scenario, name);
	printf("FAILED %s: %s\n", name, why);
	search_replay(scenario_program(), bounds, choices, true, &result);
	if (!result.failed)
		broken("the failure does not happen again");
	printf("replay: %s/%u.%u.%d/%s\n", name, bounds->preemptions,
	       bounds->stale, bounds->freeze, choices);
	free(choices);
}

static bool explore_one(const struct scenario *scenario)
{
	struct bounds bounds = bounds_of(running);
	struct search_result result;

	scenario_choose(scenario);
	if (running == MODE_RANDOM)
		search_random(scenario_program(), &bounds,
			      options.seed + total.scenarios, options.pct,
			      &result);
	else
		search_all(scenario_program(), &bounds, &result);
	total.scenarios++;
	total.schedules += result.runs;
	total.states += result.states;
	total.cut += result.cut;
	if (getenv("EXPLORE_VERBOSE")) {
		char name[NAME_MAX_];

		scenario_name(scenario, name);
		printf("%8llu %8llu %s%s\n", (unsigned long long)result.runs,
		       (unsigned long long)result.states, name,
		       result.cut ? " cut" : "");
	}
	if (!result.failed)
		return true;
	total.failed = true;
	show(scenario, &bounds, result.why);
	return false;
}

static void run_suite(unsigned int suite)
{
	struct scenario scenario;
	clock_t started = clock();

	memset(&total, 0, sizeof(total));
	running = suite;
	if (options.scenario_count) {
		for (unsigned int i = 0; i < options.scenario_count; i++) {
			if (!scenario_parse(options.scenarios[i], &scenario))
				broken("not a scenario: %s",
				       options.scenarios[i]);
			if (!explore_one(&scenario))
				break;
		}
	} else if (suite == MODE_RANDOM) {
		suite_each(SUITE_ALL_TRIPLES, explore_one);
		if (!total.failed)
			suite_each(SUITE_ALL_TELLING, explore_one);
	} else if (options.deep && all_of[suite]) {
		suite_each(all_of[suite], explore_one);
	} else {
		suite_each((enum suite)suite, explore_one);
	}
	printf("%-8s %5llu scenarios %9llu schedules %9llu states "
	       "%3llu cut short %6.1f s%s\n", suite_names[suite],
	       (unsigned long long)total.scenarios,
	       (unsigned long long)total.schedules,
	       (unsigned long long)total.states,
	       (unsigned long long)total.cut,
	       (double)(clock() - started) / CLOCKS_PER_SEC,
	       total.failed ? "  FAILED" : "");
	fflush(stdout);
}

static bool print_name(const struct scenario *scenario)
{
	char name[NAME_MAX_];

	scenario_name(scenario, name);
	printf("%s %s\n", suite_names[running], name);
	return true;
}

static int replay(char *text)
{
	char *limits = strchr(text, '/');
	char *choices = limits ? strchr(limits + 1, '/') : NULL;
	struct bounds bounds = { .states = 0 };
	struct search_result result;
	struct scenario scenario;
	int freeze;

	if (!choices || sscanf(limits, "/%u.%u.%d", &bounds.preemptions,
			       &bounds.stale, &freeze) != 3)
		broken("not a replay string");
	*limits = '\0';
	if (!scenario_parse(text, &scenario))
		broken("not a scenario: %s", text);
	bounds.freeze = freeze != 0;
	scenario_choose(&scenario);
	search_replay(scenario_program(), &bounds, choices + 1, true, &result);
	printf("%s\n", result.failed ? result.why : "no violation");
	return result.failed;
}

static void usage(void)
{
	fprintf(stderr,
		"usage: explore [--deep]\n"
		"	[--suite pairs|triples|telling|weak|stall|random]\n"
		"	[--scenario NAME]... [--preemptions N] [--stale N]\n"
		"	[--pct N] [--seed N]\n"
		"       explore --list\n"
		"       explore --replay STRING\n");
	exit(2);
}

static void set(const char *option, const char *value)
{
	if (!strcmp(option, "--suite"))
		options.suite = value;
	else if (!strcmp(option, "--preemptions"))
		options.preemptions = atoi(value);
	else if (!strcmp(option, "--stale"))
		options.stale = atoi(value);
	else if (!strcmp(option, "--pct"))
		options.pct = strtoull(value, NULL, 10);
	else if (!strcmp(option, "--seed"))
		options.seed = strtoull(value, NULL, 10);
	else if (!strcmp(option, "--scenario") &&
		 options.scenario_count < SCENARIOS_MAX)
		options.scenarios[options.scenario_count++] = value;
	else
		usage();
}

int main(int argc, char **argv)
{
	bool failed = false, found = false;
	uint64_t schedules = 0;

	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--deep")) {
			options.deep = true;
		} else if (!strcmp(argv[i], "--list")) {
			for (running = 0; running < SUITES; running++)
				suite_each((enum suite)running, print_name);
			return 0;
		} else if (i + 1 == argc) {
			usage();
		} else if (!strcmp(argv[i], "--replay")) {
			return replay(argv[i + 1]);
		} else {
			set(argv[i], argv[i + 1]);
			i++;
		}
	}
	if (!options.pct)
		options.pct = options.deep ? 20000 : 300;
	for (unsigned int suite = 0; suite <= MODE_RANDOM && !failed;
	     suite++) {
		if (options.suite &&
		    strcmp(options.suite, suite_names[suite]) != 0)
			continue;
		found = true;
		run_suite(suite);
		schedules += total.schedules;
		failed = total.failed;
	}
	if (!found)
		usage();
	printf("%llu schedules explored, %s\n", (unsigned long long)schedules,
	       failed ? "1 violation" : "no violation");
	return failed;
}
