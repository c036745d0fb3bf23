/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * arch/ppc64/hdsi_search.S - which of four cases a storage interrupt is.
 *
 * C equivalent: hpte_c_hdsi_search() in arch/generic/hdsi_search.h
 * Tested by:    tests/equiv/hdsi_assembly.c, tests/equiv/abi.c
 */
/*abi
  name:      hpte_ppc64_hdsi_search_207_, hpte_ppc64_hdsi_search_300_
  signature: uint64_t (const void *table, uint64_t group_mask,
		       uint64_t descriptor, uint64_t ea)
  isa:       2.06
  stack:     none (leaf)
  r3:        in   the table's first byte
             out  offset of the entry | HPTE_HDSI_*
  r4:        in   the table's bytes - 128
  r5:        in   segment descriptor
  r6:        in   effective address
  clobbers:  r0, r6-r12, cr0, cr1, cr5
  order:     relaxed loads, lowest slot first; no barrier
*/
#include "func.h"
#include "hdsi_search.h"

.macro SEARCH_BODY isa_300
	HDSI_SEARCH \isa_300, 40f, 41f, 42f, 43f
40:	li	3, HPTE_HDSI_MISS
	blr
41:	sub	3, hdsi_group, hdsi_table
	ori	3, 3, HPTE_HDSI_VALID
	blr
42:	sub	3, hdsi_group, hdsi_table
	ori	3, 3, HPTE_HDSI_ABSENT
	blr
43:	li	3, HPTE_HDSI_UNSURE
	blr
.endm

FUNC_ENTRY(hpte_ppc64_hdsi_search_207_)
	SEARCH_BODY 0
FUNC_END(hpte_ppc64_hdsi_search_207_)
FUNC_PRIVATE(hpte_ppc64_hdsi_search_207_)

FUNC_ENTRY(hpte_ppc64_hdsi_search_300_)
	SEARCH_BODY 1
FUNC_END(hpte_ppc64_hdsi_search_300_)
FUNC_PRIVATE(hpte_ppc64_hdsi_search_300_)

	.section .note.GNU-stack, "", @progbits
