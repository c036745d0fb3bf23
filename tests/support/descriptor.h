/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/support/descriptor.h - a segment descriptor for a virtual address.
 */
#ifndef TEST_SUPPORT_DESCRIPTOR_H
#define TEST_SUPPORT_DESCRIPTOR_H

#include <hpte/hash.h>

/* The slbmte image without Ks, Kp, N of the segment it lies in. */
static inline uint64_t test_descriptor(const struct hpte_va *va)
{
	uint64_t descriptor = va->segment == 40 ?
		UINT64_C(0x4000000000000000) | va->vsid << 24 : va->vsid << 12;

	switch (va->base) {
	case 16:
		return descriptor | 0x110;
	case 24:
		return descriptor | 0x100;
	case 34:
		return descriptor | 0x120;
	default:
		return descriptor;
	}
}

#endif /* TEST_SUPPORT_DESCRIPTOR_H */
