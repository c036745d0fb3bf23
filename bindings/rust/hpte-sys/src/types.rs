// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! Types, in the order of the headers.  C's `int` is `i32` on every CPU that
//! the library runs on.

use crate::constants::*;
use core::ffi::c_void;

/// `enum hpte_backing_kind` of the C headers.
pub type hpte_backing_kind = u32;
/// `enum hpte_event` of the C headers.
pub type hpte_event = u32;
/// `enum hpte_host_result` of the C headers.
pub type hpte_host_result = u32;
/// `enum hpte_insn_kind` of the C headers.
pub type hpte_insn_kind = u32;
/// `enum hpte_insn_bank` of the C headers.
pub type hpte_insn_bank = u32;
/// `enum hpte_insn_layout` of the C headers.
pub type hpte_insn_layout = u32;
/// `enum hpte_hcall_disposition` of the C headers.
pub type hpte_hcall_disposition = u32;
/// `enum hpte_fault_action` of the C headers.
pub type hpte_fault_action = u32;
/// `enum hpte_mmio_result` of the C headers.
pub type hpte_mmio_result = i32;
/// `enum hpte_mmio_action` of the C headers.
pub type hpte_mmio_action = u32;
/// `enum hpte_mmio_reason` of the C headers.
pub type hpte_mmio_reason = u32;

/// `struct hpte_side`, which nobody looks into.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct hpte_side {
    _private: [u64; 2],
}

callbacks! {
    hpte_host_classify_fn(
        ctx: *mut c_void,
        gpa: u64,
        shift: u32,
        largest: *mut u32
    ) -> hpte_backing_kind;
    hpte_host_map_page_fn(
        ctx: *mut c_void,
        gpa: u64,
        shift: u32,
        want_write: bool,
        page: *mut hpte_host_page
    ) -> hpte_host_result;
    hpte_host_inval_begin_fn(ctx: *mut c_void) -> u64;
    hpte_host_inval_retry_fn(ctx: *mut c_void, sequence: u64) -> bool;
    hpte_host_tlb_invalidate_fn(
        ctx: *mut c_void,
        rb: *const u64,
        count: u32,
        flags: u32
    ) -> ();
    hpte_host_tlb_invalidate_all_fn(ctx: *mut c_void) -> ();
    hpte_host_mark_dirty_fn(ctx: *mut c_void, gpa: u64, bytes: u64) -> ();
    hpte_host_mark_young_fn(ctx: *mut c_void, gpa: u64, bytes: u64) -> ();
    hpte_host_guest_read_fn(
        ctx: *mut c_void,
        gpa: u64,
        to: *mut c_void,
        bytes: usize
    ) -> bool;
    hpte_host_guest_write_fn(
        ctx: *mut c_void,
        gpa: u64,
        from: *const c_void,
        bytes: u64
    ) -> bool;
    hpte_host_icache_sync_fn(ctx: *mut c_void, gpa: u64, bytes: u64) -> ();
    hpte_host_hpt_alloc_fn(
        ctx: *mut c_void,
        order: u32,
        memory: *mut hpte_memory
    ) -> hpte_host_result;
    hpte_host_hpt_free_fn(
        ctx: *mut c_void,
        order: u32,
        memory: *const hpte_memory
    ) -> ();
    hpte_host_vcpus_stop_fn(ctx: *mut c_void) -> bool;
    hpte_host_vcpus_start_fn(ctx: *mut c_void) -> ();
    hpte_host_vrma_page_size_fn(
        ctx: *mut c_void,
        code: u32
    ) -> hpte_host_result;
    hpte_host_relax_fn(ctx: *mut c_void) -> ();
    hpte_host_trace_fn(ctx: *mut c_void, event: *const hpte_trace) -> ();
    hpte_mmio_access_fn(
        ctx: *mut c_void,
        access: *mut hpte_mmio_access
    ) -> hpte_mmio_result;
    hpte_mmio_regs_read_fn(ctx: *mut c_void, reg: u32) -> u64;
    hpte_mmio_regs_write_fn(ctx: *mut c_void, reg: u32, value: u64) -> ();
}

