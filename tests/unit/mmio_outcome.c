/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/mmio_outcome.c - how an emulated instruction ends if it does not
 * simply succeed: later, again, in an interrupt, at the host.
 */
#include "mmio_scene.h"

#define LWZ	d_word(32, 5, 3, 0)
#define LWZU	d_word(33, 5, 3, 4)
#define STWU	d_word(37, 5, 3, 4)
#define LQ	d_word(56, 6, 3, 0)
#define STMW	d_word(47, 28, 3, 0)
#define ADD	(31U << 26 | 3U << 21 | 4U << 16 | 5U << 11 | 266U << 1)

static void begin(struct scene *scene, unsigned int flags, uint64_t ea,
		  bool store)
{
	scene_start(scene, flags, SF | ME);
	scene->regs[3] = ea;
	scene->regs[4] = 0;
	scene_fault(scene, ea, store);
}

/* What was fetched does not do what faulted. */
static void v131_bug_70_107_not_what_faulted(void **state)
{
	struct scene *scene = *state;

	begin(scene, 0, EA, false);
	assert_int_equal(scene_emulate(scene, ADD), HPTE_MMIO_RETRY);
	assert_registers(scene);
	/* the other direction */
	assert_int_equal(scene_emulate(scene, d_word(36, 5, 3, 0)),
			 HPTE_MMIO_RETRY);
	begin(scene, 0, EA, true);
	assert_int_equal(scene_emulate(scene, LWZ), HPTE_MMIO_RETRY);
	/* another address: one byte before, one after the access */
	begin(scene, 2, EA, false);
	assert_int_equal(scene_emulate(scene, d_word(32, 5, 3, 1)),
			 HPTE_MMIO_RETRY);
	assert_int_equal(scene_emulate(scene, d_word(32, 5, 3, -4)),
			 HPTE_MMIO_RETRY);
	assert_int_equal(scene->calls, 0);
	assert_registers(scene);
	/* any byte of the access may be the one that is reported */
	for (int byte = 0; byte < 4; byte++) {
		begin(scene, 2, EA + 4, false);
		scene->regs[3] = EA + 4 - (uint64_t)byte;
		assert_int_equal(scene_emulate(scene, LWZ),
				 HPTE_MMIO_EMULATED);
		assert_int_equal(scene->call[0].offset, 4 - byte);
	}
	/* an incomplete prefix */
	begin(scene, 0, EA, false);
	assert_int_equal(scene_emulate(scene, 1U << 26), HPTE_MMIO_RETRY);
}

/* Direction as the architecture reports it, for every class. */
static void d13_bug_6_4_direction(void **state)
{
	const struct {
		uint32_t word;
		bool store;
	} v[] = {
		{ d_word(46, 30, 3, 0), false }, { d_word(61, 5, 3, 1), false },
		{ d_word(6, 4, 3, 0), false }, { x_word(982, 0, 3, 4), false },
		{ x_word(54, 0, 3, 4), false }, { x_word(86, 0, 3, 4), false },
		{ x_word(582, 5, 3, 0), true }, { x_word(614, 5, 3, 0), true },
		{ x_word(710, 5, 3, 0), true }, { x_word(1014, 0, 3, 4), true },
		{ x_word(150, 5, 3, 4) | 1, true },
		{ x_word(20, 5, 3, 4), false },
		{ d_word(47, 30, 3, 0), true }, { x_word(781, 5, 3, 4), false },
	};
	struct scene *scene = *state;

	for (unsigned int i = 0; i < sizeof(v) / sizeof(v[0]); i++)
		for (unsigned int store = 0; store < 2; store++) {
			begin(scene, 2, EA, store);
			scene->regs[HPTE_REG_MSR] |= FP | VEC | VSX;
			if (scene_emulate(scene, v[i].word) == HPTE_MMIO_RETRY)
				assert_int_not_equal(store, v[i].store);
			else
				assert_int_equal(store, v[i].store);
		}
}

