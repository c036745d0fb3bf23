# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""A hashed page table and the operations on it."""
import ctypes as c
import time
from collections import Counter
from collections.abc import Callable, Iterator, MutableSequence, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Optional, Union

from . import _abi as abi
from . import constants as k
from ._check import index as check_index
from ._check import number, one_of, order as check_order, u64
from ._gate import Gate
from ._library import library
from ._memory import Buffer, Storage, adopt, zeros
from .constants import Disposition, MmioResult
from .device import SLOTS_MAX, Bus, Devices
from .entry import Entry, PageSizes, Va
from .errors import Again, Busy, Closed, NotFound, from_status
from .host import (SIDE_ALIGN, Callbacks, Host, HostPage, base_align,
                   side_bytes)

_CHUNK = 4096			# entries read at once: a resize waits for them
_ARGUMENTS = 9			# R4..R12
_PATIENCE = 1000		# AGAIN in a row
_PAUSE = 0.0001			# seconds between two of them
_CI = (k.Hcall.LOGICAL_CI_LOAD, k.Hcall.LOGICAL_CI_STORE)
Gpr = Union[MutableSequence[int], memoryview]


@dataclass(frozen=True)
class Caps:
    """Facts about the virtual machine (struct hpte_caps of host.h)."""
    format: int = k.FORMAT_207
    data_keys: int = 32
    insn_keys: int = 32
    page_pairs: int = k.PAGE_PAIRS_ALL
    order_max: int = 30		# of a resize: a script has not terabytes
    pp0: bool = True
    strict: bool = False
    block: Sequence[int] = (8,) * k.PAGE_PAIRS
    hcalls: int = k.U64_MAX

    def _to_c(self) -> abi.Caps:
        if len(self.block) != k.PAGE_PAIRS:
            raise ValueError(f'block: {k.PAGE_PAIRS} numbers are wanted')
        return abi.Caps(
            c.sizeof(abi.Caps), k.ISA_207,
            one_of(self.format, 'format', (k.FORMAT_207, k.FORMAT_300)),
            one_of(self.data_keys, 'data_keys', (0, 32)),
            one_of(self.insn_keys, 'insn_keys', (0, 32)),
            number(self.page_pairs, 'page_pairs', 0, k.PAGE_PAIRS_ALL),
            check_order(self.order_max), bool(self.pp0), bool(self.strict),
            tuple(number(most, 'block', 0, 8) for most in self.block),
            u64(self.hcalls, 'hcalls'))


@dataclass(frozen=True)
class View:
    """One live entry as it was at one instant."""
    index: int
    entry: Entry
    page: PageSizes
    valid: bool			# the walker may use it
    mmio: bool			# absent, inserted for a device
    busy: bool			# somebody is changing it
    _raw: abi.View = field(repr=False, compare=False)
    _core: '_Core' = field(repr=False, compare=False)


@dataclass(frozen=True)
class Translation:
    """Where an access goes, and what the entry, the segment and the keys
    allow there: READ | WRITE | EXECUTE."""
    view: View
    gpa: int
    rights: int


@dataclass(frozen=True)
class Answer:
    """A hypercall's answer: R3 as a signed number, and R4..R12."""
    disposition: Disposition
    ret: int
    outs: tuple[int, ...]


class _Core:
    """All that C has the address of.  Whoever is in a call has a reference,
    so that it stays while the call lasts, whatever becomes of the table."""

    def __init__(self, caps: Caps, host: Host, flags: int, slots: int,
                 counters: bool) -> None:
        self.flags = flags
        self.gate = Gate()
        self.storages: dict[int, Storage] = {}
        self.caps = caps._to_c()
        self.callbacks = Callbacks(host, self.gate, self.storages, flags)
        self.table = abi.Table()
        self.pointer = c.pointer(self.table)
        self.vm = abi.Vm()
        self.devices = Devices(self.gate, slots)
        self.counters = (abi.Counters * 1)() if counters else None

    def keep(self, storage: Storage) -> int:
        self.storages[storage.address] = storage
        return storage.address

    def init(self, order: int, memory: Optional[Buffer],
             side: Optional[Buffer]) -> None:
        size, side_size = 1 << order, side_bytes(order, self.flags)
        align = base_align(order, self.flags)
        config = abi.TableConfig(
            order=order, flags=self.flags, caps=c.pointer(self.caps),
            ops=c.pointer(self.callbacks.ops), counters=self.counters,
            shards=0 if self.counters is None else 1)
        config.memory.base = self.keep(
            zeros(size, align) if memory is None else
            adopt(memory, 'memory', size, align))
        config.memory.side = self.keep(
            zeros(side_size, SIDE_ALIGN) if side is None else
            adopt(side, 'side', side_size, SIDE_ALIGN))
        status = library().hpte_table_init(self.pointer, c.byref(config))
        if status:
            raise from_status(status, 'table')
        library().hpte_hcall_init(c.byref(self.vm), self.pointer)
        library().hpte_hcall_set_mmio(c.byref(self.vm), self.devices.pointer)
        library().hpte_mmio_set_table(self.devices.pointer, self.pointer)


