/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/interleave/walker.h - who translates with the table: hardware, or an
 * emulator with a TLB of its own.
 */
#ifndef INTERLEAVE_WALKER_H
#define INTERLEAVE_WALKER_H

#include <hpte/hpte.h>

/* walker_run() - the hardware's thread: world.walks walks of slot 0. */
void walker_run(void);

/*
 * walker_invalidate() - what the host's tlb_invalidate() does, as one step:
 * afterwards nobody uses such a translation or is about to fetch it, and
 * whoever called sees the R and C of its uses.
 */
void walker_invalidate(const uint64_t *rb, unsigned int count);

/*
 * An emulator begins to translate, has read the entry, and then has the
 * translation unless it was invalidated in between.
 */
void emulator_begins(unsigned int slot);
void emulator_reads(void);
void emulator_has(const struct hpte_view *view);

/* Checks when an operation returns. */
void check_removed(unsigned int slot);
void check_narrowed(unsigned int slot);
void check_accounted(uint64_t gpa, unsigned int versions);
void check_unmapped(unsigned int version);

#endif /* INTERLEAVE_WALKER_H */
