/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/model/driver_mmio.c - instructions that access devices, on both.
 */
#include "driver.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static uint64_t read_register(void *ctx, unsigned int reg)
{
	const struct driver_cpu *cpu = ctx;

	return cpu->image[reg];
}

static void write_register(void *ctx, unsigned int reg, uint64_t value)
{
	struct driver_cpu *cpu = ctx;

	cpu->image[reg] = value;
}

static const struct hpte_mmio_regs accessors = {
	.ops_size = sizeof(struct hpte_mmio_regs),
	.read = read_register,
	.write = write_register,
};

/* One CPU has callbacks for its registers, the others an image. */
void driver_start_mmio(struct driver *d, unsigned int number)
{
	struct driver_cpu *cpu = &d->cpu[number];

	if (number)
		hpte_mmio_cpu_init(&cpu->mmio, &d->host.bus, NULL,
				   cpu->image);
	else
		hpte_mmio_cpu_init(&cpu->mmio, &d->host.bus, &accessors, cpu);
}

static void set_registers(struct driver_cpu *cpu)
{
	const struct model_registers *r = &cpu->model.registers;
	unsigned int i;

	for (i = 0; i < HPTE_REG_COUNT; i++)
		cpu->image[i] = ~(uint64_t)i;
	for (i = 0; i < 32; i++)
		cpu->image[HPTE_REG_GPR + i] = r->gpr[i];
	cpu->image[HPTE_REG_PC] = r->pc;
	cpu->image[HPTE_REG_MSR] = r->msr;
}

static void compare_registers(struct driver *d, const struct driver_cpu *cpu)
{
	const struct model_registers *r = &cpu->model.registers;
	unsigned int i;

	for (i = 0; i < HPTE_REG_COUNT; i++) {
		uint64_t want = i < 32 ? r->gpr[i] : i == HPTE_REG_PC ? r->pc :
			i == HPTE_REG_MSR ? r->msr : ~(uint64_t)i;

		if (cpu->image[i] != want)
			driver_fail(d, "register %u is %016" PRIx64
				    ", model %016" PRIx64, i, cpu->image[i],
				    want);
	}
}

static void compare_emulation(struct driver *d, const struct driver_cpu *cpu,
			      enum hpte_mmio_action action,
			      const struct model_emulated *mine)
{
	const struct hpte_interrupt *theirs = &cpu->mmio.interrupt;
	const struct hpte_interrupt *want = &mine->interrupt;

	if (action != mine->action)
		driver_fail(d, "emulation ends as %d, model %d", (int)action,
			    (int)mine->action);
	if (action == HPTE_MMIO_HOST &&
	    cpu->mmio.reason != (uint32_t)mine->reason)
		driver_fail(d, "reason %" PRIu32 ", model %d",
			    cpu->mmio.reason, (int)mine->reason);
	if (action == HPTE_MMIO_REFLECT &&
	    (theirs->vector != want->vector ||
	     (want->vector != 0x700 && theirs->dar != want->dar) ||
	     (want->vector == 0x300 && theirs->dsisr != want->dsisr) ||
	     (want->vector == 0x700 && theirs->srr1 != want->srr1)))
		driver_fail(d, "interrupt %" PRIx32 " DAR %" PRIx64 " DSISR %"
			    PRIx32 " SRR1 %" PRIx64 ", model %" PRIx32 " %"
			    PRIx64 " %" PRIx32 " %" PRIx64, theirs->vector,
			    theirs->dar, theirs->dsisr, theirs->srr1,
			    want->vector, want->dar, want->dsisr, want->srr1);
	compare_registers(d, cpu);
	compare_notes(d);
	d->emulations[action]++;
}

/* How devices answer this time. */
static void choose_answers(struct driver *d)
{
	struct model_host *host = &d->host.answer;
	static const enum model_device answers[] = {
		MODEL_DEVICE_DONE, MODEL_DEVICE_DONE, MODEL_DEVICE_DONE,
		MODEL_DEVICE_PENDING, MODEL_DEVICE_PENDING,
		MODEL_DEVICE_FAULT, MODEL_DEVICE_UNCLAIMED
	};
	static const unsigned int good[] = { 0, 0, 0, 1, 2, 20 };

	host->device = answers[test_random_below(&d->random, 7)];
	host->device_good = good[test_random_below(&d->random, 6)];
	host->device_value = test_random(&d->random);
}

