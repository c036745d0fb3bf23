/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/fault_complete.c - mapping the host's page, without races.
 */
#include "fault_scene.h"

#define LOAD	NO_ENTRY

/* An absent entry for which resolve has said HOST_PAGE. */
static void start(struct scene *scene, struct fixture *f,
		  struct entry_size size, uint64_t bits, uint32_t status)
{
	scene_start(scene, f, size, ENTRY_ABSENT, bits);
	assert_int_equal(scene_resolve(scene, status), HPTE_FAULT_HOST_PAGE);
}

static void absent_becomes_valid(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;
	unsigned int i, store;

	for (i = 0; i < 2 * ENTRY_SIZES; i++) {
		struct entry_size size = entry_sizes[i / 2];
		uint64_t bytes = UINT64_C(1) << size.actual;

		store = i % 2;
		start(&scene, f, size, ENTRY_RW, store ? LOAD | STORE : LOAD);
		assert_int_equal(scene_complete(&scene), HPTE_FAULT_RETRY);
		assert_mapped(&scene, true, 0);
		assert_guest_is(f, scene.entry.index, scene.entry.guest.dw0,
				scene.entry.guest.dw1);
		assert_int_equal(f->host.mapped.gpa, scene.entry.real);
		assert_int_equal(f->host.mapped.bytes, bytes);
		assert_int_equal(f->host.classified.gpa, scene.entry.real);
		assert_int_equal(f->host.classified.bytes, bytes);
		assert_int_equal(f->host.map_want_write, store);
		assert_int_equal(f->host.calls.map_page, 1);
		assert_int_equal(f->host.calls.inval_begin, 1);
		assert_in_range(f->host.calls.inval_retry, 1, 2);
		assert_int_equal(f->host.calls.flush, 0);
		assert_int_equal(scene_resolve(&scene, LOAD),
				 HPTE_FAULT_RETRY);
	}
}

/* Peer bug 42: a small guest page somewhere in a large host page. */
static void page_within_a_host_page(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;
	uint64_t page;

	for (page = 0; page < 16; page++) {
		struct entry entry;

		scene_empty(&scene, f);
		entry = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);
		entry.real = UINT64_C(0x7F0000) + (page << 12);
		entry.guest.dw1 = entry.real | ENTRY_RW;
		scene_put(&scene, &entry, ENTRY_ABSENT);
		scene_aim(&scene, &scene.entry, false);
		scene.fault.access.ea |= 0xABC;
		assert_int_equal(scene_settle(&scene, LOAD), HPTE_FAULT_RETRY);
		assert_mapped(&scene, true, 0);
	}
}

/* A load from a page the host lets the guest only read, then a store. */
static void read_only_and_then_writable(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;

	start(&scene, f, ENTRY_4K, ENTRY_RW, LOAD);
	f->host.map_writable = false;
	assert_int_equal(scene_complete(&scene), HPTE_FAULT_RETRY);
	assert_mapped(&scene, false, 0);
	assert_false(f->host.map_want_write);
	assert_guest_is(f, scene.entry.index, scene.entry.guest.dw0,
			scene.entry.guest.dw1);
	memory_set_rc(f, scene.entry.index, HPTE_DW1_R);
	f->host.map_writable = true;
	assert_int_equal(scene_settle(&scene, PROTECTION | STORE),
			 HPTE_FAULT_RETRY);
	assert_true(f->host.map_want_write);
	assert_mapped(&scene, true, HPTE_DW1_R);
	assert_flushed(f, &scene.entry, 1);
}

/* Every PP: the walker's rights are the guest's, or those made read-only. */
static void rights_of_the_walker(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;
	uint64_t pp, n;

	for (n = 0; n < 16; n++) {
		pp = (n & 4) << 61 | (n & 3);
		if (n & 4 && (n & 7) != 6)
			continue;	/* reserved: nobody gets that far */
		start(&scene, f, ENTRY_4K, HPTE_DW1_M | pp, LOAD);
		f->host.map_writable = n & 8;
		assert_int_equal(scene_complete(&scene), HPTE_FAULT_RETRY);
		assert_mapped(&scene, n & 8, 0);
	}
}

/* A page the host cannot give: nothing is mapped. */
static void host_refuses(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;

	start(&scene, f, ENTRY_4K, ENTRY_RW, LOAD);
	f->host.map_result = HPTE_HOST_LATER;
	assert_int_equal(scene_complete(&scene), HPTE_FAULT_RETRY);
	assert_not_mapped(&scene);
	assert_int_equal(scene_resolve(&scene, LOAD), HPTE_FAULT_HOST_PAGE);
	f->host.map_result = HPTE_HOST_NEVER;
	assert_int_equal(scene_complete(&scene), HPTE_FAULT_HOST_ERROR);
	assert_not_mapped(&scene);
	start(&scene, f, (struct entry_size){ 28, 16, 16 }, ENTRY_RW, LOAD);
	f->host.map_shift = 12;
	assert_int_equal(scene_complete(&scene), HPTE_FAULT_HOST_ERROR);
	assert_not_mapped(&scene);
	assert_guest_is(f, scene.entry.index, scene.entry.guest.dw0,
			scene.entry.guest.dw1);
}

