/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/fault.c - the contract's vectors for storage interrupts.
 */
#include "fault_scene.h"

#define MEDIUM_ENTRY_SIZE	((struct entry_size){ 28, 12, 16 })

static void v91_no_entry_is_the_guests(void **state)
{
	struct scene scene;

	scene_empty(&scene, fixture_of(state));
	scene.fault.access.ea = UINT64_C(0x12345678);
	scene.fault.access.descriptor = UINT64_C(0x123456789000);
	scene_resolve(&scene, 0x40000000);
	assert_dsi(&scene, 0x40000000);
	scene_resolve(&scene, 0x42000000);
	assert_dsi(&scene, 0x42000000);
	scene.fault.flags = HPTE_FAULT_FETCH;
	scene_resolve(&scene, 0x40000000);
	assert_isi(&scene, 0x40000000);
}

static void v92_device_store(void **state)
{
	struct scene scene;

	scene_start(&scene, fixture_of(state), ENTRY_4K, ENTRY_MMIO, ENTRY_RW);
	scene.fault.access.ea |= 0x128;
	assert_int_equal(scene_resolve(&scene, 0x42000000), HPTE_FAULT_MMIO);
	assert_int_equal(scene.outcome.gpa, scene_gpa(&scene.entry, 0x128));
	assert_true(scene.outcome.is_store);
	assert_true(scene.outcome.fetch_now);
	scene.fault.access.msr &= ~MSR_IR;
	assert_int_equal(scene_resolve(&scene, 0x40000000), HPTE_FAULT_MMIO);
	assert_false(scene.outcome.is_store);
	assert_false(scene.outcome.fetch_now);
	assert_int_equal(scene.f->host.calls.map_page, 0);
}

static void v94_valid_by_now(void **state)
{
	struct scene scene;

	scene_start(&scene, fixture_of(state), ENTRY_4K, ENTRY_VALID, ENTRY_RW);
	assert_int_equal(scene_resolve(&scene, 0x40000000), HPTE_FAULT_RETRY);
	assert_int_equal(scene_resolve(&scene, 0x42000000), HPTE_FAULT_RETRY);
	/* Even where the guest's rights would refuse it. */
	scene_start(&scene, scene.f, ENTRY_4K, ENTRY_VALID, HPTE_DW1_M | 3);
	assert_int_equal(scene_resolve(&scene, 0x42000000), HPTE_FAULT_RETRY);
	scene.fault.flags = HPTE_FAULT_FETCH;
	assert_int_equal(scene_resolve(&scene, 0x40000000), HPTE_FAULT_RETRY);
}

/* Also peer bug 37: the guest may store, the host's page was read-only. */
static void v95_host_was_read_only(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;
	uint64_t i, rc;

	for (i = 0; i < ENTRY_SIZES; i++) {
		for (rc = 0; rc <= HPTE_DW1_RC; rc += HPTE_DW1_C) {
			scene_read_only(&scene, f, entry_sizes[i], ENTRY_RW);
			assert_mapped(&scene, false, 0);
			memory_set_rc(f, scene.entry.index, rc);
			assert_int_equal(scene_resolve(&scene, 0x0A000000),
					 HPTE_FAULT_HOST_PAGE);
			assert_true(scene.outcome.is_store);
			assert_int_equal(scene.outcome.gpa,
					 scene_gpa(&scene.entry, 0));
			assert_int_equal(scene_complete(&scene),
					 HPTE_FAULT_RETRY);
			assert_mapped(&scene, true, rc);
			assert_guest_is(f, scene.entry.index,
					scene.entry.guest.dw0,
					scene.entry.guest.dw1 | rc);
			assert_flushed(f, &scene.entry, 1);
			assert_true(f->host.map_want_write);
		}
	}
}

static void v97_key_alone_is_the_guests(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;
	int n;

	for (n = 0; n < ENTRY_STATES; n++) {
		scene_start(&scene, f, ENTRY_4K, (enum entry_state)n, ENTRY_RW);
		scene_resolve(&scene, 0x00200000);
		assert_dsi(&scene, 0x00200000);
		scene_resolve(&scene, 0x02200000);
		assert_dsi(&scene, 0x02200000);
		assert_int_equal(f->host.calls.classify, 0);
	}
}

static void v98_key_hides_the_hosts_reason(void **state)
{
	struct scene scene;

	scene_read_only(&scene, fixture_of(state), ENTRY_4K, ENTRY_RW);
	scene.fault.access.amr = UINT64_C(0x8000000000000000);
	scene_resolve(&scene, 0x0A200000);
	assert_dsi(&scene, 0x02200000);
	scene_resolve(&scene, 0x0A000000);
	assert_dsi(&scene, 0x02200000);
	/* V17: bit 1 of the field is for loads; this one stores. */
	scene.fault.access.amr = UINT64_C(0x4000000000000000);
	assert_int_equal(scene_resolve(&scene, 0x0A000000),
			 HPTE_FAULT_HOST_PAGE);
}

