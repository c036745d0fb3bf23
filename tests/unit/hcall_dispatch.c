/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/hcall_dispatch.c - what the dispatcher decides before any call:
 * whose it is, and whether the guest may make it.  Also
 * H_REGISTER_PROCESS_TABLE and the bridge from status codes.
 */
#include "fixture.h"

#define MSR_PR		UINT64_C(0x4000)
#define ARRAY_COUNT(a)	(sizeof(a) / sizeof((a)[0]))

struct offered {
	uint64_t opcode;
	uint64_t offer;
};

static const struct offered offered[] = {
	{ HPTE_HCALL_REMOVE, HPTE_OFFER_REMOVE },
	{ HPTE_HCALL_ENTER, HPTE_OFFER_ENTER },
	{ HPTE_HCALL_READ, HPTE_OFFER_READ },
	{ HPTE_HCALL_CLEAR_MOD, HPTE_OFFER_CLEAR_MOD },
	{ HPTE_HCALL_CLEAR_REF, HPTE_OFFER_CLEAR_REF },
	{ HPTE_HCALL_PROTECT, HPTE_OFFER_PROTECT },
	{ HPTE_HCALL_BULK_REMOVE, HPTE_OFFER_BULK_REMOVE },
	{ HPTE_HCALL_BLOCK_REMOVE, HPTE_OFFER_BLOCK_REMOVE },
	{ HPTE_HCALL_CLEAR_HPT, HPTE_OFFER_CLEAR_HPT },
	{ HPTE_HCALL_RESIZE_HPT_PREPARE, HPTE_OFFER_RESIZE_HPT },
	{ HPTE_HCALL_RESIZE_HPT_COMMIT, HPTE_OFFER_RESIZE_HPT },
	{ HPTE_HCALL_REGISTER_PROCESS_TABLE,
	  HPTE_OFFER_REGISTER_PROCESS_TABLE },
};

static void expect_untouched(struct fixture *f, uint64_t opcode, uint64_t msr)
{
	struct hcall call;

	hcall_prepare(f, &call, opcode, NULL, 0);
	assert_int_equal(hpte_hcall_dispatch(&f->vm, call.gpr, msr),
			 HPTE_HCALL_NOT_MINE);
	assert_memory_equal(call.gpr, call.before, sizeof(call.gpr));
}

static void expect_code(struct fixture *f, uint64_t opcode, uint64_t msr,
			int64_t code)
{
	struct hcall call;

	hcall_prepare(f, &call, opcode, NULL, 0);
	assert_int_equal(hpte_hcall_dispatch(&f->vm, call.gpr, msr),
			 HPTE_HCALL_DONE);
	call.code = (int64_t)call.gpr[3];
	assert_int_equal(call.code, code);
	call.gpr[3] = call.before[3];
	assert_memory_equal(call.gpr, call.before, sizeof(call.gpr));
}

static void not_offered(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int i, j;

	for (i = 0; i < ARRAY_COUNT(offered); i++) {
		f->caps.hcalls = ~offered[i].offer;
		fixture_restart(f);
		for (j = 0; j < ARRAY_COUNT(offered); j++) {
			if (offered[j].offer == offered[i].offer) {
				expect_untouched(f, offered[j].opcode, 0);
				expect_untouched(f, offered[j].opcode, MSR_PR);
				continue;
			}
			expect_code(f, offered[j].opcode, MSR_PR,
				    HPTE_H_PRIVILEGE);
		}
	}
	f->caps.hcalls = 0;
	fixture_restart(f);
	for (j = 0; j < ARRAY_COUNT(offered); j++)
		expect_untouched(f, offered[j].opcode, 0);
}

/* Other people's hypercalls, and numbers that only look like one of ours. */
static void unknown_opcodes(void **state)
{
	static const uint64_t opcode[] = {
		0x00, 0x1C, 0x20, 0x54, 0x58, 0xE0, 0x120, 0x128,
		0x374, 0x378, 0x380, 0xF000, UINT64_C(0x100000004),
		UINT64_C(0x8000000000000008), UINT64_C(0x10000000C),
		~UINT64_C(0) - 3
	};
	struct fixture *f = fixture_of(state);
	unsigned int i;

	for (i = 0; i < ARRAY_COUNT(opcode); i++) {
		expect_untouched(f, opcode[i], 0);
		expect_untouched(f, opcode[i], MSR_PR);
	}
}

