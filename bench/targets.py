# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""The targets, and whether a run met them.

Each row: id, R (required) or S (stretch), what, a function of the results
that gives our figure, and its bound.  "faster" is how many times the other
one's time ours is, "over" our time by a limit's.  The lock-bit table stands
in for hypervisors that are built that way, "scan" for the best case of a
search without locks, "onelock" for one lock around everything.  Where a row
speaks of several sizes its figure is the worst of them.
"""
import operator

from results import Missing

WIDEST = 'plain'	# the entrant with the widest search this CPU has
LARGE, MIDDLE, SMALL = 30, 24, 18
MAPS = ('ck_ht', 'lfht', 'rte_hash')


def table(order, case, who, load=50):
    return ('table', order, '4K', load, case, who)


def threads(order, case, who):
    return ('threads', order, '4K', 50, case, who)


def faster(order, case, other, load=50, ours=WIDEST, ours_case=None):
    return lambda run: run.ratio(table(order, case, other, load),
                                 table(order, ours_case or case, ours, load))


def over(order, case, limit, load=50, limit_case=None):
    return lambda run: run.ratio(table(order, case, WIDEST, load),
                                 table(order, limit_case or case, limit, load))


def value(order, case, who):
    return lambda run: run.median(table(order, case, who))


def least(*figures):
    return lambda run: min(figure(run) for figure in figures)


def most(*figures):
    return lambda run: max(figure(run) for figure in figures)


def two_lines(order, load=50):
    """By the better of the two ways to read two random lines."""
    return most(over(order, 'hit.many', 'rnd2p', load),
                over(order, 'hit.many', 'rnd2pt1', load))


def rates(order, case, other_case, who=WIDEST, other=None):
    """Of the best rounds: with two threads others disturb most."""
    def figure(run):
        below = run.best(threads(order, other_case, other or who))
        if not below:
            raise Missing(f'nothing but zeros: {other_case}')
        return run.best(threads(order, case, who)) / below
    return figure


def per_call(run):
    """What the hypercall layer adds to one call, in nanoseconds."""
    return (run.median(table(SMALL, 'pair', 'hcall')) -
            run.median(table(SMALL, 'pair', 'plain'))) / 2


def mca(name):
    return lambda run: run.median(('mca', 0, '4K', 0, name, 'find'))


LOADS = (25, 50, 75, 95)
ORDERS = (SMALL, MIDDLE, LARGE)

AT_LEAST = [
    ('L1', 'R', '2^18 chain, to lockbit', 1.75,
     faster(SMALL, 'hit.chain', 'lockbit')),
    ('L1', 'S', '2^18 chain, to lockbit', 2.0,
     faster(SMALL, 'hit.chain', 'lockbit')),
    ('L2', 'R', '2^18 chain, portable, to lockbit', 1.4,
     faster(SMALL, 'hit.chain', 'lockbit', ours='portable')),
    ('L3', 'R', '2^18 each, AVX-512, to lockbit', 4.2,
     faster(SMALL, 'hit.each', 'lockbit', ours='avx512')),
    ('L3', 'R', '2^18 each, AVX2, to lockbit', 3,
     faster(SMALL, 'hit.each', 'lockbit', ours='avx2')),
    ('L3', 'R', '2^18 each, SSE2, to lockbit', 2.2,
     faster(SMALL, 'hit.each', 'lockbit', ours='sse2')),
    ('L4', 'R', '2^18 each, to the best map', 2,
     least(*(faster(SMALL, 'hit.each', who) for who in MAPS))),
    ('L5', 'R', '2^24 chain, to lockbit', 1.12,
     faster(MIDDLE, 'hit.chain', 'lockbit')),
    ('L5', 'S', '2^24 chain, to lockbit', 1.25,
     faster(MIDDLE, 'hit.chain', 'lockbit')),
    ('L6', 'R', '2^30 chain, any load, to lockbit', 1.0,
     least(*(faster(LARGE, 'hit.chain', 'lockbit', load) for load in LOADS))),
    ('L6', 'S', '2^30 chain, any load, to lockbit', 1.07,
     least(*(faster(LARGE, 'hit.chain', 'lockbit', load) for load in LOADS))),
    ('L7', 'R', '2^30 chain, to ck_ht', 1.5,
     faster(LARGE, 'hit.chain', 'ck_ht')),
    ('L7', 'R', '2^30 chain, to rte_hash', 3.3,
     faster(LARGE, 'hit.chain', 'rte_hash')),
    ('L7', 'R', '2^30 chain, to lfht', 3.2,
     faster(LARGE, 'hit.chain', 'lfht')),
    ('L7', 'R', '2^30 chain, to lockbit', 1.8,
     faster(LARGE, 'hit.chain', 'lockbit')),
    ('L8', 'R', '2^30 each, to lockbit', 2.7,
     faster(LARGE, 'hit.each', 'lockbit')),
    ('L8', 'R', '2^30 each, to ck_ht', 2.3,
     faster(LARGE, 'hit.each', 'ck_ht')),
    ('L8', 'S', '2^30 each, to ck_ht', 2.9,
     faster(LARGE, 'hit.each', 'ck_ht')),
    ('L9', 'R', '2^30 many, to lockbit each', 5.2,
     faster(LARGE, 'hit.each', 'lockbit', ours_case='hit.many')),
    ('L10', 'R', '2^30 many, to rte_hash bulk 32', 5,
     faster(LARGE, 'hit.many', 'rte_hash')),
    ('L11', 'R', '2^24 many, to lockbit each', 5,
     faster(MIDDLE, 'hit.each', 'lockbit', ours_case='hit.many')),
    ('L12', 'R', '2^30 95 % many, to lockbit each', 6,
     faster(LARGE, 'hit.each', 'lockbit', 95, ours_case='hit.many')),
    ('L13', 'R', '2^18 miss, to lockbit', 7,
     faster(SMALL, 'miss.each', 'lockbit')),
    ('L13', 'R', '2^30 miss, to lockbit', 3.5,
     faster(LARGE, 'miss.each', 'lockbit')),
    ('L15', 'R', '2^30 sequential many, to lockbit each', 2,
     faster(LARGE, 'sequential.each', 'lockbit',
            ours_case='sequential.many')),
    ('L16', 'R', 'portable, chain and each, all sizes, to scan', 0.97,
     least(*(faster(order, case, 'scan', ours='portable')
             for order in ORDERS for case in ('hit.chain', 'hit.each')))),
    ('U1', 'R', '2^18 pair, to lockbit', 1.05,
     faster(SMALL, 'pair', 'lockbit')),
    ('U1', 'S', '2^18 pair, to lockbit', 1.2,
     faster(SMALL, 'pair', 'lockbit')),
    ('U2', 'R', '2^24 pair, to lockbit', 1.4,
     faster(MIDDLE, 'pair', 'lockbit')),
    ('U2', 'R', '2^30 pair, to lockbit', 1.25,
     faster(LARGE, 'pair', 'lockbit')),
    ('U3', 'R', '2^24 pairs by 16, to lockbit pair', 2.0,
     faster(MIDDLE, 'pair', 'lockbit', ours_case='pair.many')),
    ('U3', 'R', '2^30 pairs by 16, to lockbit pair', 2.3,
     faster(LARGE, 'pair', 'lockbit', ours_case='pair.many')),
    ('U4', 'R', 'pair, all sizes, to onelock', 1.4,
     least(*(faster(order, 'pair', 'onelock') for order in ORDERS))),
    ('U5', 'R', 'pair, all sizes, to the best map', 1.8,
     least(*(faster(order, 'pair', who) for order in ORDERS
             for who in MAPS))),
    ('U5', 'R', '2^18 and 2^24 pair, to the best map', 4,
     least(*(faster(order, 'pair', who) for order in (SMALL, MIDDLE)
             for who in MAPS))),
    ('U6', 'R', 'remove, all sizes, to lockbit', 1.65,
     least(*(faster(order, 'remove', 'lockbit') for order in ORDERS))),
    ('U7', 'R', '2^30 H_BULK_REMOVE by 4, to lockbit remove', 1.8,
     faster(LARGE, 'remove', 'lockbit', ours='hcall')),
    ('T1', 'R', 'lookups, two threads to one, all sizes', 1.85,
     least(*(rates(order, 'find.2t', 'find.1t') for order in ORDERS))),
    ('T2', 'R', '2^24 and 2^30 pairs, two threads to one', 1.8,
     least(*(rates(order, 'pair.2t', 'pair.1t')
             for order in (MIDDLE, LARGE)))),
    ('T2', 'R', '2^24 and 2^30 pairs, two threads, to onelock', 5,
     least(*(rates(order, 'pair.2t', 'pair.2t', other='onelock')
             for order in (MIDDLE, LARGE)))),
    ('T3', 'R', 'one group, two threads, to lockbit', 1.0,
     least(*(rates(order, 'group.2t', 'group.2t', other='lockbit')
             for order in ORDERS))),
    ('T3', 'R', '64 groups, two threads to one', 1.0,
     least(*(rates(order, 'groups64.2t', 'groups64.1t')
             for order in ORDERS))),
    ('T4', 'R', '2^24 and 2^30 reader beside a writer', 0.95,
     least(*(rates(order, 'find.beside', 'find.1t')
             for order in (MIDDLE, LARGE)))),
    ('T4', 'R', '2^18 batches beside a writer', 0.8,
     rates(SMALL, 'many.beside', 'many.1t')),
]

AT_MOST = [
    ('L1', 'R', '2^18 chain, by hchase', 2.3,
     over(SMALL, 'hit.chain', 'hchase')),
    ('L1', 'S', '2^18 chain, by hchase', 2.0,
     over(SMALL, 'hit.chain', 'hchase')),
    ('L5', 'R', '2^24 chain, by hchase', 1.4,
     over(MIDDLE, 'hit.chain', 'hchase')),
    ('L5', 'S', '2^24 chain, by hchase', 1.3,
     over(MIDDLE, 'hit.chain', 'hchase')),
    ('L6', 'R', '2^30 chain, any load, by hchase', 1.20,
     most(*(over(LARGE, 'hit.chain', 'hchase', load) for load in LOADS))),
    ('L6', 'S', '2^30 chain, any load, by hchase', 1.12,
     most(*(over(LARGE, 'hit.chain', 'hchase', load) for load in LOADS))),
    ('L9', 'R', '2^30 many, by two lines', 1.20, two_lines(LARGE)),
    ('L9', 'S', '2^30 many, by two lines', 1.03, two_lines(LARGE)),
    ('L11', 'R', '2^24 many, by two lines', 1.25, two_lines(MIDDLE)),
    ('L11', 'S', '2^24 many, by two lines', 1.05, two_lines(MIDDLE)),
    ('L12', 'R', '2^30 95 % many, by two lines', 1.25, two_lines(LARGE, 95)),
    ('L13', 'R', '2^30 miss many, by four lines', 1.0,
     over(LARGE, 'miss.many', 'rnd4p')),
    ('L14', 'R', '2^30 75 % secondary many, by four lines', 1.0,
     over(LARGE, 'secondary.many', 'rnd4p', 75)),
    ('U1', 'R', '2^18 pair, by two cmpxchg', 1.35,
     over(SMALL, 'pair', 'cmpxchg')),
    ('I1', 'R', 'instructions of a hit, AVX-512', 75,
     value(SMALL, 'hit.count', 'avx512')),
    ('I1', 'R', 'instructions of a miss, AVX-512', 80,
     value(SMALL, 'miss.count', 'avx512')),
    ('I1', 'R', 'instructions of a hit, portable', 90,
     value(SMALL, 'hit.count', 'portable')),
    ('I1', 'R', 'instructions of a miss, portable', 190,
     value(SMALL, 'miss.count', 'portable')),
    ('H1', 'R', 'nanoseconds a hypercall adds, 2^18', 15, per_call),
    ('P1', 'R', 'POWER9 cycles, primary 0', 32, mca('primary 0')),
    ('P1', 'R', 'POWER9 cycles, primary 3', 42, mca('primary 3')),
    ('P1', 'R', 'POWER9 cycles, primary 7', 52, mca('primary 7')),
    ('P1', 'R', 'POWER9 cycles, miss', 72, mca('miss')),
]


def judge(run):
    """A list of rows as dictionaries: figure is None if it is skipped."""
    rows = []
    for good, sign, targets in ((operator.ge, '>=', AT_LEAST),
                                (operator.le, '<=', AT_MOST)):
        for name, level, what, bound, figure in targets:
            row = {'id': name, 'level': level, 'what': what,
                   'bound': f'{sign} {bound}', 'figure': None}
            try:
                row['figure'] = round(figure(run), 3)
                row['result'] = 'met' if good(row['figure'], bound) \
                    else 'not met'
            except Missing as missing:
                row['result'] = f'SKIP {missing}'
            rows.append(row)
    return sorted(rows, key=lambda row: (row['id'][0], int(row['id'][1:])))
