/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/hostile/calls.c - hypercalls that make no sense.
 *
 * The guest lives in real mode: it spares the groups that hold the entries
 * for that, and the memory it runs in.  Nothing else is spared.
 */
#include "tests/system/platform/abi.h"
#include "hostile.h"

#define CALLS		3000U
/* The entries of real mode are in the last 0x400 groups: 64 MiB / 64 KiB. */
#define FREE_GROUPS	(0x800U - 0x400U)	/* in the smallest table */
#define POOL		UINT64_C(0x100000)

#define H_PAGE_INIT	0x2c
#define H_CI_LOAD	0x3c
#define H_CI_STORE	0x40
#define H_VRMASD	0x2ac
#define H_PROCESS_TABLE	0x37c

static uint64_t wild(void)
{
	switch (random_below(6)) {
	case 0:
		return random_below(16);
	case 1:
		return ~(uint64_t)random_below(16);
	case 2:
		return UINT64_C(1) << random_below(64);
	case 3:
		return random_word() & 0xffffffff;
	default:
		return random_word();
	}
}

/* An index outside the table, or of a group that is not spared. */
static uint64_t wild_index(void)
{
	if (!random_below(4))
		return wild() | UINT64_C(1) << 42;	/* of any table */
	return random_word() % (FREE_GROUPS * 8);
}

/* An address beyond RAM, or in memory that nobody uses. */
static uint64_t wild_address(void)
{
	if (random_below(2))
		return wild() | ABI_RAM_BYTES;
	return POOL + (random_word() & 0xffffff);
}

/* Arguments that come further than to the first check. */
static void wild_arguments(uint64_t r[10])
{
	switch (r[0]) {
	case H_BULK_REMOVE:
	case H_BLOCK_REMOVE:
		/* specifiers; TS0 is R5, TSH0 is R4 */
		for (unsigned int i = 1; i < 10; i++)
			r[i] = (wild() & UINT64_C(0xff00000000000000)) |
			       wild_index();
		break;
	case H_ENTER:
		/* flags can have the page filled with zeros */
		r[2] = wild_index();
		r[4] = random_below(2) ? r[4] | POOL : wild_address();
		break;
	case VISOR_DEMOTE:
	case VISOR_RAW:
		r[1] = wild_index();
		break;
	case H_PAGE_INIT:
		r[2] = wild_address() & ~UINT64_C(0xfff);
		break;
	case H_CI_STORE:
		r[2] = wild_address();
		break;
	case VISOR_BACKING:
		/* memory comes back below */
		r[1] = wild_address() & ~UINT64_C(0xffff);
		r[2] = UINT64_C(0x10000) << random_below(4);
		break;
	case VISOR_START_CPU:
		r[1] = random_below(2) ? 0 : wild() | CPUS;
		break;
	case H_PREPARE:
		r[2] = random_below(2) ? 17 - random_below(17) :
					 47 + (wild() & ~UINT64_C(0xff));
		break;
	case H_VRMASD:
		r[1] |= 0x100;		/* no such page size */
		break;
	case ABI_PUT_TERM_CHAR:
		r[2] |= 17;
		break;
	case ABI_SET_MODE:
		r[1] |= 0x100;		/* no such flag */
		break;
	default:
		r[2] = wild_index();
	}
}

static void wild_call(uint64_t r[10])
{
	static const uint64_t opcodes[] = {
		H_REMOVE, H_ENTER, H_READ, H_CLEAR_MOD, H_CLEAR_REF, H_PROTECT,
		H_ENTER, H_ENTER, H_PAGE_INIT, H_CI_LOAD, H_CI_STORE, H_VRMASD,
		H_BULK_REMOVE, H_BLOCK_REMOVE, H_PREPARE, H_COMMIT,
		H_PROCESS_TABLE, VISOR_DEMOTE, VISOR_RAW, VISOR_BACKING,
		VISOR_READ_ONLY, VISOR_COUNT, VISOR_START_CPU,
		ABI_PUT_TERM_CHAR, ABI_SET_MODE, H_CLEAR_HPT,
	};

	for (unsigned int i = 1; i < 10; i++)
		r[i] = wild();
	r[0] = random_below(8) ? opcodes[random_below(sizeof(opcodes) / 8)] :
				 wild() & ~UINT64_C(0xf000);
	wild_arguments(r);
}