/* Hypercalls have no way to wait for a device. */
static void end_answers(struct driver *d)
{
	d->host.answer.device = MODEL_DEVICE_DONE;
	d->host.answer.device_good = 0;
}

static void emulate(struct driver *d, struct driver_cpu *cpu,
		    const uint32_t words[2])
{
	const struct model_mmio_fault fault = {
		.is_mmio = cpu->decision.action == HPTE_FAULT_MMIO,
		.dar = cpu->outcome.dar,
		.gpa = cpu->outcome.gpa,
		.shift = cpu->outcome.shift,
		.is_store = cpu->outcome.is_store,
	};
	enum hpte_mmio_action action;
	struct model_emulated mine;

	sim_host_forget(&d->host);
	choose_answers(d);
	action = hpte_mmio_emulate(&cpu->mmio, &cpu->outcome, words);
	mine = model_emulate(&d->model, &cpu->model, &fault, words);
	compare_emulation(d, cpu, action, &mine);
	end_answers(d);
}

static void emulate_any(struct driver *d, struct driver_cpu *cpu)
{
	uint32_t words[2];

	generate_insn(d, cpu, &cpu->model.registers, words);
	if (!model_insn_find(words))
		return;
	set_registers(cpu);
	driver_text(d, "cpu %u emulates %08" PRIx32 " %08" PRIx32 " %s of %"
		    PRIx64 " at %" PRIx64 " msr %" PRIx64,
		    (unsigned int)(cpu - d->cpu), words[0], words[1],
		    cpu->outcome.is_store ? "store" : "load",
		    cpu->outcome.dar, cpu->outcome.gpa,
		    cpu->model.registers.msr);
	emulate(d, cpu, words);
}

/* Nothing about the decision is used up: any number of instructions. */
void driver_emulate(struct driver *d, struct driver_cpu *cpu)
{
	unsigned int count = 1 + (unsigned int)test_random_below(&d->random, 4);

	while (count-- && !cpu->model.waits)
		emulate_any(d, cpu);
}

/* A result is wanted, once. */
static void answer(struct driver *d, struct driver_cpu *cpu,
		   enum model_device result)
{
	static const enum hpte_mmio_result of_library[] = {
		HPTE_MMIO_DONE, HPTE_MMIO_FAULT, HPTE_MMIO_UNCLAIMED,
		HPTE_MMIO_PENDING
	};
	uint64_t value = test_random(&d->random);
	enum hpte_mmio_action action;
	struct model_emulated mine;

	driver_text(d, "cpu %u: the device answers %d, %" PRIx64,
		    (unsigned int)(cpu - d->cpu), (int)result, value);
	choose_answers(d);
	action = hpte_mmio_complete(&cpu->mmio, of_library[result], value);
	mine = model_answer(&d->model, &cpu->model, result, value);
	compare_emulation(d, cpu, action, &mine);
	end_answers(d);
}

static void abandon(struct driver *d, struct driver_cpu *cpu)
{
	driver_text(d, "cpu %u: given up", (unsigned int)(cpu - d->cpu));
	hpte_mmio_abort(&cpu->mmio);
	cpu->model.waits = false;
	compare_registers(d, cpu);
	sim_host_forget(&d->host);
	/* there is nothing to complete any more */
	answer(d, cpu, MODEL_DEVICE_DONE);
}

void driver_answer(struct driver *d, struct driver_cpu *cpu)
{
	switch (test_random_below(&d->random, 10)) {
	case 0:
		abandon(d, cpu);
		break;
	case 1:
		driver_text(d, "cpu %u emulates again",
			    (unsigned int)(cpu - d->cpu));
		emulate(d, cpu, cpu->model.words);
		break;
	case 2:
		answer(d, cpu, MODEL_DEVICE_PENDING);
		break;
	case 3:
		answer(d, cpu, MODEL_DEVICE_FAULT);
		break;
	case 4:
		answer(d, cpu, MODEL_DEVICE_UNCLAIMED);
		break;
	default:
		answer(d, cpu, MODEL_DEVICE_DONE);
		break;
	}
}
