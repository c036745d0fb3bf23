/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/hcall_hostile.c - random hypercalls with malformed everything.
 *
 * Nothing is known about the answers here; what is checked holds always:
 * only codes that the call may answer, only registers it may write, no host
 * address in any register, no hypervisor bit in an entry that is read, no
 * access outside the storage (inaccessible pages surround it), and an empty
 * table after everything was removed.
 */
#include "fixture.h"

#include <string.h>

#define STEPS		6000U
#define GROUPS		5U
#define IO_START	UINT64_C(0x8000000000)
#define HYPERVISOR_DW0	UINT64_C(0x60)

static const uint64_t opcodes[] = {
	HPTE_HCALL_REMOVE, HPTE_HCALL_ENTER, HPTE_HCALL_READ,
	HPTE_HCALL_CLEAR_MOD, HPTE_HCALL_CLEAR_REF, HPTE_HCALL_PROTECT,
	HPTE_HCALL_BULK_REMOVE, HPTE_HCALL_BLOCK_REMOVE,
	HPTE_HCALL_ENTER, HPTE_HCALL_ENTER, HPTE_HCALL_READ,
	HPTE_HCALL_PROTECT, HPTE_HCALL_CLEAR_HPT,
	HPTE_HCALL_RESIZE_HPT_PREPARE, HPTE_HCALL_RESIZE_HPT_COMMIT,
	HPTE_HCALL_REGISTER_PROCESS_TABLE,
};

static uint64_t below(struct fixture *f, uint64_t bound)
{
	return test_random_below(&f->random, bound);
}

/* Never what a host address looks like: that would be no leak. */
static uint64_t word(struct fixture *f)
{
	uint64_t value;

	do {
		value = test_random_sparse(&f->random);
	} while ((value & FAKE_REAL_MASK) == FAKE_REAL);
	return value;
}

/* A few groups at both ends of the table, so that calls meet each other. */
static uint64_t some_index(struct fixture *f)
{
	uint64_t entries = hpte_table_entries(&f->table);
	uint64_t index = below(f, GROUPS * 8);

	if (below(f, 16) == 0)
		return word(f);
	return index < GROUPS * 4 ? index : entries - 1 - (index & 15);
}

static struct entry some_entry(struct fixture *f)
{
	struct entry e = entry_make(f, entry_sizes[below(f, ENTRY_SIZES)],
				    (unsigned int)below(f, 6), below(f, 2),
				    ENTRY_RW);

	e.guest.dw0 |= below(f, 16) << 3;
	e.guest.dw1 |= word(f) & UINT64_C(0xF000000000000FFF);
	if (below(f, 4) == 0)
		e.guest.dw1 |= IO_START;
	if (below(f, 8) == 0)
		e.guest.dw0 ^= UINT64_C(1) << below(f, 40);
	if (below(f, 8) == 0)
		e.guest.dw1 ^= UINT64_C(1) << below(f, 40);
	return e;
}

static void fill_pairs(struct fixture *f, struct hcall *call)
{
	unsigned int i;

	for (i = 0; i < 4; i++) {
		uint64_t control = below(f, 3) ? 0x40 | below(f, 4) :
						 below(f, 256);

		call->gpr[4 + 2 * i] = control << 56 | some_index(f);
		call->gpr[5 + 2 * i] = below(f, 2) ? word(f) :
			some_entry(f).guest.dw0 & ~UINT64_C(0x7F);
	}
}

static void fill_specifiers(struct fixture *f, struct hcall *call)
{
	unsigned int i;

	call->gpr[4] = some_entry(f).guest.dw0 & ~UINT64_C(0x7F);
	for (i = 0; i < 8; i++) {
		uint64_t control = below(f, 6) ? 0x40 | below(f, 2) :
						 below(f, 256);

		call->gpr[5 + i] = control << 56 | some_index(f);
	}
}

static void fill(struct fixture *f, struct hcall *call, uint64_t opcode)
{
	struct entry e = some_entry(f);
	unsigned int i;

	for (i = 0; i < 32; i++)
		call->gpr[i] = word(f);
	call->gpr[3] = opcode;
	call->gpr[5] = some_index(f);
	if (below(f, 4)) {
		call->gpr[6] = e.guest.dw0;
		call->gpr[7] = e.guest.dw1;
	}
	if (below(f, 2))
		call->gpr[4] = below(f, 2) ? 0 : HPTE_HFLAG_EXACT;
	if (opcode == HPTE_HCALL_BULK_REMOVE)
		fill_pairs(f, call);
	if (opcode == HPTE_HCALL_BLOCK_REMOVE)
		fill_specifiers(f, call);
	if (opcode == HPTE_HCALL_RESIZE_HPT_PREPARE ||
	    opcode == HPTE_HCALL_RESIZE_HPT_COMMIT)
		call->gpr[5] = below(f, 4) ? 18 + below(f, 3) : word(f);
	/* A bulk pair's index must not look like a host address either. */
	for (i = 0; i < 32; i++)
		if ((call->gpr[i] & FAKE_REAL_MASK) == FAKE_REAL)
			call->gpr[i] = 0;
	memcpy(call->before, call->gpr, sizeof(call->before));
}

