/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/interleave/spec.h - what operations mean one after the other, and
 * whether a run can be explained by such an order.
 *
 * An operation is a short list of atomic steps: most have one; an insert
 * reserves and publishes, a remove unlinks and frees, a search passes one
 * slot after the other.  A walker's access is an operation too.  A run is
 * right if the steps of all its operations can be put in one order in which
 * each is possible, an operation that ended before another began comes
 * first, and the table ends as it was found at the end.
 *
 * Where loads may read old values, what one operation finds in slot 0 and
 * what it finds in slot 1 are two operations: they began and ended together,
 * but nothing promises an order between words of different slots.
 */
#ifndef INTERLEAVE_SPEC_H
#define INTERLEAVE_SPEC_H

#include <stdbool.h>
#include <stdint.h>

#include <hpte/hpte.h>

#define SLOTS		2	/* slots 0 and 1 are explored */
#define OPS_PER_CPU	3
#define ACCESS_FIRST	(3 * OPS_PER_CPU)
#define ACCESSES_MAX	7
#define SECOND_FIRST	(ACCESS_FIRST + ACCESSES_MAX)
#define ITEMS_MAX	(SECOND_FIRST + ACCESS_FIRST)
#define STEPS_OF_ITEM	8

enum step_kind {
	STEP_TAKEN,		/* insert: passes a slot that is not free */
	STEP_RESERVE,
	STEP_PUBLISH,		/* entry */
	STEP_UNLINK,
	STEP_FREE,		/* entry; its dw1 under mask */
	STEP_NOT_FOUND,		/* no entry, or the condition does not hold */
	STEP_READ,		/* entry */
	STEP_EMPTY,
	STEP_THERE,		/* some entry */
	STEP_NO_MATCH,		/* search: passes; entry.dw0 is wanted */
	STEP_PROTECT,		/* entry.dw1: new bits under mask */
	STEP_CLEAR_R,		/* entry.dw1: as it was; C may be missing */
	STEP_CLEAR_C,
	STEP_SET_RC,		/* entry, before; mask: bits set */
	STEP_PROMOTE,		/* entry: no device's from now on */
	STEP_HIT,		/* entry: cached as a device's, and used */
	STEP_ACCESS,		/* entry.dw1: guest real address; mask: R, C */
	STEP_OWNED		/* H_BLOCK_REMOVE: busy */
};

struct step {
	enum step_kind kind;
	unsigned int slot;
	struct hpte entry;
	uint64_t mask;
	const struct hpte_condition *only;
};

/**
 * struct item - one operation, or one access by the walker
 * @before:	mask of items that had ended when it began
 * @holds:	it may own an entry: mask of slots
 */
struct item {
	uint32_t before;
	uint32_t holds;
	unsigned int count;
	struct step steps[STEPS_OF_ITEM];
};

struct entry_state {
	bool live;
	bool device;
	struct hpte entry;
};

struct history {
	struct item items[ITEMS_MAX];
	uint32_t done;		/* mask of items that have ended */
	bool apart;		/* slots are operations of their own */
	unsigned int accesses;
	struct entry_state initial[SLOTS];
	struct entry_state final[SLOTS];
};

extern struct history history;

/* history_begin(), history_end() - item @item: an operation. */
void history_begin(unsigned int item, uint32_t holds);
void history_end(unsigned int item);

/* history_step() - add a step to an item. */
struct step *history_step(unsigned int item, enum step_kind kind,
			  unsigned int slot);

/*
 * history_changed() - mask of items that changed a slot.  Only these come
 * before an access that was made after they ended: the walker's R and C are
 * not a release of anything else.
 */
uint32_t history_changed(unsigned int slot);

/* history_missed() - those that answered "not found". */
uint32_t history_missed(unsigned int slot);

/* history_explained() - is there such an order? */
bool history_explained(void);

/* history_print() - the items, for a trace. */
void history_print(void);

/* history_clear() - before a run; initial stays.  _forget(): the cache too. */
void history_clear(void);
void history_forget(void);

#endif /* INTERLEAVE_SPEC_H */
