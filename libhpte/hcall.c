/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * libhpte/hcall.c - the PAPR hypercalls on a guest's hashed page table.
 *
 * Layer: 3 (services).
 *
 * References
 *	[LoPAR]	Linux on Power Architecture Reference, "LPAR option"
 *
 * One function per hypercall: it takes the register image, checks in the
 * order of docs/hcalls.md, calls the table, and writes outputs only when
 * it succeeds.  What differs between LoPAR and existing hypervisors is
 * decided there too, and marked DEVIATION here.  H_ENTER is in hcall_enter.c,
 * calls that remove many entries are in hcall_many.c.
 */
#include "hpte/hcall.h"
#include "libhpte/hcall_private.h"
#include "libhpte/internal.h"
#include "libhpte/mmio_private.h"

#define INIT_BYTES	UINT64_C(4096)	/* H_PAGE_INIT's page */
#define MSR_PR		HPTE_BIT(49)

void hpte_hcall_init(struct hpte_vm *vm, struct hpte_table *table)
{
	vm->priv_table = table;
	vm->priv_mmio = NULL;
	hpte_resize_init(&vm->priv_resize);
	vm->priv_closed = 0;
	vm->priv_radix = 0;
}

void hpte_hcall_set_mmio(struct hpte_vm *vm, const struct hpte_mmio *bus)
{
	vm->priv_mmio = bus;
}

void hpte_hcall_set_radix(struct hpte_vm *vm, bool radix)
{
	/* release: the host's set-up before; with radix() */
	hpte_atomic_store_release(&vm->priv_radix, radix);
}

static bool radix(const struct hpte_vm *vm)
{
	return hpte_atomic_load_acquire(&vm->priv_radix) != 0;
}

/* A COMMIT is at work on another CPU. */
static bool closed(const struct hpte_vm *vm)
{
	return hpte_atomic_load_acquire(&vm->priv_closed) != 0;
}

/* Not 0 if radix() or closed(). */
static uint64_t gates(const struct hpte_vm *vm)
{
	return hpte_atomic_load_acquire(&vm->priv_radix) |
	       hpte_atomic_load_acquire(&vm->priv_closed);
}

int64_t hpte_hcall_from_status(int status)
{
	switch ((enum hpte_status)status) {
	case HPTE_OK:
		return HPTE_H_SUCCESS;
	case HPTE_ERR_NOTFOUND:
		return HPTE_H_NOT_FOUND;
	case HPTE_ERR_FULL:
		return HPTE_H_PTEG_FULL;
	case HPTE_ERR_AGAIN:
		return HPTE_H_BUSY;
	case HPTE_ERR_INDEX:
	case HPTE_ERR_ENCODING:
		return HPTE_H_PARAMETER;
	case HPTE_ERR_PARAM:
	case HPTE_ERR_UNSUPPORTED:
		break;
	}
	return HPTE_H_HARDWARE;
}

/* The same, for calls whose retry is the host's business. */
static int64_t answer(int status)
{
	return status == HPTE_ERR_AGAIN ? H_AGAIN :
					  hpte_hcall_from_status(status);
}

/* AVPN and ANDCOND test the same R6. */
static struct hpte_condition condition(uint64_t flags, uint64_t value)
{
	struct hpte_condition only = { 0, value };

	if (flags & HPTE_HFLAG_AVPN)
		only.flags |= HPTE_IF_AVPN;
	if (flags & HPTE_HFLAG_ANDCOND)
		only.flags |= HPTE_IF_ANDCOND;
	return only;
}

/* [LoPAR: H_REMOVE] R4 flags, R5 PTEX, R6 AVPN; out R4 PTEH, R5 PTEL. */
static int64_t h_remove(struct hpte_vm *vm, uint64_t *gpr)
{
	const uint64_t defined = HPTE_HFLAG_AVPN | HPTE_HFLAG_ANDCOND |
				 HPTE_HFLAG_LOCAL | HPTE_HFLAG_COMPRESSION;
	struct hpte_table *table = vm->priv_table;
	struct hpte_condition only = condition(gpr[4], gpr[6]);
	struct hpte removed;
	int status;

	if (flags_refused(table, gpr[4], defined) ||
	    !index_valid(table, gpr[5]))
		return HPTE_H_PARAMETER;
	if (table->priv_caps->strict && (gpr[4] & HPTE_HFLAG_COMPRESSION))
		return HPTE_H_FUNCTION;
	status = hpte_table_remove(table, gpr[5], &only, &removed);
	if (status == HPTE_OK) {
		gpr[4] = removed.dw0;
		gpr[5] = removed.dw1;
	}
	return hpte_hcall_from_status(status);
}

