/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/model/model_mmio.c - the model: performing a load or a store.
 */
#include "model_mmio.h"

#include <string.h>

#include "model_internal.h"

#define MSR_SF			UINT64_C(0x8000000000000000)
#define MSR_ME			UINT64_C(0x1000)
#define MSR_LE			UINT64_C(0x0001)

#define CACHE_BLOCK		128U	/* bytes, on every POWER */

#define MACHINE_CHECK		0x200U
#define DATA_STORAGE		0x300U
#define ALIGNMENT		0x600U
#define PROGRAM			0x700U

#define DSISR_BAD_ACCESS	UINT32_C(0x04000000)
#define DSISR_STORE		UINT32_C(0x02000000)
#define SRR1_PRIVILEGED		UINT64_C(0x00040000)

static unsigned int length_of(const uint32_t words[2])
{
	return words[0] >> 26 == 1 ? 8 : 4;
}

/* Of the first register: RT or RS. */
static unsigned int register_of(const uint32_t words[2])
{
	return words[length_of(words) / 4 - 1] >> 21 & 31;
}

static unsigned int base_of(const uint32_t words[2])
{
	return words[length_of(words) / 4 - 1] >> 16 & 31;
}

static struct model_emulated ends(enum hpte_mmio_action action)
{
	return (struct model_emulated){ .action = action };
}

static struct model_emulated host(enum hpte_mmio_reason reason)
{
	return (struct model_emulated){ .action = HPTE_MMIO_HOST,
					.reason = reason };
}

static struct model_emulated interrupt(uint32_t vector, uint64_t dar)
{
	return (struct model_emulated){
		.action = HPTE_MMIO_REFLECT,
		.interrupt = { .vector = vector, .dar = dar },
	};
}

/* No device, or one that fails. */
static struct model_emulated bus_error(const struct model_emulation *e)
{
	if (!(e->registers.msr & MSR_ME))
		return host(HPTE_MMIO_CHECKSTOP);
	return interrupt(MACHINE_CHECK, e->ea);
}

static bool big_endian(const struct model_emulation *e)
{
	bool reversed = e->insn->flags & MODEL_INSN_REVERSED;

	return !(e->registers.msr & MSR_LE) != reversed;
}

/*
 * The register of a piece.  A quadword is one number: its more significant
 * half is in the even register, wherever that lies in storage.
 */
static unsigned int register_at(const struct model_emulation *e,
				unsigned int piece)
{
	unsigned int first = register_of(e->words);

	if (e->insn->flags & MODEL_INSN_PAIR)
		piece ^= big_endian(e) ? 0 : 1;
	return (first + piece) & 31;	/* past 31: an invalid form */
}

static void commit(struct model_emulation *e)
{
	struct model_registers *r = &e->registers;
	unsigned int bits = 8 * e->insn->bytes;
	unsigned int i;

	for (i = 0; e->insn->kind == MODEL_INSN_LOAD && i < e->pieces; i++) {
		uint64_t value = e->value[i];

		if (bits < 64)
			value &= (UINT64_C(1) << bits) - 1;
		if ((e->insn->flags & MODEL_INSN_SIGNED) &&
		    value >> (bits - 1))
			value |= ~UINT64_C(0) << (bits - 1);
		r->gpr[register_at(e, i)] = value;
	}
	if (e->insn->flags & MODEL_INSN_UPDATE)
		r->gpr[base_of(e->words)] = e->ea;
	r->pc += length_of(e->words);
	if (!(r->msr & MSR_SF))
		r->pc &= UINT32_MAX;
}

/* The pieces that are left; registers change when all are done. */
static struct model_emulated perform(struct model *model,
				     struct model_emulation *e)
{
	unsigned int bytes = e->insn->bytes;

	e->waits = false;
	for (; e->piece < e->pieces; e->piece++) {
		switch (model_device_access(model, &e->region,
					    e->insn->kind == MODEL_INSN_STORE,
					    big_endian(e),
					    e->gpa + bytes * e->piece, bytes,
					    &e->value[e->piece])) {
		case MODEL_DEVICE_DONE:
			break;
		case MODEL_DEVICE_PENDING:
			e->waits = true;
			return ends(HPTE_MMIO_WAIT);
		default:
			return bus_error(e);
		}
	}
	commit(e);
	return ends(HPTE_MMIO_EMULATED);
}

static void split(struct model_emulation *e)
{
	unsigned int i;

	e->piece = 0;
	e->pieces = 1;
	if (e->insn->flags & MODEL_INSN_PAIR)
		e->pieces = 2;
	if (e->insn->flags & MODEL_INSN_MULTIPLE)
		e->pieces = 32 - register_of(e->words);
	memset(e->value, 0, sizeof(e->value));
	for (i = 0; e->insn->kind == MODEL_INSN_STORE && i < e->pieces; i++)
		e->value[i] = e->registers.gpr[register_at(e, i)];
}

