/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/model/model_internal.h - what the files of the model share.
 */
#ifndef TEST_MODEL_INTERNAL_H
#define TEST_MODEL_INTERNAL_H

#include "model.h"

/* A handler's answer when the whole hypercall is to be made again. */
#define MODEL_CALL_AGAIN	INT64_C(0x7FFFFFFFFFFFFFF0)
#define MODEL_CALL_NOT_MINE	INT64_C(0x7FFFFFFFFFFFFFF1)

#define MODEL_DW1_KEPT		(MODEL_PPP | MODEL_KEYS | MODEL_N)

/* model_forget() - an operation starts: no notes. */
void model_forget(struct model *model);

/* model_note() - add a note. */
struct model_note *model_note(struct model *model, enum model_note_kind kind,
			      bool must);

/* model_at() - the live entry at an index, or NULL. */
struct model_entry *model_at(struct model *model, uint64_t index);

/* model_gpa() - guest real address and bytes of an entry's page. */
uint64_t model_gpa(const struct model_entry *entry, uint64_t *bytes);

/* model_note_rc() - the host hears of R and C while V is taken away. */
void model_note_rc(struct model *model, struct model_entry *entry,
		   uint64_t which);

/* model_note_flush() - the entry's translation is invalidated. */
void model_note_flush(struct model *model, uint64_t index, bool must);

/* model_take() - make a valid entry absent, with all that goes with it. */
void model_take(struct model *model, uint64_t index);

/* model_free() - empty a slot, as every kind of removal does. */
void model_free(struct model *model, uint64_t index);

/* model_matches() - AVPN and ANDCOND of H_REMOVE and its relatives. */
bool model_matches(const struct model_entry *entry, bool avpn, bool andcond,
		   uint64_t value);

/* model_optional_bits() - key and pp0 bits this guest has not got. */
uint64_t model_missing_bits(const struct model *model);

/* model_install() - fill in a valid entry's hardware side. */
void model_install(struct model_entry *entry, uint64_t real, bool writable);

/* model_device_at() - the device on the bus there, or NULL. */
const struct model_region *model_device_at(const struct model *model,
					   uint64_t gpa);

/* model_device_misaligned() - does it insist on alignment, in vain? */
bool model_device_misaligned(const struct model_region *region, bool is_store,
			     uint64_t gpa, unsigned int bytes);

/* model_device_swap() - the guest's number from the device's, or back. */
uint64_t model_device_swap(const struct model_region *region, bool big_endian,
			   unsigned int bytes, uint64_t value);

/**
 * model_device_access() - an access on the bus
 * @model:	guest
 * @region:	device, from model_device_at()
 * @is_store:	direction
 * @big_endian:	the guest's byte order
 * @gpa:	guest real address
 * @bytes:	how many
 * @value:	the guest's number
 *
 * Return: what the device says; UNCLAIMED, and the device does not hear of
 * it, if it takes no such access.
 */
enum model_device model_device_access(struct model *model,
				      const struct model_region *region,
				      bool is_store, bool big_endian,
				      uint64_t gpa, unsigned int bytes,
				      uint64_t *value);

/* The hypercalls: R3, outputs already in @gpr. */
int64_t model_enter(struct model *model, uint64_t *gpr);
int64_t model_read(struct model *model, uint64_t *gpr);
int64_t model_remove(struct model *model, uint64_t *gpr);
int64_t model_bulk_remove(struct model *model, uint64_t *gpr);
int64_t model_block_remove(struct model *model, uint64_t *gpr);
int64_t model_clear_hpt(struct model *model, uint64_t *gpr);
int64_t model_protect(struct model *model, uint64_t *gpr);
int64_t model_clear_mod(struct model *model, uint64_t *gpr);
int64_t model_clear_ref(struct model *model, uint64_t *gpr);
int64_t model_resize_prepare(struct model *model, uint64_t *gpr);
int64_t model_resize_commit(struct model *model, uint64_t *gpr);
int64_t model_page_init(struct model *model, uint64_t *gpr);
int64_t model_vrmasd(struct model *model, uint64_t *gpr);
int64_t model_ci_load(struct model *model, uint64_t *gpr);
int64_t model_ci_store(struct model *model, uint64_t *gpr);
int64_t model_process_table(struct model *model, uint64_t *gpr);

#endif /* TEST_MODEL_INTERNAL_H */
