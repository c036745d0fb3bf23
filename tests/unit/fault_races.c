/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/fault_races.c - what other CPUs may do between the decision and
 * the mapping, and at each callback of the mapping.
 */
#include "fault_scene.h"

#define LOAD	NO_ENTRY

enum point {
	BEFORE,			/* between resolve and complete */
	IN_CLASSIFY,
	IN_BEGIN,		/* inval_begin, before the value is read */
	IN_MAP,			/* map_page, after the lookup */
	IN_RETRY,		/* inval_retry: the entry may have an owner */
	IN_FLUSH,		/* of a page that replaces a read-only one */
	POINTS
};

static struct hpte_host_ops real_ops;
static void (*run_once)(void *arg);
static void *run_arg;
static enum point where;	/* it runs */

static void run_pending(void)
{
	void (*run)(void *arg) = run_once;

	run_once = NULL;
	if (run)
		run(run_arg);
}

static enum hpte_backing_kind racing_classify(void *ctx, uint64_t gpa,
					      unsigned int shift,
					      unsigned int *largest)
{
	enum hpte_backing_kind kind = real_ops.classify(ctx, gpa, shift,
							largest);

	run_pending();
	return kind;
}

static uint64_t racing_begin(void *ctx)
{
	run_pending();
	return real_ops.inval_begin(ctx);
}

/* Have @run called at a point of hpte_fault_complete(). */
static void arrange(struct scene *scene, enum point point,
		    void (*run)(void *arg))
{
	static const enum fake_point at[POINTS] = {
		[IN_MAP] = FAKE_AT_MAP, [IN_RETRY] = FAKE_AT_RETRY,
		[IN_FLUSH] = FAKE_AT_FLUSH,
	};
	struct fake_host *host = &scene->f->host;

	run_once = NULL;
	run_arg = scene;
	where = point;
	if (point == BEFORE) {
		run(scene);
		fake_host_forget(host);
		return;
	}
	if (point >= IN_MAP) {
		fake_host_inject(host, at[point], run, scene);
		return;
	}
	run_once = run;
	if (point == IN_CLASSIFY)
		host->ops.classify = racing_classify;
	else
		host->ops.inval_begin = racing_begin;
}

/* Up to the point where complete is called. */
static void start(struct scene *scene, struct fixture *f, bool valid,
		  enum point point, void (*run)(void *arg))
{
	if (!real_ops.classify)
		real_ops = f->host.ops;
	f->host.ops = real_ops;
	if (valid) {
		scene_read_only(scene, f, ENTRY_4K, ENTRY_RW);
		scene_resolve(scene, PROTECTION | STORE);
	} else {
		scene_start(scene, f, ENTRY_4K, ENTRY_ABSENT, ENTRY_RW);
		scene_resolve(scene, LOAD);
	}
	assert_int_equal(scene->outcome.action, HPTE_FAULT_HOST_PAGE);
	scene->other = scene->entry;
	scene->other.guest.dw1 += 0x1000;
	scene->other.real += 0x1000;
	arrange(scene, point, run);
}

static void remove_it(void *arg)
{
	struct scene *scene = arg;

	scene->status = hpte_table_remove(&scene->f->table, scene->entry.index,
					  NULL, &scene->removed);
}

static void replace_it(void *arg)
{
	struct scene *scene = arg;
	uint64_t index;

	remove_it(scene);
	/* An owner still at work keeps the slot: then it is not replaced. */
	scene->status = hpte_table_insert(&scene->f->table,
					  scene->entry.index,
					  HPTE_INSERT_EXACT,
					  &scene->other.guest, NULL, &index);
}

static void protect_it(void *arg)
{
	struct scene *scene = arg;

	scene->status = hpte_table_protect(&scene->f->table,
					   scene->entry.index, NULL,
					   HPTE_DW1_PP, 3);
}

static void demote_it(void *arg)
{
	struct scene *scene = arg;

	scene->status = hpte_table_demote(&scene->f->table,
					  scene->entry.index);
}

/* The host takes the page: the sequence first, then the entry. */
static void unmap_it(void *arg)
{
	struct scene *scene = arg;

	scene->f->host.sequence++;
	demote_it(scene);
}

