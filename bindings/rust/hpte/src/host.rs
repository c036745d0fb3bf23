// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! What the library calls back for.

use crate::sys;
use crate::table::Line;
use crate::trace::Event;
use core::ffi::c_void;
use core::marker::PhantomData;
use core::{mem, ptr, slice};

/// What backs a naturally aligned range of guest real storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backing {
    /// Ordinary storage, all of it; log2 bytes of the largest page that may
    /// be mapped there.
    Ram(u32),
    /// A device, emulated or not; the largest page likewise.
    Io(u32),
    /// Nothing.
    Hole,
    /// Was the guest's, taken back.
    Rescinded,
    /// Crosses the edge of a region.
    Partial,
}

/// What a host answers that may need time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer<T> {
    /// Here it is.
    Done(T),
    /// Not now: the same question will come again.
    Later,
    /// It cannot be done.
    Never,
}

/// The host's storage behind a guest page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MappedPage {
    /// Host real address of the guest page, aligned to its size.
    pub real: u64,
    /// Log2 bytes of the host's page: at least the guest page's.
    pub shift: u8,
    /// The guest may store to it now.
    pub writable: bool,
}

/// Storage of a table, as [`Privileged::hpt_alloc`] gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// 2^order bytes, zero; aligned to their size where hardware walks them.
    pub table: *mut Line,
    /// As many bytes again, zero.
    pub side: *mut Line,
}

/// What every host provides.
///
/// Callbacks run on the calling CPU, in the middle of an operation.  They may
/// use the table ([`insert`](crate::Table::insert),
/// [`remove`](crate::Table::remove), [`read`](crate::Table::read),
/// [`find`](crate::Table::find)), must not run a guest, and must not panic: a
/// panic aborts, see the crate's documentation.
pub trait Host: Sync {
    /// What lies at `gpa`, a guest real address aligned to `1 << shift`, for
    /// as many bytes?  Cheap, without side effects, independent of residency.
    fn classify(&self, gpa: u64, shift: u32) -> Backing;

    /// Copy from guest real storage; false: not now.
    fn guest_read(&self, gpa: u64, to: &mut [u8]) -> bool;

    /// Copy to guest real storage; false: not now, nothing is stored.
    fn guest_write(&self, gpa: u64, from: &[u8]) -> bool;

    /// Zero guest real storage; false: not now, nothing is stored.
    fn guest_zero(&self, gpa: u64, bytes: u64) -> bool;

    /// Make instruction fetch see these bytes.
    fn icache_sync(&self, gpa: u64, bytes: u64) {
        let _ = (gpa, bytes);
    }

    /// Forget translations: `rb` are tlbie operands, `flags` the constants
    /// `sys::HPTE_TLB_*`.  On return nobody uses them.
    fn tlb_invalidate(&self, rb: &[u64], flags: u32) {
        let _ = (rb, flags);
    }

    /// Forget every translation of this guest.
    fn tlb_invalidate_all(&self) {}

    /// The guest has stored to these bytes.  May repeat itself.
    fn mark_dirty(&self, gpa: u64, bytes: u64) {
        let _ = (gpa, bytes);
    }

    /// The guest has used these bytes.  May repeat itself.
    fn mark_young(&self, gpa: u64, bytes: u64) {
        let _ = (gpa, bytes);
    }

    /// Something has happened: called for a table that is
    /// [`Config::traced`](crate::Config::traced), from inside any operation.
    /// What this does to the table makes events too.
    fn trace(&self, event: &Event) {
        let _ = event;
    }
}

/// What a host adds whose hardware walks the table, or whose guest may resize
/// it.
///
/// # Safety
///
/// Memory safety depends on what the implementation does:
///
/// * [`map_page`](Privileged::map_page) answers storage that this guest may
///   reach, for as long as no invalidation has ended that says otherwise;
/// * with a walker [`Host::tlb_invalidate`] and [`Host::tlb_invalidate_all`]
///   return only when no walker uses the translations, and every R and C that
///   they caused is visible in the table;
/// * no walker uses the table's storage any more when the
///   [`Table`](crate::Table) is dropped or its borrow of the storage ends;
/// * [`hpt_alloc`](Privileged::hpt_alloc) answers [`Memory`] as described
///   there, nobody else's, until [`hpt_free`](Privileged::hpt_free) gets it or
///   the table is gone.  The table's first storage, the
///   [`Config`](crate::Config)'s, comes to `hpt_free` too: it is still
///   borrowed, and left alone;
/// * when [`vcpus_stop`](Privileged::vcpus_stop) has answered true, no other
///   thread is inside any function that uses this table, and none enters one
///   before [`vcpus_start`](Privileged::vcpus_start) is called.
pub unsafe trait Privileged: Host {
    /// The storage of the guest page of `1 << shift` bytes at `gpa`, for
    /// storing to if `want_write`.
    fn map_page(
        &self,
        gpa: u64,
        shift: u32,
        want_write: bool,
    ) -> Answer<MappedPage> {
        let _ = (gpa, shift, want_write);
        Answer::Never
    }

