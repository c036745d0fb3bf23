// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! A table that moves while a virtual CPU points to it.
#[path = "../machine.rs"]
mod machine;
use machine::*;

pub fn main() {
    let (mut memory, mut side) = (lines(), lines());
    let config = Config::new(&mut memory, &mut side);
    let table = Table::new(config, &Machine).unwrap();
    let mut vcpu = Vcpu::new(&table);
    let _moved = table; //- E0505
    vcpu.resolve(&Fault::default());
}
