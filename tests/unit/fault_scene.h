/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/fault_scene.h - one virtual CPU, one entry, one fault: what the
 * programs that test fault.h share.
 */
#ifndef TEST_UNIT_FAULT_SCENE_H
#define TEST_UNIT_FAULT_SCENE_H

#include "descriptor.h"
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

/* Contract 4.1, written down again; the header's names are under test. */
#define NO_ENTRY	UINT32_C(0x40000000)
#define NO_EXECUTE	UINT32_C(0x10000000)
#define PROTECTION	UINT32_C(0x08000000)
#define STORE		UINT32_C(0x02000000)
#define KEY		UINT32_C(0x00200000)
#define FETCH_STATUS	UINT32_C(0x582E0000)

#define MSR_PR		UINT64_C(0x4000)
#define MSR_IR		UINT64_C(0x20)
#define MSR_DR		UINT64_C(0x10)

#define VRMA_VSID	UINT64_C(0x1FFFFFF)
#define EA_HIGH		UINT64_C(0xC00005A000000000)

struct scene {
	struct fixture *f;
	struct entry entry;
	enum entry_state state;
	struct hpte_vcpu vcpu;
	struct hpte_fault fault;
	struct hpte_outcome outcome;
	/* what the races do */
	struct entry other;
	struct hpte removed;
	uint64_t rc;
	int status;
};

/* entry_make() for a virtual address of the caller's choice. */
static inline struct entry scene_entry(const struct fixture *f,
				       const struct hpte_va *va,
				       unsigned int actual, uint64_t real,
				       bool secondary, uint64_t bits)
{
	struct entry entry;
	uint64_t l, lp;

	memset(&entry, 0, sizeof(entry));
	entry.va = *va;
	entry.real = real;
	assert_int_equal(hpte_entry_page_bits(va->base, actual, &l, &lp),
			 HPTE_OK);
	entry.guest.dw0 = hpte_hash_dw0(va) | l | HPTE_DW0_V |
			  (secondary ? HPTE_DW0_H : 0);
	entry.guest.dw1 = real | lp | bits;
	assert_int_equal(hpte_entry_page(entry.guest.dw0, entry.guest.dw1,
					 &entry.page), HPTE_OK);
	entry.index = HPTE_GROUP_ENTRIES *
		      hpte_hash_group(hpte_hash_primary(va), secondary,
				      f->order);
	return entry;
}

/* The effective address of byte @byte of the entry's base page. */
static inline uint64_t scene_ea(const struct entry *entry, uint64_t byte)
{
	uint64_t segment = (UINT64_C(1) << entry->va.segment) - 1;

	return (EA_HIGH & ~segment) | entry->va.offset | byte;
}

/* The guest real address of byte @byte of the entry's base page. */
static inline uint64_t scene_gpa(const struct entry *entry, uint64_t byte)
{
	uint64_t mask = (UINT64_C(1) << entry->page.actual) - 1;

	return entry->real | ((entry->va.offset | byte) & mask);
}

/* Make the storage behind an entry a device's, or RAM again. */
static inline void scene_device(struct scene *scene, bool device)
{
	struct fake_host *host = &scene->f->host;

	host->regions = 0;
	if (device)
		fake_host_region(host, scene->entry.real,
				 UINT64_C(1) << scene->entry.page.actual,
				 HPTE_BACKING_IO, 34);
}

/* An empty table, a quiet host and a virtual CPU in dirty memory. */
static inline void scene_empty(struct scene *scene, struct fixture *f)
{
	memset(scene, 0, sizeof(*scene));
	scene->f = f;
	scene->status = 99;
	f->host.regions = 0;
	f->host.map_result = HPTE_HOST_DONE;
	f->host.map_shift = 0;
	f->host.map_writable = true;
	f->host.always_retry = false;
	fixture_restart(f);
	memset(&scene->vcpu, 0xA5, sizeof(scene->vcpu));
	hpte_fault_init(&scene->vcpu, &f->table);
	scene->fault.access.vrma = UINT64_C(0x4001FFFFFF000000);
	scene->fault.access.msr = MSR_IR | MSR_DR;
}

/* Aim the fault at an entry: translated, or in real mode. */
static inline void scene_aim(struct scene *scene, const struct entry *entry,
			     bool real_mode)
{
	struct hpte_access *access = &scene->fault.access;

	access->ea = scene_ea(entry, 0);
	access->descriptor = test_descriptor(&entry->va);
	access->msr = MSR_IR | MSR_DR;
	if (!real_mode)
		return;
	access->ea = entry->va.offset;
	access->vrma = access->descriptor;
	access->descriptor = UINT64_C(0x123456000C00);
	access->msr = 0;
}

