# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Structures, numbers and the choice of the library, against what a C
compiler makes of the headers ($HPTE_LAYOUT prints it)."""
import ctypes
import enum
import os
import subprocess
import unittest
from unittest import mock

from hpte import _abi, _library, constants, errors

PREFIXES = {constants.Status: '', constants.Backing: 'BACKING_',
            constants.HostAnswer: 'HOST_', constants.Hcall: 'HCALL_',
            constants.H: 'H_', constants.Disposition: 'HCALL_',
            constants.Event: 'EVENT_', constants.FaultAction: 'FAULT_',
            constants.MmioResult: 'MMIO_', constants.MmioAction: 'MMIO_',
            constants.MmioReason: 'MMIO_'}
# what Python has for itself
OWN = {'U64_MAX'}


def layout():
    """What the program prints: structures, members, numbers."""
    output = subprocess.run([os.environ['HPTE_LAYOUT']], check=True, text=True,
                            stdout=subprocess.PIPE).stdout
    lines = [line.split() for line in output.splitlines()]
    return {line[0]: tuple(int(word, 0) for word in line[1:])
            for line in lines}


class Layout(unittest.TestCase):
    def setUp(self):
        self.layout = layout()

    def test_structures(self):
        for name, structure in _abi.STRUCTURES.items():
            with self.subTest(name):
                self.assertEqual((ctypes.sizeof(structure),
                                  ctypes.alignment(structure)),
                                 self.layout[name])

    def test_members(self):
        for name, structure in _abi.STRUCTURES.items():
            members = {key: value for key, value in self.layout.items()
                       if key.startswith(name + '.')}
            mine = {f'{name}.{member}': (getattr(structure, member).offset,
                                         getattr(structure, member).size)
                    for member, _ in structure._fields_}
            self.assertEqual(mine, members)

    def test_every_structure_is_compared(self):
        mine = {value for value in vars(_abi).values()
                if isinstance(value, type) and
                issubclass(value, ctypes.Structure)}
        self.assertEqual(mine, set(_abi.STRUCTURES.values()))

    def test_numbers(self):
        compared = 0
        for name, value in vars(constants).items():
            if not name.isupper() or isinstance(value, type) or name in OWN \
                    or name.startswith('VERSION_'):
                continue
            with self.subTest(name):
                self.assertEqual((value,), self.layout['HPTE_' + name])
            compared += 1
        self.assertGreater(compared, 60)

    def test_enumerations(self):
        found = {value for value in vars(constants).values()
                 if isinstance(value, enum.EnumMeta) and len(value)}
        self.assertEqual(found, set(PREFIXES))
        for kind, prefix in PREFIXES.items():
            for member in kind:
                with self.subTest(member):
                    self.assertEqual(
                        (member.value % 2**64,),
                        self.layout[f'HPTE_{prefix}{member.name}'])

    def test_a_wrong_structure_is_noticed(self):
        class Moved(ctypes.Structure):
            _fields_ = [('dw1', ctypes.c_uint64), ('dw0', ctypes.c_uint64)]

        with mock.patch.dict(_abi.STRUCTURES, {'hpte': Moved}), \
                self.assertRaises(AssertionError):
            self.test_members()


class Library(unittest.TestCase):
    def test_it_is_loaded_once(self):
        self.assertIs(_library.library(), _library.library())

    def test_there_is_none(self):
        with self.assertRaisesRegex(errors.LibraryError, 'HPTE_LIBRARY'):
            _library.load('libhpte-which-nobody-has.so')

    def test_it_is_another_library(self):
        with self.assertRaisesRegex(errors.LibraryError, 'hpte_version'):
            _library.load('libc.so.6')

    def test_it_is_another_version(self):
        other = constants.VERSION_MINOR + 1
        with mock.patch.object(_library, 'VERSION_MINOR', other), \
                self.assertRaisesRegex(errors.LibraryError, 'has version'):
            _library.load(os.environ['HPTE_LIBRARY'])

    def test_wrong_pointers_are_refused(self):
        library = _library.library()
        for wrong in (5, 'x', ctypes.c_uint64(), _abi.View()):
            with self.subTest(wrong), self.assertRaises(
                    ctypes.ArgumentError):
                library.hpte_table_order(wrong)


if __name__ == '__main__':
    unittest.main()
