/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/model/run_model.c - random guests on every kind of table, against
 * the model.
 *
 * HPTE_TEST_SEED chooses the guests, HPTE_TEST_STEPS how many steps each
 * test takes: with 5000000 all take ten minutes of one CPU.  A failure prints
 * the seed of its episode: HPTE_TEST_EPISODE runs that one alone.
 */
#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "driver.h"

#define STEPS		UINT64_C(24000)
#define EPISODE_STEPS	UINT64_C(1000)
#define CHECK_STEPS	UINT64_C(64)

/* A number from the environment, or a default. */
static uint64_t setting(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);
	unsigned long long value;
	char *end;

	if (!text)
		return otherwise;
	errno = 0;
	value = strtoull(text, &end, 0);
	if (errno || !*text || *end) {
		fprintf(stderr, "%s: not a number: %s\n", name, text);
		exit(2);
	}
	return value;
}

/*
 * The library never probes the CPU, so the test must: a kind that this CPU
 * cannot run would give wrong answers, not an error.
 */
static bool cpu_has_load16(void)
{
	if (!(hpte_table_cpu() & HPTE_CPU_LOAD16))
		return false;
#if defined(__x86_64__)
	return (hpte_x86_64_cpu() & HPTE_CPU_LOAD16) != 0;
#else
	return true;
#endif
}

/* Not on the stack: a failed check leaves by longjmp. */
static struct driver driver;

static void run_episode(const struct driver_kind *kind, uint64_t seed,
			uint64_t steps)
{
	driver_start(&driver, kind, seed);
	while (driver.step < steps) {
		driver_step(&driver);
		if (driver.step % CHECK_STEPS == 0)
			compare_table(&driver);
	}
	compare_table(&driver);
	driver_stop(&driver);
}

struct totals {
	uint64_t steps;
	uint64_t hcalls;
	uint64_t successes;
	uint64_t accesses;
	uint64_t mapped;
	uint64_t decisions[DRIVER_DECISIONS];
	uint64_t emulations[DRIVER_EMULATIONS];
};

static void add(struct totals *t)
{
	unsigned int i;

	t->steps += driver.step;
	t->hcalls += driver.hcalls;
	t->successes += driver.successes;
	t->accesses += driver.valid_seen;
	t->mapped += driver.mapped;
	for (i = 0; i < DRIVER_DECISIONS; i++)
		t->decisions[i] += driver.decisions[i];
	for (i = 0; i < DRIVER_EMULATIONS; i++)
		t->emulations[i] += driver.emulations[i];
}

static void print_each(const char *const *name, const uint64_t *count,
		       unsigned int counts)
{
	unsigned int i;

	for (i = 0; i < counts; i++)
		print_message(" %s %" PRIu64, name[i], count[i]);
	print_message("\n");
}

static void print(const struct driver_kind *kind, const struct totals *t)
{
	static const char *const decision[DRIVER_DECISIONS] = {
		"retry", "DSI", "ISI", "DSeg", "ISeg", "page", "MMIO", "error"
	};
	static const char *const emulation[DRIVER_EMULATIONS] = {
		"done", "wait", "retry", "interrupt", "host"
	};

	print_message("%s: %" PRIu64 " steps, %" PRIu64 " hcalls, %" PRIu64
		      " successful, %" PRIu64 " walker accesses\n",
		      kind->name, t->steps, t->hcalls, t->successes,
		      t->accesses);
	print_message("\tfaults, %" PRIu64 " pages mapped:", t->mapped);
	print_each(decision, t->decisions, DRIVER_DECISIONS);
	print_message("\tinstructions:");
	print_each(emulation, t->emulations, DRIVER_EMULATIONS);
}

/* A run in which nothing works would agree about everything. */
static void check(const struct driver_kind *kind, const struct totals *t)
{
	unsigned int i;

	assert_true(t->successes > t->hcalls / 8);
	if (kind->walker)
		assert_true(t->accesses > t->steps / 64);
	if (t->steps < STEPS)
		return;
	for (i = 0; i < DRIVER_DECISIONS; i++)
		assert_true(t->decisions[i] > 0);
	for (i = 0; i < DRIVER_EMULATIONS; i++)
		assert_true(t->emulations[i] > 0);
	assert_true((t->mapped > 0) == kind->walker);
}

