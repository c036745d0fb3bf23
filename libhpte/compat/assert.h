/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
#define assert(condition) ((void)0) /* all atomic_ops.h takes from a libc */
