# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""What goes wrong: one exception for each status of the C library, and those
of the binding itself."""
from .constants import MmioResult, Status


class HpteError(Exception):
    """The library refused; `status` is what it returned."""

    def __init__(self, status: int, what: str) -> None:
        super().__init__(what)
        self.status = status


class NotFound(HpteError, LookupError):
    """No entry there, or none matches."""


class Full(HpteError):
    """No free slot where one was asked."""


class Again(HpteError):
    """Another CPU was at work: try again."""


class BadIndex(HpteError, IndexError):
    """An entry index outside the table."""


class BadEncoding(HpteError, ValueError):
    """A reserved or unsupported encoding."""


class BadParameter(HpteError, ValueError):
    """Bad size, alignment or flag."""


class Unsupported(HpteError):
    """Not built in."""


class Closed(ValueError):
    """The table was closed."""


class Busy(RuntimeError):
    """Another thread is inside an operation on this table."""


class InsideCallback(RuntimeError):
    """A host's callback called an operation that may have to wait for the
    very operation that called it."""


class BusError(Exception):
    """No device, or it did not perform the access; `result` says which."""

    def __init__(self, result: MmioResult, where: str) -> None:
        super().__init__(f'{where}: {result.name}')
        self.result = result


class LibraryError(OSError):
    """No usable libhpte was found."""


class RecordingError(ValueError):
    """Not a recording, or a damaged one; `offset` is where in the unpacked
    bytes."""

    def __init__(self, offset: int, what: str) -> None:
        super().__init__(f'offset {offset} (0x{offset:x}): {what}')
        self.offset = offset


_KINDS: dict[int, tuple[type[HpteError], str]] = {
    Status.ERR_NOTFOUND: (NotFound, 'no such entry'),
    Status.ERR_FULL: (Full, 'no free slot'),
    Status.ERR_AGAIN: (Again, 'another CPU is at work on the entry'),
    Status.ERR_INDEX: (BadIndex, 'outside the table'),
    Status.ERR_ENCODING: (BadEncoding, 'reserved or unsupported encoding'),
    Status.ERR_PARAM: (BadParameter, 'bad size, alignment or flag'),
    Status.ERR_UNSUPPORTED: (Unsupported, 'not supported'),
}


def from_status(status: int, what: str) -> HpteError:
    """The exception for a status; later versions may have more of them."""
    kind, reason = _KINDS.get(status, (HpteError, f'status {status}'))
    return kind(status, f'{what}: {reason}')
