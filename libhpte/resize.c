/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * libhpte/resize.c - H_RESIZE_HPT_PREPARE and H_RESIZE_HPT_COMMIT.
 *
 * Layer: 3 (services).
 *
 * References
 *	[LoPAR]	H_RESIZE_HPT_PREPARE, H_RESIZE_HPT_COMMIT
 *
 * Commit runs alone: the host has stopped the other CPUs.  First every valid
 * entry is demoted, so that the guest's doubleword 1 with all its R and C is
 * in the table; then the bolted entries are copied, absent, and fault
 * themselves valid again.  Up to the switch the old table is only ever
 * demoted, which the guest cannot see: so any failure leaves it as it was.
 *
 * Growing cannot collide: two old groups never share a new one.  Shrinking
 * folds groups; two bolted entries in the same slot of the groups that fold
 * are what H_PTEG_FULL is for.
 */
#include "hpte/resize.h"
#include "libhpte/internal.h"

enum { RESIZE_NONE, RESIZE_PREPARING, RESIZE_READY };

static bool resize_lock(struct hpte_resize *resize)
{
	/* acquire: the fields as the last holder left them */
	return hpte_atomic_cas_acquire(&resize->priv_lock, 0, 1);
}

static void resize_unlock(struct hpte_resize *resize)
{
	/* release: the fields; with resize_lock() */
	hpte_atomic_store_release(&resize->priv_lock, 0);
}

/* Storage that is not, or no longer, the pending table's. */
static void forget(struct hpte_resize *resize)
{
	resize->priv_memory.base = NULL;
	resize->priv_memory.side = NULL;
}

void hpte_resize_init(struct hpte_resize *resize)
{
	forget(resize);
	resize->priv_inert = 0;
	resize->priv_state = RESIZE_NONE;
	resize->priv_order = 0;
	resize->priv_lock = 0;
}

/* Drop the pending table, finished or not. */
static void discard(struct hpte_resize *resize, const struct hpte_table *table)
{
	const struct hpte_host_ops *ops = table->priv_ops;

	if (resize->priv_state != RESIZE_NONE && ops->hpt_free)
		ops->hpt_free(table->priv_ctx, resize->priv_order,
			      &resize->priv_memory);
	resize->priv_state = RESIZE_NONE;
	forget(resize);
}

/* Ask the host for the storage of the pending table, again if need be. */
static int64_t allocate(struct hpte_resize *resize,
			const struct hpte_table *table)
{
	const struct hpte_host_ops *ops = table->priv_ops;
	enum hpte_host_result result = HPTE_HOST_NEVER;

	if (ops && ops->hpt_alloc)
		result = ops->hpt_alloc(table->priv_ctx, resize->priv_order,
					&resize->priv_memory);
	if (result != HPTE_HOST_DONE)
		forget(resize);	/* whatever the host has written there */
	if (result == HPTE_HOST_LATER) {
		resize->priv_state = RESIZE_PREPARING;
		return HPTE_H_LONG_BUSY_10_MS;
	}
	if (result != HPTE_HOST_DONE) {
		resize->priv_state = RESIZE_NONE;
		return HPTE_H_RESOURCE;
	}
	resize->priv_state = RESIZE_READY;
	if (hpte_table_memory_fits_(table, &resize->priv_memory,
				    resize->priv_order))
		return HPTE_H_SUCCESS;
	discard(resize, table);
	return HPTE_H_RESOURCE;
}

static int64_t prepare(struct hpte_resize *resize,
		       const struct hpte_table *table, uint64_t flags,
		       uint64_t shift)
{
	if (flags)
		return HPTE_H_PARAMETER;
	if (!shift) {
		discard(resize, table);
		return HPTE_H_SUCCESS;
	}
	if (shift < HPTE_ORDER_MIN || shift > HPTE_ORDER_MAX)
		return HPTE_H_PARAMETER;
	if (shift > table->priv_caps->order_max)
		return HPTE_H_RESOURCE;
	if (resize->priv_state != RESIZE_NONE && resize->priv_order != shift)
		discard(resize, table);
	if (resize->priv_state == RESIZE_READY)
		return HPTE_H_SUCCESS;
	resize->priv_order = (uint32_t)shift;
	return allocate(resize, table);
}

int hpte_resize_prepare(struct hpte_resize *resize, struct hpte_table *table,
			uint64_t flags, uint64_t shift, int64_t *code)
{
	if (!resize_lock(resize))
		return HPTE_ERR_AGAIN;
	*code = prepare(resize, table, flags, shift);
	resize_unlock(resize);
	table_note(table, HPTE_EVENT_RESIZE_PREPARE, shift, (uint64_t)*code, 0);
	return HPTE_OK;
}

/* Take V away everywhere; false if some CPU is still at work in the table. */
static bool quiesce(struct hpte_table *table)
{
	uint64_t entries = hpte_table_entries(table);

	for (uint64_t index = 0; index < entries; index++) {
		uint64_t image = hpte_word_load_acquire(slot_dw0(table, index));

		if (image & DW0_BUSY)
			return false;
		if ((image & HPTE_DW0_V) &&
		    hpte_table_demote(table, index) != HPTE_OK)
			return false;
	}
	return true;
}

/*
 * Copy one bolted entry to where it belongs; false if the slot is taken.  Not
 * inline: commit_ready()'s frame would be larger than 256 bytes (AArch64).
 */
