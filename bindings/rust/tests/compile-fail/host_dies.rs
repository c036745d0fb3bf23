// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! A host that dies before its table.
#[path = "../machine.rs"]
mod machine;
use machine::*;

pub fn main() {
    let (mut memory, mut side) = (lines(), lines());
    let config = Config::new(&mut memory, &mut side);
    let host = Machine;
    let table = Table::new(config, &host).unwrap();
    drop(host); //- E0505
    table.entries();
}
