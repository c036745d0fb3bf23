// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! Devices that report to a table that is gone.
#[path = "../machine.rs"]
mod machine;
use machine::*;

pub fn main() {
    let (mut memory, mut side) = (lines(), lines());
    let config = Config::new(&mut memory, &mut side);
    let table = Table::new(config, &Machine).unwrap();
    let mut slots = [Slot::new()];
    let mut bus = Bus::new(&mut slots);
    bus.report_to(&table);
    drop(table); //- E0505
    let _ = bus.load(0, 1, true);
}
