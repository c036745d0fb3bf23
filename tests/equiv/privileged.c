/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/equiv/privileged.c - run hypervisor code in a user's process.
 *
 * The handlers run while every register may hold a test's garbage, the thread
 * pointer too: on a stack of their own, and without anything of the libc.
 */
#include "privileged.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

/* Numbers in gp_regs[] beyond the GPRs. */
enum { NIP = 32, MSR = 33, CTR = 35, LNK = 36, XER = 37, CCR = 38 };

/* SPRs that tell of an interrupt. */
enum { SRR0 = 26, SRR1 = 27, HSRR0 = 314, HSRR1 = 315 };

extern const uint64_t test_codes[];

static struct privileged *machine;
static enum privileged_code wanted;
static ucontext_t resume_here;
static bool in_vector;

static void store_regs(const unsigned long *r, struct privileged_regs *regs)
{
	for (int i = 0; i < 32; i++)
		regs->gpr[i] = r[i];
	regs->cr = r[CCR];
	regs->xer = r[XER];
	regs->ctr = r[CTR];
	regs->lr = r[LNK];
}

static void load_regs(const struct privileged_regs *regs, unsigned long *r)
{
	for (int i = 0; i < 32; i++)
		r[i] = regs->gpr[i];
	r[CCR] = regs->cr;
	r[XER] = regs->xer;
	r[CTR] = regs->ctr;
	r[LNK] = regs->lr;
}

static void copy_regs(unsigned long *to, const unsigned long *from)
{
	for (int i = 0; i < 39; i++)
		if (i != MSR)
			to[i] = from[i];
}

/* The code has come to its end: back to who started it. */
static void finish(unsigned long *r, bool slow)
{
	machine->slow = slow;
	store_regs(r, &machine->regs);
	copy_regs(r, (unsigned long *)resume_here.uc_mcontext.gp_regs);
	r[NIP] += 4;
	in_vector = false;
}

static void slbfee(unsigned long *r, unsigned int rt, unsigned int rb)
{
	/* no bits below the ESID may be set */
	bool found = machine->slb_valid && !(r[rb] & 0xFFFFFFF) &&
		     ((r[rb] ^ machine->slb_esid) & machine->slb_ea_mask) == 0;

	r[rt] = found ? machine->slb_vsid : 0;
	/* CR0: EQ if found */
	r[CCR] = (r[CCR] & 0x0FFFFFFF) | (found ? 0x20000000 : 0);
}

static void record(uint32_t word, uint64_t rb, uint64_t rs)
{
	if (machine->dones < 1024) {
		machine->done[machine->dones].word = word;
		machine->done[machine->dones].rb = rb;
		machine->done[machine->dones].rs = rs;
	}
	machine->dones++;
}

/* Perform a privileged instruction; false if it is none we know. */
static bool perform(unsigned long *r, uint32_t word)
{
	unsigned int rt = word >> 21 & 31, rb = word >> 11 & 31;
	unsigned int spr = (word >> 16 & 31) | (word >> 11 & 31) << 5;

	if (word >> 26 != 31)
		return false;
	switch (word >> 1 & 0x3FF) {
	case 339:	/* mfspr */
		r[rt] = machine->spr[spr];
		return true;
	case 467:	/* mtspr */
		machine->spr[spr] = r[rt];
		return true;
	case 83:	/* mfmsr */
		r[rt] = machine->msr;
		return true;
	case 178:	/* mtmsrd; L: EE and RI only */
		if (word & 0x10000)
			machine->msr = (machine->msr & ~UINT64_C(0x8002)) |
				       (r[rt] & 0x8002);
		else
			machine->msr = r[rt];
		return true;
	case 979:
		slbfee(r, rt, rb);
		return true;
	case 498:	/* slbia */
		record(word, 0, 0);
		return true;
	case 306:
		record(word & 0xFC1F07FF, r[rb], r[rt]);
		return true;
	case 274:
	case 566:
		record(word & 0xFC0007FE, r[rb], r[rt]);
		return true;
	default:
		return false;
	}
}

static void return_from(unsigned long *r, unsigned int srr0, unsigned int srr1)
{
	machine->pc = machine->spr[srr0];
	machine->new_msr = machine->spr[srr1];
	finish(r, false);
}

static void illegal(int signal, siginfo_t *info, void *context)
{
	unsigned long *r = (unsigned long *)
			   ((ucontext_t *)context)->uc_mcontext.gp_regs;
	uint32_t word = *(const uint32_t *)r[NIP];

	(void)signal, (void)info;
	if (r[NIP] == test_codes[CODE_BEGIN]) {
		copy_regs((unsigned long *)resume_here.uc_mcontext.gp_regs, r);
		load_regs(&machine->regs, r);
		r[NIP] = test_codes[wanted];
		in_vector = true;
	} else if (r[NIP] == test_codes[CODE_SLOW]) {
		finish(r, true);
	} else if (word == 0x4C000224) {	/* hrfid */
		return_from(r, HSRR0, HSRR1);
	} else if (word == 0x4C000024) {	/* rfid */
		r[NIP] = machine->spr[SRR0];
		machine->msr = machine->spr[SRR1];
	} else if (perform(r, word)) {
		r[NIP] += 4;
	} else {
		abort();
	}
}

/* An access that is refused, with translation on: the host's vector 0x300. */
static void refused(int signal, siginfo_t *info, void *context)
{
	unsigned long *r = (unsigned long *)
			   ((ucontext_t *)context)->uc_mcontext.gp_regs;

	(void)signal, (void)info;
	if (!machine || in_vector)
		abort();
	machine->spr[SRR0] = r[NIP];
	machine->spr[SRR1] = machine->msr;
	machine->msr &= ~UINT64_C(0x30);
	r[NIP] = test_codes[CODE_DSI];
}

static void catch(int signal, void (*handler)(int, siginfo_t *, void *))
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_sigaction = handler;
	action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
	if (sigaction(signal, &action, NULL))
		abort();
}

void privileged_call(struct privileged *cpu)
{
	static char stack[1 << 16];
	stack_t alternate = { .ss_sp = stack, .ss_size = sizeof(stack) };

	if (sigaltstack(&alternate, NULL))
		abort();
	machine = cpu;
	catch(SIGILL, illegal);
	catch(SIGSEGV, refused);
}

void privileged_end(void)
{
	signal(SIGILL, SIG_DFL);
	signal(SIGSEGV, SIG_DFL);
	machine = NULL;
}

void privileged_vector(struct privileged *cpu, enum privileged_code code)
{
	extern void privileged_enter(void);

	privileged_call(cpu);
	wanted = code;
	privileged_enter();
	privileged_end();
}
