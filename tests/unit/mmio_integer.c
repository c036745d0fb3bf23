/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/mmio_integer.c - every integer load and store on a device page.
 *
 * One table, written from the contract's (5.4), says size, sign, byte order
 * and update; the expected result is computed from the bytes of storage.
 */
#include "mmio_scene.h"

enum { UPDATE = 1, SIGNED = 2, REVERSED = 4, STORE = 8, X = 16, DS = 32 };

/* For X forms @code is XO, otherwise primary << 4 | low bits. */
struct form {
	const char *name;
	unsigned int code;
	unsigned int size;
	unsigned int how;
};

static const struct form forms[] = {
	{ "lwz", 32 << 4, 4, 0 }, { "lwzu", 33 << 4, 4, UPDATE },
	{ "lbz", 34 << 4, 1, 0 }, { "lbzu", 35 << 4, 1, UPDATE },
	{ "stw", 36 << 4, 4, STORE }, { "stwu", 37 << 4, 4, STORE | UPDATE },
	{ "stb", 38 << 4, 1, STORE }, { "stbu", 39 << 4, 1, STORE | UPDATE },
	{ "lhz", 40 << 4, 2, 0 }, { "lhzu", 41 << 4, 2, UPDATE },
	{ "lha", 42 << 4, 2, SIGNED }, { "lhau", 43 << 4, 2, SIGNED | UPDATE },
	{ "sth", 44 << 4, 2, STORE }, { "sthu", 45 << 4, 2, STORE | UPDATE },
	/* 62: the low bits make three instructions of one opcode */
	{ "ld", 58 << 4, 8, DS }, { "ldu", 58 << 4 | 1, 8, DS | UPDATE },
	{ "lwa", 58 << 4 | 2, 4, DS | SIGNED },
	{ "std", 62 << 4, 8, DS | STORE },
	{ "stdu", 62 << 4 | 1, 8, DS | STORE | UPDATE },
	{ "lwzx", 23, 4, X }, { "lwzux", 55, 4, X | UPDATE },
	{ "lbzx", 87, 1, X }, { "lbzux", 119, 1, X | UPDATE },
	{ "lhzx", 279, 2, X }, { "lhzux", 311, 2, X | UPDATE },
	{ "lhax", 343, 2, X | SIGNED },
	{ "lhaux", 375, 2, X | SIGNED | UPDATE },
	{ "lwax", 341, 4, X | SIGNED },
	{ "lwaux", 373, 4, X | SIGNED | UPDATE },
	{ "ldx", 21, 8, X }, { "ldux", 53, 8, X | UPDATE },
	{ "lhbrx", 790, 2, X | REVERSED }, { "lwbrx", 534, 4, X | REVERSED },
	{ "ldbrx", 532, 8, X | REVERSED },
	{ "stwx", 151, 4, X | STORE }, { "stwux", 183, 4, X | STORE | UPDATE },
	{ "stbx", 215, 1, X | STORE }, { "stbux", 247, 1, X | STORE | UPDATE },
	{ "sthx", 407, 2, X | STORE }, { "sthux", 439, 2, X | STORE | UPDATE },
	{ "stdx", 149, 8, X | STORE }, { "stdux", 181, 8, X | STORE | UPDATE },
	{ "sthbrx", 918, 2, X | STORE | REVERSED },
	{ "stwbrx", 662, 4, X | STORE | REVERSED },
	{ "stdbrx", 660, 8, X | STORE | REVERSED },
};

#define FORMS	(sizeof(forms) / sizeof(forms[0]))

static uint32_t word_of(const struct form *form, unsigned int reg,
			unsigned int ra, unsigned int rb, int displacement)
{
	if (form->how & X)
		return x_word(form->code, reg, ra, rb);
	return d_word(form->code >> 4, reg, ra, displacement) |
	       (form->code & 0xF);
}

/* What the instruction leaves: in storage for a store, in @reg for a load. */
static void expect(struct scene *scene, uint8_t *mem, const struct form *form,
		   unsigned int reg, unsigned int at)
{
	bool little = !(scene->regs[HPTE_REG_MSR] & LE) !=
		      !(form->how & REVERSED);
	uint64_t value = scene->regs[reg];

	if (form->how & STORE) {
		for (unsigned int i = 0; i < form->size; i++)
			mem[at + i] = (uint8_t)(value >> 8 *
				(little ? i : form->size - 1 - i));
		return;
	}
	value = little ? load_le(mem + at, form->size) :
			 load_be(mem + at, form->size);
	if ((form->how & SIGNED) && value >> (8 * form->size - 1))
		value |= ~UINT64_C(0) << (8 * form->size - 1);
	scene->before[reg] = value;
}

