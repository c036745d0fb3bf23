#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Replay one recording in one mode; every figure must be the recorded one.

usage: run_replay.py HPTCTL yes|no NAME [OPTION...]

yes: HPTCTL was built with liblzma and gets the packed files.  NAME is a
recording in data/ or "scene", which the model makes.  Exits with 77 if this
CPU or this build has no 16-byte loads and OPTION asks for them.
"""
import json
import os
import shlex
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import recording  # noqa: E402
import scene  # noqa: E402

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'data')


def inputs(name, packed, directory):
    """Paths of recording and final table."""
    if name == 'scene':
        machine = scene.make()
        contents = [machine.bytes(), machine.final()]
    else:
        paths = [os.path.join(DATA, name + suffix)
                 for suffix in ('.trace.xz', '.final.hpt.xz')]
        if packed:
            return paths
        contents = [recording.unpack(path) for path in paths]
    paths = [os.path.join(directory, file) for file in ('trace', 'final')]
    for path, content in zip(paths, contents):
        with open(path, 'wb') as file:
            file.write(content)
    return paths


def count(trace):
    """What the recording holds, counted without hptctl."""
    data = recording.unpack(trace)
    found = {'hcalls': 0, 'lookups': 0, 'rc_updates': 0, 'checksums': 0}
    names = {recording.LOOKUP: 'lookups', recording.RC: 'rc_updates',
             recording.CKSUM: 'checksums'}
    for _, tag, _ in recording.split(data):
        name = 'hcalls' if tag < 0x10000 else names.get(tag)
        if name:
            found[name] += 1
    return found


def main():
    program, packed, name, *options = sys.argv[1:]
    command = shlex.split(os.environ.get('MESON_EXE_WRAPPER', ''))
    with tempfile.TemporaryDirectory() as directory:
        trace, final = inputs(name, packed == 'yes', directory)
        command += [program, 'replay', '--json', trace, '--final', final]
        print(*command, *options, flush=True)
        result = subprocess.run(command + options, text=True,
                                stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE)
        expected = count(trace)
        entries = len(recording.unpack(final)) // 16
    print(result.stdout, result.stderr, sep='')
    if '--snapshot=load16: not on this' in result.stderr:
        return 77
    if result.returncode:
        return 1
    summary = json.loads(result.stdout)
    events = summary['events']		# a library without counters: null
    # of tables that no resize replaces: what was inserted and not removed
    if events is not None and not summary['resizes']:
        summary['live'] = sum(events[kind + suffix] * sign for kind, sign in
                              (('insert', 1), ('remove', -1))
                              for suffix in ('', '_valid'))
        expected['live'] = summary['table']['valid']
    if events is not None:
        summary.update((f'events {name}', events[name])
                       for name in ('promote', 'invalidate'))
        expected.update({'events promote': summary['promotions'],
                         'events invalidate': summary['invalidations']})
    expected.update(mismatches=0, first_mismatch=None, final_entries=entries,
                    raw_checksums_stale=0, walker='--walker' in options)
    wrong = {key: (summary[key], value) for key, value in expected.items()
             if summary[key] != value}
    print('differs (replayed, recorded):' if wrong else 'all equal', wrong)
    last = (f'replayed {expected["hcalls"]} hcalls, {expected["lookups"]} '
            'lookups: 0 mismatches')
    return 1 if wrong or result.stderr.splitlines()[-1] != last else 0


if __name__ == '__main__':
    sys.exit(main())
