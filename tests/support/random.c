/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/support/random.c - deterministic random numbers for tests.
 */
#include "random.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define SEED_NAME	"HPTE_TEST_SEED"
#define SEED_DEFAULT	UINT64_C(0x48505445)	/* "HPTE" */

static uint64_t seed_of_environment(void)
{
	const char *text = getenv(SEED_NAME);
	unsigned long long seed;
	char *end;

	if (!text || !*text)
		return SEED_DEFAULT;
	errno = 0;
	seed = strtoull(text, &end, 0);
	if (errno || *end) {
		fprintf(stderr, "%s=%s is not a number\n", SEED_NAME, text);
		exit(EXIT_FAILURE);
	}
	return seed;
}

void test_random_init(struct test_random *random, const char *name)
{
	random->state = seed_of_environment();
	fprintf(stderr, "%s: %s=0x%" PRIx64 "\n", name, SEED_NAME,
		random->state);
}

void test_random_seed(struct test_random *random, uint64_t seed)
{
	random->state = seed;
}

uint64_t test_random(struct test_random *random)
{
	uint64_t word;

	random->state += UINT64_C(0x9E3779B97F4A7C15);
	word = random->state;
	word = (word ^ (word >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	word = (word ^ (word >> 27)) * UINT64_C(0x94D049BB133111EB);
	return word ^ (word >> 31);
}

uint64_t test_random_below(struct test_random *random, uint64_t bound)
{
	return test_random(random) % bound;
}

uint64_t test_random_sparse(struct test_random *random)
{
	uint64_t kind = test_random_below(random, 4);
	uint64_t few = UINT64_C(1) << test_random_below(random, 64);

	few |= UINT64_C(1) << test_random_below(random, 64);
	switch (kind) {
	case 0:
		return few;
	case 1:
		return ~few;
	case 2:
		return (~UINT64_C(0) >> test_random_below(random, 64)) &
		       (~UINT64_C(0) << test_random_below(random, 64));
	default:
		return test_random(random);
	}
}
