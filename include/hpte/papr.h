/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hpte/papr.h - PAPR's numbers: opcodes, return codes, flags.
 *
 * Layer: 0 (base).  Depends on: env.h.
 *
 * References
 *	[LoPAR]	Linux on Power Architecture Reference, "LPAR option", "Hcall
 *		return codes"
 */
#ifndef HPTE_PAPR_H
#define HPTE_PAPR_H

#include "env.h"

/* Opcodes: R3 of sc 1. */
#define HPTE_HCALL_REMOVE		0x04U
#define HPTE_HCALL_ENTER		0x08U
#define HPTE_HCALL_READ			0x0CU
#define HPTE_HCALL_CLEAR_MOD		0x10U
#define HPTE_HCALL_CLEAR_REF		0x14U
#define HPTE_HCALL_PROTECT		0x18U
#define HPTE_HCALL_PAGE_INIT		0x2CU
#define HPTE_HCALL_LOGICAL_CI_LOAD	0x3CU
#define HPTE_HCALL_LOGICAL_CI_STORE	0x40U
#define HPTE_HCALL_BULK_REMOVE		0x124U
#define HPTE_HCALL_VRMASD		0x2ACU
#define HPTE_HCALL_BLOCK_REMOVE		0x328U
#define HPTE_HCALL_CLEAR_HPT		0x358U
#define HPTE_HCALL_RESIZE_HPT_PREPARE	0x36CU
#define HPTE_HCALL_RESIZE_HPT_COMMIT	0x370U
#define HPTE_HCALL_REGISTER_PROCESS_TABLE 0x37CU

/* Bits of hpte_caps::hcalls. */
#define HPTE_OFFER_REMOVE		(UINT64_C(1) << 0)
#define HPTE_OFFER_ENTER		(UINT64_C(1) << 1)
#define HPTE_OFFER_READ			(UINT64_C(1) << 2)
#define HPTE_OFFER_CLEAR_MOD		(UINT64_C(1) << 3)
#define HPTE_OFFER_CLEAR_REF		(UINT64_C(1) << 4)
#define HPTE_OFFER_PROTECT		(UINT64_C(1) << 5)
#define HPTE_OFFER_BULK_REMOVE		(UINT64_C(1) << 6)
#define HPTE_OFFER_RESIZE_HPT		(UINT64_C(1) << 7)
#define HPTE_OFFER_REGISTER_PROCESS_TABLE (UINT64_C(1) << 8)
#define HPTE_OFFER_BLOCK_REMOVE		(UINT64_C(1) << 9)
#define HPTE_OFFER_CLEAR_HPT		(UINT64_C(1) << 10)
#define HPTE_OFFER_PAGE_INIT		(UINT64_C(1) << 11)
#define HPTE_OFFER_VRMASD		(UINT64_C(1) << 12)
#define HPTE_OFFER_LOGICAL_CI		(UINT64_C(1) << 13)

/* Return codes: R3 after sc 1, a signed doubleword. */
#define HPTE_H_SUCCESS			INT64_C(0)
#define HPTE_H_BUSY			INT64_C(1)
#define HPTE_H_CLOSED			INT64_C(2)
#define HPTE_H_NOT_AVAILABLE		INT64_C(3)
#define HPTE_H_PARTIAL			INT64_C(5)
#define HPTE_H_CONTINUE			INT64_C(18)
#define HPTE_H_LONG_BUSY_10_MS		INT64_C(9901)
#define HPTE_H_HARDWARE			INT64_C(-1)
#define HPTE_H_FUNCTION			INT64_C(-2)
#define HPTE_H_PRIVILEGE		INT64_C(-3)
#define HPTE_H_PARAMETER		INT64_C(-4)
#define HPTE_H_PTEG_FULL		INT64_C(-6)
#define HPTE_H_NOT_FOUND		INT64_C(-7)
#define HPTE_H_RESOURCE			INT64_C(-16)
#define HPTE_H_RESCINDED		INT64_C(-46)
#define HPTE_H_P2			INT64_C(-55)
#define HPTE_H_P3			INT64_C(-56)
#define HPTE_H_P4			INT64_C(-57)
#define HPTE_H_TOO_BIG			INT64_C(-64)

/* Flags: R4 of the page table calls [LoPAR: Page Frame Table Access]. */
#define HPTE_HFLAG_COOKIE		HPTE_BITS(0, 15)
#define HPTE_HFLAG_EXACT		HPTE_BIT(24)
#define HPTE_HFLAG_R_XLATE		HPTE_BIT(25)
#define HPTE_HFLAG_READ_4		HPTE_BIT(26)
#define HPTE_HFLAG_CMO			HPTE_BITS(28, 31)
#define HPTE_HFLAG_AVPN			HPTE_BIT(32)
#define HPTE_HFLAG_ANDCOND		HPTE_BIT(33)
#define HPTE_HFLAG_LOCAL		HPTE_BIT(35)	/* Linux; ignored */
#define HPTE_HFLAG_ICACHE_INVALIDATE	HPTE_BIT(40)
#define HPTE_HFLAG_ICACHE_SYNCHRONIZE	HPTE_BIT(41)
#define HPTE_HFLAG_COALESCE_CAND	HPTE_BIT(42)
#define HPTE_HFLAG_MUI			HPTE_BITS(43, 46)
#define HPTE_HFLAG_ZERO_PAGE		HPTE_BIT(48)
#define HPTE_HFLAG_COPY_PAGE		HPTE_BIT(49)
#define HPTE_HFLAG_COMPRESSION		HPTE_BIT(56)

/* H_PROTECT: key, pp0, N and PP in the flag word. */
#define HPTE_HFLAG_KEY_HI		HPTE_BITS(50, 51)
#define HPTE_HFLAG_KEY_LO		HPTE_BITS(52, 54)
#define HPTE_HFLAG_PP0			HPTE_BIT(55)
#define HPTE_HFLAG_N			HPTE_BIT(61)
#define HPTE_HFLAG_PP			HPTE_BITS(62, 63)

/* H_REGISTER_PROCESS_TABLE: flags. */
#define HPTE_PROC_TABLE_MODIFY		0x10U
#define HPTE_PROC_TABLE_REGISTER	0x08U
#define HPTE_PROC_TABLE_RADIX		0x04U
#define HPTE_PROC_TABLE_HASH_TABLE	0x02U	/* segment tables */
#define HPTE_PROC_TABLE_GTSE		0x01U

#endif /* HPTE_PAPR_H */
