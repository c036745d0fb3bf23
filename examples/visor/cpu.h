/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * examples/visor/cpu.h - registers of POWER8, POWER9, POWER10 by number.
 *
 * References
 *	[ISA]	Power ISA Versions 2.07 B, 3.0 B, 3.1, Book III
 *
 * For C and assembly.
 */
#ifndef VISOR_CPU_H
#define VISOR_CPU_H

#define SPR_DSISR		18
#define SPR_DAR			19
#define SPR_DEC			22
#define SPR_SDR1		25	/* up to ISA 2.07 */
#define SPR_SRR0		26
#define SPR_SRR1		27
#define SPR_AMR			29
#define SPR_IAMR		61
#define SPR_UAMOR		157
#define SPR_HFSCR		190
#define SPR_TB			268
#define SPR_PVR			287
#define SPR_HSPRG0		304	/* our struct vcpu */
#define SPR_HSPRG1		305	/* scratch at the start of an exit */
#define SPR_HDSISR		306
#define SPR_HDAR		307
#define SPR_HDEC		310
#define SPR_HSRR0		314
#define SPR_HSRR1		315
#define SPR_LPCR		318
#define SPR_LPIDR		319
#define SPR_PCR			338
#define SPR_AMOR		349
#define SPR_PTCR		464	/* from ISA 3.0 */
#define SPR_ASDR		816	/* from ISA 3.0 */
#define SPR_PSSCR		855	/* from ISA 3.0 */
#define SPR_PIR			1023

#define MSR_SF			0x8000000000000000
#define MSR_HV			0x1000000000000000
#define MSR_VEC			0x2000000
#define MSR_VSX			0x800000
#define MSR_EE			0x8000
#define MSR_PR			0x4000
#define MSR_FP			0x2000
#define MSR_ME			0x1000
#define MSR_IR			0x20
#define MSR_DR			0x10
#define MSR_LE			0x1

/* Bits of SRR1 and HSRR1 that say why, and are no image of the MSR. */
#define SRR1_WHY		0x783F0000
#define SRR1_STORAGE		0x582E0000	/* those of a HISI */
#define SRR1_PREFIXED		0x20000000
#define SRR1_ILLEGAL		0x80000		/* of a program interrupt */

#define LPCR_VPM0		0x8000000000000000	/* up to ISA 2.07 */
#define LPCR_VPM1		0x4000000000000000
#define LPCR_VRMASD		0x000F800000000000	/* up to ISA 2.07 */
#define LPCR_ILE		0x2000000
#define LPCR_AIL		0x1800000
#define LPCR_AIL_SHIFT		23
#define LPCR_PECE		0xA000	/* what ends a rest: a message to the
					 * hypervisor, the decrementer */
#define LPCR_LPES0		0x8
#define LPCR_HDICE		0x1

/*
 * What a guest may use.  Not transactional memory, whose state we do not
 * switch; not msgsndp, since virtual CPUs are not threads of one core.
 */
#define HFSCR_FP		0x1
#define HFSCR_VECTOR		0x2
#define HFSCR_DSCR		0x4
#define HFSCR_PM		0x8
#define HFSCR_BHRB		0x10
#define HFSCR_EBB		0x80
#define HFSCR_TAR		0x100
#define HFSCR_PREFIX		0x2000		/* from ISA 3.1 */

#ifndef __ASSEMBLER__

#include <stdint.h>

#define always_inline static inline __attribute__((always_inline))

always_inline uint64_t mfspr(const unsigned int spr)
{
	uint64_t value;

	__asm__ volatile("mfspr %0, %1" : "=r"(value) : "n"(spr));
	return value;
}

always_inline void mtspr(const unsigned int spr, uint64_t value)
{
	__asm__ volatile("mtspr %0, %1" : : "n"(spr), "r"(value) : "memory");
}

/* Device registers of the machine: real addresses, caching inhibited. */

always_inline void out_8(uint64_t real, uint8_t value)
{
	__asm__ volatile("sync; stbcix %0, 0, %1"
			 : : "r"(value), "r"(real) : "memory");
}

always_inline uint8_t in_8(uint64_t real)
{
	uint8_t value;

	__asm__ volatile("lbzcix %0, 0, %1; twi 0, %0, 0; isync"
			 : "=r"(value) : "r"(real) : "memory");
	return value;
}

always_inline void out_64(uint64_t real, uint64_t value)
{
	__asm__ volatile("sync; stdcix %0, 0, %1"
			 : : "r"(value), "r"(real) : "memory");
}

always_inline uint64_t in_64(uint64_t real)
{
	uint64_t value;

	__asm__ volatile("ldcix %0, 0, %1; twi 0, %0, 0; isync"
			 : "=r"(value) : "r"(real) : "memory");
	return value;
}

#endif /* !__ASSEMBLER__ */

#endif /* VISOR_CPU_H */
