/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * libhpte/table.c - the table: insert and remove, lock-free.
 *
 * Layer: 2 (table).  Read is in read.c, find in find.c; the operations that
 * own an entry for a while (promote, demote, protect, clear, set_rc) in
 * owner.c.
 *
 * References
 *	[ISA]	Power ISA Versions 2.07 B and 3.0 B, Book III, "Page Table
 *		Update Synchronization"
 *
 * States.  internal.h lists them.  All changes of state are 64-bit
 * compare-and-swaps, or stores by the only one who may, on doubleword 0:
 *
 *	EMPTY -> CLAIMED	insert, by CAS
 *	CLAIMED -> ABSENT|VALID	insert, by one release store: the insert
 *	ABSENT|VALID -> +BUSY	owner, by CAS
 *	+BUSY -> ABSENT|VALID	owner, by CAS: fails if removed meanwhile
 *	any live -> DYING	remove, by CAS: the unlink
 *	DYING -> EMPTY		remover and owner each leave; the last one
 *				stores 0: the free
 *
 * Insert, remove, read and find never wait: insert takes another slot, read
 * and find accept an entry in any live state, remove unlinks an entry from
 * under its owner.  A CPU that stops for ever in the middle keeps the slot it
 * is in, or the few of its batch, and nothing else.
 *
 * One word decides between an owner and a remover.  An owner's change takes
 * effect by one CAS on the guest's doubleword 1: g where there is a side
 * array, doubleword 1 itself where there is none.  A remover that meets
 * an owner closes that word, by a CAS that complements most of it, and takes
 * what was in it: either the owner's CAS came first and the remover reports
 * it, or it fails and nothing happened.
 *
 * Guarantees, cited by letter where the code relies on them; both partners,
 * the argument and what tests show are in docs/concurrency.md:
 *
 *	A	contents before publication
 *	B	a slot is reused after everybody has left it
 *	C	the claim before seq and g
 *	D	g belongs to the snapshot
 *	E	the owner's doubleword 1 before its commit
 *	F	an owner that sees g closed sees DYING
 *	G	a closing remover sees what the owner committed
 *	H	a removed device entry's generation is visible
 *	I	host invalidation against insert and promote
 *	L	walker: doubleword 1 before V=1
 *	M	walker: V=0 and invalidated before doubleword 1 is read
 *	N	R and C accounted before the operation returns
 */
#include "libhpte/codec.h"
#include "libhpte/internal.h"
#include "libhpte/plain.h"

/*
 * The hardware's doubleword 1 for a guest's: the host's real address, rights
 * no wider than the host's, and normal storage whatever the guest said.
 * R and C start as the guest's, so the walker reports only what is new.
 */
uint64_t hpte_table_host_dw1_(const struct hpte_table *table, uint64_t image,
			      uint64_t dw1, const struct hpte_host_page *page)
{
	struct hpte_page size;
	uint64_t number, host;

	if (entry_page(image, dw1, &size) != HPTE_OK)
		size.actual = 12;	/* cannot be: insert refuses it */
	number = HPTE_DW1_ARPN & (~UINT64_C(0) << size.actual);
	host = (dw1 & ~(HPTE_DW1_RESERVED | HPTE_DW1_WIMG | number)) |
	       HPTE_DW1_M | page->real;
	if (!page->writable && hpte_entry_writable(host))
		host = hpte_entry_read_only(host);
	if ((table->priv_flags & TABLE_300) && slot_one_tb(table, image))
		host |= HPTE_DW1_300_B_1T;
	return host;
}

/* Can this host page stand behind a guest page of 1 << @actual bytes? */
bool hpte_table_page_fits_(const struct hpte_table *table,
			   const struct hpte_host_page *page,
			   unsigned int actual)
{
	uint64_t field = table->priv_flags & TABLE_300 ? HPTE_DW1_300_ARPN :
							 HPTE_DW1_ARPN;

	return page->shift >= actual &&
	       !(page->real & ~(field & (~UINT64_C(0) << actual)));
}

/*
 * Has the host invalidated the page since @sequence?  Called with the slot
 * claimed: the claim must be visible to a host that demotes before we read
 * its sequence; it raises the sequence before it looks at the slot (I).
 */
