/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/linux_module/guest.c - one thread: storage interrupts and devices.
 */
#include "selftest.h"

#include <linux/slab.h>

#define DESCRIPTOR	((uint64_t)VSID << 12)
#define UART		0x80000000U	/* guest real address, not RAM */
#define STB_R5_R4	0x98A40000U	/* stb r5,0(r4) */
#define PC		0x1000U

static struct hpte_fault store_to(uint64_t ea)
{
	return (struct hpte_fault){
		.status = HPTE_FAULT_NO_ENTRY | HPTE_FAULT_STORE,
		.access = { .ea = ea, .msr = HPTE_MSR_SF | HPTE_MSR_DR,
			    .descriptor = DESCRIPTOR },
	};
}

/* Nothing there; an entry without a page; with the host's page. */
void test_fault(void)
{
	struct subject *subject = subject_new(HPTE_TABLE_WALKER);
	struct hpte_vcpu *vcpu = kzalloc(sizeof(*vcpu), GFP_KERNEL);
	struct hpte_outcome *out = kzalloc(sizeof(*out), GFP_KERNEL);
	struct hpte_fault fault = store_to(5 << PAGE_BITS);
	struct hpte entry = entry_of(5, true);
	struct hpte_va va = va_of(5);
	struct hpte_view view;
	uint64_t where;

	CHECK(subject && vcpu && out);
	if (!subject || !vcpu || !out)
		goto done;
	hpte_fault_init(vcpu, &subject->table);
	hpte_fault_resolve(vcpu, &fault, out);
	CHECK(out->action == HPTE_FAULT_DSI && out->dar == fault.access.ea &&
	      out->bits == fault.status);
	CHECK(hpte_table_insert(&subject->table, group_of(5, true), 0, &entry,
				NULL, &where) == HPTE_OK);
	hpte_fault_resolve(vcpu, &fault, out);
	CHECK(out->action == HPTE_FAULT_HOST_PAGE &&
	      out->gpa == 5 << PAGE_BITS);
	hpte_fault_complete(vcpu, out);
	CHECK(out->action == HPTE_FAULT_RETRY);
	CHECK(hpte_table_find(&subject->table, &va, HPTE_FIND_VALID, &view) ==
	      HPTE_OK && view.index == where);
	CHECK(hpte_table_demote(&subject->table, where) == HPTE_OK);
	CHECK(hpte_table_find(&subject->table, &va, HPTE_FIND_VALID, &view) ==
	      HPTE_ERR_NOTFOUND);
	CHECK(atomic64_read(&subject->invalidated) == 1);
done:
	kfree(out);
	kfree(vcpu);
	if (subject)
		subject_free(subject);
}

static enum hpte_mmio_result uart(void *ctx, struct hpte_mmio_access *access)
{
	struct subject *subject = ctx;

	if (access->is_store && subject->printed < sizeof(subject->console))
		subject->console[subject->printed++] = (char)access->value;
	return HPTE_MMIO_DONE;
}

/* What the emulation of one CPU needs. */
struct cpu {
	struct hpte_vcpu vcpu;
	struct hpte_outcome out;
	struct hpte_mmio_cpu emulation;
	struct hpte_mmio_slot slots[1];
	struct hpte_mmio bus;
	uint64_t regs[HPTE_REG_COUNT];
};

/* stb of one character to the UART's page, by way of a fault. */
static void store_char(struct cpu *cpu, char c)
{
	const uint32_t words[2] = { STB_R5_R4, 0 };
	struct hpte_fault fault = store_to(6 << PAGE_BITS);

	cpu->regs[4] = fault.access.ea;
	cpu->regs[5] = (uint64_t)c;
	cpu->regs[HPTE_REG_PC] = PC;
	cpu->regs[HPTE_REG_MSR] = fault.access.msr;
	hpte_fault_resolve(&cpu->vcpu, &fault, &cpu->out);
	CHECK(cpu->out.action == HPTE_FAULT_MMIO && cpu->out.gpa == UART);
	CHECK(hpte_mmio_emulate(&cpu->emulation, &cpu->out, words) ==
	      HPTE_MMIO_EMULATED);
	CHECK(cpu->regs[HPTE_REG_PC] == PC + 4);
}

void test_mmio(void)
{
	static const char text[] = "hello, uart";
	static const struct hpte_mmio_ops ops = { sizeof(ops), uart };
	struct subject *subject = subject_new(HPTE_TABLE_WALKER);
	struct cpu *cpu = kzalloc(sizeof(*cpu), GFP_KERNEL);
	struct hpte_mmio_region region = { .start = UART, .bytes = 8,
		.size_mask = 1, .ops = &ops, .ctx = subject };
	struct hpte entry = entry_of(6, false);
	uint64_t where;
	size_t i;

	CHECK(subject && cpu);
	if (!subject || !cpu)
		goto done;
	entry.dw1 = UART | HPTE_DW1_I | HPTE_DW1_G | 2;
	CHECK(hpte_table_insert(&subject->table, group_of(6, false),
				HPTE_INSERT_MMIO, &entry, NULL,
				&where) == HPTE_OK);
	hpte_fault_init(&cpu->vcpu, &subject->table);
	hpte_mmio_init(&cpu->bus, cpu->slots, 1);
	hpte_mmio_cpu_init(&cpu->emulation, &cpu->bus, NULL, cpu->regs);
	CHECK(hpte_mmio_add(&cpu->bus, &region) == HPTE_OK);
	for (i = 0; i < sizeof(text); i++)
		store_char(cpu, text[i]);
	CHECK(!strcmp(subject->console, text));
done:
	kfree(cpu);
	if (subject)
		subject_free(subject);
}
