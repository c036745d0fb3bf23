# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""A script that writes into the memory of its own table: whatever stands
there, every operation ends, with an answer or an exception of ours."""
import ctypes
import mmap
import random
import unittest

import hpte
from hpte import constants as k

ORDER = 18
BYTES = 1 << ORDER
SPOILT = 4096			# of memory and side array: 256 entries


class Host(hpte.Host):
    def map_page(self, gpa, shift, want_write):
        return hpte.HostPage(gpa >> shift << shift, shift)

    def tlb_invalidate(self, rb, flags):
        pass

    def tlb_invalidate_all(self):
        pass


def aligned():
    larger = memoryview(mmap.mmap(-1, 2 * BYTES))
    first = -ctypes.addressof(ctypes.c_char.from_buffer(larger)) % BYTES
    return larger[first:first + BYTES]


def operations(table, rng):
    """One thing of each kind, somewhere in the spoilt part."""
    at = rng.randrange(SPOILT // 16 + 8)
    va = hpte.Va(rng.randrange(64), rng.randrange(256) << 12, 28, 12)
    request = 1 << 62 | rng.randrange(3) << 56 | at
    return (
        lambda: table.read(at),
        lambda: table.find(va),
        lambda: table.remove(at),
        lambda: table.insert(at, hpte.Entry.map(va, 0x1000)),
        lambda: table.protect(at, 3, rng.randrange(4)),
        lambda: table.clear(at, rng.choice((k.DW1_R, k.DW1_C))),
        lambda: table.demote(at),
        lambda: table.set_rc(table.read(at), k.DW1_C),
        lambda: table.promote(table.read(at), hpte.HostPage(1 << 34, 34)),
        lambda: table.hcall(rng.choice(list(hpte.Hcall)),
                            rng.choice((0, k.HFLAG_READ_4, request)), at,
                            rng.getrandbits(64), request))


class Garbage(unittest.TestCase):
    def spoil(self, rng, walker, layout, with_side):
        memory, side = aligned(), mmap.mmap(-1, BYTES)
        table = hpte.Table(ORDER, walker=walker, host=Host(), memory=memory,
                           side=side, caps=hpte.Caps(format=layout))
        memory[:SPOILT] = rng.randbytes(SPOILT)
        if with_side:
            side[:SPOILT] = rng.randbytes(SPOILT)
        return table

    def test_every_kind_of_table(self):
        for seed in range(8):
            rng = random.Random(seed)
            table = self.spoil(rng, bool(seed & 1), seed >> 1 & 1,
                               bool(seed & 4))
            answered = 0
            for _ in range(30):
                for operation in operations(table, rng):
                    try:
                        operation()
                        answered += 1
                    except hpte.HpteError:
                        pass
            self.assertGreater(answered, 30)
            self.assertEqual(len(table.image()), 1 << table.order)
            table.reset()
            self.assertEqual(list(table), [])


if __name__ == '__main__':
    unittest.main()
