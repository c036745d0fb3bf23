/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/mmio.c - the device registry, one access, H_LOGICAL_CI_*.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <hpte/hpte.h>

#include <stdlib.h>
#include <string.h>

#define SLOTS		4
#define ORDER		18U
#define DEVICE		UINT64_C(0x80001000)
#define POISON		UINT64_C(0xA5A5A5A55A5A5A5A)

/* A device that keeps what it was asked and answers as it is told. */
struct device {
	unsigned int calls;
	struct hpte_mmio_access last;
	uint64_t value;
	int answer;
};

struct scene {
	struct hpte_mmio bus;
	struct hpte_mmio_slot slots[SLOTS];
	struct device device;
	struct hpte_table table;
	struct hpte_vm vm;
	void *base;
	void *side;
};

static enum hpte_mmio_result device_access(void *ctx,
					   struct hpte_mmio_access *access)
{
	struct device *device = ctx;

	device->calls++;
	device->last = *access;
	if (!access->is_store)
		access->value = device->value;
	return (enum hpte_mmio_result)device->answer;
}

static const struct hpte_mmio_ops device_ops = {
	.ops_size = sizeof(device_ops), .access = device_access,
};

static struct hpte_mmio_region region_at(struct scene *scene, uint64_t start,
					 uint64_t bytes)
{
	return (struct hpte_mmio_region){
		.start = start, .bytes = bytes, .size_mask = 0xF,
		.ops = &device_ops, .ctx = &scene->device,
	};
}

static int set_up(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	struct hpte_table_config config = { .order = ORDER };
	uint64_t side = hpte_table_side_bytes(ORDER, 0, 0);

	if (!scene)
		return -1;
	hpte_mmio_init(&scene->bus, scene->slots, SLOTS);
	scene->device.answer = HPTE_MMIO_DONE;
	scene->base = aligned_alloc(128, 1 << ORDER);
	scene->side = aligned_alloc(128, side);
	if (!scene->base || !scene->side)
		return -1;
	memset(scene->base, 0, 1 << ORDER);
	memset(scene->side, 0, side);
	config.memory.base = scene->base;
	config.memory.side = scene->side;
	if (hpte_table_init(&scene->table, &config) != HPTE_OK)
		return -1;
	hpte_hcall_init(&scene->vm, &scene->table);
	*state = scene;
	return 0;
}

static int tear_down(void **state)
{
	struct scene *scene = *state;

	free(scene->base);
	free(scene->side);
	free(scene);
	return 0;
}

static void add_and_find(void **state)
{
	struct scene *scene = *state;
	struct hpte_mmio_region region = region_at(scene, DEVICE, 0x100);
	struct hpte_mmio_region found, poison;

	memset(&poison, 0xA5, sizeof(poison));
	found = poison;
	assert_int_equal(hpte_mmio_find(&scene->bus, DEVICE, &found),
			 HPTE_ERR_NOTFOUND);
	assert_int_equal(hpte_mmio_add(&scene->bus, &region), HPTE_OK);
	assert_int_equal(hpte_mmio_find(&scene->bus, DEVICE - 1, &found),
			 HPTE_ERR_NOTFOUND);
	assert_int_equal(hpte_mmio_find(&scene->bus, DEVICE + 0x100, &found),
			 HPTE_ERR_NOTFOUND);
	assert_memory_equal(&found, &poison, sizeof(found));
	for (uint64_t gpa = DEVICE; gpa < DEVICE + 0x100; gpa++) {
		assert_int_equal(hpte_mmio_find(&scene->bus, gpa, &found),
				 HPTE_OK);
		assert_true(found.start == DEVICE && found.bytes == 0x100);
		assert_true(found.size_mask == 0xF && found.flags == 0);
		assert_ptr_equal(found.ops, &device_ops);
		assert_ptr_equal(found.ctx, &scene->device);
	}
}

static void bad_regions_are_refused(void **state)
{
	const struct hpte_mmio_ops old = { .ops_size = sizeof(old) - 1,
					   .access = device_access };
	const struct hpte_mmio_ops none = { .ops_size = sizeof(none) };
	struct scene *scene = *state;
	struct hpte_mmio_region good = region_at(scene, DEVICE, 0x100);
	struct hpte_mmio_region bad[9];

	for (int i = 0; i < 9; i++)
		bad[i] = good;
	bad[0].bytes = 0;
	bad[1].start = UINT64_MAX - 0xFE;	/* ends one past the end */
	bad[2].size_mask = 0;
	bad[3].size_mask = 0x10;
	bad[4].flags = 8;
	bad[5].ops = NULL;
	bad[6].ops = &old;
	bad[7].ops = &none;
	bad[8].bytes = UINT64_MAX;
	for (int i = 0; i < 9; i++)
		assert_int_equal(hpte_mmio_add(&scene->bus, &bad[i]),
				 HPTE_ERR_PARAM);
	good.start = UINT64_MAX - 0xFF;		/* ends exactly there */
	assert_int_equal(hpte_mmio_add(&scene->bus, &good), HPTE_OK);
}

