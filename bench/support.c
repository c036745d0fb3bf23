/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * bench/support.c - memory, time and CPUs for benchmarks.
 */
#define _GNU_SOURCE
#include "support.h"

#include <hpte/hpte.h>

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>

#define HUGE_PAGE	(UINT64_C(2) << 20)

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

void bench_small_pages(void)
{
	if (prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0)) {
		perror("bench: PR_SET_THP_DISABLE");
		exit(1);
	}
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

/* The CPUs this process had when it started. */
static const cpu_set_t *allowed(void)
{
	static cpu_set_t set;
	static bool known;

	if (!known && sched_getaffinity(0, sizeof(set), &set))
		CPU_ZERO(&set);
	known = true;
	return &set;
}

unsigned int bench_cpus(void)
{
	return (unsigned int)CPU_COUNT(allowed());
}

void bench_pin(unsigned int before)
{
	cpu_set_t one;

	for (size_t cpu = CPU_SETSIZE; cpu-- > 0;) {
		if (!CPU_ISSET(cpu, allowed()) || before--)
			continue;
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		(void)sched_setaffinity(0, sizeof(one), &one);
		return;
	}
}

double bench_ghz(void)
{
	const uint64_t rounds = 400000;
	double start = bench_now();
	uint64_t value = rounds, step = 1;

	/* some CPUs add a constant in no time: it must be a register */
	__asm__ __volatile__("" : "+r" (step));
	for (uint64_t i = 0; i < rounds; i++) {
		/* the compiler knows nothing of value in between */
		value += step;
		__asm__ __volatile__("" : "+r" (value));
		value += step;
		__asm__ __volatile__("" : "+r" (value));
		value += step;
		__asm__ __volatile__("" : "+r" (value));
		value += step;
		__asm__ __volatile__("" : "+r" (value));
	}
	return 4 * (double)rounds / (bench_now() - start) * 1e-9;
}
