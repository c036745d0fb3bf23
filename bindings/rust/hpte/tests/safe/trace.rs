// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! Counters and events.

use crate::common::*;
use hpte::*;
use std::sync::atomic::Ordering;

#[test]
fn events_as_they_happen() {
    let host = Machine::default();
    let (mut memory, mut side) = (lines(), lines());
    let config = Config::new(&mut memory, &mut side).traced();
    let mut table = Table::resizable(config, &host).unwrap();
    let vm = Vm::new(&mut table);
    let (mine, index) = (entry(0x5000, 0x7000), enter(&vm, 0x5000, 0x7000).1);
    let at = group(vm.table(), 0x5000);
    let enter = u64::from(sys::HPTE_HCALL_ENTER);
    assert_eq!(
        host.seen(),
        [
            (sys::HPTE_EVENT_INSERT, [index, mine.dw0, mine.dw1, 0]),
            (sys::HPTE_EVENT_HCALL, [enter, 0, at, 0]),
        ]
    );
    vm.table().remove(index, Condition::ANY).unwrap();
    assert!(vm.table().read(index).is_err());
    let gone = [index, mine.dw0, mine.dw1, 0];
    // the tlbie operand of the page: AVA, 256M segment, 4K
    let forget = [1, 0x0123_4000_5000, sys::HPTE_TLB_GLOBAL.into(), 0];
    assert_eq!(
        host.seen(),
        [(sys::HPTE_EVENT_INVALIDATE, forget), (sys::HPTE_EVENT_REMOVE, gone)]
    );
    // counters are something else
    assert_eq!(vm.table().counters().unwrap_err(), Error::Unsupported);
}

#[test]
fn who_does_not_ask_is_not_called() {
    let host = Machine::default();
    let (mut memory, mut side) = (lines(), lines());
    let table = Table::new(Config::new(&mut memory, &mut side), &host).unwrap();
    let index = group(&table, 0x5000);
    table.insert(index, Insert::default(), entry(0x5000, 0x7000)).unwrap();
    assert_eq!(host.seen(), []);
}

#[test]
fn accesses_to_devices() {
    struct Two;
    impl Device for Two {
        fn load(&self, _offset: u64, _size: u8) -> Reply<u64> {
            Reply::Done(2)
        }
        fn store(&self, _offset: u64, _size: u8, _value: u64) -> Reply<()> {
            Reply::Fault
        }
    }
    let host = Machine::default();
    let (mut memory, mut side) = (lines(), lines());
    let config = Config::new(&mut memory, &mut side).traced();
    let mut table = Table::new(config, &host).unwrap();
    let vm = Vm::new(&mut table);
    assert_eq!(enter(&vm, 0x5000, DEVICE).0, 0);
    let (device, mut slots) = (Two, [Slot::new()]);
    let mut bus = Bus::new(&mut slots);
    bus.report_to(vm.table());
    bus.add(Region::new(DEVICE, 8, 4), &device).unwrap();
    let (mut vcpu, mut cpu) = (Vcpu::new(vm.table()), MmioCpu::new(&bus));
    let mut registers = Registers { msr: MSR, ..Registers::new() };
    registers.gpr[4] = 0x5004;
    host.seen();
    match vcpu.resolve(&missed(0x5004, 0)) {
        Action::Mmio(fault) => {
            let lwz_r5_r4 = [0x80A4_0000, 0];
            let done = cpu.emulate(&mut registers, &fault, lwz_r5_r4);
            assert_eq!((done, registers.gpr[5]), (Emulation::Done, 2));
        }
        other => panic!("{:?}", other),
    }
    let status = u64::from(sys::HPTE_FAULT_NO_ENTRY);
    let fault = sys::HPTE_EVENT_FAULT + sys::HPTE_FAULT_MMIO;
    let done = sys::HPTE_MMIO_DONE as u64;
    assert_eq!(
        host.seen(),
        [
            (fault, [0x5004, DEVICE + 4, status, 0]),
            (sys::HPTE_EVENT_MMIO, [DEVICE + 4, 4, 2, done]),
        ]
    );
}

#[test]
fn counters() {
    let host = Machine::default();
    let (mut memory, mut side) = (lines(), lines());
    // what somebody has left there does not count
    let mut shards = [Shard::ZERO; 4];
    for expected in 0..2 {
        let config = Config::new(&mut memory, &mut side).counters(&mut shards);
        let mut table = Table::new(config, &host).unwrap();
        let vm = Vm::new(&mut table);
        let before = vm.table().counters().unwrap();
        assert_eq!(format!("{:?}", before), "{}", "round {}", expected);
        std::thread::scope(|scope| {
            for cpu in 0..4 {
                let vm = &vm;
                scope.spawn(move || {
                    for page in 0..100 {
                        enter(vm, (page * 4 + cpu) << 12, 0x7000);
                    }
                });
            }
        });
        let after = vm.table().counters().unwrap();
        assert_eq!(after.of(sys::HPTE_EVENT_INSERT), 400);
        assert_eq!(after.of(sys::HPTE_EVENT_HCALL), 400);
        assert_eq!(after.of(sys::HPTE_EVENT_REMOVE), 0);
        assert_eq!(after.of(sys::HPTE_EVENTS), 0);
        assert_eq!(after.of(u32::MAX), 0);
        enter(&vm, 0x9000_0000, 0x7000);
        let more = vm.table().counters().unwrap().since(&after);
        assert_eq!(format!("{:?}", more), "{0: 1, 17: 1}");
    }
}

#[test]
fn shards_must_be_a_power_of_two() {
    let host = Machine::default();
    let (mut memory, mut side) = (lines(), lines());
    let mut shards = [Shard::ZERO; 8];
    for count in [0, 1, 2, 3, 5, 8] {
        let config =
            Config::new(&mut memory, &mut side).counters(&mut shards[..count]);
        let counters = Table::new(config, &host)
            .and_then(|table| table.counters())
            .map(|counters| counters.of(sys::HPTE_EVENT_INSERT));
        let expected = match count {
            0 => Err(Error::Unsupported), // there are none
            3 | 5 => Err(Error::Param),
            _ => Ok(0),
        };
        assert_eq!(counters, expected, "{} shards", count);
    }
    assert_eq!(host.flushed.load(Ordering::Relaxed), 0);
}

/// The test runs itself: as a child it panics inside the callback.
#[test]
fn panic_aborts() {
    struct Clumsy;
    impl Host for Clumsy {
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
        fn trace(&self, _event: &Event) {
            panic!("as a test wants");
        }
    }
    if is_child() {
        let (mut memory, mut side) = (lines(), lines());
        let config = Config::new(&mut memory, &mut side).traced();
        let table = Table::new(config, &Clumsy).unwrap();
        survive(|| {
            let index = group(&table, 0);
            let _ = table.insert(index, Insert::default(), entry(0, 0));
        });
        return;
    }
    child_aborts("trace::panic_aborts");
}
