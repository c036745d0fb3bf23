/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hpte/host.h - what the host provides: callbacks, CPU facts, VM facts.
 *
 * Layer: 0 (base).  Depends on: env.h, trace.h.
 *
 * References
 *	[LoPAR]	Linux on Power Architecture Reference, "LPAR option"
 *	[ISA]	Power ISA, Book III, "Storage control"
 *
 * Callbacks.  One constant table of functions, its own size first, so that
 * later versions may append members; a table of an older version, up to
 * relax(), serves as if what it lacks were NULL.  Every member may be NULL;
 * what the library then does is stated beside it.  @ctx is the pointer given to
 * hpte_table_init(), untouched, and always the first argument.
 *
 * Context.  Callbacks run on the calling CPU, while an operation may be half
 * done (an entry claimed): a callback may call back only operations that
 * never wait (docs/concurrency.md: insert, remove, read, find, promote) and
 * must not run a guest.  hpt_alloc(), hpt_free(), vcpus_stop() and
 * vcpus_start() run inside a resize: the dispatcher then answers AGAIN to
 * another resize and, during a COMMIT, to everything.  No callback may
 * longjmp out.
 */
#ifndef HPTE_HOST_H
#define HPTE_HOST_H

#include "env.h"
#include "trace.h"

/* What backs a naturally aligned range of guest real storage. */
enum hpte_backing_kind {
	HPTE_BACKING_RAM	= 0,	/* ordinary storage, all of it */
	HPTE_BACKING_IO		= 1,	/* a device, emulated or not */
	HPTE_BACKING_HOLE	= 2,	/* nothing */
	HPTE_BACKING_RESCINDED	= 3,	/* was the guest's, taken back */
	HPTE_BACKING_PARTIAL	= 4	/* crosses the edge of a region */
};

/* What map_page() and hpt_alloc() answer. */
enum hpte_host_result {
	HPTE_HOST_DONE		= 0,	/* the output is filled in */
	HPTE_HOST_LATER		= 1,	/* not now: ask again later */
	HPTE_HOST_NEVER		= 2	/* it cannot be done */
};

/**
 * struct hpte_host_page - the host's storage behind a guest page
 * @real:	host real address of the guest page, aligned to its size
 * @sequence:	value of inval_begin() read before @real was looked up
 * @shift:	log2 of the host page's bytes: at least the guest page's
 * @writable:	the guest may store to it now
 */
struct hpte_host_page {
	uint64_t real;
	uint64_t sequence;
	uint8_t shift;
	bool writable;
	uint8_t reserved[6];
};

/**
 * struct hpte_memory - the storage of one table
 * @base:	2^order bytes, zero, aligned to their size where hardware
 *		walks the table, to 128 otherwise
 * @side:	hpte_table_side_bytes() bytes, zero, aligned to 16; NULL where
 *		no side array is used
 */
struct hpte_memory {
	void *base;
	void *side;
};

#define HPTE_TLB_GLOBAL		0x1U	/* every CPU that may run the guest */
#define HPTE_TLB_NO_PRESYNC	0x2U	/* no leading ptesync is needed */

/**
 * struct hpte_host_ops - the host's callbacks
 * @ops_size:	sizeof(struct hpte_host_ops) as the host compiled it
 * @classify:	what lies at @gpa (aligned to 1 << @shift, guest real)?  Puts
 *		log2 of the largest page its region supports at @largest.
 *		Cheap, without side effects, independent of residency.
 *		NULL: everything is RAM of any page size.
 * @map_page:	find the storage of the guest page of 1 << @shift bytes at
 *		@gpa, for storing to if @want_write.  Must not block.
 *		NULL, or HPTE_HOST_LATER: the entry stays absent.
 * @inval_begin: sequence number of host invalidations, read before
 *		map_page() (a Linux MMU notifier sequence).  NULL: 0.
 * @inval_retry: true if an invalidation is in progress, or if one has ended
 *		since @sequence.  NULL: never.
 * @tlb_invalidate: invalidate @count (at least 1) translations.  @rb are
 *		tlbie RB operands; the host adds LPID.  @flags: HPTE_TLB_*.
 *		On return no walker uses them, and every R and C they caused
 *		is visible in the table (ptesync; tlbie...; eieio; tlbsync;
 *		ptesync).  Required when hardware walks the table.
 * @tlb_invalidate_all: the same for every translation of this guest.
 * @mark_dirty:	the guest has stored to @bytes at @gpa.  May repeat itself.
 * @mark_young:	the guest has used @bytes at @gpa.  May repeat itself.
 * @guest_read:	copy @bytes from guest real storage; false: not now.
 * @guest_write: copy @bytes to guest real storage, or zeros if @from is
 *		NULL; false: not now, nothing is stored.  NULL: page-filling
 *		requests answer H_FUNCTION.
 * @icache_sync: make instruction fetch see @bytes at @gpa.  NULL: nothing.
 * @hpt_alloc:	storage for a new table, with a side array if the first table
 *		had one; HPTE_HOST_LATER means it is being prepared and the
 *		same call will come again.  NULL: never.
 * @hpt_free:	an old or unused table, also the first one that was given to
 *		hpte_table_init(); @memory->base is NULL when an hpt_alloc()
 *		that answered HPTE_HOST_LATER is given up.  NULL: nothing.
 * @vcpus_stop:	take every other CPU of this guest out of the guest and out
 *		of libhpte, for a change of tables; false: not now.
 *		NULL: the host never runs two of them at a time.
 * @vcpus_start: undo it.  The table may have moved: hpte_table_base(),
 *		hpte_table_order() tell what SDR1 or the partition table
 *		must now say.  NULL: nothing.
 * @vrma_page_size: switch the virtual real mode area to the page size whose
 *		L || LP is @code (bit 0x10: L, bits 0x03: LP) on all threads:
 *		LPCR[VRMASD] or the partition table.  HPTE_HOST_LATER: the
 *		same call will come again; NEVER: no such size.  NULL: the
 *		guest cannot change it.
 * @relax:	called while waiting for another CPU.  NULL: a CPU hint.
 * @trace:	@event has happened; it is valid until the return.  Comes from
 *		inside any operation, also const ones, and on each CPU in
 *		the order of its events.  NULL, or a library built without:
 *		nothing.
 */
