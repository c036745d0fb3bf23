/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hptctl/dump.c - see dump.h.
 */
#include "dump.h"
#include "image.h"
#include "picture.h"
#include "show.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const state_names[IMAGE_STATES] = {
	"empty", "claimed", "valid", "absent", "other"
};

/**
 * struct sums - what stands in a table
 * @states:	slots by state
 * @odd:	valid and absent entries that cannot be decoded
 * @fill:	number of groups by number of entries, valid and absent
 */
struct sums {
	uint64_t states[IMAGE_STATES];
	uint64_t bolted;
	uint64_t secondary;
	uint64_t device;
	uint64_t inert;
	uint64_t busy;
	uint64_t odd;
	uint64_t fill[HPTE_GROUP_ENTRIES + 1];
};

static bool live(const struct image_slot *slot)
{
	return slot->state == IMAGE_VALID || slot->state == IMAGE_ABSENT;
}

static void count(struct sums *sums, const struct image_slot *slot)
{
	sums->states[slot->state]++;
	if (!live(slot))
		return;
	sums->bolted += (slot->dw0 & HPTE_DW0_BOLTED) != 0;
	sums->secondary += (slot->dw0 & HPTE_DW0_H) != 0;
	sums->device += slot->device;
	sums->inert += slot->inert;
	sums->busy += slot->busy;
	sums->odd += !slot->decoded;
}

static unsigned int live_in_group(const void *of, uint64_t group)
{
	const struct image *image = of;
	struct image_slot slot;
	unsigned int found = 0;
	unsigned int i;

	for (i = 0; i < HPTE_GROUP_ENTRIES; i++) {
		image_read(image, group * HPTE_GROUP_ENTRIES + i, &slot);
		found += live(&slot);
	}
	return found;
}

/* The software bits as four digits: two are libhpte's, two the guest's. */
static void print_slot(uint64_t index, const struct image_slot *slot,
		       bool first)
{
	struct text text;

	(void)first;
	text_clear(&text);
	text_add(&text, "0x%08" PRIx64 " %016" PRIx64 " %016" PRIx64 ": %s",
		 index, slot->dw0, slot->dw1, state_names[slot->state]);
	if (!live(slot)) {
		text_add(&text, ": neither valid nor absent");
	} else if (!slot->decoded) {
		text_add(&text, ", cannot be decoded");
	} else {
		show_fields(&text, &slot->entry, index);
		text_add(&text, ", SW %u%u%u%u%s%s",
			 (unsigned int)(slot->dw0 >> 6 & 1),
			 (unsigned int)(slot->dw0 >> 5 & 1),
			 (unsigned int)(slot->dw0 >> 4 & 1),
			 (unsigned int)(slot->dw0 >> 3 & 1),
			 slot->device ? ", device" : "",
			 slot->inert ? ", inert" : "");
	}
	printf("%s\n", text.chars);
}

static void print_sums(const struct image *image, const struct sums *sums)
{
	uint64_t entries = image_entries(image);
	uint64_t used = sums->states[IMAGE_VALID] + sums->states[IMAGE_ABSENT];
	unsigned int i;

	printf("table: order %u, format %s, %" PRIu64 " groups, %" PRIu64
	       " entries, used %" PRIu64 " (%.2f%%): valid %" PRIu64
	       ", absent %" PRIu64 "\n", image->order,
	       image->format == HPTE_FORMAT_300 ? "300" : "207",
	       entries / HPTE_GROUP_ENTRIES, entries, used,
	       100.0 * (double)used / (double)entries,
	       sums->states[IMAGE_VALID], sums->states[IMAGE_ABSENT]);
	printf("of these: bolted %" PRIu64 ", secondary %" PRIu64 " (%.2f%%)"
	       ", device %" PRIu64 ", inert %" PRIu64 ", busy %" PRIu64
	       ", not decoded %" PRIu64 "\n", sums->bolted, sums->secondary,
	       used ? 100.0 * (double)sums->secondary / (double)used : 0.0,
	       sums->device, sums->inert, sums->busy, sums->odd);
	printf("not used: claimed %" PRIu64 ", other %" PRIu64 "\n",
	       sums->states[IMAGE_CLAIMED], sums->states[IMAGE_OTHER]);
	printf("groups by number of entries 0..%u:", HPTE_GROUP_ENTRIES);
	for (i = 0; i <= HPTE_GROUP_ENTRIES; i++)
		printf(" %" PRIu64, sums->fill[i]);
	printf("\n");
}

/* Shows what is not empty; @first: nothing was shown before. */
typedef void show_slot(uint64_t index, const struct image_slot *slot,
		       bool first);

