#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Build and test the configurations below, one after the other.

usage: run-tests.py [CONFIGURATION...]

The last line is "N passed, N failed, N skipped", over all configurations.  A
cmocka program counts with each of its cases, another test as one.  What
does not configure or build is one failure.  A configuration whose tools
are missing is one skip.  Fails if and only if something failed.
"""
import collections
import dataclasses
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
LINES_OF_LOG = 60


@dataclasses.dataclass
class Configuration:
    name: str
    compiler: str
    options: list
    emulator: str = ''		# cross: tools/cross/NAME.ini goes with it
    patience: int = 1		# factor on the tests' time limits
    environment: dict = dataclasses.field(default_factory=dict)
    suites: list = dataclasses.field(default_factory=list)	# none: all
    omit: list = dataclasses.field(default_factory=list)	# suites


# An emulator takes minutes for the recordings: big-endian is the one case
# in which they may show something that the build machine does not.
CONFIGURATIONS = [
    Configuration('gcc', 'gcc', []),
    Configuration('clang', 'clang', ['-Dasm=false'], omit=['rust']),
    Configuration('sanitize', 'gcc', ['-Db_sanitize=address,undefined'],
                  patience=5,
                  environment={'ASAN_OPTIONS': 'halt_on_error=1',
                               'UBSAN_OPTIONS': 'halt_on_error=1:'
                                                'print_stacktrace=1'}),
    Configuration('threads', 'clang', ['-Db_sanitize=thread',
                                       '-Db_lundef=false'],
                  patience=5, suites=['threads'],
                  environment={'TSAN_OPTIONS': 'halt_on_error=1'}),
    Configuration('ppc64', 'powerpc64-linux-gnu-gcc', [],
                  'qemu-ppc64-static', patience=10),
    Configuration('ppc64le', 'powerpc64le-linux-gnu-gcc', [],
                  'qemu-ppc64le-static', patience=10, omit=['replay']),
    Configuration('aarch64', 'aarch64-linux-gnu-gcc', [],
                  'qemu-aarch64-static', patience=10, omit=['replay']),
]


class Unavailable(Exception):
    """A tool that is not there; the text says which."""


class Broken(Exception):
    """What failed to configure, build or run, and its output."""


@dataclasses.dataclass
class Count:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other):
        return Count(self.passed + other.passed, self.failed + other.failed,
                     self.skipped + other.skipped)

    def __str__(self):
        return (f'{self.passed} passed, {self.failed} failed, '
                f'{self.skipped} skipped')


def run(command, **more):
    return subprocess.run(command, text=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          errors='replace', **more)


def must_run(what, command, **more):
    result = run(command, **more)
    if result.returncode:
        raise Broken(f'{what} failed', result.stdout)


def require_tools(config, scratch):
    """The compiler makes programs, and the emulator runs them."""
    for tool in filter(None, (config.compiler, config.emulator)):
        if not shutil.which(tool):
            raise Unavailable(f'{tool} is not installed')
    source = scratch / 'probe.c'
    source.write_text('#include <stdio.h>\n'
                      'int main(void) { return puts("") < 0; }\n')
    program = str(scratch / 'probe')
    static = ['-static'] if config.emulator else []
    flags = [o.replace('-Db_sanitize=', '-fsanitize=')
             for o in config.options if 'b_sanitize' in o]
    if run([config.compiler, *static, *flags, str(source), '-o',
            program]).returncode:
        raise Unavailable(f'{config.compiler} cannot link a program; '
                          'is its libc or runtime installed?')
    command = [config.emulator, program] if config.emulator else [program]
    if run(command).returncode:
        raise Unavailable(f'{" ".join(command)} does not run')


def cross_arguments(config):
    """Debian has cmocka for the build machine only: make it with the rest."""
    fetched = subprocess.run([str(ROOT / 'tools/fetch-cmocka.sh')], text=True,
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE)
    if fetched.returncode:
        reason = (fetched.stderr.strip().splitlines() or ['no reason'])[-1]
        raise Unavailable(f"cmocka's source cannot be had: {reason}")
    return ['--cross-file', str(ROOT / f'tools/cross/{config.name}.ini'),
            f'-Dcmocka_source={fetched.stdout.strip()}']


def configure(config, directory):
    """Unless that was done in the same way before."""
    environment = dict(os.environ)
    arguments = ['-Dwerror=true', '-Dtests=enabled', *config.options]
    if config.emulator:
        arguments += cross_arguments(config)
    else:
        environment['CC'] = config.compiler
        arguments.append('-Dtools=enabled')
    stamp = directory / 'run-tests.arguments'
    wanted = ' '.join([config.compiler, *arguments])
    if not stamp.exists() or stamp.read_text() != wanted:
        shutil.rmtree(directory, ignore_errors=True)
        must_run('configuring', ['meson', 'setup', str(directory), str(ROOT),
                                 *arguments], env=environment)
        stamp.write_text(wanted)


def build(config, directory, target=''):
    """Configure and compile, all or one target."""
    configure(config, directory)
    must_run('building', ['meson', 'compile', '-C', str(directory),
                          *filter(None, [target])])


def cmocka_cases(output):
    """Cases of a cmocka program; None if the output is of something else."""
    if not re.search(r'^\[=+\] \d+ test\(s\) run\.$', output, flags=re.M):
        return None
    count = Count()
    for pattern, field in ((r'^\[  PASSED  \] (\d+) test\(s\)\.$', 'passed'),
                           (r'^ (\d+) FAILED TEST\(S\)$', 'failed'),
                           (r'^ (\d+) SKIPPED TEST\(S\)$', 'skipped')):
        numbers = re.findall(pattern, output, flags=re.M)
        setattr(count, field, sum(map(int, numbers)))
    return count


def skipped_cases(output):
    """Their names; of cases "test/kind" how many of each kind."""
    kinds = collections.Counter()
    for case in set(re.findall(r'^\[  SKIPPED \] (\S+)$', output,
                               flags=re.M)):
        kinds[case.partition('/')[2] or case] += 1
    return ', '.join(f'{number} {kind}' if number > 1 else kind
                     for kind, number in sorted(kinds.items()))


def show(output):
    """The end of it, or where ninja's first failure is its beginning."""
    failure = output.find('\nFAILED: ')
    lines = output[max(failure, 0):].strip().splitlines()
    lines = lines[:LINES_OF_LOG] if failure >= 0 else lines[-LINES_OF_LOG:]
    print('\n'.join('    ' + line for line in lines))


