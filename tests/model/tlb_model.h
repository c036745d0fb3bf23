/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/model/tlb_model.h - a TLB that forgets nothing until it is told.
 *
 * It holds every translation a walker could still hold: filled from the
 * table's bytes as hardware reads them, emptied by tlbie operands, which it
 * takes apart itself, and by nothing else.  A translation it keeps although
 * the guest's table no longer allows it is a bug of the table's software.
 *
 * References
 *	[ISA]	Power ISA Versions 2.07 B and 3.0 B, Book III, "Page Table
 *		Entry", "TLB Invalidate Entry"
 */
#ifndef TEST_MODEL_TLB_MODEL_H
#define TEST_MODEL_TLB_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model.h"

/**
 * struct tlb_entry - one translation
 * @index:	of the table entry it came from
 * @va:		of the base page
 * @page:	page sizes
 * @real:	where it leads
 * @dw1:	rights as the entry stated them: PP, key, N, G
 * @referenced:	R is known to be set: an access will not set it again
 * @changed:	C is known to be set: a store will not set it again
 */
struct tlb_entry {
	uint64_t index;
	struct model_va va;
	struct model_page page;
	uint64_t real;
	uint64_t dw1;
	bool referenced;
	bool changed;
};

struct tlb_model {
	struct tlb_entry *entry;
	size_t count;
	size_t room;
};

/* tlb_model_fini() - give its memory back. */
void tlb_model_fini(struct tlb_model *tlb);

/**
 * tlb_model_walk() - what a walk finds in one slot of the table's memory
 * @memory:	the table, big-endian
 * @order:	log2 of its bytes
 * @format:	HPTE_FORMAT_*
 * @index:	slot
 * @found:	where to put the translation
 *
 * Return: false if V=0, or no search can reach it, or it means nothing.
 */
bool tlb_model_walk(const uint8_t *memory, unsigned int order,
		    unsigned int format, uint64_t index,
		    struct tlb_entry *found);

/* tlb_model_decode() - the two doublewords in memory, in the 2.07 format. */
void tlb_model_decode(const uint8_t *memory, unsigned int format,
		      uint64_t index, uint64_t *dw0, uint64_t *dw1);

/* tlb_model_of() - the translation that an entry of the guest stands for. */
void tlb_model_of(uint64_t dw0, uint64_t dw1, uint64_t index,
		  struct tlb_entry *found);

/* tlb_model_add() - keep a translation; returns where it is kept. */
struct tlb_entry *tlb_model_add(struct tlb_model *tlb,
				const struct tlb_entry *entry);

/* tlb_model_find() - the translation that came from a slot, or NULL. */
struct tlb_entry *tlb_model_find(struct tlb_model *tlb, uint64_t index);

/* tlb_model_named() - does a tlbie with this RB invalidate it? */
bool tlb_model_named(uint64_t rb, const struct tlb_entry *entry);

/* tlb_model_invalidate() - tlbie. */
void tlb_model_invalidate(struct tlb_model *tlb, uint64_t rb);

/* tlb_model_invalidate_all() - the whole partition. */
void tlb_model_invalidate_all(struct tlb_model *tlb);

/**
 * tlb_model_excess() - a translation that the guest's table does not allow
 * @tlb:	TLB
 * @model:	the guest's table
 * @why:	where to put what is wrong with it
 *
 * Return: the first such, or NULL.
 */
const struct tlb_entry *tlb_model_excess(const struct tlb_model *tlb,
					 const struct model *model,
					 const char **why);

#endif /* TEST_MODEL_TLB_MODEL_H */
