/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/interleave/operation.c - the operations.
 *
 * The guest's go through the hypercall dispatcher, the host's are called
 * directly.  All work on slot 0, and slot 1 where the call takes more.
 */
#include <string.h>

#include "libhpte/internal.h"

#include "operation.h"
#include "sched.h"
#include "tell.h"
#include "trace.h"
#include "walker.h"
#include "world.h"

/* More than any lock-free operation needs while nobody else moves. */
#define LOCK_FREE_STEPS	100U
#define DEMOTE_TRIES	8U
#define RIGHTS		(HPTE_DW1_PPP | HPTE_DW1_KEY | HPTE_DW1_N)

static const struct operation *current[THREADS_MAX];
static uint64_t cached_generation[THREADS_MAX];
static struct hpte_view cached_view[THREADS_MAX];
static bool cached[THREADS_MAX];
struct hpte_condition conditions[2];

void operation_reset(void)
{
	memset(cached, 0, sizeof(cached));
	for (int other = 0; other < 2; other++)
		conditions[other] = (struct hpte_condition){
			HPTE_IF_AVPN,
			world_entry(0, other, 0).dw0 & ~UINT64_C(0x7F),
		};
}

bool operation_maps(void)
{
	return current[thread_number()]->maps;
}

void operation_waits(void)
{
	if (!(current[thread_number()]->flags & OP_WAITS))
		violated("%s waits for another CPU",
			 current[thread_number()]->name);
}

/* One hypercall; returns R3. */
static int64_t hcall(uint64_t *gpr)
{
	enum hpte_hcall_disposition disposition =
		hpte_hcall_dispatch(&world.vm, gpr, 0);

	if (disposition == HPTE_HCALL_AGAIN) {
		if (!sched.frozen)
			violated("answers AGAIN, though nobody has stopped");
		return HPTE_H_BUSY;
	}
	if (disposition != HPTE_HCALL_DONE)
		broken("a hypercall is not served");
	return (int64_t)gpr[3];
}

static void enter_entry(unsigned int item, uint64_t flags,
			const struct hpte *entry, bool device)
{
	uint64_t gpr[32] = { [3] = HPTE_HCALL_ENTER, [4] = flags, [5] = 0,
			     [6] = entry->dw0, [7] = entry->dw1 };
	int64_t code = hcall(gpr);
	unsigned int passed = flags & HPTE_HFLAG_EXACT ? 1 : SLOTS;

	if (code == HPTE_H_SUCCESS)
		passed = (unsigned int)gpr[4];
	else if (code != HPTE_H_PTEG_FULL)
		violated("H_ENTER answers %lld", (long long)code);
	tell_insert(item, passed, code == HPTE_H_SUCCESS, entry, device);
}

static void enter(unsigned int item, uint64_t flags, bool other, uint64_t bits)
{
	struct hpte entry = world_entry(3 + item, other, bits);

	enter_entry(item, flags, &entry, (bits & GPA_DEVICE) != 0);
}

static void run_insert(unsigned int item)
{
	enter(item, 0, false, 0);
}

static void run_insert_exact(unsigned int item)
{
	enter(item, HPTE_HFLAG_EXACT, false, 0);
}

static void run_insert_other(unsigned int item)
{
	enter(item, HPTE_HFLAG_EXACT, true, 0);
}

/* The very entry that stood in slot 0 at first. */
static void run_insert_same(unsigned int item)
{
	struct hpte entry = world_entry(1, false, 0);

	enter_entry(item, HPTE_HFLAG_EXACT, &entry, false);
}

static void run_insert_device(unsigned int item)
{
	enter(item, HPTE_HFLAG_EXACT, false, GPA_DEVICE);
}

static void remove_if(unsigned int item, const struct hpte_condition *only)
{
	uint64_t gpr[32] = { [3] = HPTE_HCALL_REMOVE,
			     [4] = only ? HPTE_HFLAG_AVPN : 0, [5] = 0,
			     [6] = only ? only->value : 0 };
	int64_t code = hcall(gpr);

	if (code == HPTE_H_NOT_FOUND) {
		history_step(item, STEP_NOT_FOUND, 0)->only = only;
	} else if (code == HPTE_H_SUCCESS) {
		history_step(item, STEP_UNLINK, 0)->only = only;
		tell_entry(history_step(item, STEP_FREE, 0), gpr[4], gpr[5]);
		check_accounted(gpr[5], VERSIONS);
	} else {
		violated("H_REMOVE answers %lld", (long long)code);
	}
	check_removed(0);
}

