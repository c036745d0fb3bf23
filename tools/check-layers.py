#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Check who includes whom.

usage: check-layers.py ROOT
       check-layers.py --self-test

A file states its layer in a line "Layer: N"; a source file may leave that to
the public header of its name; all of arch/ is layer 0.  A file includes only
its own layer or lower, public headers include public headers only, the
public headers included are those that "Depends on:" lists, and the outside
is seen by env.h (the compiler's headers) and atomic.h (<atomic_ops.h>) only.
"""
import pathlib
import re
import sys
import tempfile

import check_main

SYSTEM = {
    'include/hpte/env.h': {'stdbool.h', 'stddef.h', 'stdint.h'},
    'libhpte/atomic.h': {'atomic_ops.h'},
}
UMBRELLA = 'include/hpte/hpte.h'
TOP = 3


def sources(root):
    for directory in ('include/hpte', 'libhpte', 'arch'):
        for path in sorted((root / directory).rglob('*.[chS]')):
            if 'compat' not in path.parts:
                yield path


def layer_of(root, path):
    name = path.relative_to(root).as_posix()
    if name.startswith('arch/'):
        return 0
    if name == UMBRELLA:
        return TOP
    match = re.search(r'^ \* Layer: (\d)\b', path.read_text(), flags=re.M)
    if match:
        return int(match[1])
    header = root / 'include/hpte' / (path.stem + '.h')
    if path.suffix == '.c' and header.exists():
        return layer_of(root, header)
    return None


def resolve(root, path, name):
    for base in (path.parent, root, root / 'include'):
        if (base / name).exists():
            return (base / name).resolve()
    return None


def stated_dependencies(text):
    match = re.search(r'Depends on: (.*?)(?:\.\n|\n \*\n)', text, flags=re.S)
    return set(re.findall(r'\w+\.h', match[1])) if match else None


def check_file(root, path):
    name = path.relative_to(root).as_posix()
    text = path.read_text()
    mine = layer_of(root, path)
    if mine is None:
        return [f'{name}: no layer']
    problems = []
    for header in re.findall(r'^\s*#\s*include\s*<(.*?)>', text, flags=re.M):
        if header not in SYSTEM.get(name, set()):
            problems.append(f'{name}: includes <{header}>')
    direct = set()
    for header in re.findall(r'^\s*#\s*include\s*"(.*?)"', text, flags=re.M):
        target = resolve(root, path, header)
        if target is None:
            problems.append(f'{name}: "{header}" not found')
            continue
        direct.add(target.name)
        theirs = layer_of(root, target)
        if theirs is None or theirs > mine:
            problems.append(f'{name}: layer {mine} includes "{header}", '
                            f'layer {theirs}')
        if name.startswith('include/') and \
           target.parent != (root / 'include/hpte'):
            problems.append(f'{name}: public, includes private "{header}"')
    if name.startswith('include/') and name != UMBRELLA and \
       stated_dependencies(text) != direct:
        problems.append(f'{name}: "Depends on:" differs from its includes')
    return problems


def check(root):
    root = pathlib.Path(root).resolve()
    problems = []
    found = list(sources(root))
    if not found:
        problems.append(f'{root}: nothing to check')
    for path in found:
        problems += check_file(root, path)
    return problems


GOOD = {
    'include/hpte/env.h': ' * Layer: 0 (x).  Depends on: nothing.\n'
                          '#include <stdint.h>\n',
    'include/hpte/table.h': ' * Layer: 2 (x).  Depends on: env.h.\n'
                            '#include "env.h"\n',
    'include/hpte/hcall.h': ' * Layer: 3 (x).  Depends on: table.h.\n'
                            '#include "table.h"\n',
    'libhpte/internal.h': ' * Layer: 2 (x)\n#include "hpte/table.h"\n',
    'libhpte/table.c': '#include "libhpte/internal.h"\n',
    'arch/arch.h': '#include "hpte/env.h"\n',
}

PLANTED = {
    # file to append to: line, the complaint expected
    'libhpte/table.c': ('#include "hpte/hcall.h"',
                        'layer 2 includes "hpte/hcall.h"'),
    'arch/arch.h': ('#include "libhpte/internal.h"',
                    'layer 0 includes "libhpte/internal.h"'),
    'include/hpte/hcall.h': ('#include "../../libhpte/internal.h"',
                             'includes private'),
    'include/hpte/table.h': ('#include <atomic_ops.h>',
                             'includes <atomic_ops.h>'),
    'libhpte/internal.h': ('#include <string.h>', 'includes <string.h>'),
    'include/hpte/env.h': ('#include <stdio.h>', 'includes <stdio.h>'),
    'libhpte/orphan.c': ('int hpte_orphan;', 'no layer'),
}


def write_tree(root, extra=None, line=''):
    for name, text in {**{extra or 'libhpte/table.c': ''}, **GOOD}.items():
        path = pathlib.Path(root, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + (line + '\n' if name == extra else ''))


def self_test():
    failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        write_tree(scratch)
        problems = check(scratch)
        print(f'clean tree: {problems}')
        failed += bool(problems)
    for name, (line, expected) in PLANTED.items():
        with tempfile.TemporaryDirectory() as scratch:
            write_tree(scratch, name, line)
            problems = check(scratch)
            good = any(p.startswith(name) and expected in p for p in problems)
            print(f'{"caught" if good else "MISSED"}: {name}: {line}')
            failed += not good
    return failed


if __name__ == '__main__':
    sys.exit(check_main.main(check, self_test))
