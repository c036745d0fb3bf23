/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/support/fake_host.h - a host whose callbacks record and can be told
 * what to answer.
 *
 * Every host real address it hands out carries FAKE_REAL in bits 40..55, so
 * that one that leaks is recognised.  At each place a callback runs, a test
 * can have a function of its own called once: that is how races are played
 * deterministically.
 */
#ifndef TEST_SUPPORT_FAKE_HOST_H
#define TEST_SUPPORT_FAKE_HOST_H

#include <hpte/hpte.h>

#define FAKE_REAL		UINT64_C(0x00A55A0000000000)
#define FAKE_REAL_MASK		UINT64_C(0x00FFFF0000000000)
#define FAKE_GUEST_MASK		UINT64_C(0x000000FFFFFFFFFF)

#define FAKE_RECORDS		512U	/* of each kind; more end the test */
#define FAKE_REGIONS		8U
#define FAKE_TABLES		8U

/* Where a test's own function can run. */
enum fake_point {
	FAKE_AT_FLUSH,		/* tlb_invalidate, before it is done */
	FAKE_AT_MAP,		/* map_page, after the page was looked up */
	FAKE_AT_RETRY,		/* inval_retry */
	FAKE_AT_DIRTY,		/* mark_dirty */
	FAKE_AT_STOP,		/* vcpus_stop */
	FAKE_AT_ALLOC,		/* hpt_alloc */
	FAKE_POINTS
};

/* A guest real range that is not plain RAM. */
struct fake_region {
	uint64_t start;
	uint64_t bytes;
	enum hpte_backing_kind kind;
	unsigned int largest;
};

struct fake_range {
	uint64_t gpa;
	uint64_t bytes;
};

struct fake_ranges {
	struct fake_range range[FAKE_RECORDS];
	unsigned int count;
};

/* Storage between two inaccessible pages. */
struct fake_storage {
	void *map;
	size_t map_bytes;
	void *start;
};

struct fake_table {
	struct fake_storage base;
	struct fake_storage side;
	struct hpte_memory memory;
	unsigned int order;
};

struct fake_calls {
	unsigned int classify;
	unsigned int map_page;
	unsigned int inval_begin;
	unsigned int inval_retry;
	unsigned int flush;
	unsigned int flush_all;
	unsigned int alloc;
	unsigned int free;
	unsigned int cancel;	/* hpt_free() of a request not yet served */
	unsigned int stop;
	unsigned int start;
	unsigned int relax;
};

struct fake_host {
	struct hpte_host_ops ops;
	struct fake_calls calls;
	struct fake_region region[FAKE_REGIONS];
	unsigned int regions;

	/* Answers. */
	enum hpte_host_result map_result;
	enum hpte_host_result alloc_result;
	unsigned int map_shift;	/* 0: 64K or the guest's page, the larger */
	uint64_t sequence;	/* of invalidations */
	bool map_writable;
	bool write_refused;	/* guest_write: not now */
	bool stop_refused;
	bool always_retry;

	/* Records. */
	uint64_t rb[FAKE_RECORDS];
	unsigned int rbs;
	unsigned int flush_flags_all;	/* AND over the calls */
	unsigned int flush_flags_any;	/* OR over the calls */
	struct fake_range mapped;	/* of the latest map_page */
	bool map_want_write;
	struct fake_range classified;
	struct fake_ranges dirty;
	struct fake_ranges zeroed;
	struct fake_ranges icache;

	/* Tables handed out by hpt_alloc and not yet given back. */
	struct fake_table table[FAKE_TABLES];
	unsigned int tables;
	unsigned int table_flags;	/* HPTE_TABLE_*, HPTE_CPU_*: the size */
	unsigned int table_cpu;		/* of the side array depends on them */
	struct hpte_memory freed;	/* by the latest hpt_free */
	unsigned int freed_order;
	unsigned int alloc_order;

	struct {
		void (*run)(void *arg);
		void *arg;
	} inject[FAKE_POINTS];
};

/* fake_host_init() - a host with all callbacks, RAM everywhere. */
void fake_host_init(struct fake_host *host, unsigned int flags,
		    unsigned int cpu);

/* fake_host_no_tlb() - nothing caches translations: no callbacks for it. */
void fake_host_no_tlb(struct fake_host *host);

/* fake_host_fini() - give back the tables that are left. */
void fake_host_fini(struct fake_host *host);

/* fake_host_forget() - zero the counters and records, keep the answers. */
void fake_host_forget(struct fake_host *host);

/* fake_host_region() - say that a range is not plain RAM. */
void fake_host_region(struct fake_host *host, uint64_t start, uint64_t bytes,
		      enum hpte_backing_kind kind, unsigned int largest);

/**
 * fake_host_inject() - have a function called once inside a callback
 * @host:	host
 * @point:	where
 * @run:	what; may set itself, or another, again
 * @arg:	its argument
 */
void fake_host_inject(struct fake_host *host, enum fake_point point,
		      void (*run)(void *arg), void *arg);

/* fake_host_injected() - true if nothing is waiting to run at @point. */
bool fake_host_injected(const struct fake_host *host, enum fake_point point);

/* fake_host_covers() - is all of a range among those recorded? */
bool fake_host_covers(const struct fake_ranges *ranges, uint64_t gpa,
		      uint64_t bytes);

/* fake_table_map() - guarded storage for a table; false: no memory. */
bool fake_table_map(struct fake_table *table, unsigned int order,
		    unsigned int flags, unsigned int cpu);

/* fake_table_unmap() - give it back. */
void fake_table_unmap(struct fake_table *table);

#endif /* TEST_SUPPORT_FAKE_HOST_H */
