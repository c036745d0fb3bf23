/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hptctl/final.c - compare the table with a recorded image of it.
 */
#include "fnv.h"
#include "replay.h"
#include "show.h"

#include <inttypes.h>

/* The recorder's own mark, in doubleword 0 of any slot. */
#define RECORDER_MARK	HPTE_BIT(57)

static uint64_t get_be64(const uint8_t *from)
{
	uint64_t value = 0;
	unsigned int i;

	for (i = 0; i < 8; i++)
		value = value << 8 | from[i];
	return value;
}

static void compare_entry(struct replay *replay, uint64_t index,
			  const struct hpte *recorded)
{
	bool stale = replay->raw_suspect && !(recorded->dw0 & HPTE_DW0_V);
	struct hpte_view view;
	struct text *text;

	if (hpte_table_read(&replay->guest.table, index, &view) != HPTE_OK)
		view.guest = (struct hpte){ 0, 0 };
	if (recorded->dw0 == view.guest.dw0 &&
	    (stale || recorded->dw1 == view.guest.dw1))
		return;
	text = replay_mismatch(replay);
	if (!text)
		return;
	text_add(text, "  final:    entry at index 0x%" PRIx64 "\n  recorded: ",
		 index);
	show_entry(text, recorded->dw0, recorded->dw1, index);
	text_add(text, "  replayed: ");
	show_entry(text, view.guest.dw0, view.guest.dw1, index);
}

/* ck_raw of the file itself: is it the table that was recorded? */
static void check_raw(struct replay *replay, uint64_t raw)
{
	if (replay->raw_suspect && raw != replay->raw_recorded) {
		struct text *text = replay_mismatch(replay);

		text_add(text, "  final:    ck_raw of the file is %016" PRIx64
			 ", of the recording %016" PRIx64 "\n", raw,
			 replay->raw_recorded);
	}
}

static void wrong_size(struct input *in, const char *how, unsigned int order)
{
	snprintf(in->error, sizeof(in->error),
		 "the table is too %s: the recording ends with 2^%u bytes",
		 how, order);
}

static bool compare_all(void *context, struct input *in)
{
	struct replay *replay = context;
	uint64_t entries = UINT64_C(1) << (replay->order - 4);
	uint64_t raw = FNV_START;
	uint8_t bytes[HPTE_ENTRY_BYTES];
	struct hpte recorded;
	uint64_t index;
	size_t got;

	for (index = 0; index < entries; index++) {
		got = input_read(in, bytes, sizeof(bytes));
		if (got == INPUT_FAILED)
			return false;
		if (got != sizeof(bytes)) {
			wrong_size(in, "short", replay->order);
			return false;
		}
		recorded.dw0 = get_be64(bytes) & ~RECORDER_MARK;
		recorded.dw1 = get_be64(bytes + 8);
		raw = fnv_step(fnv_step(raw, recorded.dw0), recorded.dw1);
		compare_entry(replay, index, &recorded);
	}
	got = input_read(in, bytes, 1);
	if (got == 1)
		wrong_size(in, "long", replay->order);
	check_raw(replay, raw);
	replay->stats.final_entries = entries;
	return got == 0;
}

bool replay_final(struct replay *replay)
{
	return input_whole(replay->options->final, compare_all, replay);
}
