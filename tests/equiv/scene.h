/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/equiv/scene.h - segments, addresses, and groups that hold anything.
 */
#ifndef TEST_EQUIV_SCENE_H
#define TEST_EQUIV_SCENE_H

#include <hpte/env.h>

#include "random.h"

#define SCENE_ORDER		18U
#define SCENE_GROUP_MASK	((UINT64_C(1) << SCENE_ORDER) - 128)

extern hpte_be64_t scene_table[(1 << SCENE_ORDER) / 8];

/* A segment and an address: mostly sensible, few values, so that they meet. */
uint64_t scene_descriptor(struct test_random *random);
uint64_t scene_ea(struct test_random *random);

/*
 * Fill both groups of an address: with garbage, and with entries that match
 * it or nearly do, in every state.
 */
void scene_fill(struct test_random *random, uint64_t descriptor, uint64_t ea);

#endif /* TEST_EQUIV_SCENE_H */
