/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/model/driver.c - one guest twice: on the library and on the model.
 */
#include "driver.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ORDER		18U

#define RAM(first, length, largest_) { \
	.start = first, .bytes = length, .kind = HPTE_BACKING_RAM, \
	.largest = largest_ }
#define IO(first, length, largest_, sizes_, ...) { \
	.start = first, .bytes = length, .kind = HPTE_BACKING_IO, \
	.largest = largest_, .sizes = sizes_, __VA_ARGS__ }

static const struct model_region regions[] = {
	/* this one can become anything: DRIVER_PLUG */
	{ .start = UINT64_C(3) << 37, .bytes = UINT64_C(1) << 26,
	  .kind = HPTE_BACKING_RAM, .largest = 24, .sizes = 2 | 4 | 8,
	  .little_endian = true },
	RAM(UINT64_C(0), UINT64_C(1) << 32, 24),
	RAM(UINT64_C(1) << 35, UINT64_C(1) << 34, 34),
	RAM(UINT64_C(1) << 33, UINT64_C(0x1013000), 24),
	RAM(UINT64_C(3) << 33, UINT64_C(1) << 26, 12),
	IO(UINT64_C(1) << 37, UINT64_C(1) << 30, 34, 1 | 2 | 4 | 8,
	   .little_endian = false),
	IO(UINT64_C(5) << 37, UINT64_C(0x3000), 12, 1 | 4 | 8,
	   .little_endian = true, .gap = 12),
	IO(UINT64_C(6) << 37, UINT64_C(0x11000), 16, 4, .notify = true),
	IO(UINT64_C(7) << 37, UINT64_C(0x20000), 16, 1 | 2 | 4 | 8,
	   .little_endian = true, .unaligned = true, .gap = 3),
	{ .start = UINT64_C(1) << 38, .bytes = UINT64_C(1) << 26,
	  .kind = HPTE_BACKING_RESCINDED, .largest = 24 },
};

void driver_text(struct driver *d, const char *format, ...)
{
	char *text = d->history[d->step % DRIVER_HISTORY];
	size_t length = strlen(text);
	va_list args;

	if (length && length < DRIVER_STEP_TEXT - 2) {
		memcpy(text + length, "; ", sizeof("; "));
		length += 2;
	}
	va_start(args, format);
	(void)vsnprintf(text + length, DRIVER_STEP_TEXT - length, format,
			args);
	va_end(args);
}

void driver_fail(struct driver *d, const char *format, ...)
{
	uint64_t first = d->step < DRIVER_HISTORY ? 0 :
		d->step - (DRIVER_HISTORY - 1);
	uint64_t i;
	va_list args;

	print_error("%s: episode seed 0x%" PRIx64 ", step %" PRIu64 ": ",
		    d->kind->name, d->seed, d->step);
	va_start(args, format);
	vprint_error(format, args);
	va_end(args);
	print_error("\ncaps: format %u keys %u/%u pairs %02x order_max %u "
		    "pp0 %d strict %d hcalls %" PRIx64 "\n", d->caps.format,
		    d->caps.data_keys, d->caps.insn_keys, d->caps.page_pairs,
		    d->caps.order_max, d->caps.pp0, d->caps.strict,
		    d->caps.hcalls);
	for (i = first; i <= d->step; i++)
		print_error("%6" PRIu64 "  %s\n", i,
			    d->history[i % DRIVER_HISTORY]);
	fail();
	abort();
}

static bool often(struct driver *d)
{
	return !generate_chance(d, 8);
}

static void start_host(struct driver *d)
{
	struct model_host *host = &d->host.answer;

	memcpy(host->region, regions, sizeof(regions));
	host->regions = sizeof(regions) / sizeof(regions[0]);
	host->has_classify = often(d);
	host->has_map_page = often(d);
	host->has_retry = often(d);
	host->has_flush = d->kind->walker || often(d);
	host->has_dirty = often(d);
	host->has_young = often(d);
	host->has_storage = often(d);
	host->has_icache = often(d);
	host->has_alloc = often(d);
	host->has_stop = often(d);
	host->has_vrma = often(d);
	host->has_devices = often(d);
	host->map = HPTE_HOST_DONE;
	host->map_writable = true;
	host->storage = true;
	host->alloc = HPTE_HOST_DONE;
	host->alloc_max = 20;
	host->stop = true;
	sim_host_init(&d->host, d->kind->walker ? HPTE_TABLE_WALKER : 0,
		      d->kind->cpu);
}

