/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/trace.c - events and counters, trace.h.
 *
 * Each test says which events it expects, in order, with all arguments; the
 * counters must then be the tally of exactly these.
 */
#include "fixture.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#define SHARDS		4U
#define DEVICE		UINT64_C(0x7000000000)
#define GLOBAL		HPTE_TLB_GLOBAL
#define ANY		UINT64_C(0xA5A5A5A5A5A5A5A5)	/* not compared */

static struct {
	struct hpte_trace event[64];
	unsigned int count, next;
	uint64_t tally[HPTE_EVENTS];
} seen;
static alignas(128) struct hpte_counters counters[SHARDS];

static void record(void *ctx, const struct hpte_trace *event)
{
	(void)ctx;
	assert_in_range(seen.count, 0, 63);
	assert_in_range(event->id, 0, HPTE_EVENTS - 1);
	for (unsigned int i = 0; i < 4; i++)
		assert_no_host(event->args[i]);
	seen.event[seen.count++] = *event;
}

/* A table whose events are recorded and counted; false: not built in. */
static bool watch(struct fixture *f)
{
	struct hpte_table_config config;
	struct hpte_counters sum;

	memset(&seen, 0, sizeof(seen));
	memset(counters, 0, sizeof(counters));
	fixture_restart(f);
	f->host.ops.trace = record;
	fixture_config(f, &config);
	config.shards = SHARDS;
	config.counters = counters;
	assert_int_equal(hpte_table_init(&f->table, &config), HPTE_OK);
	return hpte_table_counters(&f->table, &sum) == HPTE_OK;
}

/* A library without them calls nobody and counts nothing. */
static void expect_silence(struct fixture *f)
{
	const struct hpte entry = { HPTE_DW0_V, HPTE_DW1_M | 2 };
	uint64_t index;

	assert_int_equal(hpte_table_insert(&f->table, 0, 0, &entry, NULL,
					   &index), HPTE_OK);
	assert_int_equal(seen.count, 0);
	for (unsigned int i = 0; i < SHARDS; i++)
		for (unsigned int id = 0; id < HPTE_EVENTS; id++)
			assert_int_equal(counters[i].count[id], 0);
}

#define WATCH(f)				\
	do {					\
		if (!watch(f)) {		\
			expect_silence(f);	\
			skip();			\
		}				\
	} while (0)

static void expect(unsigned int id, uint64_t a, uint64_t b, uint64_t c,
		   uint64_t d)
{
	const uint64_t args[4] = { a, b, c, d };
	const struct hpte_trace *event = &seen.event[seen.next++];

	assert_in_range(seen.next, 1, seen.count);
	assert_int_equal(event->id, id);
	for (unsigned int i = 0; i < 4; i++)
		if (args[i] != ANY)
			assert_int_equal(event->args[i], args[i]);
	seen.tally[id] += id == HPTE_EVENT_INVALIDATE ? a : 1;
}

/* There was nothing else, and the counters agree. */
static void expect_end(const struct fixture *f)
{
	struct hpte_counters sum;

	assert_int_equal(seen.next, seen.count);
	memset(&sum, 0xA5, sizeof(sum));
	assert_int_equal(hpte_table_counters(&f->table, &sum), HPTE_OK);
	assert_memory_equal(sum.count, seen.tally, sizeof(seen.tally));
}

static void insert_and_remove(void **state)
{
	struct fixture *f = fixture_of(state);

	for (unsigned int i = 0; i < ENTRY_STATES; i++) {
		struct entry e = entry_make(f, ENTRY_4K, i, i & 1, ENTRY_RW);
		enum entry_state kind = entry_state_of(f, (enum entry_state)i);
		bool valid = kind == ENTRY_VALID;
		uint64_t rc = valid ? HPTE_DW1_RC : 0;

		WATCH(f);
		entry_put(f, &e, kind, false);
		expect(valid ? HPTE_EVENT_INSERT_VALID : HPTE_EVENT_INSERT,
		       e.index, e.guest.dw0, e.guest.dw1, 0);
		if (valid)
			memory_set_rc(f, e.index, rc);
		assert_int_equal(hpte_table_remove(&f->table, e.index, NULL,
						   NULL), HPTE_OK);
		if (entry_flushes(f, kind))
			expect(HPTE_EVENT_INVALIDATE, 1,
			       hpte_hash_tlbie_rb(&e.guest, &e.page, e.index),
			       GLOBAL, 0);
		expect(valid ? HPTE_EVENT_REMOVE_VALID : HPTE_EVENT_REMOVE,
		       e.index, e.guest.dw0, e.guest.dw1 | rc, 0);
		expect_end(f);
	}
}