static void walk(const struct image *image, struct sums *sums, show_slot *show)
{
	uint64_t entries = image_entries(image);
	unsigned int in_group = 0;
	struct image_slot slot;
	bool first = true;
	uint64_t index;

	for (index = 0; index < entries; index++) {
		image_read(image, index, &slot);
		count(sums, &slot);
		in_group += live(&slot);
		if (live(&slot) || slot.state == IMAGE_OTHER) {
			show(index, &slot, first);
			first = false;
		}
		if (index % HPTE_GROUP_ENTRIES == HPTE_GROUP_ENTRIES - 1) {
			sums->fill[in_group]++;
			in_group = 0;
		}
	}
}

static void dump_text(const struct image *image, bool with_picture)
{
	struct sums sums = { .bolted = 0 };
	struct picture picture;

	walk(image, &sums, print_slot);
	print_sums(image, &sums);
	if (!with_picture)
		return;
	picture_take(&picture, image_entries(image) / HPTE_GROUP_ENTRIES,
		     live_in_group, image);
	picture_print(&picture);
}

static void print_fields_json(uint64_t index, const struct image_slot *slot)
{
	const struct hpte *entry = &slot->entry;
	struct hpte_va va;

	hpte_hash_rebuild(entry, &slot->page, index, &va);
	printf(", \"segment\": %u, \"base\": %u, \"actual\": %u, \"vsid\": %"
	       PRIu64 ", \"offset\": %" PRIu64 ", \"real\": %" PRIu64,
	       va.segment, slot->page.base, slot->page.actual, va.vsid,
	       va.offset, hpte_entry_real(entry->dw1, slot->page.actual));
	printf(", \"pp\": %u, \"key\": %u, \"wimg\": %u, \"r\": %u, \"c\": %u"
	       ", \"n\": %u",
	       (unsigned int)((entry->dw1 >> 61 & 4) |
			      (entry->dw1 & HPTE_DW1_PP)),
	       hpte_entry_key(entry->dw1), (unsigned int)(entry->dw1 >> 3 & 15),
	       entry->dw1 & HPTE_DW1_R ? 1U : 0U,
	       entry->dw1 & HPTE_DW1_C ? 1U : 0U,
	       entry->dw1 & HPTE_DW1_N ? 1U : 0U);
}

static void print_slot_json(uint64_t index, const struct image_slot *slot,
			    bool first)
{
	printf("%s\n    {\"index\": %" PRIu64 ", \"dw0\": \"%016" PRIx64
	       "\", \"dw1\": \"%016" PRIx64 "\", \"state\": \"%s\"",
	       first ? "" : ",", index, slot->dw0, slot->dw1,
	       state_names[slot->state]);
	if (slot->decoded) {
		printf(", \"secondary\": %s, \"bolted\": %s, \"software\": %u"
		       ", \"device\": %s, \"inert\": %s, \"busy\": %s",
		       slot->dw0 & HPTE_DW0_H ? "true" : "false",
		       slot->dw0 & HPTE_DW0_BOLTED ? "true" : "false",
		       (unsigned int)(slot->dw0 >> 3 & 15),
		       slot->device ? "true" : "false",
		       slot->inert ? "true" : "false",
		       slot->busy ? "true" : "false");
		print_fields_json(index, slot);
	}
	printf("}");
}

static void dump_json(const struct image *image)
{
	struct sums sums = { .bolted = 0 };
	unsigned int i;

	printf("{\n  \"entries\": [");
	walk(image, &sums, print_slot_json);
	printf("\n  ],\n  \"table\": {\"order\": %u, \"format\": %u",
	       image->order, image->format == HPTE_FORMAT_300 ? 300U : 207U);
	for (i = 0; i < IMAGE_STATES; i++)
		printf(", \"%s\": %" PRIu64, state_names[i], sums.states[i]);
	printf(",\n    \"bolted\": %" PRIu64 ", \"secondary\": %" PRIu64
	       ", \"device\": %" PRIu64 ", \"inert\": %" PRIu64
	       ", \"busy\": %" PRIu64 ", \"not_decoded\": %" PRIu64
	       ",\n    \"groups_by_entries\": [", sums.bolted, sums.secondary,
	       sums.device, sums.inert, sums.busy, sums.odd);
	for (i = 0; i <= HPTE_GROUP_ENTRIES; i++)
		printf("%s%" PRIu64, i ? ", " : "", sums.fill[i]);
	printf("]}\n}\n");
}

static bool choose_image_format(const struct dump_options *options,
				struct image *image)
{
	if (options->formatted) {
		image->format = options->format;
		return true;
	}
	if (image_find_format(image))
		return true;
	fprintf(stderr, "hptctl: %s: its entries do not tell their format; "
		"say --format=207 or --format=300\n", options->table);
	return false;
}

bool dump_file(const struct dump_options *options)
{
	struct image image;
	bool usable = image_load(&image, options->table) &&
		      choose_image_format(options, &image);

	if (usable && options->json)
		dump_json(&image);
	else if (usable)
		dump_text(&image, options->picture);
	free(image.bytes);
	return usable;
}
