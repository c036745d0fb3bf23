# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""A guest's CPU: its storage interrupts, and its accesses to devices."""
import contextlib
import ctypes as c
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Optional

from . import _abi as abi
from . import constants as k
from ._check import number, u64
from ._library import library
from .constants import FaultAction, MmioAction, MmioReason, MmioResult
from .errors import Busy
from .table import Table, _access

_BYTES = 8 * k.REG_COUNT


@dataclass(frozen=True)
class Outcome:
    """What to do about a storage interrupt: fault.h says of each action what
    it is and which of these it fills in."""
    action: FaultAction
    bits: int			# DSISR, or flags of SRR1
    dar: int
    gpa: int			# of the access, with HOST_PAGE and MMIO
    is_store: bool
    fetch_now: bool		# the instruction may be fetched now
    shift: int			# log2 bytes of the page at gpa
    _raw: abi.Outcome = field(repr=False, compare=False)
    _vcpu: 'Vcpu' = field(repr=False, compare=False)


class _OneAtATime:
    """State of C that one thread at a time may use, and its table."""

    def __init__(self, table: Table) -> None:
        if not isinstance(table, Table):
            raise TypeError(f'not a Table: {type(table).__name__}')
        self._table = table
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """C has addresses of the table's, which is open: or else Closed."""
        core = self._table._open()
        core.gate.enter(False)
        try:
            if not self._lock.acquire(blocking=False):
                raise Busy('another thread is at work on this CPU')
            try:
                yield
            finally:
                self._lock.release()
        finally:
            core.gate.leave()


class Vcpu(_OneAtATime):
    """A virtual CPU of the guest with this table, for its faults."""

    def __init__(self, table: Table) -> None:
        super().__init__(table)
        self._raw = abi.Vcpu()
        library().hpte_fault_init(c.byref(self._raw), table._open().pointer)

    def resolve(self, ea: int, status: int = k.FAULT_NO_ENTRY, *,
                descriptor: Optional[int] = None, fetch: bool = False,
                base_4k: bool = False,
                msr: int = k.MSR_IR | k.MSR_DR | k.MSR_PR, vrma: int = 0,
                amr: int = 0, iamr: int = 0) -> Outcome:
        """Decide what an HDSI is about, or an HISI if `fetch`: `ea` is HDAR
        or HSRR0, `status` HDSISR or HSRR1 & 0x582E0000, `descriptor` the
        segment's, None if the guest's SLB has none."""
        flags = (k.FAULT_FETCH if fetch else 0) | \
            (k.FAULT_BASE_4K if base_4k else 0) | \
            (k.FAULT_NO_SEGMENT if descriptor is None else 0)
        fault = abi.Fault(
            _access(ea, msr, descriptor or 0, vrma, amr, iamr, k.READ),
            number(status, 'status', 0, (1 << 32) - 1), flags)
        raw = abi.Outcome()
        with self._alone():
            library().hpte_fault_resolve(c.byref(self._raw), c.byref(fault),
                                         c.byref(raw))
        return self._outcome(raw)

    def complete(self, outcome: Outcome) -> Outcome:
        """Of a HOST_PAGE: map the page that Host.map_page() answers.  Any
        other outcome stays as it is."""
        if not isinstance(outcome, Outcome):
            raise TypeError(f'not an Outcome: {type(outcome).__name__}')
        if outcome._vcpu is not self:
            raise ValueError('an outcome of another CPU')
        raw = abi.Outcome.from_buffer_copy(outcome._raw)
        with self._alone():
            library().hpte_fault_complete(c.byref(self._raw), c.byref(raw))
        return self._outcome(raw)

    def _outcome(self, raw: abi.Outcome) -> Outcome:
        return Outcome(FaultAction(raw.action), raw.bits, raw.dar, raw.gpa,
                       raw.is_store, raw.fetch_now, raw.shift, raw, self)


def _register(which: int) -> property:
    def get(registers: 'Registers') -> int:
        return int(registers._words[which])

    def put(registers: 'Registers', value: int) -> None:
        registers._words[which] = u64(value, 'register')
    return property(get, put)


