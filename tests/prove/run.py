#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Prove the codecs, layer 1 of libhpte, for all inputs, with CBMC.

usage: run.py [--timeout SECONDS] [--jobs N] [HARNESS...]
       run.py --self-test [--timeout SECONDS] [--jobs N] [HARNESS...]

README.md says what is proved.  A harness is what PROVE(name) or
PROVE_EACH_PAIR(name) begins in a .c file beside this one; HARNESS chooses by
that name.  Each is proved for a big-endian and for a little-endian machine.

With --self-test the proofs themselves are tested, and must fail: every path
of every harness must be walked by some input, and a copy of the library with
one line changed, as sabotage.txt lists them, must be refuted.

One line for each proof; the last line is "N passed, N failed, N skipped".
Fails if and only if something failed; a proof that takes too long failed.
Exit status 77 where there is no CBMC.
"""
import argparse
import concurrent.futures
import dataclasses
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SOURCES = ('libhpte/entry.c', 'libhpte/hash.c', 'libhpte/insn.c')

# CBMC models the byte order of --arch, but the preprocessor it calls is the
# build machine's.  The harness be64_in_memory fails if the two differ.
MACHINES = {'ppc64': '__ORDER_BIG_ENDIAN__',
            'ppc64le': '__ORDER_LITTLE_ENDIAN__'}

CHECKS = ['--bounds-check', '--pointer-check', '--pointer-overflow-check',
          '--pointer-primitive-check', '--div-by-zero-check',
          '--signed-overflow-check', '--undefined-shift-check',
          '--unwinding-assertions']
# Does a conversion change a value?  In access.c it does, as C defines it:
# negative displacements are added to addresses.
CONVERSIONS = '--conversion-check'
CHANGES_VALUES = ('access.c',)

# Seven page pairs, and once more to see the loop end.  More for some loops:
# those of harnesses, the search in 131 rows of opcodes, the 23 fraction bits
# of a single.
UNWIND = 8
LOOPS = {'prove_page_36_values': 257, 'prove_aligned_exact': 23,
         'fills': 9, 'find_row': 9, 'single_to_double': 24}

# HPTE_PAIR_*, sizes of the base page and of the page, names.
PAIRS = [(0, 12, 12, '4k/4k'), (1, 12, 16, '4k/64k'), (2, 12, 24, '4k/16m'),
         (3, 16, 16, '64k/64k'), (4, 16, 24, '64k/16m'),
         (5, 24, 24, '16m/16m'), (6, 34, 34, '16g/16g')]
SEGMENTS = [(28, '256m'), (40, '1t')]


@dataclasses.dataclass
class Proof:
    file: pathlib.Path
    harness: str
    variant: str = ''
    defines: tuple = ()

    @property
    def name(self):
        return f'{self.harness} {self.variant}'.strip()


@dataclasses.dataclass
class Outcome:
    verdict: str		# PROVED, FAILED, TIMEOUT or ERROR
    seconds: float
    failures: list		# (property, description)
    text: str = ''		# of an ERROR


class BadList(Exception):
    """sabotage.txt does not fit the sources or the harnesses."""


def variants():
    for pair, base, actual, name in PAIRS:
        for segment, segment_name in SEGMENTS:
            if base <= segment:
                yield (f'{name} {segment_name}',
                       (f'PAGE_PAIR={pair}', f'BASE={base}', f'ACTUAL={actual}',
                        f'SEGMENT={segment}'))


def proofs():
    for file in sorted(HERE.glob('*.c')):
        # In a file with pairs everything is compiled, so anything will do.
        some = next(variants())[1]
        for each, harness in re.findall(r'^PROVE(_EACH_PAIR)?\((\w+)\)$',
                                        file.read_text(), flags=re.M):
            if not each:
                yield Proof(file, harness, defines=some)
                continue
            for variant, defines in variants():
                yield Proof(file, harness, variant, defines)


def command(cbmc, proof, machine, root, more):
    loops = ','.join(f'{name}.0:{count}' for name, count in LOOPS.items())
    checks = CHECKS + [CONVERSIONS] * (proof.file.name not in CHANGES_VALUES)
    defines = [f'__BYTE_ORDER__={MACHINES[machine]}', *proof.defines, *more]
    return [cbmc, '--json-ui', '--arch', machine,
            '-I', str(root), '-I', str(root / 'include'),
            *(word for define in defines for word in ('-D', define)),
            *checks, '--unwind', str(UNWIND), '--unwindset', loops,
            '--function', f'prove_{proof.harness}', str(proof.file),
            *(str(root / source) for source in SOURCES)]


def judge(output, seconds):
    """CBMC's own verdict."""
    try:
        parts = json.loads(output)
    except ValueError:
        return Outcome('ERROR', seconds, [], output)
    results = [r for part in parts for r in part.get('result', [])]
    if not any('cProverStatus' in part for part in parts) or not results:
        messages = [part.get('messageText', '') for part in parts]
        return Outcome('ERROR', seconds, [], '\n'.join(messages[-8:]))
    failures = [(r['property'], r['description']) for r in results
                if r['status'] != 'SUCCESS']
    own = [r for r in results
           if re.match(r'prove_\w+\.assertion', r['property'])]
    if not own:
        return Outcome('ERROR', seconds, [], 'the harness checks nothing')
    return Outcome('FAILED' if failures else 'PROVED', seconds, failures)


