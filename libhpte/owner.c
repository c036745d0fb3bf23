/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * libhpte/owner.c - operations that own an entry for a while: promote,
 * demote, protect, clear, set_rc.
 *
 * Layer: 2 (table).  States and guarantees: table.c.
 *
 * An owner claims the entry by setting BUSY, prepares, commits by one CAS on
 * the guest's doubleword 1, writes the hardware's, and gives the entry back
 * by a CAS from its own BUSY image.  A remover may unlink the entry at any
 * point.  Then whichever CAS comes next fails, or the word turns out to be
 * closed, and the owner only leaves the slot: it is "gone".
 *
 * If the commit came first the change has happened, even if the entry is
 * removed before the owner is done: the remover reports it.
 *
 * R and C.  They move from the hardware's doubleword 1 to g (fold) before
 * the hardware's is touched, so that no reader or remover misses them in
 * between; a commit may clear one in g only when it is clear in doubleword 1
 * already, so that no two operations report it.
 */
#include "libhpte/internal.h"

/* Tries before a waiting operation answers HPTE_ERR_AGAIN. */
#define WAIT_TRIES	1024U

/* A callback or a CPU hint while another CPU owns the entry. */
static void relax(const struct hpte_table *table)
{
	if (table->priv_ops && table->priv_ops->relax)
		table->priv_ops->relax(table->priv_ctx);
	else
		hpte_arch_relax();
}

/* Another CPU owns the entry, or has changed it since it was looked at. */
static HPTE_INLINE int contended(const struct hpte_table *table, uint64_t index)
{
	table_note(table, HPTE_EVENT_CONTENDED, index, 0, 0);
	return HPTE_ERR_AGAIN;
}

/**
 * struct claim - an entry this CPU owns
 * @index:	its slot
 * @image:	doubleword 0 at rest, before the claim
 * @owned:	doubleword 0 while we own it
 * @guest:	the guest's doubleword 1
 * @hard:	the hardware's doubleword 1, of an entry that was valid
 */
struct claim {
	uint64_t index;
	uint64_t image;
	uint64_t owned;
	uint64_t guest;
	uint64_t hard;
};

/*
 * The owner leaves an entry that was removed meanwhile.  An emulator may
 * still use it, and a cache of device entries: its remover has perhaps not
 * told them yet.
 */
static int leave(struct hpte_table *table, const struct claim *claim)
{
	struct hpte_tlb_batch_ batch;

	batch.count = 0;
	if (slot_marked(claim->image)) {
		hpte_atomic_increment_release(&table->priv_generation);
	} else if (table_cached(table)) {
		hpte_tlb_add_dying_(table, claim->index, claim->image, &batch);
		hpte_tlb_send_(table, 0, &batch);
	}
	hpte_table_leave_(table, claim->index, DW0_OWN);
	/* its remover found it absent, by our doing */
	if ((claim->image & ~claim->owned) & HPTE_DW0_V)
		table_note(table, HPTE_EVENT_DEMOTE, claim->index, 0, 0);
	return HPTE_ERR_NOTFOUND;
}

/* Give the entry back as @image; false if it is gone. */
static bool give_back(struct hpte_table *table, const struct claim *claim,
		      uint64_t image)
{
	/* release: doubleword 1 before the next owner or remover (E) */
	return hpte_word_cas_acq_rel(slot_dw0(table, claim->index),
				     claim->owned, image);
}

/* Give back a valid entry, with its order towards the walker. */
static bool give_back_valid(struct hpte_table *table,
			    const struct claim *claim, uint64_t image)
{
	bool done;

	hpte_arch_before_valid();	/* L */
	done = give_back(table, claim, image);
	hpte_arch_after_valid();
	return done;
}

/* Change the guest's doubleword 1: the commit.  False if it is closed. */
static bool commit_guest(struct hpte_table *table, struct claim *claim,
		   uint64_t guest)
{
	bool done;

	/* release: what was done to doubleword 1 before (G); acquire on
	 * failure: the remover's unlink (F) */
	if (table->priv_side)
		done = hpte_atomic_cas_acq_rel(
				&table->priv_side[claim->index].g,
				claim->guest, guest);
	else
		done = hpte_word_cas_acq_rel(slot_dw1(table, claim->index),
					     claim->guest, guest);
	if (done)
		claim->guest = guest;
	return done;
}

