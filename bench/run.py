#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Run the benchmarks and say what came out.

usage: run.py BUILD full|quick|smoke|again

Prints the cases and the targets; full and quick write samples, bench.json and
the plots to BUILD/bench/results.  full takes about ten minutes and 18 GiB, quick
less than one, smoke seconds: it shows that everything runs, not how fast.
again measures nothing and reports the samples that are there.  Fails if
something does not run or answers wrongly; a target that is not met is a line
of the report.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import time

import plots
import report
import results

ROOT = pathlib.Path(__file__).resolve().parent.parent
ALL = '25,50,75,95'
KIB_FOR_LARGE = 18 << 20	# free, to measure 2^30 bytes with all maps
# What malloc gives to the maps shall have huge pages as the tables have.
ENVIRONMENT = {**os.environ, 'GLIBC_TUNABLES': 'glibc.malloc.hugetlb=1'}

PLANS = {
    'full': [
        'table --order 18 --rounds 31 --milliseconds 10 --loads ' + ALL,
        'table --order 24 --rounds 9 --milliseconds 20 --loads ' + ALL,
        'table --order 24 --rounds 5 --milliseconds 10 --large',
        *(f'table --order {order} --rounds 9 --only hit.chain'
          for order in (20, 22, 26, 28)),
        'table --order 30 --rounds 6 --milliseconds 20 --loads ' + ALL,
        *(f'table --order {order} --rounds 5 --small '
          '--only hit.chain,hit.many' for order in (24, 30)),
        'hcall --order 18 --rounds 15 --milliseconds 20',
        'hcall --order 24 --rounds 11 --milliseconds 20',
        'fault --order 18 --rounds 25',
        'fault --order 24 --rounds 15',
        'resize --order 18 --rounds 15',
        'resize --order 24 --rounds 7',
        'tail --order 18 --rounds 5',
    ],
    'quick': [
        'table --order 18 --rounds 7 --milliseconds 4 --counted 16 --loads ' +
        ALL,
        'table --order 24 --rounds 5 --milliseconds 8 --loads 50,75',
        'hcall --order 18 --rounds 5 --milliseconds 5',
        'fault --order 18 --rounds 5 --counted 16',
        'resize --order 18 --rounds 5',
    ],
    'smoke': [
        'table --order 18 --rounds 1 --milliseconds 1 --counted 1 '
        '--loads 50,75',
        'table --order 18 --rounds 1 --only hit --large',
        'hcall --order 18 --rounds 1 --milliseconds 1',
        'table --order 18 --rounds 1 --only hit.chain,remove.block --small',
        'fault --order 18 --rounds 1 --counted 1',
        'resize --order 18 --rounds 1',
    ],
}
REPLAYS = {'full': 5, 'quick': 3, 'smoke': 0}
SAMPLES = 'samples.jsonl'


def memory():
    """KiB that are free, as far as anybody can say."""
    try:
        text = pathlib.Path('/proc/meminfo').read_text(encoding='utf-8')
        return int(re.search(r'^MemAvailable:\s+(\d+)', text, re.M)[1])
    except (OSError, TypeError):
        return 0


def measure(build, plan, run):
    for words in plan:
        print(f'bench: {words}', file=sys.stderr, flush=True)
        if '--order 30' in words and memory() < KIB_FOR_LARGE:
            run.skip('2^30', 'needs 18 GiB of free memory')
            continue
        result = subprocess.run([str(build / 'bench/bench'), *words.split()],
                                env=ENVIRONMENT, text=True,
                                stdout=subprocess.PIPE, check=False)
        if result.returncode:
            sys.exit(f'bench: {words}: exit status {result.returncode}')
        run.read(result.stdout)


def series(suite, case, who, unit, samples):
    """As the program prints one, of something that has no table's size."""
    return {'suite': suite, 'order': 0, 'pages': '4K', 'load': 0,
            'case': case, 'who': who, 'unit': unit, 'samples': samples}


def replay(build, rounds, run):
    """Hypercalls a second of recordings, comparisons included."""
    hptctl = build / 'tools/hptctl/hptctl'
    if not hptctl.exists():
        run.skip('replay', 'hptctl was not built')
        return
    for trace in sorted((ROOT / 'tests/replay/data').glob('*.trace.xz')):
        name = trace.name.split('.')[0]
        options = trace.with_name(name + '.options')
        words = options.read_text().split() if options.exists() else []
        rates = []
        for _ in range(rounds):
            result = subprocess.run([str(hptctl), 'replay', str(trace),
                                     '--json', *words], text=True,
                                    stdout=subprocess.PIPE,
                                    stderr=subprocess.DEVNULL, check=False)
            if result.returncode:
                run.skip(f'replay of {name}',
                         f'hptctl answers {result.returncode}')
                break
            rates.append(json.loads(result.stdout)['hcalls_per_second'] * 1e-6)
        if rates:
            run.add(series('replay', name, 'libhpte', 'Mcalls/s', rates))


def predicted(run):
    """Cycles of a find on POWER9, little-endian, gcc -O2, of mca/run.py."""
    result = subprocess.run([str(ROOT / 'bench/mca/run.py')], text=True,
                            capture_output=True, check=False)
    _, _, table = result.stdout.partition('hpte_table_find_ea()')
    rows = re.findall(r'^  (\w+(?: \d)?)  .*POWER9 little \d+/([\d.]+)',
                      table, re.M)
    for name, cycles in rows:
        run.add(series('mca', name, 'find', 'cycles', [float(cycles)]))
    if not rows:
        lines = (result.stdout + result.stderr).strip().splitlines()
        run.skip('mca', lines[-1] if lines else 'no answer')


def check(summary):
    """That what was written can be read, and says something."""
    text = json.dumps(summary, indent=1)
    again = json.loads(text)
    positive = [figure['median'] > 0 for case in again['cases']
                for figure in case['figures'].values()
                if case['unit'] in ('instructions', 'GHz')]
    if not again['cases'] or not again['targets'] or not all(positive):
        sys.exit('bench: a report without figures')
    return text


def main():
    if len(sys.argv) != 3 or sys.argv[2] not in [*PLANS, 'again']:
        sys.exit(__doc__)
    build, plan = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    directory = build / 'bench/results'
    started, what = time.monotonic(), report.commit(ROOT)
    run = results.Results()
    if plan == 'again':
        run.read((directory / SAMPLES).read_text())
    else:
        measure(build, PLANS[plan], run)
        replay(build, REPLAYS[plan], run)
    if plan == 'full':
        predicted(run)
    summary = report.as_json(run, what, time.monotonic() - started)
    text = check(summary)
    report.print_report(summary)
    if plan == 'smoke':
        return
    directory.mkdir(exist_ok=True)
    (directory / SAMPLES).write_text(run.raw)
    (directory / 'bench.json').write_text(text + '\n')
    drawn = plots.draw(summary, directory)
    print('SKIP plots: gnuplot is not installed' if drawn is None else
          f'plots: {" ".join(drawn)}')
    print(f'in {os.path.relpath(directory)}')


if __name__ == '__main__':
    main()
