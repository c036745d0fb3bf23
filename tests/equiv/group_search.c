/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/equiv/group_search.c - each vector search equals the portable one, for
 * whatever stands in the group, and a find with it the find without.
 *
 * What this CPU or this build does not have is skipped.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "libhpte/internal.h"
#include "hpte/x86_64.h"
#include "random.h"

#define ROUNDS		100000U
#define WORDS		16U
#define ORDER		18U

/* Not constant: cmocka hands them on as a plain pointer. */
static unsigned int variants[] = {
	0, HPTE_CPU_SSE2, HPTE_CPU_AVX2, HPTE_CPU_AVX512,
	HPTE_CPU_AVX512 | SEARCH_FAR
};

static unsigned int cpu_of(void **state)
{
	unsigned int cpu = *(unsigned int *)*state;
	unsigned int needed = cpu & ~SEARCH_FAR;

	if ((needed & hpte_x86_64_cpu() & hpte_table_cpu()) != needed)
		skip();
	return cpu;
}

/* What the contract says, without any cleverness. */
static unsigned int expected(const hpte_be64_t *group, hpte_be64_t want,
			     hpte_be64_t mask)
{
	unsigned int word;

	for (word = 0; word < WORDS; word += 2)
		if ((group[word] & mask) == (want & mask))
			break;
	return word;
}

static void expect_same(unsigned int cpu, const hpte_be64_t *group,
			hpte_be64_t want, hpte_be64_t mask)
{
	unsigned int right = expected(group, want, mask);
	size_t found = cpu & SEARCH_FAR ?
		       hpte_arch_group_search_lines(group, want, &mask) :
		       hpte_arch_group_search(cpu, group, want, &mask);

	assert_int_equal(found < WORDS ? found : WORDS, right);
	assert_int_equal(hpte_c_group_search(group, want, mask), right);
	for (unsigned int from = 0; from < WORDS; from += 2)
		if (from <= right)
			assert_int_equal(hpte_c_group_search_from(group, from,
						want, mask), right);
}

/*
 * Every set of slots that match, beside slots that differ in one bit under the
 * mask; doublewords 1 all match, and bits outside the mask differ at will.
 */
static void every_set_of_slots(void **state)
{
	_Alignas(128) hpte_be64_t group[WORDS];
	unsigned int cpu = cpu_of(state);
	struct test_random random;

	test_random_init(&random, "every_set_of_slots");
	for (unsigned int bit = 0; bit < 64; bit++)
		for (unsigned int set = 0; set < 256; set++) {
			uint64_t differs = UINT64_C(1) << bit;
			uint64_t want = test_random(&random);
			uint64_t mask = test_random(&random) | differs;

			for (unsigned int slot = 0; slot < 8; slot++) {
				group[2 * slot] = (want ^
					(test_random(&random) & ~mask)) ^
					(set & 1U << slot ? 0 : differs);
				group[2 * slot + 1] = want;
			}
			expect_same(cpu, group, want, mask);
		}
}

static void random_groups(void **state)
{
	_Alignas(128) hpte_be64_t group[WORDS];
	unsigned int cpu = cpu_of(state);
	struct test_random random;

	test_random_init(&random, "random_groups");
	for (unsigned int n = 0; n < ROUNDS; n++) {
		hpte_be64_t want = test_random_sparse(&random);
		hpte_be64_t mask = test_random_sparse(&random);

		for (unsigned int word = 0; word < WORDS; word++)
			group[word] = test_random(&random) & 1 ? want :
				      test_random_sparse(&random);
		expect_same(cpu, group, want, mask);
	}
}

/* Two tables over the same memory, one of them without vectors. */
struct twins {
	struct hpte_table plain;
	struct hpte_table vector;
	hpte_be64_t *memory;
	struct hpte_side *side;
};

static _Alignas(1 << ORDER) hpte_be64_t table_memory[(1 << ORDER) / 8];
static struct hpte_side side_memory[(1 << ORDER) / 16];

static void make_twins(struct twins *twins, unsigned int cpu, uint8_t format,
		       struct hpte_caps *caps)
{
	unsigned int load16 = hpte_x86_64_cpu() & hpte_table_cpu() &
			      HPTE_CPU_LOAD16;
	struct hpte_table_config config = {
		.memory = { table_memory, side_memory }, .order = ORDER,
		.cpu = load16, .caps = caps,
	};

	memset(table_memory, 0, sizeof(table_memory));
	*caps = (struct hpte_caps)HPTE_CAPS_DEFAULT;
	caps->format = format;
	assert_int_equal(hpte_table_init(&twins->plain, &config), HPTE_OK);
	config.cpu |= cpu & ~SEARCH_FAR;
	assert_int_equal(hpte_table_init(&twins->vector, &config), HPTE_OK);
	/* of a small table, as if it were a large one */
	if (cpu & SEARCH_FAR)
		twins->vector.priv_search ^= SEARCH_NEAR | SEARCH_FAR;
}