static void start_caps(struct driver *d)
{
	struct hpte_caps caps = HPTE_CAPS_DEFAULT;
	static const uint16_t isa[] = { HPTE_ISA_206, HPTE_ISA_207,
					HPTE_ISA_300 };
	unsigned int i;

	caps.format = d->kind->format;
	caps.strict = d->kind->strict;
	caps.isa = isa[test_random_below(&d->random, 3)];
	if (generate_chance(d, 3)) {
		caps.data_keys = generate_chance(d, 2) ? 32 : 0;
		caps.insn_keys = caps.data_keys;
		caps.pp0 = generate_chance(d, 2);
	}
	if (generate_chance(d, 3))
		caps.page_pairs &= (uint8_t)test_random(&d->random);
	if (generate_chance(d, 3))
		caps.order_max = (uint8_t)(18 +
			test_random_below(&d->random, 3));
	if (generate_chance(d, 4))
		caps.hcalls = test_random(&d->random) |
			test_random(&d->random);
	for (i = 0; i < HPTE_PAGE_PAIRS && generate_chance(d, 2); i++)
		caps.block[i] = (uint8_t)test_random_below(&d->random, 9);
	d->caps = caps;
}

void driver_start(struct driver *d, const struct driver_kind *kind,
		  uint64_t seed)
{
	struct hpte_table_config config;

	memset(d, 0, sizeof(*d));
	d->kind = kind;
	d->seed = seed;
	test_random_seed(&d->random, seed);
	start_host(d);
	start_caps(d);
	memset(&config, 0, sizeof(config));
	config.order = ORDER;
	config.flags = d->host.flags;
	/* with one-load snapshots, the best search there is too */
	config.cpu = kind->cpu | (kind->cpu ? hpte_x86_64_cpu() : 0);
	config.caps = &d->caps;
	config.ops = &d->host.ops;
	config.ctx = &d->host;
	if (!sim_host_table(&d->host, ORDER, &config.memory))
		abort();
	assert_int_equal(hpte_table_init(&d->table, &config), HPTE_OK);
	hpte_hcall_init(&d->vm, &d->table);
	d->host.in_use = &d->table;
	sim_host_devices(&d->host);
	if (d->host.answer.has_devices)
		hpte_hcall_set_mmio(&d->vm, &d->host.bus);
	model_init(&d->model, &d->caps, &d->host.answer, kind->walker, ORDER);
	driver_start_cpus(d);
	generate_universe(d);
}

void driver_stop(struct driver *d)
{
	model_fini(&d->model);
	sim_host_fini(&d->host);
}

static void compare_registers(struct driver *d, const uint64_t *before,
			      const uint64_t *theirs, const uint64_t *mine)
{
	unsigned int i;

	for (i = 0; i < 32; i++)
		if (theirs[i] != mine[i])
			break;
	if (i == 32)
		return;
	for (i = 3; i < 13; i++)
		print_error("R%-2u %016" PRIx64 " -> library %016" PRIx64
			    ", model %016" PRIx64 "%s\n", i, before[i],
			    theirs[i], mine[i],
			    theirs[i] == mine[i] ? "" : " <--");
	driver_fail(d, "registers differ");
}

static const char *call_name(uint64_t opcode)
{
	switch (opcode) {
	case HPTE_HCALL_REMOVE:
		return "H_REMOVE";
	case HPTE_HCALL_ENTER:
		return "H_ENTER";
	case HPTE_HCALL_READ:
		return "H_READ";
	case HPTE_HCALL_CLEAR_MOD:
		return "H_CLEAR_MOD";
	case HPTE_HCALL_CLEAR_REF:
		return "H_CLEAR_REF";
	case HPTE_HCALL_PROTECT:
		return "H_PROTECT";
	case HPTE_HCALL_BULK_REMOVE:
		return "H_BULK_REMOVE";
	case HPTE_HCALL_RESIZE_HPT_PREPARE:
		return "H_RESIZE_HPT_PREPARE";
	case HPTE_HCALL_RESIZE_HPT_COMMIT:
		return "H_RESIZE_HPT_COMMIT";
	case HPTE_HCALL_REGISTER_PROCESS_TABLE:
		return "H_REGISTER_PROCESS_TABLE";
	case MODEL_HCALL_BLOCK_REMOVE:
		return "H_BLOCK_REMOVE";
	case MODEL_HCALL_PAGE_INIT:
		return "H_PAGE_INIT";
	case MODEL_HCALL_LOGICAL_CI_LOAD:
		return "H_LOGICAL_CI_LOAD";
	case MODEL_HCALL_LOGICAL_CI_STORE:
		return "H_LOGICAL_CI_STORE";
	case MODEL_HCALL_VRMASD:
		return "H_VRMASD";
	case MODEL_HCALL_CLEAR_HPT:
		return "H_CLEAR_HPT";
	default:
		return "hcall";
	}
}