static void low_opcode_bits(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int i, low;

	for (i = 0; i < ARRAY_COUNT(offered); i++)
		for (low = 1; low < 4; low++)
			expect_code(f, offered[i].opcode | low, 0,
				    HPTE_H_FUNCTION);
}

static void problem_state(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);
	unsigned int i;

	entry_put(f, &e, ENTRY_VALID, false);
	for (i = 0; i < ARRAY_COUNT(offered); i++) {
		expect_code(f, offered[i].opcode, MSR_PR, HPTE_H_PRIVILEGE);
		expect_code(f, offered[i].opcode, ~UINT64_C(0),
			    HPTE_H_PRIVILEGE);
	}
	assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1);
	assert_int_equal(f->host.calls.flush, 0);
	assert_int_equal(f->host.calls.alloc, 0);
}

/* Only PR matters. */
static void other_msr_bits(void **state)
{
	struct fixture *f = fixture_of(state);
	struct hcall call;
	unsigned int bit;
	const uint64_t args[] = { 0, 0 };

	for (bit = 0; bit < 64; bit++) {
		uint64_t msr = UINT64_C(1) << bit;

		if (msr == MSR_PR)
			continue;
		hcall_prepare(f, &call, HPTE_HCALL_READ, args, 2);
		assert_int_equal(hpte_hcall_dispatch(&f->vm, call.gpr, msr),
				 HPTE_HCALL_DONE);
		assert_int_equal(call.gpr[3], HPTE_H_SUCCESS);
	}
}

static void radix_guest(void **state)
{
	struct fixture *f = fixture_of(state);
	struct hcall call;
	unsigned int i;

	hpte_hcall_set_radix(&f->vm, true);
	for (i = 0; i < ARRAY_COUNT(offered); i++) {
		int64_t code = HPTE_H_FUNCTION;

		if (offered[i].offer == HPTE_OFFER_REGISTER_PROCESS_TABLE)
			continue;
		if (offered[i].offer == HPTE_OFFER_RESIZE_HPT)
			code = HPTE_H_NOT_AVAILABLE;
		expect_code(f, offered[i].opcode, 0, code);
	}
	hpte_hcall_set_radix(&f->vm, false);
	assert_int_equal(HCALL(f, &call, HPTE_HCALL_READ, 0, 0),
			 HPTE_H_SUCCESS);
}

static int64_t process_table(struct fixture *f, uint64_t flags, uint64_t base,
			     uint64_t page_size, uint64_t table_size)
{
	struct hcall call;

	return HCALL(f, &call, HPTE_HCALL_REGISTER_PROCESS_TABLE, flags, base,
		     page_size, table_size);
}

/* What a Linux guest on ISA 3.0 calls to settle on hash. */
static void process_table_keep_hash(void **state)
{
	struct fixture *f = fixture_of(state);

	assert_int_equal(process_table(f, 0, 0, 0, 0), HPTE_H_SUCCESS);
}

static void process_table_undefined_flags(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int bit;

	for (bit = 5; bit < 64; bit++)
		assert_int_equal(process_table(f, UINT64_C(1) << bit, 0, 0, 0),
				 HPTE_H_PARAMETER);
	/* Segment tables. */
	assert_int_equal(process_table(f, HPTE_PROC_TABLE_MODIFY |
				       HPTE_PROC_TABLE_REGISTER |
				       HPTE_PROC_TABLE_HASH_TABLE, 0, 0, 0),
			 HPTE_H_PARAMETER);
	/* Keep a radix table that the guest does not have. */
	assert_int_equal(process_table(f, HPTE_PROC_TABLE_RADIX, 0, 0, 0),
			 HPTE_H_PARAMETER);
}

/* A radix tree is the host's business. */
static void process_table_radix(void **state)
{
	static const uint64_t gtse[] = { 0, HPTE_PROC_TABLE_GTSE };
	struct fixture *f = fixture_of(state);
	struct hcall call;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		uint64_t args[4] = {
			HPTE_PROC_TABLE_MODIFY | HPTE_PROC_TABLE_REGISTER |
			HPTE_PROC_TABLE_RADIX | gtse[i], 0x1000000, 0, 12
		};

		hcall_prepare(f, &call, HPTE_HCALL_REGISTER_PROCESS_TABLE,
			      args, 4);
		assert_int_equal(hpte_hcall_dispatch(&f->vm, call.gpr, 0),
				 HPTE_HCALL_NOT_MINE);
		assert_memory_equal(call.gpr, call.before, sizeof(call.gpr));
	}
}