/* A code that LoPAR has. */
static bool known_code(int64_t code)
{
	return (code >= -70 && code <= 18) || (code >= 9900 && code <= 9905) ||
	       (code >= -256 - 63 && code <= -256);
}

static uint32_t text_sum(void)
{
	extern const uint32_t text_end[];	/* guest.lds */
	uint32_t sum = 0;

	for (const uint32_t *at = (const uint32_t *)0x100; at < text_end; at++)
		sum = (sum << 1 | sum >> 31) ^ *at;
	return sum;
}

static const char *all_is_well(void)
{
	struct page page = {
		.segment = &small, .ea = small.ea + 0x1000, .real = fresh(),
		.bits = MEMORY | PP_RW,
	};

	SEGMENTS(&small);
	NEED(page_enter(&page) == H_SUCCESS, "H_ENTER");
	(void)store(page.ea, 0x77);
	TRUST(ended(DONE, 0x77));
	NEED(*word_at(page.real) == 0x77, "the store went elsewhere");
	return NULL;
}

/* Until the end of the table. */
static int64_t clear_table(void)
{
	int64_t code;

	do {
		code = hcall(H_CLEAR_HPT, 0, 0, 0, 0);
	} while (code == H_CONTINUE);
	return code;
}

/* Empty but for real mode; then map again what is needed. */
static const char *clean_up(void)
{
	/* the first one may go on where another call has stopped */
	NEED(clear_table() == H_SUCCESS && clear_table() == H_SUCCESS,
	     "H_CLEAR_HPT");
	NEED(hcall(VISOR_BACKING, POOL, ABI_RAM_BYTES - POOL, ABI_BACKING_RAM,
		   0) == H_SUCCESS, "VISOR_BACKING");
	for (unsigned int i = 0; i < CPUS; i++)
		NEED(code_page_enter(i) == H_SUCCESS, "H_ENTER");
	return all_is_well();
}

/* One call; false if the answer is none that there is. */
static bool call_nonsense(uint64_t asked[10], uint64_t r[10])
{
	wild_call(r);
	for (unsigned int i = 0; i < 10; i++)
		asked[i] = r[i];
	(void)hcall_registers(r);
	if (!known_code((int64_t)r[0]) || r[9] != asked[9])
		return false;
	if (r[0] == (uint64_t)H_FUNCTION)
		for (unsigned int i = 1; i < 10; i++)
			if (r[i] != asked[i])
				return false;
	return true;
}

static const char *call_all(unsigned int calls)
{
	uint32_t sum = text_sum();
	uint64_t r[10], asked[10];

	for (unsigned int i = 0; i < calls; i++)
		NEED(call_nonsense(asked, r), "%x(%x, %x, %x) says %x, r4 %x",
		     asked[0], asked[1], asked[2], asked[3], r[0], r[1]);
	NEED(text_sum() == sum, "the guest's text has changed");
	return NULL;
}

static const char *nonsense(void)
{
	TRUST(call_all(CALLS));
	return clean_up();
}

static volatile uint64_t bad_call;

static void other_nonsense(void)
{
	uint64_t r[10], asked[10];

	for (unsigned int i = 0; i < CALLS / 3 && !bad_call; i++)
		if (!call_nonsense(asked, r))
			bad_call = asked[0];
}

static const char *nonsense_twice(void)
{
	const char *why;

	if (cpu_count < 2)
		return skip("one CPU");
	NEED(other_begin(other_nonsense), "the second CPU does not start");
	why = call_all(CALLS / 3);
	NEED(other_end(), "the second CPU does not come to an end");
	TRUST(why);
	NEED(!bad_call, "%x, from the second CPU", bad_call);
	return clean_up();
}