static void step_hcall(struct driver *d)
{
	uint64_t generation = hpte_table_generation(&d->table);
	uint64_t before[32], theirs[32], mine[32];
	enum model_disposition expected;
	enum hpte_hcall_disposition got;
	uint64_t msr;

	generate_hcall(d, before, &msr);
	memcpy(theirs, before, sizeof(theirs));
	memcpy(mine, before, sizeof(mine));
	driver_text(d, "%s %" PRIx64 "(%" PRIx64 ", %" PRIx64 ", %" PRIx64
		    ", %" PRIx64 ", %" PRIx64 ", %" PRIx64 ", %" PRIx64
		    ", %" PRIx64 ", %" PRIx64 ") msr %" PRIx64,
		    call_name(before[3]), before[3], before[4], before[5],
		    before[6], before[7], before[8], before[9], before[10],
		    before[11], before[12], msr);
	got = hpte_hcall_dispatch(&d->vm, theirs, msr);
	expected = model_hcall(&d->model, mine, msr);
	if ((int)got != (int)expected)
		driver_fail(d, "disposition %d, model %d; R3 %" PRId64
			    ", model %" PRId64, (int)got, (int)expected,
			    (int64_t)theirs[3], (int64_t)mine[3]);
	compare_registers(d, before, theirs, mine);
	compare_notes(d);
	if (d->model.generation ?
	    hpte_table_generation(&d->table) <= generation :
	    hpte_table_generation(&d->table) < generation)
		driver_fail(d, "generation did not grow");
	if (d->model.demoted)
		compare_demoted(d);
	/* What a commit that failed counted means nothing. */
	if (before[3] == HPTE_HCALL_RESIZE_HPT_COMMIT &&
	    expected == MODEL_DONE && !mine[3] &&
	    hpte_resize_inert(&d->vm.priv_resize) != d->model.inert)
		driver_fail(d, "inert entries: %" PRIu64 ", model %" PRIu64,
			    hpte_resize_inert(&d->vm.priv_resize),
			    d->model.inert);
	d->hcalls++;
	if (expected == MODEL_DONE && !mine[3])
		d->successes++;
}

/* R and C are two bytes of the entry; hardware stores each alone. */
static void hardware_sets(struct driver *d, struct tlb_entry *held, bool store)
{
	uint8_t *entry = (uint8_t *)hpte_table_base(&d->table) +
		held->index * HPTE_ENTRY_BYTES;

	if (!held->referenced)
		entry[14] |= 0x01;
	held->referenced = true;
	if (!store)
		return;
	if (!held->changed)
		entry[15] |= 0x80;
	held->changed = true;
}

void driver_walk(struct driver *d, uint64_t index)
{
	unsigned int key = (unsigned int)test_random_below(&d->random, 2);
	bool store = test_random_below(&d->random, 2);
	struct tlb_entry *held;
	struct tlb_entry walked;
	unsigned int rights;

	held = tlb_model_find(&d->host.tlb, index);
	if (!held) {
		if (!tlb_model_walk(hpte_table_base(&d->table),
				    d->model.order, d->caps.format, index,
				    &walked))
			return;
		held = tlb_model_add(&d->host.tlb, &walked);
	}
	rights = model_rights(held->dw1, key);
	if (!(rights & (store ? MODEL_WRITE : MODEL_READ)))
		return;
	driver_text(d, "walker %s slot %" PRIx64, store ? "stores to" :
		    "loads from", index);
	hardware_sets(d, held, store);
	model_walker_access(&d->model, index, store);
	d->valid_seen++;
}

static void emulator_access(struct driver *d, uint64_t index)
{
	uint64_t bits = test_random_below(&d->random, 2) ? MODEL_RC : MODEL_R;
	const struct model_entry *entry = &d->model.entry[index];
	struct tlb_entry *held;
	struct tlb_entry used;
	struct hpte_view view;
	int status;

	if (!entry->live || entry->valid)
		return;
	driver_text(d, "emulator sets %" PRIx64 " in slot %" PRIx64, bits,
		    index);
	if (hpte_table_read(&d->table, index, &view) != HPTE_OK)
		driver_fail(d, "read of a live entry failed");
	status = hpte_table_set_rc(&d->table, &view, bits);
	if (status != HPTE_OK)
		driver_fail(d, "set_rc gives %d", status);
	model_set_rc(&d->model, index, bits);
	/* A cache needs to hear of changes. */
	if (d->kind->walker || entry->mmio || !d->host.answer.has_flush)
		return;
	held = tlb_model_find(&d->host.tlb, index);
	if (!held) {
		tlb_model_of(entry->dw0, entry->dw1, index, &used);
		held = tlb_model_add(&d->host.tlb, &used);
	}
	held->referenced = true;
	held->changed = held->changed || bits == MODEL_RC;
}

