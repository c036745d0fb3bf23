/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/fault_status.c - the decision and its status bits, compared with
 * a slow oracle over the matrix of everything that decides.
 */
#include "fault_scene.h"

struct expected {
	uint32_t action;
	uint32_t bits;
};

/* Contract 1.12: who may what, for key 0 and for key 1. */
static const char *const by_pp[8][2] = {
	{ "rw", "" }, { "rw", "r" }, { "rw", "rw" }, { "r", "r" },
	{ "", "" }, { "", "" }, { "r", "" }, { "", "" },
};

/* KEY, PROTECTION, NO_EXECUTE: what the guest's own rules say; 0: allowed. */
static uint32_t guest_refuses(const struct hpte_fault *fault, uint64_t dw1)
{
	const struct hpte_access *access = &fault->access;
	bool fetch = fault->flags & HPTE_FAULT_FETCH;
	bool store = !fetch && (fault->status & STORE);
	bool on = access->msr & (fetch ? MSR_IR : MSR_DR);
	uint64_t segment = on ? access->descriptor : access->vrma;
	uint64_t pp = (dw1 >> 61 & 4) | (dw1 & 3);
	uint64_t key = (dw1 >> 57 & 0x18) | (dw1 >> 9 & 7);
	bool ks = access->msr & MSR_PR ? segment & 0x400 : segment & 0x800;
	uint64_t field = (fetch ? access->iamr : access->amr) >> (62 - 2 * key);

	if (fetch && ((dw1 & 0xC) || (segment & 0x200)))
		return NO_EXECUTE;
	if (!strchr(by_pp[pp][ks], store ? 'w' : 'r'))
		return PROTECTION;
	if (on && (field & (store ? 2 : 1)))
		return KEY;
	return 0;
}

/*
 * Contract 1.11, 4.8: can the access have a virtual address at all?  If not
 * it can never succeed, and is reflected whatever the reason: a retry would
 * come back for ever.
 */
static bool reachable(const struct hpte_fault *fault)
{
	const struct hpte_access *access = &fault->access;
	bool fetch = fault->flags & HPTE_FAULT_FETCH;
	bool on = access->msr & (fetch ? MSR_IR : MSR_DR);
	uint64_t segment = on ? access->descriptor : access->vrma;

	if (!on && (access->ea & UINT64_C(0x0FFFFF0000000000)))
		return false;
	if (segment >> 63)
		return false;
	if (!(segment & 0x100))
		return true;
	/* LPCR[ISL] is about the SLB: it does not apply in real mode. */
	if (on && (fault->flags & HPTE_FAULT_BASE_4K))
		return true;
	if ((segment & 0x30) == 0x30)
		return false;
	return (segment & 0x30) != 0x20 || segment >> 62 == 1;
}

/* Contract 4.3, one rule after the other; @entry: NULL if there is none. */
static struct expected expect(const struct hpte_fault *fault,
			      const struct entry *entry, enum entry_state state)
{
	bool fetch = fault->flags & HPTE_FAULT_FETCH;
	bool on = fault->access.msr & (fetch ? MSR_IR : MSR_DR);
	uint32_t reflect = fetch ? HPTE_FAULT_ISI : HPTE_FAULT_DSI;
	uint32_t miss = fault->status & NO_ENTRY;
	uint32_t ours = fetch ? NO_ENTRY : NO_ENTRY | PROTECTION;
	uint32_t base = fault->status & ~(NO_ENTRY | PROTECTION | KEY);
	uint32_t why;

	if (!(fault->status & ours))
		return (struct expected){ reflect, fault->status };
	if (on && (fault->flags & HPTE_FAULT_NO_SEGMENT))
		return (struct expected){ fetch ? HPTE_FAULT_ISEG :
					  HPTE_FAULT_DSEG, 0 };
	if (!reachable(fault))
		return (struct expected){ reflect, fault->status };
	if (!entry || (!miss && state != ENTRY_VALID))
		return miss ? (struct expected){ reflect, fault->status } :
			      (struct expected){ HPTE_FAULT_RETRY, 0 };
	if (miss && state == ENTRY_VALID)
		return (struct expected){ HPTE_FAULT_RETRY, 0 };
	why = guest_refuses(fault, entry->guest.dw1);
	if (why)
		return (struct expected){ reflect, base | why };
	if (state != ENTRY_MMIO)
		return (struct expected){ HPTE_FAULT_HOST_PAGE, 0 };
	if (fetch)
		return (struct expected){ reflect, base | NO_EXECUTE };
	return (struct expected){ HPTE_FAULT_MMIO, 0 };
}

