/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/peer_failure.c - a host that fails at its kth call, for every k.
 *
 * Bug 46 of COVERAGE.md, for all callbacks.  A script makes every hypercall.
 * It runs once with a host that never fails; then again for each way to fail
 * and each k.  The call that meets the failure must answer exactly what the
 * table below says and, unless it succeeds, leave registers and table as
 * they were; made again, it must answer what it answers to nobody's failure,
 * and at the end of the script the guest must see the same table.
 */
#include "fixture.h"

#include <string.h>

#define REQUEST		UINT64_C(0x4000000000000000)
#define END		UINT64_C(0xC000000000000000)
#define IO_START	UINT64_C(0x8000000000)
#define PAGE		UINT64_C(0x7000)
#define AGAIN		INT64_C(4711)	/* stands for HPTE_HCALL_AGAIN */
#define ANY		INT64_C(4712)	/* the answer of the first run */
#define ARRAY_COUNT(a)	(sizeof(a) / sizeof((a)[0]))

enum callback {
	CLASSIFY, MAP_PAGE, INVAL_RETRY, GUEST_READ, GUEST_WRITE, HPT_ALLOC,
	VCPUS_STOP, VRMA_PAGE_SIZE
};

/* The ways to fail, and what the hypercall that meets it answers. */
static const struct failure {
	const char *name;
	enum callback callback;
	unsigned int how;
	int64_t code;
} failures[] = {
	{ "classify: hole", CLASSIFY, HPTE_BACKING_HOLE, HPTE_H_PARAMETER },
	{ "classify: rescinded", CLASSIFY, HPTE_BACKING_RESCINDED,
	  HPTE_H_RESCINDED },
	{ "classify: partial", CLASSIFY, HPTE_BACKING_PARTIAL,
	  HPTE_H_PARAMETER },
	{ "map_page: later", MAP_PAGE, HPTE_HOST_LATER, ANY },
	{ "map_page: never", MAP_PAGE, HPTE_HOST_NEVER, ANY },
	{ "map_page: too small", MAP_PAGE, HPTE_HOST_DONE, ANY },
	{ "inval_retry", INVAL_RETRY, 0, ANY },
	{ "guest_read", GUEST_READ, 0, AGAIN },
	{ "guest_write", GUEST_WRITE, 0, AGAIN },
	{ "hpt_alloc: later", HPT_ALLOC, HPTE_HOST_LATER,
	  HPTE_H_LONG_BUSY_10_MS },
	{ "hpt_alloc: never", HPT_ALLOC, HPTE_HOST_NEVER, HPTE_H_RESOURCE },
	{ "hpt_alloc: unfit", HPT_ALLOC, HPTE_HOST_DONE, HPTE_H_RESOURCE },
	{ "vcpus_stop", VCPUS_STOP, 0, AGAIN },
	{ "vrma_page_size: later", VRMA_PAGE_SIZE, HPTE_HOST_LATER,
	  HPTE_H_LONG_BUSY_10_MS },
	{ "vrma_page_size: never", VRMA_PAGE_SIZE, HPTE_HOST_NEVER,
	  HPTE_H_PARAMETER },
};

/* What is to fail next; the fake host's own callbacks do the rest. */
static struct {
	const struct failure *failure;	/* NULL: nothing */
	unsigned int at;
	unsigned int calls;
	bool met;
	struct hpte_host_ops honest;
} plan;

static bool fails_now(enum callback callback)
{
	if (!plan.failure || plan.failure->callback != callback ||
	    ++plan.calls != plan.at)
		return false;
	plan.met = true;
	return true;
}

static enum hpte_backing_kind classify(void *ctx, uint64_t gpa,
				       unsigned int shift,
				       unsigned int *largest)
{
	enum hpte_backing_kind kind;

	kind = plan.honest.classify(ctx, gpa, shift, largest);
	return fails_now(CLASSIFY) ?
	       (enum hpte_backing_kind)plan.failure->how : kind;
}

static enum hpte_host_result map_page(void *ctx, uint64_t gpa,
				      unsigned int shift, bool want_write,
				      struct hpte_host_page *page)
{
	enum hpte_host_result result;

	result = plan.honest.map_page(ctx, gpa, shift, want_write, page);
	if (!fails_now(MAP_PAGE))
		return result;
	page->shift = (uint8_t)(shift - 1);
	return (enum hpte_host_result)plan.failure->how;
}

static bool inval_retry(void *ctx, uint64_t sequence)
{
	return plan.honest.inval_retry(ctx, sequence) ||
	       fails_now(INVAL_RETRY);
}

static bool guest_read(void *ctx, uint64_t gpa, void *to, size_t bytes)
{
	(void)ctx;
	memset(to, (int)(gpa >> 7), bytes);
	return !fails_now(GUEST_READ);
}

