/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hptctl/picture.h - a table as a picture of characters.
 */
#ifndef HPTCTL_PICTURE_H
#define HPTCTL_PICTURE_H

#include <stdint.h>

#include "hpte/hpte.h"

#define PICTURE_COLUMNS	64U
#define PICTURE_ROWS	16U

/**
 * struct picture - what a table looked like at one moment
 * @groups:	one shade stands for this many
 * @load:	share of the slots in use
 * @shade:	index of the character: 0 empty
 * @fill:	number of groups by number of entries
 */
struct picture {
	uint64_t groups;
	double load;
	uint8_t shade[PICTURE_ROWS][PICTURE_COLUMNS];
	uint64_t fill[HPTE_GROUP_ENTRIES + 1];
};

/* The number of entries in one group. */
typedef unsigned int picture_entries(const void *table, uint64_t group);

/**
 * picture_take() - look at all groups
 * @groups:	how many there are: a power of two, one for each character at
 *		least, as in the smallest table
 */
void picture_take(struct picture *picture, uint64_t groups,
		  picture_entries *entries_in, const void *table);

/* picture_print() - the picture and the histogram, on standard output */
void picture_print(const struct picture *picture);

#endif /* HPTCTL_PICTURE_H */
