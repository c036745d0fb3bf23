/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hpte/fault.h - hypervisor data and instruction storage interrupts.
 *
 * Layer: 3 (services).  Depends on: env.h, status.h, host.h, entry.h,
 * table.h, owner.h, xlate.h.
 *
 * References
 *	[ISA]	Power ISA, Book III, "Hypervisor Data Storage Interrupt",
 *		"Hypervisor Instruction Storage Interrupt"
 *
 * With virtualized storage interrupts every access the walker cannot serve
 * comes here.  hpte_fault_resolve() decides: the guest's own fault, to be
 * reflected; a device; the host's page; or nothing at all, because another
 * CPU has changed the entry meanwhile.  It reads the table only.  What it
 * leaves to the host's page goes to hpte_fault_complete(), which maps it.
 *
 * The library never injects an interrupt, sleeps or advances the PC.
 *
 * Concurrency.  One CPU at a time uses a struct hpte_vcpu.  Both functions
 * are lock-free; races with remove, protect, demote are answered by RETRY,
 * which costs the guest one more fault.
 */
#ifndef HPTE_FAULT_H
#define HPTE_FAULT_H

#include "entry.h"
#include "env.h"
#include "host.h"
#include "owner.h"
#include "status.h"
#include "table.h"
#include "xlate.h"

