/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/equiv/primitives.c - what this CPU has of arch/arch.h equals the
 * portable twins; where there is nothing, the twins themselves.  Order is not
 * seen here: tests/interleave, tests/stress.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "arch/arch.h"
#include "hpte/x86_64.h"
#include "random.h"

#define ROUNDS		10000U

static hpte_be64_t random_word(struct test_random *random)
{
	return hpte_be64_from_host(test_random_sparse(random));
}

static void claim(void **state)
{
	struct test_random random;

	(void)state;
	test_random_init(&random, "claim");
	for (unsigned int n = 0; n < ROUNDS; n++) {
		hpte_be64_t claimed = random_word(&random);
		hpte_be64_t word = n & 1 ? random_word(&random) : 0;
		hpte_be64_t twin = word;

		assert_int_equal(hpte_arch_claim(&word, claimed),
				 hpte_c_claim(&twin, claimed));
		assert_int_equal(word, twin);
	}
}

static void retract(void **state)
{
	struct test_random random;

	(void)state;
	test_random_init(&random, "retract");
	for (unsigned int n = 0; n < ROUNDS; n++) {
		hpte_be64_t without = random_word(&random);
		hpte_be64_t old = random_word(&random);
		hpte_be64_t word = n & 1 ? random_word(&random) : old;
		hpte_be64_t twin = word;

		assert_int_equal(hpte_arch_retract(&word, old, without),
				 hpte_c_retract(&twin, old, without));
		assert_int_equal(word, twin);
	}
}

static void publish(void **state)
{
	struct test_random random;

	(void)state;
	test_random_init(&random, "publish");
	for (unsigned int n = 0; n < ROUNDS; n++) {
		hpte_be64_t value = random_word(&random);
		hpte_be64_t words[3] = { 1, 2, 3 }, twin[3] = { 1, 2, 3 };

		hpte_arch_before_valid();
		hpte_arch_publish(&words[1], value);
		hpte_arch_after_valid();
		hpte_arch_relax();
		hpte_c_publish(&twin[1], value);
		assert_memory_equal(words, twin, sizeof(words));
	}
}

static bool has_load16(void)
{
#ifdef __x86_64__
	return HPTE_ARCH_LOAD16 && (hpte_x86_64_cpu() & HPTE_CPU_LOAD16);
#else
	return HPTE_ARCH_LOAD16;
#endif
}

static void load16(void **state)
{
	_Alignas(128) hpte_be64_t group[16];
	struct test_random random;

	(void)state;
	if (!has_load16())
		skip();
	test_random_init(&random, "load16");
	for (unsigned int n = 0; n < ROUNDS; n++) {
		const hpte_be64_t *entry = &group[2 * (n % 8)];
		struct hpte_snapshot one, twin;

		for (unsigned int i = 0; i < 16; i++)
			group[i] = random_word(&random);
		one = hpte_arch_load16(entry);
		twin = hpte_c_snapshot_open(entry);
		assert_int_equal(one.dw0, twin.dw0);
		assert_int_equal(one.dw1, twin.dw1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(claim),
		cmocka_unit_test(retract),
		cmocka_unit_test(publish),
		cmocka_unit_test(load16),
	};

	return cmocka_run_group_tests_name("primitives", tests, NULL, NULL);
}
