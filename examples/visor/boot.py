#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Boot Linux on the visor, on an emulated POWER machine.

usage: boot.py [--machine powernv8|powernv9|powernv10] [--cpus 1|2|4]
               [--steal] [--eager] [--kernel FILE] [--arguments TEXT]
               [--emulator FILE] [--more OPTIONS] [--without PROPERTY]
               [--seconds N] [--dump FILE] [--quiet]
               VISOR DIRECTORY PROGRAM...
       boot.py --all [...] VISOR DIRECTORY PROGRAM...

The kernel and busybox are Debian's, which tools/fetch-linux.sh puts into
DIRECTORY; --kernel names another kernel.  linux/init, the first process, runs
the programs: linux/meson.build makes them.  The console goes to standard
output; --quiet: only the visor's own lines.  --arguments: more of the kernel's
command line.
--emulator, --more: the emulator, and more options for it.
--without: leave a property out of the guest's device tree, for tests.
--dump: the hash table as it was at the end, for "hptctl dump".
--all: each machine with 1, 2 and 4 CPUs, with and without --steal.

The last line is PASS, or FAIL and why: what the visor says, or that it does
not come to an end within the seconds (120).  Exits with 0 or 1, or with 77 if
the kernel, the emulator or the device tree compiler is not to be had.
"""
import argparse
import itertools
import json
import os
import pathlib
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
FETCH = HERE.parents[1] / 'tools/fetch-linux.sh'
EMULATOR = 'qemu-system-ppc64'
MACHINES = ['powernv8', 'powernv9', 'powernv10']
CPUS = [1, 2, 4]
RAM_REAL = 0x10000000		# visor.h
ORDER = 22			# log2 bytes of the table: RAM / 128
LAYOUT = dict(
    (name, int(value, 0)) for name, value in re.findall(
        r'^#define (\w+)\s+(\w+)', (HERE / 'platform/layout.h').read_text(),
        re.MULTILINE) if value[0].isdigit())
ENDED = re.compile(r'^visor: guest \d+ ended: (PASS|FAIL: .*)$')
TABLE = re.compile(r'^visor: hash table: (\w+), 2\^(\d+) bytes$')


class Skip(Exception):
    """Something is missing that cannot be had."""


def fetch(directory):
    """Debian's kernel and busybox."""
    directory.mkdir(parents=True, exist_ok=True)
    done = subprocess.run([str(FETCH), str(directory)],
                          stdin=subprocess.DEVNULL)
    if done.returncode:
        raise Skip('the kernel cannot be fetched')


def make_initrd(options, output):
    """The guest's first file system."""
    subprocess.run([str(HERE / 'linux/initrd.py'), str(output),
                    str(HERE / 'linux/init'),
                    str(options.directory / 'busybox'),
                    *map(str, options.programs)], check=True)


def make_tree(options, kernel, initrd, output):
    """The guest's device tree."""
    initrd_end = LAYOUT['GUEST_INITRD'] + initrd.stat().st_size
    arguments = ' '.join(['console=hvc0', 'panic=1', 'loglevel=5',
                          options.arguments])
    defines = {'CPUS': options.cpus, 'ORDER': ORDER,
               'INITRD_END': initrd_end,
               'KERNEL_BYTES': kernel.stat().st_size,
               'ARGUMENTS': json.dumps(arguments)}
    for name in ('eager', 'steal'):
        if getattr(options, name):
            defines[name.upper()] = 1
    text = subprocess.run(
        ['cpp', '-nostdinc', '-undef', '-x', 'assembler-with-cpp', '-P',
         *(f'-D{name}={value}' for name, value in defines.items()),
         str(HERE / 'linux/guest.dts')],
        check=True, text=True, stdout=subprocess.PIPE).stdout
    if options.without:
        text = re.sub(rf'\s{re.escape(options.without)}( =[^;]*)?;', '', text)
    subprocess.run(['dtc', '-q', '-I', 'dts', '-O', 'dtb', '-o', str(output),
                    '-'], text=True, input=text,
                   check=True)


def command(options, kernel, initrd, tree, control):
    def load(file, address):
        name = str(file).replace(',', ',,')	# as the emulator quotes it
        return ['-device',
                f'loader,file={name},addr={address:#x},force-raw=on']

    return [options.emulator, '-M', options.machine, '-m', '2G',
            '-smp', str(options.cpus), '-nographic', '-nodefaults',
            '-serial', 'stdio',
            # the power switch; what lies in memory then can still be read
            '-device', 'ipmi-bmc-sim,id=bmc0',
            '-device', 'isa-ipmi-bt,bmc=bmc0,irq=10', '-no-shutdown',
            # waits for us before it starts: no event of its is missed
            '-qmp', f'unix:{control},server=on,wait=off', '-S',
            '-bios', str(options.visor),
            *load(kernel, LAYOUT['KERNEL_REAL']),
            *load(tree, RAM_REAL + LAYOUT['GUEST_TREE']),
            *load(initrd, RAM_REAL + LAYOUT['GUEST_INITRD']), *options.more]


