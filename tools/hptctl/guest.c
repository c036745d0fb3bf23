/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hptctl/guest.c - see guest.h.
 */
#include "guest.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Host real addresses differ from the guest's, so that mixing shows. */
#define HOST_OFFSET	(UINT64_C(1) << 40)

static enum hpte_backing_kind guest_classify(void *ctx, uint64_t gpa,
					     unsigned int shift,
					     unsigned int *largest)
{
	const struct guest *guest = ctx;
	uint64_t ram = guest->config.ram;

	*largest = guest->config.max_page;
	if (gpa >= ram)
		return HPTE_BACKING_IO;
	if ((UINT64_C(1) << shift) > ram - gpa)
		return HPTE_BACKING_PARTIAL;
	return HPTE_BACKING_RAM;
}

static enum hpte_host_result guest_map_page(void *ctx, uint64_t gpa,
					    unsigned int shift, bool want_write,
					    struct hpte_host_page *page)
{
	unsigned int largest;

	(void)want_write;
	if (guest_classify(ctx, gpa, shift, &largest) != HPTE_BACKING_RAM)
		return HPTE_HOST_NEVER;
	memset(page, 0, sizeof(*page));
	page->real = gpa + HOST_OFFSET;
	page->shift = (uint8_t)shift;
	page->writable = true;
	return HPTE_HOST_DONE;
}

static void guest_tlb_invalidate(void *ctx, const uint64_t *rb,
				 unsigned int count, unsigned int flags)
{
	struct guest *guest = ctx;

	(void)rb;
	(void)flags;
	guest->flushes++;
	guest->invalidations += count;
}

static void guest_tlb_invalidate_all(void *ctx)
{
	struct guest *guest = ctx;

	guest->flushes++;
}

/* The pages have no contents here: filling one is done at once. */
static bool guest_fill(void *ctx, uint64_t gpa, const void *from,
		       uint64_t bytes)
{
	(void)ctx;
	(void)gpa;
	(void)from;
	(void)bytes;
	return true;
}

/*
 * Fresh zero pages that cost nothing until they are written, at an address
 * aligned as hardware wants a table.
 */
