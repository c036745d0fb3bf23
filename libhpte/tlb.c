/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * libhpte/tlb.c - from slots to the host's tlb_invalidate().
 *
 * Layer: 2 (table).  Declared in libhpte/internal.h.
 *
 * An operand is built from what the slot itself still says: AVPN, B, L and H
 * in any state of doubleword 0, LP in doubleword 1, which is the same in the
 * guest's and the host's form.  So whoever meets an entry that another CPU
 * is removing can invalidate it too, without waiting for that CPU.
 */
#include "libhpte/codec.h"
#include "libhpte/internal.h"

/* Add the operand for a live entry, or for one this CPU has unlinked. */
void hpte_tlb_add_(const struct hpte_table *table, uint64_t index,
		   uint64_t image, uint64_t dw1, struct hpte_tlb_batch_ *batch)
{
	struct hpte entry = { slot_guest(table, image), dw1 };
	struct hpte_page page;

	/* fails only for a slot that changed hands: then there is no need */
	if (entry_page(entry.dw0, dw1, &page) != HPTE_OK)
		return;
	if (batch->count == TLB_BATCH)
		hpte_tlb_send_(table, 0, batch);
	batch->rb[batch->count++] = hpte_hash_tlbie_rb(&entry, &page, index);
}

/*
 * Add the operand for an entry that another CPU has unlinked and perhaps not
 * yet invalidated.  Doubleword 1 may be closed; its LP is the entry's.
 */
void hpte_tlb_add_dying_(const struct hpte_table *table, uint64_t index,
			 uint64_t image, struct hpte_tlb_batch_ *batch)
{
	if (table_walked(table) || table_cached(table))
		hpte_tlb_add_(table, index, image,
			      hpte_word_load(slot_dw1(table, index)), batch);
}

void hpte_tlb_send_now_(const struct hpte_table *table, unsigned int flags,
			struct hpte_tlb_batch_ *batch)
{
	const struct hpte_host_ops *ops = table->priv_ops;

	if (ops && ops->tlb_invalidate) {
		ops->tlb_invalidate(table->priv_ctx, batch->rb, batch->count,
				    HPTE_TLB_GLOBAL | flags);
		table_note(table, HPTE_EVENT_INVALIDATE, batch->count,
			   batch->rb[0], HPTE_TLB_GLOBAL | flags);
	}
	batch->count = 0;
}

/* All entries of this guest. */
void hpte_tlb_send_all_(const struct hpte_table *table)
{
	const struct hpte_host_ops *ops = table->priv_ops;

	if (!ops || !ops->tlb_invalidate_all)
		return;
	ops->tlb_invalidate_all(table->priv_ctx);
	table_note(table, HPTE_EVENT_INVALIDATE_ALL, 0, 0, 0);
}

/* Invalidate one entry now. */
void hpte_tlb_flush_(const struct hpte_table *table, uint64_t index,
		     uint64_t image, uint64_t dw1, unsigned int flags)
{
	struct hpte_tlb_batch_ batch;

	batch.count = 0;
	hpte_tlb_add_(table, index, image, dw1, &batch);
	hpte_tlb_send_(table, flags, &batch);
}
