#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Fuzz libhpte with every engine that is installed.

usage: run.py [--target NAME]... [--engine NAME]... [--keep] SECONDS

Targets are the .c files here that define LLVMFuzzerTestOneInput().  Each is
built for each engine and gets an equal share of the time, two at once:

  libfuzzer	clang, with the address and undefined behaviour sanitizers,
		hence without assembly
  afl		AFL++'s compiler, without sanitizers, with assembly

One target more, execute, is tests/insn/execute.c, an oracle rather than a
fuzzer: random instructions, each done by the CPU and by the library.  Its
engines are the two byte orders of POWER under qemu-user; an execution is an
instruction on which both agree, and seeds are new each time.

Fuzzers start from corpora/TARGET.  Work, and what was found, is under
build/fuzz/.  With --keep each fuzzed target's corpus is minimised and the
result, as far as it is smaller than KEEP_BYTES, replaces corpora/TARGET.

Each engine that is missing is a visible SKIP.  The last line is "N findings
in S seconds, E executions".  Exits with 1 if there was a finding, 77 if there
was no engine, 2 if something did not work.
"""
import argparse
import concurrent.futures
import dataclasses
import importlib.util
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WORK = ROOT / 'build' / 'fuzz'
JOBS = 2
KEEP_BYTES = 90_000	# of a target's corpus
UNIT_TIMEOUT = 10	# seconds for one input
ROUND = 200_000		# instructions from one seed
STUCK = 300		# seconds for them

MODEL = sorted(f'tests/model/{path.name}'
               for path in (ROOT / 'tests/model').glob('*.c')
               if path.name != 'run_model.c')


@dataclasses.dataclass
class Target:
    name: str
    tested: list		# its branches guide the fuzzer
    around: list		# tests: their branches do not
    libraries: list
    bytes: int			# of the longest input
    pkg: str = ''


def load(name, path):
    """A script as a module: its name is no name of a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


run_tests = load('run_tests', 'tools/run-tests.py')


def library():
    return (ROOT / 'libhpte/sources.list').read_text().split()


def targets():
    hptctl = [f'tools/hptctl/{n}.c' for n in ('trace', 'input', 'unpack_xz')]
    return [
        Target('hcall', library(), ['tests/fuzz/byte_random.c', *MODEL],
               ['-lcmocka'], 4096),
        Target('codec', ['libhpte/entry.c', 'libhpte/hash.c'],
               ['tests/support/ref_codec.c'], [], 64),
        Target('mmio', library(), [], [], 512),
        Target('trace', hptctl, [], ['-llzma'], 2048),
        Target('execute', [], [], [], 0),
    ]


@dataclasses.dataclass
class Report:
    target: str
    engine: str
    executions: int = 0
    seconds: float = 0
    coverage: str = ''
    findings: list = dataclasses.field(default_factory=list)  # commands
    broken: str = ''


class Failed(Exception):
    """Something that is not a finding; the text says what."""


def last_growth(points):
    """Where the second number of the points was last larger than before."""
    at, most = 0, -1
    for where, edges in points:
        if edges > most:
            at, most = where, edges
    return at


def run(command, log=None, **more):
    result = subprocess.run(list(map(str, command)), text=True,
                            stdin=subprocess.DEVNULL, errors='replace',
                            stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, **more)
    if log:
        log.write_text(result.stdout)
    return result


def compile_one(compiler, source, output, flags):
    result = run([*compiler, '-g', '-O2', '-std=gnu11', '-D_GNU_SOURCE',
                  f'-I{ROOT}', f'-I{ROOT}/include', f'-I{ROOT}/tests/support',
                  f'-I{ROOT}/tests/model', f'-I{ROOT}/tools/hptctl',
                  f'-I{HERE}', '-isystem', ROOT / 'libhpte/compat', *flags,
                  '-c', ROOT / source, '-o', output])
    if result.returncode:
        raise Failed(f'{source} does not compile:\n{result.stdout}')


class Engine:
    """A compiler, and how to let its program run."""
    @staticmethod
    def takes(target):
        return bool(target.tested)

    def build(self, target, directory):
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)
        objects = []
        for source in [f'tests/fuzz/{target.name}.c', *target.tested,
                       *target.around]:
            objects.append(directory / (source.replace('/', '_') + '.o'))
            guided = source in target.tested
            compile_one(self.compiler(guided), source, objects[-1],
                        self.flags(guided))
        program = directory / target.name
        result = run([*self.compiler(True), *self.linking(), *objects,
                      *target.libraries, '-o', program],
                     env={**os.environ, 'AFL_QUIET': '1'})
        if result.returncode:
            raise Failed(f'{target.name} does not link:\n{result.stdout}')
        return program


