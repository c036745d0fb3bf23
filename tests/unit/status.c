/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/unit/status.c - layer 0: byte order, bits, status and PAPR numbers.
 *
 * These values are an interface: of the library to its hosts, of PAPR to its
 * guests.  Each is compared with its digits, not with how it is written.
 *
 * References
 *	[LoPAR]	Linux on Power Architecture Reference, "LPAR option", "Hcall
 *		return codes"
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hpte/env.h>
#include <hpte/host.h>
#include <hpte/papr.h>
#include <hpte/status.h>

#include "random.h"

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

/* Bit by bit: number n, counted from the most significant, is one. */
static uint64_t bits_of(unsigned int first, unsigned int last)
{
	uint64_t word = 0;
	unsigned int n;

	for (n = 0; n < 64; n++)
		word = word * 2 + (n >= first && n <= last);
	return word;
}

static void bit_macros(void **state)
{
	unsigned int first;
	unsigned int last;

	(void)state;
	for (first = 0; first < 64; first++) {
		assert_int_equal(HPTE_BIT(first), bits_of(first, first));
		for (last = first; last < 64; last++)
			assert_int_equal(HPTE_BITS(first, last),
					 bits_of(first, last));
	}
	assert_int_equal(sizeof(HPTE_BIT(63)), 8);
	assert_int_equal(sizeof(HPTE_BITS(63, 63)), 8);
}

/* In memory the most significant byte comes first, on any host. */
static void byte_order(void **state)
{
	static const uint8_t bytes[8] = {
		0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF
	};
	const uint64_t value = UINT64_C(0x0123456789ABCDEF);
	hpte_be64_t word = hpte_be64_from_host(value);
	unsigned int n;

	(void)state;
	assert_int_equal(sizeof(word), sizeof(bytes));
	assert_memory_equal(&word, bytes, sizeof(bytes));
	memcpy(&word, bytes, sizeof(word));
	assert_int_equal(hpte_be64_to_host(word), value);
	for (n = 0; n < 64; n++) {
		uint8_t image[8] = { 0 };

		image[n / 8] = (uint8_t)(0x80 >> n % 8);
		word = hpte_be64_from_host(HPTE_BIT(n));
		assert_memory_equal(&word, image, sizeof(image));
		assert_int_equal(hpte_be64_to_host(word), HPTE_BIT(n));
	}
}

struct number {
	const char *name;
	int64_t value;
	int64_t want;
};

#define NUMBER(name, want)	{ #name, (int64_t)(name), want }

static void check_numbers(const struct number *numbers, size_t count)
{
	size_t i;
	size_t j;

	for (i = 0; i < count; i++) {
		if (numbers[i].value != numbers[i].want)
			fail_msg("%s is %lld", numbers[i].name,
				 (long long)numbers[i].value);
		for (j = 0; j < i; j++)
			if (numbers[i].value == numbers[j].value)
				fail_msg("%s equals %s", numbers[i].name,
					 numbers[j].name);
	}
}

static void status_values(void **state)
{
	static const struct number numbers[] = {
		NUMBER(HPTE_OK, 0),
		NUMBER(HPTE_ERR_NOTFOUND, -1),
		NUMBER(HPTE_ERR_FULL, -2),
		NUMBER(HPTE_ERR_AGAIN, -3),
		NUMBER(HPTE_ERR_INDEX, -16),
		NUMBER(HPTE_ERR_ENCODING, -17),
		NUMBER(HPTE_ERR_PARAM, -32),
		NUMBER(HPTE_ERR_UNSUPPORTED, -33),
	};

	(void)state;
	check_numbers(numbers, COUNT(numbers));
}

