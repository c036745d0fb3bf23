#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Check that the documents speak of what is there.

usage: check-docs.py ROOT
       check-docs.py --self-test

README.md holds examples/skeleton.c to the letter and is short; links to
files lead somewhere; what is written `like_this()` or `hpte_...` exists in
the sources; files named `dir/file.c` exist, and what is named `file.c:test`
is in that file, seen from the document.  Names in the drawings exist too.
"""
import pathlib
import re
import sys
import tempfile

import check_main

EXAMPLE = 'examples/skeleton.c'
README_LINES = 150


def names_of(root):
    """Every word of the sources."""
    words = set()
    for directory in ('include', 'libhpte', 'arch', 'tests', 'tools', 'bench',
                      'examples'):
        for path in (root / directory).rglob('*.[chS]'):
            words.update(re.findall(r'\w+', path.read_text()))
    for path in [*(root / 'bindings').rglob('*.py'),
                 *(root / 'bindings').rglob('*.rs')]:
        words.update(re.findall(r'\w+', path.read_text()))
    return words


def contains(path, word):
    return path.exists() and word in re.findall(r'\w+', path.read_text())


def check_text(root, path, text, words):
    name = path.relative_to(root)
    problems = []
    for target in re.findall(r'\]\(([^)#:]+)\)', text):
        if not (path.parent / target).exists():
            problems.append(f'{name}: link to {target}')
    prose = re.sub(r'```.*?```', '', text, flags=re.S)
    for code in re.findall(r'`([^`]+)`', prose):
        # not the stem of a file
        for word in re.findall(r'\b(?:hpte|HPTE)_\w+\b(?!\.[chS]\b)', code):
            if word not in words and not any(w.startswith(word)
                                             for w in words):
                problems.append(f'{name}: no {word}')
        if re.fullmatch(r'[\w./-]+/[\w.-]+\.(c|h|py|sh|md|list)', code) and \
                not (root / code).exists():
            problems.append(f'{name}: no file {code}')
        test = re.fullmatch(r'([\w/-]+\.c):(\w+)', code)
        if test and not contains(path.parent / test[1], test[2]):
            problems.append(f'{name}: no {test[2]} in {test[1]}')
    return problems


def check_drawing(root, path, words):
    """Words with an underscore or a suffix are names of ours."""
    name = path.relative_to(root)
    shown = ' '.join(re.findall(r'<(?:text|title)[^>]*>([^<]*)',
                                path.read_text()))
    files = {p.name for p in (root / 'libhpte').rglob('*')}
    problems = [f'{name}: no {word}' for word in
                re.findall(r'\b[A-Za-z]\w*_\w+\b(?!\.)', shown)
                if word not in words]
    return problems + [f'{name}: no file {file}' for file in
                       re.findall(r'\b\w+\.[ch]\b', shown)
                       if file not in files]


def check(root):
    root = pathlib.Path(root).resolve()
    readme = (root / 'README.md').read_text()
    words = names_of(root)
    problems = []
    if (root / EXAMPLE).read_text() not in readme:
        problems.append(f'README.md: its example is not {EXAMPLE}')
    if readme.count('\n') > README_LINES:
        problems.append(f'README.md: more than {README_LINES} lines')
    for path in [root / 'README.md', *sorted(root.glob('docs/*.md')),
                 *sorted(root.glob('bindings/**/*.md')),
                 *sorted(root.glob('tests/**/*.md')),
                 *sorted(root.glob('examples/**/*.md'))]:
        problems += check_text(root, path, path.read_text(), words)
    return problems


DRAWN = [
    ('hpte_x, x.h, V=1', ''),
    ('no_such', 'no no_such'),
    ('y.h', 'no file y.h'),
]

PLANTED = [
    ('fine `hpte_x`, [x](README.md), `docs/a.md`', ''),
    ('[x](nowhere.md)', 'link to nowhere.md'),
    ('`hpte_nothing()`', 'no hpte_nothing'),
    ('`docs/none.md`', 'no file docs/none.md'),
    ('`examples/skeleton.c:hpte_x`', ''),
    ('`examples/skeleton.c:x`', 'no x in examples/skeleton.c'),
]


def self_test():
    failed = 0
    for text, expected in PLANTED:
        with tempfile.TemporaryDirectory() as scratch:
            root = pathlib.Path(scratch)
            for directory in ('docs', 'examples'):
                (root / directory).mkdir()
            (root / EXAMPLE).write_text('int hpte_x;\n')
            (root / 'docs/a.md').write_text('')
            (root / 'README.md').write_text('int hpte_x;\n' + text)
            problems = check(root)
            (root / EXAMPLE).write_text('int hpte_x, other;\n')
            changed = check(root)
        good = [expected in p for p in problems] == [True] * bool(expected) \
            and len(changed) == len(problems) + 1
        print(f'{"as expected" if good else "WRONG"}: {text}: {problems}')
        failed += not good
    for text, expected in DRAWN:
        with tempfile.TemporaryDirectory() as scratch:
            root = pathlib.Path(scratch)
            (root / 'libhpte').mkdir()
            (root / 'libhpte/x.h').write_text('')
            (root / 'a.svg').write_text(f'<svg><text x="1">{text}</text></svg>')
            problems = check_drawing(root, root / 'a.svg', {'hpte_x'})
        good = [expected in p for p in problems] == [True] * bool(expected)
        print(f'{"as expected" if good else "WRONG"}: {text}: {problems}')
        failed += not good
    return failed


if __name__ == '__main__':
    sys.exit(check_main.main(check, self_test))
