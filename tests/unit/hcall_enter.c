/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/hcall_enter.c - H_ENTER.
 *
 * The numbers in test names are those of the contract's test vectors: V22
 * and so on; D35, D36 are defects of other implementations.
 */
#include "fixture.h"

#define IO_START	UINT64_C(0x8000000000)
#define IO_BYTES	UINT64_C(0x10000000)
#define MIB16		(UINT64_C(1) << 24)

static int64_t enter(struct fixture *f, const struct entry *entry,
		     uint64_t flags)
{
	struct hcall call;
	int64_t code;

	code = HCALL(f, &call, HPTE_HCALL_ENTER, flags, entry->index,
		     entry->guest.dw0, entry->guest.dw1);
	if (code == HPTE_H_SUCCESS)
		assert_int_equal(call.gpr[4] & ~UINT64_C(7),
				 entry->index & ~UINT64_C(7));
	return code;
}

/* Refused: and nothing came into being. */
static void expect_code(struct fixture *f, const struct entry *entry,
			uint64_t flags, int64_t code)
{
	assert_int_equal(enter(f, entry, flags), code);
	if (entry->index < hpte_table_entries(&f->table))
		assert_empty(f, entry->index & ~UINT64_C(7));
}

static struct entry at_address(struct fixture *f, uint64_t gpa,
			       struct entry_size size, uint64_t bits)
{
	struct entry entry = entry_make(f, size, 0, false, bits);

	entry.guest.dw1 += gpa - entry.real;
	entry.real = gpa;
	return entry;
}

static void v22_v23_index_bound(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);
	const uint64_t bad[] = { 0x100000, 0x100001, 0x100007,
				 UINT64_C(1) << 32, UINT64_C(1) << 63,
				 ~UINT64_C(0) };
	unsigned int i;

	for (i = 0; i < 6; i++) {
		e.index = bad[i];
		expect_code(f, &e, 0, HPTE_H_PARAMETER);
		expect_code(f, &e, HPTE_HFLAG_EXACT, HPTE_H_PARAMETER);
	}
	assert_int_equal(f->host.calls.map_page, 0);
	e.index = 0xFFFFF;
	assert_int_equal(enter(f, &e, HPTE_HFLAG_EXACT), HPTE_H_SUCCESS);
	assert_guest_is(f, 0xFFFFF, e.guest.dw0, e.guest.dw1);
}

static void v25_v26_lowest_free_then_full(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);
	struct hcall call;
	uint64_t base = e.index;
	unsigned int i;

	for (i = 0; i < 8; i++) {
		e = entry_make(f, ENTRY_4K, i, false, ENTRY_RW);
		e.index = base + (i * 5) % 8;
		f->host.map_result = i & 1 ? HPTE_HOST_LATER : HPTE_HOST_DONE;
		assert_int_equal(HCALL(f, &call, HPTE_HCALL_ENTER, 0, e.index,
				       e.guest.dw0, e.guest.dw1),
				 HPTE_H_SUCCESS);
		assert_int_equal(call.gpr[4], base + i);
		assert_guest_is(f, base + i, e.guest.dw0, e.guest.dw1);
	}
	assert_int_equal(enter(f, &e, 0), HPTE_H_PTEG_FULL);
	e.index = base + 3;
	assert_int_equal(enter(f, &e, HPTE_HFLAG_EXACT), HPTE_H_PTEG_FULL);
	assert_int_equal(hpte_table_remove(&f->table, base + 3, NULL, NULL),
			 HPTE_OK);
	e.index = base + 7;
	assert_int_equal(enter(f, &e, HPTE_HFLAG_EXACT), HPTE_H_PTEG_FULL);
	e.index = base + 3;
	assert_int_equal(enter(f, &e, HPTE_HFLAG_EXACT), HPTE_H_SUCCESS);
}

struct second_enter {
	struct fixture *f;
	struct entry entry;
	int64_t code;
};

static void enter_exact(void *arg)
{
	struct second_enter *second = arg;

	second->code = enter(second->f, &second->entry, HPTE_HFLAG_EXACT);
}