static void promote_it(void *arg)
{
	struct scene *scene = arg;
	struct hpte_host_page page = entry_host_page(scene->f, &scene->entry);
	struct hpte_view view;

	assert_int_equal(hpte_table_read(&scene->f->table, scene->entry.index,
					 &view), HPTE_OK);
	scene->status = hpte_table_promote(&scene->f->table, &view, &page);
}

static void hardware_sets(void *arg)
{
	struct scene *scene = arg;

	struct hpte now = memory_entry(scene->f, scene->entry.index);

	/* After the flush of an entry with V=0 the hardware has forgotten. */
	if (where == IN_RETRY && !(now.dw0 & HPTE_DW0_V))
		scene->rc = 0;
	memory_set_rc(scene->f, scene->entry.index, scene->rc);
	scene->status = HPTE_OK;
}

static void make_it_a_device(void *arg)
{
	struct scene *scene = arg;

	scene_device(scene, true);
	scene->f->host.sequence++;
	scene->status = HPTE_OK;
}

static void assert_played(const struct scene *scene)
{
	assert_null(run_once);
	assert_int_not_equal(scene->status, 99);
}

/* Contract 4.6: the entry is gone, and stays gone. */
static void removed(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;
	unsigned int n;

	for (n = 0; n < 2 * POINTS; n++) {
		bool valid = n & 1;

		if (n / 2 == IN_FLUSH && !valid)
			continue;
		start(&scene, f, valid, (enum point)(n / 2), remove_it);
		assert_int_equal(scene_complete(&scene), HPTE_FAULT_RETRY);
		assert_played(&scene);
		assert_int_equal(scene.status, HPTE_OK);
		assert_int_equal(scene.removed.dw1, scene.entry.guest.dw1);
		assert_empty(f, scene.entry.index);
		scene_resolve(&scene, LOAD);
		assert_dsi(&scene, LOAD);
		assert_int_equal(scene_resolve(&scene, PROTECTION | STORE),
				 HPTE_FAULT_RETRY);
	}
}

/* The same AVPN in the same slot, but another page. */
static void replaced(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;
	unsigned int n;

	for (n = 0; n < 2 * POINTS; n++) {
		bool valid = n & 1;

		if (n / 2 == IN_FLUSH && !valid)
			continue;
		start(&scene, f, valid, (enum point)(n / 2), replace_it);
		assert_int_equal(scene_complete(&scene), HPTE_FAULT_RETRY);
		assert_played(&scene);
		if (scene.status == HPTE_ERR_FULL) {
			/* The old one's owner frees the slot. */
			assert_true(n / 2 >= IN_RETRY);
			assert_empty(f, scene.entry.index);
			continue;
		}
		assert_not_mapped(&scene);
		assert_int_equal(scene.status, HPTE_OK);
		assert_guest_is(f, scene.entry.index, scene.other.guest.dw0,
				scene.other.guest.dw1);
		scene.entry = scene.other;
		assert_int_equal(scene_settle(&scene, LOAD), HPTE_FAULT_RETRY);
		assert_mapped(&scene, true, 0);
	}
}

/* Between the steps, to the very same: it may be mapped or tried again. */
static void replaced_by_the_same(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;

	start(&scene, f, false, BEFORE, remove_it);
	scene_put(&scene, &scene.entry, ENTRY_ABSENT);
	assert_int_equal(scene_complete(&scene), HPTE_FAULT_RETRY);
	assert_int_equal(scene_settle(&scene, LOAD), HPTE_FAULT_RETRY);
	assert_mapped(&scene, true, 0);
}

/* D33: rights that the guest took away are not mapped. */
static void protected_meanwhile(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;
	unsigned int n;

	for (n = 0; n < 2 * IN_RETRY; n++) {
		bool valid = n & 1;

		start(&scene, f, valid, (enum point)(n / 2), protect_it);
		assert_int_equal(scene_complete(&scene), HPTE_FAULT_RETRY);
		assert_played(&scene);
		assert_int_equal(scene.status, HPTE_OK);
		scene.entry.guest.dw1 |= 3;
		assert_guest_is(f, scene.entry.index, scene.entry.guest.dw0,
				scene.entry.guest.dw1);
		if (valid)
			assert_mapped(&scene, false, 0);
		else
			assert_not_mapped(&scene);
		scene_settle(&scene, LOAD);
		assert_mapped(&scene, !valid, 0);
		scene_resolve(&scene, PROTECTION | STORE);
		assert_dsi(&scene, PROTECTION | STORE);
	}
}

