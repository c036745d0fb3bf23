# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Replay a recording and compare every answer: replay.py TRACE [FINAL]."""
import sys

import hpte

replay = hpte.Replay(hpte.Machine(ram=1 << 30, max_page=24))
with hpte.Recording(sys.argv[1]) as recording:
    result = replay.run(recording)
print(f'{result.hcalls} hypercalls, {result.lookups} lookups: '
      f'{result.mismatches} mismatches')
print(result.first, end='')
for (opcode, code), times in result.kinds.most_common(3):
    print(f'{times:7} H_{hpte.Hcall(opcode).name} {hpte.H(code).name}')
if len(sys.argv) > 2:
    same = replay.table.image() == hpte.open_image(sys.argv[2])
    print('the final table is', 'the same' if same else 'another')