static void v28_exact_while_it_is_removed(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);
	struct second_enter second;
	struct hcall call;

	hcall_enter(f, &e, 0);
	second.f = f;
	second.entry = entry_make(f, ENTRY_4K, 1, false, ENTRY_RW);
	second.entry.index = e.index;
	second.code = 1;
	fake_host_inject(&f->host, FAKE_AT_FLUSH, enter_exact, &second);
	assert_int_equal(HCALL(f, &call, HPTE_HCALL_REMOVE, 0, e.index),
			 HPTE_H_SUCCESS);
	assert_true(fake_host_injected(&f->host, FAKE_AT_FLUSH));
	assert_int_equal(second.code, HPTE_H_PTEG_FULL);
	enter_exact(&second);
	assert_int_equal(second.code, HPTE_H_SUCCESS);
}

static void v29_reserved_segment_size(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int b;

	for (b = 2; b < 4; b++) {
		struct entry e = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);

		e.guest.dw0 |= (uint64_t)b << 62;
		expect_code(f, &e, 0, HPTE_H_PARAMETER);
	}
}

static void v31_misaligned_rpn(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int i, bit;

	for (i = 0; i < ENTRY_SIZES; i++) {
		struct entry good = entry_make(f, entry_sizes[i], 1, false,
					       ENTRY_RW);

		fixture_restart(f);
		/* LP takes 8 bits of what a large page leaves unused. */
		for (bit = 20; bit < good.page.actual; bit++) {
			struct entry e = good;

			e.guest.dw1 |= UINT64_C(1) << bit;
			expect_code(f, &e, 0, HPTE_H_PARAMETER);
		}
		hcall_enter(f, &good, 0);
		assert_guest_is(f, good.index, good.guest.dw0,
				good.guest.dw1);
	}
}

static void v32_device(void **state)
{
	struct fixture *f = fixture_of(state);
	uint64_t bits = HPTE_DW1_I | HPTE_DW1_G | HPTE_DW1_KEY | 2;
	struct entry e = at_address(f, IO_START, ENTRY_4K, bits);
	struct hpte_view view;
	struct hcall call;

	fake_host_region(&f->host, IO_START, IO_BYTES, HPTE_BACKING_IO, 34);
	hcall_enter(f, &e, 0);
	assert_int_equal(memory_entry(f, e.index).dw0 & HPTE_DW0_V, 0);
	assert_int_equal(hpte_table_read(&f->table, e.index, &view), HPTE_OK);
	assert_int_equal(view.state, HPTE_VIEW_MMIO);
	assert_int_equal(HCALL(f, &call, HPTE_HCALL_READ, 0, e.index),
			 HPTE_H_SUCCESS);
	assert_int_equal(call.gpr[4], e.guest.dw0);
	assert_int_equal(call.gpr[5], e.guest.dw1);
	assert_int_equal(f->host.calls.map_page, 0);
}

/* P3: RAM takes any WIMG; P4: a device needs I=1, W=0. */
static void wimg_of_ram_and_devices(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int wimg;

	fake_host_region(&f->host, IO_START, IO_BYTES, HPTE_BACKING_IO, 34);
	for (wimg = 0; wimg < 16; wimg++) {
		uint64_t bits = (uint64_t)wimg << 3 | 2;
		struct entry ram = entry_make(f, ENTRY_4K, 1, false, bits);
		struct entry io = at_address(f, IO_START, ENTRY_4K, bits);
		bool legal = (wimg & 4) && !(wimg & 8);

		fixture_restart(f);
		hcall_enter(f, &ram, 0);
		assert_guest_is(f, ram.index, ram.guest.dw0, ram.guest.dw1);
		if (f->kind->walker)
			assert_int_equal(memory_entry(f, ram.index).dw1 &
					 HPTE_DW1_WIMG, HPTE_DW1_M);
		fixture_restart(f);
		if (legal)
			hcall_enter(f, &io, 0);
		else
			expect_code(f, &io, 0, HPTE_H_PARAMETER);
	}
}

