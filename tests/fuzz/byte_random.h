/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/fuzz/byte_random.h - the fuzzer's bytes in place of random numbers.
 *
 * byte_random.c is linked instead of tests/support/random.c.  The one
 * generator that is being fed draws its numbers from the bytes, few bytes for
 * small numbers; every other generator, and this one once the bytes are used
 * up, is as random as ever, from its seed.
 */
#ifndef TEST_FUZZ_BYTE_RANDOM_H
#define TEST_FUZZ_BYTE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

#include "random.h"

/* byte_random_feed() - from now on @random draws from @data. */
void byte_random_feed(const struct test_random *random, const uint8_t *data,
		      size_t size);

/* byte_random_left() - bytes not drawn yet. */
size_t byte_random_left(void);

#endif /* TEST_FUZZ_BYTE_RANDOM_H */
