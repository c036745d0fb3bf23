// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! examples/uart_guest.c in Rust: a guest prints through an emulated UART.
//!
//! First the hypervisor, all that it does about its guest's storage; then the
//! guest, and the CPU it runs on as far as storage goes: no hardware here, so
//! "the CPU" searches the table for valid entries, finds none and takes a
//! hypervisor data storage interrupt.  The output is that of the C example.

use hpte::*;
use std::sync::Mutex;

// The hypervisor.

const UART: u64 = 0x8000_0000; // guest real address of a device
const RAM_BYTES: u64 = 0x10_0000;

struct Machine {
    ram: Mutex<Vec<u8>>,
}

impl Machine {
    fn with(&self, gpa: u64, bytes: u64, f: impl FnOnce(&mut [u8])) -> bool {
        let mut ram = self.ram.lock().unwrap();
        let end = gpa.checked_add(bytes).filter(|end| *end <= RAM_BYTES);
        end.map(|end| f(&mut ram[gpa as usize..end as usize])).is_some()
    }
}

impl Host for Machine {
    fn classify(&self, gpa: u64, _shift: u32) -> Backing {
        if gpa < RAM_BYTES {
            Backing::Ram(16)
        } else {
            Backing::Io(16)
        }
    }

    fn guest_read(&self, gpa: u64, to: &mut [u8]) -> bool {
        self.with(gpa, to.len() as u64, |ram| to.copy_from_slice(ram))
    }

    fn guest_write(&self, gpa: u64, from: &[u8]) -> bool {
        self.with(gpa, from.len() as u64, |ram| ram.copy_from_slice(from))
    }

    fn guest_zero(&self, gpa: u64, bytes: u64) -> bool {
        self.with(gpa, bytes, |ram| ram.fill(0))
    }
}

struct Uart {
    printed: Mutex<String>,
}

impl Device for Uart {
    fn load(&self, offset: u64, _size: u8) -> Reply<u64> {
        Reply::Done(if offset == 5 { 0x60 } else { 0 }) // LSR: idle
    }

    fn store(&self, offset: u64, _size: u8, value: u64) -> Reply<()> {
        if offset == 0 {
            let mut printed = self.printed.lock().unwrap();
            let c = char::from(value as u8);
            if printed.is_empty() {
                println!("  device     store of 1 byte, offset 0: '{}'", c);
            }
            printed.push(c);
        }
        Reply::Done(())
    }
}

/// Deliver an interrupt to the guest, as far as this one goes.
fn deliver(registers: &mut Registers, vector: u32, dar: u64, dsisr: u32) {
    println!("  interrupt  {:03x} DAR {:x} DSISR {:08x}", vector, dar, dsisr);
    registers.pc = vector.into();
}

struct Guest<'a> {
    vm: &'a Vm<'a, 'a, Machine>,
    vcpu: Vcpu<'a>,
    mmio: MmioCpu<'a>,
    registers: Registers,
    slb: [Slb; 2],
}

impl Guest<'_> {
    /// An HDSI with this HDAR and HDSISR; false: stop the guest.
    fn storage_interrupt(&mut self, ea: u64, status: u32) -> bool {
        let descriptor = segment(&self.slb, ea);
        let access = Access {
            ea,
            msr: self.registers.msr,
            vrma: vrma(16).unwrap(),
            descriptor: descriptor.unwrap_or(0),
            ..Access::default()
        };
        let no_segment = descriptor.is_err();
        let fault = Fault { access, status, no_segment, ..Fault::default() };
        let action = match self.vcpu.resolve(&fault) {
            Action::HostPage(page) => page.complete(), // may be done later
            action => action,
        };
        let registers = &mut self.registers;
        match action {
            Action::Retry => {}
            Action::Dsi { dar, dsisr } => deliver(registers, 0x300, dar, dsisr),
            Action::Dseg { dar } => deliver(registers, 0x380, dar, 0),
            Action::Isi { .. } => deliver(registers, 0x400, 0, 0),
            Action::Iseg => deliver(registers, 0x480, 0, 0),
            Action::Mmio(device) => return self.emulate(access, &device),
            Action::HostPage(_) | Action::HostError => return false,
        }
        true
    }

    /// The instruction at the PC touched a device.
    fn emulate(&mut self, mut access: Access, device: &MmioFault) -> bool {
        let registers = &mut self.registers;
        access.ea = registers.pc;
        let words = segment(&self.slb, access.ea).and_then(|descriptor| {
            access.descriptor = descriptor;
            self.vm.table().fetch(&access)
        });
        let words = match words {
            Ok(words) => words,
            Err(_) => return true, // its own fetch will fault as it should
        };
        match self.mmio.emulate(registers, device, words) {
            Emulation::Host(_) => return false,
            Emulation::Reflect(Interrupt { vector, dar, dsisr, .. }) => {
                deliver(registers, vector, dar, dsisr)
            }
            Emulation::Done | Emulation::Wait | Emulation::Retry => {}
        }
        true
    }
}

