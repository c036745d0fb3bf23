#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Run a guest on examples/visor, on an emulated machine; did it pass?

usage: run.py [--seconds N] [--checks N] [--schedule N] [--plugin FILE]
              MACHINE CPUS VISOR GUEST
       run.py --self-test

MACHINE: powernv8, powernv9 or powernv10.  The console goes to standard output.
Passes if the visor says so and the machine then switches itself off, within
the seconds (30); if at least so many of the guest's checks (0) have said ok,
and none has failed.  Exits with 77 without an emulator.

With --schedule or --plugin the emulator is the one that tools/fetch-qemu.sh
has fetched.  --schedule: the CPUs take turns, the same in every run with this
N, each instruction taking 2^N ns.  --plugin: plugin/tlbie.c, which must have
checked a tlbie and found none wrong; with several CPUs it needs a schedule.
"""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import time

EMULATOR = 'qemu-system-ppc64'
FETCH = pathlib.Path(__file__).resolve().parents[2] / 'tools/fetch-qemu.sh'
RAM_REAL = 0x10000000		# examples/visor/visor.h
VERDICT = re.compile(r'^visor: guest \d+ ended: (PASS|FAIL)(?:: .*)?$', re.MULTILINE)
CHECK = re.compile(r'^(\d{2,}) .*? (ok|skipped: .*|FAILED: .*)$', re.MULTILINE)
TLBIES = re.compile(r'^tlbie: (\d+) checked, \d+ whole, (\d+) wrong$',
                    re.MULTILINE)


def newer_emulator():
    """Its path, or None if it has not been fetched."""
    fetched = subprocess.run([str(FETCH), '--kept'], text=True,
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    return None if fetched.returncode else fetched.stdout.strip()


def command(machine, cpus, visor, guest, emulator=EMULATOR):
    return [emulator, '-M', machine, '-m', '2G', '-smp', cpus,
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


def tlbies_problem(console):
    """What is wrong with the plugin's summary, or None."""
    summaries = TLBIES.findall(console)
    if len(summaries) != 1:
        return 'the plugin has said nothing'
    checked, wrong = map(int, summaries[0])
    if wrong:
        return f'{wrong} wrong tlbie'
    return None if checked else 'no tlbie was checked'


def parse_arguments():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument('--seconds', type=float, default=30)
    parser.add_argument('--checks', type=int, default=0)
    parser.add_argument('--schedule', type=int)
    parser.add_argument('--plugin')
    for name in ('machine', 'cpus', 'visor', 'guest'):
        parser.add_argument(name)
    options = parser.parse_args()
    if options.plugin and options.cpus != '1' and options.schedule is None:
        parser.error('--plugin with several CPUs needs --schedule')
    return options


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
SUMMARIES = (
    # the plugin's output and the complaint
    ('tlbie: 5 checked, 1 whole, 0 wrong', None),
    ('tlbie: 5 checked, 1 whole, 2 wrong', '2 wrong'),
    ('tlbie: 0 checked, 1 whole, 0 wrong', 'no tlbie'),
    ('tlbie: gives up: msr', 'said nothing'),
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
    for text, expected in SUMMARIES:
        problem = tlbies_problem(f'{PASS}\n{text}\n')
        good = (expected in problem if problem and expected
                else problem == expected)
        print(f'{"as expected" if good else "WRONG"}: {text!r} {problem}')
        failed += not good
    return 1 if failed else 0


def main():
    if sys.argv[1:] == ['--self-test']:
        return self_test()
    options = parse_arguments()
    newer = options.schedule is not None or options.plugin
    emulator = newer_emulator() if newer else shutil.which(EMULATOR)
    if not emulator:
        print(f'no newer {EMULATOR}: tools/fetch-qemu.sh has not fetched it'
              if newer else f'{EMULATOR} is not installed')
        return 77
    arguments = command(options.machine, options.cpus, options.visor,
                        options.guest, emulator)
    if options.schedule is not None:
        arguments += ['-icount', f'shift={options.schedule},sleep=off']
    if options.plugin:
        arguments += ['-plugin', options.plugin]
    console, problem = run(arguments, options.seconds)
    print(console, end='')
    problem = checks_problem(console, options.checks) or problem
    if options.plugin:
        problem = tlbies_problem(console) or problem
    if problem:
        print(f'FAILED: {problem}')
    return 1 if problem else 0


if __name__ == '__main__':
    sys.exit(main())
