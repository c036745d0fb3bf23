/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/mmio_vector.c - floating-point, vector and vector-scalar loads
 * and stores on a device page.
 *
 * A register is written down as 16 bytes, most significant first; what goes
 * where is spelled out for each form, once for each byte order of the guest.
 */
#include "mmio_scene.h"

#define ON	(SF | FP | VEC | VSX)

/* Byte i of the register is storage byte from[i]; Z: 0, K: kept. */
enum { Z = 0x80, K = 0x81 };

struct form {
	const char *name;
	uint32_t word;		/* of the load, RA=3, RB=4, register 5 */
	uint32_t store;		/* of the store, 0: none */
	unsigned int vsr;
	uint8_t big[16];
	uint8_t little[16];
};

#define X(xo)		(31U << 26 | 5U << 21 | 3U << 16 | 4U << 11 | (xo) << 1)
#define D(primary, low)	((primary) << 26 | 5U << 21 | 3U << 16 | (low))

#define ORDER	{ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 }
#define BACK	{ 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0 }
#define DWORD	{ 0, 1, 2, 3, 4, 5, 6, 7, Z, Z, Z, Z, Z, Z, Z, Z }
#define DBACK	{ 7, 6, 5, 4, 3, 2, 1, 0, Z, Z, Z, Z, Z, Z, Z, Z }
#define WORD	{ Z, Z, Z, Z, 0, 1, 2, 3, Z, Z, Z, Z, Z, Z, Z, Z }
#define WBACK	{ Z, Z, Z, Z, 3, 2, 1, 0, Z, Z, Z, Z, Z, Z, Z, Z }

static const struct form forms[] = {
	{ "lfd", D(50U, 0), D(54U, 0), 5, DWORD, DBACK },
	{ "lfdx", X(599U), X(727U), 5, DWORD, DBACK },
	{ "lfiwzx", X(887U), X(983U), 5, WORD, WBACK },
	{ "lxsd", D(57U, 2), D(61U, 2), 37, DWORD, DBACK },
	{ "lxsdx", X(588U), X(716U), 5, DWORD, DBACK },
	{ "lxsdx high", X(588U) | 1, X(716U) | 1, 37, DWORD, DBACK },
	{ "lxsiwzx", X(12U), X(140U), 5, WORD, WBACK },
	{ "lxsibzx", X(781U) | 1, X(909U) | 1, 37,
	  { Z, Z, Z, Z, Z, Z, Z, 0, Z, Z, Z, Z, Z, Z, Z, Z },
	  { Z, Z, Z, Z, Z, Z, Z, 0, Z, Z, Z, Z, Z, Z, Z, Z } },
	{ "lxsihzx", X(813U), X(941U), 5,
	  { Z, Z, Z, Z, Z, Z, 0, 1, Z, Z, Z, Z, Z, Z, Z, Z },
	  { Z, Z, Z, Z, Z, Z, 1, 0, Z, Z, Z, Z, Z, Z, Z, Z } },
	{ "lvx", X(103U), X(231U), 37, ORDER, BACK },
	{ "lvxl", X(359U), X(487U), 37, ORDER, BACK },
	{ "lxvx", X(268U), X(396U), 5, ORDER, BACK },
	{ "lxvx high", X(268U) | 1, X(396U) | 1, 37, ORDER, BACK },
	{ "lxv", D(61U, 1), D(61U, 5), 5, ORDER, BACK },
	{ "lxv high", D(61U, 9), D(61U, 13), 37, ORDER, BACK },
	{ "lxvd2x", X(844U), X(972U), 5, ORDER,
	  { 7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8 } },
	{ "lxvw4x", X(780U), X(908U), 5, ORDER,
	  { 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12 } },
	{ "lxvh8x", X(812U), X(940U), 5, ORDER,
	  { 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14 } },
	{ "lxvb16x", X(876U), X(1004U), 5, ORDER, ORDER },
	{ "lxvdsx", X(332U), 0, 5,
	  { 0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7 },
	  { 7, 6, 5, 4, 3, 2, 1, 0, 7, 6, 5, 4, 3, 2, 1, 0 } },
	{ "lxvwsx", X(364U), 0, 5,
	  { 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3 },
	  { 3, 2, 1, 0, 3, 2, 1, 0, 3, 2, 1, 0, 3, 2, 1, 0 } },
	{ "lxvrbx", X(13U), X(141U), 5,
	  { Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, 0 },
	  { Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, 0 } },
	{ "lxvrhx", X(45U), X(173U), 5,
	  { Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, 0, 1 },
	  { Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, 1, 0 } },
	{ "lxvrwx", X(77U), X(205U), 5,
	  { Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, 0, 1, 2, 3 },
	  { Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, 3, 2, 1, 0 } },
	{ "lxvrdx", X(109U), X(237U), 5,
	  { Z, Z, Z, Z, Z, Z, Z, Z, 0, 1, 2, 3, 4, 5, 6, 7 },
	  { Z, Z, Z, Z, Z, Z, Z, Z, 7, 6, 5, 4, 3, 2, 1, 0 } },
	{ "lvebx", X(7U), X(135U), 37,
	  { 0, K, K, K, K, K, K, K, K, K, K, K, K, K, K, K },
	  { K, K, K, K, K, K, K, K, K, K, K, K, K, K, K, 0 } },
	{ "lvewx", X(71U), X(199U), 37,
	  { 0, 1, 2, 3, K, K, K, K, K, K, K, K, K, K, K, K },
	  { K, K, K, K, K, K, K, K, K, K, K, K, 3, 2, 1, 0 } },
};

