/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/interleave/sched.h - threads as coroutines, and the search through
 * all that they may do.
 *
 * A run is one execution from the start.  It is determined by its choices:
 * which thread makes the next step, which store a load reads.  A depth-first
 * search repeats the run with other choices until there are none left, and
 * gives up a run that comes to a state it has been in before.  A state is
 * known by a hash of what every thread has done and seen; that is the graph
 * of the execution, so equal hashes have equal futures.
 */
#ifndef INTERLEAVE_SCHED_H
#define INTERLEAVE_SCHED_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memory.h"

#define CPUS_MAX	3
#define WALKER		CPUS_MAX	/* the hardware's thread */
#define THREADS_MAX	(CPUS_MAX + 1)
#define CHOICES_MAX	8192

enum thread_state {
	THREAD_UNUSED,
	THREAD_READY,
	THREAD_FROZEN,		/* runs again when all others have ended */
	THREAD_ENDED
};

struct thread {
	struct cpu_view view;
	uint64_t hash;		/* of all it has done and seen */
	enum thread_state state;
	bool granted;		/* the next step is its own */
	bool started;
	bool waits;		/* until another thread stores something */
	unsigned int waits_since;
	unsigned int steps;	/* of the operation it is in */
	jmp_buf at;
	jmp_buf base;
	char *stack;
};

/**
 * struct bounds - how much of a scenario is explored
 * @preemptions: switches away from a CPU that could go on; those to and from
 *		the walker are free
 * @stale:	loads that read something else than the newest
 * @states:	give up beyond so many, and say so; 0: never
 * @freeze:	the first preempted CPU stops until all others have ended
 */
struct bounds {
	unsigned int preemptions;
	unsigned int stale;
	uint64_t states;
	bool freeze;
};

struct search_result {
	uint64_t runs;
	uint64_t states;
	bool cut;		/* bounds.states was reached */
	bool failed;
	const char *why;
};

struct sched {
	struct thread threads[THREADS_MAX];
	struct thread *self;
	unsigned int time;	/* steps of all threads */
	unsigned int stores;
	unsigned int ended;	/* mask: threads that have ended */
	unsigned int frozen;	/* threads frozen so far */
	bool running;		/* false: hooks go to plain memory */
	bool tracing;
	struct bounds bounds;
};

extern struct sched sched;

/* What the scenario provides. */
struct program {
	void (*start)(void);		/* before each run: state to zero */
	void (*thread)(unsigned int n);	/* body of thread n */
	void (*alone)(void);		/* all but frozen ones have ended */
	void (*end)(void);		/* all have ended: checks */
	unsigned int threads;		/* mask */
};

static inline unsigned int thread_number(void)
{
	return (unsigned int)(sched.self - sched.threads);
}

static inline uint64_t mixed(uint64_t hash, uint64_t more)
{
	hash = (hash ^ more) * UINT64_C(0x9E3779B97F4A7C15);
	return hash ^ hash >> 29;
}

/* The thread that runs has seen or done this. */
static inline void note(uint64_t what)
{
	sched.self->hash = mixed(sched.self->hash, what);
}

/* sched_point() - the next step may be another thread's. */
void sched_point(void);

/* sched_pause() - the same between two operations: not yet a step. */
void sched_pause(void);

/* sched_wait() - nothing to do until another thread has stored something. */
void sched_wait(void);

/* choose() - one of @count alternatives; 0 is the plain one. */
unsigned int choose(unsigned int count);

/* choose_stale() - the same; other than 0 costs a stale read. */
unsigned int choose_stale(unsigned int count);

/* violated() - this run shows a fault.  Does not return. */
void violated(const char *format, ...)
	__attribute__((noreturn, format(printf, 1, 2)));

/* broken() - the explorer itself is at fault.  Does not return. */
void broken(const char *format, ...)
	__attribute__((noreturn, format(printf, 1, 2)));

void search_all(const struct program *program, const struct bounds *bounds,
		struct search_result *result);
void search_random(const struct program *program, const struct bounds *bounds,
		   uint64_t seed, uint64_t runs, struct search_result *result);

/* search_replay() - one run with these choices, traced if @tracing. */
void search_replay(const struct program *program, const struct bounds *bounds,
		   const char *choices, bool tracing,
		   struct search_result *result);

/* search_choices() - the choices of the last run, as text. */
const char *search_choices(void);

#endif /* INTERLEAVE_SCHED_H */
