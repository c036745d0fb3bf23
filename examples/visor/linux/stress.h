/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * linux/stress.h - one round of stress, and what a thread knows.
 */
#ifndef LINUX_STRESS_H
#define LINUX_STRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A thread's address range: private pages, shared ones, where they move to. */
#define RANGE_REGIONS	3

/**
 * struct counts - what a thread has done
 * @mapped:	pages, all calls
 * @faults:	signals that had to come and came
 * @compared:	bytes
 */
struct counts {
	unsigned long mapped;
	unsigned long forks;
	unsigned long faults;
	unsigned long compared;
};

/**
 * struct worker - one thread
 * @range:	RANGE_REGIONS regions of @pages pages
 * @right:	nothing wrong so far
 */
struct worker {
	unsigned long number;
	unsigned long round;
	unsigned long seed;
	size_t page_bytes;
	unsigned long pages;
	uint8_t *range;
	bool right;
	struct counts counts;
};

/* stress_catch_faults() - once, before any round */
void stress_catch_faults(void);

/* stress_round() - false: something was wrong, and has been told */
bool stress_round(struct worker *worker);

#endif /* LINUX_STRESS_H */
