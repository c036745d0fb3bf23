/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * libhpte/mmio_vector.c - floating-point, vector and vector-scalar registers
 * as bytes of storage.
 *
 * Layer: 3 (services).
 *
 * References
 *	[ISA]	Power ISA Version 3.1, Book I, "Floating-Point Load and Store
 *		Double Pair", "Vector Storage Access", "VSX Storage Access"
 *
 * A register is 16 bytes, byte 0 the most significant.  Every instruction
 * moves runs of them: so many bytes of storage from such a place, to such a
 * place in a register, in the same or the opposite order.  A run is the same
 * for a load and its store; so a layout is described once, by the runs it is
 * made of, and move_run() knows the direction.
 *
 * Single precision is converted in integer arithmetic, exactly as the
 * architecture's formulas say: no rounding, NaNs keep their bits.
 */
#include "libhpte/mmio_private.h"

#define REGISTER_BYTES	16U
#define SIGN		HPTE_BIT(0)
#define EXPONENT(d)	((d) >> 52 & 0x7FF)
#define FRACTION	HPTE_BITS(12, 63)

/* A register on its way to or from storage. */
struct transfer {
	struct hpte_mmio_cpu *cpu;
	uint8_t bytes[REGISTER_BYTES];
	bool store;
};

static void read_register(struct transfer *transfer, unsigned int vsr)
{
	for (unsigned int half = 0; half < 2; half++) {
		uint64_t value = hpte_mmio_get_(transfer->cpu, HPTE_REG_VSR +
						2 * vsr + half);

		for (unsigned int i = 8; i-- > 0; value >>= 8)
			transfer->bytes[8 * half + i] = (uint8_t)value;
	}
}

static uint64_t doubleword(const struct transfer *transfer, unsigned int half)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < 8; i++)
		value = value << 8 | transfer->bytes[8 * half + i];
	return value;
}

static void write_register(const struct transfer *transfer, unsigned int vsr)
{
	for (unsigned int half = 0; half < 2; half++)
		hpte_mmio_set_(transfer->cpu, HPTE_REG_VSR + 2 * vsr + half,
			       doubleword(transfer, half));
}

/* Storage bytes @from and on are register bytes @at and on. */
static void move_run(struct transfer *transfer, unsigned int from,
		     unsigned int at, unsigned int count, bool reverse)
{
	uint8_t *data = transfer->cpu->priv_data;

	for (unsigned int i = 0; i < count; i++) {
		/* no run leaves the register; the compiler shall see it too */
		unsigned int to = (at + (reverse ? count - 1 - i : i)) %
				  REGISTER_BYTES;

		if (transfer->store)
			data[from + i] = transfer->bytes[to];
		else
			transfer->bytes[to] = data[from + i];
	}
}

/* [ISA: Floating-Point Load Instructions, DOUBLE] */
static uint64_t single_to_double(uint32_t single)
{
	uint64_t sign = (uint64_t)(single >> 31) << 63;
	uint64_t exponent = single >> 23 & 0xFF;
	uint64_t fraction = (uint64_t)(single & 0x7FFFFF) << 29;

	if (exponent == 255)
		return sign | UINT64_C(0x7FF) << 52 | fraction;
	if (exponent)
		return sign | (exponent + 896) << 52 | fraction;
	if (!fraction)
		return sign;
	/* denormal: shift until the leading one is the hidden bit */
	for (exponent = 897; !(fraction >> 52); exponent--)
		fraction <<= 1;
	return sign | exponent << 52 | (fraction & FRACTION);
}

/* [ISA: Floating-Point Store Instructions, SINGLE] */
static uint32_t double_to_single(uint64_t value)
{
	uint64_t exponent = EXPONENT(value);
	uint32_t sign = (uint32_t)(value >> 63) << 31;
	uint64_t significand = (value & FRACTION) | UINT64_C(1) << 52;

	if (exponent > 896 || !(value & ~SIGN))
		return (uint32_t)(value >> 32 & 0xC0000000) |
		       (uint32_t)(value >> 29 & 0x3FFFFFFF);
	if (exponent < 874)
		return sign;	/* undefined */
	return sign | (uint32_t)(significand >> (29 + 897 - exponent));
}

/* A number of less than 16 bytes in doubleword 0; the other is 0. */
static void move_scalar(struct transfer *transfer, unsigned int from,
			bool little)
{
	const struct hpte_insn *insn = &transfer->cpu->priv_insn;
	unsigned int size = insn->layout == HPTE_INSN_PAIR ? 8 : insn->size;
	uint8_t sign;

	move_run(transfer, from, 8 - size, size, little);
	if (transfer->store || !(insn->flags & HPTE_INSN_ALGEBRAIC))
		return;
	sign = transfer->bytes[8 - size] & 0x80 ? 0xFF : 0;
	/* not i < 8 - size: the compiler shall see the end, whatever size is */
	for (unsigned int i = 0; i + size < 8; i++)
		transfer->bytes[i] = sign;
}