static void a_full_group(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);
	uint64_t first = e.index, where;

	WATCH(f);
	for (unsigned int i = 0; i < HPTE_GROUP_ENTRIES; i++) {
		entry_put(f, &e, ENTRY_ABSENT, false);
		expect(HPTE_EVENT_INSERT, first + i, e.guest.dw0, e.guest.dw1,
		       0);
	}
	assert_int_equal(hpte_table_insert(&f->table, first + 3, 0, &e.guest,
					   NULL, &where), HPTE_ERR_FULL);
	expect(HPTE_EVENT_FULL, first + 7, e.guest.dw0, e.guest.dw1, 0);
	assert_int_equal(hpte_table_insert(&f->table, first + 2,
					   HPTE_INSERT_EXACT, &e.guest, NULL,
					   &where), HPTE_ERR_FULL);
	expect(HPTE_EVENT_FULL, first + 2, e.guest.dw0, e.guest.dw1, 0);
	expect_end(f);
}

/* Only what has changed something. */
static void protect_and_clear(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 1, false,
				    ENTRY_RW | HPTE_DW1_RC);
	bool cached = !f->kind->walker;
	uint64_t old;

	WATCH(f);
	entry_put(f, &e, ENTRY_ABSENT, false);
	expect(HPTE_EVENT_INSERT, e.index, e.guest.dw0, e.guest.dw1, 0);
	for (unsigned int i = 0; i < 2; i++)
		assert_int_equal(hpte_table_protect(&f->table, e.index, NULL,
						    HPTE_DW1_N, HPTE_DW1_N),
				 HPTE_OK);
	if (cached)
		expect(HPTE_EVENT_INVALIDATE, 1, ANY, GLOBAL, 0);
	expect(HPTE_EVENT_PROTECT, e.index, HPTE_DW1_N, HPTE_DW1_N, 0);
	assert_int_equal(hpte_table_clear(&f->table, e.index, HPTE_DW1_C, &old),
			 HPTE_OK);
	if (cached)
		expect(HPTE_EVENT_INVALIDATE, 1, ANY, GLOBAL, 0);
	expect(HPTE_EVENT_CLEAR, e.index, HPTE_DW1_C,
	       e.guest.dw1 | HPTE_DW1_N, 0);
	assert_int_equal(hpte_table_clear(&f->table, e.index ^ 1, HPTE_DW1_C,
					  &old), HPTE_ERR_NOTFOUND);
	expect_end(f);
}

static void clear_valid(void **state)
{
	static const uint64_t which[] = { HPTE_DW1_R, HPTE_DW1_C };
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);
	uint64_t old;

	for (unsigned int i = 0; i < 2; i++) {
		WATCH(f);
		e.index &= ~UINT64_C(7);
		entry_put(f, &e, ENTRY_VALID, false);
		expect(HPTE_EVENT_INSERT_VALID, e.index, ANY, ANY, 0);
		memory_set_rc(f, e.index, which[i]);
		assert_int_equal(hpte_table_clear(&f->table, e.index, which[i],
						  &old), HPTE_OK);
		expect(HPTE_EVENT_INVALIDATE, 1, ANY, ANY, 0);
		expect(HPTE_EVENT_CLEAR, e.index, which[i],
		       e.guest.dw1 | which[i], 0);
		expect_end(f);
	}
}

static void view_of(struct fixture *f, uint64_t index, struct hpte_view *view)
{
	assert_int_equal(hpte_table_read(&f->table, index, view), HPTE_OK);
}

