// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! Table and hypercalls: results, and misuse that shows at run time.

use crate::common::*;
use hpte::*;
use std::sync::atomic::Ordering;

#[test]
fn storage_must_fit() {
    let host = Machine::default();
    let (mut memory, mut side) = (lines(), lines());
    for (lines, sides, error) in [
        (2048, 2047, Error::Param), // the side array is too short
        (2048, 0, Error::Unsupported), // or missing
        (2047, 2048, Error::Param), // not a power of two
        (1024, 2048, Error::Param), // smaller than any table
        (0, 0, Error::Param),
    ] {
        let config = Config::new(&mut memory[..lines], &mut side[..sides]);
        assert_eq!(Table::new(config, &host).unwrap_err(), error, "{lines}");
    }
    assert!(Table::new(Config::new(&mut memory, &mut side), &host).is_ok());
}

#[test]
fn walked_storage_must_be_aligned() {
    let host = Machine::default();
    let (mut memory, mut side) = (vec![Line::ZERO; 3 * 2048], lines());
    let lines_off = memory.as_ptr() as usize / 128 % 2048;
    let aligned = (2048 - lines_off) % 2048;
    for (start, good) in [(aligned, true), (aligned + 1, false)] {
        let table = &mut memory[start..start + 2048];
        let config = Config::new(table, &mut side);
        let result = Table::walked(config, &host).map(|table| table.entries());
        assert_eq!(result, if good { Ok(16384) } else { Err(Error::Param) });
    }
}

#[test]
fn storage_need_not_be_zero() {
    let host = Machine::default();
    let (mut memory, mut side) = (lines(), lines());
    let config = Config::new(&mut memory, &mut side);
    let table = Table::new(config, &host).unwrap();
    let index = group(&table, 0);
    table.insert(index, Insert::default(), entry(0, 0)).unwrap();
    // the same storage again, as the first table has left it
    let table = Table::new(Config::new(&mut memory, &mut side), &host).unwrap();
    assert_eq!(table.read(index).unwrap_err(), Error::NotFound);
}

#[test]
fn entries_come_and_go() {
    let host = Machine::default();
    let (mut memory, mut side) = (lines(), lines());
    let mut table =
        Table::new(Config::new(&mut memory, &mut side), &host).unwrap();
    let mine = entry(0x5000, 0x7000);
    let index = group(&table, 0x5000);
    let exact = Insert { exact: true, device: false };
    assert_eq!(table.insert(index + 3, exact, mine), Ok(index + 3));
    assert_eq!(table.insert(index + 3, exact, mine), Err(Error::Full));
    let view = table.find(&Va::new(SEGMENT, 0x5000).unwrap()).unwrap();
    assert_eq!((view.index(), view.entry()), (index + 3, mine));
    assert_eq!(view.entry().va(view.index()).unwrap().offset(), 0x5000);
    assert!(!view.is_valid() && !view.is_device() && !view.is_busy());

    table.set_rc(&view, sys::HPTE_DW1_C).unwrap();
    assert_eq!(table.set_rc(&view, sys::HPTE_DW1_R), Err(Error::Again));
    assert_eq!(table.set_rc(&view, 1 << 63), Err(Error::Param));
    let old = table.clear(index + 3, sys::HPTE_DW1_C).unwrap();
    assert_eq!(old, mine.dw1 | sys::HPTE_DW1_C);
    assert_eq!(table.clear(index + 3, 1), Err(Error::Param));
    let other = Condition::avpn(entry(0x80_0000, 0).dw0);
    let key = sys::HPTE_DW1_KEY_LO;
    assert_eq!(table.protect(index + 3, other, key, 0), Err(Error::NotFound));
    let same = Condition::avpn(mine.dw0);
    table.protect(index + 3, same, key, 5 << 9).unwrap();
    assert_eq!(table.read(index + 3).unwrap().entry().key(), 5);
    let valid = Condition::none_of(sys::HPTE_DW0_V);
    assert_eq!(table.remove(index + 3, valid), Err(Error::NotFound));
    let removed = table.remove(index + 3, Condition::ANY).unwrap();
    assert_eq!(removed, Entry { dw1: mine.dw1 | 5 << 9, ..mine });
    assert_eq!(table.demote(index + 3), Err(Error::NotFound));
    table.map_vrma(RAM, 16).unwrap();
    assert!(table.find(&Va::new(vrma(16).unwrap(), 0).unwrap()).is_ok());
    table.reset();
    assert!((0..table.entries()).all(|index| table.read(index).is_err()));
}

#[test]
fn nothing_outside_the_table() {
    let host = Machine::default();
    let (mut memory, mut side) = (lines(), lines());
    let table = Table::new(Config::new(&mut memory, &mut side), &host).unwrap();
    for index in [table.entries(), u64::MAX / 16, u64::MAX] {
        let any = Condition::ANY;
        let how = Insert::default();
        assert_eq!(table.read(index).unwrap_err(), Error::Index);
        assert_eq!(table.insert(index, how, entry(0, 0)), Err(Error::Index));
        assert_eq!(table.remove(index, any), Err(Error::Index));
        assert_eq!(table.protect(index, any, 0, 0), Err(Error::Index));
        assert_eq!(table.clear(index, sys::HPTE_DW1_R), Err(Error::Index));
        assert_eq!(table.demote(index), Err(Error::Index));
    }
    assert_eq!(table.map_vrma(RAM, 13), Err(Error::Param));
    assert_eq!(table.map_vrma(RAM, 200), Err(Error::Param));
    for log2 in [0, 6, 7, 17, 47, 64, u32::MAX] {
        assert_eq!(Order::new(log2), Err(Error::Param));
    }
}

