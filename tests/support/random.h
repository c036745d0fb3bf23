/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/support/random.h - deterministic random numbers for tests.
 *
 * A run can be repeated: the seed is printed, and the environment variable
 * HPTE_TEST_SEED (decimal, or hexadecimal with 0x) replaces the default.
 *
 * Reference: Steele, Lea, Flood, "Fast Splittable Pseudorandom Number
 * Generators", OOPSLA 2014 (SplitMix64).
 */
#ifndef TEST_SUPPORT_RANDOM_H
#define TEST_SUPPORT_RANDOM_H

#include <stdint.h>

struct test_random {
	uint64_t state;
};

/**
 * test_random_init() - start a sequence and print its seed to stderr
 * @random:	generator to set up
 * @name:	printed beside the seed; by convention the test's name
 *
 * Every call with the same environment starts the same sequence, so a test
 * does not depend on which tests ran before it.  Ends the program if
 * HPTE_TEST_SEED is not a number.
 */
void test_random_init(struct test_random *random, const char *name);

/**
 * test_random_seed() - start a sequence from a given seed, silently
 * @random:	generator to set up
 * @seed:	any value
 */
void test_random_seed(struct test_random *random, uint64_t seed);

/**
 * test_random() - next number of the sequence
 * @random:	generator
 *
 * Return: 64 random bits.
 */
uint64_t test_random(struct test_random *random);

/**
 * test_random_below() - next number of the sequence, below a bound
 * @random:	generator
 * @bound:	at least 1
 *
 * Return: 0 .. @bound - 1; the bias for large bounds does not matter here.
 */
uint64_t test_random_below(struct test_random *random, uint64_t bound);

/**
 * test_random_sparse() - a doubleword of an uneven kind
 * @random:	generator
 *
 * Uniform words hardly ever have long runs of equal bits, where carries and
 * boundaries hide.
 *
 * Return: one of: few bits set, few bits clear, a run of ones, uniform.
 */
uint64_t test_random_sparse(struct test_random *random);

#endif /* TEST_SUPPORT_RANDOM_H */
