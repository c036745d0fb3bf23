/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/selftest/mmio.c - instructions on emulated devices.
 *
 * A device's registers are bytes, so whatever its byte order, it must look
 * like memory to accesses of all widths: the bytes that lbz and stb see are
 * the reference.
 */
#include "tests/system/platform/abi.h"
#include "tests/system/guest/guest.h"
#include "selftest.h"

#define PAGES		7U
#define LITTLE		(small.ea + 0x80000)	/* the device's byte order */
#define BIG		(LITTLE + 0x1000)
#define BUS_ERROR	(LITTLE + 0x2000)
#define UNCLAIMED	(LITTLE + 0x3000)
#define NO_DEVICE	(LITTLE + 0x4000)
#define UART		(LITTLE + 0x5000)
#define RAM		(LITTLE - 0x1000)	/* the page before a device */

static struct page device_pages[PAGES];

static const char *devices(void)
{
	static const uint64_t reals[PAGES] = {
		ABI_SCRATCH_LITTLE, ABI_SCRATCH_BIG, ABI_BUS_ERROR,
		ABI_UNCLAIMED, ABI_NO_DEVICE, ABI_UART, 0,
	};

	SEGMENTS(&small);
	for (unsigned int i = 0; i < PAGES; i++) {
		struct page *page = &device_pages[i];

		*page = (struct page){
			.segment = &small, .ea = LITTLE + i * 0x1000,
			.real = reals[i], .bits = DEVICE | PP_RW,
		};
		if (!page->real) {
			page->ea = RAM;
			page->real = fresh();
			page->bits = MEMORY | PP_RW;
		}
		NEED(page_enter(page) == H_SUCCESS, "H_ENTER %d", i);
	}
	return NULL;
}

/* Put bytes 0x81, 0x92, ... there, one by one. */
static const char *put_bytes(uint64_t ea, unsigned int bytes)
{
	for (unsigned int i = 0; i < bytes; i++) {
		(void)probe_one(VIRTUAL, STB, ea + i, 0x81 + 0x11 * i);
		TRUST(ended(DONE, 0x81 + 0x11 * i));
	}
	return NULL;
}

/* What a big- or a little-endian load of these bytes is. */
static uint64_t number(unsigned int bytes, bool little)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < bytes; i++)
		value = value << 8 |
			((0x81 + 0x11 * (little ? bytes - 1 - i : i)) & 0xff);
	return value;
}

static const char *bytes_are(uint64_t ea, uint64_t value, unsigned int bytes,
			     bool little)
{
	for (unsigned int i = 0; i < bytes; i++) {
		unsigned int shift = 8 * (little ? i : bytes - 1 - i);

		(void)probe_one(VIRTUAL, LBZ, ea + i, 0);
		TRUST(ended(DONE, value >> shift & 0xff));
	}
	return NULL;
}

#define XO_LOAD(xo)	X_FORM(xo, 3, 0, 4)

static const struct {
	uint32_t load, store;
	unsigned int bytes;
	bool reversed, extends;
} widths[] = {
	{ LBZ, STB, 1, false, false },
	{ LHZ, STH, 2, false, false },
	{ LHA, STH, 2, false, true },
	{ LWZ, STW, 4, false, false },
	{ LWA, STW, 4, false, true },
	{ LD, STD, 8, false, false },
	{ XO_LOAD(790), XO_LOAD(918), 2, true, false },	/* lhbrx, sthbrx */
	{ XO_LOAD(534), XO_LOAD(662), 4, true, false },	/* lwbrx, stwbrx */
	{ XO_LOAD(532), XO_LOAD(660), 8, true, false },	/* ldbrx, stdbrx */
};

static uint64_t extended(uint64_t value, unsigned int bytes)
{
	unsigned int unused = 64 - 8 * bytes;

	return (uint64_t)((int64_t)(value << unused) >> unused);
}

static const char *loads(uint64_t msr, bool reversed)
{
	TRUST(devices());
	for (unsigned int i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		unsigned int bytes = widths[i].bytes;
		bool little = ((msr & MSR_LE) != 0) != widths[i].reversed;
		uint64_t want = number(bytes, little);

		if (widths[i].reversed != reversed)
			continue;
		if (widths[i].extends)
			want = extended(want, bytes);
		for (unsigned int device = 0; device < 2; device++) {
			uint64_t ea = LITTLE + device * 0x1000 + 0x40;

			TRUST(put_bytes(ea, bytes));
			(void)probe_one(msr, widths[i].load, ea, 0);
			TRUST(ended(DONE, want));
		}
	}
	return NULL;
}

