/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * hpte/mmio.h - emulated devices, and the instructions that access them.
 *
 * Layer: 3 (services).  Depends on: env.h, status.h, insn.h, fault.h.
 *
 * A bus is a caller-owned array of slots; a region put into a slot says what
 * guest real addresses a device answers for, which accesses it takes, and in
 * what byte order it keeps its registers.  The library checks size,
 * alignment and bounds and swaps bytes; the device sees numbers.
 *
 * Concurrency.  Looking up a region takes no lock and writes nothing; regions
 * may come and go meanwhile.  An access that has found its region may still
 * be inside the device's callback when hpte_mmio_remove() returns: before
 * the device's memory is reused, every CPU that was in the library then must
 * have left it once (as for a hypervisor's own read-copy-update).  One CPU at
 * a time uses a struct hpte_mmio_cpu.
 */
#ifndef HPTE_MMIO_H
#define HPTE_MMIO_H

#include "env.h"
#include "fault.h"
#include "insn.h"
#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a device answers. */
enum hpte_mmio_result {
	HPTE_MMIO_FAULT		= -1,	/* bus error */
	HPTE_MMIO_UNCLAIMED	= 0,	/* not mine; no other is tried */
	HPTE_MMIO_DONE		= 1,	/* performed */
	HPTE_MMIO_PENDING	= 2	/* the host completes it later */
};

/**
 * struct hpte_mmio_access - one access to a device, already decoded
 * @offset:	bytes from the start of the region, not a guest address
 * @value:	the number the device's register means: given for a store, to be
 *		filled in for a load; bits above @size are zero, or ignored
 * @size:	1, 2, 4 or 8 bytes; the access lies wholly inside the region
 * @is_store:	true for a store
 */
struct hpte_mmio_access {
	uint64_t offset;
	uint64_t value;
	uint8_t size;
	bool is_store;
	uint8_t reserved[6];
};

/**
 * struct hpte_mmio_ops - callbacks of one kind of device
 * @ops_size:	sizeof(struct hpte_mmio_ops) as the host compiled it
 * @access:	perform one access.  Required.
 *
 * Context: called on the guest's CPU with nothing of the library held or
 * claimed; it may call back into libhpte.  Whether it may sleep is the host's
 * own rule.
 */
struct hpte_mmio_ops {
	size_t ops_size;
	enum hpte_mmio_result (*access)(void *ctx,
					struct hpte_mmio_access *access);
};

#define HPTE_MMIO_LITTLE_ENDIAN	0x1U	/* registers are little-endian */
#define HPTE_MMIO_UNALIGNED	0x2U	/* offsets need not be aligned */
#define HPTE_MMIO_NOTIFY	0x4U	/* just tell me it was written: stores
					 * of any size and alignment, value 0 */

/**
 * struct hpte_mmio_region - what a device answers for
 * @start:	first guest real address
 * @bytes:	length, at least 1; @start + @bytes does not wrap
 * @size_mask:	OR of the access sizes it takes: 1 | 2 | 4 | 8
 * @flags:	HPTE_MMIO_*; without LITTLE_ENDIAN it is big-endian
 * @ops:	its callbacks; must outlive the registration
 * @ctx:	their first argument
 */
struct hpte_mmio_region {
	uint64_t start;
	uint64_t bytes;
	uint32_t size_mask;
	uint32_t flags;
	const struct hpte_mmio_ops *ops;
	void *ctx;
};

/* struct hpte_mmio_slot - room for one region; zero when it is free */
struct hpte_mmio_slot {
	uint64_t priv_sequence;
	uint64_t priv_words[5];
};

/* struct hpte_mmio - the devices of one guest */
struct hpte_mmio {
	struct hpte_mmio_slot *priv_slots;
	uint64_t priv_count;
	uint64_t priv_lock;
	const struct hpte_table *priv_table;
};

/**
 * hpte_mmio_init() - a bus without devices
 * @bus:	structure to fill
 * @slots:	zeroed room for @count regions; must outlive @bus
 * @count:	number of slots
 */
HPTE_API void hpte_mmio_init(struct hpte_mmio *bus,
			     struct hpte_mmio_slot *slots, size_t count);

/* hpte_mmio_set_table() - the table whose events accesses shall be, or NULL */
HPTE_API void hpte_mmio_set_table(struct hpte_mmio *bus,
				  const struct hpte_table *table);

/**
 * hpte_mmio_add() - register a region
 * @bus:	bus
 * @region:	its description; copied
 *
 * Return: HPTE_OK, or
 *	HPTE_ERR_PARAM	no length, wraps, no or unknown size, unknown flag, no
 *			access callback, or an ops structure of an older
 *			version; or it overlaps a region that is there.
 *	HPTE_ERR_FULL	no free slot.
 *	HPTE_ERR_AGAIN	another CPU is changing the bus.
 */
HPTE_API HPTE_MUST_CHECK
int hpte_mmio_add(struct hpte_mmio *bus, const struct hpte_mmio_region *region);

/**
 * hpte_mmio_remove() - take a region away
 * @bus:	bus
 * @start:	first address of the region, as it was registered
 *
 * Return: HPTE_OK: no access that begins now finds it, or
 *	HPTE_ERR_NOTFOUND	no region starts there.
 *	HPTE_ERR_AGAIN		another CPU is changing the bus.
 */
HPTE_API HPTE_MUST_CHECK
int hpte_mmio_remove(struct hpte_mmio *bus, uint64_t start);

/**
 * hpte_mmio_find() - the region that answers for an address
 * @bus:	bus
 * @gpa:	guest real address
 * @region:	where to put its description
 *
 * Progress: lock-free; a region that is just being added or removed is not
 * found.
 *
 * Return: HPTE_OK, or
 *	HPTE_ERR_NOTFOUND	there is none.
 */
HPTE_API HPTE_MUST_CHECK
int hpte_mmio_find(const struct hpte_mmio *bus, uint64_t gpa,
		   struct hpte_mmio_region *region);

/**
 * hpte_mmio_dispatch() - perform one access
 * @region:	the device, from hpte_mmio_find()
 * @gpa:	guest real address of the first byte, inside the region
 * @size:	bytes
 * @is_store:	direction
 * @big_endian:	the guest's byte order for this access
 * @value:	the number in the guest's byte order: given for a store, where
 *		to put it for a load that is DONE
 *
 * Return: as the device answers; HPTE_MMIO_UNCLAIMED, without asking it, if
 * the access leaves the region, or has a size or an alignment that the
 * device does not take.  What is no HPTE_MMIO_* counts as FAULT.
 */
HPTE_API HPTE_MUST_CHECK
enum hpte_mmio_result hpte_mmio_dispatch(const struct hpte_mmio_region *region,
					 uint64_t gpa, unsigned int size,
					 bool is_store, bool big_endian,
					 uint64_t *value);

/**
 * hpte_mmio_to_guest() - a device's number as the guest reads it
 * @region:	the device
 * @value:	the number its register means
 * @size:	bytes of the access: 1, 2, 4 or 8
 * @big_endian:	the guest's byte order for this access
 *
 * For accesses that were PENDING; the inverse is the same function.
 *
 * Return: the low @size bytes, reversed where the two orders differ.
 */
HPTE_API uint64_t hpte_mmio_to_guest(const struct hpte_mmio_region *region,
				     uint64_t value, unsigned int size,
				     bool big_endian);

/* Registers of a guest CPU, by number. */
#define HPTE_REG_GPR		0U	/* + n, 0 to 31 */
#define HPTE_REG_PC		32U
#define HPTE_REG_MSR		33U	/* read only */
#define HPTE_REG_XER		34U	/* read only */
#define HPTE_REG_VSR		64U	/* + 2 n + 0 or 1: doublewords of VSR n;
					 * FPR n is VSR n, VR n VSR 32 + n */
#define HPTE_REG_COUNT		192U

/**
 * struct hpte_mmio_regs - how the registers of a guest CPU are reached
 * @ops_size:	sizeof(struct hpte_mmio_regs) as the host compiled it
 * @read:	value of register HPTE_REG_*
 * @write:	set it
 *
 * Context: on the guest's CPU, from hpte_mmio_emulate() and _complete() only;
 * must not call them.
 */
struct hpte_mmio_regs {
	size_t ops_size;
	uint64_t (*read)(void *ctx, unsigned int reg);
	void (*write)(void *ctx, unsigned int reg, uint64_t value);
};

/* What became of the instruction, and what the host does. */
enum hpte_mmio_action {
	/* Registers and PC are updated: enter the guest. */
	HPTE_MMIO_EMULATED	= 0,
	/* A device answered PENDING: hpte_mmio_complete() when it is ready. */
	HPTE_MMIO_WAIT		= 1,
	/* Not the instruction that faulted: enter the guest at the same PC. */
	HPTE_MMIO_RETRY		= 2,
	/* Deliver @interrupt of the CPU; registers and PC are as before. */
	HPTE_MMIO_REFLECT	= 3,
	/* The host must decide: @reason of the CPU; all is as before. */
	HPTE_MMIO_HOST		= 4
};

/* Reasons of HPTE_MMIO_HOST. */
enum hpte_mmio_reason {
	/* A machine check with MSR[ME]=0: hardware would stop. */
	HPTE_MMIO_CHECKSTOP	= 1,
	/* emulate() while an access is outstanding. */
	HPTE_MMIO_BUSY		= 2,
	/* complete() with none outstanding, or without a result. */
	HPTE_MMIO_IDLE		= 3,
	/* emulate() with an outcome that is not MMIO. */
	HPTE_MMIO_NOT_MMIO	= 4
};

/**
 * struct hpte_interrupt - an interrupt that the host delivers to the guest
 * @vector:	0x200, 0x300, 0x600, 0x700, 0x800, 0xF20 or 0xF40
 * @dsisr:	DSISR, for 0x300
 * @dar:	DAR, for 0x200, 0x300 and 0x600
 * @srr1:	flags that go into SRR1 besides the MSR image, for 0x700
 */
struct hpte_interrupt {
	uint32_t vector;
	uint32_t dsisr;
	uint64_t dar;
	uint64_t srr1;
};

#define HPTE_MMIO_BYTES		128U	/* lmw of 32 registers */

/**
 * struct hpte_mmio_cpu - emulation of one guest CPU; caller-owned
 * @interrupt:	filled in when the action is REFLECT
 * @reason:	filled in when the action is HOST
 *
 * An access that waits keeps here its own copy of all it needs: instruction,
 * addresses, bytes, how far it came.
 */
struct hpte_mmio_cpu {
	struct hpte_interrupt interrupt;
	uint32_t reason;
	uint32_t priv_state;
	const struct hpte_mmio *priv_bus;
	const struct hpte_mmio_regs *priv_regs;
	void *priv_ctx;
	struct hpte_insn priv_insn;
	uint64_t priv_ea;
	uint64_t priv_gpa;
	uint64_t priv_msr;
	struct hpte_mmio_region priv_region;
	uint32_t priv_bytes;
	uint32_t priv_done;
	uint8_t priv_data[HPTE_MMIO_BYTES];
};

/**
 * hpte_mmio_cpu_init() - prepare the emulation of one guest CPU
 * @cpu:	structure to fill; earlier contents are ignored
 * @bus:	the guest's devices; must outlive @cpu
 * @regs:	callbacks; NULL: @ctx is uint64_t image[HPTE_REG_COUNT]
 * @ctx:	their first argument, or the image
 */
HPTE_API void hpte_mmio_cpu_init(struct hpte_mmio_cpu *cpu,
				 const struct hpte_mmio *bus,
				 const struct hpte_mmio_regs *regs, void *ctx);

/**
 * hpte_mmio_emulate() - do what the guest's instruction would have done
 * @cpu:	the guest CPU
 * @outcome:	HPTE_FAULT_MMIO of its fault; gpa, dar, shift and is_store are
 *		looked at
 * @words:	the instruction at its PC, from hpte_xlate_fetch()
 *
 * Registers and PC are written after the last bus access only.  An access
 * that leaves its page is an Alignment interrupt before any device has seen
 * it, a part that is not aligned where its device asks for that before this
 * device has; dcbz and, with MSR[LE], multiple and string instructions are one
 * too.  A bus error, or no device, is a machine check; parts that devices have
 * seen cannot be undone.
 * Reservations, atomics, copy, paste, hash and external control instructions
 * and invalid forms end in a DSI with bit 37.
 *
 * Context: the guest's CPU; calls devices.
 */
HPTE_API HPTE_MUST_CHECK
enum hpte_mmio_action hpte_mmio_emulate(struct hpte_mmio_cpu *cpu,
					const struct hpte_outcome *outcome,
					const uint32_t words[2]);

/**
 * hpte_mmio_complete() - a device has finished the access that was PENDING
 * @cpu:	the guest CPU; it was not run since
 * @result:	DONE, UNCLAIMED or FAULT
 * @value:	for a load: the number the device's register means; bits above
 *		the access are ignored
 *
 * Context: as hpte_mmio_emulate(), which must have returned.
 * Return: the same; WAIT again if a further access waits.
 */
HPTE_API HPTE_MUST_CHECK
enum hpte_mmio_action hpte_mmio_complete(struct hpte_mmio_cpu *cpu,
					 enum hpte_mmio_result result,
					 uint64_t value);

/**
 * hpte_mmio_abort() - drop the access that waits
 * @cpu:	the guest CPU
 *
 * Registers and PC are as before the instruction.  No effect if none waits.
 */
HPTE_API void hpte_mmio_abort(struct hpte_mmio_cpu *cpu);

#ifdef __cplusplus
}
#endif

#endif /* HPTE_MMIO_H */
