/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/peer_rc.c - bugs of other hypervisors: R and C that were lost.
 *
 * The numbers in test names are those of COVERAGE.md.  Hardware that stores
 * R or C at the last moment is played inside tlb_invalidate().
 */
#include "fixture.h"

#include <string.h>

#define BULK_REQUEST	UINT64_C(0x4000000000000000)
#define BULK_SUCCESS	UINT64_C(0x8000000000000000)
#define BLOCK_REQUEST	UINT64_C(0x4000000000000000)
#define BLOCK_SUCCESS	UINT64_C(0x8000000000000000)
#define END		UINT64_C(0xC000000000000000)

/* mark_young() has no record in the fake host. */
static struct fake_range young;
static unsigned int young_calls;

static void mark_young(void *ctx, uint64_t gpa, uint64_t bytes)
{
	(void)ctx;
	young.gpa = gpa;
	young.bytes = bytes;
	young_calls++;
}

struct late {
	struct fixture *f;
	uint64_t index;
	uint64_t rc;
};

static void hardware_sets(void *arg)
{
	struct late *late = arg;

	memory_set_rc(late->f, late->index, late->rc);
}

static void set_at_flush(struct fixture *f, struct late *late, uint64_t index,
			 uint64_t rc)
{
	late->f = f;
	late->index = index;
	late->rc = rc;
	fake_host_inject(&f->host, FAKE_AT_FLUSH, hardware_sets, late);
}

static struct entry valid_entry(struct fixture *f, struct entry_size size)
{
	struct entry e = entry_make(f, size, 1, false, ENTRY_RW);

	fixture_restart(f);
	fake_host_fini(&f->host);	/* the table of an earlier COMMIT */
	entry_put(f, &e, ENTRY_VALID, false);
	fake_host_forget(&f->host);
	return e;
}

/* Reported, all of the page, and nothing beside it. */
static void assert_dirty(const struct fixture *f, const struct entry *e,
			 bool dirty)
{
	unsigned int i;

	assert_int_equal(f->host.dirty.count != 0, dirty);
	for (i = 0; i < f->host.dirty.count; i++) {
		assert_int_equal(f->host.dirty.range[i].gpa, e->real);
		assert_int_equal(f->host.dirty.range[i].bytes,
				 UINT64_C(1) << e->page.actual);
	}
}

static void bug_1_change_bit_on_remove(void **state)
{
	struct fixture *f = fixture_of(state);
	struct hcall call;
	struct late late;
	unsigned int i, rc;

	for (i = 0; i < ENTRY_SIZES; i++) {
		for (rc = 0; rc < 4; rc++) {
			struct entry e = valid_entry(f, entry_sizes[i]);
			uint64_t bits = (uint64_t)rc << 7;

			set_at_flush(f, &late, e.index, bits);
			assert_int_equal(HCALL(f, &call, HPTE_HCALL_REMOVE, 0,
					       e.index), HPTE_H_SUCCESS);
			assert_true(fake_host_injected(&f->host,
						       FAKE_AT_FLUSH));
			assert_int_equal(call.gpr[4], e.guest.dw0);
			assert_int_equal(call.gpr[5], e.guest.dw1 | bits);
			assert_dirty(f, &e, (bits & HPTE_DW1_C) != 0);
		}
	}
}

static void bug_2_rc_kept_by_protect(void **state)
{
	struct fixture *f = fixture_of(state);
	struct hcall call;
	struct late late;
	unsigned int i, rc;

	for (i = 0; i < ENTRY_SIZES; i++) {
		for (rc = 0; rc < 4; rc++) {
			struct entry e = valid_entry(f, entry_sizes[i]);
			uint64_t bits = (uint64_t)rc << 7;

			set_at_flush(f, &late, e.index, bits);
			assert_int_equal(HCALL(f, &call, HPTE_HCALL_PROTECT, 3,
					       e.index), HPTE_H_SUCCESS);
			assert_true(fake_host_injected(&f->host,
						       FAKE_AT_FLUSH));
			assert_int_equal(memory_entry(f, e.index).dw1 &
					 (HPTE_DW1_RC | HPTE_DW1_PP), bits | 3);
			assert_int_equal(HCALL(f, &call, HPTE_HCALL_READ, 0,
					       e.index), HPTE_H_SUCCESS);
			assert_int_equal(call.gpr[5], e.guest.dw1 | 3 | bits);
		}
	}
}

/* The nth page of an aligned block of eight. */
static struct entry page_of_block(const struct fixture *f, unsigned int n)
{
	struct entry e = entry_make(f, ENTRY_4K, n, false, ENTRY_RW);

	e.va.vsid = 0x12345;
	e.va.offset = (e.va.offset & ~UINT64_C(0x7FFF)) | (uint64_t)n << 12;
	e.guest.dw0 = hpte_hash_dw0(&e.va) | HPTE_DW0_V;
	e.index = 8 * hpte_hash_group(hpte_hash_primary(&e.va), false,
				      f->order);
	return e;
}

