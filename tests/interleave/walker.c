/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/interleave/walker.c - translations, and what must be true of them.
 *
 * Hardware reads doubleword 0, then, if V=1, doubleword 1, and keeps the two.
 * It stores R and C at the first use that needs them: one byte, made from
 * what it has kept, whatever the entry is by now.  An invalidation is one
 * step: it ends the walk that is under way, too.
 */
#include "libhpte/internal.h"

#include "operation.h"
#include "sched.h"
#include "trace.h"
#include "walker.h"
#include "world.h"

#define GPA_MASK	(UINT64_C(15) << 24)
#define LP_ANY		(UINT64_C(0x38) << 12)

static unsigned int dw0_seen(unsigned int slot)
{
	return sched.self->view.now.at[slot_location(slot, LOC_DW0)];
}

static uint64_t operand(uint64_t dw0, uint64_t dw1, unsigned int slot)
{
	struct hpte entry = { dw0 & ~HPTE_DW0_B, dw1 };
	struct hpte_page page;

	if (world.kind->one_tb)
		entry.dw0 |= HPTE_DW0_B_1T;
	if (hpte_entry_page(dw0, dw1, &page) != HPTE_OK)
		violated("a walker finds a reserved page size");
	return hpte_hash_tlbie_rb(&entry, &page, slot);
}

/* The store after @at that unlinked the entry, 0 if it is still there. */
static unsigned int unlinked_at(unsigned int slot, unsigned int at)
{
	unsigned int location = slot_location(slot, LOC_DW0);

	for (; at < memory.count[location]; at++)
		if (!slot_live(HPTE_SWAP64_(
				memory.stores[location][at].value)))
			return at;
	return 0;
}

/* A translation is complete: was it still allowed? */
static void check_fetched(const struct translation *tlb)
{
	if (world.kind->walker && !(tlb->dw1 & HOST_BIT))
		violated("a walker uses a guest real address");
	if (world.kind->walker && world.kind->format == HPTE_FORMAT_300 &&
	    !(tlb->dw1 & HPTE_DW1_300_B_1T) == world.kind->one_tb)
		violated("a walker finds the wrong segment size");
	if (tlb->dw0_at < world.gone_at[tlb->slot])
		violated("a walker fetches an entry whose removal returned");
	/* whoever changes g or closes it has invalidated before */
	if (hpte_entry_writable(tlb->dw1) && world.table.priv_side &&
	    !hpte_entry_writable(newest(slot_location(tlb->slot,
						      LOC_G))->value))
		violated("a walker fetches rights that were taken away");
	if (world.kind->walker && tlb->version < world.dropped_version)
		violated("a walker fetches storage the host took away");
}

static void walker_fetch(void)
{
	struct translation *tlb = &world.tlb;
	uint64_t dw0;

	sched_point();
	note(history.done);
	dw0 = HPTE_SWAP64_(memory_walk(LOC_DW0, false));
	if (!(dw0 & HPTE_DW0_V))
		return;
	*tlb = (struct translation){ .state = TLB_FLIGHT,
				     .dw0_at = dw0_seen(0),
				     .rb = operand(dw0, LP_ANY, 0) };
	sched_point();
	note(history.done);
	if (tlb->state != TLB_FLIGHT)
		return;
	tlb->dw1 = HPTE_SWAP64_(memory_walk(LOC_DW1, true));
	tlb->rb = operand(dw0, tlb->dw1, 0);
	tlb->gpa = tlb->dw1 & GPA_MASK;
	tlb->version = (unsigned int)(tlb->dw1 >> VERSION_SHIFT) &
		       (VERSIONS - 1);
	check_fetched(tlb);
	tlb->state = TLB_HELD;
}

static void note_used(const struct translation *tlb, uint64_t bits)
{
	struct page_times *page = &world.pages[tlb->gpa >> 24];

	world.clock++;
	page->used[tlb->version] = world.clock;
	if (bits & HPTE_DW1_C)
		page->stored[tlb->version] = world.clock;
}

