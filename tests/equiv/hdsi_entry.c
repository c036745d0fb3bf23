/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/equiv/hdsi_entry.c - the entry macros, whole: what they decide, what
 * they tell the guest, and that they leave every register alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hpte/hpte.h>
#include <hpte/ppc64.h>

#include "arch/generic/hdsi_search.h"
#include "arch/ppc64/asm.h"
#include "privileged.h"
#include "scene.h"

#define ROUNDS		10000U
#define MSR_TS		(UINT64_C(3) << 33)
#define MSR_HV		(UINT64_C(1) << 60)
#define LPCR_AIL_SHIFT	23
#define LPCR_ISL	(UINT64_C(1) << 61)
#define ISI_STATUS	UINT64_C(0x582E0000)

/* The assembly's offsets are the structure's. */
#define SAME(asm_name, field)						\
	_Static_assert((asm_name) ==					\
		       offsetof(struct hpte_ppc64_entry, field), #field)
SAME(HDSI_ENTRY_TABLE, table);
SAME(HDSI_ENTRY_GROUP_MASK, group_mask);
SAME(HDSI_ENTRY_VRMA, vrma);
SAME(HDSI_ENTRY_RETRIED, retried);
SAME(HDSI_ENTRY_REFLECTED, reflected);
SAME(HDSI_ENTRY_FETCH, priv_fetch);
SAME(HDSI_ENTRY_SAVE, priv_save);

enum way { WAY_SLOW, WAY_RETRY, WAY_REFLECT };

/* What HSPRG0 points to. */
static struct {
	uint8_t host[PERCPU_ENTRY];
	struct hpte_ppc64_entry entry;
	uint8_t more[64];
} percpu;

_Static_assert(offsetof(struct hpte_ppc64_entry, priv_save) +
	       sizeof(percpu.entry.priv_save) == sizeof(percpu.entry), "last");

/* One interrupt: the CPU it comes on, and what it finds. */
struct interrupt {
	unsigned int isa;
	bool fetch;
	uint64_t ea, descriptor;
	uint32_t status;
	struct privileged cpu;
};

static uint64_t random_msr(struct test_random *random)
{
	uint64_t msr = test_random(random) & ~(MSR_TS | MSR_HV | ISI_STATUS);
	uint64_t rare = test_random_below(random, 24);

	if (rare == 0)
		msr |= MSR_HV;
	if (rare == 1)
		msr |= UINT64_C(1) << (33 + test_random_below(random, 2));
	if (rare < 12)
		msr |= 0x30;
	return msr;
}

static uint32_t random_status(struct test_random *random, bool fetch)
{
	uint32_t status = 0x40000000;

	if (!fetch && test_random_below(random, 2))
		status |= 0x02000000;
	if (!test_random_below(random, 12))
		status ^= (uint32_t)1 << test_random_below(random, 32);
	return fetch ? status & (uint32_t)ISI_STATUS : status;
}

static void interrupt_make(struct test_random *random, struct interrupt *irq)
{
	static const unsigned int levels[3] = { 206, 207, 300 };
	struct privileged *cpu = &irq->cpu;
	bool real;

	memset(cpu, 0, sizeof(*cpu));
	irq->isa = levels[test_random_below(random, 3)];
	irq->fetch = test_random_below(random, 3) == 0;
	irq->descriptor = scene_descriptor(random);
	irq->ea = scene_ea(random);
	irq->status = random_status(random, irq->fetch);
	cpu->msr = UINT64_C(0x9000000000001002);
	for (int i = 0; i < 32; i++)
		cpu->regs.gpr[i] = test_random(random);
	cpu->regs.cr = test_random(random) & 0xFFFFFFFF;
	cpu->regs.xer = test_random(random) & 0xE0000000;
	cpu->regs.ctr = test_random(random);
	cpu->regs.lr = test_random(random);
	for (int i = 0; i < 1024; i++)
		cpu->spr[i] = test_random(random);
	if (test_random_below(random, 16))
		cpu->spr[HDSI_SPR_LPCR] &= ~LPCR_ISL;
	cpu->spr[HDSI_SPR_HSPRG0] = (uint64_t)(uintptr_t)&percpu;
	cpu->spr[HDSI_SPR_HSRR1] = random_msr(random) |
			      (irq->fetch ? irq->status : 0);
	cpu->spr[HDSI_SPR_HDSISR] = irq->status;
	cpu->spr[irq->fetch ? HDSI_SPR_HSRR0 : HDSI_SPR_HDAR] = irq->ea;
	cpu->spr[HDSI_SPR_ASDR] = irq->descriptor;
	real = !(cpu->spr[HDSI_SPR_HSRR1] & (irq->fetch ? 0x20 : 0x10));
	if (real && test_random_below(random, 8)) {
		irq->ea &= UINT64_C(0xF00000FFFFFFFFFF);
		cpu->spr[irq->fetch ? HDSI_SPR_HSRR0 : HDSI_SPR_HDAR] = irq->ea;
	}
	cpu->slb_valid = test_random_below(random, 16) != 0;
	cpu->slb_ea_mask = ~UINT64_C(0xFFFFFFF);
	cpu->slb_esid = irq->ea & cpu->slb_ea_mask;
	cpu->slb_vsid = irq->descriptor;
	percpu.entry.table = (uint64_t)(uintptr_t)scene_table;
	percpu.entry.group_mask = SCENE_GROUP_MASK;
	percpu.entry.vrma = test_random_below(random, 2) ?
			    irq->descriptor : hpte_xlate_vrma(16);
	scene_fill(random, real ? percpu.entry.vrma : irq->descriptor,
		   irq->ea);
}

/* How the interrupt must end, by the paper. */
static enum way expected(const struct interrupt *irq)
{
	uint64_t msr = irq->cpu.spr[HDSI_SPR_HSRR1];
	uint64_t descriptor = irq->descriptor;
	unsigned int ail = irq->cpu.spr[HDSI_SPR_LPCR] >> LPCR_AIL_SHIFT & 3;

	if ((irq->status & ~UINT32_C(0x02000000)) != 0x40000000)
		return WAY_SLOW;
	if ((msr & MSR_HV) || (irq->isa >= 207 && (msr & MSR_TS)))
		return WAY_SLOW;
	if (!(msr & (irq->fetch ? 0x20 : 0x10))) {
		if (irq->ea >> 40 & 0xFFFFF)
			return WAY_SLOW;
		descriptor = percpu.entry.vrma;
	} else if ((irq->cpu.spr[HDSI_SPR_LPCR] & LPCR_ISL) ||
		   (irq->isa < 300 && !irq->cpu.slb_valid)) {
		return WAY_SLOW;
	}
	switch (hpte_c_hdsi_search(scene_table, SCENE_GROUP_MASK, descriptor,
				   irq->ea, irq->isa >= 300) & 3) {
	case HPTE_HDSI_VALID:
		return WAY_RETRY;
	case HPTE_HDSI_MISS:
		/* relocated interrupts of kinds 1 and 2: nobody has them */
		if (irq->isa >= 207 && (msr & 0x30) == 0x30 &&
		    (ail == 1 || ail == 2))
			return WAY_SLOW;
		return WAY_REFLECT;
	default:
		return WAY_SLOW;
	}
}

/* The guest's interrupt, as hardware would deliver it. */
static void check_reflected(const struct interrupt *irq,
			    const struct privileged *after)
{
	const uint64_t *before = irq->cpu.spr;
	bool relocated = irq->isa >= 207 &&
			 (before[HDSI_SPR_HSRR1] & 0x30) == 0x30 &&
			 (before[HDSI_SPR_LPCR] >> LPCR_AIL_SHIFT & 3) == 3;
	uint64_t vector = irq->fetch ? 0x400 : 0x300;

	assert_int_equal(after->spr[HDSI_SPR_SRR0], before[HDSI_SPR_HSRR0]);
	assert_int_equal(after->spr[HDSI_SPR_SRR1], before[HDSI_SPR_HSRR1]);
	if (!irq->fetch) {
		assert_int_equal(after->spr[HDSI_SPR_DAR], irq->ea);
		assert_int_equal(after->spr[HDSI_SPR_DSISR], irq->status);
	}
	assert_int_equal(after->pc, relocated ?
			 vector | UINT64_C(0xC000000000004000) : vector);
	assert_int_equal(after->new_msr, UINT64_C(1) << 63 |
			 (before[HDSI_SPR_HSRR1] & 0x1000) |
			 (before[HDSI_SPR_LPCR] >> 25 & 1) |
			 (relocated ? 0x30 : 0));
}

static void check_interrupt(struct interrupt *irq, unsigned int *seen)
{
	struct privileged after = irq->cpu;
	uint64_t retried = percpu.entry.retried[irq->fetch];
	uint64_t reflected = percpu.entry.reflected[irq->fetch];
	enum way way = expected(irq);
	enum privileged_code code = irq->isa >= 300 ? CODE_HDSI_300 :
				    irq->isa >= 207 ? CODE_HDSI_207 :
						      CODE_HDSI_206;

	if (irq->fetch)
		code += CODE_HISI_206 - CODE_HDSI_206;
	privileged_vector(&after, code);
	assert_memory_equal(&after.regs, &irq->cpu.regs, sizeof(after.regs));
	assert_int_equal(after.slow, way == WAY_SLOW);
	assert_int_equal(percpu.entry.retried[irq->fetch] - retried,
			 way == WAY_RETRY);
	assert_int_equal(percpu.entry.reflected[irq->fetch] - reflected,
			 way == WAY_REFLECT);
	/* a machine check between SRR0 and the guest is not recoverable */
	assert_int_equal(after.msr & 2, way == WAY_REFLECT ? 0 : 2);
	if (way == WAY_REFLECT) {
		check_reflected(irq, &after);
	} else {
		/* but for its own scratch register, nothing has happened */
		after.spr[HDSI_SPR_HSPRG1] = irq->cpu.spr[HDSI_SPR_HSPRG1];
		if (way == WAY_RETRY && !irq->fetch && irq->isa >= 300) {
			/* the next one must be told from this one */
			assert_int_equal(after.spr[HDSI_SPR_HDSISR], 0x7FFF);
			after.spr[HDSI_SPR_HDSISR] = irq->status;
		}
		assert_memory_equal(after.spr, irq->cpu.spr,
				    sizeof(after.spr));
	}
	if (way == WAY_RETRY) {
		assert_int_equal(after.pc, irq->cpu.spr[HDSI_SPR_HSRR0]);
		assert_int_equal(after.new_msr, irq->cpu.spr[HDSI_SPR_HSRR1]);
	}
	seen[way]++;
}

static void any_interrupt(void **state)
{
	static struct interrupt irq;
	unsigned int seen[3] = { 0 };
	struct test_random random;

	(void)state;
	test_random_init(&random, "any_interrupt");
	for (unsigned int n = 0; n < ROUNDS; n++) {
		interrupt_make(&random, &irq);
		check_interrupt(&irq, seen);
	}
	/* the host's data around the structure is the host's */
	for (unsigned int i = 0; i < PERCPU_ENTRY; i++)
		assert_int_equal(percpu.host[i], 0);
	for (unsigned int i = 0; i < sizeof(percpu.more); i++)
		assert_int_equal(percpu.more[i], 0);
	for (unsigned int i = 0; i < 3; i++)
		assert_true(seen[i] > ROUNDS / 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_interrupt),
	};

	return cmocka_run_group_tests_name("hdsi_entry", tests, NULL, NULL);
}