static inline void scene_put(struct scene *scene, const struct entry *entry,
			     enum entry_state state)
{
	scene->entry = *entry;
	scene->state = entry_state_of(scene->f, state);
	scene_device(scene, state == ENTRY_MMIO);
	entry_put(scene->f, &scene->entry, state, false);
	fake_host_forget(&scene->f->host);
}

static inline void scene_start(struct scene *scene, struct fixture *f,
			       struct entry_size size, enum entry_state state,
			       uint64_t bits)
{
	struct entry entry;

	scene_empty(scene, f);
	entry = entry_make(f, size, 1, false, bits);
	scene_put(scene, &entry, state);
	scene_aim(scene, &scene->entry, false);
}

/* A valid entry whose page the host let the guest only read. */
static inline void scene_read_only(struct scene *scene, struct fixture *f,
				   struct entry_size size, uint64_t bits)
{
	struct hpte_host_page page;

	scene_empty(scene, f);
	scene->entry = entry_make(f, size, 1, false, bits);
	scene->state = ENTRY_VALID;
	page = entry_host_page(f, &scene->entry);
	page.writable = false;
	assert_int_equal(hpte_table_insert(&f->table, scene->entry.index, 0,
					   &scene->entry.guest, &page,
					   &scene->entry.index), HPTE_OK);
	fake_host_forget(&f->host);
	scene_aim(scene, &scene->entry, false);
}

static inline uint32_t scene_resolve(struct scene *scene, uint32_t status)
{
	scene->fault.status = status;
	memset(&scene->outcome, 0xA5, sizeof(scene->outcome));
	hpte_fault_resolve(&scene->vcpu, &scene->fault, &scene->outcome);
	return scene->outcome.action;
}

static inline uint32_t scene_complete(struct scene *scene)
{
	hpte_fault_complete(&scene->vcpu, &scene->outcome);
	return scene->outcome.action;
}

/* Both steps, as a host does. */
static inline uint32_t scene_settle(struct scene *scene, uint32_t status)
{
	if (scene_resolve(scene, status) != HPTE_FAULT_HOST_PAGE)
		return scene->outcome.action;
	return scene_complete(scene);
}

static inline void assert_dsi(const struct scene *scene, uint32_t bits)
{
	assert_int_equal(scene->outcome.action, HPTE_FAULT_DSI);
	assert_int_equal(scene->outcome.bits, bits);
	assert_int_equal(scene->outcome.dar, scene->fault.access.ea);
}

static inline void assert_isi(const struct scene *scene, uint32_t bits)
{
	assert_int_equal(scene->outcome.action, HPTE_FAULT_ISI);
	assert_int_equal(scene->outcome.bits, bits);
}

/* V=1 in memory, with the host's page of the entry behind it. */
static inline void assert_mapped(const struct scene *scene, bool writable,
				 uint64_t rc)
{
	struct hpte want = entry_walker_image(scene->f, &scene->entry,
					      writable);
	struct hpte got = memory_entry(scene->f, scene->entry.index);

	assert_int_equal(got.dw0 & ~UINT64_C(0x60), want.dw0);
	assert_int_equal(got.dw1, want.dw1 | rc);
}

static inline void assert_not_mapped(const struct scene *scene)
{
	struct hpte got = memory_entry(scene->f, scene->entry.index);

	assert_int_equal(got.dw0 & HPTE_DW0_V, 0);
	assert_no_host(got.dw1);
}

/* The bytes of the table and of its side array, to compare afterwards. */
struct scene_bytes {
	unsigned char *base;
	unsigned char *side;
	size_t side_bytes;
};

static inline void scene_save(const struct fixture *f,
			      struct scene_bytes *bytes)
{
	unsigned int flags = f->kind->walker ? HPTE_TABLE_WALKER : 0;
	size_t base = (size_t)1 << f->order;

	bytes->side_bytes = (size_t)hpte_table_side_bytes(f->order, flags,
							  f->kind->cpu);
	bytes->base = malloc(base);
	bytes->side = malloc(bytes->side_bytes + 1);
	assert_non_null(bytes->base);
	assert_non_null(bytes->side);
	memcpy(bytes->base, f->first.memory.base, base);
	if (bytes->side_bytes)
		memcpy(bytes->side, f->first.memory.side, bytes->side_bytes);
}

static inline void assert_bytes(const struct fixture *f,
				struct scene_bytes *bytes)
{
	assert_memory_equal(bytes->base, f->first.memory.base,
			    (size_t)1 << f->order);
	if (bytes->side_bytes)
		assert_memory_equal(bytes->side, f->first.memory.side,
				    bytes->side_bytes);
	free(bytes->base);
	free(bytes->side);
}

#endif /* TEST_UNIT_FAULT_SCENE_H */