static void promote_replace_demote(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);
	struct hpte_host_page page = entry_host_page(f, &e);
	struct hpte_view view;

	WATCH(f);
	entry_put(f, &e, ENTRY_ABSENT, false);
	expect(HPTE_EVENT_INSERT, e.index, e.guest.dw0, e.guest.dw1, 0);
	view_of(f, e.index, &view);
	assert_int_equal(hpte_table_promote(&f->table, &view, &page), HPTE_OK);
	expect(HPTE_EVENT_PROMOTE, e.index, e.guest.dw0, e.guest.dw1, 0);
	/* the old view is not the entry's any more */
	assert_int_equal(hpte_table_promote(&f->table, &view, &page),
			 HPTE_ERR_AGAIN);
	expect(HPTE_EVENT_CONTENDED, e.index, 0, 0, 0);
	view_of(f, e.index, &view);
	assert_int_equal(hpte_table_promote(&f->table, &view, &page), HPTE_OK);
	expect(HPTE_EVENT_INVALIDATE, 1, ANY, GLOBAL, 0);
	expect(HPTE_EVENT_REPLACE, e.index, e.guest.dw0, e.guest.dw1, 0);
	assert_int_equal(hpte_table_demote(&f->table, e.index), HPTE_OK);
	expect(HPTE_EVENT_INVALIDATE, 1, ANY, GLOBAL, 0);
	expect(HPTE_EVENT_DEMOTE, e.index, 0, 0, 0);
	assert_int_equal(hpte_table_demote(&f->table, e.index),
			 HPTE_ERR_NOTFOUND);
	expect_end(f);
}

struct race {
	struct fixture *f;
	uint64_t index;
};

static void another_demotes(void *arg)
{
	struct race *race = arg;

	assert_int_equal(hpte_table_demote(&race->f->table, race->index),
			 HPTE_ERR_AGAIN);
}

static void another_removes(void *arg)
{
	struct race *race = arg;

	assert_int_equal(hpte_table_remove(&race->f->table, race->index, NULL,
					   NULL), HPTE_OK);
}

static void put_valid(struct race *race)
{
	struct entry e = entry_make(race->f, ENTRY_4K, 1, false, ENTRY_RW);

	entry_put(race->f, &e, ENTRY_VALID, false);
	expect(HPTE_EVENT_INSERT_VALID, e.index, ANY, ANY, 0);
	race->index = e.index;
}

static void contended(void **state)
{
	struct race race = { fixture_of(state), 0 };
	struct fixture *f = race.f;

	WATCH(f);
	put_valid(&race);
	fake_host_inject(&f->host, FAKE_AT_FLUSH, another_demotes, &race);
	assert_int_equal(hpte_table_demote(&f->table, race.index), HPTE_OK);
	assert_true(fake_host_injected(&f->host, FAKE_AT_FLUSH));
	expect(HPTE_EVENT_CONTENDED, race.index, 0, 0, 0);
	expect(HPTE_EVENT_INVALIDATE, 1, ANY, GLOBAL, 0);
	expect(HPTE_EVENT_DEMOTE, race.index, 0, 0, 0);
	expect_end(f);
}

/* The remover finds it absent; who took V away says so. */
static void removed_while_demoted(void **state)
{
	struct race race = { fixture_of(state), 0 };
	struct fixture *f = race.f;

	WATCH(f);
	put_valid(&race);
	fake_host_inject(&f->host, FAKE_AT_FLUSH, another_removes, &race);
	assert_int_equal(hpte_table_demote(&f->table, race.index),
			 HPTE_ERR_AGAIN);
	expect(HPTE_EVENT_INVALIDATE, 1, ANY, GLOBAL, 0);
	expect(HPTE_EVENT_REMOVE, race.index, ANY, ANY, 0);
	expect(HPTE_EVENT_INVALIDATE, 1, ANY, GLOBAL, 0);
	expect(HPTE_EVENT_DEMOTE, race.index, 0, 0, 0);
	expect_end(f);
}

