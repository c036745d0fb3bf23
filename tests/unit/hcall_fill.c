/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/hcall_fill.c - H_ENTER's ZERO_PAGE and ICACHE flags, the keys
 * and pp0 a guest may have, strict mode.
 */
#include "fixture.h"

#define IO_START	UINT64_C(0x8000000000)
#define UNDEFINED_FLAG	HPTE_BIT(16)

static int64_t enter(struct fixture *f, struct entry *entry, uint64_t flags)
{
	struct hcall call;
	int64_t code;

	code = HCALL(f, &call, HPTE_HCALL_ENTER, flags, entry->index,
		     entry->guest.dw0, entry->guest.dw1);
	if (code == HPTE_H_SUCCESS)
		entry->index = call.gpr[4];
	return code;
}

static void zero_page_is_performed(void **state)
{
	static const unsigned int sizes[] = { 0, 1, 3, 6, 7, 9 };
	struct fixture *f = fixture_of(state);
	unsigned int i;

	for (i = 0; i < 6; i++) {
		struct entry e = entry_make(f, entry_sizes[sizes[i]], i, false,
					    ENTRY_RW);
		uint64_t bytes = UINT64_C(1) << e.page.actual;

		fixture_restart(f);
		assert_int_equal(enter(f, &e, HPTE_HFLAG_ZERO_PAGE),
				 HPTE_H_SUCCESS);
		assert_int_equal(f->host.zeroed.count, 1);
		assert_int_equal(f->host.zeroed.range[0].gpa, e.real);
		assert_int_equal(f->host.zeroed.range[0].bytes, bytes);
		assert_true(fake_host_covers(&f->host.dirty, e.real, bytes));
		assert_int_equal(f->host.icache.count, 0);
		assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1);
	}
}

static void icache_is_synchronised(void **state)
{
	static const uint64_t flags[] = {
		HPTE_HFLAG_ICACHE_INVALIDATE, HPTE_HFLAG_ICACHE_SYNCHRONIZE
	};
	struct fixture *f = fixture_of(state);
	unsigned int i;

	for (i = 0; i < 2; i++) {
		struct entry e = entry_make(f, entry_sizes[3], i, false,
					    ENTRY_RW);

		fixture_restart(f);
		assert_int_equal(enter(f, &e, flags[i]), HPTE_H_SUCCESS);
		assert_int_equal(f->host.zeroed.count, 0);
		assert_true(fake_host_covers(&f->host.icache, e.real,
					     0x10000));
	}
}

static void too_big_to_fill(void **state)
{
	static const uint64_t flags[] = {
		HPTE_HFLAG_ZERO_PAGE, HPTE_HFLAG_ICACHE_INVALIDATE,
		HPTE_HFLAG_ICACHE_SYNCHRONIZE
	};
	static const unsigned int sizes[] = { 2, 4, 5, 8, 10, 11, 12 };
	struct fixture *f = fixture_of(state);
	unsigned int i, j;

	for (i = 0; i < 7; i++) {
		for (j = 0; j < 3; j++) {
			struct entry e = entry_make(f, entry_sizes[sizes[i]],
						    i, false, ENTRY_RW);

			fixture_restart(f);
			assert_int_equal(enter(f, &e, flags[j]),
					 HPTE_H_TOO_BIG);
			assert_empty(f, e.index);
			assert_int_equal(f->host.zeroed.count, 0);
			assert_int_equal(f->host.icache.count, 0);
		}
	}
}

/* A device is not filled, whatever its page's size. */
static void fill_is_for_ram_only(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, entry_sizes[5], 0, false,
				    HPTE_DW1_I | HPTE_DW1_G | 2);

	fake_host_region(&f->host, IO_START, UINT64_C(1) << 28,
			 HPTE_BACKING_IO, 34);
	e.guest.dw1 += IO_START - e.real;
	assert_int_equal(enter(f, &e, HPTE_HFLAG_ZERO_PAGE |
			       HPTE_HFLAG_ICACHE_SYNCHRONIZE),
			 HPTE_H_SUCCESS);
	assert_int_equal(f->host.zeroed.count, 0);
	assert_int_equal(f->host.icache.count, 0);
}