static struct hpte_host_ops real_ops;
static uint64_t bad_real;

static enum hpte_host_result map_elsewhere(void *ctx, uint64_t gpa,
					   unsigned int shift, bool want_write,
					   struct hpte_host_page *page)
{
	enum hpte_host_result result = real_ops.map_page(ctx, gpa, shift,
							 want_write, page);

	page->real = bad_real;
	return result;
}

/* Host pages that no entry can name. */
static void unsuitable_host_page(void **state)
{
	static const uint64_t bad[] = {
		FAKE_REAL | 0x800, UINT64_C(1) << 60, UINT64_MAX & ~0xFFFULL,
	};
	struct fixture *f = fixture_of(state);
	struct scene scene;
	unsigned int i;

	real_ops = f->host.ops;
	f->host.ops.map_page = map_elsewhere;
	for (i = 0; i < 3; i++) {
		start(&scene, f, ENTRY_4K, ENTRY_RW, LOAD);
		bad_real = bad[i];
		assert_int_equal(scene_complete(&scene), HPTE_FAULT_HOST_ERROR);
		assert_not_mapped(&scene);
	}
}

/* Asked for a page to store to, the host gives one to read. */
static void still_read_only(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;

	start(&scene, f, ENTRY_4K, ENTRY_RW, LOAD | STORE);
	f->host.map_writable = false;
	scene_complete(&scene);
	/* Mapping it would bring the same fault again for ever. */
	assert_int_equal(scene.outcome.action, HPTE_FAULT_HOST_ERROR);
	assert_true(f->host.map_want_write);
	assert_not_mapped(&scene);

	/* unless the host is just taking the right to store away */
	start(&scene, f, ENTRY_4K, ENTRY_RW, LOAD | STORE);
	f->host.map_writable = false;
	f->host.always_retry = true;
	scene_complete(&scene);
	assert_int_equal(scene.outcome.action, HPTE_FAULT_RETRY);
	assert_not_mapped(&scene);
}

static void no_map_page(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;

	start(&scene, f, ENTRY_4K, ENTRY_RW, LOAD);
	f->host.ops.map_page = NULL;
	scene_complete(&scene);
	assert_true(scene.outcome.action == HPTE_FAULT_RETRY ||
		    scene.outcome.action == HPTE_FAULT_HOST_ERROR);
	assert_not_mapped(&scene);
}

/* No classify, no sequence: everything is RAM and stays where it is. */
static void fewest_callbacks(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;

	start(&scene, f, ENTRY_4K, ENTRY_RW, LOAD);
	f->host.ops.classify = NULL;
	f->host.ops.inval_begin = NULL;
	f->host.ops.inval_retry = NULL;
	assert_int_equal(scene_complete(&scene), HPTE_FAULT_RETRY);
	assert_mapped(&scene, true, 0);
}

/* V113: the region went away: data reach a device, a fetch is refused. */
static void no_ram_any_more(void **state)
{
	static const enum hpte_backing_kind kinds[] = {
		HPTE_BACKING_IO, HPTE_BACKING_HOLE, HPTE_BACKING_RESCINDED,
	};
	struct fixture *f = fixture_of(state);
	struct scene scene;
	unsigned int i;

	for (i = 0; i < 6; i++) {
		uint32_t status = i & 1 ? LOAD | STORE : LOAD;

		start(&scene, f, ENTRY_4K, ENTRY_RW, status);
		fake_host_region(&f->host, scene.entry.real, 4096,
				 kinds[i / 2], 34);
		scene.fault.access.ea |= 0x77C;
		scene_resolve(&scene, status);
		assert_int_equal(scene_complete(&scene), HPTE_FAULT_MMIO);
		assert_int_equal(scene.outcome.gpa,
				 scene_gpa(&scene.entry, 0x77C));
		assert_int_equal(scene.outcome.is_store, i & 1);
		assert_true(scene.outcome.fetch_now);
		scene.fault.access.msr &= ~MSR_IR;
		assert_int_equal(scene_settle(&scene, status),
				 HPTE_FAULT_MMIO);
		assert_false(scene.outcome.fetch_now);
		scene.fault.access.msr |= MSR_IR;
		scene.fault.flags = HPTE_FAULT_FETCH;
		scene_settle(&scene, LOAD | 0x00020000);
		assert_isi(&scene, 0x10020000);
		assert_int_equal(f->host.calls.map_page, 0);
		assert_not_mapped(&scene);
	}
}

