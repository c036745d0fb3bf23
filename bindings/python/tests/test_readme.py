# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""The examples run, and README.md shows them and what they print.  The one
with events: test_trace.py."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent.parent
SCENE = HERE.parents[1] / 'tests/replay'


def run(directory, example, *arguments):
    """What an example prints, in a directory of its own."""
    env = dict(os.environ, PYTHONPATH=str(HERE))
    return subprocess.run([sys.executable, HERE / 'examples' / example,
                           *arguments], cwd=directory, env=env, check=True,
                          text=True, stdout=subprocess.PIPE).stdout


class Shown(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = pathlib.Path(directory.name)
        self.blocks = re.findall(r'^```\w*\n(.*?)^```$',
                                 (HERE / 'README.md').read_text(),
                                 flags=re.M | re.S)

    def shown(self, example):
        code = (HERE / 'examples' / example).read_text()
        self.assertIn(code, self.blocks)
        return self.blocks[self.blocks.index(code) + 1]


class Readme(Shown):
    def test_first_steps(self):
        shown = self.shown('first_steps.py')
        self.assertEqual(run(self.directory, 'first_steps.py'), shown)
        self.assertIn('</svg>', (self.directory / 'table.svg').read_text())

    def test_host(self):
        self.assertEqual(run(self.directory, 'host.py'), self.shown('host.py'))

    def test_replay(self):
        sys.path.insert(0, str(SCENE))
        import scene
        machine = scene.make()
        for name, data in (('trace', machine.bytes()),
                           ('final', machine.final())):
            (self.directory / name).write_bytes(data)
        self.shown('replay.py')		# of a recording that takes longer
        lines = run(self.directory, 'replay.py', 'trace', 'final').splitlines()
        self.assertRegex(lines[0], f'^{machine.hcalls} hypercalls, .*: 0 mis')
        self.assertEqual(lines[-1], 'the final table is the same')


if __name__ == '__main__':
    unittest.main()
