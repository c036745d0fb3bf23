// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! Counters of two tables at once.
#[path = "../machine.rs"]
mod machine;
use machine::*;

pub fn main() {
    let (mut memory, mut side) = (lines(), lines());
    let (mut other, mut aside) = (lines(), lines());
    let mut shards = [Shard::ZERO; 2];
    let config = Config::new(&mut memory, &mut side).counters(&mut shards);
    let table = Table::new(config, &Machine).unwrap();
    let config = Config::new(&mut other, &mut aside);
    let config = config.counters(&mut shards); //- E0499
    let second = Table::new(config, &Machine).unwrap();
    table.entries();
    second.entries();
}
