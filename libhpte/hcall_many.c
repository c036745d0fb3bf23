/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * libhpte/hcall_many.c - hypercalls that remove many entries: H_BULK_REMOVE,
 * H_BLOCK_REMOVE, H_CLEAR_HPT.
 *
 * Layer: 3 (services).
 *
 * References
 *	[LoPAR]	Linux on Power Architecture Reference, "LPAR option"
 *
 * All three do the same with every few entries: unlink each, so that nobody
 * finds it any more; send one invalidation for all of them; then read their
 * last R and C and free the slots.  Whatever ends a call early, the
 * invalidation of what is already unlinked comes first.  H_BULK_REMOVE in a
 * table that nobody else looks at removes one entry after the other.
 */
#include "libhpte/codec.h"
#include "libhpte/hcall_private.h"
#include "libhpte/internal.h"
#include "libhpte/plain.h"

/*
 * Unlink an entry; *@image is what it was, 0 if there is none.  Returns
 * whether there was one.  Not inlined, like all that are called once for each
 * entry of a batch: their frames would add to the batch's.
 */
static HPTE_NOINLINE bool
remove_first_half(struct hpte_table *table, uint64_t index,
		  const struct hpte_condition *only,
		  struct hpte_tlb_batch_ *batch, uint64_t *image)
{
	struct hpte_unlinked_ unlinked = { index, 0 };
	int status = hpte_table_unlink_(table, index, only, batch, &unlinked);

	*image = status == HPTE_OK ? unlinked.image : 0;
	return status == HPTE_OK;
}

/* After the invalidation: free its slot; returns its last R and C. */
static HPTE_NOINLINE uint64_t
remove_second_half(struct hpte_table *table, uint64_t index, uint64_t image)
{
	const struct hpte_unlinked_ unlinked = { index, image };
	struct hpte removed;

	hpte_table_free_(table, &unlinked, &removed);
	return removed.dw1 & HPTE_DW1_RC;
}

/* H_BULK_REMOVE: control byte of a translation specifier, high dword. */
#define TSH_TYPE(tsh)		((tsh) >> 62)
#define TSH_TYPE_REQUEST	1U
#define TSH_TYPE_END		3U
#define TSH_MODIFIER		HPTE_BITS(6, 7)
#define TSH_MODIFIER_ANDCOND	HPTE_BIT(7)
#define TSH_MODIFIER_AVPN	HPTE_BIT(6)
#define TSH_INDEX		HPTE_BITS(8, 63)
#define TSH_RESULT		HPTE_BITS(0, 3)
#define TSH_SUCCESS		HPTE_BIT(0)
#define TSH_NOT_FOUND		(HPTE_BIT(0) | HPTE_BIT(3))
#define TSH_PARAMETER		(HPTE_BIT(0) | HPTE_BIT(2))
#define TSH_RC_SHIFT		51	/* R and C go to bits 4 and 5 */
#define BULK_REQUESTS		4U

static uint64_t bulk_response(uint64_t tsh, uint64_t result)
{
	return (tsh & (TSH_MODIFIER | TSH_INDEX)) | result;
}

static uint64_t bulk_success(uint64_t tsh, uint64_t dw1)
{
	return bulk_response(tsh, TSH_SUCCESS) |
	       (dw1 & HPTE_DW1_RC) << TSH_RC_SHIFT;
}

/* A request's condition; false if it is malformed and the call ends here. */
static HPTE_INLINE bool bulk_condition(const struct hpte_table *table,
				       uint64_t tsh, uint64_t tsl,
				       struct hpte_condition *only)
{
	uint64_t modifier = tsh & TSH_MODIFIER;

	only->flags = modifier == TSH_MODIFIER_AVPN ? HPTE_IF_AVPN :
		      modifier == TSH_MODIFIER_ANDCOND ? HPTE_IF_ANDCOND : 0;
	only->value = tsl;
	return TSH_TYPE(tsh) == TSH_TYPE_REQUEST && modifier != TSH_MODIFIER &&
	       index_valid(table, tsh & TSH_INDEX);
}

/* Whatever remove_plain() does not do. */
static HPTE_NOINLINE uint64_t bulk_remove_any(struct hpte_table *table,
					      uint64_t tsh, uint64_t tsl)
{
	struct hpte_condition only;
	struct hpte removed;

	if (!bulk_condition(table, tsh, tsl, &only))
		return bulk_response(tsh, TSH_PARAMETER);
	if (hpte_table_remove(table, tsh & TSH_INDEX, &only, &removed) !=
	    HPTE_OK)
		return bulk_response(tsh, TSH_NOT_FOUND);
	return bulk_success(tsh, removed.dw1);
}

