/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/hcall_protect.c - H_PROTECT, H_CLEAR_MOD, H_CLEAR_REF.
 *
 * The numbers in test names are those of the contract's test vectors; D16 is
 * a defect of another implementation.
 */
#include "fixture.h"

static int64_t protect(struct fixture *f, uint64_t flags, uint64_t index,
		       uint64_t avpn)
{
	struct hcall call;

	return HCALL(f, &call, HPTE_HCALL_PROTECT, flags, index, avpn);
}

/* The new bits of doubleword 1 that a flag word asks for (contract 2.7). */
static uint64_t new_bits(uint64_t flags)
{
	return ((flags << 55) & UINT64_C(0x8000000000000000)) |
	       ((flags << 48) & UINT64_C(0x3000000000000000)) |
	       (flags & UINT64_C(0xE07));
}

static void v67_all_bits_at_once(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int kind;

	for (kind = 0; kind < ENTRY_STATES; kind++) {
		struct entry e = entry_make(f, ENTRY_4K, 0, false, 0);

		e.guest.dw1 = UINT64_C(0x0000000012345192);
		e.real = UINT64_C(0x12345000);
		fixture_restart(f);
		entry_put(f, &e, (enum entry_state)kind, false);
		assert_int_equal(protect(f, 0x2306, e.index, 0),
				 HPTE_H_SUCCESS);
		assert_guest_is(f, e.index, e.guest.dw0,
				UINT64_C(0xA000000012345396));
	}
}

/* The walker's copy was read-only before: it stays so. */
static void v68_no_upgrade(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 0, false, HPTE_DW1_M | 3);
	uint64_t image;

	hcall_enter(f, &e, 0);
	assert_int_equal(protect(f, 2, e.index, 0), HPTE_H_SUCCESS);
	assert_guest_is(f, e.index, e.guest.dw0,
			(e.guest.dw1 & ~UINT64_C(3)) | 2);
	image = memory_entry(f, e.index).dw1;
	assert_true(memory_entry(f, e.index).dw0 & HPTE_DW0_V);
	assert_int_equal(image & HPTE_DW1_PPP, 3);
	/* Then host-read-only is what counts, whatever is asked. */
	assert_int_equal(protect(f, 0, e.index, 0), HPTE_H_SUCCESS);
	assert_false(hpte_entry_writable(memory_entry(f, e.index).dw1));
}

static void v70_generation(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int kind;

	for (kind = 0; kind < ENTRY_STATES; kind++) {
		struct entry e = entry_make(f, ENTRY_4K, kind, false,
					    ENTRY_RW);
		uint64_t before;

		entry_put(f, &e, (enum entry_state)kind, false);
		before = hpte_table_generation(&f->table);
		assert_int_equal(protect(f, 3, e.index, 0), HPTE_H_SUCCESS);
		assert_int_equal(hpte_table_generation(&f->table) > before,
				 kind == ENTRY_MMIO);
	}
}

static void v71_avpn_only_with_the_flag(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, entry_sizes[6], 0, false, ENTRY_RW);
	uint64_t avpn = e.guest.dw0 & ~UINT64_C(0x7F);
	unsigned int bit;

	hcall_enter(f, &e, 0);
	assert_int_equal(protect(f, 3, e.index, avpn ^ 0x80), HPTE_H_SUCCESS);
	assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1 | 3);
	for (bit = 0; bit < 64; bit++)
		assert_int_equal(protect(f, HPTE_HFLAG_AVPN | 1, e.index,
					 avpn ^ UINT64_C(1) << bit),
				 HPTE_H_NOT_FOUND);
	assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1 | 3);
	assert_int_equal(protect(f, HPTE_HFLAG_AVPN | 1, e.index, avpn),
			 HPTE_H_SUCCESS);
	assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1 ^ 3);
}

