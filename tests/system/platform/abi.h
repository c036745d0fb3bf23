/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/platform/abi.h - what a guest of the visor can rely on.
 *
 * For the visor and for its guests, C and assembly.
 *
 * Start.  The guest's image is raw and lies at guest real address 0, in 64 MiB
 * of RAM that is otherwise zero.  vCPU 0 enters at ABI_ENTRY in real mode,
 * big-endian, MSR = ABI_MSR, R3 = number of vCPUs, R4 = 8, 9 or 10 (POWER8,
 * ...), R5 = log2 of the hash table's bytes, other general registers 0.  The
 * virtual real mode area covers all of RAM with pages of 64K.  Interrupts
 * enter at their architected offsets.
 *
 * Hypercalls: sc 1, opcode in R3, arguments from R4, code in R3, results from
 * R4.  Beside those that libhpte serves (docs/hcalls.md) there are the ones
 * below; all others answer H_FUNCTION.
 */
#ifndef VISOR_ABI_H
#define VISOR_ABI_H

#define ABI_ENTRY		0x100
#define ABI_MSR			0x8000000000001000	/* SF, ME */
#define ABI_RAM_BYTES		0x4000000
#define ABI_FRAME_BYTES		0x10000		/* the host's pages */

/*
 * Devices.  Guest real addresses from ABI_IO on are I/O, up to ABI_IO_END;
 * there, and between RAM and I/O, is nothing.
 */
#define ABI_IO			0x80000000
#define ABI_IO_END		0xA0000000

/* A serial port: bytes only. */
#define ABI_UART		0x80000000
#define ABI_UART_DATA		0		/* store: transmit */
#define ABI_UART_STATUS		5		/* load: always ready, 0x60 */
#define ABI_UART_READY		0x60

/* 4 KiB each; registers that keep what is stored, 1, 2, 4 or 8 bytes. */
#define ABI_SCRATCH_LITTLE	0x80010000
#define ABI_SCRATCH_BIG		0x80011000
#define ABI_BUS_ERROR		0x80012000	/* every access fails */
#define ABI_UNCLAIMED		0x80013000	/* the device does not know */
#define ABI_NO_DEVICE		0x80020000	/* no device at all */

/* PAPR [LoPAR: H_PUT_TERM_CHAR, H_CEDE, H_SET_MODE]. */
#define ABI_PUT_TERM_CHAR	0x58	/* R4 = 0, R5 = 0..16, R6:R7 bytes */
#define ABI_CEDE		0xE0	/* returns at once */
#define ABI_SET_MODE		0x31C	/* R4 flags, R5 resource, R6, R7 = 0 */
#define ABI_MODE_AIL		3	/* resource; R4: 0, 2 (POWER8), 3 */
#define ABI_MODE_ENDIAN		4	/* resource; R4: 0 big, 1 little */

/*
 * Private.  Code: H_SUCCESS, or H_PARAMETER for an argument out of range.
 *
 * VISOR_OFF: R4 = 0: success.  Ends the machine.
 * VISOR_START_CPU: R4 = vCPU, R5 = guest real PC, R6 = its R3.  Starts a vCPU
 *	that waits, in real mode, MSR = ABI_MSR, other registers 0.
 * VISOR_DEMOTE: R4 = ptex.  The host takes V of this entry away.  H_SUCCESS
 *	also if it had none.
 * VISOR_RAW: R4 = ptex.  The entry as it stands in the table: R4 = doubleword
 *	0, R5 = R and C of doubleword 1 and V of doubleword 0, in their places.
 * VISOR_BACKING: R4 = address, R5 = bytes, multiples of 64K inside RAM, R6:
 *	what is there from now on, ABI_BACKING_*.
 * VISOR_READ_ONLY: R4 = an address in RAM, R5 = 1: the next store to its 64K
 *	page faults once, in the host; 0: undo it.
 * VISOR_COUNT: R4 = ABI_COUNT_*.  R4 = how often, on all vCPUs.
 */
#define VISOR_OFF		0xF000
#define VISOR_START_CPU		0xF004
#define VISOR_DEMOTE		0xF008
#define VISOR_RAW		0xF00C
#define VISOR_BACKING		0xF010
#define VISOR_READ_ONLY		0xF014
#define VISOR_COUNT		0xF018

#define ABI_BACKING_RAM		0
#define ABI_BACKING_IO		1
#define ABI_BACKING_HOLE	2

#define ABI_COUNT_HDSI		0
#define ABI_COUNT_HISI		1
#define ABI_COUNT_RETRY		2	/* faults that ended in a retry */
#define ABI_COUNT_REFLECT	3	/* interrupts given to the guest */
#define ABI_COUNT_PAGE		4	/* 64K pages of RAM in use */
#define ABI_COUNT_MMIO		5	/* accesses that reached a device */
#define ABI_COUNT_HCALL		6
#define ABI_COUNT_TLBIE		7
#define ABI_COUNTS		8

#endif /* VISOR_ABI_H */
