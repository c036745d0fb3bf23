/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/budget/operations.c - each operation of the budgets, once in a
 * function of its own, for run.py to count what is executed inside.
 *
 * usage: operations		perform each ROUNDS times
 *        operations --step	count those with AVX-512 by single steps
 *        operations --bytes	bytes of an entry
 *
 * The find table has no walker, and a 4K page in slot 2 of its primary group,
 * about where it is in a half full table, and one in the secondary; find
 * begins with effective address and segment descriptor.  All else has a
 * walker and valid entries.
 */
#include "bench/count.h"

#include <hpte/hpte.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS		8
#define ORDER		18U
#define HIT		UINT64_C(0x1000)
#define SECONDARY	UINT64_C(0x2000)
#define MISS		UINT64_C(0x3000)
#define DESCRIPTOR	(UINT64_C(0x123456) << 12)
#define DEVICE		(UINT64_C(1) << 50)
#define MSR		(HPTE_MSR_SF | HPTE_MSR_IR | HPTE_MSR_DR)
#define STW_R5_R4	UINT32_C(0x90A40000)
#define NOINLINE	__attribute__((noinline, noclone))

/* One after the other: the table of finds, and the one of all else. */
static unsigned char memory[3][1 << ORDER];
static _Alignas(16) unsigned char side[2][1 << ORDER];

static struct hpte_table finds, finds_avx2, finds_avx512, walked;
static struct hpte_vm vm;
static struct hpte_vcpu vcpu;
static struct hpte_mmio bus;
static struct hpte_mmio_slot slots[8];
static struct hpte_mmio_cpu mmio_cpu;
static uint64_t regs[HPTE_REG_COUNT];
static struct hpte_fault ram_fault, device_fault;
static struct hpte_outcome device_outcome;
static uint64_t gpr[32], entered, inserted;
static bool wrong;

static enum hpte_backing_kind classify(void *ctx, uint64_t gpa,
				       unsigned int shift,
				       unsigned int *largest)
{
	(void)ctx;
	(void)shift;
	*largest = 16;
	return gpa < DEVICE ? HPTE_BACKING_RAM : HPTE_BACKING_IO;
}

static enum hpte_host_result map_page(void *ctx, uint64_t gpa,
				      unsigned int shift, bool want_write,
				      struct hpte_host_page *page)
{
	(void)ctx;
	(void)want_write;
	page->real = gpa;
	page->shift = (uint8_t)shift;
	page->writable = true;
	return HPTE_HOST_DONE;
}

static void tlb_invalidate(void *ctx, const uint64_t *rb, unsigned int count,
			   unsigned int flags)
{
	(void)ctx;
	(void)rb;
	(void)count;
	(void)flags;
}

static void tlb_invalidate_all(void *ctx)
{
	(void)ctx;
}

static const struct hpte_host_ops ops = {
	.ops_size = sizeof(ops), .classify = classify, .map_page = map_page,
	.tlb_invalidate = tlb_invalidate,
	.tlb_invalidate_all = tlb_invalidate_all,
};

static enum hpte_mmio_result device_access(void *ctx,
					   struct hpte_mmio_access *access)
{
	(void)ctx;
	(void)access;
	return HPTE_MMIO_DONE;
}

static const struct hpte_mmio_ops device_ops = {
	.ops_size = sizeof(device_ops), .access = device_access,
};

/* Like every user: from an effective address to doubleword 1. */
static inline void find(const struct hpte_table *table, uint64_t ea, int right)
{
	struct hpte_view view;

	wrong |= hpte_table_find_ea(table, DESCRIPTOR, ea, 0, &view) != right;
}

#define FIND(name, table, ea, right)					\
	NOINLINE void budget_##name(void);				\
	NOINLINE void budget_##name(void)				\
	{								\
		find(&table, ea, right);				\
	}

FIND(find_hit, finds, HIT, HPTE_OK)
FIND(find_secondary, finds, SECONDARY, HPTE_OK)
FIND(find_miss, finds, MISS, HPTE_ERR_NOTFOUND)
FIND(find_hit_avx2, finds_avx2, HIT, HPTE_OK)
FIND(find_miss_avx2, finds_avx2, MISS, HPTE_ERR_NOTFOUND)
FIND(find_hit_avx512, finds_avx512, HIT, HPTE_OK)
FIND(find_miss_avx512, finds_avx512, MISS, HPTE_ERR_NOTFOUND)

