/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/fuzz/codec.c - the codec answers for any bits, as ref_codec does.
 *
 * Input: INPUT_BYTES, the fields of struct input, little-endian; what is
 * missing is zero.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hpte/entry.h>
#include <hpte/hash.h>

#include "fuzz.h"
#include "ref_codec.h"

struct input {
	uint64_t dw0;
	uint64_t dw1;
	uint64_t descriptor;
	uint64_t ea;
	uint64_t index;
	uint64_t amr;
	uint64_t iamr;
	unsigned int order;
	uint32_t number;
	bool problem;
};

#define INPUT_BYTES	61U

static uint64_t take(const uint8_t **bytes, unsigned int count)
{
	uint64_t word = 0;
	unsigned int i;

	for (i = 0; i < count; i++)
		word |= (uint64_t)(*bytes)[i] << 8 * i;
	*bytes += count;
	return word;
}

static void parse(const uint8_t *data, size_t size, struct input *in)
{
	uint8_t buffer[INPUT_BYTES] = { 0 };
	const uint8_t *at = buffer;

	if (size)
		memcpy(buffer, data, size < sizeof(buffer) ? size :
		       sizeof(buffer));
	in->dw0 = take(&at, 8);
	in->dw1 = take(&at, 8);
	in->descriptor = take(&at, 8);
	in->ea = take(&at, 8);
	in->index = take(&at, 8);
	in->amr = take(&at, 8);
	in->iamr = take(&at, 8);
	in->number = (uint32_t)take(&at, 3);
	in->order = HPTE_ORDER_MIN + (unsigned int)take(&at, 1) %
		(HPTE_ORDER_MAX - HPTE_ORDER_MIN + 1);
	in->problem = take(&at, 1) & 1;
}