static const char *stores(uint64_t msr, bool reversed)
{
	const uint64_t value = UINT64_C(0xfedcba9876543210);

	TRUST(devices());
	for (unsigned int i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		bool little = ((msr & MSR_LE) != 0) != widths[i].reversed;

		if (widths[i].reversed != reversed)
			continue;
		for (unsigned int device = 0; device < 2; device++) {
			uint64_t ea = LITTLE + device * 0x1000 + 0x80;

			TRUST(put_bytes(ea, 8));
			(void)probe_one(msr, widths[i].store, ea, value);
			TRUST(ended(DONE, value));
			TRUST(bytes_are(ea, value, widths[i].bytes, little));
		}
	}
	return NULL;
}

static const char *loads_big(void)
{
	return loads(VIRTUAL, false);
}

static const char *stores_big(void)
{
	return stores(VIRTUAL, false);
}

static const char *loads_little(void)
{
	TRUST(loads(VIRTUAL | MSR_LE, false));
	return loads(VIRTUAL | MSR_LE, true);
}

static const char *stores_little(void)
{
	TRUST(stores(VIRTUAL | MSR_LE, false));
	return stores(VIRTUAL | MSR_LE, true);
}

static const char *reversed(void)
{
	TRUST(loads(VIRTUAL, true));
	return stores(VIRTUAL, true);
}

static const char *problem_state(void)
{
	TRUST(loads(USER, false));
	return stores(USER, false);
}

static const char *updates(void)
{
	TRUST(devices());
	TRUST(put_bytes(BIG + 0x18, 8));
	(void)probe_one(VIRTUAL, LDU | 0x18, BIG, 0);
	TRUST(ended(DONE, number(8, false)));
	NEED(this_cpu()->gpr[4] == BIG + 0x18, "r4 is %x", this_cpu()->gpr[4]);
	(void)probe_one(VIRTUAL, STDU | 0xfff8, LITTLE + 0x28, 5);
	TRUST(ended(DONE, 5));
	NEED(this_cpu()->gpr[4] == LITTLE + 0x20, "r4 is %x",
	     this_cpu()->gpr[4]);
	TRUST(bytes_are(LITTLE + 0x20, 5, 8, false));
	/* an access that fails updates nothing */
	(void)probe_one(VIRTUAL, LDU | 0x18, BUS_ERROR, 3);
	TRUST(ended_at(MACHINE_CHECK, BUS_ERROR + 0x18));
	NEED(this_cpu()->gpr[4] == BUS_ERROR && this_cpu()->gpr[3] == 3,
	     "r4 is %x after a bus error", this_cpu()->gpr[4]);
	return NULL;
}

static const char *multiple(void)
{
	static const uint32_t load_multiple[] = { D_FORM(46, 29, 4, 0) },
		store_multiple[] = { D_FORM(47, 29, 4, 0) };
	struct cpu *cpu = this_cpu();

	TRUST(devices());
	for (uint64_t ea = LITTLE; ea <= BIG; ea += 0x1000) {
		TRUST(put_bytes(ea, 12));
		(void)probe(VIRTUAL, load_multiple, 1, ea, 0);
		TRUST(ended(DONE, 0));
		NEED(cpu->gpr[29] == 0x8192a3b4 && cpu->gpr[30] == 0xc5d6e7f8 &&
		     cpu->gpr[31] == 0x091a2b3c, "lmw: %x %x %x", cpu->gpr[29],
		     cpu->gpr[30], cpu->gpr[31]);
		for (unsigned int i = 29; i < 32; i++)
			cpu->gpr[i] = 0x01020304 * (i - 28);
		(void)probe(VIRTUAL, store_multiple, 1, ea, 0);
		TRUST(ended(DONE, 0));
		for (unsigned int i = 0; i < 3; i++)
			TRUST(bytes_are(ea + 4 * i, 0x01020304 * (i + 1), 4,
					false));
	}
	return NULL;
}

/* Registers filled from the left, the last one with zeros. */
static const char *strings(void)
{
	/* lswi 30,4,7 and stswi; a register number in place of RB */
	static const uint32_t load_string[] = { X_FORM(597, 30, 4, 7) },
		store_string[] = { X_FORM(725, 30, 4, 7) };
	struct cpu *cpu = this_cpu();

	TRUST(devices());
	TRUST(put_bytes(BIG, 7));
	(void)probe(VIRTUAL, load_string, 1, BIG, 0);
	TRUST(ended(DONE, 0));
	NEED(cpu->gpr[30] == 0x8192a3b4 && cpu->gpr[31] == 0xc5d6e700,
	     "lswi: %x %x", cpu->gpr[30], cpu->gpr[31]);
	(void)probe(VIRTUAL, store_string, 1, LITTLE + 0x40, 0);
	TRUST(ended(DONE, 0));
	TRUST(bytes_are(LITTLE + 0x40, 0x8192a3b4c5d6e7, 7, false));
	(void)probe(VIRTUAL | MSR_LE, load_string, 1, BIG, 0);
	return ended(ALIGNMENT, 0);
}

