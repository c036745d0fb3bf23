/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/peer_page_init.c - H_PAGE_INIT.
 *
 * Bugs 9 and D21 of COVERAGE.md, and every code and flag of the call.  The
 * guest of these tests has real storage: six pages, all of it one region, so
 * that the last page of a region ends where the storage does.
 */
#include "fixture.h"

#include <string.h>

#define PAGE		4096U
#define PAGES		6U
#define START		UINT64_C(0x30000)	/* of the guest's storage */
#define ZERO		HPTE_HFLAG_ZERO_PAGE
#define COPY		HPTE_HFLAG_COPY_PAGE
#define ICACHE		(HPTE_HFLAG_ICACHE_INVALIDATE | \
			 HPTE_HFLAG_ICACHE_SYNCHRONIZE)
#define ALLOWED		(ZERO | COPY | ICACHE | HPTE_HFLAG_CMO)

/* A host with storage: its callbacks get this, not the fake host. */
struct page_host {
	struct hpte_host_ops ops;
	unsigned char *storage;
	unsigned int calls;	/* of guest_read and guest_write */
	unsigned int refuse;	/* which of them fails; 0: none */
	struct fake_ranges dirty;
	struct fake_ranges icache;
	enum hpte_backing_kind kind[PAGES];
};

static unsigned char *at(struct page_host *host, uint64_t gpa, uint64_t bytes)
{
	assert_true(gpa >= START && bytes <= PAGES * PAGE &&
		    gpa - START <= PAGES * PAGE - bytes);
	return host->storage + (gpa - START);
}

static enum hpte_backing_kind classify(void *ctx, uint64_t gpa,
				       unsigned int shift,
				       unsigned int *largest)
{
	struct page_host *host = ctx;

	assert_int_equal(shift, 12);
	assert_int_equal(gpa & (PAGE - 1), 0);
	*largest = 12;
	if (gpa < START || gpa - START >= PAGES * PAGE)
		return HPTE_BACKING_HOLE;
	return host->kind[(gpa - START) / PAGE];
}

static bool guest_read(void *ctx, uint64_t gpa, void *to, size_t bytes)
{
	struct page_host *host = ctx;

	if (++host->calls == host->refuse)
		return false;
	memcpy(to, at(host, gpa, bytes), bytes);
	return true;
}

static bool guest_write(void *ctx, uint64_t gpa, const void *from,
			uint64_t bytes)
{
	struct page_host *host = ctx;

	if (++host->calls == host->refuse)
		return false;
	if (from)
		memcpy(at(host, gpa, bytes), from, (size_t)bytes);
	else
		memset(at(host, gpa, bytes), 0, (size_t)bytes);
	return true;
}

static void record(struct fake_ranges *ranges, uint64_t gpa, uint64_t bytes)
{
	assert_in_range(ranges->count, 0, FAKE_RECORDS - 1);
	ranges->range[ranges->count].gpa = gpa;
	ranges->range[ranges->count++].bytes = bytes;
}

static void mark_dirty(void *ctx, uint64_t gpa, uint64_t bytes)
{
	record(&((struct page_host *)ctx)->dirty, gpa, bytes);
}

static void icache_sync(void *ctx, uint64_t gpa, uint64_t bytes)
{
	record(&((struct page_host *)ctx)->icache, gpa, bytes);
}

static void no_flush(void *ctx, const uint64_t *rb, unsigned int count,
		     unsigned int flags)
{
	(void)ctx;
	(void)rb;
	(void)count;
	(void)flags;
	fail();		/* no entry is involved */
}

static void no_flush_all(void *ctx)
{
	(void)ctx;
	fail();
}

/* The first byte of a page is its number, the rest differs all over. */
static unsigned char initial(unsigned int i)
{
	return (unsigned char)(i * 7 + i / PAGE * 31 + 1);
}