static void fill_not_now(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);
	uint64_t args[4];
	struct hcall call;

	f->host.write_refused = true;
	args[0] = HPTE_HFLAG_ZERO_PAGE;
	args[1] = e.index;
	args[2] = e.guest.dw0;
	args[3] = e.guest.dw1;
	hcall_prepare(f, &call, HPTE_HCALL_ENTER, args, 4);
	assert_int_equal(hpte_hcall_dispatch(&f->vm, call.gpr, 0),
			 HPTE_HCALL_AGAIN);
	assert_memory_equal(call.gpr, call.before, sizeof(call.gpr));
	assert_empty(f, e.index);
	f->host.write_refused = false;
	assert_int_equal(hpte_hcall_dispatch(&f->vm, call.gpr, 0),
			 HPTE_HCALL_DONE);
	assert_int_equal(call.gpr[3], HPTE_H_SUCCESS);
}

/* P26, P27: keys and pp0 the guest has not got never reach its entry. */
static void keys_and_pp0_not_supported(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int keys, pp0;
	struct hcall call;

	for (keys = 0; keys < 2; keys++) {
		for (pp0 = 0; pp0 < 2; pp0++) {
			uint64_t all = HPTE_DW1_KEY | HPTE_DW1_PP0;
			struct entry e = entry_make(f, ENTRY_4K, 0, false,
						    ENTRY_RW | all);
			uint64_t want = e.guest.dw1;

			f->caps.data_keys = f->caps.insn_keys = keys ? 32 : 0;
			f->caps.pp0 = pp0;
			if (!keys)
				want &= ~HPTE_DW1_KEY;
			if (!pp0)
				want &= ~HPTE_DW1_PP0;
			fixture_restart(f);
			assert_int_equal(enter(f, &e, 0), HPTE_H_SUCCESS);
			assert_guest_is(f, e.index, e.guest.dw0, want);
			/* None may be set, or lost, by H_PROTECT. */
			assert_int_equal(HCALL(f, &call, HPTE_HCALL_PROTECT, 0,
					       e.index), HPTE_H_SUCCESS);
			assert_guest_is(f, e.index, e.guest.dw0,
					want & ~(all | 3));
			assert_int_equal(HCALL(f, &call, HPTE_HCALL_PROTECT,
					       HPTE_HFLAG_KEY_HI |
					       HPTE_HFLAG_KEY_LO |
					       HPTE_HFLAG_PP0 | 2, e.index),
					 HPTE_H_SUCCESS);
			assert_guest_is(f, e.index, e.guest.dw0, want);
		}
	}
}

static void strict_refuses_undefined_flags(void **state)
{
	static const uint64_t opcode[] = {
		HPTE_HCALL_ENTER, HPTE_HCALL_REMOVE, HPTE_HCALL_READ,
		HPTE_HCALL_CLEAR_MOD, HPTE_HCALL_CLEAR_REF, HPTE_HCALL_PROTECT
	};
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);
	struct entry other = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);
	unsigned int i, strict;
	struct hcall call;

	for (strict = 0; strict < 2; strict++) {
		f->caps.strict = strict;
		for (i = 0; i < 6; i++) {
			int64_t want = strict ? HPTE_H_PARAMETER :
						HPTE_H_SUCCESS;

			fixture_restart(f);
			assert_int_equal(enter(f, &e, 0), HPTE_H_SUCCESS);
			assert_int_equal(HCALL(f, &call, opcode[i],
					       UNDEFINED_FLAG, e.index,
					       other.guest.dw0,
					       other.guest.dw1), want);
			assert_int_equal(HCALL(f, &call, HPTE_HCALL_READ, 0,
					       e.index), HPTE_H_SUCCESS);
			if (strict)
				assert_int_equal(call.gpr[4], e.guest.dw0);
		}
	}
}

