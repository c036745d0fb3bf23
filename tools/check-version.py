#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Compare version.h, CHANGELOG.md and the crates with the file VERSION.

usage: check-version.py ROOT
"""
import pathlib
import re
import sys


def main():
    root = pathlib.Path(sys.argv[1])
    version = (root / 'VERSION').read_text().strip()
    if not re.fullmatch(r'\d+\.\d+\.\d+', version):
        print(f'VERSION: {version!r} is not MAJOR.MINOR.PATCH')
        return 1
    header = (root / 'include/hpte/version.h').read_text()
    defined = dict(re.findall(r'^#define HPTE_VERSION_(\w+)\s+"?([\d.]+)"?$',
                              header, flags=re.M))
    wanted = dict(zip(('MAJOR', 'MINOR', 'PATCH'), version.split('.')),
                  STRING=version)
    latest = re.search(r'^## (\S+)', (root / 'CHANGELOG.md').read_text(),
                       flags=re.M)
    problems = []
    if defined != wanted:
        problems.append(f'version.h: {defined}, VERSION wants {wanted}')
    if not latest or latest[1] != version:
        problems.append(f'CHANGELOG.md: no section {version} at its top')
    for crate in root.glob('bindings/rust/hpte*/Cargo.toml'):
        stated = re.findall(r'(?<![-\w])version = "(.*?)"', crate.read_text())
        if set(stated) != {version}:
            problems.append(f'{crate.relative_to(root)}: {stated}')
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
