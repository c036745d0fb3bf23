/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/table_init.c - sizes, hpte_table_init(), reset, accessors.
 */
#include "fixture.h"

#include <string.h>

static void bytes_by_order(void **state)
{
	unsigned int order;

	(void)state;
	assert_int_equal(hpte_table_bytes(0), 0);
	assert_int_equal(hpte_table_bytes(17), 0);
	for (order = 18; order <= 46; order++)
		assert_int_equal(hpte_table_bytes(order),
				 UINT64_C(1) << order);
	assert_int_equal(hpte_table_bytes(47), 0);
	assert_int_equal(hpte_table_bytes(64), 0);
	assert_int_equal(hpte_table_bytes(~0U), 0);
}

static void side_bytes_by_kind(void **state)
{
	bool load16 = hpte_table_cpu() & HPTE_CPU_LOAD16;
	unsigned int order;

	(void)state;
	for (order = 18; order <= 46; order++) {
		uint64_t bytes = UINT64_C(1) << order;

		assert_int_equal(hpte_table_side_bytes(order, 0, 0), bytes);
		assert_int_equal(hpte_table_side_bytes(order, 0,
						       HPTE_CPU_LOAD16),
				 load16 ? 0 : bytes);
		assert_int_equal(hpte_table_side_bytes(order,
						       HPTE_TABLE_WALKER, 0),
				 bytes);
		assert_int_equal(hpte_table_side_bytes(order,
						       HPTE_TABLE_WALKER,
						       HPTE_CPU_LOAD16),
				 bytes);
	}
	assert_int_equal(hpte_table_side_bytes(17, HPTE_TABLE_WALKER, 0), 0);
	assert_int_equal(hpte_table_side_bytes(47, HPTE_TABLE_WALKER, 0), 0);
}

static void cpu_facts_are_known(void **state)
{
	(void)state;
	assert_int_equal(hpte_table_cpu() & ~(HPTE_CPU_LOAD16 | HPTE_CPU_SSE2 |
			 HPTE_CPU_AVX2 | HPTE_CPU_AVX512), 0);
}

/* Facts of a later version must not lose the side array. */
static void unknown_cpu_facts_are_ignored(void **state)
{
	(void)state;
	assert_int_equal(hpte_table_side_bytes(18, 0, ~HPTE_CPU_LOAD16),
			 UINT64_C(1) << 18);
}

/* init must fail with @status and leave the structure alone. */
static void expect_refused(const struct hpte_table_config *config, int status)
{
	struct hpte_table table, poison;

	memset(&poison, 0xA5, sizeof(poison));
	memcpy(&table, &poison, sizeof(table));
	assert_int_equal(hpte_table_init(&table, config), status);
	assert_memory_equal(&table, &poison, sizeof(table));
}

static void init_order(void **state)
{
	static const unsigned int bad[] = { 0, 17, 47, 63, 64, ~0U };
	struct fixture *f = fixture_of(state);
	struct hpte_table_config config;
	struct hpte_table table;
	unsigned int i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		fixture_config(f, &config);
		config.order = bad[i];
		expect_refused(&config, HPTE_ERR_PARAM);
	}
	fixture_config(f, &config);
	assert_int_equal(hpte_table_init(&table, &config), HPTE_OK);
	/* The largest: init must not touch the storage, which is not there. */
	config.order = 46;
	config.memory.base = (void *)(UINT64_C(1) << 46);
	assert_int_equal(hpte_table_init(&table, &config), HPTE_OK);
	assert_int_equal(hpte_table_order(&table), 46);
	assert_int_equal(hpte_table_entries(&table), UINT64_C(1) << 42);
}

static void init_base_alignment(void **state)
{
	struct fixture *f = fixture_of(state);
	struct hpte_table_config config;
	struct hpte_table table;
	unsigned char *base = f->first.memory.base;
	unsigned int shift;

	fixture_config(f, &config);
	config.memory.base = NULL;
	expect_refused(&config, HPTE_ERR_PARAM);
	/* A base aligned to 1 << shift, no more. */
	for (shift = 0; shift < HPTE_ORDER_MIN; shift++) {
		config.memory.base = base + ((size_t)1 << shift);
		if (f->kind->walker || shift < 7) {
			expect_refused(&config, HPTE_ERR_PARAM);
			continue;
		}
		assert_int_equal(hpte_table_init(&table, &config), HPTE_OK);
	}
}

