/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/fault_cache.c - device translations that a virtual CPU keeps.
 *
 * What came from the cache is told by the host: classify() was not called.
 */
#include "fault_scene.h"

#define LOAD		NO_ENTRY
#define PAGES		8U

static void start(struct scene *scene, struct fixture *f)
{
	scene_start(scene, f, ENTRY_4K, ENTRY_MMIO, ENTRY_RW);
	assert_int_equal(scene_resolve(scene, LOAD), HPTE_FAULT_MMIO);
	assert_int_equal(f->host.calls.classify, 1);
}

/* Resolve a load; true if the cache answered. */
static bool hits(struct scene *scene)
{
	unsigned int before = scene->f->host.calls.classify;

	assert_int_equal(scene_resolve(scene, LOAD), HPTE_FAULT_MMIO);
	return scene->f->host.calls.classify == before;
}

static void second_time(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;
	uint64_t byte;

	start(&scene, f);
	for (byte = 0; byte < 4096; byte += 8) {
		scene.fault.access.ea = scene_ea(&scene.entry, byte);
		assert_true(hits(&scene));
		assert_int_equal(scene.outcome.gpa,
				 scene_gpa(&scene.entry, byte));
		assert_false(scene.outcome.is_store);
		assert_int_equal(scene_resolve(&scene, LOAD | STORE),
				 HPTE_FAULT_MMIO);
		assert_true(scene.outcome.is_store);
	}
	assert_int_equal(f->host.calls.classify, 1);
	/* Another virtual CPU has to find it by itself. */
	hpte_fault_init(&scene.vcpu, &f->table);
	assert_false(hits(&scene));
	assert_true(hits(&scene));
}

/* gpa from the cache: the actual page's, whose bytes are not the base's. */
static void every_size(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;
	unsigned int i, bit;

	for (i = 0; i < ENTRY_SIZES; i++) {
		scene_start(&scene, f, entry_sizes[i], ENTRY_MMIO, ENTRY_RW);
		assert_false(hits(&scene));
		for (bit = 0; bit < entry_sizes[i].base; bit++) {
			uint64_t byte = UINT64_C(1) << bit;

			scene.fault.access.ea = scene_ea(&scene.entry, byte);
			assert_true(hits(&scene));
			assert_int_equal(scene.outcome.gpa,
					 scene_gpa(&scene.entry, byte));
		}
		/* The next base page is another translation. */
		scene.fault.access.ea = scene_ea(&scene.entry, 0) ^
					UINT64_C(1) << entry_sizes[i].base;
		scene_resolve(&scene, LOAD);
		assert_dsi(&scene, LOAD);
	}
}

static void every_other_address(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;
	unsigned int bit;
	uint64_t ea, descriptor;

	start(&scene, f);
	ea = scene.fault.access.ea;
	descriptor = scene.fault.access.descriptor;
	for (bit = 12; bit < 28; bit++) {
		scene.fault.access.ea = ea ^ (UINT64_C(1) << bit);
		scene_resolve(&scene, LOAD);
		assert_dsi(&scene, LOAD);
	}
	scene.fault.access.ea = ea;
	for (bit = 12; bit < 64; bit++) {
		scene.fault.access.descriptor = descriptor ^
						(UINT64_C(1) << bit);
		scene_resolve(&scene, LOAD);
		assert_dsi(&scene, LOAD);
	}
	scene.fault.access.descriptor = descriptor ^ 0x110;	/* 64K */
	scene_resolve(&scene, LOAD);
	assert_dsi(&scene, LOAD);
}

