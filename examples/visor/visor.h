/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/visor/visor.h - the state of the one guest, and who does what.
 *
 * For C; assembly takes the offsets from the first part.
 */
#ifndef VISOR_H
#define VISOR_H

#include "cpu.h"

/* struct vcpu, for boot.S, vectors.S and world.S. */
#define VCPU_GPR(n)		(8 * (n))
#define VCPU_PC			(8 * 32)
#define VCPU_MSR		(8 * 33)
#define VCPU_XER		(8 * 34)
#define VCPU_CR			(8 * 192)
#define VCPU_LR			(VCPU_CR + 8)
#define VCPU_CTR		(VCPU_CR + 16)
#define VCPU_SRR0		(VCPU_CR + 24)
#define VCPU_SRR1		(VCPU_CR + 32)
#define VCPU_DAR		(VCPU_CR + 40)
#define VCPU_DSISR		(VCPU_CR + 48)
#define VCPU_VECTOR		(VCPU_CR + 56)
#define VCPU_STACK		(VCPU_CR + 64)
#define VCPU_ENTRY		(VCPU_CR + 72)
#define VCPU_SCRATCH		(VCPU_CR + 232)
#define VCPU_NAP		(VCPU_SCRATCH + 24)

#define MAX_CPUS		8
#define STACK_BYTES		0x4000

#ifndef __ASSEMBLER__

#include <hpte/hpte.h>

/* Real storage: the guest's RAM, in frames; IO_START is as the guest has it. */
#define RAM_REAL	UINT64_C(0x10000000)
#define RAM_MAX		UINT64_C(0x40000000)
#define FRAME_SHIFT	16U
#define FRAME_BYTES	(UINT64_C(1) << FRAME_SHIFT)
#define FRAMES		(RAM_MAX >> FRAME_SHIFT)
#define IO_START	UINT64_C(0x80000000)	/* and up to IO_END: devices; */
#define IO_END		UINT64_C(0xA0000000)	/* elsewhere is nothing */

#define ORDER_MAX	24U	/* log2 bytes of the largest table */
#define LPID		1U
#define VRMA_SHIFT	16U	/* log2 bytes of the pages of real mode */
#define SECOND		UINT64_C(512000000)	/* of the time base */

/*
 * Every thread leaves its guest this often, so that what is asked of all of
 * them (threads.c) has an end.
 */
#define HEARTBEAT	(SECOND / 100)

/* From waiting to running: whoever starts a vCPU takes it in two steps. */
enum vcpu_state { VCPU_WAITING, VCPU_CLAIMED, VCPU_STARTED };

enum {
	COUNT_HDSI, COUNT_HISI,
	COUNT_RETRY,		/* faults that needed nothing */
	COUNT_REFLECT,		/* interrupts given to the guest for them */
	COUNT_PAGE,		/* frames in use */
	COUNT_MMIO,		/* accesses that reached a device */
	COUNT_HCALL,
	COUNT_TLBIE,
	COUNT_PROMOTED,		/* faults that made an entry valid */
	COUNT_EMULATED,		/* faults that were for a device */
	COUNT_STOLEN,		/* valid entries made absent */
	COUNTS
};

#define CALLS	(0x400U / 4)	/* hypercalls that are counted by themselves */

/*
 * One virtual CPU, which is one thread of the machine.  What the visor does
 * not touch itself (SPRGs, SLB, AMR, FPRs...) stays in the registers.
 */
struct vcpu {
	uint64_t regs[HPTE_REG_COUNT];	/* as hpte/mmio.h numbers them */
	uint64_t cr, lr, ctr;
	uint64_t srr0, srr1, dar, dsisr;
	uint64_t vector;		/* of the last exit */
	uint64_t stack;			/* the visor's, for this thread */
	struct hpte_ppc64_entry entry;	/* what vectors.S must know */
	uint64_t scratch[3];		/* vectors.S, in the visor itself */
	uint64_t nap;			/* world_nap(): its stack, else 0 */
	uint64_t why;			/* the last exit's SRR1_WHY */
	uint64_t lpcr, sdr1;		/* as this thread has them */
	uint64_t pir;			/* the thread's own number */
	uint32_t state;			/* enum vcpu_state */
	uint32_t running;		/* threads.c */
	bool in_fault;			/* map_page() may bring a page in */
	uint8_t cppr, mfrr;		/* platform/xics.c */
	uint64_t random;		/* platform/steal.c */
	uint64_t counts[COUNTS];
	uint64_t calls[CALLS + 1];	/* the last: all others */
	struct hpte_vcpu fault;
	struct hpte_mmio_cpu mmio;
};

/* A frame of the guest's RAM. */
struct frame {
	uint8_t backing;		/* enum hpte_backing_kind */
	uint8_t present;		/* the guest has used it */
	uint8_t read_only;		/* until the next store */
};