/* Reservations, atomics, copy and paste, hash, external control. */
static void v127_bug_75_77_refused(void **state)
{
	static const struct {
		unsigned int xo;
		bool store;
	} v[] = {
		{ 20, false }, { 52, false }, { 116, false }, { 84, false },
		{ 276, false }, { 150, true }, { 694, true }, { 726, true },
		{ 214, true }, { 182, true }, { 582, true }, { 614, true },
		{ 710, true }, { 742, true }, { 774, false }, { 902, true },
		{ 310, false }, { 438, true },
	};
	struct scene *scene = *state;

	for (unsigned int i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		begin(scene, 0, EA, v[i].store);
		assert_interrupt(scene, scene_emulate(scene,
				 x_word(v[i].xo, 6, 3, 4) | 1), 0x300,
				 v[i].store ? 0x06000000 : 0x04000000, EA);
		assert_int_equal(scene->calls, 0);
	}
	/* hashst and hashchk, 8 to 512 bytes below RA: D field 31, DX 1 */
	for (unsigned int xo = 658; xo <= 754; xo += 32) {
		bool store = xo == 658 || xo == 722;

		begin(scene, 0, EA, store);
		scene->regs[3] = EA + 8;
		assert_interrupt(scene, scene_emulate(scene,
				 x_word(xo, 31, 3, 4) | 1), 0x300,
				 store ? 0x06000000 : 0x04000000, EA);
	}
	/* hypervisor-privileged */
	begin(scene, 0, EA, false);
	assert_int_equal(scene_emulate(scene, x_word(789, 5, 3, 4)),
			 HPTE_MMIO_REFLECT);
	assert_int_equal(scene->cpu.interrupt.vector, 0x700);
	assert_int_equal(scene->cpu.interrupt.srr1, 0x40000);
	assert_registers(scene);
}

/* dcbz is an alignment interrupt; other cache operations do nothing. */
static void v130_d14_cache_operations(void **state)
{
	static const unsigned int xo[] = { 54, 86, 982, 278, 246, 470, 22 };
	struct scene *scene = *state;

	begin(scene, 0, EA + 0x85, true);
	assert_interrupt(scene, scene_emulate(scene, x_word(1014, 0, 3, 4)),
			 0x600, 0, EA + 0x85);
	for (unsigned int i = 0; i < 7; i++) {
		/* the block counts, whichever byte is reported */
		begin(scene, 0, EA + 0x85, false);
		scene_fault(scene, EA + 0x80, false);
		assert_int_equal(scene_emulate(scene, x_word(xo[i], 0, 3, 4)),
				 HPTE_MMIO_EMULATED);
		scene->before[HPTE_REG_PC] += 4;
		assert_registers(scene);
		scene_fault(scene, EA + 0x100, false);
		assert_int_equal(scene_emulate(scene, x_word(xo[i], 0, 3, 4)),
				 HPTE_MMIO_RETRY);
		assert_int_equal(scene->calls, 0);
	}
}

/* An access that leaves its page, at either end of it. */
static void v133_d27_page_crossing(void **state)
{
	struct scene *scene = *state;

	begin(scene, 2, EA + 0xFFC, false);
	assert_interrupt(scene, scene_emulate(scene, d_word(58, 5, 3, 0)),
			 0x600, 0, EA + 0xFFC);
	assert_int_equal(scene->calls, 0);
	/* hardware may report the second page's first byte */
	begin(scene, 2, EA, false);
	scene->regs[3] = EA - 4;
	assert_interrupt(scene, scene_emulate(scene, d_word(58, 5, 3, 0)),
			 0x600, 0, EA - 4);
	assert_int_equal(scene->calls, 0);
	/* 2^64 and, in 32-bit mode, 2^32 are the ends of all pages */
	begin(scene, 2, ~UINT64_C(0), false);
	assert_interrupt(scene, scene_emulate(scene, LWZ), 0x600, 0,
			 ~UINT64_C(0));
	assert_int_equal(scene->calls, 0);
	scene_start(scene, 2, ME);
	scene->regs[3] = UINT32_MAX;
	scene_fault(scene, UINT32_MAX, false);
	assert_interrupt(scene, scene_emulate(scene, LWZ), 0x600, 0,
			 UINT32_MAX);
	assert_int_equal(scene->calls, 0);
	scene->regs[3] = UINT32_MAX;
	scene_fault(scene, 1, false);
	assert_interrupt(scene, scene_emulate(scene, LWZ), 0x600, 0,
			 UINT32_MAX);
	assert_int_equal(scene->calls, 0);
	/* inside a 64K page the same address is fine */
	begin(scene, 2, EA + 0xFFC, false);
	scene->outcome.shift = 16;
	assert_int_equal(scene_emulate(scene, d_word(58, 5, 3, 0)),
			 HPTE_MMIO_REFLECT);
	assert_int_equal(scene->cpu.interrupt.vector, 0x200);
	assert_int_equal(scene->calls, 0);
}

