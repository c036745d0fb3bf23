/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/equiv/privileged.h - run hypervisor code in a user's process.
 *
 * A privileged instruction is an illegal one here: the signal's handler
 * performs it on registers of its own and goes on behind it.  An access that
 * the kernel refuses goes to the code's own vector 0x300.
 */
#ifndef TEST_EQUIV_PRIVILEGED_H
#define TEST_EQUIV_PRIVILEGED_H

#include <stdbool.h>
#include <stdint.h>

#define PERCPU_ENTRY	0x40	/* as in vectors.S */

/* Codes of vectors.S, by their place in test_codes. */
enum privileged_code {
	CODE_HDSI_206, CODE_HDSI_207, CODE_HDSI_300,
	CODE_HISI_206, CODE_HISI_207, CODE_HISI_300,
	CODE_SLOW, CODE_BEGIN, CODE_DSI
};

/* What an interrupt leaves alone. */
struct privileged_regs {
	uint64_t gpr[32];
	uint64_t cr, xer, ctr, lr;
};

/* SPRs by number, and what the code did to the machine. */
struct privileged {
	uint64_t spr[1024];
	uint64_t msr;
	uint64_t slb_ea_mask;	/* slbfee. finds slb_vsid for slb_esid */
	uint64_t slb_esid;
	uint64_t slb_vsid;
	bool slb_valid;
	struct privileged_regs regs;	/* in: at the vector; out: at its end */
	bool slow;		/* it went to the host's handler */
	uint64_t pc, new_msr;	/* or resumed here, with this MSR */
	struct {
		uint32_t word;
		uint64_t rb, rs;
	} done[1024];		/* tlbie, tlbiel, tlbsync, in order */
	unsigned int dones;
};

/* privileged_vector() - interrupt: run one of vectors.S to its end. */
void privileged_vector(struct privileged *cpu, enum privileged_code code);

/* privileged_call() - run ordinary calls, until privileged_end(). */
void privileged_call(struct privileged *cpu);
void privileged_end(void);

/* Operations, without operands, as they are recorded. */
#define DONE_TLBIE	0x7C000264U
#define DONE_TLBIE_R	0x7C010264U
#define DONE_TLBIEL	0x7C000224U
#define DONE_TLBSYNC	0x7C00046CU
#define DONE_SLBIA_7	0x7CE003E4U

#endif /* TEST_EQUIV_PRIVILEGED_H */