static void fill_storage(struct page_host *host)
{
	unsigned int i;

	for (i = 0; i < PAGES * PAGE; i++)
		host->storage[i] = initial(i);
	host->calls = 0;
	host->refuse = 0;
	host->dirty.count = 0;
	host->icache.count = 0;
}

static void attach(struct fixture *f, struct page_host *host)
{
	struct hpte_table_config config;

	fixture_config(f, &config);
	config.ops = &host->ops;
	config.ctx = host;
	assert_int_equal(hpte_table_init(&f->table, &config), HPTE_OK);
	hpte_hcall_init(&f->vm, &f->table);
}

static struct page_host *host_start(struct fixture *f)
{
	struct page_host *host = test_calloc(1, sizeof(*host));

	host->ops = (struct hpte_host_ops){
		.ops_size = sizeof(host->ops),
		.classify = classify,
		.tlb_invalidate = no_flush,
		.tlb_invalidate_all = no_flush_all,
		.mark_dirty = mark_dirty,
		.guest_read = guest_read,
		.guest_write = guest_write,
		.icache_sync = icache_sync,
	};
	host->storage = test_malloc((size_t)PAGES * PAGE);
	fill_storage(host);
	attach(f, host);
	return host;
}

static void host_stop(struct page_host *host)
{
	test_free(host->storage);
	test_free(host);
}

static uint64_t page(unsigned int n)
{
	return START + (uint64_t)n * PAGE;
}

static int64_t init(struct fixture *f, uint64_t flags, uint64_t to,
		    uint64_t from)
{
	struct hcall call;

	return HCALL(f, &call, HPTE_HCALL_PAGE_INIT, flags, to, from);
}

/* All of the storage as it was but the page @to; then start afresh. */
static void check_storage(struct page_host *host, unsigned int to,
			  unsigned int from, uint64_t flags)
{
	unsigned char *now = test_malloc((size_t)PAGES * PAGE);
	unsigned char *want = host->storage;

	memcpy(now, host->storage, (size_t)PAGES * PAGE);
	fill_storage(host);
	if (flags & COPY)
		memmove(want + to * PAGE, want + from * PAGE, PAGE);
	else if (flags & ZERO)
		memset(want + to * PAGE, 0, PAGE);
	assert_memory_equal(now, want, (size_t)PAGES * PAGE);
	test_free(now);
	fill_storage(host);
}

/* What was stored to a page was reported; a page left alone was not. */
static void stored_is_dirty(const struct page_host *host, unsigned int which)
{
	unsigned int first = PAGE, end = 0, i;

	for (i = 0; i < PAGE; i++) {
		unsigned int at = which * PAGE + i;

		if (host->storage[at] == initial(at))
			continue;
		first = i < first ? i : first;
		end = i + 1;
	}
	assert_int_equal(host->dirty.count != 0, end != 0);
	if (end)
		assert_true(fake_host_covers(&host->dirty, page(which) + first,
					     end - first));
}

static void untouched(struct page_host *host)
{
	assert_int_equal(host->calls, 0);
	assert_int_equal(host->dirty.count, 0);
	assert_int_equal(host->icache.count, 0);
	check_storage(host, 0, 0, 0);
}

/* All combinations of fills and icache flags on every pair of pages. */
static void fills_and_tells(void **state)
{
	struct fixture *f = fixture_of(state);
	struct page_host *host = host_start(f);
	unsigned int to, from, way;

	for (to = 0; to < PAGES; to++) {
		for (from = 0; from < PAGES; from++) {
			for (way = 0; way < 16; way++) {
				uint64_t flags = (way & 1 ? ZERO : 0) |
					(way & 2 ? COPY : 0) |
					(uint64_t)(way >> 2) << 22;
				unsigned int fills = (way & 3) != 0;

				fill_storage(host);
				assert_int_equal(init(f, flags, page(to),
						      page(from)),
						 HPTE_H_SUCCESS);
				assert_int_equal(host->dirty.count, fills);
				assert_int_equal(fake_host_covers(&host->dirty,
						 page(to), PAGE), fills);
				assert_int_equal(host->icache.count != 0,
						 way > 3);
				assert_int_equal(fake_host_covers(
						 &host->icache, page(to),
						 PAGE), way > 3);
				check_storage(host, to, from, flags);
			}
		}
	}
	host_stop(host);
}

