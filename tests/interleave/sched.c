/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/interleave/sched.c - coroutines, and who makes the next step.
 *
 * Each thread has a stack of its own; switching is _longjmp().  A run that is
 * given up leaves its threads where they are: the next run begins each of
 * them at the bottom of its stack again, so nothing has to be undone.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#include "search.h"
#include "trace.h"

#define STACK_BYTES	(256U << 10)
/* Protect looks 1024 times before it gives up; nothing else takes long. */
#define STEPS_MAX	6000U

struct sched sched;

static const struct program *program;
static jmp_buf back_to_search;
static ucontext_t creator;
static int last_cpu;		/* the CPU that ran last, -1: none can */
static unsigned int preemptions_left;
static char violation[512];

void violated(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(violation, sizeof(violation), format, arguments);
	va_end(arguments);
	trace_text("VIOLATION: %s", violation);
	_longjmp(back_to_search, RUN_VIOLATED);
}

void broken(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fprintf(stderr, "explorer: ");
	vfprintf(stderr, format, arguments);
	fprintf(stderr, "\nchoices: %s\n", search_choices());
	va_end(arguments);
	exit(2);
}

const char *run_violation(void)
{
	return violation;
}

static bool others_ended(unsigned int n)
{
	return (sched.ended | 1U << n) == program->threads;
}

static bool enabled(unsigned int n)
{
	const struct thread *thread = &sched.threads[n];

	if (!(program->threads >> n & 1) || thread->state == THREAD_ENDED)
		return false;
	if (thread->state == THREAD_FROZEN)
		return others_ended(n);
	return !thread->waits || thread->waits_since != sched.stores;
}

/* Who may make the next step; the first is the one that goes on anyway. */
static unsigned int candidates(unsigned int list[THREADS_MAX])
{
	bool goes_on = last_cpu >= 0 && enabled((unsigned int)last_cpu);
	unsigned int count = 0;

	if (goes_on)
		list[count++] = (unsigned int)last_cpu;
	for (unsigned int n = 0; n < THREADS_MAX; n++) {
		if ((goes_on && n == (unsigned int)last_cpu) || !enabled(n))
			continue;
		if (goes_on && n != WALKER && !preemptions_left)
			continue;
		list[count++] = n;
	}
	if (count)
		return count;
	/* all wait: for nothing, or for one that has stopped for ever */
	for (unsigned int n = 0; n < THREADS_MAX; n++)
		if (sched.threads[n].state == THREAD_READY &&
		    sched.threads[n].waits)
			list[count++] = n;
	return count;
}

static uint64_t state_hash(void)
{
	uint64_t sum = view_hash(&memory.global);

	for (unsigned int n = 0; n < THREADS_MAX; n++)
		if (program->threads >> n & 1)
			sum += mixed(sched.threads[n].hash + n,
				     (uint64_t)enabled(n) << 8 |
				     sched.threads[n].state);
	return mixed(sum, (uint64_t)(last_cpu + 1) << 8 |
			  search_stale_left());
}

static void preempt(void)
{
	struct thread *thread = &sched.threads[last_cpu];

	preemptions_left--;
	if (sched.bounds.freeze && !sched.frozen) {
		thread->state = THREAD_FROZEN;
		sched.frozen++;
		trace_text("thread %d stops here", last_cpu);
	}
}

static struct thread *next_thread(void)
{
	unsigned int list[THREADS_MAX];
	unsigned int count = candidates(list), next;
	struct thread *thread;

	if (!count)
		broken("nobody can go on");
	if (search_new() && search_seen(state_hash(), preemptions_left))
		_longjmp(back_to_search, RUN_SEEN);
	next = list[search_thread(list, count)];
	if (next != WALKER) {
		if (last_cpu >= 0 && (int)next != last_cpu &&
		    enabled((unsigned int)last_cpu))
			preempt();
		last_cpu = (int)next;
	}
	thread = &sched.threads[next];
	if (thread->state == THREAD_FROZEN) {
		thread->state = THREAD_READY;
		program->alone();
	}
	thread->waits = false;
	return thread;
}

static void run_thread(struct thread *thread) __attribute__((noreturn));

static void run_thread(struct thread *thread)
{
	sched.self = thread;
	if (thread->started)
		_longjmp(thread->at, 1);
	thread->started = true;
	_longjmp(thread->base, 1);
}

/* The choice of the next step; on return it is this thread's. */
static void give_way(void)
{
	struct thread *self = sched.self;
	struct thread *next = next_thread();

	next->granted = true;
	if (next != self && !_setjmp(self->at))
		run_thread(next);
}

void sched_point(void)
{
	if (++sched.self->steps > STEPS_MAX)
		violated("no progress after %u steps", STEPS_MAX);
	if (!sched.self->granted)
		give_way();
	sched.self->granted = false;
}

void sched_pause(void)
{
	give_way();
}

void sched_wait(void)
{
	sched.self->waits = true;
	sched.self->waits_since = sched.stores;
	give_way();
}

static void thread_end(void) __attribute__((noreturn));

static void thread_end(void)
{
	struct thread *next;

	sched.self->state = THREAD_ENDED;
	sched.ended |= 1U << thread_number();
	if (last_cpu == (int)thread_number())
		last_cpu = -1;
	if (sched.ended == program->threads)
		_longjmp(back_to_search, RUN_ENDED);
	next = next_thread();
	next->granted = true;
	run_thread(next);
}

static void thread_entry(void)
{
	struct thread *thread = sched.self;

	if (!_setjmp(thread->base))
		setcontext(&creator);
	program->thread(thread_number());
	thread_end();
}

static void create(struct thread *thread)
{
	static ucontext_t context;
	static volatile bool created;

	thread->stack = malloc(STACK_BYTES);
	if (!thread->stack)
		broken("no memory");
	created = false;
	getcontext(&creator);
	if (created)
		return;
	created = true;
	getcontext(&context);
	context.uc_stack.ss_sp = thread->stack;
	context.uc_stack.ss_size = STACK_BYTES;
	context.uc_link = NULL;
	makecontext(&context, thread_entry, 0);
	sched.self = thread;
	setcontext(&context);
}

static void restart(const struct bounds *bounds)
{
	for (unsigned int n = 0; n < THREADS_MAX; n++) {
		struct thread *thread = &sched.threads[n];

		memset(&thread->view, 0, sizeof(thread->view));
		thread->hash = n;
		thread->state = program->threads >> n & 1 ? THREAD_READY :
							   THREAD_UNUSED;
		thread->granted = false;
		thread->started = false;
		thread->waits = false;
		thread->steps = 0;
	}
	sched.time = 0;
	sched.stores = 0;
	sched.ended = 0;
	sched.frozen = 0;
	sched.bounds = *bounds;
	last_cpu = -1;
	preemptions_left = bounds->preemptions;
}

enum run_end run_once(const struct program *chosen,
		      const struct bounds *bounds)
{
	volatile enum run_end end;

	program = chosen;
	for (unsigned int n = 0; n < THREADS_MAX; n++)
		if (!sched.threads[n].stack)
			create(&sched.threads[n]);
	sched.running = false;
	restart(bounds);
	program->start();
	sched.running = true;
	end = (enum run_end)_setjmp(back_to_search);
	if (end == RUN_STARTS) {
		struct thread *first = next_thread();

		first->granted = true;
		run_thread(first);
	}
	sched.running = false;
	if (end == RUN_ENDED)
		program->end();
	return end;
}
