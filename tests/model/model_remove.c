/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/model/model_remove.c - H_REMOVE, H_BULK_REMOVE, H_BLOCK_REMOVE,
 * H_CLEAR_HPT.
 */
#include "model_internal.h"

int64_t model_remove(struct model *model, uint64_t *gpr)
{
	struct model_entry *entry = model_at(model, gpr[5]);
	uint64_t index = gpr[5];

	if (model->caps->strict && (gpr[4] & HPTE_HFLAG_COMPRESSION))
		return HPTE_H_FUNCTION;
	if (!entry || !model_matches(entry, gpr[4] & HPTE_HFLAG_AVPN,
				     gpr[4] & HPTE_HFLAG_ANDCOND, gpr[6]))
		return HPTE_H_NOT_FOUND;
	gpr[4] = entry->dw0;
	gpr[5] = entry->dw1;
	model_free(model, index);
	return HPTE_H_SUCCESS;
}

/* Translation specifier of H_BULK_REMOVE, high doubleword. */
#define BULK_TYPE(tsh)		((tsh) >> 62)
#define BULK_REQUEST		1U
#define BULK_END		3U
#define BULK_MODIFIER(tsh)	(((tsh) >> 56) & 3)
#define BULK_ANDCOND		1U
#define BULK_AVPN		2U
#define BULK_ILLEGAL		3U
#define BULK_INDEX(tsh)		((tsh) & UINT64_C(0x00FFFFFFFFFFFFFF))
#define BULK_SUCCESS		UINT64_C(0x80)
#define BULK_NOT_FOUND		UINT64_C(0x90)
#define BULK_PARAMETER		UINT64_C(0xA0)
#define BULK_PAIRS		4U

static uint64_t bulk_answer(uint64_t tsh, uint64_t status)
{
	return BULK_INDEX(tsh) | (status | BULK_MODIFIER(tsh)) << 56;
}

/*
 * A slot that this very call empties, named again: the answer "not found"
 * promises that no walker uses what was there, so a flush is in order.
 */
static void note_again(struct model *model, uint64_t index,
		       const uint64_t *later, unsigned int count,
		       unsigned int stride)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (BULK_INDEX(later[i * stride]) == index) {
			model_note_flush(model, index, false);
			return;
		}
}

static uint64_t bulk_one(struct model *model, uint64_t tsh, uint64_t tsl,
			 const uint64_t *later, unsigned int count)
{
	struct model_entry *entry = model_at(model, BULK_INDEX(tsh));
	uint64_t modifier = BULK_MODIFIER(tsh);
	uint64_t rc;

	if (!entry || !model_matches(entry, modifier == BULK_AVPN,
				     modifier == BULK_ANDCOND, tsl))
		return bulk_answer(tsh, BULK_NOT_FOUND);
	rc = (entry->dw1 & MODEL_RC) << 51;
	note_again(model, BULK_INDEX(tsh), later, count, 2);
	model_free(model, BULK_INDEX(tsh));
	return bulk_answer(tsh, BULK_SUCCESS) | rc;
}

int64_t model_bulk_remove(struct model *model, uint64_t *gpr)
{
	unsigned int i;

	for (i = 0; i < BULK_PAIRS; i++) {
		uint64_t *tsh = &gpr[4 + 2 * i];

		if (BULK_TYPE(*tsh) == BULK_END)
			break;
		if (BULK_TYPE(*tsh) != BULK_REQUEST ||
		    BULK_MODIFIER(*tsh) == BULK_ILLEGAL ||
		    BULK_INDEX(*tsh) >= model_entries(model)) {
			*tsh = bulk_answer(*tsh, BULK_PARAMETER);
			return HPTE_H_PARAMETER;
		}
		*tsh = bulk_one(model, *tsh, gpr[5 + 2 * i], tsh + 2,
				BULK_PAIRS - 1 - i);
	}
	return HPTE_H_SUCCESS;
}

/* Translation specifier of H_BLOCK_REMOVE. */
#define BLOCK_TYPE(ts)		((ts) >> 62)
#define BLOCK_AVPN(ts)		((ts) & UINT64_C(0x0100000000000000))
#define BLOCK_INDEX(ts)		((ts) & UINT64_C(0x00FFFFFFFFFFFFFF))
#define BLOCK_PAGES_SHIFT	3U
#define BLOCK_SPECIFIERS	8U

enum block_status {
	BLOCK_SUCCESS		= 0,
	BLOCK_NOT_FOUND		= 1,
	BLOCK_PARAMETER		= 2,
	BLOCK_INCONSISTENT	= 3,
	BLOCK_CROSSES		= 5,
	BLOCK_BEYOND		= 6
};

