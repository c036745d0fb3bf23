#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Predicted cycles of the HDSI search, assembly beside its C twin.

usage: bench/mca/run.py

There is no POWER machine on the desk: each search runs once under qemu-user,
which tells the instructions it executed; llvm-mca predicts their cycles on
POWER9 and POWER10, as one of a chain of searches that each need the result
of the one before.  Branches are predicted right, loads hit the first cache.
The compiler is told what real mode needs: no vector registers.  Prints the
table, and fails if the assembly is slower anywhere.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CASES = [f'primary {n}' for n in range(8)] + \
        [f'secondary {n}' for n in range(8)] + ['miss']
TARGETS = {'big': ('powerpc64', 'qemu-ppc64-static'),
           'little': ('powerpc64le', 'qemu-ppc64le-static')}
CPUS = {'POWER9': ('power9', 'pwr9', '300'),
        'POWER10': ('power10', 'pwr10', '300')}
NO_VECTORS = ['-mno-vsx', '-mno-altivec', '-msoft-float']
# The address depends on the result before; then the table's address again.
FEED = ['add 6, 30, 3', 'mr 3, 29']
ITERATIONS = 300
BRANCHES = {'b', 'beq', 'bne', 'bgt', 'blt', 'bge', 'ble', 'bdnz', 'bdz'}


def run(*command, **more):
    result = subprocess.run(command, text=True, capture_output=True, **more)
    if result.returncode:
        sys.exit(f'{command[0]} failed:\n{result.stderr}')
    return result.stdout


def need(tool):
    if not shutil.which(tool):
        print(f'SKIP mca: {tool} is not installed')
        sys.exit(77)
    return tool


def newest_mca():
    for version in range(25, 14, -1):
        if shutil.which(f'llvm-mca-{version}'):
            return f'llvm-mca-{version}'
    return need('llvm-mca-15 or later')


def build(scratch, order, cpu, level):
    triple, _ = TARGETS[order]
    program = scratch / f'probe-{order}-{cpu}{level}'
    atomic_ops = run('pkg-config', '--variable=includedir',
                     'atomic_ops').strip()
    local = scratch / 'include'
    local.mkdir(exist_ok=True)
    for name in ('atomic_ops.h', 'atomic_ops'):
        if not (local / name).exists():
            (local / name).symlink_to(f'{atomic_ops}/{name}')
    run(need(f'{triple}-linux-gnu-gcc'), '-static', level,
        f'-mcpu={CPUS[cpu][0]}', f'-I{ROOT}', f'-I{ROOT}/include',
        f'-isystem{local}', '-c', str(ROOT / 'bench/mca/probe.c'),
        '-o', f'{program}.o', *NO_VECTORS)
    run(f'{triple}-linux-gnu-gcc', f'-I{ROOT}', '-c',
        str(ROOT / 'arch/ppc64/hdsi_search.S'), '-o', f'{program}-s.o')
    run(f'{triple}-linux-gnu-gcc', '-static', f'{program}.o',
        f'{program}-s.o', '-o', str(program))
    return program


def disassemble(program, order):
    """Instruction by address, and the range of each function."""
    triple, _ = TARGETS[order]
    text = run(f'{triple}-linux-gnu-objdump', '-d', '--no-show-raw-insn',
               str(program))
    instructions, functions, name = {}, {}, None
    for line in text.splitlines():
        head = re.match(r'[0-9a-f]+ <\.?(\w+)>:', line)
        if head:
            name = head[1]
        match = re.match(r'\s+([0-9a-f]+):\s+(.*)', line)
        if match:
            address = int(match[1], 16)
            instructions[address] = match[2].strip()
            functions.setdefault(name, []).append(address)
    return instructions, functions


def executed(program, order, cpu, which, isa, slot, functions):
    """The addresses that one search executes, in order."""
    name = f'twin_{isa}' if which == 'twin' else \
        f'hpte_ppc64_hdsi_search_{isa}_'
    first, last = min(functions[name]), max(functions[name])
    log = program.with_suffix('.log')
    run(need(TARGETS[order][1]), '-singlestep', '-d', 'exec,nochain',
        '-dfilter', f'0x{first:x}..0x{last:x}', '-D', str(log),
        str(program), which, isa, str(slot),
        env={**os.environ, 'QEMU_CPU': cpu.lower()})
    return [int(pc, 16) for pc in
            re.findall(r'\[[0-9a-f]+/([0-9a-f]+)/', log.read_text())]


def for_mca(instruction):
    """objdump's syntax to LLVM's: register names, and targets do not count."""
    text = re.sub(r'\s*[<#].*', '', instruction)
    mnemonic, _, operands = text.partition(' ')
    operands = operands.strip()
    mnemonic = mnemonic.rstrip('+-')
    if mnemonic == 'blr':
        return None
    if mnemonic in BRANCHES:
        field = re.match(r'cr(\d),', operands)
        target = 'end'
        return f'{mnemonic} {field[1] + ", " if field else ""}{target}'
    operands = re.sub(r'\bc?r(\d+)', r'\1', operands)
    return f'{mnemonic} {operands}'


def cycles(mca, order, cpu, instructions, trace):
    lines = FEED + [text for text in (for_mca(instructions[pc])
                                      for pc in trace) if text]
    source = '\n'.join(lines) + '\nend:\n'
    output = run(mca, f'-mtriple={TARGETS[order][0]}',
                 f'-mcpu={CPUS[cpu][1]}', f'-iterations={ITERATIONS}',
                 input=source)
    total = int(re.search(r'^Total Cycles:\s+(\d+)', output, flags=re.M)[1])
    return total / ITERATIONS


def measure(scratch, mca, order, cpu):
    isa = CPUS[cpu][2]
    rows = {}
    for level in ('-O2', '-O3'):
        program = build(scratch, order, cpu, level)
        instructions, functions = disassemble(program, order)
        for which in ('assembly', 'twin'):
            if which == 'assembly' and level != '-O2':
                continue
            key = which if which == 'assembly' else level
            for slot, case in enumerate(CASES):
                trace = executed(program, order, cpu, which, isa, slot,
                                 functions)
                rows.setdefault(case, {})[key] = (
                    len(trace), cycles(mca, order, cpu, instructions, trace))
    return rows


def main():
    mca = newest_mca()
    slower = 0
    with tempfile.TemporaryDirectory() as directory:
        for order in TARGETS:
            for cpu in CPUS:
                rows = measure(pathlib.Path(directory), mca, order, cpu)
                print(f'{cpu}, {order}-endian: instructions/cycles')
                print(f'  {"found":12} {"assembly":>12} {"gcc -O2":>12} '
                      f'{"gcc -O3":>12}')
                for case, row in rows.items():
                    cells = [f'{row[k][0]}/{row[k][1]:.1f}'
                             for k in ('assembly', '-O2', '-O3')]
                    best = min(row['-O2'][1], row['-O3'][1])
                    worse = row['assembly'][1] > best
                    slower += worse
                    print(f'  {case:12} ' +
                          ' '.join(f'{cell:>12}' for cell in cells) +
                          ('  SLOWER' if worse else ''))
    print(f'{mca}: assembly slower in {slower} cases')
    return 1 if slower else 0


if __name__ == '__main__':
    sys.exit(main())
