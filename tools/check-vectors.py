#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Check the vector instructions of an x86-64 library, as disassembled.

usage: check-vectors.py none|clean|some ARCHIVE
       check-vectors.py --self-test -- COMPILER...

none:	there are none, nor of other registers that a kernel does not save.
clean:	the upper half of a register that legacy SSE instructions also have is
	dirty neither where such an instruction may run nor at a call or return:
	either can cost hundreds of cycles.
some:	there are vectors of 512 bits: that "none" would see them.
"""
import os
import re
import subprocess
import sys
import tempfile

USERS = re.compile(r'%(?:[xyz]?mm\d+|k[0-7]|st)\b')
DIRTIES = re.compile(r'%[yz]mm(?:\d|1[0-5])$')
LEGACY = re.compile(r'%xmm\d+')


def run(*command):
    return subprocess.run(command, check=True, text=True,
                          env=dict(os.environ, LC_ALL='C'),
                          stdout=subprocess.PIPE).stdout


def functions(archive):
    """By name: [address, instruction, is it relocated], in their order."""
    found, body = {}, None
    for line in run('objdump', '-dr', '--no-show-raw-insn',
                    archive).splitlines():
        head = re.match(r'[0-9a-f]+ <(\w[\w.]*)>:', line)
        code = re.match(r'\s+([0-9a-f]+):\t([a-z].*)', line)
        if head:
            body = found.setdefault(head[1], [])
        elif code:
            text = re.sub(r'\s*(#.*)?$', '', code[2])
            body.append([int(code[1], 16), text, False])
        elif re.match(r'\s+[0-9a-f]+: R_X86_64', line):
            body[-1][2] = True
    return found


def successors(body, at):
    """Where it goes on inside the function, and whether it leaves it."""
    address, text, relocated = body[at]
    after = [at + 1] if at + 1 < len(body) else []
    if re.match(r'ret|(bnd |notrack )?jmp +\*|ud2|hlt', text):
        return [], text.startswith(('ret', 'jmp'))
    if text.startswith('call'):
        return after, True
    jump = re.match(r'(j\w+) +([0-9a-f]+)', text)
    if not jump:
        return after, False
    if jump[1] == 'jmp':
        after = []
    places = {line[0]: n for n, line in enumerate(body)}
    target = None if relocated else places.get(int(jump[2], 16))
    if target is None:
        return after, True
    return after + [target], False


def dirty_places(name, body):
    """Follow every way through a function."""
    problems, seen = set(), set()
    todo = [(0, False)]
    while todo:
        at, dirty = todo.pop()
        if (at, dirty) in seen:
            continue
        seen.add((at, dirty))
        text = body[at][1]
        legacy = LEGACY.search(text) and not text.startswith('v')
        after, leaves = successors(body, at)
        if dirty and (legacy or leaves):
            problems.add(f'{name}: upper halves are dirty at "{text}"')
        if text.startswith('vzeroupper'):
            dirty = False
        elif DIRTIES.search(text):
            dirty = True
        todo += [(place, dirty) for place in after]
    return sorted(problems)


def check(kind, archive):
    found = functions(archive)
    if kind == 'some':
        return [] if any('%zmm' in line[1] for body in found.values()
                         for line in body) else ['no vectors of 512 bits']
    if kind == 'none':
        return [f'{name}: {line[1]}' for name, body in found.items()
                for line in body if USERS.search(line[1])]
    return [problem for name, body in found.items() if body
            for problem in dirty_places(name, body)]


PLANTED = {
    # assembly of a function: kind, the complaint expected
    'vpxor %ymm0,%ymm0,%ymm0; vzeroupper; movdqa (%rdi),%xmm0; ret':
        ('clean', None),
    'vpxorq (%rdi),%zmm16,%zmm16; movdqa (%rdi),%xmm0; ret': ('clean', None),
    'vpxor %ymm0,%ymm0,%ymm0; movdqa (%rdi),%xmm0; vzeroupper; ret':
        ('clean', 'at "movdqa'),
    'vmovdqa (%rdi),%ymm0; jne 1f; vzeroupper; 1: ret': ('clean', 'at "ret'),
    'vmovdqa (%rdi),%ymm0; call other; vzeroupper; ret':
        ('clean', 'at "call'),
    'vmovdqa (%rdi),%ymm0; jmp other': ('clean', 'at "jmp'),
    'mov (%rdi),%rax; ret': ('none', None),
    'movups (%rdi),%xmm0; ret': ('none', 'movups'),
    'kmovw %eax,%k1; ret': ('none', 'kmovw'),
    'fldz; fstp %st(0); ret': ('none', 'fstp'),
    'vmovdqa (%rdi),%ymm3; ret': ('some', 'no vectors'),
    'vmovdqa64 (%rdi),%zmm3; ret': ('some', None),
}


def self_test(compiler):
    failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        source, planted = f'{scratch}/a.s', f'{scratch}/a.o'
        for text, (kind, expected) in PLANTED.items():
            with open(source, 'w', encoding='ascii') as file:
                file.write('function:\n' + text.replace('; ', '\n') + '\n')
            run(*compiler, '-c', source, '-o', planted)
            found = check(kind, planted)
            good = any(expected in f for f in found) if expected else not found
            print(f'{"right" if good else "WRONG"}: {kind}: {text}: {found}')
            failed += not good
    return failed


def main():
    if sys.argv[1:3] == ['--self-test', '--']:
        return 1 if self_test(sys.argv[3:]) else 0
    problems = check(sys.argv[1], sys.argv[2])
    print('\n'.join(problems))
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
