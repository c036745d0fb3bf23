# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Entries and virtual addresses: the two doublewords and what they mean."""
import ctypes as c
import struct
from dataclasses import dataclass
from typing import Optional

from . import _abi as abi
from . import constants as k
from ._check import index as check_index
from ._check import number, one_of, order as check_order, u64
from ._library import library
from .errors import BadEncoding, HpteError, from_status

_SEGMENT_BITS = 78		# of a virtual address: VSID and offset


@dataclass(frozen=True)
class PageSizes:
    """Page sizes of an entry, log2 of bytes: `base` is what the hash uses,
    `actual` the page; larger for pages mixed in one segment."""
    base: int
    actual: int


@dataclass(frozen=True)
class Va:
    """A virtual address: segment number, byte in the segment, log2 bytes of
    the segment (28 or 40) and of its base pages (12, 16, 24 or 34)."""
    vsid: int
    offset: int
    segment: int
    base: int

    def __post_init__(self) -> None:
        one_of(self.segment, 'segment', (28, 40))
        one_of(self.base, 'base', (12, 16, 24, 34))
        if self.base > self.segment:
            raise ValueError('the page is larger than the segment')
        number(self.vsid, 'vsid', 0, (1 << _SEGMENT_BITS - self.segment) - 1)
        number(self.offset, 'offset', 0, (1 << self.segment) - 1)

    def __str__(self) -> str:
        return (f'vsid 0x{self.vsid:x} offset 0x{self.offset:x} '
                f'(segment 2^{self.segment}, pages 2^{self.base})')

    @classmethod
    def of(cls, descriptor: int, ea: int) -> 'Va':
        """The virtual address of an effective one, by the segment descriptor
        (slbmte's RS) that translates it."""
        va = abi.Va()
        status = library().hpte_hash_va(u64(descriptor, 'descriptor'),
                                        u64(ea, 'ea'), c.byref(va))
        if status:
            raise from_status(status, f'descriptor 0x{descriptor:x}')
        return cls._from_c(va)

    @classmethod
    def _from_c(cls, va: abi.Va) -> 'Va':
        return cls(va.vsid, va.offset, va.segment, va.base)

    def _to_c(self) -> abi.Va:
        return abi.Va(self.vsid, self.offset, self.segment, self.base)

    def group(self, order: int, secondary: bool = False) -> int:
        """The group (PTEG) it hashes to in a table of 2^order bytes."""
        hashed = library().hpte_hash_primary(c.byref(self._to_c()))
        return int(library().hpte_hash_group(hashed, bool(secondary),
                                             check_order(order)))

    def dw0(self) -> int:
        """B and AVPN of doubleword 0 of the entry that maps it."""
        return int(library().hpte_hash_dw0(c.byref(self._to_c())))


