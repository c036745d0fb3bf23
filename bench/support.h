/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * bench/support.h - memory, time and medians for benchmarks.
 */
#ifndef BENCH_SUPPORT_H
#define BENCH_SUPPORT_H

#include <stddef.h>
#include <stdint.h>

/* Zeroed, aligned to 2 MiB, in huge pages where it can be. */
void *bench_alloc(uint64_t bytes);
void bench_free(void *memory, uint64_t bytes);

/* Seconds since some moment. */
double bench_now(void);

/* Nothing after it starts before everything before it is done. */
void bench_fence(void);

/* HPTE_CPU_* facts about this machine. */
unsigned int bench_cpu(void);

double bench_median(const double *values, int count);

/* Median of values[i] / limits[i]: both of the same round. */
double bench_median_ratio(const double *values, const double *limits,
			  int count);

#endif /* BENCH_SUPPORT_H */
