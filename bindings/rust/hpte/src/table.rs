// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! The table, and what it needs to know.

use crate::entry::{Entry, Order, Page, Va};
use crate::error::{check, Error, Result};
use crate::host::{Callbacks, Host, Privileged};
use crate::trace::{Counters, Shard};
use crate::{flag, sys};
use core::cell::UnsafeCell;
use core::ffi::c_void;
use core::marker::PhantomData;
use core::{fmt, mem, ptr};

/// Immutable facts about one virtual machine.
#[derive(Clone, Copy, Debug)]
pub struct Caps(sys::hpte_caps);

impl Caps {
    /// The defaults: format of ISA 2.07, 32 storage keys, every page size and
    /// every hypercall.
    pub const fn new() -> Caps {
        Caps(sys::HPTE_CAPS_DEFAULT)
    }

    /// The hardware's entries are in the format of ISA 3.0.
    pub const fn format_300(mut self) -> Caps {
        self.0.format = sys::HPTE_FORMAT_300 as u8;
        self
    }

    /// Offered page sizes: bit n is pair n, `sys::HPTE_PAIR_*`.
    pub const fn page_pairs(mut self, pairs: u8) -> Caps {
        self.0.page_pairs = pairs & sys::HPTE_PAGE_PAIRS_ALL as u8;
        self
    }

    /// The largest table that a resize may ask for.
    pub const fn order_max(mut self, order: Order) -> Caps {
        self.0.order_max = order.log2() as u8;
        self
    }

    /// No storage keys.
    pub const fn without_keys(mut self) -> Caps {
        self.0.data_keys = 0;
        self.0.insn_keys = 0;
        self
    }

    /// LoPAR's debug mode: undefined flags and bits are refused.
    pub const fn strict(mut self) -> Caps {
        self.0.strict = true;
        self
    }

    /// Offered hypercalls, `sys::HPTE_OFFER_*`; the others are
    /// [`NotMine`](crate::Disposition::NotMine).
    pub const fn hcalls(mut self, offered: u64) -> Caps {
        self.0.hcalls = offered;
        self
    }
}

impl Default for Caps {
    fn default() -> Caps {
        Caps::new()
    }
}

/// 128 bytes of storage, as aligned as a table needs it.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(128))]
pub struct Line([u64; 16]);

impl Line {
    /// What storage begins as.
    pub const ZERO: Line = Line([0; 16]);

    /// How many a table has, and its side array too.
    pub const fn count(order: Order) -> usize {
        (order.bytes() / mem::size_of::<Line>() as u64) as usize
    }
}

/// The storage of a table, and facts.
#[derive(Debug)]
pub struct Config<'m> {
    table: &'m mut [Line],
    side: &'m mut [Line],
    caps: Option<&'m Caps>,
    cpu: u32,
    counters: &'m mut [Shard],
    traced: bool,
}

impl<'m> Config<'m> {
    /// A table in `table`, whose size, a power of two from 256 KiB on, is the
    /// table's; aligned to its size where hardware walks it.  `side` is as
    /// large.  Both are zeroed.
    pub fn new(table: &'m mut [Line], side: &'m mut [Line]) -> Config<'m> {
        let counters = &mut [];
        Config { table, side, caps: None, cpu: 0, counters, traced: false }
    }

    /// Facts other than the defaults.
    pub fn caps(mut self, caps: &'m Caps) -> Config<'m> {
        self.caps = Some(caps);
        self
    }

    /// Count events for [`Table::counters`]: a power of two of shards, about
    /// the number of CPUs.  They are zeroed.
    pub fn counters(mut self, shards: &'m mut [Shard]) -> Config<'m> {
        self.counters = shards;
        self
    }

    /// Call [`Host::trace`] for each event.
    pub fn traced(mut self) -> Config<'m> {
        self.traced = true;
        self
    }

    /// Use 16-byte loads if the library has them.  A table without walker
    /// then needs no side array: give an empty slice.
    ///
    /// # Safety
    ///
    /// On every CPU that runs the library an aligned 16-byte load is
    /// single-copy atomic: x86-64 with AVX, POWER8, Arm with LSE2, s390x.
    pub unsafe fn load16(mut self) -> Config<'m> {
        self.cpu |= sys::HPTE_CPU_LOAD16;
        self
    }

    fn order(&self) -> Result<Order> {
        let bytes = mem::size_of_val(self.table);
        if !bytes.is_power_of_two() {
            return Err(Error::Param);
        }
        Order::new(bytes.trailing_zeros())
    }
}

