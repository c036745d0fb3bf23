/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/selftest/selftest.h - tables of checks, each in a file.
 */
#ifndef SELFTEST_H
#define SELFTEST_H

extern const struct check real_checks[], translation_checks[],
	rights_checks[], change_checks[], entry_checks[], host_checks[],
	mmio_checks[], resize_checks[], smp_checks[],
	disturb_checks[];

#endif /* SELFTEST_H */
