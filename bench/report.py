# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""A run as text and as JSON.

In a case the first who took part is the reference of the ratios: ours, where
it takes part.
"""
import platform
import re
import subprocess
import time

import results
import targets


def cpu_name():
    try:
        with open('/proc/cpuinfo', encoding='utf-8') as file:
            found = re.search(r'^model name\s*:\s*(.*)$', file.read(), re.M)
    except OSError:
        found = None
    return found[1] if found else platform.machine()


def commit(root):
    def git(*words):
        return subprocess.run(['git', '-C', str(root), *words], text=True,
                              capture_output=True, check=False).stdout.strip()
    dirty = '+' if git('status', '--porcelain', '-uno') else ''
    return (git('rev-parse', '--short=12', 'HEAD') or 'unknown') + dirty


def case_of(run, place, everybody):
    """One case: a figure for each who took part."""
    suite, order, pages, load, case = place
    first = (*place, everybody[0])
    figures = {}
    for who in everybody:
        key = (*place, who)
        samples = run.samples(key)
        low, middle, high = results.quartiles(samples)
        figures[who] = {'median': middle, 'min': min(samples), 'p25': low,
                        'p75': high, 'rounds': len(samples)}
        try:
            figures[who]['ratio'] = round(run.ratio(key, first), 4)
        except results.Missing:
            figures[who]['ratio'] = None
    return {'suite': suite, 'order': order, 'pages': pages, 'load': load,
            'case': case, 'unit': run.units[first],
            'reference': everybody[0], 'figures': figures}


def as_json(run, what, seconds):
    """@what: commit() when the run began."""
    return {
        'commit': what,
        'compiler': run.compiler,
        'cpu': cpu_name(),
        'date': time.strftime('%Y-%m-%d %H:%M:%S UTC', time.gmtime()),
        'seconds': round(seconds),
        'rejected_rounds': run.rejected,
        'cases': [case_of(run, place, everybody)
                  for place, everybody in run.cases().items()],
        'facts': [dict(zip(('suite', 'order', 'pages', 'load', 'name'), key),
                       value=number) for key, number in run.facts.items()],
        'targets': targets.judge(run),
        'skipped': run.skips,
    }


def number(figure):
    return f'{figure:.0f}' if figure >= 1000 else f'{figure:.3g}'


def print_cases(report):
    heading = None
    for case in report['cases']:
        place = case['suite']
        if case['order']:
            place += (f', 2^{case["order"]} bytes, {case["pages"]} pages, '
                      f'{case["load"]} % full')
        if place != heading:
            print(f'\n{place}')
            heading = place
        words = []
        for who, figure in case['figures'].items():
            words.append(f'{who} {number(figure["median"])}')
            if who != case['reference'] and figure['ratio'] is not None:
                words[-1] += f' ({figure["ratio"]:.2f})'
        print(f'  {case["case"]:<18} {case["unit"]:<8} {"  ".join(words)}')


def print_targets(report):
    print('\ntargets: id, level, what, bound, our figure')
    count = {}
    for row in report['targets']:
        figure = '-' if row['figure'] is None else number(row['figure'])
        print(f'  {row["id"]:<4}{row["level"]}  {row["what"]:<46} '
              f'{row["bound"]:>8}  {figure:>6}  {row["result"]}')
        result = row['result'].split(' ')[0] if \
            row['result'].startswith('SKIP') else row['result']
        count[result] = count.get(result, 0) + 1
    print('  ' + ', '.join(f'{count.get(result, 0)} {result}'
                           for result in ('met', 'not met', 'SKIP')))


def print_report(report):
    print(f'commit {report["commit"]}, {report["compiler"]}, '
          f'{report["cpu"]}, {report["date"]}')
    print('Medians; in brackets medians of the ratios of each round to the '
          'first of the line.')
    print_cases(report)
    print_targets(report)
    for who, why in report['skipped'].items():
        print(f'SKIP {who}: {why}')
    print(f'{report["rejected_rounds"]} rounds rejected for a slow clock; '
          f'{report["seconds"]} s')
