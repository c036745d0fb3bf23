/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * bench/support.c - memory, time and medians for benchmarks.
 */
#define _GNU_SOURCE
#include "support.h"

#include <hpte/hpte.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#define HUGE_PAGE	(UINT64_C(2) << 20)
#define MOST_VALUES	64

void *bench_alloc(uint64_t bytes)
{
	/* a table that hardware walks is aligned to its size */
	uint64_t align = bytes > HUGE_PAGE && !(bytes & (bytes - 1)) ? bytes :
								HUGE_PAGE;
	uintptr_t start;
	char *area;

	/* the excess stays unmapped in practice: nobody touches it */
	area = mmap(NULL, bytes + align, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (area == MAP_FAILED) {
		perror("bench: mmap");
		exit(1);
	}
	start = ((uintptr_t)area + align - 1) & ~(uintptr_t)(align - 1);
	(void)madvise((void *)start, bytes, MADV_HUGEPAGE);
	return (void *)start;
}

void bench_free(void *memory, uint64_t bytes)
{
	if (memory)
		(void)munmap(memory, bytes);
}

static double seconds(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

double bench_now(void)
{
	return seconds(CLOCK_MONOTONIC);
}

double bench_busy(void)
{
	return seconds(CLOCK_THREAD_CPUTIME_ID);
}

void bench_fence(void)
{
#ifdef __x86_64__
	__asm__ __volatile__("lfence" ::: "memory");
#else
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
#endif
}

unsigned int bench_cpu(void)
{
	return hpte_x86_64_cpu();
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double bench_median(const double *values, int count)
{
	double sorted[MOST_VALUES];

	if (count < 1 || count > MOST_VALUES)
		abort();
	memcpy(sorted, values, (size_t)count * sizeof(sorted[0]));
	qsort(sorted, (size_t)count, sizeof(sorted[0]), compare);
	return sorted[count / 2];
}

double bench_median_ratio(const double *values, const double *limits,
			  int count)
{
	double ratios[MOST_VALUES];

	for (int i = 0; i < count && i < MOST_VALUES; i++)
		ratios[i] = values[i] / limits[i];
	return bench_median(ratios, count);
}

int bench_orders(int argc, char **argv, const unsigned int *orders,
		 void (*run)(unsigned int order, bool json))
{
	bool json = false, given = false;

	for (int i = 1; i < argc; i++) {
		unsigned long order = strtoul(argv[i], NULL, 10);

		if (!strcmp(argv[i], "--json")) {
			json = true;
			continue;
		}
		if (order > 30 || !hpte_table_bytes((unsigned int)order)) {
			fprintf(stderr, "%s: order 18 to 30\n", argv[0]);
			return 2;
		}
		given = true;
		run((unsigned int)order, json);
	}
	for (; !given && *orders; orders++)
		run(*orders, json);
	return 0;
}