/*
 * [LoPAR: H_READ] R4 flags, R5 PTEX; out R4, R5, with READ_4 R4..R11.
 * DEVIATION: LoPAR leaves the RPN undefined without R_XLATE; it is always the
 * guest's.
 */
static int64_t h_read(struct hpte_vm *vm, uint64_t *gpr)
{
	const uint64_t defined = HPTE_HFLAG_READ_4 | HPTE_HFLAG_R_XLATE;
	const struct hpte_table *table = vm->priv_table;
	uint64_t index = gpr[5];
	unsigned int count = 1;

	if (flags_refused(table, gpr[4], defined) || !index_valid(table, index))
		return HPTE_H_PARAMETER;
	if (gpr[4] & HPTE_HFLAG_READ_4) {
		index &= ~UINT64_C(3);
		count = 4;
	}
	for (unsigned int i = 0; i < count; i++) {
		/* not hpte_table_read(): nobody asks for the page */
		struct hpte now = hpte_table_snapshot_(table, index + i);
		bool live = slot_live(now.dw0);

		gpr[4 + 2 * i] = live ? slot_guest(table, now.dw0) : 0;
		gpr[5 + 2 * i] = live ? now.dw1 : 0;
	}
	return HPTE_H_SUCCESS;
}

/*
 * [LoPAR: H_PROTECT] R4 flags with the new bits, R5 PTEX, R6 AVPN.
 * DEVIATION: LoPAR clears R; R is kept, as KVM and QEMU do.
 */
static int64_t h_protect(struct hpte_vm *vm, uint64_t *gpr)
{
	const uint64_t changes = HPTE_HFLAG_PP0 | HPTE_HFLAG_KEY_HI |
				 HPTE_HFLAG_KEY_LO | HPTE_HFLAG_N |
				 HPTE_HFLAG_PP;
	struct hpte_table *table = vm->priv_table;
	uint64_t flags = gpr[4];
	uint64_t mask = (HPTE_DW1_PPP | HPTE_DW1_KEY | HPTE_DW1_N) &
			supported_dw1(table->priv_caps);
	/* pp0 moves from bit 55 to 0, the key's high bits from 50 to 2 */
	uint64_t bits = ((flags & HPTE_HFLAG_PP0) << 55 |
			 (flags & HPTE_HFLAG_KEY_HI) << 48 |
			 (flags & (HPTE_HFLAG_KEY_LO | HPTE_HFLAG_N |
				   HPTE_HFLAG_PP))) & mask;
	struct hpte_condition only = condition(flags & HPTE_HFLAG_AVPN, gpr[6]);

	if (flags_refused(table, flags, changes | HPTE_HFLAG_AVPN))
		return HPTE_H_PARAMETER;
	return answer(hpte_table_protect(table, gpr[5], &only, mask, bits));
}

static int64_t clear(struct hpte_vm *vm, uint64_t *gpr, uint64_t which)
{
	struct hpte_table *table = vm->priv_table;
	uint64_t old;
	int status;

	if (flags_refused(table, gpr[4], 0))
		return HPTE_H_PARAMETER;
	status = hpte_table_clear(table, gpr[5], which, &old);
	if (status == HPTE_OK)
		gpr[4] = old;
	return answer(status);
}

/* [LoPAR: H_CLEAR_REF] R4 flags, R5 PTEX; out R4 PTEL as it was. */
static int64_t h_clear_ref(struct hpte_vm *vm, uint64_t *gpr)
{
	return clear(vm, gpr, HPTE_DW1_R);
}

/* [LoPAR: H_CLEAR_MOD] R4 flags, R5 PTEX; out R4 PTEL as it was. */
static int64_t h_clear_mod(struct hpte_vm *vm, uint64_t *gpr)
{
	return clear(vm, gpr, HPTE_DW1_C);
}

