/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/xlate.c - segments, translation in software, and the registers
 * that say where a table is.  Setting mappings up: xlate_map.c.
 */
#include "fixture.h"

#include <string.h>

#define MSR_PR		UINT64_C(0x4000)
#define MSR_IR		UINT64_C(0x20)
#define MSR_DR		UINT64_C(0x10)
#define SLB_V		UINT64_C(0x08000000)
#define LARGE		UINT64_C(0x4000000000000000)	/* B = 1T */
#define VRMA		UINT64_C(0x4001FFFFFF000000)
#define POISON		UINT64_C(0xA5A5A5A5A5A5A5A5)

static void segment_search(void **state)
{
	static const struct hpte_slb slb[] = {
		{ UINT64_C(0xC000000010000000), 0x111000 },	/* V=0 */
		{ UINT64_C(0xC000000010000FFF) | SLB_V, 0x222000 },
		{ UINT64_C(0xD0000000F0000007) | SLB_V, LARGE | 0x333000 },
		{ UINT64_C(0xFFFFFFFFF0000000) | SLB_V, 0x444000 },
		{ SLB_V, 0x555000 },
		{ UINT64_C(0xFFFFFF0000000000) | SLB_V, LARGE | 0x666000 },
		{ UINT64_C(0xFFFFFFFFE0000000), 0x777000 },	/* V=0 */
	};
	static const struct { uint64_t ea, descriptor; } cases[] = {
		{ UINT64_C(0xC000000010000000), 0x222000 },
		{ UINT64_C(0xC00000001FFFFFFF), 0x222000 },
		{ UINT64_C(0xC000000020000000), 0 },
		{ UINT64_C(0xC00000000FFFFFFF), 0 },
		{ UINT64_C(0xC000010010000000), 0 },
		{ UINT64_C(0xD000000000000000), LARGE | 0x333000 },
		{ UINT64_C(0xD00000FFFFFFFFFF), LARGE | 0x333000 },
		{ UINT64_C(0xD000010000000000), 0 },
		{ UINT64_C(0xCFFFFFFFFFFFFFFF), 0 },
		{ UINT64_MAX, 0x444000 },
		{ UINT64_C(0xFFFFFFFFEFFFFFFF), LARGE | 0x666000 },
		{ UINT64_C(0xFFFFFF0000000000), LARGE | 0x666000 },
		{ UINT64_C(0xFFFFFEFFFFFFFFFF), 0 },
		{ 0, 0x555000 }, { 0xFFFFFFF, 0x555000 }, { 0x10000000, 0 },
	};
	uint64_t descriptor;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool found = cases[i].descriptor;

		descriptor = POISON;
		assert_int_equal(hpte_xlate_segment(slb, 7, cases[i].ea,
						    &descriptor),
				 found ? HPTE_OK : HPTE_ERR_NOTFOUND);
		assert_int_equal(descriptor,
				 found ? cases[i].descriptor : POISON);
	}
	/* @count is believed. */
	assert_int_equal(hpte_xlate_segment(slb, 4, 0, &descriptor),
			 HPTE_ERR_NOTFOUND);
	assert_int_equal(hpte_xlate_segment(slb, 5, 0, &descriptor), HPTE_OK);
	assert_int_equal(hpte_xlate_segment(NULL, 0, 0, &descriptor),
			 HPTE_ERR_NOTFOUND);
}

/* Each bit of the address that counts, and each that does not. */
static void segment_bits(void **state)
{
	const uint64_t ea = UINT64_C(0x123456789ABCDEF0);
	struct hpte_slb slb;
	uint64_t descriptor;
	unsigned int bit, large;

	(void)state;
	for (large = 0; large < 2; large++) {
		slb.descriptor = large ? LARGE | 0xABC000 : 0xABC000;
		for (bit = 0; bit < 64; bit++) {
			slb.esid = (ea & ~UINT64_C(0xFFFFFFF)) | SLB_V;
			assert_int_equal(hpte_xlate_segment(&slb, 1,
					 ea ^ (UINT64_C(1) << bit),
					 &descriptor),
					 bit < (large ? 40 : 28) ?
					 HPTE_OK : HPTE_ERR_NOTFOUND);
			slb.esid ^= UINT64_C(1) << bit;
			assert_int_equal(hpte_xlate_segment(&slb, 1, ea,
					 &descriptor),
					 bit < (large ? 40 : 28) && bit != 27 ?
					 HPTE_OK : HPTE_ERR_NOTFOUND);
		}
	}
}