static void hypercalls(void **state)
{
	struct fixture *f = fixture_of(state);
	struct hcall call;
	const uint64_t zero[] = { HPTE_HFLAG_ZERO_PAGE, 0x1000, 0 };
	const uint64_t ci[] = { 4, DEVICE, 0 };

	WATCH(f);
	assert_int_equal(HCALL(f, &call, HPTE_HCALL_READ, 0, 5),
			 HPTE_H_SUCCESS);
	expect(HPTE_EVENT_HCALL, HPTE_HCALL_READ, 0, 5, HPTE_H_SUCCESS);
	assert_int_equal(HCALL(f, &call, HPTE_HCALL_READ, 0, UINT64_MAX),
			 HPTE_H_PARAMETER);
	expect(HPTE_EVENT_HCALL, HPTE_HCALL_READ, 0, UINT64_MAX,
	       (uint64_t)HPTE_H_PARAMETER);
	f->host.write_refused = true;
	hcall_prepare(f, &call, HPTE_HCALL_PAGE_INIT, zero, 3);
	assert_int_equal(hpte_hcall_dispatch(&f->vm, call.gpr, 0),
			 HPTE_HCALL_AGAIN);
	expect(HPTE_EVENT_HCALL_AGAIN, HPTE_HCALL_PAGE_INIT, zero[0], zero[1],
	       0);
	/* no device of the library's: the host's affair */
	hcall_prepare(f, &call, HPTE_HCALL_LOGICAL_CI_LOAD, ci, 3);
	assert_int_equal(hpte_hcall_dispatch(&f->vm, call.gpr, 0),
			 HPTE_HCALL_NOT_MINE);
	expect_end(f);
}

static enum hpte_mmio_result device_answer;

static enum hpte_mmio_result device(void *ctx, struct hpte_mmio_access *access)
{
	(void)ctx;
	if (!access->is_store)
		access->value = 0x12345678;
	return device_answer;
}

static const struct hpte_mmio_ops device_ops = {
	.ops_size = sizeof(device_ops), .access = device,
};

struct machine {
	struct hpte_mmio bus;
	struct hpte_mmio_slot slot;
	struct hpte_mmio_cpu cpu;
	uint64_t regs[HPTE_REG_COUNT];
};

static void machine_init(struct machine *machine, struct fixture *f)
{
	const struct hpte_mmio_region region = {
		.start = DEVICE, .bytes = 4096, .size_mask = 4,
		.ops = &device_ops,
	};

	memset(machine, 0, sizeof(*machine));
	hpte_mmio_init(&machine->bus, &machine->slot, 1);
	assert_int_equal(hpte_mmio_add(&machine->bus, &region), HPTE_OK);
	hpte_mmio_cpu_init(&machine->cpu, &machine->bus, NULL, machine->regs);
	hpte_hcall_set_mmio(&f->vm, &machine->bus);
	machine->regs[HPTE_REG_MSR] = HPTE_MSR_SF;
	machine->regs[4] = DEVICE;
	machine->regs[5] = 0xCAFE;
	device_answer = HPTE_MMIO_DONE;
}

static enum hpte_mmio_action access_device(struct machine *machine, bool store)
{
	const uint32_t words[2] = { store ? UINT32_C(0x90A40010) :
					    UINT32_C(0x80A40010), 0 };
	struct hpte_outcome outcome = {
		.action = HPTE_FAULT_MMIO, .dar = DEVICE + 0x10,
		.gpa = DEVICE + 0x10, .shift = 12, .is_store = store,
	};

	return hpte_mmio_emulate(&machine->cpu, &outcome, words);
}

