/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * arch/arch.h - the CPU contract: everything the table asks of an
 * architecture beyond C and libhpte/atomic.h.
 *
 * Layer: 0 (base).
 *
 * Each primitive X has a portable twin hpte_c_X() in arch/generic/, which is
 * its specification in C and always compiled; arch/<cpu>/meta.h defines
 * HPTE_ARCH_HAVE_X and hpte_arch_X() for those it replaces; the two walker
 * barriers have one switch.
 * Nothing is probed: what only some CPUs of an architecture have is used when
 * the host says so (hpte_table_config::cpu).  A new architecture is a new
 * directory and one line below.
 *
 *   primitive        what it must do
 *   group_search     first slot of a PTEG whose doubleword 0, whatever state
 *                    it is in, equals want under mask, all in table byte
 *                    order.  Answers where that doubleword is in the group:
 *                    0, 2, 4 .. 14; 16 or more if there is none.
 *                    Eight relaxed loads at most, in any order.  cpu:
 *                    HPTE_CPU_* bits of HPTE_ARCH_CPU_SEARCH to use.
 *                    HPTE_ARCH_CPU_WIDEST is the one of them, if any, that
 *                    only CPUs with a one-load snapshot have: the table asks
 *                    once for both.  _lines: the same on such a CPU, for a
 *                    group that is not in a cache near by.
 *   claim            compare-and-swap doubleword 0 from 0 to claimed,
 *                    acquire; true if it was 0.
 *   retract          compare-and-swap doubleword 0 of a valid entry to one
 *                    without V, acquire; true if it was as expected.  A
 *                    walker forgets the entry by tlb_invalidate() only.
 *   publish          store doubleword 0, release: who acquires it sees
 *                    doubleword 1 and the side line.
 *   snapshot         read both doublewords of an entry, acquire.  _open reads
 *                    0 before 1, _close 1 before 0, unless the read is one
 *                    load: then (HPTE_ARCH_HAVE_LOAD16) the pair is one that
 *                    stood there at one instant.
 *   before_valid     stores to doubleword 1 become visible to a hardware
 *                    walker before a later store of V=1 (eieio).
 *   after_valid      a walk that begins after it sees V=1 (ptesync).
 *   prefetch         hint that the cache line will be read;
 *   prefetch_write   that it will be written.  Any address: neither faults nor
 *                    orders anything.
 *   relax            hint that the CPU waits for another one.
 *
 * The barriers order this CPU against a walker, never CPU against CPU: that
 * is atomic.h.  Invalidation is the host's tlb_invalidate().
 */
#ifndef ARCH_ARCH_H
#define ARCH_ARCH_H

#include "hpte/env.h"

#ifndef HPTE_CONFIG_ASM
#define HPTE_CONFIG_ASM	0	/* sanitizers and analysers cannot see asm */
#endif
#ifndef HPTE_CONFIG_SIMD
#define HPTE_CONFIG_SIMD 0	/* kernels: vector registers are the user's */
#endif

/* Both doublewords of an entry, in table byte order. */
struct hpte_snapshot {
	hpte_be64_t dw0;
	hpte_be64_t dw1;
};

#include "arch/generic/group_search.h"	/* x86-64 falls back to it */

#ifdef HPTE_ARCH_META
#include HPTE_ARCH_META	/* a test's own CPU */
#elif HPTE_CONFIG_ASM && defined(__x86_64__)
#include "arch/x86_64/meta.h"
#elif HPTE_CONFIG_ASM && defined(__powerpc64__)
#include "arch/ppc64/meta.h"
#endif

#include "arch/generic/prefetch.h"
#include "arch/generic/publish.h"
#include "arch/generic/snapshot.h"

#ifndef HPTE_ARCH_HAVE_GROUP_SEARCH
#define HPTE_ARCH_CPU_SEARCH	0U
#define HPTE_ARCH_CPU_WIDEST	0U

static inline size_t
hpte_arch_group_search(unsigned int cpu, const hpte_be64_t *group,
		       hpte_be64_t want, const hpte_be64_t *mask)
{
	(void)cpu;
	return hpte_c_group_search(group, want, *mask);
}

static inline size_t hpte_arch_group_search_lines(const hpte_be64_t *group,
						  hpte_be64_t want,
						  const hpte_be64_t *mask)
{
	return hpte_c_group_search(group, want, *mask);
}
#endif

#ifndef HPTE_ARCH_HAVE_CLAIM
#define hpte_arch_claim		hpte_c_claim
#endif

#ifndef HPTE_ARCH_HAVE_RETRACT
#define hpte_arch_retract	hpte_c_retract
#endif

#ifndef HPTE_ARCH_HAVE_PUBLISH
#define hpte_arch_publish	hpte_c_publish
#endif

static inline void hpte_arch_prefetch(const void *line)
{
	hpte_c_prefetch(line);
}

#ifndef HPTE_ARCH_HAVE_PREFETCH_WRITE
#define hpte_arch_prefetch_write	hpte_c_prefetch_write
#endif

static inline struct hpte_snapshot
hpte_arch_snapshot_open(const hpte_be64_t *entry)
{
	return hpte_c_snapshot_open(entry);
}

static inline struct hpte_snapshot
hpte_arch_snapshot_close(const hpte_be64_t *entry)
{
	return hpte_c_snapshot_close(entry);
}

/*
 * The one-load snapshot.  Without it the table never asks: hpte_table_init()
 * then insists on a side array.
 */
#ifdef HPTE_ARCH_HAVE_LOAD16
#define HPTE_ARCH_LOAD16	1
#else
#define HPTE_ARCH_LOAD16	0
#define hpte_arch_load16	hpte_c_snapshot_open
#endif

#ifndef HPTE_ARCH_HAVE_WALKER_BARRIERS
#define hpte_arch_before_valid	hpte_c_before_valid
#define hpte_arch_after_valid	hpte_c_after_valid
#endif

#ifndef HPTE_ARCH_HAVE_RELAX
#define hpte_arch_relax		hpte_c_relax
#endif

#endif /* ARCH_ARCH_H */
