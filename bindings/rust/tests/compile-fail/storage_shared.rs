// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! One storage for two tables.
#[path = "../machine.rs"]
mod machine;
use machine::*;

pub fn main() {
    let (mut memory, mut side) = (lines(), lines());
    let config = Config::new(&mut memory, &mut side);
    let table = Table::new(config, &Machine).unwrap();
    let _second = Config::new(&mut memory, &mut []); //- E0499
    table.entries();
}
