/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/native_kernel/memory.c - a kernel's own use of the table.
 *
 * An entry goes into its primary group, or the secondary, or takes the place
 * of a victim in either.  Nobody asks the victim's page: its R and C come back
 * through mark_young() and mark_dirty(), as they do from every operation that
 * takes an entry away or clears them.
 *
 * To the library this kernel is a guest whose real addresses are the
 * machine's: each entry is inserted valid, with the page it names itself.
 *
 * References
 *	[ISA]	Power ISA Versions 2.07 B and 3.0 B, Book III, "Storage
 *		Protection", "Page Table Update Synchronization"
 */
#include "memory.h"

#ifndef PLANT
#define PLANT	0		/* a bug that the test must see */
#endif

#define PP_KERNEL	0x0U	/* pp with Ks=0, Kp=1: the kernel's only */
#define PP_WRITE	0x2U	/* everybody may load and store */
#define PP_READ		0x3U	/* everybody may load */
#define VSID_LINEAR	0x3FFU
#define VSID_PROGRAM	0x1000U
#define LARGE_SHIFT	24U

struct memory_counts memory_counts;

static struct hpte_table table;
static struct page pages[PAGES];
static uint32_t owners[FRAMES];		/* page in each frame, plus 1 */
static uint32_t hand;			/* the clock's: next frame to look at */
static unsigned int turn;		/* which victim is next */

static struct page *page_at(uint64_t ea)
{
	uint64_t segment = ea / SEGMENT - 1;
	uint64_t number = ea % SEGMENT >> PAGE_SHIFT;

	if (segment >= SEGMENTS || number >= SEGMENT_PAGES)
		return NULL;
	return &pages[segment * SEGMENT_PAGES + number];
}

static uint64_t ea_of(const struct page *page)
{
	uint64_t number = (uint64_t)(page - pages);

	return (number / SEGMENT_PAGES + 1) * SEGMENT +
	       (number % SEGMENT_PAGES << PAGE_SHIFT);
}

static uint64_t real_of(const struct page *page)
{
	return FRAMES_START + ((uint64_t)page->frame << PAGE_SHIFT);
}

bool memory_segment(uint64_t ea, uint64_t *descriptor)
{
	if (ea >= LINEAR && ea < LINEAR + LINEAR_BYTES) {
		/* 1T, pages of 16M: L || LP = 100 */
		*descriptor = HPTE_SLB_B_1T | (uint64_t)VSID_LINEAR << 24 |
			      HPTE_SLB_KP | HPTE_SLB_L;
		return true;
	}
	if (!page_at(ea))
		return false;
	*descriptor = (VSID_PROGRAM + ea / SEGMENT) << 12 | HPTE_SLB_KP;
	return true;
}

static bool va_of(uint64_t ea, struct hpte_va *va)
{
	uint64_t descriptor;

	return memory_segment(ea, &descriptor) &&
	       hpte_hash_va(descriptor, ea, va) == HPTE_OK;
}

/* The page whose frame is at a real address; NULL: the kernel's own. */
static struct page *page_in(uint64_t real)
{
	uint64_t frame = (real - FRAMES_START) >> PAGE_SHIFT;

	return real >= FRAMES_START && frame < FRAMES && owners[frame] ?
	       &pages[owners[frame] - 1] : NULL;
}

static void mark_dirty(void *ctx, uint64_t real, uint64_t bytes)
{
	struct page *page = page_in(real);

	(void)ctx, (void)bytes;
	if (page && PLANT != 1)
		page->dirty = true;
}

static void mark_young(void *ctx, uint64_t real, uint64_t bytes)
{
	struct page *page = page_in(real);

	(void)ctx, (void)bytes;
	if (page)
		page->young = true;
}

static void tlb_invalidate(void *ctx, const uint64_t *rb, unsigned int count,
			   unsigned int flags)
{
	(void)ctx, (void)flags;
	if (PLANT != 2)
		machine_tlb_invalidate(rb, count);
}