/* With nobody to invalidate for: each by itself, there is no second half. */
static int64_t bulk_remove_each(struct hpte_table *table, uint64_t *gpr)
{
	for (unsigned int i = 0; i < BULK_REQUESTS; i++) {
		uint64_t *tsh = &gpr[4 + 2 * i];
		struct hpte_condition only;
		struct hpte removed;

		if (TSH_TYPE(*tsh) == TSH_TYPE_END)
			break;
		if (bulk_condition(table, *tsh, tsh[1], &only) &&
		    remove_plain(table, *tsh & TSH_INDEX, &only, &removed))
			*tsh = bulk_success(*tsh, removed.dw1);
		else
			*tsh = bulk_remove_any(table, *tsh, tsh[1]);
		if ((*tsh & TSH_RESULT) == TSH_PARAMETER)
			return HPTE_H_PARAMETER;
	}
	return HPTE_H_SUCCESS;
}

/*
 * All entries are unlinked, then one invalidation serves them all, on every
 * way out.
 */
static HPTE_NOINLINE int64_t bulk_remove_all(struct hpte_table *table,
					     uint64_t *gpr)
{
	uint64_t image[BULK_REQUESTS];
	struct hpte_tlb_batch_ batch;
	int64_t code = HPTE_H_SUCCESS;
	unsigned int count;

	batch.count = 0;
	for (count = 0; count < BULK_REQUESTS; count++) {
		uint64_t *tsh = &gpr[4 + 2 * count];
		struct hpte_condition only;
		bool found;

		if (TSH_TYPE(*tsh) == TSH_TYPE_END)
			break;
		if (!bulk_condition(table, *tsh, tsh[1], &only)) {
			*tsh = bulk_response(*tsh, TSH_PARAMETER);
			code = HPTE_H_PARAMETER;
			break;
		}
		found = remove_first_half(table, *tsh & TSH_INDEX, &only,
					  &batch, &image[count]);
		*tsh = bulk_response(*tsh, found ? TSH_SUCCESS :
						   TSH_NOT_FOUND);
	}
	hpte_tlb_send_(table, 0, &batch);
	for (unsigned int i = 0; i < count; i++) {
		uint64_t *tsh = &gpr[4 + 2 * i];

		if (image[i])
			*tsh |= remove_second_half(table, *tsh & TSH_INDEX,
						   image[i]) << TSH_RC_SHIFT;
	}
	return code;
}

/*
 * [LoPAR: H_BULK_REMOVE] R4..R11 four pairs (TSH, TSL); TSH rewritten.
 */
int64_t hpte_hcall_bulk_remove_(struct hpte_vm *vm, uint64_t *gpr)
{
	struct hpte_table *table = vm->priv_table;

	/* one wait for memory instead of four */
	for (unsigned int i = 0; i < BULK_REQUESTS; i++)
		prefetch_removed(table, gpr[4 + 2 * i] & TSH_INDEX);
	return table_private(table) ? bulk_remove_each(table, gpr) :
				      bulk_remove_all(table, gpr);
}


/* H_BLOCK_REMOVE: control byte of a translation specifier. */
#define TS_TYPE(ts)		((ts) >> 62)
#define TS_TYPE_REQUEST		1U
#define TS_TYPE_END		3U
#define TS_AVPN			HPTE_BIT(7)
#define TS_INDEX		HPTE_BITS(8, 63)
#define TS_RESERVED		HPTE_BITS(8, 31)
#define TS_RESPONSE		HPTE_BIT(0)
#define TS_NOT_FOUND		(UINT64_C(1) << 59)	/* bits 2:4 = 001 */
#define TS_PARAMETER		(UINT64_C(2) << 59)
#define TS_OTHER_SIZE		(UINT64_C(3) << 59)
#define TS_BUSY			(UINT64_C(4) << 59)
#define TS_OTHER_BLOCK		(UINT64_C(5) << 59)
#define TS_CAPACITY		(UINT64_C(6) << 59)
#define TS_RC_SHIFT		50	/* R and C go to bits 5 and 6 */
#define BLOCK_REQUESTS		8U
#define BLOCK_PAGES_LOG2	3U	/* the block is 8 base pages */