bool hpte_table_invalidated_(const struct hpte_table *table, uint64_t sequence)
{
	const struct hpte_host_ops *ops = table->priv_ops;

	hpte_atomic_fence_full();
	return ops && ops->inval_retry &&
	       ops->inval_retry(table->priv_ctx, sequence);
}

/* Publish a slot with nothing behind it but the guest's entry. */
static HPTE_INLINE void fill_absent(struct hpte_table *table, uint64_t index,
				    uint64_t image, uint64_t dw1)
{
	/* release: the claim before it, for one-load readers (C) */
	hpte_word_store_release(slot_dw1(table, index), dw1);
	/* release: contents before publication (A) */
	hpte_arch_publish(slot_dw0(table, index), hpte_be64_from_host(image));
	table_note(table, HPTE_EVENT_INSERT, index, slot_guest(table, image),
		   dw1);
}

/* The same with the host's page behind it, unless that is invalid by now. */
static void fill_valid(struct hpte_table *table, uint64_t index,
		       uint64_t image, uint64_t dw1,
		       const struct hpte_host_page *page)
{
	uint64_t host;

	if (hpte_table_invalidated_(table, page->sequence)) {
		fill_absent(table, index, image, dw1);
		return;
	}
	host = hpte_table_host_dw1_(table, image, dw1, page);
	hpte_word_store(slot_dw1(table, index), host);
	hpte_arch_before_valid();	/* L */
	hpte_arch_publish(slot_dw0(table, index),
			  hpte_be64_from_host(slot_valid(table, image)));
	hpte_arch_after_valid();
	table_note(table, HPTE_EVENT_INSERT_VALID, index,
		   slot_guest(table, image), dw1);
}

/* Fill a slot this CPU has claimed: not hpte_table_put_()'s simple case. */
static HPTE_NOINLINE void fill(struct hpte_table *table, uint64_t index,
			       uint64_t image, uint64_t dw1,
			       const struct hpte_host_page *page)
{
	struct hpte_side *side = table->priv_side;

	if (side) {
		side += index;
		/* release, both: the claim before seq and g (C) */
		hpte_atomic_store32_release(&side->seq,
				hpte_atomic_load32(&side->seq) + 1);
		hpte_atomic_store_release(&side->g, dw1);
	}
	if (page)
		fill_valid(table, index, image, dw1, page);
	else
		fill_absent(table, index, image, dw1);
}

/* Any insert, slot by slot. */
static HPTE_NOINLINE int put_any(struct hpte_table *table, uint64_t index,
				 unsigned int flags, const struct hpte *entry,
				 const struct hpte_host_page *page,
				 uint64_t *where)
{
	uint64_t end = (index | (HPTE_GROUP_ENTRIES - 1)) + 1;
	uint64_t image = plain_image(entry, flags);
	uint64_t dw1 = entry->dw1 & ~HPTE_DW1_RESERVED;
	hpte_be64_t claimed = hpte_be64_from_host(DW0_BUSY);

	if (flags & HPTE_INSERT_EXACT)
		end = index + 1;
	else
		index &= ~(uint64_t)(HPTE_GROUP_ENTRIES - 1);
	for (; index < end; index++) {
		/* look before the claim: a full group stays shared in caches */
		if (hpte_word_load(slot_dw0(table, index)) ||
		    !hpte_arch_claim(slot_dw0(table, index), claimed))
			continue;
		*where = index;
		if (page || table->priv_side)
			fill(table, index, image, dw1, page);
		else
			fill_absent(table, index, image, dw1);
		return HPTE_OK;
	}
	table_note(table, HPTE_EVENT_FULL, end - 1, slot_guest(table, image),
		   entry->dw1);
	return HPTE_ERR_FULL;
}

/* Insert what is already checked: by hcalls, and below. */
int hpte_table_put_(struct hpte_table *table, uint64_t index,
		    unsigned int flags, const struct hpte *entry,
		    const struct hpte_host_page *page, uint64_t *where)
{
	int status = HPTE_ERR_AGAIN;

	if (put_is_plain(table) && !page && !(flags & HPTE_INSERT_EXACT))
		status = put_plain(table, index, flags, entry, false, where);
	return status == HPTE_ERR_AGAIN ?
	       put_any(table, index, flags, entry, page, where) : status;
}

