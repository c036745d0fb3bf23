/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/host_answers.c - hosts that offer little, or answer oddly.
 *
 * Every callback of host.h is optional and some may be wrong: the guest then
 * gets a code, and the table stays what it was.
 */
#include "fixture.h"

#include <string.h>

static int64_t prepare(struct fixture *f, uint64_t shift)
{
	struct hcall call;

	return HCALL(f, &call, HPTE_HCALL_RESIZE_HPT_PREPARE, 0, shift);
}

static int64_t commit(struct fixture *f, uint64_t shift)
{
	struct hcall call;

	return HCALL(f, &call, HPTE_HCALL_RESIZE_HPT_COMMIT, 0, shift);
}

/* Storage that no table can lie in, from a host that says DONE. */
struct odd_storage {
	struct hpte_memory memory;
	struct hpte_memory freed;
	unsigned int frees;
};

static struct odd_storage odd;

static enum hpte_host_result odd_alloc(void *ctx, unsigned int order,
				       struct hpte_memory *memory)
{
	(void)ctx;
	(void)order;
	*memory = odd.memory;
	return HPTE_HOST_DONE;
}

static void odd_free(void *ctx, unsigned int order,
		     const struct hpte_memory *memory)
{
	(void)ctx;
	assert_int_equal(order, 19);
	odd.freed = *memory;
	odd.frees++;
}

/* It is refused, given back once, and nothing is pending. */
static void refuse(struct fixture *f, void *base, void *side)
{
	memset(&odd, 0, sizeof(odd));
	odd.memory.base = base;
	odd.memory.side = side;
	assert_int_equal(prepare(f, 19), HPTE_H_RESOURCE);
	assert_int_equal(odd.frees, 1);
	assert_ptr_equal(odd.freed.base, base);
	assert_ptr_equal(odd.freed.side, side);
	assert_int_equal(commit(f, 19), HPTE_H_CLOSED);
	assert_int_equal(prepare(f, 0), HPTE_H_SUCCESS);
	assert_int_equal(odd.frees, 1);
	assert_int_equal(hpte_table_order(&f->table), 18);
}

static void storage_that_does_not_fit(void **state)
{
	struct fixture *f = fixture_of(state);
	uint8_t *base = hpte_table_base(&f->table);
	void *side = f->first.memory.side;

	f->host.ops.hpt_alloc = odd_alloc;
	f->host.ops.hpt_free = odd_free;
	refuse(f, NULL, side);
	refuse(f, base + HPTE_ENTRY_BYTES, side);
	if (!side)
		return;
	refuse(f, base, NULL);
	refuse(f, base, (uint8_t *)side + 8);
}

/* A host that takes nothing back, and has one CPU. */
static void resize_with_hpt_alloc_alone(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e;

	f->host.ops.hpt_free = NULL;
	f->host.ops.vcpus_stop = NULL;
	f->host.ops.vcpus_start = NULL;
	e = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);
	e.guest.dw0 |= HPTE_DW0_BOLTED;
	entry_put(f, &e, ENTRY_VALID, true);
	assert_int_equal(prepare(f, 20), HPTE_H_SUCCESS);
	assert_int_equal(prepare(f, 0), HPTE_H_SUCCESS);
	assert_int_equal(prepare(f, 19), HPTE_H_SUCCESS);
	assert_int_equal(commit(f, 19), HPTE_H_SUCCESS);
	assert_int_equal(hpte_table_order(&f->table), 19);
	e.index = hpte_hash_group(hpte_hash_primary(&e.va), false, 19) * 8;
	assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1);
	assert_int_equal(f->host.calls.free, 0);
}

struct late {
	struct fixture *f;
	struct hcall call;
	enum hpte_hcall_disposition disposition;
};

static void commit_now(void *arg)
{
	struct late *late = arg;

	late->disposition = hpte_hcall_dispatch(&late->f->vm, late->call.gpr,
						0);
}

/* vcpus_stop() said yes, but a CPU is in the middle of a change. */
static void commit_meets_an_owner(void **state)
{
	struct fixture *f = fixture_of(state);
	const uint64_t args[] = { 0, 19 };
	struct late late = { .f = f };
	struct hcall call;
	struct entry e;

	e = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);
	entry_put(f, &e, ENTRY_VALID, true);
	assert_int_equal(prepare(f, 19), HPTE_H_SUCCESS);
	hcall_prepare(f, &late.call, HPTE_HCALL_RESIZE_HPT_COMMIT, args, 2);
	fake_host_inject(&f->host, FAKE_AT_FLUSH, commit_now, &late);
	/* the rights of a valid entry cannot narrow without a flush */
	assert_int_equal(HCALL(f, &call, HPTE_HCALL_PROTECT, 3, e.index),
			 HPTE_H_SUCCESS);
	assert_true(fake_host_injected(&f->host, FAKE_AT_FLUSH));
	assert_int_equal(late.disposition, HPTE_HCALL_AGAIN);
	assert_memory_equal(late.call.gpr, late.call.before,
			    sizeof(late.call.gpr));
	assert_int_equal(f->host.calls.start, f->host.calls.stop);
	assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1 | 3);
	assert_int_equal(commit(f, 19), HPTE_H_SUCCESS);
	assert_int_equal(hpte_table_order(&f->table), 19);
}

