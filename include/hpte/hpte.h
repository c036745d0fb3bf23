/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hpte/hpte.h - all of libhpte, in reading order.
 */
#ifndef HPTE_HPTE_H
#define HPTE_HPTE_H

#include "env.h"
#include "version.h"
#include "status.h"
#include "papr.h"
#include "host.h"
#include "entry.h"
#include "hash.h"
#include "insn.h"
#include "table.h"
#include "many.h"
#include "owner.h"
#include "resize.h"
#include "hcall.h"
#include "xlate.h"
#include "fault.h"
#include "mmio.h"
#include "ppc64.h"
#include "x86_64.h"

#endif /* HPTE_HPTE_H */
