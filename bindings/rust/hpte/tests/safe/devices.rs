// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! Storage interrupts, devices, emulation, and callbacks that panic.

use crate::common::*;
use hpte::*;
use std::sync::atomic::{AtomicU64, Ordering};

const LWZ_R5_R4: u32 = 0x80A4_0000; // lwz r5,0(r4)
const STW_R5_R4: u32 = 0x90A4_0000;

/// One register; answers at once, later, or not at all, by the offset.
#[derive(Default)]
struct Register {
    value: AtomicU64,
}

impl Device for Register {
    fn load(&self, offset: u64, size: u8) -> Reply<u64> {
        assert!(size == 4 || size == 8);
        match offset {
            0 => Reply::Done(self.value.load(Ordering::Relaxed)),
            8 => Reply::Pending,
            16 => Reply::Fault,
            24 => Reply::Unclaimed,
            _ => panic!("as a test wants"),
        }
    }

    fn store(&self, _offset: u64, _size: u8, value: u64) -> Reply<()> {
        self.value.store(value, Ordering::Relaxed);
        Reply::Done(())
    }
}

#[test]
fn regions() {
    let (one, two) = (Register::default(), Register::default());
    let mut slots = [Slot::new(), Slot::new()];
    let bus = Bus::new(&mut slots);
    for (start, bytes, sizes) in [
        (0, 0, 4),        // no length
        (u64::MAX, 2, 1), // wraps
        (0, 8, 0),        // no size
        (0, 8, 16),       // unknown size
    ] {
        let region = Region::new(start, bytes, sizes);
        assert_eq!(bus.add(region, &one), Err(Error::Param));
    }
    bus.add(Region::new(DEVICE, 64, 4), &one).unwrap();
    let overlaps = Region::new(DEVICE + 63, 2, 4);
    assert_eq!(bus.add(overlaps, &two), Err(Error::Param));
    let mut little = Region::new(DEVICE + 64, 64, 4);
    little.little_endian = true;
    bus.add(little, &two).unwrap();
    let third = Region::new(0, 8, 4);
    assert_eq!(bus.add(third, &two), Err(Error::Full));

    assert_eq!(bus.store(DEVICE, 4, true, 0x1122_3344), Reply::Done(()));
    assert_eq!(bus.load(DEVICE, 4, true), Reply::Done(0x1122_3344));
    assert_eq!(bus.load(DEVICE, 4, false), Reply::Done(0x4433_2211));
    assert_eq!(bus.store(DEVICE + 64, 4, true, 0x1122), Reply::Done(()));
    assert_eq!(two.value.load(Ordering::Relaxed), 0x2211_0000);
    for (gpa, size) in [
        (DEVICE - 4, 4),
        (DEVICE + 2, 4),
        (DEVICE, 8),
        (DEVICE, 0),
        (DEVICE, u32::MAX),
    ] {
        assert_eq!(bus.load(gpa, size, true), Reply::Unclaimed);
    }
    bus.remove(DEVICE).unwrap();
    assert_eq!(bus.remove(DEVICE), Err(Error::NotFound));
    assert_eq!(bus.load(DEVICE, 4, true), Reply::Unclaimed);
    assert_eq!(bus.load(DEVICE + 64, 4, false), Reply::Done(0x2211_0000));
    assert_eq!(Bus::new(&mut []).add(third, &one), Err(Error::Full));
}

#[test]
fn devices_of_many_types() {
    let register = Register::default();
    let devices: [&dyn Device; 2] = [&register, &&register];
    let mut slots = [Slot::new(), Slot::new()];
    let bus = Bus::new(&mut slots);
    for (n, device) in devices.iter().enumerate() {
        bus.add(Region::new(64 * n as u64, 64, 4), device).unwrap();
    }
    assert_eq!(bus.store(0, 4, true, 7), Reply::Done(()));
    assert_eq!(bus.load(64, 4, true), Reply::Done(7));
}

fn mmio(vcpu: &mut Vcpu<'_>, ea: u64, more: u32) -> MmioFault {
    match vcpu.resolve(&missed(ea, more)) {
        Action::Mmio(fault) => fault,
        other => panic!("{:?}", other),
    }
}