#define FORMS	(sizeof(forms) / sizeof(forms[0]))

static uint8_t reg_byte(const uint64_t *regs, unsigned int vsr, unsigned int i)
{
	return (uint8_t)(regs[VSR(vsr, i / 8)] >> 8 * (7 - i % 8));
}

static void set_reg_byte(uint64_t *regs, unsigned int vsr, unsigned int i,
			 uint8_t byte)
{
	unsigned int shift = 8 * (7 - i % 8);

	regs[VSR(vsr, i / 8)] &= ~(UINT64_C(0xFF) << shift);
	regs[VSR(vsr, i / 8)] |= (uint64_t)byte << shift;
}

static void begin(struct scene *scene, uint64_t msr, uint64_t ea, bool store)
{
	scene_start(scene, HPTE_MMIO_UNALIGNED, msr);
	scene->regs[3] = ea;
	scene->regs[4] = 0;
	scene_fault(scene, ea, store);
}

static void every_form(void **state)
{
	struct scene *scene = *state;

	for (unsigned int n = 0; n < 2 * FORMS; n++) {
		const struct form *form = &forms[n / 2];
		const uint8_t *from = n % 2 ? form->little : form->big;
		uint8_t mem[PAGE];

		begin(scene, ON | (n % 2), EA + 0x40, false);
		assert_int_equal(scene_emulate(scene, form->word),
				 HPTE_MMIO_EMULATED);
		for (unsigned int i = 0; i < 16; i++)
			if (from[i] != K)
				set_reg_byte(scene->before, form->vsr, i,
					     from[i] == Z ? 0 :
					     scene->mem[0x40 + from[i]]);
		scene->before[HPTE_REG_PC] += 4;
		assert_registers(scene);
		if (!form->store)
			continue;
		begin(scene, ON | (n % 2), EA + 0x40, true);
		memcpy(mem, scene->mem, PAGE);
		assert_int_equal(scene_emulate(scene, form->store),
				 HPTE_MMIO_EMULATED);
		for (unsigned int i = 0; i < 16; i++)
			if (from[i] < 16)
				mem[0x40 + from[i]] = reg_byte(scene->regs,
							       form->vsr, i);
		assert_memory_equal(scene->mem, mem, PAGE);
		scene->before[HPTE_REG_PC] += 4;
		assert_registers(scene);
	}
}

/* An element goes to its own place, wherever that is; and comes from there. */
static void bug_65_66_elements(void **state)
{
	static const unsigned int load[] = { 7, 39, 71 };
	struct scene *scene = *state;
	uint8_t mem[PAGE];

	for (unsigned int n = 0; n < 96; n++) {
		unsigned int log = n / 32, little = n & 1, off = n / 2 % 16;
		unsigned int size = 1U << log, at = off & ~(size - 1);

		begin(scene, ON | little, EA + off, false);
		assert_int_equal(scene_emulate(scene, X(load[log])),
				 HPTE_MMIO_EMULATED);
		for (unsigned int i = 0; i < size; i++)
			set_reg_byte(scene->before, 37, little ?
				     15 - at - i : at + i,
				     scene->mem[at + i]);
		scene->before[HPTE_REG_PC] += 4;
		assert_registers(scene);
		begin(scene, ON | little, EA + off, true);
		memcpy(mem, scene->mem, PAGE);
		assert_int_equal(scene_emulate(scene, X(load[log] + 128)),
				 HPTE_MMIO_EMULATED);
		for (unsigned int i = 0; i < size; i++)
			mem[at + i] = reg_byte(scene->regs, 37, little ?
					       15 - at - i : at + i);
		assert_memory_equal(scene->mem, mem, PAGE);
	}
}

