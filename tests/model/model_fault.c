/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/model/model_fault.c - the model: storage interrupts.
 */
#include "model_fault.h"

#include "model_internal.h"

/* Of the status; bits of the 32-bit register's upper half of a doubleword. */
#define NO_ENTRY		UINT32_C(0x40000000)
#define NO_EXECUTE		UINT32_C(0x10000000)
#define PROTECTION		UINT32_C(0x08000000)
#define STORE			UINT32_C(0x02000000)
#define KEY			UINT32_C(0x00200000)
#define CANARY			UINT32_C(0x00007FFF)

#define MSR_PR			UINT64_C(0x4000)
#define MSR_IR			UINT64_C(0x0020)
#define MSR_DR			UINT64_C(0x0010)

/* A segment descriptor. */
#define SEGMENT_VSID		UINT64_C(0x3FFFFFFFFFFFF000)
#define SEGMENT_KS		UINT64_C(0x800)
#define SEGMENT_KP		UINT64_C(0x400)
#define SEGMENT_N		UINT64_C(0x200)
#define SEGMENT_L		UINT64_C(0x100)

/* In real mode bits 0:3 of the address are ignored, 4:23 must be zero. */
#define REAL_ABOVE		UINT64_C(0x0FFFFF0000000000)

static bool is_fetch(const struct hpte_fault *fault)
{
	return fault->flags & HPTE_FAULT_FETCH;
}

static bool is_store(const struct hpte_fault *fault)
{
	return !is_fetch(fault) && (fault->status & STORE);
}

static bool translated(const struct hpte_fault *fault)
{
	return fault->access.msr & (is_fetch(fault) ? MSR_IR : MSR_DR);
}

static uint64_t descriptor_of(const struct hpte_fault *fault)
{
	return translated(fault) ? fault->access.descriptor :
		fault->access.vrma;
}

bool model_segment(const struct hpte_fault *fault, struct model_va *va,
		   unsigned int *base)
{
	static const unsigned int of_lp[4] = { 24, 16, 34, 0 };
	uint64_t descriptor = descriptor_of(fault);
	uint64_t ea = fault->access.ea;

	if (descriptor >> 63)
		return false;
	if (!translated(fault) && (ea & REAL_ABOVE))
		return false;
	*base = descriptor & SEGMENT_L ? of_lp[(descriptor >> 4) & 3] : 12;
	if (translated(fault) && (fault->flags & HPTE_FAULT_BASE_4K))
		*base = 12;
	va->segment = descriptor >> 62 ? 40 : 28;
	if (!*base || *base > va->segment)
		return false;
	va->vsid = (descriptor & SEGMENT_VSID) >> (va->segment == 40 ? 24 : 12);
	va->offset = ea & ((UINT64_C(1) << va->segment) - 1);
	va->offset &= ~((UINT64_C(1) << *base) - 1);
	return true;
}

/* To the guest, as it came or with what the guest's own entry forbids. */
static void reflect(const struct hpte_fault *fault, uint32_t bits,
		    struct model_decision *decision)
{
	decision->action = is_fetch(fault) ? HPTE_FAULT_ISI : HPTE_FAULT_DSI;
	decision->bits = bits;
}

static void reflect_as(const struct hpte_fault *fault, uint32_t cause,
		       struct model_decision *decision)
{
	reflect(fault, (fault->status & ~(NO_ENTRY | PROTECTION | KEY)) |
		cause, decision);
}

/* Ks or Kp. */
static unsigned int key_of(const struct hpte_fault *fault)
{
	return (descriptor_of(fault) & (fault->access.msr & MSR_PR ?
					SEGMENT_KP : SEGMENT_KS)) ? 1 : 0;
}

/* The two bits of AMR or IAMR for an entry's storage key. */
static unsigned int mask_of(uint64_t masks, uint64_t dw1)
{
	uint64_t key = (dw1 >> 60 & 3) << 3 | (dw1 >> 9 & 7);

	return (unsigned int)(masks >> (62 - 2 * key)) & 3;
}

