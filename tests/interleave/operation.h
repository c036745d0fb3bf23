/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/interleave/operation.h - the operations that are explored: calls of
 * the library, what they answered as steps of spec.h, and their checks.
 */
#ifndef INTERLEAVE_OPERATION_H
#define INTERLEAVE_OPERATION_H

#include <stdbool.h>
#include <stdint.h>

#include "spec.h"

/* Flags of an operation. */
#define OP_LOCK_FREE	0x01U	/* documented so */
#define OP_WAITS	0x02U	/* may wait for an owner, bounded */
#define OP_WALKER	0x04U	/* only where hardware walks */
#define OP_DEVICE	0x08U	/* only makes sense with device entries */
#define OP_SOFT		0x10U	/* only where none walks */
#define OP_BATCH	0x20U	/* is in more than one slot at a time */
#define OP_PAIRS	0x40U	/* in the list of which all pairs are run */
#define OP_REMOVES	0x80U	/* others meet it in the telling triples */
#define OP_WIDE		0x100U	/* looks at slot 1, too */
#define OP_FINDS	0x200U	/* searches: beside all on the plain tables */

/**
 * struct operation - one kind of operation
 * @name:	in the names of scenarios
 * @flags:	OP_*
 * @maps:	map_page() has the page
 * @holds:	mask of slots whose entry it may own
 * @run:	do it, as item @item of the history
 */
struct operation {
	const char *name;
	unsigned int flags;
	bool maps;
	uint32_t holds;
	void (*run)(unsigned int item);
};

extern const struct operation operations[];
extern const unsigned int operations_count;

/* run_fault() - in fault.c: no valid entry; or one that forbids the store. */
void run_fault(unsigned int item);
void run_fault_protection(unsigned int item);

/* In many.c. */
void run_insert_many(unsigned int item);
void run_remove_many(unsigned int item);
void run_find_many(unsigned int item);

/* Of the AVPN of world_va(false), of world_va(true). */
extern struct hpte_condition conditions[2];

/* operation_find() - by name; NULL if there is none. */
const struct operation *operation_find(const char *name, unsigned int length);

/* operation_run() - one operation of the thread that runs. */
void operation_run(const struct operation *operation, unsigned int item);

/* operation_maps() - does map_page() answer the operation that runs? */
bool operation_maps(void);

/* operation_waits() - the library waits for another CPU: may it? */
void operation_waits(void);

/* operation_reset() - before each run. */
void operation_reset(void);

#endif /* INTERLEAVE_OPERATION_H */
