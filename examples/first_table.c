/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/first_table.c - a guest's hypercall in, an absent entry out.
 *
 * The README shows this file; the tests compile and run it.
 */
#include <hpte/hpte.h>

#include <stdio.h>

#define ORDER	18U			/* 256 KiB: 16,384 entries */

static _Alignas(1 << ORDER) uint64_t memory[(1 << ORDER) / 8];
static _Alignas(16) uint64_t side[(1 << ORDER) / 8];

/* Guest real storage: 1 GiB of RAM, devices above. */
static enum hpte_backing_kind classify(void *ctx, uint64_t gpa,
				       unsigned int shift,
				       unsigned int *largest)
{
	(void)ctx;
	(void)shift;
	*largest = 24;
	return gpa < 0x40000000 ? HPTE_BACKING_RAM : HPTE_BACKING_IO;
}

int main(void)
{
	const struct hpte_host_ops ops = { .ops_size = sizeof(ops),
					   .classify = classify };
	const struct hpte_table_config config = {
		.memory = { memory, side }, .order = ORDER, .ops = &ops,
	};
	const uint64_t descriptor = 0x123456789ULL << 12; /* 256M, 4K pages */
	const uint64_t ea = 0x10000000;
	struct hpte_table table;
	struct hpte_view view;
	struct hpte_va va;
	struct hpte_vm vm;
	uint64_t gpr[32] = { 0 };

	if (hpte_table_init(&table, &config) != HPTE_OK ||
	    hpte_hash_va(descriptor, ea, &va) != HPTE_OK)
		return 1;
	hpte_hcall_init(&vm, &table);

	/* The guest: H_ENTER, a device page at 0x80000000, I=1 G=1 PP=2. */
	gpr[3] = HPTE_HCALL_ENTER;
	gpr[5] = hpte_hash_group(hpte_hash_primary(&va), false, ORDER) *
		 HPTE_GROUP_ENTRIES;
	gpr[6] = hpte_hash_dw0(&va) | HPTE_DW0_V;
	gpr[7] = 0x80000000 | HPTE_DW1_I | HPTE_DW1_G | 2;
	if (hpte_hcall_dispatch(&vm, gpr, 0) != HPTE_HCALL_DONE)
		return 1;
	printf("H_ENTER: code %d, entry %llu\n", (int)gpr[3],
	       (unsigned long long)gpr[4]);

	/* Its access faults, because V=0.  The handler looks the entry up. */
	if (hpte_table_find(&table, &va, 0, &view) != HPTE_OK)
		return 1;
	printf("EA %llx -> guest real %llx, %s\n", (unsigned long long)ea,
	       (unsigned long long)hpte_entry_real(view.guest.dw1,
						   view.page.actual),
	       view.state & HPTE_VIEW_MMIO ? "a device: emulate" : "RAM: map");
	return 0;
}
