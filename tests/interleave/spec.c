/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/interleave/spec.c - the sequential table, and the search for an
 * order.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sched.h"
#include "spec.h"

#define AVPN_LOW	UINT64_C(0x7F)
#define PAGE_NUMBER	(UINT64_C(15) << 24)
#define EXPLAINED_MAX	4096U

enum status { EMPTY, RESERVED, LIVE, DYING };

struct spec_slot {
	enum status status;
	unsigned int by;	/* the item that reserved or unlinked it */
	bool device;
	struct hpte entry;
};

/* One position of the search. */
struct position {
	struct spec_slot slots[SLOTS];
	uint8_t at[ITEMS_MAX];
	uint32_t finished;
};

struct history history;

static uint64_t explained[EXPLAINED_MAX];

/* The item that has what operation @item does to slot 1. */
static unsigned int second(unsigned int item)
{
	return SECOND_FIRST + item;
}

void history_begin(unsigned int item, uint32_t holds)
{
	history.items[item].before = history.done;
	history.items[item].holds = holds;
	history.items[second(item)].before = history.done;
}

void history_end(unsigned int item)
{
	history.done |= UINT32_C(1) << item | UINT32_C(1) << second(item);
}

struct step *history_step(unsigned int item, enum step_kind kind,
			  unsigned int slot)
{
	bool apart = history.apart && slot && item < ACCESS_FIRST;
	struct item *to = &history.items[apart ? second(item) : item];
	struct step *step = &to->steps[to->count++];

	if (to->count > STEPS_OF_ITEM)
		broken("too many steps in an operation");
	memset(step, 0, sizeof(*step));
	step->kind = kind;
	step->slot = slot;
	step->mask = ~UINT64_C(0);
	return step;
}

static bool changes(enum step_kind kind)
{
	switch (kind) {
	case STEP_PUBLISH:
	case STEP_UNLINK:
	case STEP_FREE:
	case STEP_PROTECT:
	case STEP_CLEAR_R:
	case STEP_CLEAR_C:
	case STEP_SET_RC:
	case STEP_PROMOTE:
		return true;
	default:
		return false;
	}
}

static bool misses(enum step_kind kind)
{
	return kind == STEP_NOT_FOUND;
}

static uint32_t items_that(bool (*match)(enum step_kind), unsigned int slot)
{
	uint32_t mask = 0;

	for (unsigned int i = 0; i < ITEMS_MAX; i++)
		for (unsigned int k = 0; k < history.items[i].count; k++)
			if (history.items[i].steps[k].slot == slot &&
			    match(history.items[i].steps[k].kind))
				mask |= UINT32_C(1) << i;
	return mask;
}

uint32_t history_changed(unsigned int slot)
{
	return items_that(changes, slot);
}

uint32_t history_missed(unsigned int slot)
{
	return items_that(misses, slot);
}

static bool condition_met(const struct spec_slot *slot,
			  const struct hpte_condition *only)
{
	if (!only)
		return true;
	if ((only->flags & HPTE_IF_AVPN) &&
	    (slot->entry.dw0 & ~AVPN_LOW) != only->value)
		return false;
	return !(only->flags & HPTE_IF_ANDCOND) ||
	       !(slot->entry.dw0 & only->value);
}

/* An owner that is not yet done may still be in the slot. */
static bool may_be_held(unsigned int item, unsigned int slot)
{
	for (unsigned int i = 0; i < ITEMS_MAX; i++)
		if (i != item && second(i) != item &&
		    (history.items[i].holds >> slot & 1) &&
		    !(history.items[item].before >> i & 1))
			return true;
	return false;
}

/* Page numbers are unique without the bit that tells a device. */
static bool same_page(uint64_t dw1, uint64_t gpa)
{
	return !((dw1 ^ gpa) & PAGE_NUMBER);
}

static bool equal(const struct spec_slot *slot, const struct step *step)
{
	return slot->entry.dw0 == step->entry.dw0 &&
	       !((slot->entry.dw1 ^ step->entry.dw1) & step->mask);
}