#ifdef __cplusplus
extern "C" {
#endif

/* HDSISR, DSISR and, where they exist there, HSRR1, SRR1. */
#define HPTE_FAULT_NO_ENTRY	UINT32_C(0x40000000)	/* bit 33 */
#define HPTE_FAULT_NO_EXECUTE	UINT32_C(0x10000000)	/* 35: N or G, fetch */
#define HPTE_FAULT_PROTECTION	UINT32_C(0x08000000)	/* bit 36 */
#define HPTE_FAULT_BAD_ACCESS	UINT32_C(0x04000000)	/* 37: not allowed on
							 * such storage */
#define HPTE_FAULT_STORE	UINT32_C(0x02000000)	/* bit 38, data */
#define HPTE_FAULT_KEY		UINT32_C(0x00200000)	/* bit 42 */

/* Flags of struct hpte_fault. */
#define HPTE_FAULT_FETCH	0x1U	/* HISI; otherwise HDSI */
#define HPTE_FAULT_NO_SEGMENT	0x2U	/* no SLB entry translates it */
#define HPTE_FAULT_BASE_4K	0x4U	/* LPCR[ISL]: L || LP of the SLB entry
					 * counts as 0; not in real mode */

/**
 * struct hpte_fault - one storage interrupt
 * @access:	ea: HDAR, or HSRR0 for a fetch; msr: the guest's, from HSRR1;
 *		descriptor: from the guest's SLB (up to ISA 2.07) or ASDR (3.0);
 *		vrma, amr, iamr.  kind is not looked at.
 * @status:	HDSISR, or HSRR1 & 0x582E0000
 * @flags:	HPTE_FAULT_FETCH, NO_SEGMENT, BASE_4K
 */
struct hpte_fault {
	struct hpte_access access;
	uint32_t status;
	uint32_t flags;
};

/* What the host does. */
enum hpte_fault_action {
	/* Enter the guest again at the same PC. */
	HPTE_FAULT_RETRY	= 0,
	/* Data storage interrupt, 0x300: @dar, @bits are DSISR. */
	HPTE_FAULT_DSI		= 1,
	/* Instruction storage interrupt, 0x400: @bits go into SRR1. */
	HPTE_FAULT_ISI		= 2,
	/* Data segment interrupt, 0x380: @dar. */
	HPTE_FAULT_DSEG		= 3,
	/* Instruction segment interrupt, 0x480. */
	HPTE_FAULT_ISEG		= 4,
	/* hpte_fault_complete(), where the host may block if it wants. */
	HPTE_FAULT_HOST_PAGE	= 5,
	/* A device at @gpa: emulate the instruction. */
	HPTE_FAULT_MMIO		= 6,
	/* The host cannot provide the page: its own decision. */
	HPTE_FAULT_HOST_ERROR	= 7
};

/**
 * struct hpte_outcome - the decision
 * @action:	enum hpte_fault_action
 * @bits:	DSISR, or flags of SRR1; flags only, never an image
 * @dar:	DAR
 * @gpa:	guest real address of the access, for HOST_PAGE and MMIO
 * @is_store:	the access stores, for HOST_PAGE and MMIO
 * @fetch_now:	for MMIO: the instruction may be fetched through the guest's
 *		translation now (MSR[IR]=1)
 * @shift:	log2 bytes of the page at @gpa, for HOST_PAGE and MMIO
 */
struct hpte_outcome {
	uint32_t action;
	uint32_t bits;
	uint64_t dar;
	uint64_t gpa;
	bool is_store;
	bool fetch_now;
	uint8_t shift;
	uint8_t reserved[5];
	/* the rest is for hpte_fault_complete() */
	struct hpte_access priv_access;
	struct hpte_view priv_view;
	uint32_t priv_status;
	uint32_t priv_reserved;
};

#define HPTE_VCPU_CACHE		4U

/**
 * struct hpte_cached - a device translation; private
 */
struct hpte_cached {
	struct hpte_view priv_view;
	uint64_t priv_descriptor;
	uint64_t priv_page;
	uint64_t priv_generation;
	uint64_t priv_valid;
};

/**
 * struct hpte_vcpu - what a virtual CPU needs for its faults; caller-owned
 */
struct hpte_vcpu {
	struct hpte_table *priv_table;
	struct hpte_cached priv_cache[HPTE_VCPU_CACHE];
	uint64_t priv_next;
};

/**
 * hpte_fault_init() - prepare a virtual CPU
 * @vcpu:	structure to fill; earlier contents are ignored
 * @table:	its guest's table; must outlive @vcpu
 */
HPTE_API void hpte_fault_init(struct hpte_vcpu *vcpu,
			      struct hpte_table *table);

/**
 * hpte_fault_resolve() - decide what a storage interrupt is about
 * @vcpu:	the virtual CPU that took it
 * @fault:	the interrupt
 * @outcome:	where to put the decision
 *
 * A data status of 0x7FFF, which hypervisors store before they enter a guest
 * to see whether hardware wrote HDSISR, is RETRY.  An address that has no
 * virtual address (a meaningless descriptor, real mode above 1T) is reflected
 * with the status as it came.
 *
 * Stores nothing to the table.  Calls classify() for device entries that are
 * not in the virtual CPU's cache, and nothing else.
 * Context: the fault's CPU, before the guest runs again.
 */
HPTE_API void hpte_fault_resolve(struct hpte_vcpu *vcpu,
				 const struct hpte_fault *fault,
				 struct hpte_outcome *outcome);

/**
 * hpte_fault_complete() - map the host's page
 * @vcpu:	the virtual CPU
 * @outcome:	in: a HOST_PAGE outcome of hpte_fault_resolve(); out: RETRY,
 *		MMIO (the address has no RAM any more), ISI (a fetch from
 *		there) or HOST_ERROR (no walker, no map_page, NEVER, or a page
 *		that is too small, or not writable for a store and not being
 *		invalidated).  Any other
 *		outcome is left as it is.
 *
 * Looks the entry up again and checks every race, the host's invalidation
 * sequence included.  Calls classify(), inval_begin(), map_page(), which may
 * block if this caller may, inval_retry(), tlb_invalidate().  Idempotent.
 */
HPTE_API void hpte_fault_complete(struct hpte_vcpu *vcpu,
				  struct hpte_outcome *outcome);

/**
 * hpte_fault_forget() - forget which pages are devices
 * @table:	the guest's table
 *
 * For a host that has changed its memory map, after the change: no virtual
 * CPU uses a device translation from before this call any more; classify()
 * is asked again.  Entries need no change.  Order: release.
 */
HPTE_API void hpte_fault_forget(struct hpte_table *table);

#ifdef __cplusplus
}
#endif

#endif /* HPTE_FAULT_H */
