/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/hostile/code.c - any instruction, on devices.
 *
 * The guest must not destroy itself: translated, it has no page for its own
 * memory; in real mode its text is read-only and no register leads to its
 * data.  A decrementer interrupt ends what goes round in circles.
 */
#include "tests/system/platform/abi.h"
#include "hostile.h"

#define WORDS		3000U
#define DEVICES		(small.ea + 0x80000)
#define PAGES		6U

static const uint64_t reals[PAGES] = {
	ABI_SCRATCH_LITTLE, ABI_SCRATCH_BIG, ABI_BUS_ERROR, ABI_UNCLAIMED,
	ABI_NO_DEVICE, 0,
};

/* Devices side by side, memory after them. */
static const char *devices(void)
{
	SEGMENTS(&small);
	for (unsigned int i = 0; i < PAGES; i++) {
		struct page page = {
			.segment = &small, .ea = DEVICES + i * 0x1000,
			.real = reals[i], .bits = DEVICE | PP_RW,
		};

		if (!page.real) {
			page.real = fresh();
			page.bits = MEMORY | PP_RW;
		}
		NEED(page_enter(&page) == H_SUCCESS, "H_ENTER");
	}
	return NULL;
}

/* A load or store, mostly; a prefix; or anything. */
static uint32_t any_instruction(void)
{
	uint32_t word = (uint32_t)random_word();

	switch (random_below(8)) {
	case 0:
		return word;
	case 1:
		return (word & 0x03ffffff) | 1U << 26;
	case 2:
	case 3:
		return (word & 0x03ffffff) | 31U << 26;
	default:
		/* with a short way from the base, so that it meets something */
		return (word & 0x03ff00ff) | (32U + random_below(32)) << 26;
	}
}

/* Both byte orders, 64 and 32 bits, with and without FP, VMX, VSX. */
static uint64_t any_state(uint64_t msr)
{
	msr |= random_word() & (MSR_LE | MSR_FP | MSR_VEC | MSR_VSX);
	if (!(msr & MSR_IR))
		msr |= random_word() & MSR_DR;
	if (!random_below(4))
		msr &= ~MSR_SF;
	return msr | MSR_EE;
}

static void any_registers(struct cpu *cpu)
{
	for (unsigned int i = 0; i < 32; i++) {
		uint64_t ea = DEVICES + random_below(PAGES * 0x1000);

		if (random_below(4))
			ea &= ~UINT64_C(7);
		/* an index */
		if (!random_below(3))
			ea = random_below(32) * 8;
		cpu->gpr[i] = ea;
	}
}

static bool architected(uint64_t vector)
{
	switch (vector) {
	case MACHINE_CHECK:
	case DSI:
	case DSEGI:
	case ISI:
	case ISEGI:
	case ALIGNMENT:
	case PROGRAM:
	case 0x800:		/* floating-point unavailable */
	case 0x900:		/* decrementer */
	case DONE:
	case 0xd00:		/* trace */
	case 0xf20:		/* vector unavailable */
	case 0xf40:		/* VSX unavailable */
	case 0xf60:		/* facility unavailable */
		return true;
	}
	return false;
}

/* It would take away what start.S relies on, or jump into it. */
static bool spared(uint64_t msr, uint32_t word)
{
	unsigned int opcode = word >> 26;
	unsigned int spr = (word >> 16 & 31) | (word >> 6 & 0x3e0);

	if (opcode == 16 || opcode == 18)		/* bc, b */
		return !(msr & MSR_IR);
	return opcode == 31 && (word >> 1 & 0x3ff) == 467 &&
	       spr >= 272 && spr <= 275;		/* mtsprg */
}

/*
 * A loop ends by the decrementer.  So does whatever a host that is busy with
 * something else is late with: that one gets more time.
 */
static void any_once(uint64_t state, const uint32_t *word)
{
	struct cpu *cpu = this_cpu();
	uint32_t ticks = probe_ticks;

	for (unsigned int i = 0; i < 2; i++) {
		cpu->ctr = 1;
		cpu->lr = cpu->code_ea + 4;
		(void)probe(state, word, 1, DEVICES, 0);
		if (cpu->vector != 0x900)
			break;
		SEGMENTS(&small);
		probe_ticks = ticks * 4;
	}
	probe_ticks = ticks;
}