/* Can the table hold it?  Then its page sizes. */
static bool representable(const struct hpte_table *table,
			  const struct hpte *entry, struct hpte_page *size)
{
	struct hpte other;

	return entry_page(entry->dw0, entry->dw1, size) == HPTE_OK &&
	       entry_aligned(entry->dw1, size) &&
	       !(entry->dw0 & HPTE_DW0_B & ~HPTE_DW0_B_1T) &&
	       (!(table->priv_flags & TABLE_300) ||
		hpte_entry_to_300(entry, &other) == HPTE_OK);
}

/* What hpte_table_insert() has not checked. */
static HPTE_NOINLINE int insert_checked(struct hpte_table *table,
					uint64_t index, unsigned int flags,
					const struct hpte *entry,
					const struct hpte_host_page *page,
					uint64_t *where)
{
	struct hpte_page size;

	if (!representable(table, entry, &size))
		return HPTE_ERR_ENCODING;
	if (page && ((flags & HPTE_INSERT_MMIO) ||
		     !hpte_table_page_fits_(table, page, size.actual)))
		return HPTE_ERR_PARAM;
	return hpte_table_put_(table, index, flags, entry,
			       table_walked(table) ? page : NULL, where);
}

int hpte_table_insert(struct hpte_table *table, uint64_t index,
		      unsigned int flags, const struct hpte *entry,
		      const struct hpte_host_page *page, uint64_t *where)
{
	if (flags & ~(HPTE_INSERT_EXACT | HPTE_INSERT_MMIO))
		return HPTE_ERR_PARAM;
	if (!index_valid(table, index))
		return HPTE_ERR_INDEX;
	/* a 4K page is always aligned, and the 2.07 format can hold it */
	if (page || (entry->dw0 & (HPTE_DW0_L | HPTE_DW0_B)) ||
	    (table->priv_flags & TABLE_300))
		return insert_checked(table, index, flags, entry, page, where);
	return hpte_table_put_(table, index, flags, entry, NULL, where);
}

/* Report to the host what the walker did to a guest's page (N). */
void hpte_table_account_(const struct hpte_table *table, uint64_t guest_dw1,
			 uint64_t image, uint64_t rc)
{
	const struct hpte_host_ops *ops = table->priv_ops;
	struct hpte_page size;
	uint64_t gpa, bytes;

	if (!ops || !rc || entry_page(image, guest_dw1, &size) != HPTE_OK)
		return;
	gpa = hpte_entry_real(guest_dw1, size.actual);
	bytes = UINT64_C(1) << size.actual;
	if ((rc & HPTE_DW1_R) && ops->mark_young)
		ops->mark_young(table->priv_ctx, gpa, bytes);
	if ((rc & HPTE_DW1_C) && ops->mark_dirty)
		ops->mark_dirty(table->priv_ctx, gpa, bytes);
}

/*
 * An operation is about to answer that the entry is not there.  If it was
 * there and its remover may not have invalidated it yet, this CPU does so:
 * its guest will reuse the page at once.  The same for what is cached of a
 * device's entry (H); a dying one does not tell whether it was one.
 */
void hpte_table_not_found_(struct hpte_table *table, uint64_t index,
			   uint64_t image, struct hpte_tlb_batch_ *batch)
{
	if (!slot_dying(image) || !(image & DW0_REM))
		return;
	hpte_atomic_increment_release(&table->priv_generation);
	hpte_tlb_add_dying_(table, index, image, batch);
}

/*
 * The same for the owner of an entry that was removed meanwhile, who leaves
 * it.  @image is doubleword 0 at rest.
 */
static int gone(struct hpte_table *table, uint64_t index, uint64_t image,
		struct hpte_tlb_batch_ *batch)
{
	if (slot_marked(image))
		hpte_atomic_increment_release(&table->priv_generation);
	hpte_tlb_add_dying_(table, index, image, batch);
	hpte_table_leave_(table, index, DW0_OWN);
	return HPTE_ERR_NOTFOUND;
}

/* What follows an unlink: @image is doubleword 0 as it was before. */
static void unlinked_entry(struct hpte_table *table, uint64_t index,
			   uint64_t image, struct hpte_tlb_batch_ *batch,
			   struct hpte_unlinked_ *unlinked)
{
	bool marked = slot_marked(image);
	bool flush;

