/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/linux_module/subject.c - a table, and the host behind it.
 */
#include "selftest.h"

#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/slab.h>

#define RAM_END		(UINT64_C(1) << 30)	/* guest real; a device above */

static enum hpte_backing_kind classify(void *ctx, uint64_t gpa,
				       unsigned int shift,
				       unsigned int *largest)
{
	*largest = 16;
	return gpa < RAM_END ? HPTE_BACKING_RAM : HPTE_BACKING_IO;
}

static enum hpte_host_result map_page(void *ctx, uint64_t gpa,
				      unsigned int shift, bool want_write,
				      struct hpte_host_page *page)
{
	*page = host_page_of(gpa >> PAGE_BITS);
	return HPTE_HOST_DONE;
}

/*
 * As tlbsync: wait for the walk that may have found the old entry.  The walker
 * cannot be preempted meanwhile, so it runs on another CPU and comes to an end.
 */
static void wait_for_walker(struct subject *subject)
{
	int walk;

	smp_mb();	/* V=0 before the look; pairs with the walker's */
	walk = atomic_read(&subject->walk);
	while ((walk & 1) && atomic_read(&subject->walk) == walk)
		cpu_relax();
	smp_mb();	/* the walker's R and C before they are read */
}

static void tlb_invalidate(void *ctx, const uint64_t *rb, unsigned int count,
			   unsigned int flags)
{
	struct subject *subject = ctx;

	atomic64_add(count, &subject->invalidated);
	wait_for_walker(subject);
}

static void tlb_invalidate_all(void *ctx)
{
	wait_for_walker(ctx);
}

static void mark_dirty(void *ctx, uint64_t gpa, uint64_t bytes)
{
	struct subject *subject = ctx;

	atomic64_inc(&subject->dirty);
}

static const struct hpte_host_ops host_ops = {
	.ops_size = sizeof(host_ops),
	.classify = classify,
	.map_page = map_page,
	.tlb_invalidate = tlb_invalidate,
	.tlb_invalidate_all = tlb_invalidate_all,
	.mark_dirty = mark_dirty,
};

struct subject *subject_new(unsigned int flags)
{
	struct subject *subject = kzalloc(sizeof(*subject), GFP_KERNEL);
	struct hpte_table_config config = {
		.order = TABLE_ORDER,
		.flags = flags,
		.cpu = hpte_table_cpu(),
		.ops = &host_ops,
		.ctx = subject,
	};
	uint64_t bytes = hpte_table_side_bytes(TABLE_ORDER, flags, config.cpu);

	if (!subject)
		return NULL;
	/* pages in a row are aligned to their size, as a walker wants it */
	subject->base = __get_free_pages(GFP_KERNEL | __GFP_ZERO,
					 get_order(1UL << TABLE_ORDER));
	config.memory.base = (void *)subject->base;
	if (bytes)
		config.memory.side = kvzalloc(bytes, GFP_KERNEL);
	subject->side = config.memory.side;
	if (!subject->base || (bytes && !subject->side) ||
	    hpte_table_init(&subject->table, &config) != HPTE_OK) {
		subject_free(subject);
		return NULL;
	}
	return subject;
}

void subject_free(struct subject *subject)
{
	free_pages(subject->base, get_order(1UL << TABLE_ORDER));
	kvfree(subject->side);
	kfree(subject);
}

uint64_t group_of(uint64_t n, bool secondary)
{
	struct hpte_va va = va_of(n);

	return hpte_hash_group(hpte_hash_primary(&va), secondary, TABLE_ORDER) *
	       HPTE_GROUP_ENTRIES;
}

struct hpte entry_of(uint64_t n, bool secondary)
{
	struct hpte_va va = va_of(n);

	return (struct hpte){
		hpte_hash_dw0(&va) | (secondary ? HPTE_DW0_H : 0),
		n << PAGE_BITS | HPTE_DW1_M | 2,
	};
}