/* Extension, update by EA, byte order, lengths of device calls. */
static void one(struct scene *scene, const struct form *form, uint64_t msr,
		unsigned int flags, unsigned int at)
{
	const unsigned int reg = 7, ra = 9, rb = 11;
	uint64_t ea = (msr & SF ? EA : EA32) + at;
	uint8_t mem[PAGE];
	int displacement = 0x48;
	enum hpte_mmio_action action;
	uint64_t offset;

	scene_start(scene, flags, msr);
	/* a negative number, and a positive one to the other kind of device */
	scene->mem[at] = flags & 1 ? 0x81 : 0x71;
	scene->mem[at + form->size - 1] = scene->mem[at] + 1;
	memcpy(mem, scene->mem, PAGE);
	offset = form->how & X ? scene->regs[rb] : (uint64_t)displacement;
	/* in 32-bit mode the high half of the sum does not matter */
	scene->regs[ra] = ea - offset + (msr & SF ? 0 : UINT64_C(5) << 32);
	if (form->how & X && !(msr & SF))
		scene->regs[rb] = offset;
	scene_fault(scene, ea, form->how & STORE);
	action = scene_emulate(scene, word_of(form, reg, ra, rb,
					      displacement));
	assert_int_equal(action, HPTE_MMIO_EMULATED);
	expect(scene, mem, form, reg, at);
	if (form->how & UPDATE)
		scene->before[ra] = ea;
	scene->before[HPTE_REG_PC] = msr & SF ? PC + 4 : (uint32_t)(PC + 4);
	assert_registers(scene);
	assert_memory_equal(scene->mem, mem, PAGE);
	assert_int_equal(scene->calls, 1);
	assert_int_equal(scene->call[0].size, form->size);
	assert_int_equal(scene->call[0].offset, at);
	assert_int_equal(scene->call[0].is_store, (form->how & STORE) != 0);
}

static void bug_62_63_67_109_every_form(void **state)
{
	static const uint64_t modes[] = { 0, LE, SF, SF | LE };
	struct scene *scene = *state;

	for (unsigned int i = 0; i < FORMS; i++)
		for (unsigned int mode = 0; mode < 4; mode++)
			for (unsigned int flags = 0; flags < 4; flags++)
				one(*state, &forms[i], modes[mode], flags,
				    flags & HPTE_MMIO_UNALIGNED ? 0x123 :
								  0x120);
	/* the fourth of ld, ldu, lwa and of std, stdu, stq is none */
	for (unsigned int store = 0; store < 2; store++) {
		scene_start(scene, 0, SF);
		scene->regs[3] = EA;
		scene_fault(scene, EA, store);
		assert_int_equal(scene_emulate(scene, d_word(store ? 62 : 58,
							     5, 3, 3)),
				 HPTE_MMIO_RETRY);
		assert_registers(scene);
		assert_int_equal(scene->calls, 0);
	}
}

/* Loads of every register; RA=0 is the number 0, also beside RB. */
static void registers_and_base_zero(void **state)
{
	struct scene *scene = *state;

	for (unsigned int reg = 0; reg < 32; reg++) {
		scene_start(scene, 0, SF);
		scene->regs[3] = EA;
		scene_fault(scene, EA, false);
		assert_int_equal(scene_emulate(scene, x_word(21, reg, 0, 3)),
				 HPTE_MMIO_EMULATED);
		scene->before[reg] = load_be(scene->mem, 8);
		scene->before[HPTE_REG_PC] += 4;
		assert_registers(scene);
	}
	/* a negative displacement from 0: the top of the address space */
	scene_start(scene, 0, SF);
	scene_fault(scene, ~UINT64_C(0) - 7, true);
	assert_int_equal(scene_emulate(scene, d_word(62, 3, 0, -8)),
			 HPTE_MMIO_EMULATED);
	assert_int_equal(load_be(scene->mem + PAGE - 8, 8), scene->regs[3]);
}

static void v116_v118_bytes_and_orders(void **state)
{
	struct scene *scene = *state;
	static const struct {
		uint64_t msr, word_xo, want;
	} v118[] = {
		{ SF | LE, 23, 0x04030201 }, { SF | LE, 534, 0x01020304 },
		{ SF, 23, 0x01020304 }, { SF, 534, 0x04030201 },
	};

	scene_start(scene, 0, SF);
	scene->mem[0] = 0x80;
	scene->regs[4] = EA;
	scene_fault(scene, EA, false);
	assert_int_equal(scene_emulate(scene, d_word(34, 3, 4, 0)),
			 HPTE_MMIO_EMULATED);
	assert_int_equal(scene->regs[3], 0x80);
	for (unsigned int i = 0; i < 4; i++) {
		scene_start(scene, 0, v118[i].msr);
		memcpy(scene->mem, "\1\2\3\4", 4);
		scene->regs[4] = EA;
		scene_fault(scene, EA, false);
		assert_int_equal(scene_emulate(scene,
				 x_word((unsigned int)v118[i].word_xo, 3, 0,
					4)), HPTE_MMIO_EMULATED);
		assert_int_equal(scene->regs[3], v118[i].want);
	}
}

