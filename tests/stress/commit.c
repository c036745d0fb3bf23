/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/stress/commit.c - the table is replaced while CPUs call hypercalls.
 *
 * A host need not keep its virtual CPUs out of hpte_hcall_dispatch() during a
 * COMMIT: it waits for those that are in, and the gate turns back those that
 * come.  So what a CPU does on its way to the gate meets what COMMIT does;
 * the thread sanitizer sees whether that is a race.  Here one thread prepares
 * and commits tables between 2^18 and 2^22 bytes, on both sides of where a
 * find changes its ways; the others enter, read and remove.
 *
 * Checked: between two COMMITs an entry stays where it was entered, and a
 * call is turned back only beside a COMMIT.
 *
 * Usage: commit [--seconds N]
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "hpte/hcall.h"
#include "hpte/hpte.h"

#define WORKERS		2U
#define SMALLEST	18U
#define LARGEST		22U

struct host {
	struct hpte_table table;
	struct hpte_vm vm;
	atomic_bool inside[WORKERS];
	atomic_ulong changes;	/* odd: a COMMIT has stopped the others */
	atomic_bool over;
	atomic_ulong turned_back;
};

static struct host host;

static void fail(const char *what)
{
	fprintf(stderr, "FAILED: %s\n", what);
	abort();
}

static void *zeroed(size_t align, size_t bytes)
{
	void *memory = aligned_alloc(align, bytes);

	if (!memory)
		fail("no memory");
	return memset(memory, 0, bytes);
}

static void get_memory(unsigned int order, struct hpte_memory *memory)
{
	memory->base = zeroed(128, (size_t)1 << order);
	memory->side = zeroed(128, (size_t)1 << order);
}

static enum hpte_host_result hpt_alloc(void *ctx, unsigned int order,
				       struct hpte_memory *memory)
{
	(void)ctx;
	get_memory(order, memory);
	return HPTE_HOST_DONE;
}

static void hpt_free(void *ctx, unsigned int order,
		     const struct hpte_memory *memory)
{
	(void)ctx;
	(void)order;
	free(memory->base);
	free(memory->side);
}

/* Who enters after the look at it meets the gate, which is closed already. */
static bool vcpus_stop(void *ctx)
{
	(void)ctx;
	for (unsigned int i = 0; i < WORKERS; i++)
		while (atomic_load(&host.inside[i]))
			;
	atomic_fetch_add(&host.changes, 1);
	return true;
}

static void vcpus_start(void *ctx)
{
	(void)ctx;
	atomic_fetch_add(&host.changes, 1);
}

static const struct hpte_host_ops ops = {
	.ops_size = sizeof(ops), .hpt_alloc = hpt_alloc, .hpt_free = hpt_free,
	.vcpus_stop = vcpus_stop, .vcpus_start = vcpus_start,
};

/* True: done; false: turned back at the gate. */
static bool call(unsigned int worker, uint64_t *gpr)
{
	enum hpte_hcall_disposition disposition;

	atomic_store(&host.inside[worker], true);
	disposition = hpte_hcall_dispatch(&host.vm, gpr, 0);
	atomic_store(&host.inside[worker], false);
	if (disposition == HPTE_HCALL_AGAIN) {
		atomic_fetch_add(&host.turned_back, 1);
		return false;
	}
	if (disposition != HPTE_HCALL_DONE)
		fail("a hypercall is not ours");
	return true;
}

/* One entry comes and goes; true if no COMMIT came in between. */
static bool come_and_go(unsigned int worker, uint64_t n)
{
	unsigned long before = atomic_load(&host.changes);
	uint64_t gpr[32] = { 0 };
	uint64_t index;
	bool good;

	gpr[3] = HPTE_HCALL_ENTER;
	gpr[5] = (n * 8 + worker * 4096) % (UINT64_C(1) << (SMALLEST - 4));
	gpr[6] = (n % 64 + 64 * worker + 1) << 12 | 1;
	gpr[7] = (n % 256) << 12 | 0x192;
	if (!call(worker, gpr) || gpr[3])
		return false;
	index = gpr[4];
	gpr[3] = HPTE_HCALL_READ;
	gpr[4] = 0;
	gpr[5] = index;
	if (!call(worker, gpr))
		return false;
	good = !gpr[3] && (gpr[4] & 1);
	gpr[3] = HPTE_HCALL_REMOVE;
	gpr[4] = 0;
	gpr[5] = index;
	if (!call(worker, gpr))
		return false;
	good &= !gpr[3];
	if (before & 1 || before != atomic_load(&host.changes))
		return false;
	if (!good)
		fail("an entry did not stay");
	return true;
}

static void *work(void *arg)
{
	unsigned int worker = *(unsigned int *)arg;
	unsigned long *rounds = calloc(1, sizeof(*rounds));

	if (!rounds)
		fail("no memory");
	for (uint64_t n = 0; !atomic_load(&host.over); n++)
		*rounds += come_and_go(worker, n);
	return rounds;
}

static void resize(uint64_t shift)
{
	static const uint64_t opcodes[] = {
		HPTE_HCALL_RESIZE_HPT_PREPARE, HPTE_HCALL_RESIZE_HPT_COMMIT
	};

	for (unsigned int i = 0; i < 2; i++) {
		uint64_t gpr[32] = { 0 };

		gpr[3] = opcodes[i];
		gpr[5] = shift;
		if (hpte_hcall_dispatch(&host.vm, gpr, 0) != HPTE_HCALL_DONE ||
		    gpr[3])
			fail("the table is not replaced");
	}
}

int main(int argc, char **argv)
{
	struct hpte_table_config config = { .order = SMALLEST, .ops = &ops,
		.cpu = hpte_table_cpu() & HPTE_CPU_SSE2 };
	double seconds = argc == 3 ? atof(argv[2]) : 2;
	unsigned int numbers[WORKERS];
	pthread_t threads[WORKERS];
	unsigned long commits = 0, rounds = 0;
	time_t end = time(NULL) + (time_t)seconds;
	struct hpte_memory last;

	get_memory(SMALLEST, &config.memory);
	if (hpte_table_init(&host.table, &config) != HPTE_OK)
		fail("no table");
	hpte_hcall_init(&host.vm, &host.table);
	for (unsigned int i = 0; i < WORKERS; i++) {
		numbers[i] = i;
		if (pthread_create(&threads[i], NULL, work, &numbers[i]))
			fail("no thread");
	}
	for (; time(NULL) < end; commits++)
		resize(commits % 2 ? SMALLEST : LARGEST);
	atomic_store(&host.over, true);
	for (unsigned int i = 0; i < WORKERS; i++) {
		void *done;

		pthread_join(threads[i], &done);
		rounds += *(unsigned long *)done;
		free(done);
	}
	printf("%lu commits, %lu entries between two, %lu calls turned back\n",
	       commits, rounds, atomic_load(&host.turned_back));
	last.base = host.table.priv_base;
	last.side = host.table.priv_side;
	hpt_free(NULL, 0, &last);
	return !commits || !rounds;
}
