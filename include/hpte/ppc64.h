/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hpte/ppc64.h - for hypervisors that run on POWER itself.
 *
 * Layer: 0 (base).  Depends on: env.h.
 *
 * References
 *	[ISA]	Power ISA Versions 2.06 B, 2.07 B, 3.0 B, 3.1, Book III,
 *		"TLB Invalidate Entry", "Storage Control"
 *
 * The functions exist in libraries built for ppc64 with assembly only.  They
 * need hypervisor state: MSR[HV]=1, MSR[PR]=0; real or virtual mode is the
 * caller's choice where nothing else is said.  No probing: what the CPU is
 * comes from the caller.
 *
 * The entries for the vectors 0xE00 and 0xE20 are assembler macros, in
 * arch/ppc64/hdsi_entry.S; docs/ppc64.md has their contract.
 */
#ifndef HPTE_PPC64_H
#define HPTE_PPC64_H

#include "env.h"

#ifdef __cplusplus
extern "C" {
#endif

/* struct hpte_ppc64_tlb::errata: what POWER9 needs beyond its tlbies. */
#define HPTE_PPC64_ERRATUM_ERAT	0x1U	/* one tlbie in radix format more */
#define HPTE_PPC64_ERRATUM_STQ	0x2U	/* the last tlbie twice */
#define HPTE_PPC64_TLBIEL_ERAT	0x4U	/* tlbiel of a set leaves ERATs: slbia;
					 * never before ISA 3.0, where that
					 * slbia empties the SLB */

/**
 * struct hpte_ppc64_tlb - whose translations to invalidate, on what CPU
 * @rs:		hpte_hash_tlbie_rs(): the partition
 * @sets:	hpte_hash_tlbie_sets(): classes of this CPU's TLB
 * @errata:	HPTE_PPC64_ERRATUM_*, HPTE_PPC64_TLBIEL_ERAT
 */
struct hpte_ppc64_tlb {
	uint64_t rs;
	uint32_t sets;
	uint32_t errata;
};

/**
 * hpte_ppc64_tlb_invalidate() - what hpte_host_ops::tlb_invalidate asks for
 * @tlb:	the partition and the CPU
 * @rb:		tlbie operands, as the library hands them to the host
 * @count:	how many; 0 only waits
 * @flags:	HPTE_TLB_* of host.h.  With HPTE_TLB_GLOBAL every CPU of the
 *		system forgets (ptesync; tlbie...; eieio; tlbsync; ptesync);
 *		without it this CPU alone, for the partition in LPIDR
 *		(ptesync; tlbiel...; ptesync)
 *
 * On return no walker uses the translations and their R and C are in the
 * table.  Memory order: as ptesync.  Two CPUs may do this at once.
 */
HPTE_API void hpte_ppc64_tlb_invalidate(const struct hpte_ppc64_tlb *tlb,
					const uint64_t *rb, unsigned int count,
					unsigned int flags);

/**
 * hpte_ppc64_tlb_invalidate_all() - forget LPIDR's partition on this CPU
 * @tlb:	the CPU
 *
 * One tlbiel for each congruence class of the TLB; on POWER9 and later give
 * HPTE_PPC64_TLBIEL_ERAT.  For the whole guest, as
 * hpte_host_ops::tlb_invalidate_all wants it, every CPU that may run the
 * guest calls it.
 */
HPTE_API void hpte_ppc64_tlb_invalidate_all(const struct hpte_ppc64_tlb *tlb);

/**
 * struct hpte_ppc64_entry - what the assembly knows of a CPU
 * @table:	real address of the table's first byte
 * @group_mask:	bytes of the table, less 128
 * @vrma:	descriptor for accesses in real mode, hpte_xlate_vrma()
 * @retried:	counts storage interrupts that ended in a retry: of data [0],
 *		of instructions [1]
 * @reflected:	and in an interrupt to the guest
 * @priv_fetch:	a fetch is under way
 * @priv_save:	registers
 *
 * One for each CPU, at a fixed distance from where HSPRG0 points.  The host
 * fills in the first three, and again after a change of tables.
 */
struct hpte_ppc64_entry {
	uint64_t table;
	uint64_t group_mask;
	uint64_t vrma;
	uint64_t retried[2];
	uint64_t reflected[2];
	uint64_t priv_fetch;
	uint64_t priv_save[12];
};

/**
 * hpte_ppc64_fetch_insn() - load one word through the guest's translation
 * @entry:	of this CPU
 * @ea:		the guest's effective address
 * @word:	where to put the word, in this CPU's byte order: a guest of the
 *		other order (MSR[LE]) means its bytes reversed
 *
 * For the instruction at the guest's PC.  The guest's SLB and LPIDR must still
 * be loaded, interrupts disabled (MSR[EE]=0), data translation off; it is
 * switched on for one load.  If that load causes a storage or segment
 * interrupt, the host's vectors 0x300 and 0x380 must come to the macro
 * HPTE_PPC64_FETCH_FIXUP of arch/ppc64/hdsi_entry.S.
 *
 * An interrupted load leaves SRR0, SRR1, DAR and DSISR with its own values:
 * save the guest's before the call.  A host that abandons the call, from a
 * machine check, zeroes priv_fetch.
 *
 * The load has the hypervisor's rights, for data, so its success does not
 * show that the guest may execute there: what the decoder makes of the word
 * must be what faulted.  hpte_xlate_fetch() asks everything, and is slow.
 *
 * Return: true, or false if the load was interrupted; *@word is untouched.
 */
HPTE_API HPTE_MUST_CHECK
bool hpte_ppc64_fetch_insn(struct hpte_ppc64_entry *entry, uint64_t ea,
			   uint32_t *word);

#ifdef __cplusplus
}
#endif

#endif /* HPTE_PPC64_H */