static void v34_v35_v38_forged_bits(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int forged;
	struct hcall call;

	for (forged = 0; forged < 16; forged++) {
		struct entry e = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);
		struct entry forgery = e;

		fixture_restart(f);
		forgery.guest.dw0 |= (uint64_t)(forged & 3) << 5;
		if (forged & 4)
			forgery.guest.dw1 |= HPTE_DW1_RESERVED;
		if (forged & 8)
			forgery.guest.dw0 &= ~HPTE_DW0_V;
		hcall_enter(f, &forgery, 0);
		assert_int_equal(HCALL(f, &call, HPTE_HCALL_READ, 0, e.index),
				 HPTE_H_SUCCESS);
		assert_int_equal(call.gpr[4], e.guest.dw0);
		assert_int_equal(call.gpr[5], e.guest.dw1);
		assert_int_equal(HCALL(f, &call, HPTE_HCALL_REMOVE, 0,
				       e.index), HPTE_H_SUCCESS);
		assert_int_equal(call.gpr[4], e.guest.dw0);
		assert_int_equal(call.gpr[5], e.guest.dw1);
	}
}

static void host_invalidates(void *arg)
{
	struct fixture *f = arg;

	f->host.sequence++;
}

static void v37_invalidated_meanwhile(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);
	struct hpte_view view;

	fake_host_inject(&f->host, FAKE_AT_MAP, host_invalidates, f);
	hcall_enter(f, &e, 0);
	assert_true(fake_host_injected(&f->host, FAKE_AT_MAP));
	assert_int_equal(hpte_table_read(&f->table, e.index, &view), HPTE_OK);
	assert_int_equal(view.state, 0);
	assert_int_equal(memory_entry(f, e.index).dw0 & HPTE_DW0_V, 0);
	assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1);
}

static void v40_page_larger_than_its_segment(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, entry_sizes[ENTRY_SIZES - 1], 0, false,
				    ENTRY_RW);

	e.guest.dw0 &= ~HPTE_DW0_B;
	expect_code(f, &e, 0, HPTE_H_PARAMETER);
}

static void reserved_page_sizes(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int lp, good = 0;

	for (lp = 0; lp < 256; lp++) {
		struct entry e = entry_make(f, entry_sizes[6], 0, false,
					    ENTRY_RW);
		bool legal = (lp & 15) == 1 || (lp & 15) == 7 || lp == 0 ||
			     lp == 3 || lp == 8 || lp == 0x38;

		fixture_restart(f);
		/* The AVPN of a 16G page has its in-page bits clear. */
		e.guest.dw0 &= ~(UINT64_C(0x7FF) << 7);
		e.guest.dw0 |= HPTE_DW0_L;
		e.guest.dw1 = (uint64_t)lp << 12 | ENTRY_RW;
		if (!legal) {
			expect_code(f, &e, 0, HPTE_H_PARAMETER);
			continue;
		}
		good++;
		assert_int_equal(enter(f, &e, 0), HPTE_H_SUCCESS);
	}
	assert_int_equal(good, 36);
}

/* P28: pairs of page sizes that are not offered. */
static void page_pairs_not_offered(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int i, pair;

	for (pair = 0; pair < HPTE_PAGE_PAIRS; pair++) {
		f->caps.page_pairs = (uint8_t)(HPTE_PAGE_PAIRS_ALL &
					       ~(1U << pair));
		for (i = 0; i < ENTRY_SIZES; i++) {
			struct entry e = entry_make(f, entry_sizes[i], 0,
						    false, ENTRY_RW);

			fixture_restart(f);
			if (e.page.pair == pair)
				expect_code(f, &e, 0, HPTE_H_PARAMETER);
			else
				hcall_enter(f, &e, 0);
		}
	}
}

/* V13, P14. */
static void va_beyond_the_format(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int bit;

	for (bit = 52; bit < 62; bit++) {
		struct entry e = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);

		fixture_restart(f);
		e.guest.dw0 |= UINT64_C(1) << bit;
		if (f->kind->format == HPTE_FORMAT_300) {
			expect_code(f, &e, 0, HPTE_H_PARAMETER);
			continue;
		}
		hcall_enter(f, &e, 0);
		assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1);
	}
}

