#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Run one file of tests: run.py NAME.  77: it cannot be run here.

$HPTE_LIBRARY is the shared library, $HPTE_LAYOUT what prints the layout.
"""
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
OLDEST = (3, 11)


def main():
    if sys.version_info < OLDEST:
        print(f'Python {sys.version.split()[0]} is too old')
        return 77
    sys.path[:0] = [str(HERE), str(HERE.parent)]
    import hpte._library
    try:
        hpte._library.library()
    except hpte.LibraryError as error:
        # the wrong version is a failure, a library for others is not
        print(error)
        return 77 if 'wrong ELF class' in str(error) else 1
    try:
        program = unittest.main(module=sys.argv[1], argv=['run.py'],
                                exit=False)
    except unittest.SkipTest as why:
        print(why)
        return 77
    result = program.result
    return 0 if result.testsRun and result.wasSuccessful() else 1


if __name__ == '__main__':
    sys.exit(main())
