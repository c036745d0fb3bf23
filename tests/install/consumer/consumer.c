/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/install/consumer/consumer.c - a program that uses an installed
 * library: it prints what it was compiled with and what it is linked with.
 */
#include <hpte/hpte.h>

#include <stdio.h>

#define ORDER	HPTE_ORDER_MIN

static _Alignas(128) uint64_t memory[(1 << ORDER) / 8];
static _Alignas(16) uint64_t side[(1 << ORDER) / 8];

/* An entry goes in, is found, and comes out. */
static int use(void)
{
	const struct hpte_table_config config = {
		.memory = { memory, side }, .order = ORDER
	};
	const struct hpte_va va = { .vsid = 0x1234, .offset = 0x5000,
				    .segment = 28, .base = 12 };
	const struct hpte entry = { hpte_hash_dw0(&va),
				    0x3000 | HPTE_DW1_M | 2 };
	uint64_t group = hpte_hash_group(hpte_hash_primary(&va), false, ORDER);
	struct hpte_table table;
	struct hpte_view view;
	struct hpte removed;
	uint64_t index;

	if (hpte_table_init(&table, &config) != HPTE_OK ||
	    hpte_table_insert(&table, group * HPTE_GROUP_ENTRIES, 0, &entry,
			      NULL, &index) != HPTE_OK ||
	    hpte_table_find(&table, &va, 0, &view) != HPTE_OK ||
	    view.index != index ||
	    hpte_table_remove(&table, index, NULL, &removed) != HPTE_OK)
		return 1;
	return removed.dw1 != entry.dw1;
}

int main(void)
{
	printf("%s %u.%u.%u\n", HPTE_VERSION_STRING,
	       hpte_version_number() >> 16, hpte_version_number() >> 8 & 0xFF,
	       hpte_version_number() & 0xFF);
	return use();
}
