/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * libhpte/mmio_emulate.c - the instruction that touched a device.
 *
 * Layer: 3 (services).  The manual is hpte/mmio.h.
 *
 * References
 *	[ISA]	Power ISA Version 3.1, Book I, "Fixed-Point Facility"; Book
 *		III, "Alignment Interrupt", "Machine Check Interrupt"
 *
 * Every instruction is three steps.  For a store, registers become the bytes
 * that storage would hold; the bytes cross the bus in parts, in ascending
 * order; for a load, the bytes that came back become registers.  Byte order
 * matters in the first and the last step only: on the bus a part is the
 * big-endian number of its bytes, and hpte_mmio_dispatch() knows what that
 * means to the device.
 *
 * The instruction word was read after the fault, and another CPU may have
 * changed it.  So it is believed only if it does what faulted: same
 * direction, and the faulting address among its bytes.  If not, the guest
 * runs again.  Everything else here ends in a result or an interrupt, never
 * in the same fault again.
 */
#include "libhpte/mmio_private.h"

#define VECTOR_MACHINE_CHECK	0x200U
#define VECTOR_DSI		0x300U
#define VECTOR_ALIGNMENT	0x600U
#define VECTOR_PROGRAM		0x700U
#define VECTOR_FP		0x800U
#define VECTOR_VEC		0xF20U
#define VECTOR_VSX		0xF40U
#define SRR1_PRIVILEGED		HPTE_BIT(45)
#define MSR_VEC			HPTE_BIT(38)
#define MSR_VSX			HPTE_BIT(40)
#define MSR_FP			HPTE_BIT(50)
#define MSR_ME			HPTE_BIT(51)
#define XER_BYTES		0x7FU		/* bits 57:63 */
#define CACHE_BLOCK		128U

enum { IDLE, RUNNING, WAITING };

static bool is_store(const struct hpte_mmio_cpu *cpu)
{
	return cpu->priv_insn.flags & HPTE_INSN_IS_STORE;
}

/* How the instruction ends if not by its result. */

static enum hpte_mmio_action reflect_at(struct hpte_mmio_cpu *cpu,
					uint32_t vector, uint32_t dsisr)
{
	cpu->priv_state = IDLE;
	cpu->interrupt = (struct hpte_interrupt){
		.vector = vector, .dsisr = dsisr, .dar = cpu->priv_ea,
	};
	return HPTE_MMIO_REFLECT;
}

/* [ISA: Data Storage Interrupt] storage that the instruction may not access */
static enum hpte_mmio_action refuse(struct hpte_mmio_cpu *cpu)
{
	return reflect_at(cpu, VECTOR_DSI, HPTE_FAULT_BAD_ACCESS |
			  (is_store(cpu) ? HPTE_FAULT_STORE : 0));
}

static enum hpte_mmio_action to_host(struct hpte_mmio_cpu *cpu,
				     enum hpte_mmio_reason reason)
{
	cpu->reason = reason;
	return HPTE_MMIO_HOST;
}

static enum hpte_mmio_action bus_error(struct hpte_mmio_cpu *cpu)
{
	cpu->priv_state = IDLE;
	if (!(cpu->priv_msr & MSR_ME))
		return to_host(cpu, HPTE_MMIO_CHECKSTOP);
	return reflect_at(cpu, VECTOR_MACHINE_CHECK, 0);
}

/* Registers and bytes. */

static uint64_t bytes_get(const uint8_t *bytes, unsigned int count)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < count; i++)
		value = value << 8 | bytes[i];
	return value;
}

static void bytes_put(uint8_t *bytes, unsigned int count, uint64_t value)
{
	while (count--) {
		bytes[count] = (uint8_t)value;
		value >>= 8;
	}
}

/* The low bytes of a number, in the opposite order. */
static uint64_t reversed(uint64_t value, unsigned int bytes)
{
	return __builtin_bswap64(value) >> (64 - 8 * bytes);
}

