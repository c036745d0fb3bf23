/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/fuzz/byte_random.c - the fuzzer's bytes in place of random numbers.
 */
#include "byte_random.h"

#include <stdbool.h>

static const struct test_random *fed;
static const uint8_t *bytes;
static size_t left;

void byte_random_feed(const struct test_random *random, const uint8_t *data,
		      size_t size)
{
	fed = random;
	bytes = data;
	left = size;
}

size_t byte_random_left(void)
{
	return left;
}

/* A number of that many bytes; false: they are used up. */
static bool take(const struct test_random *random, unsigned int count,
		 uint64_t *word)
{
	unsigned int i;

	if (random != fed || left < count) {
		if (random == fed)
			left = 0;
		return false;
	}
	*word = 0;
	for (i = 0; i < count; i++)
		*word = *word << 8 | bytes[i];
	bytes += count;
	left -= count;
	return true;
}

void test_random_init(struct test_random *random, const char *name)
{
	(void)name;
	test_random_seed(random, 0);
}

void test_random_seed(struct test_random *random, uint64_t seed)
{
	random->state = seed;
}

/* SplitMix64, as in tests/support/random.c. */
uint64_t test_random(struct test_random *random)
{
	uint64_t word;

	if (take(random, 8, &word))
		return word;
	random->state += UINT64_C(0x9E3779B97F4A7C15);
	word = random->state;
	word = (word ^ (word >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	word = (word ^ (word >> 27)) * UINT64_C(0x94D049BB133111EB);
	return word ^ (word >> 31);
}

uint64_t test_random_below(struct test_random *random, uint64_t bound)
{
	unsigned int count = bound <= 0x100 ? 1 : bound <= 0x10000 ? 2 : 8;
	uint64_t word;

	if (!take(random, count, &word))
		word = test_random(random);
	return word % bound;
}

uint64_t test_random_sparse(struct test_random *random)
{
	uint64_t kind = test_random_below(random, 4);
	uint64_t first = test_random_below(random, 64);
	uint64_t second = test_random_below(random, 64);

	switch (kind) {
	case 0:
		return UINT64_C(1) << first | UINT64_C(1) << second;
	case 1:
		return ~(UINT64_C(1) << first | UINT64_C(1) << second);
	case 2:
		return ~UINT64_C(0) >> first & ~UINT64_C(0) << second;
	default:
		return test_random(random);
	}
}