/* An upgrade must not bring back what the host has just taken. */
static void demoted(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;
	unsigned int point;

	for (point = 0; point < POINTS; point++) {
		start(&scene, f, true, (enum point)point, demote_it);
		assert_int_equal(scene_complete(&scene), HPTE_FAULT_RETRY);
		assert_played(&scene);
		if (scene.status == HPTE_ERR_AGAIN) {
			assert_true(point >= IN_RETRY);
			assert_mapped(&scene, true, 0);
			continue;
		}
		assert_int_equal(scene.status, HPTE_OK);
		assert_not_mapped(&scene);
		assert_int_equal(scene_settle(&scene, LOAD | STORE),
				 HPTE_FAULT_RETRY);
		assert_mapped(&scene, true, 0);
	}
}

/* The host's invalidation: after the sequence was read nothing is mapped. */
static void invalidated(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;
	unsigned int n;

	for (n = 0; n < 2 * 2; n++) {
		bool valid = n & 1;

		start(&scene, f, valid, n & 2 ? IN_MAP : IN_RETRY, unmap_it);
		assert_int_equal(scene_complete(&scene), HPTE_FAULT_RETRY);
		assert_played(&scene);
		/* A host that meets the owner comes back until it is done. */
		if (scene.status == HPTE_ERR_AGAIN)
			demote_it(&scene);
		assert_not_mapped(&scene);
		assert_guest_is(f, scene.entry.index, scene.entry.guest.dw0,
				scene.entry.guest.dw1);
		scene_settle(&scene, LOAD);
		assert_mapped(&scene, true, 0);
	}
}

static void invalidated_for_ever(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;
	struct hpte before;
	int n;

	for (n = 0; n < 2; n++) {
		start(&scene, f, n, BEFORE, hardware_sets);
		before = memory_entry(f, scene.entry.index);
		f->host.always_retry = true;
		assert_int_equal(scene_complete(&scene), HPTE_FAULT_RETRY);
		assert_guest_is(f, scene.entry.index, scene.entry.guest.dw0,
				scene.entry.guest.dw1);
		if (n)
			assert_mapped(&scene, false, 0);
		else
			assert_not_mapped(&scene);
		assert_int_equal(memory_entry(f, scene.entry.index).dw0,
				 before.dw0);
	}
}

/* inval_begin comes before the lookup of the page, or it is worth nothing. */
static void sequence_is_read_first(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;

	start(&scene, f, false, IN_BEGIN, unmap_it);
	assert_int_equal(scene_complete(&scene), HPTE_FAULT_RETRY);
	assert_played(&scene);
	assert_mapped(&scene, true, 0);
	start(&scene, f, false, IN_MAP, make_it_a_device);
	assert_int_equal(scene_complete(&scene), HPTE_FAULT_RETRY);
	assert_not_mapped(&scene);
	assert_int_equal(scene_settle(&scene, LOAD), HPTE_FAULT_MMIO);
}

/* Another CPU was faster: what it mapped stays. */
static void promoted_by_another(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;
	unsigned int point;

	for (point = 0; point <= IN_RETRY; point++) {
		start(&scene, f, false, (enum point)point, promote_it);
		assert_int_equal(scene_complete(&scene), HPTE_FAULT_RETRY);
		assert_played(&scene);
		assert_mapped(&scene, true, 0);
		assert_int_equal(f->host.calls.flush, 0);
	}
}