static void devices(void **state)
{
	struct fixture *f = fixture_of(state);
	struct machine machine;
	struct hcall call;

	WATCH(f);
	machine_init(&machine, f);
	assert_int_equal(access_device(&machine, true), HPTE_MMIO_EMULATED);
	assert_int_equal(seen.count, 0);	/* it has no table yet */
	hpte_mmio_set_table(&machine.bus, &f->table);
	assert_int_equal(access_device(&machine, true), HPTE_MMIO_EMULATED);
	expect(HPTE_EVENT_MMIO, DEVICE + 0x10, 0x104, 0xCAFE, HPTE_MMIO_DONE);
	assert_int_equal(access_device(&machine, false), HPTE_MMIO_EMULATED);
	expect(HPTE_EVENT_MMIO, DEVICE + 0x10, 4, 0x12345678, HPTE_MMIO_DONE);
	device_answer = HPTE_MMIO_PENDING;
	assert_int_equal(access_device(&machine, false), HPTE_MMIO_WAIT);
	expect(HPTE_EVENT_MMIO, DEVICE + 0x10, 4, 0, HPTE_MMIO_PENDING);
	hcall_prepare(f, &call, HPTE_HCALL_LOGICAL_CI_STORE,
		      (const uint64_t[]){ 4, DEVICE, 0xBEEF }, 3);
	assert_int_equal(hpte_hcall_dispatch(&f->vm, call.gpr, 0),
			 HPTE_HCALL_PENDING);
	expect(HPTE_EVENT_MMIO, DEVICE, 0x104, 0xBEEF, HPTE_MMIO_PENDING);
	hpte_hcall_complete(&f->vm, call.gpr, HPTE_MMIO_DONE, 0);
	expect(HPTE_EVENT_HCALL, HPTE_HCALL_LOGICAL_CI_STORE, 4, DEVICE,
	       HPTE_H_SUCCESS);
	expect_end(f);
}

static void faults(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);
	struct hpte_fault fault = {
		.access = { .descriptor = e.va.vsid << 12, .ea = e.va.offset,
			    .msr = HPTE_MSR_SF | HPTE_MSR_DR },
		.status = HPTE_FAULT_NO_ENTRY,
	};
	struct hpte_outcome outcome;
	struct hpte_vcpu vcpu;

	WATCH(f);
	hpte_fault_init(&vcpu, &f->table);
	hpte_fault_resolve(&vcpu, &fault, &outcome);
	expect(HPTE_EVENT_FAULT + HPTE_FAULT_DSI, e.va.offset, 0,
	       HPTE_FAULT_NO_ENTRY, 0);
	hpte_fault_complete(&vcpu, &outcome);	/* nothing to complete */
	entry_put(f, &e, ENTRY_ABSENT, false);
	expect(HPTE_EVENT_INSERT, e.index, ANY, ANY, 0);
	hpte_fault_resolve(&vcpu, &fault, &outcome);
	expect(HPTE_EVENT_FAULT + HPTE_FAULT_HOST_PAGE, e.va.offset, e.real,
	       HPTE_FAULT_NO_ENTRY, 0);
	hpte_fault_complete(&vcpu, &outcome);
	if (f->kind->walker)
		expect(HPTE_EVENT_PROMOTE, e.index, e.guest.dw0, e.guest.dw1,
		       0);
	expect(HPTE_EVENT_COMPLETE + (f->kind->walker ? HPTE_FAULT_RETRY :
							HPTE_FAULT_HOST_ERROR),
	       e.va.offset, e.real, 0, 0);
	expect_end(f);
}

static void resize_and_reset(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);
	struct hpte_resize resize;
	int64_t code;

	WATCH(f);
	e.guest.dw0 |= HPTE_DW0_BOLTED;
	entry_put(f, &e, ENTRY_VALID, false);
	expect(f->kind->walker ? HPTE_EVENT_INSERT_VALID : HPTE_EVENT_INSERT,
	       e.index, e.guest.dw0, e.guest.dw1, 0);
	hpte_resize_init(&resize);
	assert_int_equal(hpte_resize_prepare(&resize, &f->table, 0, 19, &code),
			 HPTE_OK);
	expect(HPTE_EVENT_RESIZE_PREPARE, 19, HPTE_H_SUCCESS, 0, 0);
	assert_int_equal(hpte_resize_commit(&resize, &f->table, 0, 20, &code),
			 HPTE_OK);
	expect(HPTE_EVENT_RESIZE_COMMIT, 20, (uint64_t)HPTE_H_CLOSED, 0, 0);
	assert_int_equal(hpte_resize_commit(&resize, &f->table, 0, 19, &code),
			 HPTE_OK);
	if (f->kind->walker) {
		expect(HPTE_EVENT_INVALIDATE, 1, ANY, GLOBAL, 0);
		expect(HPTE_EVENT_DEMOTE, e.index, 0, 0, 0);
	}
	expect(HPTE_EVENT_INVALIDATE_ALL, 0, 0, 0, 0);
	expect(HPTE_EVENT_RESIZE_SWITCH, 18, 19, 0, 0);
	expect(HPTE_EVENT_RESIZE_COMMIT, 19, HPTE_H_SUCCESS, 0, 0);
	hpte_table_reset(&f->table);
	expect(HPTE_EVENT_INVALIDATE_ALL, 0, 0, 0, 0);
	expect(HPTE_EVENT_REMOVE, ANY, e.guest.dw0, e.guest.dw1, 0);
	expect(HPTE_EVENT_RESET, 19, 0, 0, 0);
	expect_end(f);
}

