/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/hcall_bulk.c - H_BULK_REMOVE.
 *
 * The numbers in test names are those of the contract's test vectors; D1 and
 * D9 are defects of other implementations.
 */
#include "fixture.h"

#define REQUEST		UINT64_C(0x40)
#define ANDCOND		UINT64_C(0x01)
#define AVPN		UINT64_C(0x02)
#define END		UINT64_C(0xC000000000000000)

static uint64_t tsh(uint64_t control, uint64_t index)
{
	return control << 56 | index;
}

static int64_t bulk(struct fixture *f, struct hcall *call,
		    const uint64_t *pairs)
{
	return hcall_run(f, call, HPTE_HCALL_BULK_REMOVE, pairs, 8);
}

/* Where R and C of the guest's doubleword 1 belong in the response. */
static uint64_t response_rc(uint64_t dw1)
{
	uint64_t bits = 0;

	if (dw1 & HPTE_DW1_R)
		bits |= UINT64_C(0x08);
	if (dw1 & HPTE_DW1_C)
		bits |= UINT64_C(0x04);
	return bits << 56;
}

static void v50_d1_r_and_c(void **state)
{
	static const uint64_t want[] = { 0x82, 0x86, 0x8A, 0x8E };
	struct fixture *f = fixture_of(state);
	struct hcall call;
	unsigned int rc;

	for (rc = 0; rc < 4; rc++) {
		struct entry e = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW |
					    (uint64_t)rc << 7);
		uint64_t pairs[8] = { tsh(0x42, 0x12345), 0, END };

		e.index = 0x12345;
		hcall_enter(f, &e, HPTE_HFLAG_EXACT);
		pairs[1] = e.guest.dw0 & ~UINT64_C(0x7F);
		assert_int_equal(bulk(f, &call, pairs), HPTE_H_SUCCESS);
		assert_int_equal(call.gpr[4], tsh(want[rc], 0x12345));
		assert_int_equal(call.gpr[6], END);
		assert_empty(f, 0x12345);
	}
}

/* What one pair must do, as the contract's table says. */
static uint64_t expect_response(const struct entry *e, uint64_t control,
				uint64_t tsl, int64_t *code)
{
	uint64_t m = control & 3, type = control >> 6;
	bool found = true;

	*code = HPTE_H_SUCCESS;
	if (type == 3)
		return tsh(control, e->index);
	if (type != 1 || m == 3) {
		*code = HPTE_H_PARAMETER;
		return tsh(0xA0 | m, e->index);
	}
	if (m == ANDCOND)
		found = !(e->guest.dw0 & tsl);
	if (m == AVPN)
		found = (e->guest.dw0 & ~UINT64_C(0x7F)) == tsl;
	if (!found)
		return tsh(0x90 | m, e->index);
	return tsh(0x80 | m, e->index) | response_rc(e->guest.dw1);
}

/* V52 among them: all 256 control bytes, in every state of the entry. */
static void every_control_byte(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int control, round;
	struct hcall call;

	for (control = 0; control < 256; control++) {
		for (round = 0; round < 9; round++) {
			struct entry e = entry_make(f, entry_sizes[round], 1,
						    round & 1, ENTRY_RW |
						    HPTE_DW1_C);
			uint64_t pairs[8] = { 0, 0, END };
			struct hpte_view view;
			uint64_t want;
			int64_t code;
			int status;

			entry_put(f, &e, (enum entry_state)(round % 3), false);
			pairs[0] = tsh(control, e.index);
			pairs[1] = e.guest.dw0 & ~UINT64_C(0x7F);
			if (round >= 3)
				pairs[1] = round >= 6 ? 0 : 0x18;
			want = expect_response(&e, control, pairs[1], &code);
			assert_int_equal(bulk(f, &call, pairs), code);
			assert_int_equal(call.gpr[4], want);
			assert_int_equal(call.gpr[6], END);
			status = hpte_table_read(&f->table, e.index, &view);
			assert_int_equal(status == HPTE_ERR_NOTFOUND,
					 want >> 60 == 8);
			if (status == HPTE_OK)
				assert_int_equal(hpte_table_remove(&f->table,
								   e.index,
								   NULL, NULL),
						 HPTE_OK);
			fake_host_forget(&f->host);
		}
	}
}

static void v53_end_first(void **state)
{
	struct fixture *f = fixture_of(state);
	struct hcall call;
	uint64_t pairs[8];
	unsigned int i;

	for (i = 0; i < 8; i++)
		pairs[i] = ~UINT64_C(0) - i;
	assert_int_equal(bulk(f, &call, pairs), HPTE_H_SUCCESS);
	for (i = 0; i < 8; i++)
		assert_int_equal(call.gpr[4 + i], pairs[i]);
}

