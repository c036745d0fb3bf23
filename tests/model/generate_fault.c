/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/model/generate_fault.c - what storage interrupts there are, and the
 * instructions behind them.
 *
 * Most are what hardware would report of the guest's pages as they are; a
 * fraction has something that does not fit.
 */
#include "driver.h"

#define MSR_SF		UINT64_C(0x8000000000000000)
#define MSR_PR		UINT64_C(0x4000)
#define MSR_ME		UINT64_C(0x1000)
#define MSR_IR		UINT64_C(0x0020)
#define MSR_DR		UINT64_C(0x0010)
#define MSR_LE		UINT64_C(0x0001)

#define VRMA		UINT64_C(0x4001FFFFFF000000)
#define VRMA_VSID	UINT64_C(0x1FFFFFF)
#define PREFIX_R	UINT32_C(0x00100000)

static uint64_t below(struct driver *d, uint64_t bound)
{
	return test_random_below(&d->random, bound);
}

/* Bits that matter little: one choice for all of them. */
static void garbage(struct driver *d, uint64_t *word, unsigned int count)
{
	struct test_random random;
	unsigned int i;

	test_random_seed(&random, below(d, 256));
	for (i = 0; i < count; i++)
		word[i] = test_random(&random);
}

/* L and LP of a segment descriptor. */
static uint64_t descriptor_pages(unsigned int base)
{
	switch (base) {
	case 12:
		return 0;
	case 16:
		return 0x110;
	case 24:
		return 0x100;
	default:
		return 0x120;
	}
}

static uint64_t any_segment(struct driver *d, const struct driver_page *p)
{
	uint64_t descriptor = descriptor_pages(p->page.base);

	if (p->va.segment == 40)
		descriptor |= UINT64_C(1) << 62 | p->va.vsid << 24;
	else
		descriptor |= p->va.vsid << 12;
	/* Ks, Kp: few, so that the same descriptor comes again */
	descriptor |= below(d, 4) << 10;
	if (generate_chance(d, 8))
		descriptor |= UINT64_C(0x200);
	if (generate_chance(d, 8))
		descriptor |= UINT64_C(0x80);
	if (generate_chance(d, 32))
		descriptor |= UINT64_C(0x130);
	if (generate_chance(d, 32))
		descriptor ^= UINT64_C(1) << below(d, 64);
	return descriptor;
}

/* Edges of pages tell most. */
static uint64_t in_page(struct driver *d, unsigned int shift)
{
	uint64_t bytes = UINT64_C(1) << shift;

	switch (below(d, 6)) {
	case 0:
		return below(d, bytes);
	case 1:
		return bytes - 1 - below(d, 16);
	case 2:
		return below(d, 16);
	default:
		return below(d, 256) * 8 % bytes;
	}
}

static uint64_t any_ea(struct driver *d, const struct driver_page *p,
		       bool real, uint64_t high)
{
	uint64_t ea = p->va.offset + in_page(d, p->page.base);

	if (!real)
		return ea | high << p->va.segment;
	ea |= below(d, 4) << 60;
	if (generate_chance(d, 16))
		ea |= UINT64_C(1) << (40 + below(d, 20));
	return ea;
}

static uint64_t any_msr(struct driver *d, bool fetch, bool real)
{
	uint64_t pick = below(d, 256);
	uint64_t msr = (pick & 1 ? MSR_PR : 0) | (pick & 2 ? MSR_LE : 0) |
		(pick & 0x1C ? MSR_ME : 0) | (pick & 0xE0 ? MSR_SF : 0);
	uint64_t this = fetch ? MSR_IR : MSR_DR;

	if (generate_chance(d, 8))
		msr |= this ^ (MSR_IR | MSR_DR);
	else if (!real)
		msr |= MSR_IR | MSR_DR;
	return real ? msr & ~this : msr | this;
}

