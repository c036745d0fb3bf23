/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/insn/execute_build.c - random instructions, and registers and bytes
 * for them.
 *
 * The fields are random but for what would be an invalid form.  Then the
 * address is chosen, and the base register becomes what leads there.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "execute.h"

#define SLOT_WORDS	4U	/* no prefixed one crosses 64 bytes */
#define PAGE_BYTES	65536U
#define BRANCH		UINT32_C(0x48000000)
#define RELATIVE	UINT32_C(0x00100000)
#define MSR_FACILITIES	(HPTE_BIT(38) | HPTE_BIT(40) | HPTE_BIT(50))
#define MSR_ME		HPTE_BIT(51)
#define XER_FLAGS	UINT64_C(0xE0000000)

_Alignas(PAGE_BYTES) uint8_t memory[MEMORY_BYTES];
struct test_random source;
static _Alignas(PAGE_BYTES) uint32_t code[BATCH * SLOT_WORDS];

uint64_t below(uint64_t bound)
{
	return test_random_below(&source, bound);
}

/* Numbers, and floating-point numbers of interesting exponents. */
static uint64_t random_data(void)
{
	static const uint16_t exponents[] = {
		0, 1, 127, 254, 255, 873, 874, 875, 896, 897, 1023, 1150, 1151,
		2046, 2047
	};
	uint64_t value = test_random_sparse(&source);
	uint64_t exponent = exponents[below(15)];

	switch (below(4)) {
	case 0:
		exponent = 870 + below(30);
		return (value & ~HPTE_BITS(1, 11)) | exponent << 52;
	case 1:
		return (value & ~HPTE_BITS(1, 11)) | exponent << 52;
	default:
		return value;
	}
}

/* Bytes in storage, now and then a single of interesting exponent. */
static void fill_bytes(uint8_t *bytes, unsigned int count)
{
	static const uint8_t exponents[] = { 0, 1, 127, 254, 255 };
	uint32_t word;

	for (unsigned int i = 0; i + 4 <= count; i += 4) {
		word = (uint32_t)random_data();
		if (!below(2))
			word = (word & 0x807FFFFF) |
			       (uint32_t)exponents[below(5)] << 23;
		memcpy(&bytes[i], &word, sizeof(word));
	}
}

/* Building an instruction. */

static bool is_pair(const struct form *form)
{
	return form->target == FORM_GPR_PAIR || form->target == FORM_FPR_PAIR;
}

static unsigned int count_gprs(const struct form *form,
			       const struct trial *trial)
{
	switch (form->target) {
	case FORM_GPR:
		return 1;
	case FORM_GPR_PAIR:
		return 2;
	case FORM_MULTIPLE:
	case FORM_STRING:
		return (trial->bytes + 3) / 4;
	default:
		return 0;
	}
}

static bool is_target(const struct form *form, const struct trial *trial,
		      unsigned int reg)
{
	return (reg - trial->rt) % 32 < count_gprs(form, trial);
}

static void choose_bytes(const struct form *form, struct trial *trial)
{
	trial->bytes = form->bytes;
	if (form->target == FORM_MULTIPLE)
		trial->bytes = 4 * (32 - trial->rt);
	else if (form->address == FORM_LENGTH)
		trial->bytes = 1 + (unsigned int)below(16);
	else if (form->address == FORM_BASE)
		trial->bytes = trial->rb ? trial->rb : 32;
	else if (form->target == FORM_STRING)
		trial->bytes = 1 + (unsigned int)below(127);
}

/* Invalid forms, and those whose address cannot be what it must be. */
static bool is_usable(const struct form *form, const struct trial *trial)
{
	bool x_form = form->address == FORM_X;
	bool load = !(form->flags & FORM_STORE);

	if (is_pair(form) && (trial->rt & 1))
		return false;
	if ((form->flags & FORM_UPDATE) &&
	    (!trial->ra || (load && form->target == FORM_GPR &&
			    trial->ra == trial->rt)))
		return false;
	if (!trial->ra && !x_form && form->address != FORM_P)
		return false;
	if (form->address == FORM_LENGTH && trial->ra == trial->rb)
		return false;
	if (form->target == FORM_MULTIPLE && load)
		return trial->ra < trial->rt;
	if (form->target == FORM_GPR_PAIR && load)
		return trial->ra != trial->rt;
	if (form->target == FORM_STRING && load)
		return !is_target(form, trial, trial->ra) &&
		       (!x_form || !is_target(form, trial, trial->rb));
	return true;
}

static void choose_address(const struct form *form, struct trial *trial)
{
	uint64_t low = form->address == FORM_DS ? 3 :
		       form->address == FORM_DQ ? 15 : 0;
	unsigned int room = MEMORY_BYTES - 32 - trial->bytes;

	trial->offset = (unsigned int)below(room);
	if (form->target == FORM_GPR_PAIR)
		trial->offset &= ~15U;	/* else it may be an interrupt */
	else if (!below(2))
		trial->offset &= ~7U;
	trial->ea = (uintptr_t)memory + trial->offset;
	if (form->flags & FORM_ALIGN)
		trial->offset &= ~(trial->bytes - 1U);
	trial->displacement = 0;
	if (form->address == FORM_P)
		trial->displacement = (int64_t)(test_random(&source) << 30) >>
				      30;
	else if (form->address < FORM_X)
		trial->displacement = (int16_t)(below(0x10000) & ~low);
}

/* Bits 16:31 of the word that has the register fields. */
static uint32_t low_fields(const struct form *form, const struct trial *trial)
{
	uint32_t fields = trial->rb << 11;

	if (form->address < FORM_X || form->address == FORM_P)
		return (uint32_t)trial->displacement & 0xFFFF;
	if (form->target == FORM_VSR)
		fields |= trial->vsr >> 5;
	return fields;
}

