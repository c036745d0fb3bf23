// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! What the programs of compile-fail need besides their mistake.

pub use hpte::*;

pub struct Machine;

impl Host for Machine {
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

pub struct Uart;

impl Device for Uart {
    fn load(&self, _offset: u64, _size: u8) -> Reply<u64> {
        Reply::Done(0)
    }

    fn store(&self, _offset: u64, _size: u8, _value: u64) -> Reply<()> {
        Reply::Done(())
    }
}

pub const UART: Region = Region::new(0x8000_0000, 8, 1);

pub fn lines() -> Vec<Line> {
    vec![Line::ZERO; 2048]
}
