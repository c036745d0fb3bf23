/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * bench/suite.h - the suites of the harness.
 */
#ifndef BENCH_SUITE_H
#define BENCH_SUITE_H

#include "peers/peer.h"
#include "sheet.h"

/**
 * struct entrant - a peer that takes part
 * @self:	its table
 * @linked:	its own linked streams, if its answers are its own
 * @where:	place of each page of the CHANGE stream
 * @owner:	entrant whose table it uses, or itself
 */
struct entrant {
	const struct peer *peer;
	void *self;
	struct stream linked;
	uint64_t *where;
	struct entrant *owner;
};

/**
 * struct contest - entrants on the same pages, and the streams they share
 */
struct contest {
	const struct settings *settings;
	struct world world;
	struct entrant entrants[MOST_PEERS];
	unsigned int count;
	struct stream streams[STREAMS];
	struct stream linked[STREAMS];
};

/* One thread: lookups and changes at each load; then threads_run(). */
void table_suite(const struct settings *settings);

/* Two threads beside one, and hot groups, on the tables as they are. */
void threads_run(struct contest *contest, unsigned int load);

/* Hypercalls, storage interrupts, resizes, and the tail of latency. */
void hcall_suite(const struct settings *settings);
void fault_suite(const struct settings *settings);
void resize_suite(const struct settings *settings);
void tail_suite(const struct settings *settings);

#endif /* BENCH_SUITE_H */
