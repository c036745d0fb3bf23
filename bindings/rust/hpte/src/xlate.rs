// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! From an effective address to guest real storage.

use crate::entry::{Kind, Order, Rights};
use crate::error::{check, Result};
use crate::host::Host;
use crate::sys;
use crate::table::{Table, View};

/// One entry of a guest's SLB: `esid` as slbmte's RB, `descriptor` as its RS.
pub type Slb = sys::hpte_slb;

/// Who accesses what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// Effective address.
    pub ea: u64,
    /// MSR: PR, IR and DR count.
    pub msr: u64,
    /// Segment that translates `ea`; not looked at in real mode.
    pub descriptor: u64,
    /// Descriptor of the VRMA, for real mode: [`vrma`].
    pub vrma: u64,
    /// Authority Mask Register.
    pub amr: u64,
    /// Instruction Authority Mask Register; 0 before ISA 2.07.
    pub iamr: u64,
}

impl Access {
    pub(crate) fn raw(&self, kind: Kind) -> sys::hpte_access {
        sys::hpte_access {
            ea: self.ea,
            msr: self.msr,
            descriptor: self.descriptor,
            vrma: self.vrma,
            amr: self.amr,
            iamr: self.iamr,
            kind: kind as u32,
        }
    }
}

/// Where an access goes.
#[derive(Clone, Copy, Debug)]
pub struct Translation {
    /// The entry that translates it.
    pub view: View,
    /// Guest real address.
    pub gpa: u64,
    /// What entry, segment and keys allow.
    pub rights: Rights,
}

/// The descriptor of the segment that translates `ea`.
pub fn segment(slb: &[Slb], ea: u64) -> Result<u64> {
    let mut descriptor = 0;
    // SAFETY: a slice's entries, room for the result.
    check(unsafe {
        let (entries, count) = (slb.as_ptr(), slb.len());
        sys::hpte_xlate_segment(entries, count, ea, &mut descriptor)
    })?;
    Ok(descriptor)
}

/// The VRMA's segment descriptor for pages of `1 << base` bytes: 12, 16, 24.
pub fn vrma(base: u32) -> Option<u64> {
    // SAFETY: a pure function.
    let descriptor = unsafe { sys::hpte_xlate_vrma(base) };
    (descriptor != 0).then_some(descriptor)
}

/// SDR1, up to ISA 2.07, for a table at this host real address.
pub fn sdr1(real: u64, order: Order) -> u64 {
    // SAFETY: a pure function; the order is in range.
    unsafe { sys::hpte_xlate_sdr1(real, order.log2()) }
}

/// Doubleword 0 of an ISA 3.0 partition table entry.
pub fn pate0(real: u64, order: Order, vrma: u64) -> u64 {
    // SAFETY: a pure function; the order is in range.
    unsafe { sys::hpte_xlate_pate0(real, order.log2(), vrma) }
}

/// The VRMASD field, in its place in LPCR.
pub fn vrmasd(vrma: u64) -> u64 {
    // SAFETY: a pure function.
    unsafe { sys::hpte_xlate_vrmasd(vrma) }
}

impl<H: Host> Table<'_, H> {
    /// Translate an access; finds absent entries, sets neither R nor C, and
    /// leaves it to you to look at the rights.
    pub fn translate(
        &self,
        access: &Access,
        kind: Kind,
    ) -> Result<Translation> {
        let mut to =
            sys::hpte_translation { view: View::EMPTY.0, gpa: 0, rights: 0 };
        let access = access.raw(kind);
        // SAFETY: an initialised table, room for the result.
        check(unsafe {
            sys::hpte_xlate_access(self.as_raw(), &access, &mut to)
        })?;
        Ok(Translation {
            view: View(to.view),
            gpa: to.gpa,
            rights: Rights(to.rights),
        })
    }

    /// Read the instruction at `access.ea`; the second word is 0 unless the
    /// first is a prefix.  An error: let the guest run again.
    pub fn fetch(&self, access: &Access) -> Result<[u32; 2]> {
        let mut words = [0; 2];
        let access = access.raw(Kind::Execute);
        // SAFETY: an initialised table, room for two words.
        check(unsafe {
            sys::hpte_xlate_fetch(self.as_raw(), &access, words.as_mut_ptr())
        })?;
        Ok(words)
    }

    /// Enter the bolted entries of the VRMA into an empty table: `bytes` of
    /// RAM in pages of `1 << base`.  Answers how many bytes are mapped.
    pub fn map_vrma(&self, bytes: u64, base: u32) -> Result<u64> {
        let mut mapped = 0;
        // SAFETY: an initialised table, room for the number.
        check(unsafe {
            sys::hpte_xlate_map_vrma(self.as_raw(), bytes, base, &mut mapped)
        })?;
        Ok(mapped)
    }

    /// Map part of a segment, for emulators: `bits` are those of doubleword 1
    /// without the real page number.
    pub fn map_segment(
        &self,
        descriptor: u64,
        ea: u64,
        gpa: u64,
        bytes: u64,
        bits: u64,
    ) -> Result<()> {
        let table = self.as_raw();
        // SAFETY: an initialised table.
        check(unsafe {
            sys::hpte_xlate_map_segment(table, descriptor, ea, gpa, bytes, bits)
        })
    }
}
