/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * tests/fuzz/mmio.c - from any storage interrupt to any device: no crash, no
 * half-done instruction, no endless one.
 *
 * A guest with four pages: code, RAM, two devices of either byte order.  The
 * bytes say how they are mapped, what is in the registers, which interrupt is
 * reported, what stands at the PC and what the devices answer.  Checked: the
 * decision is one that exists and shows nothing of the host; registers change
 * only when the instruction is done; devices see sizes, offsets and numbers
 * of calls that can be; plain D forms do what their definition says.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hpte/hpte.h>

#include "fuzz.h"

#define ORDER		18U
#define DESCRIPTOR	(UINT64_C(0x5A5A5) << 12)
#define PAGES		4U
#define CODE_EA		UINT64_C(0x10000000)
#define DEVICE		UINT64_C(0x80000000)
#define RAM		UINT64_C(0x10000)
#define FAULTS		6U
#define CALLS_MOST	32U	/* stmw of all registers */

struct input {
	const uint8_t *at;
	size_t left;
};

struct guest {
	struct input in;
	struct hpte_table table;
	struct hpte_vcpu vcpu;
	struct hpte_mmio bus;
	struct hpte_mmio_slot slots[2];
	struct hpte_mmio_cpu cpu;
	uint64_t regs[HPTE_REG_COUNT];
	uint64_t before[HPTE_REG_COUNT];
	struct hpte_mmio_access last;
	unsigned int calls;
	uint8_t code[8];
};

static _Alignas(128) uint64_t memory[(1 << ORDER) / 8];
static _Alignas(128) uint64_t side[(1 << ORDER) / 8];

static void check(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "mmio: %s\n", what);
	abort();
}

static uint64_t take(struct input *in, unsigned int bytes)
{
	uint64_t value = 0;

	for (; bytes && in->left; bytes--, in->left--)
		value = value << 8 | *in->at++;
	return value;
}

static enum hpte_backing_kind classify(void *ctx, uint64_t gpa,
				       unsigned int shift,
				       unsigned int *largest)
{
	(void)ctx;
	(void)shift;
	*largest = 12;
	return gpa < DEVICE ? HPTE_BACKING_RAM : HPTE_BACKING_IO;
}

static bool guest_read(void *ctx, uint64_t gpa, void *to, size_t bytes)
{
	struct guest *guest = ctx;

	check(bytes == 4 && !(gpa & 3), "a fetch of no word");
	memcpy(to, guest->code + (gpa & 4), bytes);
	return (take(&guest->in, 1) & 0xF) != 0xF;
}

static enum hpte_mmio_result device(void *ctx, struct hpte_mmio_access *access)
{
	struct guest *guest = ctx;

	check(++guest->calls <= CALLS_MOST, "endless calls");
	check(access->size == 1 || access->size == 2 || access->size == 4 ||
	      access->size == 8, "a size that is none");
	check(access->offset <= 4096U - access->size, "outside the region");
	guest->last = *access;
	if (!access->is_store)
		access->value = take(&guest->in, 2) * UINT64_C(0x0101010101);
	guest->last.value = access->value;
	return (enum hpte_mmio_result)((int)(take(&guest->in, 1) & 7) == 7 ?
		(int)take(&guest->in, 1) - 2 : HPTE_MMIO_DONE);
}

static const struct hpte_mmio_ops device_ops = {
	.ops_size = sizeof(device_ops), .access = device,
};

static void map(struct guest *guest, unsigned int page)
{
	static const uint64_t real[PAGES] = { RAM, RAM + 4096, DEVICE,
					      DEVICE + 4096 };
	struct hpte entry;
	struct hpte_va va;
	uint64_t where;

	if (hpte_hash_va(DESCRIPTOR, CODE_EA + 4096 * page, &va) != HPTE_OK)
		abort();
	entry.dw0 = hpte_hash_dw0(&va) | HPTE_DW0_V;
	entry.dw1 = real[page] | 2 |
		    (take(&guest->in, 1) & 1 ? take(&guest->in, 8) &
		     (HPTE_DW1_PPP | HPTE_DW1_KEY | HPTE_DW1_N | HPTE_DW1_G) :
		     0);
	check(hpte_table_insert(&guest->table, 8 *
				hpte_hash_group(hpte_hash_primary(&va), false,
						ORDER), page < 2 ? 0 :
				HPTE_INSERT_MMIO, &entry, NULL, &where) ==
	      HPTE_OK, "an insert");
}

/* A register: an address near the pages more often than not. */
static uint64_t any_register(struct guest *guest)
{
	uint64_t how = take(&guest->in, 1);

	if (how & 0x80)
		return take(&guest->in, 8);
	if (how & 0x40)
		return how & 0x3F;
	return CODE_EA + 4096 * (how & 3) + (how >> 2 & 0xF) * 8 +
	       ((how & 3) == 3 ? 4000 : 0);
}

static void start(struct guest *guest)
{
	static struct hpte_host_ops ops = { .ops_size = sizeof(ops),
		.classify = classify, .guest_read = guest_read };
	const struct hpte_table_config config = { .memory = { memory, side },
		.order = ORDER, .ops = &ops, .ctx = guest };

	memset(memory, 0, sizeof(memory));
	memset(side, 0, sizeof(side));
	check(hpte_table_init(&guest->table, &config) == HPTE_OK, "init");
	hpte_fault_init(&guest->vcpu, &guest->table);
	hpte_mmio_init(&guest->bus, guest->slots, 2);
	hpte_mmio_cpu_init(&guest->cpu, &guest->bus, NULL, guest->regs);
	for (unsigned int i = 0; i < PAGES; i++)
		map(guest, i);
	for (unsigned int i = 0; i < 2; i++) {
		const struct hpte_mmio_region region = {
			.start = DEVICE + 4096 * i, .bytes = 4096,
			.size_mask = 0xF, .flags = take(&guest->in, 1) & 7,
			.ops = &device_ops, .ctx = guest,
		};

		check(hpte_mmio_add(&guest->bus, &region) == HPTE_OK, "add");
	}
	for (unsigned int i = 0; i < HPTE_REG_COUNT; i++)
		guest->regs[i] = i < 32 ? any_register(guest) :
					  i * UINT64_C(0x0123456789ABCDEF);
	guest->regs[HPTE_REG_PC] = CODE_EA;
}

