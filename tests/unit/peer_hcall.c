/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/peer_hcall.c - bugs of other hypervisors: what hypercalls take
 * and answer.
 *
 * The numbers in test names are those of COVERAGE.md.
 */
#include "fixture.h"

#include <string.h>

#define REQUEST		UINT64_C(0x4000000000000000)
#define ANDCOND		UINT64_C(0x0100000000000000)
#define END		UINT64_C(0xC000000000000000)
#define ARRAY_COUNT(a)	(sizeof(a) / sizeof((a)[0]))

/* 54: LOCAL is only what the guest believes; and R alone needs no ptesync. */
static void bug_54_every_invalidation_is_global(void **state)
{
	static const uint64_t opcode[] = {
		HPTE_HCALL_REMOVE, HPTE_HCALL_PROTECT, HPTE_HCALL_CLEAR_MOD,
		HPTE_HCALL_CLEAR_REF, HPTE_HCALL_BULK_REMOVE,
		HPTE_HCALL_BLOCK_REMOVE
	};
	struct fixture *f = fixture_of(state);
	unsigned int i;

	for (i = 0; i < ARRAY_COUNT(opcode); i++) {
		struct entry e = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);
		uint64_t r4 = HPTE_HFLAG_LOCAL | 1, r5;
		struct hcall call;

		fixture_restart(f);
		entry_put(f, &e, ENTRY_VALID, false);
		r5 = e.index;
		if (opcode[i] == HPTE_HCALL_CLEAR_REF && f->kind->walker)
			memory_set_rc(f, e.index, HPTE_DW1_R);
		if (opcode[i] == HPTE_HCALL_BULK_REMOVE)
			r4 = REQUEST | e.index;
		if (opcode[i] == HPTE_HCALL_BLOCK_REMOVE)
			r5 = REQUEST | e.index;
		assert_int_equal(HCALL(f, &call, opcode[i], r4, r5, END),
				 HPTE_H_SUCCESS);
		assert_flushed(f, &e, 1);
		assert_int_equal((f->host.flush_flags_any &
				  HPTE_TLB_NO_PRESYNC) != 0,
				 f->kind->walker &&
				 opcode[i] == HPTE_HCALL_CLEAR_REF);
	}
}

/* All 64 bits of an index: none is lost on the way to the bound. */
static void bug_6_21_index_is_64_bits(void **state)
{
	static const uint64_t opcode[] = {
		HPTE_HCALL_REMOVE, HPTE_HCALL_READ, HPTE_HCALL_PROTECT,
		HPTE_HCALL_CLEAR_MOD, HPTE_HCALL_CLEAR_REF, HPTE_HCALL_ENTER
	};
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);
	struct hcall call;
	unsigned int i, bit;

	entry_put(f, &e, ENTRY_VALID, false);
	for (i = 0; i < ARRAY_COUNT(opcode); i++)
		for (bit = 14; bit < 64; bit++)
			assert_int_equal(HCALL(f, &call, opcode[i], 0,
					       e.index | UINT64_C(1) << bit,
					       e.guest.dw0, e.guest.dw1),
					 HPTE_H_PARAMETER);
	/* 56 bits of it in a specifier, and 8 of control. */
	for (bit = 14; bit < 56; bit++) {
		uint64_t index = e.index | UINT64_C(1) << bit;

		assert_int_equal(HCALL(f, &call, HPTE_HCALL_BULK_REMOVE,
				       REQUEST | index, 0, END),
				 HPTE_H_PARAMETER);
		assert_int_equal(HCALL(f, &call, HPTE_HCALL_BLOCK_REMOVE, 0,
				       REQUEST | index, END), HPTE_H_PARTIAL);
	}
	assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1);
	assert_int_equal(f->host.calls.flush, 0);
}

