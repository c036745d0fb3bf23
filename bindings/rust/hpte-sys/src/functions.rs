// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! Functions, in the order of the headers.

use crate::types::*;
use core::ffi::c_void;

functions! {
    // version.h
    hpte_version_number() -> u32;

    // entry.h
    hpte_entry_page(dw0: u64, dw1: u64, page: *mut hpte_page) -> i32;
    hpte_entry_page_bits(
        base: u32,
        actual: u32,
        l: *mut u64,
        lp: *mut u64
    ) -> i32;
    hpte_entry_real(dw1: u64, actual: u32) -> u64;
    hpte_entry_aligned(dw1: u64, page: *const hpte_page) -> bool;
    hpte_entry_to_300(from: *const hpte, to: *mut hpte) -> i32;
    hpte_entry_from_300(from: *const hpte, to: *mut hpte) -> i32;
    hpte_entry_key(dw1: u64) -> u32;
    hpte_entry_rights(dw1: u64, descriptor: u64, problem: bool) -> u32;
    hpte_entry_key_rights(key: u32, amr: u64, iamr: u64) -> u32;
    hpte_entry_writable(dw1: u64) -> bool;
    hpte_entry_read_only(dw1: u64) -> u64;

    // hash.h
    hpte_hash_va(descriptor: u64, ea: u64, va: *mut hpte_va) -> i32;
    hpte_hash_primary(va: *const hpte_va) -> u64;
    hpte_hash_group(hash: u64, secondary: bool, order: u32) -> u64;
    hpte_hash_dw0(va: *const hpte_va) -> u64;
    hpte_hash_rebuild(
        entry: *const hpte,
        page: *const hpte_page,
        index: u64,
        va: *mut hpte_va
    ) -> ();
    hpte_hash_reachable(
        entry: *const hpte,
        page: *const hpte_page,
        index: u64,
        order: u32
    ) -> bool;
    hpte_hash_tlbie_rb(
        entry: *const hpte,
        page: *const hpte_page,
        index: u64
    ) -> u64;
    hpte_hash_tlbie_rs(isa: u32, lpid: u32) -> u64;
    hpte_hash_tlbie_sets(isa: u32) -> u32;
    hpte_hash_tlbie_set_rb(set: u32) -> u64;

    // insn.h
    hpte_insn_is_prefix(word: u32) -> bool;
    hpte_insn_decode(words: *const u32, insn: *mut hpte_insn) -> ();

    // table.h
    hpte_table_bytes(order: u32) -> u64;
    hpte_table_side_bytes(order: u32, flags: u32, cpu: u32) -> u64;
    hpte_table_cpu() -> u32;
    hpte_table_init(
        table: *mut hpte_table,
        config: *const hpte_table_config
    ) -> i32;
    hpte_table_find(
        table: *const hpte_table,
        va: *const hpte_va,
        flags: u32,
        view: *mut hpte_view
    ) -> i32;
    hpte_table_find_ea(
        table: *const hpte_table,
        descriptor: u64,
        ea: u64,
        flags: u32,
        view: *mut hpte_view
    ) -> i32;
    hpte_table_read(
        table: *const hpte_table,
        index: u64,
        view: *mut hpte_view
    ) -> i32;
    hpte_table_insert(
        table: *mut hpte_table,
        index: u64,
        flags: u32,
        entry: *const hpte,
        page: *const hpte_host_page,
        at: *mut u64
    ) -> i32;
    hpte_table_remove(
        table: *mut hpte_table,
        index: u64,
        only: *const hpte_condition,
        removed: *mut hpte
    ) -> i32;
    hpte_table_reset(table: *mut hpte_table) -> ();
    hpte_table_generation(table: *const hpte_table) -> u64;
    hpte_table_counters(
        table: *const hpte_table,
        sum: *mut hpte_counters
    ) -> i32;
    hpte_table_base(table: *const hpte_table) -> *mut c_void;
    hpte_table_order(table: *const hpte_table) -> u32;
    hpte_table_entries(table: *const hpte_table) -> u64;

    // many.h
    hpte_table_find_many(
        table: *const hpte_table,
        requests: *mut hpte_find_request,
        count: usize,
        flags: u32
    ) -> usize;
    hpte_table_insert_many(
        table: *mut hpte_table,
        requests: *mut hpte_insert_request,
        count: usize
    ) -> usize;
    hpte_table_remove_many(
        table: *mut hpte_table,
        requests: *mut hpte_remove_request,
        count: usize
    ) -> usize;

    // owner.h
    hpte_table_protect(
        table: *mut hpte_table,
        index: u64,
        only: *const hpte_condition,
        mask: u64,
        bits: u64
    ) -> i32;
    hpte_table_clear(
        table: *mut hpte_table,
        index: u64,
        which: u64,
        old: *mut u64
    ) -> i32;
    hpte_table_promote(
        table: *mut hpte_table,
        view: *const hpte_view,
        page: *const hpte_host_page
    ) -> i32;
    hpte_table_demote(table: *mut hpte_table, index: u64) -> i32;
    hpte_table_set_rc(
        table: *mut hpte_table,
        view: *const hpte_view,
        bits: u64
    ) -> i32;

    // resize.h
    hpte_resize_init(resize: *mut hpte_resize) -> ();
    hpte_resize_prepare(
        resize: *mut hpte_resize,
        table: *mut hpte_table,
        flags: u64,
        shift: u64,
        code: *mut i64
    ) -> i32;
    hpte_resize_commit(
        resize: *mut hpte_resize,
        table: *mut hpte_table,
        flags: u64,
        shift: u64,
        code: *mut i64
    ) -> i32;
    hpte_resize_inert(resize: *const hpte_resize) -> u64;

    // hcall.h
    hpte_hcall_init(vm: *mut hpte_vm, table: *mut hpte_table) -> ();
    hpte_hcall_dispatch(
        vm: *mut hpte_vm,
        gpr: *mut u64,
        msr: u64
    ) -> hpte_hcall_disposition;
    hpte_hcall_complete(
        vm: *mut hpte_vm,
        gpr: *mut u64,
        result: hpte_mmio_result,
        value: u64
    ) -> ();
    hpte_hcall_set_mmio(vm: *mut hpte_vm, bus: *const hpte_mmio) -> ();
    hpte_hcall_set_radix(vm: *mut hpte_vm, radix: bool) -> ();
    hpte_hcall_from_status(status: i32) -> i64;

    // xlate.h
    hpte_xlate_segment(
        slb: *const hpte_slb,
        count: usize,
        ea: u64,
        descriptor: *mut u64
    ) -> i32;
    hpte_xlate_translated(access: *const hpte_access) -> bool;
    hpte_xlate_descriptor(access: *const hpte_access) -> u64;
    hpte_xlate_va(access: *const hpte_access, va: *mut hpte_va) -> i32;
    hpte_xlate_rights(access: *const hpte_access, dw1: u64) -> u32;
    hpte_xlate_access(
        table: *const hpte_table,
        access: *const hpte_access,
        result: *mut hpte_translation
    ) -> i32;
    hpte_xlate_fetch(
        table: *const hpte_table,
        access: *const hpte_access,
        words: *mut u32
    ) -> i32;
    hpte_xlate_vrma(base: u32) -> u64;
    hpte_xlate_map_vrma(
        table: *mut hpte_table,
        bytes: u64,
        base: u32,
        mapped: *mut u64
    ) -> i32;
    hpte_xlate_map_segment(
        table: *mut hpte_table,
        descriptor: u64,
        ea: u64,
        gpa: u64,
        bytes: u64,
        bits: u64
    ) -> i32;
    hpte_xlate_sdr1(base: u64, order: u32) -> u64;
    hpte_xlate_pate0(base: u64, order: u32, vrma: u64) -> u64;
    hpte_xlate_vrmasd(vrma: u64) -> u64;

    // fault.h
    hpte_fault_init(vcpu: *mut hpte_vcpu, table: *mut hpte_table) -> ();
    hpte_fault_resolve(
        vcpu: *mut hpte_vcpu,
        fault: *const hpte_fault,
        outcome: *mut hpte_outcome
    ) -> ();
    hpte_fault_complete(vcpu: *mut hpte_vcpu, outcome: *mut hpte_outcome) -> ();
    hpte_fault_forget(table: *mut hpte_table) -> ();

    // mmio.h
    hpte_mmio_init(
        bus: *mut hpte_mmio,
        slots: *mut hpte_mmio_slot,
        count: usize
    ) -> ();
    hpte_mmio_set_table(bus: *mut hpte_mmio, table: *const hpte_table) -> ();
    hpte_mmio_add(bus: *mut hpte_mmio, region: *const hpte_mmio_region) -> i32;
    hpte_mmio_remove(bus: *mut hpte_mmio, start: u64) -> i32;
    hpte_mmio_find(
        bus: *const hpte_mmio,
        gpa: u64,
        region: *mut hpte_mmio_region
    ) -> i32;
    hpte_mmio_dispatch(
        region: *const hpte_mmio_region,
        gpa: u64,
        size: u32,
        is_store: bool,
        big_endian: bool,
        value: *mut u64
    ) -> hpte_mmio_result;
    hpte_mmio_to_guest(
        region: *const hpte_mmio_region,
        value: u64,
        size: u32,
        big_endian: bool
    ) -> u64;
    hpte_mmio_cpu_init(
        cpu: *mut hpte_mmio_cpu,
        bus: *const hpte_mmio,
        regs: *const hpte_mmio_regs,
        ctx: *mut c_void
    ) -> ();
    hpte_mmio_emulate(
        cpu: *mut hpte_mmio_cpu,
        outcome: *const hpte_outcome,
        words: *const u32
    ) -> hpte_mmio_action;
    hpte_mmio_complete(
        cpu: *mut hpte_mmio_cpu,
        result: hpte_mmio_result,
        value: u64
    ) -> hpte_mmio_action;
    hpte_mmio_abort(cpu: *mut hpte_mmio_cpu) -> ();
}
