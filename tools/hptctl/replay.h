/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hptctl/replay.h - run a recording through libhpte and compare.
 */
#ifndef HPTCTL_REPLAY_H
#define HPTCTL_REPLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "guest.h"
#include "picture.h"
#include "text.h"
#include "trace.h"

/* Exit codes. */
#define REPLAY_SAME	0
#define REPLAY_DIFFERS	1
#define REPLAY_UNUSABLE	2

/**
 * struct replay_options - the command line
 * @trace:	recording
 * @final:	table at its end, or NULL
 * @guest:	machine to replay on
 * @json:	print the summary as JSON
 * @picture:	print pictures of the table
 */
struct replay_options {
	const char *trace;
	const char *final;
	struct guest_config guest;
	bool json;
	bool picture;
};

#define REPLAY_KINDS	256U	/* more pairs than any recording has */

/* How often one opcode was answered with one code. */
struct replay_count {
	uint32_t opcode;
	int64_t ret;
	uint64_t times;
};

/**
 * struct replay_stats - what went by
 * @other:	hcalls for which there was no room in @kinds
 */
struct replay_stats {
	uint64_t hcalls;
	uint64_t lookups;
	uint64_t outcomes[TRACE_OUTCOMES];
	uint64_t rc_updates;
	uint64_t checksums;
	uint64_t resets;
	uint64_t resizes;
	uint64_t final_entries;
	struct replay_count kinds[REPLAY_KINDS];
	unsigned int n_kinds;
	uint64_t other;
	double seconds;
};

/**
 * struct replay_occupancy - what stands in a table
 * @fill:	number of groups by number of entries
 */
struct replay_occupancy {
	unsigned int order;
	uint64_t valid;
	uint64_t bolted;
	uint64_t secondary;
	uint64_t mmio;
	uint64_t inert;
	uint64_t fill[HPTE_GROUP_ENTRIES + 1];
};

/**
 * struct replay_sums - checksums of the whole table
 */
struct replay_sums {
	uint64_t raw;
	uint64_t valid;
	uint64_t n_valid;
	uint64_t n_bolted;
};

/**
 * struct replay - a replay under way
 * @order:	of the table, by the recording; 0 before the first ALLOC
 * @pending:	order an ALLOC record has announced for the next COMMIT, or 0
 * @offered:	opcodes that were answered, by other than H_FUNCTION
 * @refused:	opcodes that were answered by H_FUNCTION
 * @fullest:	the table when it was fullest, of the moments of checksums
 * @fullest_hcalls: after so many hcalls
 * @sums:	of the last CKSUM record
 * @summed:	nothing was replayed since
 * @raw_suspect: checksums in a row of which ck_raw alone differs
 * @mismatches:	records and final entries that differ
 * @first:	the first of them in words
 * @damage:	why the recording cannot be used; empty if it can
 */
struct replay {
	const struct replay_options *options;
	struct trace trace;
	struct trace_record record;
	struct guest guest;
	unsigned int order;
	unsigned int pending;
	uint8_t offered[TRACE_HCALL_LIMIT / 8];
	uint8_t refused[TRACE_HCALL_LIMIT / 8];
	struct picture fullest;
	uint64_t fullest_hcalls;
	struct replay_sums sums;
	bool summed;
	uint64_t raw_suspect;
	uint64_t raw_recorded;
	uint64_t raw_replayed;
	uint64_t mismatches;
	struct text first;
	struct replay_stats stats;
	char damage[200];
};

/**
 * replay_file() - all of it: open, replay, compare, report
 *
 * Return: REPLAY_*
 */
int replay_file(const struct replay_options *options);

/**
 * replay_mismatch() - count a mismatch
 *
 * Return: where to describe it, or NULL if only the first one is described.
 */
struct text *replay_mismatch(struct replay *replay);

/* replay_damaged() - the recording is unusable from this record on */
__attribute__((format(printf, 2, 3)))
void replay_damaged(struct replay *replay, const char *format, ...);

/* hcall.c, lookup.c, checksum.c, final.c: one kind of record each. */
void replay_hcall(struct replay *replay);
void replay_lookup(struct replay *replay);
void replay_rc(struct replay *replay);
void replay_cksum(struct replay *replay);
void replay_raw_settle(struct replay *replay, bool recovered);

/**
 * replay_final() - compare the table with a file
 *
 * Return: false if the file is unusable, which is then said on stderr.
 */
bool replay_final(struct replay *replay);

/* replay_picture_consider() - is it fuller than ever? */
void replay_picture_consider(struct replay *replay, uint64_t valid);

/* report.c: the table when it was fullest and at the end; the summary, and
 * its last line. */
void report_pictures(const struct replay *replay);
void replay_occupancy(const struct replay *replay,
		      struct replay_occupancy *occupancy);
void report_text(const struct replay *replay);
void report_json(const struct replay *replay);

#endif /* HPTCTL_REPLAY_H */