class Table:
    """A table of 2^order bytes, in memory of its own or in buffers of yours.
    `devices` is how many there may be on its bus; with `counters` its events
    are counted.

    Threads may use it at the same time.  close() gives the memory back as
    soon as no thread is inside; from then on everything raises Closed.
    """

    def __init__(self, order: int = k.ORDER_MIN, *, walker: bool = False,
                 caps: Optional[Caps] = None, host: Optional[Host] = None,
                 memory: Optional[Buffer] = None,
                 side: Optional[Buffer] = None, devices: int = 16,
                 counters: bool = False) -> None:
        if not isinstance(caps, (Caps, type(None))):
            raise TypeError(f'caps: not a Caps: {type(caps).__name__}')
        if not isinstance(host, (Host, type(None))):
            raise TypeError(f'host: not a Host: {type(host).__name__}')
        core = _Core(caps or Caps(), host or Host(),
                     k.TABLE_WALKER if walker else 0,
                     number(devices, 'devices', 0, SLOTS_MAX),
                     bool(counters))
        core.init(check_order(order), memory, side)
        self._core: Optional[_Core] = core
        self.host = core.callbacks.host

    def __enter__(self) -> 'Table':
        return self

    def __exit__(self, kind: Optional[type[BaseException]],
                 error: Optional[BaseException],
                 trace: Optional[TracebackType]) -> None:
        self.close()

    def close(self) -> None:
        """Forget the table; again is no error."""
        self._core = None

    @property
    def closed(self) -> bool:
        return self._core is None

    def _open(self) -> _Core:
        core = self._core
        if core is None:
            raise Closed('the table is closed')
        return core

    def _call(self, name: str, *arguments: Any,
              core: Optional[_Core] = None, never_waits: bool = False) -> int:
        """One call of C on this table."""
        core = core or self._open()
        core.gate.enter(never_waits)
        try:
            return int(getattr(library(), name)(core.pointer, *arguments)
                       or 0)
        finally:
            core.gate.leave()

    def _must(self, what: str, name: str, *arguments: Any,
              **more: Any) -> None:
        status = self._call(name, *arguments, **more)
        if status:
            raise from_status(status, what)

    @property
    def order(self) -> int:
        """log2 of its bytes now."""
        return self._call('hpte_table_order', never_waits=True)

    @property
    def entries(self) -> int:
        """Number of its entries, live or not."""
        return self._call('hpte_table_entries', never_waits=True)

    @property
    def generation(self) -> int:
        """Grows when an entry of a device goes or changes."""
        return self._call('hpte_table_generation', never_waits=True)

    @property
    def bus(self) -> Bus:
        """The guest's devices."""
        return Bus(self)

    def counters(self) -> 'Counter[int]':
        """How often each event has happened, by its number: Event.INSERT,
        Event.FAULT + FaultAction.DSI.  Stops nobody.  Raises Unsupported:
        there are none."""
        raw = abi.Counters()
        self._must('counters', 'hpte_table_counters', c.byref(raw),
                   never_waits=True)
        return Counter({event: times for event, times in enumerate(raw.count)
                        if times})

    def _view(self, core: _Core, raw: abi.View) -> View:
        return View(raw.index, Entry(raw.guest.dw0, raw.guest.dw1),
                    PageSizes(raw.page.base, raw.page.actual),
                    bool(raw.state & k.VIEW_VALID),
                    bool(raw.state & k.VIEW_MMIO),
                    bool(raw.state & k.VIEW_BUSY), raw, core)

    def read(self, index: int) -> View:
        """The entry at an index.  Raises NotFound, BadIndex."""
        core, raw = self._open(), abi.View()
        self._must(f'entry {index}', 'hpte_table_read', check_index(index),
                   c.byref(raw), core=core, never_waits=True)
        return self._view(core, raw)

    def find(self, va: Va, *, valid: bool = False) -> View:
        """The entry that maps a virtual address; only one with V=1 if
        `valid`.  Raises NotFound."""
        core, raw = self._open(), abi.View()
        self._must(f'{va}', 'hpte_table_find', c.byref(_va(va)),
                   k.FIND_VALID if valid else 0, c.byref(raw), core=core,
                   never_waits=True)
        return self._view(core, raw)

    def __iter__(self) -> Iterator[View]:
        """All live entries, each as it is when it is its turn."""
        at = 0
        while True:
            found, end = self._read_some(at)
            yield from found
            at += _CHUNK
            if at >= end:
                return

    def _read_some(self, first: int) -> tuple[list[View], int]:
        core = self._open()
        found: list[View] = []
        read, raw = library().hpte_table_read, abi.View()
        at = c.byref(raw)
        core.gate.enter(True)
        try:
            end = int(library().hpte_table_entries(core.pointer))
            for index in range(first, min(first + _CHUNK, end)):
                if not read(core.pointer, index, at):
                    found.append(self._view(core, abi.View.from_buffer_copy(
                        raw)))
        finally:
            core.gate.leave()
        return found, end

    def insert(self, index: int, entry: Entry, *, exact: bool = False,
               mmio: bool = False, page: Optional[HostPage] = None) -> int:
        """Put an entry into the lowest free slot of the group that `index` is
        in, or into this slot.  With `page`, and a walker, it is valid at
        once.  Returns where it is.  Raises Full, BadIndex, BadEncoding."""
        flags = (k.INSERT_EXACT if exact else 0) | \
            (k.INSERT_MMIO if mmio else 0)
        where = c.c_uint64()
        self._must(f'entry {index}', 'hpte_table_insert', check_index(index),
                   flags, c.byref(_entry(entry)), _page(page), c.byref(where),
                   never_waits=True)
        return where.value

    def map(self, va: Va, gpa: int, bits: int = k.DW1_M | k.DW1_R | 2,
            **more: int) -> int:
        """Insert Entry.map(...) where a search finds it: into the primary
        group or else the secondary.  Returns its index."""
        entry = Entry.map(va, gpa, bits, **more)
        order = self.order
        for secondary in (False, True):
            group = va.group(order, secondary)
            bit = k.DW0_H if secondary else 0
            try:
                return self.insert(group * k.GROUP_ENTRIES,
                                   Entry(entry.dw0 | bit, entry.dw1))
            except Exception as error:
                if secondary or getattr(error, 'status', 0) != \
                        k.Status.ERR_FULL:
                    raise
        raise AssertionError('not reached')

    def remove(self, index: int, *, avpn: Optional[int] = None,
               andcond: Optional[int] = None) -> Entry:
        """Remove an entry, if its B and AVPN are `avpn`, if it has no bit of
        `andcond`.  Returns it as the guest saw it.  Raises NotFound."""
        removed = abi.Hpte()
        self._must(f'entry {index}', 'hpte_table_remove', check_index(index),
                   _condition(avpn, andcond), c.byref(removed),
                   never_waits=True)
        return Entry(removed.dw0, removed.dw1)

    def protect(self, index: int, mask: int, bits: int, *,
                avpn: Optional[int] = None) -> None:
        """Change rights, keys and N: `mask` are bits of doubleword 1, `bits`
        their new values."""
        self._must(f'entry {index}', 'hpte_table_protect', check_index(index),
                   _condition(avpn, None), u64(mask, 'mask'),
                   u64(bits, 'bits'))

    def clear(self, index: int, which: int) -> int:
        """Clear DW1_R or DW1_C.  Returns doubleword 1 as it was."""
        old = c.c_uint64()
        self._must(f'entry {index}', 'hpte_table_clear', check_index(index),
                   u64(which, 'which'), c.byref(old))
        return old.value

    def promote(self, view: View, page: HostPage) -> None:
        """Make an entry valid with this page of the host."""
        core, raw = self._mine(view)
        self._must(f'entry {view.index}', 'hpte_table_promote', raw,
                   _page(page, optional=False), core=core, never_waits=True)

    def demote(self, index: int) -> None:
        """Take V away: the host wants the page back."""
        self._must(f'entry {index}', 'hpte_table_demote', check_index(index))

    def set_rc(self, view: View, bits: int) -> None:
        """Set DW1_R, DW1_C or both, as a software walker does."""
        core, raw = self._mine(view)
        self._must(f'entry {view.index}', 'hpte_table_set_rc', raw,
                   u64(bits, 'bits'), core=core)

    def _mine(self, view: View) -> tuple[_Core, Any]:
        if not isinstance(view, View):
            raise TypeError(f'not a View: {type(view).__name__}')
        core = self._open()
        if view._core is not core:
            raise ValueError('a view of another table')
        return core, c.byref(view._raw)

    def reset(self) -> None:
        """Make it empty.  Raises Busy if another thread is inside."""
        core = self._open()
        core.gate.enter(False)
        try:
            if not core.gate.stop():
                raise Busy('another thread is in this table')
            library().hpte_table_reset(core.pointer)
        finally:
            core.gate.leave()

    def translate(self, ea: int, descriptor: int, *, kind: int = k.READ,
                  msr: int = k.MSR_IR | k.MSR_DR | k.MSR_PR, vrma: int = 0,
                  amr: int = 0, iamr: int = 0) -> Translation:
        """Where an access goes; whether it may is in the rights.  Sets
        neither R nor C.  Raises NotFound, BadEncoding."""
        access = _access(ea, msr, descriptor, vrma, amr, iamr, kind)
        core, found = self._open(), abi.Translation()
        self._must(f'address 0x{ea:x}', 'hpte_xlate_access', c.byref(access),
                   c.byref(found), core=core, never_waits=True)
        raw = abi.View.from_buffer_copy(found.view)
        return Translation(self._view(core, raw), found.gpa, found.rights)

    def fetch(self, pc: int, descriptor: int, *,
              msr: int = k.MSR_IR | k.MSR_DR | k.MSR_PR, vrma: int = 0,
              iamr: int = 0) -> tuple[int, int]:
        """The instruction there, by Host.guest_read(), and if it is a prefix
        the word after it.  Raises NotFound: let the guest run, it will
        fault; BadEncoding."""
        access = _access(pc, msr, descriptor, vrma, 0, iamr, k.EXECUTE)
        words = (c.c_uint32 * 2)()
        self._must(f'instruction at 0x{pc:x}', 'hpte_xlate_fetch',
                   c.byref(access), words, never_waits=True)
        return words[0], words[1]

    def forget_devices(self) -> None:
        """The host's memory map has changed: classify() is asked again."""
        self._call('hpte_fault_forget', never_waits=True)

    def map_segment(self, descriptor: int, ea: int, gpa: int, size: int,
                    bits: int = k.DW1_M | k.DW1_R | 2) -> None:
        """Map `size` bytes of a segment, one bolted entry a page."""
        self._must(f'address 0x{ea:x}', 'hpte_xlate_map_segment',
                   u64(descriptor, 'descriptor'), u64(ea, 'ea'),
                   u64(gpa, 'gpa'), u64(size, 'size'), u64(bits, 'bits'))

    def dispatch(self, gpr: Gpr, msr: int = 0) -> Disposition:
        """Serve one sc 1: `gpr` are the 32 registers, changed with DONE.
        PENDING: a device is at work, then complete()."""
        image = _image(gpr)
        core = self._open()
        core.gate.enter(False)
        try:
            done = Disposition(library().hpte_hcall_dispatch(
                c.byref(core.vm), image, u64(msr, 'msr')))
        finally:
            core.gate.leave()
        if done is Disposition.DONE:
            _put(gpr, image)
        return done

    def complete(self, gpr: Gpr, value: int = 0,
                 result: MmioResult = MmioResult.DONE) -> None:
        """A device has finished what dispatch() said is PENDING; of a load
        `value` is what its register means.  `gpr` is as it was then."""
        image = _image(gpr)
        if image[3] not in _CI or image[4] not in (1, 2, 4, 8):
            raise ValueError('no access to a device')
        core = self._open()
        core.gate.enter(False)
        try:
            library().hpte_hcall_complete(c.byref(core.vm), image,
                                          MmioResult(result),
                                          u64(value, 'value'))
        finally:
            core.gate.leave()
        _put(gpr, image)

    def hcall(self, opcode: int, *arguments: int, msr: int = 0) -> Answer:
        """A hypercall with R4, R5, ...  AGAIN is tried again, a thousand
        times, then it raises Again."""
        if len(arguments) > _ARGUMENTS:
            raise ValueError(f'{len(arguments)} arguments, at most '
                             f'{_ARGUMENTS}')
        gpr = [0] * 32
        gpr[3] = u64(opcode, 'opcode')
        gpr[4:4 + len(arguments)] = arguments
        for _ in range(_PATIENCE):
            done = self.dispatch(gpr, msr)
            if done is not Disposition.AGAIN:
                ret = gpr[3] - (gpr[3] >> 63 << 64)
                return Answer(done, ret, tuple(gpr[4:13]))
            time.sleep(_PAUSE)
        raise Again(k.Status.ERR_AGAIN, f'hypercall 0x{opcode:x}')

    def fill(self) -> bytearray:
        """For each group how many of its 8 slots have a live entry."""
        return self._count(lambda view: True)

    def _count(self, wanted: Callable[[View], bool]) -> bytearray:
        counts = bytearray(self.entries // k.GROUP_ENTRIES)
        for view in self:
            group = view.index // k.GROUP_ENTRIES
            if wanted(view) and group < len(counts):	# resized meanwhile
                counts[group] += 1
        return counts

    def image(self) -> bytes:
        """The table as the guest sees it, in the architecture's format."""
        image = bytearray(1 << self.order)
        for view in self:
            at = view.index * k.ENTRY_BYTES
            if at < len(image):
                image[at:at + k.ENTRY_BYTES] = view.entry.to_bytes()
        return bytes(image)

    @classmethod
    def of_image(cls, image: bytes, **more: Any) -> 'Table':
        """A new table with the valid entries of an image, each in its slot;
        `more` as for Table().  Raises what insert() raises."""
        order = len(image).bit_length() - 1
        if len(image) != 1 << order:
            raise ValueError(f'{len(image)} bytes are no table')
        table = cls(order, **more)
        for at in range(0, len(image), k.ENTRY_BYTES):
            if image[at + 7] & k.DW0_V:
                table.insert(at // k.ENTRY_BYTES, Entry.from_bytes(
                    image[at:at + k.ENTRY_BYTES]), exact=True)
        return table


