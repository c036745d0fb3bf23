#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Compare what the library costs with its budgets.

usage: run.py instructions|steps|bytes TARGET PROGRAM [EMULATOR NM]
       run.py size|stack TARGET ARCHIVE
       run.py cycles
       run.py --self-test

budgets.txt says what each kind is, and has the budgets.  Fails if something
exceeds its limit, has no budget, or if nothing was measured for a budget.
Exits with 77 where a tool or a feature of the CPU is missing.
"""
import collections
import importlib.util
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROUNDS = 8		# of operations.c
Budget = collections.namedtuple('Budget', 'figure limit')


class Skip(Exception):
    """What is missing."""


def run(*command):
    result = subprocess.run(command, text=True, capture_output=True)
    if result.returncode == 77:
        raise Skip(f'{command[-1]}: this CPU or system cannot do it')
    if result.returncode:
        sys.exit(f'{command} failed:\n{result.stdout}{result.stderr}')
    return result.stdout


def need(tool):
    if not shutil.which(tool):
        raise Skip(f'{tool} is not installed')
    return tool


def callgrind(program):
    """Instructions of each function budget_X, those it calls included."""
    need('valgrind')
    with tempfile.TemporaryDirectory() as scratch:
        out = f'{scratch}/out'
        run('valgrind', '--tool=callgrind', '--quiet',
            f'--callgrind-out-file={out}', program)
        text = run('callgrind_annotate', '--inclusive=yes',
                   '--threshold=100', out)
    return {name: int(count.replace(',', '')) / ROUNDS for count, name in
            re.findall(r'^ *([\d,]+) .*:budget_(\w+)', text, flags=re.M)}


def emulated(program, emulator, nm):
    """The same, from the addresses that an emulator executes."""
    symbols = {}
    for line in run(nm, '--synthetic', program).splitlines():
        field = line.split()
        if len(field) == 3 and field[1] in 'tTdD':
            symbols.setdefault(field[2].lstrip('.'), []).append(
                (int(field[0], 16), field[1]))
    # ELFv1: the name with a dot is the code, the other its descriptor
    text = {name: min(at for at, kind in places if kind in 'tT')
            for name, places in symbols.items()
            if any(kind in 'tT' for _, kind in places)}
    ours = [at for name, at in text.items()
            if name.startswith(('hpte_', 'budget_')) or name == 'driver']
    with tempfile.TemporaryDirectory() as scratch:
        log = f'{scratch}/log'
        run(emulator, '-singlestep', '-d', 'exec,nochain', '-dfilter',
            f'0x{min(ours):x}..0x{max(ours) + 4096:x}', '-D', log, program)
        pcs = [int(pc, 16) for pc in re.findall(
            r'\[[0-9a-f]+/([0-9a-f]+)/', pathlib.Path(log).read_text())]
    return count_inside(pcs, text)


def count_inside(pcs, text):
    starts = {at: name[len('budget_'):] for name, at in text.items()
              if name.startswith('budget_')}
    after = min((at for at in text.values() if at > text['driver']),
                default=1 << 64)
    counts, current = collections.Counter(), None
    for pc in pcs:
        current = starts.get(pc, current)
        if text['driver'] <= pc < after:
            current = None
        if current:
            counts[current] += 1
    return {name: count / ROUNDS for name, count in counts.items()}


def instructions(program, emulator=None, nm=None):
    if emulator:
        return emulated(program, need(emulator), need(nm))
    return callgrind(program)


def told(option):
    """What operations.c itself prints."""
    def measure(program, *emulator):
        lines = run(*emulator[:1], program, option).splitlines()
        return {name: int(value) for name, value in map(str.split, lines)}
    return measure


def size(archive):
    """Bytes of code and constants of each module, and of all."""
    sizes = {}
    for line in run(need('size'), archive).splitlines()[1:]:
        module = re.search(r'(\w+)\.[cS]\.o', line.split(None, 5)[5])[1]
        module = re.sub(r'^.*_(libhpte|arch_ppc64)_', '', module)
        sizes[module] = int(line.split()[0])
    sizes['all'] = sum(sizes.values())
    return sizes


def stack(archive):
    """Of each function, by the compiler's own account, saved registers too."""
    places = list(pathlib.Path(archive + '.p').glob('*.su'))
    if not places:
        raise Skip('the compiler wrote no stack usage')
    used = {}
    for place in places:
        for line in place.read_text().splitlines():
            where, count, kind = line.split('\t')
            used[where.rsplit(':', 1)[1]] = int(count)
            if 'dynamic' in kind and 'bounded' not in kind:
                sys.exit(f'{where}: a stack frame without a bound')
    return used