static void check_read(const struct hcall *call)
{
	unsigned int i, pairs = call->before[4] & HPTE_HFLAG_READ_4 ? 4 : 1;

	for (i = 0; i < pairs; i++) {
		uint64_t dw0 = call->gpr[4 + 2 * i];
		uint64_t dw1 = call->gpr[5 + 2 * i];

		if (!dw0) {
			assert_int_equal(dw1, 0);
			continue;
		}
		assert_true(dw0 & HPTE_DW0_V);
		assert_int_equal(dw0 & HYPERVISOR_DW0, 0);
		assert_int_equal(dw0 & HPTE_BIT(0), 0);
		assert_int_equal(dw1 & HPTE_DW1_RESERVED, 0);
	}
}

static void host_changes_its_mind(struct fixture *f)
{
	uint64_t index = some_index(f);

	f->host.map_result = (enum hpte_host_result)below(f, 3);
	f->host.alloc_result = (enum hpte_host_result)below(f, 3);
	f->host.map_writable = below(f, 2);
	f->host.map_shift = below(f, 3) ? 0 : 12;
	f->host.always_retry = below(f, 8) == 0;
	f->host.stop_refused = below(f, 4) == 0;
	f->host.write_refused = below(f, 4) == 0;
	if (!f->kind->walker || index >= hpte_table_entries(&f->table))
		return;
	/* The walker uses an entry; the host takes a page back. */
	if (memory_entry(f, index).dw0 & HPTE_DW0_V)
		memory_set_rc(f, index, word(f));
	if (below(f, 4) == 0)
		assert_int_not_equal(hpte_table_demote(&f->table, index),
				     HPTE_ERR_AGAIN);
}

static void one_call(struct fixture *f)
{
	uint64_t opcode = opcodes[below(f, sizeof(opcodes) /
					sizeof(opcodes[0]))];
	uint64_t msr = below(f, 32) ? 0 : word(f);
	struct hcall call;

	if (opcode == HPTE_HCALL_CLEAR_HPT && below(f, 16))
		opcode = HPTE_HCALL_ENTER;
	if (below(f, 32) == 0)
		opcode = word(f) ^ opcode;
	fill(f, &call, opcode);
	fake_host_forget(&f->host);
	if (hpte_hcall_dispatch(&f->vm, call.gpr, msr) != HPTE_HCALL_DONE) {
		assert_memory_equal(call.gpr, call.before, sizeof(call.gpr));
		return;
	}
	call.code = (int64_t)call.gpr[3];
	hcall_check(&call, opcode);
	if (opcode == HPTE_HCALL_READ && call.code == HPTE_H_SUCCESS)
		check_read(&call);
}

static void drain(struct fixture *f)
{
	uint64_t entries = hpte_table_entries(&f->table), i;

	for (i = 0; i < entries; i++) {
		struct hpte removed;
		int status;

		if (!memory_entry(f, i).dw0)
			continue;
		if (!f->kind->walker)
			assert_no_host(memory_entry(f, i).dw1);
		fake_host_forget(&f->host);
		status = hpte_table_remove(&f->table, i, NULL, &removed);
		/* Nobody is at work: what is not zero is an entry. */
		assert_int_equal(status, HPTE_OK);
		assert_no_host(removed.dw0);
		assert_no_host(removed.dw1);
		assert_empty(f, i);
	}
}

static void random_calls(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int step;

	f->caps.order_max = 20;
	fake_host_region(&f->host, IO_START, UINT64_C(1) << 36,
			 HPTE_BACKING_IO, 24);
	fake_host_region(&f->host, UINT64_C(0x6000), 0x1000,
			 HPTE_BACKING_RESCINDED, 12);
	fixture_restart(f);
	for (step = 0; step < STEPS; step++) {
		host_changes_its_mind(f);
		one_call(f);
		if (step % 500 == 499)
			drain(f);
	}
	drain(f);
}

static void random_calls_strict(void **state)
{
	struct fixture *f = fixture_of(state);

	f->caps.strict = true;
	f->caps.pp0 = false;
	f->caps.data_keys = 0;
	f->caps.insn_keys = 0;
	random_calls(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_EVERY_KIND(random_calls),
		TEST_EVERY_KIND(random_calls_strict),
	};

	return TEST_RUN("hcall_hostile", tests);
}
