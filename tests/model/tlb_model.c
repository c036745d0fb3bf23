/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/model/tlb_model.c - a TLB that forgets nothing until it is told.
 */
#include "tlb_model.h"

#include <stdlib.h>

#define RIGHTS_BITS	(MODEL_PPP | MODEL_KEYS | MODEL_N | MODEL_G)

void tlb_model_fini(struct tlb_model *tlb)
{
	free(tlb->entry);
	tlb->entry = NULL;
	tlb->count = 0;
	tlb->room = 0;
}

static uint64_t big_endian(const uint8_t *byte)
{
	uint64_t value = 0;
	unsigned int i;

	for (i = 0; i < 8; i++)
		value = value << 8 | byte[i];
	return value;
}

void tlb_model_decode(const uint8_t *memory, unsigned int format,
		      uint64_t index, uint64_t *dw0, uint64_t *dw1)
{
	*dw0 = big_endian(memory + index * 16);
	*dw1 = big_endian(memory + index * 16 + 8);
	if (format == HPTE_FORMAT_300) {
		uint64_t b = (*dw1 >> 58) & 3;

		*dw0 = (*dw0 & UINT64_C(0x000FFFFFFFFFFFFF)) | b << 62;
		*dw1 &= ~(UINT64_C(3) << 58);
	}
}

void tlb_model_of(uint64_t dw0, uint64_t dw1, uint64_t index,
		  struct tlb_entry *found)
{
	if (!model_page_of(dw0, dw1, &found->page))
		abort();
	found->index = index;
	found->va = model_va_of(dw0, &found->page, index);
	found->real = model_real(dw1, &found->page);
	found->dw1 = dw1 & RIGHTS_BITS;
	found->referenced = false;
	found->changed = false;
}

bool tlb_model_walk(const uint8_t *memory, unsigned int order,
		    unsigned int format, uint64_t index,
		    struct tlb_entry *found)
{
	uint64_t dw0;
	uint64_t dw1;

	tlb_model_decode(memory, format, index, &dw0, &dw1);
	if (!(dw0 & MODEL_V) || !model_reachable(dw0, dw1, index, order))
		return false;
	tlb_model_of(dw0, dw1, index, found);
	found->referenced = dw1 & MODEL_R;
	found->changed = dw1 & MODEL_C;
	return true;
}

struct tlb_entry *tlb_model_add(struct tlb_model *tlb,
				const struct tlb_entry *entry)
{
	if (tlb->count == tlb->room) {
		tlb->room = tlb->room * 2 + 64;
		tlb->entry = realloc(tlb->entry,
				     tlb->room * sizeof(*tlb->entry));
		if (!tlb->entry)
			abort();
	}
	tlb->entry[tlb->count] = *entry;
	return &tlb->entry[tlb->count++];
}

struct tlb_entry *tlb_model_find(struct tlb_model *tlb, uint64_t index)
{
	size_t i;

	for (i = 0; i < tlb->count; i++)
		if (tlb->entry[i].index == index)
			return &tlb->entry[i];
	return NULL;
}

/* Bits of a word, IBM numbering. */
static uint64_t bits(uint64_t word, unsigned int first, unsigned int last)
{
	return (word << first) >> (first + (63 - last));
}

/*
 * The low 64 of the 78 VA bits.  RB has no room for the others, so a tlbie
 * names all virtual addresses that agree in these.
 */
static uint64_t low_va(const struct model_va *va)
{
	return (va->vsid << va->segment) | va->offset;
}

static bool agree(uint64_t a, uint64_t b, unsigned int from_shift)
{
	return a >> from_shift == b >> from_shift;
}

/* L=0: 4K base pages, AP is the actual size, AVA all VA bits 14:65. */
static bool named_small(uint64_t rb, const struct tlb_entry *entry)
{
	unsigned int actual;

	switch (bits(rb, 56, 58)) {
	case 0:
		actual = 12;
		break;
	case 5:
		actual = 16;
		break;
	case 4:
		actual = 24;
		break;
	default:
		return false;
	}
	return entry->page.base == 12 && entry->page.actual == actual &&
	       agree(rb, low_va(&entry->va), 12);
}

