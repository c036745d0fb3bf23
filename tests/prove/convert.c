/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/prove/convert.c - the two formats of an entry, hpte/entry.h.
 *
 * References
 *	[ISA]	Power ISA Versions 2.07 B and 3.0 B, Book III, "Page Table
 *		Entry"
 *
 * convert_there_and_back says that to_300 loses nothing, so whatever it
 * accepts from_300 can make; convert_back_and_there that to_300 accepts all
 * that from_300 can make.  Together: to_300 refuses exactly those entries
 * for which the 3.0 format has no equal.
 */
#include "prove.h"

static bool same(const struct hpte *a, const struct hpte *b)
{
	return a->dw0 == b->dw0 && a->dw1 == b->dw1;
}

PROVE(convert_there_and_back)
{
	struct hpte entry = nondet_entry();
	struct hpte in_300, again;

	ASSUME(hpte_entry_to_300(&entry, &in_300) == HPTE_OK);
	CHECK(hpte_entry_from_300(&in_300, &again) == HPTE_OK, "accepted");
	CHECK(same(&entry, &again), "the same entry");
	REACHED();
}

PROVE(convert_back_and_there)
{
	struct hpte in_300 = nondet_entry();
	struct hpte entry, again;

	ASSUME(hpte_entry_from_300(&in_300, &entry) == HPTE_OK);
	CHECK(hpte_entry_to_300(&entry, &again) == HPTE_OK, "accepted");
	CHECK(same(&in_300, &again), "the same entry");
	REACHED();
}

PROVE(convert_to_300_exact)
{
	struct hpte from = nondet_entry();
	struct hpte before = nondet_entry();
	struct hpte to = before;
	/* B at most 01; bits 61:52 of AVPN, 59:57 of RPN not in the format. */
	bool fits = from.dw0 >> 63 == 0 && (from.dw0 >> 52 & 0x3FF) == 0 &&
		    (from.dw1 >> 57 & 7) == 0;
	int status = hpte_entry_to_300(&from, &to);
	unsigned int n = any_bit();

	if (!fits) {
		CHECK(status == HPTE_ERR_ENCODING, "no room: refused");
		CHECK(same(&to, &before), "no room: output untouched");
		REACHED();
		return;
	}
	CHECK(status == HPTE_OK, "room: accepted");
	CHECK(bit_of(to.dw0, n) == (n < 52 ? bit_of(from.dw0, n) : 0),
	      "doubleword 0 without B");
	CHECK(bit_of(to.dw1, n) == (n == 58 || n == 59 ?
				    bit_of(from.dw0, n + 4) :
				    bit_of(from.dw1, n)),
	      "doubleword 1 with B");
	REACHED();
}

PROVE(convert_from_300_exact)
{
	struct hpte from = nondet_entry();
	struct hpte before = nondet_entry();
	struct hpte to = before;
	bool legal = from.dw0 >> 52 == 0 && !bit_of(from.dw1, 59) &&
		     !bit_of(from.dw1, 57);
	int status = hpte_entry_from_300(&from, &to);
	unsigned int n = any_bit();

	if (!legal) {
		CHECK(status == HPTE_ERR_ENCODING, "reserved bit: refused");
		CHECK(same(&to, &before), "reserved bit: output untouched");
		REACHED();
		return;
	}
	CHECK(status == HPTE_OK, "no reserved bit: accepted");
	CHECK(bit_of(to.dw0, n) == (n >= 62 ? bit_of(from.dw1, n - 4) :
				    bit_of(from.dw0, n)),
	      "doubleword 0 with B");
	CHECK(bit_of(to.dw1, n) == (n == 58 || n == 59 ? 0 :
				    bit_of(from.dw1, n)),
	      "doubleword 1 without B");
	REACHED();
}

/* The output may be the input. */
PROVE(convert_in_place)
{
	struct hpte entry = nondet_entry();
	struct hpte same_place = entry;
	struct hpte other = entry;
	bool there = nondet_bool();
	int status, status_same;

	if (there) {
		status = hpte_entry_to_300(&entry, &other);
		status_same = hpte_entry_to_300(&same_place, &same_place);
	} else {
		status = hpte_entry_from_300(&entry, &other);
		status_same = hpte_entry_from_300(&same_place, &same_place);
	}
	CHECK(status == status_same, "the same status");
	CHECK(same(&same_place, &other), "the same entry");
	REACHED();
}
