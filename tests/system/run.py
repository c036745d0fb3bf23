#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Run a guest on examples/visor, on an emulated machine; did it pass?

usage: run.py MACHINE CPUS VISOR GUEST [SECONDS]
       run.py --self-test

MACHINE: powernv8, powernv9 or powernv10.  The console goes to standard output.
Passes if the visor says so and the machine then switches itself off, within
SECONDS (30).  Exits with 77 without an emulator.
"""
import re
import shutil
import subprocess
import sys
import time

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


PASS = 'visor: guest 1 ended: PASS'
PLANTED = (
    # an emulator: what it prints, exit status, seconds it takes; the complaint
    (PASS, 0, 0, None),
    (f'hello\n{PASS}\nbye', 0, 0, None),
    (f'hello{PASS}', 0, 0, 'said nothing'),
    ('', 0, 0, 'said nothing'),
    ('visor: guest 1 ended: FAIL', 0, 0, 'guest has failed'),
    (f'{PASS}\nvisor: guest 1 ended: FAIL', 0, 0, 'guest has failed'),
    (PASS, 1, 0, 'exit status 1'),
    (PASS, 0, 60, 'no end'),
)


def self_test():
    """Emulators that print what they are told."""
    failed = 0
    script = ('import sys, time; print(sys.argv[1], flush=True); '
              'time.sleep(float(sys.argv[3])); sys.exit(int(sys.argv[2]))')
    for text, status, seconds, expected in PLANTED:
        started = time.monotonic()
        console, problem = run([sys.executable, '-c', script, text,
                                str(status), str(seconds)],
                               2 if seconds else 30)
        good = (expected in problem if problem and expected
                else problem == expected)
        good = good and text in console and time.monotonic() - started < 30
        print(f'{"as expected" if good else "WRONG"}: {text!r} {problem}')
        failed += not good
    return 1 if failed else 0


def main():
    if sys.argv[1:] == ['--self-test']:
        return self_test()
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