/* A flag word's high half is not its low half: EXACT is not pp, and so on. */
static void bug_6_21_other_arguments_are_64_bits(void **state)
{
	static const uint64_t opcode[] = {
		HPTE_HCALL_RESIZE_HPT_PREPARE, HPTE_HCALL_RESIZE_HPT_COMMIT
	};
	struct fixture *f = fixture_of(state);
	struct hcall call;
	unsigned int i, bit;

	for (bit = 32; bit < 64; bit++) {
		uint64_t high = UINT64_C(1) << bit;

		for (i = 0; i < 2; i++) {
			int64_t bad = i ? HPTE_H_CLOSED : HPTE_H_PARAMETER;

			assert_int_equal(HCALL(f, &call, opcode[i], 0,
					       high | 19), bad);
			assert_int_equal(HCALL(f, &call, opcode[i], high, 19),
					 bad);
			/* and 0 in the low half cancels nothing */
			assert_int_equal(HCALL(f, &call, opcode[i], 0, high),
					 bad);
		}
		assert_int_equal(HCALL(f, &call, HPTE_HCALL_LOGICAL_CI_LOAD,
				       high | 4, 0), HPTE_H_PARAMETER);
		assert_int_equal(HCALL(f, &call, HPTE_HCALL_LOGICAL_CI_STORE,
				       high | 4, 0, 0), HPTE_H_PARAMETER);
		assert_int_equal(HCALL(f, &call,
				       HPTE_HCALL_REGISTER_PROCESS_TABLE,
				       high, 0, 0, 0), HPTE_H_PARAMETER);
	}
	assert_int_equal(f->host.calls.alloc, 0);
}

/* 6-23: there is no call of this family that is not there. */
static void bug_6_23_all_calls_are_there(void **state)
{
	static const struct {
		uint64_t opcode;
		int64_t code;	/* on an empty table, R4.. all zero */
	} calls[] = {
		{ HPTE_HCALL_REMOVE, HPTE_H_NOT_FOUND },
		{ HPTE_HCALL_ENTER, HPTE_H_SUCCESS },
		{ HPTE_HCALL_READ, HPTE_H_SUCCESS },
		{ HPTE_HCALL_CLEAR_MOD, HPTE_H_NOT_FOUND },
		{ HPTE_HCALL_CLEAR_REF, HPTE_H_NOT_FOUND },
		{ HPTE_HCALL_PROTECT, HPTE_H_NOT_FOUND },
		{ HPTE_HCALL_PAGE_INIT, HPTE_H_SUCCESS },
		{ HPTE_HCALL_BULK_REMOVE, HPTE_H_PARAMETER },
		{ HPTE_HCALL_BLOCK_REMOVE, HPTE_H_PARAMETER },
		{ HPTE_HCALL_CLEAR_HPT, HPTE_H_SUCCESS },
		{ HPTE_HCALL_RESIZE_HPT_PREPARE, HPTE_H_SUCCESS },
		{ HPTE_HCALL_RESIZE_HPT_COMMIT, HPTE_H_CLOSED },
		{ HPTE_HCALL_REGISTER_PROCESS_TABLE, HPTE_H_SUCCESS },
	};
	struct fixture *f = fixture_of(state);
	struct hcall call;
	unsigned int i;

	for (i = 0; i < ARRAY_COUNT(calls); i++) {
		fixture_restart(f);
		assert_int_equal(HCALL(f, &call, calls[i].opcode, 0, 0, 0, 0,
				       0, 0, 0, 0, 0), calls[i].code);
	}
}

/*
 * 6-26: LoPAR masks the software bits of the condition in H_BULK_REMOVE; but
 * guests rely on BOLTED being tested, in both calls.
 */