/* The device says what it takes. */
static void alignment_and_sizes(void **state)
{
	struct scene *scene = *state;

	begin(scene, 0, EA + 2, false);
	assert_interrupt(scene, scene_emulate(scene, LWZ), 0x600, 0, EA + 2);
	assert_int_equal(scene->calls, 0);
	begin(scene, 2, EA + 2, false);
	assert_int_equal(scene_emulate(scene, LWZ), HPTE_MMIO_EMULATED);
	begin(scene, 0, EA, false);
	assert_int_equal(hpte_mmio_remove(&scene->bus, DEVICE), HPTE_OK);
	scene->region.size_mask = 8;
	assert_int_equal(hpte_mmio_add(&scene->bus, &scene->region), HPTE_OK);
	assert_interrupt(scene, scene_emulate(scene, LWZ), 0x200, 0, EA);
	/* V136: no device at all */
	assert_int_equal(hpte_mmio_remove(&scene->bus, DEVICE), HPTE_OK);
	assert_interrupt(scene, scene_emulate(scene, LWZ), 0x200, 0, EA);
	assert_int_equal(scene->calls, 0);
}

/* The k-th part goes wrong, for every k and every answer. */
static void v136_bug_73_errors_in_parts(void **state)
{
	static const int answer[] = { HPTE_MMIO_FAULT, HPTE_MMIO_UNCLAIMED, 3,
				      -7, 1000 };
	struct scene *scene = *state;

	for (unsigned int k = 0; k < 4; k++)
		for (unsigned int i = 0; i < 5; i++) {
			begin(scene, 0, EA, true);
			scene->at = k;
			scene->answer = answer[i];
			assert_interrupt(scene, scene_emulate(scene, STMW),
					 0x200, 0, EA);
			assert_int_equal(scene->calls, k + 1);
			scene->regs[HPTE_REG_MSR] &= ~ME;
			scene->calls = 0;
			assert_int_equal(scene_emulate(scene, STMW),
					 HPTE_MMIO_HOST);
			assert_int_equal(scene->cpu.reason,
					 HPTE_MMIO_CHECKSTOP);
			assert_registers(scene);
			/* and nothing is left of it */
			scene->calls = scene->at + 1;
			assert_int_equal(scene_emulate(scene, STMW),
					 HPTE_MMIO_EMULATED);
		}
}

/* Nothing is written before the last access; abort undoes all. */
static void v119_d24_pending_then_abort(void **state)
{
	struct scene *scene = *state;

	begin(scene, 0, EA + 4, false);
	scene->regs[3] = EA;
	scene->at = 0;
	scene->answer = HPTE_MMIO_PENDING;
	assert_int_equal(scene_emulate(scene, LWZU), HPTE_MMIO_WAIT);
	assert_registers(scene);
	assert_int_equal(scene_emulate(scene, LWZU), HPTE_MMIO_HOST);
	assert_int_equal(scene->cpu.reason, HPTE_MMIO_BUSY);
	hpte_mmio_abort(&scene->cpu);
	assert_registers(scene);
	assert_int_equal(hpte_mmio_complete(&scene->cpu, HPTE_MMIO_DONE, 1),
			 HPTE_MMIO_HOST);
	assert_int_equal(scene->cpu.reason, HPTE_MMIO_IDLE);
	assert_registers(scene);
	hpte_mmio_abort(&scene->cpu);	/* no effect */
	assert_int_equal(scene_emulate(scene, LWZU), HPTE_MMIO_EMULATED);
	assert_int_equal(scene->regs[3], EA + 4);
}