/// How to insert an entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Insert {
    /// This slot or none; otherwise the first free one of the slot's group.
    pub exact: bool,
    /// The entry maps a device.
    pub device: bool,
}

/// Which entry an operation is meant for.
#[derive(Clone, Copy, Debug)]
pub struct Condition(sys::hpte_condition);

impl Condition {
    /// Any entry.
    pub const ANY: Condition =
        Condition(sys::hpte_condition { flags: 0, value: 0 });

    /// One whose B and AVPN are those of `dw0`.
    pub const fn avpn(dw0: u64) -> Condition {
        let value = dw0 & !0x7F; // the low bits of an entry are none of it
        Condition(sys::hpte_condition { flags: sys::HPTE_IF_AVPN, value })
    }

    /// One whose doubleword 0 has none of these bits.
    pub const fn none_of(bits: u64) -> Condition {
        let flags = sys::HPTE_IF_ANDCOND;
        Condition(sys::hpte_condition { flags, value: bits })
    }
}

/// One live entry as it was at one instant.
#[derive(Clone, Copy, Debug)]
pub struct View(pub(crate) sys::hpte_view);

impl View {
    pub(crate) const EMPTY: View = View(sys::hpte_view {
        index: 0,
        guest: sys::hpte { dw0: 0, dw1: 0 },
        page: sys::hpte_page { base: 0, actual: 0, pair: 0 },
        state: 0,
        reserved: 0,
        priv_dw0: 0,
    });

    /// Where it stands.
    pub fn index(&self) -> u64 {
        self.0.index
    }

    /// The entry as the guest sees it.
    pub fn entry(&self) -> Entry {
        Entry::from_raw(self.0.guest)
    }

    /// Its page sizes.
    pub fn page(&self) -> Page {
        Page(self.0.page)
    }

    fn state(&self, bit: u32) -> bool {
        u32::from(self.0.state) & bit != 0
    }

    /// A hardware walker may use it.
    pub fn is_valid(&self) -> bool {
        self.state(sys::HPTE_VIEW_VALID)
    }

    /// It was inserted for a device.
    pub fn is_device(&self) -> bool {
        self.state(sys::HPTE_VIEW_MMIO)
    }

    /// Another CPU was changing it.
    pub fn is_busy(&self) -> bool {
        self.state(sys::HPTE_VIEW_BUSY)
    }
}

/// One guest's hashed page table, in borrowed storage.
///
/// `'m` is the storage, the host and the facts: all outlive the table, which
/// gives the storage back when it is gone.  What is an error:
///
/// ```
/// # use hpte::*;
/// # struct Ram;
/// # impl Host for Ram {
/// #     fn classify(&self, _: u64, _: u32) -> Backing { Backing::Ram(24) }
/// #     fn guest_read(&self, _: u64, _: &mut [u8]) -> bool { false }
/// #     fn guest_write(&self, _: u64, _: &[u8]) -> bool { false }
/// #     fn guest_zero(&self, _: u64, _: u64) -> bool { false }
/// # }
/// let (mut memory, mut side) = (vec![Line::ZERO; 1000], []);
/// let table = Table::new(Config::new(&mut memory, &mut side), &Ram);
/// assert_eq!(table.unwrap_err(), Error::Param); // not a power of two
/// ```
pub struct Table<'m, H> {
    raw: UnsafeCell<sys::hpte_table>,
    borrowed: PhantomData<(&'m mut [Line], &'m mut [Shard], &'m Caps, &'m H)>,
}

// SAFETY: C keeps no thread's state; the host may be used by any thread.
unsafe impl<H: Sync> Send for Table<'_, H> {}
// SAFETY: whatever takes `&self` is atomic in C, and the host is Sync; what is
// not takes `&mut self`, or needs the promise of an unsafe trait.
unsafe impl<H: Sync> Sync for Table<'_, H> {}

impl<H> fmt::Debug for Table<'_, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table").field("raw", &self.raw.get()).finish()
    }
}