/* Claim an absent entry at rest; HPTE_ERR_AGAIN if it has changed. */
static int claim_absent(struct hpte_table *table, uint64_t index,
			uint64_t image, struct claim *claim)
{
	hpte_be64_t *dw0 = slot_dw0(table, index);

	claim->index = index;
	claim->image = image;
	claim->owned = image | DW0_BUSY;
	claim->hard = 0;
	/* acquire: the contents (A, E) */
	if (!hpte_word_cas_acquire(dw0, image, claim->owned))
		return contended(table, index);
	claim->guest = hpte_word_load_acquire(slot_dw1(table, index));
	/* without a side array this word itself may be closed by now (F) */
	if (!table->priv_side &&
	    hpte_word_load(dw0) != claim->owned)
		return leave(table, claim);
	return HPTE_OK;
}

/*
 * Take V away from a valid entry and own it: on HPTE_OK no walker uses it,
 * and hard has its last R and C.
 */
static int claim_valid(struct hpte_table *table, uint64_t index,
		       uint64_t image, struct claim *claim)
{
	hpte_be64_t *dw0 = slot_dw0(table, index);
	hpte_be64_t *dw1 = slot_dw1(table, index);

	claim->index = index;
	claim->image = image;
	claim->owned = slot_owned(table, image);
	/* acquire: the contents (A, E) */
	if (!hpte_arch_retract(dw0, hpte_be64_from_host(image),
			       hpte_be64_from_host(claim->owned)))
		return contended(table, index);
	hpte_tlb_flush_(table, index, image, hpte_word_load(dw1), 0);
	claim->hard = hpte_word_load(dw1);	/* after the flush (M) */
	/* acquire: if it is closed, the next load sees DYING (F) */
	claim->guest = hpte_atomic_load_acquire(&table->priv_side[index].g);
	if (hpte_word_load(dw0) != claim->owned)
		return leave(table, claim);
	return HPTE_OK;
}

/* Move the hardware's R and C to the guest's doubleword 1. */
static bool fold(struct hpte_table *table, struct claim *claim, uint64_t rc)
{
	uint64_t guest = claim->guest | (claim->hard & rc);

	return guest == claim->guest || commit_guest(table, claim, guest);
}

/* The entry in @image has a new doubleword 1: tell who caches it. */
static void changed(struct hpte_table *table, const struct claim *claim)
{
	if (slot_marked(claim->image))
		/* while BUSY: nobody caches it now (H) */
		hpte_atomic_increment_release(&table->priv_generation);
	else if (table_cached(table))
		hpte_tlb_flush_(table, claim->index, claim->image,
				claim->guest, 0);
}

/*
 * Wait until the entry can be claimed.  HPTE_OK: *image is live and at rest;
 * the claim may still fail, and the caller comes back with the same @tries.
 */
static int await(struct hpte_table *table, uint64_t index,
		 const struct hpte_condition *only, unsigned int *tries,
		 uint64_t *image)
{
	struct hpte_tlb_batch_ batch;

	batch.count = 0;
	for (; *tries < WAIT_TRIES; ++*tries) {
		*image = hpte_word_load_acquire(slot_dw0(table, index));
		if (!slot_live(*image)) {
			hpte_table_not_found_(table, index, *image, &batch);
			hpte_tlb_send_(table, 0, &batch);
			return HPTE_ERR_NOTFOUND;
		}
		if (!condition_holds(table, *image, only))
			return HPTE_ERR_NOTFOUND;
		if (!(*image & DW0_BUSY)) {
			++*tries;
			return HPTE_OK;
		}
		(void)contended(table, index);
		relax(table);
	}
	return HPTE_ERR_AGAIN;
}

/*
 * Change the guest's doubleword 1 of an absent entry to @guest.  R and C that
 * the change clears go from doubleword 1 first.
 */
static int change_absent(struct hpte_table *table, struct claim *claim,
			 uint64_t guest)
{
	hpte_be64_t *dw1 = slot_dw1(table, claim->index);
	uint64_t cleared = claim->guest & ~guest & HPTE_DW1_RC;

	if (table->priv_side && cleared)
		/* release: the claim before it, for one-load readers (C) */
		hpte_word_store_release(dw1, claim->guest & ~cleared);
	if (!commit_guest(table, claim, guest))
		return leave(table, claim);
	if (table->priv_side)
		hpte_word_store(dw1, guest);
	changed(table, claim);
	if (!give_back(table, claim, claim->image))
		(void)leave(table, claim);
	return HPTE_OK;
}