static void region_removed_under_a_valid_entry(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;

	scene_start(&scene, f, ENTRY_4K, ENTRY_VALID, ENTRY_RW);
	fake_host_region(&f->host, scene.entry.real, 4096, HPTE_BACKING_IO, 34);
	assert_int_equal(hpte_table_demote(&f->table, scene.entry.index),
			 HPTE_OK);
	assert_int_equal(scene_settle(&scene, LOAD), HPTE_FAULT_MMIO);
	assert_not_mapped(&scene);
}

/* Only HOST_PAGE is worked on. */
static void other_outcomes_are_left(void **state)
{
	struct fixture *f = fixture_of(state);
	struct hpte_outcome before;
	struct scene scene;
	struct scene_bytes bytes;
	uint32_t action;

	for (action = 0; action <= HPTE_FAULT_HOST_ERROR + 1; action++) {
		if (action == HPTE_FAULT_HOST_PAGE)
			continue;
		start(&scene, f, ENTRY_4K, ENTRY_RW, LOAD);
		scene.outcome.action = action;
		before = scene.outcome;
		scene_save(f, &bytes);
		fake_host_forget(&f->host);
		scene_complete(&scene);
		assert_memory_equal(&before, &scene.outcome, sizeof(before));
		assert_bytes(f, &bytes);
		assert_int_equal(f->host.calls.classify, 0);
		assert_int_equal(f->host.calls.map_page, 0);
	}
}

static void twice_is_once(void **state)
{
	struct fixture *f = fixture_of(state);
	struct hpte_outcome copy;
	struct scene scene;

	start(&scene, f, ENTRY_4K, ENTRY_RW, LOAD);
	copy = scene.outcome;
	assert_int_equal(scene_complete(&scene), HPTE_FAULT_RETRY);
	memory_set_rc(f, scene.entry.index, HPTE_DW1_RC);
	scene.outcome = copy;
	assert_int_equal(scene_complete(&scene), HPTE_FAULT_RETRY);
	assert_mapped(&scene, true, HPTE_DW1_RC);
	scene_complete(&scene);
	assert_mapped(&scene, true, HPTE_DW1_RC);
}

/* A fetch, a real mode access, one whose key lets it pass. */
static void every_kind_of_access(void **state)
{
	const struct hpte_va va = { VRMA_VSID, 0x7000, 40, 12 };
	struct fixture *f = fixture_of(state);
	struct scene scene;
	struct entry entry;

	scene_start(&scene, f, ENTRY_4K, ENTRY_ABSENT, ENTRY_RW);
	scene.fault.flags = HPTE_FAULT_FETCH;
	assert_int_equal(scene_resolve(&scene, LOAD), HPTE_FAULT_HOST_PAGE);
	assert_false(scene.outcome.is_store);
	assert_int_equal(scene_complete(&scene), HPTE_FAULT_RETRY);
	assert_mapped(&scene, true, 0);
	assert_false(f->host.map_want_write);
	scene_empty(&scene, f);
	entry = scene_entry(f, &va, 12, 0x5000, false, ENTRY_RW);
	scene_put(&scene, &entry, ENTRY_ABSENT);
	scene_aim(&scene, &scene.entry, true);
	assert_int_equal(scene_settle(&scene, LOAD | STORE),
			 HPTE_FAULT_RETRY);
	assert_mapped(&scene, true, 0);
	/* LPCR[ISL] has to be remembered between the two steps. */
	scene_start(&scene, f, ENTRY_4K, ENTRY_ABSENT, ENTRY_RW);
	scene.fault.access.descriptor |= 0x110;
	scene.fault.flags = HPTE_FAULT_BASE_4K;
	assert_int_equal(scene_settle(&scene, LOAD), HPTE_FAULT_RETRY);
	assert_mapped(&scene, true, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_WALKER_KIND(absent_becomes_valid),
		TEST_WALKER_KIND(page_within_a_host_page),
		TEST_WALKER_KIND(read_only_and_then_writable),
		TEST_WALKER_KIND(rights_of_the_walker),
		TEST_WALKER_KIND(host_refuses),
		TEST_WALKER_KIND(unsuitable_host_page),
		TEST_WALKER_KIND(still_read_only),
		TEST_WALKER_KIND(no_map_page),
		TEST_WALKER_KIND(fewest_callbacks),
		TEST_EVERY_KIND(no_ram_any_more),
		TEST_WALKER_KIND(region_removed_under_a_valid_entry),
		TEST_EVERY_KIND(other_outcomes_are_left),
		TEST_WALKER_KIND(twice_is_once),
		TEST_WALKER_KIND(every_kind_of_access),
	};

	return TEST_RUN("fault_complete", tests);
}
