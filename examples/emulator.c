/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/emulator.c - loads and stores of an emulated CPU.
 *
 * No hardware walks this table: the CPU is software, searches the table by
 * itself and keeps what it found in a TLB of its own.  The guest is main(): it
 * makes hypercalls, loads and stores, and prints what it gets.
 */
#include <hpte/hpte.h>

#include <stdio.h>

#define ORDER		18U		/* 256 KiB: 16,384 entries */
#define TLB_ENTRIES	64U
#define PAGE		0x1000U
#define SEGMENT		(UINT64_C(0x1234) << 12)	/* 256M, 4K pages */
#define EA		0x10003000U	/* the guest's page, and */
#define REAL		0x20000U	/* where it lies */

static _Alignas(128) uint64_t memory[(1 << ORDER) / 8];
static _Alignas(16) uint64_t side[(1 << ORDER) / 8];
static uint8_t ram[0x100000];			/* guest real address 0 */
static struct hpte_table table;
static struct hpte_vm vm;
static struct hpte_vcpu vcpu;
static uint64_t gpr[32];

/**
 * struct tlb_entry - a translation the emulator remembers
 * @ea:		effective address of the page; 1: free
 * @host:	the page in the emulator's own memory
 * @rb:		names the entry it came from, as tlbie does
 * @rights:	HPTE_READ; HPTE_WRITE once C is set
 */
struct tlb_entry {
	uint64_t ea;
	uint8_t *host;
	uint64_t rb;
	unsigned int rights;
};

static struct tlb_entry tlb[TLB_ENTRIES];
static unsigned int walks;

/* All of RAM, in pages of 4K; H_ENTER refuses everything else. */
static enum hpte_backing_kind
classify(void *ctx, uint64_t gpa, unsigned int shift, unsigned int *largest)
{
	(void)ctx, (void)shift, *largest = 12;
	return gpa < sizeof(ram) ? HPTE_BACKING_RAM : HPTE_BACKING_HOLE;
}

/* Called before a hypercall that changes entries ends. */
static void tlb_invalidate(void *ctx, const uint64_t *rb, unsigned int count,
			   unsigned int flags)
{
	(void)ctx, (void)flags;
	for (unsigned int i = 0; i < count; i++)
		for (unsigned int j = 0; j < TLB_ENTRIES; j++)
			if (tlb[j].rb == rb[i])
				tlb[j].ea = 1;
}

static void tlb_invalidate_all(void *ctx)
{
	(void)ctx;
	for (unsigned int j = 0; j < TLB_ENTRIES; j++)
		tlb[j].ea = 1;
}

/* The translation failed: DSISR for the guest, 0 if it should try again. */
static uint32_t dsisr(const struct hpte_access *access)
{
	const struct hpte_fault fault = { .access = *access,
		.status = HPTE_FAULT_NO_ENTRY |
			  (access->kind == HPTE_WRITE ? HPTE_FAULT_STORE : 0) };
	struct hpte_outcome out;

	hpte_fault_resolve(&vcpu, &fault, &out);
	return out.action == HPTE_FAULT_DSI ? out.bits : 0;
}

/* Search the table; R and C are set before the access goes ahead. */
static bool walk(const struct hpte_access *access, struct tlb_entry *entry)
{
	bool store = access->kind == HPTE_WRITE;
	struct hpte_translation to;

	walks++;
	if (hpte_xlate_access(&table, access, &to) != HPTE_OK ||
	    !(to.rights & access->kind) ||
	    hpte_table_set_rc(&table, &to.view,
			      store ? HPTE_DW1_RC : HPTE_DW1_R) != HPTE_OK)
		return false;
	entry->ea = access->ea & ~(uint64_t)(PAGE - 1);
	entry->host = ram + (to.gpa & ~(uint64_t)(PAGE - 1));
	entry->rb = hpte_hash_tlbie_rb(&to.view.guest, &to.view.page,
				       to.view.index);
	/* the first store after a load walks again, and sets C */
	entry->rights = store ? to.rights : to.rights & ~HPTE_WRITE;
	return true;
}