/* The first one that ended in what is no guest's interrupt, or 0. */
static uint64_t any_code(uint64_t msr)
{
	struct cpu *cpu = this_cpu();

	SEGMENTS(&small);
	for (unsigned int i = 0; i < WORDS; i++) {
		uint32_t word = any_instruction();

		if (spared(msr, word))
			continue;
		any_registers(cpu);
		any_once(any_state(msr), &word);
		if (!architected(cpu->vector))
			return (uint64_t)word << 32 | cpu->vector;
		/* it may have changed them */
		if (!(msr & MSR_PR))
			SEGMENTS(&small);
	}
	keys_set(0, 0);
	return 0;
}

static const char *any(uint64_t msr)
{
	uint64_t bad, accesses = count(ABI_COUNT_MMIO);

	TRUST(devices());
	probe_ticks = 20000;
	bad = any_code(msr);
	probe_ticks = 0x7fffffff;
	NEED(!bad, "%x", bad);
	accesses = count(ABI_COUNT_MMIO) - accesses;
	NEED(accesses > WORDS / 40, "only %x accesses of devices", accesses);
	return NULL;
}

static uint64_t other_bad;

static void other_any(void)
{
	other_bad = any_code(VIRTUAL);
}

static const char *any_twice(void)
{
	const char *why;

	if (cpu_count < 2)
		return skip("one CPU");
	TRUST(devices());
	NEED(other_begin(other_any), "the second CPU does not start");
	why = any(USER);
	NEED(other_end(), "the second CPU does not come to an end");
	NEED(!other_bad, "%x, on the second CPU", other_bad);
	return why;
}

static const char *any_user(void)
{
	return any(USER);
}

static const char *any_supervisor(void)
{
	return any(VIRTUAL);
}

/* Protection of the text in real mode; false if it has no entry. */
static bool protect_text(uint64_t bits)
{
	extern const char text_end[];		/* guest.lds */

	for (uint64_t at = 0; at < (uintptr_t)text_end; at += FRESH)
		if (hcall(H_PROTECT, bits, entry_of_real_mode(at), 0, 0) !=
		    H_SUCCESS)
			return false;
	return true;
}

static const char *any_real(void)
{
	const char *why;

	NEED(protect_text(PP_RO), "H_PROTECT");
	why = any(REAL);
	NEED(protect_text(0), "H_PROTECT back");
	return why;
}

/* Every load and store there is on a device that fails, and on none. */
static const char *all_fail(void)
{
	struct cpu *cpu = this_cpu();

	TRUST(devices());
	for (unsigned int i = 0; i < 2 * 32 + 1024; i++) {
		uint32_t word = i < 64 ? D_FORM(32 + i / 2, 6, 4, 0) :
					 X_FORM(i - 64, 6, 0, 4);
		uint64_t ea = DEVICES + (i % 2 ? 0x2000 : 0x4000) + 0x80;

		cpu->gpr[6] = 0x6666;
		(void)probe_one(USER | MSR_FP | MSR_VEC, word, ea, 0);
		NEED(architected(cpu->vector), "%x: vector %x", (uint64_t)word,
		     cpu->vector);
		if (cpu->vector == MACHINE_CHECK)
			NEED(cpu->gpr[6] == 0x6666 && cpu->gpr[4] == ea &&
			     cpu->srr0 == cpu->pc,
			     "%x: registers have changed", (uint64_t)word);
	}
	return NULL;
}

#define NOP		D_FORM(24, 0, 0, 0)
#define SYNC		X_FORM(598, 0, 0, 0)

/* Code that changes between the fault and the hypervisor's look at it. */
#define SEEN		20U

static volatile bool changing;
static volatile uint64_t changes;

static void change_code(void)
{
	static const uint32_t words[] = {
		STW, LWZ, NOP, STD, LBZ, SYNC, LHA, D_FORM(46, 29, 4, 0),
	};
	volatile uint32_t *at = cpus[0].code;

	for (unsigned int i = 0; changing; i++) {
		*at = words[i % (sizeof(words) / sizeof(words[0]))];
		changes++;
	}
}

