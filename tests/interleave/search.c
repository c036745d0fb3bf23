/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/interleave/search.c - depth first, at random, or as told.
 *
 * The choices of a run are a list of numbers.  A depth-first search raises
 * the last one that can be raised, drops what follows, and runs again: up to
 * there the run repeats itself, after it everything is 0 and new.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "search.h"

#define ALTERNATIVES_MAX	36	/* one digit each in the text */
#define CHANGES_MAX		4	/* of priority, in a random run */
#define RUN_STEPS		60U	/* typical length, for these */

enum mode { DEPTH_FIRST, RANDOM, REPLAY };

static struct {
	uint8_t count;
	uint8_t taken;
} choices[CHOICES_MAX];

static enum mode mode;
static unsigned int known;	/* choices the run repeats */
static unsigned int made;	/* choices the run has made */
static unsigned int stale_left;

/*
 * States explored.  A word is the state's hash, its low byte replaced by the
 * preemptions that were left, plus one; that byte is in the bucket's number,
 * so nothing of the hash is lost.  The table grows up to STATES_MAX words.
 * A new state that finds its bucket full takes the place of another, which
 * costs time if that one comes again, and nothing else: less is remembered,
 * not explored.
 */
#define BUCKET		8U	/* words of a cache line */
#define STATES_MIN	(1U << 12)
#define STATES_MAX	(1U << 25)
#define LEFT		UINT64_C(0xFF)

static uint64_t *states;
static uint64_t states_room, states_used;

static uint64_t random_state;
static unsigned int priority[THREADS_MAX];
static unsigned int change_at[CHANGES_MAX];
static unsigned int points;	/* of this run */

static uint64_t random_next(void)
{
	random_state += UINT64_C(0x9E3779B97F4A7C15);
	return mixed(mixed(7, random_state), random_state >> 32);
}

static uint64_t *bucket_of(uint64_t hash)
{
	return &states[(hash & (states_room / BUCKET - 1)) * BUCKET];
}

static uint64_t *states_alloc(uint64_t room)
{
	uint64_t *words = aligned_alloc(BUCKET * sizeof(*words),
					room * sizeof(*words));

	if (!words)
		broken("no memory for %llu states", (unsigned long long)room);
	memset(words, 0, room * sizeof(*words));
	return words;
}

/* Words go to one of two buckets, by the lowest bit that is new. */
static void states_grow(void)
{
	uint64_t *old = states;
	uint64_t buckets = states_room / BUCKET;

	states = states_alloc(2 * states_room);
	states_room *= 2;
	for (uint64_t i = 0; i < buckets; i++) {
		uint64_t *low = &states[i * BUCKET];
		uint64_t *high = &states[(buckets + i) * BUCKET];

		for (unsigned int k = 0; k < BUCKET; k++)
			*(old[i * BUCKET + k] & buckets ? high++ : low++) =
				old[i * BUCKET + k];
	}
	free(old);
}

static void states_clear(void)
{
	if (!states || states_room > STATES_MIN) {
		free(states);
		states_room = STATES_MIN;
		states = states_alloc(states_room);
	} else {
		memset(states, 0, states_room * sizeof(*states));
	}
	states_used = 0;
}

bool search_new(void)
{
	return mode == DEPTH_FIRST && made >= known;
}

bool search_seen(uint64_t hash, unsigned int preemptions)
{
	uint64_t *bucket = bucket_of(hash), *free_word = NULL;

	if (preemptions >= LEFT)
		preemptions = LEFT - 1;
	for (unsigned int i = 0; i < BUCKET; i++) {
		if (!bucket[i]) {
			free_word = &bucket[i];
			break;
		}
		if ((bucket[i] ^ hash) & ~LEFT)
			continue;
		if ((bucket[i] & LEFT) > preemptions)
			return true;
		bucket[i] = (bucket[i] & ~LEFT) | (preemptions + 1);
		return false;
	}
	if (!free_word)
		free_word = &bucket[(hash >> 40) % BUCKET];
	*free_word = (hash & ~LEFT) | (preemptions + 1);
	if (++states_used > states_room / 2 && states_room < STATES_MAX)
		states_grow();
	return false;
}

unsigned int search_stale_left(void)
{
	return stale_left;
}

