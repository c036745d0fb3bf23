/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/model/model_entry.c - H_ENTER and H_READ.
 */
#include "model_internal.h"

#define VA_ABOVE_68	UINT64_C(0x3FF0000000000000)	/* of doubleword 0 */
#define RPN_ABOVE_300	UINT64_C(0x0E00000000000000)	/* of doubleword 1 */
#define SLOTS		8U

#define ICACHE		(HPTE_HFLAG_ICACHE_INVALIDATE | \
			 HPTE_HFLAG_ICACHE_SYNCHRONIZE)

/* What H_ENTER knows about the entry it was given. */
struct entering {
	struct model_page page;
	enum hpte_backing_kind kind;
	uint64_t dw0;
	uint64_t dw1;
	uint64_t gpa;
	uint64_t bytes;
};

/* What can be said from the two doublewords alone. */
static int64_t check_encoding(const struct model *model, uint64_t dw0,
			      uint64_t dw1, struct entering *e)
{
	if (dw0 >> 63)
		return HPTE_H_PARAMETER;
	if (!model_page_of(dw0, dw1, &e->page))
		return HPTE_H_PARAMETER;
	if (!(model->caps->page_pairs & (1U << e->page.pair)))
		return HPTE_H_PARAMETER;
	if (e->page.base == 34 && !(dw0 & MODEL_B))
		return HPTE_H_PARAMETER;
	if (model->caps->format == HPTE_FORMAT_300 &&
	    ((dw0 & VA_ABOVE_68) || (dw1 & RPN_ABOVE_300)))
		return HPTE_H_PARAMETER;
	if (model->caps->strict && (dw0 & model_in_page(&e->page)))
		return HPTE_H_PARAMETER;
	if (!model_aligned(dw1, &e->page))
		return HPTE_H_PARAMETER;
	if (model->caps->strict && !(dw0 & MODEL_V))
		return HPTE_H_PARAMETER;
	return HPTE_H_SUCCESS;
}

static int64_t check_backing(const struct model *model, uint64_t flags,
			     uint64_t dw1, struct entering *e)
{
	unsigned int largest;

	e->kind = model_classify(model->host, e->gpa, e->page.actual,
				 &largest);
	if (e->kind == HPTE_BACKING_RESCINDED)
		return HPTE_H_RESCINDED;
	if (e->kind != HPTE_BACKING_RAM && e->kind != HPTE_BACKING_IO)
		return HPTE_H_PARAMETER;
	if (e->page.actual > largest)
		return HPTE_H_PARAMETER;
	if (e->kind == HPTE_BACKING_IO)
		return (dw1 & (MODEL_W | MODEL_I)) == MODEL_I ?
			HPTE_H_SUCCESS : HPTE_H_PARAMETER;
	if (e->page.actual > 16 && (flags & (HPTE_HFLAG_ZERO_PAGE | ICACHE)))
		return HPTE_H_TOO_BIG;
	return HPTE_H_SUCCESS;
}

/* Zero the page, make it fetchable: storage only. */
static int64_t prepare_page(struct model *model, uint64_t flags,
			    const struct entering *e)
{
	struct model_note *note;

	if (e->kind != HPTE_BACKING_RAM)
		return HPTE_H_SUCCESS;
	if (flags & HPTE_HFLAG_ZERO_PAGE) {
		if (!model->host->has_storage)
			return HPTE_H_FUNCTION;
		if (!model->host->storage)
			return MODEL_CALL_AGAIN;
		note = model_note(model, MODEL_NOTE_ZERO, true);
		note->gpa = e->gpa;
		note->bytes = e->bytes;
		note = model_note(model, MODEL_NOTE_DIRTY,
				  model->host->has_dirty);
		note->gpa = e->gpa;
		note->bytes = e->bytes;
	}
	if (flags & ICACHE) {
		note = model_note(model, MODEL_NOTE_ICACHE,
				  model->host->has_icache);
		note->gpa = e->gpa;
		note->bytes = e->bytes;
	}
	return HPTE_H_SUCCESS;
}

static bool find_slot(struct model *model, uint64_t flags, uint64_t *index)
{
	uint64_t i;

	if (flags & HPTE_HFLAG_EXACT)
		return !model->entry[*index].live;
	*index &= ~(uint64_t)(SLOTS - 1);
	for (i = 0; i < SLOTS; i++, (*index)++)
		if (!model->entry[*index].live)
			return true;
	return false;
}

static void publish(struct model *model, uint64_t index,
		    const struct entering *e)
{
	struct model_entry *entry = &model->entry[index];
	const struct model_host *host = model->host;
	uint64_t real;

	entry->live = true;
	entry->serial = ++model->inserts;
	entry->dw0 = e->dw0;
	entry->dw1 = e->dw1;
	entry->mmio = e->kind == HPTE_BACKING_IO;
	if (entry->mmio || !model->walker || !host->has_map_page)
		return;
	if (model_map(host, e->gpa, &real) != HPTE_HOST_DONE)
		return;
	if (host->has_retry && host->retry)
		return;
	if (host->map_short)
		return;
	model_install(entry, real, host->map_writable);
}

static void note_map(struct model *model, const struct entering *e)
{
	struct model_note *note;

	if (e->kind != HPTE_BACKING_RAM || !model->walker)
		return;
	note = model_note(model, MODEL_NOTE_MAP, false);
	note->gpa = e->gpa;
	note->bytes = e->bytes;
	note->from = model_writable(e->dw1);
}

int64_t model_enter(struct model *model, uint64_t *gpr)
{
	struct entering e;
	uint64_t index = gpr[5];
	int64_t code;

	if (model->caps->strict && (gpr[4] & HPTE_HFLAG_COMPRESSION))
		return HPTE_H_FUNCTION;
	code = check_encoding(model, gpr[6], gpr[7], &e);
	if (code)
		return code;
	e.gpa = model_real(gpr[7], &e.page);
	e.bytes = UINT64_C(1) << e.page.actual;
	code = check_backing(model, gpr[4], gpr[7], &e);
	if (code)
		return code;
	e.dw0 = (gpr[6] & ~MODEL_FIRMWARE & ~model_in_page(&e.page)) | MODEL_V;
	e.dw1 = gpr[7] & ~MODEL_RESERVED & ~model_missing_bits(model);
	note_map(model, &e);
	code = prepare_page(model, gpr[4], &e);
	if (code)
		return code;
	if (!find_slot(model, gpr[4], &index))
		return HPTE_H_PTEG_FULL;
	publish(model, index, &e);
	gpr[4] = index;
	return HPTE_H_SUCCESS;
}

int64_t model_read(struct model *model, uint64_t *gpr)
{
	uint64_t index = gpr[5];
	unsigned int count = 1;
	unsigned int i;

	if (gpr[4] & HPTE_HFLAG_READ_4) {
		index &= ~UINT64_C(3);
		count = 4;
	}
	for (i = 0; i < count; i++) {
		const struct model_entry *entry = model_at(model, index + i);

		gpr[4 + 2 * i] = entry ? entry->dw0 : 0;
		gpr[5 + 2 * i] = entry ? entry->dw1 : 0;
	}
	return HPTE_H_SUCCESS;
}
