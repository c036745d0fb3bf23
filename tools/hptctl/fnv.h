/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hptctl/fnv.h - the hash of a recording's checksums: FNV-1a, but over
 * 64-bit words instead of bytes.
 */
#ifndef HPTCTL_FNV_H
#define HPTCTL_FNV_H

#include <stdint.h>

#define FNV_START	UINT64_C(0xCBF29CE484222325)
#define FNV_PRIME	UINT64_C(0x100000001B3)

static inline uint64_t fnv_step(uint64_t hash, uint64_t word)
{
	return (hash ^ word) * FNV_PRIME;
}

#endif /* HPTCTL_FNV_H */
