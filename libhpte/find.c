/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * libhpte/find.c - the table: find and find many, lock-free.
 *
 * Layer: 2 (table).  States and guarantees: table.c.
 *
 * A find that hits is most of what a host does that walks the table itself,
 * and in a chain each waits for the one before: the way to a hit is straight,
 * and from the address to doubleword 1 it is short.  What is rare goes on in a
 * function of its own, so that it costs the others no registers.
 *
 * References
 *	[ISA]	Power ISA Versions 2.07 B and 3.0 B, Book III, "Hashed Page
 *		Table Search", "Page Size Encodings", "SLB Entry"
 */
#include "hpte/many.h"
#include "libhpte/codec.h"
#include "libhpte/internal.h"
#include "libhpte/snapshot.h"

#define GROUP_WORDS	(2 * HPTE_GROUP_ENTRIES)

/*
 * How a find that hits takes few instructions, so that a CPU which waits for
 * the memory of one can begin the next:
 *
 * The search compares only what stands in the same place in every state and
 * format: AVPN and H.  Two pages that these do not tell apart hardly ever meet
 * in a group, and a candidate is judged by everything before it counts.
 *
 * A table without a walker has absent entries, mostly at rest, and one load
 * has all of such an entry.  Its image is known beforehand but for MARK and the
 * guest's own bits, so the judgement is one comparison, in table byte order
 * like the search.
 *
 * The widest vectors compare a whole group at once: no branch says where in it
 * the candidate is.  That waits for both lines of the group, so in a table that
 * no cache near by holds they take one line after the other (SEARCH_FAR).
 *
 * What is not so plain is passed on, with the same arguments in the same
 * registers: find_here(), find_next(), find_beside(), find_on().
 */
#define DW0_AT_REST	(~(DW0_MARK | DW0_GUEST_SW))
#define DW0_SECONDARY	hpte_be64_from_host(HPTE_DW0_H)

/* AVPN and H, in table byte order; in memory, where a vector takes it from. */
static const hpte_be64_t searched =
	(HPTE_FORCE hpte_be64_t)HPTE_SWAP64_(HPTE_DW0_AVPN | HPTE_DW0_H);

/* LP of a 64K page of a 64K base: four bits, the others are the ARPN's. */
#define LP_64K_MASK	UINT64_C(0xF000)
#define LP_64K		UINT64_C(0x1000)

/* What is looked for: the image of an absent entry at rest. */
static HPTE_INLINE hpte_be64_t wanted(const struct hpte_va *va)
{
	return hpte_be64_from_host(va_dw0(va) | DW0_ABS |
				   (va->base != 12 ? HPTE_DW0_L : 0));
}

static HPTE_INLINE const hpte_be64_t *
primary_group(const struct hpte_table *table, uint64_t place)
{
	return table->priv_base + (place & table->priv_group_mask);
}

static HPTE_INLINE uint64_t index_of(const struct hpte_table *table,
				     const hpte_be64_t *entry)
{
	return ((uint64_t)(uintptr_t)entry -
		(uint64_t)(uintptr_t)table->priv_base) / HPTE_ENTRY_BYTES;
}

/* The secondary hash is the complement of the primary. */
static HPTE_INLINE const hpte_be64_t *
other_group(const struct hpte_table *table, const hpte_be64_t *group)
{
	uint64_t word = (uint64_t)(group - table->priv_base);

	return table->priv_base + (word ^ table->priv_group_mask);
}

/* Doublewords before the first candidate of a group.  @cpu: HPTE_CPU_*. */
static HPTE_INLINE size_t search_group(unsigned int cpu,
				       const hpte_be64_t *group,
				       hpte_be64_t want)
{
	return hpte_arch_group_search(cpu, group, want, &searched);
}

/* The same from a slot on; rare, and any CPU can do it. */
static HPTE_INLINE size_t search_on(const hpte_be64_t *group, size_t word,
				    hpte_be64_t want)
{
	return hpte_c_group_search_from(group, word, want, searched);
}