/* One use of the translation: sets @bit in it, and in the entry if new. */
static void walker_use(uint64_t bit)
{
	struct translation *tlb = &world.tlb;
	unsigned int byte = bit == HPTE_DW1_R ? 6 : 7;
	unsigned int item = ACCESS_FIRST + history.accesses;
	struct step *step;

	sched_point();
	note(history.done);
	if (tlb->state != TLB_HELD)
		return;
	if (item >= SECOND_FIRST)
		broken("too many accesses");
	history.accesses++;
	history.items[item].before = history.done &
				     history_changed(tlb->slot);
	step = history_step(item, STEP_ACCESS, tlb->slot);
	step->entry.dw1 = tlb->gpa;
	step->mask = bit;
	trace_text("uses page %u: %s", (unsigned int)(tlb->gpa >> 24),
		   bit == HPTE_DW1_R ? "R" : "C");
	note_used(tlb, bit);
	if (tlb->dw1 & bit)
		return;
	tlb->dw1 |= bit;
	memory_store_byte(LOC_DW1, byte,
			  (uint8_t)(tlb->dw1 >> 8 * (7 - byte)), true);
	world.walker_stores.at[LOC_DW1] = (uint8_t)(memory.count[LOC_DW1] - 1);
}

void walker_run(void)
{
	for (unsigned int i = 0; i < world.walks; i++) {
		if (world.tlb.state == TLB_NONE)
			walker_fetch();
		if (world.tlb.state != TLB_HELD)
			continue;
		walker_use(HPTE_DW1_R);
		if (world.tlb.state == TLB_HELD &&
		    hpte_entry_writable(world.tlb.dw1))
			walker_use(HPTE_DW1_C);
	}
}

static bool named(uint64_t operand_held, const uint64_t *rb,
		  unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		if (rb[i] == operand_held)
			return true;
	return false;
}

void walker_invalidate(const uint64_t *rb, unsigned int count)
{
	struct translation *tlb = &world.tlb;
	struct thread *user = &sched.threads[world.user];
	bool hit = tlb->state != TLB_NONE && named(tlb->rb, rb, count);

	trace_text("invalidates %u%s", count, hit ? ", used" : "");
	if (hit)
		tlb->state = TLB_NONE;
	if (user != sched.self) {
		view_join(&sched.self->view.now,
			  world.user == WALKER ? &world.walker_stores :
						 &user->view.now);
		view_join(&user->view.now, &sched.self->view.now);
		user->hash = mixed(user->hash, view_hash(&user->view.now));
		user->hash = mixed(user->hash, hit);
	}
	for (unsigned int i = 0; i < history.accesses; i++)
		world.flushed_by[ACCESS_FIRST + i] |=
			(uint8_t)(1U << thread_number());
	note(view_hash(&sched.self->view.now));
	note(history.accesses);
	sched.stores++;
}

void emulator_begins(unsigned int slot)
{
	const struct hpte entry = world_entry(0, false, 0);

	if (thread_number() != world.user)
		return;
	world.tlb = (struct translation){ .state = TLB_FLIGHT, .slot = slot,
					  .rb = operand(entry.dw0, LP_ANY,
							slot) };
}

void emulator_reads(void)
{
	if (thread_number() == world.user)
		world.tlb.dw0_at = dw0_seen(world.tlb.slot);
}

void emulator_has(const struct hpte_view *view)
{
	struct translation *tlb = &world.tlb;

	if (thread_number() != world.user)
		return;
	note(tlb->state);
	if (tlb->state != TLB_FLIGHT)
		return;
	tlb->dw1 = view->guest.dw1;
	tlb->gpa = view->guest.dw1 & GPA_MASK;
	check_fetched(tlb);
	tlb->state = TLB_HELD;
}

