/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/native_kernel/simulated.c - a CPU's walker and TLB, from the book.
 *
 * Nothing of the library is used but names of bits: hash, comparison and the
 * meaning of a tlbie operand are written a second time, for the two page sizes
 * the kernel uses.  The TLB forgets only what it is told to forget, or what
 * another translation pushes out: whoever forgets a tlbie meets a stale
 * translation soon.  One word stands for each frame.
 *
 * References
 *	[ISA]	Power ISA Version 2.07 B, Book III, "Hashed Page Table
 *		Search", "Storage Protection", "Reference and Change
 *		Recording", "TLB Invalidate Entry"
 */
#include "machine.h"

#include <stdio.h>
#include <stdlib.h>

#define TLB_ENTRIES	512U	/* direct-mapped, by virtual page */
#define TRIES		3U	/* faults of one access, at most */

/* An effective address as the search sees it. */
struct address {
	uint64_t vsid;
	uint64_t offset;	/* in the segment */
	uint64_t tag;
	unsigned int shift;	/* log2 bytes of the page */
	bool large;		/* a page of 16M in a segment of 1T */
};

/*
 * struct translation - one entry of the TLB
 * @tag:	low 64 bits of the virtual address, without the offset in the
 *		page, plus 1: 0 is an empty entry
 */
struct translation {
	uint64_t tag;
	uint64_t real;
	unsigned int shift;
	unsigned int pp;
	bool changed;
};

static struct translation tlb[TLB_ENTRIES];
static uint64_t frames[FRAMES];
static uint64_t disk[PAGES];
static uint64_t walks;
static uint8_t *table;
static uint64_t group_mask;

uint8_t machine_format(void)
{
	return HPTE_FORMAT_207;
}

void machine_start(void *base, unsigned int order)
{
	table = base;
	group_mask = (UINT64_C(1) << (order - 7)) - 1;
}

void machine_disk_read(uint32_t page, uint32_t frame)
{
	frames[frame] = disk[page];
}

void machine_disk_write(uint32_t page, uint32_t frame)
{
	disk[page] = frames[frame];
}

void machine_tlb_invalidate_all(void)
{
	for (unsigned int i = 0; i < TLB_ENTRIES; i++)
		tlb[i].tag = 0;
}

/* RB: virtual address bits 14:65 in bits 0:51; large pages by bits 14:54 */
void machine_tlb_invalidate(const uint64_t *rb, unsigned int count)
{
	for (; count > 0; count--, rb++)
		for (unsigned int i = 0; i < TLB_ENTRIES; i++) {
			uint64_t tag = tlb[i].tag - 1;

			if (tlb[i].tag && !((tag ^ *rb) >> tlb[i].shift))
				tlb[i].tag = 0;
		}
}

static uint64_t read64(const uint8_t *bytes)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < 8; i++)
		value = value << 8 | bytes[i];
	return value;
}

static struct address address_of(uint64_t descriptor, uint64_t ea)
{
	struct address address = { .large = descriptor & HPTE_SLB_B_1T };
	unsigned int bits = address.large ? 40 : 28;

	address.shift = address.large ? 24 : 12;
	address.vsid = (descriptor & HPTE_SLB_VSID) >>
		       (address.large ? 24 : 12);
	address.offset = ea & ((UINT64_C(1) << bits) - 1);
	address.tag = ((address.vsid << bits | address.offset) >>
		       PAGE_SHIFT << PAGE_SHIFT) + 1;
	return address;
}

/* The entry that maps it, or NULL. */
static uint8_t *walk(const struct address *address)
{
	uint64_t vsid = address->vsid, offset = address->offset, hash, want;

	if (address->large) {
		hash = vsid ^ vsid << 25 ^ offset >> 24;
		want = HPTE_DW0_B_1T | HPTE_DW0_L | HPTE_DW0_V |
		       (vsid << 40 | offset) >> 24 << 8;
	} else {
		hash = vsid ^ offset >> 12;
		want = HPTE_DW0_V | (vsid << 28 | offset) >> 23 << 7;
	}
	walks++;
	for (unsigned int h = 0; h < 2; h++) {
		uint8_t *entry = table + 128 * ((h ? ~hash : hash) &
						group_mask);

		for (unsigned int slot = 0; slot < 8; slot++, entry += 16)
			if ((read64(entry) & ~HPTE_DW0_SW) == (want | h << 1))
				return entry;
	}
	return NULL;
}

/* Fill an entry of the TLB; false: storage interrupt. */
static bool load(struct translation *to, const struct address *address,
		 bool store)
{
	uint8_t *entry = walk(address);
	uint64_t dw1;

	to->tag = 0;
	if (!entry)
		return false;
	entry[14] |= 0x01;		/* R */
	if (store)
		entry[15] |= 0x80;	/* C */
	dw1 = read64(entry + 8);
	to->tag = address->tag;
	to->shift = address->shift;
	to->real = (dw1 & HPTE_DW1_ARPN) >> to->shift << to->shift;
	to->pp = (unsigned int)(dw1 & HPTE_DW1_PP);
	to->changed = dw1 & HPTE_DW1_C;
	return true;
}

/* [ISA: Storage Protection], the key is 0 for the kernel and 1 otherwise */
static bool allowed(unsigned int pp, bool kernel, bool store)
{
	if (store)
		return pp == 2 || (kernel && pp < 2);
	return kernel || pp != 0;
}

/* One attempt; false: storage interrupt. */
static bool translate(uint64_t ea, bool kernel, bool store, uint64_t *real)
{
	struct translation *entry;
	struct address address;
	uint64_t descriptor;

	if (!memory_segment(ea, &descriptor))
		return false;
	address = address_of(descriptor, ea);
	entry = &tlb[(address.tag >> PAGE_SHIFT) % TLB_ENTRIES];
	if (entry->tag != address.tag && !load(entry, &address, false))
		return false;
	if (!allowed(entry->pp, kernel, store))
		return false;
	/* the first store through a translation records it in the table */
	if (store && !entry->changed && !load(entry, &address, true))
		return false;
	*real = entry->real |
		(address.offset & ((UINT64_C(1) << entry->shift) - 1));
	return true;
}

/* The word at a real address; NULL where the simulated machine has none. */
static uint64_t *word(uint64_t real)
{
	uint64_t frame = (real - FRAMES_START) >> PAGE_SHIFT;

	return real >= FRAMES_START && frame < FRAMES ? &frames[frame] : NULL;
}

/* Elsewhere each address has its own number. */
uint64_t machine_read(uint64_t real)
{
	return word(real) ? *word(real) : real;
}

bool machine_access(uint64_t ea, bool kernel, bool store, uint64_t *value)
{
	for (unsigned int tries = 0; tries < TRIES; tries++) {
		uint64_t real;

		if (translate(ea, kernel, store, &real)) {
			if (!store)
				*value = machine_read(real);
			else if (word(real))
				*word(real) = *value;
			return true;
		}
		if (!memory_fault(ea, store))
			return false;
	}
	return false;
}

void machine_say(const char *what, uint64_t number)
{
	printf("%s: %llu\n", what, (unsigned long long)number);
}

void machine_stop(bool good)
{
	machine_say("walks", walks);
	puts(good ? "PASS" : "FAIL");
	exit(!good);
}