/**
 * struct block - the block of virtual pages that a call removes from
 * @ava:	R4: what the AVPN modifier compares with
 * @first:	the virtual address of the first entry accepted
 * @pair:	its page sizes, HPTE_PAIR_*
 * @accepted:	number of entries so far
 */
struct block {
	uint64_t ava;
	struct hpte_va first;
	unsigned int pair;
	unsigned int accepted;
};

/* AVA names a whole block: AVPN bits inside it are not compared. */
static bool block_avpn_matches(const struct block *block, uint64_t guest_dw0,
			       unsigned int base)
{
	unsigned int bits = base + BLOCK_PAGES_LOG2;
	uint64_t inside = 0x7F;

	if (bits > 23)
		inside |= ((UINT64_C(1) << (bits - 23)) - 1) << 7;
	return !((guest_dw0 ^ block->ava) & ~inside) && !(block->ava & 0x7F);
}

/* May this entry, which nobody else changes now, be removed?  0: yes. */
static uint64_t block_check(const struct hpte_table *table,
			    struct block *block, const struct hpte *entry,
			    uint64_t index, bool avpn)
{
	const struct hpte_caps *caps = table->priv_caps;
	unsigned int shift;
	struct hpte_page page;
	struct hpte_va va;

	if (entry->dw0 & HPTE_DW0_BOLTED)
		return TS_NOT_FOUND;
	if (entry_page(entry->dw0, entry->dw1, &page) != HPTE_OK ||
	    !caps->block[page.pair])
		return TS_PARAMETER;
	if (avpn && !block_avpn_matches(block, entry->dw0, page.base))
		return TS_NOT_FOUND;
	hpte_hash_rebuild(entry, &page, index, &va);
	if (!block->accepted) {
		block->first = va;
		block->pair = page.pair;
	}
	if (page.pair != block->pair || va.segment != block->first.segment)
		return TS_OTHER_SIZE;
	shift = page.base + BLOCK_PAGES_LOG2;
	if (va.vsid != block->first.vsid ||
	    va.offset >> shift != block->first.offset >> shift)
		return TS_OTHER_BLOCK;
	return block->accepted < caps->block[page.pair] ? 0 : TS_CAPACITY;
}

/*
 * One request.  Page size is in doubleword 1, which the unlink does not
 * compare: so the entry is held while it is looked at.  Returns the status
 * for the response, 0 if *@image was unlinked.
 */
static HPTE_NOINLINE uint64_t
block_unlink(struct hpte_table *table, struct block *block, uint64_t ts,
	     struct hpte_tlb_batch_ *batch, uint64_t *image)
{
	struct hpte_unlinked_ unlinked;
	uint64_t index = ts & TS_INDEX;
	struct hpte entry;
	uint64_t status;
	int held;

	if (!index_valid(table, index) ||
	    (table->priv_caps->strict && (ts & TS_RESERVED)))
		return TS_PARAMETER;
	held = hpte_table_hold_(table, index, batch, image, &entry.dw1);
	if (held != HPTE_OK)
		return held == HPTE_ERR_AGAIN ? TS_BUSY : TS_NOT_FOUND;
	entry.dw0 = slot_guest(table, *image);
	status = block_check(table, block, &entry, index, (ts & TS_AVPN) != 0);
	if (status) {
		if (hpte_table_let_go_(table, index, *image, batch) != HPTE_OK)
			return TS_NOT_FOUND;
		return status;
	}
	if (hpte_table_unlink_held_(table, index, *image, batch, &unlinked) !=
	    HPTE_OK)
		return TS_NOT_FOUND;
	block->accepted++;
	return 0;
}

/* One wait for memory instead of eight. */
static HPTE_NOINLINE void block_prefetch(const struct hpte_table *table,
					 const uint64_t *specifiers)
{
	for (unsigned int i = 0; i < BLOCK_REQUESTS; i++)
		prefetch_removed(table, specifiers[i] & TS_INDEX);
}

/* After the invalidation: the last R and C of what was unlinked. */
static HPTE_NOINLINE void block_free(struct hpte_table *table,
				     uint64_t *responses, const uint64_t *image,
				     unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		if (image[i])
			responses[i] |= remove_second_half(table,
				responses[i] & TS_INDEX, image[i]) <<
				TS_RC_SHIFT;
}

/*
 * All requests: the responses, each one register lower, and how many there
 * are.
 */
