# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""libhpte for scripts, notebooks and tests: POWER hashed page tables.

Table, Entry, Va	a table, its entries, virtual addresses
Host, HostPage		what a table calls back for
Recording, open_image	recorded hypercalls, and images of tables
Replay, Machine		a recording replayed and compared
Occupancy		how full a table is, as text and SVG

The numbers of the C headers are in hpte.constants.
"""
from .constants import (Backing, Disposition, H, Hcall, HostAnswer, Status,
                        bit, bits)
from .entry import Entry, PageSizes, Va
from .errors import (Again, BadEncoding, BadIndex, BadParameter, Busy, Closed,
                     Full, HpteError, InsideCallback, LibraryError, NotFound,
                     RecordingError, Unsupported)
from .host import Host, HostPage
from .occupancy import Occupancy
from .recording import Recording, open_image
from .replay import Machine, Replay, Result, checksum
from .table import Answer, Caps, Table, Translation, View

__all__ = [
    'Again', 'Answer', 'Backing', 'BadEncoding', 'BadIndex', 'BadParameter',
    'Busy', 'Caps', 'Closed', 'Disposition', 'Entry', 'Full', 'H', 'Hcall',
    'Host', 'HostAnswer', 'HostPage', 'HpteError', 'InsideCallback',
    'LibraryError', 'Machine', 'NotFound', 'Occupancy', 'PageSizes',
    'Recording', 'RecordingError', 'Replay', 'Result', 'Status', 'Table',
    'Translation', 'Unsupported', 'Va', 'View', 'bit', 'bits', 'checksum',
    'open_image',
]
