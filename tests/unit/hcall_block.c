/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/hcall_block.c - H_BLOCK_REMOVE and H_CLEAR_HPT.
 *
 * The numbers in test names are those of the contract's test vectors.
 */
#include "fixture.h"

#include <string.h>

#define REQUEST		UINT64_C(0x40)
#define CHECK_AVPN	UINT64_C(0x01)
#define END		UINT64_C(0xC000000000000000)

/* Responses: 10, then three bits of code. */
#define SUCCESS		UINT64_C(0x80)
#define NOT_FOUND	UINT64_C(0x88)
#define PARAMETER	UINT64_C(0x90)
#define OTHER_SIZE	UINT64_C(0x98)
#define OTHER_BLOCK	UINT64_C(0xA8)
#define OVER		UINT64_C(0xB0)
#define CODE		UINT64_C(0xF8)	/* what clients look at */

#define RESPONSE_R	UINT64_C(0x04)
#define RESPONSE_C	UINT64_C(0x02)

struct block {
	uint64_t arg[9];	/* AVA, eight specifiers */
	struct hcall call;
};

static void block_start(struct block *block)
{
	unsigned int i;

	memset(block, 0, sizeof(*block));
	for (i = 1; i < 9; i++)
		block->arg[i] = END | i;
}

static uint64_t specifier(uint64_t control, uint64_t index)
{
	return control << 56 | index;
}

static int64_t block_remove(struct fixture *f, struct block *block)
{
	unsigned int i;
	int64_t code;

	code = hcall_run(f, &block->call, HPTE_HCALL_BLOCK_REMOVE, block->arg,
			 9);
	/* What follows END comes back as it was, one register lower. */
	for (i = 0; i < 8 && block->arg[1 + i] >> 62 != 3; i++)
		;
	for (; i < 8; i++)
		assert_int_equal(block->call.gpr[4 + i], block->arg[1 + i]);
	return code;
}

/* The code of the response to specifier n. */
static uint64_t code_of(const struct block *block, unsigned int n)
{
	return block->call.gpr[4 + n] >> 56 & CODE;
}

/* The nth page of an aligned block of eight: consecutive 4K pages. */
static struct entry page_of_block(const struct fixture *f, unsigned int n)
{
	struct entry e = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);

	e.va.offset = (UINT64_C(0x0ABC0000) & ~UINT64_C(0x7FFF)) +
		      ((uint64_t)n << 12);
	e.guest.dw0 = hpte_hash_dw0(&e.va) | HPTE_DW0_V;
	e.guest.dw1 = ENTRY_RW | (uint64_t)(n + 1) << 12;
	e.real = (uint64_t)(n + 1) << 12;
	e.index = 8 * hpte_hash_group(hpte_hash_primary(&e.va), false,
				      f->order);
	return e;
}

static void v58_response_bits(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int rc;

	for (rc = 0; rc < 4; rc++) {
		struct entry e = page_of_block(f, 0);
		struct block block;
		uint64_t want = SUCCESS;

		block_start(&block);
		e.guest.dw1 |= (uint64_t)rc << 7;
		e.index = 0x12345;
		want |= e.guest.dw1 & HPTE_DW1_R ? RESPONSE_R : 0;
		want |= e.guest.dw1 & HPTE_DW1_C ? RESPONSE_C : 0;
		entry_put(f, &e, ENTRY_VALID, true);
		block.arg[0] = e.guest.dw0 & ~UINT64_C(0x7F);
		block.arg[1] = specifier(REQUEST | CHECK_AVPN, e.index);
		assert_int_equal(block_remove(f, &block), HPTE_H_SUCCESS);
		assert_int_equal(block.call.gpr[4], specifier(want, e.index));
		assert_empty(f, e.index);
	}
}

static void whole_block_in_one_flush(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int kind, i;

	for (kind = 0; kind < ENTRY_STATES; kind++) {
		struct entry e[8];
		struct block block;
		unsigned int flushes = 8 * entry_flushes(f, kind);

		fixture_restart(f);
		block_start(&block);
		for (i = 0; i < 8; i++) {
			e[i] = page_of_block(f, i);
			entry_put(f, &e[i], (enum entry_state)kind, false);
			block.arg[1 + i] = specifier(REQUEST | CHECK_AVPN,
						     e[i].index);
		}
		/* AVA covers all eight: its low bits do not count. */
		block.arg[0] = e[3].guest.dw0 & ~UINT64_C(0x7F);
		assert_int_equal(block_remove(f, &block), HPTE_H_SUCCESS);
		for (i = 0; i < 8; i++) {
			assert_int_equal(code_of(&block, i), SUCCESS);
			assert_empty(f, e[i].index);
		}
		assert_int_equal(f->host.rbs, flushes);
		assert_int_equal(f->host.calls.flush, !!flushes);
	}
}

