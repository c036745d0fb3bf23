// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! A small machine, as far as the tests need one.

use hpte::*;
use std::ffi::OsString;
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::Mutex;

pub const RAM: u64 = 0x100_0000;
pub const DEVICE: u64 = 0x8000_0000;
pub const SEGMENT: u64 = 0x1234 << 12; // 256M, 4K pages
pub const MSR: u64 = sys::HPTE_MSR_IR | sys::HPTE_MSR_DR;
/// Host real addresses differ from the guest's.
pub const OFFSET: u64 = 1 << 40;

#[derive(Default)]
pub struct Machine {
    pub flushed: AtomicU64,
    pub zeroed: AtomicU64,
    events: Mutex<Vec<Event>>,
}

impl Machine {
    /// The events since it was asked last.
    pub fn seen(&self) -> Vec<(u32, [u64; 4])> {
        let mut events = self.events.lock().unwrap();
        events.drain(..).map(|event| (event.id, event.args)).collect()
    }
}

impl Host for Machine {
    fn classify(&self, gpa: u64, _shift: u32) -> Backing {
        match gpa {
            0..=0xFF_FFFF => Backing::Ram(24),
            0x100_0000..=0x7FFF_FFFF => Backing::Hole,
            _ => Backing::Io(12),
        }
    }

    fn guest_read(&self, _gpa: u64, to: &mut [u8]) -> bool {
        assert!(to.iter().all(|byte| *byte == 0), "room is initialised");
        false
    }

    fn guest_write(&self, _gpa: u64, _from: &[u8]) -> bool {
        false
    }

    fn guest_zero(&self, _gpa: u64, bytes: u64) -> bool {
        self.zeroed.fetch_add(bytes, Ordering::Relaxed);
        true
    }

    fn tlb_invalidate(&self, rb: &[u64], _flags: u32) {
        self.flushed.fetch_add(rb.len() as u64, Ordering::Relaxed);
    }

    fn trace(&self, event: &Event) {
        self.events.lock().unwrap().push(*event);
    }
}

// SAFETY: no hardware here, and no other storage is ever given.
unsafe impl Privileged for Machine {
    fn map_page(&self, gpa: u64, shift: u32, _: bool) -> Answer<MappedPage> {
        let real = gpa + OFFSET;
        Answer::Done(MappedPage { real, shift: shift as u8, writable: true })
    }
}

pub fn lines() -> Vec<Line> {
    vec![Line::ZERO; Line::count(Order::new(18).unwrap())]
}

/// Doublewords of an entry that maps `ea` of `SEGMENT` to `real`.
pub fn entry(ea: u64, real: u64) -> Entry {
    let va = Va::new(SEGMENT, ea).unwrap();
    let cache = if real < RAM {
        sys::HPTE_DW1_M
    } else {
        sys::HPTE_DW1_I | sys::HPTE_DW1_G
    };
    Entry { dw0: va.dw0() | sys::HPTE_DW0_V, dw1: real | cache | 2 }
}

pub fn group<H: Host>(table: &Table<'_, H>, ea: u64) -> u64 {
    8 * Va::new(SEGMENT, ea).unwrap().groups(table.order())[0]
}

/// H_ENTER; code and index.
pub fn enter<H: Host>(vm: &Vm<'_, '_, H>, ea: u64, real: u64) -> (i64, u64) {
    let mut gpr = [0; 32];
    let Entry { dw0, dw1 } = entry(ea, real);
    gpr[3] = sys::HPTE_HCALL_ENTER.into();
    gpr[5] = group(vm.table(), ea);
    gpr[6] = dw0;
    gpr[7] = dw1;
    assert_eq!(vm.dispatch(&mut gpr, 0), Disposition::Done);
    (gpr[3] as i64, gpr[4])
}

pub fn access(ea: u64) -> Access {
    Access { ea, msr: MSR, descriptor: SEGMENT, ..Access::default() }
}

pub fn missed(ea: u64, more: u32) -> Fault {
    let status = sys::HPTE_FAULT_NO_ENTRY | more;
    Fault { access: access(ea), status, ..Fault::default() }
}

const CHILD: &str = "HPTE_TEST_PANIC";

/// Is this the process in which a callback panics?
pub fn is_child() -> bool {
    std::env::var_os(CHILD).is_some()
}

/// In the child: what must not come back.
pub fn survive(body: impl FnOnce()) {
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(body));
    println!("survived: {}", caught.is_err());
}

/// A test that panics in a child of this process, which must abort.
pub fn child_aborts(test: &str) {
    // another CPU's program may need an emulator: its words come first
    let emulator = std::env::var("HPTE_EMULATOR").unwrap_or_default();
    let own = std::env::current_exe().unwrap().into_os_string();
    let mut words = emulator.split_whitespace().map(Into::into).chain([own]);
    let child = Command::new::<OsString>(words.next().unwrap())
        .args(words)
        .args(["--exact", test, "--nocapture"])
        .env(CHILD, "yes")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stderr);
    assert!(said.contains("as a test wants"), "{}", said);
    assert!(said.contains("must not unwind"), "{}", said);
    let printed = String::from_utf8_lossy(&child.stdout);
    assert!(!printed.contains("survived"), "{}", printed);
    assert_eq!(child.status.code(), None, "ended by a signal");
}
