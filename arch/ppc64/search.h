/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * arch/ppc64/search.h - hdsi_search.S for C: for tests, which compare it with
 * hpte_c_hdsi_search().
 */
#ifndef ARCH_PPC64_SEARCH_H
#define ARCH_PPC64_SEARCH_H

#include "hpte/env.h"

uint64_t hpte_ppc64_hdsi_search_207_(const void *table, uint64_t group_mask,
				    uint64_t descriptor, uint64_t ea);
uint64_t hpte_ppc64_hdsi_search_300_(const void *table, uint64_t group_mask,
				    uint64_t descriptor, uint64_t ea);

#endif /* ARCH_PPC64_SEARCH_H */
