// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! What a function answers that did not succeed.

use crate::sys;
use core::fmt;

/// Why there is no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Error {
    /// No entry there, or none matches.
    NotFound,
    /// No free slot where one was asked for.
    Full,
    /// Another CPU was at work: try again.
    Again,
    /// Entry index outside the table.
    Index,
    /// Reserved or unsupported encoding.
    Encoding,
    /// Bad size, alignment or flag: the caller's mistake.
    Param,
    /// Not in this build, or not on this CPU.
    Unsupported,
    /// What this version of the bindings has no name for.
    Other(i32),
}

/// A result, or why there is none.
pub type Result<T> = core::result::Result<T, Error>;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Error::NotFound => "no such entry",
            Error::Full => "no free slot",
            Error::Again => "another CPU was at work, try again",
            Error::Index => "index outside the table",
            Error::Encoding => "reserved or unsupported encoding",
            Error::Param => "bad size, alignment or flag",
            Error::Unsupported => "not in this build or not on this CPU",
            Error::Other(status) => return write!(f, "status {}", status),
        })
    }
}

pub(crate) fn check(status: i32) -> Result<()> {
    Err(match status {
        sys::HPTE_OK => return Ok(()),
        sys::HPTE_ERR_NOTFOUND => Error::NotFound,
        sys::HPTE_ERR_FULL => Error::Full,
        sys::HPTE_ERR_AGAIN => Error::Again,
        sys::HPTE_ERR_INDEX => Error::Index,
        sys::HPTE_ERR_ENCODING => Error::Encoding,
        sys::HPTE_ERR_PARAM => Error::Param,
        sys::HPTE_ERR_UNSUPPORTED => Error::Unsupported,
        other => Error::Other(other),
    })
}
