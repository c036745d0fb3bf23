// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! A device that dies before its bus, removed or not.
#[path = "../machine.rs"]
mod machine;
use machine::*;

pub fn main() {
    let mut slots = [Slot::new()];
    let uart = Uart;
    let bus = Bus::new(&mut slots);
    bus.add(UART, &uart).unwrap();
    bus.remove(UART.start).unwrap();
    drop(uart); //- E0505
    bus.load(UART.start, 1, true);
}
