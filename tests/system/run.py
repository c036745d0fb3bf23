#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Run a guest on examples/visor, on an emulated machine; did it pass?

usage: run.py [--seconds N] [--checks N] MACHINE CPUS VISOR GUEST

MACHINE: powernv8, powernv9 or powernv10.  The console goes to standard output.
Passes if the visor says so and the machine then switches itself off, within
the seconds (30); if at least so many of the guest's checks (0) have said ok,
and none has failed.  Exits with 77 without an emulator.
"""
import argparse
import re
import shutil
import subprocess
import sys

EMULATOR = 'qemu-system-ppc64'
RAM_REAL = 0x10000000		# examples/visor/visor.h
VERDICT = re.compile(r'^visor: guest \d+ ended: (PASS|FAIL)$', re.MULTILINE)
CHECK = re.compile(r'^(\d{2,}) .* (ok|skipped: .*|FAILED: .*)$', re.MULTILINE)


def command(machine, cpus, visor, guest):
    return [EMULATOR, '-M', machine, '-m', '2G', '-smp', cpus,
            '-nographic', '-nodefaults', '-serial', 'stdio',
            # the power switch
            '-device', 'ipmi-bmc-sim,id=bmc0',
            '-device', 'isa-ipmi-bt,bmc=bmc0,irq=10',
            '-bios', visor,
            '-device', f'loader,file={guest},addr={RAM_REAL:#x},force-raw=on']


def run(arguments, seconds):
    """Console, and how it ended: None if it passed.

    What the emulator itself has to say comes after the console: in between,
    it could tear the console's lines apart.
    """
    try:
        done = subprocess.run(arguments, timeout=seconds, text=True,
                              errors='replace', stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    except subprocess.TimeoutExpired as late:
        console = (late.stdout or b'').decode(errors='replace')
        return console, f'no end within {seconds} seconds'
    console = done.stdout + done.stderr
    verdicts = VERDICT.findall(done.stdout)
    if done.returncode:
        return console, f'{EMULATOR}: exit status {done.returncode}'
    if not verdicts:
        return console, 'the visor has said nothing'
    if verdicts != ['PASS']:
        return console, 'the guest has failed'
    return console, None


def checks_problem(console, wanted):
    """What is wrong with the lines "NN name ok", or None."""
    checks = CHECK.findall(console)
    if [int(number) for number, _ in checks] != \
            list(range(1, len(checks) + 1)):
        return 'the checks are not numbered 1, 2, ...'
    bad = [number for number, result in checks if result.startswith('FAILED')]
    if bad:
        return f'failed checks: {", ".join(bad)}'
    good = sum(result == 'ok' for _, result in checks)
    if good < wanted:
        return f'{good} checks have passed, not {wanted} or more'
    return None


def parse_arguments():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument('--seconds', type=float, default=30)
    parser.add_argument('--checks', type=int, default=0)
    for name in ('machine', 'cpus', 'visor', 'guest'):
        parser.add_argument(name)
    return parser.parse_args()


def main():
    options = parse_arguments()
    if not shutil.which(EMULATOR):
        print(f'{EMULATOR} is not installed')
        return 77
    console, problem = run(command(options.machine, options.cpus,
                                   options.visor, options.guest),
                           options.seconds)
    print(console, end='')
    problem = checks_problem(console, options.checks) or problem
    if problem:
        print(f'FAILED: {problem}')
    return 1 if problem else 0


if __name__ == '__main__':
    sys.exit(main())
