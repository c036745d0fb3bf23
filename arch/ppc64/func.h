/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * arch/ppc64/func.h - functions in assembly, of both ABIs.
 */
#ifndef ARCH_PPC64_FUNC_H
#define ARCH_PPC64_FUNC_H

/* A function of ours that no user calls. */
#define FUNC_PRIVATE(name)	.hidden name

/* ELFv2 has local entry points; ELFv1 has descriptors. */
#if defined(_CALL_ELF) && _CALL_ELF == 2
#define FUNC_ENTRY(name)						\
	.section .text.name, "ax", @progbits;				\
	.balign	16;							\
	.globl	name;							\
	.type	name, @function;					\
name:									\
	.cfi_startproc
#define FUNC_END(name)							\
	.cfi_endproc;							\
	.size	name, . - name
#else
#define FUNC_ENTRY(name)						\
	.section .opd, "aw";						\
	.balign	8;							\
	.globl	name;							\
	.type	name, @function;					\
name:									\
	.quad	.L.name, .TOC.@tocbase, 0;				\
	.size	name, 24;						\
	.section .text.name, "ax", @progbits;				\
	.balign	16;							\
.L.name:								\
	.cfi_startproc
#define FUNC_END(name)							\
	.cfi_endproc
#endif

#endif /* ARCH_PPC64_FUNC_H */
