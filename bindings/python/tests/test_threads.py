# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Threads on one table: what the C library leaves to its host is kept."""
import gc
import threading
import unittest

import hpte
from hpte import constants as k

VA = hpte.Va(vsid=0x1234, offset=0x5000, segment=28, base=12)
ENTRY = hpte.Entry.map(VA, 0x3000)


class Failure(Exception):
    pass


class Threads(unittest.TestCase):
    def run_all(self, *functions):
        """Each on a thread of its own; what they raise is raised."""
        failures = []

        def guarded(function):
            try:
                function()
            except BaseException as failure:
                failures.append(failure)

        threads = [threading.Thread(target=guarded, args=(function,))
                   for function in functions]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
            self.assertFalse(thread.is_alive())
        if failures:
            raise failures[0]

    def test_insert_find_remove(self):
        table = hpte.Table(18)

        def worker(number):
            def work():
                for i in range(400):
                    va = hpte.Va(number << 20 | i % 50, i << 12, 28, 12)
                    index = table.map(va, i << 12)
                    self.assertEqual(table.find(va).entry.real, i << 12)
                    table.remove(index, avpn=va.dw0())
            return work

        self.run_all(*map(worker, range(1, 5)))
        self.assertEqual(list(table), [])

    def test_tables_replaced_under_readers(self):
        table = hpte.Table(18)
        table.map(VA, 0x3000, dw0=k.DW0_BOLTED)
        done = threading.Event()

        def resize():
            try:
                for order in (19, 20, 18) * 6:
                    for opcode in (hpte.Hcall.RESIZE_HPT_PREPARE,
                                   hpte.Hcall.RESIZE_HPT_COMMIT):
                        answer = None
                        while answer is None:
                            try:
                                answer = table.hcall(opcode, 0, order)
                            except hpte.Again:
                                pass
                        self.assertEqual(answer.ret, hpte.H.SUCCESS)
                    self.assertEqual(table.order, order)
            finally:
                done.set()

        def use():
            while not done.is_set():
                self.assertEqual(table.find(VA).entry.real, 0x3000)
                # the last slot of the largest of them
                try:
                    table.read((1 << 16) - 1)
                except (hpte.NotFound, hpte.BadIndex):
                    pass

        self.run_all(resize, use, use)

    def test_nobody_enters_while_a_table_is_replaced(self):
        seen = []

        class Stopping(hpte.Host):
            def vcpus_stop(self):
                other.start()
                other.join(0.2)
                seen.append(other.is_alive())
                return True

        table = hpte.Table(18, host=Stopping())
        other = threading.Thread(target=lambda: seen.append(table.order))
        for opcode in (hpte.Hcall.RESIZE_HPT_PREPARE,
                       hpte.Hcall.RESIZE_HPT_COMMIT):
            self.assertEqual(table.hcall(opcode, 0, 19).ret, hpte.H.SUCCESS)
        other.join(60)
        self.assertEqual(seen, [True, 19])

    def test_closed_under_users(self):
        for _ in range(20):
            table = hpte.Table(18)
            started = threading.Barrier(3)

            def use(table=table, started=started):
                started.wait()
                with self.assertRaises(hpte.Closed):
                    while True:
                        table.remove(table.map(VA, 0x3000))

            def close(table=table, started=started):
                started.wait()
                table.close()
                gc.collect()

            self.run_all(use, use, close)

    def test_reset_wants_to_be_alone(self):
        inside, leave = threading.Event(), threading.Event()

        class Slow(hpte.Host):
            def tlb_invalidate(self, rb, flags):
                inside.set()
                leave.wait(60)

        table = hpte.Table(18, host=Slow())
        index = table.map(VA, 0x3000)

        def reset():
            inside.wait(60)
            try:
                with self.assertRaises(hpte.Busy):
                    table.reset()
            finally:
                leave.set()

        self.run_all(lambda: table.remove(index), reset)
        table.reset()

    def test_a_failure_reaches_its_own_thread(self):
        class Picky(hpte.Host):
            def tlb_invalidate(self, rb, flags):
                if threading.current_thread().name == 'picked':
                    raise Failure

        table = hpte.Table(18, host=Picky())

        def plain():
            for i in range(200):
                table.remove(table.insert(8 * i, ENTRY))

        def picked():
            threading.current_thread().name = 'picked'
            for i in range(200):
                index = table.insert(0x1000 + 8 * i, ENTRY)
                with self.assertRaises(Failure):
                    table.remove(index)

        self.run_all(plain, picked)


if __name__ == '__main__':
    unittest.main()
