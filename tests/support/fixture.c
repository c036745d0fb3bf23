/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/support/fixture.c - a table of every kind, with a fake host.
 */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

#define HYPERVISOR_BITS		UINT64_C(0x60)	/* IBM 57, 58 */

struct test_kind test_kinds[TEST_KINDS] = {
	{ "soft-207", false, HPTE_FORMAT_207, 0, false, true },
	{ "soft-300", false, HPTE_FORMAT_300, 0, false, true },
	{ "soft-207-load16", false, HPTE_FORMAT_207, HPTE_CPU_LOAD16, false,
	  false },
	{ "soft-300-load16", false, HPTE_FORMAT_300, HPTE_CPU_LOAD16, false,
	  false },
	{ "walker-207", true, HPTE_FORMAT_207, 0, false, true },
	{ "walker-300", true, HPTE_FORMAT_300, 0, false, true },
	{ "walker-207-load16", true, HPTE_FORMAT_207, HPTE_CPU_LOAD16, false,
	  true },
	{ "walker-300-load16", true, HPTE_FORMAT_300, HPTE_CPU_LOAD16, false,
	  true },
	{ "private-207-load16", false, HPTE_FORMAT_207, HPTE_CPU_LOAD16, true,
	  false },
	{ "private-300-load16-side", false, HPTE_FORMAT_300, HPTE_CPU_LOAD16,
	  true, true },
	/* the only one where there is no 16-byte load, as under sanitizers */
	{ "private-207", false, HPTE_FORMAT_207, 0, true, true },
};

const struct entry_size entry_sizes[ENTRY_SIZES] = {
	{ 28, 12, 12 }, { 28, 12, 16 }, { 28, 12, 24 }, { 28, 16, 16 },
	{ 28, 16, 24 }, { 28, 24, 24 },
	{ 40, 12, 12 }, { 40, 12, 16 }, { 40, 12, 24 }, { 40, 16, 16 },
	{ 40, 16, 24 }, { 40, 24, 24 }, { 40, 34, 34 },
};

/*
 * The library never probes the CPU, so the test must: a kind that this CPU
 * cannot run would give wrong answers, not an error.
 */
static bool cpu_has_load16(void)
{
#if defined(__x86_64__)
	return (hpte_x86_64_cpu() & HPTE_CPU_LOAD16) != 0;
#else
	return true;
#endif
}

static bool kind_supported(const struct test_kind *kind)
{
	if (!(kind->cpu & HPTE_CPU_LOAD16))
		return true;
	return (hpte_table_cpu() & HPTE_CPU_LOAD16) && cpu_has_load16();
}

static unsigned int kind_flags(const struct test_kind *kind)
{
	return kind->walker ? HPTE_TABLE_WALKER : 0;
}

/* The CPU facts that the storage is sized for: of none, a side array. */
static unsigned int kind_storage_cpu(const struct test_kind *kind)
{
	return kind->side ? 0 : kind->cpu;
}

void fixture_config(struct fixture *f, struct hpte_table_config *config)
{
	memset(config, 0, sizeof(*config));
	config->memory = f->first.memory;
	config->order = f->order;
	config->flags = kind_flags(f->kind);
	/* who has one-load snapshots has the best search there is, too */
	config->cpu = f->kind->cpu | (f->kind->cpu ? hpte_x86_64_cpu() : 0);
	config->caps = &f->caps;
	config->ops = &f->host.ops;
	config->ctx = &f->host;
}

void fixture_restart(struct fixture *f)
{
	struct hpte_table_config config;

	fake_table_unmap(&f->first);
	assert_true(fake_table_map(&f->first, f->order, kind_flags(f->kind),
				   kind_storage_cpu(f->kind)));
	fixture_config(f, &config);
	assert_int_equal(!!config.memory.side, f->kind->side);
	assert_int_equal(hpte_table_init(&f->table, &config), HPTE_OK);
	hpte_hcall_init(&f->vm, &f->table);
	fake_host_forget(&f->host);
}

static int setup_order(void **state, unsigned int order)
{
	static const struct hpte_caps defaults = HPTE_CAPS_DEFAULT;
	struct fixture *f = calloc(1, sizeof(*f));

	if (!f)
		return -1;
	f->kind = *state;
	f->order = order;
	f->caps = defaults;
	f->caps.format = f->kind->format;
	fake_host_init(&f->host, kind_flags(f->kind),
		       kind_storage_cpu(f->kind));
	if (f->kind->alone)
		fake_host_no_tlb(&f->host);
	test_random_init(&f->random, f->kind->name);
	*state = f;
	fixture_restart(f);
	return 0;
}