/* Does a 4K page of guest real storage lie in RAM, all of it? */
static int64_t check_ram_page(const struct hpte_table *table, uint64_t gpa)
{
	const struct hpte_host_ops *ops = table->priv_ops;
	enum hpte_backing_kind kind = HPTE_BACKING_RAM;
	unsigned int largest;

	if ((gpa & (INIT_BYTES - 1)) || (gpa & ~HPTE_DW1_ARPN))
		return HPTE_H_PARAMETER;
	if (ops && ops->classify)
		kind = ops->classify(table->priv_ctx, gpa, 12, &largest);
	if (kind == HPTE_BACKING_RESCINDED)
		return HPTE_H_RESCINDED;
	return kind == HPTE_BACKING_RAM ? HPTE_H_SUCCESS : HPTE_H_PARAMETER;
}

/* Copy a 4K page through a small buffer; bytes copied until "not now". */
static uint64_t copy_page(const struct hpte_table *table, uint64_t to,
			  uint64_t from)
{
	const struct hpte_host_ops *ops = table->priv_ops;
	uint8_t buffer[128];
	uint64_t at;

	for (at = 0; at < INIT_BYTES; at += sizeof(buffer))
		if (!ops->guest_read(table->priv_ctx, from + at, buffer,
				     sizeof(buffer)) ||
		    !ops->guest_write(table->priv_ctx, to + at, buffer,
				      sizeof(buffer)))
			break;
	return at;
}

/* Bytes of a 4K page zeroed: all, or none if "not now". */
static uint64_t zero_page(const struct hpte_table *table, uint64_t to)
{
	return table->priv_ops->guest_write(table->priv_ctx, to, NULL,
					    INIT_BYTES) ? INIT_BYTES : 0;
}

/*
 * [LoPAR: H_PAGE_INIT] R4 flags, R5 destination, R6 source.  4K always; a copy
 * leaves nothing of a zeroing before it, so only one of the two is done.
 */
static int64_t h_page_init(struct hpte_vm *vm, uint64_t *gpr)
{
	const uint64_t fills = HPTE_HFLAG_ZERO_PAGE | HPTE_HFLAG_COPY_PAGE;
	const struct hpte_table *table = vm->priv_table;
	const struct hpte_host_ops *ops = table->priv_ops;
	uint64_t flags = gpr[4];
	bool copy = (flags & HPTE_HFLAG_COPY_PAGE) != 0;
	uint64_t filled;
	int64_t code;

	if (flags & ~(fills | FLAGS_ICACHE | HPTE_HFLAG_CMO))
		return HPTE_H_PARAMETER;
	code = check_ram_page(table, gpr[5]);
	if (code == HPTE_H_SUCCESS && copy)
		code = check_ram_page(table, gpr[6]);
	if (code != HPTE_H_SUCCESS)
		return code;
	if (flags & fills) {
		if (!ops || !ops->guest_write || (copy && !ops->guest_read))
			return HPTE_H_FUNCTION;
		filled = copy ? copy_page(table, gpr[5], gpr[6]) :
				zero_page(table, gpr[5]);
		/* after the store, and also for a copy that came half-way */
		if (filled && ops->mark_dirty)
			ops->mark_dirty(table->priv_ctx, gpr[5], filled);
		if (filled != INIT_BYTES)
			return H_AGAIN;
	}
	if ((flags & FLAGS_ICACHE) && ops && ops->icache_sync)
		ops->icache_sync(table->priv_ctx, gpr[5], INIT_BYTES);
	return HPTE_H_SUCCESS;
}

static int64_t device_code(enum hpte_mmio_result result)
{
	switch (result) {
	case HPTE_MMIO_DONE:
		return HPTE_H_SUCCESS;
	case HPTE_MMIO_PENDING:
		return H_PENDING;
	case HPTE_MMIO_UNCLAIMED:
		return HPTE_H_PARAMETER;
	case HPTE_MMIO_FAULT:
		break;
	}
	return HPTE_H_HARDWARE;
}