/* Is it wanted, and plain?  Then fill in the view. */
static HPTE_INLINE bool view_plain(const struct hpte_table *table,
				   unsigned int cpu, unsigned int base,
				   unsigned int flags, struct hpte_view *view,
				   const hpte_be64_t *entry, hpte_be64_t want)
{
	hpte_be64_t counts = hpte_be64_from_host(DW0_AT_REST);
	struct hpte_snapshot one;
	struct hpte now;

	if (!HPTE_ARCH_LOAD16 || !(cpu & HPTE_CPU_LOAD16))
		return false;
	one = hpte_arch_load16(entry);
	now.dw0 = hpte_be64_to_host(one.dw0);
	now.dw1 = hpte_be64_to_host(one.dw1);
	if (((one.dw0 ^ want) & counts) || (flags & HPTE_FIND_VALID) ||
	    (base == 16 && (now.dw1 & LP_64K_MASK) != LP_64K))
		return false;
	/* as fill_view(); but what is constant is one store, MARK a branch */
	plain_page(base, &view->page);
	view->state = 0;
	view->reserved = 0;
	view->index = index_of(table, entry);
	view->guest.dw1 = now.dw1;
	view->priv_dw0 = now.dw0;
	/* ABS is set and V is not: the guest's form has it so */
	now.dw0 ^= DW0_ABS | HPTE_DW0_V;
	view->guest.dw0 = now.dw0;
	if (__builtin_expect((now.dw0 & DW0_MARK) != 0, 0)) {
		view->guest.dw0 = now.dw0 ^ DW0_MARK;
		view->state = HPTE_VIEW_MMIO;
	}
	return true;
}

/*
 * The same of an entry that has a record in the side array, valid ones too:
 * one turn of beside() in read.c, which goes on only if the entry is at rest
 * and wanted.
 */
static HPTE_INLINE bool view_beside(const struct hpte_table *table,
				    unsigned int base, unsigned int flags,
				    struct hpte_view *view,
				    const hpte_be64_t *entry, hpte_be64_t want)
{
	uint64_t index = index_of(table, entry);
	const struct hpte_side *side = &table->priv_side[index];
	uint64_t image = hpte_be64_to_host(want);
	struct hpte_snapshot first, second;
	struct hpte now;
	uint32_t seq;

	/* acquire: seq before the slot (C, D) */
	seq = hpte_atomic_load32_acquire(&side->seq);
	first = look_open(table, entry);
	now.dw0 = hpte_be64_to_host(first.dw0);
	if (now.dw0 & HPTE_DW0_V)
		image = slot_valid(table, image);
	else if (flags & HPTE_FIND_VALID)
		return false;
	if ((now.dw0 ^ image) & DW0_AT_REST)
		return false;
	/* acquire: g before the second look (D) */
	now.dw1 = hpte_atomic_load_acquire(&side->g);
	second = look_close(table, entry);
	if (first.dw0 != second.dw0 || first.dw1 != second.dw1 ||
	    seq != hpte_atomic_load32(&side->seq) ||
	    (base == 16 && (now.dw1 & LP_64K_MASK) != LP_64K))
		return false;
	plain_page(base, &view->page);
	now.dw1 |= hpte_be64_to_host(first.dw1) & HPTE_DW1_RC;
	fill_view(index, now, (hpte_be64_to_host(want) ^ DW0_ABS) | HPTE_DW0_V |
		  (now.dw0 & DW0_GUEST_SW), rest_state(now.dw0), view);
	return true;
}

/*
 * Is it really what is wanted, in any state?  Then fill in the view.  It may
 * be not live, or not valid, have changed since the search, or be of another
 * segment or page size.  L is not compared: a 4K base page may lie in a
 * larger page, which has L=1; entry_page() tells.
 */
static HPTE_INLINE bool view_wanted(const struct hpte_table *table,
				    unsigned int base, unsigned int flags,
				    struct hpte_view *view,
				    const hpte_be64_t *entry, hpte_be64_t want)
{
	uint64_t any = flags & HPTE_FIND_VALID ? HPTE_DW0_V : DW0_LIVE;
	uint64_t index = index_of(table, entry);
	struct hpte now = hpte_table_snapshot_(table, index);
	uint64_t guest = slot_guest(table, now.dw0);
	struct hpte_page page;

	if (((guest ^ hpte_be64_to_host(want)) &
	     (HPTE_DW0_B | HPTE_DW0_AVPN | HPTE_DW0_H)) ||
	    !(now.dw0 & any) ||
	    /* what was inserted decodes: insert refuses anything else */
	    entry_page(now.dw0, now.dw1, &page) != HPTE_OK || page.base != base)
		return false;
	view->page = page;
	fill_view(index, now, guest, any_state(now.dw0), view);
	return true;
}

