#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""The visor stays small: lines of code, without comments and empty lines.

usage: size.py
       size.py --self-test
"""
import pathlib
import re
import sys

VISOR = pathlib.Path(__file__).resolve().parents[2] / 'examples/visor'
LIMITS = {'*.c': 1500, '*.S': 600, 'platform/*.c': 500}
COMMENT = re.compile(r'/\*.*?\*/', re.DOTALL)


def lines(text):
    return sum(bool(line.strip()) for line in COMMENT.sub('', text).split('\n'))


def self_test():
    cases = (('', 0), ('a\n\n b\n', 2), ('/* a\n * b */\nc', 1),
             ('a /* b\n */ c\n', 1), ('\t/* a */\n', 0))
    wrong = [text for text, wanted in cases if lines(text) != wanted]
    print(f'wrong: {wrong}')
    return 1 if wrong else 0


def main(arguments):
    if arguments == ['--self-test']:
        return self_test()
    failed = 0
    for pattern, limit in LIMITS.items():
        count = sum(lines(file.read_text()) for file in VISOR.glob(pattern))
        print(f'examples/visor/{pattern}: {count} lines, {limit} allowed')
        failed += not 0 < count <= limit
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
