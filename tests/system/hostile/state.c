/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/hostile/state.c - strange addresses, segments and states.
 */
#include "tests/system/platform/abi.h"
#include "hostile.h"

#define MSR_HV		UINT64_C(0x1000000000000000)
#define MTMSRD		(X_FORM(178, 3, 0, 0))
#define SLBMTE		(X_FORM(402, 3, 0, 4))

/* Real mode, all 64 bits: inside, an alias of it, or a DSI. */
static const char *real_addresses(void)
{
	for (unsigned int i = 0; i < 1000; i++) {
		uint64_t ea = random_word() >> random_below(64) & ~UINT64_C(3);
		uint64_t offset = ea & UINT64_C(0x000000ffffffffff);

		(void)probe_one(REAL, LWZ, ea, 0);
		if (offset < ABI_RAM_BYTES) {
			/* EA 0:3 do not count; of 4:23 a TLB may not know */
			if (this_cpu()->vector == DONE)
				continue;
			NEED(ea << 4 >> 44, "%x faults", ea);
		}
		TRUST(ended_in_dsi(ea, NO_ENTRY));
	}
	return NULL;
}

/* The last bytes of memory, and what hangs over. */
static const char *over_the_end(void)
{
	(void)probe_one(REAL, LD, ABI_RAM_BYTES - 8, 0);
	TRUST(ended(DONE, 0));
	(void)probe_one(REAL, LD, ABI_RAM_BYTES - 4, 0);
	TRUST(ended(DSI, 0));
	NEED(this_cpu()->dsisr == NO_ENTRY, "DSISR %x", this_cpu()->dsisr);
	(void)probe_one(REAL, STD, ABI_RAM_BYTES - 3, 0);
	TRUST(ended(DSI, 0));
	NEED(this_cpu()->dsisr == (NO_ENTRY | STORE), "DSISR %x",
	     this_cpu()->dsisr);
	return NULL;
}

/* The PC somewhere, real or not. */
static const char *jumps(void)
{
	SEGMENTS(&small, &small_1t);
	for (unsigned int i = 0; i < 1000; i++) {
		uint64_t ea = random_word() >> random_below(64) & ~UINT64_C(3);
		uint64_t msr = random_below(2) ? REAL : VIRTUAL;

		if ((ea & UINT64_C(0x000000ffffffffff)) < ABI_RAM_BYTES)
			continue;	/* that is memory, or may be */
		if (random_below(2))
			ea = small.ea + (ea & 0xffffffc);
		(void)fetch(msr, ea);
		if (msr == VIRTUAL && this_cpu()->vector == ISEGI) {
			NEED(this_cpu()->srr0 == ea, "SRR0 %x, not %x",
			     this_cpu()->srr0, ea);
			continue;
		}
		TRUST(ended_in_isi(ea, NO_ENTRY));
	}
	return NULL;
}

static bool has_interrupt(uint64_t vector)
{
	return vector >= 0x200 && vector < 0x1000;
}

/* mtmsrd, and rfid into states that no system uses; never MSR[HV]. */
static const char *machine_states(void)
{
	/* ME: a machine check without it is the end of a guest, rightly */
	const uint64_t keep = MSR_SF | MSR_ME | MSR_EE;

	SEGMENTS(&small);
	for (unsigned int i = 0; i < 1000; i++) {
		uint64_t msr = (random_word() & random_word()) | keep;
		struct cpu *cpu = this_cpu();

		__asm__ volatile("mtdec %0" : : "r" (10000));
		if (random_below(2))
			(void)probe_one(REAL, MTMSRD, small.ea, msr);
		else
			(void)probe_one(msr, LWZ, small.ea, 0);
		NEED(has_interrupt(cpu->vector), "vector %x", cpu->vector);
		NEED(!(cpu->srr1 & MSR_HV), "MSR %x gives SRR1 %x", msr,
		     cpu->srr1);
	}
	return NULL;
}

/* Segments with reserved sizes: the CPU refuses them, or finds no page. */
static const char *segment_bits(void)
{
	/* L and LP: 4K, 64K, 16M, 16G; a reserved one, rarely */
	static const uint64_t sizes[] = { 0, 0x110, 0x100, 0x120, 0x130 };

	for (unsigned int i = 0; i < 500; i++) {
		uint64_t vsid = random_word() & ~UINT64_C(0x130);
		struct cpu *cpu = this_cpu();

		vsid |= sizes[i % 100 ? i % 4 : 4];
		SEGMENTS(&small);
		(void)probe_one(REAL, SLBMTE, UINT64_C(0x50000000) |
				0x08000000 | 4, vsid);
		NEED(cpu->vector == DONE || cpu->vector == PROGRAM,
		     "vector %x", cpu->vector);
		(void)load(UINT64_C(0x50000000) | random_below(0x10000000));
		NEED(cpu->vector == DSI || cpu->vector == DSEGI, "vector %x",
		     cpu->vector);
		NEED(cpu->vector != DSI || cpu->dsisr == NO_ENTRY ||
		     cpu->dsisr == (NO_ENTRY | KEY), "DSISR %x", cpu->dsisr);
		(void)fetch(VIRTUAL, UINT64_C(0x50000000));
		NEED(cpu->vector == ISI || cpu->vector == ISEGI, "vector %x",
		     cpu->vector);
	}
	return NULL;
}

/* Registers of the hypervisor, by number; most do not exist. */
static const char *special_registers(void)
{
	for (unsigned int spr = 0; spr < 1024; spr++) {
		uint32_t field = (spr & 31) << 16 | (spr >> 5) << 11;
		struct cpu *cpu = this_cpu();

		if (spr >= 272 && spr <= 275)
			continue;	/* SPRG0-3 are this guest's own */
		(void)probe_one(USER, 31U << 26 | 3U << 21 | field | 467U << 1,
				0, 0);
		NEED(has_interrupt(cpu->vector), "mtspr %d: vector %x", spr,
		     cpu->vector);
		(void)probe_one(REAL, 31U << 26 | 3U << 21 | field | 339U << 1,
				0, 0);
		NEED(has_interrupt(cpu->vector), "mfspr %d: vector %x", spr,
		     cpu->vector);
	}
	keys_set(0, 0);
	return NULL;
}

const struct check state_checks[] = {
	{ "real mode with any address", real_addresses },
	{ "real mode over the end of memory", over_the_end },
	{ "jumps to nowhere", jumps },
	{ "any machine state", machine_states },
	{ "any segment", segment_bits },
	{ "special registers", special_registers },
	{ NULL, NULL }
};