/*
 * [LoPAR: H_LOGICAL_CI_LOAD, H_LOGICAL_CI_STORE] R4 size, R5 address, R6
 * value; out R4 value.  Storage is big-endian, whatever MSR[LE] is.  An
 * address that no device of ours answers for is the host's.
 */
static int64_t logical_ci(struct hpte_vm *vm, uint64_t *gpr, bool is_store)
{
	struct hpte_mmio_region region;
	enum hpte_mmio_result result;
	uint64_t size = gpr[4];
	uint64_t value = gpr[6];
	int64_t code;

	if (size != 1 && size != 2 && size != 4 && size != 8)
		return HPTE_H_PARAMETER;
	if (!vm->priv_mmio ||
	    hpte_mmio_find(vm->priv_mmio, gpr[5], &region) != HPTE_OK)
		return H_NOT_MINE;
	result = hpte_mmio_dispatch(&region, gpr[5], (unsigned int)size,
				    is_store, true, &value);
	hpte_mmio_note_(vm->priv_mmio, gpr[5], (unsigned int)size, is_store,
			value, result);
	code = device_code(result);
	if (code == HPTE_H_SUCCESS && !is_store)
		gpr[4] = value;
	return code;
}

static int64_t h_logical_ci_load(struct hpte_vm *vm, uint64_t *gpr)
{
	return logical_ci(vm, gpr, false);
}

static int64_t h_logical_ci_store(struct hpte_vm *vm, uint64_t *gpr)
{
	return logical_ci(vm, gpr, true);
}

static void note_hcall(const struct hpte_table *table, uint64_t opcode,
		       uint64_t r4, uint64_t r5, uint64_t code)
{
	if (table_noted(table))
		hpte_table_note_(table, HPTE_EVENT_HCALL, opcode, r4, r5, code);
}

static void complete_ci(const struct hpte_vm *vm, uint64_t *gpr,
			enum hpte_mmio_result result, uint64_t value)
{
	unsigned int size = (unsigned int)gpr[4] & 0xF;
	bool is_load = gpr[3] == HPTE_HCALL_LOGICAL_CI_LOAD;
	struct hpte_mmio_region region;

	gpr[3] = (uint64_t)HPTE_H_HARDWARE;
	/* the device may have gone meanwhile */
	if (result != HPTE_MMIO_DONE || !vm->priv_mmio ||
	    hpte_mmio_find(vm->priv_mmio, gpr[5], &region) != HPTE_OK)
		return;
	gpr[3] = (uint64_t)HPTE_H_SUCCESS;
	if (is_load)
		gpr[4] = hpte_mmio_to_guest(&region, value, size, true);
}

void hpte_hcall_complete(struct hpte_vm *vm, uint64_t *gpr,
			 enum hpte_mmio_result result, uint64_t value)
{
	uint64_t opcode = gpr[3], size = gpr[4], gpa = gpr[5];

	complete_ci(vm, gpr, result, value);
	note_hcall(vm->priv_table, opcode, size, gpa, gpr[3]);
}

/* [LoPAR: H_VRMASD] R4 page size code. */
static int64_t h_vrmasd(struct hpte_vm *vm, uint64_t *gpr)
{
	const struct hpte_table *table = vm->priv_table;
	const struct hpte_host_ops *ops = table->priv_ops;

	if (!ops || !ops->vrma_page_size)
		return HPTE_H_FUNCTION;
	if (gpr[4] & ~UINT64_C(0x13))	/* L and LP */
		return HPTE_H_PARAMETER;
	switch (ops->vrma_page_size(table->priv_ctx, (unsigned int)gpr[4])) {
	case HPTE_HOST_DONE:
		return HPTE_H_SUCCESS;
	case HPTE_HOST_LATER:
		return HPTE_H_LONG_BUSY_10_MS;
	case HPTE_HOST_NEVER:
		break;
	}
	return HPTE_H_PARAMETER;
}

/* [LoPAR: H_RESIZE_HPT_PREPARE] R4 flags, R5 shift. */
static int64_t h_resize_prepare(struct hpte_vm *vm, uint64_t *gpr)
{
	int64_t code;
	int status = hpte_resize_prepare(&vm->priv_resize, vm->priv_table,
					 gpr[4], gpr[5], &code);

	return status == HPTE_OK ? code : answer(status);
}

