/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/interleave/memory.c - stores, views and what a load may read.
 *
 * Everything a thread reads or writes goes into its hash as (location, which
 * store): with the hashes of all threads that says what the memory is.
 */
#include <string.h>

#include "memory.h"
#include "sched.h"
#include "trace.h"

struct memory memory;

enum { READ = 1, WRITE, PAIR, FENCE };

static void note_access(unsigned int kind, unsigned int location,
			unsigned int at)
{
	note((uint64_t)kind << 32 | location << 16 | at);
}

uint64_t view_hash(const struct view_of *view)
{
	uint64_t words[2];

	memcpy(words, view->at, sizeof(words));
	return mixed(mixed(1, words[0]), words[1]);
}

void memory_start(const uint64_t initial[LOC_COUNT], bool pairs)
{
	for (unsigned int i = 0; i < LOC_COUNT; i++) {
		memory.stores[i][0] = (struct stored){ .value = initial[i] };
		memory.count[i] = 1;
	}
	memset(&memory.global, 0, sizeof(memory.global));
	memory.pairs = pairs;
}

static void acquire_store(const struct stored *from, bool acquire)
{
	struct cpu_view *view = &sched.self->view;

	view_join(&view->acquired, &from->view);
	if (acquire)
		view_join(&view->now, &from->view);
}

/* The thread has seen store @at of @location. */
static const struct stored *see(unsigned int location, unsigned int at)
{
	struct cpu_view *view = &sched.self->view;

	view->now.at[location] = (uint8_t)at;
	note_access(READ, location, at);
	return &memory.stores[location][at];
}

uint64_t memory_load(unsigned int location, bool acquire)
{
	unsigned int last = memory.count[location] - 1;
	unsigned int oldest = sched.self->view.now.at[location];
	unsigned int back = choose_stale(last - oldest + 1);
	const struct stored *from = see(location, last - back);

	acquire_store(from, acquire);
	trace_access(acquire ? "load acquire" : "load", location, from->value,
		     back);
	return from->value;
}

/* Did store @at of @location stand there when store @other was made? */
static bool stood(unsigned int location, unsigned int at, unsigned int time)
{
	return memory.stores[location][at].time <= time &&
	       (at + 1 == memory.count[location] ||
		memory.stores[location][at + 1].time > time);
}

/*
 * Both words as they stood at one instant: from the newest pair back, as far
 * as the thread's views of both allow.
 */
void memory_load16(unsigned int slot, uint64_t words[2])
{
	unsigned int loc[2] = { slot_location(slot, LOC_DW0),
				slot_location(slot, LOC_DW1) };
	unsigned int pair[2 * STORES_MAX][2];
	unsigned int count = 0, pick;
	const uint8_t *oldest = sched.self->view.now.at;

	for (unsigned int i = memory.count[loc[0]]; i-- > oldest[loc[0]];)
		for (unsigned int j = memory.count[loc[1]];
		     j-- > oldest[loc[1]];) {
			unsigned int a = memory.stores[loc[0]][i].time;
			unsigned int b = memory.stores[loc[1]][j].time;
			unsigned int later = a > b ? a : b;

			if (!stood(loc[0], i, later) ||
			    !stood(loc[1], j, later))
				continue;
			pair[count][0] = i;
			pair[count++][1] = j;
		}
	pick = choose_stale(count);
	for (int i = 0; i < 2; i++) {
		const struct stored *from = see(loc[i], pair[pick][i]);

		words[i] = from->value;
		acquire_store(from, true);
		trace_access("load16", loc[i], words[i], pick);
	}
}

static struct stored *append(unsigned int location, uint64_t value)
{
	unsigned int at = memory.count[location]++;
	struct stored *to = &memory.stores[location][at];

	if (at >= STORES_MAX)
		broken("too many stores");
	to->value = value;
	to->time = ++sched.time;
	sched.stores++;
	note_access(WRITE, location, at);
	/* which pairs there are depends on the order of the two words */
	if (memory.pairs && location < LOC_GENERATION &&
	    location % LOC_SLOT <= LOC_DW1)
		note_access(PAIR, location, memory.count[location ^ 1]);
	return to;
}

/* The view a store carries; @chain: it replaces this one, by CAS. */
static void publish(unsigned int location, struct stored *to, bool release,
		    const struct stored *chain)
{
	struct cpu_view *view = &sched.self->view;

	view->now.at[location] = (uint8_t)(memory.count[location] - 1);
	view->acquired.at[location] = view->now.at[location];
	to->view = release ? view->now : view->fenced;
	to->walker = view->fenced;
	to->view.at[location] = view->now.at[location];
	to->walker.at[location] = view->now.at[location];
	if (chain) {
		view_join(&to->view, &chain->view);
		view_join(&to->walker, &chain->walker);
	}
}

/*
 * A store that does not know of the one before it may come before it on a
 * weaker machine than this model, and be undone.
 */
static void check_ordered(unsigned int location)
{
	if (sched.self->view.now.at[location] + 1U < memory.count[location])
		violated("a store to %s is not ordered after another CPU's",
			 trace_location(location));
}

void memory_store(unsigned int location, uint64_t value, bool release)
{
	check_ordered(location);
	publish(location, append(location, value), release, NULL);
	trace_access(release ? "store release" : "store", location, value, 0);
}

void memory_store_byte(unsigned int location, unsigned int byte,
		       uint8_t value, bool release)
{
	uint64_t whole = newest(location)->value;

	memcpy((uint8_t *)&whole + byte, &value, 1);
	publish(location, append(location, whole), release, NULL);
	trace_access("store byte", location, whole, 0);
}

static void replace(unsigned int location, uint64_t value, bool acquire,
		    bool release)
{
	unsigned int last = memory.count[location] - 1;
	const struct stored *old = see(location, last);

	acquire_store(old, acquire);
	publish(location, append(location, value), release, old);
}

bool memory_cas(unsigned int location, uint64_t old, uint64_t new,
		bool acquire, bool release, uint64_t *seen)
{
	unsigned int last = memory.count[location] - 1;
	unsigned int readable[STORES_MAX], count = 0, pick;
	const struct stored *from;

	/* the newest, whatever it is, or an older one that does not match */
	readable[count++] = last;
	for (unsigned int i = last;
	     i-- > sched.self->view.now.at[location];)
		if (memory.stores[location][i].value != old)
			readable[count++] = i;
	pick = choose_stale(count);
	from = &memory.stores[location][readable[pick]];
	*seen = from->value;
	if (from->value == old) {
		replace(location, new, acquire, release);
		trace_cas(location, old, new, true, 0);
		return true;
	}
	acquire_store(see(location, readable[pick]), acquire);
	trace_cas(location, *seen, new, false, pick);
	return false;
}

void memory_increment(unsigned int location, bool release)
{
	uint64_t new = newest(location)->value + 1;

	replace(location, new, false, release);
	trace_access("increment", location, new, 0);
}

void memory_fence(void)
{
	struct cpu_view *view = &sched.self->view;

	view_join(&view->now, &view->acquired);
	view_join(&view->now, &memory.global);
	memory.global = view->now;
	view->fenced = view->now;
	note_access(FENCE, 0, 0);
	note(view_hash(&view->now));
	trace_text("full fence");
}

uint64_t memory_walk(unsigned int location, bool stale)
{
	unsigned int last = memory.count[location] - 1;
	unsigned int oldest = sched.self->view.now.at[location];
	unsigned int back = stale ? choose_stale(last - oldest + 1) : 0;
	const struct stored *from = see(location, last - back);

	view_join(&sched.self->view.now, &from->walker);
	trace_access("walk", location, from->value, back);
	return from->value;
}