/* The hardware's doubleword 1 after H_PROTECT: writable only if it was. */
static uint64_t narrowed(uint64_t hard, uint64_t mask, uint64_t bits)
{
	uint64_t wanted = (hard & ~mask) | bits;

	if (hpte_entry_writable(wanted) && !hpte_entry_writable(hard))
		wanted = hpte_entry_read_only(wanted);
	return wanted;
}

static int protect_valid(struct hpte_table *table, struct claim *claim,
			 uint64_t mask, uint64_t bits)
{
	uint64_t guest = claim->guest | (claim->hard & HPTE_DW1_RC);

	if (!commit_guest(table, claim, (guest & ~mask) | bits))
		return leave(table, claim);
	hpte_word_store(slot_dw1(table, claim->index),
			narrowed(claim->hard, mask, bits));
	if (!give_back_valid(table, claim, claim->image))
		(void)leave(table, claim);
	return HPTE_OK;
}

/* True if the entry is as H_PROTECT wants it, and nobody changes it now. */
static bool protected_already(const struct hpte_table *table, uint64_t index,
			      const struct hpte_condition *only, uint64_t mask,
			      uint64_t bits)
{
	struct hpte now = hpte_table_snapshot_(table, index);

	return slot_live(now.dw0) && !(now.dw0 & DW0_BUSY) &&
	       condition_holds(table, now.dw0, only) &&
	       (now.dw1 & mask) == bits;
}

int hpte_table_protect(struct hpte_table *table, uint64_t index,
		       const struct hpte_condition *only, uint64_t mask,
		       uint64_t bits)
{
	const uint64_t allowed = HPTE_DW1_PPP | HPTE_DW1_KEY | HPTE_DW1_N;
	unsigned int tries = 0;
	struct claim claim;
	uint64_t image;
	int status;

	if ((mask & ~allowed) || (bits & ~mask))
		return HPTE_ERR_PARAM;
	if (!index_valid(table, index))
		return HPTE_ERR_INDEX;
	if (protected_already(table, index, only, mask, bits))
		return HPTE_OK;
	do {
		status = await(table, index, only, &tries, &image);
		if (status != HPTE_OK)
			return status;
		status = image & HPTE_DW0_V ?
			 claim_valid(table, index, image, &claim) :
			 claim_absent(table, index, image, &claim);
	} while (status == HPTE_ERR_AGAIN);
	if (status != HPTE_OK)
		return status;
	status = image & HPTE_DW0_V ?
		 protect_valid(table, &claim, mask, bits) :
		 change_absent(table, &claim, (claim.guest & ~mask) | bits);
	if (status == HPTE_OK)
		table_note(table, HPTE_EVENT_PROTECT, index, mask, bits);
	return status;
}

/* C of a valid entry is stable only while V is away. */
static int clear_c_valid(struct hpte_table *table, uint64_t index,
			 uint64_t image, uint64_t *old)
{
	struct claim claim;
	uint64_t before;
	int status = claim_valid(table, index, image, &claim);

	if (status != HPTE_OK)
		return status;
	if (!fold(table, &claim, HPTE_DW1_RC))
		return leave(table, &claim);
	before = claim.guest;
	if (claim.hard & HPTE_DW1_C) {
		/* before it is cleared, and before the return (N) */
		hpte_table_account_(table, before, image, HPTE_DW1_C);
		hpte_word_store(slot_dw1(table, index),
				claim.hard & ~HPTE_DW1_C);
	}
	if (!commit_guest(table, &claim, before & ~HPTE_DW1_C))
		return leave(table, &claim);
	if (!give_back_valid(table, &claim, image))
		(void)leave(table, &claim);
	*old = before;
	return HPTE_OK;
}

/* The entry went while V was set: its remover may not have flushed yet. */
static int gone_valid(struct hpte_table *table, const struct claim *claim)
{
	hpte_table_leave_(table, claim->index, DW0_OWN);
	hpte_tlb_flush_(table, claim->index, claim->image, claim->hard, 0);
	return HPTE_ERR_NOTFOUND;
}

/*
 * R is cleared with V set: one byte store, then the invalidation; a walker
 * that set R again in between has used the page again.
 */
