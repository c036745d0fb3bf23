#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Run the kernel on an emulated POWER machine without firmware.

usage: run.py [--must-fail] powernv9|powernv10 IMAGE

The console goes to standard output.  Passes if its last line is PASS and the
machine then switches itself off; with --must-fail, if that line is FAIL: the
kernel has a bug on purpose.  Exits with 77 without an emulator.
"""
import argparse
import shutil
import subprocess
import sys

EMULATOR = 'qemu-system-ppc64'
SECONDS = 120


def run(machine, image):
    """The console's last line."""
    try:
        done = subprocess.run(
            [EMULATOR, '-M', machine, '-m', '2G', '-nographic', '-nodefaults',
             '-serial', 'stdio',
             # the power switch
             '-device', 'ipmi-bmc-sim,id=bmc0',
             '-device', 'isa-ipmi-bt,bmc=bmc0,irq=10',
             '-bios', image],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
            errors='replace', timeout=SECONDS)
    except subprocess.TimeoutExpired as late:
        print((late.stdout or b'').decode(errors='replace'))
        return f'no end within {SECONDS} seconds'
    print(done.stdout, end='')
    if done.returncode:
        return f'{EMULATOR}: exit status {done.returncode}'
    return (done.stdout.splitlines() or ['nothing was said'])[-1]


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument('--must-fail', action='store_true')
    parser.add_argument('machine')
    parser.add_argument('image')
    options = parser.parse_args()
    if not shutil.which(EMULATOR):
        print(f'{EMULATOR} is not installed')
        return 77
    last = run(options.machine, options.image)
    if last not in ('PASS', 'FAIL'):
        print(last)
    return last != ('FAIL' if options.must_fail else 'PASS')


if __name__ == '__main__':
    sys.exit(main())
