# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""What a table calls back for: override what you need."""
import ctypes as c
import weakref
from dataclasses import dataclass
from typing import Any, Callable, Optional, Union

from . import _abi as abi
from ._check import number, u64
from ._gate import Gate
from ._library import library
from ._memory import Storage, zeros
from .constants import TABLE_WALKER, Backing, HostAnswer

SIDE_ALIGN = 16
LARGEST = 34			# log2 bytes of the largest page there is


@dataclass(frozen=True)
class HostPage:
    """The host's storage behind a guest page: `real` its address, aligned;
    `shift` log2 of its bytes; `sequence` what inval_begin() answered before
    the page was looked up."""
    real: int
    shift: int
    writable: bool = True
    sequence: int = 0

    def __post_init__(self) -> None:
        u64(self.real, 'real')
        number(self.shift, 'shift', 12, 63)
        u64(self.sequence, 'sequence')

    def _to_c(self) -> abi.HostPage:
        return abi.HostPage(self.real, self.sequence, self.shift,
                            bool(self.writable))


class Host:
    """The host of a guest.  A method that is not overridden is not called:
    beside each is what the library does then.

    Methods run inside an operation on the table, on the thread that began it;
    of the table they may use insert, remove, read, find and promote.  What
    they raise comes out of that operation, after it was completed with the
    answer that changes least.
    """

    def classify(self, gpa: int, shift: int) -> tuple[Backing, int]:
        """What lies in the 2^shift bytes at `gpa`, and log2 bytes of the
        largest page there.  Else: everything is RAM."""
        return Backing.RAM, LARGEST

    def map_page(self, gpa: int, shift: int,
                 want_write: bool) -> Union[HostPage, HostAnswer]:
        """The host's page, or LATER, or NEVER.  Else: LATER."""
        return HostAnswer.LATER

    def inval_begin(self) -> int:
        """Sequence number of invalidations.  Else: 0."""
        return 0

    def inval_retry(self, sequence: int) -> bool:
        """Is there an invalidation, or was one, since?  Else: never."""
        return False

    def tlb_invalidate(self, rb: list[int], flags: int) -> None:
        """Forget these translations, tlbie operands.  Else: there are none.
        A table with a walker needs it."""

    def tlb_invalidate_all(self) -> None:
        """Forget all translations."""

    def mark_dirty(self, gpa: int, size: int) -> None:
        """The guest has stored there."""

    def mark_young(self, gpa: int, size: int) -> None:
        """The guest has used it."""

    def guest_read(self, gpa: int, size: int) -> Optional[bytes]:
        """Bytes of guest real storage, None: not now.  Else: not now."""
        return None

    def guest_write(self, gpa: int, data: bytes) -> bool:
        """Store to guest real storage; False: not now.  Else: requests to
        fill a page answer H_FUNCTION."""
        return False

    def icache_sync(self, gpa: int, size: int) -> None:
        """Make instruction fetch see what was stored."""

    def resize(self, order: int) -> HostAnswer:
        """May the guest have a table of 2^order bytes?  Else: yes."""
        return HostAnswer.DONE

    def vcpus_stop(self) -> bool:
        """Take the guest's other CPUs out of the guest, for a change of
        tables; False: not now.  Threads inside the library are taken care
        of.  Else: nothing to do."""
        return True

    def vcpus_start(self) -> None:
        """Undo it."""

    def vrma_page_size(self, code: int) -> HostAnswer:
        """Switch the real mode area to pages of L || LP = code.
        Else: NEVER."""
        return HostAnswer.NEVER

    def trace(self, event: int, args: tuple[int, int, int, int]) -> None:
        """This has happened: an Event, and what trace.h says beside it;
        constants.event_name(event) names it.  What a trace does to the table
        makes events too.  Else: nobody is told."""


def base_align(order: int, flags: int) -> int:
    """What the memory of a table must be aligned to."""
    return 1 << order if flags & TABLE_WALKER else 128


def side_bytes(order: int, flags: int) -> int:
    """Bytes of its side array.  It always has one: reads in one load would
    need a CPU that cannot be asked for from here."""
    return int(library().hpte_table_side_bytes(order, flags, 0))


