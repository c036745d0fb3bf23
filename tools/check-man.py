#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Check the man page of hptctl.

usage: check-man.py PAGE -- HPTCTL...
       check-man.py --self-test PAGE -- HPTCTL...

The commands and options of its synopsis and of its sections are those of
hptctl --help, each option under its command; mandoc, or else groff, has
nothing to say against it.  Exit code 77 if neither is installed and nothing
else is wrong.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SKIP = 77


def of_help(text):
    """{command: options} of the help; '' has those without a command."""
    found = {'': set()}
    for line in re.findall(r'^  hptctl (.*)', text, re.M):
        if re.match(r'\w', line):
            found[line.split()[0]] = set()
        else:
            found[''] |= set(re.findall(r'--[\w-]+', line))
    for command, options in re.findall(r'^OPTIONS of (\w+).*\n((?:  .*\n)+)',
                                       text, re.M):
        found[command] = set(re.findall(r'^  (--[\w-]+)', options, re.M))
    return found


def of_sections(text):
    """The same of the man page's subsections; .Ss names the command."""
    found = {}
    for title, body in re.findall(r'^\.Ss (.*)\n((?:(?!\.S[sh]).*\n)*)', text,
                                  re.M):
        command = '' if ' ' in title else title
        found[command] = {'-' + option for option in
                          re.findall(r'^\.It Fl \\(-[\w-]+)', body, re.M)}
    return found


def of_synopsis(text):
    """The same of its synopsis."""
    found = {}
    synopsis = re.search(r'^\.Sh SYNOPSIS\n(.*?)^\.Sh', text, re.M | re.S)
    for use in re.split(r'^\.Nm\n', synopsis[1], flags=re.M)[1:]:
        command = re.match(r'\.Cm (\w+)', use)
        found[command[1] if command else ''] = \
            {'-' + option for option in
             re.findall(r'(?<=\\)(-[\w-]+)', use)}
    return found


def differences(what, page, wanted):
    problems = []
    for command in sorted(page.keys() | wanted.keys()):
        here = page.get(command)
        there = wanted.get(command)
        if here is None or there is None:
            problems.append(f'{what}: command {command!r} in one only')
            continue
        problems += [f'{what}: {command} {option} in one only'
                     for option in sorted(here ^ there)]
    return problems


def lint(path):
    """Complaints of a formatter, None if there is none."""
    if shutil.which('mandoc'):
        command = ['mandoc', '-Tlint', '-Wwarning', path]
    elif shutil.which('groff'):
        command = ['groff', '-ww', '-z', '-mdoc', '-Tutf8', path]
    else:
        return None
    done = subprocess.run(command, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    lines = done.stdout.splitlines()
    return lines or ([f'{command[0]}: exit code {done.returncode}']
                     if done.returncode else [])


def check(path, help_text):
    text = pathlib.Path(path).read_text()
    wanted = of_help(help_text)
    return differences('section', of_sections(text), wanted) + \
        differences('synopsis', of_synopsis(text), wanted)


def self_test(path, help_text):
    """What is left out or added, and what is no mdoc, must be found."""
    text = pathlib.Path(path).read_text()
    with_option = help_text.replace('OPTIONS of dump\n',
                                    'OPTIONS of dump\n  --new   x\n')
    with_command = help_text.replace('SYNOPSIS\n', 'SYNOPSIS\n  hptctl new\n')
    planted = [
        (text, help_text, 0),
        (text.replace('.It Fl \\-walker\n', ''), help_text, 1),
        (text.replace('.It Fl \\-hpt', '.It Fl \\-tph'), help_text, 2),
        (text.replace('.Op Fl \\-ram Ar bytes\n', ''), help_text, 1),
        (text.replace('.Ss dump', '.Ss pmud'), help_text, 2),
        (text, with_option, 2),
        (text, with_command, 2),
    ]
    failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        page = pathlib.Path(scratch) / 'x.1'
        for altered, wanted, expected in planted:
            page.write_text(altered)
            problems = check(page, wanted)
            good = len(problems) == expected
            print(f'{"as expected" if good else "WRONG"}: {problems}')
            failed += not good
        page.write_text(text.replace('.El\n', '', 1))
        complaints = lint(page)
        good = complaints is None or complaints
        print(f'{"as expected" if good else "WRONG"}: lint: {complaints}')
        failed += not good
    return 1 if failed else 0


def main():
    at = sys.argv.index('--')
    help_text = subprocess.run([*sys.argv[at + 1:], '--help'], text=True,
                               check=True, stdout=subprocess.PIPE).stdout
    path = sys.argv[at - 1]
    if sys.argv[1] == '--self-test':
        return self_test(path, help_text)
    complaints = lint(path)
    problems = check(path, help_text) + (complaints or [])
    for problem in problems:
        print(problem)
    if problems or complaints is not None:
        return 1 if problems else 0
    print('not installed: mandoc, or groff; the rest is as it should be')
    return SKIP


if __name__ == '__main__':
    sys.exit(main())
