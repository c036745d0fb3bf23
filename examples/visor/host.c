/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/visor/host.c - the guest's storage, as libhpte asks about it.
 *
 * Guest real address r of RAM lies at RAM_REAL + r, in frames of 64K.  A frame
 * is brought in when the guest first touches it: until then map_page()
 * answers "later", entries for it are absent, and the touch is a fault.  With
 * guest.lazy no frame counts as touched, and each entry takes its own fault.
 *
 * References
 *	[ISA]	Power ISA Versions 2.07 B and 3.0 B, Book III, "TLB Management
 *		Instructions", "Page Table Update Synchronization"
 */
#include "visor.h"

#define IO_SHIFT	24U		/* log2, largest page of devices */
#define RAM_SHIFT	24U

/* Changes of the frames; odd while one is at work [hpte/host.h: inval_begin] */
static uint64_t sequence;

static bool in_ram(uint64_t gpa, uint64_t bytes)
{
	return gpa < guest.ram_bytes && bytes <= guest.ram_bytes - gpa;
}

/* What lies in a range of frames, all of it. */
static enum hpte_backing_kind frames_kind(uint64_t gpa, uint64_t bytes)
{
	const struct frame *frame = &guest.frames[gpa >> FRAME_SHIFT];
	const struct frame *last =
		&guest.frames[(gpa + bytes - 1) >> FRAME_SHIFT];
	uint8_t kind = __atomic_load_n(&frame->backing, __ATOMIC_RELAXED);

	while (frame++ < last)
		if (__atomic_load_n(&frame->backing, __ATOMIC_RELAXED) != kind)
			return HPTE_BACKING_PARTIAL;
	return (enum hpte_backing_kind)kind;
}

static enum hpte_backing_kind classify(void *ctx, uint64_t gpa,
				       unsigned int shift,
				       unsigned int *largest)
{
	uint64_t bytes = UINT64_C(1) << shift;

	(void)ctx;
	*largest = RAM_SHIFT;
	if (gpa < guest.ram_bytes)
		return in_ram(gpa, bytes) ? frames_kind(gpa, bytes) :
					    HPTE_BACKING_PARTIAL;
	*largest = IO_SHIFT;
	if (gpa >= IO_START && gpa < IO_END)
		return gpa + bytes <= IO_END ? HPTE_BACKING_IO :
					       HPTE_BACKING_PARTIAL;
	return gpa < IO_START && gpa + bytes > IO_START ? HPTE_BACKING_PARTIAL :
							  HPTE_BACKING_HOLE;
}

/*
 * One frame of a page; the guest's fault brings it in, or, if it is a store,
 * gives it to the guest to write.
 */
static enum hpte_host_result use_frame(struct frame *frame, bool want_write,
				       bool *writable)
{
	bool in_fault = this_vcpu()->in_fault;

	if (frame->backing != HPTE_BACKING_RAM)
		return HPTE_HOST_LATER;		/* changed since classify() */
	if (!__atomic_load_n(&frame->present, __ATOMIC_RELAXED)) {
		if (!in_fault)
			return HPTE_HOST_LATER;
		if (!guest.lazy &&
		    !__atomic_exchange_n(&frame->present, 1, __ATOMIC_RELAXED))
			count(COUNT_PAGE, 1);
	}
	if (want_write && in_fault)
		__atomic_store_n(&frame->read_only, 0, __ATOMIC_RELAXED);
	else if (__atomic_load_n(&frame->read_only, __ATOMIC_RELAXED))
		*writable = false;
	return HPTE_HOST_DONE;
}

static enum hpte_host_result map_page(void *ctx, uint64_t gpa,
				      unsigned int shift, bool want_write,
				      struct hpte_host_page *page)
{
	uint64_t bytes = UINT64_C(1) << shift;
	bool writable = true;

	(void)ctx;
	if (!in_ram(gpa, bytes))
		return HPTE_HOST_NEVER;
	for (uint64_t at = gpa; at < gpa + bytes; at += FRAME_BYTES)
		if (use_frame(&guest.frames[at >> FRAME_SHIFT], want_write,
			      &writable) != HPTE_HOST_DONE)
			return HPTE_HOST_LATER;
	page->real = RAM_REAL + gpa;
	page->shift = (uint8_t)(shift > FRAME_SHIFT ? shift : FRAME_SHIFT);
	page->writable = writable;
	return HPTE_HOST_DONE;
}

static uint64_t inval_begin(void *ctx)
{
	(void)ctx;
	return __atomic_load_n(&sequence, __ATOMIC_ACQUIRE);
}

