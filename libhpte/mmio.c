/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * libhpte/mmio.c - the registry of emulated devices, and one access.
 *
 * Layer: 3 (services).
 *
 * A slot holds a copy of the region, in words that are read and written one
 * by one, and a sequence number: odd while a writer is in the slot, 0 mod 4
 * when it is free, 2 mod 4 when it holds a region.  A reader takes the words
 * between two equal even values of it.  Guarantee S (docs/concurrency.md):
 * the words belong together if the sequence is the same before and after.
 * Writers exclude each other by a try-lock; no reader ever waits: a slot that
 * is being written is passed over, since the region is then just coming or
 * going.
 */
#include "hpte/mmio.h"
#include "libhpte/atomic.h"

#define SIZES		0xFU		/* 1 | 2 | 4 | 8 */
#define FLAGS		(HPTE_MMIO_LITTLE_ENDIAN | HPTE_MMIO_UNALIGNED | \
			 HPTE_MMIO_NOTIFY)
#define SLOT_WRITING	1U
#define SLOT_USED	2U

/* Words of a slot. */
enum { START, BYTES, SIZES_FLAGS, OPS, CTX };

static uint64_t load(const struct hpte_mmio_slot *slot, unsigned int word)
{
	/* acquire: before the sequence is read again (S) */
	return hpte_atomic_load_acquire(&slot->priv_words[word]);
}

/* A consistent copy of a slot's region; false if it holds none now. */
static bool read_slot(const struct hpte_mmio_slot *slot,
		      struct hpte_mmio_region *region)
{
	uint64_t sequence, both;

	/* acquire: the words are read after it (S) */
	sequence = hpte_atomic_load_acquire(&slot->priv_sequence);
	if ((sequence & (SLOT_WRITING | SLOT_USED)) != SLOT_USED)
		return false;
	region->start = load(slot, START);
	region->bytes = load(slot, BYTES);
	both = load(slot, SIZES_FLAGS);
	region->size_mask = (uint32_t)(both >> 32);
	region->flags = (uint32_t)both;
	region->ops = (const void *)(uintptr_t)load(slot, OPS);
	region->ctx = (void *)(uintptr_t)load(slot, CTX);
	return hpte_atomic_load(&slot->priv_sequence) == sequence;
}

static void store(struct hpte_mmio_slot *slot, unsigned int word,
		  uint64_t value)
{
	/* release: after the odd sequence (S) */
	hpte_atomic_store_release(&slot->priv_words[word], value);
}

/* Write a slot; a NULL region empties it.  The bus's lock is held. */
static void write_slot(struct hpte_mmio_slot *slot,
		       const struct hpte_mmio_region *region)
{
	uint64_t sequence = hpte_atomic_load(&slot->priv_sequence);

	hpte_atomic_store(&slot->priv_sequence, sequence | SLOT_WRITING);
	if (region) {
		store(slot, START, region->start);
		store(slot, BYTES, region->bytes);
		store(slot, SIZES_FLAGS, (uint64_t)region->size_mask << 32 |
					 region->flags);
		store(slot, OPS, (uintptr_t)region->ops);
		store(slot, CTX, (uintptr_t)region->ctx);
	}
	/* release: the words before the even sequence (S) */
	hpte_atomic_store_release(&slot->priv_sequence,
				  (sequence & ~UINT64_C(3)) + 4 +
				  (region ? SLOT_USED : 0));
}

static bool bus_lock(struct hpte_mmio *bus)
{
	/* acquire: the slots as the last writer left them; with bus_unlock() */
	return hpte_atomic_cas_acquire(&bus->priv_lock, 0, 1);
}

static void bus_unlock(struct hpte_mmio *bus)
{
	/* release: the slots; with bus_lock() */
	hpte_atomic_store_release(&bus->priv_lock, 0);
}

void hpte_mmio_init(struct hpte_mmio *bus, struct hpte_mmio_slot *slots,
		    size_t count)
{
	bus->priv_slots = slots;
	bus->priv_count = count;
	bus->priv_lock = 0;
	bus->priv_table = NULL;
}

void hpte_mmio_set_table(struct hpte_mmio *bus, const struct hpte_table *table)
{
	bus->priv_table = table;
}

static bool region_valid(const struct hpte_mmio_region *region)
{
	return region->bytes && region->start + (region->bytes - 1) >=
				region->start &&
	       region->size_mask && !(region->size_mask & ~SIZES) &&
	       !(region->flags & ~FLAGS) &&
	       region->ops && region->ops->ops_size >= sizeof(*region->ops) &&
	       region->ops->access;
}

static bool overlap(const struct hpte_mmio_region *a,
		    const struct hpte_mmio_region *b)
{
	return a->start <= b->start + (b->bytes - 1) &&
	       b->start <= a->start + (a->bytes - 1);
}

