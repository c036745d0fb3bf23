/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * bench/mca/find.c - one hpte_table_find_ea(), for run.py to see which
 * instructions it is: a 4K page of a 256M segment, absent, no walker.
 *
 * usage: find SLOT
 *
 * SLOT: 0..7 in the primary group, 8..15 in the secondary, 16: nowhere.
 */
#include <stdlib.h>

#include "libhpte/internal.h"

#define ORDER		18U
#define GROUP_MASK	((UINT64_C(1) << (ORDER - 7)) - 1)
#define VSID		UINT64_C(0x89ABCD)
#define EA		UINT64_C(0x4560000)
#define DW1		UINT64_C(0x123192)

static _Alignas(1 << ORDER) hpte_be64_t memory[(1 << ORDER) / 8];

int main(int argc, char **argv)
{
	struct hpte_table_config config = {
		.memory.base = memory, .order = ORDER,
		.cpu = HPTE_CPU_LOAD16,
	};
	uint64_t hash = VSID ^ EA >> 12, index, where;
	struct hpte entry = { VSID << 12 | EA >> 23 << 7, DW1 };
	struct hpte_table table;
	struct hpte_view view = { .index = 0 };
	unsigned int slot;
	int status;

	if (argc != 2 || hpte_table_init(&table, &config) != HPTE_OK)
		return 2;
	slot = (unsigned int)atoi(argv[1]);
	index = ((slot >= 8 ? ~hash : hash) & GROUP_MASK) * 8 + slot % 8;
	entry.dw0 |= slot >= 8 ? HPTE_DW0_H : 0;
	if (slot < 16 && hpte_table_insert(&table, index, HPTE_INSERT_EXACT,
					   &entry, NULL, &where) != HPTE_OK)
		return 2;
	status = hpte_table_find_ea(&table, VSID << 12, EA, 0, &view);
	return slot < 16 ? status != HPTE_OK || view.guest.dw1 != DW1 :
			   status != HPTE_ERR_NOTFOUND;
}
