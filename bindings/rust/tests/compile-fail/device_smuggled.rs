// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! A bus is not one of devices that live shorter.
#[path = "../machine.rs"]
mod machine;
use machine::*;

pub fn shorter<'a, 'd: 'a>(bus: &'a Bus<'static>, uart: &'d Uart) {
    let shorter: &'a Bus<'d> = bus; //- none
    shorter.add(UART, uart).unwrap(); //-
    let _ = (bus, uart);
}