/* Steps of insert and remove. */
static bool apply_structure(struct spec_slot *slot, const struct step *step,
			    unsigned int item)
{
	switch (step->kind) {
	case STEP_TAKEN:
		return slot->status != EMPTY || may_be_held(item, step->slot);
	case STEP_RESERVE:
		if (slot->status != EMPTY)
			return false;
		slot->status = RESERVED;
		slot->by = item;
		return true;
	case STEP_PUBLISH:
		if (slot->status != RESERVED || slot->by != item)
			return false;
		slot->status = LIVE;
		slot->entry = step->entry;
		slot->device = step->mask == 0;
		return true;
	case STEP_UNLINK:
		if (slot->status != LIVE || !condition_met(slot, step->only))
			return false;
		slot->status = DYING;
		slot->by = item;
		return true;
	default:
		if (slot->status != DYING || slot->by != item ||
		    (step->entry.dw0 && slot->entry.dw0 != step->entry.dw0) ||
		    ((slot->entry.dw1 ^ step->entry.dw1) & step->mask))
			return false;
		slot->status = EMPTY;
		return true;
	}
}

static bool apply_change(struct spec_slot *slot, const struct step *step)
{
	uint64_t *dw1 = &slot->entry.dw1;
	uint64_t differs = *dw1 ^ step->entry.dw1;

	switch (step->kind) {
	case STEP_PROTECT:
		if (!condition_met(slot, step->only))
			return false;
		*dw1 = (*dw1 & ~step->mask) | step->entry.dw1;
		return true;
	case STEP_CLEAR_R:
		if (differs & ~(HPTE_DW1_C & *dw1))
			return false;
		*dw1 &= ~HPTE_DW1_R;
		return true;
	case STEP_CLEAR_C:
		if (differs)
			return false;
		*dw1 &= ~HPTE_DW1_C;
		return true;
	case STEP_SET_RC:
		if (differs || slot->entry.dw0 != step->entry.dw0)
			return false;
		*dw1 |= step->mask;
		return true;
	default:
		if (!equal(slot, step))
			return false;
		slot->device = false;
		return true;
	}
}

static bool apply(struct spec_slot *slot, const struct step *step,
		  unsigned int item)
{
	bool live = slot->status == LIVE;

	switch (step->kind) {
	case STEP_TAKEN:
	case STEP_RESERVE:
	case STEP_PUBLISH:
	case STEP_UNLINK:
	case STEP_FREE:
		return apply_structure(slot, step, item);
	case STEP_NOT_FOUND:
		return !live || !condition_met(slot, step->only);
	case STEP_READ:
		return live && equal(slot, step);
	case STEP_EMPTY:
		return !live;
	case STEP_THERE:
		return live;
	case STEP_NO_MATCH:
		return !live || ((slot->entry.dw0 ^ step->entry.dw0) &
				 (HPTE_DW0_B | HPTE_DW0_AVPN));
	case STEP_HIT:
		return live && slot->device && equal(slot, step);
	case STEP_ACCESS:
		/* also between the unlink and the invalidation */
		if ((!live && slot->status != DYING) ||
		    !same_page(slot->entry.dw1, step->entry.dw1))
			return false;
		slot->entry.dw1 |= step->mask;
		return true;
	case STEP_OWNED:
		return may_be_held(item, step->slot);
	default:
		return live && apply_change(slot, step);
	}
}

static bool ends_right(const struct position *position)
{
	for (unsigned int i = 0; i < SLOTS; i++) {
		const struct spec_slot *slot = &position->slots[i];
		const struct entry_state *final = &history.final[i];

		if ((slot->status == LIVE) != final->live)
			return false;
		if (final->live && (slot->entry.dw0 != final->entry.dw0 ||
				    slot->entry.dw1 != final->entry.dw1))
			return false;
	}
	return true;
}

static bool search(const struct position *from)
{
	uint32_t all = (UINT32_C(1) << ITEMS_MAX) - 1;

	if (from->finished == all)
		return ends_right(from);
	for (unsigned int i = 0; i < ITEMS_MAX; i++) {
		const struct item *item = &history.items[i];
		const struct step *step = &item->steps[from->at[i]];
		struct position next;

		if ((from->finished >> i & 1) ||
		    (item->before & ~from->finished))
			continue;
		next = *from;
		if (!apply(&next.slots[step->slot], step, i))
			continue;
		if (++next.at[i] == item->count)
			next.finished |= UINT32_C(1) << i;
		if (search(&next))
			return true;
	}
	return false;
}

