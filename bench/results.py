# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""What the harness has measured: series of samples, and ratios of them.

Sample n of one series and sample n of another of the same suite, order and
load were taken in the same round, one soon after the other: a ratio of two
series is the median of the ratios of their rounds.
"""
import json
import statistics

SLOW = 0.93		# of the fastest round's clock: rejected below
FEWEST = 3		# rounds that are left in any case


class Missing(Exception):
    """A series that was not measured; the text says which."""


class Results:
    def __init__(self):
        self.series = {}	# (suite, order, pages, load, case, who)
        self.units = {}		# the same
        self.facts = {}		# (suite, order, pages, load, name)
        self.skips = {}		# who: why
        self.compiler = 'unknown'
        self.kept = {}		# (suite, order, pages, load): rounds
        self.rejected = 0
        self.raw = ''		# all that was read

    def read(self, text):
        self.raw += text
        for line in text.splitlines():
            self.read_line(json.loads(line))
        self.reject()

    def add(self, line):
        """One line that is no program's output."""
        self.read(json.dumps(line) + '\n')

    def skip(self, who, why):
        self.add({'skip': who, 'why': why})

    def read_line(self, line):
        if 'skip' in line:
            self.skips[line['skip']] = line['why']
        elif 'compiler' in line:
            self.compiler = line['compiler']
        else:
            place = tuple(line[key] for key in
                          ('suite', 'order', 'pages', 'load'))
            if 'fact' in line:
                self.facts[(*place, line['fact'])] = line['value']
                return
            key = (*place, line['case'], line['who'])
            self.series[key] = line['samples']
            self.units[key] = line['unit']

    def reject(self):
        """Leave out the rounds in which the CPU was slow."""
        clocks = {key[:4]: samples for key, samples in self.series.items()
                  if key[4] == 'add-chain'}
        fastest = max((max(samples) for samples in clocks.values()),
                      default=0)
        self.rejected = 0
        for place, samples in clocks.items():
            good = [n for n, ghz in enumerate(samples)
                    if ghz >= SLOW * fastest]
            if len(good) < FEWEST:
                good = list(range(len(samples)))
            self.kept[place] = good
            self.rejected += len(samples) - len(good)

    def samples(self, key):
        if key not in self.series:
            suite, order, _, load, case, who = key
            for name in (who, suite, f'2^{order}'):
                if name in self.skips:
                    raise Missing(f'{name}: {self.skips[name]}')
            raise Missing(f'not measured: {suite} 2^{order} {load} % '
                          f'{case} {who}')
        samples = self.series[key]
        kept = self.kept.get(key[:4], range(len(samples)))
        return [samples[n] for n in kept if n < len(samples)] or samples

    def median(self, key):
        return statistics.median(self.samples(key))

    def best(self, key):
        return max(self.samples(key))

    def ratio(self, key, other):
        """Of @key to @other."""
        ratios = [a / b for a, b in zip(self.samples(key),
                                        self.samples(other)) if b]
        if not ratios:
            raise Missing(f'nothing but zeros: {other[4]} {other[5]}')
        return statistics.median(ratios)

    def cases(self):
        """Each case with those who took part, in the order measured."""
        found = {}
        for *case, who in self.series:
            found.setdefault(tuple(case), []).append(who)
        return found


def quartiles(samples):
    ordered = sorted(samples)
    return (ordered[len(ordered) // 4], statistics.median(ordered),
            ordered[len(ordered) * 3 // 4])
