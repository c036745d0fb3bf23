/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/visor/platform/platform.h - what Linux finds beside libhpte.
 *
 * A small part of a PAPR platform, enough for an unmodified kernel.
 */
#ifndef PLATFORM_H
#define PLATFORM_H

#include "../visor.h"

/* load.c: the kernel, an ELF file of so many bytes; NULL, or what is wrong */
const char *load_kernel(uint64_t bytes, uint64_t *entry);

/* rtas.c */
bool rtas_install(uint64_t gpa, uint64_t bytes);
int64_t rtas_call(struct vcpu *vcpu);

/* xics.c: interrupts between virtual CPUs */
void xics_init(struct vcpu *vcpu);
int64_t xics_hcall(struct vcpu *vcpu);		/* H_FUNCTION: none of its */
int64_t xics_cede(struct vcpu *vcpu);
void xics_enter(struct vcpu *vcpu);

/* steal.c: the host takes pages back */
void steal_some(struct vcpu *vcpu);

/* linux.c: the guest has said how it went */
const char *verdict(void);			/* NULL: well */

#endif /* PLATFORM_H */
