# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""A guest that stores to an emulated UART, and what happened to its table."""
import hpte
from hpte import FaultAction, MmioAction
from hpte import constants as k

UART, SEGMENT = 0x80000000, 0x1234 << 12 | k.SLB_KP
RAM = bytearray(1 << 16)
RAM[0x100:0x104] = (0x98A40000).to_bytes(4, 'big')      # stb r5,0(r4)


class Host(hpte.Host):
    def classify(self, gpa, shift):
        return (hpte.Backing.RAM if gpa < len(RAM) else hpte.Backing.IO), 16

    def guest_read(self, gpa, size):
        return RAM[gpa:gpa + size] if gpa + size <= len(RAM) else None

    def trace(self, event, args):
        print(hpte.event_name(event), *map(hex, args))


class Uart(hpte.Device):
    def load(self, offset, size):
        return 0x60 if offset == 5 else 0               # LSR: idle

    def store(self, offset, size, value):
        print('the guest says', chr(value))


table = hpte.Table(host=Host(), counters=True)
table.bus.add(UART, 8, Uart(), sizes=(1,))
for ea, gpa, bits in ((0, 0, k.DW1_M), (0x5000, UART, k.DW1_I | k.DW1_G)):
    va = hpte.Va.of(SEGMENT, ea)
    entry = hpte.Entry.map(va, gpa, bits | 2)
    table.hcall(hpte.Hcall.ENTER, 0, 8 * va.group(table.order), entry.dw0,
                entry.dw1)

# The guest's CPU is at 0x100; its store found no valid entry: an HDSI.
vcpu, cpu, registers = hpte.Vcpu(table), hpte.MmioCpu(table), hpte.Registers()
registers.pc, registers.msr = 0x100, k.MSR_IR | k.MSR_DR
registers.gpr[4], registers.gpr[5] = 0x5000, ord('A')
outcome = vcpu.resolve(0x5000, k.FAULT_NO_ENTRY | k.FAULT_STORE,
                       descriptor=SEGMENT, msr=registers.msr)
if outcome.action is FaultAction.MMIO:
    words = table.fetch(registers.pc, SEGMENT, msr=registers.msr)
    done = cpu.emulate(registers, outcome, words)
    if done.action is MmioAction.EMULATED:
        print(f'go on at 0x{registers.pc:x}')
for event, times in sorted(table.counters().items()):
    print(f'{times} {hpte.event_name(event)}')
