#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Install the library into an empty directory and use it from there.

usage: check-install.py BUILD ROOT CONSUMER.c -- COMPILER...

The consumer is compiled and linked with what pkg-config answers, and run.
"""
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile


def run(*command, env=None):
    result = subprocess.run(command, env=env, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if result.returncode:
        print(shlex.join(command))
        print(result.stdout)
        sys.exit(1)
    return result.stdout


def headers(directory):
    return sorted(p.name for p in pathlib.Path(directory).iterdir())


def main():
    at = sys.argv.index('--')
    build, root, consumer = sys.argv[1:at]
    compiler = sys.argv[at + 1:]
    root = pathlib.Path(root)
    with tempfile.TemporaryDirectory() as destination:
        run('meson', 'install', '-C', build, '--no-rebuild', '--destdir',
            destination)
        installed = pathlib.Path(destination)
        config = next(installed.rglob('libhpte.pc'))
        env = dict(os.environ, PKG_CONFIG_LIBDIR=str(config.parent),
                   PKG_CONFIG_SYSROOT_DIR=destination, PKG_CONFIG_PATH='',
                   PKG_CONFIG_ALLOW_SYSTEM_CFLAGS='1',
                   PKG_CONFIG_ALLOW_SYSTEM_LIBS='1')
        version = run('pkg-config', '--modversion', 'libhpte', env=env)
        if version != (root / 'VERSION').read_text():
            print(f'libhpte.pc has version {version}')
            return 1
        includes = next(installed.rglob('hpte.h')).parent
        if headers(includes) != headers(root / 'include/hpte'):
            print(f'headers installed: {headers(includes)}')
            return 1
        flags = run('pkg-config', '--cflags', '--libs', 'libhpte', env=env)
        program = str(installed / 'consumer')
        run(*compiler, consumer, '-o', program, *shlex.split(flags))
        if run(program) != version:
            print('the consumer prints another version')
            return 1
    return 0


if __name__ == '__main__':
    sys.exit(main())
