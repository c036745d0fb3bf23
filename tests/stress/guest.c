/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/stress/guest.c - what virtual CPUs do: hypercalls that insert, remove
 * and read, good and bad ones.
 *
 * Before an operation that may end an entry, the slot is read.  Whatever
 * stood there then, and is said to be removed or not found now, is gone:
 * nobody may have it any more.
 */
#include "stress.h"

#include <string.h>

#define BULK_REQUEST	(UINT64_C(1) << 62)
#define BULK_END	(UINT64_C(3) << 62)
#define BULK_AVPN	HPTE_BIT(6)
#define BLOCK_AVPN	HPTE_BIT(7)

/* Make a hypercall; false: call again, and nothing has changed. */
bool hcall(struct worker *worker, uint64_t gpr[32])
{
	struct run *run = worker->run;
	uint64_t before[32];
	enum hpte_hcall_disposition disposition;

	for (unsigned int i = 13; i < 32; i++)
		gpr[i] = 0x6A12BA6EU * (uint64_t)i;
	memcpy(before, gpr, sizeof(before));
	disposition = hpte_hcall_dispatch(&run->vm, gpr, 0);
	if (disposition == HPTE_HCALL_AGAIN) {
		if (memcmp(before, gpr, sizeof(before)))
			fail("AGAIN changed registers");
		return false;
	}
	if (disposition != HPTE_HCALL_DONE)
		fail("opcode %llx: %d", (unsigned long long)before[3],
		     (int)disposition);
	if (memcmp(&before[12], &gpr[12], 20 * sizeof(before[0])))
		fail("registers above R11 changed");
	for (unsigned int i = 4; i < 12; i++)
		if (gpr[i] != before[i] && (gpr[i] & HOST_BITS))
			fail("R%u shows the host's %llx", i,
			     (unsigned long long)gpr[i]);
	return true;
}

void count_rc(atomic_uint *c, atomic_uint *r, uint64_t dw1)
{
	if (dw1 & HPTE_DW1_C)
		(void)atomic_fetch_add(c, 1);
	if (dw1 & HPTE_DW1_R)
		(void)atomic_fetch_add(r, 1);
}

/* The entry in a slot now; NO_ID if there is none. */
uint32_t look(struct worker *worker, uint64_t index)
{
	struct hpte_view view;

	if (hpte_table_read(&worker->run->table, index, &view) != HPTE_OK)
		return NO_ID;
	return check_guest(worker->run, &view.guest, "read");
}

/* An answer says that this entry, seen before, is not there any more. */
void is_gone(struct worker *worker, uint32_t id, const char *after)
{
	if (id == NO_ID)
		return;
	(void)add_state(worker->run, id, GONE);
	check_not_held(worker->run, id, false, after);
}

static void do_enter(struct worker *worker)
{
	struct run *run = worker->run;
	uint64_t index = pick_slot(worker), random;
	uint64_t gpr[32] = { [3] = HPTE_HCALL_ENTER };
	struct hpte entry;
	uint32_t id;

	if (worker->next_id == worker->end_id) {
		atomic_store(&run->full, true);
		return;
	}
	id = worker->next_id++;
	(void)add_state(run, id, BEGUN);
	entry = entry_of(id);
	random = test_random(&worker->random);
	entry.dw1 |= random & random >> 16 & HPTE_DW1_RC;
	gpr[4] = (random & 1 ? HPTE_HFLAG_EXACT : 0) |
		 (random & 0x1E ? 0 : HPTE_HFLAG_ZERO_PAGE);
	gpr[5] = index;
	gpr[6] = entry.dw0;
	gpr[7] = entry.dw1;
	if (!hcall(worker, gpr))
		fail("H_ENTER: again");
	if ((int64_t)gpr[3] == HPTE_H_PTEG_FULL)
		return;
	if (gpr[3] || gpr[4] >= SLOTS || (gpr[4] ^ index) / 8 ||
	    ((random & 1) && gpr[4] != index))
		fail("H_ENTER: %lld, %llx for %llx", (long long)gpr[3],
		     (unsigned long long)gpr[4], (unsigned long long)index);
	if (add_state(run, id, ENTERED) & ENTERED)
		fail("id %u entered twice", id);
	(void)atomic_fetch_add(&run->ledgers[gpr[4]].entered, 1);
	count_rc(&run->ledgers[gpr[4]].set_c, &run->ledgers[gpr[4]].set_r,
		 entry.dw1);
	worker->counts[INSERTS]++;
}

