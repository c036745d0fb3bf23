/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/model/model.c - the model: dispatch, notes, what the host does.
 */
#include "model_internal.h"

#include <stdlib.h>
#include <string.h>

#define MSR_PR			UINT64_C(0x4000)
#define HPTE_BYTES_SHIFT	4U

/*
 * Flag bits that an H_* call defines [LoPAR: Page Frame Table Access]; with
 * caps.strict any other is H_PARAMETER.
 */
#define FLAGS_COMMON	(HPTE_HFLAG_COOKIE | HPTE_HFLAG_CMO)
#define FLAGS_REMOVE	(FLAGS_COMMON | HPTE_HFLAG_AVPN | \
			 HPTE_HFLAG_ANDCOND | HPTE_HFLAG_LOCAL | \
			 HPTE_HFLAG_COMPRESSION)
#define FLAGS_ENTER	(FLAGS_COMMON | HPTE_HFLAG_EXACT | \
			 HPTE_HFLAG_ICACHE_INVALIDATE | \
			 HPTE_HFLAG_ICACHE_SYNCHRONIZE | \
			 HPTE_HFLAG_COALESCE_CAND | HPTE_HFLAG_ZERO_PAGE | \
			 HPTE_HFLAG_COMPRESSION)
#define FLAGS_READ	(FLAGS_COMMON | HPTE_HFLAG_READ_4 | \
			 HPTE_HFLAG_R_XLATE)
#define FLAGS_CLEAR	FLAGS_COMMON
#define FLAGS_PROTECT	(FLAGS_COMMON | HPTE_HFLAG_AVPN | \
			 HPTE_HFLAG_KEY_HI | HPTE_HFLAG_KEY_LO | \
			 HPTE_HFLAG_PP0 | HPTE_HFLAG_N | HPTE_HFLAG_PP)
#define FLAGS_ANY	(~UINT64_C(0))

/* What papr.h does not offer yet cannot be switched off either. */
#define NOT_YET			UINT64_C(0)
#ifdef HPTE_OFFER_PAGE_INIT
#define OFFER_PAGE_INIT		HPTE_OFFER_PAGE_INIT
#else
#define OFFER_PAGE_INIT		NOT_YET
#endif
#ifdef HPTE_OFFER_BLOCK_REMOVE
#define OFFER_BLOCK_REMOVE	HPTE_OFFER_BLOCK_REMOVE
#else
#define OFFER_BLOCK_REMOVE	NOT_YET
#endif
#ifdef HPTE_OFFER_CLEAR_HPT
#define OFFER_CLEAR_HPT		HPTE_OFFER_CLEAR_HPT
#else
#define OFFER_CLEAR_HPT		NOT_YET
#endif
#ifdef HPTE_OFFER_VRMASD
#define OFFER_VRMASD		HPTE_OFFER_VRMASD
#else
#define OFFER_VRMASD		NOT_YET
#endif
#ifdef HPTE_OFFER_LOGICAL_CI
#define OFFER_LOGICAL_CI	HPTE_OFFER_LOGICAL_CI
#else
#define OFFER_LOGICAL_CI	NOT_YET
#endif