/* What the guest's entry, segment and keys say: 0, or why not. */
static uint32_t forbidden(const struct hpte_fault *fault, uint64_t dw1)
{
	unsigned int rights = model_rights(dw1, key_of(fault));

	if (is_fetch(fault)) {
		if ((dw1 & (MODEL_N | MODEL_G)) ||
		    (descriptor_of(fault) & SEGMENT_N))
			return NO_EXECUTE;
		if (!(rights & MODEL_READ))
			return PROTECTION;
		if (translated(fault) &&
		    (mask_of(fault->access.iamr, dw1) & 1))
			return KEY;
		return 0;
	}
	if (!(rights & (is_store(fault) ? MODEL_WRITE : MODEL_READ)))
		return PROTECTION;
	if (translated(fault) &&
	    (mask_of(fault->access.amr, dw1) & (is_store(fault) ? 2 : 1)))
		return KEY;
	return 0;
}

static bool is_ram(const struct model *model, const struct model_entry *entry)
{
	struct model_page page;
	unsigned int largest;

	(void)model_page_of(entry->dw0, entry->dw1, &page);
	return model_classify(model->host, model_real(entry->dw1, &page),
			      page.actual, &largest) == HPTE_BACKING_RAM;
}

/* The guest may do it. */
static void allowed(const struct model *model, const struct hpte_fault *fault,
		    struct model_decision *decision)
{
	const struct model_entry *entry = &decision->seen;
	struct model_page page;

	(void)model_page_of(entry->dw0, entry->dw1, &page);
	decision->shift = page.actual;
	decision->gpa = model_real(entry->dw1, &page) |
		(fault->access.ea & ((UINT64_C(1) << page.actual) - 1));
	decision->is_store = is_store(fault);
	decision->action = HPTE_FAULT_HOST_PAGE;
	if (!entry->mmio || is_ram(model, entry))
		return;
	if (is_fetch(fault)) {
		reflect_as(fault, NO_EXECUTE, decision);
		return;
	}
	decision->action = HPTE_FAULT_MMIO;
	decision->fetch_now = fault->access.msr & MSR_IR;
}

static void judge(const struct model *model, const struct hpte_fault *fault,
		  struct model_decision *decision)
{
	uint32_t cause;

	decision->seen = model->entry[decision->index];
	decision->action = HPTE_FAULT_RETRY;
	if ((fault->status & NO_ENTRY) && decision->seen.valid)
		return;
	cause = forbidden(fault, decision->seen.dw1);
	if (cause)
		reflect_as(fault, cause, decision);
	else
		allowed(model, fault, decision);
}

static void look_up(const struct model *model, const struct hpte_fault *fault,
		    struct model_decision *decision)
{
	bool none = fault->status & NO_ENTRY;
	unsigned int base;
	struct model_va va;

	if (!model_segment(fault, &va, &base))
		reflect(fault, fault->status, decision);
	else if (model_find(model, &va, base, !none, &decision->index))
		judge(model, fault, decision);
	else if (none)
		reflect(fault, fault->status, decision);
	/* else protected by an entry that has gone: have it fault again */
}

/* What needs no search. */
static bool early(const struct hpte_fault *fault,
		  struct model_decision *decision)
{
	uint32_t ours = is_fetch(fault) ? NO_ENTRY : NO_ENTRY | PROTECTION;

	*decision = (struct model_decision){ .action = HPTE_FAULT_RETRY };
	if (!is_fetch(fault) && fault->status == CANARY)
		return true;
	if (!(fault->status & ours)) {
		reflect(fault, fault->status, decision);
		return true;
	}
	if (!translated(fault) || !(fault->flags & HPTE_FAULT_NO_SEGMENT))
		return false;
	decision->action = is_fetch(fault) ? HPTE_FAULT_ISEG :
		HPTE_FAULT_DSEG;
	return true;
}

void model_resolve(struct model *model, const struct hpte_fault *fault,
		   struct model_decision *decision)
{
	model_forget(model);
	if (!early(fault, decision))
		look_up(model, fault, decision);
}

