// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! Counters that are gone before their table.
#[path = "../machine.rs"]
mod machine;
use machine::*;

pub fn main() {
    let (mut memory, mut side) = (lines(), lines());
    let mut shards = vec![Shard::ZERO; 2];
    let config = Config::new(&mut memory, &mut side).counters(&mut shards);
    let table = Table::new(config, &Machine).unwrap();
    drop(shards); //- E0505
    table.counters().unwrap();
}