/* Its own copy of all; the high bits do not count. */
static void d37_bug_6_10_105_110_pending_then_complete(void **state)
{
	struct scene *scene = *state;

	for (unsigned int flags = 0; flags < 2; flags++) {
		begin(scene, flags, EA + 4, false);
		scene->regs[3] = EA;
		scene->at = 0;
		scene->answer = HPTE_MMIO_PENDING;
		assert_int_equal(scene_emulate(scene, LWZU), HPTE_MMIO_WAIT);
		/* outcome, instruction and device may all be gone by now */
		memset(&scene->outcome, 0xFF, sizeof(scene->outcome));
		assert_int_equal(hpte_mmio_remove(&scene->bus, DEVICE),
				 HPTE_OK);
		assert_int_equal(hpte_mmio_complete(&scene->cpu,
				 HPTE_MMIO_PENDING, 0), HPTE_MMIO_HOST);
		assert_registers(scene);
		assert_int_equal(hpte_mmio_complete(&scene->cpu,
				 HPTE_MMIO_DONE,
				 UINT64_C(0xEEEEEEEE01020304)),
				 HPTE_MMIO_EMULATED);
		scene->before[5] = flags ? 0x04030201 : 0x01020304;
		scene->before[3] = EA + 4;
		scene->before[HPTE_REG_PC] += 4;
		assert_registers(scene);
		assert_int_equal(hpte_mmio_complete(&scene->cpu,
				 HPTE_MMIO_DONE, 0), HPTE_MMIO_HOST);
		assert_registers(scene);
	}
	/* a store's completion has no value */
	begin(scene, 0, EA + 4, true);
	scene->regs[3] = EA;
	scene->at = 0;
	scene->answer = HPTE_MMIO_PENDING;
	assert_int_equal(scene_emulate(scene, STWU), HPTE_MMIO_WAIT);
	assert_int_equal(hpte_mmio_complete(&scene->cpu, HPTE_MMIO_DONE, 77),
			 HPTE_MMIO_EMULATED);
	scene->before[3] = EA + 4;
	scene->before[HPTE_REG_PC] += 4;
	assert_registers(scene);
}

/* Each part in turn waits, and is completed well or badly. */
static void d24_bug_73_pending_in_parts(void **state)
{
	static const int bad[] = { HPTE_MMIO_FAULT, HPTE_MMIO_UNCLAIMED, 9 };
	struct scene *scene = *state;
	uint64_t want[2];

	for (unsigned int k = 0; k < 2; k++) {
		begin(scene, 1, EA, false);
		scene->at = k;
		scene->answer = HPTE_MMIO_PENDING;
		want[0] = load_be(scene->mem, 8);
		want[1] = load_be(scene->mem + 8, 8);
		assert_int_equal(scene_emulate(scene, LQ), HPTE_MMIO_WAIT);
		assert_int_equal(scene->calls, k + 1);
		assert_registers(scene);
		assert_int_equal(hpte_mmio_complete(&scene->cpu,
				 HPTE_MMIO_DONE,
				 load_le(scene->mem + 8 * k, 8)),
				 HPTE_MMIO_EMULATED);
		assert_int_equal(scene->calls, 2);
		assert_int_equal(scene->regs[6], want[0]);
		assert_int_equal(scene->regs[7], want[1]);
		for (unsigned int i = 0; i < 3; i++) {
			begin(scene, 1, EA, false);
			scene->at = k;
			scene->answer = HPTE_MMIO_PENDING;
			assert_int_equal(scene_emulate(scene, LQ),
					 HPTE_MMIO_WAIT);
			assert_interrupt(scene, hpte_mmio_complete(&scene->cpu,
					 (enum hpte_mmio_result)bad[i], 0),
					 0x200, 0, EA);
		}
	}
}

static struct scene *inside;

/* A device that calls back. */
static void calls_back(struct scene *scene)
{
	static const uint32_t word[2] = { 32U << 26 | 5U << 21 | 3U << 16, 0 };

	inside = scene;
	assert_int_equal(hpte_mmio_emulate(&scene->cpu, &scene->outcome, word),
			 HPTE_MMIO_HOST);
	assert_int_equal(scene->cpu.reason, HPTE_MMIO_BUSY);
	assert_int_equal(hpte_mmio_complete(&scene->cpu, HPTE_MMIO_DONE, 0),
			 HPTE_MMIO_HOST);
	hpte_mmio_abort(&scene->cpu);
}

/* A device that goes away after its first access. */
static void goes_away(struct scene *scene)
{
	if (scene->calls == 1)
		assert_int_equal(hpte_mmio_remove(&scene->bus, DEVICE),
				 HPTE_OK);
}

