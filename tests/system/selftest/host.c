/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/selftest/host.c - what the host does behind the guest's back,
 * and how interrupts arrive.
 */
#include "tests/system/platform/abi.h"
#include "tests/system/guest/guest.h"
#include "selftest.h"

#define RC		(DW1_R | DW1_C)

static struct page page_of(uint64_t offset, uint64_t bits)
{
	return (struct page){
		.segment = &small, .ea = small.ea + offset, .real = fresh(),
		.bits = bits,
	};
}

static const char *same(const struct page *page, uint64_t dw1)
{
	uint64_t entry[2];

	NEED(entry_read(entry, page->ptex) == H_SUCCESS &&
	     entry[0] == page->dw0 && entry[1] == dw1,
	     "H_READ says %x %x, not %x %x", entry[0], entry[1], page->dw0,
	     dw1);
	return NULL;
}

/* Valid, absent, valid: the guest sees no difference but the fault. */
static const char *demote(void)
{
	struct page page = page_of(0x70000, MEMORY | PP_RW);
	uint64_t raw[2], faults;

	SEGMENTS(&small);
	NEED(page_enter(&page) == H_SUCCESS, "H_ENTER");
	(void)store(page.ea, 0x1234);
	TRUST(ended(DONE, 0x1234));
	for (unsigned int i = 0; i < 3; i++) {
		NEED(entry_raw(raw, page.ptex) == H_SUCCESS &&
		     (raw[0] & DW0_V), "V is 0 after use");
		NEED(hcall(VISOR_DEMOTE, page.ptex, 0, 0, 0) == H_SUCCESS,
		     "VISOR_DEMOTE");
		NEED(entry_raw(raw, page.ptex) == H_SUCCESS &&
		     !(raw[0] & DW0_V), "V is 1 after a demotion");
		TRUST(same(&page, page.dw1 | RC));
		faults = count(ABI_COUNT_HDSI);
		(void)load(page.ea);
		TRUST(ended(DONE, 0x1234));
		NEED(count(ABI_COUNT_HDSI) == faults + 1,
		     "%x interrupts, not 1", count(ABI_COUNT_HDSI) - faults);
		TRUST(same(&page, page.dw1 | RC));
	}
	return NULL;
}

/* What the guest does to an entry while it is absent. */
static const char *change_absent(void)
{
	struct page page = page_of(0x71000, MEMORY | PP_RW);
	uint64_t old[2];

	SEGMENTS(&small);
	NEED(page_enter(&page) == H_SUCCESS, "H_ENTER");
	(void)store(page.ea, 1);
	TRUST(ended(DONE, 1));
	NEED(hcall(VISOR_DEMOTE, page.ptex, 0, 0, 0) == H_SUCCESS,
	     "VISOR_DEMOTE");
	NEED(hcall_out(old, H_CLEAR_MOD, 0, page.ptex, 0, 0) == H_SUCCESS &&
	     old[0] == (page.dw1 | RC), "H_CLEAR_MOD says %x", old[0]);
	TRUST(same(&page, page.dw1 | DW1_R));
	NEED(hcall_out(old, H_CLEAR_REF, 0, page.ptex, 0, 0) == H_SUCCESS &&
	     old[0] == (page.dw1 | DW1_R), "H_CLEAR_REF says %x", old[0]);
	TRUST(same(&page, page.dw1));
	NEED(hcall(H_PROTECT, FLAG_AVPN | PP_RO, page.ptex,
		   page.dw0 & DW0_AVPN, 0) == H_SUCCESS, "H_PROTECT");
	TRUST(same(&page, page.dw1 | PP_RO));
	(void)store(page.ea, 2);
	TRUST(ended_in_dsi(page.ea, PROTECTION | STORE));
	(void)load(page.ea);
	TRUST(ended(DONE, 1));
	TRUST(same(&page, page.dw1 | PP_RO | DW1_R));
	NEED(hcall(VISOR_DEMOTE, page.ptex, 0, 0, 0) == H_SUCCESS,
	     "VISOR_DEMOTE");
	NEED(page_remove(&page, old) == H_SUCCESS &&
	     old[1] == (page.dw1 | PP_RO | DW1_R), "H_REMOVE says %x", old[1]);
	(void)load(page.ea);
	return ended_in_dsi(page.ea, NO_ENTRY);
}

