// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! A second fault of a virtual CPU whose first waits.
#[path = "../machine.rs"]
mod machine;
use machine::*;

pub fn main() {
    let (mut memory, mut side) = (lines(), lines());
    let config = Config::new(&mut memory, &mut side);
    let table = Table::new(config, &Machine).unwrap();
    let mut vcpu = Vcpu::new(&table);
    let first = vcpu.resolve(&Fault::default());
    vcpu.resolve(&Fault::default()); //- E0499
    drop(first);
}
