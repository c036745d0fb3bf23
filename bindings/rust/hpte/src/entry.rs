// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! Entries, page sizes, rights, virtual addresses: values, no table needed.

use crate::error::{check, Error, Result};
use crate::sys;

/// Log2 bytes of a table, checked: 18 to 46.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Order(u32);

impl Order {
    /// The order of a table of 2^`log2` bytes.
    pub const fn new(log2: u32) -> Result<Order> {
        if log2 < sys::HPTE_ORDER_MIN || log2 > sys::HPTE_ORDER_MAX {
            return Err(Error::Param);
        }
        Ok(Order(log2))
    }

    /// Log2 bytes.
    pub const fn log2(self) -> u32 {
        self.0
    }

    /// Bytes of the table; the side array has as many.
    pub const fn bytes(self) -> u64 {
        1 << self.0
    }
}

/// What an access does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u32)]
pub enum Kind {
    /// Load.
    Read = sys::HPTE_READ,
    /// Store.
    Write = sys::HPTE_WRITE,
    /// Instruction fetch.
    Execute = sys::HPTE_EXECUTE,
}

/// A set of [`Kind`]s that are allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rights(pub(crate) u32);

impl Rights {
    /// Is this kind of access in the set?
    pub const fn allows(self, kind: Kind) -> bool {
        self.0 & kind as u32 != 0
    }

    /// What both sets allow.
    pub const fn and(self, other: Rights) -> Rights {
        Rights(self.0 & other.0)
    }

    /// OR of `sys::HPTE_READ`, `HPTE_WRITE`, `HPTE_EXECUTE`.
    pub const fn bits(self) -> u32 {
        self.0
    }
}

/// The page sizes of an entry, decoded.
#[derive(Clone, Copy, Debug)]
pub struct Page(pub(crate) sys::hpte_page);

impl Page {
    /// Log2 bytes of the base page, which the hash uses.
    pub const fn base(self) -> u32 {
        self.0.base as u32
    }

    /// Log2 bytes of the page.
    pub const fn actual(self) -> u32 {
        self.0.actual as u32
    }
}

/// One entry in host byte order and the format of ISA 2.07.
///
/// ```
/// use hpte::{sys, Entry, Kind};
/// let entry = Entry {
///     dw0: 0x0000_1234_5678_9A00 | sys::HPTE_DW0_V,
///     dw1: 0x1000 | sys::HPTE_DW1_M | sys::HPTE_DW1_R | 2,
/// };
/// assert!(entry.is_valid() && entry.is_referenced());
/// assert_eq!(entry.page()?.actual(), 12);
/// assert_eq!(entry.real()?, 0x1000);
/// assert!(entry.rights(0, true).allows(Kind::Write));
/// # Ok::<(), hpte::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Entry {
    /// Doubleword 0: B, AVPN, SW, L, H, V.
    pub dw0: u64,
    /// Doubleword 1: pp, key, ARPN, LP, R, C, WIMG, N.
    pub dw1: u64,
}

impl Entry {
    pub(crate) fn raw(self) -> sys::hpte {
        sys::hpte { dw0: self.dw0, dw1: self.dw1 }
    }

    pub(crate) fn from_raw(raw: sys::hpte) -> Entry {
        Entry { dw0: raw.dw0, dw1: raw.dw1 }
    }

    /// V.
    pub const fn is_valid(self) -> bool {
        self.dw0 & sys::HPTE_DW0_V != 0
    }

    /// The guest's mark of an entry that shall stay.
    pub const fn is_bolted(self) -> bool {
        self.dw0 & sys::HPTE_DW0_BOLTED != 0
    }

    /// H: the entry stands in the group of the secondary hash.
    pub const fn is_secondary(self) -> bool {
        self.dw0 & sys::HPTE_DW0_H != 0
    }

    /// R.
    pub const fn is_referenced(self) -> bool {
        self.dw1 & sys::HPTE_DW1_R != 0
    }

    /// C.
    pub const fn is_changed(self) -> bool {
        self.dw1 & sys::HPTE_DW1_C != 0
    }

    /// Page sizes, from L and LP; [`Error::Encoding`] if they mean none.
    pub fn page(self) -> Result<Page> {
        let mut page = sys::hpte_page { base: 0, actual: 0, pair: 0 };
        // SAFETY: a pure function; `page` is room for its result.
        check(unsafe { sys::hpte_entry_page(self.dw0, self.dw1, &mut page) })?;
        Ok(Page(page))
    }