/* The bytes of put_bytes() are here too. */
static const char *copied(uint64_t ea, unsigned int bytes)
{
	for (unsigned int i = 0; i < bytes; i++) {
		(void)probe_one(VIRTUAL, LBZ, ea + i, 0);
		TRUST(ended(DONE, (0x81 + 0x11 * i) & 0xff));
	}
	return NULL;
}

/* Device to register to memory (r5), and back to another place. */
static const char *through(uint64_t msr, const uint32_t in[2],
			   const uint32_t out[2], unsigned int bytes)
{
	for (uint64_t ea = LITTLE; ea <= BIG; ea += 0x1000) {
		TRUST(put_bytes(ea + 0x20, bytes));
		this_cpu()->gpr[5] = RAM;
		(void)probe(msr, in, 2, ea + 0x20, 0);
		TRUST(ended(DONE, 0));
		TRUST(copied(RAM, bytes));
		(void)probe(msr, out, 2, ea + 0x60, 0);
		TRUST(ended(DONE, 0));
		TRUST(copied(ea + 0x60, bytes));
	}
	return NULL;
}

static const char *floating_point(void)
{
	/* lfd 1,0(4); stfd 1,0(5), and the other way round */
	static const uint32_t in[] = { D_FORM(50, 1, 4, 0),
				       D_FORM(54, 1, 5, 0) },
		out[] = { D_FORM(50, 1, 5, 0), D_FORM(54, 1, 4, 0) };

	TRUST(devices());
	return through(VIRTUAL | MSR_FP, in, out, 8);
}

static const char *vector(void)
{
	/* lvx 1,0,4; stvx 1,0,5 */
	static const uint32_t in[] = { X_FORM(103, 1, 0, 4),
				       X_FORM(231, 1, 0, 5) },
		out[] = { X_FORM(103, 1, 0, 5), X_FORM(231, 1, 0, 4) };

	TRUST(devices());
	return through(VIRTUAL | MSR_VEC, in, out, 16);
}

/* Without the facility: its own interrupt, no access. */
static const char *no_facility(void)
{
	uint64_t accesses;

	TRUST(devices());
	accesses = count(ABI_COUNT_MMIO);
	(void)probe_one(VIRTUAL, D_FORM(50, 1, 4, 0), LITTLE, 0);
	TRUST(ended(0x800, 0));
	(void)probe_one(VIRTUAL, X_FORM(103, 1, 0, 4), LITTLE, 0);
	TRUST(ended(0xf20, 0));
	NEED(count(ABI_COUNT_MMIO) == accesses, "the device was accessed");
	return NULL;
}

/* One access is one access: of the width that the instruction has. */
static const char *counted(void)
{
	uint64_t accesses;

	TRUST(devices());
	accesses = count(ABI_COUNT_MMIO);
	(void)probe_one(VIRTUAL, LD, LITTLE, 0);
	(void)probe_one(VIRTUAL, STB, BIG + 7, 0);
	(void)probe_one(VIRTUAL, LHZ, BIG + 6, 0);
	NEED(count(ABI_COUNT_MMIO) == accesses + 3, "%x accesses, not 3",
	     count(ABI_COUNT_MMIO) - accesses);
	return NULL;
}

static const char *uart(void)
{
	TRUST(devices());
	(void)probe_one(VIRTUAL, LBZ, UART + ABI_UART_STATUS, 0);
	TRUST(ended(DONE, ABI_UART_READY));
	(void)probe_one(VIRTUAL, STB, UART, '\n');
	return ended(DONE, '\n');
}

static const char *bus_error(void)
{
	TRUST(devices());
	(void)probe_one(VIRTUAL, LWZ, BUS_ERROR + 0x10, 3);
	TRUST(ended_at(MACHINE_CHECK, BUS_ERROR + 0x10));
	NEED(this_cpu()->gpr[3] == 3, "r3 has changed");
	(void)probe_one(VIRTUAL, STD, BUS_ERROR + 0x18, 3);
	return ended_at(MACHINE_CHECK, BUS_ERROR + 0x18);
}

