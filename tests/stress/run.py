#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Run the stress test natively, under the thread sanitizer and on emulated
CPUs of other architectures.

usage: run.py [--only NAME]... [--seed N] [--threads N] [SECONDS]
       run.py --self-test

SECONDS, 60 unless given, are shared equally by the configurations, one after
the other: native, threads, aarch64, ppc64le.  They are built under
build/stress/, as tools/run-tests.py builds them.  What cannot be built or
run here, because a tool is missing, is a visible SKIP.  The last line is
"N operations, W walks in S seconds, F failures, K skipped".  Exits with 1 if
there was a failure, 77 if nothing could be run.

--self-test seeds bugs of tests/mutation/mutations.txt into a copy of the
library; the stress test must find each of them.
"""
import argparse
import importlib.util
import pathlib
import re
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WORK = ROOT / 'build' / 'stress'
PATIENCE = 300		# seconds beside its own for a run: it is stuck then
SEEDED_SECONDS = 20	# for one bug
SEEDED = ['give-back-by-store', 'remover-reads-before-flush',
          'not-found-unflushed']


def load(name, path):
    """A script as a module: the names of ours are no names of modules."""
    spec = importlib.util.spec_from_file_location(name, ROOT / path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    sys.path.append(str((ROOT / path).parent))	# for those beside it
    spec.loader.exec_module(module)
    return module


run_tests = load('run_tests', 'tools/run-tests.py')
mutation = load('mutation', 'tests/mutation/run.py')
NAMES = {'native': 'gcc', 'threads': 'threads', 'aarch64': 'aarch64',
         'ppc64le': 'ppc64le'}


def configure(config, directory):
    """As run-tests.py does, but without what the stress test does not need."""
    arguments = ['-Dtests=enabled', '-Dtools=disabled', *config.options]
    if config.emulator:
        arguments += run_tests.cross_arguments(config)
    if not (directory / 'build.ninja').exists():
        run_tests.must_run(
            'configuring', ['meson', 'setup', str(directory), str(ROOT),
                            *arguments],
            env={**run_tests.os.environ, **(
                {} if config.emulator else {'CC': config.compiler})})


def build(name, config):
    directory = WORK / name
    directory.parent.mkdir(parents=True, exist_ok=True)
    run_tests.require_tools(config, directory.parent)
    configure(config, directory)
    run_tests.must_run('building', ['meson', 'compile', '-C', str(directory),
                                    'stress'])
    return directory / 'tests/stress'


def number(output, what):
    found = re.search(rf'^(\d+) {what}$', output, flags=re.M)
    return int(found[1]) if found else 0


def stress(command, seconds, environment=None):
    """(ended well, output)"""
    try:
        done = run_tests.run([*command, '--seconds', str(seconds)],
                             timeout=seconds + PATIENCE,
                             env={**run_tests.os.environ,
                                  **(environment or {})})
    except subprocess.TimeoutExpired as late:
        output = late.stdout or b''
        return False, (output if isinstance(output, str) else
                       output.decode(errors='replace')) + 'does not end\n'
    return done.returncode == 0, done.stdout


def run_one(name, config, program, options, seconds):
    command = [config.emulator] if config.emulator else []
    command += [str(program), '--threads', str(options.threads)]
    if options.seed is not None:
        command += ['--seed', str(options.seed)]
    good, output = stress(command, seconds, config.environment)
    seed = re.search(r'^seed \d+', output, flags=re.M)
    print(f'{name}: {"clean" if good else "FAILED"}, '
          f'{seed[0] if seed else "no seed"}, '
          f'{number(output, "operations")} operations, '
          f'{number(output, "walks")} walks', flush=True)
    if not good:
        run_tests.show(output)
    return good, number(output, 'operations'), number(output, 'walks')


def run_all(options):
    ready = []
    failures, operations, walks, skipped = 0, 0, 0, 0
    configurations = {c.name: c for c in run_tests.CONFIGURATIONS}
    chosen = options.only or list(NAMES)
    for name in chosen:
        config = configurations[NAMES[name]]
        try:
            ready.append((name, config, build(name, config)))
        except run_tests.Unavailable as missing:
            print(f'SKIP {name}: {missing}')
            skipped += 1
        except run_tests.Broken as broken:
            print(f'FAILED {name}: {broken.args[0]}')
            run_tests.show(broken.args[1])
            failures += 1
    started = time.monotonic()
    for name, config, program in ready:
        good, done, walked = run_one(name, config, program, options,
                                     options.seconds / len(ready))
        failures += not good
        operations += done
        walks += walked
    print(f'{operations} operations, {walks} walks in '
          f'{time.monotonic() - started:.0f} seconds, {failures} failures, '
          f'{skipped} skipped')
    return 1 if failures else 0 if ready else 77


def compile_seeded(bug, directory):
    trees = ('include', 'libhpte', 'arch', 'tests/stress', 'tests/support')
    for tree in trees:
        mutation.shutil.copytree(ROOT / tree, directory / tree)
    if bug:
        mutation.apply(bug, directory)
    library = (directory / 'libhpte/sources.list').read_text().split()
    sources = [directory / name for name in library]
    sources += sorted((directory / 'tests/stress').glob('*.c'))
    sources.append(directory / 'tests/support/random.c')
    program = directory / 'stress'
    run_tests.must_run('building', [
        'gcc', '-O2', '-w', '-std=gnu11', '-pthread', '-DHPTE_CONFIG_ASM=1',
        f'-I{directory}', f'-I{directory}/include', f'-I{directory}/tests',
        *map(str, sources), '-o', str(program)])
    return program


def self_test():
    bugs = {bug.name: bug for bug in mutation.read_bugs()}
    caught = 0
    for name in SEEDED:
        with tempfile.TemporaryDirectory() as scratch:
            program = compile_seeded(bugs[name], pathlib.Path(scratch))
            good, output = stress([str(program), '--seed', '1'],
                                  SEEDED_SECONDS)
        said = re.search(r'^stress: (.*)', output, flags=re.M)
        caught += not good
        print(f'{name}: ' + ('not caught' if good else
                             f'caught: {said[1] if said else "crash"}'),
              flush=True)
    print(f'caught {caught} of {len(SEEDED)}')
    return caught != len(SEEDED)


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument('--self-test', action='store_true')
    parser.add_argument('--only', action='append', choices=list(NAMES))
    parser.add_argument('--seed', type=int)
    parser.add_argument('--threads', type=int, default=3)
    parser.add_argument('seconds', type=float, nargs='?', default=60)
    return parser.parse_args()


def main():
    options = arguments()
    return self_test() if options.self_test else run_all(options)


if __name__ == '__main__':
    sys.exit(main())
