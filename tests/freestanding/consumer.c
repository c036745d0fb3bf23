/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/freestanding/consumer.c - a program that uses an installed library.
 */
#include <hpte/hpte.h>

#include <stdio.h>

int main(void)
{
	if (hpte_table_bytes(HPTE_ORDER_MIN) != UINT64_C(1) << HPTE_ORDER_MIN)
		return 1;
	return puts(HPTE_VERSION_STRING) < 0;
}
