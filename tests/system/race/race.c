/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/race/race.c - storage that is taken away while it is used.
 *
 * vCPU 1 counts in pages of RAM and in a device, and must always read what it
 * stored.  Meanwhile vCPU 0 has the host take V away from these pages, make
 * them read-only, replace the whole table, and itself changes their rights
 * and clears their R and C.  vCPU 1 must not see any of it: an interrupt
 * would end the guest.
 */
#include "examples/visor/abi.h"
#include "tests/system/guest.h"

#include <hpte/papr.h>
#include <hpte/xlate.h>

#define ROUNDS		24U
#define PAGES		4U
#define FIRST		0x20U			/* page of segment 0 */
#define PAGE(n)		((uint64_t)(FIRST + (n)) << 16)
#define REAL(n)		(0x200000 + ((uint64_t)(n) << 16))
#define DEVICE		PAGE(PAGES)
#define MSR_TRANSLATE	(HPTE_MSR_IR | HPTE_MSR_DR)

static uint64_t started, stop, stopped, loops, wrong;
static uint64_t ptex[PAGES];

static void translate(void)
{
	uint64_t msr;

	use_segment();
	__asm__ volatile("mfmsr %0; or %0, %0, %1; mtmsrd %0; isync"
			 : "=&r"(msr) : "r"((uint64_t)MSR_TRANSLATE)
			 : "memory");
}

static uint64_t load(uint64_t *from)
{
	return __atomic_load_n(from, __ATOMIC_ACQUIRE);
}

static void store(uint64_t *to, uint64_t value)
{
	__atomic_store_n(to, value, __ATOMIC_RELEASE);
}

static void count_in(uint64_t ea, uint64_t value, uint64_t before)
{
	uint64_t *word = (uint64_t *)ea;

	if (load(word) != before)
		wrong++;
	store(word, value);
	if (load(word) != value)
		wrong++;
}

void guest_second(void)
{
	translate();
	store(&started, 1);
	for (uint64_t value = 1; !load(&stop); value++) {
		for (unsigned int n = 0; n <= PAGES; n++)
			count_in(PAGE(n) + 8, value, value - 1);
		store(&loops, value);
	}
	store(&stopped, 1);
	for (;;)
		hcall(ABI_CEDE, 0, 0, 0, 0);
}

static void must(int64_t code, const char *what)
{
	if (code != HPTE_H_SUCCESS)
		fail(what);
}

/* Bolted entries move to the same slot of another group. */
static void resize(uint64_t order)
{
	uint64_t groups = UINT64_C(1) << (order - 7);

	while (hcall(HPTE_HCALL_RESIZE_HPT_PREPARE, 0, order, 0, 0) >=
	       HPTE_H_LONG_BUSY_10_MS)
		;
	must(hcall(HPTE_HCALL_RESIZE_HPT_COMMIT, 0, order, 0, 0),
	     "H_RESIZE_HPT_COMMIT");
	for (unsigned int n = 0; n < PAGES; n++)
		ptex[n] = ((0x123 ^ (FIRST + n)) & (groups - 1)) * 8 +
			  ptex[n] % 8;
}

static void disturb(uint64_t n)
{
	must(hcall(VISOR_DEMOTE, ptex[n], 0, 0, 0), "VISOR_DEMOTE");
	must(hcall(VISOR_READ_ONLY, REAL(n), 1, 0, 0), "VISOR_READ_ONLY");
	must(hcall(HPTE_HCALL_PROTECT, HPTE_HFLAG_N | 2, ptex[n], 0, 0),
	     "H_PROTECT");
	must(hcall(HPTE_HCALL_CLEAR_MOD, 0, ptex[n], 0, 0), "H_CLEAR_MOD");
	must(hcall(HPTE_HCALL_CLEAR_REF, 0, ptex[n], 0, 0), "H_CLEAR_REF");
	must(hcall(ABI_SET_MODE, 0, ABI_MODE_AIL, 0, 0), "H_SET_MODE");
}

static uint64_t count_of(uint64_t which)
{
	const uint64_t arguments[4] = { which };
	uint64_t results[4];

	must(call(VISOR_COUNT, arguments, results), "VISOR_COUNT");
	return results[0];
}

void guest_main(uint64_t vcpus, uint64_t power, uint64_t order)
{
	const uint64_t bolted = HPTE_DW0_BOLTED;
	uint64_t any;

	(void)power;
	if (vcpus < 2)
		fail("this takes two vCPUs");
	must(enter(order, 0, bolted, HPTE_DW1_M | 2, &any), "code");
	must(enter(order, 0xF, bolted, 0xF0000 | HPTE_DW1_M | 2, &any), "data");
	for (unsigned int n = 0; n < PAGES; n++)
		must(enter(order, FIRST + n, bolted, REAL(n) | HPTE_DW1_M | 2,
			   &ptex[n]), "page");
	must(enter(order, FIRST + PAGES, bolted,
		   ABI_SCRATCH_BIG | HPTE_DW1_I | HPTE_DW1_G | 2, &any),
	     "device");
	must(hcall(VISOR_START_CPU, 1, (uintptr_t)second_entry, 0, 0), "start");
	while (!load(&started))
		;
	for (unsigned int round = 0; round < ROUNDS; round++) {
		disturb(round % PAGES);
		if (round % 8 == 7)
			resize(18 + round / 8);
	}
	store(&stop, 1);
	while (!load(&stopped))
		;
	print("race: ");
	print_number(loops, 10);
	print(" rounds of the other vCPU, ");
	print_number(count_of(ABI_COUNT_HDSI), 10);
	print(" HDSIs, ");
	print_number(wrong, 10);
	print(" wrong values\n");
	if (wrong || count_of(ABI_COUNT_REFLECT) || loops < ROUNDS)
		fail("race: it was to see nothing, and to go on");
	hcall(VISOR_OFF, 0, 0, 0, 0);
}
