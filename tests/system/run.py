#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Run a guest on examples/visor, on an emulated machine; did it pass?

usage: run.py MACHINE CPUS VISOR GUEST [SECONDS]

MACHINE: powernv8, powernv9 or powernv10.  The console goes to standard output.
Passes if the visor says so and the machine then switches itself off, within
SECONDS (30).  Exits with 77 without an emulator.
"""
import re
import shutil
import subprocess
import sys

EMULATOR = 'qemu-system-ppc64'
RAM_REAL = 0x10000000		# examples/visor/visor.h
VERDICT = re.compile(r'^visor: guest \d+ ended: (PASS|FAIL)$', re.MULTILINE)


def command(machine, cpus, visor, guest):
    return [EMULATOR, '-M', machine, '-m', '2G', '-smp', cpus,
            '-nographic', '-nodefaults', '-serial', 'stdio',
            # the power switch
            '-device', 'ipmi-bmc-sim,id=bmc0',
            '-device', 'isa-ipmi-bt,bmc=bmc0,irq=10',
            '-bios', visor,
            '-device', f'loader,file={guest},addr={RAM_REAL:#x},force-raw=on']


def run(arguments, seconds):
    """Console, and how it ended: None if it passed."""
    try:
        done = subprocess.run(arguments, timeout=seconds, text=True,
                              errors='replace', stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    except subprocess.TimeoutExpired as late:
        console = (late.stdout or b'').decode(errors='replace')
        return console, f'no end within {seconds} seconds'
    verdicts = VERDICT.findall(done.stdout)
    if done.returncode:
        return done.stdout, f'{EMULATOR}: exit status {done.returncode}'
    if not verdicts:
        return done.stdout, 'the visor has said nothing'
    if verdicts != ['PASS']:
        return done.stdout, 'the guest has failed'
    return done.stdout, None


def main():
    if len(sys.argv) not in (5, 6):
        sys.exit(__doc__)
    if not shutil.which(EMULATOR):
        print(f'{EMULATOR} is not installed')
        return 77
    seconds = float(sys.argv[5]) if len(sys.argv) == 6 else 30
    console, problem = run(command(*sys.argv[1:5]), seconds)
    print(console, end='')
    if problem:
        print(f'FAILED: {problem}')
    return 1 if problem else 0


if __name__ == '__main__':
    sys.exit(main())