/* The number that @count bytes of storage mean to this instruction. */
static uint64_t number_get(const struct hpte_mmio_cpu *cpu, unsigned int offset,
			   unsigned int count)
{
	uint64_t value = bytes_get(&cpu->priv_data[offset], count);

	return hpte_mmio_little_(cpu) ? reversed(value, count) : value;
}

static void number_put(struct hpte_mmio_cpu *cpu, unsigned int offset,
		       unsigned int count, uint64_t value)
{
	bytes_put(&cpu->priv_data[offset], count,
		  hpte_mmio_little_(cpu) ? reversed(value, count) : value);
}

static uint64_t sign_extend(uint64_t value, unsigned int bytes)
{
	uint64_t sign = UINT64_C(1) << (8 * bytes - 1);

	return (value ^ sign) - sign;
}

/*
 * Where in storage the first register of a quadword is.  A little-endian lq
 * or stq is one number of 16 bytes, high doubleword first; the prefixed forms
 * are two doublewords in order [ISA: plq].
 */
static unsigned int first_of_pair(const struct hpte_mmio_cpu *cpu)
{
	return hpte_mmio_little_(cpu) && cpu->priv_insn.length == 4 ? 8 : 0;
}

/* Multiple and string instructions: words of storage, left-justified. */
static void words_to_registers(struct hpte_mmio_cpu *cpu)
{
	unsigned int reg = cpu->priv_insn.reg;

	for (unsigned int i = 0; i < cpu->priv_bytes; i += 4) {
		unsigned int left = cpu->priv_bytes - i;
		unsigned int count = left < 4 ? left : 4;
		uint64_t word = bytes_get(&cpu->priv_data[i], count);

		hpte_mmio_set_(cpu, reg, word << 8 * (4 - count));
		reg = (reg + 1) % 32;
	}
}

static void words_from_registers(struct hpte_mmio_cpu *cpu)
{
	unsigned int reg = cpu->priv_insn.reg;

	for (unsigned int i = 0; i < cpu->priv_bytes; i += 4) {
		unsigned int left = cpu->priv_bytes - i;
		unsigned int count = left < 4 ? left : 4;
		uint64_t word = hpte_mmio_get_(cpu, reg) & UINT32_MAX;

		bytes_put(&cpu->priv_data[i], count, word >> 8 * (4 - count));
		reg = (reg + 1) % 32;
	}
}

static void gather(struct hpte_mmio_cpu *cpu)
{
	const struct hpte_insn *insn = &cpu->priv_insn;
	unsigned int first = first_of_pair(cpu);

	if (insn->bank != HPTE_INSN_GPR) {
		hpte_mmio_vector_store_(cpu);
	} else if (insn->layout == HPTE_INSN_PAIR) {
		number_put(cpu, first, 8, hpte_mmio_get_(cpu, insn->reg));
		number_put(cpu, first ^ 8, 8,
			   hpte_mmio_get_(cpu, insn->reg + 1U));
	} else if (insn->layout == HPTE_INSN_WHOLE) {
		number_put(cpu, 0, insn->size, hpte_mmio_get_(cpu, insn->reg));
	} else {
		words_from_registers(cpu);
	}
}

static void scatter(struct hpte_mmio_cpu *cpu)
{
	const struct hpte_insn *insn = &cpu->priv_insn;
	unsigned int first = first_of_pair(cpu);
	uint64_t value;

	if (insn->bank != HPTE_INSN_GPR) {
		hpte_mmio_vector_load_(cpu);
	} else if (insn->layout == HPTE_INSN_PAIR) {
		hpte_mmio_set_(cpu, insn->reg, number_get(cpu, first, 8));
		hpte_mmio_set_(cpu, insn->reg + 1U,
			       number_get(cpu, first ^ 8, 8));
	} else if (insn->layout == HPTE_INSN_WHOLE) {
		value = number_get(cpu, 0, insn->size);
		if (insn->flags & HPTE_INSN_ALGEBRAIC)
			value = sign_extend(value, insn->size);
		hpte_mmio_set_(cpu, insn->reg, value);
	} else {
		words_to_registers(cpu);
	}
}

