/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/equiv/abi.c - every routine in assembly keeps what the ABI says; and
 * the test of that finds routines that do not.
 */
#include "abi.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include <hpte/hpte.h>
#include <hpte/ppc64.h>

#include "arch/ppc64/search.h"
#include "privileged.h"
#include "scene.h"

#define CR_KEPT		UINT64_C(0x00FFF000)

/* Bit n: r14 + n; 18..20: CR2..CR4; 21: r2; 22: r13. */
static uint32_t clobbered(abi_routine routine, const uint64_t args[4],
			  struct test_random *random)
{
	struct abi_kept in, out, before;
	uint32_t bits = 0;

	for (unsigned int i = 0; i < 18; i++)
		in.gpr[i] = test_random(random);
	in.cr = test_random(random) & UINT32_MAX;
	abi_call(routine, args, &in, &out, &before);
	for (unsigned int i = 0; i < 18; i++)
		bits |= (uint32_t)(in.gpr[i] != out.gpr[i]) << i;
	for (unsigned int i = 0; i < 3; i++)
		if ((in.cr ^ out.cr) & CR_KEPT & 0x00F00000 >> (4 * i))
			bits |= (uint32_t)1 << (18 + i);
	bits |= (uint32_t)(before.toc != out.toc) << 21;
	bits |= (uint32_t)(before.thread != out.thread) << 22;
	return bits;
}

static void wrong_ones_are_found(void **state)
{
	const uint64_t args[4] = { 0 };
	struct test_random random;

	(void)state;
	test_random_init(&random, "wrong");
	for (unsigned int i = 0; i < ABI_WRONG; i++)
		assert_int_equal(clobbered(abi_wrong[i], args, &random),
				 UINT32_C(1) << i);
}

static void searches(void **state)
{
	struct test_random random;

	(void)state;
	test_random_init(&random, "searches");
	for (unsigned int n = 0; n < 20000; n++) {
		const uint64_t descriptor = scene_descriptor(&random);
		const uint64_t ea = scene_ea(&random);
		const uint64_t args[4] = { (uint64_t)(uintptr_t)scene_table,
			SCENE_GROUP_MASK, descriptor, ea };

		scene_fill(&random, descriptor, ea);
		assert_int_equal(clobbered((abi_routine)(n & 1 ?
			hpte_ppc64_hdsi_search_300_ :
			hpte_ppc64_hdsi_search_207_), args, &random), 0);
	}
}

static void fetch(void **state)
{
	static struct privileged cpu;
	static struct {
		uint8_t host[PERCPU_ENTRY];
		struct hpte_ppc64_entry entry;
	} percpu;
	uint32_t code = 0, word = 0;
	struct test_random random;

	(void)state;
	test_random_init(&random, "fetch");
	cpu.spr[304] = (uint64_t)(uintptr_t)&percpu;
	for (unsigned int n = 0; n < 200; n++) {
		const uint64_t args[4] = { (uint64_t)(uintptr_t)&percpu.entry,
			n & 1 ? 0x10 : (uint64_t)(uintptr_t)&code,
			(uint64_t)(uintptr_t)&word };
		uint32_t bits;

		privileged_call(&cpu);
		bits = clobbered((abi_routine)hpte_ppc64_fetch_insn, args,
				 &random);
		privileged_end();
		assert_int_equal(bits, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrong_ones_are_found),
		cmocka_unit_test(searches),
		cmocka_unit_test(fetch),
	};

	return cmocka_run_group_tests_name("abi", tests, NULL, NULL);
}