/* From a candidate on, then in the secondary group: whatever is not plain. */
static HPTE_NOINLINE int find_on(const struct hpte_table *table,
				 const hpte_be64_t *entry, hpte_be64_t want,
				 unsigned int flags, struct hpte_view *view,
				 unsigned int base)
{
	size_t word = index_of(table, entry) % HPTE_GROUP_ENTRIES * 2;
	const hpte_be64_t *group = entry - word;

	for (;;) {
		while (word < GROUP_WORDS) {
			if (view_wanted(table, base, flags, view, group + word,
					want))
				return HPTE_OK;
			word = search_on(group, word + 2, want);
		}
		if (want & DW0_SECONDARY)
			return HPTE_ERR_NOTFOUND;
		want |= DW0_SECONDARY;
		group = other_group(table, group);
		word = search_on(group, 0, want);
	}
}

/* One with a record in the side array, of 4K or 64K. */
static HPTE_NOINLINE int find_beside(const struct hpte_table *table,
				     const hpte_be64_t *entry, hpte_be64_t want,
				     unsigned int flags, struct hpte_view *view,
				     unsigned int base)
{
	if (view_beside(table, base, flags, view, entry, want))
		return HPTE_OK;
	return find_on(table, entry, want, flags, view, base);
}

/* Plain, but for a page of 64K or a record in the side array? */
static HPTE_NOINLINE int find_next(const struct hpte_table *table,
				   const hpte_be64_t *entry, hpte_be64_t want,
				   unsigned int flags, struct hpte_view *view,
				   unsigned int base)
{
	if (base == 16 && view_plain(table, table->priv_search, 16, flags, view,
				     entry, want))
		return HPTE_OK;
	if (table->priv_side && (base == 12 || base == 16))
		return find_beside(table, entry, want, flags, view, base);
	return find_on(table, entry, want, flags, view, base);
}

/* The first candidate is nearly always the last, and plain. */
static HPTE_INLINE int find_here(const struct hpte_table *table,
				 unsigned int cpu, const hpte_be64_t *entry,
				 hpte_be64_t want, unsigned int flags,
				 struct hpte_view *view, unsigned int base)
{
	if (base == 12 && view_plain(table, cpu, 12, flags, view, entry, want))
		return HPTE_OK;
	return find_next(table, entry, want, flags, view, base);
}

/* In the secondary group. */
static HPTE_NOINLINE int find_secondary(const struct hpte_table *table,
					const hpte_be64_t *group,
					hpte_be64_t want, unsigned int flags,
					struct hpte_view *view,
					unsigned int base)
{
	unsigned int cpu = table->priv_search;
	size_t word = search_group(cpu, group, want);

	if (word >= GROUP_WORDS)
		return HPTE_ERR_NOTFOUND;
	return find_here(table, cpu, group + word, want, flags, view, base);
}

/*
 * What a find looks for, and where first: the hash times the doublewords of a
 * group, to which something less than a group may be added.
 */
struct sought {
	uint64_t place;
	hpte_be64_t want;
	unsigned int base;
};

static HPTE_INLINE struct sought sought_va(const struct hpte_va *va)
{
	return (struct sought){ va_hash(va) * GROUP_WORDS, wanted(va),
				va->base };
}

/* A 4K page in a 256M segment: VSID stands in descriptor and AVPN alike. */
static HPTE_INLINE bool is_small(uint64_t descriptor)
{
	return !(descriptor & (HPTE_SLB_B | HPTE_SLB_L));
}

static HPTE_INLINE struct sought sought_small(uint64_t descriptor, uint64_t ea)
{
	uint64_t offset = ea & low_bits(SEGMENT_256M);
	uint64_t vsid = descriptor & HPTE_SLB_VSID;
	/* no bit in common: a sum, which is one instruction on many CPUs */
	uint64_t image = vsid + (offset >> AVPN_VA_SHIFT << AVPN_SHIFT) +
			 DW0_ABS;

	return (struct sought){ (vsid ^ offset) / (4096 / GROUP_WORDS),
				hpte_be64_from_host(image), 12 };
}

