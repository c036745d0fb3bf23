// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! A walked table of a host that promises nothing.
#[path = "../machine.rs"]
mod machine;
use machine::*;

pub fn main() {
    let (mut memory, mut side) = (lines(), lines());
    let config = Config::new(&mut memory, &mut side);
    let _table = Table::walked(config, &Machine); //- E0277
}