/* LPCR[ISL] changes what one descriptor means. */
static void base_size_counts(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;
	struct entry large, small;
	struct hpte_va va;

	scene_start(&scene, f, (struct entry_size){ 28, 16, 16 }, ENTRY_MMIO,
		    ENTRY_RW);
	large = scene.entry;
	va = large.va;
	va.base = 12;
	small = scene_entry(f, &va, 12, 0x9000, false, ENTRY_RW);
	scene_put(&scene, &small, ENTRY_MMIO);
	fake_host_region(&f->host, large.real, 1 << 16, HPTE_BACKING_IO, 34);
	assert_int_equal(scene_resolve(&scene, LOAD), HPTE_FAULT_MMIO);
	assert_int_equal(scene.outcome.gpa, scene_gpa(&large, 0));
	scene.fault.flags = HPTE_FAULT_BASE_4K;
	assert_int_equal(scene_resolve(&scene, LOAD), HPTE_FAULT_MMIO);
	assert_int_equal(scene.outcome.gpa, scene_gpa(&small, 0));
	scene.fault.flags = 0;
	assert_int_equal(scene_resolve(&scene, LOAD), HPTE_FAULT_MMIO);
	assert_int_equal(scene.outcome.gpa, scene_gpa(&large, 0));
}

static void only_for_missing_entries(void **state)
{
	struct scene scene;

	start(&scene, fixture_of(state));
	assert_int_equal(scene_resolve(&scene, PROTECTION), HPTE_FAULT_RETRY);
	assert_int_equal(scene_resolve(&scene, PROTECTION | STORE),
			 HPTE_FAULT_RETRY);
	scene_resolve(&scene, KEY);
	assert_dsi(&scene, KEY);
	assert_true(hits(&scene));
}

/* D33: the rights are looked at on each hit, with the registers of now. */
static void rights_on_a_hit(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;
	struct hpte_access *access = &scene.fault.access;

	scene_start(&scene, f, ENTRY_4K, ENTRY_MMIO, HPTE_DW1_M);
	access->descriptor |= 0x400;		/* Kp */
	assert_false(hits(&scene));
	access->msr |= MSR_PR;
	scene_resolve(&scene, LOAD);
	assert_dsi(&scene, PROTECTION);
	access->msr &= ~MSR_PR;
	assert_true(hits(&scene));
	access->amr = UINT64_C(1) << 62;
	scene_resolve(&scene, LOAD);
	assert_dsi(&scene, KEY);
	access->amr = UINT64_C(2) << 62;
	scene_resolve(&scene, LOAD | STORE);
	assert_dsi(&scene, STORE | KEY);
	assert_true(hits(&scene));
	access->msr &= ~MSR_IR;
	assert_true(hits(&scene));
	assert_false(scene.outcome.fetch_now);
	scene_start(&scene, f, ENTRY_4K, ENTRY_MMIO, HPTE_DW1_M | 3);
	assert_false(hits(&scene));
	scene_resolve(&scene, LOAD | STORE);
	assert_dsi(&scene, STORE | PROTECTION);
	assert_true(hits(&scene));
}

static void removed(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;

	start(&scene, f);
	assert_int_equal(hpte_table_remove(&f->table, scene.entry.index, NULL,
					   NULL), HPTE_OK);
	scene_resolve(&scene, LOAD);
	assert_dsi(&scene, LOAD);
	/* Entered again, for another device page. */
	scene.entry.guest.dw1 += 0x1000;
	scene.entry.real += 0x1000;
	scene_put(&scene, &scene.entry, ENTRY_MMIO);
	assert_false(hits(&scene));
	assert_int_equal(scene.outcome.gpa, scene_gpa(&scene.entry, 0));
	assert_true(hits(&scene));
}

/* Without a fault in between. */
static void entered_again(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;

	start(&scene, f);
	assert_int_equal(hpte_table_remove(&f->table, scene.entry.index, NULL,
					   NULL), HPTE_OK);
	scene.entry.guest.dw1 += 0x1000;
	scene.entry.real += 0x1000;
	scene_put(&scene, &scene.entry, ENTRY_MMIO);
	assert_false(hits(&scene));
	assert_int_equal(scene.outcome.gpa, scene_gpa(&scene.entry, 0));
}

/* V70: the guest takes the right to store away. */
static void protected_meanwhile(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;

	start(&scene, f);
	assert_int_equal(hpte_table_protect(&f->table, scene.entry.index, NULL,
					    HPTE_DW1_PP, 3), HPTE_OK);
	scene_resolve(&scene, LOAD | STORE);
	assert_dsi(&scene, 0x0A000000);
}

