/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/interleave/world.c - the table of a scenario, and its host.
 */
#include <stdlib.h>
#include <string.h>

#include "libhpte/internal.h"

#include "operation.h"
#include "sched.h"
#include "trace.h"
#include "walker.h"
#include "world.h"

#define ORDER		HPTE_ORDER_MIN
#define PAGE_SHIFT	24
#define LP_4K_16M	(UINT64_C(0x38) << 12)
#define STATIC_PAGE	15
#define VSID_SHIFT_256M	12
#define VSID_SHIFT_1T	24

/*
 * A 3.0 table keeps B in ABS while V=1, a 1T segment is where that shows: so
 * one table of each snapshot has the one, one the other.
 */
const struct kind kinds[KINDS] = {
	{ "soft16", false, true, false, HPTE_FORMAT_300, true, false },
	{ "soft8", false, false, false, HPTE_FORMAT_207, false, false },
	{ "walk16", true, true, false, HPTE_FORMAT_300, true, false },
	{ "walk8", true, false, false, HPTE_FORMAT_207, false, false },
	{ "cache16", false, true, true, HPTE_FORMAT_207, true, false },
	{ "soft16p", false, true, false, HPTE_FORMAT_207, false, true },
	{ "soft8p", false, false, false, HPTE_FORMAT_207, false, true },
	{ "walk16p", true, true, false, HPTE_FORMAT_300, true, true },
	{ "walk8p", true, false, false, HPTE_FORMAT_207, false, true },
};

struct world world;

static void *table_memory, *side_memory;
static struct hpte_host_ops ops;

struct hpte_va world_va(bool other)
{
	return (struct hpte_va){
		.vsid = other ? 0x1000 : 0x800,
		.offset = 0,
		.segment = world.kind->one_tb ? 40 : 28,
		.base = 12,
	};
}

uint64_t world_descriptor(void)
{
	const struct hpte_va va = world_va(false);

	return world.kind->one_tb ?
	       HPTE_SLB_B_1T | va.vsid << VSID_SHIFT_1T :
	       va.vsid << VSID_SHIFT_256M;
}

struct hpte world_entry(unsigned int page, bool other, uint64_t bits)
{
	struct hpte_va va = world_va(other);
	uint64_t storage = bits & GPA_DEVICE ? HPTE_DW1_I | HPTE_DW1_G :
					       HPTE_DW1_M;
	bool plain = world.kind->plain;

	return (struct hpte){
		hpte_hash_dw0(&va) | (plain ? 0 : HPTE_DW0_L) | HPTE_DW0_V,
		(uint64_t)page << PAGE_SHIFT | (plain ? 0 : LP_4K_16M) |
			storage | 2 | bits,
	};
}

static uint64_t host_real(uint64_t gpa, uint64_t version)
{
	return HOST_BIT | version << VERSION_SHIFT | gpa;
}

/* The host's callbacks; each look at shared memory is a step. */

static enum hpte_backing_kind classify(void *ctx, uint64_t gpa,
				       unsigned int shift,
				       unsigned int *largest)
{
	(void)ctx;
	(void)shift;
	*largest = PAGE_SHIFT;
	return gpa & GPA_DEVICE ? HPTE_BACKING_IO : HPTE_BACKING_RAM;
}

static uint64_t host_load(enum location location)
{
	if (!sched.running)
		return 0;
	sched_point();
	return memory_load(location, true);
}

static enum hpte_host_result map_page(void *ctx, uint64_t gpa,
				      unsigned int shift, bool want_write,
				      struct hpte_host_page *page)
{
	(void)ctx;
	(void)shift;
	(void)want_write;
	if (!operation_maps())
		return HPTE_HOST_LATER;
	*page = (struct hpte_host_page){
		.real = host_real(gpa, host_load(LOC_HOST_PAGE)),
		.shift = PAGE_SHIFT,
		.writable = true,
	};
	return HPTE_HOST_DONE;
}

static uint64_t inval_begin(void *ctx)
{
	(void)ctx;
	return host_load(LOC_HOST_SEQUENCE);
}

/* Relaxed: the library's fence is what orders it. */
static bool inval_retry(void *ctx, uint64_t sequence)
{
	(void)ctx;
	if (!sched.running)
		return false;
	sched_point();
	return memory_load(LOC_HOST_SEQUENCE, false) != sequence;
}