#[test]
fn emulation() {
    let host = Machine::default();
    let device = Register::default();
    device.value.store(0x1234_5678, Ordering::Relaxed);
    let (mut memory, mut side) = (lines(), lines());
    let mut slots = [Slot::new()];
    let bus = Bus::new(&mut slots);
    bus.add(Region::new(DEVICE, 64, 4), &device).unwrap();
    let mut table =
        Table::new(Config::new(&mut memory, &mut side), &host).unwrap();
    let vm = Vm::with_devices(&mut table, &bus);
    assert_eq!(enter(&vm, 0x5000, DEVICE).0, 0);
    let (mut vcpu, mut cpu) = (Vcpu::new(vm.table()), MmioCpu::new(&bus));
    let mut registers = Registers { msr: MSR, ..Registers::new() };
    let mut load = |cpu: &mut MmioCpu<'_>, regs: &mut Registers, offset| {
        regs.gpr[4] = 0x5000 + offset;
        let fault = mmio(&mut vcpu, 0x5000 + offset, 0);
        assert_eq!((fault.gpa(), fault.shift()), (DEVICE + offset, 12));
        assert!(!fault.is_store() && fault.may_fetch());
        cpu.emulate(regs, &fault, [LWZ_R5_R4, 0])
    };

    assert_eq!(load(&mut cpu, &mut registers, 0), Emulation::Done);
    assert_eq!((registers.gpr[5], registers.pc), (0x1234_5678, 4));
    assert_eq!(load(&mut cpu, &mut registers, 8), Emulation::Wait);
    let busy = Emulation::Host(Reason::Busy);
    assert_eq!(load(&mut cpu, &mut registers, 0), busy);
    let answer = cpu.complete(&mut registers, Reply::Done(0xABCD));
    assert_eq!(answer, Emulation::Done);
    assert_eq!((registers.gpr[5], registers.pc), (0xABCD, 8));
    let idle = Emulation::Host(Reason::Idle);
    assert_eq!(cpu.complete(&mut registers, Reply::Done(1)), idle);
    assert_eq!(load(&mut cpu, &mut registers, 8), Emulation::Wait);
    cpu.abort();
    assert_eq!(cpu.complete(&mut registers, Reply::Done(1)), idle);
    let stop = Emulation::Host(Reason::Checkstop); // MSR[ME] is 0
    assert_eq!(load(&mut cpu, &mut registers, 16), stop);
    registers.msr |= 1 << 12; // MSR[ME]
    match load(&mut cpu, &mut registers, 24) {
        Emulation::Reflect(Interrupt {
            vector: 0x200, dar: 0x5018, ..
        }) => {}
        other => panic!("{:?}", other),
    }
    assert_eq!(registers.pc, 8);

    registers.gpr[4] = 0x5000;
    registers.gpr[5] = 0x77;
    let fault = mmio(&mut vcpu, 0x5000, sys::HPTE_FAULT_STORE);
    let wrong = cpu.emulate(&mut registers, &fault, [LWZ_R5_R4, 0]);
    assert_eq!(wrong, Emulation::Retry);
    let right = cpu.emulate(&mut registers, &fault, [STW_R5_R4, 0]);
    assert_eq!(right, Emulation::Done);
    assert_eq!(device.value.load(Ordering::Relaxed), 0x77);
    // the instruction cannot be had: the host's guest_read() says no
    assert_eq!(vm.table().fetch(&access(0x5000)), Err(Error::NotFound));
}