class Callbacks:
    """struct hpte_host_ops for a host: one C function for each method."""

    def __init__(self, host: Host, gate: Gate,
                 storages: dict[int, Storage], flags: int) -> None:
        self.host, self.gate, self.storages = host, gate, storages
        self.flags = flags	# TABLE_*
        self.ops = abi.HostOps(ops_size=c.sizeof(abi.HostOps))
        self.functions = []	# C has their addresses only
        for name, kind, default in _CALLBACKS:
            if name in _ALWAYS or getattr(type(host), name) is not \
                    getattr(Host, name):
                self.functions.append(kind(self._guarded(name, default)))
                setattr(self.ops, name, self.functions[-1])

    def _guarded(self, name: str, default: Any) -> Callable[..., Any]:
        """No exception may go into C."""
        # weak: a cycle would keep the memory of a closed table; whoever is
        # in a call holds what it needs
        me = weakref.ref(self)

        def callback(_ctx: Any, *arguments: Any) -> Any:
            callbacks = me()
            assert callbacks is not None
            try:
                return getattr(callbacks, '_' + name)(*arguments)
            except BaseException as failure:
                failure.add_note(f'in {name}(), which a table has called')
                callbacks.gate.fail(failure)
                return default
        return callback

    def _classify(self, gpa: int, shift: int, largest: Any) -> int:
        largest[0] = LARGEST
        kind, size = self.host.classify(gpa, shift)
        largest[0] = number(size, 'largest page', 0, 63)
        return Backing(kind)

    def _map_page(self, gpa: int, shift: int, want_write: bool,
                  page: Any) -> int:
        found = self.host.map_page(gpa, shift, want_write)
        if isinstance(found, HostPage):
            page[0] = found._to_c()
            return HostAnswer.DONE
        return _no_page(found)

    def _inval_begin(self) -> int:
        return u64(self.host.inval_begin(), 'sequence')

    def _inval_retry(self, sequence: int) -> bool:
        return bool(self.host.inval_retry(sequence))

    def _tlb_invalidate(self, rb: Any, count: int, flags: int) -> None:
        self.host.tlb_invalidate(rb[:count], flags)

    def _tlb_invalidate_all(self) -> None:
        self.host.tlb_invalidate_all()

    def _mark_dirty(self, gpa: int, size: int) -> None:
        self.host.mark_dirty(gpa, size)

    def _mark_young(self, gpa: int, size: int) -> None:
        self.host.mark_young(gpa, size)

    def _guest_read(self, gpa: int, to: int, size: int) -> bool:
        data = self.host.guest_read(gpa, size)
        if data is None:
            return False
        data = bytes(data)
        if len(data) != size:
            raise ValueError(f'{len(data)} bytes, {size} were asked for')
        c.memmove(to, data, size)
        return True

    def _guest_write(self, gpa: int, data: Optional[int], size: int) -> bool:
        return bool(self.host.guest_write(
            gpa, bytes(size) if data is None else c.string_at(data, size)))

    def _icache_sync(self, gpa: int, size: int) -> None:
        self.host.icache_sync(gpa, size)

    def _hpt_alloc(self, order: int, memory: Any) -> int:
        answer = HostAnswer(self.host.resize(order))
        if answer is not HostAnswer.DONE:
            return answer
        try:
            base = zeros(1 << order, base_align(order, self.flags))
            side = zeros(side_bytes(order, self.flags), SIDE_ALIGN)
        except MemoryError:
            return HostAnswer.NEVER
        self.storages[base.address] = base
        self.storages[side.address] = side
        memory[0].base, memory[0].side = base.address, side.address
        return HostAnswer.DONE

    def _hpt_free(self, _order: int, memory: Any) -> None:
        for address in (memory[0].base, memory[0].side):
            self.storages.pop(address, None)

    def _vcpus_stop(self) -> bool:
        if not self.gate.stop():
            return False
        stopped = False
        try:
            stopped = bool(self.host.vcpus_stop())
        finally:
            if not stopped:
                self.gate.start()
        return stopped

    def _vcpus_start(self) -> None:
        try:
            self.host.vcpus_start()
        finally:
            self.gate.start()

    def _vrma_page_size(self, code: int) -> int:
        return HostAnswer(self.host.vrma_page_size(code))

    def _trace(self, event: Any) -> None:
        first, second, third, fourth = event[0].args
        self.host.trace(event[0].id, (first, second, third, fourth))


def _no_page(answer: Union[HostPage, HostAnswer]) -> int:
    if answer == HostAnswer.DONE:
        raise ValueError('map_page() must answer a HostPage, LATER or NEVER')
    return HostAnswer(answer)	# type: ignore[arg-type]


# What the library can do without, and what it needs from the binding.
_ALWAYS = {'hpt_alloc', 'hpt_free', 'vcpus_stop', 'vcpus_start'}
# name, C type, answer after an exception: what changes least
_CALLBACKS: list[tuple[str, Any, Any]] = [
    ('classify', abi.CLASSIFY, Backing.HOLE),
    ('map_page', abi.MAP_PAGE, HostAnswer.LATER),
    ('inval_begin', abi.INVAL_BEGIN, 0),
    ('inval_retry', abi.INVAL_RETRY, True),
    ('tlb_invalidate', abi.TLB_INVALIDATE, None),
    ('tlb_invalidate_all', abi.TLB_INVALIDATE_ALL, None),
    ('mark_dirty', abi.MARK, None),
    ('mark_young', abi.MARK, None),
    ('guest_read', abi.GUEST_READ, False),
    ('guest_write', abi.GUEST_WRITE, False),
    ('icache_sync', abi.MARK, None),
    ('hpt_alloc', abi.HPT_ALLOC, HostAnswer.NEVER),
    ('hpt_free', abi.HPT_FREE, None),
    ('vcpus_stop', abi.VCPUS_STOP, False),
    ('vcpus_start', abi.VCPUS_START, None),
    ('vrma_page_size', abi.VRMA_PAGE_SIZE, HostAnswer.NEVER),
    ('trace', abi.TRACE, None),
]
