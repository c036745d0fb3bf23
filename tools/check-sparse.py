#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Check with sparse that table byte order and host byte order never meet.

usage: check-sparse.py ROOT SOURCE... -- COMPILER FLAG...
       check-sparse.py --self-test ROOT -- COMPILER FLAG...

COMPILER and FLAG: as the library is compiled.  Exits with 77 if sparse is
missing.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

OPTIONS = ['-Wsparse-error', '-Wbitwise']

PLANTED = {
    'nothing': ('return hpte_be64_to_host(*word);', True),
    'table order used as host order': ('return *word;', False),
    'host order stored as table order': ('*word = 1; return 0;', False),
    'orders compared': ('return *word == UINT64_C(5);', False),
}


def predefined(compiler):
    """The compiler's macros that sparse has no idea of."""
    text = subprocess.run([*compiler, '-dM', '-E', '-x', 'c', os.devnull],
                          text=True, check=True, stdout=subprocess.PIPE).stdout
    lines = []
    for line in text.splitlines():
        name = line.split()[1].split('(')[0]
        lines += [f'#ifndef {name}', line, '#endif']
    return '\n'.join(lines) + '\n'


def sparse(source, flags):
    result = subprocess.run(['sparse', *OPTIONS, *flags, source], text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    # Some versions answer 0 in spite of errors.
    good = result.returncode == 0 and not result.stdout.strip()
    return good, result.stdout


def understood(flag):
    """The flag as sparse knows it: one kind of include directory."""
    for prefix in ('-isystem', '-idirafter'):
        if flag.startswith(prefix):
            return '-I' + flag[len(prefix):]
    return flag


def self_test(flags):
    failed = 0
    for wrong, (body, expected) in PLANTED.items():
        with tempfile.TemporaryDirectory() as scratch:
            source = pathlib.Path(scratch, 'planted.c')
            source.write_text('#include "hpte/env.h"\n'
                              'uint64_t hpte_planted(hpte_be64_t *word);\n'
                              'uint64_t hpte_planted(hpte_be64_t *word)\n'
                              '{\n\t' + body + '\n}\n')
            good, output = sparse(str(source), flags)
        print(f'{"as expected" if good == expected else "WRONG"}: {wrong}')
        if good != expected:
            print(output)
            failed += 1
    return failed


def run(sources, flags):
    if not sources:
        return self_test(flags)
    failed = 0
    for source in sources:
        good, output = sparse(source, flags)
        if not good:
            print(f'{source}:\n{output}')
            failed += 1
    return failed


def main():
    at = sys.argv.index('--')
    arguments, command = sys.argv[1:at], sys.argv[at + 1:]
    if not shutil.which('sparse'):
        print('sparse is not installed')
        return 77
    if arguments[0] == '--self-test':
        root, sources = arguments[1], []
    else:
        root, sources = arguments[0], arguments[1:]
    compiler = [word for word in command if not word.startswith('-')]
    with tempfile.TemporaryDirectory() as scratch:
        macros = pathlib.Path(scratch, 'predefined.h')
        macros.write_text(predefined(command))
        flags = ['-include', str(macros), f'-I{root}', f'-I{root}/include',
                 *map(understood, command[len(compiler):])]
        return 1 if run(sources, flags) else 0


if __name__ == '__main__':
    sys.exit(main())