static void mark(uint64_t gpa, bool dirty)
{
	struct page_times *page = &world.pages[gpa >> PAGE_SHIFT &
					       (PAGES - 1)];

	if (!sched.running)
		return;
	sched_point();
	trace_text("%s page %u", dirty ? "mark dirty" : "mark young",
		   (unsigned int)(page - world.pages));
	note(history.accesses);
	*(dirty ? &page->dirty : &page->young) = ++world.clock;
}

static void mark_dirty(void *ctx, uint64_t gpa, uint64_t bytes)
{
	(void)ctx;
	(void)bytes;
	mark(gpa, true);
}

static void mark_young(void *ctx, uint64_t gpa, uint64_t bytes)
{
	(void)ctx;
	(void)bytes;
	mark(gpa, false);
}

static void tlb_invalidate(void *ctx, const uint64_t *rb, unsigned int count,
			   unsigned int flags)
{
	(void)ctx;
	(void)flags;
	if (!sched.running)
		return;
	sched_point();
	walker_invalidate(rb, count);
}

static void tlb_invalidate_all(void *ctx)
{
	(void)ctx;
	broken("tlb_invalidate_all: no operation explored needs it");
}

static void relax(void *ctx)
{
	(void)ctx;
	step_relax();
}

static void fill_ops(const struct kind *kind)
{
	ops = (struct hpte_host_ops){
		.ops_size = sizeof(ops),
		.classify = classify,
		.map_page = map_page,
		.inval_begin = inval_begin,
		.inval_retry = inval_retry,
		.mark_dirty = mark_dirty,
		.mark_young = mark_young,
		.relax = relax,
	};
	if (kind->walker || kind->cached)
		ops.tlb_invalidate = tlb_invalidate;
	if (kind->walker)
		ops.tlb_invalidate_all = tlb_invalidate_all;
}

static void insert(unsigned int slot, const struct hpte *entry,
		   unsigned int flags, bool valid)
{
	struct hpte_host_page page = {
		.real = host_real(hpte_entry_real(entry->dw1, PAGE_SHIFT), 0),
		.shift = PAGE_SHIFT,
		.writable = true,
	};
	uint64_t where;

	if (hpte_table_insert(&world.table, slot, flags | HPTE_INSERT_EXACT,
			      entry, valid ? &page : NULL, &where) != HPTE_OK)
		broken("slot %u cannot be filled", slot);
}

static void fill_slot(unsigned int slot, char letter)
{
	struct entry_state *initial = &history.initial[slot];
	uint64_t bits = 0;

	*initial = (struct entry_state){ .live = letter != INIT_EMPTY };
	if (!initial->live)
		return;
	if (letter == INIT_ABSENT_RC || letter == INIT_VALID_RC)
		bits = HPTE_DW1_RC;
	if (letter == INIT_DEVICE)
		bits = GPA_DEVICE;
	initial->device = letter == INIT_DEVICE;
	initial->entry = world_entry(1 + slot, false, bits);
	insert(slot, &initial->entry,
	       initial->device ? HPTE_INSERT_MMIO : 0,
	       letter == INIT_VALID || letter == INIT_VALID_RC);
}

void world_build(const struct kind *kind, const char *initial)
{
	static const struct hpte_caps defaults = HPTE_CAPS_DEFAULT;
	uint64_t bytes = hpte_table_bytes(ORDER);
	struct hpte_table_config config = { .order = ORDER };

	if (!table_memory) {
		table_memory = aligned_alloc(bytes, bytes);
		side_memory = aligned_alloc(128, bytes);
	}
	if (!table_memory || !side_memory)
		broken("no memory");
	memset(table_memory, 0, 128);
	memset(side_memory, 0, 128);
	world.kind = kind;
	world.caps = defaults;
	world.caps.format = kind->format;
	/* only of this size are entries ever: another is one not yet seen */
	memset(world.caps.block, 0, sizeof(world.caps.block));
	world.caps.block[kind->plain ? HPTE_PAIR_4K_4K : HPTE_PAIR_4K_16M] = 8;
	fill_ops(kind);
	config.flags = kind->walker ? HPTE_TABLE_WALKER : 0;
	config.cpu = kind->load16 ? HPTE_CPU_LOAD16 : 0;
	config.caps = &world.caps;
	config.ops = &ops;
	config.memory.base = table_memory;
	config.memory.side = hpte_table_side_bytes(ORDER, config.flags,
						   config.cpu) ?
			     side_memory : NULL;
	if (hpte_table_init(&world.table, &config) != HPTE_OK)
		broken("no table");
	hpte_hcall_init(&world.vm, &world.table);
	for (unsigned int slot = 0; slot < SLOTS; slot++)
		fill_slot(slot, initial[slot]);
	for (unsigned int slot = SLOTS; slot < HPTE_GROUP_ENTRIES; slot++) {
		struct hpte entry = world_entry(STATIC_PAGE, true, 0);

		entry.dw0 ^= (uint64_t)1 << 30;	/* nobody looks for it */
		insert(slot, &entry, 0, false);
	}
	history_forget();
}

