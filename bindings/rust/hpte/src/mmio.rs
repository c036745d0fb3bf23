// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! Emulated devices, and the instructions that access them.

use crate::error::{check, Result};
use crate::fault::MmioFault;
use crate::host::{guarded, Host};
use crate::table::Table;
use crate::{flag, sys};
use core::cell::{Cell, UnsafeCell};
use core::ffi::c_void;
use core::marker::PhantomData;
use core::{fmt, mem, ptr};

/// What a device answers; for a load with the number its register means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply<T> {
    /// Performed.
    Done(T),
    /// Completed later, by [`MmioCpu::complete`] or
    /// [`Vm::complete`](crate::Vm::complete).
    Pending,
    /// Not mine.
    Unclaimed,
    /// Bus error.
    Fault,
}

impl Reply<u64> {
    pub(crate) fn raw(self) -> (sys::hpte_mmio_result, u64) {
        match self {
            Reply::Done(value) => (sys::HPTE_MMIO_DONE, value),
            Reply::Pending => (sys::HPTE_MMIO_PENDING, 0),
            Reply::Unclaimed => (sys::HPTE_MMIO_UNCLAIMED, 0),
            Reply::Fault => (sys::HPTE_MMIO_FAULT, 0),
        }
    }

    fn from_raw(result: sys::hpte_mmio_result, value: u64) -> Reply<u64> {
        match result {
            sys::HPTE_MMIO_DONE => Reply::Done(value),
            sys::HPTE_MMIO_PENDING => Reply::Pending,
            sys::HPTE_MMIO_UNCLAIMED => Reply::Unclaimed,
            _ => Reply::Fault,
        }
    }
}

impl<T> Reply<T> {
    /// The same reply with another value.
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> Reply<U> {
        match self {
            Reply::Done(value) => Reply::Done(convert(value)),
            Reply::Pending => Reply::Pending,
            Reply::Unclaimed => Reply::Unclaimed,
            Reply::Fault => Reply::Fault,
        }
    }
}

/// An emulated device.
///
/// Called on the guest's CPU with nothing of the library held; it may use bus
/// and table.  `offset` is from the start of the region; `size` is 1, 2, 4 or
/// 8 bytes, of those that the [`Region`] takes; the access lies inside the
/// region.  Values are numbers: the library swaps bytes.  A panic aborts.
pub trait Device: Sync {
    /// Read a register.
    fn load(&self, offset: u64, size: u8) -> Reply<u64>;

    /// Write a register.
    fn store(&self, offset: u64, size: u8, value: u64) -> Reply<()>;
}

/// So that `&dyn Device` is one: `bus.add(region, &reference)`.
impl<D: Device + ?Sized> Device for &D {
    fn load(&self, offset: u64, size: u8) -> Reply<u64> {
        (**self).load(offset, size)
    }

    fn store(&self, offset: u64, size: u8, value: u64) -> Reply<()> {
        (**self).store(offset, size, value)
    }
}

/// The ops of a device of type `D`; `ctx` is the `&D` that the bus borrows.
struct Callbacks<D>(PhantomData<D>);

impl<D: Device> Callbacks<D> {
    const OPS: sys::hpte_mmio_ops = sys::hpte_mmio_ops {
        ops_size: mem::size_of::<sys::hpte_mmio_ops>(),
        access: Some(Self::access),
    };

    unsafe extern "C" fn access(
        ctx: *mut c_void,
        access: *mut sys::hpte_mmio_access,
    ) -> sys::hpte_mmio_result {
        // SAFETY: the device is Sync and outlives the bus; the access is C's.
        let (device, access) = unsafe { (&*(ctx as *const D), &mut *access) };
        let sys::hpte_mmio_access { offset, value, size, is_store, .. } =
            *access;
        let reply = guarded(|| match is_store {
            true => device.store(offset, size, value).map(|()| value),
            false => device.load(offset, size),
        });
        let (result, value) = reply.raw();
        access.value = value;
        result
    }
}

