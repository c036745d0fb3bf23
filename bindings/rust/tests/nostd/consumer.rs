// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! A hypervisor's static storage: no allocator, no std, no libc.
#![no_std]
#![deny(unsafe_op_in_unsafe_fn)]

use core::panic::PanicInfo;
use hpte::*;

struct Machine;

impl Host for Machine {
    fn classify(&self, gpa: u64, _shift: u32) -> Backing {
        if gpa < 0x8000_0000 {
            Backing::Ram(24)
        } else {
            Backing::Io(12)
        }
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
}

struct Constant;

impl Device for Constant {
    fn load(&self, _offset: u64, _size: u8) -> Reply<u64> {
        Reply::Done(0x1234)
    }

    fn store(&self, _offset: u64, _size: u8, _value: u64) -> Reply<()> {
        Reply::Fault
    }
}

static mut TABLE: [Line; 2048] = [Line::ZERO; 2048];
static mut SIDE: [Line; 2048] = [Line::ZERO; 2048];

const DESCRIPTOR: u64 = 0x1234 << 12;
const MSR: u64 = sys::HPTE_MSR_IR | sys::HPTE_MSR_DR;
const LWZ_R5_R4: u32 = 0x80A4_0000;

fn run(table: &mut [Line], side: &mut [Line]) -> Result<u64> {
    let mut slots = [Slot::new()];
    let bus = Bus::new(&mut slots);
    bus.add(Region::new(0x8000_0000, 8, 4), &Constant)?;
    let mut table = Table::new(Config::new(table, side), &Machine)?;
    let vm = Vm::new(&mut table);
    let va = Va::new(DESCRIPTOR, 0x5000)?;
    let mut registers = Registers { msr: MSR, ..Registers::new() };
    let gpr = &mut registers.gpr;
    gpr[3] = sys::HPTE_HCALL_ENTER.into();
    gpr[5] = 8 * va.groups(vm.table().order())[0];
    gpr[6] = va.dw0();
    gpr[7] = 0x8000_0000 | sys::HPTE_DW1_I | sys::HPTE_DW1_G | 2;
    if vm.dispatch(gpr, MSR) != Disposition::Done || gpr[3] != 0 {
        return Err(Error::Param);
    }
    let access = Access {
        ea: 0x5000,
        msr: MSR,
        descriptor: DESCRIPTOR,
        ..Access::default()
    };
    let status = sys::HPTE_FAULT_NO_ENTRY;
    let mut vcpu = Vcpu::new(vm.table());
    let fault = Fault { access, status, ..Fault::default() };
    let device = match vcpu.resolve(&fault) {
        Action::Mmio(device) => device,
        _ => return Err(Error::NotFound),
    };
    registers.gpr[4] = 0x5000;
    let mut cpu = MmioCpu::new(&bus);
    match cpu.emulate(&mut registers, &device, [LWZ_R5_R4, 0]) {
        Emulation::Done => Ok(registers.gpr[5]),
        _ => Err(Error::Again),
    }
}

/// What a load of the guest from its device reads; 0: something failed.
///
/// # Safety
///
/// Called once.
#[no_mangle]
pub unsafe extern "C" fn consumer() -> u64 {
    // SAFETY: called once, so nobody else has the storage.
    let (table, side) = unsafe {
        (
            &mut *core::ptr::addr_of_mut!(TABLE),
            &mut *core::ptr::addr_of_mut!(SIDE),
        )
    };
    run(table, side).unwrap_or(0)
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    loop {}
}
