#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Check the length of functions, and that static ones have unique names.

usage: check-functions.py ROOT
       check-functions.py --self-test

Unique in the library, because all of it may be compiled as one file.
Exits with 77 if universal-ctags is not installed.
"""
import collections
import pathlib
import subprocess
import sys
import tempfile

import check_main

LIMITS = {'libhpte': 60, 'arch': 60, 'bench': 90, 'examples': 90,
          'tests': 90, 'tools': 90}
LIBRARY = ('libhpte/', 'arch/')


def have_ctags():
    try:
        version = subprocess.run(['ctags', '--version'], text=True,
                                 stdout=subprocess.PIPE).stdout
    except FileNotFoundError:
        return False
    return 'Universal' in version


def functions(root):
    """(file, function, static?, lines) of every function."""
    paths = [p.relative_to(root).as_posix() for tree in LIMITS
             for p in sorted((root / tree).rglob('*.[ch]'))]
    tags = subprocess.run(
        ['ctags', '-x', '--c-kinds=f', '--langmap=C:.c.h',
         '--_xformat=%F\t%N\t%n\t%e\t%{file}', *paths],
        cwd=root, text=True, check=True, stdout=subprocess.PIPE).stdout
    for line in tags.splitlines():
        name, function, first, last, local = line.split('\t')
        yield name, function, bool(local.strip('- ')), \
            int(last) - int(first) + 1


def check(root):
    root = pathlib.Path(root).resolve()
    problems = []
    owners = collections.defaultdict(set)
    count = 0
    for name, function, local, lines in functions(root):
        count += 1
        limit = LIMITS[name.split('/')[0]]
        if lines > limit:
            problems.append(f'{name}: {function} has {lines} lines, at most '
                            f'{limit}')
        if local and name.startswith(LIBRARY):
            owners[function].add(name)
    for function, names in sorted(owners.items()):
        if len(names) > 1:
            problems.append(f'{function}: static in {" ".join(sorted(names))}')
    if count == 0:
        problems.append('no function found')
    return problems


def self_test():
    failed = 0
    long = 'static int long_one(void)\n{\n' + '\n' * 58 + '}\n'
    for text, expected in (('static int b(void)\n{\n}\n', None),
                           (long, 'long_one has 61 lines'),
                           ('static int a(void)\n{\n}\n', 'a: static in')):
        with tempfile.TemporaryDirectory() as scratch:
            root = pathlib.Path(scratch)
            (root / 'libhpte').mkdir()
            (root / 'libhpte/one.c').write_text('static int a(void)\n{\n}\n')
            (root / 'libhpte/two.c').write_text(text)
            problems = check(root)
        good = (len(problems) == 1 and expected in problems[0]
                if expected else not problems)
        print(f'{"as expected" if good else "WRONG"}: {problems}')
        failed += not good
    return failed


def main():
    if not have_ctags():
        print('universal-ctags is not installed')
        return 77
    return check_main.main(check, self_test)


if __name__ == '__main__':
    sys.exit(main())