class Registers:
    """The registers that emulation may need; numbers of 64 bits."""

    def __init__(self) -> None:
        self._image = (c.c_uint64 * k.REG_COUNT)()
        # refuses what is no number of 64 bits
        self._words = memoryview(self._image).cast('B').cast('Q')

    @property
    def gpr(self) -> memoryview:
        """R0 to R31; what Table.dispatch() takes."""
        return self._words[k.REG_GPR:k.REG_GPR + 32]

    @property
    def vsr(self) -> memoryview:
        """Doublewords 0 and 1 of VSR n at 2 n and 2 n + 1; FPR n is VSR n."""
        return self._words[k.REG_VSR:k.REG_COUNT]

    pc = _register(k.REG_PC)
    msr = _register(k.REG_MSR)
    xer = _register(k.REG_XER)


@dataclass(frozen=True)
class Interrupt:
    """An interrupt to deliver to the guest."""
    vector: int
    dsisr: int
    dar: int
    srr1: int


@dataclass(frozen=True)
class Emulation:
    """What became of an instruction: EMULATED: registers and PC are updated;
    REFLECT: deliver `interrupt`; HOST: decide, for this `reason`; with all but
    EMULATED the registers are as before."""
    action: MmioAction
    interrupt: Optional[Interrupt] = None
    reason: Optional[MmioReason] = None


class MmioCpu(_OneAtATime):
    """Emulation of one guest CPU's accesses to the devices of `table.bus`."""

    def __init__(self, table: Table) -> None:
        super().__init__(table)
        self._raw = abi.MmioCpu()
        self._image = (c.c_uint64 * k.REG_COUNT)()
        library().hpte_mmio_cpu_init(
            c.byref(self._raw), table._open().devices.pointer, None,
            self._image)

    def emulate(self, registers: Registers, outcome: Outcome,
                words: tuple[int, int]) -> Emulation:
        """Do what the instruction would have done: `outcome` is MMIO, `words`
        are from Table.fetch()."""
        if not isinstance(outcome, Outcome):
            raise TypeError(f'not an Outcome: {type(outcome).__name__}')
        if outcome._vcpu._table is not self._table:
            raise ValueError('an outcome of another table')
        if len(words) != 2:
            raise ValueError(f'two words are wanted, not {len(words)}')
        pair = (c.c_uint32 * 2)(*(number(word, 'word', 0, (1 << 32) - 1)
                                  for word in words))
        return self._go(registers, 'hpte_mmio_emulate',
                        c.byref(outcome._raw), pair)

    def complete(self, registers: Registers, value: int = 0,
                 result: MmioResult = MmioResult.DONE) -> Emulation:
        """A device has finished the access that was PENDING; of a load
        `value` is what its register means."""
        return self._go(registers, 'hpte_mmio_complete', MmioResult(result),
                        u64(value, 'value'))

    def _go(self, registers: Registers, name: str,
            *arguments: Any) -> Emulation:
        if not isinstance(registers, Registers):
            raise TypeError(f'not Registers: {type(registers).__name__}')
        # C has an image of its own, that nobody else writes to meanwhile
        with self._alone():
            c.memmove(self._image, registers._image, _BYTES)
            action = MmioAction(getattr(library(), name)(
                c.byref(self._raw), *arguments))
            raw, reason = self._raw.interrupt, self._raw.reason
            interrupt = Interrupt(raw.vector, raw.dsisr, raw.dar, raw.srr1)
            if action is MmioAction.EMULATED:
                c.memmove(registers._image, self._image, _BYTES)
        if action is MmioAction.REFLECT:
            return Emulation(action, interrupt=interrupt)
        return Emulation(action, reason=MmioReason(reason)
                         if action is MmioAction.HOST else None)

    def abort(self) -> None:
        """Drop the access that waits: all is as before the instruction."""
        with self._alone():
            library().hpte_mmio_abort(c.byref(self._raw))


__all__ = ['Emulation', 'Interrupt', 'MmioCpu', 'Outcome', 'Registers',
           'Vcpu']
