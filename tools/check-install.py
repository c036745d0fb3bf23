#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Use the library as a project of somebody else does.

usage: check-install.py [--build DIR] --library static|shared|both
                        ROOT CONSUMER.c -- COMPILER...
       check-install.py --subproject --library static|shared
                        ROOT CONSUMER.c -- COMPILER...

Install into an empty directory, from DIR as it is built or from a build of
its own; compile and link the consumer with what pkg-config answers; run it;
look at what it needs at run time.  So is the example, which is installed too.
With "both" all is also linked statically, and the Python package and the Rust
crates are installed and used; the latter if there is a cargo.
--subproject: the consumer's own meson.build takes the library from a
subproject instead.
"""
import argparse
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile


def run(*command, env=None):
    result = subprocess.run(command, env=env, text=True,
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT)
    if result.returncode:
        print(shlex.join(map(str, command)))
        print(result.stdout)
        sys.exit(1)
    return result.stdout


def names(directory, pattern):
    return sorted(p.name for p in pathlib.Path(directory).glob(pattern))


def abi(version):
    """Which programs a library of this version serves."""
    major, minor, _ = version.split('.')
    return f'{major}.{minor}' if major == '0' else major


def build(args, directory):
    """A build of the library and nothing else."""
    env = dict(os.environ, CC=shlex.join(args.compiler))
    run('meson', 'setup', directory, args.root, '--buildtype=release',
        f'-Ddefault_library={args.library}', '-Dtests=disabled',
        '-Dtools=disabled', '-Dwerror=true',
        *(f'-D{name}={str(args.library == "both").lower()}'
          for name in ('python', 'rust')), env=env)
    run('meson', 'compile', '-C', directory, 'hpte:static_library',
        'hpte:shared_library')


def check_files(args, installed, version):
    """What is installed, and that it is all."""
    includes = next(installed.rglob('hpte.h')).parent
    if names(includes, '*') != names(args.root / 'include/hpte', '*'):
        sys.exit(f'headers installed: {names(includes, "*")}')
    library = next(path for path in installed.rglob('libhpte.*')
                   if path.suffix != '.pc').parent
    expected = []
    if args.library != 'shared':
        expected.append('libhpte.a')
    if args.library != 'static':
        expected += ['libhpte.so', f'libhpte.so.{abi(version)}',
                     f'libhpte.so.{version}']
    if names(library, 'libhpte.*') != expected:
        sys.exit(f'libraries installed: {names(library, "libhpte.*")}')
    return library


def check_program(program, version, shared, library=None):
    """It runs, it and its library are of this version, linked as wanted."""
    env = dict(os.environ, LD_LIBRARY_PATH=str(library)) if library else None
    output = run(program, env=env)
    if output != f'{version} {version}\n':
        sys.exit(f'the consumer prints {output}, not {version}')
    needs = re.findall(r'\(NEEDED\).*\[(libhpte.*)\]',
                       run('readelf', '-dW', program))
    if needs != ([f'libhpte.so.{abi(version)}'] if shared else []):
        sys.exit(f'the consumer needs {needs}')


def check_python(installed, library):
    """The package is there and finds the library by its name."""
    package = next(installed.rglob('hpte/__init__.py')).parent
    env = dict(os.environ, LD_LIBRARY_PATH=str(library),
               PYTHONPATH=str(package.parent), HPTE_LIBRARY='')
    found = run(sys.executable, '-c', 'import hpte; print(hpte.__file__); '
                'print(hpte.Table(18).entries)', env=env).split()
    if found != [str(package / '__init__.py'), '16384']:
        sys.exit(f'the package answers {found}')


def check_rust(args, installed, scratch, env):
    """A crate of the user's, with the installed library and example."""
    cargo = shutil.which('cargo')
    if not cargo:
        print('no cargo: the Rust crates are not used')
        return
    crate = scratch / 'guest'
    run(cargo, 'init', '--vcs', 'none', '--name', 'guest', crate)
    with open(crate / 'Cargo.toml', 'a', encoding='utf-8') as manifest:
        path = next(installed.rglob('libhpte/rust/hpte'))
        manifest.write(f'hpte = {{ path = "{path}" }}\n')
    shutil.copy(next(installed.rglob('uart_guest.rs')),
                crate / 'src/main.rs')
    run(cargo, 'build', '--offline', '--manifest-path', crate / 'Cargo.toml',
        env=dict(env, HPTE_SOURCE='', CARGO_TARGET_DIR=str(scratch / 'cargo')))
    check_output(args, scratch / 'cargo/debug/guest')
    if not any('HPTE_FROM=pkg-config' in path.read_text() for path in
               (scratch / 'cargo/debug/build').glob('hpte-sys-*/output')):
        sys.exit('the Rust program has another library')


