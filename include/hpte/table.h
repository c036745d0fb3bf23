/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hpte/table.h - one hashed page table (HPT) and the operations on it.
 *
 * Layer: 2 (table).  Depends on: env.h, status.h, host.h, entry.h, hash.h,
 * trace.h.
 *
 * References
 *	[ISA]	Power ISA Versions 2.07 B and 3.0 B, Book III, "Page Table",
 *		"Page Table Update Synchronization"
 *
 * What an entry is.  The guest's entry is the truth; the hardware's valid
 * entry (V=1) is a cache of it.  An entry that was inserted and not removed
 * is live; a live entry is either valid, the walker may use it, or absent,
 * the walker sees nothing.  The guest cannot tell the two apart.
 *
 * Concurrency.  Every function but init and reset may run at the same time
 * on any number of CPUs, against the same table and against hardware that
 * walks it and sets R and C.  None allocates, none sleeps, and none waits
 * for another CPU, wherever that CPU is stopped.  docs/concurrency.md has
 * the argument.  Operations that own an entry for a while: owner.h.
 *
 * Memory order.  A successful insert is a release of what the CPU wrote
 * before; find, read and remove acquire it.
 *
 * Byte order and format.  struct hpte is always host order and the 2.07
 * format, whatever the table in memory is.
 */
#ifndef HPTE_TABLE_H
#define HPTE_TABLE_H

#include "entry.h"
#include "env.h"
#include "hash.h"
#include "host.h"
#include "status.h"
#include "trace.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Flags of struct hpte_table_config. */
#define HPTE_TABLE_WALKER	0x1U	/* hardware walks this table */

/**
 * struct hpte_table_config - what hpte_table_init() needs to know
 * @memory:	the table's storage, zero
 * @order:	log2 of the table's bytes
 * @flags:	HPTE_TABLE_*
 * @cpu:	HPTE_CPU_* facts about the CPUs that will run the library
 * @caps:	facts about the virtual machine; must outlive the table.
 *		NULL: the defaults
 * @ops:	the host's callbacks; must outlive the table, and stay as they
 *		are.  NULL: none
 * @ctx:	first argument of every callback
 * @shards:	length of @counters, a power of two, about the number of CPUs;
 *		0: no counters, and @counters is not looked at
 * @counters:	where to count events; must outlive the table.  Each CPU
 *		mostly uses one of them.  Not used by a library built without
 */
struct hpte_table_config {
	struct hpte_memory memory;
	unsigned int order;
	unsigned int flags;
	unsigned int cpu;
	unsigned int shards;
	const struct hpte_caps *caps;
	const struct hpte_host_ops *ops;
	void *ctx;
	struct hpte_counters *counters;
};

struct hpte_side;	/* private */

/**
 * struct hpte_table - a table that the caller owns
 *
 * The layout is public so that it can be embedded; the fields are not.
 */
struct hpte_table {
	hpte_be64_t *priv_base;
	struct hpte_side *priv_side;
	uint64_t priv_group_mask;	/* in doublewords */
	uint16_t priv_order;
	uint16_t priv_search;
	uint32_t priv_flags;
	uint64_t priv_entries;
	const struct hpte_caps *priv_caps;
	const struct hpte_host_ops *priv_ops;
	void *priv_ctx;
	uint64_t priv_generation;
	uint64_t priv_cursor;	/* H_CLEAR_HPT: where to go on */
	struct hpte_counters *priv_counters;
	uint64_t priv_shards;
};

#define HPTE_VIEW_VALID		0x1U	/* the walker may use it */
#define HPTE_VIEW_MMIO		0x2U	/* absent, inserted for a device */
#define HPTE_VIEW_BUSY		0x4U	/* an owner is changing it */

/**
 * struct hpte_view - one live entry as it was at one instant
 * @index:	where it stands
 * @guest:	the entry as the guest sees it: V=1, the guest's RPN and
 *		rights, R and C up to date
 * @page:	its page sizes
 * @state:	HPTE_VIEW_*
 */
struct hpte_view {
	uint64_t index;
	struct hpte guest;
	struct hpte_page page;
	uint8_t state;
	uint32_t reserved;
	uint64_t priv_dw0;
};

#define HPTE_IF_AVPN		0x1U	/* B and AVPN must equal */
#define HPTE_IF_ANDCOND		0x2U	/* no common bit may be set */

/**
 * struct hpte_condition - which entry an operation is meant for
 * @flags:	HPTE_IF_*; both may be set; 0: any entry
 * @value:	compared with the guest's doubleword 0, V=1: HPTE_IF_AVPN
 *		ignores the entry's low 7 bits, so that a value with one of
 *		them set matches nothing
 */
