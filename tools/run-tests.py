#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Build and test the configurations below, two at a time.

usage: run-tests.py [CONFIGURATION...]
       run-tests.py --long [CONFIGURATION...]
       run-tests.py --matrix [CELL...]

--long: the suite "long" instead, which make test leaves out, and what else
it has no time for.  A cell of the matrix, COMPILER-TARGET-KIND, is a configuration too; only units
and the model run in all of them.  Then a table of the cells comes before the
last line.  A sanitizer is first shown to find a fault on its target; where
it does not, that is a skip, and the cell makes do with less.

The last line is "N passed, N failed, N skipped", over all configurations.  A
cmocka program counts with each of its cases, another test as one.  What
does not configure or build is one failure.  A configuration whose tools
are missing is one skip.  Fails if and only if something failed.
"""
import collections
import concurrent.futures
import dataclasses
import functools
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
LINES_OF_LOG = 60
AT_ONCE = 2		# configurations: none waits for another's last test
JOBS = str(max(1, (os.cpu_count() or 1) // AT_ONCE))	# of each


@dataclasses.dataclass
class Configuration:
    name: str
    compiler: str		# and its arguments
    options: list
    emulator: str = ''		# cross
    cross: str = ''		# tools/cross/CROSS.ini; none: NAME.ini
    triple: str = ''		# cross, sanitized: whose libraries to load
    sanitized: bool = False	# with the best of SANITIZERS that works
    lean: bool = False		# build what the suites need
    partial: bool = False	# the same, and no program can be linked
    patience: int = 1		# factor on the tests' time limits
    environment: dict = dataclasses.field(default_factory=dict)
    suites: list = dataclasses.field(default_factory=list)	# none: all
    omit: list = dataclasses.field(default_factory=list)	# suites


def sanitizer_environment(emulated):
    """Leaks are found by ptrace, which an emulator does not have."""
    leaks = ':detect_leaks=0' if emulated else ''
    return {'ASAN_OPTIONS': 'halt_on_error=1' + leaks,
            'UBSAN_OPTIONS': 'halt_on_error=1:print_stacktrace=1'}


# Twelve minutes on two CPUs.  What is tested with gcc natively is tested again
# where it may show something else: the recordings with sanitizers and in
# big-endian; the amalgamation in make matrix; what is installed and what is
# written about it, and Python, do not depend on a compiler.
FEWER_STEPS = {'HPTE_TEST_STEPS': '6000'}	# of the model, a quarter
SANITIZE_SUITES = ['unit', 'model', 'equiv', 'examples']
RECORDINGS = ['replay', 'replay-large']
OTHER_CPU_SUITES = ['unit', 'model', 'equiv', 'insn', 'threads', 'fuzz',
                    'budget', 'examples', 'abi', 'static']
CONFIGURATIONS = [
    Configuration('gcc', 'gcc', [], omit=['long']),
    Configuration('clang', 'clang',
                  ['-Dasm=false', '-Dtrace=false', '-Ddebug=false'],
                  omit=['rust', 'amalgamation', 'install', 'docs', 'python',
                        *RECORDINGS, 'long']),
    Configuration('sanitize', 'gcc', ['-Db_sanitize=address,undefined'],
                  patience=5, lean=True,
                  suites=[*SANITIZE_SUITES, 'fuzz', 'threads', *RECORDINGS],
                  environment=sanitizer_environment(False)),
    Configuration('threads', 'clang', ['-Db_sanitize=thread',
                                       '-Db_lundef=false'],
                  patience=5, suites=['threads'], lean=True,
                  environment={'TSAN_OPTIONS': 'halt_on_error=1'}),
    Configuration('ppc64', 'powerpc64-linux-gnu-gcc', ['-Ddebug=false'],
                  'qemu-ppc64-static', patience=10, lean=True,
                  environment=FEWER_STEPS,
                  suites=OTHER_CPU_SUITES + ['replay']),
    Configuration('ppc64le', 'powerpc64le-linux-gnu-gcc', ['-Ddebug=false'],
                  'qemu-ppc64le-static', patience=10, lean=True,
                  environment=FEWER_STEPS, suites=OTHER_CPU_SUITES),
    Configuration('aarch64', 'aarch64-linux-gnu-gcc', ['-Ddebug=false'],
                  'qemu-aarch64-static', patience=10, lean=True,
                  environment=FEWER_STEPS,
                  suites=['unit', 'model', 'equiv', 'threads', 'abi',
                          'static']),
    Configuration('s390x', 's390x-linux-gnu-gcc', ['--buildtype=release'],
                  'qemu-s390x-static', patience=10, lean=True,
                  environment=FEWER_STEPS,
                  suites=['unit', 'model', 'equiv', 'abi', 'static']),
]


def without_limit():
    """What make test has no time for, in the same build directories."""
    suites = {'gcc': ['long'], 'sanitize': ['python', 'insn', 'long'],
              'ppc64': ['amalgamation', 'replay-large', 'long'],
              'clang': ['python', *RECORDINGS]}
    return [dataclasses.replace(config, suites=suites[config.name], omit=[])
            for config in CONFIGURATIONS if config.name in suites]


# What -fsanitize= says, what else it needs.  A trap needs no runtime.
SANITIZERS = [
    ('address,undefined', []),
    ('undefined', []),
    ('undefined', ['-fsanitize-trap=undefined']),
]
RELEASE_SUITES = ['unit', 'model', 'equiv', 'abi', 'static', 'amalgamation',
                  'examples']
TRIPLES = {
    'x86-64': '',
    'aarch64': 'aarch64-linux-gnu',
    'ppc64le': 'powerpc64le-linux-gnu',
    'ppc64': 'powerpc64-linux-gnu',
    's390x': 's390x-linux-gnu',
}


def compiler_for(compiler, triple):
    if not triple:
        return compiler
    return f'{triple}-gcc' if compiler == 'gcc' else \
        f'clang --target={triple}'


def matrix():
    cells = []
    for target, triple in TRIPLES.items():
        for compiler in ('gcc', 'clang'):
            common = {'compiler': compiler_for(compiler, triple),
                      'emulator': triple and f'qemu-{target}-static',
                      'cross': target, 'triple': triple}
            cells.append(Configuration(
                f'{compiler}-{target}-release', suites=RELEASE_SUITES,
                options=['--buildtype=release'], patience=10, **common))
            # both a sanitizer and an emulator slow it down
            fewer = FEWER_STEPS if triple else {}
            cells.append(Configuration(
                f'{compiler}-{target}-sanitize', suites=SANITIZE_SUITES,
                options=['-Db_lundef=false'], patience=30, sanitized=True,
                environment={**sanitizer_environment(triple), **fewer},
                **common))
    # big-endian ELFv2: kernels have it, no C library of Debian's does
    for compiler in ('gcc', 'clang'):
        cells.append(Configuration(
            f'{compiler}-ppc64elfv2-freestanding',
            compiler_for(compiler, TRIPLES['ppc64']) + ' -mabi=elfv2',
            ['--buildtype=release'], 'qemu-ppc64-static', cross='ppc64elfv2',
            suites=['static'], partial=True))
    return cells


PROBE = """
#include <stdio.h>
#include <stdlib.h>
/* 0, or with an argument the fault it says */
int main(int argc, char **argv)
{
	volatile char *room = calloc(16, 1);
	volatile int shift = 0, at = 15, sum;

	if (argc > 1 && *argv[1] == 'a')
		at = 16;
	if (argc > 1 && *argv[1] == 'u')
		shift = 40;
	sum = room[at] + (1 << shift);
	free((void *)room);
	return puts("") < 0 || !sum;
}
"""


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


said = threading.local()	# lines of the thread's configuration
one_at_a_time = threading.Lock()


def say(text):
    """When the configuration is done; where there is none, at once."""
    if hasattr(said, 'lines'):
        said.lines.append(text)
    else:
        print(text, flush=True)


@functools.lru_cache(maxsize=None)
def fetched(script, what):
    """What tools/SCRIPT prints: a directory.  Not twice at the same time."""
    with one_at_a_time:
        return fetch(script, what)


def fetch(script, what):
    result = subprocess.run([str(ROOT / 'tools' / script)], text=True,
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE)
    if result.returncode:
        reason = (result.stderr.strip().splitlines() or ['no reason'])[-1]
        raise Unavailable(f'{what} cannot be had: {reason}')
    return result.stdout.strip()


def emulation(config):
    """The command that runs a program; of the sanitizers', a dynamic one."""
    if not config.emulator:
        return []
    if not config.sanitized:
        return [config.emulator]
    where = pathlib.Path(fetched('fetch-qemu-user.sh', 'a newer QEMU'))
    # the sanitizers' addresses are fixed, and they ask for it
    return ['setarch', '-R',
            str(where / config.emulator.replace('-static', '')),
            '-L', f'/usr/{config.triple}']


