/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/selftest/selftest.c - does memory behave as the architecture
 * says?  The checks, in their order.
 */
#include "tests/system/guest/guest.h"
#include "selftest.h"

const char program_name[] = "selftest";
const struct check *const check_tables[] = {
	real_checks, translation_checks, rights_checks, change_checks,
	entry_checks, host_checks, resize_checks, mmio_checks, smp_checks,
	disturb_checks, NULL,
};