static void bug_6_26_andcond_tests_bolted(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int kind, bits;
	struct hcall call;

	for (kind = 0; kind < ENTRY_STATES; kind++) {
		for (bits = 0; bits < 4; bits++) {
			struct entry e = entry_make(f, ENTRY_4K, 1, false,
						    ENTRY_RW);
			bool refused = bits & 2;

			e.guest.dw0 |= (uint64_t)bits << 3;
			fixture_restart(f);
			entry_put(f, &e, (enum entry_state)kind, false);
			assert_int_equal(HCALL(f, &call,
					       HPTE_HCALL_BULK_REMOVE,
					       REQUEST | ANDCOND | e.index,
					       HPTE_DW0_BOLTED, END),
					 HPTE_H_SUCCESS);
			assert_int_equal(call.gpr[4] >> 56,
					 refused ? 0x91 : 0x81);
			if (!refused)
				entry_put(f, &e, (enum entry_state)kind, true);
			assert_int_equal(HCALL(f, &call, HPTE_HCALL_REMOVE,
					       HPTE_HFLAG_ANDCOND, e.index,
					       HPTE_DW0_BOLTED), refused ?
					 HPTE_H_NOT_FOUND : HPTE_H_SUCCESS);
		}
	}
}

/* 6-26: H_PROTECT keeps R, where LoPAR clears it. */
static void bug_6_26_protect_keeps_r(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int kind, rc;
	struct hcall call;

	for (kind = 0; kind < ENTRY_STATES; kind++) {
		for (rc = 0; rc < 4; rc++) {
			struct entry e = entry_make(f, ENTRY_4K, 1, false,
						    ENTRY_RW |
						    (uint64_t)rc << 7);

			fixture_restart(f);
			entry_put(f, &e, (enum entry_state)kind, false);
			assert_int_equal(HCALL(f, &call, HPTE_HCALL_PROTECT, 3,
					       e.index), HPTE_H_SUCCESS);
			assert_guest_is(f, e.index, e.guest.dw0,
					e.guest.dw1 | 3);
		}
	}
}

/*
 * 59: bits that are the hypervisor's, all 2^4 settings of them, do not get in
 * by H_ENTER and do not come out by any call that shows an entry.
 */
static void bug_59_forged_bits_in_every_answer(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int forged, kind;
	struct hcall call;

	for (forged = 0; forged < 16; forged++) {
		for (kind = 0; kind < 2; kind++) {
			struct entry e = entry_make(f, ENTRY_4K, 1, false,
						    ENTRY_RW | HPTE_DW1_RC);
			struct hpte want = e.guest;

			f->host.map_result = kind ? HPTE_HOST_LATER :
						    HPTE_HOST_DONE;
			fixture_restart(f);
			e.guest.dw0 |= (uint64_t)(forged & 3) << 5;
			e.guest.dw1 |= forged & 4 ? HPTE_DW1_RESERVED : 0;
			e.guest.dw0 &= forged & 8 ? ~HPTE_DW0_V : ~UINT64_C(0);
			hcall_enter(f, &e, 0);
			/* the condition sees none of them, either */
			assert_int_equal(HCALL(f, &call, HPTE_HCALL_REMOVE,
					       HPTE_HFLAG_ANDCOND, e.index,
					       HPTE_DW0_V), HPTE_H_NOT_FOUND);
			assert_int_equal(HCALL(f, &call, HPTE_HCALL_CLEAR_REF,
					       0, e.index), HPTE_H_SUCCESS);
			assert_int_equal(call.gpr[4], want.dw1);
			assert_int_equal(HCALL(f, &call, HPTE_HCALL_CLEAR_MOD,
					       0, e.index), HPTE_H_SUCCESS);
			assert_int_equal(call.gpr[4], want.dw1 & ~HPTE_DW1_R);
			assert_int_equal(HCALL(f, &call, HPTE_HCALL_REMOVE,
					       HPTE_HFLAG_ANDCOND, e.index,
					       0x60), HPTE_H_SUCCESS);
			assert_int_equal(call.gpr[4], want.dw0);
			assert_int_equal(call.gpr[5],
					 want.dw1 & ~HPTE_DW1_RC);
		}
	}
}

/*
 * 91: a page size that H_BLOCK_REMOVE does not offer is a matter between that
 * entry and the call: the others are removed.
 */