int fixture_setup(void **state)
{
	return setup_order(state, HPTE_ORDER_MIN);
}

int fixture_setup_24(void **state)
{
	return setup_order(state, 24);
}

int fixture_teardown(void **state)
{
	struct fixture *f = *state;

	fake_table_unmap(&f->first);
	fake_host_fini(&f->host);
	free(f);
	return 0;
}

struct fixture *fixture_of(void **state)
{
	return *state;
}

static bool test_supported(const struct CMUnitTest *test)
{
	for (unsigned int n = 0; n < TEST_KINDS; n++)
		if (test->initial_state == &test_kinds[n])
			return kind_supported(&test_kinds[n]);
	return true;
}

/* Stands for all tests that cannot run here. */
static void one_16_byte_load(void **state)
{
	(void)state;
	print_message("not on this CPU, or not in this build\n");
	skip();
}

int fixture_run(const char *name, const struct CMUnitTest *tests, size_t count)
{
	const struct CMUnitTest left_out = cmocka_unit_test(one_16_byte_load);
	struct CMUnitTest *chosen = calloc(count, sizeof(*chosen));
	size_t n = 0;
	int status;

	if (!chosen)
		return 1;
	for (size_t i = 0; i < count; i++)
		if (test_supported(&tests[i]))
			chosen[n++] = tests[i];
	if (n < count)
		chosen[n++] = left_out;
	status = _cmocka_run_group_tests(name, chosen, n, NULL, NULL);
	free(chosen);
	return status;
}

struct entry entry_make(const struct fixture *f, struct entry_size size,
			unsigned int n, bool secondary, uint64_t bits)
{
	uint64_t segment_mask = (UINT64_C(1) << size.segment) - 1;
	uint64_t base_mask = (UINT64_C(1) << size.base) - 1;
	struct entry entry;
	uint64_t l, lp;

	memset(&entry, 0, sizeof(entry));
	/* @n stays above the bits that select a group in small tables. */
	entry.va.vsid = UINT64_C(0x12345) + ((uint64_t)n << 17);
	entry.va.offset = UINT64_C(0x123ABC3000) & segment_mask & ~base_mask;
	entry.va.segment = size.segment;
	entry.va.base = size.base;
	entry.real = (uint64_t)(n + 1) << size.actual;
	assert_int_equal(hpte_entry_page_bits(size.base, size.actual, &l, &lp),
			 HPTE_OK);
	entry.guest.dw0 = hpte_hash_dw0(&entry.va) | l | HPTE_DW0_V;
	if (secondary)
		entry.guest.dw0 |= HPTE_DW0_H;
	entry.guest.dw1 = entry.real | lp | bits;
	assert_int_equal(hpte_entry_page(entry.guest.dw0, entry.guest.dw1,
					 &entry.page), HPTE_OK);
	entry.index = HPTE_GROUP_ENTRIES *
		      hpte_hash_group(hpte_hash_primary(&entry.va), secondary,
				      f->order);
	return entry;
}

struct hpte_host_page entry_host_page(const struct fixture *f,
				      const struct entry *entry)
{
	struct hpte_host_page page;

	memset(&page, 0, sizeof(page));
	page.real = FAKE_REAL | entry->real;
	page.sequence = f->host.sequence;
	page.shift = entry->page.actual > 16 ? entry->page.actual : 16;
	page.writable = true;
	return page;
}

void entry_put(struct fixture *f, struct entry *entry, enum entry_state state,
	       bool exact)
{
	struct hpte_host_page page = entry_host_page(f, entry);
	unsigned int flags = exact ? HPTE_INSERT_EXACT : 0;

	if (state == ENTRY_MMIO)
		flags |= HPTE_INSERT_MMIO;
	assert_int_equal(hpte_table_insert(&f->table, entry->index, flags,
					   &entry->guest,
					   state == ENTRY_VALID ? &page : NULL,
					   &entry->index), HPTE_OK);
}

enum entry_state entry_state_of(const struct fixture *f,
				enum entry_state state)
{
	if (state == ENTRY_VALID && !f->kind->walker)
		return ENTRY_ABSENT;
	return state;
}