/* V112, D12: a device page that became RAM, and whose page was taken. */
static void became_ram(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;
	struct hpte_vcpu other;
	struct hpte_outcome outcome;

	start(&scene, f);
	scene_device(&scene, false);
	hpte_fault_init(&other, &f->table);
	hpte_fault_resolve(&other, &scene.fault, &outcome);
	assert_int_equal(outcome.action, HPTE_FAULT_HOST_PAGE);
	hpte_fault_complete(&other, &outcome);
	assert_int_equal(outcome.action, HPTE_FAULT_RETRY);
	assert_mapped(&scene, true, 0);
	assert_int_equal(scene_resolve(&scene, LOAD), HPTE_FAULT_RETRY);
	assert_int_equal(hpte_table_demote(&f->table, scene.entry.index),
			 HPTE_OK);
	assert_int_equal(scene_resolve(&scene, LOAD), HPTE_FAULT_HOST_PAGE);
	hpte_fault_resolve(&other, &scene.fault, &outcome);
	assert_int_equal(outcome.action, HPTE_FAULT_HOST_PAGE);
}

/* V112 again, by a host that says that its memory map has changed. */
static void forgotten(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;

	start(&scene, f);
	scene_device(&scene, false);
	/* nobody has told the virtual CPU */
	assert_int_equal(scene_resolve(&scene, LOAD), HPTE_FAULT_MMIO);
	hpte_fault_forget(&f->table);
	assert_int_equal(scene_resolve(&scene, LOAD), HPTE_FAULT_HOST_PAGE);
	/* and back: cached anew, under the new generation */
	scene_device(&scene, true);
	hpte_fault_forget(&f->table);
	assert_int_equal(scene_resolve(&scene, LOAD), HPTE_FAULT_MMIO);
	assert_int_equal(scene.outcome.shift, 12);
	f->host.calls.classify = 0;
	assert_int_equal(scene_resolve(&scene, LOAD), HPTE_FAULT_MMIO);
	assert_int_equal(f->host.calls.classify, 0);
}

/* D11, peer bug 6-3: a table made empty, and filled another way. */
static void reset(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;

	start(&scene, f);
	hpte_table_reset(&f->table);
	scene_resolve(&scene, LOAD);
	assert_dsi(&scene, LOAD);
}

/* Peer bug 6-3: a resize drops what is not bolted. */
static void resized(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;
	struct hcall call;

	start(&scene, f);
	assert_int_equal(HCALL(f, &call, 0x36C, 0, 19), 0);
	assert_int_equal(HCALL(f, &call, 0x370, 0, 19), 0);
	scene_resolve(&scene, LOAD);
	assert_dsi(&scene, LOAD);
}

/* Four are kept; the fifth takes the place of the oldest. */
static void round_robin(void **state)
{
	static const struct { unsigned int page; bool hit; } steps[] = {
		{ 0, 0 }, { 1, 0 }, { 2, 0 }, { 3, 0 },
		{ 0, 1 }, { 1, 1 }, { 2, 1 }, { 3, 1 },
		{ 4, 0 }, { 1, 1 }, { 2, 1 }, { 3, 1 }, { 4, 1 },
		{ 0, 0 }, { 2, 1 }, { 3, 1 }, { 4, 1 }, { 0, 1 },
		{ 1, 0 }, { 3, 1 }, { 5, 0 }, { 4, 1 }, { 0, 1 }, { 1, 1 },
		{ 5, 1 }, { 3, 0 },
	};
	struct fixture *f = fixture_of(state);
	struct entry entry[PAGES];
	struct scene scene;
	unsigned int i;

	scene_empty(&scene, f);
	fake_host_region(&f->host, 0, 1 << 20, HPTE_BACKING_IO, 34);
	for (i = 0; i < PAGES; i++) {
		entry[i] = entry_make(f, ENTRY_4K, i, false, ENTRY_RW);
		entry_put(f, &entry[i], ENTRY_MMIO, false);
	}
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		scene_aim(&scene, &entry[steps[i].page], false);
		assert_int_equal(hits(&scene), steps[i].hit);
		assert_int_equal(scene.outcome.gpa,
				 scene_gpa(&entry[steps[i].page], 0));
	}
}

