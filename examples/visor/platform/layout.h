/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/visor/platform/layout.h - what is where: for the visor, for
 * linux/guest.dts and for boot.py, which loads it all.  Numbers only.
 */
#ifndef LAYOUT_H
#define LAYOUT_H

/* Guest real addresses.  The kernel is at 0, with its .bss below the tree. */
#define GUEST_RAM		0x20000000
#define GUEST_TREE		0x07000000
#define GUEST_RTAS		0x07800000
#define GUEST_RTAS_BYTES	0x1000
#define GUEST_INITRD		0x08000000

/* Real addresses: where boot.py puts it for the visor. */
#define KERNEL_REAL		0x70000000	/* the ELF file */
#define KERNEL_MAX		0x10000000	/* its bytes */

/* RTAS: tokens of its calls. */
#define RTAS_POWER_OFF		1
#define RTAS_REBOOT		2
#define RTAS_OS_TERM		3
#define RTAS_START_CPU		4
#define RTAS_QUERY_CPU		5
#define RTAS_GET_PARAMETER	6

#endif /* LAYOUT_H */