    /// Guest real address of the page's first byte.
    pub fn real(self) -> Result<u64> {
        let page = self.page()?;
        // SAFETY: a pure function; a decoded page has 12 to 34 bits.
        Ok(unsafe { sys::hpte_entry_real(self.dw1, page.actual()) })
    }

    /// Is the real page number aligned to the page size?
    pub fn is_aligned(self) -> Result<bool> {
        let page = self.page()?;
        // SAFETY: a pure function.
        Ok(unsafe { sys::hpte_entry_aligned(self.dw1, &page.0) })
    }

    /// Storage key, 0 to 31.
    pub fn key(self) -> u32 {
        // SAFETY: a pure function.
        unsafe { sys::hpte_entry_key(self.dw1) }
    }

    /// What PP, Ks, Kp, N and G allow; `problem` is MSR\[PR\].
    pub fn rights(self, descriptor: u64, problem: bool) -> Rights {
        // SAFETY: a pure function.
        Rights(unsafe { sys::hpte_entry_rights(self.dw1, descriptor, problem) })
    }

    /// What AMR and IAMR allow for the entry's storage key.
    pub fn key_rights(self, amr: u64, iamr: u64) -> Rights {
        // SAFETY: a pure function; a key has 5 bits.
        Rights(unsafe { sys::hpte_entry_key_rights(self.key(), amr, iamr) })
    }

    /// The virtual address of the base page that it maps, if it stands at
    /// `index`.
    pub fn va(self, index: u64) -> Result<Va> {
        let page = self.page()?;
        let mut va = EMPTY_VA;
        // SAFETY: a pure function; `va` is room for its result.
        unsafe {
            sys::hpte_hash_rebuild(&self.raw(), &page.0, index, &mut va);
        }
        Ok(Va(va))
    }

    /// The same entry in the format of ISA 3.0.
    pub fn to_300(self) -> Result<Entry> {
        let mut to = self.raw();
        // SAFETY: a pure function; `to` is room for its result.
        check(unsafe { sys::hpte_entry_to_300(&self.raw(), &mut to) })?;
        Ok(Entry::from_raw(to))
    }

    /// The entry that [`Entry::to_300`] was applied to.
    pub fn from_300(self) -> Result<Entry> {
        let mut to = self.raw();
        // SAFETY: a pure function; `to` is room for its result.
        check(unsafe { sys::hpte_entry_from_300(&self.raw(), &mut to) })?;
        Ok(Entry::from_raw(to))
    }
}

const EMPTY_VA: sys::hpte_va =
    sys::hpte_va { vsid: 0, offset: 0, segment: 0, base: 0 };

/// A virtual address, with the sizes that the search needs.
#[derive(Clone, Copy, Debug)]
pub struct Va(pub(crate) sys::hpte_va);

impl Va {
    /// The virtual address of `ea` in the segment of this descriptor (slbmte
    /// RS); [`Error::Encoding`] if the descriptor is reserved or unsupported.
    pub fn new(descriptor: u64, ea: u64) -> Result<Va> {
        let mut va = EMPTY_VA;
        // SAFETY: a pure function; `va` is room for its result.
        check(unsafe { sys::hpte_hash_va(descriptor, ea, &mut va) })?;
        Ok(Va(va))
    }

    /// Virtual segment id.
    pub const fn vsid(self) -> u64 {
        self.0.vsid
    }

    /// Byte in the segment.
    pub const fn offset(self) -> u64 {
        self.0.offset
    }

    /// Log2 bytes of the segment's base pages.
    pub const fn base(self) -> u32 {
        self.0.base as u32
    }

    /// The primary and the secondary group in a table of this order.
    pub fn groups(self, order: Order) -> [u64; 2] {
        // SAFETY: pure functions; the order is in range.
        unsafe {
            let hash = sys::hpte_hash_primary(&self.0);
            [false, true].map(|secondary| {
                sys::hpte_hash_group(hash, secondary, order.log2())
            })
        }
    }

    /// B and AVPN of the entry that maps it.
    pub fn dw0(self) -> u64 {
        // SAFETY: a pure function.
        unsafe { sys::hpte_hash_dw0(&self.0) }
    }
}
