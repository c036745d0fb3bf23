// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! A claim about CPUs without saying unsafe.
#[path = "../machine.rs"]
mod machine;
use machine::*;

pub fn main() {
    let mut memory = lines();
    let config = Config::new(&mut memory, &mut []);
    let config = config.load16(); //- E0133
    let _table = Table::new(config, &Machine);
}