static void which_segment(void **state)
{
	struct hpte_access access;
	unsigned int n;

	(void)state;
	memset(&access, 0, sizeof(access));
	access.descriptor = 0x111000;
	access.vrma = VRMA;
	for (n = 0; n < 12; n++) {
		bool on = n & (n / 4 == 2 ? 1 : 2);

		access.kind = 1U << n / 4;
		access.msr = ~(MSR_IR | MSR_DR) | (n & 1 ? MSR_IR : 0) |
			     (n & 2 ? MSR_DR : 0);
		assert_int_equal(hpte_xlate_translated(&access), on);
		assert_int_equal(hpte_xlate_descriptor(&access),
				 on ? access.descriptor : access.vrma);
	}
}

static void assert_va(const struct hpte_access *access, uint64_t vsid,
		      uint64_t offset, unsigned int segment, unsigned int base)
{
	struct hpte_va va;

	memset(&va, 0xA5, sizeof(va));
	assert_int_equal(hpte_xlate_va(access, &va), HPTE_OK);
	assert_int_equal(va.vsid, vsid);
	assert_int_equal(va.offset, offset);
	assert_int_equal(va.segment, segment);
	assert_int_equal(va.base, base);
}

static void virtual_addresses(void **state)
{
	struct hpte_access access;
	struct hpte_va va, poison;
	unsigned int bit;

	(void)state;
	memset(&poison, 0xA5, sizeof(poison));
	memset(&access, 0, sizeof(access));
	access.kind = HPTE_READ;
	access.msr = MSR_DR;
	access.vrma = VRMA | 0x110;
	access.ea = UINT64_C(0xFEDCBA9876543210);
	access.descriptor = UINT64_C(0x3FFFFFFFFFFFF000);
	assert_va(&access, UINT64_C(0x3FFFFFFFFFFFF), 0x6543210, 28, 12);
	access.descriptor = LARGE | UINT64_C(0x2A2A2A2000100);
	assert_va(&access, 0x2A2A2A2, UINT64_C(0x9876543210), 40, 24);
	access.descriptor = UINT64_C(1) << 63;
	va = poison;
	assert_int_equal(hpte_xlate_va(&access, &va), HPTE_ERR_ENCODING);
	access.descriptor = 0x130;
	assert_int_equal(hpte_xlate_va(&access, &va), HPTE_ERR_ENCODING);
	access.descriptor = 0x120;	/* 16G in 256M */
	assert_int_equal(hpte_xlate_va(&access, &va), HPTE_ERR_ENCODING);
	access.msr = MSR_IR;		/* real mode for data */
	assert_int_equal(hpte_xlate_va(&access, &va), HPTE_ERR_NOTFOUND);
	assert_memory_equal(&va, &poison, sizeof(va));
	access.ea = UINT64_C(0xF00000FFFFFFFFFF);
	assert_va(&access, 0x1FFFFFF, UINT64_C(0xFFFFFFFFFF), 40, 16);
	for (bit = 40; bit < 64; bit++) {
		access.ea = 0x1234 | UINT64_C(1) << bit;
		if (bit >= 60)
			assert_va(&access, 0x1FFFFFF, 0x1234, 40, 16);
		else
			assert_int_equal(hpte_xlate_va(&access, &va),
					 HPTE_ERR_NOTFOUND);
	}
	access.ea = 0;
	access.vrma |= 0x30;
	assert_int_equal(hpte_xlate_va(&access, &va), HPTE_ERR_ENCODING);
}

/* Contract 1.12. */
static unsigned int slow_rights(uint64_t dw1, bool key, bool no_execute)
{
	static const char *const by_pp[8][2] = {
		{ "rw", "" }, { "rw", "r" }, { "rw", "rw" }, { "r", "r" },
		{ "", "" }, { "", "" }, { "r", "" }, { "", "" },
	};
	const char *may = by_pp[(dw1 >> 61 & 4) | (dw1 & 3)][key];
	unsigned int rights = 0;

	if (strchr(may, 'w'))
		rights |= HPTE_WRITE;
	if (strchr(may, 'r'))
		rights |= HPTE_READ;
	if (strchr(may, 'r') && !(dw1 & 0xC) && !no_execute)
		rights |= HPTE_EXECUTE;
	return rights;
}

