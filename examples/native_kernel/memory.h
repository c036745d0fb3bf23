/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/native_kernel/memory.h - virtual memory of a kernel that is its
 * own master: no hypervisor under it, the hashed page table is its cache of
 * translations.
 *
 * The truth is struct page.  The table has less room than there are pages, so
 * that any translation, but the kernel's own, may be thrown out at any time:
 * the next access faults, and memory_fault() enters it again.  Frames are
 * fewer than pages too: a page that is not used goes to the disk, if it has
 * been stored to since it came from there.
 *
 * One CPU at a time is in here: a kernel on many holds its own lock, for
 * struct page and the frames.  The table needs none.
 */
#ifndef NATIVE_KERNEL_MEMORY_H
#define NATIVE_KERNEL_MEMORY_H

#include "hpte/hpte.h"

#define TABLE_ORDER	18U		/* 256 KiB: 16,384 translations */
#define PAGE_SHIFT	12U
#define FRAMES_START	0x10000000U	/* real address of the first */
#define FRAMES		24000U
#define SEGMENT_PAGES	10000U		/* mapped in each of a program's */
#define SEGMENTS	4U		/* from effective address SEGMENT */
#define SEGMENT		0x10000000U
#define PAGES		(SEGMENTS * SEGMENT_PAGES)
#define LINEAR		0xC000000000000000U	/* the kernel's: real address */
#define LINEAR_BYTES	0x18000000U		/* by pages of 16M */

/**
 * struct page - what the kernel knows of one page of a program
 * @frame:	where it is, if it is present
 * @present:	in @frame; otherwise on the disk
 * @writable:	the program may store to it
 * @dirty:	differs from what the disk has
 * @young:	used since the clock's hand came by
 */
struct page {
	uint32_t frame;
	bool present;
	bool writable;
	bool dirty;
	bool young;
};

/* What memory.c counts. */
struct memory_counts {
	uint64_t faults;	/* storage interrupts that were answered */
	uint64_t secondary;	/* entries in the secondary group */
	uint64_t evicted[2];	/* victims: of the primary, the secondary */
	uint64_t swapped_out;
	uint64_t dropped;	/* clean pages: not written */
};

extern struct memory_counts memory_counts;

/*
 * Start: an empty table with entries of HPTE_FORMAT_*, and the kernel's own
 * mapping in it.
 */
bool memory_start(void *table, void *side, uint8_t format);

/* The segment that translates an address; false: none does. */
bool memory_segment(uint64_t ea, uint64_t *descriptor);

/*
 * Data storage interrupt.  False: the access is not allowed, tell the program
 * (or, if it is the kernel's, stop).
 */
bool memory_fault(uint64_t ea, bool store);

/* Change what the program may do; on return no CPU has the old right. */
bool memory_protect(uint64_t ea, bool writable);

/* Write what is dirty to the disk, from the table's C bits. */
void memory_sync(void);

/* The machine: simulated.c, or bare/. */
void machine_tlb_invalidate(const uint64_t *rb, unsigned int count);
void machine_tlb_invalidate_all(void);
void machine_disk_read(uint32_t page, uint32_t frame);
void machine_disk_write(uint32_t page, uint32_t frame);

#endif /* NATIVE_KERNEL_MEMORY_H */