static HPTE_NOINLINE bool move_entry(struct hpte_resize *resize,
				     const struct hpte_table *from,
				     uint64_t index, struct hpte_table *to)
{
	struct hpte entry = hpte_table_snapshot_(from, index);
	uint64_t image = entry.dw0;
	struct hpte_page page;
	struct hpte_va va;
	uint64_t group;

	if (!slot_live(image))
		return true;
	entry.dw0 = slot_guest(from, image);
	if (hpte_entry_page(entry.dw0, entry.dw1, &page) != HPTE_OK ||
	    !hpte_hash_reachable(&entry, &page, index, from->priv_order)) {
		resize->priv_inert++;
		return true;
	}
	hpte_hash_rebuild(&entry, &page, index, &va);
	group = hpte_hash_group(hpte_hash_primary(&va),
				(entry.dw0 & HPTE_DW0_H) != 0, to->priv_order);
	index = group * HPTE_GROUP_ENTRIES + index % HPTE_GROUP_ENTRIES;
	if (hpte_word_load(slot_dw0(to, index)))
		return false;
	hpte_table_place_(to, index, image, entry.dw1);
	return true;
}

static bool move_bolted(struct hpte_resize *resize,
			const struct hpte_table *from, struct hpte_table *to)
{
	uint64_t entries = hpte_table_entries(from);

	resize->priv_inert = 0;
	for (uint64_t index = 0; index < entries; index++) {
		uint64_t image = hpte_word_load(slot_dw0(from, index));

		if ((image & HPTE_DW0_BOLTED) &&
		    !move_entry(resize, from, index, to))
			return false;
	}
	return true;
}

/* The old table and everything that was derived from it is history. */
static void change_tables(struct hpte_resize *resize, struct hpte_table *table,
			  struct hpte_memory *old)
{
	unsigned int old_order = table->priv_order;

	old->base = hpte_table_base(table);
	old->side = table->priv_side;
	hpte_table_move_(table, &resize->priv_memory, resize->priv_order);
	resize->priv_state = RESIZE_NONE;
	forget(resize);
	/* before any CPU can cache an entry of the new table (H) */
	hpte_atomic_increment_release(&table->priv_generation);
	hpte_tlb_send_all_(table);
	table_note(table, HPTE_EVENT_RESIZE_SWITCH, old_order,
		   table->priv_order, resize->priv_inert);
}

/* Fill the new table and switch; all other CPUs are stopped. */
static int switch_tables(struct hpte_resize *resize, struct hpte_table *table,
			 struct hpte_memory *old, int64_t *code)
{
	struct hpte_table to;	/* as far as entries are placed in it */

	if (!quiesce(table))
		return HPTE_ERR_AGAIN;
	to.priv_flags = table->priv_flags;
	hpte_table_move_(&to, &resize->priv_memory, resize->priv_order);
	if (!move_bolted(resize, table, &to)) {
		resize->priv_inert = 0;	/* nothing was dropped */
		*code = HPTE_H_PTEG_FULL;
		return HPTE_OK;
	}
	change_tables(resize, table, old);
	*code = HPTE_H_SUCCESS;
	return HPTE_OK;
}

static int commit_ready(struct hpte_resize *resize, struct hpte_table *table,
		  int64_t *code)
{
	const struct hpte_host_ops *ops = table->priv_ops;
	unsigned int old_order = table->priv_order;
	struct hpte_memory old = { NULL, NULL };
	int status;

	if (ops->vcpus_stop && !ops->vcpus_stop(table->priv_ctx))
		return HPTE_ERR_AGAIN;
	status = switch_tables(resize, table, &old, code);
	if (ops->vcpus_start)
		ops->vcpus_start(table->priv_ctx);
	if (status != HPTE_OK)
		return status;
	if (*code != HPTE_H_SUCCESS)
		discard(resize, table);
	else if (ops->hpt_free)
		ops->hpt_free(table->priv_ctx, old_order, &old);
	return HPTE_OK;
}

static int commit_preparing(struct hpte_resize *resize,
			    struct hpte_table *table, int64_t *code)
{
	switch (allocate(resize, table)) {
	case HPTE_H_SUCCESS:
		return commit_ready(resize, table, code);
	case HPTE_H_LONG_BUSY_10_MS:
		*code = HPTE_H_BUSY;
		return HPTE_OK;
	default:	/* the host cannot after all: nothing is pending */
		*code = HPTE_H_CLOSED;
		return HPTE_OK;
	}
}

int hpte_resize_commit(struct hpte_resize *resize, struct hpte_table *table,
		       uint64_t flags, uint64_t shift, int64_t *code)
{
	int status = HPTE_OK;

	if (!resize_lock(resize))
		return HPTE_ERR_AGAIN;
	if (resize->priv_state == RESIZE_NONE || flags ||
	    resize->priv_order != shift)
		*code = HPTE_H_CLOSED;
	else if (resize->priv_state == RESIZE_READY)
		status = commit_ready(resize, table, code);
	else	/* a guest may poll by COMMIT alone */
		status = commit_preparing(resize, table, code);
	resize_unlock(resize);
	if (status == HPTE_OK)
		table_note(table, HPTE_EVENT_RESIZE_COMMIT, shift,
			   (uint64_t)*code, 0);
	return status;
}

uint64_t hpte_resize_inert(const struct hpte_resize *resize)
{
	return resize->priv_inert;
}
