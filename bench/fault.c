/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * bench/fault.c - storage interrupts and emulated devices, in nanoseconds and
 * instructions.
 *
 * A half full table with a walker, entries in primary and secondary groups,
 * valid and absent, and four device pages.  Lines, all of an HDSI "no entry":
 *
 *	absent		the host's page is missing: HOST_PAGE
 *	valid		another CPU has mapped it meanwhile: RETRY
 *	no entry	both groups searched: reflected
 *	device		MMIO; cached: the virtual CPU knows the page; searched:
 *			hpte_fault_forget() before each
 *	stw, lwz	from the interrupt to the register written: resolve,
 *			fetch, emulate; the device is the last of 8 regions
 *
 * Beside hpte_fault_resolve() stand hpte_table_find_ea() and the search of a
 * table with lock bits, each from the same effective address, on the same
 * entries; beside the emulation an access that knows address and size already:
 * hpte_mmio_find() and hpte_mmio_dispatch(), with the same callback.
 *
 * A storage interrupt comes alone: a fence follows each call.  The loop around
 * it, fence and forget included, is measured too and taken off.  Time is the
 * thread's own, and no way finds in a cache what the one before it read,
 * unless all of it fits.  Instructions are the average of --counted calls, the
 * same in each run.
 */
#include "contender.h"
#include "count.h"
#include "suite.h"

#include <stdlib.h>
#include <string.h>

#define CALLS		16384
#define DEVICE_PAGES	HPTE_VCPU_CACHE
#define REGIONS		8U
#define MSR		(HPTE_MSR_SF | HPTE_MSR_IR | HPTE_MSR_DR)
#define STW_R5_R4	UINT32_C(0x90A40000)
#define LWZ_R5_R4	UINT32_C(0x80A40000)

/* Which pages are asked for. */
enum { ABSENT, ABSENT_SECONDARY, VALID, VALID_SECONDARY, NONE, DEVICE, SETS };

struct page {
	uint64_t descriptor;
	uint64_t ea;
	uint64_t gpa;
};

struct line {
	const char *name;
	const char *count_name;	/* of its instructions */
	unsigned int set;
	uint32_t action;
	uint32_t word;		/* the guest's instruction; 0: resolve only */
	bool forget;
};

