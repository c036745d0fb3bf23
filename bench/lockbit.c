/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * bench/lockbit.c - a table with a lock bit in each entry, or one spinlock.
 */
#include "lockbit.h"

#include <sched.h>

#define LOCK		HPTE_BIT(57)
#define ABSENT		LOCKBIT_ABSENT
#define LIVE		LOCKBIT_LIVE
#define SPINS		256	/* before the CPU is given away */

/* What every call runs, built into each; and what few of them come to. */
#define INLINE	static inline __attribute__((always_inline))
#define RARE	static __attribute__((noinline, cold))

RARE void wait_a_little(unsigned int *spins)
{
#ifdef __x86_64__
	__builtin_ia32_pause();
#endif
	if (++*spins % SPINS == 0)
		(void)sched_yield();
}

static uint64_t *word(struct lockbit *table, uint64_t index, unsigned int which)
{
	return (uint64_t *)&table->base[2 * index + which];
}

static uint64_t load(struct lockbit *table, uint64_t index, unsigned int which)
{
	return hpte_be64_to_host((hpte_be64_t)__atomic_load_n(
			word(table, index, which), __ATOMIC_ACQUIRE));
}

static void store(struct lockbit *table, uint64_t index, unsigned int which,
		  uint64_t value)
{
	__atomic_store_n(word(table, index, which),
			 (uint64_t)hpte_be64_from_host(value),
			 __ATOMIC_RELEASE);
}

