/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/model/model_resize.c - H_RESIZE_HPT_PREPARE, H_RESIZE_HPT_COMMIT.
 */
#include "model_internal.h"

#include <stdlib.h>

#define ORDER_MIN	18U
#define ORDER_MAX	46U

/* Ask the host for the storage of the table wanted. */
static int64_t ask(struct model *model)
{
	enum hpte_host_result result = HPTE_HOST_NEVER;

	if (model->host->has_alloc)
		result = model_alloc(model->host, model->resize_order);
	if (result == HPTE_HOST_NEVER) {
		model->resize = MODEL_RESIZE_NONE;
		return HPTE_H_RESOURCE;
	}
	if (result == HPTE_HOST_LATER) {
		model->resize = MODEL_RESIZE_PREPARING;
		return HPTE_H_LONG_BUSY_10_MS;
	}
	model->resize = MODEL_RESIZE_READY;
	return HPTE_H_SUCCESS;
}

int64_t model_resize_prepare(struct model *model, uint64_t *gpr)
{
	uint64_t shift = gpr[5];

	if (gpr[4])
		return HPTE_H_PARAMETER;
	if (!shift) {
		model->resize = MODEL_RESIZE_NONE;
		return HPTE_H_SUCCESS;
	}
	if (shift < ORDER_MIN || shift > ORDER_MAX)
		return HPTE_H_PARAMETER;
	if (shift > model->caps->order_max)
		return HPTE_H_RESOURCE;
	if (model->resize == MODEL_RESIZE_READY &&
	    model->resize_order == shift)
		return HPTE_H_SUCCESS;
	model->resize_order = (unsigned int)shift;
	return ask(model);
}

/* Where a bolted entry goes in the new table; false: nowhere. */
static bool new_index(const struct model *model, uint64_t index,
		      uint64_t *to)
{
	const struct model_entry *entry = &model->entry[index];
	struct model_page page;
	struct model_va va;

	if (!model_reachable(entry->dw0, entry->dw1, index, model->order))
		return false;
	(void)model_page_of(entry->dw0, entry->dw1, &page);
	va = model_va_of(entry->dw0, &page, index);
	*to = model_group(&va, page.base, entry->dw0 & MODEL_H,
			  model->resize_order) * 8 + (index & 7);
	return true;
}

/* Copy the bolted entries; false: two of them want one slot. */
static bool move_bolted(const struct model *model, struct model_entry *new,
			uint64_t *inert)
{
	uint64_t i;
	uint64_t to;

	*inert = 0;
	for (i = 0; i < model_entries(model); i++) {
		if (!model->entry[i].live ||
		    !(model->entry[i].dw0 & MODEL_BOLTED))
			continue;
		if (!new_index(model, i, &to)) {
			(*inert)++;
			continue;
		}
		if (new[to].live)
			return false;
		new[to] = model->entry[i];
		new[to].valid = false;
		new[to].hw_rc = 0;
		new[to].used = false;
		new[to].stored = false;
	}
	return true;
}

/* No entry stays valid; must: all of them have been demoted. */
static void take_all(struct model *model, bool must)
{
	uint64_t i;

	for (i = 0; i < model_entries(model); i++) {
		struct model_entry *entry = &model->entry[i];
		bool valid = entry->valid;
		bool used = entry->used;
		bool stored = entry->stored;

		if (!entry->live)
			continue;
		if (!must) {
			entry->used = false;
			entry->stored = false;
		}
		model_note_flush(model, i, false);
		model_note_rc(model, entry, MODEL_RC);
		entry->valid = valid && !must;
		if (!must) {
			entry->used = used;
			entry->stored = stored;
		}
	}
}

int64_t model_resize_commit(struct model *model, uint64_t *gpr)
{
	struct model_entry *new;
	uint64_t inert;

	if (model->resize == MODEL_RESIZE_NONE || gpr[4] ||
	    gpr[5] != model->resize_order)
		return HPTE_H_CLOSED;
	/* Storage may have come meanwhile: a later COMMIT can succeed. */
	if (model->resize == MODEL_RESIZE_PREPARING)
		switch (ask(model)) {
		case HPTE_H_SUCCESS:
			break;
		case HPTE_H_RESOURCE:
			return HPTE_H_CLOSED;
		default:
			return HPTE_H_BUSY;
		}
	if (model->host->has_stop && !model->host->stop)
		return MODEL_CALL_AGAIN;
	new = calloc((size_t)1 << (model->resize_order - 4), sizeof(*new));
	if (!new)
		abort();
	model->resize = MODEL_RESIZE_NONE;
	if (!move_bolted(model, new, &inert)) {
		take_all(model, false);
		model->demoted = true;
		free(new);
		return HPTE_H_PTEG_FULL;
	}
	take_all(model, true);
	free(model->entry);
	model->entry = new;
	model->order = model->resize_order;
	model->inert = inert;
	model->generation = true;
	return HPTE_H_SUCCESS;
}
