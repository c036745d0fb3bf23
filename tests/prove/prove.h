/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/prove/prove.h - what the harnesses share.
 *
 * References
 *	[ISA]	Power ISA Versions 2.07 B and 3.0 B, Book III
 *
 * A harness is one property of one or two functions, for every input that
 * the manual (include/hpte/) allows.  What it compares with is written from
 * the ISA, bit by bit and with bare numbers, and shares nothing with the
 * library: neither its tables nor its masks.  Where a harness speaks of bit
 * n it counts from the least significant, as a shift does.
 */
#ifndef PROVE_PROVE_H
#define PROVE_PROVE_H

#include "hpte/entry.h"
#include "hpte/hash.h"

/*
 * The start of a harness.  run.py finds it by this word.  A harness that is
 * proved page pair by page pair, and for each size of segment, is given
 * PAGE_PAIR, BASE, ACTUAL and SEGMENT by run.py: constants keep solving quick.
 */
#define PROVE(name) \
	void prove_##name(void); \
	void prove_##name(void)
#define PROVE_EACH_PAIR(name)	PROVE(name)

#define CHECK(what, why)	__CPROVER_assert(what, why)
#define ASSUME(what)		__CPROVER_assume(what)

/*
 * Each path through a harness ends here.  That it gets here at all, that is
 * that no assumption contradicts another, is what run.py --self-test sees.
 */
#ifdef PROVE_REACHED
#define REACHED()		__CPROVER_assert(0, "reached")
#else
#define REACHED()		((void)0)
#endif

/* Any value at all: CBMC's meaning of a function without a body. */
bool nondet_bool(void);
unsigned int nondet_unsigned(void);
uint32_t nondet_uint32(void);
uint64_t nondet_uint64(void);
struct hpte nondet_entry(void);
struct hpte_page nondet_page(void);
struct hpte_va nondet_va(void);

static inline unsigned int bit_of(uint64_t value, unsigned int n)
{
	return (unsigned int)(value >> n & 1);
}

/* Any bit number of a doubleword. */
static inline unsigned int any_bit(void)
{
	unsigned int n = nondet_unsigned();

	ASSUME(n < 64);
	return n;
}

static inline unsigned int any_order(void)
{
	unsigned int order = nondet_unsigned();

	ASSUME(order >= 18 && order <= 46);
	return order;
}

/* An entry and its page sizes, as decoding gives them. */
static inline void any_paged_entry(struct hpte *entry, struct hpte_page *page)
{
	*entry = nondet_entry();
	ASSUME(hpte_entry_page(entry->dw0, entry->dw1, page) == HPTE_OK);
}

/* A virtual address as hash.h describes it. */
static inline struct hpte_va any_va(void)
{
	struct hpte_va va = nondet_va();

	ASSUME(va.segment == 28 || va.segment == 40);
	ASSUME(va.base == 12 || va.base == 16 || va.base == 24 ||
	       va.base == 34);
	ASSUME(va.base <= va.segment);
	ASSUME(va.vsid >> (va.segment == 28 ? 50 : 38) == 0);
	ASSUME(va.offset >> va.segment == 0);
	return va;
}

#endif /* PROVE_PROVE_H */