def _image(gpr: Gpr) -> Any:
    if not isinstance(gpr, (MutableSequence, memoryview)) or \
            isinstance(gpr, memoryview) and gpr.readonly:
        raise TypeError(f'not a list of registers: {type(gpr).__name__}')
    if len(gpr) != 32:
        raise ValueError(f'32 registers are wanted, not {len(gpr)}')
    return abi.Registers(*(u64(value, f'R{i}')
                           for i, value in enumerate(gpr)))


def _put(gpr: Gpr, image: Any) -> None:
    for i, value in enumerate(image):
        gpr[i] = value


def _access(ea: int, msr: int, descriptor: int, vrma: int, amr: int,
            iamr: int, kind: int) -> abi.Access:
    return abi.Access(
        u64(ea, 'ea'), u64(msr, 'msr'), u64(descriptor, 'descriptor'),
        u64(vrma, 'vrma'), u64(amr, 'amr'), u64(iamr, 'iamr'),
        one_of(kind, 'kind', (k.READ, k.WRITE, k.EXECUTE)))


def _entry(entry: Entry) -> abi.Hpte:
    if not isinstance(entry, Entry):
        raise TypeError(f'an Entry is wanted, not {type(entry).__name__}')
    return entry._to_c()


def _va(va: Va) -> abi.Va:
    if not isinstance(va, Va):
        raise TypeError(f'a Va is wanted, not {type(va).__name__}')
    return va._to_c()


def _page(page: Optional[HostPage], optional: bool = True) -> Any:
    if page is None and optional:
        return None
    if not isinstance(page, HostPage):
        raise TypeError(f'a HostPage is wanted, not {type(page).__name__}')
    return c.byref(page._to_c())


def _condition(avpn: Optional[int], andcond: Optional[int]) -> Any:
    if avpn is not None and andcond is not None:
        raise ValueError('avpn or andcond, not both')
    if avpn is not None:
        return c.byref(abi.Condition(k.IF_AVPN, u64(avpn, 'avpn')))
    if andcond is not None:
        return c.byref(abi.Condition(k.IF_ANDCOND, u64(andcond, 'andcond')))
    return None


__all__ = ['Answer', 'Caps', 'NotFound', 'Table', 'Translation', 'View']
