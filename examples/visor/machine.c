/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/visor/machine.c - what differs between POWER8, POWER9 and POWER10.
 *
 * References
 *	[ISA]	Power ISA Versions 2.07 B and 3.0 B, Book III, "Logical
 *		Partitioning", "Storage Control", "Power-Saving Mode",
 *		"Processor Control"
 */
#include "visor.h"

#define PATES		4096U			/* partition table entries */
#define PTCR_PATS	4U			/* log2 of its bytes, less 12 */
#define DOORBELL	(UINT64_C(5) << 27)	/* msgsnd: to the hypervisor */

unsigned int machine_power;

/* One entry a partition; the second doubleword is for radix and processes. */
static _Alignas(PATES * 16) hpte_be64_t partitions[PATES][2];

bool machine_detect(void)
{
	static const struct {
		uint16_t version;		/* PVR, bits 32:47 */
		uint16_t power;
	} known[] = {
		{ 0x4B, 8 }, { 0x4C, 8 }, { 0x4D, 8 },
		{ 0x4E, 9 }, { 0x4F, 9 }, { 0x80, 10 },
	};
	uint64_t version = mfspr(SPR_PVR) >> 16;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].version == version)
			machine_power = known[i].power;
	return machine_power != 0;
}

void machine_set_caps(struct hpte_caps *caps)
{
	caps->isa = machine_power == 8 ? HPTE_ISA_207 : HPTE_ISA_300;
	caps->format = (uint8_t)(machine_power == 8 ? HPTE_FORMAT_207 :
						      HPTE_FORMAT_300);
}

/* The vectors whose code depends on where the CPU keeps segments. */
void machine_set_vectors(void)
{
	bool isa_300 = machine_power != 8;

	*vector_hdsi = hdsi_entry[isa_300];
	*vector_hisi = hisi_entry[isa_300];
	__asm__ volatile("dcbst 0, %0; dcbst 0, %1; sync;"
			 "icbi 0, %0; icbi 0, %1; sync; isync"
			 : : "r"(vector_hdsi), "r"(vector_hisi) : "memory");
}

/*
 * Every storage interrupt that the table could not serve comes to us (VPM),
 * external interrupts are the guest's (LPES), the hypervisor decrementer
 * interrupts the guest.
 */
uint64_t machine_lpcr(void)
{
	return LPCR_VPM1 | LPCR_PECE | LPCR_LPES0 | LPCR_HDICE |
	       (machine_power == 8 ? LPCR_VPM0 : 0);
}

/*
 * Where the table is and which segment real mode uses, for all threads: on
 * POWER8 in two registers of each; later in the partition table, whose entry
 * threads may have cached: RIC=2.
 */
void machine_set_table(void)
{
	uint64_t base = (uintptr_t)hpte_table_base(&guest.table);
	unsigned int order = hpte_table_order(&guest.table);

	for (unsigned int i = 0; i < MAX_CPUS; i++) {
		guest.vcpu[i].entry.table = base;
		guest.vcpu[i].entry.group_mask = hpte_table_bytes(order) - 128;
		guest.vcpu[i].entry.vrma = guest.vrma;
	}
	if (machine_power == 8) {
		guest.sdr1 = hpte_xlate_sdr1(base, order);
		guest.lpcr = (guest.lpcr & ~(uint64_t)LPCR_VRMASD) |
			     hpte_xlate_vrmasd(guest.vrma);
		return;
	}
	partitions[LPID][0] = hpte_be64_from_host(
		hpte_xlate_pate0(base, order, guest.vrma));
	__asm__ volatile(".machine push; .machine power9; ptesync;"
			 "tlbie %0, %1, 2, 0, 0; eieio; tlbsync; ptesync;"
			 ".machine pop"
			 : : "r"(hpte_hash_tlbie_set_rb(0)),
			 "r"(hpte_hash_tlbie_rs(HPTE_ISA_300, LPID))
			 : "memory");
}

/* A thread's own copies of what may have changed. */
void machine_follow(struct vcpu *vcpu)
{
	if (vcpu->sdr1 != guest.sdr1) {
		vcpu->sdr1 = guest.sdr1;
		mtspr(SPR_SDR1, guest.sdr1);
	}
	if (vcpu->lpcr != guest.lpcr) {
		vcpu->lpcr = guest.lpcr;
		mtspr(SPR_LPCR, guest.lpcr);
	}
	__asm__ volatile("isync" : : : "memory");
}

void machine_set_thread(struct vcpu *vcpu)
{
	vcpu->pir = mfspr(SPR_PIR);
	if (machine_power != 8)
		mtspr(SPR_PTCR, (uintptr_t)partitions | PTCR_PATS);
	mtspr(SPR_LPIDR, LPID);
	machine_set_alarm(HEARTBEAT);	/* before HDICE lets it interrupt */
	machine_follow(vcpu);
	mtspr(SPR_PCR, 0);		/* the newest ISA there is */
	mtspr(SPR_AMOR, ~UINT64_C(0));	/* all storage keys are the guest's */
	mtspr(SPR_UAMOR, ~UINT64_C(0));
	mtspr(SPR_HFSCR, HFSCR_FP | HFSCR_VECTOR | HFSCR_DSCR | HFSCR_PM |
	      HFSCR_BHRB | HFSCR_EBB | HFSCR_TAR |
	      (machine_power >= 10 ? HFSCR_PREFIX : 0));
	/* nothing that was translated under the old LPIDR and LPCR is kept */
	__asm__ volatile("ptesync; slbia; isync" : : : "memory");
}

/* The next hypervisor decrementer interrupt of this thread. */
void machine_set_alarm(uint64_t ticks)
{
	mtspr(SPR_HDEC, ticks);
}

/*
 * Take a virtual CPU out of its guest, or out of its rest.  On POWER8 the
 * message stays within a core: elsewhere the heartbeat must do.
 */
void machine_kick(const struct vcpu *vcpu)
{
	__asm__ volatile("sync; msgsnd %0"
			 : : "r"(DOORBELL | vcpu->pir) : "memory");
}

/*
 * Until something asks for this thread, the decrementer and a message among
 * them, or for no particular reason earlier.
 */
void machine_rest(void)
{
	if (machine_power == 8) {
		world_nap();
	} else {
		mtspr(SPR_PSSCR, 0);	/* go on with the next instruction */
		__asm__ volatile(".machine push; .machine power9; stop;"
				 ".machine pop" : : : "memory");
	}
	__asm__ volatile("msgclr %0" : : "r"(DOORBELL) : "memory");
	/* it has come and is lost (POWER8), or would end the next rest too */
	if ((int32_t)mfspr(SPR_HDEC) < 0)
		machine_set_alarm(HEARTBEAT);
}

/* The segment of an address of the guest whose SLB is in this thread. */
bool machine_segment(uint64_t ea, uint64_t *descriptor)
{
	uint64_t cr;

	__asm__ volatile("slbfee. %0, %2; mfcr %1"
			 : "=r"(*descriptor), "=r"(cr)
			 : "r"(ea & ~UINT64_C(0xFFFFFFF)) : "cr0");
	return (cr & 0x20000000) != 0;		/* CR0[EQ]: found */
}

/* That of the last storage interrupt: POWER9 and later remember it. */
bool machine_fault_segment(uint64_t ea, uint64_t *descriptor)
{
	if (machine_power == 8)
		return machine_segment(ea, descriptor);
	*descriptor = mfspr(SPR_ASDR);
	return true;
}