static bool guest_write(void *ctx, uint64_t gpa, const void *from,
			uint64_t bytes)
{
	(void)ctx;
	(void)gpa;
	(void)from;
	(void)bytes;
	return !fails_now(GUEST_WRITE);
}

static enum hpte_host_result hpt_alloc(void *ctx, unsigned int order,
				       struct hpte_memory *memory)
{
	if (!fails_now(HPT_ALLOC))
		return plan.honest.hpt_alloc(ctx, order, memory);
	/* Not storage for a table, whatever is said about it. */
	memory->base = (void *)(uintptr_t)64;
	memory->side = NULL;
	return (enum hpte_host_result)plan.failure->how;
}

static bool vcpus_stop(void *ctx)
{
	return !fails_now(VCPUS_STOP) && plan.honest.vcpus_stop(ctx);
}

static enum hpte_host_result vrma_page_size(void *ctx, unsigned int code)
{
	(void)ctx;
	(void)code;
	return fails_now(VRMA_PAGE_SIZE) ?
	       (enum hpte_host_result)plan.failure->how : HPTE_HOST_DONE;
}

static void install(struct fixture *f)
{
	struct hpte_host_ops *ops = &f->host.ops;

	plan.honest = *ops;
	ops->classify = classify;
	ops->map_page = map_page;
	ops->inval_retry = inval_retry;
	ops->guest_read = guest_read;
	ops->guest_write = guest_write;
	ops->hpt_alloc = hpt_alloc;
	ops->vcpus_stop = vcpus_stop;
	ops->vrma_page_size = vrma_page_size;
	fake_host_region(&f->host, IO_START, UINT64_C(1) << 28,
			 HPTE_BACKING_IO, 34);
}

/* The script: opcode, R4.. of each call. */
#define CALLS		22U
#define RESIZES		18U	/* the first of the last four */

struct script {
	uint64_t call[CALLS][10];	/* all registers that calls read */
	struct hcall done[CALLS];	/* of the run without failure */
};

static void script_entries(const struct fixture *f, struct script *s)
{
	static const uint64_t flags[] = {
		0, HPTE_HFLAG_ZERO_PAGE, HPTE_HFLAG_EXACT, 0,
		HPTE_HFLAG_ZERO_PAGE | HPTE_HFLAG_ICACHE_SYNCHRONIZE, 0, 0
	};
	unsigned int n;

	for (n = 0; n < 7; n++) {
		bool io = n == 5;
		struct entry e = entry_make(f, entry_sizes[n == 6 ? 5 : 0], n,
					    n & 1, io ? HPTE_DW1_I | 2 :
							ENTRY_RW);
		uint64_t call[] = { HPTE_HCALL_ENTER, flags[n], 8 * n,
				    e.guest.dw0 | (n == 3 ? HPTE_DW0_BOLTED :
							    0),
				    e.guest.dw1 + (io ? IO_START : 0) };

		memcpy(s->call[n], call, sizeof(call));
	}
}

static void script_make(const struct fixture *f, struct script *s)
{
	static const uint64_t rest[CALLS - 7][10] = {
		{ HPTE_HCALL_READ, HPTE_HFLAG_READ_4, 0 },
		{ HPTE_HCALL_PROTECT, 3, 0 },
		{ HPTE_HCALL_CLEAR_REF, 0, 8 },
		{ HPTE_HCALL_CLEAR_MOD, 0, 8 },
		{ HPTE_HCALL_REMOVE, 0, 0 },
		{ HPTE_HCALL_BULK_REMOVE, REQUEST | 8, 0, REQUEST | 40, 0,
		  END },
		{ HPTE_HCALL_BLOCK_REMOVE, 0, REQUEST | 16, END },
		{ HPTE_HCALL_PAGE_INIT, HPTE_HFLAG_ZERO_PAGE, PAGE },
		{ HPTE_HCALL_PAGE_INIT, HPTE_HFLAG_COPY_PAGE, PAGE, 0x9000 },
		{ HPTE_HCALL_VRMASD, 0x10 },
		{ HPTE_HCALL_REGISTER_PROCESS_TABLE, 0, 0, 0, 0 },
		{ HPTE_HCALL_RESIZE_HPT_PREPARE, 0, 19 },
		{ HPTE_HCALL_RESIZE_HPT_COMMIT, 0, 19 },
		{ HPTE_HCALL_RESIZE_HPT_PREPARE, 0, 18 },
		{ HPTE_HCALL_RESIZE_HPT_COMMIT, 0, 18 },
	};

	memset(s, 0, sizeof(*s));
	script_entries(f, s);
	memcpy(s->call[7], rest, sizeof(rest));
}

static void snapshot(const struct fixture *f, unsigned char *bytes)
{
	memcpy(bytes, hpte_table_base(&f->table),
	       (size_t)hpte_table_bytes(hpte_table_order(&f->table)));
}

