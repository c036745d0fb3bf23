// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! A virtual CPU used through a shared reference.
#[path = "../machine.rs"]
mod machine;
use machine::*;

pub fn shared(vcpu: &Vcpu<'_>) {
    vcpu.resolve(&Fault::default()); //- E0596
    let _ = vcpu;
}
