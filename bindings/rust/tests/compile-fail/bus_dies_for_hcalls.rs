// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! A bus that dies before the hypercalls that access it.
#[path = "../machine.rs"]
mod machine;
use machine::*;

pub fn main() {
    let (mut memory, mut side) = (lines(), lines());
    let config = Config::new(&mut memory, &mut side);
    let mut table = Table::new(config, &Machine).unwrap();
    let mut slots = [Slot::new()];
    let bus = Bus::new(&mut slots);
    let vm = Vm::with_devices(&mut table, &bus);
    drop(bus); //- E0505
    vm.set_radix(true);
}
