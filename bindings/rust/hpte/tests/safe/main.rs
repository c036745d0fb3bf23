// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! The safe layer: results, and misuse that shows at run time.  Misuse that
//! does not compile: tests/compile-fail of the workspace.

mod common;
mod devices;
mod table;
mod trace;
