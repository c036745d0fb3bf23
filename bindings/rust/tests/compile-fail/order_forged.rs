// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! An order that nobody has checked.
#[path = "../machine.rs"]
mod machine;
use machine::*;

pub fn main() {
    let _order = Order(99); //- E0423
}