/* In the primary group; @word: of the first candidate. */
static HPTE_INLINE int find_primary(const struct hpte_table *table,
				    unsigned int cpu, const hpte_be64_t *group,
				    size_t word, hpte_be64_t want,
				    unsigned int flags, struct hpte_view *view,
				    unsigned int base)
{
	if (word >= GROUP_WORDS)
		return find_secondary(table, other_group(table, group),
				      want | DW0_SECONDARY, flags, view, base);
	return find_here(table, cpu, group + word, want, flags, view, base);
}

#define CPU_WIDEST	(HPTE_ARCH_CPU_WIDEST | HPTE_CPU_LOAD16)

/* By the widest search, in a table of SEARCH_FAR. */
static HPTE_NOINLINE int find_far(const struct hpte_table *table,
				  const hpte_be64_t *group, hpte_be64_t want,
				  unsigned int flags, struct hpte_view *view,
				  unsigned int base)
{
	size_t word = hpte_arch_group_search_lines(group, want, &searched);

	return find_primary(table, CPU_WIDEST, group, word, want, flags, view,
			    base);
}

/* What the CPU has is asked once where it has the most. */
static HPTE_INLINE int find(const struct hpte_table *table,
			    struct sought sought, unsigned int flags,
			    struct hpte_view *view)
{
	const hpte_be64_t *group = primary_group(table, sought.place);
	hpte_be64_t want = sought.want;
	unsigned int cpu = table->priv_search;

	if (HPTE_ARCH_CPU_WIDEST &&
	    __builtin_expect((cpu & SEARCH_NEAR) != 0, 1))
		return find_primary(table, CPU_WIDEST, group,
				    search_group(CPU_WIDEST, group, want), want,
				    flags, view, sought.base);
	if (HPTE_ARCH_CPU_WIDEST && (cpu & SEARCH_FAR))
		return find_far(table, group, want, flags, view, sought.base);
	cpu &= ~HPTE_ARCH_CPU_WIDEST;	/* saves a test */
	return find_primary(table, cpu, group, search_group(cpu, group, want),
			    want, flags, view, sought.base);
}

/*
 * Never inlined, by link-time optimisation, into what is compiled for AVX-512:
 * the search cannot name all registers it uses to a compiler that does not
 * know them.
 */
HPTE_NOINLINE int hpte_table_find(const struct hpte_table *table,
				  const struct hpte_va *va, unsigned int flags,
				  struct hpte_view *view)
{
	return find(table, sought_va(va), flags, view);
}

/* Of any kind of segment and page. */
static HPTE_NOINLINE int find_any_ea(const struct hpte_table *table,
				     uint64_t descriptor, uint64_t ea,
				     unsigned int flags, struct hpte_view *view)
{
	struct hpte_va va;

	if (hpte_hash_va(descriptor, ea, &va) != HPTE_OK)
		return HPTE_ERR_ENCODING;
	return hpte_table_find(table, &va, flags, view);
}

HPTE_NOINLINE int hpte_table_find_ea(const struct hpte_table *table,
				     uint64_t descriptor, uint64_t ea,
				     unsigned int flags, struct hpte_view *view)
{
	if (!is_small(descriptor))
		return find_any_ea(table, descriptor, ea, flags, view);
	return find(table, sought_small(descriptor, ea), flags, view);
}

/*
 * Many.  A find is taken apart into steps: hash, and ask for the memory of the
 * primary group; search it; and for those that need it, ask for the secondary
 * group, or for the record that belongs to the slot in the side array, and
 * take the last step there.
 *
 * Each step is taken for a block of requests in a row: of block n the first,
 * of block n - 1 the search, of block n - 2 the last.  Asking one by one, a CPU
 * that misses its TLB each time would do one page walk after the other: the
 * rest of a find fills what it can hold of begun instructions.
 */
#define FIND_BLOCK	HPTE_FIND_AHEAD

/* hpte_find_request::status between the steps. */
#define STEP_PRIMARY	1	/* search the primary group */
#define STEP_SECONDARY	2	/* search the secondary group */
#define STEP_SIDE	3	/* with the record in the side array */

/* Those of a block that need one more step: how many, and which. */
struct unfinished {
	struct hpte_find_request *block;
	unsigned int count;
	uint8_t at[FIND_BLOCK];
};

static HPTE_INLINE void find_prefetch(const hpte_be64_t *group)
{
	hpte_arch_prefetch(group);
	hpte_arch_prefetch(group + LINE_WORDS);
}

static HPTE_INLINE void ask(const struct hpte_table *table,
			    struct hpte_find_request *request,
			    struct sought sought)
{
	const hpte_be64_t *group = primary_group(table, sought.place);

