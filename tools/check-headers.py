#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Compile each public header alone.

usage: check-headers.py [--foreign FILE] --std STD DIR -- COMPILER...
       check-headers.py --self-test --foreign FILE --std STD DIR -- COMPILER...

DIR holds hpte/*.h.  With --foreign the header is included after every name
in FILE was defined as a macro that breaks the compilation where it is used,
as the headers of a kernel or emulator might define it.
"""
import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

WARNINGS = ['-Wall', '-Wextra', '-Wpedantic', '-Wundef', '-Wshadow', '-Werror']
GARBAGE = ') ] } a name of ours clashes { [ ('


def foreign_lines(path):
    names = re.sub(r'#.*', '', pathlib.Path(path).read_text()).split()
    if not names:
        sys.exit(f'{path}: no names')
    return ''.join(f'#define {name} {GARBAGE}\n' for name in names)


def compiles(before, header, directory, std, compiler):
    """Twice, so that the include guard is tried too."""
    language = 'c++' if '++' in std else 'c'
    source = f'{before}#include <{header}>\n#include <{header}>\n'
    source += 'extern int not_empty;\n'
    result = subprocess.run(
        [*compiler, '-x', language, f'-std={std}', *WARNINGS, '-I', directory,
         '-fsyntax-only', '-'], input=source, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return result.returncode == 0, result.stdout


def check(directory, before, std, compiler):
    headers = sorted(pathlib.Path(directory).glob('hpte/*.h'))
    if not headers:
        sys.exit(f'{directory}: no headers')
    failed = 0
    for path in headers:
        header = f'hpte/{path.name}'
        good, output = compiles(before, header, directory, std, compiler)
        print(f'{"ok" if good else "FAILED"}: {header}')
        if not good:
            print(output)
            failed += 1
    return failed


PLANTED = {
    # what is wrong: header, accepted?
    'nothing': ('#define HPTE_FINE 1\nint hpte_fine(void);\n', True),
    'foreign macro used': ('enum { HPTE_V_VALID = 1 };\n', False),
    'foreign function': ('int hpte_encode_v(void);\n', False),
    'foreign macro defined': ('#define H_SUCCESS 0\n', False),
    'not alone': ('extern uint64_t hpte_word;\n', False),
    'no guard': ('struct hpte_x { int y; };\n', False),
}


def self_test(before, std, compiler):
    failed = 0
    for wrong, (text, expected) in PLANTED.items():
        with tempfile.TemporaryDirectory() as scratch:
            header = pathlib.Path(scratch, 'hpte', 'planted.h')
            header.parent.mkdir()
            header.write_text(text)
            good, _ = compiles(before, 'hpte/planted.h', scratch, std,
                               compiler)
        print(f'{"as expected" if good == expected else "WRONG"}: {wrong}')
        failed += good != expected
    return failed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--foreign')
    parser.add_argument('--std', required=True)
    parser.add_argument('--self-test', action='store_true')
    parser.add_argument('directory')
    at = sys.argv.index('--')
    args = parser.parse_args(sys.argv[1:at])
    compiler = sys.argv[at + 1:]
    before = foreign_lines(args.foreign) if args.foreign else ''
    if args.self_test:
        failed = self_test(before, args.std, compiler)
    else:
        failed = check(args.directory, before, args.std, compiler)
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