static void protect_of_an_empty_slot(void **state)
{
	struct fixture *f = fixture_of(state);

	assert_int_equal(protect(f, 3, 7, 0), HPTE_H_NOT_FOUND);
	assert_empty(f, 7);
}

/* 2^14 settings of pp0, key, N, PP, and noise in every other flag. */
static void protect_with_any_flags(void **state)
{
	struct fixture *f = fixture_of(state);
	uint64_t mask = UINT64_C(0xB000000000000E07);
	unsigned int round;

	for (round = 0; round < 3000; round++) {
		struct entry e = entry_make(f, entry_sizes[round % ENTRY_SIZES],
					    round % 50, round & 1, 0);
		uint64_t flags = test_random(&f->random) & ~HPTE_HFLAG_AVPN;
		uint64_t want;

		e.guest.dw1 |= test_random_sparse(&f->random) &
			       (mask | HPTE_DW1_RC | HPTE_DW1_WIMG);
		want = (e.guest.dw1 & ~mask) | new_bits(flags);
		entry_put(f, &e, (enum entry_state)(round % 3), false);
		assert_int_equal(protect(f, flags, e.index,
					 test_random(&f->random)),
				 HPTE_H_SUCCESS);
		assert_guest_is(f, e.index, e.guest.dw0, want);
		assert_int_equal(hpte_table_remove(&f->table, e.index, NULL,
						   NULL), HPTE_OK);
		fake_host_forget(&f->host);
	}
}

static void v73_clear_ref_of_hardware_r(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);
	struct hcall call;

	hcall_enter(f, &e, 0);
	memory_set_rc(f, e.index, HPTE_DW1_R);
	assert_int_equal(HCALL(f, &call, HPTE_HCALL_CLEAR_REF, 0, e.index),
			 HPTE_H_SUCCESS);
	assert_int_equal(call.gpr[4], e.guest.dw1 | HPTE_DW1_R);
	assert_int_equal(HCALL(f, &call, HPTE_HCALL_READ, 0, e.index),
			 HPTE_H_SUCCESS);
	assert_int_equal(call.gpr[5], e.guest.dw1);
	assert_true(memory_entry(f, e.index).dw0 & HPTE_DW0_V);
	assert_true(f->host.calls.flush >= 1);
}

/* The walker must be able to set the bit again. */
static void cleared_bits_come_back(void **state)
{
	static const uint64_t opcode[] = {
		HPTE_HCALL_CLEAR_REF, HPTE_HCALL_CLEAR_MOD
	};
	static const uint64_t bit[] = { HPTE_DW1_R, HPTE_DW1_C };
	struct fixture *f = fixture_of(state);
	unsigned int i, round;
	struct hcall call;

	for (i = 0; i < 2; i++) {
		struct entry e = entry_make(f, ENTRY_4K, i, false, ENTRY_RW);

		hcall_enter(f, &e, 0);
		for (round = 0; round < 5; round++) {
			memory_set_rc(f, e.index, bit[i]);
			assert_int_equal(HCALL(f, &call, opcode[i], 0,
					       e.index), HPTE_H_SUCCESS);
			assert_int_equal(call.gpr[4], e.guest.dw1 | bit[i]);
			assert_int_equal(HCALL(f, &call, opcode[i], 0,
					       e.index), HPTE_H_SUCCESS);
			assert_int_equal(call.gpr[4], e.guest.dw1);
		}
		assert_int_equal(fake_host_covers(&f->host.dirty, e.real,
						  4096), i == 1);
	}
}