/* One fault, through both functions if it comes to that for a device. */
static void check(struct scene *scene, const struct entry *entry,
		  enum entry_state state, uint64_t byte)
{
	const struct hpte_fault *fault = &scene->fault;
	struct hpte_outcome *outcome = &scene->outcome;
	bool fetch = fault->flags & HPTE_FAULT_FETCH;
	struct expected want = expect(fault, entry, state);

	scene_resolve(scene, fault->status);
	if (outcome->action == HPTE_FAULT_HOST_PAGE && state == ENTRY_MMIO &&
	    fetch)
		scene_complete(scene);
	assert_int_equal(outcome->action, want.action);
	switch (want.action) {
	case HPTE_FAULT_DSI:
	case HPTE_FAULT_DSEG:
		assert_int_equal(outcome->dar, fault->access.ea);
		assert_int_equal(outcome->bits, want.bits);
		break;
	case HPTE_FAULT_ISI:
	case HPTE_FAULT_ISEG:
		assert_int_equal(outcome->bits, want.bits);
		break;
	case HPTE_FAULT_MMIO:
		assert_int_equal(outcome->fetch_now,
				 !!(fault->access.msr & MSR_IR));
		/* fall through */
	case HPTE_FAULT_HOST_PAGE:
		assert_int_equal(outcome->gpa, scene_gpa(entry, byte));
		assert_int_equal(outcome->is_store,
				 !fetch && (fault->status & STORE));
		break;
	}
}

/* Status bits that say nothing to us; @reason is added. */
static uint32_t noisy(struct fixture *f, bool fetch, uint32_t reason)
{
	uint32_t noise = (uint32_t)test_random_sparse(&f->random);

	noise &= ~(NO_ENTRY | PROTECTION | STORE);
	if (fetch)
		noise &= FETCH_STATUS & ~NO_EXECUTE;
	return noise | reason;
}

/* AMR or IAMR: @field for @key, anything for the others. */
static uint64_t authority(struct fixture *f, uint64_t key, uint64_t field)
{
	uint64_t shift = 62 - 2 * key;

	return (test_random(&f->random) & ~(UINT64_C(3) << shift)) |
	       field << shift;
}

/* All faults there are on one entry: 12 bits of choices. */
static void every_fault(struct scene *scene, uint64_t key, bool real_mode)
{
	static const uint32_t ops[] = { 0, STORE, 0 };
	struct fixture *f = scene->f;
	struct hpte_access *access = &scene->fault.access;
	uint64_t descriptor = access->descriptor, ea = access->ea;
	unsigned int n, op;

	for (n = 0; n < 3 << 9; n++) {
		uint64_t byte = test_random_below(&f->random, 4096);
		uint32_t reason = NO_ENTRY;

		op = n >> 9;
		if (scene->state == ENTRY_VALID && op < 2)
			reason = n & 1 ? PROTECTION : NO_ENTRY | PROTECTION;
		scene->fault.flags = op == 2 ? HPTE_FAULT_FETCH : 0;
		scene->fault.status = noisy(f, op == 2, ops[op] | reason);
		access->ea = ea | byte;
		access->msr = test_random(&f->random) &
			      ~(MSR_PR | MSR_IR | MSR_DR);
		if (!real_mode)
			access->msr |= op == 2 ? MSR_IR : MSR_DR;
		if (n & 2)
			access->msr |= op == 2 ? 0 : MSR_IR;
		if (n & 4)
			access->msr |= MSR_PR;
		access->descriptor = descriptor | (n >> 3 & 7) << 9;
		access->amr = authority(f, key, n >> 6 & 3);
		access->iamr = authority(f, key, (n >> 8 & 1) | (n & 2));
		check(scene, &scene->entry, scene->state, byte);
	}
	access->descriptor = descriptor;
	access->ea = ea;
}