static void v59_bolted_is_refused(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int kind;

	for (kind = 0; kind < ENTRY_STATES; kind++) {
		struct entry e = page_of_block(f, 0);
		struct block block;

		fixture_restart(f);
		block_start(&block);
		e.guest.dw0 |= HPTE_DW0_BOLTED;
		entry_put(f, &e, (enum entry_state)kind, false);
		block.arg[1] = specifier(REQUEST, e.index);
		assert_int_equal(block_remove(f, &block), HPTE_H_PARTIAL);
		assert_int_equal(block.call.gpr[4] >> 56, NOT_FOUND);
		assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1);
		assert_int_equal(f->host.calls.flush, 0);
	}
}

static void not_found_and_out_of_range(void **state)
{
	struct fixture *f = fixture_of(state);
	uint64_t entries = hpte_table_entries(&f->table);
	struct entry e = page_of_block(f, 0);
	struct block block;

	block_start(&block);
	entry_put(f, &e, ENTRY_VALID, false);
	block.arg[0] = (e.guest.dw0 & ~UINT64_C(0x7F)) ^ UINT64_C(1) << 40;
	block.arg[1] = specifier(REQUEST | CHECK_AVPN, e.index);
	block.arg[2] = specifier(REQUEST, e.index + 1);
	block.arg[3] = specifier(REQUEST, entries);
	block.arg[4] = specifier(REQUEST, UINT64_C(1) << 40);
	block.arg[5] = specifier(REQUEST, e.index);
	block.arg[6] = specifier(REQUEST, e.index);
	assert_int_equal(block_remove(f, &block), HPTE_H_PARTIAL);
	assert_int_equal(code_of(&block, 0), NOT_FOUND);
	assert_int_equal(code_of(&block, 1), NOT_FOUND);
	assert_int_equal(code_of(&block, 2), PARAMETER);
	assert_int_equal(code_of(&block, 3), PARAMETER);
	assert_int_equal(code_of(&block, 4), SUCCESS);
	assert_int_equal(code_of(&block, 5), NOT_FOUND);
	assert_empty(f, e.index);
}

static void v61_other_block_or_size(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry first = page_of_block(f, 7);
	struct entry block_over = page_of_block(f, 8);
	struct entry size_over = entry_make(f, entry_sizes[3], 3, false,
					    ENTRY_RW);
	struct block block;

	block_start(&block);
	entry_put(f, &first, ENTRY_VALID, false);
	entry_put(f, &block_over, ENTRY_VALID, false);
	entry_put(f, &size_over, ENTRY_VALID, false);
	block.arg[1] = specifier(REQUEST, first.index);
	block.arg[2] = specifier(REQUEST, block_over.index);
	block.arg[3] = specifier(REQUEST, size_over.index);
	assert_int_equal(block_remove(f, &block), HPTE_H_PARTIAL);
	assert_int_equal(code_of(&block, 0), SUCCESS);
	assert_int_equal(code_of(&block, 1), OTHER_BLOCK);
	assert_int_equal(code_of(&block, 2), OTHER_SIZE);
	assert_empty(f, first.index);
	assert_guest_is(f, block_over.index, block_over.guest.dw0,
			block_over.guest.dw1);
	assert_guest_is(f, size_over.index, size_over.guest.dw0,
			size_over.guest.dw1);
}

static void capacity(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int most, i;

	for (most = 0; most < 8; most++) {
		struct entry e[8];
		struct block block;

		f->caps.block[HPTE_PAIR_4K_4K] = (uint8_t)most;
		fixture_restart(f);
		block_start(&block);
		for (i = 0; i < 8; i++) {
			e[i] = page_of_block(f, i);
			entry_put(f, &e[i], ENTRY_VALID, false);
			block.arg[1 + i] = specifier(REQUEST, e[i].index);
		}
		assert_int_equal(block_remove(f, &block), HPTE_H_PARTIAL);
		for (i = 0; i < 8; i++) {
			uint64_t want = most ? OVER : PARAMETER;

			assert_int_equal(code_of(&block, i),
					 i < most ? SUCCESS : want);
		}
	}
}

