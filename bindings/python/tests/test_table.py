# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Tables and entries: what is documented, and every refusal."""
import unittest

import hpte
from hpte import constants as k

VA = hpte.Va(vsid=0x1234, offset=0x5000, segment=28, base=12)
PAGE = hpte.HostPage(real=1 << 40, shift=12)


class Walked(hpte.Host):
    """A host of a table with a walker, with RAM below 1 GiB."""

    def __init__(self):
        self.forgotten = []
        self.dirty = []

    def classify(self, gpa, shift):
        kind = hpte.Backing.RAM if gpa < 1 << 30 else hpte.Backing.IO
        return kind, 24

    def map_page(self, gpa, shift, want_write):
        return hpte.HostPage(gpa + (1 << 40), shift)

    def tlb_invalidate(self, rb, flags):
        self.forgotten += rb

    def tlb_invalidate_all(self):
        self.forgotten.append('all')

    def mark_dirty(self, gpa, size):
        self.dirty.append((gpa, size))


class Entries(unittest.TestCase):
    def test_fields(self):
        entry = hpte.Entry.map(VA, 0x3000, k.DW1_M | k.DW1_N | k.DW1_C | 3,
                               dw0=k.DW0_BOLTED)
        self.assertEqual(entry.page, hpte.PageSizes(12, 12))
        self.assertEqual((entry.real, entry.pp, entry.key, entry.wimg),
                         (0x3000, 3, 0, 0b0010))
        self.assertEqual(
            (entry.valid, entry.bolted, entry.secondary, entry.referenced,
             entry.changed, entry.no_execute, entry.aligned),
            (True, True, False, False, True, True, True))
        self.assertEqual(hpte.Entry.from_bytes(entry.to_bytes()), entry)
        self.assertEqual(entry.rights(0), k.READ)
        self.assertEqual(entry.key_rights(amr=3 << 62), k.EXECUTE)
        self.assertIn('real 0x3000 2^12 pp 3', entry.describe())

    def test_large_pages(self):
        va = hpte.Va(0x1234, 0x1000000, 40, 16)
        entry = hpte.Entry.map(va, 0x2000000, actual=24)
        self.assertEqual(entry.page, hpte.PageSizes(16, 24))
        self.assertEqual(entry.real, 0x2000000)
        index = 8 * va.group(18) + 3
        self.assertEqual(entry.va(index), va)
        self.assertTrue(entry.reachable(index, 18))
        # the low bits of the group are bits of the address
        self.assertFalse(entry.reachable(index ^ 8 << 8, 18))
        self.assertNotEqual(entry.tlbie_rb(index), entry.tlbie_rb(index ^ 8))

    def test_formats(self):
        va = hpte.Va(0x1234, 0x1000000, 40, 16)
        entry = hpte.Entry.map(va, 0x2000000)
        self.assertNotEqual(entry.to_300(), entry)
        self.assertEqual(entry.to_300().from_300(), entry)
        with self.assertRaises(hpte.BadEncoding):
            hpte.Entry(k.DW0_B | k.DW0_V, 0).to_300()

    def test_reserved_page_size(self):
        entry = hpte.Entry(k.DW0_L | k.DW0_V, k.DW1_LP)
        with self.assertRaises(hpte.BadEncoding):
            entry.page
        self.assertIn('reserved page size', entry.describe())

    def test_effective_addresses(self):
        descriptor = 0x1234 << 12 | k.SLB_KP
        self.assertEqual(hpte.Va.of(descriptor, 0xC000000000005678),
                         hpte.Va(0x1234, 0x5678, 28, 12))
        with self.assertRaises(hpte.BadEncoding):
            hpte.Va.of(1 << 63, 0)