/*
 * Vectors in parts, each of which waits in turn: every byte crosses the bus
 * once, in ascending order.  Then the same, but dropped at the last part.
 */
static void bug_65_73_parts_that_wait(void **state)
{
	static const struct {
		uint32_t word;
		unsigned int parts;
		bool store;
	} v[] = {
		{ X(103U), 2, false }, { X(231U), 2, true },
		{ X(780U), 4, false }, { X(908U), 4, true },
		{ X(332U), 1, false }, { D(6U, 0), 4, false },
	};
	struct scene *scene = *state;
	enum hpte_mmio_action action;
	uint64_t done[HPTE_REG_COUNT];

	for (unsigned int n = 0; n < 2 * sizeof(v) / sizeof(v[0]); n++) {
		bool drop = n & 1, store = v[n / 2].store;
		unsigned int end = 0;

		begin(scene, ON, EA, store);
		assert_int_equal(scene_emulate(scene, v[n / 2].word),
				 HPTE_MMIO_EMULATED);
		memcpy(done, scene->regs, sizeof(done));
		begin(scene, ON, EA, store);
		scene->at = 0;
		scene->answer = HPTE_MMIO_PENDING;
		action = scene_emulate(scene, v[n / 2].word);
		while (action == HPTE_MMIO_WAIT) {
			const struct hpte_mmio_access *last =
				&scene->call[scene->calls - 1];

			assert_int_equal(last->offset, end);
			end += last->size;
			assert_registers(scene);
			scene->at = scene->calls;
			if (drop && scene->calls == v[n / 2].parts) {
				hpte_mmio_abort(&scene->cpu);
				break;
			}
			action = hpte_mmio_complete(&scene->cpu,
						    HPTE_MMIO_DONE,
						    device_number(scene, last));
		}
		assert_int_equal(action, drop ? HPTE_MMIO_WAIT :
						HPTE_MMIO_EMULATED);
		assert_int_equal(scene->calls, v[n / 2].parts);
		assert_memory_equal(scene->regs, drop ? scene->before : done,
				    sizeof(done));
	}
}

/* A quadword is two reads, at the address rounded down. */
static void v125_lvx_is_two_reads(void **state)
{
	struct scene *scene = *state;

	begin(scene, ON, EA + 7, false);
	assert_int_equal(scene_emulate(scene, X(103U)), HPTE_MMIO_EMULATED);
	assert_int_equal(scene->calls, 2);
	assert_int_equal(scene->call[0].offset, 0);
	assert_int_equal(scene->call[1].offset, 8);
	assert_int_equal(scene->call[0].size, 8);
	assert_int_equal(scene->call[1].size, 8);
	/* hardware may report the rounded address */
	begin(scene, ON, EA + 7, false);
	scene_fault(scene, EA, false);
	assert_int_equal(scene_emulate(scene, X(103U)), HPTE_MMIO_EMULATED);
}

/* lxv, in two reads; and its store. */
static void v128_d13_lxv_is_performed(void **state)
{
	struct scene *scene = *state;

	begin(scene, ON, EA, false);
	assert_int_equal(scene_emulate(scene, D(61U, 1)), HPTE_MMIO_EMULATED);
	assert_int_equal(scene->calls, 2);
	begin(scene, ON, EA, true);
	assert_int_equal(scene_emulate(scene, D(61U, 5)), HPTE_MMIO_EMULATED);
	assert_int_equal(scene->calls, 2);
}

static void pairs(void **state)
{
	struct scene *scene = *state;

	for (unsigned int little = 0; little < 2; little++) {
		/* lfdp f6: the even register is the high doubleword */
		begin(scene, ON | little, EA, false);
		assert_int_equal(scene_emulate(scene, (57U << 26 | 6U << 21 |
						       3U << 16)),
				 HPTE_MMIO_EMULATED);
		for (unsigned int i = 0; i < 2; i++) {
			uint8_t *at = scene->mem + 8 * (little ? 1 - i : i);

			scene->before[VSR(6 + i, 0)] = little ?
				load_le(at, 8) : load_be(at, 8);
			scene->before[VSR(6 + i, 1)] = 0;
		}
		scene->before[HPTE_REG_PC] += 4;
		assert_registers(scene);
		/* lxvp: field 5 is VSR 36 and 37 */
		begin(scene, ON | little, EA, false);
		assert_int_equal(scene_emulate(scene, D(6U, 0)),
				 HPTE_MMIO_EMULATED);
		for (unsigned int i = 0; i < 32; i++)
			set_reg_byte(scene->before, 36 + i / 16, i % 16,
				     scene->mem[little ? 31 - i : i]);
		scene->before[HPTE_REG_PC] += 4;
		assert_registers(scene);
		/* stxvp stores what lxvp loaded */
		begin(scene, ON | little, EA, true);
		assert_int_equal(scene_emulate(scene, D(6U, 1)),
				 HPTE_MMIO_EMULATED);
		for (unsigned int i = 0; i < 32; i++)
			assert_int_equal(scene->mem[little ? 31 - i : i],
					 reg_byte(scene->regs, 36 + i / 16,
						  i % 16));
	}
	/* an odd pair of FPRs is invalid */
	begin(scene, ON, EA, false);
	assert_interrupt(scene, scene_emulate(scene, D(57U, 0)), 0x300,
			 0x04000000, EA);
}

