/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/hcall_remove.c - H_REMOVE and H_READ.
 *
 * The numbers in test names are those of the contract's test vectors.
 */
#include "fixture.h"

static int64_t remove_entry(struct fixture *f, struct hcall *call,
			    uint64_t flags, uint64_t index, uint64_t avpn)
{
	return HCALL(f, call, HPTE_HCALL_REMOVE, flags, index, avpn);
}

static void v43_every_state(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int i, kind;
	struct hcall call;

	for (i = 0; i < ENTRY_SIZES; i++) {
		for (kind = 0; kind < ENTRY_STATES; kind++) {
			struct entry e = entry_make(f, entry_sizes[i], i,
						    kind & 1, ENTRY_RW |
						    HPTE_DW1_RC |
						    HPTE_DW1_KEY);
			enum entry_state how = (enum entry_state)kind;

			entry_put(f, &e, how, false);
			fake_host_forget(&f->host);
			assert_int_equal(remove_entry(f, &call, 0, e.index, 0),
					 HPTE_H_SUCCESS);
			assert_int_equal(call.gpr[4], e.guest.dw0);
			assert_int_equal(call.gpr[5], e.guest.dw1);
			assert_flushed(f, &e, entry_flushes(f, how));
			assert_empty(f, e.index);
			assert_int_equal(remove_entry(f, &call, 0, e.index, 0),
					 HPTE_H_NOT_FOUND);
		}
	}
}

static void v44_avpn(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, entry_sizes[6], 1, false, ENTRY_RW);
	uint64_t avpn = e.guest.dw0 & ~UINT64_C(0x7F);
	struct hcall call;
	unsigned int bit;

	hcall_enter(f, &e, 0);
	for (bit = 0; bit < 64; bit++)
		assert_int_equal(remove_entry(f, &call, HPTE_HFLAG_AVPN,
					      e.index,
					      avpn ^ UINT64_C(1) << bit),
				 HPTE_H_NOT_FOUND);
	assert_int_equal(f->host.calls.flush, 0);
	assert_int_equal(remove_entry(f, &call, HPTE_HFLAG_AVPN, e.index,
				      avpn), HPTE_H_SUCCESS);
	assert_int_equal(call.gpr[4], e.guest.dw0);
}

static void v46_v47_andcond(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, entry_sizes[0], 1, false, ENTRY_RW);
	struct hcall call;
	unsigned int kind;

	for (kind = 0; kind < ENTRY_STATES; kind++) {
		e.guest.dw0 |= HPTE_DW0_BOLTED;
		e.index &= ~UINT64_C(7);
		entry_put(f, &e, (enum entry_state)kind, true);
		/* V is always set in the guest's view. */
		assert_int_equal(remove_entry(f, &call, HPTE_HFLAG_ANDCOND,
					      e.index, 1), HPTE_H_NOT_FOUND);
		/* Linux's eviction spares what is bolted. */
		assert_int_equal(remove_entry(f, &call, HPTE_HFLAG_ANDCOND,
					      e.index, 0x10),
				 HPTE_H_NOT_FOUND);
		/* The hypervisor's bits are not the guest's to see. */
		assert_int_equal(remove_entry(f, &call, HPTE_HFLAG_ANDCOND,
					      e.index, 0x60), HPTE_H_SUCCESS);
		assert_int_equal(call.gpr[4], e.guest.dw0);
	}
}

static void v49_generation(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);
	uint64_t before;
	struct hcall call;

	entry_put(f, &e, ENTRY_MMIO, false);
	before = hpte_table_generation(&f->table);
	assert_int_equal(remove_entry(f, &call, 0, e.index, 0),
			 HPTE_H_SUCCESS);
	assert_true(hpte_table_generation(&f->table) > before);
}