/* An image of any state, of the entry looked for or one not unlike it. */
static uint64_t some_image(struct test_random *random, uint64_t dw0,
			   bool isa_300)
{
	uint64_t b = isa_300 ? DW0_ABS : HPTE_DW0_B_1T;
	uint64_t plain = dw0 & ~HPTE_DW0_B;

	if (!(test_random(random) & 3))
		plain ^= UINT64_C(1) << test_random_below(random, 62);
	switch (test_random_below(random, 8)) {
	case 0:
		return 0;
	case 1:
		return DW0_BUSY;
	case 2:
		return plain | DW0_MARK | DW0_BUSY | DW0_REM;
	case 3:
		return plain | (dw0 & HPTE_DW0_B) | DW0_ABS | DW0_MARK;
	case 4:
		return plain | (dw0 & HPTE_DW0_B) | DW0_ABS | DW0_BUSY;
	case 5:
		return plain | (dw0 & HPTE_DW0_B) | DW0_ABS;
	default:
		return plain | (dw0 & HPTE_DW0_B_1T ? b : 0) | HPTE_DW0_V;
	}
}

static void put_group(struct test_random *random, uint64_t group, uint64_t dw0,
		      bool isa_300)
{
	for (unsigned int slot = 0; slot < 8; slot++) {
		uint64_t image = some_image(random, dw0, isa_300);
		uint64_t index = group * 8 + slot;
		/* 64K pages mostly; what a 4K segment has is in LP too */
		uint64_t dw1 = (test_random(random) & 1 ? 0x1000 : 0x7000) |
			       (index << 20) | 2;

		table_memory[2 * index] = hpte_be64_from_host(image);
		table_memory[2 * index + 1] = hpte_be64_from_host(dw1);
		side_memory[index].g = dw1;
	}
}

static void expect_same_find(const struct twins *twins,
			     const struct hpte_va *va, unsigned int flags,
			     unsigned int *found)
{
	struct hpte_view plain, vector;
	int status;

	memset(&plain, 0, sizeof(plain));
	memset(&vector, 0, sizeof(vector));
	status = hpte_table_find(&twins->plain, va, flags, &plain);
	assert_int_equal(hpte_table_find(&twins->vector, va, flags, &vector),
			 status);
	assert_memory_equal(&plain, &vector, sizeof(plain));
	*found += status == HPTE_OK;
}

static void same_find(void **state)
{
	unsigned int cpu = cpu_of(state), found = 0;
	struct test_random random;
	struct hpte_caps caps;
	struct twins twins;

	test_random_init(&random, "same_find");
	for (uint8_t format = 0; format < 2; format++) {
		make_twins(&twins, cpu, format, &caps);
		for (unsigned int n = 0; n < ROUNDS / 4; n++) {
			uint64_t descriptor =
				(test_random(&random) & UINT64_C(0x7FF) << 24) |
				(n & 1 ? HPTE_SLB_B_1T : 0) |
				(n & 2 ? HPTE_SLB_L | 0x10 : 0);
			uint64_t dw0, hash;
			struct hpte_va va;

			assert_int_equal(hpte_hash_va(descriptor,
					test_random(&random) & 0xFFFFFFF, &va),
					HPTE_OK);
			hash = hpte_hash_primary(&va);
			dw0 = hpte_hash_dw0(&va) | (n & 6 ? HPTE_DW0_L : 0);
			put_group(&random, hpte_hash_group(hash, false, ORDER),
				  dw0, format == HPTE_FORMAT_300);
			put_group(&random, hpte_hash_group(hash, true, ORDER),
				  dw0 | HPTE_DW0_H, format == HPTE_FORMAT_300);
			expect_same_find(&twins, &va, 0, &found);
			expect_same_find(&twins, &va, HPTE_FIND_VALID, &found);
		}
	}
	/* the comparison is of something */
	assert_true(found > ROUNDS / 4);
}

/* It stands for the snapshot too, so it is never used without. */
static void widest_search(void **state)
{
	unsigned int widest = HPTE_ARCH_CPU_WIDEST;
	struct hpte_table_config config = {
		.memory = { table_memory, side_memory }, .order = ORDER,
		.cpu = widest,
	};
	struct hpte_table table;

	(void)state;
	if (!widest)
		skip();
	assert_int_equal(hpte_table_init(&table, &config), HPTE_OK);
	assert_false(table.priv_search & widest);
	config.cpu |= HPTE_CPU_LOAD16;
	assert_int_equal(hpte_table_init(&table, &config), HPTE_OK);
	assert_true(table.priv_search & widest);
	/* what depends on the size follows it */
	assert_true(table.priv_search & SEARCH_NEAR);
	hpte_table_move_(&table, &config.memory, 24);
	assert_int_equal(table.priv_search & (SEARCH_NEAR | SEARCH_FAR),
			 SEARCH_FAR);
	hpte_table_move_(&table, &config.memory, ORDER);
	assert_int_equal(table.priv_search & (SEARCH_NEAR | SEARCH_FAR),
			 SEARCH_NEAR);
}

#define EVERY_VARIANT(f)						\
	{ #f "/portable", f, NULL, NULL, &variants[0] },		\
	{ #f "/SSE2", f, NULL, NULL, &variants[1] },			\
	{ #f "/AVX2", f, NULL, NULL, &variants[2] },			\
	{ #f "/AVX-512", f, NULL, NULL, &variants[3] },			\
	{ #f "/AVX-512, far", f, NULL, NULL, &variants[4] }

int main(void)
{
	const struct CMUnitTest tests[] = {
		EVERY_VARIANT(every_set_of_slots),
		EVERY_VARIANT(random_groups),
		EVERY_VARIANT(same_find),
		cmocka_unit_test(widest_search),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