static void papr_opcodes(void **state)
{
	static const struct number numbers[] = {
		NUMBER(HPTE_HCALL_REMOVE, 0x04),
		NUMBER(HPTE_HCALL_ENTER, 0x08),
		NUMBER(HPTE_HCALL_READ, 0x0C),
		NUMBER(HPTE_HCALL_CLEAR_MOD, 0x10),
		NUMBER(HPTE_HCALL_CLEAR_REF, 0x14),
		NUMBER(HPTE_HCALL_PROTECT, 0x18),
		NUMBER(HPTE_HCALL_BULK_REMOVE, 0x124),
		NUMBER(HPTE_HCALL_RESIZE_HPT_PREPARE, 0x36C),
		NUMBER(HPTE_HCALL_RESIZE_HPT_COMMIT, 0x370),
		NUMBER(HPTE_HCALL_REGISTER_PROCESS_TABLE, 0x37C),
	};
	static const struct number offers[] = {
		NUMBER(HPTE_OFFER_REMOVE, 0x1),
		NUMBER(HPTE_OFFER_ENTER, 0x2),
		NUMBER(HPTE_OFFER_READ, 0x4),
		NUMBER(HPTE_OFFER_CLEAR_MOD, 0x8),
		NUMBER(HPTE_OFFER_CLEAR_REF, 0x10),
		NUMBER(HPTE_OFFER_PROTECT, 0x20),
		NUMBER(HPTE_OFFER_BULK_REMOVE, 0x40),
		NUMBER(HPTE_OFFER_RESIZE_HPT, 0x80),
		NUMBER(HPTE_OFFER_REGISTER_PROCESS_TABLE, 0x100),
	};

	(void)state;
	check_numbers(numbers, COUNT(numbers));
	check_numbers(offers, COUNT(offers));
}

static void papr_return_codes(void **state)
{
	static const struct number numbers[] = {
		NUMBER(HPTE_H_SUCCESS, 0),
		NUMBER(HPTE_H_BUSY, 1),
		NUMBER(HPTE_H_CLOSED, 2),
		NUMBER(HPTE_H_NOT_AVAILABLE, 3),
		NUMBER(HPTE_H_LONG_BUSY_10_MS, 9901),
		NUMBER(HPTE_H_HARDWARE, -1),
		NUMBER(HPTE_H_FUNCTION, -2),
		NUMBER(HPTE_H_PRIVILEGE, -3),
		NUMBER(HPTE_H_PARAMETER, -4),
		NUMBER(HPTE_H_PTEG_FULL, -6),
		NUMBER(HPTE_H_NOT_FOUND, -7),
		NUMBER(HPTE_H_RESOURCE, -16),
		NUMBER(HPTE_H_RESCINDED, -46),
		NUMBER(HPTE_H_P2, -55),
		NUMBER(HPTE_H_P3, -56),
		NUMBER(HPTE_H_P4, -57),
		NUMBER(HPTE_H_TOO_BIG, -64),
	};

	(void)state;
	check_numbers(numbers, COUNT(numbers));
	assert_int_equal(sizeof(HPTE_H_PARAMETER), 8);
	assert_int_equal(sizeof(HPTE_H_SUCCESS), 8);
}

/* Name, value, first and last bit, value as hexadecimal digits. */
static const struct flag {
	const char *name;
	uint64_t value;
	unsigned int first;
	unsigned int last;
	uint64_t digits;
} flags[] = {
#define FLAG(name, first, last, digits)	{ #name, name, first, last, digits }
	FLAG(HPTE_HFLAG_COOKIE,		0, 15,	0xFFFF000000000000),
	FLAG(HPTE_HFLAG_EXACT,		24, 24,	0x0000008000000000),
	FLAG(HPTE_HFLAG_R_XLATE,	25, 25,	0x0000004000000000),
	FLAG(HPTE_HFLAG_READ_4,		26, 26,	0x0000002000000000),
	FLAG(HPTE_HFLAG_CMO,		28, 31,	0x0000000F00000000),
	FLAG(HPTE_HFLAG_AVPN,		32, 32,	0x0000000080000000),
	FLAG(HPTE_HFLAG_ANDCOND,	33, 33,	0x0000000040000000),
	FLAG(HPTE_HFLAG_LOCAL,		35, 35,	0x0000000010000000),
	FLAG(HPTE_HFLAG_ICACHE_INVALIDATE, 40, 40, 0x0000000000800000),
	FLAG(HPTE_HFLAG_ICACHE_SYNCHRONIZE, 41, 41, 0x0000000000400000),
	FLAG(HPTE_HFLAG_COALESCE_CAND,	42, 42,	0x0000000000200000),
	FLAG(HPTE_HFLAG_MUI,		43, 46,	0x00000000001E0000),
	FLAG(HPTE_HFLAG_ZERO_PAGE,	48, 48,	0x0000000000008000),
	FLAG(HPTE_HFLAG_COPY_PAGE,	49, 49,	0x0000000000004000),
	FLAG(HPTE_HFLAG_KEY_HI,		50, 51,	0x0000000000003000),
	FLAG(HPTE_HFLAG_KEY_LO,		52, 54,	0x0000000000000E00),
	FLAG(HPTE_HFLAG_PP0,		55, 55,	0x0000000000000100),
	FLAG(HPTE_HFLAG_COMPRESSION,	56, 56,	0x0000000000000080),
	FLAG(HPTE_HFLAG_N,		61, 61,	0x0000000000000004),
	FLAG(HPTE_HFLAG_PP,		62, 63,	0x0000000000000003),
};

