/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hptctl/report.c - the summary of a replay, for people.
 */
#include "replay.h"
#include "show.h"

#include <inttypes.h>
#include <stdio.h>

void replay_occupancy(const struct replay *replay,
		      struct replay_occupancy *occupancy)
{
	const struct hpte_table *table = &replay->guest.table;
	uint64_t entries = hpte_table_entries(table);
	unsigned int in_group = 0;
	struct hpte_view view;
	uint64_t index;

	*occupancy = (struct replay_occupancy){ 0 };
	occupancy->order = hpte_table_order(table);
	for (index = 0; index < entries; index++) {
		if (hpte_table_read(table, index, &view) == HPTE_OK) {
			in_group++;
			if (view.guest.dw0 & HPTE_DW0_BOLTED)
				occupancy->bolted++;
			if (view.guest.dw0 & HPTE_DW0_H)
				occupancy->secondary++;
			if (view.state & HPTE_VIEW_MMIO)
				occupancy->mmio++;
			if (!hpte_hash_reachable(&view.guest, &view.page, index,
						 occupancy->order))
				occupancy->inert++;
		}
		if (index % HPTE_GROUP_ENTRIES == HPTE_GROUP_ENTRIES - 1) {
			occupancy->valid += in_group;
			occupancy->fill[in_group]++;
			in_group = 0;
		}
	}
}

static void print_kinds(const struct replay_stats *stats)
{
	unsigned int i;

	printf("hcalls: %" PRIu64 "\n", stats->hcalls);
	for (i = 0; i < stats->n_kinds; i++) {
		const struct replay_count *kind = &stats->kinds[i];
		const char *opcode = show_opcode(kind->opcode);
		const char *code = show_code(kind->ret);

		printf("  0x%03" PRIx32 " %-24s %-26s %6" PRId64 " %10" PRIu64
		       "\n", kind->opcode, opcode ? opcode : "unknown",
		       code ? code : "unknown", kind->ret, kind->times);
	}
	if (stats->other)
		printf("  others %" PRIu64 "\n", stats->other);
}

static void print_lookups(const struct replay_stats *stats)
{
	uint32_t i;

	printf("lookups: %" PRIu64 "\n", stats->lookups);
	for (i = 0; i < TRACE_OUTCOMES; i++) {
		if (show_outcome(i))
			printf("  %-24s %10" PRIu64 "\n", show_outcome(i),
			       stats->outcomes[i]);
	}
	printf("R and C updates: %" PRIu64 "\n", stats->rc_updates);
}

static void print_occupancy(const struct replay *replay)
{
	struct replay_occupancy now;
	uint64_t entries;
	unsigned int i;

	replay_occupancy(replay, &now);
	entries = UINT64_C(1) << (now.order - 4);
	printf("table: order %u, %" PRIu64 " groups, %" PRIu64
	       " entries, valid %" PRIu64 " (%.2f%%), bolted %" PRIu64
	       ", secondary %" PRIu64 ", device %" PRIu64 ", inert %" PRIu64
	       "\n", now.order,
	       entries / HPTE_GROUP_ENTRIES, entries, now.valid,
	       100.0 * (double)now.valid / (double)entries, now.bolted,
	       now.secondary, now.mmio, now.inert);
	printf("groups by number of entries 0..%u:", HPTE_GROUP_ENTRIES);
	for (i = 0; i <= HPTE_GROUP_ENTRIES; i++)
		printf(" %" PRIu64, now.fill[i]);
	printf("\n");
}

/* Of a library without counters there is no line. */
static void print_events(const struct guest *guest)
{
	const uint64_t *count = guest->counters.count;
	struct hpte_counters of_table;

	if (hpte_table_counters(&guest->table, &of_table) != HPTE_OK)
		return;
	printf("events:");
	for (unsigned int i = 0; i < HPTE_EVENTS; i++)
		if (show_event(i) && count[i])
			printf(" %s %" PRIu64, show_event(i), count[i]);
	printf("\n");
}

static void print_run(const struct replay *replay)
{
	const struct replay_stats *stats = &replay->stats;

	printf("table resets: %" PRIu64 ", resizes: %" PRIu64 "\n",
	       stats->resets, stats->resizes);
	printf("checksums compared: %" PRIu64 ", final entries compared: %"
	       PRIu64 "\n", stats->checksums, stats->final_entries);
	if (replay->raw_suspect)
		printf("note: ck_raw of the last %" PRIu64
		       " checksums differs, all valid entries agree: the "
		       "recorder leaves doubleword 1 of removed entries "
		       "stale\n", replay->raw_suspect);
	if (replay->guest.config.walker)
		printf("walker: %" PRIu64 " tlbie in %" PRIu64
		       " flushes, %" PRIu64 " entries promoted, %" PRIu64
		       " made writable\n", replay->guest.invalidations,
		       replay->guest.flushes, replay->guest.promotions,
		       replay->guest.upgrades);
	printf("time: %.3f s, %.0f hcalls per second\n", stats->seconds,
	       (double)stats->hcalls / stats->seconds);
}

void report_text(const struct replay *replay)
{
	if (replay->mismatches)
		printf("%s", replay->first.chars);
	print_kinds(&replay->stats);
	print_lookups(&replay->stats);
	print_occupancy(replay);
	print_events(&replay->guest);
	print_run(replay);
	printf("replayed %" PRIu64 " hcalls, %" PRIu64 " lookups: %" PRIu64
	       " mismatches\n", replay->stats.hcalls, replay->stats.lookups,
	       replay->mismatches);
}

static unsigned int entries_in_group(const void *of, uint64_t group)
{
	const struct hpte_table *table = of;
	struct hpte_view view;
	unsigned int found = 0;
	unsigned int slot;

	for (slot = 0; slot < HPTE_GROUP_ENTRIES; slot++) {
		if (hpte_table_read(table, group * HPTE_GROUP_ENTRIES + slot,
				    &view) == HPTE_OK)
			found++;
	}
	return found;
}

static void take_picture(const struct replay *replay, struct picture *picture)
{
	const struct hpte_table *table = &replay->guest.table;

	picture_take(picture, hpte_table_entries(table) / HPTE_GROUP_ENTRIES,
		     entries_in_group, table);
}

void replay_picture_consider(struct replay *replay, uint64_t valid)
{
	uint64_t entries = hpte_table_entries(&replay->guest.table);

	if (!replay->options->picture ||
	    (double)valid / (double)entries <= replay->fullest.load)
		return;
	take_picture(replay, &replay->fullest);
	replay->fullest_hcalls = replay->stats.hcalls;
}

void report_pictures(const struct replay *replay)
{
	struct picture last;

	if (replay->fullest.load > 0) {
		printf("the table at its fullest, after %" PRIu64
		       " hcalls, %.1f %% used:\n", replay->fullest_hcalls,
		       100 * replay->fullest.load);
		picture_print(&replay->fullest);
	}
	take_picture(replay, &last);
	printf("the table at the end, %.2f %% used:\n", 100 * last.load);
	picture_print(&last);
}
