/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hptctl/replay.c - see replay.h: the loop over the records, and what must
 * hold between them.
 */
#include "replay.h"
#include "progress.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct text *replay_mismatch(struct replay *replay)
{
	const struct trace_record *record = &replay->record;

	if (replay->mismatches++)
		return NULL;
	text_add(&replay->first, "first mismatch: record %" PRIu64
		 ", hcall %" PRIu64 ", offset %" PRIu64 " (0x%" PRIx64 ")\n",
		 record->number, replay->stats.hcalls, record->offset,
		 record->offset);
	return &replay->first;
}

void replay_damaged(struct replay *replay, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(replay->damage, sizeof(replay->damage), format, args);
	va_end(args);
}

static void replay_alloc(struct replay *replay)
{
	const struct trace_alloc *alloc = &replay->record.u.alloc;
	char why[160];

	if (alloc->order < HPTE_ORDER_MIN || alloc->order > HPTE_ORDER_MAX) {
		replay_damaged(replay, "ALLOC record with order %" PRIu64
			       ", not %u..%u", alloc->order, HPTE_ORDER_MIN,
			       HPTE_ORDER_MAX);
		return;
	}
	replay_raw_settle(replay, false);
	if (alloc->how == TRACE_HOW_RESIZE && replay->order) {
		replay->pending = (unsigned int)alloc->order;
		return;
	}
	if (alloc->how != TRACE_HOW_RESET) {
		replay_damaged(replay, "ALLOC record of kind %" PRIu32
			       " that cannot be here", alloc->how);
		return;
	}
	replay->order = (unsigned int)alloc->order;
	replay->stats.resets++;
	if (!guest_power_on(&replay->guest, replay->order, why, sizeof(why)))
		replay_damaged(replay, "%s", why);
}

/* May this record stand here? */
static bool in_place(struct replay *replay)
{
	uint32_t tag = replay->record.tag;

	if (!replay->order && tag != TRACE_ALLOC) {
		replay_damaged(replay, "record before the first ALLOC record: "
				       "there is no table");
		return false;
	}
	if (replay->pending && tag != HPTE_HCALL_RESIZE_HPT_COMMIT) {
		replay_damaged(replay, "ALLOC record of a resize without "
				       "H_RESIZE_HPT_COMMIT after it");
		return false;
	}
	return true;
}

static void replay_record(struct replay *replay)
{
	if (!in_place(replay))
		return;
	if (replay->record.tag != TRACE_CKSUM)
		replay->summed = false;
	switch (replay->record.tag) {
	case TRACE_ALLOC:
		replay_alloc(replay);
		break;
	case TRACE_RC:
		replay_rc(replay);
		break;
	case TRACE_LOOKUP:
		replay_lookup(replay);
		break;
	case TRACE_CKSUM:
		replay_cksum(replay);
		break;
	default:
		replay_hcall(replay);
		break;
	}
}

/* Replay all records; false: the recording is damaged, which is then said. */
static bool run(struct replay *replay)
{
	struct trace *trace = &replay->trace;
	struct progress progress = { .asked = false };
	enum trace_result result;
	double start = clock_seconds();

	do {
		result = trace_next(trace, &replay->record);
		if (result == TRACE_RECORD)
			replay_record(replay);
		progress_show(&progress, trace->input.taken,
			      trace->input.file_bytes, replay->stats.hcalls);
	} while (result == TRACE_RECORD && !replay->damage[0]);
	progress_clear(&progress);
	replay->stats.seconds = clock_seconds() - start;
	if (replay->stats.seconds <= 0)
		replay->stats.seconds = 1e-9;	/* finer than the clock */
	if (result == TRACE_DONE && !replay->order)
		replay_damaged(replay, "a recording without an ALLOC record");
	if (result == TRACE_DONE && replay->pending)
		replay_damaged(replay, "the recording stops inside a resize");
	if (replay->damage[0]) {
		trace->error_at = replay->record.offset;
		snprintf(trace->error, sizeof(trace->error), "%s",
			 replay->damage);
	}
	return result == TRACE_DONE && !replay->damage[0];
}

static int unusable(const struct replay *replay)
{
	if (replay->mismatches)
		fprintf(stderr, "%s", replay->first.chars);
	fprintf(stderr, "hptctl: %s: offset %" PRIu64 " (0x%" PRIx64 "): %s\n",
		replay->options->trace, replay->trace.error_at,
		replay->trace.error_at, replay->trace.error);
	return REPLAY_UNUSABLE;
}

static int replay_all(struct replay *replay)
{
	const struct replay_options *options = replay->options;

	if (!trace_open(&replay->trace, options->trace) || !run(replay))
		return unusable(replay);
	if (options->final && !replay_final(replay))
		return REPLAY_UNUSABLE;
	if (options->json) {
		report_json(replay);
	} else {
		if (options->picture)
			report_pictures(replay);
		report_text(replay);
	}
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "hptctl: cannot write the summary\n");
		return REPLAY_UNUSABLE;
	}
	return replay->mismatches ? REPLAY_DIFFERS : REPLAY_SAME;
}

int replay_file(const struct replay_options *options)
{
	struct replay *replay = calloc(1, sizeof(*replay));
	int code;

	if (!replay) {
		fprintf(stderr, "hptctl: out of memory\n");
		return REPLAY_UNUSABLE;
	}
	replay->options = options;
	guest_init(&replay->guest, &options->guest);
	code = replay_all(replay);
	guest_power_off(&replay->guest);
	trace_close(&replay->trace);
	free(replay);
	return code;
}