static uint64_t slot_of(uint64_t ea, bool secondary, struct hpte *entry)
{
	struct hpte_va va;

	if (hpte_hash_va(DESCRIPTOR, ea, &va) != HPTE_OK)
		abort();
	entry->dw0 = hpte_hash_dw0(&va) | HPTE_DW0_V |
		     (secondary ? HPTE_DW0_H : 0);
	entry->dw1 = (UINT64_C(0x40) << 12) | HPTE_DW1_M | 2;
	return HPTE_GROUP_ENTRIES *
	       hpte_hash_group(hpte_hash_primary(&va), secondary, ORDER);
}

#define OPERATION(name)							\
	NOINLINE void budget_##name(void);				\
	NOINLINE void budget_##name(void)

static struct hpte table_entry;
static uint64_t table_index;

OPERATION(insert)
{
	wrong |= hpte_table_insert(&finds, table_index, 0, &table_entry, NULL,
				   &inserted) != HPTE_OK;
}

OPERATION(protect)
{
	static uint64_t bits;

	bits ^= HPTE_DW1_N;	/* a change each time */
	wrong |= hpte_table_protect(&walked, entered, NULL,
				    HPTE_DW1_N, bits) != HPTE_OK;
}

OPERATION(remove)
{
	struct hpte removed;

	wrong |= hpte_table_remove(&finds, inserted, NULL, &removed) !=
		 HPTE_OK;
}

static inline void hcall(uint64_t opcode, uint64_t flags, uint64_t index)
{
	gpr[3] = opcode;
	gpr[4] = flags;
	gpr[5] = index;
	wrong |= hpte_hcall_dispatch(&vm, gpr, 0) != HPTE_HCALL_DONE ||
		 gpr[3] != HPTE_H_SUCCESS;
}

OPERATION(h_enter)
{
	struct hpte entry;

	entered = slot_of(MISS, false, &entry);
	gpr[6] = entry.dw0;
	gpr[7] = entry.dw1;
	hcall(HPTE_HCALL_ENTER, 0, entered);
	entered = gpr[4];
}

OPERATION(h_read)
{
	gpr[4] = 0;
	gpr[3] = HPTE_HCALL_READ;
	hcall(HPTE_HCALL_READ, 0, entered);
}

OPERATION(h_protect)
{
	static uint64_t bits;

	bits ^= HPTE_DW1_N;
	hcall(HPTE_HCALL_PROTECT, bits, entered);
}

OPERATION(h_remove)
{
	hcall(HPTE_HCALL_REMOVE, 0, entered);
}

OPERATION(resolve_valid)
{
	struct hpte_outcome outcome;

	hpte_fault_resolve(&vcpu, &ram_fault, &outcome);
	wrong |= outcome.action != HPTE_FAULT_RETRY;
}

OPERATION(resolve_device)
{
	hpte_fault_resolve(&vcpu, &device_fault, &device_outcome);
	wrong |= device_outcome.action != HPTE_FAULT_MMIO;
}

OPERATION(emulate)
{
	static const uint32_t words[2] = { STW_R5_R4, 0 };

	wrong |= hpte_mmio_emulate(&mmio_cpu, &device_outcome, words) !=
		 HPTE_MMIO_EMULATED;
}

static unsigned int load16(void)
{
#ifdef __x86_64__
	return hpte_x86_64_cpu() & hpte_table_cpu() & HPTE_CPU_LOAD16;
#else
	return hpte_table_cpu() & HPTE_CPU_LOAD16;
#endif
}

/* By hand: not every loader aligns a program as it asks. */
static void *aligned_memory(unsigned int which)
{
	uintptr_t start = (uintptr_t)memory + (1 << ORDER) - 1;

	return (void *)(((start >> ORDER) + which) << ORDER);
}

static void make_table(struct hpte_table *table, unsigned int which,
		       unsigned int cpu)
{
	struct hpte_table_config config = {
		.order = ORDER, .cpu = cpu | load16(),
		.ops = which ? &ops : NULL,
		.flags = which ? HPTE_TABLE_WALKER : 0,
		.memory = { aligned_memory(which), side[which] },
	};

	if (!which && load16())
		config.memory.side = NULL;
	if (hpte_table_init(table, &config) != HPTE_OK)
		abort();
}

