/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/platform/backing.c - the guest's memory map changes.
 *
 * VISOR_BACKING, VISOR_READ_ONLY of abi.h: what a host does that takes memory
 * away from its guest, or watches its stores.
 */
#include "examples/visor/visor.h"

#include "abi.h"
#include "backing.h"

static struct frame *frame_at(uint64_t gpa)
{
	return &guest.frames[gpa >> FRAME_SHIFT];
}

static bool in_ram(uint64_t gpa, uint64_t bytes)
{
	return gpa < guest.ram_bytes && bytes <= guest.ram_bytes - gpa;
}

bool backing_set(uint64_t gpa, uint64_t bytes, uint64_t backing)
{
	static const uint8_t kinds[] = {
		[ABI_BACKING_RAM] = HPTE_BACKING_RAM,
		[ABI_BACKING_IO] = HPTE_BACKING_IO,
		[ABI_BACKING_HOLE] = HPTE_BACKING_HOLE,
	};

	if (backing >= sizeof(kinds) || !bytes || !in_ram(gpa, bytes) ||
	    (gpa | bytes) % FRAME_BYTES)
		return false;
	host_change_begin();
	for (uint64_t at = gpa; at < gpa + bytes; at += FRAME_BYTES)
		__atomic_store_n(&frame_at(at)->backing, kinds[backing],
				 __ATOMIC_RELAXED);
	host_change_end(gpa, bytes);
	hpte_fault_forget(&guest.table);
	return true;
}

bool backing_set_read_only(uint64_t gpa, bool read_only)
{
	if (!in_ram(gpa, 1))
		return false;
	gpa &= ~(FRAME_BYTES - 1);
	host_change_begin();
	__atomic_store_n(&frame_at(gpa)->read_only, read_only,
			 __ATOMIC_RELAXED);
	host_change_end(gpa, FRAME_BYTES);
	return true;
}
