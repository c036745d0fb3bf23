#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Let hptctl dump tables whose contents are known, and files that are none.

usage: dump.py HPTCTL yes|no

yes: HPTCTL was built with liblzma.  The tables are made here, entry by entry,
in both formats; and one is a recorded kernel's, counted here.
"""
import json
import lzma
import os
import re
import shlex
import struct
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import recording  # noqa: E402
from recording import PAGES, Space  # noqa: E402

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'data')
ORDER = 18
V, SECONDARY, BOLTED, GUEST_SW = 1, 2, 0x10, 8
BUSY, ABSENT, DEVICE = 0x40, 0x20, 1 << 63
B_1T, B_1T_300 = 1 << 62, 1 << 58
R, C, N = 0x100, 0x80, 4
KERNEL, USER = Space(0x1234567, 40, 16), Space(0x23456789A, 28, 12)
LINEAR = Space(0xABCDE, 40, 24)

# Segment, offset, real address, actual page, doubleword 1, software bits and
# H, slot, state: one entry of each kind.
ENTRIES = (
    (KERNEL, 0x40000, 0x7654320000, 16, 0x12 | R | C, BOLTED, 0, 'valid'),
    (KERNEL, 0x50000, 0x30000, 16, 0x13 | N | 0x3000000000000A00, SECONDARY,
     7, 'valid'),
    (LINEAR, 0x3000000, 0x5000000, 24, 1 << 63 | 0x12 | R, GUEST_SW, 3,
     'valid'),
    (USER, 0x5000, 0x9000, 12, 0x12 | C, BUSY, 1, 'valid'),
    (USER, 0x123000, 0x450000, 16, 0x11 | R, 0, 2, 'absent'),
    (KERNEL, 0x60000, 0x80010000, 16, 0x2A, DEVICE | BOLTED, 4, 'absent'),
    (USER, 0x7000, 0xB000, 12, 0x10, BUSY | SECONDARY, 5, 'absent'),
)


def encode(entry, format):
    """(index, doubleword 0, doubleword 1) as they lie in the table."""
    space, ea, real, actual, dw1, bits, slot, state = entry
    large, page = PAGES[space.base, actual]
    dw0 = space.dw0(ea) | large | bits
    dw1 |= real | page
    if state == 'absent':
        dw0 |= ABSENT
    else:
        dw0 |= V
        if format == 300 and dw0 & B_1T:
            dw0, dw1 = dw0 & ~B_1T | ABSENT, dw1 | B_1T_300
    group = space.group(ea, bits & SECONDARY, ORDER)
    return group * 8 + slot, dw0, dw1


def expected(entry, format):
    """What --json says of it."""
    space, ea, real, actual, dw1, bits, _, state = entry
    index, dw0, raw = encode(entry, format)
    return {
        'index': index, 'dw0': f'{dw0:016x}', 'dw1': f'{raw:016x}',
        'state': state, 'secondary': bool(bits & SECONDARY),
        'bolted': bool(bits & BOLTED), 'software': dw0 >> 3 & 15,
        'device': bool(bits & DEVICE), 'inert': False,
        'busy': bool(bits & BUSY), 'segment': space.bits,
        'base': space.base, 'actual': actual, 'vsid': space.vsid,
        'offset': ea, 'real': real, 'pp': dw1 >> 61 & 4 | dw1 & 3,
        'key': dw1 >> 57 & 0x18 | dw1 >> 9 & 7, 'wimg': dw1 >> 3 & 15,
        'r': int(bool(dw1 & R)), 'c': int(bool(dw1 & C)),
        'n': int(bool(dw1 & N))}


def table(slots):
    data = bytearray(1 << ORDER)
    for index, *words in slots:
        struct.pack_into('>QQ', data, 16 * index, *words)
    return bytes(data)


class Bench:
    def __init__(self, command, directory):
        self.command = shlex.split(os.environ.get('MESON_EXE_WRAPPER', ''))
        self.command += [command, 'dump']
        self.path = os.path.join(directory, 'x.hpt')
        self.runs = 0
        self.wrong = []

    def check(self, what, good, found):
        if not good:
            self.wrong.append(f'{what}: {found}')

    def run(self, what, data, options=(), status=0, say='', path=None):
        """@say: pattern of standard error."""
        path = path or self.path
        if data is not None:
            with open(path, 'wb') as file:
                file.write(data)
        result = subprocess.run(self.command + ['--hpt', path, *options],
                                text=True, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE)
        self.runs += 1
        self.check(what, result.returncode == status and
                   re.search(say, result.stderr) is not None and
                   bool(say) == bool(result.stderr),
                   f'exit {result.returncode}, {result.stderr!r}')
        return result.stdout

    def json(self, what, data, options=()):
        text = self.run(what, data, ['--json', *options])
        return json.loads(text) if text else {'entries': [], 'table': {}}


def check_entries(bench):
    """Each field of each entry, in both formats, told and found."""
    for format in (207, 300):
        data = table(encode(entry, format) for entry in ENTRIES)
        want = sorted((expected(entry, format) for entry in ENTRIES),
                      key=lambda entry: entry['index'])
        for options in ([], [f'--format={format}']):
            found = bench.json(f'{format} {options}', data, options)
            for one, other in zip(found['entries'], want):
                bench.check(f'{format}', one == other, f'{one}, not {other}')
            bench.check(f'{format}: number of entries',
                        len(found['entries']) == len(want), found)
            sums = {'order': ORDER, 'format': format, 'valid': 4, 'absent': 3,
                    'empty': 2**(ORDER - 4) - 7, 'claimed': 0, 'other': 0,
                    'bolted': 2, 'secondary': 2, 'device': 1, 'inert': 0,
                    'busy': 2, 'not_decoded': 0,
                    'groups_by_entries': [2**(ORDER - 7) - 7, 7] + [0] * 7}
            bench.check(f'{format}: sums', found['table'] == sums,
                        found['table'])


def check_odd(bench):
    """What is no entry, or none that a table should have."""
    index, dw0, dw1 = encode(ENTRIES[0], 207)
    slots = [(index ^ 1 << 12, dw0, dw1),		# not in its group
             (1, BUSY, 0), (2, DEVICE | BUSY | 0x8, 5), (3, 0, 77),
             (4, 0x123 << 7 | V | 4, 0xFF000)]	# no such page size
    found = bench.json('odd', table(slots), ['--format=207'])
    states = {entry['index']: entry for entry in found['entries']}
    bench.check('inert', states.get(index ^ 1 << 12, {}).get('inert'), states)
    bench.check('being removed', states.get(2, {}).get('state') == 'other',
                states)
    bench.check('not decoded', 'base' not in states.get(4, {'base': 0}),
                states)
    bench.check('what is listed', set(states) == {index ^ 1 << 12, 2, 4},
                states)
    sums = {'valid': 2, 'claimed': 1, 'other': 1, 'inert': 1,
            'not_decoded': 1, 'empty': 2**(ORDER - 4) - 4}
    bench.check('odd: sums', sums.items() <= found['table'].items(), found)
    bench.run('format that nothing tells', table(slots), status=2,
              say='do not tell their format')


def check_format(bench):
    """The wrong format shows; only where both mean the same may it pass."""
    for told, format in ((207, 300), (300, 207)):
        data = table(encode(entry, format) for entry in ENTRIES)
        found = bench.json('wrong format', data, [f'--format={told}'])
        bad = found['table'].get('inert', 0) + \
            found['table'].get('not_decoded', 0)
        bench.check(f'{format} as {told}', bad == 3, found['table'])
    same = table(encode(entry, 300) for entry in ENTRIES[3:])
    found = bench.json('256M segments only', same)
    bench.check('256M segments only', found['table'].get('format') == 207,
                found)
    found = bench.json('empty', bytes(1 << ORDER))
    bench.check('empty', found['table'].get('empty') == 2**(ORDER - 4), found)


def check_text(bench):
    data = table(encode(entry, 300) for entry in ENTRIES)
    text = bench.run('text', data, ['--picture'])
    for pattern in (
            r'(?m)^0x0000\w{4} \w{16} \w{16}: valid, bolted, primary hash, '
            r'pages 2\^16/2\^16, 1T segment VSID 0x1234567 offset 0x40000, '
            r'real 0x7654320000, RPN 0x7654321, PP 2, key 0, WIMG 0010, R 1 '
            r'C 1, SW 0110$',
            r'(?m): absent, bolted, primary .* WIMG 0101, .*, device$',
            'key 29,', 'valid 4, absent 3', r'secondary 2 \(28\.57%\)',
            r'(?m)^groups by number of entries 0\.\.8: 2041 7 0',
            r'(?m)^         1 \|# 7$'):
        bench.check('text', re.search(pattern, text), f'no {pattern} in '
                    f'{text[:3000]}')
    bench.check('lines', text.count(' hash, ') == len(ENTRIES), text[:3000])
    bench.check('no picture', '|' not in bench.run('text alone', data), '')


def check_recorded(bench, packed):
    """A kernel's table, against a count of its words."""
    path = os.path.join(DATA, 'd-p8-4k-boot.final.hpt.xz')
    data = recording.unpack(path)
    words = list(struct.iter_unpack('>QQ', data))
    valid = [dw0 for dw0, _ in words if dw0 & V]
    want = {'format': 207, 'order': 22, 'valid': len(valid),
            'bolted': sum(bool(dw0 & BOLTED) for dw0 in valid),
            'secondary': sum(bool(dw0 & SECONDARY) for dw0 in valid),
            'inert': 0, 'not_decoded': 0, 'absent': 0}
    fill = [0] * 9
    for first in range(0, len(words), 8):
        fill[sum(dw0 & V for dw0, _ in words[first:first + 8])] += 1
    want['groups_by_entries'] = fill
    for data in ([data, lzma.compress(data)] if packed else [data]):
        found = bench.json('recorded', data)['table']
        bench.check('recorded', want.items() <= found.items(), found)


