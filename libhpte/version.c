/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * libhpte/version.c - see hpte/version.h.
 *
 * In a file of its own: the answer must be that of the compiled library, so
 * it cannot be inline, and no other module is about it.
 */
#include "hpte/version.h"

unsigned int hpte_version_number(void)
{
	return HPTE_VERSION_NUMBER;
}
