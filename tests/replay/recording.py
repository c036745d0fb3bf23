# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Recordings: their format, and a small model of the machine that makes them.

The format is described in tools/hptctl/trace.h.  The model is a dictionary
of entries and as slow and obvious as can be; it answers as the recorder's
hypervisor does, with its marks and its misplaced bits, so that what hptctl
masks is tested too.
"""
import lzma
import struct

MAGIC = b'HPTTRC01'
ALLOC, RC, LOOKUP, CKSUM, END = range(0x80000001, 0x80000006)
NAMES = {ALLOC: 'ALLOC', RC: 'RC', LOOKUP: 'LOOKUP', CKSUM: 'CKSUM',
         END: 'END'}
SIZES = {ALLOC: 16, RC: 16, LOOKUP: 80, CKSUM: 48, END: 8}
HCALL_SIZE = 160
REMOVE, ENTER, READ, CLEAR_REF, PROTECT = 0x04, 0x08, 0x0C, 0x14, 0x18
BULK_REMOVE, BLOCK_REMOVE, PREPARE, COMMIT = 0x124, 0x328, 0x36C, 0x370
PROCESS_TABLE = 0x37C
SUCCESS, PARTIAL, FUNCTION, PTEG_FULL, NOT_FOUND = 0, 5, -2, -6, -7
EXACT, READ_4, AVPN, ANDCOND = 1 << 39, 1 << 37, 1 << 31, 1 << 30
MARK = 0x40			# the recorder's own bit of doubleword 0
NONE = 2**64 - 1
LOAD, STORE, FETCH = range(3)
V, H, L, BOLTED = 1, 2, 4, 0x10
R, C = 0x100, 0x80

# (base, actual): L, LP in its place
PAGES = {(12, 12): (0, 0), (16, 16): (L, 0x1000), (12, 16): (L, 0x7000),
         (24, 24): (L, 0), (16, 24): (L, 0x8000), (12, 24): (L, 0x38000)}
SEGMENT_PAGES = {12: 0, 16: 0x110, 24: 0x100}
KS, KP, NO_EXECUTE = 0x800, 0x400, 0x200


def unpack(path):
    """The bytes of a file, unpacked if it is an xz file."""
    with open(path, 'rb') as file:
        data = file.read()
    return lzma.decompress(data) if path.endswith('.xz') else data


def split(data):
    """(offset, tag, size) of every record."""
    offset = len(MAGIC)
    while offset < len(data):
        tag, = struct.unpack_from('<I', data, offset)
        size = SIZES.get(tag, HCALL_SIZE)
        yield offset, tag, size
        offset += size


class Space:
    """A segment: descriptor, and addresses in it."""

    def __init__(self, vsid, bits, base, flags=KP):
        self.vsid, self.bits, self.base = vsid, bits, base
        self.one_tb = bits == 40
        self.descriptor = (self.one_tb << 62 |
                           vsid << (24 if self.one_tb else 12) | flags |
                           SEGMENT_PAGES[base])

    def dw0(self, ea):
        avpn = (self.vsid << self.bits | ea & (1 << self.bits) - 1) >> 23
        inside = max(self.base - 23, 0)
        return self.one_tb << 62 | avpn >> inside << inside << 7

    def group(self, ea, secondary, order):
        value = self.vsid ^ (ea & (1 << self.bits) - 1) >> self.base
        if self.one_tb:
            value ^= self.vsid << 25
        if secondary:
            value = ~value
        return value & (1 << order - 7) - 1


def permitted(dw1, descriptor, problem):
    """(read, write) by PP and the storage key bits of the segment."""
    key = bool(descriptor & (KP if problem else KS))
    pp = dw1 >> 61 & 4 | dw1 & 3
    return {(0, 0): (1, 1), (1, 0): (1, 1), (2, 0): (1, 1), (3, 0): (1, 0),
            (6, 0): (1, 0), (1, 1): (1, 0), (2, 1): (1, 1),
            (3, 1): (1, 0)}.get((pp, key), (0, 0))


class Machine:
    """The recorded guest; every call appends the record it leaves."""

    def __init__(self):
        self.records = []
        self.hcalls = 0
        self.table = {}		# index: [dw0, dw1, space, ea, base, actual]
        self.order = 0

    def bytes(self):
        return MAGIC + b''.join(self.records)

    def alloc(self, order, how=0):
        self.records.append(struct.pack('<IIQ', ALLOC, how, order))
        self.order = order
        if how == 0:
            self.table = {}

    def end(self):
        self.cksum()
        self.records.append(struct.pack('<II', END, 0))

    def cksum(self):
        def step(value, word):
            return (value ^ word) * 0x100000001b3 & NONE

        raw = valid = 0xcbf29ce484222325
        for index in range(1 << self.order - 4):
            dw0, dw1 = self.table.get(index, (0, 0))[:2]
            raw = step(step(raw, dw0), dw1)
            if dw0:
                valid = step(step(step(valid, index), dw0), dw1)
        bolted = sum(bool(e[0] & BOLTED) for e in self.table.values())
        self.records.append(struct.pack('<IIQQQQQ', CKSUM, self.order,
                                        self.hcalls, raw, valid,
                                        len(self.table), bolted))

    def final(self):
        image = bytearray(1 << self.order)
        for index in range(0, 1 << self.order - 4, 3):
            struct.pack_into('>Q', image, 16 * index, MARK)
        for index, entry in self.table.items():
            struct.pack_into('>QQ', image, 16 * index, entry[0] | MARK,
                             entry[1])
        return bytes(image)

    def call(self, opcode, args, ret, outs=()):
        before = list(args) + [0x1111 * i for i in range(len(args), 9)]
        after = [new if new is not None else old for new, old in
                 zip(list(outs) + [None] * 9, before)]
        self.hcalls += 1
        self.records.append(struct.pack('<II9Qq9Q', opcode, 1, *before, ret,
                                        *after))

    def enter(self, space, ea, real, dw1=0x192, actual=None, secondary=False,
              dw0=0, flags=0, slot=0):
        l, lp = PAGES[space.base, actual or space.base]
        pteh = space.dw0(ea) | dw0 | l | (H if secondary else 0) | V
        ptel = real | lp | dw1
        first = 8 * space.group(ea, secondary, self.order)
        slots = [slot] if flags & EXACT else range(8)
        free = [first + i for i in slots if first + i not in self.table]
        args = [flags, first + slot, pteh, ptel]
        if not free:
            self.call(ENTER, args, PTEG_FULL)
            return None
        self.table[free[0]] = [pteh, ptel, space, ea, actual or space.base]
        self.call(ENTER, args, SUCCESS, [free[0]])
        return free[0]

    def matches(self, index, flags, value):
        if index not in self.table:
            return False
        dw0 = self.table[index][0]
        return ((not flags & AVPN or dw0 & ~0x7f == value) and
                (not flags & ANDCOND or not dw0 & value))

    def remove(self, index, flags=0, value=0):
        if not self.matches(index, flags, value):
            self.call(REMOVE, [flags, index, value], NOT_FOUND)
            return
        dw0, dw1 = self.table.pop(index)[:2]
        self.call(REMOVE, [flags, index, value], SUCCESS, [dw0 | MARK, dw1])

    def read(self, index, flags=0):
        outs = []
        first = index & ~3 if flags & READ_4 else index
        for i in range(4 if flags & READ_4 else 1):
            dw0, dw1 = self.table.get(first + i, (0, 0))[:2]
            outs += [dw0 | MARK, dw1]
        self.call(READ, [flags, index], SUCCESS, outs)

    def protect(self, index, bits, value=None):
        flags = bits | (AVPN if value is not None else 0)
        args = [flags, index, value or 0]
        if not self.matches(index, flags & AVPN, value):
            self.call(PROTECT, args, NOT_FOUND)
            return
        entry = self.table[index]
        entry[1] = (entry[1] & ~0xb000000000000e07 |
                    bits << 55 & 1 << 63 | bits << 48 & 3 << 60 |
                    bits & 0xe07)
        self.call(PROTECT, args, SUCCESS)

    def bulk(self, requests):
        """@requests: (index, modifier 0..2, value); fewer than 4: END."""
        args, outs = [], []
        for index, modifier, value in requests:
            word = 1 << 62 | modifier << 56 | index
            flags = {0: 0, 1: ANDCOND, 2: AVPN}[modifier]
            args += [word, value]
            if self.matches(index, flags, value):
                dw1 = self.table.pop(index)[1]
                # the recorder puts R and C eight bits too low
                outs += [word ^ 3 << 62 | (dw1 & (R | C)) << 43, None]
            else:
                outs += [word ^ 3 << 62 | 1 << 60, None]
        if len(requests) < 4:
            args += [3 << 62, 0]
        self.call(BULK_REMOVE, args, SUCCESS, outs)

    def block(self, ava, requests):
        """@requests: (index, True to compare with @ava); fewer than 8: END."""
        args, outs, ret = [ava], [], SUCCESS
        for index, compare in requests:
            args.append((0x40 | compare) << 56 | index)
            if self.matches(index, AVPN if compare else 0, ava):
                dw1 = self.table.pop(index)[1]
                code = 0x80 | bool(dw1 & R) << 2 | bool(dw1 & C) << 1
            else:
                code, ret = 0x88, PARTIAL
            outs.append(code << 56 | index)
        args += [0xC0 << 56] * (len(requests) < 8)
        args += [0x2222 * i for i in range(len(args), 9)]
        # eight answers, each one register below its request
        self.call(BLOCK_REMOVE, args, ret, outs + args[len(outs) + 1:])

    def resize(self, order):
        self.call(PREPARE, [0, order], 9902)
        self.call(PREPARE, [0, order], SUCCESS)
        old, self.table = self.table, {}
        self.alloc(order, how=1)
        for index, entry in old.items():
            if entry[0] & BOLTED:
                group = entry[2].group(entry[3], bool(entry[0] & H), order)
                self.table[8 * group + index % 8] = entry
        self.call(COMMIT, [0, order], SUCCESS)

    def find(self, space, ea):
        for secondary in (0, H):
            first = 8 * space.group(ea, secondary, self.order)
            for index in range(first, first + 8):
                entry = self.table.get(index)
                if (entry and entry[2].base == space.base and
                        entry[0] & ~0x7f == space.dw0(ea) and
                        entry[0] & H == secondary):
                    return index
        return None

    def lookup(self, space, ea, access, problem=True, amr=0, iamr=0):
        """Translate, and set R and C; the record is the return value."""
        info = access | problem << 2 | 8 | space.base << 8
        ptex, dw0, dw1, real, fault, outcome = NONE, 0, 0, 0, 0, 0
        index = self.find(space, ea)
        if access == FETCH and space.descriptor & NO_EXECUTE:
            outcome, fault = 2, 0x10000000
        elif index is None:
            outcome = 3
            fault = 0x40000000 | (0x02000000 if access == STORE else 0)
        else:
            dw0, dw1, _, _, actual = self.table[index]
            ptex, dw0 = index, dw0 | MARK
            rights, outcome, fault = self.judge(space, dw1, access, problem,
                                                amr, iamr)
            info |= rights << 4 | actual << 16
            if not outcome:
                inside = (1 << actual) - 1
                real = dw1 & 0x0ffffffffffff000 & ~inside | ea & inside
        self.records.append(struct.pack(
            '<II8QII', LOOKUP, 1, ea, space.descriptor, ptex, dw0, dw1, real,
            amr, iamr, info | outcome << 24, fault))
        if not outcome:
            self.use(index, access)

    @staticmethod
    def judge(space, dw1, access, problem, amr, iamr):
        read, write = permitted(dw1, space.descriptor, problem)
        key = dw1 >> 57 & 0x18 | dw1 >> 9 & 7
        denied = amr >> (62 - 2 * key) & 3
        guarded = bool(dw1 & 0xc)
        page = [read, write, read and not guarded]
        keys = [not denied & 1, not denied & 2,
                not iamr >> (62 - 2 * key) & 1]
        both = [bool(a and b) for a, b in zip(page, keys)]
        fault = 0
        if not both[access]:
            fault = 0 if keys[access] else 0x00200000
            if access == STORE:
                fault |= 0x02000000
            if access == FETCH and guarded:
                fault |= 0x10000000
            elif not page[access]:
                fault |= 0x08000000
        if not dw1 & C and access != STORE:
            both[STORE] = False
        return (both[0] | both[1] << 1 | both[2] << 2, 4 if fault else 0,
                fault)

    def use(self, index, access):
        entry = self.table[index]
        if not entry[1] & R:
            entry[1] |= R
            self.records.append(struct.pack('<IIQ', RC, entry[1] >> 8 & 0xff,
                                            index))
        if access == STORE and not entry[1] & C:
            entry[1] |= C
            self.records.append(struct.pack(
                '<IIQ', RC, 0x100 | entry[1] & 0xff, index))