static const char *code_changes(void)
{
	struct cpu *cpu = this_cpu();
	const char *why = NULL;
	uint64_t retries, begin = time_base();

	if (cpu_count < 2)
		return skip("one CPU");
	TRUST(devices());
	put_code((uintptr_t)cpu->code, STW);
	put_code((uintptr_t)(cpu->code + 1), SC);
	changing = true;
	if (!other_begin(change_code))
		return "the second CPU does not start";
	if (!other_counts(&changes))
		why = "the second CPU does nothing";
	/* a retry: the fault was another instruction's than is there now */
	retries = count(ABI_COUNT_RETRY);
	while (!why && count(ABI_COUNT_RETRY) < retries + SEEN &&
	       time_base() - begin < SECOND / 2) {
		cpu->gpr[4] = DEVICES + 0x40;
		(void)fetch(VIRTUAL, cpu->code_ea);
		if (cpu->vector != DONE)
			why = fail("vector %x", cpu->vector);
	}
	changing = false;
	NEED(other_end(), "the second CPU does not come to an end");
	return why;
}

/* The code's page is taken away under the instruction that faults. */
static const char *code_goes(void)
{
	struct cpu *cpu = this_cpu();
	struct page code = {
		.segment = &small, .ea = small.ea + 0x10000, .real = fresh(),
		.bits = MEMORY | PP_RW,
	};
	uint64_t old[2];

	TRUST(devices());
	put_code(code.real, STW);
	put_code(code.real + 4, SC);
	for (unsigned int i = 0; i < 100; i++) {
		NEED(page_enter(&code) == H_SUCCESS, "H_ENTER");
		cpu->gpr[4] = DEVICES + 0x40;
		(void)fetch(VIRTUAL, code.ea);
		TRUST(ended(DONE, cpu->gpr[3]));
		/* executable, but nothing may load from it: no matter */
		NEED(hcall(VISOR_DEMOTE, code.ptex, 0, 0, 0) == H_SUCCESS,
		     "VISOR_DEMOTE");
		(void)fetch(VIRTUAL, code.ea);
		TRUST(ended(DONE, cpu->gpr[3]));
		NEED(page_remove(&code, old) == H_SUCCESS, "H_REMOVE");
		(void)fetch(VIRTUAL, code.ea);
		TRUST(ended_in_isi(code.ea, NO_ENTRY));
	}
	return NULL;
}

/* Stores to a device that is being made memory, and back, all the time. */
static struct page swapped;

static void use_swapped(void)
{
	SEGMENTS(&small);
	while (changing)
		(void)store(swapped.ea, 1);
}

static const char *device_changes(void)
{
	const char *why = NULL;

	if (cpu_count < 2)
		return skip("one CPU");
	swapped = (struct page){
		.segment = &small, .ea = small.ea + 0x20000, .real = fresh(),
		.bits = DEVICE | PP_RW,
	};
	TRUST(devices());
	NEED(page_enter(&swapped) == H_SUCCESS, "H_ENTER");
	changing = true;
	if (!other_begin(use_swapped))
		return "the second CPU does not start";
	for (unsigned int i = 0; i < 8 && !why; i++)
		if (hcall(VISOR_BACKING, swapped.real, FRESH, i % 2 ?
			  ABI_BACKING_RAM : ABI_BACKING_IO, 0) != H_SUCCESS)
			why = "VISOR_BACKING";
	changing = false;
	NEED(other_end(), "the second CPU does not come to an end");
	return why;
}

const struct check code_checks[] = {
	{ "any instruction on devices, in problem state", any_user },
	{ "any instruction on devices, in supervisor state", any_supervisor },
	{ "any instruction on devices, from two CPUs at a time", any_twice },
	{ "any instruction, in real mode", any_real },
	{ "all loads and stores on devices that fail", all_fail },
	{ "an instruction that the other CPU rewrites", code_changes },
	{ "code whose page goes", code_goes },
	{ "a device that becomes memory under the other CPU",
	  device_changes },
	{ NULL, NULL }
};