static void overlaps_are_refused(void **state)
{
	static const struct { uint64_t start, bytes; int status; } cases[] = {
		{ DEVICE, 1, HPTE_ERR_PARAM },
		{ DEVICE + 0xFF, 1, HPTE_ERR_PARAM },
		{ DEVICE - 1, 2, HPTE_ERR_PARAM },
		{ 0, UINT64_MAX, HPTE_ERR_PARAM },
		{ DEVICE - 1, 1, HPTE_OK },
		{ DEVICE + 0x100, 1, HPTE_OK },
	};
	struct scene *scene = *state;
	struct hpte_mmio_region region = region_at(scene, DEVICE, 0x100);

	assert_int_equal(hpte_mmio_add(&scene->bus, &region), HPTE_OK);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		region.start = cases[i].start;
		region.bytes = cases[i].bytes;
		assert_int_equal(hpte_mmio_add(&scene->bus, &region),
				 cases[i].status);
	}
}

static void slots_run_out_and_come_back(void **state)
{
	struct scene *scene = *state;
	struct hpte_mmio_region region = region_at(scene, 0, 1), found;

	for (uint64_t i = 0; i < SLOTS; i++) {
		region.start = i;
		assert_int_equal(hpte_mmio_add(&scene->bus, &region), HPTE_OK);
	}
	region.start = SLOTS;
	assert_int_equal(hpte_mmio_add(&scene->bus, &region), HPTE_ERR_FULL);
	assert_int_equal(hpte_mmio_remove(&scene->bus, SLOTS),
			 HPTE_ERR_NOTFOUND);
	assert_int_equal(hpte_mmio_remove(&scene->bus, 2), HPTE_OK);
	assert_int_equal(hpte_mmio_remove(&scene->bus, 2), HPTE_ERR_NOTFOUND);
	assert_int_equal(hpte_mmio_find(&scene->bus, 2, &found),
			 HPTE_ERR_NOTFOUND);
	assert_int_equal(hpte_mmio_add(&scene->bus, &region), HPTE_OK);
	assert_int_equal(hpte_mmio_find(&scene->bus, SLOTS, &found), HPTE_OK);
	assert_int_equal(hpte_mmio_find(&scene->bus, 3, &found), HPTE_OK);
}

static void writers_exclude_each_other(void **state)
{
	struct scene *scene = *state;
	struct hpte_mmio_region region = region_at(scene, DEVICE, 8);

	assert_int_equal(hpte_mmio_add(&scene->bus, &region), HPTE_OK);
	scene->bus.priv_lock = 1;	/* a writer that is stopped */
	assert_int_equal(hpte_mmio_add(&scene->bus, &region), HPTE_ERR_AGAIN);
	assert_int_equal(hpte_mmio_remove(&scene->bus, DEVICE),
			 HPTE_ERR_AGAIN);
	assert_int_equal(hpte_mmio_find(&scene->bus, DEVICE, &region), HPTE_OK);
}

/* Every size and order: the bytes 01 02 03 .. lie in the device's storage. */
static void byte_orders(void **state)
{
	static const uint64_t as_big[] = { 0x01, 0x0102, 0x01020304,
					   0x0102030405060708 };
	static const uint64_t as_little[] = { 0x01, 0x0201, 0x04030201,
					      0x0807060504030201 };
	struct scene *scene = *state;
	struct hpte_mmio_region region = region_at(scene, DEVICE, 0x100);

	for (unsigned int i = 0; i < 4; i++) {
		for (unsigned int way = 0; way < 4; way++) {
			bool little = way & 1, guest_big = way & 2;
			uint64_t device = little ? as_little[i] : as_big[i];
			uint64_t guest = guest_big ? as_big[i] : as_little[i];
			/* bits above the size are not the device's */
			uint64_t high = i < 3 ? POISON << (8U << i) : 0;
			uint64_t value = guest | high;

			region.flags = little ? HPTE_MMIO_LITTLE_ENDIAN : 0;
			assert_int_equal(hpte_mmio_dispatch(&region, DEVICE,
					 1U << i, true, guest_big, &value),
					 HPTE_MMIO_DONE);
			assert_true(scene->device.last.is_store);
			assert_true(scene->device.last.value == device);
			scene->device.value = device | high;
			value = POISON;
			assert_int_equal(hpte_mmio_dispatch(&region, DEVICE,
					 1U << i, false, guest_big, &value),
					 HPTE_MMIO_DONE);
			assert_false(scene->device.last.is_store);
			assert_true(value == guest);
		}
	}
}