static const struct call {
	uint64_t opcode;
	uint64_t offer;		/* 0: papr.h has no such call */
	uint64_t flags;		/* of R4 */
	bool index;		/* R5 is an entry's index */
	int64_t radix;		/* in radix mode; 0: serve */
	int64_t (*serve)(struct model *model, uint64_t *gpr);
} calls[] = {
	{ HPTE_HCALL_REMOVE, HPTE_OFFER_REMOVE, FLAGS_REMOVE, true,
	  HPTE_H_FUNCTION, model_remove },
	{ HPTE_HCALL_ENTER, HPTE_OFFER_ENTER, FLAGS_ENTER, true,
	  HPTE_H_FUNCTION, model_enter },
	{ HPTE_HCALL_READ, HPTE_OFFER_READ, FLAGS_READ, true,
	  HPTE_H_FUNCTION, model_read },
	{ HPTE_HCALL_CLEAR_MOD, HPTE_OFFER_CLEAR_MOD, FLAGS_CLEAR, true,
	  HPTE_H_FUNCTION, model_clear_mod },
	{ HPTE_HCALL_CLEAR_REF, HPTE_OFFER_CLEAR_REF, FLAGS_CLEAR, true,
	  HPTE_H_FUNCTION, model_clear_ref },
	{ HPTE_HCALL_PROTECT, HPTE_OFFER_PROTECT, FLAGS_PROTECT, true,
	  HPTE_H_FUNCTION, model_protect },
	{ HPTE_HCALL_BULK_REMOVE, HPTE_OFFER_BULK_REMOVE, FLAGS_ANY, false,
	  HPTE_H_FUNCTION, model_bulk_remove },
	{ HPTE_HCALL_RESIZE_HPT_PREPARE, HPTE_OFFER_RESIZE_HPT, FLAGS_ANY,
	  false, HPTE_H_NOT_AVAILABLE, model_resize_prepare },
	{ HPTE_HCALL_RESIZE_HPT_COMMIT, HPTE_OFFER_RESIZE_HPT, FLAGS_ANY,
	  false, HPTE_H_NOT_AVAILABLE, model_resize_commit },
	{ HPTE_HCALL_REGISTER_PROCESS_TABLE,
	  HPTE_OFFER_REGISTER_PROCESS_TABLE, FLAGS_ANY, false, 0,
	  model_process_table },
	{ MODEL_HCALL_BLOCK_REMOVE, OFFER_BLOCK_REMOVE, FLAGS_ANY, false,
	  HPTE_H_FUNCTION, model_block_remove },
	{ MODEL_HCALL_CLEAR_HPT, OFFER_CLEAR_HPT, FLAGS_ANY, false,
	  HPTE_H_FUNCTION, model_clear_hpt },
	{ MODEL_HCALL_PAGE_INIT, OFFER_PAGE_INIT, FLAGS_ANY, false, 0,
	  model_page_init },
	{ MODEL_HCALL_VRMASD, OFFER_VRMASD, FLAGS_ANY, false,
	  HPTE_H_FUNCTION, model_vrmasd },
	{ MODEL_HCALL_LOGICAL_CI_LOAD, OFFER_LOGICAL_CI, FLAGS_ANY, false,
	  0, model_ci_load },
	{ MODEL_HCALL_LOGICAL_CI_STORE, OFFER_LOGICAL_CI, FLAGS_ANY, false,
	  0, model_ci_store },
};

#define CALLS	(sizeof(calls) / sizeof(calls[0]))

void model_init(struct model *model, const struct hpte_caps *caps,
		const struct model_host *host, bool walker,
		unsigned int order)
{
	memset(model, 0, sizeof(*model));
	model->caps = caps;
	model->host = host;
	model->walker = walker;
	model->order = order;
	model->entry = calloc(model_entries(model), sizeof(*model->entry));
	if (!model->entry)
		abort();
}

void model_fini(struct model *model)
{
	free(model->entry);
	free(model->note);
}

uint64_t model_entries(const struct model *model)
{
	return UINT64_C(1) << (model->order - HPTE_BYTES_SHIFT);
}

static const struct call *call_of(uint64_t opcode)
{
	size_t i;

	for (i = 0; i < CALLS; i++)
		if (calls[i].opcode == opcode)
			return &calls[i];
	return NULL;
}

bool model_known(uint64_t opcode)
{
	const struct call *call = call_of(opcode);

	return call && call->offer != NOT_YET;
}

void model_forget(struct model *model)
{
	model->notes = 0;
	model->accesses = 0;
	model->generation = false;
	model->demoted = false;
}

static int64_t serve(struct model *model, const struct call *call,
		     uint64_t *gpr, uint64_t msr)
{
	if (model->radix && call->radix)
		return call->radix;
	if (msr & MSR_PR)
		return HPTE_H_PRIVILEGE;
	if (model->caps->strict && (gpr[4] & ~call->flags))
		return HPTE_H_PARAMETER;
	if (call->index && gpr[5] >= model_entries(model))
		return HPTE_H_PARAMETER;
	return call->serve(model, gpr);
}

