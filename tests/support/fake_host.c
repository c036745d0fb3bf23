/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/support/fake_host.c - a host whose callbacks record and can be told
 * what to answer.
 */
#define _GNU_SOURCE

#include "fake_host.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

static void run_injected(struct fake_host *host, enum fake_point point)
{
	void (*run)(void *arg) = host->inject[point].run;

	/* Cleared first: what it calls may come back to this very point. */
	host->inject[point].run = NULL;
	if (run)
		run(host->inject[point].arg);
}

static void record(struct fake_ranges *ranges, uint64_t gpa, uint64_t bytes)
{
	assert_in_range(ranges->count, 0, FAKE_RECORDS - 1);
	ranges->range[ranges->count].gpa = gpa;
	ranges->range[ranges->count].bytes = bytes;
	ranges->count++;
}

static enum hpte_backing_kind host_classify(void *ctx, uint64_t gpa,
					    unsigned int shift,
					    unsigned int *largest)
{
	struct fake_host *host = ctx;
	uint64_t bytes = UINT64_C(1) << shift;
	unsigned int i;

	host->calls.classify++;
	host->classified.gpa = gpa;
	host->classified.bytes = bytes;
	*largest = 34;
	for (i = 0; i < host->regions; i++) {
		const struct fake_region *region = &host->region[i];
		uint64_t end = region->start + region->bytes;

		if (gpa >= end || gpa + bytes <= region->start)
			continue;
		if (gpa < region->start || gpa + bytes > end)
			return HPTE_BACKING_PARTIAL;
		*largest = region->largest;
		return region->kind;
	}
	return HPTE_BACKING_RAM;
}

static enum hpte_host_result host_map_page(void *ctx, uint64_t gpa,
					   unsigned int shift, bool want_write,
					   struct hpte_host_page *page)
{
	struct fake_host *host = ctx;

	host->calls.map_page++;
	host->mapped.gpa = gpa;
	host->mapped.bytes = UINT64_C(1) << shift;
	host->map_want_write = want_write;
	if (host->map_result == HPTE_HOST_DONE) {
		page->real = FAKE_REAL | (gpa & FAKE_GUEST_MASK);
		page->sequence = host->sequence;
		page->shift = (uint8_t)(shift > 16 ? shift : 16);
		if (host->map_shift)
			page->shift = (uint8_t)host->map_shift;
		page->writable = host->map_writable;
	}
	run_injected(host, FAKE_AT_MAP);
	return host->map_result;
}

static uint64_t host_inval_begin(void *ctx)
{
	struct fake_host *host = ctx;

	host->calls.inval_begin++;
	return host->sequence;
}

static bool host_inval_retry(void *ctx, uint64_t sequence)
{
	struct fake_host *host = ctx;

	host->calls.inval_retry++;
	run_injected(host, FAKE_AT_RETRY);
	return host->always_retry || sequence != host->sequence;
}

static void host_tlb_invalidate(void *ctx, const uint64_t *rb,
				unsigned int count, unsigned int flags)
{
	struct fake_host *host = ctx;
	unsigned int i;

	assert_int_not_equal(count, 0);
	assert_in_range(count, 1, FAKE_RECORDS - host->rbs);
	assert_int_equal(flags & ~(HPTE_TLB_GLOBAL | HPTE_TLB_NO_PRESYNC), 0);
	for (i = 0; i < count; i++)
		host->rb[host->rbs++] = rb[i];
	host->calls.flush++;
	host->flush_flags_all &= flags;
	host->flush_flags_any |= flags;
	run_injected(host, FAKE_AT_FLUSH);
}

static void host_tlb_invalidate_all(void *ctx)
{
	struct fake_host *host = ctx;

	host->calls.flush_all++;
}

static void host_mark_dirty(void *ctx, uint64_t gpa, uint64_t bytes)
{
	struct fake_host *host = ctx;

	record(&host->dirty, gpa, bytes);
	run_injected(host, FAKE_AT_DIRTY);
}

static bool host_guest_write(void *ctx, uint64_t gpa, const void *from,
			     uint64_t bytes)
{
	struct fake_host *host = ctx;

	assert_null(from);
	if (host->write_refused)
		return false;
	record(&host->zeroed, gpa, bytes);
	return true;
}

static void host_icache_sync(void *ctx, uint64_t gpa, uint64_t bytes)
{
	struct fake_host *host = ctx;

	record(&host->icache, gpa, bytes);
}

static enum hpte_host_result host_hpt_alloc(void *ctx, unsigned int order,
					    struct hpte_memory *memory)
{
	struct fake_host *host = ctx;
	struct fake_table *table;

	host->calls.alloc++;
	host->alloc_order = order;
	run_injected(host, FAKE_AT_ALLOC);
	if (host->alloc_result != HPTE_HOST_DONE)
		return host->alloc_result;
	assert_in_range(host->tables, 0, FAKE_TABLES - 1);
	table = &host->table[host->tables];
	if (!fake_table_map(table, order, host->table_flags, host->table_cpu))
		return HPTE_HOST_NEVER;
	host->tables++;
	*memory = table->memory;
	return HPTE_HOST_DONE;
}

static void host_hpt_free(void *ctx, unsigned int order,
			  const struct hpte_memory *memory)
{
	struct fake_host *host = ctx;
	unsigned int i;

	host->freed = *memory;
	host->freed_order = order;
	if (!memory->base) {
		host->calls.cancel++;
		return;
	}
	host->calls.free++;
	for (i = 0; i < host->tables; i++) {
		if (host->table[i].memory.base != memory->base)
			continue;
		assert_int_equal(host->table[i].order, order);
		assert_ptr_equal(host->table[i].memory.side, memory->side);
		fake_table_unmap(&host->table[i]);
		host->table[i] = host->table[--host->tables];
		return;
	}
	/* Not one of ours: the test looks at @freed. */
}