def compilation(config):
    """The compiler, and where the sanitizers' runtimes are."""
    command = shlex.split(config.compiler)
    if config.sanitized and config.emulator and command[0] == 'clang':
        command += ['-resource-dir',
                    fetched('fetch-clang-rt.sh', "clang's runtimes")]
    return command


def reason(result):
    """Of all it said the line that says why: an emulator adds its own."""
    lines = result.stdout.strip().splitlines() or ['no output']
    return next((line for line in lines if 'ERROR' in line or
                 'cannot find' in line), lines[-1])


def fault_of_probe(config, scratch, flags, faults):
    """Why no program can be made and run, in which FAULTS are found."""
    source = scratch / 'probe.c'
    source.write_text(PROBE)
    program = str(scratch / 'probe')
    static = ['-static'] if config.emulator and not config.sanitized else []
    result = run([*compilation(config), *static, *flags, str(source), '-o',
                  program])
    if result.returncode:
        return f'{config.compiler} cannot link a program: {reason(result)}'
    environment = {**os.environ, **config.environment}
    command = [*emulation(config), program]
    result = run(command, env=environment)
    if result.returncode:
        return f'a program does not run: {reason(result)}'
    for fault in faults:
        if not run([*command, fault], env=environment).returncode:
            return f'a fault is not found: {fault}'
    return ''