static const char *nobody(void)
{
	TRUST(devices());
	(void)probe_one(VIRTUAL, LWZ, UNCLAIMED + 0x10, 0);
	TRUST(ended_at(MACHINE_CHECK, UNCLAIMED + 0x10));
	(void)probe_one(VIRTUAL, LWZ, NO_DEVICE + 0x10, 0);
	TRUST(ended_at(MACHINE_CHECK, NO_DEVICE + 0x10));
	/* a width that the device does not take */
	(void)probe_one(VIRTUAL, STW, UART, 0);
	return ended_at(MACHINE_CHECK, UART);
}

/* [ISA]: reservations, on storage that is not memory */
static const char *reservation(void)
{
	TRUST(devices());
	(void)probe_one(VIRTUAL, LWARX, LITTLE + 8, 0);
	TRUST(ended_in_dsi(LITTLE + 8, BAD_ACCESS));
	(void)probe_one(VIRTUAL, X_FORM(84, 3, 0, 4), BIG + 8, 0);
	return ended_in_dsi(BIG + 8, BAD_ACCESS);
}

static const char *cache_block(void)
{
	uint64_t accesses;

	TRUST(devices());
	accesses = count(ABI_COUNT_MMIO);
	(void)probe_one(VIRTUAL, DCBZ, LITTLE + 0x100, 0);
	TRUST(ended_at(ALIGNMENT, LITTLE + 0x100));
	/* dcbf, dcbst: nothing to do */
	(void)probe_one(VIRTUAL, X_FORM(86, 0, 0, 4), LITTLE + 0x100, 0);
	TRUST(ended(DONE, 0));
	(void)probe_one(VIRTUAL, X_FORM(54, 0, 0, 4), LITTLE + 0x100, 0);
	TRUST(ended(DONE, 0));
	NEED(count(ABI_COUNT_MMIO) == accesses, "the device was accessed");
	return NULL;
}

static const char *fetched(void)
{
	TRUST(devices());
	(void)fetch(VIRTUAL, LITTLE + 0x100);
	TRUST(ended_in_isi(LITTLE + 0x100, NO_EXECUTE));
	(void)fetch(USER, NO_DEVICE);
	return ended_in_isi(NO_DEVICE, NO_EXECUTE);
}

static const char *crossing(void)
{
	uint64_t accesses;

	TRUST(devices());
	accesses = count(ABI_COUNT_MMIO);
	(void)probe_one(VIRTUAL, LD, LITTLE + 0xffc, 0);
	TRUST(ended_at(ALIGNMENT, LITTLE + 0xffc));
	(void)probe_one(VIRTUAL, STW, LITTLE + 0xffe, 0);
	TRUST(ended(ALIGNMENT, 0));
	/* lmw 29,0(4): each of its words is aligned */
	(void)probe_one(VIRTUAL, D_FORM(46, 29, 4, 0), LITTLE + 0xff8, 0);
	TRUST(ended_at(ALIGNMENT, LITTLE + 0xff8));
	NEED(count(ABI_COUNT_MMIO) == accesses, "a device was accessed");
	return NULL;
}

/* These devices take no access that is not aligned. */
static const char *misaligned(void)
{
	uint64_t accesses;

	TRUST(devices());
	accesses = count(ABI_COUNT_MMIO);
	(void)probe_one(VIRTUAL, LWZ, LITTLE + 2, 0);
	TRUST(ended_at(ALIGNMENT, LITTLE + 2));
	(void)probe_one(VIRTUAL, STD, BIG + 4, 0);
	TRUST(ended_at(ALIGNMENT, BIG + 4));
	(void)probe_one(VIRTUAL | MSR_LE, LHZ, BIG + 1, 0);
	TRUST(ended_at(ALIGNMENT, BIG + 1));
	NEED(count(ABI_COUNT_MMIO) == accesses, "a device was accessed");
	return NULL;
}

/* MSR[SF]=0: bits 0:31 of an address do not count. */
static const char *narrow(void)
{
	const uint64_t high = UINT64_C(0xdeadbeef00000000);

	TRUST(devices());
	TRUST(put_bytes(BIG + 0x48, 8));
	(void)probe_one(VIRTUAL & ~MSR_SF, LD, high | (BIG + 0x48), 0);
	TRUST(ended(DONE, number(8, false)));
	(void)probe_one(VIRTUAL & ~MSR_SF, STW, high | BIG, 0x77);
	TRUST(ended(DONE, 0x77));
	return bytes_are(BIG, 0x77, 4, false);
}

