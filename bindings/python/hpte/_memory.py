# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Storage of a table: aligned zeros of our own, or a buffer of the user's."""
import ctypes
import mmap
from typing import Any, Union

Buffer = Union[bytearray, memoryview, mmap.mmap, Any]


class Storage:
    """Bytes at an address; they stay there as long as this object lives."""

    def __init__(self, array: Any) -> None:
        self.array = array
        self.address = ctypes.addressof(array)


def zeros(size: int, align: int) -> Storage:
    """Pages that cost nothing until they are written."""
    try:
        pages = mmap.mmap(-1, size + align,
                          flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    except (OSError, OverflowError, ValueError) as error:
        raise MemoryError(f'no {size} bytes for a table: {error}') from None
    first = ctypes.addressof(ctypes.c_char.from_buffer(pages))
    array = (ctypes.c_char * size).from_buffer(pages, -first % align)
    return Storage(array)


def adopt(buffer: Buffer, what: str, size: int, align: int) -> Storage:
    """A writable buffer of exactly this size, aligned, all zeros.

    Python keeps the owner of a buffer that is in use from resizing and from
    unmapping it.
    """
    try:
        view = memoryview(buffer)
    except TypeError:
        raise TypeError(f'{what}: a buffer is wanted, not '
                        f'{type(buffer).__name__}') from None
    with view:
        if view.readonly or not view.c_contiguous:
            raise ValueError(f'{what}: not a writable, contiguous buffer')
        if view.nbytes != size:
            raise ValueError(f'{what}: {view.nbytes} bytes, must be {size}')
        array = (ctypes.c_char * size).from_buffer(buffer)
        if ctypes.addressof(array) % align:
            raise ValueError(f'{what}: not aligned to {align} bytes')
        if any(view.cast('B')):
            raise ValueError(f'{what}: not zero')
    return Storage(array)
