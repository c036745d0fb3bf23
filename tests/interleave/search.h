/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/interleave/search.h - between the search (search.c), which decides,
 * and the scheduler (sched.c), which asks.
 */
#ifndef INTERLEAVE_SEARCH_H
#define INTERLEAVE_SEARCH_H

#include "sched.h"

enum run_end {
	RUN_STARTS,
	RUN_ENDED,
	RUN_SEEN,		/* in a state that has been explored */
	RUN_VIOLATED
};

/* run_once() - one run, as the choices made for it say. */
enum run_end run_once(const struct program *chosen,
		      const struct bounds *bounds);

/* run_violation() - what the last run that was RUN_VIOLATED showed. */
const char *run_violation(void);

/* search_thread() - which of the threads in @list makes the next step. */
unsigned int search_thread(const unsigned int *list, unsigned int count);

/* search_new() - is this a part of the run that no other has made? */
bool search_new(void);

/* search_seen() - has this state been explored with as many preemptions? */
bool search_seen(uint64_t hash, unsigned int preemptions);

unsigned int search_stale_left(void);

#endif /* INTERLEAVE_SEARCH_H */