/* lxvl, lxvll and their stores, for every length. */
static void lengths(void **state)
{
	static const unsigned int xo[] = { 269, 301, 397, 429 };
	struct scene *scene = *state;

	for (unsigned int n = 0; n < 4 * 2 * 20; n++) {
		unsigned int little = n & 1, which = n / 2 % 4, rb = n / 8;
		unsigned int bytes = rb < 16 ? rb : 16, from;
		bool back = little && !(which & 1);
		uint8_t mem[PAGE];

		begin(scene, ON | little, EA + 3, which > 1);
		scene->regs[4] = (uint64_t)rb << 56 | 0xFFFF;
		memcpy(mem, scene->mem, PAGE);
		if (!rb) {
			/* no access: it cannot be what faulted */
			assert_int_equal(scene_emulate(scene, X(xo[which])),
					 HPTE_MMIO_RETRY);
			continue;
		}
		assert_int_equal(scene_emulate(scene, X(xo[which])),
				 HPTE_MMIO_EMULATED);
		for (unsigned int i = 0; which < 2 && i < 16; i++)
			set_reg_byte(scene->before, 5, i, 0);
		for (unsigned int i = 0; i < bytes; i++) {
			from = back ? 15 - i : i;
			if (which < 2)
				set_reg_byte(scene->before, 5, from,
					     mem[3 + i]);
			else
				mem[3 + i] = reg_byte(scene->regs, 5, from);
		}
		scene->before[HPTE_REG_PC] += 4;
		assert_registers(scene);
		assert_memory_equal(scene->mem, mem, PAGE);
	}
}

/* Singles, and the sign-extending forms. */
static void v122_conversions(void **state)
{
	static const struct {
		uint32_t single;
		uint64_t twice;
	} v[] = {
		{ 0x00000001, UINT64_C(0x36A0000000000000) },
		{ 0x7FA00000, UINT64_C(0x7FF4000000000000) },
		{ 0x007FFFFF, UINT64_C(0x380FFFFFC0000000) },
		{ 0x00000000, 0 }, { 0x80000000, UINT64_C(1) << 63 },
		{ 0x3F800000, UINT64_C(0x3FF0000000000000) },
		{ 0xFF800000, UINT64_C(0xFFF0000000000000) },
		{ 0x7F7FFFFF, UINT64_C(0x47EFFFFFE0000000) },
		{ 0x80400000, UINT64_C(0xB800000000000000) },
	};
	struct scene *scene = *state;

	for (unsigned int i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		begin(scene, ON, EA, false);
		for (unsigned int k = 0; k < 4; k++)
			scene->mem[k] = (uint8_t)(v[i].single >> (24 - 8 * k));
		assert_int_equal(scene_emulate(scene, D(48U, 0)),
				 HPTE_MMIO_EMULATED);
		assert_int_equal(scene->regs[VSR(5, 0)], v[i].twice);
		assert_int_equal(scene->regs[VSR(5, 1)], 0);
		begin(scene, ON, EA, true);
		scene->regs[VSR(5, 0)] = v[i].twice;
		assert_int_equal(scene_emulate(scene, D(52U, 0)),
				 HPTE_MMIO_EMULATED);
		assert_int_equal(load_be(scene->mem, 4), v[i].single);
		assert_int_equal(scene->regs[VSR(5, 0)], v[i].twice);
	}
	for (unsigned int high = 0; high < 2; high++) {
		begin(scene, ON, EA, false);
		scene->mem[0] = high ? 0x80 : 0x7F;
		assert_int_equal(scene_emulate(scene, X(high ? 855U : 76U)),
				 HPTE_MMIO_EMULATED);
		assert_int_equal(scene->regs[VSR(5, 0)],
				 load_be(scene->mem, 4) |
				 (high ? UINT64_C(0xFFFFFFFF00000000) : 0));
	}
	/* too small for single precision: the sign is all there is */
	begin(scene, ON, EA, true);
	scene->regs[VSR(5, 0)] = UINT64_C(0xB000000000000000);
	assert_int_equal(scene_emulate(scene, D(52U, 0)), HPTE_MMIO_EMULATED);
	assert_int_equal(load_be(scene->mem, 4), 0x80000000);
}