	if (marked)
		/* after the unlink, before the operation returns (H) */
		hpte_atomic_increment_release(&table->priv_generation);
	/* absent but BUSY: its owner may still be invalidating it */
	flush = table_walked(table) ? (image & (HPTE_DW0_V | DW0_BUSY)) != 0 :
				      table_cached(table) && !marked;
	if (flush)
		hpte_tlb_add_(table, index, image,
			      hpte_word_load(slot_dw1(table, index)), batch);
	unlinked->index = index;
	unlinked->image = image;
}

/*
 * First half of a remove: after it nobody finds the entry.  Whoever calls it
 * sends the batch, in any case, before it calls hpte_table_free_().
 */
int hpte_table_unlink_(struct hpte_table *table, uint64_t index,
		       const struct hpte_condition *only,
		       struct hpte_tlb_batch_ *batch,
		       struct hpte_unlinked_ *unlinked)
{
	hpte_be64_t *dw0 = slot_dw0(table, index);
	uint64_t image;

	do {
		/* each retry: another CPU changed this entry's state */
		image = hpte_word_load_acquire(dw0);
		if (!slot_live(image)) {
			hpte_table_not_found_(table, index, image, batch);
			return HPTE_ERR_NOTFOUND;
		}
		if (!condition_holds(table, image, only))
			return HPTE_ERR_NOTFOUND;
		/* acquire: the contents, and an owner's commits (A, E) */
	} while (!hpte_word_cas_acquire(dw0, image,
					slot_unlinked(table, image)));

	unlinked_entry(table, index, image, batch, unlinked);
	return HPTE_OK;
}

/*
 * Own an entry just to look at it before it is unlinked: doubleword 1 cannot
 * change meanwhile, and V stays as it is.  HPTE_OK: *@image is doubleword 0
 * at rest; HPTE_ERR_AGAIN: another CPU owns it.
 */
int hpte_table_hold_(struct hpte_table *table, uint64_t index,
		     struct hpte_tlb_batch_ *batch, uint64_t *image,
		     uint64_t *dw1)
{
	hpte_be64_t *dw0 = slot_dw0(table, index);

	do {
		/* each retry: another CPU changed this entry's state */
		*image = hpte_word_load_acquire(dw0);
		if (!slot_live(*image)) {
			hpte_table_not_found_(table, index, *image, batch);
			return HPTE_ERR_NOTFOUND;
		}
		if (*image & DW0_BUSY) {
			table_note(table, HPTE_EVENT_CONTENDED, index, 0, 0);
			return HPTE_ERR_AGAIN;
		}
		/* acquire: the contents (A, E) */
	} while (!hpte_word_cas_acquire(dw0, *image, *image | DW0_BUSY));
	*dw1 = hpte_word_load_acquire(slot_dw1(table, index));
	if (table->priv_side || hpte_word_load(dw0) == (*image | DW0_BUSY))
		return HPTE_OK;
	/* without a side array doubleword 1 may be closed by now (F) */
	return gone(table, index, *image, batch);
}

/* Leave it as it was; HPTE_ERR_NOTFOUND if it was removed meanwhile. */
int hpte_table_let_go_(struct hpte_table *table, uint64_t index, uint64_t image,
		       struct hpte_tlb_batch_ *batch)
{
	/* release: nothing was written; acquire on failure (F) */
	if (hpte_word_cas_acq_rel(slot_dw0(table, index), image | DW0_BUSY,
				  image))
		return HPTE_OK;
	return gone(table, index, image, batch);
}

/* Unlink it; as hpte_table_unlink_(). */
int hpte_table_unlink_held_(struct hpte_table *table, uint64_t index,
			    uint64_t image, struct hpte_tlb_batch_ *batch,
			    struct hpte_unlinked_ *unlinked)
{
	/* acquire: on failure, the other remover's unlink (F) */
	if (!hpte_word_cas_acquire(slot_dw0(table, index), image | DW0_BUSY,
				   slot_unlinked(table, image)))
		return gone(table, index, image, batch);
	unlinked_entry(table, index, image, batch, unlinked);
	return HPTE_OK;
}

/* Take the word that decides away from the entry's owner. */
static uint64_t close_to_owner(struct hpte_table *table, uint64_t index)
{
	hpte_be64_t *dw1 = slot_dw1(table, index);
	uint64_t old;

	/* acq_rel: sees the owner's commit, shows it DYING (F, G) */
	if (table->priv_side) {
		uint64_t *g = &table->priv_side[index].g;

		do {
			old = hpte_atomic_load(g);
		} while (!hpte_atomic_cas_acq_rel(g, old, old ^ DW1_CLOSE));
	} else {
		do {
			old = hpte_word_load(dw1);
		} while (!hpte_word_cas_acq_rel(dw1, old, old ^ DW1_CLOSE));
	}
	return old;
}

