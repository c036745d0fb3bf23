/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/model/model_change.c - H_PROTECT, H_CLEAR_MOD, H_CLEAR_REF.
 */
#include "model_internal.h"

/* From the flag word's places to those of doubleword 1. */
static uint64_t protection_of(uint64_t flags)
{
	return ((flags << 55) & MODEL_PP0) |
	       ((flags << 48) & UINT64_C(0x3000000000000000)) |
	       (flags & UINT64_C(0xE07));
}

/* The hypervisor's own narrowing is never undone by the guest. */
static void protect_hardware(struct model_entry *entry, uint64_t mask,
			     uint64_t bits)
{
	uint64_t hw = (entry->hw & ~mask) | bits;

	if (model_writable(hw) && !model_writable(entry->hw))
		hw = model_read_only(hw);
	entry->hw = hw;
}

int64_t model_protect(struct model *model, uint64_t *gpr)
{
	struct model_entry *entry = model_at(model, gpr[5]);
	uint64_t mask = MODEL_DW1_KEPT & ~model_missing_bits(model);
	uint64_t bits = protection_of(gpr[4]) & mask;
	bool change;

	if (!entry || !model_matches(entry, gpr[4] & HPTE_HFLAG_AVPN, false,
				     gpr[6]))
		return HPTE_H_NOT_FOUND;
	change = (entry->dw1 & mask) != bits;
	if (entry->valid) {
		model_note_flush(model, gpr[5], change);
		if (change)
			protect_hardware(entry, mask, bits);
	} else if (!model->walker && !entry->mmio) {
		model_note_flush(model, gpr[5], change);
	}
	/* The flush is a chance to account what it brought to light. */
	if (entry->dw1 & MODEL_RC) {
		bool used = entry->used, stored = entry->stored;

		entry->used = false;
		entry->stored = false;
		model_note_rc(model, entry, MODEL_RC);
		entry->used = used;
		entry->stored = stored;
	}
	if (entry->mmio && change)
		model->generation = true;
	entry->dw1 = (entry->dw1 & ~mask) | bits;
	return HPTE_H_SUCCESS;
}

int64_t model_clear_mod(struct model *model, uint64_t *gpr)
{
	struct model_entry *entry = model_at(model, gpr[5]);

	if (!entry)
		return HPTE_H_NOT_FOUND;
	gpr[4] = entry->dw1;
	if (entry->valid || (!model->walker && !entry->mmio))
		model_note_flush(model, gpr[5],
				 entry->valid || (entry->dw1 & MODEL_C));
	model_note_rc(model, entry, MODEL_C);
	entry->dw1 &= ~MODEL_C;
	entry->hw_rc &= ~MODEL_C;
	return HPTE_H_SUCCESS;
}

int64_t model_clear_ref(struct model *model, uint64_t *gpr)
{
	struct model_entry *entry = model_at(model, gpr[5]);

	if (!entry)
		return HPTE_H_NOT_FOUND;
	gpr[4] = entry->dw1;
	if (entry->valid)
		model_note_flush(model, gpr[5], entry->hw_rc & MODEL_R);
	else if (!model->walker && !entry->mmio)
		model_note_flush(model, gpr[5], entry->dw1 & MODEL_R);
	model_note_rc(model, entry, MODEL_R);
	entry->dw1 &= ~MODEL_R;
	entry->hw_rc &= ~MODEL_R;
	return HPTE_H_SUCCESS;
}
