/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/table_remove.c - hpte_table_remove(), the generation.
 */
#include "fixture.h"

#include <string.h>

#define BUSY		UINT64_C(0x40)	/* IBM 57: another CPU is inside */

static int remove_if(struct fixture *f, uint64_t index, unsigned int flags,
		     uint64_t value, struct hpte *removed)
{
	struct hpte_condition only;

	memset(&only, 0, sizeof(only));
	only.flags = flags;
	only.value = value;
	return hpte_table_remove(&f->table, index, &only, removed);
}

static void expect_refused(struct fixture *f, uint64_t index,
			   unsigned int flags, uint64_t value, int status)
{
	struct hpte removed, poison;

	memset(&poison, 0x5A, sizeof(poison));
	removed = poison;
	assert_int_equal(remove_if(f, index, flags, value, &removed), status);
	assert_memory_equal(&removed, &poison, sizeof(removed));
}

static void reports_the_guests_entry(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int i, kind;

	for (i = 0; i < ENTRY_SIZES; i++) {
		for (kind = 0; kind < ENTRY_STATES * 2; kind++) {
			enum entry_state how = (enum entry_state)(kind / 2);
			struct entry entry = entry_make(f, entry_sizes[i], i,
							kind & 1, ENTRY_RW |
							HPTE_DW1_C);
			struct hpte removed;

			entry.guest.dw0 |= UINT64_C(0x18);
			entry_put(f, &entry, how, false);
			fake_host_forget(&f->host);
			assert_int_equal(hpte_table_remove(&f->table,
							   entry.index, NULL,
							   &removed), HPTE_OK);
			assert_int_equal(removed.dw0, entry.guest.dw0);
			assert_int_equal(removed.dw1, entry.guest.dw1);
			assert_flushed(f, &entry, entry_flushes(f, how));
			assert_empty(f, entry.index);
		}
	}
}

/* The reference bit is cleared without a leading ptesync, a remove is not. */
static void remove_needs_the_full_sequence(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry entry = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);

	entry_put(f, &entry, ENTRY_VALID, false);
	assert_int_equal(hpte_table_remove(&f->table, entry.index, NULL, NULL),
			 HPTE_OK);
	assert_int_equal(f->host.calls.flush, 1);
	assert_int_equal(f->host.flush_flags_any, HPTE_TLB_GLOBAL);
}

static void empty_slot(void **state)
{
	struct fixture *f = fixture_of(state);

	expect_refused(f, 0, 0, 0, HPTE_ERR_NOTFOUND);
	expect_refused(f, hpte_table_entries(&f->table) - 1, 0, 0,
		       HPTE_ERR_NOTFOUND);
	assert_int_equal(f->host.calls.flush, 0);
}

static void index_bound(void **state)
{
	struct fixture *f = fixture_of(state);
	uint64_t entries = hpte_table_entries(&f->table);

	expect_refused(f, entries, 0, 0, HPTE_ERR_INDEX);
	expect_refused(f, entries + 1, 0, 0, HPTE_ERR_INDEX);
	expect_refused(f, UINT64_C(1) << 60, 0, 0, HPTE_ERR_INDEX);
	expect_refused(f, ~UINT64_C(0), 0, 0, HPTE_ERR_INDEX);
}

/* V44: B and AVPN must equal; low bits in the value never match. */
static void condition_avpn(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int i, bit, kind;

	for (i = 0; i < ENTRY_SIZES; i += 3) {
		for (kind = 0; kind < ENTRY_STATES; kind++) {
			struct entry e = entry_make(f, entry_sizes[i], 1,
						    kind & 1, ENTRY_RW);
			uint64_t avpn;

			e.guest.dw0 |= UINT64_C(0x18);
			avpn = e.guest.dw0 & ~UINT64_C(0x7F);
			fixture_restart(f);
			entry_put(f, &e, (enum entry_state)kind, false);
			for (bit = 0; bit < 64; bit++)
				expect_refused(f, e.index, HPTE_IF_AVPN,
					       avpn ^ UINT64_C(1) << bit,
					       HPTE_ERR_NOTFOUND);
			assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1);
			assert_int_equal(f->host.calls.flush, 0);
			assert_int_equal(remove_if(f, e.index, HPTE_IF_AVPN,
						   avpn, NULL), HPTE_OK);
			assert_empty(f, e.index);
		}
	}
}

