/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hptctl/picture.c - see picture.h.
 */
#include "picture.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define BAR_COLUMNS	40U

/* From no entry in any group to eight in all. */
static const char shades[] = " .:-=+*%#";

#define DARKEST		((unsigned int)sizeof(shades) - 2)

/* Not empty shows, and only full looks full. */
static uint8_t shade_of(uint64_t found, uint64_t room)
{
	if (!found || found == room)
		return found ? DARKEST : 0;
	return (uint8_t)(1 + (unsigned int)((double)found / (double)room *
					    (DARKEST - 1)));
}

void picture_take(struct picture *picture, uint64_t groups,
		  picture_entries *entries_in, const void *table)
{
	uint64_t part = groups / (PICTURE_ROWS * PICTURE_COLUMNS);
	uint64_t total = 0;
	uint64_t group = 0;

	memset(picture, 0, sizeof(*picture));
	picture->groups = part;
	while (group < groups) {
		uint64_t place = group / part;
		uint64_t end = group + part;
		uint64_t found = 0;

		for (; group < end; group++) {
			unsigned int entries = entries_in(table, group);

			picture->fill[entries]++;
			found += entries;
		}
		picture->shade[place / PICTURE_COLUMNS]
			      [place % PICTURE_COLUMNS] =
			shade_of(found, part * HPTE_GROUP_ENTRIES);
		total += found;
	}
	picture->load = (double)total /
			(double)(groups * HPTE_GROUP_ENTRIES);
}

static void print_shades(const struct picture *picture)
{
	uint64_t first = 0;
	unsigned int row, column;

	for (row = 0; row < PICTURE_ROWS; row++) {
		printf("%10" PRIx64 " |", first);
		for (column = 0; column < PICTURE_COLUMNS; column++)
			putchar(shades[picture->shade[row][column]]);
		printf("|\n");
		first += PICTURE_COLUMNS * picture->groups;
	}
	printf("%10s  %" PRIu64 " groups a character, the number of the first "
	       "on the left;\n%10s  from empty \"%c\" to full \"%c\"\n", "",
	       picture->groups, "", shades[0], shades[DARKEST]);
}

static void print_histogram(const struct picture *picture)
{
	uint64_t most = 1;
	unsigned int i, bar;

	for (i = 0; i <= HPTE_GROUP_ENTRIES; i++) {
		if (picture->fill[i] > most)
			most = picture->fill[i];
	}
	for (i = 0; i <= HPTE_GROUP_ENTRIES; i++) {
		printf("%10u |", i);
		for (bar = 0; (double)bar < (double)picture->fill[i] /
		     (double)most * BAR_COLUMNS; bar++)
			putchar('#');
		printf(" %" PRIu64 "\n", picture->fill[i]);
	}
	printf("%10s  groups by number of entries\n\n", "");
}

void picture_print(const struct picture *picture)
{
	print_shades(picture);
	print_histogram(picture);
}