/* Update forms without a base, or that load their base. */
static void v121_invalid_forms(void **state)
{
	struct scene *scene = *state;

	for (unsigned int i = 0; i < FORMS; i++) {
		bool store = forms[i].how & STORE;
		uint32_t dsisr = store ? 0x06000000 : 0x04000000;

		if (!(forms[i].how & UPDATE))
			continue;
		for (unsigned int ra = 0; ra < 8; ra += 7) {
			uint32_t word = word_of(&forms[i], 7, ra, 11, 0);

			scene_start(scene, 3, SF);
			scene->regs[11] = EA;
			scene->regs[7] = forms[i].how & X ? 0 : EA;
			scene_fault(scene, ra || forms[i].how & X ? EA : 0,
				    store);
			if (ra && store) {
				assert_int_equal(scene_emulate(scene, word),
						 HPTE_MMIO_EMULATED);
				assert_int_equal(scene->regs[7], EA);
				continue;
			}
			assert_interrupt(scene, scene_emulate(scene, word),
					 0x300, dsisr, scene->outcome.dar);
			assert_int_equal(scene->calls, 0);
		}
	}
	scene_start(scene, 0, SF);
	scene_fault(scene, 8, true);
	assert_interrupt(scene, scene_emulate(scene, d_word(37, 5, 0, 8)),
			 0x300, 0x06000000, 8);
}

/* lmw and stmw, for every first register. */
static void bug_75_multiple(void **state)
{
	struct scene *scene = *state;

	for (unsigned int reg = 0; reg < 32; reg++) {
		for (unsigned int store = 0; store < 2; store++) {
			uint32_t word = d_word(46 + store, reg, 1, 0x10);
			bool invalid = !store && reg <= 1;

			scene_start(scene, 0, SF);
			scene->regs[1] = EA;
			scene_fault(scene, EA + 0x10 + (31 - reg) * 4, store);
			if (invalid) {
				assert_interrupt(scene,
						 scene_emulate(scene, word),
						 0x300, 0x04000000, EA + 0x10);
				continue;
			}
			assert_int_equal(scene_emulate(scene, word),
					 HPTE_MMIO_EMULATED);
			assert_int_equal(scene->calls, 32 - reg);
			for (unsigned int r = reg; r < 32; r++) {
				uint8_t *at = scene->mem + 0x10 + 4 * (r - reg);

				if (!store)
					scene->before[r] = load_be(at, 4);
				assert_int_equal(load_be(at, 4),
						 (uint32_t)scene->regs[r]);
			}
			scene->before[HPTE_REG_PC] += 4;
			assert_registers(scene);
		}
	}
}

/* String instructions: high byte first, wrapping, zero in what is left. */
static void string(struct scene *scene, unsigned int xo, unsigned int reg,
		   unsigned int bytes)
{
	bool store = xo > 600, indexed = xo == 533 || xo == 661;
	unsigned int rb = indexed ? 30 : bytes & 31, r = reg;
	uint8_t mem[PAGE];

	scene_start(scene, HPTE_MMIO_UNALIGNED, SF);
	scene->regs[29] = EA + 3;
	scene->regs[30] = 0;
	scene->regs[HPTE_REG_XER] = bytes | UINT64_C(0xFFFFFFFFFFFFFF80);
	scene_fault(scene, EA + 3, store);
	memcpy(mem, scene->mem, PAGE);
	assert_int_equal(scene_emulate(scene, x_word(xo, reg, 29, rb)),
			 HPTE_MMIO_EMULATED);
	for (unsigned int i = 0; i < bytes; i += 4) {
		unsigned int n = bytes - i < 4 ? bytes - i : 4;

		if (!store)
			scene->before[r] = load_be(mem + 3 + i, n) <<
					   8 * (4 - n);
		for (unsigned int k = 0; store && k < n; k++)
			mem[3 + i + k] = (uint8_t)(scene->regs[r] >>
						   (24 - 8 * k));
		r = (r + 1) & 31;
	}
	scene->before[HPTE_REG_PC] += 4;
	assert_registers(scene);
	assert_memory_equal(scene->mem, mem, PAGE);
}