/* D21: another hypervisor refused the last page of a region. */
static void d21_last_page_of_a_region(void **state)
{
	struct fixture *f = fixture_of(state);
	struct page_host *host = host_start(f);

	assert_int_equal(init(f, COPY, page(0), page(PAGES - 1)),
			 HPTE_H_SUCCESS);
	check_storage(host, 0, PAGES - 1, COPY);
	assert_int_equal(init(f, COPY, page(PAGES - 1), page(0)),
			 HPTE_H_SUCCESS);
	check_storage(host, PAGES - 1, 0, COPY);
	assert_int_equal(init(f, ZERO, page(PAGES - 1), 0), HPTE_H_SUCCESS);
	check_storage(host, PAGES - 1, 0, ZERO);
	/* and one further there is nothing */
	assert_int_equal(init(f, ZERO, page(PAGES), 0), HPTE_H_PARAMETER);
	assert_int_equal(init(f, COPY, page(0), page(PAGES)),
			 HPTE_H_PARAMETER);
	untouched(host);
	host_stop(host);
}

static void copy_onto_itself(void **state)
{
	struct fixture *f = fixture_of(state);
	struct page_host *host = host_start(f);

	assert_int_equal(init(f, COPY | ZERO, page(2), page(2)),
			 HPTE_H_SUCCESS);
	assert_true(fake_host_covers(&host->dirty, page(2), PAGE));
	check_storage(host, 2, 2, COPY);
	host_stop(host);
}

static void every_flag(void **state)
{
	struct fixture *f = fixture_of(state);
	struct page_host *host = host_start(f);
	unsigned int bit;

	for (bit = 0; bit < 64; bit++) {
		uint64_t flag = UINT64_C(1) << bit;

		if (flag & ALLOWED) {
			assert_int_equal(init(f, flag, page(1), page(2)),
					 HPTE_H_SUCCESS);
			fill_storage(host);
			continue;
		}
		assert_int_equal(init(f, flag, page(1), page(2)),
				 HPTE_H_PARAMETER);
		assert_int_equal(init(f, flag | ZERO | ICACHE, page(1),
				      page(2)), HPTE_H_PARAMETER);
		untouched(host);
	}
	/* Nothing to do is done; the source is not looked at. */
	assert_int_equal(init(f, HPTE_HFLAG_CMO, page(1), 1), HPTE_H_SUCCESS);
	untouched(host);
	host_stop(host);
}

static void alignment(void **state)
{
	struct fixture *f = fixture_of(state);
	struct page_host *host = host_start(f);
	unsigned int bit;

	for (bit = 0; bit < 64; bit++) {
		uint64_t off = UINT64_C(1) << bit;

		/* below: misaligned; above: not storage any more */
		if (page(1) + off < START + PAGES * PAGE && bit >= 12)
			continue;
		assert_int_equal(init(f, ZERO, page(1) + off, 0),
				 HPTE_H_PARAMETER);
		assert_int_equal(init(f, COPY, page(1), page(0) + off),
				 HPTE_H_PARAMETER);
		assert_int_equal(init(f, COPY | ZERO, page(1) + off, page(0)),
				 HPTE_H_PARAMETER);
		assert_int_equal(init(f, 0, page(1) + off, page(0)),
				 HPTE_H_PARAMETER);
	}
	untouched(host);
	/* Without COPY R6 is no argument. */
	assert_int_equal(init(f, ZERO, page(1), 0xFFF), HPTE_H_SUCCESS);
	check_storage(host, 1, 0, ZERO);
	host_stop(host);
}