/// A view is of one table: another, smaller one has no such entry.
#[test]
fn view_of_another_table() {
    let host = Machine::default();
    let (mut memory, mut side) = (lines(), lines());
    let small = Table::new(Config::new(&mut memory, &mut side), &host).unwrap();
    let mut memory = vec![Line::ZERO; 4096];
    let mut side = vec![Line::ZERO; 4096];
    let large = Table::new(Config::new(&mut memory, &mut side), &host).unwrap();
    let (index, exact) = (32767, Insert { exact: true, device: false });
    large.insert(index, exact, entry(0, 0)).unwrap();
    let view = large.read(index).unwrap();
    assert_eq!(small.set_rc(&view, sys::HPTE_DW1_C), Err(Error::Param));
    large.set_rc(&view, sys::HPTE_DW1_C).unwrap();
}

#[test]
fn hypercalls() {
    let host = Machine::default();
    let caps = Caps::new().hcalls(!sys::HPTE_OFFER_VRMASD);
    let (mut memory, mut side) = (lines(), lines());
    let config = Config::new(&mut memory, &mut side).caps(&caps);
    let mut table = Table::new(config, &host).unwrap();
    let mut vm = Vm::new(&mut table);
    let (code, index) = enter(&vm, 0x5000, 0x7000);
    assert_eq!((code, index / 8 * 8), (0, group(vm.table(), 0x5000)));
    assert_eq!(vm.table().read(index).unwrap().entry().real(), Ok(0x7000));
    assert_eq!(enter(&vm, 0x5000, RAM).0, sys::HPTE_H_PARAMETER); // a hole
    let mut gpr = [7; 32];
    gpr[3] = sys::HPTE_HCALL_VRMASD.into();
    let before = gpr;
    assert_eq!(vm.dispatch(&mut gpr, 0), Disposition::NotMine);
    assert_eq!(gpr, before);
    gpr[3] = sys::HPTE_HCALL_PAGE_INIT.into();
    gpr[4] = sys::HPTE_HFLAG_ZERO_PAGE;
    gpr[5] = 0x2000;
    assert_eq!(vm.dispatch(&mut gpr, 0), Disposition::Done);
    assert_eq!((gpr[3], host.zeroed.load(Ordering::Relaxed)), (0, 4096));
    vm.set_radix(true);
    gpr[3] = sys::HPTE_HCALL_READ.into();
    assert_eq!(vm.dispatch(&mut gpr, 0), Disposition::Done);
    assert_eq!(gpr[3] as i64, sys::HPTE_H_FUNCTION);
    assert_eq!(host.flushed.load(Ordering::Relaxed), 0);
    vm.reset(); // no radix any more, no entry
    gpr[3] = sys::HPTE_HCALL_READ.into();
    gpr[4..6].copy_from_slice(&[0, index]);
    assert_eq!(vm.dispatch(&mut gpr, 0), Disposition::Done);
    assert_eq!(gpr[3..6], [0, 0, 0]);
}

/// A host without new storage: no resize, whatever the guest tries.
#[test]
fn safe_host_keeps_its_table() {
    let host = Machine::default();
    let (mut memory, mut side) = (lines(), lines());
    let mut table =
        Table::new(Config::new(&mut memory, &mut side), &host).unwrap();
    let vm = Vm::new(&mut table);
    for (call, code) in [
        (sys::HPTE_HCALL_RESIZE_HPT_PREPARE, sys::HPTE_H_RESOURCE),
        (sys::HPTE_HCALL_RESIZE_HPT_COMMIT, sys::HPTE_H_CLOSED),
    ] {
        let mut gpr = [0; 32];
        gpr[3] = call.into();
        gpr[5] = 19;
        assert_eq!(vm.dispatch(&mut gpr, 0), Disposition::Done);
        assert_eq!(gpr[3] as i64, code);
    }
    assert_eq!(vm.table().order().log2(), 18);
}

/// Many CPUs at once in one `Vm`: every H_ENTER of a CPU is there after it.
#[test]
fn threads() {
    let host = Machine::default();
    let (mut memory, mut side) = (lines(), lines());
    let mut table =
        Table::new(Config::new(&mut memory, &mut side), &host).unwrap();
    let vm = Vm::new(&mut table);
    std::thread::scope(|scope| {
        for cpu in 0..4 {
            let vm = &vm;
            scope.spawn(move || {
                for page in 0..500 {
                    let ea = (page * 4 + cpu) << 12;
                    let (code, index) = enter(vm, ea, ea);
                    assert_eq!(code, 0);
                    let va = Va::new(SEGMENT, ea).unwrap();
                    let view = vm.table().find(&va).unwrap();
                    assert_eq!(
                        (view.index(), view.entry().real()),
                        (index, Ok(ea))
                    );
                    if page % 2 == 0 {
                        vm.table().remove(index, Condition::ANY).unwrap();
                    }
                }
            });
        }
    });
    let live =
        (0..vm.table().entries()).filter(|n| vm.table().read(*n).is_ok());
    assert_eq!(live.count(), 4 * 250);
    assert_eq!(host.flushed.load(Ordering::Relaxed), 4 * 250);
}

#[test]
fn what_is_send_and_sync() {
    fn send<T: Send>() {}
    fn sync<T: Sync>() {}
    send::<Table<'_, Machine>>();
    sync::<Table<'_, Machine>>();
    send::<Vm<'_, '_, Machine>>();
    sync::<Vm<'_, '_, Machine>>();
    send::<Bus<'_>>();
    sync::<Bus<'_>>();
    send::<Vcpu<'_>>();
    send::<HostPage<'_>>();
    send::<MmioCpu<'_>>();
}