/* A table without a host: no walker can be attached to it. */
static void no_callbacks(void **state)
{
	struct fixture *f = fixture_of(state);
	struct hpte_table_config config;
	struct hpte removed;
	struct hcall call;
	struct entry e;

	fixture_config(f, &config);
	config.ops = NULL;
	assert_int_equal(hpte_table_init(&f->table, &config), HPTE_OK);
	hpte_hcall_init(&f->vm, &f->table);
	e = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);
	assert_int_equal(HCALL(f, &call, HPTE_HCALL_ENTER,
			       HPTE_HFLAG_ZERO_PAGE, e.index, e.guest.dw0,
			       e.guest.dw1), HPTE_H_FUNCTION);
	assert_int_equal(HCALL(f, &call, HPTE_HCALL_ENTER,
			       HPTE_HFLAG_ICACHE_SYNCHRONIZE, e.index,
			       e.guest.dw0, e.guest.dw1), HPTE_H_SUCCESS);
	assert_int_equal(hpte_table_remove(&f->table, call.gpr[4], NULL,
					   &removed), HPTE_OK);
	assert_int_equal(HCALL(f, &call, HPTE_HCALL_PAGE_INIT,
			       HPTE_HFLAG_ZERO_PAGE, 0, 0), HPTE_H_FUNCTION);
	assert_int_equal(HCALL(f, &call, HPTE_HCALL_PAGE_INIT,
			       HPTE_HFLAG_ICACHE_SYNCHRONIZE, 0, 0),
			 HPTE_H_SUCCESS);
	assert_int_equal(HCALL(f, &call, HPTE_HCALL_VRMASD, 0),
			 HPTE_H_FUNCTION);
	assert_int_equal(prepare(f, 19), HPTE_H_RESOURCE);
	assert_int_equal(commit(f, 19), HPTE_H_CLOSED);
	entry_put(f, &e, ENTRY_ABSENT, true);
	hpte_table_reset(&f->table);
	assert_empty(f, e.index);
}

static unsigned int writes;

static bool third_write_fails(void *ctx, uint64_t gpa, const void *from,
			      uint64_t bytes)
{
	(void)ctx;
	(void)gpa;
	(void)from;
	(void)bytes;
	return ++writes != 3;
}

static bool read_nothing(void *ctx, uint64_t gpa, void *to, size_t bytes)
{
	(void)ctx;
	(void)gpa;
	memset(to, 0, bytes);
	return true;
}

/* The page goes away in the middle of a copy: all of it again, later. */
static void copy_stops_in_the_middle(void **state)
{
	const uint64_t args[] = { HPTE_HFLAG_COPY_PAGE, 0x1000, 0x2000 };
	struct fixture *f = fixture_of(state);
	struct hcall call;

	f->host.ops.guest_read = read_nothing;
	f->host.ops.guest_write = third_write_fails;
	writes = 0;
	hcall_prepare(f, &call, HPTE_HCALL_PAGE_INIT, args, 3);
	assert_int_equal(hpte_hcall_dispatch(&f->vm, call.gpr, 0),
			 HPTE_HCALL_AGAIN);
	assert_memory_equal(call.gpr, call.before, sizeof(call.gpr));
	assert_int_equal(writes, 3);
	/* two writes of 128 bytes came before */
	assert_int_equal(f->host.dirty.count, 1);
	assert_true(fake_host_covers(&f->host.dirty, 0x1000, 256));
	assert_int_equal(HCALL(f, &call, HPTE_HCALL_PAGE_INIT,
			       HPTE_HFLAG_COPY_PAGE, 0x1000, 0x2000),
			 HPTE_H_SUCCESS);
	assert_true(writes > 4);
	assert_true(fake_host_covers(&f->host.dirty, 0x1000, 0x1000));
}

static enum hpte_host_result no_such_answer(void *ctx, unsigned int code)
{
	(void)ctx;
	(void)code;
	return (enum hpte_host_result)77;
}

static void vrma_answer_unknown(void **state)
{
	struct fixture *f = fixture_of(state);
	struct hcall call;

	f->host.ops.vrma_page_size = no_such_answer;
	assert_int_equal(HCALL(f, &call, HPTE_HCALL_VRMASD, 0x10),
			 HPTE_H_PARAMETER);
}

/* AGAIN is for who calls the table himself; a guest sees it as BUSY. */
static void again_as_a_code(void **state)
{
	(void)state;
	assert_int_equal(hpte_hcall_from_status(HPTE_ERR_AGAIN), HPTE_H_BUSY);
	assert_int_equal(hpte_hcall_from_status(4711), HPTE_H_HARDWARE);
}

/* A number of no size: from a register image that was tampered with. */
static void value_of_no_size(void **state)
{
	const struct hpte_mmio_region region = { .flags = 0 };
	unsigned int size;

	(void)state;
	for (size = 9; size < 16; size++)
		assert_int_equal(hpte_mmio_to_guest(&region, ~UINT64_C(0),
						    size, true), 0);
	assert_int_equal(hpte_mmio_to_guest(&region, ~UINT64_C(0), 0, true),
			 0);
	assert_int_equal(hpte_mmio_to_guest(&region, ~UINT64_C(0), 8, true),
			 ~UINT64_C(0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_EVERY_KIND(storage_that_does_not_fit),
		TEST_EVERY_KIND(resize_with_hpt_alloc_alone),
		TEST_WALKER_KIND(commit_meets_an_owner),
		TEST_OF_KIND_(no_callbacks, fixture_setup, 0, "soft-207"),
		TEST_OF_KIND_(no_callbacks, fixture_setup, 1, "soft-300"),
		TEST_OF_KIND_(no_callbacks, fixture_setup, 2,
			      "soft-207-load16"),
		TEST_OF_KIND_(no_callbacks, fixture_setup, 3,
			      "soft-300-load16"),
		TEST_EVERY_KIND(copy_stops_in_the_middle),
		TEST_EVERY_KIND(vrma_answer_unknown),
		cmocka_unit_test(again_as_a_code),
		cmocka_unit_test(value_of_no_size),
	};

	return TEST_RUN("host_answers", tests);
}
