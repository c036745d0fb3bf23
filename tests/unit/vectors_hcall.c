/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/vectors_hcall.c - published vectors of the hypercalls, literally.
 *
 * v<number>_ in the name of a test is the number of its vector; COVERAGE.md
 * says where the others are.  The table is of order 24.
 */
#include "fixture.h"

#define GROUP		UINT64_C(0xB69A8)	/* of vector 1 */
#define V1_DW0		UINT64_C(0x0000123456789081)
#define V1_DW1		UINT64_C(0x0000000012345192)

static int64_t enter(struct fixture *f, uint64_t flags, uint64_t index,
		     uint64_t dw0, uint64_t dw1, uint64_t *where)
{
	struct hcall call;
	int64_t code = HCALL(f, &call, HPTE_HCALL_ENTER, flags, index, dw0,
			     dw1);

	*where = call.gpr[4];
	return code;
}

/* Through the hypercalls, not the codec: the operand that the host gets. */
static void v1_v2_operand_of_remove(void **state)
{
	static const struct {
		uint64_t index, dw0;
	} at[] = { { 0xB69A8, V1_DW0 }, { 0x49655, V1_DW0 | 2 } };
	struct fixture *f = fixture_of(state);
	struct hcall call;
	uint64_t where;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		assert_int_equal(enter(f, HPTE_HFLAG_EXACT, at[i].index,
				       at[i].dw0, V1_DW1, &where),
				 HPTE_H_SUCCESS);
		assert_int_equal(where, at[i].index);
		fake_host_forget(&f->host);
		assert_int_equal(HCALL(f, &call, HPTE_HCALL_REMOVE, 0, where),
				 HPTE_H_SUCCESS);
		assert_int_equal(call.gpr[4], at[i].dw0);
		assert_int_equal(call.gpr[5], V1_DW1);
		assert_int_equal(f->host.rbs, 1);
		assert_int_equal(f->host.rb[0], UINT64_C(0x1234567890ABC000));
	}
}

static void v25_v26_absent_entries_count(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int n;
	uint64_t where;

	for (n = 0; n < 3; n++) {
		f->host.map_result = n == 1 ? HPTE_HOST_LATER : HPTE_HOST_DONE;
		assert_int_equal(enter(f, HPTE_HFLAG_EXACT, GROUP + n, V1_DW0,
				       V1_DW1, &where), HPTE_H_SUCCESS);
	}
	assert_int_equal(enter(f, 0, GROUP + 6, V1_DW0, V1_DW1, &where),
			 HPTE_H_SUCCESS);
	assert_int_equal(where, GROUP + 3);
	for (n = 4; n < 8; n++) {
		f->host.map_result = n & 1 ? HPTE_HOST_LATER : HPTE_HOST_DONE;
		assert_int_equal(enter(f, 0, GROUP, V1_DW0, V1_DW1, &where),
				 HPTE_H_SUCCESS);
		assert_int_equal(where, GROUP + n);
	}
	assert_int_equal(enter(f, 0, GROUP, V1_DW0, V1_DW1, &where),
			 HPTE_H_PTEG_FULL);
}

/* T5: refused, where another hypervisor stores 23000000. */
static void v31_misaligned_16m_page(void **state)
{
	struct fixture *f = fixture_of(state);
	uint64_t dw0 = UINT64_C(0x4001FFFFFF000005);
	uint64_t where;

	assert_int_equal(enter(f, 0, GROUP, dw0, UINT64_C(0x23100192), &where),
			 HPTE_H_PARAMETER);
	assert_empty(f, GROUP);
	assert_int_equal(enter(f, 0, GROUP, dw0, UINT64_C(0x23000192), &where),
			 HPTE_H_SUCCESS);
	assert_guest_is(f, GROUP, dw0, UINT64_C(0x23000192));
}

static void v52_bulk_modifier_11(void **state)
{
	struct fixture *f = fixture_of(state);
	struct hcall call;
	uint64_t where;

	assert_int_equal(enter(f, HPTE_HFLAG_EXACT, 0x12345, V1_DW0, V1_DW1,
			       &where), HPTE_H_SUCCESS);
	assert_int_equal(HCALL(f, &call, HPTE_HCALL_BULK_REMOVE,
			       UINT64_C(0x4300000000012345),
			       V1_DW0 & ~UINT64_C(0x7F),
			       UINT64_C(0x4000000000012345), 0),
			 HPTE_H_PARAMETER);
	assert_int_equal(call.gpr[4], UINT64_C(0xA300000000012345));
	assert_int_equal(call.gpr[6], UINT64_C(0x4000000000012345));
	assert_guest_is(f, 0x12345, V1_DW0, V1_DW1);
}

