/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/linux_module/selftest.h - what the parts of the self-test share.
 */
#ifndef LINUX_MODULE_SELFTEST_H
#define LINUX_MODULE_SELFTEST_H

#include <linux/atomic.h>
#include <linux/types.h>

#include <hpte/hpte.h>

#define TABLE_ORDER		18U
#define TABLE_ENTRIES		(1U << (TABLE_ORDER - 4))
#define PAGE_BITS	12U
#define VSID		0x100000U	/* its low bits are 0: see va_of() */

extern atomic64_t selftest_checks;
extern atomic_t selftest_failed;

void selftest_failure(const char *file, int line, const char *what);

/* Counted; the first few that do not hold are printed. */
#define CHECK(condition)						\
	do {								\
		atomic64_inc(&selftest_checks);				\
		if (unlikely(!(condition)))				\
			selftest_failure(__FILE__, __LINE__, #condition); \
	} while (0)

/*
 * struct subject - a table, its storage and what its host counts
 * @walk:	odd while a walker is at work
 */
struct subject {
	struct hpte_table table;
	unsigned long base;
	void *side;
	atomic_t walk;
	atomic64_t invalidated;
	atomic64_t dirty;
	char console[16];
	unsigned int printed;
};

/* An empty table, with a walker or without; NULL: no memory. */
struct subject *subject_new(unsigned int flags);
void subject_free(struct subject *subject);

/* Page @n of the one segment: its primary group is the low bits of @n. */
static inline struct hpte_va va_of(uint64_t n)
{
	return (struct hpte_va){ VSID, n << PAGE_BITS, 28, PAGE_BITS };
}

/* First index of a page's group. */
uint64_t group_of(uint64_t n, bool secondary);

/* The guest's entry of page @n: guest real address n << PAGE_BITS. */
struct hpte entry_of(uint64_t n, bool secondary);

#define HOST_START	(UINT64_C(1) << 32)	/* host real of guest real 0 */

/* The host's page behind page @n. */
static inline struct hpte_host_page host_page_of(uint64_t n)
{
	return (struct hpte_host_page){
		.real = HOST_START + (n << PAGE_BITS),
		.shift = PAGE_BITS,
		.writable = true,
	};
}

/*
 * struct contest - threads against one table
 * @rounds:	of each worker
 * @workers:	threads that change entries of their own; one more walks
 * @plant:	the walker loses C, to see that it is noticed
 * @operations:	what was done
 * @full:	inserts that found both groups full
 */
struct contest {
	unsigned int rounds;
	unsigned int workers;
	bool plant;
	atomic64_t operations;
	atomic64_t full;
	atomic64_t walked;
};

#define WORKERS_MAX	8U

void test_table(unsigned int flags);	/* tables.c */
void test_hcalls(void);
void test_fault(void);			/* guest.c */
void test_mmio(void);
void test_threads(struct contest *contest);	/* threads.c */

#endif /* LINUX_MODULE_SELFTEST_H */
