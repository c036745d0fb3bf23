// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! What happens to a table: events, and counters of them.

use crate::sys;
use core::fmt;

/// Something has happened to a table.
///
/// `include/hpte/trace.h` lists the events, `sys::HPTE_EVENT_*`, and beside
/// each what its arguments are; those that it does not name are zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// Its number, which never changes.
    pub id: u32,
    /// Its arguments.  None is an address of the host.
    pub args: [u64; 4],
}

/// Room for the counters of a table.
///
/// One for each CPU, about, keeps what they count out of each other's cache
/// lines; see [`Config::counters`](crate::Config::counters).
#[derive(Clone, Copy)]
#[repr(C, align(128))]
pub struct Shard(sys::hpte_counters);

impl Shard {
    /// What it begins as.
    pub const ZERO: Shard =
        Shard(sys::hpte_counters { count: [0; sys::HPTE_EVENTS as usize] });

    pub(crate) fn first(shards: &mut [Shard]) -> *mut sys::hpte_counters {
        shards.as_mut_ptr() as *mut sys::hpte_counters
    }

    pub(crate) fn into_counters(self) -> Counters {
        Counters(self.0)
    }
}

impl fmt::Debug for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shard")
    }
}

/// How often each event has happened, from
/// [`Table::counters`](crate::Table::counters).
#[derive(Clone, Copy)]
pub struct Counters(pub(crate) sys::hpte_counters);

impl Counters {
    /// How often this one, `sys::HPTE_EVENT_*`; 0 if there is no such event.
    pub fn of(&self, event: u32) -> u64 {
        self.0.count.get(event as usize).copied().unwrap_or(0)
    }

    /// What was counted since an earlier time.
    pub fn since(&self, earlier: &Counters) -> Counters {
        let mut more = *self;
        for (now, before) in more.0.count.iter_mut().zip(earlier.0.count) {
            *now = now.wrapping_sub(before);
        }
        more
    }
}

impl fmt::Debug for Counters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counted = self.0.count.iter().enumerate().filter(|c| *c.1 != 0);
        f.debug_map().entries(counted).finish()
    }
}
