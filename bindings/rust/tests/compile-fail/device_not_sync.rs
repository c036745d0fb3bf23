// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! A device that one thread only may use.
#[path = "../machine.rs"]
mod machine;
use machine::*;

use std::cell::Cell;

pub struct Counter(Cell<u64>);

impl Device for Counter { //~ E0277
    fn load(&self, _offset: u64, _size: u8) -> Reply<u64> {
        Reply::Done(self.0.get())
    }

    fn store(&self, _offset: u64, _size: u8, value: u64) -> Reply<()> {
        self.0.set(value);
        Reply::Done(())
    }
}