/*
 * L=1: LP in bits 44:51 is that of the entry, AVA ends where the actual page
 * begins, AVAL in bits 56:62 is VA bits 58:64 as far as they lie above the
 * base page.  VA bits between the two fields are not compared.
 */
static bool named_large(uint64_t rb, const struct tlb_entry *entry)
{
	struct model_page page;
	uint64_t va = low_va(&entry->va);
	unsigned int n;

	if (!model_page_of(MODEL_L, rb, &page) || page.base == 12)
		return false;
	if (entry->page.base != page.base ||
	    entry->page.actual != page.actual)
		return false;
	if (!agree(rb, va, page.actual))
		return false;
	for (n = 13; n < 20; n++)
		if (n >= page.base &&
		    ((rb >> (n - 12)) & 1) != ((va >> n) & 1))
			return false;
	return true;
}

bool tlb_model_named(uint64_t rb, const struct tlb_entry *entry)
{
	uint64_t b = entry->va.segment == 40 ? 1 : 0;

	/* IS is 0: one translation; B is the segment size. */
	if (bits(rb, 52, 53) || bits(rb, 54, 55) != b)
		return false;
	return bits(rb, 63, 63) ? named_large(rb, entry) :
		named_small(rb, entry);
}

void tlb_model_invalidate(struct tlb_model *tlb, uint64_t rb)
{
	size_t i = 0;

	while (i < tlb->count) {
		if (tlb_model_named(rb, &tlb->entry[i]))
			tlb->entry[i] = tlb->entry[--tlb->count];
		else
			i++;
	}
}

void tlb_model_invalidate_all(struct tlb_model *tlb)
{
	tlb->count = 0;
}

static bool same_va(const struct tlb_entry *a, const struct tlb_entry *b)
{
	return a->va.segment == b->va.segment && a->va.vsid == b->va.vsid &&
	       a->va.offset == b->va.offset && a->page.pair == b->page.pair;
}

static bool wider(uint64_t have, uint64_t allowed)
{
	unsigned int key;

	if ((have & MODEL_KEYS) != (allowed & MODEL_KEYS))
		return true;
	/* A reserved PP has one narrowed form, which key 0 may read. */
	if (model_reserved_pp(allowed))
		return (have & MODEL_PPP) != (allowed & MODEL_PPP) &&
		       (have & MODEL_PPP) != (MODEL_PP0 | 2);
	/* WIMG of storage is the host's, so G does not count. */
	for (key = 0; key < 2; key++)
		if (model_rights(have & ~MODEL_G, key) &
		    ~model_rights(allowed & ~MODEL_G, key))
			return true;
	return false;
}

static const char *excess(const struct tlb_entry *held,
			  const struct model *model)
{
	const struct model_entry *entry;
	struct tlb_entry now;
	uint64_t real;

	if (held->index >= model_entries(model))
		return "slot beyond the table";
	entry = &model->entry[held->index];
	if (!entry->live)
		return "entry was removed";
	if (model->walker && !entry->valid)
		return "entry is absent";
	tlb_model_of(entry->dw0, entry->dw1, held->index, &now);
	if (!same_va(held, &now))
		return "slot holds another entry";
	real = model->walker ? model_real(entry->hw, &now.page) : now.real;
	if (held->real != real)
		return "leads to another page";
	if (wider(held->dw1, entry->dw1))
		return "rights the guest took away";
	if (held->referenced && !(entry->dw1 & MODEL_R))
		return "use would not set R";
	if (held->changed && !(entry->dw1 & MODEL_C))
		return "store would not set C";
	return NULL;
}

const struct tlb_entry *tlb_model_excess(const struct tlb_model *tlb,
					 const struct model *model,
					 const char **why)
{
	size_t i;

	for (i = 0; i < tlb->count; i++) {
		*why = excess(&tlb->entry[i], model);
		if (*why)
			return &tlb->entry[i];
	}
	return NULL;
}
