# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""A guest's table: enter a page, look it up, take it out, draw the table."""
import hpte
from hpte import constants as k

table = hpte.Table(order=18)                    # 256 KiB: 16,384 entries

# A page of segment 0x1234, as the guest's kernel would enter it.
va = hpte.Va(vsid=0x1234, offset=0x5000, segment=28, base=12)
entry = hpte.Entry.map(va, gpa=0x3000)
answer = table.hcall(hpte.Hcall.ENTER, 0, 8 * va.group(table.order),
                     entry.dw0, entry.dw1)
index = answer.outs[0]
print(f'H_ENTER: {hpte.H(answer.ret).name}, index 0x{index:x}')

# What the entry says, and where an access goes.
print(table.read(index).entry.describe(index))
access = table.translate(ea=0x5678, descriptor=0x1234 << 12 | k.SLB_KP)
print(f'0x5678 is at 0x{access.gpa:x}, rights {access.rights}')

# What is not there is an exception.
table.hcall(hpte.Hcall.REMOVE, 0, index)
try:
    table.find(va)
except hpte.NotFound as error:
    print(error)

# 1,000 more, and how they lie.
for number in range(1000):
    table.map(hpte.Va(number % 7, number << 12, 28, 12), gpa=number << 12)
occupancy = hpte.Occupancy.of(table)
print(occupancy.text(columns=64, rows=4), end='')
with open('table.svg', 'w', encoding='utf-8') as file:
    file.write(occupancy.svg())
