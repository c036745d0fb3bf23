/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/model/generate.c - what a guest might ask for.
 *
 * Most requests are reasonable and fall on few groups, so that groups fill
 * up, conditions hold as often as they fail, and entries meet each other; a
 * fraction has garbage in a register.
 */
#include "driver.h"

#include <string.h>

#define GROUPS		3U
#define ANY		UINT64_C(0xFFFFFFFFFFFFFFFF)

static uint64_t below(struct driver *d, uint64_t bound)
{
	return test_random_below(&d->random, bound);
}

bool generate_chance(struct driver *d, uint64_t n)
{
	return !below(d, n);
}

/* An address whose primary group, of 2^11, is the one given. */
static void place(struct driver *d, struct driver_page *p, uint64_t group)
{
	unsigned int vsid_bits = p->va.segment == 40 ? 38 : 50;
	uint64_t pages = UINT64_C(1) << (p->va.segment - p->page.base);

	if (d->kind->format == HPTE_FORMAT_300 && !generate_chance(d, 16))
		vsid_bits -= 10;
	p->va.vsid = test_random(&d->random) >> (64 - vsid_bits);
	p->va.offset = below(d, pages) << p->page.base;
	p->va.vsid &= ~UINT64_C(0x7FF);
	p->va.vsid |= (group ^ (p->va.offset >> p->page.base)) & 0x7FF;
}

void generate_universe(struct driver *d)
{
	uint64_t group[GROUPS] = { 0, 0x7FF, below(d, 0x800) };
	unsigned int i;

	for (i = 0; i < DRIVER_PAGES; i++) {
		struct driver_page *p = &d->page[i];

		/* A neighbour of the page before, for H_BLOCK_REMOVE. */
		if (i && generate_chance(d, 4)) {
			*p = p[-1];
			p->va.offset ^= UINT64_C(1) << p->page.base;
			continue;
		}
		/* One segment is the virtual real mode area's. */
		if (i < DRIVER_VRMA_PAGES) {
			p->page = model_page_row((unsigned int)below(d, 6),
						 &p->l, &p->lp);
			p->va = (struct model_va){ UINT64_C(0x1FFFFFF), 0,
						   40 };
			continue;
		}
		p->page = model_page_row((unsigned int)below(d, MODEL_PAGES),
					 &p->l, &p->lp);
		p->va.segment = below(d, 2) ? 40 : 28;
		if (p->page.base == 34 && !generate_chance(d, 32))
			p->va.segment = 40;
		if (p->page.base > p->va.segment)
			p->page = model_page_row(0, &p->l, &p->lp);
		place(d, p, group[below(d, GROUPS)]);
	}
}

const struct driver_page *generate_page(struct driver *d)
{
	return &d->page[below(d, DRIVER_PAGES)];
}

static uint64_t index_of(struct driver *d, const struct driver_page *p,
			 bool secondary)
{
	return model_group(&p->va, p->page.base, secondary, d->model.order) *
	       8 + below(d, 8);
}

uint64_t generate_index(struct driver *d)
{
	uint64_t index = 0;
	unsigned int i;

	if (generate_chance(d, 32))
		return test_random_sparse(&d->random);
	if (generate_chance(d, 16))
		return below(d, model_entries(&d->model) + 1);
	/* A few tries at one that exists, then any. */
	for (i = 0; i < 3; i++) {
		index = index_of(d, generate_page(d), below(d, 2));
		if (d->model.entry[index].live)
			break;
	}
	return index;
}

uint64_t generate_used(struct driver *d)
{
	uint64_t index = 0;
	unsigned int i;

	for (i = 0; i < 24; i++) {
		index = index_of(d, generate_page(d), below(d, 2));
		if (d->kind->walker ? d->model.entry[index].valid :
		    d->model.entry[index].live)
			break;
	}
	return index;
}

/* Guest real addresses at which something happens. */
static uint64_t try_gpa(struct driver *d, unsigned int shift)
{
	const struct model_host *host = &d->host.answer;
	const struct model_region *region =
		&host->region[generate_chance(d, 6) ? DRIVER_PLUG :
			      below(d, host->regions)];
	uint64_t bytes = UINT64_C(1) << shift;
	uint64_t gpa = region->start + below(d, 16) * bytes;

	if (generate_chance(d, 8))
		gpa = region->start + region->bytes - below(d, 2) * bytes;
	if (generate_chance(d, 64))
		gpa = test_random_sparse(&d->random) & MODEL_ARPN;
	if (generate_chance(d, 64))
		return gpa;
	return gpa & ~(bytes - 1) & MODEL_ARPN;
}

