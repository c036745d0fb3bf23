/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * bench/contender.c - three tables behind one interface, and their host.
 */
#include "contender.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

#define HOST_OFFSET	(UINT64_C(1) << 40)

const char *const contender_names[CONTENDERS] = {
	"libhpte", "lockbit", "onelock"
};

void (*_Atomic contender_in_invalidation)(void);
bool contender_invalidating;
uint8_t contender_word[4];
static _Thread_local uint64_t last_operand;

static enum hpte_backing_kind classify(void *ctx, uint64_t gpa,
				       unsigned int shift,
				       unsigned int *largest)
{
	(void)ctx;
	(void)shift;
	*largest = 16;
	return gpa < CONTENDER_DEVICE ? HPTE_BACKING_RAM : HPTE_BACKING_IO;
}

static enum hpte_host_result map_page(void *ctx, uint64_t gpa,
				      unsigned int shift, bool want_write,
				      struct hpte_host_page *page)
{
	(void)ctx;
	(void)want_write;
	page->real = gpa + HOST_OFFSET;
	page->shift = (uint8_t)shift;
	page->writable = true;
	return HPTE_HOST_DONE;
}

static uint64_t inval_begin(void *ctx)
{
	(void)ctx;
	return 0;
}

static bool inval_retry(void *ctx, uint64_t sequence)
{
	(void)ctx;
	return contender_invalidating || sequence != 0;
}

static void tlb_invalidate(void *ctx, const uint64_t *rb, unsigned int count,
			   unsigned int flags)
{
	void (*inside)(void) = contender_in_invalidation;

	(void)ctx;
	(void)flags;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	for (unsigned int i = 0; i < count; i++)
		__atomic_store_n(&last_operand, rb[i], __ATOMIC_RELAXED);
	if (inside)
		inside();
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

static void tlb_invalidate_all(void *ctx)
{
	(void)ctx;
}

static void mark(void *ctx, uint64_t gpa, uint64_t bytes)
{
	(void)ctx;
	(void)gpa;
	(void)bytes;
}

static bool guest_read(void *ctx, uint64_t gpa, void *to, size_t bytes)
{
	(void)ctx;
	(void)gpa;
	if (bytes != sizeof(contender_word))
		return false;
	memcpy(to, contender_word, sizeof(contender_word));
	return true;
}

static const struct hpte_host_ops ops = {
	.ops_size = sizeof(ops),
	.classify = classify,
	.map_page = map_page,
	.inval_begin = inval_begin,
	.inval_retry = inval_retry,
	.tlb_invalidate = tlb_invalidate,
	.tlb_invalidate_all = tlb_invalidate_all,
	.mark_dirty = mark,
	.mark_young = mark,
	.guest_read = guest_read,
};

const struct hpte_host_ops *contender_ops(void)
{
	return &ops;
}

void contender_make(struct contender *contender, int which, unsigned int order)
{
	struct hpte_table_config config = {
		.order = order, .flags = HPTE_TABLE_WALKER,
		.cpu = bench_cpu() & hpte_table_cpu(), .ops = &ops,
	};

	memset(contender, 0, sizeof(*contender));
	contender->which = which;
	contender->order = order;
	contender->side_bytes = which == LIBRARY ?
		hpte_table_side_bytes(order, config.flags, config.cpu) :
		hpte_table_bytes(order) / 2;
	contender->memory = bench_alloc(hpte_table_bytes(order));
	contender->side = bench_alloc(contender->side_bytes);
	if (which == LIBRARY) {
		config.memory.base = contender->memory;
		config.memory.side = contender->side;
		if (hpte_table_init(&contender->table, &config) != HPTE_OK)
			abort();
		hpte_hcall_init(&contender->vm, &contender->table);
		return;
	}
	contender->lockbit = (struct lockbit){
		.base = contender->memory, .guest = contender->side,
		.entries = hpte_table_bytes(order) / 16, .order = order,
		.one_lock = which == ONE_LOCK, .ops = &ops,
	};
}

void contender_free(struct contender *contender)
{
	bench_free(contender->memory, hpte_table_bytes(contender->order));
	bench_free(contender->side, contender->side_bytes);
}

void contender_hcall(struct contender *contender, uint64_t *gpr)
{
	if (contender->which != LIBRARY)
		lockbit_hcall(&contender->lockbit, gpr);
	else
		while (hpte_hcall_dispatch(&contender->vm, gpr, 0) !=
		       HPTE_HCALL_DONE)
			;	/* H_PROTECT: the entry has an owner */
}