/* The whole response dword of each of H_BULK_REMOVE's four outcomes. */
static void v50_literal_responses(void **state)
{
	static const struct {
		uint64_t rc, response;
	} want[] = {
		{ 0x180, UINT64_C(0x8E00000000012345) },
		{ 0x100, UINT64_C(0x8A00000000012345) },
		{ 0x080, UINT64_C(0x8600000000012345) },
		{ 0x000, UINT64_C(0x8200000000012345) },
	};
	struct fixture *f = fixture_of(state);
	struct hcall call;
	uint64_t where;
	unsigned int i;

	for (i = 0; i < 4; i++) {
		assert_int_equal(enter(f, HPTE_HFLAG_EXACT, 0x12345, V1_DW0,
				       (V1_DW1 & ~UINT64_C(0x180)) |
				       want[i].rc, &where), HPTE_H_SUCCESS);
		assert_int_equal(HCALL(f, &call, HPTE_HCALL_BULK_REMOVE,
				       UINT64_C(0x4200000000012345),
				       UINT64_C(0x0000123456789080),
				       UINT64_C(0xC000000000000000)),
				 HPTE_H_SUCCESS);
		assert_int_equal(call.gpr[4], want[i].response);
	}
}

static void v58_literal_response(void **state)
{
	struct fixture *f = fixture_of(state);
	struct hcall call;
	uint64_t where;

	assert_int_equal(enter(f, HPTE_HFLAG_EXACT, 0x12345, V1_DW0,
			       V1_DW1 & ~UINT64_C(0x80), &where),
			 HPTE_H_SUCCESS);
	assert_int_equal(HCALL(f, &call, HPTE_HCALL_BLOCK_REMOVE,
			       UINT64_C(0x0000123456789080),
			       UINT64_C(0x4100000000012345),
			       UINT64_C(0xC000000000000000)), HPTE_H_SUCCESS);
	assert_int_equal(call.gpr[4], UINT64_C(0x8400000000012345));
	assert_int_equal(call.gpr[5], UINT64_C(0xC000000000000000));
}

static void v67_literal_bits(void **state)
{
	struct fixture *f = fixture_of(state);
	struct hcall call;
	uint64_t where;

	assert_int_equal(enter(f, 0, GROUP, V1_DW0, V1_DW1, &where),
			 HPTE_H_SUCCESS);
	assert_int_equal(HCALL(f, &call, HPTE_HCALL_PROTECT, 0x2306, where),
			 HPTE_H_SUCCESS);
	assert_int_equal(HCALL(f, &call, HPTE_HCALL_READ, 0, where),
			 HPTE_H_SUCCESS);
	assert_int_equal(call.gpr[5], UINT64_C(0xA000000012345396));
	/* V16: the key is 17 */
	assert_int_equal(hpte_entry_key(call.gpr[5]), 17);
}

/* Whatever the state of the entry and whatever was entered. */
static void v77_bit_1_of_cleared_entries(void **state)
{
	static const uint64_t opcode[] = {
		HPTE_HCALL_CLEAR_REF, HPTE_HCALL_CLEAR_MOD
	};
	static const enum hpte_host_result result[] = {
		HPTE_HOST_DONE, HPTE_HOST_LATER
	};
	struct fixture *f = fixture_of(state);
	uint64_t reserved = UINT64_C(0x4000000000000000);
	struct hcall call;
	unsigned int i, n;
	uint64_t where;

	for (i = 0; i < 4; i++) {
		f->host.map_result = result[i >> 1];
		assert_int_equal(enter(f, 0, 8 * i, V1_DW0, V1_DW1 | reserved,
				       &where), HPTE_H_SUCCESS);
		for (n = 0; n < 3; n++) {
			assert_int_equal(HCALL(f, &call, opcode[i & 1], 0,
					       where), HPTE_H_SUCCESS);
			assert_int_equal(call.gpr[4] & reserved, 0);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_EVERY_KIND_24(v1_v2_operand_of_remove),
		TEST_EVERY_KIND_24(v25_v26_absent_entries_count),
		TEST_EVERY_KIND_24(v31_misaligned_16m_page),
		TEST_EVERY_KIND_24(v50_literal_responses),
		TEST_EVERY_KIND_24(v52_bulk_modifier_11),
		TEST_EVERY_KIND_24(v58_literal_response),
		TEST_EVERY_KIND_24(v67_literal_bits),
		TEST_EVERY_KIND_24(v77_bit_1_of_cleared_entries),
	};

	return TEST_RUN("vectors_hcall", tests);
}