/* An entry was removed and shown: check it against all that is known. */
static void removed_entry(struct worker *worker, uint64_t index,
			  const struct hpte *removed)
{
	struct run *run = worker->run;
	uint32_t id = check_guest(run, removed, "removed");
	struct ledger *ledger = &run->ledgers[index];
	unsigned int state;

	if (add_state(run, id, REMOVED | GONE) & REMOVED)
		fail("id %u removed twice", id);
	check_not_held(run, id, false, "its removal");
	(void)atomic_fetch_add(&ledger->left, 1);
	count_rc(&ledger->told_c, &ledger->told_r, removed->dw1);
	state = state_of(run, id);
	if ((state & (USED | YOUNG)) == USED ||
	    (state & (STORED | DIRTY)) == STORED)
		fail("id %u removed, R or C not reported: %x", id, state);
	worker->counts[REMOVES]++;
}

static void do_remove(struct worker *worker, uint64_t index)
{
	uint64_t gpr[32] = { [3] = HPTE_HCALL_REMOVE, [5] = index };
	uint32_t id = look(worker, index);
	struct hpte removed;

	if (id != NO_ID && chance(worker, 2)) {
		gpr[4] = HPTE_HFLAG_AVPN;
		gpr[6] = entry_of(id).dw0 & ~UINT64_C(0x7F);
	}
	if (!hcall(worker, gpr))
		fail("H_REMOVE: again");
	if (gpr[3] && (int64_t)gpr[3] != HPTE_H_NOT_FOUND)
		fail("H_REMOVE: %lld", (long long)gpr[3]);
	if (!gpr[3]) {
		removed.dw0 = gpr[4];
		removed.dw1 = gpr[5];
		removed_entry(worker, index, &removed);
	}
	is_gone(worker, id, gpr[3] ? "H_REMOVE, not found" : "H_REMOVE");
}

/* One answer of a call that does not say which entry it removed. */
static void removed_unknown(struct worker *worker, uint64_t index, bool r,
			    bool c)
{
	struct ledger *ledger = &worker->run->ledgers[index];

	(void)atomic_fetch_add(&worker->run->unknown, 1);
	(void)atomic_fetch_add(&ledger->left, 1);
	count_rc(&ledger->told_c, &ledger->told_r,
		 (r ? HPTE_DW1_R : 0) | (c ? HPTE_DW1_C : 0));
	worker->counts[REMOVES]++;
}

static void do_bulk_remove(struct worker *worker)
{
	uint64_t gpr[32] = { [3] = HPTE_HCALL_BULK_REMOVE }, index[4];
	uint64_t random = test_random(&worker->random);
	bool malformed = false;
	uint32_t ids[4];

	for (unsigned int i = 0; i < 4; i++) {
		index[i] = pick_slot(worker);
		ids[i] = look(worker, index[i]);
		gpr[4 + 2 * i] = BULK_REQUEST | index[i];
		if (ids[i] != NO_ID && (random >> i & 1)) {
			gpr[4 + 2 * i] |= BULK_AVPN;
			gpr[5 + 2 * i] = entry_of(ids[i]).dw0 &
					 ~UINT64_C(0x7F);
		}
	}
	if (!(random >> 8 & 7))
		gpr[4 + 2 * (random >> 16 & 3)] = BULK_END;
	if (!(random >> 11 & 7)) {	/* the requests before it count */
		malformed = true;
		gpr[4 + 2 * (random >> 18 & 3)] = BULK_REQUEST | SLOTS;
	}
	if (!hcall(worker, gpr) ||
	    (gpr[3] && ((int64_t)gpr[3] != HPTE_H_PARAMETER || !malformed)))
		fail("H_BULK_REMOVE: %lld", (long long)gpr[3]);
	for (unsigned int i = 0; i < 4; i++) {
		uint64_t status = gpr[4 + 2 * i] >> 56;

		if ((status >> 4 & 0xF) == 0x8)
			removed_unknown(worker, index[i], status & 0x08,
					status & 0x04);
		if ((status >> 4 & 0xF) == 0x8 || (status >> 4 & 0xF) == 0x9)
			is_gone(worker, ids[i], "H_BULK_REMOVE");
	}
}

