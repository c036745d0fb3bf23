/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * libhpte/hcall_many.h - the hypercalls of hcall_many.c, for the dispatcher.
 *
 * Layer: 3 (services), private.  Each takes the register image and returns
 * an HPTE_H_* code.
 */
#ifndef LIBHPTE_HCALL_MANY_H
#define LIBHPTE_HCALL_MANY_H

#include "hpte/hcall.h"

int64_t hpte_hcall_bulk_remove_(struct hpte_vm *vm, uint64_t *gpr);
int64_t hpte_hcall_block_remove_(struct hpte_vm *vm, uint64_t *gpr);
int64_t hpte_hcall_clear_hpt_(struct hpte_vm *vm, uint64_t *gpr);

#endif /* LIBHPTE_HCALL_MANY_H */