#define MUST(in, condition) \
	must(in, condition, #condition, __func__, __LINE__)

static void must(const struct input *in, bool holds, const char *what,
		 const char *where, int line)
{
	if (holds)
		return;
	fprintf(stderr, "%s:%d: not %s\n"
		"dw0 %016" PRIx64 " dw1 %016" PRIx64 " descriptor %016" PRIx64
		" ea %016" PRIx64 " index %" PRIx64 " amr %016" PRIx64
		" iamr %016" PRIx64 " order %u number %" PRIx32
		" problem %d\n", where, line, what, in->dw0, in->dw1,
		in->descriptor, in->ea, in->index, in->amr, in->iamr,
		in->order, in->number, in->problem);
	abort();
}

/* L, LP and the address, decoded and encoded again. */
static void check_page(const struct input *in)
{
	int row = ref_page_decode(in->dw0, in->dw1);
	struct hpte_page page = { 1, 2, 3 };
	uint64_t l = 0, lp = 0;

	if (hpte_entry_page(in->dw0, in->dw1, &page) != HPTE_OK) {
		MUST(in, row < 0);
		MUST(in, page.base == 1 && page.actual == 2 && page.pair == 3);
		return;
	}
	MUST(in, row >= 0 && page.pair == row);
	MUST(in, page.base == ref_pages[row].base);
	MUST(in, page.actual == ref_pages[row].actual);
	MUST(in, hpte_entry_real(in->dw1, page.actual) ==
		 ref_real(in->dw1, page.actual));
	MUST(in, hpte_entry_aligned(in->dw1, &page) ==
		 ref_aligned(in->dw1, &ref_pages[row]));
	MUST(in, hpte_entry_page_bits(page.base, page.actual, &l, &lp) ==
		 HPTE_OK);
	MUST(in, l == (ref_pages[row].l ? HPTE_DW0_L : 0));
	MUST(in, lp == ref_put(0, 44, 51, ref_page_lp(&ref_pages[row], 0)));
}

static void check_page_bits(const struct input *in)
{
	unsigned int base = in->number & 0x3F;
	unsigned int actual = in->number >> 8 & 0x3F;
	uint64_t l = 1, lp = 2;
	int status = hpte_entry_page_bits(base, actual, &l, &lp);

	MUST(in, (status == HPTE_OK) == (ref_page_find(base, actual) >= 0));
	MUST(in, status == HPTE_OK || (l == 1 && lp == 2));
}

static void check_formats(const struct input *in)
{
	const struct hpte from = { in->dw0, in->dw1 };
	const uint64_t words[2] = { in->dw0, in->dw1 };
	uint64_t want[2] = { 1, 2 };
	struct hpte to = { 1, 2 };
	bool fits;

	fits = ref_to_300(words, want);
	MUST(in, (hpte_entry_to_300(&from, &to) == HPTE_OK) == fits);
	MUST(in, to.dw0 == want[0] && to.dw1 == want[1]);
	want[0] = 1;
	want[1] = 2;
	to = (struct hpte){ 1, 2 };
	fits = ref_from_300(words, want);
	MUST(in, (hpte_entry_from_300(&from, &to) == HPTE_OK) == fits);
	MUST(in, to.dw0 == want[0] && to.dw1 == want[1]);
}

static void check_rights(const struct input *in)
{
	uint64_t key = ref_get(in->dw1, 2, 3) << 3 | ref_get(in->dw1, 52, 54);
	unsigned int rights = hpte_entry_rights(in->dw1, in->descriptor,
						in->problem);
	uint64_t narrow = hpte_entry_read_only(in->dw1);
	const uint64_t pp = HPTE_DW1_PPP;

	MUST(in, rights == ref_rights(in->dw1, in->descriptor, in->problem));
	MUST(in, hpte_entry_key(in->dw1) == key);
	MUST(in, hpte_entry_key_rights((unsigned int)key, in->amr, in->iamr) ==
		 ref_key_rights((unsigned int)key, in->amr, in->iamr));
	MUST(in, !(rights & REF_WRITE) || hpte_entry_writable(in->dw1));
	MUST(in, !hpte_entry_writable(narrow));
	MUST(in, !((narrow ^ in->dw1) & ~pp));
	/* of a reserved PP, which gives nothing, nothing can be kept */
	if ((in->dw1 & HPTE_DW1_PP0) && (in->dw1 & HPTE_DW1_PP) != 2)
		return;
	MUST(in, !(ref_rights(narrow, in->descriptor, in->problem) & ~rights));
}

/* The entry that maps an address leads back to it, and to its tlbie. */
static void check_entry_of(const struct input *in, const struct hpte_va *va,
			   const struct ref_va *ref, int row)
{
	const struct ref_page *size = &ref_pages[row];
	const struct hpte_page page = { (uint8_t)size->base,
					(uint8_t)size->actual, (uint8_t)row };
	bool secondary = in->dw0 & HPTE_DW0_H;
	struct hpte entry = { ref_dw0(ref), in->dw1 };
	struct hpte_va back;
	uint64_t index;

	entry.dw0 |= in->dw0 & (HPTE_DW0_SW | HPTE_DW0_H | HPTE_DW0_V);
	entry.dw0 |= size->l ? HPTE_DW0_L : 0;
	entry.dw1 = ref_put(entry.dw1, 44, 51,
			    ref_page_lp(size, in->number & 0xFF));
	index = ref_group(ref, secondary, in->order) * HPTE_GROUP_ENTRIES +
		in->index % HPTE_GROUP_ENTRIES;
	hpte_hash_rebuild(&entry, &page, index, &back);
	MUST(in, back.vsid == va->vsid && back.segment == va->segment);
	MUST(in, back.offset == va->offset >> size->base << size->base);
	MUST(in, back.base == size->base);
	MUST(in, hpte_hash_reachable(&entry, &page, index, in->order));
	MUST(in, hpte_hash_tlbie_rb(&entry, &page, index) ==
		 ref_tlbie_rb(ref, size, entry.dw1));
}

static void check_address(const struct input *in)
{
	struct hpte_va va = { 1, 2, 3, 4 };
	struct ref_va ref;
	uint64_t hash;
	int row;

	if (!ref_va_translate(&ref, in->descriptor, in->ea)) {
		MUST(in, hpte_hash_va(in->descriptor, in->ea, &va) ==
			 HPTE_ERR_ENCODING);
		MUST(in, va.vsid == 1 && va.offset == 2);
		MUST(in, va.segment == 3 && va.base == 4);
		return;
	}
	MUST(in, hpte_hash_va(in->descriptor, in->ea, &va) == HPTE_OK);
	MUST(in, va.segment == ref.segment && va.base == ref.base);
	MUST(in, va.vsid == ref_va_get(&ref, 0, 77 - ref.segment));
	MUST(in, va.offset == ref_va_get(&ref, 78 - ref.segment, 77));
	hash = hpte_hash_primary(&va);
	MUST(in, hash == ref_hash(&ref));
	MUST(in, hpte_hash_group(hash, false, in->order) ==
		 ref_group(&ref, false, in->order));
	MUST(in, hpte_hash_group(hash, true, in->order) ==
		 ref_group(&ref, true, in->order));
	MUST(in, hpte_hash_dw0(&va) == ref_dw0(&ref));
	for (row = 0; row < REF_PAGES; row++)
		if (ref_pages[row].base == ref.base)
			check_entry_of(in, &va, &ref, row);
}

/* An entry of any bits, anywhere. */
static void check_anywhere(const struct input *in)
{
	uint64_t index = in->index & ((UINT64_C(1) << (in->order - 4)) - 1);
	struct hpte entry = { in->dw0, in->dw1 };
	struct hpte_page page;
	struct hpte_va va;

	if (hpte_entry_page(in->dw0, in->dw1, &page) != HPTE_OK)
		return;
	/* no such entry is ever in a table */
	entry.dw0 &= ~HPTE_BIT(0);
	if (page.base > 28)
		entry.dw0 |= HPTE_DW0_B_1T;
	hpte_hash_rebuild(&entry, &page, index, &va);
	MUST(in, va.segment == (entry.dw0 & HPTE_DW0_B ? 40 : 28));
	MUST(in, va.base == page.base && !(va.vsid >> (78 - va.segment)));
	MUST(in, !(va.offset >> va.segment));
	MUST(in, !(va.offset & ((UINT64_C(1) << va.base) - 1)));
	MUST(in, hpte_hash_reachable(&entry, &page, index, in->order) ==
		 ref_reachable(entry.dw0, &ref_pages[page.pair],
			       index / HPTE_GROUP_ENTRIES, in->order));
	/* IS is a kind of invalidation: it must be 00, one translation */
	MUST(in, !(hpte_hash_tlbie_rb(&entry, &page, index) &
		   HPTE_BITS(52, 53)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in;

	parse(data, size, &in);
	check_page(&in);
	check_page_bits(&in);
	check_formats(&in);
	check_rights(&in);
	check_address(&in);
	check_anywhere(&in);
	return 0;
}
