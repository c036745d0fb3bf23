/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/insn/execute.c - the CPU and libhpte do the same instruction.
 *
 * usage: execute [INSTRUCTIONS [SEED]]
 *
 * Runs on POWER, or under qemu-user.  Random registers, addresses, bytes and
 * alignments; the CPU does the instruction on ordinary memory, the library on
 * a device that has the same bytes.  Then all registers, memory and the
 * device's bytes must agree.  The CPU's byte order is the program's, so both
 * orders need two programs.
 *
 * A form that the CPU does not have is a skipped case.  What the architecture
 * leaves undefined is not compared: see forget_undefined().
 */
#include <fcntl.h>
#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#include <cmocka.h>

#include "execute.h"

#define INSTRUCTIONS	200000U
#define GPA		UINT64_C(0x3F0000)
#define ARCH_3_1	0x00040000UL	/* of AT_HWCAP2 */

/* A device of plain bytes. */
struct device {
	uint8_t bytes[MEMORY_BYTES];
	bool little_endian;
	bool slow;
	uint64_t answer;
};

static struct trial trials[BATCH];
static struct machine machine;
static struct device device;
static volatile sig_atomic_t caught;
static uint64_t per_form;
static uint64_t done, refused, unaligned, undefined, kept;
static bool isa_3_1;

/* It runs with the registers of a trial: nothing here may need r13. */
static void on_signal(int number, siginfo_t *info, void *context)
{
	ucontext_t *user = context;

	(void)info;
	caught = number;
	user->uc_mcontext.gp_regs[32] = (unsigned long)insn_execute_done;
}

static void catch_signals(void)
{
	static uint8_t stack[65536];
	struct sigaction action = { .sa_sigaction = on_signal,
				    .sa_flags = SA_SIGINFO | SA_ONSTACK };
	stack_t alternate = { .ss_sp = stack, .ss_size = sizeof(stack) };

	if (sigaltstack(&alternate, NULL) || sigaction(SIGILL, &action, NULL) ||
	    sigaction(SIGBUS, &action, NULL))
		abort();
}

/* Which forms a little-endian CPU refuses [ISA: Alignment Interrupt]. */
static bool big_endian_only(const struct form *form)
{
	return form->target == FORM_MULTIPLE || form->target == FORM_STRING;
}

/* The library's side. */

static enum hpte_mmio_result on_access(void *ctx,
				       struct hpte_mmio_access *access)
{
	struct device *target = ctx;

	for (unsigned int i = 0; i < access->size; i++) {
		unsigned int at = target->little_endian ? i :
				  access->size - 1U - i;
		uint8_t *byte = &target->bytes[access->offset + at];

		if (access->is_store)
			*byte = (uint8_t)(access->value >> 8 * i);
		else
			access->value = (access->value &
					 ~(UINT64_C(0xFF) << 8 * i)) |
					(uint64_t)*byte << 8 * i;
	}
	target->answer = access->value;
	return target->slow ? HPTE_MMIO_PENDING : HPTE_MMIO_DONE;
}

static enum hpte_mmio_action emulate(struct hpte_mmio_cpu *cpu,
				     uint64_t *image, const struct form *form,
				     const struct trial *trial)
{
	static const struct hpte_mmio_ops ops = { sizeof(ops), on_access };
	struct hpte_mmio_slot slot = { 0 };
	struct hpte_mmio bus;
	struct hpte_mmio_region region = { GPA, MEMORY_BYTES, 15,
					   HPTE_MMIO_UNALIGNED, &ops, &device };
	struct hpte_outcome outcome = { .action = HPTE_FAULT_MMIO };
	uint64_t ea = (uintptr_t)memory + trial->offset;
	enum hpte_mmio_action action;

	device.little_endian = below(2);
	device.slow = !below(4);
	if (device.little_endian)
		region.flags |= HPTE_MMIO_LITTLE_ENDIAN;
	hpte_mmio_init(&bus, &slot, 1);
	if (hpte_mmio_add(&bus, &region) != HPTE_OK)
		abort();
	/* the faulting byte is any of them */
	outcome.dar = ea + below(trial->bytes);
	outcome.gpa = outcome.dar - (uintptr_t)memory + GPA;
	outcome.shift = 16;
	outcome.is_store = form->flags & FORM_STORE;
	hpte_mmio_cpu_init(cpu, &bus, NULL, image);
	action = hpte_mmio_emulate(cpu, &outcome, trial->words);
	while (action == HPTE_MMIO_WAIT)
		action = hpte_mmio_complete(cpu, HPTE_MMIO_DONE,
					    device.answer);
	return action;
}