static void v62_neither_request_nor_end(void **state)
{
	static const uint64_t type[] = { 0x00, 0x80 };
	struct fixture *f = fixture_of(state);
	unsigned int i;

	for (i = 0; i < 2; i++) {
		struct entry first = page_of_block(f, 0);
		struct entry behind = page_of_block(f, 1);
		struct block block;

		fixture_restart(f);
		block_start(&block);
		entry_put(f, &first, ENTRY_VALID, false);
		entry_put(f, &behind, ENTRY_VALID, false);
		block.arg[1] = specifier(REQUEST, first.index);
		block.arg[2] = specifier(type[i], behind.index);
		block.arg[3] = specifier(REQUEST, behind.index);
		assert_int_equal(block_remove(f, &block), HPTE_H_PARAMETER);
		assert_int_equal(code_of(&block, 0), SUCCESS);
		assert_flushed(f, &first, entry_flushes(f, ENTRY_VALID));
		assert_empty(f, first.index);
		assert_guest_is(f, behind.index, behind.guest.dw0,
				behind.guest.dw1);
		/* No slot is left claimed. */
		hcall_enter(f, &first, HPTE_HFLAG_EXACT);
	}
}

/* Everything but the VRMA goes; what is bolted as well. */
static void clear_hpt_spares_the_vrma(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e[ENTRY_SIZES];
	uint64_t vrma = UINT64_C(0x4001FFFFFF000015), left = 0, i;
	struct entry spared = entry_make(f, entry_sizes[11], 0, false,
					 ENTRY_RW);
	struct hcall call;
	unsigned int n;
	int64_t code;

	for (n = 0; n < ENTRY_SIZES; n++) {
		e[n] = entry_make(f, entry_sizes[n], n, n & 1, ENTRY_RW);
		if (n & 2)
			e[n].guest.dw0 |= HPTE_DW0_BOLTED;
		e[n].index = (n * 1237 + 5) % hpte_table_entries(&f->table);
		entry_put(f, &e[n], (enum entry_state)(n % 3), true);
	}
	spared.guest.dw0 = vrma;
	spared.index = hpte_table_entries(&f->table) - 1;
	entry_put(f, &spared, ENTRY_VALID, true);
	do {
		code = HCALL(f, &call, HPTE_HCALL_CLEAR_HPT);
	} while (code == HPTE_H_CONTINUE);
	assert_int_equal(code, HPTE_H_SUCCESS);
	for (i = 0; i < hpte_table_entries(&f->table); i++)
		left += memory_entry(f, i).dw0 != 0;
	assert_int_equal(left, 1);
	assert_guest_is(f, spared.index, spared.guest.dw0, spared.guest.dw1);
	if (f->kind->walker)
		assert_true(f->host.calls.flush_all + f->host.calls.flush > 0);
}

/* A table too large for one call: H_CONTINUE, and it does come to an end. */
static void clear_hpt_continues(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int calls = 0, n;
	struct hcall call;
	int64_t code;
	uint64_t i;

	for (n = 0; n < 64; n++) {
		struct entry e = entry_make(f, ENTRY_4K, n, false, ENTRY_RW);

		e.index = (uint64_t)n * 0x4000 + n;
		entry_put(f, &e, (enum entry_state)(n % 3), true);
	}
	do {
		fake_host_forget(&f->host);
		code = HCALL(f, &call, HPTE_HCALL_CLEAR_HPT);
		assert_in_range(++calls, 1, 64);
	} while (code == HPTE_H_CONTINUE);
	assert_int_equal(code, HPTE_H_SUCCESS);
	for (i = 0; i < hpte_table_entries(&f->table); i++)
		assert_int_equal(memory_entry(f, i).dw0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_EVERY_KIND_24(v58_response_bits),
		TEST_PRIVATE_KIND_24(v58_response_bits),
		TEST_EVERY_KIND(whole_block_in_one_flush),
		TEST_PRIVATE_KIND(whole_block_in_one_flush),
		TEST_EVERY_KIND(v59_bolted_is_refused),
		TEST_PRIVATE_KIND(v59_bolted_is_refused),
		TEST_EVERY_KIND(not_found_and_out_of_range),
		TEST_PRIVATE_KIND(not_found_and_out_of_range),
		TEST_EVERY_KIND(v61_other_block_or_size),
		TEST_PRIVATE_KIND(v61_other_block_or_size),
		TEST_EVERY_KIND(capacity),
		TEST_PRIVATE_KIND(capacity),
		TEST_EVERY_KIND(v62_neither_request_nor_end),
		TEST_PRIVATE_KIND(v62_neither_request_nor_end),
		TEST_EVERY_KIND(clear_hpt_spares_the_vrma),
		TEST_PRIVATE_KIND(clear_hpt_spares_the_vrma),
		TEST_EVERY_KIND_24(clear_hpt_continues),
		TEST_PRIVATE_KIND_24(clear_hpt_continues),
	};

	return TEST_RUN("hcall_block", tests);
}
