/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * bench/count.h - instructions, counted one by one.
 *
 * A hardware counter is not there on every machine, a virtual one mostly has
 * none, and it counts what interrupts add.  So a copy of the process is
 * stepped through the code in question: slow, exact, and the same number each
 * time.  Where atomic operations are made of load-reserve and
 * store-conditional a step in between breaks the reservation, and the loop
 * around them never ends: not counted there.
 */
#ifndef BENCH_COUNT_H
#define BENCH_COUNT_H

#include <stdint.h>

#define BENCH_NOT_COUNTED	INT64_C(-1)

/*
 * User instructions of @run(@arg) the second time it runs in a row, and a
 * constant for the frame around it: subtract the count of a run that does
 * nothing.  What it does stays in the copy.  BENCH_NOT_COUNTED if that is not
 * possible here.
 */
int64_t bench_instructions(void (*run)(void *arg), void *arg);

#endif /* BENCH_COUNT_H */