/* The slot for a new region.  The bus's lock is held. */
static int find_free(struct hpte_mmio *bus,
		     const struct hpte_mmio_region *region,
		     struct hpte_mmio_slot **found)
{
	struct hpte_mmio_region other;

	*found = NULL;
	for (uint64_t i = 0; i < bus->priv_count; i++) {
		struct hpte_mmio_slot *slot = &bus->priv_slots[i];

		if (!read_slot(slot, &other)) {
			if (!*found)
				*found = slot;
		} else if (overlap(&other, region)) {
			return HPTE_ERR_PARAM;
		}
	}
	return *found ? HPTE_OK : HPTE_ERR_FULL;
}

int hpte_mmio_add(struct hpte_mmio *bus, const struct hpte_mmio_region *region)
{
	struct hpte_mmio_slot *slot;
	int status;

	if (!region_valid(region))
		return HPTE_ERR_PARAM;
	if (!bus_lock(bus))
		return HPTE_ERR_AGAIN;
	status = find_free(bus, region, &slot);
	if (status == HPTE_OK)
		write_slot(slot, region);
	bus_unlock(bus);
	return status;
}

int hpte_mmio_remove(struct hpte_mmio *bus, uint64_t start)
{
	int status = HPTE_ERR_NOTFOUND;
	struct hpte_mmio_region region;

	if (!bus_lock(bus))
		return HPTE_ERR_AGAIN;
	for (uint64_t i = 0; i < bus->priv_count; i++) {
		struct hpte_mmio_slot *slot = &bus->priv_slots[i];

		if (read_slot(slot, &region) && region.start == start) {
			write_slot(slot, NULL);
			status = HPTE_OK;
			break;
		}
	}
	bus_unlock(bus);
	return status;
}

/*
 * Is the slot worth a consistent copy?  What it held before may still be in
 * it, and words that are being written may not belong together: the copy
 * tells, and a region missed here is just coming or going.
 */
static bool may_cover(const struct hpte_mmio_slot *slot, uint64_t gpa)
{
	return gpa - hpte_atomic_load(&slot->priv_words[START]) <
	       hpte_atomic_load(&slot->priv_words[BYTES]);
}

int hpte_mmio_find(const struct hpte_mmio *bus, uint64_t gpa,
		   struct hpte_mmio_region *region)
{
	struct hpte_mmio_region seen;

	for (uint64_t i = 0; i < bus->priv_count; i++) {
		const struct hpte_mmio_slot *slot = &bus->priv_slots[i];

		if (!may_cover(slot, gpa) || !read_slot(slot, &seen) ||
		    gpa < seen.start || gpa - seen.start >= seen.bytes)
			continue;
		*region = seen;
		return HPTE_OK;
	}
	return HPTE_ERR_NOTFOUND;
}

uint64_t hpte_mmio_to_guest(const struct hpte_mmio_region *region,
			    uint64_t value, unsigned int size, bool big_endian)
{
	bool device_big = !(region->flags & HPTE_MMIO_LITTLE_ENDIAN);
	unsigned int unused = 64 - 8 * (size & 0xF);

	if (unused > 56)
		return 0;	/* not a size */
	if (device_big != big_endian)
		return __builtin_bswap64(value) >> unused;
	return value << unused >> unused;
}

/* Does the device take an access of this size at this offset? */
static bool acceptable(const struct hpte_mmio_region *region, uint64_t offset,
		       unsigned int size, bool notify)
{
	if (!size || size > 8 || (size & (size - 1)))
		return false;
	if (offset >= region->bytes || region->bytes - offset < size)
		return false;
	if (notify)
		return true;
	if (!(region->size_mask & size))
		return false;
	return (region->flags & HPTE_MMIO_UNALIGNED) || !(offset & (size - 1));
}

enum hpte_mmio_result hpte_mmio_dispatch(const struct hpte_mmio_region *region,
					 uint64_t gpa, unsigned int size,
					 bool is_store, bool big_endian,
					 uint64_t *value)
{
	struct hpte_mmio_access access = {
		.offset = gpa - region->start, .size = (uint8_t)size,
		.is_store = is_store,
	};
	bool notify = is_store && (region->flags & HPTE_MMIO_NOTIFY);
	enum hpte_mmio_result result;

	if (!acceptable(region, access.offset, size, notify))
		return HPTE_MMIO_UNCLAIMED;
	if (is_store && !notify)
		access.value = hpte_mmio_to_guest(region, *value, size,
						  big_endian);
	result = region->ops->access(region->ctx, &access);
	if (result < HPTE_MMIO_FAULT || result > HPTE_MMIO_PENDING)
		return HPTE_MMIO_FAULT;
	if (result == HPTE_MMIO_DONE && !is_store)
		*value = hpte_mmio_to_guest(region, access.value, size,
					    big_endian);
	return result;
}