def prove(options, proof, machine, root=ROOT, more=()):
    started = time.monotonic()
    try:
        done = subprocess.run(
            command(options.cbmc, proof, machine, root, more), text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, timeout=options.timeout)
    except subprocess.TimeoutExpired:
        return Outcome('TIMEOUT', time.monotonic() - started, [])
    outcome = judge(done.stdout, time.monotonic() - started)
    # 0: all properties hold; 10: some do not.  All else is an accident.
    if outcome.verdict != 'ERROR' and done.returncode not in (0, 10):
        outcome.verdict = 'ERROR'
        outcome.text = f'exit status {done.returncode}\n{done.stderr}'
    return outcome


def report(name, machine, outcome, good):
    print(f'{name:36} {machine:8} {outcome.verdict:8} '
          f'{outcome.seconds:5.1f} s', flush=True)
    if good:
        return
    for line in outcome.text.strip().splitlines():
        print(f'    {line}')
    for name, description in outcome.failures:
        print(f'    {name}: {description}')


def run_all(options, chosen):
    """Prove; return how many were proved and how many not."""
    jobs = [(proof, machine) for machine in MACHINES for proof in chosen]
    passed = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        outcomes = pool.map(lambda job: prove(options, *job), jobs)
        for (proof, machine), outcome in zip(jobs, outcomes):
            good = outcome.verdict == 'PROVED'
            report(proof.name, machine, outcome, good)
            passed += good
    return passed, len(jobs) - passed


def reach(options, proof):
    """Is the end of every path of a harness reached?  Then it is refuted."""
    outcome = prove(options, proof, next(iter(MACHINES)),
                    more=['PROVE_REACHED'])
    if outcome.verdict not in ('FAILED', 'PROVED'):
        return outcome, False
    # How often the harness says REACHED().
    body = re.search(rf'^PROVE\w*\({proof.harness}\)$.*?^}}$',
                     proof.file.read_text(), flags=re.M | re.S).group(0)
    ends = body.count('REACHED();')
    reached = [f for f in outcome.failures if f[1] == 'reached']
    outcome.verdict = 'REACHED' if len(reached) == ends else 'VACUOUS'
    return outcome, bool(ends) and outcome.verdict == 'REACHED'


@dataclasses.dataclass
class Sabotage:
    harness: str
    file: str
    old: str
    new: str