static void process_table_register_hash(void **state)
{
	struct fixture *f = fixture_of(state);
	uint64_t flags = HPTE_PROC_TABLE_MODIFY | HPTE_PROC_TABLE_REGISTER;
	uint64_t over = UINT64_C(1) << 38;

	assert_int_equal(process_table(f, flags, over - 1, 7, 24),
			 HPTE_H_SUCCESS);
	assert_int_equal(process_table(f, flags, over, 7, 24), HPTE_H_P2);
	assert_int_equal(process_table(f, flags, ~UINT64_C(0), 0, 0),
			 HPTE_H_P2);
	assert_int_equal(process_table(f, flags, 0, 8, 24), HPTE_H_P3);
	assert_int_equal(process_table(f, flags, 0, UINT64_C(1) << 32, 0),
			 HPTE_H_P3);
	assert_int_equal(process_table(f, flags, 0, 7, 25), HPTE_H_P4);
	assert_int_equal(process_table(f, flags, 0, 0, UINT64_C(1) << 32),
			 HPTE_H_P4);
}

static void codes_from_status(void **state)
{
	(void)state;
	assert_int_equal(hpte_hcall_from_status(HPTE_OK), HPTE_H_SUCCESS);
	assert_int_equal(hpte_hcall_from_status(HPTE_ERR_NOTFOUND),
			 HPTE_H_NOT_FOUND);
	assert_int_equal(hpte_hcall_from_status(HPTE_ERR_FULL),
			 HPTE_H_PTEG_FULL);
	assert_int_equal(hpte_hcall_from_status(HPTE_ERR_INDEX),
			 HPTE_H_PARAMETER);
	assert_int_equal(hpte_hcall_from_status(HPTE_ERR_ENCODING),
			 HPTE_H_PARAMETER);
	assert_int_equal(hpte_hcall_from_status(HPTE_ERR_PARAM),
			 HPTE_H_HARDWARE);
	assert_int_equal(hpte_hcall_from_status(HPTE_ERR_UNSUPPORTED),
			 HPTE_H_HARDWARE);
	assert_int_equal(hpte_hcall_from_status(-12345), HPTE_H_HARDWARE);
}

/* Registers that are no argument may hold anything. */
static void garbage_in_other_registers(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int round;
	struct hcall call;

	for (round = 0; round < 200; round++) {
		struct entry e = entry_make(f, entry_sizes[round % ENTRY_SIZES],
					    round % 50, round & 1, ENTRY_RW);

		hcall_enter(f, &e, 0);
		assert_int_equal(HCALL(f, &call, HPTE_HCALL_READ, 0, e.index),
				 HPTE_H_SUCCESS);
		assert_int_equal(call.gpr[4], e.guest.dw0);
		assert_int_equal(HCALL(f, &call, HPTE_HCALL_PROTECT, 2,
				       e.index), HPTE_H_SUCCESS);
		assert_int_equal(HCALL(f, &call, HPTE_HCALL_CLEAR_REF, 0,
				       e.index), HPTE_H_SUCCESS);
		assert_int_equal(HCALL(f, &call, HPTE_HCALL_REMOVE, 0,
				       e.index), HPTE_H_SUCCESS);
		assert_int_equal(call.gpr[4], e.guest.dw0);
		assert_int_equal(call.gpr[5], e.guest.dw1);
		fake_host_forget(&f->host);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_EVERY_KIND(not_offered),
		TEST_EVERY_KIND(unknown_opcodes),
		TEST_EVERY_KIND(low_opcode_bits),
		TEST_EVERY_KIND(problem_state),
		TEST_EVERY_KIND(other_msr_bits),
		TEST_EVERY_KIND(radix_guest),
		TEST_EVERY_KIND(process_table_keep_hash),
		TEST_EVERY_KIND(process_table_undefined_flags),
		TEST_EVERY_KIND(process_table_radix),
		TEST_EVERY_KIND(process_table_register_hash),
		cmocka_unit_test(codes_from_status),
		TEST_EVERY_KIND(garbage_in_other_registers),
	};

	return TEST_RUN("hcall_dispatch", tests);
}