impl<'m, H: Host> Table<'m, H> {
    /// A table that no hardware walks and that keeps its size.
    pub fn new(config: Config<'m>, host: &'m H) -> Result<Table<'m, H>> {
        let ops = match config.traced {
            true => &Callbacks::<H>::PLAIN_TRACED,
            false => &Callbacks::<H>::PLAIN,
        };
        Table::init(config, 0, ops, host)
    }

    /// A table that no hardware walks and that the guest may resize.
    pub fn resizable(config: Config<'m>, host: &'m H) -> Result<Table<'m, H>>
    where
        H: Privileged,
    {
        Table::privileged(config, 0, host)
    }

    /// A table that hardware walks and that the guest may resize.
    pub fn walked(config: Config<'m>, host: &'m H) -> Result<Table<'m, H>>
    where
        H: Privileged,
    {
        Table::privileged(config, sys::HPTE_TABLE_WALKER, host)
    }

    fn privileged(
        config: Config<'m>,
        flags: u32,
        host: &'m H,
    ) -> Result<Table<'m, H>>
    where
        H: Privileged,
    {
        let ops = match config.traced {
            true => &Callbacks::<H>::PRIVILEGED_TRACED,
            false => &Callbacks::<H>::PRIVILEGED,
        };
        Table::init(config, flags, ops, host)
    }

    fn init(
        config: Config<'m>,
        flags: u32,
        ops: &'static sys::hpte_host_ops,
        host: &'m H,
    ) -> Result<Table<'m, H>> {
        let order = config.order()?;
        // SAFETY: pure functions.
        let side_bytes = unsafe {
            sys::hpte_table_side_bytes(order.log2(), flags, config.cpu)
        };
        let side_given = mem::size_of_val(config.side) as u64;
        if side_given != 0 && side_given < order.bytes() {
            // even where it need not be there, it is used if it is
            return Err(Error::Param);
        }
        if side_given < side_bytes {
            return Err(Error::Unsupported);
        }
        let shards =
            u32::try_from(config.counters.len()).map_err(|_| Error::Param)?;
        config.table.fill(Line::ZERO);
        config.side.fill(Line::ZERO);
        config.counters.fill(Shard::ZERO);
        let side = match side_given {
            0 => ptr::null_mut(),
            _ => config.side.as_mut_ptr() as *mut c_void,
        };
        let facts = sys::hpte_table_config {
            memory: sys::hpte_memory {
                base: config.table.as_mut_ptr() as *mut c_void,
                side,
            },
            order: order.log2(),
            flags,
            cpu: config.cpu,
            shards,
            caps: config.caps.map_or(ptr::null(), |caps| &caps.0),
            ops,
            ctx: host as *const H as *mut c_void,
            counters: Shard::first(config.counters),
        };
        let mut raw = mem::MaybeUninit::uninit();
        // SAFETY: the storage has the sizes that it needs and is borrowed for
        // 'm, as are shards, facts and host; `ops` are for a host of type H.  With OK
        // `raw` is filled in.
        let raw = unsafe {
            check(sys::hpte_table_init(raw.as_mut_ptr(), &facts))?;
            raw.assume_init()
        };
        Ok(Table { raw: UnsafeCell::new(raw), borrowed: PhantomData })
    }

    /// Make the table empty; reports R and C by the host's `mark_*`.
    pub fn reset(&mut self) {
        // SAFETY: nobody else has a reference.
        unsafe { sys::hpte_table_reset(self.as_raw()) }
    }

    /// The table for functions of [`sys`] that are not here.
    pub fn as_raw(&self) -> *mut sys::hpte_table {
        self.raw.get()
    }

    /// Log2 bytes, now.
    pub fn order(&self) -> Order {
        // SAFETY: an initialised table.
        let log2 = unsafe { sys::hpte_table_order(self.as_raw()) };
        Order::new(log2).expect("a table has a valid order")
    }

    /// Number of entries, now.
    pub fn entries(&self) -> u64 {
        // SAFETY: an initialised table.
        unsafe { sys::hpte_table_entries(self.as_raw()) }
    }

    /// Where the table lies, now.
    pub fn base(&self) -> *const u64 {
        // SAFETY: an initialised table.
        unsafe { sys::hpte_table_base(self.as_raw()) as *const u64 }
    }

    /// How often each event has happened; nobody is stopped for it, so that
    /// what others do meanwhile is counted or not.  [`Error::Unsupported`]:
    /// the table has no counters, or the library was built without.
    pub fn counters(&self) -> Result<Counters> {
        let mut sum = Shard::ZERO.into_counters();
        // SAFETY: an initialised table, room for the sum.
        check(unsafe { sys::hpte_table_counters(self.as_raw(), &mut sum.0) })?;
        Ok(sum)
    }

    fn view(
        &self,
        ask: impl FnOnce(*mut sys::hpte_table, *mut sys::hpte_view) -> i32,
    ) -> Result<View> {
        let mut view = View::EMPTY;
        check(ask(self.as_raw(), &mut view.0))?;
        Ok(view)
    }

    /// Find the entry that maps a virtual address, absent entries too.
    pub fn find(&self, va: &Va) -> Result<View> {
        // SAFETY: an initialised table, room for the view.
        self.view(|table, view| unsafe {
            sys::hpte_table_find(table, &va.0, 0, view)
        })
    }

    /// Find it as a hardware walker does: only if it is valid.
    pub fn find_valid(&self, va: &Va) -> Result<View> {
        let flags = sys::HPTE_FIND_VALID;
        // SAFETY: an initialised table, room for the view.
        self.view(|table, view| unsafe {
            sys::hpte_table_find(table, &va.0, flags, view)
        })
    }

    /// Read the entry at an index.
    pub fn read(&self, index: u64) -> Result<View> {
        // SAFETY: an initialised table, room for the view.
        self.view(|table, view| unsafe {
            sys::hpte_table_read(table, index, view)
        })
    }

    /// Put an entry into a free slot, absent: the hardware does not see it
    /// before a fault has given it a page.  Answers the index used.
    pub fn insert(&self, index: u64, how: Insert, entry: Entry) -> Result<u64> {
        let mut used = 0;
        let flags = flag(how.exact, sys::HPTE_INSERT_EXACT)
            | flag(how.device, sys::HPTE_INSERT_MMIO);
        // SAFETY: an initialised table, no page, room for the index.
        check(unsafe {
            sys::hpte_table_insert(
                self.as_raw(),
                index,
                flags,
                &entry.raw(),
                ptr::null(),
                &mut used,
            )
        })?;
        Ok(used)
    }

    /// Remove an entry; answers it as the guest saw it.
    pub fn remove(&self, index: u64, only: Condition) -> Result<Entry> {
        let mut removed = Entry::default().raw();
        // SAFETY: an initialised table, room for the entry.
        check(unsafe {
            sys::hpte_table_remove(self.as_raw(), index, &only.0, &mut removed)
        })?;
        Ok(Entry::from_raw(removed))
    }

    /// Replace bits of doubleword 1: within PP, key, N.
    pub fn protect(
        &self,
        index: u64,
        only: Condition,
        mask: u64,
        bits: u64,
    ) -> Result<()> {
        // SAFETY: an initialised table.
        check(unsafe {
            sys::hpte_table_protect(self.as_raw(), index, &only.0, mask, bits)
        })
    }

    /// Clear R or C (`sys::HPTE_DW1_R`, `HPTE_DW1_C`); answers doubleword 1 as
    /// it was.
    pub fn clear(&self, index: u64, which: u64) -> Result<u64> {
        let mut old = 0;
        // SAFETY: an initialised table, room for the doubleword.
        check(unsafe {
            sys::hpte_table_clear(self.as_raw(), index, which, &mut old)
        })?;
        Ok(old)
    }

    /// Set R or C as a software walker does, for the absent entry that has
    /// translated the access.  [`Error::Again`]: translate again.
    pub fn set_rc(&self, view: &View, bits: u64) -> Result<()> {
        // SAFETY: an initialised table; C compares the view with it.
        check(unsafe { sys::hpte_table_set_rc(self.as_raw(), &view.0, bits) })
    }

    /// Take V away: the host wants the page back.
    pub fn demote(&self, index: u64) -> Result<()> {
        // SAFETY: an initialised table.
        check(unsafe { sys::hpte_table_demote(self.as_raw(), index) })
    }

    /// Forget which pages are devices: the host has changed its memory map.
    pub fn forget_devices(&self) {
        // SAFETY: an initialised table.
        unsafe { sys::hpte_fault_forget(self.as_raw()) }
    }
}