/* Mostly one where a page of that size can be. */
static uint64_t any_gpa(struct driver *d, unsigned int shift)
{
	unsigned int tries = generate_chance(d, 4) ? 1 : 16;
	enum hpte_backing_kind kind;
	unsigned int largest;
	uint64_t gpa = 0;

	while (tries--) {
		gpa = try_gpa(d, shift);
		kind = model_classify(&d->host.answer, gpa, shift, &largest);
		if ((kind == HPTE_BACKING_RAM || kind == HPTE_BACKING_IO) &&
		    shift <= largest && !(gpa & ((UINT64_C(1) << shift) - 1)))
			break;
	}
	return gpa;
}

static uint64_t any_protection(struct driver *d)
{
	uint64_t dw1 = test_random(&d->random) &
		(MODEL_PP | MODEL_N | MODEL_RC);

	if (generate_chance(d, 4))
		dw1 |= MODEL_PP0;
	if (generate_chance(d, 4))
		dw1 |= test_random(&d->random) & MODEL_KEYS;
	return dw1;
}

static uint64_t any_wimg(struct driver *d, uint64_t gpa, unsigned int shift)
{
	unsigned int largest;

	if (generate_chance(d, 8))
		return test_random(&d->random) & MODEL_WIMG;
	if (model_classify(&d->host.answer, gpa, shift, &largest) ==
	    HPTE_BACKING_IO)
		return MODEL_I | (below(d, 2) ? MODEL_G : 0);
	return MODEL_M;
}

static void enter(struct driver *d, uint64_t *gpr)
{
	const struct driver_page *p = generate_page(d);
	bool secondary = generate_chance(d, 3);
	uint64_t gpa = any_gpa(d, p->page.actual);
	uint64_t flags = 0;

	if (generate_chance(d, 3))
		flags |= HPTE_HFLAG_EXACT;
	if (generate_chance(d, 8))
		flags |= HPTE_HFLAG_ZERO_PAGE;
	if (generate_chance(d, 8))
		flags |= HPTE_HFLAG_ICACHE_SYNCHRONIZE;
	if (generate_chance(d, 8))
		flags |= HPTE_HFLAG_ICACHE_INVALIDATE;
	gpr[4] = flags;
	gpr[5] = index_of(d, p, secondary);
	gpr[6] = model_dw0_of(&p->va) | p->l | (secondary ? MODEL_H : 0);
	if (!generate_chance(d, 32))
		gpr[6] |= MODEL_V;
	if (generate_chance(d, 4))
		gpr[6] |= MODEL_BOLTED;
	if (generate_chance(d, 8))
		gpr[6] |= test_random(&d->random) & 0x78;
	if (generate_chance(d, 32))
		gpr[6] |= model_in_page(&p->page) & test_random(&d->random);
	gpr[7] = gpa | any_protection(d) | any_wimg(d, gpa, p->page.actual);
	gpr[7] |= p->lp;
	if (generate_chance(d, 32))
		gpr[6] ^= UINT64_C(1) << (62 + below(d, 2));
	/* Where everything is RAM, high addresses get past the backing. */
	if (generate_chance(d, d->host.answer.has_classify ? 64 : 4))
		gpr[7] |= UINT64_C(1) << (54 + below(d, 6));
	if (generate_chance(d, 32))
		gpr[7] |= MODEL_RESERVED;
}

/* B and AVPN that match what stands there, or nearly. */
static uint64_t condition(struct driver *d, uint64_t index)
{
	uint64_t dw0 = model_dw0_of(&generate_page(d)->va);

	if (index < model_entries(&d->model) && d->model.entry[index].live &&
	    !generate_chance(d, 6))
		dw0 = d->model.entry[index].dw0 & MODEL_B_AVPN;
	if (generate_chance(d, 16))
		dw0 ^= UINT64_C(1) << below(d, 64);
	return dw0;
}

/* Bits that are rarely, or often, set in what stands there. */
static uint64_t and_condition(struct driver *d, uint64_t index)
{
	static const uint64_t some[] = { 0x10, 0x08, 0x40, 0x20, 0x60, 1, 2,
					 4, 0 };

	if (generate_chance(d, 4))
		return condition(d, index);
	if (generate_chance(d, 4))
		return test_random_sparse(&d->random);
	return some[below(d, sizeof(some) / sizeof(some[0]))];
}