    /// Sequence number of host invalidations, read before `map_page`.
    fn inval_begin(&self) -> u64 {
        0
    }

    /// Is an invalidation in progress, or has one ended since `sequence`?
    fn inval_retry(&self, sequence: u64) -> bool {
        let _ = sequence;
        false
    }

    /// Storage for a new table of 2^`order` bytes.
    fn hpt_alloc(&self, order: u32) -> Answer<Memory> {
        let _ = order;
        Answer::Never
    }

    /// An old or unused table; `None`: an `hpt_alloc` that answered
    /// [`Answer::Later`] is given up.
    fn hpt_free(&self, order: u32, memory: Option<Memory>) {
        let _ = (order, memory);
    }

    /// Take every other CPU of this guest out of the guest and out of this
    /// library; false: not now.
    fn vcpus_stop(&self) -> bool {
        false
    }

    /// Undo it.  The table may have moved.
    fn vcpus_start(&self) {}
}

/// Aborts when it is dropped by a panic: a panic that meets another one does.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("hpte: a callback panicked, which must not unwind through C");
    }
}

/// Run a callback's body and do not let a panic out.
pub(crate) fn guarded<T>(body: impl FnOnce() -> T) -> T {
    let bomb = Bomb;
    let result = body();
    mem::forget(bomb);
    result
}

/// # Safety
///
/// `to` is C's room for the answer.
unsafe fn put<T, U>(
    answer: Answer<T>,
    to: *mut U,
    convert: impl FnOnce(T) -> U,
) -> sys::hpte_host_result {
    match answer {
        Answer::Done(value) => {
            // SAFETY: the caller's.
            unsafe { to.write(convert(value)) };
            sys::HPTE_HOST_DONE
        }
        Answer::Later => sys::HPTE_HOST_LATER,
        Answer::Never => sys::HPTE_HOST_NEVER,
    }
}

/// The tables of callbacks for a host of type `H`.  `ctx` is always the `&H`
/// that the table borrows for as long as it lives.
pub(crate) struct Callbacks<H>(PhantomData<H>);

impl<H: Host> Callbacks<H> {
    pub(crate) const PLAIN: sys::hpte_host_ops = sys::hpte_host_ops {
        ops_size: mem::size_of::<sys::hpte_host_ops>(),
        classify: Some(Self::classify),
        map_page: None,
        inval_begin: None,
        inval_retry: None,
        tlb_invalidate: Some(Self::tlb_invalidate),
        tlb_invalidate_all: Some(Self::tlb_invalidate_all),
        mark_dirty: Some(Self::mark_dirty),
        mark_young: Some(Self::mark_young),
        guest_read: Some(Self::guest_read),
        guest_write: Some(Self::guest_write),
        icache_sync: Some(Self::icache_sync),
        hpt_alloc: None,
        hpt_free: None,
        vcpus_stop: None,
        vcpus_start: None,
        vrma_page_size: None,
        relax: None,
        trace: None,
    };

    pub(crate) const PLAIN_TRACED: sys::hpte_host_ops =
        sys::hpte_host_ops { trace: Some(Self::trace), ..Self::PLAIN };

    unsafe fn with<T>(ctx: *mut c_void, body: impl FnOnce(&H) -> T) -> T {
        // SAFETY: `ctx` is the table's host, which is Sync and outlives it.
        let host = unsafe { &*(ctx as *const H) };
        guarded(|| body(host))
    }

    unsafe extern "C" fn classify(
        ctx: *mut c_void,
        gpa: u64,
        shift: u32,
        largest: *mut u32,
    ) -> sys::hpte_backing_kind {
        // SAFETY: as C calls it; `largest` is room for a number.
        unsafe {
            let backing = Self::with(ctx, |host| host.classify(gpa, shift));
            let (kind, most) = match backing {
                Backing::Ram(most) => (sys::HPTE_BACKING_RAM, most),
                Backing::Io(most) => (sys::HPTE_BACKING_IO, most),
                Backing::Hole => (sys::HPTE_BACKING_HOLE, 0),
                Backing::Rescinded => (sys::HPTE_BACKING_RESCINDED, 0),
                Backing::Partial => (sys::HPTE_BACKING_PARTIAL, 0),
            };
            largest.write(most);
            kind
        }
    }

    unsafe extern "C" fn tlb_invalidate(
        ctx: *mut c_void,
        rb: *const u64,
        count: u32,
        flags: u32,
    ) {
        // SAFETY: as C calls it; `rb` are `count` operands, at least one.
        unsafe {
            let rb = slice::from_raw_parts(rb, count as usize);
            Self::with(ctx, |host| host.tlb_invalidate(rb, flags))
        }
    }

    unsafe extern "C" fn tlb_invalidate_all(ctx: *mut c_void) {
        // SAFETY: as C calls it.
        unsafe { Self::with(ctx, H::tlb_invalidate_all) }
    }

    unsafe extern "C" fn mark_dirty(ctx: *mut c_void, gpa: u64, bytes: u64) {
        // SAFETY: as C calls it.
        unsafe { Self::with(ctx, |host| host.mark_dirty(gpa, bytes)) }
    }

