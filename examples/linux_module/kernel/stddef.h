/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
#include <linux/types.h> /* size_t: all atomic_ops.h wants of <stddef.h> */
