/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/stress/change.c - operations on an entry that stays: protect, clear,
 * promote.
 */
#include "stress.h"

/*
 * After H_PROTECT to "read only" nobody may store, unless another H_PROTECT
 * has run meanwhile: then nothing is said.
 */
void do_protect(struct worker *worker, uint64_t index)
{
	struct run *run = worker->run;
	struct ledger *ledger = &run->ledgers[index];
	uint64_t gpr[32] = { [3] = HPTE_HCALL_PROTECT, [5] = index };
	bool read_only = chance(worker, 2);
	uint32_t id = look(worker, index);
	unsigned int mine;
	bool alone, done;

	gpr[4] = HPTE_HFLAG_AVPN | (read_only ? 3 : 2) |
		 (chance(worker, 2) ? HPTE_HFLAG_N : 0);
	if (id == NO_ID)
		return;
	gpr[6] = entry_of(id).dw0 & ~UINT64_C(0x7F);
	mine = atomic_fetch_add(&ledger->protecting, 1) + 1;
	alone = atomic_load(&ledger->protected) == mine - 1;
	done = hcall(worker, gpr);
	if (done && gpr[3] && (int64_t)gpr[3] != HPTE_H_NOT_FOUND)
		fail("H_PROTECT: %lld", (long long)gpr[3]);
	if (done && !gpr[3] && read_only && alone &&
	    atomic_load(&ledger->protecting) == mine)
		check_not_held(run, id, true, "H_PROTECT");
	if (done && gpr[3])
		is_gone(worker, id, "H_PROTECT, not found");
	(void)atomic_fetch_add(&ledger->protected, 1);
	worker->counts[PROTECTS]++;
}

void do_clear(struct worker *worker, uint64_t index)
{
	struct run *run = worker->run;
	struct ledger *ledger = &run->ledgers[index];
	bool r = chance(worker, 2);
	uint64_t gpr[32] = {
		[3] = r ? HPTE_HCALL_CLEAR_REF : HPTE_HCALL_CLEAR_MOD,
		[5] = index,
	};
	uint32_t id = look(worker, index);
	struct hpte old;

	if (!hcall(worker, gpr))
		return;
	if (!gpr[3]) {
		old.dw1 = gpr[4];
		if (id_of(old.dw1) >= IDS)
			fail("clear shows %llx", (unsigned long long)gpr[4]);
		old.dw0 = entry_of(id_of(old.dw1)).dw0;
		(void)check_guest(run, &old, "clear");
		count_rc(&ledger->told_c, &ledger->told_r,
			 old.dw1 & (r ? HPTE_DW1_R : HPTE_DW1_C));
	} else if ((int64_t)gpr[3] == HPTE_H_NOT_FOUND) {
		/* R may have been set again while it was being cleared */
		if (r)
			(void)atomic_fetch_add(&ledger->lost_r, 1);
		is_gone(worker, id, "clear, not found");
	} else {
		fail("clear: %lld", (long long)gpr[3]);
	}
	worker->counts[CLEARS]++;
}

/* Give an absent or valid entry a page, or set R and C as an emulator. */
void do_promote(struct worker *worker, uint64_t index)
{
	struct run *run = worker->run;
	struct ledger *ledger = &run->ledgers[index];
	uint64_t bits = test_random(&worker->random) & HPTE_DW1_RC;
	struct hpte_host_page page;
	struct hpte_view view;
	uint64_t sequence;
	uint32_t id;
	int status;

	if (hpte_table_read(&run->table, index, &view) != HPTE_OK)
		return;
	id = check_guest(run, &view.guest, "promote");
	if (!(view.state & HPTE_VIEW_VALID) &&
	    (!(run->kind & KIND_WALKER) || chance(worker, 4))) {
		status = hpte_table_set_rc(&run->table, &view, bits);
		if (status == HPTE_OK)
			count_rc(&ledger->set_c, &ledger->set_r,
				 bits & ~view.guest.dw1);
	} else {
		sequence = stress_ops.inval_begin(run);
		page = host_page(run, id);
		page.sequence = sequence;
		status = hpte_table_promote(&run->table, &view, &page);
		if (status == HPTE_OK && (view.state & HPTE_VIEW_MMIO))
			(void)add_state(run, id, CONVERTED);
	}
	if (status != HPTE_OK && status != HPTE_ERR_AGAIN)
		fail("promote: %d", status);
	worker->counts[PROMOTES]++;
}