static void do_block_remove(struct worker *worker)
{
	uint64_t gpr[32] = { [3] = HPTE_HCALL_BLOCK_REMOVE }, index[8];
	uint64_t random = test_random(&worker->random);
	uint32_t ids[8];

	index[0] = pick_slot(worker);
	for (unsigned int i = 0; i < 8; i++) {
		/* of one group: others would be of another block */
		index[i] = (index[0] & ~UINT64_C(7)) | (index[0] + i) % 8;
		ids[i] = look(worker, index[i]);
		gpr[5 + i] = BULK_REQUEST | index[i];
	}
	if (ids[0] != NO_ID && (random & 1)) {
		gpr[4] = entry_of(ids[0]).dw0 & ~UINT64_C(0x7F);
		for (unsigned int i = 0; i < 8; i++)
			gpr[5 + i] |= BLOCK_AVPN;
	}
	if (!(random >> 8 & 3))
		gpr[5 + (random >> 16 & 7)] = BULK_END;
	if (!hcall(worker, gpr) ||
	    (gpr[3] && (int64_t)gpr[3] != HPTE_H_PARTIAL))
		fail("H_BLOCK_REMOVE: %lld", (long long)gpr[3]);
	for (unsigned int i = 0; i < 8; i++) {
		uint64_t status = gpr[4 + i] >> 56;

		if (status >> 6 == 3)	/* the end */
			break;
		if ((status & 0xF8) == 0x80) {
			removed_unknown(worker, index[i], status & 0x04,
					status & 0x02);
			is_gone(worker, ids[i], "H_BLOCK_REMOVE");
		}
	}
}

static void do_read(struct worker *worker, uint64_t index)
{
	struct run *run = worker->run;
	uint64_t gpr[32] = { [3] = HPTE_HCALL_READ, [5] = index };
	bool four = chance(worker, 4);
	uint32_t id = look(worker, index);

	/* who knows that it is gone must not be shown it again */
	if (id != NO_ID && (state_of(run, id) & GONE) &&
	    look(worker, index) == id)
		fail("id %u is shown, though it is gone", id);
	gpr[4] = four ? HPTE_HFLAG_READ_4 : 0;
	if (!hcall(worker, gpr) || gpr[3])
		fail("H_READ: %lld", (long long)gpr[3]);
	for (unsigned int i = 0; i < (four ? 4U : 1U); i++) {
		struct hpte guest = { gpr[4 + 2 * i], gpr[5 + 2 * i] };

		if (guest.dw0 || guest.dw1)
			(void)check_guest(run, &guest, "H_READ");
	}
}