/* What hardware would say, or what it might. */
static uint32_t any_status(struct driver *d, const struct hpte_fault *fault)
{
	bool fetch = fault->flags & HPTE_FAULT_FETCH;
	uint32_t status = HPTE_FAULT_NO_ENTRY;
	unsigned int base;
	struct model_va va;
	uint64_t index;

	if (model_segment(fault, &va, &base) &&
	    model_find(&d->model, &va, base, true, &index))
		status = HPTE_FAULT_PROTECTION;
	if (generate_chance(d, 8))
		status ^= HPTE_FAULT_NO_ENTRY | HPTE_FAULT_PROTECTION;
	if (generate_chance(d, 16))
		status |= HPTE_FAULT_NO_ENTRY | HPTE_FAULT_PROTECTION;
	if (generate_chance(d, 16))
		status |= HPTE_FAULT_KEY;
	if (below(d, 2))
		status |= HPTE_FAULT_STORE;
	if (generate_chance(d, 32))
		status ^= UINT32_C(1) << below(d, 32);
	if (generate_chance(d, 64))
		status = (uint32_t)test_random(&d->random);
	if (generate_chance(d, 128))
		status = 0x7FFF;
	return fetch ? status & UINT32_C(0x582E0000) : status;
}

static bool has_entry(const struct driver *d, const struct driver_page *p,
		      bool device)
{
	uint64_t index;

	return model_find(&d->model, &p->va, p->page.base, false, &index) &&
	       (!device || d->model.entry[index].mmio);
}

/* Mostly one with an entry, often one of a device. */
static const struct driver_page *any_page(struct driver *d)
{
	uint64_t first = below(d, DRIVER_PAGES);
	bool device = below(d, 2);
	unsigned int i;

	if (generate_chance(d, 8))
		return &d->page[first % DRIVER_VRMA_PAGES];
	for (i = generate_chance(d, 8) ? DRIVER_PAGES : 0;
	     i < DRIVER_PAGES; i++) {
		const struct driver_page *p =
			&d->page[(first + i) % DRIVER_PAGES];

		if (has_entry(d, p, device))
			return p;
	}
	return &d->page[first];
}

static void any_access(struct driver *d, bool fetch, struct hpte_access *access)
{
	const struct driver_page *p = any_page(d);
	bool vrma = p->va.vsid == VRMA_VSID && p->va.segment == 40;
	bool real = vrma ? below(d, 2) : generate_chance(d, 16);
	uint64_t word[4];

	garbage(d, word, 4);
	access->msr = any_msr(d, fetch, real);
	access->ea = any_ea(d, p, real, word[0]);
	if (!(access->msr & MSR_SF))
		access->ea &= UINT32_MAX;
	access->descriptor = real ? word[1] : any_segment(d, p);
	access->vrma = VRMA | (vrma ? descriptor_pages(p->page.base) : 0);
	if (generate_chance(d, 32))
		access->vrma = VRMA | UINT64_C(0x130);
	/* a bit in eight: most keys allow most accesses */
	access->amr = word[1] & word[2] & word[3];
	access->iamr = word[0] & word[2] & word[3];
	access->kind = (unsigned int)word[3];
}

void generate_fault(struct driver *d, bool again, struct hpte_fault *fault)
{
	bool fetch = generate_chance(d, 4);

	if (!again)
		any_access(d, fetch, &fault->access);
	fault->flags = fetch ? HPTE_FAULT_FETCH : 0;
	/* in real mode it says nothing */
	if (generate_chance(d, fault->access.msr &
			    (fetch ? MSR_IR : MSR_DR) ? 32 : 3))
		fault->flags |= HPTE_FAULT_NO_SEGMENT;
	if (generate_chance(d, 16))
		fault->flags |= HPTE_FAULT_BASE_4K;
	fault->status = any_status(d, fault);
}

/* Mostly one that goes where the fault went. */
static const struct model_insn *any_row(struct driver *d, bool is_store)
{
	size_t count;
	const struct model_insn *rows = model_insn_rows(&count);
	enum model_insn_kind kind = is_store ? MODEL_INSN_STORE :
		MODEL_INSN_LOAD;
	const struct model_insn *row = &rows[below(d, count)];

	if (generate_chance(d, 8))
		return row;
	while (row->kind != kind)
		row = row + 1 == rows + count ? rows : row + 1;
	return row;
}

/* Register numbers. */
struct fields {
	unsigned int rt;
	unsigned int ra;
	unsigned int rb;
};

static struct fields any_fields(struct driver *d, const struct model_insn *row)
{
	struct fields f = { (unsigned int)below(d, 32),
			    (unsigned int)below(d, 32),
			    (unsigned int)below(d, 32) };

