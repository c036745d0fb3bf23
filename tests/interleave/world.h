/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/interleave/world.h - one table, its host, and who translates with it.
 *
 * The table has one group that matters: slots 0 and 1 are explored, the other
 * six hold entries of another segment.  All entries are 16M pages in a 4K
 * segment, whose LP is neither its own complement's nor an invalid one's; or,
 * in a plain table, 4K pages, which a search reads the short way.
 *
 * The host counts invalidations.  A guest page has one storage at a time; its
 * number is part of the host real address, so that old storage is known.
 */
#ifndef INTERLEAVE_WORLD_H
#define INTERLEAVE_WORLD_H

#include <hpte/hpte.h>

#include "memory.h"
#include "spec.h"

/* A kind of table. */
struct kind {
	const char *name;
	bool walker;		/* hardware walks it */
	bool load16;
	bool cached;		/* an emulator with a TLB of its own */
	uint8_t format;
	bool one_tb;		/* segments of the entries */
	bool plain;		/* 4K pages */
};

#define KINDS_LARGE	5	/* those without plain come first */
#define KINDS		9
extern const struct kind kinds[KINDS];

/* Initial states of a slot, by their letters. */
#define INIT_EMPTY	'E'
#define INIT_ABSENT	'A'
#define INIT_ABSENT_RC	'B'	/* with R and C */
#define INIT_VALID	'V'
#define INIT_VALID_RC	'W'
#define INIT_DEVICE	'M'

#define PAGES		16	/* guest pages: bits 24..27 of the address */
#define VERSIONS	4	/* storages of one page */

/* What a walker or an emulator holds: at most one translation. */
enum translation_state { TLB_NONE, TLB_FLIGHT, TLB_HELD };

struct translation {
	enum translation_state state;
	unsigned int slot;
	unsigned int dw0_at;	/* which store of doubleword 0 it is from */
	uint64_t rb;
	uint64_t dw1;		/* host order, with its own R and C */
	uint64_t gpa;
	unsigned int version;
};

/* When something last happened to a page, 0: never. */
struct page_times {
	unsigned int used[VERSIONS];
	unsigned int stored[VERSIONS];
	unsigned int young;
	unsigned int dirty;
};

struct world {
	const struct kind *kind;
	struct hpte_caps caps;
	struct hpte_table table;
	struct hpte_vm vm;
	struct translation tlb;
	unsigned int user;	/* who translates: WALKER, or CPU 0 */
	struct view_of walker_stores;
	struct page_times pages[PAGES];
	unsigned int clock;
	unsigned int dropped_version;	/* storages before it are gone */
	unsigned int gone_at[SLOTS];	/* removed: dw0 up to this store */
	uint8_t flushed_by[ITEMS_MAX];	/* of accesses: mask of threads */
	struct view_of returned;	/* known to who starts later */
	unsigned int walks;
};

extern struct world world;

/* world_build() - the table and its entries, once for each scenario. */
void world_build(const struct kind *kind, const char *initial);

/* world_start() - before each run.  world_final() - fill history.final. */
void world_start(void);
void world_final(void);

/* Entries: of guest page @page; @other: in another segment. */
struct hpte world_entry(unsigned int page, bool other, uint64_t bits);
struct hpte_va world_va(bool other);

/* The segment descriptor of what world_va(false) has at address 0. */
uint64_t world_descriptor(void);

/* Checks. */
void check_no_host(uint64_t value);
void check_doubleword0(unsigned int location, uint64_t old, uint64_t new);

/* Slots that are neither empty nor live. */
unsigned int world_slots_lost(void);

#define HOST_BIT	(UINT64_C(1) << 44)
#define VERSION_SHIFT	36
#define GPA_DEVICE	(UINT64_C(1) << 35)

#endif /* INTERLEAVE_WORLD_H */
