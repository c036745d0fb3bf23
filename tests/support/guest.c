/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/support/guest.c - hypercalls with a checked register image.
 */
#include "fixture.h"

#include <string.h>

#define REG(n)		(UINT32_C(1) << (n))

/* Random, but never what a host address would look like. */
static uint64_t garbage(struct test_random *random)
{
	uint64_t word;

	do {
		word = test_random(random);
	} while ((word & FAKE_REAL_MASK) == FAKE_REAL);
	return word;
}

void hcall_prepare(struct fixture *f, struct hcall *call, uint64_t opcode,
		   const uint64_t *args, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < 32; i++)
		call->gpr[i] = garbage(&f->random);
	call->gpr[3] = opcode;
	for (i = 0; i < count; i++)
		call->gpr[4 + i] = args[i];
	memcpy(call->before, call->gpr, sizeof(call->before));
}

static uint32_t bulk_outputs(int64_t code)
{
	if (code == HPTE_H_SUCCESS || code == HPTE_H_PARAMETER)
		return REG(4) | REG(6) | REG(8) | REG(10);
	return 0;
}

/* Eight responses, each one register below its request. */
static uint32_t block_outputs(int64_t code)
{
	if (code == HPTE_H_SUCCESS || code == HPTE_H_PARTIAL ||
	    code == HPTE_H_PARAMETER)
		return REG(12) - REG(4);
	return 0;
}

static uint32_t read_outputs(uint64_t flags)
{
	uint32_t one = REG(4) | REG(5);

	if (flags & HPTE_HFLAG_READ_4)
		return one | one << 2 | one << 4 | one << 6;
	return one;
}

/* Which registers beside R3 the call may change. */
static uint32_t outputs(const struct hcall *call, uint64_t opcode)
{
	bool success = call->code == HPTE_H_SUCCESS;

	switch (opcode) {
	case HPTE_HCALL_ENTER:
	case HPTE_HCALL_CLEAR_MOD:
	case HPTE_HCALL_CLEAR_REF:
		return success ? REG(4) : 0;
	case HPTE_HCALL_REMOVE:
		return success ? REG(4) | REG(5) : 0;
	case HPTE_HCALL_READ:
		return success ? read_outputs(call->before[4]) : 0;
	case HPTE_HCALL_BULK_REMOVE:
		return bulk_outputs(call->code);
	case HPTE_HCALL_BLOCK_REMOVE:
		return block_outputs(call->code);
	default:
		return 0;
	}
}

static bool enter_may_answer(int64_t code)
{
	return code == HPTE_H_PTEG_FULL || code == HPTE_H_RESCINDED ||
	       code == HPTE_H_TOO_BIG;
}

static bool resize_may_answer(int64_t code)
{
	return code == HPTE_H_BUSY || code == HPTE_H_CLOSED ||
	       code == HPTE_H_NOT_AVAILABLE || code == HPTE_H_PTEG_FULL ||
	       code == HPTE_H_LONG_BUSY_10_MS || code == HPTE_H_RESOURCE;
}

static bool may_answer(uint64_t opcode, int64_t code)
{
	switch (code) {
	case HPTE_H_SUCCESS:
	case HPTE_H_FUNCTION:
	case HPTE_H_PRIVILEGE:
	case HPTE_H_PARAMETER:
		return true;
	default:
		break;
	}
	switch (opcode) {
	case HPTE_HCALL_ENTER:
		return enter_may_answer(code);
	case HPTE_HCALL_REMOVE:
	case HPTE_HCALL_PROTECT:
	case HPTE_HCALL_CLEAR_MOD:
	case HPTE_HCALL_CLEAR_REF:
		return code == HPTE_H_NOT_FOUND;
	case HPTE_HCALL_RESIZE_HPT_PREPARE:
	case HPTE_HCALL_RESIZE_HPT_COMMIT:
		return resize_may_answer(code);
	case HPTE_HCALL_BLOCK_REMOVE:
		return code == HPTE_H_PARTIAL;
	case HPTE_HCALL_CLEAR_HPT:
		return code == HPTE_H_CONTINUE;
	case HPTE_HCALL_PAGE_INIT:
		return code == HPTE_H_RESCINDED;
	case HPTE_HCALL_VRMASD:
		return code == HPTE_H_LONG_BUSY_10_MS;
	case HPTE_HCALL_REGISTER_PROCESS_TABLE:
		return code <= HPTE_H_P2 && code >= HPTE_H_P4;
	default:
		return false;
	}
}

void hcall_check(const struct hcall *call, uint64_t opcode)
{
	uint32_t allowed = outputs(call, opcode) | REG(3);
	unsigned int i;

	if (!may_answer(opcode, call->code))
		fail_msg("hcall %#llx answers %lld",
			 (unsigned long long)opcode, (long long)call->code);
	for (i = 0; i < 32; i++) {
		assert_no_host(call->gpr[i]);
		if (!(allowed & REG(i)) && call->gpr[i] != call->before[i])
			fail_msg("hcall %#llx changed R%u",
				 (unsigned long long)opcode, i);
	}
}

int64_t hcall_run(struct fixture *f, struct hcall *call, uint64_t opcode,
		  const uint64_t *args, unsigned int count)
{
	hcall_prepare(f, call, opcode, args, count);
	assert_int_equal(hpte_hcall_dispatch(&f->vm, call->gpr, 0),
			 HPTE_HCALL_DONE);
	call->code = (int64_t)call->gpr[3];
	hcall_check(call, opcode);
	return call->code;
}

void hcall_enter(struct fixture *f, struct entry *entry, uint64_t flags)
{
	struct hcall call;

	assert_int_equal(HCALL(f, &call, HPTE_HCALL_ENTER, flags, entry->index,
			       entry->guest.dw0, entry->guest.dw1),
			 HPTE_H_SUCCESS);
	entry->index = call.gpr[4];
}
