/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/system/guest/guest.h - the runtime of the guests without an OS.
 *
 * Freestanding, big-endian, in real mode.  Nothing here comes from libhpte:
 * what virtual address, group and entry belong to a page is worked out anew
 * (oracle.c), so that the library is not checked against itself.
 *
 * References
 *	[ISA]	Power ISA, Book III, storage control and interrupts
 *	[LoPAR]	"LPAR option"
 */
#ifndef GUEST_H
#define GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "offsets.h"

/* --- virtual CPUs and probes (start.S, probe.c) ------------------------- */

#define MSR_SF		UINT64_C(0x8000000000000000)
#define MSR_VEC		UINT64_C(0x0000000002000000)
#define MSR_VSX		UINT64_C(0x0000000000800000)
#define MSR_EE		UINT64_C(0x8000)
#define MSR_PR		UINT64_C(0x4000)
#define MSR_FP		UINT64_C(0x2000)
#define MSR_ME		UINT64_C(0x1000)
#define MSR_IR		UINT64_C(0x20)
#define MSR_DR		UINT64_C(0x10)
#define MSR_LE		UINT64_C(0x1)

#define REAL		(MSR_SF | MSR_ME)
#define VIRTUAL		(REAL | MSR_IR | MSR_DR)
/* [ISA: rfid]: PR=1 sets EE too */
#define USER		(VIRTUAL | MSR_PR | MSR_EE)

#define MACHINE_CHECK	0x200U
#define DSI		0x300U
#define DSEGI		0x380U
#define ISI		0x400U
#define ISEGI		0x480U
#define ALIGNMENT	0x600U
#define PROGRAM		0x700U
#define DONE		0xc00U		/* a probe's sc: it came to its end */

/* DSISR and SRR1 [ISA: Data Storage Interrupt, Instruction ...] */
#define NO_ENTRY	UINT64_C(0x40000000)
#define NO_EXECUTE	UINT64_C(0x10000000)
#define PROTECTION	UINT64_C(0x08000000)
#define BAD_ACCESS	UINT64_C(0x04000000)
#define STORE		UINT64_C(0x02000000)
#define KEY		UINT64_C(0x00200000)

/* A virtual CPU: the registers of its probe, and how the probe ended. */
struct cpu {
	uint64_t gpr[32];
	uint64_t pc, msr, cr, lr, ctr, xer;
	uint64_t vector, srr0, srr1, dar, dsisr;
	uint64_t high;		/* MSR in a vector at 0xC000000000004000 */
	uint64_t running;	/* a probe runs: else an interrupt is stray */
	uint64_t frame;
	uint64_t stack;
	uint64_t number;
	uint32_t *code;		/* its page for probes, real */
	uint64_t code_ea;	/* where the same page is mapped */
};

_Static_assert(offsetof(struct cpu, gpr) == CPU_GPR, "offsets.h");
_Static_assert(offsetof(struct cpu, pc) == CPU_PC, "offsets.h");
_Static_assert(offsetof(struct cpu, xer) == CPU_XER, "offsets.h");
_Static_assert(offsetof(struct cpu, vector) == CPU_VECTOR, "offsets.h");
_Static_assert(offsetof(struct cpu, dsisr) == CPU_DSISR, "offsets.h");
_Static_assert(offsetof(struct cpu, high) == CPU_HIGH, "offsets.h");
_Static_assert(offsetof(struct cpu, stack) == CPU_STACK, "offsets.h");

#define CPUS		2U
extern struct cpu cpus[CPUS];

static inline struct cpu *this_cpu(void)
{
	struct cpu *cpu;

	__asm__ volatile("mfsprg %0, 1" : "=r" (cpu));
	return cpu;
}

#define SECOND		UINT64_C(512000000)	/* of the time base */

static inline uint64_t time_base(void)
{
	uint64_t now;

	__asm__ volatile("mftb %0" : "=r" (now));
	return now;
}

/* What the visor said at the start. */
extern unsigned int cpu_count, power;
extern volatile unsigned int table_order;

unsigned int run_probe(struct cpu *cpu);
int64_t hcall_registers(uint64_t r[10]);

/*
 * Run instructions with this MSR; r3 = @value, r4 = @ea, in and out.  The
 * vector that ended them: DONE if none of them did.
 */
unsigned int probe(uint64_t msr, const uint32_t *code, unsigned int count,
		   uint64_t ea, uint64_t value);
/* Of the time base, until a decrementer interrupt ends a probe with EE=1. */
extern uint32_t probe_ticks;
/* One instruction, which uses r3 and 0(r4). */
unsigned int probe_one(uint64_t msr, uint32_t instruction, uint64_t ea,
		       uint64_t value);
