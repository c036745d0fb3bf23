#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Build and test the Rust bindings, offline.

usage: run.py CARGO BUILD-DIRECTORY WHAT [ARGUMENT...]

    source		cargo test, the library built from its sources
    installed		the C interface with the library that pkg-config finds:
			PKG_CONFIG_PATH is set by the caller
    uart PROGRAM	the example prints what PROGRAM, the one in C, prints
    replay NAME		the recording NAME, without a mismatch
    damage		a mismatch that is planted is found
    compile-fail	compile_fail.py, with cargo's own rustc
    ppc64le		cargo test under qemu-user, by Debian's cargo
    nostd		a consumer without std: what it needs from outside
    lint		Debian's clippy and rustdoc, warnings being errors

Cargo builds below BUILD-DIRECTORY.  What is missing here exits with 77.
"""
import lzma
import os
import pathlib
import shlex
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
WORKSPACE = HERE.parent
ROOT = WORKSPACE.parent.parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / 'tests/replay'))
import recording  # noqa: E402

# Guest real storage, log2 of the largest page.
MACHINES = {'a-p8': ('1073741824', '24'), 'f-p8-resize': ('1073741824', '24')}

# What compilers call on their own, and what precompiled core names.
FROM_OUTSIDE = {'memcpy', 'memmove', 'memset', 'memcmp', 'bcmp',
                'rust_eh_personality', '_GLOBAL_OFFSET_TABLE_'}


def run(command, **more):
    """Standard output; any failure is ours."""
    print(*map(str, command), flush=True)
    result = subprocess.run(command, stdout=subprocess.PIPE, **more)
    if result.returncode:
        print(result.stdout.decode(errors='replace'))
        sys.exit(1)
    return result.stdout


class Cargo:
    def __init__(self, program, target, **environment):
        self.program = program
        self.target = pathlib.Path(target)
        # beside the chosen cargo lie its rustc, rustdoc and clippy
        path = os.pathsep.join([str(pathlib.Path(program).parent),
                                os.environ['PATH']])
        self.environment = {**os.environ, 'PATH': path,
                            'CARGO_TARGET_DIR': str(target),
                            'CARGO_BUILD_JOBS': '2', **environment}

    def __call__(self, *arguments, directory=WORKSPACE):
        output = run([self.program, *arguments, '--offline', '--locked'],
                     cwd=directory, env=self.environment)
        print(output.decode())
        return output.decode()

    def example(self, name):
        self('build', '--package', 'hpte', '--example', name)
        return self.target / 'debug/examples' / name


def test_source(cargo):
    """At least as many tests as there were when this was written."""
    passed = cargo('test').count(' ... ok')
    print(f'{passed} tests passed')
    return passed < 37


def test_installed(cargo):
    cargo = Cargo(cargo.program, cargo.target / 'installed', HPTE_SOURCE='',
                  HPTE_EXPECTED='pkg-config')
    return cargo('test', '--package', 'hpte-sys').count(' ... ok') < 8


def test_ppc64le(cargo):
    """Debian's standard library for POWER goes with Debian's rustc only."""
    debian, tools = '/usr/bin/cargo', ('/usr/bin/rustc', 'qemu-ppc64le-static',
                                       'powerpc64le-linux-gnu-gcc')
    missing = [tool for tool in (debian, *tools) if not shutil.which(tool)]
    fetched = subprocess.run([ROOT / 'tools/fetch-rust-ppc64el.sh', '--kept'],
                             stdout=subprocess.PIPE, text=True)
    if missing or fetched.returncode:
        print('not here:', *missing or ["Rust's library for ppc64el"])
        return 77
    target = 'powerpc64le-unknown-linux-gnu'
    variable = target.replace('-', '_')
    emulator = 'qemu-ppc64le-static -L /usr/powerpc64le-linux-gnu'
    cargo = Cargo(debian, cargo.target / 'ppc64le', **{
        'RUSTFLAGS': f'--sysroot={fetched.stdout.strip()}',
        'HPTE_SOURCE': str(ROOT),
        'HPTE_EMULATOR': emulator,
        f'CC_{variable}': 'powerpc64le-linux-gnu-gcc',
        f'AR_{variable}': 'powerpc64le-linux-gnu-ar',
        f'CARGO_TARGET_{variable.upper()}_LINKER': 'powerpc64le-linux-gnu-gcc',
        f'CARGO_TARGET_{variable.upper()}_RUNNER': emulator})
    # doctests are not run for another CPU
    return cargo('test', '--target', target, '--examples', '--lib',
                 '--tests').count(' ... ok') < 31


def test_uart(cargo, program):
    expected = run([program])
    printed = run([cargo.example('uart_guest')])
    print(printed.decode())
    return printed != expected


def replay(program, name, data):
    result = subprocess.run([program, *MACHINES[name]], input=data,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    print(result.stdout.decode(), result.stderr.decode())
    return result.returncode, result.stdout.decode()


def unpacked(name):
    """A recording, and where its hypercalls and searches are in it."""
    path = ROOT / f'tests/replay/data/{name}.trace.xz'
    data = bytearray(lzma.decompress(path.read_bytes()))
    records = list(recording.split(data))
    return data, [at for at, tag, _ in records if tag < 0x10000], \
        [at for at, tag, _ in records if tag == recording.LOOKUP]


def test_replay(cargo, name):
    data, hcalls, lookups = unpacked(name)
    code, said = replay(cargo.example('replay'), name, data)
    return code != 0 or not said.endswith(': 0 mismatches\n') or \
        f' {len(hcalls)} hcalls, {len(lookups)} lookups,' not in said


def test_damage(cargo):
    """One bit of an output register, and of an entry that was found."""
    name = 'a-p8'
    data, hcalls, lookups = unpacked(name)
    for at in (hcalls[len(hcalls) // 2] + 88, lookups[1000] + 40):
        data[at] ^= 1
        code, said = replay(cargo.example('replay'), name, data)
        if code != 1 or not said.endswith(': 1 mismatches\n'):
            return True
        data[at] ^= 1
    return False


def test_compile_fail(cargo):
    cargo('build')
    rustc = shutil.which('rustc', path=cargo.environment['PATH'])
    return subprocess.run([HERE / 'compile_fail.py', rustc,
                           cargo.target]).returncode


def test_nostd(cargo):
    target = cargo.target / 'nostd'
    cargo = Cargo(cargo.program, target)
    cargo('build', '--release', directory=HERE / 'nostd')
    linked = target / 'consumer.o'
    compiler = shlex.split(os.environ.get('CC', 'cc'))
    run(['ld', '-r', '--gc-sections', '-e', 'consumer', '-o', linked,
         target / 'release/libconsumer.a'])
    # nm would let LLVM's plugin read the bitcode of another LLVM
    symbols = [line.split() for line in
               run(['readelf', '-sW', linked]).decode().splitlines()]
    symbols = [s for s in symbols if len(s) == 8 and s[0].endswith(':')]
    needed = {s[7] for s in symbols if s[6] == 'UND'}
    names = ' '.join(s[7] for s in symbols)
    print('needed from outside:', *sorted(needed))
    if needed - FROM_OUTSIDE or 'hpte_hcall_dispatch' not in names:
        return True
    if any(word in names for word in ('3std', '5alloc', 'rust_alloc')):
        print('std or alloc is linked')
        return True
    program = target / 'consumer'
    run([*compiler, HERE / 'nostd/main.c', linked, '-o', program])
    run([program])
    return False


def test_lint(cargo):
    """By Debian's cargo: another version's lints are another opinion."""
    debian = '/usr/bin/cargo'
    if not shutil.which(debian + '-clippy'):
        print("Debian's rust-clippy is not installed")
        return 77
    cargo = Cargo(debian, cargo.target / 'lint', RUSTDOCFLAGS='-D warnings')
    cargo('doc', '--no-deps')
    output = run([debian, 'clippy', '--offline', '--locked', '--all-targets',
                  '--', '-D', 'warnings'], cwd=WORKSPACE,
                 env=cargo.environment)
    print(output.decode())
    return False


def main():
    program, build, what, *arguments = sys.argv[1:]
    cargo = Cargo(program, build, HPTE_SOURCE=str(ROOT))
    test = globals()['test_' + what.replace('-', '_')]
    return int(test(cargo, *arguments))


if __name__ == '__main__':
    sys.exit(main())
