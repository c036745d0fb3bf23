/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/linux_module/kernel/linux_env.h - HPTE_ENV_FILE for Linux.
 *
 * What hpte/env.h needs, from the kernel's own headers.
 */
#ifndef LINUX_MODULE_ENV_H
#define LINUX_MODULE_ENV_H

#include <linux/limits.h>
#include <linux/stddef.h>
#include <linux/types.h>

#ifndef UINT64_C
#define UINT32_C(x)	x ## U
#define UINT64_C(x)	x ## ULL
#define INT64_C(x)	x ## LL
#endif

#ifndef UINT32_MAX
#define UINT32_MAX	U32_MAX
#define UINT64_MAX	U64_MAX
#define INT64_MIN	S64_MIN
#endif

#define HPTE_API		/* hidden, as all of a module is */

#endif /* LINUX_MODULE_ENV_H */