/* The host's own protection never reaches the guest. */
static const char *read_only(void)
{
	struct page page = page_of(0x72000, MEMORY | PP_RW);
	uint64_t faults, reflected = count(ABI_COUNT_REFLECT);

	SEGMENTS(&small);
	*word_at(page.real) = 7;
	NEED(hcall(VISOR_READ_ONLY, page.real, 1, 0, 0) == H_SUCCESS,
	     "VISOR_READ_ONLY");
	NEED(page_enter(&page) == H_SUCCESS, "H_ENTER");
	(void)load(page.ea);
	TRUST(ended(DONE, 7));
	TRUST(same(&page, page.dw1 | DW1_R));
	faults = count(ABI_COUNT_HDSI);
	(void)store(page.ea, 8);
	TRUST(ended(DONE, 8));
	NEED(count(ABI_COUNT_HDSI) == faults + 1, "%x interrupts, not 1",
	     count(ABI_COUNT_HDSI) - faults);
	TRUST(same(&page, page.dw1 | RC));
	NEED(hcall(VISOR_READ_ONLY, page.real, 1, 0, 0) == H_SUCCESS,
	     "VISOR_READ_ONLY again");
	(void)load(page.ea);
	TRUST(ended(DONE, 8));
	(void)store(page.ea, 9);
	TRUST(ended(DONE, 9));
	NEED(count(ABI_COUNT_REFLECT) == reflected, "the guest was told");
	NEED(*word_at(page.real) == 9, "the store did not reach memory");
	return NULL;
}

/* Both forbid it: the guest is told what it forbade itself. */
static const char *read_only_both(void)
{
	struct page page = page_of(0x73000, MEMORY | PP_RO);

	SEGMENTS(&small);
	*word_at(page.real) = 7;
	NEED(hcall(VISOR_READ_ONLY, page.real, 1, 0, 0) == H_SUCCESS,
	     "VISOR_READ_ONLY");
	NEED(page_enter(&page) == H_SUCCESS, "H_ENTER");
	(void)load(page.ea);
	TRUST(ended(DONE, 7));
	(void)store(page.ea, 8);
	TRUST(ended_in_dsi(page.ea, PROTECTION | STORE));
	/* what the guest may do later, the host lets it do */
	NEED(hcall(H_PROTECT, FLAG_AVPN | PP_RW, page.ptex,
		   page.dw0 & DW0_AVPN, 0) == H_SUCCESS, "H_PROTECT");
	(void)store(page.ea, 8);
	TRUST(ended(DONE, 8));
	return same(&page, (page.dw1 & ~PP_RO) | PP_RW | RC);
}

static int64_t backing(const struct page *page, uint64_t kind)
{
	return hcall(VISOR_BACKING, page->real, FRESH, kind, 0);
}

/* Nothing answers for the memory that has become a device, or nothing. */
static const char *memory_goes(uint64_t kind)
{
	struct page page = page_of(0x74000, MEMORY | PP_RW), other = page;

	SEGMENTS(&small);
	NEED(page_enter(&page) == H_SUCCESS, "H_ENTER");
	(void)store(page.ea, 0x55);
	TRUST(ended(DONE, 0x55));
	NEED(backing(&page, kind) == H_SUCCESS, "VISOR_BACKING");
	(void)load(page.ea);
	TRUST(ended_at(MACHINE_CHECK, page.ea));
	(void)fetch(VIRTUAL, page.ea);
	TRUST(ended_in_isi(page.ea, NO_EXECUTE));
	other.ea += 0x1000;
	NEED(page_enter(&other) == H_PARAMETER, "entered as memory");
	NEED(backing(&page, ABI_BACKING_RAM) == H_SUCCESS, "VISOR_BACKING");
	(void)load(page.ea);
	TRUST(ended(DONE, 0x55));
	return same(&page, page.dw1 | RC);
}

static const char *memory_to_device(void)
{
	return memory_goes(ABI_BACKING_IO);
}

