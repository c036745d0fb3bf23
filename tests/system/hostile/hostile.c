/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/hostile/hostile.c - a guest that tries to break the visor.
 *
 * Executes random instructions, one after the other, in every mode: real and
 * translated, privileged and not, 64- and 32-bit, both byte orders, with
 * registers that lead to RAM, to devices, to nothing; and hypercalls with
 * garbage.  Each ends in an interrupt of this guest.  What it must not hurt
 * itself with is left out.  At the end the visor must still serve it.
 */
#include "examples/visor/abi.h"
#include "tests/system/guest.h"

#include <hpte/papr.h>
#include <hpte/xlate.h>

#include <stddef.h>

#define TIMES		6000U		/* instructions on each vCPU */
#define CODE		UINT64_C(0x10000)	/* + 256 a vCPU: EA = real */
#define TRAP		0x7FE00008U
#define SC_1		0x44000022U
#define MSR_EE		0x8000U
#define MSR_FACILITIES	(0x2000000U | 0x800000U | 0x2000U)
#define SPR_DEC		22
#define SPR_AMR		29
#define SPR_IAMR	61

static volatile uint64_t order;
static volatile uint64_t finished[2], taken[2][0x80], resized;

/* Xorshift: any seed but 0. */
static uint64_t next(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* A full group, or a page it has, is fine. */
static void enter_all(void)
{
	static const uint64_t bits[] = {
		HPTE_DW1_M | 3,				/* this image */
		CODE | HPTE_DW1_M | 2,
		0x200000 | HPTE_DW1_M | 2,
		0x210000 | HPTE_DW1_M | 3,
		ABI_SCRATCH_LITTLE | HPTE_DW1_I | HPTE_DW1_G | 2,
		ABI_NO_DEVICE | HPTE_DW1_I | 2,
		0x220000 | HPTE_DW1_M | HPTE_DW1_N | 2,
		0x230000 | HPTE_DW1_M | HPTE_DW1_KEY_LO | 2,
	};
	uint64_t ptex;

	for (unsigned int n = 0; n < sizeof(bits) / sizeof(bits[0]); n++)
		enter(order, n, 0, bits[n], &ptex);
}

/*
 * Real mode may not store to the image any more: 16-bit displacements lead
 * there.  The entry is one of the real mode area's, in a slot 7.
 */
static void protect_image(void)
{
	uint64_t entries = UINT64_C(1) << (order - 4);
	const uint64_t vrma = UINT64_C(0x4001FFFFFF000000);

	for (uint64_t ptex = 7; ptex < entries; ptex += 8) {
		const uint64_t arguments[] = { 0, ptex, 0, 0 };
		uint64_t entry[4];

		if (call(HPTE_HCALL_READ, arguments, entry) == HPTE_H_SUCCESS &&
		    (entry[0] & vrma) == vrma && entry[0] >> 24 == vrma >> 24 &&
		    !(entry[1] & HPTE_DW1_ARPN & ~UINT64_C(0xFFFF))) {
			hcall(HPTE_HCALL_PROTECT, 3, ptex, 0, 0);
			return;
		}
	}
	fail("the image is not in the table");
}

static uint64_t value(uint64_t *seed)
{
	uint64_t random = next(seed);

	switch (random >> 60) {
	case 0: case 1: case 2: case 3:
		return random & 0x7FFFF;		/* translated pages */
	case 4: case 5: case 6:
		return 0x100000 | (random & 0x3FFFFFF);	/* RAM, and past it */
	case 7: case 8:
		return 0x40000 | (random & 0x3FFF);	/* scratch device */
	case 9: case 10:
		return random & 0x3F;
	case 11:
		return 0x80000000 | (random & 0x3FFFF);
	case 12:
		return ~UINT64_C(0) >> (random & 63);
	}
	return next(seed);
}

static uint32_t instruction(uint64_t *seed)
{
	uint64_t random = next(seed);
	uint32_t word = (uint32_t)random;

	switch (random >> 61) {
	case 0: case 1:
		return word;
	case 2: case 3:
		return 31U << 26 | (word & 0x3FFFFFF);
	case 4: case 5:					/* D-form, small */
		return (word | 0x80000000U) & ~0x7FF0U;
	case 6:
		return 1U << 26 | (word & 0x3FFFFFF);	/* a prefix, alone */
	}
	return SC_1;
}

/*
 * Opcodes of libhpte's calls but H_CLEAR_HPT, and of the visor's harmless
 * ones.  Of the table, slots 0 to 6: in slots 7 is real mode.
 */
static void garbage_hcall(struct context *context, uint64_t *seed)
{
	static const uint16_t opcodes[] = {
		HPTE_HCALL_REMOVE, HPTE_HCALL_ENTER, HPTE_HCALL_READ,
		HPTE_HCALL_CLEAR_MOD, HPTE_HCALL_CLEAR_REF, HPTE_HCALL_PROTECT,
		HPTE_HCALL_PAGE_INIT, HPTE_HCALL_LOGICAL_CI_LOAD,
		HPTE_HCALL_LOGICAL_CI_STORE, HPTE_HCALL_BULK_REMOVE,
		HPTE_HCALL_VRMASD, HPTE_HCALL_BLOCK_REMOVE,
		HPTE_HCALL_RESIZE_HPT_PREPARE, HPTE_HCALL_RESIZE_HPT_COMMIT,
		ABI_CEDE, VISOR_DEMOTE, VISOR_RAW, VISOR_READ_ONLY,
		VISOR_COUNT,
	};
	uint64_t random = next(seed);

	context->gpr[3] = opcodes[random % (sizeof(opcodes) / 2)];
	context->gpr[4] = random >> 40 & 3 ? random >> 42 & 0xFFFF : random;
	context->gpr[5] = random >> 8 & 0xFFFF;
	if ((context->gpr[5] & 7) == 7)
		context->gpr[5] &= ~UINT64_C(1);
	if (random >> 63)
		context->gpr[6] = 0x123 << 12 | HPTE_DW0_L | HPTE_DW0_V;
	/* neither fill the page of this image nor map it for stores */
	if (context->gpr[3] == HPTE_HCALL_PAGE_INIT)
		context->gpr[5] |= 0x1000000;
	if (context->gpr[3] == HPTE_HCALL_ENTER)
		context->gpr[7] |= 0x1000000;
	/* nor change the page size of real mode */
	if (context->gpr[3] == HPTE_HCALL_VRMASD)
		context->gpr[4] |= 0x100;
}

static void one(unsigned int self, uint64_t *seed)
{
	struct context *context = &contexts[self];
	volatile uint32_t *code = (uint32_t *)(CODE + 256 * self);
	uint64_t random = next(seed);
	uint32_t word = instruction(seed);
	uint64_t vector;

	for (unsigned int i = 0; i < 32; i++)
		context->gpr[i] = value(seed);
	if (word == SC_1)
		garbage_hcall(context, seed);
	context->pc = (uintptr_t)code;
	context->msr = ABI_MSR | MSR_EE | (random & MSR_FACILITIES);
	if (random >> 62)
		context->msr |= HPTE_MSR_IR | HPTE_MSR_DR |
				(random & (HPTE_MSR_PR | HPTE_MSR_LE));
	else
		context->msr |= random & HPTE_MSR_DR;
	if (!(random >> 55 & 7))
		context->msr &= ~HPTE_MSR_SF;
	for (unsigned int i = 0; i < 8; i++) {
		code[i] = context->msr & HPTE_MSR_LE ? __builtin_bswap32(word) :
						       word;
		word = TRAP;
	}
	__asm__ volatile("dcbst 0,%0; sync; icbi 0,%0; sync; isync"
			 : : "r"(code) : "memory");
	use_segment();
	__asm__ volatile("mtspr %0, %2; mtspr %1, %2; mtspr %3, %4; isync"
			 : : "n"(SPR_AMR), "n"(SPR_IAMR), "r"(0L),
			 "n"(SPR_DEC), "r"(20000L) : "memory");
	vector = execute(context);
	taken[self][vector / 0x20 % 0x80]++;
}

/*
 * A table of another size, in the middle of what the other vCPU does.  That
 * one may have called for a size too, or have left bolted garbage behind.
 */
static void resize(uint64_t shift)
{
	int64_t code;

	do {
		code = hcall(HPTE_HCALL_RESIZE_HPT_PREPARE, 0, shift, 0, 0);
	} while (code >= HPTE_H_LONG_BUSY_10_MS);
	if (code == HPTE_H_SUCCESS)
		code = hcall(HPTE_HCALL_RESIZE_HPT_COMMIT, 0, shift, 0, 0);
	if (code == HPTE_H_SUCCESS) {
		order = shift;
		resized++;
	}
}

static void run(unsigned int self)
{
	uint64_t seed = 0x9E3779B97F4A7C15 + self;

	__asm__ volatile("mfspr %0, 1023" : "=r"(contexts[self].pir));
	for (unsigned int i = 0; i < TIMES; i++) {
		if (self == 0 && i % 1024 == 1023)
			resize(18 + next(&seed) % 7);
		if (i % 256 == 0)
			enter_all();
		one(self, &seed);
	}
	__atomic_store_n(&finished[self], 1, __ATOMIC_RELEASE);
}

void guest_second(void)
{
	run(1);
	for (;;)
		hcall(ABI_CEDE, 0, 0, 0, 0);
}

/* The visor is whole: an entry comes and goes as ever, and so do tables. */
static void still_served(void)
{
	const uint64_t dw0 = UINT64_C(0x456) << 12 | HPTE_DW0_L | HPTE_DW0_V;
	const uint64_t dw1 = 0x300000 | 0x1000 | HPTE_DW1_M | 2;
	const uint64_t group = 0x777 * 8;

	for (uint64_t ptex = group; ptex < group + 7; ptex++) {
		const uint64_t arguments[] = { 0, ptex, 0, 0 };
		uint64_t entry[4];

		hcall(HPTE_HCALL_REMOVE, 0, ptex, 0, 0);
		if (hcall(HPTE_HCALL_ENTER, HPTE_HFLAG_EXACT, ptex, dw0, dw1) !=
		    HPTE_H_SUCCESS ||
		    call(HPTE_HCALL_READ, arguments, entry) != HPTE_H_SUCCESS ||
		    entry[0] != dw0 || entry[1] != dw1 ||
		    hcall(HPTE_HCALL_REMOVE, 0, ptex, 0, 0) != HPTE_H_SUCCESS)
			fail("the visor does not serve it any more");
	}
	if (!resized)
		fail("no table was ever resized");
	if (hcall(HPTE_HCALL_VRMASD, 0x11, 0, 0, 0) != HPTE_H_SUCCESS)
		fail("real mode cannot stay as it is");
}

void guest_main(uint64_t vcpus, uint64_t power, uint64_t table_order)
{
	(void)power;
	order = table_order;
	contexts[1].pir = ~UINT64_C(0);
	enter_all();
	protect_image();
	if (vcpus > 1 && hcall(VISOR_START_CPU, 1, (uintptr_t)second_entry, 0,
			       0) != HPTE_H_SUCCESS)
		fail("no second vCPU");
	run(0);
	while (vcpus > 1 && !__atomic_load_n(&finished[1], __ATOMIC_ACQUIRE))
		;
	still_served();
	print("hostile: table resized ");
	print_number(resized, 10);
	print(" times\n");
	for (unsigned int i = 0; i < 0x80; i++)
		if (taken[0][i] + taken[1][i]) {
			print("hostile: interrupt ");
			print_number(i * 0x20, 16);
			print(": ");
			print_number(taken[0][i] + taken[1][i], 10);
			print(" times\n");
		}
	hcall(VISOR_OFF, 0, 0, 0, 0);
}