static void rights_matrix(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int n;

	for (n = 0; n < 1 << 17; n++) {
		uint64_t key = test_random_below(&f->random, 32);
		uint64_t amr = test_random(&f->random);
		uint64_t iamr = test_random(&f->random);
		uint64_t dw1 = (uint64_t)(n & 4) << 61 | (n & 0xB) |
			       (n >> 4 & 1) << 2 |
			       (key >> 3) << 60 | (key & 7) << 9 |
			       (test_random(&f->random) & 0xFFFFFFFF1F0);
		struct hpte_access access = {
			.msr = (n & 0x20 ? MSR_PR : 0) |
			       (n & 0x40 ? MSR_DR | MSR_IR : 0),
			.descriptor = UINT64_C(0x123000) | (n >> 7 & 7) << 9,
			.vrma = VRMA, .amr = amr, .iamr = iamr,
			.kind = 1U << n % 3,
		};
		bool on = n & 0x40;
		uint64_t field = amr >> (62 - 2 * key);
		unsigned int want;

		want = slow_rights(dw1, on && (access.descriptor &
					       (n & 0x20 ? 0x400 : 0x800)),
				   on && (access.descriptor & 0x200));
		if (on && (field & 1))
			want &= ~HPTE_READ;
		if (on && (field & 2))
			want &= ~HPTE_WRITE;
		if (on && (iamr >> (62 - 2 * key) & 1))
			want &= ~HPTE_EXECUTE;
		assert_int_equal(hpte_xlate_rights(&access, dw1), want);
	}
}

/* AMR follows MSR[DR] and IAMR MSR[IR], each by itself. */
static void rights_half_translated(void **state)
{
	struct hpte_access access = {
		.descriptor = 0x123000, .vrma = VRMA,
		.amr = UINT64_MAX, .iamr = UINT64_MAX,
	};

	(void)state;
	access.msr = MSR_IR;
	access.kind = HPTE_READ;
	assert_true(hpte_xlate_rights(&access, 2) & HPTE_READ);
	access.kind = HPTE_WRITE;
	assert_true(hpte_xlate_rights(&access, 2) & HPTE_WRITE);
	access.kind = HPTE_EXECUTE;
	assert_false(hpte_xlate_rights(&access, 2) & HPTE_EXECUTE);
	access.msr = MSR_DR;
	assert_true(hpte_xlate_rights(&access, 2) & HPTE_EXECUTE);
	access.kind = HPTE_READ;
	assert_false(hpte_xlate_rights(&access, 2) & HPTE_READ);
}

static uint64_t segment_of(const struct hpte_va *va)
{
	uint64_t l_lp = va->base == 12 ? 0 : va->base == 16 ? 0x110 :
			va->base == 24 ? 0x100 : 0x120;

	return l_lp | (va->segment == 40 ? LARGE | va->vsid << 24 :
		       va->vsid << 12);
}

/* Every state, every size, either group, every offset bit. */
static void translate(void **state)
{
	struct fixture *f = fixture_of(state);
	struct hpte_translation result, poison;
	struct hpte_access access;
	unsigned int n, bit;

	memset(&poison, 0xA5, sizeof(poison));
	for (n = 0; n < ENTRY_SIZES * ENTRY_STATES * 2; n++) {
		struct entry_size size = entry_sizes[n / 6];
		struct entry entry;
		uint64_t mask = (UINT64_C(1) << size.actual) - 1;

		fixture_restart(f);
		entry = entry_make(f, size, 1, n & 1, ENTRY_RW | HPTE_DW1_N);
		entry_put(f, &entry, (enum entry_state)(n / 2 % 3), false);
		memset(&access, 0, sizeof(access));
		access.msr = MSR_DR;
		access.kind = HPTE_READ;
		access.descriptor = segment_of(&entry.va);
		for (bit = 0; bit < size.base; bit++) {
			uint64_t offset = entry.va.offset |
					  ((UINT64_C(2) << bit) - 1);

			access.ea = (UINT64_C(0xC) << 60) | offset;
			result = poison;
			assert_int_equal(hpte_xlate_access(&f->table, &access,
							   &result), HPTE_OK);
			assert_int_equal(result.gpa,
					 entry.real | (offset & mask));
			assert_int_equal(result.rights, HPTE_READ | HPTE_WRITE);
			assert_int_equal(result.view.index, entry.index);
			assert_int_equal(result.view.guest.dw1,
					 entry.guest.dw1);
		}
		result = poison;
		access.ea = entry.va.offset ^ (UINT64_C(1) << size.base);
		assert_int_equal(hpte_xlate_access(&f->table, &access, &result),
				 HPTE_ERR_NOTFOUND);
		access.descriptor = UINT64_C(3) << 62;
		assert_int_equal(hpte_xlate_access(&f->table, &access, &result),
				 HPTE_ERR_ENCODING);
		access.msr = 0;
		access.ea = UINT64_C(1) << 40;
		access.vrma = VRMA;
		assert_int_equal(hpte_xlate_access(&f->table, &access, &result),
				 HPTE_ERR_NOTFOUND);
		assert_memory_equal(&result, &poison, sizeof(result));
	}
}