/* In 32-bit mode addresses have 32 bits. */
static uint64_t address_of(const struct hpte_mmio_cpu *cpu, uint64_t address)
{
	return cpu->priv_msr & HPTE_MSR_SF ? address : address & UINT32_MAX;
}

/* All bytes have crossed the bus: now, and only now, the registers. */
static enum hpte_mmio_action commit(struct hpte_mmio_cpu *cpu)
{
	const struct hpte_insn *insn = &cpu->priv_insn;
	uint64_t pc;

	if (insn->kind == HPTE_INSN_LOAD)
		scatter(cpu);
	if (insn->flags & HPTE_INSN_UPDATE)
		hpte_mmio_set_(cpu, insn->ra, cpu->priv_ea);
	pc = hpte_mmio_get_(cpu, HPTE_REG_PC) + insn->length;
	hpte_mmio_set_(cpu, HPTE_REG_PC, address_of(cpu, pc));
	cpu->priv_state = IDLE;
	return HPTE_MMIO_EMULATED;
}

/* The bus. */

/* Bytes of the next access: what is left, made a size that exists. */
static unsigned int part_bytes(const struct hpte_mmio_cpu *cpu)
{
	unsigned int left = cpu->priv_bytes - cpu->priv_done;
	unsigned int part = cpu->priv_insn.part;

	while (part > left)
		part /= 2;
	return part;
}

/* One access is over. */
static void part_done(struct hpte_mmio_cpu *cpu, uint64_t value)
{
	unsigned int bytes = part_bytes(cpu);

	if (!is_store(cpu))
		bytes_put(&cpu->priv_data[cpu->priv_done], bytes, value);
	cpu->priv_done += bytes;
}

/* Does the device want this aligned, and it is not? */
static bool needs_alignment(const struct hpte_mmio_cpu *cpu)
{
	const struct hpte_mmio_region *region = &cpu->priv_region;
	uint64_t offset = cpu->priv_gpa + cpu->priv_done - region->start;

	if (region->flags & HPTE_MMIO_UNALIGNED)
		return false;
	if ((region->flags & HPTE_MMIO_NOTIFY) && is_store(cpu))
		return false;
	return offset & (part_bytes(cpu) - 1);
}

static enum hpte_mmio_action cross_bus(struct hpte_mmio_cpu *cpu)
{
	while (cpu->priv_done < cpu->priv_bytes) {
		uint64_t gpa = cpu->priv_gpa + cpu->priv_done;
		unsigned int bytes = part_bytes(cpu);
		enum hpte_mmio_result result;
		uint64_t value;

		if (hpte_mmio_find(cpu->priv_bus, gpa, &cpu->priv_region) !=
		    HPTE_OK)
			return bus_error(cpu);
		if (needs_alignment(cpu))
			return reflect_at(cpu, VECTOR_ALIGNMENT, 0);
		value = bytes_get(&cpu->priv_data[cpu->priv_done], bytes);
		cpu->priv_state = RUNNING;
		result = hpte_mmio_dispatch(&cpu->priv_region, gpa, bytes,
					    is_store(cpu), true, &value);
		hpte_mmio_note_(cpu->priv_bus, gpa, bytes, is_store(cpu),
				value, result);
		if (result == HPTE_MMIO_PENDING) {
			cpu->priv_state = WAITING;
			return HPTE_MMIO_WAIT;
		}
		if (result != HPTE_MMIO_DONE)
			return bus_error(cpu);
		part_done(cpu, value);
	}
	return commit(cpu);
}

/* The instruction. */