static void step_access(struct driver *d)
{
	uint64_t index = generate_chance(d, 4) ? generate_index(d) :
		generate_used(d);

	driver_text(d, "access to slot %" PRIx64, index);
	if (index >= model_entries(&d->model))
		return;
	if (d->kind->walker && !generate_chance(d, 8))
		driver_walk(d, index);
	else
		emulator_access(d, index);
}

static void step_promote(struct driver *d)
{
	uint64_t generation = hpte_table_generation(&d->table);
	uint64_t index = generate_index(d);
	const struct model_entry *entry;
	struct hpte_host_page page;
	struct hpte_view view;
	int expected;
	int status;

	driver_text(d, "promote %" PRIx64, index);
	if (index >= model_entries(&d->model))
		return;
	entry = &d->model.entry[index];
	if (!entry->live || entry->valid ||
	    hpte_table_read(&d->table, index, &view) != HPTE_OK ||
	    !sim_host_page(&d->host, hpte_entry_real(view.guest.dw1,
						     view.page.actual),
			   view.page.actual, &page))
		return;
	status = hpte_table_promote(&d->table, &view, &page);
	if (!d->kind->walker)
		expected = HPTE_ERR_PARAM;
	else
		expected = model_promote(&d->model, index) ? HPTE_OK :
			HPTE_ERR_AGAIN;
	if (status != expected)
		driver_fail(d, "promote gives %d, model %d", status, expected);
	if (d->kind->walker && d->model.generation &&
	    hpte_table_generation(&d->table) <= generation)
		driver_fail(d, "generation did not grow");
}

void driver_demote(struct driver *d, uint64_t index)
{
	int expected = HPTE_ERR_INDEX;
	int status;

	sim_host_forget(&d->host);
	status = hpte_table_demote(&d->table, index);
	if (index < model_entries(&d->model))
		expected = model_demote(&d->model, index) ? HPTE_OK :
			HPTE_ERR_NOTFOUND;
	else
		d->model.notes = 0;
	if (status != expected)
		driver_fail(d, "demote of %" PRIx64 " gives %d, model %d",
			    index, status, expected);
	compare_notes(d);
	/* The page will be somewhere else next time. */
	d->host.answer.epoch++;
}

static void step_demote(struct driver *d)
{
	uint64_t index = generate_index(d);

	driver_text(d, "demote %" PRIx64, index);
	driver_demote(d, index);
}

static enum hpte_host_result any_result(struct driver *d)
{
	switch (test_random_below(&d->random, 10)) {
	case 0:
		return HPTE_HOST_LATER;
	case 1:
		return HPTE_HOST_NEVER;
	default:
		return HPTE_HOST_DONE;
	}
}

static void step_answers(struct driver *d)
{
	struct model_host *host = &d->host.answer;

	driver_text(d, "other answers");
	host->map = any_result(d);
	host->map_short = generate_chance(d, 16);
	host->map_writable = !generate_chance(d, 3);
	host->retry = generate_chance(d, 8);
	host->storage = often(d);
	host->alloc = any_result(d);
	host->stop = often(d);
	host->vrma = any_result(d);
	host->device = generate_chance(d, 4) ? MODEL_DEVICE_FAULT :
		generate_chance(d, 4) ? MODEL_DEVICE_UNCLAIMED :
		MODEL_DEVICE_DONE;
	host->device_value = test_random(&d->random);
	if (generate_chance(d, 8)) {
		d->model.radix = !d->model.radix;
		hpte_hcall_set_radix(&d->vm, d->model.radix);
	} else if (d->model.radix) {
		d->model.radix = false;
		hpte_hcall_set_radix(&d->vm, false);
	}
}

void driver_step(struct driver *d)
{
	uint64_t pick = test_random_below(&d->random, 100);

	d->history[d->step % DRIVER_HISTORY][0] = '\0';
	sim_host_forget(&d->host);
	if (pick < 50)
		step_hcall(d);
	else if (pick < 68)
		step_access(d);
	else if (pick < 87)
		driver_step_fault(d);
	else if (pick < 90)
		step_promote(d);
	else if (pick < 91)
		driver_step_plug(d);
	else if (pick < 94)
		step_demote(d);
	else if (pick < 97)
		compare_find(d);
	else
		step_answers(d);
	compare_safety(d);
	d->step++;
}