static void index_bound(void **state)
{
	static const uint64_t opcode[] = {
		HPTE_HCALL_REMOVE, HPTE_HCALL_READ, HPTE_HCALL_CLEAR_MOD,
		HPTE_HCALL_CLEAR_REF, HPTE_HCALL_PROTECT
	};
	struct fixture *f = fixture_of(state);
	uint64_t entries = hpte_table_entries(&f->table);
	const uint64_t bad[] = { entries, entries + 1, entries + 3,
				 entries << 1, UINT64_C(1) << 60,
				 UINT64_C(1) << 63, ~UINT64_C(0) };
	unsigned int i, j;
	struct hcall call;

	for (i = 0; i < 5; i++) {
		for (j = 0; j < 7; j++) {
			assert_int_equal(HCALL(f, &call, opcode[i], 0, bad[j],
					       0), HPTE_H_PARAMETER);
			assert_int_equal(HCALL(f, &call, opcode[i],
					       HPTE_HFLAG_READ_4, bad[j], 0),
					 HPTE_H_PARAMETER);
		}
		assert_int_equal(HCALL(f, &call, opcode[i], 0, entries - 1, 0),
				 opcode[i] == HPTE_HCALL_READ ?
				 HPTE_H_SUCCESS : HPTE_H_NOT_FOUND);
	}
}

/* Only AVPN and ANDCOND mean anything; LOCAL and the rest are ignored. */
static void remove_ignores_other_flags(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int round;
	struct hcall call;

	for (round = 0; round < 2000; round++) {
		struct entry e = entry_make(f, entry_sizes[round % ENTRY_SIZES],
					    round % 50, false, ENTRY_RW);
		uint64_t flags = test_random_sparse(&f->random);
		uint64_t avpn = e.guest.dw0 & ~UINT64_C(0x7F);
		bool found = true;

		if (round & 1)
			avpn = test_random_sparse(&f->random);
		if (flags & HPTE_HFLAG_AVPN)
			found = avpn == (e.guest.dw0 & ~UINT64_C(0x7F));
		if (flags & HPTE_HFLAG_ANDCOND && avpn & e.guest.dw0)
			found = false;
		entry_put(f, &e, (enum entry_state)(round % 3), false);
		assert_int_equal(remove_entry(f, &call, flags, e.index, avpn),
				 found ? HPTE_H_SUCCESS : HPTE_H_NOT_FOUND);
		if (!found)
			assert_int_equal(remove_entry(f, &call, 0, e.index, 0),
					 HPTE_H_SUCCESS);
		assert_int_equal(call.gpr[4], e.guest.dw0);
		assert_int_equal(call.gpr[5], e.guest.dw1);
		fake_host_forget(&f->host);
	}
}

/* P11, D15: a slot that once held a page shows nothing of it. */
static void v64_read_of_an_empty_slot(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);
	struct hcall call;
	unsigned int round;

	for (round = 0; round < 2; round++) {
		assert_int_equal(HCALL(f, &call, HPTE_HCALL_READ, 0, e.index),
				 HPTE_H_SUCCESS);
		assert_int_equal(call.gpr[4], 0);
		assert_int_equal(call.gpr[5], 0);
		hcall_enter(f, &e, HPTE_HFLAG_EXACT);
		assert_int_equal(remove_entry(f, &call, 0, e.index, 0),
				 HPTE_H_SUCCESS);
	}
}

static void read_shows_every_state(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int i, kind;
	struct hcall call;

	for (i = 0; i < ENTRY_SIZES; i++) {
		for (kind = 0; kind < ENTRY_STATES; kind++) {
			struct entry e = entry_make(f, entry_sizes[i], i,
						    kind & 1, ENTRY_RW |
						    HPTE_DW1_KEY);

			e.guest.dw0 |= UINT64_C(0x18);
			fixture_restart(f);
			entry_put(f, &e, (enum entry_state)kind, false);
			assert_int_equal(HCALL(f, &call, HPTE_HCALL_READ, 0,
					       e.index), HPTE_H_SUCCESS);
			assert_int_equal(call.gpr[4], e.guest.dw0);
			assert_int_equal(call.gpr[5], e.guest.dw1);
			assert_int_equal(f->host.calls.flush, 0);
		}
	}
}

/* READ_4 clears two low bits, not three, after the bound was checked. */
static void read_four(void **state)
{
	struct fixture *f = fixture_of(state);
	uint64_t entries = hpte_table_entries(&f->table);
	uint64_t group = entries - 8;
	unsigned int slot, i;
	struct entry e[8];
	struct hcall call;

	for (slot = 0; slot < 8; slot++) {
		e[slot] = entry_make(f, ENTRY_4K, slot, false, ENTRY_RW);
		e[slot].index = group + slot;
		if (slot != 2 && slot != 5)
			entry_put(f, &e[slot], (enum entry_state)(slot % 3),
				  true);
		else
			e[slot].guest.dw0 = e[slot].guest.dw1 = 0;
	}
	for (slot = 0; slot < 8; slot++) {
		assert_int_equal(HCALL(f, &call, HPTE_HCALL_READ,
				       HPTE_HFLAG_READ_4, group + slot),
				 HPTE_H_SUCCESS);
		for (i = 0; i < 4; i++) {
			struct hpte *want = &e[(slot & 4) + i].guest;

			assert_int_equal(call.gpr[4 + 2 * i], want->dw0);
			assert_int_equal(call.gpr[5 + 2 * i], want->dw1);
		}
	}
}

