#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Are the barriers around the tlbies executed, in their order?

usage: barriers.py EMULATOR OBJDUMP PROGRAM

PROGRAM is tests/equiv/tlbie.c: a barrier leaves no trace in it, but the
emulator can tell which instructions it executed.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

FUNCTION = 'hpte_ppc64_tlb_invalidate'
END = ['eieio', 'tlbsync', 'ptesync']
# The calls of tlbie.c, in their order.
EXPECTED = 3 * (['ptesync'] + 3 * ['tlbie'] + END + 3 * ['tlbie'] + END) + \
    ['ptesync'] + END + \
    2 * (['ptesync'] + 3 * ['tlbie'] + ['ptesync', 'tlbie'] + END) + \
    3 * ['ptesync', 'tlbie'] + END + \
    ['ptesync'] + 3 * ['tlbiel'] + ['ptesync']


def run(*command):
    return subprocess.run(command, check=True, text=True,
                          stdout=subprocess.PIPE).stdout


def told(objdump, program):
    """The instructions of the function that are told, by their address."""
    body, found = False, {}
    for line in run(objdump, '-d', '--no-show-raw-insn', program).splitlines():
        head = re.match(r'[0-9a-f]+ <\.?(\w+)>:', line)
        if head:
            body = head[1] == FUNCTION
        match = re.match(r'\s+([0-9a-f]+):\s+(\S+)', line)
        if body and match:
            found[int(match[1], 16)] = match[2]
    return found


def main():
    emulator, objdump, program = sys.argv[1:]
    names = told(objdump, program)
    with tempfile.TemporaryDirectory() as scratch:
        log = pathlib.Path(scratch) / 'log'
        run(emulator, '-singlestep', '-d', 'exec,nochain', '-dfilter',
            f'0x{min(names):x}..0x{max(names):x}', '-D', str(log), program)
        executed = [int(pc, 16) for pc in
                    re.findall(r'\[[0-9a-f]+/([0-9a-f]+)/', log.read_text())]
    done = [names[pc] for pc in executed if pc in names and
            names[pc] in {'tlbie', 'tlbiel', *END}]
    if done != EXPECTED:
        print('executed', *done)
        print('expected', *EXPECTED)
        return 1
    print(f'{len(done)} instructions in their order')
    return 0


if __name__ == '__main__':
    sys.exit(main())
