/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/hostile/hostile.c - a guest that does everything wrong.
 *
 * Whatever it does, the visor stays, the guest's next check runs, and what
 * was wrong is answered by the interrupt or the code that the architecture
 * has for it.
 */
#include "hostile.h"

const char program_name[] = "hostile";
const struct check *const check_tables[] = {
	call_checks, state_checks, code_checks, NULL,
};

uint64_t random_word(void)
{
	static uint64_t states[CPUS] = {
		UINT64_C(0x9e3779b97f4a7c15), UINT64_C(0xd1b54a32d192ed03),
	};
	uint64_t *state = &states[this_cpu()->number];

	/* Marsaglia's xorshift64* */
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * UINT64_C(0x2545f4914f6cdd1d);
}