class LibFuzzer(Engine):
    name = 'libfuzzer'
    SANITIZERS = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all']

    def missing(self):
        if not shutil.which('clang'):
            return 'clang is not installed'
        WORK.mkdir(parents=True, exist_ok=True)
        probe = WORK / 'probe.c'
        probe.write_text('#include <stddef.h>\n#include <stdint.h>\n'
                         'int LLVMFuzzerTestOneInput(const uint8_t *d, '
                         'size_t n)\n{\n\treturn !d && n;\n}\n')
        result = run(['clang', '-fsanitize=fuzzer', *self.SANITIZERS, probe,
                      '-o', WORK / 'probe'])
        return 'clang cannot link a fuzzer' if result.returncode else ''

    def compiler(self, _guided):
        return ['clang']

    def flags(self, guided):
        guide = ['-fsanitize=fuzzer-no-link'] if guided else []
        return [*self.SANITIZERS, *guide, '-DHPTE_CONFIG_ASM=0']

    def linking(self):
        return ['-fsanitize=fuzzer', *self.SANITIZERS]

    def fuzz(self, target, program, seconds):
        directory = program.parent
        corpus, crashes = directory / 'corpus', directory / 'crashes'
        corpus.mkdir()
        crashes.mkdir()
        log = directory / 'log'
        result = run([program, f'-max_total_time={max(1, int(seconds))}',
                      f'-max_len={target.bytes}', f'-timeout={UNIT_TIMEOUT}',
                      f'-artifact_prefix={crashes}/', '-print_final_stats=1',
                      corpus, HERE / 'corpora' / target.name], log)
        report = Report(target.name, self.name)
        report.findings = [[program, input_] for input_ in
                           sorted(crashes.iterdir())]
        done = re.findall(r'^stat::number_of_executed_units: +(\d+)',
                          result.stdout, flags=re.M)
        steps = re.findall(r'^#(\d+)', result.stdout, flags=re.M)
        report.executions = int((done or steps or [0])[-1])
        edges = re.findall(r'\bcov: (\d+) ft: (\d+)', result.stdout)
        if edges:
            start = re.search(r'INITED +cov: (\d+)', result.stdout)
            report.coverage = (f'{edges[-1][0]} edges '
                               f'({start.group(1) if start else "?"} at the '
                               f'start), {edges[-1][1]} features')
            grown = last_growth(
                (int(at), int(cov)) for at, cov in
                re.findall(r'^#(\d+).*\bcov: (\d+)', result.stdout,
                           flags=re.M))
            report.coverage += f', last new edge at execution {grown}'
        if result.returncode and not report.findings:
            report.broken = f'exit status {result.returncode}, see {log}'
        return report


class Afl(Engine):
    name = 'afl'

    def missing(self):
        for tool in (self.wrapper(), 'afl-fuzz'):
            if not shutil.which(tool):
                return f'{tool} is not installed'
        return '' if self.driver() else "AFL++'s libAFLDriver.a is missing"

    @staticmethod
    def wrapper():
        return 'afl-clang-fast'

    @staticmethod
    def driver():
        found = sorted(pathlib.Path('/usr').glob('l*/**/afl*/libAFLDriver.a'))
        return found[0] if found else None

    def compiler(self, guided):
        return [self.wrapper()] if guided else ['clang']

    def flags(self, _guided):
        return ['-DHPTE_CONFIG_ASM=1']

    def linking(self):
        return ['-fsanitize=fuzzer']

    def fuzz(self, target, program, seconds):
        output, log = program.parent / 'out', program.parent / 'log'
        settings = {'AFL_NO_UI': '1', 'AFL_SKIP_CPUFREQ': '1',
                    'AFL_NO_AFFINITY': '1', 'AFL_NO_STARTUP_CALIBRATION': '1',
                    'AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES': '1'}
        result = run(['afl-fuzz', '-i', HERE / 'corpora' / target.name, '-o',
                      output, '-V', max(1, int(seconds)), '-G', target.bytes,
                      '-t', UNIT_TIMEOUT * 1000, '-m', 'none', '--', program],
                     log, env={**os.environ, **settings})
        report = Report(target.name, self.name)
        stats = output / 'default/fuzzer_stats'
        if result.returncode or not stats.exists():
            report.broken = f'exit status {result.returncode}, see {log}'
            return report
        values = dict(re.findall(r'^(\w+) +: (.*)$', stats.read_text(),
                                 flags=re.M))
        report.executions = int(values['execs_done'])
        report.coverage = (f'{values["edges_found"]} edges of '
                           f'{values["total_edges"]}, '
                           f'{values["corpus_found"]} new inputs')
        rows = [line.split(',') for line in
                (output / 'default/plot_data').read_text().splitlines()
                if not line.startswith('#')]
        grown = last_growth((int(row[0]), int(row[-1])) for row in rows)
        report.coverage += f', last new edge after {grown} s'
        for kind in ('crashes', 'hangs'):
            report.findings += [[program, input_] for input_ in sorted(
                (output / 'default' / kind).glob('id:*'))]
        return report