/* AVPN bits inside the base page are cleared, or refused when strict. */
static void in_page_avpn_bits(void **state)
{
	static const unsigned int sizes[] = { 5, 11, 12 };
	struct fixture *f = fixture_of(state);
	unsigned int i, bit;

	for (i = 0; i < 3; i++) {
		struct entry good = entry_make(f, entry_sizes[sizes[i]], 0,
					       false, ENTRY_RW);
		unsigned int bits = good.page.base - 23U;

		for (bit = 0; bit < bits; bit++) {
			struct entry e = good;

			e.guest.dw0 |= UINT64_C(1) << (7 + bit);
			f->caps.strict = false;
			fixture_restart(f);
			hcall_enter(f, &e, 0);
			assert_guest_is(f, e.index, good.guest.dw0,
					good.guest.dw1);
			f->caps.strict = true;
			fixture_restart(f);
			expect_code(f, &e, 0, HPTE_H_PARAMETER);
		}
	}
}

static void what_backs_the_page(void **state)
{
	static const enum hpte_backing_kind kind[] = {
		HPTE_BACKING_HOLE, HPTE_BACKING_RESCINDED
	};
	static const int64_t code[] = { HPTE_H_PARAMETER, HPTE_H_RESCINDED };
	struct fixture *f = fixture_of(state);
	unsigned int i;

	for (i = 0; i < 2; i++) {
		struct entry e = at_address(f, IO_START, ENTRY_4K, ENTRY_RW);

		f->host.regions = 0;
		fake_host_region(&f->host, IO_START, IO_BYTES, kind[i], 34);
		fixture_restart(f);
		expect_code(f, &e, 0, code[i]);
		assert_int_equal(f->host.classified.gpa, e.real);
		assert_int_equal(f->host.classified.bytes, 4096);
		e = at_address(f, IO_START + IO_BYTES, ENTRY_4K, ENTRY_RW);
		hcall_enter(f, &e, 0);
		e = at_address(f, IO_START + IO_BYTES - 4096, ENTRY_4K,
			       ENTRY_RW);
		assert_int_equal(enter(f, &e, 0), code[i]);
	}
}

/* V163: the whole range counts, not the first byte only. */
static void d35_page_across_the_edge_of_a_region(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = at_address(f, IO_START, entry_sizes[5],
				    HPTE_DW1_I | HPTE_DW1_G | 2);

	/* All but the last 64K: a device, then nothing. */
	fake_host_region(&f->host, IO_START, MIB16 - 0x10000, HPTE_BACKING_IO,
			 34);
	expect_code(f, &e, 0, HPTE_H_PARAMETER);
	f->host.region[0].kind = HPTE_BACKING_HOLE;
	expect_code(f, &e, 0, HPTE_H_PARAMETER);
	f->host.region[0].start = IO_START + MIB16 - 0x10000;
	expect_code(f, &e, 0, HPTE_H_PARAMETER);
	f->host.regions = 0;
	hcall_enter(f, &e, 0);
}

static void page_larger_than_the_region_supports(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int i, largest;

	fake_host_region(&f->host, 0, UINT64_C(1) << 42, HPTE_BACKING_RAM, 0);
	for (i = 0; i < ENTRY_SIZES; i++) {
		struct entry e = entry_make(f, entry_sizes[i], 0, false,
					    ENTRY_RW);

		for (largest = e.page.actual - 1U; largest <= e.page.actual;
		     largest++) {
			f->host.region[0].largest = largest;
			fixture_restart(f);
			if (largest < e.page.actual)
				expect_code(f, &e, 0, HPTE_H_PARAMETER);
			else
				hcall_enter(f, &e, 0);
		}
	}
}

/* V164: the answer does not depend on what is resident. */
static void d36_same_answer_whatever_is_resident(void **state)
{
	static const enum hpte_host_result result[] = {
		HPTE_HOST_DONE, HPTE_HOST_LATER, HPTE_HOST_NEVER
	};
	struct fixture *f = fixture_of(state);
	unsigned int i, small, n;

	fake_host_region(&f->host, IO_START, UINT64_C(1) << 37,
			 HPTE_BACKING_IO, 34);
	for (i = 0; i < 3; i++) {
		for (small = 0; small < 2; small++) {
			f->host.map_result = result[i];
			f->host.map_shift = small ? 12 : 0;
			for (n = 0; n < ENTRY_SIZES; n++) {
				struct entry e = entry_make(f, entry_sizes[n],
							    1, false,
							    ENTRY_RW);

				fixture_restart(f);
				hcall_enter(f, &e, 0);
				assert_guest_is(f, e.index, e.guest.dw0,
						e.guest.dw1);
				/* WIMG is not a device's. */
				e.guest.dw1 += IO_START;
				assert_int_equal(enter(f, &e, 0),
						 HPTE_H_PARAMETER);
			}
		}
	}
}

