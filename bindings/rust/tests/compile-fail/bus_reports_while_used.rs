// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! A bus that gets another table while a CPU may be in it.
#[path = "../machine.rs"]
mod machine;
use machine::*;

pub fn main() {
    let (mut memory, mut side) = (lines(), lines());
    let config = Config::new(&mut memory, &mut side);
    let table = Table::new(config, &Machine).unwrap();
    let mut slots = [Slot::new()];
    let mut bus = Bus::new(&mut slots);
    let mut cpu = MmioCpu::new(&bus);
    bus.report_to(&table); //- E0502
    cpu.abort();
}