bool model_resolve_other(struct model *model, const struct hpte_fault *fault,
			 unsigned int nth, struct model_decision *decision)
{
	unsigned int base;
	struct model_va va;

	if (early(fault, decision) || !(fault->status & NO_ENTRY) ||
	    !model_segment(fault, &va, &base))
		return false;
	decision->index = model_slot(model, &va, base, nth);
	if (!model_maps(model, decision->index, &va, base, nth >= 8) ||
	    !model->entry[decision->index].mmio)
		return false;
	judge(model, fault, decision);
	return true;
}

static void note_mapping(struct model *model,
			 const struct model_decision *decision)
{
	struct model_note *note = model_note(model, MODEL_NOTE_MAP, false);

	note->bytes = UINT64_C(1) << decision->shift;
	note->gpa = decision->gpa & ~(note->bytes - 1);
	note->from = decision->is_store;
}

/* What the host says to the page: HOST_PAGE if it can be had. */
static enum hpte_fault_action ask_host(struct model *model,
				       const struct model_decision *decision)
{
	const struct model_host *host = model->host;
	uint64_t real;

	if (!model->walker || !host->has_map_page)
		return HPTE_FAULT_HOST_ERROR;
	note_mapping(model, decision);
	switch (model_map(host, decision->gpa, &real)) {
	case HPTE_HOST_DONE:
		break;
	case HPTE_HOST_LATER:
		return HPTE_FAULT_RETRY;
	default:
		return HPTE_FAULT_HOST_ERROR;
	}
	if (host->map_short && !(decision->is_store && !host->map_writable))
		return HPTE_FAULT_HOST_ERROR;
	if (host->has_retry && host->retry)
		return HPTE_FAULT_RETRY;
	if (host->map_short || (decision->is_store && !host->map_writable))
		return HPTE_FAULT_HOST_ERROR;
	return HPTE_FAULT_HOST_PAGE;
}

/* For the guest, and in state. */
static bool same(const struct model_entry *a, const struct model_entry *b)
{
	return a->dw0 == b->dw0 && a->dw1 == b->dw1 &&
	       a->valid == b->valid && a->mmio == b->mmio;
}

enum model_mapping model_complete(struct model *model,
				  const struct hpte_fault *fault,
				  struct model_decision *decision)
{
	const struct model_entry *seen = &decision->seen;
	const struct model_entry *now = model_at(model, decision->index);
	enum hpte_fault_action action;

	model_forget(model);
	decision->action = HPTE_FAULT_RETRY;
	if (!now || !same(now, seen))
		return MODEL_MAP_NO;
	/* before the host has said whether the page is still its own */
	if (now->valid)
		model_note_flush(model, decision->index, false);
	if (!is_ram(model, now)) {
		decision->action = HPTE_FAULT_MMIO;
		decision->fetch_now = fault->access.msr & MSR_IR;
		if (is_fetch(fault))
			reflect_as(fault, NO_EXECUTE, decision);
		return MODEL_MAP_NO;
	}
	action = ask_host(model, decision);
	if (action != HPTE_FAULT_HOST_PAGE) {
		decision->action = action;
		return MODEL_MAP_NO;
	}
	return now->hw == seen->hw && now->serial == seen->serial ?
		MODEL_MAP_YES : MODEL_MAP_EITHER;
}

/* What the entry becomes. */
static struct model_entry mapped(const struct model *model, uint64_t index)
{
	struct model_entry entry = model->entry[index];
	struct model_entry before = entry;
	uint64_t bytes;
	uint64_t real = 0;

	(void)model_map(model->host, model_gpa(&entry, &bytes), &real);
	model_install(&entry, real, model->host->map_writable);
	if (before.valid) {
		entry.hw_rc = before.hw_rc;
		entry.used = before.used;
		entry.stored = before.stored;
	}
	return entry;
}

uint64_t model_hardware(const struct model *model, uint64_t index)
{
	return mapped(model, index).hw;
}

void model_map_fault(struct model *model, uint64_t index)
{
	struct model_entry *entry = &model->entry[index];
	bool device = entry->mmio;

	if (entry->valid)
		model_note_flush(model, index, true);
	*entry = mapped(model, index);
	if (device)
		model->generation = true;
}
