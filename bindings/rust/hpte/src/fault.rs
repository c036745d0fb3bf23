// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! Hypervisor data and instruction storage interrupts.

use crate::entry::Kind;
use crate::host::Host;
use crate::table::Table;
use crate::xlate::Access;
use crate::{flag, sys};
use core::marker::PhantomData;
use core::{fmt, mem};

/// One storage interrupt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fault {
    /// `ea`: HDAR, or HSRR0 for a fetch; `msr`: from HSRR1; `descriptor`: from
    /// the guest's SLB, or ASDR; `vrma`, `amr`, `iamr`.
    pub access: Access,
    /// HDSISR, or `HSRR1 & 0x582E0000`.
    pub status: u32,
    /// An HISI, not an HDSI.
    pub fetch: bool,
    /// No SLB entry translates the address.
    pub no_segment: bool,
    /// LPCR\[ISL\]: L and LP of the SLB entry count as 0.
    pub base_4k: bool,
}

impl Fault {
    fn raw(&self) -> sys::hpte_fault {
        sys::hpte_fault {
            access: self.access.raw(Kind::Read), // the library finds the kind
            status: self.status,
            flags: flag(self.fetch, sys::HPTE_FAULT_FETCH)
                | flag(self.no_segment, sys::HPTE_FAULT_NO_SEGMENT)
                | flag(self.base_4k, sys::HPTE_FAULT_BASE_4K),
        }
    }
}

/// What to do about it.
#[derive(Debug)]
pub enum Action<'v> {
    /// Enter the guest again at the same PC.
    Retry,
    /// Data storage interrupt, 0x300.
    Dsi {
        /// DAR.
        dar: u64,
        /// DSISR.
        dsisr: u32,
    },
    /// Instruction storage interrupt, 0x400.
    Isi {
        /// Flags that go into SRR1.
        srr1: u32,
    },
    /// Data segment interrupt, 0x380.
    Dseg {
        /// DAR.
        dar: u64,
    },
    /// Instruction segment interrupt, 0x480.
    Iseg,
    /// The host's page is missing: [`HostPage::complete`].
    HostPage(HostPage<'v>),
    /// A device: emulate the instruction.
    Mmio(MmioFault),
    /// The host cannot provide the page: your decision.
    HostError,
}

/// What a virtual CPU needs for its faults.
pub struct Vcpu<'t> {
    raw: sys::hpte_vcpu,
    table: PhantomData<&'t ()>,
}

// SAFETY: C keeps no thread's state, and the table, whose type is forgotten
// here, is Sync whatever its host is.
unsafe impl Send for Vcpu<'_> {}

impl fmt::Debug for Vcpu<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vcpu")
    }
}

impl<'t> Vcpu<'t> {
    /// A virtual CPU of the guest with this table.
    pub fn new<H: Host>(table: &'t Table<'_, H>) -> Vcpu<'t> {
        // SAFETY: integers and pointers: zero is a value of each.
        let mut raw: sys::hpte_vcpu = unsafe { mem::zeroed() };
        // SAFETY: the table is initialised and borrowed for as long.
        unsafe { sys::hpte_fault_init(&mut raw, table.as_raw()) };
        Vcpu { raw, table: PhantomData }
    }

    /// Decide what a storage interrupt is about.
    pub fn resolve(&mut self, fault: &Fault) -> Action<'_> {
        // SAFETY: integers and booleans: zero is a value of each.
        let mut outcome: sys::hpte_outcome = unsafe { mem::zeroed() };
        // SAFETY: an initialised CPU, room for the outcome.
        unsafe {
            sys::hpte_fault_resolve(&mut self.raw, &fault.raw(), &mut outcome)
        };
        if outcome.action == sys::HPTE_FAULT_HOST_PAGE {
            return Action::HostPage(HostPage { vcpu: &mut self.raw, outcome });
        }
        final_action(outcome)
    }
}

fn final_action<'v>(outcome: sys::hpte_outcome) -> Action<'v> {
    let sys::hpte_outcome { action, bits, dar, .. } = outcome;
    match action {
        sys::HPTE_FAULT_RETRY => Action::Retry,
        sys::HPTE_FAULT_DSI => Action::Dsi { dar, dsisr: bits },
        sys::HPTE_FAULT_ISI => Action::Isi { srr1: bits },
        sys::HPTE_FAULT_DSEG => Action::Dseg { dar },
        sys::HPTE_FAULT_ISEG => Action::Iseg,
        sys::HPTE_FAULT_MMIO => Action::Mmio(MmioFault { outcome }),
        _ => Action::HostError,
    }
}

/// A fault that the host's page will end.
///
/// Completing it may be put off to where the host can block; until then it
/// borrows the virtual CPU, which can have no other fault meanwhile.
pub struct HostPage<'v> {
    vcpu: &'v mut sys::hpte_vcpu,
    outcome: sys::hpte_outcome,
}

// SAFETY: it is the only user of its virtual CPU, which is Send.
unsafe impl Send for HostPage<'_> {}

impl fmt::Debug for HostPage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HostPage").field("gpa", &self.gpa()).finish()
    }
}

impl<'v> HostPage<'v> {
    /// Guest real address of the access.
    pub fn gpa(&self) -> u64 {
        self.outcome.gpa
    }

    /// The access stores.
    pub fn is_store(&self) -> bool {
        self.outcome.is_store
    }

    /// Map the host's page, by [`Privileged::map_page`].
    ///
    /// Answers Retry, Mmio or Isi (there is no RAM any more), or HostError
    /// (the host cannot, or no hardware walks this table).
    ///
    /// [`Privileged::map_page`]: crate::Privileged::map_page
    pub fn complete(mut self) -> Action<'v> {
        // SAFETY: the outcome is this CPU's own.
        unsafe { sys::hpte_fault_complete(self.vcpu, &mut self.outcome) };
        final_action(self.outcome)
    }
}

/// An access that a device answers for: [`MmioCpu::emulate`].
///
/// [`MmioCpu::emulate`]: crate::MmioCpu::emulate
#[derive(Clone, Copy)]
pub struct MmioFault {
    pub(crate) outcome: sys::hpte_outcome,
}

impl fmt::Debug for MmioFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MmioFault").field("gpa", &self.gpa()).finish()
    }
}

impl MmioFault {
    /// Guest real address of the access.
    pub fn gpa(&self) -> u64 {
        self.outcome.gpa
    }

    /// The access stores.
    pub fn is_store(&self) -> bool {
        self.outcome.is_store
    }

    /// Log2 bytes of the page at `gpa`.
    pub fn shift(&self) -> u32 {
        u32::from(self.outcome.shift)
    }

    /// The instruction may be fetched through the guest's translation now.
    pub fn may_fetch(&self) -> bool {
        self.outcome.fetch_now
    }
}
