/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hptctl/image.c - see image.h.
 *
 * The software bits are those of libhpte/internal.h.  A table that a guest
 * runs without libhpte has no absent entries, and the bits are its own.
 */
#include "image.h"
#include "input.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DW0_MARK	HPTE_BIT(0)	/* V=0: entered for a device */
#define DW0_BUSY	HPTE_BIT(57)
#define DW0_ABSENT	HPTE_BIT(58)	/* V=1, 3.0 format: B again */

#define FIRST_BYTES	(UINT64_C(1) << HPTE_ORDER_MIN)

/* log2 of what may be the size of a table, or 0. */
static unsigned int order_of(uint64_t bytes)
{
	unsigned int order;

	for (order = HPTE_ORDER_MIN; order <= HPTE_ORDER_MAX; order++) {
		if (bytes == UINT64_C(1) << order)
			return order;
	}
	return 0;
}

/* Twice the room, while the file goes on; false: see @in->error. */
static bool read_all(struct image *image, struct input *in, uint64_t *bytes)
{
	uint64_t room = FIRST_BYTES;

	*bytes = 0;
	for (;; room *= 2) {
		uint8_t *more = room <= SIZE_MAX ?
				realloc(image->bytes, (size_t)room) : NULL;
		size_t got;

		if (!more) {
			snprintf(in->error, sizeof(in->error), "no memory for "
				 "%" PRIu64 " bytes", room);
			return false;
		}
		image->bytes = more;
		got = input_read(in, more + *bytes, (size_t)(room - *bytes));
		if (got == INPUT_FAILED)
			return false;
		*bytes += got;
		if (*bytes < room)
			return true;
	}
}

static bool wrong_bytes(struct input *in, uint64_t bytes)
{
	snprintf(in->error, sizeof(in->error), "%" PRIu64 " bytes are no "
		 "table: it has 2^%u to 2^%u, a power of two", bytes,
		 HPTE_ORDER_MIN, HPTE_ORDER_MAX);
	return false;
}

static bool read_table(void *context, struct input *in)
{
	struct image *image = context;
	uint64_t bytes;

	/* not to read for hours what has the wrong size */
	if (!in->unpacker && in->file_bytes && !order_of(in->file_bytes))
		return wrong_bytes(in, in->file_bytes);
	if (!read_all(image, in, &bytes))
		return false;
	image->order = order_of(bytes);
	return image->order || wrong_bytes(in, bytes);
}

bool image_load(struct image *image, const char *path)
{
	*image = (struct image){ .format = HPTE_FORMAT_207 };
	return input_whole(path, read_table, image);
}

uint64_t image_entries(const struct image *image)
{
	return UINT64_C(1) << (image->order - 4);
}

static uint64_t be64_at(const uint8_t *from)
{
	uint64_t value = 0;
	unsigned int i;

	for (i = 0; i < 8; i++)
		value = value << 8 | from[i];
	return value;
}

static enum image_state state_of(uint64_t dw0)
{
	if (dw0 & HPTE_DW0_V)
		return IMAGE_VALID;
	if (dw0 & DW0_ABSENT)
		return IMAGE_ABSENT;
	if (!dw0)
		return IMAGE_EMPTY;
	return dw0 == DW0_BUSY ? IMAGE_CLAIMED : IMAGE_OTHER;
}

/* Only a valid entry is in the format of the hardware: an absent one is as
 * the guest gave it. */
static bool decode(const struct image *image, struct image_slot *slot)
{
	slot->entry.dw0 = slot->dw0 & ~(DW0_BUSY | DW0_ABSENT);
	slot->entry.dw1 = slot->dw1;
	if (slot->state == IMAGE_ABSENT)
		slot->entry.dw0 = (slot->entry.dw0 & ~DW0_MARK) | HPTE_DW0_V;
	else if (image->format == HPTE_FORMAT_300 &&
		 hpte_entry_from_300(&slot->entry, &slot->entry) != HPTE_OK)
		return false;
	return !(slot->entry.dw0 & HPTE_DW0_B & ~HPTE_DW0_B_1T) &&
	       hpte_entry_page(slot->dw0, slot->dw1, &slot->page) == HPTE_OK;
}

void image_read(const struct image *image, uint64_t index,
		struct image_slot *slot)
{
	const uint8_t *bytes = image->bytes + index * HPTE_ENTRY_BYTES;

	*slot = (struct image_slot){
		.dw0 = be64_at(bytes),
		.dw1 = be64_at(bytes + 8)
	};
	slot->state = (uint8_t)state_of(slot->dw0);
	if (slot->state != IMAGE_VALID && slot->state != IMAGE_ABSENT)
		return;
	slot->device = slot->state == IMAGE_ABSENT && (slot->dw0 & DW0_MARK);
	slot->busy = (slot->dw0 & DW0_BUSY) != 0;
	slot->decoded = decode(image, slot);
	slot->inert = slot->decoded &&
		      !hpte_hash_reachable(&slot->entry, &slot->page, index,
					   image->order);
}

static bool same_entry(const struct hpte *a, const struct hpte *b)
{
	return a->dw0 == b->dw0 && a->dw1 == b->dw1;
}

bool image_find_format(struct image *image)
{
	struct image other = *image;
	struct image_slot old_slot, new_slot;
	bool old_fits = true, new_fits = true, same = true;
	uint64_t index;

	image->format = HPTE_FORMAT_207;
	other.format = HPTE_FORMAT_300;
	for (index = 0; index < image_entries(image); index++) {
		image_read(image, index, &old_slot);
		if (old_slot.state != IMAGE_VALID)
			continue;
		image_read(&other, index, &new_slot);
		old_fits = old_fits && old_slot.decoded && !old_slot.inert;
		new_fits = new_fits && new_slot.decoded && !new_slot.inert;
		same = same && same_entry(&old_slot.entry, &new_slot.entry);
	}
	if (new_fits && !old_fits)
		image->format = HPTE_FORMAT_300;
	return old_fits != new_fits || (old_fits && same);
}
