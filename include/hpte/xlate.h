/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hpte/xlate.h - from an effective address to guest real storage.
 *
 * Layer: 3 (services).  Depends on: env.h, status.h, entry.h, hash.h,
 * table.h.
 *
 * References
 *	[ISA]	Power ISA, Book III, "Address Translation", "Virtual Real
 *		Mode Area", "Storage Description Register 1", "Partition Table"
 *
 * For instruction fetch by software, for a host's own emulation, and for
 * emulators; and what a host needs to set up a guest that starts in real
 * mode: the virtual real mode area (VRMA) and the registers that say where
 * the table is.
 *
 * Concurrency.  As the table operations used: find, insert.
 */
#ifndef HPTE_XLATE_H
#define HPTE_XLATE_H

#include "entry.h"
#include "env.h"
#include "hash.h"
#include "status.h"
#include "table.h"

#ifdef __cplusplus
extern "C" {
#endif

/* MSR bits the library looks at. */
#define HPTE_MSR_PR		HPTE_BIT(49)	/* problem state */
#define HPTE_MSR_IR		HPTE_BIT(58)	/* fetches are translated */
#define HPTE_MSR_DR		HPTE_BIT(59)	/* loads and stores are */
#define HPTE_MSR_LE		HPTE_BIT(63)
#define HPTE_MSR_SF		HPTE_BIT(0)

/**
 * struct hpte_slb - one entry of a guest's SLB
 * @esid:	as slbmte's RB: ESID, V in bit 36
 * @descriptor:	as slbmte's RS
 */
struct hpte_slb {
	uint64_t esid;
	uint64_t descriptor;
};

/**
 * struct hpte_access - who wants to do what, where
 * @ea:		effective address
 * @msr:	MSR: PR, IR, DR
 * @descriptor:	segment that translates @ea; not looked at in real mode
 * @vrma:	descriptor of the VRMA, for real mode; see hpte_xlate_vrma()
 * @amr:	Authority Mask Register; applies to data with MSR[DR]=1
 * @iamr:	its sibling for fetches with MSR[IR]=1; 0 before ISA 2.07
 * @kind:	HPTE_READ, HPTE_WRITE or HPTE_EXECUTE
 */
struct hpte_access {
	uint64_t ea;
	uint64_t msr;
	uint64_t descriptor;
	uint64_t vrma;
	uint64_t amr;
	uint64_t iamr;
	unsigned int kind;
};

/**
 * struct hpte_translation - where an access goes
 * @view:	the entry that translates it
 * @gpa:	guest real address
 * @rights:	OR of HPTE_READ, HPTE_WRITE, HPTE_EXECUTE: entry, segment, keys
 */
struct hpte_translation {
	struct hpte_view view;
	uint64_t gpa;
	unsigned int rights;
};

/**
 * hpte_xlate_segment() - search a guest's SLB
 * @slb:	its entries
 * @count:	how many
 * @ea:		effective address
 * @descriptor:	where to put the segment descriptor
 *
 * Return: HPTE_OK, or
 *	HPTE_ERR_NOTFOUND	no valid entry translates @ea.
 */
HPTE_API HPTE_MUST_CHECK
int hpte_xlate_segment(const struct hpte_slb *slb, size_t count, uint64_t ea,
		       uint64_t *descriptor);

/* hpte_xlate_translated() - does MSR[IR] or MSR[DR] translate this access? */
HPTE_API bool hpte_xlate_translated(const struct hpte_access *access);

/* hpte_xlate_descriptor() - the segment in force: in real mode the VRMA. */
HPTE_API uint64_t hpte_xlate_descriptor(const struct hpte_access *access);

/**
 * hpte_xlate_va() - the virtual address of an access
 * @access:	ea, msr, descriptor, vrma and kind are looked at
 * @va:		where to put it
 *
 * In real mode bits 0:3 of the effective address are ignored, and an address
 * above 1T has no virtual address.
 *
 * Return: HPTE_OK, or
 *	HPTE_ERR_NOTFOUND	a real address above 1T.
 *	HPTE_ERR_ENCODING	a reserved or unsupported descriptor.
 */
HPTE_API HPTE_MUST_CHECK
int hpte_xlate_va(const struct hpte_access *access, struct hpte_va *va);

/**
 * hpte_xlate_rights() - what an entry allows this kind of access
 * @access:	msr, descriptor, vrma, amr, iamr and kind are looked at
 * @dw1:	the guest's doubleword 1
 *
 * Storage keys count for the accesses they apply to: AMR for data with
 * MSR[DR]=1, IAMR for fetches with MSR[IR]=1.
 *
 * Return: OR of HPTE_READ, HPTE_WRITE, HPTE_EXECUTE.
 */
HPTE_API unsigned int hpte_xlate_rights(const struct hpte_access *access,
					uint64_t dw1);

/**
 * hpte_xlate_access() - translate
 * @table:	the guest's table
 * @access:	what is asked
 * @result:	where to put the answer
 *
 * Finds absent entries too.  Sets neither R nor C, and does not judge: see
 * @result->rights.  Writes nothing to the table.
 *
 * Return: HPTE_OK, or
 *	HPTE_ERR_NOTFOUND	no entry.
 *	HPTE_ERR_ENCODING	a reserved or unsupported descriptor.
 */
HPTE_API HPTE_MUST_CHECK
int hpte_xlate_access(const struct hpte_table *table,
		      const struct hpte_access *access,
		      struct hpte_translation *result);

/**
 * hpte_xlate_fetch() - read a guest's instruction
 * @table:	the guest's table
 * @access:	ea: the PC; msr; descriptor of its segment, vrma, iamr.  amr and
 *		kind are not looked at
 * @words:	where to put the word at the PC, as a number, and if it is a
 *		prefix the word after it; otherwise that is 0
 *
 * For the instruction behind an MMIO outcome: whatever goes wrong here, let
 * the guest run again; its own fetch will fault as it should.  Uses the
 * table's guest_read().
 *
 * Return: HPTE_OK, or
 *	HPTE_ERR_NOTFOUND	no entry, not executable, or guest_read() is
 *				missing or says no.
 *	HPTE_ERR_ENCODING	a reserved or unsupported descriptor.
 */
HPTE_API HPTE_MUST_CHECK
int hpte_xlate_fetch(const struct hpte_table *table,
		     const struct hpte_access *access, uint32_t words[2]);

/**
 * hpte_xlate_vrma() - the VRMA's segment descriptor
 * @base:	log2 bytes of its pages: 12, 16 or 24
 *
 * Return: the descriptor, 0 if there is no such page size.
 */
HPTE_API uint64_t hpte_xlate_vrma(unsigned int base);

/**
 * hpte_xlate_map_vrma() - enter the bolted entries of the VRMA
 * @table:	an empty table
 * @bytes:	of RAM, from guest real address 0
 * @base:	log2 bytes of the pages: 12, 16 or 24
 * @mapped:	where to put how many bytes are mapped: at most @bytes, 1T, and
 *		one page for each group of the table
 *
 * Real address r is mapped at offset r of the VRMA, in slot 7 of the primary
 * group, bolted, R and C set, read and write.
 *
 * Return: HPTE_OK, or
 *	HPTE_ERR_PARAM	no such page size.
 */
HPTE_API HPTE_MUST_CHECK
int hpte_xlate_map_vrma(struct hpte_table *table, uint64_t bytes,
			unsigned int base, uint64_t *mapped);

/**
 * hpte_xlate_map_segment() - map part of a segment, for emulators
 * @table:	table
 * @descriptor:	segment
 * @ea:		first effective address, aligned to the segment's base page
 * @gpa:	what it maps to, aligned likewise
 * @bytes:	how much: a multiple of the page size
 * @bits:	of doubleword 1: PP, key, WIMG, N, R, C
 *
 * One bolted entry a page, in the primary or else the secondary group.
 *
 * Return: HPTE_OK, or
 *	HPTE_ERR_FULL		both groups of a page are full; the pages before
 *				it are mapped.
 *	HPTE_ERR_ENCODING	descriptor.
 *	HPTE_ERR_PARAM		misaligned, @bits has others, or leaves the
 *				segment or the 60 bits of real addresses.
 */
HPTE_API HPTE_MUST_CHECK
int hpte_xlate_map_segment(struct hpte_table *table, uint64_t descriptor,
			   uint64_t ea, uint64_t gpa, uint64_t bytes,
			   uint64_t bits);

/* hpte_xlate_sdr1() - SDR1, up to ISA 2.07: @base is a host real address. */
HPTE_API uint64_t hpte_xlate_sdr1(uint64_t base, unsigned int order);

/* hpte_xlate_pate0() - doubleword 0 of an ISA 3.0 partition table entry. */
HPTE_API uint64_t hpte_xlate_pate0(uint64_t base, unsigned int order,
				   uint64_t vrma);

/* hpte_xlate_vrmasd() - the VRMASD field, in its place in LPCR. */
HPTE_API uint64_t hpte_xlate_vrmasd(uint64_t vrma);

#ifdef __cplusplus
}
#endif

#endif /* HPTE_XLATE_H */
