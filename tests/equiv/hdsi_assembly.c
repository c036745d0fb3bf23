/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/equiv/hdsi_assembly.c - the assembly that searches for a storage
 * interrupt equals its C twin, on anything that may stand in a slot.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hpte/hpte.h>

#include "arch/generic/hdsi_search.h"
#include "arch/ppc64/search.h"
#include "scene.h"

#define ROUNDS		200000U

static uint64_t assembly(bool isa_300, uint64_t descriptor, uint64_t ea)
{
	return (isa_300 ? hpte_ppc64_hdsi_search_300_ :
			  hpte_ppc64_hdsi_search_207_)
		(scene_table, SCENE_GROUP_MASK, descriptor, ea);
}

static void assembly_equals_twin(bool isa_300)
{
	uint64_t mask = SCENE_GROUP_MASK;
	unsigned int seen[4] = { 0 };
	struct test_random random;

	test_random_init(&random, isa_300 ? "300" : "207");
	for (unsigned int n = 0; n < ROUNDS; n++) {
		uint64_t descriptor = scene_descriptor(&random);
		uint64_t ea = scene_ea(&random);
		uint64_t twin, result;

		scene_fill(&random, descriptor, ea);
		twin = hpte_c_hdsi_search(scene_table, mask, descriptor, ea,
					  isa_300);
		result = assembly(isa_300, descriptor, ea);
		if ((twin & 3) == HPTE_HDSI_UNSURE)
			assert_int_equal(result, HPTE_HDSI_UNSURE);
		else
			assert_int_equal(result, twin);
		seen[twin & 3]++;
	}
	/* the test would be worth little if one answer were rare */
	for (unsigned int i = 0; i < 4; i++)
		assert_true(seen[i] > ROUNDS / 50);
}

/* One entry alone, in every slot of either group, in each state and size. */
static void assembly_every_slot(bool isa_300)
{
	static const struct {
		uint64_t descriptor, dw0, dw1;
		unsigned int shift;
	} segments[] = {
		{ 0x123456000, 0, 0, 12 },
		{ 0x123456110, 4, 0x1000, 16 },
		{ 0x123456100, 4, 0, 24 },
		{ HPTE_SLB_B_1T | UINT64_C(0x89ABCD000000), 0, 0, 12 },
		{ HPTE_SLB_B_1T | UINT64_C(0x89ABCD000110), 4, 0x8000, 16 },
		{ HPTE_SLB_B_1T | UINT64_C(0x89ABCD000100), 4, 0, 24 },
	};
	uint64_t mask = SCENE_GROUP_MASK;
	unsigned int found = 0;

	for (unsigned int n = 0; n < 6 * 2 * 8 * 2; n++) {
		unsigned int s = n % 6, slot = n / 6 % 8;
		bool secondary = n / 48 & 1, valid = n / 96 & 1;
		uint64_t descriptor = segments[s].descriptor;
		bool one_tb = (descriptor & HPTE_SLB_B_1T) != 0;
		uint64_t ea = UINT64_C(0x5000000) + n * 0x10000;
		uint64_t vsid = (descriptor & ~HPTE_SLB_B) >>
				(one_tb ? 24 : 12);
		uint64_t hash = vsid ^ (one_tb ? vsid << 25 : 0) ^
				ea >> segments[s].shift;
		uint64_t offset = ((secondary ? ~hash : hash) << 7 & mask) +
				  16 * slot;
		uint64_t dw0 = (vsid << (one_tb ? 24 : 12)) |
			((ea >> 16) & ~(uint64_t)(s % 3 == 2 ? 0xFF : 0x7F)) |
			segments[s].dw0 | (secondary ? 2 : 0) |
			(valid ? 1 : 0x20);
		uint64_t b = valid && isa_300 ? 0x20 : HPTE_SLB_B_1T;

		memset(scene_table, 0, sizeof(scene_table));
		scene_table[offset / 8] = hpte_be64_from_host(dw0 |
							 (one_tb ? b : 0));
		scene_table[offset / 8 + 1] =
			hpte_be64_from_host(segments[s].dw1);
		assert_int_equal(assembly(isa_300, descriptor, ea),
			offset | (valid ? HPTE_HDSI_VALID : HPTE_HDSI_ABSENT));
		found++;
	}
	assert_int_equal(found, 192);
}

static void assembly_207(void **state)
{
	(void)state;
	assembly_every_slot(false);
	assembly_equals_twin(false);
}

static void assembly_300(void **state)
{
	(void)state;
	assembly_every_slot(true);
	assembly_equals_twin(true);
}
int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(assembly_207),
		cmocka_unit_test(assembly_300),
	};

	return cmocka_run_group_tests_name("hdsi_assembly", tests, NULL, NULL);
}
