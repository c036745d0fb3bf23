/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hpte/version.h - which libhpte these headers belong to.
 *
 * Layer: 0 (base).  Depends on: env.h.
 *
 * The file VERSION is the source; a test compares the two.
 */
#ifndef HPTE_VERSION_H
#define HPTE_VERSION_H

#include "env.h"

#ifdef __cplusplus
extern "C" {
#endif

#define HPTE_VERSION_MAJOR	0
#define HPTE_VERSION_MINOR	1
#define HPTE_VERSION_PATCH	0
#define HPTE_VERSION_STRING	"0.1.0"

/* One number that grows; each part has eight bits. */
#define HPTE_VERSION_NUMBER	(HPTE_VERSION_MAJOR << 16 | \
				 HPTE_VERSION_MINOR << 8 | HPTE_VERSION_PATCH)

/**
 * hpte_version_number() - the version of the library itself
 *
 * For who loads it at run time: a shared library may be newer than the
 * headers a program was compiled with.  docs/versioning.md says which versions
 * go together.  Context: any.
 *
 * Return: HPTE_VERSION_NUMBER as the library was compiled.
 */
HPTE_API unsigned int hpte_version_number(void);

#ifdef __cplusplus
}
#endif

#endif /* HPTE_VERSION_H */
