// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! A promise about hardware without saying unsafe.
#[path = "../machine.rs"]
mod machine;
use machine::*;

impl Privileged for Machine {} //- E0200