static void run_remove(unsigned int item)
{
	remove_if(item, NULL);
}

static void run_remove_avpn(unsigned int item)
{
	remove_if(item, &conditions[0]);
}

static void run_remove_other(unsigned int item)
{
	remove_if(item, &conditions[1]);
}

/* The second half of what a hypercall did: R and C are all it tells. */
static void batch_freed(unsigned int item, unsigned int slot, uint64_t rc)
{
	struct step *step = history_step(item, STEP_FREE, slot);

	step->mask = HPTE_DW1_RC;
	step->entry.dw1 = rc & HPTE_DW1_RC;
}

/* Slot 0 if the AVPN is right, slot 1 in any case, then the end mark. */
static void run_bulk(unsigned int item)
{
	const uint64_t request = UINT64_C(1) << 62;
	uint64_t gpr[32] = { [3] = HPTE_HCALL_BULK_REMOVE,
			     [4] = request | HPTE_BIT(6),
			     [5] = conditions[0].value,
			     [6] = request | 1,
			     [8] = UINT64_C(3) << 62 };

	if (hcall(gpr) != HPTE_H_SUCCESS)
		violated("H_BULK_REMOVE answers %lld", (long long)gpr[3]);
	for (unsigned int slot = 0; slot < SLOTS; slot++) {
		const struct hpte_condition *only = slot ? NULL :
							   &conditions[0];

		if (gpr[4 + 2 * slot] & HPTE_BIT(3))
			history_step(item, STEP_NOT_FOUND, slot)->only = only;
		else
			tell_unlink(item, slot, only);
	}
	for (unsigned int slot = 0; slot < SLOTS; slot++) {
		if (!(gpr[4 + 2 * slot] & HPTE_BIT(3)))
			batch_freed(item, slot, gpr[4 + 2 * slot] >> 51);
		check_removed(slot);
	}
}

/*
 * Slot 0 without a condition; slot 1 if it is in the other segment, which it
 * never is: it is held, looked at and let go.
 */
static void run_block(unsigned int item)
{
	const uint64_t request = UINT64_C(1) << 62;
	uint64_t gpr[32] = { [3] = HPTE_HCALL_BLOCK_REMOVE,
			     [4] = conditions[1].value,
			     [5] = request, [6] = request | HPTE_BIT(7) | 1,
			     [7] = UINT64_C(3) << 62 };
	uint64_t status;

	(void)hcall(gpr);
	for (unsigned int slot = 0; slot < SLOTS; slot++) {
		status = gpr[4 + slot] >> 59 & 7;
		if (status == 0)
			tell_unlink(item, slot, NULL);
		else if (status == 1)
			history_step(item, STEP_NOT_FOUND, slot)->only =
				slot ? &conditions[1] : NULL;
		else if (status == 4)
			history_step(item, STEP_OWNED, slot);
		else
			violated("H_BLOCK_REMOVE: status %u",
				 (unsigned int)status);
	}
	for (unsigned int slot = 0; slot < SLOTS; slot++) {
		status = gpr[4 + slot] >> 59 & 7;
		if (status == 0)
			batch_freed(item, slot, gpr[4 + slot] >> 50);
		if (status <= 1)
			check_removed(slot);
	}
}

/* Slot 0 if the AVPN is right. */
static void run_block_avpn(unsigned int item)
{
	const uint64_t request = UINT64_C(1) << 62;
	uint64_t gpr[32] = { [3] = HPTE_HCALL_BLOCK_REMOVE,
			     [4] = conditions[0].value,
			     [5] = request | HPTE_BIT(7),
			     [6] = UINT64_C(3) << 62 };
	uint64_t status;

	(void)hcall(gpr);
	status = gpr[4] >> 59 & 7;
	if (status == 4) {
		history_step(item, STEP_OWNED, 0);
		return;
	}
	if (status == 0) {
		tell_unlink(item, 0, &conditions[0]);
		batch_freed(item, 0, gpr[4] >> 50);
	} else {
		history_step(item, STEP_NOT_FOUND, 0)->only = &conditions[0];
	}
	check_removed(0);
}

