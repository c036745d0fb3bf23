/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * libhpte/internal.h - the words of a slot, its states, and what the table's
 * source files share.
 *
 * Layer: 2 (table), private.
 *
 * A slot is two doublewords of the table and, where there is a side array,
 * the guest's doubleword 1 (g) and an incarnation number (seq).  The state
 * is in four software bits of doubleword 0, plus its top bits while V=0:
 *
 *	state		doubleword 0
 *	EMPTY		0
 *	CLAIMED		BUSY alone: an insert is filling the slot
 *	ABSENT		ABS, B in bit 1; MARK: inserted for a device
 *	VALID		V; a 3.0 entry has B in ABS, which then means 1T
 *	+BUSY		ABSENT or VALID with an owner at work
 *	DYING		MARK and BUSY without V and ABS; REM: the remover is
 *			still in the slot, OWN: an owner is.  AVPN, B, L, H
 *			kept, to build the tlbie operand
 *
 * "Image" below is doubleword 0 in host byte order as it stands in memory;
 * "guest" is the 2.07 format without software bits of ours.
 */
#ifndef LIBHPTE_INTERNAL_H
#define LIBHPTE_INTERNAL_H

#include "arch/arch.h"
#include "hpte/entry.h"
#include "hpte/hash.h"
#include "hpte/owner.h"
#include "hpte/table.h"
#include "libhpte/word.h"

#ifndef HPTE_CONFIG_TRACE
#define HPTE_CONFIG_TRACE 1	/* events and counters can be asked for */
#endif

#define HPTE_NOINLINE	__attribute__((__noinline__))
#define HPTE_INLINE	inline __attribute__((__always_inline__))

#define DW0_MARK	HPTE_BIT(0)	/* V=0: MMIO mark; also in DYING */
#define DW0_BUSY	HPTE_BIT(57)
#define DW0_ABS		HPTE_BIT(58)
#define DW0_REM		HPTE_BIT(59)	/* DYING only: else the guest's */
#define DW0_OWN		HPTE_BIT(60)	/* DYING only: else the guest's */
#define DW0_LIVE	(HPTE_DW0_V | DW0_ABS)
#define DW0_GUEST_SW	HPTE_BITS(59, 60)

/* hpte_table::priv_flags: HPTE_CPU_* to be used, and these. */
#define TABLE_WALKED	0x100U	/* hardware walks it */
#define TABLE_CACHED	0x200U	/* no walker, but the host's cache is told */
#define TABLE_300	0x400U	/* entries in the 3.0 format */
#define TABLE_SIDE	0x800U	/* there is a side array */
#define TABLE_TRACED	0x1000U	/* there is a trace callback */
#define TABLE_COUNTED	0x2000U	/* there are counters */

/* hpte_table::priv_search: HPTE_CPU_* to be used, and these. */
#define SEARCH_NEAR	0x100U	/* widest search; caches hold the table */
#define SEARCH_FAR	0x200U	/* widest search; they do not */

/*
 * What a remover does to the guest's doubleword 1 to close it to an owner:
 * complement all but LP, so that no owner's compare-and-swap can succeed and
 * the operand of the invalidation can still be built.
 */
#define DW1_CLOSE	(~HPTE_DW1_LP)

/**
 * struct hpte_side - what does not fit into the hardware's entry
 * @g:		doubleword 1 as the guest wrote it, R and C accumulated; once
 *		a remover has closed it to an owner, exclusive-or DW1_CLOSE
 * @seq:	incarnation: grows with every insert into the slot
 */
struct hpte_side {
	uint64_t g;
	uint32_t seq;
	uint32_t reserved;
};

HPTE_STATIC_ASSERT(sizeof(struct hpte_side) == 16, "one side record");

static inline bool slot_live(uint64_t image)
{
	return (image & DW0_LIVE) != 0;
}

static inline bool slot_dying(uint64_t image)
{
	return (image & (DW0_MARK | DW0_BUSY | DW0_LIVE)) ==
	       (DW0_MARK | DW0_BUSY);
}

/* An absent entry that was inserted for a device. */
static inline bool slot_marked(uint64_t image)
{
	return !(image & HPTE_DW0_V) && (image & DW0_MARK);
}

/*
 * B of an entry, where the 2.07 format has it.  It is always in doubleword 0,
 * so conditions need only that.
 */
