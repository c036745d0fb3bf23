/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/interleave/tell.h - answers of operations, as steps of spec.h.
 */
#ifndef INTERLEAVE_TELL_H
#define INTERLEAVE_TELL_H

#include <stdbool.h>
#include <stdint.h>

#include "spec.h"

/* tell_entry() - what a step has found. */
void tell_entry(struct step *step, uint64_t dw0, uint64_t dw1);

/* tell_insert() - one that passed @passed slots, and took the next if @done. */
void tell_insert(unsigned int item, unsigned int passed, bool done,
		 const struct hpte *entry, bool device);

/* tell_unlink() - the first half of a remove. */
void tell_unlink(unsigned int item, unsigned int slot,
		 const struct hpte_condition *only);

/* tell_search() - in slots 0 and on; returns whether it found something. */
bool tell_search(unsigned int item, int status, const struct hpte_view *view);

#endif /* INTERLEAVE_TELL_H */
