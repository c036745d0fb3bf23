/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * bench/count.c - instructions, counted one by one.
 */
#define _GNU_SOURCE
#include "count.h"

#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __x86_64__
#define CAN_STEP	true
#else
#define CAN_STEP	false
#endif

/* The copy: what is counted lies between two stops. */
static void stepped(void (*run)(void *arg), void *arg)
{
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL))
		_exit(1);
	/* symbols are bound, and pages are there, from now on */
	run(arg);
	(void)raise(SIGSTOP);
	run(arg);
	(void)raise(SIGSTOP);
	_exit(0);
}

static bool stopped_by(pid_t copy, int number)
{
	int status;

	return waitpid(copy, &status, 0) == copy && WIFSTOPPED(status) &&
	       WSTOPSIG(status) == number;
}

/* Steps from the first stop to the second. */
static int64_t step(pid_t copy)
{
	int64_t steps = 0;
	int status;

	if (!stopped_by(copy, SIGSTOP))
		return BENCH_NOT_COUNTED;
	for (;; steps++) {
		if (ptrace(PTRACE_SINGLESTEP, copy, NULL, NULL) ||
		    waitpid(copy, &status, 0) != copy || !WIFSTOPPED(status))
			return BENCH_NOT_COUNTED;
		if (WSTOPSIG(status) == SIGSTOP)
			return steps;
		if (WSTOPSIG(status) != SIGTRAP)
			return BENCH_NOT_COUNTED;
	}
}

/* On one CPU a step costs a third of what it does between two. */
static void stay_here(cpu_set_t *before)
{
	int cpu = sched_getcpu();
	cpu_set_t here;

	CPU_ZERO(before);
	(void)sched_getaffinity(0, sizeof(*before), before);
	if (cpu < 0)
		return;
	CPU_ZERO(&here);
	CPU_SET((size_t)cpu, &here);
	(void)sched_setaffinity(0, sizeof(here), &here);
}

int64_t bench_instructions(void (*run)(void *arg), void *arg)
{
	int64_t count;
	cpu_set_t before;
	pid_t copy;

	if (!CAN_STEP)
		return BENCH_NOT_COUNTED;
	stay_here(&before);
	copy = fork();
	if (!copy)
		stepped(run, arg);
	count = copy > 0 ? step(copy) : BENCH_NOT_COUNTED;
	if (copy > 0) {
		(void)kill(copy, SIGKILL);
		(void)waitpid(copy, NULL, 0);
	}
	(void)sched_setaffinity(0, sizeof(before), &before);
	return count;
}
