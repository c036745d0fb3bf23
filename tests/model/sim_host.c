/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/model/sim_host.c - the host and the hardware of the model's tests.
 */
#define _POSIX_C_SOURCE 200809L

#include "sim_host.h"

#include <stdlib.h>
#include <string.h>

#define SEQUENCE	UINT64_C(7)

static void wrong(struct sim_host *host, const char *what)
{
	if (!host->wrong)
		host->wrong = what;
}

static struct sim_event *record(struct sim_host *host,
				enum model_note_kind kind)
{
	struct sim_event *event;

	if (host->events == SIM_EVENTS) {
		wrong(host, "more callbacks than the test has room for");
		host->events = 0;
	}
	event = &host->event[host->events++];
	memset(event, 0, sizeof(*event));
	event->kind = kind;
	return event;
}

static void record_range(struct sim_host *host, enum model_note_kind kind,
			 uint64_t gpa, uint64_t bytes)
{
	struct sim_event *event = record(host, kind);

	event->gpa = gpa;
	event->bytes = bytes;
}

static enum hpte_backing_kind sim_classify(void *ctx, uint64_t gpa,
					   unsigned int shift,
					   unsigned int *largest)
{
	struct sim_host *host = ctx;

	if (gpa & ((UINT64_C(1) << shift) - 1))
		wrong(host, "classify() of a range that is not aligned");
	return model_classify(&host->answer, gpa, shift, largest);
}

bool sim_host_page(struct sim_host *host, uint64_t gpa, unsigned int shift,
		   struct hpte_host_page *page)
{
	memset(page, 0, sizeof(*page));
	if (model_map(&host->answer, gpa, &page->real) != HPTE_HOST_DONE)
		return false;
	page->sequence = SEQUENCE;
	page->shift = (uint8_t)shift;
	page->writable = host->answer.map_writable;
	return true;
}

static enum hpte_host_result sim_map_page(void *ctx, uint64_t gpa,
					  unsigned int shift, bool want_write,
					  struct hpte_host_page *page)
{
	struct sim_host *host = ctx;
	struct sim_event *event = record(host, MODEL_NOTE_MAP);
	enum hpte_host_result result;
	uint64_t real;

	event->gpa = gpa;
	event->bytes = UINT64_C(1) << shift;
	event->from = want_write;
	result = model_map(&host->answer, gpa, &real);
	if (result == HPTE_HOST_DONE) {
		(void)sim_host_page(host, gpa, shift, page);
		if (host->answer.map_short)
			page->shift = (uint8_t)(shift - 1);
	}
	return result;
}

static uint64_t sim_inval_begin(void *ctx)
{
	(void)ctx;
	return SEQUENCE;
}

static bool sim_inval_retry(void *ctx, uint64_t sequence)
{
	struct sim_host *host = ctx;

	if (sequence != SEQUENCE)
		wrong(host, "inval_retry() of another sequence");
	return host->answer.retry;
}

static void sim_tlb_invalidate(void *ctx, const uint64_t *rb,
			       unsigned int count, unsigned int flags)
{
	struct sim_host *host = ctx;
	unsigned int i;

	if (!count)
		wrong(host, "tlb_invalidate() of nothing");
	if (!(flags & HPTE_TLB_GLOBAL))
		wrong(host, "tlb_invalidate() of this CPU alone");
	for (i = 0; i < count; i++) {
		record(host, MODEL_NOTE_FLUSH)->rb = rb[i];
		tlb_model_invalidate(&host->tlb, rb[i]);
	}
}

static void sim_tlb_invalidate_all(void *ctx)
{
	struct sim_host *host = ctx;

	host->flush_all = true;
	tlb_model_invalidate_all(&host->tlb);
}

static void sim_mark_dirty(void *ctx, uint64_t gpa, uint64_t bytes)
{
	record_range(ctx, MODEL_NOTE_DIRTY, gpa, bytes);
}

static void sim_mark_young(void *ctx, uint64_t gpa, uint64_t bytes)
{
	record_range(ctx, MODEL_NOTE_YOUNG, gpa, bytes);
}