/*
 * [LoPAR: H_RESIZE_HPT_COMMIT] R4 flags, R5 shift.  Meanwhile the gate is
 * closed: the host, told to stop the other CPUs, need only wait for those that
 * are in the library already.
 */
static int64_t h_resize_commit(struct hpte_vm *vm, uint64_t *gpr)
{
	int64_t code;
	int status;

	/* who closed the gate opens it: two COMMITs exclude each other */
	if (!hpte_atomic_cas_acquire(&vm->priv_closed, 0, 1))
		return H_AGAIN;
	/* the gate before vcpus_stop() looks for CPUs in the library */
	hpte_atomic_fence_full();
	status = hpte_resize_commit(&vm->priv_resize, vm->priv_table, gpr[4],
				    gpr[5], &code);
	/* release: the new table; with closed() */
	hpte_atomic_store_release(&vm->priv_closed, 0);
	return status == HPTE_OK ? code : answer(status);
}

/*
 * [LoPAR: H_REGISTER_PROCESS_TABLE] R4 flags, R5 base, R6 page size, R7 table
 * size: the part of it that keeps or chooses a hashed table.  Segment tables
 * are not supported; a radix tree is the host's to accept.
 */
static int64_t h_register_process_table(struct hpte_vm *vm, uint64_t *gpr)
{
	const uint64_t registration = HPTE_PROC_TABLE_MODIFY |
				      HPTE_PROC_TABLE_REGISTER;
	uint64_t flags = gpr[4];
	bool wants_radix = (flags & HPTE_PROC_TABLE_RADIX) != 0;

	if ((flags & ~UINT64_C(0x1F)) || (flags & HPTE_PROC_TABLE_HASH_TABLE))
		return HPTE_H_PARAMETER;
	if (!(flags & HPTE_PROC_TABLE_MODIFY))
		return wants_radix == radix(vm) ? HPTE_H_SUCCESS :
						  HPTE_H_PARAMETER;
	if (wants_radix || radix(vm))
		return H_NOT_MINE;
	if ((flags & registration) != registration)
		return HPTE_H_SUCCESS;	/* nothing was registered */
	if (gpr[5] >> 38)
		return HPTE_H_P2;
	if (gpr[6] & ~UINT64_C(7))
		return HPTE_H_P3;
	return gpr[7] > 24 ? HPTE_H_P4 : HPTE_H_SUCCESS;
}

/**
 * struct hcall - one row of the dispatcher
 * @opcode:	R3
 * @in_radix:	what a guest without a hashed table gets, 0: it may call
 * @offer:	its bit in hpte_caps::hcalls
 */
struct hcall {
	uint16_t opcode;
	int16_t in_radix;
	uint64_t offer;
	int64_t (*serve)(struct hpte_vm *vm, uint64_t *gpr);
};

