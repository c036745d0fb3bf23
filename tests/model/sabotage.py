#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Test the test against the model: it must fail on a library with one fault.

usage: sabotage.py [--jobs N] [--list] [AREA...]

sabotage.txt has the faults; AREA chooses by what they are filed under.  The
model test is first run on the library as it is, and must pass; then on
copies with one line changed each, and must fail: by a difference found, not
by a crash of its own.  Copies are compiled without assembly.

One line for each fault; the last line is "caught N of N".  Fails if one was
not caught, or if an hcall of papr.h or one of AREAS has fewer than two faults.
--list only tells whether they fit the sources.
"""
import argparse
import collections
import concurrent.futures
import dataclasses
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LEAST = 2	# faults for each hypercall and each of
AREAS = ['storage interrupt', 'device translations', 'completion',
         'instruction', 'access to a device', 'device that waits']
TIMEOUT = 120	# seconds: a fault may be an endless loop


@dataclasses.dataclass
class Fault:
    area: str
    file: str
    old: str
    new: str


class Bad(Exception):
    """The list does not fit the sources, or something does not work."""


def read_faults():
    faults = []
    for text in re.split(r'\n\s*\n', (HERE / 'sabotage.txt').read_text()):
        lines = [line for line in text.splitlines()
                 if line and not line.startswith('#')]
        if not lines:
            continue
        if len(lines) != 4 or [line[0] for line in lines[2:]] != ['-', '+']:
            raise Bad(f'not a fault: {lines}')
        fault = Fault(lines[0].removeprefix('area: '),
                      lines[1].removeprefix('file: '),
                      lines[2][1:], lines[3][1:])
        found = (ROOT / fault.file).read_text().splitlines()
        if found.count(fault.old) != 1:
            raise Bad(f'{fault.file} has {found.count(fault.old)} lines '
                      f'"{fault.old.strip()}", not one')
        faults.append(fault)
    return faults


def check_complete(faults):
    """papr.h says which hypercalls there are."""
    counts = collections.Counter(fault.area for fault in faults)
    text = (ROOT / 'include/hpte/papr.h').read_text()
    hcalls = re.findall(r'^#define HPTE_HCALL_(\w+)', text, flags=re.M)
    for area in [*(f'H_{name}' for name in hcalls), *AREAS]:
        if counts[area] < LEAST:
            raise Bad(f'{area} has {counts[area]} faults')


def run(command, **more):
    return subprocess.run(list(map(str, command)), text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, errors='replace', **more)


def compile_one(source, output):
    result = run(['cc', '-O1', '-g', '-std=gnu11', '-w', f'-I{ROOT}',
                  f'-I{ROOT}/include', f'-I{ROOT}/tests/support', f'-I{HERE}',
                  '-isystem', ROOT / 'libhpte/compat', '-c', source, '-o',
                  output])
    if result.returncode:
        raise Bad(f'{source} does not compile:\n{result.stdout}')


def compile_all(directory):
    """Objects of the library and of the test, by source."""
    objects = {}
    sources = [*(ROOT / 'libhpte/sources.list').read_text().split(),
               'tests/support/random.c',
               *(f'tests/model/{path.name}' for path in HERE.glob('*.c'))]
    for source in sources:
        objects[source] = directory / (source.replace('/', '_') + '.o')
        compile_one(ROOT / source, objects[source])
    return objects


def model_test(objects, program):
    """(passed?, what it says first); compile_all()'s objects."""
    result = run(['cc', *objects, '-lcmocka', '-o', program])
    if result.returncode:
        raise Bad(f'does not link:\n{result.stdout}')
    environment = {k: v for k, v in os.environ.items()
                   if not k.startswith('HPTE_TEST_')}
    try:
        result = run([program], env=environment, timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        return False, 'does not end'
    finally:
        program.unlink()
    reason = re.search(r'^(\S+): episode seed \S+ (step \d+: .*)$',
                       result.stdout, flags=re.M)
    if result.returncode and not reason:
        raise Bad(f'fails in its own way:\n{result.stdout[-2000:]}')
    return not result.returncode, (f'{reason.group(1)}, {reason.group(2)}'
                                   if reason else '')


def try_fault(fault, objects, directory, number):
    """(caught?, how)"""
    lines = (ROOT / fault.file).read_text().splitlines()
    lines[lines.index(fault.old)] = fault.new
    source = directory / f'{number}.c'
    source.write_text('\n'.join(lines) + '\n')
    changed = {**objects, fault.file: directory / f'{number}.o'}
    compile_one(source, changed[fault.file])
    passed, why = model_test(changed.values(), directory / f'{number}')
    return not passed, why


def run_all(faults, jobs):
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        objects = compile_all(directory)
        passed, why = model_test(objects.values(), directory / 'whole')
        if not passed:
            raise Bad(f'the library as it is: {why}')
        caught = 0
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            results = pool.map(lambda n: try_fault(faults[n], objects,
                                                   directory, n),
                               range(len(faults)))
            for fault, (found, why) in zip(faults, results):
                print(f'{"caught" if found else "MISSED"} {fault.area}: '
                      f'{fault.new.strip()}\n    {why}', flush=True)
                caught += found
    return caught


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--jobs', type=int, default=2)
    parser.add_argument('--list', action='store_true')
    parser.add_argument('area', nargs='*')
    options = parser.parse_args()
    try:
        faults = read_faults()
        check_complete(faults)
        chosen = [f for f in faults
                  if not options.area or f.area in options.area]
        if not chosen:
            raise Bad('no such area')
        if options.list:
            for fault in chosen:
                print(f'{fault.area}: {fault.new.strip()}')
            return 0
        caught = run_all(chosen, options.jobs)
    except Bad as bad:
        print(f'sabotage: {bad}')
        return 2
    print(f'caught {caught} of {len(chosen)}')
    return 0 if caught == len(chosen) else 1


if __name__ == '__main__':
    sys.exit(main())
