/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/visor/visor.c - the one guest: its beginning and its end.
 *
 * Thread n of the machine is virtual CPU n.
 */
#include "visor.h"

#define SECOND		UINT64_C(512000000)	/* of the time base */

struct guest guest;

/* The hardware walks it: aligned to its size. */
static _Alignas(1 << ORDER) uint64_t entries[(1 << ORDER) / 8];
static _Alignas(16) uint64_t side[(1 << ORDER) / 8];

static struct hpte_caps caps = HPTE_CAPS_DEFAULT;

static uint32_t ready, arrived;	/* threads */

static bool set_up_guest(void)
{
	const struct hpte_table_config config = {
		.memory = { entries, side },
		.order = ORDER,
		.flags = HPTE_TABLE_WALKER,
		/* not HPTE_CPU_LOAD16: lq is not to be relied on everywhere */
		.caps = &caps,
		.ops = &host_ops,
	};
	uint64_t mapped;

	machine_set_caps(&caps);
	caps.order_max = ORDER_MAX;
	if (hpte_table_init(&guest.table, &config) != HPTE_OK)
		return false;
	hpte_hcall_init(&guest.vm, &guest.table);
	if (!devices_add(&guest.bus))
		return false;
	hpte_hcall_set_mmio(&guest.vm, &guest.bus);
	for (size_t i = 0; i < MAX_CPUS; i++) {
		struct vcpu *vcpu = &guest.vcpu[i];

		hpte_fault_init(&vcpu->fault, &guest.table);
		hpte_mmio_cpu_init(&vcpu->mmio, &guest.bus, NULL, vcpu->regs);
	}
	guest.vrma = hpte_xlate_vrma(VRMA_SHIFT);
	guest.lpcr = machine_lpcr();
	machine_set_table();
	return hpte_xlate_map_vrma(&guest.table, ABI_RAM_BYTES, VRMA_SHIFT,
				   &mapped) == HPTE_OK &&
	       mapped == ABI_RAM_BYTES;
}

/* The threads the machine has, or those that come within a second. */
static uint32_t wait_for_threads(const void *tree)
{
	uint64_t start = mfspr(SPR_TB);
	uint32_t expected = machine_threads(tree);
	uint32_t here;

	if (expected > MAX_CPUS)
		expected = MAX_CPUS;
	do {
		here = __atomic_load_n(&arrived, __ATOMIC_ACQUIRE);
	} while (here < expected && mfspr(SPR_TB) - start < SECOND);
	return here;
}

static void start_guest(struct vcpu *vcpu, const void *tree)
{
	guest.vcpus = wait_for_threads(tree);
	console_say("POWER%lu, %lu of %lu threads, table of 2^%lu bytes at %lx",
		    (uint64_t)machine_power, (uint64_t)guest.vcpus,
		    (uint64_t)machine_threads(tree), (uint64_t)ORDER,
		    (uint64_t)hpte_table_base(&guest.table));
	host_ops.tlb_invalidate_all(NULL);
	vcpu->regs[3] = guest.vcpus;
	vcpu->regs[4] = machine_power;
	vcpu->regs[5] = ORDER;
	vcpu->regs[HPTE_REG_PC] = ABI_ENTRY;
	vcpu->regs[HPTE_REG_MSR] = ABI_MSR;
	vcpu->state = VCPU_STARTED;
}

/* boot.S, once on each thread. */
void boot_thread(uint64_t thread, const void *tree, uint64_t stack)
{
	struct vcpu *vcpu = &guest.vcpu[thread];

	vcpu->stack = stack;
	mtspr(SPR_HSPRG0, (uint64_t)vcpu);
	if (thread == 0) {
		if (!machine_detect())
			for (;;)
				;		/* and no way to say so */
		if (!set_up_guest())
			stop_guest("it cannot be set up");
		__atomic_store_n(&ready, 1, __ATOMIC_RELEASE);
	}
	while (!__atomic_load_n(&ready, __ATOMIC_ACQUIRE))
		;
	machine_set_thread(vcpu);
	__atomic_fetch_add(&arrived, 1, __ATOMIC_RELEASE);
	if (thread == 0)
		start_guest(vcpu, tree);
	/* hypercall.c: start_cpu() */
	while (__atomic_load_n(&vcpu->state, __ATOMIC_ACQUIRE) != VCPU_STARTED)
		;
	threads_meet(vcpu);
	world_enter(vcpu);
}

void end_guest(bool success)
{
	/* one virtual CPU says it, the others wait for the end */
	if (__atomic_exchange_n(&guest.ended, 1, __ATOMIC_RELAXED))
		for (;;)
			;
	console_say("guest %lu ended: %s", (uint64_t)LPID,
		    success ? "PASS" : "FAIL");
	power_off();
}

void stop_guest(const char *why)
{
	const struct vcpu *vcpu = this_vcpu();

	console_say("guest %lu stopped: %s (vector %lx, PC %lx, MSR %lx)",
		    (uint64_t)LPID, why, vcpu->vector,
		    vcpu->regs[HPTE_REG_PC], vcpu->regs[HPTE_REG_MSR]);
	end_guest(false);
}
