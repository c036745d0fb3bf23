// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! A bus that dies before the CPU that accesses it.
#[path = "../machine.rs"]
mod machine;
use machine::*;

pub fn main() {
    let mut slots = [Slot::new()];
    let bus = Bus::new(&mut slots);
    let mut cpu = MmioCpu::new(&bus);
    drop(bus); //- E0505
    cpu.abort();
}
