/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/rest/rest.h - numbers, for C and assembly.
 */
#ifndef REST_H
#define REST_H

#define H_LOGICAL_CI_STORE	0x40
#define H_CPPR			0x68
#define H_IPI			0x6C
#define H_CEDE			0xE0
#define H_SET_MODE		0x31C
#define H_RTAS			0xF000	/* the visor's: platform/rtas.c */

#define STACK			0x100000	/* its end */
#define REST_TICKS		0x1000000	/* 33 ms: several heartbeats */

/* Bytes by which the vCPUs tell each other how far they are. */
#define INTERRUPTED		0x3000		/* vCPU 1, by vCPU 0: how */
#define BIG			1
#define LITTLE			2
#define RESTED			0x3001		/* vCPU 1: so many times */
#define GO_ON			0x3002		/* vCPU 1 shall */

#endif /* REST_H */
