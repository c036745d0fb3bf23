# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""What the checks of the tree have in common: their command line."""
import sys


def main(check, self_test):
    """CHECK.py ROOT | CHECK.py --self-test: print problems, exit 1 if any."""
    if sys.argv[1:] == ['--self-test']:
        return 1 if self_test() else 0
    problems = check(sys.argv[1])
    for problem in problems:
        print(problem)
    return 1 if problems else 0
