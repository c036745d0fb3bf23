/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * linux/devmem.c - a user's loads and stores to the visor's devices, through
 * a mapping of /dev/mem: every width, by instructions that are known.
 *
 * usage: devmem		the registers of both devices (devices.h)
 *        devmem memory		the same on ordinary memory: is this test right
 *        devmem nothing	a load where nothing is must be a signal
 *        devmem verdict N	tell the visor how it all went
 *
 * Each form is run at several offsets.  The 8 bytes around the access and 8
 * on either side are filled before it, and compared after it.
 *
 * Exit status: 0 right, 1 wrong, 2 cannot be tried.
 *
 * Little-endian POWER only.
 */
#include "devices.h"
#include "forms.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MAP_BYTES	0x10000		/* a page, whatever size those have */
#define AROUND		3		/* doublewords */
#define TOLD		4		/* mistakes told of a device */

/* A bug on purpose, in one instruction's access, which must be seen. */
#ifndef PLANT
#define PLANT 0
#endif
#define PLANT_REGISTER		1
#define PLANT_STORAGE		2
#define PLANT_ADDRESS		3

static const uint16_t offsets[] = { 0x8, 0x138, 0x7F8, 0xFF0 };

static const char *current = "nothing yet";
static unsigned int accesses;
static unsigned int mistakes;		/* of this device */

static int complain(const char *what)
{
	fprintf(stderr, "devmem: %s: %s\n", what, strerror(errno));
	return 2;
}

/* Numbers that differ, always the same. */
static uint64_t next_random(void)
{
	static uint64_t state = 1;

	state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
	return state ^ state >> 29;
}

/* No NaN, for converting one may change it; every fourth is denormal. */
static uint32_t random_single(void)
{
	uint32_t bits = (uint32_t)next_random();

	if (next_random() % 4 == 0)
		return bits & 0x807FFFFF;
	if ((bits & 0x7F800000) == 0x7F800000)
		bits ^= 0x00800000;
	return bits;
}

static uint64_t single_to_double(uint32_t bits)
{
	uint64_t wide;
	double number;
	float narrow;

	memcpy(&narrow, &bits, sizeof(narrow));
	number = narrow;
	memcpy(&wide, &number, sizeof(wide));
	return wide;
}

/* What a register holds for these bytes of storage, and the other way. */
static uint64_t register_of(const struct form *form, const uint8_t *at)
{
	uint64_t value = 0;
	unsigned int i;

	for (i = 0; i < form->bytes; i++) {
		unsigned int place = form->kind == REVERSED ?
				     form->bytes - 1U - i : i;

		value |= (uint64_t)at[i] << 8 * place;
	}
	if (form->kind == SINGLE)
		return single_to_double((uint32_t)value);
	if (form->kind == SIGNED && form->bytes == 2)
		return (uint64_t)(int64_t)(int16_t)value;
	if (form->kind == SIGNED && form->bytes == 4)
		return (uint64_t)(int64_t)(int32_t)value;
	return value;
}

static void put_around(volatile uint64_t *to, const uint8_t *bytes)
{
	uint64_t value;
	unsigned int i;

	for (i = 0; i < AROUND; i++) {
		memcpy(&value, bytes + 8 * i, sizeof(value));
		to[i] = value;
	}
}

static void get_around(const volatile uint64_t *from, uint8_t *bytes)
{
	unsigned int i;

	for (i = 0; i < AROUND; i++) {
		uint64_t value = from[i];

		memcpy(bytes + 8 * i, &value, sizeof(value));
	}
}

static bool wrong(const struct form *form, unsigned int offset,
		  const char *what, uint64_t got, uint64_t wanted)
{
	if (mistakes++ < TOLD)
		fprintf(stderr, "devmem: %s at 0x%x: %s is 0x%" PRIx64
			", not 0x%" PRIx64 "\n", form->name, offset, what, got,
			wanted);
	return false;
}