static void translate_writes_nothing(void **state)
{
	struct fixture *f = fixture_of(state);
	struct hpte_translation result;
	struct hpte_access access;
	struct entry entry;
	struct hpte before, now;
	int n;

	for (n = 0; n < ENTRY_STATES; n++) {
		fixture_restart(f);
		entry = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);
		entry_put(f, &entry, (enum entry_state)n, false);
		before = memory_entry(f, entry.index);
		fake_host_forget(&f->host);
		memset(&access, 0, sizeof(access));
		access.msr = MSR_DR;
		access.kind = HPTE_WRITE;
		access.descriptor = segment_of(&entry.va);
		access.ea = entry.va.offset;
		assert_int_equal(hpte_xlate_access(&f->table, &access, &result),
				 HPTE_OK);
		now = memory_entry(f, entry.index);
		assert_memory_equal(&before, &now, sizeof(now));
		assert_int_equal(f->host.calls.classify, 0);
		assert_int_equal(f->host.calls.map_page, 0);
		assert_no_host(result.view.guest.dw1);
		assert_no_host(result.gpa);
	}
}

static void v19_table_registers(void **state)
{
	unsigned int order;

	(void)state;
	assert_int_equal(hpte_xlate_sdr1(UINT64_C(0x100000000), 24),
			 UINT64_C(0x100000006));
	assert_int_equal(hpte_xlate_pate0(UINT64_C(0x100000000), 24,
					  hpte_xlate_vrma(16)),
			 UINT64_C(0x1000000A6));
	for (order = 18; order <= 46; order++) {
		uint64_t base = UINT64_C(1) << order | UINT64_C(1) << 50;

		assert_int_equal(hpte_xlate_sdr1(base, order),
				 base + order - 18);
		assert_int_equal(hpte_xlate_pate0(base, order, VRMA),
				 base + order - 18);
		assert_int_equal(hpte_xlate_pate0(base, order, VRMA | 0x100),
				 base + order - 18 + 0x80);
	}
}

static void v20_vrma_registers(void **state)
{
	unsigned int base;

	(void)state;
	for (base = 0; base < 70; base++) {
		uint64_t want = base == 12 ? VRMA : base == 16 ? VRMA | 0x110 :
				base == 24 ? VRMA | 0x100 : 0;

		assert_int_equal(hpte_xlate_vrma(base), want);
	}
	assert_int_equal(hpte_xlate_vrmasd(hpte_xlate_vrma(12)), 0);
	assert_int_equal(hpte_xlate_vrmasd(hpte_xlate_vrma(16)),
			 UINT64_C(0x0008800000000000));
	assert_int_equal(hpte_xlate_vrmasd(hpte_xlate_vrma(24)),
			 UINT64_C(0x0008000000000000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(segment_search),
		cmocka_unit_test(segment_bits),
		cmocka_unit_test(which_segment),
		cmocka_unit_test(virtual_addresses),
		TEST_OF_KIND_(rights_matrix, fixture_setup, 0, "soft-207"),
		cmocka_unit_test(rights_half_translated),
		TEST_EVERY_KIND(translate),
		TEST_EVERY_KIND(translate_writes_nothing),
		cmocka_unit_test(v19_table_registers),
		cmocka_unit_test(v20_vrma_registers),
	};

	return TEST_RUN("xlate", tests);
}
