/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/fuzz/hcall.c - whatever a guest and its host do, library and model
 * agree.
 *
 * Input: the kind of table, the pages that the guest maps, and the facts about
 * guest and host, HEADER bytes in all; then the choices of tests/model's
 * driver, step after step until they are used up: hypercalls with likely and
 * with hostile registers, accesses by the walker, storage interrupts and the
 * instructions behind them, paging by the host.  What differs ends the
 * program, after the last steps have been printed.
 */
#include <stdlib.h>

#include "byte_random.h"
#include "driver.h"
#include "fuzz.h"

#define HEADER		32U

/* Not on the stack: it is large. */
static struct driver driver;

/*
 * The library never probes the CPU, so we must.  Where it cannot use 16-byte
 * loads at all the kinds that ask for them are like those that do not.
 */
static unsigned int cpu_facts(void)
{
#if defined(__x86_64__)
	return hpte_x86_64_cpu() & hpte_table_cpu();
#else
	return hpte_table_cpu();
#endif
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct driver_kind kind = { .name = "fuzz" };

	if (size <= HEADER)
		return 0;
	/* a failed check must end in a signal, which AFL++ needs */
	(void)setenv("CMOCKA_TEST_ABORT", "1", 1);
	kind.walker = data[0] & 1;
	kind.strict = data[0] & 2;
	kind.format = data[0] & 4 ? HPTE_FORMAT_300 : HPTE_FORMAT_207;
	kind.cpu = data[0] & 8 ? cpu_facts() : 0;
	byte_random_feed(&driver.random, data + 2, HEADER - 2);
	driver_start(&driver, &kind, data[1]);
	byte_random_feed(&driver.random, data + HEADER, size - HEADER);
	while (byte_random_left())
		driver_step(&driver);
	compare_table(&driver);
	driver_stop(&driver);
	return 0;
}