def check_bad(bench, packed):
    good = table(encode(entry, 207) for entry in ENTRIES)
    for size in (0, 1, 16, 2**17, 2**18 - 1, 2**18 + 1, 3 * 2**17):
        bench.run(f'{size} bytes', (good * 2)[:size], status=2,
                  say=rf'x\.hpt: .*{size} bytes are no table')
    bench.run('no file', None, status=2, say='nothing: .*No such file',
              path='nothing')
    bench.run('a directory', None, status=2, say='.', path=DATA)
    for options, say in ((['--format=301'], '--format is 207 or 300'),
                         (['--json', '--picture'], 'do not go together'),
                         (['more'], 'one table'), (['--ram=1'], '--ram'),
                         (['--walker'], '--walker'), (['--format'], 'format')):
        bench.run(f'{options}', good, options, 2, say)
    if not packed:
        return
    data = lzma.compress(good)
    bench.run('packed, cut off', data[:-20], status=2, say='packed file')
    bench.run('packed, too short', lzma.compress(good[:-16]), status=2,
              say='262128 bytes are no table')


def main():
    command, packed = sys.argv[1:]
    with tempfile.TemporaryDirectory() as directory:
        bench = Bench(command, directory)
        check_entries(bench)
        check_odd(bench)
        check_format(bench)
        check_text(bench)
        check_recorded(bench, packed == 'yes')
        check_bad(bench, packed == 'yes')
    for wrong in bench.wrong[:10]:
        print('WRONG', wrong)
    print(f'{bench.runs} runs, {len(bench.wrong)} wrong')
    return 1 if bench.wrong else 0


if __name__ == '__main__':
    sys.exit(main())