/* One byte of the guest's storage; NULL: it gets a DSI with @status. */
static uint8_t *reach(uint64_t ea, unsigned int kind, uint32_t *status)
{
	const struct hpte_access access = { .ea = ea, .descriptor = SEGMENT,
		.msr = HPTE_MSR_SF | HPTE_MSR_DR, .kind = kind };
	struct tlb_entry *entry = &tlb[ea / PAGE % TLB_ENTRIES];

	while (entry->ea != (ea & ~(uint64_t)(PAGE - 1)) ||
	       !(entry->rights & kind)) {
		/* each retry: another CPU has changed the entry */
		if (!walk(&access, entry) && (*status = dsisr(&access)))
			return NULL;
	}
	return entry->host + ea % PAGE;
}

static bool vm_start(void)
{
	static const struct hpte_host_ops host = { .ops_size = sizeof(host),
		.classify = classify, .tlb_invalidate = tlb_invalidate,
		.tlb_invalidate_all = tlb_invalidate_all };
	const struct hpte_table_config config = {
		.memory = { memory, side }, .order = ORDER, .ops = &host };

	if (hpte_table_init(&table, &config) != HPTE_OK)
		return false;
	hpte_hcall_init(&vm, &table);
	hpte_fault_init(&vcpu, &table);
	tlb_invalidate_all(NULL);
	return true;
}

/* The guest: sc 1, and what came back. */
static bool hcall(const char *name, uint64_t opcode, uint64_t flags,
		  uint64_t index)
{
	gpr[3] = opcode;
	gpr[4] = flags;
	gpr[5] = index;
	if (hpte_hcall_dispatch(&vm, gpr, HPTE_MSR_SF) != HPTE_HCALL_DONE ||
	    gpr[3])
		return false;
	printf("  sc 1       %s\n", name);
	return true;
}

/* The guest: a load or a store, and the DSISR it must lead to. */
static bool touch(unsigned int kind, uint32_t expected)
{
	uint32_t status = 0;
	uint8_t *byte = reach(EA + 5, kind, &status);

	if (byte && kind == HPTE_WRITE)
		*byte = 0x5A;
	printf("  %s", kind == HPTE_WRITE ? "store      " : "load       ");
	if (byte)
		printf("%02x, walks so far: %u\n", *byte, walks);
	else
		printf("300, DSISR %08x\n", (unsigned int)status);
	return status == expected;
}

/* The guest: R and C of the entry, by H_READ. */
static bool changed(uint64_t index, bool expected)
{
	if (!hcall("H_READ", HPTE_HCALL_READ, 0, index))
		return false;
	printf("  entry      R=%d C=%d\n", (gpr[5] & HPTE_DW1_R) != 0,
	       (gpr[5] & HPTE_DW1_C) != 0);
	return (gpr[5] & HPTE_DW1_R) &&
	       ((gpr[5] & HPTE_DW1_C) != 0) == expected;
}

int main(void)
{
	struct hpte_va va;
	uint64_t index;

	if (!vm_start() || hpte_hash_va(SEGMENT, EA, &va) != HPTE_OK)
		return 1;
	index = hpte_hash_group(hpte_hash_primary(&va), false, ORDER) *
		HPTE_GROUP_ENTRIES;
	gpr[6] = hpte_hash_dw0(&va) | HPTE_DW0_V;
	gpr[7] = REAL | HPTE_DW1_M | 2;		/* PP: read and write */
	if (!touch(HPTE_READ, HPTE_FAULT_NO_ENTRY) ||
	    !hcall("H_ENTER", HPTE_HCALL_ENTER, 0, index))
		return 1;
	index = gpr[4];
	return !(touch(HPTE_READ, 0) && changed(index, false) &&
		 touch(HPTE_WRITE, 0) && touch(HPTE_WRITE, 0) &&
		 changed(index, true) &&
		 hcall("H_CLEAR_MOD", HPTE_HCALL_CLEAR_MOD, 0, index) &&
		 changed(index, false) &&
		 touch(HPTE_WRITE, 0) && changed(index, true) &&
		 hcall("H_PROTECT, read only", HPTE_HCALL_PROTECT, 3, index) &&
		 touch(HPTE_READ, 0) &&
		 touch(HPTE_WRITE, HPTE_FAULT_PROTECTION | HPTE_FAULT_STORE) &&
		 hcall("H_REMOVE", HPTE_HCALL_REMOVE, 0, index) &&
		 touch(HPTE_READ, HPTE_FAULT_NO_ENTRY) &&
		 walks == 7 && ram[REAL + 5] == 0x5A);
}
