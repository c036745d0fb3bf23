// SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
//! Declarations that also leave a table of what they declare, for tests/abi.rs.

/// A constant and its value.
pub type Constant = (&'static str, i128);

/// A function or callback: name, parameter types, result type.
pub type Function = (&'static str, &'static [&'static str], &'static str);

/// One member of a structure.
pub struct Member {
    /// Its name.
    pub name: &'static str,
    /// Its Rust type.
    pub kind: &'static str,
    /// Where it lies; not a constant before `offset_of!`.
    pub offset: fn() -> usize,
}

/// A structure.
pub struct Structure {
    /// Its name without `struct`.
    pub name: &'static str,
    /// Its size in bytes.
    pub size: usize,
    /// Its members, all of them.
    pub members: &'static [Member],
}

macro_rules! constants {
    ($($name:ident: $kind:ty = $value:expr;)*) => {
        $(
            #[doc = concat!("`", stringify!($name), "` of the C headers.")]
            pub const $name: $kind = $value;
        )*

        /// All of them.
        #[doc(hidden)]
        pub const CONSTANTS: &[$crate::macros::Constant] =
            &[$((stringify!($name), $value as i128)),*];
    };
}

macro_rules! structures {
    ($($name:ident { $($field:ident: $kind:ty,)* })*) => {
        $(
            #[doc = concat!("`struct ", stringify!($name), "` of the C headers.")]
            #[repr(C)]
            #[derive(Clone, Copy, Debug)]
            pub struct $name {
                $(
                    #[doc = concat!("`", stringify!($field), "`")]
                    pub $field: $kind,
                )*
            }
        )*

        /// All of them.
        #[doc(hidden)]
        pub const STRUCTURES: &[$crate::macros::Structure] = &[$(
            $crate::macros::Structure {
                name: stringify!($name),
                size: core::mem::size_of::<$name>(),
                members: &[$($crate::macros::Member {
                    name: stringify!($field),
                    kind: stringify!($kind),
                    offset: || {
                        let room = core::mem::MaybeUninit::<$name>::uninit();
                        let base = room.as_ptr();
                        // SAFETY: an address inside `room`; nothing is read.
                        let field = unsafe {
                            core::ptr::addr_of!((*base).$field)
                        };
                        field as usize - base as usize
                    },
                }),*],
            }
        ),*];
    };
}

macro_rules! functions {
    ($($name:ident($($argument:ident: $kind:ty),*) -> $result:ty;)*) => {
        extern "C" {
            $(
                #[doc = concat!("`", stringify!($name),
                    "()` of the C headers, which say what it needs.")]
                pub fn $name($($argument: $kind),*) -> $result;
            )*
        }

        /// All of them.
        #[doc(hidden)]
        pub const FUNCTIONS: &[$crate::macros::Function] = &[$((
            stringify!($name),
            &[$(stringify!($kind)),*],
            stringify!($result),
        )),*];
    };
}

macro_rules! callbacks {
    ($($name:ident($($argument:ident: $kind:ty),*) -> $result:ty;)*) => {
        $(
            #[doc = concat!("Type of the callback `", stringify!($name),
                "`; it must not unwind.")]
            pub type $name =
                Option<unsafe extern "C" fn($($argument: $kind),*) -> $result>;
        )*

        /// All of them.
        #[doc(hidden)]
        pub const CALLBACKS: &[$crate::macros::Function] = &[$((
            stringify!($name),
            &[$(stringify!($kind)),*],
            stringify!($result),
        )),*];
    };
}