static void remove_one(struct driver *d, uint64_t *gpr)
{
	gpr[5] = generate_index(d);
	switch (below(d, 4)) {
	case 0:
		gpr[4] = 0;
		break;
	case 1:
		gpr[4] = HPTE_HFLAG_AVPN;
		gpr[6] = condition(d, gpr[5]);
		break;
	case 2:
		gpr[4] = HPTE_HFLAG_ANDCOND;
		gpr[6] = and_condition(d, gpr[5]);
		break;
	default:
		gpr[4] = HPTE_HFLAG_AVPN | HPTE_HFLAG_ANDCOND;
		gpr[6] = condition(d, gpr[5]);
		break;
	}
}

static void bulk(struct driver *d, uint64_t *gpr)
{
	unsigned int i;

	for (i = 0; i < 4; i++) {
		uint64_t index = generate_index(d);
		uint64_t modifier = below(d, 3);

		if (generate_chance(d, 8) && i)
			index = gpr[4] & (ANY >> 8);
		if (generate_chance(d, 64))
			modifier = 3;
		gpr[5 + 2 * i] = modifier == 1 ? and_condition(d, index) :
			condition(d, index);
		gpr[4 + 2 * i] = UINT64_C(1) << 62 | modifier << 56 | index;
		if (generate_chance(d, 12))
			gpr[4 + 2 * i] |= UINT64_C(3) << 62;
		else if (generate_chance(d, 64))
			gpr[4 + 2 * i] ^= UINT64_C(1) << below(d, 64);
	}
}

/* An entry of the same few megabytes, if there is another. */
static uint64_t neighbour(struct driver *d, uint64_t index)
{
	uint64_t first = below(d, DRIVER_PAGES);
	unsigned int i;
	uint64_t found;

	if (index >= model_entries(&d->model))
		return index;
	for (i = 0; i < DRIVER_PAGES; i++) {
		const struct driver_page *p =
			&d->page[(first + i) % DRIVER_PAGES];

		if (model_find(&d->model, &p->va, p->page.base, false,
			       &found) && found != index &&
		    !((d->model.entry[found].dw0 ^
		       d->model.entry[index].dw0) & MODEL_B_AVPN))
			return found;
	}
	return index;
}

static void block(struct driver *d, uint64_t *gpr)
{
	uint64_t first = generate_index(d);
	unsigned int i;

	gpr[4] = condition(d, first);
	for (i = 0; i < 8; i++) {
		uint64_t index = i ? generate_index(d) : first;
		uint64_t byte = 0x40 | below(d, 2);

		if (i && below(d, 2))
			index = neighbour(d, first);
		if (generate_chance(d, 16))
			byte = test_random(&d->random) & 0xFF;
		gpr[5 + i] = byte << 56 | (index & (ANY >> 8));
	}
}

static void change(struct driver *d, uint64_t *gpr)
{
	gpr[5] = generate_index(d);
	gpr[4] = 0;
	if (gpr[3] != HPTE_HCALL_PROTECT)
		return;
	gpr[6] = condition(d, gpr[5]);
	gpr[4] = test_random(&d->random) & 7;
	if (below(d, 2))
		gpr[4] |= HPTE_HFLAG_AVPN;
	if (generate_chance(d, 4))
		gpr[4] |= test_random(&d->random) & 0x3F00;
}

static void resize(struct driver *d, uint64_t *gpr)
{
	gpr[4] = generate_chance(d, 16);
	gpr[5] = 18 + below(d, 3);
	if (gpr[3] == HPTE_HCALL_RESIZE_HPT_COMMIT && !generate_chance(d, 8))
		gpr[5] = d->model.resize_order;
	if (generate_chance(d, 16))
		gpr[5] = below(d, 50);
	if (generate_chance(d, 32))
		gpr[5] |= UINT64_C(1) << 32;
}

static void page_init(struct driver *d, uint64_t *gpr)
{
	gpr[4] = test_random(&d->random) &
		(HPTE_HFLAG_ZERO_PAGE | HPTE_HFLAG_COPY_PAGE |
		 HPTE_HFLAG_ICACHE_SYNCHRONIZE | HPTE_HFLAG_CMO);
	gpr[5] = any_gpa(d, 12);
	gpr[6] = any_gpa(d, 12);
}