static void init_side(void **state)
{
	struct fixture *f = fixture_of(state);
	struct hpte_table_config config;
	unsigned char *side = f->first.memory.side;

	fixture_config(f, &config);
	if (!side) {
		assert_false(f->kind->walker);
		assert_int_equal(f->kind->cpu, HPTE_CPU_LOAD16);
		/* Without the 16-byte load it is needed after all. */
		config.cpu = 0;
		expect_refused(&config, HPTE_ERR_UNSUPPORTED);
		return;
	}
	config.memory.side = NULL;
	expect_refused(&config, HPTE_ERR_UNSUPPORTED);
	config.memory.side = side + 1;
	expect_refused(&config, HPTE_ERR_PARAM);
	config.memory.side = side + 8;
	expect_refused(&config, HPTE_ERR_PARAM);
	config.memory.side = side + 15;
	expect_refused(&config, HPTE_ERR_PARAM);
}

static void init_null_arguments(void **state)
{
	struct fixture *f = fixture_of(state);
	struct hpte_table_config config;

	fixture_config(f, &config);
	assert_int_equal(hpte_table_init(NULL, &config), HPTE_ERR_PARAM);
	expect_refused(NULL, HPTE_ERR_PARAM);
}

static void init_unknown_flags(void **state)
{
	struct fixture *f = fixture_of(state);
	struct hpte_table_config config;
	unsigned int bit;

	for (bit = 1; bit < 32; bit++) {
		fixture_config(f, &config);
		config.flags |= 1U << bit;
		expect_refused(&config, HPTE_ERR_PARAM);
	}
}

static void init_versions(void **state)
{
	struct fixture *f = fixture_of(state);
	struct hpte_table_config config;
	struct hpte_host_ops ops = f->host.ops;
	struct hpte_caps caps = f->caps;
	const size_t ops_bad[] = { 0, 1, sizeof(ops) - 1 };
	const uint32_t caps_bad[] = { 0, 1, sizeof(caps) - 1 };
	struct hpte_table table;
	unsigned int i;

	fixture_config(f, &config);
	config.ops = &ops;
	for (i = 0; i < 3; i++) {
		ops.ops_size = ops_bad[i];
		expect_refused(&config, HPTE_ERR_PARAM);
	}
	fixture_config(f, &config);
	config.caps = &caps;
	for (i = 0; i < 3; i++) {
		caps.caps_size = caps_bad[i];
		expect_refused(&config, HPTE_ERR_PARAM);
	}
	/* Later versions append members: this one does not know them. */
	caps.caps_size = sizeof(caps) + 8;
	ops.ops_size = sizeof(ops) + 8;
	config.ops = &ops;
	assert_int_equal(hpte_table_init(&table, &config), HPTE_OK);
}

static void init_walker_needs_flushes(void **state)
{
	struct fixture *f = fixture_of(state);
	struct hpte_host_ops ops = f->host.ops;
	struct hpte_table_config config;
	struct hpte_table table;
	int status = f->kind->walker ? HPTE_ERR_PARAM : HPTE_OK;

	fixture_config(f, &config);
	config.ops = NULL;
	assert_int_equal(hpte_table_init(&table, &config), status);
	config.ops = &ops;
	ops.tlb_invalidate = NULL;
	assert_int_equal(hpte_table_init(&table, &config), status);
	ops = f->host.ops;
	ops.tlb_invalidate_all = NULL;
	assert_int_equal(hpte_table_init(&table, &config), status);
	memset(&ops, 0, sizeof(ops));
	ops.ops_size = sizeof(ops);
	ops.tlb_invalidate = f->host.ops.tlb_invalidate;
	ops.tlb_invalidate_all = f->host.ops.tlb_invalidate_all;
	assert_int_equal(hpte_table_init(&table, &config), HPTE_OK);
}

