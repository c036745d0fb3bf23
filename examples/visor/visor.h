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

#define MAX_CPUS		8
#define STACK_BYTES		0x4000

#ifndef __ASSEMBLER__

#include "abi.h"

#include <hpte/hpte.h>

#define ORDER			20U	/* log2 bytes of the guest's table */
#define ORDER_MAX		24U	/* and of any it may ask for */
#define LPID			1U
#define VRMA_SHIFT		16U	/* log2 bytes of its real mode pages */
#define RAM_REAL	UINT64_C(0x10000000)	/* where the guest's RAM lies */
#define FRAMES		(ABI_RAM_BYTES / ABI_FRAME_BYTES)
#define FRAME_SHIFT	16U

/* From waiting to running: whoever starts a vCPU takes it in two steps. */
enum vcpu_state { VCPU_WAITING, VCPU_CLAIMED, VCPU_STARTED };

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
	uint64_t why;			/* the last exit's SRR1_WHY */
	uint64_t lpcr, sdr1;		/* as this thread has them */
	uint32_t state;			/* enum vcpu_state */
	uint32_t running;		/* threads.c */
	bool in_fault;			/* map_page() may bring a page in */
	uint64_t counts[ABI_COUNTS];
	struct hpte_vcpu fault;
	struct hpte_mmio_cpu mmio;
};

/* 64K of the guest's RAM. */
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
	uint64_t vrma;			/* segment of its real mode */
	uint64_t lpcr, sdr1;		/* all threads shall have them */
	uint32_t vcpus;
	uint32_t ended;
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
void world_save_vectors(uint64_t *vsr);
void world_load_vectors(const uint64_t *vsr);

/* visor.c: sets the guest up; its end */
void boot_thread(uint64_t thread, const void *tree, uint64_t stack)
	__attribute__((noreturn));
void stop_guest(const char *why) __attribute__((noreturn));
void end_guest(bool success) __attribute__((noreturn));

/* exits.c: why the guest left */
void exit_handle(struct vcpu *vcpu);

/* hypercall.c */
void hypercall(struct vcpu *vcpu);

/* host.c: the guest's storage, as libhpte asks about it */
extern const struct hpte_host_ops host_ops;
bool host_set_backing(uint64_t gpa, uint64_t bytes, uint64_t backing);
bool host_set_read_only(uint64_t gpa, bool read_only);

/* threads.c: what all threads must agree on */
bool threads_stop(void);
void threads_start(void);
void threads_meet(struct vcpu *vcpu);

/* tables.c: the part of host_ops that replaces the table */
enum hpte_host_result tables_alloc(void *ctx, unsigned int order,
				   struct hpte_memory *memory);
void tables_free(void *ctx, unsigned int order,
		 const struct hpte_memory *memory);
bool tables_stop(void *ctx);
void tables_start(void *ctx);
enum hpte_host_result tables_vrma(void *ctx, unsigned int code);

/* devices.c */
bool devices_add(struct hpte_mmio *bus);

/* boot.S, vectors.S: the words at two vectors, and what may stand there */
extern uint32_t vector_hdsi[1], vector_hisi[1];
extern const uint32_t hdsi_entry[2], hisi_entry[2];

/* machine.c: what differs between POWER8, POWER9 and POWER10 */
extern unsigned int machine_power;	/* 8, 9, 10; 0: none of these */

bool machine_detect(void);
void machine_set_vectors(void);
void machine_set_caps(struct hpte_caps *caps);
unsigned int machine_threads(const void *tree);
uint64_t machine_lpcr(void);
void machine_set_table(void);
void machine_set_thread(struct vcpu *vcpu);
void machine_follow(struct vcpu *vcpu);
void machine_set_heartbeat(void);
bool machine_segment(uint64_t ea, uint64_t *descriptor);
bool machine_fault_segment(uint64_t ea, uint64_t *descriptor);

/* console.c: the machine's serial port and its power switch */
void console_write(const char *text, uint64_t bytes);
void console_note(const char *what, uint64_t pc);
void console_say(const char *format, ...)
	__attribute__((format(printf, 1, 2)));
void power_off(void) __attribute__((noreturn));

#endif /* !__ASSEMBLER__ */

#endif /* VISOR_H */
