#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Run a guest on examples/visor, on an emulated machine; did it pass?

usage: run.py [--seconds N] [--checks N] MACHINE CPUS VISOR GUEST
       run.py --self-test

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
import time

EMULATOR = 'qemu-system-ppc64'
RAM_REAL = 0x10000000		# examples/visor/visor.h
VERDICT = re.compile(r'^visor: guest \d+ ended: (PASS|FAIL)$', re.MULTILINE)
CHECK = re.compile(r'^(\d{2,}) .*? (ok|skipped: .*|FAILED: .*)$', re.MULTILINE)


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


PASS = 'visor: guest 1 ended: PASS'
CHECKS = f'01 one ok\n02 two ok\n{PASS}'
PLANTED = (
    # an emulator: what it prints, exit status, seconds it takes; how many
    # checks are wanted; the complaint
    (PASS, 0, 0, 0, None),
    (f'hello\n{PASS}\nbye', 0, 0, 0, None),
    (f'hello{PASS}', 0, 0, 0, 'said nothing'),
    ('', 0, 0, 0, 'said nothing'),
    ('visor: guest 1 ended: FAIL', 0, 0, 0, 'guest has failed'),
    (f'{PASS}\nvisor: guest 1 ended: FAIL', 0, 0, 0, 'guest has failed'),
    (PASS, 1, 0, 0, 'exit status 1'),
    (PASS, 0, 60, 0, 'no end'),
    (CHECKS, 0, 0, 2, None),
    (CHECKS, 0, 0, 3, '2 checks have passed'),
    (CHECKS.replace('two ok', 'two skipped: why'), 0, 0, 1, None),
    (CHECKS.replace('two ok', 'two skipped: ok'), 0, 0, 2, '1 checks'),
    (CHECKS.replace('one ok', 'one FAILED: ok'), 0, 0, 0, 'checks: 01'),
    (CHECKS.replace('01', '03'), 0, 0, 0, 'not numbered'),
)


def self_test():
    """Emulators that print what they are told."""
    failed = 0
    script = ('import sys, time; print(sys.argv[1], flush=True); '
              'time.sleep(float(sys.argv[3])); sys.exit(int(sys.argv[2]))')
    for text, status, seconds, wanted, expected in PLANTED:
        started = time.monotonic()
        console, problem = run([sys.executable, '-c', script, text,
                                str(status), str(seconds)],
                               2 if seconds else 30)
        problem = checks_problem(console, wanted) or problem
        good = (expected in problem if problem and expected
                else problem == expected)
        good = good and text in console and time.monotonic() - started < 30
        print(f'{"as expected" if good else "WRONG"}: {text!r} {problem}')
        failed += not good
    return 1 if failed else 0


def main():
    if sys.argv[1:] == ['--self-test']:
        return self_test()
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
