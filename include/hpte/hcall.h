/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hpte/hcall.h - the PAPR hypercalls on a guest's hashed page table.
 *
 * Layer: 3 (services).  Depends on: env.h, status.h, papr.h, mmio.h, table.h,
 * resize.h.
 *
 * References
 *	[LoPAR]	Linux on Power Architecture Reference, "LPAR option"
 *
 * docs/hcalls.md is the table of calls, codes and choices.
 *
 * Concurrency.  Any number of virtual CPUs may be in the dispatcher at the
 * same time.  H_ENTER, H_REMOVE, H_READ, H_BULK_REMOVE, H_BLOCK_REMOVE and
 * H_CLEAR_HPT never wait for another CPU.
 */
#ifndef HPTE_HCALL_H
#define HPTE_HCALL_H

#include "env.h"
#include "mmio.h"
#include "papr.h"
#include "resize.h"
#include "status.h"
#include "table.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * struct hpte_vm - the hypercall state of one guest; caller-owned storage
 */
struct hpte_vm {
	struct hpte_table *priv_table;
	const struct hpte_mmio *priv_mmio;
	struct hpte_resize priv_resize;
	uint64_t priv_closed;	/* gate: a COMMIT is at work */
	uint64_t priv_radix;
};

/* What the host does after hpte_hcall_dispatch(). */
enum hpte_hcall_disposition {
	/* R3 and outputs are set: resume after the sc. */
	HPTE_HCALL_DONE		= 0,
	/*
	 * No register and no entry changed (a page to be filled may be, in
	 * part): let the guest execute the sc again.  Look at requests to
	 * stop in between: it may be vcpus_stop() that waits.
	 */
	HPTE_HCALL_AGAIN	= 1,
	/* Nothing changed: the host's to answer, or else HPTE_H_FUNCTION. */
	HPTE_HCALL_NOT_MINE	= 2,
	/* A device is at work: hpte_hcall_complete(), then resume after sc. */
	HPTE_HCALL_PENDING	= 3
};

/**
 * hpte_hcall_init() - prepare a guest for hypercalls
 * @vm:		structure to fill; earlier contents are ignored
 * @table:	its table, initialised; must outlive @vm
 *
 * A pending resize of an earlier life is forgotten: on a machine reset let
 * H_RESIZE_HPT_PREPARE with shift 0 drop it first.
 * Context: any; nobody else may use @vm yet.
 */
HPTE_API void hpte_hcall_init(struct hpte_vm *vm, struct hpte_table *table);

/**
 * hpte_hcall_dispatch() - serve one sc 1
 * @vm:		the guest
 * @gpr:	image of the virtual CPU's R0..R31; of these only R3..R12 are
 *		read, and R3..R11 written, with DONE only
 * @msr:	its MSR: PR is looked at
 *
 * Bad input gets its code and changes nothing else, but for the requests of
 * H_BULK_REMOVE and H_BLOCK_REMOVE before the bad one.  No host address and no
 * bit of the hypervisor's ever reaches @gpr.
 * Context: as the operations of table.h it stands on; no lock is needed.
 *
 * Return: see enum hpte_hcall_disposition.
 */
HPTE_API HPTE_MUST_CHECK
enum hpte_hcall_disposition hpte_hcall_dispatch(struct hpte_vm *vm,
						uint64_t *gpr, uint64_t msr);

/**
 * hpte_hcall_complete() - a device has finished what was PENDING
 * @vm:		the guest
 * @gpr:	the register image as the dispatcher left it
 * @result:	HPTE_MMIO_DONE, or HPTE_MMIO_FAULT
 * @value:	of a load: the number the device's register means
 *
 * Sets R3 and, for a load that is DONE, R4.  Size and direction are taken from
 * @gpr, not from the device; the byte order is that of the device which is
 * there now.
 */
HPTE_API void hpte_hcall_complete(struct hpte_vm *vm, uint64_t *gpr,
				  enum hpte_mmio_result result,
				  uint64_t value);

/**
 * hpte_hcall_set_mmio() - the devices H_LOGICAL_CI_LOAD and _STORE may reach
 * @vm:		the guest
 * @bus:	its devices; must outlive @vm.  NULL, the state after init: none
 *
 * Context: nobody is in hpte_hcall_dispatch() for @vm.
 */
HPTE_API void hpte_hcall_set_mmio(struct hpte_vm *vm,
				  const struct hpte_mmio *bus);

/**
 * hpte_hcall_set_radix() - the guest has changed its kind of page table
 * @vm:		the guest
 * @radix:	true: table calls answer H_FUNCTION from now on
 */
HPTE_API void hpte_hcall_set_radix(struct hpte_vm *vm, bool radix);

/**
 * hpte_hcall_from_status() - the PAPR code for a library status
 * @status:	HPTE_OK or HPTE_ERR_*, but not HPTE_ERR_AGAIN
 *
 * Return: HPTE_H_*; HPTE_H_HARDWARE for what no guest can cause.
 */
HPTE_API int64_t hpte_hcall_from_status(int status);

#ifdef __cplusplus
}
#endif

#endif /* HPTE_HCALL_H */