static void test_random_guests(void **state)
{
	const struct driver_kind *kind = *state;
	uint64_t steps = setting("HPTE_TEST_STEPS", STEPS);
	struct totals totals = { 0 };
	struct test_random random;

	if (getenv("HPTE_TEST_EPISODE")) {
		run_episode(kind, setting("HPTE_TEST_EPISODE", 0),
			    EPISODE_STEPS);
		return;
	}
	test_random_init(&random, kind->name);
	while (totals.steps < steps) {
		uint64_t left = steps - totals.steps;

		run_episode(kind, test_random(&random),
			    left < EPISODE_STEPS ? left : EPISODE_STEPS);
		add(&totals);
	}
	print(kind, &totals);
	check(kind, &totals);
}

/*
 * The TLB of the model, alone: operands worked out by hand for entries of
 * every page size name these entries, none of the others, and nothing once
 * a bit of them is wrong.
 */
static void test_tlbie_operands(void **state)
{
	static const struct {
		uint64_t dw0, dw1, index, rb;
	} vector[] = {
		{ 0x0000123456789081, 0x0000000012345192, 0xB69A8,
		  0x1234567890ABC000 },
		{ 0x4002A2A2A2012305, 0x000000007FFF1192, 0xC0F3B,
		  0xA2A2A20123451151 },
		{ 0x4001FFFFFF000015, 0x0000000000000190, 0xFFFFF,
		  0xFFFFFF0000000101 },
		{ 0x4001FFFFFF000015, 0x0000000000031190, 0xFFFE7,
		  0xFFFFFF0000031131 },
		{ 0x0000000ABCDEF305, 0x0000000040077192, 0xC4F9,
		  0x000ABCDEF35700A0 },
		{ 0x7FFFFFFFFFFFC007, 0x0000000081038192, 0x3E0091A,
		  0xFFFFFFFFC0123180 },
		{ 0x4000007777BC0005, 0x0000000400003192, 0x3BAC6,
		  0x007777BC00003101 },
	};
	const size_t count = sizeof(vector) / sizeof(vector[0]);
	struct tlb_entry entry;
	size_t i, j;

	(void)state;
	for (i = 0; i < count; i++)
		for (j = 0; j < count; j++) {
			tlb_model_of(vector[j].dw0, vector[j].dw1,
				     vector[j].index, &entry);
			assert_int_equal(tlb_model_named(vector[i].rb, &entry),
					 i == j);
		}
	for (i = 0; i < count; i++) {
		tlb_model_of(vector[i].dw0, vector[i].dw1, vector[i].index,
			     &entry);
		/* IS, B, L and the address above the page always count. */
		for (j = 0; j < 64; j++) {
			uint64_t rb = vector[i].rb ^ UINT64_C(1) << j;

			if (j == 0 || j == 8 || j == 9 || j == 10 || j == 11 ||
			    j >= entry.page.actual)
				assert_false(tlb_model_named(rb, &entry));
		}
	}
}

/* Stands for all kinds that cannot run here. */
static void one_16_byte_load(void **state)
{
	(void)state;
	print_message("not on this CPU, or not in this build\n");
	skip();
}

#define KIND(n, walker, strict, format, cpu) \
	{ n, walker, strict, HPTE_FORMAT_##format, cpu }
#define KINDS(n, walker, format)					\
	KIND(n, walker, false, format, 0),				\
	KIND(n "-strict", walker, true, format, 0),			\
	KIND(n "-load16", walker, false, format, HPTE_CPU_LOAD16),	\
	KIND(n "-load16-strict", walker, true, format, HPTE_CPU_LOAD16)

static struct driver_kind kinds[] = {
	KINDS("soft-207", false, 207),
	KINDS("soft-300", false, 300),
	KINDS("walker-207", true, 207),
	KINDS("walker-300", true, 300),
};

#define TEST_COUNT	(sizeof(kinds) / sizeof(kinds[0]))

int main(void)
{
	struct CMUnitTest tests[TEST_COUNT + 2];
	bool load16 = cpu_has_load16();
	size_t i, count = 0;

	for (i = 0; i < TEST_COUNT; i++)
		if (load16 || !(kinds[i].cpu & HPTE_CPU_LOAD16))
			tests[count++] = (struct CMUnitTest){
				.name = kinds[i].name,
				.test_func = test_random_guests,
				.initial_state = &kinds[i],
			};
	tests[count++] = (struct CMUnitTest)
			 cmocka_unit_test(test_tlbie_operands);
	if (!load16)
		tests[count++] = (struct CMUnitTest)
				 cmocka_unit_test(one_16_byte_load);
	return _cmocka_run_group_tests("model", tests, count, NULL, NULL);
}