static void bug_91_size_not_offered_among_others(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int pair, n;

	for (pair = 0; pair < HPTE_PAGE_PAIRS; pair++) {
		uint64_t args[9] = { 0 };
		struct entry e[7];
		struct hcall call;

		memset(f->caps.block, 8, sizeof(f->caps.block));
		f->caps.block[pair] = 0;
		fixture_restart(f);
		for (n = 0; n < 7; n++) {
			e[n] = entry_make(f, entry_sizes[n + 6], n, false,
					  ENTRY_RW);
			entry_put(f, &e[n], ENTRY_VALID, false);
			args[1 + n] = REQUEST | e[n].index;
		}
		args[8] = END;
		assert_int_equal(hcall_run(f, &call, HPTE_HCALL_BLOCK_REMOVE,
					   args, 9), HPTE_H_PARTIAL);
		for (n = 0; n < 7; n++)
			assert_int_equal((call.gpr[4 + n] >> 56 & 0xF8) == 0x90,
					 e[n].page.pair == pair);
		/* the first that is offered is the one that anchors */
		assert_int_equal(call.gpr[pair ? 4 : 5] >> 56 & 0xF8, 0x80);
	}
}

static enum hpte_mmio_result starts(void *ctx, struct hpte_mmio_access *access)
{
	(void)ctx;
	(void)access;
	return HPTE_MMIO_PENDING;
}

/* 6-10: what a device answers later is cut to the size that was asked for. */
static void bug_6_10_length_of_a_completed_load(void **state)
{
	static const struct hpte_mmio_ops ops = {
		.ops_size = sizeof(ops), .access = starts
	};
	const struct hpte_mmio_region region = {
		.start = 0x1000, .bytes = 0x10, .size_mask = 15, .ops = &ops
	};
	struct fixture *f = fixture_of(state);
	uint64_t value = UINT64_C(0x1122334455667788);
	struct hpte_mmio_slot slot;
	struct hpte_mmio bus;
	struct hcall call;
	unsigned int size;

	memset(&slot, 0, sizeof(slot));
	hpte_mmio_init(&bus, &slot, 1);
	assert_int_equal(hpte_mmio_add(&bus, &region), HPTE_OK);
	hpte_hcall_set_mmio(&f->vm, &bus);
	for (size = 1; size <= 8; size *= 2) {
		const uint64_t args[] = { size, 0x1000 };

		hcall_prepare(f, &call, HPTE_HCALL_LOGICAL_CI_LOAD, args, 2);
		assert_int_equal(hpte_hcall_dispatch(&f->vm, call.gpr, 0),
				 HPTE_HCALL_PENDING);
		assert_memory_equal(call.gpr, call.before, sizeof(call.gpr));
		hpte_hcall_complete(&f->vm, call.gpr, HPTE_MMIO_DONE, value);
		assert_int_equal(call.gpr[3], HPTE_H_SUCCESS);
		assert_int_equal(call.gpr[4],
				 value & (~UINT64_C(0) >> (64 - 8 * size)));
		call.gpr[3] = call.before[3];
		call.gpr[4] = call.before[4];
		assert_memory_equal(call.gpr, call.before, sizeof(call.gpr));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_EVERY_KIND(bug_54_every_invalidation_is_global),
		TEST_EVERY_KIND(bug_59_forged_bits_in_every_answer),
		TEST_EVERY_KIND(bug_91_size_not_offered_among_others),
		TEST_EVERY_KIND(bug_6_10_length_of_a_completed_load),
		TEST_EVERY_KIND(bug_6_21_index_is_64_bits),
		TEST_EVERY_KIND(bug_6_21_other_arguments_are_64_bits),
		TEST_EVERY_KIND(bug_6_23_all_calls_are_there),
		TEST_EVERY_KIND(bug_6_26_andcond_tests_bolted),
		TEST_EVERY_KIND(bug_6_26_protect_keeps_r),
	};

	return TEST_RUN("peer_hcall", tests);
}