/// What a device answers for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// First guest real address.
    pub start: u64,
    /// Length.
    pub bytes: u64,
    /// OR of the access sizes it takes: 1, 2, 4, 8.
    pub sizes: u32,
    /// Its registers are little-endian.
    pub little_endian: bool,
    /// Offsets need not be aligned.
    pub unaligned: bool,
    /// Just tell that it was written: stores of any size, value 0.
    pub notify: bool,
}

impl Region {
    /// A big-endian device that wants aligned accesses.
    pub const fn new(start: u64, bytes: u64, sizes: u32) -> Region {
        Region {
            start,
            bytes,
            sizes,
            little_endian: false,
            unaligned: false,
            notify: false,
        }
    }

    fn flags(&self) -> u32 {
        flag(self.little_endian, sys::HPTE_MMIO_LITTLE_ENDIAN)
            | flag(self.unaligned, sys::HPTE_MMIO_UNALIGNED)
            | flag(self.notify, sys::HPTE_MMIO_NOTIFY)
    }
}

/// Room for one region.
#[derive(Debug)]
#[repr(transparent)]
pub struct Slot(#[allow(dead_code)] sys::hpte_mmio_slot); // C reads it

impl Slot {
    /// A free one.
    pub const fn new() -> Slot {
        Slot(sys::hpte_mmio_slot { priv_sequence: 0, priv_words: [0; 5] })
    }
}

impl Default for Slot {
    fn default() -> Slot {
        Slot::new()
    }
}

/// The devices of one guest.
///
/// `'d` is slots and devices: they outlive the bus, so that an access that
/// has found a device may still be in it when it is removed.  A device that
/// dies sooner does not compile:
///
/// ```compile_fail,E0597
/// # use hpte::*;
/// # struct Uart;
/// # impl Device for Uart {
/// #     fn load(&self, _: u64, _: u8) -> Reply<u64> { Reply::Done(0) }
/// #     fn store(&self, _: u64, _: u8, _: u64) -> Reply<()> { Reply::Fault }
/// # }
/// let mut slots = [Slot::new()];
/// let bus = Bus::new(&mut slots);
/// {
///     let uart = Uart;
///     bus.add(Region::new(0x8000_0000, 8, 1), &uart)?;
/// }
/// bus.load(0x8000_0000, 1, true);
/// # Ok::<(), Error>(())
/// ```
pub struct Bus<'d> {
    raw: UnsafeCell<sys::hpte_mmio>,
    // invariant: a bus of long-lived devices must not become one that takes
    // short-lived ones
    borrowed: PhantomData<Cell<&'d mut [Slot]>>,
}

// SAFETY: C keeps no thread's state, and devices are Sync.
unsafe impl Send for Bus<'_> {}
// SAFETY: add and remove exclude each other and find is atomic, in C: mmio.h,
// "Concurrency"; devices are Sync, and live as long as the bus may be used.
unsafe impl Sync for Bus<'_> {}

impl fmt::Debug for Bus<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bus")
    }
}