/* A device that is replaced by one of the other byte order. */
static void replaced(struct scene *scene)
{
	if (scene->calls != 1)
		return;
	goes_away(scene);
	scene->region.flags ^= HPTE_MMIO_LITTLE_ENDIAN;
	assert_int_equal(hpte_mmio_add(&scene->bus, &scene->region), HPTE_OK);
}

/* What a device may do inside its callback: all, for nothing is held. */
static void bug_69_reentrant_devices(void **state)
{
	struct scene *scene = *state;
	uint64_t second;

	begin(scene, 0, EA, false);
	scene->meanwhile = calls_back;
	inside = NULL;
	assert_int_equal(scene_emulate(scene, LWZ), HPTE_MMIO_EMULATED);
	assert_ptr_equal(inside, scene);
	assert_int_equal(scene->regs[5], load_be(scene->mem, 4));
	/* one access works, the second part finds nobody */
	begin(scene, 0, EA, false);
	scene->meanwhile = goes_away;
	assert_int_equal(scene_emulate(scene, LWZ), HPTE_MMIO_EMULATED);
	begin(scene, 0, EA, false);
	scene->meanwhile = goes_away;
	assert_interrupt(scene, scene_emulate(scene, LQ), 0x200, 0, EA);
	begin(scene, 0, EA, false);
	scene->meanwhile = replaced;
	second = load_be(scene->mem + 8, 8);
	assert_int_equal(scene_emulate(scene, LQ), HPTE_MMIO_EMULATED);
	assert_int_equal(scene->regs[7], second);
}

