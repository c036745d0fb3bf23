/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/plugin/operand.c - which tlbie an entry in the table needs.
 *
 * Nothing of it is from the library but the three bits that it keeps in
 * doubleword 0 [libhpte/internal.h].
 *
 * References
 *	[ISA]	Power ISA Versions 2.07 B and 3.0 B, Book III, "Page Table
 *		Entry", "Page Table Search", "TLB Invalidate Entry"
 */
#include "operand.h"

#include <stddef.h>

/* Doubleword 0: the hardware's bits, and the library's. */
#define V		UINT64_C(1)
#define H		UINT64_C(2)
#define L		UINT64_C(4)
#define ABS		UINT64_C(0x20)
#define BUSY		UINT64_C(0x40)
#define MARK		(UINT64_C(1) << 63)

/* The virtual address has 78 bits. */
__extension__ typedef unsigned __int128 address;

static uint64_t low(unsigned int bits)
{
	return (UINT64_C(1) << bits) - 1;
}

/* Has somebody taken the entry, to remove it or to change it? */
bool slot_between(const struct slot *slot)
{
	return (slot->dw0 & BUSY) && (slot->dw0 & (V | ABS | MARK));
}

/* log2 of base and actual page: the pairs that POWER8 to 10 have. */
static bool page_sizes(const struct slot *slot, unsigned int *base,
		       unsigned int *actual)
{
	static const struct {
		uint8_t mask, lp, base, actual;
	} known[] = {
		{ 0x0F, 0x01, 16, 16 }, { 0x0F, 0x07, 12, 16 },
		{ 0xFF, 0x00, 24, 24 }, { 0xFF, 0x08, 16, 24 },
		{ 0xFF, 0x38, 12, 24 }, { 0xFF, 0x03, 34, 34 },
	};

	*base = *actual = 12;
	if (!(slot->dw0 & L))
		return true;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if ((slot->dw1 >> 12 & known[i].mask) == known[i].lp) {
			*base = known[i].base;
			*actual = known[i].actual;
			return true;
		}
	return false;
}

/* B, whose place in a valid entry depends on the format. */
static uint64_t segment_size(const struct slot *slot)
{
	if (slot->isa_300 && (slot->dw0 & V))
		return slot->dw1 >> 58 & 3;
	return slot->dw0 >> 62 & 1;
}

/*
 * AVPN is the address above 2^23; what is below, down to the base page, is
 * what the hash of the segment alone lacks to give the group.
 */
static address virtual_address(const struct slot *slot, unsigned int base)
{
	address va = (address)(slot->dw0 >> 7 & low(55)) << 23;
	uint64_t group = slot->dw0 & H ? ~slot->group : slot->group;
	uint64_t hash = (uint64_t)(va >> 28);

	if (segment_size(slot)) {
		hash = (uint64_t)(va >> 40);
		hash ^= hash << 25;
	}
	if (base < 23)
		va |= (hash ^ group) << base & low(23);
	return va;
}

/* RB; all ones, which no RB is, if that is no page. */
uint64_t slot_operand(const struct slot *slot)
{
	unsigned int base, actual;
	uint64_t va, rb;

	if (!page_sizes(slot, &base, &actual))
		return UINT64_MAX;
	va = (uint64_t)virtual_address(slot, base);
	rb = segment_size(slot) << 8;
	if (base == 12) {		/* AVA, AP */
		static const uint8_t ap[] = { 0, 5, 4 };

		return rb | (va & ~low(12)) |
		       (uint64_t)ap[actual == 16 ? 1 : actual == 24 ? 2 : 0]
			       << 5;
	}
	rb |= va & ~low(actual);	/* AVA, LP, AVAL, L */
	rb |= slot->dw1 & 0xFF000 & low(actual);
	for (unsigned int n = 13; n < 20; n++)
		if (n >= base)
			rb |= (va >> n & 1) << (n - 12);
	return rb | 1;
}