static void bug_3_rc_after_the_flush_of_a_block(void **state)
{
	struct fixture *f = fixture_of(state);
	struct hcall call;
	struct late late;
	unsigned int n, i, rc;

	for (n = 0; n < 8; n++) {
		for (rc = 1; rc < 4; rc++) {
			uint64_t args[9] = { 0 };
			struct entry e[8];

			fixture_restart(f);
			for (i = 0; i < 8; i++) {
				e[i] = page_of_block(f, i);
				entry_put(f, &e[i], ENTRY_VALID, false);
				args[1 + i] = BLOCK_REQUEST | e[i].index;
			}
			set_at_flush(f, &late, e[n].index, (uint64_t)rc << 7);
			assert_int_equal(hcall_run(f, &call,
						   HPTE_HCALL_BLOCK_REMOVE,
						   args, 9), HPTE_H_SUCCESS);
			/* R is bit 5, C is bit 6. */
			for (i = 0; i < 8; i++)
				assert_int_equal(call.gpr[4 + i],
						 BLOCK_SUCCESS | e[i].index |
						 (i == n ? (uint64_t)rc << 57 :
							   0));
			assert_dirty(f, &e[n], rc & 1);
		}
	}
}

static void bug_5_delayed_change_bit(void **state)
{
	struct fixture *f = fixture_of(state);
	struct late late;
	unsigned int i;

	for (i = 0; i < ENTRY_SIZES; i++) {
		struct entry e = valid_entry(f, entry_sizes[i]);

		set_at_flush(f, &late, e.index, HPTE_DW1_C);
		assert_int_equal(hpte_table_demote(&f->table, e.index),
				 HPTE_OK);
		assert_true(fake_host_injected(&f->host, FAKE_AT_FLUSH));
		assert_dirty(f, &e, true);
		assert_guest_is(f, e.index, e.guest.dw0,
				e.guest.dw1 | HPTE_DW1_C);
	}
}

/* Every way in which a valid entry ceases to be, or to be dirty. */
static void op_remove(struct fixture *f, uint64_t index)
{
	struct hcall call;

	assert_int_equal(HCALL(f, &call, HPTE_HCALL_REMOVE, 0, index),
			 HPTE_H_SUCCESS);
}

static void op_bulk(struct fixture *f, uint64_t index)
{
	struct hcall call;

	assert_int_equal(HCALL(f, &call, HPTE_HCALL_BULK_REMOVE,
			       BULK_REQUEST | index, 0, END), HPTE_H_SUCCESS);
	assert_int_equal(call.gpr[4], BULK_SUCCESS | index |
			 HPTE_BIT(5));
}

static void op_block(struct fixture *f, uint64_t index)
{
	struct hcall call;

	assert_int_equal(HCALL(f, &call, HPTE_HCALL_BLOCK_REMOVE, 0,
			       BLOCK_REQUEST | index, END), HPTE_H_SUCCESS);
	assert_int_equal(call.gpr[4], BLOCK_SUCCESS | index | HPTE_BIT(6));
}

static void op_clear_mod(struct fixture *f, uint64_t index)
{
	struct hcall call;

	assert_int_equal(HCALL(f, &call, HPTE_HCALL_CLEAR_MOD, 0, index),
			 HPTE_H_SUCCESS);
	assert_int_equal(call.gpr[4] & HPTE_DW1_C, HPTE_DW1_C);
}

static void op_clear_hpt(struct fixture *f, uint64_t index)
{
	struct hcall call;

	assert_int_equal(HCALL(f, &call, HPTE_HCALL_CLEAR_HPT),
			 HPTE_H_SUCCESS);
	assert_empty(f, index);
}

static void op_commit(struct fixture *f, uint64_t index)
{
	struct hcall call;

	(void)index;
	assert_int_equal(HCALL(f, &call, HPTE_HCALL_RESIZE_HPT_PREPARE, 0, 19),
			 HPTE_H_SUCCESS);
	assert_int_equal(HCALL(f, &call, HPTE_HCALL_RESIZE_HPT_COMMIT, 0, 19),
			 HPTE_H_SUCCESS);
}

static void op_demote(struct fixture *f, uint64_t index)
{
	assert_int_equal(hpte_table_demote(&f->table, index), HPTE_OK);
}

static void op_reset(struct fixture *f, uint64_t index)
{
	(void)index;
	hpte_table_reset(&f->table);
}

static void bug_6_7_all_of_a_large_page_is_dirty(void **state)
{
	static void (*const op[])(struct fixture *f, uint64_t index) = {
		op_remove, op_bulk, op_block, op_clear_mod, op_clear_hpt,
		op_commit, op_demote, op_reset
	};
	struct fixture *f = fixture_of(state);
	unsigned int i, n, dirty;

	for (n = 0; n < sizeof(op) / sizeof(op[0]); n++) {
		for (i = 0; i < ENTRY_SIZES; i++) {
			struct entry e = valid_entry(f, entry_sizes[i]);

			memory_set_rc(f, e.index, HPTE_DW1_C);
			op[n](f, e.index);
			assert_dirty(f, &e, true);
		}
	}
	/* And only if it is. */
	for (dirty = 0; dirty < 2; dirty++) {
		struct entry e = valid_entry(f, entry_sizes[5]);

		memory_set_rc(f, e.index, dirty ? HPTE_DW1_RC : HPTE_DW1_R);
		op_reset(f, e.index);
		assert_dirty(f, &e, dirty);
	}
}

