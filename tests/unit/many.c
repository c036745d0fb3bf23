/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/many.c - find, insert and remove many at once.
 *
 * What single calls make of random requests on a random table is the
 * expectation: results, the table's memory and what the host is told.  All
 * entries lie in few groups, so that groups overflow and addresses repeat.
 */
#include "descriptor.h"
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

#define MOST		200U
#define ENTRIES		90U
#define SPREAD		3U	/* log2 of the groups that are used */

static const size_t counts[] = {
	0, 1, 2, HPTE_REMOVE_WINDOW - 1, HPTE_REMOVE_WINDOW,
	HPTE_REMOVE_WINDOW + 1, HPTE_CHANGE_AHEAD - 1, HPTE_CHANGE_AHEAD,
	HPTE_CHANGE_AHEAD + 1, HPTE_FIND_AHEAD - 1, HPTE_FIND_AHEAD,
	HPTE_FIND_AHEAD + 1, 2 * HPTE_FIND_AHEAD - 1, 2 * HPTE_FIND_AHEAD,
	2 * HPTE_FIND_AHEAD + 1, MOST
};

#define COUNTS		(sizeof(counts) / sizeof(counts[0]))

struct scene {
	struct fixture *f;
	struct test_random random;
	struct entry entries[ENTRIES];
	bool there[ENTRIES];
};

/* A random page in one of few groups, of any size. */
static struct entry random_entry(struct scene *scene, unsigned int n)
{
	struct test_random *random = &scene->random;
	bool secondary = test_random_below(random, 4) == 0;
	unsigned int size = (unsigned int)test_random_below(random, 2) ?
			    0 : (unsigned int)test_random_below(random,
								ENTRY_SIZES);
	struct entry entry = entry_make(scene->f, entry_sizes[size], n,
					secondary, ENTRY_RW);

	entry.va.vsid ^= test_random_below(random, 1U << SPREAD);
	entry.guest.dw0 = hpte_hash_dw0(&entry.va) |
			  (entry.guest.dw0 & (HPTE_DW0_L | HPTE_DW0_H)) |
			  HPTE_DW0_V | (test_random(random) & HPTE_DW0_BOLTED);
	entry.index = HPTE_GROUP_ENTRIES *
		      hpte_hash_group(hpte_hash_primary(&entry.va), secondary,
				      scene->f->order);
	return entry;
}

/* The same table for the same seed. */
static void fill(struct scene *scene, struct fixture *f, uint64_t seed)
{
	scene->f = f;
	test_random_seed(&scene->random, seed);
	fixture_restart(f);
	for (unsigned int i = 0; i < ENTRIES; i++) {
		struct entry *entry = &scene->entries[i];
		unsigned int state;
		struct hpte_host_page page;

		*entry = random_entry(scene, i);
		if (i && test_random_below(&scene->random, 8) == 0)
			*entry = scene->entries[i - 1];
		state = (unsigned int)test_random_below(&scene->random,
							ENTRY_STATES);
		page = entry_host_page(f, entry);
		scene->there[i] = hpte_table_insert(&f->table, entry->index,
				state == ENTRY_MMIO ? HPTE_INSERT_MMIO : 0,
				&entry->guest,
				state == ENTRY_VALID ? &page : NULL,
				&entry->index) == HPTE_OK;
		if (scene->there[i] && state == ENTRY_VALID &&
		    f->kind->walker)
			memory_set_rc(f, entry->index,
				      test_random(&scene->random));
	}
	fake_host_forget(&f->host);
}

/* The memory of a small table, to compare. */
struct copy {
	unsigned char bytes[UINT64_C(1) << HPTE_ORDER_MIN];
};

static struct copy *copy_of(struct fixture *f)
{
	struct copy *copy = malloc(sizeof(*copy));

	assert_non_null(copy);
	memcpy(copy, hpte_table_base(&f->table), sizeof(*copy));
	return copy;
}

/* Has the table these contents?  The copy is given back. */
static void assert_contents(struct fixture *f, struct copy *copy)
{
	assert_memory_equal(hpte_table_base(&f->table), copy, sizeof(*copy));
	free(copy);
}