/* Those that guests call most come first. */
static const struct hcall hcalls[] = {
	{ HPTE_HCALL_REMOVE, HPTE_H_FUNCTION, HPTE_OFFER_REMOVE, h_remove },
	{ HPTE_HCALL_ENTER, HPTE_H_FUNCTION, HPTE_OFFER_ENTER,
	  hpte_hcall_enter_ },
	{ HPTE_HCALL_READ, HPTE_H_FUNCTION, HPTE_OFFER_READ, h_read },
	{ HPTE_HCALL_PROTECT, HPTE_H_FUNCTION, HPTE_OFFER_PROTECT, h_protect },
	{ HPTE_HCALL_BULK_REMOVE, HPTE_H_FUNCTION, HPTE_OFFER_BULK_REMOVE,
	  hpte_hcall_bulk_remove_ },
	{ HPTE_HCALL_BLOCK_REMOVE, HPTE_H_FUNCTION, HPTE_OFFER_BLOCK_REMOVE,
	  hpte_hcall_block_remove_ },
	{ HPTE_HCALL_CLEAR_MOD, HPTE_H_FUNCTION, HPTE_OFFER_CLEAR_MOD,
	  h_clear_mod },
	{ HPTE_HCALL_CLEAR_REF, HPTE_H_FUNCTION, HPTE_OFFER_CLEAR_REF,
	  h_clear_ref },
	{ HPTE_HCALL_PAGE_INIT, 0, HPTE_OFFER_PAGE_INIT, h_page_init },
	{ HPTE_HCALL_LOGICAL_CI_LOAD, 0, HPTE_OFFER_LOGICAL_CI,
	  h_logical_ci_load },
	{ HPTE_HCALL_LOGICAL_CI_STORE, 0, HPTE_OFFER_LOGICAL_CI,
	  h_logical_ci_store },
	{ HPTE_HCALL_VRMASD, HPTE_H_FUNCTION, HPTE_OFFER_VRMASD, h_vrmasd },
	{ HPTE_HCALL_CLEAR_HPT, HPTE_H_FUNCTION, HPTE_OFFER_CLEAR_HPT,
	  hpte_hcall_clear_hpt_ },
	{ HPTE_HCALL_RESIZE_HPT_PREPARE, HPTE_H_NOT_AVAILABLE,
	  HPTE_OFFER_RESIZE_HPT, h_resize_prepare },
	{ HPTE_HCALL_RESIZE_HPT_COMMIT, HPTE_H_NOT_AVAILABLE,
	  HPTE_OFFER_RESIZE_HPT, h_resize_commit },
	{ HPTE_HCALL_REGISTER_PROCESS_TABLE, 0,
	  HPTE_OFFER_REGISTER_PROCESS_TABLE, h_register_process_table },
};

static const struct hcall *lookup(uint64_t opcode)
{
	for (size_t i = 0; i < sizeof(hcalls) / sizeof(hcalls[0]); i++)
		if (hcalls[i].opcode == opcode)
			return &hcalls[i];
	return NULL;
}

static HPTE_NOINLINE enum hpte_hcall_disposition
dispatch_hcall(struct hpte_vm *vm, uint64_t *gpr, uint64_t msr)
{
	/* two low bits of the opcode are never part of it */
	const struct hcall *hcall = lookup(gpr[3] & ~UINT64_C(3));
	int64_t code;

	if (!hcall || !(vm->priv_table->priv_caps->hcalls & hcall->offer))
		return HPTE_HCALL_NOT_MINE;
	/* nearly always none of these, and one test says so */
	if (!((gpr[3] & 3) | (msr & MSR_PR) | gates(vm)))
		code = hcall->serve(vm, gpr);
	else if (gpr[3] & 3)
		code = HPTE_H_FUNCTION;
	else if (hcall->in_radix && radix(vm))
		code = hcall->in_radix;
	else if (msr & MSR_PR)
		code = HPTE_H_PRIVILEGE;
	else if (closed(vm))
		code = H_AGAIN;
	else
		code = hcall->serve(vm, gpr);
	if (code > H_PENDING) {
		gpr[3] = (uint64_t)code;
		return HPTE_HCALL_DONE;
	}
	return code == H_AGAIN ? HPTE_HCALL_AGAIN :
	       code == H_PENDING ? HPTE_HCALL_PENDING : HPTE_HCALL_NOT_MINE;
}

/* With its event; apart, so that those who want none save no registers. */
static HPTE_NOINLINE enum hpte_hcall_disposition
dispatch_noted(struct hpte_vm *vm, uint64_t *gpr, uint64_t msr)
{
	uint64_t opcode = gpr[3], r4 = gpr[4], r5 = gpr[5];
	enum hpte_hcall_disposition disposition = dispatch_hcall(vm, gpr, msr);

	if (disposition == HPTE_HCALL_DONE)
		note_hcall(vm->priv_table, opcode, r4, r5, gpr[3]);
	else if (disposition == HPTE_HCALL_AGAIN)
		table_note(vm->priv_table, HPTE_EVENT_HCALL_AGAIN, opcode, r4,
			   r5);
	return disposition;
}

enum hpte_hcall_disposition hpte_hcall_dispatch(struct hpte_vm *vm,
						uint64_t *gpr, uint64_t msr)
{
	return table_noted(vm->priv_table) ? dispatch_noted(vm, gpr, msr) :
					     dispatch_hcall(vm, gpr, msr);
}