#define LINE(name, set, action, word, forget)				\
	{ name, name ".count", set, HPTE_FAULT_##action, word, forget }

static const struct line lines[] = {
	LINE("absent.primary", ABSENT, HOST_PAGE, 0, false),
	LINE("absent.secondary", ABSENT_SECONDARY, HOST_PAGE, 0, false),
	LINE("valid.primary", VALID, RETRY, 0, false),
	LINE("valid.secondary", VALID_SECONDARY, RETRY, 0, false),
	LINE("noentry", NONE, DSI, 0, false),
	LINE("device.cached", DEVICE, MMIO, 0, false),
	LINE("device.searched", DEVICE, MMIO, 0, true),
	LINE("stw.cached", DEVICE, MMIO, STW_R5_R4, false),
	LINE("stw.searched", DEVICE, MMIO, STW_R5_R4, true),
	LINE("lwz.cached", DEVICE, MMIO, LWZ_R5_R4, false),
	LINE("lwz.searched", DEVICE, MMIO, LWZ_R5_R4, true),
};

#define LINES	(sizeof(lines) / sizeof(lines[0]))

struct bench {
	struct contender library;
	struct contender locks;
	struct page *pages[SETS];
	size_t count[SETS];
	/* the guest's CPU and its device */
	struct hpte_vcpu vcpu;
	struct hpte_fault fault;
	struct hpte_access pc;
	uint64_t regs[HPTE_REG_COUNT];
	struct hpte_mmio bus;
	struct hpte_mmio_slot slots[REGIONS];
	struct hpte_mmio_cpu cpu;
	uint64_t device;
	/* what pass() does */
	const struct line *line;
	unsigned int way;
	size_t calls;
	size_t at;		/* it goes on where the last one stopped */
};

/* The ways that are compared; each returns true if the answer is right. */

static bool nothing(struct bench *bench, const struct page *page)
{
	(void)bench;
	(void)page;
	return true;
}

static bool resolve(struct bench *bench, const struct page *page)
{
	struct hpte_outcome outcome;

	bench->fault.access.ea = page->ea;
	bench->fault.access.descriptor = page->descriptor;
	hpte_fault_resolve(&bench->vcpu, &bench->fault, &outcome);
	return outcome.action == bench->line->action;
}

static bool find(struct bench *bench, const struct page *page)
{
	struct hpte_view view;

	return (hpte_table_find_ea(&bench->library.table, page->descriptor,
				   page->ea, 0, &view) == HPTE_OK) ==
	       (bench->line->set != NONE);
}

static bool lock_and_find(struct bench *bench, const struct page *page)
{
	struct hpte entry;
	struct hpte_va va;
	uint64_t index;

	return hpte_hash_va(page->descriptor, page->ea, &va) == HPTE_OK &&
	       lockbit_find(&bench->locks.lockbit, &va, &index, &entry) ==
	       (bench->line->set != NONE);
}

static bool emulate(struct bench *bench, const struct page *page)
{
	struct hpte_outcome outcome;
	uint32_t words[2];

	bench->regs[4] = page->ea;
	bench->regs[HPTE_REG_PC] = bench->pc.ea;
	bench->fault.access.ea = page->ea;
	bench->fault.access.descriptor = page->descriptor;
	hpte_fault_resolve(&bench->vcpu, &bench->fault, &outcome);
	return hpte_xlate_fetch(&bench->library.table, &bench->pc, words) ==
	       HPTE_OK &&
	       hpte_mmio_emulate(&bench->cpu, &outcome, words) ==
	       HPTE_MMIO_EMULATED;
}

static bool registry(struct bench *bench, const struct page *page)
{
	bool is_store = bench->line->word == STW_R5_R4;
	struct hpte_mmio_region region;

	return hpte_mmio_find(&bench->bus, page->gpa, &region) == HPTE_OK &&
	       hpte_mmio_dispatch(&region, page->gpa, 4, is_store, true,
				  &bench->regs[5]) == HPTE_MMIO_DONE;
}

enum { LOOP, RESOLVE, FIND, LOCK_AND_FIND, EMULATE, REGISTRY, WAYS };

static bool (*const ways[WAYS])(struct bench *, const struct page *) = {
	nothing, resolve, find, lock_and_find, emulate, registry
};

static const char *const way_names[WAYS] = {
	"loop", "resolve", "find", "lockbit", "emulate", "registry"
};

/* Is it measured for this line?  LOOP always is. */
static bool takes_part(const struct line *line, unsigned int way)
{
	return way == LOOP || (way >= EMULATE) == (line->word != 0);
}

static void pass(void *arg)
{
	struct bench *bench = arg;
	bool (*way)(struct bench *, const struct page *) = ways[bench->way];
	const struct page *pages = bench->pages[bench->line->set];
	size_t count = bench->count[bench->line->set], right = 0;
	size_t at = bench->at;

	for (size_t i = 0; i < bench->calls; i++) {
		if (bench->line->forget)
			hpte_fault_forget(&bench->library.table);
		right += way(bench, &pages[at]);
		bench_fence();
		at = at + 1 < count ? at + 1 : 0;
	}
	bench->at = at;
	if (right != bench->calls)
		sheet_wrong(bench->line->name, way_names[bench->way]);
}

/* One word of storage, read and written alike at every offset. */
static enum hpte_mmio_result device_access(void *ctx,
					   struct hpte_mmio_access *access)
{
	struct bench *bench = ctx;

	if (access->is_store)
		bench->device = access->value;
	else
		access->value = bench->device;
	return HPTE_MMIO_DONE;
}

static const struct hpte_mmio_ops device_ops = {
	.ops_size = sizeof(device_ops), .access = device_access,
};

/* H_ENTER on both tables; false if the group is full. */
static bool enter(struct bench *bench, const struct page *page, uint64_t bits,
		  bool secondary)
{
	struct contender *both[] = { &bench->library, &bench->locks };
	int64_t code[2];
	struct hpte_va va;

	if (hpte_hash_va(page->descriptor, page->ea, &va) != HPTE_OK)
		abort();
	for (unsigned int i = 0; i < 2; i++) {
		uint64_t gpr[32];

		gpr[3] = HPTE_HCALL_ENTER;
		gpr[4] = 0;
		gpr[5] = HPTE_GROUP_ENTRIES *
			 hpte_hash_group(hpte_hash_primary(&va), secondary,
					 bench->library.order);
		gpr[6] = hpte_hash_dw0(&va) | HPTE_DW0_V |
			 (secondary ? HPTE_DW0_H : 0);
		gpr[7] = page->gpa | bits | 2;
		contender_hcall(both[i], gpr);
		code[i] = (int64_t)gpr[3];
	}
	if (code[0] != code[1] || (code[0] && code[0] != HPTE_H_PTEG_FULL))
		abort();
	return code[0] == HPTE_H_SUCCESS;
}

static struct page random_page(uint64_t *random)
{
	return (struct page){
		.descriptor = bench_random(random) >> 28 << 12,
		.ea = bench_random(random) & UINT64_C(0xFFFF000),
		.gpa = bench_random(random) & UINT64_C(0xFFFFFF000),
	};
}

/* Half full: the same number of entries of each kind. */
static void fill(struct bench *bench)
{
	size_t entries = hpte_table_bytes(bench->library.order) / 16 / 2;
	uint64_t random = 1;

	for (unsigned int set = 0; set < SETS; set++)
		bench->pages[set] = bench_alloc(entries / 4 *
						sizeof(struct page));
	while (bench->count[DEVICE] < DEVICE_PAGES) {
		struct page page = random_page(&random);

		page.gpa = CONTENDER_DEVICE + 0x1000 * bench->count[DEVICE];
		if (enter(bench, &page, HPTE_DW1_I | HPTE_DW1_G, false))
			bench->pages[DEVICE][bench->count[DEVICE]++] = page;
	}
	for (unsigned int set = ABSENT; set <= VALID_SECONDARY; set++) {
		bool secondary = set == ABSENT_SECONDARY ||
				 set == VALID_SECONDARY;

		contender_invalidating = set <= ABSENT_SECONDARY;
		while (bench->count[set] < entries / 4) {
			struct page page = random_page(&random);

			if (enter(bench, &page, HPTE_DW1_M, secondary))
				bench->pages[set][bench->count[set]++] = page;
		}
	}
	for (size_t i = 0; i < entries / 4; i++) {
		bench->pages[NONE][i] = random_page(&random);
		/* a VSID that was never drawn */
		bench->pages[NONE][i].descriptor |= HPTE_BIT(3);
	}
	bench->count[NONE] = entries / 4;
}

static void make(struct bench *bench, unsigned int order)
{
	struct hpte_mmio_region region = {
		.bytes = 0x1000 * DEVICE_PAGES, .size_mask = 4,
		.flags = HPTE_MMIO_LITTLE_ENDIAN, .ops = &device_ops,
		.ctx = bench,
	};

	memset(bench, 0, sizeof(*bench));
	contender_make(&bench->library, LIBRARY, order);
	contender_make(&bench->locks, LOCK_BIT, order);
	fill(bench);
	hpte_fault_init(&bench->vcpu, &bench->library.table);
	bench->fault.access.msr = MSR;
	bench->pc.msr = MSR;
	bench->pc.ea = bench->pages[VALID][0].ea;
	bench->pc.descriptor = bench->pages[VALID][0].descriptor;
	hpte_mmio_init(&bench->bus, bench->slots, REGIONS);
	for (unsigned int i = REGIONS; i-- > 0;) {
		region.start = CONTENDER_DEVICE + i * region.bytes;
		if (hpte_mmio_add(&bench->bus, &region) != HPTE_OK)
			abort();
	}
	hpte_mmio_cpu_init(&bench->cpu, &bench->bus, NULL, bench->regs);
	bench->regs[HPTE_REG_MSR] = MSR;
}

static void set_line(struct bench *bench, const struct line *line)
{
	bench->line = line;
	bench->at = 0;
	bench->fault.status = HPTE_FAULT_NO_ENTRY |
		(line->word == STW_R5_R4 ? HPTE_FAULT_STORE : 0);
	for (unsigned int i = 0; i < 4; i++)
		contender_word[i] = (uint8_t)(line->word >> 8 * (3 - i));
}

/* The emulated instruction has really moved the number. */
static void check_device(struct bench *bench)
{
	const uint64_t number = UINT64_C(0x11223344);
	bool is_store = bench->line->word == STW_R5_R4;

	if (!bench->line->word)
		return;
	bench->regs[5] = is_store ? number : 0;
	bench->device = is_store ? 0 : __builtin_bswap32(number);
	if (!emulate(bench, &bench->pages[DEVICE][0]) ||
	    bench->regs[5] != number ||
	    bench->device != __builtin_bswap32(number) ||
	    bench->regs[HPTE_REG_PC] != bench->pc.ea + 4)
		abort();
}

/* Nanoseconds a call. */
static double measure(struct bench *bench, unsigned int way)
{
	double start;

	bench->way = way;
	bench->calls = CALLS;
	start = bench_busy();
	pass(bench);
	return (bench_busy() - start) * 1e9 / CALLS;
}

static int64_t count(struct bench *bench, unsigned int way, unsigned int calls)
{
	bench->way = way;
	bench->calls = calls;
	bench->at = 0;
	return bench_instructions(pass, bench);
}

static void sample(struct bench *bench, const struct line *line,
		   unsigned int round)
{
	double loop = 0;

	set_line(bench, line);
	check_device(bench);
	for (unsigned int way = 0; way < WAYS; way++) {
		double ns;

		if (!takes_part(line, way))
			continue;
		ns = measure(bench, way);
		if (way == LOOP)
			loop = ns;
		else
			sheet_put(line->name, way_names[way], "ns", round,
				  ns - loop);
	}
}

static void instructions(struct bench *bench, const struct line *line,
			 unsigned int calls)
{
	int64_t loop;

	set_line(bench, line);
	loop = count(bench, LOOP, calls);
	for (unsigned int way = RESOLVE; way < WAYS; way++) {
		int64_t steps = BENCH_NOT_COUNTED;

		if (takes_part(line, way))
			steps = count(bench, way, calls);

		if (steps != BENCH_NOT_COUNTED)
			sheet_put(line->count_name, way_names[way],
				  "instructions", 0,
				  (double)(steps - loop) / calls);
	}
}

void fault_suite(const struct settings *settings)
{
	static struct bench bench;
	uint64_t bytes;

	make(&bench, settings->order);
	sheet_start("fault", settings, 50);
	for (unsigned int round = 0; round < settings->rounds; round++) {
		sheet_round(round);
		for (size_t i = 0; i < LINES; i++)
			sample(&bench, &lines[i], round);
	}
	for (size_t i = 0; i < LINES; i++)
		instructions(&bench, &lines[i], settings->counted);
	sheet_end();
	bytes = bench.count[NONE] * sizeof(struct page);
	for (unsigned int set = 0; set < SETS; set++)
		bench_free(bench.pages[set], bytes);
	contender_free(&bench.library);
	contender_free(&bench.locks);
}