/* Find. */

static void expect_finds(struct scene *scene, size_t count,
			 unsigned int flags)
{
	static struct hpte_find_request requests[MOST + 1], poison;
	struct hpte_table *table = &scene->f->table;
	struct hpte_va va[MOST];
	size_t found = 0;

	memset(&poison, 0x5A, sizeof(poison));
	requests[count] = poison;
	for (size_t i = 0; i < count; i++) {
		uint64_t n = test_random_below(&scene->random, ENTRIES + 9);

		va[i] = n < ENTRIES ? scene->entries[n].va :
			random_entry(scene, 1000).va;
		requests[i] = poison;
		requests[i].descriptor = test_descriptor(&va[i]);
		requests[i].ea = va[i].offset;
	}
	found = hpte_table_find_many(table, requests, count, flags);
	assert_memory_equal(&requests[count], &poison, sizeof(poison));
	for (size_t i = 0; i < count; i++) {
		struct hpte_view view = poison.view;

		assert_int_equal(requests[i].status,
				 hpte_table_find(table, &va[i], flags, &view));
		assert_memory_equal(&requests[i].view, &view, sizeof(view));
		assert_int_equal(requests[i].descriptor,
				 test_descriptor(&va[i]));
		assert_int_equal(requests[i].ea, va[i].offset);
		found -= requests[i].status == HPTE_OK;
	}
	assert_int_equal(found, 0);
}

static void finds_as_single_calls(void **state)
{
	struct fixture *f = fixture_of(state);
	static struct scene scene;

	for (uint64_t seed = 1; seed <= 10; seed++) {
		struct copy *before;

		fill(&scene, f, seed);
		before = copy_of(f);
		for (unsigned int i = 0; i < COUNTS; i++) {
			expect_finds(&scene, counts[i], 0);
			expect_finds(&scene, counts[i], HPTE_FIND_VALID);
		}
		assert_contents(f, before);
		assert_int_equal(f->host.calls.flush, 0);
	}
}

/* Find three entries, of which the second is in some state; as find does. */
static void expect_as_find(struct fixture *f, const struct hpte_va *va)
{
	struct hpte_find_request requests[3], poison;
	struct hpte_view view;

	memset(&poison, 0x5A, sizeof(poison));
	for (unsigned int i = 0; i < 3; i++) {
		requests[i] = poison;
		requests[i].descriptor = test_descriptor(&va[i]);
		requests[i].ea = va[i].offset;
	}
	(void)hpte_table_find_many(&f->table, requests, 3, 0);
	for (unsigned int i = 0; i < 3; i++) {
		view = poison.view;
		assert_int_equal(requests[i].status,
				 hpte_table_find(&f->table, &va[i], 0, &view));
		assert_memory_equal(&requests[i].view, &view, sizeof(view));
	}
}

/*
 * A stale entry of the same B, AVPN and H but of another base page size in
 * front of the right one, in the same group and in the other one.
 */
static void finds_past_another_base_size(void **state)
{
	struct fixture *f = fixture_of(state);

	for (unsigned int kind = 0; kind < 2 * ENTRY_STATES; kind++) {
		enum entry_state how = (enum entry_state)(kind / 2);
		struct entry right = entry_make(f, ENTRY_4K, 0, kind & 1,
						ENTRY_RW);
		struct entry stale = entry_make(f, ENTRY_4K, 0, false,
						ENTRY_RW);
		const struct hpte_va va[3] = { right.va, right.va, right.va };

		fixture_restart(f);
		stale.guest.dw0 |= HPTE_DW0_L;	/* LP 0001: 64K base */
		stale.guest.dw1 = UINT64_C(0x50001000) | ENTRY_RW;
		stale.real = 0x50000000;
		stale.page.actual = 16;
		entry_put(f, &stale, how, false);
		expect_as_find(f, va);
		if (kind & 1) {
			stale.guest.dw0 |= HPTE_DW0_H;
			stale.index = right.index;
			entry_put(f, &stale, how, false);
			expect_as_find(f, va);
		}
		entry_put(f, &right, how, false);
		expect_as_find(f, va);
	}
}