static void only_acceptable_accesses(void **state)
{
	struct scene *scene = *state;
	struct hpte_mmio_region region = region_at(scene, DEVICE, 0x10);
	uint64_t value = POISON;

	for (unsigned int size = 0; size < 40; size++) {
		for (unsigned int offset = 0; offset < 0x18; offset++) {
			for (unsigned int kind = 0; kind < 4; kind++) {
				unsigned int calls = scene->device.calls;
				bool aligned = size && !(offset % size);
				bool known = size == 1 || size == 4;
				bool taken;

				region.size_mask = 1 | 4;
				region.flags = kind & 1 ?
					HPTE_MMIO_UNALIGNED : 0;
				taken = known && offset + size <= 0x10 &&
					(aligned || (kind & 1));
				assert_int_equal(hpte_mmio_dispatch(&region,
						DEVICE + offset, size, kind & 2,
						true, &value),
						taken ? HPTE_MMIO_DONE :
						HPTE_MMIO_UNCLAIMED);
				assert_int_equal(scene->device.calls,
						 calls + taken);
				if (taken)
					assert_true(scene->device.last.offset ==
						    offset);
			}
		}
	}
}

static void answers_of_devices(void **state)
{
	static const int answers[][2] = {
		{ HPTE_MMIO_FAULT, HPTE_MMIO_FAULT },
		{ HPTE_MMIO_UNCLAIMED, HPTE_MMIO_UNCLAIMED },
		{ HPTE_MMIO_PENDING, HPTE_MMIO_PENDING },
		{ 3, HPTE_MMIO_FAULT },
		{ -2, HPTE_MMIO_FAULT },
	};
	struct scene *scene = *state;
	struct hpte_mmio_region region = region_at(scene, DEVICE, 0x10);

	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		uint64_t value = POISON;

		scene->device.answer = answers[i][0];
		assert_int_equal(hpte_mmio_dispatch(&region, DEVICE, 4, false,
						    true, &value),
				 answers[i][1]);
		assert_true(value == POISON);
	}
}

/* Dispatch with every register poisoned; only @changed may change. */
static enum hpte_hcall_disposition ci(struct scene *scene, uint64_t *gpr,
				      uint64_t opcode, uint64_t size,
				      uint64_t address)
{
	for (int i = 0; i < 32; i++)
		gpr[i] = POISON + (uint64_t)i;
	gpr[3] = opcode;
	gpr[4] = size;
	gpr[5] = address;
	return hpte_hcall_dispatch(&scene->vm, gpr, 1);	/* MSR[LE]=1 */
}

static void logical_ci_codes(void **state)
{
	static const struct { int answer; int64_t code; } cases[] = {
		{ HPTE_MMIO_FAULT, HPTE_H_HARDWARE },
		{ HPTE_MMIO_UNCLAIMED, HPTE_H_PARAMETER },
	};
	struct scene *scene = *state;
	struct hpte_mmio_region region = region_at(scene, DEVICE, 0x10);
	uint64_t gpr[32];

	assert_int_equal(ci(scene, gpr, HPTE_HCALL_LOGICAL_CI_LOAD, 4, DEVICE),
			 HPTE_HCALL_NOT_MINE);
	hpte_hcall_set_mmio(&scene->vm, &scene->bus);
	assert_int_equal(ci(scene, gpr, HPTE_HCALL_LOGICAL_CI_LOAD, 4, DEVICE),
			 HPTE_HCALL_NOT_MINE);
	assert_int_equal(hpte_mmio_add(&scene->bus, &region), HPTE_OK);
	for (uint64_t size = 0; size < 20; size++) {
		bool good = size == 1 || size == 2 || size == 4 || size == 8;

		assert_int_equal(ci(scene, gpr, HPTE_HCALL_LOGICAL_CI_STORE,
				    size, DEVICE), HPTE_HCALL_DONE);
		assert_true((int64_t)gpr[3] ==
			    (good ? HPTE_H_SUCCESS : HPTE_H_PARAMETER));
	}
	assert_int_equal(ci(scene, gpr, HPTE_HCALL_LOGICAL_CI_LOAD,
			    UINT64_C(0x100000004), DEVICE), HPTE_HCALL_DONE);
	assert_true((int64_t)gpr[3] == HPTE_H_PARAMETER);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		scene->device.answer = cases[i].answer;
		assert_int_equal(ci(scene, gpr, HPTE_HCALL_LOGICAL_CI_LOAD, 4,
				    DEVICE), HPTE_HCALL_DONE);
		assert_true((int64_t)gpr[3] == cases[i].code);
		assert_true(gpr[4] == 4);
	}
}