structures! {
    // trace.h
    hpte_trace {
        id: u32,
        reserved: u32,
        args: [u64; 4],
    }
    hpte_counters {
        count: [u64; HPTE_EVENTS as usize],
    }

    // host.h
    hpte_host_page {
        real: u64,
        sequence: u64,
        shift: u8,
        writable: bool,
        reserved: [u8; 6],
    }
    hpte_memory {
        base: *mut c_void,
        side: *mut c_void,
    }
    hpte_host_ops {
        ops_size: usize,
        classify: hpte_host_classify_fn,
        map_page: hpte_host_map_page_fn,
        inval_begin: hpte_host_inval_begin_fn,
        inval_retry: hpte_host_inval_retry_fn,
        tlb_invalidate: hpte_host_tlb_invalidate_fn,
        tlb_invalidate_all: hpte_host_tlb_invalidate_all_fn,
        mark_dirty: hpte_host_mark_dirty_fn,
        mark_young: hpte_host_mark_young_fn,
        guest_read: hpte_host_guest_read_fn,
        guest_write: hpte_host_guest_write_fn,
        icache_sync: hpte_host_icache_sync_fn,
        hpt_alloc: hpte_host_hpt_alloc_fn,
        hpt_free: hpte_host_hpt_free_fn,
        vcpus_stop: hpte_host_vcpus_stop_fn,
        vcpus_start: hpte_host_vcpus_start_fn,
        vrma_page_size: hpte_host_vrma_page_size_fn,
        relax: hpte_host_relax_fn,
        trace: hpte_host_trace_fn,
    }
    hpte_caps {
        caps_size: u32,
        isa: u16,
        format: u8,
        data_keys: u8,
        insn_keys: u8,
        page_pairs: u8,
        order_max: u8,
        pp0: bool,
        strict: bool,
        block: [u8; HPTE_PAGE_PAIRS as usize],
        hcalls: u64,
    }

    // entry.h
    hpte {
        dw0: u64,
        dw1: u64,
    }
    hpte_page {
        base: u8,
        actual: u8,
        pair: u8,
    }

    // hash.h
    hpte_va {
        vsid: u64,
        offset: u64,
        segment: u8,
        base: u8,
    }

    // insn.h
    hpte_insn {
        kind: u8,
        bank: u8,
        layout: u8,
        flags: u8,
        reg: u8,
        ra: u8,
        rb: u8,
        length: u8,
        size: u8,
        part: u8,
        reserved: [u8; 6],
        displacement: i64,
    }

    // table.h
    hpte_table_config {
        memory: hpte_memory,
        order: u32,
        flags: u32,
        cpu: u32,
        shards: u32,
        caps: *const hpte_caps,
        ops: *const hpte_host_ops,
        ctx: *mut c_void,
        counters: *mut hpte_counters,
    }
    hpte_table {
        priv_base: *mut u64,
        priv_side: *mut hpte_side,
        priv_group_mask: u64,
        priv_order: u16,
        priv_search: u16,
        priv_flags: u32,
        priv_entries: u64,
        priv_caps: *const hpte_caps,
        priv_ops: *const hpte_host_ops,
        priv_ctx: *mut c_void,
        priv_generation: u64,
        priv_cursor: u64,
        priv_counters: *mut hpte_counters,
        priv_shards: u64,
    }
    hpte_view {
        index: u64,
        guest: hpte,
        page: hpte_page,
        state: u8,
        reserved: u32,
        priv_dw0: u64,
    }
    hpte_condition {
        flags: u32,
        value: u64,
    }

    // many.h
    hpte_find_request {
        descriptor: u64,
        ea: u64,
        view: hpte_view,
        status: i32,
        priv_base: u8,
        priv_word: u8,
        reserved: [u8; 2],
        priv_group: *const u64,
        priv_want: u64,
    }
    hpte_insert_request {
        index: u64,
        entry: hpte,
        page: *const hpte_host_page,
        used: u64,
        flags: u32,
        status: i32,
    }
    hpte_remove_request {
        index: u64,
        only: hpte_condition,
        removed: hpte,
        status: i32,
        reserved: u32,
    }

    // resize.h
    hpte_resize {
        priv_memory: hpte_memory,
        priv_inert: u64,
        priv_state: u32,
        priv_order: u32,
        priv_lock: u64,
    }

    // hcall.h
    hpte_vm {
        priv_table: *mut hpte_table,
        priv_mmio: *const hpte_mmio,
        priv_resize: hpte_resize,
        priv_closed: u64,
        priv_radix: u64,
    }

    // xlate.h
    hpte_slb {
        esid: u64,
        descriptor: u64,
    }
    hpte_access {
        ea: u64,
        msr: u64,
        descriptor: u64,
        vrma: u64,
        amr: u64,
        iamr: u64,
        kind: u32,
    }
    hpte_translation {
        view: hpte_view,
        gpa: u64,
        rights: u32,
    }

    // fault.h
    hpte_fault {
        access: hpte_access,
        status: u32,
        flags: u32,
    }
    hpte_outcome {
        action: u32,
        bits: u32,
        dar: u64,
        gpa: u64,
        is_store: bool,
        fetch_now: bool,
        shift: u8,
        reserved: [u8; 5],
        priv_access: hpte_access,
        priv_view: hpte_view,
        priv_status: u32,
        priv_reserved: u32,
    }
    hpte_cached {
        priv_view: hpte_view,
        priv_descriptor: u64,
        priv_page: u64,
        priv_generation: u64,
        priv_valid: u64,
    }
    hpte_vcpu {
        priv_table: *mut hpte_table,
        priv_cache: [hpte_cached; HPTE_VCPU_CACHE as usize],
        priv_next: u64,
    }

    // mmio.h
    hpte_mmio_access {
        offset: u64,
        value: u64,
        size: u8,
        is_store: bool,
        reserved: [u8; 6],
    }
    hpte_mmio_ops {
        ops_size: usize,
        access: hpte_mmio_access_fn,
    }
    hpte_mmio_region {
        start: u64,
        bytes: u64,
        size_mask: u32,
        flags: u32,
        ops: *const hpte_mmio_ops,
        ctx: *mut c_void,
    }
    hpte_mmio_slot {
        priv_sequence: u64,
        priv_words: [u64; 5],
    }
    hpte_mmio {
        priv_slots: *mut hpte_mmio_slot,
        priv_count: u64,
        priv_lock: u64,
        priv_table: *const hpte_table,
    }
    hpte_mmio_regs {
        ops_size: usize,
        read: hpte_mmio_regs_read_fn,
        write: hpte_mmio_regs_write_fn,
    }
    hpte_interrupt {
        vector: u32,
        dsisr: u32,
        dar: u64,
        srr1: u64,
    }
    hpte_mmio_cpu {
        interrupt: hpte_interrupt,
        reason: u32,
        priv_state: u32,
        priv_bus: *const hpte_mmio,
        priv_regs: *const hpte_mmio_regs,
        priv_ctx: *mut c_void,
        priv_insn: hpte_insn,
        priv_ea: u64,
        priv_gpa: u64,
        priv_msr: u64,
        priv_region: hpte_mmio_region,
        priv_bytes: u32,
        priv_done: u32,
        priv_data: [u8; HPTE_MMIO_BYTES as usize],
    }
}

/// `HPTE_CAPS_DEFAULT`
pub const HPTE_CAPS_DEFAULT: hpte_caps = hpte_caps {
    caps_size: core::mem::size_of::<hpte_caps>() as u32,
    isa: HPTE_ISA_207 as u16,
    format: HPTE_FORMAT_207 as u8,
    data_keys: 32,
    insn_keys: 32,
    page_pairs: HPTE_PAGE_PAIRS_ALL as u8,
    order_max: 46,
    pp0: true,
    strict: false,
    block: [8; HPTE_PAGE_PAIRS as usize],
    hcalls: !0,
};