static void backing(void **state)
{
	static const int64_t code[] = {
		[HPTE_BACKING_RAM] = HPTE_H_SUCCESS,
		[HPTE_BACKING_IO] = HPTE_H_PARAMETER,
		[HPTE_BACKING_HOLE] = HPTE_H_PARAMETER,
		[HPTE_BACKING_RESCINDED] = HPTE_H_RESCINDED,
		[HPTE_BACKING_PARTIAL] = HPTE_H_PARAMETER,
	};
	struct fixture *f = fixture_of(state);
	struct page_host *host = host_start(f);
	unsigned int kind;

	for (kind = HPTE_BACKING_IO; kind <= HPTE_BACKING_PARTIAL; kind++) {
		host->kind[3] = (enum hpte_backing_kind)kind;
		assert_int_equal(init(f, ZERO, page(3), 0), code[kind]);
		assert_int_equal(init(f, 0, page(3), 0), code[kind]);
		assert_int_equal(init(f, ICACHE, page(3), 0), code[kind]);
		assert_int_equal(init(f, COPY, page(3), page(1)), code[kind]);
		assert_int_equal(init(f, COPY, page(1), page(3)), code[kind]);
		untouched(host);
		/* as a source that is not asked for it does not matter */
		assert_int_equal(init(f, ZERO, page(1), page(3)),
				 HPTE_H_SUCCESS);
		check_storage(host, 1, 0, ZERO);
	}
	host_stop(host);
}

/* The host fails at its kth call, for every k: made again, it succeeds. */
static void not_now(void **state)
{
	static const uint64_t fills[] = { ZERO, COPY };
	struct fixture *f = fixture_of(state);
	struct page_host *host = host_start(f);
	unsigned int way, k, most;
	struct hcall call;

	for (way = 0; way < 2; way++) {
		const uint64_t args[] = { fills[way] | ICACHE, page(4),
					  page(2) };

		fill_storage(host);
		assert_int_equal(init(f, args[0], args[1], args[2]),
				 HPTE_H_SUCCESS);
		most = host->calls;
		assert_int_not_equal(most, 0);
		for (k = 1; k <= most; k++) {
			fill_storage(host);
			host->refuse = k;
			hcall_prepare(f, &call, HPTE_HCALL_PAGE_INIT, args, 3);
			assert_int_equal(hpte_hcall_dispatch(&f->vm, call.gpr,
							     0),
					 HPTE_HCALL_AGAIN);
			assert_memory_equal(call.gpr, call.before,
					    sizeof(call.gpr));
			assert_int_equal(host->calls, k);
			assert_int_equal(host->icache.count, 0);
			stored_is_dirty(host, 4);
			assert_int_equal(hpte_hcall_dispatch(&f->vm, call.gpr,
							     0),
					 HPTE_HCALL_DONE);
			assert_int_equal(call.gpr[3], HPTE_H_SUCCESS);
			assert_true(fake_host_covers(&host->dirty, page(4),
						     PAGE));
			check_storage(host, 4, 2, fills[way]);
		}
	}
	host_stop(host);
}

