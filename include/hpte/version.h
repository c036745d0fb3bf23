/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hpte/version.h - which libhpte these headers belong to.
 *
 * Layer: 0 (base).  Depends on: nothing.
 *
 * The file VERSION is the source; a test compares the two.
 */
#ifndef HPTE_VERSION_H
#define HPTE_VERSION_H

#define HPTE_VERSION_MAJOR	0
#define HPTE_VERSION_MINOR	1
#define HPTE_VERSION_PATCH	0
#define HPTE_VERSION_STRING	"0.1.0"

#endif /* HPTE_VERSION_H */
