/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * linux/stress.c - everything that changes translations, from many threads,
 * with every byte compared.
 *
 * usage: stress [-r ROUNDS | -s SECONDS] [-t THREADS] [-p PAGES] [-S SEED]
 *
 * What a page holds follows from (seed, thread, page, round, use), so that a
 * translation that should be gone shows: the bytes are another page's, or
 * another round's.  Each thread works in an address range of its own, at the
 * same addresses in every round, and maps with MAP_FIXED only: nobody else
 * maps into a hole it has made.
 *
 * Exit status: 0 right, 1 wrong, 2 cannot be tried.
 */
#include "stress.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS_DEFAULT	50
#define PAGES_DEFAULT	4
#define PAGES_MAX	65536
#define THREADS_MAX	1024

struct options {
	unsigned long rounds;		/* 0: until the time is over */
	unsigned long seconds;
	unsigned long threads;
	unsigned long pages;
	unsigned long seed;
};

static struct options options = {
	.rounds = ROUNDS_DEFAULT,
	.pages = PAGES_DEFAULT,
	.seed = 1
};

static struct timespec ending;

static bool time_is_over(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec > ending.tv_sec ||
	       (now.tv_sec == ending.tv_sec && now.tv_nsec >= ending.tv_nsec);
}

/* What is wrong is told once, by the thread that finds it. */
static void *work(void *argument)
{
	struct worker *worker = argument;

	while (worker->right) {
		if (options.rounds ? worker->round >= options.rounds :
		    time_is_over())
			break;
		worker->right = stress_round(worker);
		worker->round++;
	}
	return NULL;
}

static int unable(const char *what, int error)
{
	fprintf(stderr, "stress: %s: %s\n", what, strerror(error));
	return 2;
}

static bool take_number(const char *chars, unsigned long least,
			unsigned long most, unsigned long *number)
{
	char *end;

	errno = 0;
	*number = strtoul(chars, &end, 0);
	if (*chars >= '0' && *chars <= '9' && !*end && !errno &&
	    *number >= least && *number <= most)
		return true;
	fprintf(stderr, "stress: not a number from %lu to %lu: %s\n", least,
		most, chars);
	return false;
}

static bool take_option(int option)
{
	switch (option) {
	case 'r':
		return take_number(optarg, 1, 1000000000, &options.rounds);
	case 's':
		options.rounds = 0;
		return take_number(optarg, 1, 1000000, &options.seconds);
	case 't':
		return take_number(optarg, 1, THREADS_MAX, &options.threads);
	case 'p':
		return take_number(optarg, 1, PAGES_MAX, &options.pages);
	case 'S':
		return take_number(optarg, 0, ULONG_MAX, &options.seed);
	default:
		fprintf(stderr, "usage: stress [-r ROUNDS | -s SECONDS] "
			"[-t THREADS] [-p PAGES] [-S SEED]\n");
		return false;
	}
}

static void set_up_worker(struct worker *worker, unsigned long number,
			  uint8_t *range, size_t page)
{
	worker->number = number;
	worker->seed = options.seed;
	worker->page_bytes = page;
	worker->pages = options.pages;
	worker->range = range + number * RANGE_REGIONS * options.pages * page;
	worker->right = true;
}

static int report(const struct worker *workers)
{
	struct counts sum = { 0 };
	unsigned long i, rounds = 0;
	bool right = true;

	for (i = 0; i < options.threads; i++) {
		right = right && workers[i].right;
		rounds += workers[i].round;
		sum.mapped += workers[i].counts.mapped;
		sum.forks += workers[i].counts.forks;
		sum.faults += workers[i].counts.faults;
		sum.compared += workers[i].counts.compared;
	}
	printf("stress: %lu threads, %lu rounds, %lu pages mapped, %lu forks, "
	       "%lu faults as expected, %lu MiB compared: %s\n",
	       options.threads, rounds, sum.mapped, sum.forks, sum.faults,
	       sum.compared >> 20, right ? "all right" : "WRONG");
	return right ? 0 : 1;
}

static int run(struct worker *workers, pthread_t *threads)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t bytes = options.threads * RANGE_REGIONS * options.pages * page;
	uint8_t *range = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE |
			      MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	unsigned long i;

	if (range == MAP_FAILED)
		return unable("address space", errno);
	stress_catch_faults();
	clock_gettime(CLOCK_MONOTONIC, &ending);
	ending.tv_sec += (time_t)options.seconds;
	for (i = 0; i < options.threads; i++) {
		int error;

		set_up_worker(&workers[i], i, range, page);
		error = pthread_create(&threads[i], NULL, work, &workers[i]);
		if (error)		/* exiting ends the others */
			return unable("thread", error);
	}
	for (i = 0; i < options.threads; i++)
		pthread_join(threads[i], NULL);
	return report(workers);
}

int main(int argc, char **argv)
{
	static struct worker workers[THREADS_MAX];
	static pthread_t threads[THREADS_MAX];
	int option;

	options.threads = 2 * (unsigned long)sysconf(_SC_NPROCESSORS_ONLN);
	while ((option = getopt(argc, argv, "r:s:t:p:S:")) != -1) {
		if (!take_option(option))
			return 2;
	}
	if (optind != argc || options.threads > THREADS_MAX) {
		take_option('?');
		return 2;
	}
	return run(workers, threads);
}
