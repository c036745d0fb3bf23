// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! A register file that is too short.
#[path = "../machine.rs"]
mod machine;
use machine::*;

pub fn few(vm: &Vm<'_, '_, Machine>) {
    let mut gpr = [0; 32];
    let mut gpr = [0; 31]; //-
    let _ = vm.dispatch(&mut gpr, 0); //~ E0308
}
