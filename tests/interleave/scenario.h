/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/interleave/scenario.h - a kind of table, two initial slots, and what
 * each CPU does; as text
 *
 *	KIND:SLOTS:OPERATION[,OPERATION...][+...]:WALKS
 *
 * for example walk16:VA:remove,insertx+protect:1.
 */
#ifndef INTERLEAVE_SCENARIO_H
#define INTERLEAVE_SCENARIO_H

#include "operation.h"
#include "sched.h"
#include "world.h"

#define NAME_MAX_	160

struct scenario {
	const struct kind *kind;
	char initial[SLOTS + 1];
	const struct operation *operations[CPUS_MAX][OPS_PER_CPU];
	unsigned int walks;
};

/* scenario_parse() - false if the text is not one. */
bool scenario_parse(const char *text, struct scenario *scenario);
void scenario_name(const struct scenario *scenario, char name[NAME_MAX_]);

/* scenario_choose() - what program() then runs. */
void scenario_choose(const struct scenario *scenario);
const struct program *scenario_program(void);

/* Sets of scenarios. */
enum suite {
	SUITE_PAIRS,
	SUITE_TRIPLES,
	SUITE_TELLING,
	SUITE_WEAK,
	SUITE_STALL,
	SUITES,
	/* with --deep, in place of those without "ALL" */
	SUITE_ALL_PAIRS,
	SUITE_ALL_TRIPLES,
	SUITE_ALL_TELLING,
	SUITE_ALL_STALL
};

/* suite_each() - call @visit for each until it returns false. */
void suite_each(enum suite suite,
		bool (*visit)(const struct scenario *scenario));

#endif /* INTERLEAVE_SCENARIO_H */