static bool inval_retry(void *ctx, uint64_t since)
{
	uint64_t now = __atomic_load_n(&sequence, __ATOMIC_ACQUIRE);

	(void)ctx;
	return now != since || now % 2;
}

static void tlb_invalidate(void *ctx, const uint64_t *rb, unsigned int operands,
			   unsigned int flags)
{
	/* .sets is for tlbiel only, .errata for hardware */
	const struct hpte_ppc64_tlb tlb = {
		.rs = hpte_hash_tlbie_rs(HPTE_ISA_207, LPID),
	};

	(void)ctx;
	hpte_ppc64_tlb_invalidate(&tlb, rb, operands, flags);
	count(COUNT_TLBIE, operands);
}

static void tlb_invalidate_all(void *ctx)
{
	uint64_t rb = hpte_hash_tlbie_set_rb(0);	/* by LPID: IS=2 */

	tlb_invalidate(ctx, &rb, 1, HPTE_TLB_GLOBAL);
}

uint8_t *host_ram(uint64_t gpa, uint64_t bytes)
{
	return in_ram(gpa, bytes) &&
	       (!bytes || frames_kind(gpa, bytes) == HPTE_BACKING_RAM) ?
	       (uint8_t *)(RAM_REAL + gpa) : NULL;
}

static bool guest_read(void *ctx, uint64_t gpa, void *to, size_t bytes)
{
	const uint8_t *from = host_ram(gpa, bytes);
	uint8_t *byte = to;

	(void)ctx;
	for (size_t i = 0; from && i < bytes; i++)
		byte[i] = from[i];
	return from != NULL;
}

static bool guest_write(void *ctx, uint64_t gpa, const void *from,
			uint64_t bytes)
{
	uint8_t *to = host_ram(gpa, bytes);
	const uint8_t *byte = from;

	(void)ctx;
	for (uint64_t i = 0; to && i < bytes; i++)
		to[i] = from ? byte[i] : 0;
	return to != NULL;
}

static void icache_sync(void *ctx, uint64_t gpa, uint64_t bytes)
{
	enum { LINE = 128 };
	const uint8_t *start = host_ram(gpa, bytes);

	(void)ctx;
	if (!start)
		return;
	for (uint64_t at = 0; at < bytes; at += LINE)
		__asm__ volatile("dcbst 0, %0" : : "r"(start + at) : "memory");
	__asm__ volatile("sync" : : : "memory");
	for (uint64_t at = 0; at < bytes; at += LINE)
		__asm__ volatile("icbi 0, %0" : : "r"(start + at) : "memory");
	__asm__ volatile("sync; isync" : : : "memory");
}

const struct hpte_host_ops host_ops = {
	.ops_size = sizeof(host_ops),
	.classify = classify,
	.map_page = map_page,
	.inval_begin = inval_begin,
	.inval_retry = inval_retry,
	.tlb_invalidate = tlb_invalidate,
	.tlb_invalidate_all = tlb_invalidate_all,
	.guest_read = guest_read,
	.guest_write = guest_write,
	.icache_sync = icache_sync,
	.hpt_alloc = tables_alloc,
	.hpt_free = tables_free,
	.vcpus_stop = tables_stop,
	.vcpus_start = tables_start,
	.vrma_page_size = tables_vrma,
};

/* One change of the frames at a time; map_page()'s answers count no more. */
void host_change_begin(void)
{
	uint64_t old;

	do {
		old = __atomic_load_n(&sequence, __ATOMIC_RELAXED);
		old &= ~UINT64_C(1);
	} while (!__atomic_compare_exchange_n(&sequence, &old, old + 1, false,
					      __ATOMIC_ACQUIRE,
					      __ATOMIC_RELAXED));
}

static bool maps(const struct hpte_view *view, uint64_t gpa, uint64_t bytes)
{
	uint64_t page = UINT64_C(1) << view->page.actual;
	uint64_t start = view->guest.dw1 & HPTE_DW1_ARPN & ~(page - 1);

	return start < gpa + bytes && gpa < start + page;
}

/* No CPU uses a page of this range any more when the change has ended. */
void host_change_end(uint64_t gpa, uint64_t bytes)
{
	uint64_t entries = hpte_table_entries(&guest.table);
	struct hpte_view view;

	/* before an entry is looked at; a promotion has it the other way */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	for (uint64_t i = 0; i < entries; i++) {
		if (hpte_table_read(&guest.table, i, &view) == HPTE_OK &&
		    !maps(&view, gpa, bytes))
			continue;
		/* whoever is at work on it finishes without our help */
		while (hpte_table_demote(&guest.table, i) == HPTE_ERR_AGAIN)
			;
	}
	__atomic_fetch_add(&sequence, 1, __ATOMIC_RELEASE);
}