static void find_address(struct hpte_mmio_cpu *cpu)
{
	const struct hpte_insn *insn = &cpu->priv_insn;
	uint64_t ea = (uint64_t)insn->displacement;

	if (insn->flags & HPTE_INSN_RELATIVE)
		ea += hpte_mmio_get_(cpu, HPTE_REG_PC);
	else if (insn->ra)
		ea += hpte_mmio_get_(cpu, insn->ra);
	if (insn->flags & HPTE_INSN_INDEXED)
		ea += hpte_mmio_get_(cpu, insn->rb);
	if (insn->flags & HPTE_INSN_ALIGNED)
		ea &= ~(uint64_t)(insn->size - 1U);
	cpu->priv_ea = address_of(cpu, ea);
}

static unsigned int count_bytes(const struct hpte_mmio_cpu *cpu)
{
	const struct hpte_insn *insn = &cpu->priv_insn;
	unsigned int length;

	if (insn->kind == HPTE_INSN_CACHE || insn->kind == HPTE_INSN_ZERO)
		return CACHE_BLOCK;
	if (insn->size)
		return insn->size;
	if (insn->layout == HPTE_INSN_MULTIPLE)
		return 4 * (32U - insn->reg);
	if (insn->layout == HPTE_INSN_STRING) {
		if (insn->flags & HPTE_INSN_INDEXED)
			return hpte_mmio_get_(cpu, HPTE_REG_XER) & XER_BYTES;
		return insn->rb ? insn->rb : 32;
	}
	/* a vector with a length */
	length = (unsigned int)(hpte_mmio_get_(cpu, insn->rb) >> 56);
	return length < 16 ? length : 16;
}

/* Is this the instruction that faulted? */
static bool explains(struct hpte_mmio_cpu *cpu,
		     const struct hpte_outcome *outcome)
{
	const struct hpte_insn *insn = &cpu->priv_insn;
	uint64_t before;	/* the faulting byte from the first one */

	if (insn->kind == HPTE_INSN_NONE || is_store(cpu) != outcome->is_store)
		return false;
	find_address(cpu);
	cpu->priv_bytes = count_bytes(cpu);
	if (insn->kind == HPTE_INSN_CACHE || insn->kind == HPTE_INSN_ZERO)
		before = address_of(cpu, outcome->dar) -
			 (cpu->priv_ea & ~(uint64_t)(CACHE_BLOCK - 1));
	else
		before = address_of(cpu, outcome->dar - cpu->priv_ea);
	cpu->priv_gpa = outcome->gpa - before;
	return before < cpu->priv_bytes;
}

/* Does the access stay in the page that @outcome translates? */
static bool in_page(const struct hpte_mmio_cpu *cpu,
		    const struct hpte_outcome *outcome)
{
	uint64_t mask = (UINT64_C(1) << (outcome->shift & 63)) - 1;
	uint64_t first = cpu->priv_gpa & mask;

	return ((cpu->priv_gpa ^ outcome->gpa) & ~mask) == 0 &&
	       cpu->priv_bytes - 1 <= mask - first;
}

/* lswi and lswx that would load a register they need: invalid forms. */
static bool loads_own_base(const struct hpte_mmio_cpu *cpu)
{
	const struct hpte_insn *insn = &cpu->priv_insn;
	unsigned int count = (cpu->priv_bytes + 3) / 4;

	if (insn->layout != HPTE_INSN_STRING || insn->kind != HPTE_INSN_LOAD)
		return false;
	if ((insn->ra - insn->reg) % 32U < count)
		return true;
	return (insn->flags & HPTE_INSN_INDEXED) &&
	       (insn->rb - insn->reg) % 32U < count;
}