static void put(uint64_t ea, bool secondary, unsigned int slot)
{
	struct hpte entry;
	uint64_t index = slot_of(ea, secondary, &entry) + slot;

	if (hpte_table_insert(&finds, index, HPTE_INSERT_EXACT, &entry, NULL,
			      &index) != HPTE_OK)
		abort();
}

static void enter(uint64_t ea, uint64_t dw1)
{
	struct hpte entry;
	uint64_t index = slot_of(ea, false, &entry);

	gpr[6] = entry.dw0;
	gpr[7] = dw1;
	hcall(HPTE_HCALL_ENTER, 0, index);
}

static void make(void)
{
	struct hpte_mmio_region region = {
		.start = DEVICE, .bytes = 0x1000, .size_mask = 4,
		.ops = &device_ops,
	};

	make_table(&finds, 0, 0);
	make_table(&finds_avx2, 0, HPTE_CPU_AVX2);
	make_table(&finds_avx512, 0, HPTE_CPU_AVX512);
	make_table(&walked, 1, 0);
	put(HIT, false, 2);
	put(SECONDARY, true, 2);
	table_index = slot_of(MISS + 0x5000, false, &table_entry);
	hpte_hcall_init(&vm, &walked);
	enter(HIT, 0x40000 | HPTE_DW1_M | 2);
	enter(SECONDARY, DEVICE | HPTE_DW1_I | HPTE_DW1_G | 2);
	hpte_fault_init(&vcpu, &walked);
	ram_fault.access.msr = MSR;
	ram_fault.access.descriptor = DESCRIPTOR;
	ram_fault.status = HPTE_FAULT_NO_ENTRY | HPTE_FAULT_STORE;
	device_fault = ram_fault;
	ram_fault.access.ea = HIT;
	device_fault.access.ea = SECONDARY;
	hpte_mmio_init(&bus, slots, 8);
	if (hpte_mmio_add(&bus, &region) != HPTE_OK)
		abort();
	hpte_mmio_cpu_init(&mmio_cpu, &bus, NULL, regs);
	regs[HPTE_REG_MSR] = MSR;
	regs[4] = SECONDARY;
	/* the page is cached from now on */
	hpte_fault_resolve(&vcpu, &device_fault, &device_outcome);
}

static void (*const in_order[])(void) = {
	budget_find_hit, budget_find_secondary, budget_find_miss,
	budget_insert, budget_remove,
	budget_h_enter, budget_h_read, budget_protect, budget_h_protect,
	budget_h_remove, budget_resolve_valid, budget_resolve_device,
	budget_emulate,
};

NOINLINE void driver(void);
NOINLINE void driver(void)
{
	for (unsigned int i = 0; i < ROUNDS; i++)
		for (unsigned int n = 0;
		     n < sizeof(in_order) / sizeof(in_order[0]); n++)
			in_order[n]();
	if (!(hpte_table_cpu() & hpte_x86_64_cpu() & HPTE_CPU_AVX2))
		return;
	for (unsigned int i = 0; i < ROUNDS; i++) {
		budget_find_hit_avx2();
		budget_find_miss_avx2();
	}
}

static void nothing(void)
{
}

static void call(void *arg)
{
	(*(void (**)(void))arg)();
}

static void step(const char *name, void (*operation)(void))
{
	void (*empty)(void) = nothing;
	int64_t steps = bench_instructions(call, &operation);
	int64_t frame = bench_instructions(call, &empty);

	if (steps == BENCH_NOT_COUNTED || frame == BENCH_NOT_COUNTED)
		exit(77);
	printf("%s %lld\n", name, (long long)(steps - frame + 1));
}

int main(int argc, char **argv)
{
	make();
	if (argc > 1 && !strcmp(argv[1], "--bytes")) {
		printf("walker %d\n", (int)(16 + (hpte_table_side_bytes(ORDER,
			HPTE_TABLE_WALKER, load16()) >> (ORDER - 4))));
		printf("no_walker %d\n", (int)(16 + (hpte_table_side_bytes(
			ORDER, 0, load16()) >> (ORDER - 4))));
	} else if (argc > 1) {
		if (!(hpte_table_cpu() & hpte_x86_64_cpu() & HPTE_CPU_AVX512))
			return 77;
		step("find_hit_avx512", budget_find_hit_avx512);
		step("find_miss_avx512", budget_find_miss_avx512);
	} else {
		driver();
	}
	if (wrong)
		fprintf(stderr, "operations: a wrong answer\n");
	return wrong;
}