static void reset_of_valid(void **state)
{
	struct race race = { fixture_of(state), 0 };
	struct fixture *f = race.f;

	WATCH(f);
	put_valid(&race);
	memory_set_rc(f, race.index, HPTE_DW1_RC);
	hpte_table_reset(&f->table);
	expect(HPTE_EVENT_INVALIDATE_ALL, 0, 0, 0, 0);
	expect(HPTE_EVENT_REMOVE_VALID, race.index, seen.event[0].args[1],
	       seen.event[0].args[2] | HPTE_DW1_RC, 0);
	expect(HPTE_EVENT_RESET, 18, 0, 0, 0);
	expect_end(f);
}

/* One without the other. */
static void asked_for_apart(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);
	struct hpte_table_config config;
	struct hpte_counters sum;

	WATCH(f);
	fixture_config(f, &config);
	config.counters = counters;	/* but no shards: not looked at */
	assert_int_equal(hpte_table_init(&f->table, &config), HPTE_OK);
	entry_put(f, &e, ENTRY_ABSENT, false);
	assert_int_equal(seen.count, 1);
	memset(&sum, 0xA5, sizeof(sum));
	assert_int_equal(hpte_table_counters(&f->table, &sum),
			 HPTE_ERR_UNSUPPORTED);
	assert_int_equal(sum.count[0], ANY);
	for (unsigned int i = 0; i < SHARDS; i++)
		assert_int_equal(counters[i].count[HPTE_EVENT_INSERT], 0);

	f->host.ops.trace = NULL;
	config.shards = 1;
	assert_int_equal(hpte_table_init(&f->table, &config), HPTE_OK);
	entry_put(f, &e, ENTRY_ABSENT, false);
	assert_int_equal(seen.count, 1);
	assert_int_equal(hpte_table_counters(&f->table, &sum), HPTE_OK);
	assert_int_equal(sum.count[HPTE_EVENT_INSERT], 1);
	assert_int_equal(counters[0].count[HPTE_EVENT_INSERT], 1);
}

static void refused(void **state)
{
	struct fixture *f = fixture_of(state);
	struct hpte_table_config config;
	struct hpte_table table;
	static const unsigned int not_a_power[] = { 3, 6, 0x80000001 };

	fixture_config(f, &config);
	config.shards = SHARDS;
	assert_int_equal(hpte_table_init(&table, &config), HPTE_ERR_PARAM);
	config.counters = (void *)((char *)counters + 4);
	assert_int_equal(hpte_table_init(&table, &config), HPTE_ERR_PARAM);
	config.counters = counters;
	for (unsigned int i = 0; i < 3; i++) {
		config.shards = not_a_power[i];
		assert_int_equal(hpte_table_init(&table, &config),
				 HPTE_ERR_PARAM);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_EVERY_KIND(insert_and_remove),
		TEST_EVERY_KIND(a_full_group),
		TEST_EVERY_KIND(protect_and_clear),
		TEST_WALKER_KIND(clear_valid),
		TEST_WALKER_KIND(promote_replace_demote),
		TEST_WALKER_KIND(contended),
		TEST_WALKER_KIND(removed_while_demoted),
		TEST_EVERY_KIND(hypercalls),
		TEST_EVERY_KIND(devices),
		TEST_EVERY_KIND(faults),
		TEST_EVERY_KIND(resize_and_reset),
		TEST_WALKER_KIND(reset_of_valid),
		TEST_EVERY_KIND(asked_for_apart),
		TEST_EVERY_KIND(refused),
	};

	return TEST_RUN("trace", tests);
}
