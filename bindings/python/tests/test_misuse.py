# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Nothing a script does wrong may become undefined behaviour of C: each wrong
argument, size, alignment, lifetime and moment is an exception."""
import array
import ctypes
import gc
import mmap
import unittest
import weakref

import hpte
from hpte import constants as k

VA = hpte.Va(vsid=0x1234, offset=0x5000, segment=28, base=12)
ENTRY = hpte.Entry.map(VA, 0x3000)
NUMBERS = {TypeError: ('1', 1.0, None, True, b'\1', [1]),
           ValueError: (-1, 1 << 64, 1 << 200)}


class Closed(unittest.TestCase):
    def test_everything_says_so(self):
        table = hpte.Table(18)
        index = table.map(VA, 0x3000)
        view = table.read(index)
        some = iter(table)
        next(some)
        table.close()
        table.close()
        self.assertTrue(table.closed)
        page = hpte.HostPage(0, 12)
        for use in (
                lambda: table.order, lambda: table.entries,
                lambda: table.generation, lambda: table.read(index),
                lambda: table.find(VA), lambda: list(table),
                lambda: table.insert(0, ENTRY), lambda: table.map(VA, 0x3000),
                lambda: table.remove(index),
                lambda: table.protect(index, 3, 3),
                lambda: table.clear(index, k.DW1_C),
                lambda: table.promote(view, page),
                lambda: table.demote(index),
                lambda: table.set_rc(view, k.DW1_C), table.reset,
                lambda: table.translate(0, 0),
                lambda: table.map_segment(0, 0, 0, 4096),
                lambda: table.dispatch([0] * 32), lambda: table.hcall(4),
                table.fill, table.image, lambda: list(some)):
            with self.assertRaises(hpte.Closed):
                use()

    def test_the_memory_is_given_back(self):
        """At once, and not by the collector of cycles."""
        gc.disable()
        self.addCleanup(gc.enable)
        table = hpte.Table(18, host=hpte.Host())
        core = weakref.ref(table._core)
        table.close()
        self.assertIsNone(core())

    def test_a_view_keeps_nothing_usable(self):
        with hpte.Table(18) as table:
            table.map(VA, 0x3000)
            view = table.find(VA)
        with hpte.Table(18) as other, self.assertRaises(ValueError):
            other.set_rc(view, k.DW1_C)
        self.assertEqual(view.entry.real, 0x3000)

    def test_closed_in_the_middle_of_an_operation(self):
        class Closing(hpte.Host):
            def tlb_invalidate(self, rb, flags):
                table.close()
                gc.collect()

        table = hpte.Table(18, host=Closing())
        index = table.map(VA, 0x3000)
        self.assertEqual(table.remove(index), ENTRY)
        self.assertTrue(table.closed)


class Buffers(unittest.TestCase):
    ORDER = 18
    BYTES = 1 << ORDER

    def setUp(self):
        self.memory = mmap.mmap(-1, self.BYTES)
        self.side = mmap.mmap(-1, self.BYTES)

    def table(self, memory=None, side=None):
        return hpte.Table(self.ORDER, memory=memory or self.memory,
                          side=side or self.side)

    def test_good_ones(self):
        with self.table() as table:
            table.insert(5, ENTRY, exact=True)
            self.assertNotEqual(self.memory[80:96], bytes(16))

    def test_wrong_size(self):
        for size in (self.BYTES // 2, 2 * self.BYTES, 4096):
            wrong = mmap.mmap(-1, size)
            with self.assertRaisesRegex(ValueError, 'memory: .* must be'):
                self.table(memory=wrong)
            with self.assertRaisesRegex(ValueError, 'side: .* must be'):
                self.table(side=wrong)

    def test_misaligned(self):
        larger = memoryview(mmap.mmap(-1, self.BYTES + 4096))
        for offset, what in ((8, 'side'), (8, 'memory'), (64, 'memory')):
            wrong = larger[offset:offset + self.BYTES]
            with self.assertRaisesRegex(ValueError, f'{what}: not aligned'):
                self.table(**{what: wrong})
        right = larger[128:128 + self.BYTES]
        self.table(memory=right).close()

    def test_misaligned_for_a_walker(self):
        class Forgetful(hpte.Host):
            def tlb_invalidate(self, rb, flags):
                pass

            def tlb_invalidate_all(self):
                pass

        larger = memoryview(mmap.mmap(-1, 4 * self.BYTES))
        first = ctypes.addressof(ctypes.c_char.from_buffer(larger))
        aligned = -first % self.BYTES
        for more in (0, 128, 4096, self.BYTES // 2, self.BYTES):
            memory = larger[aligned + more:aligned + more + self.BYTES]
            if more % self.BYTES == 0:
                hpte.Table(self.ORDER, walker=True, host=Forgetful(),
                           memory=memory).close()
                continue
            with self.assertRaisesRegex(ValueError, 'not aligned'):
                hpte.Table(self.ORDER, walker=True, host=Forgetful(),
                           memory=memory)

    def test_not_writable_not_contiguous_not_a_buffer(self):
        spread = memoryview(bytearray(2 * self.BYTES))[::2]
        for wrong, kind in ((bytes(self.BYTES), ValueError),
                            (spread, ValueError), ('x', TypeError),
                            (5, TypeError)):
            with self.assertRaises(kind):
                self.table(memory=wrong)

    def test_not_zero(self):
        self.memory[-1] = 1
        with self.assertRaisesRegex(ValueError, 'not zero'):
            self.table()

    def test_it_cannot_go_away_while_it_is_used(self):
        table = self.table()
        for change in (self.memory.close, lambda: self.memory.resize(4096),
                       self.side.close):
            with self.assertRaises(BufferError):
                change()
        table.insert(0, ENTRY)
        table.close()
        self.memory.close()
        self.side.close()

    def test_its_owner_may_forget_it(self):
        table = self.table()
        del self.memory, self.side
        gc.collect()
        self.assertEqual(table.insert(0, ENTRY), 0)

    def test_the_old_buffer_is_given_back_by_a_resize(self):
        table = self.table()
        for opcode in (hpte.Hcall.RESIZE_HPT_PREPARE,
                       hpte.Hcall.RESIZE_HPT_COMMIT):
            self.assertEqual(table.hcall(opcode, 0, 19).ret, hpte.H.SUCCESS)
        self.memory.close()
        self.side.close()
        self.assertEqual(table.insert(0, ENTRY), 0)


class Arguments(unittest.TestCase):
    def setUp(self):
        self.table = hpte.Table(18)
        self.addCleanup(self.table.close)

    def refused(self, use):
        """A function of one doubleword."""
        for kind, values in NUMBERS.items():
            for value in values:
                with self.subTest(value), self.assertRaises(kind):
                    use(value)

    def test_numbers(self):
        table = self.table
        index = table.map(VA, 0x3000)
        view = table.read(index)
        for use in (
                lambda x: hpte.Entry(x, 0), lambda x: hpte.Entry(0, x),
                lambda x: hpte.Entry.map(VA, x),
                lambda x: hpte.Entry.map(VA, 0, x),
                lambda x: hpte.Va.of(x, 0), lambda x: hpte.Va.of(0, x),
                ENTRY.rights, lambda x: ENTRY.key_rights(amr=x),
                lambda x: ENTRY.key_rights(iamr=x),
                lambda x: table.protect(index, x, 0),
                lambda x: table.protect(index, 0, x),
                lambda x: table.clear(index, x),
                lambda x: table.set_rc(view, x),
                lambda x: table.translate(x, 0),
                lambda x: table.translate(0, x),
                lambda x: table.translate(0, 0, msr=x),
                lambda x: table.map_segment(0, 0, x, 4096),
                lambda x: table.hcall(x), lambda x: table.hcall(4, x),
                lambda x: table.hcall(4, msr=x),
                lambda x: table.dispatch([x] * 32),
                lambda x: hpte.HostPage(x, 12), lambda x: hpte.HostPage(0, x),
                lambda x: hpte.Table(18, caps=hpte.Caps(hcalls=x))):
            self.refused(use)
        for value in NUMBERS[TypeError][:3]:
            with self.assertRaises((TypeError, hpte.NotFound)):
                table.remove(index, avpn=value or 'x')

    def test_indices(self):
        table = self.table
        view = table.read(table.map(VA, 0x3000))
        beyond = table.entries
        for use in (
                table.read, table.remove, table.demote,
                lambda x: table.insert(x, ENTRY),
                lambda x: table.insert(x, ENTRY, exact=True),
                lambda x: table.protect(x, 3, 3),
                lambda x: table.clear(x, k.DW1_C)):
            for wrong in (beyond, beyond + 1, 1 << 60, (1 << 64) - 1,
                          1 << 64, -1):
                with self.subTest(wrong), self.assertRaises(hpte.BadIndex):
                    use(wrong)
            for wrong in NUMBERS[TypeError]:
                with self.subTest(wrong), self.assertRaises(TypeError):
                    use(wrong)
        self.assertEqual(list(table), [view])
        self.assertTrue(issubclass(hpte.BadIndex, IndexError))

    def test_sizes(self):
        for order in (-1, 0, 17, 47, 64, 1 << 70):
            with self.assertRaises(ValueError):
                hpte.Table(order)
            with self.assertRaises(ValueError):
                VA.group(order)
            with self.assertRaises(ValueError):
                ENTRY.reachable(0, order)
        with self.assertRaises(MemoryError):
            hpte.Table(46)

    def test_addresses(self):
        good = {'vsid': 1, 'offset': 0, 'segment': 28, 'base': 12}
        for wrong in ({'vsid': 1 << 50}, {'offset': 1 << 28}, {'segment': 29},
                      {'segment': 256 + 28}, {'base': 13}, {'base': 34},
                      {'segment': 40, 'vsid': 1 << 38}, {'vsid': -1}):
            with self.subTest(wrong), self.assertRaises(ValueError):
                hpte.Va(**{**good, **wrong})
        with self.assertRaises(AttributeError):
            hpte.Va(**good).base = 200

    def test_capabilities(self):
        for wrong in ({'format': 2}, {'data_keys': 5}, {'page_pairs': 128},
                      {'order_max': 64}, {'block': (1, 2)},
                      {'block': (9,) * 7}, {'hcalls': -1}):
            with self.subTest(wrong), self.assertRaises(ValueError):
                hpte.Table(18, caps=hpte.Caps(**wrong))

    def test_wrong_types(self):
        table = self.table
        index = table.map(VA, 0x3000)
        view = table.read(index)
        for use in (
                lambda: hpte.Table(18, caps=5), lambda: hpte.Table(18, host=5),
                lambda: table.find(ENTRY), lambda: table.find(None),
                lambda: table.insert(0, VA), lambda: table.insert(0, None),
                lambda: table.insert(0, ENTRY, page=5),
                lambda: table.promote(view, None),
                lambda: table.promote(index, hpte.HostPage(0, 12)),
                lambda: table.set_rc(ENTRY, k.DW1_C),
                lambda: table.dispatch(None),
                lambda: table.dispatch(bytes(256)),
                lambda: table.dispatch((0,) * 32)):
            with self.assertRaises(TypeError):
                use()

    def test_registers(self):
        for count in (0, 31, 33):
            with self.assertRaises(ValueError):
                self.table.dispatch([0] * count)
        with self.assertRaises(ValueError):
            self.table.hcall(4, *range(10))
        gpr = array.array('Q', [k.U64_MAX] * 32)
        gpr[3] = hpte.Hcall.REMOVE
        self.assertIs(self.table.dispatch(gpr), hpte.Disposition.DONE)
        self.assertEqual(gpr[31], k.U64_MAX)

    def test_entries_that_the_library_refuses(self):
        reserved = hpte.Entry(k.DW0_L | k.DW0_V, k.DW1_LP)
        for entry in (reserved, hpte.Entry(k.DW0_B | k.DW0_V, 0)):
            with self.assertRaises(hpte.BadEncoding):
                self.table.insert(0, entry)
        for use in (lambda: reserved.real, lambda: reserved.va(0),
                    lambda: reserved.tlbie_rb(0),
                    lambda: reserved.reachable(0, 18)):
            with self.assertRaises(hpte.BadEncoding):
                use()
        with self.assertRaises(ValueError):
            hpte.Entry.from_bytes(bytes(15))


class Failure(Exception):
    pass


class Failing(hpte.Host):
    """Every method fails while `which` names it, or answers `wrong`."""

    def __init__(self, **wrong):
        self.which, self.wrong = set(wrong), wrong

    def answer(self, name, good):
        if name not in self.which:
            return good
        if self.wrong[name] is Failure:
            raise Failure(name)
        return self.wrong[name]

    def classify(self, gpa, shift):
        return self.answer('classify', (hpte.Backing.RAM, 24))

    def map_page(self, gpa, shift, want_write):
        return self.answer('map_page', hpte.HostPage(gpa, shift))

    def inval_begin(self):
        return self.answer('inval_begin', 1)

    def inval_retry(self, sequence):
        return self.answer('inval_retry', False)

    def tlb_invalidate(self, rb, flags):
        self.answer('tlb_invalidate', None)

    def tlb_invalidate_all(self):
        self.answer('tlb_invalidate_all', None)

    def mark_dirty(self, gpa, size):
        self.answer('mark_dirty', None)

    def mark_young(self, gpa, size):
        self.answer('mark_young', None)

    def guest_read(self, gpa, size):
        return self.answer('guest_read', bytes(size))

    def guest_write(self, gpa, data):
        return self.answer('guest_write', True)

    def icache_sync(self, gpa, size):
        self.answer('icache_sync', None)

    def resize(self, order):
        return self.answer('resize', hpte.HostAnswer.DONE)

    def vcpus_stop(self):
        return self.answer('vcpus_stop', True)

    def vcpus_start(self):
        self.answer('vcpus_start', None)

    def vrma_page_size(self, code):
        return self.answer('vrma_page_size', hpte.HostAnswer.DONE)

    def trace(self, event, args):
        self.answer('trace', None)


def traced():
    """Was the library built with events and counters?"""
    with hpte.Table(18, counters=True) as table:
        try:
            table.counters()
        except hpte.Unsupported:
            return False
    return True


class Callbacks(unittest.TestCase):
    def go(self, table):
        """Something of everything that calls back."""
        entry = hpte.Entry.map(VA, 0x3000, k.DW1_M | k.DW1_RC | 2)
        sync = k.bit(41)
        table.hcall(hpte.Hcall.ENTER, k.HFLAG_ZERO_PAGE | sync, 0, entry.dw0,
                    entry.dw1)
        table.hcall(hpte.Hcall.PAGE_INIT, k.HFLAG_COPY_PAGE, 0x4000, 0x5000)
        for view in list(table):
            table.remove(view.index)
        table.hcall(hpte.Hcall.VRMASD, 0x10)
        for opcode in (hpte.Hcall.RESIZE_HPT_PREPARE,
                       hpte.Hcall.RESIZE_HPT_COMMIT):
            table.hcall(opcode, 0, 19)
        table.insert(0, entry)
        table.reset()

    def table(self, **wrong):
        table = hpte.Table(18, walker=True, host=Failing(**wrong))
        self.addCleanup(table.close)
        return table

    def test_none_fails(self):
        table = self.table()
        self.go(table)
        self.assertEqual(table.order, 19)

    def test_each_raises(self):
        for name in sorted(name for name in vars(hpte.Host)
                           if not name.startswith('_')):
            with self.subTest(name):
                table = self.table(**{name: Failure})
                if name == 'trace' and not traced():
                    self.go(table)
                    continue
                if name in ('mark_dirty', 'mark_young'):
                    table.host.which.clear()
                    index = table.insert(0, ENTRY,
                                         page=hpte.HostPage(0x3000, 12))
                    table.host.which.add(name)
                    base = table._core.storages[table._core.table.priv_base]
                    base.array[16 * index + 15] = 0x92	# C, by the walker
                    base.array[16 * index + 14] = 0x31	# R
                    with self.assertRaises(Failure) as caught:
                        table.demote(index)
                        table.clear(index, k.DW1_R)
                else:
                    with self.assertRaises(Failure) as caught:
                        self.go(table)
                self.assertIn('a table has called',
                              caught.exception.__notes__[0])
                table.host.which.clear()
                self.go(table)	# nothing is left half done

    def test_the_operation_is_completed(self):
        table = hpte.Table(18, host=Failing(tlb_invalidate=Failure))
        index = table.map(VA, 0x3000)
        with self.assertRaises(Failure):
            table.remove(index)
        self.assertEqual(list(table), [])

    def test_wrong_answers(self):
        for wrong, kind in (
                ({'classify': None}, TypeError),
                ({'classify': (77, 24)}, ValueError),
                ({'classify': (hpte.Backing.RAM, 64)}, ValueError),
                ({'classify': (hpte.Backing.RAM, 'x')}, TypeError),
                ({'map_page': None}, ValueError),
                ({'map_page': hpte.HostAnswer.DONE}, ValueError),
                ({'map_page': 0x1000}, ValueError),
                ({'inval_begin': -1}, ValueError),
                ({'inval_begin': 'x'}, TypeError),
                ({'guest_read': b'short'}, ValueError),
                ({'guest_read': 5}, ValueError),
                ({'resize': 9}, ValueError),
                ({'vrma_page_size': None}, ValueError)):
            with self.subTest(wrong), self.assertRaises(kind):
                self.go(self.table(**wrong))

    def test_not_an_exception_but_an_interrupt(self):
        class Interrupted(hpte.Host):
            def tlb_invalidate(self, rb, flags):
                raise KeyboardInterrupt

        table = hpte.Table(18, host=Interrupted())
        with self.assertRaises(KeyboardInterrupt):
            table.remove(table.map(VA, 0x3000))

    def test_what_a_callback_may_use(self):
        seen = []

        class Nosy(hpte.Host):
            def tlb_invalidate(self, rb, flags):
                seen.append(table.find(other).index)
                seen.append(table.insert(0x80, ENTRY))
                for wrong in (
                        lambda: table.protect(seen[0], 3, 3),
                        lambda: table.clear(seen[0], k.DW1_C),
                        lambda: table.demote(seen[0]), table.reset,
                        lambda: table.hcall(4),
                        lambda: table.map_segment(0, 0, 0, 4096)):
                    try:
                        wrong()
                    except hpte.InsideCallback:
                        seen.append('refused')

        other = hpte.Va(0x999, 0, 28, 12)
        table = hpte.Table(18, host=Nosy())
        index = table.map(other, 0x9000)
        table.remove(table.map(VA, 0x3000))
        self.assertEqual(seen, [index, 0x80, *['refused'] * 6])

    def test_a_commit_that_cannot_stop_the_others(self):
        table = self.table(vcpus_stop=False)
        table.hcall(hpte.Hcall.RESIZE_HPT_PREPARE, 0, 19)
        with self.assertRaises(hpte.Again):
            table.hcall(hpte.Hcall.RESIZE_HPT_COMMIT, 0, 19)
        self.assertEqual(table.order, 18)
        table.insert(0, ENTRY)


if __name__ == '__main__':
    unittest.main()
