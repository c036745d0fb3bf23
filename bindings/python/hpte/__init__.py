# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""libhpte for scripts, notebooks and tests: POWER hashed page tables.

Table, Entry, Va	a table, its entries, virtual addresses
Host, HostPage		what a table calls back for
Vcpu, Outcome		storage interrupts, and what to do about them
Bus, Device, MmioCpu	emulated devices, and instructions that access them
Recording, open_image	recorded hypercalls, and images of tables
Replay, Machine		a recording replayed and compared
Occupancy		how full a table is, as text and SVG

The numbers of the C headers are in hpte.constants.
"""
from .constants import (Backing, Disposition, Event, FaultAction, H, Hcall,
                        HostAnswer, MmioAction, MmioReason, MmioResult,
                        Status, bit, bits, event_name)
from .cpu import Emulation, Interrupt, MmioCpu, Outcome, Registers, Vcpu
from .device import Bus, Device
from .entry import Entry, PageSizes, Va
from .errors import (Again, BadEncoding, BadIndex, BadParameter, BusError,
                     Busy, Closed, Full, HpteError, InsideCallback,
                     LibraryError, NotFound, RecordingError, Unsupported)
from .host import Host, HostPage
from .occupancy import Occupancy
from .recording import Recording, open_image
from .replay import Machine, Replay, Result, checksum
from .table import Answer, Caps, Table, Translation, View

__all__ = [
    'Again', 'Answer', 'Backing', 'BadEncoding', 'BadIndex', 'BadParameter',
    'Bus', 'BusError', 'Busy', 'Caps', 'Closed', 'Device', 'Disposition',
    'Emulation', 'Entry', 'Event', 'FaultAction', 'Full', 'H', 'Hcall',
    'Host', 'HostAnswer', 'HostPage', 'HpteError', 'InsideCallback',
    'Interrupt', 'LibraryError', 'Machine', 'MmioAction', 'MmioCpu',
    'MmioReason', 'MmioResult', 'NotFound', 'Occupancy', 'Outcome',
    'PageSizes', 'Recording', 'RecordingError', 'Registers', 'Replay',
    'Result', 'Status', 'Table', 'Translation', 'Unsupported', 'Va', 'Vcpu',
    'View', 'bit', 'bits', 'checksum', 'event_name', 'open_image',
]
