/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/hostile/hostile.h - tables of checks, and chance.
 */
#ifndef HOSTILE_H
#define HOSTILE_H

#include "tests/system/guest/guest.h"

extern const struct check call_checks[], code_checks[], state_checks[];

/* Chance with a fixed seed: every run is the same. */
uint64_t random_word(void);
static inline unsigned int random_below(unsigned int n)
{
	return (unsigned int)(random_word() % n);
}

#endif /* HOSTILE_H */