/* The interrupt for a facility that is off; 0 if it is on or not needed. */
static uint32_t facility_off(const struct hpte_mmio_cpu *cpu)
{
	uint64_t msr = cpu->priv_msr;

	switch (cpu->priv_insn.bank) {
	case HPTE_INSN_GPR:
		return 0;
	case HPTE_INSN_FPR:
		return msr & MSR_FP ? 0 : VECTOR_FP;
	case HPTE_INSN_VSR:
		return msr & MSR_VSX ? 0 : VECTOR_VSX;
	case HPTE_INSN_VSR_OR_VR:
		if (cpu->priv_insn.reg < 32)
			return msr & MSR_VSX ? 0 : VECTOR_VSX;
		return msr & MSR_VEC ? 0 : VECTOR_VEC;
	default:
		return msr & MSR_VEC ? 0 : VECTOR_VEC;
	}
}

/* Big-endian only [ISA: Fixed-Point Load and Store Multiple, String]. */
static bool big_endian_only(const struct hpte_insn *insn)
{
	return insn->layout == HPTE_INSN_MULTIPLE ||
	       insn->layout == HPTE_INSN_STRING;
}

static enum hpte_mmio_action perform(struct hpte_mmio_cpu *cpu,
				     const struct hpte_outcome *outcome)
{
	const struct hpte_insn *insn = &cpu->priv_insn;
	uint32_t off = facility_off(cpu);
	enum hpte_mmio_action action;

	if (insn->kind == HPTE_INSN_PRIVILEGED) {
		action = reflect_at(cpu, VECTOR_PROGRAM, 0);
		cpu->interrupt.srr1 = SRR1_PRIVILEGED;
		return action;
	}
	if (off)
		return reflect_at(cpu, off, 0);
	if (insn->kind == HPTE_INSN_SPECIAL || loads_own_base(cpu) ||
	    (insn->flags & HPTE_INSN_INVALID))
		return refuse(cpu);
	if (insn->kind == HPTE_INSN_CACHE)
		return commit(cpu);
	if (insn->kind == HPTE_INSN_ZERO || !in_page(cpu, outcome) ||
	    (big_endian_only(insn) && hpte_mmio_little_(cpu)))
		return reflect_at(cpu, VECTOR_ALIGNMENT, 0);
	if (insn->kind == HPTE_INSN_STORE)
		gather(cpu);
	return cross_bus(cpu);
}

void hpte_mmio_cpu_init(struct hpte_mmio_cpu *cpu, const struct hpte_mmio *bus,
			const struct hpte_mmio_regs *regs, void *ctx)
{
	cpu->priv_bus = bus;
	cpu->priv_regs = regs;
	cpu->priv_ctx = ctx;
	cpu->priv_state = IDLE;
}

enum hpte_mmio_action hpte_mmio_emulate(struct hpte_mmio_cpu *cpu,
					const struct hpte_outcome *outcome,
					const uint32_t words[2])
{
	if (cpu->priv_state != IDLE)
		return to_host(cpu, HPTE_MMIO_BUSY);
	if (outcome->action != HPTE_FAULT_MMIO)
		return to_host(cpu, HPTE_MMIO_NOT_MMIO);
	hpte_insn_decode(words, &cpu->priv_insn);
	cpu->priv_msr = hpte_mmio_get_(cpu, HPTE_REG_MSR);
	cpu->priv_done = 0;
	return explains(cpu, outcome) ? perform(cpu, outcome) : HPTE_MMIO_RETRY;
}

enum hpte_mmio_action hpte_mmio_complete(struct hpte_mmio_cpu *cpu,
					 enum hpte_mmio_result result,
					 uint64_t value)
{
	if (cpu->priv_state != WAITING || result == HPTE_MMIO_PENDING)
		return to_host(cpu, HPTE_MMIO_IDLE);
	if (result != HPTE_MMIO_DONE)
		return bus_error(cpu);
	part_done(cpu, hpte_mmio_to_guest(&cpu->priv_region, value,
					  part_bytes(cpu), true));
	return cross_bus(cpu);
}

void hpte_mmio_abort(struct hpte_mmio_cpu *cpu)
{
	if (cpu->priv_state == WAITING)
		cpu->priv_state = IDLE;
}