/* Two entries that differ in B only: where it stands depends on the state. */
static void finds_the_segment_size(void **state)
{
	struct fixture *f = fixture_of(state);

	for (unsigned int kind = 0; kind < 2 * ENTRY_STATES; kind++) {
		enum entry_state how = (enum entry_state)(kind / 2);
		struct entry entry = entry_make(f, ENTRY_4K, 3, kind & 1,
						ENTRY_RW);
		struct entry other = entry;
		const struct hpte_va va[3] = { entry.va, entry.va, entry.va };

		fixture_restart(f);
		other.guest.dw0 |= HPTE_DW0_B_1T;
		entry_put(f, &other, how, false);
		expect_as_find(f, va);
		entry_put(f, &entry, how, false);
		expect_as_find(f, va);
	}
}

/* What another CPU sees inside an operation, as a single find sees it. */
struct inside {
	struct fixture *f;
	struct hpte_va va[3];
	unsigned int times;
};

static void look_inside(void *arg)
{
	struct inside *inside = arg;

	expect_as_find(inside->f, inside->va);
	inside->times++;
}

static void finds_entries_in_transition(void **state)
{
	struct fixture *f = fixture_of(state);
	struct inside inside = { .f = f };

	for (unsigned int secondary = 0; secondary < 2; secondary++) {
		struct entry entry = entry_make(f, ENTRY_4K, 1, secondary,
						ENTRY_RW);
		struct entry last = entry_make(f, ENTRY_4K, 2, false,
					       ENTRY_RW);
		struct entry late = entry_make(f, ENTRY_4K, 3, secondary,
					       ENTRY_RW);

		inside.va[0] = late.va;
		inside.va[1] = entry.va;
		inside.va[2] = last.va;
		fixture_restart(f);
		entry_put(f, &entry, ENTRY_VALID, false);
		entry_put(f, &last, ENTRY_VALID, false);
		/* owned */
		fake_host_inject(&f->host, FAKE_AT_FLUSH, look_inside,
				 &inside);
		assert_int_equal(hpte_table_protect(&f->table, entry.index,
						    NULL, HPTE_DW1_PP, 3),
				 HPTE_OK);
		/* claimed */
		fake_host_inject(&f->host, FAKE_AT_RETRY, look_inside,
				 &inside);
		entry_put(f, &late, ENTRY_VALID, false);
		/* dying */
		fake_host_inject(&f->host, FAKE_AT_FLUSH, look_inside,
				 &inside);
		assert_int_equal(hpte_table_remove(&f->table, entry.index,
						   NULL, NULL), HPTE_OK);
	}
	assert_int_equal(inside.times, 6);
}

/* Remove. */

static struct hpte_remove_request random_remove(struct scene *scene, size_t n)
{
	struct test_random *random = &scene->random;
	const struct entry *entry =
		&scene->entries[(n + test_random_below(random, 3)) % ENTRIES];
	struct hpte_remove_request request;

	memset(&request, 0x5A, sizeof(request));
	request.index = entry->index;
	request.only.flags = (unsigned int)test_random_below(random, 4);
	request.only.value = entry->guest.dw0 & ~UINT64_C(0x7F);
	if (request.only.flags & HPTE_IF_ANDCOND)
		request.only.value = test_random(random) & HPTE_DW0_BOLTED;
	if (test_random_below(random, 8) == 0)
		request.index = hpte_table_entries(&scene->f->table) +
				test_random(random) % 9;
	return request;
}

static int remove_singly(struct hpte_table *table,
			 struct hpte_remove_request *request)
{
	request->status = hpte_table_remove(table, request->index,
					    &request->only,
					    &request->removed);
	return request->status;
}

/* Was each operand of one host also given to the other? */
static void assert_flushed_too(const struct fake_host *singly,
			       const struct fake_host *many)
{
	for (unsigned int i = 0; i < singly->rbs; i++) {
		unsigned int j = 0;

		while (j < many->rbs && many->rb[j] != singly->rb[i])
			j++;
		assert_true(j < many->rbs);
	}
	assert_true(many->rbs >= singly->rbs);
	assert_int_equal(many->dirty.count, singly->dirty.count);
	assert_memory_equal(many->dirty.range, singly->dirty.range,
			    singly->dirty.count * sizeof(struct fake_range));
}