/* A first doubleword that says where the bytes came from. */
static bool sim_guest_read(void *ctx, uint64_t gpa, void *to, size_t bytes)
{
	struct sim_host *host = ctx;
	uint64_t at;
	size_t i;

	if (!host->answer.storage)
		return false;
	for (i = 0; i + sizeof(at) <= bytes; i += sizeof(at)) {
		at = gpa + i;
		memcpy((uint8_t *)to + i, &at, sizeof(at));
	}
	return true;
}

static bool sim_guest_write(void *ctx, uint64_t gpa, const void *from,
			    uint64_t bytes)
{
	struct sim_host *host = ctx;
	struct sim_event *event;

	if (!host->answer.storage)
		return false;
	event = record(host, from ? MODEL_NOTE_COPY : MODEL_NOTE_ZERO);
	event->gpa = gpa;
	event->bytes = bytes;
	if (from)
		memcpy(&event->from, from, sizeof(event->from));
	return true;
}

static void sim_icache_sync(void *ctx, uint64_t gpa, uint64_t bytes)
{
	record_range(ctx, MODEL_NOTE_ICACHE, gpa, bytes);
}

bool sim_host_table(struct sim_host *host, unsigned int order,
		    struct hpte_memory *memory)
{
	uint64_t bytes = hpte_table_bytes(order);
	uint64_t side = hpte_table_side_bytes(order, host->flags, host->cpu);
	void *storage;

	if (host->tables == SIM_TABLES)
		return false;
	memory->side = NULL;
	if (posix_memalign(&storage, (size_t)bytes, (size_t)bytes))
		return false;
	memset(storage, 0, (size_t)bytes);
	memory->base = storage;
	if (side) {
		if (posix_memalign(&storage, 16, (size_t)side))
			abort();
		memset(storage, 0, (size_t)side);
		memory->side = storage;
	}
	host->table[host->tables].memory = *memory;
	host->table[host->tables++].order = order;
	return true;
}

static enum hpte_host_result sim_hpt_alloc(void *ctx, unsigned int order,
					   struct hpte_memory *memory)
{
	struct sim_host *host = ctx;

	enum hpte_host_result result = model_alloc(&host->answer, order);

	if (result == HPTE_HOST_DONE && !sim_host_table(host, order, memory))
		abort();
	return result;
}

static void sim_hpt_free(void *ctx, unsigned int order,
			 const struct hpte_memory *memory)
{
	struct sim_host *host = ctx;
	unsigned int i;

	if (!memory->base)
		return;
	if (memory->base == hpte_table_base(host->in_use)) {
		wrong(host, "hpt_free() of the table in use");
		return;
	}
	for (i = 0; i < host->tables; i++) {
		struct sim_table *table = &host->table[i];

		if (table->memory.base != memory->base)
			continue;
		if (table->order != order ||
		    table->memory.side != memory->side)
			wrong(host, "hpt_free() of half a table");
		free(memory->base);
		free(memory->side);
		*table = host->table[--host->tables];
		return;
	}
	wrong(host, "hpt_free() of a table that is not allocated");
}

static bool sim_vcpus_stop(void *ctx)
{
	struct sim_host *host = ctx;

	if (host->stopped)
		wrong(host, "vcpus_stop() twice");
	host->stopped = host->answer.stop;
	return host->answer.stop;
}

static void sim_vcpus_start(void *ctx)
{
	struct sim_host *host = ctx;

	if (host->answer.has_stop && !host->stopped)
		wrong(host, "vcpus_start() without vcpus_stop()");
	host->stopped = false;
}

static enum hpte_host_result sim_vrma_page_size(void *ctx, unsigned int code)
{
	struct sim_host *host = ctx;

	if (code & ~0x13U)
		wrong(host, "vrma_page_size() of an impossible code");
	return host->answer.vrma;
}

static enum hpte_mmio_result device_access(void *ctx,
					   struct hpte_mmio_access *access)
{
	const struct sim_device *device = ctx;
	struct sim_host *host = device->host;
	unsigned int nth = host->accesses++;
	struct sim_event *event;

