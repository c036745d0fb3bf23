#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Predicted cycles of hpte_table_find_ea(), and of the HDSI search, assembly
beside its C twin.

usage: bench/mca/run.py

There is no POWER machine on the desk: each search runs once under qemu-user,
which tells the instructions it executed; llvm-mca predicts their cycles on
POWER9 and POWER10, as one of a chain of searches that each need the result
of the one before.  Branches are predicted right, loads hit the first cache;
lq counts as two ld, isync as nothing.  For the HDSI search the compiler is
told what real mode needs: no vector registers.  Prints the tables, and fails
if the assembly is slower anywhere.
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
# What a find loads by lq is the result, in table byte order: the register is
# the second of the pair, little-endian the first.
FIND_FEED = {'big': (1, ['add 5, 30, {0}']),
             'little': (0, ['mtfprd 0, {0}', 'xxbrd 0, 0', 'mffprd 3, 0',
                            'add 5, 30, 3'])}
FIND_SOURCES = [f'libhpte/{name}.c' for name in
                ('entry', 'find', 'hash', 'read', 'setup', 'table', 'tlb',
                 'trace')]
# Of find.c, all that may lie between the first and the last that is executed.
FIND_FUNCTIONS = ('hpte_table_find_ea', 'find_any_ea', 'find_secondary',
                  'find_next', 'find_beside', 'find_on')
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


def includes(scratch):
    """Options for the headers: of atomic_ops these two, and no libc's."""
    atomic_ops = run('pkg-config', '--variable=includedir',
                     'atomic_ops').strip()
    local = scratch / 'include'
    local.mkdir(exist_ok=True)
    for name in ('atomic_ops.h', 'atomic_ops'):
        if not (local / name).exists():
            (local / name).symlink_to(f'{atomic_ops}/{name}')
    return [f'-I{ROOT}', f'-I{ROOT}/include', f'-isystem{local}',
            '-DHPTE_CONFIG_ASM=1']


def build(scratch, order, cpu, level):
    triple, _ = TARGETS[order]
    program = scratch / f'probe-{order}-{cpu}{level}'
    run(need(f'{triple}-linux-gnu-gcc'), '-static', level,
        f'-mcpu={CPUS[cpu][0]}', *includes(scratch),
        '-c', str(ROOT / 'bench/mca/probe.c'),
        '-o', f'{program}.o', *NO_VECTORS)
    run(f'{triple}-linux-gnu-gcc', f'-I{ROOT}', '-c',
        str(ROOT / 'arch/ppc64/hdsi_search.S'), '-o', f'{program}-s.o')
    run(f'{triple}-linux-gnu-gcc', '-static', f'{program}.o',
        f'{program}-s.o', '-o', str(program))
    return program


def build_find(scratch, order, cpu):
    triple, _ = TARGETS[order]
    program = scratch / f'find-{order}-{cpu}'
    run(need(f'{triple}-linux-gnu-gcc'), '-static', '-O2',
        f'-mcpu={CPUS[cpu][0]}', *includes(scratch),
        str(ROOT / 'bench/mca/find.c'),
        *(str(ROOT / source) for source in FIND_SOURCES), '-o', str(program))
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


def executed(program, order, cpu, functions, *arguments):
    """The addresses in these functions that one run executes, in order."""
    first = min(min(addresses) for addresses in functions)
    last = max(max(addresses) for addresses in functions)
    log = program.with_suffix('.log')
    run(need(TARGETS[order][1]), '-singlestep', '-d', 'exec,nochain',
        '-dfilter', f'0x{first:x}..0x{last:x}', '-D', str(log),
        str(program), *arguments,
        env={**os.environ, 'QEMU_CPU': cpu.lower()})
    return [int(pc, 16) for pc in
            re.findall(r'\[[0-9a-f]+/([0-9a-f]+)/', log.read_text())]


def executed_search(program, order, cpu, which, isa, slot, functions):
    name = f'twin_{isa}' if which == 'twin' else \
        f'hpte_ppc64_hdsi_search_{isa}_'
    return executed(program, order, cpu, [functions[name]], which, isa,
                    str(slot))