static void expect_removes(struct scene *scene, struct fixture *f,
			   uint64_t seed, size_t count)
{
	static struct hpte_remove_request singly[MOST], many[MOST + 1];
	static struct fake_host host;
	struct hpte_remove_request poison;
	struct copy *contents;
	size_t removed = 0;
	uint64_t generation;

	memset(&poison, 0x5A, sizeof(poison));
	fill(scene, f, seed);
	for (size_t i = 0; i < count; i++)
		singly[i] = many[i] = random_remove(scene, i);
	many[count] = poison;
	for (size_t i = 0; i < count; i++)
		removed += remove_singly(&f->table, &singly[i]) == HPTE_OK;
	host = f->host;
	contents = copy_of(f);
	generation = hpte_table_generation(&f->table);
	fill(scene, f, seed);
	assert_int_equal(hpte_table_remove_many(&f->table, many, count),
			 removed);
	assert_memory_equal(many, singly, count * sizeof(many[0]));
	assert_memory_equal(&many[count], &poison, sizeof(poison));
	assert_contents(f, contents);
	assert_flushed_too(&host, &f->host);
	assert_true(f->host.calls.flush <=
		    (count + HPTE_REMOVE_WINDOW - 1) / HPTE_REMOVE_WINDOW * 2);
	assert_true(hpte_table_generation(&f->table) >= generation);
}

static void removes_as_single_calls(void **state)
{
	struct fixture *f = fixture_of(state);
	static struct scene scene;

	for (uint64_t seed = 1; seed <= 4; seed++)
		for (unsigned int i = 0; i < COUNTS; i++)
			expect_removes(&scene, f, seed * 100 + i, counts[i]);
}

/* One invalidation for each window, with all of its operands. */
static void removes_share_invalidations(void **state)
{
	enum { GROUPS = 5 };
	struct fixture *f = fixture_of(state);
	struct hpte_remove_request requests[GROUPS * HPTE_REMOVE_WINDOW];
	uint64_t rb[GROUPS * HPTE_REMOVE_WINDOW];

	fixture_restart(f);
	for (unsigned int i = 0; i < GROUPS * HPTE_REMOVE_WINDOW; i++) {
		struct entry entry = entry_make(f, ENTRY_4K, i, false,
						ENTRY_RW);

		entry.index = i;
		entry_put(f, &entry, ENTRY_VALID, true);
		rb[i] = hpte_hash_tlbie_rb(&entry.guest, &entry.page, i);
		requests[i].index = i;
		requests[i].only.flags = 0;
	}
	fake_host_forget(&f->host);
	assert_int_equal(hpte_table_remove_many(&f->table, requests,
						GROUPS * HPTE_REMOVE_WINDOW),
			 GROUPS * HPTE_REMOVE_WINDOW);
	assert_int_equal(f->host.calls.flush, GROUPS);
	assert_int_equal(f->host.rbs, GROUPS * HPTE_REMOVE_WINDOW);
	assert_memory_equal(f->host.rb, rb, sizeof(rb));
}

struct late {
	struct fixture *f;
	uint64_t index;
};

static void hardware_sets(void *arg)
{
	const struct late *late = arg;

	memory_set_rc(late->f, late->index, HPTE_DW1_RC);
}