static HPTE_NOINLINE int64_t
block_unlink_all(struct hpte_table *table, uint64_t *gpr, struct block *block,
		 struct hpte_tlb_batch_ *batch, uint64_t *image,
		 unsigned int *requests)
{
	int64_t code = HPTE_H_SUCCESS;
	unsigned int count;

	for (count = 0; count < BLOCK_REQUESTS; count++) {
		uint64_t ts = gpr[5 + count], status;

		if (TS_TYPE(ts) != TS_TYPE_REQUEST) {
			if (TS_TYPE(ts) != TS_TYPE_END)
				code = HPTE_H_PARAMETER;
			break;
		}
		status = block_unlink(table, block, ts, batch, &image[count]);
		if (status) {
			image[count] = 0;
			code = HPTE_H_PARTIAL;
		}
		/* one register down: that one has been read already */
		gpr[4 + count] = (ts & TS_INDEX) | TS_RESPONSE | status;
	}
	for (unsigned int i = count; i < BLOCK_REQUESTS; i++)
		gpr[4 + i] = gpr[5 + i];
	*requests = count;
	return code;
}

/*
 * [LoPAR: H_BLOCK_REMOVE] R4 AVA, R5..R12 eight specifiers; out R4..R11 the
 * specifiers, each one register lower.
 */
int64_t hpte_hcall_block_remove_(struct hpte_vm *vm, uint64_t *gpr)
{
	struct hpte_table *table = vm->priv_table;
	struct block block;
	struct hpte_tlb_batch_ batch;
	uint64_t image[BLOCK_REQUESTS];
	unsigned int count;
	int64_t code;

	batch.count = 0;
	block.ava = gpr[4];
	block.accepted = 0;
	block_prefetch(table, &gpr[5]);
	code = block_unlink_all(table, gpr, &block, &batch, image, &count);
	hpte_tlb_send_(table, 0, &batch);
	block_free(table, &gpr[4], image, count);
	return code;
}

/* H_CLEAR_HPT: entries looked at in one call. */
#define CLEAR_ENTRIES		UINT64_C(0x10000)

/* The VRMA's entries stay: VSID 0x1FFFFFF of a 1T segment. */
static bool is_vrma(uint64_t guest_dw0)
{
	return (guest_dw0 & ~UINT64_C(0xFFFFFF)) ==
	       UINT64_C(0x4001FFFFFF000000);
}

/* Remove what is in one group, but for the VRMA's. */
static HPTE_NOINLINE void clear_group(struct hpte_table *table, uint64_t first)
{
	uint64_t image[HPTE_GROUP_ENTRIES];
	struct hpte_tlb_batch_ batch;

	batch.count = 0;
	for (unsigned int i = 0; i < HPTE_GROUP_ENTRIES; i++) {
		uint64_t seen = hpte_word_load(slot_dw0(table, first + i));
		uint64_t guest = slot_guest(table, seen);
		/* the condition is what was seen: a new entry may stay */
		struct hpte_condition same = { HPTE_IF_AVPN,
					       guest & ~UINT64_C(0x7F) };

		image[i] = 0;
		if (slot_live(seen) && !is_vrma(guest))
			remove_first_half(table, first + i, &same, &batch,
					  &image[i]);
	}
	hpte_tlb_send_(table, 0, &batch);
	for (unsigned int i = 0; i < HPTE_GROUP_ENTRIES; i++)
		if (image[i])
			remove_second_half(table, first + i, image[i]);
}

/*
 * [LoPAR: H_CLEAR_HPT] no arguments.  Takes part of the table at a time: the
 * guest calls again on H_CONTINUE.  Two CPUs that do so at once help each
 * other.  A guest that gives up in between, enters new entries and calls
 * again goes on where it stopped; only a reset or a resize starts afresh.
 */
int64_t hpte_hcall_clear_hpt_(struct hpte_vm *vm, uint64_t *gpr)
{
	struct hpte_table *table = vm->priv_table;
	uint64_t entries = hpte_table_entries(table);
	/* acquire: what was removed up to here; with the CAS below */
	uint64_t start = hpte_atomic_load_acquire(&table->priv_cursor);
	uint64_t end;

	(void)gpr;
	end = entries - start > CLEAR_ENTRIES ? start + CLEAR_ENTRIES : entries;
	for (uint64_t first = start; first < end; first += HPTE_GROUP_ENTRIES)
		clear_group(table, first);
	/* release: removed up to here; if it fails another CPU is further */
	(void)hpte_atomic_cas_acq_rel(&table->priv_cursor, start,
				      end == entries ? 0 : end);
	return end == entries ? HPTE_H_SUCCESS : HPTE_H_CONTINUE;
}