static bool host_vcpus_stop(void *ctx)
{
	struct fake_host *host = ctx;

	host->calls.stop++;
	run_injected(host, FAKE_AT_STOP);
	return !host->stop_refused;
}

static void host_vcpus_start(void *ctx)
{
	struct fake_host *host = ctx;

	host->calls.start++;
}

static void host_relax(void *ctx)
{
	struct fake_host *host = ctx;

	host->calls.relax++;
}

void fake_host_init(struct fake_host *host, unsigned int flags,
		    unsigned int cpu)
{
	memset(host, 0, sizeof(*host));
	host->ops = (struct hpte_host_ops){
		.ops_size = sizeof(host->ops),
		.classify = host_classify,
		.map_page = host_map_page,
		.inval_begin = host_inval_begin,
		.inval_retry = host_inval_retry,
		.tlb_invalidate = host_tlb_invalidate,
		.tlb_invalidate_all = host_tlb_invalidate_all,
		.mark_dirty = host_mark_dirty,
		.guest_write = host_guest_write,
		.icache_sync = host_icache_sync,
		.hpt_alloc = host_hpt_alloc,
		.hpt_free = host_hpt_free,
		.vcpus_stop = host_vcpus_stop,
		.vcpus_start = host_vcpus_start,
		.relax = host_relax,
	};
	host->map_result = HPTE_HOST_DONE;
	host->alloc_result = HPTE_HOST_DONE;
	host->map_writable = true;
	host->sequence = 1000;
	host->table_flags = flags;
	host->table_cpu = cpu;
	host->flush_flags_all = ~0U;
}

void fake_host_no_tlb(struct fake_host *host)
{
	host->ops.tlb_invalidate = NULL;
	host->ops.tlb_invalidate_all = NULL;
}

void fake_host_fini(struct fake_host *host)
{
	while (host->tables)
		fake_table_unmap(&host->table[--host->tables]);
}

void fake_host_forget(struct fake_host *host)
{
	memset(&host->calls, 0, sizeof(host->calls));
	memset(&host->dirty, 0, sizeof(host->dirty));
	memset(&host->zeroed, 0, sizeof(host->zeroed));
	memset(&host->icache, 0, sizeof(host->icache));
	host->rbs = 0;
	host->flush_flags_all = ~0U;
	host->flush_flags_any = 0;
}

void fake_host_region(struct fake_host *host, uint64_t start, uint64_t bytes,
		      enum hpte_backing_kind kind, unsigned int largest)
{
	struct fake_region *region = &host->region[host->regions];

	assert_in_range(host->regions, 0, FAKE_REGIONS - 1);
	host->regions++;
	region->start = start;
	region->bytes = bytes;
	region->kind = kind;
	region->largest = largest;
}

void fake_host_inject(struct fake_host *host, enum fake_point point,
		      void (*run)(void *arg), void *arg)
{
	host->inject[point].run = run;
	host->inject[point].arg = arg;
}

bool fake_host_injected(const struct fake_host *host, enum fake_point point)
{
	return !host->inject[point].run;
}

bool fake_host_covers(const struct fake_ranges *ranges, uint64_t gpa,
		      uint64_t bytes)
{
	unsigned int i;

	for (i = 0; i < ranges->count; i++)
		if (ranges->range[i].gpa <= gpa &&
		    ranges->range[i].gpa + ranges->range[i].bytes >=
		    gpa + bytes)
			return true;
	return false;
}

/*
 * The pages on both sides stay inaccessible: an access outside the storage
 * ends the program instead of hitting a neighbour.
 */
static bool storage_map(struct fake_storage *storage, size_t bytes,
			size_t align)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	uintptr_t start;

	if (align < page)
		align = page;
	storage->map_bytes = bytes + align + 2 * page;
	storage->map = mmap(NULL, storage->map_bytes, PROT_NONE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (storage->map == MAP_FAILED)
		return false;
	start = (uintptr_t)storage->map + page + align - 1;
	start &= ~((uintptr_t)align - 1);
	storage->start = (void *)start;
	if (mprotect(storage->start, bytes, PROT_READ | PROT_WRITE)) {
		munmap(storage->map, storage->map_bytes);
		return false;
	}
	return true;
}

static void storage_unmap(struct fake_storage *storage)
{
	if (storage->map)
		munmap(storage->map, storage->map_bytes);
	storage->map = NULL;
}

bool fake_table_map(struct fake_table *table, unsigned int order,
		    unsigned int flags, unsigned int cpu)
{
	size_t bytes = (size_t)1 << order;
	size_t side = (size_t)hpte_table_side_bytes(order, flags, cpu);
	bool walker = flags & HPTE_TABLE_WALKER;

	memset(table, 0, sizeof(*table));
	if (!storage_map(&table->base, bytes, walker ? bytes : 0))
		return false;
	if (side && !storage_map(&table->side, side, 0)) {
		storage_unmap(&table->base);
		return false;
	}
	table->memory.base = table->base.start;
	table->memory.side = table->side.start;
	table->order = order;
	return true;
}

void fake_table_unmap(struct fake_table *table)
{
	storage_unmap(&table->base);
	storage_unmap(&table->side);
}