/* R and C that hardware sets until it is told are reported (M, N). */
static void removes_report_late_rc(void **state)
{
	struct fixture *f = fixture_of(state);

	for (unsigned int n = 0; n < HPTE_REMOVE_WINDOW; n++) {
		struct hpte_remove_request requests[HPTE_REMOVE_WINDOW];
		struct late late = { f, n };

		fixture_restart(f);
		for (unsigned int i = 0; i < HPTE_REMOVE_WINDOW; i++) {
			struct entry entry = entry_make(f, ENTRY_4K, i, false,
							ENTRY_RW);

			entry.index = i;
			entry_put(f, &entry, ENTRY_VALID, true);
			requests[i].index = i;
			requests[i].only.flags = 0;
		}
		fake_host_inject(&f->host, FAKE_AT_FLUSH, hardware_sets,
				 &late);
		assert_int_equal(hpte_table_remove_many(&f->table, requests,
							HPTE_REMOVE_WINDOW),
				 HPTE_REMOVE_WINDOW);
		for (unsigned int i = 0; i < HPTE_REMOVE_WINDOW; i++)
			assert_int_equal(requests[i].removed.dw1 & HPTE_DW1_RC,
					 i == n ? HPTE_DW1_RC : 0);
		assert_int_equal(f->host.dirty.count, 1);
	}
}

/* Insert. */

static struct hpte_insert_request
random_insert(struct scene *scene, struct hpte_host_page *page, unsigned int n)
{
	struct test_random *random = &scene->random;
	struct entry entry = random_entry(scene, 1000 + n);
	struct hpte_insert_request request;

	memset(&request, 0x5A, sizeof(request));
	*page = entry_host_page(scene->f, &entry);
	request.page = test_random_below(random, 2) ? page : NULL;
	request.entry = entry.guest;
	request.index = entry.index + test_random_below(random, 8);
	request.flags = (unsigned int)test_random_below(random, 5);
	switch (test_random_below(random, 16)) {
	case 0:
		request.index = hpte_table_entries(&scene->f->table) +
				test_random_below(random, 9);
		break;
	case 1:
		request.index = UINT64_MAX;
		break;
	case 2:
		request.entry.dw0 |= HPTE_BIT(0);	/* B is reserved */
		break;
	default:
		break;
	}
	return request;
}

static void expect_inserts(struct scene *scene, struct fixture *f,
			   uint64_t seed, size_t count)
{
	static struct hpte_insert_request singly[MOST], many[MOST + 1];
	static struct hpte_host_page pages[MOST];
	struct hpte_insert_request poison;
	struct copy *contents;
	size_t inserted = 0;

	memset(&poison, 0x5A, sizeof(poison));
	fill(scene, f, seed);
	for (unsigned int i = 0; i < count; i++)
		singly[i] = many[i] = random_insert(scene, &pages[i], i);
	many[count] = poison;
	for (size_t i = 0; i < count; i++) {
		singly[i].status = hpte_table_insert(&f->table,
				singly[i].index, singly[i].flags,
				&singly[i].entry, singly[i].page,
				&singly[i].used);
		inserted += singly[i].status == HPTE_OK;
	}
	contents = copy_of(f);
	fill(scene, f, seed);
	assert_int_equal(hpte_table_insert_many(&f->table, many, count),
			 inserted);
	assert_memory_equal(many, singly, count * sizeof(many[0]));
	assert_memory_equal(&many[count], &poison, sizeof(poison));
	assert_contents(f, contents);
}

static void inserts_as_single_calls(void **state)
{
	struct fixture *f = fixture_of(state);
	static struct scene scene;

	for (uint64_t seed = 1; seed <= 4; seed++)
		for (unsigned int i = 0; i < COUNTS; i++)
			expect_inserts(&scene, f, seed * 100 + i, counts[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_EVERY_KIND(finds_as_single_calls),
		TEST_PRIVATE_KIND(finds_as_single_calls),
		TEST_EVERY_KIND(finds_past_another_base_size),
		TEST_PRIVATE_KIND(finds_past_another_base_size),
		TEST_EVERY_KIND(finds_the_segment_size),
		TEST_PRIVATE_KIND(finds_the_segment_size),
		TEST_WALKER_KIND(finds_entries_in_transition),
		TEST_EVERY_KIND(removes_as_single_calls),
		TEST_PRIVATE_KIND(removes_as_single_calls),
		TEST_WALKER_KIND(removes_share_invalidations),
		TEST_WALKER_KIND(removes_report_late_rc),
		TEST_EVERY_KIND(inserts_as_single_calls),
		TEST_PRIVATE_KIND(inserts_as_single_calls),
	};

	return TEST_RUN("many", tests);
}