/* The facility comes first, and no device hears of it. */
static void v124_bug_74_89_facilities(void **state)
{
	static const struct {
		uint32_t word;
		uint32_t vector;
		uint64_t need;
		bool store;
	} v[] = {
		{ D(50U, 0), 0x800, FP, false }, { D(54U, 0), 0x800, FP, true },
		{ X(103U), 0xF20, VEC, false }, { X(844U), 0xF40, VSX, false },
		{ X(844U) | 1, 0xF40, VSX, false },
		{ D(61U, 1), 0xF40, VSX, false },
		{ D(61U, 9), 0xF20, VEC, false },
		{ X(268U) | 1, 0xF20, VEC, false },
		{ D(57U, 2), 0xF20, VEC, false },
		{ D(6U, 1), 0xF40, VSX, true },
	};
	struct scene *scene = *state;

	for (unsigned int i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		begin(scene, ON & ~v[i].need, EA, v[i].store);
		assert_int_equal(scene_emulate(scene, v[i].word),
				 HPTE_MMIO_REFLECT);
		assert_int_equal(scene->cpu.interrupt.vector, v[i].vector);
		assert_int_equal(scene->calls, 0);
		assert_registers(scene);
		begin(scene, SF | v[i].need, EA, v[i].store);
		assert_int_equal(scene_emulate(scene, v[i].word),
				 HPTE_MMIO_EMULATED);
	}
}

/* Prefixed forms: 34 bits, eight bytes of PC, the PC as base. */
static void v134_d31_prefixed(void **state)
{
	struct scene *scene = *state;
	uint64_t pld = (UINT64_C(1) << 26 | 0x3FFFF) << 32 | 57U << 26 |
		       5U << 21 | 3U << 16 | 0xFFF8;
	uint64_t plwz = (UINT64_C(1) << 26 | 2U << 24 | 1U << 20) << 32 |
			32U << 26 | 5U << 21 | 0x3000;

	begin(scene, ON, EA, false);
	scene->regs[3] = EA + 8;
	assert_int_equal(scene_emulate(scene, pld), HPTE_MMIO_EMULATED);
	scene->before[5] = load_be(scene->mem, 8);
	scene->before[HPTE_REG_PC] += 8;
	assert_registers(scene);
	assert_int_equal(scene->calls, 1);
	assert_int_equal(scene->call[0].size, 8);
	begin(scene, ON, EA, false);
	assert_int_equal(scene_emulate(scene, plwz), HPTE_MMIO_EMULATED);
	scene->before[5] = load_be(scene->mem, 4);
	scene->before[HPTE_REG_PC] += 8;
	assert_registers(scene);
	/* the PC as base and RA beside it: invalid */
	begin(scene, ON, EA, false);
	assert_interrupt(scene, scene_emulate(scene, plwz | 3U << 16), 0x300,
			 0x04000000, EA);
	/* plxv of VSR 37, two doublewords of plq in either order */
	begin(scene, ON, EA, false);
	assert_int_equal(scene_emulate(scene, UINT64_C(1) << 58 | 51U << 26 |
				       5U << 21 | 3U << 16),
			 HPTE_MMIO_EMULATED);
	assert_int_equal(scene->regs[VSR(37, 0)], load_be(scene->mem, 8));
	begin(scene, ON | LE, EA, false);
	assert_int_equal(scene_emulate(scene, UINT64_C(1) << 58 | 56U << 26 |
				       6U << 21 | 3U << 16),
			 HPTE_MMIO_EMULATED);
	assert_int_equal(scene->regs[6], load_le(scene->mem, 8));
	assert_int_equal(scene->regs[7], load_le(scene->mem + 8, 8));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_form),
		cmocka_unit_test(bug_65_66_elements),
		cmocka_unit_test(bug_65_73_parts_that_wait),
		cmocka_unit_test(v125_lvx_is_two_reads),
		cmocka_unit_test(v128_d13_lxv_is_performed),
		cmocka_unit_test(pairs),
		cmocka_unit_test(lengths),
		cmocka_unit_test(v122_conversions),
		cmocka_unit_test(v124_bug_74_89_facilities),
		cmocka_unit_test(v134_d31_prefixed),
	};

	return cmocka_run_group_tests(tests, scene_set_up, scene_tear_down);
}
