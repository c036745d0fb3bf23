/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * linux/round.c - one round of stress: see stress.h.
 */
#include "stress.h"

#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* A bug on purpose, which must be seen. */
#ifndef PLANT
#define PLANT 0
#endif
#define PLANT_LOST_STORE	1
#define PLANT_LOST_UNMAP	2
#define PLANT_LOST_PROTECT	3
#define PLANT_LOST_COPY		4	/* fork without copy-on-write */
#define PLANT_LOST_MOVE		5
#define PLANT_LOST_DISCARD	6

#define PRIVATE_FLAGS	(MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED)
#define SHARED_FLAGS	(MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED)
#define WRITABLE	(PROT_READ | PROT_WRITE)

/* What pages are used for; part of what they hold. */
enum use {
	USE_FIRST = 1,
	USE_UNLOCKED,		/* after read-only */
	USE_PARENT,
	USE_CHILD,
	USE_SHARED,
	USE_AGAIN,		/* after having been given back */
	USE_MOVED
};

/*
 * A fault that has to come, of this thread.  A store to a read-only page is
 * let through by the handler, so that a second fault would be counted; an
 * access to no page at all can only be left.
 */
struct expected {
	uint8_t *volatile page;		/* NULL: none */
	volatile size_t bytes;
	volatile unsigned int faults;
	volatile bool leave;
	sigjmp_buf out;
};

static __thread struct expected expected;

static bool wrong(const struct worker *worker, const char *what)
{
	fprintf(stderr, "stress: thread %lu, round %lu: %s\n", worker->number,
		worker->round, what);
	return false;
}

static bool failed(const struct worker *worker, const char *call)
{
	fprintf(stderr, "stress: thread %lu, round %lu: %s: %s\n",
		worker->number, worker->round, call, strerror(errno));
	return false;
}

/* A fault that nobody expects ends the process, as without a handler. */
static void on_fault(int number, siginfo_t *info, void *context)
{
	uint8_t *address = info->si_addr;
	int error = errno;

	(void)context;
	if (!expected.page || address < expected.page ||
	    address >= expected.page + expected.bytes) {
		fprintf(stderr, "stress: signal %d at %p, not expected\n",
			number, info->si_addr);
		_exit(1);
	}
	expected.faults++;
	if (expected.leave)
		siglongjmp(expected.out, 1);
	if (mprotect(expected.page, expected.bytes, WRITABLE))
		_exit(1);
	errno = error;
}

void stress_catch_faults(void)
{
	struct sigaction action = { .sa_flags = SA_SIGINFO };

	action.sa_sigaction = on_fault;
	sigemptyset(&action.sa_mask);
	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
}