@dataclass(frozen=True)
class Entry:
    """One entry, in the 2.07 format, as numbers."""
    dw0: int
    dw1: int

    def __post_init__(self) -> None:
        u64(self.dw0, 'dw0')
        u64(self.dw1, 'dw1')

    @classmethod
    def map(cls, va: Va, gpa: int, bits: int = k.DW1_M | k.DW1_R | 2, *,
            actual: Optional[int] = None, dw0: int = 0) -> 'Entry':
        """The entry that maps the page at `va` to `gpa`: `bits` are rights,
        key, WIMG, N, R, C of doubleword 1, `dw0` more of doubleword 0."""
        large, lp = c.c_uint64(), c.c_uint64()
        size = va.base if actual is None else number(actual, 'actual', 12, 34)
        status = library().hpte_entry_page_bits(va.base, size, c.byref(large),
                                                c.byref(lp))
        if status:
            raise from_status(status, f'pages 2^{va.base}/2^{size}')
        if u64(gpa, 'gpa') % (1 << size) or gpa >> 60:
            raise ValueError(f'0x{gpa:x} is not the address of a page')
        return cls(va.dw0() | large.value | u64(dw0, 'dw0') | k.DW0_V,
                   gpa | lp.value | u64(bits, 'bits'))

    @classmethod
    def from_bytes(cls, data: bytes) -> 'Entry':
        """From the table's 16 bytes, which are big-endian."""
        if len(data) != k.ENTRY_BYTES:
            raise ValueError(f'an entry has 16 bytes, not {len(data)}')
        return cls(*struct.unpack('>QQ', data))

    def to_bytes(self) -> bytes:
        return struct.pack('>QQ', self.dw0, self.dw1)

    def _to_c(self) -> abi.Hpte:
        return abi.Hpte(self.dw0, self.dw1)

    def _page(self) -> abi.Page:
        page = abi.Page()
        status = library().hpte_entry_page(self.dw0, self.dw1, c.byref(page))
        if status:
            raise from_status(status, 'page size')
        return page

    @property
    def page(self) -> PageSizes:
        """Raises BadEncoding where L and LP mean no page size."""
        page = self._page()
        return PageSizes(page.base, page.actual)

    @property
    def real(self) -> int:
        """Guest real address of the page."""
        return int(library().hpte_entry_real(self.dw1, self._page().actual))

    @property
    def aligned(self) -> bool:
        return bool(library().hpte_entry_aligned(self.dw1,
                                                 c.byref(self._page())))

    @property
    def key(self) -> int:
        """Storage key, 0..31."""
        return int(library().hpte_entry_key(self.dw1))

    @property
    def valid(self) -> bool:
        return bool(self.dw0 & k.DW0_V)

    @property
    def bolted(self) -> bool:
        return bool(self.dw0 & k.DW0_BOLTED)

    @property
    def secondary(self) -> bool:
        return bool(self.dw0 & k.DW0_H)

    @property
    def referenced(self) -> bool:
        return bool(self.dw1 & k.DW1_R)

    @property
    def changed(self) -> bool:
        return bool(self.dw1 & k.DW1_C)

    @property
    def no_execute(self) -> bool:
        return bool(self.dw1 & k.DW1_N)

    @property
    def wimg(self) -> int:
        return (self.dw1 & k.DW1_WIMG) >> 3

    @property
    def pp(self) -> int:
        """The three bits of the protection field."""
        return self.dw1 >> 61 & 4 | self.dw1 & 3

    def rights(self, descriptor: int, problem: bool = True) -> int:
        """READ, WRITE, EXECUTE that PP, Ks or Kp, N and G allow."""
        return int(library().hpte_entry_rights(
            self.dw1, u64(descriptor, 'descriptor'), bool(problem)))

    def key_rights(self, amr: int = 0, iamr: int = 0) -> int:
        """READ, WRITE, EXECUTE that AMR and IAMR allow for its key."""
        return int(library().hpte_entry_key_rights(self.key, u64(amr, 'amr'),
                                                   u64(iamr, 'iamr')))

    def to_300(self) -> 'Entry':
        """The same in the format of ISA 3.0."""
        return self._converted(library().hpte_entry_to_300)

    def from_300(self) -> 'Entry':
        """This, which is in the format of ISA 3.0, in that of 2.07."""
        return self._converted(library().hpte_entry_from_300)

    def _converted(self, function: 'c._FuncPointer') -> 'Entry':
        hpte = self._to_c()
        status = function(c.byref(hpte), c.byref(hpte))
        if status:
            raise from_status(status, 'the other format')
        return Entry(hpte.dw0, hpte.dw1)

    def va(self, index: int) -> Va:
        """The virtual address it maps when it stands at `index`."""
        page, va = self._page(), abi.Va()
        library().hpte_hash_rebuild(c.byref(self._to_c()), c.byref(page),
                                    check_index(index), c.byref(va))
        return Va._from_c(va)

    def reachable(self, index: int, order: int) -> bool:
        """Does it stand where a search finds it?"""
        return bool(library().hpte_hash_reachable(
            c.byref(self._to_c()), c.byref(self._page()), check_index(index),
            check_order(order)))

    def tlbie_rb(self, index: int) -> int:
        """RB of the tlbie that invalidates it."""
        return int(library().hpte_hash_tlbie_rb(
            c.byref(self._to_c()), c.byref(self._page()), check_index(index)))

    def describe(self, index: Optional[int] = None) -> str:
        """In words; with the index, the virtual address too."""
        words = [f'{self.dw0:016x} {self.dw1:016x}']
        try:
            page = self.page
        except BadEncoding:
            return ' '.join([*words, 'reserved page size'])
        if index is not None:
            va = self.va(index)
            words.append(f'vsid 0x{va.vsid:x} offset 0x{va.offset:x}')
        words.append(f'real 0x{self.real:x}')
        words.append(f'2^{page.base}' if page.base == page.actual else
                     f'2^{page.base}/2^{page.actual}')
        words += [f'pp {self.pp}', f'key {self.key}', f'wimg {self.wimg:04b}']
        words += [name for name, have in (
            ('valid', self.valid), ('bolted', self.bolted),
            ('secondary', self.secondary), ('no-execute', self.no_execute),
            ('R', self.referenced), ('C', self.changed)) if have]
        return ' '.join(words)


__all__ = ['Entry', 'HpteError', 'PageSizes', 'Va']
