/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/interleave/memory.h - the memory model: C11's release/acquire
 * fragment, operationally.
 *
 * Every location keeps all its stores, in the order they were made.  A view
 * says, for each location, the oldest store that may still be read.  Every
 * thread has a view, every store carries one:
 *
 *	load		any store not older than the thread's view of the
 *			location; acquire joins the store's view
 *	store		appended; release: with the thread's view, else with
 *			that of its last full fence
 *	CAS, increment	reads the newest, and passes on the view of the store
 *			it replaces (release sequence).  A failing CAS is an
 *			acquire load of any store that does not match
 *	full fence	joins a global view, both ways
 *	16-byte load	both words as they stood at one instant
 *	byte store	changes the newest value; no release sequence.  A
 *			walker's comes after its walk, by dependency and
 *			cumulativity: who acquires it sees what the walk saw
 *
 * Reading other than the newest store costs one of the schedule's stale
 * reads.  A plain store that could take an earlier place in the order is
 * reported as a fault, since nothing in the library may rely on that.  Not
 * modelled: loads that read stores of the future.
 */
#ifndef INTERLEAVE_MEMORY_H
#define INTERLEAVE_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#define LOC_MAX		16
#define STORES_MAX	120

/* Two slots of the table are explored: dw0, dw1, g and seq of each. */
enum location {
	LOC_DW0,
	LOC_DW1,
	LOC_G,
	LOC_SEQ,
	LOC_SLOT,		/* number of locations of a slot */
	LOC_GENERATION = 2 * LOC_SLOT,
	LOC_HOST_SEQUENCE,	/* the host's invalidations */
	LOC_HOST_PAGE,		/* which storage backs guest pages */
	LOC_COUNT
};

static inline unsigned int slot_location(unsigned int slot,
					 enum location location)
{
	return slot * LOC_SLOT + (unsigned int)location;
}

struct view_of {
	uint8_t at[LOC_MAX];
};

/**
 * struct stored - one store of a location
 * @value:	as it lies in memory
 * @view:	what an acquire load of it sees
 * @walker:	what a hardware walker that reads it sees: orders towards
 *		walkers are made by full fences only
 * @time:	when it was made
 */
struct stored {
	uint64_t value;
	struct view_of view;
	struct view_of walker;
	unsigned int time;
};

/**
 * struct cpu_view - what one thread knows
 * @now:	what it must see
 * @acquired:	what a fence would make it see
 * @fenced:	what it knew at its last fence
 */
struct cpu_view {
	struct view_of now;
	struct view_of acquired;
	struct view_of fenced;
};

struct memory {
	struct stored stores[LOC_COUNT][STORES_MAX];
	unsigned int count[LOC_COUNT];
	struct view_of global;
	bool pairs;		/* 16-byte loads are in use */
};

extern struct memory memory;

static inline void view_join(struct view_of *to, const struct view_of *from)
{
	for (int i = 0; i < LOC_MAX; i++)
		to->at[i] = to->at[i] > from->at[i] ? to->at[i] : from->at[i];
}

static inline const struct stored *newest(unsigned int location)
{
	return &memory.stores[location][memory.count[location] - 1];
}

uint64_t view_hash(const struct view_of *view);

/* memory_start() - one store each, seen by everybody. */
void memory_start(const uint64_t initial[LOC_COUNT], bool pairs);

/* Steps of the thread that runs; sched_point() has been passed. */
uint64_t memory_load(unsigned int location, bool acquire);
void memory_load16(unsigned int slot, uint64_t words[2]);
void memory_store(unsigned int location, uint64_t value, bool release);
void memory_store_byte(unsigned int location, unsigned int byte,
		       uint8_t value, bool release);
bool memory_cas(unsigned int location, uint64_t old, uint64_t new,
		bool acquire, bool release, uint64_t *seen);
void memory_increment(unsigned int location, bool release);
void memory_fence(void);

/* memory_walk() - a walker's load; with @stale any that its view allows. */
uint64_t memory_walk(unsigned int location, bool stale);

#endif /* INTERLEAVE_MEMORY_H */
