/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/guest/offsets.h - struct cpu as start.S sees it; guest.h
 * checks it.
 */
#ifndef GUEST_OFFSETS_H
#define GUEST_OFFSETS_H

#define CPU_GPR		0
#define CPU_PC		256
#define CPU_MSR		264
#define CPU_CR		272
#define CPU_LR		280
#define CPU_CTR		288
#define CPU_XER		296
#define CPU_VECTOR	304
#define CPU_SRR0	312
#define CPU_SRR1	320
#define CPU_DAR		328
#define CPU_DSISR	336
#define CPU_HIGH	344
#define CPU_RUNNING	352
#define CPU_FRAME	360
#define CPU_STACK	368

#endif /* GUEST_OFFSETS_H */