static void logical_ci_is_big_endian(void **state)
{
	struct scene *scene = *state;
	struct hpte_mmio_region region = region_at(scene, DEVICE, 0x10);
	uint64_t gpr[32];

	region.flags = HPTE_MMIO_LITTLE_ENDIAN;
	hpte_hcall_set_mmio(&scene->vm, &scene->bus);
	assert_int_equal(hpte_mmio_add(&scene->bus, &region), HPTE_OK);
	scene->device.value = 0x04030201;
	assert_int_equal(ci(scene, gpr, HPTE_HCALL_LOGICAL_CI_LOAD, 4,
			    DEVICE + 4), HPTE_HCALL_DONE);
	assert_true(gpr[3] == 0 && gpr[4] == 0x01020304);
	assert_true(scene->device.last.offset == 4);
	for (int i = 5; i < 32; i++)
		assert_true(gpr[i] == (i == 5 ? DEVICE + 4 :
				       POISON + (uint64_t)i));
	assert_int_equal(ci(scene, gpr, HPTE_HCALL_LOGICAL_CI_STORE, 2,
			    DEVICE + 2), HPTE_HCALL_DONE);
	/* the low halfword of R6, reversed */
	assert_true(scene->device.last.value == 0x605A);
	assert_true(gpr[3] == 0 && gpr[4] == 2);
}

static void logical_ci_pending(void **state)
{
	struct scene *scene = *state;
	struct hpte_mmio_region region = region_at(scene, DEVICE, 0x10);
	uint64_t gpr[32];

	region.flags = HPTE_MMIO_LITTLE_ENDIAN;
	hpte_hcall_set_mmio(&scene->vm, &scene->bus);
	assert_int_equal(hpte_mmio_add(&scene->bus, &region), HPTE_OK);
	scene->device.answer = HPTE_MMIO_PENDING;
	assert_int_equal(ci(scene, gpr, HPTE_HCALL_LOGICAL_CI_LOAD, 2, DEVICE),
			 HPTE_HCALL_PENDING);
	assert_true(gpr[3] == HPTE_HCALL_LOGICAL_CI_LOAD && gpr[4] == 2);
	hpte_hcall_complete(&scene->vm, gpr, HPTE_MMIO_DONE,
			    POISON << 16 | 0x0201);
	assert_true(gpr[3] == 0 && gpr[4] == 0x0102);
	assert_int_equal(ci(scene, gpr, HPTE_HCALL_LOGICAL_CI_LOAD, 2, DEVICE),
			 HPTE_HCALL_PENDING);
	hpte_hcall_complete(&scene->vm, gpr, HPTE_MMIO_FAULT, POISON);
	assert_true((int64_t)gpr[3] == HPTE_H_HARDWARE && gpr[4] == 2);
	assert_int_equal(ci(scene, gpr, HPTE_HCALL_LOGICAL_CI_STORE, 2, DEVICE),
			 HPTE_HCALL_PENDING);
	assert_int_equal(hpte_mmio_remove(&scene->bus, DEVICE), HPTE_OK);
	hpte_hcall_complete(&scene->vm, gpr, HPTE_MMIO_DONE, POISON);
	assert_true((int64_t)gpr[3] == HPTE_H_HARDWARE && gpr[4] == 2);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		CASE(add_and_find),
		CASE(bad_regions_are_refused),
		CASE(overlaps_are_refused),
		CASE(slots_run_out_and_come_back),
		CASE(writers_exclude_each_other),
		CASE(byte_orders),
		CASE(only_acceptable_accesses),
		CASE(answers_of_devices),
		CASE(logical_ci_codes),
		CASE(logical_ci_is_big_endian),
		CASE(logical_ci_pending),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
