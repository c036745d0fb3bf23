# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Storage interrupts, devices, emulated instructions: what they answer, and
every misuse."""
import gc
import threading
import unittest
import weakref

import hpte
from hpte import (FaultAction, MmioAction, MmioReason, MmioResult,
                  constants as k)

SEGMENT = 0x1234 << 12 | k.SLB_KP
DEVICE = 1 << 31
MSR = k.MSR_IR | k.MSR_DR
LWZ_R5_R4 = (0x80A40000, 0)
STW_R5_R4 = (0x90A40000, 0)
LMW_R30_R4 = (0xBBC40000, 0)


class Host(hpte.Host):
    """RAM below DEVICE; its pages 1 TiB above the guest's, but not while
    entries are made."""

    def __init__(self):
        self.events, self.ready = [], False
        self.ram = bytearray(0x10000)

    def classify(self, gpa, shift):
        kind = hpte.Backing.RAM if gpa < DEVICE else hpte.Backing.IO
        return kind, 24

    def map_page(self, gpa, shift, want_write):
        return hpte.HostPage(gpa + (1 << 40), shift) if self.ready else \
            hpte.HostAnswer.LATER

    def guest_read(self, gpa, size):
        return self.ram[gpa:gpa + size]

    def tlb_invalidate(self, rb, flags):
        pass

    def tlb_invalidate_all(self):
        pass

    def trace(self, event, args):
        self.events.append((event, args))


class Register(hpte.Device):
    """What load and store answer is set by the test."""

    def __init__(self):
        self.answer, self.seen = 0x12345678, []

    def load(self, offset, size):
        self.seen.append((offset, size))
        if isinstance(self.answer, type):
            raise self.answer('as a test wants')
        return self.answer

    def store(self, offset, size, value):
        self.seen.append((offset, size, value))
        if isinstance(self.answer, type):
            raise self.answer('as a test wants')
        return self.answer if isinstance(self.answer, MmioResult) else None


class Scene(unittest.TestCase):
    WALKER = False

    def setUp(self):
        self.host, self.device = Host(), Register()
        self.table = hpte.Table(18, walker=self.WALKER, host=self.host,
                                devices=2)
        self.addCleanup(self.table.close)
        self.table.bus.add(DEVICE, 64, self.device, sizes=(4, 8))
        self.ram = self.enter(0x1000, 0x3000, k.DW1_M | 2)
        self.io = self.enter(0x5000, DEVICE, k.DW1_I | k.DW1_G | 2)
        self.vcpu = hpte.Vcpu(self.table)
        self.cpu = hpte.MmioCpu(self.table)
        self.registers = hpte.Registers()
        self.registers.msr = MSR
        self.host.ready = True
        self.host.events.clear()

    def enter(self, ea, gpa, bits):
        va = hpte.Va.of(SEGMENT, ea)
        entry = hpte.Entry.map(va, gpa, bits)
        answer = self.table.hcall(hpte.Hcall.ENTER, 0, 8 * va.group(18),
                                  entry.dw0, entry.dw1)
        self.assertEqual(answer.ret, hpte.H.SUCCESS)
        return answer.outs[0]

    def fault(self, ea, status=k.FAULT_NO_ENTRY, **more):
        return self.vcpu.resolve(ea, status, descriptor=SEGMENT, msr=MSR,
                                 **more)

    def access(self, words, offset=0):
        """The instruction at R4 = the device + offset."""
        self.registers.gpr[4] = 0x5000 + offset
        store = k.FAULT_STORE if words == STW_R5_R4 else 0
        return self.cpu.emulate(
            self.registers, self.fault(0x5000 + offset,
                                       k.FAULT_NO_ENTRY | store), words)


class Faults(Scene):
    WALKER = True

    def test_ram(self):
        outcome = self.fault(0x1008, k.FAULT_NO_ENTRY | k.FAULT_STORE)
        self.assertEqual((outcome.action, outcome.gpa, outcome.is_store,
                          outcome.shift),
                         (FaultAction.HOST_PAGE, 0x3008, True, 12))
        self.assertFalse(self.table.read(self.ram).valid)
        done = self.vcpu.complete(outcome)
        self.assertIs(done.action, FaultAction.RETRY)
        self.assertTrue(self.table.read(self.ram).valid)
        self.assertIs(self.vcpu.complete(outcome).action, FaultAction.RETRY)
        self.assertIs(self.vcpu.complete(done).action, FaultAction.RETRY)

    def test_the_host_cannot(self):
        self.host.map_page = lambda gpa, shift, want: hpte.HostAnswer.NEVER
        done = self.vcpu.complete(self.fault(0x1000))
        self.assertIs(done.action, FaultAction.HOST_ERROR)

    def test_reflected(self):
        outcome = self.fault(0x9000, k.FAULT_NO_ENTRY | k.FAULT_STORE)
        self.assertEqual((outcome.action, outcome.dar, outcome.bits),
                         (FaultAction.DSI, 0x9000,
                          k.FAULT_NO_ENTRY | k.FAULT_STORE))
        self.assertIs(self.fault(0x9000, fetch=True).action, FaultAction.ISI)
        for fetch, action in ((False, FaultAction.DSEG),
                              (True, FaultAction.ISEG)):
            outcome = self.vcpu.resolve(0x9000, fetch=fetch, msr=MSR)
            self.assertIs(outcome.action, action)

    def test_device(self):
        outcome = self.fault(0x5010)
        self.assertEqual((outcome.action, outcome.gpa, outcome.is_store),
                         (FaultAction.MMIO, DEVICE + 0x10, False))

    def test_the_memory_map_changes(self):
        self.assertIs(self.fault(0x5000).action, FaultAction.MMIO)
        self.host.classify = lambda gpa, shift: (hpte.Backing.RAM, 24)
        self.assertIs(self.fault(0x5000).action, FaultAction.MMIO)	# known
        self.table.forget_devices()
        self.assertIsNot(self.fault(0x5000).action, FaultAction.MMIO)

    def test_fetch(self):
        self.host.ram[0x3010:0x3014] = LWZ_R5_R4[0].to_bytes(4, 'big')
        self.assertEqual(self.table.fetch(0x1010, SEGMENT, msr=MSR),
                         LWZ_R5_R4)
        with self.assertRaises(hpte.NotFound):
            self.table.fetch(0x9000, SEGMENT, msr=MSR)
        self.host.guest_read = lambda gpa, size: None
        with self.assertRaises(hpte.NotFound):
            self.table.fetch(0x1010, SEGMENT, msr=MSR)

    def test_a_callback_raises(self):
        def broken(*arguments):
            raise ZeroDivisionError

        outcome = self.fault(0x1000)
        self.host.classify = broken
        with self.assertRaises(ZeroDivisionError):
            self.fault(0x5000)
        self.host.map_page = broken
        with self.assertRaises(ZeroDivisionError):
            self.vcpu.complete(outcome)


class Devices(Scene):
    def test_the_script_itself(self):
        bus = self.table.bus
        self.assertEqual(bus.load(DEVICE, 4), 0x12345678)
        self.assertEqual(bus.load(DEVICE, 4, big_endian=False), 0x78563412)
        bus.store(DEVICE + 8, 4, 0x11223344, big_endian=False)
        self.assertEqual(self.device.seen, [(0, 4), (0, 4),
                                            (8, 4, 0x44332211)])

    def test_no_answer(self):
        bus = self.table.bus
        for gpa, size in ((DEVICE - 4, 4), (DEVICE + 2, 4), (DEVICE, 2),
                          (DEVICE + 64, 4), (k.U64_MAX, 8)):
            with self.assertRaises(hpte.BusError) as caught:
                bus.load(gpa, size)
            self.assertIs(caught.exception.result, MmioResult.UNCLAIMED)
        for result in (MmioResult.FAULT, MmioResult.PENDING,
                       MmioResult.UNCLAIMED):
            self.device.answer = result
            for use in (lambda: bus.load(DEVICE, 4),
                        lambda: bus.store(DEVICE, 4, 1)):
                with self.assertRaises(hpte.BusError) as caught:
                    use()
                self.assertIs(caught.exception.result, result)

    def test_add_and_remove(self):
        bus, other = self.table.bus, Register()
        for start, size, error in ((DEVICE + 63, 8, hpte.BadParameter),
                                   (0, 0, hpte.BadParameter),
                                   (k.U64_MAX, 2, hpte.BadParameter)):
            with self.assertRaises(error):
                bus.add(start, size, other)
        bus.add(0, 8, other, sizes=(1,), little_endian=True)
        with self.assertRaises(hpte.Full):
            bus.add(16, 8, other)
        bus.remove(DEVICE)
        with self.assertRaises(hpte.NotFound):
            bus.remove(DEVICE)
        with self.assertRaises(hpte.NotFound):
            bus.remove(4)		# not where it starts
        with self.assertRaises(hpte.BusError):
            bus.load(DEVICE, 4)
        other.answer = 7
        self.assertEqual(bus.load(5, 1), 7)
        core = self.table._core
        self.assertEqual(list(core.devices.known.values()), [other])

    def test_notified(self):
        bus, other = self.table.bus, Register()
        bus.add(0, 64, other, notify=True)
        bus.store(3, 8, 5)
        self.assertEqual(other.seen, [(3, 8, 0)])

    def test_removed_while_it_is_used(self):
        bus, table = self.table.bus, self.table

        class Leaving(hpte.Device):
            def load(self, offset, size):
                bus.remove(0)
                return 5

        bus.add(0, 64, Leaving())
        gone = weakref.ref(table._core.devices.known[2])
        self.assertEqual(bus.load(0, 4), 5)
        gc.collect()
        self.assertIsNone(gone())
        with self.assertRaises(hpte.BusError):
            bus.load(0, 4)

    def test_closed_while_it_is_used(self):
        bus, table = self.table.bus, self.table

        class Closing(hpte.Device):
            def load(self, offset, size):
                table.close()
                gc.collect()
                return 5

        bus.add(0, 64, Closing())
        self.assertEqual(bus.load(0, 4), 5)
        with self.assertRaises(hpte.Closed):
            bus.load(0, 4)

    def test_it_raises(self):
        bus = self.table.bus
        for error in (ZeroDivisionError, KeyboardInterrupt):
            self.device.answer = error
            for use in (lambda: bus.load(DEVICE, 4),
                        lambda: bus.store(DEVICE, 4, 1),
                        lambda: self.access(LWZ_R5_R4),
                        lambda: self.access(STW_R5_R4),
                        lambda: self.ci(hpte.Hcall.LOGICAL_CI_LOAD)):
                self.registers.gpr[5] = 99
                with self.assertRaises(error) as caught:
                    use()
                self.assertIn('a bus has called',
                              caught.exception.__notes__[0])
                self.assertEqual(self.registers.gpr[5], 99)
        self.device.answer = 5		# nothing is left half done
        self.assertIs(self.access(LWZ_R5_R4).action, MmioAction.EMULATED)

    def test_wrong_answers(self):
        bus = self.table.bus
        for wrong, kind in ((None, TypeError), ('x', TypeError),
                            (True, TypeError), (-1, ValueError),
                            (1 << 32, ValueError), (1 << 200, ValueError),
                            (MmioResult.DONE, ValueError)):
            self.device.answer = wrong
            with self.subTest(wrong), self.assertRaises(kind):
                bus.load(DEVICE, 4)
        self.device.store = lambda offset, size, value: 'x'
        with self.assertRaises(ValueError):
            bus.store(DEVICE, 4, 0)

    def test_it_may_not_wait_for_itself(self):
        class Nosy(hpte.Device):
            def load(self, offset, size):
                return bus.load(DEVICE, 4)

        bus = self.table.bus
        bus.add(0, 64, Nosy())
        with self.assertRaises(hpte.InsideCallback):
            bus.load(0, 4)

    def test_arguments(self):
        bus = self.table.bus
        for kind, values in {TypeError: ('1', 1.0, None, True),
                             ValueError: (-1, 1 << 64)}.items():
            for value in values:
                for use in (lambda x: bus.add(x, 8, self.device),
                            lambda x: bus.add(0, x, self.device),
                            lambda x: bus.add(0, 8, self.device, sizes=(x,)),
                            bus.remove, lambda x: bus.load(x, 4),
                            lambda x: bus.load(DEVICE, x),
                            lambda x: bus.store(x, 4, 0),
                            lambda x: bus.store(DEVICE, 4, x),
                            lambda x: hpte.Table(18, devices=x)):
                    with self.subTest(value), self.assertRaises(kind):
                        use(value)
        for use in (lambda: bus.load(DEVICE, 3),
                    lambda: bus.store(DEVICE, 4, 1 << 32),
                    lambda: bus.add(0, 8, self.device, sizes=()),
                    lambda: hpte.Table(18, devices=1 << 20)):
            with self.assertRaises(ValueError):
                use()
        for wrong in (None, Register, 5):
            with self.assertRaises(TypeError):
                bus.add(0, 8, wrong)
        with hpte.Table(18, devices=0) as table, \
                self.assertRaises(hpte.Full):
            table.bus.add(0, 8, self.device)

    # hypercalls to devices

    def ci(self, opcode, value=0):
        gpr = [0] * 32
        gpr[3:7] = opcode, 4, DEVICE + 4, value
        return self.table.dispatch(gpr), gpr

    def test_hypercalls(self):
        done, gpr = self.ci(hpte.Hcall.LOGICAL_CI_LOAD)
        self.assertEqual((done, gpr[3:5]),
                         (hpte.Disposition.DONE, [0, 0x12345678]))
        done, gpr = self.ci(hpte.Hcall.LOGICAL_CI_STORE, 5)
        self.assertEqual((done, gpr[3]), (hpte.Disposition.DONE, 0))
        self.assertEqual(self.device.seen, [(4, 4), (4, 4, 5)])

    def test_hypercalls_that_wait(self):
        self.device.answer = MmioResult.PENDING
        done, gpr = self.ci(hpte.Hcall.LOGICAL_CI_LOAD)
        self.assertIs(done, hpte.Disposition.PENDING)
        self.table.complete(gpr, 0x55)
        self.assertEqual(gpr[3:5], [0, 0x55])
        with self.assertRaises(ValueError):
            self.table.complete(gpr, 0x55)	# it does not wait any more
        done, gpr = self.ci(hpte.Hcall.LOGICAL_CI_LOAD)
        self.table.bus.remove(DEVICE)
        self.table.complete(gpr, 0x55)
        self.assertEqual(gpr[3], hpte.H.HARDWARE % 2**64)
        for value, kind in ((None, TypeError), (1 << 64, ValueError)):
            with self.assertRaises(kind):
                self.table.complete([hpte.Hcall.LOGICAL_CI_LOAD] * 4 +
                                    [4] * 28, value)


class Emulation(Scene):
    def test_load_and_store(self):
        self.assertEqual(self.access(LWZ_R5_R4, 8),
                         hpte.Emulation(MmioAction.EMULATED))
        self.assertEqual((self.registers.gpr[5], self.registers.pc),
                         (0x12345678, 4))
        self.registers.gpr[5] = 0xFFFFFFFF_00000001
        self.access(STW_R5_R4)
        self.assertEqual(self.device.seen, [(8, 4), (0, 4, 1)])
        self.assertEqual(self.registers.pc, 8)

    def test_later(self):
        self.device.answer = MmioResult.PENDING
        self.assertIs(self.access(LMW_R30_R4).action, MmioAction.WAIT)
        busy = self.access(LWZ_R5_R4)
        self.assertEqual(busy, hpte.Emulation(MmioAction.HOST,
                                              reason=MmioReason.BUSY))
        more = self.cpu.complete(self.registers, 0x1111)
        self.assertIs(more.action, MmioAction.WAIT)	# R31
        self.assertEqual(self.registers.gpr[30], 0)
        done = self.cpu.complete(self.registers, 0x2222)
        self.assertIs(done.action, MmioAction.EMULATED)
        self.assertEqual(list(self.registers.gpr[30:32]), [0x1111, 0x2222])
        idle = self.cpu.complete(self.registers)
        self.assertIs(idle.reason, MmioReason.IDLE)

    def test_given_up(self):
        self.device.answer = MmioResult.PENDING
        self.access(LWZ_R5_R4)
        self.cpu.abort()
        self.cpu.abort()
        self.assertIs(self.cpu.complete(self.registers).reason,
                      MmioReason.IDLE)

    def test_the_device_is_gone_when_it_answers(self):
        self.device.answer = MmioResult.PENDING
        self.access(LMW_R30_R4)
        self.table.bus.remove(DEVICE)
        del self.device
        gc.collect()
        self.registers.msr = MSR | k.bit(51)	# ME
        done = self.cpu.complete(self.registers, 0x1111)
        self.assertEqual(self.registers.gpr[30], 0)
        self.assertIn(done.action, (MmioAction.REFLECT, MmioAction.HOST))

    def test_reflected(self):
        self.device.answer = MmioResult.FAULT
        self.registers.msr = MSR | k.bit(51)	# ME
        done = self.access(LWZ_R5_R4)
        self.assertIs(done.action, MmioAction.REFLECT)
        self.assertEqual((done.interrupt.vector, done.interrupt.dar),
                         (0x200, 0x5000))
        self.registers.msr = MSR
        self.assertIs(self.access(LWZ_R5_R4).reason, MmioReason.CHECKSTOP)

    def test_not_the_instruction(self):
        self.registers.gpr[4] = 0x6000
        done = self.cpu.emulate(self.registers, self.fault(0x5000), LWZ_R5_R4)
        self.assertIs(done.action, MmioAction.RETRY)

    def test_not_a_device(self):
        done = self.cpu.emulate(self.registers, self.fault(0x9000), LWZ_R5_R4)
        self.assertIs(done.reason, MmioReason.NOT_MMIO)

    def test_registers(self):
        registers = self.registers
        for wrong, kind in ((-1, ValueError), (1 << 64, ValueError),
                            ('x', TypeError), (1.0, TypeError)):
            for name in ('pc', 'msr', 'xer'):
                with self.assertRaises(kind):
                    setattr(registers, name, wrong)
            with self.assertRaises(kind):
                registers.gpr[3] = wrong
        with self.assertRaises(IndexError):
            registers.gpr[32] = 0
        with self.assertRaises(AttributeError):
            registers.gpr = [0] * 32
        self.assertEqual((len(registers.gpr), len(registers.vsr)), (32, 128))
        registers.gpr[3] = hpte.Hcall.REMOVE
        self.assertIs(self.table.dispatch(registers.gpr),
                      hpte.Disposition.DONE)
        with self.assertRaises(TypeError):
            self.table.dispatch(registers.gpr.toreadonly())
        with self.assertRaises(ValueError):
            self.table.dispatch(registers.vsr)

    def test_arguments(self):
        outcome = self.fault(0x5000)
        for use in (
                lambda: hpte.Vcpu(None), lambda: hpte.MmioCpu(self.vcpu),
                lambda: self.vcpu.complete(None),
                lambda: self.cpu.emulate(None, outcome, LWZ_R5_R4),
                lambda: self.cpu.emulate(self.registers, None, LWZ_R5_R4),
                lambda: self.cpu.emulate(self.registers, outcome, None),
                lambda: self.cpu.emulate(self.registers, outcome, (1, '')),
                lambda: self.cpu.complete([0] * 192),
                lambda: self.cpu.complete(self.registers, None),
                lambda: self.vcpu.resolve(None), lambda: self.fault('x'),
                lambda: self.fault(0, None)):
            with self.assertRaises(TypeError):
                use()
        for use in (
                lambda: self.cpu.emulate(self.registers, outcome, (1,)),
                lambda: self.cpu.emulate(self.registers, outcome, (1, -1)),
                lambda: self.cpu.emulate(self.registers, outcome,
                                         (1 << 32, 0)),
                lambda: self.cpu.complete(self.registers, 1 << 64),
                lambda: self.cpu.complete(self.registers, 0, 77),
                lambda: self.vcpu.resolve(1 << 64),
                lambda: self.fault(0, 1 << 32),
                lambda: hpte.Vcpu(self.table).complete(outcome)):
            with self.assertRaises(ValueError):
                use()
        with hpte.Table(18) as other, self.assertRaises(ValueError):
            hpte.MmioCpu(other).emulate(self.registers, outcome, LWZ_R5_R4)

    def test_closed(self):
        outcome = self.fault(0x5000)
        core = weakref.ref(self.table._core)
        self.table.close()
        self.assertIsNone(core())	# no CPU keeps it
        for use in (
                lambda: self.fault(0x5000),
                lambda: self.vcpu.complete(outcome),
                lambda: self.cpu.emulate(self.registers, outcome, LWZ_R5_R4),
                lambda: self.cpu.complete(self.registers), self.cpu.abort,
                lambda: hpte.Vcpu(self.table),
                lambda: hpte.MmioCpu(self.table),
                lambda: self.table.bus.load(DEVICE, 4),
                lambda: self.table.bus.add(0, 8, self.device),
                lambda: self.table.bus.remove(DEVICE),
                lambda: self.table.fetch(0, SEGMENT), self.table.counters,
                self.table.forget_devices,
                lambda: self.table.complete([hpte.Hcall.LOGICAL_CI_LOAD] * 4 +
                                            [4] * 28)):
            with self.assertRaises(hpte.Closed):
                use()

    def test_two_threads_on_one_cpu(self):
        inside, go_on = threading.Event(), threading.Event()
        self.addCleanup(go_on.set)

        class Slow(hpte.Device):
            def load(self, offset, size):
                inside.set()
                go_on.wait(30)
                return 5

        self.table.bus.remove(DEVICE)
        self.table.bus.add(DEVICE, 64, Slow())
        outcome = self.fault(0x5000)
        self.registers.gpr[4] = 0x5000
        thread = threading.Thread(target=self.cpu.emulate, args=(
            self.registers, outcome, LWZ_R5_R4))
        thread.start()
        self.assertTrue(inside.wait(30))
        with self.assertRaises(hpte.Busy):
            self.cpu.emulate(hpte.Registers(), outcome, LWZ_R5_R4)
        with self.assertRaises(hpte.Busy):
            self.cpu.abort()
        go_on.set()
        thread.join()
        self.assertEqual(self.registers.gpr[5], 5)


if __name__ == '__main__':
    unittest.main()