void check_removed(unsigned int slot)
{
	const struct translation *tlb = &world.tlb;
	unsigned int location = slot_location(slot, LOC_DW0);
	unsigned int gone;

	/* the newest unlink that this CPU knows of */
	for (unsigned int at = dw0_seen(slot); at > 0; at--)
		if (!slot_live(HPTE_SWAP64_(
				memory.stores[location][at].value))) {
			if (world.gone_at[slot] < at)
				world.gone_at[slot] = at;
			break;
		}
	if (tlb->state != TLB_HELD || tlb->slot != slot)
		return;
	gone = unlinked_at(slot, tlb->dw0_at);
	if (gone && gone <= dw0_seen(slot))
		violated("the entry is gone, but a walker still uses it");
}

void check_narrowed(unsigned int slot)
{
	const struct translation *tlb = &world.tlb;
	uint64_t guest = world.table.priv_side ?
		newest(slot_location(slot, LOC_G))->value :
		HPTE_SWAP64_(newest(slot_location(slot, LOC_DW1))->value);

	/* a closed word, or the next entry's, names another page */
	if (tlb->state == TLB_HELD && tlb->slot == slot &&
	    tlb->gpa == (guest & GPA_MASK) && hpte_entry_writable(tlb->dw1) &&
	    !hpte_entry_writable(guest))
		violated("protect has returned, a walker has the old rights");
}

void check_accounted(uint64_t gpa, unsigned int versions)
{
	const struct page_times *page = &world.pages[gpa >> 24 & 15];

	if (!world.kind->walker)
		return;
	for (unsigned int i = 0; i < versions; i++) {
		if (page->stored[i] > page->dirty)
			violated("a store to page %u was not reported",
				 (unsigned int)(gpa >> 24 & 15));
		if (page->used[i] > page->young)
			violated("a use of page %u was not reported",
				 (unsigned int)(gpa >> 24 & 15));
	}
}

void check_unmapped(unsigned int version)
{
	const struct translation *tlb = &world.tlb;

	world.dropped_version = version;
	if (tlb->state == TLB_HELD && tlb->version < version)
		violated("the host took the storage, a walker still uses it");
	for (unsigned int slot = 0; slot < SLOTS; slot++) {
		uint64_t dw0 = HPTE_SWAP64_(
			newest(slot_location(slot, LOC_DW0))->value);
		uint64_t dw1 = HPTE_SWAP64_(
			newest(slot_location(slot, LOC_DW1))->value);

		if ((dw0 & HPTE_DW0_V) &&
		    (dw1 >> VERSION_SHIFT & (VERSIONS - 1)) < version)
			violated("slot %u maps storage the host took away",
				 slot);
	}
	for (unsigned int page = 0; page < PAGES; page++)
		check_accounted((uint64_t)page << 24, version);
}

void check_no_host(uint64_t value)
{
	if (value & HOST_BIT)
		violated("the guest sees a host address: %#llx",
			 (unsigned long long)value);
}

void check_doubleword0(unsigned int location, uint64_t old, uint64_t new)
{
	bool was_live = slot_live(old);

	if ((new & HPTE_DW0_V) && !(old & HPTE_DW0_V) &&
	    old != DW0_BUSY && !(was_live && (old & DW0_BUSY)))
		violated("slot %u: V set without a claim", location / LOC_SLOT);
	if ((new & HPTE_DW0_V) && (new & DW0_MARK))
		violated("slot %u: the mark of a device is in a valid entry",
			 location / LOC_SLOT);
	if (slot_dying(old) && new && !slot_dying(new))
		violated("slot %u: a removed entry lives again",
			 location / LOC_SLOT);
	if (!new && !slot_dying(old))
		violated("slot %u: freed, but it was not removed",
			 location / LOC_SLOT);
	if (!old && new != DW0_BUSY)
		violated("slot %u: filled without a claim",
			 location / LOC_SLOT);
}
