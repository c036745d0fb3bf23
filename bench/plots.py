# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Plots of a run in SVG, by gnuplot."""
import shutil
import subprocess

LINE = 'with linespoints linewidth 1.5 pointsize 0.5'


class Plot:
    """Curves, each a list of (x, y), or bars with labels for x."""

    def __init__(self, title, xlabel, ylabel, *settings):
        self.head = [
            'set terminal svg size 640,400 dynamic fontscale 0.8 '
            'background rgb "white"',
            f'set title "{title}"', f'set xlabel "{xlabel}"',
            f'set ylabel "{ylabel}"', 'set key outside right', 'set grid',
            *settings]
        self.curves = []

    def add(self, name, points):
        if points:
            self.curves.append((name, points))

    def draw(self, path, style=LINE, using='1:2'):
        if not self.curves:
            return False
        text = [*self.head, f'set output "{path}"']
        for n, (_, points) in enumerate(self.curves):
            text += [f'$data{n} << end',
                     *(f'"{x}" {y}' if isinstance(x, str) else f'{x} {y}'
                       for x, y in points), 'end']
        text.append('plot ' + ', '.join(
            f'$data{n} using {using} {style} title "{name}" noenhanced'
            for n, (name, _) in enumerate(self.curves)))
        subprocess.run(['gnuplot'], input='\n'.join(text) + '\n', text=True,
                       check=True)
        return True


def figures(report, suite, case, load=50):
    """who: list of (order, median, ratio), rising."""
    found = {}
    for each in report['cases']:
        if (each['suite'], each['case'], each['load'], each['pages']) == \
                (suite, case, load, '4K'):
            for who, figure in each['figures'].items():
                found.setdefault(who, []).append(
                    (each['order'], figure['median'], figure['ratio']))
    return {who: sorted(points) for who, points in found.items()}


def latency(report, path):
    plot = Plot('Dependent lookups, 50 % full', 'table, log2 bytes',
                'ns a lookup', 'set logscale y')
    for who, points in figures(report, 'table', 'hit.chain').items():
        plot.add(who, [(order, median) for order, median, _ in points])
    return plot.draw(path)


def batches(report, path):
    plot = Plot('Batches of lookups, 50 % full', 'lookups in a batch',
                'million lookups a second', 'set logscale x 2',
                'set yrange [0:*]')
    curves = {}
    for size in (1, 4, 8, 16, 32, 64, 256):
        case = 'hit.each' if size == 1 else 'hit.many' if size == 256 else \
            f'hit.many.{size}'
        for who, points in figures(report, 'table', case).items():
            if who not in ('plain', 'walker', 'rte_hash') or \
                    (who == 'rte_hash' and size > 32):
                continue
            for order, median, _ in points:
                curves.setdefault(f'{who} 2^{order}', []).append(
                    (size, 1000 / median))
    for name, points in curves.items():
        if len(points) > 1:
            plot.add(name, points)
    return plot.draw(path)


def ratios(report, path):
    plot = Plot('Times of the others, plain = 1, 50 % full', '',
                'times', 'set style data histogram',
                'set style histogram clustered', 'set style fill solid 0.7',
                'set logscale y', 'set xtics rotate by -30 noenhanced')
    bars = {}
    for case in ('hit.chain', 'hit.each', 'miss.each', 'pair'):
        for who, points in figures(report, 'table', case).items():
            if who in ('lockbit', 'scan', 'ck_ht', 'lfht', 'rte_hash'):
                for order, _, ratio in points:
                    if order in (18, 24, 30):
                        bars.setdefault(who, {})[f'{case} 2^{order}'] = ratio
    labels = list(dict.fromkeys(label for each in bars.values()
                                for label in each))
    for who, each in bars.items():
        plot.add(who, [(label, each.get(label, 'NaN')) for label in labels])
    return plot.draw(path, style='', using='2:xtic(1)')


def scaling(report, path):
    plot = Plot('One thread and two, 50 % full', 'threads',
                'million operations a second', 'set xtics 1',
                'set xrange [0.9:2.1]', 'set yrange [0:*]')
    for case in ('find', 'many', 'pair'):
        one, two = (figures(report, 'threads', f'{case}.{n}t')
                    for n in (1, 2))
        for who in ('plain', 'lockbit', 'onelock'):
            for a, b in zip(one.get(who, []), two.get(who, [])):
                if a[0] in (18, 30):
                    plot.add(f'{case} {who} 2^{a[0]}',
                             [(1, a[1]), (2, b[1])])
    return plot.draw(path)


def draw(report, directory):
    """Names of the files made; None if there is no gnuplot."""
    if not shutil.which('gnuplot'):
        return None
    return [name for name, make in (('latency', latency),
                                    ('batches', batches),
                                    ('ratios', ratios), ('scaling', scaling))
            if make(report, directory / f'{name}.svg')]
