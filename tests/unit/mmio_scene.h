/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/mmio_scene.h - a guest CPU, a page of device storage, one
 * instruction: what the programs that test MMIO emulation share.
 *
 * The device is storage: what a store puts into it a load finds there, byte
 * for byte, whatever order the device calls its own.
 */
#ifndef TEST_UNIT_MMIO_SCENE_H
#define TEST_UNIT_MMIO_SCENE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <hpte/hpte.h>

#include "random.h"

#include <stdlib.h>
#include <string.h>

#define PAGE		4096U
#define DEVICE		UINT64_C(0x80001000)
#define EA		UINT64_C(0xC000000000005000)
#define EA32		UINT64_C(0x7FFF5000)
#define PC		UINT64_C(0xC000000000002000)
#define CALLS		80

/* Written down again from the ISA; the library's names are under test. */
#define SF		UINT64_C(0x8000000000000000)
#define VEC		UINT64_C(0x0000000002000000)
#define VSX		UINT64_C(0x0000000000800000)
#define FP		UINT64_C(0x0000000000002000)
#define ME		UINT64_C(0x0000000000001000)
#define LE		UINT64_C(0x0000000000000001)

#define GPR(n)		(n)
#define VSR(n, half)	(HPTE_REG_VSR + 2 * (n) + (half))

struct scene {
	struct hpte_mmio bus;
	struct hpte_mmio_slot slots[2];
	struct hpte_mmio_region region;
	struct hpte_mmio_cpu cpu;
	struct hpte_outcome outcome;
	uint64_t regs[HPTE_REG_COUNT];
	uint64_t before[HPTE_REG_COUNT];
	uint8_t mem[PAGE];
	struct hpte_mmio_access call[CALLS];
	unsigned int calls;
	/* the answer to call number @at, counted from 0; others are DONE */
	unsigned int at;
	int answer;
	void (*meanwhile)(struct scene *scene);
};

static inline uint64_t load_be(const uint8_t *bytes, unsigned int count)
{
	uint64_t value = 0;

	while (count--)
		value = value << 8 | *bytes++;
	return value;
}

static inline uint64_t load_le(const uint8_t *bytes, unsigned int count)
{
	uint64_t value = 0;

	while (count--)
		value = value << 8 | bytes[count];
	return value;
}

static inline uint64_t device_number(const struct scene *scene,
				     const struct hpte_mmio_access *access)
{
	const uint8_t *at = scene->mem + access->offset;

	return scene->region.flags & HPTE_MMIO_LITTLE_ENDIAN ?
		load_le(at, access->size) : load_be(at, access->size);
}

static inline void device_store(struct scene *scene,
				const struct hpte_mmio_access *access)
{
	bool little = scene->region.flags & HPTE_MMIO_LITTLE_ENDIAN;

	for (unsigned int i = 0; i < access->size; i++)
		scene->mem[access->offset + i] = (uint8_t)(access->value >>
			8 * (little ? i : access->size - 1U - i));
}

static inline enum hpte_mmio_result
device_access(void *ctx, struct hpte_mmio_access *access)
{
	struct scene *scene = ctx;
	int answer = HPTE_MMIO_DONE;

	assert_in_range(scene->calls, 0, CALLS - 1);
	assert_true(access->size == 1 || access->size == 2 ||
		    access->size == 4 || access->size == 8);
	assert_in_range(access->offset, 0, PAGE - access->size);
	if (scene->calls == scene->at)
		answer = scene->answer;
	scene->call[scene->calls++] = *access;
	if (scene->meanwhile)
		scene->meanwhile(scene);
	if (answer != HPTE_MMIO_DONE)
		return (enum hpte_mmio_result)answer;
	if (access->is_store)
		device_store(scene, access);
	else
		access->value = device_number(scene, access) |
			(access->size < 8 ? ~UINT64_C(0) << 8 * access->size :
					    0);
	return HPTE_MMIO_DONE;
}

