#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Write a C program that prints the binary interface of the headers.

usage: make_layout.py DIR OUTPUT.c [INCLUDE]

A line for each structure in DIR/*.h (name, bytes, alignment), for each member
(structure.member, offset, bytes) and for each number, macro or enumerator
(name, value).  All of them are found here, by their form, so that a new one
cannot be forgotten; what the compiler makes of them it says itself.
INCLUDE is what the program includes, by default hpte/hpte.h.
"""
import pathlib
import re
import sys

# Macros that are no numbers.
NO_NUMBER = {'HPTE_API', 'HPTE_MUST_CHECK', 'HPTE_BITWISE', 'HPTE_FORCE',
             'HPTE_CAPS_DEFAULT', 'HPTE_ENV_FILE'}
PROGRAM = '''#include "{include}"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

#define STRUCT(name) \\
	printf(#name " %zu %zu\\n", sizeof(struct name), \\
	       _Alignof(struct name))
#define MEMBER(name, member) \\
	printf(#name "." #member " %zu %zu\\n", \\
	       offsetof(struct name, member), \\
	       sizeof(((struct name *)0)->member))
#define NUMBER(name) \\
	printf(#name " 0x%" PRIX64 "\\n", (uint64_t)(name))

int main(void)
{{
{lines}	return 0;
}}
'''


def members(body):
    """Names of the members between a structure's braces."""
    for declaration in re.sub(r'\([^()*]*\)', '()', body).split(';'):
        # a callback, or the last word before the dimensions of an array
        found = re.search(r'\(\*(\w+)\)', declaration) or \
            re.search(r'(\w+)\s*(?:\[.*\])?\s*$', declaration)
        if found:
            yield found[1]


def lines(text):
    text = re.sub(r'/\*.*?\*/', ' ', text, flags=re.S)
    for name, body in re.findall(r'^struct (\w+) \{(.*?)^\};', text,
                                 flags=re.M | re.S):
        # arguments of callbacks: structures in them are not members
        while re.search(r'\)\s*\([^()]+\)', body):
            body = re.sub(r'\)\s*\([^()]+\)', ')', body)
        yield f'STRUCT({name})'
        yield from (f'MEMBER({name}, {member})' for member in members(body))
    numbers = re.findall(r'^#define (HPTE_\w+)[ \t]+\S', text, flags=re.M)
    for body in re.findall(r'^enum \w+ \{(.*?)^\};', text, flags=re.M | re.S):
        numbers += re.findall(r'\b(HPTE_\w+)\s*=', body)
    yield from (f'NUMBER({number})' for number in dict.fromkeys(numbers)
                if number not in NO_NUMBER and
                not number.startswith('HPTE_VERSION_'))


def main():
    directory, output = sys.argv[1:3]
    include = sys.argv[3] if len(sys.argv) > 3 else 'hpte/hpte.h'
    found = [line for path in sorted(pathlib.Path(directory).glob('*.h'))
             for line in lines(path.read_text())]
    pathlib.Path(output).write_text(PROGRAM.format(
        include=include, lines=''.join(f'\t{line};\n' for line in found)))


if __name__ == '__main__':
    main()