static void v55_same_index_twice(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int kind;
	struct hcall call;

	for (kind = 0; kind < ENTRY_STATES; kind++) {
		struct entry e = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);
		uint64_t request, pairs[8] = { 0, 0, 0, 0, END };

		entry_put(f, &e, (enum entry_state)kind, false);
		request = tsh(REQUEST, e.index);
		pairs[0] = pairs[2] = request;
		assert_int_equal(bulk(f, &call, pairs), HPTE_H_SUCCESS);
		assert_int_equal(call.gpr[4], tsh(0x80, e.index));
		assert_int_equal(call.gpr[6], tsh(0x90, e.index));
		assert_int_equal(call.gpr[8], END);
		assert_empty(f, e.index);
	}
}

static void v56_index_out_of_range(void **state)
{
	struct fixture *f = fixture_of(state);
	uint64_t entries = hpte_table_entries(&f->table);
	const uint64_t bad[] = { entries, entries + 1, entries << 3,
				 UINT64_C(1) << 55, (UINT64_C(1) << 56) - 1 };
	unsigned int i, m;
	struct hcall call;

	for (i = 0; i < 5; i++) {
		for (m = 0; m < 3; m++) {
			uint64_t pairs[8] = { tsh(REQUEST | m, bad[i]) };

			assert_int_equal(bulk(f, &call, pairs),
					 HPTE_H_PARAMETER);
			assert_int_equal(call.gpr[4], tsh(0xA0 | m, bad[i]));
			assert_int_equal(call.gpr[6], 0);
		}
	}
}

static void put_four(struct fixture *f, struct entry *e,
		     const unsigned int *how)
{
	unsigned int i;

	fixture_restart(f);
	for (i = 0; i < 4; i++) {
		e[i] = entry_make(f, entry_sizes[i * 3], i, i & 1, ENTRY_RW);
		entry_put(f, &e[i], (enum entry_state)how[i], false);
	}
	fake_host_forget(&f->host);
}

/* One call of the host for the whole batch, its operands in order. */
static void one_flush_for_the_batch(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int mix, i;
	struct hcall call;

	for (mix = 0; mix < 81; mix++) {
		unsigned int how[4] = { mix % 3, mix / 3 % 3, mix / 9 % 3,
					mix / 27 };
		unsigned int flushes = 0;
		uint64_t pairs[8] = { 0 };
		struct entry e[4];

		put_four(f, e, how);
		for (i = 0; i < 4; i++)
			pairs[2 * i] = tsh(REQUEST, e[i].index);
		assert_int_equal(bulk(f, &call, pairs), HPTE_H_SUCCESS);
		for (i = 0; i < 4; i++) {
			assert_int_equal(call.gpr[4 + 2 * i],
					 tsh(0x80, e[i].index));
			assert_empty(f, e[i].index);
			if (!entry_flushes(f, (enum entry_state)how[i]))
				continue;
			assert_int_equal(f->host.rb[flushes++],
					 hpte_hash_tlbie_rb(&e[i].guest,
							    &e[i].page,
							    e[i].index));
		}
		assert_int_equal(f->host.rbs, flushes);
		assert_int_equal(f->host.calls.flush, !!flushes);
	}
}

/* However it ends, what was removed before has been flushed. */
static void d9_flush_on_every_exit(void **state)
{
	static const uint64_t stop[] = {
		UINT64_C(0xC0), 0x00, 0x80, 0x43, 0x42, 0x40
	};
	static const unsigned int how[] = {
		ENTRY_VALID, ENTRY_VALID, ENTRY_VALID, ENTRY_VALID
	};
	struct fixture *f = fixture_of(state);
	uint64_t entries = hpte_table_entries(&f->table);
	unsigned int one = entry_flushes(f, ENTRY_VALID);
	unsigned int i, k, n;
	struct hcall call;

	for (i = 0; i < 6; i++) {
		for (n = 1; n < 4; n++) {
			uint64_t pairs[8] = { 0 };
			struct entry e[4];
			int64_t code;

			put_four(f, e, how);
			for (k = 0; k < 4; k++)
				pairs[2 * k] = tsh(REQUEST, e[k].index);
			pairs[2 * n] = tsh(stop[i], entries);
			code = bulk(f, &call, pairs);
			assert_int_equal(code, i ? HPTE_H_PARAMETER :
						   HPTE_H_SUCCESS);
			assert_int_equal(f->host.calls.flush, one);
			assert_int_equal(f->host.rbs, n * one);
			for (k = 0; k < n; k++) {
				assert_int_equal(call.gpr[4 + 2 * k],
						 tsh(0x80, e[k].index));
				assert_empty(f, e[k].index);
			}
			for (k = n + 1; k < 4; k++) {
				assert_int_equal(call.gpr[4 + 2 * k],
						 pairs[2 * k]);
				assert_guest_is(f, e[k].index, e[k].guest.dw0,
						e[k].guest.dw1);
			}
		}
	}
}