static const struct hpte_mmio_ops device_ops = {
	.ops_size = sizeof(device_ops), .access = device_access,
};

/* A device with these flags; noise in storage and registers. */
static inline void scene_start(struct scene *scene, unsigned int flags,
			       uint64_t msr)
{
	struct test_random random;

	test_random_seed(&random, 0x11 + flags + msr);
	memset(scene, 0, sizeof(*scene));
	memset(&scene->cpu, 0xA5, sizeof(scene->cpu));
	scene->at = CALLS;
	hpte_mmio_init(&scene->bus, scene->slots, 2);
	scene->region = (struct hpte_mmio_region){
		.start = DEVICE, .bytes = PAGE, .size_mask = 0xF,
		.flags = flags, .ops = &device_ops, .ctx = scene,
	};
	assert_int_equal(hpte_mmio_add(&scene->bus, &scene->region), HPTE_OK);
	hpte_mmio_cpu_init(&scene->cpu, &scene->bus, NULL, scene->regs);
	for (unsigned int i = 0; i < HPTE_REG_COUNT; i++)
		scene->regs[i] = test_random(&random);
	for (unsigned int i = 0; i < PAGE; i++)
		scene->mem[i] = (uint8_t)test_random(&random);
	scene->regs[HPTE_REG_PC] = PC;
	scene->regs[HPTE_REG_MSR] = msr;
	scene->regs[HPTE_REG_XER] = 0;
}

/* The fault: an access to byte @offset of the page, at this EA. */
static inline void scene_fault(struct scene *scene, uint64_t ea, bool is_store)
{
	memset(&scene->outcome, 0xA5, sizeof(scene->outcome));
	scene->outcome.action = HPTE_FAULT_MMIO;
	scene->outcome.dar = ea;
	scene->outcome.gpa = DEVICE | (ea & (PAGE - 1));
	scene->outcome.is_store = is_store;
	scene->outcome.shift = 12;
}

static inline enum hpte_mmio_action scene_emulate(struct scene *scene,
						  uint64_t words)
{
	const uint32_t both[2] = { (uint32_t)(words >> 32), (uint32_t)words };
	const uint32_t one[2] = { (uint32_t)words, UINT32_C(0xA5A5A5A5) };

	memcpy(scene->before, scene->regs, sizeof(scene->regs));
	return hpte_mmio_emulate(&scene->cpu, &scene->outcome,
				 words >> 32 ? both : one);
}

/* All registers are as they were, but for the ones set in @before. */
static inline void assert_registers(const struct scene *scene)
{
	assert_memory_equal(scene->regs, scene->before, sizeof(scene->regs));
}

static inline void assert_interrupt(const struct scene *scene,
				    enum hpte_mmio_action action,
				    uint32_t vector, uint32_t dsisr,
				    uint64_t dar)
{
	assert_int_equal(action, HPTE_MMIO_REFLECT);
	assert_int_equal(scene->cpu.interrupt.vector, vector);
	assert_int_equal(scene->cpu.interrupt.dsisr, dsisr);
	assert_int_equal(scene->cpu.interrupt.dar, dar);
	assert_registers(scene);
}

static inline int scene_set_up(void **state)
{
	*state = malloc(sizeof(struct scene));
	return *state ? 0 : -1;
}

static inline int scene_tear_down(void **state)
{
	free(*state);
	return 0;
}

/* Instruction words. */

static inline uint32_t d_word(unsigned int primary, unsigned int reg,
			      unsigned int ra, int displacement)
{
	return primary << 26 | reg << 21 | ra << 16 |
	       ((unsigned int)displacement & 0xFFFF);
}

static inline uint32_t x_word(unsigned int xo, unsigned int reg,
			      unsigned int ra, unsigned int rb)
{
	return UINT32_C(31) << 26 | reg << 21 | ra << 16 | rb << 11 | xo << 1;
}

#endif /* TEST_UNIT_MMIO_SCENE_H */
