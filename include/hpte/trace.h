/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hpte/trace.h - what happens to a table: events, and counters of them.
 *
 * Layer: 0 (base).  Depends on: env.h.
 *
 * Two ways to look, each asked for when the table is initialised: the
 * callback hpte_host_ops::trace() gets every event with its arguments; the
 * counters of hpte_table_config count them.  Who asks for neither pays a test
 * of one word for each event; a library built without (-Dtrace=false,
 * HPTE_CONFIG_TRACE=0) does not even have that.
 *
 * The number of an event never changes; a later version may add some.
 *
 * No argument has an address of the host: entries are as the guest sees them.
 * An event comes after what it tells, not with it: another CPU may have acted
 * on an entry before this one's event of it.  Context of the callback:
 * host.h; what it does in the library makes events too.
 */
#ifndef HPTE_TRACE_H
#define HPTE_TRACE_H

#include "env.h"

/*
 * Beside each: its arguments.  dw0, dw1: the guest's entry.  Arguments that
 * are not named are zero.
 */
enum hpte_event {
	/* An entry was inserted absent: index, dw0, dw1. */
	HPTE_EVENT_INSERT		= 0,
	/* It was inserted valid: index, dw0, dw1. */
	HPTE_EVENT_INSERT_VALID		= 1,
	/* An absent entry was removed: index, dw0, dw1. */
	HPTE_EVENT_REMOVE		= 2,
	/* A valid entry was removed: index, dw0, dw1. */
	HPTE_EVENT_REMOVE_VALID		= 3,
	/* An insert found no free slot: index of the last, dw0, dw1. */
	HPTE_EVENT_FULL			= 4,
	/* Rights were changed: index, mask, bits of hpte_table_protect(). */
	HPTE_EVENT_PROTECT		= 5,
	/* R or C was cleared: index, HPTE_DW1_R or _C, dw1 as it was. */
	HPTE_EVENT_CLEAR		= 6,
	/* An absent entry was made valid: index, dw0, dw1. */
	HPTE_EVENT_PROMOTE		= 7,
	/* A valid entry got another page of the host: index, dw0, dw1. */
	HPTE_EVENT_REPLACE		= 8,
	/* A valid entry was made absent: index. */
	HPTE_EVENT_DEMOTE		= 9,
	/* One more try, or AGAIN: another CPU owns or has changed it: index. */
	HPTE_EVENT_CONTENDED		= 10,
	/* tlb_invalidate() was called: count, first operand, flags.  Counted
	 * are the operands. */
	HPTE_EVENT_INVALIDATE		= 11,
	/* tlb_invalidate_all() was called. */
	HPTE_EVENT_INVALIDATE_ALL	= 12,
	/* hpte_table_reset(), a remove event for each entry before: order. */
	HPTE_EVENT_RESET		= 13,
	/* hpte_resize_prepare() has answered: shift, HPTE_H_* code. */
	HPTE_EVENT_RESIZE_PREPARE	= 14,
	/* A resize, which stands between demotions and its COMMIT, has put
	 * another table in place: old order, new order, bolted entries that
	 * were dropped.  Others are dropped without an event. */
	HPTE_EVENT_RESIZE_SWITCH	= 15,
	/* hpte_resize_commit() has answered: shift, HPTE_H_* code. */
	HPTE_EVENT_RESIZE_COMMIT	= 16,
	/* A hypercall was answered: R3, R4, R5 as called, HPTE_H_* code. */
	HPTE_EVENT_HCALL		= 17,
	/* A hypercall is to come again: R3, R4, R5. */
	HPTE_EVENT_HCALL_AGAIN		= 18,
	/* An access to a device: guest real address, bytes | 0x100 for a
	 * store, value as a big-endian number of its bytes (a load: when
	 * DONE), enum hpte_mmio_result. */
	HPTE_EVENT_MMIO			= 19,
	/* hpte_fault_resolve(), plus enum hpte_fault_action: effective
	 * address, guest real address for HOST_PAGE and MMIO, status.  What
	 * the assembly of hdsi_entry.S answers is not seen. */
	HPTE_EVENT_FAULT		= 24,
	/* hpte_fault_complete() of a HOST_PAGE, plus the action it became:
	 * effective address, guest real address. */
	HPTE_EVENT_COMPLETE		= 32
};

#define HPTE_EVENTS		48U	/* with room for later versions */

/**
 * struct hpte_trace - one event
 * @id:		enum hpte_event
 * @args:	its arguments
 */
struct hpte_trace {
	uint32_t id;
	uint32_t reserved;
	uint64_t args[4];
};

/**
 * struct hpte_counters - how often each event has happened
 * @count:	by its number
 *
 * As a shard of a table's counters: zero at first, aligned to 128 so that no
 * two share a cache line.
 */
struct hpte_counters {
	uint64_t count[HPTE_EVENTS];
};

HPTE_STATIC_ASSERT(sizeof(struct hpte_counters) % 128 == 0,
		   "shards end with a cache line");

#endif /* HPTE_TRACE_H */