/* Not inlined: a remove without it saves no more registers. */
static HPTE_NOINLINE void note_removed(const struct hpte_table *table,
				       const struct hpte_unlinked_ *unlinked,
				       uint64_t dw1)
{
	uint64_t image = unlinked->image;

	table_note(table, image & HPTE_DW0_V ? HPTE_EVENT_REMOVE_VALID :
					       HPTE_EVENT_REMOVE,
		   unlinked->index, slot_guest(table, image), dw1);
}

/*
 * The guest's doubleword 1 of an entry that was valid, or had an owner, with
 * the last R and C; the host learns of them (N).
 */
static HPTE_NOINLINE uint64_t harvest(struct hpte_table *table, uint64_t index,
				      uint64_t image)
{
	uint64_t guest, rc = 0, unreported;

	/* doubleword 1 is read after the invalidation, after g closed (G, M) */
	if (image & DW0_BUSY)
		guest = close_to_owner(table, index);
	else
		guest = hpte_atomic_load(&table->priv_side[index].g);
	if (table_walked(table))
		rc = hpte_word_load(slot_dw1(table, index)) & HPTE_DW1_RC;
	/*
	 * An owner clearing R takes it out of doubleword 1 before it reports
	 * it, and out of g after: what g still has may be unreported (N).
	 */
	unreported = rc;
	if (table_walked(table) && (image & DW0_BUSY))
		unreported |= guest & HPTE_DW1_R;
	hpte_table_account_(table, guest, image, unreported);
	return guest | rc;
}

/* Second half of a remove, after the invalidation: harvest and free. */
void hpte_table_free_(struct hpte_table *table,
		      const struct hpte_unlinked_ *unlinked,
		      struct hpte *removed)
{
	uint64_t index = unlinked->index;
	uint64_t image = unlinked->image;
	uint64_t guest;

	if (image & (HPTE_DW0_V | DW0_BUSY))
		guest = harvest(table, index, image);
	else
		guest = hpte_word_load(slot_dw1(table, index));
	/* nobody uses the slot yet: events of one slot come in order */
	if (table_noted(table))
		note_removed(table, unlinked, guest);
	if (image & DW0_BUSY)
		hpte_table_leave_(table, index, DW0_REM);
	else
		/* release: nobody else was in it, and we have left it (B) */
		hpte_word_store_release(slot_dw0(table, index), 0);
	if (removed) {
		removed->dw0 = slot_guest(table, image);
		removed->dw1 = guest;
	}
}

/*
 * Leave a dying slot: @me is DW0_REM or DW0_OWN.  The last one out frees it.
 */
void hpte_table_leave_(struct hpte_table *table, uint64_t index, uint64_t me)
{
	hpte_be64_t *dw0 = slot_dw0(table, index);
	uint64_t image;

	do {
		/* acquire: what the other one did here is done (B) */
		image = hpte_word_load_acquire(dw0);
		if (!(image & (DW0_REM | DW0_OWN) & ~me)) {
			/* release: what we did here is done (B) */
			hpte_word_store_release(dw0, 0);
			return;
		}
		/* fails once at most: when the other one leaves */
	} while (!hpte_word_cas_acq_rel(dw0, image, image & ~me));
}

/* Any entry, in any table. */
static HPTE_NOINLINE int remove_any(struct hpte_table *table, uint64_t index,
				    const struct hpte_condition *only,
				    struct hpte *removed)
{
	struct hpte_tlb_batch_ batch;
	struct hpte_unlinked_ unlinked;
	int status;

	batch.count = 0;
	status = hpte_table_unlink_(table, index, only, &batch, &unlinked);
	hpte_tlb_send_(table, 0, &batch);
	if (status == HPTE_OK)
		hpte_table_free_(table, &unlinked, removed);
	return status;
}

int hpte_table_remove(struct hpte_table *table, uint64_t index,
		      const struct hpte_condition *only, struct hpte *removed)
{
	if (!index_valid(table, index))
		return HPTE_ERR_INDEX;
	if (table_private(table) && remove_plain(table, index, only, removed))
		return HPTE_OK;
	return remove_any(table, index, only, removed);
}