// The guest.

const CODE_EA: u64 = 0x1000_0000;
const CODE_REAL: u64 = 0x1_0000;
const UART_EA: u64 = 0x2000_0000;
const STB_R5_R4: u32 = 0x98A4_0000; // stb r5,0(r4)
const STORE_MISSED: u32 = sys::HPTE_FAULT_NO_ENTRY | sys::HPTE_FAULT_STORE;
const MESSAGE: &str = "Hello from a page that is not there.\n";

impl Guest<'_> {
    fn va(&self, ea: u64) -> Va {
        Va::new(segment(&self.slb, ea).unwrap(), ea).unwrap()
    }

    /// The guest's kernel: H_ENTER for one page.
    fn enter(&mut self, ea: u64, real: u64, bits: u64, what: &str) {
        let va = self.va(ea);
        let group = va.groups(self.vm.table().order())[0];
        let gpr = &mut self.registers.gpr;
        gpr[3] = sys::HPTE_HCALL_ENTER.into();
        gpr[4] = 0;
        gpr[5] = group * u64::from(sys::HPTE_GROUP_ENTRIES);
        gpr[6] = va.dw0() | sys::HPTE_DW0_V;
        gpr[7] = real | bits;
        let answer = self.vm.dispatch(gpr, self.registers.msr);
        assert_eq!((answer, gpr[3]), (Disposition::Done, 0), "H_ENTER");
        println!(
            "  sc 1       H_ENTER EA {:x}, real {:x}: {}, entry {}",
            ea, real, what, gpr[4]
        );
    }

    /// What the hypervisor is about to find out, for the reader.
    fn tell(&self, ea: u64) {
        println!(
            "  CPU        stb r5,0(r4): no valid entry: HDSI, HDAR {:x} \
             HDSISR {:08x}",
            ea, STORE_MISSED
        );
        let view = self.vm.table().find(&self.va(ea)).unwrap();
        println!(
            "  lookup     entry {}: {}, {} at real {:x}",
            view.index(),
            if view.is_valid() { "valid" } else { "absent" },
            if view.is_device() { "a device" } else { "RAM" },
            view.entry().real().unwrap()
        );
        println!("  decode     {:08x}: store of 1 byte from GPR 5", STB_R5_R4);
    }

    /// The guest's CPU: stb r5,0(r4).
    fn store_char(&mut self, c: u8, first: bool) {
        self.registers.gpr[4] = UART_EA;
        self.registers.gpr[5] = c.into();
        self.registers.pc = CODE_EA;
        let hit = self.vm.table().find_valid(&self.va(UART_EA));
        assert_eq!(hit.err(), Some(Error::NotFound), "a walker sees nothing");
        if first {
            self.tell(UART_EA);
        }
        assert!(self.storage_interrupt(UART_EA, STORE_MISSED));
        assert_eq!(self.registers.pc, CODE_EA + 4);
        if first {
            println!("  commit     PC {:x}\n  ...", self.registers.pc);
        }
    }
}

fn main() {
    let lines = Line::count(Order::new(18).unwrap());
    let mut memory = vec![Line::ZERO; lines];
    let mut side = memory.clone();
    let mut ram = vec![0; RAM_BYTES as usize];
    ram[CODE_REAL as usize..][..4].copy_from_slice(&STB_R5_R4.to_be_bytes());
    let machine = Machine { ram: Mutex::new(ram) };
    let uart = Uart { printed: Mutex::new(String::new()) };

    let mut slots = [Slot::new()];
    let bus = Bus::new(&mut slots);
    bus.add(Region::new(UART, 8, 1), &uart).unwrap();
    let config = Config::new(&mut memory, &mut side);
    let mut table = Table::new(config, &machine).unwrap();
    let vm = Vm::with_devices(&mut table, &bus);
    let mut guest = Guest {
        vm: &vm,
        vcpu: Vcpu::new(vm.table()),
        mmio: MmioCpu::new(&bus),
        registers: Registers {
            msr: sys::HPTE_MSR_SF | sys::HPTE_MSR_IR | sys::HPTE_MSR_DR,
            ..Registers::new()
        },
        slb: [(CODE_EA, 0x1234), (UART_EA, 0x1235)].map(|(ea, vsid)| Slb {
            esid: ea | 1 << (63 - 36), // V
            descriptor: vsid << 12,
        }),
    };

    let device = sys::HPTE_DW1_I | sys::HPTE_DW1_G;
    guest.enter(CODE_EA, CODE_REAL, sys::HPTE_DW1_M | 2, "RAM");
    guest.enter(UART_EA, UART, device | 2, "a device");
    for (n, c) in MESSAGE.bytes().enumerate() {
        guest.store_char(c, n == 0);
    }
    let printed = uart.printed.lock().unwrap();
    print!("console      {}", printed);
    assert_eq!(*printed, MESSAGE);
}
