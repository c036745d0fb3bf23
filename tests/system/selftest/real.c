/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/selftest/real.c - real mode, which is virtual (VRMA), and
 * interrupts that have nothing to do with pages.
 */
#include "tests/system/platform/abi.h"
#include "tests/system/guest/guest.h"
#include "selftest.h"

static const char *first_fetch(void)
{
	uint64_t faults = count(ABI_COUNT_HISI);
	uint64_t ea = (uintptr_t)far_code;

	this_cpu()->gpr[3] = 41;
	(void)fetch(REAL, ea);
	TRUST(ended(DONE, 42));
	NEED(count(ABI_COUNT_HISI) == faults + 1, "%x interrupts, not 1",
	     count(ABI_COUNT_HISI) - faults);
	this_cpu()->gpr[3] = 1;
	(void)fetch(REAL, ea);
	TRUST(ended(DONE, 2));
	NEED(count(ABI_COUNT_HISI) == faults + 1, "a second one");
	return NULL;
}

static const char *first_access(uint32_t instruction, uint64_t value)
{
	uint64_t faults = count(ABI_COUNT_HDSI);
	uint64_t real = fresh();

	(void)probe_one(REAL, instruction, real + 0x120, value);
	TRUST(ended(DONE, value));
	NEED(count(ABI_COUNT_HDSI) == faults + 1, "%x interrupts, not 1",
	     count(ABI_COUNT_HDSI) - faults);
	NEED(*word_at(real + 0x120) == value, "memory is %x",
	     (uint64_t)*word_at(real + 0x120));
	NEED(count(ABI_COUNT_HDSI) == faults + 1, "a second one");
	return NULL;
}

static const char *first_load(void)
{
	return first_access(LWZ, 0);
}

static const char *first_store(void)
{
	return first_access(STW, 0x600dcafe);
}

static const char *end_of_memory(void)
{
	(void)probe_one(REAL, STW, ABI_RAM_BYTES - 4, 77);
	TRUST(ended(DONE, 77));
	(void)probe_one(REAL, STW, ABI_RAM_BYTES, 77);
	TRUST(ended_in_dsi(ABI_RAM_BYTES, NO_ENTRY | STORE));
	(void)probe_one(REAL, LWZ, ABI_RAM_BYTES + 0x12340, 0);
	TRUST(ended_in_dsi(ABI_RAM_BYTES + 0x12340, NO_ENTRY));
	(void)fetch(REAL, ABI_RAM_BYTES);
	return ended_in_isi(ABI_RAM_BYTES, NO_ENTRY);
}

/* [ISA: Virtual Real Mode Addressing]: bits 0:3 of the EA do not count. */
static const char *ignored_bits(void)
{
	uint64_t real = fresh();

	(void)probe_one(REAL, STW, real | UINT64_C(0xf000000000000000), 99);
	TRUST(ended(DONE, 99));
	NEED(*word_at(real) == 99, "it went elsewhere");
	return NULL;
}

/* The others must be zero, and the page must not be found without them. */
static const char *forbidden_bits(void)
{
	uint64_t ea = fresh() | UINT64_C(0x0000120000000000);

	(void)probe_one(REAL, LWZ, ea, 0);
	return ended_in_dsi(ea, NO_ENTRY);
}

static const char *illegal_instruction(void)
{
	(void)probe_one(REAL, 0, 0, 0);
	TRUST(ended(PROGRAM, 0));
	NEED(this_cpu()->srr0 == this_cpu()->pc, "SRR0 %x", this_cpu()->srr0);
	NEED(this_cpu()->srr1 & 0x80000, "SRR1 %x", this_cpu()->srr1);
	return NULL;
}

#define TLBIE		X_FORM(306, 3, 0, 4)

static const char *hypervisor_instruction(void)
{
	(void)probe_one(REAL, TLBIE, 0, 0);
	TRUST(ended(PROGRAM, 0));
	NEED(this_cpu()->srr0 == this_cpu()->pc, "SRR0 %x", this_cpu()->srr0);
	return NULL;
}

const struct check real_checks[] = {
	{ "real mode: the first fetch of a page is one HISI", first_fetch },
	{ "real mode: the first load of a page is one HDSI", first_load },
	{ "real mode: the first store to a page is one HDSI", first_store },
	{ "real mode: where the memory ends", end_of_memory },
	{ "real mode: EA bits 0:3 are ignored", ignored_bits },
	{ "real mode: EA bits 4:23 are not", forbidden_bits },
	{ "an illegal instruction is a program interrupt",
	  illegal_instruction },
	{ "a hypervisor's instruction is a program interrupt",
	  hypervisor_instruction },
	{ NULL, NULL }
};