/* The least a caller can give: storage and order. */
static void init_with_defaults(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry entry = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);
	struct hpte_table_config config;
	struct hpte removed;
	uint64_t where;

	fixture_config(f, &config);
	config.caps = NULL;
	config.ops = NULL;
	config.ctx = NULL;
	memset(&f->table, 0xA5, sizeof(f->table));
	assert_int_equal(hpte_table_init(&f->table, &config), HPTE_OK);
	assert_int_equal(hpte_table_insert(&f->table, entry.index, 0,
					   &entry.guest, NULL, &where),
			 HPTE_OK);
	assert_int_equal(hpte_table_protect(&f->table, where, NULL, HPTE_DW1_N,
					    HPTE_DW1_N), HPTE_OK);
	assert_int_equal(hpte_table_remove(&f->table, where, NULL, &removed),
			 HPTE_OK);
	assert_int_equal(removed.dw0, entry.guest.dw0);
	assert_int_equal(removed.dw1, entry.guest.dw1 | HPTE_DW1_N);
}

static void accessors(void **state)
{
	struct fixture *f = fixture_of(state);

	assert_ptr_equal(hpte_table_base(&f->table), f->first.memory.base);
	assert_int_equal(hpte_table_order(&f->table), 18);
	assert_int_equal(hpte_table_entries(&f->table), 0x4000);
}

static void generation_is_never_zero(void **state)
{
	struct fixture *f = fixture_of(state);

	/* A zero-filled cache entry of a host must not match. */
	assert_int_not_equal(hpte_table_generation(&f->table), 0);
}

static void reset_empties(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry entry[ENTRY_STATES];
	uint64_t before = hpte_table_generation(&f->table);
	unsigned int i;

	for (i = 0; i < ENTRY_STATES; i++) {
		entry[i] = entry_make(f, ENTRY_4K, i, i & 1, ENTRY_RW);
		entry_put(f, &entry[i], (enum entry_state)i, false);
	}
	entry[0].index = hpte_table_entries(&f->table) - 1;
	entry_put(f, &entry[0], ENTRY_VALID, true);
	hpte_table_reset(&f->table);
	for (i = 0; i < hpte_table_entries(&f->table); i++)
		assert_empty(f, i);
	assert_true(hpte_table_generation(&f->table) > before);
	if (f->kind->walker)
		assert_int_not_equal(f->host.calls.flush_all, 0);
	/* And it works as a new one does. */
	entry_put(f, &entry[1], ENTRY_VALID, false);
	assert_guest_is(f, entry[1].index, entry[1].guest.dw0,
			entry[1].guest.dw1);
}

/* What the walker set in valid entries is the host's to know, even now. */
static void reset_reports_r_and_c(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry used = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);
	struct entry unused = entry_make(f, ENTRY_4K, 2, false, ENTRY_RW);
	struct entry absent = entry_make(f, ENTRY_4K, 3, false,
					 ENTRY_RW | HPTE_DW1_C);

	entry_put(f, &used, ENTRY_VALID, false);
	entry_put(f, &unused, ENTRY_VALID, false);
	entry_put(f, &absent, ENTRY_ABSENT, false);
	memory_set_rc(f, used.index, HPTE_DW1_RC);
	hpte_table_reset(&f->table);
	assert_true(fake_host_covers(&f->host.dirty, used.real, 4096));
	assert_false(fake_host_covers(&f->host.dirty, unused.real, 4096));
	assert_false(fake_host_covers(&f->host.dirty, absent.real, 4096));
	assert_empty(f, used.index);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_by_order),
		cmocka_unit_test(side_bytes_by_kind),
		cmocka_unit_test(cpu_facts_are_known),
		cmocka_unit_test(unknown_cpu_facts_are_ignored),
		TEST_EVERY_KIND(init_order),
		TEST_EVERY_KIND(init_base_alignment),
		TEST_EVERY_KIND(init_side),
		TEST_EVERY_KIND(init_null_arguments),
		TEST_EVERY_KIND(init_unknown_flags),
		TEST_EVERY_KIND(init_versions),
		TEST_EVERY_KIND(init_walker_needs_flushes),
		TEST_OF_KIND_(init_with_defaults, fixture_setup, 0, "soft-207"),
		TEST_OF_KIND_(init_with_defaults, fixture_setup, 2,
			      "soft-207-load16"),
		TEST_EVERY_KIND(accessors),
		TEST_EVERY_KIND(generation_is_never_zero),
		TEST_EVERY_KIND(reset_empties),
		TEST_WALKER_KIND(reset_reports_r_and_c),
	};

	return TEST_RUN("table_init", tests);
}
