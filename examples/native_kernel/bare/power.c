/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/native_kernel/bare/power.c - the machine itself: POWER9 or POWER10
 * without firmware, as QEMU's powernv9 and powernv10 start it.
 *
 * The kernel runs in real mode as the hypervisor of nobody: partition 0, which
 * is its own.  Data translation is on for one load or store at a time.  A
 * program's access is one with key 1 (Ks), as it would have in problem state.
 *
 * References
 *	[ISA]	Power ISA Version 3.0 B, Book III, "Partition Table", "SLB
 *		Management Instructions"
 *	[IPMI]	Intelligent Platform Management Interface Specification 2.0,
 *		"Block Transfer (BT) Interface", "Chassis Control Command"
 */
#include "../machine.h"

#include "examples/visor/cpu.h"

#define LPC_IO		UINT64_C(0x00060300D0010000)
#define UART_DATA	0x3F8U
#define UART_STATUS	0x3FDU
#define UART_ROOM	0x20U
#define BT_CONTROL	0xE4U
#define BT_BUFFER	0xE5U

#define DISK		UINT64_C(0x20000000)	/* real storage: it stays */
#define PATES		4096U
#define PTCR_PATS	4U			/* log2 of its bytes, less 12 */
#define SLB_V		HPTE_BIT(36)
#define SLBIE_1T	HPTE_BIT(38)
#define LINEAR_SLOT	SEGMENTS		/* of the SLB */
#define TRIES		3U

static _Alignas(PATES * 16) hpte_be64_t partitions[PATES][2];
static bool linear_for_kernel;

/* start.S: an interrupt that nothing here may cause. */
void machine_unexpected(uint64_t vector) __attribute__((noreturn));

uint8_t machine_format(void)
{
	return HPTE_FORMAT_300;
}

void machine_tlb_invalidate(const uint64_t *rb, unsigned int count)
{
	const struct hpte_ppc64_tlb tlb = {
		.rs = hpte_hash_tlbie_rs(HPTE_ISA_300, 0),
	};

	hpte_ppc64_tlb_invalidate(&tlb, rb, count, HPTE_TLB_GLOBAL);
}

void machine_tlb_invalidate_all(void)
{
	const struct hpte_ppc64_tlb tlb = {
		.sets = hpte_hash_tlbie_sets(HPTE_ISA_300),
		.errata = HPTE_PPC64_TLBIEL_ERAT,
	};

	hpte_ppc64_tlb_invalidate_all(&tlb);
}

static void set_segment(uint64_t ea, uint64_t slot, uint64_t key)
{
	uint64_t descriptor;

	if (!memory_segment(ea, &descriptor))
		machine_stop(false);
	__asm__ volatile("slbmte %0, %1; isync"
			 : : "r"(descriptor | key), "r"(ea | SLB_V | slot)
			 : "memory");
}

/* Whose key the kernel's segment has. */
static void set_linear(bool kernel)
{
	if (linear_for_kernel == kernel)
		return;
	linear_for_kernel = kernel;
	__asm__ volatile("isync; slbie %0; isync"
			 : : "r"(LINEAR | SLBIE_1T) : "memory");
	set_segment(LINEAR, LINEAR_SLOT, kernel ? 0 : HPTE_SLB_KS);
}

void machine_start(void *table, unsigned int order)
{
	partitions[0][0] = hpte_be64_from_host(
		hpte_xlate_pate0((uintptr_t)table, order,
				 hpte_xlate_vrma(PAGE_SHIFT)));
	mtspr(SPR_PTCR, (uintptr_t)partitions | PTCR_PATS);
	mtspr(SPR_LPIDR, 0);
	mtspr(SPR_LPCR, LPCR_LPES0);	/* no radix */
	mtspr(SPR_AMR, 0);
	__asm__ volatile("ptesync; slbia; isync" : : : "memory");
	machine_tlb_invalidate_all();
	for (uint64_t i = 0; i < SEGMENTS; i++)
		set_segment((i + 1) * SEGMENT, i, HPTE_SLB_KS);
	set_segment(LINEAR, LINEAR_SLOT, 0);
	linear_for_kernel = true;
}

/* One attempt; false: an interrupt came instead.  R10 is the vector's. */
static bool attempt(uint64_t ea, bool store, uint64_t *value)
{
	register uint64_t interrupted __asm__("r9") = 0;
	register uint64_t data __asm__("r8") = *value;
	uint64_t off, on;

	__asm__ volatile("mfmsr %0" : "=r"(off));
	on = off | MSR_DR;
	if (store)
		__asm__ volatile("mtmsrd %2; isync; std %1, 0(%4);"
				 "mtmsrd %3; isync"
				 : "+r"(interrupted)
				 : "r"(data), "r"(on), "r"(off), "b"(ea)
				 : "r10", "memory");
	else
		__asm__ volatile("mtmsrd %2; isync; ld %1, 0(%4);"
				 "mtmsrd %3; isync"
				 : "+r"(interrupted), "+r"(data)
				 : "r"(on), "r"(off), "b"(ea)
				 : "r10", "memory");
	if (!interrupted)
		*value = data;
	return !interrupted;
}

bool machine_access(uint64_t ea, bool kernel, bool store, uint64_t *value)
{
	if (ea >= LINEAR)
		set_linear(kernel);
	for (unsigned int tries = 0; tries < TRIES; tries++) {
		if (attempt(ea, store, value))
			return true;
		if (!memory_fault(ea, store))
			return false;
	}
	return false;
}

uint64_t machine_read(uint64_t real)
{
	return *(const volatile uint64_t *)real;
}

static void copy_page(uint64_t to, uint64_t from)
{
	for (unsigned int i = 0; i < 1U << PAGE_SHIFT; i += 8)
		*(volatile uint64_t *)(to + i) = machine_read(from + i);
}

void machine_disk_read(uint32_t page, uint32_t frame)
{
	copy_page(FRAMES_START + ((uint64_t)frame << PAGE_SHIFT),
		  DISK + ((uint64_t)page << PAGE_SHIFT));
}

void machine_disk_write(uint32_t page, uint32_t frame)
{
	copy_page(DISK + ((uint64_t)page << PAGE_SHIFT),
		  FRAMES_START + ((uint64_t)frame << PAGE_SHIFT));
}

static void put(char c)
{
	while (!(in_8(LPC_IO + UART_STATUS) & UART_ROOM))
		;
	out_8(LPC_IO + UART_DATA, (uint8_t)c);
}

static void put_text(const char *text)
{
	while (*text)
		put(*text++);
}

void machine_say(const char *what, uint64_t number)
{
	char digits[20];
	unsigned int count = 0;

	do
		digits[count++] = (char)('0' + number % 10);
	while (number /= 10);
	put_text(what);
	put_text(": ");
	while (count)
		put(digits[--count]);
	put('\n');
}

/* The verdict, and the machine's power off. */
void machine_stop(bool good)
{
	/* length, chassis << 2, sequence, chassis control, power down */
	static const uint8_t message[] = { 4, 0, 1, 2, 0 };

	put_text(good ? "PASS\n" : "FAIL\n");
	out_8(LPC_IO + BT_CONTROL, 1);		/* from the first byte */
	for (size_t i = 0; i < sizeof(message); i++)
		out_8(LPC_IO + BT_BUFFER, message[i]);
	out_8(LPC_IO + BT_CONTROL, 4);		/* attention */
	for (;;)
		;
}

void machine_unexpected(uint64_t vector)
{
	machine_say("unexpected interrupt", vector);
	machine_stop(false);
}
