# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""A short recording with every kind of record in it, made by the model.

What no Linux recording in data/ has: storage keys, N and G, R set by the
hardware, no-execute segments, CLEAR_REF not offered, exact slots, all page
sizes in one table, two resets.  1 GiB of RAM, 16M pages.
"""
import recording
from recording import (ANDCOND, AVPN, BOLTED, C, CLEAR_REF, EXACT, FETCH,
                       FUNCTION, KP, KS, LOAD, NO_EXECUTE, PROCESS_TABLE, R,
                       READ_4, STORE, SUCCESS, Space)

KERNEL = Space(0x1234567, 40, 16, KP)
LINEAR = Space(0x00ABCDE, 40, 24, KP)
USER = Space(0x23456789A, 28, 12, KP | KS)
USER_64K = Space(0x23456789B, 28, 16, KP)
NO_FETCH = Space(0x3456789A, 28, 12, KP | NO_EXECUTE)
KEY_5 = 0xA00			# storage key 5, in doubleword 1
KEY_29 = 0x3000000000000A00
DEVICE = 0x2A			# WIMG 0101, PP 2
MEMORY = 0x12			# WIMG 0010, PP 2


def deny(key, bits):
    return bits << 62 - 2 * key


def use_everything(machine):
    """Each access to each space, with and without rights."""
    for space, ea in ((KERNEL, 0x40000), (LINEAR, 0x1000000), (USER, 0x5000),
                      (USER_64K, 0x30000), (NO_FETCH, 0x7000)):
        for access in (LOAD, FETCH, STORE, LOAD):
            machine.lookup(space, ea + 0x123, access, problem=True)
            machine.lookup(space, ea + 0x123, access, problem=False)
        machine.lookup(space, ea + 0x8000000, access)


def use_keys(machine):
    for ea, key in ((0x100000, 5), (0x110000, 29)):
        for access in (LOAD, STORE, FETCH):
            machine.lookup(USER_64K, ea, access)
            machine.lookup(USER_64K, ea, access, amr=deny(key, 3))
            machine.lookup(USER_64K, ea, access, amr=deny(key, 2))
            machine.lookup(USER_64K, ea, access, iamr=deny(key, 1))


def fill_a_group(machine):
    """Nine entries for one group, the ninth refused, then a secondary."""
    for i in range(9):
        where = Space(USER.vsid ^ i << 16, 28, 12)
        machine.enter(where, 0x9000, 0x900000 + i * 0x1000)
        machine.lookup(where, 0x9000, STORE)
    machine.enter(where, 0x9000, 0x909000, secondary=True)
    machine.lookup(where, 0x9010, LOAD)


def change(machine):
    index = machine.find(USER, 0x5000)
    machine.protect(index, 0x3, USER.dw0(0x5000))
    machine.lookup(USER, 0x5000, STORE)
    machine.protect(index, 0x2306, USER.dw0(0x5000))
    machine.lookup(USER, 0x5000, LOAD)
    machine.protect(index, 0x2)
    machine.lookup(USER, 0x5000, STORE)
    machine.protect(index, 0x2, USER.dw0(0x5000000))
    machine.read(index)
    machine.read(index, READ_4)
    machine.read(index ^ 0x800)


def take_away(machine):
    index = machine.find(USER, 0x5000)
    machine.remove(index, AVPN, USER.dw0(0x5000000))
    machine.remove(index, AVPN, USER.dw0(0x5000))
    machine.remove(index, AVPN, USER.dw0(0x5000))
    machine.remove(machine.find(KERNEL, 0x40000), ANDCOND, BOLTED)
    first = 8 * USER.group(0x9000, False, machine.order)
    machine.bulk([(first, 0, 0), (first + 1, 2, USER.dw0(0x9000)),
                  (first + 1, 1, BOLTED), (first + 1, 0, 0)])
    machine.bulk([(first + 2, 0, 0), (first + 2, 0, 0)])
    machine.remove(first + 3)


def take_a_block(machine):
    """Pages of one block of eight, one of them listed twice."""
    indices = [machine.enter(USER, 0x20000 + page * 0x1000,
                             0x7000000 + page * 0x1000, MEMORY | bits)
               for page, bits in enumerate((0, R, R | C))]
    first = USER.dw0(0x20000)
    machine.block(first, [(indices[0], True), (indices[1], False)])
    machine.block(first, [(indices[2], True), (indices[2], True)])


def first_boot(machine):
    machine.alloc(18)
    machine.enter(KERNEL, 0x40000, 0x40000, MEMORY, dw0=BOLTED)
    machine.enter(LINEAR, 0x1000000, 0x1000000, MEMORY | R, dw0=BOLTED)
    machine.enter(USER, 0x5000, 0x3005000, MEMORY)
    machine.enter(USER_64K, 0x30000, 0x3030000, MEMORY | R | C)
    machine.enter(NO_FETCH, 0x7000, 0x3007000, MEMORY | R)
    machine.enter(USER_64K, 0x100000, 0x4000000, MEMORY | KEY_5)
    machine.enter(USER_64K, 0x110000, 0x4010000, MEMORY | KEY_29)
    machine.enter(USER_64K, 0x2000000, 0x5000000, MEMORY, actual=24)
    machine.enter(USER, 0x3000000, 0x6000000, MEMORY, actual=24)
    machine.lookup(USER_64K, 0x2340000, STORE)
    machine.lookup(USER_64K, 0x2000000, STORE)
    machine.lookup(USER, 0x3000456, FETCH)
    machine.enter(KERNEL, 0x500000, 0x8000000000, DEVICE, flags=EXACT, slot=5)
    machine.enter(KERNEL, 0x500000, 0x8000000000, DEVICE, flags=EXACT, slot=5)
    machine.lookup(KERNEL, 0x500000, STORE)
    machine.lookup(KERNEL, 0x500000, FETCH)
    use_everything(machine)
    use_keys(machine)
    machine.cksum()
    fill_a_group(machine)
    machine.call(CLEAR_REF, [0, 0], FUNCTION)
    for _ in range(2):		# "hash, as before"; twice: it is offered
        machine.call(PROCESS_TABLE, [0, 0, 0, 0], SUCCESS)
    change(machine)
    take_away(machine)
    take_a_block(machine)
    machine.cksum()


def make():
    """The machine after the scene; its records and its table."""
    machine = recording.Machine()
    first_boot(machine)
    machine.alloc(19)
    machine.enter(LINEAR, 0x1000000, 0x1000000, MEMORY, dw0=BOLTED)
    machine.enter(KERNEL, 0x40000, 0x40000, MEMORY | R, dw0=BOLTED,
                  secondary=True)
    machine.enter(USER, 0x5000, 0x3005000, MEMORY, dw0=BOLTED)
    machine.enter(USER_64K, 0x30000, 0x3030000, MEMORY)
    for order in (21, 18, 20):
        machine.cksum()
        machine.resize(order)
        use_everything(machine)
        machine.enter(USER_64K, 0x30000, 0x3030000, MEMORY)
        use_everything(machine)
    machine.end()
    return machine
