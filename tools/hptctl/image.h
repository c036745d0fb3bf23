/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hptctl/image.h - an image of a table, and what its slots hold.
 */
#ifndef HPTCTL_IMAGE_H
#define HPTCTL_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "hpte/hpte.h"

/* What a slot of the table of a libhpte host holds. */
enum image_state {
	IMAGE_EMPTY,
	IMAGE_CLAIMED,	/* an insert was filling it */
	IMAGE_VALID,
	IMAGE_ABSENT,	/* live, but not for the walker */
	IMAGE_OTHER,	/* none of these: a remover was at work, or damage */
	IMAGE_STATES
};

/**
 * struct image - a table as it lay in memory
 * @bytes:	1 << @order of them
 * @format:	HPTE_FORMAT_* of its valid entries
 */
struct image {
	uint8_t *bytes;
	unsigned int order;
	unsigned int format;
};

/**
 * struct image_slot - one slot
 * @dw0:	as it lies there
 * @dw1:	as it lies there
 * @entry:	the entry in 2.07 format, without software bits of libhpte
 * @page:	its page sizes, if @decoded
 * @state:	enum image_state
 * @decoded:	valid or absent, and every field has a meaning
 * @device:	absent, entered for a device
 * @busy:	an owner was at work
 * @inert:	it does not stand where its virtual address hashes to
 */
struct image_slot {
	uint64_t dw0;
	uint64_t dw1;
	struct hpte entry;
	struct hpte_page page;
	uint8_t state;
	bool decoded;
	bool device;
	bool busy;
	bool inert;
};

/* image_load() - read the file; false: unusable, said on stderr.  Free
 * @image->bytes in any case. */
bool image_load(struct image *image, const char *path);

/* image_entries() - the number of slots */
uint64_t image_entries(const struct image *image);

/* image_read() - one slot */
void image_read(const struct image *image, uint64_t index,
		struct image_slot *slot);

/**
 * image_find_format() - tell @image->format by the entries
 *
 * A format can be right only if each valid entry can be decoded in it and
 * stands where its virtual address then hashes to.
 *
 * Return: false if that leaves none, or two that differ in what an entry
 * means.
 */
bool image_find_format(struct image *image);

#endif /* HPTCTL_IMAGE_H */
