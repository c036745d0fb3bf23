/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/uart_guest.c - a guest that prints through an emulated UART.
 *
 * The guest of skeleton.c, and the CPU it runs on as far as storage goes: a
 * page of code, a device page, and one instruction, stb r5,0(r4), for each
 * character of a message.  There is no hardware here, so "the CPU" searches
 * the table as a hardware walker does, for valid entries only, finds none and
 * takes a hypervisor data storage interrupt.  Prints what happens, each step
 * once.
 */
#include "skeleton.h"

#include <stdio.h>
#include <string.h>

#define CODE_EA		0x10000000U
#define CODE_REAL	0x10000U
#define UART_EA		0x20000000U
#define UART_REAL	0x80000000U
#define ORDER		18U
#define STB_R5_R4	0x98A40000U		/* stb r5,0(r4) */
#define MSR		(HPTE_MSR_SF | HPTE_MSR_IR | HPTE_MSR_DR)
#define STORE_MISSED	(HPTE_FAULT_NO_ENTRY | HPTE_FAULT_STORE)

static const char message[] = "Hello from a page that is not there.\n";
static char console[sizeof(message)];
static size_t printed;
static bool first = true;		/* tell about this character */

struct guest guest;

void vm_console(char c)
{
	if (first)
		printf("  device     store of 1 byte, offset 0: '%c'\n", c);
	if (printed < sizeof(console) - 1)
		console[printed++] = c;
}

void vm_deliver(uint32_t vector, uint64_t srr1, uint64_t dar, uint32_t dsisr)
{
	(void)srr1;
	printf("  interrupt  %03x DAR %llx DSISR %08x\n", (unsigned int)vector,
	       (unsigned long long)dar, (unsigned int)dsisr);
	guest.regs[HPTE_REG_PC] = vector;
}

static bool segment(uint64_t ea, uint64_t *descriptor)
{
	return hpte_xlate_segment(guest.slb, 32, ea, descriptor) == HPTE_OK;
}

/* The entry that maps an effective address. */
static bool find(uint64_t ea, unsigned int flags, struct hpte_view *view)
{
	uint64_t descriptor;

	return segment(ea, &descriptor) &&
	       hpte_table_find_ea(&table, descriptor, ea, flags, view) ==
	       HPTE_OK;
}

/* The guest's kernel: H_ENTER for one page. */
static bool enter(uint64_t ea, uint64_t real, uint64_t bits, const char *what)
{
	struct hpte_va va;
	uint64_t descriptor, *gpr = guest.regs;

	if (!segment(ea, &descriptor) ||
	    hpte_hash_va(descriptor, ea, &va) != HPTE_OK)
		return false;
	gpr[3] = HPTE_HCALL_ENTER;
	gpr[4] = 0;
	gpr[5] = hpte_hash_group(hpte_hash_primary(&va), false, ORDER) *
		 HPTE_GROUP_ENTRIES;
	gpr[6] = hpte_hash_dw0(&va) | HPTE_DW0_V;
	gpr[7] = real | bits;
	if (!vm_hcall() || gpr[3])
		return false;
	printf("  sc 1       H_ENTER EA %llx, real %llx: %s, entry %llu\n",
	       (unsigned long long)ea, (unsigned long long)real, what,
	       (unsigned long long)gpr[4]);
	return true;
}

/* A hardware walker's search: does the CPU find a translation? */
static bool walk(uint64_t ea)
{
	struct hpte_view view;

	return find(ea, HPTE_FIND_VALID, &view);
}

/* What the hypervisor is about to find out, for the reader. */
static void tell(uint64_t ea)
{
	const uint32_t words[2] = { STB_R5_R4, 0 };
	struct hpte_insn insn;
	struct hpte_view view;

	printf("  CPU        stb r5,0(r4): no valid entry: HDSI, HDAR %llx "
	       "HDSISR %08x\n", (unsigned long long)ea,
	       (unsigned int)STORE_MISSED);
	if (!find(ea, 0, &view))
		return;
	printf("  lookup     entry %llu: %s, %s at real %llx\n",
	       (unsigned long long)view.index,
	       view.state & HPTE_VIEW_VALID ? "valid" : "absent",
	       view.state & HPTE_VIEW_MMIO ? "a device" : "RAM",
	       (unsigned long long)hpte_entry_real(view.guest.dw1,
						   view.page.actual));
	hpte_insn_decode(words, &insn);
	printf("  decode     %08x: %s of %u byte from GPR %u\n",
	       (unsigned int)words[0],
	       insn.kind == HPTE_INSN_STORE ? "store" : "?", insn.size,
	       insn.reg);
}

/* The guest's CPU: stb r5,0(r4). */
static bool store_char(char c)
{
	uint64_t *gpr = guest.regs;

	gpr[4] = UART_EA;
	gpr[5] = (unsigned char)c;
	gpr[HPTE_REG_PC] = CODE_EA;
	if (walk(gpr[4]))
		return false;
	if (first)
		tell(gpr[4]);
	if (!vm_storage_interrupt(gpr[4], STORE_MISSED, false))
		return false;
	if (first)
		printf("  commit     PC %llx\n  ...\n",
		       (unsigned long long)gpr[HPTE_REG_PC]);
	first = false;
	return gpr[HPTE_REG_PC] == CODE_EA + 4;
}

int main(void)
{
	const uint8_t code[4] = { STB_R5_R4 >> 24, STB_R5_R4 >> 16 & 0xFF };

	guest.slb[0].esid = CODE_EA | HPTE_BIT(36);
	guest.slb[0].descriptor = UINT64_C(0x1234) << 12;
	guest.slb[1].esid = UART_EA | HPTE_BIT(36);
	guest.slb[1].descriptor = UINT64_C(0x1235) << 12;
	guest.regs[HPTE_REG_MSR] = MSR;
	memcpy(guest.ram + CODE_REAL, code, sizeof(code));
	if (!vm_start() ||
	    !enter(CODE_EA, CODE_REAL, HPTE_DW1_M | 2, "RAM") ||
	    !enter(UART_EA, UART_REAL, HPTE_DW1_I | HPTE_DW1_G | 2, "a device"))
		return 1;
	for (size_t i = 0; i < sizeof(message) - 1; i++)
		if (!store_char(message[i]))
			return 1;
	printf("console      %s", console);
	return strcmp(console, message) != 0;
}
