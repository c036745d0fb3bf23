/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * bench/contender.h - three tables behind one interface, and their host.
 *
 * All have valid entries (V=1), the same callbacks, and an invalidation that
 * costs the same: two full fences and a store for each operand, in place of
 * ptesync, tlbie, tlbsync, ptesync.
 */
#ifndef BENCH_CONTENDER_H
#define BENCH_CONTENDER_H

#include "lockbit.h"

#include <hpte/hpte.h>

enum { LIBRARY, LOCK_BIT, ONE_LOCK, CONTENDERS };

extern const char *const contender_names[CONTENDERS];

/* The host of all of them. */
const struct hpte_host_ops *contender_ops(void);

struct contender {
	int which;
	unsigned int order;
	struct hpte_table table;
	struct hpte_vm vm;
	struct lockbit lockbit;
	void *memory;
	void *side;
	uint64_t side_bytes;
};

/* Empty, with 2^order bytes. */
void contender_make(struct contender *contender, int which,
		    unsigned int order);
void contender_free(struct contender *contender);

/* One hypercall: R3 and outputs are set. */
void contender_hcall(struct contender *contender, uint64_t *gpr);

/*
 * Called inside each invalidation, if not NULL: on the thread that makes it,
 * which holds the entry that it removes.
 */
extern void (*_Atomic contender_in_invalidation)(void);

/* Guest real storage from here on belongs to devices. */
#define CONTENDER_DEVICE	(UINT64_C(1) << 50)

/* While it is set the host is invalidating: an H_ENTER leaves V=0. */
extern bool contender_invalidating;

/* What guest_read() finds, wherever it is asked to. */
extern uint8_t contender_word[4];

#endif /* BENCH_CONTENDER_H */
