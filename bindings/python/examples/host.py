# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""A host with 1 GiB of RAM and a UART above it, and a hardware walker."""
import hpte
from hpte import Backing, HostPage
from hpte import constants as k


class Host(hpte.Host):
    def classify(self, gpa, shift):
        return (Backing.RAM if gpa < 1 << 30 else Backing.IO), 24

    def map_page(self, gpa, shift, want_write):
        return HostPage(real=gpa + (1 << 40), shift=shift)

    def tlb_invalidate(self, rb, flags):
        print('tlbie', [hex(operand) for operand in rb])

    def tlb_invalidate_all(self):
        print('tlbie of everything')


with hpte.Table(18, walker=True, host=Host()) as table:
    for offset, gpa, bits in ((0x0000, 0x3000, k.DW1_M | 2),
                              (0x1000, 0x80000000, k.DW1_I | k.DW1_G | 2)):
        va = hpte.Va(0x1234, offset, segment=28, base=12)
        entry = hpte.Entry.map(va, gpa, bits)
        table.hcall(hpte.Hcall.ENTER, 0, 8 * va.group(18), entry.dw0,
                    entry.dw1)
    for view in table:
        print(f'{view.entry.real:8x}', 'valid' if view.valid else 'absent',
              'device' if view.mmio else 'RAM')
        table.hcall(hpte.Hcall.REMOVE, 0, view.index)
