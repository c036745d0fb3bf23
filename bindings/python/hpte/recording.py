# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Recordings of a guest's hash-MMU hypercalls, and images of its table.

The format is described in tools/hptctl/trace.h.  Nothing here needs the C
library.
"""
import lzma
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Optional, Union

from .constants import ORDER_MAX, ORDER_MIN
from .errors import RecordingError

MAGIC = b'HPTTRC01'
HCALL_LIMIT = 0x10000
ALLOC, RC, LOOKUP, CKSUM, END = range(0x80000001, 0x80000006)
NO_PTEX = (1 << 64) - 1

_TAG = struct.Struct('<I')
_CALL = struct.Struct('<II9Qq9Q')
_ALLOC = struct.Struct('<IIQ')
_LOOKUP = struct.Struct('<II8QII')
_CKSUM = struct.Struct('<II5Q')
_END = struct.Struct('<II')
_BODIES = {ALLOC: _ALLOC, RC: _ALLOC, LOOKUP: _LOOKUP, CKSUM: _CKSUM,
           END: _END}
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Call:
    """A hypercall: R4..R12 before, R3 and R4..R12 after."""
    opcode: int
    cpu: int
    args: tuple[int, ...]
    ret: int
    outs: tuple[int, ...]


@dataclass(frozen=True)
class Alloc:
    """A new table: zeroed, or by the H_RESIZE_HPT_COMMIT that follows."""
    resize: bool
    order: int


@dataclass(frozen=True)
class Update:
    """The recorder's MMU has stored the byte with R, or that with C."""
    change: bool
    byte: int
    index: int


@dataclass(frozen=True)
class Lookup:
    """A search of the table: what was asked, what was found."""
    cpu: int
    ea: int
    descriptor: int
    index: int			# NO_PTEX: none
    dw0: int
    dw1: int
    real: int
    amr: int
    iamr: int
    info: int
    fault: int


@dataclass(frozen=True)
class Checksum:
    """Checksums of the whole table."""
    order: int
    hcalls: int
    raw: int
    valid: int
    n_valid: int
    n_bolted: int


Record = Union[Call, Alloc, Update, Lookup, Checksum]
Path = Union[str, 'os.PathLike[str]']


def _open(path: Path) -> IO[bytes]:
    """A file, unpacked while it is read if its name ends in .xz."""
    if os.fspath(path).endswith('.xz'):
        return lzma.open(path, 'rb')
    return open(path, 'rb')


class Recording:
    """An open recording; iterate over it for the records, once.

    What is not as it must be raises RecordingError, with the offset.
    """

    def __init__(self, path: Path) -> None:
        self._file = _open(path)
        self._data = b''
        self._at = 0		# in _data
        self.offset = 0		# of the record in the unpacked recording
        try:
            if self._take(len(MAGIC)) != MAGIC:
                raise RecordingError(0, 'not a recording')
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> 'Recording':
        return self

    def __exit__(self, kind: Optional[type[BaseException]],
                 error: Optional[BaseException],
                 trace: Optional[TracebackType]) -> None:
        self.close()

    def close(self) -> None:
        self._file.close()

    def _more(self) -> bool:
        try:
            chunk = self._file.read(_CHUNK)
        except (lzma.LZMAError, EOFError) as error:
            raise RecordingError(self.offset, f'cannot be unpacked: {error}') \
                from None
        self._data = self._data[self._at:] + chunk
        self._at = 0
        return bool(chunk)

    def _take(self, size: int) -> bytes:
        while len(self._data) - self._at < size:
            if not self._more():
                raise RecordingError(self.offset, 'the recording is cut off')
        taken = self._data[self._at:self._at + size]
        self._at += size
        return taken

    def __iter__(self) -> Iterator[Record]:
        if self._file.closed:
            raise ValueError('the recording is closed')
        self.offset = len(MAGIC)
        while True:
            head = self._take(_TAG.size)
            tag, = _TAG.unpack(head)
            body = _CALL if tag < HCALL_LIMIT else _BODIES.get(tag)
            if body is None:
                raise RecordingError(self.offset, f'unknown tag 0x{tag:x}')
            data = head + self._take(body.size - _TAG.size)
            if tag == END:
                if body.unpack(data)[1] or self._at < len(self._data) or \
                        self._more():
                    raise RecordingError(self.offset, 'something follows END')
                return
            yield _record(tag, body.unpack(data), self.offset)
            self.offset += body.size


def _record(tag: int, fields: tuple[int, ...], offset: int) -> Record:
    if tag < HCALL_LIMIT:
        return Call(tag, fields[1], fields[2:11], fields[11], fields[12:])
    if tag == LOOKUP:
        return Lookup(*fields[1:])
    if tag == CKSUM:
        return Checksum(*fields[1:])
    if tag == RC:
        if fields[1] & ~0x1FF:
            raise RecordingError(offset, f'RC of kind 0x{fields[1]:x}')
        return Update(bool(fields[1] & 0x100), fields[1] & 0xFF, fields[2])
    if fields[1] > 1 or not ORDER_MIN <= fields[2] <= ORDER_MAX:
        raise RecordingError(offset, f'ALLOC {fields[1]} of order {fields[2]}')
    return Alloc(fields[1] == 1, fields[2])


def open_image(path: Path, clear: int = 0x40) -> bytes:
    """A table as it lay in memory, from a file; `clear` is a bit of
    doubleword 0 that the recorder kept for itself."""
    with _open(path) as file:
        try:
            image = bytearray(file.read())
        except (lzma.LZMAError, EOFError) as error:
            raise RecordingError(0, f'cannot be unpacked: {error}') from None
    size = len(image)
    if size & size - 1 or not 1 << ORDER_MIN <= size <= 1 << ORDER_MAX:
        raise RecordingError(size, f'{size} bytes are no table')
    keep = ~clear & 0xFF
    image[7::16] = bytes(byte & keep for byte in image[7::16])
    return bytes(image)
