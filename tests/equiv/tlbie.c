/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/equiv/tlbie.c - the instructions that an invalidation is made of, in
 * order, with their operands; and the fetch that may be interrupted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hpte/hpte.h>
#include <hpte/ppc64.h>

#include "arch/ppc64/asm.h"
#include "privileged.h"

#define LPID		0x123U
#define COUNT		3U

static const uint64_t rb[COUNT] = { 0x1111000, 0x2222101, 0x3333000 };
static struct privileged cpu;

static struct hpte_ppc64_tlb tlb_of(unsigned int isa, uint32_t errata)
{
	struct hpte_ppc64_tlb tlb = {
		.rs = hpte_hash_tlbie_rs(isa, LPID),
		.sets = hpte_hash_tlbie_sets(isa),
		.errata = errata,
	};

	return tlb;
}

static void invalidate(unsigned int isa, uint32_t errata, unsigned int count,
		       unsigned int flags)
{
	struct hpte_ppc64_tlb tlb = tlb_of(isa, errata);

	memset(&cpu, 0, sizeof(cpu));
	privileged_call(&cpu);
	hpte_ppc64_tlb_invalidate(&tlb, rb, count, flags);
	privileged_end();
}

static void assert_done(unsigned int n, uint32_t word, uint64_t operand_rb,
			uint64_t operand_rs)
{
	assert_true(n < cpu.dones);
	assert_int_equal(cpu.done[n].word, word);
	if (word == DONE_TLBSYNC)
		return;
	assert_int_equal(cpu.done[n].rb, operand_rb);
	if (word != DONE_TLBIEL)
		assert_int_equal(cpu.done[n].rs, operand_rs);
}

static void everywhere(void **state)
{
	static const unsigned int levels[3] = { 206, 207, 300 };

	(void)state;
	for (unsigned int n = 0; n < 6; n++) {
		invalidate(levels[n / 2], 0, COUNT, HPTE_TLB_GLOBAL |
			   (n & 1 ? HPTE_TLB_NO_PRESYNC : 0));
		assert_int_equal(cpu.dones, COUNT + 1);
		for (unsigned int i = 0; i < COUNT; i++)
			assert_done(i, DONE_TLBIE, rb[i], LPID);
		assert_done(COUNT, DONE_TLBSYNC, 0, 0);
	}
	invalidate(300, 0, 0, HPTE_TLB_GLOBAL);
	assert_int_equal(cpu.dones, 1);
	assert_done(0, DONE_TLBSYNC, 0, 0);
}

static void errata(void **state)
{
	(void)state;
	invalidate(300, HPTE_PPC64_ERRATUM_STQ, COUNT, HPTE_TLB_GLOBAL);
	assert_int_equal(cpu.dones, COUNT + 2);
	assert_done(COUNT, DONE_TLBIE, rb[COUNT - 1], LPID);
	assert_done(COUNT + 1, DONE_TLBSYNC, 0, 0);

	invalidate(300, HPTE_PPC64_ERRATUM_ERAT, COUNT, HPTE_TLB_GLOBAL);
	assert_int_equal(cpu.dones, COUNT + 2);
	assert_done(COUNT, DONE_TLBIE_R, 0x800, 0);
	assert_done(COUNT + 1, DONE_TLBSYNC, 0, 0);

	invalidate(300, HPTE_PPC64_ERRATUM_ERAT | HPTE_PPC64_ERRATUM_STQ,
		   1, HPTE_TLB_GLOBAL);
	assert_int_equal(cpu.dones, 4);
	assert_done(0, DONE_TLBIE, rb[0], LPID);
	assert_done(1, DONE_TLBIE_R, 0x800, 0);
	assert_done(2, DONE_TLBIE, rb[0], LPID);
	assert_done(3, DONE_TLBSYNC, 0, 0);
}

static void here(void **state)
{
	(void)state;
	invalidate(207, 0, COUNT, 0);
	assert_int_equal(cpu.dones, COUNT);
	for (unsigned int i = 0; i < COUNT; i++)
		assert_done(i, DONE_TLBIEL, rb[i], 0);
}