def check_output(args, program, library=None):
    env = dict(os.environ, LD_LIBRARY_PATH=str(library)) if library else None
    output = run(program, env=env)
    if output != (args.root / 'examples/uart_guest.out').read_text():
        sys.exit(f'{program.name} prints {output}')


def check_installed(args, scratch, version):
    directory = args.build or scratch / 'build'
    if not args.build:
        build(args, directory)
    installed = scratch / 'installed'
    run('meson', 'install', '-C', directory, '--no-rebuild', '--destdir',
        installed)
    library = check_files(args, installed, version)
    if args.library == 'both' and not args.build:
        check_python(installed, library)
    config = next(installed.rglob('libhpte.pc'))
    env = dict(os.environ, PKG_CONFIG_LIBDIR=str(config.parent),
               PKG_CONFIG_SYSROOT_DIR=str(installed), PKG_CONFIG_PATH='',
               PKG_CONFIG_ALLOW_SYSTEM_CFLAGS='1',
               PKG_CONFIG_ALLOW_SYSTEM_LIBS='1')
    found = run('pkg-config', '--modversion', 'libhpte', env=env).strip()
    if found != version:
        sys.exit(f'libhpte.pc has version {found}')
    for linking in [[], ['-static']][:2 if args.library == 'both' else 1]:
        static = ['--static'] if linking else []
        flags = run('pkg-config', '--cflags', '--libs', *static, 'libhpte',
                    env=env)
        program = scratch / 'consumer'
        run(*args.compiler, *linking, args.consumer, '-o', program,
            *shlex.split(flags))
        check_program(program, version,
                      args.library != 'static' and not linking, library)
        examples = next(installed.rglob('doc/libhpte/examples'))
        program = scratch / 'uart_guest'
        run(*args.compiler, *linking, examples / 'skeleton.c',
            examples / 'uart_guest.c', '-o', program, *shlex.split(flags))
        check_output(args, program, library)
    if args.library == 'both' and not args.build:
        check_rust(args, installed, scratch, env)


def check_subproject(args, scratch, version):
    project = scratch / 'project'
    shutil.copytree(args.consumer.parent, project)
    (project / 'subprojects').mkdir()
    (project / 'subprojects/libhpte').symlink_to(args.root)
    env = dict(os.environ, CC=shlex.join(args.compiler), PKG_CONFIG_PATH='')
    run('meson', 'setup', scratch / 'build', project,
        '--force-fallback-for=libhpte',
        f'-Dlibhpte:default_library={args.library}', env=env)
    run('meson', 'compile', '-C', scratch / 'build', 'consumer')
    check_program(scratch / 'build/consumer', version,
                  args.library == 'shared')


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--build', type=pathlib.Path)
    parser.add_argument('--subproject', action='store_true')
    parser.add_argument('--library', required=True,
                        choices=['static', 'shared', 'both'])
    parser.add_argument('root', type=pathlib.Path)
    parser.add_argument('consumer', type=pathlib.Path)
    at = sys.argv.index('--')
    args = parser.parse_args(sys.argv[1:at])
    args.compiler = sys.argv[at + 1:]
    args.root = args.root.resolve()
    version = (args.root / 'VERSION').read_text().strip()
    check = check_subproject if args.subproject else check_installed
    with tempfile.TemporaryDirectory() as scratch:
        check(args, pathlib.Path(scratch), version)


if __name__ == '__main__':
    main()