enum model_disposition model_hcall(struct model *model, uint64_t *gpr,
				   uint64_t msr)
{
	const struct call *call = call_of(gpr[3] & ~UINT64_C(3));
	uint64_t work[32];
	int64_t code;

	model_forget(model);
	if (!call || !(call->offer & model->caps->hcalls))
		return MODEL_NOT_MINE;
	/* One of our numbers with a low bit set; of others we know nothing. */
	if (gpr[3] & 3) {
		gpr[3] = (uint64_t)HPTE_H_FUNCTION;
		return MODEL_DONE;
	}
	memcpy(work, gpr, sizeof(work));
	code = serve(model, call, work, msr);
	if (code == MODEL_CALL_AGAIN)
		return MODEL_AGAIN;
	if (code == MODEL_CALL_NOT_MINE)
		return MODEL_NOT_MINE;
	work[3] = (uint64_t)code;
	memcpy(gpr, work, sizeof(work));
	return MODEL_DONE;
}

struct model_note *model_note(struct model *model, enum model_note_kind kind,
			      bool must)
{
	struct model_note *note;

	if (model->notes == model->notes_room) {
		model->notes_room = model->notes_room * 2 + 64;
		model->note = realloc(model->note, model->notes_room *
				      sizeof(*model->note));
		if (!model->note)
			abort();
	}
	note = &model->note[model->notes++];
	memset(note, 0, sizeof(*note));
	note->kind = kind;
	note->must = must;
	return note;
}

struct model_entry *model_at(struct model *model, uint64_t index)
{
	struct model_entry *entry;

	if (index >= model_entries(model))
		return NULL;
	entry = &model->entry[index];
	return entry->live ? entry : NULL;
}

uint64_t model_gpa(const struct model_entry *entry, uint64_t *bytes)
{
	struct model_page page;

	if (!model_page_of(entry->dw0, entry->dw1, &page))
		abort();
	*bytes = UINT64_C(1) << page.actual;
	return model_real(entry->dw1, &page);
}

void model_note_rc(struct model *model, struct model_entry *entry,
		   uint64_t which)
{
	struct model_note *note;

	if (which & entry->dw1 & MODEL_C) {
		note = model_note(model, MODEL_NOTE_DIRTY,
				  entry->stored && model->host->has_dirty);
		note->gpa = model_gpa(entry, &note->bytes);
		entry->stored = false;
	}
	if (entry->dw1 & MODEL_R) {
		note = model_note(model, MODEL_NOTE_YOUNG,
				  (which & MODEL_R) && entry->used &&
				  model->host->has_young);
		note->gpa = model_gpa(entry, &note->bytes);
		if (which & MODEL_R)
			entry->used = false;
	}
}

void model_note_flush(struct model *model, uint64_t index, bool must)
{
	struct model_entry *entry = &model->entry[index];
	struct model_note *note;

	/* A translation that no search can reach need not be invalidated. */
	if (!model_reachable(entry->dw0, entry->dw1, index, model->order))
		must = false;
	note = model_note(model, MODEL_NOTE_FLUSH,
			  must && model->host->has_flush);
	note->index = index;
	note->dw0 = entry->dw0;
	note->dw1 = entry->dw1;
}

void model_take(struct model *model, uint64_t index)
{
	struct model_entry *entry = &model->entry[index];

	model_note_flush(model, index, true);
	model_note_rc(model, entry, MODEL_RC);
	entry->valid = false;
	entry->hw_rc = 0;
}

void model_free(struct model *model, uint64_t index)
{
	struct model_entry *entry = &model->entry[index];

	if (entry->valid)
		model_take(model, index);
	else if (!model->walker && !entry->mmio)
		model_note_flush(model, index, true);
	if (entry->mmio)
		model->generation = true;
	memset(entry, 0, sizeof(*entry));
}

bool model_matches(const struct model_entry *entry, bool avpn, bool andcond,
		   uint64_t value)
{
	if (avpn && (entry->dw0 & MODEL_B_AVPN) != value)
		return false;
	return !(andcond && (entry->dw0 & value));
}

uint64_t model_missing_bits(const struct model *model)
{
	uint64_t missing = 0;

	if (!model->caps->data_keys && !model->caps->insn_keys)
		missing |= MODEL_KEYS;
	if (!model->caps->pp0)
		missing |= MODEL_PP0;
	return missing;
}