static inline uint64_t slot_b(const struct hpte_table *table, uint64_t image)
{
	if ((image & HPTE_DW0_V) && (table->priv_flags & TABLE_300))
		return (image & DW0_ABS) * (HPTE_DW0_B_1T / DW0_ABS);
	return image & HPTE_DW0_B_1T;
}

static inline bool slot_one_tb(const struct hpte_table *table, uint64_t image)
{
	return slot_b(table, image) != 0;
}

/* The same entry without V. */
static inline uint64_t slot_absent(const struct hpte_table *table,
				   uint64_t image)
{
	return (image & ~(HPTE_DW0_V | DW0_ABS | HPTE_DW0_B_1T)) | DW0_ABS |
	       slot_b(table, image);
}

/* The same entry with V. */
static inline uint64_t slot_valid(const struct hpte_table *table,
				  uint64_t image)
{
	uint64_t plain = image & ~(DW0_ABS | DW0_MARK);

	if (!(table->priv_flags & TABLE_300))
		return plain | HPTE_DW0_V;
	return (plain & ~HPTE_DW0_B_1T) | HPTE_DW0_V |
	       (slot_one_tb(table, image) ? DW0_ABS : 0);
}

/* The same entry while its owner may rewrite doubleword 1. */
static inline uint64_t slot_owned(const struct hpte_table *table,
				  uint64_t image)
{
	return slot_absent(table, image) | DW0_BUSY;
}

/* What the remover makes of a live entry. */
static inline uint64_t slot_unlinked(const struct hpte_table *table,
				     uint64_t image)
{
	return (slot_absent(table, image) & ~(DW0_ABS | DW0_GUEST_SW)) |
	       DW0_MARK | DW0_BUSY | DW0_REM |
	       (image & DW0_BUSY ? DW0_OWN : 0);
}

/* The guest's doubleword 0 of a live or dying entry. */
static inline uint64_t slot_guest(const struct hpte_table *table,
				  uint64_t image)
{
	return (image & (HPTE_BITS(2, 56) | DW0_GUEST_SW | HPTE_DW0_L |
			 HPTE_DW0_H)) | HPTE_DW0_V | slot_b(table, image);
}

static inline hpte_be64_t *slot_dw0(const struct hpte_table *table,
				    uint64_t index)
{
	return table->priv_base + 2 * index;
}

static inline hpte_be64_t *slot_dw1(const struct hpte_table *table,
				    uint64_t index)
{
	return table->priv_base + 2 * index + 1;
}

static inline bool table_walked(const struct hpte_table *table)
{
	return (table->priv_flags & TABLE_WALKED) != 0;
}

/* An emulator that caches translations is told as a TLB would be. */
static inline bool table_cached(const struct hpte_table *table)
{
	return (table->priv_flags & TABLE_CACHED) != 0;
}

/* trace.c: events. */

__attribute__((__cold__, __noinline__))
void hpte_table_note_(const struct hpte_table *table, unsigned int id,
		      uint64_t a, uint64_t b, uint64_t c, uint64_t d);

/* Does anybody want to know? */
static inline bool table_noted(const struct hpte_table *table)
{
	return HPTE_CONFIG_TRACE &&
	       __builtin_expect((table->priv_flags &
				 (TABLE_TRACED | TABLE_COUNTED)) != 0, 0);
}

/* Nobody but callers of the library looks at entries, or wants to know. */
static inline bool table_private(const struct hpte_table *table)
{
	return !(table->priv_flags & (TABLE_WALKED | TABLE_CACHED |
				      TABLE_TRACED | TABLE_COUNTED));
}

/* An event with up to three arguments. */
static inline void table_note(const struct hpte_table *table, unsigned int id,
			      uint64_t a, uint64_t b, uint64_t c)
{
	if (table_noted(table))
		hpte_table_note_(table, id, a, b, c, 0);
}

#define LINE_WORDS	8U	/* in 64 bytes, the shortest line we know of */

static inline bool index_valid(const struct hpte_table *table, uint64_t index)
{
	return index < table->priv_entries;
}

/* An entry will be removed: ask for its memory.  Any index. */
static inline void prefetch_removed(const struct hpte_table *table,
				    uint64_t index)
{
	if (!index_valid(table, index))
		return;
	hpte_arch_prefetch_write(slot_dw0(table, index));
	if (table->priv_side)
		hpte_arch_prefetch_write(&table->priv_side[index]);
}

