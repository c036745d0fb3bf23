/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * libhpte/snapshot.h - looks at a slot, and views made of them, for inlining.
 *
 * Layer: 2 (table), private to read.c and find.c.
 */
#ifndef LIBHPTE_SNAPSHOT_H
#define LIBHPTE_SNAPSHOT_H

#include "libhpte/internal.h"

static HPTE_INLINE bool table_load16(const struct hpte_table *table)
{
	return HPTE_ARCH_LOAD16 && (table->priv_flags & HPTE_CPU_LOAD16);
}

static HPTE_INLINE struct hpte_snapshot
look_open(const struct hpte_table *table, const hpte_be64_t *entry)
{
	return table_load16(table) ? hpte_arch_load16(entry) :
				     hpte_arch_snapshot_open(entry);
}

static HPTE_INLINE struct hpte_snapshot
look_close(const struct hpte_table *table, const hpte_be64_t *entry)
{
	return table_load16(table) ? hpte_arch_load16(entry) :
				     hpte_arch_snapshot_close(entry);
}

/* All but the page.  @guest: doubleword 0; @state: HPTE_VIEW_*. */
static HPTE_INLINE void fill_view(uint64_t index, struct hpte now,
				  uint64_t guest, unsigned int state,
				  struct hpte_view *view)
{
	view->index = index;
	view->guest.dw0 = guest;
	view->guest.dw1 = now.dw1;
	view->state = (uint8_t)state;
	view->reserved = 0;
	view->priv_dw0 = now.dw0;
}

/* Of an entry at rest. */
static HPTE_INLINE unsigned int rest_state(uint64_t image)
{
	return image & HPTE_DW0_V ? HPTE_VIEW_VALID :
	       image & DW0_MARK ? HPTE_VIEW_MMIO : 0;
}

static HPTE_INLINE unsigned int any_state(uint64_t image)
{
	return rest_state(image) | (image & DW0_BUSY ? HPTE_VIEW_BUSY : 0);
}

#endif /* LIBHPTE_SNAPSHOT_H */
