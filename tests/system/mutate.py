#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Seed bugs into a copy of the library and the visor; the self-test guest must
find each of them.

usage: mutate.py [--list] [--trace] [NAME...]

A bug is a paragraph of mutations.txt; NAME chooses some of them.  One line for
each: the bug, whether it was caught, by which checks.  A bug is caught if the
checks that it names fail, or, if it names none, if the guest does not come to
an end; one of "plugin: tlbie", if the plugin calls a tlbie wrong, which needs
the emulator of tools/fetch-qemu.sh and is skipped without it.  The last line is
"caught N of N", with how many were skipped.  Fails if one was not caught, if a
bug does not fit the sources any more, or if the sources as they are fail.
Exits with 77 if what is needed is not installed.  --list only tells whether
they fit.
"""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import run

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT / 'tests/mutation'))
from bugs import apply, Bad, read_bugs, show_all

NEED = ('meson', 'ninja', 'powerpc64-linux-gnu-gcc', run.EMULATOR)
VISOR = 'tests/system/visor.bin'
GUEST = 'tests/system/selftest.bin'
PLUGIN = 'tests/system/tlbie.so'
SECONDS = 40		# a self-test takes one or two
FAILED = re.compile(r'^\d{2,} (.*?) FAILED: ', re.MULTILINE)


def tool(*arguments):
    done = subprocess.run(arguments, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    if done.returncode:
        raise Bad(f'{" ".join(arguments)}:\n{done.stdout}')


def build(copy):
    tool('ninja', '-j2', '-C', str(copy / 'build'), VISOR, GUEST,
         PLUGIN)


def self_test(copy, bug):
    """Console, and what is wrong: None if nothing."""
    def first(key, otherwise):
        return (bug.keys[key] if bug else []) + [otherwise]

    plugin = bug and bug.keys['plugin']
    arguments = run.command(first('machine', 'powernv9')[0],
                            first('cpus', '1')[0], str(copy / 'build' / VISOR),
                            str(copy / 'build' / GUEST),
                            run.newer_emulator() if plugin else run.EMULATOR)
    if plugin:
        arguments += ['-plugin', str(copy / 'build' / PLUGIN)]
    console, problem = run.run(arguments, SECONDS)
    if plugin:
        return console, run.tlbies_problem(console)
    return console, run.checks_problem(console, 0) or problem


def judge(bug, console, problem):
    """(caught?, what says so)"""
    if bug.keys['plugin']:
        said = re.search(r'^tlbie: wrong: .*', console, re.MULTILINE)
        return said and 'wrong' in str(problem), said[0] if said else problem
    failed = FAILED.findall(console)
    for check in bug.keys['check']:
        if not any(check in name for name in failed):
            return False, f'{check}: not failed; {problem}'
    if not bug.keys['check']:
        return bool(problem) and 'no end' in problem, str(problem)
    return True, f'{len(failed)}: {failed[0]}'


def hunt(copy, bug):
    files = {file for file, _, _ in bug.changes}
    originals = {file: (copy / file).read_text() for file in files}
    try:
        apply(bug, copy)
        build(copy)
        console, problem = self_test(copy, bug)
    except Bad as error:
        return False, f'BAD: {error}', ''
    finally:
        for file, text in originals.items():
            (copy / file).write_text(text)
    return *judge(bug, console, problem), console


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument('--list', action='store_true')
    parser.add_argument('--trace', action='store_true')
    parser.add_argument('names', nargs='*', metavar='NAME')
    options = parser.parse_args()
    bugs = [bug for bug in read_bugs(HERE / 'mutations.txt',
                                     ('check', 'cpus', 'machine', 'plugin'))
            if not options.names or bug.name in options.names]
    if options.list:
        return show_all(bugs, ROOT)
    missing = [name for name in NEED if not shutil.which(name)]
    if missing:
        print(f'not installed: {", ".join(missing)}')
        return 77
    skipped = [bug for bug in bugs
               if bug.keys['plugin'] and not run.newer_emulator()]
    for bug in skipped:
        print(f'{bug.name:28} SKIPPED: tools/fetch-qemu.sh has fetched nothing')
        bugs.remove(bug)
    caught = 0
    with tempfile.TemporaryDirectory() as directory:
        copy = pathlib.Path(directory) / 'copy'
        shutil.copytree(ROOT, copy,
                        ignore=shutil.ignore_patterns('build', '.git'))
        tool('meson', 'setup', '-Dtests=disabled', '-Dtools=disabled',
             str(copy / 'build'), str(copy))
        build(copy)
        console, problem = self_test(copy, None)
        if problem:
            print(f'the sources as they are: {problem}\n{console}')
            return 1
        for bug in bugs:
            good, why, console = hunt(copy, bug)
            print(f'{bug.name:28} {"caught" if good else "MISSED"} {why}',
                  flush=True)
            if options.trace:
                print(console)
            caught += good
    print(f'caught {caught} of {len(bugs)}, skipped {len(skipped)}')
    if skipped and not bugs:
        return 77
    return caught != len(bugs) or not bugs


if __name__ == '__main__':
    sys.exit(main())