/* Does the guest's doubleword 0 meet the condition? */
static inline bool condition_holds(const struct hpte_table *table,
				   uint64_t image,
				   const struct hpte_condition *only)
{
	uint64_t guest;

	if (!only || !only->flags)
		return true;
	guest = slot_guest(table, image);
	if ((only->flags & HPTE_IF_AVPN) &&
	    (guest & ~UINT64_C(0x7F)) != only->value)
		return false;
	return !(only->flags & HPTE_IF_ANDCOND) || !(guest & only->value);
}

/* tlb.c: invalidations, gathered and sent together. */

#define TLB_BATCH	8U

/**
 * struct hpte_tlb_batch_ - tlbie operands not yet sent; start with count 0.
 * Not by an initialiser: that would zero all of it, by memset() on some CPUs.
 */
struct hpte_tlb_batch_ {
	uint64_t rb[TLB_BATCH];
	unsigned int count;
};

void hpte_tlb_add_(const struct hpte_table *table, uint64_t index,
		   uint64_t image, uint64_t dw1, struct hpte_tlb_batch_ *batch);
void hpte_tlb_add_dying_(const struct hpte_table *table, uint64_t index,
			 uint64_t image, struct hpte_tlb_batch_ *batch);
void hpte_tlb_send_now_(const struct hpte_table *table, unsigned int flags,
			struct hpte_tlb_batch_ *batch);
void hpte_tlb_send_all_(const struct hpte_table *table);
void hpte_tlb_flush_(const struct hpte_table *table, uint64_t index,
		     uint64_t image, uint64_t dw1, unsigned int flags);

/* Send and empty a batch, if there is something in it. */
static inline void hpte_tlb_send_(const struct hpte_table *table,
				  unsigned int flags,
				  struct hpte_tlb_batch_ *batch)
{
	/* an empty batch would make some hosts repeat their last operand */
	if (batch->count)
		hpte_tlb_send_now_(table, flags, batch);
}

/* read.c: what stands in a slot, at one instant. */

struct hpte hpte_table_snapshot_(const struct hpte_table *table,
				 uint64_t index);

/* table.c: steps that batches and owners are made of. */

/**
 * struct hpte_unlinked_ - an entry between unlink and free
 * @index:	its slot
 * @image:	doubleword 0 as it was when it was unlinked
 */
struct hpte_unlinked_ {
	uint64_t index;
	uint64_t image;
};

int hpte_table_put_(struct hpte_table *table, uint64_t index,
		    unsigned int flags, const struct hpte *entry,
		    const struct hpte_host_page *page, uint64_t *where);
int hpte_table_unlink_(struct hpte_table *table, uint64_t index,
		       const struct hpte_condition *only,
		       struct hpte_tlb_batch_ *batch,
		       struct hpte_unlinked_ *unlinked);
int hpte_table_hold_(struct hpte_table *table, uint64_t index,
		     struct hpte_tlb_batch_ *batch, uint64_t *image,
		     uint64_t *dw1);
int hpte_table_let_go_(struct hpte_table *table, uint64_t index, uint64_t image,
		       struct hpte_tlb_batch_ *batch);
int hpte_table_unlink_held_(struct hpte_table *table, uint64_t index,
			    uint64_t image, struct hpte_tlb_batch_ *batch,
			    struct hpte_unlinked_ *unlinked);
void hpte_table_free_(struct hpte_table *table,
		      const struct hpte_unlinked_ *unlinked,
		      struct hpte *removed);
void hpte_table_leave_(struct hpte_table *table, uint64_t index, uint64_t me);
void hpte_table_not_found_(struct hpte_table *table, uint64_t index,
			   uint64_t image, struct hpte_tlb_batch_ *batch);
uint64_t hpte_table_host_dw1_(const struct hpte_table *table, uint64_t image,
			      uint64_t dw1, const struct hpte_host_page *page);
bool hpte_table_page_fits_(const struct hpte_table *table,
			   const struct hpte_host_page *page,
			   unsigned int actual);
bool hpte_table_invalidated_(const struct hpte_table *table,
			     uint64_t sequence);
void hpte_table_account_(const struct hpte_table *table, uint64_t guest_dw1,
			 uint64_t image, uint64_t rc);
void hpte_table_place_(struct hpte_table *table, uint64_t index,
		       uint64_t image, uint64_t dw1);
bool hpte_table_memory_fits_(const struct hpte_table *table,
			     const struct hpte_memory *memory,
			     unsigned int order);
void hpte_table_move_(struct hpte_table *table,
		      const struct hpte_memory *memory, unsigned int order);

#endif /* LIBHPTE_INTERNAL_H */
