/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hpte/resize.h - replace a guest's table by one of another size.
 *
 * Layer: 3 (services).  Depends on: env.h, status.h, host.h, papr.h,
 * table.h.
 *
 * References
 *	[LoPAR]	H_RESIZE_HPT_PREPARE, H_RESIZE_HPT_COMMIT
 *
 * A guest prepares a table, then commits: the bolted entries move, each to
 * the same slot of the group it hashes to; the others are left behind and
 * come back by the guest's own faults.  While nothing is committed the old
 * table serves.
 *
 * Concurrency.  One resize at a time: the second caller is told to try
 * again, nobody waits.
 */
#ifndef HPTE_RESIZE_H
#define HPTE_RESIZE_H

#include "env.h"
#include "host.h"
#include "papr.h"
#include "status.h"
#include "table.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * struct hpte_resize - the pending table of one guest
 */
struct hpte_resize {
	struct hpte_memory priv_memory;
	uint64_t priv_inert;
	uint32_t priv_state;
	uint32_t priv_order;
	uint64_t priv_lock;
};

/**
 * hpte_resize_init() - nothing is pending
 * @resize:	structure to fill; earlier contents are ignored
 */
HPTE_API void hpte_resize_init(struct hpte_resize *resize);

/**
 * hpte_resize_prepare() - H_RESIZE_HPT_PREPARE
 * @resize:	the guest's resize
 * @table:	its table
 * @flags:	R4 of the hcall
 * @shift:	R5: log2 bytes of the new table, all 64 bits; 0 cancels
 * @code:	where to put the HPTE_H_* answer: SUCCESS, LONG_BUSY_10_MS (the
 *		host is still getting the storage: call again), PARAMETER,
 *		RESOURCE
 *
 * A refused call leaves a pending table alone.
 *
 * Return: HPTE_OK, or
 *	HPTE_ERR_AGAIN	another CPU is in this resize; nothing changed.
 */
HPTE_API HPTE_MUST_CHECK
int hpte_resize_prepare(struct hpte_resize *resize, struct hpte_table *table,
			uint64_t flags, uint64_t shift, int64_t *code);

/**
 * hpte_resize_commit() - H_RESIZE_HPT_COMMIT
 * @resize:	the guest's resize
 * @table:	its table
 * @flags:	R4 of the hcall
 * @shift:	R5
 * @code:	where to put the HPTE_H_* answer: SUCCESS, BUSY (the host, asked
 *		again, is still getting the storage), CLOSED (nothing pending
 *		that matches, or the host cannot after all), PTEG_FULL (two
 *		bolted entries want one slot; the pending table is dropped)
 *
 * Whatever the answer but SUCCESS, the old table is active and serves the
 * same entries.  Takes time proportional to the old table.
 * Other CPUs are stopped by vcpus_stop() while it works.
 *
 * Return: HPTE_OK, or
 *	HPTE_ERR_AGAIN	another CPU is in this resize or in the table, or
 *			vcpus_stop() said not now; the guest sees no change.
 */
HPTE_API HPTE_MUST_CHECK
int hpte_resize_commit(struct hpte_resize *resize, struct hpte_table *table,
		       uint64_t flags, uint64_t shift, int64_t *code);

/**
 * hpte_resize_inert() - bolted entries the last commit dropped
 * @resize:	the guest's resize
 *
 * An entry that stands in a group its VA does not hash to was never usable
 * and cannot be moved; it is dropped and counted here.
 */
HPTE_API uint64_t hpte_resize_inert(const struct hpte_resize *resize);

#ifdef __cplusplus
}
#endif

#endif /* HPTE_RESIZE_H */
