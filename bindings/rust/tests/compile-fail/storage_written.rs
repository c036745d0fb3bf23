// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! Storage that is written behind the table's back.
#[path = "../machine.rs"]
mod machine;
use machine::*;

pub fn main() {
    let (mut memory, mut side) = (lines(), lines());
    let config = Config::new(&mut memory, &mut side);
    let table = Table::new(config, &Machine).unwrap();
    memory[0] = Line::ZERO; //- E0499
    table.entries();
}
