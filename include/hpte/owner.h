/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hpte/owner.h - operations that own an entry of a table for a while.
 *
 * Layer: 2 (table).  Module: table.  Depends on: env.h, status.h, host.h,
 * entry.h, table.h.
 *
 * References
 *	[ISA]	Power ISA Versions 2.07 B and 3.0 B, Book III, "Page Table
 *		Update Synchronization"
 *
 * Changes to an entry that stays: the guest's (protect, clear), the host's
 * (promote, demote), a software walker's (set_rc).
 *
 * Concurrency.  As table.h, with one difference: two owners of the same
 * entry exclude each other.  promote, demote and set_rc try once and answer
 * HPTE_ERR_AGAIN.  protect and clear wait, for a bounded time, and then
 * answer it; they must not run inside a callback of the library or on a CPU
 * whose interrupted context is inside the library.  A remove never waits
 * for an owner.
 *
 * Memory order.  Each is a release of what the CPU wrote before when it
 * succeeds, and acquires what it reads of the entry.
 */
#ifndef HPTE_OWNER_H
#define HPTE_OWNER_H

#include "entry.h"
#include "env.h"
#include "host.h"
#include "status.h"
#include "table.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * hpte_table_protect() - change rights, keys and N of an entry
 * @table:	table
 * @index:	its index
 * @only:	condition on the guest's doubleword 0; NULL: none
 * @mask:	bits of doubleword 1 to replace: within PP, key, N
 * @bits:	their new values
 *
 * R and C are kept.  A valid entry that hardware may not store through stays
 * so, whatever the guest asks: the next store faults, and promote gives the
 * entry a writable page.  On return nobody has the old rights.
 *
 * Return: HPTE_OK, or
 *	HPTE_ERR_NOTFOUND	no live entry there, or @only does not hold.
 *	HPTE_ERR_AGAIN		another CPU owns the entry; nothing changed.
 *	HPTE_ERR_INDEX		@index lies outside the table.
 *	HPTE_ERR_PARAM		@mask or @bits has other bits.
 */
HPTE_API HPTE_MUST_CHECK
int hpte_table_protect(struct hpte_table *table, uint64_t index,
		       const struct hpte_condition *only, uint64_t mask,
		       uint64_t bits);

/**
 * hpte_table_clear() - clear R or C of an entry
 * @table:	table
 * @index:	its index
 * @which:	HPTE_DW1_R or HPTE_DW1_C
 * @old:	where to put the guest's doubleword 1 as it was before
 *
 * Every set bit is reported by exactly one clear or remove.  On return the
 * walker will set the bit again at the next use (R) or store (C).
 *
 * Return: HPTE_OK, or
 *	HPTE_ERR_NOTFOUND	no live entry there.
 *	HPTE_ERR_AGAIN		another CPU owns the entry; nothing changed.
 *	HPTE_ERR_INDEX		@index lies outside the table.
 *	HPTE_ERR_PARAM		@which is something else.
 */
HPTE_API HPTE_MUST_CHECK
int hpte_table_clear(struct hpte_table *table, uint64_t index, uint64_t which,
		     uint64_t *old);

/**
 * hpte_table_promote() - make an entry valid with this page of the host
 * @table:	table with a walker
 * @view:	the entry as find or read saw it; rights already checked
 * @page:	the host's storage behind it, looked up before this call
 *
 * An absent entry becomes valid.  A valid one gets @page in place of what it
 * had, R and C kept: for a page that was mapped read-only.
 *
 * Return: HPTE_OK: the entry is valid with @page, or
 *	HPTE_ERR_AGAIN		it is not what @view says any more, another CPU
 *				owns it, or @page was invalidated meanwhile:
 *				let the guest's access happen again.
 *	HPTE_ERR_PARAM		no walker, @view is not an entry of this table,
 *				or @page unsuitable (see insert).
 */
HPTE_API HPTE_MUST_CHECK
int hpte_table_promote(struct hpte_table *table, const struct hpte_view *view,
		       const struct hpte_host_page *page);

/**
 * hpte_table_demote() - take V away: the host wants the page back
 * @table:	table
 * @index:	the entry's index
 *
 * For a host that unmaps a page: say that an invalidation is in progress
 * (inval_retry() answers true from now on), drop the page so that map_page()
 * does not find it, full barrier, demote every entry that may map it until
 * none answers HPTE_ERR_AGAIN, raise the sequence, end it.
 *
 * On return no walker uses the old page; its C has been reported by
 * mark_dirty().  The guest sees no difference.
 *
 * Return: HPTE_OK: the entry was valid and is absent now, or
 *	HPTE_ERR_NOTFOUND	no valid entry there (empty or absent).
 *	HPTE_ERR_AGAIN		another CPU is at work on this slot.
 *	HPTE_ERR_INDEX		@index lies outside the table.
 */
HPTE_API HPTE_MUST_CHECK
int hpte_table_demote(struct hpte_table *table, uint64_t index);

/**
 * hpte_table_set_rc() - set R or C as a software walker does
 * @table:	table
 * @view:	the absent entry that translated the access
 * @bits:	HPTE_DW1_R, HPTE_DW1_C or both
 *
 * For emulators, before the access goes ahead.  Not for a valid entry: its
 * R and C are the hardware's.  If @view has the bits already, nothing is
 * looked at: then it is tlb_invalidate() that ends an old translation.
 *
 * Return: HPTE_OK, or
 *	HPTE_ERR_AGAIN		the entry is not what @view says any more:
 *				translate again, by a search.
 *	HPTE_ERR_PARAM		other bits, or @view is not of this table.
 */
HPTE_API HPTE_MUST_CHECK
int hpte_table_set_rc(struct hpte_table *table, const struct hpte_view *view,
		      uint64_t bits);

#ifdef __cplusplus
}
#endif

#endif /* HPTE_OWNER_H */
