/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * linux/devices.h - where the visor's devices are: guest real addresses.
 *
 * Included by the visor, and by the programs of the guest.
 */
#ifndef LINUX_DEVICES_H
#define LINUX_DEVICES_H

/* A 16550: eight registers of a byte each, the kernel's ttyS0. */
#define UART_START		0x80000000
#define UART_BYTES		8

/*
 * Registers that keep what is stored into them by 1, 2, 4 or 8 bytes: of a
 * little-endian device, and of a big-endian one.  Each keeps bytes in its own
 * order, so that to the guest both look like memory.
 */
#define SCRATCH_LE_START	0x80010000
#define SCRATCH_BE_START	0x80011000
#define SCRATCH_BYTES		0x1000

/* A big-endian register of 4 bytes: 0 is stored for "all passed", or what
 * failed: VERDICT_*. */
#define VERDICT_START		0x80012000
#define VERDICT_BYTES		4

#define VERDICT_PASSED		0
#define VERDICT_SETUP		1	/* no /proc, /sys or /dev */
#define VERDICT_UART		2
#define VERDICT_DEVMEM		3
#define VERDICT_STRESS		4
#define VERDICT_RESIZE		5

/* A page with nothing behind it. */
#define NOTHING_START		0x90000000

#endif /* LINUX_DEVICES_H */
