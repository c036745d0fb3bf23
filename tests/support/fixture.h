/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/support/fixture.h - a table of every kind, with a fake host and a
 * guest that makes hypercalls.
 *
 * The kinds are {no walker, walker} x {2.07, 3.0} x {separate loads, one
 * 16-byte load}.  TEST_EVERY_KIND(f) runs the test f once for each.  Kinds that
 * the CPU or the build cannot do are left out by TEST_RUN(), which reports one
 * skipped test for all of them.
 *
 * A private table is one that nobody but callers of the library looks at: no
 * walker, no tlb_invalidate, no trace, no counters.  TEST_PRIVATE_KIND(f) runs
 * f for three of these: with a side array that it needs, with none, and with
 * one that it could do without.
 */
#ifndef TEST_SUPPORT_FIXTURE_H
#define TEST_SUPPORT_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <hpte/hpte.h>

#include "fake_host.h"
#include "random.h"

#define TEST_KINDS		11

struct test_kind {
	const char *name;
	bool walker;
	uint8_t format;		/* HPTE_FORMAT_* */
	unsigned int cpu;	/* HPTE_CPU_* */
	bool alone;		/* a private table */
	bool side;		/* a side array, needed or not */
};

/* Not constant: cmocka hands them on as a plain pointer. */
extern struct test_kind test_kinds[TEST_KINDS];

struct fixture {
	const struct test_kind *kind;
	struct fake_host host;
	struct hpte_caps caps;
	struct fake_table first;	/* the table the fixture starts with */
	struct hpte_table table;
	struct hpte_vm vm;
	struct test_random random;
	unsigned int order;
};

int fixture_setup(void **state);	/* order 18 */
int fixture_setup_24(void **state);	/* order 24, as in the contract */
int fixture_teardown(void **state);

/* fixture_of() - the fixture of a running test. */
struct fixture *fixture_of(void **state);

/* TEST_RUN() - run an array of tests; the value for main() to return. */
#define TEST_RUN(name, tests) \
	fixture_run(name, tests, sizeof(tests) / sizeof((tests)[0]))
int fixture_run(const char *name, const struct CMUnitTest *tests,
		size_t count);

/* fixture_config() - configuration of the fixture's table. */
void fixture_config(struct fixture *f, struct hpte_table_config *config);

/* fixture_restart() - a fresh, empty table, after caps or ops changed. */
void fixture_restart(struct fixture *f);