	/* invalid forms are rare */
	if (generate_chance(d, 16))
		return f;
	if (row->flags & MODEL_INSN_MULTIPLE) {
		f.rt = 26 + f.rt % 6;
		f.ra = 1 + f.ra % 25;
	}
	if (row->flags & MODEL_INSN_PAIR)
		f.rt &= ~1U;
	if (!f.ra || f.ra == f.rb)
		f.ra = f.rb == 1 ? 2 : 1;
	if (f.ra == f.rt)
		f.rt ^= 6;
	return f;
}

static uint32_t word_of(const struct model_insn *row, const struct fields *f,
			uint64_t displacement)
{
	uint32_t word = (uint32_t)row->primary << 26 | f->rt << 21 |
		f->ra << 16;

	switch (row->form) {
	case MODEL_FORM_X:
		/* bit 31 makes a stwcx. of it */
		return word | f->rb << 11 | row->extended << 1 |
			(row->kind == MODEL_INSN_REFUSED &&
			 row->extended % 64 == 22);
	case MODEL_FORM_DS:
		return word | (displacement & 0xFFFC) | row->extended;
	case MODEL_FORM_DQ:
		return word | (displacement & 0xFFF0);
	default:
		return word | (displacement & 0xFFFF);
	}
}

/* Bases, such that the instruction accesses @ea. */
static void aim(struct driver *d, const struct model_insn *row,
		const struct fields *f, struct model_registers *r,
		const uint32_t words[2], uint64_t ea)
{
	uint64_t off = ea - model_insn_ea(row, words, r);

	if (f->ra)
		r->gpr[f->ra] += off;
	else if (row->form == MODEL_FORM_X)
		r->gpr[f->rb] += off;
	/* In 32-bit mode the upper half does not count. */
	if (!(r->msr & MSR_SF))
		r->gpr[f->ra] ^= below(d, 2) << 40;
}

/* R=1: the displacement must do, or PC is moved by multiples of 4. */
static void aim_relative(struct model_registers *r, uint32_t words[2],
			 uint64_t ea, uint64_t far)
{
	uint64_t displacement;

	r->pc = (ea & ~UINT64_C(3)) - (far & UINT64_C(0xFFFFFFFC));
	if (!(r->msr & MSR_SF))
		r->pc &= UINT32_MAX;
	displacement = ea - r->pc;
	words[0] |= PREFIX_R | (uint32_t)(displacement >> 16 & 0x3FFFF);
	words[1] |= displacement & 0xFFFF;
}

static uint64_t any_target(struct driver *d, const struct driver_cpu *cpu,
			   const struct model_insn *row)
{
	uint64_t ea = cpu->outcome.dar;

	/* Hardware may report a byte in the middle. */
	if (generate_chance(d, 8))
		ea -= below(d, row->bytes ? row->bytes : 128);
	if (generate_chance(d, 16))
		ea += below(d, 2) ? 4096 : -UINT64_C(64);
	return cpu->fault.access.msr & MSR_SF ? ea : ea & UINT32_MAX;
}

void generate_insn(struct driver *d, const struct driver_cpu *cpu,
		   struct model_registers *r, uint32_t words[2])
{
	const struct model_insn *row = any_row(d, cpu->outcome.is_store);
	struct fields f = any_fields(d, row);
	uint64_t ea = any_target(d, cpu, row);
	bool mls = row->form == MODEL_FORM_MLS;
	bool prefixed = mls || row->form == MODEL_FORM_8LS;
	bool relative = prefixed && generate_chance(d, 2);
	uint64_t word[2];

	garbage(d, r->gpr, 32);
	garbage(d, word, 2);
	r->msr = cpu->fault.access.msr;
	r->pc = generate_chance(d, 16) ? UINT32_MAX - 3 :
		word[0] & ~UINT64_C(3);
	if (!(r->msr & MSR_SF))
		r->pc &= UINT32_MAX;
	if (relative && !generate_chance(d, 16))
		f.ra = 0;
	words[0] = word_of(row, &f, relative ? 0 : word[1]);
	words[1] = prefixed ? words[0] : (uint32_t)word[1];
	if (prefixed)
		words[0] = UINT32_C(1) << 26 | (mls ? UINT32_C(4) << 23 : 0) |
			(relative ? 0 : word[1] >> 16 & 0x3FFFF);
	if (relative)
		aim_relative(r, words, ea, word[0]);
	else
		aim(d, row, &f, r, words, ea);
	if (generate_chance(d, 32))
		words[0] ^= UINT32_C(1) << below(d, 32);
}
