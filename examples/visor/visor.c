/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/visor/visor.c - the one guest: its beginning and its end.
 *
 * Thread n of the machine is virtual CPU n.
 */
#include "visor.h"

#define MSR_START	(MSR_SF | MSR_ME)	/* real mode, big-endian */

struct guest guest;

static struct hpte_caps caps = HPTE_CAPS_DEFAULT;

static uint32_t ready, arrived;	/* threads */

static const char *add_devices(void)
{
	static struct hpte_mmio_slot slots[8];

	hpte_mmio_init(&guest.bus, slots, 8);
	for (uint32_t i = 0; i < guest.region_count; i++)
		if (hpte_mmio_add(&guest.bus, &guest.regions[i]) != HPTE_OK)
			return "its devices overlap";
	hpte_hcall_set_mmio(&guest.vm, &guest.bus);
	return NULL;
}

static const char *make_table(void)
{
	struct hpte_table_config config = {
		.order = guest.order,
		.flags = HPTE_TABLE_WALKER,
		/* not HPTE_CPU_LOAD16: lq is not to be relied on everywhere */
		.caps = &caps,
		.ops = &host_ops,
	};

	machine_set_caps(&caps);
	caps.order_max = ORDER_MAX;
	if (tables_alloc(NULL, guest.order, &config.memory) != HPTE_HOST_DONE ||
	    hpte_table_init(&guest.table, &config) != HPTE_OK)
		return "no hash table of this size";
	hpte_hcall_init(&guest.vm, &guest.table);
	return NULL;
}

static const char *map_real_mode(void)
{
	uint64_t mapped;

	guest.vrma = hpte_xlate_vrma(VRMA_SHIFT);
	guest.lpcr = machine_lpcr();
	machine_set_table();
	return hpte_xlate_map_vrma(&guest.table, guest.ram_bytes, VRMA_SHIFT,
				   &mapped) == HPTE_OK &&
	       mapped == guest.ram_bytes ?
	       NULL : "its hash table is too small for its RAM";
}

/* NULL, or why there is no guest. */
static const char *set_up_guest(void)
{
	const char *problem = platform_describe();

	if (problem || (problem = make_table()) || (problem = add_devices()))
		return problem;
	for (size_t i = 0; i < MAX_CPUS; i++) {
		struct vcpu *vcpu = &guest.vcpu[i];

		hpte_fault_init(&vcpu->fault, &guest.table);
		hpte_mmio_cpu_init(&vcpu->mmio, &guest.bus, NULL, vcpu->regs);
	}
	return map_real_mode();
}

/* The threads the machine has, or those that come within a second. */
static uint32_t wait_for_threads(uint32_t expected)
{
	uint64_t start = mfspr(SPR_TB);
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
	uint32_t threads = tree_good(tree) ? tree_threads(tree) : 0;
	const char *problem;

	guest.vcpus = wait_for_threads(threads);
	console_say("POWER%lu, %lu of %lu threads, table of 2^%lu bytes at %lx",
		    (uint64_t)machine_power, (uint64_t)guest.vcpus,
		    (uint64_t)threads, (uint64_t)guest.order,
		    (uint64_t)hpte_table_base(&guest.table));
	host_ops.tlb_invalidate_all(NULL);
	vcpu->state = VCPU_STARTED;
	vcpu->regs[HPTE_REG_MSR] = MSR_START;
	problem = platform_start(vcpu);
	if (problem)
		end_guest(problem);
	guest.started = mfspr(SPR_TB);
}

/* In real mode, other registers 0; false: no such vCPU, or it is running. */
bool start_vcpu(uint64_t number, uint64_t pc, uint64_t r3)
{
	uint32_t waiting = VCPU_WAITING;
	struct vcpu *vcpu;

	if (number >= guest.vcpus)
		return false;
	vcpu = &guest.vcpu[number];
	if (!__atomic_compare_exchange_n(&vcpu->state, &waiting, VCPU_CLAIMED,
					 false, __ATOMIC_ACQUIRE,
					 __ATOMIC_RELAXED))
		return false;
	vcpu->regs[3] = r3;
	vcpu->regs[HPTE_REG_PC] = pc;
	vcpu->regs[HPTE_REG_MSR] = MSR_START;
	/* boot_thread() waits for it */
	__atomic_store_n(&vcpu->state, VCPU_STARTED, __ATOMIC_RELEASE);
	return true;
}

/* boot.S, once on each thread. */
void boot_thread(uint64_t thread, const void *tree, uint64_t stack)
{
	struct vcpu *vcpu = &guest.vcpu[thread];
	const char *problem;

	vcpu->stack = stack;
	mtspr(SPR_HSPRG0, (uint64_t)vcpu);
	if (thread == 0) {
		if (!machine_detect())
			for (;;)
				;		/* and no way to say so */
		machine_set_vectors();
		problem = set_up_guest();
		if (problem)
			end_guest(problem);
		__atomic_store_n(&ready, 1, __ATOMIC_RELEASE);
	}
	while (!__atomic_load_n(&ready, __ATOMIC_ACQUIRE))
		;
	machine_set_thread(vcpu);
	__atomic_fetch_add(&arrived, 1, __ATOMIC_RELEASE);
	if (thread == 0)
		start_guest(vcpu, tree);
	/* start_vcpu() */
	while (__atomic_load_n(&vcpu->state, __ATOMIC_ACQUIRE) != VCPU_STARTED)
		;
	threads_meet(vcpu);
	world_enter(vcpu);
}

/* What vectors.S has counted: data first, instructions second. */
static uint64_t count_early(const struct hpte_ppc64_entry *entry,
			    unsigned int which)
{
	switch (which) {
	case COUNT_HDSI:
		return entry->retried[0] + entry->reflected[0];
	case COUNT_HISI:
		return entry->retried[1] + entry->reflected[1];
	case COUNT_RETRY:
		return entry->retried[0] + entry->retried[1];
	case COUNT_REFLECT:
		return entry->reflected[0] + entry->reflected[1];
	default:
		return 0;
	}
}

/* On all vCPUs. */
uint64_t total(unsigned int which)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < guest.vcpus; i++)
		sum += __atomic_load_n(&guest.vcpu[i].counts[which],
				       __ATOMIC_RELAXED) +
		       count_early(&guest.vcpu[i].entry, which);
	return sum;
}

void end_guest(const char *failure)
{
	/* one virtual CPU says it, the others wait for the end */
	if (__atomic_exchange_n(&guest.ended, 1, __ATOMIC_RELAXED))
		for (;;)
			;
	platform_report();
	if (failure)
		console_say("guest %lu ended: FAIL: %s", (uint64_t)LPID,
			    failure);
	else
		console_say("guest %lu ended: PASS", (uint64_t)LPID);
	power_off();
}

void stop_guest(const char *why)
{
	const struct vcpu *vcpu = this_vcpu();

	console_say("guest %lu stopped: %s (vector %lx, PC %lx, MSR %lx)",
		    (uint64_t)LPID, why, vcpu->vector,
		    vcpu->regs[HPTE_REG_PC], vcpu->regs[HPTE_REG_MSR]);
	end_guest(why);
}
