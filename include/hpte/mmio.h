/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hpte/mmio.h - emulated devices: where they lie and how they are called.
 *
 * Layer: 3 (services).  Depends on: env.h, status.h.
 *
 * A bus is a caller-owned array of slots; a region put into a slot says what
 * guest real addresses a device answers for, which accesses it takes, and in
 * what byte order it keeps its registers.  The library checks size,
 * alignment and bounds and swaps bytes; the device sees numbers.
 *
 * Concurrency.  Looking up a region takes no lock and writes nothing; regions
 * may come and go meanwhile.  An access that has found its region may still
 * be inside the device's callback when hpte_mmio_remove() returns: before
 * the device's memory is reused, every CPU that was in the library then must
 * have left it once (as for a hypervisor's own read-copy-update).
 */
#ifndef HPTE_MMIO_H
#define HPTE_MMIO_H

#include "env.h"
#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a device answers. */
enum hpte_mmio_result {
	HPTE_MMIO_FAULT		= -1,	/* bus error */
	HPTE_MMIO_UNCLAIMED	= 0,	/* not mine; no other is tried */
	HPTE_MMIO_DONE		= 1,	/* performed */
	HPTE_MMIO_PENDING	= 2	/* the host completes it later */
};

/**
 * struct hpte_mmio_access - one access to a device, already decoded
 * @offset:	bytes from the start of the region, not a guest address
 * @value:	the number the device's register means: given for a store, to be
 *		filled in for a load; bits above @size are zero, or ignored
 * @size:	1, 2, 4 or 8 bytes; the access lies wholly inside the region
 * @is_store:	true for a store
 */
struct hpte_mmio_access {
	uint64_t offset;
	uint64_t value;
	uint8_t size;
	bool is_store;
	uint8_t reserved[6];
};

/**
 * struct hpte_mmio_ops - callbacks of one kind of device
 * @ops_size:	sizeof(struct hpte_mmio_ops) as the host compiled it
 * @access:	perform one access.  Required.
 *
 * Context: called on the guest's CPU with nothing of the library held or
 * claimed; it may call back into libhpte.  Whether it may sleep is the host's
 * own rule.
 */
struct hpte_mmio_ops {
	size_t ops_size;
	enum hpte_mmio_result (*access)(void *ctx,
					struct hpte_mmio_access *access);
};

#define HPTE_MMIO_LITTLE_ENDIAN	0x1U	/* registers are little-endian */
#define HPTE_MMIO_UNALIGNED	0x2U	/* offsets need not be aligned */

/**
 * struct hpte_mmio_region - what a device answers for
 * @start:	first guest real address
 * @bytes:	length, at least 1; @start + @bytes does not wrap
 * @size_mask:	OR of the access sizes it takes: 1 | 2 | 4 | 8
 * @flags:	HPTE_MMIO_*; without LITTLE_ENDIAN it is big-endian
 * @ops:	its callbacks; must outlive the registration
 * @ctx:	their first argument
 */
struct hpte_mmio_region {
	uint64_t start;
	uint64_t bytes;
	uint32_t size_mask;
	uint32_t flags;
	const struct hpte_mmio_ops *ops;
	void *ctx;
};

/**
 * struct hpte_mmio_slot - room for one region; zero when it is free
 */
struct hpte_mmio_slot {
	uint64_t priv_sequence;
	uint64_t priv_words[5];
};

/**
 * struct hpte_mmio - the devices of one guest
 */
struct hpte_mmio {
	struct hpte_mmio_slot *priv_slots;
	uint64_t priv_count;
	uint64_t priv_lock;
};

/**
 * hpte_mmio_init() - a bus without devices
 * @bus:	structure to fill
 * @slots:	zeroed room for @count regions; must outlive @bus
 * @count:	number of slots
 */
HPTE_API void hpte_mmio_init(struct hpte_mmio *bus,
			     struct hpte_mmio_slot *slots, size_t count);

/**
 * hpte_mmio_add() - register a region
 * @bus:	bus
 * @region:	its description; copied
 *
 * Return: HPTE_OK, or
 *	HPTE_ERR_PARAM	no length, wraps, no or unknown size, unknown flag, no
 *			access callback, or an ops structure of an older
 *			version; or it overlaps a region that is there.
 *	HPTE_ERR_FULL	no free slot.
 *	HPTE_ERR_AGAIN	another CPU is changing the bus.
 */
HPTE_API HPTE_MUST_CHECK
int hpte_mmio_add(struct hpte_mmio *bus, const struct hpte_mmio_region *region);

/**
 * hpte_mmio_remove() - take a region away
 * @bus:	bus
 * @start:	first address of the region, as it was registered
 *
 * Return: HPTE_OK: no access that begins now finds it, or
 *	HPTE_ERR_NOTFOUND	no region starts there.
 *	HPTE_ERR_AGAIN		another CPU is changing the bus.
 */
HPTE_API HPTE_MUST_CHECK
int hpte_mmio_remove(struct hpte_mmio *bus, uint64_t start);

/**
 * hpte_mmio_find() - the region that answers for an address
 * @bus:	bus
 * @gpa:	guest real address
 * @region:	where to put its description
 *
 * Progress: lock-free; a region that is just being added or removed is not
 * found.
 *
 * Return: HPTE_OK, or
 *	HPTE_ERR_NOTFOUND	there is none.
 */
HPTE_API HPTE_MUST_CHECK
int hpte_mmio_find(const struct hpte_mmio *bus, uint64_t gpa,
		   struct hpte_mmio_region *region);

/**
 * hpte_mmio_dispatch() - perform one access
 * @region:	the device, from hpte_mmio_find()
 * @gpa:	guest real address of the first byte, inside the region
 * @size:	bytes
 * @is_store:	direction
 * @big_endian:	the guest's byte order for this access
 * @value:	the number in the guest's byte order: given for a store, where
 *		to put it for a load that is DONE
 *
 * Return: as the device answers; HPTE_MMIO_UNCLAIMED, without asking it, if
 * the access leaves the region, or has a size or an alignment that the
 * device does not take.  What is no HPTE_MMIO_* counts as FAULT.
 */
HPTE_API HPTE_MUST_CHECK
enum hpte_mmio_result hpte_mmio_dispatch(const struct hpte_mmio_region *region,
					 uint64_t gpa, unsigned int size,
					 bool is_store, bool big_endian,
					 uint64_t *value);

/**
 * hpte_mmio_to_guest() - a device's number as the guest reads it
 * @region:	the device
 * @value:	the number its register means
 * @size:	bytes of the access: 1, 2, 4 or 8
 * @big_endian:	the guest's byte order for this access
 *
 * For accesses that were PENDING; the inverse is the same function.
 *
 * Return: the low @size bytes, reversed where the two orders differ.
 */
HPTE_API uint64_t hpte_mmio_to_guest(const struct hpte_mmio_region *region,
				     uint64_t value, unsigned int size,
				     bool big_endian);

#ifdef __cplusplus
}
#endif

#endif /* HPTE_MMIO_H */