/*
 * An emulator's own translation cache takes the TLB's place where no
 * hardware walks: every RAM entry may be in it, a device's never.
 */
unsigned int entry_flushes(const struct fixture *f, enum entry_state state)
{
	if (f->kind->alone)
		return 0;
	if (f->kind->walker)
		return state == ENTRY_VALID;
	return state != ENTRY_MMIO;
}

/* Contract 1.3, written down again: the codec under test is not asked. */
static struct hpte image_300(struct hpte image)
{
	struct hpte out;

	out.dw0 = image.dw0 & UINT64_C(0x000FFFFFFFFFFFFF);
	out.dw1 = (image.dw1 & ~UINT64_C(0x0C00000000000000)) |
		  ((image.dw0 >> 62) << 58);
	return out;
}

static uint64_t image_read_only(uint64_t dw1)
{
	uint64_t pp = ((dw1 >> 61) & 4) | (dw1 & 3);

	dw1 &= ~UINT64_C(0x8000000000000003);
	if (pp == 0 || pp >= 4)
		return dw1 | UINT64_C(0x8000000000000002);
	return dw1 | 3;
}

struct hpte entry_walker_image(const struct fixture *f,
			       const struct entry *entry, bool writable)
{
	uint64_t low = (UINT64_C(1) << entry->page.actual) - 1;
	struct hpte image = entry->guest;

	image.dw0 &= ~HYPERVISOR_BITS;
	image.dw1 &= low | UINT64_C(0xB000000000000000);
	image.dw1 &= ~UINT64_C(0x78);		/* WIMG */
	image.dw1 &= ~UINT64_C(0x180);		/* R, C */
	image.dw1 |= UINT64_C(0x10) | FAKE_REAL | entry->real;
	if (!writable)
		image.dw1 = image_read_only(image.dw1);
	if (f->kind->format == HPTE_FORMAT_300)
		image = image_300(image);
	return image;
}

static unsigned char *memory_at(const struct fixture *f, uint64_t index)
{
	unsigned char *base = hpte_table_base(&f->table);

	return base + index * HPTE_ENTRY_BYTES;
}

static uint64_t big_endian(const unsigned char *bytes)
{
	uint64_t word = 0;
	unsigned int i;

	for (i = 0; i < 8; i++)
		word = word << 8 | bytes[i];
	return word;
}

struct hpte memory_entry(const struct fixture *f, uint64_t index)
{
	const unsigned char *bytes = memory_at(f, index);
	struct hpte words;

	words.dw0 = big_endian(bytes);
	words.dw1 = big_endian(bytes + 8);
	return words;
}

void memory_set_rc(struct fixture *f, uint64_t index, uint64_t bits)
{
	unsigned char *bytes = memory_at(f, index);

	if (bits & HPTE_DW1_R)
		bytes[14] |= 0x01;
	if (bits & HPTE_DW1_C)
		bytes[15] |= 0x80;
}

void assert_no_host(uint64_t word)
{
	assert_int_not_equal(word & FAKE_REAL_MASK, FAKE_REAL);
}

void assert_guest_is(struct fixture *f, uint64_t index, uint64_t dw0,
		     uint64_t dw1)
{
	struct hpte_view view;

	assert_int_equal(hpte_table_read(&f->table, index, &view), HPTE_OK);
	assert_int_equal(view.index, index);
	assert_int_equal(view.guest.dw0, dw0);
	assert_int_equal(view.guest.dw1, dw1);
}

void assert_empty(struct fixture *f, uint64_t index)
{
	struct hpte_view view;

	assert_int_equal(hpte_table_read(&f->table, index, &view),
			 HPTE_ERR_NOTFOUND);
	assert_int_equal(memory_entry(f, index).dw0, 0);
}

void assert_flushed(const struct fixture *f, const struct entry *entry,
		    unsigned int count)
{
	uint64_t rb = hpte_hash_tlbie_rb(&entry->guest, &entry->page,
					 entry->index);
	unsigned int i;

	assert_int_equal(f->host.calls.flush, count);
	assert_int_equal(f->host.rbs, count);
	for (i = 0; i < count; i++)
		assert_int_equal(f->host.rb[i], rb);
	if (count)
		assert_true(f->host.flush_flags_all & HPTE_TLB_GLOBAL);
}