static void all_sets(void **state)
{
	static const struct {
		unsigned int isa, sets;
	} levels[3] = { { 206, 128 }, { 207, 512 }, { 300, 256 } };

	(void)state;
	for (unsigned int n = 0; n < 3; n++) {
		bool erat = levels[n].isa >= 300;
		struct hpte_ppc64_tlb tlb = tlb_of(levels[n].isa,
			erat ? HPTE_PPC64_TLBIEL_ERAT : 0);

		memset(&cpu, 0, sizeof(cpu));
		privileged_call(&cpu);
		hpte_ppc64_tlb_invalidate_all(&tlb);
		privileged_end();
		assert_int_equal(cpu.dones, levels[n].sets + erat);
		if (erat)
			assert_int_equal(cpu.done[levels[n].sets].word,
					 DONE_SLBIA_7);
		for (unsigned int i = 0; i < levels[n].sets; i++)
			assert_done(i, DONE_TLBIEL, hpte_hash_tlbie_set_rb(i),
				    0);
	}
}

/* What HSPRG0 points to. */
static struct {
	uint8_t host[PERCPU_ENTRY];
	struct hpte_ppc64_entry entry;
} percpu;

static bool fetch(uint64_t ea, uint32_t *word)
{
	bool done;

	memset(&cpu, 0, sizeof(cpu));
	cpu.spr[HDSI_SPR_HSPRG0] = (uint64_t)(uintptr_t)&percpu;
	cpu.msr = UINT64_C(0x9000000000001000);
	privileged_call(&cpu);
	done = hpte_ppc64_fetch_insn(&percpu.entry, ea, word);
	privileged_end();
	/* whatever happened, translation is off and nothing is under way */
	assert_int_equal(cpu.msr, UINT64_C(0x9000000000001000));
	assert_int_equal(percpu.entry.priv_fetch, 0);
	return done;
}

static void fetch_one(void **state)
{
	static const uint32_t code[2] = { 0x12345678, 0x9ABCDEF0 };
	uint32_t word = 0;

	(void)state;
	for (unsigned int i = 0; i < 2; i++) {
		assert_true(fetch((uint64_t)(uintptr_t)&code[i], &word));
		assert_int_equal(word, code[i]);
		/* it did not fault, and came with translation on */
		assert_int_equal(cpu.spr[HDSI_SPR_SRR0], 0);
	}
}

static void fetch_interrupted(void **state)
{
	uint32_t word = 0x5A5A5A5A;

	(void)state;
	assert_false(fetch(0x10, &word));
	assert_int_equal(word, 0x5A5A5A5A);
	assert_int_equal(cpu.spr[HDSI_SPR_SRR1], UINT64_C(0x9000000000001010));
}

/* An interrupt of something else is left to the host, as it was. */
static void fixup_not_ours(void **state)
{
	struct privileged before;

	(void)state;
	memset(&cpu, 0, sizeof(cpu));
	for (unsigned int i = 0; i < 32; i++)
		cpu.regs.gpr[i] = i * UINT64_C(0x0101010101010101);
	cpu.spr[HDSI_SPR_HSPRG0] = (uint64_t)(uintptr_t)&percpu;
	cpu.spr[HDSI_SPR_SRR0] = 0x1234;
	before = cpu;
	privileged_vector(&cpu, CODE_DSI);
	assert_true(cpu.slow);
	assert_memory_equal(cpu.spr, before.spr, sizeof(cpu.spr));
	for (unsigned int i = 0; i < 32; i++)
		if (i != 11 && i != 12)
			assert_int_equal(cpu.regs.gpr[i], before.regs.gpr[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everywhere),
		cmocka_unit_test(errata),
		cmocka_unit_test(here),
		cmocka_unit_test(all_sets),
		cmocka_unit_test(fetch_one),
		cmocka_unit_test(fetch_interrupted),
		cmocka_unit_test(fixup_not_ours),
	};

	return cmocka_run_group_tests_name("tlbie", tests, NULL, NULL);
}
