# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Events and counters.  Of a library without them (-Dtrace=false) only that
it says so."""
import threading
import unittest

import hpte
import test_cpu
import test_readme
from hpte import Event, FaultAction, MmioResult, constants as k
from test_cpu import DEVICE, LWZ_R5_R4, SEGMENT
from test_misuse import traced

if not traced():
    with hpte.Table(18, host=test_cpu.Host()) as silent:
        silent.insert(0, hpte.Entry.map(hpte.Va.of(SEGMENT, 0), 0))
        assert silent.host.events == []
    raise unittest.SkipTest('the library was built without events')


class Observed(test_cpu.Scene):
    def test_events(self):
        entry = self.table.remove(self.ram)
        self.access(LWZ_R5_R4, 4)
        removed, access = self.host.events[1:2], self.host.events[2:]
        self.assertEqual(removed, [(Event.REMOVE, (
            self.ram, entry.dw0, entry.dw1, 0))])
        self.assertEqual(access, [
            (Event.FAULT + FaultAction.MMIO,
             (0x5004, DEVICE + 4, k.FAULT_NO_ENTRY, 0)),
            (Event.MMIO, (DEVICE + 4, 4, 0x12345678, MmioResult.DONE))])

    def test_names(self):
        for event, name in ((Event.FULL, 'FULL'), (31, 'FAULT HOST_ERROR'),
                            (Event.COMPLETE, 'COMPLETE RETRY'), (47, '47')):
            self.assertEqual(hpte.event_name(event), name)

    def test_it_raises(self):
        def broken(event, args):
            raise ZeroDivisionError

        self.host.trace = broken
        with self.assertRaises(ZeroDivisionError) as caught:
            self.table.remove(self.ram)
        self.assertIn('in trace()', caught.exception.__notes__[0])
        with self.assertRaises(hpte.NotFound):
            self.table.read(self.ram)	# the operation is completed

    def test_events_of_events(self):
        """Without end: Python's limit ends it."""
        def more(event, args):
            self.table.insert(0, hpte.Entry.map(hpte.Va.of(SEGMENT, 0), 0))

        self.host.trace = more
        with self.assertRaises((RecursionError, hpte.Full)):
            self.table.remove(self.ram)
        self.host.trace = lambda event, args: None
        self.table.read(self.io)

    def test_who_does_not_ask_is_not_called(self):
        class Quiet(hpte.Host):
            pass

        with hpte.Table(18, host=Quiet()) as table:
            self.assertFalse(table._core.callbacks.ops.trace)
            with self.assertRaises(hpte.Unsupported):
                table.counters()

    def test_counters(self):
        with hpte.Table(18, counters=True) as table:
            self.assertEqual(table.counters(), {})
            threads = [threading.Thread(target=self.change, args=(table, n))
                       for n in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            before = table.counters()
            self.assertEqual(before, {Event.INSERT: 400, Event.REMOVE: 200})
            self.assertEqual(before[Event.PROMOTE], 0)
            table.hcall(hpte.Hcall.READ, 0, 0)
            hpte.Vcpu(table).resolve(0x9000, descriptor=SEGMENT)
            self.assertEqual(table.counters() - before, {
                Event.HCALL: 1, Event.FAULT + FaultAction.DSI: 1})

    def change(self, table, number):
        for page in range(100):
            index = table.map(hpte.Va(number, page << 12, 28, 12), 0)
            if page % 2:
                table.remove(index)


class Example(test_readme.Shown):
    def test_uart(self):
        self.assertEqual(test_readme.run(self.directory, 'uart.py'),
                         self.shown('uart.py'))


if __name__ == '__main__':
    unittest.main()
