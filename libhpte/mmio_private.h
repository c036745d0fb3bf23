/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * libhpte/mmio_private.h - what the two halves of MMIO emulation share.
 *
 * Layer: 3 (services).
 */
#ifndef HPTE_MMIO_PRIVATE_H
#define HPTE_MMIO_PRIVATE_H

#include "hpte/mmio.h"
#include "libhpte/internal.h"

static inline uint64_t hpte_mmio_get_(const struct hpte_mmio_cpu *cpu,
				      unsigned int reg)
{
	if (cpu->priv_regs)
		return cpu->priv_regs->read(cpu->priv_ctx, reg);
	return ((const uint64_t *)cpu->priv_ctx)[reg];
}

static inline void hpte_mmio_set_(const struct hpte_mmio_cpu *cpu,
				  unsigned int reg, uint64_t value)
{
	if (cpu->priv_regs)
		cpu->priv_regs->write(cpu->priv_ctx, reg, value);
	else
		((uint64_t *)cpu->priv_ctx)[reg] = value;
}

/* Does the instruction read storage as little-endian? */
static inline bool hpte_mmio_little_(const struct hpte_mmio_cpu *cpu)
{
	return !(cpu->priv_msr & HPTE_MSR_LE) !=
	       !(cpu->priv_insn.flags & HPTE_INSN_REVERSED);
}

/* An access to a device; @value as the guest's storage has it, big-endian. */
static inline void hpte_mmio_note_(const struct hpte_mmio *bus, uint64_t gpa,
				   unsigned int bytes, bool is_store,
				   uint64_t value,
				   enum hpte_mmio_result result)
{
	if (!is_store && result != HPTE_MMIO_DONE)
		value = 0;
	if (bus->priv_table && table_noted(bus->priv_table))
		hpte_table_note_(bus->priv_table, HPTE_EVENT_MMIO, gpa,
				 bytes | (is_store ? 0x100U : 0), value,
				 (uint64_t)result);
}

/* Floating-point and vector registers to priv_data, and back. */
void hpte_mmio_vector_store_(struct hpte_mmio_cpu *cpu);
void hpte_mmio_vector_load_(struct hpte_mmio_cpu *cpu);

#endif /* HPTE_MMIO_PRIVATE_H */
