#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Check the symbols and sections of the library, all objects linked as one.

usage: check-symbols.py [--allow FILE] [--headers DIR [--without HEADER]]
                        ARCHIVE -- COMPILER...
       check-symbols.py --map FILE --abi VERSION --headers DIR
                        [--without HEADER] LIBRARY -- COMPILER...
       check-symbols.py --self-test -- COMPILER...

No undefined symbol (but those listed in FILE), no weak symbol, no writable
data.  Every global symbol begins with hpte_; it is exported if and only if
it is declared HPTE_API in a header of DIR, other than HEADER, and private ones
end in _.

With --map, of a shared library: it exports what FILE, its version script,
lists and nothing else, all of it in the group HPTE_VERSION; FILE lists what
DIR declares; name and needs of the library are right.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

# Made by the linker, wherever the ABI addresses data through a table.
LINKER_MADE = {'.TOC.', '_GLOBAL_OFFSET_TABLE_'}
# Writable while the loader relocates, constant to C.
RELOCATED = re.compile(r'\.(opd|toc|got|toc1|data\.rel\.ro)(\..*)?$')


def run(*command):
    env = dict(os.environ, LC_ALL='C')
    return subprocess.run(command, check=True, env=env, text=True,
                          stdout=subprocess.PIPE).stdout


def declared(directory, without):
    """Names of all functions that the headers declare HPTE_API."""
    names = set()
    for header in pathlib.Path(directory).glob('*.h'):
        if header.name == without:
            continue
        text = re.sub(r'/\*.*?\*/', '', header.read_text(), flags=re.S)
        text = re.sub(r'^#.*(\\\n.*)*$', '', text, flags=re.M)
        names.update(re.findall(r'\bHPTE_API\b[^;(]*?(\w+)\s*\(', text))
    return names


def check_sections(linked):
    problems = []
    row = re.compile(r'\s*\[ *\d+\] (\S+) +\S+ +[0-9a-f]+ [0-9a-f]+ '
                     r'([0-9a-f]+) [0-9a-f]+ +(\w*)')
    for line in run('readelf', '-SW', linked).splitlines():
        match = row.match(line)
        if not match or int(match[2], 16) == 0 or 'W' not in match[3]:
            continue
        if not RELOCATED.match(match[1]):
            problems.append(f'writable section {match[1]}')
    return problems


def check_symbols(linked, allowed, public):
    problems = []
    exported = set()
    for line in run('readelf', '-sW', linked).splitlines():
        field = line.split()
        if len(field) < 8 or not field[0].rstrip(':').isdigit():
            continue
        bind, visibility, index, name = (field[4], field[5], field[-2],
                                         field[-1])
        if bind == 'LOCAL' or name in LINKER_MADE:
            continue
        if bind != 'GLOBAL':
            problems.append(f'{name}: {bind.lower()} symbol')
        if index == 'UND':
            if name not in allowed:
                problems.append(f'{name}: undefined')
            continue
        if index == 'COM':
            problems.append(f'{name}: writable data')
        if not name.startswith('hpte_'):
            problems.append(f'{name}: does not begin with hpte_')
        if visibility == 'DEFAULT':
            exported.add(name)
        elif not name.endswith('_'):
            problems.append(f'{name}: private, but does not end in _')
    if public is not None:
        problems += [f'{name}: exported, but not declared HPTE_API'
                     for name in sorted(exported - public)]
        problems += [f'{name}: declared HPTE_API, but not exported'
                     for name in sorted(public - exported)]
    return problems


def check(archive, compiler, allowed, public):
    with tempfile.TemporaryDirectory() as scratch:
        linked = os.path.join(scratch, 'linked.o')
        run(*compiler, '-nostdlib', '-r', '-Wl,--whole-archive', archive,
            '-Wl,--no-whole-archive', '-o', linked)
        return (check_sections(linked) +
                check_symbols(linked, allowed, public))


def check_map(text, abi, declared_names):
    """The names that a version script lists, and what is wrong with it."""
    text = re.sub(r'/\*.*?\*/', '', text, flags=re.S)
    groups = re.findall(r'(\S+)\s*\{', text)
    listed = re.findall(r'(\w+);', text.partition('local:')[0])
    problems = [f'{name}: in the map, not declared HPTE_API'
                for name in sorted(set(listed) - declared_names)]
    problems += [f'{name}: declared HPTE_API, not in the map'
                 for name in sorted(declared_names - set(listed))]
    if groups != [f'HPTE_{abi}']:
        problems.append(f'the map has the groups {groups}, not HPTE_{abi}')
    if listed != sorted(set(listed)):
        problems.append('the map is not sorted, or has a name twice')
    return set(listed), problems


def check_dynamic(library, abi, expected):
    """Name, needs and dynamic symbols of a shared library."""
    problems = []
    found = set()
    entries = run('readelf', '-dW', library)
    if f'soname: [libhpte.so.{abi}]' not in entries:
        problems.append(f'its name is not libhpte.so.{abi}')
    problems += [f'needs {name}'
                 for name in re.findall(r'\(NEEDED\).*\[(.*)\]', entries)]
    if 'TEXTREL' in entries:
        problems.append('its code is relocated')
    for line in run('nm', '-D', '--with-symbol-versions',
                    library).splitlines():
        kind, name = line.split()[-2:]
        if kind in 'Uwv':
            problems.append(f'{name}: undefined')
        elif kind != 'A':
            found.add(name)
    wanted = {f'{name}@@HPTE_{abi}' for name in expected}
    problems += [f'{name}: exported, but not in the map'
                 for name in sorted(found - wanted)]
    problems += [f'{name}: in the map, but not exported'
                 for name in sorted(wanted - found)]
    return problems