/* Peer bug 2 on this path: R and C that come with the flush are kept. */
static void walker_sets_bits(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;
	unsigned int n;

	for (n = 0; n < 4 * POINTS; n++) {
		struct hpte_view view;
		uint64_t rc;

		start(&scene, f, true, BEFORE, hardware_sets);
		scene.rc = (uint64_t)(n & 3) << 7;
		arrange(&scene, (enum point)(n / 4), hardware_sets);
		assert_int_equal(scene_complete(&scene), HPTE_FAULT_RETRY);
		assert_played(&scene);
		rc = scene.rc;
		assert_int_equal(hpte_table_read(&f->table, scene.entry.index,
						 &view), HPTE_OK);
		assert_int_equal(view.guest.dw1, scene.entry.guest.dw1 | rc);
		scene_settle(&scene, PROTECTION | STORE);
		assert_mapped(&scene, true, rc);
		remove_it(&scene);
		assert_int_equal(scene.removed.dw1,
				 scene.entry.guest.dw1 | rc);
		assert_int_equal(fake_host_covers(&f->host.dirty,
						  scene.entry.real, 4096),
				 !!(rc & HPTE_DW1_C));
	}
}

/* Peer bug 41: RAM when it was decided, a device when it is mapped. */
static void ram_becomes_a_device(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;
	int valid;

	for (valid = 0; valid < 2; valid++) {
		start(&scene, f, valid, BEFORE, make_it_a_device);
		assert_int_equal(scene_complete(&scene), HPTE_FAULT_MMIO);
		assert_int_equal(scene.outcome.is_store, valid);
		assert_int_equal(scene.outcome.gpa, scene_gpa(&scene.entry, 0));
		assert_int_equal(f->host.calls.map_page, 0);
	}
}

/* V110: rights are the decision's; what the guest has now is another entry. */
static void stale_decision(void **state)
{
	struct fixture *f = fixture_of(state);
	struct hpte_outcome old;
	struct scene scene;
	uint64_t old_index;

	start(&scene, f, false, BEFORE, remove_it);
	old = scene.outcome;
	old_index = scene.entry.index;
	/* The same address, entered again in the secondary group. */
	scene.entry = entry_make(f, ENTRY_4K, 1, true, ENTRY_RW);
	scene_put(&scene, &scene.entry, ENTRY_ABSENT);
	assert_int_not_equal(scene.entry.index, old_index);
	scene.outcome = old;
	assert_int_equal(scene_complete(&scene), HPTE_FAULT_RETRY);
	assert_not_mapped(&scene);
	assert_empty(f, old_index);
}

/* As with read-only pages: the whole group is not disturbed. */
static void neighbours_are_left_alone(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;
	struct entry entry;
	struct hpte before[8];
	uint64_t first, i;

	scene_start(&scene, f, ENTRY_4K, ENTRY_ABSENT, ENTRY_RW);
	for (i = 2; i < 9; i++) {
		entry = entry_make(f, ENTRY_4K, (unsigned int)i, false,
				   ENTRY_RW);
		entry_put(f, &entry, i & 1 ? ENTRY_VALID : ENTRY_ABSENT, false);
	}
	first = scene.entry.index & ~UINT64_C(7);
	for (i = 0; i < 8; i++)
		before[i] = memory_entry(f, first + i);
	assert_int_equal(scene_settle(&scene, LOAD), HPTE_FAULT_RETRY);
	assert_mapped(&scene, true, 0);
	for (i = 0; i < 8; i++) {
		struct hpte now = memory_entry(f, first + i);

		if (first + i != scene.entry.index)
			assert_memory_equal(&before[i], &now, sizeof(now));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_WALKER_KIND(removed),
		TEST_WALKER_KIND(replaced),
		TEST_WALKER_KIND(replaced_by_the_same),
		TEST_WALKER_KIND(protected_meanwhile),
		TEST_WALKER_KIND(demoted),
		TEST_WALKER_KIND(invalidated),
		TEST_WALKER_KIND(invalidated_for_ever),
		TEST_WALKER_KIND(sequence_is_read_first),
		TEST_WALKER_KIND(promoted_by_another),
		TEST_WALKER_KIND(walker_sets_bits),
		TEST_WALKER_KIND(ram_becomes_a_device),
		TEST_WALKER_KIND(stale_decision),
		TEST_WALKER_KIND(neighbours_are_left_alone),
	};

	return TEST_RUN("fault_races", tests);
}