static void v100_no_execute(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;

	scene_start(&scene, f, ENTRY_4K, ENTRY_ABSENT, ENTRY_RW | HPTE_DW1_N);
	scene.fault.flags = HPTE_FAULT_FETCH;
	scene_resolve(&scene, 0x40000000);
	assert_isi(&scene, 0x10000000);
	scene_start(&scene, f, ENTRY_4K, ENTRY_ABSENT, ENTRY_RW | HPTE_DW1_G);
	scene.fault.flags = HPTE_FAULT_FETCH;
	scene_resolve(&scene, 0x40000000);
	assert_isi(&scene, 0x10000000);
}

/* D25: a fetch from a device is refused, not repeated for ever. */
static void v101_fetch_from_a_device(void **state)
{
	struct scene scene;

	scene_start(&scene, fixture_of(state), ENTRY_4K, ENTRY_MMIO, ENTRY_RW);
	scene.fault.flags = HPTE_FAULT_FETCH;
	scene_settle(&scene, 0x40000000);
	assert_isi(&scene, 0x10000000);
	/* Nor after a load from it has been remembered. */
	scene.fault.flags = 0;
	assert_int_equal(scene_settle(&scene, 0x40000000), HPTE_FAULT_MMIO);
	scene.fault.flags = HPTE_FAULT_FETCH;
	scene_settle(&scene, 0x40000000);
	assert_isi(&scene, 0x10000000);
}

static void v103_no_segment(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;
	int n;

	for (n = 0; n < ENTRY_STATES; n++) {
		scene_start(&scene, f, ENTRY_4K, (enum entry_state)n, ENTRY_RW);
		scene.fault.flags = HPTE_FAULT_NO_SEGMENT;
		assert_int_equal(scene_resolve(&scene, 0x42000000),
				 HPTE_FAULT_DSEG);
		assert_int_equal(scene.outcome.dar, scene.fault.access.ea);
		assert_int_equal(scene_resolve(&scene, 0x0A000000),
				 HPTE_FAULT_DSEG);
		/* Not a miss at all: nothing is looked up. */
		scene_resolve(&scene, 0x00200000);
		assert_dsi(&scene, 0x00200000);
		scene.fault.flags |= HPTE_FAULT_FETCH;
		assert_int_equal(scene_resolve(&scene, 0x40000000),
				 HPTE_FAULT_ISEG);
		scene_resolve(&scene, 0x08000000);
		assert_isi(&scene, 0x08000000);
	}
}

/*
 * A segment is missing only where the access is translated, and what kind of
 * access it is the status and FETCH say: kind is not looked at.
 */
static void no_segment_whatever_kind_says(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;
	unsigned int kind;

	scene_start(&scene, f, ENTRY_4K, ENTRY_ABSENT, ENTRY_RW);
	for (kind = 0; kind < 8; kind++) {
		scene.fault.access.kind = kind;
		scene.fault.flags = HPTE_FAULT_NO_SEGMENT;
		scene.fault.access.msr = MSR_IR;
		scene_resolve(&scene, 0x40000000);
		assert_dsi(&scene, 0x40000000);
		scene.fault.access.msr = MSR_DR;
		assert_int_equal(scene_resolve(&scene, 0x40000000),
				 HPTE_FAULT_DSEG);
		scene.fault.flags |= HPTE_FAULT_FETCH;
		scene_resolve(&scene, 0x40000000);
		assert_isi(&scene, 0x40000000);
		scene.fault.access.msr = MSR_IR;
		assert_int_equal(scene_resolve(&scene, 0x40000000),
				 HPTE_FAULT_ISEG);
	}
}

/* Peer bug 23: L of the entry is not compared, its base page size is. */
static void v104_larger_page_in_a_4k_segment(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;
	struct entry decoy;

	scene_start(&scene, f, MEDIUM_ENTRY_SIZE, ENTRY_ABSENT, ENTRY_RW);
	assert_true(scene.entry.guest.dw0 & HPTE_DW0_L);
	assert_int_equal(scene.fault.access.descriptor & 0x100, 0);
	assert_int_equal(scene_resolve(&scene, 0x40000000),
			 HPTE_FAULT_HOST_PAGE);
	assert_int_equal(scene.outcome.gpa, scene_gpa(&scene.entry, 0));
	/* The same AVPN in the same group, but for a 64K segment. */
	scene_empty(&scene, f);
	decoy = entry_make(f, MEDIUM_ENTRY_SIZE, 1, false, ENTRY_RW);
	decoy.guest.dw1 = decoy.real | UINT64_C(0x1000) | ENTRY_RW;
	scene_put(&scene, &decoy, ENTRY_ABSENT);
	scene_aim(&scene, &scene.entry, false);
	scene_resolve(&scene, 0x40000000);
	assert_dsi(&scene, 0x40000000);
}

