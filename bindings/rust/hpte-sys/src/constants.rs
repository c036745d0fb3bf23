// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! Constants: macros and enumerators.

use crate::types::*;

/// One bit of a doubleword, IBM numbering: 0 is the most significant.
const fn bit(number: u32) -> u64 {
    1 << (63 - number)
}

/// Bits `first..=last` of a doubleword, IBM numbering.
const fn bits(first: u32, last: u32) -> u64 {
    (!0 >> first) & (!0 << (63 - last))
}

constants! {
    // version.h
    HPTE_VERSION_MAJOR: u32 = 0;
    HPTE_VERSION_MINOR: u32 = 1;
    HPTE_VERSION_PATCH: u32 = 0;
    HPTE_VERSION_NUMBER: u32 = 0x000100;

    // status.h
    HPTE_OK: i32 = 0;
    HPTE_ERR_NOTFOUND: i32 = -1;
    HPTE_ERR_FULL: i32 = -2;
    HPTE_ERR_AGAIN: i32 = -3;
    HPTE_ERR_INDEX: i32 = -16;
    HPTE_ERR_ENCODING: i32 = -17;
    HPTE_ERR_PARAM: i32 = -32;
    HPTE_ERR_UNSUPPORTED: i32 = -33;

    // papr.h
    HPTE_HCALL_REMOVE: u32 = 0x04;
    HPTE_HCALL_ENTER: u32 = 0x08;
    HPTE_HCALL_READ: u32 = 0x0C;
    HPTE_HCALL_CLEAR_MOD: u32 = 0x10;
    HPTE_HCALL_CLEAR_REF: u32 = 0x14;
    HPTE_HCALL_PROTECT: u32 = 0x18;
    HPTE_HCALL_PAGE_INIT: u32 = 0x2C;
    HPTE_HCALL_LOGICAL_CI_LOAD: u32 = 0x3C;
    HPTE_HCALL_LOGICAL_CI_STORE: u32 = 0x40;
    HPTE_HCALL_BULK_REMOVE: u32 = 0x124;
    HPTE_HCALL_VRMASD: u32 = 0x2AC;
    HPTE_HCALL_BLOCK_REMOVE: u32 = 0x328;
    HPTE_HCALL_CLEAR_HPT: u32 = 0x358;
    HPTE_HCALL_RESIZE_HPT_PREPARE: u32 = 0x36C;
    HPTE_HCALL_RESIZE_HPT_COMMIT: u32 = 0x370;
    HPTE_HCALL_REGISTER_PROCESS_TABLE: u32 = 0x37C;
    HPTE_OFFER_REMOVE: u64 = 1 << 0;
    HPTE_OFFER_ENTER: u64 = 1 << 1;
    HPTE_OFFER_READ: u64 = 1 << 2;
    HPTE_OFFER_CLEAR_MOD: u64 = 1 << 3;
    HPTE_OFFER_CLEAR_REF: u64 = 1 << 4;
    HPTE_OFFER_PROTECT: u64 = 1 << 5;
    HPTE_OFFER_BULK_REMOVE: u64 = 1 << 6;
    HPTE_OFFER_RESIZE_HPT: u64 = 1 << 7;
    HPTE_OFFER_REGISTER_PROCESS_TABLE: u64 = 1 << 8;
    HPTE_OFFER_BLOCK_REMOVE: u64 = 1 << 9;
    HPTE_OFFER_CLEAR_HPT: u64 = 1 << 10;
    HPTE_OFFER_PAGE_INIT: u64 = 1 << 11;
    HPTE_OFFER_VRMASD: u64 = 1 << 12;
    HPTE_OFFER_LOGICAL_CI: u64 = 1 << 13;
    HPTE_H_SUCCESS: i64 = 0;
    HPTE_H_BUSY: i64 = 1;
    HPTE_H_CLOSED: i64 = 2;
    HPTE_H_NOT_AVAILABLE: i64 = 3;
    HPTE_H_PARTIAL: i64 = 5;
    HPTE_H_CONTINUE: i64 = 18;
    HPTE_H_LONG_BUSY_10_MS: i64 = 9901;
    HPTE_H_HARDWARE: i64 = -1;
    HPTE_H_FUNCTION: i64 = -2;
    HPTE_H_PRIVILEGE: i64 = -3;
    HPTE_H_PARAMETER: i64 = -4;
    HPTE_H_PTEG_FULL: i64 = -6;
    HPTE_H_NOT_FOUND: i64 = -7;
    HPTE_H_RESOURCE: i64 = -16;
    HPTE_H_RESCINDED: i64 = -46;
    HPTE_H_P2: i64 = -55;
    HPTE_H_P3: i64 = -56;
    HPTE_H_P4: i64 = -57;
    HPTE_H_TOO_BIG: i64 = -64;
    HPTE_HFLAG_COOKIE: u64 = bits(0, 15);
    HPTE_HFLAG_EXACT: u64 = bit(24);
    HPTE_HFLAG_R_XLATE: u64 = bit(25);
    HPTE_HFLAG_READ_4: u64 = bit(26);
    HPTE_HFLAG_CMO: u64 = bits(28, 31);
    HPTE_HFLAG_AVPN: u64 = bit(32);
    HPTE_HFLAG_ANDCOND: u64 = bit(33);
    HPTE_HFLAG_LOCAL: u64 = bit(35);
    HPTE_HFLAG_ICACHE_INVALIDATE: u64 = bit(40);
    HPTE_HFLAG_ICACHE_SYNCHRONIZE: u64 = bit(41);
    HPTE_HFLAG_COALESCE_CAND: u64 = bit(42);
    HPTE_HFLAG_MUI: u64 = bits(43, 46);
    HPTE_HFLAG_ZERO_PAGE: u64 = bit(48);
    HPTE_HFLAG_COPY_PAGE: u64 = bit(49);
    HPTE_HFLAG_COMPRESSION: u64 = bit(56);
    HPTE_HFLAG_KEY_HI: u64 = bits(50, 51);
    HPTE_HFLAG_KEY_LO: u64 = bits(52, 54);
    HPTE_HFLAG_PP0: u64 = bit(55);
    HPTE_HFLAG_N: u64 = bit(61);
    HPTE_HFLAG_PP: u64 = bits(62, 63);
    HPTE_PROC_TABLE_MODIFY: u32 = 0x10;
    HPTE_PROC_TABLE_REGISTER: u32 = 0x08;
    HPTE_PROC_TABLE_RADIX: u32 = 0x04;
    HPTE_PROC_TABLE_HASH_TABLE: u32 = 0x02;
    HPTE_PROC_TABLE_GTSE: u32 = 0x01;

    // trace.h
    HPTE_EVENT_INSERT: hpte_event = 0;
    HPTE_EVENT_INSERT_VALID: hpte_event = 1;
    HPTE_EVENT_REMOVE: hpte_event = 2;
    HPTE_EVENT_REMOVE_VALID: hpte_event = 3;
    HPTE_EVENT_FULL: hpte_event = 4;
    HPTE_EVENT_PROTECT: hpte_event = 5;
    HPTE_EVENT_CLEAR: hpte_event = 6;
    HPTE_EVENT_PROMOTE: hpte_event = 7;
    HPTE_EVENT_REPLACE: hpte_event = 8;
    HPTE_EVENT_DEMOTE: hpte_event = 9;
    HPTE_EVENT_CONTENDED: hpte_event = 10;
    HPTE_EVENT_INVALIDATE: hpte_event = 11;
    HPTE_EVENT_INVALIDATE_ALL: hpte_event = 12;
    HPTE_EVENT_RESET: hpte_event = 13;
    HPTE_EVENT_RESIZE_PREPARE: hpte_event = 14;
    HPTE_EVENT_RESIZE_SWITCH: hpte_event = 15;
    HPTE_EVENT_RESIZE_COMMIT: hpte_event = 16;
    HPTE_EVENT_HCALL: hpte_event = 17;
    HPTE_EVENT_HCALL_AGAIN: hpte_event = 18;
    HPTE_EVENT_MMIO: hpte_event = 19;
    HPTE_EVENT_FAULT: hpte_event = 24;
    HPTE_EVENT_COMPLETE: hpte_event = 32;
    HPTE_EVENTS: u32 = 48;

    // host.h
    HPTE_BACKING_RAM: hpte_backing_kind = 0;
    HPTE_BACKING_IO: hpte_backing_kind = 1;
    HPTE_BACKING_HOLE: hpte_backing_kind = 2;
    HPTE_BACKING_RESCINDED: hpte_backing_kind = 3;
    HPTE_BACKING_PARTIAL: hpte_backing_kind = 4;
    HPTE_HOST_DONE: hpte_host_result = 0;
    HPTE_HOST_LATER: hpte_host_result = 1;
    HPTE_HOST_NEVER: hpte_host_result = 2;
    HPTE_TLB_GLOBAL: u32 = 0x1;
    HPTE_TLB_NO_PRESYNC: u32 = 0x2;
    HPTE_CPU_LOAD16: u32 = 0x1;
    HPTE_CPU_SSE2: u32 = 0x2;
    HPTE_CPU_AVX2: u32 = 0x4;
    HPTE_CPU_AVX512: u32 = 0x8;
    HPTE_FORMAT_207: u32 = 0;
    HPTE_FORMAT_300: u32 = 1;
    HPTE_ISA_206: u32 = 206;
    HPTE_ISA_207: u32 = 207;
    HPTE_ISA_300: u32 = 300;
    HPTE_PAGE_PAIRS: u32 = 7;
    HPTE_PAGE_PAIRS_ALL: u32 = 0x7F;

    // entry.h
    HPTE_DW0_SW: u64 = bits(57, 60);
    HPTE_DW0_BOLTED: u64 = bit(59);
    HPTE_DW0_L: u64 = bit(61);
    HPTE_DW0_H: u64 = bit(62);
    HPTE_DW0_V: u64 = bit(63);
    HPTE_DW0_B: u64 = bits(0, 1);
    HPTE_DW0_B_1T: u64 = bit(1);
    HPTE_DW0_AVPN: u64 = bits(2, 56);
    HPTE_DW0_300_AVPN: u64 = bits(12, 56);
    HPTE_DW1_PP0: u64 = bit(0);
    HPTE_DW1_RESERVED: u64 = bit(1);
    HPTE_DW1_KEY_HI: u64 = bits(2, 3);
    HPTE_DW1_ARPN: u64 = bits(4, 51);
    HPTE_DW1_300_B: u64 = bits(4, 5);
    HPTE_DW1_300_B_1T: u64 = bit(5);
    HPTE_DW1_300_ARPN: u64 = bits(7, 51);
    HPTE_DW1_LP: u64 = bits(44, 51);
    HPTE_DW1_KEY_LO: u64 = bits(52, 54);
    HPTE_DW1_KEY: u64 = HPTE_DW1_KEY_HI | HPTE_DW1_KEY_LO;
    HPTE_DW1_R: u64 = bit(55);
    HPTE_DW1_C: u64 = bit(56);
    HPTE_DW1_RC: u64 = HPTE_DW1_R | HPTE_DW1_C;
    HPTE_DW1_W: u64 = bit(57);
    HPTE_DW1_I: u64 = bit(58);
    HPTE_DW1_M: u64 = bit(59);
    HPTE_DW1_G: u64 = bit(60);
    HPTE_DW1_WIMG: u64 = bits(57, 60);
    HPTE_DW1_N: u64 = bit(61);
    HPTE_DW1_PP: u64 = bits(62, 63);
    HPTE_DW1_PPP: u64 = HPTE_DW1_PP0 | HPTE_DW1_PP;
    HPTE_SLB_B: u64 = bits(0, 1);
    HPTE_SLB_B_1T: u64 = bit(1);
    HPTE_SLB_VSID: u64 = bits(2, 51);
    HPTE_SLB_KS: u64 = bit(52);
    HPTE_SLB_KP: u64 = bit(53);
    HPTE_SLB_N: u64 = bit(54);
    HPTE_SLB_L: u64 = bit(55);
    HPTE_SLB_LP: u64 = bits(58, 59);
    HPTE_READ: u32 = 1;
    HPTE_WRITE: u32 = 2;
    HPTE_EXECUTE: u32 = 4;
    HPTE_PAIR_4K_4K: u32 = 0;
    HPTE_PAIR_4K_64K: u32 = 1;
    HPTE_PAIR_4K_16M: u32 = 2;
    HPTE_PAIR_64K_64K: u32 = 3;
    HPTE_PAIR_64K_16M: u32 = 4;
    HPTE_PAIR_16M_16M: u32 = 5;
    HPTE_PAIR_16G_16G: u32 = 6;

    // hash.h
    HPTE_ORDER_MIN: u32 = 18;
    HPTE_ORDER_MAX: u32 = 46;
    HPTE_GROUP_ENTRIES: u32 = 8;
    HPTE_ENTRY_BYTES: u32 = 16;

    // insn.h
    HPTE_INSN_NONE: hpte_insn_kind = 0;
    HPTE_INSN_LOAD: hpte_insn_kind = 1;
    HPTE_INSN_STORE: hpte_insn_kind = 2;
    HPTE_INSN_CACHE: hpte_insn_kind = 3;
    HPTE_INSN_ZERO: hpte_insn_kind = 4;
    HPTE_INSN_SPECIAL: hpte_insn_kind = 5;
    HPTE_INSN_PRIVILEGED: hpte_insn_kind = 6;
    HPTE_INSN_GPR: hpte_insn_bank = 0;
    HPTE_INSN_FPR: hpte_insn_bank = 1;
    HPTE_INSN_VR: hpte_insn_bank = 2;
    HPTE_INSN_VSR: hpte_insn_bank = 3;
    HPTE_INSN_VSR_OR_VR: hpte_insn_bank = 4;
    HPTE_INSN_WHOLE: hpte_insn_layout = 0;
    HPTE_INSN_SINGLE: hpte_insn_layout = 1;
    HPTE_INSN_MULTIPLE: hpte_insn_layout = 2;
    HPTE_INSN_STRING: hpte_insn_layout = 3;
    HPTE_INSN_PAIR: hpte_insn_layout = 4;
    HPTE_INSN_ELEMENT: hpte_insn_layout = 5;
    HPTE_INSN_ELEMENTS: hpte_insn_layout = 6;
    HPTE_INSN_SPLAT: hpte_insn_layout = 7;
    HPTE_INSN_RIGHT: hpte_insn_layout = 8;
    HPTE_INSN_LENGTH: hpte_insn_layout = 9;
    HPTE_INSN_LENGTH_LEFT: hpte_insn_layout = 10;
    HPTE_INSN_UPDATE: u32 = 0x01;
    HPTE_INSN_ALGEBRAIC: u32 = 0x02;
    HPTE_INSN_REVERSED: u32 = 0x04;
    HPTE_INSN_INDEXED: u32 = 0x08;
    HPTE_INSN_RELATIVE: u32 = 0x10;
    HPTE_INSN_ALIGNED: u32 = 0x20;
    HPTE_INSN_INVALID: u32 = 0x40;
    HPTE_INSN_IS_STORE: u32 = 0x80;

    // table.h
    HPTE_TABLE_WALKER: u32 = 0x1;
    HPTE_VIEW_VALID: u32 = 0x1;
    HPTE_VIEW_MMIO: u32 = 0x2;
    HPTE_VIEW_BUSY: u32 = 0x4;
    HPTE_IF_AVPN: u32 = 0x1;
    HPTE_IF_ANDCOND: u32 = 0x2;
    HPTE_INSERT_EXACT: u32 = 0x1;
    HPTE_INSERT_MMIO: u32 = 0x2;
    HPTE_FIND_VALID: u32 = 0x1;

    // many.h
    HPTE_FIND_AHEAD: u32 = 32;
    HPTE_CHANGE_AHEAD: u32 = 16;
    HPTE_REMOVE_WINDOW: u32 = 8;

    // xlate.h
    HPTE_MSR_PR: u64 = bit(49);
    HPTE_MSR_IR: u64 = bit(58);
    HPTE_MSR_DR: u64 = bit(59);
    HPTE_MSR_LE: u64 = bit(63);
    HPTE_MSR_SF: u64 = bit(0);

    // fault.h
    HPTE_FAULT_NO_ENTRY: u32 = 0x40000000;
    HPTE_FAULT_NO_EXECUTE: u32 = 0x10000000;
    HPTE_FAULT_PROTECTION: u32 = 0x08000000;
    HPTE_FAULT_BAD_ACCESS: u32 = 0x04000000;
    HPTE_FAULT_STORE: u32 = 0x02000000;
    HPTE_FAULT_KEY: u32 = 0x00200000;
    HPTE_FAULT_FETCH: u32 = 0x1;
    HPTE_FAULT_NO_SEGMENT: u32 = 0x2;
    HPTE_FAULT_BASE_4K: u32 = 0x4;
    HPTE_FAULT_RETRY: hpte_fault_action = 0;
    HPTE_FAULT_DSI: hpte_fault_action = 1;
    HPTE_FAULT_ISI: hpte_fault_action = 2;
    HPTE_FAULT_DSEG: hpte_fault_action = 3;
    HPTE_FAULT_ISEG: hpte_fault_action = 4;
    HPTE_FAULT_HOST_PAGE: hpte_fault_action = 5;
    HPTE_FAULT_MMIO: hpte_fault_action = 6;
    HPTE_FAULT_HOST_ERROR: hpte_fault_action = 7;
    HPTE_VCPU_CACHE: u32 = 4;

    // mmio.h
    HPTE_MMIO_FAULT: hpte_mmio_result = -1;
    HPTE_MMIO_UNCLAIMED: hpte_mmio_result = 0;
    HPTE_MMIO_DONE: hpte_mmio_result = 1;
    HPTE_MMIO_PENDING: hpte_mmio_result = 2;
    HPTE_MMIO_LITTLE_ENDIAN: u32 = 0x1;
    HPTE_MMIO_UNALIGNED: u32 = 0x2;
    HPTE_MMIO_NOTIFY: u32 = 0x4;
    HPTE_REG_GPR: u32 = 0;
    HPTE_REG_PC: u32 = 32;
    HPTE_REG_MSR: u32 = 33;
    HPTE_REG_XER: u32 = 34;
    HPTE_REG_VSR: u32 = 64;
    HPTE_REG_COUNT: u32 = 192;
    HPTE_MMIO_EMULATED: hpte_mmio_action = 0;
    HPTE_MMIO_WAIT: hpte_mmio_action = 1;
    HPTE_MMIO_RETRY: hpte_mmio_action = 2;
    HPTE_MMIO_REFLECT: hpte_mmio_action = 3;
    HPTE_MMIO_HOST: hpte_mmio_action = 4;
    HPTE_MMIO_CHECKSTOP: hpte_mmio_reason = 1;
    HPTE_MMIO_BUSY: hpte_mmio_reason = 2;
    HPTE_MMIO_IDLE: hpte_mmio_reason = 3;
    HPTE_MMIO_NOT_MMIO: hpte_mmio_reason = 4;
    HPTE_MMIO_BYTES: u32 = 128;

    // hcall.h
    HPTE_HCALL_DONE: hpte_hcall_disposition = 0;
    HPTE_HCALL_AGAIN: hpte_hcall_disposition = 1;
    HPTE_HCALL_NOT_MINE: hpte_hcall_disposition = 2;
    HPTE_HCALL_PENDING: hpte_hcall_disposition = 3;
}