impl<'d> Bus<'d> {
    /// A bus without devices, with room for one in each slot.
    pub fn new(slots: &'d mut [Slot]) -> Bus<'d> {
        slots.fill_with(Slot::new);
        let mut raw = mem::MaybeUninit::uninit();
        // SAFETY: room for the bus, which init fills in; free slots, borrowed.
        let raw = unsafe {
            let first = slots.as_mut_ptr() as *mut sys::hpte_mmio_slot;
            sys::hpte_mmio_init(raw.as_mut_ptr(), first, slots.len());
            raw.assume_init()
        };
        Bus { raw: UnsafeCell::new(raw), borrowed: PhantomData }
    }

    /// The table whose events accesses to these devices shall be.  It outlives
    /// the bus, and is lent to it: a guest whose [`Vm`] serves it gives
    /// [`Vm::table`], so that hypercalls of that `Vm` reach no device.
    ///
    /// [`Vm`]: crate::Vm
    /// [`Vm::table`]: crate::Vm::table
    pub fn report_to<H: Host>(&mut self, table: &'d Table<'_, H>) {
        // SAFETY: nobody else has a reference; an initialised table that
        // lives as long as the bus.
        unsafe { sys::hpte_mmio_set_table(self.as_raw(), table.as_raw()) }
    }

    pub(crate) fn as_raw(&self) -> *mut sys::hpte_mmio {
        self.raw.get()
    }

    /// Register a device.  [`Error::Param`](crate::Error::Param): the region
    /// has no length, wraps, has no or unknown sizes, or overlaps another.
    pub fn add<D: Device>(&self, region: Region, device: &'d D) -> Result<()> {
        let raw = sys::hpte_mmio_region {
            start: region.start,
            bytes: region.bytes,
            size_mask: region.sizes,
            flags: region.flags(),
            ops: &Callbacks::<D>::OPS,
            ctx: device as *const D as *mut c_void,
        };
        // SAFETY: the ops are for a device of type D, which outlives the bus.
        check(unsafe { sys::hpte_mmio_add(self.as_raw(), &raw) })
    }

    /// Take away the device whose region starts there.  The device is still
    /// borrowed, since another CPU may be in it.
    pub fn remove(&self, start: u64) -> Result<()> {
        // SAFETY: an initialised bus.
        check(unsafe { sys::hpte_mmio_remove(self.as_raw(), start) })
    }

    fn access(
        &self,
        gpa: u64,
        size: u32,
        store: Option<u64>,
        big_endian: bool,
    ) -> Reply<u64> {
        let mut value = store.unwrap_or(0);
        let mut region = mem::MaybeUninit::uninit();
        // SAFETY: an initialised bus; with OK the region is filled in, and its
        // device lives.
        unsafe {
            let status =
                sys::hpte_mmio_find(self.as_raw(), gpa, region.as_mut_ptr());
            if status != sys::HPTE_OK {
                return Reply::Unclaimed;
            }
            let result = sys::hpte_mmio_dispatch(
                region.as_ptr(),
                gpa,
                size,
                store.is_some(),
                big_endian,
                &mut value,
            );
            Reply::from_raw(result, value)
        }
    }

    /// Load from a device for the host's own purposes; the number is in the
    /// guest's byte order.
    pub fn load(&self, gpa: u64, size: u32, big_endian: bool) -> Reply<u64> {
        self.access(gpa, size, None, big_endian)
    }

    /// Store to a device likewise.
    pub fn store(
        &self,
        gpa: u64,
        size: u32,
        big_endian: bool,
        value: u64,
    ) -> Reply<()> {
        self.access(gpa, size, Some(value), big_endian).map(|_| ())
    }
}

/// The registers of a guest CPU that emulation may need.
#[derive(Clone, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct Registers {
    /// General purpose registers; what [`Vm::dispatch`](crate::Vm::dispatch)
    /// takes.
    pub gpr: [u64; 32],
    /// Address of the instruction.
    pub pc: u64,
    /// Machine State Register; not written.
    pub msr: u64,
    /// Fixed-Point Exception Register; not written.
    pub xer: u64,
    /// What mmio.h has no use for.
    pub unused: [u64; 29],
    /// Vector-scalar registers: FPR n is the first doubleword of n, VR n is
    /// 32 + n.
    pub vsr: [[u64; 2]; 64],
}

const _: () = assert!(
    mem::size_of::<Registers>() == 8 * sys::HPTE_REG_COUNT as usize,
    "Registers is the image of mmio.h"
);

impl Registers {
    /// All zero.
    pub const fn new() -> Registers {
        Registers {
            gpr: [0; 32],
            pc: 0,
            msr: 0,
            xer: 0,
            unused: [0; 29],
            vsr: [[0; 2]; 64],
        }
    }
}

impl Default for Registers {
    fn default() -> Registers {
        Registers::new()
    }
}

/// An interrupt to deliver to the guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interrupt {
    /// Its vector.
    pub vector: u32,
    /// DSISR, for 0x300.
    pub dsisr: u32,
    /// DAR, for 0x200, 0x300, 0x600.
    pub dar: u64,
    /// Flags that go into SRR1, for 0x700.
    pub srr1: u64,
}

/// Why the host must decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// A machine check with MSR\[ME\]=0: hardware would stop.
    Checkstop,
    /// `emulate` while an access is outstanding.
    Busy,
    /// `complete` with none outstanding, or with [`Reply::Pending`].
    Idle,
    /// What this version of the bindings has no name for.
    Other(u32),
}