/* Comparison. */

static void describe(const struct form *form, const struct trial *trial,
		     const uint64_t *image)
{
	print_error("%s: words %08" PRIx32 " %08" PRIx32 ", offset %u, bytes "
		    "%u\n", form->name, trial->words[0], trial->words[1],
		    trial->offset, trial->bytes);
	for (unsigned int i = 0; i < HPTE_REG_COUNT; i++)
		if (machine.regs[i] != image[i])
			print_error("  register %u: the CPU has %016" PRIx64
				    ", libhpte %016" PRIx64 "\n", i,
				    machine.regs[i], image[i]);
	for (unsigned int i = 0; i < MEMORY_BYTES; i++)
		if (memory[i] != device.bytes[i])
			print_error("  byte %u: the CPU has %02x, libhpte "
				    "%02x\n", i, memory[i], device.bytes[i]);
}

/* A double that no single can be [ISA: SINGLE]; the word is undefined. */
static bool is_too_small(uint64_t value)
{
	return (value & ~HPTE_BIT(0)) && (value >> 52 & 0x7FF) < 874;
}

static void forget_elements(const struct trial *trial, uint64_t *image)
{
	unsigned int at = trial->offset & 15;

	if (IS_LITTLE)
		at = 16 - trial->bytes - at;
	for (unsigned int i = 0; i < 16; i++) {
		unsigned int reg = HPTE_REG_VSR + 2 * trial->vsr + i / 8;
		uint64_t mask = UINT64_C(0xFF) << 8 * (7 - i % 8);

		if (i >= at && i < at + trial->bytes)
			continue;
		image[reg] = (image[reg] & ~mask) |
			     (machine.regs[reg] & mask);
	}
}

/* Doubleword 1 of a scalar: 0 to libhpte, whatever to an older CPU. */
static void forget_doubleword(const struct form *form, uint64_t *image,
			      const uint64_t *before, unsigned int reg)
{
	if (image[reg])
		return;			/* libhpte is wrong: let it differ */
	if (!isa_3_1) {
		image[reg] = machine.regs[reg];
	} else if ((form->flags & FORM_KEPT) &&
		   machine.regs[reg] == before[reg]) {
		image[reg] = before[reg];
		kept++;
	}
}

/* What the architecture leaves open becomes what the CPU has made of it. */
static void forget_undefined(const struct form *form,
			     const struct trial *trial, uint64_t *image,
			     const uint64_t *before)
{
	unsigned int reg = HPTE_REG_VSR + 2 * trial->vsr;
	bool load = !(form->flags & FORM_STORE);

	/* [ISA: Load Vector Element ...] "other elements are undefined" */
	if (load && (form->flags & FORM_ELEMENT))
		forget_elements(trial, image);
	/* [ISA 3.0: Load VSX Scalar ...]; since 3.1 it is 0 */
	if (load && (form->flags & FORM_SCALAR))
		forget_doubleword(form, image, before, reg + 1);
	if (load && form->target == FORM_FPR_PAIR)
		forget_doubleword(form, image, before, reg + 3);
	if (!load && (form->flags & FORM_SINGLE) && is_too_small(before[reg])) {
		memcpy(&device.bytes[trial->offset], &memory[trial->offset], 4);
		undefined++;
	}
}

/* Both refuse: the CPU by a signal, the library by an interrupt. */
static bool compare_refusal(const struct form *form,
			    const struct trial *trial, const uint64_t *image)
{
	struct hpte_mmio_cpu cpu;
	uint64_t copy[HPTE_REG_COUNT];

	memcpy(copy, image, sizeof(copy));
	if (emulate(&cpu, copy, form, trial) != HPTE_MMIO_REFLECT ||
	    cpu.interrupt.vector != 0x600 ||
	    memcmp(copy, image, sizeof(copy)) != 0) {
		print_error("%s: the CPU refuses, libhpte does not\n",
			    form->name);
		return false;
	}
	refused++;
	return true;
}