static const char *memory_to_hole(void)
{
	return memory_goes(ABI_BACKING_HOLE);
}

/* Entered for a device where memory comes: the generation must move. */
static const char *device_to_memory(void)
{
	struct page page = page_of(0x76000, DEVICE | PP_RW);

	SEGMENTS(&small);
	NEED(backing(&page, ABI_BACKING_IO) == H_SUCCESS, "VISOR_BACKING");
	NEED(page_enter(&page) == H_SUCCESS, "H_ENTER");
	(void)load(page.ea);
	TRUST(ended_at(MACHINE_CHECK, page.ea));
	NEED(backing(&page, ABI_BACKING_RAM) == H_SUCCESS, "VISOR_BACKING");
	(void)store(page.ea, 0x66);
	TRUST(ended(DONE, 0x66));
	NEED(*word_at(page.real) == 0x66, "the store did not reach memory");
	NEED(backing(&page, ABI_BACKING_IO) == H_SUCCESS, "VISOR_BACKING");
	(void)load(page.ea);
	TRUST(ended_at(MACHINE_CHECK, page.ea));
	NEED(backing(&page, ABI_BACKING_RAM) == H_SUCCESS, "VISOR_BACKING");
	(void)load(page.ea);
	return ended(DONE, 0x66);
}

/* H_PROTECT must not undo what the host forbids. */
static const char *protect_read_only(void)
{
	struct page page = page_of(0x77000, MEMORY | PP_RW);
	uint64_t faults;

	SEGMENTS(&small);
	*word_at(page.real) = 7;
	NEED(hcall(VISOR_READ_ONLY, page.real, 1, 0, 0) == H_SUCCESS,
	     "VISOR_READ_ONLY");
	NEED(page_enter(&page) == H_SUCCESS, "H_ENTER");
	(void)load(page.ea);
	TRUST(ended(DONE, 7));
	NEED(hcall(H_PROTECT, 1, page.ptex, 0, 0) == H_SUCCESS, "H_PROTECT");
	faults = count(ABI_COUNT_HDSI);
	(void)store(page.ea, 8);
	TRUST(ended(DONE, 8));
	NEED(count(ABI_COUNT_HDSI) == faults + 1,
	     "the store did not fault in the host");
	return NULL;
}

static const char *enter_at(struct page *page, uint64_t ea, uint64_t real,
			    const struct segment *segment)
{
	*page = (struct page){
		.segment = segment, .ea = ea, .real = real & ~(FRESH - 1),
		.bits = MEMORY | PP_RW,
	};
	NEED(page_enter(page) == H_SUCCESS, "H_ENTER of %x", ea);
	return NULL;
}

static const char *high_interrupts(const struct segment *here)
{
	uint64_t ea = here->ea + 0x765430;
	struct cpu *cpu = this_cpu();

	cpu->high = 0;
	(void)load(ea);
	TRUST(ended_in_dsi(ea, NO_ENTRY));
	NEED(cpu->high & MSR_DR, "at the low vector");
	cpu->high = 0;
	(void)fetch(VIRTUAL, ea);
	TRUST(ended_in_isi(ea, NO_ENTRY));
	NEED(cpu->high & MSR_DR, "the ISI at the low vector");
	cpu->high = 0;
	(void)probe_one(VIRTUAL, 0, 0, 0);
	TRUST(ended(PROGRAM, 0));
	NEED(cpu->high & MSR_DR, "the program interrupt at the low vector");
	/* not from real mode */
	cpu->high = 0;
	(void)probe_one(REAL, LWZ, ABI_RAM_BYTES, 0);
	TRUST(ended_in_dsi(ABI_RAM_BYTES, NO_ENTRY));
	NEED(!cpu->high, "at the high vector from real mode");
	return NULL;
}

/* Vectors at the high location, from @real, and what they store into. */
static const char *high_vectors(uint64_t real)
{
	static const struct segment linear = {
		.ea = UINT64_C(0xc000000000000000), .vsid = 0xccc, .shift = 28,
		.base = 16,
	}, identity = {
		.ea = 0, .vsid = 0xddd, .shift = 28, .base = 16,
	};
	struct page vectors, mine;

	SEGMENTS(&small, &linear, &identity);
	TRUST(enter_at(&vectors, linear.ea, real, &linear));
	return enter_at(&mine, (uintptr_t)this_cpu(), (uintptr_t)this_cpu(),
			&identity);
}

