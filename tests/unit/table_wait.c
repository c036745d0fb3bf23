/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/table_wait.c - the operations that wait, and give up.
 *
 * The owner stands still inside its own tlb_invalidate() until the other
 * thread has its answer, so that the outcome does not depend on timing.
 */
#include "fixture.h"

#include <pthread.h>
#include <string.h>

#define POISON		UINT64_C(0xDEADBEEF0BADF00D)

enum wait_op { WAIT_PROTECT, WAIT_CLEAR_R, WAIT_CLEAR_C, WAIT_OPS };

struct waiter {
	struct fixture *f;
	struct entry entry;
	enum wait_op op;
	uint64_t old;
	int status;
	bool ran;
};

static int perform(struct waiter *waiter)
{
	struct hpte_table *table = &waiter->f->table;
	uint64_t index = waiter->entry.index;

	switch (waiter->op) {
	case WAIT_PROTECT:
		return hpte_table_protect(table, index, NULL, HPTE_DW1_N,
					  HPTE_DW1_N);
	case WAIT_CLEAR_R:
		return hpte_table_clear(table, index, HPTE_DW1_R,
					&waiter->old);
	default:
		return hpte_table_clear(table, index, HPTE_DW1_C,
					&waiter->old);
	}
}

static void *another_cpu(void *arg)
{
	struct waiter *waiter = arg;

	waiter->status = perform(waiter);
	return NULL;
}

static void run_another_cpu(void *arg)
{
	struct waiter *waiter = arg;
	pthread_t thread;

	if (pthread_create(&thread, NULL, another_cpu, waiter))
		return;
	waiter->ran = pthread_join(thread, NULL) == 0;
}

static void gives_up_after_a_while(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int op;

	for (op = 0; op < WAIT_OPS; op++) {
		struct waiter waiter;

		memset(&waiter, 0, sizeof(waiter));
		waiter.f = f;
		waiter.op = (enum wait_op)op;
		waiter.old = POISON;
		waiter.entry = entry_make(f, ENTRY_4K, 0, false,
					  ENTRY_RW | HPTE_DW1_RC);
		fixture_restart(f);
		entry_put(f, &waiter.entry, ENTRY_VALID, false);
		fake_host_inject(&f->host, FAKE_AT_FLUSH, run_another_cpu,
				 &waiter);
		assert_int_equal(hpte_table_demote(&f->table,
						   waiter.entry.index),
				 HPTE_OK);
		assert_true(waiter.ran);
		assert_int_equal(waiter.status, HPTE_ERR_AGAIN);
		assert_int_equal(waiter.old, POISON);
		assert_guest_is(f, waiter.entry.index, waiter.entry.guest.dw0,
				waiter.entry.guest.dw1);
		/* The owner has left: now it works. */
		assert_int_equal(perform(&waiter), HPTE_OK);
	}
}

struct hcall_waiter {
	struct fixture *f;
	struct hcall call;
	enum hpte_hcall_disposition disposition;
};

static void *another_vcpu(void *arg)
{
	struct hcall_waiter *waiter = arg;

	waiter->disposition = hpte_hcall_dispatch(&waiter->f->vm,
						  waiter->call.gpr, 0);
	return NULL;
}

static void run_another_vcpu(void *arg)
{
	struct hcall_waiter *waiter = arg;
	pthread_t thread;

	waiter->disposition = HPTE_HCALL_NOT_MINE;
	if (!pthread_create(&thread, NULL, another_vcpu, waiter))
		pthread_join(thread, NULL);
}

/* The guest executes sc 1 again: no register may have changed. */
static void hcall_is_made_again(void **state)
{
	static const uint64_t opcode[] = {
		HPTE_HCALL_PROTECT, HPTE_HCALL_CLEAR_REF, HPTE_HCALL_CLEAR_MOD
	};
	struct fixture *f = fixture_of(state);
	unsigned int i;

	for (i = 0; i < 3; i++) {
		struct entry e = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);
		struct hcall_waiter waiter;
		uint64_t args[2];

		fixture_restart(f);
		entry_put(f, &e, ENTRY_VALID, false);
		waiter.f = f;
		args[0] = HPTE_HFLAG_N;
		args[1] = e.index;
		hcall_prepare(f, &waiter.call, opcode[i], args, 2);
		fake_host_inject(&f->host, FAKE_AT_FLUSH, run_another_vcpu,
				 &waiter);
		assert_int_equal(hpte_table_demote(&f->table, e.index),
				 HPTE_OK);
		assert_int_equal(waiter.disposition, HPTE_HCALL_AGAIN);
		assert_memory_equal(waiter.call.gpr, waiter.call.before,
				    sizeof(waiter.call.gpr));
		assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1);
		assert_int_equal(hpte_hcall_dispatch(&f->vm, waiter.call.gpr,
						     0), HPTE_HCALL_DONE);
		assert_int_equal(waiter.call.gpr[3], HPTE_H_SUCCESS);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_WALKER_KIND(gives_up_after_a_while),
		TEST_WALKER_KIND(hcall_is_made_again),
	};

	return TEST_RUN("table_wait", tests);
}