static bool perform_and_compare(const struct form *form,
				const struct trial *trial)
{
	static uint64_t image[HPTE_REG_COUNT], before[HPTE_REG_COUNT];
	struct hpte_mmio_cpu cpu = { .reason = 0 };
	enum hpte_mmio_action action;
	uint64_t cr = machine.cr;

	memcpy(before, machine.regs, sizeof(before));
	memcpy(image, machine.regs, sizeof(image));
	memcpy(device.bytes, memory, sizeof(memory));
	caught = 0;
	insn_execute(&machine, trial->place);
	if (caught == SIGILL)
		return false;
	if (big_endian_only(form) && IS_LITTLE)
		return caught == SIGBUS && compare_refusal(form, trial, image);
	if (caught) {
		print_error("%s: signal %d\n", form->name, (int)caught);
		return false;
	}
	machine.regs[HPTE_REG_PC] += form->prefix ? 8 : 4;
	action = emulate(&cpu, image, form, trial);
	forget_undefined(form, trial, image, before);
	if (action == HPTE_MMIO_EMULATED && cr == machine.cr &&
	    memcmp(image, machine.regs, sizeof(image)) == 0 &&
	    memcmp(device.bytes, memory, sizeof(memory)) == 0) {
		unaligned += trial->bytes && trial->offset % trial->bytes != 0;
		done++;
		return true;
	}
	print_error("action %d, vector %x, CR %s\n", (int)action,
		    (unsigned int)cpu.interrupt.vector,
		    cr == machine.cr ? "as before" : "changed");
	describe(form, trial, image);
	return false;
}

/* qemu-user has no Alignment interrupt: it aborts.  Try in another process. */
static bool survives(const struct form *form)
{
	int status = 0;
	pid_t child;

	build_batch(form, trials, 1);
	set_machine(form, &trials[0], &machine, true);
	child = fork();
	if (child < 0)
		abort();
	if (!child) {
		dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
		insn_execute(&machine, trials[0].place);
		_exit(0);
	}
	if (waitpid(child, &status, 0) != child)
		abort();
	return WIFEXITED(status);
}

static void run_form(void **state)
{
	const struct form *form = *state;

	catch_signals();	/* cmocka has set its own handlers */
	if (big_endian_only(form) && IS_LITTLE && !survives(form)) {
		print_message("%s: the emulator lacks the Alignment interrupt "
			      "of little-endian\n", form->name);
		skip();
	}
	for (uint64_t i = 0; i < per_form; i++) {
		unsigned int at = (unsigned int)(i % BATCH);

		if (!at)
			build_batch(form, trials, BATCH);
		set_machine(form, &trials[at], &machine, at % 32 == 0);
		if (perform_and_compare(form, &trials[at]))
			continue;
		if (caught == SIGILL && !i) {
			print_message("%s: not an instruction of this CPU\n",
				      form->name);
			skip();
		}
		fail_msg("%s: instruction %" PRIu64, form->name, i);
	}
}

int main(int argc, char **argv)
{
	static struct CMUnitTest tests[512];
	uint64_t count = argc > 1 ? strtoull(argv[1], NULL, 0) : INSTRUCTIONS;
	int failed;

	if (argc > 2)
		setenv("HPTE_TEST_SEED", argv[2], 1);
	test_random_init(&source, "execute");
	isa_3_1 = getauxval(AT_HWCAP2) & ARCH_3_1;
	per_form = (count + forms_count - 1) / forms_count;
	for (size_t i = 0; i < forms_count; i++)
		tests[i] = (struct CMUnitTest){
			.name = forms[i].name, .test_func = run_form,
			.initial_state = (void *)(uintptr_t)&forms[i],
		};
	failed = _cmocka_run_group_tests("execute", tests, forms_count, NULL,
					 NULL);
	printf("%s-endian, ISA %s: %zu forms, %" PRIu64 " instructions agree "
	       "(%" PRIu64 " not aligned, %" PRIu64 " undefined singles not "
	       "compared, %" PRIu64 " doublewords 1 kept by the CPU), %" PRIu64
	       " refused by both\n",
	       IS_LITTLE ? "little" : "big", isa_3_1 ? "3.1" : "before 3.1",
	       forms_count, done, unaligned, undefined, kept, refused);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
