/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/linux_module/selftest.c - libhpte in a Linux kernel: tested when
 * the module is loaded, with a line in the kernel's log.
 *
 * The load fails (EIO) if a check has.  Nothing of the machine is touched:
 * tables are ordinary memory, and the walker is a thread.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "selftest.h"

#include <linux/cpumask.h>
#include <linux/ktime.h>
#include <linux/module.h>

#define FAILURES_SHOWN	5

static unsigned int rounds = 100000;
module_param(rounds, uint, 0444);
MODULE_PARM_DESC(rounds, "rounds of each thread");

static unsigned int threads = 8;
module_param(threads, uint, 0444);
MODULE_PARM_DESC(threads, "threads that change the table, 1 to 8");

static bool plant;
module_param(plant, bool, 0444);
MODULE_PARM_DESC(plant, "lose changed bits, to see the test fail");

atomic64_t selftest_checks = ATOMIC64_INIT(0);
atomic_t selftest_failed = ATOMIC_INIT(0);

void selftest_failure(const char *file, int line, const char *what)
{
	if (atomic_inc_return(&selftest_failed) <= FAILURES_SHOWN)
		pr_err("%s:%d: %s\n", kbasename(file), line, what);
}

static int __init selftest_start(void)
{
	struct contest contest = {
		.rounds = rounds,
		.workers = clamp(threads, 1U, WORKERS_MAX),
		.plant = plant,
	};
	ktime_t started = ktime_get();
	int failed;

	test_table(0);
	test_table(HPTE_TABLE_WALKER);
	test_hcalls();
	test_fault();
	test_mmio();
	test_threads(&contest);

	failed = atomic_read(&selftest_failed);
	pr_info("threads: %lld operations by %u on %u CPUs\n",
		atomic64_read(&contest.operations), contest.workers,
		num_online_cpus());
	pr_info("threads: %lld entries walked, both groups full %lld times\n",
		atomic64_read(&contest.walked), atomic64_read(&contest.full));
	if (failed)
		pr_err("FAIL: %d of %lld checks\n", failed,
		       atomic64_read(&selftest_checks));
	else
		pr_info("PASS: %lld checks in %lld ms\n",
			atomic64_read(&selftest_checks),
			ktime_ms_delta(ktime_get(), started));
	return failed ? -EIO : 0;
}

static void __exit selftest_end(void)
{
}

module_init(selftest_start);
module_exit(selftest_end);
MODULE_LICENSE("Dual BSD/GPL");
MODULE_DESCRIPTION("self-test of libhpte, POWER hashed page tables");
