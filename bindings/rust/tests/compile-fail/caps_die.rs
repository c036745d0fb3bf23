// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! Facts that die before their table.
#[path = "../machine.rs"]
mod machine;
use machine::*;

pub fn main() {
    let (mut memory, mut side) = (lines(), lines());
    let caps = Box::new(Caps::new().strict());
    let config = Config::new(&mut memory, &mut side).caps(&caps);
    let table = Table::new(config, &Machine).unwrap();
    drop(caps); //- E0505
    table.entries();
}