/* D16: R and C of an absent entry do not reappear. */
static void v74_d16_clear_of_every_state(void **state)
{
	static const uint64_t opcode[] = {
		HPTE_HCALL_CLEAR_REF, HPTE_HCALL_CLEAR_MOD
	};
	static const uint64_t bit[] = { HPTE_DW1_R, HPTE_DW1_C };
	struct fixture *f = fixture_of(state);
	unsigned int i, kind, rc;
	struct hcall call;

	for (kind = 0; kind < ENTRY_STATES; kind++) {
		for (rc = 0; rc < 8; rc++) {
			struct entry e = entry_make(f, entry_sizes[rc], 1,
						    false, ENTRY_RW |
						    (uint64_t)(rc & 3) << 7);

			i = rc >> 2;
			fixture_restart(f);
			entry_put(f, &e, (enum entry_state)kind, false);
			assert_int_equal(HCALL(f, &call, opcode[i], 0,
					       e.index), HPTE_H_SUCCESS);
			assert_int_equal(call.gpr[4], e.guest.dw1);
			assert_int_equal(HCALL(f, &call, HPTE_HCALL_READ, 0,
					       e.index), HPTE_H_SUCCESS);
			assert_int_equal(call.gpr[4], e.guest.dw0);
			assert_int_equal(call.gpr[5], e.guest.dw1 & ~bit[i]);
			assert_int_equal(HCALL(f, &call, HPTE_HCALL_REMOVE, 0,
					       e.index), HPTE_H_SUCCESS);
			assert_int_equal(call.gpr[5], e.guest.dw1 & ~bit[i]);
		}
	}
}

static void v76_clear_of_an_empty_slot(void **state)
{
	struct fixture *f = fixture_of(state);
	struct hcall call;

	assert_int_equal(HCALL(f, &call, HPTE_HCALL_CLEAR_MOD, 0, 9),
			 HPTE_H_NOT_FOUND);
	assert_int_equal(HCALL(f, &call, HPTE_HCALL_CLEAR_REF, 0, 9),
			 HPTE_H_NOT_FOUND);
	/* FreeBSD probes with flags and index zero. */
	assert_int_equal(HCALL(f, &call, HPTE_HCALL_CLEAR_MOD, 0, 0),
			 HPTE_H_NOT_FOUND);
	assert_int_equal(f->host.calls.flush, 0);
}

static void clear_ignores_all_flags(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);
	unsigned int round;
	struct hcall call;

	entry_put(f, &e, ENTRY_VALID, false);
	for (round = 0; round < 1000; round++) {
		assert_int_equal(HCALL(f, &call, round & 1 ?
				       HPTE_HCALL_CLEAR_MOD :
				       HPTE_HCALL_CLEAR_REF,
				       test_random_sparse(&f->random),
				       e.index), HPTE_H_SUCCESS);
		assert_int_equal(call.gpr[4], e.guest.dw1);
		fake_host_forget(&f->host);
	}
}

/* P16: C may still be on its way: it is asked for by an invalidation. */
static void clear_mod_samples_through_a_flush(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);
	struct hcall call;

	entry_put(f, &e, ENTRY_VALID, false);
	assert_int_equal(HCALL(f, &call, HPTE_HCALL_CLEAR_MOD, 0, e.index),
			 HPTE_H_SUCCESS);
	assert_flushed(f, &e, 1);
	assert_true(memory_entry(f, e.index).dw0 & HPTE_DW0_V);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_EVERY_KIND(v67_all_bits_at_once),
		TEST_WALKER_KIND(v68_no_upgrade),
		TEST_EVERY_KIND(v70_generation),
		TEST_EVERY_KIND(v71_avpn_only_with_the_flag),
		TEST_EVERY_KIND(protect_of_an_empty_slot),
		TEST_EVERY_KIND(protect_with_any_flags),
		TEST_WALKER_KIND(v73_clear_ref_of_hardware_r),
		TEST_WALKER_KIND(cleared_bits_come_back),
		TEST_EVERY_KIND(v74_d16_clear_of_every_state),
		TEST_EVERY_KIND(v76_clear_of_an_empty_slot),
		TEST_EVERY_KIND(clear_ignores_all_flags),
		TEST_WALKER_KIND(clear_mod_samples_through_a_flush),
	};

	return TEST_RUN("hcall_protect", tests);
}