    unsafe extern "C" fn mark_young(ctx: *mut c_void, gpa: u64, bytes: u64) {
        // SAFETY: as C calls it.
        unsafe { Self::with(ctx, |host| host.mark_young(gpa, bytes)) }
    }

    unsafe extern "C" fn guest_read(
        ctx: *mut c_void,
        gpa: u64,
        to: *mut c_void,
        bytes: usize,
    ) -> bool {
        // SAFETY: as C calls it; `to` is room for `bytes`, which a slice
        // wants initialised.
        unsafe {
            ptr::write_bytes(to as *mut u8, 0, bytes);
            let to = slice::from_raw_parts_mut(to as *mut u8, bytes);
            Self::with(ctx, |host| host.guest_read(gpa, to))
        }
    }

    unsafe extern "C" fn guest_write(
        ctx: *mut c_void,
        gpa: u64,
        from: *const c_void,
        bytes: u64,
    ) -> bool {
        // SAFETY: as C calls it; `from` is NULL or has `bytes`.
        unsafe {
            if from.is_null() {
                return Self::with(ctx, |host| host.guest_zero(gpa, bytes));
            }
            let from = slice::from_raw_parts(from as *const u8, bytes as usize);
            Self::with(ctx, |host| host.guest_write(gpa, from))
        }
    }

    unsafe extern "C" fn icache_sync(ctx: *mut c_void, gpa: u64, bytes: u64) {
        // SAFETY: as C calls it.
        unsafe { Self::with(ctx, |host| host.icache_sync(gpa, bytes)) }
    }

    unsafe extern "C" fn trace(
        ctx: *mut c_void,
        event: *const sys::hpte_trace,
    ) {
        // SAFETY: as C calls it, with an event.
        unsafe {
            let sys::hpte_trace { id, args, .. } = *event;
            Self::with(ctx, |host| host.trace(&Event { id, args }))
        }
    }
}

impl<H: Privileged> Callbacks<H> {
    pub(crate) const PRIVILEGED: sys::hpte_host_ops = sys::hpte_host_ops {
        map_page: Some(Self::map_page),
        inval_begin: Some(Self::inval_begin),
        inval_retry: Some(Self::inval_retry),
        hpt_alloc: Some(Self::hpt_alloc),
        hpt_free: Some(Self::hpt_free),
        vcpus_stop: Some(Self::vcpus_stop),
        vcpus_start: Some(Self::vcpus_start),
        ..Self::PLAIN
    };

    pub(crate) const PRIVILEGED_TRACED: sys::hpte_host_ops =
        sys::hpte_host_ops { trace: Some(Self::trace), ..Self::PRIVILEGED };

    unsafe extern "C" fn map_page(
        ctx: *mut c_void,
        gpa: u64,
        shift: u32,
        want_write: bool,
        page: *mut sys::hpte_host_page,
    ) -> sys::hpte_host_result {
        // SAFETY: as C calls it; `page` is room for the answer.
        unsafe {
            let answer =
                Self::with(ctx, |host| host.map_page(gpa, shift, want_write));
            put(answer, page, |mapped| sys::hpte_host_page {
                real: mapped.real,
                sequence: 0, // the library's to fill in
                shift: mapped.shift,
                writable: mapped.writable,
                reserved: [0; 6],
            })
        }
    }

    unsafe extern "C" fn inval_begin(ctx: *mut c_void) -> u64 {
        // SAFETY: as C calls it.
        unsafe { Self::with(ctx, H::inval_begin) }
    }

    unsafe extern "C" fn inval_retry(ctx: *mut c_void, sequence: u64) -> bool {
        // SAFETY: as C calls it.
        unsafe { Self::with(ctx, |host| host.inval_retry(sequence)) }
    }

    unsafe extern "C" fn hpt_alloc(
        ctx: *mut c_void,
        order: u32,
        memory: *mut sys::hpte_memory,
    ) -> sys::hpte_host_result {
        // SAFETY: as C calls it; `memory` is room for the answer.
        unsafe {
            let answer = Self::with(ctx, |host| host.hpt_alloc(order));
            put(answer, memory, |given| sys::hpte_memory {
                base: given.table as *mut c_void,
                side: given.side as *mut c_void,
            })
        }
    }

    unsafe extern "C" fn hpt_free(
        ctx: *mut c_void,
        order: u32,
        memory: *const sys::hpte_memory,
    ) {
        // SAFETY: as C calls it; `memory` is what hpt_alloc() gave, or the
        // first storage.
        unsafe {
            let memory = *memory;
            let given = (!memory.base.is_null()).then_some(Memory {
                table: memory.base as *mut Line,
                side: memory.side as *mut Line,
            });
            Self::with(ctx, |host| host.hpt_free(order, given))
        }
    }

    unsafe extern "C" fn vcpus_stop(ctx: *mut c_void) -> bool {
        // SAFETY: as C calls it.
        unsafe { Self::with(ctx, H::vcpus_stop) }
    }

    unsafe extern "C" fn vcpus_start(ctx: *mut c_void) {
        // SAFETY: as C calls it.
        unsafe { Self::with(ctx, H::vcpus_start) }
    }
}