/* What the host is asked, and what becomes of its answer. */
static void map_page_request(void **state)
{
	struct fixture *f = fixture_of(state);
	unsigned int i, pp;

	for (i = 0; i < ENTRY_SIZES; i++) {
		for (pp = 2; pp < 4; pp++) {
			struct entry e = entry_make(f, entry_sizes[i], i,
						    false, HPTE_DW1_M | pp);

			fixture_restart(f);
			hcall_enter(f, &e, 0);
			if (!f->kind->walker) {
				assert_int_equal(f->host.calls.map_page, 0);
				continue;
			}
			assert_int_equal(f->host.calls.map_page, 1);
			assert_int_equal(f->host.mapped.gpa, e.real);
			assert_int_equal(f->host.mapped.bytes,
					 UINT64_C(1) << e.page.actual);
			assert_int_equal(f->host.map_want_write, pp == 2);
			assert_int_equal(memory_entry(f, e.index).dw0 &
					 HPTE_DW0_V, HPTE_DW0_V);
		}
	}
}

static void no_callbacks_at_all(void **state)
{
	struct fixture *f = fixture_of(state);
	struct entry e = entry_make(f, ENTRY_4K, 0, false, ENTRY_RW);

	f->host.ops.classify = NULL;
	f->host.ops.map_page = NULL;
	f->host.ops.inval_begin = NULL;
	f->host.ops.inval_retry = NULL;
	f->host.ops.mark_dirty = NULL;
	f->host.ops.guest_write = NULL;
	f->host.ops.icache_sync = NULL;
	fixture_restart(f);
	hcall_enter(f, &e, 0);
	assert_guest_is(f, e.index, e.guest.dw0, e.guest.dw1);
	assert_int_equal(memory_entry(f, e.index).dw0 & HPTE_DW0_V, 0);
	e.index = (e.index & ~UINT64_C(7)) + 8;
	expect_code(f, &e, HPTE_HFLAG_ZERO_PAGE, HPTE_H_FUNCTION);
	assert_int_equal(enter(f, &e, HPTE_HFLAG_ICACHE_SYNCHRONIZE),
			 HPTE_H_SUCCESS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_EVERY_KIND_24(v22_v23_index_bound),
		TEST_EVERY_KIND(v25_v26_lowest_free_then_full),
		TEST_EVERY_KIND(v28_exact_while_it_is_removed),
		TEST_EVERY_KIND(v29_reserved_segment_size),
		TEST_EVERY_KIND(v31_misaligned_rpn),
		TEST_EVERY_KIND(v32_device),
		TEST_EVERY_KIND(wimg_of_ram_and_devices),
		TEST_EVERY_KIND(v34_v35_v38_forged_bits),
		TEST_WALKER_KIND(v37_invalidated_meanwhile),
		TEST_EVERY_KIND(v40_page_larger_than_its_segment),
		TEST_EVERY_KIND(reserved_page_sizes),
		TEST_EVERY_KIND(page_pairs_not_offered),
		TEST_EVERY_KIND(va_beyond_the_format),
		TEST_EVERY_KIND(in_page_avpn_bits),
		TEST_EVERY_KIND(what_backs_the_page),
		TEST_EVERY_KIND(d35_page_across_the_edge_of_a_region),
		TEST_EVERY_KIND(page_larger_than_the_region_supports),
		TEST_EVERY_KIND(d36_same_answer_whatever_is_resident),
		TEST_EVERY_KIND(map_page_request),
		TEST_EVERY_KIND(no_callbacks_at_all),
	};

	return TEST_RUN("hcall_enter", tests);
}