/* Take the lock of an entry unless somebody has it. */
static bool try_lock_entry(struct lockbit *table, uint64_t index,
			   uint64_t *dw0)
{
	uint64_t old = load(table, index, 0), raw;

	*dw0 = old & ~LOCK;
	if (table->one_lock)
		return true;
	raw = (uint64_t)hpte_be64_from_host(old);
	return !(old & LOCK) &&
	       __atomic_compare_exchange_n(word(table, index, 0), &raw,
			(uint64_t)hpte_be64_from_host(old | LOCK), false,
			__ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

static uint64_t lock_entry(struct lockbit *table, uint64_t index)
{
	unsigned int spins = 0;
	uint64_t dw0;

	while (!try_lock_entry(table, index, &dw0))
		wait_a_little(&spins);
	return dw0;
}

/* Storing doubleword 0 without the bit is the unlock. */
static void unlock_entry(struct lockbit *table, uint64_t index, uint64_t dw0)
{
	store(table, index, 0, dw0);
}

static void lock_table(struct lockbit *table)
{
	unsigned int spins = 0;
	uint64_t free = 0;

	while (table->one_lock &&
	       !__atomic_compare_exchange_n(&table->spinlock, &free, 1, false,
					    __ATOMIC_ACQUIRE,
					    __ATOMIC_RELAXED)) {
		free = 0;
		wait_a_little(&spins);
	}
}

static void unlock_table(struct lockbit *table)
{
	if (table->one_lock)
		__atomic_store_n(&table->spinlock, 0, __ATOMIC_RELEASE);
}

/* L=0 is by far the most frequent, and says all. */
static bool page_size(uint64_t dw0, uint64_t dw1, struct hpte_page *size)
{
	if (dw0 & HPTE_DW0_L)
		return hpte_entry_page(dw0, dw1, size) == HPTE_OK;
	*size = (struct hpte_page){ 12, 12, HPTE_PAIR_4K_4K };
	return true;
}

static void invalidate(struct lockbit *table, uint64_t index, uint64_t dw0,
		       uint64_t dw1)
{
	struct hpte entry = { dw0 & ~(LOCK | ABSENT), dw1 };
	struct hpte_page page;
	uint64_t rb;

	if (!page_size(dw0, dw1, &page))
		return;
	rb = hpte_hash_tlbie_rb(&entry, &page, index);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	table->ops->tlb_invalidate(table->ctx, &rb, 1, HPTE_TLB_GLOBAL);
}

static uint64_t host_dw1(uint64_t dw1, const struct hpte_page *size,
			 const struct hpte_host_page *page)
{
	uint64_t number = HPTE_DW1_ARPN & ~UINT64_C(0) << size->actual;
	uint64_t host = (dw1 & ~(HPTE_DW1_WIMG | number)) | HPTE_DW1_M |
			page->real;

	return page->writable ? host : hpte_entry_read_only(host);
}

/* One slot, if it is free: publish the entry. */
INLINE bool put(struct lockbit *table, uint64_t index, bool wait,
		const struct hpte *entry, const struct hpte_page *size,
		const struct hpte_host_page *page)
{
	uint64_t dw0 = entry->dw0 & ~(LOCK | LIVE);
	uint64_t dw1 = entry->dw1 & ~HPTE_DW1_RESERVED, old;

	if (wait)
		old = lock_entry(table, index);
	else if ((load(table, index, 0) & (LIVE | LOCK)) ||
		 !try_lock_entry(table, index, &old))
		return false;
	if (old & LIVE) {
		unlock_entry(table, index, old);
		return false;
	}
	table->guest[index] = dw1;
	if (page && !table->ops->inval_retry(table->ctx, page->sequence)) {
		store(table, index, 1, host_dw1(dw1, size, page));
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
		unlock_entry(table, index, dw0 | HPTE_DW0_V);
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
	} else {
		store(table, index, 1, dw1);
		unlock_entry(table, index, dw0 | ABSENT);
	}
	return true;
}

/* What every insert checks first, by a hypercall or not. */
INLINE int check(const struct lockbit *table, uint64_t index,
		 const struct hpte *entry, struct hpte_page *size)
{
	if (index >= table->entries)
		return HPTE_ERR_INDEX;
	if ((entry->dw0 & HPTE_BIT(0)) ||
	    !page_size(entry->dw0, entry->dw1, size) ||
	    (size->actual != 12 && !hpte_entry_aligned(entry->dw1, size)))
		return HPTE_ERR_ENCODING;
	return HPTE_OK;
}

/* The first slot of a group that is free. */
INLINE bool put_first(struct lockbit *table, uint64_t *index,
		      const struct hpte *entry, const struct hpte_page *size,
		      const struct hpte_host_page *page)
{
	uint64_t first = *index & ~UINT64_C(7);

	for (*index = first; *index < first + 8; ++*index)
		if (put(table, *index, false, entry, size, page))
			return true;
	return false;
}

/* What is checked: into this slot, or into the first of its group. */
INLINE int insert(struct lockbit *table, uint64_t index, bool exact,
		  const struct hpte *entry, const struct hpte_page *size,
		  const struct hpte_host_page *page, uint64_t *where)
{
	bool done;

	lock_table(table);
	done = exact ? put(table, index, true, entry, size, page) :
		       put_first(table, &index, entry, size, page);
	unlock_table(table);
	if (!done)
		return HPTE_ERR_FULL;
	*where = index;
	return HPTE_OK;
}

int lockbit_insert(struct lockbit *table, uint64_t index, unsigned int flags,
		   const struct hpte *entry, uint64_t *where)
{
	struct hpte_page size;
	int status;

	if (flags & ~HPTE_INSERT_EXACT)
		return HPTE_ERR_PARAM;
	status = check(table, index, entry, &size);
	if (status != HPTE_OK)
		return status;
	return insert(table, index, (flags & HPTE_INSERT_EXACT) != 0, entry,
		      &size, NULL, where);
}

static int64_t enter(struct lockbit *table, uint64_t *gpr)
{
	const struct hpte_host_ops *ops = table->ops;
	struct hpte entry = { gpr[6], gpr[7] };
	struct hpte_host_page page, *found = NULL;
	struct hpte_page size;
	enum hpte_backing_kind kind;
	unsigned int largest;
	uint64_t gpa;

	if (check(table, gpr[5], &entry, &size) != HPTE_OK)
		return HPTE_H_PARAMETER;
	gpa = hpte_entry_real(entry.dw1, size.actual);
	kind = ops->classify(table->ctx, gpa, size.actual, &largest);
	if ((kind != HPTE_BACKING_RAM && kind != HPTE_BACKING_IO) ||
	    size.actual > largest)
		return HPTE_H_PARAMETER;
	if (kind == HPTE_BACKING_RAM) {
		page.sequence = ops->inval_begin(table->ctx);
		if (ops->map_page(table->ctx, gpa, size.actual, true, &page) !=
		    HPTE_HOST_DONE)
			return HPTE_H_HARDWARE;
		found = &page;
	}
	return insert(table, gpr[5], (gpr[4] & HPTE_HFLAG_EXACT) != 0, &entry,
		      &size, found, &gpr[4]) == HPTE_OK ? HPTE_H_SUCCESS :
							  HPTE_H_PTEG_FULL;
}

static uint64_t guest_dw0(uint64_t dw0)
{
	return (dw0 & ~(LOCK | ABSENT)) | HPTE_DW0_V;
}

static bool meets(uint64_t dw0, const struct hpte_condition *only)
{
	if (!(dw0 & LIVE))
		return false;
	if (!only || !only->flags)
		return true;
	return (!(only->flags & HPTE_IF_AVPN) ||
		(dw0 & ~UINT64_C(0x7F)) == only->value) &&
	       (!(only->flags & HPTE_IF_ANDCOND) ||
		!(guest_dw0(dw0) & only->value));
}

/* What a hypercall's R4 and R6 say. */
static struct hpte_condition condition(uint64_t flags, uint64_t value)
{
	return (struct hpte_condition){
		(flags & HPTE_HFLAG_AVPN ? HPTE_IF_AVPN : 0) |
		(flags & HPTE_HFLAG_ANDCOND ? HPTE_IF_ANDCOND : 0), value
	};
}

/* No walker uses it afterwards; the R and C that it has left. */
static uint64_t end_valid(struct lockbit *table, uint64_t index, uint64_t dw0)
{
	uint64_t rc;

	store(table, index, 0, (dw0 & ~HPTE_DW0_V) | LOCK);
	invalidate(table, index, dw0, load(table, index, 1));
	rc = load(table, index, 1) & HPTE_DW1_RC;
	if (rc & HPTE_DW1_C)
		table->ops->mark_dirty(table->ctx, table->guest[index] &
				       HPTE_DW1_ARPN, 4096);
	return rc;
}

int lockbit_remove(struct lockbit *table, uint64_t index,
		   const struct hpte_condition *only, struct hpte *removed)
{
	uint64_t dw0;

	if (index >= table->entries)
		return HPTE_ERR_INDEX;
	lock_table(table);
	dw0 = lock_entry(table, index);
	if (!meets(dw0, only)) {
		unlock_entry(table, index, dw0);
		unlock_table(table);
		return HPTE_ERR_NOTFOUND;
	}
	removed->dw0 = guest_dw0(dw0);
	removed->dw1 = table->guest[index];
	if (dw0 & HPTE_DW0_V)
		removed->dw1 |= end_valid(table, index, dw0);
	unlock_entry(table, index, 0);
	unlock_table(table);
	return HPTE_OK;
}

static int64_t remove_entry(struct lockbit *table, uint64_t *gpr)
{
	struct hpte_condition only = condition(gpr[4], gpr[6]);
	struct hpte removed;
	int status = lockbit_remove(table, gpr[5], &only, &removed);

	if (status != HPTE_OK)
		return status == HPTE_ERR_INDEX ? HPTE_H_PARAMETER :
						  HPTE_H_NOT_FOUND;
	gpr[4] = removed.dw0;
	gpr[5] = removed.dw1;
	return HPTE_H_SUCCESS;
}

/* Both doublewords, of one entry. */
static int64_t read_entry(struct lockbit *table, uint64_t *gpr)
{
	uint64_t index = gpr[5], dw0, dw1;
	unsigned int spins = 0;

	if (index >= table->entries)
		return HPTE_H_PARAMETER;
	lock_table(table);
	for (;;) {
		dw0 = load(table, index, 0);
		dw1 = __atomic_load_n(&table->guest[index], __ATOMIC_ACQUIRE) |
		      (load(table, index, 1) & HPTE_DW1_RC);
		if (!(dw0 & LOCK) && load(table, index, 0) == dw0)
			break;
		wait_a_little(&spins);
	}
	unlock_table(table);
	gpr[4] = dw0 & LIVE ? guest_dw0(dw0) : 0;
	gpr[5] = dw0 & LIVE ? dw1 : 0;
	return HPTE_H_SUCCESS;
}

static int64_t protect(struct lockbit *table, uint64_t *gpr)
{
	const uint64_t mask = HPTE_DW1_PPP | HPTE_DW1_KEY | HPTE_DW1_N;
	uint64_t flags = gpr[4], index = gpr[5], dw0, hard, guest;
	uint64_t bits = ((flags & HPTE_HFLAG_PP0) << 55 |
			 (flags & HPTE_HFLAG_KEY_HI) << 48 | flags) & mask;
	struct hpte_condition only = condition(flags & HPTE_HFLAG_AVPN,
					       gpr[6]);

	if (index >= table->entries)
		return HPTE_H_PARAMETER;
	lock_table(table);
	dw0 = lock_entry(table, index);
	if (!meets(dw0, &only)) {
		unlock_entry(table, index, dw0);
		unlock_table(table);
		return HPTE_H_NOT_FOUND;
	}
	guest = (table->guest[index] & ~mask) | bits;
	hard = load(table, index, 1);
	if ((dw0 & HPTE_DW0_V) && guest != table->guest[index]) {
		store(table, index, 0, (dw0 & ~HPTE_DW0_V) | LOCK);
		invalidate(table, index, dw0, hard);
		hard = load(table, index, 1);
	}
	__atomic_store_n(&table->guest[index], guest, __ATOMIC_RELEASE);
	store(table, index, 1, (hard & ~mask) | bits);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	unlock_entry(table, index, dw0);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	unlock_table(table);
	return HPTE_H_SUCCESS;
}

static bool find_in_slot(struct lockbit *table, uint64_t index, uint64_t want,
			  uint64_t mask, unsigned int base, struct hpte *entry)
{
	struct hpte_page size;

	entry->dw0 = load(table, index, 0);
	/* one that is being protected is LOCK without LIVE */
	if (!(entry->dw0 & (LIVE | LOCK)) || ((entry->dw0 ^ want) & mask))
		return false;
	entry->dw0 = lock_entry(table, index);
	entry->dw1 = table->guest[index] |
		     (load(table, index, 1) & HPTE_DW1_RC);
	unlock_entry(table, index, entry->dw0);
	return (entry->dw0 & LIVE) && !((entry->dw0 ^ want) & mask) &&
	       page_size(entry->dw0, entry->dw1, &size) && size.base == base;
}

bool lockbit_find(struct lockbit *table, const struct hpte_va *va,
		  uint64_t *index, struct hpte *entry)
{
	uint64_t mask = HPTE_DW0_B | HPTE_DW0_AVPN | HPTE_DW0_H;
	uint64_t hash = hpte_hash_primary(va), want = hpte_hash_dw0(va);
	bool found = false;

	/* a small base page may lie in a large page: L says nothing */
	if (va->base != 12) {
		want |= HPTE_DW0_L;
		mask |= HPTE_DW0_L;
	}
	lock_table(table);
	for (unsigned int second = 0; second < 2 && !found; second++) {
		uint64_t first = 8 * hpte_hash_group(hash, second != 0,
						     table->order);

		want |= second ? HPTE_DW0_H : 0;
		for (unsigned int i = 0; i < 8 && !found; i++) {
			*index = first + i;
			found = find_in_slot(table, *index, want, mask,
					     va->base, entry);
		}
	}
	unlock_table(table);
	return found;
}

void lockbit_hcall(struct lockbit *table, uint64_t *gpr)
{
	int64_t code = HPTE_H_FUNCTION;

	switch (gpr[3]) {
	case HPTE_HCALL_ENTER:
		code = enter(table, gpr);
		break;
	case HPTE_HCALL_REMOVE:
		code = remove_entry(table, gpr);
		break;
	case HPTE_HCALL_READ:
		code = read_entry(table, gpr);
		break;
	case HPTE_HCALL_PROTECT:
		code = protect(table, gpr);
		break;
	}
	gpr[3] = (uint64_t)code;
}
