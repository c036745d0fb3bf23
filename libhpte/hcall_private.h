/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * libhpte/hcall_private.h - what the sources of the hypercalls share.
 *
 * Layer: 3 (services), private.
 */
#ifndef LIBHPTE_HCALL_PRIVATE_H
#define LIBHPTE_HCALL_PRIVATE_H

#include "hpte/hcall.h"
#include "libhpte/internal.h"

/* Beside HPTE_H_*: nothing has changed, the guest shall call again. */
#define H_AGAIN		INT64_MIN
/* Beside HPTE_H_*: this call is for the host. */
#define H_NOT_MINE	(INT64_MIN + 1)
/* Beside HPTE_H_*: a device completes it later. */
#define H_PENDING	(INT64_MIN + 2)

/* Flags that mean something to all of these calls, or nothing to us. */
#define FLAGS_COMMON	(HPTE_HFLAG_COOKIE | HPTE_HFLAG_CMO)
#define FLAGS_ICACHE	(HPTE_HFLAG_ICACHE_INVALIDATE | \
			 HPTE_HFLAG_ICACHE_SYNCHRONIZE)

/* LoPAR's debug mode refuses flags a call does not define. */
static inline bool flags_refused(const struct hpte_table *table, uint64_t flags,
				 uint64_t defined)
{
	return table->priv_caps->strict && (flags & ~(defined | FLAGS_COMMON));
}

/* The bits of doubleword 1 that this machine does not have are ignored. */
static inline uint64_t supported_dw1(const struct hpte_caps *caps)
{
	uint64_t bits = ~HPTE_DW1_RESERVED;

	if (!caps->data_keys && !caps->insn_keys)
		bits &= ~HPTE_DW1_KEY;
	if (!caps->pp0)
		bits &= ~HPTE_DW1_PP0;
	return bits;
}

/* Each takes the register image and returns an HPTE_H_* code. */
int64_t hpte_hcall_enter_(struct hpte_vm *vm, uint64_t *gpr);
int64_t hpte_hcall_bulk_remove_(struct hpte_vm *vm, uint64_t *gpr);
int64_t hpte_hcall_block_remove_(struct hpte_vm *vm, uint64_t *gpr);
int64_t hpte_hcall_clear_hpt_(struct hpte_vm *vm, uint64_t *gpr);

#endif /* LIBHPTE_HCALL_PRIVATE_H */