static void process_table(struct driver *d, uint64_t *gpr)
{
	static const uint64_t flags[] = { 0, HPTE_PROC_TABLE_MODIFY |
		HPTE_PROC_TABLE_REGISTER, HPTE_PROC_TABLE_MODIFY };

	gpr[4] = generate_chance(d, 4) ? below(d, 64) : flags[below(d, 3)];
	gpr[5] = UINT64_C(1) << (35 + below(d, 5));
	gpr[6] = below(d, 9);
	gpr[7] = 20 + below(d, 6);
}

static void ci(struct driver *d, uint64_t *gpr)
{
	unsigned int tries = 8;
	unsigned int largest;

	do {
		gpr[5] = try_gpa(d, 12);
	} while (--tries && model_classify(&d->host.answer, gpr[5], 12,
					   &largest) != HPTE_BACKING_IO);
	gpr[4] = UINT64_C(1) << below(d, 5);
	gpr[5] += below(d, 16) & ~(generate_chance(d, 4) ? 0 : gpr[4] - 1);
	if (generate_chance(d, 16))
		gpr[5] -= 8;
}

static void read_entry(struct driver *d, uint64_t *gpr)
{
	gpr[5] = generate_index(d);
	gpr[4] = below(d, 2) ? HPTE_HFLAG_READ_4 : 0;
}

static void vrmasd(struct driver *d, uint64_t *gpr)
{
	gpr[4] = below(d, 32);
}

static void nothing(struct driver *d, uint64_t *gpr)
{
	(void)d;
	(void)gpr;
}

static const struct request {
	uint64_t opcode;
	unsigned int weight;
	void (*fill)(struct driver *d, uint64_t *gpr);
} requests[] = {
	{ HPTE_HCALL_ENTER, 400, enter },
	{ HPTE_HCALL_REMOVE, 130, remove_one },
	{ HPTE_HCALL_BULK_REMOVE, 60, bulk },
	{ HPTE_HCALL_READ, 60, read_entry },
	{ HPTE_HCALL_PROTECT, 130, change },
	{ HPTE_HCALL_CLEAR_MOD, 70, change },
	{ HPTE_HCALL_CLEAR_REF, 70, change },
	{ MODEL_HCALL_BLOCK_REMOVE, 30, block },
	{ HPTE_HCALL_RESIZE_HPT_PREPARE, 12, resize },
	{ HPTE_HCALL_RESIZE_HPT_COMMIT, 6, resize },
	{ HPTE_HCALL_REGISTER_PROCESS_TABLE, 16, process_table },
	{ MODEL_HCALL_PAGE_INIT, 10, page_init },
	{ MODEL_HCALL_LOGICAL_CI_LOAD, 10, ci },
	{ MODEL_HCALL_LOGICAL_CI_STORE, 10, ci },
	{ MODEL_HCALL_VRMASD, 4, vrmasd },
	{ MODEL_HCALL_CLEAR_HPT, 2, nothing },
};

#define REQUESTS	(sizeof(requests) / sizeof(requests[0]))

static const struct request *any_request(struct driver *d)
{
	unsigned int total = 0;
	uint64_t pick;
	size_t i;

	for (i = 0; i < REQUESTS; i++)
		total += requests[i].weight;
	pick = below(d, total);
	for (i = 0; pick >= requests[i].weight; i++)
		pick -= requests[i].weight;
	return &requests[i];
}

/* Nothing in any register makes sense. */
static void hostile(struct driver *d, uint64_t *gpr)
{
	unsigned int i;

	for (i = 4; i < 13; i++)
		gpr[i] = test_random_sparse(&d->random);
}

void generate_hcall(struct driver *d, uint64_t *gpr, uint64_t *msr)
{
	const struct request *request = any_request(d);
	struct test_random garbage;
	unsigned int i;

	/* One choice for all of it: a fuzzer has better uses for its bytes. */
	test_random_seed(&garbage, below(d, 256));
	for (i = 0; i < 32; i++)
		gpr[i] = test_random(&garbage);
	*msr = test_random(&garbage) & ~UINT64_C(0x4000);
	if (generate_chance(d, 64))
		*msr |= UINT64_C(0x4000);
	gpr[3] = request->opcode;
	if (generate_chance(d, 64))
		hostile(d, gpr);
	else
		request->fill(d, gpr);
	if (generate_chance(d, 16))
		gpr[4 + below(d, 8)] = test_random_sparse(&d->random);
	if (generate_chance(d, 16))
		gpr[4] ^= UINT64_C(1) << below(d, 64);
	if (generate_chance(d, 128))
		gpr[3] ^= UINT64_C(1) << below(d, 12);
	if (generate_chance(d, 256))
		gpr[3] = test_random_sparse(&d->random);
}
