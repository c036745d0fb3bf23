#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Give hptctl recordings that are damaged or tampered with.

usage: damage.py HPTCTL yes|no

yes: HPTCTL was built with liblzma.  Damage (a file that is no recording) must
give exit status 2 and a message with the offset; tampering (a recording of
something that did not happen) must give 1 and name the record; what hptctl
masks must give 0; random damage must never give anything else.
"""
import itertools
import lzma
import os
import random
import re
import shlex
import struct
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import recording  # noqa: E402
import scene  # noqa: E402

RANDOM_RUNS = 300
# Each run is a process.  Every how many of them are run; prime, so that it
# meets no loop below in step.  All: HPTE_TEST_ALL=1, make fuzz.
EVERY = 7
EMULATED_EVERY = 41
BITS = 0, 7, 55, 58, 59		# 58, 59: R and C of H_BULK_REMOVE
HCALL_RET, HCALL_OUTS = 80, 88
LOOKUP_FIELDS = {'ptex': 24, 'pte0': 32, 'pte1': 40, 'raddr': 48,
                 'fault': 76}
LOOKUP_INFO = 72
CKSUM_FIELDS = {'order': 4, 'hcalls': 8, 'raw': 16, 'valid': 24,
                'n_valid': 32, 'n_bolted': 40}


class Bench:
    """Runs hptctl on byte strings and judges what it says."""

    def __init__(self, command, directory):
        emulator = shlex.split(os.environ.get('MESON_EXE_WRAPPER', ''))
        self.command = emulator + [command, 'replay']
        self.every = (1 if os.environ.get('HPTE_TEST_ALL') else
                      EMULATED_EVERY if emulator else EVERY)
        self.asked = 0
        self.directory = directory
        self.runs = 0
        self.wrong = []

    def file(self, name, data):
        path = os.path.join(self.directory, name)
        with open(path, 'wb') as file:
            file.write(data)
        return path

    def run(self, what, expected, trace, final=None, say='', options=(),
            name='x.trace', final_name='x.hpt'):
        """@expected: exit statuses allowed; @say: pattern of the output."""
        self.asked += 1
        if self.asked % self.every:
            return
        command = self.command + list(options)
        command.append(self.file(name, trace))
        if final is not None:
            command += ['--final', self.file(final_name, final)]
        result = subprocess.run(command, text=True, errors='replace',
                                stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT)
        self.runs += 1
        good = (result.returncode in expected and
                re.search(say, result.stdout) is not None)
        if not good:
            self.wrong.append(f'{what}: exit {result.returncode}, expected '
                              f'{expected}, and {say!r} in:\n'
                              f'{result.stdout[:1500]}')

    def damaged(self, what, trace, offset=None, say='', **more):
        where = r'\d+' if offset is None else str(offset)
        self.run(what, {2}, trace, say=f'offset {where} .*{say}', **more)

    def tampered(self, what, trace, number=None, **more):
        say = r'first mismatch' + (f': record {number},' if number else '')
        self.run(what, {1}, trace, say=say, **more)


def patched(data, offset, form, value):
    changed = bytearray(data)
    struct.pack_into(form, changed, offset, value)
    return bytes(changed)


def flipped(data, offset, bits=1):
    changed = bytearray(data)
    changed[offset] ^= bits
    return bytes(changed)


class Scene:
    """The intact recording, and where its records are."""

    def __init__(self):
        machine = scene.make()
        self.trace = machine.bytes()
        self.final = machine.final()
        self.table = machine.table
        self.records = list(recording.split(self.trace))

    def of(self, tag):
        """(record number, offset) of the records with this tag."""
        return [(number, offset) for number, (offset, found, _)
                in enumerate(self.records, 1) if found == tag]

    def get(self, form, offset):
        return struct.unpack_from(form, self.trace, offset)[0]

    def hcalls(self):
        return [(number, offset, tag) for number, (offset, tag, _)
                in enumerate(self.records, 1) if tag < 0x10000]


def check_headers(bench, intact):
    trace = intact.trace
    bench.damaged('empty file', b'', 0)
    for i in range(8):
        bench.damaged(f'magic byte {i}', flipped(trace, i), 0,
                      'not a recording')
    bench.damaged('magic alone', trace[:8], 8, 'without an END')
    for number, offset, size in ((n, o, s) for n, (o, _, s)
                                 in enumerate(intact.records[:12], 1)):
        bench.damaged(f'tag of record {number}',
                      patched(trace, offset, '<I', 0x80000006), offset,
                      'unknown record tag')


def check_cuts(bench, intact):
    """Cut off at every byte of the first record of each kind."""
    seen = set()
    for offset, tag, size in intact.records:
        kind = 'hcall' if tag < 0x10000 else tag
        if kind in seen:
            continue
        seen.add(kind)
        for length in range(size):
            bench.damaged(f'cut {length} bytes into a record 0x{tag:x}',
                          intact.trace[:offset + length], offset,
                          'cut off' if length else 'without an END')


def check_order_of_records(bench, intact):
    trace = intact.trace
    for tag, size in ((recording.ENTER, 160), (recording.LOOKUP, 80),
                      (recording.RC, 16), (recording.CKSUM, 48)):
        record = struct.pack('<I', tag).ljust(size, b'\0')
        bench.damaged(f'record 0x{tag:x} before ALLOC',
                      trace[:8] + record + trace[8:], 8, 'before the first')
    bench.damaged('END alone', trace[:8] + trace[-8:], 8, 'without an ALLOC')
    bench.damaged('resize first', patched(trace, 12, '<I', 1), 8)
    bench.damaged('ALLOC of unknown kind', patched(trace, 12, '<I', 2), 8)
    _, last = intact.of(recording.END)[0]
    bench.damaged('END not zero', patched(trace, last + 4, '<I', 1), last)
    bench.damaged('data after END', trace + b'\0', len(trace), 'after the END')
    resize = [o for _, o in intact.of(recording.ALLOC)
              if intact.get('<I', o + 4) == 1][0]
    bench.damaged('resize without COMMIT',
                  trace[:resize + 16] + trace[resize + 176:], None,
                  'H_RESIZE_HPT_COMMIT')
    bench.damaged('resize, then END',
                  trace[:resize + 16] + trace[-8:], None, 'inside a resize')
    for number, offset, _ in intact.hcalls():
        bench.damaged(f'record {number} left out',
                      trace[:offset] + trace[offset + 160:])


def check_fields(bench, intact):
    trace = intact.trace
    for order in (0, 17, 31, 46, 47, 64, 1 << 32 | 18, 2**63, 2**64 - 1):
        bench.damaged(f'order {order}', patched(trace, 16, '<Q', order), 8)
    for number, offset in intact.of(recording.CKSUM):
        for field in ('order', 'hcalls'):
            bench.damaged(f'{field} of CKSUM, record {number}',
                          flipped(trace, offset + CKSUM_FIELDS[field]),
                          offset, 'CKSUM')
    for number, offset in intact.of(recording.RC)[:4]:
        for ptex in (1 << 14, 1 << 60, recording.NONE):
            bench.damaged(f'entry of RC, record {number}',
                          patched(trace, offset + 8, '<Q', ptex), offset)
        bench.damaged(f'kind of RC, record {number}',
                      flipped(trace, offset + 5, 2), offset)
    for number, offset in intact.of(recording.LOOKUP)[:4]:
        bench.damaged('access 3', flipped(trace, offset + LOOKUP_INFO,
                                          ~trace[offset + LOOKUP_INFO] & 3),
                      offset)
        for outcome in (1, 5, 255):
            bench.damaged(f'outcome {outcome}',
                          patched(trace, offset + LOOKUP_INFO + 3, 'B',
                                  outcome), offset)


def check_finals(bench, intact):
    trace, final = intact.trace, intact.final
    bench.run('the scene', {0}, trace, final, '0 mismatches')
    for size in (0, 8, 16, len(final) // 2, len(final) - 1):
        bench.damaged(f'table of {size} bytes', trace, size, 'too short',
                      final=final[:size])
    bench.damaged('table too long', trace, None, 'too long',
                  final=final + b'\0')
    bench.damaged('table twice', trace, None, 'too long', final=final * 2)
    empty = next(i for i in range(1, 99) if i not in intact.table)
    for index, byte in itertools.product([empty, *intact.table], range(16)):
        bench.tampered(f'table: entry {index} byte {byte}', trace,
                       final=flipped(final, 16 * index + byte, 2))
    masked = flipped(flipped(final, 7, 0x40),
                     16 * next(iter(intact.table)) + 7, 0x40)
    bench.run('table: the recorder\'s mark', {0}, trace, masked)


def check_hcalls(bench, intact):
    """Every code; every register once for each opcode and code."""
    trace = intact.trace
    seen = set()
    for number, offset, tag in intact.hcalls():
        ret = intact.get('<q', offset + HCALL_RET)
        for code in {0, -2, -4, -6, -7, 1, 9902, ret ^ 1 << 40} - {ret}:
            if tag == recording.CLEAR_REF and code == recording.NOT_FOUND:
                continue	# what a hypervisor that offers it would say
            timing = tag == recording.PREPARE and {code, ret} <= {0, 9902}
            bench.run(f'record {number} (0x{tag:x}): code {ret} to {code}',
                      {0} if timing else {1},
                      patched(trace, offset + HCALL_RET, '<q', code),
                      say='replayed')
        if (tag, ret) in seen:
            continue
        seen.add((tag, ret))
        for register, bit in itertools.product(range(9), BITS):
            place = offset + HCALL_OUTS + 8 * register + bit // 8
            bench.tampered(f'record {number} (0x{tag:x}): R{register + 4} '
                           f'bit {bit}', flipped(trace, place, 1 << bit % 8),
                           number)


def check_masks(bench, intact):
    """What the recorder does on its own must not matter, nor be missed."""
    trace = intact.trace
    for tag, registers in ((recording.READ, (0,)), (recording.REMOVE, (0,))):
        for number, offset in intact.of(tag):
            if intact.get('<q', offset + HCALL_RET):
                continue
            for register in registers:
                bench.run(f'mark in record {number}', {0},
                          flipped(trace, offset + HCALL_OUTS + 8 * register,
                                  0x40))
            bench.tampered(f'mark in R5 of record {number}',
                           flipped(trace, offset + HCALL_OUTS + 8, 0x40),
                           number)
    for number, offset in intact.of(recording.BULK_REMOVE):
        word = intact.get('<Q', offset + HCALL_OUTS)
        low = word & 3 << 50
        moved = word & ~(3 << 50) | low << 8
        bench.run(f'R and C in the right place, record {number}', {0},
                  patched(trace, offset + HCALL_OUTS, '<Q', moved))
        bench.tampered(f'R and C, record {number}',
                       flipped(trace, offset + HCALL_OUTS + 6, 8), number)


def check_lookups(bench, intact):
    trace = intact.trace
    for number, offset in intact.of(recording.LOOKUP)[::7]:
        for field, place in LOOKUP_FIELDS.items():
            bench.tampered(f'{field} of record {number}',
                           flipped(trace, offset + place + 3, 0x10), number)
        info = intact.get('<I', offset + LOOKUP_INFO)
        for bit in (4, 7, 8, 12, 16, 20):
            bench.tampered(f'info bit {bit} of record {number}',
                           patched(trace, offset + LOOKUP_INFO, '<I',
                                   info ^ 1 << bit), number)
        for outcome in {0, 2, 3, 4} - {info >> 24}:
            bench.tampered(f'outcome {outcome} in record {number}',
                           patched(trace, offset + LOOKUP_INFO + 3, 'B',
                                   outcome), number)
    for number, offset in intact.of(recording.RC):
        bench.tampered(f'RC without record {number}',
                       trace[:offset] + trace[offset + 16:])
        bench.tampered(f'byte of RC, record {number}',
                       flipped(trace, offset + 4, 2), number)
        bench.tampered(f'entry of RC, record {number}',
                       flipped(trace, offset + 8, 1), number)


def check_sums(bench, intact):
    *earlier, (last, last_at) = intact.of(recording.CKSUM)
    for number, offset in earlier + [(last, last_at)]:
        for field in ('valid', 'n_valid', 'n_bolted'):
            bench.tampered(f'{field} of CKSUM, record {number}',
                           flipped(intact.trace,
                                   offset + CKSUM_FIELDS[field]), number)
    bench.tampered('ck_raw at the end', flipped(intact.trace, last_at + 16),
                   final=intact.final)
    bench.tampered('ck_raw that recovers', flipped(intact.trace,
                                                   earlier[0][1] + 16))


def check_xz(bench, intact):
    packed, final = lzma.compress(intact.trace), lzma.compress(intact.final)
    more = {'name': 'x.trace.xz', 'final_name': 'x.hpt.xz'}
    bench.run('packed', {0}, packed, final, '0 mismatches', **more)
    bench.run('packed, no suffix', {0}, packed, intact.final)
    for size in list(range(0, 24)) + [len(packed) // 2, len(packed) - 1]:
        bench.damaged(f'packed, {size} bytes', packed[:size], **more)
    for place in range(0, len(packed), max(len(packed) // 60, 1)):
        bench.damaged(f'packed, byte {place}', flipped(packed, place, 0x20),
                      **more)
    bench.damaged('packed, data after it', packed + b'abcd', **more)
    bench.damaged('packed table cut off', packed, final=final[:-9], **more)
    bench.damaged('packed table damaged', packed,
                  final=flipped(final, len(final) // 2, 4), **more)


def check_usage(bench, intact):
    trace = intact.trace
    for options in (['--nonsense'], ['--ram', '0'], ['--ram', '-1'],
                    ['--ram', '1G'], ['--max-page', '40'],
                    ['--max-page', ''], ['--order-max', '17'],
                    ['--format=300'], ['--walker', '--format=206'],
                    ['--snapshot=none'], ['--walker', '--snapshot=auto'],
                    ['--json', '--picture'], ['another.trace'], ['--final']):
        bench.run(f'usage {options}', {2}, trace, say='hptctl', options=options)
    bench.run('--ram too small', {2}, trace, options=['--ram', '0x40000'],
              say='larger than the guest')
    bench.run('--max-page 16', {1}, trace, options=['--max-page', '16'],
              say='H_PARAMETER')
    bench.run('--order-max 19', {1}, trace, options=['--order-max', '19'],
              say='H_RESOURCE')
    for options in (['--json'], ['--picture'], ['--walker'],
                    ['--ram=0x40000000', '--max-page=0x18']):
        bench.run(f'{options}', {0}, trace, intact.final, '0 mismatches',
                  options)


def check_random(bench, intact):
    """No crash, whatever is in the file."""
    source = random.Random(20240527)
    modes = [[], ['--walker'], ['--walker', '--format=300'], ['--json'],
             ['--snapshot=separate', '--picture']]
    for run in range(RANDOM_RUNS):
        data = bytearray(intact.trace)
        for _ in range(source.choice((1, 3, 30))):
            data[source.randrange(8, len(data))] = source.choice(
                (0, 1, 0x80, 0xff, source.randrange(256)))
        bench.run(f'random damage {run}', {0, 1, 2}, bytes(data),
                  intact.final, 'hptctl|replayed', modes[run % len(modes)])


def main():
    command, packed = sys.argv[1:]
    checks = [check_headers, check_cuts, check_order_of_records, check_fields,
              check_finals, check_hcalls, check_masks, check_lookups,
              check_sums, check_usage, check_random]
    if packed == 'yes':
        checks.append(check_xz)
    else:
        print('not run: packed files, this hptctl cannot unpack')
    with tempfile.TemporaryDirectory() as directory:
        bench = Bench(command, directory)
        intact = Scene()
        for check in checks:
            before = bench.runs
            check(bench, intact)
            print(f'{check.__name__}: {bench.runs - before} runs', flush=True)
    for wrong in bench.wrong[:10]:
        print('WRONG', wrong)
    print(f'{bench.runs} runs of {bench.asked}, {len(bench.wrong)} wrong')
    return 1 if bench.wrong else 0


if __name__ == '__main__':
    sys.exit(main())