/* V46, V47: the whole guest doubleword 0 with V=1, hypervisor bits excluded. */
static void condition_andcond(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int bit, kind, sw;

	for (kind = 0; kind < ENTRY_STATES * 4; kind++) {
		struct entry e = entry_make(f, entry_sizes[6], 1, kind & 1,
					    ENTRY_RW);

		sw = kind % 4;
		e.guest.dw0 |= (uint64_t)sw << 3;
		for (bit = 0; bit < 64; bit++) {
			uint64_t mask = UINT64_C(1) << bit;

			e.index &= ~UINT64_C(7);
			entry_put(f, &e, (enum entry_state)(kind / 4), true);
			if (!(e.guest.dw0 & mask)) {
				assert_int_equal(remove_if(f, e.index,
							   HPTE_IF_ANDCOND,
							   mask, NULL),
						 HPTE_OK);
				continue;
			}
			expect_refused(f, e.index, HPTE_IF_ANDCOND, mask,
				       HPTE_ERR_NOTFOUND);
			assert_int_equal(hpte_table_remove(&f->table, e.index,
							   NULL, NULL),
					 HPTE_OK);
		}
		fake_host_forget(&f->host);
	}
}

static void condition_both(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry entry = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);
	unsigned int both = HPTE_IF_AVPN | HPTE_IF_ANDCOND;

	entry_put(f, &entry, ENTRY_VALID, false);
	/* The same value for both: AVPN equal means common bits. */
	expect_refused(f, entry.index, both,
		       entry.guest.dw0 & ~UINT64_C(0x7F), HPTE_ERR_NOTFOUND);
	expect_refused(f, entry.index, both, 0, HPTE_ERR_NOTFOUND);
	/* No flag: the value does not matter. */
	assert_int_equal(remove_if(f, entry.index, 0, ~UINT64_C(0), NULL),
			 HPTE_OK);
}

/* An entry whose B and AVPN are zero can fulfil both. */
static void condition_both_of_a_zero_avpn(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry entry = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);
	struct hpte removed;

	entry.guest.dw0 = HPTE_DW0_V;
	entry_put(f, &entry, ENTRY_VALID, false);
	assert_int_equal(remove_if(f, entry.index,
				   HPTE_IF_AVPN | HPTE_IF_ANDCOND, 0,
				   &removed), HPTE_OK);
	assert_int_equal(removed.dw0, HPTE_DW0_V);
}

/* The slot of a removed entry is free: for every way it was put there. */
static void slot_is_free_again(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int from, to;

	for (from = 0; from < ENTRY_STATES; from++) {
		for (to = 0; to < ENTRY_STATES; to++) {
			struct entry a = entry_make(f, ENTRY_4K, 1, false,
						    ENTRY_RW | HPTE_DW1_RC);
			struct entry b = entry_make(f, ENTRY_4K, 2, false,
						    ENTRY_RW);

			entry_put(f, &a, (enum entry_state)from, true);
			assert_int_equal(hpte_table_remove(&f->table, a.index,
							   NULL, NULL),
					 HPTE_OK);
			b.index = a.index;
			entry_put(f, &b, (enum entry_state)to, true);
			/* Nothing of the predecessor, R and C above all. */
			assert_guest_is(f, b.index, b.guest.dw0, b.guest.dw1);
			assert_int_equal(hpte_table_remove(&f->table, b.index,
							   NULL, NULL),
					 HPTE_OK);
		}
	}
}

/* V49: device entries count, RAM does not. */
static void generation_of_remove(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int kind;

	for (kind = 0; kind < ENTRY_STATES; kind++) {
		struct entry entry = entry_make(f, ENTRY_4K, kind, false,
						ENTRY_RW);
		uint64_t before = hpte_table_generation(&f->table);

		entry_put(f, &entry, (enum entry_state)kind, false);
		assert_int_equal(hpte_table_generation(&f->table), before);
		expect_refused(f, entry.index, HPTE_IF_ANDCOND, 1,
			       HPTE_ERR_NOTFOUND);
		assert_int_equal(hpte_table_generation(&f->table), before);
		assert_int_equal(hpte_table_remove(&f->table, entry.index,
						   NULL, NULL), HPTE_OK);
		if (kind == ENTRY_MMIO)
			assert_true(hpte_table_generation(&f->table) > before);
		else
			assert_int_equal(hpte_table_generation(&f->table),
					 before);
	}
}