/* "Just tell me" leaves registers as the slow path does. */
static void d31_bug_6_5_notify_only(void **state)
{
	static const uint64_t words[] = {
		37U << 26 | 5U << 21 | 3U << 16 | 4,		/* stwu */
		62U << 26 | 5U << 21 | 3U << 16 | 5,		/* stdu 4 */
		31U << 26 | 5U << 21 | 3U << 16 | 4U << 11 | 662U << 1,
		(UINT64_C(1) << 26) << 32 | 61U << 26 | 5U << 21 | 3U << 16,
		47U << 26 | 30U << 21 | 3U << 16,
	};
	struct scene *scene = *state;
	uint64_t after[HPTE_REG_COUNT];

	for (unsigned int i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		for (unsigned int notify = 0; notify < 2; notify++) {
			bool update = i < 2;

			begin(scene, notify ? HPTE_MMIO_NOTIFY :
			      HPTE_MMIO_UNALIGNED, EA + 4, true);
			if (update)
				scene->regs[3] = EA;
			memcpy(scene->before, scene->regs,
			       sizeof(scene->regs));
			assert_int_equal(scene_emulate(scene, words[i]),
					 HPTE_MMIO_EMULATED);
			if (!notify) {
				memcpy(after, scene->regs, sizeof(after));
				continue;
			}
			/* the two runs began with different noise */
			for (unsigned int r = 0; r < HPTE_REG_COUNT; r++)
				if (scene->regs[r] != scene->before[r])
					assert_int_equal(scene->regs[r],
							 after[r]);
			assert_int_equal(scene->regs[3], after[3]);
			assert_int_equal(scene->regs[HPTE_REG_PC],
					 after[HPTE_REG_PC]);
			for (unsigned int c = 0; c < scene->calls; c++)
				assert_int_equal(scene->call[c].value, 0);
		}
	/* stcx. to such a device is as to any other */
	begin(scene, HPTE_MMIO_NOTIFY, EA, true);
	assert_interrupt(scene, scene_emulate(scene, x_word(150, 5, 3, 4) | 1),
			 0x300, 0x06000000, EA);
	assert_int_equal(scene->calls, 0);
	/* a load from such a device is a load */
	begin(scene, HPTE_MMIO_NOTIFY, EA, false);
	assert_int_equal(scene_emulate(scene, LWZ), HPTE_MMIO_EMULATED);
	assert_int_equal(scene->regs[5], load_be(scene->mem, 4));
}

static uint64_t read_reg(void *ctx, unsigned int reg)
{
	assert_in_range(reg, 0, HPTE_REG_COUNT - 1);
	return ((struct scene *)ctx)->regs[reg];
}

static void write_reg(void *ctx, unsigned int reg, uint64_t value)
{
	assert_in_range(reg, 0, HPTE_REG_COUNT - 1);
	assert_int_not_equal(reg, HPTE_REG_MSR);
	assert_int_not_equal(reg, HPTE_REG_XER);
	((struct scene *)ctx)->regs[reg] = value;
}

/* Any words, any state: a defined end, and registers through callbacks. */
static void any_words(void **state)
{
	static const struct hpte_mmio_regs ops = {
		.ops_size = sizeof(ops), .read = read_reg, .write = write_reg,
	};
	struct scene *scene = *state;
	struct test_random random;
	unsigned int ends[5] = { 0 };

	test_random_init(&random, "any_words");
	for (unsigned int i = 0; i < 200000; i++) {
		uint64_t words = test_random(&random);
		unsigned int action;

		if (!(i & 0x3F))
			scene_start(scene, i >> 6 & 7,
				    test_random(&random) | ME);
		scene->calls = 0;
		scene->at = (unsigned int)test_random_below(&random, 40);
		scene->answer = (int)test_random_below(&random, 4) - 1;
		hpte_mmio_cpu_init(&scene->cpu, &scene->bus, &ops, scene);
		if (i & 1)
			words = (words & 0x03FFF801) | UINT64_C(0x7C000000) |
				test_random_below(&random, 1024) << 1;
		else if (i & 2)
			words = (words & UINT64_C(0x033FFFFFFFFFFFFF)) |
				UINT64_C(0x0400000000000000);
		else
			words &= UINT32_MAX;
		/* registers that make addresses meet the page often */
		for (unsigned int r = 0; r < 32; r++)
			scene->regs[r] = r & 1 ? EA + r : r;
		scene_fault(scene, i & 1 ? scene->regs[words >> 16 & 31] +
			    scene->regs[words >> 11 & 31] :
			    EA + test_random_below(&random, 160),
			    words >> 21 & 1);
		action = scene_emulate(scene, words);
		while (action == HPTE_MMIO_WAIT) {
			assert_registers(scene);
			action = hpte_mmio_complete(&scene->cpu,
						    HPTE_MMIO_DONE, words);
		}
		assert_in_range(action, 0, 4);
		ends[action]++;
		if (action == HPTE_MMIO_EMULATED)
			assert_true(scene->regs[HPTE_REG_PC] !=
				    scene->before[HPTE_REG_PC]);
		else
			assert_registers(scene);
	}
	/* the mix does reach them all but the host */
	assert_true(ends[HPTE_MMIO_EMULATED] > 1000);
	assert_true(ends[HPTE_MMIO_RETRY] > 1000);
	assert_true(ends[HPTE_MMIO_REFLECT] > 1000);
}

static void not_an_mmio_outcome(void **state)
{
	struct scene *scene = *state;

	for (unsigned int action = 0; action < 9; action++) {
		begin(scene, 0, EA, false);
		scene->outcome.action = action;
		if (action == HPTE_FAULT_MMIO)
			continue;
		assert_int_equal(scene_emulate(scene, LWZ), HPTE_MMIO_HOST);
		assert_int_equal(scene->cpu.reason, HPTE_MMIO_NOT_MMIO);
		assert_registers(scene);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(v131_bug_70_107_not_what_faulted),
		cmocka_unit_test(d13_bug_6_4_direction),
		cmocka_unit_test(v127_bug_75_77_refused),
		cmocka_unit_test(v130_d14_cache_operations),
		cmocka_unit_test(v133_d27_page_crossing),
		cmocka_unit_test(alignment_and_sizes),
		cmocka_unit_test(v136_bug_73_errors_in_parts),
		cmocka_unit_test(v119_d24_pending_then_abort),
		cmocka_unit_test(d37_bug_6_10_105_110_pending_then_complete),
		cmocka_unit_test(d24_bug_73_pending_in_parts),
		cmocka_unit_test(bug_69_reentrant_devices),
		cmocka_unit_test(d31_bug_6_5_notify_only),
		cmocka_unit_test(any_words),
		cmocka_unit_test(not_an_mmio_outcome),
	};

	return cmocka_run_group_tests(tests, scene_set_up, scene_tear_down);
}
