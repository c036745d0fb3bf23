// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! The C interface of libhpte as it is: same names, same rules.
//!
//! The manual is the C headers, `include/hpte/`; every function here is
//! `unsafe` and needs what they say.  The crate `hpte` is the safe layer.
//!
//! Written by hand and checked: `tests/abi.rs` lets a C compiler compare each
//! constant, structure member and prototype with the headers, and counts that
//! none is missing.  Left out is `ppc64.h`, which is in libraries for POWER
//! only, and the two byte order helpers: `u64::to_be()` is both.
//!
//! C's enumerations are integers here, since a value that the library or a
//! callback gives need not be one of the named ones.
#![no_std]
#![deny(missing_docs)]
#![allow(non_camel_case_types)]

#[macro_use]
#[doc(hidden)]
pub mod macros;

mod constants;
mod functions;
mod types;

pub use constants::*;
pub use functions::*;
pub use types::*;