static void read_step(unsigned int item, unsigned int slot,
		      const uint64_t *pair)
{
	if (!pair[0])
		history_step(item, STEP_EMPTY, slot);
	else
		tell_entry(history_step(item, STEP_READ, slot), pair[0],
			   pair[1]);
}

static void run_read(unsigned int item)
{
	uint64_t gpr[32] = { [3] = HPTE_HCALL_READ };

	(void)hcall(gpr);
	read_step(item, 0, &gpr[4]);
}

static void run_read_4(unsigned int item)
{
	uint64_t gpr[32] = { [3] = HPTE_HCALL_READ, [4] = HPTE_HFLAG_READ_4 };

	(void)hcall(gpr);
	for (unsigned int slot = 0; slot < SLOTS; slot++)
		read_step(item, slot, &gpr[4 + 2 * slot]);
}

static bool find(unsigned int item, struct hpte_view *view)
{
	int status = hpte_table_find_ea(&world.table, world_descriptor(), 0, 0,
					view);

	return tell_search(item, status, view);
}

static void run_find(unsigned int item)
{
	struct hpte_view view;

	(void)find(item, &view);
}

static void protect(unsigned int item, uint64_t bits)
{
	uint64_t gpr[32] = { [3] = HPTE_HCALL_PROTECT,
			     [4] = bits | HPTE_HFLAG_AVPN, [5] = 0,
			     [6] = conditions[0].value };
	int64_t code = hcall(gpr);
	struct step *step;

	if (code == HPTE_H_BUSY)
		return;
	if (code == HPTE_H_SUCCESS) {
		step = history_step(item, STEP_PROTECT, 0);
		step->mask = RIGHTS;
		step->entry.dw1 = bits;
		check_narrowed(0);
	} else if (code == HPTE_H_NOT_FOUND) {
		step = history_step(item, STEP_NOT_FOUND, 0);
		check_removed(0);
	} else {
		violated("H_PROTECT answers %lld", (long long)code);
	}
	step->only = &conditions[0];
}

/* Read only; bits of doubleword 1 and of the flags are the same here. */
static void run_protect(unsigned int item)
{
	protect(item, 3);
}

static void run_protect_n(unsigned int item)
{
	protect(item, 3 | HPTE_DW1_N);
}

static void clear(unsigned int item, uint64_t opcode, enum step_kind kind)
{
	uint64_t gpr[32] = { [3] = opcode };
	int64_t code = hcall(gpr);

	if (code == HPTE_H_SUCCESS)
		tell_entry(history_step(item, kind, 0), 0, gpr[4]);
	else if (code == HPTE_H_NOT_FOUND)
		history_step(item, STEP_NOT_FOUND, 0);
	else if (code != HPTE_H_BUSY)
		violated("H_CLEAR_... answers %lld", (long long)code);
	if (code == HPTE_H_NOT_FOUND)
		check_removed(0);
}

static void run_clear_r(unsigned int item)
{
	clear(item, HPTE_HCALL_CLEAR_REF, STEP_CLEAR_R);
}

static void run_clear_c(unsigned int item)
{
	clear(item, HPTE_HCALL_CLEAR_MOD, STEP_CLEAR_C);
}

/* What the host does at a fault: read, look up the page, promote. */
static void run_promote(unsigned int item)
{
	struct hpte_host_page page;
	struct hpte_view view;
	uint64_t gpa, sequence;

	if (hpte_table_read(&world.table, 0, &view) != HPTE_OK) {
		history_step(item, STEP_EMPTY, 0);
		return;
	}
	tell_entry(history_step(item, STEP_READ, 0), view.guest.dw0,
		   view.guest.dw1);
	if (view.state & HPTE_VIEW_VALID)
		return;
	gpa = hpte_entry_real(view.guest.dw1, 24);
	sequence = world.table.priv_ops->inval_begin(NULL);
	if (world.table.priv_ops->map_page(NULL, gpa & ~GPA_DEVICE, 24, true,
					   &page) != HPTE_HOST_DONE)
		broken("no page");
	page.sequence = sequence;
	if (hpte_table_promote(&world.table, &view, &page) == HPTE_OK)
		tell_entry(history_step(item, STEP_PROMOTE, 0),
			   view.guest.dw0, view.guest.dw1);
}