struct hpte_host_ops {
	size_t ops_size;
	enum hpte_backing_kind (*classify)(void *ctx, uint64_t gpa,
					   unsigned int shift,
					   unsigned int *largest);
	enum hpte_host_result (*map_page)(void *ctx, uint64_t gpa,
					  unsigned int shift, bool want_write,
					  struct hpte_host_page *page);
	uint64_t (*inval_begin)(void *ctx);
	bool (*inval_retry)(void *ctx, uint64_t sequence);
	void (*tlb_invalidate)(void *ctx, const uint64_t *rb,
			       unsigned int count, unsigned int flags);
	void (*tlb_invalidate_all)(void *ctx);
	void (*mark_dirty)(void *ctx, uint64_t gpa, uint64_t bytes);
	void (*mark_young)(void *ctx, uint64_t gpa, uint64_t bytes);
	bool (*guest_read)(void *ctx, uint64_t gpa, void *to, size_t bytes);
	bool (*guest_write)(void *ctx, uint64_t gpa, const void *from,
			    uint64_t bytes);
	void (*icache_sync)(void *ctx, uint64_t gpa, uint64_t bytes);
	enum hpte_host_result (*hpt_alloc)(void *ctx, unsigned int order,
					   struct hpte_memory *memory);
	void (*hpt_free)(void *ctx, unsigned int order,
			 const struct hpte_memory *memory);
	bool (*vcpus_stop)(void *ctx);
	void (*vcpus_start)(void *ctx);
	enum hpte_host_result (*vrma_page_size)(void *ctx, unsigned int code);
	void (*relax)(void *ctx);
	void (*trace)(void *ctx, const struct hpte_trace *event);
};

/*
 * Facts about the CPU the library runs on, which never probes.  The vector
 * extensions: only if the operating system saves their registers, and the
 * library may use them wherever it is called.  hpte/x86_64.h finds them out.
 */
#define HPTE_CPU_LOAD16		0x1U	/* aligned 16-byte loads are
					 * single-copy atomic: x86-64 with AVX,
					 * POWER8 lq, Arm LSE2, s390x */
#define HPTE_CPU_SSE2		0x2U
#define HPTE_CPU_AVX2		0x4U
#define HPTE_CPU_AVX512		0x8U	/* AVX512F; only beside LOAD16 */

/* Entry formats of the hardware table [ISA: Page Table Entry]. */
#define HPTE_FORMAT_207		0U	/* ISA 2.03 to 2.07; every hcall */
#define HPTE_FORMAT_300		1U	/* ISA 3.0: B in doubleword 1 */

/* Power ISA levels. */
#define HPTE_ISA_206		206U
#define HPTE_ISA_207		207U
#define HPTE_ISA_300		300U

#define HPTE_PAGE_PAIRS		7U	/* legal (base, actual) page sizes */
#define HPTE_PAGE_PAIRS_ALL	0x7FU

/**
 * struct hpte_caps - immutable facts about one virtual machine
 * @caps_size:	sizeof(struct hpte_caps) as the host compiled it
 * @isa:	HPTE_ISA_*; for the host's own use, nothing here depends on it
 * @format:	HPTE_FORMAT_* of the table's entries
 * @data_keys:	storage keys for data: 0 or 32
 * @insn_keys:	storage keys for instructions: 0 or 32
 * @page_pairs:	offered page sizes: bit n is pair n of entry.h
 * @order_max:	log2 bytes of the largest table a resize may ask for
 * @pp0:	the high bit of the protection field is supported
 * @strict:	refuse undefined flags, in-page AVPN bits and V=0 in H_ENTER,
 *		LoPAR's debug mode, instead of ignoring, clearing, forcing
 * @block:	H_BLOCK_REMOVE: most entries per call for each page pair,
 *		0: pair not offered
 * @hcalls:	offered hcalls, HPTE_OFFER_* of papr.h; others are NOT_MINE
 */
struct hpte_caps {
	uint32_t caps_size;
	uint16_t isa;
	uint8_t format;
	uint8_t data_keys;
	uint8_t insn_keys;
	uint8_t page_pairs;
	uint8_t order_max;
	bool pp0;
	bool strict;
	uint8_t block[HPTE_PAGE_PAIRS];
	uint64_t hcalls;
};

/* Initialiser with the defaults: struct hpte_caps caps = HPTE_CAPS_DEFAULT; */
#define HPTE_CAPS_DEFAULT {						\
	(uint32_t)sizeof(struct hpte_caps), HPTE_ISA_207,		\
	HPTE_FORMAT_207, 32, 32, HPTE_PAGE_PAIRS_ALL, 46, true, false,	\
	{ 8, 8, 8, 8, 8, 8, 8 }, ~UINT64_C(0)				\
}

#endif /* HPTE_HOST_H */
