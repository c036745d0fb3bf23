/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/equiv/abi.h - call a routine with known values in what it must keep.
 */
#ifndef TEST_EQUIV_ABI_H
#define TEST_EQUIV_ABI_H

#include <stdint.h>

#define ABI_WRONG	23	/* routines in abi_call.S */

typedef void (*abi_routine)(void);	/* whatever its arguments are */

/**
 * struct abi_kept - registers a function must give back [ABI]
 * @gpr:	r14..r31
 * @cr:		fields 2, 3, 4 count
 * @toc:	r2
 * @thread:	r13
 */
struct abi_kept {
	uint64_t gpr[18];
	uint64_t cr;
	uint64_t toc;
	uint64_t thread;
};

/*
 * Call @routine(args[0..3]); @in: what to load (not r2, r13), @out: what was
 * there afterwards.  @before: r2 and r13 as they were.
 */
uint64_t abi_call(abi_routine routine, const uint64_t args[4],
		  const struct abi_kept *in, struct abi_kept *out,
		  struct abi_kept *before);

/* Each clobbers one thing that it must keep: r14..r31, CR2..CR4, r2, r13. */
extern const abi_routine abi_wrong[ABI_WRONG];

#endif /* TEST_EQUIV_ABI_H */