/* What the host does to take storage away: all of both slots' pages. */
static void run_unmap(unsigned int item)
{
	uint64_t version;
	unsigned int tries = 0;
	int status;

	(void)item;
	sched_point();
	memory_increment(LOC_HOST_PAGE, true);
	version = newest(LOC_HOST_PAGE)->value;
	sched_point();
	memory_increment(LOC_HOST_SEQUENCE, true);
	sched_point();
	memory_fence();
	for (unsigned int slot = 0; slot < SLOTS; slot++)
		do {
			status = hpte_table_demote(&world.table, slot);
			if (status != HPTE_ERR_AGAIN)
				break;
			if (sched.frozen && ++tries == DEMOTE_TRIES)
				return;
			sched_wait();
		} while (true);
	check_unmapped((unsigned int)version);
}

/* A device emulator looks an entry up, and caches the decision ... */
static void run_cache(unsigned int item)
{
	unsigned int n = thread_number();
	struct hpte_view *view = &cached_view[n];

	cached_generation[n] = hpte_table_generation(&world.table);
	cached[n] = find(item, view) && (view->state & HPTE_VIEW_MMIO) &&
		    !(view->state & HPTE_VIEW_BUSY);
}

/*
 * ... and uses it, unless the generation has changed.  That it is stale is
 * promised only when the operation that made it so has returned, or one that
 * answered "not found": others may have noticed before.
 */
static void run_use(unsigned int item)
{
	unsigned int n = thread_number();
	uint32_t own = ((UINT32_C(1) << OPS_PER_CPU) - 1) << n * OPS_PER_CPU;

	if (!cached[n] ||
	    hpte_table_generation(&world.table) != cached_generation[n])
		return;
	history.items[item].before &= own |
		history_changed((unsigned int)cached_view[n].index) |
		history_missed((unsigned int)cached_view[n].index);
	tell_entry(history_step(item, STEP_HIT,
				(unsigned int)cached_view[n].index),
		   cached_view[n].guest.dw0, cached_view[n].guest.dw1);
}

/* An emulator's walk, as owner.h demands it. */
static void run_emulate(unsigned int item)
{
	struct hpte_view view;
	struct step *step;

	emulator_begins(0);
	if (hpte_table_read(&world.table, 0, &view) != HPTE_OK) {
		history_step(item, STEP_EMPTY, 0);
		return;
	}
	emulator_reads();
	tell_entry(history_step(item, STEP_READ, 0), view.guest.dw0,
		   view.guest.dw1);
	if ((view.state & HPTE_VIEW_MMIO) ||
	    !hpte_entry_writable(view.guest.dw1) ||
	    hpte_table_set_rc(&world.table, &view, HPTE_DW1_RC) != HPTE_OK)
		return;
	step = history_step(item, STEP_SET_RC, 0);
	tell_entry(step, view.guest.dw0, view.guest.dw1);
	step->mask = HPTE_DW1_RC;
	emulator_has(&view);
}

/* The emulated CPU stores through what it has. */
static void run_emulated_store(unsigned int item)
{
	const struct translation *tlb = &world.tlb;
	struct step *step;

	sched_point();
	note(history.done);
	if (tlb->state != TLB_HELD || world.user != thread_number())
		return;
	step = history_step(item, STEP_ACCESS, tlb->slot);
	step->entry.dw1 = tlb->gpa;
	step->mask = HPTE_DW1_RC;
}

