# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Arguments before they reach C.  ctypes alone would cut off a number that is
too large."""
import operator

from .constants import ORDER_MAX, ORDER_MIN, Status
from .errors import BadIndex


def number(value: int, what: str, low: int, high: int) -> int:
    """An int from low to high."""
    if isinstance(value, bool):
        raise TypeError(f'{what}: a number is wanted, not {value}')
    try:
        checked = operator.index(value)
    except TypeError:
        raise TypeError(f'{what}: a number is wanted, not '
                        f'{type(value).__name__}') from None
    if not low <= checked <= high:
        raise ValueError(f'{what}: {checked} is not {low}..{high}')
    return checked


def u64(value: int, what: str) -> int:
    """A doubleword."""
    return number(value, what, 0, (1 << 64) - 1)


def order(value: int) -> int:
    """log2 of a table's bytes."""
    return number(value, 'order', ORDER_MIN, ORDER_MAX)


def index(value: int) -> int:
    """An entry index; that it is in the table the library checks."""
    try:
        return u64(value, 'index')
    except ValueError as error:
        raise BadIndex(Status.ERR_INDEX, str(error)) from None


def one_of(value: int, what: str, allowed: tuple[int, ...]) -> int:
    checked = number(value, what, min(allowed), max(allowed))
    if checked not in allowed:
        raise ValueError(f'{what}: {checked} is none of {allowed}')
    return checked
