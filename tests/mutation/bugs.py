# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Lists of bugs to be seeded into a copy of the sources.

A bug is a paragraph of lines "key: value".  bug: its name; breaks: why it is
one; file: where; then the lines taken out (-) and put in (+), which must stand
there exactly once.  Other keys are the reader's own.
"""
import dataclasses
import re


class Bad(Exception):
    """A bug that does not fit the sources, or does not compile."""


@dataclasses.dataclass
class Bug:
    name: str
    about: str
    keys: dict			# the reader's keys: list of values
    changes: list		# (file, old lines, new lines)


def read_bugs(path, own_keys):
    bugs = []
    for text in re.split(r'\n\s*\n', path.read_text()):
        lines = [line for line in text.splitlines()
                 if not line.startswith('#')]
        if not lines:
            continue
        bug = Bug('', '', {key: [] for key in own_keys}, [])
        for line in lines:
            key, _, value = line.partition(': ')
            if line.startswith('-'):
                bug.changes[-1][1].append(line[1:])
            elif line.startswith('+'):
                bug.changes[-1][2].append(line[1:])
            elif key == 'bug':
                bug.name = value
            elif key == 'breaks':
                bug.about = value
            elif key == 'file':
                bug.changes.append((value, [], []))
            elif key in bug.keys:
                bug.keys[key].append(value)
            else:
                raise Bad(f'{path.name}: cannot read: {line}')
        bugs.append(bug)
    return bugs


def changed(root, file, old, new):
    """The file's text after a change."""
    text = (root / file).read_text()
    before = '\n'.join(old) + '\n'
    if text.count(before) != 1:
        raise Bad(f'{file}: {text.count(before)} times, not once: '
                  f'{old[0].strip()}')
    return text.replace(before, ''.join(l + '\n' for l in new))


def apply(bug, root):
    for file, old, new in bug.changes:
        (root / file).write_text(changed(root, file, old, new))


def show_all(bugs, root):
    """Names and reasons; 1 if one does not fit the sources."""
    status = 0
    for bug in bugs:
        print(f'{bug.name:28} {bug.about}')
        for change in bug.changes:
            try:
                changed(root, *change)
            except Bad as bad:
                print(f'{bug.name}: {bad}')
                status = 1
    return status