/* Each PP, N, G with a key, in a given state. */
static void matrix(struct fixture *f, enum entry_state state, bool real_mode)
{
	const struct hpte_va va = { VRMA_VSID, 0x7000, 40, 12 };
	struct scene scene;
	uint64_t n;

	for (n = 0; n < 32; n++) {
		uint64_t key = test_random_below(&f->random, 32);
		uint64_t bits = HPTE_DW1_M | (n & 4) << 61 | (n & 3) |
				(n >> 3 & 3) << 2 |
				(key >> 3) << 60 | (key & 7) << 9;
		struct entry entry;

		scene_empty(&scene, f);
		entry = entry_make(f, ENTRY_4K, 1, false, bits);
		if (real_mode)
			entry = scene_entry(f, &va, 12, 0x5000, false, bits);
		scene_put(&scene, &entry, state);
		scene_aim(&scene, &scene.entry, real_mode);
		every_fault(&scene, key, real_mode);
	}
}

static void matrix_absent(void **state)
{
	matrix(fixture_of(state), ENTRY_ABSENT, false);
	matrix(fixture_of(state), ENTRY_ABSENT, true);
}

static void matrix_device(void **state)
{
	matrix(fixture_of(state), ENTRY_MMIO, false);
	matrix(fixture_of(state), ENTRY_MMIO, true);
}

static void matrix_valid(void **state)
{
	matrix(fixture_of(state), ENTRY_VALID, false);
	matrix(fixture_of(state), ENTRY_VALID, true);
}

/* Each key by itself, and none of its neighbours. */
static void every_key(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;
	uint64_t key, bit;

	for (key = 0; key < 32; key++) {
		scene_start(&scene, f, ENTRY_4K, ENTRY_ABSENT, ENTRY_RW |
			    (key >> 3) << 60 | (key & 7) << 9);
		for (bit = 0; bit < 64; bit++) {
			struct hpte_access *access = &scene.fault.access;

			access->amr = UINT64_C(1) << bit;
			access->iamr = UINT64_C(1) << bit;
			scene.fault.flags = 0;
			scene.fault.status = NO_ENTRY;
			check(&scene, &scene.entry, scene.state, 0);
			scene.fault.status = NO_ENTRY | STORE;
			check(&scene, &scene.entry, scene.state, 0);
			scene.fault.flags = HPTE_FAULT_FETCH;
			scene.fault.status = NO_ENTRY;
			check(&scene, &scene.entry, scene.state, 0);
		}
	}
}

/* Every bit alone, with each reason, with every flag; then anything. */
static void every_status_bit(void **state)
{
	static const uint32_t reasons[] = {
		0, NO_ENTRY, PROTECTION, NO_ENTRY | PROTECTION,
	};
	struct fixture *f = fixture_of(state);
	struct scene scene;
	unsigned int n, bit, reason, flags;

	for (n = 0; n < 2 * ENTRY_STATES; n++) {
		scene_start(&scene, f, ENTRY_4K,
			    (enum entry_state)(n % ENTRY_STATES),
			    n < ENTRY_STATES ? ENTRY_RW : HPTE_DW1_PP0);
		for (bit = 0; bit < 33 * 16; bit++) {
			uint32_t mask = (uint32_t)(UINT64_C(1) << bit / 16);

			reason = reasons[bit & 3];
			flags = bit >> 2 & 3;
			scene.fault.flags = flags;
			scene.fault.status = reason | mask;
			/* N or G beside "no entry" is not defined. */
			if ((flags & HPTE_FAULT_FETCH) &&
			    ((mask & ~FETCH_STATUS) ||
			     (mask == NO_EXECUTE && reason)))
				continue;
			check(&scene, &scene.entry, scene.state, 0);
		}
	}
}