static void tlb_invalidate_all(void *ctx)
{
	(void)ctx;
	machine_tlb_invalidate_all();
}

/* First index of a group. */
static uint64_t group_of(const struct hpte_va *va, bool secondary)
{
	return hpte_hash_group(hpte_hash_primary(va), secondary,
			       hpte_table_order(&table)) * HPTE_GROUP_ENTRIES;
}

/* Make room in either group: 16 candidates, one after the other. */
static bool evict(const struct hpte_va *va)
{
	/* what is bolted must never fault */
	const struct hpte_condition only = {
		HPTE_IF_ANDCOND, PLANT == 3 ? 0 : HPTE_DW0_BOLTED };

	for (unsigned int i = 0; i < 2 * HPTE_GROUP_ENTRIES; i++) {
		unsigned int slot = turn++ % (2 * HPTE_GROUP_ENTRIES);
		bool secondary = slot >= HPTE_GROUP_ENTRIES;

		if (hpte_table_remove(&table, group_of(va, secondary) +
				      slot % HPTE_GROUP_ENTRIES, &only,
				      NULL) == HPTE_OK) {
			memory_counts.evicted[secondary]++;
			return true;
		}
	}
	return false;
}

/* Insert a valid entry that is not there yet; another CPU may take the room. */
static bool enter(const struct hpte_va *va, struct hpte entry,
		  const struct hpte_host_page *host)
{
	uint64_t where;

	do {
		for (unsigned int secondary = 0; secondary < 2; secondary++) {
			entry.dw0 &= ~HPTE_DW0_H;
			if (secondary && PLANT != 4)
				entry.dw0 |= HPTE_DW0_H;
			if (hpte_table_insert(&table, group_of(va, secondary),
					      0, &entry, host,
					      &where) == HPTE_OK) {
				memory_counts.secondary += secondary;
				return true;
			}
		}
	} while (evict(va));
	return false;
}

/* The whole of real storage, for the kernel: bolted, by large pages. */
static bool map_linear(void)
{
	struct hpte_host_page host = {
		.shift = LARGE_SHIFT, .writable = true };
	uint64_t l, lp;

	if (hpte_entry_page_bits(LARGE_SHIFT, LARGE_SHIFT, &l, &lp) != HPTE_OK)
		return false;
	for (uint64_t at = 0; at < LINEAR_BYTES; at += 1U << LARGE_SHIFT) {
		struct hpte_va va;

		host.real = at;
		if (!va_of(LINEAR + at, &va) ||
		    !enter(&va, (struct hpte){
				hpte_hash_dw0(&va) | HPTE_DW0_BOLTED | l,
				at | lp | HPTE_DW1_RC | HPTE_DW1_M |
				PP_KERNEL }, &host))
			return false;
	}
	return true;
}

bool memory_start(void *base, void *side, uint8_t format)
{
	static struct hpte_caps caps = HPTE_CAPS_DEFAULT;
	static const struct hpte_host_ops ops = {
		.ops_size = sizeof(ops),
		.tlb_invalidate = tlb_invalidate,
		.tlb_invalidate_all = tlb_invalidate_all,
		.mark_dirty = mark_dirty,
		.mark_young = mark_young,
	};
	const struct hpte_table_config config = {
		.memory = { base, side },
		.order = TABLE_ORDER,
		.flags = HPTE_TABLE_WALKER,
		.caps = &caps,
		.ops = &ops,
	};

	caps.format = format;
	if (hpte_table_init(&table, &config) != HPTE_OK)
		return false;
	for (uint32_t i = 0; i < PAGES; i++)
		pages[i] = (struct page){ .writable = true };
	return map_linear();
}

/* Where the table has a page now; false: nowhere. */
static bool find(const struct page *page, struct hpte_view *view)
{
	uint64_t descriptor;

	return memory_segment(ea_of(page), &descriptor) &&
	       hpte_table_find_ea(&table, descriptor, ea_of(page), 0, view) ==
	       HPTE_OK;
}

