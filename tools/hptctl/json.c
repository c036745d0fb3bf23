/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hptctl/json.c - the summary of a replay as one JSON object.
 */
#include "replay.h"
#include "show.h"

#include <inttypes.h>
#include <stdio.h>

/* All text here is ASCII: only quotes, backslashes and controls matter. */
static void print_string(const char *chars)
{
	putchar('"');
	for (; *chars; chars++) {
		unsigned char c = (unsigned char)*chars;

		if (c == '\n')
			fputs("\\n", stdout);
		else if (c == '"' || c == '\\')
			printf("\\%c", c);
		else if (c < 0x20)
			printf("\\u%04x", c);
		else
			putchar(c);
	}
	putchar('"');
}

static void print_kinds_json(const struct replay_stats *stats)
{
	unsigned int i;

	printf("  \"hcalls\": %" PRIu64 ",\n  \"hcalls_by_code\": [",
	       stats->hcalls);
	for (i = 0; i < stats->n_kinds; i++) {
		const struct replay_count *kind = &stats->kinds[i];
		const char *opcode = show_opcode(kind->opcode);
		const char *code = show_code(kind->ret);

		printf("%s\n    {\"opcode\": %" PRIu32
		       ", \"name\": \"%s\", \"code\": %" PRId64
		       ", \"code_name\": \"%s\", \"count\": %" PRIu64 "}",
		       i ? "," : "", kind->opcode,
		       opcode ? opcode : "unknown", kind->ret,
		       code ? code : "unknown", kind->times);
	}
	printf("\n  ],\n  \"hcalls_not_listed\": %" PRIu64 ",\n", stats->other);
}

static void print_lookups_json(const struct replay_stats *stats)
{
	printf("  \"lookups\": %" PRIu64 ",\n  \"lookups_by_outcome\": {"
	       "\"ok\": %" PRIu64 ", \"segment\": %" PRIu64 ", \"no_entry\": %"
	       PRIu64 ", \"protection\": %" PRIu64 "},\n", stats->lookups,
	       stats->outcomes[TRACE_OUTCOME_OK],
	       stats->outcomes[TRACE_OUTCOME_SEGMENT],
	       stats->outcomes[TRACE_OUTCOME_NO_PTE],
	       stats->outcomes[TRACE_OUTCOME_PROTECTED]);
	printf("  \"rc_updates\": %" PRIu64 ",\n  \"checksums\": %" PRIu64
	       ",\n  \"final_entries\": %" PRIu64 ",\n", stats->rc_updates,
	       stats->checksums, stats->final_entries);
	printf("  \"table_resets\": %" PRIu64 ",\n  \"resizes\": %" PRIu64
	       ",\n", stats->resets, stats->resizes);
}

static void print_table_json(const struct replay *replay)
{
	struct replay_occupancy now;
	unsigned int i;

	replay_occupancy(replay, &now);
	printf("  \"table\": {\"order\": %u, \"valid\": %" PRIu64
	       ", \"bolted\": %" PRIu64 ", \"secondary\": %" PRIu64
	       ", \"device\": %" PRIu64 ", \"inert\": %" PRIu64
	       ",\n    \"groups_by_entries\": [", now.order, now.valid,
	       now.bolted, now.secondary, now.mmio, now.inert);
	for (i = 0; i <= HPTE_GROUP_ENTRIES; i++)
		printf("%s%" PRIu64, i ? ", " : "", now.fill[i]);
	printf("]},\n");
}

static void print_events_json(const struct guest *guest)
{
	struct hpte_counters of_table;

	if (hpte_table_counters(&guest->table, &of_table) != HPTE_OK) {
		printf("  \"events\": null,\n");
		return;
	}
	printf("  \"events\": {");
	for (unsigned int i = 0; i < HPTE_EVENTS; i++)
		if (show_event(i))
			printf("%s\"%s\": %" PRIu64, i ? ", " : "",
			       show_event(i), guest->counters.count[i]);
	printf("},\n");
}

void report_json(const struct replay *replay)
{
	const struct replay_stats *stats = &replay->stats;
	const struct guest *guest = &replay->guest;

	printf("{\n");
	print_kinds_json(stats);
	print_lookups_json(stats);
	print_table_json(replay);
	print_events_json(guest);
	printf("  \"raw_checksums_stale\": %" PRIu64 ",\n  \"walker\": %s,\n"
	       "  \"invalidations\": %" PRIu64 ",\n  \"flushes\": %" PRIu64
	       ",\n  \"promotions\": %" PRIu64 ",\n  \"upgrades\": %" PRIu64
	       ",\n", replay->raw_suspect,
	       guest->config.walker ? "true" : "false", guest->invalidations,
	       guest->flushes, guest->promotions, guest->upgrades);
	printf("  \"seconds\": %.6f,\n  \"hcalls_per_second\": %.0f,\n",
	       stats->seconds, (double)stats->hcalls / stats->seconds);
	printf("  \"mismatches\": %" PRIu64 ",\n  \"first_mismatch\": ",
	       replay->mismatches);
	if (replay->mismatches)
		print_string(replay->first.chars);
	else
		printf("null");
	printf("\n}\n");
	fprintf(stderr, "replayed %" PRIu64 " hcalls, %" PRIu64
		" lookups: %" PRIu64 " mismatches\n", stats->hcalls,
		stats->lookups, replay->mismatches);
}