def executed_find(program, order, cpu, slot, functions):
    return executed(program, order, cpu,
                    [functions[name] for name in FIND_FUNCTIONS
                     if name in functions], str(slot))


def for_mca(instruction):
    """objdump's syntax to LLVM's, as a list: register names, and targets do
    not count."""
    text = re.sub(r'\s*[<#].*', '', instruction)
    mnemonic, _, operands = text.partition(' ')
    operands = operands.strip()
    mnemonic = mnemonic.rstrip('+-')
    if mnemonic in ('blr', 'isync'):
        return []
    if mnemonic in BRANCHES:
        field = re.match(r'cr(\d),', operands)
        target = 'end'
        return [f'{mnemonic} {field[1] + ", " if field else ""}{target}']
    operands = re.sub(r'\b(?:c?r|vs|f)(\d+)', r'\1', operands)
    pair = re.match(r'(\d+),(-?\d+)(\(\d+\))', operands)
    if mnemonic == 'lq':
        return [f'ld {int(pair[1]) + i},{int(pair[2]) + 8 * i}{pair[3]}'
                for i in range(2)]
    return [f'{mnemonic} {operands}']


def cycles(mca, order, cpu, instructions, trace, feed):
    lines = feed + [line for pc in trace for line in for_mca(instructions[pc])]
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
                trace = executed_search(program, order, cpu, which, isa, slot,
                                        functions)
                rows.setdefault(case, {})[key] = (
                    len(trace),
                    cycles(mca, order, cpu, instructions, trace, FEED))
    return rows


def find_feed(order, trace):
    """How the result of one find becomes the next one's address: of a hit
    what it loads by lq, of a miss the last comparison."""
    second, lines = FIND_FEED[order]
    found = [(at, match) for at, text in enumerate(trace)
             if (match := re.match(r'(lq|and\.?)\s+r(\d+),', text))]
    hits = [(at, match) for at, match in found if match[1] == 'lq']
    at, match = (hits or found)[-1]
    register = int(match[2]) + (second if hits else 0)
    if any(re.match(rf'(?!st|cmp)\w+\.?\s+r{register},', text)
           for text in trace[at + 1:]):
        sys.exit(f'r{register}, the result, is changed later')
    return [line.format(register) for line in lines]


def measure_find(scratch, mca, order, cpu):
    program = build_find(scratch, order, cpu)
    instructions, functions = disassemble(program, order)
    rows = {}
    for slot, case in enumerate(CASES):
        trace = executed_find(program, order, cpu, slot, functions)
        feed = find_feed(order, [instructions[pc] for pc in trace])
        rows[case] = (len(trace),
                      cycles(mca, order, cpu, instructions, trace, feed))
    return rows


def print_search(rows, cpu, order):
    """The number of cases in which the assembly is slower."""
    slower = 0
    print(f'{cpu}, {order}-endian: instructions/cycles')
    print(f'  {"found":12} {"assembly":>12} {"gcc -O2":>12} {"gcc -O3":>12}')
    for case, row in rows.items():
        cells = [f'{row[k][0]}/{row[k][1]:.1f}'
                 for k in ('assembly', '-O2', '-O3')]
        worse = row['assembly'][1] > min(row['-O2'][1], row['-O3'][1])
        slower += worse
        print(f'  {case:12} ' + ' '.join(f'{cell:>12}' for cell in cells) +
              ('  SLOWER' if worse else ''))
    return slower


def print_find(finds):
    print('hpte_table_find_ea(), gcc -O2: instructions/cycles')
    for case in CASES:
        print(f'  {case:12} ' + '  '.join(
            f'{name} {rows[case][0]}/{rows[case][1]:.1f}'
            for name, rows in finds.items()))


def main():
    mca = newest_mca()
    slower = 0
    finds = {}
    with tempfile.TemporaryDirectory() as directory:
        scratch = pathlib.Path(directory)
        for order in TARGETS:
            for cpu in CPUS:
                slower += print_search(measure(scratch, mca, order, cpu), cpu,
                                       order)
                finds[f'{cpu} {order}'] = measure_find(scratch, mca, order,
                                                       cpu)
    print_find(finds)
    print(f'{mca}: assembly slower in {slower} cases')
    return 1 if slower else 0


if __name__ == '__main__':
    sys.exit(main())