/* RAM is never cached, nor what the rights refused to find out. */
static void ram_is_not_cached(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;
	unsigned int i;

	scene_start(&scene, f, ENTRY_4K, ENTRY_ABSENT, ENTRY_RW);
	for (i = 0; i < 2 * HPTE_VCPU_CACHE; i++)
		assert_int_equal(scene_resolve(&scene, LOAD),
				 HPTE_FAULT_HOST_PAGE);
	start(&scene, f);
	for (i = 0; i < 2 * HPTE_VCPU_CACHE; i++) {
		scene.fault.access.ea ^= 0x1000;
		scene_resolve(&scene, LOAD);
		assert_dsi(&scene, LOAD);
		scene.fault.access.ea ^= 0x1000;
		assert_true(hits(&scene));
	}
}

static struct scene *racing;
static struct hpte_host_ops real_ops;

static enum hpte_backing_kind remove_in_classify(void *ctx, uint64_t gpa,
						 unsigned int shift,
						 unsigned int *largest)
{
	struct scene *scene = racing;

	racing = NULL;
	if (scene)
		scene->status = hpte_table_remove(&scene->f->table,
						  scene->entry.index, NULL,
						  NULL);
	return real_ops.classify(ctx, gpa, shift, largest);
}

/* The generation is read before the search, so this one is not believed. */
static void removed_while_found(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;

	scene_start(&scene, f, ENTRY_4K, ENTRY_MMIO, ENTRY_RW);
	real_ops = f->host.ops;
	f->host.ops.classify = remove_in_classify;
	racing = &scene;
	scene_resolve(&scene, LOAD);
	assert_int_equal(scene.status, HPTE_OK);
	scene_resolve(&scene, LOAD);
	assert_dsi(&scene, LOAD);
}

static void resolve_in_retry(void *arg)
{
	struct scene *scene = arg;
	struct hpte_view view;

	assert_int_equal(hpte_table_find(&scene->f->table, &scene->entry.va, 0,
					 &view), HPTE_OK);
	scene->status = view.state & HPTE_VIEW_BUSY;
	scene_resolve(scene, LOAD);
}

/* An entry that an owner is changing may be something else any moment. */
static void busy_is_not_cached(void **state)
{
	struct fixture *f = fixture_of(state);
	struct hpte_host_page page;
	struct hpte_view view;
	struct scene scene;

	scene_start(&scene, f, ENTRY_4K, ENTRY_MMIO, ENTRY_RW);
	page = entry_host_page(f, &scene.entry);
	assert_int_equal(hpte_table_read(&f->table, scene.entry.index, &view),
			 HPTE_OK);
	fake_host_inject(&f->host, FAKE_AT_RETRY, resolve_in_retry, &scene);
	f->host.always_retry = true;
	assert_int_equal(hpte_table_promote(&f->table, &view, &page),
			 HPTE_ERR_AGAIN);
	assert_true(fake_host_injected(&f->host, FAKE_AT_RETRY));
	assert_int_equal(scene.status, HPTE_VIEW_BUSY);
	assert_int_equal(scene.outcome.action, HPTE_FAULT_MMIO);
	assert_false(hits(&scene));
	assert_true(hits(&scene));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_EVERY_KIND(second_time),
		TEST_EVERY_KIND(every_size),
		TEST_EVERY_KIND(every_other_address),
		TEST_EVERY_KIND(base_size_counts),
		TEST_EVERY_KIND(only_for_missing_entries),
		TEST_EVERY_KIND(rights_on_a_hit),
		TEST_EVERY_KIND(removed),
		TEST_EVERY_KIND(entered_again),
		TEST_EVERY_KIND(protected_meanwhile),
		TEST_WALKER_KIND(became_ram),
		TEST_EVERY_KIND(forgotten),
		TEST_EVERY_KIND(reset),
		TEST_EVERY_KIND(resized),
		TEST_EVERY_KIND(round_robin),
		TEST_EVERY_KIND(ram_is_not_cached),
		TEST_EVERY_KIND(removed_while_found),
		TEST_WALKER_KIND(busy_is_not_cached),
	};

	return TEST_RUN("fault_cache", tests);
}
