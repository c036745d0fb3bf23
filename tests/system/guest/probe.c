/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/guest/probe.c - instructions put together and run.
 */
#include "guest.h"

#define CODE_WORDS	1024U
#define CODE_EA		UINT64_C(0x10000000)	/* in oracle.c's segment */

static uint32_t code_pages[CPUS][CODE_WORDS]
	__attribute__((aligned(4096)));
static uint64_t stacks[CPUS][1024] __attribute__((aligned(16)));

#define CPU(n)	{ .number = (n), .code = code_pages[n], \
		  .code_ea = CODE_EA + (n) * UINT64_C(4096), \
		  .stack = (uintptr_t)&stacks[n][1024 - 16] }

struct cpu cpus[CPUS] = { CPU(0), CPU(1) };

static void code_changed(const volatile uint32_t *at)
{
	__asm__ volatile("dcbst 0,%0; sync; icbi 0,%0; sync; isync"
			 : : "r" (at) : "memory");
}

void put_code(uint64_t real, uint32_t instruction)
{
	volatile uint32_t *at = word_at(real);

	*at = instruction;
	code_changed(at);
}

static void put_probe(struct cpu *cpu, const uint32_t *code, unsigned int count,
		      bool little)
{
	volatile uint32_t *to = cpu->code;

	for (unsigned int i = 0; i <= count; i++) {
		uint32_t word = i < count ? code[i] : SC;

		to[i] = little ? __builtin_bswap32(word) : word;
		code_changed(&to[i]);
	}
}

uint32_t probe_ticks = 0x7fffffff;

/* A pending decrementer would come first where PR=1 sets EE. */
static unsigned int run(struct cpu *cpu, uint64_t msr, uint64_t pc)
{
	__asm__ volatile("mtdec %0" : : "r" (probe_ticks));
	cpu->msr = msr;
	cpu->pc = pc;
	cpu->dar = 0;
	cpu->dsisr = 0;
	return run_probe(cpu);
}

unsigned int probe(uint64_t msr, const uint32_t *code, unsigned int count,
		   uint64_t ea, uint64_t value)
{
	struct cpu *cpu = this_cpu();

	put_probe(cpu, code, count, msr & MSR_LE);
	cpu->gpr[3] = value;
	cpu->gpr[4] = ea;
	return run(cpu, msr, msr & MSR_IR ? cpu->code_ea :
					    (uintptr_t)cpu->code);
}

unsigned int probe_one(uint64_t msr, uint32_t instruction, uint64_t ea,
		       uint64_t value)
{
	return probe(msr, &instruction, 1, ea, value);
}

unsigned int load(uint64_t ea)
{
	return probe_one(VIRTUAL, LWZ, ea, 0);
}

unsigned int store(uint64_t ea, uint64_t value)
{
	return probe_one(VIRTUAL, STW, ea, value);
}

unsigned int fetch(uint64_t msr, uint64_t ea)
{
	return run(this_cpu(), msr, ea);
}

uint64_t fresh(void)
{
	static uint64_t next = UINT64_C(0x100000);	/* guest.lds */
	uint64_t page = next;

	next += FRESH;
	if (next > UINT64_C(0x1000000)) {
		print("no fresh memory below 16M\n");
		end(false);
	}
	return page;
}