	find_prefetch(group);
	request->status = STEP_PRIMARY;
	request->priv_base = (uint8_t)sought.base;
	request->priv_group = group;
	request->priv_want = sought.want;
}

static HPTE_NOINLINE void ask_any(const struct hpte_table *table,
				  struct hpte_find_request *request)
{
	struct hpte_va va;

	if (hpte_hash_va(request->descriptor, request->ea, &va) == HPTE_OK)
		ask(table, request, sought_va(&va));
	else
		request->status = HPTE_ERR_ENCODING;
}

static HPTE_INLINE void find_ask(const struct hpte_table *table,
				 struct hpte_find_request *request)
{
	if (is_small(request->descriptor))
		ask(table, request, sought_small(request->descriptor,
						 request->ea));
	else
		ask_any(table, request);
}

/* True: there is one more step. */
static HPTE_INLINE bool find_asked(const struct hpte_table *table,
				     struct hpte_find_request *request,
				     unsigned int flags)
{
	const hpte_be64_t *group = request->priv_group;
	hpte_be64_t want = request->priv_want;
	unsigned int cpu = table->priv_search;
	size_t word;

	if (request->status != STEP_PRIMARY)
		return false;
	word = search_group(cpu, group, want);
	if (word >= GROUP_WORDS) {
		request->status = STEP_SECONDARY;
		return true;
	}
	if (table->priv_side) {
		request->priv_word = (uint8_t)word;
		request->status = STEP_SIDE;
		return true;
	}
	request->status = find_here(table, cpu, group + word, want, flags,
				    &request->view, request->priv_base);
	return false;
}

/* Search the primary groups of a block; how many were found. */
static HPTE_NOINLINE size_t find_block(const struct hpte_table *table,
				       struct hpte_find_request *block,
				       size_t count, unsigned int flags,
				       struct unfinished *rest)
{
	size_t found = 0;

	rest->block = block;
	rest->count = 0;
	for (unsigned int i = 0; i < count && i < FIND_BLOCK; i++) {
		if (find_asked(table, &block[i], flags))
			rest->at[rest->count++] = (uint8_t)i;
		else
			found += block[i].status == HPTE_OK;
	}
	return found;
}

/* Ask for what the last steps need. */
static HPTE_INLINE void find_ask_more(const struct hpte_table *table,
				      const struct unfinished *rest)
{
	for (unsigned int i = 0; i < rest->count; i++) {
		const struct hpte_find_request *request =
			&rest->block[rest->at[i]];
		const hpte_be64_t *group = request->priv_group;

		if (request->status == STEP_SECONDARY)
			find_prefetch(other_group(table, group));
		else
			hpte_arch_prefetch(&table->priv_side[
				index_of(table, group + request->priv_word)]);
	}
}

/* Take them; how many were found. */
static HPTE_NOINLINE size_t find_finish(const struct hpte_table *table,
					const struct unfinished *rest,
					unsigned int flags)
{
	size_t found = 0;

	for (unsigned int i = 0; i < rest->count; i++) {
		struct hpte_find_request *request = &rest->block[rest->at[i]];
		const hpte_be64_t *group = request->priv_group;
		hpte_be64_t want = request->priv_want;

		request->status = request->status == STEP_SIDE ?
			find_next(table, group + request->priv_word, want,
				  flags, &request->view, request->priv_base) :
			find_secondary(table, other_group(table, group),
				       want | DW0_SECONDARY, flags,
				       &request->view, request->priv_base);
		found += request->status == HPTE_OK;
	}
	return found;
}

size_t hpte_table_find_many(const struct hpte_table *table,
			    struct hpte_find_request *requests, size_t count,
			    unsigned int flags)
{
	struct unfinished rest[2];
	size_t found = 0, asked = 0;
	unsigned int turn = 0;

	rest[1].count = 0;
	for (size_t i = 0; i < count; i += FIND_BLOCK, turn ^= 1) {
		for (; asked < count && asked - i < 2 * FIND_BLOCK; asked++)
			find_ask(table, &requests[asked]);
		found += find_block(table, &requests[i], count - i, flags,
				    &rest[turn]);
		found += find_finish(table, &rest[turn ^ 1], flags);
		find_ask_more(table, &rest[turn]);
	}
	return found + find_finish(table, &rest[turn ^ 1], flags);
}