/* Also where no entry is, with descriptors and addresses of every kind. */
static void garbage_finds_nothing(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;
	unsigned int n;

	scene_start(&scene, f, ENTRY_4K, ENTRY_ABSENT, ENTRY_RW);
	for (n = 0; n < 20000; n++) {
		struct hpte_access *access = &scene.fault.access;
		bool fetch = n & 1;

		access->ea = test_random_sparse(&f->random);
		if (n % 5 == 0)
			access->ea = n & 2 ? UINT64_MAX : 0;
		access->descriptor = test_random_sparse(&f->random) |
				     UINT64_C(0x800000000000);
		access->vrma = test_random_sparse(&f->random) |
			       UINT64_C(0x800000000000);
		access->msr = test_random(&f->random);
		access->amr = test_random(&f->random);
		scene.fault.flags = fetch ? HPTE_FAULT_FETCH : 0;
		if (n & 8)
			scene.fault.flags |= HPTE_FAULT_BASE_4K;
		scene.fault.status = noisy(f, fetch, n & 4 ? NO_ENTRY :
					   fetch ? 0 : PROTECTION);
		check(&scene, NULL, ENTRY_ABSENT, 0);
	}
}

/* A descriptor that means nothing translates nothing. */
static void reserved_descriptors(void **state)
{
	static const struct { uint64_t set; bool found; } cases[] = {
		{ 0, true }, { 0x80, true }, { 0xF, true }, { 0x40, true },
		{ 0x30, true },		/* LP without L */
		{ UINT64_C(1) << 63, false }, { UINT64_C(3) << 62, false },
		{ 0x130, false }, { 0x120, false },
	};
	struct fixture *f = fixture_of(state);
	struct scene scene;
	uint64_t descriptor;
	size_t i;

	scene_start(&scene, f, ENTRY_4K, ENTRY_ABSENT, ENTRY_RW);
	descriptor = scene.fault.access.descriptor;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct entry *found = cases[i].found ? &scene.entry :
							     NULL;

		scene.fault.access.descriptor = descriptor | cases[i].set;
		scene.fault.status = NO_ENTRY;
		check(&scene, found, scene.state, 0);
		scene.fault.status = PROTECTION | STORE;
		check(&scene, found, scene.state, 0);
	}
}

/* 1T segments ignore VSID bits 12..23 of the descriptor. */
static void large_segment_descriptor(void **state)
{
	struct scene scene;

	scene_start(&scene, fixture_of(state),
		    (struct entry_size){ 40, 12, 12 }, ENTRY_ABSENT, ENTRY_RW);
	scene.fault.access.descriptor |= UINT64_C(0xFFF000);
	scene.fault.status = NO_ENTRY;
	check(&scene, &scene.entry, scene.state, 0);
	scene.fault.access.descriptor |= UINT64_C(1) << 62;
	check(&scene, &scene.entry, scene.state, 0);
	scene.fault.access.descriptor &= ~(UINT64_C(1) << 62);
	check(&scene, NULL, scene.state, 0);
}

/* Real mode: bits 0:3 do not count, bits 4:23 must be zero. */
static void real_mode_addresses(void **state)
{
	struct fixture *f = fixture_of(state);
	struct hpte_va va = { VRMA_VSID, UINT64_C(0xFFFFFFF000), 40, 12 };
	struct scene scene;
	struct entry entry;
	unsigned int bit;
	uint64_t ea;

	scene_empty(&scene, f);
	entry = scene_entry(f, &va, 12, 0x5000, false, ENTRY_RW);
	scene_put(&scene, &entry, ENTRY_ABSENT);
	scene_aim(&scene, &scene.entry, true);
	scene.fault.status = NO_ENTRY;
	scene.fault.flags = HPTE_FAULT_NO_SEGMENT;
	ea = scene.fault.access.ea;
	check(&scene, &scene.entry, scene.state, 0);
	for (bit = 12; bit < 64; bit++) {
		scene.fault.access.ea = ea ^ (UINT64_C(1) << bit);
		check(&scene, bit < 60 ? NULL : &scene.entry, scene.state, 0);
	}
	scene.fault.access.ea = ea | UINT64_C(0xF000000000000FFF);
	check(&scene, &scene.entry, scene.state, 0xFFF);
	/* The same address through a segment, where there is none. */
	scene.fault.access.msr = MSR_DR;
	scene.fault.flags = 0;
	check(&scene, NULL, scene.state, 0);
	scene.fault.access.msr = MSR_IR;
	check(&scene, &scene.entry, scene.state, 0xFFF);
}