#[test]
fn hypercalls_to_devices() {
    let host = Machine::default();
    let device = Register::default();
    let (mut memory, mut side) = (lines(), lines());
    let mut slots = [Slot::new()];
    let bus = Bus::new(&mut slots);
    bus.add(Region::new(DEVICE, 64, 4), &device).unwrap();
    let mut table =
        Table::new(Config::new(&mut memory, &mut side), &host).unwrap();
    let vm = Vm::with_devices(&mut table, &bus);
    let mut gpr = [0; 32];
    gpr[3] = sys::HPTE_HCALL_LOGICAL_CI_LOAD.into();
    gpr[4] = 4;
    gpr[5] = DEVICE + 8;
    assert_eq!(vm.dispatch(&mut gpr, 0), Disposition::Pending);
    vm.complete(&mut gpr, Reply::Done(0x99));
    assert_eq!(gpr[3..5], [0, 0x99]);
    gpr[3] = sys::HPTE_HCALL_LOGICAL_CI_LOAD.into();
    gpr[4..6].copy_from_slice(&[4, DEVICE + 16]);
    assert_eq!(vm.dispatch(&mut gpr, 0), Disposition::Done);
    assert_eq!(gpr[3] as i64, sys::HPTE_H_HARDWARE);
}

#[test]
fn interrupts_for_the_guest() {
    let host = Machine::default();
    let (mut memory, mut side) = (lines(), lines());
    let table = Table::new(Config::new(&mut memory, &mut side), &host).unwrap();
    let mut vcpu = Vcpu::new(&table);
    let fault = missed(0x5000, sys::HPTE_FAULT_STORE);
    match vcpu.resolve(&fault) {
        Action::Dsi { dar: 0x5000, dsisr: 0x4200_0000 } => {}
        other => panic!("{:?}", other),
    }
    match vcpu.resolve(&Fault { no_segment: true, ..fault }) {
        Action::Dseg { dar: 0x5000 } => {}
        other => panic!("{:?}", other),
    }
    let fault = Fault { fetch: true, status: 0x4000_0000, ..fault };
    match vcpu.resolve(&fault) {
        Action::Isi { srr1: 0x4000_0000 } => {}
        other => panic!("{:?}", other),
    }
    match vcpu.resolve(&Fault { no_segment: true, ..fault }) {
        Action::Iseg => {}
        other => panic!("{:?}", other),
    }
    // a page of RAM, but no hardware that could use it
    let index = group(&table, 0x5000);
    table.insert(index, Insert::default(), entry(0x5000, 0x7000)).unwrap();
    match vcpu.resolve(&missed(0x5000, 0)) {
        Action::HostPage(page) => match page.complete() {
            Action::HostError => {}
            other => panic!("{:?}", other),
        },
        other => panic!("{:?}", other),
    }
}

/// What only hardware needs: the host's page, in the entry that it walks.
#[test]
fn walker() {
    let host = Machine::default();
    let (mut memory, mut side) = (vec![Line::ZERO; 2 * 2048], lines());
    let misaligned = memory.as_ptr() as usize / 128 % 2048;
    let start = (2048 - misaligned) % 2048;
    let table = &mut memory[start..start + 2048];
    let table = Table::walked(Config::new(table, &mut side), &host).unwrap();
    let index = group(&table, 0x5000);
    table.insert(index, Insert::default(), entry(0x5000, 0x7000)).unwrap();
    let mut vcpu = Vcpu::new(&table);
    match vcpu.resolve(&missed(0x5000, sys::HPTE_FAULT_STORE)) {
        Action::HostPage(page) => {
            assert!(page.is_store() && page.gpa() == 0x7000);
            assert!(matches!(page.complete(), Action::Retry));
        }
        other => panic!("{:?}", other),
    }
    let view = table.read(index).unwrap();
    assert!(view.is_valid() && view.entry().real() == Ok(0x7000));
    // SAFETY: inside the table, which nobody changes now.
    let hardware = unsafe { table.base().add(2 * index as usize + 1).read() };
    assert_eq!(u64::from_be(hardware) & !0xFFF, 0x7000 + OFFSET);
    table.demote(index).unwrap();
    assert!(!table.read(index).unwrap().is_valid());
    assert_eq!(host.flushed.load(Ordering::Relaxed), 1);
}

/// The test runs itself: as a child it panics inside a callback.
#[test]
fn panic_aborts() {
    if is_child() {
        let device = Register::default();
        let mut slots = [Slot::new()];
        let bus = Bus::new(&mut slots);
        bus.add(Region::new(DEVICE, 64, 4), &device).unwrap();
        survive(|| {
            let _ = bus.load(DEVICE + 32, 4, true);
        });
        return;
    }
    child_aborts("devices::panic_aborts");
}