/* Half of it memory: it must end, and no device may see the other half. */
static const char *half_memory(void)
{
	uint64_t accesses;

	TRUST(devices());
	accesses = count(ABI_COUNT_MMIO);
	(void)probe_one(VIRTUAL, LD, RAM + 0xffc, 0);
	TRUST(ended(ALIGNMENT, 0));
	(void)probe_one(VIRTUAL, STD, RAM + 0xffc, 0);
	TRUST(ended(ALIGNMENT, 0));
	NEED(count(ABI_COUNT_MMIO) == accesses, "a device was accessed");
	return NULL;
}

/* Rights hold for devices, though no walker ever sees their entries. */
static const char *device_rights(void)
{
	const struct page *page = &device_pages[0];
	uint64_t old[2];

	TRUST(devices());
	(void)store(LITTLE, 1);
	TRUST(ended(DONE, 1));
	NEED(hcall(H_PROTECT, FLAG_AVPN | PP_RO, page->ptex,
		   page->dw0 & DW0_AVPN, 0) == H_SUCCESS, "H_PROTECT");
	(void)store(LITTLE, 2);
	TRUST(ended_in_dsi(LITTLE, PROTECTION | STORE));
	(void)load(LITTLE);
	TRUST(ended(DONE, 1));
	NEED(page_remove(page, old) == H_SUCCESS, "H_REMOVE");
	(void)load(LITTLE);
	TRUST(ended_in_dsi(LITTLE, NO_ENTRY));
	(void)load(BIG);
	return ended(DONE, this_cpu()->gpr[3]);
}

static const char *device_keys(void)
{
	struct page page = {
		.segment = &small, .ea = LITTLE + 0x8000,
		.real = ABI_SCRATCH_BIG, .bits = DEVICE | PP_RW | 0x600,
	};
	const char *why;

	TRUST(devices());
	NEED(page_enter(&page) == H_SUCCESS, "H_ENTER");
	(void)store(page.ea, 1);
	TRUST(ended(DONE, 1));
	keys_set(UINT64_C(2) << (62 - 2 * 3), 0);
	(void)store(page.ea, 2);
	why = ended_in_dsi(page.ea, KEY | STORE);
	keys_set(0, 0);
	TRUST(why);
	(void)load(page.ea);
	return ended(DONE, 1);
}

/* One page of 64K: four devices. */
static const char *big_page(void)
{
	struct page page = {
		.segment = &medium, .ea = medium.ea + 0x50000,
		.real = ABI_SCRATCH_LITTLE, .bits = DEVICE | PP_RW,
	};

	TRUST(devices());
	SEGMENTS(&small, &medium);
	NEED(page_enter(&page) == H_SUCCESS, "H_ENTER");
	(void)store(page.ea + 0x200, 0x1234);
	TRUST(ended(DONE, 0x1234));
	(void)load(LITTLE + 0x200);
	TRUST(ended(DONE, 0x1234));
	(void)store(page.ea + 0x1200, 0x5678);
	TRUST(ended(DONE, 0x5678));
	(void)load(BIG + 0x200);
	TRUST(ended(DONE, 0x5678));
	(void)load(page.ea + 0x2200);
	return ended_at(MACHINE_CHECK, page.ea + 0x2200);
}

const struct check mmio_checks[] = {
	{ "device: loads of all widths, both byte orders", loads_big },
	{ "device: stores of all widths, both byte orders", stores_big },
	{ "device: byte-reversed loads and stores", reversed },
	{ "device: little-endian loads", loads_little },
	{ "device: little-endian stores", stores_little },
	{ "device: the same in problem state", problem_state },
	{ "device: ldu and stdu, and when they fail", updates },
	{ "device: lmw and stmw", multiple },
	{ "device: lswi and stswi, big-endian only", strings },
	{ "device: lfd and stfd", floating_point },
	{ "device: lvx and stvx", vector },
	{ "device: facility unavailable comes first", no_facility },
	{ "device: one access for each instruction", counted },
	{ "device: serial port", uart },
	{ "device: bus error is a machine check", bus_error },
	{ "device: nobody there is a machine check", nobody },
	{ "device: lwarx and ldarx are a DSI", reservation },
	{ "device: dcbz is an alignment interrupt, dcbf nothing",
	  cache_block },
	{ "device: a fetch is an ISI", fetched },
	{ "device: an access across pages is an alignment interrupt",
	  crossing },
	{ "device: a misaligned access is an alignment interrupt", misaligned },
	{ "device: 32-bit addresses", narrow },
	{ "device: an access from memory into it is one too", half_memory },
	{ "device: H_PROTECT and H_REMOVE hold at once", device_rights },
	{ "device: keys hold", device_keys },
	{ "device: several in a page of 64K", big_page },
	{ NULL, NULL }
};
