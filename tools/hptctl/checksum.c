/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hptctl/checksum.c - compare the whole table with a recorded checksum.
 *
 * ck_valid covers the valid entries.  ck_raw
 * covers every slot, and so also doubleword 1 of empty ones; PAPR does not
 * want that zeroed, so a recorder may leave it stale.  Then ck_raw differs
 * from its first such slot on and never agrees again for this table; if it
 * does agree again, the difference was a real one.
 */
#include "fnv.h"
#include "replay.h"

#include <inttypes.h>

/* fnv_step() with zero, @count times. */
static uint64_t hash_zeros(uint64_t hash, uint64_t count)
{
	uint64_t power = FNV_PRIME;

	for (; count; count >>= 1) {
		if (count & 1)
			hash *= power;
		power *= power;
	}
	return hash;
}

static void sum_table(const struct hpte_table *table, struct replay_sums *sums)
{
	uint64_t entries = hpte_table_entries(table);
	uint64_t empty = 0;
	uint64_t index;

	sums->raw = FNV_START;
	sums->valid = FNV_START;
	sums->n_valid = 0;
	sums->n_bolted = 0;
	for (index = 0; index < entries; index++) {
		struct hpte_view view;

		if (hpte_table_read(table, index, &view) != HPTE_OK) {
			empty++;
			continue;
		}
		sums->raw = hash_zeros(sums->raw, 2 * empty);
		empty = 0;
		sums->raw = fnv_step(sums->raw, view.guest.dw0);
		sums->raw = fnv_step(sums->raw, view.guest.dw1);
		sums->valid = fnv_step(sums->valid, index);
		sums->valid = fnv_step(sums->valid, view.guest.dw0);
		sums->valid = fnv_step(sums->valid, view.guest.dw1);
		sums->n_valid++;
		if (view.guest.dw0 & HPTE_DW0_BOLTED)
			sums->n_bolted++;
	}
	sums->raw = hash_zeros(sums->raw, 2 * empty);
}

void replay_raw_settle(struct replay *replay, bool recovered)
{
	struct text *text;

	if (recovered && replay->raw_suspect) {
		text = replay_mismatch(replay);
		text_add(text, "  ck_raw:   %" PRIu64 " checksums before this "
			 "one differed in ck_raw alone, the last:\n"
			 "  recorded: %016" PRIx64 "\n  replayed: %016" PRIx64
			 "\n", replay->raw_suspect, replay->raw_recorded,
			 replay->raw_replayed);
		replay->mismatches += replay->raw_suspect - 1;
	}
	replay->raw_suspect = 0;
}

static void describe_sums(struct text *text, const struct trace_cksum *recorded,
			  const struct replay_sums *replayed)
{
	text_add(text, "  checksum: after %" PRIu64 " hcalls\n"
		 "  recorded: ck_valid %016" PRIx64 ", %" PRIu64 " valid, %"
		 PRIu64 " bolted\n"
		 "  replayed: ck_valid %016" PRIx64 ", %" PRIu64 " valid, %"
		 PRIu64 " bolted\n", recorded->hcalls, recorded->valid,
		 recorded->n_valid, recorded->n_bolted, replayed->valid,
		 replayed->n_valid, replayed->n_bolted);
}

void replay_cksum(struct replay *replay)
{
	const struct trace_cksum *recorded = &replay->record.u.cksum;
	struct replay_sums *sums = &replay->sums;
	struct text *text;

	if (recorded->order != replay->order ||
	    recorded->hcalls != replay->stats.hcalls) {
		replay_damaged(replay, "CKSUM record for order %" PRIu32
			       " after %" PRIu64 " hcalls, but this is "
			       "order %u after %" PRIu64, recorded->order,
			       recorded->hcalls, replay->order,
			       replay->stats.hcalls);
		return;
	}
	replay->stats.checksums++;
	/* a run of checksums costs one pass over the table */
	if (!replay->summed)
		sum_table(&replay->guest.table, sums);
	replay->summed = true;
	replay_picture_consider(replay, sums->n_valid);
	if (recorded->valid != sums->valid ||
	    recorded->n_valid != sums->n_valid ||
	    recorded->n_bolted != sums->n_bolted) {
		text = replay_mismatch(replay);
		if (text)
			describe_sums(text, recorded, sums);
	} else if (recorded->raw == sums->raw) {
		replay_raw_settle(replay, true);
	} else {
		replay->raw_suspect++;
	}
	replay->raw_recorded = recorded->raw;
	replay->raw_replayed = sums->raw;
}