	event = record(host, access->is_store ? MODEL_NOTE_STORE :
		       MODEL_NOTE_LOAD);
	event->gpa = device->start + access->offset;
	event->bytes = access->size;
	if (access->is_store)
		event->from = access->value;
	switch (model_device_answer(&host->answer, nth)) {
	case MODEL_DEVICE_FAULT:
		return HPTE_MMIO_FAULT;
	case MODEL_DEVICE_UNCLAIMED:
		return HPTE_MMIO_UNCLAIMED;
	case MODEL_DEVICE_PENDING:
		return HPTE_MMIO_PENDING;
	default:
		break;
	}
	/* bits above the access are whatever they are */
	if (!access->is_store)
		access->value = model_device_value(&host->answer, nth);
	return HPTE_MMIO_DONE;
}

static const struct hpte_mmio_ops device_ops = {
	.ops_size = sizeof(struct hpte_mmio_ops),
	.access = device_access,
};

/* Each region has a device of the same number. */
static void plug(struct sim_host *host, unsigned int number)
{
	const struct model_region *from = &host->answer.region[number];
	struct sim_device *device = &host->device[number];
	struct hpte_mmio_region region = {
		.start = from->start,
		.bytes = from->bytes - from->gap,
		.size_mask = from->sizes,
		.flags = (from->little_endian ? HPTE_MMIO_LITTLE_ENDIAN : 0) |
			(from->unaligned ? HPTE_MMIO_UNALIGNED : 0) |
			(from->notify ? HPTE_MMIO_NOTIFY : 0),
		.ops = &device_ops,
		.ctx = device,
	};

	if (from->kind != HPTE_BACKING_IO || !host->answer.has_devices)
		return;
	device->host = host;
	device->start = from->start;
	if (hpte_mmio_add(&host->bus, &region) != HPTE_OK)
		wrong(host, "hpte_mmio_add() refuses a device");
}

void sim_host_devices(struct sim_host *host)
{
	unsigned int i;

	memset(host->slot, 0, sizeof(host->slot));
	hpte_mmio_init(&host->bus, host->slot, SIM_DEVICES);
	for (i = 0; i < host->answer.regions; i++)
		plug(host, i);
}

void sim_host_change(struct sim_host *host, unsigned int number,
		     enum hpte_backing_kind kind)
{
	struct model_region *region = &host->answer.region[number];

	if (region->kind == HPTE_BACKING_IO && host->answer.has_devices &&
	    hpte_mmio_remove(&host->bus, region->start) != HPTE_OK)
		wrong(host, "hpte_mmio_remove() refuses a device");
	region->kind = kind;
	plug(host, number);
}

void sim_host_init(struct sim_host *host, unsigned int flags,
		   unsigned int cpu)
{
	const struct model_host *a = &host->answer;
	struct hpte_host_ops *ops = &host->ops;

	host->flags = flags;
	host->cpu = cpu;
	memset(ops, 0, sizeof(*ops));
	ops->ops_size = sizeof(*ops);
	ops->classify = a->has_classify ? sim_classify : NULL;
	ops->map_page = a->has_map_page ? sim_map_page : NULL;
	ops->inval_begin = a->has_retry ? sim_inval_begin : NULL;
	ops->inval_retry = a->has_retry ? sim_inval_retry : NULL;
	ops->tlb_invalidate = a->has_flush ? sim_tlb_invalidate : NULL;
	ops->tlb_invalidate_all = a->has_flush ? sim_tlb_invalidate_all : NULL;
	ops->mark_dirty = a->has_dirty ? sim_mark_dirty : NULL;
	ops->mark_young = a->has_young ? sim_mark_young : NULL;
	ops->guest_read = a->has_storage ? sim_guest_read : NULL;
	ops->guest_write = a->has_storage ? sim_guest_write : NULL;
	ops->icache_sync = a->has_icache ? sim_icache_sync : NULL;
	ops->hpt_alloc = a->has_alloc ? sim_hpt_alloc : NULL;
	ops->hpt_free = sim_hpt_free;
	ops->vcpus_stop = a->has_stop ? sim_vcpus_stop : NULL;
	ops->vcpus_start = sim_vcpus_start;
	ops->vrma_page_size = a->has_vrma ? sim_vrma_page_size : NULL;
}

void sim_host_fini(struct sim_host *host)
{
	while (host->tables) {
		host->tables--;
		free(host->table[host->tables].memory.base);
		free(host->table[host->tables].memory.side);
	}
	tlb_model_fini(&host->tlb);
}

void sim_host_forget(struct sim_host *host)
{
	host->events = 0;
	host->accesses = 0;
	host->flush_all = false;
}
