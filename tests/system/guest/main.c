/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/guest/main.c - runs a program's checks.
 *
 * Prints one line for each, then how many passed.
 */
#include "tests/system/platform/abi.h"
#include "guest.h"

unsigned int cpu_count, power;
volatile unsigned int table_order;

void guest_main(uint64_t r3, uint64_t r4, uint64_t r5);

static unsigned int passed, failed, left_out;

static void run_check(unsigned int number, const struct check *check)
{
	const char *zero = number < 10 ? "0" : "";
	const char *why = check->function();

	pages_forget();
	print("%s%d %s", zero, number, check->name);
	if (!why) {
		print(" ok\n");
		passed++;
	} else if (skipped(why)) {
		print(" skipped: %s\n", why);
		left_out++;
	} else {
		print(" FAILED: %s\n", why);
		failed++;
	}
}

/* The image is in use: no check sees its first access. */
static void touch_image(void)
{
	for (uint64_t at = 0; at < (uintptr_t)far_code; at += 4096)
		*word_at(at) = *word_at(at);
}

void guest_main(uint64_t r3, uint64_t r4, uint64_t r5)
{
	unsigned int number = 0;

	cpu_count = (unsigned int)r3;
	power = (unsigned int)r4;
	table_order = (unsigned int)r5;
	touch_image();
	keys_set(0, 0);
	pages_forget();
	for (unsigned int i = 0; i < CPUS; i++)
		if (code_page_enter(i) != H_SUCCESS) {
			print("no page for probes\n");
			end(false);
		}
	for (size_t i = 0; check_tables[i]; i++)
		for (const struct check *check = check_tables[i]; check->name;
		     check++)
			run_check(++number, check);
	print("%s: %d passed, %d failed, %d skipped\n", program_name, passed,
	      failed, left_out);
	end(!failed);
}
