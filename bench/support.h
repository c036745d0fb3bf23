/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * bench/support.h - memory, time, CPUs and random numbers for benchmarks.
 */
#ifndef BENCH_SUPPORT_H
#define BENCH_SUPPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zeroed, aligned to 2 MiB, in huge pages where it can be. */
void *bench_alloc(uint64_t bytes);
void bench_free(void *memory, uint64_t bytes);

/* From now on this process gets no huge pages, its libraries included. */
void bench_small_pages(void);

/* Seconds since some moment. */
double bench_now(void);

/* Seconds this thread has had a CPU: what others take of it does not count. */
double bench_busy(void);

/* Nothing after it starts before everything before it is done. */
void bench_fence(void);

/* HPTE_CPU_* facts about this machine. */
unsigned int bench_cpu(void);

/* CPUs of this process; keep this thread on the last of them, or on the
 * one @before it. */
unsigned int bench_cpus(void);
void bench_pin(unsigned int before);

/* Additions a nanosecond that each wait for the one before: the clock rate. */
double bench_ghz(void);

/* Spread the bits of a number. */
static inline uint64_t bench_mix(uint64_t z)
{
	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return z ^ z >> 31;
}

/* The next number of a stream that starts with any @state; inside of loops. */
static inline uint64_t bench_random(uint64_t *state)
{
	return bench_mix(*state += UINT64_C(0x9E3779B97F4A7C15));
}

#endif /* BENCH_SUPPORT_H */