/* How far into the access it faulted; addresses may be 32 bits. */
static uint64_t distance(const struct model_emulation *e,
			 const struct model_mmio_fault *fault)
{
	uint64_t bytes = fault->dar - e->ea;

	return e->registers.msr & MSR_SF ? bytes : bytes & UINT32_MAX;
}

/* A load or store of the right direction. */
static struct model_emulated access(struct model *model,
				    struct model_emulation *e,
				    const struct model_mmio_fault *fault)
{
	uint64_t mask = (UINT64_C(1) << fault->shift) - 1;
	uint64_t total = (uint64_t)e->insn->bytes * e->pieces;
	const struct model_region *region;

	/* From where it faulted back to where it begins. */
	if (distance(e, fault) > (fault->gpa & mask) ||
	    (e->gpa & mask) + total > mask + 1)
		return interrupt(ALIGNMENT, e->ea);
	if ((e->insn->flags & MODEL_INSN_MULTIPLE) &&
	    (e->registers.msr & MSR_LE))
		return interrupt(ALIGNMENT, e->ea);
	region = model_device_at(model, e->gpa);
	if (!region)
		return bus_error(e);
	e->region = *region;
	if (model_device_misaligned(region, fault->is_store, e->gpa,
				    e->insn->bytes))
		return interrupt(ALIGNMENT, e->ea);
	return perform(model, e);
}

/* What is no load or store, or none that can be done. */
static bool special(struct model_emulation *e,
		    const struct model_mmio_fault *fault,
		    struct model_emulated *result)
{
	switch (e->insn->kind) {
	case MODEL_INSN_CACHE:
		commit(e);
		*result = ends(HPTE_MMIO_EMULATED);
		return true;
	case MODEL_INSN_ZERO:
		*result = interrupt(ALIGNMENT, e->ea);
		return true;
	case MODEL_INSN_PRIVILEGED:
		*result = interrupt(PROGRAM, 0);
		result->interrupt.srr1 = SRR1_PRIVILEGED;
		return true;
	default:
		break;
	}
	if (e->insn->kind != MODEL_INSN_REFUSED &&
	    !model_insn_invalid(e->insn, e->words))
		return false;
	*result = interrupt(DATA_STORAGE, e->ea);
	result->interrupt.dsisr = DSISR_BAD_ACCESS |
		(fault->is_store ? DSISR_STORE : 0);
	return true;
}

/* Could this instruction have caused the fault? */
static bool explains(const struct model_emulation *e,
		     const struct model_mmio_fault *fault)
{
	bool stores = e->insn->flags & MODEL_INSN_FAULTS_STORE;
	uint64_t total = (uint64_t)e->insn->bytes * e->pieces;

	if (e->insn->kind == MODEL_INSN_OTHER || stores != fault->is_store)
		return false;
	/* These are about a cache block, and may fault anywhere in it. */
	if (e->insn->kind == MODEL_INSN_CACHE ||
	    e->insn->kind == MODEL_INSN_ZERO)
		return fault->dar / CACHE_BLOCK == e->ea / CACHE_BLOCK;
	return fault->dar == e->ea || distance(e, fault) < total;
}

struct model_emulated model_emulate(struct model *model,
				    struct model_emulation *e,
				    const struct model_mmio_fault *fault,
				    const uint32_t words[2])
{
	struct model_emulated result;

	model_forget(model);
	if (e->waits)
		return host(HPTE_MMIO_BUSY);
	if (!fault->is_mmio)
		return host(HPTE_MMIO_NOT_MMIO);
	e->insn = model_insn_find(words);
	memcpy(e->words, words, sizeof(e->words));
	e->ea = model_insn_ea(e->insn, words, &e->registers);
	e->gpa = fault->gpa - distance(e, fault);
	split(e);
	if (!explains(e, fault))
		return ends(HPTE_MMIO_RETRY);
	if (special(e, fault, &result))
		return result;
	return access(model, e, fault);
}

struct model_emulated model_answer(struct model *model,
				   struct model_emulation *e,
				   enum model_device answer, uint64_t value)
{
	model_forget(model);
	if (!e->waits || answer == MODEL_DEVICE_PENDING)
		return host(HPTE_MMIO_IDLE);
	e->waits = false;
	if (answer != MODEL_DEVICE_DONE)
		return bus_error(e);
	if (e->insn->kind == MODEL_INSN_LOAD)
		e->value[e->piece] = model_device_swap(&e->region,
						       big_endian(e),
						       e->insn->bytes, value);
	e->piece++;
	return perform(model, e);
}
