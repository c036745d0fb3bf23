// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! A host that one thread only may use.
#[path = "../machine.rs"]
mod machine;
use machine::*;

use std::cell::Cell;

pub struct Counter(pub Cell<u64>);

impl Host for Counter { //~ E0277
    fn classify(&self, _gpa: u64, _shift: u32) -> Backing {
        Backing::Ram(24)
    }

    fn guest_read(&self, _gpa: u64, _to: &mut [u8]) -> bool {
        false
    }

    fn guest_write(&self, _gpa: u64, _from: &[u8]) -> bool {
        false
    }

    fn guest_zero(&self, _gpa: u64, _bytes: u64) -> bool {
        false
    }
}