static void v106_v107_secondary(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;
	struct entry entry;

	scene_empty(&scene, f);
	entry = entry_make(f, ENTRY_4K, 1, true, ENTRY_RW);
	scene_put(&scene, &entry, ENTRY_ABSENT);
	scene_aim(&scene, &scene.entry, false);
	assert_int_equal(scene_resolve(&scene, 0x40000000),
			 HPTE_FAULT_HOST_PAGE);
	assert_int_equal(scene.outcome.gpa, scene_gpa(&scene.entry, 0));
	/* H=1 where the primary hash points, and H=0 where the other does. */
	scene_empty(&scene, f);
	entry = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);
	entry.guest.dw0 |= HPTE_DW0_H;
	scene_put(&scene, &entry, ENTRY_ABSENT);
	entry = entry_make(f, ENTRY_4K, 1, true, ENTRY_RW);
	entry.guest.dw0 &= ~HPTE_DW0_H;
	scene_put(&scene, &entry, ENTRY_ABSENT);
	scene_aim(&scene, &scene.entry, false);
	scene_resolve(&scene, 0x40000000);
	assert_dsi(&scene, 0x40000000);
}

static void v109_canary(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;
	int n;

	f->caps.isa = HPTE_ISA_300;
	for (n = 0; n < ENTRY_STATES; n++) {
		scene_start(&scene, f, ENTRY_4K, (enum entry_state)n, ENTRY_RW);
		assert_int_equal(scene_resolve(&scene, 0x7FFF),
				 HPTE_FAULT_RETRY);
		/* One bit more or less is no canary. */
		scene_resolve(&scene, 0x7FFE);
		assert_dsi(&scene, 0x7FFE);
		scene_resolve(&scene, 0xFFFF);
		assert_dsi(&scene, 0xFFFF);
	}
}

/* Peer bug 6-2, D11: a zeroed cache must not translate address 0. */
static void v115_fresh_vcpu(void **state)
{
	struct scene scene;
	int fill;

	scene_empty(&scene, fixture_of(state));
	for (fill = 0; fill < 256; fill += 0xA5) {
		memset(&scene.vcpu, fill, sizeof(scene.vcpu));
		hpte_fault_init(&scene.vcpu, &scene.f->table);
		memset(&scene.fault.access, 0, sizeof(scene.fault.access));
		scene.fault.access.msr = MSR_DR;
		scene_resolve(&scene, 0x40000000);
		assert_dsi(&scene, 0x40000000);
		/* In real mode, too, with a descriptor of zeros. */
		scene.fault.access.msr = 0;
		scene_resolve(&scene, 0x42000000);
		assert_dsi(&scene, 0x42000000);
	}
}

/* D39: key 31 is the guest's, and no mark of a device. */
static void v166_key_31(void **state)
{
	uint64_t key = UINT64_C(0x3000000000000E00);
	struct scene scene;

	scene_read_only(&scene, fixture_of(state), ENTRY_4K, ENTRY_RW | key);
	assert_int_equal(scene_resolve(&scene, 0x0A000000),
			 HPTE_FAULT_HOST_PAGE);
	assert_int_equal(hpte_table_demote(&scene.f->table, scene.entry.index),
			 HPTE_OK);
	assert_int_equal(scene_resolve(&scene, 0x42000000),
			 HPTE_FAULT_HOST_PAGE);
	assert_int_equal(scene_resolve(&scene, 0x40000000),
			 HPTE_FAULT_HOST_PAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_EVERY_KIND(v91_no_entry_is_the_guests),
		TEST_EVERY_KIND(v92_device_store),
		TEST_WALKER_KIND(v94_valid_by_now),
		TEST_WALKER_KIND(v95_host_was_read_only),
		TEST_EVERY_KIND(v97_key_alone_is_the_guests),
		TEST_WALKER_KIND(v98_key_hides_the_hosts_reason),
		TEST_EVERY_KIND(v100_no_execute),
		TEST_EVERY_KIND(v101_fetch_from_a_device),
		TEST_EVERY_KIND(v103_no_segment),
		TEST_EVERY_KIND(no_segment_whatever_kind_says),
		TEST_EVERY_KIND(v104_larger_page_in_a_4k_segment),
		TEST_EVERY_KIND(v106_v107_secondary),
		TEST_EVERY_KIND(v109_canary),
		TEST_EVERY_KIND(v115_fresh_vcpu),
		TEST_WALKER_KIND(v166_key_31),
	};

	return TEST_RUN("fault", tests);
}
