/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/support/ref_codec.h - a second, slow implementation of the codec.
 *
 * Written from the architecture's tables alone, to compare the library's
 * entry.c and hash.c with.  It shares no constant, type or function with
 * them: every field is named by its IBM bit numbers and moved bit by bit, a
 * virtual address is an array of 78 bits.
 *
 * References
 *	[ISA]	Power ISA Versions 2.07 B and 3.0 B, Book III, "Page Table
 *		Entry", "Hashed Page Table Search", "TLB Invalidate Entry",
 *		"SLB Entry", "Storage Protection"
 */
#ifndef TEST_SUPPORT_REF_CODEC_H
#define TEST_SUPPORT_REF_CODEC_H

#include <stdbool.h>
#include <stdint.h>

#define REF_VA_BITS	78
#define REF_PAGES	7

#define REF_READ	1U
#define REF_WRITE	2U
#define REF_EXECUTE	4U

/**
 * struct ref_page - one row of the table of page sizes
 * @name:	for messages, and as part of test names
 * @base:	log2 bytes of the base page
 * @actual:	log2 bytes of the page
 * @l:		L
 * @lp:		LP as text, most significant bit first; 'r' is an RPN bit
 * @slb:	L||LP of a segment with this base page size
 * @ap:		AP of a tlbie, for 4K base pages
 */
struct ref_page {
	const char *name;
	unsigned int base;
	unsigned int actual;
	unsigned int l;
	const char *lp;
	unsigned int slb;
	unsigned int ap;
};

extern const struct ref_page ref_pages[REF_PAGES];

/**
 * struct ref_va - a virtual address
 * @bit:	VA bit n, IBM numbering: bit 0 is the most significant
 * @segment:	log2 bytes of the segment
 * @base:	log2 bytes of the base page
 */
struct ref_va {
	uint8_t bit[REF_VA_BITS];
	unsigned int segment;
	unsigned int base;
};

/* Bits first..last of a doubleword, IBM numbering, as a number. */
uint64_t ref_get(uint64_t word, unsigned int first, unsigned int last);

/* A doubleword with bits first..last, IBM numbering, replaced by value. */
uint64_t ref_put(uint64_t word, unsigned int first, unsigned int last,
		 uint64_t value);

/* VA bits first..last, at most 64 of them, as a number. */
uint64_t ref_va_get(const struct ref_va *va, unsigned int first,
		    unsigned int last);

/*
 * Row of ref_pages that L of dw0 and LP of dw1 name, or -1.
 */
int ref_page_decode(uint64_t dw0, uint64_t dw1);

/* Row of ref_pages with these sizes, or -1. */
int ref_page_find(unsigned int base, unsigned int actual);

/* LP of a row as an 8-bit number; rpn supplies the bits marked 'r'. */
unsigned int ref_page_lp(const struct ref_page *page, unsigned int rpn);

/* Real address in a 2.07 doubleword 1, bits inside the page cleared. */
uint64_t ref_real(uint64_t dw1, unsigned int actual);

/* Are the RPN bits inside the page, those of LP left out, zero? */
bool ref_aligned(uint64_t dw1, const struct ref_page *page);

/*
 * Conversion between the formats, two doublewords each; false, and nothing
 * written, if the entry does not fit or has bits that 3.0 reserves.
 */
bool ref_to_300(const uint64_t from[2], uint64_t to[2]);
bool ref_from_300(const uint64_t from[2], uint64_t to[2]);

/* OR of REF_*: what PP, key, N and G allow. */
unsigned int ref_rights(uint64_t dw1, uint64_t descriptor, bool problem);

/* OR of REF_*: what AMR and IAMR allow. */
unsigned int ref_key_rights(unsigned int key, uint64_t amr, uint64_t iamr);

/* Build a virtual address from segment id and offset. */
void ref_va_make(struct ref_va *va, unsigned int segment, unsigned int base,
		 uint64_t vsid, uint64_t offset);

/* Translate by a segment descriptor; false if it is not a legal one. */
bool ref_va_translate(struct ref_va *va, uint64_t descriptor, uint64_t ea);

/* The 39-bit primary hash. */
uint64_t ref_hash(const struct ref_va *va);

/* The PTEG selected in a table of 2^order bytes. */
uint64_t ref_group(const struct ref_va *va, bool secondary,
		   unsigned int order);

/* B and AVPN of the entry that maps va, 2.07 format. */
uint64_t ref_dw0(const struct ref_va *va);

/*
 * The VA bits that an entry states itself; those between its base page and
 * AVPN are left zero.
 */
void ref_va_stated(struct ref_va *va, uint64_t dw0,
		   const struct ref_page *page);

/*
 * Is there a virtual address that this entry, standing in this group, would
 * translate?  Tries every address that agrees with dw0.
 */
bool ref_reachable(uint64_t dw0, const struct ref_page *page, uint64_t group,
		   unsigned int order);

/* RB of the tlbie for the page at va; dw1 supplies LP. */
uint64_t ref_tlbie_rb(const struct ref_va *va, const struct ref_page *page,
		      uint64_t dw1);

#endif /* TEST_SUPPORT_REF_CODEC_H */
