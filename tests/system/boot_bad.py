#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""examples/visor/boot.py, given what it cannot boot: a clear end, and soon.

usage: boot_bad.py VISOR DIRECTORY PROGRAM...

As boot.py takes them.  Each case must end with the exit code 1, its complaint
as the last line, and nothing of a pass before.
"""
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BOOT = ROOT / 'examples/visor/boot.py'
FETCH = ROOT / 'tools/fetch-linux.sh'
SECONDS = 60

# What is wrong: arguments; what the kernel's file is made of, if it is not
# Debian's (the real one's first bytes, or None); a line before the last; the
# complaint.
CASES = {
    'a kernel that is text': (
        [], b'#!/bin/sh\n' * 100, None, 'its kernel is not an ELF file'),
    'an empty kernel': (
        [], b'', None, 'its kernel is not an ELF file'),
    'a kernel for another CPU': (
        [], lambda real: real[:18] + b'\x3e\0' + real[20:4096], None,
        'its kernel is not for a 64-bit POWER CPU'),
    'a kernel that is cut off': (
        [], lambda real: real[:1 << 20], None,
        "its kernel's file has been cut off"),
    'a kernel whose headers lie outside': (
        [], lambda real: real[:32] + b'\xff' * 8 + real[40:4096], None,
        "its kernel's file has nothing to load"),
    'a kernel whose headers all lie at one place': (
        [], lambda real: real[:54] + b'\0\0' + real[56:4096], None,
        "its kernel's file has nothing to load"),
    'no size of the hash table': (
        ['--without', 'ibm,pft-size'], None,
        "visor: guest's device tree: no ibm,pft-size with 2 cells in "
        '/PowerPC,POWER', 'its device tree is not complete'),
    'no RTAS': (
        ['--without', 'linux,rtas-base'], None,
        "visor: guest's device tree: no linux,rtas-base with 1 cells in /rtas",
        'its device tree is not complete'),
    'a panic': (
        ['--arguments', 'rdinit=/none'], None,
        'visor: guest 1 panicked: OS panic: VFS: Unable to mount root fs on '
        'unknown-block(1,0)', 'it has panicked'),
    'no end': (
        ['--seconds', '1'], None, None, 'no end within 1 seconds'),
}


def problem_of(case, arguments, kernel):
    options, contents, line, complaint = case
    if contents is not None:
        real = (pathlib.Path(arguments[1]) / 'vmlinux').read_bytes()
        kernel.write_bytes(contents(real) if callable(contents) else contents)
        options = [*options, '--kernel', str(kernel)]
    done = subprocess.run(
        [str(BOOT), '--seconds', str(SECONDS), *options, *arguments],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
        timeout=2 * SECONDS)
    lines = done.stdout.splitlines()
    if done.returncode == 77:
        print(lines[-1])
        sys.exit(77)
    if done.returncode != 1:
        return f'exit code {done.returncode}'
    if lines[-1] != f'FAIL: {complaint}':
        return f'the last line is {lines[-1]!r}'
    if line and line not in lines:
        return f'no line {line!r}'
    return 'a pass' if any('PASS' in one for one in lines) else None


def main(arguments):
    if subprocess.run([str(FETCH), arguments[1]],
                      stdin=subprocess.DEVNULL).returncode:
        print('the kernel cannot be fetched')
        return 77
    failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        for name, case in CASES.items():
            problem = problem_of(case, arguments,
                                 pathlib.Path(scratch) / 'kernel')
            print(f'{name}: {problem or "ok"}', flush=True)
            failed += problem is not None
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
