# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Replay a recording on a table and compare all that was recorded.

A second implementation of what "hptctl replay" does, without a walker: what
is masked is what the recorder (QEMU 7.2) does against LoPAR, and timing.
"""
import collections
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Optional

from . import constants as k
from .constants import Backing, Disposition, H, Hcall
from .entry import Va
from .errors import BadEncoding, HpteError, NotFound
from .host import Host
from .recording import (NO_PTEX, Alloc, Call, Checksum, Lookup, Record,
                        Update)
from .table import Caps, Table, View

_MARK = 0x40			# the recorder's own bit of doubleword 0
_BULK_RC = k.bits(4, 5)		# R and C in an answer of H_BULK_REMOVE
_POISON = 0xA5A5A5A500000000
_LOAD, _STORE, _FETCH = range(3)
_OK, _SEGMENT, _NO_PTE, _PROTECTED = 0, 2, 3, 4
_FNV_START, _FNV_PRIME = 0xCBF29CE484222325, 0x100000001B3
# actual page size of each page pair
_ACTUAL = (12, 16, 24, 16, 24, 24, 34)


class Machine(Host):
    """Flat RAM from address 0, all above is I/O."""

    def __init__(self, ram: int = 1 << 30, max_page: int = 24) -> None:
        self.ram, self.max_page = ram, max_page
        self.invalidations = 0

    def caps(self) -> Caps:
        pairs = sum(1 << i for i, size in enumerate(_ACTUAL)
                    if size <= self.max_page)
        return Caps(page_pairs=pairs)

    def classify(self, gpa: int, shift: int) -> tuple[Backing, int]:
        if gpa >= self.ram:
            return Backing.IO, self.max_page
        inside = 1 << shift <= self.ram - gpa
        return Backing.RAM if inside else Backing.PARTIAL, self.max_page

    def tlb_invalidate(self, rb: list[int], flags: int) -> None:
        self.invalidations += len(rb)

    def guest_write(self, gpa: int, data: bytes) -> bool:
        return True		# its pages have no contents


@dataclass
class Result:
    """What was replayed, and what was not as recorded."""
    hcalls: int = 0
    lookups: int = 0
    updates: int = 0
    checksums: int = 0
    mismatches: int = 0
    first: str = ''		# the first mismatch, in words
    resizes: int = 0
    kinds: 'collections.Counter[tuple[int, int]]' = field(
        default_factory=collections.Counter)	# (opcode, code): times


class Replay:
    """A replay under way; `table` is what it works on."""

    def __init__(self, machine: Optional[Machine] = None) -> None:
        self.machine = machine or Machine()
        self.table: Optional[Table] = None
        self.result = Result()
        self._number = 0
        self._pending: Optional[int] = None
        self._offered: set[int] = set()
        self._refused: set[int] = set()

    def run(self, records: Iterable[Record]) -> Result:
        """Replay them all."""
        for record in records:
            self.step(record)
        if self._pending is not None:
            raise ValueError('the recording stops inside a resize')
        return self.result

    def step(self, record: Record) -> None:
        """Replay one record."""
        self._number += 1
        if isinstance(record, Alloc):
            self._alloc(record)
            return
        table = self._on()
        if self._pending is not None and not isinstance(record, Call):
            raise ValueError('a resize without H_RESIZE_HPT_COMMIT')
        if isinstance(record, Call):
            self._call(table, record)
        elif isinstance(record, Lookup):
            self._lookup(table, record)
        elif isinstance(record, Update):
            self._update(table, record)
        else:
            self._checksum(table, record)

    def _on(self) -> Table:
        if self.table is None:
            raise ValueError('a record before the first table')
        return self.table

    def _mismatch(self, what: str) -> None:
        self.result.mismatches += 1
        if not self.result.first:
            self.result.first = f'record {self._number}: {what}'

    def _alloc(self, record: Alloc) -> None:
        if record.resize:
            self._on()
            self._pending = record.order
            return
        if self.table is not None:
            self.table.close()
        self.table = Table(record.order, host=self.machine,
                           caps=self.machine.caps())

    def _call(self, table: Table, call: Call) -> None:
        self.result.hcalls += 1
        self.result.kinds[call.opcode, call.ret] += 1
        if call.ret == H.FUNCTION:
            # the recorded hypervisor does not offer it; the library may
            self._refused.add(call.opcode)
            if call.opcode in self._offered or call.outs != call.args:
                self._mismatch(f'{call}: not offered')
        else:
            self._offered.add(call.opcode)
            if call.opcode in self._refused:
                self._mismatch(f'{call}: was not offered before')
            self._dispatch(table, call)
        self._check_order(table, call)

    def _dispatch(self, table: Table, call: Call) -> None:
        gpr = [_POISON + i for i in range(32)]
        gpr[3] = call.opcode
        gpr[4:13] = call.args
        done = table.dispatch(gpr)
        ret = gpr[3] - (gpr[3] >> 63 << 64)
        outs = tuple(gpr[4:13])
        others = [gpr[i] for i in (*range(3), *range(13, 32))]
        kept = [_POISON + i for i in (*range(3), *range(13, 32))]
        if done is not Disposition.DONE or others != kept or \
                not _same_code(call, ret) or outs != _masked(call):
            self._mismatch(f'{call}: {done.name} {ret} {outs}')

    def _check_order(self, table: Table, call: Call) -> None:
        if call.opcode != Hcall.RESIZE_HPT_COMMIT:
            if self._pending is not None:
                raise ValueError('a resize without H_RESIZE_HPT_COMMIT')
            return
        if call.ret == H.SUCCESS:
            self.result.resizes += 1
            if table.order != self._pending:
                self._mismatch(f'order {table.order}, not {self._pending}')
        self._pending = None

    def _lookup(self, table: Table, asked: Lookup) -> None:
        self.result.lookups += 1
        found = _search(table, asked)
        if (asked.index, asked.dw0 & ~_MARK, asked.dw1, asked.real) != \
                (found.index, found.dw0, found.dw1, found.real) or \
                (asked.info ^ found.info) & ~_open_bits(found) or \
                (asked.fault != found.fault and
                 (asked.fault or asked.info & 8)):
            self._mismatch(f'{asked}: {found}')

    def _update(self, table: Table, update: Update) -> None:
        self.result.updates += 1
        bit = k.DW1_C if update.change else k.DW1_R
        try:
            view = table.read(update.index)
            table.set_rc(view, bit)
            dw1 = table.read(update.index).entry.dw1
        except HpteError as error:
            self._mismatch(f'{update}: {error}')
            return
        byte = dw1 if update.change else dw1 >> 8
        if dw1 != view.entry.dw1 | bit or byte & 0xFF != update.byte:
            self._mismatch(f'{update}: {dw1:016x}')

    def _checksum(self, table: Table, recorded: Checksum) -> None:
        self.result.checksums += 1
        found = checksum(table, self.result.hcalls)
        if recorded != found:
            self._mismatch(f'{recorded}: {found}')


def _same_code(call: Call, ret: int) -> bool:
    timing = {H.SUCCESS, *range(9900, 9906)}
    if call.opcode == Hcall.RESIZE_HPT_PREPARE and ret in timing:
        return call.ret in timing	# how long the host takes
    return call.ret == ret


def _masked(call: Call) -> tuple[int, ...]:
    """The recorded registers without what the recorder does on its own."""
    outs = list(call.outs)
    if call.opcode == Hcall.BULK_REMOVE:
        for i in range(0, 8, 2):
            moved = outs[i] & _BULK_RC >> 8
            if outs[i] != call.args[i] and outs[i] >> 60 == 8:
                outs[i] = outs[i] & ~moved ^ moved << 8
    elif call.ret == H.SUCCESS and call.opcode == Hcall.REMOVE:
        outs[0] &= ~_MARK
    elif call.ret == H.SUCCESS and call.opcode == Hcall.READ:
        four = call.args[0] & k.HFLAG_READ_4
        for i in range(0, 8 if four else 2, 2):
            outs[i] &= ~_MARK
    return tuple(outs)


def _search(table: Table, asked: Lookup) -> Lookup:
    """Search as the recorder did."""
    access, info, store = asked.info & 3, asked.info & 15, 0
    if access == _STORE:
        store = 0x02000000
    va: Optional[Va] = None
    try:
        va = Va.of(asked.descriptor, asked.ea)
        info |= va.base << 8
    except BadEncoding:
        pass
    # a segment's N is looked at before the table is
    if access == _FETCH and asked.descriptor & k.SLB_N:
        return _found(asked, None, info | _SEGMENT << 24, 0x10000000)
    try:
        if va is not None:
            return _judge(asked, table.find(va), info)
    except NotFound:
        pass
    return _found(asked, None, info | _NO_PTE << 24, 0x40000000 | store)


def _found(asked: Lookup, view: Optional[View], info: int, fault: int,
           real: int = 0) -> Lookup:
    index, dw0, dw1 = NO_PTEX, 0, 0
    if view is not None:
        index, dw0, dw1 = view.index, view.entry.dw0, view.entry.dw1
    return Lookup(asked.cpu, asked.ea, asked.descriptor, index, dw0, dw1,
                  real, asked.amr, asked.iamr, info, fault)


def _judge(asked: Lookup, view: View, info: int) -> Lookup:
    """What follows from the entry found."""
    access, entry, actual = asked.info & 3, view.entry, view.page.actual
    need = (k.READ, k.WRITE, k.EXECUTE)[access]
    page = entry.rights(asked.descriptor, bool(asked.info & 4))
    key = entry.key_rights(asked.amr, asked.iamr)
    rights = page & key
    outcome, fault, real = _OK, 0, 0
    if need & ~rights:
        outcome = _PROTECTED
        fault = _fault(access, need, entry.dw1, page, key)
    else:
        real = entry.real | asked.ea & (1 << actual) - 1
    # the recorder's MMU takes the next store as its cue to set C
    if not entry.changed and need != k.WRITE:
        rights &= ~k.WRITE
    info |= rights << 4 | actual << 16 | outcome << 24
    return _found(asked, view, info, fault, real)


def _fault(access: int, need: int, dw1: int, page: int, key: int) -> int:
    """DSISR or SRR1 bits of a refused access."""
    fault = 0x00200000 if need & ~key else 0
    if access == _FETCH and dw1 & (k.DW1_N | k.DW1_G):
        return fault | 0x10000000
    if access == _STORE:
        fault |= 0x02000000
    return fault | (0x08000000 if need & ~page else 0)


def _open_bits(found: Lookup) -> int:
    """Bits of info that the format leaves open."""
    bits = 0
    if found.info >> 24 == _PROTECTED and found.info & 3 != _STORE and \
            not found.dw1 & k.DW1_C:
        bits |= k.WRITE << 4
    if found.descriptor & k.SLB_N:
        bits |= k.EXECUTE << 4
    return bits


def checksum(table: Table, hcalls: int = 0) -> Checksum:
    """The recorder's checksums of a table."""
    def step(value: int, word: int) -> int:
        return (value ^ word) * _FNV_PRIME & k.U64_MAX

    def zeros(value: int, count: int) -> int:
        return value * pow(_FNV_PRIME, count, 1 << 64) & k.U64_MAX

    raw = valid = _FNV_START
    n_valid = n_bolted = at = 0
    for view in table:
        raw = zeros(raw, 2 * (view.index - at))
        at = view.index + 1
        raw = step(step(raw, view.entry.dw0), view.entry.dw1)
        valid = step(step(step(valid, view.index), view.entry.dw0),
                     view.entry.dw1)
        n_valid += 1
        n_bolted += view.entry.bolted
    return Checksum(table.order, hcalls, zeros(raw, 2 * (table.entries - at)),
                    valid, n_valid, n_bolted)
