/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * arch/generic/prefetch.h - ask for a cache line before it is needed.
 *
 * What the compiler has for it.  On ppc64 that is dcbt and dcbtst, which
 * nothing beats; where a CPU has nothing, it is no code.
 */
#ifndef ARCH_GENERIC_PREFETCH_H
#define ARCH_GENERIC_PREFETCH_H

#include "hpte/env.h"

/* Into the second cache: the first is too small for all that is on its way. */
static inline void hpte_c_prefetch(const void *line)
{
	__builtin_prefetch(line, 0, 2);
}

static inline void hpte_c_prefetch_write(const void *line)
{
	__builtin_prefetch(line, 1, 3);
}

#endif /* ARCH_GENERIC_PREFETCH_H */