/* lwz .. sth without update: what must have happened, said once more. */
static void check_plain(const struct guest *guest, uint32_t word,
			const struct hpte_outcome *outcome)
{
	static const uint8_t size[14] = { 4, 0, 1, 0, 4, 0, 1, 0, 2, 0, 2, 0,
					  2, 0 };
	unsigned int opcode = word >> 26, reg = word >> 21 & 31;
	unsigned int ra = word >> 16 & 31, bytes, changed = 0;
	bool store = opcode == 36 || opcode == 38 || opcode == 44;
	uint64_t ea;

	if (opcode < 32 || opcode > 44 || !size[opcode - 32])
		return;
	bytes = size[opcode - 32];
	ea = (ra ? guest->before[ra] : 0) + (uint64_t)(int16_t)(word & 0xFFFF);
	if (!(guest->before[HPTE_REG_MSR] & HPTE_MSR_SF))
		ea &= UINT32_MAX;
	check(outcome->is_store == store, "the other direction");
	check(ea <= outcome->dar && outcome->dar - ea < bytes,
	      "another address");
	check(guest->calls == 1 && guest->last.size == bytes, "one access");
	check(guest->last.offset == (ea & 4095), "the offset");
	for (unsigned int i = 0; i < HPTE_REG_COUNT; i++)
		changed += guest->regs[i] != guest->before[i] &&
			   i != HPTE_REG_PC && (store || i != reg);
	check(!changed, "a register that is not named");
}

static void emulate(struct guest *guest, const struct hpte_outcome *outcome,
		    const uint32_t words[2])
{
	enum hpte_mmio_action action;
	uint64_t length = words[0] >> 26 == 1 ? 8 : 4;
	uint64_t pc = guest->regs[HPTE_REG_PC] + length;

	guest->calls = 0;
	memcpy(guest->before, guest->regs, sizeof(guest->regs));
	action = hpte_mmio_emulate(&guest->cpu, outcome, words);
	while (action == HPTE_MMIO_WAIT) {
		check(!memcmp(guest->before, guest->regs, sizeof(guest->regs)),
		      "registers while it waits");
		if (take(&guest->in, 1) & 8) {
			hpte_mmio_abort(&guest->cpu);
			break;
		}
		action = hpte_mmio_complete(&guest->cpu, HPTE_MMIO_DONE,
					    take(&guest->in, 8));
	}
	if (action != HPTE_MMIO_EMULATED) {
		check(!memcmp(guest->before, guest->regs, sizeof(guest->regs)),
		      "registers of what was not done");
		check(action != HPTE_MMIO_RETRY || !guest->calls,
		      "a device call before a retry");
		return;
	}
	if (!(guest->regs[HPTE_REG_MSR] & HPTE_MSR_SF))
		pc &= UINT32_MAX;
	check(guest->regs[HPTE_REG_PC] == pc, "the PC");
	check_plain(guest, words[0], outcome);
}

static void one_fault(struct guest *guest)
{
	uint8_t how = (uint8_t)take(&guest->in, 1);
	struct hpte_fault fault = {
		.status = how & 1 ? (uint32_t)take(&guest->in, 4) :
			  HPTE_FAULT_NO_ENTRY |
			  (how & 2 ? HPTE_FAULT_STORE : 0),
		.flags = how & 4 ? (uint32_t)take(&guest->in, 1) & 7 : 0,
		.access = { .descriptor = how & 8 ? take(&guest->in, 8) :
						    DESCRIPTOR },
	};
	uint64_t msr = HPTE_MSR_SF | HPTE_MSR_IR | HPTE_MSR_DR | 0x2802000 |
		       (how >> 4 & 1);
	struct hpte_outcome outcome;
	struct hpte_access pc;
	uint32_t words[2];

	if (how & 0x20)
		msr = take(&guest->in, 8);
	guest->regs[HPTE_REG_MSR] = fault.access.msr = msr;
	fault.access.ea = any_register(guest);
	fault.access.vrma = hpte_xlate_vrma(how & 0x40 ? 12 : 16);
	if (how & 0x80)
		fault.access.amr = take(&guest->in, 8);
	for (unsigned int i = 0; i < 8; i++)
		guest->code[i] = (uint8_t)take(&guest->in, 1);
	hpte_fault_resolve(&guest->vcpu, &fault, &outcome);
	hpte_fault_complete(&guest->vcpu, &outcome);
	check(outcome.action <= HPTE_FAULT_HOST_ERROR &&
	      outcome.action != HPTE_FAULT_HOST_PAGE, "no decision");
	if (outcome.action != HPTE_FAULT_MMIO)
		return;
	check(outcome.gpa >= DEVICE && outcome.gpa < DEVICE + 8192,
	      "a device elsewhere");
	pc = fault.access;
	pc.ea = guest->regs[HPTE_REG_PC];
	if (hpte_xlate_fetch(&guest->table, &pc, words) == HPTE_OK)
		emulate(guest, &outcome, words);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct guest guest;

	memset(&guest, 0, sizeof(guest));
	guest.in = (struct input){ data, size };
	start(&guest);
	for (unsigned int i = 0; i < FAULTS && guest.in.left; i++)
		one_fault(&guest);
	return 0;
}
