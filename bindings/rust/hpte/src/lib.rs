// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! POWER hashed page tables for hypervisors: libhpte, safe.
//!
//! A [`Table`] is one guest's hashed page table, in storage that you lend it;
//! a [`Vm`] serves its hypercalls; a [`Vcpu`] decides what a storage interrupt
//! is about; a [`Bus`] has emulated devices, and an [`MmioCpu`] performs the
//! instruction that touched one.  You implement [`Host`], which says what lies
//! at a guest real address, and [`Device`].
//!
//! Nothing outside `core` is used: no allocation, no globals, no floating
//! point.  All storage is borrowed from the caller, so that a table that is
//! used after its memory is gone does not compile:
//!
//! ```compile_fail,E0597
//! # use hpte::*;
//! # struct Ram;
//! # impl Host for Ram {
//! #     fn classify(&self, _: u64, _: u32) -> Backing { Backing::Ram(24) }
//! #     fn guest_read(&self, _: u64, _: &mut [u8]) -> bool { false }
//! #     fn guest_write(&self, _: u64, _: &[u8]) -> bool { false }
//! #     fn guest_zero(&self, _: u64, _: u64) -> bool { false }
//! # }
//! let table = {
//!     let mut memory = vec![Line::ZERO; 2048];
//!     let mut side = vec![Line::ZERO; 2048];
//!     Table::new(Config::new(&mut memory, &mut side), &Ram)
//! };
//! println!("{}", table.unwrap().entries());
//! ```
//!
//! # What cannot be checked
//!
//! Two traits are split by trust.  [`Host`] is safe: whatever it answers, the
//! library keeps its own memory in order.  [`Privileged`] is an `unsafe trait`:
//! it says which host real storage hardware may reach, and takes part in the
//! exchange of a table while others run.  A table that no hardware walks and
//! that keeps its size needs [`Host`] only.
//!
//! # Panics
//!
//! A callback that panics aborts the process: a panic must not unwind through
//! C, where an entry may be half changed.  This holds for every version of the
//! compiler; without `std` your panic handler is called and does not return.
//!
//! # Threads
//!
//! [`Table`], [`Vm`] and [`Bus`] are `Send` and `Sync`, [`Vcpu`] and
//! [`MmioCpu`] are `Send`.  Why that is true:
//!
//! * All state that two calls may reach at once is in C, and C reaches it by
//!   atomic operations only.  `include/hpte/table.h`: every function but init
//!   and reset may run at the same time on any number of CPUs.  Init is
//!   [`Table::new`], before anyone has a reference; reset takes `&mut self`.
//! * What C may call back, [`Host`] and [`Device`], is required to be `Sync`.
//! * Nothing belongs to a thread: C has no globals and no thread-local data,
//!   so that what is idle may move to another thread.
//! * `Vcpu` and `MmioCpu` are not safe for two calls at once.  All their
//!   functions take `&mut self`, so that it does not happen.
//! * The exchange of a table's storage by H_RESIZE_HPT_COMMIT needs all others
//!   out of the library.  Only [`Privileged::vcpus_stop`] can see to that,
//!   which is why it is part of an unsafe trait; without it no exchange ever
//!   happens, because [`Privileged::hpt_alloc`] has given no new storage.
//! * One table has one `Vm` at most, since [`Vm::new`] borrows it mutably: two
//!   would each have a resize of their own.
//!
//! # What happens
//!
//! A table that is [`Config::traced`] calls [`Host::trace`] for each [`Event`],
//! one with [`Config::counters`] counts them.  Who asks for neither pays a test
//! of a word.
//!
//! # Left out
//!
//! Inserting entries that are valid at once and promoting one (a fault or a
//! hypercall does both), searches of many addresses at a time, H_VRMASD, the
//! `relax` callback, register access by callback instead of by [`Registers`],
//! and `ppc64.h`.  [`sys`] has them, and [`Table::as_raw`] leads there.
#![no_std]
#![deny(missing_docs)]
#![deny(unsafe_op_in_unsafe_fn)]
#![warn(missing_debug_implementations)]

pub use hpte_sys as sys;

mod entry;
mod error;
mod fault;
mod host;
mod mmio;
mod table;
mod trace;
mod vm;
mod xlate;

pub use entry::{Entry, Kind, Order, Page, Rights, Va};
pub use error::{Error, Result};
pub use fault::{Action, Fault, HostPage, MmioFault, Vcpu};
pub use host::{Answer, Backing, Host, MappedPage, Memory, Privileged};
pub use mmio::{
    Bus, Device, Emulation, Interrupt, MmioCpu, Reason, Region, Registers,
    Reply, Slot,
};
pub use table::{Caps, Condition, Config, Insert, Line, Table, View};
pub use trace::{Counters, Event, Shard};
pub use vm::{Disposition, Vm};
pub use xlate::{pate0, sdr1, segment, vrma, vrmasd, Access, Slb, Translation};

// the README's example is compiled and run like any other
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

fn flag(set: bool, bit: u32) -> u32 {
    if set {
        bit
    } else {
        0
    }
}
