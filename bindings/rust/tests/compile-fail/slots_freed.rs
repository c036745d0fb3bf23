// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! Slots that are freed while the bus is used.
#[path = "../machine.rs"]
mod machine;
use machine::*;

pub fn main() {
    let mut slots = vec![Slot::new()];
    let bus = Bus::new(&mut slots);
    drop(slots); //- E0505
    bus.load(0, 1, true);
}