const struct operation operations[] = {
	{ "insert", OP_LOCK_FREE | OP_PAIRS | OP_WIDE, false, 0, run_insert },
	{ "insertv", OP_LOCK_FREE | OP_PAIRS | OP_WALKER | OP_WIDE, true, 0,
	  run_insert },
	{ "insertx", OP_LOCK_FREE | OP_PAIRS, false, 0, run_insert_exact },
	{ "inserto", OP_LOCK_FREE, true, 0, run_insert_other },
	{ "inserts", OP_LOCK_FREE | OP_SOFT, false, 0, run_insert_same },
	{ "insertm", OP_LOCK_FREE | OP_DEVICE, false, 0, run_insert_device },
	{ "insertmany", OP_LOCK_FREE | OP_WIDE, false, 0, run_insert_many },
	{ "remove", OP_LOCK_FREE | OP_PAIRS | OP_REMOVES, false, 0,
	  run_remove },
	{ "removea", OP_LOCK_FREE | OP_PAIRS, false, 0, run_remove_avpn },
	{ "removeo", OP_LOCK_FREE, false, 0, run_remove_other },
	{ "bulk", OP_LOCK_FREE | OP_PAIRS | OP_BATCH, false, 0, run_bulk },
	{ "block", OP_LOCK_FREE | OP_PAIRS | OP_BATCH, false, 3, run_block },
	{ "blocka", OP_LOCK_FREE, false, 1, run_block_avpn },
	{ "removemany", OP_LOCK_FREE | OP_BATCH, false, 0, run_remove_many },
	{ "read", OP_LOCK_FREE | OP_PAIRS, false, 0, run_read },
	{ "read4", OP_LOCK_FREE | OP_PAIRS | OP_WIDE, false, 0, run_read_4 },
	{ "find", OP_LOCK_FREE | OP_PAIRS | OP_WIDE | OP_FINDS, false, 0,
	  run_find },
	{ "findmany", OP_LOCK_FREE | OP_WIDE | OP_FINDS, false, 0,
	  run_find_many },
	{ "protect", OP_WAITS | OP_PAIRS, false, 1, run_protect },
	{ "protectn", OP_WAITS, false, 1, run_protect_n },
	{ "clearr", OP_WAITS | OP_PAIRS, false, 1, run_clear_r },
	{ "clearc", OP_WAITS | OP_PAIRS, false, 1, run_clear_c },
	{ "promote", OP_LOCK_FREE | OP_PAIRS | OP_WALKER, true, 1,
	  run_promote },
	{ "fault", OP_LOCK_FREE | OP_WALKER, true, 1, run_fault },
	{ "faultp", OP_LOCK_FREE | OP_WALKER, true, 1, run_fault_protection },
	{ "unmap", OP_PAIRS | OP_WALKER, false, 3, run_unmap },
	{ "cache", OP_LOCK_FREE | OP_DEVICE, false, 0, run_cache },
	{ "use", OP_LOCK_FREE | OP_DEVICE, false, 0, run_use },
	{ "emulate", OP_LOCK_FREE | OP_SOFT, false, 1, run_emulate },
	{ "store", OP_LOCK_FREE | OP_SOFT, false, 0, run_emulated_store },
};
const unsigned int operations_count =
	sizeof(operations) / sizeof(operations[0]);

const struct operation *operation_find(const char *name, unsigned int length)
{
	for (unsigned int i = 0; i < operations_count; i++)
		if (strlen(operations[i].name) == length &&
		    !strncmp(operations[i].name, name, length))
			return &operations[i];
	return NULL;
}

/* Accesses that this operation's invalidations have waited for. */
static void accesses_end(unsigned int thread)
{
	for (unsigned int i = ACCESS_FIRST; i < SECOND_FIRST; i++)
		if (world.flushed_by[i] >> thread & 1)
			history.done |= UINT32_C(1) << i;
}

/*
 * Software that knows that an operation has returned has been told so: who
 * begins later knows what that CPU knew.
 */
void operation_run(const struct operation *operation, unsigned int item)
{
	unsigned int n = thread_number();

	current[n] = operation;
	trace_name(n, operation->name);
	view_join(&sched.self->view.now, &world.returned);
	history_begin(item, operation->holds);
	note(history.done);
	note(view_hash(&sched.self->view.now));
	sched.self->steps = 0;
	operation->run(item);
	if ((operation->flags & OP_LOCK_FREE) &&
	    sched.self->steps > LOCK_FREE_STEPS)
		violated("%s takes %u steps", operation->name,
			 sched.self->steps);
	/* it has had its effect, and others may begin before it returns */
	sched_point();
	history_end(item);
	accesses_end(n);
	view_join(&world.returned, &sched.self->view.now);
	trace_text("returns");
	note(history.done);
}