static void none_found_is_a_success(void **state)
{
	struct fixture *f = fixture_of(state);
	uint64_t pairs[8];
	struct hcall call;
	unsigned int i;

	for (i = 0; i < 4; i++) {
		pairs[2 * i] = tsh(REQUEST | i % 3, 100 + i);
		pairs[2 * i + 1] = 0;
	}
	assert_int_equal(bulk(f, &call, pairs), HPTE_H_SUCCESS);
	for (i = 0; i < 4; i++)
		assert_int_equal(call.gpr[4 + 2 * i],
				 tsh(0x90 | i % 3, 100 + i));
	assert_int_equal(f->host.calls.flush, 0);
}

struct late_rc {
	struct fixture *f;
	uint64_t index;
	uint64_t rc;
};

static void hardware_sets(void *arg)
{
	struct late_rc *late = arg;

	memory_set_rc(late->f, late->index, late->rc);
}

/* Peer bug 3: R and C that arrive with the batch's flush, for their entry. */
static void late_rc_of_one_entry(void **state)
{
	static const unsigned int how[] = {
		ENTRY_VALID, ENTRY_VALID, ENTRY_VALID, ENTRY_VALID
	};
	struct fixture *f = fixture_of(state);
	unsigned int i, k, rc;
	struct hcall call;

	for (i = 0; i < 4; i++) {
		for (rc = 1; rc < 4; rc++) {
			uint64_t pairs[8] = { 0 };
			struct late_rc late;
			struct entry e[4];

			put_four(f, e, how);
			for (k = 0; k < 4; k++)
				pairs[2 * k] = tsh(REQUEST, e[k].index);
			late.f = f;
			late.index = e[i].index;
			late.rc = (uint64_t)rc << 7;
			fake_host_inject(&f->host, FAKE_AT_FLUSH,
					 hardware_sets, &late);
			assert_int_equal(bulk(f, &call, pairs),
					 HPTE_H_SUCCESS);
			for (k = 0; k < 4; k++)
				assert_int_equal(call.gpr[4 + 2 * k],
						 tsh(0x80, e[k].index) |
						 (k == i ?
						  response_rc(late.rc) : 0));
		}
	}
}

struct second_bulk {
	struct fixture *f;
	uint64_t pairs[8];
	struct hcall call;
};

static void bulk_again(void *arg)
{
	struct second_bulk *second = arg;

	bulk(second->f, &second->call, second->pairs);
}

/* "Not found" for an entry that another CPU is removing: flushed first. */
static void not_found_means_flushed(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);
	struct second_bulk second = { .f = f };
	struct hcall call;

	entry_put(f, &e, ENTRY_VALID, false);
	second.pairs[0] = tsh(REQUEST, e.index);
	second.pairs[2] = END;
	fake_host_inject(&f->host, FAKE_AT_FLUSH, bulk_again, &second);
	assert_int_equal(HCALL(f, &call, HPTE_HCALL_REMOVE, 0, e.index),
			 HPTE_H_SUCCESS);
	assert_int_equal(second.call.gpr[4], tsh(0x90, e.index));
	assert_flushed(f, &e, 2);
	assert_empty(f, e.index);
}

static void generation_counts_devices(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int kind;
	struct hcall call;

	for (kind = 0; kind < ENTRY_STATES; kind++) {
		struct entry e = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);
		uint64_t pairs[8] = { 0, 0, END };
		uint64_t before;

		entry_put(f, &e, (enum entry_state)kind, false);
		before = hpte_table_generation(&f->table);
		pairs[0] = tsh(REQUEST, e.index);
		assert_int_equal(bulk(f, &call, pairs), HPTE_H_SUCCESS);
		assert_int_equal(hpte_table_generation(&f->table) > before,
				 kind == ENTRY_MMIO);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_EVERY_KIND_24(v50_d1_r_and_c),
		TEST_PRIVATE_KIND_24(v50_d1_r_and_c),
		TEST_EVERY_KIND(every_control_byte),
		TEST_PRIVATE_KIND(every_control_byte),
		TEST_EVERY_KIND(v53_end_first),
		TEST_PRIVATE_KIND(v53_end_first),
		TEST_EVERY_KIND(v55_same_index_twice),
		TEST_PRIVATE_KIND(v55_same_index_twice),
		TEST_EVERY_KIND(v56_index_out_of_range),
		TEST_PRIVATE_KIND(v56_index_out_of_range),
		TEST_EVERY_KIND(one_flush_for_the_batch),
		TEST_PRIVATE_KIND(one_flush_for_the_batch),
		TEST_EVERY_KIND(d9_flush_on_every_exit),
		TEST_PRIVATE_KIND(d9_flush_on_every_exit),
		TEST_EVERY_KIND(none_found_is_a_success),
		TEST_PRIVATE_KIND(none_found_is_a_success),
		TEST_WALKER_KIND(late_rc_of_one_entry),
		TEST_EVERY_KIND(not_found_means_flushed),
		TEST_EVERY_KIND(generation_counts_devices),
		TEST_PRIVATE_KIND(generation_counts_devices),
	};

	return TEST_RUN("hcall_bulk", tests);
}