/* lwz, stw, in supervisor state; a word loaded is in gpr[3] */
unsigned int load(uint64_t ea);
unsigned int store(uint64_t ea, uint64_t value);
/* Jump to @ea. */
unsigned int fetch(uint64_t msr, uint64_t ea);
/* addi 3,3,1; sc: alone in 64 KiB that nothing has touched yet. */
extern const uint32_t far_code[];
/* Put an instruction at a real address. */
void put_code(uint64_t real, uint32_t instruction);

/* Instructions on 0(r4), r3 */
#define D_FORM(op, rt, ra, d)	((uint32_t)(op) << 26 | (uint32_t)(rt) << 21 | \
				 (uint32_t)(ra) << 16 | ((d) & 0xffffU))
#define X_FORM(xo, rt, ra, rb)	(31U << 26 | (uint32_t)(rt) << 21 | \
				 (uint32_t)(ra) << 16 | (uint32_t)(rb) << 11 | \
				 (uint32_t)(xo) << 1)
#define LWZ		D_FORM(32, 3, 4, 0)
#define LBZ		D_FORM(34, 3, 4, 0)
#define STW		D_FORM(36, 3, 4, 0)
#define STB		D_FORM(38, 3, 4, 0)
#define LHZ		D_FORM(40, 3, 4, 0)
#define LHA		D_FORM(42, 3, 4, 0)
#define STH		D_FORM(44, 3, 4, 0)
#define LD		D_FORM(58, 3, 4, 0)
#define LDU		D_FORM(58, 3, 4, 1)
#define LWA		D_FORM(58, 3, 4, 2)
#define STD		D_FORM(62, 3, 4, 0)
#define STDU		D_FORM(62, 3, 4, 1)
#define LWARX		X_FORM(20, 3, 0, 4)
#define DCBZ		X_FORM(1014, 0, 0, 4)
#define SC		0x44000002U

/* --- memory ------------------------------------------------------------- */

#define FRESH		UINT64_C(0x10000)

/* 64 KiB of guest real memory that nobody has touched yet. */
uint64_t fresh(void);
static inline volatile uint32_t *word_at(uint64_t real)
{
	return (volatile uint32_t *)(uintptr_t)real;
}

/* --- segments, pages, entries (oracle.c) -------------------------------- */

#define SEGMENT_KS	UINT64_C(0x800)
#define SEGMENT_KP	UINT64_C(0x400)
#define SEGMENT_N	UINT64_C(0x200)

/**
 * struct segment - what an SLB entry says
 * @ea:		first address
 * @vsid:	virtual segment
 * @bits:	SEGMENT_*
 * @shift:	28 or 40
 * @base:	log2 of the base page: 12, 16, 24
 */
struct segment {
	uint64_t ea, vsid, bits;
	unsigned int shift, base;
};

/* Of 256M and of 1T, with base pages of 4K, 64K and 16M. */
extern const struct segment small, medium, large, small_1t, medium_1t,
	large_1t;

/* Make these the SLB's segments, all others gone, after the probes' own. */
void segments_set(const struct segment *const *segments, unsigned int count);
#define SEGMENTS(...) \
	segments_set((const struct segment *const[]){ __VA_ARGS__ }, \
		     sizeof((const struct segment *const[]){ __VA_ARGS__ }) / \
		     sizeof(struct segment *))
/* AMR, IAMR; and what makes the CPU see them [ISA: context synchronization] */
void keys_set(uint64_t amr, uint64_t iamr);

#define DW0_AVPN	UINT64_C(0xffffffffffffff80)	/* with B */
#define DW0_BOLTED	UINT64_C(0x10)
#define DW0_L		UINT64_C(0x4)
#define DW0_H		UINT64_C(0x2)
#define DW0_V		UINT64_C(0x1)
#define DW1_PP0		UINT64_C(0x8000000000000000)
#define DW1_R		UINT64_C(0x100)
#define DW1_C		UINT64_C(0x080)
#define DW1_I		UINT64_C(0x020)
#define DW1_M		UINT64_C(0x010)
#define DW1_G		UINT64_C(0x008)
#define DW1_N		UINT64_C(0x004)
#define MEMORY		DW1_M
#define DEVICE		(DW1_I | DW1_G)
#define PP_RW		UINT64_C(2)		/* whatever the key */
#define PP_RO		UINT64_C(3)

/**
 * struct page - a translation that the guest wants
 * @segment:	where @ea lies
 * @ea:		any address in it
 * @real:	what the first byte of the actual page is mapped to
 * @bits:	of doubleword 1: PP, key, WIMG, N
 * @actual:	log2 of the actual page; 0: as the segment's base page
 * @secondary:	by the secondary hash
 * @dw0: @dw1:	its entry, from page_entry()
 * @ptex:	where it is, from page_enter()
 */
