// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! A reset while a virtual CPU may search the table.
#[path = "../machine.rs"]
mod machine;
use machine::*;

pub fn main() {
    let (mut memory, mut side) = (lines(), lines());
    let config = Config::new(&mut memory, &mut side);
    let mut table = Table::new(config, &Machine).unwrap();
    let mut vm = Vm::new(&mut table);
    let mut vcpu = Vcpu::new(vm.table());
    vm.reset(); //- E0502
    vcpu.resolve(&Fault::default());
    vm.reset();
}