/* Peer bug 43: the offset within the actual page, whatever the base page. */
static void every_offset_bit(void **state)
{
	static const enum entry_state states[] = { ENTRY_ABSENT, ENTRY_MMIO };
	struct fixture *f = fixture_of(state);
	struct scene scene;
	unsigned int i, bit, n;

	for (n = 0; n < 2 * ENTRY_SIZES; n++) {
		i = n / 2;
		scene_start(&scene, f, entry_sizes[i], states[n % 2], ENTRY_RW);
		for (bit = 0; bit < entry_sizes[i].base; bit++) {
			uint64_t byte = UINT64_C(1) << bit;

			scene.fault.status = NO_ENTRY;
			scene.fault.access.ea = scene_ea(&scene.entry, byte);
			check(&scene, &scene.entry, scene.state, byte);
			scene.fault.access.ea = scene_ea(&scene.entry,
							 byte - 1);
			check(&scene, &scene.entry, scene.state, byte - 1);
		}
	}
}

/* LPCR[ISL]: the segment's page size does not count. */
static void base_4k(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene scene;
	struct entry large, small;
	struct hpte_va va;

	scene_start(&scene, f, (struct entry_size){ 40, 24, 24 }, ENTRY_ABSENT,
		    ENTRY_RW);
	large = scene.entry;
	va = large.va;
	va.base = 12;
	va.offset += 0xABC000;
	small = scene_entry(f, &va, 12, 0x9000, false, ENTRY_RW);
	scene_put(&scene, &small, ENTRY_ABSENT);
	scene.fault.access.ea += 0xABC123;
	scene.fault.status = NO_ENTRY;
	check(&scene, &large, scene.state, 0xABC123);
	scene.fault.flags = HPTE_FAULT_BASE_4K;
	check(&scene, &small, scene.state, 0x123);
	/* Even a page size that means nothing. */
	scene.fault.access.descriptor |= 0x130;
	check(&scene, &small, scene.state, 0x123);
}

/* Deciding must not store: another CPU may own the entry. */
static void nothing_is_stored(void **state)
{
	struct fixture *f = fixture_of(state);
	struct scene_bytes bytes;
	struct scene scene;
	unsigned int n, bit;

	for (n = 0; n < ENTRY_STATES; n++) {
		scene_start(&scene, f, ENTRY_4K, (enum entry_state)n, ENTRY_RW);
		scene_save(f, &bytes);
		for (bit = 0; bit < 32; bit++) {
			scene.fault.flags = bit & 1;
			scene_resolve(&scene, NO_ENTRY | 1U << bit);
			scene_resolve(&scene, PROTECTION | 1U << bit);
			scene.fault.access.ea ^= UINT64_C(1) << bit;
			scene_resolve(&scene, NO_ENTRY);
		}
		assert_bytes(f, &bytes);
		assert_int_equal(f->host.calls.map_page, 0);
		assert_int_equal(f->host.calls.inval_begin, 0);
		assert_int_equal(f->host.calls.inval_retry, 0);
		assert_int_equal(f->host.calls.flush, 0);
		if (scene.state != ENTRY_MMIO)
			assert_int_equal(f->host.calls.classify, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_EVERY_KIND(matrix_absent),
		TEST_EVERY_KIND(matrix_device),
		TEST_WALKER_KIND(matrix_valid),
		TEST_EVERY_KIND(every_key),
		TEST_EVERY_KIND(every_status_bit),
		TEST_EVERY_KIND(garbage_finds_nothing),
		TEST_EVERY_KIND(reserved_descriptors),
		TEST_EVERY_KIND(large_segment_descriptor),
		TEST_EVERY_KIND(real_mode_addresses),
		TEST_EVERY_KIND(every_offset_bit),
		TEST_EVERY_KIND(base_4k),
		TEST_EVERY_KIND(nothing_is_stored),
	};

	return TEST_RUN("fault_status", tests);
}
