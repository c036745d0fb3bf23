/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/guest.c - what guests written in C have in common.
 */
#include "examples/visor/abi.h"
#include "tests/system/guest.h"

#include <hpte/papr.h>
#include <hpte/xlate.h>

#define VSID	UINT64_C(0x123)

struct context contexts[2];

int64_t hcall(uint64_t opcode, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	const uint64_t arguments[] = { a, b, c, d };
	uint64_t results[4];

	return call(opcode, arguments, results);
}

void print(const char *text)
{
	while (*text) {
		uint64_t words[2] = { 0, 0 };
		unsigned int bytes = 0;

		for (; bytes < 16 && *text; bytes++, text++)
			words[bytes / 8] |= (uint64_t)(uint8_t)*text
					    << (56 - bytes % 8 * 8);
		if (hcall(ABI_PUT_TERM_CHAR, 0, bytes, words[0], words[1]))
			return;
	}
}

void print_number(uint64_t value, unsigned int base)
{
	char digits[21];
	unsigned int at = sizeof(digits) - 1;

	digits[at] = 0;
	do {
		digits[--at] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	print(&digits[at]);
}

void fail(const char *why)
{
	print(why);
	print("\n");
	hcall(VISOR_OFF, 1, 0, 0, 0);
}

int64_t enter(uint64_t order, uint64_t n, uint64_t dw0, uint64_t bits,
	      uint64_t *ptex)
{
	const uint64_t group = (VSID ^ n) & ((UINT64_C(1) << (order - 7)) - 1);
	const uint64_t arguments[] = {
		0, group * 8, VSID << 12 | HPTE_DW0_L | HPTE_DW0_V | dw0,
		bits | 0x1000,				/* LP: 64K */
	};
	uint64_t results[4];
	int64_t code = call(HPTE_HCALL_ENTER, arguments, results);

	if (code == HPTE_H_SUCCESS)
		*ptex = results[0];
	return code;
}

void use_segment(void)
{
	__asm__ volatile("slbia; slbmte %0, %1; isync"
			 : : "r"(VSID << 12 | HPTE_SLB_L | 0x10),
			 "r"(UINT64_C(0x8000000)) : "memory");
}
