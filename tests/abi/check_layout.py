#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Compare the binary interface with the one that is pinned.

usage: check_layout.py PINNED COMMAND...
       check_layout.py --self-test PINNED COMMAND...

COMMAND prints the interface (make_layout.py); it is the same on every 64-bit
machine.  Where it must change, docs/versioning.md says what follows, and the
output becomes the new PINNED.
"""
import difflib
import os
import pathlib
import re
import shlex
import subprocess
import sys

POINTER_BYTES = 8


def holes(lines):
    """Structures with room that no member accounts for."""
    problems = []
    end, size, name = 0, 0, ''
    for line in [*lines, '. 0 1']:
        field = line.split()
        if len(field) != 3:
            continue
        first, second = int(field[1]), int(field[2])
        new = field[0].count('.') == 0 or field[0] == '.'
        start = size if new else first
        if start - end >= POINTER_BYTES:
            problems.append(f'{name}: {start - end} bytes after offset {end} '
                            'are no member')
        name, size, end = (field[0], first, 0) if new else \
            (name, size, first + second)
    return problems


def compare(pinned, found):
    problems = [line for line in difflib.unified_diff(
        pinned, found, 'pinned', 'found', n=0, lineterm='')]
    return problems + holes(found)


def self_test(pinned):
    at = next(i for i, line in enumerate(pinned)
              if re.match(r'hpte_table\.priv_order ', line))
    without = pinned[:at] + pinned[at + 1:]
    moved = [line.replace('priv_order 24', 'priv_order 28') for line in pinned]
    failed = 0
    for what, changed in (('nothing', pinned), ('a member gone', without),
                          ('a member moved', moved)):
        good = bool(compare(pinned, changed)) == (changed != pinned) and \
            (what == 'nothing') == (changed == pinned)
        print(f'{"as expected" if good else "MISSED"}: {what}')
        failed += not good
    # a member that the program forgot, of eight bytes
    forgot = [line for line in pinned if 'hpte_table.priv_ctx' not in line]
    if not holes(forgot) or holes(pinned):
        print('MISSED: a hole')
        failed += 1
    return 1 if failed else 0


def main():
    arguments = sys.argv[1:]
    testing = arguments[0] == '--self-test'
    path, *command = arguments[testing:]
    pinned = pathlib.Path(path).read_text().splitlines()[1:]	# the licence
    if testing:
        return self_test(pinned)
    wrapper = shlex.split(os.environ.get('MESON_EXE_WRAPPER', ''))
    found = subprocess.run([*wrapper, *command], check=True, text=True,
                           stdout=subprocess.PIPE).stdout.splitlines()
    problems = compare(pinned, found)
    print('\n'.join(problems))
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