static int clear_r_valid(struct hpte_table *table, uint64_t index,
			 uint64_t image, uint64_t *old)
{
	hpte_be64_t *dw0 = slot_dw0(table, index);
	hpte_be64_t *dw1 = slot_dw1(table, index);
	struct claim claim = { .index = index, .image = image,
			       .owned = image | DW0_BUSY };
	uint8_t *bytes = (uint8_t *)dw1;
	uint64_t before;

	/* acquire: the contents (A, E) */
	if (!hpte_word_cas_acquire(dw0, image, claim.owned))
		return contended(table, index);
	claim.hard = hpte_word_load(dw1);
	/* acquire: if it is closed, the next load sees DYING (F) */
	claim.guest = hpte_atomic_load_acquire(&table->priv_side[index].g);
	if (hpte_word_load(dw0) != claim.owned)
		return gone_valid(table, &claim);
	if (!fold(table, &claim, HPTE_DW1_R))
		return gone_valid(table, &claim);
	before = claim.guest | (claim.hard & HPTE_DW1_RC);
	if (claim.hard & HPTE_DW1_R) {
		/* R is bit 0 of byte 6; the others there never change now */
		hpte_atomic_store8(&bytes[6],
				   (uint8_t)((claim.hard & ~HPTE_DW1_R) >> 8));
		hpte_tlb_flush_(table, index, image, claim.hard,
				HPTE_TLB_NO_PRESYNC);
		/* a remover may come first: it reports R of g again (N) */
		hpte_table_account_(table, before, image, HPTE_DW1_R);
	}
	if ((claim.guest & HPTE_DW1_R) &&
	    !commit_guest(table, &claim, claim.guest & ~HPTE_DW1_R))
		return gone_valid(table, &claim);
	if (!give_back(table, &claim, image))
		(void)leave(table, &claim);
	*old = before;
	return HPTE_OK;
}

static int clear_absent(struct hpte_table *table, uint64_t index,
			uint64_t image, uint64_t which, uint64_t *old)
{
	struct claim claim;
	uint64_t before;
	int status = claim_absent(table, index, image, &claim);

	if (status != HPTE_OK)
		return status;
	before = claim.guest;
	status = change_absent(table, &claim, before & ~which);
	if (status == HPTE_OK)
		*old = before;
	return status;
}

int hpte_table_clear(struct hpte_table *table, uint64_t index, uint64_t which,
		     uint64_t *old)
{
	unsigned int tries = 0;
	uint64_t image;
	int status;

	if (which != HPTE_DW1_R && which != HPTE_DW1_C)
		return HPTE_ERR_PARAM;
	if (!index_valid(table, index))
		return HPTE_ERR_INDEX;
	do {
		status = await(table, index, NULL, &tries, &image);
		if (status != HPTE_OK)
			return status;
		if (!(image & HPTE_DW0_V))
			status = clear_absent(table, index, image, which, old);
		else if (which == HPTE_DW1_C)
			status = clear_c_valid(table, index, image, old);
		else
			status = clear_r_valid(table, index, image, old);
	} while (status == HPTE_ERR_AGAIN);
	if (status == HPTE_OK)
		table_note(table, HPTE_EVENT_CLEAR, index, which, *old);
	return status;
}

/* Is this the view of an absent entry of this table? */
static bool view_absent(const struct hpte_table *table,
			 const struct hpte_view *view)
{
	return index_valid(table, view->index) &&
	       (view->priv_dw0 & DW0_ABS) && !(view->priv_dw0 & HPTE_DW0_V);
}

/* Claim the absent entry of a view, if it is still what the view says. */
static int claim_view(struct hpte_table *table, const struct hpte_view *view,
		      struct claim *claim)
{
	if (view->priv_dw0 & DW0_BUSY)
		return contended(table, view->index);
	if (claim_absent(table, view->index, view->priv_dw0, claim) != HPTE_OK)
		return HPTE_ERR_AGAIN;
	/* doubleword 0 may be the same and the rights another */
	if (claim->guest == view->guest.dw1)
		return HPTE_OK;
	if (!give_back(table, claim, claim->image))
		(void)leave(table, claim);
	return contended(table, view->index);
}