/* LPCR[AIL]=3: interrupts enter at 0xC000000000004000, relocation on. */
static const char *location(void)
{
	const char *why;
	int64_t code;

	TRUST(high_vectors(0));
	code = hcall(ABI_SET_MODE, 3, ABI_MODE_AIL, 0, 0);
	if (code == H_FUNCTION)
		return skip("the visor has no H_SET_MODE");
	NEED(code == H_SUCCESS, "H_SET_MODE says %x", (uint64_t)code);
	why = high_interrupts(&small);
	NEED(hcall(ABI_SET_MODE, 0, ABI_MODE_AIL, 0, 0) == H_SUCCESS,
	     "H_SET_MODE back");
	return why;
}

/* The words of the high vectors in the other byte order, in a new page. */
static uint64_t little_vectors(void)
{
	uint64_t real = fresh();

	for (uint64_t at = 0x4000; at < 0x6000; at += 4)
		put_code(real + at, __builtin_bswap32(*word_at(at)));
	return real;
}

/*
 * LPCR[ILE]: the vectors at the high location run little-endian.  What they
 * store, before the rest goes on in real mode, is the wrong way round.
 */
static const char *little_interrupts(const struct segment *here)
{
	uint64_t ea = here->ea + 0x765430;
	uint32_t reason = NO_ENTRY;
	struct cpu *cpu = this_cpu();
	struct page page;

	for (unsigned int i = 0; i < 4; i++) {
		if (i == 2) {
			/* this one no entry fragment can decide */
			TRUST(enter_at(&page, ea, fresh(), here));
			NEED(hcall(H_PROTECT, PP_RO, page.ptex, 0, 0) ==
			     H_SUCCESS, "H_PROTECT");
			reason = PROTECTION;
		}
		cpu->high = 0;
		(void)probe_one(i & 1 ? VIRTUAL | MSR_LE : VIRTUAL, STW, ea, 0);
		NEED(__builtin_bswap64(cpu->high) & MSR_LE,
		     "MSR %x in the vector", __builtin_bswap64(cpu->high));
		NEED(__builtin_bswap64(cpu->vector) == DSI &&
		     __builtin_bswap64(cpu->srr0) == cpu->pc &&
		     __builtin_bswap64(cpu->srr1) == cpu->msr &&
		     cpu->dar == ea && cpu->dsisr == (reason | STORE),
		     "not a DSI but %x", __builtin_bswap64(cpu->vector));
	}
	return NULL;
}

static const char *byte_order(void)
{
	const char *why = "H_SET_MODE";

	TRUST(high_vectors(little_vectors()));
	if (hcall(ABI_SET_MODE, 3, ABI_MODE_AIL, 0, 0) == H_SUCCESS &&
	    hcall(ABI_SET_MODE, 1, ABI_MODE_ENDIAN, 0, 0) == H_SUCCESS)
		why = little_interrupts(&small);
	NEED(hcall(ABI_SET_MODE, 0, ABI_MODE_ENDIAN, 0, 0) == H_SUCCESS &&
	     hcall(ABI_SET_MODE, 0, ABI_MODE_AIL, 0, 0) == H_SUCCESS,
	     "H_SET_MODE back");
	return why;
}

const struct check host_checks[] = {
	{ "valid, absent, valid: R and C stay", demote },
	{ "hypercalls on an absent entry", change_absent },
	{ "read-only host page: a store is served", read_only },
	{ "read-only host page and PP: DSI", read_only_both },
	{ "H_PROTECT does not undo the host's read-only", protect_read_only },
	{ "memory becomes a device, and memory again", memory_to_device },
	{ "memory becomes nothing, and memory again", memory_to_hole },
	{ "a device becomes memory, and a device again", device_to_memory },
	{ "AIL: interrupts with relocation on", location },
	{ "ILE: interrupts in little-endian mode", byte_order },
	{ NULL, NULL }
};
