/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/xlate_fetch.c - reading the guest's instruction by software.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <hpte/hpte.h>

#include <stdlib.h>
#include <string.h>

#define TABLE_ORDER	18U
#define DESCRIPTOR	(UINT64_C(0x5A5A5) << 12)
#define PC		UINT64_C(0xC000000003450000)
#define REAL		UINT64_C(0x7000)
#define MSR		UINT64_C(0x8000000000000030)	/* SF, IR, DR */
#define PREFIX		UINT32_C(0x06000000)

struct scene {
	struct hpte_table table;
	struct hpte_host_ops ops;
	struct hpte_access access;
	uint64_t index;
	uint8_t page[4096];
	unsigned int reads;
	unsigned int refuse;		/* the read that is "not now" */
	bool removes;			/* the host changes the table in it */
	void *base;
	void *side;
};

static bool guest_read(void *ctx, uint64_t gpa, void *to, size_t bytes)
{
	struct scene *scene = ctx;
	struct hpte removed;

	assert_in_range(gpa, REAL, REAL + 4096 - bytes);
	assert_int_equal(gpa % 4, 0);
	if (++scene->reads == scene->refuse)
		return false;
	if (scene->removes)
		assert_int_equal(hpte_table_remove(&scene->table, scene->index,
						   NULL, &removed), HPTE_OK);
	memcpy(to, scene->page + (gpa - REAL), bytes);
	return true;
}

/* One page of code, mapped with these bits of doubleword 1. */
static void start(struct scene *scene, uint64_t bits)
{
	struct hpte_table_config config = { .order = TABLE_ORDER };
	struct hpte entry = { .dw1 = REAL | bits };
	struct hpte_va va;

	memset(scene->base, 0, 1 << TABLE_ORDER);
	memset(scene->side, 0, 1 << TABLE_ORDER);
	scene->ops = (struct hpte_host_ops){ .ops_size = sizeof(scene->ops),
					     .guest_read = guest_read };
	scene->reads = 0;
	scene->refuse = 0;
	scene->removes = false;
	config.memory.base = scene->base;
	config.memory.side = scene->side;
	config.ops = &scene->ops;
	config.ctx = scene;
	assert_int_equal(hpte_table_init(&scene->table, &config), HPTE_OK);
	assert_int_equal(hpte_hash_va(DESCRIPTOR, PC, &va), HPTE_OK);
	entry.dw0 = hpte_hash_dw0(&va) | HPTE_DW0_V;
	scene->index = 8 * hpte_hash_group(hpte_hash_primary(&va), false,
					   TABLE_ORDER);
	assert_int_equal(hpte_table_insert(&scene->table, scene->index, 0,
					   &entry, NULL, &scene->index),
			 HPTE_OK);
	scene->access = (struct hpte_access){ .ea = PC, .msr = MSR,
					      .descriptor = DESCRIPTOR };
	for (unsigned int i = 0; i < 4096; i++)
		scene->page[i] = (uint8_t)(0x60 + i % 64); /* no prefix */
}