/// What became of the instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Emulation {
    /// Registers and PC are updated: enter the guest.
    Done,
    /// A device answers later: [`MmioCpu::complete`].
    Wait,
    /// Not the instruction that faulted: enter the guest at the same PC.
    Retry,
    /// Deliver this; registers and PC are as before.
    Reflect(Interrupt),
    /// The host must decide; all is as before.
    Host(Reason),
}

/// Emulation of one guest CPU's accesses to devices.
pub struct MmioCpu<'b> {
    raw: sys::hpte_mmio_cpu,
    bus: PhantomData<&'b ()>,
}

// SAFETY: C keeps no thread's state, and the bus, whose lifetime of devices is
// forgotten here, is Sync.  Between calls there is no pointer to registers.
unsafe impl Send for MmioCpu<'_> {}

impl fmt::Debug for MmioCpu<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MmioCpu")
    }
}

impl<'b> MmioCpu<'b> {
    /// A CPU of the guest with these devices.
    pub fn new(bus: &'b Bus<'_>) -> MmioCpu<'b> {
        // SAFETY: integers, pointers and booleans: zero is a value of each.
        let mut raw: sys::hpte_mmio_cpu = unsafe { mem::zeroed() };
        let image = ptr::null_mut(); // set for each call
                                     // SAFETY: the bus is initialised and borrowed for as long.
        unsafe {
            sys::hpte_mmio_cpu_init(&mut raw, bus.as_raw(), ptr::null(), image)
        };
        MmioCpu { raw, bus: PhantomData }
    }

    /// Let C use these registers for the time of one call.
    fn with(
        &mut self,
        registers: &mut Registers,
        call: impl FnOnce(*mut sys::hpte_mmio_cpu) -> sys::hpte_mmio_action,
    ) -> Emulation {
        self.raw.priv_ctx = registers as *mut Registers as *mut c_void;
        let action = call(&mut self.raw);
        self.raw.priv_ctx = ptr::null_mut();
        match action {
            sys::HPTE_MMIO_EMULATED => Emulation::Done,
            sys::HPTE_MMIO_WAIT => Emulation::Wait,
            sys::HPTE_MMIO_RETRY => Emulation::Retry,
            sys::HPTE_MMIO_REFLECT => {
                let sys::hpte_interrupt { vector, dsisr, dar, srr1 } =
                    self.raw.interrupt;
                Emulation::Reflect(Interrupt { vector, dsisr, dar, srr1 })
            }
            _ => Emulation::Host(match self.raw.reason {
                sys::HPTE_MMIO_CHECKSTOP => Reason::Checkstop,
                sys::HPTE_MMIO_BUSY => Reason::Busy,
                sys::HPTE_MMIO_IDLE => Reason::Idle,
                other => Reason::Other(other),
            }),
        }
    }

    /// Do what the instruction would have done: `words` from
    /// [`Table::fetch`](crate::Table::fetch).
    #[must_use = "says what the guest does next"]
    pub fn emulate(
        &mut self,
        registers: &mut Registers,
        fault: &MmioFault,
        words: [u32; 2],
    ) -> Emulation {
        // SAFETY: an initialised CPU, its registers, two words.
        self.with(registers, |cpu| unsafe {
            sys::hpte_mmio_emulate(cpu, &fault.outcome, words.as_ptr())
        })
    }

    /// A device has finished the access that was pending; of a store the
    /// value is not looked at.
    #[must_use = "says what the guest does next"]
    pub fn complete(
        &mut self,
        registers: &mut Registers,
        reply: Reply<u64>,
    ) -> Emulation {
        let (result, value) = reply.raw();
        // SAFETY: an initialised CPU and its registers.
        self.with(registers, |cpu| unsafe {
            sys::hpte_mmio_complete(cpu, result, value)
        })
    }

    /// Drop the access that waits: all is as before the instruction.
    pub fn abort(&mut self) {
        // SAFETY: an initialised CPU; its registers are not looked at.
        unsafe { sys::hpte_mmio_abort(&mut self.raw) }
    }
}