#define TEST_OF_KIND_(f, setup, n, name) \
	{ #f "/" name, f, setup, fixture_teardown, &test_kinds[n] }
#define TEST_EVERY_KIND_(f, setup)					\
	TEST_OF_KIND_(f, setup, 0, "soft-207"),				\
	TEST_OF_KIND_(f, setup, 1, "soft-300"),				\
	TEST_OF_KIND_(f, setup, 2, "soft-207-load16"),			\
	TEST_OF_KIND_(f, setup, 3, "soft-300-load16"),			\
	TEST_OF_KIND_(f, setup, 4, "walker-207"),			\
	TEST_OF_KIND_(f, setup, 5, "walker-300"),			\
	TEST_OF_KIND_(f, setup, 6, "walker-207-load16"),		\
	TEST_OF_KIND_(f, setup, 7, "walker-300-load16")
#define TEST_WALKER_KIND_(f, setup)					\
	TEST_OF_KIND_(f, setup, 4, "walker-207"),			\
	TEST_OF_KIND_(f, setup, 5, "walker-300"),			\
	TEST_OF_KIND_(f, setup, 6, "walker-207-load16"),		\
	TEST_OF_KIND_(f, setup, 7, "walker-300-load16")

#define TEST_PRIVATE_KIND_(f, setup)					\
	TEST_OF_KIND_(f, setup, 8, "private-207-load16"),		\
	TEST_OF_KIND_(f, setup, 9, "private-300-load16-side"),		\
	TEST_OF_KIND_(f, setup, 10, "private-207")

#define TEST_EVERY_KIND(f)	TEST_EVERY_KIND_(f, fixture_setup)
#define TEST_EVERY_KIND_24(f)	TEST_EVERY_KIND_(f, fixture_setup_24)
/* For what only exists where hardware walks: valid entries. */
#define TEST_WALKER_KIND(f)	TEST_WALKER_KIND_(f, fixture_setup)
/* Beside the above, for what does not need to run inside a flush. */
#define TEST_PRIVATE_KIND(f)	TEST_PRIVATE_KIND_(f, fixture_setup)
#define TEST_PRIVATE_KIND_24(f)	TEST_PRIVATE_KIND_(f, fixture_setup_24)

/* How an entry is put into the table. */
enum entry_state {
	ENTRY_ABSENT,
	ENTRY_MMIO,
	ENTRY_VALID,	/* absent where no hardware walks */
	ENTRY_STATES
};

/* A guest's entry with everything that follows from it. */
struct entry {
	struct hpte guest;	/* V=1, B in doubleword 0 */
	struct hpte_page page;
	struct hpte_va va;
	uint64_t index;		/* slot 0 of its group, then where it stands */
	uint64_t real;		/* guest real address */
};

/* One legal pair of page sizes in one legal segment size. */
struct entry_size {
	uint8_t segment;
	uint8_t base;
	uint8_t actual;
};

#define ENTRY_SIZES		13
extern const struct entry_size entry_sizes[ENTRY_SIZES];

/* 4K pages in a 256M segment: what most tests use. */
#define ENTRY_4K		((struct entry_size){ 28, 12, 12 })

/* Doubleword 1 of a plain page without its address: M, read and write. */
#define ENTRY_RW		(HPTE_DW1_M | UINT64_C(2))

/**
 * entry_make() - build the entry that maps an address
 * @f:		fixture: its order decides the group
 * @size:	segment and page sizes
 * @n:		which page; entries of different @n have different addresses
 * @secondary:	hashed by the secondary function
 * @bits:	doubleword 1 without RPN and LP
 */
struct entry entry_make(const struct fixture *f, struct entry_size size,
			unsigned int n, bool secondary, uint64_t bits);

/* entry_put() - insert it; @exact: at entry->index, else anywhere there. */
void entry_put(struct fixture *f, struct entry *entry, enum entry_state state,
	       bool exact);

/* entry_state_of() - what entry_put() makes of it on this kind of table. */
enum entry_state entry_state_of(const struct fixture *f,
				enum entry_state state);

/* entry_host_page() - the host's storage behind an entry. */
struct hpte_host_page entry_host_page(const struct fixture *f,
				      const struct entry *entry);

/* entry_flushes() - how many translations removing such an entry flushes. */
unsigned int entry_flushes(const struct fixture *f, enum entry_state state);

/* What the walker must see of a valid entry; R, C and bits 57, 58 are zero. */
struct hpte entry_walker_image(const struct fixture *f,
			       const struct entry *entry, bool writable);

/* The two doublewords in the table's memory, converted from big-endian. */
struct hpte memory_entry(const struct fixture *f, uint64_t index);

/* memory_set_rc() - store R or C as hardware does: one byte each. */
void memory_set_rc(struct fixture *f, uint64_t index, uint64_t bits);

/* Checks that end the test. */
void assert_no_host(uint64_t word);
void assert_guest_is(struct fixture *f, uint64_t index, uint64_t dw0,
		     uint64_t dw1);
void assert_empty(struct fixture *f, uint64_t index);
void assert_flushed(const struct fixture *f, const struct entry *entry,
		    unsigned int count);

/* One hypercall: registers before and after it. */
struct hcall {
	uint64_t before[32];
	uint64_t gpr[32];
	int64_t code;
};

/**
 * hcall_run() - make a hypercall and check its register image
 * @f:		fixture
 * @call:	filled in
 * @opcode:	R3
 * @args:	R4 and following
 * @count:	how many; all other registers hold garbage
 *
 * Ends the test unless the answer is DONE, only registers that the call may
 * write have changed, and none holds a host address.
 *
 * Return: R3.
 */
int64_t hcall_run(struct fixture *f, struct hcall *call, uint64_t opcode,
		  const uint64_t *args, unsigned int count);

#define HCALL(f, call, ...)						\
	hcall_run(f, call, ((const uint64_t[]){ __VA_ARGS__ })[0],	\
		  (const uint64_t[]){ __VA_ARGS__ } + 1,		\
		  (unsigned int)(sizeof((const uint64_t[]){ __VA_ARGS__ }) / \
				 sizeof(uint64_t)) - 1)

/* hcall_prepare() - fill registers: garbage, opcode, arguments. */
void hcall_prepare(struct fixture *f, struct hcall *call, uint64_t opcode,
		   const uint64_t *args, unsigned int count);

/* hcall_check() - check a register image against what was documented. */
void hcall_check(const struct hcall *call, uint64_t opcode);

/* hcall_enter() - H_ENTER of an entry, which must succeed; sets its index. */
void hcall_enter(struct fixture *f, struct entry *entry, uint64_t flags);

#endif /* TEST_SUPPORT_FIXTURE_H */
