# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Occupancy: numbers against a count by hand, text and SVG against numbers."""
import unittest
import xml.etree.ElementTree as xml

import hpte
from hpte.occupancy import COLOURS, SHADES, shade

SVG = '{http://www.w3.org/2000/svg}'


def some_table():
    """Group n has n % 9 entries for the first 90 groups."""
    table = hpte.Table(18)
    for group in range(90):
        for slot in range(group % 9):
            va = hpte.Va(group << 4 | slot, 0, 28, 12)
            table.insert(8 * group, hpte.Entry.map(va, 0x1000))
    return table


class Numbers(unittest.TestCase):
    def test_of_a_table(self):
        with some_table() as table:
            occupancy = hpte.Occupancy.of(table)
            self.assertEqual(list(occupancy.fill[:90]),
                             [group % 9 for group in range(90)])
            self.assertEqual(list(hpte.Occupancy.of(table.image()).fill),
                             list(occupancy.fill))
        self.assertEqual(occupancy.histogram(),
                         [2048 - 80, *[10] * 8])
        self.assertEqual(occupancy.entries, 360)
        self.assertAlmostEqual(occupancy.load, 360 / 16384)

    def test_cells_account_for_everything(self):
        fill = [i % 9 for i in range(1000)]
        occupancy = hpte.Occupancy(fill)
        for columns, rows in ((64, 16), (1, 1), (7, 3), (1000, 1000)):
            cells = occupancy.cells(columns, rows)
            self.assertLessEqual(len(cells), columns * rows)
            self.assertEqual(sum(cell[1] for cell in cells), sum(fill))
            self.assertEqual(sum(cell[2] for cell in cells), 8000)

    def test_shades(self):
        self.assertEqual(shade(0, 800), 0)
        self.assertEqual(shade(1, 800), 1)
        self.assertEqual(shade(799, 800), len(SHADES) - 2)
        self.assertEqual(shade(800, 800), len(SHADES) - 1)
        self.assertEqual(len(SHADES), len(COLOURS))

    def test_misuse(self):
        for fill in ((), (9,), (-1,)):
            with self.assertRaises(ValueError):
                hpte.Occupancy(fill)
        for columns in (0, -1, 1001):
            with self.assertRaises(ValueError):
                hpte.Occupancy([1]).text(columns=columns)
        with self.assertRaises(TypeError):
            hpte.Occupancy.of('x')


class Drawings(unittest.TestCase):
    def test_text(self):
        fill = [0] * 64 + [8] * 64 + [1] * 64 + [7] * 64
        lines = hpte.Occupancy(fill).text(columns=64, rows=4).splitlines()
        self.assertEqual(lines[0], '1024 of 2048 slots in use, 50.00 %')
        self.assertEqual([line[12:76] for line in lines[1:5]],
                         [' ' * 64, '#' * 64, '.' * 64, '%' * 64])
        self.assertEqual([line.split('|')[0].strip() for line in lines[1:5]],
                         ['0', '40', '80', 'c0'])
        self.assertIn('         8 |' + '#' * 40 + ' 64', lines)

    def test_svg(self):
        fill = [0, 8, 1, 7, 4] * 100
        text = hpte.Occupancy(fill).svg('a < b & "c"', columns=20, rows=10)
        root = xml.fromstring(text)
        self.assertEqual(root.find(SVG + 'title').text, 'a < b & "c"')
        cells = [rect for rect in root.iter(SVG + 'rect')
                 if rect.find(SVG + 'title') is not None]
        self.assertEqual(len(cells), 167)	# three groups a cell
        hints = [cell.find(SVG + 'title').text for cell in cells]
        self.assertEqual(hints[:2], ['group 0x0: 9 of 24',
                                     'group 0x3: 11 of 24'])
        self.assertEqual(hints[-1], 'group 0x1f2: 11 of 16')
        for cell, hint in zip(cells, hints):
            taken, slots = map(int, hint.split(': ')[1].split(' of '))
            self.assertEqual(cell.get('fill'), COLOURS[shade(taken, slots)])
        places = {(cell.get('x'), cell.get('y')) for cell in cells}
        self.assertEqual(len(places), len(cells))

    def test_nothing_lies_outside_of_the_drawing(self):
        for columns, rows in ((64, 32), (4, 4), (100, 7)):
            root = xml.fromstring(hpte.Occupancy([0, 8] * 999).svg(
                columns=columns, rows=rows))
            left, top, width, height = map(float,
                                           root.get('viewBox').split())
            drawn = 0
            for group in root.iter(SVG + 'g'):
                move = group.get('transform', 'translate(0 0)')
                below = float(move.strip('translate()').split()[1])
                for thing in (*group.iter(SVG + 'rect'),
                              *group.iter(SVG + 'text')):
                    right = float(thing.get('x')) + float(
                        thing.get('width', 40))
                    bottom = float(thing.get('y')) + float(
                        thing.get('height', 4)) + below
                    self.assertLessEqual(right, left + width)
                    self.assertLessEqual(bottom, top + height)
                    drawn += 1
            self.assertGreater(drawn, 19)

    def test_a_full_table_and_a_small_one(self):
        for fill in ([8] * 2048, [0], [3]):
            xml.fromstring(hpte.Occupancy(fill).svg())
            self.assertIn('groups by number',
                          hpte.Occupancy(fill).text())


if __name__ == '__main__':
    unittest.main()
