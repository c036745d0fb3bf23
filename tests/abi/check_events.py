#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Events have numbers of their own, room in the counters, and a description.

usage: check_events.py TRACE.h
       check_events.py --self-test TRACE.h

That numbers never change is seen by layout.txt.
"""
import pathlib
import re
import sys

# These stand for as many numbers as there are fault actions.
SPANS = {'HPTE_EVENT_FAULT': 8, 'HPTE_EVENT_COMPLETE': 8}


def check(text):
    problems = []
    room = int(re.search(r'#define HPTE_EVENTS\s+(\d+)U', text)[1])
    body = re.search(r'^enum hpte_event \{\n(.*?)^\};', text, re.M | re.S)[1]
    taken = {}
    described = False
    for line in body.split('\n'):
        event = re.match(r'\t(HPTE_EVENT_\w+)\s*= (\d+),?$', line)
        if event:
            name, first = event[1], int(event[2])
            if not described:
                problems.append(f'{name} has no description')
            for number in range(first, first + SPANS.get(name, 1)):
                if taken.setdefault(number, name) != name or number >= room:
                    problems.append(f'{name}: {number} is taken, or too large')
        described = line.endswith('*/')
    if not taken:
        problems.append('no events')
    return problems


def self_test(text):
    failed = 0
    for what, old, new in (
            ('nothing', '', ''),
            ('a number twice', '_RESET\t\t= 13', '_RESET\t\t= 12'),
            ('a number inside another', '_MMIO\t\t\t= 19', '_MMIO\t\t\t= 31'),
            ('no room', '_COMPLETE\t\t= 32', '_COMPLETE\t\t= 41'),
            ('no description',
             '\t/* A valid entry was made absent: index. */\n', '')):
        changed = text.replace(old, new) if old else text
        good = bool(check(changed)) == bool(old) and (changed != text or
                                                      not old)
        print(f'{"as expected" if good else "MISSED"}: {what}')
        failed += not good
    return 1 if failed else 0


def main(arguments):
    text = pathlib.Path(arguments[-1]).read_text()
    if arguments[0] == '--self-test':
        return self_test(text)
    problems = check(text)
    print('\n'.join(problems))
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