struct guest {
	struct hpte_table table;
	struct hpte_vm vm;
	struct hpte_mmio bus;
	struct vcpu vcpu[MAX_CPUS];
	struct frame frames[FRAMES];
	uint64_t ram_bytes;		/* whole frames */
	uint64_t vrma;			/* segment of its real mode */
	uint64_t lpcr, sdr1;		/* all threads shall have them */
	uint64_t started;		/* time base */
	uint32_t order;			/* log2 bytes of its first table */
	uint32_t vcpus;
	uint32_t ended;
	bool lazy;			/* no frame is ever taken as used */
	const struct hpte_mmio_region *regions;	/* its devices */
	uint32_t region_count;
};

extern struct guest guest;

always_inline struct vcpu *this_vcpu(void)
{
	return (struct vcpu *)mfspr(SPR_HSPRG0);
}

static inline void count(unsigned int which, uint64_t more)
{
	this_vcpu()->counts[which] += more;
}

/* boot.S, world.S */
void world_enter(struct vcpu *vcpu) __attribute__((noreturn));
void world_nap(void);
void world_save_vectors(uint64_t *vsr);
void world_load_vectors(const uint64_t *vsr);

/* visor.c: sets the guest up; its end.  end_guest(NULL): a success */
void boot_thread(uint64_t thread, const void *tree, uint64_t stack)
	__attribute__((noreturn));
bool start_vcpu(uint64_t number, uint64_t pc, uint64_t r3);
uint64_t total(unsigned int which);
void stop_guest(const char *why) __attribute__((noreturn));
void end_guest(const char *failure) __attribute__((noreturn));

/* exits.c: why the guest left; an interrupt for it */
void exit_handle(struct vcpu *vcpu);
void exit_interrupt(struct vcpu *vcpu, uint64_t vector, uint64_t flags);

/* hypercall.c */
void hypercall(struct vcpu *vcpu);

/* host.c: the guest's storage, as libhpte asks about it */
extern const struct hpte_host_ops host_ops;
uint8_t *host_ram(uint64_t gpa, uint64_t bytes);	/* NULL: not all RAM */
void host_change_begin(void);
void host_change_end(uint64_t gpa, uint64_t bytes);

/* threads.c: what all threads must agree on */
bool threads_stop(void);
void threads_start(void);
void threads_leave(struct vcpu *vcpu);
void threads_meet(struct vcpu *vcpu);

/* tables.c: the part of host_ops that replaces the table */
enum hpte_host_result tables_alloc(void *ctx, unsigned int order,
				   struct hpte_memory *memory);
void tables_free(void *ctx, unsigned int order,
		 const struct hpte_memory *memory);
bool tables_stop(void *ctx);
void tables_start(void *ctx);
enum hpte_host_result tables_vrma(void *ctx, unsigned int code);

/* devices.c: for a platform's regions */
extern const struct hpte_mmio_ops uart_ops, little_ops, big_ops;

/*
 * The platform: what this guest finds beside CPUs, storage and hash table.
 * platform/ is for Linux, tests/system/platform/ for guests that test.
 *
 * platform_describe(): fills guest.ram_bytes, order, lazy, regions, given the
 * machine's threads; NULL, or what is wrong.  platform_start(): the first
 * vCPU's registers; NULL, or what is wrong.  platform_hcall(): R3, for what
 * libhpte does not serve.  platform_tick(): now and then, on each thread.
 * platform_enter(): about to enter the guest.  platform_report(): the guest
 * has ended.
 */
const char *platform_describe(void);
const char *platform_start(struct vcpu *vcpu);
int64_t platform_hcall(struct vcpu *vcpu);
void platform_tick(struct vcpu *vcpu);
void platform_enter(struct vcpu *vcpu);
void platform_report(void);

/* boot.S, vectors.S: the words at two vectors, and what may stand there */
extern uint32_t vector_hdsi[1], vector_hisi[1];
extern const uint32_t hdsi_entry[2], hisi_entry[2];

/* machine.c: what differs between POWER8, POWER9 and POWER10 */
extern unsigned int machine_power;	/* 8, 9, 10; 0: none of these */

bool machine_detect(void);
void machine_set_vectors(void);
void machine_set_caps(struct hpte_caps *caps);
uint64_t machine_lpcr(void);
void machine_set_table(void);
void machine_set_thread(struct vcpu *vcpu);
void machine_follow(struct vcpu *vcpu);
void machine_set_alarm(uint64_t ticks);
void machine_kick(const struct vcpu *vcpu);
void machine_rest(void);
bool machine_segment(uint64_t ea, uint64_t *descriptor);
bool machine_fault_segment(uint64_t ea, uint64_t *descriptor);

/* tree.c: flattened device trees, the machine's and the guest's */
bool tree_good(const void *tree);
const void *tree_property(const void *tree, const char *node, const char *name,
			  uint32_t *bytes);
unsigned int tree_threads(const void *tree);

/* console.c: the machine's serial port and its power switch */
void console_write(const char *text, uint64_t bytes);
void console_note(const char *what, uint64_t pc);
void console_say(const char *format, ...)
	__attribute__((format(printf, 1, 2)));
void power_off(void) __attribute__((noreturn));

#endif /* !__ASSEMBLER__ */

#endif /* VISOR_H */