class Oracle:
    """tests/insn/execute.c on one kind of emulated CPU."""
    def __init__(self, name):
        self.name = name
        self.config = next(c for c in run_tests.CONFIGURATIONS
                           if c.name == name)

    @staticmethod
    def takes(target):
        return target.name == 'execute'

    def missing(self):
        WORK.mkdir(parents=True, exist_ok=True)
        try:
            run_tests.require_tools(self.config, WORK)
            run_tests.cross_arguments(self.config)
        except run_tests.Unavailable as reason:
            return str(reason)
        return ''

    def build(self, _target, directory):
        try:
            run_tests.build(self.config, directory, 'execute')
        except run_tests.Broken as broken:
            raise Failed('\n'.join(broken.args)) from None
        return directory / 'tests/insn/execute'

    def fuzz(self, target, program, seconds):
        report = Report(target.name, self.name)
        first = seed = int(time.time())
        end = time.monotonic() + seconds
        skipped = set()
        while not report.findings and time.monotonic() < end:
            command = ['env', 'QEMU_CPU=power10', self.config.emulator,
                       program, ROUND, seed]
            try:
                result = run(command, timeout=STUCK)
                good, output = not result.returncode, result.stdout
            except subprocess.TimeoutExpired:
                good, output = False, ''
            agreed = re.search(r' (\d+) instructions agree', output)
            if not good or not agreed:
                report.findings.append(command)
            report.executions += int(agreed[1]) if agreed else 0
            skipped.update(re.findall(r'^\[  SKIPPED \] (\S+)$', output,
                                      flags=re.M))
            seed += 1
        report.coverage = (f'seeds {first} to {seed - 1}, '
                           f'{len(skipped)} forms skipped: '
                           f'{" ".join(sorted(skipped)) or "none"}')
        return report


ENGINES = [LibFuzzer(), Afl(), Oracle('ppc64'), Oracle('ppc64le')]


def one(engine, target, seconds):
    started = time.monotonic()
    try:
        program = engine.build(target, WORK / f'{target.name}-{engine.name}')
        started = time.monotonic()
        report = engine.fuzz(target, program, seconds)
    except Failed as failure:
        report = Report(target.name, engine.name, broken=str(failure))
    report.seconds = time.monotonic() - started
    return report


def show(report):
    rate = report.executions / report.seconds if report.seconds else 0
    print(f'{report.target} {report.engine}: {report.executions} executions '
          f'in {report.seconds:.0f} s ({rate:.0f}/s), {report.coverage}, '
          f'{len(report.findings)} findings', flush=True)
    if report.broken:
        print(f'  BROKEN {report.broken}')
    for finding in report.findings:
        print(f'  FINDING: {shlex.join(map(str, finding))}')


def found_inputs(target):
    return [WORK / f'{target.name}-libfuzzer/corpus',
            WORK / f'{target.name}-afl/out/default/queue']


def keep(target):
    """Minimise; then the inputs that show most per byte, while they fit."""
    program = WORK / f'{target.name}-libfuzzer' / target.name
    if not program.exists():
        raise Failed('--keep needs libFuzzer')
    merged = WORK / f'{target.name}-merged'
    shutil.rmtree(merged, ignore_errors=True)
    merged.mkdir()
    corpus = HERE / 'corpora' / target.name
    sources = [d for d in [corpus, *found_inputs(target)] if d.exists()]
    # a merge takes small inputs first
    result = run([program, '-merge=1', f'-max_len={target.bytes}',
                  '-use_value_profile=0', merged, *sources])
    if result.returncode:
        raise Failed(f'merging failed:\n{result.stdout[-2000:]}')
    new, total = [], 0
    for path in sorted(merged.iterdir(), key=lambda p: p.stat().st_size):
        total += path.stat().st_size
        if total > KEEP_BYTES:
            break
        new.append(path)
    for path in corpus.iterdir():
        path.unlink()
    for path in new:
        shutil.copy(path, corpus / path.name[:16])
    print(f'{target.name}: kept {len(new)} of {len(list(merged.iterdir()))} '
          f'inputs')


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument('--target', action='append',
                        choices=[t.name for t in targets()])
    parser.add_argument('--engine', action='append',
                        choices=[e.name for e in ENGINES])
    parser.add_argument('--keep', action='store_true')
    parser.add_argument('seconds', type=float)
    return parser.parse_args()


def main():
    options = arguments()
    chosen = [t for t in targets()
              if not options.target or t.name in options.target]
    engines = []
    for engine in ENGINES:
        if (options.engine and engine.name not in options.engine) or \
                not any(map(engine.takes, chosen)):
            continue
        missing = engine.missing()
        if missing:
            print(f'SKIP {engine.name}: {missing}')
        else:
            engines.append(engine)
    pairs = [(e, t) for t in chosen for e in engines if e.takes(t)]
    if not pairs:
        print('0 findings in 0 seconds, 0 executions')
        return 77
    started = time.monotonic()
    share = options.seconds * min(JOBS, len(pairs)) / len(pairs)
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        reports = []
        for report in pool.map(lambda pair: one(*pair, share), pairs):
            show(report)
            reports.append(report)
    if options.keep:
        for target in chosen:
            if target.tested:
                keep(target)
    findings = sum(len(report.findings) for report in reports)
    print(f'{findings} findings in {time.monotonic() - started:.0f} seconds, '
          f'{sum(report.executions for report in reports)} executions')
    if findings:
        return 1
    return 2 if any(report.broken for report in reports) else 0


if __name__ == '__main__':
    sys.exit(main())