static uint32_t word_at(const struct scene *scene, unsigned int at, bool little)
{
	const uint8_t *p = scene->page + at;

	if (little)
		return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 |
		       (uint32_t)p[1] << 8 | p[0];
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

static void put_word(struct scene *scene, unsigned int at, uint32_t word,
		     bool little)
{
	for (unsigned int i = 0; i < 4; i++)
		scene->page[at + i] = (uint8_t)(word >> 8 * (little ? i :
								   3 - i));
}

static void expect(struct scene *scene, int status, uint32_t first,
		   uint32_t second)
{
	uint32_t words[2] = { 0xA5A5A5A5, 0xA5A5A5A5 };

	assert_int_equal(hpte_xlate_fetch(&scene->table, &scene->access, words),
			 status);
	assert_int_equal(words[0], status ? 0xA5A5A5A5 : first);
	assert_int_equal(words[1], status ? 0xA5A5A5A5 : second);
}

static void words_in_both_orders(void **state)
{
	struct scene *scene = *state;

	for (unsigned int little = 0; little < 2; little++)
		for (unsigned int at = 0; at < 256; at += 4) {
			start(scene, 2);
			scene->access.ea = PC + at;
			scene->access.msr |= little;
			expect(scene, HPTE_OK, word_at(scene, at, little), 0);
			assert_int_equal(scene->reads, 1);
		}
	/* the last word of the page; bits 62:63 of the PC do not count */
	start(scene, 2);
	scene->access.ea = PC + 4095;
	expect(scene, HPTE_OK, word_at(scene, 4092, false), 0);
}

/* Each word of a prefixed one has the guest's order; never over 64 bytes. */
static void bug_71_prefixes(void **state)
{
	struct scene *scene = *state;

	for (unsigned int little = 0; little < 2; little++)
		for (unsigned int at = 0; at < 128; at += 4) {
			bool whole = at % 64 != 60;

			start(scene, 2);
			put_word(scene, at, PREFIX, little);
			scene->access.ea = PC + at;
			scene->access.msr |= little;
			expect(scene, HPTE_OK, PREFIX, whole ?
			       word_at(scene, at + 4, little) : 0);
			assert_int_equal(scene->reads, whole ? 2 : 1);
		}
	start(scene, 2);
	put_word(scene, 0, PREFIX, false);
	scene->refuse = 2;
	expect(scene, HPTE_ERR_NOTFOUND, 0, 0);
}

static void what_cannot_be_fetched(void **state)
{
	struct scene *scene = *state;

	/* not executable: N, G; no access: PP 0 in problem state with Kp */
	start(scene, 2 | HPTE_DW1_N);
	expect(scene, HPTE_ERR_NOTFOUND, 0, 0);
	start(scene, 2 | HPTE_DW1_G | HPTE_DW1_I);
	expect(scene, HPTE_ERR_NOTFOUND, 0, 0);
	start(scene, 0);
	scene->access.msr |= HPTE_MSR_PR;
	scene->access.descriptor |= HPTE_SLB_KP;
	expect(scene, HPTE_ERR_NOTFOUND, 0, 0);
	start(scene, 2);
	scene->access.descriptor |= HPTE_SLB_N;
	expect(scene, HPTE_ERR_NOTFOUND, 0, 0);
	/* key 0 and IAMR; AMR does not count */
	start(scene, 2);
	scene->access.iamr = UINT64_C(1) << 62;
	expect(scene, HPTE_ERR_NOTFOUND, 0, 0);
	scene->access.iamr = 0;
	scene->access.amr = ~UINT64_C(0);
	expect(scene, HPTE_OK, word_at(scene, 0, false), 0);
	assert_int_equal(scene->reads, 1);
	/* no entry, no descriptor, no callback, not now */
	scene->access.ea += 4096;
	expect(scene, HPTE_ERR_NOTFOUND, 0, 0);
	start(scene, 2);
	scene->access.descriptor |= HPTE_SLB_L | HPTE_SLB_LP;
	expect(scene, HPTE_ERR_ENCODING, 0, 0);
	start(scene, 2);
	scene->refuse = 1;
	expect(scene, HPTE_ERR_NOTFOUND, 0, 0);
	scene->ops.guest_read = NULL;
	expect(scene, HPTE_ERR_NOTFOUND, 0, 0);
}

/* kind is ours to choose; a 32-bit PC has 32 bits; real mode is the VRMA. */
static void modes(void **state)
{
	struct scene *scene = *state;

	start(scene, 2);
	scene->access.kind = HPTE_WRITE;
	expect(scene, HPTE_OK, word_at(scene, 0, false), 0);
	scene->access.msr &= ~HPTE_MSR_SF;
	scene->access.ea |= UINT64_C(0xFFFF) << 32;
	expect(scene, HPTE_OK, word_at(scene, 0, false), 0);
	start(scene, 2);
	scene->access.msr = 0;
	scene->access.vrma = DESCRIPTOR;
	scene->access.descriptor = ~UINT64_C(0);
	scene->access.ea = PC & 0xFFFFFFF;
	expect(scene, HPTE_OK, word_at(scene, 0, false), 0);
	scene->access.msr = HPTE_MSR_DR;
	expect(scene, HPTE_OK, word_at(scene, 0, false), 0);
}

/* Nothing is held while the host reads: it may change the very entry. */
static void bug_69_nothing_is_held(void **state)
{
	struct scene *scene = *state;

	start(scene, 2);
	scene->removes = true;
	expect(scene, HPTE_OK, word_at(scene, 0, false), 0);
	expect(scene, HPTE_ERR_NOTFOUND, 0, 0);
	assert_int_equal(scene->reads, 1);
}

static void no_host_at_all(void **state)
{
	struct scene *scene = *state;
	struct hpte_table_config config = { .order = TABLE_ORDER };

	start(scene, 2);
	config.memory.base = scene->base;
	config.memory.side = scene->side;
	memset(scene->base, 0, 1 << TABLE_ORDER);
	memset(scene->side, 0, 1 << TABLE_ORDER);
	assert_int_equal(hpte_table_init(&scene->table, &config), HPTE_OK);
	expect(scene, HPTE_ERR_NOTFOUND, 0, 0);
}

static int set_up(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	if (!scene)
		return -1;
	scene->base = aligned_alloc(128, 1 << TABLE_ORDER);
	scene->side = aligned_alloc(128, 1 << TABLE_ORDER);
	*state = scene;
	return scene->base && scene->side ? 0 : -1;
}

static int tear_down(void **state)
{
	struct scene *scene = *state;

	free(scene->base);
	free(scene->side);
	free(scene);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_in_both_orders),
		cmocka_unit_test(bug_71_prefixes),
		cmocka_unit_test(what_cannot_be_fetched),
		cmocka_unit_test(modes),
		cmocka_unit_test(bug_69_nothing_is_held),
		cmocka_unit_test(no_host_at_all),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
