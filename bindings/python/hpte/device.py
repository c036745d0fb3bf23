# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Emulated devices, and the bus of a table that they are on."""
import ctypes as c
import itertools
import threading
import weakref
from typing import TYPE_CHECKING, Any, Callable, Optional

from . import _abi as abi
from . import constants as k
from ._check import number, one_of, u64
from ._gate import Gate
from ._library import library
from .constants import MmioResult
from .errors import BusError, from_status

if TYPE_CHECKING:
    from .table import Table, _Core

_SIZES = (1, 2, 4, 8)
SLOTS_MAX = 4096


class Device:
    """An emulated device: override load(), store() or both.

    `offset` is from the start of the region; the access lies inside it and
    has a size that the region takes.  Values are the numbers that a register
    means: the library swaps bytes.  Both run inside an operation on the
    table, as the methods of a Host do; after an exception the guest sees a
    bus error.
    """

    def load(self, offset: int, size: int) -> int:
        """The register's value, or a MmioResult other than DONE."""
        return MmioResult.UNCLAIMED

    def store(self, offset: int, size: int,
              value: int) -> Optional[MmioResult]:
        """None when it is done, or a MmioResult."""
        return MmioResult.UNCLAIMED


class Devices:
    """What C has the address of.  Not the devices: it knows their numbers, so
    that an access that is late for one that was removed finds none."""

    def __init__(self, gate: Gate, slots: int) -> None:
        self.gate = gate
        self.lock = threading.Lock()
        self.known: dict[int, Device] = {}
        self.numbers = itertools.count(1)
        self.slots = (abi.MmioSlot * max(slots, 1))()
        self.bus = abi.Mmio()
        self.pointer = c.pointer(self.bus)
        self.ops = abi.MmioOps(c.sizeof(abi.MmioOps),
                               abi.MMIO_ACCESS(self._guarded()))
        library().hpte_mmio_init(self.pointer, self.slots, slots)

    def _guarded(self) -> Callable[[Any, Any], int]:
        """No exception may go into C."""
        me = weakref.ref(self)		# as in host.py

        def callback(which: Optional[int], access: Any) -> int:
            devices = me()
            assert devices is not None
            try:
                device = devices.known.get(which or 0)
                return MmioResult.UNCLAIMED if device is None else \
                    _perform(device, access[0])
            except BaseException as failure:
                failure.add_note('in a device, which a bus has called')
                devices.gate.fail(failure)
                return MmioResult.FAULT
        return callback


def _perform(device: Device, access: abi.MmioAccess) -> int:
    if access.is_store:
        done = device.store(access.offset, access.size, access.value)
        return MmioResult.DONE if done is None else MmioResult(done)
    value = device.load(access.offset, access.size)
    if isinstance(value, MmioResult):
        if value is MmioResult.DONE:
            raise ValueError('load() must answer a number')
        return value
    access.value = number(value, 'value', 0, (1 << 8 * access.size) - 1)
    return MmioResult.DONE


class Bus:
    """The devices of a table's guest: `table.bus`.

    H_LOGICAL_CI_LOAD and _STORE reach them, MmioCpu does, and load() and
    store() here, for the script itself.
    """

    def __init__(self, table: 'Table') -> None:
        self._table = table

    def _enter(self, never_waits: bool) -> tuple['_Core', Devices]:
        core = self._table._open()
        core.gate.enter(never_waits)
        return core, core.devices

    def add(self, start: int, size: int, device: Device, *,
            sizes: tuple[int, ...] = _SIZES, little_endian: bool = False,
            unaligned: bool = False, notify: bool = False) -> None:
        """The device answers for `size` bytes from `start` on, in accesses of
        these sizes.  notify: just tell that it was written, stores of any
        size, value 0.  Raises BadParameter: it overlaps another or wraps;
        Full; Again."""
        if not isinstance(device, Device):
            raise TypeError(f'not a Device: {type(device).__name__}')
        region = abi.MmioRegion(
            u64(start, 'start'), u64(size, 'size'),
            sum({one_of(each, 'sizes', _SIZES) for each in sizes}),
            (k.MMIO_LITTLE_ENDIAN if little_endian else 0) |
            (k.MMIO_UNALIGNED if unaligned else 0) |
            (k.MMIO_NOTIFY if notify else 0))
        core, devices = self._enter(True)
        try:
            which = next(devices.numbers)
            region.ops, region.ctx = c.pointer(devices.ops), which
            with devices.lock:
                devices.known[which] = device
                status = library().hpte_mmio_add(devices.pointer,
                                                 c.byref(region))
                if status:
                    del devices.known[which]
        finally:
            core.gate.leave()
        if status:
            raise from_status(status, f'device at 0x{start:x}')

    def remove(self, start: int) -> None:
        """Take away the device whose region starts there.  A call of it may
        be under way on another thread.  Raises NotFound, Again."""
        region = abi.MmioRegion()
        u64(start, 'start')
        core, devices = self._enter(True)
        try:
            with devices.lock:
                # the region first: it has the number
                status = library().hpte_mmio_find(devices.pointer, start,
                                                  c.byref(region)) or \
                    library().hpte_mmio_remove(devices.pointer, start)
                if not status:
                    devices.known.pop(region.ctx, None)
        finally:
            core.gate.leave()
        if status:
            raise from_status(status, f'device at 0x{start:x}')

    def _access(self, gpa: int, size: int, value: Optional[int],
                big_endian: bool) -> int:
        region = abi.MmioRegion()
        u64(gpa, 'gpa')
        bits = 8 * one_of(size, 'size', _SIZES)
        register = c.c_uint64(0 if value is None else
                              number(value, 'value', 0, (1 << bits) - 1))
        core, devices = self._enter(False)
        try:
            result = int(MmioResult.UNCLAIMED)
            if not library().hpte_mmio_find(devices.pointer, gpa,
                                            c.byref(region)):
                result = library().hpte_mmio_dispatch(
                    c.byref(region), gpa, size, value is not None,
                    bool(big_endian), c.byref(register))
        finally:
            core.gate.leave()
        if result != MmioResult.DONE:
            raise BusError(MmioResult(result), f'0x{gpa:x}')
        return register.value

    def load(self, gpa: int, size: int, *, big_endian: bool = True) -> int:
        """What a guest of this byte order reads there.  Raises BusError."""
        return self._access(gpa, size, None, big_endian)

    def store(self, gpa: int, size: int, value: int, *,
              big_endian: bool = True) -> None:
        """Write there.  Raises BusError."""
        self._access(gpa, size, u64(value, 'value'), big_endian)


__all__ = ['Bus', 'Device']