/* Calls that must be refused, and change nothing. */
static void do_hostile(struct worker *worker)
{
	static const struct {
		uint16_t opcode;
		int64_t answer;
	} calls[] = {
		{ HPTE_HCALL_ENTER, HPTE_H_PARAMETER },
		{ HPTE_HCALL_REMOVE, HPTE_H_PARAMETER },
		{ HPTE_HCALL_READ, HPTE_H_PARAMETER },
		{ HPTE_HCALL_PROTECT, HPTE_H_PARAMETER },
		{ HPTE_HCALL_CLEAR_REF, HPTE_H_PARAMETER },
		{ HPTE_HCALL_CLEAR_MOD, HPTE_H_PARAMETER },
		{ HPTE_HCALL_BULK_REMOVE, HPTE_H_PARAMETER },
		{ HPTE_HCALL_REMOVE | 1, HPTE_H_FUNCTION },
		{ HPTE_HCALL_BLOCK_REMOVE | 2, HPTE_H_FUNCTION },
	};
	uint64_t random = test_random(&worker->random);
	size_t which = random % (sizeof(calls) / sizeof(calls[0]));
	uint64_t gpr[32];

	for (unsigned int i = 0; i < 12; i++)
		gpr[i] = test_random_sparse(&worker->random) & ~HOST_BITS;
	gpr[3] = calls[which].opcode;
	gpr[4] &= ~(HPTE_HFLAG_AVPN | UINT64_C(3) << 62);
	gpr[5] |= SLOTS;
	if (!hcall(worker, gpr) || (int64_t)gpr[3] != calls[which].answer)
		fail("hostile %x: %lld", calls[which].opcode,
		     (long long)gpr[3]);
	for (unsigned int i = 3; i < 12; i++)
		gpr[i] = random;
	gpr[3] = HPTE_HCALL_REMOVE;
	if (hpte_hcall_dispatch(&worker->run->vm, gpr, HPTE_MSR_PR) !=
	    HPTE_HCALL_DONE || (int64_t)gpr[3] != HPTE_H_PRIVILEGE)
		fail("problem state: %lld", (long long)gpr[3]);
}

static void do_clear_hpt(struct worker *worker)
{
	uint64_t gpr[32] = { [3] = HPTE_HCALL_CLEAR_HPT };

	if (!hcall(worker, gpr) || gpr[3])
		fail("H_CLEAR_HPT: %lld", (long long)gpr[3]);
}

/* Of the operations that never wait. */
void guest_light_operation(struct worker *worker)
{
	uint64_t index = pick_slot(worker);

	worker->counts[OPERATIONS]++;
	switch (test_random_below(&worker->random, 12)) {
	case 0: case 1: case 2: case 3:
		do_enter(worker);
		break;
	case 4: case 5:
		do_remove(worker, index);
		break;
	case 6:
		if (chance(worker, 2))
			do_bulk_remove(worker);
		else
			do_block_remove(worker);
		break;
	case 7: case 8:
		do_promote(worker, index);
		break;
	case 9:
		do_find(worker, index);
		break;
	default:
		do_read(worker, index);
		break;
	}
}

void guest_operation(struct worker *worker)
{
	uint64_t generation = hpte_table_generation(&worker->run->table);
	uint64_t index = pick_slot(worker);

	if (generation < worker->generation)
		fail("the generation went back");
	worker->generation = generation;
	worker->counts[OPERATIONS]++;
	switch (test_random_below(&worker->random, 32)) {
	case 0: case 1: case 2:
		do_protect(worker, index);
		break;
	case 3: case 4: case 5:
		do_clear(worker, index);
		break;
	case 6:
		host_unmap(worker, index);
		break;
	case 7: case 8: case 9:
		do_fault(worker, index);
		break;
	case 10:
		do_hostile(worker);
		break;
	case 11:
		if ((worker->run->kind & KIND_CLEAR) && chance(worker, 32))
			do_clear_hpt(worker);
		break;
	default:
		guest_light_operation(worker);
		break;
	}
}

/* At the end, alone: remove whatever is there. */
void guest_empty(struct worker *worker)
{
	struct hpte_view view;

	for (uint64_t index = 0; index < SLOTS; index++)
		if (hpte_table_read(&worker->run->table, index, &view) ==
		    HPTE_OK)
			do_remove(worker, index);
	if (worker->run->kind & KIND_CLEAR)
		do_clear_hpt(worker);
}