/* On return no CPU uses the page, and .dirty is right. */
static void forget(const struct page *page)
{
	struct hpte_condition only = { .flags = HPTE_IF_AVPN };
	struct hpte_view view;

	/* a remove that fails: another CPU has thrown it out, or moved it */
	do {
		if (!find(page, &view))
			return;
		only.value = view.guest.dw0 & (HPTE_DW0_B | HPTE_DW0_AVPN);
	} while (hpte_table_remove(&table, view.index, &only, NULL) != HPTE_OK);
}

static void swap_out(struct page *page)
{
	forget(page);
	if (page->dirty) {
		machine_disk_write((uint32_t)(page - pages), page->frame);
		memory_counts.swapped_out++;
	} else {
		memory_counts.dropped++;
	}
	page->dirty = false;
	page->present = false;
	owners[page->frame] = 0;
}

/* Has the page been used since this was last asked? */
static bool was_used(struct page *page)
{
	struct hpte_view view;
	uint64_t old;
	bool used;

	/* R comes by mark_young(), from here or from an earlier eviction */
	if (find(page, &view) && (view.guest.dw1 & HPTE_DW1_R) &&
	    hpte_table_clear(&table, view.index, HPTE_DW1_R, &old) != HPTE_OK)
		return true;	/* another CPU is at it: ask next time */
	used = page->young;
	page->young = false;
	return used;
}

/* A frame for a page: a free one, or that of a page not used lately. */
static uint32_t take_frame(void)
{
	for (;;) {	/* two rounds at most: the first has cleared every R */
		uint32_t frame = hand++ % FRAMES;
		struct page *page;

		if (!owners[frame])
			return frame;
		page = &pages[owners[frame] - 1];
		if (!was_used(page)) {
			swap_out(page);
			return frame;
		}
	}
}

/* Let the walker find a page that is present. */
static bool show(const struct page *page)
{
	const struct hpte_host_page host = {
		.real = real_of(page), .shift = PAGE_SHIFT, .writable = true };
	struct hpte_view view;
	struct hpte_va va;

	/*
	 * It is there, but was read-only once: a store needs the host's word
	 * again, whatever protect said.  AGAIN: let the access fault again.
	 */
	if (find(page, &view))
		return hpte_table_promote(&table, &view, &host) !=
		       HPTE_ERR_PARAM;
	return va_of(ea_of(page), &va) &&
	       enter(&va, (struct hpte){
			hpte_hash_dw0(&va),
			host.real | HPTE_DW1_M |
			(page->writable ? PP_WRITE : PP_READ) }, &host);
}

bool memory_fault(uint64_t ea, bool store)
{
	struct page *page = page_at(ea);

	if (!page || (store && !page->writable))
		return false;
	if (!page->present) {
		page->frame = take_frame();
		machine_disk_read((uint32_t)(page - pages), page->frame);
		owners[page->frame] = (uint32_t)(page - pages) + 1;
		page->present = true;
	}
	memory_counts.faults++;
	return show(page);
}

bool memory_protect(uint64_t ea, bool writable)
{
	struct page *page = page_at(ea);
	struct hpte_view view;

	if (!page)
		return false;
	page->writable = writable;
	if (find(page, &view) &&
	    hpte_table_protect(&table, view.index, NULL, HPTE_DW1_PP,
			       writable ? PP_WRITE : PP_READ) != HPTE_OK)
		forget(page);	/* it comes back with the new right */
	return true;
}

void memory_sync(void)
{
	for (uint32_t i = 0; i < PAGES; i++) {
		struct page *page = &pages[i];
		struct hpte_view view;
		uint64_t old;

		if (!page->present)
			continue;
		/* before the write: a store during it makes it dirty again */
		if (find(page, &view) && (view.guest.dw1 & HPTE_DW1_C) &&
		    hpte_table_clear(&table, view.index, HPTE_DW1_C,
				     &old) != HPTE_OK)
			forget(page);
		if (page->dirty) {
			page->dirty = false;
			machine_disk_write(i, page->frame);
		}
	}
}