class Control:
    """The emulator's control socket."""

    def __init__(self, path, emulator):
        self.socket = socket.socket(socket.AF_UNIX)
        while self.socket.connect_ex(path):
            if emulator.poll() is not None:
                raise OSError('it has not started')
            time.sleep(0.02)
        self.lines = self.socket.makefile('r')
        self.lines.readline()			# its greeting
        self.execute('qmp_capabilities')

    def execute(self, name, **arguments):
        request = {'execute': name, 'arguments': arguments}
        self.socket.sendall(json.dumps(request).encode() + b'\n')
        for line in self.lines:
            reply = json.loads(line)
            if 'error' in reply:
                raise OSError(reply['error'].get('desc'))
            if 'return' in reply:
                return

    def run(self, seconds):
        """Until the machine has switched itself off; False: it has not."""
        self.socket.settimeout(seconds)
        self.execute('cont')
        try:
            for line in self.lines:
                if json.loads(line).get('event') == 'SHUTDOWN':
                    return True
        except TimeoutError:
            return False	# settimeout(): no event for so long
        raise OSError('it has died')


class Console(threading.Thread):
    """Prints what the machine prints, and keeps it."""

    def __init__(self, stream, quiet):
        super().__init__(daemon=True)
        self.stream, self.quiet, self.kept = stream, quiet, []

    def run(self):
        for line in self.stream:
            line = line.rstrip('\r\n')
            self.kept.append(line)
            if not self.quiet or line.startswith('visor: '):
                print(line, flush=True)

    def find(self, pattern):
        matches = [pattern.match(line) for line in self.kept]
        return next((match for match in reversed(matches) if match), None)


def boot(options, kernel, scratch):
    """None, or what went wrong."""
    initrd, tree, control = (scratch / name for name in (
        'initrd', 'guest.dtb', 'control'))
    make_initrd(options, initrd)
    make_tree(options, kernel, initrd, tree)
    emulator = subprocess.Popen(
        command(options, kernel, initrd, tree, control), text=True, errors='replace',
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    console = Console(emulator.stdout, options.quiet)
    console.start()
    try:
        machine = Control(str(control), emulator)
        ended = machine.run(options.seconds)
        table = console.find(TABLE)
        if ended and options.dump and table:
            machine.execute('pmemsave', val=int(table[1], 16),
                            size=1 << int(table[2]),
                            filename=os.path.abspath(options.dump))
        if ended:
            machine.execute('quit')
            emulator.wait(10)
    except subprocess.TimeoutExpired:
        pass
    except OSError as error:
        return f'{EMULATOR}: {error}'
    finally:
        emulator.kill()
        emulator.wait()
        console.join()
    verdict = console.find(ENDED)
    if not ended:
        return f'no end within {options.seconds:g} seconds'
    if not verdict:
        return 'the visor has not said how it ended'
    return None if verdict[1] == 'PASS' else verdict[1][len('FAIL: '):]


def attempt(options):
    """Boot once; seconds, and what boot() says."""
    started = time.monotonic()
    try:
        with tempfile.TemporaryDirectory() as scratch:
            problem = boot(options, options.kernel or
                           options.directory / 'vmlinux',
                           pathlib.Path(scratch))
    except (OSError, subprocess.CalledProcessError) as error:
        problem = str(error)
    return time.monotonic() - started, problem


def boot_all(options):
    """True if all went well."""
    rows, good = [], True
    for machine, cpus, steal in itertools.product(MACHINES, CPUS,
                                                  (False, True)):
        options.machine, options.cpus, options.steal = machine, cpus, steal
        seconds, problem = attempt(options)
        rows.append(f'{machine:<10} {cpus:>4} {"yes" if steal else "no":>5} '
                    f'{seconds:>7.1f}  '
                    f'{f"FAIL: {problem}" if problem else "PASS"}')
        print(rows[-1], flush=True)
        good = good and not problem
    print('machine    CPUs STEAL seconds', *rows, sep='\n')
    return good


def parse_arguments():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument('--machine', default='powernv9', choices=MACHINES)
    parser.add_argument('--cpus', type=int, default=1, choices=CPUS)
    for name in ('--steal', '--eager', '--quiet', '--all'):
        parser.add_argument(name, action='store_true')
    for name in ('--kernel', '--dump'):
        parser.add_argument(name, type=pathlib.Path)
    parser.add_argument('--arguments', default='')
    parser.add_argument('--without')
    parser.add_argument('--seconds', type=float, default=120)
    parser.add_argument('--emulator', default=EMULATOR)
    parser.add_argument('--more', type=shlex.split, default=[])
    for name in ('visor', 'directory'):
        parser.add_argument(name, type=pathlib.Path)
    parser.add_argument('programs', type=pathlib.Path, nargs='+')
    return parser.parse_args()


def main():
    options = parse_arguments()
    try:
        for program in (options.emulator, 'dtc', 'cpp'):
            if not shutil.which(program):
                raise Skip(f'{program} is not installed')
        fetch(options.directory)
    except Skip as why:
        print(f'SKIP: {why}')
        return 77
    if options.all:
        return 0 if boot_all(options) else 1
    seconds, problem = attempt(options)
    print(f'{seconds:.1f} s from power on to power off')
    print(f'FAIL: {problem}' if problem else 'PASS')
    return 1 if problem else 0


if __name__ == '__main__':
    sys.exit(main())