def judge(test):
    """Count one test; say aloud what did not pass."""
    output = (test.get('stdout') or '') + '\n' + (test.get('stderr') or '')
    cases = cmocka_cases(output)
    name = test['name']
    if test['result'] == 'OK':
        count = cases or Count(passed=1)
    elif test['result'] == 'SKIP' and not cases:
        count = Count(skipped=1)
    else:
        count = cases or Count()
        count.failed = max(count.failed, 1)
    if count.failed:
        print(f'  FAILED {name}: {test["result"]}, exit status '
              f'{test["returncode"]}')
        show(output)
    elif test['result'] == 'SKIP':
        reason = (output.strip().splitlines() or ['no reason given'])[-1]
        print(f'  SKIPPED {name}: {reason}')
    elif count.skipped:
        print(f'  SKIPPED {count.skipped} cases of {name}: '
              f'{skipped_cases(output)}')
    return count


def test(config, directory):
    log = directory / 'meson-logs/testlog.json'
    log.unlink(missing_ok=True)
    suites = [word for suite in config.suites for word in ('--suite', suite)]
    suites += [word for suite in config.omit for word in ('--no-suite', suite)]
    result = run(['meson', 'test', '-C', str(directory), '--no-rebuild',
                  '-t', str(config.patience), *suites],
                 env={**os.environ, **config.environment})
    tests = [json.loads(line) for line in log.read_text().splitlines()] \
        if log.exists() else []
    if not tests:
        raise Broken('no test was run', result.stdout)
    count = Count()
    for each in tests:
        count += judge(each)
    if result.returncode and not count.failed:
        raise Broken('meson test failed', result.stdout)
    return count


def run_configuration(config):
    directory = ROOT / 'build' / f'test-{config.name}'
    directory.parent.mkdir(exist_ok=True)
    started = time.monotonic()
    try:
        require_tools(config, directory.parent)
        build(config, directory)
        count = test(config, directory)
    except Unavailable as missing:
        print(f'  SKIPPED configuration {config.name}: {missing}')
        count = Count(skipped=1)
    except Broken as broken:
        what, output = broken.args
        print(f'  FAILED configuration {config.name}: {what}')
        show(output)
        count = Count(failed=1)
    seconds = time.monotonic() - started
    print(f'{config.name}: {seconds:.0f} s: {count}', flush=True)
    return count


def main():
    chosen = sys.argv[1:] or [c.name for c in CONFIGURATIONS]
    unknown = set(chosen) - {c.name for c in CONFIGURATIONS}
    if unknown:
        sys.exit(f'no such configuration: {" ".join(sorted(unknown))}')
    total = Count()
    for config in CONFIGURATIONS:
        if config.name in chosen:
            total += run_configuration(config)
    print(total)
    return 1 if total.failed else 0


if __name__ == '__main__':
    sys.exit(main())