def cycles():
    """Predicted cycles of the storage interrupt's search, and of a find, on
    POWER9."""
    spec = importlib.util.spec_from_file_location(
        'mca', HERE.parent.parent / 'bench/mca/run.py')
    mca = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(mca)
    tool = mca.newest_mca()
    found = {}
    cases = (('p0', 0), ('p3', 3), ('p7', 7), ('miss', 16))
    with tempfile.TemporaryDirectory() as scratch:
        program = mca.build(pathlib.Path(scratch), 'little', 'POWER9', '-O2')
        code, functions = mca.disassemble(program, 'little')
        for which in ('assembly', 'twin'):
            for case, slot in cases:
                trace = mca.executed_search(program, 'little', 'POWER9', which,
                                            '300', slot, functions)
                found[f'{which}_{case}'] = mca.cycles(
                    tool, 'little', 'POWER9', code, trace, mca.FEED)
        program = mca.build_find(pathlib.Path(scratch), 'little', 'POWER9')
        code, functions = mca.disassemble(program, 'little')
        for case, slot in cases:
            trace = mca.executed_find(program, 'little', 'POWER9', slot,
                                      functions)
            found[f'find_{case}'] = mca.cycles(
                tool, 'little', 'POWER9', code, trace,
                mca.find_feed('little', [code[pc] for pc in trace]))
    return found


KINDS = {'instructions': instructions, 'steps': told('--step'),
         'bytes': told('--bytes'), 'size': size, 'stack': stack,
         'cycles': cycles}


def budgets(text, kind, target):
    found = {}
    for line in text.splitlines():
        field = line.split()
        if line.startswith('#') or len(field) < 5:
            continue
        if field[:2] == [kind, target]:
            found[field[2]] = Budget(float(field[3]), float(field[4]))
    return found


def judge(kind, target, measured, allowed):
    """The complaints; what got cheaper is said, and not one.

    A name of budgets "others" stands for all without one of their own.
    """
    problems = []
    rest = {name: value for name, value in measured.items()
            if name not in allowed}
    if 'others' in allowed and rest:
        worst = max(rest, key=rest.get)
        print(f'{kind}: the most of others is that of {worst}')
        measured = {name: value for name, value in measured.items()
                    if name in allowed} | {'others': rest[worst]}
    for name, value in sorted(measured.items()):
        what = f'{kind} of {name} on {target}'
        if name not in allowed:
            problems.append(f'{what}: {value:g}, and no budget')
        elif value > allowed[name].limit:
            problems.append(f'{what} grew from {allowed[name].figure:g} to '
                            f'{value:g}, the limit is '
                            f'{allowed[name].limit:g}')
        elif value < 0.95 * allowed[name].figure:
            print(f'{what} fell from {allowed[name].figure:g} to {value:g}: '
                  'please lower its budget')
    problems += [f'{kind} of {name} on {target}: budget, but not measured'
                 for name in sorted(set(allowed) - set(measured))]
    return problems


def self_test():
    """Can each kind fail?  One of its own budgets is made too small."""
    text = (HERE / 'budgets.txt').read_text()
    failed = 0
    for kind in KINDS:
        targets = {line.split()[1] for line in text.splitlines()
                   if line.split()[:1] == [kind]}
        for target in sorted(targets) or ['no target']:
            allowed = budgets(text, kind, target)
            fine = {name: b.figure for name, b in allowed.items()}
            good = bool(allowed) and not judge(kind, target, fine, allowed)
            for name, budget in allowed.items():
                more = {**fine, name: budget.limit + 1}
                less = {n: v for n, v in fine.items() if n != name}
                good &= any(f'{name} on {target} grew from' in p for p in
                            judge(kind, target, more, allowed))
                good &= any('not measured' in p for p in
                            judge(kind, target, less, allowed))
            good &= 'others' in allowed or any(
                'no budget' in p for p in
                judge(kind, target, {**fine, 'new': 1}, allowed))
            print(f'{"can fail" if good else "CANNOT FAIL"}: {kind}, '
                  f'{target}, {len(allowed)} budgets')
            failed += not good
    traced = count_inside([0x10, 0x14, 0x40, 0x44, 0x10, 0x14],
                          {'driver': 0x10, 'budget_a': 0x40, 'b': 0x20})
    if traced != {'a': 2 / ROUNDS}:
        print(f'WRONG: trace of two instructions: {traced}')
        failed += 1
    return failed


def main():
    if sys.argv[1:] == ['--self-test']:
        return 1 if self_test() else 0
    kind, target, *arguments = sys.argv[1:]
    try:
        measured = KINDS[kind](*arguments)
    except Skip as missing:
        print(f'SKIP {kind}: {missing}')
        return 77
    for name, value in sorted(measured.items()):
        print(f'{kind} {target} {name} {value:g}')
    allowed = budgets((HERE / 'budgets.txt').read_text(), kind, target)
    problems = judge(kind, target, measured, allowed)
    print('\n'.join(problems))
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