def read_sabotage(names):
    """Paragraphs of "harness:", "file:", "-old line", "+new line"."""
    found = []
    for text in re.split(r'\n\s*\n', (HERE / 'sabotage.txt').read_text()):
        lines = [l for l in text.splitlines() if not l.startswith('#')]
        if not lines:
            continue
        match = re.fullmatch(r'harness: (.+)\nfile: (\S+)\n-(.+)\n\+(.+)',
                             '\n'.join(lines))
        if not match:
            raise BadList(f'cannot read:\n{text}')
        harnesses, file, old, new = match.groups()
        content = (ROOT / file).read_text().splitlines()
        if content.count(old) != 1:
            raise BadList(f'{file}: {content.count(old)} times, not once: '
                          f'{old.strip()}')
        for harness in harnesses.split():
            if harness not in names:
                raise BadList(f'no harness {harness}')
            found.append(Sabotage(harness, file, old, new))
    return found


def refute(options, sabotage, chosen):
    """Some proof of the harness must fail on the sabotaged sources."""
    with tempfile.TemporaryDirectory() as directory:
        copy = pathlib.Path(directory)
        for tree in ('include', 'libhpte'):
            shutil.copytree(ROOT / tree, copy / tree)
        lines = (copy / sabotage.file).read_text().splitlines()
        lines[lines.index(sabotage.old)] = sabotage.new
        (copy / sabotage.file).write_text('\n'.join(lines) + '\n')
        for proof in chosen:
            if proof.harness != sabotage.harness:
                continue
            outcome = prove(options, proof, next(iter(MACHINES)), copy)
            if outcome.verdict != 'PROVED':
                break
    return outcome, outcome.verdict == 'FAILED'


def self_test(options, chosen):
    """Return how many proofs failed as they must, and how many did not."""
    names = {proof.harness for proof in proofs()}
    wanted = {proof.harness for proof in chosen}
    sabotages = [s for s in read_sabotage(names) if s.harness in wanted]
    good = bad = 0
    for name in sorted(wanted - {s.harness for s in sabotages}):
        print(f'{name:36} has no line in sabotage.txt')
        bad += 1
    machine = next(iter(MACHINES))
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        outcomes = pool.map(lambda proof: reach(options, proof), chosen)
        for proof, (outcome, right) in zip(chosen, outcomes):
            report(proof.name, machine, outcome, right)
            good, bad = good + right, bad + (not right)
        outcomes = pool.map(lambda s: refute(options, s, chosen), sabotages)
        for sabotage, (outcome, right) in zip(sabotages, outcomes):
            print(f'{sabotage.file}: {sabotage.new.strip()}')
            report(f'    {sabotage.harness}', machine, outcome, right)
            good, bad = good + right, bad + (not right)
    return good, bad


def find_cbmc():
    """The program, or None and why."""
    if not shutil.which('gcc'):
        return None, 'no gcc, whose preprocessor CBMC calls'
    fetched = subprocess.run([str(ROOT / 'tools/fetch-cbmc.sh')], text=True,
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE)
    if fetched.returncode:
        reason = (fetched.stderr.strip().splitlines() or ['no reason'])[-1]
        return None, f'CBMC cannot be had: {reason}'
    return fetched.stdout.strip(), ''


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--self-test', action='store_true')
    parser.add_argument('--timeout', type=float, default=60, metavar='SECONDS')
    parser.add_argument('--jobs', type=int, default=2, metavar='N')
    parser.add_argument('harness', nargs='*')
    options = parser.parse_args()
    unknown = set(options.harness) - {proof.harness for proof in proofs()}
    if unknown:
        parser.error(f'no such harness: {" ".join(sorted(unknown))}')
    return options


def main():
    options = arguments()
    options.cbmc, reason = find_cbmc()
    if not options.cbmc:
        print(f'SKIP prove: {reason}')
        return 77
    chosen = [proof for proof in proofs()
              if not options.harness or proof.harness in options.harness]
    try:
        run = self_test if options.self_test else run_all
        passed, failed = run(options, chosen)
    except BadList as bad:
        print(f'sabotage.txt: {bad}')
        passed, failed = 0, 1
    print(f'{passed} passed, {failed} failed, 0 skipped')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
