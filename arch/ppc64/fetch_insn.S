/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * arch/ppc64/fetch_insn.S - load a word through the guest's translation.
 *
 * C equivalent: hpte_xlate_fetch(), which reads the table instead
 * Tested by:    tests/equiv/tlbie.c, tests/equiv/abi.c
 *
 * The fixup at the host's vectors (hdsi_entry.S) sees the mark in the entry
 * structure, clears it, and lets us go on behind the load: that it is gone
 * then says that the load was interrupted.
 */
/*abi
  name:      hpte_ppc64_fetch_insn
  signature: bool (struct hpte_ppc64_entry *entry, uint64_t ea, uint32_t *word)
  isa:       2.06, hypervisor state
  stack:     none (leaf)
  r3:        in   entry
             out  1, or 0 if interrupted
  r4:        in   effective address
  r5:        in   where to put the word
  clobbers:  r6-r9, cr0
  order:     mtmsrd synchronises the context before and after the load
*/
#include "asm.h"
#include "func.h"

#define entry	3
#define ea	4
#define word	5
#define msr	6
#define data	7
#define value	8
#define mark	9

#define MSR_DR	0x10

FUNC_ENTRY(hpte_ppc64_fetch_insn)
	li	mark, 1
	mfmsr	msr
	ori	data, msr, MSR_DR
	std	mark, HDSI_ENTRY_FETCH(entry)
	mtmsrd	data
	lwz	value, 0(ea)
	mtmsrd	msr
	ld	data, HDSI_ENTRY_FETCH(entry)
	cmpdi	data, 0
	li	mark, 0
	std	mark, HDSI_ENTRY_FETCH(entry)
	mr	3, data
	beqlr-
	stw	value, 0(word)
	blr
FUNC_END(hpte_ppc64_fetch_insn)

	.section .note.GNU-stack, "", @progbits