def require_tools(config, scratch):
    """The compiler makes programs, and the emulator runs them."""
    for tool in filter(None, (shlex.split(config.compiler)[0],
                              config.emulator)):
        if not shutil.which(tool):
            raise Unavailable(f'{tool} is not installed')
    if config.partial or config.sanitized:
        return
    flags = [o.replace('-Db_sanitize=', '-fsanitize=')
             for o in config.options if 'b_sanitize' in o]
    why_not = fault_of_probe(config, scratch, flags, [])
    if why_not:
        raise Unavailable(why_not)


def choose_sanitizer(config, scratch):
    """The options of the best that works; what was skipped is said."""
    skipped = Count()
    for names, arguments in SANITIZERS:
        flags = [f'-fsanitize={names}', *arguments]
        why_not = fault_of_probe(config, scratch, flags, names.split(','))
        if not why_not:
            return skipped, [f'-Db_sanitize={names}',
                             *(f'-D{language}_args={a}' for a in arguments
                               for language in ('c', 'c_link'))]
        say(f'  SKIPPED {" ".join(flags)} of {config.name}: {why_not}')
        skipped.skipped += 1
    raise Unavailable('no sanitizer works')


def overlay(config, path):
    """What differs from the cross file, in another one that goes after it."""
    def words(values):
        return '[' + ', '.join(f"'{value}'" for value in values) + ']'

    path.write_text('[binaries]\n'
                    f'c = {words(compilation(config))}\n'
                    f'exe_wrapper = {words(emulation(config))}\n' +
                    ('[built-in options]\nc_link_args = []\n'
                     if config.sanitized else ''))	# cannot be static


def cross_arguments(config, directory=None):
    """Debian has cmocka for the build machine only: make it with the rest."""
    cross_file = ROOT / f'tools/cross/{config.cross or config.name}.ini'
    arguments = ['--cross-file', str(cross_file)]
    if config.triple:
        path = directory.with_suffix('.ini')
        overlay(config, path)
        arguments += ['--cross-file', str(path)]
    if config.partial:
        return arguments + ['-Dtests=auto']	# there is no cmocka for it
    cmocka = fetched('fetch-cmocka.sh', "cmocka's source")
    return arguments + [f'-Dcmocka_source={cmocka}']


def configure(config, directory, more):
    """Unless that was done in the same way before."""
    environment = dict(os.environ)
    arguments = ['-Dwerror=true', '-Dtests=enabled', *config.options, *more]
    if config.emulator:
        arguments += cross_arguments(config, directory)
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


def introspect(what, directory):
    result = subprocess.run(['meson', 'introspect', f'--{what}',
                             str(directory)], check=True, text=True,
                            stdout=subprocess.PIPE)
    return json.loads(result.stdout)


