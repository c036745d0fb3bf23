// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! A fault that is completed twice.
#[path = "../machine.rs"]
mod machine;
use machine::*;

pub fn twice(page: HostPage<'_>) {
    page.complete();
    page.complete(); //- E0382
}