static uint64_t mix(uint64_t value)
{
	value = (value ^ value >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	value = (value ^ value >> 27) * UINT64_C(0x94D049BB133111EB);
	return value ^ value >> 31;
}

/* The first word of a page; the others follow from it. */
static uint64_t key_of(const struct worker *worker, enum use use,
		       unsigned long page)
{
	uint64_t key = mix(worker->seed + UINT64_C(0x9E3779B97F4A7C15));

	key = mix(key ^ worker->number << 32 ^ page);
	return mix(key ^ worker->round << 8 ^ (uint64_t)use);
}

static uint8_t *region(const struct worker *worker, unsigned int number)
{
	return worker->range + number * worker->pages * worker->page_bytes;
}

static size_t region_bytes(const struct worker *worker)
{
	return worker->pages * worker->page_bytes;
}

static void fill(const struct worker *worker, uint8_t *start, enum use use)
{
	size_t words = worker->page_bytes / 8;
	unsigned long page;
	size_t i;

	for (page = 0; page < worker->pages; page++) {
		volatile uint64_t *word = (volatile uint64_t *)
			(start + page * worker->page_bytes);
		uint64_t key = key_of(worker, use, page);

		for (i = 0; i < words; i++) {
			if (PLANT == PLANT_LOST_STORE && i == words / 2)
				continue;
			word[i] = key + i * UINT64_C(0x9E3779B97F4A7C15);
		}
	}
}

/* @use 0: all bytes are zero. */
static bool holds(struct worker *worker, const uint8_t *start, enum use use,
		  const char *when)
{
	size_t words = worker->page_bytes / 8;
	unsigned long page;
	size_t i;

	for (page = 0; page < worker->pages; page++) {
		const volatile uint64_t *word = (const volatile uint64_t *)
			(start + page * worker->page_bytes);
		uint64_t key = use ? key_of(worker, use, page) : 0;
		uint64_t step = use ? UINT64_C(0x9E3779B97F4A7C15) : 0;

		for (i = 0; i < words; i++) {
			uint64_t got = word[i];

			if (got == key + i * step)
				continue;
			fprintf(stderr, "stress: thread %lu, round %lu, page "
				"%lu, byte %zu, %s: %016" PRIx64 ", not %016"
				PRIx64 "\n", worker->number, worker->round,
				page, 8 * i, when, got, key + i * step);
			return false;
		}
	}
	worker->counts.compared += worker->pages * worker->page_bytes;
	return true;
}

static bool map(struct worker *worker, unsigned int number, int flags)
{
	if (mmap(region(worker, number), region_bytes(worker), WRITABLE, flags,
		 -1, 0) == MAP_FAILED)
		return failed(worker, "mmap");
	worker->counts.mapped += worker->pages;
	return true;
}

static bool map_and_fill(struct worker *worker)
{
	uint8_t *start = region(worker, 0);

	if (!map(worker, 0, PRIVATE_FLAGS) ||
	    !holds(worker, start, 0, "in a new page"))
		return false;
	fill(worker, start, USE_FIRST);
	return holds(worker, start, USE_FIRST, "just stored");
}

/* Every page faults once, at its first store, and holds that store. */
static bool store_to_read_only(struct worker *worker, uint8_t *start)
{
	unsigned long page;

	for (page = 0; page < worker->pages; page++) {
		volatile uint8_t *byte = start + page * worker->page_bytes +
			worker->page_bytes / 3;
		uint8_t value = (uint8_t)~*byte;

		expected.page = start + page * worker->page_bytes;
		expected.bytes = worker->page_bytes;
		expected.leave = false;
		expected.faults = 0;
		*byte = value;
		expected.page = NULL;
		if (expected.faults != 1)
			return wrong(worker, expected.faults ?
				     "a store faulted again when allowed" :
				     "a store to a read-only page was let by");
		if (*byte != value)
			return wrong(worker, "a store was lost by its fault");
		*byte = (uint8_t)~value;
		worker->counts.faults++;
	}
	return true;
}

static bool protect(struct worker *worker)
{
	uint8_t *start = region(worker, 0);

	if (PLANT != PLANT_LOST_PROTECT &&
	    mprotect(start, region_bytes(worker), PROT_READ))
		return failed(worker, "mprotect");
	if (!holds(worker, start, USE_FIRST, "read-only") ||
	    !store_to_read_only(worker, start) ||
	    !holds(worker, start, USE_FIRST, "after read-only"))
		return false;
	fill(worker, start, USE_UNLOCKED);
	return holds(worker, start, USE_UNLOCKED, "writable again");
}

/* In the child: nothing that another thread may have locked is used. */
static bool be_child(struct worker *worker)
{
	uint8_t *own = region(worker, 0);
	uint8_t *shared = region(worker, 1);

	if (!holds(worker, own, USE_UNLOCKED, "inherited"))
		return false;
	fill(worker, own, USE_CHILD);
	fill(worker, shared, USE_SHARED);
	return holds(worker, own, USE_CHILD, "the child's") &&
	       holds(worker, shared, USE_SHARED, "shared, in the child");
}

/* Child and parent copy each page on writing, whoever is first. */
static bool fork_and_copy(struct worker *worker)
{
	uint8_t *own = region(worker, 0);
	uint8_t *shared = region(worker, 1);
	bool right;
	int status;
	pid_t child;

	if (!map(worker, 1, SHARED_FLAGS))
		return false;
	fill(worker, shared, USE_FIRST);
	child = fork();
	if (child < 0)
		return failed(worker, "fork");
	if (!child)
		_exit(be_child(worker) ? 0 : 1);
	worker->counts.forks++;
	if (PLANT != PLANT_LOST_COPY)
		fill(worker, own, USE_PARENT);
	right = holds(worker, own, USE_PARENT, "the parent's");
	if (waitpid(child, &status, 0) != child)
		return failed(worker, "waitpid");
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		return wrong(worker, "the child failed");
	return right &&
	       holds(worker, own, USE_PARENT, "the parent's, afterwards") &&
	       holds(worker, shared, USE_SHARED, "stored by the child");
}

static bool discard(struct worker *worker)
{
	uint8_t *start = region(worker, 0);

	if (PLANT != PLANT_LOST_DISCARD &&
	    madvise(start, region_bytes(worker), MADV_DONTNEED))
		return failed(worker, "madvise");
	if (!holds(worker, start, 0, "after MADV_DONTNEED"))
		return false;
	fill(worker, start, USE_AGAIN);
	return holds(worker, start, USE_AGAIN, "stored after MADV_DONTNEED");
}

/* Every page of a region must be gone. */
static bool gone(struct worker *worker, unsigned int number, const char *what)
{
	volatile unsigned long page;

	for (page = 0; page < worker->pages; page++) {
		volatile uint8_t *byte = region(worker, number) +
			page * worker->page_bytes;

		expected.page = region(worker, number);
		expected.bytes = region_bytes(worker);
		expected.leave = true;
		if (!sigsetjmp(expected.out, 1)) {
			(void)*byte;
			expected.page = NULL;
			return wrong(worker, what);
		}
		expected.page = NULL;
		worker->counts.faults++;
	}
	return true;
}

static bool move(struct worker *worker)
{
	uint8_t *from = region(worker, 0);
	uint8_t *to = region(worker, 2);
	size_t bytes = region_bytes(worker);

	if (PLANT == PLANT_LOST_MOVE) {
		if (!map(worker, 2, PRIVATE_FLAGS))
			return false;
	} else if (mremap(from, bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED,
			  to) == MAP_FAILED) {
		return failed(worker, "mremap");
	}
	if (!gone(worker, 0, "pages that moved are still in the old place") ||
	    !holds(worker, to, USE_AGAIN, "moved"))
		return false;
	fill(worker, to, USE_MOVED);
	return holds(worker, to, USE_MOVED, "stored after the move");
}

static bool unmap(struct worker *worker, unsigned int number)
{
	if (PLANT != PLANT_LOST_UNMAP &&
	    munmap(region(worker, number), region_bytes(worker)))
		return failed(worker, "munmap");
	return gone(worker, number, "an unmapped page is still there");
}

bool stress_round(struct worker *worker)
{
	return map_and_fill(worker) && protect(worker) &&
	       fork_and_copy(worker) && discard(worker) && move(worker) &&
	       unmap(worker, 1) && unmap(worker, 2);
}
