/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/platform/backing.h - the guest's memory map changes.
 */
#ifndef BACKING_H
#define BACKING_H

#include <stdbool.h>
#include <stdint.h>

/* False: not whole frames of RAM, or no such @backing (ABI_BACKING_*). */
bool backing_set(uint64_t gpa, uint64_t bytes, uint64_t backing);
bool backing_set_read_only(uint64_t gpa, bool read_only);

#endif /* BACKING_H */