/* The call that met the failure: answer, registers, table. */
static void check_failed(const struct fixture *f, struct hcall *call,
			 enum hpte_hcall_disposition disposition,
			 const unsigned char *before)
{
	int64_t want = plan.failure->code;

	if (want == AGAIN) {
		assert_int_equal(disposition, HPTE_HCALL_AGAIN);
	} else {
		assert_int_equal(disposition, HPTE_HCALL_DONE);
		assert_int_equal((int64_t)call->gpr[3], want);
		call->gpr[3] = call->before[3];
	}
	assert_memory_equal(call->gpr, call->before, sizeof(call->gpr));
	assert_memory_equal(hpte_table_base(&f->table), before,
			    (size_t)hpte_table_bytes(
				    hpte_table_order(&f->table)));
}

/* The call as it is without failure, or after one. */
static void check_done(const struct script *s, unsigned int n,
		       const struct hcall *call)
{
	unsigned int i;

	for (i = 3; i < 12; i++)
		if (s->done[n].gpr[i] != s->done[n].before[i] || i == 3)
			assert_int_equal(call->gpr[i], s->done[n].gpr[i]);
}

/* What the guest sees of all its table: two doublewords an entry. */
static void guest_table(struct fixture *f, struct hpte *seen)
{
	uint64_t i;

	for (i = 0; i < hpte_table_entries(&f->table); i++) {
		struct hpte_view view;

		memset(&seen[i], 0, sizeof(seen[i]));
		if (hpte_table_read(&f->table, i, &view) == HPTE_OK)
			seen[i] = view.guest;
	}
}

#define ENTRIES		(1U << 14)	/* of a table of order 18 */

struct scratch {
	unsigned char before[1U << 19];
	struct hpte want[2][ENTRIES];	/* before the resize, at the end */
	struct hpte seen[ENTRIES];
	struct script script;
};

/* What the guest's table is on the first run, it is on all of them. */
static void check_table(struct fixture *f, struct scratch *scratch,
			unsigned int which, bool first)
{
	assert_int_equal(hpte_table_entries(&f->table), ENTRIES);
	if (first) {
		guest_table(f, scratch->want[which]);
		return;
	}
	guest_table(f, scratch->seen);
	assert_memory_equal(scratch->seen, scratch->want[which],
			    sizeof(scratch->seen));
}

static void run_script(struct fixture *f, struct scratch *scratch, bool first)
{
	unsigned char *before = scratch->before;
	struct script *s = &scratch->script;
	enum hpte_hcall_disposition disposition;
	struct hcall call;
	unsigned int n;

	for (n = 0; n < CALLS; n++) {
		if (n == RESIZES)
			check_table(f, scratch, 0, first);
		plan.met = false;
		snapshot(f, before);
		hcall_prepare(f, &call, s->call[n][0], &s->call[n][1], 9);
		disposition = hpte_hcall_dispatch(&f->vm, call.gpr, 0);
		if (plan.met && plan.failure->code != ANY) {
			check_failed(f, &call, disposition, before);
			disposition = hpte_hcall_dispatch(&f->vm, call.gpr,
							  0);
		}
		assert_int_equal(disposition, HPTE_HCALL_DONE);
		call.code = (int64_t)call.gpr[3];
		hcall_check(&call, s->call[n][0]);
		if (first)
			s->done[n] = call;
		else
			check_done(s, n, &call);
	}
	check_table(f, scratch, 1, first);
}

/* One run with the kth call failing; false if it was never made. */
static bool run_with_failure(struct fixture *f, struct scratch *scratch,
			     const struct failure *failure, unsigned int at)
{
	plan.failure = failure;
	plan.at = at;
	plan.calls = 0;
	fixture_restart(f);
	fake_host_fini(&f->host);
	run_script(f, scratch, false);
	/* every table that the host gave is in use or was given back */
	assert_int_equal(f->host.tables, 1);
	assert_int_equal(f->host.calls.stop, f->host.calls.start);
	return plan.calls >= at;
}

static void every_failure_at_every_call(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scratch *scratch = test_calloc(1, sizeof(*scratch));
	unsigned int i, k;

	install(f);
	plan.failure = NULL;
	fixture_restart(f);
	script_make(f, &scratch->script);
	run_script(f, scratch, true);
	for (i = 0; i < CALLS; i++)
		assert_int_equal(scratch->script.done[i].code,
				 HPTE_H_SUCCESS);
	for (i = 0; i < ARRAY_COUNT(failures); i++) {
		bool walker_only = failures[i].callback == MAP_PAGE ||
				   failures[i].callback == INVAL_RETRY;

		for (k = 1; run_with_failure(f, scratch, &failures[i], k);
		     k++)
			;
		/* A callback that nobody called proves nothing. */
		if (!(k > 1) != (walker_only && !f->kind->walker))
			fail_msg("%s: %u calls", failures[i].name, k - 1);
	}
	plan.failure = NULL;
	test_free(scratch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_EVERY_KIND(every_failure_at_every_call),
	};

	return TEST_RUN("peer_failure", tests);
}
