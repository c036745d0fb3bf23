// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! Words are not aligned as a table needs them.
#[path = "../machine.rs"]
mod machine;
use machine::*;

pub fn main() {
    let mut side = lines();
    let mut memory = lines();
    let mut memory = vec![0u64; 1 << 15]; //-
    let _config = Config::new(&mut memory, &mut side); //~ E0308
}
