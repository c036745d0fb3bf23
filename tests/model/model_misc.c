/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/model/model_misc.c - H_PAGE_INIT, H_VRMASD, H_LOGICAL_CI_LOAD and
 * _STORE, H_REGISTER_PROCESS_TABLE.
 */
#include "model_internal.h"

#define UNIT_SHIFT	12U
#define UNIT_BYTES	UINT64_C(4096)

#define FLAGS_PAGE_INIT	(HPTE_HFLAG_CMO | HPTE_HFLAG_ICACHE_INVALIDATE | \
			 HPTE_HFLAG_ICACHE_SYNCHRONIZE | \
			 HPTE_HFLAG_ZERO_PAGE | HPTE_HFLAG_COPY_PAGE)

static int64_t check_unit(const struct model *model, uint64_t gpa)
{
	enum hpte_backing_kind kind;
	unsigned int largest;

	/* guest real addresses are as wide as an entry's real page number */
	if ((gpa & (UNIT_BYTES - 1)) || (gpa & ~MODEL_ARPN))
		return HPTE_H_PARAMETER;
	kind = model_classify(model->host, gpa, UNIT_SHIFT, &largest);
	if (kind == HPTE_BACKING_RESCINDED)
		return HPTE_H_RESCINDED;
	return kind == HPTE_BACKING_RAM ? HPTE_H_SUCCESS : HPTE_H_PARAMETER;
}

static void note_unit(struct model *model, enum model_note_kind kind,
		      bool must, uint64_t gpa, uint64_t from)
{
	struct model_note *note = model_note(model, kind, must);

	note->gpa = gpa;
	note->bytes = UNIT_BYTES;
	note->from = from;
}

int64_t model_page_init(struct model *model, uint64_t *gpr)
{
	const struct model_host *host = model->host;
	uint64_t flags = gpr[4];
	uint64_t fill = flags & (HPTE_HFLAG_ZERO_PAGE | HPTE_HFLAG_COPY_PAGE);
	int64_t code;

	if (flags & ~FLAGS_PAGE_INIT)
		return HPTE_H_PARAMETER;
	code = check_unit(model, gpr[5]);
	if (!code && (flags & HPTE_HFLAG_COPY_PAGE))
		code = check_unit(model, gpr[6]);
	if (code)
		return code;
	if (fill && !host->has_storage)
		return HPTE_H_FUNCTION;
	if (fill && !host->storage)
		return MODEL_CALL_AGAIN;
	if (flags & HPTE_HFLAG_COPY_PAGE)
		note_unit(model, MODEL_NOTE_COPY, true, gpr[5], gpr[6]);
	else if (fill)
		note_unit(model, MODEL_NOTE_ZERO, true, gpr[5], 0);
	if (fill)
		note_unit(model, MODEL_NOTE_DIRTY, host->has_dirty, gpr[5], 0);
	if (flags & (HPTE_HFLAG_ICACHE_INVALIDATE |
		     HPTE_HFLAG_ICACHE_SYNCHRONIZE))
		note_unit(model, MODEL_NOTE_ICACHE, host->has_icache, gpr[5],
			  0);
	return HPTE_H_SUCCESS;
}

/* Page_Size_Code is L, two zeros, LP; which sizes there are the host knows. */
#define VRMA_CODE		UINT64_C(0x13)

int64_t model_vrmasd(struct model *model, uint64_t *gpr)
{
	if (!model->host->has_vrma)
		return HPTE_H_FUNCTION;
	if (gpr[4] & ~VRMA_CODE)
		return HPTE_H_PARAMETER;
	switch (model->host->vrma) {
	case HPTE_HOST_DONE:
		return HPTE_H_SUCCESS;
	case HPTE_HOST_LATER:
		return HPTE_H_LONG_BUSY_10_MS;
	default:
		return HPTE_H_PARAMETER;
	}
}

static int64_t device_code(enum model_device answer)
{
	switch (answer) {
	case MODEL_DEVICE_DONE:
		return HPTE_H_SUCCESS;
	case MODEL_DEVICE_FAULT:
		return HPTE_H_HARDWARE;
	default:
		return HPTE_H_PARAMETER;
	}
}

static int64_t logical_ci(struct model *model, bool is_store, uint64_t bytes,
			  uint64_t gpa, uint64_t *value)
{
	const struct model_region *region;

	if (bytes != 1 && bytes != 2 && bytes != 4 && bytes != 8)
		return HPTE_H_PARAMETER;
	/* No device of ours: it may be one the host knows of. */
	region = model_device_at(model, gpa);
	if (!region)
		return MODEL_CALL_NOT_MINE;
	/* The guest sees a device's bytes most significant first. */
	return device_code(model_device_access(model, region, is_store, true,
					       gpa, (unsigned int)bytes,
					       value));
}

int64_t model_ci_load(struct model *model, uint64_t *gpr)
{
	return logical_ci(model, false, gpr[4], gpr[5], &gpr[4]);
}

int64_t model_ci_store(struct model *model, uint64_t *gpr)
{
	return logical_ci(model, true, gpr[4], gpr[5], &gpr[6]);
}

#define FLAGS_PROCESS_TABLE \
	((uint64_t)(HPTE_PROC_TABLE_MODIFY | HPTE_PROC_TABLE_REGISTER | \
		    HPTE_PROC_TABLE_RADIX | HPTE_PROC_TABLE_HASH_TABLE | \
		    HPTE_PROC_TABLE_GTSE))

int64_t model_process_table(struct model *model, uint64_t *gpr)
{
	uint64_t flags = gpr[4];
	bool radix = flags & HPTE_PROC_TABLE_RADIX;

	if (flags & ~FLAGS_PROCESS_TABLE)
		return HPTE_H_PARAMETER;
	/* No segment tables, whatever else is asked. */
	if (flags & HPTE_PROC_TABLE_HASH_TABLE)
		return HPTE_H_PARAMETER;
	/* Anything that starts or ends radix translation is the host's. */
	if ((flags & HPTE_PROC_TABLE_MODIFY) && (radix || model->radix))
		return MODEL_CALL_NOT_MINE;
	if (!(flags & HPTE_PROC_TABLE_MODIFY))
		return radix == model->radix ? HPTE_H_SUCCESS :
			HPTE_H_PARAMETER;
	if (!(flags & HPTE_PROC_TABLE_REGISTER))
		return HPTE_H_SUCCESS;
	if (gpr[5] >> 38)
		return HPTE_H_P2;
	if (gpr[6] & ~UINT64_C(7))
		return HPTE_H_P3;
	if (gpr[7] > 24)
		return HPTE_H_P4;
	return HPTE_H_SUCCESS;
}
