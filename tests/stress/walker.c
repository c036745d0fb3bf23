/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/stress/walker.c - a thread that walks the table as hardware does, and
 * holds what it found until an invalidation names it.
 *
 * With a hardware walker it reads the two doublewords of valid entries and
 * stores R and C by single bytes; with none it is an emulator's, which asks
 * hpte_table_read() and hpte_table_set_rc().  While it is at work, run::walk
 * is odd; tlb_invalidate() waits for that to end, as for a tlbsync.  Of a
 * private table, which has no tlb_invalidate(), it holds nothing.
 */
#include "stress.h"

#include <sched.h>

static void begin_walk(struct run *run)
{
	(void)atomic_fetch_add(&run->walk, 1);
	atomic_thread_fence(memory_order_seq_cst);
}

static void end_walk(struct run *run)
{
	(void)atomic_fetch_add(&run->walk, 1);
}

/*
 * May the walker have this entry now?  Who says that it is gone, or that the
 * host's page is, has waited for this walk first.
 */
static void check_right_to(struct run *run, uint32_t id, uint8_t colour,
			   const char *what)
{
	uint8_t oldest = atomic_load(&run->records[id].oldest);

	if (state_of(run, id) & GONE)
		fail("walker %s id %u, which is gone", what, id);
	if ((run->kind & KIND_WALKER) && (int8_t)(colour - oldest) < 0)
		fail("walker %s id %u on host page %u, unmapped up to %u",
		     what, id, colour, oldest);
}

/* Set one of R and C in its byte; count it, and that the host must know. */
static void set_bit(struct run *run, uint64_t index, uint32_t id, bool c)
{
	uint8_t *bytes = (uint8_t *)hpte_table_base(&run->table) + 16 * index;
	uint8_t *byte = &bytes[c ? 15 : 14];
	uint8_t bit = c ? 0x80 : 0x01;
	struct ledger *ledger = &run->ledgers[index];
	unsigned short told = c ? DIRTY : YOUNG;

	if (__atomic_load_n(byte, __ATOMIC_RELAXED) & bit)
		return;
	if (__atomic_fetch_or(byte, bit, __ATOMIC_SEQ_CST) & bit)
		return;
	(void)atomic_fetch_add(c ? &ledger->set_c : &ledger->set_r, 1);
	(void)atomic_fetch_and(&run->records[id].state, (unsigned short)~told);
	(void)add_state(run, id, c ? STORED : USED);
}

static void hold(struct worker *worker, uint64_t index, uint32_t id,
		 uint8_t colour, bool writable)
{
	unsigned int at = (unsigned int)test_random_below(&worker->random,
							  HELD);
	struct hpte entry = entry_of(id);
	struct hpte_page page = page_of(id);
	struct run *run = worker->run;

	/* never a word beside another one's operand */
	atomic_store(&run->held[at], 0);
	atomic_store(&run->held_rb[at],
		     hpte_hash_tlbie_rb(&entry, &page, index));
	atomic_store(&run->held[at], HELD_VALID | id |
		     (writable ? HELD_WRITABLE : 0) |
		     index << HELD_SLOT_SHIFT |
		     (uint64_t)colour << HELD_COLOUR_SHIFT);
}

static void walk_hardware(struct worker *worker, uint64_t index)
{
	struct run *run = worker->run;
	uint64_t *words = (uint64_t *)hpte_table_base(&run->table) + 2 * index;
	struct hpte hard;
	uint8_t colour;
	bool writable;
	uint32_t id;

	hard.dw0 = hpte_be64_to_host(__atomic_load_n(&words[0],
						     __ATOMIC_SEQ_CST));
	if (!(hard.dw0 & HPTE_DW0_V))
		return;
	hard.dw1 = hpte_be64_to_host(__atomic_load_n(&words[1],
						     __ATOMIC_ACQUIRE));
	id = check_walker(run, &hard, &colour);
	check_right_to(run, id, colour, "finds");
	writable = hpte_entry_writable(hard.dw1);
	set_bit(run, index, id, false);
	if (writable && chance(worker, 2))
		set_bit(run, index, id, true);
	hold(worker, index, id, colour, writable);
	check_right_to(run, id, colour, "is in");
}

static void walk_emulator(struct worker *worker, uint64_t index)
{
	struct run *run = worker->run;
	uint64_t bits = HPTE_DW1_R;
	struct ledger *ledger = &run->ledgers[index];
	struct hpte_view view;
	bool writable;
	uint32_t id;

	if (hpte_table_read(&run->table, index, &view) != HPTE_OK ||
	    (view.state & HPTE_VIEW_MMIO))
		return;
	id = check_guest(run, &view.guest, "emulator");
	writable = hpte_entry_writable(view.guest.dw1) && chance(worker, 2);
	if (writable)
		bits |= HPTE_DW1_C;
	if (hpte_table_set_rc(&run->table, &view, bits) != HPTE_OK)
		return;
	count_rc(&ledger->set_c, &ledger->set_r, bits & ~view.guest.dw1);
	/* nobody would tell it, or wait for it */
	if (run->kind & KIND_PRIVATE)
		return;
	hold(worker, index, id, 0, writable);
	check_right_to(run, id, 0, "translates");
}

/* An access through a translation that is held. */
static void use(struct worker *worker)
{
	unsigned int at = (unsigned int)test_random_below(&worker->random,
							  HELD);
	struct run *run = worker->run;
	uint64_t held = atomic_load(&run->held[at]);
	uint8_t colour = (uint8_t)(held >> HELD_COLOUR_SHIFT);
	uint32_t id = (uint32_t)(held & HELD_ID);

	if (!(held & HELD_VALID))
		return;
	check_right_to(run, id, colour, "uses");
	if ((held & HELD_WRITABLE) && (run->kind & KIND_WALKER))
		set_bit(run, held >> HELD_SLOT_SHIFT & (SLOTS - 1), id, true);
	check_right_to(run, id, colour, "has used");
	worker->counts[USES]++;
}

void *walker_thread(void *arg)
{
	struct worker *worker = arg;
	struct run *run = worker->run;

	self = worker;
	while (!atomic_load(&run->stop)) {
		uint64_t index = pick_slot(worker);

		begin_walk(run);
		if (chance(worker, 2))
			use(worker);
		else if (run->kind & KIND_WALKER)
			walk_hardware(worker, index);
		else
			walk_emulator(worker, index);
		end_walk(run);
		/* better here than inside, where others wait for us */
		if (!(++worker->counts[WALKS] % 256))
			(void)sched_yield();
	}
	return NULL;
}
