/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/stress/stress.h - what the threads of the stress test share.
 *
 * Entries.  Each that is inserted in a round has a number of its own, the id,
 * and everything in it but R, C and rights follows from that number: who sees
 * an entry can tell whose it is and whether its parts belong together.  Two
 * neighbouring ids have the same doubleword 0.
 *
 * Records.  One for each id: what has happened to it, as far as somebody has
 * been told.  GONE is set when an operation has returned that says so, be it
 * a remove or "not found"; from then on no reader, no walker and no cache
 * may have the entry.
 *
 * Ledgers.  One for each slot: how often it was filled and emptied, R and C
 * set and reported.  They are compared when all threads have stopped.
 */
#ifndef STRESS_STRESS_H
#define STRESS_STRESS_H

#include "support/random.h"

#include <hpte/hpte.h>

#include <pthread.h>
#include <stdatomic.h>

#define ORDER		18U
#define SLOTS		(1U << (ORDER - 4))
#define GROUP_MASK	(SLOTS / HPTE_GROUP_ENTRIES - 1)
#define MOST_WORKERS	8U
#define IDS		(1U << 20)
#define HELD		32U	/* translations the walker can hold */
#define NO_ID		IDS

/* A translation that the walker holds, in one word. */
#define HELD_VALID	(UINT64_C(1) << 63)
#define HELD_WRITABLE	(UINT64_C(1) << 62)
#define HELD_COLOUR_SHIFT 48U
#define HELD_SLOT_SHIFT	24U
#define HELD_ID		UINT64_C(0xFFFFFF)

/* Host addresses: recognised wherever they turn up. */
#define HOST_BIT	(UINT64_C(1) << 40)
#define COLOUR_SHIFT	41U	/* which of its host pages: 8 bits */
#define HOST_BITS	(HOST_BIT | UINT64_C(0xFF) << COLOUR_SHIFT)
#define DEVICE_BIT	(UINT64_C(1) << 37)

/* Kinds of round. */
#define KIND_WALKER	0x01U	/* hardware walks; else an emulator does */
#define KIND_LOAD16	0x02U
#define KIND_300	0x04U
#define KIND_WHOLE	0x08U	/* all of the table, not one group */
#define KIND_PRIVATE	0x10U	/* nobody walks it, caches or counts */
#define KINDS		32U
#define KIND_CLEAR	0x20U	/* with H_CLEAR_HPT, which reports nothing */
#define KIND_SIDE	0x40U	/* a side array that it could do without */

/* Bits of record::state. */
#define BEGUN		0x001U	/* its H_ENTER was called */
#define ENTERED		0x002U	/* and has succeeded */
#define REMOVED		0x004U	/* a remove has returned it */
#define GONE		0x008U	/* somebody was told that it is not there */
#define CONVERTED	0x010U	/* was a device's, has RAM now */
#define USED		0x020U	/* the walker has set R */
#define YOUNG		0x040U	/* and mark_young() has said so */
#define STORED		0x080U	/* the walker has set C */
#define DIRTY		0x100U	/* and mark_dirty() has said so */

struct record {
	atomic_ushort state;
	_Atomic uint8_t colour;	/* of the host page that map_page() gives */
	_Atomic uint8_t oldest;	/* that the walker may still use */
};

struct ledger {
	atomic_uint entered, left;
	atomic_uint set_c, told_c;
	atomic_uint set_r, told_r;
	atomic_uint lost_r;	/* H_CLEAR_REF that found its entry removed */
	atomic_uint protecting, protected;
};

/* What is counted, for the summary. */
enum count {
	OPERATIONS, INSERTS, REMOVES, PROTECTS, CLEARS, PROMOTES, DEMOTES,
	REENTRIES, INVALIDATIONS, WALKS, USES, COUNTS
};

/* One round, shared by its threads. */
struct run {
	struct hpte_table table;
	struct hpte_vm vm;
	unsigned int kind;
	uint64_t seed;
	uint64_t first;		/* slot, and how many from there */
	uint64_t slots;
	atomic_bool stop, full;
	atomic_ulong walk;	/* odd: the walker is at work */
	atomic_ulong sequence;	/* host invalidations ended */
	atomic_ulong invalidating;
	atomic_ulong unknown;	/* removed, but which was not said */
	_Atomic uint64_t held[HELD];
	_Atomic uint64_t held_rb[HELD];
	struct record *records;
	struct ledger *ledgers;
};

struct worker {
	struct run *run;
	struct test_random random;
	pthread_t thread;
	bool is_walker;
	unsigned int depth;	/* of callbacks that call the library */
	uint32_t next_id, end_id;
	uint64_t generation;
	struct hpte_vcpu vcpu;
	struct hpte_access last_access;
	unsigned long counts[COUNTS];
};

/* The thread that runs: callbacks get nothing but the run. */
extern _Thread_local struct worker *self;

_Noreturn void fail(const char *what, ...)
	__attribute__((format(printf, 1, 2)));

/* entry.c */
struct hpte entry_of(uint32_t id);
struct hpte_page page_of(uint32_t id);
bool is_device(uint32_t id);
uint32_t id_of(uint64_t dw1);
uint32_t id_of_gpa(uint64_t gpa);
uint32_t check_guest(struct run *run, const struct hpte *guest,
		     const char *who);
uint32_t check_walker(struct run *run, const struct hpte *hard,
		      uint8_t *colour);
unsigned int state_of(struct run *run, uint32_t id);
unsigned int add_state(struct run *run, uint32_t id, unsigned int bits);
void check_not_held(struct run *run, uint32_t id, bool writable,
		    const char *after);

/* host.c */
extern const struct hpte_host_ops stress_ops;
void host_unmap(struct worker *worker, uint64_t index);
struct hpte_host_page host_page(struct run *run, uint32_t id);

/* guest.c: one operation; _light: one that may run inside a callback. */
void guest_operation(struct worker *worker);
void guest_light_operation(struct worker *worker);
void guest_empty(struct worker *worker);
bool hcall(struct worker *worker, uint64_t gpr[32]);
uint32_t look(struct worker *worker, uint64_t index);
void is_gone(struct worker *worker, uint32_t id, const char *after);
void count_rc(atomic_uint *c, atomic_uint *r, uint64_t dw1);

/* change.c */
void do_protect(struct worker *worker, uint64_t index);
void do_clear(struct worker *worker, uint64_t index);
void do_promote(struct worker *worker, uint64_t index);

/* search.c */
void do_find(struct worker *worker, uint64_t index);
void do_fault(struct worker *worker, uint64_t index);

/* walker.c */
void *walker_thread(void *worker);

static inline uint64_t pick_slot(struct worker *worker)
{
	struct run *run = worker->run;
	uint64_t random = test_random(&worker->random);

	/* in a whole table: half of the time a part where threads meet */
	if ((run->kind & KIND_WHOLE) && (random >> 60 & 1))
		return random % 64;
	return run->first + random % run->slots;
}

static inline bool chance(struct worker *worker, uint64_t in)
{
	return !test_random_below(&worker->random, in);
}

#endif /* STRESS_STRESS_H */