/* Doubleword 0 as another CPU leaves it that stops in the middle. */
static void set_dw0(struct fixture *f, uint64_t index, uint64_t dw0)
{
	unsigned char *bytes = hpte_table_base(&f->table);

	for (unsigned int i = 0; i < 8; i++)
		bytes[HPTE_ENTRY_BYTES * index + i] =
			(unsigned char)(dw0 >> (56 - 8 * i));
}

/* Nothing to remove there, and nowhere to insert. */
static void expect_taken(struct fixture *f, uint64_t index)
{
	struct entry other = entry_make(f, ENTRY_4K, 9, false, ENTRY_RW);
	uint64_t dw0 = memory_entry(f, index).dw0, where;

	assert_int_not_equal(dw0, 0);
	expect_refused(f, index, 0, 0, HPTE_ERR_NOTFOUND);
	assert_int_equal(memory_entry(f, index).dw0, dw0);
	assert_int_equal(hpte_table_insert(&f->table, index, HPTE_INSERT_EXACT,
					   &other.guest, NULL, &where),
			 HPTE_ERR_FULL);
}

/* The entry is taken from its owner; the slot is not, until that one leaves. */
static void beside_an_owner(void **state)
{
	struct fixture *f = fixture_of(state);

	for (unsigned int kind = ENTRY_ABSENT; kind <= ENTRY_MMIO; kind++) {
		struct entry e = entry_make(f, ENTRY_4K, kind, false,
					    ENTRY_RW | HPTE_DW1_C);
		struct hpte removed;

		entry_put(f, &e, (enum entry_state)kind, false);
		set_dw0(f, e.index, memory_entry(f, e.index).dw0 | BUSY);
		assert_int_equal(hpte_table_remove(&f->table, e.index, NULL,
						   &removed), HPTE_OK);
		assert_int_equal(removed.dw0, e.guest.dw0);
		assert_int_equal(removed.dw1, e.guest.dw1);
		expect_taken(f, e.index);
	}
}

/* A slot that another CPU has claimed to fill it. */
static void beside_an_insert(void **state)
{
	struct fixture *f = fixture_of(state);

	set_dw0(f, 3, BUSY);
	expect_taken(f, 3);
	assert_int_equal(f->host.calls.flush, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_EVERY_KIND(reports_the_guests_entry),
		TEST_PRIVATE_KIND(reports_the_guests_entry),
		TEST_EVERY_KIND(remove_needs_the_full_sequence),
		TEST_EVERY_KIND(empty_slot),
		TEST_PRIVATE_KIND(empty_slot),
		TEST_EVERY_KIND(index_bound),
		TEST_PRIVATE_KIND(index_bound),
		TEST_EVERY_KIND(condition_avpn),
		TEST_PRIVATE_KIND(condition_avpn),
		TEST_EVERY_KIND(condition_andcond),
		TEST_PRIVATE_KIND(condition_andcond),
		TEST_EVERY_KIND(condition_both),
		TEST_PRIVATE_KIND(condition_both),
		TEST_EVERY_KIND(condition_both_of_a_zero_avpn),
		TEST_PRIVATE_KIND(condition_both_of_a_zero_avpn),
		TEST_EVERY_KIND(slot_is_free_again),
		TEST_PRIVATE_KIND(slot_is_free_again),
		TEST_EVERY_KIND(generation_of_remove),
		TEST_PRIVATE_KIND(generation_of_remove),
		TEST_EVERY_KIND(beside_an_owner),
		TEST_PRIVATE_KIND(beside_an_owner),
		TEST_EVERY_KIND(beside_an_insert),
		TEST_PRIVATE_KIND(beside_an_insert),
	};

	return TEST_RUN("table_remove", tests);
}