def check_shared(library, args):
    """All that is to be said about a shared library."""
    text = pathlib.Path(args.map).read_text()
    listed, problems = check_map(text, args.abi,
                                 declared(args.headers, None))
    present = declared(args.headers, args.without)
    return problems + check_dynamic(library, args.abi, listed & present)


PLANTED = {
    # what is wrong: source, the complaint expected
    'nothing': ('int hpte_a(void); int hpte_a(void) { return 1; }', None),
    'undefined': ('int hpte_b(void); int hpte_a(void);'
                  'int hpte_a(void) { return hpte_b(); }',
                  'hpte_b: undefined'),
    'weak': ('__attribute__((weak)) int hpte_a(void) { return 1; }',
             'hpte_a: weak symbol'),
    'data': ('int hpte_a(void) { static int n = 3; return n++; }',
             'writable section .data'),
    'bss': ('int hpte_a(void) { static int n; return n++; }',
            'writable section .bss'),
    'name': ('int a(void) { return 1; }', 'a: does not begin with hpte_'),
    'private': ('__attribute__((visibility("hidden"))) int hpte_p(void)'
                '{ return 1; }',
                'hpte_p: private, but does not end in _'),
    'export': ('int hpte_x(void) { return 1; }',
               'hpte_x: exported, but not declared HPTE_API'),
}


MAP = 'HPTE_0.1 {\n global:\n hpte_a;\n local:\n *;\n};\n'
SOURCE = PLANTED['nothing'][0]
PLANTED_SHARED = {
    # what is wrong: source, map, more arguments, the complaint expected
    'nothing': (SOURCE, MAP, [], None),
    'not in the map': (SOURCE, MAP.replace('hpte_a', 'hpte_b'), [],
                       'hpte_a: declared HPTE_API, not in the map'),
    'not declared': (SOURCE, MAP.replace('hpte_a;', 'hpte_a;\n hpte_b;'), [],
                     'hpte_b: in the map, not declared HPTE_API'),
    'group': (SOURCE, MAP.replace('0.1', '0.2'), [],
              "the map has the groups ['HPTE_0.2'], not HPTE_0.1"),
    'not exported': (PLANTED['private'][0].replace('hpte_p', 'hpte_a'), MAP,
                     [], 'hpte_a@@HPTE_0.1: in the map, but not exported'),
    'name': (SOURCE, MAP, ['-Wl,-soname,libhpte.so.1'],
             'its name is not libhpte.so.0.1'),
    'needs': (SOURCE, MAP, ['-Wl,--no-as-needed', '-lother'],
              'needs libother.so'),
    'undefined': (PLANTED['undefined'][0], MAP, [], 'hpte_b: undefined'),
}


def self_test_shared(scratch, compiler):
    failed = 0
    header = pathlib.Path(scratch, 'hpte.h')
    header.write_text('HPTE_API int hpte_a(void);\n')
    # not the C library: there is none for every ABI
    run(*compiler, '-x', 'c', '/dev/null', '-shared', '-nostdlib',
        '-Wl,-soname,libother.so', '-o', os.path.join(scratch, 'libother.so'))
    for wrong, (source, script, more, expected) in PLANTED_SHARED.items():
        stem = os.path.join(scratch, 'shared')
        pathlib.Path(stem + '.c').write_text(source + '\n')
        pathlib.Path(stem + '.map').write_text(script)
        run(*compiler, '-w', '-O1', '-fPIC', '-shared', '-nostdlib',
            '-Wl,-soname,libhpte.so.0.1', f'-Wl,--version-script={stem}.map',
            stem + '.c', '-o', stem + '.so', '-L', scratch, *more)
        args = argparse.Namespace(map=stem + '.map', abi='0.1',
                                  headers=scratch, without=None)
        found = check_shared(stem + '.so', args)
        good = expected in found if expected else not found
        print(f'{"caught" if good else "MISSED"}: shared, {wrong}: {found}')
        failed += not good
    return failed


def self_test(compiler):
    failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        for wrong, (source, expected) in PLANTED.items():
            stem = os.path.join(scratch, wrong)
            pathlib.Path(stem + '.c').write_text(source + '\n')
            run(*compiler, '-w', '-O1', '-c', stem + '.c', '-o', stem + '.o')
            run('ar', 'rc', stem + '.a', stem + '.o')
            found = check(stem + '.a', compiler, set(), {'hpte_a'})
            good = expected in found if expected else not found
            print(f'{"caught" if good else "MISSED"}: {wrong}: {found}')
            failed += not good
        failed += self_test_shared(scratch, compiler)
    return failed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--allow')
    parser.add_argument('--headers')
    parser.add_argument('--without')
    parser.add_argument('--map')
    parser.add_argument('--abi')
    parser.add_argument('--self-test', action='store_true')
    parser.add_argument('archive', nargs='?')
    at = sys.argv.index('--')
    args = parser.parse_args(sys.argv[1:at])
    compiler = sys.argv[at + 1:]
    if args.self_test:
        return 1 if self_test(compiler) else 0
    if args.map:
        problems = check_shared(args.archive, args)
        print('\n'.join(problems))
        return 1 if problems else 0
    allowed = set()
    if args.allow:
        text = pathlib.Path(args.allow).read_text()
        allowed = set(re.sub(r'#.*', '', text).split())
    public = declared(args.headers, args.without) if args.headers else None
    problems = check(args.archive, compiler, allowed, public)
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