struct page {
	const struct segment *segment;
	uint64_t ea, real, bits;
	unsigned int actual;
	bool secondary;
	uint64_t dw0, dw1, ptex;
};

uint64_t page_group(const struct page *page);
void page_entry(struct page *page);
/* H_ENTER into its group, first free slot; removed when the check ends. */
int64_t page_enter(struct page *page);
/* The same with flags and an index of the caller's. */
int64_t page_enter_at(struct page *page, uint64_t flags, uint64_t ptex);
/* H_REMOVE with H_AVPN; what it was, in r4, r5. */
int64_t page_remove(const struct page *page, uint64_t old[2]);
/* Remove what checks have left. */
void pages_forget(void);
/* The page that a CPU's probes run in; stays. */
int64_t code_page_enter(unsigned int number);

/* --- hypercalls (hcall.c) ----------------------------------------------- */

#define H_SUCCESS	0
#define H_PARTIAL	5
#define H_CONTINUE	18
#define H_LONG_BUSY	9900		/* and above */
#define H_FUNCTION	(-2)
#define H_PRIVILEGE	(-3)
#define H_PARAMETER	(-4)
#define H_PTEG_FULL	(-6)
#define H_NOT_FOUND	(-7)

#define H_REMOVE	0x04
#define H_ENTER		0x08
#define H_READ		0x0c
#define H_CLEAR_MOD	0x10
#define H_CLEAR_REF	0x14
#define H_PROTECT	0x18
#define H_BULK_REMOVE	0x124
#define H_BLOCK_REMOVE	0x328
#define H_CLEAR_HPT	0x358
#define H_PREPARE	0x36c		/* H_RESIZE_HPT_PREPARE, _COMMIT */
#define H_COMMIT	0x370

#define FLAG_EXACT	UINT64_C(0x0000008000000000)
#define FLAG_READ_4	UINT64_C(0x0000002000000000)
#define FLAG_AVPN	UINT64_C(0x0000000080000000)
#define FLAG_ANDCOND	UINT64_C(0x0000000040000000)

int64_t hcall(uint64_t opcode, uint64_t r4, uint64_t r5, uint64_t r6,
	      uint64_t r7);
/* The same; r4 and r5 of the answer. */
int64_t hcall_out(uint64_t out[2], uint64_t opcode, uint64_t r4, uint64_t r5,
		  uint64_t r6, uint64_t r7);
/* H_READ of one entry: out = doublewords */
int64_t entry_read(uint64_t out[2], uint64_t ptex);
/* The table's own V bit, and R and C (VISOR_RAW); out[0] bit 0, out[1] */
int64_t entry_raw(uint64_t out[2], uint64_t ptex);
/* The index of real mode's entry for an address; all ones if none. */
uint64_t entry_of_real_mode(uint64_t real);
/* H_PREPARE until it is not busy; then H_COMMIT too, and table_order. */
int64_t table_prepare(uint64_t order);
int64_t table_resize(unsigned int order);
/* VISOR_COUNT */
uint64_t count(unsigned int which);

/* --- checks (report.c) -------------------------------------------------- */

void print(const char *format, ...);
/* A message, for CPU 0 only; checks return it, or NULL if all is well. */
const char *fail(const char *format, ...);
/* The same for what cannot be tried here. */
const char *skip(const char *reason);
bool skipped(const char *answer);
_Noreturn void end(bool good);

#define NEED(condition, ...) \
	do { \
		if (!(condition)) \
			return fail(__VA_ARGS__); \
	} while (0)
#define TRUST(call) \
	do { \
		const char *why_ = (call); \
		if (why_) \
			return why_; \
	} while (0)

/* The last probe ended like this? */
const char *ended(unsigned int vector, uint64_t want);
const char *ended_in_dsi(uint64_t ea, uint64_t dsisr);
const char *ended_in_isi(uint64_t ea, uint64_t bits);
const char *ended_at(unsigned int vector, uint64_t dar);

struct check {
	const char *name;
	const char *(*function)(void);
};

/* A program: tables of checks, each ended by a NULL name; NULL at the end. */
extern const struct check *const check_tables[];
extern const char program_name[];

/* --- the other CPU (other.c) -------------------------------------------- */

/* Have CPU 1 run a function; wait for its end, but not for ever. */
bool other_begin(void (*work)(void));
bool other_end(void);
/* Wait until it has changed a counter; false if it is not to be expected. */
bool other_counts(const volatile uint64_t *counter);

#endif /* GUEST_H */