/* The explored words as plain memory has them. */
static void plain_words(uint64_t *words[LOC_COUNT])
{
	struct hpte_side *side = world.table.priv_side;

	for (unsigned int slot = 0; slot < SLOTS; slot++) {
		uint64_t **of = &words[slot * LOC_SLOT];

		of[LOC_DW0] = (uint64_t *)slot_dw0(&world.table, slot);
		of[LOC_DW1] = (uint64_t *)slot_dw1(&world.table, slot);
		of[LOC_G] = side ? &side[slot].g : NULL;
		of[LOC_SEQ] = NULL;
	}
	words[LOC_GENERATION] = &world.table.priv_generation;
	words[LOC_HOST_SEQUENCE] = NULL;
	words[LOC_HOST_PAGE] = NULL;
}

static void initial_words(uint64_t values[LOC_COUNT])
{
	uint64_t *words[LOC_COUNT];

	plain_words(words);
	for (unsigned int i = 0; i < LOC_COUNT; i++)
		values[i] = words[i] ? *words[i] : 0;
	for (unsigned int slot = 0; slot < SLOTS; slot++)
		if (world.table.priv_side)
			values[slot_location(slot, LOC_SEQ)] =
				world.table.priv_side[slot].seq;
}

void world_start(void)
{
	uint64_t values[LOC_COUNT];

	initial_words(values);
	memory_start(values, world.kind->load16);
	memset(&world.tlb, 0, sizeof(world.tlb));
	memset(&world.walker_stores, 0, sizeof(world.walker_stores));
	memset(world.pages, 0, sizeof(world.pages));
	memset(world.gone_at, 0, sizeof(world.gone_at));
	memset(world.flushed_by, 0, sizeof(world.flushed_by));
	memset(&world.returned, 0, sizeof(world.returned));
	world.clock = 0;
	world.dropped_version = 0;
	world.user = world.kind->cached ? 0 : WALKER;
	history_clear();
	history.apart = sched.bounds.stale != 0;
}

/* At rest: no trace of owner or remover, and g is the guest's. */
static void check_rest(unsigned int slot)
{
	uint64_t dw0 = HPTE_SWAP64_(
		newest(slot_location(slot, LOC_DW0))->value);
	uint64_t dw1 = HPTE_SWAP64_(
		newest(slot_location(slot, LOC_DW1))->value);
	uint64_t g = newest(slot_location(slot, LOC_G))->value;

	if (dw0 && (!slot_live(dw0) || (dw0 & DW0_BUSY)))
		violated("slot %u is not at rest at the end", slot);
	if (world.table.priv_side && (dw0 & DW0_ABS) && !(dw0 & HPTE_DW0_V) &&
	    g != dw1)
		violated("slot %u: absent, but g differs from doubleword 1",
			 slot);
}

void world_final(void)
{
	uint64_t *words[LOC_COUNT];
	uint64_t kept[LOC_COUNT];
	struct hpte_view view;

	for (unsigned int slot = 0; slot < SLOTS; slot++)
		check_rest(slot);
	plain_words(words);
	for (unsigned int i = 0; i < LOC_COUNT; i++)
		if (words[i]) {
			kept[i] = *words[i];
			*words[i] = newest(i)->value;
		}
	for (unsigned int slot = 0; slot < SLOTS; slot++) {
		struct entry_state *final = &history.final[slot];

		final->live = hpte_table_read(&world.table, slot, &view) ==
			      HPTE_OK;
		final->entry = view.guest;
	}
	for (unsigned int i = 0; i < LOC_COUNT; i++)
		if (words[i])
			*words[i] = kept[i];
}

unsigned int world_slots_lost(void)
{
	unsigned int lost = 0;

	for (unsigned int slot = 0; slot < SLOTS; slot++) {
		uint64_t dw0 = HPTE_SWAP64_(
			newest(slot_location(slot, LOC_DW0))->value);

		lost += dw0 && !slot_live(dw0);
	}
	return lost;
}
