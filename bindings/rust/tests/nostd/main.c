/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Calls consumer.rs, whose device has a register that reads 0x1234.
 */
#include <stdint.h>

uint64_t consumer(void);
void rust_eh_personality(void);

/* Debian's core is compiled for unwinding and names it; nothing unwinds. */
void rust_eh_personality(void)
{
	__builtin_trap();
}

int main(void)
{
	return consumer() != 0x1234;
}
