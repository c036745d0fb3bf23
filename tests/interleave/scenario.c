/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/interleave/scenario.c - scenarios by name, and as programs.
 */
#include <stdio.h>
#include <string.h>

#include "scenario.h"
#include "trace.h"
#include "walker.h"

static struct scenario chosen;

static const struct kind *kind_find(const char *name, size_t length)
{
	for (unsigned int i = 0; i < KINDS; i++)
		if (strlen(kinds[i].name) == length &&
		    !strncmp(kinds[i].name, name, length))
			return &kinds[i];
	return NULL;
}

/* "a,b+c": the operations of each CPU; NULL if one is unknown. */
static const char *parse_operations(const char *text,
				    struct scenario *scenario)
{
	unsigned int cpu = 0, count = 0;

	for (;;) {
		unsigned int length = (unsigned int)strcspn(text, ",+:");
		const struct operation *operation =
			operation_find(text, length);

		if (!operation || cpu == CPUS_MAX || count == OPS_PER_CPU)
			return NULL;
		scenario->operations[cpu][count++] = operation;
		text += length;
		if (*text == ':')
			return text + 1;
		if (*text == '+') {
			cpu++;
			count = 0;
		}
		if (!*text++)
			return NULL;
	}
}

bool scenario_parse(const char *text, struct scenario *scenario)
{
	size_t length = strcspn(text, ":");

	memset(scenario, 0, sizeof(*scenario));
	scenario->kind = kind_find(text, length);
	if (!scenario->kind || strlen(text) < length + 4 ||
	    text[length + 1 + SLOTS] != ':')
		return false;
	memcpy(scenario->initial, text + length + 1, SLOTS);
	if (strspn(scenario->initial, "EABVWM") != SLOTS)
		return false;
	text = parse_operations(text + length + 2 + SLOTS, scenario);
	if (!text || *text < '0' || *text > '3')
		return false;
	scenario->walks = (unsigned int)(*text - '0');
	return true;
}

void scenario_name(const struct scenario *scenario, char name[NAME_MAX_])
{
	int at = snprintf(name, NAME_MAX_, "%s:%s", scenario->kind->name,
			  scenario->initial);

	for (unsigned int cpu = 0; cpu < CPUS_MAX; cpu++)
		for (unsigned int i = 0; i < OPS_PER_CPU &&
		     scenario->operations[cpu][i]; i++)
			at += snprintf(name + at, NAME_MAX_ - (size_t)at,
				       "%s%s", i ? "," : cpu ? "+" : ":",
				       scenario->operations[cpu][i]->name);
	snprintf(name + at, NAME_MAX_ - (size_t)at, ":%u", scenario->walks);
}

static void start(void)
{
	world_start();
	operation_reset();
	world.walks = chosen.walks;
}

static void thread(unsigned int n)
{
	if (n == WALKER) {
		trace_name(n, "walker");
		walker_run();
		return;
	}
	for (unsigned int i = 0; i < OPS_PER_CPU; i++) {
		if (!chosen.operations[n][i])
			break;
		if (i)
			sched_pause();
		operation_run(chosen.operations[n][i], n * OPS_PER_CPU + i);
	}
}

/* Everybody else has ended: what did the CPU that stopped take with it? */
static void alone(void)
{
	bool batch = false;

	for (unsigned int cpu = 0; cpu < CPUS_MAX; cpu++)
		for (unsigned int i = 0; i < OPS_PER_CPU; i++)
			batch |= chosen.operations[cpu][i] &&
				 (chosen.operations[cpu][i]->flags & OP_BATCH);
	if (world_slots_lost() > (batch ? SLOTS : 1))
		violated("%u slots are lost while one CPU has stopped",
			 world_slots_lost());
}

static void end(void)
{
	world_final();
	if (history_explained())
		return;
	if (sched.tracing)
		history_print();
	violated("no order of the operations explains their answers");
}

static struct program program = {
	.start = start,
	.thread = thread,
	.alone = alone,
	.end = end,
};

void scenario_choose(const struct scenario *scenario)
{
	chosen = *scenario;
	program.threads = scenario->walks ? 1U << WALKER : 0;
	for (unsigned int cpu = 0; cpu < CPUS_MAX; cpu++)
		if (scenario->operations[cpu][0])
			program.threads |= 1U << cpu;
	world_build(scenario->kind, scenario->initial);
}

const struct program *scenario_program(void)
{
	return &program;
}
