// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! A table that dies before its hypercalls.
#[path = "../machine.rs"]
mod machine;
use machine::*;

pub fn main() {
    let (mut memory, mut side) = (lines(), lines());
    let config = Config::new(&mut memory, &mut side);
    let mut table = Table::new(config, &Machine).unwrap();
    let vm = Vm::new(&mut table);
    drop(table); //- E0505
    vm.set_radix(true);
}