class Operations(unittest.TestCase):
    def setUp(self):
        self.table = hpte.Table(18)
        self.addCleanup(self.table.close)

    def test_in_and_out(self):
        table = self.table
        index = table.map(VA, 0x3000)
        view = table.find(VA)
        self.assertEqual((view.index, view.valid, view.mmio, view.busy),
                         (index, False, False, False))
        self.assertEqual(table.read(index), view)
        self.assertEqual(list(table), [view])
        self.assertEqual(table.remove(index), view.entry)
        with self.assertRaises(hpte.NotFound):
            table.find(VA)
        with self.assertRaises(hpte.NotFound):
            table.read(index)

    def test_sizes(self):
        self.assertEqual((self.table.order, self.table.entries), (18, 1 << 14))

    def test_both_groups_then_full(self):
        for _ in range(8):
            index = self.table.map(VA, 0x3000)
        self.assertEqual(index // 8, VA.group(18))
        index = self.table.map(VA, 0x3000)
        self.assertEqual(index // 8, VA.group(18, secondary=True))
        self.assertTrue(self.table.read(index).entry.secondary)
        for _ in range(7):
            self.table.map(VA, 0x3000)
        with self.assertRaises(hpte.Full):
            self.table.map(VA, 0x3000)

    def test_conditions(self):
        index = self.table.map(VA, 0x3000, dw0=k.DW0_BOLTED)
        with self.assertRaises(hpte.NotFound):
            self.table.remove(index, avpn=VA.dw0() ^ 0x80)
        with self.assertRaises(hpte.NotFound):
            self.table.remove(index, andcond=k.DW0_BOLTED)
        self.table.remove(index, avpn=VA.dw0())

    def test_changes(self):
        index = self.table.map(VA, 0x3000)
        self.table.protect(index, k.DW1_PPP | k.DW1_N, 3)
        self.assertEqual(self.table.read(index).entry.pp, 3)
        self.table.set_rc(self.table.read(index), k.DW1_C)
        self.assertTrue(self.table.read(index).entry.changed)
        self.assertTrue(self.table.clear(index, k.DW1_C) & k.DW1_C)
        self.assertFalse(self.table.read(index).entry.changed)
        with self.assertRaises(hpte.BadParameter):
            self.table.clear(index, k.DW1_RC)
        with self.assertRaises(hpte.BadParameter):
            self.table.protect(index, k.DW1_RC, 0)

    def test_a_stale_view(self):
        index = self.table.map(VA, 0x3000)
        view = self.table.read(index)
        self.table.remove(index)
        with self.assertRaises(hpte.Again):
            self.table.set_rc(view, k.DW1_C)

    def test_reset(self):
        self.table.map(VA, 0x3000)
        self.table.reset()
        self.assertEqual(list(self.table), [])

    def test_translate(self):
        descriptor = 0x1234 << 12 | k.SLB_KP
        self.table.map_segment(descriptor, 0x8000, 0x40000, 0x2000)
        found = self.table.translate(0x9123, descriptor, kind=k.WRITE)
        self.assertEqual((found.gpa, found.rights), (0x41123, 7))
        self.assertTrue(found.view.entry.bolted)
        with self.assertRaises(hpte.NotFound):
            self.table.translate(0xA000, descriptor)

    def test_images(self):
        index = self.table.map(VA, 0x3000)
        image = self.table.image()
        self.assertEqual(image[16 * index:16 * index + 16],
                         self.table.read(index).entry.to_bytes())
        with hpte.Table.of_image(image) as copy:
            self.assertEqual(copy.image(), image)
            self.assertEqual(copy.find(VA).index, index)
        with self.assertRaises(ValueError):
            hpte.Table.of_image(image[:-16])

    def test_hypercalls(self):
        entry = hpte.Entry.map(VA, 0x3000)
        first = 8 * VA.group(18)
        answer = self.table.hcall(hpte.Hcall.ENTER, 0, first, entry.dw0,
                                  entry.dw1)
        self.assertEqual((answer.disposition, answer.ret, answer.outs[0]),
                         (hpte.Disposition.DONE, hpte.H.SUCCESS, first))
        answer = self.table.hcall(hpte.Hcall.REMOVE, 0, first + 1)
        self.assertEqual(answer.ret, hpte.H.NOT_FOUND)
        answer = self.table.hcall(hpte.Hcall.REMOVE, 0, first)
        self.assertEqual(answer.outs[:2], (entry.dw0, entry.dw1))
        answer = self.table.hcall(0xFFFC)
        self.assertIs(answer.disposition, hpte.Disposition.NOT_MINE)

    def test_resize(self):
        bolted = self.table.map(VA, 0x3000, dw0=k.DW0_BOLTED)
        for opcode in (hpte.Hcall.RESIZE_HPT_PREPARE,
                       hpte.Hcall.RESIZE_HPT_COMMIT):
            self.assertEqual(self.table.hcall(opcode, 0, 20).ret, 0)
        self.assertEqual(self.table.order, 20)
        self.assertEqual(self.table.find(VA).index % 8, bolted % 8)

    def test_resize_beyond_what_is_offered(self):
        prepare = hpte.Hcall.RESIZE_HPT_PREPARE
        self.assertEqual(self.table.hcall(prepare, 0, 31).ret,
                         hpte.H.RESOURCE)

    def test_resize_that_the_host_refuses(self):
        class Refusing(hpte.Host):
            def resize(self, order):
                return hpte.HostAnswer.NEVER

        with hpte.Table(18, host=Refusing()) as table:
            prepare = hpte.Hcall.RESIZE_HPT_PREPARE
            self.assertEqual(table.hcall(prepare, 0, 20).ret,
                             hpte.H.RESOURCE)
            self.assertEqual(table.hcall(prepare, 0, 17).ret,
                             hpte.H.PARAMETER)


class WithAWalker(unittest.TestCase):
    def setUp(self):
        self.host = Walked()
        self.table = hpte.Table(18, walker=True, host=self.host)
        self.addCleanup(self.table.close)

    def test_valid_and_absent(self):
        index = self.table.map(VA, 0x3000)
        self.assertFalse(self.table.read(index).valid)
        self.table.promote(self.table.read(index), PAGE)
        self.assertTrue(self.table.find(VA, valid=True).valid)
        self.table.demote(index)
        self.assertEqual(len(self.host.forgotten), 1)
        self.assertEqual(self.table.read(index).entry.tlbie_rb(index),
                         self.host.forgotten[0])
        with self.assertRaises(hpte.NotFound):
            self.table.find(VA, valid=True)
        with self.assertRaises(hpte.NotFound):
            self.table.demote(index)

    def test_enter_maps_the_page(self):
        entry = hpte.Entry.map(VA, 0x3000, k.DW1_M | k.DW1_C | k.DW1_R | 2)
        first = 8 * VA.group(18)
        self.table.hcall(hpte.Hcall.ENTER, 0, first, entry.dw0, entry.dw1)
        self.assertTrue(self.table.read(first).valid)
        device = hpte.Entry.map(VA, 0x80000000, k.DW1_I | k.DW1_G | 2)
        self.table.hcall(hpte.Hcall.ENTER, 0, first, device.dw0, device.dw1)
        view = self.table.read(first + 1)
        self.assertEqual((view.valid, view.mmio), (False, True))

    def test_memory_is_aligned_as_hardware_wants_it(self):
        base = self.table._core.table.priv_base
        self.assertEqual(base % (1 << 18), 0)

    def test_unsuitable_pages(self):
        index = self.table.map(VA, 0x3000)
        for page in (hpte.HostPage(0x1800, 12), hpte.HostPage(1 << 62, 12)):
            with self.assertRaises(hpte.BadParameter):
                self.table.promote(self.table.read(index), page)

    def test_reset_tells_the_host(self):
        self.table.insert(0, hpte.Entry.map(VA, 0x3000), page=PAGE)
        self.table.reset()
        self.assertIn('all', self.host.forgotten)

    def test_a_walker_needs_a_host(self):
        with self.assertRaises(hpte.BadParameter):
            hpte.Table(18, walker=True)

    def test_the_other_format(self):
        caps = hpte.Caps(format=k.FORMAT_300)
        with hpte.Table(18, walker=True, host=Walked(), caps=caps) as table:
            index = table.insert(0, hpte.Entry.map(VA, 0x3000), page=PAGE)
            self.assertEqual(table.read(index).entry,
                             hpte.Entry.map(VA, 0x3000))


if __name__ == '__main__':
    unittest.main()