/* Give a valid entry, that the view shows, another page of the host. */
static int replace_page(struct hpte_table *table, const struct hpte_view *view,
			const struct hpte_host_page *page)
{
	uint64_t image = view->priv_dw0;
	struct claim claim;
	uint64_t host;

	if (image & DW0_BUSY)
		return contended(table, view->index);
	if (claim_valid(table, view->index, image, &claim) != HPTE_OK)
		return HPTE_ERR_AGAIN;
	/* what the walker set meanwhile is no other entry; other rights are */
	if (!((claim.guest ^ view->guest.dw1) & ~HPTE_DW1_RC) &&
	    !hpte_table_invalidated_(table, page->sequence)) {
		host = hpte_table_host_dw1_(table, image, claim.guest, page);
		hpte_word_store(slot_dw1(table, claim.index),
				host | (claim.hard & HPTE_DW1_RC));
		if (give_back_valid(table, &claim, image)) {
			table_note(table, HPTE_EVENT_REPLACE, view->index,
				   view->guest.dw0, claim.guest);
			return HPTE_OK;
		}
	} else if (give_back_valid(table, &claim, image)) {
		return HPTE_ERR_AGAIN;
	}
	(void)leave(table, &claim);
	return HPTE_ERR_AGAIN;
}

int hpte_table_promote(struct hpte_table *table, const struct hpte_view *view,
		       const struct hpte_host_page *page)
{
	struct claim claim;

	if (!table_walked(table) || !index_valid(table, view->index) ||
	    !hpte_table_page_fits_(table, page, view->page.actual))
		return HPTE_ERR_PARAM;
	if (view->priv_dw0 & HPTE_DW0_V)
		return replace_page(table, view, page);
	if (!view_absent(table, view) ||
	    claim_view(table, view, &claim) != HPTE_OK)
		return HPTE_ERR_AGAIN;
	if (hpte_table_invalidated_(table, page->sequence)) {
		if (!give_back(table, &claim, claim.image))
			(void)leave(table, &claim);
		return HPTE_ERR_AGAIN;
	}
	if (slot_marked(claim.image))
		/* while BUSY: nobody caches it now (H) */
		hpte_atomic_increment_release(&table->priv_generation);
	hpte_word_store(slot_dw1(table, claim.index),
			hpte_table_host_dw1_(table, claim.image, claim.guest,
					     page));
	if (give_back_valid(table, &claim, slot_valid(table, claim.image))) {
		table_note(table, HPTE_EVENT_PROMOTE, claim.index,
			   view->guest.dw0, claim.guest);
		return HPTE_OK;
	}
	(void)leave(table, &claim);
	return HPTE_ERR_AGAIN;
}

int hpte_table_demote(struct hpte_table *table, uint64_t index)
{
	struct claim claim;
	uint64_t image;

	if (!index_valid(table, index))
		return HPTE_ERR_INDEX;
	image = hpte_word_load_acquire(slot_dw0(table, index));
	if (image & DW0_BUSY) {
		/* a remover that has left has flushed: that slot is done */
		if (slot_dying(image) && !(image & DW0_REM))
			return HPTE_ERR_NOTFOUND;
		return contended(table, index);
	}
	if (!(image & HPTE_DW0_V))
		return HPTE_ERR_NOTFOUND;
	if (claim_valid(table, index, image, &claim) != HPTE_OK)
		return HPTE_ERR_AGAIN;
	if (!fold(table, &claim, HPTE_DW1_RC)) {
		(void)leave(table, &claim);
		return HPTE_ERR_AGAIN;
	}
	/* the host that took the page knows of the last store to it (N) */
	hpte_table_account_(table, claim.guest, image,
			    claim.hard & HPTE_DW1_RC);
	hpte_word_store(slot_dw1(table, index), claim.guest);
	if (!give_back(table, &claim, slot_absent(table, image))) {
		(void)leave(table, &claim);
		return HPTE_ERR_AGAIN;
	}
	table_note(table, HPTE_EVENT_DEMOTE, index, 0, 0);
	return HPTE_OK;
}

int hpte_table_set_rc(struct hpte_table *table, const struct hpte_view *view,
		      uint64_t bits)
{
	hpte_be64_t *dw1;
	struct claim claim;

	if ((bits & ~HPTE_DW1_RC) || !view_absent(table, view))
		return HPTE_ERR_PARAM;
	if ((view->guest.dw1 & bits) == bits)
		return HPTE_OK;
	if (claim_view(table, view, &claim) != HPTE_OK)
		return HPTE_ERR_AGAIN;
	dw1 = slot_dw1(table, claim.index);
	if (!commit_guest(table, &claim, claim.guest | bits)) {
		(void)leave(table, &claim);
		return HPTE_ERR_AGAIN;
	}
	if (table->priv_side)
		hpte_word_store(dw1, claim.guest);
	if (!give_back(table, &claim, claim.image))
		(void)leave(table, &claim);
	return HPTE_OK;
}
