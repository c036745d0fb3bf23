#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Build the module for Debian's kernel and load it in an emulated machine.

usage: run.py [--seconds N] amd64|ppc64el DIRECTORY
       run.py --self-test

Kernel, headers and busybox are what tools/fetch-kbuild.sh keeps; all that is
made goes into DIRECTORY.  The build may not warn (stack frames and objtool
included), the module may not use registers of vectors or floating point, and
the kernel may not complain.  Prints what the kernel says of it; the last line
is PASS, or FAIL and why.  Exits with 0 or 1, or with 77 if something is
missing that is needed.
"""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
INITRD = ROOT / 'examples/visor/linux/initrd.py'
MODULE = 'hpte_selftest.ko'

# How to build, how to boot, and what may not be in the code.
ARCHITECTURES = {
    'amd64': {
        'tools': '',
        'make': ['ARCH=x86'],
        'emulator': ['qemu-system-x86_64', '-M', 'q35'],
        'console': 'ttyS0',
        'forbidden': r'%(?:[xyz]?mm\d|st\b|k[1-7]\b)',
    },
    'ppc64el': {
        'tools': 'powerpc64le-linux-gnu-',
        'make': ['ARCH=powerpc', 'CROSS_COMPILE=powerpc64le-linux-gnu-'],
        'emulator': ['qemu-system-ppc64', '-M', 'pseries', '-cpu', 'power9'],
        'console': 'hvc0',
        'forbidden': r'\t(?:lxv|stxv|xx|xs|xv|lv[ex]|stv[ex]|v[a-z]+ +v\d|'
                     r'lf[sd]|stf[sd]|f[a-z]+ +f\d)',
    },
}
OF_INTEREST = re.compile(r'hpte|^guest: ')
COMPLAINT = re.compile(r'\] *(?:WARNING:|BUG|Oops|.*\b(?:Call Trace|'
                       r'soft lockup|self-detected stall|blocked for more))|'
                       r'Kernel panic')


class Skip(Exception):
    """Something is missing that cannot be had."""


class Failure(Exception):
    """What went wrong."""


def require(arch):
    tools = [arch['emulator'][0], 'make',
             *(arch['tools'] + name for name in ('gcc', 'objdump'))]
    for tool in tools:
        if not shutil.which(tool):
            raise Skip(f'{tool} is not installed')


def fetch(name):
    done = subprocess.run([str(ROOT / 'tools/fetch-kbuild.sh'), name],
                          stdin=subprocess.DEVNULL, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    if done.returncode:
        raise Skip('kernel and headers cannot be fetched')
    return pathlib.Path(done.stdout.strip())


def run(command):
    """What it prints; it must not fail."""
    done = subprocess.run(command, text=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        print(done.stdout)
        raise Failure(f'{command[0]} failed')
    return done.stdout


def build(arch, kernel, directory):
    """From nothing, so that what was compiled before does not hide warnings."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    said = run(['make', '-C', str(HERE), f'KERNEL={kernel}/headers',
                f'OUT={directory.resolve()}', *arch['make']])
    if 'warning' in said.lower():
        print(said)
        raise Failure('the build warns')
    code = run([arch['tools'] + 'objdump', '-d', '--no-show-raw-insn',
                str(directory / MODULE)])
    check_code(arch, code)


def check_code(arch, code):
    found = re.search('^.*(?:' + arch['forbidden'] + ').*$', code, re.MULTILINE)
    if found:
        raise Failure(f'not in a kernel: {found[0].strip()}')


def boot(arch, kernel, directory, seconds):
    """The console's lines."""
    run([str(INITRD), str(directory / 'initrd'), str(HERE / 'init'),
         str(kernel / 'busybox'), str(directory / MODULE)])
    command = [*arch['emulator'], '-accel', 'tcg', '-smp', '2', '-m', '512',
               '-nodefaults', '-display', 'none', '-serial', 'stdio',
               '-no-reboot', '-kernel', str(kernel / 'vmlinuz'),
               '-initrd', str(directory / 'initrd'), '-append',
               f'console={arch["console"]} oops=panic panic=-1']
    log = directory / 'console'
    with log.open('wb') as output:
        try:
            subprocess.run(command, stdin=subprocess.DEVNULL, stdout=output,
                           stderr=subprocess.STDOUT, timeout=seconds)
        except subprocess.TimeoutExpired:
            raise Failure(f'no end within {seconds:g} seconds, see {log}')
    return log.read_text(errors='replace').splitlines()


def judge(lines):
    """Print what is of interest; raise what is wrong."""
    wrong = [line for line in lines if COMPLAINT.search(line)]
    for line in lines:
        if OF_INTEREST.search(line) or line in wrong:
            print(line)
    if wrong:
        raise Failure('the kernel complains')
    verdicts = [line for line in lines if
                re.match('guest: (?:PASS|FAIL)', line)]
    if verdicts != ['guest: PASS']:
        raise Failure(verdicts[0] if verdicts else 'the guest does not say PASS')
    if not any(re.search('hpte_selftest: PASS: [0-9]', line) for line in lines):
        raise Failure('the module does not say PASS')


def self_test():
    """Each log and each instruction is judged as it must be."""
    good = ['[ 1.0] hpte_selftest: PASS: 9 checks in 1 ms', 'guest: PASS']
    for lines, passes in (
            (good, True), ([], False), (good[:1], False), (good[1:], False),
            (['guest: FAIL: x', *good], False),
            ([*good, '[ 2.0] WARNING: CPU: 0 PID: 1 at x.c:1'], False),
            (['[ 2.0] BUG: unable to handle page fault', *good], False),
            ([*good, 'Kernel panic - not syncing: x'], False)):
        expect(passes, judge, lines)
    for name, instruction, passes in (
            ('amd64', 'movups %xmm0,(%rax)', False),
            ('amd64', 'fldz %st', False), ('amd64', 'mov %rax,%rsp', True),
            ('ppc64el', 'lxvd2x vs0,0,r3', False),
            ('ppc64el', 'fadd    f1,f1,f2', False),
            ('ppc64el', 'lq      r8,0(r3)', True)):
        expect(passes, check_code, ARCHITECTURES[name], f' 0:\t{instruction}')


def expect(passes, function, *arguments):
    try:
        function(*arguments)
    except Failure:
        assert not passes, arguments
    else:
        assert passes, arguments


def main():
    if sys.argv[1:] == ['--self-test']:
        self_test()
        return 0
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument('--seconds', type=float, default=240)
    parser.add_argument('architecture', choices=ARCHITECTURES)
    parser.add_argument('directory', type=pathlib.Path)
    options = parser.parse_args()
    arch = ARCHITECTURES[options.architecture]
    try:
        require(arch)
        kernel = fetch(options.architecture)
        build(arch, kernel, options.directory)
        judge(boot(arch, kernel, options.directory, options.seconds))
    except Skip as why:
        print(f'SKIP: {why}')
        return 77
    except Failure as why:
        print(f'FAIL: {why}')
        return 1
    print('PASS')
    return 0


if __name__ == '__main__':
    sys.exit(main())