def needed(config, directory):
    """The files that tests of the suites need."""
    targets = {target for test in introspect('tests', directory)
               if {suite.split(':')[-1] for suite in test['suite']} &
               set(config.suites) for target in test['depends']}
    return [os.path.relpath(name, directory)
            for target in introspect('targets', directory)
            if target['id'] in targets for name in target['filename']]


def build(config, directory, target='', more=()):
    """Configure and compile: all, what is needed, or one target."""
    configure(config, directory, more)
    if config.partial:
        return		# meson test does
    if target:
        must_run('building', ['meson', 'compile', '-C', str(directory),
                              target])
        return
    files = needed(config, directory) if config.lean else []
    must_run('building', ['ninja', '-C', str(directory), '-j', JOBS, *files])


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
    say('\n'.join('    ' + line for line in lines))


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
        say(f'  FAILED {name}: {test["result"]}, exit status '
              f'{test["returncode"]}')
        show(output)
    elif test['result'] == 'SKIP':
        reason = (output.strip().splitlines() or ['no reason given'])[-1]
        say(f'  SKIPPED {name}: {reason}')
    elif count.skipped:
        say(f'  SKIPPED {count.skipped} cases of {name}: '
              f'{skipped_cases(output)}')
    return count


def test(config, directory):
    log = directory / 'meson-logs/testlog.json'
    log.unlink(missing_ok=True)
    suites = [word for suite in config.suites for word in ('--suite', suite)]
    suites += [word for suite in config.omit for word in ('--no-suite', suite)]
    rebuild = [] if config.partial else ['--no-rebuild']
    result = run(['meson', 'test', '-C', str(directory), *rebuild,
                  '--num-processes', JOBS, '-t', str(config.patience),
                  *suites],
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


def examine(config, scratch):
    """Can it be?  What is skipped of it, and more options."""
    require_tools(config, scratch)
    return choose_sanitizer(config, scratch) if config.sanitized else \
        (Count(), [])


def run_configuration(config):
    """What it counted, and the seconds it took."""
    directory = ROOT / 'build' / f'test-{config.name}'
    directory.parent.mkdir(exist_ok=True)
    started = time.monotonic()
    count = Count()
    said.lines = []
    try:
        with tempfile.TemporaryDirectory() as scratch:
            count, more = examine(config, pathlib.Path(scratch))
        build(config, directory, more=more)
        count += test(config, directory)
    except Unavailable as missing:
        say(f'  SKIPPED configuration {config.name}: {missing}')
        count = Count(skipped=1)
    except Broken as broken:
        what, output = broken.args
        say(f'  FAILED configuration {config.name}: {what}')
        show(output)
        count = Count(failed=1)
    seconds = time.monotonic() - started
    say(f'{config.name}: {seconds:.0f} s: {count}')
    with one_at_a_time:
        print('\n'.join(said.lines), flush=True)
    return count, seconds


def print_table(rows):
    line = '{:8}  {:10}  {:12}  {:>6}  {:>6}  {:>7}  {:>7}'
    print(line.format('compiler', 'target', 'kind', 'passed', 'failed',
                      'skipped', 'seconds'))
    for config, count, seconds in rows:
        # the target may have a hyphen of its own
        compiler, rest = config.name.split('-', 1)
        target, kind = rest.rsplit('-', 1)
        print(line.format(compiler, target, kind, count.passed, count.failed,
                          count.skipped, f'{seconds:.0f}'))


def main():
    wanted = sys.argv[1:]
    all_of_them = CONFIGURATIONS
    is_matrix = wanted[:1] == ['--matrix']
    if is_matrix:
        all_of_them = matrix()
    elif wanted[:1] == ['--long']:
        all_of_them = without_limit()
    if wanted[:1] in (['--matrix'], ['--long']):
        del wanted[0]
    unknown = set(wanted) - {c.name for c in all_of_them}
    if unknown:
        sys.exit(f'no such configuration: {" ".join(sorted(unknown))}')
    chosen = [config for config in all_of_them
              if not wanted or config.name in wanted]
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        rows = [(config, *result) for config, result in
                zip(chosen, pool.map(run_configuration, chosen))]
    if is_matrix:
        print_table(rows)
    total = sum((count for _, count, _ in rows), Count())
    print(total)
    return 1 if total.failed else 0


if __name__ == '__main__':
    sys.exit(main())