static void move_repeated(struct transfer *transfer, bool little)
{
	const struct hpte_insn *insn = &transfer->cpu->priv_insn;
	bool splat = insn->layout == HPTE_INSN_SPLAT;
	unsigned int bytes = insn->part;

	for (unsigned int at = 0; at < REGISTER_BYTES; at += bytes)
		move_run(transfer, splat ? 0 : at, at, bytes, little);
}

/* Everything that fills or takes one register. */
static void move_register(struct transfer *transfer, bool little)
{
	const struct hpte_mmio_cpu *cpu = transfer->cpu;
	unsigned int count = cpu->priv_bytes;
	unsigned int at;

	switch (cpu->priv_insn.layout) {
	case HPTE_INSN_ELEMENT:
		at = cpu->priv_ea & (REGISTER_BYTES - 1);
		at = little ? REGISTER_BYTES - count - at : at;
		move_run(transfer, 0, at, count, little);
		break;
	case HPTE_INSN_ELEMENTS:
	case HPTE_INSN_SPLAT:
		move_repeated(transfer, little);
		break;
	case HPTE_INSN_RIGHT:
		move_run(transfer, 0, REGISTER_BYTES - count, count, little);
		break;
	case HPTE_INSN_LENGTH:
		at = little ? REGISTER_BYTES - count : 0;
		move_run(transfer, 0, at, count, little);
		break;
	case HPTE_INSN_LENGTH_LEFT:
		move_run(transfer, 0, 0, count, false);
		break;
	default:
		if (count == REGISTER_BYTES)
			move_run(transfer, 0, 0, count, little);
		else
			move_scalar(transfer, 0, little);
		break;
	}
}

/* One register of a pair; little-endian, the second one comes first. */
static void move_half(struct transfer *transfer, unsigned int which,
		      bool little)
{
	bool scalar = transfer->cpu->priv_insn.bank == HPTE_INSN_FPR;
	unsigned int bytes = scalar ? 8 : REGISTER_BYTES;
	unsigned int from = (little ? 1 - which : which) * bytes;

	if (scalar)
		move_scalar(transfer, from, little);
	else
		move_run(transfer, from, 0, bytes, little);
}

static void clear_register(struct transfer *transfer)
{
	for (unsigned int i = 0; i < REGISTER_BYTES; i++)
		transfer->bytes[i] = 0;
}

void hpte_mmio_vector_store_(struct hpte_mmio_cpu *cpu)
{
	const struct hpte_insn *insn = &cpu->priv_insn;
	struct transfer transfer = { .cpu = cpu, .store = true };
	bool little = hpte_mmio_little_(cpu);
	uint32_t single;

	if (insn->layout == HPTE_INSN_PAIR) {
		for (unsigned int i = 0; i < 2; i++) {
			read_register(&transfer, insn->reg + i);
			move_half(&transfer, i, little);
		}
		return;
	}
	read_register(&transfer, insn->reg);
	if (insn->layout == HPTE_INSN_SINGLE) {
		single = double_to_single(doubleword(&transfer, 0));
		for (unsigned int i = 8; i-- > 4; single >>= 8)
			transfer.bytes[i] = (uint8_t)single;
	}
	move_register(&transfer, little);
}

void hpte_mmio_vector_load_(struct hpte_mmio_cpu *cpu)
{
	const struct hpte_insn *insn = &cpu->priv_insn;
	struct transfer transfer = { .cpu = cpu, .store = false };
	bool little = hpte_mmio_little_(cpu);

	if (insn->layout == HPTE_INSN_PAIR) {
		for (unsigned int i = 0; i < 2; i++) {
			clear_register(&transfer);
			move_half(&transfer, i, little);
			write_register(&transfer, insn->reg + i);
		}
		return;
	}
	if (insn->layout == HPTE_INSN_ELEMENT)
		read_register(&transfer, insn->reg);
	move_register(&transfer, little);
	if (insn->layout == HPTE_INSN_SINGLE) {
		hpte_mmio_set_(cpu, HPTE_REG_VSR + 2U * insn->reg,
			       single_to_double((uint32_t)
						doubleword(&transfer, 0)));
		hpte_mmio_set_(cpu, HPTE_REG_VSR + 2U * insn->reg + 1, 0);
		return;
	}
	write_register(&transfer, insn->reg);
}