static void encode(const struct form *form, struct trial *trial,
		   const uint32_t *place)
{
	uint32_t field = form->target == FORM_NONE ? 0 : trial->rt;
	uint32_t word;
	uint64_t pc = (uintptr_t)place;

	trial->words[0] = form->prefix;
	if (form->address == FORM_P && !trial->ra) {
		/* no base: the PC, or nothing at all if that suffices */
		trial->displacement = (int64_t)trial->ea;
		if (below(2) || trial->ea >> 33) {
			trial->displacement = (int64_t)(trial->ea - pc);
			trial->words[0] |= RELATIVE;
		}
	}
	word = form->word | field << 21 | trial->ra << 16 |
	       low_fields(form, trial);
	if (form->target == FORM_VSR_DQ)
		word |= (trial->vsr >> 5) << 3;
	if (form->target == FORM_VSR_P)
		word |= (trial->vsr >> 5) << 26;
	if (form->prefix) {
		trial->words[0] |= (uint32_t)(trial->displacement >> 16) &
				   0x3FFFF;
		trial->words[1] = word;
	} else {
		trial->words[0] = word;
		trial->words[1] = 0;
	}
}

static void choose_vsr(const struct form *form, struct trial *trial)
{
	unsigned int high = (unsigned int)below(2) * 32;

	trial->vsr = trial->rt;
	if (form->target == FORM_VR)
		trial->vsr += 32;
	else if (form->target == FORM_VSR_PAIR)
		trial->vsr = (trial->rt & 30) + (trial->rt & 1) * 32;
	else if (form->target == FORM_VSR || form->target == FORM_VSR_DQ ||
		 form->target == FORM_VSR_P)
		trial->vsr += high;
}

static void build(const struct form *form, struct trial *trial,
		  uint32_t *place)
{
	unsigned int length = form->prefix ? 2 : 1;

	do {
		trial->rt = (unsigned int)below(32);
		trial->ra = (unsigned int)below(32);
		trial->rb = (unsigned int)below(32);
		choose_bytes(form, trial);
		choose_address(form, trial);
	} while (!is_usable(form, trial) ||
		 (form->address == FORM_X && trial->ra == trial->rb &&
		  (trial->ea & 1)));
	choose_vsr(form, trial);
	encode(form, trial, place);
	memcpy(place, trial->words, length * sizeof(*place));
	place[length] = BRANCH |
		((uint32_t)((uintptr_t)insn_execute_done -
			    (uintptr_t)&place[length]) & 0x03FFFFFC);
}

void build_batch(const struct form *form, struct trial *trials,
		 unsigned int count)
{
	if (mprotect(code, sizeof(code), PROT_READ | PROT_WRITE))
		abort();
	for (unsigned int i = 0; i < count; i++) {
		trials[i].place = &code[i * SLOT_WORDS];
		build(form, &trials[i], &code[i * SLOT_WORDS]);
	}
	if (mprotect(code, sizeof(code), PROT_READ | PROT_EXEC))
		abort();
	__builtin___clear_cache((char *)code, (char *)code + sizeof(code));
}

/* Registers before the instruction. */

static void fill_registers(struct machine *machine, bool all)
{
	for (unsigned int i = 0; i < (all ? 32U : 4U); i++)
		machine->regs[all ? i : below(32)] = random_data();
	for (unsigned int i = 0; i < (all ? 128U : 4U); i++)
		machine->regs[HPTE_REG_VSR + (all ? i : below(128))] =
			random_data();
	machine->cr = (uint32_t)test_random(&source);
}

static void set_addresses(const struct form *form, const struct trial *trial,
			  uint64_t *gpr)
{
	uint64_t rest = trial->ea - (uint64_t)trial->displacement;

	if (form->address == FORM_LENGTH)
		gpr[trial->rb] = (uint64_t)trial->bytes << 56 |
				 test_random(&source) >> 8;
	if (form->address == FORM_LENGTH && trial->bytes == 16)
		gpr[trial->rb] |= below(256) << 56 & ~(UINT64_C(0xF) << 56);
	if (form->address != FORM_X) {
		if (trial->ra)
			gpr[trial->ra] = rest;
	} else if (!trial->ra) {
		gpr[trial->rb] = rest;
	} else if (trial->ra == trial->rb) {
		gpr[trial->ra] = rest / 2 | below(2) << 63;
	} else {
		gpr[trial->rb] = random_data();
		gpr[trial->ra] = rest - gpr[trial->rb];
	}
}

void set_machine(const struct form *form, const struct trial *trial,
		 struct machine *machine, bool all)
{
	fill_registers(machine, all);
	for (unsigned int i = 0; i < 2; i++) {
		machine->regs[(trial->rt + i) % 32] = random_data();
		machine->regs[HPTE_REG_VSR + 2 * trial->vsr + i] =
			random_data();
	}
	set_addresses(form, trial, machine->regs);
	machine->regs[HPTE_REG_PC] = (uintptr_t)trial->place;
	machine->regs[HPTE_REG_MSR] = HPTE_MSR_SF | MSR_FACILITIES | MSR_ME |
				     (IS_LITTLE ? HPTE_MSR_LE : 0);
	machine->regs[HPTE_REG_XER] = test_random(&source) & XER_FLAGS;
	if (form->target == FORM_STRING && form->address == FORM_X)
		machine->regs[HPTE_REG_XER] |= trial->bytes;
	if (all)
		fill_bytes(memory, sizeof(memory));
	else
		fill_bytes(&memory[trial->offset & ~7U], 32);
}