/* Tables come and go under the other CPU's calls. */
static const char *nonsense_resized(void)
{
	unsigned int order = table_order, resized = 0;
	int64_t code;

	if (cpu_count < 2)
		return skip("one CPU");
	NEED(other_begin(other_nonsense), "the second CPU does not start");
	for (unsigned int i = 0; i < 6; i++) {
		code = table_resize(18 + random_below(5));
		NEED(known_code(code), "resizing says %x", (uint64_t)code);
		resized += code == H_SUCCESS;
	}
	NEED(other_end(), "the second CPU does not come to an end");
	NEED(!bad_call, "%x, from the second CPU", bad_call);
	TRUST(clean_up());
	NEED(table_resize(order) == H_SUCCESS, "not to its old size");
	NEED(resized, "no table was ever replaced");
	return all_is_well();
}

/* Every slot that is free; then one more. */
static const char *full_table(void)
{
	uint64_t groups = UINT64_C(1) << (table_order - 7), refused = 0;

	for (uint64_t i = 0; i < groups * 8; i++)
		if (hcall(H_ENTER, FLAG_EXACT, i,
			  (i << 12 | DW0_V) & ~UINT64_C(0x7e),
			  POOL | MEMORY | PP_RW) != H_SUCCESS)
			refused++;
	/* those of real mode and of the probes */
	NEED(refused == ABI_RAM_BYTES / FRESH + CPUS, "%x refused", refused);
	NEED(hcall(H_ENTER, 0, 0, DW0_V, MEMORY) == H_PTEG_FULL, "one more");
	return clean_up();
}

/* A guest that takes its own real mode away. */
static const char *real_mode_gone(void)
{
	uint64_t real = fresh(), ptex = entry_of_real_mode(real), entry[2];

	*word_at(real) = 1;
	NEED(hcall_out(entry, H_REMOVE, 0, ptex, 0, 0) == H_SUCCESS,
	     "H_REMOVE of %x", ptex);
	(void)probe_one(REAL, LWZ, real, 0);
	TRUST(ended_in_dsi(real, NO_ENTRY));
	(void)fetch(REAL, real);
	TRUST(ended_in_isi(real, NO_ENTRY));
	NEED(hcall(H_ENTER, FLAG_EXACT, ptex, entry[0], entry[1]) == H_SUCCESS,
	     "H_ENTER");
	(void)probe_one(REAL, LWZ, real, 0);
	return ended(DONE, 1);
}

#define SC_1		0x44000022U

/* From problem state: refused, or given back as a system call. */
static const char *problem_state(void)
{
	static const uint32_t call[] = { SC_1 };
	struct cpu *cpu = this_cpu();

	for (uint64_t opcode = 0; opcode < 0x400; opcode += 4) {
		(void)probe(USER, call, 1, 0, opcode);
		NEED(cpu->vector == DONE, "vector %x", cpu->vector);
		if (cpu->srr0 == cpu->pc + 4)
			NEED(cpu->gpr[3] == opcode, "r3 is %x", cpu->gpr[3]);
		else
			NEED(cpu->gpr[3] == (uint64_t)H_PRIVILEGE,
			     "call %x says %x", opcode, cpu->gpr[3]);
	}
	(void)probe(USER, call, 1, 1, VISOR_OFF);
	return NULL;
}

const struct check call_checks[] = {
	{ "thousands of hypercalls that make no sense", nonsense },
	{ "the same from two CPUs at a time", nonsense_twice },
	{ "tables replaced under the other CPU's calls", nonsense_resized },
	{ "a full table", full_table },
	{ "the guest takes its own real mode away", real_mode_gone },
	{ "hypercalls from problem state", problem_state },
	{ NULL, NULL }
};
