/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * bench/mca/probe.c - one search, for run.py to see which instructions it is.
 *
 * usage: probe twin|assembly 207|300 SLOT
 *
 * SLOT: 0..7 in the primary group, 8..15 in the secondary, 16: nowhere.
 */
#include <stdlib.h>
#include <string.h>

#include "arch/generic/hdsi_search.h"
#include "arch/ppc64/search.h"

#define ORDER		18U
#define MASK		((UINT64_C(1) << ORDER) - 128)
#define DESCRIPTOR	UINT64_C(0x400089ABCD000110)	/* 1T, 64K pages */
#define VSID		UINT64_C(0x89ABCD)
#define EA		UINT64_C(0x1234560000)

static _Alignas(1 << ORDER) hpte_be64_t memory[(1 << ORDER) / 8];

uint64_t twin_207(const void *table, uint64_t mask, uint64_t descriptor,
		  uint64_t ea);
uint64_t twin_300(const void *table, uint64_t mask, uint64_t descriptor,
		  uint64_t ea);

/* whole in one function, as the assembly is */
__attribute__((flatten))
uint64_t twin_207(const void *table, uint64_t mask, uint64_t descriptor,
		  uint64_t ea)
{
	return hpte_c_hdsi_search(table, mask, descriptor, ea, false);
}

__attribute__((flatten))
uint64_t twin_300(const void *table, uint64_t mask, uint64_t descriptor,
		  uint64_t ea)
{
	return hpte_c_hdsi_search(table, mask, descriptor, ea, true);
}

int main(int argc, char **argv)
{
	bool assembly, isa_300;
	unsigned int slot;
	uint64_t hash = VSID ^ VSID << 25 ^ EA >> 16;
	uint64_t at, found;

	if (argc != 4)
		return 2;
	assembly = !strcmp(argv[1], "assembly");
	isa_300 = !strcmp(argv[2], "300");
	slot = (unsigned int)atoi(argv[3]);
	at = ((slot >= 8 ? ~hash : hash) << 7 & MASK) + slot % 8 * 16;
	if (slot < 16) {
		/* valid, 1T; LP of a 64K page */
		memory[at / 8] = hpte_be64_from_host(VSID << 24 |
			(EA >> 16 & ~UINT64_C(0x7F)) | 0x05 |
			(slot >= 8 ? 2 : 0) |
			(isa_300 ? 0x20 : HPTE_HDSI_B_1T));
		memory[at / 8 + 1] = hpte_be64_from_host(0x1000);
	}
	found = (assembly ? isa_300 ? hpte_ppc64_hdsi_search_300_ :
				      hpte_ppc64_hdsi_search_207_ :
			    isa_300 ? twin_300 : twin_207)
		(memory, MASK, DESCRIPTOR, EA);
	return found != (slot < 16 ? (at | HPTE_HDSI_VALID) : HPTE_HDSI_MISS);
}