static void strict_takes_defined_flags(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);
	struct hcall call;

	f->caps.strict = true;
	fixture_restart(f);
	assert_int_equal(enter(f, &e, HPTE_HFLAG_EXACT), HPTE_H_SUCCESS);
	assert_int_equal(HCALL(f, &call, HPTE_HCALL_READ, HPTE_HFLAG_READ_4,
			       e.index), HPTE_H_SUCCESS);
	assert_int_equal(HCALL(f, &call, HPTE_HCALL_PROTECT,
			       HPTE_HFLAG_AVPN | HPTE_HFLAG_KEY_HI |
			       HPTE_HFLAG_KEY_LO | HPTE_HFLAG_PP0 |
			       HPTE_HFLAG_N | HPTE_HFLAG_PP, e.index,
			       e.guest.dw0 & ~UINT64_C(0x7F)), HPTE_H_SUCCESS);
	assert_int_equal(HCALL(f, &call, HPTE_HCALL_REMOVE,
			       HPTE_HFLAG_AVPN | HPTE_HFLAG_ANDCOND, e.index,
			       e.guest.dw0 & ~UINT64_C(0x7F)),
			 HPTE_H_NOT_FOUND);
	assert_int_equal(HCALL(f, &call, HPTE_HCALL_REMOVE, HPTE_HFLAG_AVPN,
			       e.index, e.guest.dw0 & ~UINT64_C(0x7F)),
			 HPTE_H_SUCCESS);
}

static void strict_wants_v_and_no_compression(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);

	f->caps.strict = true;
	fixture_restart(f);
	assert_int_equal(enter(f, &e, HPTE_HFLAG_COMPRESSION),
			 HPTE_H_FUNCTION);
	e.guest.dw0 &= ~HPTE_DW0_V;
	assert_int_equal(enter(f, &e, 0), HPTE_H_PARAMETER);
	assert_empty(f, e.index);
}

/* Every bit of the flag word that means nothing to H_ENTER is ignored. */
static void enter_ignores_other_flags(void **state)
{
	struct fixture *f = fixture_of(state);
	uint64_t meaning = HPTE_HFLAG_EXACT | HPTE_HFLAG_ZERO_PAGE |
			   HPTE_HFLAG_ICACHE_INVALIDATE |
			   HPTE_HFLAG_ICACHE_SYNCHRONIZE |
			   HPTE_HFLAG_COMPRESSION;
	unsigned int round;

	for (round = 0; round < 2000; round++) {
		struct entry e = entry_make(f, ENTRY_4K, round % 60, false,
					    ENTRY_RW);
		uint64_t flags = test_random_sparse(&f->random) & ~meaning;
		uint64_t index = e.index;
		bool exact = round & 1;

		e.index += round % 8;
		if (exact)
			flags |= HPTE_HFLAG_EXACT;
		assert_int_equal(enter(f, &e, flags), HPTE_H_SUCCESS);
		assert_int_equal(e.index, exact ? index + round % 8 : index);
		assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1);
		assert_int_equal(hpte_table_remove(&f->table, e.index, NULL,
						   NULL), HPTE_OK);
		fake_host_forget(&f->host);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_EVERY_KIND(zero_page_is_performed),
		TEST_EVERY_KIND(icache_is_synchronised),
		TEST_EVERY_KIND(too_big_to_fill),
		TEST_EVERY_KIND(fill_is_for_ram_only),
		TEST_EVERY_KIND(fill_not_now),
		TEST_EVERY_KIND(keys_and_pp0_not_supported),
		TEST_EVERY_KIND(strict_refuses_undefined_flags),
		TEST_EVERY_KIND(strict_takes_defined_flags),
		TEST_EVERY_KIND(strict_wants_v_and_no_compression),
		TEST_EVERY_KIND(enter_ignores_other_flags),
	};

	return TEST_RUN("hcall_fill", tests);
}