static void bug_67_75_strings(void **state)
{
	static const unsigned int xo[] = { 597, 533, 725, 661 };

	for (unsigned int i = 0; i < 4; i++)
		for (unsigned int bytes = 1; bytes <= 32; bytes++) {
			string(*state, xo[i], 4, bytes);
			if (i > 1)	/* a load would load its base */
				string(*state, xo[i], 28, bytes);
		}
	/* 127 bytes are all registers; as a load that is an invalid form */
	string(*state, 661, 10, 127);
	string(*state, 533, 31, 100);
}

static void strings_that_cannot_be(void **state)
{
	struct scene *scene = *state;

	/* lswi into its base, lswx into its base or index */
	static const uint32_t regs[][3] = {
		{ 597, 28, 8 }, { 533, 28, 8 }, { 533, 30, 4 },
	};

	for (unsigned int i = 0; i < 3; i++) {
		scene_start(scene, 2, SF);
		scene->regs[29] = EA;
		scene->regs[30] = 0;
		scene->regs[HPTE_REG_XER] = regs[i][2];
		scene_fault(scene, EA, false);
		assert_interrupt(scene, scene_emulate(scene,
				 x_word(regs[i][0], regs[i][1], 29,
					i ? 30 : 8)), 0x300, 0x04000000, EA);
	}
	/* no bytes, no access: it cannot be what faulted */
	scene_start(scene, 2, SF);
	scene->regs[29] = EA;
	scene->regs[30] = 0;
	scene->regs[HPTE_REG_XER] = 0;
	scene_fault(scene, EA, false);
	assert_int_equal(scene_emulate(scene, x_word(533, 4, 29, 30)),
			 HPTE_MMIO_RETRY);
}

/* Little-endian, multiple and string instructions are alignment interrupts. */
static void little_endian_multiples(void **state)
{
	static const uint32_t words[] = {
		46U << 26 | 5U << 21 | 3U << 16,
		47U << 26 | 5U << 21 | 3U << 16,
		31U << 26 | 5U << 21 | 3U << 16 | 8U << 11 | 597U << 1,
		31U << 26 | 5U << 21 | 3U << 16 | 8U << 11 | 725U << 1,
	};
	struct scene *scene = *state;

	for (unsigned int i = 0; i < 4; i++) {
		scene_start(scene, 0, SF | LE);
		scene->regs[3] = EA;
		scene_fault(scene, EA, i & 1);
		assert_interrupt(scene, scene_emulate(scene, words[i]), 0x600,
				 0, EA);
		assert_int_equal(scene->calls, 0);
	}
}

static void bug_75_quadwords(void **state)
{
	struct scene *scene = *state;

	for (unsigned int little = 0; little < 2; little++) {
		/* lq r6 */
		scene_start(scene, 0, SF | little);
		scene->regs[3] = EA;
		scene_fault(scene, EA + 24, false);
		assert_int_equal(scene_emulate(scene, d_word(56, 6, 3, 16)),
				 HPTE_MMIO_EMULATED);
		scene->before[little ? 7 : 6] = little ?
			load_le(scene->mem + 16, 8) :
			load_be(scene->mem + 16, 8);
		scene->before[little ? 6 : 7] = little ?
			load_le(scene->mem + 24, 8) :
			load_be(scene->mem + 24, 8);
		scene->before[HPTE_REG_PC] += 4;
		assert_registers(scene);
		/* stq r6 */
		scene_start(scene, 0, SF | little);
		scene->regs[3] = EA;
		scene_fault(scene, EA + 16, true);
		assert_int_equal(scene_emulate(scene, d_word(62, 6, 3, 16) | 2),
				 HPTE_MMIO_EMULATED);
		assert_int_equal(little ? load_le(scene->mem + 16, 8) :
				 load_be(scene->mem + 16, 8),
				 scene->regs[little ? 7 : 6]);
		assert_int_equal(little ? load_le(scene->mem + 24, 8) :
				 load_be(scene->mem + 24, 8),
				 scene->regs[little ? 6 : 7]);
	}
	/* odd register, or its own base: invalid */
	for (unsigned int reg = 6; reg < 8; reg++) {
		scene_start(scene, 0, SF);
		scene->regs[6] = EA;
		scene_fault(scene, EA, false);
		assert_interrupt(scene, scene_emulate(scene,
				 d_word(56, reg, 6, 0)), 0x300, 0x04000000, EA);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bug_62_63_67_109_every_form),
		cmocka_unit_test(registers_and_base_zero),
		cmocka_unit_test(v116_v118_bytes_and_orders),
		cmocka_unit_test(v121_invalid_forms),
		cmocka_unit_test(bug_75_multiple),
		cmocka_unit_test(bug_67_75_strings),
		cmocka_unit_test(strings_that_cannot_be),
		cmocka_unit_test(little_endian_multiples),
		cmocka_unit_test(bug_75_quadwords),
	};

	return cmocka_run_group_tests(tests, scene_set_up, scene_tear_down);
}