static uint64_t history_hash(void)
{
	uint64_t hash = 5;

	for (unsigned int i = 0; i < ITEMS_MAX; i++) {
		const struct item *item = &history.items[i];

		hash = mixed(hash, (uint64_t)item->before << 32 |
				   item->holds << 8 | item->count);
		for (unsigned int k = 0; k < item->count; k++) {
			const struct step *step = &item->steps[k];

			hash = mixed(hash, (uint64_t)step->kind << 8 |
					   step->slot);
			hash = mixed(hash, step->entry.dw0);
			hash = mixed(hash, step->entry.dw1);
			hash = mixed(hash, step->mask);
		}
	}
	for (unsigned int i = 0; i < SLOTS; i++) {
		const struct entry_state *final = &history.final[i];

		hash = mixed(hash, final->live ? final->entry.dw0 : 1);
		hash = mixed(hash, final->live ? final->entry.dw1 : 1);
	}
	return hash ? hash : 1;
}

/* Does the item say of its slot only that nothing is there for it? */
static bool finds_nothing(const struct item *item)
{
	for (unsigned int k = 0; k < item->count; k++)
		if (item->steps[k].kind != STEP_NOT_FOUND &&
		    item->steps[k].kind != STEP_EMPTY &&
		    item->steps[k].kind != STEP_NO_MATCH)
			return false;
	return true;
}

/*
 * An invalidation shows whoever asked for it the R and C of the accesses it
 * has ended, not the table as the walker saw it: an entry whose insert has
 * not returned may still be overlooked.  README.md has the argument.
 */
static uint32_t comes_before(const struct item *item)
{
	const uint32_t accesses = ((UINT32_C(1) << ACCESSES_MAX) - 1)
				  << ACCESS_FIRST;

	return history.apart && finds_nothing(item) ?
	       item->before & ~accesses : item->before;
}

bool history_explained(void)
{
	uint64_t hash = history_hash();
	uint64_t *known = &explained[hash % EXPLAINED_MAX];
	struct position start = { .finished = 0 };

	if (*known == hash)
		return true;
	for (unsigned int i = 0; i < ITEMS_MAX; i++)
		if (!history.items[i].count)
			start.finished |= UINT32_C(1) << i;
	for (unsigned int i = 0; i < ITEMS_MAX; i++)
		history.items[i].before = comes_before(&history.items[i]);
	for (unsigned int i = 0; i < SLOTS; i++) {
		const struct entry_state *initial = &history.initial[i];

		start.slots[i].status = initial->live ? LIVE : EMPTY;
		start.slots[i].entry = initial->entry;
		start.slots[i].device = initial->device;
	}
	if (!search(&start))
		return false;
	*known = hash;
	return true;
}

void history_clear(void)
{
	for (unsigned int i = 0; i < ITEMS_MAX; i++) {
		history.items[i].before = 0;
		history.items[i].holds = 0;
		history.items[i].count = 0;
	}
	history.done = 0;
	history.accesses = 0;
}

void history_forget(void)
{
	memset(explained, 0, sizeof(explained));
}

void history_print(void)
{
	static const char *const names[] = {
		"taken", "reserve", "publish", "unlink", "free", "not found",
		"read", "empty", "there", "no match", "protect", "clear R",
		"clear C", "set R, C", "promote", "hit", "access", "owned",
	};

	for (unsigned int i = 0; i < ITEMS_MAX; i++) {
		const struct item *item = &history.items[i];

		for (unsigned int k = 0; k < item->count; k++) {
			const struct step *step = &item->steps[k];

			printf("  %s %u after %04x: %s slot %u %016" PRIx64
			       " %016" PRIx64 " mask %" PRIx64 "\n",
			       i < ACCESS_FIRST ? "operation" : "access", i,
			       (unsigned int)item->before, names[step->kind],
			       step->slot, step->entry.dw0, step->entry.dw1,
			       step->mask);
		}
	}
	for (unsigned int i = 0; i < SLOTS; i++)
		printf("  at the end slot %u: %s %016" PRIx64 " %016" PRIx64
		       "\n", i, history.final[i].live ? "entry" : "empty",
		       history.final[i].entry.dw0,
		       history.final[i].entry.dw1);
}
