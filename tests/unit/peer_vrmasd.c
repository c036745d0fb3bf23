/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/peer_vrmasd.c - H_VRMASD: every code, every answer of the host.
 *
 * Bug 34 of COVERAGE.md among them: the VRMA has the page sizes that its
 * encoding has, whatever backs the guest.
 */
#include "fixture.h"

static struct {
	enum hpte_host_result result;
	unsigned int calls;
	unsigned int code;
	void *ctx;
} asked;

static enum hpte_host_result vrma_page_size(void *ctx, unsigned int code)
{
	asked.calls++;
	asked.code = code;
	asked.ctx = ctx;
	return asked.result;
}

static int64_t vrmasd(struct fixture *f, uint64_t code)
{
	struct hcall call;

	asked.calls = 0;
	asked.code = 0xBAD;
	return HCALL(f, &call, HPTE_HCALL_VRMASD, code);
}

static void codes_of_l_and_lp(void **state)
{
	static const struct {
		enum hpte_host_result result;
		int64_t code;
	} answer[] = {
		{ HPTE_HOST_DONE, HPTE_H_SUCCESS },
		{ HPTE_HOST_LATER, HPTE_H_LONG_BUSY_10_MS },
		{ HPTE_HOST_NEVER, HPTE_H_PARAMETER },
		{ (enum hpte_host_result)3, HPTE_H_PARAMETER },
	};
	struct fixture *f = fixture_of(state);
	unsigned int code, i;

	f->host.ops.vrma_page_size = vrma_page_size;
	fixture_restart(f);
	for (i = 0; i < 4; i++) {
		asked.result = answer[i].result;
		for (code = 0; code < 64; code++) {
			bool field = !(code & ~0x13U);

			assert_int_equal(vrmasd(f, code), field ?
					 answer[i].code : HPTE_H_PARAMETER);
			assert_int_equal(asked.calls, field);
			if (!field)
				continue;
			assert_int_equal(asked.code, code);
			assert_ptr_equal(asked.ctx, &f->host);
		}
	}
}

/* Bits outside the field are not cut off. */
static void all_64_bits_of_the_code(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int bit, low;

	f->host.ops.vrma_page_size = vrma_page_size;
	fixture_restart(f);
	asked.result = HPTE_HOST_DONE;
	for (bit = 5; bit < 64; bit++) {
		for (low = 0; low < 32; low++) {
			assert_int_equal(vrmasd(f, UINT64_C(1) << bit | low),
					 HPTE_H_PARAMETER);
			assert_int_equal(asked.calls, 0);
		}
	}
}

/* LATER until all threads have switched, then SUCCESS. */
static void later_and_then_done(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int i;

	f->host.ops.vrma_page_size = vrma_page_size;
	fixture_restart(f);
	asked.result = HPTE_HOST_LATER;
	for (i = 0; i < 5; i++) {
		assert_int_equal(vrmasd(f, 0x11), HPTE_H_LONG_BUSY_10_MS);
		assert_int_equal(asked.code, 0x11);
	}
	asked.result = HPTE_HOST_DONE;
	assert_int_equal(vrmasd(f, 0x11), HPTE_H_SUCCESS);
	assert_int_equal(asked.calls, 1);
}

/* The guest brings the entries itself: none is touched, nothing flushed. */
static void entries_stay(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, entry_sizes[9], 1, false, ENTRY_RW);

	f->host.ops.vrma_page_size = vrma_page_size;
	fixture_restart(f);
	entry_put(f, &e, ENTRY_VALID, false);
	asked.result = HPTE_HOST_DONE;
	assert_int_equal(vrmasd(f, 0x10), HPTE_H_SUCCESS);
	assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1);
	assert_int_equal(f->host.calls.flush, 0);
	assert_int_equal(f->host.calls.flush_all, 0);
}

static void no_callback(void **state)
{
	struct fixture *f = fixture_of(state);
	uint64_t code;

	for (code = 0; code < 64; code++)
		assert_int_equal(vrmasd(f, code), HPTE_H_FUNCTION);
}

static void who_may_call(void **state)
{
	struct fixture *f = fixture_of(state);
	const uint64_t args[] = { 0x10 };
	struct hcall call;
	unsigned int low;

	f->host.ops.vrma_page_size = vrma_page_size;
	fixture_restart(f);
	asked.result = HPTE_HOST_DONE;
	hpte_hcall_set_radix(&f->vm, true);
	assert_int_equal(vrmasd(f, 0x10), HPTE_H_FUNCTION);
	assert_int_equal(asked.calls, 0);
	hpte_hcall_set_radix(&f->vm, false);
	for (low = 0; low < 4; low++) {
		hcall_prepare(f, &call, HPTE_HCALL_VRMASD | low, args, 1);
		assert_int_equal(hpte_hcall_dispatch(&f->vm, call.gpr,
						     low ? 0 : HPTE_BIT(49)),
				 HPTE_HCALL_DONE);
		assert_int_equal((int64_t)call.gpr[3],
				 low ? HPTE_H_FUNCTION : HPTE_H_PRIVILEGE);
	}
	f->caps.hcalls = ~HPTE_OFFER_VRMASD;
	hcall_prepare(f, &call, HPTE_HCALL_VRMASD, args, 1);
	assert_int_equal(hpte_hcall_dispatch(&f->vm, call.gpr, 0),
			 HPTE_HCALL_NOT_MINE);
	assert_int_equal(asked.calls, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_EVERY_KIND(codes_of_l_and_lp),
		TEST_EVERY_KIND(all_64_bits_of_the_code),
		TEST_EVERY_KIND(later_and_then_done),
		TEST_EVERY_KIND(entries_stay),
		TEST_EVERY_KIND(no_callback),
		TEST_EVERY_KIND(who_may_call),
	};

	return TEST_RUN("peer_vrmasd", tests);
}