/* The flags also share no bit. */
static void papr_flags(void **state)
{
	uint64_t seen = 0;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(flags); i++) {
		const struct flag *flag = &flags[i];

		if (flag->value != bits_of(flag->first, flag->last) ||
		    flag->value != flag->digits || flag->value & seen)
			fail_msg("%s is 0x%llx", flag->name,
				 (unsigned long long)flag->value);
		seen |= flag->value;
	}
}

static void papr_process_table_flags(void **state)
{
	static const struct number numbers[] = {
		NUMBER(HPTE_PROC_TABLE_MODIFY, 0x10),
		NUMBER(HPTE_PROC_TABLE_REGISTER, 0x08),
		NUMBER(HPTE_PROC_TABLE_RADIX, 0x04),
		NUMBER(HPTE_PROC_TABLE_HASH_TABLE, 0x02),
		NUMBER(HPTE_PROC_TABLE_GTSE, 0x01),
	};

	(void)state;
	check_numbers(numbers, COUNT(numbers));
}

static void host_values(void **state)
{
	static const struct number backing[] = {
		NUMBER(HPTE_BACKING_RAM, 0),
		NUMBER(HPTE_BACKING_IO, 1),
		NUMBER(HPTE_BACKING_HOLE, 2),
		NUMBER(HPTE_BACKING_RESCINDED, 3),
		NUMBER(HPTE_BACKING_PARTIAL, 4),
	};
	static const struct number result[] = {
		NUMBER(HPTE_HOST_DONE, 0),
		NUMBER(HPTE_HOST_LATER, 1),
		NUMBER(HPTE_HOST_NEVER, 2),
	};
	static const struct number facts[] = {
		NUMBER(HPTE_ISA_206, 206),
		NUMBER(HPTE_ISA_207, 207),
		NUMBER(HPTE_ISA_300, 300),
		NUMBER(HPTE_FORMAT_207, 0),
		NUMBER(HPTE_FORMAT_300, 1),
		NUMBER(HPTE_PAGE_PAIRS, 7),
		NUMBER(HPTE_PAGE_PAIRS_ALL, 0x7F),
	};

	(void)state;
	check_numbers(backing, COUNT(backing));
	check_numbers(result, COUNT(result));
	check_numbers(facts, COUNT(facts));
}

/* The defaults of the contract's list of facts. */
static void caps_default(void **state)
{
	const struct hpte_caps caps = HPTE_CAPS_DEFAULT;
	unsigned int pair;

	(void)state;
	assert_int_equal(caps.caps_size, sizeof(caps));
	assert_int_equal(caps.isa, 207);
	assert_int_equal(caps.format, 0);
	assert_int_equal(caps.data_keys, 32);
	assert_int_equal(caps.insn_keys, 32);
	assert_int_equal(caps.page_pairs, 0x7F);
	assert_int_equal(caps.order_max, 46);
	assert_true(caps.pp0);
	assert_false(caps.strict);
	for (pair = 0; pair < 7; pair++)
		assert_int_equal(caps.block[pair], 8);
	assert_int_equal(caps.hcalls, UINT64_C(0xFFFFFFFFFFFFFFFF));
}

/* Published output of SplitMix64 for seed 1234567: seeds stay portable. */
static void random_sequence(void **state)
{
	static const uint64_t want[] = {
		UINT64_C(6457827717110365317),
		UINT64_C(3203168211198807973),
		UINT64_C(9817491932198370423),
		UINT64_C(4593380528125082431),
		UINT64_C(16408922859458223821),
	};
	struct test_random random;
	size_t i;

	(void)state;
	test_random_seed(&random, 1234567);
	for (i = 0; i < COUNT(want); i++)
		assert_int_equal(test_random(&random), want[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bit_macros),
		cmocka_unit_test(byte_order),
		cmocka_unit_test(status_values),
		cmocka_unit_test(papr_opcodes),
		cmocka_unit_test(papr_return_codes),
		cmocka_unit_test(papr_flags),
		cmocka_unit_test(papr_process_table_flags),
		cmocka_unit_test(host_values),
		cmocka_unit_test(caps_default),
		cmocka_unit_test(random_sequence),
	};

	return cmocka_run_group_tests_name("status", tests, NULL, NULL);
}
