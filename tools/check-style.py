#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Check what a tool can check of the house style, but for functions.

usage: check-style.py ROOT
       check-style.py --self-test

Sizes of functions: check-functions.py.  Includes: check-layers.py.
"""
import pathlib
import re
import sys
import tempfile

import check_main

LICENCE = 'SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause'
TREES = ('.ci', 'arch', 'bench', 'bindings', 'docs', 'examples', 'include',
         'libhpte', 'man', 'tests', 'tools')
SOURCE_SUFFIXES = {'.c', '.h', '.S', '.py', '.sh', '.ini', '.mk', '.rs'}
SOURCE_NAMES = {'Makefile', 'amalgamate', 'meson.build', 'meson_options.txt',
                'run'}
FILE_LINES = 600
HEADER_LINES = 350
COLUMNS = 80
# Written in two halves, so that this file does not find itself.
UNFINISHED = re.compile(r'\b(TO' r'DO|FIX' r'ME|XX' r'X|HA' r'CK)\b|'
                        r'\b(?i:stu' r'bs?)\b')
MACHINE_PATH = re.compile(r'(?<![\w.})])/(?:work|root|home|tm' r'p)/')


def files(root):
    """Every text file of ours; recordings and the like are not text."""
    found = [p for p in root.iterdir() if p.is_file()]
    for tree in TREES:
        found += [p for p in (root / tree).rglob('*') if p.is_file()]
    for path in sorted(found):
        name = path.relative_to(root).as_posix()
        # .git: in a git worktree it is a file, with a path in it; target:
        # what cargo builds if nobody says where
        if '__pycache__' in name or name.startswith('LICENSE') or \
                name == '.git' or '/target/' in name:
            continue
        try:
            yield name, path.read_text(encoding='utf-8')
        except UnicodeDecodeError:
            continue


def check_text(name, text):
    problems = []
    for number, line in enumerate(text.splitlines(), 1):
        if UNFINISHED.search(line):
            problems.append(f'{name}:{number}: mark of unfinished work')
        if MACHINE_PATH.search(line):
            problems.append(f'{name}:{number}: path of a machine')
        if line != line.rstrip():
            problems.append(f'{name}:{number}: blank at the end')
    return problems


def check_source(name, text):
    problems = []
    lines = text.splitlines()
    if LICENCE not in '\n'.join(lines[:2]):
        problems.append(f'{name}: no licence line at the top')
    if len(lines) > FILE_LINES:
        problems.append(f'{name}: {len(lines)} lines, at most {FILE_LINES}')
    if name.startswith('include/') and len(lines) > HEADER_LINES:
        problems.append(f'{name}: {len(lines)} lines, a public header has at '
                        f'most {HEADER_LINES}')
    return problems


def check_c(name, text):
    return [f'{name}:{number}: more than {COLUMNS} columns'
            for number, line in enumerate(text.splitlines(), 1)
            if len(line.expandtabs(8)) > COLUMNS]


def check_public_header(name, text):
    """Names carry the module, that is the stem of the file unless it states
    another one; what can fail must be looked at."""
    problems = []
    stated = re.search(r'Module: (\w+)', text)
    module = stated[1] if stated else pathlib.Path(name).stem
    text = re.sub(r'/\*.*?\*/', '', text, flags=re.S)
    text = re.sub(r'^#.*(\\\n.*)*$', '', text, flags=re.M)
    for prefix, function in re.findall(r'\bHPTE_API\b([^;(]*?)(\w+)\s*\(',
                                       text):
        if not function.startswith(f'hpte_{module}_'):
            problems.append(f'{name}: {function} is not hpte_{module}_...')
        words = prefix.split()
        if 'HPTE_MUST_CHECK' not in words and words == ['int']:
            problems.append(f'{name}: {function} lacks HPTE_MUST_CHECK')
    return problems


def check_list(root):
    listed = (root / 'libhpte/sources.list').read_text().split()
    present = [f'libhpte/{p.name}' for p in (root / 'libhpte').glob('*.c')]
    if sorted(listed) == sorted(present):
        return []
    differing = ' '.join(sorted(set(listed) ^ set(present)))
    return [f'libhpte/sources.list: differs from libhpte/*.c: {differing}']


def check(root):
    root = pathlib.Path(root).resolve()
    problems = check_list(root)
    for name, text in files(root):
        path = pathlib.PurePath(name)
        problems += check_text(name, text)
        if path.suffix in SOURCE_SUFFIXES or path.name in SOURCE_NAMES:
            problems += check_source(name, text)
        if path.suffix in ('.c', '.h', '.S'):
            problems += check_c(name, text)
        if name.startswith('include/'):
            problems += check_public_header(name, text)
    return problems


HEAD = f'/* {LICENCE} */\n'
PLANTED = {
    # file: text, the complaint expected
    'libhpte/a.c': ('int a;\n', 'no licence line'),
    'libhpte/b.c': (HEAD + '\n' * FILE_LINES, 'lines, at most'),
    'libhpte/c.c': (HEAD + '/* ' + 'x' * COLUMNS + ' */\n', 'columns'),
    'libhpte/d.c': (HEAD + '/* FIX' 'ME */\n', 'unfinished'),
    'libhpte/e.c': (HEAD + 'char *a = "/ho' 'me/x";\n', 'path of a machine'),
    'libhpte/f.c': (HEAD + 'int a; \n', 'blank at the end'),
    'include/hpte/g.h': (HEAD + '\n' * HEADER_LINES, 'a public header'),
    'include/hpte/h.h': (HEAD + 'HPTE_API void hpte_x_y(void);\n',
                         'is not hpte_h_'),
    'include/hpte/i.h': (HEAD + 'HPTE_API int hpte_i_x(void);\n',
                         'lacks HPTE_MUST_CHECK'),
}


def self_test():
    failed = 0
    for name, (text, expected) in {'': ('', ''), **PLANTED}.items():
        with tempfile.TemporaryDirectory() as scratch:
            root = pathlib.Path(scratch)
            path = root / (name or 'libhpte/fine.c')
            path.parent.mkdir(parents=True)
            path.write_text(text or HEAD)
            (root / 'libhpte').mkdir(exist_ok=True)
            (root / 'libhpte/sources.list').write_text(
                '\n'.join(f'libhpte/{p.name}'
                          for p in (root / 'libhpte').glob('*.c')))
            problems = check(root)
        if name:
            good = len(problems) == 1 and expected in problems[0]
        else:
            good = not problems
        print(f'{"as expected" if good else "WRONG"}: {name} {problems}')
        failed += not good
    return failed


if __name__ == '__main__':
    sys.exit(check_main.main(check, self_test))