static void *map_zeros(struct guest *guest, size_t bytes, size_t align)
{
	struct guest_mapping *mapping = guest->mappings;
	uintptr_t start, aligned;
	unsigned int i;
	void *got;

	for (i = 0; i < GUEST_MAPPINGS && mapping[i].start; i++)
		;
	if (i == GUEST_MAPPINGS || bytes > SIZE_MAX - align)
		return NULL;
	got = mmap(NULL, bytes + align, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (got == MAP_FAILED)
		return NULL;
	start = (uintptr_t)got;
	aligned = (start + align - 1) & ~(uintptr_t)(align - 1);
	mapping[i].start = got;
	mapping[i].bytes = bytes + align;
	return (char *)got + (aligned - start);
}

/* @start may be any address inside the mapping. */
static void unmap_zeros(struct guest *guest, const void *start)
{
	uintptr_t at = (uintptr_t)start;
	unsigned int i;

	for (i = 0; i < GUEST_MAPPINGS; i++) {
		struct guest_mapping *mapping = &guest->mappings[i];
		uintptr_t first = (uintptr_t)mapping->start;

		if (!start || !first || at < first ||
		    at - first >= mapping->bytes)
			continue;
		munmap(mapping->start, mapping->bytes);
		mapping->start = NULL;
		return;
	}
}

/* What the machine can hold, so that a wild order is refused, not tried. */
static uint64_t physical_memory(void)
{
	long pages = sysconf(_SC_PHYS_PAGES);
	long page_bytes = sysconf(_SC_PAGESIZE);

	if (pages <= 0 || page_bytes <= 0)
		return UINT64_MAX;
	return (uint64_t)pages * (uint64_t)page_bytes;
}

static bool table_memory(struct guest *guest, unsigned int order,
			 struct hpte_memory *memory)
{
	uint64_t bytes = hpte_table_bytes(order);
	unsigned int flags = guest->config.walker ? HPTE_TABLE_WALKER : 0;
	uint64_t side = hpte_table_side_bytes(order, flags, guest->config.cpu);
	uint64_t align = guest->config.walker ? bytes : 4096;

	memory->base = NULL;
	memory->side = NULL;
	/* a hash table larger than what it maps is nobody's */
	if (!bytes || bytes > guest->config.ram ||
	    bytes + side > physical_memory() || bytes + align > SIZE_MAX)
		return false;
	memory->base = map_zeros(guest, (size_t)bytes, (size_t)align);
	if (!memory->base)
		return false;
	if (!side)
		return true;
	memory->side = map_zeros(guest, (size_t)side, 4096);
	if (!memory->side)
		unmap_zeros(guest, memory->base);
	return memory->side != NULL;
}

static enum hpte_host_result guest_hpt_alloc(void *ctx, unsigned int order,
					     struct hpte_memory *memory)
{
	return table_memory(ctx, order, memory) ? HPTE_HOST_DONE :
						  HPTE_HOST_NEVER;
}

static void guest_hpt_free(void *ctx, unsigned int order,
			   const struct hpte_memory *memory)
{
	(void)order;
	unmap_zeros(ctx, memory->base);
	unmap_zeros(ctx, memory->side);
}

static const struct hpte_host_ops guest_ops = {
	.ops_size = sizeof(struct hpte_host_ops),
	.classify = guest_classify,
	.map_page = guest_map_page,
	.tlb_invalidate = guest_tlb_invalidate,
	.tlb_invalidate_all = guest_tlb_invalidate_all,
	.guest_write = guest_fill,
	.hpt_alloc = guest_hpt_alloc,
	.hpt_free = guest_hpt_free
};

/* Offer the page pairs whose pages are not above the limit. */
static uint8_t pairs_up_to(unsigned int max_page)
{
	static const uint8_t actual[HPTE_PAGE_PAIRS] = {
		[HPTE_PAIR_4K_4K] = 12,
		[HPTE_PAIR_4K_64K] = 16,
		[HPTE_PAIR_4K_16M] = 24,
		[HPTE_PAIR_64K_64K] = 16,
		[HPTE_PAIR_64K_16M] = 24,
		[HPTE_PAIR_16M_16M] = 24,
		[HPTE_PAIR_16G_16G] = 34
	};
	unsigned int pairs = 0;
	unsigned int i;

	for (i = 0; i < HPTE_PAGE_PAIRS; i++) {
		if (actual[i] <= max_page)
			pairs |= 1U << i;
	}
	return (uint8_t)pairs;
}

void guest_init(struct guest *guest, const struct guest_config *config)
{
	static const struct hpte_caps defaults = HPTE_CAPS_DEFAULT;

	memset(guest, 0, sizeof(*guest));
	guest->config = *config;
	guest->caps = defaults;
	guest->caps.format = config->format;
	guest->caps.order_max = (uint8_t)config->order_max;
	guest->caps.page_pairs = pairs_up_to(config->max_page);
}

bool guest_power_on(struct guest *guest, unsigned int order, char *why,
		    size_t why_bytes)
{
	struct hpte_table_config config = {
		.order = order,
		.flags = guest->config.walker ? HPTE_TABLE_WALKER : 0,
		.cpu = guest->config.cpu,
		.caps = &guest->caps,
		.ops = &guest_ops,
		.ctx = guest,
		.shards = 1,
		.counters = &guest->counters
	};
	int status;

	guest_power_off(guest);
	if (!table_memory(guest, order, &config.memory)) {
		snprintf(why, why_bytes,
			 "a table of 2^%u bytes is larger than the guest's RAM "
			 "(--ram) or than this machine's memory", order);
		return false;
	}
	status = hpte_table_init(&guest->table, &config);
	if (status != HPTE_OK) {
		snprintf(why, why_bytes, "hpte_table_init() answers %d",
			 status);
		return false;
	}
	hpte_hcall_init(&guest->vm, &guest->table);
	return true;
}

int guest_promote(struct guest *guest, const struct hpte_view *view)
{
	unsigned int shift = view->page.actual;
	uint64_t gpa = hpte_entry_real(view->guest.dw1, shift);
	struct hpte_host_page page;
	int status;

	if (view->state & HPTE_VIEW_VALID)
		return HPTE_OK;
	if (guest_map_page(guest, gpa, shift, true, &page) != HPTE_HOST_DONE)
		return HPTE_ERR_PARAM;
	status = hpte_table_promote(&guest->table, view, &page);
	if (status == HPTE_OK)
		guest->promotions++;
	return status;
}

/* How the hardware's entry compares with the guest's. */
enum hardware_entry { HARDWARE_WRONG, HARDWARE_READ_ONLY, HARDWARE_EXACT };

/*
 * Look at the entry as it lies in the table.  RAM is entered with the host's
 * WIMG, R and C may lag, and the software bits are the library's.
 */
static enum hardware_entry compare_hardware(const struct guest *guest,
					    const struct hpte_view *view)
{
	const hpte_be64_t *words = hpte_table_base(&guest->table);
	uint64_t compared = ~(HPTE_DW1_RC | HPTE_DW1_WIMG);
	struct hpte expected = view->guest;
	uint64_t dw0, dw1;

	words += 2 * view->index;
	dw0 = hpte_be64_to_host(words[0]);
	dw1 = hpte_be64_to_host(words[1]);
	if (guest->config.format == HPTE_FORMAT_300 &&
	    hpte_entry_to_300(&expected, &expected) != HPTE_OK)
		return HARDWARE_WRONG;
	expected.dw1 += HOST_OFFSET;
	if ((dw0 ^ expected.dw0) & ~HPTE_DW0_SW)
		return HARDWARE_WRONG;
	if (!((dw1 ^ expected.dw1) & compared))
		return HARDWARE_EXACT;
	if (!((dw1 ^ hpte_entry_read_only(expected.dw1)) & compared))
		return HARDWARE_READ_ONLY;
	return HARDWARE_WRONG;
}

/* The host's answer to a store that only its own narrowing stopped. */
static bool upgrade(struct guest *guest, uint64_t index)
{
	struct hpte_view view;

	guest->upgrades++;
	return hpte_table_demote(&guest->table, index) == HPTE_OK &&
	       hpte_table_read(&guest->table, index, &view) == HPTE_OK &&
	       guest_promote(guest, &view) == HPTE_OK &&
	       compare_hardware(guest, &view) == HARDWARE_EXACT;
}

bool guest_access(struct guest *guest, const struct hpte_view *view, bool store)
{
	if (guest_promote(guest, view) != HPTE_OK)
		return false;
	switch (compare_hardware(guest, view)) {
	case HARDWARE_EXACT:
		return true;
	case HARDWARE_READ_ONLY:
		return !store || upgrade(guest, view->index);
	default:
		return false;
	}
}

void guest_power_off(struct guest *guest)
{
	unsigned int i;

	for (i = 0; i < GUEST_MAPPINGS; i++) {
		if (guest->mappings[i].start)
			munmap(guest->mappings[i].start,
			       guest->mappings[i].bytes);
		guest->mappings[i].start = NULL;
	}
}