static unsigned int choose_as(unsigned int count, unsigned int wish)
{
	unsigned int taken = wish;

	if (count > ALTERNATIVES_MAX)
		count = ALTERNATIVES_MAX;
	if (count < 2)
		return 0;
	if (made == CHOICES_MAX)
		broken("too many choices");
	if (made < known) {
		taken = choices[made].taken;
		if (mode == DEPTH_FIRST && choices[made].count != count)
			broken("a repeated run differs");
		if (taken >= count)
			broken("choice %u: no alternative %u", made, taken);
	}
	choices[made].count = (uint8_t)count;
	choices[made++].taken = (uint8_t)taken;
	return taken;
}

unsigned int choose(unsigned int count)
{
	return choose_as(count, mode == RANDOM ?
			 (unsigned int)(random_next() % count) : 0);
}

unsigned int choose_stale(unsigned int count)
{
	unsigned int wish = 0, taken;

	if (count < 2 || !stale_left)
		return 0;
	if (count > ALTERNATIVES_MAX)
		count = ALTERNATIVES_MAX;
	if (mode == RANDOM && random_next() % 4 == 0)
		wish = 1 + (unsigned int)(random_next() % (count - 1));
	taken = choose_as(count, wish);
	stale_left -= taken != 0;
	return taken;
}

unsigned int search_thread(const unsigned int *list, unsigned int count)
{
	unsigned int wish = 0;

	points++;
	if (mode == RANDOM) {
		for (unsigned int i = 0; i < CHANGES_MAX; i++)
			if (change_at[i] == points)
				priority[list[0]] = i;
		for (unsigned int i = 1; i < count; i++)
			if (priority[list[i]] > priority[list[wish]])
				wish = i;
	}
	return choose_as(count, wish);
}

/* The next run of the search; false if there is none. */
static bool advance(void)
{
	while (made && choices[made - 1].taken + 1U == choices[made - 1].count)
		made--;
	if (!made)
		return false;
	choices[made - 1].taken++;
	known = made;
	return true;
}

static enum run_end run(const struct program *program,
			const struct bounds *bounds,
			struct search_result *result)
{
	enum run_end end;

	made = 0;
	points = 0;
	stale_left = bounds->stale;
	end = run_once(program, bounds);
	result->runs++;
	if (end == RUN_VIOLATED) {
		result->failed = true;
		result->why = run_violation();
	}
	return end;
}

void search_all(const struct program *program, const struct bounds *bounds,
		struct search_result *result)
{
	*result = (struct search_result){ .runs = 0 };
	mode = DEPTH_FIRST;
	known = 0;
	states_clear();
	do {
		if (run(program, bounds, result) == RUN_VIOLATED)
			break;
		if (bounds->states && states_used > bounds->states) {
			result->cut = true;
			break;
		}
	} while (advance());
	result->states = states_used;
}

/* Priorities and points of change, as PCT has them. */
static void random_plan(void)
{
	for (unsigned int n = 0; n < THREADS_MAX; n++)
		priority[n] = CHANGES_MAX +
			      (unsigned int)(random_next() % 1000);
	for (unsigned int i = 0; i < CHANGES_MAX; i++)
		change_at[i] = (unsigned int)(random_next() % RUN_STEPS);
}

void search_random(const struct program *program, const struct bounds *bounds,
		   uint64_t seed, uint64_t runs, struct search_result *result)
{
	*result = (struct search_result){ .runs = 0 };
	mode = RANDOM;
	known = 0;
	random_state = seed;
	while (result->runs < runs) {
		random_plan();
		if (run(program, bounds, result) == RUN_VIOLATED)
			return;
	}
}

static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";

void search_replay(const struct program *program, const struct bounds *bounds,
		   const char *text, bool tracing,
		   struct search_result *result)
{
	size_t length = strlen(text);

	*result = (struct search_result){ .runs = 0 };
	if (length > CHOICES_MAX)
		broken("too many choices");
	for (size_t i = 0; i < length; i++) {
		const char *digit = strchr(digits, text[i]);

		if (!digit)
			broken("not a choice: %c", text[i]);
		choices[i].taken = (uint8_t)(digit - digits);
	}
	mode = REPLAY;
	known = (unsigned int)length;
	sched.tracing = tracing;
	(void)run(program, bounds, result);
	sched.tracing = false;
}

const char *search_choices(void)
{
	static char text[CHOICES_MAX + 1];

	for (unsigned int i = 0; i < made; i++)
		text[i] = digits[choices[i].taken];
	text[made] = '\0';
	return text;
}