/* One access, @offset bytes into the device. */
static bool try_one(const struct form *form, uint8_t *device,
		    unsigned int offset)
{
	uint64_t address = (uint64_t)(device + offset);
	uint64_t *around = (uint64_t *)(device + (offset & ~7U)) - 1;
	unsigned int at = 8 + offset % 8;
	uint64_t moved = form->update ? address : address - MOVED_BY;
	uint8_t before[8 * AROUND], other[8], after[8 * AROUND];
	uint64_t value, base, got;
	uint32_t single = random_single();
	unsigned int i;

	for (i = 0; i < sizeof(before); i++)
		before[i] = (uint8_t)(next_random() >> 20);
	for (i = 0; i < sizeof(other); i++)
		other[i] = (uint8_t)(next_random() >> 20);
	if (form->kind == SINGLE) {
		memcpy(before + at, &single, sizeof(single));
		single = random_single();
		memcpy(other, &single, sizeof(single));
	}
	put_around(around, before);
	value = register_of(form, form->store ? other : before + at);
	got = form->run(address, value, &base);
	got ^= PLANT == PLANT_REGISTER;
	base += PLANT == PLANT_ADDRESS;
	device[offset ^ 4] ^= PLANT == PLANT_STORAGE;
	if (form->store)
		memcpy(before + at, other, form->bytes);
	get_around(around, after);
	accesses++;
	if (base != moved)
		return wrong(form, offset, "the address register", base,
			     moved);
	if (got != value)
		return wrong(form, offset, "the register", got, value);
	for (i = 0; i < sizeof(after); i++) {
		if (after[i] != before[i])
			return wrong(form, offset + i - at, "the byte after it",
				     after[i], before[i]);
	}
	return true;
}

static bool try_form(const struct form *form, uint8_t *device)
{
	unsigned int i, part;

	current = form->name;
	for (i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
		for (part = 0; part < 8; part += form->bytes) {
			if (!try_one(form, device, offsets[i] + part))
				return false;
		}
	}
	return true;
}

static bool try_device(const char *name, uint8_t *device)
{
	unsigned int i, failed = 0;

	mistakes = 0;
	for (i = 0; i < form_count; i++) {
		if (!try_form(&forms[i], device))
			failed++;
	}
	printf("devmem: %s: %u of %u instructions right\n", name,
	       form_count - failed, form_count);
	return !failed;
}

static void on_signal(int number)
{
	fprintf(stderr, "devmem: signal %d at %s\n", number, current);
	_exit(1);
}

static uint8_t *map(uint64_t real)
{
	int file = open("/dev/mem", O_RDWR | O_SYNC);
	uint8_t *there = MAP_FAILED;

	if (file >= 0) {
		there = mmap(NULL, MAP_BYTES, PROT_READ | PROT_WRITE,
			     MAP_SHARED, file,
			     (off_t)(real & ~(uint64_t)(MAP_BYTES - 1)));
		close(file);
	}
	if (there == MAP_FAILED)
		exit(complain("/dev/mem"));
	return there + real % MAP_BYTES;
}

static int test_memory(void)
{
	uint8_t *there = mmap(NULL, MAP_BYTES, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (there == MAP_FAILED)
		return complain("mmap");
	return !try_device("ordinary memory", there);
}

static int test_devices(void)
{
	bool little = try_device("little-endian device", map(SCRATCH_LE_START));
	bool big = try_device("big-endian device", map(SCRATCH_BE_START));

	printf("devmem: %u accesses compared\n", accesses);
	return !little || !big;
}

static sigjmp_buf nothing_there;

static void on_nothing(int number)
{
	siglongjmp(nothing_there, number);
}

static int test_nothing(void)
{
	volatile uint8_t *there = map(NOTHING_START);
	int number;

	signal(SIGBUS, on_nothing);
	signal(SIGSEGV, on_nothing);
	number = sigsetjmp(nothing_there, 1);
	if (!number) {
		fprintf(stderr, "devmem: 0x%02x where nothing is\n", *there);
		return 1;
	}
	printf("devmem: signal %d where nothing is, as it must be\n", number);
	return 0;
}

static int tell_verdict(const char *chars)
{
	char *end;
	unsigned long number = strtoul(chars, &end, 0);

	if (!*chars || *end || number > UINT32_MAX) {
		fprintf(stderr, "devmem: not a verdict: %s\n", chars);
		return 2;
	}
	*(volatile uint32_t *)map(VERDICT_START) =
		__builtin_bswap32((uint32_t)number);
	return 0;
}

int main(int argc, char **argv)
{
	signal(SIGBUS, on_signal);
	signal(SIGSEGV, on_signal);
	signal(SIGILL, on_signal);
	if (argc == 1)
		return test_devices();
	if (argc == 2 && !strcmp(argv[1], "memory"))
		return test_memory();
	if (argc == 2 && !strcmp(argv[1], "nothing"))
		return test_nothing();
	if (argc == 3 && !strcmp(argv[1], "verdict"))
		return tell_verdict(argv[2]);
	fprintf(stderr, "usage: devmem [memory | nothing | verdict N]\n");
	return 2;
}
