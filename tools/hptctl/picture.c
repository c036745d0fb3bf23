/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hptctl/picture.c - the final table as a picture of characters.
 */
#include "replay.h"

#include <inttypes.h>
#include <stdio.h>

#define COLUMNS		64U
#define ROWS		16U
#define BAR_COLUMNS	40U

/* From no entry in any group to eight in all. */
static const char shades[] = " .:-=+*%#";

#define DARKEST		((unsigned int)sizeof(shades) - 2)

static uint64_t entries_in(const struct hpte_table *table, uint64_t first,
			   uint64_t count)
{
	struct hpte_view view;
	uint64_t found = 0;
	uint64_t i;

	for (i = 0; i < count; i++) {
		if (hpte_table_read(table, first + i, &view) == HPTE_OK)
			found++;
	}
	return found;
}

/* Not empty shows, and only full looks full. */
static char shade_of(uint64_t found, uint64_t room)
{
	unsigned int shade;

	if (!found)
		return shades[0];
	if (found == room)
		return shades[DARKEST];
	shade = 1 + (unsigned int)((double)found / (double)room *
				   (DARKEST - 1));
	return shades[shade];
}

static void print_grid(const struct hpte_table *table)
{
	uint64_t entries = hpte_table_entries(table);
	uint64_t part = entries / (COLUMNS * ROWS);
	unsigned int row, column;

	printf("table by group number, one character for %" PRIu64
	       " groups; empty \"%c\" to full \"%c\"\n",
	       part / HPTE_GROUP_ENTRIES, shades[0], shades[DARKEST]);
	for (row = 0; row < ROWS; row++) {
		uint64_t first = row * COLUMNS * part;

		printf("%10" PRIx64 " |", first / HPTE_GROUP_ENTRIES);
		for (column = 0; column < COLUMNS; column++)
			putchar(shade_of(entries_in(table,
						    first + column * part,
						    part), part));
		printf("|\n");
	}
}

static void print_histogram(const struct replay_occupancy *occupancy)
{
	uint64_t most = 1;
	unsigned int i, bar;

	for (i = 0; i <= HPTE_GROUP_ENTRIES; i++) {
		if (occupancy->fill[i] > most)
			most = occupancy->fill[i];
	}
	printf("groups by number of entries\n");
	for (i = 0; i <= HPTE_GROUP_ENTRIES; i++) {
		printf("%10u |", i);
		for (bar = 0; (double)bar < (double)occupancy->fill[i] /
		     (double)most * BAR_COLUMNS; bar++)
			putchar('#');
		printf(" %" PRIu64 "\n", occupancy->fill[i]);
	}
}

void report_picture(const struct replay *replay)
{
	struct replay_occupancy occupancy;

	replay_occupancy(replay, &occupancy);
	print_grid(&replay->guest.table);
	print_histogram(&occupancy);
}
