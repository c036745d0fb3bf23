#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Seed concurrency bugs into a copy of the library; the explorer must find
each of them.

usage: run.py [--cc COMPILER] [--jobs N] [--list] [--trace] [--named]
              [NAME...]

A bug is a paragraph of mutations.txt.  NAME chooses some of them.  The
scenarios that a bug names are explored first, then, if none tells, all;
with --named only those.  One
line for each: the bug, what the explorer says, how many schedules it took.
The last line is "caught N of N".  Fails if one was not caught, if a bug does
not fit the sources any more, or if the library as it is fails.  --list only
tells whether they fit.
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

from bugs import apply, Bad, read_bugs, show_all

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FLAGS = ['-std=gnu11', '-O2', '-g', '-w', '-U_FORTIFY_SOURCE',
         '-DHPTE_ATOMIC_FILE="interleave/hooks.h"',
         '-DHPTE_ARCH_META="interleave/cpu.h"']
SUITES = ('pairs', 'triples', 'telling', 'weak', 'stall')
TIMEOUT = 600


def compile_one(options, root, source, to):
    subprocess.run([*shlex.split(options.cc), *FLAGS, f'-I{root}/include',
                    f'-I{root}', f'-I{root}/tests',
                    f'-I{root}/tests/interleave', '-c', str(root / source),
                    '-o', str(to)],
                   check=True, stdout=subprocess.PIPE,
                   stderr=subprocess.STDOUT, text=True)


def object_of(directory, source):
    return directory / (source.replace('/', '-') + '.o')


def sources(root):
    explorer = root.glob('tests/interleave/*.c')
    return (root / 'libhpte/sources.list').read_text().split() + \
        sorted(p.relative_to(root).as_posix() for p in explorer)


def copy_tree(root, to):
    for tree in ('include', 'libhpte', 'arch', 'tests/interleave'):
        shutil.copytree(root / tree, to / tree)


def build(options, root, reuse, changed):
    """Compile what the change may touch; take the rest from @reuse."""
    everything = any(not file.endswith('.c') for file in changed)
    objects = []
    for source in sources(root):
        own = source in changed or \
            (everything and source.startswith('libhpte/'))
        directory = root if own or reuse is None else reuse
        target = object_of(directory, source)
        if directory == root:
            try:
                compile_one(options, root, source, target)
            except subprocess.CalledProcessError as error:
                raise Bad(f'{source} does not compile:\n{error.stdout}')
        objects.append(str(target))
    program = root / 'explore'
    subprocess.run([*shlex.split(options.cc), '-o', str(program), *objects],
                   check=True)
    return program


def explore(program, arguments):
    """(exit status, schedules, first violation, all output)."""
    done = subprocess.run([str(program), *arguments], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=TIMEOUT)
    total = re.search(r'^(\d+) schedules', done.stdout, flags=re.M)
    why = re.search(r'^FAILED (\S+): (.*)$', done.stdout, flags=re.M)
    return (done.returncode, int(total[1]) if total else 0,
            f'{why[2]} ({why[1]})' if why else '', done.stdout)


def suite_of(bug):
    """Whose bounds its scenarios are explored with."""
    return bug.keys['suite'][0] if bug.keys['suite'] else 'pairs'


def attempts(options, bug):
    if bug.keys['scenario']:
        yield ['--suite', suite_of(bug)] + [
            word for scenario in bug.keys['scenario']
            for word in ('--scenario', scenario)]
    for suite in () if options.named else SUITES:
        yield ['--suite', suite]


def hunt(options, bug, reuse):
    """(caught?, what says so, schedules, output)"""
    schedules = 0
    with tempfile.TemporaryDirectory() as directory:
        root = pathlib.Path(directory)
        copy_tree(reuse, root)
        apply(bug, root)
        program = build(options, root, reuse,
                        [file for file, _, _ in bug.changes])
        for arguments in attempts(options, bug):
            status, count, why, output = explore(program, arguments)
            schedules += count
            if status == 1 and why:
                return True, why, schedules, output
            if status != 0:
                raise Bad(f'the explorer broke down:\n{output}')
    return False, 'nothing', schedules, ''


def one(options, bug, reuse):
    try:
        caught, why, schedules, output = hunt(options, bug, reuse)
    except Bad as error:
        return bug, False, f'BAD: {error}', 0, ''
    except subprocess.TimeoutExpired:
        return bug, False, 'too slow', 0, ''
    return bug, caught, why, schedules, output


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument('--cc', default=os.environ.get('CC', 'cc'))
    parser.add_argument('--jobs', type=int, default=os.cpu_count())
    parser.add_argument('--list', action='store_true')
    parser.add_argument('--named', action='store_true')
    parser.add_argument('--trace', action='store_true')
    parser.add_argument('names', nargs='*', metavar='NAME')
    options = parser.parse_args()
    bugs = [bug for bug in read_bugs(HERE / 'mutations.txt',
                                     ('scenario', 'suite'))
            if not options.names or bug.name in options.names]
    if options.list:
        return show_all(bugs, ROOT)
    caught = 0
    with tempfile.TemporaryDirectory() as directory:
        reuse = pathlib.Path(directory)
        # once: nobody's edits meanwhile get into only some of the copies
        copy_tree(ROOT, reuse)
        program = build(options, reuse, None, [])
        sound = {(suite_of(bug), scenario) for bug in bugs
                 for scenario in bug.keys['scenario']}
        for suite, scenario in sorted(sound):
            arguments = ['--suite', suite, '--scenario', scenario]
            status, _, why, output = explore(program, arguments)
            if status:
                print(f'the library as it is: {why}\n{output}')
                return 1
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            for bug, good, why, schedules, output in pool.map(
                    lambda bug: one(options, bug, reuse), bugs):
                verdict = 'caught' if good else 'MISSED'
                print(f'{bug.name:28} {verdict} {schedules:9} {why}',
                      flush=True)
                if options.trace:
                    print(output)
                caught += good
    print(f'caught {caught} of {len(bugs)}')
    return caught != len(bugs) or not bugs


if __name__ == '__main__':
    sys.exit(main())