/* The guest's and the host's view: each sees each change once. */
static void bug_11_clear_mod_tells_the_host(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = valid_entry(f, entry_sizes[4]);
	struct hcall call;

	memory_set_rc(f, e.index, HPTE_DW1_C);
	assert_int_equal(HCALL(f, &call, HPTE_HCALL_CLEAR_MOD, 0, e.index),
			 HPTE_H_SUCCESS);
	assert_int_equal(call.gpr[4], e.guest.dw1 | HPTE_DW1_C);
	assert_dirty(f, &e, true);
	fake_host_forget(&f->host);
	assert_int_equal(HCALL(f, &call, HPTE_HCALL_READ, 0, e.index),
			 HPTE_H_SUCCESS);
	assert_int_equal(call.gpr[5], e.guest.dw1);
	assert_int_equal(HCALL(f, &call, HPTE_HCALL_CLEAR_MOD, 0, e.index),
			 HPTE_H_SUCCESS);
	assert_int_equal(call.gpr[4], e.guest.dw1);
	assert_int_equal(HCALL(f, &call, HPTE_HCALL_REMOVE, 0, e.index),
			 HPTE_H_SUCCESS);
	assert_int_equal(call.gpr[5], e.guest.dw1);
	assert_dirty(f, &e, false);
}

static void bug_11_clear_ref_tells_the_host(void **state)
{
	struct fixture *f = fixture_of(state);
	struct hcall call;
	struct entry e;

	f->host.ops.mark_young = mark_young;
	e = valid_entry(f, entry_sizes[4]);
	memory_set_rc(f, e.index, HPTE_DW1_R);
	young_calls = 0;
	assert_int_equal(HCALL(f, &call, HPTE_HCALL_CLEAR_REF, 0, e.index),
			 HPTE_H_SUCCESS);
	assert_int_equal(call.gpr[4], e.guest.dw1 | HPTE_DW1_R);
	assert_true(young_calls >= 1);
	assert_int_equal(young.gpa, e.real);
	assert_int_equal(young.bytes, UINT64_C(1) << e.page.actual);
	young_calls = 0;
	assert_int_equal(HCALL(f, &call, HPTE_HCALL_CLEAR_REF, 0, e.index),
			 HPTE_H_SUCCESS);
	assert_int_equal(call.gpr[4], e.guest.dw1);
	assert_int_equal(HCALL(f, &call, HPTE_HCALL_REMOVE, 0, e.index),
			 HPTE_H_SUCCESS);
	assert_int_equal(call.gpr[5], e.guest.dw1);
	assert_int_equal(young_calls, 0);
	assert_dirty(f, &e, false);
}

/*
 * While V is set C belongs to the walker: clearing R may not write it back.
 * The walker's C comes between the clearing of R and its flush.
 */
static void bug_55_reference_is_cleared_by_a_byte(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = valid_entry(f, ENTRY_4K);
	size_t bytes = (size_t)hpte_table_bytes(f->order);
	unsigned char *before = test_malloc(bytes);
	struct hcall call;
	struct late late;

	memory_set_rc(f, e.index, HPTE_DW1_R);
	memcpy(before, hpte_table_base(&f->table), bytes);
	set_at_flush(f, &late, e.index, HPTE_DW1_C);
	assert_int_equal(HCALL(f, &call, HPTE_HCALL_CLEAR_REF, 0, e.index),
			 HPTE_H_SUCCESS);
	assert_true(fake_host_injected(&f->host, FAKE_AT_FLUSH));
	before[16 * e.index + 14] &= 0xFE;
	before[16 * e.index + 15] |= 0x80;
	assert_memory_equal(hpte_table_base(&f->table), before, bytes);
	assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1 | HPTE_DW1_C);
	test_free(before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_WALKER_KIND(bug_1_change_bit_on_remove),
		TEST_WALKER_KIND(bug_2_rc_kept_by_protect),
		TEST_WALKER_KIND(bug_3_rc_after_the_flush_of_a_block),
		TEST_WALKER_KIND(bug_5_delayed_change_bit),
		TEST_WALKER_KIND(bug_6_7_all_of_a_large_page_is_dirty),
		TEST_WALKER_KIND(bug_11_clear_mod_tells_the_host),
		TEST_WALKER_KIND(bug_11_clear_ref_tells_the_host),
		TEST_WALKER_KIND(bug_55_reference_is_cleared_by_a_byte),
	};

	return TEST_RUN("peer_rc", tests);
}