/* What the first entry accepted fixes for those after it. */
struct block {
	bool anchored;
	unsigned int count;
	uint64_t b;
	unsigned int pair;
	uint64_t vsid;
	uint64_t number;	/* of the block within the segment */
};

static uint64_t block_answer(uint64_t ts, enum block_status status,
			     uint64_t dw1)
{
	uint64_t byte = 0x80 | (uint64_t)status << 3;

	if (status == BLOCK_SUCCESS)
		byte |= (dw1 & MODEL_R ? 4U : 0) | (dw1 & MODEL_C ? 2U : 0);
	return BLOCK_INDEX(ts) | byte << 56;
}

/* AVA names the whole block: bits that tell its pages apart do not count. */
static bool block_matches(const struct model_entry *entry,
			  const struct model_page *page, uint64_t ava)
{
	unsigned int shift = page->base + BLOCK_PAGES_SHIFT;
	uint64_t ignore = 0;

	if (shift > 23)
		ignore = ((UINT64_C(1) << (shift - 23)) - 1) << 7;
	return (entry->dw0 & MODEL_B_AVPN & ~ignore) == (ava & ~ignore);
}

static enum block_status block_check(struct model *model, struct block *block,
				     uint64_t ava, uint64_t ts)
{
	struct model_entry *entry = model_at(model, BLOCK_INDEX(ts));
	struct model_page page;
	struct model_va va;
	uint64_t number;

	if (BLOCK_INDEX(ts) >= model_entries(model))
		return BLOCK_PARAMETER;
	if (!entry || (entry->dw0 & MODEL_BOLTED))
		return BLOCK_NOT_FOUND;
	(void)model_page_of(entry->dw0, entry->dw1, &page);
	if (!model->caps->block[page.pair])
		return BLOCK_PARAMETER;
	if (BLOCK_AVPN(ts) && !block_matches(entry, &page, ava))
		return BLOCK_NOT_FOUND;
	va = model_va_of(entry->dw0, &page, BLOCK_INDEX(ts));
	number = va.offset >> (page.base + BLOCK_PAGES_SHIFT);
	if (!block->anchored) {
		*block = (struct block){ true, 0, entry->dw0 & MODEL_B,
					 page.pair, va.vsid, number };
	} else if (block->b != (entry->dw0 & MODEL_B) ||
		   block->pair != page.pair) {
		return BLOCK_INCONSISTENT;
	} else if (block->vsid != va.vsid || block->number != number) {
		return BLOCK_CROSSES;
	}
	if (block->count >= model->caps->block[page.pair])
		return BLOCK_BEYOND;
	block->count++;
	return BLOCK_SUCCESS;
}

int64_t model_block_remove(struct model *model, uint64_t *gpr)
{
	struct block block = { false, 0, 0, 0, 0, 0 };
	int64_t code = HPTE_H_SUCCESS;
	bool stopped = false;
	uint64_t ava = gpr[4];
	unsigned int i;

	for (i = 0; i < BLOCK_SPECIFIERS; i++) {
		uint64_t ts = gpr[5 + i];
		enum block_status status;
		uint64_t dw1 = 0;

		/* Every answer goes one register down, also none at all. */
		gpr[4 + i] = ts;
		if (stopped || BLOCK_TYPE(ts) == BULK_END) {
			stopped = true;
			continue;
		}
		if (BLOCK_TYPE(ts) != BULK_REQUEST) {
			stopped = true;
			code = HPTE_H_PARAMETER;
			continue;
		}
		status = block_check(model, &block, ava, ts);
		if (status == BLOCK_SUCCESS) {
			dw1 = model->entry[BLOCK_INDEX(ts)].dw1;
			note_again(model, BLOCK_INDEX(ts), &gpr[6 + i],
				   BLOCK_SPECIFIERS - 1 - i, 1);
			model_free(model, BLOCK_INDEX(ts));
		} else {
			code = MODEL_H_PARTIAL;
		}
		gpr[4 + i] = block_answer(ts, status, dw1);
	}
	return code;
}

/* Pages of the virtual real mode area keep the guest running. */
static bool maps_vrma(const struct model_entry *entry)
{
	return (entry->dw0 & ~UINT64_C(0xFFFFFF)) ==
	       UINT64_C(0x4001FFFFFF000000);
}

int64_t model_clear_hpt(struct model *model, uint64_t *gpr)
{
	uint64_t i;

	(void)gpr;
	for (i = 0; i < model_entries(model); i++)
		if (model->entry[i].live && !maps_vrma(&model->entry[i]))
			model_free(model, i);
	return HPTE_H_SUCCESS;
}
