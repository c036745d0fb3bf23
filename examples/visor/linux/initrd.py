#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Write the guest's first file system: a cpio archive of the newc format.

usage: initrd.py OUTPUT INIT BUSYBOX [PROGRAM...]

INIT becomes /init, BUSYBOX /bin/busybox, each PROGRAM a file of its name in
/bin.  The same files make the same bytes.
"""
import pathlib
import stat
import sys

DIRECTORIES = ('bin', 'dev', 'proc', 'sys')
CONSOLE = (5, 1)


def record(name, number, mode, data=b'', device=(0, 0)):
    """One file: the header's 13 numbers are in hexadecimal, 8 digits each."""
    raw = name.encode() + b'\0'
    links = 2 if stat.S_ISDIR(mode) else 1
    fields = (number, mode, 0, 0, links, 0, len(data), 0, 0, *device,
              len(raw), 0)
    header = b'070701' + b''.join(b'%08X' % field for field in fields)
    return aligned(header + raw) + aligned(data)


def aligned(data):
    return data + bytes(-len(data) % 4)


def archive(files):
    """@files: name to contents; all are executable."""
    records = [(name, stat.S_IFDIR | 0o755, b'', (0, 0))
               for name in DIRECTORIES]
    records.append(('dev/console', stat.S_IFCHR | 0o600, b'', CONSOLE))
    records += [(name, stat.S_IFREG | 0o755, data, (0, 0))
                for name, data in sorted(files.items())]
    image = b''.join(record(name, number, mode, data, device)
                     for number, (name, mode, data, device)
                     in enumerate(records, 1))
    return image + record('TRAILER!!!', 0, 0)


def main(arguments):
    if len(arguments) < 3:
        print(__doc__.split('\n\n')[1], file=sys.stderr)
        return 2
    output, init, busybox, *programs = map(pathlib.Path, arguments)
    try:
        files = {'init': init.read_bytes(),
                 'bin/busybox': busybox.read_bytes()}
        for program in programs:
            files['bin/' + program.name] = program.read_bytes()
        output.write_bytes(archive(files))
    except OSError as error:
        print(f'initrd.py: {error.filename}: {error.strerror}',
              file=sys.stderr)
        return 1
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
