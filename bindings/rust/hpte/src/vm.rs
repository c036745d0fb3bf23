// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! Hypercalls.

use crate::host::Host;
use crate::mmio::{Bus, Reply};
use crate::sys;
use crate::table::Table;
use core::cell::UnsafeCell;
use core::{fmt, mem};

/// What to do after [`Vm::dispatch`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disposition {
    /// R3 and outputs are set: resume after the `sc`.
    Done,
    /// Nothing changed: let the guest execute the `sc` again.
    Again,
    /// Nothing changed: yours to answer, or else H_FUNCTION.
    NotMine,
    /// A device is at work: [`Vm::complete`], then resume after the `sc`.
    Pending,
}

/// The hypercalls of one guest.
///
/// It borrows the table mutably, so that there is one `Vm` for a table; the
/// table is reached through [`Vm::table`] from then on.
pub struct Vm<'t, 'm, H> {
    raw: UnsafeCell<sys::hpte_vm>,
    table: &'t Table<'m, H>,
}

// SAFETY: C keeps no thread's state; the table is Sync.
unsafe impl<H: Sync> Send for Vm<'_, '_, H> {}
// SAFETY: what takes `&self` is atomic in C: hcall.h, "Concurrency".
unsafe impl<H: Sync> Sync for Vm<'_, '_, H> {}

impl<H> fmt::Debug for Vm<'_, '_, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vm").field("table", &self.table).finish()
    }
}

impl<'t, 'm, H: Host> Vm<'t, 'm, H> {
    /// A guest without devices that hypercalls may reach.
    pub fn new(table: &'t mut Table<'m, H>) -> Vm<'t, 'm, H> {
        let table: &'t Table<'m, H> = table;
        let mut raw = mem::MaybeUninit::uninit();
        // SAFETY: room for the state, which init fills in; the table is
        // initialised and borrowed for as long as the state is used.
        let raw = unsafe {
            sys::hpte_hcall_init(raw.as_mut_ptr(), table.as_raw());
            raw.assume_init()
        };
        Vm { raw: UnsafeCell::new(raw), table }
    }

    /// A guest whose H_LOGICAL_CI_LOAD and _STORE reach these devices.
    pub fn with_devices(
        table: &'t mut Table<'m, H>,
        bus: &'t Bus<'_>,
    ) -> Vm<'t, 'm, H> {
        let vm = Vm::new(table);
        // SAFETY: nobody else has the state; the bus is borrowed for as long.
        unsafe { sys::hpte_hcall_set_mmio(vm.raw.get(), bus.as_raw()) };
        vm
    }

    /// The guest's table.
    pub fn table(&self) -> &Table<'m, H> {
        self.table
    }

    /// Serve one `sc 1`: R3 to R12 of `gpr` are read, R3 to R11 written.
    ///
    /// A register file of another length does not compile:
    ///
    /// ```compile_fail,E0308
    /// # fn f<H: hpte::Host>(vm: &hpte::Vm<'_, '_, H>) {
    /// vm.dispatch(&mut [0; 12], 0);
    /// # }
    /// ```
    #[must_use = "says whether the registers are set"]
    pub fn dispatch(&self, gpr: &mut [u64; 32], msr: u64) -> Disposition {
        // SAFETY: initialised state, 32 registers.
        let disposition = unsafe {
            sys::hpte_hcall_dispatch(self.raw.get(), gpr.as_mut_ptr(), msr)
        };
        match disposition {
            sys::HPTE_HCALL_DONE => Disposition::Done,
            sys::HPTE_HCALL_AGAIN => Disposition::Again,
            sys::HPTE_HCALL_PENDING => Disposition::Pending,
            _ => Disposition::NotMine,
        }
    }

    /// A device has finished what was [`Disposition::Pending`].  `gpr` is as
    /// `dispatch` left it; of a store the value is not looked at.
    pub fn complete(&self, gpr: &mut [u64; 32], reply: Reply<u64>) {
        let (result, value) = reply.raw();
        // SAFETY: initialised state, 32 registers.
        unsafe {
            sys::hpte_hcall_complete(
                self.raw.get(),
                gpr.as_mut_ptr(),
                result,
                value,
            )
        }
    }

    /// The guest has changed its kind of page table; with radix the table
    /// calls answer H_FUNCTION.
    pub fn set_radix(&self, radix: bool) {
        // SAFETY: initialised state.
        unsafe { sys::hpte_hcall_set_radix(self.raw.get(), radix) }
    }

    /// Machine reset: a pending resize is dropped, the table emptied.
    pub fn reset(&mut self) {
        let vm = self.raw.get();
        let table = self.table.as_raw();
        let mut code = 0;
        // SAFETY: with `&mut self` nobody else is in dispatch(), has the table
        // from table(), or has it from anywhere else, since new() borrowed it
        // mutably.
        unsafe {
            let resize = core::ptr::addr_of_mut!((*vm).priv_resize);
            let status =
                sys::hpte_resize_prepare(resize, table, 0, 0, &mut code);
            debug_assert_eq!(status, sys::HPTE_OK);
            sys::hpte_table_reset(table);
            sys::hpte_hcall_set_radix(vm, false);
        }
    }
}
