# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Numbers of the C headers, under their names without HPTE_.

Bits have IBM numbers: bit 0 is the most significant of a doubleword, as in
every POWER document.  A test compares every number with the headers.
"""
import enum
from typing import Final

VERSION_MAJOR: Final = 0
VERSION_MINOR: Final = 1

U64_MAX: Final = (1 << 64) - 1


def bit(number: int) -> int:
    """One bit of a doubleword, IBM numbering."""
    return 1 << 63 - number


def bits(first: int, last: int) -> int:
    """Bits first to last of a doubleword, both included."""
    return U64_MAX >> first & U64_MAX << 63 - last


class Status(enum.IntEnum):
    """What a C function returns (status.h)."""
    OK = 0
    ERR_NOTFOUND = -1
    ERR_FULL = -2
    ERR_AGAIN = -3
    ERR_INDEX = -16
    ERR_ENCODING = -17
    ERR_PARAM = -32
    ERR_UNSUPPORTED = -33


class Backing(enum.IntEnum):
    """What lies behind guest real storage (host.h)."""
    RAM = 0
    IO = 1
    HOLE = 2
    RESCINDED = 3
    PARTIAL = 4


class HostAnswer(enum.IntEnum):
    """What Host.map_page() and its like answer (host.h)."""
    DONE = 0
    LATER = 1
    NEVER = 2


class Disposition(enum.IntEnum):
    """What becomes of a hypercall (hcall.h)."""
    DONE = 0
    AGAIN = 1
    NOT_MINE = 2
    PENDING = 3


class Event(enum.IntEnum):
    """What happens to a table (trace.h).  FAULT and COMPLETE come with the
    FaultAction added; event_name() takes them apart."""
    INSERT = 0
    INSERT_VALID = 1
    REMOVE = 2
    REMOVE_VALID = 3
    FULL = 4
    PROTECT = 5
    CLEAR = 6
    PROMOTE = 7
    REPLACE = 8
    DEMOTE = 9
    CONTENDED = 10
    INVALIDATE = 11
    INVALIDATE_ALL = 12
    RESET = 13
    RESIZE_PREPARE = 14
    RESIZE_SWITCH = 15
    RESIZE_COMMIT = 16
    HCALL = 17
    HCALL_AGAIN = 18
    MMIO = 19
    FAULT = 24
    COMPLETE = 32


class FaultAction(enum.IntEnum):
    """What a host does about a storage interrupt (fault.h)."""
    RETRY = 0
    DSI = 1
    ISI = 2
    DSEG = 3
    ISEG = 4
    HOST_PAGE = 5
    MMIO = 6
    HOST_ERROR = 7


class MmioResult(enum.IntEnum):
    """What a device answers (mmio.h)."""
    FAULT = -1
    UNCLAIMED = 0
    DONE = 1
    PENDING = 2


class MmioAction(enum.IntEnum):
    """What became of an instruction (mmio.h)."""
    EMULATED = 0
    WAIT = 1
    RETRY = 2
    REFLECT = 3
    HOST = 4


class MmioReason(enum.IntEnum):
    """Why the host must decide (mmio.h)."""
    CHECKSTOP = 1
    BUSY = 2
    IDLE = 3
    NOT_MMIO = 4


def event_name(event: int) -> str:
    """"INSERT", or "FAULT DSI" for FAULT + DSI."""
    for first in (Event.COMPLETE, Event.FAULT):
        if first <= event < first + len(FaultAction):
            return f'{first.name} {FaultAction(event - first).name}'
    try:
        return Event(event).name
    except ValueError:
        return str(event)		# of a later version


class Hcall(enum.IntEnum):
    """Opcodes: R3 of sc 1 (papr.h)."""
    REMOVE = 0x04
    ENTER = 0x08
    READ = 0x0C
    CLEAR_MOD = 0x10
    CLEAR_REF = 0x14
    PROTECT = 0x18
    PAGE_INIT = 0x2C
    LOGICAL_CI_LOAD = 0x3C
    LOGICAL_CI_STORE = 0x40
    BULK_REMOVE = 0x124
    VRMASD = 0x2AC
    BLOCK_REMOVE = 0x328
    CLEAR_HPT = 0x358
    RESIZE_HPT_PREPARE = 0x36C
    RESIZE_HPT_COMMIT = 0x370
    REGISTER_PROCESS_TABLE = 0x37C


class H(enum.IntEnum):
    """Return codes: R3 after sc 1 (papr.h)."""
    SUCCESS = 0
    BUSY = 1
    CLOSED = 2
    NOT_AVAILABLE = 3
    PARTIAL = 5
    CONTINUE = 18
    LONG_BUSY_10_MS = 9901
    HARDWARE = -1
    FUNCTION = -2
    PRIVILEGE = -3
    PARAMETER = -4
    PTEG_FULL = -6
    NOT_FOUND = -7
    RESOURCE = -16
    RESCINDED = -46
    P2 = -55
    P3 = -56
    P4 = -57
    TOO_BIG = -64


# Flags of the page table calls: R4 (papr.h).
HFLAG_EXACT: Final = bit(24)
HFLAG_R_XLATE: Final = bit(25)
HFLAG_READ_4: Final = bit(26)
HFLAG_AVPN: Final = bit(32)
HFLAG_ANDCOND: Final = bit(33)
HFLAG_ZERO_PAGE: Final = bit(48)
HFLAG_COPY_PAGE: Final = bit(49)

# Doubleword 0, 2.07 format (entry.h).
DW0_B: Final = bits(0, 1)
DW0_B_1T: Final = bit(1)
DW0_AVPN: Final = bits(2, 56)
DW0_SW: Final = bits(57, 60)
DW0_BOLTED: Final = bit(59)
DW0_L: Final = bit(61)
DW0_H: Final = bit(62)
DW0_V: Final = bit(63)

# Doubleword 1, 2.07 format (entry.h).
DW1_PP0: Final = bit(0)
DW1_KEY_HI: Final = bits(2, 3)
DW1_ARPN: Final = bits(4, 51)
DW1_LP: Final = bits(44, 51)
DW1_KEY_LO: Final = bits(52, 54)
DW1_KEY: Final = DW1_KEY_HI | DW1_KEY_LO
DW1_R: Final = bit(55)
DW1_C: Final = bit(56)
DW1_RC: Final = DW1_R | DW1_C
DW1_W: Final = bit(57)
DW1_I: Final = bit(58)
DW1_M: Final = bit(59)
DW1_G: Final = bit(60)
DW1_WIMG: Final = bits(57, 60)
DW1_N: Final = bit(61)
DW1_PP: Final = bits(62, 63)
DW1_PPP: Final = DW1_PP0 | DW1_PP

# Segment descriptors (entry.h).
SLB_B_1T: Final = bit(1)
SLB_VSID: Final = bits(2, 51)
SLB_KS: Final = bit(52)
SLB_KP: Final = bit(53)
SLB_N: Final = bit(54)
SLB_L: Final = bit(55)
SLB_LP: Final = bits(58, 59)

# Rights, or accesses (entry.h).
READ: Final = 1
WRITE: Final = 2
EXECUTE: Final = 4

# Sizes (hash.h).
ORDER_MIN: Final = 18
ORDER_MAX: Final = 46
GROUP_ENTRIES: Final = 8
ENTRY_BYTES: Final = 16

# Machine state (xlate.h).
MSR_PR: Final = bit(49)
MSR_IR: Final = bit(58)
MSR_DR: Final = bit(59)
MSR_LE: Final = bit(63)

# Status of storage interrupts (fault.h).
FAULT_NO_ENTRY: Final = 0x40000000
FAULT_NO_EXECUTE: Final = 0x10000000
FAULT_PROTECTION: Final = 0x08000000
FAULT_BAD_ACCESS: Final = 0x04000000
FAULT_STORE: Final = 0x02000000
FAULT_KEY: Final = 0x00200000
FAULT_FETCH: Final = 1
FAULT_NO_SEGMENT: Final = 2
FAULT_BASE_4K: Final = 4

# Devices, and the registers of a guest CPU (mmio.h).
MMIO_LITTLE_ENDIAN: Final = 1
MMIO_UNALIGNED: Final = 2
MMIO_NOTIFY: Final = 4
REG_GPR: Final = 0
REG_PC: Final = 32
REG_MSR: Final = 33
REG_XER: Final = 34
REG_VSR: Final = 64
REG_COUNT: Final = 192

# Flags of the table's functions (table.h, host.h).
TABLE_WALKER: Final = 1
FIND_VALID: Final = 1
INSERT_EXACT: Final = 1
INSERT_MMIO: Final = 2
VIEW_VALID: Final = 1
VIEW_MMIO: Final = 2
VIEW_BUSY: Final = 4
IF_AVPN: Final = 1
IF_ANDCOND: Final = 2
TLB_GLOBAL: Final = 1
TLB_NO_PRESYNC: Final = 2
FORMAT_207: Final = 0
FORMAT_300: Final = 1
ISA_207: Final = 207
PAGE_PAIRS: Final = 7
PAGE_PAIRS_ALL: Final = 0x7F
