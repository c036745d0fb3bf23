/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/equiv/scene.c - segments, addresses, and groups that hold anything.
 */
#include "scene.h"

#include <hpte/hpte.h>

#include "arch/generic/hdsi_search.h"

_Alignas(1 << SCENE_ORDER) hpte_be64_t scene_table[(1 << SCENE_ORDER) / 8];

uint64_t scene_descriptor(struct test_random *random)
{
	static const uint16_t sizes[8] = {
		0, 0x110, 0x100, 0x110, 0, 0x120, 0x130, 0x030 };
	uint64_t b = test_random_below(random, 16);
	uint64_t vsid = test_random_below(random, 4) ?
			test_random_below(random, 4) :
			test_random(random);

	return (b < 14 ? b & 1 : b & 3) << 62 |
	       (vsid << (b & 1 ? 24 : 12) & HPTE_SLB_VSID) |
	       sizes[test_random_below(random, 8)] |
	       (test_random(random) & 0xE80);
}

uint64_t scene_ea(struct test_random *random)
{
	if (!test_random_below(random, 4))
		return test_random_sparse(random);
	return test_random_below(random, 4) << 24 |
	       test_random_below(random, 4) << 12;
}

/* Doubleword 0 of an entry for the address, in a state, with one bit wrong. */
static uint64_t random_dw0(struct test_random *random, uint64_t descriptor,
			   uint64_t ea, bool secondary)
{
	static const uint64_t states[8] = {
		0x01, 0x20, 0x21, 0x40, 0x60, 0x41, 0, 0x61 };
	unsigned int vsid_at = descriptor & HPTE_SLB_B_1T ? 24 : 12;
	uint64_t one_tb = descriptor & HPTE_SLB_B_1T;
	uint64_t low = (descriptor & 0x130) == 0x100 ? 0xFF : 0x7F;
	uint64_t in = ea & (one_tb ? UINT64_MAX >> 24 : UINT64_MAX >> 36);
	uint64_t dw0 = ((descriptor & ~HPTE_SLB_B) >> vsid_at << vsid_at |
			in >> 16) & ~low;

	dw0 |= states[test_random_below(random, 8)];
	dw0 |= secondary ? HPTE_DW0_H : 0;
	if (descriptor & HPTE_SLB_L || !test_random_below(random, 3))
		dw0 |= HPTE_DW0_L;
	if (one_tb)
		dw0 |= test_random_below(random, 2) ? HPTE_SLB_B_1T : 0x20;
	if (!test_random_below(random, 4))
		dw0 ^= UINT64_C(1) << test_random_below(random, 64);
	return dw0;
}

static void fill_group(struct test_random *random, hpte_be64_t *group,
		       uint64_t descriptor, uint64_t ea, bool secondary)
{
	static const uint64_t lps[12] = { 0x01, 0x11, 0x07, 0xF7, 0x00, 0x08,
					  0x38, 0x03, 0x02, 0x18, 0x10, 0xF1 };

	for (unsigned int slot = 0; slot < 8; slot++) {
		uint64_t dw0 = test_random_below(random, 10) ?
			test_random_sparse(random) :
			random_dw0(random, descriptor, ea, secondary);
		uint64_t lp = lps[test_random_below(random, 12)];

		if (!test_random_below(random, 8))
			dw0 = 0;
		group[2 * slot] = hpte_be64_from_host(dw0);
		group[2 * slot + 1] = hpte_be64_from_host(
			(test_random(random) & ~UINT64_C(0xFF000)) | lp << 12);
	}
}

static void fill_hash(struct test_random *random, uint64_t descriptor,
		      uint64_t ea, uint64_t hash, bool secondary)
{
	uint64_t group = (secondary ? ~hash : hash) << 7 & SCENE_GROUP_MASK;

	fill_group(random, scene_table + group / 8, descriptor, ea, secondary);
}

void scene_fill(struct test_random *random, uint64_t descriptor, uint64_t ea)
{
	unsigned int base = hpte_c_hdsi_base(descriptor);
	bool one_tb = descriptor >> 62 == 1;
	uint64_t in = ea & (UINT64_MAX >> (one_tb ? 24 : 36));
	uint64_t vsid = (descriptor & ~HPTE_SLB_B) >> (one_tb ? 24 : 12);
	uint64_t hash = vsid ^ (one_tb ? vsid << 25 : 0) ^ in >> base;

	fill_hash(random, descriptor, ea, hash, false);
	fill_hash(random, descriptor, ea, hash, true);
}
