#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Programs of compile-fail/ must not compile, each for the reason it states.

usage: compile_fail.py RUSTC TARGET_DIRECTORY

TARGET_DIRECTORY is cargo's, with the crate hpte built in debug.  In a program

    code //~ E0505	is where this error must be, and no other error
    code //- E0505	the same, and it is the mistake
    code //-		is part of the mistake

An error without a code is "none".  Without the mistake, if it can be taken
away, the program must compile: so nothing else is wrong with it.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

PROGRAMS = pathlib.Path(__file__).resolve().parent / 'compile-fail'
MARK = re.compile(r'//([~-])( (\w+))?$')


def compile_errors(rustc, target, path, output):
    """(code, line) of each error."""
    result = subprocess.run(
        [rustc, '--edition', '2021', '--crate-type', 'lib', '--emit',
         'metadata', '--error-format', 'json', '-o', output / 'out.rmeta',
         '-L', f'dependency={target}/debug/deps',
         '--extern', f'hpte={target}/debug/libhpte.rlib', path],
        text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    errors = set()
    for line in result.stderr.splitlines():
        message = json.loads(line)
        if message.get('level') != 'error' or not message['spans']:
            continue
        code = (message['code'] or {'code': 'none'})['code']
        errors.update((code, span['line_start'])
                      for span in message['spans'] if span['is_primary'])
    if bool(errors) != bool(result.returncode):
        sys.exit(f'{path}: no verdict:\n{result.stderr}')
    return errors


def check(rustc, target, path, scratch):
    lines = path.read_text().splitlines()
    marks = [MARK.search(line) for line in lines]
    wanted = {(mark[3], number) for number, mark in enumerate(marks, 1)
              if mark and mark[3]}
    found = compile_errors(rustc, target, path, scratch)
    problems = []
    if not wanted:
        problems.append('it states no error')
    if found != wanted:
        problems.append(f'errors {sorted(found)}, stated {sorted(wanted)}')
    good = [line for line, mark in zip(lines, marks)
            if not mark or mark[1] == '~']
    if len(good) < len(lines):
        twin = scratch / 'compile-fail' / path.name
        twin.write_text('\n'.join(good) + '\n')
        found = compile_errors(rustc, target, twin, scratch)
        if found:
            problems.append(f'errors without the mistake: {sorted(found)}')
    return problems


def main():
    rustc, target = sys.argv[1:]
    failed = 0
    programs = sorted(PROGRAMS.glob('*.rs'))
    with tempfile.TemporaryDirectory() as directory:
        scratch = pathlib.Path(directory)
        (scratch / 'compile-fail').mkdir()
        machine = PROGRAMS.parent / 'machine.rs'
        (scratch / 'machine.rs').write_text(machine.read_text())
        for path in programs:
            problems = check(rustc, target, path, scratch)
            failed += bool(problems)
            print(f'{path.stem}: {"; ".join(problems) or "as stated"}')
    print(f'{len(programs)} programs, {failed} not as stated')
    return 1 if failed or len(programs) < 30 else 0


if __name__ == '__main__':
    sys.exit(main())
