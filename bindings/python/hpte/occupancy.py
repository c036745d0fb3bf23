# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""How full a table is, as numbers, text and SVG."""
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Union
from xml.sax.saxutils import escape, quoteattr

from . import constants as k
from ._check import number
from .table import Table

SHADES = ' .:-=+*%#'		# from no entry in any group to eight in all
# the same as colours: one hue, light to dark, so that print and every eye can
# tell them apart
COLOURS = ('#ffffff', '#e3edf7', '#c6dbef', '#9ecae1', '#6baed6', '#4292c6',
           '#2171b5', '#08519c', '#08306b')
_CELL = 8			# of the picture, in its units
_TEXT = '#222222'
_BAR_WIDTH = 240


@dataclass(frozen=True)
class Occupancy:
    """For each group how many of its slots are taken."""
    fill: Sequence[int]

    def __post_init__(self) -> None:
        if not self.fill:
            raise ValueError('no groups')
        if min(self.fill) < 0 or max(self.fill) > k.GROUP_ENTRIES:
            raise ValueError('a group has 0 to 8 entries')

    @classmethod
    def of(cls, source: Union[Table, bytes]) -> 'Occupancy':
        """Of a table's live entries, or of the valid ones of an image."""
        if isinstance(source, Table):
            return cls(source.fill())
        if not isinstance(source, (bytes, bytearray, memoryview)):
            raise TypeError(f'not a table: {type(source).__name__}')
        low = bytes(source)[7::k.ENTRY_BYTES]
        return cls([sum(byte & 1 for byte in low[at:at + k.GROUP_ENTRIES])
                    for at in range(0, len(low), k.GROUP_ENTRIES)])

    @property
    def entries(self) -> int:
        return sum(self.fill)

    @property
    def load(self) -> float:
        """The share of slots in use."""
        return self.entries / (k.GROUP_ENTRIES * len(self.fill))

    def histogram(self) -> list[int]:
        """How many groups have 0, 1, ... 8 entries."""
        counts = [0] * (k.GROUP_ENTRIES + 1)
        for taken in self.fill:
            counts[taken] += 1
        return counts

    def cells(self, columns: int, rows: int) -> list[tuple[int, int, int]]:
        """The table cut into at most columns * rows parts, equal but for the
        last: first group, entries, slots."""
        count = number(columns, 'columns', 1, 1000) * \
            number(rows, 'rows', 1, 1000)
        part = -(-len(self.fill) // count)
        cells = []
        for first in range(0, len(self.fill), part):
            groups = self.fill[first:first + part]
            cells.append((first, sum(groups), k.GROUP_ENTRIES * len(groups)))
        return cells

    def summary(self) -> str:
        return (f'{self.entries} of {k.GROUP_ENTRIES * len(self.fill)} slots '
                f'in use, {100 * self.load:.2f} %')

    def text(self, columns: int = 64, rows: int = 16) -> str:
        """A picture of characters, and the histogram."""
        cells = self.cells(columns, rows)
        lines = [self.summary()]
        for at in range(0, len(cells), columns):
            row = cells[at:at + columns]
            shown = ''.join(SHADES[shade(*cell[1:])] for cell in row)
            lines.append(f'{row[0][0]:10x} |{shown:{columns}}|')
        lines.append(f'{"":10}  {_groups(cells[0][2])} a character, from '
                     f'empty "{SHADES[0]}" to full "{SHADES[-1]}"')
        most = max(self.histogram())
        for taken, groups in enumerate(self.histogram()):
            bar = '#' * -(-40 * groups // most)
            lines.append(f'{taken:10} |{bar} {groups}')
        lines.append(f'{"":10}  groups by number of entries')
        return '\n'.join(lines) + '\n'

    def svg(self, title: str = 'Occupancy of the page table',
            columns: int = 64, rows: int = 32) -> str:
        """The same as a drawing; each cell has its numbers as a tooltip."""
        cells = self.cells(columns, rows)
        height = -(-len(cells) // columns) * _CELL
        body = [_cell(i % columns * _CELL, i // columns * _CELL, cell)
                for i, cell in enumerate(cells)]
        width = max(columns * _CELL, 2 * _BAR_WIDTH)
        below = height + 20
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" '
            f'viewBox="-10 -50 {width + 20} {below + 270}" '
            f'font-family="sans-serif" font-size="12" fill="{_TEXT}">',
            f'<title>{escape(title)}</title>',
            f'<desc>{escape(self.summary())}</desc>',
            f'<rect x="-10" y="-50" width="{width + 20}" '
            f'height="{below + 270}" fill="#ffffff"/>',
            f'<text x="0" y="-28" font-size="16">{escape(title)}</text>',
            f'<text x="0" y="-10">{escape(self.summary())}; '
            f'{_groups(cells[0][2])} a cell</text>',
            f'<g stroke="#dddddd" stroke-width="0.5">{"".join(body)}</g>',
            f'<g transform="translate(0 {below})">{self._bars()}</g>',
            '</svg>']
        return '\n'.join(parts) + '\n'

    def _bars(self) -> str:
        """The histogram, whose colours are the legend."""
        counts = self.histogram()
        most = max(counts)
        rows = ['<text x="0" y="10">groups by number of entries</text>']
        for taken, groups in enumerate(counts):
            y = 20 + 20 * taken
            rows.append(
                f'<text x="24" y="{y + 12}" text-anchor="end">{taken}</text>'
                f'<rect x="32" y="{y}" width="{_BAR_WIDTH * groups / most:g}"'
                f' height="16" fill="{COLOURS[taken]}" stroke="#888888"/>'
                f'<text x="{40 + _BAR_WIDTH * groups / most:g}" y="{y + 12}">'
                f'{groups}</text>')
        return '\n'.join(rows)


def _groups(slots: int) -> str:
    groups = slots // k.GROUP_ENTRIES
    return f'{groups} group' + ('s' if groups > 1 else '')


def shade(taken: int, slots: int) -> int:
    """0 only for empty, the last only for full."""
    if taken in (0, slots):
        return len(SHADES) - 1 if taken else 0
    return 1 + taken * (len(SHADES) - 2) // slots


def _cell(x: int, y: int, cell: tuple[int, int, int]) -> str:
    first, taken, slots = cell
    hint = f'group 0x{first:x}: {taken} of {slots}'
    return (f'<rect x="{x}" y="{y}" width="{_CELL}" height="{_CELL}" '
            f'fill={quoteattr(COLOURS[shade(taken, slots)])}>'
            f'<title>{hint}</title></rect>')