static void without_callbacks(void **state)
{
	struct fixture *f = fixture_of(state);
	struct page_host *host = host_start(f);

	host->ops.mark_dirty = NULL;
	host->ops.icache_sync = NULL;
	assert_int_equal(init(f, ZERO | ICACHE, page(1), 0), HPTE_H_SUCCESS);
	check_storage(host, 1, 0, ZERO);
	host->ops.classify = NULL;
	assert_int_equal(init(f, COPY, page(1), page(2)), HPTE_H_SUCCESS);
	check_storage(host, 1, 2, COPY);
	host->ops.guest_read = NULL;
	assert_int_equal(init(f, COPY, page(1), page(2)), HPTE_H_FUNCTION);
	assert_int_equal(init(f, ZERO | COPY, page(1), page(2)),
			 HPTE_H_FUNCTION);
	untouched(host);
	assert_int_equal(init(f, ZERO, page(1), page(2)), HPTE_H_SUCCESS);
	check_storage(host, 1, 0, ZERO);
	host->ops.guest_write = NULL;
	assert_int_equal(init(f, ZERO, page(1), page(2)), HPTE_H_FUNCTION);
	/* nothing to fill, nothing to miss; and a bad address comes first */
	assert_int_equal(init(f, ICACHE, page(1), 0), HPTE_H_SUCCESS);
	assert_int_equal(init(f, ZERO, page(1) + 8, 0), HPTE_H_PARAMETER);
	untouched(host);
	host_stop(host);
}

/* A table of an emulator may have no host at all. */
static void without_a_host(void **state)
{
	struct fixture *f = fixture_of(state);
	struct hpte_table_config config;

	fixture_config(f, &config);
	config.ops = NULL;
	assert_int_equal(hpte_table_init(&f->table, &config), HPTE_OK);
	hpte_hcall_init(&f->vm, &f->table);
	assert_int_equal(init(f, ZERO, page(1), 0), HPTE_H_FUNCTION);
	assert_int_equal(init(f, COPY, page(1), page(2)), HPTE_H_FUNCTION);
	assert_int_equal(init(f, ICACHE, page(1), 0), HPTE_H_SUCCESS);
}

/* It is about storage, not about the table: radix guests may call it. */
static void who_may_call(void **state)
{
	struct fixture *f = fixture_of(state);
	struct page_host *host = host_start(f);
	const uint64_t args[] = { ZERO, page(1), 0 };
	struct hcall call;
	unsigned int low;

	hpte_hcall_set_radix(&f->vm, true);
	assert_int_equal(init(f, ZERO, page(1), 0), HPTE_H_SUCCESS);
	check_storage(host, 1, 0, ZERO);
	hpte_hcall_set_radix(&f->vm, false);
	for (low = 0; low < 4; low++) {
		hcall_prepare(f, &call, HPTE_HCALL_PAGE_INIT | low, args, 3);
		assert_int_equal(hpte_hcall_dispatch(&f->vm, call.gpr,
						     low ? 0 : HPTE_BIT(49)),
				 HPTE_HCALL_DONE);
		assert_int_equal((int64_t)call.gpr[3],
				 low ? HPTE_H_FUNCTION : HPTE_H_PRIVILEGE);
	}
	f->caps.hcalls = ~HPTE_OFFER_PAGE_INIT;
	hcall_prepare(f, &call, HPTE_HCALL_PAGE_INIT, args, 3);
	assert_int_equal(hpte_hcall_dispatch(&f->vm, call.gpr, 0),
			 HPTE_HCALL_NOT_MINE);
	assert_memory_equal(call.gpr, call.before, sizeof(call.gpr));
	untouched(host);
	host_stop(host);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_EVERY_KIND(fills_and_tells),
		TEST_EVERY_KIND(d21_last_page_of_a_region),
		TEST_EVERY_KIND(copy_onto_itself),
		TEST_EVERY_KIND(every_flag),
		TEST_EVERY_KIND(alignment),
		TEST_EVERY_KIND(backing),
		TEST_EVERY_KIND(not_now),
		TEST_EVERY_KIND(without_callbacks),
		TEST_OF_KIND_(without_a_host, fixture_setup, 0, "soft-207"),
		TEST_OF_KIND_(without_a_host, fixture_setup, 1, "soft-300"),
		TEST_OF_KIND_(without_a_host, fixture_setup, 2,
			      "soft-207-load16"),
		TEST_OF_KIND_(without_a_host, fixture_setup, 3,
			      "soft-300-load16"),
		TEST_EVERY_KIND(who_may_call),
	};

	return TEST_RUN("peer_page_init", tests);
}