struct hpte_condition {
	unsigned int flags;
	uint64_t value;
};

#define HPTE_INSERT_EXACT	0x1U	/* this slot or none */
#define HPTE_INSERT_MMIO	0x2U	/* mark it as a device's */

#define HPTE_FIND_VALID		0x1U	/* entries with V=1 only */

/**
 * hpte_table_bytes() - storage for a table
 * @order:	log2 bytes
 *
 * Return: bytes of hpte_memory::base, 0 if @order is out of range.
 */
HPTE_API uint64_t hpte_table_bytes(unsigned int order);

/**
 * hpte_table_side_bytes() - storage for its side array
 * @order:	log2 bytes of the table
 * @flags:	HPTE_TABLE_*
 * @cpu:	HPTE_CPU_*
 *
 * Return: bytes of hpte_memory::side, 0 if none is used.
 */
HPTE_API uint64_t hpte_table_side_bytes(unsigned int order, unsigned int flags,
					unsigned int cpu);

/**
 * hpte_table_cpu() - the CPU facts this build of the library can use
 *
 * Not which of them the CPU has: that is for the caller to find out.
 *
 * Return: HPTE_CPU_*; bits of hpte_table_config::cpu beyond these are
 * ignored, so that a side array is then needed.
 */
HPTE_API unsigned int hpte_table_cpu(void);

/**
 * hpte_table_init() - adopt storage as an empty table
 * @table:	structure to fill; earlier contents are ignored
 * @config:	see there; not used after the call
 *
 * To take the storage back, stop every user, then forget the table.
 * Context: any; nobody else may use @table yet.
 *
 * Return: HPTE_OK, or
 *	HPTE_ERR_PARAM		order, alignment, a NULL that may not be, an
 *				unknown flag, a structure of an older version
 *				than 0.1, a number of shards, or a walker
 *				without tlb_invalidate and tlb_invalidate_all.
 *	HPTE_ERR_UNSUPPORTED	no side array, but this configuration needs it.
 */
HPTE_API HPTE_MUST_CHECK
int hpte_table_init(struct hpte_table *table,
		    const struct hpte_table_config *config);

/**
 * hpte_table_find() - find the entry that maps a virtual address
 * @table:	table
 * @va:		virtual address, hpte_hash_va(); see also hpte_table_find_ea()
 * @flags:	HPTE_FIND_VALID, or 0 for absent entries too
 * @view:	where to put the entry
 *
 * Searches the primary, then the secondary group for the first entry with
 * this B, AVPN, H and base page size.  Writes nothing to the table, touches
 * no side line for an absent entry at rest.
 * Progress: lock-free; a retry means that another CPU changed the entry.
 *
 * Return: HPTE_OK, or
 *	HPTE_ERR_NOTFOUND	there is none.
 */
HPTE_API HPTE_MUST_CHECK
int hpte_table_find(const struct hpte_table *table, const struct hpte_va *va,
		    unsigned int flags, struct hpte_view *view);

/**
 * hpte_table_find_ea() - find the entry that maps an effective address
 * @table:	table
 * @descriptor:	segment descriptor that translates @ea
 * @ea:		effective address; only its offset in the segment counts
 * @flags:	as hpte_table_find()
 * @view:	where to put the entry
 *
 * hpte_hash_va() and hpte_table_find() in one, and quicker, most of all for 4K
 * pages in 256M segments.
 * Progress: as hpte_table_find().
 *
 * Return: HPTE_OK, or
 *	HPTE_ERR_NOTFOUND	there is none.
 *	HPTE_ERR_ENCODING	@descriptor, as hpte_hash_va() says.
 */
HPTE_API HPTE_MUST_CHECK
int hpte_table_find_ea(const struct hpte_table *table, uint64_t descriptor,
		       uint64_t ea, unsigned int flags, struct hpte_view *view);

/**
 * hpte_table_read() - read the entry at an index
 * @table:	table
 * @index:	0 .. 2^(order-4) - 1
 * @view:	where to put it
 *
 * Progress: as hpte_table_find().
 *
 * Return: HPTE_OK, or
 *	HPTE_ERR_NOTFOUND	no live entry there.
 *	HPTE_ERR_INDEX		@index lies outside the table.
 */
HPTE_API HPTE_MUST_CHECK
int hpte_table_read(const struct hpte_table *table, uint64_t index,
		    struct hpte_view *view);