void model_install(struct model_entry *entry, uint64_t real, bool writable)
{
	struct model_page page;
	uint64_t in_page;

	if (!model_page_of(entry->dw0, entry->dw1, &page))
		abort();
	in_page = (UINT64_C(1) << page.actual) - 1;
	entry->hw = (entry->dw1 & (MODEL_KEYS | MODEL_PP0 | in_page)) | real;
	entry->hw &= ~(MODEL_WIMG | MODEL_RC);
	entry->hw |= MODEL_M;
	if (!writable && model_writable(entry->hw))
		entry->hw = model_read_only(entry->hw);
	entry->hw_rc = 0;
	entry->used = false;
	entry->stored = false;
	entry->valid = true;
	entry->mmio = false;
}

enum hpte_backing_kind model_classify(const struct model_host *host,
				      uint64_t gpa, unsigned int shift,
				      unsigned int *largest)
{
	uint64_t last = gpa + ((UINT64_C(1) << shift) - 1);
	unsigned int i;

	*largest = 63;
	if (!host->has_classify)
		return HPTE_BACKING_RAM;
	for (i = 0; i < host->regions; i++) {
		const struct model_region *region = &host->region[i];
		uint64_t end = region->start + (region->bytes - 1);

		if (gpa > end || last < region->start)
			continue;
		if (gpa < region->start || last > end)
			return HPTE_BACKING_PARTIAL;
		*largest = region->largest;
		return region->kind;
	}
	return HPTE_BACKING_HOLE;
}

enum hpte_host_result model_map(const struct model_host *host, uint64_t gpa,
				uint64_t *real)
{
	if (gpa >> MODEL_REAL_GPA_BITS)
		return HPTE_HOST_NEVER;
	*real = gpa | MODEL_REAL | (uint64_t)host->epoch << 40;
	return host->map;
}

enum hpte_host_result model_alloc(const struct model_host *host,
				  unsigned int order)
{
	return order > host->alloc_max ? HPTE_HOST_NEVER : host->alloc;
}

uint64_t model_slot(const struct model *model, const struct model_va *va,
		    unsigned int base, unsigned int nth)
{
	return model_group(va, base, nth >= 8, model->order) * 8 + nth % 8;
}

bool model_maps(const struct model *model, uint64_t index,
		const struct model_va *va, unsigned int base, bool secondary)
{
	const struct model_entry *entry = &model->entry[index];
	uint64_t want = model_dw0_of(va) | (secondary ? MODEL_H : 0);
	struct model_page page;

	return entry->live &&
	       (entry->dw0 & (MODEL_B_AVPN | MODEL_H)) == want &&
	       model_page_of(entry->dw0, entry->dw1, &page) &&
	       page.base == base;
}

bool model_find(const struct model *model, const struct model_va *va,
		unsigned int base, bool valid, uint64_t *index)
{
	unsigned int nth;

	for (nth = 0; nth < MODEL_SEARCHED; nth++) {
		*index = model_slot(model, va, base, nth);
		if (model_maps(model, *index, va, base, nth >= 8) &&
		    (!valid || model->entry[*index].valid))
			return true;
	}
	return false;
}

bool model_promote(struct model *model, uint64_t index)
{
	struct model_entry *entry = model_at(model, index);
	uint64_t bytes;
	uint64_t real;

	model_forget(model);
	if (!entry || entry->valid)
		return false;
	if (model->host->has_retry && model->host->retry)
		return false;
	if (model_map(model->host, model_gpa(entry, &bytes), &real) !=
	    HPTE_HOST_DONE)
		return false;
	if (entry->mmio)
		model->generation = true;
	model_install(entry, real, model->host->map_writable);
	return true;
}

bool model_demote(struct model *model, uint64_t index)
{
	struct model_entry *entry = model_at(model, index);

	model_forget(model);
	if (!entry || !entry->valid)
		return false;
	model_take(model, index);
	return true;
}

void model_walker_access(struct model *model, uint64_t index, bool store)
{
	struct model_entry *entry = &model->entry[index];
	uint64_t bits = store ? MODEL_RC : MODEL_R;

	entry->dw1 |= bits;
	entry->hw_rc |= bits;
	entry->used = true;
	if (store)
		entry->stored = true;
}

void model_set_rc(struct model *model, uint64_t index, uint64_t bits)
{
	model_forget(model);
	model->entry[index].dw1 |= bits;
}
