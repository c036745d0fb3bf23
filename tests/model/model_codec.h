/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/model/model_codec.h - what the model knows about entry formats.
 *
 * Written from the architecture's tables; no code of the library is used.
 * Entries are in the 2.07 format, in host byte order.
 *
 * References
 *	[ISA]	Power ISA Versions 2.07 B and 3.0 B, Book III, "Page Table
 *		Entry", "Hashed Page Table Search", "Storage Protection"
 */
#ifndef TEST_MODEL_CODEC_H
#define TEST_MODEL_CODEC_H

#include <stdbool.h>
#include <stdint.h>

/* Doubleword 0. */
#define MODEL_V			UINT64_C(0x0000000000000001)
#define MODEL_H			UINT64_C(0x0000000000000002)
#define MODEL_L			UINT64_C(0x0000000000000004)
#define MODEL_BOLTED		UINT64_C(0x0000000000000010)
#define MODEL_FIRMWARE		UINT64_C(0x0000000000000060)
#define MODEL_B			UINT64_C(0xC000000000000000)
#define MODEL_B_AVPN		UINT64_C(0xFFFFFFFFFFFFFF80)

/* Doubleword 1. */
#define MODEL_PP0		UINT64_C(0x8000000000000000)
#define MODEL_RESERVED		UINT64_C(0x4000000000000000)
#define MODEL_KEYS		UINT64_C(0x3000000000000E00)
#define MODEL_ARPN		UINT64_C(0x0FFFFFFFFFFFF000)
#define MODEL_R			UINT64_C(0x0000000000000100)
#define MODEL_C			UINT64_C(0x0000000000000080)
#define MODEL_RC		(MODEL_R | MODEL_C)
#define MODEL_WIMG		UINT64_C(0x0000000000000078)
#define MODEL_W			UINT64_C(0x0000000000000040)
#define MODEL_I			UINT64_C(0x0000000000000020)
#define MODEL_M			UINT64_C(0x0000000000000010)
#define MODEL_G			UINT64_C(0x0000000000000008)
#define MODEL_N			UINT64_C(0x0000000000000004)
#define MODEL_PP		UINT64_C(0x0000000000000003)
#define MODEL_PPP		(MODEL_PP0 | MODEL_PP)

/* Rights and accesses. */
#define MODEL_READ		1U
#define MODEL_WRITE		2U
#define MODEL_EXECUTE		4U

#define MODEL_PAGES		7U

struct model_page {
	unsigned int base;	/* log2 bytes */
	unsigned int actual;	/* log2 bytes */
	unsigned int pair;	/* row of the table of page sizes */
};

struct model_va {
	uint64_t vsid;
	uint64_t offset;	/* in the segment; of the base page's start */
	unsigned int segment;	/* log2 bytes */
};

/* model_page_of() - decode L and LP; false: no page size. */
bool model_page_of(uint64_t dw0, uint64_t dw1, struct model_page *page);

/* model_page_row() - sizes of a row; L and LP in their places. */
struct model_page model_page_row(unsigned int pair, uint64_t *l, uint64_t *lp);

/* model_real() - guest real address of the page. */
uint64_t model_real(uint64_t dw1, const struct model_page *page);

/* model_aligned() - is the RPN a multiple of the page, LP left out? */
bool model_aligned(uint64_t dw1, const struct model_page *page);

/* model_in_page() - AVPN bits of doubleword 0 that lie inside a base page. */
uint64_t model_in_page(const struct model_page *page);

/* model_va_of() - virtual address of an entry standing at an index. */
struct model_va model_va_of(uint64_t dw0, const struct model_page *page,
			    uint64_t index);

/* model_dw0_of() - B and AVPN that map an address. */
uint64_t model_dw0_of(const struct model_va *va);

/* model_group() - the PTEG an address is looked for in. */
uint64_t model_group(const struct model_va *va, unsigned int base,
		     bool secondary, unsigned int order);

/* model_reachable() - would a search for its address find the entry? */
bool model_reachable(uint64_t dw0, uint64_t dw1, uint64_t index,
		     unsigned int order);

/* model_writable() - may any state of the guest store, PP 011 and 110 not. */
bool model_writable(uint64_t dw1);

/* model_read_only() - PP narrowed so that nobody may store. */
uint64_t model_read_only(uint64_t dw1);

/* model_rights() - OR of MODEL_READ ... for Ks or Kp = key. */
unsigned int model_rights(uint64_t dw1, unsigned int key);

/* model_reserved_pp() - is PP one of 100, 101, 111? */
bool model_reserved_pp(uint64_t dw1);

#endif /* TEST_MODEL_CODEC_H */