/**
 * hpte_table_insert() - put an entry into a free slot
 * @table:	table
 * @index:	any index of the group, or the slot itself with EXACT
 * @flags:	HPTE_INSERT_*
 * @entry:	the guest's entry; V is set for you, the bits that are the
 *		hypervisor's (57, 58 of doubleword 0, 1 of doubleword 1) are
 *		cleared
 * @page:	the host's storage behind it: insert it valid.  NULL, or a
 *		table that no walker walks, or @page invalidated meanwhile:
 *		it is inserted absent
 * @where:	where to put the index used
 *
 * An entry that no search can find, because it lies in another group than its
 * hash, or has AVPN bits inside its base page, is accepted like any other.
 * The lowest free slot is taken.  A slot that another CPU is filling or
 * emptying is not free.  No TLB invalidation is done or needed.
 *
 * Return: HPTE_OK, or
 *	HPTE_ERR_FULL		no free slot.
 *	HPTE_ERR_INDEX		@index lies outside the table.
 *	HPTE_ERR_ENCODING	page size or B is reserved, the RPN is not
 *				aligned, or the table's format cannot hold the
 *				entry.
 *	HPTE_ERR_PARAM		unknown flag; MMIO together with @page; @page
 *				is smaller than the guest's page, misaligned
 *				or above the format's real addresses.
 */
HPTE_API HPTE_MUST_CHECK
int hpte_table_insert(struct hpte_table *table, uint64_t index,
		      unsigned int flags, const struct hpte *entry,
		      const struct hpte_host_page *page, uint64_t *where);

/**
 * hpte_table_remove() - remove an entry
 * @table:	table
 * @index:	its index
 * @only:	condition on the guest's doubleword 0; NULL: none
 * @removed:	where to put the entry as the guest saw it, all R and C
 *		included; may be NULL
 *
 * On return, and also when it answers HPTE_ERR_NOTFOUND, no walker uses a
 * translation that was removed from this slot.  The slot is free unless an
 * owner of the entry is still at work in it; then that owner frees it.
 *
 * Return: HPTE_OK, or
 *	HPTE_ERR_NOTFOUND	no live entry there, or @only does not hold.
 *	HPTE_ERR_INDEX		@index lies outside the table.
 */
HPTE_API HPTE_MUST_CHECK
int hpte_table_remove(struct hpte_table *table, uint64_t index,
		      const struct hpte_condition *only, struct hpte *removed);

/**
 * hpte_table_reset() - make the table empty
 * @table:	table
 *
 * The R and C of entries that were valid are reported by mark_young() and
 * mark_dirty().  Context: no other CPU is in the guest or in the library.
 * Takes time proportional to the table.
 */
HPTE_API void hpte_table_reset(struct hpte_table *table);

/**
 * hpte_table_generation() - count of changes to device entries
 * @table:	table
 *
 * Grows whenever an entry marked HPTE_VIEW_MMIO is removed, made valid, or
 * changed, except by hpte_table_set_rc(): what depends on R and C is not to
 * be cached.  Never repeats until the table is initialised anew.  Who caches
 * such a view reads this first, then finds the entry, and uses the cache only
 * while the value is unchanged; an entry seen HPTE_VIEW_BUSY is not cached.
 * Memory order: acquire.
 */
HPTE_API uint64_t hpte_table_generation(const struct hpte_table *table);

/**
 * hpte_table_counters() - how often each event has happened
 * @table:	table
 * @sum:	where to put the sums of all shards
 *
 * Stops nobody.  Each count grows from one call to the next; two of them may
 * be of different moments.  When no operation is at work they are exact:
 * INSERT_VALID + PROMOTE - DEMOTE - REMOVE_VALID entries are valid.
 * Memory order: none.
 *
 * Return: HPTE_OK, or
 *	HPTE_ERR_UNSUPPORTED	the table has no counters.
 */
HPTE_API HPTE_MUST_CHECK
int hpte_table_counters(const struct hpte_table *table,
			struct hpte_counters *sum);

/* hpte_table_base() - where the table lies now: for SDR1, PATE. */
HPTE_API void *hpte_table_base(const struct hpte_table *table);

/* hpte_table_order() - log2 of its bytes now. */
HPTE_API unsigned int hpte_table_order(const struct hpte_table *table);

/* hpte_table_entries() - number of its entries now. */
HPTE_API uint64_t hpte_table_entries(const struct hpte_table *table);

#ifdef __cplusplus
}
#endif

#endif /* HPTE_TABLE_H */
