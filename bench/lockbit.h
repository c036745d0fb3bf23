/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * bench/lockbit.h - two plain tables to compare the library with.
 *
 * The textbook design, written for this purpose from the PAPR specification:
 * doublewords as hardware reads them, the guest's doubleword 1 in an array
 * beside, and a lock held while an entry is changed: a bit in doubleword 0 of
 * each entry, or one spinlock for the whole table.  A remove or protect holds
 * it across the invalidation.  Four hypercalls and a search, 4K pages to 16G,
 * the 2.07 format, the same host callbacks and the same checks of arguments.
 *
 * In favour of the locks: who waits gives its CPU away after a while; a read
 * of the lock-bit table stores nothing and waits only while the bit is set,
 * which is not proof against a slot reused with an equal doubleword 0.
 */
#ifndef BENCH_LOCKBIT_H
#define BENCH_LOCKBIT_H

#include <hpte/hpte.h>

#define LOCKBIT_ABSENT	HPTE_BIT(58)	/* an entry with V=0 */
#define LOCKBIT_LIVE	(HPTE_DW0_V | LOCKBIT_ABSENT)

struct lockbit {
	hpte_be64_t *base;
	uint64_t *guest;	/* doubleword 1 as the guest wrote it */
	uint64_t entries;
	unsigned int order;	/* log2 bytes */
	uint64_t spinlock;	/* used instead of the bits if @one_lock */
	bool one_lock;
	const struct hpte_host_ops *ops;
	void *ctx;
};

/* Serve H_ENTER, H_REMOVE, H_READ (one entry) or H_PROTECT: R3 and outputs. */
void lockbit_hcall(struct lockbit *table, uint64_t *gpr);

/*
 * The entry that maps a virtual address, valid or absent, read while it is
 * locked: its slot is looked at without the lock, and again with it.  False if
 * there is none.
 */
bool lockbit_find(struct lockbit *table, const struct hpte_va *va,
		  uint64_t *index, struct hpte *entry);

/*
 * The calls of a table without a hypervisor around it, for one that no hardware
 * walks: entries stay absent.  They are what hpte_table_insert() and
 * hpte_table_remove() are, with the same checks and answers; of the flags of
 * an insert there is HPTE_INSERT_EXACT, and @removed is not optional.
 */
int lockbit_insert(struct lockbit *table, uint64_t index, unsigned int flags,
		   const struct hpte *entry, uint64_t *where);
int lockbit_remove(struct lockbit *table, uint64_t index,
		   const struct hpte_condition *only, struct hpte *removed);

#endif /* BENCH_LOCKBIT_H */