static void read_ignores_other_flags(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);
	unsigned int round;
	struct hcall call;

	entry_put(f, &e, ENTRY_VALID, false);
	for (round = 0; round < 2000; round++) {
		uint64_t flags = test_random_sparse(&f->random);

		assert_int_equal(HCALL(f, &call, HPTE_HCALL_READ, flags,
				       e.index), HPTE_H_SUCCESS);
		assert_int_equal(call.gpr[4], e.guest.dw0);
		assert_int_equal(call.gpr[5], e.guest.dw1);
	}
	assert_int_equal(f->host.calls.flush, 0);
}

struct second_read {
	struct fixture *f;
	uint64_t index;
	struct hcall call;
};

static void read_again(void *arg)
{
	struct second_read *second = arg;

	HCALL(second->f, &second->call, HPTE_HCALL_READ, 0, second->index);
}

/* V65: an entry whose rights are changing is never a hole. */
static void v65_read_while_it_changes(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);
	struct second_read second;
	struct hcall call;

	entry_put(f, &e, ENTRY_VALID, false);
	second.f = f;
	second.index = e.index;
	fake_host_inject(&f->host, FAKE_AT_FLUSH, read_again, &second);
	assert_int_equal(HCALL(f, &call, HPTE_HCALL_PROTECT, 3, e.index),
			 HPTE_H_SUCCESS);
	assert_true(fake_host_injected(&f->host, FAKE_AT_FLUSH));
	assert_int_equal(second.call.code, HPTE_H_SUCCESS);
	assert_int_equal(second.call.gpr[4], e.guest.dw0);
	if (second.call.gpr[5] != e.guest.dw1)
		assert_int_equal(second.call.gpr[5], e.guest.dw1 | 3);
}

static void reads_nothing_while_it_is_removed(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);
	struct second_read second;
	struct hcall call;

	entry_put(f, &e, ENTRY_VALID, false);
	second.f = f;
	second.index = e.index;
	fake_host_inject(&f->host, FAKE_AT_FLUSH, read_again, &second);
	assert_int_equal(remove_entry(f, &call, 0, e.index, 0),
			 HPTE_H_SUCCESS);
	assert_int_equal(second.call.gpr[4], 0);
	assert_int_equal(second.call.gpr[5], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_EVERY_KIND(v43_every_state),
		TEST_PRIVATE_KIND(v43_every_state),
		TEST_EVERY_KIND(v44_avpn),
		TEST_PRIVATE_KIND(v44_avpn),
		TEST_EVERY_KIND(v46_v47_andcond),
		TEST_PRIVATE_KIND(v46_v47_andcond),
		TEST_EVERY_KIND(v49_generation),
		TEST_PRIVATE_KIND(v49_generation),
		TEST_EVERY_KIND(index_bound),
		TEST_PRIVATE_KIND(index_bound),
		TEST_EVERY_KIND(remove_ignores_other_flags),
		TEST_PRIVATE_KIND(remove_ignores_other_flags),
		TEST_EVERY_KIND(v64_read_of_an_empty_slot),
		TEST_PRIVATE_KIND(v64_read_of_an_empty_slot),
		TEST_EVERY_KIND(read_shows_every_state),
		TEST_PRIVATE_KIND(read_shows_every_state),
		TEST_EVERY_KIND(read_four),
		TEST_PRIVATE_KIND(read_four),
		TEST_EVERY_KIND(read_ignores_other_flags),
		TEST_PRIVATE_KIND(read_ignores_other_flags),
		TEST_EVERY_KIND(v65_read_while_it_changes),
		TEST_EVERY_KIND(reads_nothing_while_it_is_removed),
	};

	return TEST_RUN("hcall_remove", tests);
}
